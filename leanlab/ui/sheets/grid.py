"""The grid: keys and selection of a spreadsheet over the sheet model."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QTableView, QWidget

from leanlab.data.views import missing_in
from leanlab.ui.sheets.headers import ColumnHeader, RowHeader
from leanlab.ui.sheets.model import SheetModel

Flag = QItemSelectionModel.SelectionFlag
Trigger = QAbstractItemView.EditTrigger
Key = Qt.Key
ROW_HEIGHT = 27
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
ARROWS = {Key.Key_Up: (-1, 0), Key.Key_Down: (1, 0), Key.Key_Left: (0, -1), Key.Key_Right: (0, 1)}


class SheetView(QTableView):
    """Shows the model; what a key means is told by a signal, the page does it."""

    asked = Signal(str)  # copy, cut, paste, clear, fill_down, delete_rows, exclude, label, ...

    def __init__(
        self, model: SheetModel, tokens: Callable[[], Mapping[str, str]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.sheet_model = model
        self.setObjectName("sheet")
        self.setAccessibleName("Data")
        self.setModel(model)
        self.columns = ColumnHeader(model, tokens, self)
        self.rows = RowHeader(model, tokens, self)
        self.setHorizontalHeader(self.columns)
        self.setVerticalHeader(self.rows)
        self.rows.setDefaultSectionSize(ROW_HEIGHT)
        self.setWordWrap(False)
        self.setStyleSheet("#sheet::item { padding: 0 5px; }")
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(Trigger.DoubleClicked | Trigger.EditKeyPressed | Trigger.AnyKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.columns.sectionClicked.connect(self.select_column)
        self.rows.sectionClicked.connect(self._focus_row)
        self.doubleClicked.connect(self._ask_formula)

    def show_seen(self) -> None:
        """Show the columns that are not hidden."""
        for at, one in enumerate(self.sheet_model.sheet.columns):
            unseen = one.id in self.sheet_model.sheet.unseen
            if self.isColumnHidden(at) != unseen:
                self.setColumnHidden(at, unseen)

    def first_seen(self) -> int:
        """Return the place of the first column that is not hidden."""
        places = range(self.sheet_model.columnCount())
        return next((at for at in places if not self.isColumnHidden(at)), 0)

    def _ask_formula(self, index: QModelIndex) -> None:
        if self._calculated(index):
            self.asked.emit("formula")

    def _calculated(self, index: QModelIndex) -> bool:
        columns = self.sheet_model.sheet.columns
        known = index.isValid() and index.column() < len(columns)
        return known and bool(columns[index.column()].formula)

    # selection -----------------------------------------------------------------------------

    def _ranges(self) -> list[QItemSelectionRange]:
        return list(self.selectionModel().selection().toList())

    def selected_rows(self) -> list[int]:
        """Return the shown rows that are selected, wholly or in part."""
        last = self.sheet_model.shown
        rows = {i for r in self._ranges() for i in range(r.top(), min(r.bottom() + 1, last))}
        return sorted(rows)

    def block(self) -> tuple[range, range] | None:
        """Return rows and columns of the selection's frame."""
        selection = self._ranges()
        if not selection:
            return None
        top, bottom = min(r.top() for r in selection), max(r.bottom() for r in selection)
        left, right = min(r.left() for r in selection), max(r.right() for r in selection)
        return range(top, min(bottom + 1, self.sheet_model.shown)), range(left, right + 1)

    def whole_rows(self) -> bool:
        """Whether the selection consists of whole rows."""
        last = self.sheet_model.columnCount() - 1
        selection = self._ranges()
        return bool(selection) and all(r.left() == 0 and r.right() == last for r in selection)

    def selectAll(self) -> None:
        """Select as one range: Qt's own way asks every cell for its flags."""
        self._select(0, self.sheet_model.shown - 1, 0, self.sheet_model.columnCount() - 1)

    def select_column(self, column: int) -> None:
        """Select one column; the current cell stays in sight."""
        row = max(0, self.rows.logicalIndexAt(0))
        self.selectionModel().setCurrentIndex(self.sheet_model.index(row, column), Flag.NoUpdate)
        self._select(0, self.sheet_model.shown - 1, column, column)

    def select_rows(self) -> None:
        """Widen the selection to whole rows."""
        block = self.block()
        if block is not None and len(block[0]):
            self._select(block[0][0], block[0][-1], 0, self.sheet_model.columnCount() - 1)

    def select_whole(self, rows: Sequence[int]) -> None:
        """Select exactly these rows."""
        chosen, last = QItemSelection(), self.sheet_model.columnCount() - 1
        at = 0
        while at < len(rows):
            end = at
            while end + 1 < len(rows) and rows[end + 1] == rows[end] + 1:
                end += 1
            top, bottom = (
                self.sheet_model.index(rows[at], 0),
                self.sheet_model.index(rows[end], last),
            )
            chosen.append(QItemSelectionRange(top, bottom))
            at = end + 1
        self.selectionModel().select(chosen, Flag.ClearAndSelect)

    def _focus_row(self, row: int) -> None:
        """Qt selects the row itself; nothing must ask every row whether it is selected."""
        self.setFocus()

    def _select(self, top: int, bottom: int, left: int, right: int) -> None:
        if bottom < top or right < left:
            return
        model = self.sheet_model
        chosen = QItemSelection(model.index(top, left), model.index(bottom, right))
        self.selectionModel().select(chosen, Flag.ClearAndSelect)

    def go(self, row: int, column: int) -> None:
        """Make a cell the current one where it stands."""
        self._go(self.sheet_model.index(row, column))

    def jump(self, row: int, column: int) -> None:
        """Go to a cell and show it."""
        index = self.sheet_model.index(row, column)
        self._go(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    # keys ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keys that mean something in a grid go to it before they go to the menus."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.state() != QAbstractItemView.State.EditingState
            and self._wish(event)
        ):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._tabbed(event) or super().event(event)
        return super().event(event)

    def _tabbed(self, event: QKeyEvent) -> bool:
        """Tab goes from cell to cell, which Qt would take to leave the grid; Ctrl+Tab leaves it."""
        back = event.key() == Key.Key_Backtab
        if not (back or event.key() == Key.Key_Tab):
            return False
        if event.modifiers() & CONTROL:
            self.focusNextPrevChild(not back)
        else:
            self._step(0, -1 if back else 1)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a spreadsheet would do."""
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
            return
        wish = self._wish(event)
        if wish:
            self.asked.emit(wish)
        elif not self._moved(event):
            super().keyPressEvent(event)

    def _wish(self, event: QKeyEvent) -> str:
        standard = QKeySequence.StandardKey
        for key, wish in (
            (standard.Copy, "copy"),
            (standard.Paste, "paste"),
            (standard.Cut, "cut"),
        ):
            if event.matches(key):
                return wish
        modifiers = event.modifiers() & (CONTROL | SHIFT | ALT)
        keypad = event.key()
        if modifiers == CONTROL:
            return {
                Key.Key_D: "fill_down", Key.Key_Minus: "delete_rows", Key.Key_Plus: "insert_rows",
            }.get(Key(keypad), "")  # fmt: skip
        if modifiers == ALT and keypad in (Key.Key_Return, Key.Key_Enter):
            return "properties"
        if modifiers:
            return ""
        if keypad in (Key.Key_Delete, Key.Key_Backspace):
            return "clear"
        if self.whole_rows():
            return {Key.Key_E: "exclude", Key.Key_L: "label", Key.Key_I: "include"}.get(
                Key(keypad), ""
            )
        return self._wish_of_calculated(event)

    def _wish_of_calculated(self, event: QKeyEvent) -> str:
        """A calculated cell is changed by its formula; typing into it is answered in words."""
        if not self._calculated(self.currentIndex()):
            return ""
        if event.key() == Key.Key_F2:
            return "formula"
        return "calculated" if event.text().strip() and event.text().isprintable() else ""

    def _moved(self, event: QKeyEvent) -> bool:
        """Move or select; False when the key means nothing here."""
        modifiers = event.modifiers() & (CONTROL | SHIFT | ALT)
        key = Key(event.key())
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif key == Key.Key_Space and modifiers == CONTROL:
            self.select_column(self.currentIndex().column())
        elif key == Key.Key_Space and modifiers == SHIFT:
            self.select_rows()
        elif key in ARROWS and modifiers & CONTROL:
            self._to_edge(*ARROWS[key], extend=bool(modifiers & SHIFT))
        elif key in (Key.Key_Return, Key.Key_Enter) and not modifiers:
            self._step(1, 0)
        else:
            return False
        return True

    def _step(self, down: int, right: int) -> None:
        at = self.currentIndex()
        model = self.sheet_model
        row, column = at.row() + down, at.column() + right
        while right and 0 <= column < model.columnCount() and self.isColumnHidden(column):
            column += right
        if column >= model.columnCount():
            row, column = row + 1, self.first_seen()
        if row < model.rowCount() and column >= 0:
            self._go(model.index(row, column))

    def _go(self, index: QModelIndex) -> None:
        """Make a cell the current one, whatever keys are held: Shift must not widen a selection."""
        self.selectionModel().setCurrentIndex(index, Flag.ClearAndSelect)

    def _to_edge(self, down: int, right: int, *, extend: bool) -> None:
        """Go to where filled cells end, as spreadsheets do."""
        at, model = self.currentIndex(), self.sheet_model
        if not at.isValid():
            return
        if right:
            row, column = at.row(), 0 if right < 0 else model.columnCount() - 1
        else:
            row, column = self._edge_row(at, down), at.column()
        target = model.index(row, column)
        self.selectionModel().setCurrentIndex(
            target, Flag.NoUpdate if extend else Flag.ClearAndSelect
        )
        if extend:
            start = self.block()
            rows = [at.row(), row] + (
                [start[0][0], start[0][-1]] if start and len(start[0]) else []
            )
            columns = [at.column(), column] + ([start[1][0], start[1][-1]] if start else [])
            self._select(min(rows), max(rows), min(columns), max(columns))
        self.scrollTo(target)

    def _edge_row(self, at: QModelIndex, down: int) -> int:
        model = self.sheet_model
        if not model.shown:
            return 0
        one = model.sheet.columns[at.column()]
        values = model.values(one.id)
        filled = ~missing_in(one.kind, values)
        if model.view is not None:
            filled = filled[model.view]
        row = min(at.row(), model.shown - 1)
        ahead = filled[row + 1 :] if down > 0 else filled[:row][::-1]
        if not ahead.size:
            return row
        inside = bool(filled[row]) and bool(ahead[0])
        turn = np.flatnonzero(ahead != inside if inside else ahead)
        steps = (int(turn[0]) if inside else int(turn[0]) + 1) if turn.size else int(ahead.size)
        return row + down * steps

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter takes the cell over and goes down; the keys that follow are for the grid.

        An edit that changes the column, as a first decimal does, takes all editors away before
        this is called, and the focus with them.
        """
        super().closeEditor(editor, hint)
        by_key = hint != QAbstractItemDelegate.EndEditHint.NoHint
        if by_key and self.state() != self.State.EditingState:
            self.setFocus()
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self._step(1, 0)
