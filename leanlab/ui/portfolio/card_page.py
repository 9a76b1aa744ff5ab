"""The outcome card of the open project."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from leanlab.app.records import Change
from leanlab.app.review import decide_card
from leanlab.domain.review import CARD
from leanlab.ui.pages.base import DerivedPage
from leanlab.ui.portfolio.card_view import CardView
from leanlab.ui.portfolio.decision import DecisionBar, keep_in_review
from leanlab.ui.review.bar import reviewed
from leanlab.ui.widgets import button, label, row

if TYPE_CHECKING:
    from leanlab.domain.cards import Card
    from leanlab.ui.window import MainWindow


class CardPage(DerivedPage):
    """Shows the card, and takes the answers that no record holds."""

    help = "portfolio"
    has_paper = True

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.card: Card | None = None
        self.decision = self._decision_bar()
        layout = self.layout()
        assert layout is not None  # noqa: S101 - of the base class
        layout.addWidget(self.decision)

    def _decision_bar(self) -> DecisionBar:
        """Return what decides: in one's own file it is signed, else it goes into a review."""
        review = reviewed(self.window_)
        if review is not None or self.session.read_only:
            hint = "Keep it (Ctrl+Enter); finish the review to send it to the owner"
            bar = DecisionBar(self._decide, "&Keep in my review", hint)
            before = review.item("card", "card") if review is not None else None
            if before is not None:
                bar.show_decision(before.choice, before.text)
            return bar
        hint = "Sign it with this name (Ctrl+Enter); a signature is not undone, a later one replaces it"
        return DecisionBar(self._decide, "&Sign", hint, signed=self.window_.settings.name)

    def main_part(self) -> QWidget:
        """The choices: digits typed there choose, and Tab leads to the comment."""
        return self.decision.choices.buttons()[0]

    def _decide(self, choice: str, text: str, name: str) -> None:
        review = reviewed(self.window_)
        if review is not None:
            review.decide_card(choice, text)
            self.decision.said.setText(f"Kept: {CARD[choice]}. Finish your review to send it.")
        elif self.session.read_only:
            path, failed = self.session.path, self.window_.show_problem
            keep_in_review(self.window_, path, choice, text, self.decision, failed)
        else:
            decide_card(self.session, choice, text, name)
            self.decision.forget()
            self.decision.said.setText(f"Signed: {CARD[choice]}.")

    def heard(self, change: Change) -> None:
        """Facts of the project stand on the card too; they are no records."""
        self._outdated = True
        if self.isVisible():
            self.shown()

    def build(self) -> None:
        """Work the card out from the records."""
        from leanlab.app.cards import card_of

        self.card = card_of(self.session)
        answer = button("&Answer questions…", self._answer, "card_answer")
        answer.setEnabled(not self.session.read_only)
        if self.session.read_only:
            answer.setToolTip("This project was opened read-only.")
        head = row(
            label("What a lead sees of this project; everything comes from its records.", "muted"),
            answer, button("Save as P&DF…", self._save, "card_pdf"),
        )  # fmt: skip
        head.setStretch(0, 1)
        view = CardView(self.window_.tokens, self._go)
        view.show_card(self.card, self.window_.tokens)
        layout: Any = self.content
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - of the base class
        layout.addLayout(head)
        layout.addWidget(view)

    def _go(self, target: str) -> None:
        if target.startswith("card."):
            self._answer()
        else:
            self.window_.go_to(target)

    def _answer(self) -> None:
        from leanlab.ui.portfolio.answers import AnswersDialog

        if not self.session.read_only:
            AnswersDialog(self.session, self.window_).exec()

    def _save(self) -> None:
        from leanlab.ui.commands.portfolio import save_card

        if self.card is not None:
            save_card(self.window_, self.card)
