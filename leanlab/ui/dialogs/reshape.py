"""Data of another shape: stacked, unstacked, turned or divided into a new data sheet, with a preview."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from leanlab.app import reshaping
from leanlab.app.records import SheetColumn
from leanlab.app.reshaping import NewData, Way, Wish
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.data.columns import ColumnData
from leanlab.data.reshape import HOW_MANY
from leanlab.data.typing_cells import cell_text
from leanlab.ui.sheets.alive import while_alive
from leanlab.ui.sheets.column_panel import line_edit
from leanlab.ui.sheets.editing import LARGE
from leanlab.ui.sheets.model import KIND_WORDS, NUMBERS, RIGHT
from leanlab.ui.widgets import label

if TYPE_CHECKING:
    from leanlab.ui.pages.data import DataPage

PAUSE = 200  # milliseconds before the preview follows
ROWS, MOST_COLUMNS = 30, 40  # of the preview
WAYS: Mapping[Way, tuple[str, str]] = {
    "stack": ("Stack columns", "Several columns of the same measure become one, with a column that names them."),
    "unstack": ("Unstack by groups", "Each group of one column becomes a column of its own."),
    "transpose": ("Turn rows into columns", "Each row becomes a column, each column a row."),
    "split": ("Divide by groups", "Each group becomes a data sheet of its own."),
}  # fmt: skip
VERBS: Mapping[Way, str] = {
    "stack": "Stack", "unstack": "Unstack", "transpose": "Turn", "split": "Divide",
}  # fmt: skip
TEXTS = {"category", "text", "id"}


class ReshapeDialog(QDialog):
    """Asks for the shape and shows what would be made."""

    help = "data.sheets"

    def __init__(self, page: "DataPage", way: Way = "stack") -> None:
        super().__init__(page)
        self.setObjectName("reshape_dialog")
        self.setWindowTitle(f"Change the shape of {page.model.sheet.title}")
        self.resize(780, 590)
        self._page = page
        self._columns = page.model.sheet.columns
        self.new: list[NewData] = []
        self._make_fields()
        self._lay_out()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE)
        self._later.timeout.connect(self.work_out)
        self._connect()
        self.way.setCurrentIndex(self.way.findData(way))
        self._show_fields()
        self.work_out()

    # making --------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.way = _box("reshape_way", "Shape", {way: text for way, (text, _) in WAYS.items()})
        self.told = label("", "muted")
        self.stack = _ticks(
            "reshape_stack", "Columns to stack", self._columns, _alike(self._columns)
        )
        self.keys = _ticks("reshape_keys", "Columns that tell rows apart", self._columns, ())
        self.value = _columns_box(
            "reshape_value", "Values", self._columns, _first(self._columns, NUMBERS)
        )
        self.by = _columns_box("reshape_by", "Groups", self._columns, _first(self._columns, TEXTS))
        self.heads = _columns_box(
            "reshape_heads", "Names", self._columns, "", none="none: Row 1, Row 2, …"
        )
        self.how = _box("reshape_how", "Several values of one group and row", HOW_MANY)
        self.names, self.values = (
            line_edit("reshape_names", "Name of the column of names"),
            line_edit("reshape_values", "Name of the column of values"),
        )
        self.names.setText("Column")
        self.values.setText("Value")
        self.empty = QCheckBox("Make rows of &empty cells, too")
        self.empty.setObjectName("reshape_empty")
        self.title = line_edit("reshape_title", "Name of the new data")
        self.said = label("", "muted")
        self.said.setObjectName("reshape_said")
        self.preview = _table()

    def _lay_out(self) -> None:
        self.form = QFormLayout()
        self.rows: dict[str, QLineEdit | QComboBox | QListWidget | QCheckBox] = {}
        for name, text, field in (
            ("way", "&Shape", self.way), ("told", "", self.told), ("stack", "&Columns to stack", self.stack),
            ("names", "Their &names go to", self.names), ("values", "Their &values go to", self.values),
            ("value", "&Values", self.value), ("by", "&Groups", self.by),
            ("keys", "Rows are told &apart by", self.keys), ("how", "Several values &make", self.how),
            ("heads", "Names co&me from", self.heads), ("empty", "", self.empty), ("title", "Name of the new &data", self.title),
        ):  # fmt: skip
            self.form.addRow(text, field)
            self.rows[name] = field  # type: ignore[assignment]
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(9)
        layout.addLayout(self.form)
        layout.addWidget(self.said)
        layout.addWidget(self.preview, 1)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        for box in (self.value, self.by, self.heads, self.how):
            box.currentIndexChanged.connect(lambda *_: self._later.start())
        self.way.currentIndexChanged.connect(lambda *_: self._show_fields())
        for listed in (self.stack, self.keys):
            listed.itemChanged.connect(lambda *_: self._later.start())
        for line in (self.names, self.values):
            line.textChanged.connect(lambda *_: self._later.start())
        self.empty.toggled.connect(lambda *_: self._later.start())

    def _show_fields(self) -> None:
        way: Way = self.way.currentData()
        shown = {
            "stack": {"stack", "names", "values", "empty", "title"}, "split": {"by"},
            "unstack": {"value", "by", "keys", "how", "title"}, "transpose": {"heads", "title"},
        }[way]  # fmt: skip
        for name, field in self.rows.items():
            self.form.setRowVisible(field, name in {*shown, "way", "told"})
        self.told.setText(WAYS[way][1])
        self.ok.setText(VERBS[way])
        self._later.start()

    # what would be made --------------------------------------------------------------------

    def wish(self) -> Wish:
        """Return what is chosen."""
        way: Way = self.way.currentData()
        return Wish(
            way, tuple(_ticked(self.keys if way == "unstack" else self.stack)),
            str(self.value.currentData() or ""),
            str((self.heads if way == "transpose" else self.by).currentData() or ""),
            self.names.text().strip() or "Column", self.values.text().strip() or "Value",
            str(self.how.currentData()), self.empty.isChecked(),
        )  # fmt: skip

    def work_out(self) -> None:
        """Show what would be made; much of it is worked out beside the window."""
        session, sheet_id, wish = self._page.session, self._page.record_id, self.wish()
        self.new = []
        self.ok.setEnabled(False)
        if self._page.model.all_ids.size > LARGE:
            self.said.setText("Working it out…")
            self._page.window_.jobs.run(
                lambda _job: reshaping.reshaped(session, sheet_id, wish), while_alive(self, self._show),
                failed=while_alive(self, self._refuse), view="reshape",
            )  # fmt: skip
            return
        try:
            found = reshaping.reshaped(session, sheet_id, wish)
        except Problem as problem:
            self._refuse(problem)
        else:
            self._show(found)

    def _refuse(self, problem: Problem) -> None:
        self.said.setText(f"{problem.message} {problem.hint}".strip())
        self.preview.setRowCount(0)
        self.preview.setColumnCount(0)

    def _show(self, new: list[NewData]) -> None:
        self.new = new
        self.ok.setEnabled(True)
        shaped = new[0].shaped
        size = f"{words.count(shaped.rows, 'row')}, {words.count(len(shaped.columns), 'column')}"
        if len(new) == 1:
            text = f"The new data: {size}."
            self.title.setPlaceholderText(new[0].title)
        else:
            sizes = "; ".join(f"{n.title} ({words.number(n.shaped.rows, 0)})" for n in new[:4])
            more = f"; {len(new) - 4} more" if len(new) > 4 else ""  # noqa: PLR2004
            text = f"{words.count(len(new), 'data sheet')}: {sizes}{more}. Below is the first."
        self.said.setText(" ".join([text, *shaped.notes]))
        self._fill(shaped.columns)

    def _fill(self, columns: Sequence[ColumnData]) -> None:
        columns = columns[:MOST_COLUMNS]
        self.preview.setColumnCount(len(columns))
        self.preview.setHorizontalHeaderLabels([c.name for c in columns])
        self.preview.setRowCount(min(ROWS, len(columns[0].values)))
        for place, one in enumerate(columns):
            for at in range(self.preview.rowCount()):
                text = one.bad.get(at) or cell_text(one.kind, one.values[at], one.decimals)
                item = QTableWidgetItem(text)
                if one.kind in NUMBERS:
                    item.setTextAlignment(RIGHT)
                self.preview.setItem(at, place, item)


def _alike(columns: Sequence[SheetColumn]) -> list[str]:
    """Return the number columns that share the unit most of them have."""
    numbers = [c for c in columns if c.kind in NUMBERS]
    units = [c.unit for c in numbers]
    usual = max(units, key=units.count, default="")
    return [c.id for c in numbers if c.unit == usual]


def _first(columns: Sequence[SheetColumn], kinds: set[str]) -> str:
    return next((c.id for c in columns if c.kind in kinds), "")


def _box(name: str, spoken: str, choices: Mapping[str, str] | Mapping[Way, str]) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(spoken)
    for stored, text in choices.items():
        box.addItem(text, stored)
    return box


def _columns_box(
    name: str, spoken: str, columns: Sequence[SheetColumn], chosen: str, *, none: str = ""
) -> QComboBox:
    box = _box(name, spoken, {"": none} if none else {})
    for one in columns:
        box.addItem(one.name, one.id)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    return box


def _ticks(
    name: str, spoken: str, columns: Sequence[SheetColumn], ticked: Sequence[str]
) -> QListWidget:
    listed = QListWidget()
    listed.setObjectName(name)
    listed.setAccessibleName(spoken)
    listed.setFixedHeight(112)
    for one in columns:
        item = QListWidgetItem(f"{one.name}   {KIND_WORDS[one.kind]}", listed)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setData(Qt.ItemDataRole.UserRole, one.id)
        item.setCheckState(Qt.CheckState.Checked if one.id in ticked else Qt.CheckState.Unchecked)
    return listed


def _ticked(listed: QListWidget) -> list[str]:
    items = [listed.item(at) for at in range(listed.count())]
    return [
        str(item.data(Qt.ItemDataRole.UserRole))
        for item in items
        if item.checkState() == Qt.CheckState.Checked
    ]


def _table() -> QTableWidget:
    table = QTableWidget(0, 0)
    table.setObjectName("reshape_preview")
    table.setAccessibleName("The first rows")
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.horizontalHeader().setDefaultSectionSize(124)
    table.verticalHeader().setDefaultSectionSize(25)
    return table


def reshape(page: "DataPage") -> None:
    """Ask for another shape and make it beside the window, as one undo step."""
    dialog = ReshapeDialog(page)
    try:
        if not dialog.exec():
            return
        wish, title = dialog.wish(), dialog.title.text().strip()
    finally:
        dialog.deleteLater()
    window, session, sheet_id = page.window_, page.session, page.record_id
    window.jobs.run(
        lambda job: reshaping.carry_out(session, sheet_id, wish, title=title, progress=job.progress),
        lambda made: _arrived(page, made),
        failed=window.show_problem, title=f"Making {WAYS[wish.way][0].lower()}",
    )  # fmt: skip


def _arrived(page: "DataPage", made: Sequence[str]) -> None:
    page.window_.go_to(made[0])
    page.window_.say(f"{words.count(len(made), 'data sheet')} made. One undo takes it back.")
