"""Decide a column's kind from all of its cells; one bad cell never changes it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, cast

import numpy as np

from leanlab.core import format as words
from leanlab.core.errors import ImportProblem
from leanlab.data.columns import FITS, ColumnData, Kind, enough
from leanlab.data.dates import ORDERS, date_in, fitting_orders, orders_of, read_dates
from leanlab.data.numbers import (
    MOST_DIGITS,
    MarkVotes,
    common_unit,
    hours_in,
    mark_of,
    read_number,
    with_sign,
    with_unit,
)

MISSING = {
    "",
    "na",
    "n/a",
    "nan",
    "null",
    "none",
    "-",
    "--",
    "?",
    ".",
}  # in number and date columns
MOST_CATEGORIES = 200
FEW_CATEGORIES = 0.5  # a text column with fewer different values than this share is a category
ALWAYS_CATEGORIES = 12
SOME_ZEROS = 0.01  # a larger share of cells like 00123 makes a column of identifiers
MOST_DECIMALS = 8
SAMPLE = 2000
MOST_SHOWN = 24  # letters of an example
_PLAIN_TIME = 19
ORDER_WORDS = {"ymd": "year-month-day", "dmy": "day/month/year", "mdy": "month/day/year"}
SOME = 3  # different codes such as A10017 that make a column of identifiers
_NAMED_CODE = re.compile(r"[A-Za-z]{1,5}[-_/.]?\d{2,}$")
_NUMBER_IN = re.compile(r"(?<![\d.,])[+-]?\d+(?:[.,]\d+)*")
MOST_MEANT = 3
_LEADING_ZERO = re.compile(r"[+-]?0\d+$")
_ANY_LEADING_ZERO = re.compile(rb"(?:^|\n)[+-]?0\d")
_LONG = re.compile(rb"\d{%d}" % (MOST_DIGITS + 1))
_PLAIN = b"0123456789.-\n"


def typed(
    name: str, cells: Sequence[str], *, decimal: str = ".", order: str = "", kind: str = ""
) -> ColumnData:
    """Turn the cells of a column into values of one kind.

    `order` (ymd, dmy, mdy) settles dates that could be read in two ways; `kind` is what the user
    wants, else it is decided by the cells. `datetime/dmy` names the order of one column.
    """
    if kind:
        return retyped(name, cells, kind, decimal=decimal, order=order)
    fast = plain_numbers(cells) if decimal == "." else None
    if fast is not None and np.isfinite(fast).any():
        return numeric(name, fast, decimals_in(cells, decimal))
    trimmed = [cell.strip() for cell in cells]
    given = [i for i, cell in enumerate(trimmed) if cell.lower() not in MISSING]
    if not given:
        return _texts(name, trimmed, "text")
    known = [trimmed[i] for i in given]
    if mostly(known, _is_number) and not _are_codes(known):
        numbers = _as_most_are(name, trimmed, given, decimal)
        if numbers is not None:
            return numbers
    signed = _signed(name, trimmed, given, decimal)
    if signed is not None:
        return signed
    dates = _dates(name, trimmed, given, order)
    return dates if dates is not None else _words(name, trimmed, known, decimal)


def plain_numbers(cells: Sequence[str]) -> Any:
    """Convert at C speed when every cell is empty or a plain number; else return None."""
    joined = "\n".join(cells)
    if not joined.isascii():
        return None
    raw = joined.encode()
    if raw.translate(None, _PLAIN) or _has_codes(raw, cells):
        return None
    empty = b"\n\n" in raw or raw[:1] in {b"\n", b""} or raw[-1:] == b"\n"
    try:
        return np.array([c or "nan" for c in cells] if empty else cells, dtype=np.float64)
    except ValueError:
        return None


def _has_codes(raw: bytes, cells: Sequence[str]) -> bool:
    """Whether a cell has a leading zero, or more digits than a number can keep."""
    zero = b"\n0" in raw or b"-0" in raw or raw[:1] == b"0"
    if zero and _ANY_LEADING_ZERO.search(raw):
        return True
    return max(map(len, cells)) > MOST_DIGITS and _LONG.search(raw) is not None


def decimals_in(cells: Sequence[str], decimal: str) -> int | None:
    """Return the most decimals that the first cells show; None when no cell has the mark."""
    if not any(decimal in cell for cell in cells):
        return None
    most = max(len(cell.strip().partition(decimal)[2].partition("e")[0]) for cell in cells[:2000])
    return min(most, MOST_DECIMALS)


def numeric(
    name: str, values: Any, decimals: int | None, bad: dict[int, str] | None = None, unit: str = ""
) -> ColumnData:
    """Return a column of numbers; whole ones when no cell has decimals."""
    known = values[np.isfinite(values)]
    whole = decimals is None and bool(np.all(known == np.floor(known)))
    kind: Kind = "whole" if whole else "number"
    return ColumnData(name, kind, values, unit, bad or {}, 0 if whole else decimals or 0)


def mostly(cells: Iterable[str], fits: Callable[[str], bool]) -> bool:
    """Look at some of the cells: whether it is worth looking at all of them."""
    some = [c for c in islice(cells, 200_000) if c.strip().lower() not in MISSING]
    step = max(1, len(some) // SAMPLE)
    looked = some[::step]
    return sum(map(fits, looked)) >= len(looked) / 2


def _read(cells: Sequence[str], read: Callable[[str], Any]) -> list[Any]:
    """Read each different cell once."""
    known = {cell: read(cell) for cell in dict.fromkeys(cells)}
    return [known[cell] for cell in cells]


def _are_codes(known: Sequence[str]) -> bool:
    """Whether the cells are identifiers that look like numbers: 00123, or longer than a number."""
    if any(len(cell) > MOST_DIGITS and cell.isdigit() for cell in known):
        return True
    zeros = sum(_LEADING_ZERO.match(cell) is not None for cell in known)
    if not zeros:
        return False
    one_width = len({len(cell) for cell in known if cell.isdigit()}) == 1
    return one_width or zeros > max(1, SOME_ZEROS * len(known))


def _is_number(cell: str) -> bool:
    return read_number(cell, ".") is not None or read_number(cell, ",") is not None


def _as_most_are(
    name: str, trimmed: Sequence[str], given: Sequence[int], decimal: str
) -> ColumnData | None:
    """Read numbers with the decimal mark; None when the cells are no column of numbers.

    A column written throughout with the other mark is read with that one. Where both are mixed,
    the decimal mark was asked for: what does not fit it is a bad cell.
    """
    known = [trimmed[i] for i in given]
    numbers = _read(known, lambda cell: read_number(cell, decimal))
    if enough(sum(value is not None for value in numbers), len(given)):
        return _numbers(name, trimmed, given, numbers, decimal)
    other = "," if decimal == "." else "."
    others = _read(known, lambda cell: read_number(cell, other))
    if enough(sum(value is not None for value in others), len(given)):
        mark = "comma" if other == "," else "point"
        note = f"Column '{name}' is written with a decimal {mark} and is read so."
        return replace(_numbers(name, trimmed, given, others, other), notes=(note,))
    either = sum(a is not None or b is not None for a, b in zip(numbers, others, strict=True))
    if enough(either, len(given)):
        return _numbers(name, trimmed, given, numbers, decimal)
    return None


def _numbers(
    name: str, trimmed: Sequence[str], given: Sequence[int], numbers: Sequence[Any], decimal: str
) -> ColumnData:
    values = np.full(len(trimmed), np.nan)
    bad = {}
    for at, number in zip(given, numbers, strict=True):
        if number is None or _LEADING_ZERO.match(trimmed[at]):
            bad[at] = trimmed[at]
        else:
            values[at] = number
    good = [trimmed[i] for i in given if i not in bad]
    return numeric(name, values, decimals_in(good, decimal), bad)


def _signed(
    name: str, trimmed: Sequence[str], given: Sequence[int], decimal: str
) -> ColumnData | None:
    """Read amounts of money and percentages with their sign as the unit; None when they are none."""
    if not mostly([trimmed[i] for i in given], lambda cell: bool(with_sign(cell)[1])):
        return None
    split = {at: with_sign(trimmed[at]) for at in given}
    signs = [sign for _, sign in split.values() if sign]
    usual = max(dict.fromkeys(signs), key=signs.count)
    if not enough(signs.count(usual), len(given)):
        return None
    plain = list(trimmed)
    for at, (number, sign) in split.items():
        # 0.12 among percentages may mean 12 %: better marked than wrong
        clear = sign == usual or (not sign and (usual not in "%‰" or number == "0"))
        plain[at] = number if clear else f"{trimmed[at]} "
    column = _as_most_are(name, plain, given, decimal)
    if column is None:
        return None
    bad = {at: trimmed[at] for at in column.bad}
    note = f"Column '{name}' is written with '{usual}' and is read as numbers in {usual}."
    return replace(column, unit=usual, bad=bad, notes=(*column.notes, note))


def _dates(
    name: str, trimmed: Sequence[str], given: Sequence[int], order: str
) -> ColumnData | None:
    known = [trimmed[i] for i in given]
    if not any(ch.isdigit() for cell in known[:200] for ch in cell):
        return None
    found = orders_of(known)
    orders = found.fitting
    if found.mixed and order and enough(found.dates, len(known)):
        return _in_one_order(name, trimmed, given, order)
    if not orders or found.mixed:
        return None
    if len(orders) > 1 and not order:
        raise _unclear_dates(name, known[0], orders)
    chosen = order or orders[0]
    values, wrong = read_dates(known, chosen)
    if not enough(len(given) - len(wrong), len(given)):
        chosen = orders[0]  # the order was meant for another column
        values, wrong = read_dates(known, chosen)
    column = _dated(name, trimmed, given, values, wrong)
    said = "" if order else _order_said(name, known, chosen)
    return replace(column, order=chosen, notes=(*column.notes, *([said] if said else [])))


def _order_said(name: str, known: Sequence[str], chosen: str) -> str:
    """Say how dates are read that could be read otherwise, and that others among them decided it."""
    other = {"dmy": "mdy", "mdy": "dmy"}.get(chosen)
    if other is None:
        return ""
    unclear = deciding = ""
    for cell in dict.fromkeys(known):
        day, otherwise = date_in(cell, chosen), date_in(cell, other)
        if day is None or "." in cell[:6]:
            continue
        if otherwise is None:
            deciding = deciding or cell
        elif otherwise != day:
            unclear = unclear or cell
        if unclear and deciding:
            return (
                f"Column '{name}': dates are read as {ORDER_WORDS[chosen]}, as '{deciding}' can "
                f"only be; so '{unclear}' is {words.day(date_in(unclear, chosen) or '')}."
            )
    return ""


def _in_one_order(
    name: str, trimmed: Sequence[str], given: Sequence[int], order: str
) -> ColumnData:
    """Read dates of several orders in the one that was chosen."""
    values, wrong = read_dates([trimmed[i] for i in given], order)
    column = _dated(name, trimmed, given, values, wrong)
    note = (
        f"Column '{name}': dates are written in different orders. All are read as "
        f"{ORDER_WORDS[order]}; a date such as 03/04/2026 may have meant another day."
    )
    return replace(column, order=order, notes=(*column.notes, note))


def _dated(
    name: str, trimmed: Sequence[str], given: Sequence[int], values: Any, wrong: Sequence[int]
) -> ColumnData:
    stamps = np.full(len(trimmed), np.datetime64("NaT", "s"))
    stamps[np.asarray(given, dtype=np.int64)] = values
    bad = {given[at]: trimmed[given[at]] for at in wrong}
    zones = {
        found.group(1)
        for at in given
        if (len(trimmed[at]) > _PLAIN_TIME or trimmed[at][-1] == "Z")
        and (found := re.search(r":\d{2}(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})$", trimmed[at]))
    }
    notes = ()
    if zones:
        notes = (
            f"Column '{name}': the time zone ({', '.join(sorted(zones))}) is left out; "
            "the times are taken as they are written.",
        )  # type: ignore[assignment]
    return ColumnData(name, "datetime", stamps, bad=bad, notes=notes)


def _unclear_dates(name: str, example: str, orders: Sequence[str]) -> ImportProblem:
    ways = " or as ".join(ORDER_WORDS[order] for order in orders)
    return ImportProblem(
        f"Dates in column '{name}' such as '{example}' can be read as {ways}.",
        hint="Choose the order of the dates.",
        setting="date_order",
        choices=tuple(orders),
    )


def _words(name: str, trimmed: Sequence[str], known: Sequence[str], decimal: str) -> ColumnData:
    different = len(set(known))
    few = different <= max(ALWAYS_CATEGORIES, FEW_CATEGORIES * len(known))
    kind: Kind = "category" if few and different <= MOST_CATEGORIES else "text"
    digits = _are_codes(known) and all(cell.isdigit() for cell in known)
    named = different == len(known) >= SOME and all(map(_NAMED_CODE.match, known))
    if digits or named:
        kind = "id"
    unit = common_unit(known, FITS) if mostly(known, lambda c: bool(with_unit(c)[1])) else ""
    notes: tuple[str, ...] = ()
    if unit and sum(_plain(cell, decimal) is not None for cell in known) >= FITS * len(known):
        notes = (
            f"Column '{name}' holds numbers with a unit ('{known[0]}'). It is read as text; "
            f"read as number, they are numbers in {unit}.",
        )
    doubt, offers = ("", ()) if kind == "id" else _doubt(name, known, decimal)
    if notes:
        doubt, offers = "", ("number",)
    return replace(_texts(name, trimmed, kind, (*notes, doubt) if doubt else notes), offers=offers)


def _doubt(name: str, known: Sequence[str], decimal: str) -> tuple[str, tuple[str, ...]]:
    """Say why cells that look like numbers or dates stay text, and as what they can be read."""
    if mostly(known, lambda cell: read_number(cell, decimal) is not None):
        numbers = _read(known, lambda cell: read_number(cell, decimal))
        fitting = sum(value is not None for value in numbers)
        other = next((c for c, n in zip(known, numbers, strict=True) if n is None), known[0])
        return _kept_as_text(name, "numbers", fitting, len(known), other), ("number",)
    if mostly(known, lambda cell: hours_in(cell) is not None):
        note = (
            f"Column '{name}' holds times without a date such as '{known[0]}'. It is kept as "
            "text; read as numbers, they are hours."
        )
        return note, ("number",)
    found = orders_of(known)
    if 2 * found.dates < len(known):
        return "", ()
    if found.mixed:
        note = (
            f"Column '{name}': dates in this column are written in different orders, some "
            "day/month, some month/day. It is kept as text, which cannot be sorted by time; "
            "choose the order in which to read it, and what does not fit is marked."
        )
        return note, ("datetime/dmy", "datetime/mdy")
    other = next((c for c in known if not any(date_in(c, order) for order in ORDERS)), known[0])
    orders = [o for o in ORDERS if any(date_in(c, o) for c in known)]
    first = [[date_in(c, o) for c in known] for o in orders]
    offers = tuple(f"datetime/{o}" for at, o in enumerate(orders) if first[at] not in first[:at])
    return _kept_as_text(name, "dates", found.dates, len(known), other), offers


def _kept_as_text(name: str, what: str, fitting: int, total: int, other: str) -> str:
    shown = other if len(other) <= MOST_SHOWN else f"{other[: MOST_SHOWN - 1]}…"
    return (
        f"Column '{name}': {words.number(fitting, 0)} of {words.count(total, 'cell')} are {what}, "
        f"others such as '{shown}' are not. It is kept as text; read as {what}, the others are "
        "marked and count as missing."
    )


def _plain(cell: str, decimal: str) -> float | None:
    return read_number(with_unit(cell)[0], decimal)


def _texts(name: str, cells: Sequence[str], kind: Kind, notes: tuple[str, ...] = ()) -> ColumnData:
    values = np.empty(len(cells), dtype=object)
    pool: dict[str, str] = {}
    values[:] = [pool.setdefault(cell, cell) if cell else None for cell in cells]
    return ColumnData(name, kind, values, notes=notes)


# what a user wants -----------------------------------------------------------------------------


def retyped(
    name: str,
    cells: Sequence[str],
    kind: str,
    *,
    decimal: str = "",
    usual: str = "",
    order: str = "",
) -> ColumnData:
    """Read a column as the kind that was asked for; what does not fit is a bad cell.

    Without a decimal mark the cells themselves tell it; `usual` settles what can be read both ways.
    """
    kind, _, own = kind.partition("/")
    order = own or order
    trimmed = [cell.strip() for cell in cells]
    if kind in {"category", "text", "id"}:
        return _texts(name, trimmed, cast("Kind", kind))
    given = [i for i, cell in enumerate(trimmed) if cell.lower() not in MISSING]
    known = [trimmed[i] for i in given]
    if kind == "datetime":
        found = orders_of(known)
        if found.mixed and order:
            return _in_one_order(name, trimmed, given, order)
        orders = [order] if order else ["dmy", "mdy"] if found.mixed else found.fitting
        if len(orders) > 1:
            raise _unclear_dates(name, known[0], orders)
        chosen = orders[0] if orders else "ymd"
        values, wrong = read_dates(known, chosen)
        return replace(_dated(name, trimmed, given, values, wrong), order=chosen)
    return _as_numbers(name, trimmed, given, kind, (decimal, usual))


def _shown_mark(cells: Sequence[str], usual: str) -> str:
    votes = MarkVotes()
    votes.add(cells)
    return votes.decided(",") or usual or "."


def _as_numbers(
    name: str, trimmed: Sequence[str], given: Sequence[int], kind: str, marks: tuple[str, str]
) -> ColumnData:
    known = [trimmed[i] for i in given]
    if known and mostly(known, lambda cell: hours_in(cell) is not None):
        return _as_hours(name, trimmed, given)
    unit = common_unit(known, FITS)
    plain = [_without(trimmed[i], unit) for i in given]
    decimal = marks[0] or _shown_mark(plain, marks[1])
    numbers = _read(plain, lambda cell: read_number(cell, decimal))
    values = np.full(len(trimmed), np.nan)
    bad = {}
    for at, number in zip(given, numbers, strict=True):
        if number is None or (kind == "whole" and number != np.floor(number)):
            bad[at] = trimmed[at]
        else:
            values[at] = number
    fitting = [cell for at, cell in zip(given, plain, strict=True) if at not in bad]
    decimals = decimals_in(fitting, decimal) or 0
    return ColumnData(
        name, cast("Kind", kind), values, unit, bad, 0 if kind == "whole" else decimals
    )


def _as_hours(name: str, trimmed: Sequence[str], given: Sequence[int]) -> ColumnData:
    """Read times without a date, or durations, as hours."""
    values = np.full(len(trimmed), np.nan)
    bad = {}
    for at in given:
        hours = hours_in(trimmed[at])
        if hours is None:
            bad[at] = trimmed[at]
        else:
            values[at] = hours
    return ColumnData(name, "number", values, "h", bad, 2)


def _without(cell: str, unit: str) -> str:
    number, found = with_unit(cell) if unit else (cell, "")
    return number if found == unit else cell


def cell_value(
    kind: Kind | str, value: Any, order: str = "", unit: str = ""
) -> tuple[Any, str | None]:
    """Turn what a user typed into a stored value, and the raw text if it does not fit.

    `order` is how the column's dates are written: one column, one order. The column's own unit may
    stand behind a number.
    """
    if value is None or not str(value).strip():
        return None, None
    text = str(value).strip()
    if kind in {"number", "whole"}:
        plain, found = with_unit(text) if unit else (text, "")
        number = typed_number(plain if found == unit else text)
        return (number, None) if number is not None else (None, text)
    if kind == "datetime":
        orders = [order] if order else fitting_orders([text])
        if len(orders) != 1:
            return None, text  # 03/04/2026 could be two days: better marked than wrong
        day = date_in(text, orders[0])
        return (None, text) if day is None else (day.isoformat(), None)
    return text, None


def meant(kind: str, raw: str) -> list[str]:
    """Return what a cell that does not fit its column may have meant, the likeliest first."""
    if kind == "datetime":
        days = [date_in(raw.strip(), order) for order in ORDERS]
        return list(dict.fromkeys(cell_text(kind, d.isoformat()) for d in days if d is not None))
    if kind not in {"number", "whole"}:
        return []
    found = []
    plain = with_sign(raw)[0]
    turned = [f"-{plain[:-1]}"] if plain.endswith("-") else []  # some systems write 5- for -5
    for text in (*turned, plain, *_NUMBER_IN.findall(raw)):
        for number in (read_number(text, "."), read_number(text, ",")):
            if number is not None:
                found.append(cell_text("number", number, 0))
    return list(dict.fromkeys(found))[:MOST_MEANT]


def order_shown(texts: Iterable[Any]) -> str:
    """Return dmy or mdy if a typed date can be read in one of them only, else nothing."""
    for text in texts:
        orders = fitting_orders([str(text).strip()])
        if orders in (["dmy"], ["mdy"]):
            return orders[0]
    return ""


def typed_number(text: str) -> float | None:
    """Read a number that a user typed with a point or a comma; 1,234 could be two numbers."""
    if mark_of(text) == "unclear_comma":
        return None
    point = read_number(text, ".")
    return point if point is not None else read_number(text, ",")


def cell_text(kind: str, value: Any, decimals: int = 2) -> str:
    """Write a stored or loaded value as a cell shows it."""
    if value is None:
        return ""
    if kind in {"number", "whole"}:
        if value != value:  # noqa: PLR0124 - NaN
            return ""
        plain = f"{value:.{decimals}f}"
        return plain if float(plain) == value else repr(float(value)).removesuffix(".0")
    if kind == "datetime":
        text = "" if str(value) == "NaT" else str(value).replace("T", " ")
        return text.removesuffix(" 00:00:00").removesuffix(":00") if len(text) > 10 else text  # noqa: PLR2004
    return str(value)
