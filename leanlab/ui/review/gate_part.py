"""What a review adds to the page of a gate: opinions at the questions, and a decision of its own."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import review
from leanlab.app.review import Said
from leanlab.app.roadmap import PhaseState
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.domain.review import OPINIONS, Condition
from leanlab.domain.roadmap import DECISIONS, Question
from leanlab.ui.dialogs.gate import ask_condition
from leanlab.ui.dialogs.reason import ReasonDialog
from leanlab.ui.icons import picture
from leanlab.ui.review.bar import reviewed
from leanlab.ui.widgets import button, clear, fill, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

_VERBS = {"agree": "Agree", "disagree": "Disagree…"}


def ways(window: "MainWindow", phase_id: str, question: Question) -> list[QWidget]:
    """Return what a reviewer can say of the answer to a question."""
    session = reviewed(window)
    if session is None:
        return []
    about = f"question:{phase_id}/{question.id}"
    found: list[QWidget] = []
    for choice in OPINIONS:
        one = button(_VERBS[choice], partial(opine, window, phase_id, question, choice), "link")
        one.setAccessibleName(f"{_VERBS[choice].rstrip('…')} with the answer to {question.id}")
        found.append(one)
    if session.item("opinion", about) is None:
        found.append(button("Comment…", partial(comment, window, about, question), "link"))
    return found


def opine(window: "MainWindow", phase_id: str, question: Question, choice: str) -> None:
    """Agree or disagree with an answer; a disagreement is asked for its reason."""
    session = reviewed(window)
    if session is None:
        return
    text = ""
    if choice == "disagree":
        said = _asked(window, "Disagree", f"{question.text} Why do you disagree?", "Disagree")
        if said is None:
            return
        text = said
    session.opine(phase_id, question.id, choice, text)


def comment(window: "MainWindow", about: str, question: Question) -> None:
    """Ask for a comment on a question and keep it in the review, or in one's own project."""
    session = reviewed(window)
    text = _asked(window, "Comment", question.text, "Add comment")
    if not text:
        return
    try:
        if session is not None:
            session.comment(about, text)
        else:
            review.comment(window.project, about, text)
    except Problem as problem:
        window.show_problem(problem)


def _asked(window: "MainWindow", title: str, question: str, verb: str) -> str | None:
    dialog = ReasonDialog(title, question, verb, (), window, optional=True)
    return dialog.text if dialog.exec() else None


def said_of(window: "MainWindow", about: str, *, decisions: bool = True) -> list[QWidget]:
    """Return what was said of a place, each in a line with its sign."""
    found = [s for s in review.said_at(window.project, {about}) if decisions or s.kind == "comment"]
    return [_line(window, said) for said in found]


def _line(window: "MainWindow", said: Said) -> QWidget:
    shape, colour = {
        "agrees": ("ok", "ok"), "disagrees": ("problem", "problem"),
    }.get(said.words, ("form", "attention"))  # fmt: skip
    sign = label("", wrap=False)
    sign.setPixmap(picture(shape, window.tokens[colour], 14))
    sign.setFixedWidth(18)
    who = "You" if said.own else said.who or "Somebody"
    verb = {"agrees": "agree", "disagrees": "disagree"} if said.own else {}
    parts = [f"{who} {verb.get(said.words, said.words)}".strip()]
    text = f"{parts[0]}: {said.text}" if said.text else parts[0]
    if said.code:
        text = f"{text}  ({words.day(said.at)}, code {said.code})"
    shown = label(text, "muted")
    shown.setObjectName("said_line")
    holder = QWidget()
    line = row(sign, shown, spacing=3)
    line.setStretch(1, 1)
    line.setContentsMargins(0, 2, 0, 0)
    session = reviewed(window)
    if said.own and session is not None:
        line.addWidget(button("Take back", partial(session.withdraw, said.id), "link"))
    holder.setLayout(line)
    return holder


class ReviewDecision(QFrame):
    """The reviewer's decision at a gate; it counts when the owner imports the review."""

    def __init__(self, window: "MainWindow", phase: PhaseState) -> None:
        super().__init__()
        self.setObjectName("card")
        self._window, self._phase = window, phase
        session = reviewed(window)
        before = session.item("gate", f"gate:{phase.phase.id}") if session is not None else None
        self.conditions = list(before.conditions) if before is not None else []
        self.choices = QButtonGroup(self)
        boxes: list[QWidget] = []
        for at, (name, text) in enumerate(DECISIONS.items()):
            box = QRadioButton(f"{text[:1].upper()}{text[1:]}")
            box.setObjectName(f"review_{name}")
            box.setProperty("decision", name)
            box.setChecked(before is not None and before.choice == name)
            self.choices.addButton(box, at)
            boxes.append(box)
        self.note = QPlainTextEdit(before.text if before is not None else "")
        self.note.setObjectName("review_note")
        self.note.setAccessibleName("Comment")
        self.note.setPlaceholderText("Comment")
        self.note.setFixedHeight(64)
        self.condition_list = QVBoxLayout()
        self.problem = label("", "problem")
        self.problem.setObjectName("review_problem")
        self.problem.hide()
        state = label("", "muted", wrap=False)
        state.setObjectName("review_state")
        if before is not None:
            state.setText(f"In your review: {DECISIONS[before.choice]}. Not sent yet.")
        decide = button("Decide in my review", self.decide, "primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 13, 16, 13)
        layout.setSpacing(7)
        fill(
            layout, label("Your decision", "heading"), row(*boxes, None, spacing=18), self.note,
            self.condition_list, self.problem, row(decide, state, None, spacing=12),
            label("It becomes the decision of the gate when the owner imports your review.", "small"),
        )  # fmt: skip
        self._show_conditions()

    def _show_conditions(self) -> None:
        clear(self.condition_list)
        for c in self.conditions:
            drop = button("Remove", partial(self._drop, c), "link")
            text = label(f"Condition: {c.what} ({c.owner}, by {words.day(c.due)})", wrap=False)
            self.condition_list.addLayout(row(text, drop, None))
        add = button("Add a condition…", self.add_condition, "link")
        self.condition_list.addLayout(row(add, None))

    def _drop(self, condition: Condition) -> None:
        self.conditions.remove(condition)
        self._show_conditions()

    def add_condition(self) -> None:
        """Add a condition; with the decision it becomes an action of the owner's."""
        asked = ask_condition(self)
        if asked is not None:
            self.conditions.append(Condition(*asked))
            self._show_conditions()
            box = next(b for b in self.choices.buttons() if b.property("decision") == "conditions")
            box.setChecked(True)

    def decide(self) -> None:
        """Keep the decision in the review; what stands in its way is said here."""
        session, chosen = reviewed(self._window), self.choices.checkedButton()
        if session is None:
            return
        if chosen is None:
            self._say("Choose a decision.")
            return
        try:
            session.decide_gate(
                self._phase.phase.id, str(chosen.property("decision")), self.note.toPlainText(),
                self.conditions,
            )  # fmt: skip
        except Problem as problem:
            self._say(f"{problem.message} {problem.hint}".strip())
            return
        self._window.say("Kept in your review.")

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()
