"""Weak spots of an open project, ready for a card, a portfolio and a reviewer."""

from typing import Any

from leanlab.app import roadmap
from leanlab.app.session import Session
from leanlab.domain.coach import weak_spots
from leanlab.domain.evidence_view import ProjectView

MOST = 20


def coached(session: Session, view: ProjectView | None = None) -> list[dict[str, Any]]:
    """Return the weak spots with the record that each comes from."""
    return [
        {"topic": w.topic, "title": w.title, "text": w.text, "target": w.target,
         "code": _code(session, w.target), "who": _who(session, w.target)}
        for w in weak_spots(view or roadmap.view_of(session))[:MOST]
    ]  # fmt: skip


def _who(session: Session, target: str) -> str:
    """Return who can mend it: the owner of the record, else the leader."""
    record = session.record(target) if session.kind_of(target) is not None else None
    return str((record.get("owner") if record is not None else "") or session.fact("author"))


def _code(session: Session, target: str) -> str:
    """Return what the record is called, or the place in words."""
    if target.startswith("worksheet:"):
        return _PLACES.get(target.partition(":")[2], target.partition(":")[2])
    if session.kind_of(target) is not None:
        return session.record(target).code or ""
    return _PLACES.get(target, "")


_PLACES = {
    "metrics": "metrics", "analyses": "analyses", "fishbone": "causes",
    "controlplan": "control plan", "benefits": "benefits", "charter": "charter",
}  # fmt: skip
