"""Draw any control chart: panels of points, limits, stages, signals, notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from leanlab.core import format as words
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.figures.axes import prepared, styled, titled
from leanlab.figures.decimate import envelope, extremes, worth_thinning
from leanlab.figures.theme import Theme
from leanlab.stats.control_chart import ControlChart, Panel

MARKERS_UNTIL = 400  # points; beyond that a line reads better
NUMBERED_SIGNALS = 12  # more rule numbers than this become a thicket


@dataclass(frozen=True, slots=True, eq=False)
class ChartLabels:
    """The words around the points."""

    x_label: str = "Observation"
    ticks: Sequence[str] = ()  # one text per point, or none
    notes: Mapping[int, str] = field(default_factory=dict)
    decimals: int = 2
    spec: tuple[float | None, float | None, float | None] = (None, None, None)


def draw_control_chart(
    figure: Figure, theme: Theme, chart: ControlChart, labels: ChartLabels
) -> None:
    """Draw all panels of a chart, location above spread."""
    prepared(figure, theme)
    count = len(chart.panels)
    ratios = [1.35] + [1.0] * (count - 1)
    grid = figure.subplots(count, 1, sharex=True, squeeze=False, height_ratios=ratios)
    pixels = int(figure.get_figwidth() * figure.dpi * 0.8)
    for row, panel in enumerate(chart.panels):
        axes = styled(grid[row][0], theme)
        titled(axes, panel.title, theme)
        _draw_stages(axes, theme, chart, named=row == 0)
        _draw_limits(axes, theme, chart, panel, labels.decimals)
        _draw_points(axes, theme, panel, pixels)
        _draw_signals(axes, theme, panel, pixels)
        _draw_excluded(axes, theme, panel, chart.excluded)
        if row == 0:
            _draw_notes(axes, theme, panel, labels.notes)
            _draw_spec(axes, theme, panel, labels)
        _frame(axes, panel)
    _label_x(grid[-1][0], labels, chart.panels[0].points.size)
    right = 0.86 if figure.get_figwidth() > 6 else 0.80
    figure.subplots_adjust(left=0.08, right=right, top=0.92, bottom=0.12, hspace=0.32)


def _draw_points(axes: Any, theme: Theme, panel: Panel, pixels: int) -> None:
    points = panel.points
    if worth_thinning(points.size, pixels):
        at, low, high = envelope(points, pixels)
        axes.fill_between(at, low, high, color=theme.line, linewidth=0.6, step=None)
        return
    x = np.arange(points.size)
    marker = "o" if points.size <= MARKERS_UNTIL else None
    axes.plot(
        x,
        points,
        color=theme.line,
        linewidth=1.1,
        marker=marker,
        markersize=3.6,
        markerfacecolor=theme.point,
        markeredgewidth=0,
        zorder=3,
    )


def _runs(stage: IntArray) -> list[tuple[int, int]]:
    """Return the first and last index of each run of one stage."""
    if stage.size == 0:
        return []
    starts = np.flatnonzero(np.r_[True, stage[1:] != stage[:-1]])
    ends = np.r_[starts[1:] - 1, stage.size - 1]
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def _draw_limits(axes: Any, theme: Theme, chart: ControlChart, panel: Panel, decimals: int) -> None:
    runs = _runs(chart.stage)
    for first, last in runs:
        for name, values, colour, style in (
            (
                "Mean",
                panel.center,
                theme.center,
                "-",
            ),
            ("UCL", panel.ucl, theme.limit, (0, (5, 3))),
            ("LCL", panel.lcl, theme.limit, (0, (5, 3))),
        ):
            piece = values[first : last + 1]
            if not np.isfinite(piece).any():
                continue
            _draw_level(axes, piece, first, colour, style)
            if last == runs[-1][1]:
                _label_level(axes, theme, name, piece, colour, decimals)


def _draw_level(axes: Any, piece: FloatArray, first: int, colour: str, style: Any) -> None:
    known = piece[np.isfinite(piece)]
    if np.ptp(known) <= 1e-12 * max(1.0, abs(float(known[0]))):
        axes.plot(
            [first - 0.5, first + piece.size - 0.5],
            [known[0], known[0]],
            color=colour,
            linewidth=1.2,
            linestyle=style,
            zorder=2,
        )
        return
    edges = np.arange(first, first + piece.size + 1) - 0.5
    axes.stairs(piece, edges, baseline=None, color=colour, linewidth=1.1, linestyle=style, zorder=2)


def _label_level(
    axes: Any, theme: Theme, name: str, piece: FloatArray, colour: str, decimals: int
) -> None:
    value = float(piece[np.isfinite(piece)][-1])
    axes.annotate(
        f"{name} {words.number(value, decimals)}",
        (1.0, value),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        fontsize=theme.font_size,
        annotation_clip=False,
    )


def _draw_stages(axes: Any, theme: Theme, chart: ControlChart, *, named: bool) -> None:
    runs = _runs(chart.stage)
    if len(runs) < 2:
        return
    for number, (first, last) in enumerate(runs):
        if number % 2:
            axes.axvspan(first - 0.5, last + 0.5, color=theme.stage, zorder=0, linewidth=0)
        if number:
            axes.axvline(first - 0.5, color=theme.muted, linewidth=0.9, linestyle=":", zorder=1)
        if named:
            axes.annotate(
                chart.stage_names[int(chart.stage[first])],
                (first - 0.5, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(4, -3),
                textcoords="offset points",
                va="top",
                color=theme.muted,
                fontsize=theme.font_size - 0.5,
            )


def _draw_signals(axes: Any, theme: Theme, panel: Panel, pixels: int) -> None:
    signal = panel.any_signal
    if signal.size == 0:
        return
    width = int(np.ceil(panel.points.size / max(pixels, 1)))
    shown = extremes(signal, panel.points - np.nan_to_num(panel.center), width)
    beyond = np.isin(shown, panel.signals.get(1, np.zeros(0, dtype=np.int64)))
    for marks, colour, shape, size in (
        (shown[~beyond], theme.pattern, "D", 5.5),
        (shown[beyond], theme.signal, "s", 7.0),
    ):
        axes.plot(marks, panel.points[marks], shape, color=colour, markersize=size, zorder=4)
    if shown.size <= NUMBERED_SIGNALS:
        for index in shown:
            rules = [str(rule) for rule, at in sorted(panel.signals.items()) if index in at]
            axes.annotate(
                ",".join(rules),
                (index, panel.points[index]),
                xytext=(5, 5),
                textcoords="offset points",
                color=theme.signal
                if 1 in panel.signals and index in panel.signals[1]
                else theme.pattern,
                fontsize=theme.font_size - 1,
                fontweight="bold",
            )


def _draw_excluded(axes: Any, theme: Theme, panel: Panel, excluded: BoolArray) -> None:
    out = np.flatnonzero(excluded)
    if out.size:
        axes.plot(
            out,
            panel.points[out],
            "o",
            markerfacecolor=theme.background,
            markeredgecolor=theme.muted,
            markersize=7,
            zorder=4,
        )
        axes.plot(out, panel.points[out], "x", color=theme.muted, markersize=5.5, zorder=5)


def _draw_notes(axes: Any, theme: Theme, panel: Panel, notes: Mapping[int, str]) -> None:
    for index, text in notes.items():
        axes.annotate(
            text,
            (index, panel.points[index]),
            xytext=(8, 10),
            textcoords="offset points",
            color=theme.text,
            fontsize=theme.font_size - 1,
            arrowprops={"arrowstyle": "-", "color": theme.muted, "linewidth": 0.7},
        )


def _draw_spec(axes: Any, theme: Theme, panel: Panel, labels: ChartLabels) -> None:
    for name, value in zip(("LSL", "USL", "Target"), labels.spec, strict=True):
        if value is None:
            continue
        axes.axhline(value, color=theme.spec, linewidth=1.0, linestyle=(0, (1, 2)))
        _label_level(
            axes, theme, name, np.full(panel.points.size or 1, value), theme.spec, labels.decimals
        )


def _frame(axes: Any, panel: Panel) -> None:
    """Show all points and limits with a little air; limits of a whole chart never lie outside."""
    parts = [panel.points, panel.lcl, panel.ucl, panel.center]
    levels = np.concatenate([part[np.isfinite(part)] for part in parts])
    if levels.size:
        low, high = float(levels.min()), float(levels.max())
        air = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
        axes.set_ylim(low - air, high + air)
    axes.set_xlim(-0.5 - 0.005 * panel.points.size, panel.points.size - 0.5)


def _label_x(axes: Any, labels: ChartLabels, count: int) -> None:
    axes.set_xlabel(labels.x_label)
    if not labels.ticks:
        axes.xaxis.set_major_formatter(lambda at, _: f"{at + 1:.0f}" if at > -1 else "")
        axes.locator_params(axis="x", integer=True)
        return
    step = max(1, int(np.ceil(count / 9)))
    at = list(range(0, count, step))
    axes.set_xticks(at, [labels.ticks[i] for i in at])
