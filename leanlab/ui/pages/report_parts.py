"""The parts of a report: which are shown, in which order, with pages of one's own between them."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app.storyboard import HEADS, Part, Template
from leanlab.ui.widgets import button, label, plain_tip, row

KEY = Qt.ItemDataRole.UserRole
PAGE_WIDTH, WIDE, LINE_HEIGHT = 40, 288, 23
_UPRIGHT = {"summary", "contents", "box"}  # stand under no chapter


class PartsList(QTreeWidget):
    """One line per part: a tick, its title, the page on which it begins."""

    toggled = Signal(str, bool)
    stepped = Signal(str, int)
    dropped = Signal(str, str)  # a part, and before which one
    removed = Signal(str)
    opened = Signal(str)
    page_wanted = Signal(str)
    seen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("report_parts")
        self.setAccessibleName("Parts of the report")
        self.setToolTip(
            "Space shows a part or leaves it out; Alt+Up and Alt+Down move it; Enter opens it; "
            "Ctrl+Enter adds a page of your own; Del takes a part out."
        )
        self.setHeaderHidden(True)
        self.setColumnCount(2)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(PAGE_WIDTH)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, PAGE_WIDTH)
        self.itemChanged.connect(self._ticked)
        self.itemActivated.connect(lambda item: self.opened.emit(item.data(0, KEY)))
        self.currentItemChanged.connect(self._looked)

    def show_parts(self, parts: Sequence[Part], *, editable: bool) -> None:
        """Show other parts; the line that was chosen stays chosen."""
        chosen, at = self.key, self.verticalScrollBar().value()
        self.blockSignals(True)
        self.clear()
        for part in parts:
            self._add(part, editable=editable)
        self._choose(chosen)
        self.blockSignals(False)
        self.verticalScrollBar().setValue(at)

    def _add(self, part: Part, *, editable: bool) -> None:
        under = part.kind not in HEADS | _UPRIGHT and not (part.kind == "own" and part.new_page)
        item = QTreeWidgetItem([f"{'      ' if under else ''}{part.title}", ""])
        item.setData(0, KEY, part.key)
        item.setToolTip(0, plain_tip(part.title))
        item.setSizeHint(0, QSize(0, LINE_HEIGHT))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, part.title)
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setCheckState(0, Qt.CheckState.Checked if part.shown else Qt.CheckState.Unchecked)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if editable:
            flags |= Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsDragEnabled
        item.setFlags(flags)
        if part.kind in HEADS:
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
        self.addTopLevelItem(item)

    def show_places(self, places: Mapping[str, int]) -> None:
        """Write the page on which each part begins."""
        self.blockSignals(True)
        for item in self._items():
            page = places.get(item.data(0, KEY))
            item.setText(1, "" if page is None else str(page))
            item.setToolTip(1, "" if page is None else f"Begins on page {page}")
        self.blockSignals(False)

    @property
    def key(self) -> str:
        """The part that is chosen."""
        item = self.currentItem()
        return "" if item is None else str(item.data(0, KEY))

    def _choose(self, key: str) -> None:
        for item in self._items():
            if item.data(0, KEY) == key:
                self.setCurrentItem(item)

    def _items(self) -> list[QTreeWidgetItem]:
        found = [self.topLevelItem(i) for i in range(self.topLevelItemCount())]
        return [item for item in found if item is not None]

    def _ticked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == 0:
            shown = item.checkState(0) == Qt.CheckState.Checked
            self.toggled.emit(item.data(0, KEY), shown)

    def _looked(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.seen.emit(item.data(0, KEY))

    def event(self, event: QEvent) -> bool:
        """Keep the keys of this list from the commands of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._own(event):  # fmt: skip
            event.accept()
            return True
        return super().event(event)

    def _own(self, event: QKeyEvent) -> bool:
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        return (alt and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}) or (control and enter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with Alt, take out with Del, add a page with Ctrl+Enter."""
        if self._own(event):
            if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self.page_wanted.emit(self.key)
            elif self.key:
                self.stepped.emit(self.key, -1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete and self.key:
            self.removed.emit(self.key)
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the move; the list is filled again from what the project then holds."""
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        target = self.itemAt(event.position().toPoint())
        items = self._items()
        at = items.index(target) if target is not None else len(items)
        if (
            target is not None
            and self.dropIndicatorPosition() == self.DropIndicatorPosition.BelowItem
        ):
            at += 1
        if self.key:
            self.dropped.emit(self.key, items[at].data(0, KEY) if at < len(items) else "")


class PartsPanel(QWidget):
    """The kind of report, its parts, and what can be done with them."""

    template_chosen = Signal(str)
    usual_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDE)
        self.kinds = QComboBox()
        self.kinds.setObjectName("report_kind")
        self.kinds.setAccessibleName("Kind of report")
        self.kinds.activated.connect(lambda i: self.template_chosen.emit(self.kinds.itemData(i)))
        self.tells = label("", "small")
        self.parts = PartsList()
        self.add = button(
            "&Add page…", lambda: self.parts.page_wanted.emit(self.parts.key), "report_add"
        )
        self.up = _arrow("↑", "Move up (Alt+Up)", lambda: self._step(-1), "report_up")
        self.down = _arrow("↓", "Move down (Alt+Down)", lambda: self._step(1), "report_down")
        self.usual = button("Usual", self.usual_wanted.emit, "report_usual")
        self.usual.setToolTip("Return to the parts and the order that this report has by itself")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 0, 10, 12)
        layout.setSpacing(8)
        layout.addWidget(self.kinds)
        layout.addWidget(self.tells)
        layout.addWidget(self.parts, 1)
        layout.addLayout(row(self.add, self.up, self.down, self.usual, spacing=4))

    def _step(self, by: int) -> None:
        if self.parts.key:
            self.parts.stepped.emit(self.parts.key, by)

    def show_state(
        self, kinds: Sequence[Template], chosen: Template, parts: Sequence[Part], *, changed: bool, editable: bool
    ) -> None:  # fmt: skip
        """Show the kinds of report and the parts of the chosen one."""
        self.kinds.clear()
        for kind in kinds:
            self.kinds.addItem(kind.title, kind.id)
        self.kinds.setCurrentIndex([k.id for k in kinds].index(chosen.id))
        self.kinds.setEnabled(editable)
        self.tells.setText(chosen.tells)
        self.parts.show_parts(parts, editable=editable)
        for made in (self.add, self.up, self.down):
            made.setEnabled(editable)
        self.usual.setEnabled(editable and changed)


def _arrow(sign: str, tip: str, run: Callable[[], object], name: str) -> QPushButton:
    made = button(sign, run, name)
    made.setAccessibleName(tip.partition(" (")[0])
    made.setToolTip(tip)
    return made
