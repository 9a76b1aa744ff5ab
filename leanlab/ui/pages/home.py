"""Project home: where the project stands, what comes next, what is late."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QSizePolicy, QWidget

from leanlab.app import roadmap
from leanlab.app.history import NOT_NAMED
from leanlab.app.records import Record
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.ui.icons import picture
from leanlab.ui.pages.base import DerivedPage
from leanlab.ui.widgets import button, card, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

LATEST = 6
MOST_ENDS, MOST_BENEFITS = 5, 2
OPEN = {"open", "in progress"}


class HomePage(DerivedPage):
    """The first page of an open project."""

    help = "home"

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)

    def build(self) -> None:
        """Work everything out from the records."""
        state = roadmap.state_of(self.session)
        self.content.addLayout(self._title(state))
        self.content.addLayout(self._phases(state))
        self.content.addLayout(_side_by_side(self._next(state), self._metric()))
        self.content.addLayout(
            _side_by_side(self._loose_ends(state), self._actions(), self._benefits())
        )
        self.content.addWidget(self._latest())

    def _title(self, state: roadmap.State) -> QLayout:
        fact = self.session.fact
        people = (
            ("Sponsor", fact("sponsor")),
            ("Leader", fact("author")),
            ("Process owner", fact("owner")),
        )
        facts = [state.roadmap.title, *(f"{role} {name}" for role, name in people if name)]
        code = fact("code")
        name = f"{code}  {self.session.title}" if code else self.session.title
        change = button("Settings…", self.window_.project_settings, "project_settings_button")
        change.setEnabled(not self.session.read_only)
        names = column(label(name, "title"), label(" · ".join(facts), "muted"), spacing=2)
        line = row(names, change)
        line.setStretch(0, 1)
        return line

    def _phases(self, state: roadmap.State) -> QLayout:
        return row(*(self._phase(p) for p in state.phases), spacing=10)

    def _phase(self, state: roadmap.PhaseState) -> QFrame:
        tokens = self.window_.tokens
        shape, colour = (
            ("ok", "ok")
            if state.passed
            else ("current", "accent")
            if state.current
            else ("open_item", "muted")
        )
        sign = label("", wrap=False)
        sign.setPixmap(picture(shape, tokens[colour], 22))
        go = button(
            state.phase.title, partial(self.window_.go_to, f"phase:{state.phase.id}"), "link"
        )
        go.setAccessibleName(f"{state.phase.title}: {state.words}")
        chip = card(
            row(
                sign,
                column(go, label(state.words, "small", wrap=False), spacing=0),
                None,
                spacing=6,
            )
        )
        chip.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        chip.setContentsMargins(-4, -5, -6, -5)
        return chip

    def _next(self, state: roadmap.State) -> QFrame:
        step = state.next_step
        return card(
            label("Next step", "heading"),
            label(step.text),
            label(f"Because {step.because}", "muted"),
            None,
            row(button("Go there", partial(self.window_.go_to, step.target), "primary"), None),
        )

    def _metric(self) -> QFrame:
        metric = roadmap.primary_metric(self.session)
        may = not self.session.read_only
        if metric is None:
            add = button("Add metric…", partial(self._edit_metric, None), "add_metric")
            add.setEnabled(may)
            return card(
                label("Primary metric", "heading"),
                label("No metric yet. It says what will be better, and by how much.", "muted"),
                None,
                row(add, None),
            )
        edit = button("Edit metric…", partial(self._edit_metric, metric.id), "edit_metric")
        edit.setEnabled(may)
        return card(
            label(str(metric.get("name", "")), "heading"),
            *self._metric_numbers(metric),
            None,
            row(edit, None),
        )

    def _metric_numbers(self, metric: Record) -> list[QWidget | QLayout]:
        from leanlab.app.summary import value_words, values_apart
        from leanlab.ui.sparkline import metric_picture

        drawn = metric_picture(self.session, metric, self.window_.tokens)
        start, target = metric.get("baseline"), metric.get("target")
        latest = drawn.latest if drawn is not None else None
        texts = (*values_apart(metric, start, latest), value_words(metric, target))
        values = zip(("Baseline", "Latest", "Target"), texts, (start, latest, target), strict=True)
        known = [(title, text) for title, text, value in values if value is not None]
        parts: list[QWidget | QLayout] = []
        if known:
            parts.append(row(*(_figure(title, text) for title, text in known), None, spacing=28))
        if drawn is not None:
            parts.append(drawn)
        proof = roadmap.latest_verdict(self.session)
        if proof:
            parts.append(label(proof, "muted"))
        return parts or [label("No baseline and no target yet.", "muted")]

    def _edit_metric(self, metric_id: str | None) -> None:
        from leanlab.ui.dialogs.metric import edit_metric

        edit_metric(self.session, metric_id, self.window_)

    def _actions(self) -> QFrame:
        today = clock.today().isoformat()
        pending = [a for a in self.session.records("action") if a.get("status", "open") in OPEN]
        late = sorted((a for a in pending if a.get("due") and a.values["due"] < today), key=_due)
        text = (
            f"{words.count(len(pending), 'action')} open, {len(late)} overdue."
            if pending
            else "No open actions."
        )
        parts: list[QWidget | QLayout | None] = [
            label("Actions", "heading"), label(text, "problem" if late else ""),
        ]  # fmt: skip
        for action in late[:3]:
            who = action.get("owner") or "nobody"
            due = words.day(action.values["due"])
            parts.append(label(f"{action.get('title', '')} ({who}, due {due})", "muted"))
        go = button("Open actions", partial(self.window_.go_to, "actions"), "open_actions")
        return card(*parts, None, row(go, None))

    def _benefits(self) -> QFrame:
        lines = self.session.records("benefit_line")
        parts: list[QWidget | QLayout | None] = [label("Benefits", "heading")]
        parts += [*self._money(lines), *self._other_benefits(lines)]
        if not lines:
            parts.append(label("No benefit is estimated yet.", "muted"))
        go = button(
            "Open benefits", partial(self.window_.go_to, "worksheet:benefits"), "open_benefits"
        )
        return card(*parts, None, row(go, None))

    def _money(self, lines: Sequence[Record]) -> Iterator[QWidget | QLayout]:
        """Show what counts as money, if anything does."""
        from leanlab.domain.benefits import MONEY, Stood
        from leanlab.domain.portfolio import money_of

        if not any(line.get("benefit_class") in MONEY for line in lines):
            return
        money = money_of([line.values for line in lines])
        unit = self.session.fact("currency") or "EUR"
        known = [("Plan", money.plan), ("Forecast", money.forecast), ("Actual", money.actual)]
        figures = [_figure(title, words.number(value, 0), "heading") for title, value in known]
        yield row(*figures, None, spacing=24)
        seen = Stood(money.validated, money.unseen, money.rejected).words(unit)
        yield label(f"{seen}." if seen else f"In {unit}, all months.", "muted")

    def _other_benefits(self, lines: Sequence[Record]) -> Iterator[QWidget]:
        """Show what does not count as money: time, quality, safety."""
        from leanlab.domain.benefits import MONEY, unit_of
        from leanlab.domain.cards_worth import yearly

        others = [line for line in lines if line.get("benefit_class") not in MONEY]
        currency = self.session.fact("currency") or "EUR"
        for line in others[:MOST_BENEFITS]:
            year, title = yearly([line]), str(line.get("title", ""))
            amount = (
                f": {words.number(year.value, 0)} {unit_of(line, currency)} a year" if year else ""
            )
            yield label(f"{title}{amount} (not counted as money)", "muted")
        if len(others) > MOST_BENEFITS:
            yield label(f"and {len(others) - MOST_BENEFITS} more", "small")

    def _loose_ends(self, state: roadmap.State) -> QFrame:
        parts: list[QWidget | QLayout | None] = [label("Evidence chain", "heading")]
        if not state.loose_ends:
            parts.append(
                row(self._sign("ok", "ok"), label("No loose ends."), None)
                if state.begun
                else label("Nothing to judge yet: begin with the charter.", "muted")
            )
        for end in state.loose_ends[:MOST_ENDS]:
            sign = (
                self._sign("problem", "problem") if end.must else self._sign("warning", "attention")
            )
            line = button(end.text, partial(self.window_.go_to, end.target), "link")
            line.setToolTip("Must be mended before the gate" if end.must else "Should be mended")
            parts.append(row(sign, line, None, spacing=4))
        more = len(state.loose_ends) - MOST_ENDS
        if more > 0:
            parts.append(label(f"and {more} more", "small"))
        return card(*parts, None)

    def _sign(self, shape: str, colour: str) -> QWidget:
        sign = label("", wrap=False)
        sign.setPixmap(picture(shape, self.window_.tokens[colour], 17))
        sign.setFixedWidth(22)
        return sign

    def _latest(self) -> QFrame:
        parts: list[QWidget | QLayout | None] = [label("Last changes", "heading")]
        for at, who, what in self.session.recent_changes(LATEST):
            when = datetime.fromisoformat(at).astimezone()
            moment = label(f"{words.day(when)} {when:%H:%M}", "small", wrap=False)
            moment.setMinimumWidth(130)
            moment.setAlignment(Qt.AlignmentFlag.AlignTop)
            parts.append(row(moment, label(f"{who or NOT_NAMED}: {what}", "muted"), spacing=6))
            parts[-1].setStretch(1, 1)  # type: ignore[union-attr]
        return card(*parts)


def _figure(title: str, text: str, size: str = "number") -> QLayout:
    return column(label(title, "small", wrap=False), label(text, size, wrap=False), spacing=0)


def _due(action: Record) -> str:
    return str(action.get("due"))


def _side_by_side(*parts: QWidget) -> Any:
    layout = row(*parts, spacing=14)
    for at, part in enumerate(parts):
        part.setMinimumHeight(150)
        layout.setStretch(at, 1)
    return layout
