"""A small table of results that can be copied into Word or Excel."""

import html
import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
)

from leanlab.analyses.declare import Table
from leanlab.core import format as words
from leanlab.report.exports import safe_text

MOST_ROWS = 300
TALLEST = 420
LARGE, HUNDREDS = 10_000, 100
MOST_DECIMALS = 4


class TableView(QTableWidget):
    """Shows a result table at its full height; Ctrl+C copies it with full precision."""

    def __init__(self, table: Table) -> None:
        shown = list(table.rows)[:MOST_ROWS]
        super().__init__(len(shown), len(table.columns))
        self.table = table
        self.setObjectName(f"table_{table.title}")
        self.setAccessibleName(table.title)
        self.setHorizontalHeaderLabels([str(c) for c in table.columns])
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        decimals = [decimals_of(values) for values in zip(*shown, strict=False)]
        for i, values in enumerate(shown):
            for j, value in enumerate(values):
                self.setItem(i, j, _item(value, decimals[j]))
        self._align_headers(shown)
        self.resizeColumnsToContents()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._fit()

    def _align_headers(self, shown: list[Any]) -> None:
        for j in range(self.columnCount()):
            number = any(_is_number(values[j]) for values in shown if j < len(values))
            side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
            item = self.horizontalHeaderItem(j)
            if item is not None:
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def _fit(self) -> None:
        rows = sum(self.rowHeight(i) for i in range(self.rowCount()))
        bar = self.horizontalScrollBar()
        extra = bar.sizeHint().height() if bar.maximum() > 0 else 0
        height = self.horizontalHeader().sizeHint().height() + rows + 2 * self.frameWidth() + extra
        self.setFixedHeight(min(TALLEST, height + 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for the scroll bar when the table is wider than the page."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the whole table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            copy_table(self.table)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy the table."""
        menu = QMenu(self)
        menu.addAction("Copy table").triggered.connect(lambda *_: copy_table(self.table))
        menu.exec(event.globalPos())


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def decimals_of(values: Sequence[Any]) -> int:
    """Return how many decimals a column needs: none for whole numbers, at most four."""
    numbers = [float(v) for v in values if _is_number(v) and math.isfinite(v)]
    largest = max((abs(n) for n in numbers), default=0.0)
    most = 0 if largest >= LARGE else 2 if largest >= HUNDREDS else MOST_DECIMALS
    for decimals in range(most):
        if all(abs(n - round(n, decimals)) < 0.5 * 10**-MOST_DECIMALS for n in numbers):
            return decimals
    return most


def _item(value: Any, decimals: int) -> QTableWidgetItem:
    text = shown_value(value, decimals)
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    if _is_number(value):
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


def shown_value(value: Any, decimals: int = MOST_DECIMALS) -> str:
    """Format a cell for the screen."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else ("yes" if value else "no")
    if isinstance(value, int):
        return words.number(value, 0)
    if isinstance(value, float):
        return words.number(value, decimals)
    return str(value)


def as_tsv(table: Table) -> str:
    """Return a table as tab-separated text with full precision."""
    return "\n".join("\t".join(_one_line(cell) for cell in line) for line in _lines(table))


def as_html(table: Table) -> str:
    """Return a table as HTML with full precision, for Word and mail."""
    head, *body = _lines(table)
    cells = _cells(head, "th") + "".join(_cells(line, "td") for line in body)
    return f"<table border='1' cellspacing='0' cellpadding='4'>{cells}</table>"


def copy_table(table: Table) -> None:
    """Copy as tab-separated text and as HTML, with full precision."""
    data = QMimeData()
    data.setText(as_tsv(table))
    data.setHtml(as_html(table))
    QGuiApplication.clipboard().setMimeData(data)


def copy_tables(tables: Sequence[Table]) -> None:
    """Copy several tables, each below its title."""
    data = QMimeData()
    data.setText("\n\n".join(f"{table.title}\n{as_tsv(table)}" for table in tables))
    data.setHtml("".join(f"<h3>{html.escape(t.title)}</h3>{as_html(t)}" for t in tables))
    QGuiApplication.clipboard().setMimeData(data)


def _lines(table: Table) -> list[list[str]]:
    return [list(map(str, table.columns)), *([_exact(v) for v in r] for r in table.rows)]


def _cells(line: list[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in line) + "</tr>"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _exact(value: Any) -> str:
    if value is None:
        return ""
    return repr(float(value)) if isinstance(value, float) else str(safe_text(value))
