"""Who changed what, and when: versions of a record, and whether the history is whole."""

import re
from dataclasses import dataclass
from typing import Any

from leanlab.app.session import Session
from leanlab.store.schema import KINDS

NOT_NAMED = "Somebody"  # who made a step in files in which no name was kept
_HIDDEN = {"revision", "deleted_at", "created", "id", "kind"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value of a record, before and after; inner values of a form are named with a dot."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Version:
    """One step that changed a record."""

    at: str  # UTC
    who: str
    what: str
    changes: tuple[FieldChange, ...]


def versions(session: Session, record_id: str) -> list[Version]:
    """Return the steps that changed a record, the latest first."""
    found = []
    for at, who, what, entries in session.history(record_id):
        changes = [
            FieldChange(_plain_name(name), *values)
            for table, key, told in entries
            if key[:1] == [record_id] and (table in KINDS or table == "record")
            for name, values in told.items()
            if name not in _HIDDEN
        ]
        found.append(Version(at, who, what, tuple(changes)))
    return found


def _plain_name(name: str) -> str:
    """`more` is where values without a column stand; the user need not know."""
    return name.removeprefix("more.")


def restore(session: Session, record_id: str, version: Version) -> None:
    """Give the changed values of a version back their old content; one undoable step."""
    record = session.record(record_id)
    values: dict[str, Any] = {}
    for change in version.changes:
        name, dot, inner = change.name.partition(".")
        if not dot:
            values[name] = change.old
            continue
        body = dict(values.get(name) or record.get(name) or {})
        if change.old is None:
            body.pop(inner, None)
        else:
            body[inner] = change.old
        values[name] = body
    session.edit(
        record_id,
        values,
        label=f"Restore what {version.what[:1].lower()}{version.what[1:]} changed",
    )


@dataclass(frozen=True, slots=True)
class Integrity:
    """What can be said of the history of a project."""

    entries: int
    code: str  # of the last entry, as it is printed on a sign-off
    whole: bool
    text: str


def integrity(session: Session) -> Integrity:
    """Check the chain of the history and say what that does and does not show."""
    chain = session.chain()
    if chain.broken_at is not None:
        text = f"The history does not fit together from entry {chain.broken_at} on: it was changed outside LeanLab."
    else:
        text = (
            f"All {chain.entries:,} entries of the history fit together. Compare the code with one that "
            "was printed: only that shows whether entries were cut off or all were written anew."
        )
        if chain.clock_went_back:
            times = chain.clock_went_back
            text += f" The clock went back {'once' if times == 1 else f'{times} times'}."
    return Integrity(chain.entries, printed_code(chain.head), chain.broken_at is None, text)


def printed_code(digest: str) -> str:
    """Return the first 48 bits of a digest in groups that can be read aloud and typed."""
    return "-".join(re.findall("....", digest[:12].upper()))
