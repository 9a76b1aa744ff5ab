"""Gate questions answered by the records: small rules over a read-only snapshot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leanlab.domain.benefits import HARD, judged_by_finance
from leanlab.domain.evidence import (
    BASELINE_ROWS,
    PROOF_POINTS,
    LooseEnd,
    loose_ends,
    points_after,
)
from leanlab.domain.evidence_view import (
    CHARTS,
    STUDIES,
    ProjectView,
    addressed,
    filled,
    has_evidence,
    number,
    verdict,
    verdict_level,
    waiting,
)
from leanlab.domain.registers import metric_lacks

__all__ = ["RULES", "Answer", "LooseEnd", "ProjectView", "loose_ends"]

MANY_CAUSES = 12
FEW_STEPS = 4
OPTIONS = 3
SPLITS = 2
GAP_SHARE = 0.8
CLOSED_STATUSES = frozenset({"verified", "refuted", "screened out"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the records say to a question: yes or no, why, and where one sees it.

    A no is either not done yet, or something on record speaks `against` a yes.
    """

    yes: bool
    text: str
    target: str = ""
    against: bool = False


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


# Define ------------------------------------------------------------------------------------------


def problem_stated(view: ProjectView) -> Answer:
    """A number, a place and a period stand in the charter."""
    body = view.worksheet("charter")
    words = {"what": "what is wrong", "where": "where", "period": "since when", "size": "how much"}
    missing = [text for key, text in words.items() if not filled(body, key)]
    text = (
        f"The charter does not say {' and '.join(missing)}."
        if missing
        else "The charter says what, where, since when and how much."
    )
    return Answer(not missing, text, "worksheet:charter")


def primary_metric(view: ProjectView) -> Answer:
    """There is exactly one primary metric, and it is defined."""
    primaries = [m for m in view.records("metric") if m.get("role") == "primary"]
    if len(primaries) != 1:
        text = "There is no primary metric yet." if not primaries else "There is more than one."
        return Answer(False, text, "metrics", against=len(primaries) > 1)
    lacks = metric_lacks(primaries[0])
    text = f"{primaries[0].get('name')} " + (f"lacks {lacks}." if lacks else "is defined.")
    return Answer(not lacks, text, primaries[0].id)


def goal_stated(view: ProjectView) -> Answer:
    """The goal says from what, to what, by when."""
    body, metric = view.worksheet("charter"), view.metric("primary")
    target = metric is not None and metric.get("target") is not None
    yes = bool(target and filled(body, "by_date"))
    if yes:
        return Answer(yes, "Target and date are set.", "worksheet:charter")
    if not target:
        return Answer(
            False, "The primary metric has no target.", metric.id if metric else "metrics"
        )
    return Answer(False, "The charter does not say by when.", "worksheet:charter")


def case_stated(view: ProjectView) -> Answer:
    """The charter says why it matters."""
    yes = filled(view.worksheet("charter"), "case")
    text = "The charter says why it matters." if yes else "The charter does not say why it matters."
    return Answer(yes, text, "worksheet:charter")


def benefit_estimated(view: ProjectView) -> Answer:
    """A benefit line exists."""
    yes = bool(view.records("benefit_line"))
    text = "Benefits are estimated." if yes else "No benefit is estimated yet."
    return Answer(yes, text, "worksheet:benefits")


def scope_set(view: ProjectView) -> Answer:
    """In scope and out of scope are written."""
    yes = filled(view.worksheet("charter"), "in_scope", "out_scope")
    text = (
        "In scope and out of scope are written." if yes else "In scope or out of scope is missing."
    )
    return Answer(yes, text, "worksheet:charter")


def customers_named(view: ProjectView) -> Answer:
    """The SIPOC has customers."""
    count = sum(1 for row in view.rows("sipoc", "outputs") if row.get("customer"))
    text = (
        f"The SIPOC names {_count(count, 'customer')}." if count else "The SIPOC names no customer."
    )
    return Answer(count > 0, text, "worksheet:sipoc")


def people_named(view: ProjectView) -> Answer:
    """Sponsor and leader stand in the charter."""
    yes = filled(view.worksheet("charter"), "sponsor", "leader")
    text = "Sponsor and leader are named." if yes else "The charter lacks sponsor or leader."
    return Answer(yes, text, "worksheet:charter")


def worries_known(view: ProjectView) -> Answer:
    """Those concerned are listed, and whoever must be won over is looked after."""
    people = view.rows("stakeholder", "people")
    if not people:
        return Answer(False, "Nobody is listed as concerned.", "worksheet:stakeholder")
    behind = [p for p in people if (p.get("needed") or 0) > (p.get("attitude") or 0)]
    bare = [p for p in behind if not (p.get("strategy") and p.get("owner"))]
    text = (
        f"Nobody looks after {bare[0].get('who')}, who must be won over."
        if len(bare) == 1
        else f"{len(bare)} who must be won over have no plan."
        if bare
        else f"{_count(len(people), 'person or group', 'people or groups')} listed; those to win over have a plan."
    )
    return Answer(not bare, text, "worksheet:stakeholder")


def risks_owned(view: ProjectView) -> Answer:
    """Risks are written down and watched."""
    risks = view.records("risk")
    bare = [r for r in risks if not r.get("owner")]
    if not risks:
        return Answer(False, "No risk is written down.")
    text = f"{_count(len(bare), 'risk')} without an owner." if bare else "Every risk has an owner."
    return Answer(not bare, text)


def counter_metric(view: ProjectView) -> Answer:
    """Something must not get worse."""
    metric = view.metric("counter")
    text = (
        f"{metric.get('name')} must not get worse."
        if metric is not None
        else "Nothing is named that must not get worse."
    )
    return Answer(metric is not None, text, metric.id if metric is not None else "metrics")


# Measure -----------------------------------------------------------------------------------------


def steps_mapped(view: ProjectView) -> Answer:
    """The process has steps."""
    count = len(view.records("process_step"))
    text = f"The map has {_count(count, 'step')}." if count else "The process is not mapped yet."
    return Answer(count >= FEW_STEPS, text, "worksheet:map")


def metric_bound(view: ProjectView) -> Answer:
    """The primary metric is tied to data."""
    metric = view.metric("primary")
    yes = bool(metric is not None and metric.get("binding"))
    text = (
        "The primary metric reads its data sheet."
        if yes
        else "It is not known where the values of the primary metric are."
    )
    return Answer(yes, text, metric.id if metric is not None else "metrics")


def measurement_trusted(view: ProjectView) -> Answer:
    """A measurement study is saved, or a reason why none is needed."""
    metric, studies = view.metric("primary"), view.results(STUDIES)
    reason = str(metric.get("measurement_reason") or "").strip() if metric is not None else ""
    if studies:
        good = verdict_level(studies[-1]) != "bad"
        text = verdict(studies[-1]) or "A measurement study is saved."
        return Answer(good, text, studies[-1].id, against=not good)
    if reason:
        return Answer(
            True, f"No study is needed: {reason}", metric.id if metric is not None else ""
        )
    return Answer(
        False, "There is no measurement study, and no reason why none is needed.", "analyses"
    )


def data_enough(view: ProjectView) -> Answer:
    """The baseline chart has enough points."""
    baseline = view.baseline()
    if baseline is None:
        return Answer(False, "No chart of the baseline is saved.", "analyses")
    count = number(baseline, "n", "i.n", "points", "k")
    if count is None:
        return Answer(True, "A chart of the baseline is saved.", baseline.id)
    return Answer(
        count >= BASELINE_ROWS, f"The baseline has {_count(int(count), 'point')}.", baseline.id
    )


def causes_explained(view: ProjectView) -> Answer:
    """The baseline is stable, or what happened at its signals is written."""
    baseline = view.baseline()
    if baseline is None:
        return Answer(False, "No chart of the baseline is saved.", "analyses")
    if verdict_level(baseline) == "good":
        return Answer(True, verdict(baseline), baseline.id)
    source = str(baseline.get("source_id"))
    analysis = next((a for a in view.records("analysis") if a.id == source), None)
    marks = analysis.get("marks") or {} if analysis is not None else {}
    notes = [m for m in (*marks.get("excluded", ()), *marks.get("notes", ())) if m.get("reason")]
    text = (
        f"{_count(len(notes), 'special cause is', 'special causes are')} explained on the chart."
        if notes
        else "The chart shows signals, and nothing says what happened there."
    )
    return Answer(bool(notes), text, source)


def baseline_saved(view: ProjectView) -> Answer:
    """A chart of the baseline is saved and the metric has its baseline."""
    metric, baseline = view.metric("primary"), view.baseline()
    entered = metric is not None and metric.get("baseline") is not None
    if baseline is not None and entered:
        return Answer(True, "The baseline is charted and entered.", baseline.id)
    text = (
        "The baseline is not charted and saved."
        if baseline is None
        else "The value is not entered."
    )
    return Answer(False, text, "analyses" if baseline is None or metric is None else metric.id)


def data_split(view: ProjectView) -> Answer:
    """Groups were compared."""
    found = view.results("quality.pareto", "test.", "lean.", "plot.")
    text = f"{_count(len(found), 'comparison')} saved." if found else "No comparison is saved."
    return Answer(len(found) >= SPLITS, text, found[-1].id if found else "analyses")


def concentration_known(view: ProjectView) -> Answer:
    """A Pareto chart is saved."""
    found = view.results("quality.pareto")
    text = verdict(found[-1]) if found else "No Pareto chart is saved."
    return Answer(bool(found), text, found[-1].id if found else "analyses")


def target_confirmed(view: ProjectView) -> Answer:
    """The target was set against a measured baseline."""
    metric = view.metric("primary")
    yes = bool(
        metric is not None
        and metric.get("target") is not None
        and metric.get("baseline") is not None
        and view.baseline() is not None
    )
    text = "Target and measured baseline stand." if yes else "The target is provisional."
    return Answer(yes, text, metric.id if metric is not None else "metrics")


# Analyse -----------------------------------------------------------------------------------------


def causes_collected(view: ProjectView) -> Answer:
    """Enough possible causes were written down."""
    count = len(view.records("cause"))
    text = f"{_count(count, 'possible cause')} collected."
    if count < MANY_CAUSES:
        text += f" {MANY_CAUSES} or more are usual."
    return Answer(count >= MANY_CAUSES, text, "worksheet:fishbone")


def _leaves(view: ProjectView) -> list[Any]:
    causes = view.records("cause")
    parents = {c.get("parent_id") for c in causes}
    return [c for c in causes if c.id not in parents]


def causes_decided(view: ProjectView) -> Answer:
    """No cause is left undecided."""
    leaves = _leaves(view)
    left = [c for c in leaves if c.get("status", "potential") not in CLOSED_STATUSES]
    text = f"{_count(len(left), 'cause is', 'causes are')} undecided."
    if not leaves:
        text = "No cause is written down."
    return Answer(
        bool(leaves) and not left,
        text if left or not leaves else "Every cause is decided.",
        "worksheet:fishbone",
    )


def causes_tested(view: ProjectView) -> Answer:
    """No suspected cause still waits for its test."""
    waiting_ones = view.with_status("cause", "under test")
    tested = view.with_status("cause", "verified", "refuted")
    if waiting_ones:
        text = f"{_count(len(waiting_ones), 'cause is', 'causes are')} under test."
    elif tested:
        text = f"{_count(len(tested), 'cause was', 'causes were')} tested."
    else:
        text = "No cause was tested yet."
    return Answer(bool(tested) and not waiting_ones, text, "worksheet:fishbone")


def cause_verified(view: ProjectView) -> Answer:
    """At least one cause is verified."""
    count = len(view.with_status("cause", "verified"))
    text = (
        f"{_count(count, 'cause is', 'causes are')} verified." if count else "No cause is verified."
    )
    return Answer(count > 0, text, "worksheet:fishbone")


def evidence_linked(view: ProjectView) -> Answer:
    """At least one cause is verified, and every verified cause has evidence."""
    verified = view.with_status("cause", "verified")
    bare = [c for c in verified if not has_evidence(view, c)]
    if not verified:
        return Answer(False, "No cause is verified yet.", "worksheet:fishbone")
    if bare:
        text = f"{_count(len(bare), 'verified cause has', 'verified causes have')} no evidence."
        return Answer(False, text, "worksheet:fishbone", against=True)
    text = f"{_count(len(verified), 'cause is', 'causes are')} verified with evidence."
    linked = view.linked(verified[0].id, "evidence")
    return Answer(True, text, linked[0] if linked else "worksheet:fishbone")


def cause_refuted(view: ProjectView) -> Answer:
    """Other explanations were ruled out."""
    count = len(view.with_status("cause", "refuted"))
    text = (
        f"{_count(count, 'cause was', 'causes were')} ruled out."
        if count
        else "No cause was ruled out."
    )
    return Answer(count > 0, text, "worksheet:fishbone")


def tests_trusted(view: ProjectView) -> Answer:
    """The tests that serve as evidence have no red light."""
    cited = {link.to_id for link in view.links if link.verb == "evidence"}
    tests = [f for f in view.records("finding") if f.id in cited]
    red = [f for f in tests if any(c.get("level") == "red" for c in f.get("report_card") or ())]
    if not tests:
        return Answer(False, "No saved result serves as evidence.", "worksheet:fishbone")
    if red:
        text = f"“{red[0].get('title')}” has a red light."
        return Answer(False, text, red[0].id, against=True)
    return Answer(True, f"{_count(len(tests), 'saved result')} without a red light.", tests[0].id)


def risks_rated(view: ProjectView) -> Answer:
    """The FMEA has rows."""
    count = len(view.rows("fmea"))
    text = f"The FMEA has {_count(count, 'row')}." if count else "The FMEA is empty."
    return Answer(count > 0, text, "worksheet:fmea")


# Improve -----------------------------------------------------------------------------------------


def causes_addressed(view: ProjectView) -> Answer:
    """Every verified cause has a solution or an action."""
    verified = view.with_status("cause", "verified")
    bare = [c for c in verified if not addressed(view, c)]
    if not verified:
        return Answer(False, "No cause is verified yet.", "worksheet:fishbone")
    text = (
        f"{_count(len(bare), 'verified cause has', 'verified causes have')} no solution and no action."
        if bare
        else "Every verified cause is addressed."
    )
    return Answer(not bare, text, "actions")


def options_compared(view: ProjectView) -> Answer:
    """There was a choice between solutions."""
    count = len(view.records("solution"))
    text = f"{_count(count, 'solution was', 'solutions were')} compared."
    return Answer(count >= OPTIONS, text, "worksheet:impact_effort")


def improvement_shown(view: ProjectView) -> Answer:
    """A before/after comparison of the primary metric shows the change."""
    metric = view.metric("primary")
    proof = view.proof(metric)
    if proof is None:
        return Answer(
            False, "No before/after comparison of the primary metric is saved.", "analyses"
        )
    good = verdict_level(proof) == "good"
    return Answer(good, verdict(proof), proof.id, against=not good)


def nothing_worse(view: ProjectView) -> Answer:
    """What must not get worse did not."""
    counter = view.metric("counter")
    if counter is None:
        return Answer(False, "Nothing is named that must not get worse.", "metrics")
    proof = view.proof(counter)
    if proof is None:
        return Answer(
            False, f"{counter.get('name')} was not compared before and after.", "analyses"
        )
    if verdict_level(proof) == "bad":
        return Answer(False, verdict(proof), proof.id, against=True)
    before, after = number(proof, "mean_before"), number(proof, "mean_after")
    text = f"{counter.get('name')} did not get worse"
    if before is not None and after is not None:
        text += f": {before:.3g} before, {after:.3g} after"
    return Answer(True, f"{text}.", proof.id)


def risks_rerated(view: ProjectView) -> Answer:
    """FMEA rows whose action is done were rated again."""
    ends = [e for e in loose_ends(view) if e.rule == "GT-14"]
    rated = bool(view.rows("fmea"))
    if not rated:
        return Answer(False, "The FMEA is empty.", "worksheet:fmea")
    return Answer(not ends, ends[0].text if ends else "Risks were rated again.", "worksheet:fmea")


def actions_owned(view: ProjectView) -> Answer:
    """Actions have owner and date."""
    actions = view.records("action")
    bare = [a for a in actions if not (a.get("owner") and a.get("due"))]
    if not actions:
        return Answer(False, "There are no actions yet.", "actions")
    text = (
        f"{_count(len(bare), 'action')} without owner or date."
        if bare
        else "Every action has owner and date."
    )
    return Answer(not bare, text, "actions", against=bool(bare))


def benefit_forecast(view: ProjectView) -> Answer:
    """Benefit lines have a forecast."""
    lines = view.records("benefit_line")
    with_one = [
        b
        for b in lines
        if any(
            isinstance(m, Mapping) and m.get("forecast") is not None
            for m in (b.get("months") or {}).values()
        )
    ]
    text = f"{len(with_one)} of {_count(len(lines), 'benefit line')} with a forecast."
    return Answer(bool(lines) and len(with_one) == len(lines), text, "worksheet:benefits")


def gap_closed(view: ProjectView) -> Answer:
    """Most of the gap between baseline and target is closed."""
    share = gap_share(view)
    if share is None:
        return Answer(False, "It is not known how much of the gap is closed.", "metrics")
    proof = view.proof(view.metric("primary"))
    text = f"{100 * share:.0f} % of the gap between baseline and target is closed."
    return Answer(share >= GAP_SHARE, text, proof.id if proof is not None else "metrics")


def gap_share(view: ProjectView) -> float | None:
    """Return the closed share of the gap between baseline and target."""
    metric = view.metric("primary")
    proof = view.proof(metric)
    if metric is None or proof is None:
        return None
    before = number(proof, "before", "mean_before", "before.mean")
    after = number(proof, "after", "mean_after", "after.mean")
    target = metric.get("target")
    if before is None or after is None or target is None or before == target:
        return None
    return (before - after) / (before - float(target))


# Control -----------------------------------------------------------------------------------------


def gain_held(view: ProjectView) -> Answer:
    """The improvement is shown by enough points after the change."""
    metric = view.metric("primary")
    proof = view.proof(metric)
    if proof is None:
        return Answer(
            False, "No before/after comparison of the primary metric is saved.", "analyses"
        )
    after = points_after(proof)
    if after is not None and after < PROOF_POINTS:
        text = f"{_count(after, 'point')} after the change; {PROOF_POINTS} show that it holds."
        return Answer(False, text, proof.id)
    good = verdict_level(proof) == "good"
    return Answer(good, verdict(proof), proof.id, against=not good)


def controlled(view: ProjectView) -> Answer:
    """The primary metric is in the control plan with owner and reaction."""
    metric = view.metric("primary")
    items = [k for k in view.records("control_item") if k.get("owner") and k.get("reaction")]
    yes = any(metric is not None and k.get("metric_id") == metric.id for k in items)
    text = (
        "The primary metric is in the control plan, with owner and reaction."
        if yes
        else "The control plan does not cover the primary metric with owner and reaction."
    )
    return Answer(yes, text, "worksheet:controlplan")


def reactions_known(view: ProjectView) -> Answer:
    """Every line of the control plan says what to do."""
    items = view.records("control_item")
    bare = [k for k in items if not k.get("reaction")]
    if not items:
        return Answer(False, "The control plan is empty.", "worksheet:controlplan")
    text = (
        f"{_count(len(bare), 'line')} without a reaction."
        if bare
        else "Every line says what to do."
    )
    return Answer(not bare, text, "worksheet:controlplan", against=bool(bare))


def benefits_validated(view: ProjectView) -> Answer:
    """Hard savings were validated."""
    lines = view.records("benefit_line")
    hard = [b for b in lines if b.get("benefit_class") in HARD]
    bare = [b for b in hard if not judged_by_finance(b)]
    if bare:
        text = f"{_count(len(bare), 'hard saving')} not validated by finance."
        return Answer(False, text, "worksheet:benefits")
    if not lines:
        return Answer(False, "No benefit is booked.", "worksheet:benefits")
    return Answer(True, _validated_words(hard), "worksheet:benefits")


def _validated_words(hard: Sequence[Any]) -> str:
    kept = [b for b in hard if b.get("state") != "rejected"]
    gone = len(hard) - len(kept)
    if not hard:
        return "There are no hard savings."
    said = "Hard savings are validated." if kept else "No hard saving is left."
    return f"{said} Finance rejected {_count(gone, 'line')}." if gone else said


def judged_after(view: ProjectView) -> Answer:
    """A capability or a chart was saved after the change."""
    found = [*view.results("capability."), *view.results(*CHARTS)]
    yes = len(found) >= 2  # noqa: PLR2004 - one before, one after
    text = "Results before and after the change are saved." if yes else "No result after is saved."
    return Answer(yes, text, found[-1].id if found else "analyses")


def actions_done(view: ProjectView) -> Answer:
    """There are actions, and none is open."""
    actions = view.records("action")
    left = [a for a in actions if waiting(a)]
    if not actions:
        return Answer(False, "There are no actions yet.", "actions")
    text = (
        f"{_count(len(left), 'action is', 'actions are')} not done."
        if left
        else "All actions are done."
    )
    return Answer(not left, text, "actions")


RULES: Mapping[str, Callable[[ProjectView], Answer]] = {
    rule.__name__: rule
    for rule in (
        problem_stated, primary_metric, goal_stated, case_stated, benefit_estimated, scope_set,
        customers_named, people_named, worries_known, risks_owned, counter_metric, steps_mapped, metric_bound,
        measurement_trusted, data_enough, causes_explained, baseline_saved, data_split,
        concentration_known, target_confirmed, causes_collected, causes_decided, causes_tested,
        cause_verified, evidence_linked, cause_refuted, tests_trusted, risks_rated,
        causes_addressed, options_compared, improvement_shown, nothing_worse, risks_rerated,
        actions_owned, benefit_forecast, gap_closed, gain_held, controlled, reactions_known,
        benefits_validated, judged_after, actions_done,
    )
}  # fmt: skip
