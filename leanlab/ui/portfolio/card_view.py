"""The outcome card on the screen."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from leanlab.domain.cards import Card, Figure
from leanlab.ui.icons import picture
from leanlab.ui.pages.finding import FrozenPicture
from leanlab.ui.portfolio.model import SIGNS
from leanlab.ui.widgets import button, card, clear, column, label, row

PHOTO = QSize(210, 158)
Go = Callable[[str], object]


def sign(level: str, tokens: Mapping[str, str], size: int = 17) -> QLabel:
    """Return the sign of a level, with its word for those who cannot see it."""
    shape, colour, word = SIGNS.get(level, SIGNS["grey"])
    made = label("", wrap=False)
    made.setPixmap(picture(shape, tokens[colour], size))
    made.setFixedWidth(size + 5)
    made.setAccessibleName(word)
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    return made


def tile(figure: Figure | Any, tokens: Mapping[str, str], name: str = "") -> QFrame:
    """Return one large number with its label and note."""
    head = row(label(figure.label, "small", wrap=False), None, spacing=4)
    if figure.level != "grey":
        head.addWidget(sign(figure.level, tokens, 15))
    text = figure.text if isinstance(figure, Figure) else figure.value
    number = label(text, "number", wrap=False)
    frame = card(head, number, label(figure.note or " ", "small", wrap=False))
    layout = frame.layout()
    assert layout is not None  # noqa: S101 - card gives it one
    layout.setContentsMargins(12, 8, 10, 8)
    layout.setSpacing(1)
    frame.setAccessibleName(f"{figure.label}: {text}, {figure.note}")
    if name:
        frame.setProperty("tile", name)
    return frame


class Tiles(QWidget):
    """Large numbers side by side; in two rows where one is too narrow."""

    def __init__(self, parts: Sequence[QFrame]) -> None:
        super().__init__()
        self._parts = parts
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._lay(len(parts))

    def _lay(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        for at, part in enumerate(self._parts):
            self._grid.addWidget(part, at // across, at % across)
        for at in range(len(self._parts)):
            self._grid.setColumnStretch(at, 1 if at < across else 0)

    def minimumSizeHint(self) -> QSize:
        """As narrow as two rows may be."""
        half = (len(self._parts) + 1) // 2
        widest = max((p.minimumSizeHint().width() for p in self._parts), default=0)
        return QSize(half * (widest + self._grid.spacing()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose one row or two."""
        super().resizeEvent(event)
        needed = sum(p.sizeHint().width() + self._grid.spacing() for p in self._parts)
        one_row = event.size().width() >= needed
        self._lay(len(self._parts) if one_row else (len(self._parts) + 1) // 2)


class CardView(QWidget):
    """Draws a card; `go` follows a weak spot or a question to its record."""

    def __init__(self, tokens: Mapping[str, str], go: Go) -> None:
        super().__init__()
        self.setObjectName("outcome_card")
        self._go = go
        self.tokens = tokens
        self._content = QVBoxLayout(self)
        self._content.setContentsMargins(0, 0, 0, 0)
        self._content.setSpacing(12)

    def show_card(
        self, shown: Card, tokens: Mapping[str, str], pending: Sequence[str] = ()
    ) -> None:
        """Show a card, and what its reader decided that the owner has not merged yet."""
        self.tokens = tokens
        clear(self._content)
        self.setAccessibleName(f"Outcome card of {shown.title}. Held: {shown.held.word}.")
        self._content.addLayout(self._head(shown))
        for text in pending:
            self._content.addWidget(label(text, "attention"))
        if shown.metric:
            self._content.addLayout(self._figures(shown))
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addLayout(self._left(shown), 5)
        middle.addLayout(self._right(shown), 4)
        self._content.addLayout(middle)
        said = f"{shown.decision} " if shown.decision else ""
        self._content.addWidget(label(f"{said}As of the save on {_day(shown.as_of)}.", "small"))
        self._content.addStretch(1)

    def say(self, text: str) -> None:
        """Show a sentence in the place of a card."""
        clear(self._content)
        self._content.addWidget(label(text, "muted"))
        self._content.addStretch(1)

    def _head(self, shown: Card) -> QHBoxLayout:
        facts = "  ·  ".join(f"{name} {text}" for name, text in shown.facts)
        held = label(f"Held: {shown.held.word}", "heading", wrap=False)
        badge = card(row(sign(shown.held.level, self.tokens, 20), held, spacing=6))
        badge.setAccessibleName(f"Held: {shown.held.word}")
        titles = column(
            label(shown.kind, "small"),
            label(shown.title, "title"),
            label(facts, "muted"),
            spacing=2,
        )
        layout = row(titles, badge, spacing=16)
        layout.setStretch(0, 1)
        layout.setAlignment(badge, Qt.AlignmentFlag.AlignTop)
        return layout

    def _figures(self, shown: Card) -> QVBoxLayout:
        gap = Figure("Gap closed", shown.gap or "–", shown.verdict, shown.level)
        tiles = Tiles([tile(f, self.tokens) for f in (*shown.figures, gap)])
        return column(tiles, label(f"{shown.metric}: {shown.held.evidence}"), spacing=8)

    def _left(self, shown: Card) -> QVBoxLayout:
        parts: list[Any] = []
        if shown.svg:
            parts.append(FrozenPicture(shown.svg, shown.alt))
        else:
            parts.append(card(label("No comparison of before and after is saved yet.", "muted")))
        if shown.evidence:
            parts.append(label(shown.evidence))
        if shown.weak or shown.asks:
            parts.append(self._questions(shown))
        photos = [self._photo(p.data, p.when) for p in shown.photos]
        if photos:
            parts.append(row(*photos, None, spacing=10))
        return column(*parts, None, spacing=10)

    def _photo(self, data: bytes, when: str) -> QWidget:
        frame = QWidget()
        shown = label("", wrap=False)
        pixmap = QPixmap()
        if pixmap.loadFromData(data):
            mode = Qt.TransformationMode.SmoothTransformation
            shown.setPixmap(pixmap.scaled(PHOTO, Qt.AspectRatioMode.KeepAspectRatio, mode))
        else:
            shown.setText("This photo cannot be shown.")
        shown.setAccessibleName(f"Photo {when} the change")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(shown)
        layout.addWidget(label(when.capitalize(), "small"))
        return frame

    def _right(self, shown: Card) -> QVBoxLayout:
        parts: list[Any] = []
        if shown.changed:
            parts.append(self._part("What changed", [label(f"•  {c}") for c in shown.changed]))
        if shown.counters:
            lines = [self._signed(level, label(text)) for text, level in shown.counters]
            parts.append(self._part("Must not get worse", lines))
        if shown.benefits:
            parts.append(self._part("Benefits", self._benefits(shown)))
        if shown.list_words:
            late = [label(f"Late: {text}", "problem") for text in shown.list_late]
            parts.append(self._part("Open list", [label(shown.list_words), *late]))
        if shown.follow_up:
            parts.append(self._part("Standard and spread", [self._pairs(shown.follow_up)]))
        return column(*parts, None, spacing=10)

    def _part(self, title: str, parts: Sequence[Any]) -> QFrame:
        return card(label(title, "heading"), *parts)

    def _signed(self, level: str, text: QWidget | QVBoxLayout) -> QHBoxLayout:
        layout = row(sign(level, self.tokens), text, spacing=2)
        layout.setStretch(1, 1)
        return layout

    def _benefits(self, shown: Card) -> list[Any]:
        found: list[Any] = []
        for benefit in shown.benefits:
            more = "; ".join(t for t in (benefit.title, benefit.state, benefit.interval) if t)
            found.append(self._signed(benefit.level, column(label(benefit.amount), label(more, "small"), spacing=1)))  # fmt: skip
        if shown.worth:
            found.append(label(shown.worth, "small"))
        return found

    def _pairs(self, pairs: Sequence[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for at, (name, text) in enumerate(pairs):
            grid.addWidget(label(name, "muted", wrap=False), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text), at, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _questions(self, shown: Card) -> QFrame:
        lines: list[Any] = []
        for weak in shown.weak:
            who = f" – {weak['who']}" if weak.get("who") else ""
            lines.append(self._link(f"{weak['text']}{who}", str(weak.get("target", ""))))
        lines += [self._link(f"{ask.text} – {ask.who}", ask.target) for ask in shown.asks]
        frame = card(label("To ask", "heading"), *lines)
        frame.setObjectName("banner")
        return frame

    def _link(self, text: str, target: str) -> QHBoxLayout:
        mark = sign("warning", self.tokens, 15)
        mark.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        made = row(mark, spacing=2)
        words = label(text)
        made.addWidget(words, 1)
        if target:
            go = button("Show", partial(self._go, target), "link")
            go.setAccessibleName(f"Show: {text}")
            go.setToolTip("Show the record it comes from")
            made.addWidget(go)
        return made


def _day(moment: str) -> str:
    from leanlab.core import format as words

    return words.day(moment[:10]) if moment else "–"
