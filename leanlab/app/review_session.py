"""A project opened for review: it is read, commented and decided upon, and never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from leanlab.app import review_pending, roadmap
from leanlab.app.records import Change, Record
from leanlab.app.review_places import amounts_at, mark_at, standing, title_of
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.core.errors import DocumentProblem, OpenElsewhere
from leanlab.domain.review import CHOICES, LONG, MOST_CONDITIONS, Condition, Item, Part
from leanlab.domain.roadmap import PASSING
from leanlab.store import review_copy
from leanlab.store.review_copy import LeftBehind, ReviewCopy

LABELS: Mapping[str, str] = {
    "comment": "Comment", "opinion": "Give an opinion", "gate": "Decide the gate",
    "card": "Decide the outcome", "benefit": "Judge the benefit",
}  # fmt: skip


class ReviewSession(Session):
    """Use cases of a reviewer; the only writable kinds are comment and review."""

    reviewing = True

    def __init__(self, copy: ReviewCopy) -> None:
        super().__init__(copy)
        self._copy = copy
        self._sent = False
        merged = {r.id for kind in ("comment", "review") for r in self.records(kind)} & copy.known
        review_pending.settle(self.project_id, merged)
        self._keep_in_sight(None)
        self.listen(self._keep_in_sight)

    # life ----------------------------------------------------------------------------------

    @classmethod
    def start(cls, path: Path, *, author: str = "") -> "ReviewSession":
        """Review a file; a review of this project that was begun goes on, on the newest state."""
        copy = review_copy.open_review(path, who=author)
        earlier = [x for x in review_copy.left_behind() if x.project_id == copy.project_id]
        try:
            if not earlier:
                _refuse_second(copy)
                return cls(copy)
            if len(earlier) == 1 and earlier[0].seal == copy.seal:
                resumed = cls(review_copy.go_on(earlier[0], who=author))
                copy.close(keep_draft=False)
                return resumed
            session = cls(copy)
            for left in earlier:
                session._carry_over(left)
        except BaseException:
            copy.close(keep_draft=False)
            raise
        return session

    @classmethod
    def go_on(cls, left: LeftBehind, *, author: str = "") -> "ReviewSession":
        """Go on with a review that was begun."""
        return cls(review_copy.go_on(left, who=author))

    def _carry_over(self, left: LeftBehind) -> None:
        """Take the items of a review of an older state over; each still says what was seen."""
        with_items = ReviewSession.go_on(left)
        records = with_items.own()
        with_items.close()
        with self.step("Go on with an earlier review"):
            for record in records:
                if self.knows(record.id):  # merged meanwhile
                    continue
                self.add_as(record.id, record.kind, record.values)
        review_copy.dropped(left)

    def close(self, *, keep_draft: bool = True) -> None:
        """Close; what was written is kept until it is sent, whatever `keep_draft` says."""
        del keep_draft
        if self._keep_in_sight in self._listeners:  # closing twice does nothing
            self.unlisten(self._keep_in_sight)
        self._copy.close(keep_draft=not self._sent)

    def give_up(self) -> None:
        """Throw the review away when it is closed."""
        self._sent = True
        review_pending.forget_begun(self.project_id)

    def sent(self) -> None:
        """The parcel was written: the draft is not needed any more."""
        self._sent = True

    def save(self, *, overwrite: bool = False) -> None:
        """Refuse: the file belongs to somebody else."""
        del overwrite
        _never()

    def save_as(self, path: Path) -> None:
        """Refuse: the file belongs to somebody else."""
        del path
        _never()

    def save_copy(self, path: Path, *, history: bool = True) -> None:
        """Refuse: the file belongs to somebody else."""
        del path, history
        _never()

    @property
    def project_id(self) -> str:
        """Id of the project; copies of a file share it."""
        return self._copy.project_id

    # what was said -------------------------------------------------------------------------

    def own(self) -> list[Record]:
        """Return the records of this review, not those that the file had."""
        kinds = ("comment", "review")
        found = [r for kind in kinds for r in self.records(kind) if r.id not in self._copy.known]
        return sorted(found, key=lambda r: str(r.get("at", "")))

    def items(self) -> tuple[Item, ...]:
        """Return what this review says so far."""
        return tuple(item_of(record) for record in self.own())

    def item(self, kind: str, about: str, month: str = "") -> Item | None:
        """Return the opinion or decision that this review has at a place."""
        found = [i for i in self.items() if (i.kind, i.about, i.month) == (kind, about, month)]
        return found[-1] if found else None

    def part(self) -> Part:
        """Return this review as a part of a parcel."""
        return Part(
            self.project_id, self.title, self.fact("author"), self._copy.saved_revision,
            self._copy.seal, self.items(),
        )  # fmt: skip

    # saying it -----------------------------------------------------------------------------

    def comment(self, about: str, text: str) -> str:
        """Comment a place or a record; return the comment's id."""
        if not text.strip():
            raise DocumentProblem("The comment is empty.", hint="Write what the owner should know.")
        values = {"about_id": about, **self._said("comment", about, text)}
        return self.add("comment", values, label="Comment")

    def opine(self, phase_id: str, question_id: str, choice: str, text: str = "") -> str:
        """Agree or disagree with the answer to a gate question."""
        return self._decide("opinion", f"question:{phase_id}/{question_id}", choice, text)

    def decide_gate(
        self, phase_id: str, choice: str, text: str = "", conditions: Sequence[Condition] = ()
    ) -> str:
        """Decide a gate; it counts when the owner imports it."""
        state = roadmap.state_of(self, thorough=True).phase(phase_id)
        if choice in PASSING and state.blocking:
            first = state.blocking[0]
            raise DocumentProblem(
                f"The gate cannot be passed yet: {first.question.text} {first.text}",
                hint="Decide rework, or comment what is missing.",
            )
        if choice == "conditions" and not 0 < len(conditions) <= MOST_CONDITIONS:
            raise DocumentProblem("It is not said on which condition.", hint="Add the condition.")
        kept = conditions if choice in PASSING else ()
        return self._decide("gate", f"gate:{phase_id}", choice, text, conditions=kept)

    def decide_card(self, choice: str, text: str = "") -> str:
        """Decide the outcome of the project."""
        return self._decide("card", "card", choice, text)

    def judge_benefit(self, line_id: str, choice: str, text: str = "", month: str = "") -> str:
        """Validate or reject a benefit line, or one month of it."""
        amounts = amounts_at(self, line_id, month)
        if choice == "validated" and not amounts:
            raise DocumentProblem(
                "There is no actual amount to validate.",
                hint="Comment what is missing, or reject the line.",
            )
        return self._decide("benefit", line_id, choice, text, month=month, amounts=amounts)

    def withdraw(self, item_id: str) -> None:
        """Take a comment or decision of this review back."""
        if item_id in self._copy.known:
            _never()
        self.delete(item_id, label="Take back")

    def _decide(
        self,
        kind: str,
        about: str,
        choice: str,
        text: str,
        *,
        month: str = "",
        conditions: Sequence[Condition] = (),
        amounts: Sequence[tuple[str, str]] = (),
    ) -> str:
        if choice not in CHOICES[kind]:
            raise DocumentProblem(
                f"That cannot be decided: {choice!r}.",
                hint="Choose: " + ", ".join(CHOICES[kind].values()) + ".",
            )
        values = {
            "about_id": about, "decision": choice, "month": month,
            "after": standing(self, kind, about, month),
            "conditions": [asdict(c) for c in conditions], "amounts": dict(amounts),
            **self._said(kind, about, text),
        }  # fmt: skip
        before = self.item(kind, about, month)
        with self.step(LABELS[kind]):
            if before is not None:  # a new id: an earlier parcel may hold the old one
                self.delete(before.id)
            return self.add("review", values)

    def _said(self, kind: str, about: str, text: str) -> dict[str, Any]:
        if len(text) > LONG:
            raise DocumentProblem(
                f"A comment may have up to {LONG:,} characters.", hint="Write it shorter."
            )
        return {
            "type": kind, "text": text.strip(), "who": self._document.who,
            "at": clock.now().isoformat(), "title": title_of(self, about)[:300],
            "seen": mark_at(self, about),
        }  # fmt: skip

    def _keep_in_sight(self, _change: Change | None) -> None:
        """Let the portfolio show what the lead decided, although no owner has it yet."""
        review_pending.keep_begun(self.part())


def item_of(record: Record) -> Item:
    """Return a record of a review as an item of a parcel."""
    return Item(
        id=record.id,
        kind="comment" if record.kind == "comment" else str(record.get("type", "opinion")),
        about=str(record.get("about_id", "")),
        title=str(record.get("title", "")),
        choice=str(record.get("decision", "")),
        text=str(record.get("text", "")),
        month=str(record.get("month", "")),
        at=str(record.get("at", "")),
        seen=str(record.get("seen", "")),
        after=str(record.get("after", "")),
        conditions=tuple(Condition(**c) for c in record.get("conditions") or ()),
        amounts=tuple(sorted((record.get("amounts") or {}).items())),
    )


def reviews_begun() -> list[LeftBehind]:
    """Return the reviews that were begun, not sent, and are open in no window."""
    return review_copy.left_behind()


def discard(left: LeftBehind) -> None:
    """Give a review up for good."""
    review_copy.dropped(left)
    review_pending.forget_begun(left.project_id)


def _refuse_second(copy: ReviewCopy) -> None:
    if review_copy.elsewhere(copy.project_id, but=copy.folder):
        raise OpenElsewhere(
            "You review this project in another window already.", hint="Go to that window."
        )


def _never() -> NoReturn:
    raise DocumentProblem(
        "You review this project; nothing is changed in it.",
        hint="Finish the review: its owner merges what you wrote.",
    )


__all__ = ["LeftBehind", "ReviewSession", "discard", "item_of", "reviews_begun"]
