"""A calculated column: its formula, what it may name and call, and the first rows as they come out."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from leanlab.app.calculated import formula_shown, ids_in, sources, stored_form
from leanlab.app.records import SheetColumn
from leanlab.core import format as words
from leanlab.core.errors import DocumentProblem, Problem
from leanlab.data.formula_functions import FUNCTIONS, NAMES
from leanlab.data.formula_text import FormulaProblem, shown_name
from leanlab.data.formulas import Outcome
from leanlab.data.typing_cells import cell_text
from leanlab.ui.sheets.alive import while_alive
from leanlab.ui.sheets.column_panel import line_edit
from leanlab.ui.sheets.editing import LARGE, may_forget
from leanlab.ui.sheets.model import KIND_WORDS, NUMBERS, RIGHT
from leanlab.ui.widgets import buddy, column, label, plain_tip, row

if TYPE_CHECKING:
    from leanlab.ui.pages.data import DataPage

PAUSE = 250  # milliseconds without a key before the preview follows
ROWS = 30
MOST_SOURCES = 5
EXAMPLES = 'Example: sent - ordered gives days; if(late > 5, "late", "on time") gives a category.'


class FormulaText(QPlainTextEdit):
    """The formula; Tab leaves it, Enter breaks the line as anywhere else."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("formula_text")
        self.setAccessibleName("Formula")
        self.setPlaceholderText("sent - ordered")
        self.setTabChangesFocus(True)
        self.setFixedHeight(3 * self.fontMetrics().lineSpacing() + 16)

    def mark(self, at: int | None, colour: str) -> None:
        """Underline the place that is wrong; None takes the line away."""
        if at is None:
            self.setExtraSelections([])
            return
        marked = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        end = max(0, self.document().characterCount() - 1)
        cursor.setPosition(min(at, max(0, end - 1)))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor)
        if not cursor.hasSelection():
            cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(QColor(colour))
        marked.cursor, marked.format = cursor, look
        self.setExtraSelections([marked])

    def insert(self, text: str) -> None:
        """Write at the cursor; between brackets if the text ends in them."""
        cursor = self.textCursor()
        cursor.insertText(text)
        if text.endswith(")") and "()" in text:
            cursor.movePosition(QTextCursor.MoveOperation.Left)
        self.setTextCursor(cursor)
        self.setFocus()


class FormulaDialog(QDialog):
    """Asks for name, formula and unit, and shows at once what comes out."""

    help = "data.sheets"

    def __init__(self, page: "DataPage", one: SheetColumn | None) -> None:
        super().__init__(page)
        self.setObjectName("formula_dialog")
        self.setWindowTitle(f"Formula of {one.name}" if one else "Calculated column")
        self.resize(820, 590)
        self._page, self._one = page, one
        self._columns = page.model.sheet.columns
        self._colours = page.window_.tokens
        self.outcome: Outcome | None = None
        self.name, self.unit = line_edit("formula_name", "Name"), line_edit("formula_unit", "Unit")
        self.unit.setPlaceholderText("h, days, %")
        self.text = FormulaText()
        self.said = label("", "muted")
        self.said.setObjectName("formula_said")
        self.said.setMinimumHeight(2 * self.said.fontMetrics().lineSpacing() + 4)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.listed = _list("formula_columns", "Columns", 170)
        self.functions = _list("formula_functions", "Functions", 196)
        self.preview = _table()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE)
        self._later.timeout.connect(self.calculate)
        self._fill()
        self._lay_out("Change" if one else "Add column")
        self.text.textChanged.connect(self._changed)
        self.name.textChanged.connect(lambda *_: self._check())
        self.calculate()

    # making --------------------------------------------------------------------------------

    def _fill(self) -> None:
        for source in sources(self._columns, self._one.id if self._one else ""):
            _add(self.listed, source.name, KIND_WORDS[source.kind], shown_name(source.name, NAMES))
        for name, one in FUNCTIONS.items():
            _add(self.functions, one.shape, one.told, f"{name}()")
        for box in (self.listed, self.functions):
            box.itemActivated.connect(
                lambda item, _column: self.text.insert(item.data(0, Qt.ItemDataRole.UserRole))
            )
        if self._one is not None:
            self.name.setText(self._one.name)
            self.unit.setText(self._one.unit)
            self.text.setPlainText(formula_shown(self._columns, self._one))

    def _lay_out(self, verb: str) -> None:
        form = QFormLayout()
        second = row(self.name, buddy("&Unit", self.unit), self.unit)
        second.setStretch(0, 3)
        second.setStretch(2, 1)
        form.addRow(buddy("&Name", self.name), second)
        form.addRow(buddy("&Formula", self.text), self.text)
        form.addRow("", self.said)
        left = column(
            buddy("&Columns: double-click writes one", self.listed), self.listed, spacing=4
        )
        right = column(
            buddy("Functio&ns: double-click writes one", self.functions), self.functions, spacing=4
        )
        lists = row(left, right, spacing=14)
        lists.setStretch(0, 2)
        lists.setStretch(1, 3)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(verb)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(9)
        layout.addLayout(form)
        layout.addLayout(lists, 3)
        layout.addWidget(self.preview, 2)
        layout.addWidget(self.buttons)
        (self.name if self._one is None else self.text).setFocus()

    # what comes out ------------------------------------------------------------------------

    def _changed(self) -> None:
        self.outcome = None
        self._check()
        self._later.start()

    def calculate(self) -> None:
        """Calculate the column; a large one beside the window."""
        text, session = self.text.toPlainText(), self._page.session
        sheet_id, own = self._page.record_id, self._one.id if self._one else ""
        if not text.strip():
            self._tell(EXAMPLES, None)
            return

        def work() -> Outcome:
            return session.calculate(sheet_id, text, column_id=own)

        if self._page.model.all_ids.size > LARGE:
            self.said.setText("Calculating…")
            self._page.window_.jobs.run(
                lambda _job: work(), while_alive(self, self._show),
                failed=while_alive(self, self._refuse), view="formula",
            )  # fmt: skip
            return
        try:
            found = work()
        except Problem as problem:
            self._refuse(problem)
        else:
            self._show(found)

    def _refuse(self, problem: Problem) -> None:
        at = problem.at if isinstance(problem, FormulaProblem) else None
        self._tell(f"{problem.message} {problem.hint}".strip(), at, wrong=True)

    def _show(self, found: Outcome) -> None:
        self.outcome = found
        one = found.column
        kind = KIND_WORDS[one.kind].capitalize()
        lines = [found.sentence] if found.sentence else []
        decimals = f" with {words.count(one.decimals, 'decimal')}" if one.kind == "number" else ""
        lines.insert(0, f"{kind}{decimals}, {words.count(len(one.values), 'row')}.")
        self._tell(" ".join(lines), None)
        self._fill_preview(found)
        self._check()

    def _tell(self, text: str, at: int | None, *, wrong: bool = False) -> None:
        self.said.setText(text)
        self.said.setStyleSheet(f"color: {self._colours['problem' if wrong else 'muted']}")
        self.text.mark(at, self._colours["problem"])
        if self.outcome is None:
            self.preview.setColumnCount(0)
            self.preview.setRowCount(0)
        self._check()

    def _fill_preview(self, found: Outcome) -> None:
        used = ids_in(stored_form(self._columns, self.text.toPlainText(), self._own))
        shown = [c for c in self._columns if c.id in used][:MOST_SOURCES]
        ids = self._page.model.all_ids[:ROWS].tolist()
        cells = self._page.session.cells(self._page.record_id, ids)
        self.preview.setColumnCount(len(shown) + 1)
        self.preview.setHorizontalHeaderLabels(
            [*(c.name for c in shown), self.name.text().strip() or "result"]
        )
        self.preview.setRowCount(len(ids))
        for at, row_id in enumerate(ids):
            for place, one in enumerate(shown):
                text = cell_text(one.kind, cells[row_id][one.id], one.decimals)
                self.preview.setItem(at, place, _item(text, one.kind))
            self.preview.setItem(at, len(shown), _result(found, at))

    @property
    def _own(self) -> str:
        return self._one.id if self._one else ""

    def _check(self) -> None:
        """Let the user go on when there is a name and a formula that works."""
        named = bool(self.name.text().strip())
        self.ok.setEnabled(named and self.outcome is not None)
        reason = "" if self.outcome is not None else "The formula does not work yet."
        self.ok.setToolTip(reason if reason or named else "Write a name for the column.")

    def accept(self) -> None:
        """Keep the column; what is wrong is said here."""
        if self.outcome is None:
            self.calculate()
        page, name, unit = self._page, self.name.text(), self.unit.text().strip()
        if not may_forget(self, page.session, int(page.model.all_ids.size)):
            return
        try:
            self._keep(name, unit)
        except DocumentProblem as problem:
            self._tell(f"{problem.message} {problem.hint}", None, wrong=True)
            self.name.setFocus()
        except Problem as problem:
            self._refuse(problem)
        else:
            super().accept()

    def _keep(self, name: str, unit: str) -> None:
        session, sheet_id, text = self._page.session, self._page.record_id, self.text.toPlainText()
        if self._one is None:
            session.add_calculated_column(sheet_id, name, text, unit=unit)
        else:
            session.change_formula(sheet_id, self._one.id, text, name=name, unit=unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a list writes the item; it does not end the dialog."""
        in_list = self.listed.hasFocus() or self.functions.hasFocus()
        if in_list and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        super().keyPressEvent(event)


def _result(found: Outcome, at: int) -> QTableWidgetItem:
    one = found.column
    value: Any = one.values[at]
    if one.kind in NUMBERS and value == value:  # noqa: PLR0124 - NaN
        return _item(f"{value:.{one.decimals}f}", one.kind)
    return _item(cell_text(one.kind, value, one.decimals), one.kind)


def _item(text: str, kind: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    if kind in NUMBERS:
        item.setTextAlignment(RIGHT)
    return item


def _list(name: str, spoken: str, wide: int) -> QTreeWidget:
    box = QTreeWidget()
    box.setObjectName(name)
    box.setAccessibleName(spoken)
    box.setColumnCount(2)
    box.setHeaderHidden(True)
    box.setRootIsDecorated(False)
    box.setUniformRowHeights(True)
    box.header().setStretchLastSection(True)
    box.header().resizeSection(0, wide)
    return box


def _add(box: QTreeWidget, name: str, told: str, written: str) -> None:
    """Add what a double-click writes into the formula."""
    item = QTreeWidgetItem(box, [name, told])
    item.setData(0, Qt.ItemDataRole.UserRole, written)
    item.setToolTip(0, plain_tip(name))
    item.setToolTip(1, plain_tip(told))


def _table() -> QTableWidget:
    table = QTableWidget(0, 0)
    table.setObjectName("formula_preview")
    table.setAccessibleName("The first rows")
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.horizontalHeader().setDefaultSectionSize(128)
    table.verticalHeader().setDefaultSectionSize(25)
    return table


def ask_formula(page: "DataPage", one: SheetColumn | None = None) -> bool:
    """Ask for a new calculated column, or for another formula of one; whether it was kept."""
    dialog = FormulaDialog(page, one)
    try:
        return bool(dialog.exec())
    finally:
        dialog.deleteLater()
