"""Draw any control chart: panels of points, limits, stages, signals, notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from leanlab.core import format as words
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.figures.axes import prepared, styled, text_width, titled
from leanlab.figures.theme import Theme
from leanlab.figures.visible import draw_marks, draw_series
from leanlab.stats.control_chart import ControlChart, Panel

NUMBERED_SIGNALS = 12  # more rule numbers than this become a thicket


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line that is named at the right edge."""

    text: str
    value: float
    colour: str


@dataclass(frozen=True, slots=True, eq=False)
class ChartLabels:
    """The words around the points."""

    x_label: str = "Observation"
    ticks: Sequence[str] = ()  # one text per point, or none
    notes: Mapping[int, str] = field(default_factory=dict)
    decimals: int = 2
    spec: tuple[float | None, float | None, float | None] = (None, None, None)
    flags: Mapping[int, str] = field(default_factory=dict)  # process changes, before this point


def draw_control_chart(
    figure: Figure, theme: Theme, chart: ControlChart, labels: ChartLabels
) -> None:
    """Draw all panels of a chart, location above spread."""
    prepared(figure, theme)
    count = len(chart.panels)
    ratios = [1.35] + [1.0] * (count - 1)
    grid = figure.subplots(count, 1, sharex=True, squeeze=False, height_ratios=ratios)
    _room(figure, theme, chart, labels)
    for row, panel in enumerate(chart.panels):
        axes = styled(grid[row][0], theme)
        titled(axes, panel.title, theme)
        _frame(axes, panel)
        _draw_stages(axes, theme, chart, named=row == 0)
        _draw_flags(axes, theme, labels.flags, named=row == 0)
        levels = _draw_limits(axes, theme, chart, panel, labels.decimals)
        draw_series(axes, theme, panel.points)
        _draw_signals(axes, theme, panel)
        _draw_excluded(axes, theme, panel, chart.excluded)
        if row == 0:
            _draw_notes(axes, theme, panel, labels.notes)
            levels += _draw_spec(axes, theme, labels)
        _frame(axes, panel)
        _name_levels(axes, theme, levels)
    _label_x(grid[-1][0], labels, chart.panels[0].points.size)


def _room(figure: Figure, theme: Theme, chart: ControlChart, labels: ChartLabels) -> None:
    """Leave room for the words around the panels; counted in letters, so nothing is solved."""
    width, height = figure.get_figwidth() * 72, figure.get_figheight() * 72  # points
    letter = theme.font_size * 0.62
    longest = max(
        (len(words.number(float(v), labels.decimals)) for p in chart.panels for v in _extent(p)),
        default=4,
    )
    left = min(0.25, (longest + 1.5) * letter / width)
    right = max(0.6, 1 - (longest + 6) * letter / width)
    line = theme.font_size * 1.3 / height
    figure.subplots_adjust(
        left=left, right=right, top=1 - 2.2 * line, bottom=4.2 * line,
        hspace=min(0.6, 5.2 * line * len(chart.panels) / 2),
    )  # fmt: skip


def _extent(panel: Panel) -> tuple[float, ...]:
    """Return lowest and highest of what a panel shows."""
    parts = [panel.points, panel.lcl, panel.ucl, panel.center]
    known = [part[np.isfinite(part)] for part in parts]
    known = [part for part in known if part.size]
    return (min(float(k.min()) for k in known), max(float(k.max()) for k in known)) if known else ()


def _draw_flags(axes: Any, theme: Theme, flags: Mapping[int, str], *, named: bool) -> None:
    """Draw a dated flag where the process was changed; its words stand above the panel."""
    low, high = axes.get_xlim()
    for at, text in flags.items():
        axes.axvline(at - 0.5, color=theme.spec, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1)
        if named:
            share = (at - 0.5 - low) / (high - low)
            words_, side = _room_for(axes, theme, text, share)
            axes.annotate(
                words_, (at - 0.5, 1.0), xycoords=("data", "axes fraction"),
                xytext=(-4 if side == "left" else 4, 4), textcoords="offset points", ha=side,
                color=theme.spec, fontsize=theme.font_size - 0.5,
            )  # fmt: skip


def _room_for(axes: Any, theme: Theme, text: str, share: float) -> tuple[str, str]:
    """Return a flag's words and their side, so that they fit above the panel beside its title.

    What does not fit loses its date, then its words; the flag itself stays.
    """
    width = axes.bbox.width * 72 / axes.figure.dpi
    title = text_width(axes.get_title(loc="left") + "n", theme.font_size + 1.5, bold=True)
    for shown in (text, text.partition(": ")[2]):
        needed = text_width(f"\u2691 {shown}", theme.font_size - 0.5)
        if width * share > title and needed < width * (1 - share):
            return f"\u2691 {shown}", "left"
        if needed < width * share - title:
            return f"{shown} \u2691", "right"
    return "\u2691", "left"


def _runs(stage: IntArray) -> list[tuple[int, int]]:
    """Return the first and last index of each run of one stage."""
    if stage.size == 0:
        return []
    starts = np.flatnonzero(np.r_[True, stage[1:] != stage[:-1]])
    ends = np.r_[starts[1:] - 1, stage.size - 1]
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def _draw_limits(
    axes: Any, theme: Theme, chart: ControlChart, panel: Panel, decimals: int
) -> list[Level]:
    """Draw centre and limits stage by stage; return those of the last stage, to be named."""
    runs = _runs(chart.stage)
    named: list[Level] = []
    for first, last in runs:
        for name, values, colour, style in (
            ("Mean", panel.center, theme.center, "-"),
            ("UCL", panel.ucl, theme.limit, (0, (5, 3))),
            ("LCL", panel.lcl, theme.limit, (0, (5, 3))),
        ):
            piece = values[first : last + 1]
            known = piece[np.isfinite(piece)]
            if not known.size:
                continue
            _draw_level(axes, piece, first, colour, style)
            if last == runs[-1][1]:
                value = float(known[-1])
                named.append(Level(f"{name} {words.number(value, decimals)}", value, colour))
    return named


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


def _name_levels(axes: Any, theme: Theme, levels: Sequence[Level]) -> None:
    """Write the names of the levels at the right, moved apart where they would overlap."""
    line = theme.font_size * 1.25 * axes.figure.dpi / 72
    spots = [float(axes.transData.transform((0, level.value))[1]) for level in levels]
    for level, spot, place in zip(levels, spots, apart(spots, line), strict=True):
        axes.annotate(
            level.text,
            (1.0, level.value),
            xycoords=("axes fraction", "data"),
            xytext=(6, (place - spot) * 72 / axes.figure.dpi),
            textcoords="offset points",
            va="center",
            color=level.colour,
            fontsize=theme.font_size,
            annotation_clip=False,
        )


def apart(spots: Sequence[float], least: float) -> list[float]:
    """Return places near the spots, in the same order, none closer than `least` to the next."""
    order = sorted(range(len(spots)), key=lambda i: spots[i])
    groups: list[list[int]] = []
    middles: list[float] = []
    for index in order:
        groups.append([index])
        middles.append(spots[index])
        while len(groups) > 1 and _too_close(groups[-2:], middles[-2:], least):
            together = groups.pop(-2) + groups.pop()
            middles[-2:] = [sum(spots[i] for i in together) / len(together)]
            groups.append(together)
    places = [0.0] * len(spots)
    for group, middle in zip(groups, middles, strict=True):
        for number, index in enumerate(group):
            places[index] = middle + (number - (len(group) - 1) / 2) * least
    return places


def _too_close(groups: Sequence[Sequence[int]], middles: Sequence[float], least: float) -> bool:
    below, above = groups
    return middles[1] - middles[0] < least * (len(below) + len(above)) / 2


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


def _draw_signals(axes: Any, theme: Theme, panel: Panel) -> None:
    shown = panel.any_signal
    if shown.size == 0:
        return
    beyond = np.isin(shown, panel.signals.get(1, np.zeros(0, dtype=np.int64)))
    for marks, colour, shape, size in (
        (shown[~beyond], theme.pattern, "D", 5.5),
        (shown[beyond], theme.signal, "s", 7.0),
    ):
        style = {"marker": shape, "color": colour, "markersize": size, "zorder": 4}
        draw_marks(axes, panel.points, panel.center, marks, **style)
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
    """Write notes beside their points: below a high point, above a low one, to the inside."""
    low, high = axes.get_ylim()
    for index, text in notes.items():
        value = float(panel.points[index])
        up = value < low + 0.7 * (high - low)
        left = index > 0.75 * panel.points.size
        axes.annotate(
            text,
            (index, value),
            xytext=(-10 if left else 10, 14 if up else -14),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            color=theme.text,
            fontsize=theme.font_size - 1,
            arrowprops={"arrowstyle": "-", "color": theme.muted, "linewidth": 0.7},
            bbox={"facecolor": theme.background, "edgecolor": "none", "alpha": 0.8, "pad": 1},
            zorder=6,
        )


def _draw_spec(axes: Any, theme: Theme, labels: ChartLabels) -> list[Level]:
    """Draw what the customer demands; return the lines, to be named."""
    named: list[Level] = []
    for name, value in zip(("LSL", "USL", "Target"), labels.spec, strict=True):
        if value is not None:
            axes.axhline(value, color=theme.spec, linewidth=1.0, linestyle=(0, (1, 2)))
            text = f"{name} {words.number(value, labels.decimals)}"
            named.append(Level(text, value, theme.spec))
    return named


def _frame(axes: Any, panel: Panel) -> None:
    """Show all points and limits with a little air; limits of a whole chart never lie outside."""
    levels = _extent(panel)
    if levels:
        low, high = levels
        air = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
        axes.set_ylim(low - air, high + air)
    axes.set_xlim(-0.5 - 0.005 * panel.points.size, panel.points.size - 0.5)


def _label_x(axes: Any, labels: ChartLabels, count: int) -> None:
    axes.set_xlabel(labels.x_label)
    axes.locator_params(axis="x", integer=True, nbins=7 if labels.ticks else 10)
    ticks = labels.ticks

    def text(at: float, _position: object = None) -> str:
        index = round(at)
        if not 0 <= index < count:
            return ""
        return ticks[index] if ticks else f"{index + 1}"

    axes.xaxis.set_major_formatter(text)
