"""What-if columns: each row of the section is a column, inputs above, results below."""

from functools import partial

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from leanlab.ui.widgets import button, clear, label
from leanlab.ui.worksheets.binding import Binding
from leanlab.ui.worksheets.fields import FieldEditor
from leanlab.worksheets.blocks import heading
from leanlab.worksheets.declare import Section


class WhatIf(QFrame):
    """The inputs and results of up to four scenarios, side by side."""

    def __init__(self, binding: Binding, section: Section) -> None:
        super().__init__()
        self.setObjectName("card")
        self.binding, self.section = binding, section
        self.editors: list[FieldEditor] = []
        self._ids: tuple[str, ...] = ("not built",)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 14)
        outer.setSpacing(8)
        self.add = button(f"+ Add {section.row_word}", self.add_column)
        self.add.setObjectName(f"add_{section.id}")
        top = QHBoxLayout()
        top.addWidget(label(section.title, "heading", wrap=False))
        top.addStretch(1)
        top.addWidget(self.add)
        outer.addLayout(top)
        self.blank = label(section.blank, "muted")
        outer.addWidget(self.blank)
        self._holder = QVBoxLayout()
        outer.addLayout(self._holder)
        self.refresh()

    def refresh(self) -> None:
        """Show the values; build the columns anew only when there are others."""
        rows = self.binding.view.all(self.section.id)
        ids = tuple(r.id for r in rows)
        if ids != self._ids:
            self._ids = ids
            self._build()
        for editor in self.editors:
            editor.refresh()
        self.blank.setVisible(not rows)
        self.add.setEnabled(self.binding.editable and len(rows) < self.section.most)

    def _build(self) -> None:
        clear(self._holder)
        self.editors = []
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        fields = self.section.all_fields(self.binding.view)
        for line, field in enumerate(fields if self._ids else ()):
            grid.addWidget(
                label(heading(field) + (" *" if field.required else ""), "muted", wrap=False),
                line,
                0,
            )
            for column, row_id in enumerate(self._ids, start=1):
                editor = FieldEditor(self.binding, self.section, field, row_id)
                editor.heading.hide()
                editor.editor.setObjectName(f"field_{self.section.id}_{field.id}_{column}")
                self.editors.append(editor)
                grid.addWidget(editor, line, column)
                grid.setColumnStretch(column, 1)
        for column, row_id in enumerate(self._ids, start=1):
            remove = button(
                "Remove", partial(self.binding.delete, self.section.id, [row_id]), "link"
            )
            remove.setAccessibleName(f"Remove column {column}")
            grid.addWidget(remove, len(fields), column)
        self._holder.addWidget(table)

    def add_column(self) -> None:
        """A new column begins with the inputs of the last one: one changes what is different."""
        rows = self.binding.view.all(self.section.id)
        values: dict[str, object] = {}
        if rows:
            inputs = [f.id for f in self.section.fields if f.editable]
            values = {i: rows[-1].get(i) for i in inputs if rows[-1].get(i) is not None}
        values[self.section.fields[0].id] = f"What if {len(rows)}" if rows else "Today"
        self.binding.add(self.section.id, values)

    def begin(self) -> None:
        """Put the cursor into the first input that is still empty."""
        waiting = [e for e in self.editors if e.field.editable and e.is_empty]
        for editor in waiting[:1]:
            editor.editor.setFocus()

    def accept(self) -> None:
        """Take over what is being typed."""
        for editor in self.editors:
            editor.accept()
