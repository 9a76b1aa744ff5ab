"""When a command can run: an empty text, or the reason why not."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

Reason = Callable[[], str]


def with_project(window: "MainWindow") -> Reason:
    """Needs an open project."""
    return lambda: "" if window.session is not None else "Open a project first."


def ours(window: "MainWindow") -> Reason:
    """Needs an open project that is not under review: a reviewed one belongs to somebody else."""

    def reason() -> str:
        if window.session is None:
            return "Open a project first."
        reviewed = window.session.reviewing
        return (
            "You review this project; its owner saves it. Finish the review to send it."
            if reviewed
            else ""
        )

    return reason


def shown_before(window: "MainWindow", by: int) -> Reason:
    """Needs a page that was shown before this one (-1), or that was left by going back (1)."""
    where = "back to" if by < 0 else "forward to"

    def reason() -> str:
        blocked = with_project(window)()
        if blocked or window.navigation.can_step(by):
            return blocked
        return f"There is no page to go {where}."

    return reason


def editable(window: "MainWindow") -> Reason:
    """Needs an open project that may be changed."""

    def reason() -> str:
        if window.session is None:
            return "Open a project first."
        return "This project was opened read-only." if window.session.read_only else ""

    return reason


def unsaved(window: "MainWindow") -> Reason:
    """Needs changes that are not yet in the file."""

    def reason() -> str:
        blocked = editable(window)()
        if blocked or window.session is None:
            return blocked
        return "" if window.session.unsaved_edits else "Everything is saved."

    return reason


def undoable(window: "MainWindow") -> Reason:
    """Needs a step to take back."""

    def reason() -> str:
        blocked = editable(window)()
        if blocked or window.session is None:
            return blocked
        return "" if window.session.undo_label else "There is nothing to undo."

    return reason


def redoable(window: "MainWindow") -> Reason:
    """Needs a step to do again."""

    def reason() -> str:
        blocked = editable(window)()
        if blocked or window.session is None:
            return blocked
        return "" if window.session.redo_label else "There is nothing to redo."

    return reason
