"""Analyses kept in a project: adding, copying and reading them; the parts stand in rooms of their own.

`marks` is what a user does to points, `readiness` the way from a record to columns, `results`
what is frozen, `effects` what an exclusion would do.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from leanlab.analyses.declare import Analysis, Marks, PointMark
from leanlab.analyses.registry import find
from leanlab.app.marks import (
    annotate,
    exclude,
    exclude_everywhere,
    include,
    marks_from,
    marks_to,
    stages_of_others,
    start_stage,
    use_limits_until,
)
from leanlab.app.readiness import Ready, guessed_roles, metric_of, ready, spec_of
from leanlab.app.results import digest, out_of_date, save_result
from leanlab.app.session import Session


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
        roles = guessed_roles(analysis, session.sheet(sheet_id), session) if sheet_id else {}
    values = {
        "analysis_id": analysis.id, "version": analysis.version,
        "title": title or _title(session, analysis, sheet_id, roles), "phase": phase,
        "sheet_id": sheet_id, "roles": {k: list(v) for k, v in roles.items()},
        "options": dict(options or {}), "named": bool(title),
        "marks": marks_to(Marks(stages=_known_stages(session, analysis, sheet_id, roles))),
    }  # fmt: skip
    return session.add("analysis", values, label=f"Add {analysis.title}")


def _known_stages(
    session: Session, analysis: Analysis, sheet_id: str | None, roles: Mapping[str, Sequence[str]]
) -> tuple[PointMark, ...]:
    """Let a comparison of stages begin with those that were marked on a chart of the same column."""
    staged = any(role.id == "stage" for role in analysis.roles) and analysis.group == "Compare"
    value = next(iter(roles.get("value", ())), "")
    if not staged or not sheet_id or not value or roles.get("stage"):
        return ()
    return stages_of_others(session, sheet_id, value)


def choose_columns(session: Session, record_id: str, role_id: str, columns: Sequence[str]) -> None:
    """Fill a role; a title that nobody changed follows the main column."""
    record = session.record(record_id)
    roles = {**record.get("roles", {}), role_id: list(columns)}
    values: dict[str, Any] = {"roles": roles}
    if not record.get("named"):
        analysis = find(str(record.get("analysis_id")))
        values["title"] = _title(session, analysis, record.get("sheet_id"), roles)
    session.edit(record_id, values, label="Choose columns")


def read_metric(session: Session, record_id: str, metric_id: str) -> None:
    """Let an analysis read a metric over time, as it is bound; an empty id goes back to columns."""
    record = session.record(record_id)
    analysis = find(str(record.get("analysis_id")))
    if metric_id:
        metric = session.record(metric_id)
        sheet_id = (metric.get("binding") or {}).get("sheet_id", record.get("sheet_id"))
        title = f"{analysis.title}: {metric.get('name', '')}"
        roles: Mapping[str, Sequence[str]] = {}
    else:
        sheet_id = record.get("sheet_id")
        roles = guessed_roles(analysis, session.sheet(sheet_id), session) if sheet_id else {}
        title = _title(session, analysis, sheet_id, roles)
    values: dict[str, Any] = {
        "metric_id": metric_id or None, "sheet_id": sheet_id,
        "roles": {k: list(v) for k, v in roles.items()},
    }  # fmt: skip
    if not record.get("named"):
        values["title"] = title
    session.edit(record_id, values, label="Read a metric" if metric_id else "Read columns")


def rename(session: Session, record_id: str, title: str) -> None:
    """Give an analysis a title of the user's own; an empty one goes back to the automatic."""
    record = session.record(record_id)
    analysis = find(str(record.get("analysis_id")))
    automatic = _title(session, analysis, record.get("sheet_id"), record.get("roles", {}))
    values = {"title": title.strip() or automatic, "named": bool(title.strip())}
    session.edit(record_id, values, label="Rename analysis")


def duplicate(session: Session, record_id: str) -> str:
    """Copy an analysis with its columns, options and marks; saved results stay with the first."""
    record = session.record(record_id)
    title = f"{record.get('title')} (copy)"
    values = {**record.values, "title": title, "named": True}
    return session.add("analysis", values, label=f"Duplicate {record.get('title')}")


def _title(
    session: Session, analysis: Analysis, sheet_id: str | None, roles: Mapping[str, Sequence[str]]
) -> str:
    """Return "I-MR chart: late_h": the kind and its main column."""
    if not sheet_id or not session.exists(sheet_id):
        return analysis.title
    names = {c.id: c.name for c in session.sheet(sheet_id).columns}
    main = next((role.id for role in analysis.roles if role.required), "")
    chosen = [names[c] for c in roles.get(main, ()) if c in names]
    return f"{analysis.title}: {', '.join(chosen[:3])}" if chosen else analysis.title


__all__ = [
    "Ready", "add_analysis", "annotate", "choose_columns", "digest", "duplicate", "exclude",
    "exclude_everywhere", "guessed_roles", "include", "marks_from", "marks_to", "metric_of",
    "out_of_date", "read_metric", "ready", "rename", "save_result", "spec_of", "start_stage", "use_limits_until",
]  # fmt: skip
