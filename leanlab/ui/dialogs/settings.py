"""Settings of the user: name and look, and the keys of every command; all act at once."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QListWidget,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import settings as user_settings
from leanlab.ui.shortcuts import PORTABLE, native
from leanlab.ui.widgets import button, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.commands import Command
    from leanlab.ui.window import MainWindow

ID = Qt.ItemDataRole.UserRole
PAGES = ("General", "Keyboard")
THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}
SIZES = range(8, 17)


class SettingsDialog(QDialog):
    """Pages on the left, what can be set on the right."""

    help = "settings"

    def __init__(self, window: "MainWindow", page: str = PAGES[0]) -> None:
        super().__init__(window)
        self.setObjectName("settings_dialog")
        self.setWindowTitle("Settings")
        self.resize(860, 560)
        self.pages = QListWidget()
        self.pages.setObjectName("settings_pages")
        self.pages.setAccessibleName("Pages of the settings")
        self.pages.addItems(PAGES)
        self.pages.setFixedWidth(150)
        self.pages.setStyleSheet("QListWidget::item { padding: 6px 8px; }")
        self.stack = QStackedWidget()
        self.general = GeneralPage(window)
        self.keyboard = KeyboardPage(window)
        self.stack.addWidget(self.general)
        self.stack.addWidget(self.keyboard)
        self.pages.currentRowChanged.connect(self.stack.setCurrentIndex)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        parts = QHBoxLayout()
        parts.addWidget(self.pages)
        parts.addWidget(self.stack, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(parts, 1)
        layout.addWidget(buttons)
        self.pages.setCurrentRow(PAGES.index(page))
        if page == PAGES[1]:
            self.keyboard.box.setFocus()

    def done(self, result: int) -> None:
        """Take over the name that is being typed."""
        self.general.accept_name()
        super().done(result)


class GeneralPage(QWidget):
    """Name, theme and size of the text."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.name = QLineEdit(window.settings.name)
        self.name.setObjectName("settings_name")
        self.name.setAccessibleName("My name")
        self.name.setPlaceholderText("Stands beside what you change and comment")
        self.name.editingFinished.connect(self.accept_name)
        self.theme = QComboBox()
        self.theme.setObjectName("settings_theme")
        self.theme.setAccessibleName("Theme")
        for theme, words in THEMES.items():
            self.theme.addItem(words, theme)
        self.theme.setCurrentIndex(max(0, self.theme.findData(window.settings.theme)))
        self.theme.activated.connect(lambda *_: window.set_theme(self.theme.currentData()))
        self.size_ = QComboBox()
        self.size_.setObjectName("settings_text")
        self.size_.setAccessibleName("Size of the text")
        for size in SIZES:
            usual = " (usual)" if size == user_settings.USUAL_TEXT else ""
            self.size_.addItem(f"{size} points{usual}", size)
        self.size_.setCurrentIndex(self.size_.findData(window.settings.text_size))
        self.size_.activated.connect(
            lambda *_: (
                window.zoom(self.size_.currentData() - window.settings.text_size)
                if self.size_.currentData() != window.settings.text_size
                else None
            )
        )
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow("My &name", self.name)
        form.addRow("&Theme", self.theme)
        form.addRow("&Size of the text", self.size_)
        note = label("Kept for you on this computer; projects hold settings of their own.", "muted")
        self.setLayout(column(label("General", "heading"), form, note, None, spacing=12))

    def accept_name(self) -> None:
        """Keep the name."""
        wanted = self.name.text().strip()
        if wanted != self._window.settings.name:
            self._window.settings.name = wanted
            user_settings.save(self._window.settings)


class KeyboardPage(QWidget):
    """Every command with its keys; a key that is taken says by whom, and can be moved."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.keys = window.bar.keys
        self.box: QLineEdit = QLineEdit()
        self.box.setObjectName("keys_search")
        self.box.setAccessibleName("Search commands or keys")
        self.box.setPlaceholderText("Search a command or a key: undo, Ctrl+S")
        self.box.setClearButtonEnabled(True)
        self.box.textChanged.connect(self._filter)
        self.table = self._make_table()
        self.chosen = label("", "heading", wrap=False)
        self.edit = QKeySequenceEdit()
        self.edit.setObjectName("key_edit")
        self.edit.setAccessibleName("New keys: press them")
        self.edit.setMaximumSequenceLength(1)
        self.edit.setFixedWidth(170)
        self.edit.keySequenceChanged.connect(lambda *_: self._judge())
        self.told = label("", "muted")
        self.told.setObjectName("key_told")
        self.give = button("Use these keys", self._give, "primary")
        self.remove = button("No keys", self._remove, "keys_remove")
        self.usual = button("Usual keys", self._usual, "keys_usual")
        self.all_usual = button("All commands: usual keys", self._all_usual, "keys_all_usual")
        self.empty = label("", "muted")
        self.setLayout(column(
            label("Keyboard", "heading"), self.box, self.table, self.empty, self.chosen,
            row(self.edit, self.give, self.remove, self.usual, None, self.all_usual), self.told,
        ))  # fmt: skip
        self._fill()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setObjectName("keys_of_commands")
        table.setAccessibleName("Commands and their keys")
        table.setHorizontalHeaderLabels(["Command", "Keys", "Menu"])
        table.verticalHeader().hide()
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setColumnWidth(0, 290)
        table.setColumnWidth(1, 190)
        table.horizontalHeader().setStretchLastSection(True)
        table.currentCellChanged.connect(lambda *_: self._show_chosen())
        table.cellActivated.connect(lambda *_: self.edit.setFocus())
        return table

    # the list ------------------------------------------------------------------------------

    def _fill(self) -> None:
        kept = self.command
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for command in self._window.bar.commands.values():
            self._add(command)
        self.table.blockSignals(False)
        self._filter(self.box.text())
        self._go_to(kept.id if kept is not None else "")

    def _add(self, command: "Command") -> None:
        at = self.table.rowCount()
        self.table.insertRow(at)
        keys = native(self.keys.of(command.id))
        if not self.keys.is_usual(command.id):
            keys = f"{keys or 'none'} (yours)"
        texts = (command.plain.rstrip("…"), keys, command.menu.replace("&", ""))
        for place, text in enumerate(texts):
            self.table.setItem(at, place, QTableWidgetItem(text))
        self._cell(at, 0).setData(ID, command.id)

    def _cell(self, at: int, place: int) -> QTableWidgetItem:
        cell = self.table.item(at, place)
        assert cell is not None  # noqa: S101 - every cell is filled by _add
        return cell

    def _filter(self, typed: str) -> None:
        wanted = typed.lower().split()
        commands = self._window.bar.commands
        shown = 0
        for at in range(self.table.rowCount()):
            cells = [self._cell(at, place).text() for place in range(3)]
            words = commands[self._cell(at, 0).data(ID)].words
            text = " ".join([*cells, words]).lower()
            hit = all(word in text for word in wanted)
            self.table.setRowHidden(at, not hit)
            shown += hit
        self.empty.setText("" if shown else f"Nothing called '{typed}'.")
        self.empty.setVisible(not shown)
        current = self.table.currentRow()
        if current < 0 or self.table.isRowHidden(current):
            first = next(
                (r for r in range(self.table.rowCount()) if not self.table.isRowHidden(r)), -1
            )
            self.table.setCurrentCell(first, 0)
        self._show_chosen()

    def _go_to(self, command_id: str) -> None:
        for at in range(self.table.rowCount()):
            if self._cell(at, 0).data(ID) == command_id:
                self.table.setCurrentCell(at, 0)
        self._show_chosen()

    @property
    def command(self) -> "Command | None":
        """The command that is chosen."""
        at = self.table.currentRow()
        return self._window.bar.commands[self._cell(at, 0).data(ID)] if at >= 0 else None

    def _show_chosen(self) -> None:
        command = self.command
        self.chosen.setText(command.plain.rstrip("…") if command is not None else "")
        keys = self.keys.of(command.id) if command is not None else ()
        self.edit.blockSignals(True)
        self.edit.setKeySequence(QKeySequence(keys[0] if keys else "", PORTABLE))
        self.edit.blockSignals(False)
        self.edit.setEnabled(command is not None)
        self.remove.setEnabled(bool(keys))
        self.usual.setEnabled(command is not None and not self.keys.is_usual(command.id))
        self.all_usual.setEnabled(bool(self.keys.chosen))
        self._judge()

    # keys ----------------------------------------------------------------------------------

    @property
    def pressed(self) -> str:
        """The keys that were pressed."""
        return self.edit.keySequence().toString(PORTABLE)

    def _judge(self) -> None:
        """Say at once whether the pressed keys are free."""
        command, key = self.command, self.pressed
        self.give.setText("Use these keys")
        self.give.setEnabled(False)
        if command is None or not key:
            self._tell("Click into the box and press the keys." if command else "")
        elif key in self.keys.of(command.id):
            self._tell("These are its keys now.")
        elif refused := self.keys.refused(key):
            self._tell(refused, bad=True)
        elif (holder := self.keys.holder(key, command.id)) is not None:
            other = holder.plain.rstrip("…")
            self._tell(f"{native([key])} belongs to {other}, which would lose it.", bad=True)
            self.give.setText("Move the keys here")
            self.give.setEnabled(True)
        else:
            self._tell(f"{native([key])} is free.")
            self.give.setEnabled(True)

    def _tell(self, text: str, *, bad: bool = False) -> None:
        self.told.setText(text)
        self.told.setObjectName("problem" if bad else "muted")
        self.told.style().unpolish(self.told)
        self.told.style().polish(self.told)

    def _give(self) -> None:
        if self.command is not None and self.pressed:
            self.keys.give(self.command.id, [self.pressed])
            self._keep()

    def _remove(self) -> None:
        if self.command is not None:
            self.keys.give(self.command.id, [])
            self._keep()

    def _usual(self) -> None:
        if self.command is not None:
            self.keys.restore(self.command.id)
            self._keep()

    def _all_usual(self) -> None:
        self.keys.chosen.clear()
        self._keep()

    def _keep(self) -> None:
        self._window.settings.shortcuts = dict(self.keys.chosen)
        user_settings.save(self._window.settings)
        self._window.bar.take_keys()
        self._fill()
