"""A review comes home: what is new, what conflicts, what was made on an older state; merging it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from leanlab.app import roadmap
from leanlab.app.records import Record
from leanlab.app.review_file import code_of, refuse_wrong_project
from leanlab.app.review_places import amounts_at, mark_at, standing, title_of
from leanlab.app.review_session import item_of
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core import wording
from leanlab.core.errors import DocumentProblem
from leanlab.domain.review import BENEFIT, CARD, LONG, OPINIONS, Item, Parcel, Part
from leanlab.domain.roadmap import DECISIONS, PASSING

State = Literal["new", "stale", "conflict", "here"]
STATE_WORDS: Mapping[State, str] = {
    "new": "new", "stale": "older state", "conflict": "conflict", "here": "already merged",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a parcel as its owner meets it."""

    item: Item
    state: State
    title: str  # of what it is about, as it is called now
    note: str = ""  # why it conflicts or is of an older state
    can: bool = True  # whether it can be taken at all

    @property
    def proposed(self) -> bool:
        """Whether it is taken unless the owner says otherwise."""
        return self.can and (self.state == "new" or (self.state == "stale" and not self.item.deciding))  # fmt: skip

    @property
    def words(self) -> str:
        """What was said, in words."""
        return item_words(self.item)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a parcel would bring into a project; nothing is written yet."""

    parcel: Parcel
    part: Part
    code: str
    about_state: str  # which state was reviewed, in a sentence
    same_state: bool
    entries: tuple[Entry, ...]

    def count(self, state: State) -> int:
        """Return how many items are in a state."""
        return sum(entry.state == state for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging did."""

    comments: int  # and opinions: one step that can be undone
    decisions: int  # these are not undone

    @property
    def words(self) -> str:
        """What was merged, in a sentence."""
        if not self.comments and not self.decisions:
            return "Nothing was merged."
        parts = [
            words.count(n, one)
            for n, one in ((self.comments, "comment"), (self.decisions, "decision"))
            if n
        ]
        return f"Merged {' and '.join(parts)}."


# looking -----------------------------------------------------------------------------------------


def propose(session: Session, parcel: Parcel) -> Proposal:
    """Compare a parcel with a project."""
    part = refuse_wrong_project(session, parcel)
    text, same = _about_state(session, part)
    look = _Looker(session)
    entries = tuple(look.entry(item) for item in part.items)
    return Proposal(parcel, part, code_of(parcel), text, same, entries)


def _about_state(session: Session, part: Part) -> tuple[str, bool]:
    now = int(session.fact("revision", "0"))
    if part.seal == session.seal and not session.unsaved_edits:
        return "The review was made on exactly this state of the project.", True
    if part.revision > now:
        return (
            "The review was made on another copy of this project, which is newer than this one.",
            False,
        )
    steps = now - part.revision
    if not steps:
        return "The review was made on this state of the project, in another file.", True
    return (
        f"The review was made on an older state: the project had {words.count(steps, 'step')} since.",
        False,
    )


class _Looker:
    """Looks at each item with what is known of the project, worked out once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._state = roadmap.state_of(session, thorough=True)

    def entry(self, item: Item) -> Entry:
        title = title_of(self._session, item.about)
        if self._session.knows(item.id):
            return Entry(item, "here", title, can=False)
        gone = self._gone(item)
        if gone:
            note = f"{gone} It was called “{item.title}”." if item.title else gone
            return Entry(item, "conflict", item.title or title, note, can=item.kind == "comment")
        conflict = self._conflict(item)
        if conflict:
            return Entry(item, "conflict", title, *conflict)
        if item.seen and mark_at(self._session, item.about, self._state) != item.seen:
            return Entry(item, "stale", title, self._older(item))
        return Entry(item, "new", title)

    def _older(self, item: Item) -> str:
        """Say what changed since the review: amounts by month, else that something did."""
        said = "Made on an older state: what stands there changed since."
        now = dict(amounts_at(self._session, item.about, item.month)) if item.amounts else {}
        moved = [(m, a, now.get(m)) for m, a in item.amounts if now.get(m) != a]
        if not moved:
            return said
        told = [f"{words.month(m)} {', now '.join(_amounts(a, b))}" for m, a, b in moved]
        more = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
        return f"The amounts changed since: {'; '.join(told[:MOST_TOLD])}{more}. Those months stay open."

    def _gone(self, item: Item) -> str:
        kind, _, rest = item.about.partition(":")
        if rest:
            phase_id, _, question = rest.partition("/")
            phase = next((p for p in self._state.phases if p.phase.id == phase_id), None)
            known = phase is not None and (
                not question or any(a.question.id == question for a in phase.answers)
            )
            return "" if known else f"This project has no such {kind}."
        if item.about in {"project", "actions", "card"}:
            return ""
        found = self._session.kind_of(item.about)
        if item.kind == "benefit" and found != "benefit_line":
            return "There is no such benefit any more."
        return "" if found is not None else "The record is not there any more."

    def _conflict(self, item: Item) -> tuple[str, bool] | None:
        """Return why an item conflicts and whether it can be taken nevertheless."""
        if not item.deciding:
            return None
        if standing(self._session, item.kind, item.about, item.month) != item.after:
            return "Somebody decided here since the review; taking this replaces it.", True
        if item.kind == "gate" and item.choice in PASSING:
            phase = self._state.phase(item.about.partition(":")[2])
            if phase.blocking:
                first = phase.blocking[0]
                return f"The gate cannot be passed now: {first.question.text} {first.text}", False
        return None


MOST_TOLD = 3  # months in a sentence


def _amounts(seen: str, now: str | None) -> tuple[str, str]:
    """Write two amounts so that they look different."""
    if not now:
        return words.number(float(seen), 0), "nothing"
    return wording.apart(float(seen), float(now), words.number)


# merging -----------------------------------------------------------------------------------------


def merge(session: Session, proposal: Proposal, take: Collection[str]) -> Merged:
    """Bring the chosen items in: words as one step that can be undone, decisions for good.

    Nothing else changes; what is here already is left alone, so merging twice does nothing.
    """
    if session.read_only:
        raise DocumentProblem("This project was opened read-only.", hint="Open it for editing.")
    current = propose(session, proposal.parcel)  # the project may have changed since it was shown
    taken = [e.item for e in current.entries if e.can and e.item.id in take]
    said = [item for item in taken if not item.deciding]
    decided = [item for item in taken if item.deciding]
    who = proposal.parcel.reviewer
    if said:
        with session.step(f"Merge the review of {who}"):
            for item in said:
                session.add_as(item.id, *_as_record(item, current))
    if decided:
        with session.step(f"Decisions of {who}'s review", final=True):
            for item in decided:
                session.add_as(item.id, *_as_record(item, current))
                _carry_out(session, item, current)
    return Merged(len(said), len(decided))


def _as_record(item: Item, proposal: Proposal) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {
        "about_id": item.about, "text": item.text, "who": proposal.parcel.reviewer,
        "role": proposal.parcel.role, "type": item.kind, "title": item.title, "at": item.at,
        "parcel": proposal.parcel.id, "code": proposal.code,
        "reviewed_revision": proposal.part.revision, "reviewed_seal": proposal.part.seal,
    }  # fmt: skip
    if item.kind == "comment":
        return "comment", values
    values |= {
        "decision": item.choice, "month": item.month,
        "conditions": [asdict(c) for c in item.conditions], "amounts": dict(item.amounts),
    }  # fmt: skip
    return "review", values


def _carry_out(session: Session, item: Item, proposal: Proposal) -> None:
    if item.kind == "gate":
        _decide_gate(session, item, proposal)
    elif item.kind == "benefit":
        _judge(session, item, proposal)


def _decide_gate(session: Session, item: Item, proposal: Proposal) -> None:
    gate_id = roadmap.decide_gate(
        session, item.about.partition(":")[2], item.choice, proposal.parcel.reviewer, item.text,
        role=proposal.parcel.role,
        conditions=[(c.what, c.owner, c.due) for c in item.conditions],
        seen=proposal.same_state,
    )  # fmt: skip
    session.edit(
        gate_id,
        {"decided_on": _local_day(item.at), "review_id": item.id, "code": proposal.code,
         "reviewed_revision": proposal.part.revision},
    )  # fmt: skip


def _judge(session: Session, item: Item, proposal: Proposal) -> None:
    who, on = proposal.parcel.reviewer, _local_day(item.at)
    judged: dict[str, Any]
    if item.month:
        line = session.record(item.about)
        seen = _seen(item).get(item.month)
        entry = {
            "decision": item.choice,
            "who": who,
            "on": on,
            "code": proposal.code,
            "amount": seen,
        }
        judged = {"month_reviews": {**(line.get("month_reviews") or {}), item.month: entry}}
    else:
        confirmed = item.choice == "validated"
        judged = {
            "state": item.choice,
            "validated_by": who if confirmed else None,
            "validated_on": on if confirmed else None,
            "validated_months": _seen(item) if confirmed else None,
        }
    session.edit(item.about, judged, label="Judge the benefit")


def _seen(item: Item) -> dict[str, float]:
    """Return the amounts that finance gave its word on."""
    return {month: float(amount) for month, amount in item.amounts}


def _local_day(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().date().isoformat()


# showing -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, opinion or decision that a project holds, ready to be shown."""

    id: str
    about: str
    title: str
    who: str
    at: str
    text: str
    words: str  # what was decided; empty for a comment
    code: str  # of the parcel it came in; empty when it was written here
    kind: str
    own: bool = False  # of the review that is open; it can be taken back


def said_in(session: Session) -> list[Said]:
    """Return everything that was said of a project, the newest first."""
    own = {r.id for r in session.own()} if hasattr(session, "own") else set()
    records = [*session.records("comment"), *session.records("review")]
    found = [_said(session, record, record.id in own) for record in records]
    return sorted(found, key=lambda one: one.at, reverse=True)


def said_at(session: Session, abouts: Collection[str]) -> list[Said]:
    """Return what was said of some places or records, the newest first."""
    return [one for one in said_in(session) if one.about in abouts]


def count_said(session: Session, abouts: Collection[str]) -> int:
    """Return how much was said of some places."""
    records: Sequence[Record] = [*session.records("comment"), *session.records("review")]
    return sum(str(r.get("about_id", "")) in abouts for r in records)


def _said(session: Session, record: Record, own: bool) -> Said:  # noqa: FBT001 - a value, not a switch
    item = item_of(record)
    gone = title_of(session, item.about)
    title = gone if session.kind_of(item.about) or not item.title or ":" in item.about else item.title  # fmt: skip
    who = str(record.get("who", ""))
    role = str(record.get("role", ""))
    return Said(
        record.id, item.about, title, f"{who} ({role})" if role else who,
        item.at or record.created, item.text,
        "" if item.kind == "comment" else decided_words(item),
        str(record.get("code", "")), item.kind, own,
    )  # fmt: skip


def comment(session: Session, about: str, text: str) -> str:
    """Write a comment into one's own project; one step that can be undone."""
    from leanlab.core import clock

    if not text.strip():
        raise DocumentProblem("The comment is empty.", hint="Write what should be known.")
    if len(text) > LONG:
        raise DocumentProblem(
            f"A comment may have up to {LONG:,} characters.", hint="Write it shorter."
        )
    values = {
        "about_id": about, "text": text.strip(), "who": session.fact("author"),
        "at": clock.now().isoformat(), "title": title_of(session, about), "type": "comment",
    }  # fmt: skip
    return session.add("comment", values, label="Comment")


def decide_card(session: Session, choice: str, text: str, who: str) -> str:
    """Decide the outcome in one's own project; it is not undone: a later decision replaces it."""
    from leanlab.core import clock

    if choice not in CARD:
        raise DocumentProblem(
            f"That cannot be decided: {choice!r}.", hint=f"Choose: {', '.join(CARD.values())}."
        )
    if not who.strip():
        raise DocumentProblem("It is not said who decides.", hint="Type the name.")
    values = {
        "about_id": "card", "type": "card", "decision": choice, "text": text.strip()[:LONG],
        "who": who.strip(), "at": clock.now().isoformat(), "title": title_of(session, "card"),
        "seen": mark_at(session, "card"), "after": standing(session, "card", "card"),
        "conditions": [], "month": "",
    }  # fmt: skip
    label = f"Outcome: {CARD[choice]}"
    with session.step(label, final=True):
        return session.add("review", values, label=label)


def decided_words(item: Item) -> str:
    """Return what an opinion or decision says, in a word or two."""
    month = f" for {words.month(item.month)}" if item.month else ""
    known: Mapping[str, Mapping[str, str]] = {
        "opinion": OPINIONS, "gate": DECISIONS, "card": CARD, "benefit": BENEFIT,
    }  # fmt: skip
    return f"{known.get(item.kind, {}).get(item.choice, item.choice)}{month}"


def item_words(item: Item) -> str:
    """Return a whole item in a line: decision, conditions, text."""
    parts = [decided_words(item)] if item.kind != "comment" else []
    parts += [f"condition: {c.what} ({c.owner}, by {words.day(c.due)})" for c in item.conditions]
    if item.text:
        parts.append(f"“{item.text}”" if parts else item.text)
    line = "; ".join(parts)
    return f"{line[:1].upper()}{line[1:]}"
