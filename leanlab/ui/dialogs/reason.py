"""Ask why: excluding a point needs a reason."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from leanlab.ui.widgets import label

EXCLUDE_REASONS = (
    "special cause found and removed",
    "measurement error",
    "different product or customer",
)


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
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        self.box = QComboBox()
        self.box.setObjectName("reason_box")
        self.box.setAccessibleName(question)
        self.box.setEditable(True)
        self.box.addItems(list(choices))
        self.box.setCurrentText(text)
        self.problem = label("", "problem")
        layout = QVBoxLayout(self)
        layout.addWidget(label(question))
        layout.addWidget(self.box)
        layout.addWidget(self.problem)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(verb)
        buttons.accepted.connect(self._check)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.box.setFocus()

    @property
    def text(self) -> str:
        """What the user wrote."""
        return self.box.currentText().strip()

    def _check(self) -> None:
        if self.text:
            self.accept()
        else:
            self.problem.setText("Please write a reason; it travels with the chart.")


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
