"""Which cells of a column hold a text, as they are shown: fast for a million of them.

A number is shown with the decimals of its column. So its digits can be looked for as digits of a
whole number, for all cells at once; what passes is then compared as text, one by one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.data.typing_cells import cell_text

EXACT = 2.0**53  # whole numbers up to here are exact
LONGEST = 18  # digits of a whole number of 64 bits
SMALLEST, LARGEST = 1e-4, 1e16  # beyond them numbers are written with an exponent
MORE_DECIMALS = 5  # how many decimals beyond those of the column are looked at together
_DIGITS = re.compile(r"-?\d*\.?\d*")
_NUMBER = re.compile(r"[+-]?\d*\.?\d*(e[+-]?\d*)?")  # what can stand in the text of a number
_DATED = frozenset("0123456789-: ")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; upper and lower case count alike."""

    text: str
    whole: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text.lower())

    def fits(self, cell: str) -> bool:
        """Whether the text of a cell holds it."""
        lower = cell.lower()
        return lower == self.text if self.whole else self.text in lower

    def possible(self, kind: str) -> bool:
        """Whether a column of a kind can hold it at all; cells that do not fit it aside."""
        if kind in {"number", "whole"}:
            return _NUMBER.fullmatch(self.text) is not None
        return kind != "datetime" or set(self.text) <= _DATED


def places(kind: str, values: Any, decimals: int, sought: Sought) -> Iterator[int]:
    """Yield where a column holds what is sought; `values` are numbers, else as they are stored."""
    if kind in {"number", "whole"}:
        return _told(kind, values, decimals, sought, _like(values, decimals, sought))
    if kind == "datetime":
        needle = sought.text.replace(" ", "T")  # between day and time, as it is stored
        return _told(kind, values, decimals, sought, _holding(values, needle))
    return (at for at, cell in enumerate(values) if cell is not None and sought.fits(cell))


def _holding(values: Sequence[str | None], needle: str) -> Iterator[int]:
    return (at for at, cell in enumerate(values) if cell is not None and needle in cell)


def _told(
    kind: str, values: Any, decimals: int, sought: Sought, where: Iterable[int]
) -> Iterator[int]:
    return (at for at in where if sought.fits(cell_text(kind, values[at], decimals)))


def _like(values: FloatArray, decimals: int, sought: Sought) -> Sequence[int]:
    """Return where a number may hold the text: none that does is left out."""
    text, size = sought.text, np.abs(values)
    with np.errstate(invalid="ignore"):
        odd = ((size < SMALLEST) & (size > 0)) | (size >= LARGEST)  # may be written as 1e-05
    if sought.whole:
        try:
            found = odd | (values == float(text))
        except ValueError:
            found = odd
        return np.flatnonzero(found).tolist()
    if not _DIGITS.fullmatch(text):
        return np.flatnonzero(odd).tolist()
    size = np.where(odd | np.isnan(values), 0.0, size)
    wanted = text.lstrip("-")
    found = _near_point(size, wanted) if "." in wanted else _anywhere(size, decimals, wanted)
    found &= ~np.isnan(values)
    if text.startswith("-"):
        found &= np.signbit(values)
    return np.flatnonzero(found | odd).tolist()


def _near_point(size: FloatArray, text: str) -> BoolArray:
    """Return which numbers have the digits of a text around their point, give or take the last one."""
    before, _, after = text.partition(".")
    digits = (before + after)[-LONGEST:]
    if not digits or len(after) > LONGEST // 2:
        return np.ones(len(size), dtype=bool)
    shown = np.floor(size * 10.0 ** len(after))
    exact = shown < EXACT
    away = (np.where(exact, shown, 0.0).astype(np.int64) - int(digits) + 1) % 10 ** len(digits)
    return ~exact | (away <= 2)  # noqa: PLR2004 - one less, equal, one more


def _anywhere(size: FloatArray, decimals: int, text: str) -> BoolArray:
    """Return which numbers have the digits of a text before or behind their point.

    What has more decimals than its column is shown with as many as it takes.
    """
    found = np.zeros(len(size), dtype=bool)
    if not text:
        return ~found
    left = ~found
    for shown in range(decimals, decimals + MORE_DECIMALS):
        scaled = np.rint(size * 10.0**shown)
        plain = left & (scaled < EXACT) & (scaled / 10.0**shown == size)
        found |= plain & _with_digits(np.where(plain, scaled, 0.0).astype(np.int64), shown, text)
        left &= ~plain
        if not left.any():
            break
    return found | left


def _with_digits(digits: IntArray, decimals: int, text: str) -> BoolArray:
    """Return which numbers, written without their point, hold digits on one side of it."""
    found = np.zeros(len(digits), dtype=bool)
    longest = max(len(str(int(digits.max(initial=0)))), decimals + 1)
    if len(text) > min(longest, LONGEST):
        return found
    wanted, power = int(text), 10 ** len(text)
    for shift in range(longest - len(text) + 1):
        if not shift < decimals < shift + len(text):
            found |= digits // 10**shift % power == wanted
    return found
