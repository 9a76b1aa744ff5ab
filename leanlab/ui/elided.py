"""A line of text that ends in an ellipsis where there is no more room."""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStylePainter,
)

from leanlab.ui.widgets import plain_tip


class ElidedLabel(QLabel):
    """One line; what does not fit is in the tool tip."""

    def __init__(self, text: str = "", name: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if name:
            self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._tell()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(20, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tool tip is needed only where the text is cut."""
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()
        self.setToolTip("" if fits else plain_tip(self.text()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, cut at the end."""
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        box = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        painter.end()


class ElidedLines(QLabel):
    """Wraps its text to a few lines; what does not fit is in the tool tip."""

    def __init__(self, name: str = "", *, most: int = 2) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        if name:
            self.setObjectName(name)
        self.most = most
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._tell()
        self.updateGeometry()

    def _lines(self, width: int) -> list[str]:
        """Break the text at spaces; the last line takes what is left."""
        metrics, left = self.fontMetrics(), self.text()
        lines: list[str] = []
        while left and len(lines) < self.most - 1:
            fits = _fitting(metrics, left, width)
            lines.append(left[:fits].rstrip())
            left = left[fits:].lstrip()
        return [*lines, left] if left else lines

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines that the text needs at a width."""
        margins = self.contentsMargins()
        inner = max(1, width - margins.left() - margins.right())
        count = max(1, len(self._lines(inner)))
        return count * self.fontMetrics().lineSpacing() + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        """As wide as it is, as high as that needs."""
        return QSize(self.width(), self.heightForWidth(max(self.width(), 1)))

    def minimumSizeHint(self) -> QSize:
        """Any width will do; the lines are shown whole."""
        return QSize(20, self.heightForWidth(max(self.width(), 1)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tool tip is needed only where the text is cut."""
        super().resizeEvent(event)
        self._tell()
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _tell(self) -> None:
        width = self.contentsRect().width()
        lines = self._lines(width)
        fits = not lines or self.fontMetrics().horizontalAdvance(lines[-1]) <= width
        self.setToolTip("" if fits else plain_tip(self.text()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines, the last one cut at the end."""
        painter = QPainter(self)
        box, metrics = self.contentsRect(), self.fontMetrics()
        painter.setPen(self.palette().color(self.foregroundRole()))
        for number, line in enumerate(self._lines(box.width())):
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, box.width())
            top = box.top() + number * metrics.lineSpacing() + metrics.ascent()
            painter.drawText(box.left(), top, text)
        painter.end()


def _fitting(metrics: QFontMetrics, text: str, width: int) -> int:
    """Return how many characters, up to a space, fit into a width; n = 30 stays together.

    Widths are rounded: what is as wide as the room may be a part of a pixel too wide, and be cut.
    """
    if metrics.horizontalAdvance(text) < width:
        return len(text)
    at = best = 0
    while (at := text.find(" ", at + 1)) > 0 and metrics.horizontalAdvance(text[:at]) < width:
        if "=" not in (text[at - 1], text[at + 1 : at + 2]):
            best = at
    return best or len(text)


class ElidedCombo(QComboBox):
    """A choice whose text ends in an ellipsis where it is too long; the list shows it whole."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, and its text cut at the end."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - 4
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class ElidedLink(QPushButton):
    """A button that looks like a link and gives way where there is no more room."""

    def __init__(self, text: str, run: Callable[[], object]) -> None:
        super().__init__(text)
        self.setObjectName("link")
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda *_: run())

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tool tip is needed only where the text is cut; it shows text as text."""
        super().resizeEvent(event)
        fits = self.sizeHint().width() <= self.width()
        self.setToolTip("" if fits else f"<p>{escape(self.text())}</p>")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, cut at the end."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.width() - 4
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)
