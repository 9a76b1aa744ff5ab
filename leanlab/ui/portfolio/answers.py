"""The answers of an outcome card that no other record holds: one undoable step."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QPlainTextEdit, QWidget

from leanlab.app.cards import FOLLOW_UP
from leanlab.app.session import Session
from leanlab.app.worksheets import tell_facts
from leanlab.ui.widgets import label


class AnswersDialog(QDialog):
    """Asks for standard, training, replication and lesson."""

    help = "portfolio"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Outcome card")
        self.setMinimumWidth(520)
        self._session = session
        form = QFormLayout(self)
        form.setSpacing(10)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.fields: dict[str, QPlainTextEdit] = {}
        for fact, (title, question) in FOLLOW_UP.items():
            field = QPlainTextEdit(session.fact(fact))
            field.setObjectName(f"answer_{fact.partition('.')[2]}")
            field.setAccessibleName(title)
            field.setTabChangesFocus(True)
            field.setFixedHeight(58)
            form.addRow(label(question), field)
            self.fields[fact] = field
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        buttons.button(standard.Ok).setText("Keep answers")
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def _keep(self) -> None:
        wanted = {fact: field.toPlainText().strip() for fact, field in self.fields.items()}
        changed = {k: v for k, v in wanted.items() if self._session.fact(k) != v}
        if changed:
            tell_facts(self._session, changed, label="Answer questions of the outcome card")
        self.accept()
