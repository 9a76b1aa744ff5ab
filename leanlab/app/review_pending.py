"""What a reviewer said that no owner has merged yet, kept in the reviewer's private folder."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from leanlab.core import format as words
from leanlab.domain.review import BENEFIT, CARD, Condition, Item, Parcel, Part
from leanlab.domain.roadmap import DECISIONS
from leanlab.store.places import folder

_WORDS: Mapping[str, Mapping[str, str]] = {"gate": DECISIONS, "card": CARD, "benefit": BENEFIT}


@dataclass(frozen=True, slots=True)
class Pending:
    """One comment or decision that the owner's file does not hold yet."""

    project_id: str
    project: str
    owner: str
    item: Item
    sent: bool  # a parcel was written; else the review is still open
    code: str = ""  # of that parcel

    @property
    def words(self) -> str:
        """What was decided and why it does not count yet, in a sentence."""
        who = self.owner or "the owner"
        state = f"not yet merged by {who}" if self.sent else "your review is not sent yet"
        return f"{decision_words(self.item)} ({state})"


def decision_words(item: Item) -> str:
    """Return "Gate Measure: passed on 14 May 2026"."""
    said = _WORDS.get(item.kind, {}).get(item.choice, item.choice or "commented")
    month = f" ({item.month})" if item.month else ""
    day = f" on {words.day(item.at)}" if item.at else ""
    return f"{item.title or item.about}{month}: {said}{day}"


def pending_for(
    project_id: str, *, merged: Collection[str] = (), decisions_only: bool = True
) -> tuple[Pending, ...]:
    """Return what this user decided about a project and its owner has not merged, the oldest first.

    `merged` are the ids of what the owner's file holds, as its entry in a portfolio says.
    """
    kept = _read(project_id)
    found = [_pending(project_id, kept, body, sent=False) for body in kept.get("begun", ())]
    for parcel in kept.get("sent", ()):
        code = str(parcel.get("code", ""))
        found += [
            _pending(project_id, kept, body, sent=True, code=code)
            for body in parcel.get("items", ())
        ]
    wanted = [
        p
        for p in found
        if p is not None and p.item.id not in merged and (p.item.deciding or not decisions_only)
    ]
    return tuple(sorted(wanted, key=lambda p: p.item.at))


def settle(project_id: str, merged: Collection[str]) -> None:
    """Forget what the owner's file holds by now; `merged` are ids of its comments and reviews."""
    kept = _read(project_id)
    sent = []
    for parcel in kept.get("sent", ()):
        left = [i for i in parcel.get("items", ()) if i.get("id") not in merged]
        if left:
            sent.append({**parcel, "items": left})
    if sent != kept.get("sent", []):
        _write(project_id, {**kept, "sent": sent})


def keep_begun(part: Part) -> None:
    """Remember what an open review says so far."""
    kept = _read(part.project_id)
    begun = [asdict(item) for item in part.items]
    if begun or kept:
        _write(part.project_id, {**kept, "title": part.title, "owner": part.owner, "begun": begun})


def forget_begun(project_id: str) -> None:
    """The review was given up."""
    kept = _read(project_id)
    if kept:
        _write(project_id, {**kept, "begun": []})


def keep_sent(parcel: Parcel, code: str) -> None:
    """Remember what a parcel says until its owners have merged it."""
    for part in parcel.parts:
        kept = _read(part.project_id)
        entry = {"parcel": parcel.id, "code": code, "at": parcel.made_at,
                 "items": [asdict(item) for item in part.items]}  # fmt: skip
        others = [p for p in kept.get("sent", ()) if p.get("parcel") != parcel.id]
        _write(part.project_id, {**kept, "title": part.title, "owner": part.owner, "begun": [],
                                 "sent": [*others, entry]})  # fmt: skip


def _pending(
    project_id: str, kept: Mapping[str, Any], body: Mapping[str, Any], *, sent: bool, code: str = ""
) -> Pending | None:
    try:
        conditions = tuple(Condition(**c) for c in body.get("conditions") or ())
        item = Item(**{**body, "conditions": conditions})
    except TypeError:  # written by another version of LeanLab
        return None
    return Pending(
        project_id, str(kept.get("title", "")), str(kept.get("owner", "")), item, sent, code
    )


def _file(project_id: str) -> Path:
    """Return where a project's entry stands; an id that is none never becomes a path."""
    usual = re.fullmatch(r"[0-9a-f]{32}", project_id)
    name = project_id if usual else hashlib.sha256(project_id.encode()).hexdigest()
    return folder("reviews") / f"{name}.json"


def _read(project_id: str) -> dict[str, Any]:
    try:
        found = json.loads(_file(project_id).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(project_id: str, kept: Mapping[str, Any]) -> None:
    """Keep what is pending, or forget it; what is not kept here stays in the review and its file."""
    target = _file(project_id)
    with suppress(OSError):
        if not any(kept.get(name) for name in ("begun", "sent")):
            target.unlink(missing_ok=True)
            return
        part = target.with_suffix(".part")
        part.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        part.replace(target)
