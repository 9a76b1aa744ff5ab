"""Where a step of the map leads: its connectors with label and share."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.core.errors import DataProblem
from leanlab.core.format import coded
from leanlab.ui.widgets import button, label, row
from leanlab.ui.worksheets.binding import Binding
from leanlab.worksheets.declare import Edit, Field
from leanlab.worksheets.show import typed

_SHARE = Field(id="share", label="Share", type="pct", minimum=0, maximum=1)


class ConnectDialog(QDialog):
    """A small table: to which step, on what condition, for how many of the cases."""

    def __init__(self, binding: Binding, section_id: str, row_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._binding, self._section, self._row_id = binding, section_id, row_id
        rows = binding.view.all(section_id)
        self._others = [(r.id, coded(r.text("name"), r.code)) for r in rows if r.id != row_id]
        step = next(r for r in rows if r.id == row_id)
        self.setWindowTitle("Connectors")
        self.setMinimumSize(540, 320)
        self.table = QTableWidget(0, 3)
        self.table.setObjectName("connectors")
        self.table.setAccessibleName("Connectors of the step")
        self.table.setHorizontalHeaderLabels(["Leads to", "When", "Share of cases (%)"])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(2, 150)
        for one in step.get("next") or ():
            if isinstance(one, dict):
                self._add(str(one.get("to")), str(one.get("label") or ""), one.get("share"))
        if not self.table.rowCount():
            self._add_new()
        self.problem = label("", "problem")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Connect")
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(label(f"{coded(step.text('name'), step.code)} leads to", "heading"))
        layout.addWidget(self.table, 1)
        layout.addLayout(
            row(button("&Add connector", self._add_new), button("&Remove", self._remove), None)
        )
        layout.addWidget(self.problem)
        layout.addWidget(buttons)

    def _add_new(self) -> None:
        taken = {self._target(i) for i in range(self.table.rowCount())}
        free = next((i for i, _ in self._others if i not in taken), "")
        self._add(free, "", None)

    def _add(self, target: str, words: str, share: Any) -> None:
        at = self.table.rowCount()
        self.table.insertRow(at)
        box = QComboBox()
        box.setObjectName(f"target_{at}")
        box.setAccessibleName("Leads to")
        for record_id, name in self._others:
            box.addItem(name, record_id)
        box.setCurrentIndex(max(0, box.findData(target)))
        self.table.setCellWidget(at, 0, box)
        self.table.setItem(at, 1, QTableWidgetItem(words))
        self.table.setItem(at, 2, QTableWidgetItem("" if share is None else f"{100 * share:g}"))
        self.table.setRowHeight(at, 34)

    def _target(self, at: int) -> str:
        box = self.table.cellWidget(at, 0)
        return str(box.currentData(Qt.ItemDataRole.UserRole)) if isinstance(box, QComboBox) else ""

    def _remove(self) -> None:
        if self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())

    def _text(self, at: int, column: int) -> str:
        item = self.table.item(at, column)
        return item.text().strip() if item is not None else ""

    def exits(self) -> list[dict[str, Any]]:
        """Return the connectors as they are kept; a share that does not fit is a DataProblem."""
        found = []
        for at in range(self.table.rowCount()):
            one: dict[str, Any] = {"to": self._target(at)}
            if self._text(at, 1):
                one["label"] = self._text(at, 1)
            share = typed(_SHARE, self._text(at, 2))
            if share is not None:
                one["share"] = share
            if one["to"]:
                found.append(one)
        return found

    def _keep(self) -> None:
        try:
            exits = self.exits()
        except DataProblem as problem:
            self.problem.setText(problem.message)
            return
        edit = Edit(self._section, self._row_id, {"next": exits or None})
        if self._binding.edit([edit], "Connect step"):
            self.accept()


def ask_connectors(binding: Binding, section_id: str, row_id: str, parent: QWidget) -> None:
    """Ask where a step leads."""
    ConnectDialog(binding, section_id, row_id, parent).exec()
