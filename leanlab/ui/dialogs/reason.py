"""Ask why: excluding a point needs a reason, a stage needs a name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from leanlab.ui.widgets import label

EXCLUDE_REASONS = (
    "special cause found and removed",
    "measurement error",
    "different product or customer",
)
WIDE = 440


class ReasonDialog(QDialog):
    """One line of text, from a list or in the user's own words."""

    def __init__(
        self,
        title: str,
        question: str,
        verb: str,
        choices: Sequence[str],
        parent: QWidget,
        *,
        text: str = "",
        optional: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("reason_dialog")
        self.setWindowTitle(title)
        self._optional = optional
        self.box = QComboBox()
        self.box.setObjectName("reason_box")
        self.box.setMinimumWidth(WIDE)
        self.box.setAccessibleName(question)
        self.box.setEditable(True)
        self.box.addItems(list(choices))
        self.box.setCurrentText(text)
        line = self.box.lineEdit()
        if line is not None and choices:
            line.setPlaceholderText("Choose, or write your own words")
        self.problem = label("", "problem")
        self.problem.hide()
        self.parts = QVBoxLayout(self)
        self.parts.setSpacing(10)
        self.parts.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # grows with its parts
        self.parts.addWidget(label(question))
        self.parts.addWidget(self.box)
        self.parts.addWidget(self.problem)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(verb)
        self.buttons.accepted.connect(self._check)
        self.buttons.rejected.connect(self.reject)
        self.parts.addWidget(self.buttons)
        self.box.setFocus()

    def add(self, part: QWidget) -> None:
        """Add a part above the buttons."""
        self.parts.insertWidget(self.parts.count() - 1, part)

    @property
    def text(self) -> str:
        """What the user wrote."""
        return self.box.currentText().strip()

    def _check(self) -> None:
        if self.text or self._optional:
            self.accept()
            return
        self.problem.setText("Please write a reason; it travels with the chart.")
        self.problem.show()
        self.box.setFocus()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """How a point is to be left out."""

    reason: str
    everywhere: bool


class ExcludeDialog(ReasonDialog):
    """Why a point does not count, for which analyses, and what that would change."""

    def __init__(
        self,
        what: str,
        parent: QWidget,
        *,
        others: Sequence[str] = (),
        warn: Callable[[str], str] = lambda _reason: "",
    ) -> None:
        super().__init__(
            "Exclude", f"Why does {what} not count?", "Exclude", EXCLUDE_REASONS, parent
        )
        self.box.setCurrentIndex(-1)
        self.box.setCurrentText("")
        self._others, self._warn = others, warn
        self.here = QRadioButton("In this chart only")
        self.here.setObjectName("scope_here")
        self.everywhere = QRadioButton("In all analyses of this data")
        self.everywhere.setObjectName("scope_everywhere")
        self.here.setChecked(True)
        self.consequence = label("", "small")
        self.effect = label("", "muted")
        self.effect.setObjectName("exclusion_effect")
        self.warning = label("", "attention")
        for part in (self.here, self.everywhere, self.consequence, self.effect, self.warning):
            self.add(part)
        self.warning.hide()
        self.consequence.hide()
        self.everywhere.toggled.connect(self._tell_others)
        self.box.currentTextChanged.connect(self._tell_warning)
        self._tell_warning("")

    def show_effect(self, text: str) -> None:
        """Say what the chart is with and without the point."""
        self.effect.setText(text)

    @property
    def answer(self) -> Exclusion:
        """What the user decided."""
        return Exclusion(self.text, self.everywhere.isChecked())

    def _tell_others(self, on: bool) -> None:
        names = ", ".join(f"'{name}'" for name in self._others[:4])
        more = f" and {len(self._others) - 4} more" if len(self._others) > 4 else ""  # noqa: PLR2004
        self.consequence.setText(
            f"These change too: {names}{more}."
            if names
            else "No other analysis uses this data yet."
        )
        self.consequence.setVisible(on)

    def _tell_warning(self, reason: str) -> None:
        text = self._warn(reason.strip())
        self.warning.setText(text)
        self.warning.setVisible(bool(text))


@dataclass(frozen=True, slots=True)
class Because:
    """An action that may be the reason for a stage."""

    action_id: str
    text: str


@dataclass(frozen=True, slots=True)
class StageStart:
    """The name of a stage and the action behind it."""

    name: str
    action_id: str


class StageDialog(ReasonDialog):
    """What changed at a point; an action of the project may be the reason."""

    def __init__(
        self, what: str, parent: QWidget, reasons: Sequence[Because], *, chosen: str = ""
    ) -> None:
        super().__init__(
            "Start a stage",
            f"What changed at {what}? This names the new stage.",
            "Start stage",
            ("After the change", "Trial", "After"),
            parent,
        )
        self.box.setCurrentText("")
        self.action = QComboBox()
        self.action.setObjectName("stage_action")
        self.action.setAccessibleName("Because of which action")
        self.action.addItem("No action of this project", "")
        for reason in reasons:
            self.action.addItem(reason.text, reason.action_id)
        self.action.activated.connect(self._name_after_action)
        self.add(label("Because of", "small"))
        self.add(self.action)
        self.add(label("Limits of a stage appear from 2 points; they settle from 8 on.", "small"))
        if chosen:
            self.action.setCurrentIndex(max(0, self.action.findData(chosen)))
            self._name_after_action()

    @property
    def answer(self) -> StageStart:
        """What the user decided."""
        return StageStart(self.text, str(self.action.currentData() or ""))

    def _name_after_action(self) -> None:
        if self.action.currentData() and not self.text:
            self.box.setCurrentText(self.action.currentText().partition("  ")[2])


def ask_reason(
    parent: QWidget,
    title: str,
    question: str,
    verb: str,
    choices: Sequence[str] = (),
    text: str = "",
) -> str:
    """Return the reason, or nothing when the user cancels."""
    dialog = ReasonDialog(title, question, verb, choices, parent, text=text)
    return dialog.text if dialog.exec() else ""


def ask_note(parent: QWidget, what: str, text: str) -> str | None:
    """Return the note for a point, empty to remove it, or None when the user cancels."""
    question = f"What should stand at {what}? Leave it empty for no note."
    dialog = ReasonDialog("Note", question, "Write note", (), parent, text=text, optional=True)
    return dialog.text if dialog.exec() else None
