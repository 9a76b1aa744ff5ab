"""Columns of a file on disk, ready for an analysis."""

from pathlib import Path

from leanlab.analyses.declare import Column
from leanlab.data.csv_text import read_table


def columns_of_file(path: Path) -> tuple[dict[str, Column], str]:
    """Read a CSV file; return its columns by name, and what the caption must mention."""
    table = read_table(path)
    columns = {
        c.name: Column(c.name, c.kind, c.values, unit=c.unit, decimals=c.decimals)
        for c in table.columns
    }
    bad = sum(len(c.bad) for c in table.columns)
    return columns, f"{bad} cell(s) left out" if bad else ""
