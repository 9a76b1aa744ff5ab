"""The cells of a data sheet for a table view; rows are fetched when they come into sight."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont

from leanlab.app.calculated import formula_shown
from leanlab.app.records import SheetColumn
from leanlab.app.session import Session
from leanlab.core.typing import IntArray
from leanlab.data.typing_cells import cell_text

Index = QModelIndex | QPersistentModelIndex
KIND_WORDS = {
    "number": "number", "whole": "whole number", "datetime": "date and time",
    "category": "category", "text": "text", "id": "identifier",
}  # fmt: skip
BLOCK = 256  # rows fetched at once
MOST_BLOCKS = 64
BLANK_ROWS = 30  # a short sheet shows so many rows, ready to be typed into
NUMBERS = {"number", "whole"}
Roles = Qt.ItemDataRole
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SheetModel(QAbstractTableModel):
    """A sheet as it stands in the project, or the part of it that a filter lets through."""

    def __init__(
        self,
        session: Session,
        sheet_id: str,
        tokens: Callable[[], Mapping[str, str]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._sheet_id, self._tokens = session, sheet_id, tokens
        self._blocks: OrderedDict[int, dict[int, dict[str, Any]]] = OrderedDict()
        self._columns: dict[str, Any] = {}
        self.view: IntArray | None = None  # positions shown, in the order of the view
        self._load()

    def _load(self) -> None:
        self.sheet = self._session.sheet(self._sheet_id)
        self.all_ids = self._session.row_ids(self._sheet_id)
        self.states = self._session.row_states(self._sheet_id)
        self.bad = self._session.bad_cells(self._sheet_id)
        self._forget()

    def _forget(self) -> None:
        self._blocks.clear()
        self._columns.clear()
        self._by_id: IntArray | None = None  # the shown rows in the order of their ids
        self._ids = self.all_ids if self.view is None else self.all_ids[self.view]

    def reload(self, kinds: frozenset[str]) -> bool:
        """Take anew what changed; return whether rows or columns came, went or moved."""
        sheet = self._session.sheet(self._sheet_id)
        rows = sheet.rows != self.all_ids.size
        other = sheet.columns != self.sheet.columns or sheet.unseen != self.sheet.unseen
        if rows or "rows" in kinds or other:
            self.beginResetModel()
            if rows:
                self.view = None
            self._load()
            self.endResetModel()
            return True
        self.sheet = sheet
        self.states = self._session.row_states(self._sheet_id)
        self.bad = self._session.bad_cells(self._sheet_id)
        self._forget()
        self._everything_changed()
        return False

    def _everything_changed(self) -> None:
        if self.rowCount() and self.columnCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self.rowCount() - 1)

    def show(self, view: IntArray | None) -> None:
        """Show only these positions, in this order; None shows the sheet as it stands."""
        self.beginResetModel()
        self.view = view
        self._forget()
        self.endResetModel()

    def repaint(self) -> None:
        """The colours changed."""
        self._everything_changed()

    # rows ----------------------------------------------------------------------------------

    @property
    def shown(self) -> int:
        """How many rows of the sheet are shown."""
        return int(self._ids.size)

    @property
    def open_ended(self) -> bool:
        """Whether rows can be typed at the end."""
        return self.view is None and not self._session.read_only

    def row_id(self, row: int) -> int | None:
        """Return the id of a shown row; None below the end."""
        return int(self._ids[row]) if row < self._ids.size else None

    def row_ids(self, rows: Sequence[int]) -> IntArray:
        """Return the ids of shown rows, without those below the end."""
        places = np.asarray(rows, dtype=np.int64)
        ids: IntArray = self._ids[places[places < self._ids.size]]
        return ids

    def position(self, row: int) -> int:
        """Return where a shown row stands in the sheet, counted from 0."""
        return row if self.view is None or row >= self.view.size else int(self.view[row])

    def row_of(self, row_id: int) -> int | None:
        """Return where a row is shown; None when a filter hides it."""
        found = np.flatnonzero(self._ids == row_id)
        return int(found[0]) if found.size else None

    def places_of(self, row_ids: Sequence[int]) -> IntArray:
        """Return where each row is shown; -1 where a filter hides it."""
        if self._by_id is None:
            self._by_id = np.argsort(self._ids, kind="stable")
        wanted = np.asarray(row_ids, dtype=np.int64)
        if not self._ids.size:
            return np.full(wanted.size, -1, dtype=np.int64)
        at = np.searchsorted(self._ids, wanted, sorter=self._by_id)
        found = self._by_id[np.minimum(at, self._ids.size - 1)]
        return np.where(self._ids[found] == wanted, found, -1)

    def rows_of(self, row_ids: Collection[int]) -> list[int]:
        """Return where rows are shown, from top to bottom; hidden ones are left out."""
        wanted = np.asarray(list(row_ids), dtype=np.int64)
        return [int(place) for place in np.flatnonzero(np.isin(self._ids, wanted))]

    def values(self, column_id: str) -> Any:
        """Return a whole column in the order of the sheet; it is kept until something changes."""
        if column_id not in self._columns:
            self._columns[column_id] = self._session.column(self._sheet_id, column_id)
        return self._columns[column_id]

    def texts(self, rows: Sequence[int], columns: Sequence[int]) -> list[list[str]]:
        """Return a block of cells as text."""
        chosen = [self.sheet.columns[c] for c in columns]
        out = []
        for start in range(0, len(rows), BLOCK * 8):
            ids = self.row_ids(rows[start : start + BLOCK * 8]).tolist()
            cells = self._session.cells(self._sheet_id, ids)
            out += [[self._text(i, one, cells[i][one.id]) for one in chosen] for i in ids]
        return out

    def _text(self, row_id: int, one: SheetColumn, stored: Any) -> str:
        raw = self.bad.get((row_id, one.id))
        return raw if raw is not None else cell_text(one.kind, stored, one.decimals)

    def _rounded(self, row_id: int, one: SheetColumn, stored: Any) -> str:
        """A calculated number is shown with the decimals that tell; copying takes it whole."""
        if one.kind in NUMBERS and stored is not None:
            return f"{stored:.{one.decimals}f}"
        return self._text(row_id, one, stored)

    def _stored(self, row: int, row_id: int, column_id: str) -> Any:
        block = row // BLOCK
        if block not in self._blocks:
            ids = self._ids[block * BLOCK : (block + 1) * BLOCK].tolist()
            self._blocks[block] = self._session.cells(self._sheet_id, ids)
            if len(self._blocks) > MOST_BLOCKS:
                self._blocks.popitem(last=False)
        return self._blocks[block].get(row_id, {}).get(column_id)

    # Qt ------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of rows, with those ready to be typed into."""
        if parent.isValid():
            return 0
        return self.shown + (max(1, BLANK_ROWS - self.shown) if self.open_ended else 0)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.sheet.columns)

    def data(self, index: Index, role: int = Roles.DisplayRole) -> Any:
        """Return what a cell shows."""
        one = self.sheet.columns[index.column()]
        if role == Roles.TextAlignmentRole:
            return RIGHT if one.kind in NUMBERS else None
        row_id = self.row_id(index.row())
        if row_id is None:
            return None
        if role == Roles.DisplayRole and one.formula:
            return self._rounded(row_id, one, self._stored(index.row(), row_id, one.id))
        if role in (Roles.DisplayRole, Roles.EditRole):
            return self._text(row_id, one, self._stored(index.row(), row_id, one.id))
        if role == Roles.ToolTipRole:
            return self._tip(one, row_id)
        if role in (Roles.ForegroundRole, Roles.BackgroundRole, Roles.FontRole):
            return self._look(role, one, row_id)
        return None

    def _look(self, role: int, one: SheetColumn, row_id: int) -> Any:
        state, tokens = self.states.get(row_id), self._tokens()
        is_bad = (row_id, one.id) in self.bad
        excluded = state is not None and state.state == "excluded"
        if role == Roles.FontRole:
            font = QFont()
            font.setStrikeOut(excluded)
            return font if excluded else None
        if role == Roles.BackgroundRole:
            return QBrush(QColor(tokens["notice"])) if is_bad else None
        name = "problem" if is_bad else "muted" if excluded else ""
        return QBrush(QColor(tokens[name])) if name else None

    def _tip(self, one: SheetColumn, row_id: int) -> str | None:
        if (row_id, one.id) in self.bad:
            return f"Not a {KIND_WORDS[one.kind]}: it counts as missing until you correct it."
        state = self.states.get(row_id)
        return f"{state.state.capitalize()}: {state.reason} ({state.who})" if state else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Roles.DisplayRole
    ) -> Any:
        """Return the name of a column, or the place of a row."""
        if orientation == Qt.Orientation.Horizontal:
            if section >= len(self.sheet.columns):
                return None
            one = self.sheet.columns[section]
            if role == Roles.DisplayRole:
                return one.name
            unit = f", in {one.unit}" if one.unit else ""
            made = f"\n= {formula_shown(self.sheet.columns, one)}" if one.formula else ""
            tip = f"{one.name}: {KIND_WORDS[one.kind]}{unit}{made}"
            return tip if role == Roles.ToolTipRole else None
        if role == Roles.DisplayRole:
            return "+" if section == self.shown else self.position(section) + 1
        return self._row_tip(section) if role == Roles.ToolTipRole else None

    def _row_tip(self, section: int) -> str | None:
        row_id = self.row_id(section)
        state = self.states.get(row_id) if row_id is not None else None
        return f"{state.state.capitalize()}: {state.reason}" if state else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Everything can be edited unless the project is read-only, or the column is calculated."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        fixed = self._session.read_only or self.sheet.columns[index.column()].formula
        return flags if fixed else flags | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: Any, role: int = Roles.EditRole) -> bool:
        """Write what the user typed; text that does not fit is kept and marked."""
        if role != Roles.EditRole or str(value) == str(self.data(index, role) or ""):
            return False
        one, row_id = self.sheet.columns[index.column()], self.row_id(index.row())
        if row_id is not None:
            self._session.set_cells(self._sheet_id, [(row_id, one.id, value)])
            return True
        with self._session.step("Type a new row"):
            row_id = self.grow(index.row() + 1)[-1]
            self._session.set_cells(self._sheet_id, [(row_id, one.id, value)])
        return True

    def grow(self, rows: int) -> list[int]:
        """Add empty rows until the sheet has so many; return the new rows' ids."""
        from leanlab.data.columns import empty_column

        count = rows - int(self.all_ids.size)
        if count <= 0:
            return []
        columns = [empty_column(c.name, c.kind, count) for c in self.sheet.columns]
        return self._session.append_rows(self._sheet_id, columns)
