"""The data page: a sheet like a spreadsheet, with bad cells marked and rows that can be excluded."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from leanlab.app.records import Change, SheetColumn
from leanlab.core import format as words
from leanlab.data.views import ColumnFacts, Condition, facts_of, in_words, matching, order_of
from leanlab.ui.pages.base import Page
from leanlab.ui.sheets.alive import while_alive
from leanlab.ui.sheets.column_panel import NEW_METRIC, ColumnPanel
from leanlab.ui.sheets.editing import CellEditing
from leanlab.ui.sheets.find_bar import FindBar
from leanlab.ui.sheets.finding import Finder
from leanlab.ui.sheets.grid import SheetView
from leanlab.ui.sheets.menus import cell_menu, column_menu, more_menu
from leanlab.ui.sheets.model import SheetModel
from leanlab.ui.title_edit import TitleEdit
from leanlab.ui.widgets import button, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

SOON = 50_000  # rows; up to here views and facts are worked out at once
NAMED_ROWS = 4
PAUSE = 200  # milliseconds on a column before its facts are worked out


class DataPage(Page):
    """One data sheet of the project."""

    help = "data.sheets"

    def __init__(self, window: "MainWindow", record_id: str) -> None:
        super().__init__(window)
        self.record_id = record_id
        self.model = SheetModel(self.session, record_id, lambda: window.tokens, self)
        self.view = SheetView(self.model, lambda: window.tokens, self)
        self.editing = CellEditing(self)
        self.panel = ColumnPanel(self.session, record_id, lambda: window.tokens)
        self.find_bar = FindBar()
        self.finder = Finder(self)
        self.conditions: tuple[Condition, ...] = ()
        self.sorting: tuple[str, bool] | None = None  # column id, descending
        self._brush_turn = 0  # of the selection that is shown
        self._late_facts: Any = None
        self._facts_timer = QTimer(self)
        self._facts_timer.setSingleShot(True)
        self._facts_timer.setInterval(PAUSE)
        self._facts_timer.timeout.connect(self._work_out_facts)
        self._build()
        self._connect()
        self.refresh()

    # making --------------------------------------------------------------------------------

    def _build(self) -> None:
        self.title = TitleEdit("Name of the data")
        self.title.setObjectName("title")
        self.title.setMinimumHeight(32)
        self.subtitle = label("", "muted", wrap=False)
        self.subtitle.setObjectName("muted")
        self.next_bad = button("&Next", self.go_to_bad, "next_bad")
        only = button("Show &only these", self.show_bad_rows, "only_bad")
        self.banner_words = label("")
        self.banner_words.setObjectName("bad_words")
        self.banner = _strip("banner", self.banner_words, self.next_bad, only)
        self.filter_words = label("")
        self.filter_words.setObjectName("filter_words")
        clear = button("Clear", self.clear_view, "clear_filter")
        self.filter_strip = _strip("card", self.filter_words, clear)
        self.hint = label("", "muted")
        self.hint.setObjectName("empty_hint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.more = button("More", self._show_more, "more")
        self.more.setAccessibleName("More that can be done with this data")
        actions = row(
            button("&Filter…", self.ask_filter, "filter"), button("F&ind", self.finder.open, "open_find"),
            self.more, button("&New analysis…", lambda: self.window_.bar.run("analysis"), "primary"),
        )  # fmt: skip
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.view)
        split.addWidget(self.panel)
        split.setStretchFactor(0, 1)
        split.setSizes([900, 236])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 10)
        layout.setSpacing(9)
        head = row(column(self.title, self.subtitle, spacing=1), actions)
        head.setStretch(0, 1)
        layout.addLayout(head)
        for part in (self.banner, self.filter_strip, self.hint):
            layout.addWidget(part)
        layout.addWidget(split, 1)
        layout.addWidget(self.find_bar)

    def _connect(self) -> None:
        self.title.accepted.connect(self._rename)
        self.view.asked.connect(self._asked)
        self.view.customContextMenuRequested.connect(
            lambda at: cell_menu(self).exec(self.view.viewport().mapToGlobal(at))
        )
        self.view.rows.customContextMenuRequested.connect(self._row_menu)
        self.view.columns.customContextMenuRequested.connect(self._column_menu)
        self.view.selectionModel().currentColumnChanged.connect(lambda *_: self.show_column())
        self.panel.changed.connect(self.change_column)
        self.panel.jump.connect(self.jump_to)
        self.panel.formula_wanted.connect(lambda: self.ask_formula(self.current))
        self.view.show_seen()

    def _show_more(self) -> None:
        more_menu(self).exec(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _row_menu(self, at: QPoint) -> None:
        row_ = self.view.rows.logicalIndexAt(at)
        if row_ not in self.view.selected_rows():
            self.view.selectRow(row_)
        cell_menu(self).exec(self.view.rows.viewport().mapToGlobal(at))

    def _column_menu(self, at: QPoint) -> None:
        section = self.view.columns.logicalIndexAt(at)
        if section >= 0:
            menu = column_menu(self, self.model.sheet.columns[section])
            menu.exec(self.view.columns.viewport().mapToGlobal(at))

    # what changed --------------------------------------------------------------------------

    def heard(self, change: Change) -> None:
        """Show new cells when this sheet changed."""
        if not self.session.exists(self.record_id):
            self.window_.close_page(self)
        elif self.record_id in change.ids:
            self._reload(change.kinds)
        elif "metric" in change.kinds:
            self.show_column()

    def _reload(self, kinds: frozenset[str]) -> None:
        at, top = self.view.currentIndex(), self.view.verticalScrollBar().value()
        place = (at.row(), at.column())
        left = self.view.horizontalScrollBar().value()
        if self.model.reload(kinds):
            self.view.show_seen()
            known = {c.id for c in self.model.sheet.columns}
            self.conditions = tuple(c for c in self.conditions if c.column in known)
            if self.sorting is not None and self.sorting[0] not in known:
                self.sorting = None
            self._apply_view()
            self.view.go(*place)
        elif self.conditions:
            self._apply_view()
            self.view.go(*place)
        self.view.verticalScrollBar().setValue(top)
        self.view.horizontalScrollBar().setValue(left)
        self.finder.forget()
        self.refresh()

    def theme_changed(self) -> None:
        """Paint with the new colours."""
        self.model.repaint()
        self.view.columns.viewport().update()
        self.view.rows.viewport().update()
        self.panel.histogram.update()

    def shown(self) -> None:
        """The grid gets the keys, and the rows that were selected on a chart since."""
        self.view.setFocus()
        self.show_column()
        if not self.view.currentIndex().isValid():
            self.view.go(0, 0)
        turn = self.window_.brush.turn(self.record_id)
        if turn != self._brush_turn:
            self._brush_turn = turn
            self.show_rows(self.window_.brush.rows(self.record_id))

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for the facts of a column any more."""
        self._facts_timer.stop()
        super().hideEvent(event)

    def accept_pending(self) -> None:
        """Take over what is being typed."""
        self.title.accept_pending()
        if self.view.state() == SheetView.State.EditingState:
            self.view.setFocus()

    def refresh(self) -> None:
        """Show counts, banner and the current column."""
        sheet = self.model.sheet
        states = list(self.model.states.values())
        excluded = sum(s.state == "excluded" for s in states)
        self.title.show_text(sheet.title)
        self.title.setEnabled(not self.session.read_only)
        parts = [words.count(int(self.model.all_ids.size), "row")]
        parts += [f"{_n(excluded)} excluded"] if excluded else []
        parts += [f"{_n(len(states) - excluded)} labelled"] if len(states) > excluded else []
        unseen = sum(c.id in sheet.unseen for c in sheet.columns)
        parts += [words.count(unseen, "hidden column")] if unseen else []
        if sheet.source.get("file"):
            parts.append(f"from {sheet.source['file']}")
        elif isinstance(sheet.source.get("made_from"), dict):
            parts.append(f"made from {sheet.source['made_from'].get('title')}")
        self.subtitle.setText(" · ".join(parts))
        self._show_banner()
        self._show_filter_words()
        empty = not self.model.all_ids.size
        self.hint.setText(
            "Paste from Excel (Ctrl+V), drop a file here, or type. Column 1 is often the date."
        )
        self.hint.setVisible(empty)
        self.show_column()

    def _show_banner(self) -> None:
        bad = self.bad_places()
        self.banner.setVisible(bool(bad))
        if bad:
            self.banner_words.setText(bad_sentence(bad, self.model.sheet.columns))

    def bad_places(self) -> list[tuple[int, int]]:
        """Return position and column of every cell that does not fit, row by row."""
        if not self.model.bad:
            return []
        at = {c.id: i for i, c in enumerate(self.model.sheet.columns)}
        ids = np.asarray([row_id for row_id, _ in self.model.bad], dtype=np.int64)
        order = np.argsort(self.model.all_ids, kind="stable")
        found = np.searchsorted(self.model.all_ids[order], ids)
        places = order[np.minimum(found, order.size - 1)]
        columns = [at[c] for _, c in self.model.bad]
        return sorted(zip(places.tolist(), columns, strict=True))

    # the current column --------------------------------------------------------------------

    @property
    def current(self) -> SheetColumn | None:
        """The column of the current cell."""
        columns = self.model.sheet.columns
        at = max(0, self.view.currentIndex().column())
        return columns[at] if at < len(columns) else None

    def show_column(self) -> None:
        """Show the current column in the panel; facts of large columns come a moment later."""
        one = self.current
        self.view.columns.viewport().update()
        self.panel.show_column(one, editable=not self.session.read_only)
        if one is None:
            return
        bad = [(r, p, self.model.bad[r, one.id]) for r, p in self._bad_of(one.id)]
        if self.model.all_ids.size <= SOON:
            facts = facts_of(one.kind, self.model.values(one.id), len(bad))
            self.panel.show_facts(facts, bad)
            return
        self.panel.show_facts(None, bad)
        self._late_facts = (one, bad)
        self._facts_timer.start()

    def _work_out_facts(self) -> None:
        """Summarise a large column beside the window, once the user rests on it."""
        one, bad = self._late_facts
        session, sheet_id = self.session, self.record_id
        self.window_.jobs.run(
            lambda _job: facts_of(one.kind, session.column(sheet_id, one.id), len(bad)),
            while_alive(self, lambda facts: self._show_late(one, facts, bad)),
            failed=self.window_.show_problem, view=f"facts:{sheet_id}",
        )  # fmt: skip

    def _show_late(
        self, one: SheetColumn, facts: ColumnFacts, bad: list[tuple[int, int, str]]
    ) -> None:
        if self.current == one:
            self.panel.show_facts(facts, bad)

    def _bad_of(self, column_id: str) -> list[tuple[int, int]]:
        """Return row id and position of a column's cells that do not fit."""
        ids = [row_id for row_id, c in self.model.bad if c == column_id]
        if not ids:
            return []
        places = np.flatnonzero(np.isin(self.model.all_ids, np.asarray(ids, dtype=np.int64)))
        return [(int(self.model.all_ids[p]), int(p)) for p in places]

    def change_column(self, name: str, value: Any) -> None:
        """Change what the panel shows of the current column."""
        one = self.current
        if one is None or self.session.read_only:
            return
        if name == "kind":
            self.retype(one, str(value))
        elif value == NEW_METRIC:
            self.bind_metric(one)
        elif name == "name" and any(c.name == value for c in self.model.sheet.columns):
            self.window_.say(f"There is a column named {value} already.")
            self.panel.name.setText(one.name)
        else:
            self.session.edit_column(self.record_id, one.id, **{name: value})

    def retype(self, one: SheetColumn, kind: str) -> None:
        """Read a column as another kind; what does not fit stays, marked."""
        from leanlab.ui.dialogs.retype import retype_column

        retype_column(self, one, kind)

    def bind_metric(self, one: SheetColumn) -> None:
        """Define a metric over a column."""
        from leanlab.ui.dialogs.metric import edit_metric

        edit_metric(self.session, None, self.window_, sheet_id=self.record_id, column_id=one.id)
        self.show_column()

    def _rename(self, title: str) -> None:
        if title:
            self.session.edit(self.record_id, {"title": title}, label="Rename data")
        else:
            self.refresh()

    # keys and menus ------------------------------------------------------------------------

    def _asked(self, wish: str) -> None:
        one = self.current
        if wish == "properties" and one is not None:
            self.edit_property("name", one)
        elif wish == "calculated" and one is not None:
            self.editing.say_calculated(one)
        elif wish == "formula":
            self.ask_formula(one)
        else:
            self.editing.carry_out(wish)

    def edit_property(self, name: str, one: SheetColumn) -> None:
        """Go to a column and to the line that holds its name or unit."""
        at = [c.id for c in self.model.sheet.columns].index(one.id)
        self.view.go(max(0, self.view.currentIndex().row()), at)
        line = self.panel.unit if name == "unit" else self.panel.name
        line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        line.selectAll()

    def ask_formula(self, one: SheetColumn | None) -> None:
        """Ask for a new calculated column, or for another formula of one."""
        from leanlab.ui.dialogs.formula import ask_formula

        if self.session.read_only:
            self.window_.say("This project was opened read-only.")
        elif not self.model.all_ids.size:
            self.window_.say("There are no rows to calculate with yet.")
        elif one is None or one.formula:
            before = {c.id for c in self.model.sheet.columns}
            if ask_formula(self, one) and one is None:
                self._go_to_new(before)

    def _go_to_new(self, before: set[str]) -> None:
        places = [i for i, c in enumerate(self.model.sheet.columns) if c.id not in before]
        if places:
            self.view.jump(max(0, self.view.currentIndex().row()), places[0])
            self.view.setFocus()

    # what is shown -------------------------------------------------------------------------

    def ask_filter(self, one: SheetColumn | None = None) -> None:
        """Ask for a condition on a column and show the rows that fulfil it."""
        from leanlab.ui.dialogs.filter import ask_condition

        one = one or self.current
        if one is None:
            return
        known = next((c for c in self.conditions if c.column == one.id), None)
        condition = ask_condition(one, self._counts(one), known, self)
        if condition is not None:
            self.filter_by(condition)

    def _counts(self, one: SheetColumn) -> list[tuple[str, int]]:
        if one.kind not in {"category", "text", "id"}:
            return []
        values = [v for v in self.model.values(one.id) if v is not None]
        names, counts = np.unique(np.asarray(values, dtype=str), return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return [(str(names[i]), int(counts[i])) for i in order]

    def filter_by(self, condition: Condition) -> None:
        """Show only rows that fulfil this condition and those on other columns."""
        kept = tuple(c for c in self.conditions if c.column != condition.column)
        self.conditions = (*kept, condition)
        self._apply_view()

    def sort_by(self, column_id: str, *, descending: bool) -> None:
        """Show the rows in the order of a column; the sheet itself stays as it is."""
        self.sorting = (column_id, descending)
        self._apply_view()

    def clear_view(self) -> None:
        """Show all rows as they stand in the sheet."""
        self.conditions, self.sorting = (), None
        self._apply_view()

    def show_bad_rows(self) -> None:
        """Show only the rows with a cell that does not fit."""
        at = self.bad_places()
        if at:
            self.conditions = (Condition(self.model.sheet.columns[at[0][1]].id, "bad"),)
            self._apply_view()

    def sort_for_good(self) -> None:
        """Put the rows of the sheet into the order that is shown."""
        if self.sorting is None:
            self.window_.say("Sort by a column first.")
            return
        one = self.model.sheet.column(self.sorting[0])
        order = order_of(one.kind, self.model.values(one.id), descending=self.sorting[1])
        ids = self.model.all_ids[order]
        self.clear_view()
        label_ = f"Sort rows by {one.name}"
        self.editing.work(
            label_, int(ids.size), lambda: self.session.sort_rows(self.record_id, ids, label=label_)
        )

    def _apply_view(self) -> None:
        self.view.columns.sorted_by = self.sorting
        self.view.columns.filtered = frozenset(c.column for c in self.conditions)
        if self.model.all_ids.size <= SOON or not (self.conditions or self.sorting):
            self._show_view(self._positions(self.model.values))
            return
        session, sheet_id = self.session, self.record_id
        self.filter_words.setText("Working it out…")
        self.filter_strip.show()
        self.window_.jobs.run(
            lambda _job: self._positions(lambda column_id: session.column(sheet_id, column_id)),
            while_alive(self, self._show_view), failed=self.window_.show_problem,
            view=f"view:{sheet_id}",
        )  # fmt: skip

    def _show_view(self, positions: Any) -> None:
        at = self.view.currentIndex()
        here = self.model.row_id(max(0, at.row()))
        if positions is not None and positions.size and positions.max() >= self.model.all_ids.size:
            return  # rows went meanwhile; a newer view is on its way
        self.model.show(positions)
        row_ = self.model.row_of(here) if here is not None else None
        self.view.jump(row_ or 0, max(0, at.column()))
        self._show_filter_words()
        self.view.columns.viewport().update()

    def _positions(self, values: Callable[[str], Any]) -> Any:
        """Return the positions to show, in their order; None for the sheet as it stands."""
        if not self.conditions and self.sorting is None:
            return None
        keep = np.ones(self.model.all_ids.size, dtype=np.bool_)
        for condition in self.conditions:
            one = self.model.sheet.column(condition.column)
            bad = np.zeros(keep.size, dtype=np.bool_)
            bad[[place for _, place in self._bad_of(one.id)]] = True
            keep &= matching(condition, one.kind, values(one.id), bad)
        if self.sorting is None:
            return np.flatnonzero(keep)
        one = self.model.sheet.column(self.sorting[0])
        order = order_of(one.kind, values(one.id), descending=self.sorting[1])
        return order[keep[order]]

    def _show_filter_words(self) -> None:
        parts = []
        if self.conditions:
            said = []
            for condition in self.conditions:
                one = self.model.sheet.column(condition.column)
                said.append(in_words(condition, one.name, one.kind))
            total = int(self.model.all_ids.size)
            parts.append(
                f"Showing {_n(self.model.shown)} of {_n(total)} rows: {' and '.join(said)}"
            )
        if self.sorting is not None:
            name = self.model.sheet.column(self.sorting[0]).name
            parts.append(f"sorted by {name}{', highest first' if self.sorting[1] else ''}")
        text = "; ".join(parts)
        self.filter_words.setText(f"{text[:1].upper()}{text[1:]}." if text else "")
        self.filter_strip.setVisible(bool(text))

    def next_problem(self) -> None:
        """Go to the next cell that does not fit."""
        self.go_to_bad()

    def go_to_bad(self) -> None:
        """Go to the next cell that does not fit."""
        shown = [
            (r, c)
            for p, c in self.bad_places()
            if (r := self.model.row_of(int(self.model.all_ids[p]))) is not None
        ]
        if not shown:
            self.window_.say("Clear the filter to see the cells that do not fit.")
            return
        at = self.view.currentIndex()
        here = (at.row(), at.column())
        later = [place for place in sorted(shown) if place > here]
        self.view.jump(*(later[0] if later else min(shown)))
        self.view.setFocus()

    def why_no_export(self) -> str:
        """Data can always be exported."""
        return ""

    def export(self) -> None:
        """Ask for a file and write all rows and columns of the sheet."""
        from leanlab.app import sheet_export
        from leanlab.ui.dialogs.export import Way, export

        session, sheet_id = self.session, self.record_id

        def write(job: Any, path: Path) -> str:
            rows = sheet_export.export(session, sheet_id, path, progress=job.progress)
            return f"{words.count(rows, 'row')} written to {path.name}."

        self.accept_pending()
        kinds = {".csv": "CSV table (*.csv)", ".xlsx": "Excel workbook (*.xlsx)"}
        ways = {ending: Way(kind, write) for ending, kind in kinds.items()}
        export(self.window_, self.model.sheet.title, ways)

    def find_here(self) -> bool:
        """Cells are found, and replaced, with the bar of the sheet."""
        self.finder.open()
        return True

    def show_rows(self, row_ids: Collection[int]) -> None:
        """Select whole rows and show the first; those that a filter hides are shown again."""
        places = self.model.rows_of(row_ids)
        if len(places) < len(row_ids) and self.conditions:
            self.clear_view()
            places = self.model.rows_of(row_ids)
        if places:
            self.view.jump(places[0], max(0, self.view.currentIndex().column()))
            self.view.select_whole(places)

    def show_on_chart(self, analysis_id: str) -> None:
        """Show the selected rows as points of a chart."""
        ids = self.model.row_ids(self.view.selected_rows()).tolist()
        self.window_.brush.put(self.record_id, ids, self)
        self._brush_turn = self.window_.brush.turn(self.record_id)
        self.window_.go_to(analysis_id)

    def jump_to(self, row_id: int) -> None:
        """Show a row in the current column."""
        shown = self.model.row_of(row_id)
        if shown is None:
            self.clear_view()
            shown = self.model.row_of(row_id) or 0
        self.view.jump(shown, max(0, self.view.currentIndex().column()))
        self.view.setFocus()


def _n(number: int) -> str:
    return words.number(number, 0)


def _strip(name: str, *parts: QWidget) -> QFrame:
    strip = QFrame()
    strip.setObjectName(name)
    layout = row(*parts, spacing=8)
    layout.setStretch(0, 1)
    layout.setContentsMargins(12, 5, 8, 5)
    strip.setLayout(layout)
    return strip


def bad_sentence(places: list[tuple[int, int]], columns: Any) -> str:
    """Say which cells do not fit: 2 cells are not numbers (rows 18, 40)."""
    kinds = {columns[c].kind for _, c in places}
    what = {"number": "number", "whole": "number", "datetime": "date"}
    noun = what.get(next(iter(kinds)), "") if len(kinds - {"whole"}) == 1 else ""
    one = len(places) == 1
    verb = (
        f"is not a {noun}"
        if one and noun
        else f"are not {noun}s"
        if noun
        else ("does not fit its column" if one else "do not fit their columns")
    )
    rows = list(dict.fromkeys(p + 1 for p, _ in places))
    named = ", ".join(_n(r) for r in rows[:NAMED_ROWS])
    more = f" and {_n(len(rows) - NAMED_ROWS)} more" if len(rows) > NAMED_ROWS else ""
    cells = "1 cell" if one else f"{_n(len(places))} cells"
    where = f"row{'s' if len(rows) > 1 else ''} {named}{more}"
    left = "It counts" if one else "They count"
    return f"{cells} {verb} ({where}). {left} as missing until corrected."
