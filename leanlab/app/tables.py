"""Columns of a file on disk, ready for an analysis."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from leanlab.analyses.declare import Column
from leanlab.core import format as words

if TYPE_CHECKING:
    from leanlab.data.table import Settings, Table


@dataclass(frozen=True, slots=True, eq=False)
class FileColumns:
    """The columns of a file by name, and what was noticed when it was read."""

    columns: dict[str, Column]
    caption: str = ""  # what the caption of a picture must mention
    offers: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # of columns that stayed text
    notes: tuple[str, ...] = ()


def columns_of_file(path: Path, settings: "Settings | None" = None) -> FileColumns:
    """Read a data file.

    Plain text is read in this process; a workbook only behind the guard, in a worker.
    """
    from leanlab.data.import_guard import form_of

    if form_of(path) == "text":
        from leanlab.data.csv_text import read_table

        table = read_table(path, settings)
    else:
        from leanlab.data import guarded

        table = guarded.read(path, settings)
    columns = {
        c.name: Column(c.name, c.kind, c.values, unit=c.unit, decimals=c.decimals)
        for c in table.columns
    }
    bad = sum(len(c.bad) for c in table.columns)
    offers = {c.name: c.offers for c in table.columns if c.offers}
    caption = f"{words.count(bad, 'cell')} left out" if bad else ""
    return FileColumns(columns, caption, offers, _about(table))


def _about(table: "Table") -> tuple[str, ...]:
    """Return the remarks on the file as a whole and on the columns that are used."""
    used = table.settings.needed
    others = [f"Column '{c.name}'" for c in table.columns if used and c.name not in used]
    return tuple(n for n in table.notes if not n.startswith(tuple(others)))
