"""What every page has: the session, the window, and an ear for changes."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from leanlab.app.records import Change
from leanlab.ui.widgets import clear, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


NOTHING_TO_EXPORT = (
    "There is no picture or table on this page: open a chart, a worksheet or data, "
    "or save the whole report (menu Report)."
)


class Page(QWidget):
    """A page of an open project."""

    help = ""  # id of its help page; empty: the help of the window
    has_paper = False  # whether it can be printed, so that its pages can be exported

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self.setObjectName("page")
        self.window_ = window
        self.session = window.project

    def heard(self, change: Change) -> None:
        """Something of the project changed."""
        if change.ids or change.kinds:
            self.refresh()

    def refresh(self) -> None:
        """Show everything as it is now."""

    def theme_changed(self) -> None:
        """The colours of the program changed."""

    def shown(self) -> None:
        """The page came to the front."""

    def main_part(self) -> QWidget:
        """Return what F6 leads to: the table, picture or first field of the page."""
        found = [w for w in self.findChildren(QWidget) if w.isVisible() and w.isEnabled()]
        for kinds in (QAbstractItemView, (QLineEdit, QPlainTextEdit), QAbstractButton):
            first = next((w for w in found if isinstance(w, kinds)), None)
            if first is not None:
                return first
        return self

    def panes(self) -> tuple[QWidget, ...]:
        """Return the parts of the page that F6 leads to, one after the other."""
        return (self.main_part(),)

    def find_here(self) -> bool:
        """Begin to search on this page in its own way; False if it has none."""
        return False

    def picked(self) -> str:
        """Return the id of the record that is picked on this page, if it shows several."""
        return ""

    def next_problem(self) -> None:
        """Go to the next thing on this page that asks for attention."""
        self.window_.say("Nothing here asks for attention.")

    def why_no_export(self) -> str:
        """Return why nothing of this page can be exported; an empty text if something can."""
        return "" if self.has_paper else NOTHING_TO_EXPORT

    def export(self) -> None:
        """Ask for a file and write what the page shows."""
        from leanlab.ui.commands.paper import paper_of
        from leanlab.ui.dialogs import export

        self.accept_pending()
        export.export(self.window_, paper_of(self.window_).title, export.paper_ways(self.window_))

    def accept_pending(self) -> None:
        """Take over what is being typed: the project is about to be saved or closed."""


class DerivedPage(Page):
    """A page worked out from the records: it is rebuilt when it is shown after a change."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.content = QVBoxLayout()
        self.content.setContentsMargins(28, 20, 28, 20)
        self.content.setSpacing(14)
        inner = QWidget()
        inner.setLayout(self.content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(inner))
        self._outdated = True

    def heard(self, change: Change) -> None:
        """Rebuild now if anybody looks, else when somebody does."""
        self._outdated = True
        if self.isVisible() and (change.ids or change.kinds):
            self.shown()

    def shown(self) -> None:
        """Work everything out anew if something changed."""
        if self._outdated:
            self._outdated = False
            self.refresh()

    def theme_changed(self) -> None:
        """Icons carry the theme's colours."""
        self._outdated = True
        if self.isVisible():
            self.shown()

    def refresh(self) -> None:
        """Throw the old content away and build it again."""
        clear(self.content)
        self.build()
        self.content.addStretch(1)

    def build(self) -> None:
        """Fill `content`."""
