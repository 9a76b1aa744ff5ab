"""The gate of a phase: questions with their evidence, and the decision."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QFrame,
    QLabel,
    QLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import roadmap
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.domain.roadmap import DECISIONS, PASSING
from leanlab.ui.dialogs.gate import answer_question, ask_condition, ask_passed_before
from leanlab.ui.dialogs.reason import ask_reason
from leanlab.ui.elided import ElidedLink
from leanlab.ui.icons import picture
from leanlab.ui.pages.base import DerivedPage
from leanlab.ui.review import gate_part as review_part
from leanlab.ui.widgets import button, card, clear, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

SIGNS = {
    "good": ("ok", "ok", "yes"), "warning": ("warning", "attention", "open"),
    "bad": ("problem", "problem", "no"), "open": ("open_item", "muted", "not answered yet"),
}  # fmt: skip

MOST_CHANGES = 12  # that a card names one by one
KIND_WORDS = {
    "process_step": "process step", "control_item": "control item", "benefit_line": "benefit",
    "worksheet_row": "row of a worksheet", "finding": "saved result", "sheet": "data sheet",
    "link": "evidence",
}  # fmt: skip


class GatePage(DerivedPage):
    """Review and decide one gate."""

    help = "gates"

    def __init__(self, window: "MainWindow", phase_id: str) -> None:
        super().__init__(window)
        self.phase_id = phase_id
        self.conditions: list[tuple[str, str, str]] = []
        self._typed: dict[str, str] = {}
        self._signs: list[tuple[roadmap.Answered, QLabel]] = []
        self._may_decide = False  # whether the fields of the decision are there

    def refresh(self) -> None:
        """Build the page again; what was typed for the decision stays."""
        if self._may_decide:
            chosen = self.choices.checkedButton()
            self._typed = {
                "decision": str(chosen.property("decision")) if chosen else "",
                "gate_who": self.who.text(), "gate_role": self.role.text(), "gate_note": self.note.text(),
            }  # fmt: skip
        super().refresh()

    def build(self) -> None:
        """Work everything out from the records."""
        self._may_decide = False
        state = roadmap.state_of(self.session, thorough=True)
        phase = next((p for p in state.phases if p.phase.id == self.phase_id), None)
        if phase is None:
            self.content.addWidget(label("This kind of project has no such phase.", "muted"))
            return
        self._signs = []
        self.content.addLayout(self._title(phase))
        self.content.addWidget(self._questions(phase))
        ends = [e for e in state.loose_ends if not e.hint]
        if ends:
            self.content.addWidget(self._loose_ends(ends))
        if self.session.reviewing:
            self.content.addWidget(review_part.ReviewDecision(self.window_, phase))
        else:
            self.content.addWidget(self._decision(phase))
        self.content.addWidget(self._past(phase))
        self._show_signs()

    def _title(self, phase: roadmap.PhaseState) -> QLayout:
        back = button(
            f"To the phase {phase.phase.title}",
            lambda: self.window_.go_to(f"phase:{self.phase_id}"),
            "gate_back",
        )
        texts = column(
            label(f"Gate {phase.phase.title}", "title"), label(_summary(phase), "muted"), spacing=2
        )
        line = row(texts, back)
        line.setStretch(0, 1)
        return line

    # questions -----------------------------------------------------------------------------

    def _questions(self, phase: roadmap.PhaseState) -> QFrame:
        parts: list[QWidget | QLayout | None] = [label("Questions", "heading")]
        for must, title in ((True, "Must be answered"), (False, "Should be answered")):
            asked = [a for a in phase.answers if a.question.must == must]
            if asked:
                parts.append(label(title, "small"))
                parts += [self._question(answer) for answer in asked]
        return card(*parts)

    def _question(self, answer: roadmap.Answered) -> QLayout:
        sign = label("", wrap=False)
        sign.setFixedWidth(24)
        self._signs.append((answer, sign))
        evidence: QWidget = label(answer.text, "small")
        if answer.target:
            evidence = ElidedLink(answer.text, partial(self.window_.go_to, answer.target))
        texts = column(label(answer.question.text), evidence, spacing=0)
        if answer.accepted:
            texts.addWidget(label(f"Accepted with reason: {answer.accepted}", "small"))
        for said in self._said_of(answer.question.id):
            texts.addWidget(said)
        line = row(sign, texts, spacing=8)
        line.setStretch(1, 1)
        for one in self._ways(answer):
            line.addWidget(one)
        return line

    def _show_signs(self) -> None:
        """Show how each question stands; what is in the way of passing is red once one wants to."""
        chosen = self.choices.checkedButton() if self._may_decide else None
        passing = chosen is not None and chosen.property("decision") in PASSING
        for answer, sign in self._signs:
            in_the_way = passing and answer.question.must and not answer.settled
            shape, colour, spoken = SIGNS["bad" if in_the_way else answer.level]
            sign.setPixmap(picture(shape, self.window_.tokens[colour], 18))
            sign.setAccessibleName(spoken)

    def _ways(self, answer: roadmap.Answered) -> list[QWidget]:
        if self.session.reviewing:
            return review_part.ways(self.window_, self.phase_id, answer.question)
        if self.session.read_only:
            return []
        if answer.by_hand:
            return [button("Take back", partial(self.take_back, answer), "link")]
        if answer.settled:
            return []
        ways: list[QWidget] = [button("Answer by hand…", partial(self.by_hand, answer), "link")]
        if answer.question.must:
            ways.append(button("Accept with reason…", partial(self.accept, answer), "link"))
        return ways

    def _said_of(self, question_id: str) -> list[QWidget]:
        """Return what reviewers said of the answer to a question."""
        return review_part.said_of(self.window_, f"question:{self.phase_id}/{question_id}")

    def by_hand(self, answer: roadmap.Answered) -> None:
        """Answer a question with a statement."""
        answer_question(self, self.session, self.phase_id, answer.question)

    def take_back(self, answer: roadmap.Answered) -> None:
        """Remove an answer by hand."""
        roadmap.take_back_answer(self.session, self.phase_id, answer.question.id)

    def accept(self, answer: roadmap.Answered) -> None:
        """Accept an open must with a reason."""
        question = f"{answer.question.text} Why may it stay open?"
        reason = ask_reason(self, "Accept with reason", question, "Accept")
        if reason:
            who = self.session.fact("author")
            roadmap.accept(self.session, answer.question.id, self.phase_id, reason, who)

    def _loose_ends(self, ends: list[roadmap.LooseEnd]) -> QFrame:
        parts: list[QWidget | QLayout | None] = [
            label("Loose ends of the evidence chain", "heading")
        ]
        for end in ends:
            go = ElidedLink(end.text, partial(self.window_.go_to, end.target))
            line = row(label("must" if end.must else "should", "small", wrap=False), go, None)
            if not self.session.read_only:
                line.addWidget(button("Accept with reason…", partial(self.accept_end, end), "link"))
            parts.append(line)
        return card(*parts)

    def accept_end(self, end: roadmap.LooseEnd) -> None:
        """Accept a loose end with a reason."""
        reason = ask_reason(self, "Accept with reason", f"{end.text} Why may it stay so?", "Accept")
        if reason:
            roadmap.accept(self.session, end.rule, end.target, reason, self.session.fact("author"))

    # decision ------------------------------------------------------------------------------

    def _decision(self, phase: roadmap.PhaseState) -> QFrame:
        self.choices = QButtonGroup(self)
        boxes: list[QWidget | QLayout | None] = []
        for at, (name, text) in enumerate(DECISIONS.items()):
            box = QRadioButton(f"{text[:1].upper()}{text[1:]}")
            box.setObjectName(f"decision_{name}")
            box.setProperty("decision", name)
            box.setChecked(self._typed.get("decision") == name)
            self.choices.addButton(box, at)
            boxes.append(box)
        self.choices.buttonToggled.connect(lambda *_: self._show_signs())
        self.who = self._line("gate_who", "Name", self.session.fact("sponsor"))
        self.role = self._line("gate_role", "Role", "Sponsor")
        self.note = self._line("gate_note", "Comment", "")
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow("&Name", self.who)
        form.addRow("&Role", self.role)
        form.addRow("&Comment", self.note)
        self.condition_list = QVBoxLayout()
        self._show_conditions()
        self._may_decide = True
        self.problem = label("", "problem")
        self.problem.setObjectName("gate_problem")
        self.problem.hide()
        decide = button("Decide the gate", self.decide, "primary")
        before = button("Passed before LeanLab…", self.passed_before, "gate_before")
        for one in (decide, before):
            one.setEnabled(not self.session.read_only)
        hint = (
            "A decision keeps a frozen copy of the project and is not undone; a later decision "
            "replaces it. A typed name is no signature in law."
        )
        buttons = row(decide, before, None) if phase.decision is None else row(decide, None)
        return card(
            label("Decision", "heading"), row(*boxes, None, spacing=18), form, self.condition_list,
            self.problem, buttons, label(hint, "small"),
        )  # fmt: skip

    def _line(self, name: str, words_: str, text: str) -> QLineEdit:
        line = QLineEdit(self._typed.get(name, text))
        line.setObjectName(name)
        line.setAccessibleName(words_)
        return line

    def _show_conditions(self) -> None:
        clear(self.condition_list)
        for what, owner, due in self.conditions:
            text = f"Condition: {what} ({owner}, by {words.day(due)})"
            self.condition_list.addWidget(label(text))
        add = button("Add a condition…", self.add_condition, "link")
        self.condition_list.addLayout(row(add, None))

    def add_condition(self) -> None:
        """Add a condition; with the decision it becomes an action."""
        condition = ask_condition(self)
        if condition is not None:
            self.conditions.append(condition)
            self._show_conditions()
            self._choose("conditions")

    def _choose(self, decision: str) -> None:
        for box in self.choices.buttons():
            if box.property("decision") == decision:
                box.setChecked(True)

    def decide(self) -> None:
        """Write the decision; what stands in its way is said here."""
        chosen = self.choices.checkedButton()
        if chosen is None:
            self._say("Choose a decision.")
            return
        decision = str(chosen.property("decision"))
        if decision == "conditions" and not self.conditions:
            self._say("Add the condition first.")
            return
        conditions = self.conditions if decision in PASSING else ()
        self.choices.setExclusive(False)
        chosen.setChecked(False)  # the page is built again when the decision is written
        self.choices.setExclusive(True)
        try:
            roadmap.decide_gate(
                self.session, self.phase_id, decision, self.who.text(), self.note.text().strip(),
                role=self.role.text().strip(), conditions=conditions,
            )  # fmt: skip
        except Problem as problem:
            chosen.setChecked(True)
            self._say(f"{problem.message} {problem.hint}")
            return
        self.conditions = []
        self.window_.say(f"Gate decided: {DECISIONS[decision]}.")

    def _say(self, text: str) -> None:
        self.problem.setText(text.strip())
        self.problem.show()

    def passed_before(self) -> None:
        """Mark the gate as passed before the project came into LeanLab."""
        phase = roadmap.state_of(self.session).phase(self.phase_id)
        answer = ask_passed_before(self, phase.phase.title)
        if answer is not None:
            roadmap.passed_before(self.session, self.phase_id, *answer)

    def _past(self, phase: roadmap.PhaseState) -> QFrame:
        past = roadmap.decisions_of(self.session, self.phase_id)
        parts: list[QWidget | QLayout | None] = [label("Decisions so far", "heading")]
        parts += review_part.said_of(self.window_, f"gate:{self.phase_id}", decisions=False)
        for decision in past:
            parts.append(label(decision.words))
            if decision.note:
                parts.append(label(decision.note, "muted"))
            code = str(self.session.record(decision.id).get("code", ""))
            if code:
                parts.append(label(f"Decided in a review by file, code {code}", "small"))
        if not past:
            parts.append(label("This gate was not decided yet.", "muted"))
        if past and past[0].fingerprint:
            parts += self._since(past[0].fingerprint)
        return card(*parts)

    def _since(self, fingerprint: str) -> list[QWidget | QLayout | None]:
        """Say what changed after sign-off, and show the code that can be compared with paper."""
        from leanlab.app.integrity import codes_of, since_sign_off

        found = since_sign_off(self.session, fingerprint)
        parts: list[QWidget | QLayout | None] = [label(found.text, "small")]
        for one in found.differences[:MOST_CHANGES]:
            named = " ".join(part for part in (one.code, one.title) if part)
            parts.append(label(f"{KIND_WORDS.get(one.kind, one.kind)} {named}: {one.how}", "small"))
        left = len(found.differences) - MOST_CHANGES
        if left > 0:
            parts.append(label(f"and {left} more", "small"))
        codes = codes_of(self.session, fingerprint)
        told = " and ".join(line[:1].lower() + line[1:] for line in codes.lines)
        parts.append(label(f"Codes to compare with a printed report: {told}.", "small"))
        return parts


def _summary(phase: roadmap.PhaseState) -> str:
    yes = sum(a.yes for a in phase.answers)
    accepted = sum(bool(a.accepted) and not a.yes for a in phase.answers)
    parts = [f"{yes} of {len(phase.answers)} answered with yes"]
    if accepted:
        parts.append(f"{accepted} accepted with reason")
    left = len(phase.blocking)
    parts.append(f"{left} in the way" if left else "nothing in the way")
    return ", ".join(parts)
