"""Cut the power at any moment: what was not synced is kept, dropped or torn; no accepted edit is lost.

A layer below SQLite writes down every write, truncation, sync and deletion of the working copy and
its write-ahead log while a project is edited and saved under the pragmas of `Document`. An image is
what a disk may hold after a cut: everything up to the last sync of a file, and of what came after it
any part in sectors of 512 bytes. Each image is opened as after a crash.

python -m tests.robustness.power 1000
"""

import json
import random
import sqlite3
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from leanlab.core.errors import DocumentProblem
from leanlab.store import document, project, trail
from leanlab.store.checks import limited
from leanlab.store.places import folder as place_of
from leanlab.store.session_folder import all_sessions
from tests.robustness.scene import add, home, names, reopened, told

SECTOR = 512
LIVES = 2  # times a project is written while it is watched
EDITS = 500  # of one life: more than one write-ahead log holds
BASE, LOG = "work.db", "work.db-wal"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: to a file, or to what the user was told."""

    what: str  # write, truncate, sync, delete, edit, saved
    file: str = ""
    offset: int = 0
    data: bytes = b""
    name: str = ""


@dataclass(slots=True)
class Life:
    """What a project went through, in order."""

    start: bytes
    events: list[Event] = field(default_factory=list)
    facts: list[bytes] = field(default_factory=list)  # session.json after each save
    files: list[bytes] = field(default_factory=list)  # the user's file after each save
    undo: bytes = b""


def watched_filesystem(life):
    """Return a file system for SQLite that writes everything down; it must be kept alive."""
    import apsw

    def say(name, what, **facts):
        if name in {BASE, LOG}:
            life.events.append(Event(what, name, **facts))

    class Filesystem(apsw.VFS):
        def __init__(self):
            super().__init__("watched", "")

        def xOpen(self, name, flags):  # noqa: N802 - SQLite's name
            called = Path(name.filename() if hasattr(name, "filename") else str(name)).name
            return watched_file(apsw, name, flags, partial(say, called))

        def xDelete(self, name, in_folder_too):  # noqa: N802 - SQLite's name
            super().xDelete(name, in_folder_too)
            say(Path(name).name, "delete")

    return Filesystem()


def watched_file(apsw, name, flags, say):
    """Return a file that tells what is done to it."""

    class File(apsw.VFSFile):
        def xWrite(self, data, offset):  # noqa: N802 - SQLite's name
            say("write", offset=offset, data=bytes(data))
            super().xWrite(data, offset)

        def xTruncate(self, size):  # noqa: N802 - SQLite's name
            say("truncate", offset=size)
            super().xTruncate(size)

        def xSync(self, flags):  # noqa: N802 - SQLite's name
            super().xSync(flags)
            say("sync")

    return File("", name, flags)


class Answer:
    """What a statement gave, with the words of the standard library."""

    def __init__(self, cursor):
        import apsw

        try:
            self.description = cursor.get_description()
        except apsw.ExecutionCompleteError:
            self.description = None
        self._rows = iter(cursor.fetchall())

    def fetchall(self):
        return list(self._rows)

    def fetchone(self):
        return next(self._rows, None)


class Connection:
    """A connection through the watched file system with the words of the standard library."""

    def __init__(self, path, synchronous):
        import apsw

        self._db = apsw.Connection(str(path), vfs="watched")
        self._synchronous = synchronous
        for pragma in (
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "mmap_size=0",
            "foreign_keys=ON",
        ):
            self._db.execute(f"PRAGMA {pragma}")

    def execute(self, sql, values=()):
        if self._synchronous and sql == "PRAGMA synchronous=FULL":
            sql = f"PRAGMA synchronous={self._synchronous}"
        cursor = self._db.cursor()
        cursor.execute(sql, tuple(values))
        return Answer(cursor)

    def executemany(self, sql, rows):
        self._db.executemany(sql, (tuple(row) for row in rows))

    @property
    def in_transaction(self):
        return self._db.in_transaction

    def close(self):
        self._db.close()


@contextmanager
def watched(life, synchronous=""):
    """Let documents write through the watched file system; it may be told to sync less."""
    filesystem = watched_filesystem(life)
    before = document.limited
    document.limited = lambda path, **_: Connection(path, synchronous)
    try:
        yield
    finally:
        document.limited = before
        filesystem.unregister()


def lived(seed, synchronous="") -> Life:
    """Let a project be edited and saved; return everything that reached the disk."""
    chance = random.Random(seed)
    life = Life(b"")
    with home() as folder:
        path = folder / "plant.leanlab"
        opened = project.create(path, who="Ann")
        opened.save()
        opened.close(keep_draft=True)
        opened = reopened(path)
        session = opened.folder
        opened.document.close()
        life.start = (session / BASE).read_bytes()
        with watched(life, synchronous):
            opened.document = document.Document(session, "Ann")
            _remember_save(life, opened)
            for number in range(EDITS):
                name = f"p{number:07d}"
                add(opened, name)
                life.events.append(Event("edit", name=name))
                if chance.random() < 0.02:
                    opened.save()
                    _remember_save(life, opened)
            life.undo = _undo_of(session)
            opened.close()
    return life


def _remember_save(life, opened):
    life.events.append(Event("saved"))
    life.facts.append((opened.folder / "session.json").read_bytes())
    life.files.append(opened.path.read_bytes())


def _undo_of(session):
    with closing(limited(session / "undo.db", write=True)) as undo:
        undo.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return (session / "undo.db").read_bytes()


def disk_after(life, cut, chance):
    """Return the files that a disk may hold when the power goes after `cut` events."""
    disk = {BASE: bytearray(life.start), LOG: None}
    pending: dict[str, list[Event]] = {BASE: [], LOG: []}
    for event in life.events[:cut]:
        if event.what == "sync":
            disk[event.file] = _carried_out(disk[event.file], pending[event.file], None)
            pending[event.file] = []
        elif event.what in {"write", "truncate", "delete"}:
            pending[event.file].append(event)
    mood = chance.choice(("kept", "dropped", "torn"))
    for name, events in pending.items():
        if disk[name] is None and chance.random() < 0.5:
            continue  # a new file whose name never reached the folder
        if mood != "dropped":
            disk[name] = _carried_out(disk[name], events, chance if mood == "torn" else None)
    return {name: bytes(content) for name, content in disk.items() if content is not None}


def _carried_out(content, events, chance):
    """Apply events to a file; with `chance` each event, and each sector of a write, may be lost."""
    for event in events:
        if chance is not None and chance.random() < 0.3:
            continue
        if event.what == "delete":
            content = None
            continue
        content = bytearray() if content is None else content
        if event.what == "truncate":
            del content[event.offset :]
            content.extend(bytes(event.offset - len(content)))
        else:
            _write(content, event, chance)
    return content


def _write(content, event, chance):
    end = event.offset + len(event.data)
    content.extend(bytes(max(0, end - len(content))))
    at = event.offset
    while at < end:
        stop = min(end, at - at % SECTOR + SECTOR)
        if chance is None or chance.random() < 0.5:
            content[at:stop] = event.data[at - event.offset : stop - event.offset]
        at = stop


def told_until(life, cut):
    """Return who was accepted before the cut, and how many saves were."""
    before = life.events[:cut]
    return {e.name for e in before if e.what == "edit"}, sum(e.what == "saved" for e in before)


def after_a_cut(life, cut, chance, figures):
    """Lay an image on the disk, start again, and count what is lost."""
    accepted, saves = told_until(life, cut)
    figures["edits acknowledged"] += len(accepted)
    with home() as folder:
        path = folder / "plant.leanlab"
        path.write_bytes(life.files[saves - 1])
        assert not all_sessions()
        session = place_of("sessions") / ("0" * 32)
        session.mkdir()
        for name, content in disk_after(life, cut, chance).items():
            (session / name).write_bytes(content)
        (session / "session.json").write_bytes(_moved(life.facts[saves - 1], path))
        if chance.random() < 0.5:  # the undo file may be lost, or know more than the project
            (session / "undo.db").write_bytes(life.undo)
        try:
            with closing(reopened(path)) as opened:
                figures["lost"] += len(accepted - names(opened))
                figures["unsound"] += not _sound(opened)
        except (DocumentProblem, sqlite3.Error):
            figures["unsound"] += 1


def _moved(facts, path):
    return json.dumps({**json.loads(facts), "path": str(path)}).encode()


def _sound(opened):
    rows = opened.document.rows
    whole = rows("PRAGMA quick_check") == [("ok",)] and not rows("PRAGMA foreign_key_check")
    of_the_future = opened.document.position()[2] > opened.document.revision
    return whole and trail.verified(opened.document).broken_at is None and not of_the_future


def run(count: int, seed: int = 1, synchronous: str = "") -> dict[str, int]:
    """Cut the power `count` times; return the figures."""
    chance = random.Random(seed)
    figures = {"power cuts": 0, "edits acknowledged": 0, "lost": 0, "unsound": 0}
    lives = [lived(seed + number, synchronous) for number in range(LIVES)]
    for _ in range(count):
        life = chance.choice(lives)
        main = [at for at, e in enumerate(life.events) if e.file == BASE]
        first = next(at for at, e in enumerate(life.events) if e.what == "saved") + 1
        anywhere = chance.randrange(first, len(life.events) + 1)
        cut = max(first, chance.choice(main)) if main and chance.random() < 0.3 else anywhere
        after_a_cut(life, cut, chance, figures)
        figures["power cuts"] += 1
    return figures


if __name__ == "__main__":
    found = run(int(sys.argv[1]))
    told(found, promised=(found["lost"], found["unsound"]) == (0, 0))
