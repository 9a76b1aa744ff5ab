"""What the current column is: name, kind, unit, metric, how it is spread, and what does not fit."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from leanlab.app.calculated import formula_problem, formula_shown
from leanlab.app.records import SheetColumn
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.data.views import ColumnFacts
from leanlab.ui.sheets.histogram import Histogram
from leanlab.ui.sheets.model import KIND_WORDS
from leanlab.ui.widgets import button, clear, label

SHOWN_BAD = 20
NEW_METRIC = "new"


class ColumnPanel(QScrollArea):
    """Reads and edits one column; the page does what it asks for."""

    changed = Signal(str, object)  # name, unit, kind, metric_id -> new value
    jump = Signal(int)  # row id of a cell that does not fit
    formula_wanted = Signal()

    def __init__(
        self, session: Session, sheet_id: str, tokens: Callable[[], Mapping[str, str]]
    ) -> None:
        super().__init__()
        self._session, self._sheet_id = session, sheet_id
        self.column: SheetColumn | None = None
        self.setObjectName("column_panel")
        self.setAccessibleName("Column")
        self.setWidgetResizable(True)
        self.setMinimumWidth(216)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.heading = label("", "heading")
        self.name, self.unit = line_edit("column_name", "Name"), line_edit("column_unit", "Unit")
        self.kind, self.metric_box = _box("column_kind", "Kind"), _box("column_metric", "Metric")
        for kind, text in KIND_WORDS.items():
            self.kind.addItem(text, kind)
        self.formula, self.formula_wrong = label("", "small"), label("", "problem")
        self.formula.setObjectName("column_formula")
        self.formula_button = button("Change the &formula…", self.formula_wanted.emit, "link")
        self.histogram = Histogram(tokens)
        self.facts = label("", "muted")
        self.facts.setObjectName("column_facts")
        self.bad = QVBoxLayout()
        self.bad.setSpacing(2)
        self._lay_out()
        self.name.editingFinished.connect(lambda: self._tell("name", self.name.text().strip()))
        self.unit.editingFinished.connect(lambda: self._tell("unit", self.unit.text().strip()))
        self.kind.activated.connect(lambda *_: self._tell("kind", self.kind.currentData()))
        self.metric_box.activated.connect(
            lambda *_: self._tell("metric_id", self.metric_box.currentData())
        )

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(4)
        for text, field in (
            ("&Name", self.name), ("&Kind", self.kind), ("&Unit", self.unit), ("&Metric", self.metric_box),
        ):  # fmt: skip
            form.addRow(text, field)
        self._inner = inner = QWidget()
        inner.setObjectName("page")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(14, 10, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self.heading)
        layout.addLayout(form)
        layout.addSpacing(4)
        for part in (self.formula, self.formula_wrong, self.formula_button):
            layout.addWidget(part)
        layout.addWidget(self.histogram)
        layout.addWidget(self.facts)
        layout.addLayout(self.bad)
        layout.addStretch(1)
        self.setWidget(inner)

    def _tell(self, name: str, value: object) -> None:
        if self.column is None or getattr(self.column, name) == value:
            return
        if name == "name" and not value:
            self.name.setText(self.column.name)
            return
        self.changed.emit(name, value or (None if name == "metric_id" else value))

    def show_column(self, column: SheetColumn | None, *, editable: bool) -> None:
        """Show another column; its facts come later."""
        self.column = column
        self._inner.setVisible(column is not None)
        if column is None:
            return
        self.heading.setText(f"Column {column.name}")
        self.name.setText(column.name)
        self.unit.setText(column.unit)
        self.kind.setCurrentIndex(self.kind.findData(column.kind))
        self._fill_metrics(column)
        for field in (self.name, self.unit, self.kind, self.metric_box):
            field.setEnabled(editable)
        self.kind.setEnabled(editable and not column.formula)
        self._show_formula(column, editable=editable)

    def _show_formula(self, column: SheetColumn, *, editable: bool) -> None:
        wrong = ""
        if column.formula:
            sheet = self._session.sheet(self._sheet_id)
            self.formula.setText(f"= {formula_shown(sheet.columns, column)}")
            wrong = formula_problem(sheet.columns, column)
        self.formula.setVisible(bool(column.formula))
        self.formula_button.setVisible(bool(column.formula) and editable)
        self.formula_wrong.setText(wrong)
        self.formula_wrong.setVisible(bool(wrong))

    def _fill_metrics(self, column: SheetColumn) -> None:
        self.metric_box.clear()
        self.metric_box.addItem("none", "")
        for metric in self._session.records("metric"):
            self.metric_box.addItem(
                words.coded(str(metric.get("name", "")), metric.code), metric.id
            )
        self.metric_box.addItem("new metric…", NEW_METRIC)
        self.metric_box.setCurrentIndex(max(0, self.metric_box.findData(column.metric_id or "")))

    def show_facts(self, facts: ColumnFacts | None, bad: list[tuple[int, int, str]]) -> None:
        """Show how the column is spread; `bad` is row id, place and text of what does not fit."""
        if self.column is None:
            return
        self.facts.setText("…" if facts is None else "\n".join(sentences(self.column, facts)))
        shape = "" if facts is None else f"Spread of {self.column.name}"
        self.histogram.show_bins(facts.bins if facts else (), shape)
        clear(self.bad)
        if bad:
            self.bad.addWidget(label("Cells that do not fit", "small"))
        for row_id, place, text in bad[:SHOWN_BAD]:
            shown = text if len(text) <= 24 else f"{text[:23]}…"  # noqa: PLR2004
            link = button(f"row {place + 1}: {shown}", partial(self.jump.emit, row_id), "link")
            self.bad.addWidget(link)
        if len(bad) > SHOWN_BAD:
            self.bad.addWidget(label(f"and {words.number(len(bad) - SHOWN_BAD, 0)} more", "small"))


def sentences(column: SheetColumn, facts: ColumnFacts) -> list[str]:
    """Say a column's facts, one line each."""
    lines = [words.count(facts.filled, "value")]
    if facts.missing:
        lines.append(f"{words.number(facts.missing, 0)} missing")
    if facts.bad:
        lines.append(words.count(facts.bad, "cell does not fit", "cells do not fit"))
    if facts.low is not None:
        unit = f" {column.unit}" if column.unit else ""
        for name, value in (
            ("lowest", facts.low),
            ("median", facts.middle),
            ("highest", facts.high),
        ):
            lines.append(f"{name} {words.number(value, column.decimals)}{unit}")
    if facts.first:
        lines.append(f"{words.day(facts.first)} to {words.day(facts.last)}")
    if facts.falls_back_after is not None:
        lines.append(f"Not in order: falls back after row {facts.falls_back_after + 1}.")
    if facts.different:
        lines.append(words.count(facts.different, "different value"))
        lines += [
            f"   {name or '(empty)'}  {words.number(count, 0)}" for name, count in facts.most[:5]
        ]
    return lines


def line_edit(name: str, spoken: str) -> QLineEdit:
    """Return a line to type into."""
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(spoken)
    return line


def _box(name: str, spoken: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(spoken)
    box.setMinimumContentsLength(8)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box
