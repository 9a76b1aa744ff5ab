"""The panel beside a worksheet: what checks find, help with a filled example, photos."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QResizeEvent
from PySide6.QtSvgWidgets import QSvgWidget
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from leanlab.app.records import Record
from leanlab.core.format import coded
from leanlab.core.resources import resource
from leanlab.ui.icons import picture
from leanlab.ui.svg_fonts import for_qt
from leanlab.ui.widgets import button, clear, column, label, row
from leanlab.ui.worksheets.binding import Binding
from leanlab.ui.worksheets.photos import ask_photos
from leanlab.worksheets.blocks import Facts, Grid, Picture, Words, worksheet_blocks
from leanlab.worksheets.declare import NAMES, Message
from leanlab.worksheets.examples import example_view

_LOOKS = {"must": ("problem", "problem", "Must"), "should": ("warning", "attention", "Should"), "hint": ("help", "muted", "Hint")}  # fmt: skip
NOT_BEGUN = "Not begun: start with the first field"
THUMBNAIL = QSize(220, 150)


class MessageCard(QFrame):
    """One message of a check: where it is, and how to settle it."""

    def __init__(self, panel: "ChecksPanel", message: Message) -> None:
        super().__init__()
        self.setObjectName("card")
        tokens = panel.binding.window.tokens
        shape, colour, word = _LOOKS[message.check.severity]
        sign = label("", wrap=False)
        sign.setPixmap(
            picture(
                "ok" if message.accepted else shape,
                tokens["muted" if message.accepted else colour],
                18,
            )
        )
        sign.setFixedWidth(22)
        head = label(f"{word}: {message.check.title}", "small")
        text = label(message.hit.text)
        parts = [head, text]
        if message.accepted:
            parts.append(label(f"Accepted: {message.accepted}", "small"))
        show = button("Show", lambda: panel.asked.emit(message), "link")
        settle = (
            button("Withdraw", lambda: panel.withdrawn.emit(message), "link")
            if message.accepted
            else button("Accept with reason…", lambda: panel.accepted.emit(message), "link")
        )
        if not panel.can_settle or message.check.severity == "hint":
            settle.hide()
        body = column(*parts, row(show, settle, None, spacing=4), spacing=2)
        line = row(sign, body, spacing=6)
        line.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
        line.setStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 9, 10, 6)
        layout.addLayout(line)


class ChecksPanel(QScrollArea):
    """All messages, musts first; accepted ones last, with their reason."""

    asked = Signal(object)
    accepted = Signal(object)
    withdrawn = Signal(object)

    def __init__(self, binding: Binding) -> None:
        super().__init__()
        self.binding = binding
        self.setObjectName("checks")
        self.setAccessibleName("Checks")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setObjectName("page")
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(10, 10, 10, 10)
        self._list.setSpacing(8)
        self.setWidget(inner)
        self._shown: tuple[object, ...] = ("nothing yet",)

    @property
    def can_settle(self) -> bool:
        """Whether a message can be accepted with a reason here."""
        return self.binding.editable and bool(self.binding.record_id)

    def show_messages(self, messages: Sequence[Message], *, begun: bool = True) -> None:
        """Show what the checks find now; nothing is found before anything is typed."""
        key = (begun, *((m.check.id, m.hit, m.accepted) for m in messages))
        if key == self._shown:
            return
        self._shown = key
        clear(self._list)
        for message in _gathered(messages):
            self._list.addWidget(MessageCard(self, message))
        if not begun:
            self._list.addWidget(label(f"{NOT_BEGUN}.", "muted"))
        elif not messages:
            self._list.addWidget(label("Nothing to settle: every check is met.", "ok"))
        self._list.addStretch(1)

    def forget(self) -> None:
        """Draw everything anew (the colours changed)."""
        self._shown = ("nothing yet",)


def _gathered(messages: Sequence[Message]) -> list[Message]:
    """Return the messages, with all empty required fields of one place as a single one."""
    empty: dict[str, list[Message]] = {}
    others: list[Message] = []
    for message in messages:
        if message.check.id.endswith(".filled") and not message.accepted:
            empty.setdefault(message.hit.row_id, []).append(message)
        else:
            others.append(message)
    return [*(_as_one(found) for found in empty.values()), *others]


def _as_one(found: Sequence[Message]) -> Message:
    if len(found) == 1:
        return found[0]
    names = [m.hit.text.removesuffix(" is missing.") for m in found]
    return replace(found[0], hit=replace(found[0].hit, text=f"Still empty: {', '.join(names)}."))


class _HelpText(QTextBrowser):
    """A help page without its title, as high as its text needs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.setObjectName("help_text")
        self.setAccessibleName("Help")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMarkdown(page.partition("\n")[2].replace("\n## ", "\n#### "))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that this width needs."""
        super().resizeEvent(event)
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(round(self.document().size().height()) + 10)


class HelpPanel(QScrollArea):
    """What the worksheet is for, how it is filled in, and a filled example."""

    def __init__(self, binding: Binding) -> None:
        super().__init__()
        self._binding = binding
        self.setObjectName("worksheet_help")
        self.setAccessibleName("Help with an example")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fill()

    def fill(self) -> None:
        """Write the help and the example."""
        kind = self._binding.view.type
        inner = QWidget()
        inner.setObjectName("page")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        text = _HelpText(resource(f"help/worksheets/{kind.id}.md").read_text("utf-8"))
        layout.addWidget(text)
        layout.addWidget(label(f"Example: {kind.example.title}", "heading"))
        for block in worksheet_blocks(example_view(kind), theme=self._binding.words_theme):
            layout.addWidget(_example_part(block))
        layout.addStretch(1)
        self.setWidget(inner)


def _example_part(block: object) -> QWidget:
    frame = QFrame()
    frame.setObjectName("card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(10, 8, 10, 8)
    layout.setSpacing(4)
    match block:
        case Facts(title, rows):
            layout.addWidget(label(title, "heading"))
            for name, text in rows:
                layout.addWidget(label(name, "small"))
                layout.addWidget(label(text))
        case Words(title, sentences):
            layout.addWidget(label(title, "heading"))
            for sentence in sentences:
                layout.addWidget(label(sentence))
        case Grid(title, columns, rows):
            layout.addWidget(label(title, "heading"))
            for line in rows:
                known = [f"{c}: {t}" for c, t in zip(columns[1:], line[1:], strict=False) if t]
                layout.addWidget(label(line[0] if line else ""))
                layout.addWidget(label(" · ".join(known), "small"))
        case Picture(title, svg, alt):
            layout.addWidget(label(title, "heading"))
            drawn = QSvgWidget()
            drawn.load(for_qt(svg))
            drawn.setAccessibleName(alt)
            size = drawn.sizeHint()
            width = 270
            drawn.setFixedSize(width, max(20, round(width * size.height() / max(1, size.width()))))
            layout.addWidget(drawn)
    return frame


class PhotosPanel(QWidget):
    """The photos of the picked row, or of the worksheet."""

    def __init__(self, binding: Binding) -> None:
        super().__init__()
        self._binding = binding
        self.setObjectName("photos")
        self.about = label("", "muted")
        self.list = QListWidget()
        self.list.setObjectName("photo_list")
        self.list.setAccessibleName("Photos")
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setIconSize(THUMBNAIL)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.add = button("Attach a photo…", self._attach)
        self.remove = button("Remove", self._remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.about)
        layout.addWidget(self.list, 1)
        layout.addLayout(row(self.add, self.remove, None))
        self._known: tuple[str, ...] = ("not read",)
        binding.picked.connect(lambda *_: self.refresh())

    def owner(self) -> str:
        """Return the id of what photos are attached to."""
        current = self._binding.current
        if current and current != "root" and not current.startswith("group:") and self._binding.session.exists(current):  # fmt: skip
            return current
        return self._binding.record_id

    def refresh(self) -> None:
        """Show the photos of what is picked."""
        owner = self.owner()
        if not self.isVisible():
            return
        found = self._binding.session.attachments(owner) if owner else []
        record = self._binding.session.record(owner) if owner else None
        self.about.setText(f"Photos of {_owner_name(record)}" if record else "Choose a row first.")
        self.add.setEnabled(bool(owner) and self._binding.editable)
        self.remove.setEnabled(bool(found) and self._binding.editable)
        key = (owner, *(a.id for a in found))
        if key == self._known:
            return
        self._known = key
        self.list.clear()
        for attachment in found:
            picture_ = QPixmap()
            picture_.loadFromData(self._binding.session.content(str(attachment.get("sha256"))))
            item = QListWidgetItem(QIcon(picture_), str(attachment.get("name")))
            item.setData(Qt.ItemDataRole.UserRole, attachment.id)
            self.list.addItem(item)

    def _attach(self) -> None:
        ask_photos(self, self._binding, self.owner())
        self.refresh()

    def _remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._binding.session.delete(
                str(item.data(Qt.ItemDataRole.UserRole)), label="Remove photo"
            )
            self.refresh()


class SidePanel(QTabWidget):
    """Checks, help and photos."""

    def __init__(self, binding: Binding) -> None:
        super().__init__()
        self.setObjectName("worksheet_panel")
        self.setDocumentMode(True)
        self.setMinimumWidth(290)
        self.setMaximumWidth(400)
        self.checks = ChecksPanel(binding)
        self.help = HelpPanel(binding)
        self.photos = PhotosPanel(binding)
        self.addTab(self.checks, "Checks")
        self.addTab(self.help, "Help")
        self.addTab(self.photos, "Photos")
        self.currentChanged.connect(lambda *_: self.photos.refresh())

    def show_messages(self, messages: Sequence[Message], *, begun: bool = True) -> None:
        """Show what the checks find, and how many in the tab."""
        waiting = sum(not m.accepted for m in messages)
        self.setTabText(0, f"Checks ({waiting})" if waiting else "Checks")
        self.checks.show_messages(messages, begun=begun)

    def theme_changed(self) -> None:
        """Pictures carry the theme's colours."""
        self.checks.forget()
        self.help.fill()


def _owner_name(record: Record) -> str:
    name = str(record.get(NAMES.get(record.kind, "title")) or "")
    return coded(name, record.code) or "this worksheet"
