"""Bring a foreign file into a project as a data sheet, with its fingerprint."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.data import guarded
from leanlab.data.table import Settings, Table

KEPT_UP_TO = 50 * 1024**2  # larger originals are named by their fingerprint only
PREVIEW_FROM = 4 * 1024**2  # larger files are previewed by their first rows
PREVIEW_ROWS = 2_000
RAW = 32 * 1024  # bytes of a text that are shown as they stand
CLIPBOARD = "clipboard"

Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def _go_on() -> None:
    """Nobody cancels."""


def read(
    source: Path | str,
    settings: Settings | None = None,
    *,
    check: Callable[[], None] = _go_on,
    progress: Progress = _silent,
) -> Table:
    """Read a file (Path) or copied text (str) behind the guard; unclear settings are ImportProblems."""
    if isinstance(source, str):
        return guarded.read_text(source, settings, check=check, progress=progress)
    return guarded.read(source, settings, check=check, progress=progress)


def raw_lines(source: Path | str, settings: Settings) -> Table | None:
    """Return the first lines of a text as they stand; None for workbooks and what is no text."""
    import csv

    from leanlab.data.csv_text import raw_table

    try:
        if isinstance(source, str):
            start = source[:RAW].encode("utf-8", "replace")
        else:
            with source.open("rb") as file:
                start = file.read(RAW)
        if start.startswith((b"PK", b"\xd0\xcf")) or not start.strip():
            return None
        return raw_table(start, settings.encoding, settings.delimiter)
    except (OSError, LookupError, csv.Error):
        return None


def is_large(source: Path | str) -> bool:
    """Whether a preview should read the first rows only."""
    if isinstance(source, str):
        return len(source) > PREVIEW_FROM
    return source.is_file() and source.stat().st_size > PREVIEW_FROM


def kept_original(source: Path | str) -> tuple[str, bytes] | None:
    """Return name and content of what is kept with the data; None when it is too large."""
    if isinstance(source, str):
        return None
    try:
        if source.stat().st_size > KEPT_UP_TO:
            return None
        return source.name, source.read_bytes()
    except OSError:
        return None


def add_table(
    session: Session,
    table: Table,
    *,
    title: str,
    file_name: str,
    kept: tuple[str, bytes] | None = None,
    progress: Progress = _silent,
) -> str:
    """Make a data sheet of a table that was read; return its id."""
    return session.add_sheet(
        title, table.columns, source=source_of(table, file_name, kept=kept is not None),
        label=f"Import {file_name}", progress=progress, kept=kept,
    )  # fmt: skip


def source_of(table: Table, file_name: str, *, kept: bool) -> dict[str, Any]:
    """Return what a data sheet remembers of where it came from and how it was read."""
    own = {new: old for old, new in table.settings.names.items()}
    return {
        "file": file_name, "sha256": table.fingerprint, "rows": table.rows,
        "read": clock.now().isoformat(), "notes": list(table.notes), "kept": kept,
        "settings": table.settings.as_json(),
        "columns": {f"c{i}": own.get(c.name, c.name) for i, c in enumerate(table.columns, start=1)},
    }  # fmt: skip


def remembered(source: Mapping[str, Any]) -> Settings:
    """Return how a data sheet's file was read, to read its successor the same way."""
    return Settings.from_json(source.get("settings", {}))


def title_of(path: Path) -> str:
    """Return a readable title for a file."""
    return path.stem.replace("_", " ").strip() or "Data"
