"""The data page: a table like a spreadsheet, with bad cells marked and rows that can be excluded."""

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from leanlab.app.records import Change, SheetColumn
from leanlab.core import format as words
from leanlab.ui.dialogs.reason import EXCLUDE_REASONS, ask_reason
from leanlab.ui.pages.base import Page
from leanlab.ui.widgets import button, clear, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

Index = QModelIndex | QPersistentModelIndex
KIND_WORDS = {
    "number": "number", "whole": "whole number", "datetime": "date and time",
    "category": "category", "text": "text", "id": "identifier",
}  # fmt: skip
MOST_COPIED = 1_000_000


class SheetModel(QAbstractTableModel):
    """The cells of a sheet; columns are loaded when they are first shown."""

    def __init__(self, page: "DataPage") -> None:
        super().__init__(page)
        self._page = page
        self.reload()

    def reload(self) -> None:
        """Take everything anew from the project."""
        self.beginResetModel()
        session, sheet_id = self._page.session, self._page.record_id
        self.sheet = session.sheet(sheet_id)
        self.rows = session.row_ids(sheet_id)
        self.states = session.row_states(sheet_id)
        self.bad = session.bad_cells(sheet_id)
        self._values: dict[str, Any] = {}
        self.endResetModel()

    def values(self, one: SheetColumn) -> Any:
        """Return a column's values."""
        if one.id not in self._values:
            self._values[one.id] = self._page.session.column(self._page.record_id, one.id)
        return self._values[one.id]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.sheet.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        one, row_id = self.sheet.columns[index.column()], int(self.rows[index.row()])
        roles = Qt.ItemDataRole
        if role in (roles.DisplayRole, roles.EditRole):
            raw = self.bad.get((row_id, one.id))
            return raw if raw is not None else cell_text(one, self.values(one)[index.row()])
        if role == roles.TextAlignmentRole and one.kind in {"number", "whole"}:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == roles.ForegroundRole:
            return self._colour(one, row_id)
        if role == roles.ToolTipRole:
            return self._tip(one, row_id)
        return None

    def _colour(self, one: SheetColumn, row_id: int) -> QBrush | None:
        tokens = self._page.window_.tokens
        if (row_id, one.id) in self.bad:
            return QBrush(QColor(tokens["problem"]))
        state = self.states.get(row_id)
        return QBrush(QColor(tokens["muted"])) if state and state.state == "excluded" else None

    def _tip(self, one: SheetColumn, row_id: int) -> str | None:
        if (row_id, one.id) in self.bad:
            return f"Not a {KIND_WORDS[one.kind]}: counted as missing until you correct it."
        state = self.states.get(row_id)
        return f"{state.state}: {state.reason}" if state else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return column names with their kind, and row ids with their state."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            one = self.sheet.columns[section]
            return f"{one.name} ({one.unit})" if one.unit else one.name
        row_id = int(self.rows[section])
        state = self.states.get(row_id)
        return f"{row_id} ✕" if state and state.state == "excluded" else str(row_id)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells can be edited unless the project is read-only."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if self._page.session.read_only else flags | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Write what the user typed; text that does not fit is kept and marked."""
        if role != Qt.ItemDataRole.EditRole or str(value) == str(self.data(index, role)):
            return False
        one = self.sheet.columns[index.column()]
        row_id = int(self.rows[index.row()])
        self._page.session.set_cells(self._page.record_id, [(row_id, one.id, value)])
        return True


def cell_text(one: SheetColumn, value: Any) -> str:
    """Format a cell as it was written."""
    if one.kind in {"number", "whole"}:
        if np.isnan(value):
            return ""
        plain = f"{value:.{one.decimals}f}"
        return plain if float(plain) == value else repr(float(value))
    if one.kind == "datetime":
        text = "" if np.isnat(value) else str(value).replace("T", " ")
        return text.removesuffix(" 00:00:00")
    return "" if value is None else str(value)


class _Header(QHeaderView):
    """A header that does not ask every row whether it is selected (trap of 1e6 rows)."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)


class SheetView(QTableView):
    """Copy, paste, fill down and delete with the keys of a spreadsheet."""

    def __init__(self, page: "DataPage", model: SheetModel) -> None:
        super().__init__(page)
        self._page = page
        self.setObjectName("sheet")
        self.setAccessibleName("Data")
        self.setModel(model)
        self.setHorizontalHeader(_Header(Qt.Orientation.Horizontal, self))
        self.setVerticalHeader(_Header(Qt.Orientation.Vertical, self))
        self.verticalHeader().setDefaultSectionSize(26)
        self.horizontalHeader().setDefaultSectionSize(130)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda at: page.menu(self.viewport().mapToGlobal(at))
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of a spreadsheet."""
        standard = QKeySequence.StandardKey
        if event.matches(standard.Copy):
            self._page.copy()
        elif event.matches(standard.Paste):
            self._page.paste()
        elif event.matches(standard.SelectAll):
            self._select_everything()
        elif event.key() == Qt.Key.Key_Delete:
            self._page.clear_cells()
        elif (
            event.key() == Qt.Key.Key_D and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._page.fill_down()
        else:
            super().keyPressEvent(event)

    def _select_everything(self) -> None:
        """Select as one range: Qt's own selectAll asks every cell for its flags."""
        from PySide6.QtCore import QItemSelection, QItemSelectionModel

        model = self.model()
        if model.rowCount() and model.columnCount():
            end = model.index(model.rowCount() - 1, model.columnCount() - 1)
            everything = QItemSelection(model.index(0, 0), end)
            self.selectionModel().select(
                everything, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )


class DataPage(Page):
    """One data sheet of the project."""

    def __init__(self, window: "MainWindow", record_id: str) -> None:
        super().__init__(window)
        self.record_id = record_id
        self.model = SheetModel(self)
        self.view = SheetView(self, self.model)
        self.title = label("", "title", wrap=False)
        self.subtitle = label("", "muted")
        self.side = QVBoxLayout()
        side = QWidget()
        side.setLayout(self.side)
        side.setMinimumWidth(190)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.view)
        split.addWidget(side)
        split.setStretchFactor(0, 1)
        split.setSizes([900, 230])
        actions = row(
            button("&Exclude rows…", self.exclude_rows), button("&Include", self.include_rows),
            button("Add &column…", self.add_column), button("&New analysis…", window.new_analysis, "primary"),
        )  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addLayout(row(column(self.title, self.subtitle, spacing=0), None, actions))
        layout.addWidget(split, 1)
        self.view.selectionModel().currentColumnChanged.connect(lambda *_: self._show_column())
        self.refresh()

    def heard(self, change: Change) -> None:
        """Show new cells when this sheet changed."""
        if not self.session.exists(self.record_id):
            self.window_.close_page(self)
        elif self.record_id in change.ids or "metric" in change.kinds:
            at = self.view.currentIndex()
            place = (at.row(), at.column())
            self.model.reload()
            self.view.setCurrentIndex(self.model.index(*place))
            self.refresh()

    def refresh(self) -> None:
        """Show counts and the current column."""
        sheet = self.model.sheet
        excluded = sum(s.state == "excluded" for s in self.model.states.values())
        self.title.setText(f"Data: {sheet.title}")
        parts = [f"{len(self.model.rows):,} rows"]
        if excluded:
            parts.append(f"{excluded} excluded")
        if self.model.bad:
            parts.append(words.count(len(self.model.bad), "cell does not fit", "cells do not fit"))
        if sheet.source.get("file"):
            parts.append(f"from {sheet.source['file']}")
        self.subtitle.setText(" · ".join(parts))
        self._show_column()

    # the current column --------------------------------------------------------------------

    def _show_column(self) -> None:
        clear(self.side)
        at = max(0, self.view.currentIndex().column())
        if at >= len(self.model.sheet.columns):
            return
        one = self.model.sheet.columns[at]
        self.side.addWidget(label(f"Column {one.name}", "heading"))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        name, unit = QLineEdit(one.name), QLineEdit(one.unit)
        name.setObjectName("column_name")
        unit.setObjectName("column_unit")
        name.editingFinished.connect(
            lambda: self._change(one, "name", name.text().strip() or one.name)
        )
        unit.editingFinished.connect(lambda: self._change(one, "unit", unit.text().strip()))
        form.addRow("Name", name)
        form.addRow("Unit", unit)
        form.addRow("Metric", self._metric_box(one))
        self.side.addLayout(form)
        self.side.addWidget(label(f"Kind: {KIND_WORDS[one.kind]}", "muted"))
        for line in self._facts(one):
            self.side.addWidget(label(line, "muted"))
        self.side.addWidget(button("Delete column", lambda: self._delete_column(one), "link"))
        self.side.addStretch(1)

    def _metric_box(self, one: SheetColumn) -> QComboBox:
        box = QComboBox()
        box.setObjectName("column_metric")
        box.setAccessibleName("Metric of this column")
        box.addItem("none", "")
        for metric in self.session.records("metric"):
            box.addItem(f"{metric.code} {metric.get('name', '')}", metric.id)
        box.setCurrentIndex(max(0, box.findData(one.metric_id or "")))
        box.activated.connect(lambda *_: self._change(one, "metric_id", box.currentData() or None))
        return box

    def _facts(self, one: SheetColumn) -> list[str]:
        values = self.model.values(one)
        bad = sum(1 for _, c in self.model.bad if c == one.id)
        if one.kind in {"number", "whole"}:
            known = values[np.isfinite(values)]
            missing = values.size - known.size - bad
            facts = [f"n {known.size:,}, missing {missing}, does not fit {bad}"]
            if known.size:
                low, middle, high = (
                    words.number(float(v), one.decimals)
                    for v in (known.min(), np.median(known), known.max())
                )
                facts.append(f"min {low}, median {middle}, max {high}")
            return facts
        empty = (
            np.isnat(values)
            if one.kind == "datetime"
            else np.asarray([v is None for v in values], dtype=bool)
        )
        facts = [
            f"n {values.size - int(empty.sum()):,}, missing {int(empty.sum()) - bad}, does not fit {bad}"
        ]
        if one.kind == "datetime":
            steps = np.diff(values[~empty].astype(np.int64))
            back = np.flatnonzero(steps < 0)
            if back.size:
                facts.append(f"Not in order, the first time after row {back[0] + 1}.")
        else:
            facts.append(f"{len({v for v in values if v is not None})} different values")
        return facts

    def _change(self, one: SheetColumn, name: str, value: Any) -> None:
        if getattr(one, name) != value:
            self.session.edit_column(self.record_id, one.id, **{name: value})

    def _delete_column(self, one: SheetColumn) -> None:
        self.session.delete_column(self.record_id, one.id)

    def add_column(self) -> None:
        """Add an empty column."""
        from leanlab.data.columns import ColumnData

        name = ask_reason(self, "Add column", "What is the name of the column?", "Add")
        if name:
            empty = np.full(len(self.model.rows), np.nan)
            self.session.add_column(self.record_id, ColumnData(name, "number", empty))

    # rows and cells ------------------------------------------------------------------------

    def _selected_rows(self) -> list[int]:
        found = {
            i
            for r in self.view.selectionModel().selection()
            for i in range(r.top(), r.bottom() + 1)
        }
        return [int(self.model.rows[i]) for i in sorted(found)]

    def exclude_rows(self) -> None:
        """Exclude the selected rows from all analyses, with a reason."""
        rows = self._selected_rows()
        if not rows:
            self.window_.say("Select the rows first.")
            return
        question = f"Why do {words.count(len(rows), 'row')} not count?"
        reason = ask_reason(self, "Exclude rows", question, "Exclude", EXCLUDE_REASONS)
        if reason:
            self.session.set_row_state(self.record_id, rows, "excluded", reason)

    def include_rows(self) -> None:
        """Take the selected rows back in."""
        rows = [r for r in self._selected_rows() if r in self.model.states]
        if rows:
            self.session.set_row_state(self.record_id, rows, None, "")

    def menu(self, at: Any) -> None:
        """Show what can be done to the selected rows."""
        menu = QMenu(self)
        menu.addAction("Exclude rows…").triggered.connect(lambda *_: self.exclude_rows())
        menu.addAction("Include rows").triggered.connect(lambda *_: self.include_rows())
        menu.addAction("Copy").triggered.connect(lambda *_: self.copy())
        menu.addAction("Paste").triggered.connect(lambda *_: self.paste())
        menu.addAction("Fill down").triggered.connect(lambda *_: self.fill_down())
        menu.addAction("Delete rows").triggered.connect(lambda *_: self.delete_rows())
        menu.exec(at)

    def delete_rows(self) -> None:
        """Delete the selected rows; undo brings them back."""
        rows = self._selected_rows()
        if rows:
            self.session.delete_rows(self.record_id, rows)

    def _block(self) -> tuple[range, range] | None:
        selection = self.view.selectionModel().selection()
        if not selection.count():
            return None
        top, bottom = min(r.top() for r in selection), max(r.bottom() for r in selection)
        left, right = min(r.left() for r in selection), max(r.right() for r in selection)
        return range(top, bottom + 1), range(left, right + 1)

    def copy(self) -> None:
        """Copy the selected block as text."""
        block = self._block()
        if block is None:
            return
        if len(block[0]) * len(block[1]) > MOST_COPIED:
            self.window_.say("That is more than a million cells: export the sheet instead.")
            return
        lines = [
            "\t".join(str(self.model.data(self.model.index(i, j))) for j in block[1])
            for i in block[0]
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def paste(self) -> None:
        """Paste a block at the current cell; rows below the end are added first."""
        lines = [
            line.split("\t") for line in QGuiApplication.clipboard().text().rstrip("\n").split("\n")
        ]
        start = self.view.currentIndex()
        if not start.isValid() or self.session.read_only:
            return
        sheet = self.model.sheet
        with self.session.step(f"Paste {words.count(len(lines), 'row')}"):
            self._grow(start.row() + len(lines) - len(self.model.rows))
            ids = self.session.row_ids(self.record_id)
            cells = [
                (int(ids[start.row() + i]), sheet.columns[start.column() + j].id, text)
                for i, line in enumerate(lines)
                for j, text in enumerate(line)
                if start.column() + j < len(sheet.columns)
            ]
            self.session.set_cells(self.record_id, cells)

    def _grow(self, count: int) -> None:
        if count <= 0:
            return
        from leanlab.data.columns import empty_column

        columns = [empty_column(c.name, c.kind, count) for c in self.model.sheet.columns]
        self.session.append_rows(self.record_id, columns)

    def clear_cells(self) -> None:
        """Empty the selected cells."""
        block = self._block()
        if block and not self.session.read_only:
            cells = [
                (int(self.model.rows[i]), self.model.sheet.columns[j].id, "")
                for i in block[0]
                for j in block[1]
            ]
            self.session.set_cells(self.record_id, cells, label="Clear cells")

    def fill_down(self) -> None:
        """Copy the top row of the selection into the rows below it."""
        block = self._block()
        if block is None or len(block[0]) < 2 or self.session.read_only:  # noqa: PLR2004
            return
        cells = []
        for j in block[1]:
            text = self.model.data(self.model.index(block[0][0], j))
            cells += [
                (int(self.model.rows[i]), self.model.sheet.columns[j].id, text)
                for i in block[0][1:]
            ]
        self.session.set_cells(self.record_id, cells, label="Fill down")
