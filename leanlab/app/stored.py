"""Analyses kept in a project: from the record to columns, and what a user does to points."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from leanlab.analyses.declare import Analysis, Column, Columns, Marks, PointMark, Presentation, Spec
from leanlab.analyses.registry import find
from leanlab.app.records import Record, SheetInfo
from leanlab.app.running import prepared
from leanlab.app.session import Session
from leanlab.core.option import options_from


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


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """An analysis of a project, ready to be computed: values only, so a worker may do it."""

    analysis: Analysis
    columns: Columns
    options: Any

    def run(self) -> Presentation:
        """Compute and present."""
        return self.analysis.present(self.analysis.compute(self.columns, self.options))


def ready(session: Session, record: Record) -> Ready:
    """Gather columns, row states, marks and options; what is missing is a DataProblem."""
    analysis = find(str(record.get("analysis_id")))
    kept = analysis.upgrade(record.get("options", {}), int(record.get("version", 1)))
    options = options_from(analysis.options, kept)
    sheet_id = record.get("sheet_id")
    if not analysis.roles or not sheet_id or not session.exists(sheet_id):
        return Ready(analysis, prepared(analysis, {}, {}), options)
    sheet = session.sheet(sheet_id)
    roles = record.get("roles", {})
    needed = {column for chosen in roles.values() for column in chosen}
    known = {c.id for c in sheet.columns}
    available = {
        c.id if c.id in needed else c.name: _column(session, sheet, c.id, load=c.id in needed)
        for c in sheet.columns
    }
    row_ids = session.row_ids(sheet_id)
    columns = prepared(
        analysis,
        available,
        {role: [c for c in chosen if c in known] for role, chosen in roles.items()},
        row_ids=row_ids,
        excluded=_excluded(session, sheet_id, row_ids),
        marks=marks_from(record.get("marks")),
        spec=spec_of(session, sheet, roles),
        note=_note(session, sheet_id, needed),
    )
    return Ready(analysis, replace(columns, sheet=sheet.title), options)


def _column(session: Session, sheet: SheetInfo, column_id: str, *, load: bool) -> Column:
    known = sheet.column(column_id)
    values = session.column(sheet.id, column_id) if load else np.zeros(0)
    return Column(known.name, known.kind, values, unit=known.unit, decimals=known.decimals)  # type: ignore[arg-type]


def _excluded(session: Session, sheet_id: str, row_ids: Any) -> Any:
    out = [i for i, s in session.row_states(sheet_id).items() if s.state == "excluded"]
    return np.isin(row_ids, np.asarray(out, dtype=np.int64))


def _note(session: Session, sheet_id: str, needed: set[str]) -> str:
    bad = sum(1 for _, column in session.bad_cells(sheet_id) if column in needed)
    return f"{bad} cell{'s' if bad != 1 else ''} that did not fit left out" if bad else ""


def metric_of(
    session: Session, sheet: SheetInfo, roles: Mapping[str, Sequence[str]]
) -> Record | None:
    """Return the metric that the value column belongs to."""
    for column_id in [*roles.get("value", ()), *roles.get("counts", ())]:
        found = next((c for c in sheet.columns if c.id == column_id), None)
        if found is not None and found.metric_id and session.exists(found.metric_id):
            return session.record(found.metric_id)
    return None


def spec_of(session: Session, sheet: SheetInfo, roles: Mapping[str, Sequence[str]]) -> Spec:
    """Return what the metric of the value column demands."""
    metric = metric_of(session, sheet, roles)
    if metric is None:
        return Spec()
    return Spec(
        metric.get("lsl"), metric.get("usl"), metric.get("target"), str(metric.get("direction", ""))
    )


def guessed_roles(analysis: Analysis, sheet: SheetInfo) -> dict[str, list[str]]:
    """Fill the required roles, and the order, with the first columns that fit."""
    used: set[str] = set()
    roles: dict[str, list[str]] = {}
    for role in analysis.roles:
        wanted = {"datetime"} if role.id == "order" else role.accepts
        if not role.required and role.id != "order":
            continue
        found = next((c for c in sheet.columns if c.kind in wanted and c.id not in used), None)
        if found is not None:
            roles[role.id] = [found.id]
            used.add(found.id)
    return roles


def add_analysis(
    session: Session,
    analysis_id: str,
    sheet_id: str | None = None,
    *,
    roles: Mapping[str, Sequence[str]] | None = None,
    options: Mapping[str, Any] | None = None,
    phase: str = "",
    title: str = "",
) -> str:
    """Put an analysis into the project; roles are guessed unless given."""
    analysis = find(analysis_id)
    if roles is None:
        roles = guessed_roles(analysis, session.sheet(sheet_id)) if sheet_id else {}
    values = {
        "analysis_id": analysis.id, "version": analysis.version, "title": title or analysis.title,
        "phase": phase, "sheet_id": sheet_id, "roles": {k: list(v) for k, v in roles.items()},
        "options": dict(options or {}), "marks": marks_to(Marks()),
    }  # fmt: skip
    return session.add("analysis", values, label=f"Add {analysis.title}")


def exclude(
    session: Session, record_id: str, rows: Sequence[int], reason: str, *, point: str
) -> None:
    """Leave a point out of this chart's limits; it stays visible."""
    marks = _marks(session, record_id)
    kept = [m for m in marks.excluded if not set(m.row_ids) & set(rows)]
    new = replace(marks, excluded=(*kept, PointMark(tuple(rows), reason)))
    _write(session, record_id, new, f"Exclude {point}")


def include(session: Session, record_id: str, rows: Sequence[int], *, point: str) -> None:
    """Take a point back in."""
    marks = _marks(session, record_id)
    kept = tuple(m for m in marks.excluded if not set(m.row_ids) & set(rows))
    _write(session, record_id, replace(marks, excluded=kept), f"Include {point}")


def annotate(
    session: Session, record_id: str, rows: Sequence[int], text: str, *, point: str
) -> None:
    """Write a note at a point; an empty text removes it."""
    marks = _marks(session, record_id)
    kept = [m for m in marks.notes if not set(m.row_ids) & set(rows)]
    notes = (*kept, PointMark(tuple(rows), text)) if text else tuple(kept)
    _write(session, record_id, replace(marks, notes=notes), f"Annotate {point}")


def start_stage(
    session: Session, record_id: str, rows: Sequence[int], name: str, *, point: str
) -> None:
    """Begin a stage at a point; an empty name takes the stage away."""
    marks = _marks(session, record_id)
    kept = [m for m in marks.stages if not set(m.row_ids) & set(rows)]
    stages = (*kept, PointMark(tuple(rows), name)) if name else tuple(kept)
    label = f"Start stage at {point}" if name else f"Remove stage at {point}"
    _write(session, record_id, replace(marks, stages=stages), label)


def use_limits_until(session: Session, record_id: str, row: int | None, *, point: str) -> None:
    """Freeze the limits: use only the points up to here; None uses all."""
    label = f"Limits from points up to {point}" if row is not None else "Limits from all points"
    _write(session, record_id, replace(_marks(session, record_id), limits_until=row), label)


def _marks(session: Session, record_id: str) -> Marks:
    return marks_from(session.record(record_id).get("marks"))


def _write(session: Session, record_id: str, marks: Marks, label: str) -> None:
    session.edit(record_id, {"marks": marks_to(marks)}, label=label)


def digest(prepared_run: Ready) -> str:
    """Return the fingerprint of what a result rests on: columns, row states, options, version."""
    found = hashlib.sha256()
    columns = prepared_run.columns
    facts = [
        prepared_run.analysis.id, prepared_run.analysis.version, repr(prepared_run.options),
        repr(columns.marks), repr(columns.spec),
    ]  # fmt: skip
    found.update(json.dumps(facts).encode())
    found.update(columns.excluded.tobytes())
    for role, chosen in sorted(columns.roles.items()):
        for column in chosen:
            found.update(f"{role}:{column.name}:{column.unit}".encode())
            values = np.asarray(column.values)
            found.update(
                "\0".join(map(str, values)).encode() if values.dtype == object else values.tobytes()
            )
    return found.hexdigest()


def save_result(session: Session, record_id: str) -> str:
    """Freeze numbers, picture and fingerprint of an analysis; return the saved result's id."""
    from leanlab.report.pictures import svg
    from leanlab.report.plain import plain

    record = session.record(record_id)
    run = ready(session, record)
    shown = run.run()
    chart = shown.charts[0] if shown.charts else None
    values = {
        "source_id": record_id, "analysis_id": run.analysis.id, "title": str(record.get("title", "")),
        "caption": chart.caption if chart else "", "alt": chart.alt if chart else "",
        "svg": svg(chart) if chart else "", "digest": digest(run), "options": plain(run.options),
        "numbers": plain(shown.numbers), "findings": plain(shown.findings),
        "report_card": plain(shown.report_card), "tables": plain(shown.tables),
    }  # fmt: skip
    with session.step(f"Save result of {record.get('title')}"):
        saved = session.add("finding", values)
        session.link(record_id, "saved_as", saved)
    return saved


def out_of_date(session: Session, finding: Record) -> bool:
    """Whether the data or options of a saved result changed since."""
    from leanlab.core.errors import DataProblem

    source = str(finding.get("source_id", ""))
    if not source or not session.exists(source):
        return True
    try:
        return digest(ready(session, session.record(source))) != finding.get("digest")
    except DataProblem:
        return True
