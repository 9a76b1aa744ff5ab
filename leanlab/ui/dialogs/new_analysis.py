"""Choose an analysis: from the full list, or from what one wants to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.analyses.declare import Analysis
from leanlab.analyses.registry import ANALYSES, find
from leanlab.app.readiness import fitting, guessed_roles
from leanlab.app.records import SheetInfo
from leanlab.app.session import Session
from leanlab.app.suggest import GOALS, QUESTIONS, Suggestion, suggestions_that_exist
from leanlab.ui.matching import matching, nearly
from leanlab.ui.widgets import button, card, clear, column, label, row, scrolled

WIDE, HIGH = 880, 560
ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be opened: an analysis on a data sheet, or its data created first."""

    analysis_id: str
    sheet_id: str | None
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    create_data: bool = False


def suiting(analyses: Sequence[Analysis], typed: str) -> list[Analysis]:
    """Return analyses whose title, other names, question or group hold every typed word.

    Where none does, those that can be meant: imr, xbarr, parteo.
    """

    def names(one: Analysis) -> tuple[str, ...]:
        return (one.title, *one.also_called)

    held = matching(analyses, typed, names, lambda one: f"{one.question} {one.group} {one.id}")
    return held or nearly(analyses, typed, names)


def lacks(analysis: Analysis, sheet: SheetInfo | None) -> str:
    """Return what a data sheet lacks for an analysis; an empty text if it has everything."""
    if not analysis.roles:
        return ""
    if sheet is None:
        return "It needs data: import a file or type some first."
    for role in analysis.roles:
        if role.required and not fitting(role, sheet):
            return f"{sheet.title} has no column for {role.label}."
    return ""


class NewAnalysisDialog(QDialog):
    """Search, groups, goals; the right side says what the choice would do."""

    def __init__(
        self, session: Session, sheet_id: str | None, parent: QWidget, *, typed: str = ""
    ) -> None:
        super().__init__(parent)
        self.setObjectName("new_analysis_dialog")
        self.setWindowTitle("New analysis")
        self.resize(WIDE, HIGH)
        self.chosen: Chosen | None = None
        self._session = session
        self._sheets = session.sheets()
        self._analysis: Analysis | None = None
        self._suggestions = suggestions_that_exist(frozenset(a.id for a in ANALYSES))
        self._path: list[tuple[str, str]] = []  # answers with where they lead, kept when going back
        self._at = 0  # how many of them stand
        self.box = QLineEdit()
        self.box.setObjectName("analysis_search")
        self.box.setAccessibleName("Search analyses")
        self.box.setPlaceholderText("Search: pareto, compare averages, XmR, gage…")
        self.box.setClearButtonEnabled(True)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("analysis_ways")
        self.tree = self._make_tree()
        self.tabs.addTab(self.tree, "All analyses")
        goals = QWidget()
        self._goals = QVBoxLayout(goals)
        self._goals.setContentsMargins(2, 12, 10, 6)
        self._goals.setSpacing(10)
        self.tabs.addTab(scrolled(goals), "What do you want to know?")
        self.data = QComboBox()
        self.data.setObjectName("analysis_data")
        self.data.setAccessibleName("Data")
        for sheet in self._sheets:
            self.data.addItem(f"{sheet.title} ({sheet.rows:,} rows)", sheet.id)
        self.data.setCurrentIndex(max(0, self.data.findData(sheet_id)))
        self._arrange()
        self.box.textChanged.connect(self._fill)
        self.tree.currentItemChanged.connect(lambda *_: self._select_current())
        self.tree.itemActivated.connect(lambda *_: self._open())
        self.data.activated.connect(lambda *_: self._fill(self.box.text()))
        self.box.setText(typed)
        self._fill(typed)
        self._show_goals()
        self.box.setFocus()

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("analysis_list")
        tree.setAccessibleName("Analyses")
        tree.setHeaderHidden(True)
        tree.setIndentation(12)
        tree.setRootIsDecorated(False)
        tree.setIconSize(QSize(0, 0))
        tree.setUniformRowHeights(True)
        tree.setStyleSheet("QTreeWidget::item { padding: 4px 2px; }")
        return tree

    def _arrange(self) -> None:
        self._right = QVBoxLayout()
        self._right.setSpacing(8)
        detail = QWidget()
        detail.setLayout(self._right)
        side = scrolled(detail)
        side.setStyleSheet("QScrollArea, #page { background: transparent; }")
        side.setMinimumWidth(330)
        self.open_button = button("Open analysis", self._open, "primary")
        self.open_button.setDefault(True)
        self.create_button = button("Create its data…", self._create, "create_data")
        cancel = button("Cancel", self.reject)
        left = column(self.box, self.tabs)
        data = row(label("Data", "muted", wrap=False), self.data)
        data.setStretch(1, 1)
        right = column(data, card(side))
        right.setStretch(1, 1)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addLayout(left, 5)
        body.addLayout(right, 4)
        layout = QVBoxLayout(self)
        layout.addLayout(body, 1)
        layout.addLayout(row(None, self.create_button, self.open_button, cancel))

    # the full list -------------------------------------------------------------------------

    @property
    def _sheet(self) -> SheetInfo | None:
        return next((s for s in self._sheets if s.id == self.data.currentData()), None)

    def _fill(self, typed: str) -> None:
        found = suiting(ANALYSES, typed)
        if typed.strip():
            self.tabs.setCurrentIndex(0)
        current = self._analysis.id if self._analysis else ""
        self.tree.blockSignals(True)
        self.tree.clear()
        groups = {} if typed.strip() else dict.fromkeys(a.group for a in found)
        tops = {name: self._group(name) for name in groups}
        for one in found:
            item = QTreeWidgetItem([one.title])
            item.setData(0, ID, one.id)
            reason = lacks(one, self._sheet)
            item.setToolTip(0, reason or one.question)
            if reason and one.generator is None:
                item.setForeground(0, self.palette().placeholderText())
            if one.group in tops:
                tops[one.group].addChild(item)
            else:
                self.tree.addTopLevelItem(item)
        self.tree.expandAll()
        self.tree.blockSignals(False)
        self._go_to(current if current in {a.id for a in found} else found[0].id if found else "")

    def _group(self, name: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name])
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.addTopLevelItem(item)
        return item

    def _items(self) -> list[QTreeWidgetItem]:
        tops = [self.tree.topLevelItem(i) for i in range(self.tree.topLevelItemCount())]
        found: list[QTreeWidgetItem | None] = []
        for top in tops:
            if top is not None:
                found += [top, *(top.child(i) for i in range(top.childCount()))]
        return [item for item in found if item is not None and item.data(0, ID)]

    def _go_to(self, analysis_id: str) -> None:
        item = next((i for i in self._items() if i.data(0, ID) == analysis_id), None)
        if item is not None:
            self.tree.setCurrentItem(item)
        self._analysis = find(analysis_id) if item is not None else None
        self._describe()

    @property
    def help(self) -> str:
        """The help of the analysis that is chosen."""
        return self._analysis.id if self._analysis is not None else "analyses"

    def _select_current(self) -> None:
        item = self.tree.currentItem()
        if item is not None and item.data(0, ID):
            self._analysis = find(item.data(0, ID))
            self._describe()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move in the list while the search box keeps the focus; digits pick a goal."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        items = self._items()
        if step and items and self.box.hasFocus():
            at = next((i for i, item in enumerate(items) if item is self.tree.currentItem()), -1)
            self.tree.setCurrentItem(items[max(0, min(len(items) - 1, at + step))])
        else:
            super().keyPressEvent(event)

    # goals ---------------------------------------------------------------------------------

    def _show_goals(self) -> None:
        self._at = 0
        clear(self._goals)
        self._goals.addWidget(label("What do you want to know?", "heading"))
        grid = QGridLayout()
        grid.setSpacing(8)
        for number, goal in enumerate(GOALS):
            made = QPushButton(f"{goal.title}\n{goal.example}")
            made.setObjectName("choice")
            self._mark_answer(made, goal.title)
            made.setAccessibleName(goal.title)
            made.setAccessibleDescription(goal.example)
            made.setProperty("goal", goal.id)
            made.setMinimumHeight(58)
            made.clicked.connect(partial(self._answer, goal.title, goal.leads_to))
            grid.addWidget(made, number // 2, number % 2)
        self._goals.addLayout(grid)
        self._goals.addStretch(1)

    def _answer(self, text: str, leads_to: str, *_: object) -> None:
        """Go on with an answer; another one than before forgets what followed it."""
        if self._path[self._at : self._at + 1] != [(text, leads_to)]:
            self._path = [*self._path[: self._at], (text, leads_to)]
        self._go_to_step(self._at + 1)

    def _go_to_step(self, step: int) -> None:
        """Show what follows the first answers; the later ones stay marked."""
        self._at = step
        if not step:
            self._show_goals()
            return
        leads_to = self._path[step - 1][1]
        clear(self._goals)
        self._goals.addLayout(self._trail())
        if leads_to in QUESTIONS:
            self._ask(leads_to)
        elif leads_to in self._suggestions:
            self._suggest(self._suggestions[leads_to])
        else:
            text = "This version has no analysis for this question. The full list may help."
            self._goals.addWidget(label(text, "muted"))
        self._goals.addStretch(1)

    def _trail(self) -> QHBoxLayout:
        """Return the answers so far; each leads back to its question."""
        back = button("Back", partial(self._go_to_step, self._at - 1), "chooser_back")
        back.setAccessibleName("Back to the question before")
        parts: list[QWidget] = [back]
        for number, (text, _) in enumerate(self._path[: self._at]):
            crumb = button(text, partial(self._go_to_step, number), "link")
            crumb.setAccessibleName(f"Back to the question answered with {text}")
            parts.append(crumb)
            if number < self._at - 1:
                parts.append(label("›", "small", wrap=False))
        return row(*parts, None, spacing=6)

    def _mark_answer(self, made: QPushButton, text: str) -> None:
        """Show which answer was given when this question was asked before."""
        if [answer for answer, _ in self._path[self._at : self._at + 1]] == [text]:
            made.setText(f"✓ {made.text()}")
            made.setProperty("answered", True)

    def _ask(self, name: str) -> None:
        question = QUESTIONS[name]
        self._goals.addWidget(label(question.text, "heading"))
        if question.why:
            self._goals.addWidget(label(question.why, "muted"))
        for answer in question.answers:
            made = button(
                answer.text, partial(self._answer, answer.text, answer.leads_to), "choice"
            )
            self._mark_answer(made, answer.text)
            self._goals.addWidget(made)

    def _suggest(self, found: Suggestion) -> None:
        self._go_to_any(found.analysis)
        one = find(found.analysis)
        parts: list[QWidget] = [
            label(f"Suggestion: {one.title}", "heading"),
            label(f"Because: {found.because}"),
        ]
        if found.others:
            parts.append(label("Not suggested", "small"))
        for other in found.others:
            title = find(other.analysis).title
            pick = button(title, partial(self._go_to_any, other.analysis), "link")
            parts += [pick, label(other.reason, "muted")]
        self._goals.addWidget(card(*parts))
        self._goals.addWidget(
            label("It is your decision: open it on the right, or take another.", "small")
        )

    def _go_to_any(self, analysis_id: str) -> None:
        self.box.blockSignals(True)
        self.box.clear()
        self.box.blockSignals(False)
        at = self.tabs.currentIndex()
        self._fill("")
        self._go_to(analysis_id)
        self.tabs.setCurrentIndex(at)

    # the right side ------------------------------------------------------------------------

    def _describe(self) -> None:
        clear(self._right)
        one = self._analysis
        self.open_button.setEnabled(one is not None)
        self.create_button.setVisible(one is not None and one.generator is not None)
        self.data.setEnabled(bool(one is None or one.roles))
        if one is None:
            self._right.addWidget(label("Nothing found. Try another word.", "muted"))
            self._right.addStretch(1)
            return
        self._right.addWidget(label(one.title, "heading"))
        self._right.addWidget(label(one.question))
        if one.also_called:
            self._right.addWidget(label("Also called: " + ", ".join(one.also_called), "small"))
        self._columns(one)
        reason = lacks(one, self._sheet)
        self.open_button.setEnabled(not reason)
        if reason:
            self._right.addWidget(label(reason, "problem"))
        if one.generator is not None:
            self._right.addWidget(label(one.generator.help or one.generator.title, "muted"))
        self._right.addStretch(1)

    def _columns(self, one: Analysis) -> None:
        if not one.roles:
            self._right.addWidget(label("Needs no data.", "muted"))
            return
        self._right.addWidget(label("Columns it would use", "small"))
        sheet = self._sheet
        guessed = guessed_roles(one, sheet, self._session) if sheet is not None else {}
        for role in one.roles:
            names = [sheet.column(c).name for c in guessed.get(role.id, ())] if sheet else []
            if not names and not role.required:
                continue
            left = label(role.label, "muted", wrap=False)
            left.setMinimumWidth(90)
            line = row(left, label(", ".join(names) or "none that suits"))
            line.setStretch(1, 1)
            self._right.addLayout(line)
        self._right.addWidget(label("They can be changed on the page.", "small"))

    # the end -------------------------------------------------------------------------------

    def _open(self) -> None:
        one = self._analysis
        if one is None or lacks(one, self._sheet):
            return
        sheet = self._sheet if one.roles else None
        roles = guessed_roles(one, sheet, self._session) if sheet is not None else {}
        self.chosen = Chosen(one.id, sheet.id if sheet is not None else None, roles)
        self.accept()

    def _create(self) -> None:
        if self._analysis is not None and self._analysis.generator is not None:
            self.chosen = Chosen(self._analysis.id, None, create_data=True)
            self.accept()


def choose_analysis(
    parent: QWidget, session: Session, sheet_id: str | None, *, typed: str = "", asked: bool = False
) -> Chosen | None:
    """Return what the user chose, or None when they cancel; `asked` begins with the questions."""
    dialog = NewAnalysisDialog(session, sheet_id, parent, typed=typed)
    if asked:
        dialog.tabs.setCurrentIndex(1)
    return dialog.chosen if dialog.exec() else None
