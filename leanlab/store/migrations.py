"""Bring a project of an older format up to date, in the working copy only.

Our own format number (`user_version`) decides; it changes in the same transaction as the tables.
Until 0.1.0 is released there is one format, so the list is empty; docs/adding-a-format.md is the
recipe, and tests/store/test_migrations.py runs steps of its own through this mechanism.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from leanlab.core.errors import DocumentProblem, is_full
from leanlab.store import backups, schema
from leanlab.store.checks import limited, refuse_other_tables

Migration = Callable[[sqlite3.Connection], None]

# format that a step starts from -> the step to the next format
MIGRATIONS: dict[int, Migration] = {}


def migrate(copy: Path, original: Path, *, backup: bool = True) -> bool:
    """Run the steps that a working copy lacks; the user's file changes only at their next save.

    What was rescued needs no backup: its file stays as it is.
    """
    with closing(limited(copy, write=True)) as connection:
        version = _version(connection)
        if version == schema.FORMAT:
            return False
        if backup:
            row = connection.execute("SELECT value FROM meta WHERE key = 'project_id'").fetchone()
            with _explained_backup(original):
                backups.keep(original, row[0] if row else "unknown")
        while version < schema.FORMAT:
            _one_step(connection, version, original.name)
            version += 1
    return True


@contextmanager
def _explained_backup(original: Path) -> Iterator[None]:
    """Say what kept the old file from being kept."""
    try:
        yield
    except OSError as error:
        raise DocumentProblem(
            f"{original.name} has an older format, and no backup of it could be written "
            f"({'the disk is full' if is_full(error) else error.strerror}).",
            hint="Free some space, then open it again. The file was not touched.",
        ) from error


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _one_step(connection: sqlite3.Connection, version: int, name: str) -> None:
    if version not in MIGRATIONS:
        raise DocumentProblem(
            f"{name} has format {version}, which this LeanLab cannot read any more.",
            hint="Open and save it with an earlier LeanLab first.",
        )
    connection.execute("BEGIN IMMEDIATE")
    try:
        MIGRATIONS[version](connection)
        _refuse_misfits(connection, name)
        connection.execute(f"PRAGMA user_version = {version + 1}")
        refuse_other_tables(connection, name)
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
