"""An open project: a private working copy, changed in named steps that can be undone."""

import hashlib
import json
import sqlite3
import time
import uuid
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np

from leanlab.core import clock
from leanlab.core.errors import DocumentProblem
from leanlab.store import bulk, schema
from leanlab.store.bulk import Block, Rebuild
from leanlab.store.checks import LONGEST, limited
from leanlab.store.schema import APPLICATION_ID, SQL_TYPES, data_table

UNDO_STEPS = 500
FINAL = 2  # in the place of undone: neither undone nor redone
PENDING = 10  # added to undone: written before the project was, and not yet known to be true
AHEAD = 1_000_000  # added to the place of an image that belongs to a pending side
UNDO_BYTES = 1024**3
STEPWISE = 32 * 1024**2  # bytes; a larger project is copied in steps when it is saved
STEP_PAGES = 512
BREATH = 0.001  # seconds between two steps
OLD_KEPT, NEW_KEPT = 50_000, 500  # characters of a value that the history keeps
TOLD = 200  # rows of one step that the history names one by one
_OVER = "SELECT seq FROM (SELECT seq, sum(size) OVER (ORDER BY seq DESC) AS kept FROM step) WHERE kept > ?"
Row = Mapping[str, Any]
Rows = dict[tuple[str, tuple[Any, ...]], list[Row | None]]

_USER_CAN_MEND = {
    sqlite3.SQLITE_CORRUPT: (
        "The private working copy is damaged.",
        "Open the project again; what can be read is rescued.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "The private working copy is damaged.",
        "Open the project again; what can be read is rescued.",
    ),
    sqlite3.SQLITE_FULL: ("The disk is full.", "Free some space; what you did before is safe."),
    sqlite3.SQLITE_IOERR_WRITE: (
        "The disk is full, or takes no file of this size.",
        "Free some space, or save to another disk; what you did before is safe.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk could not be read or written.",
        "Check the disk; what you did before is safe.",
    ),
    sqlite3.SQLITE_READONLY: ("LeanLab's private folder is read-only.", "Check your rights."),
    sqlite3.SQLITE_TOOBIG: (
        "That is too large to store.",
        f"A single entry may have up to {LONGEST // 1024**2} MB.",
    ),
}


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the user can mend into a problem with words; let bugs through."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        told = _USER_CAN_MEND.get(code) or _USER_CAN_MEND.get(code & 0xFF)
        if told is None:
            raise
        message, hint = told
        raise DocumentProblem(message, hint=hint) from error


@dataclass(slots=True)
class Step:
    """One named change, in the order in which it was made.

    Its parts: single rows, (table, key) -> [before, after]; blocks, the image of many cells of a
    data sheet; rebuilds, the columns that a data table had. A data table that was made in a step
    is kept when the step is undone (its sheet waits in the bin).
    """

    label: str
    parts: list[Rows | Block | Rebuild] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    final: bool = False  # a decision: undo leaves it, a new decision replaces it

    @property
    def changed(self) -> bool:
        """Whether there is anything to undo."""
        return bool(self.parts)

    def open_rows(self) -> Rows:
        """Return the single rows to which the next one belongs."""
        if not self.parts or not isinstance(self.parts[-1], dict):
            self.parts.append({})
        rows = self.parts[-1]
        assert isinstance(rows, dict)  # noqa: S101 - put there above
        return rows


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the history of a project."""

    revision: int
    position: tuple[int, int]  # the latest step that counts, and how many do


class Document:
    """The working copy of one project; all writing happens inside `step`."""

    def __init__(self, folder: Path, who: str) -> None:
        self.folder = folder
        self.who = who
        self.lock = RLock()
        self._open: Step | None = None
        self._keys: dict[str, list[str]] = {}
        self._memo: dict[str, dict[str, Any]] = {}  # what was worked out of a data table
        self._pending = True  # whether the undo file may hold what is not settled
        with explained():
            self._db = limited(folder / "work.db", write=True)
            for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
                self._db.execute(f"PRAGMA {pragma}").fetchall()
            self._undo = _undo_file(folder / "undo.db")
            self._settle_undo()
            self._forget_undo_across_a_gap()

    # reading -------------------------------------------------------------------------------

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query."""
        with self.lock, explained():
            return self._db.execute(sql, values).fetchall()

    def meta(self, key: str, default: str = "") -> str:
        """Return one fact of the project."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", [key])
        return str(found[0][0]) if found else default

    @property
    def revision(self) -> int:
        """How often the project was changed."""
        return int(self.meta("revision", "0"))

    def remembered(self, table: str, name: str, work_out: Callable[[], Any]) -> Any:
        """Return what is worked out of the rows of a table once, until rows come, go or move."""
        with self.lock:
            known = self._memo.setdefault(table, {})
            if name not in known:
                known[name] = work_out()
            return known[name]

    def forget(self, table: str) -> None:
        """Work things out anew: rows of the table came, went or moved."""
        self._memo.pop(table, None)

    # writing -------------------------------------------------------------------------------

    @contextmanager
    def step(self, label: str, *, final: bool = False) -> Iterator[Step]:
        """Group writes into one durable, named, undoable change; a failure leaves nothing.

        A step inside a step becomes part of it. A `final` one is a decision: undo passes it over.
        """
        with self.lock:
            if self._open is not None:
                self._open.final = self._open.final or final
                yield self._open
                return
            self._open = step = Step(label, final=final)
            try:
                with explained(), self._transaction():
                    yield step
                    if step.changed:
                        self._finish(step)
            finally:
                self._open = None

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Change the project in one stroke, and the undo file with it.

        The undo file is written first and marked as pending; once the project is on disk the mark
        goes. Whatever fails or is killed in between is settled by the project's revision.
        """
        self._settle_undo()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._memo.clear()
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            with suppress(sqlite3.Error):  # what stays pending is settled before the next step
                self._settle_undo()
            raise
        with suppress(sqlite3.Error):  # the project is written: nothing failed for the user
            self._settle_undo()

    def _finish(self, step: Step) -> None:
        revision = self.revision + 1
        self._put_meta("revision", str(revision))
        self._write_audit(step.label, step)
        body, images = _written(step)
        size = len(body) + sum(map(len, images.values()))
        self._pending = True
        with self._undo_transaction():
            seq = self._undo.execute(
                "INSERT INTO step (label, revision, undone, body, size) VALUES (?, ?, ?, ?, ?)",
                [step.label, revision, PENDING + (FINAL if step.final else 0), body, size],
            ).lastrowid
            rows = [(seq, part, data) for part, data in images.items()]
            self._undo.executemany("INSERT INTO image VALUES (?, ?, ?)", rows)

    def _settle_undo(self) -> None:
        """Let what is pending in the undo file be true, or go, as the project's revision says."""
        if not self._pending:
            return
        revision = self.revision
        with self._undo_transaction():
            self._undo.execute("DELETE FROM step WHERE revision > ?", [revision])
            new = self._undo.execute(
                "SELECT max(seq) FROM step WHERE undone >= ?", [PENDING]
            ).fetchone()[0]
            if new is not None:
                self._undo.execute("DELETE FROM step WHERE undone = 1")
                self._undo.execute(
                    "UPDATE step SET undone = undone - ? WHERE undone >= ?", [PENDING, PENDING]
                )
                self._undo.execute("DELETE FROM step WHERE seq <= ? - ?", [new, UNDO_STEPS])
                self._undo.execute(
                    f"DELETE FROM step WHERE seq < ? AND seq IN ({_OVER})", [new, UNDO_BYTES]
                )
            self._settle_other_side(revision)
        self._pending = False

    def _settle_other_side(self, revision: int) -> None:
        for seq, reached, undone, body in self._undo.execute("SELECT * FROM other").fetchall():
            if reached <= revision:
                sides = (
                    "seq = ? AND part < ? AND part + ? IN (SELECT part FROM image WHERE seq = ?)"
                )
                self._undo.execute(f"DELETE FROM image WHERE {sides}", [seq, AHEAD, AHEAD, seq])
                self._undo.execute(
                    "UPDATE image SET part = part - ? WHERE seq = ? AND part >= ?",
                    [AHEAD, seq, AHEAD],
                )
                self._undo.execute(
                    "UPDATE step SET undone = ?, revision = ?, body = ? WHERE seq = ?",
                    [undone, reached, body, seq],
                )
            else:
                self._undo.execute("DELETE FROM image WHERE seq = ? AND part >= ?", [seq, AHEAD])
        self._undo.execute("DELETE FROM other")

    def _forget_undo_across_a_gap(self) -> None:
        """After a power cut the undo file may lack the latest edits, or know some that are gone.

        Undoing across edits that it does not know would mix states, so it begins anew.
        """
        latest = self._undo.execute("SELECT max(revision) FROM step").fetchone()[0]
        if latest is not None and latest != self.revision:
            self._undo.execute("DELETE FROM step")

    @contextmanager
    def _undo_transaction(self) -> Iterator[None]:
        self._undo.execute("BEGIN")
        try:
            yield
            self._undo.execute("COMMIT")
        except BaseException:
            if self._undo.in_transaction:
                self._undo.execute("ROLLBACK")
            raise

    def forgotten_by(self, size: int) -> int:
        """Return how many steps could not be undone any more after one of `size` bytes."""
        with self.lock:
            done = self._undo.execute(f"SELECT count(*) FROM ({_OVER})", [UNDO_BYTES - size])
            return int(done.fetchone()[0])

    def put(self, table: str, key: Mapping[str, Any], row: Mapping[str, Any] | None) -> None:
        """Write or delete (None) one row; `key` names its primary key."""
        rows = self._step().open_rows()
        before = self._row(table, key)
        entry = rows.setdefault((table, tuple(key.values())), [before, None])
        entry[1] = dict(row) if row is not None else None
        self._keys[table] = list(key)
        stays = before is not None and row is not None and before.get("pos") == row.get("pos")
        self._apply(table, key, entry[1], stays=stays)

    def put_quietly(self, table: str, key: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        """Write a row that undo leaves alone (what it belongs to waits in the bin)."""
        self._step()
        self._apply(table, key, row)

    def run(self, sql: str, rows: Sequence[Sequence[Any]] | Iterator[Sequence[Any]]) -> None:
        """Run a bulk write that undo does not need to know (a new table's rows)."""
        self._step()
        self._db.executemany(sql, rows)

    def make_table(self, number: int, columns: Sequence[tuple[str, str]]) -> None:
        """Create the table of a data sheet."""
        self._step()
        self._db.execute(data_table(number, columns))

    def drop_table(self, number: int) -> None:
        """Drop the table of a data sheet that was never finished."""
        self._step()
        self._db.execute(f"DROP TABLE data_{int(number)}")

    def add_table_column(
        self, number: int, known: Sequence[tuple[str, str]], new: tuple[str, str]
    ) -> None:
        """Add a column to a data sheet's table; undo leaves it there, hidden."""
        self._step()
        data_table(number, [*known, new])  # refuses names that LeanLab did not make
        self._db.execute(f"ALTER TABLE data_{int(number)} ADD COLUMN {new[0]} {SQL_TYPES[new[1]]}")

    def write_block(self, block: Block) -> None:
        """Write many cells; what stood there is kept for undo, compressed."""
        step = self._step()
        if block.ids.size:
            image = self._swapped(block)
            step.parts.append(image)
            _say_rows(step, image, block)

    def keep_block(self, block: Block) -> None:
        """Keep what stands in these cells for undo; they are about to be emptied by a rebuild."""
        if block.ids.size:
            self._step().parts.append(bulk.read(self._db, block))

    def rebuild_table(
        self, number: int, old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]
    ) -> None:
        """Give a data sheet's table columns of other kinds; those whose kind changes are emptied."""
        self._step().parts.append(Rebuild(number, list(old)))
        self._rebuild(number, old, new)

    def _rebuild(
        self, number: int, old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]
    ) -> None:
        if [SQL_TYPES[kind] for _, kind in old] == [SQL_TYPES[kind] for _, kind in new]:
            return
        sql = {name: SQL_TYPES[kind] for name, kind in new}
        same = [name for name, kind in old if sql.get(name) == SQL_TYPES[kind]]
        names = ", ".join(["row_id", "pos", *same])
        table, temporary = f"data_{int(number)}", f"old_{int(number)}"
        self.forget(table)
        self._db.execute(f"ALTER TABLE {table} RENAME TO {temporary}")
        self._db.execute(data_table(number, new))
        self._db.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {temporary}")
        self._db.execute(f"DROP TABLE {temporary}")

    def _swapped(self, block: Block) -> Block:
        """Write a block; return what stood in its place."""
        image = bulk.read(self._db, block)
        bulk.write(self._db, block, image.present)
        if "pos" in block.names or not (block.present.all() and image.present.all()):
            self.forget(block.table)
        return image

    def touch(self, record_id: str, kind: str) -> None:
        """Say which record a step changed, for those who listen."""
        step = self._step()
        step.ids.add(record_id)
        step.kinds.add(kind)

    def next_code(self, prefix: str) -> str:
        """Return a code that was never used; undo does not give codes back."""
        self._step()
        self._db.execute(
            "INSERT INTO counter VALUES (?, 1) ON CONFLICT (prefix) DO UPDATE SET last = last + 1",
            [prefix],
        )
        return f"{prefix}{self._db.execute('SELECT last FROM counter WHERE prefix = ?', [prefix]).fetchone()[0]}"

    def put_meta(self, key: str, value: str) -> None:
        """Change one fact of the project, as part of a step."""
        self.put("meta", {"key": key}, {"key": key, "value": value})
        self._step().kinds.add("meta")

    def _put_meta(self, key: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )

    def _step(self) -> Step:
        if self._open is None:
            raise RuntimeError("write outside a step")
        return self._open

    def _row(self, table: str, key: Mapping[str, Any]) -> Row | None:
        where = " AND ".join(f"{name} = ?" for name in key)
        cursor = self._db.execute(f"SELECT * FROM {table} WHERE {where}", list(key.values()))
        found = cursor.fetchone()
        return (
            None
            if found is None
            else dict(zip((c[0] for c in cursor.description), found, strict=True))
        )

    def _apply(
        self, table: str, key: Mapping[str, Any], row: Row | None, *, stays: bool = False
    ) -> None:
        if not stays:
            self.forget(table)
        if row is None:
            where = " AND ".join(f"{name} = ?" for name in key)
            self._db.execute(f"DELETE FROM {table} WHERE {where}", list(key.values()))
            return
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in key)
        conflict = f"DO UPDATE SET {changes}" if changes else "DO NOTHING"
        self._db.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT ({', '.join(key)}) {conflict}",
            list(row.values()),
        )

    # undo ----------------------------------------------------------------------------------

    def undo(self) -> Step | None:
        """Take back the last step."""
        return self._travel("undone = 0 ORDER BY seq DESC", side=0, undone=1)

    def redo(self) -> Step | None:
        """Do the last undone step again."""
        return self._travel("undone = 1 ORDER BY seq", side=1, undone=0)

    def label(self, *, undone: bool) -> str:
        """Return the name of the step that undo (or redo) would take."""
        order = "ASC" if undone else "DESC"
        with self.lock:
            found = self._undo.execute(
                f"SELECT label FROM step WHERE undone IN (?, ?) ORDER BY seq {order} LIMIT 1",
                [int(undone), PENDING + int(undone)],
            ).fetchone()
        return str(found[0]) if found else ""

    def position(self) -> tuple[int, int, int]:
        """Return the last done step's number, how many are done, and the latest revision of any."""
        with self.lock:
            found = self._undo.execute(
                "SELECT coalesce(max(seq) FILTER (WHERE undone <> 1), 0), count(*) FILTER (WHERE "
                "undone <> 1), coalesce(max(revision), 0) FROM step"
            ).fetchone()
        return int(found[0]), int(found[1]), int(found[2])

    def _travel(self, which: str, *, side: int, undone: int) -> Step | None:
        with self.lock, explained():
            self._settle_undo()
            found = self._undo.execute(
                f"SELECT seq, label, body FROM step WHERE {which} LIMIT 1"
            ).fetchone()
            if found is None:
                return None
            seq, label, body = found
            parts = json.loads(zlib.decompress(body))
            step = Step(f"{'Undo' if undone else 'Redo'} {label[:1].lower() + label[1:]}")
            images: dict[int, Block] = {}
            with self._transaction():
                order = range(len(parts)) if side else reversed(range(len(parts)))
                for at in order:
                    parts[at] = self._travelled(step, parts[at], (seq, at), side, images)
                revision = self.revision + 1
                self._put_meta("revision", str(revision))
                self._write_audit(step.label, step)
                turned = zlib.compress(json.dumps(parts).encode(), 1)
                self._pending = True
                with self._undo_transaction():
                    self._undo.execute(
                        "INSERT INTO other VALUES (?, ?, ?, ?)", [seq, revision, undone, turned]
                    )
                    self._undo.executemany(
                        "INSERT INTO image VALUES (?, ?, ?)",
                        [(seq, AHEAD + p, bulk.packed_block(i)) for p, i in images.items()],
                    )
            return step

    def _travelled(
        self, step: Step, part: Any, place: tuple[int, int], side: int, images: dict[int, Block]
    ) -> Any:
        """Take one part to its other side; return what is to be kept of it."""
        if "rows" in part:
            entries = part["rows"]
            for entry in entries if side else reversed(entries):
                table, key, *both = entry
                before = self._restore(step, table, key, both[1 - side], both[side])
                if both[side] is None:  # a decision may have changed it since
                    entry[3 - side] = before
        elif "rebuild" in part:
            number, columns = part["rebuild"]
            now = self._columns_of(number)
            then = dict(columns)  # a column added later waits in the table, hidden
            self._rebuild(number, now, [(name, then.get(name, kind)) for name, kind in now])
            return {"rebuild": [number, now]}
        else:
            sql = "SELECT data FROM image WHERE seq = ? AND part = ?"
            kept = self._undo.execute(sql, place).fetchone()
            unpacked = bulk.unpacked_block(kept[0])
            images[place[1]] = image = self._swapped(unpacked)
            step.parts.append(image)
            self._touch_table(step, image.table, image.fixed)
            if image.table.startswith("data_") and _moves_rows(image, unpacked):
                step.kinds.add("rows")
        return part

    def _columns_of(self, number: int) -> list[tuple[str, str]]:
        """Return the columns of a data table and a kind that is stored like each of them."""
        info = self._db.execute(f"PRAGMA table_info(data_{int(number)})").fetchall()
        return [(row[1], "number" if row[2] == "REAL" else "text") for row in info[2:]]

    def _touch_table(self, step: Step, table: str, row: Mapping[str, Any]) -> None:
        if row.get("sheet_id"):
            step.ids.add(str(row["sheet_id"]))
        elif table.startswith("data_"):
            sql = "SELECT id FROM sheet WHERE number = ?"
            step.ids.add(str(self._db.execute(sql, [int(table[5:])]).fetchone()[0]))
        step.kinds.add("sheet")

    def _restore(
        self, step: Step, table: str, key: Sequence[Any], left: Row | None, image: Row | None
    ) -> Row | None:
        """Take a row from the side `left` to the side `image`; return what stood there.

        What the step did not change stays: a decision, which undo passes over, may have written it.
        """
        names = self._key_names(table)
        named = dict(zip(names, key, strict=True))
        before = self._row(table, named)
        if before is not None and left is not None and image is not None:
            image = _with_changes(before, left, image)
        if before is not None and image is None and self._is_linked(table, key):
            # a decision, which undo passes over, points to it: it waits in the bin
            binned = {"deleted_at": clock.now().isoformat()} if table == "record" else {}
            image = {**before, **binned}
        self._apply(table, named, image)
        step.open_rows()[(table, tuple(key))] = [before, image]
        touched = image or before or {}
        if table.startswith("data_"):
            self._touch_table(step, table, {})
            if (before is None) is not (image is None):
                step.kinds.add("rows")
        step.ids.update(
            str(touched[n]) for n in ("id", "sheet_id", "from_id", "to_id") if touched.get(n)
        )
        step.kinds.add(touched.get("kind", table) if table == "record" else table)
        return before

    def _is_linked(self, table: str, key: Sequence[Any]) -> bool:
        if table != "record" and table not in schema.KINDS:
            return False
        sql = "SELECT 1 FROM link WHERE from_id = ? OR to_id = ?"
        return self._db.execute(sql, [key[0], key[0]]).fetchone() is not None

    def _key_names(self, table: str) -> list[str]:
        if table not in self._keys:
            info = self._db.execute(f"PRAGMA table_info({table})").fetchall()
            self._keys[table] = [
                row[1] for row in sorted((r for r in info if r[5]), key=lambda r: r[5])
            ]
        return self._keys[table]

    # audit ---------------------------------------------------------------------------------

    def _write_audit(self, what: str, step: Step) -> None:
        prev = self._db.execute("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        payload = json.dumps([entry for part in step.parts for entry in self._told(part)])
        entry = [clock.now().isoformat(), self.who, what, payload, prev[0] if prev else ""]
        digest = hashlib.sha256(json.dumps(entry).encode()).hexdigest()
        self._db.execute(
            "INSERT INTO audit (at, who, what, payload, prev, hash) VALUES (?, ?, ?, ?, ?, ?)",
            [*entry, digest],
        )

    def _told(self, part: Rows | Block | Rebuild) -> list[Any]:
        """Return what the history says of a part of a step."""
        if isinstance(part, dict):
            return [[t, list(k), _changed(*v)] for (t, k), v in list(part.items())[:TOLD]]
        if isinstance(part, Rebuild):
            return []
        told = Step("")
        self._touch_table(told, part.table, part.fixed)
        return [[part.table, sorted(told.ids), {"rows": [None, int(part.ids.size)]}]]

    def write_summary(self, body: str) -> None:
        """Keep the one row that a portfolio reads; it is no edit of the user's."""
        with self.lock, explained():
            self._db.execute(
                "INSERT INTO summary VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                [body],
            )

    def summary(self) -> str:
        """Return the row that the last save left for portfolios; nothing before the first."""
        with self.lock, explained():
            row = self._db.execute("SELECT body FROM summary WHERE id = 1").fetchone()
        return str(row[0]) if row else ""

    def size(self) -> int:
        """Return about how many bytes the project takes."""
        with self.lock, explained():
            pages, page = (
                self._db.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "page_size")
            )
        return int(pages) * int(page)

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the working copy."""
        with self.lock, explained():
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def publish_into(self, target: Path, token: str, *, history: bool = True) -> Place:
        """Write one complete, compact copy that carries the token where its seal will stand.

        Return the place in the history that the copy holds. A large project is first copied in
        steps, between which other threads read and edit it.
        """
        with explained():
            with self.lock:
                self._put_meta("seal", token)
                at_once = self.size() <= STEPWISE
                if at_once:
                    self._db.execute("VACUUM INTO ?", [str(target)])
                place = self._place()
            if not at_once:
                place = self._published_in_steps(target)
            if not history:
                _forget_history(target)
        return place

    def _place(self) -> Place:
        return Place(self.revision, self.position()[:2])

    def _published_in_steps(self, target: Path) -> Place:
        """Copy page by page into the private folder, and compact that copy to its target.

        SQLite brings what is changed through this connection meanwhile into the copy as well.
        """
        copy = self.folder / "publish.db"
        copy.unlink(missing_ok=True)

        to_copy = 0

        def breathe(_status: int, left: int, total: int) -> None:
            nonlocal to_copy
            to_copy = (to_copy or total) - STEP_PAGES
            if left and to_copy > 0:  # who edits without end cannot hold it up
                self.lock.release()
                try:
                    time.sleep(BREATH)  # whoever waits for the lock gets it
                finally:
                    self.lock.acquire()

        try:
            with closing(limited_new(copy)) as private:
                private.execute("PRAGMA synchronous=OFF")
                private.execute("PRAGMA journal_mode=OFF")
                with self.lock:
                    self._db.backup(private, pages=STEP_PAGES, progress=breathe)
                    place = self._place()
                private.execute("VACUUM INTO ?", [str(target)])
        finally:
            for end in ("", "-journal", "-wal", "-shm"):
                copy.with_name(copy.name + end).unlink(missing_ok=True)
        return place

    def close(self) -> None:
        """Close both files."""
        with self.lock:
            self._db.close()
            self._undo.close()


def _moves_rows(image: Block, block: Block) -> bool:
    """Whether a change of a data table added, took away or moved rows."""
    return "pos" in block.names or not np.array_equal(image.present, block.present)


def _say_rows(step: Step, image: Block, block: Block) -> None:
    if block.table.startswith("data_") and _moves_rows(image, block):
        step.kinds.add("rows")


def _written(step: Step) -> tuple[bytes, dict[int, bytes]]:
    """Return a step's parts as bytes, and the images of its blocks by their place."""
    parts: list[Any] = []
    images = {}
    for at, part in enumerate(step.parts):
        if isinstance(part, dict):
            parts.append({"rows": [[t, list(k), *v] for (t, k), v in part.items()]})
        elif isinstance(part, Rebuild):
            parts.append({"rebuild": [part.number, part.columns]})
        else:
            parts.append({"block": part.table})
            images[at] = bulk.packed_block(part)
    return zlib.compress(json.dumps(parts).encode(), 1), images


def _changed(before: Row | None, after: Row | None) -> dict[str, Any]:
    """Return old and new of the values that differ, of JSON values key by key.

    Old values are kept whole up to a size, so that a version can be restored; new ones are short:
    the record itself has them.
    """
    old, new = before or {}, after or {}
    told: dict[str, Any] = {}
    for name in {**old, **new}:
        if old.get(name) == new.get(name):
            continue
        inner_old, inner_new = _opened(old.get(name)), _opened(new.get(name))
        if inner_old is None and inner_new is None:
            told[name] = [_cut(old.get(name), OLD_KEPT), _cut(new.get(name), NEW_KEPT)]
            continue
        one, two = inner_old or {}, inner_new or {}
        for key in {**one, **two}:
            if one.get(key) != two.get(key):
                told[f"{name}.{key}"] = [_cut(one.get(key), OLD_KEPT), _cut(two.get(key), NEW_KEPT)]
    return told


def _with_changes(row: Row, old: Row, new: Row) -> dict[str, Any]:
    """Return a row with what differs between old and new, in `more` value by value."""
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    mores = [_opened(one.get("more")) for one in (row, old, new)]
    if "more" in changed and row["more"] != old["more"] and None not in mores:
        now, was, then = (one or {} for one in mores)
        kept = {k: v for k, v in now.items() if k in then or k not in was}
        differing = {k: v for k, v in then.items() if k not in was or was[k] != v}
        changed["more"] = json.dumps({**kept, **differing}, ensure_ascii=False)
    return {**row, **changed}


def _opened(value: Any) -> dict[str, Any] | None:
    """Return a JSON object, or None for anything else."""
    if not isinstance(value, str) or not value.startswith("{"):
        return None
    try:
        found = json.loads(value)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _cut(value: Any, longest: int) -> Any:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, str):
        return value[:longest]
    text = json.dumps(value) if isinstance(value, list | dict) else ""
    return value if len(text) <= longest else f"{len(text)} characters"


def _forget_history(path: Path) -> None:
    """Take the history out of a copy, so that nothing of it is left in its bytes."""
    with closing(limited(path, write=True)) as connection:
        connection.execute("DELETE FROM audit")
        connection.execute("VACUUM")


def create_working_copy(path: Path, version: int | None = None) -> None:
    """Make the database of a new, empty project; an older format is for what was rescued of it."""
    version = schema.FORMAT if version is None else version
    connection = limited_new(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("BEGIN IMMEDIATE")
    for sql in schema.FORMATS[version].tables:
        connection.execute(sql)
    connection.execute("INSERT INTO meta VALUES ('project_id', ?)", [uuid.uuid4().hex])
    connection.execute("INSERT INTO meta VALUES ('revision', '0')")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("COMMIT")
    connection.close()


def _undo_file(path: Path) -> sqlite3.Connection:
    """Open the undo steps of a session; a file that cannot be read costs no more than they."""
    try:
        return _undo_connection(path)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    return _undo_connection(path)


def _undo_connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
    try:
        for sql in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=NORMAL",
            "CREATE TABLE IF NOT EXISTS step (seq INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL, "
            "revision INTEGER NOT NULL, undone INTEGER NOT NULL, body BLOB NOT NULL, "
            "size INTEGER NOT NULL)",
            "CREATE TABLE IF NOT EXISTS image (seq INTEGER NOT NULL REFERENCES step(seq) "
            "ON DELETE CASCADE, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (seq, part))",
            # the side that a step will have once its undo or redo is on disk
            "CREATE TABLE IF NOT EXISTS other (seq INTEGER PRIMARY KEY, revision INTEGER NOT NULL, "
            "undone INTEGER NOT NULL, body BLOB NOT NULL)",
            "PRAGMA foreign_keys=ON",
            "SELECT max(seq), max(revision) FROM step",
        ):
            connection.execute(sql).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def limited_new(path: Path) -> sqlite3.Connection:
    """Create an empty database file."""
    return sqlite3.connect(path, isolation_level=None)
