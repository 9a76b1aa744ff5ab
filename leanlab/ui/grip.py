"""A splitter whose handle can be seen, dragged, and moved by keys; a double click puts it back."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle

GRIP = 36  # pixels long
THICK = 4
STEP = 24  # pixels per key


class GripSplitter(QSplitter):
    """Shares the room between its parts; tells when the user moved a border."""

    moved = Signal()
    reset = Signal()

    def __init__(self, orientation: Qt.Orientation, *, name: str, words: str) -> None:
        super().__init__(orientation)
        self.setObjectName(name)
        self._words = words
        self.setChildrenCollapsible(False)
        self.setHandleWidth(11)
        self.splitterMoved.connect(lambda *_: self.moved.emit())

    def createHandle(self) -> QSplitterHandle:
        """Return a handle with a grip."""
        return _Grip(self.orientation(), self, self._words)


class _Grip(QSplitterHandle):
    def __init__(self, orientation: Qt.Orientation, parent: GripSplitter, words: str) -> None:
        super().__init__(orientation, parent)
        self._parts = parent
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(words)
        self.setToolTip(f"{words}: drag, or use the arrow keys; a double click puts it back")
        self.setMouseTracking(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a short line in the middle."""
        across = self.orientation() == Qt.Orientation.Vertical
        wide, high = (GRIP, THICK) if across else (THICK, GRIP)
        box = QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)
        palette = self.palette()
        strong = self.hasFocus() or self.underMouse()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.accent() if strong else QColor(palette.placeholderText().color()))
        painter.setOpacity(1.0 if strong else 0.6)
        painter.drawRoundedRect(box, THICK / 2, THICK / 2)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the border along its way."""
        keys = Qt.Key
        across = self.orientation() == Qt.Orientation.Vertical
        back, on = (keys.Key_Up, keys.Key_Down) if across else (keys.Key_Left, keys.Key_Right)
        key = event.key()
        if key in (back, on):
            at = self.y() if across else self.x()
            self.moveSplitter(at + (STEP if key == on else -STEP))
            self._parts.moved.emit()
        elif key == keys.Key_Home:
            self._parts.reset.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Put it back."""
        self._parts.reset.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys act here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys act elsewhere."""
        super().focusOutEvent(event)
        self.update()
