"""What every page has: the session, the window, and an ear for changes."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from leanlab.app.records import Change

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


class Page(QWidget):
    """A page of an open project."""

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
