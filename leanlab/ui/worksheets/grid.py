"""The grid editor: a table with the keys of a spreadsheet, a frozen first column, filters."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QAbstractScrollArea,
    QFrame,
    QHeaderView,
    QMenu,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from leanlab.core import format as words
from leanlab.ui.worksheets.binding import Binding
from leanlab.ui.worksheets.fields import show_calendar
from leanlab.ui.worksheets.grid_delegate import CellDelegate
from leanlab.ui.worksheets.grid_header import GroupHeader
from leanlab.ui.worksheets.grid_model import GridModel, Index
from leanlab.ui.worksheets.scale_card import ScaleCard
from leanlab.worksheets.declare import Section

MANY = 300  # rows above which all have the same height
BROAD = 100  # px from which a text column takes a share of the room left over
TEN = 10
DIGITS = 800  # ms within which a second digit belongs to the first
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GridView(QTableView):
    """A table with spreadsheet keys; the first column stays where it is."""

    def __init__(self, binding: Binding, section: Section) -> None:
        super().__init__()
        self.binding, self.section = binding, section
        self.grid = GridModel(binding, section)
        self.setModel(self.grid)
        self._digit, self._digit_timer = "", QTimer(self)
        self._digit_timer.setSingleShot(True)
        self._digit_timer.setInterval(DIGITS)
        self._digit_timer.timeout.connect(self._forget_digit)
        self._frozen: QTableView | None = None
        self._set_up(self)
        self.setObjectName(f"grid_{section.id}")
        self.setAccessibleName(section.title)
        self.horizontalHeader().sectionClicked.connect(self.sort_by)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumWidth(40)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self._freeze()
        self.grid.modelReset.connect(self._laid_out)
        self.grid.dataChanged.connect(lambda *_: self._fit_rows())
        self.grid.rowsInserted.connect(lambda *_: self._fit_rows())
        binding.picked.connect(self._show_picked)
        self._laid_out()

    def _set_up(self, view: QTableView) -> None:
        view.setHorizontalHeader(GroupHeader(self.grid, view))
        view.setItemDelegate(CellDelegate(view))
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        view.setWordWrap(True)
        view.setFrameShape(QFrame.Shape.NoFrame)

    def _freeze(self) -> None:
        frozen = QTableView(self)
        frozen.setObjectName(f"frozen_{self.section.id}")
        frozen.setAccessibleName(f"{self.section.title}, first column")
        frozen.setModel(self.grid)
        self._set_up(frozen)
        frozen.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        frozen.setSelectionModel(self.selectionModel())
        frozen.verticalHeader().hide()
        frozen.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        frozen.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frozen.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frozen.horizontalHeader().sectionClicked.connect(self.sort_by)
        frozen.doubleClicked.connect(self.edit)
        self.viewport().stackUnder(frozen)
        self.verticalScrollBar().valueChanged.connect(frozen.verticalScrollBar().setValue)
        frozen.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.horizontalScrollBar().valueChanged.connect(lambda *_: self._place_frozen())
        self.horizontalHeader().sectionResized.connect(self._resized)
        self.verticalHeader().sectionResized.connect(lambda i, _o, n: frozen.setRowHeight(i, n))
        self._frozen = frozen

    def _resized(self, column: int, _old: int, new: int) -> None:
        if column == 0 and self._frozen is not None:
            self._frozen.setColumnWidth(0, new)
            self._place_frozen()
        self._fit_rows()

    def _place_frozen(self) -> None:
        if self._frozen is None:
            return
        needed = self.horizontalScrollBar().value() > 0 and self.grid.columnCount() > 1
        self._frozen.setVisible(needed)
        if needed:
            self._frozen.setGeometry(
                self.verticalHeader().width() + self.frameWidth(), self.frameWidth(),
                self.columnWidth(0) + 1, self.viewport().height() + self.horizontalHeader().height(),
            )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the texts use the room, and keep the frozen column in place."""
        super().resizeEvent(event)
        self._fill_width()
        self._place_frozen()

    def _laid_out(self) -> None:
        for at, field in enumerate(self.grid.fields):
            self.setColumnWidth(at, field.width)
            if self._frozen is not None:
                self._frozen.setColumnHidden(at, at != 0)
        if self._frozen is not None:
            self._frozen.setColumnWidth(0, self.columnWidth(0))
        self._fill_width()
        self._fit_rows()

    def _fill_width(self) -> None:
        """Share what is left over among the text columns."""
        fields = self.grid.fields
        spare = self.viewport().width() - sum(f.width for f in fields)
        texts = [
            i for i, f in enumerate(fields) if f.type in {"text", "long"} and f.width > BROAD
        ] or [0]
        self.horizontalHeader().blockSignals(True)
        for at, field in enumerate(fields):
            share = max(0, spare) // len(texts) if at in texts else 0
            self.horizontalHeader().resizeSection(at, field.width + share)
        self.horizontalHeader().blockSignals(False)
        if self._frozen is not None:
            self._frozen.setColumnWidth(0, self.columnWidth(0))
        self.updateGeometries()
        self._fit_rows()

    def _fit_rows(self) -> None:
        if self.grid.rowCount() > MANY:
            return
        delegate = self.itemDelegate()
        option = self._option()
        for line in range(self.grid.rowCount()):
            height = max(
                (
                    delegate.sizeHint(option, self.grid.index(line, c)).height()
                    for c in range(self.grid.columnCount())
                ),
                default=30,
            )
            self.setRowHeight(line, height)
            if self._frozen is not None:
                self._frozen.setRowHeight(line, height)

    def _option(self) -> QStyleOptionViewItem:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        return option

    # state ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Follow the worksheet; the current cell stays the current one."""
        at = self.currentIndex()
        row = self.grid.row_at(at.row()) if at.isValid() else None
        column, line = at.column(), at.row()
        self.grid.refresh()
        if not self.currentIndex().isValid() and self.grid.rowCount() and line >= 0:
            place = self.grid.line_of(row.id) if row is not None else -1
            place = place if place >= 0 else min(line, self.grid.rowCount() - 1)
            self.setCurrentIndex(self.grid.index(place, max(0, column)))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """The current row is the picked one everywhere."""
        super().currentChanged(current, previous)
        row = self.grid.row_at(current.row())
        if row is not None:
            self.binding.pick(row.id)

    def _show_picked(self, row_id: str) -> None:
        line = self.grid.line_of(row_id)
        if line >= 0 and line != self.currentIndex().row():
            self.setCurrentIndex(self.grid.index(line, max(0, self.currentIndex().column())))

    def go_to(self, row_id: str, field_id: str) -> bool:
        """Go to a cell; False if it is not shown."""
        line = self.grid.line_of(row_id)
        column = next((i for i, f in enumerate(self.grid.fields) if f.id == field_id), 0)
        if line < 0:
            return False
        self.setCurrentIndex(self.grid.index(line, column))
        self.scrollTo(self.currentIndex())
        self.setFocus()
        return True

    def sort_by(self, column: int) -> None:
        """Sort up, then down, then back to the own order."""
        now = self.grid.sorted_by
        self.grid.sorted_by = (
            (column, False)
            if now is None or now[0] != column
            else None
            if now[1]
            else (column, True)
        )
        self.refresh()
        self.horizontalHeader().viewport().update()

    # keys ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keys that mean something in a grid do not reach the menus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):  # fmt: skip
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a spreadsheet."""
        if self._command_key(event) or self._cell_key(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _command_key(self, event: QKeyEvent) -> bool:
        key, mods = event.key(), event.modifiers()
        control = bool(mods & Qt.KeyboardModifier.ControlModifier)
        alt = bool(mods & Qt.KeyboardModifier.AltModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif control and key in _ENTER:
            self.add_row(below=not mods & Qt.KeyboardModifier.ShiftModifier)
        elif control and key == Qt.Key.Key_D:
            self.fill_down()
        elif control and key == Qt.Key.Key_Minus:
            self.delete_rows()
        elif alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_row(-1 if key == Qt.Key.Key_Up else 1)
        else:
            return False
        return True

    def _cell_key(self, event: QKeyEvent) -> bool:
        key, index = event.key(), self.currentIndex()
        if not index.isValid() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier:  # fmt: skip
            return False
        field = self.grid.fields[index.column()]
        if key in _ENTER:
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key == Qt.Key.Key_F2:
            self._type_into(index)
        elif key == Qt.Key.Key_F4:
            self.show_choices()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear_or_delete()
        elif field.type == "bool" and key == Qt.Key.Key_Space:
            self.grid.toggle(index)
        elif field.scale is not None and event.text().isdigit():
            self._type_digit(event.text())
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        index = self.currentIndex()
        line = index.row() + by
        if 0 <= line < self.grid.rowCount():
            self.setCurrentIndex(self.grid.index(line, index.column()))

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter goes one line down and Tab to the right, as in a spreadsheet."""
        hints = QAbstractItemDelegate.EndEditHint
        ways = {hints.EditNextItem: 1, hints.EditPreviousItem: -1}
        ours = hint == hints.SubmitModelCache or hint in ways
        super().closeEditor(editor, hints.NoHint if ours else hint)
        if hint == hints.SubmitModelCache:
            self._step(1)
        elif hint in ways:
            self._go_on(ways[hint])

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        """Tab goes from cell to cell, and out of the grid behind the last one."""
        return self._go_on(1 if next else -1) or QAbstractScrollArea.focusNextPrevChild(self, next)

    def _go_on(self, by: int) -> bool:
        """Go to the next or the previous cell; False at the end."""
        at, across = self.currentIndex(), self.grid.columnCount()
        place = at.row() * across + at.column() + by
        if not at.isValid() or not 0 <= place < self.grid.rowCount() * across:
            return False
        self.setCurrentIndex(self.grid.index(*divmod(place, across)))
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes by key stands in a cell at once: in the first, or from behind in the last."""
        super().focusInEvent(event)
        if self.grid.rowCount() and not self.currentIndex().isValid():
            behind = event.reason() == Qt.FocusReason.BacktabFocusReason
            line, column = self.grid.rowCount() - 1, self.grid.columnCount() - 1
            self.setCurrentIndex(self.grid.index(line, column) if behind else self.grid.index(0, 0))

    def _type_digit(self, digit: str) -> None:
        """A digit rates at once; 1 and 0 within a moment make 10."""
        field = self.grid.fields[self.currentIndex().column()]
        ten = self._digit == "1" and digit == "0" and (field.maximum or 0) >= TEN
        text = "10" if ten else digit
        if text == "0":
            return
        self._digit = text if text == "1" else ""
        self._digit_timer.start()
        self.grid.setData(self.currentIndex(), text)

    def _forget_digit(self) -> None:
        self._digit = ""

    # verbs ---------------------------------------------------------------------------------

    def _cells(self) -> list[QModelIndex]:
        found = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        return sorted((i for i in found if i.isValid()), key=lambda i: (i.row(), i.column()))

    def picked_rows(self) -> list[str]:
        """Return the ids of the rows that the selection touches."""
        lines = sorted({i.row() for i in self._cells()})
        return [r.id for line in lines if (r := self.grid.row_at(line)) is not None]

    def add_row(self, *, below: bool = True) -> None:
        """Add a row below (or above) the current one and begin to type."""
        row = self.grid.row_at(self.currentIndex().row())
        place = {"after" if below else "before": row.id} if row is not None else {}
        made = self.binding.add(self.section.id, **place)  # type: ignore[arg-type]
        if made:
            self.begin(made)

    def begin(self, row_id: str) -> None:
        """Go to the first cell of a row and type."""
        line = self.grid.line_of(row_id)
        if line >= 0:
            self.setFocus()
            self.setCurrentIndex(self.grid.index(line, 0))
            self.edit(self.currentIndex())

    def delete_rows(self) -> None:
        """Put the selected rows into the bin."""
        self.binding.delete(self.section.id, self.picked_rows())

    def clear_or_delete(self) -> None:
        """Delete whole rows if whole rows are selected, else empty the cells.

        Where there is one column only, a cell is meant: who deletes it goes on typing there.
        """
        cells = self._cells()
        if self.grid.columnCount() > 1 and self.selectionModel().selectedRows():
            self.delete_rows()
            return
        with self.binding.session.step(f"Clear {words.count(len(cells), 'cell')}"):
            for index in cells:
                if self.grid.fields[index.column()].editable and self.grid.row_at(index.row()):
                    self.grid.setData(index, "")

    def move_row(self, by: int) -> None:
        """Move the current row."""
        row = self.grid.row_at(self.currentIndex().row())
        if row is not None and self.grid.sorted_by is None:
            self.binding.move(self.section.id, row.id, by)
            self.go_to(row.id, self.grid.fields[self.currentIndex().column()].id)

    def copy(self) -> None:
        """Copy the selected cells, for a spreadsheet."""
        cells = self._cells()
        lines: dict[int, list[str]] = {}
        for index in cells:
            text = str(index.data(Qt.ItemDataRole.EditRole) or "")
            lines.setdefault(index.row(), []).append(" ".join(text.split("\n")))
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines.values()))

    def paste(self) -> None:
        """Paste cells from a spreadsheet; rows are added as needed."""
        text = QGuiApplication.clipboard().text().rstrip("\r\n")
        index = self.currentIndex()
        if not text or not index.isValid():
            return
        lines = [line.split("\t") for line in text.replace("\r\n", "\n").split("\n")]
        fields = [f.id for f in self.grid.fields[index.column() :]]
        shown = self.grid.row_at(index.row())
        rows = self.binding.view.all(self.section.id)
        at = next(
            (i for i, r in enumerate(rows) if shown is not None and r.id == shown.id), len(rows)
        )
        bad = self.binding.paste(self.section.id, at, fields, lines)
        if bad:
            self.binding.window.say(" ".join(bad[:3]))

    def fill_down(self) -> None:
        """Copy the uppermost selected cell (or the one above) down."""
        cells = self._cells()
        if not cells:
            return
        top = min(i.row() for i in cells)
        with self.binding.session.step("Fill down"):
            for column in {i.column() for i in cells}:
                lines = [i.row() for i in cells if i.column() == column]
                source = top if len(lines) > 1 else top - 1
                text = self.grid.index(source, column).data(Qt.ItemDataRole.EditRole)
                for line in lines:
                    if line != source and text is not None and self.grid.row_at(line) is not None:
                        self.grid.setData(self.grid.index(line, column), text)

    def show_choices(self) -> None:
        """F4: the card of a scale, a calendar, or the choices of the cell."""
        index = self.currentIndex()
        field = self.grid.fields[index.column()]
        below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        if field.scale is not None:
            ScaleCard(self, index, below).show_scale()
        elif field.type == "date":
            show_calendar(
                self,
                below,
                str(index.data(Qt.ItemDataRole.EditRole)),
                lambda t: self.grid.setData(index, t),
            )
        else:
            self._type_into(index)

    def _type_into(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        entries = (
            ("Insert row below\tCtrl+Enter", self.add_row),
            ("Insert row above\tCtrl+Shift+Enter", lambda: self.add_row(below=False)),
            ("Move up\tAlt+Up", lambda: self.move_row(-1)),
            ("Move down\tAlt+Down", lambda: self.move_row(1)),
            ("Delete rows\tCtrl+-", self.delete_rows),
            ("", None),
            ("Copy\tCtrl+C", self.copy),
            ("Paste\tCtrl+V", self.paste),
            ("Fill down\tCtrl+D", self.fill_down),
            ("", None),
            ("Attach a photo…", self._attach),
        )
        for text, run in entries:
            if run is None:
                menu.addSeparator()
            else:
                menu.addAction(text, run)
        menu.exec(self.viewport().mapToGlobal(at))

    def _attach(self) -> None:
        from leanlab.ui.worksheets.photos import ask_photos

        for row_id in self.picked_rows()[:1]:
            ask_photos(self, self.binding, row_id)


def _is_ours(event: QKeyEvent) -> bool:
    key, mods = event.key(), event.modifiers()
    if mods & Qt.KeyboardModifier.AltModifier:
        return key in (Qt.Key.Key_Up, Qt.Key.Key_Down)
    if mods & Qt.KeyboardModifier.ControlModifier:
        return key in (*_ENTER, Qt.Key.Key_D, Qt.Key.Key_Minus, Qt.Key.Key_C, Qt.Key.Key_V)
    return key in (Qt.Key.Key_F2, Qt.Key.Key_F4)
