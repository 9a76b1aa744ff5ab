"""Links between records that people draw and read: which there are, which suit, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from leanlab.app.records import Record
from leanlab.app.review_places import KIND_WORDS, record_title
from leanlab.app.session import Session

RELATED = "related_to"
# verb -> in words, read from its two ends
WORDS: Mapping[str, tuple[str, str]] = {
    RELATED: ("belongs with", "belongs with"),
    "evidence": ("rests on", "is evidence for"),
    "implements": ("carries out", "is carried out by"),
    "addresses": ("acts on", "is acted on by"),
    "controls": ("keeps in check", "is kept in check by"),
    "baseline": ("has the baseline", "is the baseline of"),
    "proves": ("is proved by", "proves"),
    "explained_by": ("has points explained by", "explains points of"),
    "saved_as": ("was saved as", "was saved from"),
    "stage_because": ("has a stage because of", "is the reason for a stage of"),
    "raised": ("raised", "was raised by"),
    "answered_by": ("is answered by", "answers"),
    "condition": ("passed on condition of", "is a condition of"),
    "shows": ("shows", "is shown in"),
}
# kinds of both ends -> the verb that the rest of the program reads
_MEANT: Mapping[tuple[str, str], str] = {
    ("cause", "finding"): "evidence", ("action", "solution"): "implements",
    ("action", "cause"): "addresses", ("solution", "cause"): "addresses",
    ("control_item", "cause"): "controls", ("metric", "finding"): "baseline",
    ("analysis", "cause"): "explained_by",
}  # fmt: skip
LINKED_KINDS = tuple(kind for kind in KIND_WORDS if kind not in {"worksheet_row", "waiver", "gate", "report_page"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Linked:
    """A record at the other end of a link."""

    from_id: str
    verb: str
    to_id: str
    record: Record
    words: str

    @property
    def by_hand(self) -> bool:
        """Whether the link may be taken away here; others belong to what made them."""
        return self.verb in {RELATED, *_MEANT.values()}


def linked(session: Session, record_id: str) -> list[Linked]:
    """Return what a record is linked with."""
    found = []
    for link in session.links(record_id):
        outgoing = link.from_id == record_id
        other = link.to_id if outgoing else link.from_id
        if session.exists(other):
            told = WORDS.get(link.verb, (link.verb.replace("_", " "),) * 2)[0 if outgoing else 1]
            found.append(Linked(link.from_id, link.verb, link.to_id, session.record(other), told))
    return found


def candidates(session: Session, record_id: str, typed: str = "") -> list[Record]:
    """Return the records that hold all typed words, without the record itself."""
    wanted = typed.lower().split()
    known = {entry.record.id for entry in linked(session, record_id)} | {record_id}
    records = (r for kind in LINKED_KINDS for r in session.records(kind))
    return [
        r for r in records
        if r.id not in known and all(word in record_title(r).lower() for word in wanted)
    ]  # fmt: skip


def meaning(one: Record, other: Record) -> tuple[str, str, str]:
    """Return (from, verb, to) of the link that suits two kinds of records."""
    if verb := _MEANT.get((one.kind, other.kind)):
        return one.id, verb, other.id
    if verb := _MEANT.get((other.kind, one.kind)):
        return other.id, verb, one.id
    return one.id, RELATED, other.id


def told(one: Record, other: Record) -> str:
    """Return what a new link from one record to another would say."""
    start, verb, _ = meaning(one, other)
    return WORDS[verb][0 if start == one.id else 1]


def link(session: Session, record_id: str, other_id: str) -> None:
    """Link two records in the way that suits their kinds."""
    one, other = session.record(record_id), session.record(other_id)
    with session.step(f"Link {_short(one)} with {_short(other)}"):
        session.link(*meaning(one, other))


def unlink(session: Session, entry: Linked) -> None:
    """Take a link away."""
    with session.step(f"Take away the link with {_short(entry.record)}"):
        session.unlink(entry.from_id, entry.verb, entry.to_id)


def _short(record: Record) -> str:
    word, field = KIND_WORDS.get(record.kind, (record.kind, "title"))
    name = record.code or str(record.get(field, "") if field else "")
    return f"{word.lower()} {name}".strip()
