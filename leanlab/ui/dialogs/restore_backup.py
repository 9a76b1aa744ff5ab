"""Choose an earlier saved state; it is written as a new file beside the others."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import recovery
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.core.names import safe_name, with_ending
from leanlab.ui.widgets import button, label, row

HEADINGS = ("Project", "Saved on", "Size", "State")


class RestoreDialog(QDialog):
    """Lists what was kept before each save; restoring never overwrites a file."""

    help = "files"

    def __init__(self, like: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Restore backup")
        self.resize(680, 420)
        self.written: Path | None = None
        self._folder = like.parent if like else Path.home()
        self._found = list(recovery.all_backups(like))
        self.table = self._table()
        self.problem = label("", "problem")
        self.problem.hide()
        self.go = button("Restore as a new file…", self._restore, "primary")
        self.go.setEnabled(bool(self._found))
        text = (
            "Before each save the older state is kept on this computer. Restoring writes it as a new file."
            if self._found
            else "There are no backups yet. One is kept whenever a saved project is saved again."
        )
        layout = QVBoxLayout(self)
        layout.addWidget(label(text, "muted"))
        layout.addWidget(self.table)
        layout.addWidget(self.problem)
        layout.addLayout(row(None, self.go, button("Close", self.reject, "close_dialog")))

    def _table(self) -> QTableWidget:
        table = QTableWidget(len(self._found), len(HEADINGS))
        table.setObjectName("backups")
        table.setAccessibleName("Backups")
        table.setHorizontalHeaderLabels(list(HEADINGS))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(1, 170)
        for at, backup in enumerate(self._found):
            made = backup.made.astimezone()
            state = "checked" if backup.sound else "damaged"
            texts = (backup.title, _moment(made), f"{backup.size / 1e6:.1f} MB", state)
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column == 2:  # noqa: PLR2004 - numbers stand right
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                table.setItem(at, column, item)
        if self._found:
            table.selectRow(0)
        table.doubleClicked.connect(lambda *_: self._restore())
        return table

    def _restore(self) -> None:
        at = self.table.currentRow()
        if at < 0:
            return
        backup = self._found[at]
        called = safe_name(f"{backup.title} ({backup.made:%Y-%m-%d %H.%M}).leanlab")
        proposal = self._folder / called
        name, _ = QFileDialog.getSaveFileName(
            self, "Restore as", str(proposal), "LeanLab project (*.leanlab)"
        )
        if not name:
            return
        target = with_ending(Path(name), ".leanlab")
        try:
            recovery.restore(backup, target)
        except Problem as problem:
            self.problem.setText(f"{problem.message} {problem.hint}")
            self.problem.show()
            return
        self.written = target
        self.accept()


def _moment(moment: datetime) -> str:
    return f"{words.day(moment)} {moment:%H:%M}"
