"""The keyboard shortcuts, made from the commands so that the list cannot lie."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.ui.commands import Command
from leanlab.ui.shortcuts import IN_PLACE, Keys, native, split


class KeysDialog(QDialog):
    """A table of all shortcuts."""

    help = "settings"

    def __init__(
        self,
        commands: Sequence[Command],
        keys: Keys,
        parent: QWidget | None = None,
        *,
        change: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(760, 560)
        rows = [
            (c.menu.replace("&", ""), native(keys.of(c.id)), c.plain.rstrip("…"))
            for c in commands
            if keys.of(c.id)
        ] + [(where, native(split(pressed)), what) for where, pressed, what in IN_PLACE]
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
        table.setColumnWidth(1, 210)
        table.horizontalHeader().setStretchLastSection(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        if change is not None:
            other = buttons.addButton("Change keys…", QDialogButtonBox.ButtonRole.ActionRole)
            other.setObjectName("change_keys")
            other.clicked.connect(self.reject)
            other.clicked.connect(lambda *_: change())
        layout = QVBoxLayout(self)
        layout.addWidget(table)
        layout.addWidget(buttons)
