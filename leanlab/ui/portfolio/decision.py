"""Decide the outcome on a card: a choice by key, a comment, a signature."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QRadioButton

from leanlab.core.errors import Problem
from leanlab.domain.review import CARD, LONG, SHORT
from leanlab.ui.widgets import button, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

MEANS: Mapping[str, str] = {
    "sustained": "The gain is held; the project may rest.",
    "follow_up": "Something is left to do or to see; say what in the comment.",
    "not_achieved": "The gain did not come, or was lost.",
}
Decide = Callable[[str, str, str], object]  # choice, comment, name


class DecisionBar(QFrame):
    """Three choices (keys 1, 2, 3), a comment (Tab), and a button that keeps it (Ctrl+Enter).

    `signed` asks for a name too: without a review nobody else says who decides.
    """

    def __init__(self, decide: Decide, words: str, hint: str, *, signed: str | None = None) -> None:
        super().__init__()
        self.setObjectName("decision_bar")
        self._decide = decide
        self.choices = QButtonGroup(self)
        for at, (choice, text) in enumerate(CARD.items(), start=1):
            self.choices.addButton(self._choice(at, choice, text), at)
        self.comment = self._line("card_comment", "Comment on the outcome", "Comment", LONG)
        self.name = self._line("card_name", "Name of who decides", "Name", SHORT)
        self.name.setText(signed or "")
        if signed is None:
            self.name.hide()
        self.name.setMaximumWidth(190)
        self.keep = button(words, self.decide, "card_decide")
        self.keep.setToolTip(hint)
        self.keep.setAutoDefault(False)
        self.said = label("", "muted", wrap=False)
        self._key("Ctrl+Return", self.decide)
        head = row(label("Decision", wrap=False), *self.choices.buttons(), self.said, None)
        foot = row(self.comment, self.name, self.keep)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(28, 10, 28, 10)
        whole.addLayout(column(head, foot, spacing=6))
        foot.setStretch(0, 1)

    def _choice(self, at: int, choice: str, text: str) -> QRadioButton:
        box = QRadioButton(f"{text[:1].upper()}{text[1:]}")
        box.setObjectName(f"card_{choice}")
        box.setProperty("choice", choice)
        box.setToolTip(f"{MEANS[choice]} (Key {at})")
        self._key(str(at), partial(self._take, box))
        return box

    def _take(self, box: QRadioButton) -> None:
        box.setChecked(True)
        box.setFocus()  # so that Tab leads to the comment

    def _key(self, keys: str, run: Callable[[], object]) -> None:
        """Take a key wherever the focus is beside this bar, but not in a field that takes digits."""
        QShortcut(QKeySequence(keys), self, run, context=Qt.ShortcutContext.WindowShortcut)

    def _line(self, name: str, spoken: str, hint: str, longest: int) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setAccessibleName(spoken)
        field.setPlaceholderText(hint)
        field.setMaxLength(longest)
        return field

    def decide(self) -> None:
        """Hand the decision over, if there is one."""
        chosen = self.choices.checkedButton()
        if chosen is None:
            self.said.setText("Choose with 1, 2 or 3 first.")
            return
        if not self.name.isHidden() and not self.name.text().strip():
            self.said.setText("Type the name of who decides.")
            self.name.setFocus()
            return
        self._decide(str(chosen.property("choice")), self.comment.text(), self.name.text().strip())
        (self.choices.checkedButton() or self.choices.buttons()[0]).setFocus()  # keys act again

    def show_decision(self, choice: str, text: str) -> None:
        """Show what was decided before, so that it can be changed."""
        for box in self.choices.buttons():
            if box.property("choice") == choice:
                box.setChecked(True)
        self.comment.setText(text)

    def forget(self) -> None:
        """Begin without a decision."""
        self.choices.setExclusive(False)
        for box in self.choices.buttons():
            box.setChecked(False)
        self.choices.setExclusive(True)
        self.comment.clear()
        self.said.clear()


def keep_in_review(
    window: "MainWindow", path: Path, choice: str, text: str, bar: DecisionBar,
    failed: Callable[[Problem], None],
) -> None:  # fmt: skip
    """Keep a decision as a review that was begun; many cards make one parcel."""
    author = window.settings.name

    def work(_job: Any) -> None:
        from leanlab.app.review_session import ReviewSession

        session = ReviewSession.start(path, author=author)
        try:
            session.decide_card(choice, text)
        finally:
            session.close()

    def kept(_result: Any) -> None:
        bar.said.setText(f"Kept: {CARD[choice]}. Finish your review to send it.")

    window.jobs.run(work, kept, failed=failed, view="card decision")
