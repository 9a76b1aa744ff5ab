"""Find words on the page that is open: in its tables, fields and texts."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from leanlab.core import format as words
from leanlab.ui.widgets import button, label, row

MOST_HITS = 1000
MOST_ROWS = 20_000  # of one table


@dataclass(frozen=True, slots=True)
class Hit:
    """Where the words stand: on a widget, or in a cell of it."""

    widget: QWidget
    index: QModelIndex | None = None


class FindHere(QFrame):
    """A bar below the page; Enter goes on, Shift+Enter back, Esc closes."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("card")
        self._page: QWidget | None = None
        self._hits: list[Hit] = []
        self._at = -1
        self._ring: _Ring | None = None
        self.text = QLineEdit()
        self.text.setObjectName("find_here_text")
        self.text.setAccessibleName("Find on this page")
        self.text.setPlaceholderText("Find on this page")
        self.text.setMaximumWidth(320)
        self.count = label("", "muted", wrap=False)
        self.count.setObjectName("find_here_count")
        layout = row(
            self.text, button("Previous", lambda: self.step(-1)), button("Next", lambda: self.step(1)),
            self.count, None, button("Close", self.close_bar), spacing=6,
        )  # fmt: skip
        layout.setContentsMargins(12, 6, 12, 6)
        self.setLayout(layout)
        self.text.textChanged.connect(lambda *_: self.search())
        self.hide()

    def open(self, page: QWidget) -> None:
        """Show the bar for a page, ready to type."""
        self._page = page
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()
        self.search()

    def leave(self) -> None:
        """Another page came to the front."""
        self._forget()
        self.hide()

    def leave_unless(self, page: QWidget | None) -> None:
        """Stay only with the page that was searched."""
        if self._page is not None and self._page is not page:
            self.leave()

    def close_bar(self) -> None:
        """Hide the bar; the keys go to what was found."""
        hit = self._hits[self._at] if 0 <= self._at < len(self._hits) else None
        page = self._page
        self.leave()
        if (
            hit is not None
            and isValid(hit.widget)
            and hit.widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ):
            hit.widget.setFocus()
        elif page is not None:
            page.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is marked any more."""
        self._mark(None)
        super().hideEvent(event)

    def _forget(self) -> None:
        self._hits, self._at, self._page = [], -1, None
        self._mark(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter: next, Shift+Enter: previous, Esc: away."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def search(self) -> None:
        """Look for the words on the page, from the top."""
        wanted = self.text.text().strip().lower()
        self._at = -1
        self._hits = found_on(self._page, wanted) if wanted and self._page is not None else []
        self._mark(None)
        if self._hits:
            self.step(1)
        else:
            self.count.setText("Nothing found here" if wanted else "")

    def step(self, by: int) -> None:
        """Go to the next or previous place."""
        if not self._hits:
            return
        self._at = (self._at + by) % len(self._hits)
        hit = self._hits[self._at]
        if not isValid(hit.widget):  # the page was built anew since
            self.search()
            return
        self._show(hit)
        more = "+" if len(self._hits) >= MOST_HITS else ""
        self.count.setText(f"{self._at + 1} of {words.number(len(self._hits), 0)}{more}")

    def _mark(self, widget: QWidget | None) -> None:
        """Frame a widget; a page that was built anew took the old frame with it."""
        if self._ring is not None and isValid(self._ring):
            self._ring.deleteLater()
            self._ring.hide()
        self._ring = _Ring(widget) if widget is not None else None

    def _show(self, hit: Hit) -> None:
        area: QWidget | None = hit.widget.parentWidget()
        while area is not None:
            if isinstance(area, QScrollArea):
                area.ensureWidgetVisible(hit.widget)
            area = area.parentWidget()
        if hit.index is not None and isinstance(hit.widget, QAbstractItemView):
            hit.widget.setCurrentIndex(hit.index)
            hit.widget.scrollTo(hit.index)
        self._mark(None if hit.index is not None else hit.widget)


class _Ring(QWidget):
    """A frame over what was found."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(over.rect())
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().accent().color(), 2))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()


def found_on(page: QWidget, wanted: str) -> list[Hit]:
    """Return where the words stand on a page, from top to bottom."""
    seen = [w for w in page.findChildren(QWidget) if w.isVisible() and not _inside_table(w, page)]
    seen.sort(key=lambda w: _place(w, page))
    hits: list[Hit] = []
    for widget in seen:
        hits.extend(_hits_of(widget, wanted))
        if len(hits) >= MOST_HITS:
            return hits[:MOST_HITS]
    return hits


def _place(widget: QWidget, page: QWidget) -> tuple[int, int]:
    at = widget.mapTo(page, QPoint(0, 0))
    return at.y(), at.x()


def _inside_table(widget: QWidget, page: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not page:
        if isinstance(parent, QAbstractItemView):
            return True
        parent = parent.parentWidget()
    return False


def _hits_of(widget: QWidget, wanted: str) -> Iterator[Hit]:
    if isinstance(widget, QAbstractItemView):
        yield from _cells(widget, wanted)
    elif wanted in _text_of(widget).lower():
        yield Hit(widget)


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QLineEdit | QPushButton):
        return widget.text().replace("&", "") if isinstance(widget, QPushButton) else widget.text()
    return widget.toPlainText() if isinstance(widget, QPlainTextEdit | QTextEdit) else ""


def _cells(view: QAbstractItemView, wanted: str) -> Iterator[Hit]:
    """Yield the cells that hold the words; a tree is walked line by line."""
    model = view.model()
    for first in _lines(view, QModelIndex()):
        for column in range(model.columnCount(first.parent())):
            cell = first.sibling(first.row(), column)
            if wanted in str(model.data(cell, Qt.ItemDataRole.DisplayRole) or "").lower():
                yield Hit(view, cell)


def _lines(view: QAbstractItemView, parent: QModelIndex) -> Iterator[QModelIndex]:
    """Yield the first cell of every line, those below a line right after it."""
    model = view.model()
    for line in range(min(model.rowCount(parent), MOST_ROWS)):
        first = model.index(line, 0, parent)
        yield first
        if model.rowCount(first):
            yield from _lines(view, first)
