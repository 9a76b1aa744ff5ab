"""Where a project stands: phases, gate answers, loose ends and the next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.domain.gates import RULES, LooseEnd, ProjectView, loose_ends
from leanlab.domain.roadmap import ROADMAPS, Phase, Question, Roadmap


@dataclass(frozen=True, slots=True)
class Answered:
    """A gate question and what is known of it."""

    question: Question
    yes: bool
    text: str
    target: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class PhaseState:
    """A phase, its answers, and whether its gate was passed."""

    phase: Phase
    answers: Sequence[Answered]
    passed: bool
    current: bool

    @property
    def words(self) -> str:
        """The state of the phase in words."""
        if self.passed:
            return "passed"
        yes = sum(a.yes for a in self.answers)
        return f"{yes} of {len(self.answers)} answered"

    @property
    def blocking(self) -> list[Answered]:
        """The must questions that are not answered with yes."""
        return [a for a in self.answers if a.question.must and not a.yes]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next, and why."""

    text: str
    because: str
    target: str


@dataclass(frozen=True, slots=True)
class State:
    """Where the project stands."""

    roadmap: Roadmap
    phases: Sequence[PhaseState]
    loose_ends: Sequence[LooseEnd]
    next_step: NextStep

    @property
    def current(self) -> PhaseState | None:
        """The phase that is being worked on; None when all gates are passed."""
        return next((p for p in self.phases if p.current), None)


def view_of(session: Session) -> ProjectView:
    """Return what the rules may know, each kind read once."""
    known: dict[str, list[Record]] = {}

    def records(kind: str) -> list[Record]:
        if kind not in known:
            known[kind] = session.records(kind)
        return known[kind]

    return ProjectView(records, session.links(), clock.today())


def roadmap_of(session: Session) -> Roadmap:
    """Return the roadmap that the project follows."""
    return ROADMAPS.get(session.fact("project_kind"), ROADMAPS["dmaic"])


def state_of(session: Session) -> State:
    """Work out where the project stands."""
    view, roadmap = view_of(session), roadmap_of(session)
    gates = {g.get("phase"): g for g in session.records("gate")}
    passed = {
        p.id
        for p in roadmap.phases
        if p.id in gates and str(gates[p.id].get("decision", "")).startswith("passed")
    }
    first_open = next((p.id for p in roadmap.phases if p.id not in passed), None)
    phases = tuple(
        PhaseState(p, _answers(view, p, gates.get(p.id)), p.id in passed, p.id == first_open)
        for p in roadmap.phases
    )
    ends = loose_ends(view)
    return State(roadmap, phases, ends, _next(phases, ends))


def _answers(view: ProjectView, phase: Phase, gate: Record | None) -> tuple[Answered, ...]:
    by_hand = (gate.get("answers") or {}) if gate else {}
    return tuple(_answer(view, question, by_hand) for question in phase.gate)


def _answer(view: ProjectView, question: Question, by_hand: dict[str, dict[str, str]]) -> Answered:
    hand = by_hand.get(question.id)
    if question.rule:
        answer = RULES[question.rule](view)
        if answer.yes or not hand:
            return Answered(question, answer.yes, answer.text, answer.target, by_hand=False)
    if hand:
        text = f"Stated by hand: {hand.get('note', '')}"
        return Answered(question, hand.get("answer") == "yes", text, "", by_hand=True)
    return Answered(question, yes=False, text="Not answered yet.", target="", by_hand=False)


def _next(phases: Sequence[PhaseState], ends: Sequence[LooseEnd]) -> NextStep:
    current = next((p for p in phases if p.current), None)
    if current is None:
        return NextStep(
            "Look after the gain, and share what was learned.", "all gates are passed.", "home"
        )
    if current.blocking:
        first = current.blocking[0]
        target = first.target or f"phase:{current.phase.id}"
        return NextStep(first.question.text, _as_reason(first.text), target)
    late = next((e for e in ends if e.rule == "AC-01"), None)
    if late is not None:
        return NextStep("Finish or move the overdue action.", _as_reason(late.text), "actions")
    return NextStep(
        f"Hold the {current.phase.title} gate.",
        "every question that must be answered is answered.",
        f"phase:{current.phase.id}",
    )


def _as_reason(text: str) -> str:
    return text[:1].lower() + text[1:]


def primary_metric(session: Session) -> Record | None:
    """Return the metric that the project wants to move."""
    return next((m for m in session.records("metric") if m.get("role") == "primary"), None)


def latest_verdict(session: Session) -> str:
    """Return the verdict of the newest before/after result, or of the newest chart."""
    findings = session.records("finding")
    proofs = [f for f in findings if f.get("analysis_id") == "improve.before_after"] or findings
    for finding in reversed(proofs):
        lines = finding.get("findings") or []
        if lines:
            return str(lines[0].get("text", ""))
    return ""


def decide_gate(session: Session, phase_id: str, decision: str, who: str, note: str) -> None:
    """Write a gate decision with a frozen copy of the answers."""
    from dataclasses import asdict

    state = next(p for p in state_of(session).phases if p.phase.id == phase_id)
    snapshot = [{**asdict(a.question), "yes": a.yes, "text": a.text} for a in state.answers]
    values = {
        "phase": phase_id, "decision": decision, "decided_by": who,
        "decided_on": clock.today().isoformat(), "note": note, "frozen": snapshot,
    }  # fmt: skip
    _put_gate(session, phase_id, values, f"Gate {state.phase.title}: {decision}")


def answer_by_hand(
    session: Session, phase_id: str, question_id: str, answer: str, note: str
) -> None:
    """Answer a gate question by hand; it is marked as a statement."""
    gate = next((g for g in session.records("gate") if g.get("phase") == phase_id), None)
    answers = dict((gate.get("answers") or {}) if gate else {})
    answers[question_id] = {"answer": answer, "note": note}
    _put_gate(session, phase_id, {"phase": phase_id, "answers": answers}, f"Answer {question_id}")


def _put_gate(session: Session, phase_id: str, values: Mapping[str, object], label: str) -> None:
    gate = next((g for g in session.records("gate") if g.get("phase") == phase_id), None)
    if gate is None:
        session.add("gate", values, label=label)
    else:
        session.edit(gate.id, values, label=label)
