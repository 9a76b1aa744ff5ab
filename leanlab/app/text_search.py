"""Full text over what people wrote into a project: every field of every record."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leanlab.app.records import Record
from leanlab.app.review_places import KIND_WORDS, record_title
from leanlab.app.session import Session

_KINDS = (*(kind for kind in KIND_WORDS if kind != "report_page"), "comment", "attachment")
# what nobody typed: pictures, results, settings of analyses
_NOT_TEXT = frozenset({"svg", "digest", "sha256", "snapshot", "tables", "numbers", "options", "roles",
                       "marks", "binding", "settings", "seen", "type_id", "report_card", "kind", "status",
                       "step_type", "value_added", "direction", "evidence_kind", "item_class",
                       "benefit_class", "solution_type", "version", "phase"})  # fmt: skip
_ID = re.compile(r"[0-9a-f]{32}")
AROUND = 60  # characters that are shown on each side of a hit


@dataclass(frozen=True, slots=True)
class Text:
    """All that is written in one record; `place` is where the window shows it."""

    place: str
    title: str
    words: str
    lower: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that holds the words, with a piece of its text around them."""

    place: str
    title: str
    excerpt: str


def texts(session: Session) -> list[Text]:
    """Return the texts of a project as they are now."""
    return [_text(session, record) for kind in _KINDS for record in session.records(kind)]


def _text(session: Session, record: Record) -> Text:
    found = list(_strings(record.values))
    if record.kind == "sheet":
        found += [column.name for column in session.sheet(record.id).columns]
    words = " ".join(" · ".join(found).split())
    return Text(_place(record), _title(session, record), words, words.lower())


def _strings(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if name not in _NOT_TEXT and not name.endswith("_id"):
            yield from _within(value)


def _within(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip() and not _ID.fullmatch(value):
            yield value.strip()
    elif isinstance(value, Mapping):
        yield from _strings(value)
    elif isinstance(value, list):
        for one in value:
            yield from _within(one)


def _place(record: Record) -> str:
    if record.kind not in {"comment", "attachment", "waiver"}:
        return record.id
    about = str(record.get("about_id", ""))
    kind, _, rest = about.partition(":")
    if kind == "question":
        return f"gate:{rest.partition('/')[0]}"
    return "home" if about in {"", "project"} else about


def _title(session: Session, record: Record) -> str:
    if record.kind == "attachment":
        return f"File: {record.get('name', '')}"
    if record.kind == "comment":
        who = record.get("who")
        return f"Comment of {who}" if who else "Comment"
    if record.kind == "worksheet_row":
        sheet = str(record.get("worksheet_id", ""))
        if session.exists(sheet):
            return f"Row in {session.record(sheet).get('title', '')}"
    return record_title(record)


def hits(found: Sequence[Text], typed: str, most: int) -> list[Hit]:
    """Return the texts that hold every typed word, up to a number."""
    wanted = typed.lower().split()
    kept = []
    for text in found:
        if wanted and all(word in text.lower for word in wanted):
            kept.append(Hit(text.place, text.title, _excerpt(text, wanted[0])))
            if len(kept) == most:
                break
    return kept


def _excerpt(text: Text, word: str) -> str:
    at = text.lower.find(word)
    start, end = max(0, at - AROUND), min(len(text.words), at + len(word) + AROUND)
    if start:
        start = text.words.find(" ", start, at) + 1 or start
    before, after = "…" if start else "", "…" if end < len(text.words) else ""
    return f"{before}{text.words[start:end]}{after}"
