"""What every control chart says: findings, report card, table, picture, caption."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.declare import (
    Chart,
    ChartPoints,
    Check,
    Column,
    Columns,
    Finding,
    Level,
    Presentation,
    Table,
)
from leanlab.analyses.points import Points
from leanlab.analyses.sentences import sentence
from leanlab.core import format as words
from leanlab.core.typing import FloatArray
from leanlab.stats.control_chart import ControlChart, Panel

CHAOS_SHARE = 0.20
ENOUGH = 25
SETTLED = 100
FEW = 20
SPREAD_PANELS = {"mr", "r", "s"}


@dataclass(frozen=True, slots=True, eq=False)
class ChartResult:
    """A chart, the points it was made of, and how to speak of it."""

    chart: ControlChart
    points: Points
    title: str
    name: str
    unit: str
    decimals: int
    rules: str  # in words
    spec: tuple[float | None, float | None, float | None] = (None, None, None)
    share: bool = False  # values are shares: shown in percent
    checks: tuple[Check, ...] = ()
    extra_numbers: Mapping[str, Any] = field(default_factory=dict)
    extra_findings: tuple[Finding, ...] = ()
    note: str = ""

    def show(self, value: float) -> str:
        """Format a value of the location panel."""
        return words.percent(value) if self.share else words.number(value, self.decimals + 1)

    @property
    def suffix(self) -> str:
        """The unit with a space before it, or nothing."""
        return f" {self.unit}" if self.unit and not self.share else ""

    def when(self, index: int) -> str:
        """Return " (label)" of a point, or nothing."""
        label = self.points.labels[index] if self.points.labels else ""
        return f" ({label})" if label else ""


def presented(result: ChartResult) -> Presentation:
    """Turn a control chart into findings, report card, picture and tables."""
    card = result.checks
    return Presentation(
        findings=(*_findings(result, card), *result.extra_findings),
        report_card=card,
        charts=(_chart(result),),
        tables=(_limits_table(result), _signals_table(result)),
        numbers=numbers(result.chart) | dict(result.extra_numbers),
    )


def numbers(chart: ControlChart) -> dict[str, Any]:
    """Return the results under the names of the reference operations."""
    out: dict[str, Any] = {
        "n": int(chart.used.sum()),
        "mean_by_stage": chart.mean_by_stage,
        "sigma_by_stage": chart.sigma_by_stage,
    }
    for panel in chart.panels:
        for name in ("points", "center", "lcl", "ucl", "out_of_limits"):
            out[f"{panel.id}.{name}"] = getattr(panel, name)
        out[f"{panel.id}.signals"] = {str(rule): at for rule, at in panel.signals.items()}
    return out | dict(chart.extra)


def _findings(result: ChartResult, card: tuple[Check, ...]) -> tuple[Finding, ...]:
    verdict = _verdict(result)
    failed = next((c for c in card if c.level == "red"), None)
    if failed:
        before = sentence("problem.red", check=failed.label, text=failed.text)
        verdict = Finding("verdict", f"{before} {verdict.text}", "bad")
    return (verdict, *_evidence(result), *_size(result), _next(result))


def _judged(panel: Panel, result: ChartResult) -> Any:
    """Return the signals at points that were not excluded."""
    marked = panel.any_signal
    return marked[~result.chart.excluded[marked]]


def _verdict(result: ChartResult) -> Finding:
    panel = result.chart.panels[0]
    n = int(np.isfinite(panel.points).sum())
    signals = _judged(panel, result)
    if n < 10:
        return Finding("verdict", sentence("control.few", n=n), "warning")
    if signals.size > CHAOS_SHARE * n:
        text = sentence("control.chaos", share=words.percent(signals.size / n))
        return Finding("verdict", text, "bad")
    if signals.size:
        key = "control.signals.one" if signals.size == 1 else "control.signals.many"
        return Finding("verdict", sentence(key, count=signals.size), "warning")
    spread = result.chart.panels[1] if len(result.chart.panels) > 1 else None
    if spread is not None and _judged(spread, result).size:
        count = _judged(spread, result).size
        return Finding("verdict", sentence("control.spread_only", count=count), "info")
    return Finding("verdict", _predictable(result, n), "good")


def _last(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else float("nan")


def _predictable(result: ChartResult, n: int) -> str:
    panel = result.chart.panels[0]
    text = sentence(
        "control.predictable",
        n=n,
        lcl=result.show(_last(panel.lcl)) if np.isfinite(panel.lcl).any() else "0",
        ucl=result.show(_last(panel.ucl)),
        mean=result.show(_last(panel.center)),
        unit=result.suffix,
    )
    return text if n >= SETTLED else f"{text} {sentence('control.settling', n=n)}"


def _evidence(result: ChartResult) -> tuple[Finding, ...]:
    panel = result.chart.panels[0]
    lines: list[str] = []
    beyond = panel.out_of_limits
    beyond = beyond[~result.chart.excluded[beyond]]
    if beyond.size:
        lines.append(_beyond(result, panel, beyond))
    run = [i for i in panel.signals.get(2, ()) if not result.chart.excluded[i]]
    if run:
        lines.append(_shift(result, panel, int(run[0])))
    others = [r for r, at in panel.signals.items() if r not in {1, 2} and len(at)]
    if others:
        found = ", ".join(
            f"rule {rule} at point {int(panel.signals[rule][0]) + 1}" for rule in others
        )
        lines.append(sentence("control.patterns", rules=f"Also {found}"))
    if not lines:
        lines.append(sentence("control.no_pattern", rules=result.rules))
    return (Finding("evidence", " ".join(lines)),)


def _beyond(result: ChartResult, panel: Panel, beyond: Any) -> str:
    away = np.abs(panel.points[beyond] - panel.center[beyond])
    worst = int(beyond[int(np.argmax(away))])
    above = panel.points[worst] > panel.ucl[worst]
    key = "control.beyond" if beyond.size == 1 else "control.beyond.more"
    return sentence(
        key,
        count=beyond.size,
        point=worst + 1,
        when=result.when(worst),
        side="above" if above else "below",
        value=result.show(float(panel.points[worst])),
        unit=result.suffix,
    )


def _shift(result: ChartResult, panel: Panel, end: int) -> str:
    side = np.sign(panel.points - panel.center)
    start = end
    while start > 0 and side[start - 1] == side[end]:
        start -= 1
    size = abs(float(np.nanmean(panel.points[start : end + 1] - panel.center[start : end + 1])))
    return sentence(
        "control.level",
        point=start + 1,
        when=result.when(start),
        side="higher" if side[end] > 0 else "lower",
        size=result.show(size),
        unit=result.suffix,
    )


def _size(result: ChartResult) -> tuple[Finding, ...]:
    panel = result.chart.panels[0]
    key = "control.size.share" if result.share else "control.size"
    text = sentence(
        key,
        mean=result.show(_last(panel.center)),
        sigma=words.number(_last(result.chart.sigma_by_stage), result.decimals + 1),
        lcl=result.show(_last(panel.lcl)) if np.isfinite(panel.lcl).any() else "0",
        ucl=result.show(_last(panel.ucl)),
        unit=result.suffix,
    )
    target = result.spec[2]
    if target is not None:
        miss = abs(_last(panel.center) - target)
        text += " " + sentence(
            "control.target", target=result.show(target), miss=result.show(miss), unit=result.suffix
        )
    return (Finding("size", text), *_stage_change(result))


def _stage_change(result: ChartResult) -> tuple[Finding, ...]:
    chart, panel = result.chart, result.chart.panels[0]
    if len(chart.stage_names) < 2 or result.share:
        return ()
    from leanlab.stats import hypothesis

    last = len(chart.stage_names) - 1
    usable = chart.used & np.isfinite(panel.points)
    before, after = (panel.points[usable & (chart.stage == s)] for s in (last - 1, last))
    if min(before.size, after.size) < 3 or np.ptp(before) == 0 or np.ptp(after) == 0:
        return ()
    test = hypothesis.t_two_sample_welch(after, before)
    low, high = (float("nan") if v is None else v for v in test.ci)
    text = sentence(
        "control.stages",
        first=chart.stage_names[last - 1],
        second=chart.stage_names[last],
        before=result.show(test.mean_y),
        after=result.show(test.mean_x),
        change=result.show(test.difference),
        low=result.show(low),
        high=result.show(high),
        confidence="95 %",
        unit=result.suffix,
    )
    return (Finding("size", text),)


def _next(result: ChartResult) -> Finding:
    panel = result.chart.panels[0]
    signals = _judged(panel, result)
    if np.isfinite(panel.points).sum() < FEW:
        return Finding("next", sentence("control.next.more"))
    if signals.size:
        at = int(signals[-1])
        text = sentence("control.next.signal", point=at + 1, when=result.when(at))
        return Finding("next", text)
    return Finding("next", sentence("control.next.stable"))


def caption(result: ChartResult) -> str:
    """Name rule set, sigma source, limits basis, n and excluded count."""
    text = sentence(
        "control.caption",
        rules=result.rules,
        sigma=result.chart.sigma_source,
        basis=result.chart.limits_basis,
        n=int(np.isfinite(result.chart.panels[0].points).sum()),
        excluded=int(result.chart.excluded.sum()),
    )
    return f"{text} · {result.note}" if result.note else text


def _chart(result: ChartResult) -> Chart:
    from leanlab.figures.control_chart import ChartLabels, draw_control_chart

    ordering = result.points.ordering.name
    labels = ChartLabels(
        x_label=ordering or "Observation",
        ticks=result.points.labels,
        notes=result.points.notes,
        decimals=result.decimals + 1 + (2 if result.share else 0),
        spec=result.spec,
        flags=result.points.flags,
    )
    return Chart(
        title=f"{result.title}: {result.name}",
        draw=partial(_draw, draw_control_chart, result.chart, labels),
        caption=caption(result),
        alt=_alt(result),
        point_rows=result.points.rows,
        points=_points(result),
    )


def _points(result: ChartResult) -> ChartPoints:
    chart = result.chart
    signals = [panel.any_signal for panel in chart.panels]
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
    number = result.show(value) if panel == 0 else words.number(value, result.decimals + 1)
    parts = [f"point {index + 1}", label, f"{number}{result.suffix if panel == 0 else ''}"]
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


def _draw(draw: Any, chart: ControlChart, labels: Any, figure: Any, theme: Any) -> None:
    draw(figure, theme, chart, labels)


def _alt(result: ChartResult) -> str:
    panel = result.chart.panels[0]
    marked = ", ".join(str(int(i) + 1) for i in panel.any_signal[:20]) or "none"
    return sentence(
        "control.alt",
        title=result.title,
        name=result.name,
        n=int(np.isfinite(panel.points).sum()),
        excluded=int(result.chart.excluded.sum()),
        center=result.show(_last(panel.center)),
        lcl=result.show(_last(panel.lcl)),
        ucl=result.show(_last(panel.ucl)),
        unit=result.suffix,
        signals=marked,
    )


def _limits_table(result: ChartResult) -> Table:
    chart = result.chart
    rows: list[list[object]] = []
    for panel in chart.panels:
        for stage, name in enumerate(chart.stage_names):
            here = np.flatnonzero((chart.stage == stage) & np.isfinite(panel.center))
            if here.size:
                at = int(here[-1])
                rows.append([
                    panel.title,
                    name,
                    int((chart.used & (chart.stage == stage)).sum()),
                    float(panel.lcl[at]),
                    float(panel.center[at]),
                    float(panel.ucl[at]),
                ])  # fmt: skip
    return Table("Limits", ("Chart", "Stage", "Points used", "LCL", "Centre", "UCL"), rows)


def _signals_table(result: ChartResult) -> Table:
    rows: list[list[object]] = []
    for panel in result.chart.panels:
        for index in panel.any_signal[:500]:
            broken = ", ".join(str(r) for r, at in sorted(panel.signals.items()) if index in at)
            label = result.points.labels[index] if result.points.labels else ""
            rows.append([panel.title, int(index) + 1, label, float(panel.points[index]), broken])
    return Table("Signals", ("Chart", "Point", "Label", "Value", "Rules"), rows)


def data_check(n: int) -> Check:
    """Say whether there are enough points for limits."""
    level: Level = "green" if n >= ENOUGH else "amber" if n >= FEW else "red"
    key = level if level != "green" or n >= SETTLED else "settling"
    return Check("data", "Enough data", level, sentence(f"card.data.{key}", n=n))


def order_check(points: Points) -> Check:
    """Say how the rows came into order."""
    order = points.ordering
    if not order.name:
        return Check("order", "Time order", "amber", sentence("card.order.none"))
    if order.irregular:
        return Check("order", "Time order", "amber", sentence("card.order.gaps", name=order.name))
    key = "card.order.sorted" if order.sorted_here else "card.order.ok"
    return Check("order", "Time order", "green", sentence(key, name=order.name))


def value_column(columns: Columns) -> Column:
    """Return the measured column."""
    return columns.one("value")
