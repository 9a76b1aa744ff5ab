"""Dates as people write them, and in which order day, month and year stand."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from leanlab.data.columns import enough

ORDERS = ("ymd", "dmy", "mdy")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CENTURY = 69  # 68 is 2068, 69 is 1969: the usual rule
FEW = 0.05  # so small a share of dates in another order are slips
_YEAR_DIGITS, _SHORT_YEAR = 4, 2
_TIME = (
    r"(?:(?:T|,?\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:\s*([AaPp])\.?[Mm]\.?)?)?"
    r"(?:\s*(?:Z|[+-]\d{2}:?\d{2}))?$"
)
_DIGITS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})" + _TIME)
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.\-/]*([A-Za-z]{3,9})\.?[\s,.\-/]*(\d{4}|\d{2})" + _TIME
)
_NAME_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})" + _TIME)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLAIN_LENGTHS = {10, 16, 19}  # date, minutes, seconds


def date_in(cell: str, order: str) -> datetime | None:
    """Read one cell as a date, in the given order of day, month and year."""
    found = _DIGITS.match(cell)
    if found:
        first, _, second, third, *time = found.groups()
        parts = _ordered(first, second, third, order)
        return _moment(*parts, time) if parts else None
    found = _DAY_NAME.match(cell)
    if found:
        day, name, year, *time = found.groups()
        return _moment(_year(year), _month(name), int(day), time)
    found = _NAME_DAY.match(cell)
    if found:
        name, day, year, *time = found.groups()
        return _moment(int(year), _month(name), int(day), time)
    return None


def _ordered(first: str, second: str, third: str, order: str) -> tuple[int, int, int] | None:
    """Return year, month and day; only the year may have four digits.

    A year in front leaves no choice: 2026-04-26 is read so in every order.
    """
    if order == "ymd" or len(first) == _YEAR_DIGITS:
        fits = len(first) in {_YEAR_DIGITS, _SHORT_YEAR} and len(third) <= _SHORT_YEAR
        return (_year(first), int(second), int(third)) if fits else None
    if len(third) not in {_YEAR_DIGITS, _SHORT_YEAR} or len(first) > _SHORT_YEAR:
        return None
    day, month = (first, second) if order == "dmy" else (second, first)
    return _year(third), int(month), int(day)


def _year(text: str) -> int:
    number = int(text)
    if len(text) == _SHORT_YEAR:
        return number + (2000 if number < _CENTURY else 1900)
    return number


def _month(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _moment(year: int, month: int, day: int, time: Sequence[str | None]) -> datetime | None:
    hour, minute, second, half = time
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half in "pP" else 0)
    try:
        if hours == 24 and not int(minute or 0):  # noqa: PLR2004 - 24:00 is the end of a day
            return datetime(year, month, day) + timedelta(days=1)  # noqa: DTZ001 - data dates are naive
        return datetime(year, month, day, hours, int(minute or 0), int(second or 0))  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None


def read_dates(cells: Sequence[str], order: str) -> tuple[Any, list[int]]:
    """Return the cells as datetime64[s] and the places of those that are no dates."""
    quick = _iso(cells) if order == "ymd" else None
    if quick is not None:
        return quick, []
    known: dict[str, Any] = {}
    values = np.full(len(cells), np.datetime64("NaT", "s"))
    bad = []
    for at, cell in enumerate(cells):
        if cell not in known:
            known[cell] = date_in(cell, order)
        if known[cell] is None:
            bad.append(at)
        else:
            values[at] = known[cell]
    return values, bad


def _iso(cells: Sequence[str]) -> Any:
    """Read plain ISO dates at C speed; None when the cells are not all such."""
    if not set(map(len, cells)) <= _PLAIN_LENGTHS or not _ISO.match(cells[0]):
        return None
    try:
        return np.array(cells, dtype="datetime64[s]")
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Orders:
    """In which orders the cells of a column are dates."""

    fitting: list[str]  # those that fit most cells first; more than one must be asked for
    dates: int = 0  # cells that are a date in some order
    mixed: bool = False  # some cells can only be day/month, others only month/day


def fitting_orders(cells: Sequence[str]) -> list[str]:
    """Return the orders in which most of the cells are dates, those that fit most cells first."""
    return orders_of(cells).fitting


def orders_of(cells: Sequence[str]) -> Orders:
    """Look in which orders the cells are dates.

    Orders that read all cells alike count as one: `12 Apr 2026` has no order to ask for.
    """
    if len(cells) > 1 and _iso(cells) is not None:
        return Orders(["ymd"], len(cells))
    counts = Counter(cells)
    sample = list(counts)
    if not any(date_in(cell, order) for order in ORDERS for cell in sample[:200]):
        return Orders([])
    read = {order: [date_in(cell, order) for cell in sample] for order in ORDERS}
    times = list(counts.values())

    def count(fits: Callable[[int], bool]) -> int:
        return sum(n for at, n in enumerate(times) if fits(at))

    day, month = read["dmy"], read["mdy"]
    slips = max(1, int(FEW * len(cells)))
    mixed = slips < min(
        count(lambda at: day[at] is not None and month[at] is None),
        count(lambda at: month[at] is not None and day[at] is None),
    )
    fits = {
        order: sum(n for n, day in zip(times, dates, strict=True) if day is not None)
        for order, dates in read.items()
    }
    some = count(lambda at: any(dates[at] is not None for dates in read.values()))
    pointed = any((m := _DIGITS.match(cell)) and m[2] == "." for cell in sample[:20])
    if fits["dmy"] and pointed and not mixed:
        fits["mdy"] = fits["ymd"] = 0  # with points, people write day.month.year
    best = max(fits.values())
    if not best or not enough(best, len(cells)):
        return Orders([], some, mixed)
    kept = [order for order in ORDERS if fits[order] == best]
    return Orders([o for o in kept if o == kept[0] or read[o] != read[kept[0]]], some, mixed)
