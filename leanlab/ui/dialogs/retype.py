"""Read a column as another kind, after telling what would not fit."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from leanlab.app.records import SheetColumn
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import ImportProblem, Problem
from leanlab.ui import messages
from leanlab.ui.sheets.alive import while_alive
from leanlab.ui.sheets.editing import LARGE, may_forget
from leanlab.ui.sheets.model import KIND_WORDS
from leanlab.ui.widgets import label

if TYPE_CHECKING:
    from leanlab.ui.pages.data import DataPage

ORDERS = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}


class OrderDialog(QDialog):
    """Asks in which order day, month and year stand."""

    help = "data.sheets"

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


def retype_column(page: "DataPage", one: SheetColumn, kind: str, order: str = "") -> None:
    """Change a column's kind, after telling what would not fit; a large column beside the window."""

    def done(misfits: int) -> None:
        rows = int(page.model.all_ids.size)
        if _agreed(page, one, kind, misfits) and may_forget(page, session, rows):
            _carry_out(page, one, kind, order, misfits)
        else:
            page.show_column()

    def failed(problem: Problem) -> None:
        if not isinstance(problem, ImportProblem) or problem.setting != "date_order":
            page.window_.show_problem(problem)
            return
        dialog = OrderDialog(problem, page)
        if dialog.exec():
            retype_column(page, one, kind, str(dialog.box.currentData()))
        else:
            page.show_column()

    session, sheet_id = page.session, page.record_id
    _run(
        page,
        lambda: _misfits(session, sheet_id, one, kind, order),
        done,
        failed,
        "Looking at the cells",
    )


def _misfits(session: Session, sheet_id: str, one: SheetColumn, kind: str, order: str) -> int:
    return len(session.read_as(sheet_id, one.id, kind, order=order).bad)


def _carry_out(page: "DataPage", one: SheetColumn, kind: str, order: str, misfits: int) -> None:
    session, sheet_id = page.session, page.record_id
    kept = words.count(misfits, "cell does not fit", "cells do not fit")
    more = f"; {kept} and stayed as written" if misfits else ""
    _run(
        page,
        lambda: session.retype_column(sheet_id, one.id, kind, order=order),
        lambda _: page.window_.say(f"{one.name} is read as {KIND_WORDS[kind]}{more}."),
        page.window_.show_problem,
        f"Reading {one.name} as {KIND_WORDS[kind]}",
    )


def _run(
    page: "DataPage",
    work: Callable[[], Any],
    then: Callable[[Any], object],
    failed: Callable[[Problem], object],
    title: str,
) -> None:
    """Do little work at once, much of it beside the window."""
    if page.model.all_ids.size > LARGE:
        page.window_.jobs.run(
            lambda _job: work(),
            while_alive(page, then),
            failed=while_alive(page, failed),
            title=title,
        )
        return
    try:
        result = work()
    except Problem as problem:
        failed(problem)
    else:
        then(result)


def _agreed(page: "DataPage", one: SheetColumn, kind: str, misfits: int) -> bool:
    already = sum(1 for _, c in page.model.bad if c == one.id)
    if misfits <= already:
        return True
    question = Problem(
        f"{words.count(misfits, 'cell')} of {one.name} would not be a {KIND_WORDS[kind]}.",
        hint="They stay as they are written, are marked, and count as missing. "
        "Undo brings the column back.",
    )
    return messages.ask(page, question, f"Read as {KIND_WORDS[kind]}")
