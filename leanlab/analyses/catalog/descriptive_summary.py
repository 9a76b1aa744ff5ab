"""Graphical summary: what does one column of values look like?"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.declare import (
    NUMBER,
    Analysis,
    Chart,
    Check,
    Columns,
    Finding,
    Offer,
    Presentation,
    Role,
    Table,
)
from leanlab.analyses.measure import Measure, numbers_of
from leanlab.analyses.plotted import RowIds, plotted
from leanlab.analyses.sentences import check, sentence
from leanlab.analyses.value_checks import data_check, far_out, normality_of, skewness
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray, IntArray

WEAK_BELOW = 30


@dataclass(frozen=True, slots=True)
class SummaryOptions:
    """What the user can choose."""

    confidence: float = option(0.95, "Confidence", minimum=0.5, maximum=0.999, basic=True)


@dataclass(frozen=True, slots=True, eq=False)
class SummaryResult:
    """Numbers of one column."""

    summary: Any
    anderson: Any  # None when the values do not vary or are too few
    values: FloatArray  # known and not excluded, in the order of the sheet
    row_ids: IntArray
    measure: Measure
    excluded: int
    options: SummaryOptions
    note: str


def compute(columns: Columns, options: SummaryOptions) -> SummaryResult:
    """Summarise the values that are neither missing nor excluded."""
    from leanlab.stats import descriptive

    column = columns.one("value")
    everything = numbers_of(column)
    used = np.isfinite(everything) & ~columns.excluded
    values = everything[used]
    if values.size < 2:
        raise DataProblem(
            f"Column '{column.name}' has {words.count(values.size, 'value')}.",
            hint="A summary needs at least two.",
        )
    return SummaryResult(
        summary=descriptive.summary(everything[~columns.excluded], confidence=options.confidence),
        anderson=normality_of(values),
        values=values,
        row_ids=columns.row_ids[used],
        measure=Measure.of(column),
        excluded=int(columns.excluded.sum()),
        options=options,
        note=columns.note,
    )


def present(result: SummaryResult) -> Presentation:
    """Centre, spread, shape, odd values."""
    charts = [_chart(result)]
    if np.ptp(result.values) > 0:
        charts.append(_probability_chart(result))
    return Presentation(
        findings=_findings(result),
        report_card=_card(result),
        charts=(*charts, _order_chart(result)),
        tables=(_table(result),),
        numbers=_numbers(result),
        plain=_plain(result),
    )


def _numbers(result: SummaryResult) -> dict[str, Any]:
    summary = result.summary
    out = {name: getattr(summary, name) for name in summary.__dataclass_fields__}
    if result.anderson is not None:
        names = ("a2", "a2_adjusted", "p_value")
        out |= {f"anderson_darling.{name}": getattr(result.anderson, name) for name in names}
    return out


def _findings(result: SummaryResult) -> tuple[Finding, ...]:
    s, measure = result.summary, result.measure
    odd = int(far_out(result.values).sum())
    low, high = s.mean_ci if s.mean_ci is not None else (None, None)
    size = sentence(
        "summary.size", mean=measure.full(s.mean), low=measure.show(low), high=measure.show(high),
        sd=measure.full(s.sd), confidence=f"{result.options.confidence * 100:g} %",
        median=measure.full(s.quartiles_type6[1]),
    )  # fmt: skip
    following = (
        Finding("next", sentence("summary.next.odd", n=odd))
        if odd
        else Finding("next", sentence("summary.next"), offer=Offer("Chart over time", analysis="spc.i_mr"))
    )  # fmt: skip
    return (
        Finding("verdict", _shape_words(result)),
        Finding("evidence", _evidence(result)),
        Finding("size", size),
        following,
    )


def _shape_words(result: SummaryResult) -> str:
    n = result.values.size
    if np.ptp(result.values) == 0:
        value = result.measure.full(float(result.values[0]))
        return sentence("summary.constant", n=n, value=value)
    if result.anderson is None:
        return sentence("summary.few", n=n)
    if result.anderson.p_value >= 0.05:
        return sentence("summary.bell.weak" if n < WEAK_BELOW else "summary.bell")
    skew = skewness(result.values)
    if abs(skew) <= 0.5:
        return sentence("summary.symmetric")
    return sentence("summary.skewed.high" if skew > 0 else "summary.skewed.low")


def _evidence(result: SummaryResult) -> str:
    if result.anderson is None:
        return sentence("summary.evidence.few", n=result.values.size)
    a2, p = words.number(result.anderson.a2, 2), words.p_phrase(result.anderson.p_value)
    skew = words.number(skewness(result.values), 2)
    return sentence("summary.evidence", a2=a2, p=p, n=result.values.size, skew=skew)


def _plain(result: SummaryResult) -> str:
    s, measure = result.summary, result.measure
    middle = measure.span(s.quartiles_type6[0], s.quartiles_type6[2])
    return sentence("summary.plain", name=measure.name, mean=measure.full(s.mean), middle=middle)


def _card(result: SummaryResult) -> tuple[Check, ...]:
    values = result.values
    odd, distinct = int(far_out(values).sum()), int(np.unique(values).size)
    coarse = values.size >= 20 and distinct < 6
    return (
        data_check(values.size, "value", 30, 10),
        check("odd", "amber", "card.odd.look", values=words.count(odd, "value")) if odd else check("odd", "green", "card.odd.green"),
        check("resolution", "amber" if coarse else "green", "card.distinct.coarse" if coarse else "card.distinct", count=distinct),
    )  # fmt: skip


def _caption(result: SummaryResult, key: str) -> str:
    note = f" · {result.note}" if result.note else ""
    return sentence(key, n=result.values.size, excluded=result.excluded) + note


def _describe(result: SummaryResult, at: IntArray, index: int) -> str:
    value = float(result.values[at[index]])
    return f"row {int(result.row_ids[at[index]])}, {result.measure.full(value)}"


def _chart(result: SummaryResult) -> Chart:
    """Histogram and box; the points to point at are the bars."""
    from leanlab.figures.bins import bins_for

    edges = bins_for(result.values)
    counts, _ = np.histogram(result.values, bins=edges)
    place = np.clip(np.searchsorted(edges, result.values, side="right") - 1, 0, counts.size - 1)
    rows = [tuple(result.row_ids[place == bar].tolist()) for bar in range(counts.size)]
    measure, s = result.measure, result.summary

    def describe(index: int) -> str:
        span = measure.span(float(edges[index]), float(edges[index + 1]))
        return f"{words.count(int(counts[index]), 'value')} from {span}"

    return Chart(
        f"Summary of {measure.name}",
        partial(_draw, result),
        caption=_caption(result, "summary.caption"),
        alt=sentence("summary.alt", name=measure.name, n=s.n, range=measure.span(s.minimum, s.maximum), mean=measure.full(s.mean)),
        point_rows=rows,
        points=plotted(rows, (edges[:-1] + edges[1:]) / 2, counts.astype(np.float64), describe),
    )  # fmt: skip


def _draw(result: SummaryResult, figure: Any, theme: Any) -> None:
    from leanlab.figures.distribution import draw_summary

    interval = result.summary.mean_ci
    draw_summary(figure, theme, result.values, result.measure.axis, interval)  # fmt: skip


def _probability_chart(result: SummaryResult) -> Chart:
    from leanlab.stats import normality

    plot = normality.probability_plot(result.values)
    at = np.argsort(result.values, kind="stable").astype(np.int64)
    rows = RowIds(result.row_ids[at])

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.distribution import draw_probability

        draw_probability(figure, theme, plot, result.measure.axis)

    return Chart(
        f"Probability plot of {result.measure.name}",
        draw,
        caption=_caption(result, "summary.caption.plot"),
        alt=sentence("summary.alt.plot", name=result.measure.name, n=result.values.size),
        point_rows=rows,
        points=plotted(rows, plot.values, plot.scores, partial(_describe, result, at)),
    )


def _order_chart(result: SummaryResult) -> Chart:
    rows = RowIds(result.row_ids)
    at = np.arange(result.values.size)

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.runs import RunPicture, draw_run_chart

        s = result.summary
        picture = RunPicture(
            values=result.values, median=float(s.quartiles_type6[1]), name=result.measure.axis,
            x_label="Order of the sheet", decimals=result.measure.decimals,
        )  # fmt: skip
        draw_run_chart(figure, theme, picture)

    return Chart(
        f"{result.measure.name} in the order of the sheet",
        draw,
        caption=_caption(result, "summary.caption.order"),
        alt=sentence("summary.alt.order", name=result.measure.name, n=result.values.size),
        point_rows=rows,
        points=plotted(rows, None, result.values, partial(_describe, result, at)),
    )


def _table(result: SummaryResult) -> Table:
    s = result.summary
    q1, median, q3 = s.quartiles_type6
    low, high = s.mean_ci if s.mean_ci is not None else ("", "")
    rows: list[tuple[str, object]] = [
        ("n", s.n), ("Missing", s.n_missing), ("Mean", s.mean), ("Mean, interval from", low),
        ("Mean, interval to", high), ("Standard deviation", s.sd), ("Minimum", s.minimum),
        ("First quartile", q1), ("Median", median), ("Third quartile", q3), ("Maximum", s.maximum),
        ("Skewness", s.skewness_g1_adjusted), ("Kurtosis (excess)", s.kurtosis_excess_adjusted),
    ]  # fmt: skip
    return Table("Summary", ("Statistic", "Value"), [row for row in rows if row[1] is not None])


ANALYSIS = Analysis(
    id="descriptive.summary",
    version=1,
    title="Graphical summary",
    group="Describe",
    place=5,
    question="What does this column look like?",
    phases="MA",
    also_called=(
        "descriptive statistics", "histogram", "box plot", "normality test", "Anderson-Darling",
        "distribution", "mean and standard deviation", "probability plot",
    ),
    roles=(Role("value", "Value", NUMBER, help="One column of numbers"),),
    options=SummaryOptions,
    compute=compute,
    present=present,
)  # fmt: skip
