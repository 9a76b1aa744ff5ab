"""What a record is linked with; a new link is found by words and drawn with Enter."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import links
from leanlab.app.review_places import record_title
from leanlab.app.session import Session
from leanlab.core.errors import Problem
from leanlab.ui.elided import ElidedLink
from leanlab.ui.widgets import button, clear, label, row, scrolled

ID = Qt.ItemDataRole.UserRole
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
        self.box = QLineEdit()
        self.box.setObjectName("link_search")
        self.box.setAccessibleName("Link to: search records by name or code")
        self.box.setPlaceholderText("Link to… a cause, an action, a saved result, a worksheet")
        self.box.setClearButtonEnabled(True)
        self.found = QListWidget()
        self.found.setObjectName("link_found")
        self.found.setAccessibleName("Records that can be linked")
        self.told = label("", "muted")
        self.add = button("Link", self._add, "primary")
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(9)
        layout.addWidget(label(record_title(session.record(record_id)), "heading"))
        layout.addWidget(scrolled(inner), 2)
        may = not session.read_only
        for part in (self.box, self.found, self.told, self.add):
            part.setVisible(may)
        layout.addWidget(self.box)
        layout.addWidget(self.found, 3)
        last = row(self.told, self.add, close)
        last.setStretch(0, 1)
        layout.addLayout(last)
        self.box.textChanged.connect(self._search)
        self.box.returnPressed.connect(self._add)
        self.found.currentRowChanged.connect(lambda *_: self._tell())
        self.found.itemActivated.connect(lambda *_: self._add())
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
        self._search(self.box.text())

    def _search(self, typed: str) -> None:
        self.found.clear()
        for record in links.candidates(self._session, self._record_id, typed)[:MOST_SHOWN]:
            item = QListWidgetItem(record_title(record))
            item.setData(ID, record.id)
            self.found.addItem(item)
        self.found.setCurrentRow(0 if typed.strip() else -1)
        self._tell()

    @property
    def chosen(self) -> str:
        """The record that would be linked."""
        at = self.found.currentRow()
        return str(self.found.item(at).data(ID)) if at >= 0 else ""

    def _tell(self) -> None:
        self.add.setEnabled(bool(self.chosen))
        if self.chosen:
            one = self._session.record(self._record_id)
            other = self._session.record(self.chosen)
            said = links.told(one, other)
            self.told.setText(f"{said[:1].upper()}{said[1:]} {record_title(other)}.")
        else:
            typed = self.box.text().strip()
            nothing = bool(typed) and not self.found.count()
            self.told.setText(f"Nothing called '{typed}'." if nothing else "")

    def _add(self) -> None:
        if not self.chosen:
            return
        try:
            links.link(self._session, self._record_id, self.chosen)
        except Problem as problem:
            self.told.setText(f"{problem.message} {problem.hint}".strip())
            return
        self.box.clear()
        self.refresh()

    def _take_away(self, entry: links.Linked) -> None:
        links.unlink(self._session, entry)
        self.refresh()

    def _go(self, record_id: str) -> None:
        self.target = record_id
        self.accept()
