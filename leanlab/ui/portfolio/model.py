"""The lines of one portfolio table for Qt: sorted by value, grouped under headings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from leanlab.domain.portfolio import Entry, reasons
from leanlab.domain.portfolio_tables import Line, Sheet, shown
from leanlab.ui.icons import icon
from leanlab.ui.widgets import plain_tip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
SIGNS: Mapping[str, tuple[str, str, str]] = {  # level -> picture, colour, word
    "good": ("ok", "ok", "good"), "warning": ("warning", "attention", "attention"),
    "bad": ("problem", "problem", "problem"), "grey": ("unknown", "muted", "no signal"),
}  # fmt: skip
_RIGHT = {"money", "count", "percent", "days", "number"}
_HERE = QModelIndex()


class SheetModel(QAbstractTableModel):
    """Shows a sheet; a heading is a line of its own that spans all columns."""

    def __init__(self, sheet: Sheet, tokens: Mapping[str, str]) -> None:
        super().__init__()
        self.sheet, self.tokens = sheet, tokens
        self._group: Callable[[Entry], str] | None = None
        self._order: tuple[int, bool] | None = None
        self.rows: list[Line | str] = list(sheet.lines)

    # content -------------------------------------------------------------------------------

    def show(
        self,
        sheet: Sheet,
        tokens: Mapping[str, str],
        group: Callable[[Entry], str] | None = None,
    ) -> None:
        """Show other lines, in the order that was chosen."""
        self.beginResetModel()
        self.sheet, self.tokens, self._group = sheet, tokens, group
        self._arrange()
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """Return a line; None for a heading."""
        found = self.rows[row] if 0 <= row < len(self.rows) else None
        return found if isinstance(found, Line) else None

    @property
    def headings(self) -> list[int]:
        """Return the rows that are headings."""
        return [i for i, row in enumerate(self.rows) if isinstance(row, str)]

    def _arrange(self) -> None:
        lines = list(self.sheet.lines)
        if self._order is not None:
            column, down = self._order
            known = [x for x in lines if not _missing(x.values[column])]
            rest = [x for x in lines if _missing(x.values[column])]
            kind = self.sheet.columns[column].kind
            known.sort(key=lambda x: _key(kind, x.values[column]), reverse=down)
            lines = [*known, *rest]
        if self._group is None:
            self.rows = list(lines)
            return
        groups: dict[str, list[Line]] = {}
        for one in lines:
            groups.setdefault(self._group(one.entry) or "–", []).append(one)
        self.rows = []
        for name in sorted(groups, key=str.casefold):
            self.rows += [f"{name}  ({len(groups[name])})", *groups[name]]

    # Qt ------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _HERE) -> int:
        """Return the number of lines and headings."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _HERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.sheet.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # fmt: skip
        """Return the name of a column."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self.sheet.columns):
            return None
        column = self.sheet.columns[section]
        if role == Role.DisplayRole:
            return column.short
        if role == Role.TextAlignmentRole:
            return _side(column.kind)
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return text, sign, side and words for a cell."""
        row = self.rows[index.row()]
        if isinstance(row, str):
            return self._heading(row, index.column(), role)
        column = self.sheet.columns[index.column()]
        text = shown(column, row.values[index.column()])
        led = index.column() == self.sheet.led
        if role == Role.DisplayRole:
            return text
        if role == Role.ToolTipRole:
            return plain_tip(
                _every_reason(row, text) if led and self.sheet.id == "projects" else text
            )
        if role == Role.AccessibleTextRole:
            return f"{column.heading}: {text}" + (f", {SIGNS[row.level][2]}" if led else "")
        if role == Role.TextAlignmentRole:
            return _side(column.kind)
        if role == Role.DecorationRole and led and (text or row.level != "grey"):
            shape, colour, _ = SIGNS[row.level]
            return icon(shape, self.tokens[colour])
        return None

    def _heading(self, text: str, column: int, role: int) -> Any:
        if role == Role.DisplayRole and column == 0:
            return text
        if role == Role.FontRole:
            font = QFont()
            font.setBold(True)
            return font
        return QColor(self.tokens["hover"]) if role == Role.BackgroundRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by the values of a column; empty ones stay last."""
        self.layoutAboutToBeChanged.emit()
        self._order = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._arrange()
        self.layoutChanged.emit()

    @property
    def order(self) -> tuple[int, bool] | None:
        """The column by which the lines are sorted, and whether downwards."""
        return self._order


def _every_reason(line: Line, text: str) -> str:
    """Return all that the cell only counts: The gate is late (+2)."""
    return "\n".join(reason.text for reason in reasons(line.entry)) or text


def _missing(value: Any) -> bool:
    return value is None or value == ""


def _key(kind: str, value: Any) -> Any:
    if isinstance(value, int | float):
        return (0, float(value), "")
    number = _leading(value) if kind == "number" else None
    return (1, 0.0, str(value).casefold()) if number is None else (0, number, "")


def _leading(text: str) -> float | None:
    """Return the number at the beginning of a text: 1 234.5 min."""
    digits = str(text).replace("\u202f", "").replace("\u2212", "-").split(" ")[0]
    try:
        return float(digits)
    except ValueError:
        return None


def _side(kind: str) -> int:
    side = Qt.AlignmentFlag.AlignRight if kind in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def entries_in(rows: Sequence[Line | str]) -> list[Entry]:
    """Return the projects of lines, each once, in their order."""
    found: dict[str, Entry] = {}
    for row in rows:
        if isinstance(row, Line):
            found.setdefault(row.entry.path, row.entry)
    return list(found.values())
