"""Decide the outcome of a reviewed project: sustained, follow up, not achieved."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import roadmap
from leanlab.app.review_session import ReviewSession
from leanlab.domain.review import CARD
from leanlab.ui.review.bar import reviewed
from leanlab.ui.widgets import label

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

_MEANS = {
    "sustained": "The gain is held; the project may rest.",
    "follow_up": "Something is left to do or to see; say what, below.",
    "not_achieved": "The gain did not come, or was lost.",
}


class OutcomeDialog(QDialog):
    """One choice and a comment."""

    def __init__(self, session: ReviewSession, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("outcome_dialog")
        self.setWindowTitle("Decide the outcome")
        self.setMinimumWidth(480)
        before = session.item("card", "card")
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(label(session.title, "heading"))
        said = roadmap.latest_verdict(session)
        layout.addWidget(label(said or "No comparison of before and after is saved yet.", "muted"))
        self.choices = QButtonGroup(self)
        for at, (choice, text) in enumerate(CARD.items()):
            box = QRadioButton(f"&{text.capitalize()}")
            box.setObjectName(f"outcome_{choice}")
            box.setProperty("choice", choice)
            box.setChecked(before is not None and before.choice == choice)
            self.choices.addButton(box, at)
            layout.addWidget(box)
            layout.addWidget(label(f"      {_MEANS[choice]}", "small"))
        self.text = QPlainTextEdit(before.text if before is not None else "")
        self.text.setObjectName("outcome_text")
        self.text.setAccessibleName("Comment")
        self.text.setPlaceholderText("Comment")
        self.text.setFixedHeight(84)
        self.problem = label("", "problem")
        self.problem.hide()
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        buttons.button(standard.Ok).setText("Decide")
        buttons.accepted.connect(self._check)
        buttons.rejected.connect(self.reject)
        for part in (self.text, self.problem, buttons):
            layout.addWidget(part)

    def _check(self) -> None:
        if self.choices.checkedButton() is None:
            self.problem.setText("Choose one of the three.")
            self.problem.show()
            return
        self.accept()

    @property
    def answer(self) -> tuple[str, str]:
        """Choice and comment."""
        chosen = self.choices.checkedButton()
        choice = str(chosen.property("choice")) if chosen is not None else ""
        return choice, self.text.toPlainText()


def decide_outcome(window: "MainWindow") -> None:
    """Ask for a decision about the outcome and keep it in the review."""
    session = reviewed(window)
    if session is None:
        return
    dialog = OutcomeDialog(session, window)
    if dialog.exec():
        session.decide_card(*dialog.answer)
        window.say("Kept in your review.")
