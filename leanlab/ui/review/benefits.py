"""Finance validates or rejects benefit lines, or single months of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app.records import Record
from leanlab.app.review_session import ReviewSession
from leanlab.core import format as words
from leanlab.domain.benefits import (
    CLASSES,
    SERIES,
    STANDINGS,
    STATES,
    Stood,
    actual_months,
    month_standing,
    month_value,
    stood,
)
from leanlab.ui.review.bar import reviewed
from leanlab.ui.widgets import label

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

COLUMNS = ("Benefit", "Plan", "Forecast", "Actual", "Finance so far", "Your word", "Comment")
CHOICES = (("–", ""), ("validate", "validated"), ("reject", "rejected"))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One line or month, with the parts that hold the answer."""

    line_id: str
    month: str
    choice: QComboBox
    text: QLineEdit


class BenefitsDialog(QDialog):
    """A tree of lines and months; each has a word of finance and a comment."""

    help = "review"

    def __init__(self, session: ReviewSession, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("benefits_dialog")
        self.setWindowTitle("Validate benefits")
        self.resize(980, 560)
        self._session = session
        self.asked: list[_Asked] = []
        self.tree = QTreeWidget()
        self.tree.setObjectName("benefits_tree")
        self.tree.setAccessibleName("Benefits by line and month")
        self.tree.setColumnCount(len(COLUMNS))
        self.tree.setHeaderLabels(list(COLUMNS))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        header = self.tree.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        for at, width in enumerate((300, 78, 78, 78, 140, 104)):
            self.tree.setColumnWidth(at, width)
        for line in session.records("benefit_line"):
            self._line(line)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        buttons.button(standard.Ok).setText("Keep in my review")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(
            label(
                "Your word on a line is for all of it; open a line to judge single months. It "
                "counts when the owner imports your review.",
                "muted",
            )
        )
        layout.addWidget(self.tree, 1)
        layout.addWidget(buttons)

    def _line(self, line: Record) -> None:
        months = sorted(line.get("months") or {})
        sums = [
            _amount(sum(v for m in months if (v := month_value(line, m, s)) is not None), months)
            for s in SERIES
        ]
        state = str(line.get("state") or "estimated")
        kind = CLASSES.get(str(line.get("benefit_class")), "")
        title = f"{line.get('title', '')}  ({line.code}; {kind}; {STATES.get(state, state)})"
        top = QTreeWidgetItem([title, *sums, _told(stood([line]))])
        self.tree.addTopLevelItem(top)
        self._ask(top, line.id, "", counted=bool(actual_months(line)))
        for month in months:
            values = [month_value(line, month, s) for s in SERIES]
            if all(v is None for v in values):
                continue
            shown = ["" if v is None else words.number(v, 0) for v in values]
            said = STANDINGS[month_standing(line, month)] if values[-1] is not None else ""
            item = QTreeWidgetItem([words.month(month), *shown, said])
            top.addChild(item)
            self._ask(item, line.id, month, counted=values[-1] is not None)

    def _ask(self, item: QTreeWidgetItem, line_id: str, month: str, *, counted: bool) -> None:
        """Ask for a word; without an actual amount there is nothing to validate."""
        for at in range(1, 4):
            item.setTextAlignment(at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        choice, text = QComboBox(), QLineEdit()
        for shown, value in CHOICES:
            if counted or value != "validated":
                choice.addItem(shown, value)
        choice.setAccessibleName(f"Your word on {item.text(0)}")
        choice.setObjectName(f"judge_{month or 'line'}")
        text.setAccessibleName(f"Comment on {item.text(0)}")
        before = self._session.item("benefit", line_id, month)
        if before is not None:
            choice.setCurrentIndex(choice.findData(before.choice))
            text.setText(before.text)
        self.tree.setItemWidget(item, 5, choice)
        self.tree.setItemWidget(item, 6, text)
        self.asked.append(_Asked(line_id, month, choice, text))

    def keep(self) -> None:
        """Write what was judged, and take back what was taken back; one step."""
        with self._session.step("Judge benefits"):
            for one in self.asked:
                before = self._session.item("benefit", one.line_id, one.month)
                choice, text = str(one.choice.currentData()), one.text.text().strip()
                same = before is not None and (before.choice, before.text) == (choice, text)
                if choice and not same:
                    self._session.judge_benefit(one.line_id, choice, text, one.month)
                elif before is not None and not choice:
                    self._session.withdraw(before.id)


def _told(seen: Stood) -> str:
    """Return the shortest word on a line."""
    parts = seen.parts()
    return STANDINGS[parts[0][0]] if len(parts) == 1 else "in part" if parts else ""


def _amount(value: float, months: list[str]) -> str:
    return words.number(value, 0) if months else ""


def judge_benefits(window: "MainWindow") -> None:
    """Ask finance for its word and keep it in the review."""
    session = reviewed(window)
    if session is None:
        return
    dialog = BenefitsDialog(session, window)
    if dialog.exec():
        dialog.keep()
        window.say("Kept in your review.")
