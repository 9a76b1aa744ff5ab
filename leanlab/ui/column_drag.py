"""Drag a column onto the box of a role; the boxes themselves are the way for the keyboard."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem

from leanlab.app.records import SheetColumn
from leanlab.core import format as words

FORMAT = "application/x-leanlab-column"
ID = Qt.ItemDataRole.UserRole
MOST_SHOWN = 9  # lines without scrolling


def column_in(data: QMimeData) -> str:
    """Return the id of the column that is dragged; an empty text if it is something else."""
    return bytes(data.data(FORMAT).data()).decode() if data.hasFormat(FORMAT) else ""


class ColumnList(QListWidget):
    """The columns of the data, each with its unit, to be dragged onto a role."""

    def __init__(self, columns: Sequence[SheetColumn]) -> None:
        super().__init__()
        self.setObjectName("all_columns")
        self.setAccessibleName("Columns of the data, to be dragged onto a box above")
        self.setToolTip("Drag a column onto a box above; or choose it in the box")
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        for one in columns:
            item = QListWidgetItem(words.titled(one.name, one.unit))
            item.setData(ID, one.id)
            self.addItem(item)
        lines = max(1, min(MOST_SHOWN, self.count()))
        self.setFixedHeight(lines * max(20, self.sizeHintForRow(0)) + 8)

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        """Carry the id of the column."""
        data = QMimeData()
        for item in items[:1]:
            data.setData(FORMAT, str(item.data(ID)).encode())
            data.setText(item.text())
        return data


class DropBox(QFrame):
    """Holds the box of a role; takes a column that suits, and says why another does not."""

    dropped = Signal(str)
    refused = Signal(str)

    def __init__(self, why_not: Callable[[str], str]) -> None:
        super().__init__()
        self._why_not = why_not
        self.setAcceptDrops(True)
        self._show(over=False)

    def _show(self, *, over: bool) -> None:
        self.setProperty("over", over)
        edge = "palette(highlight)" if over else "transparent"
        self.setStyleSheet(f"DropBox {{ border: 2px solid {edge}; border-radius: 6px; }}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Light up for a column that suits."""
        column = column_in(event.mimeData())
        if not column:
            return
        reason = self._why_not(column)
        if reason:
            self.refused.emit(reason)
        else:
            self._show(over=True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The column went on."""
        self._show(over=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the column."""
        self._show(over=False)
        self.dropped.emit(column_in(event.mimeData()))
        event.acceptProposedAction()
