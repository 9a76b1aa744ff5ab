"""The card of a project from the list: the next one is a key away."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from leanlab.core.errors import Problem
from leanlab.domain.cards import Card
from leanlab.domain.portfolio import Entry
from leanlab.ui import messages
from leanlab.ui.portfolio.card_view import CardView
from leanlab.ui.portfolio.decision import DecisionBar, keep_in_review
from leanlab.ui.widgets import button, label, row, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


class CardDialog(QDialog):
    """Shows one card after the other; `wanted` is the place to open afterwards, or None."""

    help = "portfolio"

    def __init__(self, window: "MainWindow", entries: Sequence[Entry], at: int) -> None:
        super().__init__(window)
        self._window, self._entries, self._at = window, list(entries), at
        self.wanted: tuple[Path, str] | None = None
        self.shown: Card | None = None
        self.setWindowTitle("Outcome card")
        self.resize(min(1180, window.width() - 40), min(840, window.height() - 30))
        self.view = CardView(window.tokens, self._open)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(28, 18, 28, 14)
        layout.addWidget(self.view)
        self.place = label("", "muted", wrap=False)
        self.back = button("&Previous", partial(self.step, -1), "card_previous")
        self.forward = button("&Next", partial(self.step, 1), "card_next")
        self.save = button("Save as P&DF…", self._save, "card_pdf")
        self.go_on = button("&Open project", partial(self._open, "home"), "card_open")
        self.review = button("&Review…", partial(self._open, "review"), "card_review")
        close = button("Close", self.reject, "card_close")
        for one in (self.back, self.forward, self.save, self.review, self.go_on, close):
            one.setAutoDefault(False)
        self.buttons = row(
            self.back, self.forward, self.place, None, self.save, self.review, self.go_on, close
        )
        self.buttons.setContentsMargins(28, 4, 28, 12)
        self.decision = DecisionBar(
            self._decide,
            "&Keep in my review",
            "Keep it (Ctrl+Enter); finish the review to send it to the owner",
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolled(inner), 1)
        whole.addWidget(self.decision)
        whole.addLayout(self.buttons)
        for keys, by in (("Ctrl+Right", 1), ("Ctrl+Left", -1)):
            QShortcut(QKeySequence(keys), self, partial(self.step, by))
        self.forward.setToolTip("Next (Ctrl+Right)")
        self.back.setToolTip("Previous (Ctrl+Left)")
        self.step(0)

    def _decide(self, choice: str, text: str, _name: str) -> None:
        path = Path(self.entry.path)
        keep_in_review(self._window, path, choice, text, self.decision, self._not_kept)

    def _not_kept(self, problem: Problem) -> None:
        messages.show(self, problem)

    @property
    def entry(self) -> Entry:
        """The project whose card is shown."""
        return self._entries[self._at]

    def step(self, by: int) -> None:
        """Show the next or the previous card."""
        self._at = min(max(self._at + by, 0), len(self._entries) - 1)
        self.back.setEnabled(self._at > 0)
        self.forward.setEnabled(self._at < len(self._entries) - 1)
        self.place.setText(f"{self._at + 1} of {len(self._entries)}")
        self.shown = None
        self.decision.forget()
        self.save.setEnabled(False)
        path = Path(self.entry.path)

        def work(job: Any) -> Card:
            from leanlab.app.portfolio_export import card_at

            return card_at(path, job.check)

        self._window.jobs.run(work, self._show, failed=self._failed, view="card")

    def _show(self, shown: Card) -> None:
        self.shown = shown
        self.save.setEnabled(True)
        self.view.show_card(shown, self._window.tokens, self.entry.pending)

    def _failed(self, problem: Problem) -> None:
        self.view.say(f"{problem.message} {problem.hint}")

    def _open(self, target: str) -> None:
        self.wanted = (Path(self.entry.path), target)
        self.accept()

    def _save(self) -> None:
        from leanlab.ui.commands.portfolio import save_card

        if self.shown is not None:
            save_card(self._window, self.shown)
