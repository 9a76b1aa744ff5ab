"""What a data page shows of a sheet: conditions on columns, in words, and an order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.typing import BoolArray, IntArray
from leanlab.data.dates import fitting_orders, read_dates
from leanlab.data.typing_cells import typed_number

NUMBERS = {"number", "whole"}
WORDS: Mapping[str, str] = {
    "is": "is", "is_not": "is not", "one_of": "is one of", "contains": "contains",
    "above": "is above", "at_least": "is at least", "below": "is below", "at_most": "is at most",
    "between": "is between", "empty": "is empty", "filled": "is filled in", "bad": "does not fit",
}  # fmt: skip
DATE_WORDS: Mapping[str, str] = {
    "above": "is after", "at_least": "is on or after", "below": "is before",
    "at_most": "is on or before",
}  # fmt: skip
_NO_VALUE = {"empty", "filled", "bad"}
_FOR_NUMBERS = ("above", "at_least", "below", "at_most", "between", "is", "is_not")
_FOR_ALL = ("empty", "filled", "bad")
_NAMED = 4  # values of a list that a sentence names


def operators(kind: str) -> tuple[str, ...]:
    """Return what can be asked of a column of this kind."""
    if kind in NUMBERS or kind == "datetime":
        return (*_FOR_NUMBERS, *_FOR_ALL)
    return ("is", "is_not", "one_of", "contains", *_FOR_ALL)


@dataclass(frozen=True, slots=True)
class Condition:
    """One question to a column: late is above 5."""

    column: str
    op: str
    values: tuple[str, ...] = ()

    def needs(self) -> int:
        """Return how many values the question takes; -1 is any number."""
        if self.op in _NO_VALUE:
            return 0
        return {"between": 2, "one_of": -1}.get(self.op, 1)

    def as_json(self) -> dict[str, Any]:
        """Return the condition as a metric keeps it."""
        return {"column": self.column, "op": self.op, "values": list(self.values)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Condition":
        """Read a condition back."""
        values = tuple(str(v) for v in stored.get("values", ()))
        return cls(str(stored["column"]), str(stored["op"]), values)


def problem_of(condition: Condition, kind: str) -> str:
    """Return why a condition cannot be answered yet; empty when it can."""
    needed = condition.needs()
    given = [value for value in condition.values if value.strip()]
    if needed == -1:
        return "" if given else "Choose at least one value."
    if len(given) < needed:
        return "Fill in the value." if needed == 1 else "Fill in both values."
    if kind in NUMBERS and any(typed_number(v) is None for v in given):
        return "This column holds numbers: write a number."
    if kind == "datetime" and any(_date(v) is None for v in given):
        return "Write a date such as 2026-04-26."
    return ""


def matching(
    condition: Condition, kind: str, values: Any, bad: BoolArray | None = None
) -> BoolArray:
    """Return which rows fulfil a condition; a missing cell fulfils only `empty` and `bad`."""
    missing = missing_in(kind, values)
    if condition.op == "empty":
        return missing if bad is None else missing & ~bad
    if condition.op == "filled":
        return ~missing
    if condition.op == "bad":
        return np.zeros(len(values), dtype=np.bool_) if bad is None else bad
    if kind in NUMBERS:
        numbers = [typed_number(v) for v in condition.values]
        return ~missing & _compared(
            condition.op, values, [np.nan if n is None else n for n in numbers]
        )
    if kind == "datetime":
        return ~missing & _dates_compared(condition, values)
    return ~missing & _texts_compared(condition, values)


def missing_in(kind: str, values: Any) -> BoolArray:
    """Return which cells are missing."""
    if kind in NUMBERS:
        return np.isnan(values)
    if kind == "datetime":
        return np.isnat(values)
    return np.fromiter((v is None for v in values), np.bool_, len(values))


def _compared(op: str, values: Any, wanted: Sequence[Any]) -> BoolArray:
    first = wanted[0]
    compared: dict[str, Any] = {
        "above": lambda: values > first, "at_least": lambda: values >= first,
        "below": lambda: values < first, "at_most": lambda: values <= first,
        "is": lambda: values == first, "is_not": lambda: values != first,
        "between": lambda: (values >= min(wanted)) & (values <= max(wanted)),
    }  # fmt: skip
    result: BoolArray = compared[op]()
    return result


def _dates_compared(condition: Condition, values: Any) -> BoolArray:
    """Compare by day when the question names a day, else to the second."""
    wanted = [_date(v) for v in condition.values]
    whole_days = all(len(v.strip()) <= len("2026-04-26") for v in condition.values)
    unit = "datetime64[D]" if whole_days else "datetime64[s]"
    return _compared(condition.op, values.astype(unit), list(np.asarray(wanted).astype(unit)))


def _date(text: str) -> Any:
    orders = fitting_orders([text.strip()])
    return read_dates([text.strip()], orders[0])[0][0] if len(orders) == 1 else None


def _texts_compared(condition: Condition, values: Any) -> BoolArray:
    wanted = {value.strip() for value in condition.values}
    if condition.op == "contains":
        part = condition.values[0].strip().lower()
        known = {v: part in v.lower() for v in set(values) if v is not None}
    else:
        inside = condition.op in {"is", "one_of"}
        known = {v: (v in wanted) is inside for v in set(values) if v is not None}
    return np.fromiter((known.get(v, False) for v in values), np.bool_, len(values))


def in_words(condition: Condition, name: str, kind: str) -> str:
    """Say a condition as part of a sentence: late is above 5."""
    verb = (DATE_WORDS if kind == "datetime" else {}).get(condition.op, WORDS[condition.op])
    values = condition.values
    if condition.op == "between":
        return f"{name} {verb} {values[0]} and {values[1]}"
    if condition.op == "one_of":
        if len(values) == 1:
            return f"{name} is {values[0]}"
        shown = ", ".join(values[:_NAMED])
        more = f" and {len(values) - _NAMED} more" if len(values) > _NAMED else ""
        return f"{name} is one of {shown}{more}"
    return " ".join((name, verb, *values))


def order_of(kind: str, values: Any, *, descending: bool = False) -> IntArray:
    """Return the positions of the rows in the order of a column; missing cells come last."""
    missing = missing_in(kind, values)
    known = np.flatnonzero(~missing)
    if kind in NUMBERS or kind == "datetime":
        keys = values[known]
        keys = keys.astype(np.int64) if kind == "datetime" else keys
        order = np.argsort(-keys if descending else keys, kind="stable")
    else:
        different = sorted(set(values[known]), key=lambda v: (str(v).lower(), str(v)))
        rank = {value: at for at, value in enumerate(different)}
        keys = np.fromiter((rank[v] for v in values[known]), np.int64, known.size)
        order = np.argsort(-keys if descending else keys, kind="stable")
    sorted_: IntArray = np.concatenate([known[order], np.flatnonzero(missing)]).astype(np.int64)
    return sorted_


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What a panel says of a column."""

    filled: int
    missing: int
    bad: int
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    first: str = ""
    last: str = ""
    different: int = 0
    most: tuple[tuple[str, int], ...] = ()  # most frequent values of texts
    bins: tuple[int, ...] = ()
    falls_back_after: int | None = None  # position where dates are not in order


def facts_of(kind: str, values: Any, bad: int) -> ColumnFacts:
    """Summarise a column."""
    missing = missing_in(kind, values)
    known = values[~missing]
    counts = (int(known.size), int(missing.sum()) - bad, bad)
    if not known.size:
        return ColumnFacts(*counts)
    if kind in NUMBERS:
        low, high = float(known.min()), float(known.max())
        bins = np.histogram(known, bins=min(24, max(5, int(np.sqrt(known.size)))))[0]
        return ColumnFacts(
            *counts, low, float(np.median(known)), high, bins=tuple(int(b) for b in bins)
        )
    if kind == "datetime":
        seconds = known.astype(np.int64)
        back = np.flatnonzero(np.diff(seconds) < 0)
        after = int(np.flatnonzero(~missing)[back[0]]) if back.size else None
        bins = np.histogram(seconds, bins=24)[0]
        first, last = str(known.min())[:10], str(known.max())[:10]
        return ColumnFacts(
            *counts,
            first=first,
            last=last,
            bins=tuple(int(b) for b in bins),
            falls_back_after=after,
        )
    names, numbers = np.unique(known.astype(str), return_counts=True)
    top = np.argsort(-numbers, kind="stable")[:8]
    most = tuple((str(names[i]), int(numbers[i])) for i in top)
    return ColumnFacts(*counts, different=int(names.size), most=most)
