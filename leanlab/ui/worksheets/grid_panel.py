"""A grid with its title, filters, search and a button for a new row."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from leanlab.core import format as words
from leanlab.ui.widgets import button, label, row
from leanlab.ui.worksheets.binding import Binding
from leanlab.ui.worksheets.grid import GridView
from leanlab.worksheets.declare import Message, Section


class GridPanel(QWidget):
    """A grid with its title, filters, search and a button for a new row."""

    def __init__(self, binding: Binding, section: Section, *, titled: bool = True) -> None:
        super().__init__()
        self.binding, self.section = binding, section
        self.view = GridView(binding, section)
        self.count = label("", "small", wrap=False)
        self.filter = QComboBox()
        self.filter.setObjectName(f"filter_{section.id}")
        self.filter.setAccessibleName("Which rows")
        self.filter.addItem("All", "")
        for one in section.filters:
            self.filter.addItem(one.label, one.id)
        self.filter.activated.connect(lambda *_: self._filtered())
        if not section.filters:
            self.filter.hide()
        self.search = QLineEdit()
        self.search.setObjectName(f"search_{section.id}")
        self.search.setAccessibleName("Search in the rows")
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(170)
        self.search.textChanged.connect(lambda *_: self._filtered())
        self.add = button(f"+ Add {section.row_word}", self.add_row)
        self.add.setObjectName(f"add_{section.id}")
        self.blank = label(section.blank, "muted")
        title = label(section.title, "heading", wrap=False) if titled else None
        top = row(*([title] if title else []), self.count, None, self.filter, self.search, self.add)
        top.setContentsMargins(12, 8, 12, 6)
        self.blank.setContentsMargins(14, 2, 14, 8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.blank)
        layout.addWidget(self.view, 1)
        self.refresh()

    def show_filter(self, filter_id: str) -> None:
        """Show only the rows of a filter."""
        self.filter.setCurrentIndex(max(0, self.filter.findData(filter_id)))
        self._filtered()

    def _filtered(self) -> None:
        chosen = self.filter.currentData()
        self.view.grid.filter = next((f for f in self.section.filters if f.id == chosen), None)
        self.view.grid.search = self.search.text().strip()
        self.refresh()

    def add_row(self) -> None:
        """Begin a new row."""
        made = self.binding.add(self.section.id)
        if made:
            self.view.begin(made)

    def refresh(self) -> None:
        """Show the rows as they are now."""
        self.view.refresh()
        whole = len(self.binding.view.all(self.section.id))
        shown = len(self.view.grid.rows)
        text = words.count(whole, self.section.row_word)
        self.count.setText(f"{shown} of {text}" if shown != whole else text if whole else "")
        self.blank.setVisible(not whole and bool(self.section.blank))
        self.add.setEnabled(self.binding.editable)
        self.search.setVisible(whole > 5)  # noqa: PLR2004 - a short list is searched by eye

    def show_messages(self, messages: Sequence[Message]) -> None:
        """Mark the cells that checks speak of."""
        self.view.grid.show_marks(messages)
        self.view.viewport().update()

    def accept(self) -> None:
        """Take over what is being typed in a cell."""
        for editor in self.view.findChildren(QWidget, "cell_editor"):
            if not editor.isHidden():  # a closed one stays for a moment
                self.view.commitData(editor)


class EmbeddedGrid(GridPanel):
    """A grid inside a form: as high as its rows need."""

    def __init__(self, binding: Binding, section: Section) -> None:
        super().__init__(binding, section)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._fit()

    def refresh(self) -> None:
        """Grow and shrink with the rows."""
        super().refresh()
        self._fit()

    def _fit(self) -> None:
        lines = sum(self.view.rowHeight(i) for i in range(self.view.grid.rowCount()))
        header = self.view.horizontalHeader().sizeHint().height()
        self.view.setFixedHeight(min(420, header + lines + 18))
