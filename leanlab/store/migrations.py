"""Bring a project of an older format up to date, in the working copy only.

Our own format number (`user_version`) decides; it changes in the same transaction as the tables.
Until 0.1.0 is released there is one format, so the list is empty; docs/adding-a-format.md is the
recipe, and tests/store/test_migrations.py runs steps of its own through this mechanism.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from leanlab.core.errors import DocumentProblem
from leanlab.store import backups
from leanlab.store.checks import limited
from leanlab.store.schema import FORMAT

Migration = Callable[[sqlite3.Connection], None]

# format that a step starts from -> the step to the next format
MIGRATIONS: Mapping[int, Migration] = {}


def migrate(
    copy: Path, original: Path, *, steps: Mapping[int, Migration] = MIGRATIONS, goal: int = FORMAT
) -> bool:
    """Run the steps that a working copy lacks; the user's file changes only at their next save."""
    with closing(limited(copy, write=True)) as connection:
        version = _version(connection)
        if version == goal:
            return False
        project_id = connection.execute(
            "SELECT value FROM meta WHERE key = 'project_id'"
        ).fetchone()
        backups.keep(original, project_id[0] if project_id else "unknown")
        while version < goal:
            _one_step(connection, version, steps, original.name)
            version += 1
    return True


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _one_step(
    connection: sqlite3.Connection, version: int, steps: Mapping[int, Migration], name: str
) -> None:
    if version not in steps:
        raise DocumentProblem(
            f"{name} has format {version}, which this LeanLab cannot read any more.",
            hint="Open and save it with an earlier LeanLab first.",
        )
    connection.execute("BEGIN IMMEDIATE")
    try:
        steps[version](connection)
        _refuse_misfits(connection, name)
        connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _refuse_misfits(connection: sqlite3.Connection, name: str) -> None:
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise DocumentProblem(
            f"{name} could not be brought up to date: its records do not fit together.",
            hint="The file was not touched. Restore a backup, or send it to the makers.",
        )
