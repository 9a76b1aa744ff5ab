"""A phase page: its goal, worksheets, analyses and gate questions."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLayout, QWidget

from leanlab.app import roadmap
from leanlab.app.records import Record
from leanlab.app.worksheets import in_use
from leanlab.ui.elided import ElidedLink
from leanlab.ui.icons import picture
from leanlab.ui.pages.base import DerivedPage
from leanlab.ui.widgets import button, card, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow
    from leanlab.worksheets.declare import WorksheetType


# how a question stands -> its sign and colour; nothing is a fault before anybody began
_SIGNS = {
    "yes": ("ok", "ok"), "open": ("open_item", "muted"), "must": ("problem", "problem"),
    "should": ("warning", "attention"),
}  # fmt: skip


class PhasePage(DerivedPage):
    """One phase of the roadmap."""

    help = "phases"
    has_paper = True

    def __init__(self, window: "MainWindow", phase_id: str) -> None:
        super().__init__(window)
        self.phase_id = phase_id

    @property
    def state(self) -> roadmap.PhaseState | None:
        """Where this phase stands; None when the kind of project changed."""
        phases = roadmap.state_of(self.session).phases
        return next((p for p in phases if p.phase.id == self.phase_id), None)

    def build(self) -> None:
        """Work everything out from the records."""
        state = self.state
        if state is None:
            self.content.addWidget(label("This kind of project has no such phase.", "muted"))
            return
        self.content.addLayout(
            column(label(state.phase.title, "title"), label(state.phase.goal, "muted"), spacing=2)
        )
        tools = row(self._worksheets(state), self._analyses(), spacing=14)
        tools.setStretch(0, 3)
        tools.setStretch(1, 2)
        self.content.addLayout(tools)
        self.content.addWidget(self._gate(state))

    def _worksheets(self, state: roadmap.PhaseState) -> QFrame:
        from leanlab.worksheets.registry import BY_ID

        parts: list[QWidget | QLayout | None] = [label("Worksheets", "heading")]
        here = {w.get("type_id"): w for w in self.session.records("worksheet")}
        usual = [t for t in state.phase.worksheets if t in BY_ID]
        more = [t for t in state.phase.optional if t in BY_ID]
        extra = [t for t, w in here.items() if w.get("phase") == self.phase_id and t in BY_ID]
        for type_id in dict.fromkeys((*usual, *extra)):
            parts.append(self._worksheet(type_id, here.get(type_id)))
        missing = [t for t in more if t not in here]
        if missing:
            parts.append(label("Also useful here", "small"))
            parts += [self._worksheet(type_id, None) for type_id in missing]
        return card(*parts, None)

    def _worksheet(self, type_id: str, known: Record | None) -> QLayout:
        from leanlab.worksheets.registry import BY_ID

        kind = BY_ID[type_id]
        status = self._status(kind, known)
        done = status in {"ready", "reviewed"}
        shape, colour = ("ok", "ok") if done else ("open_item", "muted")
        go = button(kind.title, partial(self._open, type_id), "link")
        words = column(go, label(kind.question, "small"), spacing=0)
        line = row(self._sign(shape, colour), words, label(status, "small", wrap=False), spacing=6)
        line.setStretch(1, 1)
        return line

    def _status(self, kind: "WorksheetType", known: Record | None) -> str:
        """Say how far a worksheet is; one that only shows a register is begun when that is."""
        if known is not None:
            return str(known.get("status") or "in progress")
        return "in progress" if in_use(self.session, kind) else "not begun"

    def _open(self, type_id: str) -> None:
        from leanlab.ui.commands.worksheets import open_worksheet

        open_worksheet(self.window_, type_id, self.phase_id)

    def _analyses(self) -> QFrame:
        from leanlab.ui.commands.analyze import choose

        parts: list[QWidget | QLayout | None] = [label("Analyses", "heading")]
        found = [a for a in self.session.records("analysis") if a.get("phase") == self.phase_id]
        for analysis in found:
            go = ElidedLink(str(analysis.get("title")), partial(self.window_.go_to, analysis.id))
            line = row(self._sign("chart", "muted"), go, spacing=6)
            line.setStretch(1, 1)
            parts.append(line)
        if not found:
            parts.append(label("No analysis in this phase yet.", "muted"))
        add = button("New analysis…", lambda: choose(self.window_, self.phase_id), "phase_analysis")
        add.setEnabled(not self.session.read_only)
        return card(*parts, None, row(add, None))

    def _gate(self, state: roadmap.PhaseState) -> QFrame:
        parts: list[QWidget | QLayout | None] = [label(f"Gate: {state.words}", "heading")]
        untouched = not any(answer.settled for answer in state.answers)
        parts += [self._question(answer, untouched=untouched) for answer in state.answers]
        if state.passed:
            parts.append(label("This gate was passed. A later decision replaces it.", "ok"))
        decide = button("Decide the gate…", self.decide, "primary")
        decide.setEnabled(not self.session.read_only)
        parts.append(row(decide, None))
        return card(*parts)

    def _question(self, answer: roadmap.Answered, *, untouched: bool) -> QLayout:
        must = answer.question.must
        sign = _SIGNS[
            "yes" if answer.yes else "open" if untouched else "must" if must else "should"
        ]
        text = answer.question.text if must else f"{answer.question.text} (should)"
        evidence: QWidget = label(answer.text, "small")
        if answer.target:
            evidence = ElidedLink(answer.text, partial(self.window_.go_to, answer.target))
        line = row(self._sign(*sign), column(label(text), evidence, spacing=0), spacing=8)
        line.setStretch(1, 1)
        if not answer.yes and not self.session.read_only:
            line.addWidget(button("Answer by hand…", partial(self.by_hand, answer), "link"))
        return line

    def _sign(self, shape: str, colour: str) -> QWidget:
        sign = label("", wrap=False)
        sign.setPixmap(picture(shape, self.window_.tokens[colour], 18))
        sign.setFixedWidth(24)
        return sign

    def by_hand(self, answer: roadmap.Answered) -> None:
        """Answer a question with a statement."""
        from leanlab.ui.dialogs.gate import answer_question

        answer_question(self, self.session, self.phase_id, answer.question)

    def decide(self) -> None:
        """Decide the gate; an open must question blocks passing it."""
        from leanlab.ui.dialogs.gate import decide_gate

        decide_gate(self.window_, self.phase_id)
