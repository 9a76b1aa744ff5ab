"""What a file says of its project is a stranger's: keep what has the right shape, drop the rest."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from leanlab.domain.benefits import SERIES, STANDINGS

LONGEST = 400  # characters of a text
MOST = 500  # entries of a list
_GREATEST = 1e15


def cleaned(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a summary in which every known part has its own kind of value."""
    return {name: shape(body[name]) for name, shape in _BODY.items() if name in body}


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)[:LONGEST]


def _number(value: Any) -> float | int | None:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return value if good and math.isfinite(value) and abs(value) < _GREATEST else None


def _whole(value: Any) -> int | None:
    found = _number(value)
    return int(found) if found is not None else None


def _truth(value: Any) -> bool | None:
    return bool(value) if isinstance(value, bool | int) else None


def _day(value: Any) -> str:
    """Return a day or a moment that begins with one; nothing for what is no date."""
    text = _text(value)
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return ""
    return text


def _month(text: str) -> bool:
    return len(text) == 7 and text[4] == "-" and text[:4].isdigit() and "01" <= text[5:] <= "12"  # noqa: PLR2004 - 2026-05


def _months(value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, Mapping):
        return {}
    found: dict[str, dict[str, Any]] = {}
    for month, amounts in list(value.items())[:MOST]:
        if isinstance(month, str) and _month(month) and isinstance(amounts, Mapping):
            known = {s: _number(amounts.get(s)) for s in SERIES}
            found[month] = {s: float(v) for s, v in known.items() if v is not None}
            if amounts.get("standing") in STANDINGS:
                found[month]["standing"] = amounts["standing"]
    return found


Shape = Callable[[Any], Any]


def _dict(shapes: Mapping[str, Shape]) -> Shape:
    def shaped(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            return {}
        return {name: shape(value[name]) for name, shape in shapes.items() if name in value}

    return shaped


def _list(shape: Shape) -> Shape:
    def shaped(value: Any) -> list[Any]:
        return [shape(one) for one in value[:MOST]] if isinstance(value, list) else []

    return shaped


def _texts(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, _text)


def _pair(value: Any) -> list[float] | None:
    found = [_number(v) for v in value] if isinstance(value, list) and len(value) == 2 else [None]  # noqa: PLR2004 - low, high
    return None if None in found else found  # type: ignore[return-value]


_NUMBERS = (
    "baseline",
    "target",
    "before",
    "after",
    "n_before",
    "n_after",
    "gap_closed",
    "points_needed",
)
_METRIC = {
    **_texts("name", "unit", "direction", "verdict", "sentence", "level", "result"),
    **dict.fromkeys(_NUMBERS, _number),
    "stable": _truth, "ci": _pair, "decides_on": _day,
}  # fmt: skip
_BENEFIT = {
    **_texts("id", "code", "title", "benefit_class", "unit", "state", "owner", "validated_by",
             "metric", "pl_line"),
    "validated_on": _day, "recurring": _truth, "months": _months,
}  # fmt: skip
_ACTION = {
    **_texts("id", "code", "title", "owner", "status", "kind"),
    "due": _day, "done_on": _day, "process_change": _truth,
}  # fmt: skip
_RISK = {
    **_texts("id", "code", "title", "response", "owner", "status"),
    "probability": _whole, "impact": _whole,
}  # fmt: skip
_BODY: Mapping[str, Shape] = {
    **_texts("title", "leader", "phase", "code", "project_kind", "site", "sponsor", "owner", "finance", "currency"),
    **dict.fromkeys(("closed_on", "changed", "saved", "created"), _day),
    "v": _whole, "closed": lambda value: bool(_truth(value)), "actions_done": _whole,
    "stopped": lambda value: bool(_truth(value)), "asks": _whole,
    "phases": _list(_dict({**_texts("id", "title", "decision"), "passed": _truth, "on": _day, "decided_on": _day})),
    "next_gate": _dict({"title": _text, "planned": _day}),
    "next_step": _dict(_texts("text", "because")),
    "metric": _dict(_METRIC),
    "counter": _dict(_texts("name", "sentence", "verdict")),
    "benefits": _list(_dict(_BENEFIT)),
    "actions": _list(_dict(_ACTION)),
    "risks": _list(_dict(_RISK)),
    "loose_ends": _list(_dict({**_texts("rule", "text", "target"), "must": _truth, "now": _truth})),
    "card": _dict({**_texts("held", "held_level", "evidence", "data_to"), "later": _dict({"30": _number, "60": _number})}),
    "weak": _list(_dict(_texts("topic", "title", "text", "target", "code", "who"))),
    "worth": _dict({"costs": _number, "npv": _number, "payback": _number, "rate": _number, "paid_in": _text}),
    "follow_up": _dict(_texts("standard", "trained", "replicate", "lessons")),
    "notes": _list(_text), "merged": _list(_text),
}  # fmt: skip
