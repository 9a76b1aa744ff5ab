"""One-way ANOVA: do several groups differ on average? Welch beside the classical table."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.analyses.control import warned
from leanlab.analyses.declare import (
    Analysis,
    Chart,
    Check,
    Columns,
    Finding,
    Presentation,
    Table,
)
from leanlab.analyses.grouping import ROLES, Grouped, group_chart, grouped_values, with_notes
from leanlab.analyses.plotted import RowIds, plotted
from leanlab.analyses.sentences import check, enough, sentence
from leanlab.analyses.value_checks import odd_groups_check
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray

MOST_PAIRS_DRAWN = 36


@dataclass(frozen=True, slots=True)
class AnovaOptions:
    """What the user can choose."""

    confidence: float = option(0.95, "Confidence", minimum=0.5, maximum=0.999, basic=True)
    equal_variances: bool = option(
        default=False,
        label="Assume equal spread",
        help="Judge by the classical table and Tukey's intervals instead of Welch and Games-Howell",
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
    def test(self) -> Any:
        """The test that the verdict rests on."""
        return self.classical if self.options.equal_variances else self.welch

    @property
    def shown(self) -> bool:
        """Whether the data show a difference."""
        return bool(self.test.p_value < 1 - self.options.confidence)

    @property
    def largest(self) -> int:
        """The pair with the largest gap."""
        return int(np.argmax(np.abs(np.asarray(self.pairs.difference, dtype=np.float64))))

    def pair(self, index: int) -> tuple[str, str]:
        """Return the names of a pair; the difference is the first minus the second."""
        names = self.grouped.names
        pairs = [(j, i) for i in range(len(names)) for j in range(i + 1, len(names))]
        return names[pairs[index][0]], names[pairs[index][1]]


def compute(columns: Columns, options: AnovaOptions) -> AnovaResult:
    """Compare the averages of two or more groups."""
    from leanlab.stats import hypothesis

    grouped = grouped_values(columns)
    if len(grouped.names) < 2:
        raise DataProblem(
            f"All rows belong to group '{grouped.names[0]}'.",
            hint="Choose a group column with at least two different values.",
        )
    groups = dict(zip(grouped.names, grouped.groups, strict=True))
    compared = hypothesis.tukey_hsd if options.equal_variances else hypothesis.games_howell
    return AnovaResult(
        classical=hypothesis.anova_oneway(groups, confidence=options.confidence),
        welch=hypothesis.anova_welch(groups),
        pairs=compared(groups, confidence=options.confidence),
        grouped=grouped,
        options=options,
    )


def present(result: AnovaResult) -> Presentation:
    """Verdict, evidence, size, next; both tables."""
    card, method = _card(result), _method(result)
    caption = sentence("anova.caption", method=method, n=result.grouped.n)
    return Presentation(
        findings=_findings(result, card),
        report_card=card,
        charts=(
            group_chart(result.grouped, caption),
            _means_chart(result),
            _pairs_chart(result),
            _residual_chart(result),
        ),
        tables=(_anova_table(result), _group_table(result), _pair_table(result)),
        numbers=_numbers(result),
        plain=_plain(result),
    )


def _method(result: AnovaResult) -> str:
    return "classical, equal spread" if result.options.equal_variances else "Welch"


def _numbers(result: AnovaResult) -> dict[str, Any]:
    classical, welch, pairs = result.classical, result.welch, result.pairs
    out = {name: getattr(classical, name) for name in classical.__dataclass_fields__}
    out |= {f"welch.{name}": getattr(welch, name) for name in welch.__dataclass_fields__}
    return out | {f"pairs.{name}": getattr(pairs, name) for name in pairs.__dataclass_fields__}


def _findings(result: AnovaResult, card: tuple[Check, ...]) -> tuple[Finding, ...]:
    at, measure, pairs = result.largest, result.grouped.measure, result.pairs
    first, second = _ordered(result, at)
    if result.shown:
        verdict = Finding("verdict", sentence("anova.differs", first=first, second=second), "good")
    else:
        verdict = Finding("verdict", sentence("anova.unclear", count=len(result.grouped.names)))
    sign = 1 if pairs.difference[at] >= 0 else -1
    ends = sorted((sign * float(pairs.ci_lower[at]), sign * float(pairs.ci_upper[at])))
    size = sentence(
        "anova.size", first=first, second=second, difference=measure.gap(float(pairs.difference[at])),
        low=measure.signed(ends[0]), high=measure.signed(ends[1]),
        confidence=f"{result.options.confidence * 100:g} %",
        share=words.percent(max(0.0, result.classical.omega_squared)),
    )  # fmt: skip
    evidence = sentence(
        "anova.evidence.classical" if result.options.equal_variances else "anova.evidence.welch",
        f=words.number(result.test.f, 2), p=words.p_phrase(result.test.p_value), n=result.grouped.n,
        pairs=int(np.sum(np.asarray(pairs.p_adjusted) < 1 - result.options.confidence)),
        all=len(pairs.pair),
    )  # fmt: skip
    return (
        warned(verdict, card),
        Finding("evidence", evidence),
        Finding("size", size),
        Finding("next", sentence("anova.next.differs" if result.shown else "anova.next.unclear")),
    )


def _ordered(result: AnovaResult, index: int) -> tuple[str, str]:
    """Return a pair with the higher group first."""
    first, second = result.pair(index)
    return (first, second) if result.pairs.difference[index] >= 0 else (second, first)


def _plain(result: AnovaResult) -> str:
    if not result.shown:
        return sentence("anova.plain.unclear", by=result.grouped.by, name=result.grouped.measure.name)  # fmt: skip
    first, second = _ordered(result, result.largest)
    size = result.grouped.measure.gap(float(result.pairs.difference[result.largest]))
    return sentence("anova.plain.differs", by=result.grouped.by, first=first, second=second, size=size)  # fmt: skip


def _card(result: AnovaResult) -> tuple[Check, ...]:
    groups = list(result.grouped.groups)
    smallest = min(g.size for g in groups)
    wish = 15 if len(groups) <= 9 else 20
    level = enough(smallest, wish, 4)
    spreads = [float(g.std(ddof=1)) for g in groups]
    ratio = max(spreads) / min(spreads) if min(spreads) > 0 else float("inf")
    trusted = not result.options.equal_variances or ratio < 2
    key = "card.equal_spread.welch" if not result.options.equal_variances else "card.equal_spread"
    return (
        check("data", level, f"card.group.{'green' if level == 'green' else 'more'}", values=words.count(smallest, "value"), wish=wish),
        check("equal_spread", "green" if trusted else "red", key, ratio=words.number(ratio, 1)),
        odd_groups_check(groups),
        check("fit", "grey", "card.fit.independent"),
    )  # fmt: skip


def comparison_intervals(result: AnovaResult) -> list[tuple[float, float]]:
    """Return an interval per mean such that two groups differ where theirs do not overlap.

    Half-widths follow Gabriel's idea: those that best reproduce the half-widths of all pairs.
    """
    names = result.grouped.names
    half = (np.asarray(result.pairs.ci_upper) - np.asarray(result.pairs.ci_lower)) / 2
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names))]
    design = np.zeros((len(pairs), len(names)))
    for row, (i, j) in enumerate(pairs):
        design[row, [i, j]] = 1.0
    widths = _least_squares(design, half)
    means = [float(g.mean()) for g in result.grouped.groups]
    return [(m - w, m + w) for m, w in zip(means, widths, strict=True)]


def _least_squares(design: FloatArray, half: FloatArray) -> FloatArray:
    if design.shape[1] == 2:
        return np.full(2, half[0] / 2)
    return np.maximum(np.linalg.lstsq(design, half, rcond=None)[0], 0.0)


def _means_chart(result: AnovaResult) -> Chart:
    grouped = result.grouped

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.intervals import Interval, draw_intervals

        rows = [
            Interval(name, float(values.mean()), low, high)
            for name, values, (low, high) in zip(
                grouped.names, grouped.groups, comparison_intervals(result), strict=True
            )
        ]
        draw_intervals(figure, theme, rows, f"Mean of {grouped.measure.axis}", grouped.measure.decimals)  # fmt: skip

    return Chart(
        "Means with comparison intervals",
        draw,
        caption=with_notes(sentence("anova.caption.means", n=grouped.n), grouped),
        alt=sentence("groups.alt", title="Means with comparison intervals", n=grouped.n, means=", ".join(
            f"{name} {grouped.measure.full(float(g.mean()))}" for name, g in zip(grouped.names, grouped.groups, strict=True))),
    )  # fmt: skip


def _pairs_chart(result: AnovaResult) -> Chart:
    grouped, pairs = result.grouped, result.pairs
    order = np.argsort(-np.abs(np.asarray(pairs.difference)))[:MOST_PAIRS_DRAWN]

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.intervals import Interval, draw_intervals

        rows = [
            Interval(
                " − ".join(result.pair(int(i))), float(pairs.difference[i]), float(pairs.ci_lower[i]),
                float(pairs.ci_upper[i]), marked=bool(pairs.p_adjusted[i] < 1 - result.options.confidence),
            )
            for i in order
        ]  # fmt: skip
        draw_intervals(figure, theme, rows, f"Difference in {grouped.measure.axis}", grouped.measure.decimals, zero=0.0)  # fmt: skip

    method = "Tukey" if result.options.equal_variances else "Games-Howell"
    count = int(np.sum(np.asarray(pairs.p_adjusted) < 1 - result.options.confidence))
    caption = sentence("anova.caption.pairs", method=method, n=grouped.n,
                       confidence=f"{result.options.confidence * 100:g} %")  # fmt: skip
    return Chart(
        "Differences between pairs",
        draw,
        caption=with_notes(caption, grouped),
        alt=sentence("anova.alt.pairs", count=count, all=len(pairs.pair)),
    )


def _residual_chart(result: AnovaResult) -> Chart:
    """Each value less the mean of its group: do the leftovers look bell-shaped?"""
    from leanlab.stats import normality

    grouped = result.grouped
    residual = np.concatenate([group - group.mean() for group in grouped.groups])
    at = np.argsort(residual, kind="stable")
    row_ids = np.concatenate([np.asarray(rows) for rows in grouped.rows])[at]
    names = np.repeat(np.arange(len(grouped.names)), [g.size for g in grouped.groups])[at]
    plot, rows, measure = normality.probability_plot(residual), RowIds(row_ids), grouped.measure

    def describe(index: int) -> str:
        away = measure.full(float(plot.values[index]))
        return f"row {int(row_ids[index])}, {grouped.names[names[index]]}, {away} from the mean"

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.distribution import draw_probability

        draw_probability(figure, theme, plot, f"residuals, {measure.axis}")

    return Chart(
        "What the groups do not explain",
        draw,
        caption=with_notes(sentence("anova.caption.residuals", n=grouped.n), grouped),
        alt=sentence(
            "summary.alt.plot", name=f"{measure.name} less the mean of its group", n=grouped.n
        ),
        point_rows=rows,
        points=plotted(rows, plot.values, plot.scores, describe),
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
    grouped = result.grouped
    rows = [
        (name, g.size, float(g.mean()), float(g.std(ddof=1)), *interval)
        for name, g, interval in zip(
            grouped.names, grouped.groups, grouped.intervals(), strict=True
        )
    ]
    columns = ("Group", "n", "Mean", "Standard deviation", "95 % from", "95 % to")
    return Table("Groups", columns, rows)


def _pair_table(result: AnovaResult) -> Table:
    p = result.pairs
    rows = [
        (
            " − ".join(result.pair(i)),
            float(p.difference[i]),
            float(p.ci_lower[i]),
            float(p.ci_upper[i]),
            words.p_value(float(p.p_adjusted[i])),
        )
        for i in range(len(p.pair))
    ]
    name = "Tukey" if result.options.equal_variances else "Games-Howell"
    return Table(f"Pairs ({name})", ("Pair", "Difference", "From", "To", "p"), rows)


ANALYSIS = Analysis(
    id="test.anova_oneway",
    version=1,
    title="One-way ANOVA",
    group="Compare",
    place=20,
    question="Do several groups differ on average?",
    phases="AI",
    also_called=("analysis of variance", "Welch ANOVA", "Games-Howell", "Tukey", "compare averages", "F test"),
    roles=ROLES,
    options=AnovaOptions,
    compute=compute,
    present=present,
)  # fmt: skip
