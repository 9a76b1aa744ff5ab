"""The gate of a phase: questions with their evidence, and the decision."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFormLayout,
    QFrame,
    QLabel,
    QLayout,
    QLineEdit,
    QRadioButton,
    QSplitter,
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
from leanlab.ui.gate.evidence import EvidencePanel, record_behind
from leanlab.ui.gate.question import QuestionRow
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

BESIDE = 940  # pixels that questions and their evidence need side by side
MOST_CHANGES = 12  # that a card names one by one
KIND_WORDS = {
    "process_step": "process step", "control_item": "control item", "benefit_line": "benefit",
    "worksheet_row": "row of a worksheet", "finding": "saved result", "sheet": "data sheet",
    "link": "evidence",
}  # fmt: skip


class GatePage(DerivedPage):
    """Review and decide one gate."""

    help = "gates"
    has_paper = True

    def __init__(self, window: "MainWindow", phase_id: str) -> None:
        super().__init__(window)
        self.phase_id = phase_id
        self.conditions: list[tuple[str, str, str]] = []
        self._typed: dict[str, str] = {}
        self._signs: list[tuple[roadmap.Answered, QLabel]] = []
        self._may_decide = False  # whether the fields of the decision are there
        self._rows: dict[str, QuestionRow] = {}
        self._current = ""  # the question that had the focus last
        self._phase: roadmap.PhaseState | None = None
        self._deciding: review_part.ReviewDecision | None = None
        self.evidence = EvidencePanel(window, self.close_evidence)
        self._put_beside(self.evidence)
        decide = QShortcut(QKeySequence("Ctrl+Return"), self, self._decide_by_key)
        decide.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _put_beside(self, panel: QWidget) -> None:
        """Put a panel beside the questions; it takes room only while it is shown."""
        whole = self.layout()
        item = whole.takeAt(0) if whole is not None else None
        questions = item.widget() if item is not None else None
        assert whole is not None and questions is not None  # noqa: S101, PT018 - of the base class
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(questions)
        self._split.addWidget(panel)
        whole.addWidget(self._split)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside the questions, the evidence stands below them."""
        super().resizeEvent(event)
        way = Qt.Orientation
        wanted = way.Horizontal if self.width() >= BESIDE else way.Vertical
        if self._split.orientation() != wanted:
            self._split.setOrientation(wanted)
            self._share()

    def _share(self) -> None:
        """Give the evidence a little less than half of the room."""
        across = self._split.orientation() == Qt.Orientation.Horizontal
        room = self._split.width() if across else self._split.height()
        self._split.setSizes([round(room * 0.54), round(room * 0.46)])

    def refresh(self) -> None:
        """Build the page again; what was typed for the decision stays, and the focus."""
        focused = QApplication.focusWidget()
        elsewhere = (
            focused is not None and self.isAncestorOf(focused) and self._row_of(focused) is None
        )
        self._build_again()
        row_now = self._rows.get(self._current)
        if row_now is not None and self.isVisible() and not elsewhere:
            row_now.setFocus()

    def _row_of(self, widget: QWidget) -> "QuestionRow | None":
        return next((r for r in self._rows.values() if r is widget or r.isAncestorOf(widget)), None)

    def _build_again(self) -> None:
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
        self._rows, self._deciding = {}, None
        state = roadmap.state_of(self.session, thorough=True)
        phase = next((p for p in state.phases if p.phase.id == self.phase_id), None)
        if phase is None:
            self.content.addWidget(label("This kind of project has no such phase.", "muted"))
            return
        self._signs, self._phase = [], phase
        self.content.addLayout(self._title(phase))
        self.content.addWidget(self._questions(phase))
        ends = [e for e in state.loose_ends if not e.hint]
        if ends:
            self.content.addWidget(self._loose_ends(ends))
        if self.session.reviewing:
            self._deciding = review_part.ReviewDecision(self.window_, phase)
            self.content.addWidget(self._deciding)
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
        present = button("&Present", self.present, "gate_present")
        present.setToolTip("Questions and their evidence on the whole screen")
        texts = column(
            label(f"Gate {phase.phase.title}", "title"),
            label(f"{_summary(phase)}{self._changed(phase)}", "muted"),
            label(self._prepared(), "small"), spacing=2,
        )  # fmt: skip
        nothing = self._nothing_yet(phase)
        if nothing:
            texts.addWidget(label(nothing, "attention"))
        line = row(texts, present, back)
        for one in (present, back):
            line.setAlignment(one, Qt.AlignmentFlag.AlignTop)
        line.setStretch(0, 1)
        return line

    def _prepared(self) -> str:
        """Say by whom the project was prepared, and as of when."""
        who = self.session.fact("author") or "Somebody"
        saved = self.session.saved_moment
        return f"Prepared by {who}" + (f", saved on {words.day(saved[:10])}" if saved else "")

    def _changed(self, phase: roadmap.PhaseState) -> str:
        """Say how much changed since the last decision of any gate."""
        from leanlab.app.integrity import since_sign_off

        made = [d for p in roadmap.roadmap_of(self.session).phases
                for d in roadmap.decisions_of(self.session, p.id) if d.fingerprint]  # fmt: skip
        if not made or phase.decision is not None:  # the decisions below say it of this gate
            return ""
        last = max(made, key=lambda d: d.on)
        count = len(since_sign_off(self.session, last.fingerprint).differences)
        return f"; {words.count(count, 'change')} since the last gate"

    def _nothing_yet(self, phase: roadmap.PhaseState) -> str:
        """Say so where there is nothing to review."""
        needed = set(phase.phase.worksheets)
        begun = {w.get("type_id") for w in self.session.records("worksheet")} & needed
        if begun or not needed or any(a.yes for a in phase.answers):
            return ""
        left = words.count(len(needed), "required worksheet")
        return f"Nothing to review yet: {left} {'is' if len(needed) == 1 else 'are'} empty."

    # questions -----------------------------------------------------------------------------

    def _questions(self, phase: roadmap.PhaseState) -> QFrame:
        parts: list[QWidget | QLayout | None] = [label("Questions", "heading")]
        for must, title in ((True, "Must be answered"), (False, "Should be answered")):
            asked = [a for a in phase.answers if a.question.must == must]
            if asked:
                parts.append(label(title, "small"))
                parts += [self._question(answer) for answer in asked]
        return card(*parts)

    def _question(self, answer: roadmap.Answered) -> QuestionRow:
        sign = label("", wrap=False)
        sign.setFixedWidth(24)
        self._signs.append((answer, sign))
        evidence: QWidget = label(answer.text, "small")
        if answer.target:
            evidence = ElidedLink(answer.text, partial(self.show_evidence, answer))
        texts = column(label(answer.question.text), evidence, spacing=0)
        if answer.accepted:
            texts.addWidget(label(f"Accepted with reason: {answer.accepted}", "small"))
        for said in self._said_of(answer.question.id):
            texts.addWidget(said)
        made = QuestionRow(self, answer)
        made.line.addWidget(sign)
        made.line.addLayout(texts, 1)
        for one in self._ways(answer):
            made.line.addWidget(one)
        self._rows[answer.question.id] = made
        return made

    # keys ----------------------------------------------------------------------------------

    def main_part(self) -> QWidget:
        """F6 leads to the question that was looked at last."""
        return self._rows.get(self._current) or next(iter(self._rows.values()), super().main_part())

    def stay_at(self, question_id: str) -> None:
        """Remember which question is looked at; an open panel follows."""
        self._current = question_id
        row_now = self._rows.get(question_id)
        if row_now is not None and self.evidence.isVisible():
            self.evidence.show_answer(row_now.answer)

    def step(self, question_id: str, by: int) -> None:
        """Go to the next question, or the one before."""
        order = list(self._rows)
        at = min(max(order.index(question_id) + by, 0), len(order) - 1)
        self._rows[order[at]].setFocus()

    def show_evidence(self, answer: roadmap.Answered) -> None:
        """Show the evidence beside the questions; what cannot be printed, or is missing, in its place."""
        if answer.yes and record_behind(self.session, answer.target):
            self._current = answer.question.id
            hidden = self.evidence.isHidden()
            self.evidence.show_answer(answer)
            if hidden:
                self._share()
        elif answer.target:
            self.window_.go_to(answer.target)
        else:
            self.window_.say("No record holds evidence for this answer.")

    def close_evidence(self) -> None:
        """Give the room back to the questions."""
        self.evidence.hide()
        self.main_part().setFocus()

    def opine(self, answer: roadmap.Answered, choice: str) -> None:
        """Agree or disagree in a review."""
        if self.session.reviewing:
            review_part.opine(self.window_, self.phase_id, answer.question, choice)
        else:
            self.window_.say("Agree and disagree belong to a review; the gate is decided below.")

    def comment(self, answer: roadmap.Answered) -> None:
        """Comment an answer, in a review or in one's own project."""
        if self.session.read_only and not self.session.reviewing:
            self.window_.say("This project was opened read-only.")
            return
        review_part.comment(
            self.window_, f"question:{self.phase_id}/{answer.question.id}", answer.question
        )

    def _decide_by_key(self) -> None:
        if self._deciding is not None:
            self._deciding.decide()
        elif self._may_decide and not self.session.read_only:
            self.decide()

    def present(self) -> None:
        """Show the gate on the whole screen."""
        from leanlab.ui.gate.present import present

        if self._phase is not None:
            present(self.window_, self._phase, _summary(self._phase), SIGNS)

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
            named = words.coded(one.title, one.code)
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
