"""The sidebar: the places of a project, with the state of each."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from leanlab.ui.icons import icon
from leanlab.ui.widgets import plain_tip

if TYPE_CHECKING:
    from leanlab.app.records import Record
    from leanlab.app.session import Session

_TARGET = Qt.ItemDataRole.UserRole
DONE = {"ready", "reviewed"}
STATE_WIDTH = 26


class Sidebar(QTreeWidget):
    """Phases with their worksheets and analyses, data, actions, report."""

    def __init__(self, go: Callable[[str], object]) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAccessibleName("Places of the project")
        self.setHeaderHidden(True)
        self.setColumnCount(2)
        self.setIndentation(15)
        self.setRootIsDecorated(False)
        self.setIconSize(QSize(18, 18))
        self.setMinimumWidth(180)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(STATE_WIDTH)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.header().resizeSection(1, STATE_WIDTH)
        self.itemClicked.connect(lambda item: go(item.data(0, _TARGET)))
        self.itemActivated.connect(lambda item: go(item.data(0, _TARGET)))

    def fill(self, session: "Session | None", tokens: Mapping[str, str], current: str) -> None:
        """Show the places of the open project and mark where the user is."""
        at = self.verticalScrollBar().value()
        self.clear()
        if session is None:
            return
        self._tokens = tokens
        self._top("Home", "home", "home")
        self._phases(session)
        self._data(session)
        self._top("Actions", "actions", "actions")
        self._top("Report", "report", "report")
        self.expandAll()
        self._mark(current)
        self.verticalScrollBar().setValue(at)

    def _phases(self, session: "Session") -> None:
        from leanlab.app import roadmap

        records = [*session.records("worksheet"), *session.records("analysis")]
        state = roadmap.state_of(session)
        for phase in state.phases:
            top = self._top(
                phase.phase.title, f"phase:{phase.phase.id}", phase.phase.icon, bold=True
            )
            self._state(top, "ok" if phase.passed else "current" if phase.current else "open_item",
                        phase.words)  # fmt: skip
            for record in records:
                if record.get("phase") == phase.phase.id:
                    self._record(top, record)
        known = {phase.phase.id for phase in state.phases}
        others = [r for r in records if r.get("phase") not in known]
        top = self._top("Analyses", "analyses", "chart")
        for record in others:
            self._record(top, record)

    def _data(self, session: "Session") -> None:
        data = self._top("Data", "data", "data")
        for sheet in session.records("sheet"):
            self._child(data, str(sheet.get("title")), sheet.id, "sheet")

    def _record(self, parent: QTreeWidgetItem, record: "Record") -> None:
        shape = "chart" if record.kind == "analysis" else "form"
        child = self._child(parent, str(record.get("title")), record.id, shape)
        status = record.get("status", "")
        if record.kind == "worksheet":
            self._state(
                child, "ok" if status in DONE else "open_item", str(status or "in progress")
            )

    def _top(self, text: str, target: str, shape: str, *, bold: bool = False) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text, ""])
        item.setData(0, _TARGET, target)
        item.setIcon(0, icon(shape, self._tokens["text"]))
        if bold:
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
        self.addTopLevelItem(item)
        return item

    def _child(
        self, parent: QTreeWidgetItem, text: str, target: str, shape: str
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text, ""])
        item.setToolTip(0, plain_tip(text))
        item.setData(0, _TARGET, target)
        item.setIcon(0, icon(shape, self._tokens["muted"]))
        parent.addChild(item)
        return item

    def _state(self, item: QTreeWidgetItem, shape: str, words: str) -> None:
        colour = {"ok": "ok", "current": "accent"}.get(shape, "muted")
        item.setIcon(1, icon(shape, self._tokens[colour]))
        item.setToolTip(1, words)
        item.setData(1, Qt.ItemDataRole.AccessibleTextRole, words)

    def _mark(self, current: str) -> None:
        for item in self._all():
            if item.data(0, _TARGET) == current:
                self.setCurrentItem(item)

    def _all(self) -> list[Any]:
        tops = [self.topLevelItem(at) for at in range(self.topLevelItemCount())]
        return [
            i
            for top in tops
            if top
            for i in (top, *(top.child(c) for c in range(top.childCount())))
        ]
