"""Compare what was signed at a gate with what the project says now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from leanlab.app.freezing import KINDS, canonical, copy_of, frozen_copy
from leanlab.app.history import printed_code
from leanlab.app.session import Session
from leanlab.core import format as words

How = Literal["changed", "new", "gone"]
_NOT_SIGNED = {"gate", "waiver"}  # they hold the decision itself and go on after it
_NAMES = ("title", "name", "text", "rule")


@dataclass(frozen=True, slots=True)
class Difference:
    """One record or data sheet that is no longer what was signed."""

    kind: str
    record_id: str
    code: str
    title: str
    how: How


@dataclass(frozen=True, slots=True)
class SignOff:
    """How a decision stands: is its frozen copy the signed one, and what changed since."""

    whole: bool  # the bytes of the frozen copy have the printed fingerprint
    in_history: bool  # the history still holds the entry that was its last one at the decision
    differences: tuple[Difference, ...]

    @property
    def untouched(self) -> bool:
        """Whether everything is as it was signed."""
        return self.whole and self.in_history and not self.differences

    @property
    def text(self) -> str:
        """Say it in sentences."""
        if not self.whole:
            return (
                "The frozen copy of this decision is not the one that was signed: "
                "it was changed outside LeanLab."
            )
        count = len(self.differences)
        said = f"Changed after sign-off: {words.count(count, 'entry', 'entries')}."
        said = said if count else "Nothing changed after sign-off."
        if not self.in_history:
            said += " The history was written anew or cut off before this decision."
        return said


@dataclass(frozen=True, slots=True)
class Codes:
    """What a sign-off prints, so that paper can be compared with the file later."""

    frozen_copy: str
    history: str  # of the last entry before the decision; a copy of earlier versions has none

    @property
    def lines(self) -> list[str]:
        """Return both in words."""
        return [f"Frozen copy {self.frozen_copy}"] + (
            [f"History {self.history}"] if self.history else []
        )


def codes_of(session: Session, fingerprint: str) -> Codes:
    """Return the codes of a decision, found by the fingerprint of its frozen copy."""
    then = frozen_copy(session, fingerprint)
    head = str(then.get("history", "")) if then is not None else ""
    return Codes(printed_code(fingerprint), printed_code(head) if head else "")


def since_sign_off(session: Session, fingerprint: str) -> SignOff:
    """Compare a frozen copy, found by its printed fingerprint, with the present records."""
    then = frozen_copy(session, fingerprint)
    if then is None:
        return SignOff(whole=False, in_history=False, differences=())
    now = copy_of(session, str(then["gate"]))
    found: list[Difference] = []
    for kind in KINDS:
        if kind not in _NOT_SIGNED:
            found += _compared(
                kind, then["records"].get(kind, ()), _as_stored(now["records"][kind])
            )
    found += _compared("sheet", then["sheets"], _as_stored(now["sheets"]))
    if _as_stored(now["links"]) != then["links"]:
        found.append(Difference("link", "", "", "what is linked with what", "changed"))
    head = str(then.get("history", ""))  # copies of earlier versions have none
    in_history = not head or session.history_holds(head)
    return SignOff(whole=True, in_history=in_history, differences=tuple(found))


def _as_stored(value: Any) -> Any:
    """Return a value as it reads after a way through JSON."""
    found: Any = json.loads(canonical(value))
    return found


def _compared(kind: str, then: Any, now: Any) -> list[Difference]:
    old = {str(entry.get("id")): entry for entry in then if isinstance(entry, dict)}
    new = {entry["id"]: entry for entry in now}
    found = []
    for record_id in [*old, *(i for i in new if i not in old)]:
        how = _how(kind, old.get(record_id), new.get(record_id))
        if how is not None:
            entry = new.get(record_id) or old[record_id]
            title = next((str(entry[n]) for n in _NAMES if entry.get(n)), kind)
            found.append(Difference(kind, record_id, str(entry.get("code") or ""), title, how))
    return found


def _how(kind: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> How | None:
    if old is None:
        return "new"
    if new is None:
        return "gone"
    # a copy that was frozen before LeanLab took fingerprints of data says nothing of them
    known = new if kind != "sheet" else {name: new.get(name) for name in old}
    return None if _content(old) == _content(known) else "changed"


def _content(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an entry says; its revision goes back with an undo and proves nothing."""
    return {name: value for name, value in entry.items() if name != "revision"}
