"""What a column measures: its name, its unit, and how its values are written."""

import math
from dataclasses import dataclass

import numpy as np

from leanlab.analyses.declare import Column
from leanlab.core import format as words
from leanlab.core import wording
from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs

PERCENT = frozenset({"%", "percent", "per cent"})
SMALLEST = 1e-140  # squares of smaller values vanish


@dataclass(frozen=True, slots=True)
class Measure:
    """Writes values of one quantity; `share` values run from 0 to 1 and are shown in percent."""

    name: str
    unit: str = ""
    decimals: int = 2
    share: bool = False

    @classmethod
    def of(cls, column: Column) -> "Measure":
        """Return the measure of a column."""
        return cls(column.name, column.unit, column.decimals)

    def show(self, value: float | None, more: int = 0) -> str:
        """Write a value without its unit, with one decimal more than the data, or with still more."""
        if self.share:
            return (
                words.percent(value)
                if value is None
                else f"{words.number(100 * value, 1 + more)} %"
            )
        return words.number(value, self.decimals + 1 + more)

    def full(self, value: float | None, more: int = 0) -> str:
        """Write a value with its unit."""
        return f"{self.show(value, more)}{self.suffix}"

    def apart(self, first: float, second: float) -> tuple[str, str]:
        """Write two values with their unit; with more digits where else they would look equal."""
        return wording.apart(first, second, self.full)

    def course(self, before: float, after: float) -> str:
        """Say how a value moved."""
        return wording.course(before, after, self.full)

    def gap(self, size: float | None) -> str:
        """Write how far two values lie apart, without a sign; shares lie points apart."""
        if size is None or not math.isfinite(size):
            return "–"
        return wording.unlike_zero(abs(size), self._gap)

    def _gap(self, size: float, more: int) -> str:
        if not self.percent:
            return self.full(size, more)
        if self.share:
            return f"{words.number(100 * size, 1 + more)} points"
        return f"{words.number(size, self.decimals + 1 + more)} points"

    def signed(self, value: float) -> str:
        """Write a change with its sign and unit; changes of shares are percentage points."""
        text = self.gap(value)
        if not any(digit in text for digit in "123456789"):
            return text
        sign = "+" if value > 0 else "\u2212"
        return f"{sign}{text}"

    def span(self, low: float | None, high: float | None) -> str:
        """Write two values with "to" between them and the unit once."""
        return f"{self.show(low)} to {self.full(high)}"

    @property
    def percent(self) -> bool:
        """Whether values are shown in percent, so that differences are percentage points."""
        return self.share or self.unit.strip() in PERCENT

    @property
    def suffix(self) -> str:
        """The unit with a space before it, or nothing."""
        return f" {self.unit}" if self.unit and not self.share else ""

    @property
    def axis(self) -> str:
        """The label of an axis that shows it."""
        unit = "%" if self.share else self.unit
        return words.titled(self.name, unit)


def numbers_of(column: Column) -> FloatArray:
    """Return the values of a number column, NaN where missing; infinite ones are refused."""
    values = inputs.numbers(column.values, f"Column '{column.name}': the value")
    known = np.abs(values[np.isfinite(values)])
    if known.size and 0 < float(known.max()) < SMALLEST:
        raise DataProblem(
            f"All values of '{column.name}' are too small to compute with ({known.max():g} at most).",
            hint="Choose a smaller unit.",
        )
    return values
