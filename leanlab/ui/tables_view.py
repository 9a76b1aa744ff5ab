"""A small table of results that can be copied into Word or Excel."""

import html
from collections.abc import Sequence
from itertools import islice
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QSizePolicy,
    QTableView,
    QWidget,
)

from leanlab.analyses.declare import Table
from leanlab.core.cells import cell, decimals_for, is_number, kind_of
from leanlab.report.exports import safe_text

Index = QModelIndex | QPersistentModelIndex
LOOKED_AT = 40  # rows that decide decimals and widths
COPIED = 100_000  # rows; more belong into a file
TALLEST = 420
VALUE = {"Value", "Overall value"}  # heads of columns whose lines are named by the cell before


class TableModel(QAbstractTableModel):
    """The rows of a result, formatted when they are looked at (there may be a million)."""

    def __init__(self, table: Table, parent: QWidget, decimals: int | None = None) -> None:
        super().__init__(parent)
        self._table, self._data_decimals = table, decimals
        first = self._first = list(islice(table.rows, LOOKED_AT))
        self._at, self._row = -1, first[0] if first else ()
        columns = list(zip(*first, strict=False)) or [()] * len(table.columns)
        self._kinds = [kind_of(str(name)) for name in table.columns]
        self._decimals = [
            decimals_for(kind, values, decimals)
            for kind, values in zip(self._kinds, columns, strict=False)
        ]
        self._numeric = [any(is_number(v) for v in values) for values in columns]
        self._named = [str(name).strip() in VALUE for name in table.columns]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One row per row of the table."""
        return 0 if parent.isValid() else len(self._table.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One column per column of the table."""
        return 0 if parent.isValid() else len(self._table.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Name the columns; names of numbers stand over the numbers."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        return str(self._table.columns[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line, column = self._row_at(index.row()), index.column()
        if self._named[column] and column:
            return self._by_name(str(line[column - 1]), line[column])
        return cell(line[column], self._kinds[column], self._decimals[column])

    def _by_name(self, name: str, value: Any) -> str:
        """Format a value that the cell before it names: in such a column every line differs."""
        kind = kind_of(name)
        return cell(value, kind, decimals_for(kind, (value,), self._data_decimals))

    def _row_at(self, at: int) -> Sequence[Any]:
        """Return a row; a row may be worked out when asked for, so the last one is kept."""
        if at < len(self._first):
            return self._first[at]
        if at != self._at:
            self._at, self._row = at, self._table.rows[at]
        return self._row

    def _side(self, column: int) -> Qt.AlignmentFlag:
        numeric = column < len(self._numeric) and self._numeric[column]
        side = Qt.AlignmentFlag.AlignRight if numeric else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class TableView(QTableView):
    """Shows a result table at its full height; Ctrl+C copies it with full precision."""

    def __init__(self, table: Table, decimals: int | None = None) -> None:
        super().__init__()
        self.table = table
        self.setObjectName(f"table_{table.title}")
        self.setAccessibleName(table.title)
        self.setModel(TableModel(table, self, decimals))
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(LOOKED_AT)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.resizeColumnsToContents()
        self._fit()

    def _fit(self) -> None:
        model = self.model()
        rows = model.rowCount() * self.verticalHeader().defaultSectionSize()
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
    rows = islice(table.rows, COPIED)
    return [list(map(str, table.columns)), *([_exact(v) for v in r] for r in rows)]


def _cells(line: list[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in line) + "</tr>"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _exact(value: Any) -> str:
    if value is None:
        return ""
    return repr(float(value)) if isinstance(value, float) else str(safe_text(value))
