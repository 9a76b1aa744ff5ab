"""Columns of a file on disk, ready for an analysis."""

from pathlib import Path
from typing import TYPE_CHECKING

from leanlab.analyses.declare import Column
from leanlab.core import format as words

if TYPE_CHECKING:
    from leanlab.data.table import Settings


def columns_of_file(
    path: Path, settings: "Settings | None" = None
) -> tuple[dict[str, Column], str, dict[str, tuple[str, ...]]]:
    """Read a data file; return its columns by name, what the caption must mention, and offers.

    Offers are the kinds that columns which stayed text could be read as.
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
    return columns, f"{words.count(bad, 'cell')} left out" if bad else "", offers
