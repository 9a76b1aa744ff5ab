"""A small picture of how a column's values are spread."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

HEIGHT = 64


class Histogram(QWidget):
    """Bars for the bins of a column, in the accent colour."""

    def __init__(self, tokens: Callable[[], Mapping[str, str]]) -> None:
        super().__init__()
        self._tokens = tokens
        self._bins: Sequence[int] = ()
        self.setObjectName("column_histogram")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bins(self, bins: Sequence[int], words: str) -> None:
        """Show other bins; `words` says the same to a screen reader."""
        self._bins = bins
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setVisible(bool(bins))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(180, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars."""
        if not self._bins:
            return
        tokens = self._tokens()
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens["accent"]))
        width, most = self.width() / len(self._bins), max(self._bins)
        room = self.height() - 2
        for at, count in enumerate(self._bins):
            if count:
                height = max(2.0, room * count / most)
                painter.drawRect(QRectF(at * width, room - height, max(1.0, width - 1), height))
        painter.setBrush(QColor(tokens["border"]))
        painter.drawRect(QRectF(0, room, self.width(), 1))
