"""What the window says about a review: a bar above the pages, and how much was said of a page."""

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton

from leanlab.core import format as words
from leanlab.ui.icons import picture
from leanlab.ui.widgets import button, column, label

if TYPE_CHECKING:
    from leanlab.app.review_session import ReviewSession
    from leanlab.ui.window import MainWindow


def reviewed(window: "MainWindow") -> "ReviewSession | None":
    """Return the open review, or None where a project is open for editing."""
    session = window.session
    return cast("ReviewSession", session) if session is not None and session.reviewing else None


class ReviewBar(QFrame):
    """Says that nothing is changed, counts what was said, and leads to what can be said."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.setObjectName("review_bar")
        self.sign = label("", wrap=False)
        self.heading = label("You review this project; nothing is changed in it", "heading")
        self.heading.setObjectName("review_heading")
        self.counts = label("", "muted")
        self.counts.setObjectName("review_counts")
        self.comment = button("Comment on this page", self._comment, "review_comment")
        self.decide = QPushButton("Decide")
        self.decide.setObjectName("review_decide")
        self.decide.setAccessibleName("Decide a gate, the outcome or benefits")
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.decide.setMenu(self.menu)
        self.finish = button("Finish review…", lambda: window.bar.run("review_finish"), "primary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(28, 8, 28, 8)
        layout.setSpacing(10)
        layout.addWidget(self.sign)
        layout.addLayout(column(self.heading, self.counts, spacing=0), 1)
        for part in (self.comment, self.decide, self.finish):
            layout.addWidget(part)
        self.hide()

    def refresh(self) -> None:
        """Show the bar while a project is reviewed."""
        session = reviewed(self._window)
        self.setVisible(session is not None)
        if session is None:
            return
        self.sign.setPixmap(picture("form", self._window.tokens["attention"], 22))
        items = session.items()
        decided = sum(item.deciding for item in items)
        said = len(items) - decided
        self.counts.setText(
            f"{words.count(said, 'comment or opinion', 'comments and opinions')}, "
            f"{words.count(decided, 'decision')} so far; kept on this computer until you finish."
            if items
            else "What you write is kept on this computer until you finish and send it."
        )
        self.finish.setEnabled(bool(items))

    def _comment(self) -> None:
        self._window.beside.show_comments()

    def _fill_menu(self) -> None:
        from leanlab.app import roadmap
        from leanlab.ui.review.benefits import judge_benefits

        session = reviewed(self._window)
        self.menu.clear()
        if session is None:
            return
        for phase in roadmap.state_of(session).phases:
            target = f"gate:{phase.phase.id}"
            state = "" if phase.current else f" ({phase.words})"
            go = partial(self._window.go_to, target)
            self.menu.addAction(f"Gate {phase.phase.title}{state}", go)
        self.menu.addSeparator()
        self.menu.addAction("Outcome", partial(self._window.go_to, "card"))
        lines = self.menu.addAction("Benefits…", lambda: judge_benefits(self._window))
        lines.setEnabled(bool(session.records("benefit_line")))
