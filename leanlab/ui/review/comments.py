"""What was said of a page and the records on it, beside that page; new comments are written here too."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QPlainTextEdit, QVBoxLayout, QWidget

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
WIDTH = 300


class CommentsPanel(QFrame):
    """Comments, opinions and decisions above; what you want to say below. It follows the page."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self.setObjectName("comments_panel")
        self.setAccessibleName("Comments")
        self.setMinimumWidth(WIDTH)
        self._window = window
        self._places: list[tuple[str, str]] = []
        self._shown: object = None  # what the list was made of
        self.heading = label("", "muted")
        self.everything = QCheckBox("&Everything said in this project")
        self.everything.setObjectName("comments_everything")
        self.everything.toggled.connect(self._list)
        self.list = QVBoxLayout()
        self.list.setSpacing(8)
        self.about = QComboBox()
        self.about.setObjectName("comment_about")
        self.about.setAccessibleName("What the comment is about")
        self.about.setMinimumContentsLength(12)
        self.about.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.text = QPlainTextEdit()
        self.text.setObjectName("comment_text")
        self.text.setAccessibleName("Your comment")
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText("What should be known? (Ctrl+Enter adds it)")
        self.text.setFixedHeight(84)
        self.problem = label("", "problem")
        self.problem.hide()
        self.add = button("Add comment", self._add, "primary")
        self._arrange()
        inside_only = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("Ctrl+Return"), self, self._add, context=inside_only)
        QShortcut(QKeySequence("Esc"), self, self.leave, context=inside_only)

    def _arrange(self) -> None:
        inner = QWidget()
        inner.setLayout(_flush(column(self.list, None)))
        close = button("Close", self.leave, "comments_close")
        close.setToolTip("Close the comments (Esc)")
        about = row(label("About", "muted", wrap=False), self.about)
        about.setStretch(1, 1)
        self.writing = QWidget()
        parts = column(about, self.text, self.problem, row(None, self.add))
        self.writing.setLayout(_flush(parts))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        layout.addLayout(row(label("Comments", "heading", wrap=False), None, close))
        layout.addWidget(self.heading)
        layout.addWidget(scrolled(inner), 1)
        layout.addWidget(self.everything)
        layout.addWidget(self.writing)

    # following the page --------------------------------------------------------------------

    def follow(self) -> None:
        """Show what was said of the page that is open; what is being typed stays with its place."""
        session = self._window.session
        if session is None:
            return
        places = inside(session, self._window.navigation.target)
        if places != self._places:
            self._places = places
            self.heading.setText(places[0][1])
            self._offer()
        self.writing.setVisible(reviewed(self._window) is not None or not session.read_only)
        said = (id(session), tuple(session.records("comment")), tuple(session.records("review")), tuple(places))  # fmt: skip
        if said != self._shown:
            self._shown = said
            self._list()

    def _offer(self) -> None:
        """Offer the page and what stands on it; an unfinished comment keeps what it is about."""
        kept = (self.about.currentData(), self.about.currentText())
        unfinished = bool(self.text.toPlainText().strip()) and kept[0] is not None
        self.about.clear()
        if unfinished and kept[0] not in {place for place, _ in self._places}:
            self.about.addItem(kept[1], kept[0])
        for place, title in self._places:
            self.about.addItem(title, place)
        if unfinished:
            self.about.setCurrentIndex(self.about.findData(kept[0]))

    def enter(self) -> None:
        """Put the cursor where a comment is written."""
        target = self.text if not self.writing.isHidden() else self.everything
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Close the panel and go back to the page."""
        self._window.beside.hide_comments()

    def _list(self) -> None:
        """List what was said, the newest first."""
        session = self._window.project
        clear(self.list)
        if self.everything.isChecked():
            shown = review.said_in(session)
        else:
            shown = review.said_at(session, {p for p, _ in self._own_places()})
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
        who = label(said.who or "Without a name")
        who.setObjectName("said_who")
        when = label(f"{words.day(moment)} {moment:%H:%M}", "small", wrap=False)
        top = row(who, None)
        top.setStretch(0, 1)
        if said.own or (not said.code and not self._window.project.read_only):
            top.addWidget(button("Take back", partial(self._take_back, said), "link"))
        parts: list[QWidget] = [when]
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
            self._window.project.delete(said.id, label="Take back a comment")

    def _add(self) -> None:
        text, about = self.text.toPlainText(), str(self.about.currentData())
        session = reviewed(self._window)
        try:
            if session is not None:
                session.comment(about, text)
            else:
                review.comment(self._window.project, about, text)
        except Problem as problem:
            self.problem.setText(f"{problem.message} {problem.hint}")
            self.problem.show()
            return
        self.problem.hide()
        self.text.clear()
        self._offer()


def _flush(layout: QVBoxLayout) -> QVBoxLayout:
    """Return a layout without margins: its edges line up with what stands above."""
    layout.setContentsMargins(0, 0, 0, 0)
    return layout
