"""A box to type in and what fits below it: arrows walk through the list while one types."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from leanlab.ui.widgets import label

ID = Qt.ItemDataRole.UserRole
_FAR = 8  # lines that Page Up and Page Down go


class FoundList(QWidget):
    """Search as one types; `find` returns the lines, each with its id, and what to say of them."""

    taken = Signal()  # Enter or a double click on the chosen line
    moved = Signal()

    def __init__(
        self,
        find: Callable[[str], tuple[Iterable[QListWidgetItem], str]],
        *,
        names: tuple[str, str],
    ) -> None:
        super().__init__()
        self._find = find
        self.first_chosen = True
        self.box = QLineEdit()
        self.box.setAccessibleName(names[0])
        self.box.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(names[1])
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.told = label("", "muted")
        self.setFocusProxy(self.box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(9)
        layout.addWidget(self.box)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.told)
        self.box.textChanged.connect(lambda *_: self.refresh())
        self.list.itemActivated.connect(lambda *_: self._take())
        self.list.currentRowChanged.connect(lambda *_: self.moved.emit())

    @property
    def chosen(self) -> str:
        """The id of the chosen line; an empty text if there is none, or if it cannot be taken."""
        if self.list.currentRow() < 0:
            return ""
        item = self.list.currentItem()
        return str(item.data(ID)) if item.flags() & Qt.ItemFlag.ItemIsEnabled else ""

    def refresh(self) -> None:
        """Look again for what is typed."""
        typed = self.box.text()
        lines, said = self._find(typed)
        self.list.blockSignals(True)
        self.list.clear()
        for line in lines:
            self.list.addItem(line)
        self.list.setCurrentRow(self._first() if self.first_chosen or typed.strip() else -1)
        self.list.blockSignals(False)
        self.say(said)
        self.moved.emit()

    def _first(self) -> int:
        """Return the first line that can be taken."""
        able = Qt.ItemFlag.ItemIsEnabled
        rows = range(self.list.count())
        return next((row for row in rows if self.list.item(row).flags() & able), 0)

    def say(self, text: str) -> None:
        """Show a sentence below the list; a screen reader speaks it too."""
        self.told.setVisible(bool(text))
        if text != self.told.text():
            self.told.setText(text)
            if text and self.isVisible():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.box, text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move in the list while the box keeps the focus; Enter takes the line."""
        key, count = Qt.Key(event.key()), self.list.count()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if key in steps and count:
            self.list.setCurrentRow((self.list.currentRow() + steps[key]) % count)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) and count:
            by = _FAR if key == Qt.Key.Key_PageDown else -_FAR
            self.list.setCurrentRow(max(0, min(count - 1, self.list.currentRow() + by)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.box.hasFocus():  # the list tells by itself
                self._take()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        if self.chosen:
            self.taken.emit()
