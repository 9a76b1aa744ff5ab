"""Causes that explain points of a chart: a new one, or one that is known; one undo step each."""

from collections.abc import Sequence
from dataclasses import replace

from leanlab.analyses.declare import PointMark
from leanlab.app.marks import marks_of, marks_to, note_at
from leanlab.app.session import Session


def add_cause(
    session: Session,
    record_id: str,
    rows: Sequence[int],
    text: str,
    *,
    point: str,
    described: str,
    branch: str = "",
    day: str = "",
) -> str:
    """Add a cause that explains a point; it says which point and when. Return the cause's id."""
    values = {
        "text": text.strip(), "branch": branch or None, "status": "potential",
        "source": "control chart", "evidence": _seen(session, record_id, described),
        "observed_on": day or None,
    }  # fmt: skip
    with session.step(f"Assign cause to {point}"):
        cause = session.add("cause", values)
        _explain(session, record_id, rows, cause)
    return cause


def assign_cause(
    session: Session,
    record_id: str,
    rows: Sequence[int],
    cause_id: str,
    *,
    point: str,
    described: str = "",
) -> None:
    """Link a point with a cause that is known; the point joins what was seen of it."""
    with session.step(f"Assign cause to {point}"):
        before = str(session.record(cause_id).get("evidence") or "")
        seen = _seen(session, record_id, described)
        if described and seen not in before:
            told = f"{before}\n{seen}" if before else seen
            session.edit(cause_id, {"evidence": told})
        _explain(session, record_id, rows, cause_id)


def _seen(session: Session, record_id: str, described: str) -> str:
    title = session.record(record_id).get("title")
    return f"{described[:1].upper()}{described[1:]} (chart '{title}')"


def _explain(session: Session, record_id: str, rows: Sequence[int], cause_id: str) -> None:
    """Link chart and cause, and write the cause at the point unless a note stands there."""
    session.link(record_id, "explained_by", cause_id)
    marks = marks_of(session, record_id)
    if note_at(marks, rows):
        return
    text = str(session.record(cause_id).get("text", ""))
    notes = (*marks.notes, PointMark(tuple(rows), text))
    session.edit(record_id, {"marks": marks_to(replace(marks, notes=notes))})


def branches_of(session: Session) -> list[str]:
    """Return the branches under which causes are sorted: of the fishbone, and those in use."""
    from leanlab.app import worksheets
    from leanlab.worksheets.registry import find

    made = worksheets.existing(session, "fishbone")
    shown = (
        worksheets.view_of(session, made) if made else worksheets.register_view(session, "fishbone")
    )
    for section in find("fishbone").sections:
        if section.tree is not None and section.tree.groups is not None:
            return list(section.tree.groups(shown))
    return []
