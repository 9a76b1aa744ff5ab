"""What the parts of a formula come to.

Inside, a number, a date (seconds since 1970) and a yes or no (1, 0) are floats, and NaN is missing;
a text is an object array. What has no result, such as a division by zero, is missing and counted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

import numpy as np

from leanlab.data.formula_text import Column, FormulaProblem

Meaning = Literal["number", "date", "yes or no", "text", "missing"]
DAY = 86_400.0
MEANINGS: Mapping[str, Meaning] = {
    "number": "number", "whole": "number", "datetime": "date", "category": "text", "text": "text", "id": "text",
}  # fmt: skip
KNOWN: Mapping[Meaning, str] = {
    "number": "a number", "date": "a date", "yes or no": "a yes or no", "text": "a text",
    "missing": "nothing",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A column that a formula may name."""

    id: str
    name: str
    kind: str
    decimals: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What a part of a formula comes to, for all rows or (0-dimensional) for each alike."""

    meaning: Meaning
    data: Any
    failed: Any = False  # rows in which a step had no result
    literal: str = ""  # a text as it stands in the formula: it may be a date


@dataclass(slots=True, eq=False)
class Scope:
    """What a formula is calculated from."""

    sources: Sequence[Source]
    values: Callable[[str], Any]  # column id -> its values
    rows: int
    reasons: list[str] = field(default_factory=list)

    def found(self, column: Column) -> Source:
        """Return the column that is named; upper and lower case count only where they must."""
        return named(column, self.sources)


def named(column: Column, sources: Sequence[Source]) -> Source:
    """Return the column that a formula names, by its name or its id."""
    wanted = column.name
    found = [s for s in sources if wanted in (s.name, f"{{{s.id}}}")]
    found = found or [s for s in sources if s.name.casefold() == wanted.casefold()]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise FormulaProblem(
            f"Several columns are named {wanted} but for upper and lower case", column.at
        )
    if wanted.startswith("{"):
        raise FormulaProblem("A column of this formula was deleted", column.at)
    near = get_close_matches(wanted, [s.name for s in sources], 1, 0.6)
    hint = f"Did you mean {near[0]}?" if near else "Names with spaces stand in brackets: [late h]."
    raise FormulaProblem(f"There is no column named {wanted}", column.at, hint=hint)


def finite(result: Any, inputs: Sequence[Value], scope: Scope, reason: str) -> tuple[Any, Any]:
    """Return a result without infinities, and the rows in which this or an earlier step failed."""
    fresh = ~np.isfinite(result)
    for value in inputs:
        fresh = fresh & np.isfinite(value.data)
    if np.any(fresh):
        scope.reasons.append(reason)
    failed = fresh
    for value in inputs:
        failed = failed | value.failed
    return np.where(np.isfinite(result), result, np.nan), failed


def no_value(value: Value) -> Any:
    """Return in which rows a value is missing."""
    if value.meaning == "text":
        return no_text(value.data)
    return np.isnan(value.data)


def no_text(data: Any) -> Any:
    """Return which texts are missing."""
    filled = np.frompyfunc(lambda text: text is None, 1, 1)(data)
    return np.asarray(filled, dtype=np.bool_)


def answers(data: Any) -> Any:
    """Return 1 and 0 as yes and no."""
    out = np.full(data.shape, None, dtype=object)
    out[data == 1], out[data == 0] = "yes", "no"
    return out
