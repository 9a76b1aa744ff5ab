"""FMEA: what could go wrong, how bad, how often, how well seen, and what is done about it."""

from collections.abc import Iterable
from typing import Any

from leanlab.domain.fmea import SEVERE, action_priority, risk_number
from leanlab.domain.registers import ACTION_STATUS, is_open
from leanlab.worksheets.checking import each
from leanlab.worksheets.declare import (
    Check,
    Computed,
    Example,
    Field,
    Filter,
    Hit,
    Offer,
    Row,
    Scale,
    Section,
    View,
    WorksheetType,
)

_SETS = {"process": "for a production process", "service": "for a service"}
_MODES = {"ap": "action priority (AP)", "rpn": "risk number (RPN)"}

_SEVERITY_PROCESS = Scale("fmea.severity.process", "Severity: what happens if it goes wrong", {
    10: "People are hurt, without warning", 9: "People may be hurt, or the law is broken",
    8: "The product cannot be used at all", 7: "The product works, but clearly worse; customers complain",
    6: "A comfort function is lost", 5: "A comfort function is worse",
    4: "Most customers notice a flaw", 3: "Many customers notice a flaw",
    2: "A trained eye notices a flaw", 1: "Nobody notices",
})  # fmt: skip
_SEVERITY_SERVICE = Scale("fmea.severity.service", "Severity: what happens if it goes wrong", {
    10: "Harm to people, or a breach of law", 9: "Loss of the customer, or a large claim",
    8: "Service fails; the customer must act again from the start", 7: "Service fails in part; formal complaint",
    6: "Late by days, or wrong for many", 5: "Late by hours, or wrong for some",
    4: "The customer has to ask", 3: "The customer waits longer than promised",
    2: "A small annoyance", 1: "The customer notices nothing",
})  # fmt: skip
_OCCURRENCE = Scale("fmea.occurrence", "Occurrence: how often the cause turns up", {
    10: "More than 1 in 10", 9: "About 1 in 20", 8: "About 1 in 50", 7: "About 1 in 100", 6: "About 1 in 500",
    5: "About 1 in 2 000", 4: "About 1 in 10 000", 3: "About 1 in 100 000", 2: "About 1 in 1 000 000",
    1: "Made impossible by design",
})  # fmt: skip
_DETECTION = Scale("fmea.detection", "Detection: how surely it is seen before it does harm", {
    10: "Nobody looks, or it cannot be seen", 9: "Seen only by chance", 8: "Seen at the end, by eye",
    7: "Seen at the end, with a gauge or a list", 6: "Seen at the step, by eye", 5: "Seen at the step, with a gauge or a list",
    4: "Found by a machine at the end", 3: "Found by a machine at the step, and stopped",
    2: "The cause is found before the failure", 1: "The failure cannot happen",
})  # fmt: skip


def severity_scale(view: View) -> Scale:
    """Return the severity scale of the chosen set."""
    return _SEVERITY_SERVICE if view.text("scales") == "service" else _SEVERITY_PROCESS


def _occurrence(_view: View) -> Scale:
    return _OCCURRENCE


def _detection(_view: View) -> Scale:
    return _DETECTION


def _ratings(row: Row, names: tuple[str, str, str]) -> tuple[int | None, int | None, int | None]:
    found = tuple(int(v) if (v := row.number(n)) is not None else None for n in names)
    return found[0], found[1], found[2]


NOW, LATER = ("severity", "occurrence", "detection"), ("severity2", "occurrence2", "detection2")


def _rpn(row: Row, _view: View) -> int | None:
    return risk_number(*_ratings(row, NOW))


def _ap(row: Row, _view: View) -> str | None:
    return action_priority(*_ratings(row, NOW))


def _rpn2(row: Row, _view: View) -> int | None:
    return risk_number(*_ratings(row, LATER))


def _ap2(row: Row, _view: View) -> str | None:
    return action_priority(*_ratings(row, LATER))


def _level(value: Any) -> str:
    return {"H": "problem", "M": "attention", "L": "ok"}.get(str(value), "")


def _acts(row: Row) -> bool:
    return bool(row.get("action_id"))


def _done(row: Row, view: View) -> bool:
    return view.record("action", row.get("action_id")).text("status") in {"done", "verified"}


def _rescored(row: Row) -> bool:
    return all(row.number(n) is not None for n in LATER)


_PRIORITIES = {"H": "high", "M": "medium", "L": "low"}


def _counted(view: View) -> str:
    found = [_ap(r, view) for r in view.all("rows")]
    if not any(found):
        return ""
    counts = ((found.count(p), word) for p, word in _PRIORITIES.items())
    return ", ".join(f"{n or 'none'} {word}" for n, word in counts)


def _rescored_words(view: View) -> str:
    done = [r for r in view.all("rows") if _done(r, view)]
    return f"{sum(map(_rescored, done))} of {len(done)}" if done else ""


def _closed_share(view: View) -> float | None:
    acting = [view.record("action", r.get("action_id")) for r in view.all("rows") if _acts(r)]
    return sum(not is_open(a.text("status")) for a in acting) / len(acting) if acting else None


def _high_without_action(row: Row, view: View) -> bool:
    high = _ap(row, view) == "H" or (row.number("severity") or 0) >= SEVERE
    return high and not _acts(row) and not row.text("remark")


def _severity_fell(row: Row, _view: View) -> bool:
    now, later = row.number("severity"), row.number("severity2")
    return now is not None and later is not None and now != later and not row.text("remark")


def _detection_fell(row: Row, _view: View) -> bool:
    now, later = row.number("detection"), row.number("detection2")
    return (
        now is not None and later is not None and later < now and not row.text("detection_control")
    )


def _cause_echoes(row: Row, view: View) -> bool:
    cause = view.record("cause", row.get("cause_id")).text("text").casefold()
    return bool(cause) and cause in {row.text("failure").casefold(), row.text("effect").casefold()}


def _only_training(row: Row, view: View) -> bool:
    title = view.record("action", row.get("action_id")).text("title").casefold()
    return _ap(row, view) == "H" and any(
        w in title for w in ("retrain", "train ", "remind", "instruct")
    )


def _rated_twice(view: View) -> Iterable[Hit]:
    seen: dict[Any, float] = {}
    for row in view.all("rows"):
        cause, rating = row.get("cause_id"), row.number("occurrence")
        if cause is None or rating is None:
            continue
        if cause in seen and seen[cause] != rating:
            name = view.record("cause", cause).text("text")
            yield Hit(
                f"'{name}' has occurrence {seen[cause]:g} in one row and {rating:g} in another.",
                row.id,
                "occurrence",
                "rows",
            )
        seen.setdefault(cause, rating)


def _unrated(row: Row, _view: View) -> bool:
    return None in _ratings(row, NOW)


def _from_steps(view: View) -> tuple[tuple[str, dict[str, Any]], ...]:
    if view.all("rows"):
        return ()
    steps = [s for s in view.records("process_step") if s.text("step_type") not in {"start", "end"}]
    return tuple(("rows", {"process_step_id": s.id}) for s in steps)


def _rating(field_id: str, label: str, spelled: str, scale: Any, group: str) -> Field:
    return Field(id=field_id, label=label, type="int", minimum=1, maximum=10, width=46, scale=scale, group=group,
                 spelled=spelled, help="1 is harmless, 10 is worst. F4 shows what each number means.")  # fmt: skip


_ROWS = Section(
    id="rows", title="Failure modes", repeats=True, row_word="failure mode",
    blank="One row for each way in which a step can fail.",
    ties=(("action_id", "addresses", "cause_id"),),
    filters=(
        Filter("high", "Priority H", lambda r, v: _ap(r, v) == "H"),
        Filter("acting", "With action", lambda r, _v: _acts(r)),
        Filter("rescore", "Done, not re-scored", lambda r, v: _done(r, v) and not _rescored(r)),
    ),
    fields=(
        Field(id="process_step_id", label="Step", type="process_step", required=True, width=140, group="What",
              new={"step_type": "step"}),
        Field(id="requirement", label="Requirement", width=150, group="What", example="All parcels on the list"),
        Field(id="failure", label="Failure mode", required=True, width=165, group="What", example="Parcel is left behind"),
        Field(id="effect", label="Effect", required=True, width=165, group="What", example="Customer gets it a day late"),
        _rating("severity", "S", "severity", severity_scale, "Today"),
        Field(id="cause_id", label="Cause", type="cause", required=True, width=190, group="Today",
              new={"status": "potential", "source": "FMEA"},
              help="Choose a cause of the fishbone, or type a new one."),
        Field(id="prevention_control", label="Prevention", width=150, group="Today"),
        _rating("occurrence", "O", "occurrence", _occurrence, "Today"),
        Field(id="detection_control", label="Detection", width=150, group="Today"),
        _rating("detection", "D", "detection", _detection, "Today"),
        Field(id="rpn", label="RPN", spelled="risk priority number", type="calc", value=_rpn, width=56, group="Today",
              help="S × O × D; a rank, not a percentage."),
        Field(id="ap", label="AP", spelled="action priority", type="calc", value=_ap, width=46, group="Today", level=_level,
              help="H: act, or say why not. M: should act. L: may act. Check it against your own handbook."),
        Field(id="action_id", label="Action", type="action", width=190, group="Action", new={"kind": "fmea", "status": "open"}),
        Field(id="action:owner", label="Owner", type="person", through="action_id", width=100, group="Action"),
        Field(id="action:due", label="Due", type="date", through="action_id", width=96, group="Action"),
        Field(id="action:status", label="Status", type="enum", choices=ACTION_STATUS, through="action_id", width=100, group="Action"),
        _rating("severity2", "S'", "severity after the action", severity_scale, "After"),
        _rating("occurrence2", "O'", "occurrence after the action", _occurrence, "After"),
        _rating("detection2", "D'", "detection after the action", _detection, "After"),
        Field(id="rpn2", label="RPN'", spelled="risk priority number after the action", type="calc", value=_rpn2, width=56, group="After"),
        Field(id="ap2", label="AP'", spelled="action priority after the action", type="calc", value=_ap2, width=46, group="After", level=_level),
        Field(id="remark", label="Remark", width=200, group="After",
              help="Why no action is needed, or why the severity changed."),
    ),
)  # fmt: skip

FMEA = WorksheetType(
    id="fmea", version=1, title="FMEA", phases="AIC", archetype="grid", landscape=True,
    question="What could go wrong, how bad is it, and what do we do first?",
    also_called=("failure mode and effects analysis", "risk analysis", "PFMEA", "RPN"),
    sections=(
        Section(
            id="frame", title="Frame",
            fields=(
                Field(id="scope", label="Process", example="Evening departure"),
                Field(id="mode", label="Rank by", type="enum", choices=_MODES, default="ap"),
                Field(id="scales", label="Rating scales", type="enum", choices=_SETS, default="process",
                      help="What the numbers 1 to 10 mean; F4 in a rating shows them."),
            ),
        ),
        _ROWS,
    ),
    computed=(
        Computed("rows", "Failure modes", lambda v: len(v.all("rows")), "int"),
        Computed("priorities", "Action priority", _counted),
        Computed("closed", "Actions closed", _closed_share, "pct"),
        Computed("rescored", "Re-scored", _rescored_words),
    ),
    checks=(
        Check("FM-01", "must", "Every row is rated", each("rows", _unrated, "{row}: S, O or D is missing.", field="severity")),
        Check("FM-02", "must", "High risks have an action or a reason",
              each("rows", _high_without_action, "{row}: high risk without action; add one, or write the reason as a remark.", field="action_id")),
        Check("FM-03", "should", "Done actions are re-scored",
              each("rows", lambda r, v: _done(r, v) and not _rescored(r), "{row}: the action is done, rate S', O', D'.", field="severity2")),
        Check("FM-04", "should", "A changed severity is explained",
              each("rows", _severity_fell, "{row}: severity changed; say by which change of design, as a remark.", field="severity2")),
        Check("FM-05", "should", "Better detection has a control",
              each("rows", _detection_fell, "{row}: detection got better, but no detection control is named.", field="detection_control")),
        Check("FM-06", "should", "The cause is not the failure in other words",
              each("rows", _cause_echoes, "{row}: the cause repeats the failure or the effect.", field="cause_id")),
        Check("FM-07", "should", "Training alone is no answer to a high risk",
              each("rows", _only_training, "{row}: training is the only action at priority H.", field="action_id")),
        Check("FM-08", "should", "A cause has one occurrence", _rated_twice),
        Check("FM-09", "hint", "The risk number is a rank, not a stop rule",
              lambda v: [Hit("Do not stop at an RPN limit: severity counts first.", "", "mode")] if v.text("mode") == "rpn" and v.all("rows") else ()),
    ),
    offers=(
        Offer("steps", lambda v: f"Bring in the {len(_from_steps(v))} steps of the process?" if _from_steps(v) else "", _from_steps),
    ),
    example=Example(
        title="Evening departure",
        body={"scope": "Evening departure", "mode": "ap", "scales": "service"},
        rows={
            "rows": (
                {"id": "r1", "process_step_id": "p1", "requirement": "All parcels of the tour", "failure": "Parcel is left behind",
                 "effect": "Customer gets it a day late", "severity": 7, "cause_id": "c1", "prevention_control": "Order stop at 17:00",
                 "occurrence": 7, "detection_control": "Count at the gate", "detection": 5, "action_id": "a1",
                 "severity2": 7, "occurrence2": 3, "detection2": 5},
                {"id": "r2", "process_step_id": "p2", "requirement": "Right lorry", "failure": "Loaded into the wrong lorry",
                 "effect": "Parcel travels to another town", "severity": 8, "cause_id": "c2", "prevention_control": "Gate signs",
                 "occurrence": 3, "detection_control": "Scan at the gate", "detection": 4},
                {"id": "r3", "process_step_id": "p2", "requirement": "No damage", "failure": "Heavy on top of light",
                 "effect": "Damaged goods, claim", "severity": 6, "cause_id": "c3", "prevention_control": "Loading rule",
                 "occurrence": 4, "detection_control": "Look before closing", "detection": 6},
            ),
        },
        registers={
            "process_step": ({"id": "p1", "name": "Build loading list", "step_type": "step"}, {"id": "p2", "name": "Load parcels", "step_type": "step"}),
            "cause": (
                {"id": "c1", "text": "Loading list changes after 17:00", "status": "verified"},
                {"id": "c2", "text": "Gate numbers look alike", "status": "potential"},
                {"id": "c3", "text": "Light parcels come last", "status": "potential"},
            ),
            "action": ({"id": "a1", "title": "Freeze the list at 17:00 in the system", "owner": "T. Lind", "due": "2026-08-01", "status": "done"},),
        },
        links=(("a1", "addresses", "c1"),),
    ),
)  # fmt: skip
