"""Is these bytes' project sound? Every look before any SQL on a stranger's content."""

import hashlib
import mmap
import os
import re
import sqlite3
import stat
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from leanlab.core.errors import DamagedFile, DocumentProblem, ForeignFile, NewerFile
from leanlab.store.schema import APPLICATION_ID, FORMAT, JSON, KINDS, all_tables, data_table

SQLITE = sqlite3.sqlite_version
LARGEST = 2 * 1024**3
DEADLINE = 30.0  # seconds that looking at a stranger's file may take
DEPTH = 50  # of nested JSON
SEAL_LENGTH = 64
_NEUTRAL = b"0" * SEAL_LENGTH
# one that never ends is taken to the end: looking for its end from every quote would take for ever
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


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
    if user_version > FORMAT:
        raise NewerFile(
            f"{name} was made with a newer LeanLab (format {user_version}); this one reads up to {FORMAT}.",
            hint="Update LeanLab, then open it again. The file was not touched.",
        )
    regular = head[18:20] == b"\x01\x01" and head[21:24] == b"\x40\x20\x20" and encoding == 1
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
        (sqlite3.SQLITE_LIMIT_LENGTH, 256 * 1024 * 1024),
        (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 200_000),
        (sqlite3.SQLITE_LIMIT_COLUMN, 2_000),
        (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 50),
        (sqlite3.SQLITE_LIMIT_VDBE_OP, 50_000),
        (sqlite3.SQLITE_LIMIT_ATTACHED, attached),
        (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
    ):
        connection.setlimit(limit, value)
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
    try:
        with closing(limited(copy)) as connection, hurried(connection):
            _check_schema(connection, name)
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise damaged(name)
            row = connection.execute("SELECT value FROM meta WHERE key = 'seal'").fetchone()
            _check_kinds(connection, name)
            _check_json(connection, name)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError, RecursionError) as error:
        raise damaged(name) from error
    if row is None or not seal_holds(copy, str(row[0])):
        raise damaged(name)
    return str(row[0])


def check_bytes(connection: sqlite3.Connection, content: bytes, name: str) -> str:
    """Check a project that was deserialised from `content`; return its seal.

    A seal that holds says that every byte is as LeanLab wrote it, so the pages are not walked.
    """
    _check_schema(connection, name)
    row = connection.execute("SELECT value FROM meta WHERE key = 'seal'").fetchone()
    seal = str(row[0]) if row else ""
    if len(seal) != SEAL_LENGTH or _digest_of(content, seal, name)[1] != seal:
        raise damaged(name)
    return seal


def _check_kinds(connection: sqlite3.Connection, name: str) -> None:
    """Refuse records of a kind there is not: a kind names a table."""
    marks = ", ".join("?" * len(KINDS))
    sql = f"SELECT 1 FROM record WHERE kind NOT IN ({marks})"
    if connection.execute(sql, list(KINDS)).fetchone() is not None:
        raise damaged(name)


def _check_json(connection: sqlite3.Connection, name: str) -> None:
    """Refuse texts that are no JSON, or nested deeper than anything LeanLab writes."""
    for kind, columns in KINDS.items():
        for column in (*(c for c, sql in columns.items() if sql == JSON), "more"):
            rows = connection.execute(f"SELECT {column} FROM {kind} WHERE {column} IS NOT NULL")
            if any(depth(str(text)) > DEPTH for (text,) in rows):
                raise damaged(name)


def depth(text: str) -> int:
    """Return how deep the brackets of a JSON text nest, without parsing it."""
    deepest = level = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        level += 1 if bracket in "[{" else -1
        deepest = max(deepest, level)
    return deepest


def _check_schema(connection: sqlite3.Connection, name: str) -> None:
    """Refuse anything but exactly our tables: no trigger, view, index or table of others."""
    found = {
        sql
        for (sql,) in connection.execute(
            "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_autoindex_%'"
        )
    }
    if not set(all_tables()) <= found:
        raise damaged(name)
    if found != set(all_tables()) | set(sheet_tables(connection)):
        raise damaged(name)


def sheet_tables(connection: sqlite3.Connection) -> list[str]:
    """Regenerate the DDL of all data sheets from what the project says of them."""
    tables = []
    for sheet_id, number in connection.execute(
        "SELECT id, number FROM sheet ORDER BY number"
    ).fetchall():
        columns = connection.execute(
            "SELECT id, kind FROM sheet_column WHERE sheet_id = ? ORDER BY length(id), id",
            [sheet_id],
        ).fetchall()
        try:
            tables.append(data_table(number, columns))
        except ValueError:
            tables.append("a sheet that LeanLab did not make")
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
    # a private copy or a file of our own making: nobody shortens it under the map
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _digest_of(content, token, path.name)


def _digest_of(content: bytes | mmap.mmap, token: str, name: str) -> tuple[int, str]:
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
