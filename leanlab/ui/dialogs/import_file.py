"""Import with a preview: what cannot be decided is asked, and the answer shows at once."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QIntValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from leanlab.app.importing import PREVIEW_ROWS, is_large, raw_lines, read, title_of
from leanlab.core import format as words
from leanlab.core.errors import ImportProblem, Problem
from leanlab.data.columns import ColumnData
from leanlab.data.csv_text import ENCODING_WORDS
from leanlab.data.table import MOST_COLUMNS, ONE_COLUMN, Settings, Table
from leanlab.data.typing_cells import cell_text
from leanlab.ui.sheets.alive import while_alive
from leanlab.ui.sheets.marked import MarkedCells
from leanlab.ui.sheets.model import KIND_WORDS, NUMBERS, RIGHT
from leanlab.ui.widgets import button, clear, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

SHOWN_ROWS = 500
SHOWN_NOTES = 4
Index = QModelIndex | QPersistentModelIndex
Choices = Mapping[str, str]
ENCODINGS: Choices = {
    "": "find out", **{n: text for n, text in ENCODING_WORDS.items() if n != "utf-8-sig"},
}  # fmt: skip
DELIMITERS: Choices = {
    "": "find out", ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ONE_COLUMN: "none, one column",
}  # fmt: skip
DECIMALS: Choices = {"": "find out", ".": "point (7.5)", ",": "comma (7,5)"}
ORDERS: Choices = {
    "": "find out", "ymd": "year-month-day", "dmy": "day.month.year", "mdy": "month/day/year",
}  # fmt: skip
TEXT_SETTINGS = ("encoding", "delimiter")
HEADERS: Choices = {"yes": "The first row holds names", "no": "The first row is data"}
OFFERS: Choices = {
    "number": "numbers", "datetime/ymd": "dates, year-month-day",
    "datetime/dmy": "dates, day/month/year", "datetime/mdy": "dates, month/day/year",
}  # fmt: skip
MOST_OFFERS = 4
NARROW, WIDE = 124, 156  # a column of the preview, and one that has to say more
LONGEST_NAME = 24
MOST_DECIMALS = 6  # of a number in the preview
ANSWERS: Mapping[str, Choices] = {
    "encoding": ENCODINGS, "delimiter": DELIMITERS, "decimal": DECIMALS, "date_order": ORDERS,
    "header": HEADERS, "most_columns": {str(MOST_COLUMNS): f"Keep the first {words.number(MOST_COLUMNS, 0)}"},
}  # fmt: skip


class PreviewModel(QAbstractTableModel):
    """The first rows as they will be read."""

    def __init__(self, tokens: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.table: Table | None = None

    def show(self, table: Table | None) -> None:
        """Show another reading of the file."""
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many rows are shown."""
        return min(SHOWN_ROWS, self.table.rows) if self.table and not parent.isValid() else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of columns."""
        return len(self.table.columns) if self.table and not parent.isValid() else 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if self.table is None:
            return None
        one, at = self.table.columns[index.column()], index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return one.bad[at] if at in one.bad else _shown(one, at)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if one.kind in NUMBERS else None
        if at in one.bad and role == Qt.ItemDataRole.ForegroundRole:
            return QBrush(QColor(self._tokens["problem"]))
        if at in one.bad and role == Qt.ItemDataRole.BackgroundRole:
            return QBrush(QColor(self._tokens["notice"]))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return name and kind of a column, or the number of a row."""
        if self.table is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            place = self.table.first_row + section if self.table.letters else section + 1
            return place if role == Qt.ItemDataRole.DisplayRole else None
        one = self.table.columns[section]
        if role == Qt.ItemDataRole.ForegroundRole and one.offers:
            return QBrush(QColor(self._tokens["problem"]))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(one.notes) or None
        unit = f", {one.unit}" if one.unit else ""
        doubt = ", see below" if one.offers else ""
        told = f"{one.name}\n{KIND_WORDS[one.kind]}{unit}{doubt}"
        return told if role == Qt.ItemDataRole.DisplayRole else None


def _shown(one: ColumnData, at: int) -> str:
    """Return a cell as the preview shows it: a long fraction is cut, not the value itself."""
    value = one.values[at]
    if one.kind in NUMBERS and value == value:  # noqa: PLR0124 - NaN
        return f"{value:.{min(one.decimals, MOST_DECIMALS)}f}"
    return cell_text(one.kind, value, one.decimals)


def _by_weight(table: Table) -> list[str]:
    """Return the remarks, those on columns that stayed text against their look first."""
    doubts = [note for one in table.columns if one.offers for note in one.notes]
    return [*doubts, *(note for note in table.notes if note not in doubts)]


class ImportDialog(QDialog):
    """Shows the first rows as they will be read, and lets the user correct how."""

    help = "data.sheets"

    _moved = Signal(int, int)

    def __init__(
        self,
        source: Path | str,
        name: str,
        title: str,
        window: "MainWindow",
        settings: Settings | None = None,
    ) -> None:
        super().__init__(window)
        self.setObjectName("import_dialog")
        self.setWindowTitle(f"Import {name}")
        self.resize(940, 620)
        self._source, self._window = source, window
        self._partly = is_large(source)
        rows = PREVIEW_ROWS if self._partly else None
        self._settings = replace(settings or Settings(), most_rows=rows)
        self.table: Table | None = None
        self.title = QLineEdit(title)
        self.title.setObjectName("sheet_title")
        self._make_fields()
        self._make_preview()
        self._lay_out()
        self._moved.connect(self._show_progress)
        self._read()

    # making --------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.boxes = {
            field: self._box(field, choices)
            for field, choices in (
                ("sheet", {}), ("delimiter", DELIMITERS), ("decimal", DECIMALS),
                ("date_order", ORDERS), ("encoding", ENCODINGS),
            )
        }  # fmt: skip
        self.header = QCheckBox("The first row holds the column &names")
        self.header.setObjectName("import_header")
        self.header.clicked.connect(lambda on: self._change(header=bool(on)))
        self.skip = QLineEdit("0")
        self.skip.setObjectName("import_skip")
        self.skip.setAccessibleName("Lines above the table")
        self.skip.setValidator(QIntValidator(0, 1000, self))
        self.skip.editingFinished.connect(self._skip_changed)
        self.question = QFrame()
        self.question.setObjectName("banner")
        self.question_words = label("")
        self.question_words.setObjectName("import_question")
        self.answers = row(None)
        inner = QVBoxLayout(self.question)
        inner.setContentsMargins(12, 8, 12, 8)
        inner.addWidget(self.question_words)
        inner.addLayout(self.answers)
        self.notes = label("", "muted")
        self.notes.setObjectName("import_notes")
        self.offers = row(None)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Reading")

    def _box(self, field: str, choices: Choices) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"import_{field}")
        for stored, text in choices.items():
            box.addItem(text, stored)
        box.activated.connect(lambda *_: self._change(**{field: box.currentData()}))
        return box

    def _make_preview(self) -> None:
        self.model = PreviewModel(self._window.tokens, self)
        self.preview = QTableView()
        self.preview.setObjectName("import_preview")
        self.preview.setAccessibleName("Preview")
        self.preview.setModel(self.model)
        self.preview.setItemDelegate(MarkedCells(self.preview))
        self.preview.setSelectionBehavior(QTableView.SelectionBehavior.SelectColumns)
        self.preview.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.preview.verticalHeader().setDefaultSectionSize(25)
        self.preview.horizontalHeader().setDefaultSectionSize(NARROW)
        self.preview.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.preview.selectionModel().currentColumnChanged.connect(lambda *_: self._show_column())
        self.column_label = label("Column", "muted", wrap=False)
        self.column_name = QLineEdit()
        self.column_name.setObjectName("import_column_name")
        self.column_name.setAccessibleName("Name of the column")
        self.column_name.editingFinished.connect(self._name_column)
        self.column_kind = QComboBox()
        self.column_kind.setObjectName("import_column_kind")
        self.column_kind.setAccessibleName("Kind of the column")
        for kind, text in KIND_WORDS.items():
            self.column_kind.addItem(text, kind)
        self.column_kind.activated.connect(lambda *_: self._retype_column())
        self.leave_out = button("&Leave this column out", self._leave_out, "leave_out")
        self.take_back = button("Take all columns", lambda: self._change(left_out=()), "take_back")

    def _lay_out(self) -> None:
        left, right = QFormLayout(), QFormLayout()
        left.addRow("Name of the &data", self.title)
        left.addRow("&Sheet", self.boxes["sheet"])
        left.addRow("Se&parator", self.boxes["delimiter"])
        left.addRow("Lines &above the table", self.skip)
        right.addRow("De&cimal mark", self.boxes["decimal"])
        right.addRow("Date &order", self.boxes["date_order"])
        right.addRow("&Encoding", self.boxes["encoding"])
        right.addRow(self.header)
        self._form = left
        top = row(column(left, None), column(right, None), spacing=24)
        top.setStretch(0, 1)
        top.setStretch(1, 1)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText("Import")
        self.buttons.accepted.connect(self._import)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(9)
        layout.addLayout(top)
        layout.addWidget(self.question)
        layout.addWidget(self.preview, 1)
        layout.addLayout(
            row(self.column_label, self.column_name, self.column_kind,
                self.leave_out, self.take_back, None)
        )  # fmt: skip
        layout.addWidget(self.notes)
        layout.addLayout(self.offers)
        layout.addWidget(self.progress)
        layout.addWidget(self.buttons)
        self.question.hide()
        self.take_back.hide()
        self._form.setRowVisible(self.boxes["sheet"], False)

    # reading -------------------------------------------------------------------------------

    def _change(self, **changes: Any) -> None:
        """Read the file another way."""
        self._settings = replace(self._settings, **changes)
        self._read()

    def _skip_changed(self) -> None:
        known = self.table.settings.skip if self.table else self._settings.skip
        if int(self.skip.text() or 0) != (known or 0):
            self._change(skip=int(self.skip.text() or 0))

    def _read(self, *, wholly: bool = False) -> None:
        """Read in the worker process; a newer reading replaces an older one."""
        settings = replace(self._settings, most_rows=None) if wholly else self._settings
        self.ok.setEnabled(False)
        self.progress.setRange(0, 0)
        self.progress.show()
        source = self._source
        self._job = self._window.jobs.run(
            lambda job: read(source, settings, check=job.check, progress=self._moved.emit),
            while_alive(self, self._finish if wholly else self._show),
            failed=while_alive(self, self._ask), view="import-preview",
        )  # fmt: skip

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, max(1, total))
        self.progress.setValue(done)

    def _show(self, table: Table) -> None:
        self.table = table
        self.progress.hide()
        self.question.hide()
        self.ok.setEnabled(True)
        self.ok.setDefault(True)
        self._show_settings(table)
        at = max(0, self.preview.currentIndex().column())
        self.model.show(table)
        for place, one in enumerate(table.columns):
            self.preview.setColumnWidth(place, WIDE if one.offers else NARROW)
        self.preview.setCurrentIndex(self.model.index(0, min(at, len(table.columns) - 1)))
        shown = _by_weight(table)[:SHOWN_NOTES]
        if len(table.notes) > SHOWN_NOTES:
            shown.append(f"and {len(table.notes) - SHOWN_NOTES} more remarks")
        if not table.complete:
            shown.insert(
                0,
                f"This shows the first {words.number(table.rows, 0)} rows; all are read on Import.",
            )
        else:
            size = words.count(table.rows, "row")
            shown.insert(0, f"{size}, {words.count(len(table.columns), 'column')}.")
        self.notes.setText("\n".join(shown))
        self._show_offers(table)
        self._show_column()

    def _show_offers(self, table: Table) -> None:
        """Offer to read columns that stayed text as what most of their cells are."""
        clear(self.offers)
        own = {new: old for old, new in self._settings.names.items()}
        offered = [(one.name, kind) for one in table.columns for kind in one.offers]
        for name, kind in offered[:MOST_OFFERS]:
            short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
            text = f"Read {short.replace('&', '&&')} as {OFFERS[kind]}"
            made = button(text, partial(self._take_offer, own.get(name, name), kind), "offer")
            made.setAutoDefault(False)
            self.offers.addWidget(made)
        self.offers.addStretch(1)

    def _take_offer(self, name: str, kind: str) -> None:
        self._change(kinds={**self._settings.kinds, name: kind})

    def _show_settings(self, table: Table) -> None:
        """Show what was found out; what was found may be changed."""
        used = table.settings
        for field in ("delimiter", "decimal", "encoding", "date_order"):
            at = self.boxes[field].findData(getattr(used, field))
            chosen = bool(getattr(self._settings, field))
            found = self.boxes[field].itemText(at) if at > 0 else str(getattr(used, field))
            self.boxes[field].setItemText(0, f"found out: {found}" if found else "find out")
            self.boxes[field].setCurrentIndex(at if chosen and at >= 0 else 0)
        self.header.setChecked(bool(used.header))
        self.skip.setText(str(used.skip or 0))
        for field in TEXT_SETTINGS:
            self.boxes[field].setEnabled(not table.sheets)
        if table.sheets:
            box = self.boxes["sheet"]
            box.clear()
            for name in table.sheets:
                box.addItem(name, name)
            box.setCurrentIndex(max(0, box.findData(used.sheet)))
            self._form.setRowVisible(box, True)
            self._form.setRowVisible(self.boxes["delimiter"], False)

    def _ask(self, problem: Problem) -> None:
        """Show what is unclear; the answers are buttons."""
        self.table = None
        self.progress.hide()
        clear(self.offers)
        raw = raw_lines(self._source, self._settings)
        self.model.show(raw)
        self.notes.setText("The first lines as they stand in the file." if raw else "")
        self._show_column()
        self.question_words.setText(f"{problem.message} {problem.hint}".strip())
        clear(self.answers)
        setting = problem.setting if isinstance(problem, ImportProblem) else ""
        possible = problem.choices if isinstance(problem, ImportProblem) else ()
        known = ANSWERS.get(setting, {})
        for stored in possible or known:
            if stored and stored in known:
                answer = button(known[stored], partial(self._answer, setting, stored), "answer")
                answer.setAutoDefault(False)
                self.answers.addWidget(answer)
        self.answers.addStretch(1)
        self.question.show()

    def _answer(self, setting: str, stored: str) -> None:
        value: Any = stored
        if setting == "header":
            value = stored == "yes"
        elif setting == "most_columns":
            value = int(stored)
        box = self.boxes.get(setting)
        if box is not None:
            box.setCurrentIndex(box.findData(stored))
        self._change(**{setting: value})

    # the current column --------------------------------------------------------------------

    def _current(self) -> str | None:
        """Return the file's own name of the current column."""
        at = self.preview.currentIndex().column()
        if self.table is None or not 0 <= at < len(self.table.columns):
            return None
        shown = self.table.columns[at].name
        renamed = {new: old for old, new in self._settings.names.items()}
        return renamed.get(shown, shown)

    def _show_column(self) -> None:
        name = self._current() if self.table is not None else None
        for part in (self.column_label, self.column_name, self.column_kind, self.leave_out):
            part.setVisible(name is not None)
        self.take_back.setVisible(bool(self._settings.left_out))
        if name is not None and self.table is not None:
            one = self.table.columns[self.preview.currentIndex().column()]
            self.column_name.setText(one.name)
            self.column_kind.setCurrentIndex(self.column_kind.findData(one.kind))

    def _name_column(self) -> None:
        name, wanted = self._current(), self.column_name.text().strip()
        if name is None or self.table is None:
            return
        taken = {c.name for c in self.table.columns} - {self._settings.names.get(name, name)}
        if not wanted or wanted in taken:
            self._show_column()
        elif wanted != self._settings.names.get(name, name):
            self._change(names={**self._settings.names, name: wanted})

    def _retype_column(self) -> None:
        name = self._current()
        if name is not None:
            self._change(kinds={**self._settings.kinds, name: str(self.column_kind.currentData())})

    def _leave_out(self) -> None:
        name = self._current()
        if name is not None:
            self._change(left_out=(*self._settings.left_out, name))

    # ending --------------------------------------------------------------------------------

    def _import(self) -> None:
        """Take what is shown; of a large file read the rest first."""
        if self.table is not None and self.table.complete:
            self.accept()
        elif self.table is not None:
            self._read(wholly=True)

    def _finish(self, table: Table) -> None:
        self.table = table
        self.progress.hide()
        self.accept()

    def reject(self) -> None:
        """Stop reading."""
        self._job.cancel()
        super().reject()


def ask_import(
    source: Path | str, name: str, window: "MainWindow", settings: Settings | None = None
) -> tuple[Table, str] | None:
    """Show the preview of a file (Path) or copied text (str); return the table and its title."""
    title = title_of(source) if isinstance(source, Path) else "Pasted data"
    dialog = ImportDialog(source, name, title, window, settings)
    try:
        if not dialog.exec() or dialog.table is None:
            return None
        return dialog.table, dialog.title.text().strip() or title
    finally:
        dialog.deleteLater()
