"""All analyses of the project and what was saved of them, by phase."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from leanlab.analyses.registry import find
from leanlab.app.readiness import missing_roles, reads_metric
from leanlab.app.records import Change, Record
from leanlab.app.results import results_of, standing, standing_words
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.ui.icons import picture
from leanlab.ui.jobs import Job
from leanlab.ui.pages.base import Page
from leanlab.ui.widgets import button, card, clear, column, label, row, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

ALL, OLD, KEPT, FINE, UNSAVED, OPEN = "all", "old", "kept", "fine", "unsaved", "open"
FILTERS: Mapping[str, str] = {
    ALL: "All",
    OLD: "Out of date",
    KEPT: "Kept as it was",
    FINE: "Up to date",
    UNSAVED: "Nothing saved",
    OPEN: "Columns missing",
}
SIGNS: Mapping[str, tuple[str, str, str]] = {
    OLD: ("warning", "attention", "saved result out of date"),
    KEPT: ("clock", "attention", "saved result kept; data changed since"),
    FINE: ("ok", "ok", "saved result up to date"),
    UNSAVED: ("open_item", "muted", "nothing saved yet"),
    OPEN: ("problem", "problem", "columns are missing"),
    ALL: ("clock", "muted", "checking"),
}


@dataclass(frozen=True, slots=True)
class State:
    """How an analysis stands."""

    kind: str
    saved: int
    words: str = ""  # instead of those of its sign


def state_of(session: Session, record: Record) -> State:
    """Work out how an analysis stands; reads its data, so a worker may do it."""
    saved = results_of(session, record.id)
    analysis = find(str(record.get("analysis_id")))
    roles = {k: v for k, v in record.get("roles", {}).items() if v}
    if missing_roles(analysis, roles) and not reads_metric(session, record):
        return State(OPEN, len(saved))
    if not saved:
        return State(UNSAVED, 0)
    found = [standing(session, f) for f in saved]
    if "old" in found:
        return State(OLD, len(saved))
    if "kept" in found:
        kept = saved[found.index("kept")]
        return State(KEPT, len(saved), f"saved result {standing_words(kept, 'kept')}")
    return State(FINE, len(saved))


class AnalysesPage(Page):
    """A list with search and filter; one click opens, Delete puts into the bin."""

    help = "analyses"

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._states: dict[str, State] = {}
        self._outdated = True
        self._job: Job | None = None
        self.box = QLineEdit()
        self.box.setObjectName("analyses_search")
        self.box.setAccessibleName("Search analyses")
        self.box.setPlaceholderText("Search in titles")
        self.box.setClearButtonEnabled(True)
        self.box.setMaximumWidth(320)
        self.filter = QComboBox()
        self.filter.setObjectName("analyses_filter")
        self.filter.setAccessibleName("Show only")
        for key, text in FILTERS.items():
            self.filter.addItem(text, key)
        new = button("&New analysis…", self._new, "primary")
        new.setEnabled(not self.session.read_only)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 4, 10, 10)
        self._list.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 18, 18, 8)
        layout.setSpacing(10)
        layout.addLayout(row(label("Analyses", "title", wrap=False), None, new))
        layout.addLayout(row(self.box, label("Show", "muted", wrap=False), self.filter, None))
        layout.addWidget(scrolled(inner), 1)
        self.box.textChanged.connect(lambda *_: self._fill())
        self.filter.activated.connect(lambda *_: self._fill())

    def find_here(self) -> bool:
        """The list has a search of its own."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()
        return True

    def heard(self, change: Change) -> None:
        """Look again, now or when somebody comes."""
        self._outdated = True
        if self.isVisible():
            self.shown()

    def shown(self) -> None:
        """Show the list at once; what is out of date is worked out behind it."""
        if self._outdated:
            self._outdated = False
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: stop, and look again when somebody comes."""
        super().hideEvent(event)
        if self._job is not None:
            self._job.cancel()
            self._job, self._outdated = None, True

    def theme_changed(self) -> None:
        """Icons carry the theme's colours."""
        self._fill()

    def refresh(self) -> None:
        """List all analyses, then find out how they stand."""
        self._fill()
        session = self.session

        def work(job: Job) -> dict[str, State]:
            found = {}
            for record in session.records("analysis"):
                job.check()
                found[record.id] = state_of(session, record)
            return found

        self._job = self.window_.jobs.run(
            work, self._show_states, failed=self.window_.show_problem, view="analyses"
        )

    def _show_states(self, states: dict[str, State]) -> None:
        self._job = None
        self._states = states
        self._fill()

    # the list ------------------------------------------------------------------------------

    def _fill(self) -> None:
        clear(self._list)
        records = self.session.records("analysis")
        shown = [r for r in records if self._matches(r)]
        for title, group in self._by_phase(shown):
            self._list.addWidget(label(title, "heading"))
            for record in group:
                self._list.addWidget(self._row(record))
        if not shown:
            self._list.addWidget(self._nothing(bool(records)))
        self._list.addStretch(1)

    def _matches(self, record: Record) -> bool:
        wanted = self.filter.currentData()
        if wanted != ALL and self._state(record).kind != wanted:
            return False
        text = f"{record.get('title')} {find(str(record.get('analysis_id'))).title}".lower()
        return all(word in text for word in self.box.text().lower().split())

    def _state(self, record: Record) -> State:
        return self._states.get(record.id, State(ALL, 0))

    def _by_phase(self, records: Sequence[Record]) -> list[tuple[str, list[Record]]]:
        from leanlab.app.roadmap import roadmap_of

        phases = {p.id: p.title for p in roadmap_of(self.session).phases}
        groups: dict[str, list[Record]] = {title: [] for title in phases.values()}
        groups["No phase"] = []
        for record in records:
            groups[phases.get(str(record.get("phase", "")), "No phase")].append(record)
        return [(title, group) for title, group in groups.items() if group]

    def _row(self, record: Record) -> QFrame:
        state = self._state(record)
        shape, colour, text = SIGNS[state.kind]
        text = state.words or text
        sign = label("", wrap=False)
        sign.setPixmap(picture(shape, self.window_.tokens[colour], 20))
        sign.setAccessibleName(text)
        sign.setToolTip(text[:1].upper() + text[1:])
        name = button(str(record.get("title")), partial(self.window_.go_to, record.id), "link")
        saved = f"{words.count(state.saved, 'saved result')}, " if state.saved else ""
        facts = " · ".join(part for part in (self._data_of(record), f"{saved}{text}") if part)
        delete = button("Delete", partial(self._delete, record), f"delete_{record.id}")
        delete.setAccessibleName(f"Delete {record.get('title')}")
        delete.setEnabled(not self.session.read_only)
        inner = column(name, label(facts, "small", wrap=False), spacing=0)
        verdict = self._verdict(record)
        if verdict:
            inner.addWidget(label(verdict))
        line = row(sign, inner, delete, spacing=10)
        line.setStretch(1, 1)
        made = card(line)
        made.setProperty("record", record.id)
        return made

    def _verdict(self, record: Record) -> str:
        """Return what the latest saved result says."""
        saved = results_of(self.session, record.id)
        lines = saved[0].get("findings", ()) if saved else ()
        return next((str(f["text"]) for f in lines if f["line"] == "verdict"), "")

    def _data_of(self, record: Record) -> str:
        sheet_id = record.get("sheet_id")
        if not sheet_id:
            return "needs no data"
        if not self.session.exists(sheet_id):
            return "its data was deleted"
        return str(self.session.record(sheet_id).get("title", ""))

    def _nothing(self, some: bool) -> QFrame:
        if some:
            return card(label("No analysis matches.", "heading"))
        return card(
            label("No analyses yet", "heading"),
            label("An analysis puts a question to your data: is it stable, is it capable, what makes the difference?", "muted"),
            row(button("Choose an analysis…", self._new, "choose_first"), None),
        )  # fmt: skip

    def _delete(self, record: Record) -> None:
        title = str(record.get("title"))
        try:
            self.session.delete(record.id, label=f"Delete {title}")
        except DataProblem as problem:
            self.window_.show_problem(problem)
            return
        self.window_.say(f"'{title}' is in the bin; Undo brings it back. Saved results stay.")

    def _new(self) -> None:
        self.window_.bar.run("analysis")
