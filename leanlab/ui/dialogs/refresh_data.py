"""Bring a newer file into a data sheet: first what it would change, then one undo step."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import refresh
from leanlab.app.importing import CLIPBOARD, kept_original
from leanlab.app.refresh import Mode, Plan, Wishes
from leanlab.core import format as words
from leanlab.core.errors import ImportProblem, Problem
from leanlab.data.table import Table
from leanlab.ui.sheets.alive import while_alive
from leanlab.ui.sheets.editing import may_forget
from leanlab.ui.widgets import label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

MOST_KEYS = 100
SCROLL_BAR = 12
TITLES: dict[Mode, str] = {"add": "Add new rows", "replace": "Replace with a newer file"}


class RefreshDialog(QDialog):
    """Shows new, changed, missing and duplicate rows by key; the user says what to do with them."""

    help = "data.sheets"

    def __init__(self, sheet_id: str, table: Table, mode: Mode, window: "MainWindow") -> None:
        super().__init__(window)
        self.setObjectName("refresh_dialog")
        self.setWindowTitle(TITLES[mode])
        self.resize(760, 540)
        self._session, self._window = window.project, window
        self._sheet_id, self._table, self._mode = sheet_id, table, mode
        self.plan: Plan | None = None
        self.sheet = self._session.sheet(sheet_id)
        self.keys: dict[str, QCheckBox] = {}
        keys = self._keys_part()
        self.found = label("")
        self.found.setObjectName("refresh_found")
        self.update_changed = _check("refresh_update", "&Take over other values", on=True)
        self.delete_missing = _check(
            "refresh_delete", "&Delete rows that are no longer in the file", on=mode == "replace"
        )
        self.add_duplicates = _check("refresh_twice", "Add rows that are t&wice in the file, too")
        self.add_columns = _check("refresh_columns", "Add the ne&w columns", on=mode == "replace")
        self.changes = _changes_table()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(9)
        layout.addLayout(keys)
        for part in (
            self.found, self.update_changed, self.delete_missing, self.add_duplicates,
            self.add_columns, self.changes, self._promise(), self.buttons,
        ):  # fmt: skip
            layout.addWidget(part)
        self._work_out()

    def _keys_part(self) -> QHBoxLayout:
        """Return a box for each column that may tell rows apart, as many as there are."""
        guessed = refresh.guessed_keys(self._session, self._sheet_id)
        offered = [c for c in self.sheet.columns if not c.formula]
        offered.sort(key=lambda c: c.id not in guessed)  # those that were guessed stand in sight
        boxes = QWidget()
        keys = QHBoxLayout(boxes)
        keys.setContentsMargins(0, 0, 0, 0)
        for one in offered[:MOST_KEYS]:
            box = QCheckBox(one.name)
            box.setObjectName(f"key_{one.id}")
            box.setChecked(one.id in guessed)
            box.toggled.connect(lambda *_: self._work_out())
            self.keys[one.id] = box
            keys.addWidget(box)
        keys.addStretch(1)
        wide = QScrollArea()
        wide.setWidget(boxes)
        wide.setWidgetResizable(True)
        wide.setFrameShape(QFrame.Shape.NoFrame)
        wide.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        wide.setFixedHeight(boxes.sizeHint().height() + SCROLL_BAR)
        head = row(label("Rows are told apart by", "muted", wrap=False), wide)
        head.setStretch(1, 1)
        return head

    def _promise(self) -> QLabel:
        return label(
            "Exclusions, labels, notes, stages and fixed limits stay with their rows. Saved results "
            "stay as they are and are marked out of date. One undo takes all of it back.",
            "small",
        )

    def _work_out(self) -> None:
        chosen = [key for key, box in self.keys.items() if box.isChecked()]
        self.ok.setEnabled(False)
        self.found.setText("Comparing…")
        session, sheet_id, table, mode = self._session, self._sheet_id, self._table, self._mode
        self._window.jobs.run(
            lambda _job: refresh.plan(session, sheet_id, table, keys=chosen, mode=mode),
            while_alive(self, self._show), failed=while_alive(self, self._refuse),
            view="refresh-plan",
        )  # fmt: skip

    def _refuse(self, problem: Problem) -> None:
        self.plan = None
        self.found.setText(f"{problem.message} {problem.hint}".strip())

    def _show(self, plan: Plan) -> None:
        self.plan = plan
        self.found.setText("\n".join(f"• {line}" for line in plan.sentences))
        self.update_changed.setVisible(bool(plan.changed))
        self.delete_missing.setVisible(bool(plan.missing.size))
        self.add_duplicates.setVisible(bool(plan.duplicates.size))
        self.add_columns.setVisible(bool(plan.extra))
        changed = refresh.changes(self._session, plan)
        self.changes.setVisible(bool(changed))
        self.changes.setRowCount(len(changed))
        for at, cells in enumerate(changed):
            for column, text in enumerate(cells):
                self.changes.setItem(at, column, QTableWidgetItem(text))
        self.ok.setEnabled(True)
        self.ok.setText(
            f"Add {words.count(plan.new.size, 'row')}" if self._mode == "add" else "Replace"
        )

    def wishes(self) -> Wishes:
        """Return what the user wants done."""
        return Wishes(
            self.update_changed.isChecked(), self.delete_missing.isChecked(),
            self.add_duplicates.isChecked(), self.add_columns.isChecked(),
        )  # fmt: skip


def _changes_table() -> QTableWidget:
    table = QTableWidget(0, 4)
    table.setObjectName("refresh_changes")
    table.setAccessibleName("Changed cells")
    table.setHorizontalHeaderLabels(["Row", "Column", "Was", "In the file"])
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.horizontalHeader().setStretchLastSection(True)
    return table


def _check(name: str, text: str, *, on: bool = False) -> QCheckBox:
    box = QCheckBox(text)
    box.setObjectName(name)
    box.setChecked(on)
    return box


def refresh_data(window: "MainWindow", sheet_id: str, mode: Mode) -> None:
    """Ask for a newer file, show what it changes, and change it."""
    from leanlab.ui.commands.data import FILTER

    name, _ = QFileDialog.getOpenFileName(
        window, TITLES[mode], str(window.settings.place()), FILTER
    )
    if name:
        refresh_from(window, sheet_id, mode, Path(name))


def refresh_from(window: "MainWindow", sheet_id: str, mode: Mode, source: Path | str) -> None:
    """Read a newer file as the first one was read; what is unclear is asked with a preview."""
    session = window.project

    def failed(problem: Problem) -> None:
        if isinstance(problem, ImportProblem) and problem.setting:
            _ask_how(window, sheet_id, mode, source)
        else:
            window.show_problem(problem)

    window.jobs.run(
        lambda job: refresh.read_newer(
            session, sheet_id, source, check=job.check, progress=job.progress
        ),
        lambda table: show_refresh(window, sheet_id, mode, source, table),
        failed=failed, title="Reading the newer file",
    )  # fmt: skip


def _ask_how(window: "MainWindow", sheet_id: str, mode: Mode, source: Path | str) -> None:
    from leanlab.ui.dialogs.import_file import ask_import

    settings = refresh.settings_for(window.project, sheet_id)
    found = ask_import(source, _name(source), window, settings=settings)
    if found is not None:
        show_refresh(window, sheet_id, mode, source, found[0])


def _name(source: Path | str) -> str:
    return source.name if isinstance(source, Path) else CLIPBOARD


def show_refresh(
    window: "MainWindow", sheet_id: str, mode: Mode, source: Path | str, table: Table
) -> None:
    """Show what a file that was read would change, and change it."""
    dialog = RefreshDialog(sheet_id, table, mode, window)
    try:
        if not dialog.exec() or dialog.plan is None:
            return
        plan, wishes = dialog.plan, dialog.wishes()
    finally:
        dialog.deleteLater()
    session, kept = window.project, kept_original(source)
    if not may_forget(window, session, plan.cells):
        return
    window.jobs.run(
        lambda _job: refresh.carry_out(session, plan, wishes, file_name=_name(source), kept=kept),
        lambda _: window.say(f"{TITLES[mode]}: done. Undo takes it back."),
        failed=window.show_problem, title=TITLES[mode],
    )  # fmt: skip
