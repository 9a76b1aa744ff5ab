"""Read a column as another kind, after telling what would not fit."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from leanlab.app.records import SheetColumn
from leanlab.core import format as words
from leanlab.core.errors import ImportProblem, Problem
from leanlab.ui import messages
from leanlab.ui.sheets.model import KIND_WORDS
from leanlab.ui.widgets import label

if TYPE_CHECKING:
    from leanlab.ui.pages.data import DataPage

ORDERS = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}


class OrderDialog(QDialog):
    """Asks in which order day, month and year stand."""

    def __init__(self, problem: Problem, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("order_dialog")
        self.setWindowTitle("Order of the dates")
        self.setMinimumWidth(380)
        self.box = QComboBox()
        self.box.setObjectName("date_order")
        self.box.setAccessibleName("Order of the dates")
        for order, text in ORDERS.items():
            self.box.addItem(text, order)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Read dates")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (label(problem.message), self.box, buttons):
            layout.addWidget(part)


def retype_column(page: "DataPage", one: SheetColumn, kind: str) -> int | None:
    """Change a column's kind; return how many cells do not fit, None when the user stays."""
    from leanlab.data.typing_cells import retyped

    session, sheet_id = page.session, page.record_id
    texts = list(session.texts(sheet_id, one.id))
    order = ""
    try:
        column = retyped(one.name, texts, kind)
    except ImportProblem as problem:
        if problem.setting != "date_order":
            raise
        dialog = OrderDialog(problem, page)
        if not dialog.exec():
            return None
        order = str(dialog.box.currentData())
        column = retyped(one.name, texts, kind, order=order)
    already = sum(1 for _, c in page.model.bad if c == one.id)
    if len(column.bad) > already and not _agreed(page, one, kind, len(column.bad)):
        return None
    return session.retype_column(sheet_id, one.id, kind, order=order)


def _agreed(page: "DataPage", one: SheetColumn, kind: str, misfits: int) -> bool:
    cells = words.count(misfits, "cell")
    question = Problem(
        f"{cells} of {one.name} would not be a {KIND_WORDS[kind]}.",
        hint="They stay as they are written, are marked, and count as missing. Undo brings the column back.",
    )
    return messages.ask(page, question, f"Read as {KIND_WORDS[kind]}")
