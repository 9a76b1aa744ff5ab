"""The keyboard shortcuts, made from the commands so that the list cannot lie."""

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.ui.commands import Command

# keys that belong to a part of a page, not to a command
IN_PLACE = (
    ("On a control chart", "Left, Right", "Previous or next point"),
    ("On a control chart", "Ctrl+.", "Next signal"),
    ("On a control chart", "Del", "Exclude the point, with a reason"),
    ("On a control chart", "A", "Write a note at the point"),
    ("On a control chart", "S", "Start a stage at the point"),
    ("On a control chart", "L", "Use the points up to here for the limits"),
    ("In a table", "F2", "Edit the cell"),
    ("In a table", "Ctrl+D", "Fill down"),
    ("In a table", "Ctrl+C, Ctrl+V", "Copy and paste, also from and to Excel"),
    ("In a tree", "Enter, Tab, Shift+Tab", "New line beside, below, or one level up"),
    ("In a tree", "Alt+Up, Alt+Down", "Move the line"),
    ("Everywhere", "Shift+F10", "Menu of what has the focus"),
)


class KeysDialog(QDialog):
    """A table of all shortcuts."""

    def __init__(self, commands: Sequence[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(620, 560)
        rows = [
            (c.menu.replace("&", ""), c.shortcut.replace("; ", ", "), c.plain.rstrip("…"))
            for c in commands
            if c.shortcut
        ] + list(IN_PLACE)
        table = QTableWidget(len(rows), 3)
        table.setObjectName("keys_table")
        table.setAccessibleName("Keyboard shortcuts")
        table.setHorizontalHeaderLabels(["Where", "Keys", "What it does"])
        table.verticalHeader().hide()
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                table.setItem(at, column, QTableWidgetItem(text))
        table.setColumnWidth(0, 140)
        table.setColumnWidth(1, 170)
        table.horizontalHeader().setStretchLastSection(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(table)
        layout.addWidget(buttons)
