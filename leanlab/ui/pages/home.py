"""Project home: where the project stands, what comes next, what is late."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from leanlab.app import roadmap
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.ui.pages.base import Page
from leanlab.ui.widgets import button, card, clear, column, label, row, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

LATEST = 6


class HomePage(Page):
    """The first page of an open project."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.content = QVBoxLayout()
        self.content.setContentsMargins(28, 20, 28, 20)
        self.content.setSpacing(14)
        inner = QWidget()
        inner.setLayout(self.content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(inner))
        self.refresh()

    def refresh(self) -> None:
        """Work everything out from the records."""
        clear(self.content)
        state = roadmap.state_of(self.session)
        leader = self.session.fact("author")
        facts = [state.roadmap.title, *([f"Leader {leader}"] if leader else [])]
        self.content.addLayout(
            column(label(self.session.title, "title"), label(" · ".join(facts), "muted"), spacing=0)
        )
        self.content.addLayout(self._phases(state))
        self.content.addLayout(row(self._next(state), self._metric(), spacing=14))
        self.content.addLayout(row(self._actions(), self._loose_ends(state), spacing=14))
        self.content.addWidget(self._latest())
        self.content.addStretch(1)

    def _phases(self, state: roadmap.State) -> QVBoxLayout:
        chips = []
        for phase in state.phases:
            chip = button(
                f"{phase.phase.title}\n{phase.words}",
                lambda p=phase: self.window_.show_phase(p.phase.id),
                "choice",
            )
            chip.setAccessibleName(f"{phase.phase.title}: {phase.words}")
            chips.append(chip)
        return column(row(*chips))

    def _next(self, state: roadmap.State) -> QWidget:
        step = state.next_step
        parts = [
            label("Next step", "heading"),
            label(step.text),
            label(f"Because {step.because}", "muted"),
        ]
        return card(
            *parts,
            row(button("Go there", lambda: self.window_.go_to(step.target), "primary"), None),
        )

    def _metric(self) -> QWidget:
        metric = roadmap.primary_metric(self.session)
        if metric is None:
            empty = label("No metric yet. It says what will be better, and by how much.", "muted")
            return card(
                label("Primary metric", "heading"),
                empty,
                row(button("Add metric…", self.window_.add_metric), None),
            )
        unit = f" {metric.get('unit')}" if metric.get("unit") else ""
        numbers = [
            f"{name} {words.number(metric.get(key), 1)}{unit}"
            for name, key in (("Baseline", "baseline"), ("target", "target"))
            if metric.get(key) is not None
        ]
        lines = [
            label(f"Primary metric: {metric.get('name', '')}", "heading"),
            label(", ".join(numbers) or "No baseline and no target yet."),
        ]
        proof = roadmap.latest_verdict(self.session)
        if proof:
            lines.append(label(proof, "muted"))
        return card(
            *lines, row(button("Edit metric…", lambda: self.window_.edit_metric(metric.id)), None)
        )

    def _actions(self) -> QWidget:
        today = clock.today().isoformat()
        open_ones = [
            a
            for a in self.session.records("action")
            if a.get("status", "open") in {"open", "in progress"}
        ]
        late = [a for a in open_ones if a.get("due") and a.values["due"] < today]
        if open_ones:
            text = f"{words.count(len(open_ones), 'action')} open, {len(late)} overdue."
        else:
            text = "No open actions."
        lines = [label("Actions", "heading"), label(text, "problem" if late else "")]
        for action in late[:3]:
            who = action.get("owner") or "nobody"
            lines.append(
                label(
                    f"Late: {action.get('title', '')} ({who}, due {words.day(action.values['due'])})",
                    "muted",
                )
            )
        return card(*lines, row(button("Open actions", self.window_.show_actions), None))

    def _loose_ends(self, state: roadmap.State) -> QWidget:
        lines: list[QWidget] = [label("Evidence chain", "heading")]
        if not state.loose_ends:
            lines.append(label("No loose ends so far.", "ok"))
        for end in state.loose_ends[:5]:
            lines.append(
                button(
                    f"{'Must' if end.must else 'Should'}: {end.text}",
                    lambda e=end: self.window_.go_to(e.target),
                    "link",
                )
            )
        more = len(state.loose_ends) - 5
        if more > 0:
            lines.append(label(f"and {more} more", "muted"))
        return card(*lines)

    def _latest(self) -> QWidget:
        lines: list[QWidget] = [label("Last changes", "heading")]
        for at, who, what in self.session.recent_changes(LATEST):
            lines.append(
                label(
                    f"{words.day(at[:10])} {at[11:16]} UTC  {who + ': ' if who else ''}{what}",
                    "muted",
                )
            )
        return card(*lines)
