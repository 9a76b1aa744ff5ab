"""Columns of a file on disk, ready for an analysis."""

from pathlib import Path

from leanlab.analyses.declare import Column
from leanlab.core import format as words


def columns_of_file(path: Path) -> tuple[dict[str, Column], str]:
    """Read a data file; return its columns by name, and what the caption must mention.

    Plain text is read in this process; a workbook only behind the guard, in a worker.
    """
    from leanlab.data.import_guard import form_of

    if form_of(path) == "text":
        from leanlab.data.csv_text import read_table

        table = read_table(path)
    else:
        from leanlab.data import guarded

        table = guarded.read(path)
    columns = {
        c.name: Column(c.name, c.kind, c.values, unit=c.unit, decimals=c.decimals)
        for c in table.columns
    }
    bad = sum(len(c.bad) for c in table.columns)
    return columns, f"{words.count(bad, 'cell')} left out" if bad else ""
