"""Graphical summary: what does one column of values look like?"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.analyses.declare import (
    NUMBER,
    Analysis,
    Chart,
    Check,
    Columns,
    Finding,
    Level,
    Presentation,
    Role,
    Table,
)
from leanlab.analyses.value_checks import far_out, skewness
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray
from leanlab.stats import descriptive, normality


@dataclass(frozen=True, slots=True)
class SummaryOptions:
    """What the user can choose."""

    confidence: float = option(0.95, "Confidence", minimum=0.5, maximum=0.999, basic=True)


@dataclass(frozen=True, slots=True, eq=False)
class SummaryResult:
    """Numbers of one column."""

    summary: Any
    anderson: Any  # None when the values do not vary or are too few
    values: FloatArray
    name: str
    unit: str
    decimals: int
    options: SummaryOptions
    note: str

    def show(self, number: float | None) -> str:
        """Format a value with one decimal more than the data."""
        return words.number(number, self.decimals + 1)

    @property
    def suffix(self) -> str:
        """The unit with a space before it, or nothing."""
        return f" {self.unit}" if self.unit else ""


def compute(columns: Columns, options: SummaryOptions) -> SummaryResult:
    """Summarise the values that are neither missing nor excluded."""
    column = columns.one("value")
    everything = np.asarray(column.values, dtype=np.float64)[~columns.excluded]
    values = everything[np.isfinite(everything)]
    if values.size < 2:
        raise DataProblem(
            f"Column '{column.name}' has {words.count(values.size, 'value')}.",
            hint="A summary needs at least two.",
        )
    varied = values.size >= 8 and np.ptp(values) > 0
    return SummaryResult(
        summary=descriptive.summary(everything, confidence=options.confidence),
        anderson=normality.anderson_darling(values) if varied else None,
        values=values,
        name=column.name,
        unit=column.unit,
        decimals=column.decimals,
        options=options,
        note=columns.note,
    )


def present(result: SummaryResult) -> Presentation:
    """Centre, spread, shape, odd values."""
    return Presentation(
        findings=_findings(result),
        report_card=_card(result),
        charts=(_chart(result),),
        tables=(_table(result),),
        numbers=_numbers(result),
    )


def _numbers(result: SummaryResult) -> dict[str, Any]:
    names = (
        "n", "n_missing", "mean", "se_mean", "sd", "variance", "minimum", "maximum", "range",
        "quartiles_type6", "skewness_g1_adjusted", "kurtosis_excess_adjusted", "mean_ci", "sd_ci",
    )  # fmt: skip
    out = {name: getattr(result.summary, name) for name in names}
    if result.anderson is not None:
        out |= {"a2": result.anderson.a2, "ad_p_value": result.anderson.p_value}
    return out


def _findings(result: SummaryResult) -> tuple[Finding, ...]:
    s = result.summary
    low, high = s.mean_ci
    odd = int(far_out(result.values).sum())
    following = (
        f"Look at the {words.count(odd, 'value')} far away from the rest before using the average."
        if odd
        else "Chart the values in time order before comparing or promising anything."
    )
    return (
        Finding("verdict", _shape_words(result)),
        Finding("evidence", _evidence(result)),
        Finding("size", f"Average {result.show(s.mean)}{result.suffix} ({result.options.confidence * 100:g} % interval {result.show(low)} to {result.show(high)}), standard deviation {result.show(s.sd)}{result.suffix}."),
        Finding("next", following),
    )  # fmt: skip


def _shape_words(result: SummaryResult) -> str:
    if np.ptp(result.values) == 0:
        return f"All {result.values.size} values are {result.show(float(result.values[0]))}{result.suffix}: check rounding, or choose another column."
    if result.anderson is None:
        return f"Only {result.values.size} values: too few to speak of a shape."
    skew = skewness(result.values)
    if result.anderson.p_value >= 0.05:
        weak = " (with so few values a weak check)" if result.values.size < 30 else ""
        return f"The data show no sign against a bell shape{weak}."
    side = "the right, towards high values" if skew > 0 else "the left, towards low values"
    return (
        f"The values are not bell-shaped: the tail reaches to {side}."
        if abs(skew) > 0.5
        else "The values are not bell-shaped, though nearly symmetric."
    )


def _evidence(result: SummaryResult) -> str:
    if result.anderson is None:
        return f"n = {result.values.size}."
    return f"Anderson-Darling A² = {words.number(result.anderson.a2, 2)}, {words.p_phrase(result.anderson.p_value)}, n = {result.values.size}."


def _card(result: SummaryResult) -> tuple[Check, ...]:
    n = result.values.size
    level: Level = "green" if n >= 30 else "amber" if n >= 10 else "red"
    odd = int(far_out(result.values).sum())
    distinct = np.unique(result.values).size
    coarse = n >= 20 and distinct < 6
    return (
        Check("data", "Enough data", level, words.count(n, "value")),
        Check("odd", "Odd points", "green" if not odd else "amber", f"{words.count(odd, 'value')} more than 3 interquartile ranges away" if odd else "No value far away from the rest"),
        Check("resolution", "Resolution", "amber" if coarse else "green", f"{distinct} different values" + (": coarse" if coarse else "")),
    )  # fmt: skip


def _chart(result: SummaryResult) -> Chart:
    name = f"{result.name} ({result.unit})" if result.unit else result.name

    def draw(figure: Any, theme: Any) -> None:
        from scipy.special import ndtri

        from leanlab.figures.distribution import draw_summary

        ranks = (np.arange(1, result.values.size + 1) - 0.375) / (result.values.size + 0.25)
        draw_summary(figure, theme, result.values, ndtri(ranks), name, result.decimals + 1)

    note = f" · {result.note}" if result.note else ""
    return Chart(
        f"Summary of {result.name}",
        draw,
        caption=f"Histogram with normal curve, box plot (quartiles by (n+1)p), probability plot · n = {result.values.size}{note}",
        alt=f"Histogram of {result.name}: {result.values.size} values from {result.show(result.summary.minimum)} to {result.show(result.summary.maximum)}{result.suffix}, average {result.show(result.summary.mean)}.",
    )


def _table(result: SummaryResult) -> Table:
    s = result.summary
    q1, median, q3 = s.quartiles_type6
    rows: list[tuple[str, object]] = [
        ("n", s.n), ("Missing", s.n_missing), ("Mean", s.mean), ("StDev", s.sd),
        ("Minimum", s.minimum), ("1st quartile", q1), ("Median", median), ("3rd quartile", q3),
        ("Maximum", s.maximum), ("Skewness", s.skewness_g1_adjusted),
        ("Kurtosis (excess)", s.kurtosis_excess_adjusted),
    ]  # fmt: skip
    return Table("Summary", ("Statistic", "Value"), rows)


GRAPHICAL_SUMMARY = Analysis(
    id="descriptive.summary",
    version=1,
    title="Graphical summary",
    group="See what is big",
    question="What does this column look like?",
    phases="MA",
    also_called=(
        "descriptive statistics",
        "histogram",
        "box plot",
        "normality test",
        "Anderson-Darling",
    ),
    roles=(Role("value", "Value", NUMBER),),
    options=SummaryOptions,
    compute=compute,
    present=present,
)
