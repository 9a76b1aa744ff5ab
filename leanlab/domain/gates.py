"""Gate questions answered by the records, and the loose ends of the evidence chain."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

MANY_CAUSES = 5


class Entry(Protocol):
    """One record, as the rules see it."""

    @property
    def id(self) -> str:
        """Its id."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value of the record."""


@dataclass(frozen=True, slots=True)
class ProjectView:
    """What the rules may know of a project: values only."""

    records: Callable[[str], Sequence[Any]]
    links: Sequence[Any]
    today: date

    def linked(self, from_id: str, verb: str) -> list[str]:
        """Return the ids that a record points to."""
        return [link.to_id for link in self.links if link.from_id == from_id and link.verb == verb]

    def metric(self, role: str) -> Any | None:
        """Return the metric with a role: primary or counter."""
        return next((m for m in self.records("metric") if m.get("role") == role), None)

    def worksheet(self, type_id: str) -> Mapping[str, Any]:
        """Return the body of the first worksheet of a type."""
        found = next((w for w in self.records("worksheet") if w.get("type_id") == type_id), None)
        return found.get("body") or {} if found else {}

    def with_status(self, kind: str, *status: str) -> list[Any]:
        """Return records of a kind whose status is one of these."""
        return [r for r in self.records(kind) if r.get("status") in status]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the records say to a question: yes, no, and where one sees it."""

    yes: bool
    text: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """Something that the chain from problem to result still lacks."""

    rule: str
    must: bool
    text: str
    target: str


def _filled(body: Mapping[str, Any], *names: str) -> bool:
    return all(str(body.get(name) or "").strip() for name in names)


def problem_stated(view: ProjectView) -> Answer:
    """A number, a place and a period stand in the charter."""
    body = view.worksheet("charter")
    yes = _filled(body, "what", "where", "period", "size")
    return Answer(
        yes,
        "The charter says what, where, since when and how much."
        if yes
        else "The charter lacks what, where, since when or how much.",
        "worksheet:charter",
    )


def primary_metric(view: ProjectView) -> Answer:
    """There is exactly one primary metric, and it is defined."""
    primaries = [m for m in view.records("metric") if m.get("role") == "primary"]
    if len(primaries) != 1:
        return Answer(
            False, f"There are {len(primaries)} primary metrics; one is needed.", "metrics"
        )
    yes = all(primaries[0].get(n) for n in ("unit", "direction", "definition"))
    return Answer(
        yes,
        f"{primaries[0].get('name')} is defined."
        if yes
        else "The primary metric lacks unit, direction or definition.",
        "metrics",
    )


def goal_stated(view: ProjectView) -> Answer:
    """The goal says from what, to what, by when."""
    body, metric = view.worksheet("charter"), view.metric("primary")
    yes = bool(metric and metric.get("target") is not None and _filled(body, "by_date"))
    return Answer(
        yes,
        "Target and date are set."
        if yes
        else "The target of the metric or the date in the charter is missing.",
        "worksheet:charter",
    )


def benefit_estimated(view: ProjectView) -> Answer:
    """A benefit line exists."""
    yes = bool(view.records("benefit_line"))
    return Answer(
        yes,
        "Benefits are estimated." if yes else "No benefit is estimated yet.",
        "worksheet:benefits",
    )


def steps_mapped(view: ProjectView) -> Answer:
    """The process has steps."""
    count = len(view.records("process_step"))
    return Answer(count >= 4, f"The process has {count} steps.", "worksheet:map")  # noqa: PLR2004


def metric_bound(view: ProjectView) -> Answer:
    """The primary metric is tied to data."""
    metric = view.metric("primary")
    yes = bool(metric and metric.get("binding"))
    return Answer(
        yes,
        "The primary metric reads its data sheet."
        if yes
        else "Tell in which column the values of the primary metric are.",
        "metrics",
    )


def measurement_trusted(view: ProjectView) -> Answer:
    """A measurement study is saved, or a reason why none is needed."""
    metric = view.metric("primary")
    reason = bool(metric and str(metric.get("measurement_reason") or "").strip())
    study = any(str(f.get("analysis_id", "")).startswith("msa.") for f in view.records("finding"))
    text = (
        "A measurement study is saved."
        if study
        else "A reason is given why no study is needed."
        if reason
        else "No measurement study, and no reason why none is needed."
    )
    return Answer(study or reason, text, "analyses")


def baseline_saved(view: ProjectView) -> Answer:
    """A chart of the baseline is saved and the metric has its baseline."""
    metric = view.metric("primary")
    charted = any(
        str(f.get("analysis_id", "")).startswith(("spc.", "capability."))
        for f in view.records("finding")
    )
    yes = bool(charted and metric and metric.get("baseline") is not None)
    return Answer(
        yes,
        "The baseline is charted and entered."
        if yes
        else "Chart the metric, save the result and enter the baseline.",
        "analyses",
    )


def counter_metric(view: ProjectView) -> Answer:
    """Something must not get worse."""
    yes = view.metric("counter") is not None
    return Answer(
        yes,
        "A metric that must not get worse is named."
        if yes
        else "Nothing is named that must not get worse.",
        "metrics",
    )


def causes_collected(view: ProjectView) -> Answer:
    """Enough possible causes were written down."""
    count = len(view.records("cause"))
    return Answer(
        count >= MANY_CAUSES, f"{count} possible causes were collected.", "worksheet:fishbone"
    )


def cause_verified(view: ProjectView) -> Answer:
    """At least one cause is verified."""
    count = len(view.with_status("cause", "verified"))
    return Answer(count > 0, f"{count} causes are verified.", "worksheet:fishbone")


def evidence_linked(view: ProjectView) -> Answer:
    """Every verified cause has evidence."""
    verified = view.with_status("cause", "verified")
    bare = [c for c in verified if not has_evidence(view, c)]
    yes = bool(verified) and not bare
    return Answer(
        yes,
        "Every verified cause has evidence."
        if yes
        else f"{len(bare) or 'No'} verified cause(s) without evidence."
        if bare
        else "No cause is verified yet.",
        "worksheet:fishbone",
    )


def has_evidence(view: ProjectView, cause: Any) -> bool:
    """Whether a cause has a linked saved result or a written observation."""
    return bool(view.linked(cause.id, "evidence") or str(cause.get("evidence") or "").strip())


def cause_refuted(view: ProjectView) -> Answer:
    """Other explanations were ruled out."""
    count = len(view.with_status("cause", "refuted"))
    return Answer(count > 0, f"{count} causes were ruled out.", "worksheet:fishbone")


def causes_addressed(view: ProjectView) -> Answer:
    """Every verified cause has a solution or an action."""
    verified = view.with_status("cause", "verified")
    bare = [c for c in verified if not addressed(view, c)]
    yes = bool(verified) and not bare
    return Answer(
        yes,
        "Every verified cause is addressed."
        if yes
        else f"{len(bare)} verified cause(s) without a solution or an action.",
        "actions",
    )


def addressed(view: ProjectView, cause: Any) -> bool:
    """Whether a solution or an action addresses a cause."""
    return any(link.to_id == cause.id and link.verb == "addresses" for link in view.links)


def actions_done(view: ProjectView) -> Answer:
    """There are actions, and none is open."""
    actions = view.records("action")
    waiting = [
        a for a in actions if a.get("status", "open") not in {"done", "verified", "cancelled"}
    ]
    yes = bool(actions) and not waiting
    return Answer(
        yes,
        "All actions are done."
        if yes
        else f"{len(waiting)} action(s) are not done."
        if actions
        else "There are no actions yet.",
        "actions",
    )


def actions_owned(view: ProjectView) -> Answer:
    """Open actions have owner and date."""
    bare = [a for a in view.records("action") if not (a.get("owner") and a.get("due"))]
    yes = bool(view.records("action")) and not bare
    return Answer(
        yes,
        "Every action has owner and date."
        if yes
        else f"{len(bare)} action(s) without owner or date.",
        "actions",
    )


def proof_saved(view: ProjectView) -> Answer:
    """A before/after comparison is saved."""
    yes = any(f.get("analysis_id") == "improve.before_after" for f in view.records("finding"))
    return Answer(
        yes,
        "A before/after comparison is saved."
        if yes
        else "Save a before/after comparison of the primary metric.",
        "analyses",
    )


def controlled(view: ProjectView) -> Answer:
    """The primary metric is in the control plan with owner and reaction."""
    metric = view.metric("primary")
    items = [k for k in view.records("control_item") if k.get("owner") and k.get("reaction")]
    yes = bool(items) and (
        metric is None or any(k.get("metric_id") in {metric.id, None, ""} for k in items)
    )
    return Answer(
        yes,
        "The control plan names owner and reaction."
        if yes
        else "The control plan lacks owner or reaction.",
        "worksheet:controlplan",
    )


def benefits_validated(view: ProjectView) -> Answer:
    """Hard savings were validated."""
    hard = [b for b in view.records("benefit_line") if b.get("benefit_class") == "hard"]
    bare = [b for b in hard if not (b.get("validated_by") and b.get("validated_on"))]
    return (
        Answer(
            not bare,
            "Hard savings are validated." if hard else "There are no hard savings.",
            "worksheet:benefits",
        )
        if not bare
        else Answer(
            False, f"{len(bare)} hard saving(s) not validated by finance.", "worksheet:benefits"
        )
    )


RULES: Mapping[str, Callable[[ProjectView], Answer]] = {
    rule.__name__: rule
    for rule in (
        problem_stated, primary_metric, goal_stated, benefit_estimated, steps_mapped, metric_bound,
        measurement_trusted, baseline_saved, counter_metric, causes_collected, cause_verified,
        evidence_linked, cause_refuted, causes_addressed, actions_done, actions_owned, proof_saved,
        controlled, benefits_validated,
    )
}  # fmt: skip


def loose_ends(view: ProjectView) -> list[LooseEnd]:
    """Return what the evidence chain lacks now, musts first."""
    found = [*_cause_ends(view), *_action_ends(view), *_metric_ends(view)]
    return sorted(found, key=lambda end: not end.must)


def _cause_ends(view: ProjectView) -> Iterable[LooseEnd]:
    for cause in view.with_status("cause", "verified"):
        name = f"cause '{cause.get('text', '')}'"
        if not has_evidence(view, cause):
            yield LooseEnd("GT-07", False, f"The verified {name} has no evidence.", cause.id)
        if not addressed(view, cause):
            yield LooseEnd(
                "GT-09", True, f"The verified {name} has no solution or action.", cause.id
            )


def _action_ends(view: ProjectView) -> Iterable[LooseEnd]:
    today = view.today.isoformat()
    for action in view.records("action"):
        late = action.get("due") and action.get("due") < today
        if late and action.get("status", "open") in {"open", "in progress"}:
            yield LooseEnd(
                "AC-01", False, f"The action '{action.get('title', '')}' is overdue.", action.id
            )
    for solution in view.with_status("solution", "chosen", "done"):
        if not view.linked(solution.id, "addresses"):
            yield LooseEnd(
                "GT-10",
                False,
                f"The solution '{solution.get('title', '')}' addresses no cause.",
                solution.id,
            )


def _metric_ends(view: ProjectView) -> Iterable[LooseEnd]:
    primary = view.metric("primary")
    if (
        primary is not None
        and primary.get("target") is not None
        and primary.get("baseline") is None
    ):
        yield LooseEnd(
            "GT-03",
            False,
            "The target stands before a baseline was measured: it is provisional.",
            primary.id,
        )
    if primary is not None and view.metric("counter") is None:
        yield LooseEnd("GT-12", False, "Nothing is named that must not get worse.", "metrics")
