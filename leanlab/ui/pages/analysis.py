"""The analysis page: columns and options left, live picture, sentences beside or below it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from leanlab.analyses.declare import Analysis, Offer, Presentation, Unfinished
from leanlab.analyses.registry import find
from leanlab.app import results, stored
from leanlab.app.marks import stages_of_others, take_stages
from leanlab.app.metrics import binding_of
from leanlab.app.readiness import (
    Ready,
    fitting,
    missing_roles,
    options_of,
    reads_metric,
    ready,
    sheet_of,
)
from leanlab.app.records import Change, Record, SheetInfo
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.report.plain import plain
from leanlab.ui.brush import points_of
from leanlab.ui.chart_view import ChartView
from leanlab.ui.elided import ElidedLabel
from leanlab.ui.jobs import Job
from leanlab.ui.pages.analysis_panes import Panes
from leanlab.ui.pages.analysis_points import ChartFoot, PointBar
from leanlab.ui.pages.analysis_says import SaysPanel
from leanlab.ui.pages.analysis_setup import SetupPanel
from leanlab.ui.pages.analysis_tabs import ResultTabs
from leanlab.ui.pages.base import Page
from leanlab.ui.title_edit import TitleEdit
from leanlab.ui.widgets import button, clear, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

GATHER = 10  # milliseconds: several changes in one go are computed once
SLOW = 300  # milliseconds until the page says that it computes
MOST_PICKS = 6


class AnalysisPage(Page):
    """One analysis of the project, recomputed whenever what it rests on changes."""

    def __init__(self, window: "MainWindow", record_id: str) -> None:
        super().__init__(window)
        self.record_id = record_id
        self.analysis: Analysis = find(str(self.session.record(record_id).get("analysis_id")))
        self.help = self.analysis.id
        self.run: Ready | None = None
        self.presentation: Presentation | None = None
        self._brush_turn = 0  # of the selection that is shown
        self._digest = ""  # of what is shown, if it was needed
        self.finished = False  # what is shown is a result, not a picture to choose on
        self._job: Job | None = None
        self._outdated = True
        self._rest_due = False  # tables and saved results of the newest result are not shown yet
        self._later = _timer(self, GATHER, self._compute)
        self._rest = _timer(self, 0, self._show_rest)
        self._slow = _timer(self, SLOW, partial(self._say_state, "Computing…"))
        self._build()
        self._connect()
        self._show_record()

    # layout --------------------------------------------------------------------------------

    def _build(self) -> None:
        self.title = TitleEdit("Title of the analysis")
        self.subtitle = ElidedLabel("", "muted")
        self.setup = SetupPanel(self.analysis)
        self.chart = ChartView()
        self.points = PointBar(self.window_, self.record_id, self.chart.canvas)
        self.foot = ChartFoot(self.points)
        self.caption = self.foot.caption
        self.says = SaysPanel()
        self.says.setMinimumWidth(240)
        self.tabs = ResultTabs()
        self.empty = QWidget()
        self._empty_layout = QVBoxLayout(self.empty)
        self._empty_layout.setContentsMargins(28, 28, 28, 28)
        picture = QWidget()
        picture.setLayout(column(self.chart, self.foot, spacing=0))
        picture.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.stack = QStackedWidget()
        self.stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self.stack.addWidget(picture)
        self.stack.addWidget(self.empty)
        self.frame = QFrame()
        self.frame.setObjectName("card")
        inside = QVBoxLayout(self.frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.stack)
        self.panes_ = Panes(
            self.setup, self.frame, self.says, self.tabs, self.window_.settings.panes
        )
        self._place()

    def _place(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 8, 14, 6)
        layout.setSpacing(8)
        self.fold = QToolButton()
        self.fold.setObjectName("fold_setup")
        self.fold.setText("Options")
        self.fold.setToolTip("Show or hide columns and options")
        self.fold.setAccessibleName("Show or hide columns and options")
        self.fold.setCheckable(True)
        self.fold.setChecked(True)
        self.fold.toggled.connect(self.panes_.show_options)
        self.panes_.folded.connect(self.fold.setChecked)
        self.panes_.rearranged.connect(self._rearranged)
        self.copy_button = button("&Copy", lambda: None, "copy_button")
        self.copy_button.setMenu(self._copy_menu())
        self.duplicate_button = button("&Duplicate", self.duplicate, "duplicate_button")
        self.export_button = button("&Export…", self.export, "export_button")
        self.save_button = button("&Save result", self.save_result, "primary")
        head = row(
            column(self.title, self.subtitle, spacing=0),
            self.fold, self.duplicate_button, self.copy_button, self.export_button,
            self.save_button, spacing=6,
        )  # fmt: skip
        head.setStretch(0, 1)
        layout.addLayout(head)
        layout.addWidget(self.panes_, 1)

    def _copy_menu(self) -> QMenu:
        menu = QMenu(self)
        for text, run in (
            ("Picture", self.copy_picture),
            ("Sentences", self.copy_sentences),
            ("Tables", self.copy_tables),
            ("Python code", self.copy_code),
        ):
            menu.addAction(text).triggered.connect(partial(_called, run))
        return menu

    def _connect(self) -> None:
        self.title.accepted.connect(lambda text: stored.rename(self.session, self.record_id, text))
        self.setup.columns_chosen.connect(self.choose)
        self.setup.refused.connect(self.window_.say)
        self.setup.options_changed.connect(self._options_changed)
        self.setup.metric_chosen.connect(partial(stored.read_metric, self.session, self.record_id))
        self.says.offered.connect(self._take)
        self.says.point_wanted.connect(self._show_point)
        self.points.rows_wanted.connect(self._show_rows)
        self.chart.canvas.picked.connect(self._put_brush)
        self.window_.brush.moved.connect(self._brushed)
        self.tabs.row_wanted.connect(
            lambda row_id: self.open_row(str(self._record.get("sheet_id")), row_id)
        )
        self.tabs.result_opened.connect(self.window_.go_to)
        self.tabs.code_wanted.connect(self.copy_code)
        self.tabs.work_wanted.connect(self._work_out)
        self.chart.switched.connect(self._show_caption)
        self.chart.canvas.painted.connect(self._painted)
        for keys, run in (
            ("F2", self.title.begin),
            ("Alt+PgDown", partial(self.setup.switch, 1)),
            ("Alt+PgUp", partial(self.setup.switch, -1)),
            *((f"Alt+{n}", partial(self.chart.show_number, n - 1)) for n in range(1, 7)),
        ):
            made = QShortcut(QKeySequence(keys), self)
            made.activated.connect(run)  # acts while this page is the one that is seen

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sentences beside the chart if there is room, else below it."""
        super().resizeEvent(event)
        self.panes_.arrange(event.size())

    def _rearranged(self) -> None:
        """Show the sentences for their new place; a low page spares what is told elsewhere."""
        self.foot.set_slim(slim=self.panes_.low)
        self._show_subtitle()
        self.says.show_result(self.presentation, self.window_.tokens)

    # state ---------------------------------------------------------------------------------

    @property
    def _record(self) -> Record:
        return self.session.record(self.record_id)

    def _sheet(self) -> SheetInfo | None:
        sheet_id = self._record.get("sheet_id")
        if not sheet_id or not self.session.exists(sheet_id):
            return None
        return sheet_of(self.session, sheet_id)

    def heard(self, change: Change) -> None:
        """Recompute when this analysis, its data, its metric or a process change changed."""
        if not self.session.exists(self.record_id):
            self.window_.close_page(self)
            return
        if self.record_id in change.ids or change.kinds & {"metric", "sheet", "sheet_column"}:
            self._show_record()
        if change.kinds & {"finding", "link"}:
            self._show_saved()
        if self._rests_on(change):
            self._outdated = True
            if self._job is not None:
                self._job.cancel()
            if self.isVisible():
                self._later.start()

    def _rests_on(self, change: Change) -> bool:
        if self.record_id in change.ids or change.kinds & {"metric", "action"}:
            return True
        of_data = {"sheet", "sheet_column", "row_state", "bad_cell"} & change.kinds
        rows = any(kind.startswith("data_") for kind in change.kinds)
        return rows or bool(of_data and self._record.get("sheet_id") in {*change.ids, None})

    def shown(self) -> None:
        """Compute if something changed while nobody looked."""
        self._take_brush()
        if self._outdated:
            self._later.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: stop what is under way, and begin again when somebody comes."""
        super().hideEvent(event)
        if self._job is not None:
            self._job.cancel()
            self._outdated = True
        elif self._rest_due or self._later.isActive():
            self._outdated = True
        for timer in (self._rest, self._later, self._slow):
            timer.stop()

    def refresh(self) -> None:
        """Compute again."""
        self._outdated = True
        self._show_record()
        self._later.start()

    def theme_changed(self) -> None:
        """Draw in the new colours."""
        if self.presentation is not None:
            self.chart.show_charts(self.presentation.charts, self.window_.tokens)
            self.says.show_result(self.presentation, self.window_.tokens)
            self.tabs.show_result(self.run, self.presentation, self.window_.tokens)
        self._show_saved()

    def accept_pending(self) -> None:
        """Take over what is being typed."""
        self.title.accept_pending()
        self.setup.accept_pending()

    # edits ---------------------------------------------------------------------------------

    def choose(self, role_id: str, columns: list[str]) -> None:
        """Fill a role."""
        stored.choose_columns(self.session, self.record_id, role_id, columns)

    def _options_changed(self, options: Any) -> None:
        self.session.edit(self.record_id, {"options": plain(options)}, label="Change options")

    def _take(self, offer: Offer) -> None:
        """Do what a finding proposes: other options, or another analysis of the same columns."""
        record = self._record
        if offer.stages:
            take_stages(self.session, self.record_id)
            return
        if not offer.analysis:
            options = {**plain(options_of(self.analysis, record)), **plain(offer.options)}
            self.session.edit(self.record_id, {"options": options}, label=offer.label)
            return
        other = find(offer.analysis)
        known = {role.id for role in other.roles}
        roles = {r: c for r, c in record.get("roles", {}).items() if r in known}
        self.window_.go_to(
            stored.add_analysis(
                self.session, other.id, record.get("sheet_id"), roles=roles or None,
                options=offer.options, phase=str(record.get("phase", "")),
            )
        )  # fmt: skip

    def rename(self) -> None:
        """Edit the title."""
        self.title.begin()

    def main_part(self) -> QWidget:
        """Return the chart, whose points the keys move along."""
        return self.chart.canvas if self.chart.isVisible() else super().main_part()

    def panes(self) -> tuple[QWidget, ...]:
        """Columns and options, chart, sentences, tables."""
        chart = self.chart.canvas if self.chart.isVisible() else self.empty
        return (self.setup, chart, *((self.says,) if self.panes_.beside else ()), self.tabs)

    def next_problem(self) -> None:
        """Go to the next point at which a rule fired."""
        index = self.chart.canvas.next_signal(1)
        if index < 0:
            super().next_problem()
        else:
            self._show_point(index)

    def next_column(self) -> None:
        """Put the next suitable column into the main role."""
        self.setup.switch(1)

    def previous_column(self) -> None:
        """Put the previous suitable column into the main role."""
        self.setup.switch(-1)

    def duplicate(self) -> None:
        """Copy this analysis and show the copy."""
        self.window_.go_to(stored.duplicate(self.session, self.record_id))

    def save_result(self) -> None:
        """Freeze what is on the screen."""
        if self.run is None or self.presentation is None or not self.finished:
            self.window_.say(self.why_no_export())
            return
        saved = results.save_result(
            self.session, self.record_id, shown=(self.run, self.presentation)
        )
        code = self.session.record(saved).code
        self.window_.say(f"Saved as {code}. It stays as it is, and says when its data change.")

    def copy_picture(self) -> None:
        """Copy the picture for Word or PowerPoint."""
        if self.chart.copy_picture():
            self.window_.say("Picture copied, in print colours.")

    def copy_sentences(self) -> None:
        """Copy verdict, evidence, size and next step."""
        self.says.copy_sentences()
        self.window_.say("Sentences copied.")

    def copy_tables(self) -> None:
        """Copy all tables, with full precision."""
        from leanlab.ui.tables_view import copy_tables

        if self.presentation is not None:
            copy_tables(self.presentation.tables)
            self.window_.say("Tables copied, with full precision.")

    def copy_code(self) -> None:
        """Copy Python code that reproduces the numbers."""
        from leanlab.app.python_code import code_of

        if self.run is None:
            return
        run, title = self.run, str(self._record.get("title", ""))

        def copied(code: str) -> None:
            QGuiApplication.clipboard().setText(code)
            self.window_.say("Python code copied; it needs only LeanLab's statistics and numpy.")

        self.window_.jobs.run(
            lambda _job: code_of(run, title), copied, failed=self.window_.show_problem
        )

    def why_no_export(self) -> str:
        """A result is needed."""
        return "" if self.finished else "This analysis has no result yet."

    def export(self) -> None:
        """Save picture, page or tables to a file."""
        from leanlab.ui.dialogs.export import export, presentation_ways

        if self.run is not None and self.presentation is not None and self.finished:
            title, chart = str(self._record.get("title")), self.chart.chart
            export(
                self.window_, title, presentation_ways(self.run, self.presentation, title, chart)
            )

    def _show_rows(self, sheet_id: str) -> None:
        """Show the selected points in the data sheet, selected there too."""
        self._put_brush()
        self.window_.go_to(sheet_id)

    # rows that are selected in every view ------------------------------------------------------

    def _put_brush(self) -> None:
        sheet_id = str(self._record.get("sheet_id") or "")
        if sheet_id:
            self.window_.brush.put(sheet_id, self.chart.canvas.rows_of_selected(), self)
            self._brush_turn = self.window_.brush.turn(sheet_id)

    def _brushed(self, sheet_id: str, by: object) -> None:
        if by is not self and self.isVisible() and sheet_id == self._record.get("sheet_id"):
            self._take_brush()

    def _take_brush(self) -> None:
        """Select the points of the rows that were selected elsewhere since this page was seen."""
        sheet_id = str(self._record.get("sheet_id") or "")
        turn = self.window_.brush.turn(sheet_id)
        points = self.chart.canvas.points
        if turn == self._brush_turn or points is None:
            return
        self._brush_turn = turn
        self.chart.canvas.choose(points_of(self.window_.brush.rows(sheet_id), points.rows))

    def _work_out(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        self.window_.jobs.run(
            lambda _job: work(),
            then,
            failed=self.window_.show_problem,
            view=f"cost:{self.record_id}",
        )

    def open_row(self, sheet_id: str, row_id: int) -> None:
        """Show a data row in its sheet."""
        from leanlab.ui.pages.data import DataPage

        self.window_.go_to(sheet_id)
        page = self.window_.navigation.page
        if isinstance(page, DataPage):
            page.jump_to(row_id)

    def _show_point(self, index: int) -> None:
        self.chart.show_number(0)
        self.chart.canvas.select(index)
        self.chart.canvas.setFocus()

    # computing -----------------------------------------------------------------------------

    def _compute(self) -> None:
        record = self._record
        sheet = self._sheet()
        self._outdated = False
        roles = {k: v for k, v in record.get("roles", {}).items() if v}
        missing = missing_roles(self.analysis, roles)
        over_time = reads_metric(self.session, record)
        if self.analysis.roles and not over_time and (sheet is None or missing):
            self._show_nothing()
            self._fill_empty(sheet, missing)
            return
        session = self.session

        saved = bool(results.results_of(session, self.record_id))

        def work(job: Job) -> tuple[Ready, Presentation, str, bool]:
            run = ready(session, record)
            job.check()
            try:
                result = run.analysis.compute(run.columns, run.options)
            except Unfinished as problem:
                return run, _with_known_stages(session, record, problem.so_far), "", False
            job.check()
            return run, run.analysis.present(result), results.digest(run) if saved else "", True

        self._slow.start()
        self._job = self.window_.jobs.run(
            work, self._show, failed=self._show_problem, view=f"analysis:{self.record_id}"
        )

    def _show(self, found: tuple[Ready, Presentation, str, bool]) -> None:
        self._slow.stop()
        self._say_state("")
        self._job = None
        self.run, self.presentation, self._digest, self.finished = found
        self.stack.setCurrentIndex(0)
        self._draw()
        self.says.show_result(self.presentation, self.window_.tokens)
        self._enable(shown=self.finished)
        self._show_subtitle()
        # the page finds its final layout before it is painted: the picture is then drawn only once
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self._rest_due = True
        if not self.chart.isVisible():
            self._rest.start()

    def _show_rest(self) -> None:
        """Fill the tables once the picture stands: they are read after it."""
        self._rest_due = False
        self.tabs.show_result(self.run, self.presentation, self.window_.tokens)
        self._show_saved()

    def _painted(self) -> None:
        if self._rest_due:
            self._rest.start()

    def _draw(self) -> None:
        charts = self.presentation.charts if self.presentation is not None else ()
        self.chart.setVisible(bool(charts))
        self.chart.show_charts(charts, self.window_.tokens)
        self.points.show_result(self.run, self.presentation)
        self._take_brush()
        self._show_caption()

    def _show_caption(self) -> None:
        chart = self.chart.chart
        self.foot.show_caption(chart.caption if chart is not None else "")

    def _show_record(self) -> None:
        record = self._record
        self.title.show_text(str(record.get("title", "")))
        self.setup.show_setup(
            self._sheet(), record.get("roles", {}), options_of(self.analysis, record),
            read_only=self.session.read_only, metrics=self._metrics(),
            metric_id=str(record.get("metric_id")) if reads_metric(self.session, record) else "",
        )  # fmt: skip
        self.title.setEnabled(not self.session.read_only)
        self._show_subtitle()

    def _metrics(self) -> list[tuple[str, str]]:
        """Return the bound metrics that a chart over time can read."""
        roles = {role.id for role in self.analysis.roles}
        if not (roles & {"value", "counts"} and "order" in roles):
            return []
        known = self.session.records("metric")
        return [(m.id, str(m.get("name", ""))) for m in known if binding_of(m) is not None]

    def _show_subtitle(self) -> None:
        text = self._subtitle()
        self.subtitle.setText(text)
        self.subtitle.setVisible(not self.panes_.low)
        self.title.tell(text if self.panes_.low else "")

    def _subtitle(self) -> str:
        """Return what the analysis rests on."""
        sheet = self._sheet()
        if sheet is None:
            return self.analysis.question
        metric = self._record.get("metric_id")
        parts = [sheet.title, words.count(sheet.rows, "row")]
        if reads_metric(self.session, self._record):
            parts.insert(0, str(self.session.record(str(metric)).get("name", "")))
        if self.run is not None and self.run.columns.excluded.any():
            parts.append(f"{int(self.run.columns.excluded.sum())} excluded in the data")
        return " · ".join(parts)

    def _show_saved(self) -> None:
        """List the saved results; whether they are out of date is known from what is shown."""
        saved = results.results_of(self.session, self.record_id)
        if saved and not self._digest and self.run is not None:
            self._digest = results.digest(self.run)
        self.tabs.show_saved([
            (f, results.standing_against(f, self._digest)) for f in saved
        ])  # fmt: skip

    def _say_state(self, text: str) -> None:
        self.chart.say(text)

    def _enable(self, *, shown: bool) -> None:
        editable = not self.session.read_only
        self.save_button.setEnabled(shown and editable)
        self.duplicate_button.setEnabled(editable)
        for made in (self.copy_button, self.export_button):
            made.setEnabled(shown)

    # nothing to show -----------------------------------------------------------------------

    def _show_nothing(self) -> None:
        self._slow.stop()
        self._say_state("")
        self._job = None
        self.run, self.presentation, self._digest, self.finished = None, None, "", False
        self.stack.setCurrentIndex(1)
        self.chart.show_charts((), self.window_.tokens)
        self.points.show_result(None, None)
        self.says.show_result(None, self.window_.tokens)
        self.tabs.show_result(None, None, self.window_.tokens)
        self._enable(shown=False)
        self._show_saved()

    def _show_problem(self, problem: Problem) -> None:
        self._show_nothing()
        clear(self._empty_layout)
        self._empty_layout.addStretch(1)
        message = label(problem.message, "heading")
        message.setObjectName("analysis_problem")
        self._empty_layout.addWidget(message)
        self._empty_layout.addWidget(label(problem.hint, "muted"))
        if self.session.undo_label and not self.session.read_only:
            undo = button(f"Undo: {self.session.undo_label}", self.window_.undo, "undo_here")
            self._empty_layout.addLayout(row(undo, None))
        self._empty_layout.addStretch(2)

    def _fill_empty(self, sheet: SheetInfo | None, missing: list[Any]) -> None:
        clear(self._empty_layout)
        self._empty_layout.addStretch(1)
        if sheet is None:
            self._empty_layout.addWidget(
                label("The data of this analysis is not there any more.", "heading")
            )
            self._empty_layout.addWidget(label("Undo brings deleted data back.", "muted"))
            self._empty_layout.addStretch(2)
            return
        for role in missing:
            suitable = fitting(role, sheet)
            what = role.help[:1].lower() + role.help[1:] if role.help else ""
            text = f"Choose a column for {role.label}" + (f": {what}." if what else ".")
            self._empty_layout.addWidget(label(text, "heading"))
            if not suitable:
                text = f"{sheet.title} has no column that suits. Change a column's type, or use other data."
                self._empty_layout.addWidget(label(text, "muted"))
                continue
            picks = [
                button(one.name, partial(self._pick, role, one.id), f"pick_{role.id}_{one.id}")
                for one in suitable[:MOST_PICKS]
            ]
            self._empty_layout.addLayout(row(label("Suitable:", "muted", wrap=False), *picks, None))
        self._empty_layout.addStretch(2)

    def _pick(self, role: Any, column_id: str) -> None:
        chosen = self._record.get("roles", {}).get(role.id, [])
        self.choose(role.id, [*chosen, column_id] if role.many else [column_id])


def _with_known_stages(session: Session, record: Record, shown: Presentation) -> Presentation:
    """Offer the stages that were marked on another chart of the column."""
    column = next(iter(record.get("roles", {}).get("value", ())), "")
    stages = stages_of_others(session, str(record.get("sheet_id")), column)
    if not stages:
        return shown
    names = " and ".join(f"'{mark.reason}'" for mark in stages)
    offer = Offer(f"Take {names} from another chart", stages=True)
    *others, following = shown.findings
    return replace(shown, findings=(*others, replace(following, offer=offer)))


def _timer(parent: QWidget, wait: int, run: Any) -> QTimer:
    made = QTimer(parent)
    made.setSingleShot(True)
    made.setInterval(wait)
    made.timeout.connect(run)
    return made


def _called(run: Any, *_: object) -> None:
    run()
