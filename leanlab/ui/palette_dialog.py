"""The command palette: one box reaches every command, analysis, record, person and term."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.core import format as words
from leanlab.ui.found_list import ID, FoundList
from leanlab.ui.matching import matching, nearly
from leanlab.ui.widgets import label

MOST_SHOWN, MOST_RECENT = 40, 8
FEW = 5  # found: what can be meant is shown too
SHORTEST_TEXT = 3  # letters that full text needs
SECTION, HINT = ID + 1, ID + 2
COMMANDS, RECORDS, PEOPLE, HELP = ">", "#", "@", "?"
TO_BEGIN_WITH = tuple(
    f"command:{name}"
    for name in (
        "new",
        "open",
        "import",
        "analysis",
        "worksheet",
        "new_action",
        "report",
        "portfolio",
        "glossary",
    )
)
PREFIXES = {
    COMMANDS: "commands",
    RECORDS: "records by code, name or text",
    PEOPLE: "people and what they own",
    HELP: "help and terms",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette; `key` stays the same from one time to the next."""

    section: str
    text: str
    run: Callable[[], object]
    words: str = ""  # what else people call it
    hint: str = ""
    why_not: str = ""
    key: str = ""
    prefix: str = ""  # what the user types before it to see only such entries
    who: str = ""  # who owns it
    page: str = ""  # a long text that only its own prefix looks into


Entries = Sequence[Entry]


def picked(entries: Entries, typed: str, recent: Sequence[str] = ()) -> list[Entry]:
    """Return what fits the typed words; a sign before them says of which kind it must be."""
    prefix, text = split(typed)
    places = {key: at for at, key in enumerate(recent)}
    pool = sorted(
        (e for e in entries if _is_of(e, prefix)),
        key=lambda e: (places.get(e.key, len(places)), e.prefix != prefix),
    )
    if not text:
        return (
            pool if prefix else [e for e in pool if e.key in places][:MOST_RECENT] or _begin(pool)
        )

    def names(entry: Entry) -> tuple[str, ...]:
        return (entry.who or entry.text,) if prefix == PEOPLE else (entry.text,)

    found = matching(
        pool, text, names, lambda e: f"{e.words} {e.section} {e.page if prefix else ''}"
    )
    if len(found) < FEW:
        found += [entry for entry in nearly(pool, text, names) if entry not in found]
    return found


def _begin(pool: Entries) -> list[Entry]:
    """Return what people begin with, as far as it can run: nothing was used yet."""
    known = {e.key: e for e in pool if not e.why_not}
    return [known[key] for key in TO_BEGIN_WITH if key in known]


def split(typed: str) -> tuple[str, str]:
    """Return the sign before the words, if it is one, and the words."""
    typed = typed.strip()
    prefix = typed[:1] if typed[:1] in PREFIXES else ""
    return prefix, typed[len(prefix) :].strip()


def _is_of(entry: Entry, prefix: str) -> bool:
    return not prefix or entry.prefix == prefix or (prefix == PEOPLE and bool(entry.who))


class PaletteDialog(QDialog):
    """Type a few letters, press Enter."""

    help = "finding"

    def __init__(
        self,
        entries: Entries,
        parent: QWidget,
        *,
        recent: Sequence[str] = (),
        in_texts: Callable[[str], Entries] = lambda _: (),
        instead: Callable[[str], Entries] = lambda _: (),
    ) -> None:
        super().__init__(parent)
        self.setObjectName("palette_dialog")
        self.setWindowTitle("Find")
        self.setMinimumSize(700, 440)
        self.used = ""  # the key of what was taken
        self._entries, self._recent = entries, recent
        self._in_texts, self._instead = in_texts, instead
        self._shown: list[Entry] = []
        self.found = FoundList(
            self._find,
            names=("Find a command, an analysis, a record, a person or a term", "Matches"),
        )
        self.box, self.list, self.status = self.found.box, self.found.list, self.found.told
        self.box.setObjectName("palette_box")
        self.box.setPlaceholderText("Try: pareto, charter, overdue, export")
        self.list.setObjectName("palette_list")
        self.list.setItemDelegate(_Lines(self.list))
        signs = label(
            "     ".join(f"{sign} {what}" for sign, what in PREFIXES.items()), "small", wrap=False
        )
        signs.setAccessibleName("Begin with a sign to find only one kind")
        layout = QVBoxLayout(self)
        layout.addWidget(self.found)
        layout.addWidget(signs)
        self.found.taken.connect(self._choose)
        self.found.refresh()
        self.box.setFocus()

    def _find(self, typed: str) -> tuple[list[QListWidgetItem], str]:
        prefix, text = split(typed)
        found = picked(self._entries, typed, self._recent)
        if prefix in ("", RECORDS) and len(text) >= SHORTEST_TEXT:
            known = {entry.key for entry in found}
            found += [entry for entry in self._in_texts(text) if entry.key not in known]
        self._shown = found[:MOST_SHOWN]
        said = _said(typed, len(found), used=any(e.key in self._recent for e in found))
        if not found and text:
            self._shown = list(self._instead(text))
        return [_item(at, entry) for at, entry in enumerate(self._shown)], said

    def _choose(self) -> None:
        entry = self._shown[int(self.found.chosen)]
        self.used = entry.key
        self.accept()
        entry.run()


def _said(typed: str, count: int, *, used: bool) -> str:
    prefix, text = split(typed)
    if not prefix and not text:
        return (
            "What you used last." if used else "Type what you look for: pareto, charter, overdue."
        )
    if not count:
        what = f"Nothing called '{text}'" if text else "There is nothing of this kind here"
        return f"{what}. Try another word."
    more = f"; the first {MOST_SHOWN} are shown" if count > MOST_SHOWN else ""
    return f"{words.number(count, 0)} found{more}."


def _item(at: int, entry: Entry) -> QListWidgetItem:
    item = QListWidgetItem(entry.text)
    hint = entry.why_not or entry.hint
    for role, value in ((ID, str(at)), (SECTION, entry.section), (HINT, hint)):
        item.setData(role, value)
    spoken = f"{entry.section}: {entry.text}"
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{spoken}, {hint}" if hint else spoken)
    if entry.why_not:
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
    return item


class _Lines(QStyledItemDelegate):
    """Paints a line in three columns: its kind, its name, its key or why it cannot run."""

    SECTION_WIDTH, GAP, SHARE = 130, 12, 0.5

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One line with some air."""
        return QSize(100, option.fontMetrics.height() + 12)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the background as the style does, the columns ourselves."""
        option.widget.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget
        )
        section, hint = str(index.data(SECTION)), str(index.data(HINT) or "")
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        muted = QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        text = option.palette.color(QPalette.ColorRole.Text) if enabled else muted
        box = option.rect.adjusted(self.GAP, 0, -self.GAP, 0)
        metrics = option.fontMetrics
        wide = min(metrics.horizontalAdvance(hint) + 2, round(box.width() * self.SHARE))
        left = box.left() + self.SECTION_WIDTH
        parts = (
            (QRect(box.left(), box.top(), self.SECTION_WIDTH - self.GAP, box.height()), section, muted),
            (QRect(left, box.top(), box.right() - wide - self.GAP - left, box.height()),
             str(index.data(Qt.ItemDataRole.DisplayRole)), text),
            (QRect(box.right() - wide, box.top(), wide, box.height()), hint, muted),
        )  # fmt: skip
        painter.save()
        for place, words_, colour in parts:
            painter.setPen(colour)
            shown = metrics.elidedText(words_, Qt.TextElideMode.ElideRight, place.width())
            right = words_ == hint and place is parts[2][0]
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | side), shown)
        painter.restore()
