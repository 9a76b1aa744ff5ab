"""The form editor: cards with labelled fields in as many columns as there is room for."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from leanlab.core.format import coded
from leanlab.ui.widgets import label
from leanlab.ui.worksheets.binding import Binding
from leanlab.ui.worksheets.fields import FieldEditor
from leanlab.worksheets.declare import Field, Section, name_field

NARROWEST = 205  # px of a column of fields
GAP = 14


class FieldsGrid(QWidget):
    """Field editors side by side; long texts take the whole width."""

    def __init__(
        self, editors: Sequence[FieldEditor], *, most: int = 2, narrowest: int = NARROWEST
    ) -> None:
        super().__init__()
        self.editors, self._most, self._columns = tuple(editors), most, 0
        self._there: tuple[FieldEditor, ...] = ()
        self._narrowest = narrowest
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(10)
        self._arrange(most)

    def _arrange(self, columns: int) -> None:
        there = tuple(e for e in self.editors if e.wanted)
        columns = max(1, min(columns, sum(1 for _ in there)))
        if columns == self._columns and there == self._there:
            return
        self._columns, self._there = columns, there
        while self._grid.takeAt(0) is not None:
            pass
        line = at = 0
        for editor in self.editors:
            if editor not in there:
                editor.setParent(self)
                editor.hide()
        for editor in there:
            span = columns if _is_wide(editor.field) else 1
            if at + span > columns:
                line, at = line + 1, 0
            self._grid.addWidget(editor, line, at, 1, span, Qt.AlignmentFlag.AlignTop)
            editor.show()
            at += span
        for column in range(self._most):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def arrange(self) -> None:
        """Place the fields that are wanted now."""
        self._arrange(self._columns)

    def minimumSizeHint(self) -> QSize:
        """One column must do."""
        return QSize(self._narrowest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the columns there is room for."""
        super().resizeEvent(event)
        room = max(1, (event.size().width() + GAP) // (self._narrowest + GAP))
        self._arrange(min(self._most, room))


def _is_wide(field: Field) -> bool:
    return field.type == "long" or (field.type == "calc" and len(field.label) > 11)  # noqa: PLR2004


class SectionCard(QFrame):
    """A section that does not repeat, as a card."""

    def __init__(self, binding: Binding, section: Section, *, most: int = 2) -> None:
        super().__init__()
        self.setObjectName("card")
        self.section = section
        self.editors = [FieldEditor(binding, section, f) for f in section.all_fields(binding.view)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 16)
        layout.setSpacing(8)
        layout.addWidget(label(section.title, "heading"))
        if section.help:
            layout.addWidget(label(section.help, "small"))
        self._fields = FieldsGrid(self.editors, most=most)
        layout.addWidget(self._fields)

    def refresh(self) -> None:
        """Show the values as they are now."""
        for editor in self.editors:
            editor.refresh()
        self._fields.arrange()

    def show_hints(self, hints: Mapping[tuple[str, str], str]) -> None:
        """Show what checks say, below the field they are about."""
        for editor in self.editors:
            editor.show_hint(
                hints.get(("", editor.field.id), hints.get((editor.row.id, editor.field.id), ""))
            )

    def accept(self) -> None:
        """Take over what is being typed."""
        for editor in self.editors:
            editor.accept()


class Strip(QFrame):
    """The few fields above a grid or a drawing, in one line where there is room."""

    def __init__(self, binding: Binding, sections: Sequence[Section]) -> None:
        super().__init__()
        self.setObjectName("card")
        self.editors = [
            FieldEditor(binding, section, f)
            for section in sections
            for f in section.all_fields(binding.view)
        ]
        for editor in self.editors:
            if hasattr(editor.editor, "fit"):
                editor.editor.setFixedHeight(editor.fontMetrics().height() + 16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 9, 14, 11)
        self._fields = FieldsGrid(self.editors, most=4, narrowest=150)
        layout.addWidget(self._fields)

    def refresh(self) -> None:
        """Show the values as they are now."""
        for editor in self.editors:
            editor.refresh()
        self._fields.arrange()

    def show_hints(self, hints: Mapping[tuple[str, str], str]) -> None:
        """The strip has no room for hints; they stand in the list of checks."""

    def accept(self) -> None:
        """Take over what is being typed."""
        for editor in self.editors:
            editor.accept()


def _article(word: str) -> str:
    return "an" if word[:1] in "aeiou" else "a"


class RowForm(QWidget):
    """All fields of the picked row of a section: what does not fit into an outline."""

    def __init__(self, binding: Binding, section: Section, skip: Sequence[str] = ()) -> None:
        super().__init__()
        self.setObjectName("row_form")
        self._binding, self.section = binding, section
        self.editors = [
            FieldEditor(binding, section, f)
            for f in section.all_fields(binding.view)
            if f.id not in skip
        ]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(8)
        self.title = label("", "heading")
        layout.addWidget(self.title)
        self._fields = FieldsGrid(self.editors, most=3)
        layout.addWidget(self._fields)
        layout.addStretch(1)
        for editor in [e for e in self.editors if e.field.editable][:1]:
            self.setFocusProxy(editor.editor)
        binding.picked.connect(self.show_row)
        self.show_row(binding.current)

    def show_row(self, row_id: str) -> None:
        """Show another row."""
        self.accept()
        rows = self._binding.view.all(self.section.id)
        row = next((r for r in rows if r.id == row_id), None)
        for editor in self.editors:
            editor.row_id = row.id if row is not None else ""
            editor.setEnabled(row is not None)
        word = self.section.row_word
        self.title.setText(
            coded(row.text(name_field(self.section)) or word.capitalize(), row.code)
            if row is not None
            else f"Choose {_article(word)} {word}"
        )
        self.refresh()

    def refresh(self) -> None:
        """Show the values as they are now."""
        for editor in self.editors:
            editor.refresh()
        self._fields.arrange()

    def accept(self) -> None:
        """Take over what is being typed."""
        for editor in self.editors:
            if editor.row_id:
                editor.accept()
