"""What a project leaves at each save, so that a portfolio need not look further."""

from collections.abc import Mapping
from typing import Any

from leanlab.app import roadmap
from leanlab.app.cards import FOLLOW_UP, project_worth, questions
from leanlab.app.coach import coached
from leanlab.app.held import Levels, levels
from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.domain.benefits import resolved
from leanlab.domain.evidence import CHAIN
from leanlab.domain.evidence_view import ProjectView, number, verdict, verdict_level, waiting
from leanlab.domain.gates import gap_share
from leanlab.domain.proof import judged, verdict_of
from leanlab.report.plain import plain

VERSION = 2
FACTS = ("code", "project_kind", "site", "sponsor", "owner", "finance", "currency", "created")
MOST_ENDS, MOST_ACTIONS = 30, 500
MOST_MERGED = 1_000  # ids of comments and reviews, so that a lead sees what was merged
_BENEFIT = (
    "title", "benefit_class", "unit", "recurring", "state", "owner", "validated_by", "validated_on",
    "pl_line",
)  # fmt: skip
_ACTION = ("title", "owner", "due", "status", "kind", "process_change", "done_on")
_RISK = ("title", "probability", "impact", "response", "owner", "status")


def entry_of(session: Session) -> dict[str, Any]:
    """Describe a project for a portfolio: values only, no data rows."""
    state, view = roadmap.state_of(session), roadmap.view_of(session)
    current = state.current
    changes = session.recent_changes(1)
    found = levels(session, view, at_save=True)
    last_gate = [p.decision.on for p in state.phases if p.decision is not None]
    body: dict[str, Any] = {
        "v": VERSION,
        "title": session.title,
        "leader": session.fact("author"),
        "phase": current.phase.title if current is not None else "",
        "closed": current is None,
        "stopped": any(
            p.decision is not None and p.decision.decision == "stop" for p in state.phases
        ),
        "asks": len(questions(session, view, found)),
        "closed_on": max(last_gate, default="") if current is None else "",
        "phases": [_phase(phase) for phase in state.phases],
        "next_gate": _next_gate(view, state),
        "next_step": {"text": state.next_step.text, "because": state.next_step.because},
        "metric": _metric(view),
        "counter": _counter(view),
        "benefits": [_benefit(view, line) for line in view.records("benefit_line")],
        "actions": [_part(a, _ACTION) for a in view.records("action") if waiting(a)][:MOST_ACTIONS],
        "actions_done": sum(not waiting(a) for a in view.records("action")),
        "risks": [_part(risk, _RISK) for risk in view.records("risk")],
        "loose_ends": [
            {
                "rule": end.rule,
                "must": end.must,
                "now": _due(state, end.rule),
                "text": end.text,
                "target": end.target,
            }
            for end in state.loose_ends[:MOST_ENDS]
        ],
        "card": _card(found),
        "weak": coached(session, view),
        "worth": project_worth(view),
        "follow_up": {fact.partition(".")[2]: session.fact(fact) for fact in FOLLOW_UP},
        "notes": [d.note for p in state.phases if (d := p.decision) is not None and d.note],
        "merged": [r.id for kind in ("comment", "review") for r in session.records(kind)][
            -MOST_MERGED:
        ],
        "changed": changes[0][0] if changes else session.fact("created"),
        "saved": clock.now().isoformat(),
    }
    facts = {name: session.fact(name) for name in FACTS}
    return dict(plain(facts | body))


def _due(state: roadmap.State, rule: str) -> bool:
    """Whether a rule of the chain binds in the current phase: its gate is this one or behind."""
    gate = next((r.gate for r in CHAIN if r.id == rule), "")
    phases = [p.phase.id for p in state.phases]
    now = state.current.phase.id if state.current is not None else phases[-1]
    if gate in phases:
        return phases.index(gate) <= phases.index(now)
    return not gate or now == phases[-1]


def _phase(state: roadmap.PhaseState) -> dict[str, Any]:
    decision = state.decision
    return {
        "id": state.phase.id,
        "title": state.phase.title,
        "passed": state.passed,
        "on": decision.on if decision is not None and state.passed else "",
        "decision": decision.decision if decision is not None else "",
        "decided_on": decision.on if decision is not None else "",
    }


def _next_gate(view: ProjectView, state: roadmap.State) -> dict[str, str]:
    current = state.current
    if current is None:
        return {}
    for row in view.rows("charter", "milestones"):
        name = str(row.get("name", "")).casefold()
        if current.phase.title.casefold() in name and not row.get("done_on"):
            return {"title": current.phase.title, "planned": str(row.get("planned") or "")}
    return {"title": current.phase.title, "planned": ""}


def _metric(view: ProjectView) -> dict[str, Any]:
    metric = view.metric("primary")
    if metric is None:
        return {}
    facts = {n: metric.get(n) for n in ("name", "unit", "direction", "baseline", "target")}
    proof = view.proof(metric)
    if proof is None:
        return facts | {"gap_closed": gap_share(view)}
    numbers: Mapping[str, Any] = proof.get("numbers") or {}
    now = judged(view)
    return facts | {
        "verdict": now.verdict,
        "stable": numbers.get("stable_after"),
        "before": number(proof, "mean_before"),
        "after": number(proof, "mean_after"),
        "ci": numbers.get("ci"),
        "n_before": number(proof, "n_before"),
        "n_after": number(proof, "n_after"),
        "points_needed": numbers.get("points_needed"),
        "decides_on": numbers.get("decides_on"),
        "gap_closed": gap_share(view),
        "sentence": f"{proof.get('plain') or verdict(proof)} {now.why}".strip(),
        "level": "warning" if now.lowered else verdict_level(proof),
        "result": proof.code,
    }


def _card(found: Levels) -> dict[str, Any]:
    return {
        "held": found.held.word,
        "held_level": found.held.level,
        "evidence": found.held.evidence,
        "data_to": found.data_to.isoformat() if found.data_to is not None else "",
        "later": {str(day): later.mean for day, later in found.later.items() if later},
    }


def _counter(view: ProjectView) -> dict[str, Any]:
    metric = view.metric("counter")
    if metric is None:
        return {}
    proof = view.proof(metric)
    return {
        "name": metric.get("name"),
        "sentence": str(proof.get("plain") or verdict(proof)) if proof is not None else "",
        "verdict": verdict_of(proof),
    }


def _benefit(view: ProjectView, line: Record) -> dict[str, Any]:
    """Return a line with its months as they count, and the metric it goes by."""
    metric = next((m for m in view.records("metric") if m.id == line.get("metric_id")), None)
    name = metric.get("name") if metric is not None else None
    return _part(line, _BENEFIT) | {"months": resolved(line), "metric": name}


def _part(record: Record, names: tuple[str, ...]) -> dict[str, Any]:
    return {"id": record.id, "code": record.code} | {name: record.get(name) for name in names}
