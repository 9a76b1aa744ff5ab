"""Define a metric: what is measured, which way is better, and in which column it stands."""

from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.ui.widgets import label

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
    "baseline": "Baseline",
    "target": "Target",
    "lsl": "Lower limit (LSL)",
    "usl": "Upper limit (USL)",
}


class MetricDialog(QDialog):
    """Edits one metric."""

    def __init__(self, session: Session, metric: Record | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Metric")
        self.setMinimumWidth(460)
        self._session = session
        self.name = self._line("metric_name", metric, "name")
        self.unit = self._line("metric_unit", metric, "unit")
        self.role = self._box(
            "metric_role", ROLES, metric.get("role", "primary") if metric else "primary"
        )
        self.direction = self._box(
            "metric_direction", DIRECTIONS, metric.get("direction", "lower") if metric else "lower"
        )
        self.definition = QPlainTextEdit(str(metric.get("definition", "") if metric else ""))
        self.definition.setObjectName("metric_definition")
        self.definition.setMaximumHeight(70)
        self.numbers = {key: self._line(f"metric_{key}", metric, key) for key in NUMBERS}
        self.column = QComboBox()
        self.column.setObjectName("metric_column")
        self._fill_columns(metric)
        self.reason = self._line("metric_reason", metric, "measurement_reason")
        self.reason.setPlaceholderText("for example: booked time of the gate system")
        self.problem = label("", "problem")
        form = QFormLayout(self)
        form.addRow("&Name", self.name)
        form.addRow("&Unit", self.unit)
        form.addRow("&Role", self.role)
        form.addRow("&Direction", self.direction)
        form.addRow("How it is &measured", self.definition)
        for key, words in NUMBERS.items():
            form.addRow(words, self.numbers[key])
        form.addRow("&Column with its values", self.column)
        form.addRow("Why no measurement &study is needed", self.reason)
        form.addRow(self.problem)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Save metric")
        buttons.accepted.connect(self._check)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def _line(self, name: str, metric: Record | None, key: str) -> QLineEdit:
        value = metric.get(key) if metric else None
        line = QLineEdit(
            "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        )
        line.setObjectName(name)
        return line

    def _box(self, name: str, choices: dict[str, str], value: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        for key, words in choices.items():
            box.addItem(words, key)
        box.setCurrentIndex(max(0, box.findData(value)))
        return box

    def _fill_columns(self, metric: Record | None) -> None:
        self.column.addItem("none yet", None)
        binding = (metric.get("binding") if metric else None) or {}
        for sheet in self._session.sheets():
            for one in sheet.columns:
                if one.kind in {"number", "whole"}:
                    self.column.addItem(f"{sheet.title}: {one.name}", [sheet.id, one.id])
                    if binding.get("sheet_id") == sheet.id and binding.get("value") == one.id:
                        self.column.setCurrentIndex(self.column.count() - 1)

    def values(self) -> dict[str, Any]:
        """Return the values as they will be stored; a bad number raises ValueError."""
        chosen = self.column.currentData()
        numbers = {
            k: float(b.text().replace(",", ".")) if b.text().strip() else None
            for k, b in self.numbers.items()
        }
        return {
            "name": self.name.text().strip(), "unit": self.unit.text().strip(),
            "role": self.role.currentData(), "direction": self.direction.currentData(),
            "definition": self.definition.toPlainText().strip(), **numbers,
            "measurement_reason": self.reason.text().strip(),
            "binding": {"sheet_id": chosen[0], "value": chosen[1]} if chosen else None,
        }  # fmt: skip

    def _check(self) -> None:
        try:
            values = self.values()
        except ValueError:
            self.problem.setText("Baseline, target and limits are numbers, or empty.")
            return
        low, high = values["lsl"], values["usl"]
        if not values["name"]:
            self.problem.setText("Give the metric a name.")
        elif low is not None and high is not None and low >= high:
            self.problem.setText("The lower limit must be below the upper limit. Exchange them.")
        else:
            self.accept()


def edit_metric(session: Session, metric_id: str | None, parent: QWidget) -> None:
    """Ask for a metric and store it, with its column, as one step."""
    metric = session.record(metric_id) if metric_id else None
    dialog = MetricDialog(session, metric, parent)
    if not dialog.exec():
        return
    values = dialog.values()
    with session.step(
        f"Edit metric {values['name']}" if metric else f"Add metric {values['name']}"
    ):
        if metric_id is None:
            metric_id = session.add("metric", values)
        else:
            session.edit(metric_id, values)
        if values["binding"]:
            sheet_id, column_id = values["binding"]["sheet_id"], values["binding"]["value"]
            session.edit_column(sheet_id, column_id, metric_id=metric_id, unit=values["unit"])
