"""Below the chart: result tables, the data used, the method, saved results."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from leanlab.analyses.declare import Column, Presentation
from leanlab.analyses.rules import RULE_CHOICES, cost_words
from leanlab.app.readiness import Ready
from leanlab.app.records import Record
from leanlab.app.results import Standing, standing_words
from leanlab.core import format as words
from leanlab.core.option import spec_of
from leanlab.core.resources import resource
from leanlab.ui.sheets.alive import while_alive
from leanlab.ui.tables_view import TableView, copy_table
from leanlab.ui.widgets import button, card, clear, column, label, row, scrolled

Index = QModelIndex | QPersistentModelIndex


class ResultTabs(QTabWidget):
    """Fills a tab when it is looked at: a changed option must not wait for hidden tables."""

    row_wanted = Signal(int)
    result_opened = Signal(str)
    code_wanted = Signal()
    work_wanted = Signal(object, object)  # something slow to work out, and who gets the result

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("analysis_tabs")
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self._run: Ready | None = None
        self._shown: Presentation | None = None
        self._saved: Sequence[tuple[Record, Standing]] = ()
        self._tokens: Mapping[str, str] = {}
        self._old: set[str] = set()
        self._fillers: dict[str, Callable[[QVBoxLayout], None]] = {
            "Results": self._fill_results,
            "Data used": self._fill_data,
            "Method": self._fill_method,
            "Saved": self._fill_saved,
        }
        self._insides: dict[str, QVBoxLayout] = {}
        for name in self._fillers:
            inner = QWidget()
            layout = QVBoxLayout(inner)
            layout.setContentsMargins(2, 10, 6, 6)
            layout.setSpacing(8)
            area = inner if name == "Data used" else scrolled(inner)
            area.setObjectName("page")
            area.setProperty("tab", name)
            self._insides[name] = layout
            self.addTab(area, name)
        self.currentChanged.connect(lambda *_: self._fill())

    def set_slim(self, *, slim: bool) -> None:
        """Give the tabs less height where there is none to spare."""
        self.tabBar().setStyleSheet("QTabBar::tab { padding: 3px 14px; }" if slim else "")

    def show_result(
        self, run: Ready | None, shown: Presentation | None, tokens: Mapping[str, str]
    ) -> None:
        """Take over a new result."""
        self._run, self._shown, self._tokens = run, shown, tokens
        self._old |= {"Results", "Data used", "Method"}
        self._fill()

    def show_saved(self, saved: Sequence[tuple[Record, Standing]]) -> None:
        """Take over the saved results, each with how it stands."""
        self._saved = saved
        at = next(i for i in range(self.count()) if self._name(i) == "Saved")
        self.setTabText(at, f"Saved ({len(saved)})" if saved else "Saved")
        self._old.add("Saved")
        self._fill()

    def _name(self, index: int) -> str:
        page = self.widget(index)
        return str(page.property("tab") or "") if page is not None else ""

    def _fill(self) -> None:
        name = self._name(self.currentIndex())
        if name in self._old:
            self._old.discard(name)
            layout = self._insides[name]
            clear(layout)
            self._fillers[name](layout)

    # tabs ----------------------------------------------------------------------------------

    def _fill_results(self, layout: QVBoxLayout) -> None:
        if self._shown is None:
            layout.addWidget(label("There are no results yet.", "muted"))
            layout.addStretch(1)
            return
        decimals = data_decimals(self._run)
        for table in self._shown.tables:
            if table.rows:
                copy = button("Copy table", partial(copy_table, table), "link")
                layout.addLayout(row(label(table.title, "heading", wrap=False), None, copy))
                layout.addWidget(TableView(table, decimals))
        layout.addStretch(1)

    def _fill_data(self, layout: QVBoxLayout) -> None:
        if self._run is None or not self._run.columns.roles:
            layout.addWidget(label("This analysis uses no data.", "muted"))
            layout.addStretch(1)
            return
        columns = self._run.columns
        total = int(columns.row_ids.size)
        left_out = int(columns.excluded.sum())
        text = f"Uses {words.number(total - left_out, 0)} of {words.number(total, 0)} rows of {columns.sheet}"
        parts = [text, f"{left_out} excluded in the data" if left_out else "", columns.note]
        layout.addWidget(label(" · ".join(p for p in parts if p), "small"))
        view = QTableView()
        view.setObjectName("data_used")
        view.setAccessibleName("Data used")
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.verticalHeader().hide()
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        view.horizontalHeader().setStretchLastSection(True)
        model = UsedRows(self._run, QColor(self._tokens.get("muted", "grey")), view)
        view.setModel(model)
        view.setToolTip("Double-click a row to open it in the data sheet")
        view.doubleClicked.connect(lambda index: self.row_wanted.emit(model.row_id(index.row())))
        layout.addWidget(view, 1)

    def _fill_method(self, layout: QVBoxLayout) -> None:
        if self._run is None or self._shown is None:
            layout.addWidget(label("Choose the columns first.", "muted"))
            layout.addStretch(1)
            return
        if self._shown.charts:
            layout.addWidget(label(self._shown.charts[0].caption))
        self._add_cost(layout)
        layout.addWidget(label("Options as used", "heading"))
        for name, value in options_in_words(self._run.options):
            layout.addLayout(_fact(name, value))
        layout.addLayout(
            row(label("Python code", "heading", wrap=False), None, button("Copy code", self.code_wanted.emit, "link"))
        )  # fmt: skip
        note = "Reproduces the numbers with leanlab.stats, outside this program."
        layout.addWidget(label(note, "small"))
        layout.addWidget(_help(self._run.analysis.id))
        layout.addStretch(1)

    def _add_cost(self, layout: QVBoxLayout) -> None:
        """Say what the chosen rules cost in false alarms; it is worked out beside the window."""
        run, shown = self._run, self._shown
        name = str(getattr(run.options, "rules", "")) if run is not None else ""
        points = shown.charts[0].points if shown is not None and shown.charts else None
        if name not in RULE_CHOICES or points is None or run is None:
            return
        k, count = float(getattr(run.options, "k", 3.0)), max(1, len(points.rows))
        text = label("…")
        text.setObjectName("rule_cost")
        layout.addWidget(label("What the rules cost", "heading"))
        layout.addWidget(text)
        self.work_wanted.emit(lambda: cost_words(name, k, count), while_alive(text, text.setText))

    def _fill_saved(self, layout: QVBoxLayout) -> None:
        if not self._saved:
            text = "Nothing saved yet. Save result freezes picture, sentences and numbers as they are now."
            layout.addWidget(label(text, "muted"))
        for finding, found in self._saved:
            layout.addWidget(self._saved_row(finding, found))
        layout.addStretch(1)

    def _saved_row(self, finding: Record, found: Standing) -> QWidget:
        verdict = next(
            (f["text"] for f in finding.get("findings", ()) if f["line"] == "verdict"), ""
        )
        day = words.day(str(finding.get("saved_on", finding.created))[:10])
        colour = "ok" if found == "current" else "attention"
        state = label(standing_words(finding, found), colour, wrap=False)
        open_it = button("Open", partial(self.result_opened.emit, finding.id), "open_saved")
        open_it.setAccessibleName(f"Open saved result {finding.code}")
        head = row(
            label(f"Saved on {day} · {finding.code}", "heading", wrap=False), state, None, open_it
        )
        return card(head, label(verdict))


def data_decimals(run: Ready | None) -> int | None:
    """Return the decimals for values in the units of the data: those of the data, and one more."""
    chosen = [c for columns in run.columns.roles.values() for c in columns] if run else []
    numbers = [c.decimals + 1 for c in chosen if c.kind in {"number", "whole"}]
    return numbers[0] if numbers else None


def options_in_words(options: Any) -> list[tuple[str, str]]:
    """Return label and value of each option as people read them."""
    found = []
    for name, field in type(options).__dataclass_fields__.items():
        spec, value = spec_of(field), getattr(options, name)
        if isinstance(value, bool):
            text = "yes" if value else "no"
        elif value is None:
            text = "not set"
        elif spec.choices:
            text = spec.choices.get(str(value), str(value))
        else:
            text = f"{value:g}" if isinstance(value, float) else str(value)
            if name == "confidence":
                text = f"{100 * value:g} %"
        found.append((spec.label, f"{text} {spec.unit}".strip()))
    return found


def _fact(name: str, value: str) -> Any:
    left = label(name, "muted", wrap=False)
    left.setMinimumWidth(150)
    layout = row(left, label(value))
    layout.setStretch(1, 1)
    return layout


def _help(analysis_id: str) -> QWidget:
    page = resource(f"help/{analysis_id}.md")
    made = QTextBrowser()
    made.setObjectName("method_help")
    made.setAccessibleName("How to read it")
    made.setOpenLinks(False)
    made.setMinimumHeight(220)
    made.setFrameShape(QTextBrowser.Shape.NoFrame)
    made.setMarkdown(page.read_text(encoding="utf-8") if page.is_file() else "")
    return made


class UsedRows(QAbstractTableModel):
    """The rows an analysis uses, and what was decided about each."""

    def __init__(self, run: Ready, muted: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        columns = run.columns
        self._muted = QBrush(muted)
        self._columns: list[Column] = list(
            {id(c): c for chosen in columns.roles.values() for c in chosen}.values()
        )
        self._row_ids, self._excluded = columns.row_ids, columns.excluded
        marks = columns.marks
        self._marks: dict[int, str] = {}
        for what, items in (
            ("excluded here", marks.excluded), ("note", marks.notes), ("stage starts", marks.stages),
        ):  # fmt: skip
            for mark in items:
                for row_id in mark.row_ids:
                    text = f"{what}: {mark.reason}" if mark.reason else what
                    before = self._marks.get(row_id)
                    self._marks[row_id] = f"{before}; {text}" if before else text
        self._out = {row for mark in marks.excluded for row in mark.row_ids}

    def row_id(self, at: int) -> int:
        """Return the id of the data row at a place."""
        return int(self._row_ids[at])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One row per data row."""
        return 0 if parent.isValid() else int(self._row_ids.size)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Row number, the columns, and what was decided."""
        return 0 if parent.isValid() else len(self._columns) + 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Name the columns."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        names = ["Row", *(words.titled(c.name, c.unit) for c in self._columns)]
        return [*names, "Decided"][section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        row_id = int(self._row_ids[index.row()])
        if role == Qt.ItemDataRole.ForegroundRole:
            out = row_id in self._out or bool(self._excluded[index.row()])
            return self._muted if out else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            numeric = 0 < index.column() <= len(self._columns) and (
                self._columns[index.column() - 1].kind in {"number", "whole"}
            )
            side = Qt.AlignmentFlag.AlignRight if numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 0:
            return str(row_id)
        if index.column() <= len(self._columns):
            return _cell(self._columns[index.column() - 1], index.row())
        decided = self._marks.get(row_id, "")
        if self._excluded[index.row()]:
            decided = f"excluded in the data; {decided}" if decided else "excluded in the data"
        return decided


def _cell(one: Column, at: int) -> str:
    value = one.values[at]
    if one.kind in {"number", "whole"}:
        return words.number(float(value), one.decimals) if np.isfinite(value) else ""
    if one.kind == "datetime":
        return "" if np.isnat(value) else str(value).replace("T", " ").removesuffix(" 00:00:00")
    return "" if value is None else str(value)


def code_view(code: str) -> QPlainTextEdit:
    """Return code in a box that can be read and copied."""
    made = QPlainTextEdit(code)
    made.setReadOnly(True)
    made.setObjectName("python_code")
    made.setAccessibleName("Python code")
    return made


__all__ = ["ResultTabs", "UsedRows", "code_view", "column", "options_in_words"]
