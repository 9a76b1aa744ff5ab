"""The analysis page: columns and options left, live picture right, sentences below."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from leanlab.analyses.declare import Analysis, Check, Finding, Presentation, Role
from leanlab.analyses.registry import find
from leanlab.app import stored
from leanlab.app.records import Change, SheetInfo
from leanlab.core.errors import Problem
from leanlab.core.option import options_from
from leanlab.report.plain import plain
from leanlab.ui.chart_view import ChartView
from leanlab.ui.dialogs.reason import EXCLUDE_REASONS, ask_reason
from leanlab.ui.options_form import OptionsForm
from leanlab.ui.pages.base import Page
from leanlab.ui.tables_view import TableView
from leanlab.ui.widgets import button, clear, column, label, row, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

LINES = {"verdict": "Verdict", "evidence": "Evidence", "size": "Size", "next": "Next"}
GLYPHS = {"green": "✓", "amber": "!", "red": "✕", "grey": "–"}
LEVEL_NAMES = {"green": "ok", "amber": "attention", "red": "problem", "grey": "muted"}
LEVEL_WORDS = {
    "green": "fine",
    "amber": "with care",
    "red": "do not decide on this",
    "grey": "not checked",
}
DEBOUNCE = 60  # milliseconds


class AnalysisPage(Page):
    """One analysis of the project, recomputed whenever what it rests on changes."""

    def __init__(self, window: "MainWindow", record_id: str) -> None:
        super().__init__(window)
        self.record_id = record_id
        self.analysis: Analysis = find(str(self.session.record(record_id).get("analysis_id")))
        self.presentation: Presentation | None = None
        self._later = QTimer(self, singleShot=True, interval=DEBOUNCE)
        self._later.timeout.connect(self._compute)
        self._build()
        self.refresh()

    # layout --------------------------------------------------------------------------------

    def _build(self) -> None:
        self.title = label("", "title", wrap=False)
        self.subtitle = label("", "muted", wrap=False)
        self.save_button = button("&Save result", self.save_result, "primary")
        actions = row(
            self.save_button,
            button("&Copy picture", self.copy_picture),
            button("&Export…", self.export),
        )
        self.message = label("", "problem")
        self.chart = ChartView()
        self.chart.asked.connect(self.ask)
        self.chart.point_selected.connect(self._describe_point)
        self.caption = label("", "muted")
        self.point_bar = QFrame()
        self.point_text = label("", wrap=False)
        buttons = [button(text, partial(self.ask, verb, QPoint())) for verb, text in POINT_VERBS]
        self.point_bar.setLayout(row(self.point_text, None, *buttons, spacing=5))
        self.point_bar.hide()
        self.findings = QVBoxLayout()
        self.card = QVBoxLayout()
        self.tables = QVBoxLayout()
        below = QWidget()
        below.setLayout(
            column(self.findings, label("Report card", "heading"), self.card, self.tables, None)
        )
        picture = QWidget()
        picture.setLayout(column(self.message, self.chart, self.point_bar, self.caption, spacing=4))
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(picture)
        right.addWidget(scrolled(below))
        right.setSizes([430, 260])
        right.setChildrenCollapsible(False)
        self._arrange(right, actions)
        self._build_side()

    def _arrange(self, right: QWidget, actions: QLayout) -> None:
        self.side = QWidget()
        self.side_layout = QVBoxLayout(self.side)
        self.side_layout.setContentsMargins(14, 10, 12, 10)
        side = scrolled(self.side)
        side.setMinimumWidth(215)
        side.setMaximumWidth(330)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(side)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([235, 900])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addLayout(row(column(self.title, self.subtitle, spacing=0), None, actions))
        layout.addWidget(split, 1)

    def _build_side(self) -> None:
        clear(self.side_layout)
        record = self.session.record(self.record_id)
        sheet = self._sheet()
        if sheet is not None:
            self.side_layout.addWidget(label("Columns", "heading"))
            form = QFormLayout()
            form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
            for role in self.analysis.roles:
                self._add_role(form, role, sheet, record.get("roles", {}).get(role.id, []))
            self.side_layout.addLayout(form)
        options = options_from(self.analysis.options, record.get("options", {}))
        self.forms = [OptionsForm(options, basic=basic) for basic in (True, False)]
        for form_widget, heading in zip(self.forms, ("Options", "More"), strict=True):
            if not form_widget.empty:
                self.side_layout.addWidget(label(heading, "heading"))
                self.side_layout.addWidget(form_widget)
                form_widget.changed.connect(self._options_changed)
        self.side_layout.addStretch(1)

    def _add_role(self, form: QFormLayout, role: Role, sheet: SheetInfo, chosen: list[str]) -> None:
        heading = label(role.label + ("" if role.required else " (optional)"), "muted", wrap=False)
        editor = self._many(role, sheet, chosen) if role.many else self._one(role, sheet, chosen)
        editor.setObjectName(f"role_{role.id}")
        editor.setAccessibleName(role.label)
        editor.setToolTip(role.help)
        form.addRow(heading, editor)

    def _one(self, role: Role, sheet: SheetInfo, chosen: list[str]) -> QWidget:
        combo = QComboBox()
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.addItem("none" if not role.required else "choose a column", "")
        for one in sheet.columns:
            if one.kind in role.accepts:
                combo.addItem(one.name, one.id)
        combo.setCurrentIndex(max(0, combo.findData(chosen[0] if chosen else "")))
        combo.activated.connect(
            lambda *_: self._set_role(role.id, [combo.currentData()] if combo.currentData() else [])
        )
        return combo

    def _many(self, role: Role, sheet: SheetInfo, chosen: list[str]) -> QWidget:
        box = QListWidget()
        box.setMaximumHeight(120)
        for one in sheet.columns:
            if one.kind in role.accepts:
                item = QListWidgetItem(one.name)
                item.setData(Qt.ItemDataRole.UserRole, one.id)
                item.setCheckState(
                    Qt.CheckState.Checked if one.id in chosen else Qt.CheckState.Unchecked
                )
                box.addItem(item)
        box.itemChanged.connect(lambda *_: self._set_role(role.id, _checked(box)))
        return box

    def _sheet(self) -> SheetInfo | None:
        sheet_id = self.session.record(self.record_id).get("sheet_id")
        return self.session.sheet(sheet_id) if sheet_id and self.session.exists(sheet_id) else None

    # edits ---------------------------------------------------------------------------------

    def _set_role(self, role_id: str, columns: list[str]) -> None:
        roles = dict(self.session.record(self.record_id).get("roles", {}))
        self.session.edit(
            self.record_id, {"roles": {**roles, role_id: columns}}, label="Choose columns"
        )

    def _options_changed(self, options: Any) -> None:
        self.session.edit(self.record_id, {"options": plain(options)}, label="Change options")

    def ask(self, verb: str, at: QPoint) -> None:
        """Do something to the selected point: exclude, annotate, stage, limits, include."""
        if not self.analysis.edits_points or self.chart.selected < 0:
            return
        if verb == "menu":
            self._menu(at)
            return
        rows = list(self.chart.rows_of_selected())
        point = f"point {self.chart.selected + 1}"
        getattr(self, f"_{verb}")(rows, point)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        for verb, text in POINT_VERBS:
            menu.addAction(text).triggered.connect(lambda *_, v=verb: self.ask(v, QPoint()))
        menu.exec(at)

    def _exclude(self, rows: list[int], point: str) -> None:
        reason = ask_reason(
            self,
            "Exclude",
            f"Why does {point} not count for the limits?",
            "Exclude",
            EXCLUDE_REASONS,
        )
        if reason:
            stored.exclude(self.session, self.record_id, rows, reason, point=point)

    def _include(self, rows: list[int], point: str) -> None:
        stored.include(self.session, self.record_id, rows, point=point)

    def _annotate(self, rows: list[int], point: str) -> None:
        text = ask_reason(self, "Annotate", f"What should stand at {point}?", "Annotate")
        if text:
            stored.annotate(self.session, self.record_id, rows, text, point=point)

    def _stage(self, rows: list[int], point: str) -> None:
        name = ask_reason(
            self,
            "Stage",
            f"What changed at {point}? This names the new stage.",
            "Start stage",
            ("after",),
        )
        if name:
            stored.start_stage(self.session, self.record_id, rows, name, point=point)

    def _unstage(self, rows: list[int], point: str) -> None:
        stored.start_stage(self.session, self.record_id, rows, "", point=point)

    def _limits(self, rows: list[int], point: str) -> None:
        current = stored.marks_from(self.session.record(self.record_id).get("marks")).limits_until
        row_id = None if current == rows[-1] else rows[-1]
        stored.use_limits_until(self.session, self.record_id, row_id, point=point)

    def save_result(self) -> None:
        """Freeze what is on the screen."""
        try:
            stored.save_result(self.session, self.record_id)
        except Problem as problem:
            self._show_problem(problem)
        else:
            self.window_.say("Result saved. It stays as it is, and says when its data change.")

    def copy_picture(self) -> None:
        """Copy the picture for Word or PowerPoint."""
        self.chart.copy_picture()
        self.window_.say("Picture copied.")

    def export(self) -> None:
        """Save picture or tables to a file."""
        if self.presentation is not None:
            from leanlab.ui.dialogs.export import export_presentation

            export_presentation(
                self, self.presentation, str(self.session.record(self.record_id).get("title"))
            )

    # showing -------------------------------------------------------------------------------

    def heard(self, change: Change) -> None:
        """Recompute when this analysis, its sheet or its metric changed."""
        if not self.session.exists(self.record_id):
            self.window_.close_page(self)
            return
        if {"sheet", "row_state", "sheet_column", "metric", "analysis"} & change.kinds or any(
            kind.startswith("data_") for kind in change.kinds
        ):
            self._build_side()
            self.refresh()

    def refresh(self) -> None:
        """Show name and result as they are now."""
        record = self.session.record(self.record_id)
        self.title.setText(str(record.get("title", "")))
        sheet = self._sheet()
        results = sum(
            1 for f in self.session.records("finding") if f.get("source_id") == self.record_id
        )
        saved = f" · {results} saved" if results else ""
        self.subtitle.setText(
            (f"Data: {sheet.title} · {sheet.rows:,} rows" if sheet else self.analysis.question)
            + saved
        )
        self._later.start()

    def theme_changed(self) -> None:
        """Redraw in the new colours."""
        self._draw()

    def _compute(self) -> None:
        try:
            run = stored.ready(self.session, self.session.record(self.record_id))
        except Problem as problem:
            self._show_problem(problem)
            return
        self.window_.jobs.run(
            lambda _job: run.run(),
            self._show,
            failed=self._show_problem,
            view=f"analysis:{self.record_id}",
        )

    def _show_problem(self, problem: Problem) -> None:
        self.message.setText(f"{problem.message} {problem.hint}".strip())
        self.message.show()
        self.save_button.setEnabled(False)
        self.presentation = None
        self.chart.show_chart(None, self.window_.tokens["name"])
        self.caption.setText("")
        for layout in (self.findings, self.card, self.tables):
            clear(layout)

    def _show(self, presentation: Presentation) -> None:
        self.message.hide()
        self.save_button.setEnabled(not self.session.read_only)
        self.presentation = presentation
        self._draw()
        self._fill_findings(presentation)
        self._fill_card(presentation)
        self._fill_tables(presentation)
        self.window_.announce_result(presentation)

    def _draw(self) -> None:
        if self.presentation is None or not self.presentation.charts:
            self.chart.show_chart(None, self.window_.tokens["name"])
            self.chart.setVisible(self.presentation is None)
            return
        chart = self.presentation.charts[0]
        self.chart.setVisible(True)
        self.chart.show_chart(chart, self.window_.tokens["name"])
        self.caption.setText(chart.caption)
        self._describe_point(self.chart.selected)

    def _fill_findings(self, presentation: Presentation) -> None:
        clear(self.findings)
        for finding in presentation.findings:
            self.findings.addLayout(_finding_row(finding))

    def _fill_card(self, presentation: Presentation) -> None:
        clear(self.card)
        for check in presentation.report_card:
            self.card.addLayout(_check_row(check))

    def _fill_tables(self, presentation: Presentation) -> None:
        clear(self.tables)
        for table in presentation.tables:
            if table.rows:
                self.tables.addWidget(label(table.title, "heading"))
                self.tables.addWidget(TableView(table))

    def _describe_point(self, index: int) -> None:
        rows = self.chart.chart.point_rows if self.chart.chart else None
        usable = bool(self.analysis.edits_points and rows is not None and 0 <= index < len(rows))
        self.point_bar.setVisible(usable and not self.session.read_only)
        if usable and rows is not None:
            self.point_text.setText(
                f"Point {index + 1} (data row {', '.join(map(str, rows[index][:5]))})"
            )


POINT_VERBS = (
    ("exclude", "Exclude…"),
    ("include", "Include"),
    ("annotate", "Note…"),
    ("stage", "Stage starts here…"),
    ("unstage", "Remove stage"),
    ("limits", "Limits up to here"),
)


def _checked(box: QListWidget) -> list[str]:
    items = [box.item(i) for i in range(box.count())]
    return [
        i.data(Qt.ItemDataRole.UserRole) for i in items if i.checkState() == Qt.CheckState.Checked
    ]


def _finding_row(finding: Finding) -> Any:
    name = label(LINES[finding.line], "muted", wrap=False)
    name.setFixedWidth(72)
    name.setAlignment(Qt.AlignmentFlag.AlignTop)
    text = label(finding.text, "heading" if finding.line == "verdict" else "")
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    layout = row(name, text)
    layout.setStretch(1, 1)
    return layout


def _check_row(check: Check) -> Any:
    glyph = label(GLYPHS[check.level], LEVEL_NAMES[check.level], wrap=False)
    glyph.setFixedWidth(18)
    glyph.setAccessibleName(LEVEL_WORDS[check.level])
    glyph.setToolTip(LEVEL_WORDS[check.level])
    name = label(check.label, wrap=False)
    name.setFixedWidth(150)
    layout = row(glyph, name, label(check.text, "muted"))
    layout.setStretch(2, 1)
    return layout
