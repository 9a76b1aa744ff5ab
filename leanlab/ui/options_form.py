"""An editor for any options dataclass, made from its declaration."""

import dataclasses
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from leanlab.core.errors import Problem
from leanlab.core.option import Spec, kinds, options_from, spec_of
from leanlab.ui.elided import ElidedCombo
from leanlab.ui.widgets import label


class OptionsForm(QWidget):
    """Edits a frozen options dataclass; emits a new one when a field is accepted.

    `basic` shows only the basic fields (True), only the others (False), or all (None).
    """

    changed = Signal(object)

    def __init__(
        self, options: Any, *, basic: bool | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._options = options
        self._kinds = kinds(type(options))
        self._problems: dict[str, Any] = {}
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setVerticalSpacing(4)
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        for field in dataclasses.fields(options):
            if basic is None or spec_of(field).basic == basic:
                self._add(field)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to edit here."""
        return self._layout.rowCount() == 0

    @property
    def options(self) -> Any:
        """The options as they are now."""
        return self._options

    @property
    def sound(self) -> bool:
        """Whether every field holds something that can be used."""
        return not any(shown.isVisibleTo(self) for shown in self._problems.values())

    def show_options(self, options: Any) -> None:
        """Take over options that were changed elsewhere (undo, the other form)."""
        self._options = options
        for field in dataclasses.fields(options):
            editor = self.findChild(QWidget, f"option_{field.name}")
            if editor is not None:
                _show(editor, getattr(options, field.name))
                self._problems[field.name].hide()

    def accept_pending(self) -> None:
        """Take over what is being typed."""
        focus = self.focusWidget()
        if isinstance(focus, QLineEdit) and focus.objectName().startswith("option_"):
            self._accept_text(focus.objectName().removeprefix("option_"), focus.text())

    def _add(self, field: "dataclasses.Field[Any]") -> None:
        spec, value = spec_of(field), getattr(self._options, field.name)
        editor = self._editor(field.name, spec, value)
        editor.setObjectName(f"option_{field.name}")
        editor.setAccessibleName(spec.label)
        editor.setAccessibleDescription(spec.help)
        editor.setToolTip(_tip(spec))
        shown = label("", "problem")
        shown.hide()
        self._problems[field.name] = shown
        box = QWidget()
        inside = QVBoxLayout(box)
        inside.setContentsMargins(0, 0, 0, 5)
        inside.setSpacing(2)
        inside.addWidget(editor)
        inside.addWidget(shown)
        if isinstance(editor, QCheckBox):
            self._layout.addRow(box)
        else:
            words = f"{spec.label} ({spec.unit})" if spec.unit else spec.label
            heading = label(words, "small", wrap=False)
            heading.setToolTip(_tip(spec))
            heading.setBuddy(editor)
            self._layout.addRow(heading, box)

    def _editor(self, name: str, spec: Spec, value: Any) -> QWidget:
        kind, optional = self._kinds[name]
        if kind is bool:
            return self._check_box(name, spec, value)
        if spec.choices:
            return self._combo(name, spec, value)
        line = QLineEdit(_text(value))
        line.setPlaceholderText(_placeholder(spec, kind, optional=optional))
        line.editingFinished.connect(lambda: self._accept_text(name, line.text()))
        return line

    def _check_box(self, name: str, spec: Spec, value: Any) -> QWidget:
        box = QCheckBox(spec.label)
        box.setChecked(bool(value))
        box.toggled.connect(lambda on: self._accept(name, on))
        return box

    def _combo(self, name: str, spec: Spec, value: Any) -> QWidget:
        combo = ElidedCombo()
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for kept, words in spec.choices.items():
            combo.addItem(words, kept)
            combo.setItemData(combo.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        combo.setCurrentIndex(combo.findData(value))
        combo.activated.connect(lambda *_: self._accept(name, combo.currentData()))
        return combo

    def _accept_text(self, name: str, text: str) -> None:
        text = text.strip()
        if self._kinds[name][0] in {int, float}:
            text = text.replace(",", ".").replace("\u2212", "-").replace("\u202f", "")
        self._accept(name, text)

    def _accept(self, name: str, value: Any) -> None:
        current = {
            f.name: getattr(self._options, f.name) for f in dataclasses.fields(self._options)
        }
        shown = self._problems[name]
        try:
            new = options_from(type(self._options), {**current, name: value})
        except Problem as problem:
            shown.setText(f"{problem.message} {problem.hint}".strip())
            shown.show()
            return
        shown.hide()
        if new != self._options:
            self._options = new
            self.changed.emit(new)


def _tip(spec: Spec) -> str:
    limits = _limits(spec)
    return ". ".join(part.rstrip(".") for part in (spec.help, limits.capitalize()) if part)


def _limits(spec: Spec) -> str:
    low, high = spec.minimum, spec.maximum
    if low is None and high is None:
        return ""
    if low is None:
        return f"at most {high:g}"
    return f"at least {low:g}" if high is None else f"{low:g} to {high:g}"


def _placeholder(spec: Spec, kind: type[Any], *, optional: bool) -> str:
    if optional:
        return "not set"
    return "values, with commas between" if kind is tuple else _limits(spec)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return ", ".join(_text(item) for item in value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _show(editor: QWidget, value: Any) -> None:
    editor.blockSignals(True)
    if isinstance(editor, QCheckBox):
        editor.setChecked(bool(value))
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(value))
    elif isinstance(editor, QLineEdit) and editor.text() != _text(value):
        editor.setText(_text(value))
    editor.blockSignals(False)
