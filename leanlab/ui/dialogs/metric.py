"""Define a metric: what is measured, which way is better, and where it stands in the data."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from leanlab.app.metrics import (
    CONDITION_STATISTICS,
    PERIODS,
    VALUE_STATISTICS,
    Binding,
    MetricSeries,
    binding_of,
    series,
)
from leanlab.app.records import Record, SheetColumn, SheetInfo
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.data.typing_cells import typed_number
from leanlab.data.views import Condition
from leanlab.ui.dialogs.filter import ConditionEditor
from leanlab.ui.sheets.alive import while_alive
from leanlab.ui.widgets import button, card, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

ROLES = {
    "primary": "primary (what the project moves)",
    "counter": "must not get worse",
    "other": "other",
}
DIRECTIONS = {
    "lower": "lower is better",
    "higher": "higher is better",
    "target": "close to the target is better",
}
NUMBERS = {
    "baseline": "&Baseline",
    "target": "&Target",
    "lsl": "Lower limit (&LSL)",
    "usl": "&Upper limit (USL)",
}
VALUE, CONDITION = "value", "condition"
NUMBER_KINDS = {"number", "whole"}
PAUSE = 200  # milliseconds before the preview follows
MOST_LISTED = 300


class BindingEditor(QWidget):
    """Where a metric stands: sheet, value or condition, date, period and statistic."""

    def __init__(self, session: Session, bound: Binding | None) -> None:
        super().__init__()
        self._session = session
        self._sheets = {sheet.id: sheet for sheet in session.sheets()}
        self.sheet = _box("metric_sheet", "Data")
        self.sheet.addItem("not yet tied to data", "")
        for sheet in self._sheets.values():
            self.sheet.addItem(sheet.title, sheet.id)
        self.counts = _box("metric_counts", "What counts", {
            VALUE: "the values of a column", CONDITION: "rows that fulfil a condition",
        })  # fmt: skip
        self.value = _box("metric_column", "Column with the values")
        self.asked = _box("metric_condition_column", "Column of the condition")
        self.condition = ConditionEditor("metric_condition")
        self.date = _box("metric_date", "Date column")
        self.period = _box("metric_period", "One point for each", PERIODS)
        self.subgroup = _box("metric_subgroup", "Subgroup column")
        self.statistic = _box("metric_statistic", "Statistic")
        self.size_box = _box("metric_size", "Column with the sizes")
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        for text, part in (
            ("&Data", self.sheet), ("&What counts", self.counts), ("&Column", self.value),
            ("Column", self.asked), ("where it", self.condition), ("Dat&e", self.date),
            ("One &point for each", self.period), ("Subgroup", self.subgroup),
            ("Statistic", self.statistic), ("Size", self.size_box),
        ):  # fmt: skip
            self.form.addRow(text, part)
        self._fill(bound)
        self.sheet.currentIndexChanged.connect(lambda *_: self._fill_columns(None))
        self.asked.currentIndexChanged.connect(lambda *_: self._show_condition(None))
        self.counts.currentIndexChanged.connect(lambda *_: self._fill_statistics(""))
        for box in (self.counts, self.period, self.statistic, self.sheet):
            box.currentIndexChanged.connect(lambda *_: self._show_fields())

    def on_change(self, call: Any) -> None:
        """Call when anything is chosen or typed."""
        for box in self.findChildren(QComboBox):
            box.currentIndexChanged.connect(lambda *_: call())
        for line in self.findChildren(QLineEdit):
            line.textChanged.connect(lambda *_: call())
        self.condition.list.itemChanged.connect(lambda *_: call())

    def _fill(self, bound: Binding | None) -> None:
        if bound is not None:
            _choose(self.sheet, bound.sheet_id)
            _choose(self.counts, CONDITION if bound.condition else VALUE)
            _choose(self.period, bound.period)
        self._fill_columns(bound)
        self._fill_statistics(bound.statistic if bound else "")
        self._show_fields()

    def _fill_columns(self, bound: Binding | None) -> None:
        info = self._sheets.get(str(self.sheet.currentData()))
        columns: Sequence[SheetColumn] = info.columns if info else ()
        numbers = [c for c in columns if c.kind in NUMBER_KINDS]
        dates = [c for c in columns if c.kind == "datetime"]
        _columns(self.value, numbers, bound.value if bound else "")
        _columns(
            self.date, dates, bound.date if bound else (dates[0].id if dates else ""), none="none"
        )
        _columns(self.subgroup, columns, bound.subgroup if bound else "")
        _columns(self.size_box, numbers, bound.size if bound else "")
        asked = bound.condition.column if bound and bound.condition else ""
        _columns(self.asked, columns, asked or _first_category(columns))
        self._show_condition(bound.condition if bound else None)

    def _show_condition(self, condition: Condition | None) -> None:
        info = self._sheets.get(str(self.sheet.currentData()))
        column_id = str(self.asked.currentData() or "")
        if info is None or not column_id:
            return
        one = info.column(column_id)
        self.condition.show_values(self._values(info, one))
        self.condition.show_column(one, condition)

    def _values(self, info: SheetInfo, one: SheetColumn) -> list[tuple[str, int]]:
        if one.kind in NUMBER_KINDS or one.kind == "datetime":
            return []
        known = [v for v in self._session.column(info.id, one.id) if v is not None]
        names, counts = np.unique(np.asarray(known, dtype=str), return_counts=True)
        order = np.argsort(-counts, kind="stable")[:MOST_LISTED]
        return [(str(names[i]), int(counts[i])) for i in order]

    def _fill_statistics(self, chosen: str) -> None:
        asked = self.counts.currentData() == CONDITION
        self.statistic.clear()
        for key, text in (CONDITION_STATISTICS if asked else VALUE_STATISTICS).items():
            self.statistic.addItem(text, key)
        _choose(self.statistic, chosen)

    def _show_fields(self) -> None:
        tied = bool(self.sheet.currentData())
        asked = self.counts.currentData() == CONDITION
        grouped = self.period.currentData() != "row"
        for part, on in (
            (self.counts, tied), (self.value, tied and not asked), (self.asked, tied and asked),
            (self.condition, tied and asked), (self.date, tied), (self.period, tied),
            (self.subgroup, tied and self.period.currentData() == "subgroup"),
            (self.statistic, tied and (grouped or asked)),
            (self.size_box, tied and self.statistic.currentData() == "rate" and not asked),
        ):  # fmt: skip
            self.form.setRowVisible(part, on)

    def binding(self) -> Binding | None:
        """Return the binding as it stands; None when no data was chosen."""
        sheet_id = str(self.sheet.currentData() or "")
        if not sheet_id:
            return None
        asked = self.counts.currentData() == CONDITION
        period = str(self.period.currentData())
        return Binding(
            sheet_id,
            value="" if asked else str(self.value.currentData() or ""),
            condition=self.condition.condition() if asked and self.asked.currentData() else None,
            date=str(self.date.currentData() or ""),
            period=period,
            subgroup=str(self.subgroup.currentData() or "") if period == "subgroup" else "",
            statistic=str(self.statistic.currentData() or "mean"),
            size=str(self.size_box.currentData() or "")
            if self.statistic.currentData() == "rate"
            else "",
        )

    def problem(self) -> str:
        """Return what is still missing."""
        if not self.sheet.currentData() or self.counts.currentData() != CONDITION:
            return ""
        return self.condition.problem() if self.asked.currentData() else "Choose a column."


class MetricDialog(QDialog):
    """Edits one metric; the right half says live what the data make of it."""

    help = "metrics"

    def __init__(
        self, session: Session, metric: Record | None, bound: Binding | None, window: "MainWindow"
    ) -> None:
        super().__init__(window)
        self.setObjectName("metric_dialog")
        self.setWindowTitle("Metric")
        self.setMinimumSize(900, 500)
        self._session, self._window = session, window
        self._found: MetricSeries | None = None
        self.name = _line("metric_name", metric, "name")
        self.unit = _line("metric_unit", metric, "unit")
        self.role = _box("metric_role", "Role", ROLES)
        _choose(self.role, str(metric.get("role", "primary")) if metric else "primary")
        self.direction = _box("metric_direction", "Direction", DIRECTIONS)
        _choose(self.direction, str(metric.get("direction", "lower")) if metric else "lower")
        self.definition = QPlainTextEdit(str(metric.get("definition", "") if metric else ""))
        self.definition.setObjectName("metric_definition")
        self.definition.setAccessibleName("How it is measured")
        self.definition.setTabChangesFocus(True)
        self.definition.setFixedHeight(58)
        self.numbers = {key: _line(f"metric_{key}", metric, key) for key in NUMBERS}
        self.reason = _line("metric_reason", metric, "measurement_reason")
        self.reason.setPlaceholderText("e.g. clock of the gate system")
        self.reason.setCursorPosition(0)  # a long reason shows how it begins
        self.where = BindingEditor(session, bound)
        self.preview = label("")
        self.preview.setObjectName("metric_preview")
        self.use_average = button("Use as baseline", self._use_average, "use_average")
        self.problem = label("", "problem")
        self.problem.hide()
        self._lay_out()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE)
        self._later.timeout.connect(self._look)
        self.where.on_change(self._later.start)
        self.name.textChanged.connect(lambda *_: self._later.start())
        self._look()

    def _lay_out(self) -> None:
        form = QFormLayout()
        for text, part in (
            ("&Name", self.name), ("Un&it", self.unit), ("&Role", self.role),
            ("Dire&ction", self.direction), ("How it is &measured", self.definition),
        ):  # fmt: skip
            form.addRow(text, part)
        for key, text in NUMBERS.items():
            form.addRow(text, self.numbers[key])
        form.addRow("Why no measurement &study", self.reason)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        shown = card(
            label("What the data say", "heading"), self.preview, row(self.use_average, None)
        )
        right = column(label("Where it stands in the data", "heading"), self.where, shown, None)
        parts = row(column(form, None), right, spacing=26)
        parts.setStretch(0, 1)
        parts.setStretch(1, 1)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Save metric")
        buttons.accepted.connect(self._check)
        buttons.rejected.connect(self.reject)
        layout = column(parts, self.problem, buttons, spacing=10)
        layout.setContentsMargins(18, 16, 18, 14)
        self.setLayout(layout)

    # what the data say ---------------------------------------------------------------------

    def _look(self) -> None:
        """Work out the series beside the window and say it in a sentence."""
        bound, missing = self.where.binding(), self.where.problem()
        self._found = None
        self.use_average.setEnabled(False)
        if bound is None or missing:
            self.preview.setText(missing or "Choose the data to see the metric over time.")
            return
        session, name = self._session, self.name.text().strip() or "This metric"
        unit = self.unit.text().strip()
        self._window.jobs.run(
            lambda _job: series(session, bound, name=name, unit=unit),
            while_alive(self, self._say), failed=while_alive(self, self._say_problem),
            view="metric-preview",
        )  # fmt: skip

    def _say(self, found: MetricSeries) -> None:
        self._found = found
        self.preview.setText(found.sentence)
        self.use_average.setEnabled(bool(np.isfinite(found.average)))

    def _say_problem(self, problem: Problem) -> None:
        self.preview.setText(f"{problem.message} {problem.hint}".strip())

    def _use_average(self) -> None:
        if self._found is not None:
            self.numbers["baseline"].setText(f"{self._found.average:.{self._found.decimals}f}")
            if not self.unit.text().strip():
                self.unit.setText(self._found.unit)

    # what is stored ------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """Return the values as they will be stored; a bad number raises ValueError."""
        bound = self.where.binding()
        return {
            "name": self.name.text().strip(), "unit": self.unit.text().strip(),
            "role": self.role.currentData(), "direction": self.direction.currentData(),
            "definition": self.definition.toPlainText().strip(),
            **{key: _number(line.text()) for key, line in self.numbers.items()},
            "measurement_reason": self.reason.text().strip(),
            "binding": bound.as_json() if bound else None,
        }  # fmt: skip

    def _check(self) -> None:
        problem = self._problem()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if not problem:
            self.accept()

    def _problem(self) -> str:
        try:
            values = self.values()
        except ValueError:
            return "Baseline, target and limits are numbers, or empty."
        low, high = values["lsl"], values["usl"]
        if not values["name"]:
            return "Give the metric a name."
        if low is not None and high is not None and low >= high:
            return "The lower limit must be below the upper limit. Exchange them."
        return self.where.problem()

    def stop(self) -> None:
        """Look no more at the data."""
        self._later.stop()


def _number(text: str) -> float | None:
    if not text.strip():
        return None
    number = typed_number(text.strip())
    if number is None:
        raise ValueError(text)
    return number


def _line(name: str, metric: Record | None, key: str) -> QLineEdit:
    value = metric.get(key) if metric else None
    text = "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
    line = QLineEdit(text)
    line.setObjectName(name)
    line.setAccessibleName(key.replace("_", " "))
    return line


def _box(name: str, spoken: str, choices: Mapping[str, str] | None = None) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(spoken)
    box.setMinimumContentsLength(12)
    for key, text in (choices or {}).items():
        box.addItem(text, key)
    return box


def _choose(box: QComboBox, stored: str) -> None:
    box.setCurrentIndex(max(0, box.findData(stored)))


def _columns(box: QComboBox, columns: Sequence[SheetColumn], chosen: str, none: str = "") -> None:
    box.clear()
    if none:
        box.addItem(none, "")
    for one in columns:
        box.addItem(words.titled(one.name, one.unit), one.id)
    _choose(box, chosen)


def _first_category(columns: Sequence[SheetColumn]) -> str:
    return next((c.id for c in columns if c.kind == "category"), "")


def edit_metric(
    session: Session,
    metric_id: str | None,
    window: "MainWindow",
    *,
    sheet_id: str = "",
    column_id: str = "",
) -> str | None:
    """Ask for a metric and store it, with its column, as one step; return its id."""
    metric = session.record(metric_id) if metric_id else None
    bound = binding_of(metric) if metric else None
    if bound is None and sheet_id:
        bound = _proposed(session.sheet(sheet_id), column_id)
    dialog = MetricDialog(session, metric, bound, window)
    try:
        if not dialog.exec():
            return None
        values = dialog.values()
    finally:
        dialog.stop()
        dialog.deleteLater()
    verb = "Edit" if metric else "Add"
    with session.step(f"{verb} metric {values['name']}"):
        if metric_id is None:
            metric_id = session.add("metric", values)
        else:
            session.edit(metric_id, values)
        _tie(session, metric_id, Binding.from_json(values["binding"]), values["unit"])
    return metric_id


def _proposed(sheet: SheetInfo, column_id: str) -> Binding:
    """Propose a binding for a column: its values, or its rows by condition."""
    one = next((c for c in sheet.columns if c.id == column_id), None)
    date = next((c.id for c in sheet.columns if c.kind == "datetime"), "")
    numbers = [c.id for c in sheet.columns if c.kind in NUMBER_KINDS]
    if one is not None and (one.kind == "category" or (one.kind in {"text", "id"} and not numbers)):
        condition = Condition(one.id, "one_of", ())
        period = "week" if date else "row"
        return Binding(sheet.id, condition=condition, date=date, period=period, statistic="share")
    value = one.id if one is not None and one.id in numbers else next(iter(numbers), "")
    return Binding(sheet.id, value=value, date=date, statistic="mean")


def _tie(session: Session, metric_id: str, bound: Binding | None, unit: str) -> None:
    """Let the value column point to its metric, and no other column."""
    for sheet in session.sheets():
        for one in sheet.columns:
            mine = bound is not None and (sheet.id, one.id) == (bound.sheet_id, bound.value)
            if mine:
                session.edit_column(sheet.id, one.id, metric_id=metric_id, unit=unit or one.unit)
            elif one.metric_id == metric_id:
                session.edit_column(sheet.id, one.id, metric_id=None)
