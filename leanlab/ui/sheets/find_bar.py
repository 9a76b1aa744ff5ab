"""Find and replace in a data sheet: a bar below the grid."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QWidget

from leanlab.ui.widgets import button, column, label, row

PAUSE = 250  # milliseconds without a key before the search begins


class FindBar(QFrame):
    """Says what to look for; the page looks."""

    searched = Signal()  # text or the way to look changed
    moved = Signal(int)  # +1 next, -1 previous
    replaced = Signal(bool)  # True: all of them

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.text, self.other = _line("find_text", "Find"), _line("find_replace", "Replace with")
        self.whole = QCheckBox("&Whole cell")
        self.whole.setObjectName("find_whole")
        self.here = QCheckBox("This colu&mn only")
        self.here.setObjectName("find_column")
        self.found = label("", "muted", wrap=False)
        self.found.setObjectName("find_count")
        self.found.setMinimumWidth(90)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE)
        self._later.timeout.connect(self.searched.emit)
        self.one = button("&Replace", lambda: self.replaced.emit(False))
        self.all = button("Replace &all", lambda: self.replaced.emit(True))
        close = button("Close", self.close_bar)
        self.replacing = QWidget()
        second = row(self.other, self.one, self.all, None, spacing=6)
        second.setContentsMargins(0, 0, 0, 0)
        self.replacing.setLayout(second)
        first = row(
            self.text, button("Previous", lambda: self.moved.emit(-1)),
            button("Next", lambda: self.moved.emit(1)), self.found, self.whole, self.here, None,
            close, spacing=6,
        )  # fmt: skip
        layout = column(first, self.replacing, spacing=5)
        layout.setContentsMargins(10, 6, 10, 6)
        self.setLayout(layout)
        self.text.textChanged.connect(lambda *_: self._later.start())
        self.whole.toggled.connect(lambda *_: self.searched.emit())
        self.here.toggled.connect(lambda *_: self.searched.emit())
        self.hide()

    def open(self, *, editable: bool) -> None:
        """Show the bar, ready to type."""
        self.replacing.setVisible(editable)
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def close_bar(self) -> None:
        """Hide the bar; the grid gets the keys back."""
        self._later.stop()
        self.hide()
        self.searched.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for the search any more."""
        self._later.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter: next, Shift+Enter: previous, Escape: away."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.moved.emit(-1 if back else 1)
        else:
            super().keyPressEvent(event)


def _line(name: str, spoken: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(spoken)
    line.setPlaceholderText(spoken)
    line.setMinimumWidth(160)
    return line
