"""The evidence chain: from problem to result, and what it still lacks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from leanlab.core import format as words
from leanlab.domain.benefits import HARD, judged_by_finance, months_of, weak_months
from leanlab.domain.evidence_view import (
    BEFORE_AFTER,
    STUDIES,
    ProjectView,
    addressed,
    has_evidence,
    number,
    verdict,
    verdict_level,
    waiting,
)
from leanlab.domain.registers import metric_lacks

ALPHA = 0.05
BASELINE_ROWS = 20
PROOF_POINTS = 20
SLOW_POINTS = 12  # enough where points come slowly; the verdict is then "promising"
Severity = Literal["must", "should", "hint"]


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """Something that the chain from problem to result still lacks."""

    rule: str
    must: bool
    text: str
    target: str
    hint: bool = False
    accepted: str = ""  # the reason for which it was set aside


@dataclass(frozen=True, slots=True)
class ChainRule:
    """A rule of the evidence chain; `finds` yields a sentence and the record it is about."""

    id: str
    severity: Severity
    title: str
    finds: Callable[[ProjectView], Iterable[tuple[str, str]]]
    gate: str = ""  # the phase whose gate it blocks; a must without one blocks every gate
    slow: bool = False  # it looks at data sheets


def loose_ends(view: ProjectView, *, thorough: bool = False) -> list[LooseEnd]:
    """Return what the chain lacks now, musts first; accepted ones are left out.

    `thorough` adds the rules that look at data sheets.
    """
    return [end for end in all_ends(view, thorough=thorough) if not end.accepted]


def all_ends(view: ProjectView, *, thorough: bool = True) -> list[LooseEnd]:
    """Return all loose ends, also those that were accepted with a reason."""
    found = [
        _end(view, rule, text, target)
        for rule in CHAIN
        if thorough or not rule.slow
        for text, target in rule.finds(view)
    ]
    return sorted(found, key=lambda end: (bool(end.accepted), not end.must, end.hint))


def _end(view: ProjectView, rule: ChainRule, text: str, target: str) -> LooseEnd:
    waiver = view.waiver(rule.id, target)
    return LooseEnd(
        rule.id,
        rule.severity == "must",
        text,
        target,
        hint=rule.severity == "hint",
        accepted=str(waiver.get("reason", "")) if waiver is not None else "",
    )


# problem, metric, goal ---------------------------------------------------------------------------


def _metric_incomplete(view: ProjectView) -> Iterable[tuple[str, str]]:
    primaries = [m for m in view.records("metric") if m.get("role") == "primary"]
    if len(primaries) > 1:
        yield f"There are {len(primaries)} primary metrics; one decides.", "metrics"
    for metric in primaries[:1]:
        lacks = metric_lacks(metric)
        if lacks:
            yield f"The primary metric lacks {lacks}.", metric.id


def _goal_names_other_metric(view: ProjectView) -> Iterable[tuple[str, str]]:
    metric, body = view.metric("primary"), view.worksheet("charter")
    chosen = body.get("goal_metric") or body.get("metric_id")
    if metric is not None and chosen and chosen != metric.id:
        yield (
            "The goal of the charter names another metric than the primary one.",
            "worksheet:charter",
        )


def _target_provisional(view: ProjectView) -> Iterable[tuple[str, str]]:
    metric = view.metric("primary")
    if metric is None or metric.get("target") is None:
        return
    if metric.get("baseline") is None or view.baseline() is None:
        yield "The target stands before a baseline was measured: it is provisional.", metric.id


def _not_measured_well(view: ProjectView) -> Iterable[tuple[str, str]]:
    metric = view.metric("primary")
    if metric is None or not metric.get("binding"):
        return
    if not view.results(STUDIES) and not str(metric.get("measurement_reason") or "").strip():
        yield "Nothing says whether the measurement can be trusted.", metric.id


def _bad_study_accepted(view: ProjectView) -> Iterable[tuple[str, str]]:
    metric = view.metric("primary")
    studies = view.results(STUDIES)
    if metric is None or metric.get("baseline") is None or not studies:
        return
    if verdict_level(studies[-1]) == "bad":
        yield "The baseline rests on a measurement that the study found wanting.", studies[-1].id


def _baseline_after_change(view: ProjectView) -> Iterable[tuple[str, str]]:
    baseline, change = view.baseline(), first_change(view)
    if baseline is None or change is None:
        return
    last = view.last_data_day(baseline.id)
    if last is not None and last > change:
        yield "The baseline contains rows from after the first change of the process.", baseline.id


def first_change(view: ProjectView) -> date | None:
    """Return the day of the first finished action that changed the process."""
    days = [
        str(a.get("done_on"))
        for a in view.records("action")
        if a.get("process_change") and a.get("done_on") and a.get("status") != "cancelled"
    ]
    return date.fromisoformat(min(days)[:10]) if days else None


def last_change(view: ProjectView) -> date | None:
    """Return the day of the last finished action that changed the process."""
    days = [
        str(a.get("done_on"))
        for a in view.records("action")
        if a.get("process_change") and a.get("done_on") and a.get("status") != "cancelled"
    ]
    return date.fromisoformat(max(days)[:10]) if days else None


# causes and solutions ----------------------------------------------------------------------------


def _named(cause: Any) -> str:
    return f"“{cause.get('text', '')}”"


def _verified_without_evidence(view: ProjectView) -> Iterable[tuple[str, str]]:
    for cause in view.with_status("cause", "verified"):
        if not has_evidence(view, cause):
            yield f"The verified cause {_named(cause)} has no evidence.", cause.id


def _evidence_too_weak(view: ProjectView) -> Iterable[tuple[str, str]]:
    findings = {f.id: f for f in view.records("finding")}
    for cause in view.with_status("cause", "verified"):
        linked = [findings[i] for i in view.linked(cause.id, "evidence") if i in findings]
        values = [p for p in (p_value(f) for f in linked) if p is not None]
        if values and min(values) > ALPHA and not str(cause.get("evidence") or "").strip():
            text = f"The cause {_named(cause)} is called verified, but its test shows no difference (p = {min(values):.2f})."
            yield text, cause.id


def p_value(finding: Any) -> float | None:
    """Return the p-value of a saved test, None where it has none."""
    numbers: Mapping[str, Any] = finding.get("numbers") or {}
    if not str(finding.get("analysis_id", "")).startswith(("test.", "regression.")):
        return None
    for name, value in numbers.items():
        last = name.rpartition(".")[2]
        if last in {"p", "p_value", "p_welch"} and isinstance(value, int | float):
            return float(value)
    return None


def _verified_not_addressed(view: ProjectView) -> Iterable[tuple[str, str]]:
    for cause in view.with_status("cause", "verified"):
        if not addressed(view, cause):
            text = f"The verified cause {_named(cause)} has no solution and no action."
            yield text, cause.id


def _pet_solutions(view: ProjectView) -> Iterable[tuple[str, str]]:
    verified = {c.id for c in view.with_status("cause", "verified")}
    for solution in view.with_status("solution", "chosen", "done", "implemented"):
        if not verified & set(view.linked(solution.id, "addresses")):
            text = f"The chosen solution “{solution.get('title', '')}” addresses no verified cause."
            yield text, solution.id


# proof -------------------------------------------------------------------------------------------


def _no_proof(view: ProjectView) -> Iterable[tuple[str, str]]:
    metric = view.metric("primary")
    if metric is None or first_change(view) is None:
        return
    proof = view.proof(metric)
    if proof is None:
        yield (
            "The process was changed; no before/after comparison of the primary metric is saved.",
            "analyses",
        )
        return
    after = points_after(proof)
    if after is not None and after < SLOW_POINTS and verdict_level(proof) != "good":
        text = f"The before/after comparison has {after} points after the change; {PROOF_POINTS} show it well."
        yield text, proof.id


def points_after(proof: Any) -> int | None:
    """Return how many points after the change a before/after comparison rests on."""
    value = number(proof, "n_after", "after.n", "n2")
    return None if value is None else int(value)


def _counter_metric(view: ProjectView) -> Iterable[tuple[str, str]]:
    if view.metric("primary") is None:
        return
    counters = [m for m in view.records("metric") if m.get("role") == "counter"]
    if not counters:
        yield "Nothing is named that must not get worse.", "metrics"
    for counter in counters:
        proof = view.proof(counter)
        if proof is not None and verdict_level(proof) == "bad":
            yield f"{counter.get('name')} got worse: {verdict(proof)}", proof.id


def _not_controlled(view: ProjectView) -> Iterable[tuple[str, str]]:
    if first_change(view) is None:
        return
    covered = {
        k.get("metric_id")
        for k in view.records("control_item")
        if k.get("owner") and k.get("reaction")
    }
    for metric in view.records("metric"):
        if metric.get("role") == "primary" and metric.id not in covered:
            text = f"{metric.get('name')} is not in the control plan with an owner and a reaction."
            yield text, "worksheet:controlplan"


def _risks_not_rerated(view: ProjectView) -> Iterable[tuple[str, str]]:
    done = {a.id for a in view.records("action") if not waiting(a)}
    for row in view.rows("fmea"):
        if row.get("action_id") in done and row.get("occurrence2") is None:
            name = row.get("failure") or "a row"
            yield f"FMEA: the action for “{name}” is done; rate the risk again.", "worksheet:fmea"


def _savings_not_validated(view: ProjectView) -> Iterable[tuple[str, str]]:
    for line in view.records("benefit_line"):
        if line.get("benefit_class") in HARD and not judged_by_finance(line):
            text = f"The hard saving “{line.get('title', '')}” is not validated by finance."
            yield text, "worksheet:benefits"


def _behind_plan(view: ProjectView) -> Iterable[tuple[str, str]]:
    this_month = view.today.strftime("%Y-%m")
    for line in view.records("benefit_line"):
        if weak_months([line], [m for m in months_of([line]) if m < this_month]):
            text = f"“{line.get('title', '')}” stayed below 80 % of its plan for two months."
            yield text, "worksheet:benefits"


_DAYS = {
    "shift": 1,
    "hour": 1,
    "dai": 1,
    "day": 1,
    "week": 7,
    "month": 31,
    "quarter": 92,
    "year": 366,
}


def _not_checked(view: ProjectView) -> Iterable[tuple[str, str]]:
    for item in view.records("control_item"):
        words = str(item.get("frequency") or "").lower()
        every = next((days for word, days in _DAYS.items() if word in words), None)
        checked = str(item.get("last_checked") or "")[:10]
        if every is None or not checked:
            continue
        if view.today - date.fromisoformat(checked) > timedelta(days=2 * every):
            text = f"“{item.get('title', '')}” was last checked on {checked}; it is due {words}."
            yield text, "worksheet:controlplan"


# data --------------------------------------------------------------------------------------------


def _decisive(view: ProjectView) -> list[Any]:
    """Return the saved results on which decisions rest."""
    cited = {link.to_id for link in view.links if link.verb in {"evidence", "baseline"}}
    return [
        f for f in view.records("finding") if f.id in cited or f.get("analysis_id") == BEFORE_AFTER
    ]


def _data_changed(view: ProjectView) -> Iterable[tuple[str, str]]:
    for finding in _decisive(view):
        if view.out_of_date(finding.id):
            text = f"The data behind “{finding.get('title', '')}” changed since it was saved."
            yield text, finding.id


def _excluded_without_reason(view: ProjectView) -> Iterable[tuple[str, str]]:
    sources = {str(f.get("source_id")) for f in _decisive(view)}
    for analysis in view.records("analysis"):
        marks = analysis.get("marks") or {}
        bare = [m for m in marks.get("excluded", ()) if not str(m.get("reason") or "").strip()]
        if bare and analysis.id in sources:
            points = words.count(len(bare), "point")
            text = f"“{analysis.get('title', '')}”: {points} excluded without a reason."
            yield text, analysis.id


def _effect_before_cause(view: ProjectView) -> Iterable[tuple[str, str]]:
    proof, change = view.proof(view.metric("primary")), last_change(view)
    if proof is None or change is None:
        return
    after = view.first_day_after(proof.id)
    if after is not None and change > after:
        text = (
            f"A change was done on {change}, later than the first day counted as after ({after})."
        )
        yield text, proof.id


def _overdue(view: ProjectView) -> Iterable[tuple[str, str]]:
    today = view.today.isoformat()
    for action in view.records("action"):
        if waiting(action) and action.get("due") and action.get("due") < today:
            yield f"The action “{action.get('title', '')}” is overdue.", action.id


CHAIN: Sequence[ChainRule] = (
    ChainRule("GT-01", "must", "One primary metric, completely defined", _metric_incomplete),
    ChainRule("GT-02", "should", "Goal and problem speak of the same metric", _goal_names_other_metric),
    ChainRule("GT-03", "must", "The target rests on a measured baseline", _target_provisional, "measure"),
    ChainRule("GT-04", "must", "The measurement can be trusted", _not_measured_well, "measure"),
    ChainRule("GT-05", "should", "The baseline rests on a fit measurement", _bad_study_accepted),
    ChainRule("GT-06", "should", "The baseline ends before the first change", _baseline_after_change, slow=True),
    ChainRule("GT-07", "should", "Verified causes have evidence", _verified_without_evidence),
    ChainRule("GT-08", "should", "The evidence shows an effect", _evidence_too_weak),
    ChainRule("GT-09", "must", "Verified causes are addressed", _verified_not_addressed, "improve"),
    ChainRule("GT-10", "should", "Solutions address verified causes", _pet_solutions),
    ChainRule("GT-11", "must", "The improvement is shown by data", _no_proof, "control"),
    ChainRule("GT-12", "should", "Nothing else got worse", _counter_metric),
    ChainRule("GT-13", "must", "The primary metric is controlled", _not_controlled, "control"),
    ChainRule("GT-14", "should", "Risks are rated again after actions", _risks_not_rerated),
    ChainRule("GT-15", "must", "Hard savings are validated", _savings_not_validated, "control"),
    ChainRule("GT-16", "should", "Benefits follow their plan", _behind_plan),
    ChainRule("GT-17", "should", "Control items are checked when due", _not_checked),
    ChainRule("GT-18", "hint", "Saved results are up to date, or kept on purpose", _data_changed, slow=True),
    ChainRule("GT-19", "should", "Excluded points have a reason", _excluded_without_reason),
    ChainRule("GT-20", "should", "The cause comes before the effect", _effect_before_cause, slow=True),
    ChainRule("AC-01", "should", "Actions are done in time", _overdue),
)  # fmt: skip
