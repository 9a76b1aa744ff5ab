"""How a number of a result table is shown: by what it is, which its name tells."""

import math
import re
from collections.abc import Sequence
from typing import Literal

from leanlab.core import format as words

Kind = Literal["percent", "p", "index", "plain"]
DIGITS = 3  # that tell, where the data's own decimals are too few
MOST_DECIMALS = 4
LARGE = 10_000

_PERCENT = re.compile(r"%|\bpercent\b", re.IGNORECASE)
_INTERVAL = re.compile(r"^\d+ % (from|to|interval)", re.IGNORECASE)
_P = re.compile(r"^p(-value| \(|$)")
_INDEX = re.compile(
    r"^(C[pg]k?|Cp[muL]?|Pp[kul]?|CPU|CPL|PPU|PPL|Cpm|Z|Z[ .].*|F|t|R²|A²|"
    r"Lenth t|skewness|kurtosis|number of distinct categories)( |,|$)",
    re.IGNORECASE,
)


def kind_of(name: str) -> Kind:
    """Return what a column or row of a table holds, from its name."""
    name = name.strip()
    if _P.match(name):
        return "p"
    if _PERCENT.search(name) and not _INTERVAL.match(name):
        return "percent"
    return "index" if _INDEX.match(name) else "plain"


def decimals_for(kind: Kind, values: Sequence[object], data: int | None = None) -> int:
    """Return the decimals of a column; `data` are those of the data, plus one."""
    known = (abs(v) for v in values if isinstance(v, float | int) and not isinstance(v, bool))
    numbers = [number for number in known if math.isfinite(number)]
    if kind == "percent":
        return 1
    if kind == "index":
        return 2
    if all(n == round(n) for n in numbers):
        return 0
    largest = max(numbers)
    if largest >= LARGE:
        return 0
    tells = DIGITS - 1 - math.floor(math.log10(largest)) if largest else 0
    wanted = max(tells, data if data is not None else 2 if largest >= 1 else 0)
    return min(max(wanted, 0), MOST_DECIMALS)


def cell(value: object, kind: Kind, decimals: int) -> str:
    """Return a cell as people read it."""
    if value is None or isinstance(value, bool):
        return "" if value is None else ("yes" if value else "no")
    if isinstance(value, int):
        return words.number(value, 0)
    if value == 0.0 and kind == "plain":
        return "0"
    if isinstance(value, float):
        return words.p_value(value) if kind == "p" else words.number(value, decimals)
    return str(value)


def is_number(value: object) -> bool:
    """Whether a cell is a number that is formatted."""
    return isinstance(value, float | int) and not isinstance(value, bool)
