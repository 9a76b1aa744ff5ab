"""Small parts that every page is made of; all text is plain text."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from leanlab.core.wording import unbroken


def label(text: str, name: str = "", *, wrap: bool = True) -> QLabel:
    """Return a label that shows text as text, never as markup; a number stays with its unit."""
    made = _Wrapped(text) if wrap else QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if name:
        made.setObjectName(name)
    return made


class _Wrapped(QLabel):
    """Lines do not end between a number and its unit; `text` is what was set."""

    def __init__(self, text: str) -> None:
        super().__init__(unbroken(text))
        self._text = text

    def setText(self, text: str) -> None:
        """Show another text."""
        self._text = text
        super().setText(unbroken(text))

    def text(self) -> str:
        """Return the text as it was set."""
        return self._text


def buddy(text: str, editor: QWidget) -> QLabel:
    """Return a label whose access key (&) leads to an editor."""
    made = QLabel(text)  # our own words: the key needs the label's own reading of the text
    made.setBuddy(editor)
    return made


def plain_tip(text: str) -> str:
    """Return a tool tip that shows text as text: Qt would take what looks like markup for markup."""
    if "<" not in text:
        return text
    from html import escape

    return f"<span>{escape(text)}</span>"


def button(text: str, run: Callable[[], object], name: str = "") -> QPushButton:
    """Return a button that runs a function; the primary one is also what Enter does in a dialog."""
    made = QPushButton(text)
    if name:
        made.setObjectName(name)
    made.setDefault(name == "primary")
    made.setAccessibleName(text.replace("&", ""))
    made.clicked.connect(lambda *_: run())
    return made


def card(*parts: QWidget | QLayout | None) -> QFrame:
    """Return a framed box with its parts below each other."""
    frame = QFrame()
    frame.setObjectName("card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(16, 13, 16, 13)
    layout.setSpacing(7)
    fill(layout, *parts)
    return frame


def fill(layout: QVBoxLayout | QHBoxLayout, *parts: QWidget | QLayout | None) -> None:
    """Add widgets and layouts; None is a stretch."""
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)


def row(*parts: QWidget | QLayout | None, spacing: int = 8) -> QHBoxLayout:
    """Return parts side by side."""
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    fill(layout, *parts)
    return layout


def column(*parts: QWidget | QLayout | None, spacing: int = 8) -> QVBoxLayout:
    """Return parts below each other."""
    layout = QVBoxLayout()
    layout.setSpacing(spacing)
    fill(layout, *parts)
    return layout


def scrolled(content: QWidget) -> QScrollArea:
    """Return a page that scrolls when it is higher than the window."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    content.setObjectName("page")
    area.setWidget(content)
    return area


def clear(layout: QLayout) -> None:
    """Remove everything from a layout."""
    while (item := layout.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
