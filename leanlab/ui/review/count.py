"""How much was said of the open page."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def count_here(window: "MainWindow") -> int:
    """Return how much was said of the open page and of what stands on it."""
    session = window.project
    if not session.records("comment") and not session.records("review"):
        return 0  # the usual case costs nothing
    from leanlab.app.review import count_said
    from leanlab.app.review_places import inside

    places = inside(session, window.navigation.target)
    return count_said(session, {p for p, _ in places if p != "project" or len(places) == 1})
