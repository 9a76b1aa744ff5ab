"""A title that is read as text and edited in place."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QLineEdit

from leanlab.ui.widgets import plain_tip

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
        self._kept = ""
        self.tell("")
        self.setMinimumWidth(120)
        self._rest()
        self.editingFinished.connect(self._finish)

    def tell(self, more: str) -> None:
        """Say in the tool tip what has no room below the title."""
        how = "F2 or a double click changes the title"
        self._more = ". ".join(part for part in (more, how) if part)
        self._show_tip()

    def _show_tip(self) -> None:
        whole = self.fontMetrics().horizontalAdvance(self._kept) <= self.width() - 2
        self.setToolTip(plain_tip(self._more if whole else f"{self._kept}. {self._more}"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tool tip holds the title where it is cut."""
        super().resizeEvent(event)
        self._show_tip()

    def showEvent(self, event: QShowEvent) -> None:
        """The font of a title is known only now."""
        super().showEvent(event)
        self._keep_whole()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A title that is only read ends in an ellipsis where it is too long."""
        metrics, room = self.fontMetrics(), self.rect().adjusted(0, 1, -2, -1)
        whole = metrics.horizontalAdvance(self.text()) <= room.width()
        if whole or not self.isReadOnly() or self.hasSelectedText():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(
            room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text
        )
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """A new style sheet sets the least height of every field anew; a title needs more."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._keep_whole()

    def _keep_whole(self) -> None:
        self.setMinimumHeight(self.fontMetrics().height() + 6)

    def show_text(self, text: str) -> None:
        """Show a title that was changed elsewhere, unless it is being edited."""
        self._kept = text
        self._show_tip()
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
