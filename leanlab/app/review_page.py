"""The page that is sent to a reviewer without LeanLab, gathered from a project."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leanlab import __version__
from leanlab.app import roadmap
from leanlab.app.cards import card_of
from leanlab.app.coach import coached
from leanlab.app.records import Record
from leanlab.app.review_places import amounts_at, mark_at, standing, title_of
from leanlab.app.session import Session
from leanlab.app.summary import summary_of
from leanlab.core import format as words
from leanlab.core.errors import DocumentProblem
from leanlab.domain.benefits import (
    CLASSES,
    SERIES,
    STANDINGS,
    STATES,
    month_standing,
    month_value,
    stood,
    unit_of,
)
from leanlab.domain.review import CARD
from leanlab.domain.roadmap import DECISIONS
from leanlab.report.document import Level, Number, Picture
from leanlab.report.review_page import (
    AskedBenefit,
    AskedGate,
    AskedMonth,
    AskedPicture,
    AskedQuestion,
    Outcome,
    Place,
    ReviewPage,
    html,
)

MOST_PICTURES = 12
_LEVELS: Mapping[str, Level] = {"good": "good", "warning": "warning", "bad": "bad"}


def review_page(session: Session) -> ReviewPage:
    """Gather everything that the page shows; may run in a worker."""
    if not session.seal:
        raise DocumentProblem("This project was never saved.", hint="Save it, then send it.")
    state = roadmap.state_of(session, thorough=True)
    summary = summary_of(session, state)
    as_of = _as_of(session)
    facts = (
        ("Leader", session.fact("author")), ("Sponsor", session.fact("sponsor")),
        ("Site", session.fact("site")),
        ("Phase", state.current.phase.title if state.current is not None else "finished"),
        ("As of", as_of),
    )  # fmt: skip
    return ReviewPage(
        title=session.title,
        kind=state.roadmap.title,
        facts=[(name, value) for name, value in facts if value],
        headline=summary.headline,
        numbers=summary.numbers,
        parts=[*summary.left, *summary.right],
        wanted=summary.decision,
        project=_place(session, "project"),
        gates=[_gate(session, state, p) for p in _shown_gates(state)],
        outcome=_outcome(session),
        benefits=[_benefit(session, line) for line in session.records("benefit_line")],
        pictures=_pictures(session),
        weak=[(w["title"], w["text"], w["who"]) for w in coached(session)],
        decisions=DECISIONS,
        outcomes=CARD,
        project_id=session.fact("project_id"),
        owner=session.fact("author"),
        revision=int(session.fact("revision", "0")),
        seal=session.seal,
        as_of=as_of,
        program=f"LeanLab {__version__}",
    )


def write_page(session: Session, path: Path) -> None:
    """Write the page as one file that needs nothing else."""
    from leanlab.report import pdf

    pdf.write(path, html(review_page(session)).encode())


def _as_of(session: Session) -> str:
    """Return when the project was saved, and whether the page shows more than was saved."""
    day = words.day(session.saved_moment)
    edits = session.unsaved_edits
    return (
        f"the save on {day}, with {words.count(edits, 'change')} not saved yet"
        if edits
        else f"the save on {day}"
    )


def _place(
    session: Session, about: str, kind: str = "comment", state: Any = None, month: str = ""
) -> Place:
    seen = amounts_at(session, about, month) if kind == "benefit" else ()
    return Place(
        about, title_of(session, about), mark_at(session, about, state),
        standing(session, kind, about, month),
        json.dumps(dict(seen)) if seen else "",
    )  # fmt: skip


def _shown_gates(state: roadmap.State) -> list[roadmap.PhaseState]:
    """Return the gate to be decided first, then those that were."""
    current = [p for p in state.phases if p.current]
    return [*current, *(p for p in reversed(state.phases) if p.decision is not None and not p.current)]  # fmt: skip


def _gate(session: Session, state: roadmap.State, phase: roadmap.PhaseState) -> AskedGate:
    blocking = phase.blocking[0] if phase.blocking else None
    return AskedGate(
        _place(session, f"gate:{phase.phase.id}", "gate", state),
        phase.phase.title,
        phase.decision.words if phase.decision is not None else f"Not decided yet: {phase.words}.",
        "good" if phase.passed else "grey",
        [_question(session, state, phase.phase.id, answer) for answer in phase.answers],
        open=not phase.passed,
        blocking=f"{blocking.question.text} {blocking.text}" if blocking is not None else "",
    )


def _question(
    session: Session, state: roadmap.State, phase_id: str, answer: roadmap.Answered
) -> AskedQuestion:
    text = answer.text
    if answer.accepted:
        text = f"{text}\nAccepted with reason: {answer.accepted}"
    about = f"question:{phase_id}/{answer.question.id}"
    return AskedQuestion(
        _place(session, about, state=state), answer.question.id, answer.question.text,
        answer.question.must, _LEVELS.get(answer.level, "grey"), text,
    )  # fmt: skip


def _outcome(session: Session) -> Outcome | None:
    card = card_of(session)
    if not card.evidence:
        return None
    facts = [
        ("Gap closed", card.gap), ("Held", f"{card.held.word}. {card.held.evidence}"),
        ("Must not get worse", "; ".join(text for text, _ in card.counters)), ("Changed", "; ".join(card.changed)),
        *((b.title, ", ".join(t for t in (b.amount, b.interval, b.state) if t)) for b in card.benefits),
        ("Worth", card.worth), *card.follow_up,
        ("Still to be answered", "\n".join(ask.text for ask in card.asks)),
    ]  # fmt: skip
    return Outcome(
        _place(session, "card", "card"), card.verdict, card.level, card.evidence, card.held.word,
        [Number(f.label, f.text, f.note, f.level) for f in card.figures],
        [(name, text) for name, text in facts if text],
    )  # fmt: skip


def _benefit(session: Session, line: Record) -> AskedBenefit:
    state = str(line.get("state") or "estimated")
    note = CLASSES.get(str(line.get("benefit_class")), str(line.get("benefit_class", "")))
    said = STATES.get(state, state)
    if line.get("validated_by"):
        said = f"{said} by {line.get('validated_by')}"
    currency = session.fact("currency") or "EUR"
    seen = stood([line]).words(unit_of(line, currency))
    said = f"{said}; {seen}" if seen else said
    months = sorted(m for m in (line.get("months") or {}) if any(month_value(line, m, s) is not None for s in SERIES))  # fmt: skip
    level: Level = "good" if state == "validated" else "bad" if state == "rejected" else "grey"
    return AskedBenefit(
        _place(session, line.id, "benefit"), words.coded(str(line.get("title", "")), line.code), note, said,
        level, [_month(session, line, month) for month in months],
    )  # fmt: skip


def _month(session: Session, line: Record, month: str) -> AskedMonth:
    plan, forecast, actual = (_amount(month_value(line, month, s)) for s in SERIES)
    place = _place(session, line.id, "benefit", month=month)
    said = STANDINGS[month_standing(line, month)] if actual else ""
    return AskedMonth(place, month, words.month(month), plan, forecast, actual, said)


def _amount(value: float | None) -> str:
    return "" if value is None else words.number(value, 0)


def _pictures(session: Session) -> list[AskedPicture]:
    """Return the newest saved results, in the order in which they were saved."""
    found = [f for f in session.records("finding") if f.get("svg")][-MOST_PICTURES:]
    return [_picture(session, finding) for finding in found]


def _picture(session: Session, finding: Record) -> AskedPicture:
    lines = finding.get("findings") or ()
    first: Mapping[str, Any] = lines[0] if lines else {}
    title = words.coded(str(finding.get("title", "")), finding.code)
    alt = str(finding.get("alt") or finding.get("title", ""))
    picture = Picture(str(finding.get("svg")), alt, caption=str(finding.get("caption", "")), title=title)  # fmt: skip
    level = _LEVELS.get(str(first.get("level", "")), "info")
    return AskedPicture(_place(session, finding.id), picture, str(first.get("text", "")), level)
