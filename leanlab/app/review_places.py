"""What can be commented and decided in a project: names of places, and marks of what stands there."""

from collections.abc import Mapping
from typing import Any

from leanlab.app import roadmap
from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core.format import coded
from leanlab.domain.benefits import actual_months
from leanlab.domain.review import amounts_of, mark_of

# kind -> the word on the screen and the value that names a record
KIND_WORDS: Mapping[str, tuple[str, str]] = {
    "person": ("Person", "name"), "metric": ("Metric", "name"), "process_step": ("Step", "name"),
    "cause": ("Cause", "text"), "action": ("Action", "title"), "solution": ("Solution", "title"),
    "control_item": ("Control item", "title"), "benefit_line": ("Benefit", "title"),
    "risk": ("Risk", "title"), "worksheet": ("Worksheet", "title"), "worksheet_row": ("Row", ""),
    "analysis": ("Analysis", "title"), "finding": ("Saved result", "title"),
    "gate": ("Gate decision", "phase"), "waiver": ("Accepted with reason", "reason"),
    "sheet": ("Data", "title"), "report_page": ("Report page", "title"),
}  # fmt: skip
_PLACES: Mapping[str, str] = {
    "project": "The project", "actions": "The actions", "card": "The outcome",
}  # fmt: skip
SHORT = 90


def place_of(session: Session, target: str) -> str:
    """Return what a page of the window is about, as a review names it."""
    if target in {"actions", "card"} or target.startswith(("phase:", "gate:")):
        return target
    kind = session.kind_of(target) if target else None
    return target if kind in KIND_WORDS else "project"


def title_of(session: Session, about: str) -> str:
    """Return what a place or record is called."""
    if about in _PLACES:
        return _PLACES[about]
    kind, _, rest = about.partition(":")
    if rest:
        return _roadmap_title(session, kind, rest)
    found = session.kind_of(about)
    return record_title(session.record(about)) if found in KIND_WORDS else "A record that is gone"


def _roadmap_title(session: Session, kind: str, rest: str) -> str:
    phase_id, _, question_id = rest.partition("/")
    phase = next((p for p in roadmap.roadmap_of(session).phases if p.id == phase_id), None)
    if phase is None:
        return f"{kind.capitalize()} {rest}"
    if kind != "question":
        return f"{kind.capitalize()} {phase.title}"
    question = next((q for q in phase.gate if q.id == question_id), None)
    return coded(question.text if question is not None else "", question_id)


def record_title(record: Record) -> str:
    """Return kind, code and name of a record."""
    word, field = KIND_WORDS.get(record.kind, (record.kind.replace("_", " ").capitalize(), "title"))
    name = str(record.get(field, "")) if field else _first_text(record)
    return words_of(f"{word} {record.code}".strip(), name)


def words_of(kind: str, name: str) -> str:
    """Return kind and name in one short line."""
    line = " ".join(f"{kind}: {name}".split()) if name.strip() else kind
    return line if len(line) <= SHORT else f"{line[: SHORT - 1].rstrip()}…"


def _first_text(record: Record) -> str:
    """Name a row of a form by the first words in it."""
    body = record.get("body") or {}
    return next((str(v) for v in body.values() if isinstance(v, str) and v.strip()), "")


def inside(session: Session, target: str) -> list[tuple[str, str]]:
    """Return what stands on a page, itself first, as (place, title)."""
    about = place_of(session, target)
    found = [(about, title_of(session, about))]
    if about == "actions":
        found += _titled(session.records("action"))
    elif about.startswith("gate:"):
        phase_id = about.partition(":")[2]
        phases = {p.id: p for p in roadmap.roadmap_of(session).phases}
        questions = phases[phase_id].gate if phase_id in phases else ()
        found += [(f"question:{phase_id}/{q.id}", f"{q.id}  {q.text}") for q in questions]
    elif session.kind_of(about) == "worksheet":
        found += _titled(rows_of(session, about))
    if about != "project":
        found.append(("project", _PLACES["project"]))
    return found


def rows_of(session: Session, worksheet_id: str) -> list[Record]:
    """Return the rows that a worksheet shows: its own, and those of registers."""
    from leanlab.app.worksheets import view_of

    view = view_of(session, worksheet_id)
    ids = [row.id for section in view.type.sections for row in view.rows.get(section.id, ())]
    return [session.record(i) for i in dict.fromkeys(ids) if session.exists(i)]


def _titled(records: list[Record]) -> list[tuple[str, str]]:
    return [(record.id, record_title(record)) for record in records]


# marks -------------------------------------------------------------------------------------------


def mark_at(session: Session, about: str, state: roadmap.State | None = None) -> str:
    """Return a mark of what stands at a place: another mark later says that it changed."""
    kind, _, rest = about.partition(":")
    if kind in {"gate", "question"}:
        return _gate_mark(state or roadmap.state_of(session, thorough=True), kind, rest)
    if about == "card":
        return _card_mark(session)
    if session.kind_of(about) is None:
        return ""
    record = session.record(about)
    values: list[Any] = [_lasting(record.values)]
    if record.kind == "worksheet":
        values += [_lasting(row.values) for row in session.records("worksheet_row")
                   if row.get("worksheet_id") == about]  # fmt: skip
    return mark_of([record.kind, *values])


def _lasting(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is written; empty values and where a row stands say nothing."""
    return {name: value for name, value in values.items() if value is not None and name != "pos"}


def _gate_mark(state: roadmap.State, kind: str, rest: str) -> str:
    phase_id, _, question_id = rest.partition("/")
    phase = next((p for p in state.phases if p.phase.id == phase_id), None)
    if phase is None:
        return ""
    answers = [
        [a.question.id, a.yes, a.text, a.accepted]
        for a in phase.answers
        if kind == "gate" or a.question.id == question_id
    ]
    return mark_of(answers)


def _card_mark(session: Session) -> str:
    view = roadmap.view_of(session)
    proof = view.proof(view.metric("primary"))
    return mark_of(None if proof is None else [proof.id, str(proof.get("digest", ""))])


def standing(session: Session, kind: str, about: str, month: str = "") -> str:
    """Return the decision that stands at a place now, so that a later one is noticed."""
    if kind == "gate":
        gates = session.records("gate")
        decision = roadmap.latest_decision(gates, about.partition(":")[2])
        return decision.id if decision is not None else ""
    if kind == "card":
        found = latest_card(session)
        return found.id if found is not None else ""
    if kind == "benefit" and session.kind_of(about) == "benefit_line":
        return _judged(session.record(about), month)
    return ""


def amounts_at(session: Session, line_id: str, month: str = "") -> tuple[tuple[str, str], ...]:
    """Return the actual amounts that finance sees of a line, or of one month of it."""
    if session.kind_of(line_id) != "benefit_line":
        return ()
    actual = actual_months(session.record(line_id))
    return amounts_of({m: v for m, v in actual.items() if month in {"", m}})


def _judged(line: Record, month: str) -> str:
    if month:
        judged = (line.get("month_reviews") or {}).get(month) or {}
        return f"{judged.get('decision', '')} {judged.get('who', '')}".strip()
    state = str(line.get("state") or "")
    if state not in {"validated", "rejected"}:
        return ""
    return f"{state} {line.get('validated_by') or ''} {line.get('validated_on') or ''}".strip()


def latest_card(session: Session) -> Record | None:
    """Return the decision about the outcome that stands: the one that came into the project last.

    Not the one that was made last: who takes an earlier decision out of a review replaces his own.
    """
    found = [r for r in session.records("review") if r.get("type") == "card"]
    return found[-1] if found else None
