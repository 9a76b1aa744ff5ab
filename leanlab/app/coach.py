"""Weak spots of an open project, ready for a card, a portfolio and a reviewer."""

from typing import Any

from leanlab.app import roadmap
from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.domain.coach import weak_spots
from leanlab.domain.evidence_view import ProjectView

MOST = 20


def coached(session: Session, view: ProjectView | None = None) -> list[dict[str, Any]]:
    """Return the weak spots with the record that each comes from, and who can mend it."""
    weak = weak_spots(view or roadmap.view_of(session))[:MOST]
    known = {target: _record(session, target) for target in {w.target for w in weak}}
    return [
        {"topic": w.topic, "title": w.title, "text": w.text, "target": w.target,
         "code": _code(w.target, known[w.target]), "who": _who(session, known[w.target])}
        for w in weak
    ]  # fmt: skip


def _record(session: Session, target: str) -> Record | None:
    """Return the record of a target, read once: a saved result may be large."""
    return session.record(target) if session.kind_of(target) is not None else None


def _who(session: Session, record: Record | None) -> str:
    """Return the owner of the record, else the leader."""
    return str((record.get("owner") if record is not None else "") or session.fact("author"))


def _code(target: str, record: Record | None) -> str:
    """Return what the record is called, or the place in words."""
    if target.startswith("worksheet:"):
        return _PLACES.get(target.partition(":")[2], target.partition(":")[2])
    return record.code or "" if record is not None else _PLACES.get(target, "")


_PLACES = {
    "metrics": "metrics", "analyses": "analyses", "fishbone": "causes",
    "controlplan": "control plan", "benefits": "benefits", "charter": "charter",
}  # fmt: skip
