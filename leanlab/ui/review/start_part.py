"""Reviews that were begun, on the start page."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from leanlab.app.review_session import LeftBehind, discard, reviews_begun
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui import messages
from leanlab.ui.icons import picture
from leanlab.ui.widgets import button, card, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def review_cards(window: "MainWindow") -> list[QFrame]:
    """Return a card for each review that was begun and not sent."""
    return [_card(window, left) for left in reviews_begun()]


def _card(window: "MainWindow", left: LeftBehind) -> QFrame:
    from leanlab.ui.commands.review import go_on

    sign = label("", wrap=False)
    sign.setPixmap(picture("form", window.tokens["attention"], 24))
    items = words.count(left.items, "comment or decision", "comments and decisions")
    told = column(
        label(f"Your review of {left.title}", "heading"),
        label(f"{items}, not sent yet. The project is {left.path.name}.", "muted"),
        spacing=1,
    )
    again = button("Continue", partial(go_on, window, left), "primary")
    send = button("Finish review…", lambda: window.bar.run("review_finish"), "finish_begun")
    give_up = button("Discard…", partial(_discard, window, left), "discard_review")
    line = row(sign, told, give_up, send, again, spacing=12)
    line.setStretch(1, 1)
    frame = card(line)
    frame.setObjectName("banner")
    return frame


def _discard(window: "MainWindow", left: LeftBehind) -> None:
    question = Problem(f"Discard your review of {left.title}?", hint="It cannot be brought back.")
    if messages.ask(window, question, "Discard"):
        discard(left)
        window.start.show_later_parts()
