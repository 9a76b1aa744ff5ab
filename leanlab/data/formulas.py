"""Calculated columns: a formula over columns, evaluated on whole arrays.

Rows in which a step has no result, such as a division by zero, are missing and counted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from leanlab.core import format as words
from leanlab.core.typing import BoolArray
from leanlab.data.columns import ColumnData, Kind
from leanlab.data.dates import date_in
from leanlab.data.formula_functions import FUNCTIONS
from leanlab.data.formula_text import (
    Call,
    Column,
    FormulaProblem,
    Missing,
    Node,
    Number,
    Operation,
    Text,
    parsed,
    parts,
)
from leanlab.data.formula_values import (
    DAY,
    KNOWN,
    MEANINGS,
    Meaning,
    Scope,
    Source,
    Value,
    answers,
    finite,
    named,
    no_value,
)

MOST_DECIMALS = 6
WHOLE_UP_TO = 2.0**53


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A calculated column, and the rows that have no result though their sources have values."""

    column: ColumnData
    failed: BoolArray
    reason: str = ""

    @property
    def sentence(self) -> str:
        """Say which rows have no result; empty when all have."""
        count = int(self.failed.sum())
        if not count:
            return ""
        first = words.number(int(np.flatnonzero(self.failed)[0]) + 1, 0)
        rows = f"Row {first} has" if count == 1 else f"{words.count(count, 'row')} have"
        which = "" if count == 1 else f", the first is row {first}"
        return f"{rows} no result{which}: {self.reason}."


def sources_of(text: str, sources: Sequence[Source]) -> list[tuple[str, Source]]:
    """Return the columns that a formula names, as they are written, in its order."""
    return [(c.name, named(c, sources)) for c in columns_in(parsed(text))]


def columns_in(node: Node) -> list[Column]:
    """Return every mention of a column."""
    found, rest = [], [node]
    while rest:
        one = rest.pop()
        if isinstance(one, Column):
            found.append(one)
        rest += parts(one)
    return sorted(found, key=lambda c: c.at)


def reach(text: str) -> int | None:
    """Return how many rows away a result looks: 0 at its own row only; None at the whole column."""
    return _reach(parsed(text))


def _reach(node: Node) -> int | None:
    own: int | None = 0
    if isinstance(node, Call):
        one = FUNCTIONS.get(node.name)
        if one is None or (one.looks == "down" and len(node.arguments) == 1):
            return None
        own = _steps(node) if one.looks == "around" else 0
    inner = [_reach(part) for part in parts(node)]
    if own is None or None in inner:
        return None
    return own + max((steps for steps in inner if steps is not None), default=0)


def _steps(node: Call) -> int | None:
    """Return how far a function looks around; None where every row may count."""
    if node.name == "diff" or (node.name == "lag" and len(node.arguments) == 1):
        return 1
    given = node.arguments[1] if node.name == "lag" else None
    if isinstance(given, Operation) and given.name == "negative":
        given = given.operands[0]
    return int(given.value) if isinstance(given, Number) else None


# calculating -----------------------------------------------------------------------------------


def calculated(name: str, text: str, scope: Scope, *, unit: str = "") -> Outcome:
    """Calculate a column; what is wrong with the formula is a FormulaProblem."""
    node = parsed(text)
    with np.errstate(all="ignore"):
        value = _value(node, scope)
    if value.meaning == "missing":
        raise FormulaProblem("The formula comes to nothing in every row", node.at)
    data = np.array(np.broadcast_to(value.data, scope.rows))
    data = data if value.meaning == "text" else data + 0.0  # -0.0 is 0
    failed = np.array(np.broadcast_to(value.failed, scope.rows), dtype=np.bool_)
    decimals = [named(c, scope.sources).decimals for c in columns_in(node)]
    column = _column(name, value.meaning, data, max(decimals, default=0), unit)
    return Outcome(column, failed, " or ".join(dict.fromkeys(scope.reasons)))


def _column(name: str, meaning: Meaning, data: Any, decimals: int, unit: str) -> ColumnData:
    if meaning == "number":
        shown = decimals_for(data, decimals)
        known = data[np.isfinite(data)]
        whole = bool(known.size) and not shown and bool(np.all(np.abs(known) < WHOLE_UP_TO))
        return ColumnData(name, "whole" if whole else "number", data, unit, decimals=shown)
    if meaning == "date":
        return ColumnData(name, "datetime", _stamps(data))
    texts = data if meaning == "text" else answers(data)
    kind: Kind = "category" if meaning != "text" or _few(texts) else "text"
    return ColumnData(name, kind, texts)


def _few(texts: Any) -> bool:
    from leanlab.data.typing_cells import ALWAYS_CATEGORIES, FEW_CATEGORIES, MOST_CATEGORIES

    known = [t for t in texts if t is not None]
    different = len(set(known))
    return different <= min(MOST_CATEGORIES, max(ALWAYS_CATEGORIES, FEW_CATEGORIES * len(known)))


def _stamps(seconds: Any) -> Any:
    stamps = np.full(seconds.shape, np.datetime64("NaT", "s"))
    known = np.isfinite(seconds)
    stamps[known] = np.floor(seconds[known]).astype(np.int64).astype("datetime64[s]")
    return stamps


def decimals_for(data: Any, sources: int) -> int:
    """Return the decimals that show a calculated column: all it has, or three digits that tell."""
    known = data[np.isfinite(data)][:5000]
    for decimals in range(MOST_DECIMALS + 1):
        if np.allclose(known, np.round(known, decimals), rtol=1e-12, atol=0):
            return decimals
    size = float(np.median(np.abs(known)))
    digits = 2 - int(np.floor(np.log10(size))) if size > 0 else 2
    return int(np.clip(max(digits, min(sources + 1, 3)), 0, MOST_DECIMALS))


def _value(node: Node, scope: Scope) -> Value:
    if isinstance(node, Number):
        return Value("number", np.float64(node.value))
    if isinstance(node, Text):
        return Value("text", _one_text(node.value), literal=node.value)
    if isinstance(node, Missing):
        return Value("missing", np.float64(np.nan))
    if isinstance(node, Column):
        return _loaded(scope.found(node), scope)
    if isinstance(node, Operation):
        return _operated(node, [_value(n, scope) for n in node.operands], scope)
    return _called(node, scope)


def _one_text(text: str) -> Any:
    one = np.empty((), dtype=object)
    one[()] = text
    return one


def _loaded(source: Source, scope: Scope) -> Value:
    values, meaning = scope.values(source.id), MEANINGS[source.kind]
    if meaning == "date":
        values = np.asarray(values, dtype="datetime64[s]")
        seconds = values.astype(np.int64).astype(np.float64)
        seconds[np.isnat(values)] = np.nan
        return Value("date", seconds)
    if meaning == "number":
        return Value("number", np.asarray(values, dtype=np.float64))
    return Value("text", np.asarray(values, dtype=object))


# operators -------------------------------------------------------------------------------------


def _operated(node: Operation, values: list[Value], scope: Scope) -> Value:
    if node.name in {"and", "or", "not"}:
        return _logic(node, values)
    if node.name in _COMPARE:
        return _compared(node, *values)
    return _arithmetic(node, values, scope)


def _logic(node: Operation, values: Sequence[Value]) -> Value:
    """Answer and, or, not; a missing answer counts only where it matters."""
    for value, operand in zip(values, node.operands, strict=True):
        if value.meaning not in {"yes or no", "missing"}:
            raise FormulaProblem(
                f"The word {node.name} needs a yes or no here, not {KNOWN[value.meaning]}",
                operand.at,
                hint="Compare it first: late > 5.",
            )
    first = values[0].data
    if node.name == "not":
        return Value("yes or no", 1.0 - first, values[0].failed)
    second = values[1].data
    deciding = 0.0 if node.name == "and" else 1.0
    known = (first == deciding) | (second == deciding)
    open_ = np.isnan(first) | np.isnan(second)
    result = np.where(known, deciding, np.where(open_, np.nan, 1.0 - deciding))
    return Value("yes or no", result, (values[0].failed | values[1].failed) & ~known)


_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def _compared(node: Operation, first: Value, second: Value) -> Value:
    first, second = _alike(node, first, second)
    if first.meaning == "text" and node.name not in {"=", "<>"}:
        raise FormulaProblem(
            f"Texts are equal or not; {node.name} compares numbers and dates", node.at
        )
    missing = no_value(first) | no_value(second)
    result = np.where(missing, np.nan, _COMPARE[node.name](first.data, second.data))
    return Value("yes or no", result.astype(np.float64), first.failed | second.failed)


def _alike(node: Operation, first: Value, second: Value) -> tuple[Value, Value]:
    """Let a text beside a date be a date, yes and no answers; refuse what cannot be compared."""
    if {first.meaning, second.meaning} == {"date", "text"}:
        first, second = (
            _as_date(v, n.at) for v, n in zip((first, second), node.operands, strict=True)
        )
    if "missing" in (first.meaning, second.meaning):
        raise FormulaProblem(
            "Nothing is equal to missing", node.at, hint="Write is_missing(late) to ask for it."
        )
    if first.meaning == "yes or no" and second.meaning == "text":
        first = Value("text", answers(np.asarray(first.data)), first.failed)
    if second.meaning == "yes or no" and first.meaning == "text":
        second = Value("text", answers(np.asarray(second.data)), second.failed)
    if first.meaning != second.meaning:
        raise FormulaProblem(
            f"{KNOWN[first.meaning].capitalize()} is compared with {KNOWN[second.meaning]}",
            node.at,
        )
    return first, second


def _as_date(value: Value, at: int) -> Value:
    if value.meaning == "date":
        return value
    day = date_in(value.literal, "ymd") if value.literal else None
    if day is None:
        raise FormulaProblem(
            "A date is compared with a text", at, hint='Write a date as "2026-04-26".'
        )
    return Value("date", np.datetime64(day, "s").astype(np.int64).astype(np.float64))


def _arithmetic(node: Operation, values: list[Value], scope: Scope) -> Value:
    """Calculate with numbers; dates can be subtracted, and days added to them."""
    meaning = _meaning_of(node, values)
    first = values[0].data
    reason = "the result is too large"
    if node.name == "negative":
        return Value("number", -first, values[0].failed)
    second = values[1].data
    if node.name == "/":
        result, reason = np.divide(first, second), "it would be divided by zero"
    elif node.name == "**":
        result = np.power(np.asarray(first, dtype=np.float64), second)
        reason = "the power has no result"
    elif node.name == "*":
        result = first * second
    else:
        result = _added(node.name, values)
    result, failed = finite(result, values, scope, reason)
    return Value(meaning, result, failed)


def _added(name: str, values: Sequence[Value]) -> Any:
    first, second = values
    days = [DAY if v.meaning == "number" else 1.0 for v in values]
    if "date" not in (first.meaning, second.meaning):
        days = [1.0, 1.0]
    one, other = first.data * days[0], second.data * days[1]
    result = one + other if name == "+" else one - other
    return result / DAY if first.meaning == second.meaning == "date" else result


def _meaning_of(node: Operation, values: Sequence[Value]) -> Meaning:
    """Return number or date, or refuse: 2 * date has no meaning."""
    meanings = [v.meaning for v in values]
    for meaning, operand in zip(meanings, node.operands, strict=True):
        if meaning not in {"number", "date", "missing"}:
            hint = "Columns of text can be read as numbers: Read as, in the menu of the column."
            if meaning == "yes or no":
                hint = "Write if(late > 5, 1, 0) to count a yes as 1."
            raise FormulaProblem(
                f"The sign {_sign(node)} needs a number here, not {KNOWN[meaning]}",
                operand.at,
                hint=hint,
            )
    if "date" not in meanings:
        return "number"
    if node.name == "-" and meanings == ["date", "date"]:
        return "number"
    if (node.name == "-" and meanings[0] == "date") or (
        node.name == "+" and meanings.count("date") == 1
    ):
        return "date"
    raise FormulaProblem(
        f"The sign {_sign(node)} has no meaning for dates",
        node.at,
        hint="Two dates can be subtracted, which gives days; days can be added to a date.",
    )


def _sign(node: Operation) -> str:
    return "-" if node.name == "negative" else node.name


def _called(node: Call, scope: Scope) -> Value:
    one = FUNCTIONS.get(node.name)
    if one is None:
        near = get_close_matches(node.name, list(FUNCTIONS), 1, 0.5)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(FUNCTIONS)}."
        raise FormulaProblem(f"There is no function named {node.name}", node.at, hint=hint)
    given = len(node.arguments)
    if not one.fewest <= given <= one.most:
        raise FormulaProblem(
            f"The function {node.name} is written {one.shape}; it has {words.count(given, 'part')} here",
            node.at,
        )
    return one.work(node, [_value(n, scope) for n in node.arguments], scope)
