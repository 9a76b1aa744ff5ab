"""The registers' own words: kinds of status, what they mean, what is late."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

CAUSE_STATUS: Mapping[str, str] = {
    "potential": "potential", "under test": "under test", "verified": "verified",
    "refuted": "refuted", "screened out": "screened out",
}  # fmt: skip
CAUSE_GLYPHS: Mapping[str, str] = {
    "potential": "?", "under test": "…", "verified": "✓", "refuted": "✕", "screened out": "–",
}  # fmt: skip
EVIDENCE_KINDS: Mapping[str, str] = {
    "measured": "measured", "observed": "seen at the place", "document": "document",
    "opinion": "opinion",
}  # fmt: skip
ACTION_STATUS: Mapping[str, str] = {
    "open": "open", "in progress": "in progress", "done": "done", "verified": "verified",
    "cancelled": "cancelled",
}  # fmt: skip
ACTION_KINDS: Mapping[str, str] = {
    "": "other", "improvement": "improvement", "kaizen": "kaizen newspaper", "fmea": "FMEA",
    "risk": "risk response", "gate": "gate condition", "audit": "audit",
}  # fmt: skip
SOLUTION_STATUS: Mapping[str, str] = {
    "idea": "idea", "test": "test it", "chosen": "chosen", "done": "done", "parked": "parked",
    "rejected": "rejected",
}  # fmt: skip
SOLUTION_TYPES: Mapping[str, str] = {
    "eliminate": "eliminate", "error-proof": "error-proof", "standardise": "standardise",
    "automate": "automate", "train": "train or inform", "inspect": "inspect",
}  # fmt: skip
STEP_TYPES: Mapping[str, str] = {
    "step": "step", "start": "start", "end": "end", "decision": "decision", "wait": "wait",
    "storage": "storage", "document": "document", "inspection": "inspection",
    "handover": "handover", "subprocess": "sub-process",
}  # fmt: skip
VALUE_CLASSES: Mapping[str, str] = {
    "va": "value adding", "needed": "necessary", "waste": "waste",
}  # fmt: skip
DIRECTIONS: Mapping[str, str] = {
    "lower": "lower is better", "higher": "higher is better", "target": "on target is best",
}  # fmt: skip
OPEN = frozenset({"open", "in progress"})
DUE_SOON_DAYS = 7
PHASE_WEEKS = {"define": 2, "measure": 6, "analyse": 10, "improve": 15, "control": 20}


def is_open(status: str | None) -> bool:
    """Whether an action still waits; one without a status does."""
    return (status or "open") in OPEN


def is_late(status: str | None, due: str | None, today: date) -> bool:
    """Whether an action is open after its date."""
    return bool(due and due < today.isoformat() and is_open(status))


def due_words(status: str | None, due: str | None, today: date) -> str:
    """Return how an action stands against its date, in words."""
    if not due or not is_open(status):
        return ""
    try:
        days = (date.fromisoformat(due[:10]) - today).days
    except ValueError:
        return ""
    if days < 0:
        return f"{-days} day{'s' if days != -1 else ''} late"
    if days == 0:
        return "due today"
    return f"due in {days} d" if days <= DUE_SOON_DAYS else ""


def usual_gate_dates(start: date) -> dict[str, date]:
    """Return the usual day of each gate, moved off weekends."""
    return {phase: _workday(start + timedelta(weeks=weeks)) for phase, weeks in PHASE_WEEKS.items()}


def _workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.isoweekday() + 1) if day.isoweekday() > 5 else 0)  # noqa: PLR2004


def consequences(
    kind: str, before: Mapping[str, object], changes: Mapping[str, object], today: date
) -> dict[str, object]:
    """Return what else changes in a register row: closing an action keeps the day."""
    if kind != "action":
        return {}
    extra: dict[str, object] = {}
    if changes.get("progress") == 100 and is_open(_text(before.get("status"))):  # noqa: PLR2004
        extra["status"] = "done"
    status = _text(changes.get("status") or extra.get("status"))
    closed = {"done", "verified"}
    if status in closed and not (before.get("done_on") or changes.get("done_on")):
        extra["done_on"] = today.isoformat()
    if status in closed:
        extra["progress"] = 100
    if status in OPEN and before.get("done_on"):
        extra["done_on"] = None
    return {name: value for name, value in extra.items() if name not in changes}


def _text(value: object) -> str | None:
    return str(value) if value else None


# Where a person's name stands; renaming a person changes it there too.
PERSON_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "action": ("owner", "verified_by"), "solution": ("owner",), "control_item": ("owner",),
    "benefit_line": ("owner", "validated_by"), "risk": ("owner",), "cause": ("observer",),
}  # fmt: skip


def metric_lacks(metric: Mapping[str, Any]) -> str:
    """Return what a metric is not told yet, in words; nothing when it is defined."""
    named = {"unit": "a unit", "direction": "a direction", "definition": "a definition"}
    return " and ".join(words for key, words in named.items() if not metric.get(key))
