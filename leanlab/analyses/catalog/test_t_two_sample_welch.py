"""2-sample t (Welch): do two groups differ on average?"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.analyses.declare import (
    CATEGORY,
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
from leanlab.analyses.grouping import Grouped, grouped_values
from leanlab.analyses.value_checks import far_out
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.stats import hypothesis


@dataclass(frozen=True, slots=True)
class TwoSampleTOptions:
    """What the user can choose."""

    confidence: float = option(0.95, "Confidence", minimum=0.5, maximum=0.999, basic=True)
    alternative: str = option(
        "two.sided", "Alternative",
        choices={"two.sided": "Different", "greater": "First is higher", "less": "First is lower"},
    )  # fmt: skip
    difference0: float = option(0.0, "Difference to test against")
    matters: float | None = option(
        None, "Difference that matters", minimum=0, basic=True,
        help="The smallest difference worth acting on",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class TwoSampleTResult:
    """The test and the groups it compared."""

    test: Any
    grouped: Grouped
    options: TwoSampleTOptions


def compute(columns: Columns, options: TwoSampleTOptions) -> TwoSampleTResult:
    """Compare two groups, or two columns."""
    grouped = grouped_values(columns)
    if len(grouped.names) != 2:
        raise DataProblem(
            f"This test compares two groups; there are {len(grouped.names)}.",
            hint="Use one-way ANOVA for more groups, or filter the data to two.",
        )
    first, second = grouped.groups
    test = hypothesis.t_two_sample_welch(
        first,
        second,
        alternative=options.alternative,
        confidence=options.confidence,
        difference0=options.difference0,
    )
    return TwoSampleTResult(test, grouped, options)


def present(result: TwoSampleTResult) -> Presentation:
    """Verdict, evidence, size, next."""
    return Presentation(
        findings=_findings(result),
        report_card=_card(result.grouped),
        charts=(_chart(result),),
        tables=(_table(result),),
        numbers={
            name: getattr(result.test, name)
            for name in ("mean_x", "mean_y", "difference", "t", "df", "p_value", "ci")
        },
    )


def _findings(result: TwoSampleTResult) -> tuple[Finding, ...]:
    test, grouped, options = result.test, result.grouped, result.options
    a, b = grouped.names
    low, high = (
        grouped.show(v) if v is not None and np.isfinite(v) else "any size" for v in test.ci
    )
    shown = test.p_value < 1 - options.confidence
    higher = test.difference > 0
    size = grouped.show(abs(test.difference))
    confidence = f"{options.confidence * 100:g} %"
    verdict = (
        f"'{a}' is {'higher' if higher else 'lower'} than '{b}' by {size}{grouped.suffix} on average."
        if shown
        else f"The data cannot show a difference between '{a}' and '{b}'."
    )
    evidence = f"Welch t = {words.number(test.t, 2)}, df = {words.number(test.df, 1)}, {words.p_phrase(test.p_value)}, n = {grouped.groups[0].size} and {grouped.groups[1].size}."
    interval = f"Differences between {low} and {high}{grouped.suffix} are {'plausible' if shown else 'still possible'} ({confidence} interval)."
    return (
        Finding("verdict", verdict, "good" if shown else "info"),
        Finding("evidence", evidence),
        Finding("size", interval + _against_what_matters(result)),
        Finding("next", _next(result, shown=shown)),
    )


def _against_what_matters(result: TwoSampleTResult) -> str:
    delta = result.options.matters
    if delta is None or result.options.alternative != "two.sided":
        return ""
    low, high = result.test.ci
    shown = result.grouped.show(delta)
    if -delta < low and high < delta:
        return f" The difference is too small to matter here (threshold {shown}{result.grouped.suffix})."
    if low > delta or high < -delta:
        return f" It is larger than the {shown}{result.grouped.suffix} that matter."
    return f" Whether it reaches the {shown}{result.grouped.suffix} that matter is open."


def _next(result: TwoSampleTResult, *, shown: bool) -> str:
    if shown:
        return "The groups differ; whether this factor is the cause depends on what else differed. Check in the process."
    from leanlab.stats import power

    pooled = float(np.sqrt(np.mean([g.var(ddof=1) for g in result.grouped.groups])))
    delta = result.options.matters or pooled / 2
    needed = power.t_two_sample(
        difference=delta, sd=pooled, alpha=1 - result.options.confidence, target_power=0.8
    ).n
    return f"To find a difference of {result.grouped.show(delta)}{result.grouped.suffix} with 80 % chance, about {needed} values per group are needed."


def _card(grouped: Grouped) -> tuple[Check, ...]:
    smallest = min(g.size for g in grouped.groups)
    level: Level = "green" if smallest >= 15 else "amber" if smallest >= 5 else "red"
    odd = sum(int(far_out(g).sum()) for g in grouped.groups)
    return (
        Check("data", "Enough data", level, f"The smaller group has {words.count(smallest, 'value')}"),
        Check("spread", "Equal spread", "green", "Not needed: Welch's test allows different spreads"),
        Check("odd", "Odd points", "green" if not odd else "amber", "No value far away from the rest" if not odd else f"{words.count(odd, 'value')} far away: look at them first"),
        Check("fit", "Fit for the question", "grey", "If the same items were measured twice, use a paired test"),
    )  # fmt: skip


def _chart(result: TwoSampleTResult) -> Chart:
    grouped = result.grouped
    title = f"{grouped.value} by {grouped.by}"

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.groups import draw_groups

        draw_groups(
            figure, theme, grouped.names, grouped.groups, grouped.intervals(), title, grouped.axis
        )

    n = " and ".join(str(g.size) for g in grouped.groups)
    return Chart(title, draw, caption=f"Welch's t-test, unequal variances · n = {n}{grouped.note}",
                 alt=f"Box plots of {title}; means {', '.join(grouped.show(float(g.mean())) for g in grouped.groups)}.")  # fmt: skip


def _table(result: TwoSampleTResult) -> Table:
    rows = [
        (name, g.size, float(g.mean()), float(g.std(ddof=1)), float(np.median(g)))
        for name, g in zip(result.grouped.names, result.grouped.groups, strict=True)
    ]
    return Table("Groups", ("Group", "n", "Mean", "StDev", "Median"), rows)


TWO_SAMPLE_T = Analysis(
    id="test.t_two_sample_welch",
    version=1,
    title="2-sample t (Welch)",
    group="Compare",
    question="Do two groups differ on average?",
    phases="AI",
    also_called=("t-test", "Student", "compare two averages", "independent samples"),
    roles=(
        Role("value", "Value", NUMBER, many=True, help="One column, or two columns to compare"),
        Role(
            "group",
            "Group",
            CATEGORY,
            required=False,
            help="Which of the two groups a row belongs to",
        ),
    ),
    options=TwoSampleTOptions,
    compute=compute,
    present=present,
)
