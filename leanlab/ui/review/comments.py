"""What was said of a page and the records on it; new comments are written here too."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import review
from leanlab.app.review import Said
from leanlab.app.review_places import inside
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui.review.bar import reviewed
from leanlab.ui.widgets import button, card, clear, column, label, row, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

MOST_SHOWN = 200


class CommentsDialog(QDialog):
    """Comments, opinions and decisions above; what you want to say below."""

    help = "review"

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.setObjectName("comments_dialog")
        self.setWindowTitle("Comments")
        self.resize(680, 620)
        self._window, self._session = window, window.project
        self._places = inside(self._session, window.navigation.target)
        self.heading = label(self._places[0][1], "heading")
        self.everything = QCheckBox("&Everything that was said in this project")
        self.everything.setObjectName("comments_everything")
        self.everything.toggled.connect(self.refresh)
        self.list = QVBoxLayout()
        self.list.setSpacing(8)
        inner = QWidget()
        inner.setLayout(column(self.list, None))
        self.about = QComboBox()
        self.about.setObjectName("comment_about")
        self.about.setAccessibleName("What the comment is about")
        self.about.setMinimumContentsLength(20)
        self.about.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for place, title in self._places:
            self.about.addItem(title, place)
        self.text = QPlainTextEdit()
        self.text.setObjectName("comment_text")
        self.text.setAccessibleName("Your comment")
        self.text.setPlaceholderText("What should the owner know? (Ctrl+Enter adds it)")
        self.text.setFixedHeight(84)
        self.problem = label("", "problem")
        self.problem.hide()
        self.add = button("Add comment", self._add, "primary")
        self._arrange(inner)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._add)
        self.refresh()
        self.text.setFocus()

    def _arrange(self, inner: QWidget) -> None:
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(row(self.heading, None, self.everything))
        layout.addWidget(scrolled(inner), 1)
        may = reviewed(self._window) is not None or not self._session.read_only
        if may:
            about = row(label("About", "muted", wrap=False), self.about)
            about.setStretch(1, 1)
            layout.addLayout(about)
            layout.addWidget(self.text)
            layout.addWidget(self.problem)
        close = button("Close", self.reject, "close_dialog")
        close.setAutoDefault(False)
        layout.addLayout(row(None, close, self.add))
        self.add.setVisible(may)

    def refresh(self) -> None:
        """List what was said, the newest first."""
        clear(self.list)
        if self.everything.isChecked():
            shown = review.said_in(self._session)
        else:
            shown = review.said_at(self._session, {p for p, _ in self._own_places()})
        for said in shown[:MOST_SHOWN]:
            self.list.addWidget(self._said(said))
        if not shown:
            self.list.addWidget(label("Nothing was said here yet.", "muted"))
        if len(shown) > MOST_SHOWN:
            self.list.addWidget(label(f"and {len(shown) - MOST_SHOWN} older ones", "small"))

    def _own_places(self) -> list[tuple[str, str]]:
        """Return the places of the page; the project itself has a page of its own."""
        return [p for p in self._places if p[0] != "project" or len(self._places) == 1]

    def _said(self, said: Said) -> QFrame:
        moment = datetime.fromisoformat(said.at).astimezone()
        who = label(said.who or "Without a name", wrap=False)
        who.setObjectName("said_who")
        when = label(f"{words.day(moment)} {moment:%H:%M}", "small", wrap=False)
        top = row(who, when, None)
        if said.own or (not said.code and not self._session.read_only):
            top.addWidget(button("Take back", partial(self._take_back, said), "link"))
        parts: list[QWidget] = []
        if said.about != self._places[0][0]:
            parts.append(label(said.title, "small"))
        if said.words:
            decided = label(said.words[:1].upper() + said.words[1:])
            decided.setObjectName("ok" if said.words.startswith(("agree", "pass", "valid", "sust")) else "attention")  # fmt: skip
            parts.append(decided)
        if said.text:
            parts.append(label(said.text))
        if said.code:
            parts.append(label(f"Code {said.code}", "small"))
        return card(top, *parts)

    def _take_back(self, said: Said) -> None:
        session = reviewed(self._window)
        if session is not None:
            session.withdraw(said.id)
        else:
            self._session.delete(said.id, label="Take back a comment")
        self.refresh()

    def _add(self) -> None:
        text, about = self.text.toPlainText(), str(self.about.currentData())
        session = reviewed(self._window)
        try:
            if session is not None:
                session.comment(about, text)
            else:
                review.comment(self._session, about, text)
        except Problem as problem:
            self.problem.setText(f"{problem.message} {problem.hint}")
            self.problem.show()
            return
        self.problem.hide()
        self.text.clear()
        self.refresh()


def show_comments(window: "MainWindow") -> None:
    """Show what was said of the open page."""
    window.accept_pending()
    CommentsDialog(window).exec()
