"""A small table of results that can be copied into Word or Excel."""

from typing import Any

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from leanlab.analyses.declare import Table
from leanlab.core import format as words

MOST_ROWS = 300
TALLEST = 300


class TableView(QTableWidget):
    """Shows a result table; Ctrl+C copies it with full precision."""

    def __init__(self, table: Table) -> None:
        shown = list(table.rows)[:MOST_ROWS]
        super().__init__(len(shown), len(table.columns))
        self.table = table
        self.setObjectName(f"table_{table.title}")
        self.setAccessibleName(table.title)
        self.setHorizontalHeaderLabels([str(c) for c in table.columns])
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        for i, values in enumerate(shown):
            for j, value in enumerate(values):
                self.setItem(i, j, _item(value))
        self.resizeColumnsToContents()
        self.horizontalHeader().setStretchLastSection(True)
        height = (
            self.horizontalHeader().height() + sum(self.rowHeight(i) for i in range(len(shown))) + 6
        )
        self.setFixedHeight(min(TALLEST, height + 12))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the whole table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            copy_table(self.table)
        else:
            super().keyPressEvent(event)


def _item(value: Any) -> QTableWidgetItem:
    number = isinstance(value, float | int) and not isinstance(value, bool)
    item = QTableWidgetItem(shown_value(value))
    if number:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


def shown_value(value: Any) -> str:
    """Format a cell for the screen."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else ("yes" if value else "no")
    if isinstance(value, int):
        return words.number(value, 0)
    if isinstance(value, float):
        size = abs(value)
        return words.number(value, 0 if size >= 10_000 else 2 if size >= 100 else 4)  # noqa: PLR2004
    return str(value)


def copy_table(table: Table) -> None:
    """Copy as tab-separated text and as HTML, with full precision."""
    import html

    lines = [list(map(str, table.columns)), *([_exact(v) for v in r] for r in table.rows)]
    data = QMimeData()
    data.setText("\n".join("\t".join(line) for line in lines))
    cells = "".join(
        "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in line) + "</tr>" for line in lines
    )
    data.setHtml(f"<table border='1' cellspacing='0'>{cells}</table>")
    QGuiApplication.clipboard().setMimeData(data)


def _exact(value: Any) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)
