"""One editor per kind of field; what is typed is accepted on Enter, on leaving, or after a second."""

from collections.abc import Callable

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QCompleter,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from leanlab.core.format import coded
from leanlab.ui.widgets import label
from leanlab.ui.worksheets.binding import Binding
from leanlab.worksheets.blocks import cell_text
from leanlab.worksheets.declare import (
    NAMES,
    REFERENCES,
    Field,
    Row,
    Section,
    empty,
    single,
    value_of,
)
from leanlab.worksheets.show import edit_text

PAUSE = 1000  # ms without a key after which typing is accepted
LINES = 3


class FieldEditor(QWidget):
    """A label with an editor below it, bound to one field of one row."""

    def __init__(self, binding: Binding, section: Section, field: Field, row_id: str = "") -> None:
        super().__init__()
        self.binding, self.section, self.field = binding, section, field
        self.row_id = row_id  # a row of a repeating section; empty: the section has one row
        self._shown = ""
        words = (
            f"{field.label} ({field.unit})" if field.unit and field.type != "pct" else field.label
        )
        self.heading = label(words + (" *" if field.required else ""), "small", wrap=False)
        self.editor = self._make()
        self.editor.setObjectName(f"field_{section.id}_{field.id}")
        self.editor.setAccessibleName(field.label)
        self.editor.setToolTip(field.help)
        self.heading.setBuddy(self.editor)
        self.hint = label("", "attention")
        self.hint.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        if not isinstance(self.editor, QCheckBox):
            layout.addWidget(self.heading)
        layout.addWidget(self.editor)
        layout.addWidget(self.hint)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.accept)
        self.refresh()

    # making --------------------------------------------------------------------------------

    def _make(self) -> QWidget:
        field = self.field
        if not field.editable:
            return label("", "calc")
        if field.type == "bool":
            box = QCheckBox(field.label)
            box.clicked.connect(lambda on: self._commit("yes" if on else "no"))
            return box
        if field.choices:
            return self._combo()
        if field.type == "long":
            area = _Area(self.accept)
            area.setPlaceholderText(_example(field))
            area.textChanged.connect(self._typed)
            return area
        line = QLineEdit()
        line.setPlaceholderText(_example(field))
        line.textEdited.connect(self._typed)
        line.editingFinished.connect(self.accept)
        if field.type == "person" or (field.type in REFERENCES and not field.link):
            complete(line, lambda: names(self.binding, self.field))
        if field.type == "date":
            line.installEventFilter(self)
            line.setPlaceholderText("2026-05-31   F4 calendar")
        return line

    def _combo(self) -> QComboBox:
        combo = _Combo()
        if not self.field.default:
            combo.addItem("", "")
        for stored, words in self.field.choices.items():
            combo.addItem(words, stored)
        combo.activated.connect(lambda *_: self._commit(str(combo.currentData())))
        return combo

    # showing -------------------------------------------------------------------------------

    @property
    def row(self) -> Row:
        """The row whose field is edited."""
        view = self.binding.view
        if not self.section.repeats:
            return single(view, self.section)
        return next((r for r in view.all(self.section.id) if r.id == self.row_id), Row(""))

    @property
    def wanted(self) -> bool:
        """Whether the field means something now."""
        return self.field.when is None or self.field.when(self.binding.view)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in yet."""
        return empty(value_of(self.field, self.row, self.binding.view))

    def refresh(self) -> None:
        """Show the value as it is now; what is being typed stays."""
        view, row = self.binding.view, self.row
        value = value_of(self.field, row, view)
        if self.field.default and empty(value):
            value = self.field.default
        text = edit_text(self.field, value, view)
        if self.field.type == "calc":
            self.editor.setText(cell_text(view, self.field, row) or "–")  # type: ignore[attr-defined]
        elif isinstance(self.editor, QCheckBox):
            self.editor.setChecked(bool(value))
        elif isinstance(self.editor, QComboBox):
            self.editor.setCurrentIndex(
                max(0, self.editor.findData("" if value is None else str(value)))
            )
        elif text != self._shown or not self.editor.hasFocus():
            self._put(text)
        self._shown = text
        self.editor.setEnabled(self.binding.editable or self.field.type == "calc")

    def _put(self, text: str) -> None:
        self._timer.stop()
        if isinstance(self.editor, QLineEdit) and self.editor.text() != text:
            at = self.editor.cursorPosition()
            self.editor.setText(text)
            self.editor.setCursorPosition(min(at, len(text)))
        elif isinstance(self.editor, QPlainTextEdit) and self.editor.toPlainText() != text:
            self.editor.blockSignals(True)
            self.editor.setPlainText(text)
            self.editor.blockSignals(False)
            self.editor.fit()  # type: ignore[attr-defined]

    def show_hint(self, text: str) -> None:
        """Show what a check says about this field."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    # accepting -----------------------------------------------------------------------------

    def _typed(self, *_: object) -> None:
        self._timer.start()

    def text(self) -> str:
        """Return what stands in the editor."""
        if isinstance(self.editor, QPlainTextEdit):
            return self.editor.toPlainText()
        return self.editor.text() if isinstance(self.editor, QLineEdit) else self._shown

    def accept(self) -> None:
        """Take over what was typed, if it differs."""
        self._timer.stop()
        if isinstance(self.editor, QLineEdit | QPlainTextEdit) and self.text() != self._shown:
            self._commit(self.text())

    def _commit(self, text: str) -> None:
        before = self._shown
        self._shown = text
        if not self.binding.type_text(self.section.id, self._row_id(), self.field.id, text):
            self._shown = before
            if not self.editor.hasFocus():
                self.refresh()

    def _row_id(self) -> str:
        if self.section.repeats:
            return self.row_id
        return self.row.id if self.section.register else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """F4 in a date opens the calendar."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F4:  # fmt: skip
            below = self.editor.mapToGlobal(QPoint(0, self.editor.height()))
            show_calendar(self, below, self.text(), self._commit)
            return True
        return super().eventFilter(watched, event)


def _example(field: Field) -> str:
    return f"e.g. {field.example}" if field.example else ""


def names(binding: Binding, field: Field) -> list[str]:
    """Return what a person may choose: names, with codes where there are some."""
    kind = field.type
    rows = binding.view.records(kind)
    return [coded(r.text(NAMES[kind]), r.code) for r in rows if r.text(NAMES[kind])]


def complete(line: QLineEdit, known: Callable[[], list[str]]) -> None:
    """Offer known names while somebody types."""
    completer = QCompleter(known(), line)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    line.setCompleter(completer)


def show_calendar(parent: QWidget, at: QPoint, text: str, chosen: Callable[[str], object]) -> None:
    """Open a calendar; a click or Enter chooses the day."""
    popup = QFrame(parent, Qt.WindowType.Popup)
    popup.setObjectName("card")
    popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    calendar = QCalendarWidget(popup)
    calendar.setAccessibleName("Calendar")
    day = QDate.fromString(text, "yyyy-MM-dd")
    if day.isValid():
        calendar.setSelectedDate(day)

    def take(picked: QDate) -> None:
        popup.close()
        chosen(picked.toString("yyyy-MM-dd"))

    calendar.clicked.connect(take)
    calendar.activated.connect(take)
    QVBoxLayout(popup).addWidget(calendar)
    popup.move(at)
    popup.show()
    calendar.setFocus()


class _Area(QPlainTextEdit):
    """A text of several lines that grows with what is written; Tab leaves it."""

    def __init__(self, left: Callable[[], None]) -> None:
        super().__init__()
        self._left = left
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Be as high as the text needs, within reason."""
        line = self.fontMetrics().lineSpacing()
        layout = self.document().documentLayout()
        lines = max(LINES - 1, min(9, round(layout.documentSize().height())))
        self.setFixedHeight(line * lines + 18)

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        """Lines break elsewhere at another width."""
        super().resizeEvent(event)
        self.fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving accepts."""
        super().focusOutEvent(event)
        self._left()


class _Combo(QComboBox):
    """A list of choices that does not change when one scrolls over it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only a focused list turns with the wheel."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
