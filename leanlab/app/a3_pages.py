"""The boxes of an A3 sheet: the story of the project in pictures and few words."""

from collections.abc import Callable, Mapping

from leanlab.app import roadmap
from leanlab.app.records import Record
from leanlab.app.result_pages import LEVELS
from leanlab.app.roadmap import State
from leanlab.app.session import Session
from leanlab.app.summary import (
    decision_wanted,
    picture_of,
    proof_words,
    sentence,
    summary_of,
    value_words,
)
from leanlab.core import format as words
from leanlab.domain.evidence_view import ProjectView, verdict, verdict_level, waiting
from leanlab.report.document import Block, Bullets, Facts, Grid, Heading, Level, Note, Picture, Text

MOST = 8  # rows of a list
_NOT_YET = "Nothing is recorded of this yet."


def box(session: Session, state: State, key: str) -> list[Block]:
    """Return what stands in a box: "box:causes"."""
    view = roadmap.view_of(session)
    name = key.partition(":")[2]
    return _BOXES[name](session, state, view) or [Text(_NOT_YET, muted=True)]


def _charter_words(session: Session, view: ProjectView) -> list[str]:
    from leanlab.app.worksheets import view_of as worksheet_view

    record = view.worksheet_record("charter")
    if record is None:
        return []
    filled = worksheet_view(session, record.id)
    return [str(s) for s in filled.type.words(filled)]


def _background(session: Session, _state: State, view: ProjectView) -> list[Block]:
    said = _charter_words(session, view)[:1]
    case = str(view.worksheet("charter").get("case") or "").strip()
    return [Text(s) for s in (*said, sentence(case) if case else "") if s]


def _now(_session: Session, _state: State, view: ProjectView) -> list[Block]:
    found = view.baseline()
    blocks: list[Block] = []
    if found is not None:
        drawn = picture_of(found)
        blocks += [drawn] if drawn is not None else []
        blocks.append(Note(verdict(found), _level(found)))
    return blocks


def _goal(session: Session, _state: State, view: ProjectView) -> list[Block]:
    metric = view.metric("primary")
    said: list[Block] = [Text(s) for s in _charter_words(session, view)[1:2]]
    if metric is None:
        return said
    pairs = [
        ("Measured", str(metric.get("name", ""))),
        ("From", value_words(metric, metric.get("baseline"))),
        ("To", value_words(metric, metric.get("target"))),
    ]
    counter = view.metric("counter")
    if counter is not None:
        pairs.append(("Must not get worse", str(counter.get("name", ""))))
    return [*said, Facts(pairs)]


def _causes(session: Session, _state: State, view: ProjectView) -> list[Block]:
    blocks: list[Block] = [*_drawing(session, view, "fishbone")]
    verified = view.with_status("cause", "verified")
    if verified:
        blocks.append(Heading("Verified causes", 3))
        blocks.append(Bullets([sentence(str(c.get("text", ""))) for c in verified[:MOST]]))
    return blocks


def _drawing(session: Session, view: ProjectView, type_id: str) -> list[Block]:
    from leanlab.app.worksheets import view_of as worksheet_view
    from leanlab.worksheets.blocks import picture_of as worksheet_picture

    record = view.worksheet_record(type_id)
    drawn = worksheet_picture(worksheet_view(session, record.id)) if record is not None else None
    return [Picture(drawn.svg, drawn.alt or drawn.title)] if drawn is not None else []


def _measures(_session: Session, _state: State, view: ProjectView) -> list[Block]:
    actions = [a for a in view.records("action") if a.get("status") != "cancelled"]
    rows = [
        [str(a.get("title", "")), str(a.get("owner", "")), _day(a.get("due")), str(a.get("status", "open"))]
        for a in actions[:MOST]
    ]  # fmt: skip
    blocks: list[Block] = [Grid(["Action", "By whom", "By when", "State"], rows)] if rows else []
    if len(actions) > MOST:
        more = words.count(len(actions) - MOST, "more action")
        blocks.append(Text(f"{more} in the action list.", muted=True))
    return blocks


def _effect(_session: Session, _state: State, view: ProjectView) -> list[Block]:
    blocks: list[Block] = []
    for role in ("primary", "counter"):
        metric = view.metric(role)
        proof = view.proof(metric)
        if metric is None or proof is None:
            continue
        drawn = picture_of(proof) if role == "primary" else None
        blocks += [drawn] if drawn is not None else []
        blocks.append(Note(proof_words(view, metric), _level(proof)))
    return blocks


def _follow(session: Session, state: State, view: ProjectView) -> list[Block]:
    items = view.records("control_item")
    rows = [
        [str(c.get("title") or c.get("characteristic") or ""), str(c.get("frequency", "")), str(c.get("owner", ""))]
        for c in items[:MOST]
    ]  # fmt: skip
    blocks: list[Block] = [Grid(["Checked", "How often", "By whom"], rows)] if rows else []
    left = [a for a in view.records("action") if waiting(a)]
    if left:
        blocks.append(Text(f"{words.count(len(left), 'action is', 'actions are')} still open."))
    money = next((p for p in summary_of(session, state).right if p.title == "Money"), None)
    if money is not None:
        blocks.append(Bullets(money.items))
    wanted = decision_wanted(session, state)
    if wanted:
        blocks.append(Note(f"Decision wanted: {wanted}"))
    return blocks


def _day(text: object) -> str:
    return words.day(str(text)[:10]) if text else ""


def _level(finding: Record) -> Level:
    return LEVELS.get(verdict_level(finding), "info")


_BOXES: Mapping[str, Callable[[Session, State, ProjectView], list[Block]]] = {
    "background": _background,
    "now": _now,
    "goal": _goal,
    "causes": _causes,
    "measures": _measures,
    "effect": _effect,
    "follow": _follow,
}
