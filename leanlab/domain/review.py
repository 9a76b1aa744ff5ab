"""A review that travels as a file: comments, opinions and decisions, written and read back.

The file comes from a stranger as often as from a colleague: what is read is checked piece by piece
before anything is made of it, and every doubt is an `ImportProblem` with a sentence.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from leanlab.core.errors import ImportProblem
from leanlab.domain.roadmap import DECISIONS

FORMAT, VERSION = "leanlab.review", 1
ENDING = ".leanreview"
LARGEST = 5 * 1024 * 1024  # bytes
DEPTH = 12  # of nested brackets; ours need 8
MOST_PROJECTS, MOST_ITEMS, MOST_CONDITIONS, MOST_MONTHS = 500, 5_000, 20, 600
LONG, SHORT = 10_000, 300  # characters of a comment, of a name
FIRST_YEAR, LAST_YEAR = 2020, 2100

OPINIONS: Mapping[str, str] = {"agree": "agrees", "disagree": "disagrees"}
CARD: Mapping[str, str] = {
    "sustained": "sustained", "follow_up": "follow up", "not_achieved": "not achieved",
}  # fmt: skip
BENEFIT: Mapping[str, str] = {"validated": "validated", "rejected": "rejected"}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "comment": {}, "opinion": OPINIONS, "gate": DECISIONS, "card": CARD, "benefit": BENEFIT,
}  # fmt: skip
DECIDING = frozenset({"gate", "card", "benefit"})  # these are not undone

_ID = re.compile(r"[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MARK = re.compile(r"[0-9a-f]{0,16}")
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_AMOUNT = re.compile(
    r"-?[0-9]{1,15}\.[0-9]{4}"
)  # text: numbers have more than one spelling in JSON
_RECORD = r"[0-9a-f]{32}"
_ABOUT: Mapping[str, re.Pattern[str]] = {
    "comment": re.compile(
        rf"project|actions|card|{_RECORD}|(phase|gate):[a-z_]{{1,40}}|question:[a-z_]{{1,40}}/\w{{1,20}}"
    ),
    "opinion": re.compile(r"question:[a-z_]{1,40}/\w{1,20}"),
    "gate": re.compile(r"gate:[a-z_]{1,40}"),
    "card": re.compile(r"card"),
    "benefit": re.compile(_RECORD),
}
# one that never ends is taken to the end: looking for its end from every quote would take for ever
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")
# control characters, and those that turn the direction of writing round
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be done for a gate to stay passed."""

    what: str
    owner: str
    due: str  # ISO date


@dataclass(frozen=True, slots=True)
class Item:
    """One comment, opinion or decision."""

    id: str
    kind: str  # comment, opinion, gate, card, benefit
    about: str  # id of a record, or project, actions, card, phase:ID, gate:ID, question:PHASE/ID
    title: str = ""  # of what it is about, as the reviewer read it
    choice: str = ""
    text: str = ""
    month: str = ""  # 2026-05: a benefit of that month alone
    at: str = ""  # UTC
    seen: str = ""  # mark of what the reviewer saw there
    after: str = ""  # the decision that stood there before
    conditions: tuple[Condition, ...] = ()
    amounts: tuple[tuple[str, str], ...] = ()  # month, actual amount: what was seen of a benefit

    @property
    def deciding(self) -> bool:
        """Whether this is a decision, which is not undone."""
        return self.kind in DECIDING


@dataclass(frozen=True, slots=True)
class Part:
    """What was said of one project, and of which state of it."""

    project_id: str
    title: str
    owner: str
    revision: int
    seal: str  # digest of the file that was reviewed
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One reviewer's review of one or more projects."""

    id: str
    reviewer: str
    role: str
    made_at: str  # UTC
    program: str
    parts: tuple[Part, ...]

    def part(self, project_id: str) -> Part | None:
        """Return what was said of a project."""
        return next((p for p in self.parts if p.project_id == project_id), None)


# writing -----------------------------------------------------------------------------------------


def body_of(parcel: Parcel) -> dict[str, Any]:
    """Return a parcel as what JSON knows, without its digest."""
    return {
        "format": FORMAT, "version": VERSION, "id": parcel.id,
        "reviewer": {"name": parcel.reviewer, "role": parcel.role},
        "made_at": parcel.made_at, "program": parcel.program,
        "projects": [
            {
                "project_id": part.project_id, "title": part.title, "owner": part.owner,
                "revision": part.revision, "seal": part.seal,
                "items": [_item_body(item) for item in part.items],
            }
            for part in parcel.parts
        ],
    }  # fmt: skip


def _item_body(item: Item) -> dict[str, Any]:
    """Return an item; what is empty is left out."""
    body: dict[str, Any] = {
        name: getattr(item, name) for name in _ITEM_TEXTS if getattr(item, name)
    }
    if item.conditions:
        body["conditions"] = [
            {"what": c.what, "owner": c.owner, "due": c.due} for c in item.conditions
        ]
    if item.amounts:
        body["amounts"] = dict(item.amounts)
    return body


_ITEM_TEXTS = ("id", "kind", "about", "title", "choice", "text", "month", "at", "seen", "after")


def canonical(value: Any) -> bytes:
    """Return JSON with one spelling only; the review page spells it in the same way."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest_of(body: Mapping[str, Any]) -> str:
    """Return the digest of a parcel without the two entries that hold it."""
    rest = {name: value for name, value in body.items() if name not in {"digest", "code"}}
    return hashlib.sha256(canonical(rest)).hexdigest()


def mark_of(value: Any) -> str:
    """Return a short mark of what stands somewhere, to see later whether it changed."""
    return hashlib.sha256(canonical(value)).hexdigest()[:16]


# reading -----------------------------------------------------------------------------------------


def parsed(content: bytes, *, now: datetime, printed: Callable[[str], str]) -> Parcel:
    """Read a parcel from the bytes of a file; `printed` gives the code of a digest."""
    body = _loaded(content)
    if body.get("format") != FORMAT:
        raise _strange("it is not a review of LeanLab's")
    version = body.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _strange("it does not say which version it has")
    if version > VERSION:
        raise ImportProblem(
            f"This review was made with a newer LeanLab (version {version} of its form).",
            hint="Update LeanLab, then import it again.",
        )
    _keys(body, "the file", {"format", "version", "id", "reviewer", "made_at", "program", "projects",
                             "digest", "code"})  # fmt: skip
    _check_digest(body, printed)
    reviewer = _mapping(body, "reviewer", "the file")
    _keys(reviewer, "the reviewer", {"name", "role"})
    name = _text(reviewer, "name", "the reviewer", SHORT)
    if not name:
        raise _strange("it does not say who reviewed")
    parts = tuple(
        _part(part, at, now) for at, part in enumerate(_list(body, "projects", MOST_PROJECTS), 1)
    )
    _refuse_twins(parts)
    return Parcel(
        _matching(body, "id", "the file", _ID),
        name,
        _text(reviewer, "role", "the reviewer", SHORT, needed=False),
        _moment(body, "made_at", "the file", now),
        _text(body, "program", "the file", SHORT, needed=False),
        parts,
    )


def _strange(why: str) -> ImportProblem:
    return ImportProblem(
        f"This review cannot be read: {why}.", hint="Ask the reviewer to send the file again."
    )


def _loaded(content: bytes) -> dict[str, Any]:
    """Return the JSON of a file; what would take long or much is refused first."""
    if len(content) > LARGEST:
        raise too_large()
    try:
        text = content.decode("utf-8")
        _refuse_depth(text)
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise _strange("it is not text") from error
    except (ValueError, RecursionError) as error:
        raise _strange("it is not JSON") from error
    if not isinstance(found, dict):
        raise _strange("it is not a review of LeanLab's")
    return found


def too_large() -> ImportProblem:
    """Return the problem of a file that no review needs."""
    return ImportProblem(
        "This review is larger than 5 MB.", hint="A review holds text only; ask for it again."
    )


def _refuse_depth(text: str) -> None:
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > DEPTH:
            raise _strange("it is nested too deep")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _strange("it names something twice")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _check_digest(body: Mapping[str, Any], printed: Callable[[str], str]) -> None:
    stated = _matching(body, "digest", "the file", _DIGEST)
    try:
        found = digest_of(body)
    except (ValueError, TypeError) as error:  # half of a character, or a number without end
        raise _strange("it holds what is no text") from error
    if found != stated or body.get("code") != printed(stated):
        raise ImportProblem(
            "This review was changed after it was made, or was damaged on its way.",
            hint="Ask the reviewer to send the file again.",
        )


def _part(found: Any, at: int, now: datetime) -> Part:
    where = f"project {at}"
    if not isinstance(found, dict):
        raise _strange(f"{where} is no project")
    _keys(found, where, {"project_id", "title", "owner", "revision", "seal", "items"})
    revision = found.get("revision")
    if not isinstance(revision, int) or isinstance(revision, bool) or not 0 <= revision < 10**9:
        raise _strange(f"{where} does not say which state was reviewed")
    return Part(
        _matching(found, "project_id", where, _ID),
        _text(found, "title", where, SHORT, needed=False),
        _text(found, "owner", where, SHORT, needed=False),
        revision,
        _matching(found, "seal", where, _DIGEST),
        tuple(
            _item(item, f"item {n} of {where}", now)
            for n, item in enumerate(_list(found, "items", MOST_ITEMS), 1)
        ),
    )


def _item(found: Any, where: str, now: datetime) -> Item:
    if not isinstance(found, dict):
        raise _strange(f"{where} is no comment and no decision")
    _keys(found, where, {*_ITEM_TEXTS, "conditions", "amounts"})
    kind = found.get("kind")
    if not isinstance(kind, str) or kind not in CHOICES:
        raise _strange(f"{where} is of a kind that is not known")
    item = Item(
        id=_matching(found, "id", where, _ID),
        kind=kind,
        about=_matching(found, "about", where, _ABOUT[kind]),
        title=_text(found, "title", where, SHORT, needed=False),
        choice=_choice(found, where, CHOICES[kind]),
        text=_text(found, "text", where, LONG, needed=kind == "comment"),
        month=_month(found, where, kind),
        at=_moment(found, "at", where, now),
        seen=_matching(found, "seen", where, _MARK, needed=False),
        after=_text(found, "after", where, SHORT, needed=False),
        conditions=tuple(_conditions(found, where, kind)),
        amounts=tuple(_amounts(found, where, kind)),
    )
    if item.choice == "conditions" and not item.conditions:
        raise _strange(f"{where} passes a gate with conditions and names none")
    return item


def _choice(found: Mapping[str, Any], where: str, choices: Mapping[str, str]) -> str:
    choice = _text(found, "choice", where, SHORT, needed=bool(choices))
    if choice and choice not in choices:
        raise _strange(f"{where} decides something that is not known")
    return choice


def _month(found: Mapping[str, Any], where: str, kind: str) -> str:
    if "month" not in found:
        return ""
    if kind != "benefit":
        raise _strange(f"{where} has a month and is no benefit")
    return _matching(found, "month", where, _MONTH)


def _conditions(found: Mapping[str, Any], where: str, kind: str) -> list[Condition]:
    if "conditions" not in found:
        return []
    if kind != "gate":
        raise _strange(f"{where} has conditions and is no gate")
    made = []
    for one in _list(found, "conditions", MOST_CONDITIONS):
        if not isinstance(one, dict):
            raise _strange(f"{where} has a condition that is none")
        _keys(one, where, {"what", "owner", "due"})
        what = _text(one, "what", where, SHORT)
        made.append(Condition(what, _text(one, "owner", where, SHORT), _day(one, where)))
    return made


def _amounts(found: Mapping[str, Any], where: str, kind: str) -> list[tuple[str, str]]:
    if "amounts" not in found:
        return []
    if kind != "benefit":
        raise _strange(f"{where} has amounts and is no benefit")
    amounts = _mapping(found, "amounts", where)
    if len(amounts) > MOST_MONTHS:
        raise _strange(f"{where} has amounts of more than {MOST_MONTHS} months")
    if not all(_MONTH.fullmatch(month) for month in amounts):
        raise _strange(f"{where} has an amount of a month that is none")
    return [(m, _matching(amounts, m, where, _AMOUNT)) for m in sorted(amounts)]


def amounts_of(values: Mapping[str, float]) -> tuple[tuple[str, str], ...]:
    """Return amounts by month as an item keeps them."""
    return tuple((month, f"{values[month]:.4f}") for month in sorted(values))


def _day(found: Mapping[str, Any], where: str) -> str:
    text = _text(found, "due", where, SHORT)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise _strange(f"{where} has a date that is none") from error
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise _strange(f"{where} is due in the year {day.year}")
    return day.isoformat()


def _moment(found: Mapping[str, Any], name: str, where: str, now: datetime) -> str:
    """Return a moment of the past; one day is granted to clocks that go wrong."""
    text = _text(found, name, where, SHORT)
    try:
        moment = datetime.fromisoformat(text)
        usual = moment.tzinfo is not None and moment <= now + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise _strange(f"{where} has a date that is none") from error
    if not usual or moment.year < FIRST_YEAR:
        raise _strange(f"{where} is dated {text[:10]}, which cannot be")
    return text


def _refuse_twins(parts: Sequence[Part]) -> None:
    projects = [part.project_id for part in parts]
    items = [item.id for part in parts for item in part.items]
    if len(set(projects)) != len(projects):
        raise _strange("it holds a project twice")
    if len(items) > MOST_ITEMS:
        raise _strange(f"it holds more than {MOST_ITEMS:,} items")
    if len(set(items)) != len(items):
        raise _strange("two of its items have the same number")


def _keys(found: Mapping[str, Any], where: str, known: set[str]) -> None:
    if found.keys() - known:
        raise _strange(f"{where} holds something that is not known")


def _mapping(found: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    inner = found.get(name)
    if not isinstance(inner, dict):
        raise _strange(f"{where} lacks {name.replace('_', ' ')}")
    return inner


def _list(found: Mapping[str, Any], name: str, most: int) -> list[Any]:
    inner = found.get(name)
    if not isinstance(inner, list):
        raise _strange(f"it lacks its {name}")
    if len(inner) > most:
        raise _strange(f"it holds more than {most:,} {name}")
    return inner


def _text(
    found: Mapping[str, Any], name: str, where: str, longest: int, *, needed: bool = True
) -> str:
    """Return a text as people can see it; control characters are left out."""
    value = found.get(name, "")
    if not isinstance(value, str):
        raise _strange(f"{name.replace('_', ' ')} of {where} is no text")
    if len(value) > longest:
        raise _strange(f"{name.replace('_', ' ')} of {where} is longer than {longest:,} characters")
    text = _UNSEEN.sub("", value).replace("\r", "").strip()
    if needed and not text:
        raise _strange(f"{where} lacks {name.replace('_', ' ')}")
    return text


def _matching(
    found: Mapping[str, Any],
    name: str,
    where: str,
    pattern: re.Pattern[str],
    *,
    needed: bool = True,
) -> str:
    value = found.get(name, "")
    if not needed and value == "":
        return ""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _strange(f"{name.replace('_', ' ')} of {where} has a form that is not known")
    return value
