"""The pages of the report on the whole screen, one at a time."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

PAPER_PPI = 150.0
BACKGROUND = QColor("#15181c")
_NEXT = {
    Qt.Key.Key_Right,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Space,
    Qt.Key.Key_Return,
}
_BACK = {Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Backspace}
_LEAVE = {Qt.Key.Key_Escape, Qt.Key.Key_F11}


class Presenter(QWidget):
    """Shows pages as large as the screen allows; Esc leaves."""

    def __init__(self, pages: list[bytes], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("presenter")
        self.setWindowTitle("Report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pages = pages
        self.turn_to(0)

    @property
    def number(self) -> int:
        """Which page is shown, counted from 0."""
        return self._at

    def turn_to(self, number: int) -> None:
        """Show a page; before the first and behind the last there is none."""
        self._at = min(max(0, number), len(self._pages) - 1)
        self._image = QImage.fromData(self._pages[self._at])
        self.setAccessibleName(f"Page {self._at + 1} of {len(self._pages)}")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages, or leave."""
        key = Qt.Key(event.key())
        if key in _LEAVE:
            self.close()
        elif key in _NEXT:
            self.turn_to(self._at + 1)
        elif key in _BACK:
            self.turn_to(self._at - 1)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.turn_to(0 if key == Qt.Key.Key_Home else len(self._pages) - 1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click turns to the next page, one with the right button back."""
        back = event.button() == Qt.MouseButton.RightButton
        self.turn_to(self._at + (-1 if back else 1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the page in the middle, and its number below on the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), BACKGROUND)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(
            (self.width() - size.width()) // 2, (self.height() - size.height()) // 2,
            size.width(), size.height(),
        )  # fmt: skip
        painter.drawImage(place, self._image)
        painter.setPen(QColor("#9aa3ad"))
        corner = self.rect().adjusted(0, 0, -14, -10)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        if place.right() < corner.right() - 60:
            painter.drawText(corner, side, f"{self._at + 1} / {len(self._pages)}")
        painter.end()
