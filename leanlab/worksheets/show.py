"""Values as people read and type them, by the type of their field."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.worksheets.declare import NAMES, REFERENCES, Field, Row, View, empty

_UNITS = {"s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_YES, _NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0", ""}


def shown(field: Field, value: Any, view: View) -> str:
    """Return a value in words; nothing for an empty one."""
    if empty(value):
        return ""
    if field.link and not isinstance(value, str):
        rows = sorted((view.record(field.type, one) for one in value), key=_in_turn)
        return "; ".join(name_of(view, field.type, row.id) for row in rows if row.id)
    if field.type in REFERENCES:
        return name_of(view, field.type, value)
    if field.choices:
        return field.choices.get(str(value), str(value))
    if field.type in _MEASURED and not isinstance(value, int | float):
        return str(value)
    return _SHOW.get(field.type, _as_is)(value, view)


def _in_turn(row: Row) -> tuple[int, str]:
    """C2 comes before C10."""
    return len(row.code), row.code


def _as_is(value: Any, _view: View) -> str:
    if isinstance(value, float):
        return words.number(value, 0 if value == int(value) else 2)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _money(value: Any, view: View) -> str:
    return f"{words.number(float(value), 0)} {view.facts.get('currency') or 'EUR'}"


def _day(value: Any, _view: View) -> str:
    try:
        return words.day(str(value)[:10])
    except ValueError:
        return str(value)


def _month(value: Any, _view: View) -> str:
    try:
        return f"{date.fromisoformat(f'{value}-01'):%b %Y}"
    except ValueError:
        return str(value)


def _dur(value: Any, _view: View) -> str:
    seconds = float(value)
    for unit, size in (("d", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if abs(seconds) >= 2 * size:
            return f"{_trimmed(seconds / size)} {unit}"
    return f"{_trimmed(seconds)} s"


def _trimmed(value: float) -> str:
    text = words.number(value, 1)
    return text.removesuffix(".0")


def _num(value: Any, _view: View) -> str:
    return number_text(value)


def _yes(value: Any, _view: View) -> str:
    return "yes" if value else "no"


def _pct(value: Any, _view: View) -> str:
    return words.percent(float(value))


_SHOW: Mapping[str, Callable[[Any, View], str]] = {
    "money": _money, "date": _day, "month": _month, "dur": _dur, "num": _num, "int": _num,
    "bool": _yes, "pct": _pct,
}  # fmt: skip


_MEASURED = frozenset({"money", "pct", "dur"})


def number_text(value: Any) -> str:
    """Return a number as it was typed: no more decimals than it has."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    return words.number(float(value), words.decimals_of([float(value)]))


def name_of(view: View, kind: str, record_id: Any) -> str:
    """Return what a reference points to, its code behind it."""
    row = view.record(kind, record_id)
    return words.coded(row.text(NAMES[kind]), row.code) if row.id else ""


def typed(field: Field, text: str) -> Any:
    """Return the value of what a person typed; what does not fit is a DataProblem."""
    text = text.strip()
    if field.type == "bool":
        return _truth(field, text)
    if not text:
        return None
    if field.choices:
        return _choice(field, text)
    if field.type in {"int", "num", "money", "pct", "dur"}:
        return _bounded(field, _NUMBERS[field.type](field, text))
    if field.type == "date":
        return _typed_day(text)
    if field.type == "month":
        return _typed_month(text)
    if len(text) > field.longest:
        raise DataProblem(
            f"{field.label} is longer than {field.longest} characters.",
            hint="Say it in fewer words, or put the rest into a note.",
        )
    return text


def _number(field: Field, text: str) -> float:
    plain = re.sub(r"[\s\u202f\u00a0']", "", text).replace("\u2212", "-")
    plain = re.sub(r"(?i)(eur|usd|gbp|chf|[€$£%])", "", plain)
    if "," in plain and "." in plain:
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "")
    try:
        value = float(plain.replace(",", "."))
    except ValueError as error:
        raise DataProblem(f"{field.label} is a number, not '{text}'.") from error
    if not math.isfinite(value):
        raise DataProblem(f"{field.label} is a number, not '{text}'.")
    return value


def _whole(field: Field, text: str) -> int:
    value = _number(field, text)
    if value != int(value):
        raise DataProblem(f"{field.label} is a whole number, not {text}.")
    return int(value)


def _share(field: Field, text: str) -> float:
    return round(_number(field, text) / 100, 12)


def _cents(field: Field, text: str) -> float:
    return round(_number(field, text), 2)


def _seconds(field: Field, text: str) -> float:
    clock = re.fullmatch(r"(\d+):(\d\d)(?::(\d\d))?", text)
    if clock:
        parts = [int(p) for p in clock.groups() if p is not None]
        return float(sum(p * 60**i for i, p in enumerate(reversed(parts))))
    found = re.fullmatch(r"(.*?)\s*(s|sec|min|m|h|d)?", text)
    unit = (found.group(2) if found else None) or "s"
    return _number(field, found.group(1) if found else text) * _UNITS[unit]


_NUMBERS: Mapping[str, Callable[[Field, str], float]] = {
    "int": _whole, "num": _number, "money": _cents, "pct": _share, "dur": _seconds,
}  # fmt: skip


def _bounded(field: Field, value: float) -> float:
    low, high = field.minimum, field.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        between = (
            f"from {low:g} to {high:g}" if low is not None and high is not None
            else f"at least {low:g}" if low is not None else f"at most {high:g}"
        )  # fmt: skip
        raise DataProblem(f"{field.label} goes {between}.")
    return value


def _truth(field: Field, text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise DataProblem(f"{field.label} is yes or no, not '{text}'.")


def _choice(field: Field, text: str) -> str:
    wanted = text.casefold()
    for stored, shown_words in field.choices.items():
        if wanted in (stored.casefold(), shown_words.casefold()):
            return stored
    close = [s for s, w in field.choices.items() if w.casefold().startswith(wanted)]
    if len(close) == 1:
        return close[0]
    raise DataProblem(
        f"{field.label} cannot be '{text}'.",
        hint="Choose " + ", ".join(field.choices.values()) + ".",
    )


def _typed_day(text: str) -> str:
    from leanlab.data.typing_cells import cell_value

    value, raw = cell_value("datetime", text)
    if raw is None and value is not None:
        return str(value)[:10]
    return _in_words(text, ("%d %b %Y", "%d %B %Y")).isoformat()


def _typed_month(text: str) -> str:
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        return text
    try:
        return _typed_day(text)[:7]
    except DataProblem:
        return _in_words(text, ("%b %Y", "%B %Y", "%m/%Y")).isoformat()[:7]


def _exact_dur(seconds: float) -> str:
    for unit, size in (("h", 3600.0), ("min", 60.0)):
        if abs(seconds) >= 2 * size:
            return f"{seconds / size:.12g} {unit}"
    return f"{seconds:.12g} s"


def _in_words(text: str, patterns: tuple[str, ...]) -> date:
    for pattern in patterns:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise DataProblem(f"'{text}' is not a date.", hint="Write it as 2026-05-31.")


def edit_text(field: Field, value: Any, view: View) -> str:
    """Return a value as a person would type it; `typed` reads it back."""
    if empty(value):
        return ""
    if field.type == "dur":
        return _exact_dur(float(value))
    if field.type == "pct":
        return f"{100 * float(value):.10g}"
    if field.type in {"num", "int", "money"}:
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    if field.type in {"date", "month"}:
        return str(value)
    return shown(field, value, view)
