"""2-sample t (Welch): do two groups differ on average?"""

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
from leanlab.analyses.sentences import check, enough, sentence
from leanlab.analyses.value_checks import odd_groups_check, skewness
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option


@dataclass(frozen=True, slots=True)
class TwoSampleTOptions:
    """What the user can choose."""

    confidence: float = option(0.95, "Confidence", minimum=0.5, maximum=0.999, basic=True)
    matters: float | None = option(
        None, "Difference that matters", minimum=0, basic=True,
        help="The smallest difference worth acting on",
    )  # fmt: skip
    alternative: str = option(
        "two.sided", "Alternative",
        choices={"two.sided": "Different", "greater": "First is higher", "less": "First is lower"},
    )  # fmt: skip
    difference0: float = option(0.0, "Difference to test against")


@dataclass(frozen=True, slots=True)
class TwoSampleTResult:
    """The test and the groups it compared."""

    test: Any
    grouped: Grouped
    options: TwoSampleTOptions

    @property
    def shown(self) -> bool:
        """Whether the data show a difference."""
        return bool(self.test.p_value < 1 - self.options.confidence)


def compute(columns: Columns, options: TwoSampleTOptions) -> TwoSampleTResult:
    """Compare two groups, or two columns."""
    from leanlab.stats import hypothesis

    grouped = grouped_values(columns)
    if len(grouped.names) != 2:
        raise DataProblem(
            f"This test compares two groups; there {'is one' if len(grouped.names) == 1 else f'are {len(grouped.names)}'}.",
            hint="Use one-way ANOVA for more groups, or filter the data to two.",
        )
    test = hypothesis.t_two_sample_welch(
        *grouped.groups,
        alternative=options.alternative,
        confidence=options.confidence,
        difference0=options.difference0,
    )
    return TwoSampleTResult(test, grouped, options)


def present(result: TwoSampleTResult) -> Presentation:
    """Verdict, evidence, size, next."""
    sizes = " and ".join(str(g.size) for g in result.grouped.groups)
    card = _card(result)
    return Presentation(
        findings=_findings(result, card),
        report_card=card,
        charts=(
            group_chart(result.grouped, sentence("two_sample.caption", n=sizes)),
            _difference_chart(result),
        ),
        tables=(_table(result),),
        numbers={
            name: getattr(result.test, name)
            for name in ("mean_x", "mean_y", "difference", "t", "df", "p_value", "ci")
        },
        plain=_plain(result),
    )


def _findings(result: TwoSampleTResult, card: tuple[Check, ...]) -> tuple[Finding, ...]:
    test, grouped, measure = result.test, result.grouped, result.grouped.measure
    first, second = grouped.names
    if result.shown:
        verdict = Finding("verdict", _difference(result, "two_sample.differs"), "good")
    else:
        verdict = Finding("verdict", sentence("two_sample.unclear", first=first, second=second))
    low, high = (None if v is None or not np.isfinite(v) else v for v in test.ci)
    span = sentence(
        "two_sample.interval.shown" if result.shown else "two_sample.interval.open",
        low="any size" if low is None else measure.signed(low),
        high="any size" if high is None else measure.signed(high),
        confidence=f"{result.options.confidence * 100:g} %",
    )
    evidence = sentence(
        "two_sample.evidence", t=words.number(test.t, 2), df=words.number(test.df, 1),
        p=words.p_phrase(test.p_value), n1=grouped.groups[0].size, n2=grouped.groups[1].size,
    )  # fmt: skip
    return (
        warned(verdict, card),
        Finding("evidence", evidence),
        Finding(
            "size", " ".join(filter(None, (span, _against_what_matters(result), _medians(result))))
        ),
        Finding("next", _next(result)),
    )


def _difference(result: TwoSampleTResult, key: str) -> str:
    higher = result.test.difference > 0
    measure, (first, second) = result.grouped.measure, result.grouped.names
    return sentence(key, name=measure.name, first=first, second=second,
                    side="higher" if higher else "lower", size=measure.gap(result.test.difference))  # fmt: skip


def _plain(result: TwoSampleTResult) -> str:
    if result.shown:
        return _difference(result, "two_sample.plain.differs")
    first, second = result.grouped.names
    return sentence("two_sample.plain.unclear", first=first, second=second)


def _against_what_matters(result: TwoSampleTResult) -> str:
    delta = result.options.matters
    if not delta or result.options.alternative != "two.sided":
        return ""
    low, high = result.test.ci
    shown = result.grouped.measure.full(delta)
    if -delta < low and high < delta:
        return sentence("two_sample.matters.less", delta=shown)
    if low > delta or high < -delta:
        return sentence("two_sample.matters.more", delta=shown)
    return sentence("two_sample.matters.open", delta=shown)


def _medians(result: TwoSampleTResult) -> str:
    """Show medians too where a long tail pulls the average."""
    if max(abs(skewness(g)) for g in result.grouped.groups) <= 1:
        return ""
    first, second = (
        result.grouped.measure.full(float(np.median(g))) for g in result.grouped.groups
    )
    return sentence("two_sample.medians", first=first, second=second)


def _needed(result: TwoSampleTResult) -> tuple[float, int]:
    """Return a difference worth finding and how many values per group it takes."""
    from leanlab.stats import power

    pooled = float(np.sqrt(np.mean([g.var(ddof=1) for g in result.grouped.groups])))
    delta = result.options.matters or pooled / 2
    needed = power.t_two_sample(
        difference=delta, sd=pooled, alpha=1 - result.options.confidence, target_power=0.8
    )
    return delta, needed.n


def _next(result: TwoSampleTResult) -> str:
    if result.shown:
        return sentence("two_sample.next.differs", by=result.grouped.by)
    delta, needed = _needed(result)
    return sentence("two_sample.next.unclear", delta=result.grouped.measure.gap(delta), needed=needed)  # fmt: skip


def _card(result: TwoSampleTResult) -> tuple[Check, ...]:
    groups = list(result.grouped.groups)
    smallest = min(g.size for g in groups)
    level = enough(smallest, 15, 5)
    return (
        check("data", level, f"card.group.{'green' if level == 'green' else 'more'}", values=words.count(smallest, "value"), wish=15),
        check("equal_spread", "green", "card.equal_spread.welch"),
        odd_groups_check(groups),
        _power_check(result, smallest),
        check("fit", "grey", "card.fit.pairs"),
    )  # fmt: skip


def _power_check(result: TwoSampleTResult, smallest: int) -> Check:
    if result.shown:
        return check("power", "green", "card.power.shown")
    delta, needed = _needed(result)
    level = "green" if smallest >= needed else "amber" if smallest >= needed / 2 else "red"
    return check("power", level, "card.power", delta=result.grouped.measure.gap(delta), needed=needed)  # type: ignore[arg-type]  # fmt: skip


def _difference_chart(result: TwoSampleTResult) -> Chart:
    grouped, test = result.grouped, result.test
    first, second = grouped.names
    confidence = f"{result.options.confidence * 100:g} %"

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.intervals import Interval, draw_intervals

        row = Interval(f"{first} − {second}", test.difference, test.ci[0], test.ci[1], result.shown)
        draw_intervals(
            figure, theme, [row], f"Difference in {grouped.measure.axis}", grouped.measure.decimals,
            zero=result.options.difference0, band=result.options.matters,
        )  # fmt: skip

    low, high = test.ci
    return Chart(
        f"Difference between {first} and {second}",
        draw,
        caption=with_notes(sentence("two_sample.caption.difference", confidence=confidence, n=grouped.n), grouped),
        alt=sentence("two_sample.alt.difference", difference=grouped.measure.signed(test.difference),
                     low=grouped.measure.show(low), high=grouped.measure.full(high)),
    )  # fmt: skip


def _table(result: TwoSampleTResult) -> Table:
    rows = [
        (name, g.size, float(g.mean()), float(g.std(ddof=1)), float(np.median(g)))
        for name, g in zip(result.grouped.names, result.grouped.groups, strict=True)
    ]
    return Table("Groups", ("Group", "n", "Mean", "Standard deviation", "Median"), rows)


ANALYSIS = Analysis(
    id="test.t_two_sample_welch",
    version=1,
    title="2-sample t (Welch)",
    group="Compare",
    place=10,
    question="Do two groups differ on average?",
    phases="AI",
    also_called=("t-test", "Student's t", "compare two averages", "independent samples", "unequal variances t-test"),
    roles=ROLES,
    options=TwoSampleTOptions,
    compute=compute,
    present=present,
)  # fmt: skip
