"""What a user does to the points of a chart: each verb is one named undo step."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from leanlab.analyses.declare import Marks, PointMark
from leanlab.app.session import Session
from leanlab.core.errors import DataProblem


def marks_from(stored: Mapping[str, Any] | None) -> Marks:
    """Read marks from their JSON form."""
    stored = stored or {}

    def points(name: str) -> tuple[PointMark, ...]:
        return tuple(PointMark(tuple(m["rows"]), m.get("reason", "")) for m in stored.get(name, ()))

    return Marks(points("excluded"), points("notes"), points("stages"), stored.get("limits_until"))


def marks_to(marks: Marks) -> dict[str, Any]:
    """Write marks as JSON."""

    def points(items: Sequence[PointMark]) -> list[dict[str, Any]]:
        return [{"rows": list(m.row_ids), "reason": m.reason} for m in items]

    return {
        "excluded": points(marks.excluded), "notes": points(marks.notes),
        "stages": points(marks.stages), "limits_until": marks.limits_until,
    }  # fmt: skip


def marks_of(session: Session, record_id: str) -> Marks:
    """Return the marks of an analysis of the project."""
    return marks_from(session.record(record_id).get("marks"))


def exclude(
    session: Session, record_id: str, rows: Sequence[int], reason: str, *, point: str
) -> None:
    """Leave a point out of this chart's limits; it stays visible."""
    _reasoned(reason)
    marks = marks_of(session, record_id)
    kept = without(marks.excluded, rows)
    new = replace(marks, excluded=(*kept, PointMark(tuple(rows), reason)))
    _write(session, record_id, new, f"Exclude {point}")


def exclude_everywhere(
    session: Session, record_id: str, rows: Sequence[int], reason: str, *, point: str
) -> None:
    """Leave the data rows behind a point out of all analyses of their sheet."""
    _reasoned(reason)
    marks = marks_of(session, record_id)
    with session.step(f"Exclude {point} from all analyses"):
        here = marks_to(replace(marks, excluded=without(marks.excluded, rows)))
        session.edit(record_id, {"marks": here})
        sheet_id = str(session.record(record_id).get("sheet_id"))
        session.set_row_state(sheet_id, list(rows), "excluded", reason)


def include(session: Session, record_id: str, rows: Sequence[int], *, point: str) -> None:
    """Take a point back in, wherever it was left out."""
    marks = marks_of(session, record_id)
    with session.step(f"Include {point} again"):
        kept = without(marks.excluded, rows)
        session.edit(record_id, {"marks": marks_to(replace(marks, excluded=kept))})
        sheet_id = str(session.record(record_id).get("sheet_id", ""))
        states = session.row_states(sheet_id) if sheet_id else {}
        out = [r for r in rows if r in states and states[r].state == "excluded"]
        if out:
            session.set_row_state(sheet_id, out, None, "")


def annotate(
    session: Session, record_id: str, rows: Sequence[int], text: str, *, point: str
) -> None:
    """Write a note at a point; an empty text removes it."""
    marks = marks_of(session, record_id)
    kept = without(marks.notes, rows)
    notes = (*kept, PointMark(tuple(rows), text.strip())) if text.strip() else kept
    label = f"Annotate {point}" if text.strip() else f"Remove the note at {point}"
    _write(session, record_id, replace(marks, notes=notes), label)


def start_stage(
    session: Session,
    record_id: str,
    rows: Sequence[int],
    name: str,
    *,
    point: str,
    because: str = "",
) -> None:
    """Begin a stage at a point; an empty name takes the stage away.

    `because` is the action that changed the process; the analysis is linked to it.
    """
    marks = marks_of(session, record_id)
    kept = without(marks.stages, rows)
    stages = (*kept, PointMark(tuple(rows), name)) if name else kept
    label = f"Start stage at {point}" if name else f"Remove stage at {point}"
    with session.step(label):
        session.edit(record_id, {"marks": marks_to(replace(marks, stages=stages))})
        if because and name:
            session.link(record_id, "stage_because", because)


def use_limits_until(session: Session, record_id: str, row: int | None, *, point: str) -> None:
    """Freeze the limits: use only the points up to here; None uses all."""
    label = f"Limits from points up to {point}" if row is not None else "Limits from all points"
    _write(session, record_id, replace(marks_of(session, record_id), limits_until=row), label)


def stage_at(marks: Marks, rows: Sequence[int]) -> str:
    """Return the name of the stage that starts at a point, or nothing."""
    return next((m.reason for m in marks.stages if set(m.row_ids) & set(rows)), "")


def stages_of_others(session: Session, sheet_id: str, column_id: str) -> tuple[PointMark, ...]:
    """Return the stages that were marked last on another chart of the same column."""
    for record in reversed(session.records("analysis")):
        stages = marks_from(record.get("marks")).stages
        same = record.get("sheet_id") == sheet_id
        if stages and same and record.get("roles", {}).get("value") == [column_id]:
            return stages
    return ()


def take_stages(session: Session, record_id: str) -> None:
    """Take the stages that were marked on another chart of the column."""
    record = session.record(record_id)
    column = next(iter(record.get("roles", {}).get("value", ())), "")
    stages = stages_of_others(session, str(record.get("sheet_id")), column)
    new = replace(marks_of(session, record_id), stages=stages)
    _write(session, record_id, new, "Take the stages of another chart")


def note_at(marks: Marks, rows: Sequence[int]) -> str:
    """Return the note at a point, or nothing."""
    return next((m.reason for m in marks.notes if set(m.row_ids) & set(rows)), "")


def affected(session: Session, record_id: str) -> list[str]:
    """Return the titles of the other analyses of the same data."""
    sheet_id = session.record(record_id).get("sheet_id")
    return [
        str(other.get("title", ""))
        for other in session.records("analysis")
        if sheet_id and other.get("sheet_id") == sheet_id and other.id != record_id
    ]


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise DataProblem(
            "Excluding a point needs a reason.", hint="Say why this point does not count."
        )


def without(items: Sequence[PointMark], rows: Sequence[int]) -> tuple[PointMark, ...]:
    """Return the marks that have no row in common with these."""
    return tuple(m for m in items if not set(m.row_ids) & set(rows))


def _write(session: Session, record_id: str, marks: Marks, label: str) -> None:
    session.edit(record_id, {"marks": marks_to(marks)}, label=label)


def add_action(session: Session, record_id: str, described: str, *, point: str) -> str:
    """Add an action to find the cause of a point; return its code."""
    record = session.record(record_id)
    values = {
        "title": f"Find out what was different: {described}", "status": "open",
        "note": f"From {record.get('title')}", "metric_id": record.get("metric_id"),
    }  # fmt: skip
    with session.step(f"Add action for {point}"):
        action = session.add("action", values)
        session.link(record_id, "raised", action)
    return session.record(action).code
