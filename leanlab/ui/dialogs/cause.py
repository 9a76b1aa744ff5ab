"""Assign a cause to a point of a chart: one that is known, or a new one for the fishbone."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app.point_causes import branches_of
from leanlab.app.session import Session
from leanlab.domain.registers import CAUSE_STATUS
from leanlab.ui.widgets import label, row

ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Assigned:
    """A known cause, or the words of a new one and its branch."""

    cause_id: str = ""
    text: str = ""
    branch: str = ""


class CauseDialog(QDialog):
    """Type the cause; known ones that hold the words are offered below."""

    def __init__(self, parent: QWidget, session: Session, what: str, described: str) -> None:
        super().__init__(parent)
        self.setObjectName("cause_dialog")
        self.setWindowTitle("Assign cause")
        self.setMinimumSize(520, 420)
        self.box = QLineEdit()
        self.box.setObjectName("cause_text")
        self.box.setAccessibleName(f"What caused {what}?")
        self.box.setPlaceholderText("e.g. carrier strike")
        self.list = QListWidget()
        self.list.setObjectName("cause_list")
        self.list.setAccessibleName("Causes of this project")
        self._causes = session.records("cause")
        self.branch = QComboBox()
        self.branch.setObjectName("cause_branch")
        self.branch.setAccessibleName("Branch of the fishbone")
        self.branch.addItem("Not sorted yet", "")
        for name in branches_of(session):
            self.branch.addItem(name, name)
        self.told = label("", "muted")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self._check)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(9)
        layout.addWidget(label(f"What caused {what}?", "heading"))
        layout.addWidget(label(described[:1].upper() + described[1:], "muted"))
        layout.addWidget(self.box)
        layout.addWidget(label("Causes of this project", "small"))
        layout.addWidget(self.list, 1)
        self.branch_label = label("Branch of the fishbone", "muted", wrap=False)
        layout.addLayout(row(self.branch_label, self.branch, None))
        layout.addWidget(self.told)
        layout.addWidget(self.buttons)
        self.box.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(lambda *_: self._tell())
        self.list.itemActivated.connect(lambda *_: self._check())
        self._fill("")
        self.box.setFocus()

    def _fill(self, typed: str) -> None:
        wanted = typed.lower().split()
        self.list.clear()
        for cause in self._causes:
            text = str(cause.get("text", ""))
            if all(word in text.lower() for word in wanted):
                status = CAUSE_STATUS.get(str(cause.get("status") or "potential"), "")
                item = QListWidgetItem(f"{text}   ({status.lower()}, {cause.code})")
                item.setData(ID, cause.id)
                self.list.addItem(item)
        self._tell()

    @property
    def answer(self) -> Assigned:
        """What the user decided: a chosen line of the list stands above typed words."""
        if self.list.currentRow() >= 0:
            return Assigned(cause_id=str(self.list.currentItem().data(ID)))
        return Assigned(text=self.box.text().strip(), branch=str(self.branch.currentData()))

    def _tell(self) -> None:
        known = bool(self.answer.cause_id)
        for part in (self.branch, self.branch_label):
            part.setEnabled(not known)
        self.told.setText(
            "The point and its date are added to what was seen of this cause."
            if known
            else "A new cause is added to the fishbone, with the point and its date."
        )
        self.told.setObjectName("muted")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(
            "Link this cause" if known else "Add cause"
        )

    def _check(self) -> None:
        answer = self.answer
        if answer.cause_id or answer.text:
            self.accept()
            return
        self.told.setText("Write the cause, or choose one of the list.")
        self.box.setFocus()


def ask_cause(parent: QWidget, session: Session, what: str, described: str) -> Assigned | None:
    """Return the cause of a point, or None when the user cancels."""
    dialog = CauseDialog(parent, session, what, described)
    return dialog.answer if dialog.exec() else None
