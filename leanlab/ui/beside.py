"""What stands left and right of the page: the places of the project, and the comments."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSplitter

from leanlab.ui.focus import holds

if TYPE_CHECKING:
    from leanlab.ui.review.comments import CommentsPanel
    from leanlab.ui.window import MainWindow

USUAL, NARROW = (
    252,
    1150,
)  # pixels: the sidebar at first; a window in which it is as narrow as can be
CROWDED = 1180  # pixels below which places, page and comments do not stand side by side


class Beside:
    """Shows and hides the sidebar and the comments; in a narrow window only one of them."""

    def __init__(self, window: "MainWindow", split: QSplitter) -> None:
        self._window, self._split = window, split
        self.comments: CommentsPanel | None = None
        self._wanted = True  # the sidebar, by the user
        self._usual, self._narrow = USUAL, False  # its width in a wide window; how it stands
        split.splitterMoved.connect(lambda *_: self._moved())

    def refresh(self) -> None:
        """The project or the page is another one, or something changed."""
        if self.comments is not None and self._window.session is None:
            self.comments.hide()
        self.arrange()
        if self.comments is not None and self._commenting:
            self.comments.follow()

    def arrange(self) -> None:
        """The sidebar makes room for the comments where both would crowd the page."""
        wanted = self._wanted and not self._crowded
        self._window.sidebar.setVisible(self._window.session is not None and wanted)
        self._share()

    def _share(self) -> None:
        """In a narrow window the sidebar leaves the page what it can; a wide one gives it back."""
        narrow, sizes = self._window.width() < NARROW, self._split.sizes()
        if narrow == self._narrow or self._window.sidebar.isHidden():
            return
        self._narrow = narrow
        wanted = self._window.sidebar.minimumWidth() if narrow else self._usual
        self._split.setSizes([wanted, sizes[0] + sizes[1] - wanted, *sizes[2:]])

    def _moved(self) -> None:
        if not self._narrow:
            self._usual = self._split.sizes()[0] or self._usual

    @property
    def _commenting(self) -> bool:
        return self.comments is not None and not self.comments.isHidden()

    @property
    def _crowded(self) -> bool:
        return self._commenting and self._window.width() < CROWDED

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar."""
        self._wanted = not self._window.sidebar.isVisible()
        if self._wanted and self._crowded:
            self.hide_comments()
        self.arrange()

    def show_comments(self) -> None:
        """Show the comments beside the page and go there; from there, close them."""
        if self.comments is None:
            self.comments = self._made()
        elif self._commenting and holds(self.comments, QApplication.focusWidget()):
            self.hide_comments()
            return
        self.comments.show()
        self.arrange()
        self.comments.follow()
        self.comments.enter()

    def _made(self) -> "CommentsPanel":
        from leanlab.ui.review.comments import CommentsPanel

        made = CommentsPanel(self._window)
        self._split.addWidget(made)
        self._split.setStretchFactor(self._split.indexOf(made), 0)
        return made

    def hide_comments(self) -> None:
        """Close the comments and go back to the page."""
        if self.comments is None:
            return
        self.comments.hide()
        self.arrange()
        page = self._window.navigation.page
        if page is not None:
            page.main_part().setFocus(Qt.FocusReason.ShortcutFocusReason)
