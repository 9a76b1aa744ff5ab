"""One gate question: it takes the focus, and its keys answer, comment and show the evidence."""

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from leanlab.app.roadmap import Answered
from leanlab.ui.widgets import row


class Asker(Protocol):
    """What a question asks of its page."""

    def stay_at(self, question_id: str) -> None:
        """Remember which question is looked at."""

    def step(self, question_id: str, by: int) -> None:
        """Go to another question."""

    def show_evidence(self, answer: Answered) -> None:
        """Show the evidence of an answer beside the questions."""

    def opine(self, answer: Answered, choice: str) -> None:
        """Agree or disagree with an answer."""

    def comment(self, answer: Answered) -> None:
        """Comment an answer."""


STEPS: Mapping[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
OPINIONS: Mapping[int, str] = {Qt.Key.Key_A: "agree", Qt.Key.Key_D: "disagree"}


class QuestionRow(QFrame):
    """Up and Down go on, A agrees, D disagrees, C comments, Enter shows the evidence."""

    def __init__(self, page: Asker, answer: Answered) -> None:
        super().__init__()
        self._page, self.answer = page, answer
        self.setObjectName("gate_question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{answer.question.text} {answer.text}")
        self.setAccessibleDescription("Enter shows the evidence, C comments.")
        self.line = row(spacing=8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.addLayout(self.line)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the page where its reader is."""
        super().focusInEvent(event)
        self._page.stay_at(self.answer.question.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for; with Ctrl or Alt it belongs to a command."""
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in STEPS:
            self._page.step(self.answer.question.id, STEPS[key])
        elif plain and key in OPINIONS:
            self._page.opine(self.answer, OPINIONS[key])
        elif plain and key == Qt.Key.Key_C:
            self._page.comment(self.answer)
        elif plain and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._page.show_evidence(self.answer)
        else:
            super().keyPressEvent(event)
