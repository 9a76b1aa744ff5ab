"""Run chart: has the level moved? Needs few points and no limits."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.control import order_check
from leanlab.analyses.declare import (
    NUMBER,
    ORDER,
    Analysis,
    Chart,
    Check,
    Columns,
    Finding,
    Presentation,
    Role,
    Table,
)
from leanlab.analyses.measure import Measure, numbers_of
from leanlab.analyses.plotted import plotted
from leanlab.analyses.points import Points, points_of, row_order, singles
from leanlab.analyses.sentences import check, graded, sentence
from leanlab.analyses.value_checks import data_check
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats import spc

FEWEST = 3
SIGNS = (
    ("p_clustering", "run.rarely"),
    ("p_trends", "run.trend"),
    ("p_mixture", "run.mixture"),
    ("p_oscillation", "run.oscillation"),
)


@dataclass(frozen=True, slots=True)
class RunChartOptions:
    """What the user can choose."""

    alpha: float = option(
        0.05, "Signal level", minimum=0.001, maximum=0.2, basic=True,
        help="A test signals when its p-value is below this",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class RunChartResult:
    """The tests and the points."""

    runs: Any
    values: FloatArray
    points: Points
    measure: Measure
    alpha: float
    signs: tuple[str, ...]  # sentence keys of the tests that signal
    longest: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    note: str = ""


def compute(columns: Columns, options: RunChartOptions) -> RunChartResult:
    """Count runs about the median and runs up or down."""
    order, ordering = row_order(columns)
    column = columns.one("value")
    values = numbers_of(column)[order]
    points = points_of(columns, singles(order), ordering)
    used = np.where(points.excluded, np.nan, values)
    known = np.flatnonzero(np.isfinite(used))
    if known.size < FEWEST:
        raise DataProblem(
            f"Column '{column.name}' has {words.count(known.size, 'value')}.",
            hint="A run chart needs at least three.",
        )
    runs = spc.run_chart(used[known])
    signs = tuple(key for name, key in SIGNS if _p(runs, name) < options.alpha)
    if runs.anhoej.longest_run > runs.anhoej.longest_run_max:
        signs = ("run.shift", *(key for key in signs if key != "run.rarely"))
    elif runs.anhoej.signal and "run.rarely" not in signs:
        signs = ("run.rarely", *signs)
    longest = known[_longest_run(used[known] - runs.median)]
    return RunChartResult(
        runs=runs,
        values=values,
        points=points,
        measure=Measure.of(column),
        alpha=options.alpha,
        signs=signs,
        longest=longest if {"run.shift", "run.rarely"} & set(signs) else longest[:0],
        note=columns.note,
    )


def _longest_run(away: FloatArray) -> IntArray:
    """Return the points of the longest run on one side; points on the median are passed over."""
    at = np.flatnonzero(away != 0)
    if not at.size:
        return at
    side = away[at] > 0
    ends = np.flatnonzero(np.r_[side[1:] != side[:-1], True])
    starts = np.r_[0, ends[:-1] + 1]
    best = int(np.argmax(ends - starts))
    return np.asarray(at[starts[best] : ends[best] + 1], dtype=np.int64)


def _p(runs: Any, name: str) -> float:
    value = getattr(runs, name)
    return 1.0 if value is None or not np.isfinite(value) else float(value)


def present(result: RunChartResult) -> Presentation:
    """Say whether the level shifted, trended, mixed or oscillated."""
    names = (
        "median", "n", "runs_about_median", "expected_runs_about_median",
        "longest_run_about_median", "p_clustering", "p_mixture", "runs_up_or_down",
        "expected_runs_up_or_down", "longest_run_up_or_down", "p_trends", "p_oscillation",
    )  # fmt: skip
    anhoej = result.runs.anhoej
    return Presentation(
        findings=_findings(result),
        report_card=_card(result),
        charts=(_chart(result),),
        tables=(_table(result),),
        numbers={name: getattr(result.runs, name) for name in names}
        | {f"anhoej.{name}": getattr(anhoej, name) for name in anhoej.__dataclass_fields__},
        plain=_plain(result),
    )  # fmt: skip


def _findings(result: RunChartResult) -> tuple[Finding, ...]:
    runs = result.runs
    slots = {
        "run": runs.anhoej.longest_run, "most": runs.anhoej.longest_run_max,
        "runs": runs.runs_about_median,
        "expected": words.number(runs.expected_runs_about_median, 1),
    }  # fmt: skip
    verdict = " ".join(sentence(key, **slots) for key in result.signs)
    evidence = sentence(
        "run.evidence", runs=runs.runs_about_median, expected=words.number(runs.expected_runs_about_median, 1),
        longest=runs.anhoej.longest_run, most=runs.anhoej.longest_run_max,
        crossings=runs.anhoej.crossings, fewest=runs.anhoej.crossings_min, n=runs.n,
    )  # fmt: skip
    following = "run.next.signal" if result.signs else "run.next.quiet"
    return (
        Finding("verdict", verdict or sentence("run.quiet"), "warning" if verdict else "good"),
        Finding("evidence", evidence),
        Finding("size", sentence("run.size", median=result.measure.full(runs.median), range=result.measure.span(*_ends(result)))),
        Finding("next", sentence(following)),
    )  # fmt: skip


def _ends(result: RunChartResult) -> tuple[float, float]:
    known = result.values[np.isfinite(result.values) & ~result.points.excluded]
    return float(known.min()), float(known.max())


def _plain(result: RunChartResult) -> str:
    key = "run.plain.moved" if result.signs else "run.plain.quiet"
    name, median = result.measure.name, result.measure.full(result.runs.median)
    return sentence(key, name=name, median=median)


def _card(result: RunChartResult) -> tuple[Check, ...]:
    known = result.values[np.isfinite(result.values) & ~result.points.excluded]
    ties = float(np.mean(known == result.runs.median))
    level = graded(ties, 0.20, 0.35)
    return (
        data_check(int(result.runs.n), "point", 15, 10),
        order_check(result.points),
        check("ties", level, "card.ties", share=words.percent(ties)),
    )


def _table(result: RunChartResult) -> Table:
    runs, p = result.runs, words.p_value
    rows: list[tuple[object, ...]] = [
        ("Runs about the median", runs.runs_about_median, runs.expected_runs_about_median, ""),
        ("Clustering (shift)", "", "", p(runs.p_clustering)),
        ("Mixture", "", "", p(runs.p_mixture)),
        ("Runs up or down", runs.runs_up_or_down, runs.expected_runs_up_or_down, ""),
        ("Trend", "", "", p(runs.p_trends)),
        ("Oscillation", "", "", p(runs.p_oscillation)),
        ("Longest run (at most)", runs.anhoej.longest_run, runs.anhoej.longest_run_max, ""),
        ("Crossings (at least)", runs.anhoej.crossings, runs.anhoej.crossings_min, ""),
    ]
    return Table("Runs", ("Test", "Value", "Expected", "p"), rows)


def _chart(result: RunChartResult) -> Chart:
    title = f"Run chart: {result.measure.name}"
    note = f" · {result.note}" if result.note else ""
    out = int(result.points.excluded.sum())
    return Chart(
        title,
        partial(_draw, result),
        caption=sentence("run.caption", alpha=f"{result.alpha:g}", n=result.runs.n, excluded=out) + note,
        alt=sentence("run.alt", name=result.measure.name, order=result.points.axis, n=result.runs.n,
                     median=result.measure.full(result.runs.median), verdict=_findings(result)[0].text),
        point_rows=result.points.rows,
        points=plotted(result.points.rows, None, result.values, partial(_described, result),
                       result.points.excluded),
    )  # fmt: skip


def _draw(result: RunChartResult, figure: Any, theme: Any) -> None:
    from leanlab.figures.runs import RunPicture, draw_run_chart

    picture = RunPicture(
        values=result.values,
        median=float(result.runs.median),
        excluded=result.points.excluded,
        longest=result.longest,
        name=result.measure.axis,
        x_label=result.points.axis,
        ticks=result.points.ticks,
        decimals=result.measure.decimals,
        notes=result.points.notes,
        flags=result.points.flags,
    )
    draw_run_chart(figure, theme, picture)


def _described(result: RunChartResult, index: int) -> str:
    label = result.points.labels[index] if result.points.labels else ""
    out = "excluded" if result.points.excluded[index] else ""
    note = result.points.notes.get(index, "")
    parts = (f"point {index + 1}", label, result.measure.full(result.values[index]), out, note)
    return ", ".join(part for part in parts if part)


ANALYSIS = Analysis(
    id="spc.run_chart",
    version=1,
    title="Run chart",
    group="Control charts",
    place=5,
    question="Has the level moved? (from a few points on)",
    phases="DMAIC",
    also_called=("time series plot", "line chart", "trend chart", "Anhøj rules", "runs test"),
    roles=(
        Role("value", "Value", NUMBER, help="One value per row"),
        Role("order", "Order", ORDER, required=False, help="Date or sequence number"),
        Role("label", "Label", ORDER, required=False, help="Shown along the axis"),
    ),
    options=RunChartOptions,
    compute=compute,
    present=present,
    edits_points=True,
)
