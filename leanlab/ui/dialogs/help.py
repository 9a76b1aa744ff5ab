"""Help: pages for every place, analysis and worksheet, with a search over all of them."""

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from leanlab.core.resources import resource
from leanlab.domain import glossary
from leanlab.ui.widgets import card, column, label


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page of the help."""

    id: str
    title: str
    text: str
    group: str  # folder of the help


GROUPS = {"window": "The program", "help": "Analyses", "worksheets": "Worksheets"}


@cache
def help_pages() -> tuple[HelpPage, ...]:
    """Return all help pages in their groups, each by title."""
    pages = [
        _page(path.stem, path.read_text(encoding="utf-8"), path.parent.name)
        for path in resource("help").rglob("*.md")
    ]
    pages.append(_page("glossary", glossary.as_page(), "window"))
    order = list(GROUPS)
    return tuple(sorted(pages, key=lambda page: (order.index(page.group), page.title.casefold())))


def _page(page_id: str, text: str, group: str) -> HelpPage:
    first = text.lstrip().partition("\n")[0]
    return HelpPage(page_id, first.lstrip("# ").strip() or page_id, text, group)


class HelpDialog(QDialog):
    """Reads help without leaving the page; shipped files only, so links stay inside."""

    def __init__(
        self, page_id: str, parent: QWidget | None = None, *, about: tuple[str, str] = ("", "")
    ) -> None:
        super().__init__(parent)
        self.setObjectName("help_dialog")
        self.setWindowTitle("Help")
        self.resize(860, 620)
        self.box = QLineEdit()
        self.box.setObjectName("help_search")
        self.box.setAccessibleName("Search in help")
        self.box.setPlaceholderText("Search in help")
        self.box.setClearButtonEnabled(True)
        self.box.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setObjectName("help_list")
        self.list.setAccessibleName("Help pages")
        self.list.setMaximumWidth(260)
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.text = QTextBrowser()
        self.text.setObjectName("help_text")
        self.text.setAccessibleName("Help text")
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(18)
        left = QVBoxLayout()
        left.addWidget(self.box)
        left.addWidget(self.list)
        layout = QHBoxLayout(self)
        layout.addLayout(left)
        layout.addLayout(column(*_card_about(*about), self.text), 1)
        QShortcut(QKeySequence("Ctrl+F"), self, self.box.setFocus)
        self._filter("")
        self.open_page(page_id or "welcome")
        self.text.setFocus()

    def open_page(self, page_id: str) -> None:
        """Show a page; an unknown one shows the first."""
        for at in range(self.list.count()):
            if self.list.item(at).data(Qt.ItemDataRole.UserRole) == page_id:
                self.list.setCurrentRow(at)
                return
        self._first()

    def _first(self) -> None:
        """Choose the first page: a heading cannot be chosen."""
        self.list.setCurrentRow(1 if self.list.count() else -1)

    def _filter(self, typed: str) -> None:
        wanted = typed.lower().split()
        self.list.clear()
        group = ""
        for page in help_pages():
            text = f"{page.title} {page.text}".lower()
            if all(word in text for word in wanted):
                if page.group != group:
                    group = page.group
                    self.list.addItem(_heading(GROUPS[group]))
                item = QListWidgetItem(page.title)
                item.setData(Qt.ItemDataRole.UserRole, page.id)
                self.list.addItem(item)
        if self.list.count():
            self._first()
        else:
            self.text.setPlainText(f"No help page speaks of '{typed}'. Try another word.")

    def _show(self) -> None:
        at = self.list.currentRow()
        wanted = self.list.item(at).data(Qt.ItemDataRole.UserRole) if at >= 0 else ""
        page = next((p for p in help_pages() if p.id == wanted), None)
        if page is not None:
            self.text.setMarkdown(page.text)


def _heading(text: str) -> QListWidgetItem:
    made = QListWidgetItem(text)
    made.setFlags(Qt.ItemFlag.NoItemFlags)
    font = QFont()
    font.setBold(True)
    made.setFont(font)
    return made


def about(focus: QWidget | None) -> tuple[str, str]:
    """Return name and meaning of what has the focus; nothing where nothing is known of it."""
    widget = focus
    while widget is not None and not widget.isWindow():
        meant = widget.whatsThis() or widget.accessibleDescription() or widget.toolTip()
        if widget.accessibleName() and meant:
            return widget.accessibleName(), meant
        widget = widget.parentWidget()
    return "", ""


def _card_about(name: str, meant: str) -> tuple[QWidget, ...]:
    if not meant:
        return ()
    made = card(label(name, "heading"), label(meant))
    made.setAccessibleName("Help for what has the focus")
    made.setObjectName("help_about")
    made.setStyleSheet("#help_about { border: none; }")
    return (made,)
