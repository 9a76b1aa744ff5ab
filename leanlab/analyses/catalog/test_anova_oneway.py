"""One-way ANOVA: do several groups differ on average? Welch beside the classical table."""

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
from leanlab.core.option import option
from leanlab.stats import hypothesis


@dataclass(frozen=True, slots=True)
class AnovaOptions:
    """What the user can choose."""

    confidence: float = option(0.95, "Confidence", minimum=0.5, maximum=0.999, basic=True)
    equal_variances: bool = option(
        default=False,
        label="Assume equal spread",
        help="Judge by the classical table instead of Welch's",
    )


@dataclass(frozen=True, slots=True, eq=False)
class AnovaResult:
    """Both tests, and which pairs differ."""

    classical: Any
    welch: Any
    pairs: Any
    grouped: Grouped
    options: AnovaOptions

    @property
    def p_value(self) -> float:
        """The p-value that the verdict rests on."""
        chosen = self.classical if self.options.equal_variances else self.welch
        return float(chosen.p_value)


def compute(columns: Columns, options: AnovaOptions) -> AnovaResult:
    """Compare the averages of two or more groups."""
    grouped = grouped_values(columns)
    groups = dict(zip(grouped.names, grouped.groups, strict=True))
    pairs = (
        hypothesis.tukey_hsd(groups, confidence=options.confidence)
        if options.equal_variances
        else hypothesis.games_howell(groups, confidence=options.confidence)
    )
    return AnovaResult(
        classical=hypothesis.anova_oneway(groups, confidence=options.confidence),
        welch=hypothesis.anova_welch(groups),
        pairs=pairs,
        grouped=grouped,
        options=options,
    )


def present(result: AnovaResult) -> Presentation:
    """Verdict, evidence, size, next; both tables."""
    classical = result.classical
    return Presentation(
        findings=_findings(result),
        report_card=_card(result.grouped),
        charts=(_chart(result),),
        tables=(_anova_table(result), _group_table(result), _pair_table(result)),
        numbers={
            "f": classical.f, "p_value": classical.p_value, "df_factor": classical.df_factor,
            "df_error": classical.df_error, "r_squared": classical.r_squared,
            "omega_squared": classical.omega_squared, "welch.f": result.welch.f,
            "welch.df_num": result.welch.df_num, "welch.df_den": result.welch.df_den,
            "welch.p_value": result.welch.p_value,
        },
    )  # fmt: skip


def _findings(result: AnovaResult) -> tuple[Finding, ...]:
    grouped, alpha = result.grouped, 1 - result.options.confidence
    shown = result.p_value < alpha
    gaps = np.abs(np.asarray(result.pairs.difference, dtype=np.float64))
    at = int(np.argmax(gaps))
    pair = _pair_words(result.pairs.pair[at])
    low, high = result.pairs.ci_lower[at], result.pairs.ci_upper[at]
    verdict = (
        f"The groups differ on average: the largest gap is {pair}."
        if shown
        else f"The data cannot show a difference between the {len(grouped.names)} groups."
    )
    name = "F" if result.options.equal_variances else "Welch's F"
    test = result.classical if result.options.equal_variances else result.welch
    size = f"{pair}: {grouped.show(result.pairs.difference[at])}{grouped.suffix} ({result.options.confidence * 100:g} % interval {grouped.show(low)} to {grouped.show(high)}); the factor explains about {words.percent(max(0.0, result.classical.omega_squared))} of the variation."
    following = (
        "Ask what is different in the groups that stand out, and confirm it in the process."
        if shown
        else "Read the interval: differences of that size are still possible. More values per group would narrow it."
    )
    return (
        Finding("verdict", verdict, "good" if shown else "info"),
        Finding("evidence", f"{name} = {words.number(test.f, 2)}, {words.p_phrase(test.p_value)}, n = {sum(g.size for g in grouped.groups)}."),
        Finding("size", size),
        Finding("next", following),
    )  # fmt: skip


def _pair_words(pair: Any) -> str:
    if isinstance(pair, str):
        return pair
    first, second = pair
    return f"'{first}' against '{second}'"


def _card(grouped: Grouped) -> tuple[Check, ...]:
    smallest = min(g.size for g in grouped.groups)
    wish = 15 if len(grouped.names) <= 9 else 20
    level: Level = "green" if smallest >= wish else "amber" if smallest >= 4 else "red"
    odd = sum(int(far_out(g).sum()) for g in grouped.groups)
    spreads = [float(g.std(ddof=1)) for g in grouped.groups]
    ratio = max(spreads) / min(spreads) if min(spreads) > 0 else float("inf")
    return (
        Check("data", "Enough data", level, f"The smallest group has {words.count(smallest, 'value')}; {wish} or more are better"),
        Check("spread", "Equal spread", "green" if ratio < 2 else "amber", f"Largest spread is {words.number(ratio, 1)} times the smallest; Welch's test allows it"),
        Check("odd", "Odd points", "green" if not odd else "amber", "No value far away from the rest" if not odd else f"{words.count(odd, 'value')} far away: look at them first"),
    )  # fmt: skip


def _chart(result: AnovaResult) -> Chart:
    grouped = result.grouped
    title = f"{grouped.value} by {grouped.by}"

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.groups import draw_groups

        draw_groups(
            figure, theme, grouped.names, grouped.groups, grouped.intervals(), title, grouped.axis
        )

    means = ", ".join(
        f"{n} {grouped.show(float(g.mean()))}"
        for n, g in zip(grouped.names, grouped.groups, strict=True)
    )
    count = sum(g.size for g in grouped.groups)
    method = "classical" if result.options.equal_variances else "Welch, unequal variances"
    return Chart(
        title,
        draw,
        caption=f"One-way ANOVA ({method}) · n = {count}{grouped.note}",
        alt=f"Box plots of {title}; means {means}.",
    )


def _anova_table(result: AnovaResult) -> Table:
    c, w = result.classical, result.welch
    rows: list[tuple[object, ...]] = [
        ("Between groups", c.df_factor, c.ss_factor, c.ms_factor, c.f, words.p_value(c.p_value)),
        ("Within groups", c.df_error, c.ss_error, c.ms_error, "", ""),
        ("Total", c.df_factor + c.df_error, c.ss_total, "", "", ""),
        ("Welch", f"{w.df_num:g}; {w.df_den:.1f}", "", "", w.f, words.p_value(w.p_value)),
    ]
    return Table("Analysis of variance", ("Source", "df", "SS", "MS", "F", "p"), rows)


def _group_table(result: AnovaResult) -> Table:
    rows = [
        (name, g.size, float(g.mean()), float(g.std(ddof=1)), *interval)
        for name, g, interval in zip(
            result.grouped.names, result.grouped.groups, result.grouped.intervals(), strict=True
        )
    ]
    return Table("Groups", ("Group", "n", "Mean", "StDev", "95 % from", "95 % to"), rows)


def _pair_table(result: AnovaResult) -> Table:
    p = result.pairs
    rows = [
        (
            _pair_words(p.pair[i]),
            float(p.difference[i]),
            float(p.ci_lower[i]),
            float(p.ci_upper[i]),
            words.p_value(float(p.p_adjusted[i])),
        )
        for i in range(len(p.pair))
    ]
    name = "Tukey" if result.options.equal_variances else "Games-Howell"
    return Table(f"Pairs ({name})", ("Pair", "Difference", "From", "To", "p"), rows)


ONE_WAY_ANOVA = Analysis(
    id="test.anova_oneway",
    version=1,
    title="One-way ANOVA",
    group="Compare",
    question="Do several groups differ on average?",
    phases="AI",
    also_called=(
        "analysis of variance",
        "Welch ANOVA",
        "Games-Howell",
        "Tukey",
        "compare averages",
    ),
    roles=(
        Role("value", "Value", NUMBER, many=True, help="One column, or one column per group"),
        Role("group", "Group", CATEGORY, required=False, help="Which group a row belongs to"),
    ),
    options=AnovaOptions,
    compute=compute,
    present=present,
)
