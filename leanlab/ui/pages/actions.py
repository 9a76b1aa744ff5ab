"""The action register: who does what by when."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QComboBox, QTableWidget, QTableWidgetItem, QVBoxLayout

from leanlab.core import clock
from leanlab.core import format as words
from leanlab.ui.pages.base import Page
from leanlab.ui.widgets import button, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

STATUS = ("open", "in progress", "done", "verified", "cancelled")
COLUMNS = (
    ("code", "No."),
    ("title", "Action"),
    ("owner", "Owner"),
    ("due", "Due"),
    ("status", "Status"),
    ("note", "Note"),
)
FILTERS = {"all": "All", "open": "Open", "overdue": "Overdue"}


class ActionsPage(Page):
    """All actions of the project in one table."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.summary = label("", "muted")
        self.filter = QComboBox()
        self.filter.setObjectName("action_filter")
        self.filter.setAccessibleName("Which actions")
        for key, text in FILTERS.items():
            self.filter.addItem(text, key)
        self.filter.activated.connect(lambda *_: self.refresh())
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setObjectName("actions_table")
        self.table.setAccessibleName("Actions")
        self.table.setHorizontalHeaderLabels([title for _, title in COLUMNS])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(True)
        for at, width in enumerate((52, 360, 130, 110, 130)):
            self.table.setColumnWidth(at, width)
        self.table.itemChanged.connect(self._edited)
        top = row(
            column(label("Actions", "title"), self.summary, spacing=0),
            None,
            self.filter,
            button("&Delete", self.delete),
            button("&Add action", self.add, "primary"),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        self.refresh()

    def refresh(self) -> None:
        """Show the actions that the filter lets through."""
        self.table.blockSignals(True)
        today = clock.today().isoformat()
        self._shown = [a for a in self.session.records("action") if self._passes(a, today)]
        self.table.setRowCount(len(self._shown))
        for i, action in enumerate(self._shown):
            late = is_late(action, today)
            for j, (name, _) in enumerate(COLUMNS):
                text = action.code if name == "code" else str(action.get(name, "") or "")
                item = QTableWidgetItem(f"{text} (overdue)" if late and name == "status" else text)
                if name in {"code", "status"}:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                if late:
                    item.setForeground(QBrush(QColor(self.window_.tokens["problem"])))
                self.table.setItem(i, j, item)
            self.table.setCellWidget(i, 4, self._status_box(action))
        self.table.blockSignals(False)
        everything = self.session.records("action")
        late = sum(is_late(a, today) for a in everything)
        self.summary.setText(
            f"{words.count(len(everything), 'action')}, {late} overdue"
            if everything
            else "No actions yet. Ctrl+Shift+N adds one from anywhere."
        )

    def _passes(self, action: Any, today: str) -> bool:
        which = self.filter.currentData()
        if which == "open":
            return action.get("status", "open") in {"open", "in progress"}
        return which == "all" or is_late(action, today)

    def _status_box(self, action: Any) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"status_{action.code}")
        box.setAccessibleName(f"Status of {action.code}")
        box.addItems(list(STATUS))
        box.setCurrentText(str(action.get("status", "open")))
        box.activated.connect(lambda *_: self._set_status(action.id, box.currentText()))
        return box

    def _set_status(self, record_id: str, status: str) -> None:
        values: dict[str, Any] = {"status": status}
        if status == "done":
            values["done_on"] = clock.today().isoformat()
        self.session.edit(record_id, values, label=f"Set action {status}")

    def _edited(self, item: QTableWidgetItem) -> None:
        name = COLUMNS[item.column()][0]
        action = self._shown[item.row()]
        text = item.text().strip()
        if name == "due":
            text = self._date(text, str(action.get("due", "") or ""))
        self.session.edit(action.id, {name: text or None}, label=f"Edit {action.code}")
        self.refresh()

    def _date(self, text: str, before: str) -> str:
        from leanlab.data.typing_cells import cell_value

        value, raw = cell_value("datetime", text)
        if raw is not None:
            self.window_.say(f"'{text}' is not a date. Write it as 2026-05-31.")
            return before
        return str(value or "")[:10]

    def add(self) -> None:
        """Add an action and begin to write its title."""
        self.filter.setCurrentIndex(0)
        self.session.add(
            "action",
            {"title": "", "status": "open", "owner": self.session.fact("author")},
            label="Add action",
        )
        self.refresh()
        last = self.table.item(self.table.rowCount() - 1, 1)
        self.table.setCurrentItem(last)
        self.table.editItem(last)

    def delete(self) -> None:
        """Put the current action into the bin."""
        at = self.table.currentRow()
        if 0 <= at < len(self._shown):
            self.session.delete(self._shown[at].id)


def is_late(action: Any, today: str) -> bool:
    """Whether an action is open after its date."""
    due = action.get("due")
    return bool(due and due < today and action.get("status", "open") in {"open", "in progress"})
