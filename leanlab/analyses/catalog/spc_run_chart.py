"""Run chart: does the level move more than chance allows? Needs few points and no limits."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.control import order_check
from leanlab.analyses.declare import (
    NUMBER,
    ORDER,
    Analysis,
    Chart,
    ChartPoints,
    Check,
    Columns,
    Finding,
    Level,
    Presentation,
    Role,
    Table,
)
from leanlab.analyses.points import Points, points_of, row_order, singles
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray
from leanlab.stats import spc

FEWEST = 3


@dataclass(frozen=True, slots=True)
class RunChartOptions:
    """What the user can choose."""

    alpha: float = option(0.05, "Signal level", minimum=0.001, maximum=0.2, basic=True)


@dataclass(frozen=True, slots=True, eq=False)
class RunChartResult:
    """The tests and the points."""

    runs: Any
    values: FloatArray
    points: Points
    name: str
    unit: str
    decimals: int
    alpha: float

    def show(self, number: float) -> str:
        """Format a value with one decimal more than the data."""
        return words.number(number, self.decimals + 1)


def compute(columns: Columns, options: RunChartOptions) -> RunChartResult:
    """Count runs about the median and runs up or down."""
    order, ordering = row_order(columns)
    column = columns.one("value")
    values = np.asarray(column.values, dtype=np.float64)[order]
    points = points_of(columns, singles(order), ordering)
    used = values[np.isfinite(values) & ~points.excluded]
    if used.size < FEWEST:
        raise DataProblem(
            f"Column '{column.name}' has {words.count(used.size, 'value')}.",
            hint="A run chart needs at least three.",
        )
    return RunChartResult(
        spc.run_chart(used),
        values,
        points,
        column.name,
        column.unit,
        column.decimals,
        options.alpha,
    )


def present(result: RunChartResult) -> Presentation:
    """Say whether the level shifted, trended, mixed or oscillated."""
    runs = result.runs
    return Presentation(
        findings=_findings(result),
        report_card=_card(result),
        charts=(_chart(result),),
        tables=(
            Table(
                "Runs",
                ("Test", "Value", "Expected", "p"),
                [
                    ("Runs about the median", runs.runs_about_median, runs.expected_runs_about_median, ""),
                    ("Clustering (shift)", "", "", words.p_value(runs.p_clustering)),
                    ("Mixture", "", "", words.p_value(runs.p_mixture)),
                    ("Runs up or down", runs.runs_up_or_down, runs.expected_runs_up_or_down, ""),
                    ("Trend", "", "", words.p_value(runs.p_trends)),
                    ("Oscillation", "", "", words.p_value(runs.p_oscillation)),
                ],
            ),
        ),
        numbers={
            name: getattr(runs, name)
            for name in (
                "median", "n", "runs_about_median", "expected_runs_about_median",
                "longest_run_about_median", "p_clustering", "p_mixture", "runs_up_or_down",
                "expected_runs_up_or_down", "longest_run_up_or_down", "p_trends", "p_oscillation",
            )
        },
    )  # fmt: skip


_SIGNS = (
    ("p_clustering", "Points stay too long on one side of the median: the level has shifted."),
    ("p_trends", "Values rise or fall for too long: there is a trend."),
    ("p_mixture", "Points cross the median too often: two streams may be mixed."),
    ("p_oscillation", "Values go up and down too regularly: somebody or something over-corrects."),
)


def _findings(result: RunChartResult) -> tuple[Finding, ...]:
    runs = result.runs
    found = [text for name, text in _SIGNS if _p(runs, name) < result.alpha]
    suffix = f" {result.unit}" if result.unit else ""
    verdict = " ".join(found) or "The data cannot show a shift, a trend or a pattern."
    following = (
        "Find out when it began and what changed then."
        if found
        else "Keep collecting; from 25 points a control chart gives limits."
    )
    return (
        Finding("verdict", verdict, "warning" if found else "good"),
        Finding("evidence", f"{runs.runs_about_median} runs about the median, {words.number(runs.expected_runs_about_median, 1)} expected; longest run {runs.longest_run_about_median}; n = {runs.n}."),
        Finding("size", f"Median {result.show(runs.median)}{suffix}."),
        Finding("next", following),
    )  # fmt: skip


def _p(runs: Any, name: str) -> float:
    value = getattr(runs, name)
    return 1.0 if value is None or not np.isfinite(value) else float(value)


def _card(result: RunChartResult) -> tuple[Check, ...]:
    n = int(result.runs.n)
    level: Level = "green" if n >= 15 else "amber" if n >= 10 else "red"
    ties = float(np.mean(result.values[np.isfinite(result.values)] == result.runs.median))
    tied: Level = "green" if ties <= 0.20 else "amber" if ties <= 0.35 else "red"
    return (
        Check("data", "Enough data", level, words.count(n, "point")),
        order_check(result.points),
        Check(
            "ties",
            "Values on the median",
            tied,
            f"{words.percent(ties)} of the values equal the median",
        ),
    )


def _chart(result: RunChartResult) -> Chart:
    title = f"Run chart: {result.name}"

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.runs import draw_run_chart

        draw_run_chart(
            figure, theme, result.values, float(result.runs.median), result.points.labels, result.name,
            result.points.ordering.name or "Observation", result.decimals + 1, result.points.notes,
        )  # fmt: skip

    return Chart(
        title,
        draw,
        caption=f"Runs about the median and up or down · n = {result.runs.n}",
        alt=f"{title}, {result.runs.n} points, median {result.show(result.runs.median)}.",
        point_rows=result.points.rows,
        points=ChartPoints(
            rows=result.points.rows,
            panels=(result.values,),
            excluded=result.points.excluded,
            signals=np.zeros(0, dtype=np.int64),
            stage_starts=np.zeros(0, dtype=np.int64),
            describe=partial(_described, result),
        ),
    )


def _described(result: RunChartResult, index: int, _panel: int = 0) -> str:
    label = result.points.labels[index] if result.points.labels else ""
    unit = f" {result.unit}" if result.unit else ""
    out = "excluded" if result.points.excluded[index] else ""
    parts = (f"point {index + 1}", label, f"{result.show(result.values[index])}{unit}", out)
    return ", ".join(part for part in parts if part)


RUN_CHART = Analysis(
    id="spc.run_chart",
    version=1,
    title="Run chart",
    group="Control charts",
    question="Has the level moved? (from a few points on)",
    phases="DMAIC",
    also_called=("time series", "line chart", "trend", "Anhøj"),
    roles=(
        Role("value", "Value", NUMBER),
        Role("order", "Order", ORDER, required=False),
        Role("label", "Label", ORDER, required=False),
    ),
    options=RunChartOptions,
    compute=compute,
    present=present,
)
