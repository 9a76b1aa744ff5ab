"""How cells of a grid are painted and edited."""

from collections.abc import Mapping

from PySide6.QtCore import (  # fmt: skip
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPainter, QPen, QPolygon
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from leanlab.ui.worksheets.fields import PAUSE, complete, names
from leanlab.ui.worksheets.grid_model import LEVEL_ROLE, GridModel
from leanlab.worksheets.declare import REFERENCES
from leanlab.worksheets.layout.drawing import PALETTES

Index = QModelIndex | QPersistentModelIndex
TALLEST_LINES = 4
_SOFT = {"ok": ("ok_soft", "ok"), "attention": ("attention_soft", "attention"), "problem": ("problem_soft", "problem")}  # fmt: skip


class CellDelegate(QStyledItemDelegate):
    """Paints badges and check marks; editors accept on Enter, on leaving, or after a second."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timers: dict[QWidget, QTimer] = {}

    # painting ------------------------------------------------------------------------------

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Text breaks into lines; a picked cell keeps readable colours."""
        super().initStyleOption(option, index)
        option.features |= QStyleOptionViewItem.ViewItemFeature.WrapText
        option.textElideMode = Qt.TextElideMode.ElideRight

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the cell, a badge for a level, and a corner where a check speaks."""
        model = index.model()
        assert isinstance(model, GridModel)  # noqa: S101 - the grid's own model
        colours = PALETTES[model.binding.words_theme]
        level = index.data(LEVEL_ROLE)
        if level in _SOFT and index.data(Qt.ItemDataRole.DisplayRole):
            _paint_badge(painter, option, index, str(level), colours)
        elif code := model.code_at(index):
            self._paint_name(painter, option, index, code)
        else:
            super().paint(painter, option, index)
        row = model.row_at(index.row())
        mark = model.marks.get((row.id, model.fields[index.column()].id)) if row else None
        if mark is not None:
            _paint_corner(
                painter, option.rect, colours["problem" if mark[0] == "must" else "attention"]
            )

    def _paint_name(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, code: str
    ) -> None:
        """Paint the name of a row and, quietly, its code behind it."""
        model = index.model()
        assert isinstance(model, GridModel)  # noqa: S101 - the grid's own model
        whole = QRect(option.rect)
        behind = whole.adjusted(0, 0, -4, 0)
        behind.setLeft(whole.right() - _code_width(option, code))
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        style = option.widget.style()
        style.drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, cell, painter, cell.widget
        )
        name = QStyleOptionViewItem(option)
        name.rect = whole.adjusted(0, 0, behind.left() - whole.right(), 0)
        super().paint(painter, name, index)
        painter.save()
        painter.setPen(QColor(PALETTES[model.binding.words_theme]["soft_ink"]))
        painter.drawText(behind, Qt.AlignmentFlag.AlignCenter, code)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the broken text needs, up to a few lines."""
        line = option.fontMetrics.lineSpacing()
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        view = self.parent()
        width = view.columnWidth(index.column()) - 14 if isinstance(view, QTableView) else 120
        model = index.model()
        if isinstance(model, GridModel) and (code := model.code_at(index)):
            width -= _code_width(option, code)
        box = option.fontMetrics.boundingRect(
            QRect(0, 0, max(20, width), 10_000), Qt.TextFlag.TextWordWrap, text
        )
        lines = min(TALLEST_LINES, max(1, round(box.height() / line)))
        return QSize(width, line * lines + 12)

    # editing -------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a list for choices, a text for the rest."""
        model = index.model()
        assert isinstance(model, GridModel)  # noqa: S101
        field = model.fields[index.column()]
        editor: QWidget
        if field.choices:
            editor = self._combo(parent, model, index)
        elif field.type == "long":
            editor = QPlainTextEdit(parent)
            editor.textChanged.connect(lambda: self._pause(editor))
        else:
            line = QLineEdit(parent)
            line.setFrame(False)
            if field.type == "person" or (field.type in REFERENCES and not field.link):
                complete(line, lambda: names(model.binding, field))
            if field.type not in REFERENCES and not field.link:  # half a name would make a row
                line.textEdited.connect(lambda: self._pause(line))
            editor = line
        editor.setObjectName("cell_editor")
        editor.setAccessibleName(field.label)
        return editor

    def _combo(self, parent: QWidget, model: GridModel, index: Index) -> QComboBox:
        combo = _Choices(parent)
        combo.given_up.connect(lambda: self._give_up(combo))
        combo.addItem("", "")
        for stored, words in model.fields[index.column()].choices.items():
            combo.addItem(words, stored)
        combo.activated.connect(lambda *_: self._done(combo))
        QTimer.singleShot(0, combo, combo.showPopup)
        return combo

    def _done(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)

    def _give_up(self, editor: QWidget) -> None:
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.RevertModelCache)

    def _pause(self, editor: QWidget) -> None:
        if editor not in self._timers:
            timer = QTimer(editor)
            timer.setSingleShot(True)
            timer.setInterval(PAUSE)
            timer.timeout.connect(lambda: self.commitData.emit(editor))
            self._timers[editor] = timer
            editor.destroyed.connect(lambda: self._timers.pop(editor, None))
        self._timers[editor].start()

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """A closed editor has nothing more to accept."""
        timer = self._timers.pop(editor, None)
        if timer is not None:
            timer.stop()
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the value; what is being typed stays."""
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if editor.property("loaded"):
            return
        editor.setProperty("loaded", True)
        if isinstance(editor, QComboBox):
            if editor.findText(text) < 0:  # what a choice once was, or what a file holds
                editor.addItem(text, text)
            editor.setCurrentIndex(editor.findText(text))
        elif isinstance(editor, QPlainTextEdit):
            editor.blockSignals(True)
            editor.setPlainText(text)
            editor.blockSignals(False)
            editor.selectAll()
        elif isinstance(editor, QLineEdit):
            editor.setText(text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Give the text to the model, which decides whether it fits."""
        if isinstance(editor, QComboBox):
            text = editor.currentText()
        elif isinstance(editor, QPlainTextEdit):
            text = editor.toPlainText()
        else:
            assert isinstance(editor, QLineEdit)  # noqa: S101 - made above
            text = editor.text()
        model.setData(index, text)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """An editor may be larger than its cell."""
        rect: QRect = option.rect
        if isinstance(editor, QPlainTextEdit):
            rect = QRect(rect.x(), rect.y(), max(rect.width(), 240), max(rect.height(), 92))
        elif rect.width() < 70:  # noqa: PLR2004 - a rating needs no more, a text does
            rect = QRect(rect.x(), rect.y(), 70, rect.height())
        editor.setGeometry(rect)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter accepts and goes down; in a long text Shift+Enter begins a new line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if enter and isinstance(editor, QLineEdit | QPlainTextEdit) and not shift:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.SubmitModelCache)
                return True
        return super().eventFilter(editor, event)


class _Choices(QComboBox):
    """The choices of a cell; giving the list up gives the cell up, as Escape in a line does."""

    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._taken = False
        self.activated.connect(self._take)
        self.view().installEventFilter(self)

    def _take(self, _index: int) -> None:
        self._taken = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list went away, by a choice or without one."""
        if event.type() == QEvent.Type.Hide:
            QTimer.singleShot(0, self, self._settle)
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        if not self._taken:
            self.given_up.emit()


def _code_width(option: QStyleOptionViewItem, code: str) -> int:
    return option.fontMetrics.horizontalAdvance(code) + 12


def _paint_badge(
    painter: QPainter,
    option: QStyleOptionViewItem,
    index: Index,
    level: str,
    look: Mapping[str, str],
) -> None:
    rect: QRect = option.rect
    picked = option.state & QStyle.StateFlag.State_Selected
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if picked:
        painter.fillRect(rect, QColor(look["accent_soft"]))
    text = str(index.data(Qt.ItemDataRole.DisplayRole))
    fill, ink = _SOFT[level]
    width = min(rect.width() - 8, option.fontMetrics.horizontalAdvance(text) + 20)
    badge = QRect(0, 0, width, 22)
    badge.moveCenter(rect.center())
    painter.setPen(QPen(QColor(look[ink]), 1))
    painter.setBrush(QBrush(QColor(look[fill])))
    painter.drawRoundedRect(badge, 11, 11)
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def _paint_corner(painter: QPainter, rect: QRect, colour: str) -> None:
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    right, top = rect.right() + 1, rect.top()
    painter.drawPolygon(
        QPolygon([QPoint(right - 8, top), QPoint(right, top), QPoint(right, top + 8)])
    )
    painter.restore()
