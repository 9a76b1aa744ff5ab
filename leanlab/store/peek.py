"""Look into a project file without writing a byte into it, beside it, or anywhere else.

The bytes are read once, checked like those of a project that is opened, and deserialised in
memory; SQLite never sees the file.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leanlab.core.errors import DocumentProblem
from leanlab.store.checks import (
    UNREADABLE,
    check_bytes,
    check_header,
    damaged,
    fenced,
    hurried,
    is_json,
    refuse_strange_paths,
)

SLOW = 10.0  # seconds that one file may take


@dataclass(frozen=True, slots=True)
class Peek:
    """What a project says of itself, as of its last save."""

    project_id: str
    title: str
    revision: int
    seal: str
    summary: dict[str, Any]


def peeked(path: Path) -> Peek:
    """Read the summary of a project file; what cannot be shown as good is a DocumentProblem."""
    refuse_strange_paths(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DocumentProblem(
            f"{path.name} cannot be read: {error.strerror}.", hint="Check your rights."
        ) from error
    check_header(content[:100], len(content), path.name)
    try:
        with closing(fenced(sqlite3.connect(":memory:", isolation_level=None))) as connection:
            connection.deserialize(content)
            with hurried(connection, SLOW):
                seal = check_bytes(connection, content, path.name)
                return _read(connection, seal, path)
    except (*UNREADABLE, ValueError) as error:
        raise damaged(path.name) from error


def _read(connection: sqlite3.Connection, seal: str, path: Path) -> Peek:
    facts = dict(
        connection.execute(
            "SELECT key, value FROM meta WHERE key IN ('project_id', 'title', 'revision')"
        )
    )
    row = connection.execute("SELECT body FROM summary WHERE id = 1").fetchone()
    if row and not is_json(row[0], an_object=True):
        raise damaged(path.name)
    summary = json.loads(row[0]) if row else {}
    return Peek(
        str(facts.get("project_id", "")),
        str(facts.get("title") or path.stem),
        int(facts.get("revision", 0)),
        seal,
        summary,
    )
