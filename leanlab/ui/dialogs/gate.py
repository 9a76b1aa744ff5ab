"""Questions around a gate: an answer by hand, a condition, a gate passed before LeanLab."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import roadmap
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.core.errors import Problem
from leanlab.core.names import safe_name
from leanlab.domain.roadmap import Question
from leanlab.ui import messages
from leanlab.ui.dialogs.attachments import content_of
from leanlab.ui.widgets import button, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

WIDE = 520


@dataclass(frozen=True, slots=True)
class HandAnswer:
    """What a person states in answer to a question."""

    yes: bool
    note: str
    outside: bool
    file: Path | None


class _Dialog(QDialog):
    """A dialog with a problem line and a verb on its button."""

    help = "gates"

    def __init__(self, name: str, title: str, verb: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDE)
        self.parts = QVBoxLayout(self)
        self.parts.setSpacing(10)
        self.problem = label("", "problem")
        self.problem.hide()
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.buttons.button(standard.Ok).setText(verb)
        self.buttons.accepted.connect(self._check)
        self.buttons.rejected.connect(self.reject)

    def _close_with_buttons(self) -> None:
        self.parts.addWidget(self.problem)
        self.parts.addWidget(self.buttons)

    def _missing(self) -> str:
        """Return what is missing, or nothing."""
        return ""

    def _check(self) -> None:
        missing = self._missing()
        self.problem.setText(missing)
        self.problem.setVisible(bool(missing))
        if not missing:
            self.accept()


class AnswerDialog(_Dialog):
    """An answer by hand: it is kept as the statement of whoever gives it."""

    def __init__(self, question: str, parent: QWidget) -> None:
        super().__init__("answer_dialog", "Answer by hand", "Answer", parent)
        self.yes, self.no = QRadioButton("&Yes"), QRadioButton("&No, not yet")
        self.yes.setObjectName("answer_yes")
        self.no.setObjectName("answer_no")
        self.yes.setChecked(True)
        self.note = QPlainTextEdit()
        self.note.setObjectName("answer_note")
        self.note.setAccessibleName("What you know")
        self.note.setPlaceholderText("Who agreed, when, where it can be seen")
        self.note.setMaximumHeight(90)
        self.outside = QCheckBox("The proof is held &outside LeanLab")
        self.outside.setObjectName("answer_outside")
        self._file: Path | None = None
        self.file_name = label("No file attached", "small", wrap=False)
        attach = button("Attach a &file…", self._attach, "answer_attach")
        for part in (
            label(question, "heading"),
            label(
                "It is shown as a statement with your name, not as a fact of the records.", "muted"
            ),
        ):
            self.parts.addWidget(part)
        self.parts.addLayout(row(self.yes, self.no, None))
        self.parts.addWidget(self.note)
        self.parts.addWidget(self.outside)
        self.parts.addLayout(row(attach, self.file_name, None))
        self._close_with_buttons()

    def _attach(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Attach a file", str(Path.home()))
        if name:
            self._file = Path(name)
            self.file_name.setText(self._file.name)

    def _missing(self) -> str:
        if self.note.toPlainText().strip() or self.outside.isChecked() or self._file:
            return ""
        return "Write a sentence, attach a file, or say that the proof is held outside."

    @property
    def answer(self) -> HandAnswer:
        """What was stated."""
        return HandAnswer(
            self.yes.isChecked(),
            self.note.toPlainText().strip(),
            self.outside.isChecked(),
            self._file,
        )


class ConditionDialog(_Dialog):
    """A condition of passing: it becomes an action."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("condition_dialog", "Condition", "Add condition", parent)
        self.what, self.owner = QLineEdit(), QLineEdit()
        self.due = _day_edit(clock.today().isoformat(), days=14)
        for widget, name, words in (
            (self.what, "condition_what", "What must be done"),
            (self.owner, "condition_owner", "By whom"),
            (self.due, "condition_due", "By when"),
        ):
            widget.setObjectName(name)
            widget.setAccessibleName(words)
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow("&What must be done", self.what)
        form.addRow("By w&hom", self.owner)
        form.addRow("By wh&en", self.due)
        self.parts.addLayout(form)
        self._close_with_buttons()

    def _missing(self) -> str:
        if not self.what.text().strip():
            return "Say what must be done."
        return "" if self.owner.text().strip() else "Say who does it."

    @property
    def condition(self) -> tuple[str, str, str]:
        """What, who, by when."""
        return self.what.text().strip(), self.owner.text().strip(), _iso(self.due)


class PassedBeforeDialog(_Dialog):
    """A running project begins in a later phase."""

    def __init__(self, phase: str, parent: QWidget) -> None:
        super().__init__("passed_before_dialog", f"Gate {phase}", "Mark as passed", parent)
        self.on = _day_edit(clock.today().isoformat(), days=0)
        self.on.setObjectName("passed_on")
        self.on.setAccessibleName("Passed on")
        self.note = QLineEdit()
        self.note.setObjectName("passed_note")
        self.note.setAccessibleName("Where it can be seen")
        self.note.setPlaceholderText("Minutes of the steering committee, shared drive")
        self.parts.addWidget(
            label(f"The {phase} gate was passed before this project came into LeanLab.", "muted")
        )
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow("&Passed on", self.on)
        form.addRow("&Where it can be seen", self.note)
        self.parts.addLayout(form)
        self._close_with_buttons()

    @property
    def answer(self) -> tuple[str, str]:
        """The day and the note."""
        return _iso(self.on), self.note.text().strip()


def _day_edit(day: str, *, days: int) -> QDateEdit:
    edit = QDateEdit(QDate.fromString(day, "yyyy-MM-dd").addDays(days))
    edit.setDisplayFormat("d MMM yyyy")
    edit.setCalendarPopup(True)
    return edit


def _iso(edit: QDateEdit) -> str:
    return edit.date().toString("yyyy-MM-dd")


def ask_answer(parent: QWidget, question: str) -> HandAnswer | None:
    """Return an answer by hand, or None when the user cancels."""
    dialog = AnswerDialog(question, parent)
    return dialog.answer if dialog.exec() else None


def answer_question(parent: QWidget, session: Session, phase_id: str, question: Question) -> None:
    """Ask for an answer by hand and keep it, with its file."""
    given = ask_answer(parent, question.text)
    if given is None:
        return
    try:
        file = given.file
        attachment = (safe_name(file.name), content_of(file)) if file is not None else None
        roadmap.answer_by_hand(
            session, phase_id, question.id, "yes" if given.yes else "no", given.note,
            outside=given.outside, attachment=attachment,
        )  # fmt: skip
    except Problem as problem:
        messages.show(parent, problem)


def decide_gate(window: "MainWindow", phase_id: str) -> None:
    """Show the page on which a gate is reviewed and decided."""
    window.go_to(f"gate:{phase_id}")


def ask_condition(parent: QWidget) -> tuple[str, str, str] | None:
    """Return a condition, or None when the user cancels."""
    dialog = ConditionDialog(parent)
    return dialog.condition if dialog.exec() else None


def ask_passed_before(parent: QWidget, phase: str) -> tuple[str, str] | None:
    """Return day and note, or None when the user cancels."""
    dialog = PassedBeforeDialog(phase, parent)
    return dialog.answer if dialog.exec() else None
