"""What a user does to cells and rows of the grid; each is one undo step."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from leanlab.app.records import SheetColumn
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui import messages
from leanlab.ui.dialogs.reason import EXCLUDE_REASONS, ask_reason

if TYPE_CHECKING:
    from leanlab.ui.pages.data import DataPage

MOST_COPIED = 1_000_000
FEW = 200
LARGE = 50_000  # cells; above, the work runs beside the window
LABELS = ("check this", "trial run", "new supplier")
BY_ROW = {
    "exclude": "Why do {rows} not count?",
    "label": "What should {rows} be labelled with?",
}


def as_tsv(cells: Sequence[Sequence[str]]) -> str:
    """Write a block as spreadsheets copy it: tabs, quotation marks where a cell needs them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows(cells)
    return out.getvalue().removesuffix("\n")


def from_tsv(text: str) -> list[list[str]]:
    """Read a block as spreadsheets copy it."""
    plain = text.replace("\r\n", "\n").removesuffix("\n")
    try:
        return [row or [""] for row in csv.reader(io.StringIO(plain, newline=""), delimiter="\t")]
    except csv.Error:
        return [line.split("\t") for line in plain.split("\n")]


class CellEditing:
    """Carries out what keys, menu and commands ask of the grid."""

    def __init__(self, page: "DataPage") -> None:
        self._page = page
        self._wishes: dict[str, Callable[[], None]] = {
            "copy": self.copy, "cut": self.cut, "paste": self.paste, "clear": self.clear,
            "fill_down": self.fill_down, "delete_rows": self.delete_rows,
            "insert_rows": self.insert_rows, "exclude": self.exclude, "label": self.label,
            "include": self.include,
        }  # fmt: skip

    def carry_out(self, wish: str) -> None:
        """Do what was asked for."""
        if wish != "copy" and self._page.session.read_only:
            self._page.window_.say("This project was opened read-only.")
            return
        self._wishes[wish]()

    # clipboard -----------------------------------------------------------------------------

    def copy(self) -> None:
        """Copy the selected block as text that Excel takes."""
        page, block = self._page, self._page.view.block()
        if block is None:
            return
        if len(block[0]) * len(block[1]) > MOST_COPIED:
            page.window_.say("That is more than a million cells: export the data instead.")
            return
        QGuiApplication.clipboard().setText(as_tsv(page.model.texts(block[0], block[1])))
        page.window_.say(f"{words.count(len(block[0]), 'row')} copied.")

    def cut(self) -> None:
        """Copy, then empty the cells."""
        self.copy()
        self.clear("Cut cells")

    def paste(self) -> None:
        """Paste a block at the current cell; rows and columns beyond the end are added."""
        page = self._page
        cells = from_tsv(QGuiApplication.clipboard().text())
        start = page.view.currentIndex()
        if not any(cells) or cells == [[""]]:
            page.window_.say("There is nothing to paste.")
            return
        row, column = (start.row(), start.column()) if start.isValid() else (0, 0)
        if page.model.view is not None and row + len(cells) > page.model.shown:
            page.window_.say(
                "Clear filter and sorting first: the block is longer than what is shown."
            )
            return
        if self._all_calculated(range(column, column + max(map(len, cells)))):
            return
        size = len(cells) * max(map(len, cells))
        label = f"Paste {words.count(len(cells), 'row')}"
        self.work(label, size, lambda: self._paste_block(label, cells, row, column))

    def _paste_block(
        self, label: str, cells: Sequence[Sequence[str]], row: int, column: int
    ) -> None:
        page, session = self._page, self._page.session
        with session.step(label):
            ids = page.model.row_ids(range(row, row + len(cells))).tolist()
            new = page.model.grow(row + len(cells))
            ids += new[len(new) - (len(cells) - len(ids)) :]
            known = page.model.sheet.columns[column:]
            for at, one in enumerate(known[: max(map(len, cells))]):
                rows = [i for i, line in enumerate(cells) if at < len(line)]
                if rows and not one.formula:
                    targets = np.asarray([ids[i] for i in rows], dtype=np.int64)
                    self._set(one.id, targets, [cells[i][at] for i in rows])
            self._new_columns(cells, len(known), ids)

    def _new_columns(self, cells: Sequence[Sequence[str]], known: int, ids: Sequence[int]) -> None:
        """Add the columns that a pasted block has more than the sheet, read as a file would be."""
        from leanlab.data.columns import empty_column
        from leanlab.data.typing_cells import retyped, typed

        page = self._page
        all_ids = page.session.row_ids(page.record_id)
        order = np.argsort(all_ids)
        places = order[np.searchsorted(all_ids, ids, sorter=order)]
        wide = len(page.model.sheet.columns)
        for at in range(known, max(map(len, cells))):
            texts = [line[at] if at < len(line) else "" for line in cells]
            name = free_name(page, f"Column {wide + at - known + 1}")
            try:
                read = typed(name, texts)
            except Problem:
                read = retyped(name, texts, "text")
            values = empty_column(name, read.kind, all_ids.size).values
            values[places] = read.values
            bad = {int(places[row]): raw for row, raw in read.bad.items()}
            page.session.add_column(page.record_id, replace(read, values=values, bad=bad))

    # cells ---------------------------------------------------------------------------------

    def clear(self, label: str = "Clear cells") -> None:
        """Empty the selected cells."""
        block = self._page.view.block()
        if block is not None and len(block[0]):
            self._write(label, block, lambda _column: [""] * len(block[0]))

    def correct(self, row_id: int, column_id: str, value: str) -> None:
        """Write what a cell that did not fit was meant to be."""
        page = self._page
        label = f"Correct to {value}" if value else "Leave a cell missing"
        cells = [(row_id, column_id, value)]
        self.tried(lambda: page.session.set_cells(page.record_id, cells, label=label))

    def fill_down(self) -> None:
        """Copy the top row of the selection into the rows below it."""
        page, block = self._page, self._page.view.block()
        if block is None or len(block[0]) < 2:  # noqa: PLR2004 - a source and a target
            page.window_.say("Select a cell and those below it, then fill down.")
            return
        top = page.model.texts(block[0][:1], block[1])[0]
        below = (block[0][1:], block[1])
        self._write("Fill down", below, lambda column: [top[column - block[1][0]]] * len(below[0]))

    def _write(
        self, label: str, block: tuple[range, range], texts: Callable[[int], Sequence[str]]
    ) -> None:
        page, known = self._page, self._page.model.sheet.columns
        if self._all_calculated(block[1]):
            return
        ids = page.model.row_ids(block[0])
        columns = [(c, known[c].id) for c in block[1] if not known[c].formula]

        def change() -> None:
            with page.session.step(label):
                for at, column_id in columns:
                    self._set(column_id, ids, texts(at))

        self.work(label, len(block[0]) * len(block[1]), change)

    def _all_calculated(self, places: range) -> bool:
        """Say so when nothing but calculated columns would be written; otherwise they are passed over."""
        known = self._page.model.sheet.columns
        there = [known[c] for c in places if c < len(known)]
        if len(there) < len(places) or not there or not all(c.formula for c in there):
            return False
        self.say_calculated(there[0])
        return True

    def say_calculated(self, one: SheetColumn) -> None:
        """Tell why nobody types into a column."""
        self._page.window_.say(
            f"The column {one.name} is calculated: double-click it to change its formula."
        )

    def _set(self, column_id: str, ids: Any, texts: Sequence[str]) -> None:
        """Write cells of one column; of a few, the history keeps old and new."""
        session, sheet_id = self._page.session, self._page.record_id
        if len(texts) <= FEW:
            cells = zip(ids.tolist(), texts, strict=True)
            session.set_cells(sheet_id, [(i, column_id, text) for i, text in cells])
        else:
            session.set_column(sheet_id, column_id, ids, texts)

    # rows ----------------------------------------------------------------------------------

    def delete_rows(self) -> None:
        """Delete the selected rows; undo brings them back."""
        ids = self._chosen()
        if ids is None:
            return
        page = self._page
        size = int(ids.size) * len(page.model.sheet.columns)
        self.work(
            "Delete rows", size, lambda: page.session.delete_rows(page.record_id, ids.tolist())
        )

    def insert_rows(self) -> None:
        """Insert as many empty rows as are selected, above them."""
        from leanlab.data.columns import empty_column

        page, ids = self._page, self._chosen()
        if ids is None:
            return
        if page.model.view is not None:
            page.window_.say("Clear filter and sorting first.")
            return
        columns = [empty_column(c.name, c.kind, ids.size) for c in page.model.sheet.columns]
        page.session.insert_rows(page.record_id, int(ids[0]), columns)

    def exclude(self) -> None:
        """Exclude the selected rows from all analyses, with a reason."""
        self._set_state("exclude", "excluded", "Exclude", EXCLUDE_REASONS)

    def label(self) -> None:
        """Label the selected rows; they still count."""
        self._set_state("label", "labelled", "Label", LABELS)

    def _set_state(self, key: str, state: str, verb: str, choices: Sequence[str]) -> None:
        page, ids = self._page, self._chosen()
        if ids is None:
            return
        question = BY_ROW[key].format(rows=words.count(int(ids.size), "row"))
        reason = ask_reason(page, f"{verb} rows", question, verb, choices)
        if reason:
            page.session.set_row_state(page.record_id, ids.tolist(), state, reason)

    def include(self) -> None:
        """Let the selected rows count again."""
        page, ids = self._page, self._chosen()
        if ids is None:
            return
        rows = [i for i in ids.tolist() if i in page.model.states]
        if rows:
            page.session.set_row_state(page.record_id, rows, None, "")
        else:
            page.window_.say("None of these rows is excluded or labelled.")

    def _chosen(self) -> Any:
        """Return the ids of the selected rows, or None after saying that there are none."""
        page = self._page
        ids = page.model.row_ids(page.view.selected_rows())
        if ids.size:
            return ids
        page.window_.say("Select the rows first.")
        return None

    # large work ----------------------------------------------------------------------------

    def work(self, label: str, cells: int, change: Callable[[], Any]) -> None:
        """Change the sheet; large changes run beside the window, and say what undo forgets."""
        page = self._page
        if cells <= LARGE:
            self.tried(change)
            return
        if not may_forget(page, page.session, cells):
            return
        page.window_.jobs.run(
            lambda _job: change(), lambda _: None, failed=page.window_.show_problem, title=label
        )

    def tried(self, change: Callable[[], Any]) -> None:
        """Change something; what is refused is said."""
        try:
            change()
        except Problem as problem:
            self._page.window_.show_problem(problem)


def may_forget(parent: QWidget, session: Session, cells: int) -> bool:
    """Ask before a change of so many cells if undo would forget earlier steps."""
    steps = session.steps_forgotten_by(cells)
    if not steps:
        return True
    question = Problem(
        f"After this, {words.count(steps, 'earlier step')} can no longer be undone.",
        hint="Large changes take room in the list of steps. This change itself can be undone.",
    )
    return messages.ask(parent, question, "Go on")


def free_name(page: "DataPage", wanted: str) -> str:
    """Return a column name that the sheet does not have yet."""
    taken = {c.name for c in page.model.sheet.columns}
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted} ({number})", number + 1
    return name
