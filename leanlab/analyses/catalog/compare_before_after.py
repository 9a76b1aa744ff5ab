"""Before and after: did the level of one metric move, and does the data show it?"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.change import Change, change_between
from leanlab.analyses.control import ChartResult, chart_of, order_check, points_table
from leanlab.analyses.declare import (
    CATEGORY,
    NUMBER,
    ORDER,
    Analysis,
    Chart,
    Check,
    Columns,
    Finding,
    Level,
    Presentation,
    Role,
    Table,
    Unfinished,
)
from leanlab.analyses.measure import Measure, numbers_of
from leanlab.analyses.points import Points, points_of, row_order, singles
from leanlab.analyses.rules import rule_set, rule_words
from leanlab.analyses.sentences import check, enough, sentence
from leanlab.analyses.value_checks import odd_groups_check
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats import spc

FEWEST = 2
FEW_TO_JUDGE = 3
PROMISING_FROM, CONFIRMED_FROM = 12, 20
FEW_FOR_STABILITY = 8
POINTS_PER_SIGNAL, FAR = 50, 4.0  # sigma
LIKELY = 0.65  # the level seems to have moved before the change: t as a share of the below
CERTAIN = 1.0  # t as a share of what chance exceeds in 2.5 % of cases
DIRECTIONS = {
    "auto": "As the metric says", "lower": "Lower is better", "higher": "Higher is better",
    "target": "Close to the target is better",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BeforeAfterOptions:
    """What the user can choose."""

    direction: str = option(
        "auto", "Better is", choices=DIRECTIONS, basic=True,
        help="Without a metric, lower is taken as better",
    )  # fmt: skip
    target: float | None = option(None, "Target", basic=True, help="Empty: taken from the metric")
    before: str = option("", "Stage before", help="Empty: the first stage")
    after: str = option("", "Stage after", help="Empty: the last stage")
    use_excluded: bool = option(
        default=True,
        label="Count excluded points too",
        help="The proof rests on all rows unless you say otherwise; both results are shown where "
        "they differ",
    )
    confidence: float = option(0.95, "Confidence", minimum=0.5, maximum=0.999)


@dataclass(frozen=True, slots=True)
class Needed:
    """How many points after the change would show a change of this size."""

    points: int
    size: float
    observed: bool  # the size is the one seen so far


@dataclass(frozen=True, slots=True)
class Calm:
    """Whether a stage is stable, and how often a rule fired in it."""

    stable: bool | None = None  # None = too few points to judge
    signals: int = 0

    @property
    def key(self) -> str:
        """The last part of the sentence that says it."""
        if self.stable is None:
            return "few"
        return "unstable" if not self.stable else "chance" if self.signals else "stable"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one choice of points says of the change."""

    change: Change
    verdict: str  # confirmed, promising, too_early, not_shown, worse
    reasons: tuple[str, ...]  # why a shown change is not confirmed yet: sentence keys
    better: bool  # the observed change goes the right way
    gain: float  # its size, positive when it goes the right way
    after: Calm
    before: Calm


@dataclass(frozen=True, slots=True, eq=False)
class BeforeAfterResult:
    """The change, with all points and without the excluded ones, and its verdict."""

    change: Change
    verdict: str
    reasons: tuple[str, ...]
    better: bool
    other: Judgement | None  # the same with or without the excluded points
    needed: Needed | None  # what would decide
    decides_on: str  # date on which they will be there
    after: Calm
    before: Calm
    days_after: int | None  # how long the period after the change is; None without dates
    target: float | None
    guarded: bool  # a counter-metric: it need not improve
    stages: tuple[str, str]
    excluded: int
    groups: tuple[FloatArray, FloatArray]
    chart: ChartResult
    options: BeforeAfterOptions


def compute(columns: Columns, options: BeforeAfterOptions) -> BeforeAfterResult:
    """Compare two stages of one metric."""
    order, ordering = row_order(columns)
    points = points_of(columns, singles(order), ordering)
    column = columns.one("value")
    values = numbers_of(column)[order]
    if points.stages is None and len(points.rows):
        raise _undivided(_charted(columns, points, values, Measure.of(column), None))
    names = _stage_names(points, options)
    parts = tuple(_part(points, values, name) for name in names)
    excluded = int(points.excluded[np.concatenate(parts)].sum())
    target = columns.spec.target if options.target is None else options.target
    direction = columns.spec.direction or "lower" if options.direction == "auto" else options.direction  # fmt: skip
    kept = tuple(part[~points.excluded[part]] for part in parts)
    used, rest = (parts, kept) if options.use_excluded else (kept, parts)
    found, other = (
        _judgement([values[part] for part in chosen], names, direction, target, options)
        for chosen in (used, rest)
    )
    if found is None:
        raise _too_few(names, used, values)
    needed = _needed(found.change, found.gain, target) if found.verdict == "too_early" else None
    verdict = "not_shown" if found.verdict == "too_early" and needed is None else found.verdict
    return BeforeAfterResult(
        change=found.change,
        verdict=verdict,
        reasons=found.reasons,
        better=found.better,
        other=other if excluded else None,
        needed=needed,
        decides_on=_date_of(columns, order, parts[1], needed, found.change.n_after),
        after=found.after,
        before=found.before,
        days_after=_days_of(columns, order, parts[1]),
        target=target,
        guarded=columns.spec.guard,
        stages=names,
        excluded=excluded,
        groups=(_known(values[used[0]]), _known(values[used[1]])),
        chart=_charted(columns, points, values, Measure.of(column), target),
        options=options,
    )


def _stage_names(points: Points, options: BeforeAfterOptions) -> tuple[str, str]:
    if points.stages is None or not len(points.rows):
        raise DataProblem("There are no values.", hint="Choose a column with numbers.")
    known = list(dict.fromkeys(str(s) for s in points.stages))
    for chosen in (options.before, options.after):
        if chosen and chosen not in known:
            raise DataProblem(
                f"There is no stage named '{chosen}'.", hint=f"Stages: {', '.join(known)}."
            )
    before, after = options.before or known[0], options.after or known[-1]
    if before == after:
        raise DataProblem(
            f"There is only one stage, '{before}'.",
            hint="Mark the first point after the change, or choose a column with two stages.",
        )
    return before, after


def _undivided(chart: ChartResult) -> Unfinished:
    """Show the values as they are, so that the first point of the new stage can be marked."""
    message = "It is not known where before ends and after begins."
    hint = (
        "Choose the first point after the change on the chart and start a stage there (S), or "
        "choose the column that names the stages."
    )
    so_far = Presentation(
        findings=(Finding("verdict", message), Finding("next", hint)), report_card=(),
        charts=(chart_of(chart),), tables=(points_table(chart),),
    )  # fmt: skip
    return Unfinished(message, hint=hint, so_far=so_far)


def _part(points: Points, values: FloatArray, name: str) -> IntArray:
    assert points.stages is not None  # noqa: S101 - _stage_names refused it
    stages = np.asarray([str(s) for s in points.stages])
    return np.asarray(np.flatnonzero((stages == name) & np.isfinite(values)), dtype=np.int64)


def _known(values: FloatArray) -> FloatArray:
    return np.asarray(values[np.isfinite(values)])


def _judgement(
    stages: list[FloatArray], names: tuple[str, str], direction: str, target: float | None,
    options: BeforeAfterOptions,
) -> Judgement | None:  # fmt: skip
    """Judge the values of both stages; None where one has too few."""
    groups = [_known(stage) for stage in stages]
    if min(g.size for g in groups) < FEWEST:
        return None
    if any(np.abs(g).max() > 1e150 for g in groups):
        raise DataProblem(
            f"A value of '{names[0]}' or '{names[1]}' is too large to compute with.",
            hint="Check the decimal mark and the unit.",
        )
    if all(np.ptp(g) == 0 for g in groups):
        raise DataProblem(
            "The values do not vary within the two stages, so chance cannot be judged.",
            hint="Check rounding, or choose another column.",
        )
    change = change_between(groups[0], groups[1], options.confidence)
    gain = _gain(change, direction, target)
    calm_before, calm_after = (_calm(group) for group in groups)
    moving = _moving(*groups)
    verdict, reasons = _judged(change, gain, stable=calm_after.stable, moving=moving)
    return Judgement(change, verdict, reasons, gain > 0, gain, calm_after, calm_before)


def _too_few(names: tuple[str, str], parts: Any, values: FloatArray) -> DataProblem:
    sizes = [int(np.isfinite(values[p]).sum()) for p in parts]
    small = int(np.argmin(sizes))
    return DataProblem(
        f"Stage '{names[small]}' has {words.count(sizes[small], 'value')}.",
        hint="Each stage needs at least two; three to ten say more, and twenty decide.",
    )


def _gain(change: Change, direction: str, target: float | None) -> float:
    """Return the size of the change, positive when it goes the right way."""
    if direction == "higher":
        return change.difference
    if direction == "target" and target is not None:
        return abs(change.mean_before - target) - abs(change.mean_after - target)
    return -change.difference


def _days_of(columns: Columns, order: IntArray, part: IntArray) -> int | None:
    """Return how many days a stage covers; None where its points have no dates."""
    if not columns.has("order") or columns.one("order").kind != "datetime" or not part.size:
        return None
    times = np.asarray(columns.one("order").values, dtype="datetime64[s]")[order][part]
    known = times[~np.isnat(times)]
    if not known.size:
        return None
    return int((known.max() - known.min()) / np.timedelta64(1, "D")) + 1


def _calm(values: FloatArray) -> Calm:
    """Judge whether a stage is stable: no signal, or no more than chance gives a stable process.

    The standard rules fire once in some 250 points of a stable process; so one signal that is
    not far out is forgiven for every whole fifty points.
    """
    if values.size < FEW_FOR_STABILITY:
        return Calm()
    try:
        panel = spc.i_mr(values, rules=rule_set("standard")).panels[0]
    except DataProblem:
        return Calm()
    at = panel.any_signal
    signals = int(1 + np.count_nonzero(np.diff(at) > 1)) if at.size else 0
    width = (panel.ucl - panel.center) * FAR / 3
    far = bool((np.abs(panel.points - panel.center) > width)[at].any())
    return Calm(signals <= values.size // POINTS_PER_SIGNAL and not far, signals)


def _moving(before: FloatArray, after: FloatArray) -> bool:
    """Whether a level that already moved before the change explains what is found after it.

    That is so if it seems to have moved the way of the change (one in ten by chance), and if
    beside a slope that goes through both stages no step is left.
    """
    if before.size < FEW_FOR_STABILITY:
        return False
    way = np.sign(after.mean() - before.mean())
    at: FloatArray = np.arange(before.size + after.size, dtype=np.float64)
    at -= at.mean()
    first = at[: before.size]
    if way * _beyond_chance(first[:, None], before) < LIKELY:
        return False
    step = (np.arange(at.size) >= before.size).astype(np.float64)
    return way * _beyond_chance(np.column_stack((at, step)), np.r_[before, after]) < CERTAIN


def _beyond_chance(columns: FloatArray, values: FloatArray) -> float:
    """Return t of the last column's coefficient, as a multiple of what chance seldom exceeds."""
    from scipy.special import stdtrit

    matrix = np.column_stack((np.ones(len(values)), columns))
    found = np.linalg.lstsq(matrix, values, rcond=None)[0]
    left = values - matrix @ found
    df = len(values) - matrix.shape[1]
    spread = float(left @ left) / df * float(np.linalg.inv(matrix.T @ matrix)[-1, -1])
    t = float(found[-1]) / np.sqrt(spread) if spread > 0 else np.sign(found[-1]) * np.inf
    return float(t / stdtrit(df, 0.975))


def _judged(
    change: Change, gain: float, *, stable: bool | None, moving: bool
) -> tuple[str, tuple[str, ...]]:
    """Return the verdict, and what keeps a shown change from being confirmed."""
    few = min(change.n_before, change.n_after) < FEW_TO_JUDGE
    if change.shown and gain < 0:
        return "too_early" if few else "worse", ()
    if not change.shown:
        return ("not_shown" if change.n_after >= CONFIRMED_FROM else "too_early"), ()
    if few:
        return "too_early", ()
    found = {
        "proof.because.few": change.n_after < CONFIRMED_FROM,
        "proof.because.related": change.related,
        "proof.because.unstable": stable is False,
        "proof.because.moving": moving,
    }
    reasons = tuple(key for key, holds in found.items() if holds)
    return ("promising" if reasons else "confirmed"), reasons


def _needed(change: Change, gain: float, target: float | None) -> Needed | None:
    """Return what would decide: the change seen so far, else one to the target, or of one or two sigma."""
    if change.shown:
        return Needed(FEW_TO_JUDGE, abs(change.difference), observed=True)
    wished = [(abs(change.mean_before - target), False)] if target is not None else []
    wished += [(change.sd_before, False), (2 * change.sd_before, False)]
    if gain > 0:
        wished.insert(0, (abs(change.difference), True))
    for size, observed in wished:
        points = change.points_needed(size) if size > 0 else None
        if points is not None and (observed or change.n_after < PROMISING_FROM):
            return Needed(max(points, FEW_TO_JUDGE), size, observed)
    return None


def _date_of(
    columns: Columns, order: IntArray, after: IntArray, needed: Needed | None, have: int
) -> str:
    """Return the date on which so many points will be there, at the usual pace."""
    if needed is None or not columns.has("order") or columns.one("order").kind != "datetime":
        return ""
    times = np.asarray(columns.one("order").values, dtype="datetime64[s]")[order]
    known = times[~np.isnat(times)]
    if known.size < 3 or not after.size:
        return ""
    since = np.sort(times[after][~np.isnat(times[after])])  # the pace of today, if it is known
    paced = since if since.size >= FEW_TO_JUDGE else known
    step = np.median(np.diff(paced.astype(np.int64)))
    last = known[-1].astype(np.int64)
    day = np.datetime64(int(last + step * (needed.points - have)), "s").astype("datetime64[D]")
    return str(day)


def _charted(
    columns: Columns, points: Points, values: FloatArray, measure: Measure, target: float | None
) -> ChartResult:
    """Return the individuals chart of the values by stage; limits leave out excluded points."""
    rules = rule_set("standard")
    chart = _individuals(values, points, rules)
    chart = replace(chart, panels=chart.panels[:1])
    return ChartResult(
        chart=chart, points=points, title=ANALYSIS.title, measure=measure, rules=rules,
        rule_words=rule_words("standard"), spec=(None, None, target), note=columns.note,
    )  # fmt: skip


def _individuals(values: FloatArray, points: Points, rules: Any) -> Any:
    """Chart the values; where a stage is too short for moving ranges, pool the spread."""
    shared = {"stages": points.stages, "rules": rules}
    try:
        return spc.i_mr(values, excluded=points.excluded, limits_base=points.limits_base, **shared)
    except DataProblem:
        known = values[np.isfinite(values)]
        sigma = float(known.std(ddof=1)) if np.ptp(known) > 0 else 1.0
        return spc.i_mr(values, sigma_method="historical", historical_sigma=sigma, **shared)


# findings ------------------------------------------------------------------------------------

LEVELS: dict[str, Any] = {
    "confirmed": "good", "promising": "good", "too_early": "info", "not_shown": "warning",
    "worse": "bad",
}  # fmt: skip


def present(result: BeforeAfterResult) -> Presentation:
    """Give one of five verdicts, the size of the change and what would decide."""
    card = _card(result)
    return Presentation(
        findings=(
            Finding("verdict", _verdict(result), _level(result)),
            Finding("evidence", _evidence(result)),
            Finding("size", _size(result)),
            Finding("next", _next(result)),
        ),
        report_card=card,
        charts=(_chart(result), _difference_chart(result)),
        tables=(_table(result), points_table(result.chart)),
        numbers=_numbers(result),
        plain=_plain(result),
    )


UNMOVED = frozenset({"too_early", "not_shown"})


def _watched(result: BeforeAfterResult) -> bool:
    """Whether a metric that must only not get worse shows no change: that is good enough."""
    return result.guarded and result.verdict in UNMOVED


def _level(result: BeforeAfterResult) -> Any:
    if _watched(result):
        return "good" if result.verdict == "not_shown" else "info"
    return LEVELS[result.verdict]


def _slots(result: BeforeAfterResult) -> dict[str, object]:
    change, measure = result.change, result.chart.measure
    before, after = measure.apart(change.mean_before, change.mean_after)
    return {
        "name": measure.name, "before": before, "after": after,
        "course": measure.course(change.mean_before, change.mean_after), "first": result.stages[0],
        "second": result.stages[1], "n_before": change.n_before, "n_after": change.n_after,
        "change": measure.signed(change.difference), "low": measure.signed(change.low),
        "high": measure.signed(change.high),
        "confidence": f"{change.confidence * 100:g} %", "more": _more(result),
        "when": _when(result), "size": measure.gap(result.needed.size if result.needed else None),
    }  # fmt: skip


def _key(family: str, result: BeforeAfterResult) -> str:
    if _watched(result):
        return f"{family}.guard.{result.verdict}"
    if result.needed is not None and not result.needed.observed:
        return f"{family}.too_early.larger"
    return f"{family}.{result.verdict}"


def _more(result: BeforeAfterResult) -> str:
    wanted = result.needed.points if result.needed else 0
    count = max(0, wanted - result.change.n_after)
    return words.count(count, "more point")


def _when(result: BeforeAfterResult) -> str:
    return f", about {words.day(result.decides_on)}" if result.decides_on else ""


def _verdict(result: BeforeAfterResult) -> str:
    text = sentence(_key("proof", result), **_slots(result))
    if result.verdict != "promising":
        return text
    reasons = [sentence(key, n_after=result.change.n_after) for key in result.reasons]
    return f"{text} {sentence('proof.because', reasons=' and '.join(reasons))}"


def _evidence(result: BeforeAfterResult) -> str:
    change = result.change
    text = sentence(
        "proof.evidence", t=words.number(change.t, 2), df=words.number(change.df, 1),
        p=words.p_phrase(change.p_value), n_before=change.n_before, n_after=change.n_after,
    )  # fmt: skip
    if change.counts_less:
        effective = words.number(change.effective_before + change.effective_after, 0)
        text += " " + sentence("proof.effective", r=words.number(change.r1, 2), effective=effective,
                               n=change.n_before + change.n_after)  # fmt: skip
    elif change.too_few_to_correlate and change.shown:
        text += " " + sentence("proof.unknown")
    if result.after.stable is not None:
        text += " " + sentence(
            f"proof.{result.after.key}", second=result.stages[1], signals=result.after.signals,
            n_after=change.n_after,
        )  # fmt: skip
    if result.before.stable is False:
        text += " " + sentence("proof.unstable.before", first=result.stages[0])
    if result.days_after is not None:
        text += " " + sentence("proof.length", second=result.stages[1], days=result.days_after)
    return text


def _size(result: BeforeAfterResult) -> str:
    parts = [sentence("proof.size", **_slots(result)), _gap(result), _other(result)]
    return " ".join(part for part in parts if part)


def gap_closed(result: BeforeAfterResult) -> float | None:
    """Return the share of the way from before to the target that was gone."""
    if result.target is None:
        return None
    way = result.target - result.change.mean_before
    return result.change.difference / way if way else None


def _gap(result: BeforeAfterResult) -> str:
    closed = gap_closed(result)
    if closed is None:
        return ""
    target = result.chart.measure.full(result.target)
    if closed >= 1:
        return sentence("proof.gap.reached", target=target)
    return sentence("proof.gap", target=target, share=words.number(100 * max(closed, 0.0), 0))


_VERDICTS = {
    "confirmed": "confirmed", "promising": "promising", "too_early": "not shown yet",
    "not_shown": "not shown yet", "worse": "worse",
}  # fmt: skip


def _other(result: BeforeAfterResult) -> str:
    """Tell the second result where exclusions change the first."""
    if result.other is None:
        return ""
    measure, other = result.chart.measure, result.other.change
    key = "proof.without" if result.options.use_excluded else "proof.with"
    verdict = _VERDICTS[result.other.verdict]
    return sentence(
        key, points=words.count(result.excluded, "excluded point"), change=measure.signed(other.difference),
        low=measure.signed(other.low), high=measure.signed(other.high),
        shown="" if verdict == _VERDICTS[result.verdict] else sentence("proof.flips", verdict=verdict),
    )  # fmt: skip


def _next(result: BeforeAfterResult) -> str:
    if _watched(result):
        return sentence("proof.next.guard")
    if result.verdict == "promising":
        first = result.reasons[0].rpartition(".")[2]
        missing = words.count(CONFIRMED_FROM - result.change.n_after, "more point")
        return sentence(f"proof.next.promising.{first}", more=missing)
    change = result.change
    if result.verdict == "not_shown" and change.points_needed(2 * change.sd_before) is None:
        return sentence("proof.next.not_shown.few", n_before=change.n_before)
    return sentence(f"proof.next.{result.verdict}", **_slots(result))


def _plain(result: BeforeAfterResult) -> str:
    return sentence(_key("proof.plain", result), **_slots(result))


CALM_LEVELS: dict[bool | None, Level] = {None: "grey", True: "green", False: "amber"}


def _card(result: BeforeAfterResult) -> tuple[Check, ...]:
    change = result.change
    level: Level = enough(change.n_after, CONFIRMED_FROM, FEW_TO_JUDGE)
    slots = {"n_before": change.n_before, "n_after": change.n_after}
    after, before = result.after, result.before
    return (
        check("data", level, "card.proof.data", **slots),
        order_check(result.chart.points),
        check(
            "stable", CALM_LEVELS[after.stable], f"card.after.{after.key}", signals=after.signals
        ),
        check(
            "stable_before",
            CALM_LEVELS[before.stable],
            f"card.before.{before.key}",
            signals=before.signals,
        ),
        _independence_check(change),
        odd_groups_check(list(result.groups)),
    )


def _independence_check(change: Change) -> Check:
    """Say whether neighbouring points stand for themselves."""
    level: Level = "amber" if change.related else "grey" if change.too_few_to_correlate else "green"
    key = {"amber": "", "grey": ".few", "green": ".slight" if change.counts_less else ".ok"}[level]
    return check("independence", level, f"card.effective{key}", r=words.number(change.r1, 2))


def _numbers(result: BeforeAfterResult) -> dict[str, Any]:
    change = result.change
    names = (
        "n_before", "n_after", "mean_before", "mean_after", "sd_before", "sd_after",
        "effective_before", "effective_after", "r1", "difference", "t", "df", "p_value",
    )  # fmt: skip
    out: dict[str, Any] = {"verdict": result.verdict}
    out |= {name: getattr(change, name) for name in names}
    out |= {
        "ci": (change.low, change.high), "points_needed": result.needed.points if result.needed else None,
        "decides_on": result.decides_on or None, "gap_closed": gap_closed(result),
        "excluded": result.excluded, "stable_after": result.after.stable,
        "stable_before": result.before.stable, "days_after": result.days_after,
    }  # fmt: skip
    if result.other is not None:
        which = "without_excluded" if result.options.use_excluded else "all_points"
        other = result.other.change
        out |= {
            f"{which}.difference": other.difference, f"{which}.ci": (other.low, other.high),
            f"{which}.verdict": result.other.verdict,
        }  # fmt: skip
    return out


def _chart(result: BeforeAfterResult) -> Chart:
    first, second = result.stages
    return chart_of(result.chart, f"{result.chart.measure.name}: {first} and {second}")


def _difference_chart(result: BeforeAfterResult) -> Chart:
    change, measure = result.change, result.chart.measure
    rows = [("Change", change)]
    if result.other is not None:
        names = ("All points", "Without excluded") if result.options.use_excluded else ("Without excluded", "All points")  # fmt: skip
        rows = list(zip(names, (change, result.other.change), strict=True))
    return Chart(
        f"Change of {measure.name}",
        partial(_draw_change, rows, measure),
        caption=sentence("proof.caption.change", confidence=f"{change.confidence * 100:g} %", n=change.n_before + change.n_after),
        alt=sentence("proof.size", **_slots(result)),
    )  # fmt: skip


def _draw_change(rows: list[tuple[str, Change]], measure: Measure, figure: Any, theme: Any) -> None:
    from leanlab.figures.intervals import Interval, draw_intervals

    shown = [Interval(name, c.difference, c.low, c.high, marked=c.shown) for name, c in rows]
    draw_intervals(figure, theme, shown, f"Change of {measure.axis}", measure.decimals, zero=0.0)


def _table(result: BeforeAfterResult) -> Table:
    change = result.change
    rows: list[tuple[object, ...]] = [
        (result.stages[0], change.n_before, change.mean_before, change.sd_before),
        (result.stages[1], change.n_after, change.mean_after, change.sd_after),
    ]
    return Table("Stages", ("Stage", "n", "Mean", "Standard deviation"), rows)


ANALYSIS = Analysis(
    id="compare.before_after",
    version=1,
    title="Before and after",
    group="Compare",
    place=5,
    question="Did the change improve the metric?",
    phases="IC",
    also_called=(
        "before/after comparison", "proof of improvement", "staged control chart", "SMED result",
        "did it work", "improvement", "pre and post",
    ),
    roles=(
        Role("value", "Value", NUMBER, help="One value per row, in time order"),
        Role("stage", "Stage", CATEGORY, required=False, help="Names before and after; or mark the stage on the chart"),
        Role("order", "Order", ORDER, required=False, help="Date or sequence number"),
        Role("label", "Label", ORDER, required=False, help="Shown along the axis"),
    ),
    options=BeforeAfterOptions,
    compute=compute,
    present=present,
    edits_points=True,
)  # fmt: skip
