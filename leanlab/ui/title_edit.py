"""A title that is read as text and edited in place."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit

_QUIET = (
    "QLineEdit { border: 1px solid transparent; background: transparent; padding: 0;"
    " color: palette(window-text); }"
)


class TitleEdit(QLineEdit):
    """Looks like a title until it is edited (F2 or double click); Esc gives up."""

    accepted = Signal(str)

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self.setTextMargins(-3, 0, 0, 0)
        self.setToolTip("F2 or a double click changes the title")
        self._kept = ""
        self.setMinimumWidth(120)
        self._rest()
        self.editingFinished.connect(self._finish)

    def showEvent(self, event: QShowEvent) -> None:
        """The font of a title is known only now."""
        super().showEvent(event)
        self.setMinimumHeight(self.fontMetrics().height() + 6)

    def show_text(self, text: str) -> None:
        """Show a title that was changed elsewhere, unless it is being edited."""
        self._kept = text
        if self.isReadOnly():
            self.setText(text)
            self.setCursorPosition(0)

    def begin(self) -> None:
        """Edit the title."""
        if not self.isEnabled():
            return
        self.setReadOnly(False)
        self.setStyleSheet("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def accept_pending(self) -> None:
        """Take over what is being typed."""
        if not self.isReadOnly():
            self._finish()

    def _finish(self) -> None:
        if self.isReadOnly():
            return
        text = self.text().strip()
        self._rest()
        if text != self._kept:
            self.accepted.emit(text)

    def _rest(self) -> None:
        self.setReadOnly(True)
        self.setStyleSheet(_QUIET)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setObjectName("title")
        self.setCursorPosition(0)
        self.deselect()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit the title."""
        if self.isReadOnly():
            self.begin()
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter accepts, Esc gives up."""
        if event.key() == Qt.Key.Key_Escape and not self.isReadOnly():
            self.setText(self._kept)
            self._rest()
            self.clearFocus()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clearFocus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving accepts."""
        self._finish()
        super().focusOutEvent(event)
