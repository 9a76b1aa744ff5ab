"""Where the focus is and where it goes: panes of the window, menus."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def next_pane(window: "MainWindow", by: int) -> None:
    """Move the focus to the next part of the window: places, page, comments, search."""
    page, comments = window.navigation.page, window.beside.comments
    inside = page.panes() if page else (window.start,)
    every = (window.sidebar, *inside, comments, window.header.find_box)
    panes = [p for p in every if p is not None and p.isVisible()]
    focus = QApplication.focusWidget()
    at = next((i for i, p in enumerate(panes) if holds(p, focus)), -1)
    if at < 0 and focus is not None and window.stack.isAncestorOf(focus):
        at = panes.index(inside[0])
    wanted = panes[(at + by) % len(panes)]
    if comments is not None and wanted is comments:
        comments.enter()
    else:
        wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)


def holds(part: QWidget, focus: QWidget | None) -> bool:
    """Whether the focus is in a part of the window."""
    return focus is not None and (part is focus or part.isAncestorOf(focus))


def show_context_menu(window: "MainWindow") -> None:
    """Ask what has the focus for its menu: not every system does that by itself."""
    focus = QApplication.focusWidget() or window
    at = QRectF(focus.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)).center().toPoint()
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(focus, QContextMenuEvent(reason, at, focus.mapToGlobal(at)))


def show_menus(window: "MainWindow") -> None:
    """Open the first menu; the arrow keys lead to the others."""
    window.menuBar().setActiveAction(window.menuBar().actions()[0])
