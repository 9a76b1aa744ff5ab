"""Files kept with a record: add, save out under a safe name, remove; none is ever opened in place."""

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
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

from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.core.files import write_whole
from leanlab.core.names import runs, safe_name
from leanlab.ui import messages
from leanlab.ui.widgets import button, label, row


class AttachmentsDialog(QDialog):
    """Shows what is attached to one record; files can be dropped on it."""

    help = "files"

    def __init__(self, session: Session, record_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._record = session, record_id
        record = session.record(record_id)
        name = record.get("title") or record.get("text") or record.get("name") or record.code
        self.setWindowTitle(f"Files of {name}")
        self.resize(620, 380)
        self.setAcceptDrops(not session.read_only)
        self.words = label("", "muted")
        self.problem = label("", "problem")
        self.problem.hide()
        self.table = QTableWidget(0, 3)
        self.table.setObjectName("attachments")
        self.table.setAccessibleName("Attached files")
        self.table.setHorizontalHeaderLabels(["Name", "Size", "Attached on"])
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(2, 140)
        self.table.itemSelectionChanged.connect(self._enable)
        self.add = button("Attach a file…", self._add, "attach_file")
        self.out = button("Save to…", self._save, "save_attachment")
        self.remove = button("Remove", self._remove, "remove_attachment")
        layout = QVBoxLayout(self)
        for part in (self.words, self.table, self.problem):
            layout.addWidget(part)
        close = button("Close", self.reject, "close_dialog")
        layout.addLayout(row(self.add, self.out, self.remove, None, close))
        self._fill()

    def _fill(self) -> None:
        self._files = self._session.attachments(self._record)
        self.table.setRowCount(len(self._files))
        for at, file in enumerate(self._files):
            size = f"{int(file.get('size', 0)) / 1000:,.0f} kB".replace(",", "\u202f")
            for column, text in enumerate(
                (str(file.get("name")), size, words.day(file.created[:10]))
            ):
                self.table.setItem(at, column, QTableWidgetItem(text))
        self.words.setText(
            "Files stay inside the project; they are copies."
            if self._files
            else "Nothing is attached yet. Drop a file here, or choose one (up to 50 MB)."
        )
        self._enable()

    def _enable(self) -> None:
        chosen = self._chosen()
        self.out.setEnabled(chosen is not None)
        self.remove.setEnabled(chosen is not None and not self._session.read_only)
        self.add.setEnabled(not self._session.read_only)

    def _chosen(self) -> Record | None:
        at = self.table.currentRow()
        return self._files[at] if 0 <= at < len(self._files) else None

    def _add(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Attach files", str(Path.home()))
        self._take([Path(name) for name in names])

    def _take(self, paths: list[Path]) -> None:
        self.problem.hide()
        for path in paths:
            try:
                self._session.attach(self._record, safe_name(path.name), content_of(path))
            except Problem as problem:
                self.problem.setText(f"{problem.message} {problem.hint}".strip())
                self.problem.show()
        self._fill()

    def _save(self) -> None:
        file = self._chosen()
        if file is None:
            return
        safe = safe_name(str(file.get("name")))
        if runs(safe) and not messages.ask(
            self,
            Problem(f"{safe} could run when it is opened.", hint="Save it only if you know it."),
            "Save it",
        ):
            return
        name, _ = QFileDialog.getSaveFileName(self, "Save to", str(Path.home() / safe))
        if name:
            try:
                write_whole(Path(name), self._session.content(str(file.get("sha256"))))
            except Problem as problem:
                self.problem.setText(f"{problem.message} {problem.hint}")
                self.problem.show()

    def _remove(self) -> None:
        file = self._chosen()
        if file is not None:
            self._session.delete(file.id, label=f"Remove {file.get('name')}")
            self._fill()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        self._take([Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()])


def content_of(path: Path) -> bytes:
    """Read a file that is to be attached."""
    try:
        if not path.is_file():
            raise Problem(f"{path.name} is not a file.", hint="Choose single files.")
        return path.read_bytes()
    except OSError as error:
        raise Problem(f"{path.name} cannot be read: {error.strerror}.") from error
