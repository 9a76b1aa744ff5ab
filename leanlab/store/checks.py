"""Is these bytes' project sound? Every look before any SQL on a stranger's content."""

import hashlib
import json
import os
import re
import sqlite3
import stat
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from leanlab.core.errors import DamagedFile, DocumentProblem, ForeignFile, NewerFile
from leanlab.store import schema
from leanlab.store.schema import APPLICATION_ID, FORMATS, Format, data_table

SQLITE = sqlite3.sqlite_version
LARGEST = 2 * 1024**3
LONGEST = 64 * 1024**2  # bytes of one row: an attachment has up to 50 MB
DEADLINE = 30.0  # seconds that looking at a stranger's file may take
SLOWEST = 10_000_000  # bytes a second that an old disk reads; a large file may take longer
PIECE = 4 * 1024**2  # bytes read at once
DEPTH = 50  # of nested JSON
SEAL_LENGTH = 64
_NEUTRAL = b"0" * SEAL_LENGTH
# a text that never ends is taken to the end: looking for its end from every quote would take for ever
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NO_BRACKETS = re.compile(r"[^\[\]{}]+")
_RUN = re.compile(rf"[\[{{]{{{DEPTH + 1}}}")
PROJECT_ID = re.compile(r"[0-9a-f]{32}")
_REVISION = re.compile(r"[0-9]{1,15}")
# what SQLite and Python say of bytes that are not what they should be
UNREADABLE = (
    sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `leanlab check` tells of a file."""

    sound: bool
    message: str
    sha256: str = ""
    title: str = ""


def refuse_strange_paths(path: Path) -> None:
    """Only a regular file of a sensible size is looked at."""
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise DocumentProblem(
            f"{path.name} is not there any more.",
            hint="Look where it was moved, or restore a backup.",
        ) from error
    except OSError as error:
        raise DocumentProblem(
            f"{path.name} cannot be read: {error.strerror}.", hint="Check your rights."
        ) from error
    if not stat.S_ISREG(found.st_mode):
        raise DocumentProblem(f"{path.name} is not a file.", hint="Choose a .leanlab file.")
    if found.st_size > LARGEST:
        raise DocumentProblem(
            f"{path.name} is larger than 2 GB.", hint="LeanLab does not open such files."
        )


def check_header(head: bytes, size: int, name: str) -> None:
    """Check the 100 raw header bytes; SQLite has not seen the file yet."""
    foreign = ForeignFile(f"{name} is not a LeanLab project.", hint="Choose a .leanlab file.")
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
        raise foreign
    page = struct.unpack(">H", head[16:18])[0]
    page = 65536 if page == 1 else page
    pages, encoding, user_version = (
        struct.unpack(">I", head[at : at + 4])[0] for at in (28, 56, 60)
    )
    if struct.unpack(">I", head[68:72])[0] != APPLICATION_ID:
        raise foreign
    if user_version > schema.FORMAT:
        raise NewerFile(
            f"{name} was made with a newer LeanLab (format {user_version}); "
            f"this one reads up to {schema.FORMAT}.",
            hint="Update LeanLab, then open it again. The file was not touched.",
        )
    # no write-ahead log, no reserved bytes, the fixed payload fractions, UTF-8
    regular = head[18:24] == b"\x01\x01\x00\x40\x20\x20" and encoding == 1 and user_version
    if not regular or page < 512 or pages * page != size or head[24:28] != head[92:96]:
        raise damaged(name)


def damaged(name: str) -> DamagedFile:
    """Return the problem of a file that must not be shown as good."""
    return DamagedFile(
        f"{name} is damaged: it is not what LeanLab saved.",
        hint="A backup can be restored, or what is readable rescued; the file stays as it is.",
    )


def limited(path: Path, *, write: bool = False) -> sqlite3.Connection:
    """Open a copy with the limits that hostile content cannot pass.

    VACUUM INTO needs one attached file, so only a copy that passed the checks may have it.
    """
    mode = "rw" if write else "ro&immutable=1"
    connection = sqlite3.connect(
        f"file:{_quoted(path)}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=0,
        check_same_thread=False,
    )
    return fenced(connection, attached=int(write))


def fenced(connection: sqlite3.Connection, *, attached: int = 0) -> sqlite3.Connection:
    """Give a connection the limits that hostile content cannot pass."""
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    for limit, value in (
        (sqlite3.SQLITE_LIMIT_LENGTH, LONGEST),
        (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 200_000),
        (sqlite3.SQLITE_LIMIT_COLUMN, 2_000),
        (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 50),
        (sqlite3.SQLITE_LIMIT_VDBE_OP, 50_000),
        (sqlite3.SQLITE_LIMIT_ATTACHED, attached),
        (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
    ):
        connection.setlimit(limit, value)
    if sys.version_info >= (3, 12):  # older ones rest on the authorizer alone
        for name, value in (
            ("DEFENSIVE", True), ("ENABLE_TRIGGER", False), ("ENABLE_VIEW", False),
            ("TRUSTED_SCHEMA", False), ("DQS_DDL", False), ("DQS_DML", False),
        ):  # fmt: skip
            connection.setconfig(getattr(sqlite3, f"SQLITE_DBCONFIG_{name}"), value)
    connection.set_authorizer(authorized)
    return connection


_NEVER = {
    sqlite3.SQLITE_DETACH, sqlite3.SQLITE_CREATE_VIEW, sqlite3.SQLITE_CREATE_TRIGGER,
    sqlite3.SQLITE_CREATE_TEMP_TRIGGER, sqlite3.SQLITE_CREATE_TEMP_VIEW, sqlite3.SQLITE_CREATE_VTABLE,
}  # fmt: skip
_PRAGMAS = {
    "trusted_schema", "cell_size_check", "mmap_size", "foreign_keys", "locking_mode", "journal_mode",
    "synchronous", "quick_check", "table_info", "wal_checkpoint", "application_id", "user_version",
    "encoding", "page_size", "foreign_key_check", "page_count", "legacy_alter_table",
}  # fmt: skip
_FUNCTIONS = {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"}


def authorized(
    action: int, first: str | None, second: str | None, _database: str | None, inner: str | None
) -> int:
    """Refuse what no statement of ours needs: triggers, views, virtual tables, strange pragmas.

    `inner` names the trigger or view a statement comes from; ours come from none.
    """
    refused = (
        inner is not None
        or action in _NEVER
        or (action == sqlite3.SQLITE_PRAGMA and (first or "").lower() not in _PRAGMAS)
        or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FUNCTIONS)
    )
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


@contextmanager
def hurried(connection: sqlite3.Connection, seconds: float = DEADLINE) -> Iterator[None]:
    """Stop statements that take longer than a sound file could need."""
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() > end), 100_000)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path))


def check_copy(copy: Path, name: str) -> str:
    """Check schema, structure and seal of a private copy; any doubt is a DocumentProblem.

    Return the seal.
    """
    seconds = DEADLINE + copy.stat().st_size / SLOWEST
    try:
        with closing(limited(copy)) as connection, hurried(connection, seconds):
            expected = refuse_other_tables(connection, name)
            if copy.stat().st_size > LONGEST:
                _check_lengths(connection, name)
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise damaged(name)
            seal = _check_facts(connection, name)
            _check_records(connection, expected, name)
            _check_json(connection, expected, name)
    except UNREADABLE as error:
        raise damaged(name) from error
    if not seal_holds(copy, seal):
        raise damaged(name)
    return seal


def check_bytes(connection: sqlite3.Connection, content: bytes, name: str) -> str:
    """Check a project that was deserialised from `content`; return its seal.

    A seal that holds says that every byte is as LeanLab wrote it, so the pages are not walked.
    """
    refuse_other_tables(connection, name)
    seal = _check_facts(connection, name)
    if len(seal) != SEAL_LENGTH or _digest_of(content, seal, name)[1] != seal:
        raise damaged(name)
    return seal


def _check_lengths(connection: sqlite3.Connection, name: str) -> None:
    """Refuse values that are longer than LeanLab writes: a long text cannot even be read."""
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        columns = [
            row[1]
            for row in connection.execute(f"PRAGMA table_info({table})")
            if row[2] in {"TEXT", "BLOB"}
        ]
        if columns:
            longest = ", ".join(f"max(length({column}))" for column in columns)
            row = connection.execute(f"SELECT {longest} FROM {table}").fetchone()
            if any(length is not None and length > LONGEST for length in row):
                raise damaged(name)


def _check_facts(connection: sqlite3.Connection, name: str) -> str:
    """Refuse facts that LeanLab does not write; the project's id names a folder. Return the seal."""
    facts = dict(
        connection.execute(
            "SELECT key, value FROM meta WHERE key IN ('project_id', 'revision', 'seal')"
        )
    )
    if not PROJECT_ID.fullmatch(facts.get("project_id", "")):
        raise damaged(name)
    if not _REVISION.fullmatch(facts.get("revision", "")):
        raise damaged(name)
    return str(facts.get("seal", ""))


def _check_records(connection: sqlite3.Connection, expected: Format, name: str) -> None:
    """Refuse records of a kind there is not, without their row, or rows without their record."""
    marks = ", ".join("?" * len(expected.kinds))
    strange = connection.execute(
        f"SELECT 1 FROM record WHERE kind NOT IN ({marks})", list(expected.kinds)
    )
    misfits = connection.execute("PRAGMA foreign_key_check")
    if strange.fetchone() is not None or misfits.fetchone() is not None:
        raise damaged(name)
    records = dict(connection.execute("SELECT kind, count(*) FROM record GROUP BY kind"))
    for kind in expected.kinds:
        rows, fitting = connection.execute(
            f"SELECT count(*), count(record.id) FROM {kind} "
            f"LEFT JOIN record ON record.id = {kind}.id AND record.kind = ?",
            [kind],
        ).fetchone()
        if not rows == fitting == records.get(kind, 0):
            raise damaged(name)


def _check_json(connection: sqlite3.Connection, expected: Format, name: str) -> None:
    """Refuse texts that are no JSON, or nested deeper than anything LeanLab writes."""
    for kind in expected.kinds:
        for column in expected.json_columns(kind):
            rows = connection.execute(f"SELECT {column} FROM {kind} WHERE {column} IS NOT NULL")
            if not all(is_json(text, an_object=column == "more") for (text,) in rows):
                raise damaged(name)


def is_json(text: str, *, an_object: bool) -> bool:
    """Whether a text is JSON that can be read without danger."""
    if nests_too_deeply(text):
        return False
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) or not an_object


def nests_too_deeply(text: str) -> bool:
    """Whether the brackets of a JSON text nest deeper than LeanLab writes, without parsing it."""
    if text.count("[") + text.count("{") <= DEPTH:
        return False
    left = _NO_BRACKETS.sub("", _STRINGS.sub("", text))
    if _RUN.search(left):
        return True
    for _ in range(DEPTH):  # each round takes away the innermost
        if not left:
            return False
        left = left.replace("[]", "").replace("{}", "")
    return bool(left)


def refuse_other_tables(connection: sqlite3.Connection, name: str) -> Format:
    """Refuse anything but exactly our tables: no trigger, view, index or table of others.

    Return the tables of the format that the file says it has.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version not in FORMATS:
        raise damaged(name)
    sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
    found = set(connection.execute(sql))
    expected = _golden(FORMATS[version].tables)
    if not expected <= found:
        raise damaged(name)
    of_sheets = found - expected
    if connection.execute("SELECT count(*) FROM sheet").fetchone() != (len(of_sheets),):
        raise damaged(name)
    tables = sheet_tables(connection)
    if of_sheets != {("table", table, table, ddl) for table, ddl in tables.items()}:
        raise damaged(name)
    return FORMATS[version]


@lru_cache(maxsize=4)
def _golden(tables: tuple[str, ...]) -> frozenset[tuple[str, str, str, str | None]]:
    """Return what SQLite itself keeps of these tables, the indexes of their keys too."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for sql in tables:
            connection.execute(sql)
        found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
        return frozenset(found.fetchall())


def sheet_tables(connection: sqlite3.Connection) -> dict[str, str]:
    """Regenerate the DDL of all data sheets by name from what the project says of them."""
    tables = {}
    for sheet_id, number in connection.execute("SELECT id, number FROM sheet ORDER BY number"):
        columns = connection.execute(
            "SELECT id, kind FROM sheet_column WHERE sheet_id = ? ORDER BY length(id), id",
            [sheet_id],
        ).fetchall()
        try:
            tables[f"data_{number}"] = data_table(number, columns)
        except (ValueError, TypeError):
            tables[f"data_{number}"] = "a sheet that LeanLab did not make"
    return tables


def sealed(path: Path, token: str) -> str:
    """Replace the token in the file by the SHA-256 of all other bytes; return it."""
    offset, digest = _digest(path, token)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(digest.encode())
        file.flush()
        os.fsync(file.fileno())
    return digest


def seal_holds(path: Path, seal: str) -> bool:
    """Whether the file's bytes are those that were sealed."""
    if len(seal) != SEAL_LENGTH:
        return False
    try:
        return _digest(path, seal)[1] == seal
    except DocumentProblem:
        return False


def _digest(path: Path, token: str) -> tuple[int, str]:
    """Return where the token stands, and the SHA-256 of all other bytes.

    The file is read in pieces: it may be the user's own, which a sync client shortens meanwhile.
    """
    with path.open("rb") as file:
        offset = _only_place(file, token.encode())
        if offset is None:
            raise damaged(path.name)
        file.seek(0)
        digest = hashlib.sha256()
        left = offset
        while left > 0 and (piece := file.read(min(left, PIECE))):
            digest.update(piece)
            left -= len(piece)
        digest.update(_NEUTRAL)
        file.seek(offset + SEAL_LENGTH)
        while piece := file.read(PIECE):
            digest.update(piece)
    return offset, digest.hexdigest()


def _only_place(file: IO[bytes], token: bytes) -> int | None:
    """Return where a token stands in a file; None if it stands nowhere or twice."""
    found: list[int] = []
    start, tail = 0, b""
    while piece := file.read(PIECE):
        window = tail + piece
        at = window.find(token)
        while at >= 0 and len(found) <= 1:
            found.append(start - len(tail) + at)
            at = window.find(token, at + 1)
        start += len(piece)
        tail = window[-(len(token) - 1) :]
    return found[0] if len(found) == 1 else None


def _digest_of(content: bytes, token: str, name: str) -> tuple[int, str]:
    offset = content.find(token.encode())
    if offset < 0 or content.find(token.encode(), offset + 1) >= 0:
        raise damaged(name)
    digest = hashlib.sha256()
    with memoryview(content) as view:
        digest.update(view[:offset])
        digest.update(_NEUTRAL)
        digest.update(view[offset + SEAL_LENGTH :])
    return offset, digest.hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
