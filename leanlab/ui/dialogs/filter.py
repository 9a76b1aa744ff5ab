"""Which rows to show: one condition on one column."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app.records import SheetColumn
from leanlab.core import format as words
from leanlab.data.views import DATE_WORDS, WORDS, Condition, operators, problem_of
from leanlab.ui.widgets import label, row

WIDE = 420
MOST_LISTED = 1_000
MOST_TICKED = 50  # with more values, a list to tick is not the first thing to offer


class ConditionEditor(QWidget):
    """How a column's cells are asked: operator and values; a list to tick for texts."""

    def __init__(self, prefix: str, values: Sequence[tuple[str, int]] = ()) -> None:
        super().__init__()
        self._prefix = prefix
        self._column: SheetColumn | None = None
        self.op = QComboBox()
        self.op.setObjectName(f"{prefix}_op")
        self.op.setAccessibleName("Comparison")
        self.first, self.second = QLineEdit(), QLineEdit()
        for line, name in ((self.first, "Value"), (self.second, "Upper value")):
            line.setObjectName(f"{prefix}_{name.split()[0].lower()}")
            line.setAccessibleName(name)
        self.list = QListWidget()
        self.list.setObjectName(f"{prefix}_list")
        self.list.setAccessibleName("Values")
        self.list.setMinimumHeight(150)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.search = QLineEdit()
        self.search.setObjectName(f"{prefix}_search")
        self.search.setAccessibleName("Find in the list")
        self.search.setPlaceholderText("Find in the list")
        self.search.textChanged.connect(self._narrow)
        layout.addLayout(row(self.op, self.first, self.second))
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.op.currentIndexChanged.connect(self._show_fields)
        self.show_values(values)

    def show_values(self, values: Sequence[tuple[str, int]]) -> None:
        """List the different values of the column with their counts."""
        self.search.clear()
        self.list.clear()
        for text, count in values[:MOST_LISTED]:
            item = QListWidgetItem(f"{text}   ({words.number(count, 0)})")
            item.setData(Qt.ItemDataRole.UserRole, text)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)

    def show_column(self, column: SheetColumn, condition: Condition | None) -> None:
        """Ask about another column."""
        self._column = column
        self.op.clear()
        phrases = {**WORDS, **(DATE_WORDS if column.kind == "datetime" else {})}
        for op in operators(column.kind):
            self.op.addItem(phrases[op], op)
        listed = column.kind in {"category", "text", "id"}
        proposed = "above" if not listed else "contains" if self._long else "one_of"
        chosen = condition.op if condition else proposed
        self.op.setCurrentIndex(max(0, self.op.findData(chosen)))
        values = condition.values if condition else ()
        self.first.setText(values[0] if values and chosen != "one_of" else "")
        self.second.setText(values[1] if len(values) > 1 and chosen == "between" else "")
        for at in range(self.list.count()):
            item = self.list.item(at)
            ticked = item.data(Qt.ItemDataRole.UserRole) in values
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._show_fields()

    def _show_fields(self) -> None:
        op = str(self.op.currentData() or "")
        needed = Condition("", op).needs()
        self.first.setVisible(needed >= 1)
        self.second.setVisible(needed == 2)  # noqa: PLR2004 - from and to
        self.list.setVisible(needed == -1)
        self.search.setVisible(needed == -1 and self._long)

    @property
    def _long(self) -> bool:
        """Whether nobody would tick through all the values."""
        return self.list.count() > MOST_TICKED

    def _narrow(self, text: str) -> None:
        """Show only the values that hold a text; ticks elsewhere stay."""
        for at in range(self.list.count()):
            item = self.list.item(at)
            value = str(item.data(Qt.ItemDataRole.UserRole))
            item.setHidden(text.strip().lower() not in value.lower())

    def condition(self) -> Condition:
        """Return the condition as it stands."""
        assert self._column is not None  # noqa: S101 - shown before it is asked
        op = str(self.op.currentData())
        values: tuple[str, ...] = (self.first.text(), self.second.text())[
            : max(0, Condition("", op).needs())
        ]
        if op == "one_of":
            items = (self.list.item(at) for at in range(self.list.count()))
            values = tuple(
                str(i.data(Qt.ItemDataRole.UserRole))
                for i in items
                if i.checkState() == Qt.CheckState.Checked
            )
        return Condition(self._column.id, op, values)

    def problem(self) -> str:
        """Return why the condition cannot be used yet."""
        assert self._column is not None  # noqa: S101 - shown before it is asked
        return problem_of(self.condition(), self._column.kind)


class FilterDialog(QDialog):
    """Asks for a condition on one column."""

    help = "data.sheets"

    def __init__(
        self,
        column: SheetColumn,
        values: Sequence[tuple[str, int]],
        condition: Condition | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("filter_dialog")
        self.setWindowTitle(f"Filter by {column.name}")
        self.setMinimumWidth(WIDE)
        self.editor = ConditionEditor("filter", values)
        self.editor.show_column(column, condition)
        self.problem = label("", "problem")
        self.problem.hide()
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Filter")
        buttons.accepted.connect(self._check)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(label(f"Show only the rows where {column.name}"))
        layout.addWidget(self.editor)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)

    def _check(self) -> None:
        problem = self.editor.problem()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if not problem:
            self.accept()


def ask_condition(
    column: SheetColumn,
    values: Sequence[tuple[str, int]],
    condition: Condition | None,
    parent: QWidget,
) -> Condition | None:
    """Return the condition, or None when the user cancels."""
    dialog = FilterDialog(column, values, condition, parent)
    return dialog.editor.condition() if dialog.exec() else None
