"""An open project: a private working copy, changed in named steps that can be undone."""

import hashlib
import json
import sqlite3
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

from leanlab.core import clock
from leanlab.core.errors import DocumentProblem
from leanlab.store.checks import limited
from leanlab.store.schema import APPLICATION_ID, FORMAT, all_tables, data_table

UNDO_STEPS = 500
FINAL = 2  # in the place of undone: neither undone nor redone
Row = Mapping[str, Any]

_USER_CAN_MEND = {
    sqlite3.SQLITE_FULL: ("The disk is full.", "Free some space; what you did before is safe."),
    sqlite3.SQLITE_IOERR: (
        "The disk could not be read or written.",
        "Check the disk; what you did before is safe.",
    ),
    sqlite3.SQLITE_READONLY: ("LeanLab's private folder is read-only.", "Check your rights."),
    sqlite3.SQLITE_TOOBIG: ("That is too large to store.", "A single entry may have up to 256 MB."),
}


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the user can mend into a problem with words; let bugs through."""
    try:
        yield
    except sqlite3.Error as error:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if primary not in _USER_CAN_MEND:
            raise
        message, hint = _USER_CAN_MEND[primary]
        raise DocumentProblem(message, hint=hint) from error


@dataclass(slots=True)
class Step:
    """One named change: what each touched row was before and is after.

    `rows`: (table, key) -> [before, after]; `cells`: whole-column changes of a data sheet;
    `schema`: data tables made in this step are kept when it is undone (their sheet is in the bin).
    """

    label: str
    rows: dict[tuple[str, tuple[Any, ...]], list[Row | None]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    final: bool = False  # a decision: undo leaves it, a new decision replaces it


class Document:
    """The working copy of one project; all writing happens inside `step`."""

    def __init__(self, folder: Path, who: str) -> None:
        self.folder = folder
        self.who = who
        self.lock = RLock()
        self._open: Step | None = None
        self._keys: dict[str, list[str]] = {}
        with explained():
            self._db = limited(folder / "work.db", write=True)
            for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
                self._db.execute(f"PRAGMA {pragma}").fetchall()
            self._undo = sqlite3.connect(
                folder / "undo.db", isolation_level=None, timeout=0, check_same_thread=False
            )
            for sql in (
                "PRAGMA journal_mode=WAL",
                "PRAGMA synchronous=NORMAL",
                "CREATE TABLE IF NOT EXISTS step (seq INTEGER PRIMARY KEY, label TEXT NOT NULL, "
                "revision INTEGER NOT NULL, undone INTEGER NOT NULL, body BLOB NOT NULL)",
            ):
                self._undo.execute(sql).fetchall()
        self._drop_steps_of_the_future()

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
                with explained():
                    self._db.execute("BEGIN IMMEDIATE")
                    try:
                        yield step
                        if step.rows:
                            self._finish(step)
                        self._db.execute("COMMIT")
                    except BaseException:
                        if self._db.in_transaction:
                            self._db.execute("ROLLBACK")
                        raise
            finally:
                self._open = None

    def _finish(self, step: Step) -> None:
        revision = self.revision + 1
        self._put_meta("revision", str(revision))
        self._write_audit(step.label, step)
        body = zlib.compress(
            json.dumps([[t, list(k), *v] for (t, k), v in step.rows.items()]).encode(), 1
        )
        self._undo.execute("DELETE FROM step WHERE undone = 1")
        self._undo.execute(
            "INSERT INTO step (label, revision, undone, body) VALUES (?, ?, ?, ?)",
            [step.label, revision, FINAL if step.final else 0, body],
        )
        self._undo.execute(
            "DELETE FROM step WHERE seq <= (SELECT max(seq) FROM step) - ?", [UNDO_STEPS]
        )

    def put(self, table: str, key: Mapping[str, Any], row: Mapping[str, Any] | None) -> None:
        """Write or delete (None) one row; `key` names its primary key."""
        step = self._step()
        before = self._row(table, key)
        entry = step.rows.setdefault((table, tuple(key.values())), [before, None])
        entry[1] = dict(row) if row is not None else None
        self._keys[table] = list(key)
        self._apply(table, key, entry[1])

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

    def rebuild_table(
        self, number: int, old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]
    ) -> None:
        """Change the columns of a data sheet's table, keeping what both have."""
        self._step()
        shared = [c for c, _ in old if c in {n for n, _ in new}]
        names = ", ".join(["row_id", "pos", *shared])
        self._db.execute(f"ALTER TABLE data_{int(number)} RENAME TO old_{int(number)}")
        self._db.execute(data_table(number, new))
        self._db.execute(
            f"INSERT INTO data_{int(number)} ({names}) SELECT {names} FROM old_{int(number)}"
        )
        self._db.execute(f"DROP TABLE old_{int(number)}")

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

    def _apply(self, table: str, key: Mapping[str, Any], row: Row | None) -> None:
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
                f"SELECT label FROM step WHERE undone = ? ORDER BY seq {order} LIMIT 1",
                [int(undone)],
            ).fetchone()
        return str(found[0]) if found else ""

    def position(self) -> tuple[int, int]:
        """Return the last step's number and how many steps are done."""
        with self.lock:
            found = self._undo.execute(
                "SELECT coalesce(max(seq), 0), count(*) FROM step WHERE undone <> 1"
            ).fetchone()
        return int(found[0]), int(found[1])

    def _travel(self, which: str, *, side: int, undone: int) -> Step | None:
        with self.lock, explained():
            found = self._undo.execute(
                f"SELECT seq, label, body FROM step WHERE {which} LIMIT 1"
            ).fetchone()
            if found is None:
                return None
            seq, label, body = found
            step = Step(f"{'Undo' if undone else 'Redo'} {label[:1].lower() + label[1:]}")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                entries = json.loads(zlib.decompress(body))
                for table, key, *images in entries if side else reversed(entries):
                    self._restore(step, table, key, images[side])
                self._put_meta("revision", str(self.revision + 1))
                self._write_audit(step.label, step)
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._undo.execute(
                "UPDATE step SET undone = ?, revision = ? WHERE seq = ?",
                [undone, self.revision, seq],
            )
            return step

    def _restore(self, step: Step, table: str, key: Sequence[Any], image: Row | None) -> None:
        names = self._key_names(table)
        named = dict(zip(names, key, strict=True))
        before = self._row(table, named)
        self._apply(table, named, image)
        step.rows[(table, tuple(key))] = [before, image]
        touched = image or before or {}
        step.ids.update(
            str(touched[n]) for n in ("id", "sheet_id", "from_id", "to_id") if touched.get(n)
        )
        step.kinds.add(touched.get("kind", table) if table == "record" else table)

    def _key_names(self, table: str) -> list[str]:
        if table not in self._keys:
            info = self._db.execute(f"PRAGMA table_info({table})").fetchall()
            self._keys[table] = [
                row[1] for row in sorted((r for r in info if r[5]), key=lambda r: r[5])
            ]
        return self._keys[table]

    def _drop_steps_of_the_future(self) -> None:
        """After a power cut the undo file may know steps that the project does not have."""
        self._undo.execute("DELETE FROM step WHERE revision > ?", [self.revision])

    # audit ---------------------------------------------------------------------------------

    def _write_audit(self, what: str, step: Step) -> None:
        prev = self._db.execute("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        payload = json.dumps(
            [[t, list(k), _changed(*v)] for (t, k), v in list(step.rows.items())[:200]]
        )
        entry = [clock.now().isoformat(), self.who, what, payload, prev[0] if prev else ""]
        digest = hashlib.sha256(json.dumps(entry).encode()).hexdigest()
        self._db.execute(
            "INSERT INTO audit (at, who, what, payload, prev, hash) VALUES (?, ?, ?, ?, ?, ?)",
            [*entry, digest],
        )

    def write_summary(self, body: str) -> None:
        """Keep the one row that a portfolio reads; it is no edit of the user's."""
        with self.lock, explained():
            self._db.execute(
                "INSERT INTO summary VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                [body],
            )

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the working copy."""
        with self.lock, explained():
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def publish_into(self, target: Path, token: str) -> None:
        """Write one complete, compact copy that carries the token where its seal will stand."""
        with self.lock, explained():
            self._put_meta("seal", token)
            self._db.execute("VACUUM INTO ?", [str(target)])

    def close(self) -> None:
        """Close both files."""
        with self.lock:
            self._db.close()
            self._undo.close()


def _changed(before: Row | None, after: Row | None) -> dict[str, Any]:
    """Return old and new of the values that differ, long texts cut."""
    old, new = before or {}, after or {}
    return {
        k: [_cut(old.get(k)), _cut(new.get(k))] for k in {**old, **new} if old.get(k) != new.get(k)
    }


def _cut(value: Any) -> Any:
    return value[:500] if isinstance(value, str) else value


def create_working_copy(path: Path) -> None:
    """Make the database of a new, empty project."""
    connection = limited_new(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("BEGIN IMMEDIATE")
    for sql in all_tables():
        connection.execute(sql)
    connection.execute("INSERT INTO meta VALUES ('project_id', ?)", [uuid.uuid4().hex])
    connection.execute("INSERT INTO meta VALUES ('revision', '0')")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")
    connection.close()


def limited_new(path: Path) -> sqlite3.Connection:
    """Create an empty database file."""
    return sqlite3.connect(path, isolation_level=None)
