"""Import a review: new, conflicting and stale items, each to be taken or left."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import review
from leanlab.app import review_file as files
from leanlab.app.review import Entry, Proposal
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.domain.review import Parcel
from leanlab.ui import messages
from leanlab.ui.review.finish import FILTER
from leanlab.ui.widgets import button, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

_COUNTED: tuple[tuple[review.State, str], ...] = (
    ("new", "new"), ("stale", "of an older state"), ("conflict", "in conflict"), ("here", "here already"),
)  # fmt: skip


class ImportReviewDialog(QDialog):
    """A table of items with a box each; merging is one step, decisions stay."""

    help = "review"

    def __init__(self, proposal: Proposal, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("import_review_dialog")
        self.setWindowTitle("Import review")
        self.resize(920, 580)
        self.entries = proposal.entries
        parcel = proposal.parcel
        role = f" ({parcel.role})" if parcel.role else ""
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(label(f"Review by {parcel.reviewer}{role}, {words.day(parcel.made_at)}", "heading"))  # fmt: skip
        state = label(proposal.about_state, "muted" if proposal.same_state else "attention")
        layout.addWidget(state)
        layout.addWidget(label(f"Code {proposal.code}. {_counts(proposal)}", "small"))
        self.table = self._table()
        layout.addWidget(self.table, 1)
        layout.addWidget(
            label(
                "Comments and opinions come in as one step that can be undone. Decisions are not "
                "undone; a later decision replaces them. Nothing else of the project changes.",
                "small",
            )
        )
        self.merge = button("Merge", self.accept, "primary")
        self.merge.setDefault(True)
        cancel = button("Cancel", self.reject, "cancel_dialog")
        cancel.setAutoDefault(False)
        layout.addLayout(row(None, cancel, self.merge))
        self.table.itemChanged.connect(self._count)
        self._count()

    def _table(self) -> QTableWidget:
        table = QTableWidget(len(self.entries), 3)
        table.setObjectName("review_items")
        table.setAccessibleName("Items of the review; tick what to take")
        table.setHorizontalHeaderLabels(["About", "Says", "State"])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setWordWrap(True)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sectionResized.connect(table.resizeRowsToContents)
        for at, entry in enumerate(self.entries):
            self._fill(table, at, entry)
        table.resizeRowsToContents()
        return table

    def _fill(self, table: QTableWidget, at: int, entry: Entry) -> None:
        first = QTableWidgetItem(entry.title)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if entry.can:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
            first.setCheckState(
                Qt.CheckState.Checked if entry.proposed else Qt.CheckState.Unchecked
            )
        first.setFlags(flags)
        state = review.STATE_WORDS[entry.state]
        if entry.item.deciding and entry.state != "here":
            state = f"{state}; a decision, not undone"
        told = f"{state[:1].upper()}{state[1:]}" + (f"\n{entry.note}" if entry.note else "")
        table.setItem(at, 0, first)
        table.setItem(at, 1, QTableWidgetItem(entry.words))
        table.setItem(at, 2, QTableWidgetItem(told))

    @property
    def taken(self) -> set[str]:
        """Ids of the items to merge."""
        return {
            entry.item.id
            for at, entry in enumerate(self.entries)
            if entry.can
            and (box := self.table.item(at, 0)) is not None
            and box.checkState() == Qt.CheckState.Checked
        }

    def _count(self) -> None:
        count = len(self.taken)
        self.merge.setText(f"Merge {words.count(count, 'item')}" if count else "Nothing to merge")
        self.merge.setEnabled(bool(count))


def _counts(proposal: Proposal) -> str:
    parts = [f"{n} {text}" for state, text in _COUNTED if (n := proposal.count(state))]
    return f"{words.count(len(proposal.entries), 'item')}: {', '.join(parts)}."


def import_dialog(window: "MainWindow") -> None:
    """Ask for a review file and import it."""
    name, _ = QFileDialog.getOpenFileName(
        window, "Import review", str(window.settings.place()), FILTER
    )
    if name:
        import_review(window, Path(name))


def import_review(window: "MainWindow", path: Path) -> None:
    """Show what a review file would bring in, and merge what is chosen."""
    try:
        parcel = files.read_parcel(path)
        session = _project_for(window, parcel)
        if session is None:
            return
        window.accept_pending()
        proposal = review.propose(session, parcel)
        dialog = ImportReviewDialog(proposal, window)
        if dialog.exec():
            window.say(review.merge(session, proposal, dialog.taken).words)
    except Problem as problem:
        messages.show(window, problem)


def _project_for(window: "MainWindow", parcel: Parcel) -> Session | None:
    """Return the open project that a review is about; one that was open lately is offered."""
    session = window.session
    if session is not None and parcel.part(session.fact("project_id")) is not None:
        if session.read_only:
            raise Problem("This project was opened read-only.", hint="Open it for editing, then import the review.")  # fmt: skip
        return session
    recent = [Path(str(entry.get("path", ""))) for entry in window.settings.recent]
    found = files.project_of(parcel, recent)
    if found is None:
        if session is not None:
            files.refuse_wrong_project(session, parcel)
        names = ", ".join(f"“{part.title}”" for part in parcel.parts[:3])
        raise Problem(f"This review is about {names}.", hint="Open that project, then import the review.")  # fmt: skip
    question = Problem(f"This review is about {found.name}.", hint="Open that project and import the review there?")  # fmt: skip
    if not messages.ask(window, question, "Open it"):
        return None
    window.file.open_path(found)
    opened = window.session
    same = opened is not None and parcel.part(opened.fact("project_id")) is not None
    return opened if same else None
