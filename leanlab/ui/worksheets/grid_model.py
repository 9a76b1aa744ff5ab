"""The rows of a section as a table: filter, order, a blank line at the end that adds a row."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from leanlab.ui.worksheets.binding import Binding
from leanlab.worksheets.blocks import FLUSH_RIGHT, cell_text, heading
from leanlab.worksheets.declare import (
    REFERENCES,
    Field,
    Filter,
    Message,
    Row,
    Section,
    name_field,
    value_of,
)
from leanlab.worksheets.layout.drawing import PALETTES
from leanlab.worksheets.show import edit_text

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
LEVEL_ROLE = Role.UserRole + 1
_CENTRED = {"bool"}


class GridModel(QAbstractTableModel):
    """Rows of one section; the last, blank line begins a new row."""

    def __init__(self, binding: Binding, section: Section) -> None:
        super().__init__()
        self.binding, self.section = binding, section
        self.filter: Filter | None = None
        self.search = ""
        self.sorted_by: tuple[int, bool] | None = None  # column, descending
        self.fields: tuple[Field, ...] = section.all_fields(binding.view)
        self.rows: list[Row] = []
        self.marks: dict[tuple[str, str], tuple[str, str]] = {}  # (row, field) -> severity, text
        self.rows = self._wanted()

    # reading -------------------------------------------------------------------------------

    @property
    def has_blank(self) -> bool:
        """Whether a blank line stands at the end."""
        return self.binding.editable and len(self.rows) < self.section.most

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Rows and the blank line."""
        return 0 if parent.isValid() else len(self.rows) + self.has_blank

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One column per field."""
        return 0 if parent.isValid() else len(self.fields)

    def row_at(self, line: int) -> Row | None:
        """Return the row of a line; None for the blank one."""
        return self.rows[line] if 0 <= line < len(self.rows) else None

    def line_of(self, row_id: str) -> int:
        """Return the line of a row, -1 if it is not shown."""
        return next((i for i, r in enumerate(self.rows) if r.id == row_id), -1)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return text, alignment, colours and hints of a cell."""
        field, row = self.fields[index.column()], self.row_at(index.row())
        if row is None:
            return self._blank(index, role)
        if role == Role.DisplayRole:
            return _tick(field, row, self) if field.type == "bool" else self._text(field, row)
        if role == Role.EditRole:
            return edit_text(field, value_of(field, row, self.binding.view), self.binding.view)
        return self._look(field, row, role)

    def code_at(self, index: Index) -> str:
        """Return the code that stands quietly behind the name of a row; nothing in other cells."""
        row = self.row_at(index.row())
        named = self.fields[index.column()].id == name_field(self.section)
        return row.code if row is not None and named else ""

    def _text(self, field: Field, row: Row) -> str:
        return cell_text(self.binding.view, field, row)

    def _blank(self, index: Index, role: int) -> Any:
        if role == Role.DisplayRole and index.column() == 0:
            return f"+ {self.section.row_word}"
        if role == Role.ForegroundRole:
            return QColor(PALETTES[self.binding.words_theme]["line"])
        return "" if role == Role.EditRole else None

    def _look(self, field: Field, row: Row, role: int) -> Any:
        view = self.binding.view
        if role == Role.TextAlignmentRole:
            centred = field.type in _CENTRED or field.scale is not None or field.level is not None
            if centred:
                return Qt.AlignmentFlag.AlignCenter
            side = (
                Qt.AlignmentFlag.AlignRight
                if field.type in FLUSH_RIGHT
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Role.ToolTipRole:
            mark = self.marks.get((row.id, field.id))
            return mark[1] if mark else (self._text(field, row) or field.help)
        if role == LEVEL_ROLE and field.level is not None:
            return field.level(value_of(field, row, view))
        if role == Role.FontRole and (field.level is not None or field.scale is not None):
            font = QFont()
            font.setBold(True)
            return font
        if role == Role.ForegroundRole and field.type == "calc" and field.level is None:
            return QColor(PALETTES[self.binding.words_theme]["soft_ink"])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # fmt: skip
        """Labels across, numbers down."""
        if orientation == Qt.Orientation.Vertical:
            row = self.row_at(section)
            if role == Role.DisplayRole:
                return "" if row is None else str(section + 1)
            return Qt.AlignmentFlag.AlignCenter if role == Role.TextAlignmentRole else None
        field = self.fields[section]
        if role == Role.DisplayRole:
            star = " *" if field.required else ""
            return heading(field).removesuffix(" (%)") + star
        return field.help if role == Role.ToolTipRole and field.help else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What can be done with a cell."""
        base = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        field = self.fields[index.column()]
        if self.binding.editable and field.editable and field.type != "bool":
            return base | Qt.ItemFlag.ItemIsEditable
        return base

    # writing -------------------------------------------------------------------------------

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Take over what was typed; in the blank line this adds a row."""
        if role != Role.EditRole:
            return False
        field, row, text = self.fields[index.column()], self.row_at(index.row()), str(value)
        if row is not None:
            if text == self.data(index, Role.EditRole):
                return True
            return self.binding.type_text(self.section.id, row.id, field.id, text)
        if not text.strip():
            return True
        return bool(self.binding.add_typed(self.section.id, field.id, text))

    def toggle(self, index: Index) -> None:
        """Turn a yes into a no and back."""
        row, field = self.row_at(index.row()), self.fields[index.column()]
        if row is not None and field.type == "bool":
            on = bool(value_of(field, row, self.binding.view))
            self.binding.type_text(self.section.id, row.id, field.id, "no" if on else "yes")

    # changing ------------------------------------------------------------------------------

    def _wanted(self) -> list[Row]:
        view = self.binding.view
        rows = list(view.all(self.section.id))
        if self.filter is not None:
            rows = [r for r in rows if self.filter.keeps(r, view)]
        if self.search:
            needle = self.search.casefold()
            rows = [
                r
                for r in rows
                if needle == r.code.casefold()
                or any(needle in self._text(f, r).casefold() for f in self.fields)
            ]
        if self.sorted_by is not None and self.sorted_by[0] < len(self.fields):
            field, down = self.fields[self.sorted_by[0]], self.sorted_by[1]
            rows.sort(key=lambda r: _order(field, r, self), reverse=down)
        return rows

    def refresh(self) -> None:
        """Follow the worksheet with as little disturbance as possible: an open editor stays."""
        fields = self.section.all_fields(self.binding.view)
        new = self._wanted()
        old_ids, new_ids = [r.id for r in self.rows], [r.id for r in new]
        if [f.id for f in fields] != [f.id for f in self.fields]:
            self.beginResetModel()
            self.fields, self.rows = fields, new
            self.endResetModel()
        elif new_ids == old_ids:
            self.fields, self.rows = fields, new
            self._tell()
        elif new_ids[: len(old_ids)] == old_ids and self.has_blank and len(new) < self.section.most:
            self.beginInsertRows(QModelIndex(), len(old_ids) + 1, len(new_ids))
            self.fields, self.rows = fields, new
            self.endInsertRows()
            self._tell()
        else:
            self.beginResetModel()
            self.fields, self.rows = fields, new
            self.endResetModel()

    def _tell(self) -> None:
        if self.rowCount() and self.columnCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def show_marks(self, messages: Sequence[Message]) -> None:
        """Remember which cells a check speaks of."""
        self.marks = {
            (m.hit.row_id, m.hit.field_id): (m.check.severity, m.hit.text)
            for m in reversed(messages)
            if m.hit.row_id and not m.accepted
        }


def _tick(field: Field, row: Row, model: GridModel) -> str:
    return "✓" if value_of(field, row, model.binding.view) else ""


def _order(field: Field, row: Row, model: GridModel) -> tuple[bool, float, str]:
    """Empty cells last; numbers by size, all else by its words."""
    value = value_of(field, row, model.binding.view)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return False, float(value), ""
    text = (
        str(value or "")
        if field.type in {"date", "month"}
        else cell_text(model.binding.view, field, row)
    )
    if field.type in REFERENCES and text:
        code = text.split(" ", 1)[0]
        return False, float(code[1:]) if code[1:].isdigit() else 0.0, text.casefold()
    return not text, 0.0, text.casefold()
