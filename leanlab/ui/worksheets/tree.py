"""The tree editor: an outline that one writes like a list; Enter adds, Tab goes deeper."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QFont, QIcon, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from leanlab.core.format import coded
from leanlab.domain.registers import CAUSE_GLYPHS
from leanlab.ui.widgets import plain_tip
from leanlab.ui.worksheets.binding import Binding
from leanlab.ui.worksheets.fields import PAUSE
from leanlab.worksheets.declare import Edit, Message, Row, Section, Tree, first_level
from leanlab.worksheets.layout.drawing import PALETTES

Index = QModelIndex | QPersistentModelIndex
ID = Qt.ItemDataRole.UserRole
GROUP = Qt.ItemDataRole.UserRole + 1
STATUS_KEYS: Mapping[str, str] = {
    "v": "verified", "r": "refuted", "?": "potential", "t": "under test", "s": "screened out",
}  # fmt: skip
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_COLOURS = {"verified": "ok", "refuted": "soft_ink", "screened out": "soft_ink", "under test": "attention"}  # fmt: skip


class OutlineDelegate(QStyledItemDelegate):
    """The line one types into; Tab and Enter inside it mean deeper and next."""

    def __init__(self, tree: "OutlineView") -> None:
        super().__init__(tree)
        self._tree = tree

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a plain line; a pause accepts."""
        line = QLineEdit(parent)
        line.setObjectName("outline_editor")
        line.setAccessibleName(self._tree.section.row_word)
        line.setFrame(False)
        timer = QTimer(line)
        timer.setObjectName("pause")
        timer.setSingleShot(True)
        timer.setInterval(PAUSE)
        timer.timeout.connect(lambda: self.commitData.emit(line))
        line.textEdited.connect(lambda *_: timer.start())
        return line

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """A closed line has nothing more to accept."""
        timer = editor.findChild(QTimer, "pause")
        if timer is not None:
            timer.stop()
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the text once; what is being typed stays."""
        if isinstance(editor, QLineEdit) and not editor.property("loaded"):
            editor.setProperty("loaded", True)
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """Take the text over."""
        if isinstance(editor, QLineEdit):
            self._tree.take(self._tree.itemFromIndex(index), editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter: next; Tab: deeper; Shift+Tab: back; Escape: give up."""
        if isinstance(editor, QLineEdit) and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)  # noqa: S101
            key = event.key()
            if key in _ENTER or key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                text = editor.text().strip()
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
                self._tree.after_typing(Qt.Key(key), text)
                return True
        return super().eventFilter(editor, event)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A calm line height."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), max(hint.height(), option.fontMetrics.lineSpacing() + 11))


class OutlineView(QTreeWidget):
    """The outline is the truth; the drawing follows it."""

    def __init__(self, binding: Binding, section: Section) -> None:
        super().__init__()
        assert section.tree is not None  # noqa: S101 - asked by the page
        self.binding, self.section = binding, section
        self.tree: Tree = section.tree
        self._shape: tuple[object, ...] = ()
        self._draft: QTreeWidgetItem | None = None
        self._making = False
        self.setObjectName(f"outline_{section.id}")
        self.setAccessibleName(f"{section.title}, outline")
        self.setColumnCount(2)
        self.header().hide()
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setIndentation(18)
        self.setIconSize(QSize(18, 18))
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setUniformRowHeights(False)
        self.setWordWrap(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(OutlineDelegate(self))
        self.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.currentItemChanged.connect(self._picked)
        self.itemDoubleClicked.connect(lambda item, _c: self.type_into(item))
        binding.picked.connect(self._show_picked)
        self.refresh()

    # reading -------------------------------------------------------------------------------

    def _rows(self) -> Sequence[Row]:
        return self.binding.view.all(self.section.id)

    def children_of(self, parent: str | None) -> list[Row]:
        """Return the rows below a row; what has lost its parent stands on top."""
        rows = self._rows()
        known = {r.id for r in rows}
        return [
            r for r in rows
            if (r.get(self.tree.parent) if r.get(self.tree.parent) in known else None) == parent
        ]  # fmt: skip

    def refresh(self) -> None:
        """Follow the rows; an open line stays while the tree keeps its shape."""
        if self._making:
            return
        shape = self._shape_now()
        if shape == self._shape and self.topLevelItemCount():
            for row in self._rows():
                item = self._item(row.id)
                if item is not None:
                    self._paint(item, row)
            self._paint_headings()
            return
        now = self.currentItem()
        current, group = self._id(now), now.data(0, GROUP) if now is not None else None
        self._build()
        self._shape = shape
        found = self._item(current) if current else self._group_item(group)
        if found is not None:
            self.setCurrentItem(found)

    def _shape_now(self) -> tuple[object, ...]:
        view = self.binding.view
        start = self.tree.start(view) if self.tree.start else ""
        groups = self.tree.groups(view) if self.tree.groups else ()
        rows = tuple((r.id, r.get(self.tree.parent), r.get(self.tree.group) if self.tree.group else None) for r in self._rows())  # fmt: skip
        return start, groups, rows

    def _build(self) -> None:
        self.blockSignals(True)
        self._draft = None
        self.clear()
        view = self.binding.view
        if self.tree.groups is None:
            root = self._heading(
                self.tree.root(view) if self.tree.root else self.section.title, None
            )
            self.addTopLevelItem(root)
            for row in first_level(view, self.section):
                self._add(root, row)
        else:
            self._build_groups(self.tree.groups(view))
        self.expandAll()
        self.blockSignals(False)

    def _build_groups(self, groups: Sequence[str]) -> None:
        tops = self.children_of(None)
        loose = [r for r in tops if not r.text(self.tree.group)]
        for name in (*groups, *([""] if loose else [])):
            item = self._heading(name or self.tree.ungrouped, name)
            self.addTopLevelItem(item)
            for row in tops:
                if row.text(self.tree.group) == name:
                    self._add(item, row)

    def _heading(self, text: str, group: str | None) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text, ""])
        font = QFont()
        font.setBold(True)
        item.setFont(0, font)
        item.setData(0, ID, "")
        item.setData(0, GROUP, group)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        return item

    def _paint_headings(self) -> None:
        top = self.topLevelItem(0)
        if self.tree.groups is None and self.tree.root is not None and top is not None:
            top.setText(0, self.tree.root(self.binding.view))

    def _add(self, parent: QTreeWidgetItem, row: Row) -> None:
        item = QTreeWidgetItem()
        item.setData(0, ID, row.id)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable)  # fmt: skip
        parent.addChild(item)
        self._paint(item, row)
        for child in self.children_of(row.id):
            self._add(item, child)

    def _paint(self, item: QTreeWidgetItem, row: Row) -> None:
        colours = PALETTES[self.binding.words_theme]
        status = row.text("status") or "potential"
        item.setText(0, row.text(self.tree.text))
        item.setText(1, row.code)
        item.setIcon(0, status_icon(status, self.binding.words_theme))
        font = QFont()
        font.setBold(status == "verified")
        font.setStrikeOut(status == "refuted")
        item.setFont(0, font)
        off = status in {"refuted", "screened out"}
        item.setForeground(0, QColor(colours["soft_ink" if off else "ink"]))
        item.setForeground(1, QColor(colours["soft_ink"]))
        item.setToolTip(0, plain_tip(f"{coded(row.text(self.tree.text), row.code)}: {status}"))

    def repaint_all(self) -> None:
        """Draw the signs of status in the colours of another theme."""
        for row in self._rows():
            item = self._item(row.id)
            if item is not None:
                self._paint(item, row)

    def show_messages(self, messages: Sequence[Message]) -> None:
        """Show in the tool tips what checks say."""
        for message in messages:
            item = self._item(message.hit.row_id) if message.hit.row_id else None
            if item is not None and not message.accepted:
                item.setToolTip(0, plain_tip(message.hit.text))

    # finding -------------------------------------------------------------------------------

    @staticmethod
    def _id(item: QTreeWidgetItem | None) -> str:
        return str(item.data(0, ID) or "") if item is not None else ""

    def _all(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        waiting = [self.topLevelItem(i) for i in range(self.topLevelItemCount())]
        while waiting:
            item = waiting.pop(0)
            if item is not None:
                found.append(item)
                waiting = [*(item.child(i) for i in range(item.childCount())), *waiting]
        return found

    def _item(self, row_id: str) -> QTreeWidgetItem | None:
        return next((i for i in self._all() if row_id and self._id(i) == row_id), None)

    def _group_item(self, group: object) -> QTreeWidgetItem | None:
        return next((i for i in self._all() if not self._id(i) and i.data(0, GROUP) == group), None)

    def _row(self, row_id: str) -> Row | None:
        return next((r for r in self._rows() if r.id == row_id), None)

    def _picked(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if item is not None:
            group = item.data(0, GROUP)
            self.binding.pick(self._id(item) or (f"group:{group or self.tree.ungrouped}" if self.tree.groups else "root"))  # fmt: skip

    def _show_picked(self, row_id: str) -> None:
        if row_id.startswith("group:"):
            name = row_id.removeprefix("group:")
            item = self._group_item("" if name == self.tree.ungrouped else name)
        else:
            item = self._item(row_id)
        if item is not None and item is not self.currentItem():
            self.setCurrentItem(item)

    def go_to(self, row_id: str) -> bool:
        """Go to a row; False if it is not shown."""
        item = self._item(row_id)
        if item is None:
            return False
        self.setCurrentItem(item)
        self.scrollToItem(item)
        self.setFocus()
        return True

    # typing --------------------------------------------------------------------------------

    def type_into(self, item: QTreeWidgetItem | None) -> None:
        """Open the line of an item."""
        if item is not None and self.binding.editable and (self._id(item) or item is self._draft):
            self.setCurrentItem(item)
            self.editItem(item, 0)

    def begin(self, parent: QTreeWidgetItem, after: QTreeWidgetItem | None = None) -> None:
        """Open an empty line; a row is made only when something was typed."""
        if not self.binding.editable:
            return
        self.drop_draft()
        item = QTreeWidgetItem(["", ""])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable)  # fmt: skip
        item.setIcon(0, status_icon("potential", self.binding.words_theme))
        at = parent.indexOfChild(after) + 1 if after is not None else parent.childCount()
        parent.insertChild(at, item)
        parent.setExpanded(True)
        self._draft = item
        self.type_into(item)

    def drop_draft(self) -> None:
        """Take an empty line away."""
        item, self._draft = self._draft, None
        parent = item.parent() if item is not None else None
        if item is not None and parent is not None and not self._id(item):
            parent.removeChild(item)

    def take(self, item: QTreeWidgetItem | None, text: str) -> None:
        """Take over what was typed: a new row for a draft, a new text for a row."""
        text = text.strip()
        if item is None or not text:
            return
        row_id = self._id(item)
        if row_id:
            row = self._row(row_id)
            if row is not None and row.text(self.tree.text) != text:
                self.binding.type_text(self.section.id, row_id, self.tree.text, text)
            return
        self._make(item, text)

    def _make(self, item: QTreeWidgetItem, text: str) -> None:
        parent = item.parent()
        above = parent.child(parent.indexOfChild(item) - 1) if parent is not None else None
        values: dict[str, object] = {self.tree.text: text, **self._place_of(parent)}
        after = self._id(above)
        self._making = True  # our own change must not close the line that is being written
        made = self.binding.add(self.section.id, values, after=after)
        self._making = False
        if made:
            item.setData(0, ID, made)
            self._draft = None
            self._shape = self._shape_now()
            self.refresh()

    def _place_of(self, parent: QTreeWidgetItem | None) -> dict[str, object]:
        parent_id = self._id(parent)
        view = self.binding.view
        start = self.tree.start(view) if self.tree.start else ""
        values: dict[str, object] = {self.tree.parent: parent_id or start or None}
        if self.tree.group:
            above = self._row(parent_id)
            group = (
                above.text(self.tree.group) if above else (parent.data(0, GROUP) if parent else "")
            )
            values[self.tree.group] = group or None
        return values

    def after_typing(self, key: Qt.Key, text: str) -> None:
        """Go on as in a list: Enter adds the next line, Tab a line below."""
        item = self.currentItem()
        parent = item.parent() if item is not None else None
        if item is None or parent is None:
            return
        self.setFocus()
        if not text and not self._id(item):
            self._leave_empty(item, parent, key)
        elif key in _ENTER:
            self.begin(parent, item)
        elif key == Qt.Key.Key_Tab:
            self.begin(item)
        else:
            self.outdent()

    def _leave_empty(self, item: QTreeWidgetItem, parent: QTreeWidgetItem, key: Qt.Key) -> None:
        """An empty line moves in or out with Tab; Enter gives it up, and so does Tab at the end."""
        above, at = parent.parent(), parent.indexOfChild(item)
        sibling = parent.child(at - 1) if at > 0 else None
        if key == Qt.Key.Key_Tab and sibling is not None:
            self.begin(sibling)
        elif key == Qt.Key.Key_Backtab and above is not None:
            self.begin(above, parent)
        else:
            self.drop_draft()
            self.setCurrentItem(parent)
            if key == Qt.Key.Key_Tab:
                super().focusNextPrevChild(True)

    def closeEditor(self, editor: QWidget, hint: object) -> None:
        """A line left empty goes away."""
        super().closeEditor(editor, hint)  # type: ignore[arg-type]
        if self._draft is not None and not self._id(self._draft) and not self._draft.text(0):
            QTimer.singleShot(0, self, self._tidy)

    def _tidy(self) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if not editing:
            self.drop_draft()

    # keys ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keys that mean something in an outline do not reach the menus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_ours(event):  # fmt: skip
            event.accept()
            return True
        return super().event(event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        key, mods = event.key(), event.modifiers()
        if mods & Qt.KeyboardModifier.AltModifier:
            arrows = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
            return key in arrows and bool(self._id(self.currentItem()))
        return key == Qt.Key.Key_F2 and not mods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of an outline."""
        key, mods = event.key(), event.modifiers()
        item = self.currentItem()
        alt = bool(mods & Qt.KeyboardModifier.AltModifier)
        control = bool(mods & Qt.KeyboardModifier.ControlModifier)
        if item is None or not self.binding.editable:
            super().keyPressEvent(event)
        elif alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._move(item, Qt.Key(key))
        elif not control and self._plain_key(item, Qt.Key(key), event.text()):
            pass
        else:
            super().keyPressEvent(event)

    def _plain_key(self, item: QTreeWidgetItem, key: Qt.Key, text: str) -> bool:
        row_id = self._id(item)
        if key in _ENTER:
            parent = item.parent()
            self.begin(parent, item) if row_id and parent is not None else self.begin(item)
        elif key == Qt.Key.Key_F2:
            self.type_into(item)
        elif key == Qt.Key.Key_Delete and row_id:
            self.binding.delete(self.section.id, [row_id])
        elif row_id and text.lower() in STATUS_KEYS and self._has_status():
            self.set_status(row_id, STATUS_KEYS[text.lower()])
        else:
            return False
        return True

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        """Tab adds a line below, Shift+Tab moves a line out; on a heading they leave the outline.

        So does Shift+Tab where a line is on top, and Tab in an empty line that cannot go deeper.
        """
        item = self.currentItem()
        if item is None or not self._id(item) or not self.binding.editable:
            return super().focusNextPrevChild(next)
        if next:
            self.begin(item)
            return True
        return self.outdent() or super().focusNextPrevChild(next)

    def _has_status(self) -> bool:
        return any(f.id == "status" for f in self.section.fields)

    def set_status(self, row_id: str, status: str) -> None:
        """Set the status of a row."""
        self.binding.edit(
            [Edit(self.section.id, row_id, {"status": status})],
            f"Set {self.section.row_word} {status}",
        )

    def outdent(self) -> bool:
        """Move the current row one level out, behind its parent; False where it is on top."""
        item = self.currentItem()
        parent = item.parent() if item is not None else None
        if item is None or parent is None or not self._id(parent):
            return False
        above = parent.parent()
        group = str(above.data(0, GROUP) or "") if above is not None and not self._id(above) else ""
        self.binding.hang(self.section.id, self._id(item), self._id(above) or self._start(), group)
        return True

    def _start(self) -> str | None:
        return (self.tree.start(self.binding.view) or None) if self.tree.start else None

    def _move(self, item: QTreeWidgetItem, key: Qt.Key) -> None:
        row_id, parent = self._id(item), item.parent()
        if not row_id or parent is None:
            return
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.binding.move(self.section.id, row_id, -1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Left:
            self.outdent()
        elif parent.indexOfChild(item) > 0:
            sibling = parent.child(parent.indexOfChild(item) - 1)
            self.binding.hang(self.section.id, row_id, self._id(sibling), self._group_of(sibling))

    def _group_of(self, item: QTreeWidgetItem | None) -> str:
        row = self._row(self._id(item))
        return row.text(self.tree.group) if row is not None and self.tree.group else ""


def status_icon(status: str, theme: str) -> QIcon:
    """Return the sign of a status: a glyph in a circle, so that colour is not the only sign."""
    colours = PALETTES[theme]
    pixmap = QPixmap(36, 36)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    name = _COLOURS.get(status, "line")
    soft = {"ok": "ok_soft", "attention": "attention_soft"}.get(name, "panel")
    painter.setPen(QPen(QColor(colours[name]), 2))
    painter.setBrush(QColor(colours[soft]))
    painter.drawEllipse(4, 4, 28, 28)
    font = QFont()
    font.setPixelSize(19)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(colours[name if name != "line" else "soft_ink"]))
    painter.drawText(pixmap.rect(), Qt.AlignmentFlag.AlignCenter, CAUSE_GLYPHS.get(status, "?"))
    painter.end()
    return QIcon(pixmap)
