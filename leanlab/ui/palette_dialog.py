"""The command palette: one box reaches every command, analysis and record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from leanlab.ui.widgets import label

MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    section: str
    text: str
    run: Callable[[], object]
    words: str = ""
    hint: str = ""
    why_not: str = ""


def matching(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """Return entries that hold every typed word, those that begin with it first."""
    wanted = typed.lower().split()
    found = []
    for number, entry in enumerate(entries):
        text = f"{entry.text} {entry.words} {entry.section}".lower()
        if all(word in text for word in wanted):
            begins = bool(wanted) and not entry.text.lower().startswith(wanted[0])
            found.append((begins, number, entry))
    return [entry for _, _, entry in sorted(found, key=lambda item: item[:2])][:MOST_SHOWN]


class PaletteDialog(QDialog):
    """Type a few letters, press Enter."""

    def __init__(self, entries: Sequence[Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Find")
        self.setMinimumSize(560, 380)
        self._entries = entries
        self._shown: list[Entry] = []
        self.box = QLineEdit()
        self.box.setObjectName("palette_box")
        self.box.setAccessibleName("Find a command, an analysis or a record")
        self.box.setPlaceholderText("Try: pareto, charter, overdue, export")
        self.list = QListWidget()
        self.list.setObjectName("palette_list")
        self.list.setAccessibleName("Matches")
        self.status = label("", "muted")
        layout = QVBoxLayout(self)
        for part in (self.box, self.list, self.status):
            layout.addWidget(part)
        self.box.textChanged.connect(self._filter)
        self.list.itemActivated.connect(lambda *_: self._choose())
        self._filter("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move in the list while the box keeps the focus."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step:
            self.list.setCurrentRow(
                max(0, min(self.list.count() - 1, self.list.currentRow() + step))
            )
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        else:
            super().keyPressEvent(event)

    def _filter(self, typed: str) -> None:
        self._shown = matching(self._entries, typed)
        self.list.clear()
        for entry in self._shown:
            text = f"{entry.text}    {entry.hint}" if entry.hint else entry.text
            item = QListWidgetItem(f"{entry.section}:  {text}")
            if entry.why_not:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
                item.setText(f"{item.text()}  ({entry.why_not})")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        count = len(self._shown)
        self.status.setText(
            f"{count} found" if count else f"Nothing called '{typed}'. Try another word."
        )

    def _choose(self) -> None:
        at = self.list.currentRow()
        if 0 <= at < len(self._shown) and not self._shown[at].why_not:
            self.accept()
            self._shown[at].run()
