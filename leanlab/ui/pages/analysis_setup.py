"""The left side of an analysis: which columns, which options."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from leanlab.analyses.declare import Analysis, Role
from leanlab.app.readiness import next_column, why_not
from leanlab.app.records import SheetInfo
from leanlab.core import format as words
from leanlab.ui.column_drag import ColumnList, DropBox
from leanlab.ui.elided import ElidedCombo
from leanlab.ui.options_form import OptionsForm
from leanlab.ui.widgets import clear, column, label, plain_tip, row

NARROWEST, WIDEST = 200, 330
ROWS_SHOWN = 5


class SetupPanel(QScrollArea):
    """Roles and options of one analysis; only suitable columns can be chosen."""

    columns_chosen = Signal(str, list)
    options_changed = Signal(object)
    refused = Signal(str)  # why a dragged column does not suit
    metric_chosen = Signal(str)  # its id; empty = the columns of the sheet

    def __init__(self, analysis: Analysis) -> None:
        super().__init__()
        self.setObjectName("analysis_setup")
        self.setAccessibleName("Columns and options")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)
        self._analysis = analysis
        self._shown: object = None
        self.editors: dict[str, QWidget] = {}
        self.forms: list[OptionsForm] = []
        inner = self._inner = QWidget()
        inner.setObjectName("page")
        self._columns = QVBoxLayout()
        self._columns.setSpacing(3)
        self._options = QVBoxLayout()
        self._options.setSpacing(3)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(2, 2, 12, 8)
        layout.setSpacing(8)
        layout.addLayout(self._columns)
        layout.addLayout(self._options)
        layout.addStretch(1)
        self.setWidget(inner)

    def show_setup(
        self,
        sheet: SheetInfo | None,
        roles: Mapping[str, Sequence[str]],
        options: Any,
        *,
        read_only: bool,
        metrics: Sequence[tuple[str, str]] = (),
        metric_id: str = "",
    ) -> None:
        """Show columns and options as they are now; the focus stays where it is.

        `metrics` are those that a chart over time can read (id, name); `metric_id` is the one it
        reads, which then stands in place of the columns.
        """
        shape = (sheet and (sheet.id, tuple(sheet.columns)), tuple(metrics))
        if self._shown != shape:
            self._shown = shape
            self._build_columns(sheet, metrics)
        self.source.setCurrentIndex(max(0, self.source.findData(metric_id)))
        for part in self._roles_only:
            part.setVisible(not metric_id)
        for role in self._analysis.roles:
            _choose(self.editors.get(role.id), roles.get(role.id, ()))
        self._enable_switch(sheet, roles)
        if not self.forms:
            self._build_options(options)
        for form in self.forms:
            form.show_options(options)
        self._inner.setEnabled(not read_only)

    def accept_pending(self) -> None:
        """Take over what is being typed."""
        for form in self.forms:
            form.accept_pending()

    # columns -------------------------------------------------------------------------------

    def _build_columns(self, sheet: SheetInfo | None, metrics: Sequence[tuple[str, str]]) -> None:
        clear(self._columns)
        self.editors = {}
        self._roles_only: list[QWidget] = []
        self.source = self._source(sheet, metrics)
        self.before, self.after = self._switch_button(-1), self._switch_button(1)
        if sheet is None or not self._analysis.roles:
            return
        self._columns.addLayout(
            row(label("Columns", "heading", wrap=False), None, self.before, self.after, spacing=2)
        )
        if metrics:
            part = column(label("Read from", "small", wrap=False), self.source, spacing=2)
            part.setContentsMargins(0, 0, 0, 5)
            self._columns.addLayout(part)
        for role in self._analysis.roles:
            words = role.label if role.required else f"{role.label} (optional)"
            heading = label(words, "small", wrap=False)
            heading.setToolTip(role.help)
            editor = self._list(role, sheet) if role.many else self._combo(role, sheet)
            editor.setObjectName(f"role_{role.id}")
            editor.setAccessibleName(role.label)
            editor.setAccessibleDescription(role.help)
            editor.setToolTip(role.help)
            heading.setBuddy(editor)
            self.editors[role.id] = editor
            box = DropBox(partial(self._why_not_here, role, sheet))
            inside = column(heading, editor, spacing=2)
            inside.setContentsMargins(0, 0, 0, 3)
            box.setLayout(inside)
            box.dropped.connect(partial(self._dropped, role))
            box.refused.connect(self.refused)
            box.setObjectName(f"drop_{role.id}")
            self._columns.addWidget(box)
            self._roles_only.append(box)
        self._add_column_list(sheet)

    def _add_column_list(self, sheet: SheetInfo) -> None:
        """Offer all columns below the boxes, to be dragged."""
        columns = ColumnList(sheet.columns)
        unfold = unfolding("All columns", "show_all_columns", columns)
        self._columns.addWidget(unfold)
        self._columns.addWidget(columns)
        self._roles_only.append(unfold)

    def _why_not_here(self, role: Role, sheet: SheetInfo, column_id: str) -> str:
        one = next((c for c in sheet.columns if c.id == column_id), None)
        if one is None:
            return "This column belongs to other data."
        reason = why_not(role, one)
        return f"{one.name} {reason}." if reason else ""

    def _dropped(self, role: Role, column_id: str) -> None:
        known = list(self._roles.get(role.id, ())) if role.many else []
        if column_id not in known:
            self.columns_chosen.emit(role.id, [*known, column_id])

    def _source(self, sheet: SheetInfo | None, metrics: Sequence[tuple[str, str]]) -> QComboBox:
        combo = ElidedCombo()
        combo.setObjectName("source")
        combo.setAccessibleName("Read from")
        combo.setToolTip("A metric is read over time as it is bound: rows need no preparation")
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.addItem(f"Columns of {sheet.title}" if sheet is not None else "Columns", "")
        for metric_id, name in metrics:
            combo.addItem(f"Metric: {name}", metric_id)
        combo.activated.connect(lambda *_: self.metric_chosen.emit(combo.currentData()))
        return combo

    def _switch_button(self, by: int) -> QToolButton:
        made = QToolButton()
        made.setObjectName("switch_next" if by > 0 else "switch_previous")
        words = "Next column that fits" if by > 0 else "Previous column that fits"
        made.setText("\u203a" if by > 0 else "\u2039")
        made.setAccessibleName(words)
        made.setToolTip(f"{words} ({'Alt+Page Down' if by > 0 else 'Alt+Page Up'})")
        made.clicked.connect(lambda *_: self.switch(by))
        return made

    def _enable_switch(self, sheet: SheetInfo | None, roles: Mapping[str, Sequence[str]]) -> None:
        self._sheet, self._roles = sheet, roles
        found = next_column(self._analysis, sheet, roles, 1) if sheet is not None else None
        for made in (self.before, self.after):
            made.setVisible(found is not None)

    def switch(self, by: int) -> None:
        """Put the next (or previous) suitable column into the main role."""
        if self._sheet is None:
            return
        found = next_column(self._analysis, self._sheet, self._roles, by)
        if found is not None:
            self.columns_chosen.emit(found[0], [found[1]])

    def _combo(self, role: Role, sheet: SheetInfo) -> QComboBox:
        combo = ElidedCombo()
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        combo.addItem("Choose a column" if role.required else "None", "")
        for one in sorted(sheet.columns, key=lambda c: bool(why_not(role, c))):
            reason = why_not(role, one)
            combo.addItem(words.titled(one.name, one.unit), one.id)
            if reason:
                _grey(combo, combo.count() - 1, reason)
        combo.activated.connect(
            lambda *_: self.columns_chosen.emit(
                role.id, [combo.currentData()] if combo.currentData() else []
            )
        )
        return combo

    def _list(self, role: Role, sheet: SheetInfo) -> QListWidget:
        box = QListWidget()
        box.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box.setTextElideMode(Qt.TextElideMode.ElideRight)
        for one in sorted(sheet.columns, key=lambda c: bool(why_not(role, c))):
            reason = why_not(role, one)
            item = QListWidgetItem(one.name)
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            if reason:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setForeground(box.palette().placeholderText())
                item.setToolTip(plain_tip(f"{one.name} {reason}"))
            else:
                item.setCheckState(Qt.CheckState.Unchecked)
            box.addItem(item)
        height = max(1, min(ROWS_SHOWN, box.count())) * max(22, box.sizeHintForRow(0)) + 10
        box.setFixedHeight(height)
        box.itemChanged.connect(lambda *_: self.columns_chosen.emit(role.id, _checked(box)))
        return box

    # options -------------------------------------------------------------------------------

    def _build_options(self, options: Any) -> None:
        basics, more = (OptionsForm(options, basic=basic) for basic in (True, False))
        for form in (basics, more):
            form.changed.connect(self._changed)
            self.forms.append(form)
        if not basics.empty:
            self._options.addWidget(label("Options", "heading"))
            self._options.addWidget(basics)
        if not more.empty:
            text = "More options" if not basics.empty else "Options"
            unfold = unfolding(text, "more_options", more)
            self._options.addWidget(unfold)
            self._options.addWidget(more)
            unfold.setChecked(basics.empty)

    def _changed(self, options: Any) -> None:
        for form in self.forms:
            if form is not self.sender():
                form.show_options(options)
        self.options_changed.emit(options)


def unfolding(text: str, name: str, part: QWidget) -> QToolButton:
    """Return a button that shows and hides a part; it begins hidden."""
    made = QToolButton()
    made.setObjectName(name)
    made.setText(text)
    made.setAccessibleName(text)
    made.setCheckable(True)
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setArrowType(Qt.ArrowType.RightArrow)
    arrows = {True: Qt.ArrowType.DownArrow, False: Qt.ArrowType.RightArrow}
    made.toggled.connect(part.setVisible)
    made.toggled.connect(lambda on: made.setArrowType(arrows[on]))
    part.setVisible(False)
    return made


def _grey(combo: QComboBox, index: int, reason: str) -> None:
    model = combo.model()
    if isinstance(model, QStandardItemModel):
        item = model.item(index)
        item.setEnabled(False)
        item.setForeground(combo.palette().placeholderText())
        item.setToolTip(plain_tip(f"{item.text()} {reason}"))


def _choose(editor: QWidget | None, chosen: Sequence[str]) -> None:
    if editor is None:
        return
    with QSignalBlocker(editor):
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(chosen[0] if chosen else "")))
        elif isinstance(editor, QListWidget):
            for item in (editor.item(i) for i in range(editor.count())):
                if item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                    on = item.data(Qt.ItemDataRole.UserRole) in chosen
                    item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def _checked(box: QListWidget) -> list[str]:
    items = [box.item(i) for i in range(box.count())]
    return [
        str(item.data(Qt.ItemDataRole.UserRole))
        for item in items
        if item.flags() & Qt.ItemFlag.ItemIsUserCheckable
        and item.checkState() == Qt.CheckState.Checked
    ]
