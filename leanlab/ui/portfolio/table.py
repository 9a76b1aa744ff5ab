"""A table of the portfolio: arrows move, Enter opens the project, Space shows its card."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedLayout, QTableView, QWidget

from leanlab.domain.portfolio import Entry
from leanlab.domain.portfolio_tables import Line, Sheet
from leanlab.ui.portfolio.model import SheetModel
from leanlab.ui.widgets import label

NARROWEST = 48


class SheetTable(QTableView):
    """Lines of a sheet."""

    opened = Signal(object)  # a line
    previewed = Signal(object)

    def __init__(self, sheet: Sheet, tokens: Mapping[str, str]) -> None:
        super().__init__()
        self.lines = SheetModel(sheet, tokens)
        self.setModel(self.lines)
        self.setObjectName(f"portfolio_{sheet.id}")
        self.setAccessibleName(sheet.title)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(16, 16))
        self.setStyleSheet("QTableView::item { padding: 0 6px; }")  # as in the header
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        head = self.horizontalHeader()
        head.setSortIndicatorShown(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setMinimumSectionSize(NARROWEST)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.sortIndicatorChanged.connect(self.lines.sort)
        self._fitted = 0
        self.doubleClicked.connect(lambda index: self._send(self.opened, index.row()))

    def show_sheet(
        self, sheet: Sheet, tokens: Mapping[str, str], group: Callable[[Entry], str] | None
    ) -> None:
        """Show other lines; the chosen one stays chosen if it is still there."""
        before = self.current_line()
        self.clearSpans()
        self.lines.show(sheet, tokens, group)
        for at, column in enumerate(sheet.columns):
            if column.name == "My review":
                self.setColumnHidden(at, not any(line.values[at] for line in sheet.lines))
        for row in self.lines.headings:
            self.setSpan(row, 0, 1, len(sheet.columns))
        self._choose(before)

    def _choose(self, before: Line | None) -> None:
        rows = [i for i, row in enumerate(self.lines.rows) if isinstance(row, Line)]
        same = [i for i in rows if before and self.lines.rows[i].entry.path == before.entry.path]  # type: ignore[union-attr]
        at = next(iter(same or rows), None)
        if at is not None:
            self.setCurrentIndex(self.lines.index(at, 0))

    def current_line(self) -> Line | None:
        """Return the line that has the focus."""
        return self.lines.line(self.currentIndex().row())

    def chosen_lines(self) -> list[Line]:
        """Return the chosen lines in their order."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [line for row in rows if (line := self.lines.line(row)) is not None]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, look with Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._send(self.opened, self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Space:
            self._send(self.previewed, self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _send(self, signal: SignalInstance, row: int) -> None:
        line = self.lines.line(row)
        if line is not None:
            signal.emit(line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room among the columns that can use it."""
        super().resizeEvent(event)
        if abs(self.viewport().width() - self._fitted) > 2:  # noqa: PLR2004 - rounding
            self._fitted = self.viewport().width()
            self._fit()

    def _fit(self) -> None:
        columns = self.lines.sheet.columns
        scale = max(1.0, self.fontMetrics().averageCharWidth() / 7.0)
        wanted = [round(c.width * scale) for c in columns]
        spare = self.viewport().width() - sum(
            w for i, w in enumerate(wanted) if not self.isColumnHidden(i)
        )
        elastic = [i for i, c in enumerate(columns) if c.stretch]
        for i, width in enumerate(wanted):
            more = spare // len(elastic) if elastic and spare > 0 and columns[i].stretch else 0
            self.setColumnWidth(i, width + more)


class SheetPane(QWidget):
    """A table, or a sentence where there is nothing to show."""

    def __init__(self, sheet: Sheet, tokens: Mapping[str, str]) -> None:
        super().__init__()
        self.table = SheetTable(sheet, tokens)
        self.nothing = label(sheet.empty, "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nothing)

    def show_sheet(
        self, sheet: Sheet, tokens: Mapping[str, str], group: Callable[[Entry], str] | None
    ) -> None:
        """Show a sheet."""
        self.table.show_sheet(sheet, tokens, group)
        self.nothing.setText(sheet.empty)
        self._stack.setCurrentWidget(self.table if sheet.lines else self.nothing)
