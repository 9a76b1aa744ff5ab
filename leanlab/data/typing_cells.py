"""Decide a column's kind from all of its cells; one bad cell never changes it."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from leanlab.data.columns import ColumnData, Kind

MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "--", "?", "."}
FITS = 0.8  # share of cells that must fit a kind
MOST_CATEGORIES = 200
FEW_CATEGORIES = 0.5  # a text column with fewer different values than this share is a category
_LEADING_ZERO = re.compile(r"0\d+$")
_NUMBER = re.compile(r"[+-]?(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d+)?$")
_DATE_ORDERS = {
    "ymd": ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"),
    "dmy": ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"),
}
_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S")


def typed(name: str, cells: Sequence[str], *, decimal: str = ".", order: str = "") -> ColumnData:
    """Turn the cells of a column into values of one kind.

    `order` (ymd, dmy, mdy) settles dates that could be read in two ways.
    """
    fast = _all_numbers(cells) if decimal == "." else None
    if fast is not None:
        return _numeric(name, cells, fast, {})
    trimmed = [cell.strip() for cell in cells]
    given = [i for i, cell in enumerate(trimmed) if cell.lower() not in MISSING]
    if not given:
        return ColumnData(name, "text", np.asarray([None] * len(cells), dtype=object))
    if any(_LEADING_ZERO.match(trimmed[i]) for i in given):
        return _texts(name, trimmed, given, "id")
    numbers, bad = _numbers(trimmed, given, decimal)
    if len(bad) <= (1 - FITS) * len(given):
        return _numeric(name, cells, numbers, bad, decimal)
    dates = _dates(trimmed, given, order)
    if dates is not None:
        return ColumnData(name, "datetime", dates[0], bad=dates[1])
    different = len({trimmed[i] for i in given})
    kind: Kind = (
        "category"
        if different <= max(12, FEW_CATEGORIES * len(given)) and different <= MOST_CATEGORIES
        else "text"
    )
    return _texts(name, trimmed, given, kind)


def _all_numbers(cells: Sequence[str]) -> Any:
    """Convert at C speed when every cell is a plain number without a leading zero."""
    try:
        values = np.asarray(cells, dtype=np.float64)
    except ValueError:
        return None
    zeros = any(_LEADING_ZERO.match(cell.strip()) for cell in cells)
    return values if values.size and not zeros and bool(np.isfinite(values).all()) else None


def _numbers(
    cells: Sequence[str], given: Sequence[int], decimal: str
) -> tuple[Any, dict[int, str]]:
    values = np.full(len(cells), np.nan)
    bad: dict[int, str] = {}
    for i in given:
        text = cells[i].replace("\u00a0", "").replace("\u202f", "").replace("\u2212", "-")
        if decimal == ",":
            text = text.replace(",", ".") if "." not in text else text
        if _NUMBER.match(text) and np.isfinite(float(text)):
            values[i] = float(text)
        else:
            bad[i] = cells[i]
    return values, bad


def _numeric(
    name: str, cells: Sequence[str], values: Any, bad: dict[int, str], decimal: str = "."
) -> ColumnData:
    known = values[np.isfinite(values)]
    whole = bool(np.all(known == np.floor(known))) and not any(decimal in c for c in cells[:2000])
    most = max((len(c.strip().partition(decimal)[2]) for c in cells[:2000]), default=0)
    kind: Kind = "whole" if whole else "number"
    return ColumnData(name, kind, values, bad=bad, decimals=0 if whole else min(most, 8))


def cell_value(kind: Kind | str, value: Any) -> tuple[Any, str | None]:
    """Turn what a user typed into a stored value, and the raw text if it does not fit."""
    if value is None or not str(value).strip():
        return None, None
    text = str(value).strip()
    if kind in {"number", "whole"}:
        plain = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
        return (float(plain), None) if _NUMBER.match(plain) else (None, text)
    if kind == "datetime":
        found = next((d for order in _DATE_ORDERS if (d := date_in(text, order))), None)
        return (found.isoformat(), None) if found else (None, text)
    return text, None


def _texts(name: str, cells: Sequence[str], given: Sequence[int], kind: Kind) -> ColumnData:
    values = np.full(len(cells), None, dtype=object)
    for i in given:
        values[i] = cells[i]
    return ColumnData(name, kind, values)


def date_orders(cells: Sequence[str]) -> list[str]:
    """Return the orders (ymd, dmy, mdy) in which most of the cells are dates."""
    given = [c.strip() for c in cells if c.strip().lower() not in MISSING]
    orders = []
    for order in _DATE_ORDERS:
        fitting = sum(date_in(cell, order) is not None for cell in given)
        if given and fitting >= FITS * len(given):
            orders.append(order)
    return orders


def _dates(cells: Sequence[str], given: Sequence[int], order: str) -> Any:
    sample = [cells[i] for i in given]
    if not sum(any(ch.isdigit() for ch in cell) for cell in sample[:200]):
        return None
    orders = [order] if order else date_orders(sample)
    if not orders:
        return None
    best = max(orders, key=lambda o: sum(date_in(cell, o) is not None for cell in sample))
    values = np.full(len(cells), np.datetime64("NaT", "s"))
    bad: dict[int, str] = {}
    for i in given:
        found = date_in(cells[i], best)
        if found is None:
            bad[i] = cells[i]
        else:
            values[i] = np.datetime64(found, "s")
    return (values, bad) if len(bad) <= (1 - FITS) * len(given) else None


def date_in(cell: str, order: str) -> datetime | None:
    """Read one cell as a date, in the given order of day, month and year."""
    for day in _DATE_ORDERS[order]:
        for time in _TIMES:
            try:
                return datetime.strptime(cell, day + time)  # noqa: DTZ007 - data dates are naive
            except ValueError:
                continue
    return None
