"""Choose a worksheet: by name, by phase, by what one wants to settle."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.ui.icons import icon
from leanlab.ui.widgets import label
from leanlab.worksheets.declare import WorksheetType
from leanlab.worksheets.registry import WORKSHEETS

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

ID = Qt.ItemDataRole.UserRole
_ICONS = {
    "form": "form", "grid": "grid", "tree": "tree", "canvas": "fishbone", "matrix": "chart",
    "calculator": "calculator",
}  # fmt: skip


def matching(typed: str) -> list[WorksheetType]:
    """Return worksheets whose title, other names or question hold every typed word."""
    wanted = typed.casefold().split()
    found = []
    for number, kind in enumerate(WORKSHEETS):
        text = " ".join((kind.title, *kind.also_called, kind.question, kind.id)).casefold()
        if all(word in text for word in wanted):
            begins = kind.title.casefold().startswith(typed.casefold().strip())
            found.append((not begins, number, kind))
    return [kind for _, _, kind in sorted(found, key=lambda one: one[:2])]


class NewWorksheetDialog(QDialog):
    """A list of all worksheets with the question that each settles."""

    def __init__(self, there: frozenset[str], colour: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("new_worksheet_dialog")
        self.setWindowTitle("Open or add a worksheet")
        self.resize(620, 560)
        self.chosen = ""
        self._there, self._colour = there, colour
        self.box = QLineEdit()
        self.box.setObjectName("worksheet_search")
        self.box.setAccessibleName("Search worksheets")
        self.box.setPlaceholderText("Search: charter, root cause, savings, FMEA…")
        self.box.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setObjectName("worksheet_list")
        self.list.setAccessibleName("Worksheets")
        self.list.setIconSize(QSize(22, 22))
        self.list.setSpacing(2)
        self.list.setWordWrap(True)
        self.empty = label("No worksheet is called so. Try other words.", "muted")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.open_button = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.open_button.setText("Open")
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self.box)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        layout.addWidget(buttons)
        self.box.textChanged.connect(self._fill)
        self.list.itemActivated.connect(lambda *_: self._take())
        self._fill("")
        self.box.setFocus()

    @property
    def help(self) -> str:
        """The help of the worksheet that would be opened."""
        item = self.list.currentItem() if self.list.count() else None
        return str(item.data(ID)) if item is not None else "phases"

    def _fill(self, typed: str) -> None:
        self.list.clear()
        for kind in matching(typed):
            state = "   (in this project)" if kind.id in self._there else ""
            item = QListWidgetItem(
                icon(_ICONS[kind.archetype], self._colour), f"{kind.title}{state}\n{kind.question}"
            )
            item.setData(ID, kind.id)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.empty.setVisible(not self.list.count())
        self.open_button.setEnabled(bool(self.list.count()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk through the list while one types."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.list.count():
            by = -1 if event.key() == Qt.Key.Key_Up else 1
            self.list.setCurrentRow((self.list.currentRow() + by) % self.list.count())
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen = str(item.data(ID))
            self.accept()


def choose_worksheet(window: "MainWindow") -> str | None:
    """Return the type of the chosen worksheet, or None when the user cancels."""
    there = frozenset(str(w.get("type_id")) for w in window.project.records("worksheet"))
    dialog = NewWorksheetDialog(there, window.tokens["text"], window)
    return dialog.chosen if dialog.exec() else None
