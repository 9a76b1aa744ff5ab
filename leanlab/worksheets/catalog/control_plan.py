"""Control plan: what is watched after the change, by whom, how often, and what then."""

from collections.abc import Iterable
from typing import Any

from leanlab.worksheets.checking import each
from leanlab.worksheets.declare import (
    Check,
    Computed,
    Example,
    Field,
    Hit,
    Offer,
    Row,
    Section,
    View,
    WorksheetType,
)

_METHODS = {
    "poka-yoke": "error-proofing", "automatic": "automatic control", "chart": "control chart",
    "checklist": "checklist", "audit": "audit", "training": "training or awareness",
}  # fmt: skip
_STRENGTH = {
    "poka-yoke": "prevents",
    "automatic": "automatic",
    "chart": "chart",
    "checklist": "check",
    "audit": "check",
    "training": "weak",
}
_CLASSES = {"critical": "critical", "significant": "significant", "other": "other"}
_KINDS = {"product": "product or result", "process": "process"}


def _covered_metrics(view: View) -> set[Any]:
    return {r.get("metric_id") for r in view.all("items") if r.get("metric_id")}


def _watched(view: View) -> list[Row]:
    return [m for m in view.records("metric") if m.get("role") in {"primary", "x"}]


def _causes_covered(view: View) -> set[str]:
    return {cause for r in view.all("items") for cause in view.linked(r.id, "controls")}


def _verified(view: View) -> list[Row]:
    return [c for c in view.records("cause") if c.get("status") == "verified"]


def _coverage(view: View) -> float | None:
    needed = len(_watched(view)) + len(_verified(view))
    if not needed:
        return None
    there = sum(m.id in _covered_metrics(view) for m in _watched(view))
    return (there + sum(c.id in _causes_covered(view) for c in _verified(view))) / needed


def _uncovered(view: View) -> Iterable[Hit]:
    for metric in _watched(view):
        if metric.id not in _covered_metrics(view):
            yield Hit(
                f"The metric {metric.text('name')} is not in the control plan.",
                "",
                "metric_id",
                "items",
            )
    for cause in _verified(view):
        if cause.id not in _causes_covered(view):
            yield Hit(
                f"The verified cause '{cause.text('text')}' is not controlled by any item.",
                "",
                "causes",
                "items",
            )


def _strengths(view: View) -> str:
    found = [_STRENGTH.get(r.text("method"), "") for r in view.all("items")]
    return ", ".join(
        f"{k} {found.count(k)}"
        for k in ("prevents", "automatic", "chart", "check", "weak")
        if k in found
    )


def _untrusted(row: Row, view: View) -> bool:
    metric = view.record("metric", row.get("metric_id"))
    if row.text("method") != "chart" or not metric.id:
        return False
    studied = any(str(f.get("analysis_id", "")).startswith("msa.") for f in view.records("finding"))
    return not studied and not metric.text("measurement_reason") and not row.text("technique")


def _limits_are_spec(row: Row, _view: View) -> bool:
    return (
        bool(row.text("limits"))
        and row.text("limits").casefold() == row.text("requirement").casefold()
    )


def _fmea_controls(view: View) -> list[Row]:
    """Return FMEA rows whose cause has a control, but no item of the control plan yet."""
    rows = [
        r
        for r in view.records("worksheet_row")
        if r.text("section") == "rows" and (r.get("cause_id"))
    ]
    covered = _causes_covered(view)
    return [
        r for r in rows
        if r.get("cause_id") not in covered and (r.text("prevention_control") or r.text("detection_control"))
        and view.record("cause", r.get("cause_id")).text("status") == "verified"
    ]  # fmt: skip


def _carried(view: View) -> tuple[tuple[str, dict[str, Any]], ...]:
    return tuple(
        (
            "items",
            {
                "title": r.text("prevention_control") or r.text("detection_control"),
                "process_step_id": r.get("process_step_id"), "requirement": r.text("requirement"),
                "causes": (r.get("cause_id"),), "characteristic": "process",
            },
        )
        for r in _fmea_controls(view)
    )  # fmt: skip


def _not_carried(view: View) -> Iterable[Hit]:
    count = len(_fmea_controls(view))
    if count:
        yield Hit(
            f"{count} control{'s' if count > 1 else ''} of the FMEA on verified causes not carried over.",
            "",
            "",
            "items",
        )


CONTROL_PLAN = WorksheetType(
    id="controlplan", version=1, title="Control plan", phases="IC", archetype="grid", landscape=True,
    question="How do we hold the gain: who watches what, how often, and what then?",
    also_called=("monitoring plan", "reaction plan", "sustain plan"),
    sections=(
        Section(
            id="frame", title="Frame",
            fields=(
                Field(id="process", label="Process"),
                Field(id="approved_by", label="Approved by", type="person"),
                Field(id="approved_on", label="Approved on", type="date"),
            ),
        ),
        Section(
            id="items", title="Control items", repeats=True, register="control_item", row_word="item",
            blank="One row for each metric and each verified cause that must stay under control.",
            fields=(
                Field(id="title", label="What is controlled", required=True, width=200, group="What", example="Share of late departures"),
                Field(id="process_step_id", label="Step", type="process_step", width=140, group="What"),
                Field(id="characteristic", label="Kind", type="enum", choices=_KINDS, width=120, group="What"),
                Field(id="metric_id", label="Metric", type="metric", width=140, group="What"),
                Field(id="causes", label="Verified cause", type="cause", link="controls", width=200, group="What"),
                Field(id="item_class", label="Class", type="enum", choices=_CLASSES, width=100, group="What"),
                Field(id="requirement", label="Requirement", width=130, group="How", example="at most 5 %"),
                Field(id="technique", label="Measured with", width=140, group="How", example="departure scan"),
                Field(id="sample", label="Sample", width=110, group="How", example="all departures"),
                Field(id="frequency", label="How often", required=True, width=110, group="How", example="daily"),
                Field(id="method", label="Method", type="enum", choices=_METHODS, required=True, width=130, group="How"),
                Field(id="limits", label="Limits", width=120, group="How", example="2.1 to 6.4 %",
                      help="Of the control chart; not the requirement."),
                Field(id="owner", label="Owner", type="person", required=True, width=120, group="Then"),
                Field(id="reaction", label="Reaction", required=True, width=240, group="Then",
                      example="Shift lead calls dispatch and checks the list stop", help="What is done at a signal, and by whom."),
                Field(id="record_place", label="Recorded in", width=130, group="Then"),
                Field(id="document", label="Document", width=120, group="Then"),
                Field(id="review_on", label="Next check", type="date", width=105, group="Then"),
            ),
        ),
    ),
    computed=(
        Computed("coverage", "Metrics and verified causes covered", _coverage, "pct"),
        Computed("late", "Checks late", lambda v: sum(bool(r.text("review_on")) and r.text("review_on") < v.today.isoformat() for r in v.all("items")), "int"),
        Computed("strength", "Methods", _strengths),
    ),
    checks=(
        Check("CN-01", "must", "Every metric and verified cause is covered", _uncovered),
        Check("CN-03", "should", "Control does not rest on awareness",
              each("items", lambda r, _v: r.text("method") == "training", "{row} rests on training: choose something that shows or stops the failure.", field="method")),
        Check("CN-04", "should", "Charted measurements can be trusted",
              each("items", _untrusted, "{row}: no measurement study, and nothing said about how it is measured.", field="technique")),
        Check("CN-05", "should", "Controls of the FMEA are carried over", _not_carried),
        Check("CN-07", "should", "Limits are not the requirement",
              each("items", _limits_are_spec, "{row}: control limits come from the data, not from the requirement.", field="limits")),
        Check("CN-08", "hint", "Checks are made in time",
              each("items", lambda r, v: bool(r.text("review_on")) and r.text("review_on") < v.today.isoformat(),
                   "{row}: the next check is overdue.", field="review_on")),
    ),
    offers=(
        Offer("fmea", lambda v: f"Carry over {len(_fmea_controls(v))} controls of the FMEA?" if _fmea_controls(v) else "", _carried),
    ),
    example=Example(
        title="Evening departure",
        body={"process": "Evening departure", "approved_by": "T. Lind", "approved_on": "2026-04-20"},
        registers={
            "control_item": (
                {"id": "k1", "title": "Share of late departures", "process_step_id": "p1", "characteristic": "product", "metric_id": "y",
                 "item_class": "critical", "requirement": "at most 5 %", "technique": "Departure scan", "sample": "All departures",
                 "frequency": "daily", "method": "chart", "limits": "2.1 to 6.4 %", "owner": "T. Lind",
                 "reaction": "Shift lead calls dispatch, checks the list stop, notes the cause", "record_place": "Shift book",
                 "review_on": "2026-06-30"},
                {"id": "k2", "title": "Changes of the list after 17:00", "process_step_id": "p1", "characteristic": "process",
                 "item_class": "significant", "requirement": "none", "technique": "System log", "sample": "All lists", "frequency": "each shift",
                 "method": "automatic", "owner": "S. Haddad", "reaction": "System refuses; exception only by the shift lead",
                 "review_on": "2026-06-30"},
            ),
            "metric": ({"id": "y", "name": "Late departures", "role": "primary"},),
            "cause": ({"id": "c1", "text": "Loading list changes after 17:00", "status": "verified"},),
            "process_step": ({"id": "p1", "name": "Load parcels"},),
            "worksheet_row": ({"id": "w1", "section": "rows", "cause_id": "c1", "prevention_control": "Order stop at 17:00", "process_step_id": "p1"},),
        },
        links=(("k2", "controls", "c1"),),
    ),
)  # fmt: skip
