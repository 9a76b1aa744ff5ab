"""Bring a foreign file into a project as a data sheet, with its fingerprint."""

from pathlib import Path
from typing import Any

from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.data.csv_text import Settings, Table


def add_table(session: Session, table: Table, *, title: str, file_name: str) -> str:
    """Make a data sheet of a table that was read; return its id."""
    source: dict[str, Any] = {
        "file": file_name,
        "sha256": table.fingerprint,
        "rows": table.rows,
        "read": clock.now().isoformat(),
        "notes": list(table.notes),
        "settings": {
            "encoding": table.settings.encoding, "delimiter": table.settings.delimiter,
            "decimal": table.settings.decimal, "date_order": table.settings.date_order,
            "header": table.settings.header,
        },
    }  # fmt: skip
    return session.add_sheet(title, table.columns, source=source, label=f"Import {file_name}")


def title_of(path: Path) -> str:
    """Return a readable title for a file."""
    return path.stem.replace("_", " ").strip() or "Data"


__all__ = ["Settings", "add_table", "title_of"]
