"""All data of the project: sheets with where they come from, and the metrics that stand in them."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLabel

from leanlab.app.metrics import binding_of, chart_metric, series_of
from leanlab.app.records import Record, SheetInfo
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui.pages.base import DerivedPage
from leanlab.ui.sheets.alive import while_alive
from leanlab.ui.widgets import button, card, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

ROLE_WORDS = {"primary": "primary metric", "counter": "must not get worse", "other": "metric"}


class SheetsPage(DerivedPage):
    """Data sheets and metrics as cards."""

    help = "data.sheets"

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)

    def build(self) -> None:
        """Show every sheet and every metric."""
        run = self.window_.bar.run
        actions = row(
            button("&Paste", lambda: run("paste_sheet"), "paste"),
            button("&Type by hand", lambda: run("new_sheet"), "type"),
            button("&Import a file…", lambda: run("import"), "primary"),
        )
        self.content.addLayout(row(label("Data", "title", wrap=False), None, actions))
        sheets = self.session.sheets()
        if not sheets:
            self.content.addWidget(self._nothing())
        for sheet in sheets:
            self.content.addWidget(self._sheet(sheet))
        self._metrics()

    def _nothing(self) -> QFrame:
        return card(
            label("No data yet", "heading"),
            label(
                "Import a CSV or Excel file, paste cells from Excel, or type. One row for each "
                "order, part or day is fine: LeanLab counts per week or month by itself.",
                "muted",
            ),
        )

    def _sheet(self, sheet: SheetInfo) -> QFrame:
        excluded = sum(s.state == "excluded" for s in self.session.row_states(sheet.id).values())
        bad = len(self.session.bad_cells(sheet.id))
        parts = [words.count(sheet.rows, "row"), words.count(len(sheet.columns), "column")]
        parts += [f"{words.number(excluded, 0)} excluded"] if excluded else []
        if sheet.source.get("file"):
            parts.append(f"from {sheet.source['file']}")
        lines = [label(" · ".join(parts), "muted")]
        if bad:
            text = words.count(
                bad, "cell does not fit its column", "cells do not fit their columns"
            )
            lines.append(label(f"{text}.", "attention"))
        names = ", ".join(c.name for c in sheet.columns[:10])
        more = f" and {len(sheet.columns) - 10} more" if len(sheet.columns) > 10 else ""  # noqa: PLR2004
        lines.append(label(f"{names}{more}", "small"))
        go = button(sheet.title, partial(self.window_.go_to, sheet.id), "link")
        return card(row(go, None), *lines)

    # metrics -------------------------------------------------------------------------------

    def _metrics(self) -> None:
        add = button("Add &metric…", partial(self._edit, None), "add_metric")
        add.setEnabled(not self.session.read_only)
        self.content.addSpacing(6)
        self.content.addLayout(row(label("Metrics", "title", wrap=False), None, add))
        metrics = self.session.records("metric")
        if not metrics:
            self.content.addWidget(
                label("A metric says what will be better, and by how much. It is tied to data once; "
                      "charts, home page and comparisons read it there.", "muted")
            )  # fmt: skip
        for metric in metrics:
            self.content.addWidget(self._metric(metric))

    def _metric(self, metric: Record) -> QFrame:
        role = ROLE_WORDS.get(str(metric.get("role", "other")), "metric")
        said = label("Working it out…", "muted")
        said.setObjectName(f"metric_says_{metric.code}")
        edit = button("Edit…", partial(self._edit, metric.id), "edit_metric")
        chart = button("Chart it", partial(self._chart, metric.id), "chart_metric")
        tied = binding_of(metric) is not None
        for part in (edit, chart):
            part.setEnabled(not self.session.read_only)
        chart.setEnabled(chart.isEnabled() and tied)
        if tied:
            self._work_out(metric, said)
        else:
            said.setText("Not tied to any data yet.")
        title = label(words.coded(str(metric.get("name", "")), metric.code), "heading", wrap=False)
        parts = row(column(title, label(role, "small"), said, spacing=3), edit, chart)
        parts.setStretch(0, 1)
        return card(parts)

    def _work_out(self, metric: Record, said: QLabel) -> None:
        session = self.session

        def sentence() -> str:
            try:
                return series_of(session, metric).sentence
            except Problem as problem:
                return f"{problem.message} {problem.hint}".strip()

        self.window_.jobs.run(
            lambda _job: sentence(), while_alive(said, said.setText), failed=self.window_.show_problem,
            view=f"metric:{metric.id}",
        )  # fmt: skip

    def _edit(self, metric_id: str | None) -> None:
        from leanlab.ui.dialogs.metric import edit_metric

        edit_metric(self.session, metric_id, self.window_)

    def _chart(self, metric_id: str) -> None:
        try:
            self.window_.go_to(chart_metric(self.session, metric_id))
        except Problem as problem:
            self.window_.show_problem(problem)
