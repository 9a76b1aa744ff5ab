"""What a reviewer should ask: the weak spots of a project, each with the record it comes from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from leanlab.core import format as words
from leanlab.domain.benefits import HARD, in_money, judged_by_finance, stood
from leanlab.domain.evidence import CHAIN, PROOF_POINTS, first_change, points_after
from leanlab.domain.evidence_view import ProjectView, number

# rules of the evidence chain that speak of the same thing: rule -> topic
_FROM_CHAIN = {
    "GT-04": "measurement", "GT-05": "measurement", "GT-07": "cause", "GT-08": "cause",
    "GT-11": "proof", "GT-12": "counter", "GT-13": "control", "GT-15": "benefit",
    "GT-19": "data", "GT-20": "order",
}  # fmt: skip
TOPICS = {
    "baseline": "No baseline", "proof": "Too little proof", "measurement": "Measurement not studied",
    "cause": "Cause not verified", "benefit": "Benefit not validated", "control": "Control has no owner",
    "order": "Effect before its cause", "counter": "Side effects", "data": "Data left out",
}  # fmt: skip
FEW_EARLIER = 12


@dataclass(frozen=True, slots=True)
class Weak:
    """A weak spot and the record that shows it."""

    topic: str
    text: str
    target: str

    @property
    def title(self) -> str:
        """The topic in words."""
        return TOPICS[self.topic]


def weak_spots(view: ProjectView) -> list[Weak]:
    """Return the weak spots of a project, in the order of a project's life."""
    found = [Weak(topic, text, target) for topic, rule in _OWN for text, target in rule(view)]
    said = {weak.topic for weak in found} & {"proof", "control"}  # the chain would say it again
    for rule in CHAIN:
        topic = _FROM_CHAIN.get(rule.id)
        if topic is None or topic in said:
            continue
        found += [
            Weak(topic, text, target)
            for text, target in rule.finds(view)
            if view.waiver(rule.id, target) is None
        ]
    unique = {(weak.topic, weak.text): weak for weak in found}
    order = list(TOPICS)
    return sorted(unique.values(), key=lambda weak: order.index(weak.topic))


def _no_baseline(view: ProjectView) -> Iterable[tuple[str, str]]:
    metric = view.metric("primary")
    if metric is None:
        yield "There is no primary metric: nothing can be shown to improve.", "metrics"
    elif metric.get("baseline") is None:
        yield f"{metric.get('name')} has no baseline; the gain cannot be judged.", metric.id
    elif view.baseline() is None and view.proof(metric) is None:
        yield f"The baseline of {metric.get('name')} rests on no saved chart.", metric.id


def _too_few(view: ProjectView) -> Iterable[tuple[str, str]]:
    """A gain is claimed, and few points before or after carry it."""
    metric = view.metric("primary")
    proof = view.proof(metric)
    if proof is None:
        return
    if view.known_stale(proof.id):
        yield (
            f"“{proof.get('title', '')}” is out of date: data, options or metric changed since.",
            proof.id,
        )
    after, before = points_after(proof), number(proof, "n_before")
    if after is not None and after < PROOF_POINTS:
        yield (
            f"The claimed gain rests on {_points(after)} after the change; {PROOF_POINTS} decide.",
            proof.id,
        )
    if before is not None and before < FEW_EARLIER:
        yield f"The level before rests on {_points(int(before))}.", proof.id
    if (proof.get("numbers") or {}).get("stable_before") is False:
        yield "There were signals before the change; the level before is uncertain.", proof.id


def _points(count: int) -> str:
    return f"{count} point" + ("" if count == 1 else "s")


def _changed_without_cause(view: ProjectView) -> Iterable[tuple[str, str]]:
    if first_change(view) is not None and not view.with_status("cause", "verified"):
        yield "The process was changed, and no cause is verified.", "worksheet:fishbone"


def _months_not_validated(view: ProjectView) -> Iterable[tuple[str, str]]:
    """Beside the chain's rule on lines without a word: what was counted since, or rejected."""
    for line in in_money(view.records("benefit_line")):
        seen, title = stood([line]), line.get("title", "")
        if seen.rejected:
            yield f"Finance rejected {words.number(seen.rejected, 0)} of “{title}”.", line.id
        if seen.open and line.get("benefit_class") in HARD and judged_by_finance(line):
            yield f"Of “{title}”, {words.number(seen.open, 0)} is not yet validated.", line.id


def _nobody_controls(view: ProjectView) -> Iterable[tuple[str, str]]:
    for item in view.records("control_item"):
        if not str(item.get("owner") or "").strip():
            yield f"“{item.get('title', '')}” in the control plan has no owner.", item.id


Rule = Callable[[ProjectView], Iterable[tuple[str, Any]]]
_OWN: tuple[tuple[str, Rule], ...] = (
    ("baseline", _no_baseline), ("proof", _too_few), ("cause", _changed_without_cause),
    ("benefit", _months_not_validated), ("control", _nobody_controls),
)  # fmt: skip
