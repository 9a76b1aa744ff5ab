"""Where a project stands: phases, gate answers, loose ends and the next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.core.errors import DocumentProblem
from leanlab.domain.evidence import LooseEnd, loose_ends
from leanlab.domain.evidence_view import ProjectView, verdict
from leanlab.domain.gates import RULES
from leanlab.domain.proof import judged
from leanlab.domain.roadmap import DECISIONS, PASSING, ROADMAPS, Phase, Question, Roadmap

__all__ = ["LooseEnd"]


@dataclass(frozen=True, slots=True)
class Answered:
    """A gate question and what is known of it."""

    question: Question
    yes: bool
    text: str
    target: str
    by_hand: bool
    accepted: str = ""  # the reason for which a no was accepted
    against: bool = False  # something on record speaks against a yes

    @property
    def settled(self) -> bool:
        """Whether the question no longer stands in the way."""
        return self.yes or bool(self.accepted)

    @property
    def level(self) -> str:
        """The state as a level: good, warning, bad; open while it is only not answered yet."""
        if self.yes:
            return "good"
        if not self.against:
            return "warning" if self.accepted else "open"
        return "warning" if self.accepted or not self.question.must else "bad"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided at a gate."""

    id: str
    phase: str
    decision: str  # passed, conditions, rework, stop
    who: str
    role: str
    on: str
    note: str
    before_leanlab: bool
    fingerprint: str  # of the frozen copy

    @property
    def words(self) -> str:
        """The decision in a sentence."""
        from leanlab.core import format as words

        day = words.day(self.on[:10]) if self.on else ""
        if self.before_leanlab:
            return f"Passed before LeanLab on {day}."
        said = DECISIONS.get(self.decision, self.decision)
        who = f" by {self.who}" + (f" ({self.role})" if self.role else "") if self.who else ""
        return f"{said[:1].upper()}{said[1:]} on {day}{who}."


@dataclass(frozen=True, slots=True)
class PhaseState:
    """A phase, its answers, and whether its gate was passed."""

    phase: Phase
    answers: Sequence[Answered]
    passed: bool
    current: bool
    decision: Decision | None = None

    @property
    def words(self) -> str:
        """The state of the phase in words."""
        if self.passed:
            return "passed"
        if self.decision is not None and self.decision.decision in {"rework", "stop"}:
            return DECISIONS[self.decision.decision]
        yes = sum(a.settled for a in self.answers)
        return f"{yes} of {len(self.answers)} answered"

    @property
    def blocking(self) -> list[Answered]:
        """The must questions that stand in the way of passing."""
        return [a for a in self.answers if a.question.must and not a.settled]

    @property
    def open_shoulds(self) -> list[Answered]:
        """The should questions that are not answered with yes."""
        return [a for a in self.answers if not a.question.must and not a.settled]


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
    begun: bool = True  # whether there is anything that a chain of evidence could hang on

    @property
    def current(self) -> PhaseState | None:
        """The phase that is being worked on; None when all gates are passed or the project stopped."""
        return next((p for p in self.phases if p.current), None)

    def phase(self, phase_id: str) -> PhaseState:
        """Return the state of a phase."""
        return next(p for p in self.phases if p.phase.id == phase_id)


# reading -----------------------------------------------------------------------------------------


def view_of(session: Session) -> ProjectView:
    """Return what the rules may know, each kind read once."""
    read: dict[str, list[Record]] = {}

    def records(kind: str) -> list[Record]:
        if kind not in read:
            read[kind] = session.records(kind)
        return read[kind]

    def day(which: str, finding_id: str) -> date | None:
        found = next((f for f in records("finding") if f.id == finding_id), None)
        text = str(((found.get("data") or {}) if found else {}).get(which) or "")
        return date.fromisoformat(text[:10]) if text else None

    def stale(finding_id: str) -> bool:
        from leanlab.app.results import out_of_date

        found = next((f for f in records("finding") if f.id == finding_id), None)
        return found is not None and out_of_date(session, found)

    def known(finding_id: str) -> bool:
        from leanlab.app.results import known_out_of_date

        found = next((f for f in records("finding") if f.id == finding_id), None)
        return found is not None and known_out_of_date(session, found)

    return ProjectView(
        records,
        session.links(),
        clock.today(),
        last_data_day=lambda i: day("last_day", i),
        first_day_after=lambda i: day("first_day_after", i),
        out_of_date=stale,
        known_stale=known,
    )


def roadmap_of(session: Session) -> Roadmap:
    """Return the roadmap that the project follows."""
    return ROADMAPS.get(session.fact("project_kind"), ROADMAPS["dmaic"])


def state_of(session: Session, *, thorough: bool = False) -> State:
    """Work out where the project stands; `thorough` also looks at the data behind results."""
    view, roadmap = view_of(session), roadmap_of(session)
    gates = view.records("gate")
    decided = {p.id: latest_decision(gates, p.id) for p in roadmap.phases}
    stopped = any(d is not None and d.decision == "stop" for d in decided.values())
    passed = {k for k, d in decided.items() if d is not None and d.decision in PASSING}
    first_open = next((p.id for p in roadmap.phases if p.id not in passed), None)
    phases = tuple(
        PhaseState(
            p,
            _answers(view, p, _by_hand(gates, p.id)),
            p.id in passed,
            current=p.id == first_open and not stopped,
            decision=decided[p.id],
        )
        for p in roadmap.phases
    )
    ends = loose_ends(view, thorough=thorough)
    begun = any(view.records(kind) for kind in _LINKS_OF_THE_CHAIN)
    return State(roadmap, phases, ends, _next(view, phases, ends, stopped=stopped), begun)


_LINKS_OF_THE_CHAIN = (
    "metric", "analysis", "finding", "cause", "solution", "action", "risk", "control_item",
    "benefit_line", "process_step",
)  # fmt: skip


def latest_decision(gates: Sequence[Record], phase_id: str) -> Decision | None:
    """Return the decision that counts: the newest one of a phase."""
    found = [g for g in gates if g.get("phase") == phase_id and g.get("decision")]
    if not found:
        return None
    newest = max(enumerate(found), key=lambda pair: (pair[1].created, pair[0]))[1]
    return Decision(
        newest.id, phase_id, str(newest.get("decision")), str(newest.get("decided_by", "")),
        str(newest.get("role", "")), str(newest.get("decided_on", "")), str(newest.get("note", "")),
        bool(newest.get("before_leanlab", False)), str(newest.get("snapshot", "")),
    )  # fmt: skip


def decisions_of(session: Session, phase_id: str) -> list[Decision]:
    """Return all decisions of a phase, the newest first."""
    gates = [g for g in session.records("gate") if g.get("phase") == phase_id and g.get("decision")]
    found = [latest_decision([g], phase_id) for g in gates]
    return [d for d in found if d is not None][::-1]


def _working(gates: Sequence[Record], phase_id: str) -> Record | None:
    """Return the record that keeps the answers by hand; decisions have records of their own."""
    return next((g for g in gates if g.get("phase") == phase_id and not g.get("decision")), None)


def _by_hand(gates: Sequence[Record], phase_id: str) -> Mapping[str, Mapping[str, Any]]:
    gate = _working(gates, phase_id)
    return (gate.get("answers") or {}) if gate is not None else {}


def _answers(
    view: ProjectView, phase: Phase, by_hand: Mapping[str, Mapping[str, Any]]
) -> tuple[Answered, ...]:
    return tuple(_answer(view, phase, q, by_hand.get(q.id)) for q in phase.gate)


def _answer(
    view: ProjectView, phase: Phase, question: Question, hand: Mapping[str, Any] | None
) -> Answered:
    waiver = view.waiver(question.id, phase.id)
    accepted = str(waiver.get("reason", "")) if waiver is not None else ""
    if question.rule:
        answer = RULES[question.rule](view)
        if answer.yes or not hand:
            return Answered(
                question, answer.yes, answer.text, answer.target, by_hand=False, accepted=accepted,
                against=answer.against,
            )  # fmt: skip
    if hand:
        yes = hand.get("answer", "yes") == "yes"
        return Answered(
            question, yes, hand_words(hand), str(hand.get("finding", "")), by_hand=True,
            accepted=accepted, against=not yes,
        )  # fmt: skip
    text = "Answer it by hand: the records cannot."
    return Answered(question, yes=False, text=text, target="", by_hand=False, accepted=accepted)


def hand_words(hand: Mapping[str, Any]) -> str:
    """Return an answer by hand in words; it is marked as a statement."""
    note = str(hand.get("note", "")).strip()
    note = note.rstrip(".") if hand.get("outside") else note
    where = "held outside LeanLab" if hand.get("outside") else ""
    who = str(hand.get("who", ""))
    stated = f"Stated by {who}" if who else "Stated by hand"
    return f"{stated}: {'; '.join(t for t in (note, where) if t) or 'yes'}"


# the next step -----------------------------------------------------------------------------------


def _next(
    view: ProjectView, phases: Sequence[PhaseState], ends: Sequence[LooseEnd], *, stopped: bool
) -> NextStep:
    current = next((p for p in phases if p.current), None)
    if current is None:
        if stopped:
            return NextStep("Keep what was learned.", "the project was stopped.", "home")
        return NextStep(
            "Look after the gain, and share what was learned.", "all gates are passed.", "home"
        )
    steps = (
        _first_question(current, with_rule=True),
        _first_worksheet(view, current),
        _first_overdue(ends),
        _first_question(current, with_rule=False),
        _first_should(current, ends),
    )
    return next((step for step in steps if step is not None), None) or NextStep(
        f"Hold the {current.phase.title} gate.",
        "every question is answered.",
        f"phase:{current.phase.id}",
    )


def _first_question(current: PhaseState, *, with_rule: bool) -> NextStep | None:
    found = [a for a in current.blocking if bool(a.question.rule) == with_rule]
    if not found:
        return None
    target = found[0].target or f"phase:{current.phase.id}"
    if with_rule:
        text = f"{found[0].question.todo or found[0].question.text}."
        return NextStep(text.replace("?.", "?"), _as_reason(found[0].text), target)
    because = f"only you can answer it before the {current.phase.title} gate."
    return NextStep(found[0].question.text, because, target)


def _first_worksheet(view: ProjectView, current: PhaseState) -> NextStep | None:
    for type_id in current.phase.worksheets:
        record = view.worksheet_record(type_id)
        if record is not None and record.get("status") == "in progress":
            title = str(record.get("title", type_id))
            return NextStep(
                f"Finish {title}.", f"the {current.phase.title} gate looks at it.", record.id
            )
    return None


def _first_overdue(ends: Sequence[LooseEnd]) -> NextStep | None:
    late = next((e for e in ends if e.rule == "AC-01"), None)
    if late is None:
        return None
    return NextStep("Finish the overdue action, or move it.", _as_reason(late.text), "actions")


def _first_should(current: PhaseState, ends: Sequence[LooseEnd]) -> NextStep | None:
    shoulds = [a for a in current.open_shoulds if a.question.rule]
    if shoulds:
        text = f"{shoulds[0].question.todo or shoulds[0].question.text}."
        target = shoulds[0].target or f"phase:{current.phase.id}"
        return NextStep(text.replace("?.", "?"), _as_reason(shoulds[0].text), target)
    end = next((e for e in ends if not e.hint), None)
    return NextStep("Tie up a loose end.", _as_reason(end.text), end.target) if end else None


def _as_reason(text: str) -> str:
    """Return a sentence as it stands after "because": names and codes keep their capital."""
    first = text.split(" ", 1)[0].strip("“”.,")
    plain_words = {"The", "There", "No", "Nothing", "It", "In", "Every", "Target", "Sponsor"}
    return text[:1].lower() + text[1:] if first in plain_words else text


def primary_metric(session: Session) -> Record | None:
    """Return the metric that the project wants to move."""
    return next((m for m in session.records("metric") if m.get("role") == "primary"), None)


def latest_verdict(session: Session) -> str:
    """Return the verdict of the newest before/after result, or of the newest chart."""
    view = view_of(session)
    proof = view.proof(view.metric("primary"))
    findings = view.records("finding")
    found = proof or (findings[-1] if findings else None)
    plain = str(found.get("plain", "")) if found is not None else ""
    why = judged(view).why if proof is not None else ""
    return f"{plain or verdict(found)} {why}".strip()


# deciding ----------------------------------------------------------------------------------------


def decide_gate(
    session: Session,
    phase_id: str,
    decision: str,
    who: str,
    note: str = "",
    *,
    role: str = "",
    conditions: Sequence[tuple[str, str, str]] = (),
    seen: bool = True,
) -> str:
    """Write a gate decision with a frozen copy of the project; return the decision's id.

    It is not undone: a later decision replaces it. `conditions` are (what, owner, due) and become
    actions. Unless who decides has `seen` the present state, worksheets do not count as reviewed.
    """
    from leanlab.app.freezing import freeze

    if decision not in DECISIONS:
        raise DocumentProblem(
            f"A gate cannot be decided {decision!r}.", hint="Choose: " + ", ".join(DECISIONS) + "."
        )
    state = state_of(session, thorough=True).phase(phase_id)
    if decision in PASSING and state.blocking:
        first = state.blocking[0]
        raise DocumentProblem(
            f"The gate cannot be passed yet: {first.question.text} {first.text}",
            hint="Answer it, state by hand why it holds, or accept it with a reason.",
        )
    if not who.strip():
        raise DocumentProblem("It is not said who decides.", hint="Type the name.")
    label = f"Gate {state.phase.title}: {DECISIONS[decision]}"
    values = {
        "phase": phase_id, "decision": decision, "decided_by": who.strip(), "role": role,
        "decided_on": clock.today().isoformat(), "note": note, "answers": answers_as_data(state),
    }  # fmt: skip
    with session.step(label, final=True):
        _working_id(session, phase_id)
        gate_id = session.add("gate", values, label=label)
        for what, owner, due in conditions:
            action = {
                "title": what, "owner": owner, "due": due, "status": "open", "kind": "gate",
                "phase": phase_id,
            }  # fmt: skip
            session.link(gate_id, "condition", session.add("action", action))
        if decision in PASSING and seen:
            _mark_reviewed(session, phase_id)
        session.edit(gate_id, {"snapshot": freeze(session, gate_id, phase_id)})
    return gate_id


def _mark_reviewed(session: Session, phase_id: str) -> None:
    """Who passes a gate has looked at what was ready for it."""
    reviewed = {"status": "reviewed", "reviewed_on": clock.today().isoformat()}
    for worksheet in session.records("worksheet"):
        if worksheet.get("phase") == phase_id and worksheet.get("status") == "ready":
            session.edit(worksheet.id, reviewed)


def passed_before(session: Session, phase_id: str, on: str, note: str = "") -> None:
    """Let a running project begin in a later phase: this gate was passed before LeanLab."""
    title = roadmap_of(session)
    phase = next(p for p in title.phases if p.id == phase_id)
    values = {
        "phase": phase_id, "decision": "passed", "decided_by": "", "decided_on": on, "note": note,
        "before_leanlab": True, "answers": {},
    }  # fmt: skip
    with session.step(f"Gate {phase.title}: passed before LeanLab"):
        _working_id(session, phase_id)
        session.add("gate", values)


def answers_as_data(state: PhaseState) -> dict[str, Any]:
    """Return the answers as they were when a gate was decided."""
    return {
        a.question.id: {
            "question": a.question.text, "must": a.question.must, "yes": a.yes, "text": a.text,
            "by_hand": a.by_hand, "accepted": a.accepted,
        }
        for a in state.answers
    }  # fmt: skip


def answer_by_hand(
    session: Session,
    phase_id: str,
    question_id: str,
    answer: str,
    note: str,
    *,
    outside: bool = False,
    attachment: tuple[str, bytes] | None = None,
) -> None:
    """Answer a gate question by hand; it is marked as a statement."""
    asked = _question_of(session, phase_id, question_id)
    with session.step(f"Answer by hand: {asked}"):
        gate_id = _working_id(session, phase_id)
        answers = dict(session.record(gate_id).get("answers") or {})
        answers[question_id] = {
            "answer": answer, "note": note, "outside": outside, "who": session.fact("author"),
            "on": clock.today().isoformat(),
        }  # fmt: skip
        if attachment is not None:
            answers[question_id]["attachment"] = session.attach(gate_id, *attachment)
        session.edit(gate_id, {"answers": answers})


def take_back_answer(session: Session, phase_id: str, question_id: str) -> None:
    """Remove an answer by hand; the records speak again."""
    gate = _working(session.records("gate"), phase_id)
    answers = dict((gate.get("answers") or {}) if gate is not None else {})
    if gate is not None and answers.pop(question_id, None) is not None:
        session.edit(
            gate.id,
            {"answers": answers},
            label=f"Take back the answer: {_question_of(session, phase_id, question_id)}",
        )


def _question_of(session: Session, phase_id: str, question_id: str) -> str:
    """Return a gate question in words: people do not know its number."""
    phases = roadmap_of(session).phases
    asked = {q.id: q.text for p in phases if p.id == phase_id for q in p.gate}
    return asked.get(question_id, question_id)


def accept(session: Session, rule: str, about_id: str, reason: str, who: str) -> None:
    """Accept that a rule or a gate question is not met, with a reason that reviewers see."""
    if not reason.strip():
        raise DocumentProblem("Accepting needs a reason.", hint="Say why it may stay as it is.")
    values = {"rule": rule, "about_id": about_id, "reason": reason.strip(), "who": who}
    session.add("waiver", values, label=f"Accept {rule} with a reason")


def _working_id(session: Session, phase_id: str) -> str:
    gate = _working(session.records("gate"), phase_id)
    if gate is not None:
        return gate.id
    return session.add("gate", {"phase": phase_id, "answers": {}}, label="Begin gate")
