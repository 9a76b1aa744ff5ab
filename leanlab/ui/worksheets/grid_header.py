"""Column titles of a grid, with a line of group titles above them."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from leanlab.ui.worksheets.grid_model import GridModel
from leanlab.worksheets.layout.drawing import PALETTES


class GroupHeader(QHeaderView):
    """Column titles with a line of group titles above them."""

    def __init__(self, model: GridModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._grid = model
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    @property
    def grouped(self) -> bool:
        """Whether there are group titles."""
        return any(f.group for f in self._grid.fields)

    def sizeHint(self) -> QSize:
        """One line, or two with groups."""
        line = self.fontMetrics().lineSpacing() + 12
        return QSize(super().sizeHint().width(), 2 * line - 6 if self.grouped else line)

    def paintSection(self, painter: QPainter, rect: QRect, at: int) -> None:
        """Paint a title, and its piece of the group above."""
        colours = PALETTES[self._grid.binding.words_theme]
        painter.save()
        painter.fillRect(rect, QColor(colours["band"]))
        half = rect.height() // 2 if self.grouped else 0
        lower = rect.adjusted(0, half, 0, 0)
        field = self._grid.fields[at]
        painter.setPen(QPen(QColor(colours["hair"])))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(lower.topRight(), lower.bottomRight())
        if self.grouped:
            self._paint_group(painter, rect, at, half)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(colours["ink"]))
        title = str(self._grid.headerData(at, Qt.Orientation.Horizontal))
        sign = ""
        if self._grid.sorted_by is not None and self._grid.sorted_by[0] == at:
            sign = " ▾" if self._grid.sorted_by[1] else " ▴"
        side = (
            Qt.AlignmentFlag.AlignHCenter
            if field.scale or field.level
            else Qt.AlignmentFlag.AlignLeft
        )
        room = lower.adjusted(7, 0, -5, 0)
        text = self.fontMetrics().elidedText(
            title + sign, Qt.TextElideMode.ElideRight, room.width() + 4
        )
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_group(self, painter: QPainter, rect: QRect, at: int, half: int) -> None:
        colours = PALETTES[self._grid.binding.words_theme]
        fields, name = self._grid.fields, self._grid.fields[at].group
        first = at
        while first > 0 and fields[first - 1].group == name:
            first -= 1
        last = at
        while last + 1 < len(fields) and fields[last + 1].group == name:
            last += 1
        left = rect.left() - sum(self.sectionSize(i) for i in range(first, at))
        width = sum(self.sectionSize(i) for i in range(first, last + 1))
        whole = QRect(left, rect.top(), width, half)
        painter.setClipRect(rect)
        painter.setPen(QColor(colours["soft_ink"]))
        painter.drawText(whole.adjusted(7, 2, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)  # fmt: skip
        painter.setPen(QPen(QColor(colours["hair"])))
        if at == last:
            painter.drawLine(rect.right(), rect.top(), rect.right(), rect.bottom())
        painter.drawLine(rect.left(), rect.top() + half, rect.right(), rect.top() + half)
