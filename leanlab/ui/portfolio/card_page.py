"""The outcome card of the open project."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout

from leanlab.app.records import Change
from leanlab.ui.pages.base import DerivedPage
from leanlab.ui.portfolio.card_view import CardView
from leanlab.ui.widgets import button, label, row

if TYPE_CHECKING:
    from leanlab.domain.cards import Card
    from leanlab.ui.window import MainWindow


class CardPage(DerivedPage):
    """Shows the card, and takes the answers that no record holds."""

    help = "portfolio"

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.card: Card | None = None

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
