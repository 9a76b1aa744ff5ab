"""An editor for any options dataclass, made from its declaration."""

import dataclasses
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from leanlab.core.errors import Problem
from leanlab.core.option import kinds, options_from, spec_of
from leanlab.ui.widgets import label


class OptionsForm(QWidget):
    """Edits a frozen options dataclass; emits a new one when a field is accepted."""

    changed = Signal(object)

    def __init__(self, options: Any, *, basic: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = options
        self._kinds = kinds(type(options))
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.problem = label("", "problem")
        for field in dataclasses.fields(options):
            if spec_of(field).basic == basic:
                self._add(field)
        self.problem.hide()
        self._layout.addRow(self.problem)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to edit here."""
        return self._layout.rowCount() <= 1

    def show_options(self, options: Any) -> None:
        """Take options over that were changed elsewhere (undo, the other form)."""
        self._options = options
        for field in dataclasses.fields(options):
            editor = self.findChild(QWidget, f"option_{field.name}")
            if editor is not None:
                _show(editor, getattr(options, field.name))

    def _add(self, field: "dataclasses.Field[Any]") -> None:
        spec, value = spec_of(field), getattr(self._options, field.name)
        editor = self._editor(field, value)
        editor.setObjectName(f"option_{field.name}")
        editor.setAccessibleName(spec.label)
        editor.setToolTip(spec.help)
        if isinstance(editor, QCheckBox):
            self._layout.addRow(editor)
        else:
            words = f"{spec.label} ({spec.unit})" if spec.unit else spec.label
            heading = label(words, "muted", wrap=False)
            heading.setBuddy(editor)
            self._layout.addRow(heading, editor)

    def _editor(self, field: "dataclasses.Field[Any]", value: Any) -> QWidget:
        name, spec = field.name, spec_of(field)
        if self._kinds[name][0] is bool:
            box = QCheckBox(spec.label)
            box.setChecked(bool(value))
            box.toggled.connect(lambda on: self._accept(name, on))
            return box
        if spec.choices:
            combo = QComboBox()
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            for stored, words in spec.choices.items():
                combo.addItem(words, stored)
            combo.setCurrentIndex(combo.findData(value))
            combo.activated.connect(lambda *_: self._accept(name, combo.currentData()))
            return combo
        line = QLineEdit(_text(value))
        line.setPlaceholderText("not set" if self._kinds[name][1] else "")
        line.editingFinished.connect(
            lambda: self._accept(name, line.text().strip().replace(",", "."))
        )
        return line

    def _accept(self, name: str, value: Any) -> None:
        current = {
            f.name: getattr(self._options, f.name) for f in dataclasses.fields(self._options)
        }
        try:
            new = options_from(type(self._options), {**current, name: value})
        except Problem as problem:
            self.problem.setText(f"{problem.message} {problem.hint}")
            self.problem.show()
            return
        self.problem.hide()
        if new != self._options:
            self._options = new
            self.changed.emit(new)


def _text(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _show(editor: QWidget, value: Any) -> None:
    editor.blockSignals(True)
    if isinstance(editor, QCheckBox):
        editor.setChecked(bool(value))
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(value))
    elif isinstance(editor, QLineEdit):
        editor.setText(_text(value))
    editor.blockSignals(False)
