"""The pages of an open project, made when first shown, with a history like a browser's."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

if TYPE_CHECKING:
    from leanlab.app.records import Change
    from leanlab.ui.pages.base import Page
    from leanlab.ui.window import MainWindow


class Navigation:
    """Which page is shown, and which were shown before."""

    def __init__(
        self, window: "MainWindow", stack: QStackedWidget, arrived: Callable[[], None]
    ) -> None:
        self._window, self._stack, self._arrived = window, stack, arrived
        self._pages: dict[str, Page] = {}
        self._history: list[str] = []
        self._at = -1

    @property
    def target(self) -> str:
        """The place that is shown now."""
        return self._history[self._at] if self._at >= 0 else ""

    @property
    def page(self) -> "Page | None":
        """The page that is shown now."""
        return self._pages.get(self.target)

    def __iter__(self) -> "Iterator[Page]":
        return iter(list(self._pages.values()))

    def can_step(self, by: int) -> bool:
        """Whether there is a page that far back or forward."""
        return 0 <= self._at + by < len(self._history)

    def go(self, target: str) -> bool:
        """Show a place; False when it is not there any more."""
        if not self._show(target):
            return False
        if self.target != target:
            self._history = [*self._history[: self._at + 1], target]
            self._at = len(self._history) - 1
        self._arrived()
        return True

    def step(self, by: int) -> None:
        """Go back (-1) or forward (1)."""
        if self.can_step(by) and self._show(self._history[self._at + by]):
            self._at += by
            self._arrived()

    def heard(self, change: "Change") -> None:
        """Let every page refresh what it shows."""
        for page in self:
            page.heard(change)

    def close(self, page: "Page") -> None:
        """Take a page away whose record is gone."""
        gone = {target for target, known in self._pages.items() if known is page}
        if not gone:
            return
        was_shown = self.target in gone
        for target in gone:
            del self._pages[target]
        before = self._history[: max(self._at, 0)]
        self._at -= sum(target in gone for target in before)
        self._history = [target for target in self._history if target not in gone]
        self._at = min(self._at, len(self._history) - 1)
        self._stack.removeWidget(page)
        page.deleteLater()
        if was_shown:
            self.go(self.target or "home")

    def clear(self) -> None:
        """Forget everything: the project is closed."""
        for page in self:
            self._stack.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._pages, self._history, self._at = {}, [], -1

    def _show(self, target: str) -> bool:
        if target not in self._pages:
            from leanlab.ui.pages.registry import make

            page = make(self._window, target)
            if page is None:
                return False
            self._pages[target] = page
            self._stack.addWidget(page)
        page = self._pages[target]
        self._stack.setCurrentWidget(page)
        page.shown()
        return True
