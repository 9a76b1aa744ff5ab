"""What a record is linked with; a new link is found by words and drawn with Enter."""

from functools import partial

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidgetItem, QVBoxLayout, QWidget

from leanlab.app import links
from leanlab.app.records import Record
from leanlab.app.review_places import record_title
from leanlab.app.session import Session
from leanlab.core.errors import Problem
from leanlab.ui.elided import ElidedLink
from leanlab.ui.found_list import ID, FoundList
from leanlab.ui.widgets import button, clear, label, row, scrolled

MOST_SHOWN = 100


class LinksDialog(QDialog):
    """Links above, a search for what to link below; `target` is where the user wants to go."""

    help = "finding"

    def __init__(self, session: Session, record_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("links_dialog")
        self.setWindowTitle("Links")
        self.resize(620, 560)
        self.target = ""
        self._session, self._record_id = session, record_id
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 6, 0)
        self._list.setSpacing(2)
        self.found = FoundList(
            self._candidates,
            names=("Link to: search records by name or code", "Records that can be linked"),
        )
        self.found.first_chosen = False
        self.box, self.told = self.found.box, self.found.told
        self.box.setObjectName("link_search")
        self.box.setPlaceholderText("Link to… a cause, an action, a saved result, a worksheet")
        self.found.list.setObjectName("link_found")
        self.add = button("Link", self._add, "primary")
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(9)
        layout.addWidget(label(record_title(session.record(record_id)), "heading"))
        layout.addWidget(scrolled(inner), 2)
        for part in (self.found, self.add):
            part.setVisible(not session.read_only)
        layout.addWidget(self.found, 3)
        layout.addLayout(row(None, self.add, close))
        self.found.moved.connect(self._tell)
        self.found.taken.connect(self._add)
        self.refresh()
        self.box.setFocus()

    def refresh(self) -> None:
        """Show what is linked now."""
        clear(self._list)
        entries = links.linked(self._session, self._record_id)
        for entry in entries:
            go = ElidedLink(record_title(entry.record), partial(self._go, entry.record.id))
            line = row(label(entry.words, "muted", wrap=False), go)
            line.setStretch(1, 1)
            if entry.by_hand and not self._session.read_only:
                away = button("Take away", partial(self._take_away, entry), "link")
                away.setAccessibleName(f"Take away the link with {record_title(entry.record)}")
                line.addWidget(away)
            self._list.addLayout(line)
        if not entries:
            self._list.addWidget(label("Linked with nothing yet.", "muted"))
        self._list.addStretch(1)
        self.found.refresh()

    def _candidates(self, typed: str) -> tuple[list[QListWidgetItem], str]:
        found = links.candidates(self._session, self._record_id, typed)[:MOST_SHOWN]
        return [_line(record) for record in found], ""

    @property
    def chosen(self) -> str:
        """The record that would be linked."""
        return self.found.chosen

    def _tell(self) -> None:
        self.add.setEnabled(bool(self.chosen))
        if self.chosen:
            one = self._session.record(self._record_id)
            other = self._session.record(self.chosen)
            said = links.told(one, other)
            self.found.say(f"{said[:1].upper()}{said[1:]} {record_title(other)}.")
        else:
            typed = self.box.text().strip()
            nothing = bool(typed) and not self.found.list.count()
            self.found.say(f"Nothing called '{typed}'." if nothing else "")

    def _add(self) -> None:
        if not self.chosen:
            return
        try:
            links.link(self._session, self._record_id, self.chosen)
        except Problem as problem:
            self.found.say(f"{problem.message} {problem.hint}".strip())
            return
        self.box.clear()
        self.refresh()

    def _take_away(self, entry: links.Linked) -> None:
        links.unlink(self._session, entry)
        self.refresh()

    def _go(self, record_id: str) -> None:
        self.target = record_id
        self.accept()


def _line(record: Record) -> QListWidgetItem:
    item = QListWidgetItem(record_title(record))
    item.setData(ID, record.id)
    return item
