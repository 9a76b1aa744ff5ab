"""A phase page: its goal, worksheets, analyses and gate questions."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from leanlab.app import roadmap
from leanlab.ui.dialogs.reason import ask_reason
from leanlab.ui.pages.base import Page
from leanlab.ui.widgets import button, card, clear, column, label, row, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


class PhasePage(Page):
    """One phase of the roadmap."""

    def __init__(self, window: "MainWindow", phase_id: str) -> None:
        super().__init__(window)
        self.phase_id = phase_id
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
        state = next(
            p for p in roadmap.state_of(self.session).phases if p.phase.id == self.phase_id
        )
        self.content.addLayout(
            column(label(state.phase.title, "title"), label(state.phase.goal, "muted"), spacing=0)
        )
        self.content.addLayout(row(self._worksheets(state), self._analyses(), spacing=14))
        self.content.addWidget(self._gate(state))
        self.content.addStretch(1)

    def _worksheets(self, state: roadmap.PhaseState) -> QWidget:
        from leanlab.worksheets.registry import BY_ID

        lines: list[QWidget] = [label("Worksheets", "heading")]
        here = {w.get("type_id"): w for w in self.session.records("worksheet")}
        for type_id in (*state.phase.worksheets, *state.phase.optional):
            if type_id not in BY_ID:
                continue
            kind = BY_ID[type_id]
            known = here.get(type_id)
            words = kind.title if known else f"+ {kind.title}"
            lines.append(
                button(
                    words, lambda t=type_id: self.window_.open_worksheet(t, self.phase_id), "link"
                )
            )
            lines.append(label(kind.question, "muted"))
        return card(*lines)

    def _analyses(self) -> QWidget:
        lines: list[QWidget] = [label("Analyses", "heading")]
        found = [a for a in self.session.records("analysis") if a.get("phase") == self.phase_id]
        for analysis in found:
            lines.append(
                button(
                    str(analysis.get("title")), lambda a=analysis: self.window_.go_to(a.id), "link"
                )
            )
        if not found:
            lines.append(label("No analysis in this phase yet.", "muted"))
        lines.append(button("New analysis…", lambda: self.window_.new_analysis(self.phase_id)))
        return card(*lines)

    def _gate(self, state: roadmap.PhaseState) -> QWidget:
        parts: list[QWidget | QHBoxLayout] = [label(f"Gate: {state.words}", "heading")]
        for answer in state.answers:
            parts.append(self._question(answer))
        if state.passed:
            parts.append(
                label("This gate was passed. A later decision is a new one and replaces it.", "ok")
            )
        decide = button("Decide the gate…", self.decide, "primary")
        decide.setEnabled(not self.session.read_only)
        parts.append(row(decide, None))
        return card(*parts)

    def _question(self, answer: roadmap.Answered) -> QHBoxLayout:
        glyph = label(
            "✓" if answer.yes else "✕" if answer.question.must else "!",
            "ok" if answer.yes else "problem",
            wrap=False,
        )
        glyph.setFixedWidth(18)
        must = "" if answer.question.must else " (should)"
        texts = column(label(answer.question.text + must), label(answer.text, "muted"), spacing=0)
        parts: list[QWidget | QVBoxLayout] = [glyph, texts]
        if not answer.yes:
            parts.append(button("Answer by hand…", lambda: self.by_hand(answer), "link"))
        layout = row(*parts)
        layout.setStretch(1, 1)
        return layout

    def by_hand(self, answer: roadmap.Answered) -> None:
        """Answer a question with a statement."""
        question = f"{answer.question.text} Why is the answer yes?"
        note = ask_reason(self, "Answer by hand", question, "Answer yes", ("held outside LeanLab",))
        if note:
            roadmap.answer_by_hand(self.session, self.phase_id, answer.question.id, "yes", note)

    def decide(self) -> None:
        """Decide the gate; an open must question blocks passing it."""
        state = next(
            p for p in roadmap.state_of(self.session).phases if p.phase.id == self.phase_id
        )
        if state.blocking:
            first = state.blocking[0]
            self.window_.say(
                f"The gate cannot be passed yet: {first.text} Answer it, or state by hand why it holds."
            )
            return
        who = ask_reason(
            self,
            "Decide the gate",
            f"{state.phase.title} is passed. Who decides?",
            "Pass the gate",
            (self.session.fact("author"),),
        )
        if who:
            roadmap.decide_gate(self.session, self.phase_id, "passed", who, "")
