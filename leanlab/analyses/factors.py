"""Factors of a two-level experiment: their names, their two settings, and the columns they give."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leanlab.analyses.declare import Column
from leanlab.analyses.points import texts
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, TextArray

_WRITTEN = re.compile(
    r"^\s*(?P<name>[^=]+?)\s*(=\s*(?P<low>.+?)\s*(\.\.|\bto\b)\s*(?P<high>.+?)\s*)?$"
)


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor; a numeric one has a middle."""

    name: str
    low: str
    high: str
    unit: str = ""

    @property
    def numeric(self) -> bool:
        """Whether both settings are numbers."""
        return _number(self.low) is not None and _number(self.high) is not None

    def setting(self, code: float) -> str:
        """Return the setting of a coded level, with its unit."""
        if code < 0:
            text = self.low
        elif code > 0:
            text = self.high
        else:
            text = f"{self._middle():g}"
        return f"{text} {self.unit}".strip()

    def column(self, codes: FloatArray) -> Column:
        """Return the settings of the runs as a column."""
        if self.numeric:
            low, high = float(self.low), float(self.high)
            values = low + (np.asarray(codes) + 1) / 2 * (high - low)
            return Column(self.name, "number", values, decimals=words.decimals_of(values))
        if np.any(np.asarray(codes) == 0):
            raise DataProblem(
                f"Factor {self.name} has no middle between '{self.low}' and '{self.high}'.",
                hint="Centre points need numeric settings; set them to 0, or give numbers.",
            )
        return Column(self.name, "category", _as_texts([self.setting(c) for c in codes]))

    def _middle(self) -> float:
        return (float(self.low) + float(self.high)) / 2


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _as_texts(items: Sequence[str]) -> TextArray:
    out = np.empty(len(items), dtype=object)
    out[:] = items
    return out


def written(items: Sequence[str]) -> list[Factor]:
    """Read factors as a user writes them: `Temperature=160..180`, or a name alone for -1..1."""
    factors = []
    for item in items:
        if not item.strip():
            continue
        found = _WRITTEN.match(item)
        low, high = (found["low"] or "-1", found["high"] or "1") if found else ("", "")
        if found is None or ("=" in item and not found["low"]) or low == high:
            raise DataProblem(
                f"{item.strip()!r} does not name a factor with two settings.",
                hint="Write it like Temperature=160..180 or Supplier=old..new.",
            )
        factors.append(Factor(found["name"].strip(), low, high))
    names = [f.name for f in factors]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise DataProblem(f"There are two factors named '{twice}'.", hint="Give each its own name.")
    return factors


def read_factor(column: Column) -> tuple[Factor, FloatArray]:
    """Return a factor and the coded level of every row: -1, 1, 0 in the middle, NaN if missing."""
    if column.kind in {"number", "whole"}:
        return _read_numbers(column)
    labels = np.asarray(texts(column), dtype=object)
    found = [name for name in dict.fromkeys(labels.tolist()) if name]
    if len(found) != 2:
        raise _not_two(column.name, found)
    codes = np.full(labels.size, np.nan)
    codes[labels == found[0]], codes[labels == found[1]] = -1.0, 1.0
    return Factor(column.name, str(found[0]), str(found[1])), codes


def _read_numbers(column: Column) -> tuple[Factor, FloatArray]:
    values = np.asarray(column.values, dtype=np.float64)
    known = np.unique(values[np.isfinite(values)])
    if known.size not in {2, 3}:
        raise _not_two(column.name, [f"{v:g}" for v in known])
    low, high = float(known[0]), float(known[-1])
    codes = (values - low) / (high - low) * 2 - 1
    if known.size == 3 and abs(float((known[1] - low) / (high - low) * 2 - 1)) > 0.05:
        raise _not_two(column.name, [f"{v:g}" for v in known])
    if known.size == 3:
        codes[np.abs(codes) < 0.06] = 0.0
    return Factor(column.name, f"{low:g}", f"{high:g}", column.unit), codes


def _not_two(name: str, found: Sequence[str]) -> DataProblem:
    count = words.count(len(found), "setting") if found else "no settings"
    listed = f": {', '.join(map(str, found[:5]))}" if found else ""
    return DataProblem(
        f"Factor '{name}' has {count}{listed}.",
        hint="A two-level experiment needs two settings per factor, and at most one in the middle.",
    )
