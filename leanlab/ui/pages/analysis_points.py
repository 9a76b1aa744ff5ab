"""What can be done to the points of a chart: a bar below it, a menu, keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QWidget

from leanlab.analyses.declare import Marks, Presentation
from leanlab.app import marks as verbs
from leanlab.app.changes import process_changes
from leanlab.app.effects import Effect, effect_of_excluding, warning
from leanlab.app.readiness import Ready, metric_of, sheet_of
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui.chart_canvas import ChartCanvas, named
from leanlab.ui.dialogs.reason import Because, ExcludeDialog, StageDialog, ask_note
from leanlab.ui.elided import ElidedLabel, ElidedLines
from leanlab.ui.widgets import button, column, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

ROOMY = 640  # pixels; a narrower bar shows one verb and the rest in the menu
WHOLE, SLIM_LINES = 6, 2  # most lines of a caption, and where height is short
QWIDGETSIZE_MAX = 16_777_215
SLIM = "QPushButton { padding: 2px 10px; }"
HINT = "Select a point: click it, or press Left and Right in the chart."


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that can be done to the selected points now."""

    id: str
    text: str
    key: str = ""


class PointBar(QFrame):
    """Says which point is selected and offers what can be done to it."""

    rows_wanted = Signal(str)  # the selected rows, in this data sheet
    changed = Signal()

    def __init__(self, window: "MainWindow", record_id: str, canvas: ChartCanvas) -> None:
        super().__init__()
        self.setObjectName("point_bar")
        self._window, self._record_id, self._canvas = window, record_id, canvas
        self._run: Ready | None = None
        self._shown: Presentation | None = None
        self.usable = False  # the picture has points
        self.text = ElidedLabel(HINT, "small")
        self.quick: dict[str, QPushButton] = {}
        for verb_id, text in (
            ("exclude", "Exclude…"), ("include", "Include again"), ("annotate", "Note…"), ("stage", "Stage…"),
        ):  # fmt: skip
            self.quick[verb_id] = button(text, partial(self.do, verb_id), f"point_{verb_id}")
            self.quick[verb_id].setStyleSheet(SLIM)
        self.more = button("More", self._more, "point_more")
        self.more.setStyleSheet(SLIM)
        parts: list[QWidget | None] = [self.text, *self.quick.values(), self.more]
        layout = row(*parts, spacing=5)
        layout.setStretch(0, 1)
        layout.setContentsMargins(10, 2, 6, 2)
        self.setLayout(layout)
        canvas.selected.connect(self.refresh)
        canvas.asked.connect(self.ask)

    def show_result(self, run: Ready | None, shown: Presentation | None) -> None:
        """Take over a new result."""
        self._run, self._shown = run, shown
        points = shown.charts[0].points if shown and shown.charts else None
        self.usable = points is not None
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show more or fewer verbs."""
        super().resizeEvent(event)
        self.refresh()

    # what can be done ----------------------------------------------------------------------

    @property
    def _marks(self) -> Marks:
        return verbs.marks_of(self._window.project, self._record_id)

    @property
    def _rows(self) -> list[int]:
        return list(self._canvas.rows_of_selected())

    @property
    def _what(self) -> str:
        return named(self._canvas.chosen)

    @property
    def _is_excluded(self) -> bool:
        points, chosen = self._canvas.points, self._canvas.chosen
        return points is not None and bool(chosen.size and points.excluded[chosen].all())

    def verbs(self) -> list[Verb]:
        """Return what can be done to the selected points, in the order of the menu."""
        if self._run is None or not self._canvas.chosen.size:
            return []
        found: list[Verb] = []
        if self._run.analysis.edits_points and not self._window.project.read_only:
            found += self._edits()
        if not self._window.project.read_only:
            found += [
                Verb("cause", "Assign cause…", "C"),
                Verb("action", "New action for this point"),
            ]
        found.append(Verb("row", "Show in data sheet", "O"))
        return found

    def _edits(self) -> list[Verb]:
        marks, rows = self._marks, self._rows
        until = marks.limits_until
        return [
            Verb("include", "Include again", "I") if self._is_excluded else Verb("exclude", "Exclude…", "Del"),
            Verb("annotate", "Change note…" if verbs.note_at(marks, rows) else "Note…", "A"),
            Verb("unstage", "Remove the stage that starts here")
            if verbs.stage_at(marks, rows)
            else Verb("stage", "Stage starts here…", "S"),
            *((Verb("release", "Use all points for the limits"),) if until is not None else ()),
            *((Verb("limits", "Use points up to here for the limits", "L"),) if until not in rows else ()),
        ]  # fmt: skip

    def refresh(self) -> None:
        """Show the selected point and what can be done to it."""
        known = {verb.id for verb in self.verbs()}
        described = self._canvas.describe()
        text = described[:1].upper() + described[1:] if described else HINT
        self.text.setText(text)
        self.text.setObjectName("point_text" if described else "small")
        self.text.style().unpolish(self.text)
        self.text.style().polish(self.text)
        roomy = self.width() > ROOMY
        for verb_id, made in self.quick.items():
            made.setVisible(verb_id in known and (roomy or verb_id in {"exclude", "include"}))
        self.more.setVisible(bool(known))
        self.changed.emit()

    @property
    def pointed(self) -> bool:
        """Whether a point is selected."""
        return self.usable and bool(self._canvas.chosen.size)

    def ask(self, verb_id: str, at: QPoint) -> None:
        """Do what a key or the right mouse button asked for."""
        if verb_id == "menu":
            self.menu().exec(at)
        elif verb_id == "inspect":
            first = next((b for b in self.quick.values() if b.isVisible()), self.more)
            first.setFocus()
        else:
            self.do(verb_id)

    def menu(self) -> QMenu:
        """Return the menu of the selected points, and of the chart as a whole."""
        menu = QMenu(self)
        menu.setObjectName("point_menu")
        known = self.verbs()
        if known:
            menu.addAction(self._what.capitalize()).setEnabled(
                False
            )  # says what the verbs are about
            menu.addSeparator()
        for verb in known:
            text = f"{verb.text}\t{verb.key}" if verb.key else verb.text
            menu.addAction(text).triggered.connect(partial(self._triggered, verb.id))
        if known:
            menu.addSeparator()
        menu.addAction("Show the whole chart\t0").triggered.connect(self._canvas.reset_view)
        return menu

    def _triggered(self, verb_id: str, *_: object) -> None:
        self.do(verb_id)

    def _more(self) -> None:
        self.menu().exec(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def do(self, verb_id: str) -> None:
        """Do one thing to the selected points; what cannot be done now does nothing."""
        if verb_id == "limits" and self._marks.limits_until in self._rows:
            verb_id = "release"
        if verb_id not in {verb.id for verb in self.verbs()}:
            return
        doing: dict[str, Callable[[], None]] = {
            "exclude": self._exclude, "include": self._include, "annotate": self._annotate,
            "stage": self._stage, "unstage": self._unstage, "limits": self._limits,
            "release": self._release, "action": self._action, "cause": self._cause,
            "row": self._row,
        }  # fmt: skip
        try:
            doing[verb_id]()
        except Problem as problem:
            self._window.show_problem(problem)
        self._canvas.setFocus()

    # the verbs -----------------------------------------------------------------------------

    def _exclude(self) -> None:
        session, rows = self._window.project, self._rows
        count = len(self._canvas.points.rows) if self._canvas.points else 0
        dialog = ExcludeDialog(
            self._what,
            self,
            others=verbs.affected(session, self._record_id),
            warn=lambda reason: warning(self._marks, rows, reason, count),
        )
        self._tell_effect(dialog, rows)
        if dialog.exec():
            answer = dialog.answer
            verb = verbs.exclude_everywhere if answer.everywhere else verbs.exclude
            verb(session, self._record_id, rows, answer.reason, point=self._what)

    def _tell_effect(self, dialog: ExcludeDialog, rows: Sequence[int]) -> None:
        """Work out what the exclusion would do, while the user writes the reason."""
        run, shown, at = self._run, self._shown, self._canvas.current
        if run is None or shown is None:
            return
        what, decimals = self._what, _decimals(run)

        def tell(effect: Effect | None) -> None:
            if effect is not None and dialog.isVisible():
                dialog.show_effect(effect.words(what, decimals))

        self._window.jobs.run(
            lambda _job: effect_of_excluding(run, shown, rows, at),
            tell,
            failed=lambda _problem: None,
            view=f"effect:{self._record_id}",
        )

    def _include(self) -> None:
        verbs.include(self._window.project, self._record_id, self._rows, point=self._what)

    def _annotate(self) -> None:
        rows, what = self._rows, self._what
        text = ask_note(self, what, verbs.note_at(self._marks, rows))
        if text is not None:
            verbs.annotate(self._window.project, self._record_id, rows, text, point=what)

    def _stage(self) -> None:
        rows, what = self._rows, self._what
        dialog = StageDialog(what, self, self._reasons())
        if dialog.exec():
            answer = dialog.answer
            verbs.start_stage(
                self._window.project, self._record_id, rows, answer.name, point=what,
                because=answer.action_id,
            )  # fmt: skip

    def _reasons(self) -> list[Because]:
        """Return the actions that may have changed the process; known changes first."""
        session = self._window.project
        record = session.record(self._record_id)
        sheet = sheet_of(session, str(record.get("sheet_id")))
        metric = metric_of(session, sheet, record.get("roles", {}))
        changes = process_changes(session, metric.id if metric is not None else None)
        known = [Because(c.action_id, f"{words.day(c.day)}  {c.title}") for c in changes]
        ids = {c.action_id for c in changes}
        rest = [a for a in session.records("action") if a.id not in ids]
        return [
            *known,
            *(Because(a.id, words.coded(str(a.get("title", "")), a.code)) for a in rest),
        ]

    def _unstage(self) -> None:
        verbs.start_stage(self._window.project, self._record_id, self._rows, "", point=self._what)

    def _limits(self) -> None:
        rows, what = self._rows, self._what
        verbs.use_limits_until(self._window.project, self._record_id, rows[-1], point=what)

    def _release(self) -> None:
        verbs.use_limits_until(self._window.project, self._record_id, None, point=self._what)

    def _action(self) -> None:
        code = verbs.add_action(
            self._window.project, self._record_id, self._canvas.describe(), point=self._what
        )
        self._window.say(f"Action {code} added: find out what was different at {self._what}.")

    def _cause(self) -> None:
        from leanlab.app import point_causes
        from leanlab.ui.dialogs.cause import ask_cause

        session, rows, what = self._window.project, self._rows, self._what
        described = self._canvas.describe()
        answer = ask_cause(self, session, what, described)
        if answer is None:
            return
        if answer.cause_id:
            point_causes.assign_cause(
                session, self._record_id, rows, answer.cause_id, point=what, described=described
            )
        else:
            point_causes.add_cause(
                session, self._record_id, rows, answer.text, point=what, described=described,
                branch=answer.branch, day=day_of(self._run, rows),
            )  # fmt: skip
        self._window.say(f"The cause stands at {what} and in the fishbone.")

    def _row(self) -> None:
        sheet_id = self._window.project.record(self._record_id).get("sheet_id")
        if sheet_id and self._rows:
            self.rows_wanted.emit(str(sheet_id))


def day_of(run: Ready | None, rows: Sequence[int]) -> str:
    """Return the day of the first of these data rows, as ISO text; nothing without dates."""
    if run is None or not rows:
        return ""
    dates = (c for chosen in run.columns.roles.values() for c in chosen if c.kind == "datetime")
    one = next(dates, None)
    ids = {rows[0], *(row for row, behind in run.columns.behind.items() if rows[0] in behind)}
    at = np.flatnonzero(np.isin(run.columns.row_ids, list(ids)))
    if one is None or not at.size or np.isnat(one.values[at[0]]):
        return ""
    return str(one.values[at[0]])[:10]


class ChartFoot(QWidget):
    """Below a picture: what is selected, and how the picture was made.

    Where height is short only one of both is seen: the selected point, else the caption.
    """

    def __init__(self, points: PointBar) -> None:
        super().__init__()
        self.points = points
        self.caption = ElidedLines("small", most=WHOLE)
        self.caption.setContentsMargins(10, 0, 10, 6)
        self._slim = False
        layout = column(points, self.caption, spacing=0)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)
        points.changed.connect(self._fit)

    def set_slim(self, *, slim: bool) -> None:
        """Save height, or not."""
        self._slim = slim
        self.caption.most = SLIM_LINES if slim else WHOLE
        self._fit()

    def show_caption(self, text: str) -> None:
        """Show how the picture was made."""
        self.caption.setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The caption needs more lines where it is narrow."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Both take the same height where one gives way, so that the picture stays as it is."""
        self.points.setVisible(self.points.usable and (self.points.pointed or not self._slim))
        self.caption.setVisible(not self._slim or not self.points.pointed)
        high = 0
        if self._slim:
            high = self.caption.heightForWidth(max(1, self.width()))
            high = max(high, self.points.sizeHint().height() if self.points.usable else 0)
        self.setMinimumHeight(high)
        self.setMaximumHeight(high or QWIDGETSIZE_MAX)


def _decimals(run: Ready) -> int:
    chosen = next((c for columns in run.columns.roles.values() for c in columns), None)
    return chosen.decimals + 1 if chosen is not None else 2
