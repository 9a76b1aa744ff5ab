"""Headers that paint themselves: Qt's own ask every row whether it is selected (1e6 rows: minutes)."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from leanlab.ui.icons import icon
from leanlab.ui.sheets.model import KIND_WORDS, SheetModel

Tokens = Callable[[], Mapping[str, str]]
PAD = 8
FUNNEL = 14
SHORT_KINDS = {
    "number": "number", "whole": "whole", "datetime": "date", "category": "category",
    "text": "text", "id": "id",
}  # fmt: skip


class ColumnHeader(QHeaderView):
    """Name of the column, below it kind and unit; ƒ when calculated, an arrow when sorted, a funnel when filtered."""

    def __init__(self, model: SheetModel, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._sheet, self._tokens = model, tokens
        self.sorted_by: tuple[str, bool] | None = None  # column id, descending
        self.filtered: frozenset[str] = frozenset()
        self.setObjectName("column_header")
        self.setAccessibleName("Columns")
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultSectionSize(132)
        self.setMinimumSectionSize(56)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def sizeHint(self) -> QSize:
        """Two lines of text."""
        return QSize(super().sizeHint().width(), 2 * self.fontMetrics().height() + 14)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one column's head."""
        if not rect.isValid() or section >= len(self._sheet.sheet.columns):
            return
        one, tokens = self._sheet.sheet.columns[section], self._tokens()
        view = self.parent()
        current = getattr(view, "currentIndex", None)
        chosen = current is not None and current().column() == section
        painter.save()
        painter.fillRect(rect, QColor(tokens["selected" if chosen else "window"]))
        _edges(painter, rect, tokens)
        inner = rect.adjusted(PAD, 5, -PAD, -5)
        half = inner.height() // 2
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        space = self._paint_marks(painter, inner, one.id)
        name = QRect(inner.left(), inner.top(), inner.width() - space, half)
        _text(painter, name, one.name, tokens["text"])
        small = QFont(self.font())
        small.setPointSizeF(max(7.0, small.pointSizeF() - 1.5))
        painter.setFont(small)
        unit = f" · {one.unit}" if one.unit else ""
        metric = " · metric" if one.metric_id else ""
        below = QRect(inner.left(), inner.top() + half, inner.width(), half)
        mark = "ƒ " if one.formula else ""
        _text(painter, below, f"{mark}{SHORT_KINDS[one.kind]}{unit}{metric}", tokens["muted"])
        painter.restore()

    def _paint_marks(self, painter: QPainter, inner: QRect, column_id: str) -> int:
        """Draw arrow and funnel at the right; return the room they take."""
        colour, space = self._tokens()["link"], 0
        if self.sorted_by is not None and self.sorted_by[0] == column_id:
            painter.setPen(QColor(colour))
            arrow = "↓" if self.sorted_by[1] else "↑"
            painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, arrow)
            space += painter.fontMetrics().horizontalAdvance(arrow) + 3
        if column_id in self.filtered:
            place = QRect(inner.right() - space - FUNNEL, inner.top() + 1, FUNNEL, FUNNEL)
            icon("filter", colour).paint(painter, place)
            space += FUNNEL + 3
        return space

    def spoken(self, section: int) -> str:
        """Return what a screen reader says of a column."""
        one = self._sheet.sheet.columns[section]
        made = ", calculated" if one.formula else ""
        return f"{one.name}, {KIND_WORDS[one.kind]}{made}"


class RowHeader(QHeaderView):
    """Where the row stands in the sheet; a cross when it is excluded, a dot when it is labelled."""

    def __init__(self, model: SheetModel, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._sheet, self._tokens = model, tokens
        self.setObjectName("row_header")
        self.setAccessibleName("Rows")
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def sizeHint(self) -> QSize:
        """Wide enough for the highest number and a mark."""
        digits = len(str(max(100, self._sheet.all_ids.size)))
        width = self.fontMetrics().horizontalAdvance("0" * digits) + 2 * PAD + 14
        return QSize(width, super().sizeHint().height())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one row's number."""
        if not rect.isValid():
            return
        tokens = self._tokens()
        row_id = self._sheet.row_id(section)
        state = self._sheet.states.get(row_id) if row_id is not None else None
        painter.save()
        painter.fillRect(rect, QColor(tokens["window"]))
        _edges(painter, rect, tokens)
        inner = rect.adjusted(6, 0, -PAD, 0)
        below = row_id is None
        painter.setPen(QColor(tokens["faint" if below else "muted"]))
        number = (
            ""
            if below and section != self._sheet.shown
            else self._sheet.headerData(section, Qt.Orientation.Vertical)
        )
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, right, str(number))
        if state is not None:
            mark, colour = ("✕", "problem") if state.state == "excluded" else ("●", "attention")
            painter.setPen(QColor(tokens[colour]))
            painter.drawText(
                inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, mark
            )
        painter.restore()


def _edges(painter: QPainter, rect: QRect, tokens: Mapping[str, str]) -> None:
    painter.setPen(QColor(tokens["border"]))
    painter.drawLine(rect.topRight(), rect.bottomRight())
    painter.drawLine(QPoint(rect.left(), rect.bottom()), rect.bottomRight())


def _text(painter: QPainter, rect: QRect, text: str, colour: str) -> None:
    painter.setPen(QColor(colour))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
