"""Choose a worksheet: by name, by phase, by what one wants to settle."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidgetItem, QVBoxLayout, QWidget

from leanlab.ui.found_list import ID, FoundList
from leanlab.ui.icons import icon
from leanlab.ui.matching import matching, nearly
from leanlab.worksheets.declare import WorksheetType
from leanlab.worksheets.registry import WORKSHEETS

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

_ICONS = {
    "form": "form", "grid": "grid", "tree": "tree", "canvas": "fishbone", "matrix": "chart",
    "calculator": "calculator",
}  # fmt: skip


def fitting(typed: str) -> list[WorksheetType]:
    """Return worksheets whose title, other names or question hold every typed word, else nearly."""

    def names(kind: WorksheetType) -> tuple[str, ...]:
        return (kind.title, *kind.also_called)

    held = matching(WORKSHEETS, typed, names, lambda kind: f"{kind.question} {kind.id}")
    return held or nearly(WORKSHEETS, typed, names)


class NewWorksheetDialog(QDialog):
    """A list of all worksheets with the question that each settles."""

    def __init__(self, there: frozenset[str], colour: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("new_worksheet_dialog")
        self.setWindowTitle("Open or add a worksheet")
        self.resize(620, 560)
        self.chosen = ""
        self._there, self._colour = there, colour
        self.found = FoundList(self._fitting, names=("Search worksheets", "Worksheets"))
        self.box, self.list = self.found.box, self.found.list
        self.box.setObjectName("worksheet_search")
        self.box.setPlaceholderText("Search: charter, root cause, savings, FMEA…")
        self.list.setObjectName("worksheet_list")
        self.list.setIconSize(QSize(22, 22))
        self.list.setSpacing(2)
        self.list.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.open_button = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.open_button.setText("Open")
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self.found, 1)
        layout.addWidget(buttons)
        self.found.taken.connect(self._take)
        self.found.moved.connect(lambda: self.open_button.setEnabled(bool(self.found.chosen)))
        self.found.refresh()
        self.box.setFocus()

    @property
    def help(self) -> str:
        """The help of the worksheet that would be opened."""
        return self.found.chosen or "phases"

    def _fitting(self, typed: str) -> tuple[list[QListWidgetItem], str]:
        kinds = fitting(typed)
        said = "" if kinds else "No worksheet is called so. Try other words."
        return [self._line(kind) for kind in kinds], said

    def _line(self, kind: WorksheetType) -> QListWidgetItem:
        state = "   (in this project)" if kind.id in self._there else ""
        drawn = icon(_ICONS[kind.archetype], self._colour)
        item = QListWidgetItem(drawn, f"{kind.title}{state}\n{kind.question}")
        item.setData(ID, kind.id)
        return item

    def _take(self) -> None:
        if self.found.chosen:
            self.chosen = self.found.chosen
            self.accept()


def choose_worksheet(window: "MainWindow") -> str | None:
    """Return the type of the chosen worksheet, or None when the user cancels."""
    there = frozenset(str(w.get("type_id")) for w in window.project.records("worksheet"))
    dialog = NewWorksheetDialog(there, window.tokens["text"], window)
    return dialog.chosen if dialog.exec() else None
