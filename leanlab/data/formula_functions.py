"""What a formula may call: every function once, as data, with what people are told of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from leanlab.data.formula_text import Call, FormulaProblem, Number, Operation
from leanlab.data.formula_values import DAY, KNOWN, Meaning, Scope, Value, finite, no_value

Work = Callable[[Call, list[Value], Scope], Value]


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """What a formula may call, and what people are told of it."""

    shape: str  # how it is written
    told: str
    work: Work
    fewest: int = 1
    most: int = 1
    looks: Literal["", "down", "around"] = ""  # down: with one argument, at the whole column


def _needs(node: Call, values: Sequence[Value], *wanted: Meaning) -> None:
    for value, argument in zip(values, node.arguments, strict=True):
        if value.meaning not in (*wanted, "missing"):
            needed = " or ".join(KNOWN[w] for w in wanted)
            raise FormulaProblem(
                f"The function {node.name} needs {needed} here, not {KNOWN[value.meaning]}",
                argument.at,
            )


def _if(node: Call, values: list[Value], _scope: Scope) -> Value:
    asked, yes, no = values
    if asked.meaning != "yes or no":
        raise FormulaProblem(
            f"The first part of if is a yes or no, not {KNOWN[asked.meaning]}",
            node.arguments[0].at,
            hint='Compare something: if(late > 5, "late", "on time").',
        )
    meanings = {yes.meaning, no.meaning} - {"missing"}
    if len(meanings) > 1:
        raise FormulaProblem(
            f"The parts of if are {KNOWN[yes.meaning]} and {KNOWN[no.meaning]}; they must be alike",
            node.arguments[2].at,
        )
    meaning: Meaning = meanings.pop() if meanings else "missing"
    empty = _none() if meaning == "text" else np.float64(np.nan)
    first, second = (empty if v.meaning == "missing" else v.data for v in (yes, no))
    result = np.where(asked.data == 1, first, second)
    result = np.where(np.isnan(asked.data), empty, result)
    failed = np.where(asked.data == 1, yes.failed, no.failed) & ~np.isnan(asked.data)
    return Value(meaning, result, failed | asked.failed)


def _none() -> Any:
    return np.full((), None, dtype=object)


def _of_number(do: Callable[[Any], Any], reason: str = "the result is too large") -> Work:
    """Return a function of one number, row by row."""

    def work(node: Call, values: list[Value], scope: Scope) -> Value:
        _needs(node, values, "number")
        result, failed = finite(do(values[0].data), values, scope, reason)
        return Value("number", result, failed)

    return work


def _round(node: Call, values: list[Value], scope: Scope) -> Value:
    _needs(node, values, "number")
    digits = _constant(node, 1, -12, 12) if len(values) > 1 else 0
    scale = 10.0**digits
    size = np.abs(values[0].data) * scale
    # half goes up as in a spreadsheet; 2.675 counts as half though it is a hair less
    result = np.sign(values[0].data) * np.floor(size * (1 + 4e-16) + 0.5) / scale
    result, failed = finite(result, values[:1], scope, "the result is too large")
    return Value("number", result, failed)


def _constant(node: Call, place: int, low: int, high: int) -> int:
    """Return a whole number that stands in the formula itself."""
    given = node.arguments[place]
    sign = 1
    if isinstance(given, Operation) and given.name == "negative":
        sign, given = -1, given.operands[0]
    if isinstance(given, Number) and given.value == int(given.value):
        number = sign * int(given.value)
        if low <= number <= high:
            return number
    raise FormulaProblem(
        f"The function {node.name} needs a whole number from {low} to {high} here",
        node.arguments[place].at,
    )


def _of_many(reduce: Callable[..., Any], *, dates: bool = False) -> Work:
    """Return a function of a whole column, or of several values in each row; missing ones do not count."""

    def work(node: Call, values: list[Value], scope: Scope) -> Value:
        _needs(node, values, *(("number", "date") if dates else ("number",)))
        meanings = {v.meaning for v in values} - {"missing"}
        if len(meanings) > 1:
            raise FormulaProblem(f"The parts of {node.name} are dates and numbers", node.at)
        if len(values) == 1:
            table = np.broadcast_to(values[0].data, scope.rows).reshape(-1, 1)
        else:
            table = np.stack([np.broadcast_to(v.data, scope.rows) for v in values])
        result = _reduced(reduce, table)
        return Value(
            meanings.pop() if meanings else "number", result[0] if len(values) == 1 else result
        )

    return work


def _reduced(reduce: Callable[..., Any], table: Any) -> Any:
    """Reduce each column of a table; a column without values comes to missing."""
    filled = np.isfinite(table).any(axis=0)
    result = np.full(table.shape[1], np.nan)
    if filled.any():
        result[filled] = reduce(table[:, filled], axis=0)
    return result


def _spread(table: Any, axis: int) -> Any:
    """Return the standard deviation with n - 1; a single value has none."""
    enough = np.isfinite(table).sum(axis=axis) > 1
    result = np.full(table.shape[1], np.nan)
    if enough.any():
        result[enough] = np.nanstd(table[:, enough], axis=axis, ddof=1)
    return result


def _count(_node: Call, values: list[Value], scope: Scope) -> Value:
    there = [~np.broadcast_to(no_value(v), scope.rows) for v in values]
    if len(values) == 1:
        return Value("number", np.float64(there[0].sum()))
    return Value("number", np.sum(there, axis=0).astype(np.float64))


def _lag(node: Call, values: list[Value], scope: Scope) -> Value:
    steps = _constant(node, 1, -scope.rows - 1, scope.rows + 1) if len(values) > 1 else 1
    one = values[0]
    data = np.broadcast_to(one.data, scope.rows)
    failed = np.broadcast_to(one.failed, scope.rows)
    return Value(one.meaning, _shifted(data, steps, one.meaning), _shifted(failed, steps, "failed"))


def _shifted(data: Any, steps: int, meaning: str) -> Any:
    fill: Any = {"text": None, "failed": False}.get(meaning, np.nan)
    out = np.full(data.shape, fill, dtype=data.dtype)
    if abs(steps) >= data.size:
        return out
    if steps > 0:
        out[steps:] = data[:-steps]
    elif steps < 0:
        out[:steps] = data[-steps:]
    else:
        out[:] = data
    return out


def _diff(node: Call, values: list[Value], scope: Scope) -> Value:
    _needs(node, values, "number", "date")
    before = _shifted(np.broadcast_to(values[0].data, scope.rows), 1, "number")
    result = values[0].data - before
    result = result / DAY if values[0].meaning == "date" else result
    return Value("number", np.broadcast_to(result, scope.rows))


def _running_sum(node: Call, values: list[Value], scope: Scope) -> Value:
    _needs(node, values, "number")
    data = np.broadcast_to(values[0].data, scope.rows)
    total = np.nancumsum(data)
    return Value("number", np.where(np.isnan(data), np.nan, total))


def _row(_node: Call, _values: list[Value], scope: Scope) -> Value:
    return Value("number", np.arange(1, scope.rows + 1, dtype=np.float64))


def _of_date(do: Callable[[Any], Any], meaning: Meaning = "number") -> Work:
    """Return a function of the seconds of a date."""

    def work(node: Call, values: list[Value], _scope: Scope) -> Value:
        _needs(node, values, "date")
        seconds = np.asarray(values[0].data, dtype=np.float64)
        known = np.isfinite(seconds)
        result = np.full(seconds.shape, np.nan)
        if known.any():
            result[known] = do(np.floor(seconds[known]))
        return Value(meaning, result, values[0].failed)

    return work


def _in_days(seconds: Any) -> Any:
    return np.floor(seconds / DAY)


def _weekday(seconds: Any) -> Any:
    return (_in_days(seconds) + 3) % 7 + 1  # 1970 began on a Thursday


def _months(seconds: Any) -> Any:
    return seconds.astype(np.int64).astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)


def _week(seconds: Any) -> Any:
    """Return the week of ISO 8601: that of its Thursday, counted from the first one of the year."""
    thursday = (_in_days(seconds) - _weekday(seconds) + 4).astype(np.int64)
    days = thursday.astype("datetime64[D]")
    first = days.astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return (thursday - first) // 7 + 1


def _day_of_month(seconds: Any) -> Any:
    days = seconds.astype(np.int64).astype("datetime64[s]").astype("datetime64[D]")
    first = days.astype("datetime64[M]").astype("datetime64[D]")
    return days.astype(np.int64) - first.astype(np.int64) + 1


def _weekday_name(node: Call, values: list[Value], scope: Scope) -> Value:
    number = _of_date(_weekday)(node, values, scope)
    names = np.array([*_DAYS, None], dtype=object)
    at = np.where(np.isnan(number.data), len(_DAYS), number.data - 1).astype(np.int64)
    return Value("text", names[at], number.failed)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _is_missing(_node: Call, values: list[Value], _scope: Scope) -> Value:
    return Value("yes or no", np.asarray(no_value(values[0]), dtype=np.float64))


def _contains(node: Call, values: list[Value], _scope: Scope) -> Value:
    _needs(node, values, "text")
    part = values[1].literal.lower()
    if not part:
        raise FormulaProblem(
            "The function contains needs a text in quotation marks here", node.arguments[1].at
        )
    data = np.asarray(values[0].data, dtype=object)
    known = {t: float(part in t.lower()) for t in set(data.ravel().tolist()) if t is not None}
    flat = [known.get(t, np.nan) for t in data.ravel().tolist()]
    return Value(
        "yes or no", np.asarray(flat, dtype=np.float64).reshape(data.shape), values[0].failed
    )


_LOG = "only numbers above zero have a logarithm"
MANY = 50
FUNCTIONS: Mapping[str, Function] = {
    "if": Function("if(question, then, else)", "the second part where the first is a yes, else the third", _if, 3, 3),
    "round": Function("round(x, decimals)", "rounded, half up; without decimals to whole numbers", _round, 1, 2),
    "abs": Function("abs(x)", "without its sign", _of_number(np.abs)),
    "floor": Function("floor(x)", "the next whole number below", _of_number(np.floor)),
    "ceil": Function("ceil(x)", "the next whole number above", _of_number(np.ceil)),
    "sqrt": Function("sqrt(x)", "square root", _of_number(np.sqrt, "a negative number has no square root")),
    "log": Function("log(x)", "natural logarithm", _of_number(np.log, _LOG)),
    "log10": Function("log10(x)", "logarithm to the base 10", _of_number(np.log10, _LOG)),
    "exp": Function("exp(x)", "e to the power of x", _of_number(np.exp)),
    "mean": Function("mean(x) or mean(a, b, …)", "average of the whole column, or of several columns in each row", _of_many(np.nanmean), 1, MANY, "down"),
    "median": Function("median(x) or median(a, b, …)", "middle value of the column, or of each row", _of_many(np.nanmedian), 1, MANY, "down"),
    "min": Function("min(x) or min(a, b, …)", "lowest or earliest of the column, or of each row", _of_many(np.nanmin, dates=True), 1, MANY, "down"),
    "max": Function("max(x) or max(a, b, …)", "highest or latest of the column, or of each row", _of_many(np.nanmax, dates=True), 1, MANY, "down"),
    "sum": Function("sum(x) or sum(a, b, …)", "sum of the column, or of each row", _of_many(np.nansum), 1, MANY, "down"),
    "sd": Function("sd(x) or sd(a, b, …)", "standard deviation of the column, or of each row", _of_many(_spread), 1, MANY, "down"),
    "count": Function("count(x) or count(a, b, …)", "how many values the column or the row has", _count, 1, MANY, "down"),
    "lag": Function("lag(x, rows)", "the value one row earlier, or so many rows", _lag, 1, 2, "around"),
    "diff": Function("diff(x)", "change from the row before; of dates, in days", _diff, 1, 1, "around"),
    "running_sum": Function("running_sum(x)", "sum of the values so far", _running_sum, 1, 1, "around"),
    "row": Function("row()", "number of the row, from 1", _row, 0, 0, "around"),
    "year": Function("year(date)", "the year", _of_date(lambda s: _months(s) // 12 + 1970)),
    "quarter": Function("quarter(date)", "1 to 4", _of_date(lambda s: _months(s) % 12 // 3 + 1)),
    "month": Function("month(date)", "1 to 12", _of_date(lambda s: _months(s) % 12 + 1)),
    "week": Function("week(date)", "week of the year, from Monday (ISO)", _of_date(_week)),
    "day": Function("day(date)", "day of the month", _of_date(_day_of_month)),
    "weekday": Function("weekday(date)", "1 is Monday, 7 is Sunday", _of_date(_weekday)),
    "weekday_name": Function("weekday_name(date)", "Monday to Sunday", _weekday_name),
    "hour": Function("hour(date)", "0 to 23", _of_date(lambda s: s % DAY // 3600)),
    "minute": Function("minute(date)", "0 to 59", _of_date(lambda s: s % 3600 // 60)),
    "date": Function("date(date)", "the day without its time", _of_date(lambda s: _in_days(s) * DAY, "date")),
    "hours": Function("hours(end - start)", "days in hours", _of_number(lambda d: d * 24)),
    "minutes": Function("minutes(end - start)", "days in minutes", _of_number(lambda d: d * 1440)),
    "is_missing": Function("is_missing(x)", "yes where there is no value", _is_missing),
    "contains": Function('contains(text, "part")', "yes where the text has the part in it", _contains, 2, 2),
}  # fmt: skip
NAMES = frozenset(FUNCTIONS)
