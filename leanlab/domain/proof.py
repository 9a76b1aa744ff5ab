"""What a before/after comparison is worth once what must not get worse is looked at too."""

from dataclasses import dataclass
from typing import Any

from leanlab.domain.evidence_view import ProjectView

CONFIRMED, PROMISING, WORSE = "confirmed", "promising", "worse"
STALE = "Data, options or metric behind this comparison changed since it was saved: recompute it."


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on the primary metric, and what the counter-metrics add to it.

    verdict: confirmed, promising, too_early, not_shown, worse; empty without a comparison.
    why: why it is less than its own comparison says, or what was not looked at; a sentence or nothing.
    """

    verdict: str
    why: str = ""
    lowered: bool = False
    stale: bool = False  # its data changed since it was saved


def verdict_of(proof: Any | None) -> str:
    """Return the verdict that a saved before/after comparison gives by itself."""
    numbers = proof.get("numbers") or {} if proof is not None else {}
    return str(numbers.get("verdict") or "")


def judged(view: ProjectView) -> Judged:
    """Return the verdict on the primary metric: confirmed only while no counter-metric is worse.

    One whose data changed since says so: nobody knows what it would say now. A counter-metric that nobody compared lowers nothing, for it is not known to be worse; it is named.
    """
    proof = view.proof(view.metric("primary"))
    own = verdict_of(proof)
    if proof is not None and view.known_stale(proof.id):
        return Judged(own, STALE, lowered=True, stale=True)
    if own not in {CONFIRMED, PROMISING}:
        return Judged(own)
    compared = [(str(m.get("name")), view.proof(m)) for m in _counters(view)]
    worse = [name for name, proof in compared if verdict_of(proof) == WORSE]
    if worse:
        return Judged(PROMISING, f"{_and(worse)} got worse: the gain is promising at most.", lowered=True)  # fmt: skip
    unknown = [name for name, proof in compared if proof is None]
    if unknown and own == CONFIRMED:
        return Judged(own, f"Not compared before and after: {_and(unknown)}.")
    return Judged(own)


def _counters(view: ProjectView) -> list[Any]:
    return [m for m in view.records("metric") if m.get("role") == "counter"]


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
