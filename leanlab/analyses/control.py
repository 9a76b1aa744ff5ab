"""What every control chart says: findings, report card, tables, picture, caption."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.change import change_between
from leanlab.analyses.declare import (
    Chart,
    ChartPoints,
    Check,
    Finding,
    Presentation,
    Table,
)
from leanlab.analyses.lazy_rows import LazyRows
from leanlab.analyses.measure import Measure
from leanlab.analyses.points import Points
from leanlab.analyses.sentences import check, enough, sentence
from leanlab.core import format as words
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.stats.control_chart import ControlChart, Lines, Panel
from leanlab.stats.run_rules import Rule

CHAOS_SHARE = 0.20
SETTLED = 100
FEW_FOR_LIMITS = 10
FEW_FOR_A_STAGE = 8
FEW_TO_COMPARE = 3
FEW_TO_END_A_SHIFT = 4  # points on the other side at the end of a stage


@dataclass(frozen=True, slots=True, eq=False)
class ChartResult:
    """A chart, the points it was made of, and how to speak of it."""

    chart: ControlChart
    points: Points
    title: str
    measure: Measure
    rules: Sequence[Rule]
    rule_words: str
    spec: tuple[float | None, float | None, float | None] = (None, None, None)  # lsl, usl, target
    checks: tuple[Check, ...] = ()
    least: int = FEW_FOR_LIMITS  # fewer points get no verdict
    span: int = 2  # points that one moving range stands for
    numbers: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Finding, ...] = ()
    note: str = ""

    @property
    def location(self) -> Panel:
        """The panel that shows the level."""
        return self.chart.panels[0]

    @property
    def n(self) -> int:
        """How many points are plotted."""
        return int(np.isfinite(self.location.points).sum())

    @property
    def stage_now(self) -> str:
        """The name of the last of several stages, else nothing."""
        names = self.chart.stage_names
        return names[int(self.chart.stage[-1])] if len(names) > 1 else ""

    @property
    def n_now(self) -> int:
        """How many points the present limits speak of: those that count in the last stage."""
        if not self.stage_now:
            return self.n
        here = self.chart.stage == self.chart.stage[-1]
        known = np.isfinite(self.location.points)
        return int((here & known & ~self.chart.excluded).sum())

    def at(self, index: int) -> str:
        """Name a point: "point 17 (26 Apr 2026)"."""
        label = self.points.labels[index] if self.points.labels else ""
        return f"point {index + 1} ({label})" if label else f"point {index + 1}"

    def judged(self, panel: Panel) -> IntArray:
        """Return the signals at points that were not excluded."""
        marked = panel.any_signal
        return np.asarray(marked[~self.left_out(panel)[marked]], dtype=np.int64)

    def left_out(self, panel: Panel) -> BoolArray:
        """Return the points of a panel that do not count; a moving range needs all its points."""
        out = self.chart.excluded
        if panel.id != "mr" or not out.any():
            return out
        reach = out.copy()
        for back in range(1, self.span):
            reach[back:] |= out[:-back]
        return reach


def presented(result: ChartResult) -> Presentation:
    """Turn a control chart into findings, report card, picture and tables."""
    return Presentation(
        findings=_findings(result),
        report_card=result.checks,
        charts=(chart_of(result),),
        tables=(_limits_table(result), _signals_table(result), points_table(result)),
        numbers=panel_numbers(result.chart) | dict(result.numbers),
        plain=_plain(result),
    )


def panel_numbers(chart: ControlChart) -> dict[str, Any]:
    """Return the results under the names of the reference operations."""
    out: dict[str, Any] = {
        "mean_by_stage": chart.mean_by_stage,
        "sigma_by_stage": chart.sigma_by_stage,
    }
    for panel in chart.panels:
        for name in ("points", "center", "lcl", "ucl", "out_of_limits"):
            out[f"{panel.id}.{name}"] = getattr(panel, name)
        out[f"{panel.id}.signals"] = {str(rule): at for rule, at in panel.signals.items()}
    return out | dict(chart.extra)


# findings ------------------------------------------------------------------------------------


def _findings(result: ChartResult) -> tuple[Finding, ...]:
    verdict = warned(_verdict(result), result.checks)
    return (verdict, *_evidence(result), *result.evidence, *_size(result), _next(result))


def warned(verdict: Finding, card: Sequence[Check]) -> Finding:
    """Put what failed right after the verdict; a red row of the report card never hides it."""
    failed = next((c for c in card if c.level == "red"), None)
    if failed is None:
        return verdict
    but = sentence("problem.red", check=failed.label, text=failed.text)
    return Finding("verdict", f"{verdict.text} {but}", "bad", verdict.offer)


def _verdict(result: ChartResult) -> Finding:
    n, signals = result.n, result.judged(result.location)
    if n < FEW_FOR_LIMITS:
        return Finding("verdict", sentence("control.few", n=n), "warning")
    if n < result.least:
        return Finding("verdict", sentence("control.provisional", n=n), "warning")
    if signals.size > CHAOS_SHARE * n:
        key = "control.chaos.ordered" if _ordered(result) else "control.chaos"
        text = sentence(key, share=words.percent(signals.size / n))
        return Finding("verdict", text, "bad")
    if result.stage_now and result.n_now < FEW_FOR_A_STAGE:
        text = sentence("control.stage_few", stage=result.stage_now, n=result.n_now)
        return Finding("verdict", text, "warning")
    if signals.size:
        return _signalled(result, signals)
    spread = result.chart.panels[1:]
    jumps = sum(result.judged(panel).size for panel in spread)
    if jumps:
        text = sentence("control.spread_only", jumps=words.count(jumps, "unusual jump"))
        return Finding("verdict", text, "info")
    return Finding("verdict", _predictable(result), "good")


def _signalled(result: ChartResult, signals: IntArray) -> Finding:
    stage = result.chart.stage
    now = signals[stage[signals] == stage[-1]]
    if not now.size:
        text = sentence(
            "control.stage_now",
            stage=result.stage_now,
            range=_range(result),
            signals=words.count(signals.size, "signal"),
        )
        return Finding("verdict", text, "good")
    key = "control.signals.one" if now.size == 1 else "control.signals.many"
    text = sentence(key, count=now.size)
    explained = [i for i in now if int(i) in result.points.notes]
    if len(explained) == now.size:
        note = result.points.notes[int(explained[-1])]
        text += " " + sentence("control.explained", note=note)
    elif _on_the_long_tail(result, now):
        text += " " + sentence("control.long_tail")
    return Finding("verdict", text, "warning")


def _on_the_long_tail(result: ChartResult, signals: IntArray) -> bool:
    """Whether a skewed distribution could have made all signals: they lie on its long side."""
    shape = next((c for c in result.checks if c.id == "shape"), None)
    if shape is None or shape.level in {"green", "grey"}:
        return False
    panel = result.location
    away = panel.points - panel.center
    beyond = np.intersect1d(signals, panel.out_of_limits)
    sides = np.sign(away[beyond])
    tail = np.sign(np.nansum(away**3))
    return bool(beyond.size == signals.size and np.all(sides == tail))


def last_known(values: FloatArray) -> float:
    """Return the last value that is not missing."""
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else float("nan")


def _range(result: ChartResult) -> str:
    panel, measure = result.location, result.measure
    low, high = last_known(panel.lcl), last_known(panel.ucl)
    least, most = possible(result)
    low = low if np.isfinite(low) else 0.0
    return measure.span(max(low, least), min(high, most) if np.isfinite(high) else high)


def possible(result: ChartResult) -> tuple[float, float]:
    """Return what values can be at all: percentages that never left 0 to 100 stay within."""
    if not result.measure.percent:
        return -np.inf, np.inf
    known = result.location.points[np.isfinite(result.location.points)]
    most = 1.0 if result.measure.share else 100.0
    if not known.size or known.min() < 0 or known.max() > most:
        return -np.inf, np.inf
    return 0.0, most


def shown_panel(result: ChartResult, panel: Panel) -> Panel:
    """Return a panel with its limits cut at what values can be; only the level is bounded."""
    if panel is not result.location or not _cut(result):
        return panel
    low, high = possible(result)
    lines = Lines(
        np.maximum(panel.lcl, low), panel.center, np.minimum(panel.ucl, high), panel.sigma
    )
    return Panel(panel.id, panel.title, panel.points, lines, panel.signals, panel.members)


def _predictable(result: ChartResult) -> str:
    mean = result.measure.full(last_known(result.location.center))
    key = "control.predictable.stage" if result.stage_now else "control.predictable"
    n, stage = result.n_now, result.stage_now
    text = sentence(key, n=n, range=_range(result), mean=mean, stage=stage)
    if n >= SETTLED:
        return text
    return f"{text} {sentence('control.settling', n=n)}"


def _evidence(result: ChartResult) -> tuple[Finding, ...]:
    told = _signal_sentences(result)
    if not told:
        return (Finding("evidence", sentence("control.no_pattern", rules=result.rule_words)),)
    text = " ".join(text for text, _ in told)
    return (Finding("evidence", text, points=tuple(at for _, at in told)),)


def _signal_sentences(result: ChartResult) -> list[tuple[str, int]]:
    """Return what each rule found, each with the point that it names."""
    panel, out = result.location, result.chart.excluded
    lines: list[tuple[str, int]] = []
    beyond = panel.out_of_limits
    beyond = beyond[~out[beyond]]
    if beyond.size and 1 in panel.signals:
        lines.append(_beyond(result, panel, beyond))
    for rule in result.rules:
        at = np.asarray(panel.signals.get(rule.number, ()), dtype=np.int64)
        at = at[~out[at]]
        if rule.number == 1 or not at.size:
            continue
        if rule.pattern == "same_side":
            lines.append(_shift(result, panel, _noticed(result, panel, at)))
        else:
            text = sentence("control.pattern", pattern=rule.words, at=result.at(int(at[0])))
            lines.append((text, int(at[0])))
    return lines


def _beyond(result: ChartResult, panel: Panel, beyond: IntArray) -> tuple[str, int]:
    away = np.abs(panel.points[beyond] - panel.center[beyond])
    worst = int(beyond[int(np.argmax(away))])
    above = panel.points[worst] > panel.ucl[worst]
    text = sentence(
        "control.beyond" if beyond.size == 1 else "control.beyond.more",
        count=beyond.size,
        at=result.at(worst),
        side="above the upper" if above else "below the lower",
        value=result.measure.full(float(panel.points[worst])),
    )
    return text, worst


def _shift(result: ChartResult, panel: Panel, first: int) -> tuple[str, int]:
    """Compare all points of a shift with the rest of the stage; say since when, or until when."""
    start, end = shift_span(result, panel, first)
    lasting = end == panel.points.size - 1
    counted = np.isfinite(panel.points) & ~result.chart.excluded
    inside = np.zeros(panel.points.size, dtype=np.bool_)
    inside[start : end + 1] = True
    rest = panel.points[counted & ~inside & (result.chart.stage == result.chart.stage[first])]
    enough_left = rest.size >= FEW_TO_COMPARE
    usual, than = (rest, "before") if enough_left else (panel.center[inside], "the centre line")
    size = float(np.nanmean(panel.points[inside & counted]) - np.nanmean(usual))
    text = sentence(
        "control.level" if lasting else "control.level.past",
        at=result.at(start),
        until=result.at(end),
        side="higher" if size > 0 else "lower",
        size=result.measure.gap(size),
        than=than if lasting else "otherwise",
    )
    return text, start


def _noticed(result: ChartResult, panel: Panel, at: IntArray) -> int:
    """Return the signal to tell of: of the shift that still lasts, else the first one."""
    latest = _noticed_last(result, panel, at)
    lasts = shift_span(result, panel, latest)[1] == panel.points.size - 1
    return latest if lasts else int(at[0])


def shift_span(result: ChartResult, panel: Panel, first: int) -> tuple[int, int]:
    """Return first and last point of a shift that was noticed at `first`.

    It lasts as long as its rule keeps firing on the same side within the stage, and on to the
    last point of that run; where only a few points of the stage remain, to the end of the stage.
    """
    side, stage = np.sign(panel.points - panel.center), result.chart.stage
    here = stage == stage[first]
    found = [panel.signals.get(r.number, ()) for r in result.rules if r.pattern == "same_side"]
    signals = np.unique(np.concatenate([np.asarray(at, dtype=np.int64) for at in found]))
    signals = signals[here[signals] & (signals >= first)]
    others = signals[side[signals] == -side[first]]
    end = int(signals[signals < others[0]][-1] if others.size else signals[-1])
    start = first
    while start > 0 and here[start - 1] and side[start - 1] == side[first]:
        start -= 1
    last = int(np.flatnonzero(here)[-1])
    while end < last and side[end + 1] == side[first]:
        end += 1
    if not others.size and last - end < FEW_TO_END_A_SHIFT:
        end = last
    return start, end


def _size(result: ChartResult) -> tuple[Finding, ...]:
    measure, panel = result.measure, result.location
    sigma = last_known(result.chart.sigma_by_stage)
    key = "control.size" if len(result.chart.panels) > 1 else "control.size.counts"
    text = sentence(
        key,
        mean=measure.full(last_known(panel.center)),
        sigma=measure.gap(sigma),
        range=_range(result),
    )
    target = result.spec[2]
    if target is not None:
        miss = measure.gap(last_known(panel.center) - target)
        text += " " + sentence("control.target", target=measure.full(target), miss=miss)
    moved = _stage_change(result)
    return (Finding("size", f"{text} {moved}".strip()),)


def _stage_change(result: ChartResult) -> str:
    """Compare the last two stages, allowing for neighbours that resemble each other."""
    names, stage = result.chart.stage_names, result.chart.stage
    usable = result.chart.used & np.isfinite(result.location.points)
    if len(names) < 2:
        return ""
    last = int(stage[-1])
    earlier = [int(s) for s in stage if s != last]
    parts = [result.location.points[usable & (stage == s)] for s in (earlier[-1], last)]
    if min(p.size for p in parts) < 3 or all(np.ptp(p) == 0 for p in parts):
        return ""
    change, measure = change_between(parts[0], parts[1]), result.measure
    before, after = measure.apart(change.mean_before, change.mean_after)
    return sentence(
        "control.stages",
        first=names[earlier[-1]],
        second=names[last],
        before=before,
        after=after,
        change=measure.signed(change.difference),
        low=measure.signed(change.low),
        high=measure.signed(change.high),
    )


def _next(result: ChartResult) -> Finding:
    signals = result.judged(result.location)
    if result.n < max(20, result.least):
        return Finding("next", sentence("control.next.more"))
    shift = _last_shift(result)
    if signals.size > CHAOS_SHARE * result.n:
        if not _ordered(result):
            return Finding("next", sentence("control.next.chaos"))
        if not shift:
            return Finding("next", sentence("control.next.chaos.ordered"))
        return _next_at(result, "control.next.stage", shift)
    open_ones = [int(i) for i in signals if int(i) not in result.points.notes]
    if open_ones and shift:
        return _next_at(result, "control.next.shift", shift)
    if open_ones:
        return _next_to_signal(result, open_ones[-1])
    return Finding("next", sentence("control.next.stable"))


def _next_to_signal(result: ChartResult, point: int) -> Finding:
    """Lead to a signal; one of a run that is over to the whole run."""
    run = _run_of(result, point)
    if run is None:
        return _next_at(result, "control.next.signal", point)
    start, end = run
    text = sentence("control.next.past", at=result.at(start), until=result.at(end))
    return Finding("next", text, points=(start, end))


def _next_at(result: ChartResult, key: str, point: int) -> Finding:
    return Finding("next", sentence(key, at=result.at(point)), points=(point,))


def _run_of(result: ChartResult, point: int) -> tuple[int, int] | None:
    """Return first and last point of the run on one side to which a signal belongs.

    The run is the one noticed last before the point, or at it: one look, however many signals
    a million points have.
    """
    panel, out = result.location, result.chart.excluded
    for rule in result.rules:
        if rule.pattern != "same_side":
            continue
        at = np.asarray(panel.signals.get(rule.number, ()), dtype=np.int64)
        at = at[~out[at] & (at <= point)]
        if not at.size:
            continue
        start, end = shift_span(result, panel, _noticed_last(result, panel, at))
        if start <= point <= end:
            return start, end
    return None


def _noticed_last(result: ChartResult, panel: Panel, at: IntArray) -> int:
    """Return the first of the signals of the latest run on one side within a stage."""
    side, stage = np.sign(panel.points[at] - panel.center[at]), result.chart.stage
    same = (side == side[-1]) & (stage[at] == stage[at[-1]])
    return int(at[np.flatnonzero(~same)[-1] + 1 if not same.all() else 0])


def _ordered(result: ChartResult) -> bool:
    """Whether the order of the rows is known to be that of time; its gaps may be irregular."""
    ordering = result.points.ordering
    return bool(ordering.name) and not ordering.unsortable


def _last_shift(result: ChartResult) -> int | None:
    """Return the point at which the current level began, if it began within the last stage."""
    panel, stage = result.location, result.chart.stage
    for rule in result.rules:
        if rule.pattern != "same_side":
            continue
        at = np.asarray(panel.signals.get(rule.number, ()), dtype=np.int64)
        at = at[~result.chart.excluded[at] & (stage[at] == stage[-1])]
        if not at.size:
            continue
        start, end = shift_span(result, panel, _noticed(result, panel, at))
        if end == stage.size - 1 and start > 0:
            return start
    return None


def _plain(result: ChartResult) -> str:
    name, signals = result.measure.name, result.judged(result.location)
    if result.n < result.least:
        return sentence("control.plain.few", name=name)
    stage = result.chart.stage
    now = signals[stage[signals] == stage[-1]]
    mean = result.measure.full(last_known(result.location.center))
    if now.size:
        return sentence("control.plain.unstable", name=name, at=result.at(int(now[-1])))
    if len(result.chart.stage_names) > 1:
        return sentence("control.plain.stage", name=name, range=_range(result), mean=mean,
                        stage=result.chart.stage_names[int(stage[-1])])  # fmt: skip
    return sentence("control.plain.stable", name=name, range=_range(result), mean=mean)


# picture -------------------------------------------------------------------------------------


def caption(result: ChartResult) -> str:
    """Name rule set, sigma source, limits basis, n and excluded count."""
    text = sentence(
        "control.caption",
        rules=result.rule_words,
        sigma=result.chart.sigma_source,
        k=f"{result.chart.k:g}",
        basis=result.chart.limits_basis,
        n=result.n,
        excluded=int(result.chart.excluded.sum()),
    )
    if _cut(result):
        text += f" · {sentence('control.caption.cut')}"
    return f"{text} · {result.note}" if result.note else text


def _cut(result: ChartResult) -> bool:
    """Whether a limit was cut because no value can lie there."""
    low, high = possible(result)
    if not np.isfinite(low):
        return False
    panel = result.location
    return bool((panel.lcl < low).any() or (panel.ucl > high).any())


def chart_of(result: ChartResult, title: str = "") -> Chart:
    """Return the picture of a control chart with its points."""
    title = title or f"{result.title}: {result.measure.name}"
    return Chart(
        title=title,
        draw=partial(_draw, result),
        caption=caption(result),
        alt=_alt(result),
        point_rows=result.points.rows,
        points=_points(result),
    )


def _draw(result: ChartResult, figure: Any, theme: Any) -> None:
    from leanlab.figures.control_chart import ChartLabels, draw_control_chart

    stages = np.bincount(result.chart.stage[result.chart.used], minlength=1)
    measure = result.measure
    labels = ChartLabels(
        name=measure.axis,
        x_label=result.points.axis,
        ticks=result.points.ticks,
        notes=result.points.notes,
        decimals=1 if measure.share else measure.decimals,
        share=measure.share,
        spec=result.spec,
        flags=result.points.flags,
        left_out={panel.id: result.left_out(panel) for panel in result.chart.panels},
        provisional=tuple(np.flatnonzero(stages < FEW_FOR_A_STAGE).tolist())
        if result.n >= result.least
        else tuple(range(stages.size)),
    )
    panels = tuple(shown_panel(result, panel) for panel in result.chart.panels)
    draw_control_chart(figure, theme, replace(result.chart, panels=panels), labels)


def _points(result: ChartResult) -> ChartPoints:
    chart = result.chart
    signals = [result.judged(panel) for panel in chart.panels]
    return ChartPoints(
        rows=result.points.rows,
        panels=tuple(panel.points for panel in chart.panels),
        excluded=chart.excluded,
        signals=np.unique(np.concatenate(signals)),
        stage_starts=np.flatnonzero(chart.stage[1:] != chart.stage[:-1]) + 1,
        describe=partial(described, result),
    )


def described(result: ChartResult, index: int, panel: int = 0) -> str:
    """Say what a point is: number, label, value, limits, rules, excluded, note."""
    shown = result.chart.panels[panel]
    value = float(shown.points[index])
    label = result.points.labels[index] if result.points.labels else ""
    parts = [f"point {index + 1}", label, result.measure.full(value)]
    if value > shown.ucl[index]:
        parts.append("above the upper limit")
    elif value < shown.lcl[index]:
        parts.append("below the lower limit")
    rules = [str(rule) for rule, at in sorted(shown.signals.items()) if index in at and rule != 1]
    if rules:
        parts.append(f"rule {' and '.join(rules)}")
    if result.chart.excluded[index]:
        parts.append("excluded")
    parts.append(result.points.notes.get(index, ""))
    return ", ".join(part for part in parts if part)


def _alt(result: ChartResult) -> str:
    panel = result.location
    signals = [str(int(i) + 1) for i in panel.any_signal]
    shown = ", ".join(signals[:20]) + (" and more" if len(signals) > 20 else "")
    return sentence(
        "control.alt",
        title=result.title,
        name=result.measure.name,
        order=result.points.ordering.name or "order of the sheet",
        n=result.n,
        excluded=int(result.chart.excluded.sum()),
        center=result.measure.full(last_known(panel.center)),
        range=_range(result),
        signals=shown or "none",
        stages=", ".join(result.chart.stage_names) if len(result.chart.stage_names) > 1 else "one",
    )


# tables --------------------------------------------------------------------------------------


def _limits_table(result: ChartResult) -> Table:
    chart = result.chart
    rows: list[list[object]] = []
    for panel in (shown_panel(result, panel) for panel in chart.panels):
        for stage, name in enumerate(chart.stage_names):
            here = np.flatnonzero((chart.stage == stage) & np.isfinite(panel.center))
            if here.size:
                at = int(here[-1])
                used = chart.used & (chart.stage == stage) & np.isfinite(panel.points)
                rows.append([
                    panel.title, name, int((used & ~result.left_out(panel)).sum()),
                    float(panel.lcl[at]), float(panel.center[at]), float(panel.ucl[at]),
                ])  # fmt: skip
    return Table("Limits", ("Chart", "Stage", "Points used", "LCL", "Centre", "UCL"), rows)


def _signals_table(result: ChartResult) -> Table:
    rules = {rule.number: rule.words for rule in result.rules}
    rows: list[list[object]] = []
    for panel in result.chart.panels:
        for index in panel.any_signal[:500]:
            broken = [r for r, at in sorted(panel.signals.items()) if index in at]
            label = result.points.labels[index] if result.points.labels else ""
            value, told = float(panel.points[index]), "; ".join(rules.get(r, "") for r in broken)
            rows.append([panel.title, int(index) + 1, label, value, told])
    return Table("Signals", ("Chart", "Point", "Label", "Value", "What was found"), rows)


def points_table(result: ChartResult) -> Table:
    """List every plotted point with its limits; rows are made when they are asked for."""
    chart, points = result.chart, result.points
    columns = ["Point", "Label", "Stage", "Excluded"]
    panels = [shown_panel(result, panel) for panel in chart.panels]
    for panel in panels:
        columns += [panel.title, "LCL", "Centre", "UCL"]

    def row(index: int) -> list[object]:
        label = points.labels[index] if points.labels else ""
        out: list[object] = [
            index + 1, label, chart.stage_names[int(chart.stage[index])],
            "yes" if chart.excluded[index] else "",
        ]  # fmt: skip
        for panel in panels:
            parts = (panel.points, panel.lcl, panel.center, panel.ucl)
            out += [_cell(part[index]) for part in parts]
        return out

    return Table("Points", columns, LazyRows(int(chart.stage.size), row))


def _cell(value: float) -> float | str:
    return float(value) if np.isfinite(value) else ""


# report card ---------------------------------------------------------------------------------


def counted_now(chart: ControlChart) -> BoolArray:
    """Return which points the present limits are computed from: those of the last stage."""
    return np.asarray(chart.used & (chart.stage == chart.stage[-1]))


def individuals_check(chart: ControlChart) -> Check:
    """Say whether there are enough single values for the present limits."""
    n, staged = int(counted_now(chart).sum()), len(chart.stage_names) > 1
    level = enough(n, 25, FEW_FOR_A_STAGE if staged else 20)
    key = level if level != "green" or n >= SETTLED else "settling"
    found = check("data", level, f"card.data.{key}", n=n)
    if not staged:
        return found
    stage = chart.stage_names[int(chart.stage[-1])]
    return replace(found, text=sentence("card.data.stage", stage=stage, text=found.text))


def order_check(points: Points) -> Check:
    """Say how the rows came into order."""
    order = points.ordering
    if not order.name:
        return check("order", "amber", "card.order.none")
    if order.unsortable:
        return check("order", "amber", "card.order.text", name=order.name)
    if order.irregular:
        return check("order", "amber", "card.order.gaps", name=order.name)
    key = "card.order.sorted" if order.sorted_here else "card.order.ok"
    return check("order", "green", key, name=order.name)
