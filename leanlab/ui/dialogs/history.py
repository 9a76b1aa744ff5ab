"""The history of a record: who changed what, old and new; an old version can be brought back."""

from datetime import datetime
from typing import Any

from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import history
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.ui.widgets import button, label, plain_tip, row

SHORT = 160


class HistoryDialog(QDialog):
    """Steps left, what each changed right."""

    help = "files"

    def __init__(self, session: Session, record_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._record = session, record_id
        record = session.record(record_id)
        name = record.get("title") or record.get("text") or record.get("name") or record.code
        self.setWindowTitle(f"History of {name}")
        self.resize(820, 460)
        self._versions = history.versions(session, record_id)
        self.steps = QListWidget()
        self.steps.setObjectName("history_steps")
        self.steps.setAccessibleName("Steps")
        for version in self._versions:
            who = version.who or history.NOT_NAMED
            self.steps.addItem(f"{_moment(version.at)}\n{who}: {version.what}")
        self.changes = QTableWidget(0, 3)
        self.changes.setObjectName("history_changes")
        self.changes.setAccessibleName("Changes of this step")
        self.changes.setHorizontalHeaderLabels(["Field", "Before", "After"])
        self.changes.verticalHeader().hide()
        self.changes.horizontalHeader().setStretchLastSection(True)
        self.changes.setColumnWidth(1, 220)
        self.changes.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.changes.setWordWrap(True)
        self.restore = button("Bring back what was before", self._restore, "restore_version")
        self.steps.currentRowChanged.connect(self._show)
        split = QSplitter()
        split.addWidget(self.steps)
        split.addWidget(self.changes)
        split.setSizes([290, 530])
        layout = QVBoxLayout(self)
        layout.addWidget(
            label("Times are those of this computer. The latest step stands first.", "muted")
        )
        layout.addWidget(split, 1)
        layout.addLayout(row(self.restore, None, button("Close", self.reject, "close_dialog")))
        self.steps.setCurrentRow(0)
        self._show(self.steps.currentRow())

    def _show(self, at: int) -> None:
        changes = self._versions[at].changes if at >= 0 else ()
        self.changes.setRowCount(len(changes))
        for line, change in enumerate(changes):
            for column, value in enumerate((_words(change.name), change.old, change.new)):
                item = QTableWidgetItem(_text(value))
                item.setToolTip(plain_tip(_text(value, SHORT * 10)))
                self.changes.setItem(line, column, item)
        self.changes.resizeRowsToContents()
        began = at == len(self._versions) - 1  # before it the record was not there
        self.restore.setEnabled(bool(changes) and not began and not self._session.read_only)

    def _restore(self) -> None:
        history.restore(self._session, self._record, self._versions[self.steps.currentRow()])
        self.accept()


def _words(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ").capitalize()


def _text(value: Any, longest: int = SHORT) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= longest else f"{text[:longest]}…"


def _moment(at: str) -> str:
    moment = datetime.fromisoformat(at).astimezone()
    return f"{words.day(moment)} {moment:%H:%M}"
