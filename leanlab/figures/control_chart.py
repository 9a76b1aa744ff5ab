"""Draw any control chart: panels of points, limits, stages, signals, notes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from leanlab.core import format as words
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.figures.axes import (
    LETTER,
    LINE,
    POINTS,
    half_tick,
    index_ticks,
    longest_tick,
    nice_limits,
    number_ticks,
    prepared,
    room,
    shortened,
    side_labels,
    size_of,
    styled,
    text_width,
    titled,
)
from leanlab.figures.theme import Theme
from leanlab.figures.visible import draw_marks, draw_series
from leanlab.stats.control_chart import ControlChart, Panel

NUMBERED_SIGNALS = 40  # more rule numbers than this become a thicket
DASHED: Any = (0, (5, 3))
DOTTED: Any = (0, (1, 2))
MOST_AIR = 0.45  # share of the values' range that may stay free above them
NOTE_ASIDE = 12.0  # points between a note and its point
NOTE_STEPS = tuple(sign * step for step in (14.0, 27.0, 40.0, 54.0, 70.0, 90.0) for sign in (1, -1))
Box = tuple[float, float, float, float]  # left, right, bottom, top
LOCATION_SHARE = 1.5  # height of the level's panel against the spread's


class Place(NamedTuple):
    """Where a note may stand: side and height in points, what it covers, what it says."""

    side: int
    step: float
    box: Box
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class ChartLabels:
    """The words around the points."""

    name: str = ""
    x_label: str = "Observation"
    ticks: Sequence[str] = ()  # one text per point, or none
    notes: Mapping[int, str] = field(default_factory=dict)
    decimals: int = 2  # of the data
    share: bool = False
    spec: tuple[float | None, float | None, float | None] = (None, None, None)
    flags: Mapping[int, str] = field(default_factory=dict)  # process changes, before this point
    left_out: Mapping[str, BoolArray] = field(default_factory=dict)  # by panel; else the excluded
    provisional: tuple[int, ...] = ()  # stages with too few points: their centre is dashed too

    def text(self, value: float) -> str:
        """Write a value of the chart: one decimal more than the data."""
        return words.percent(value) if self.share else words.number(value, self.decimals + 1)


def draw_control_chart(
    figure: Figure, theme: Theme, chart: ControlChart, labels: ChartLabels
) -> None:
    """Draw all panels of a chart, location above spread."""
    prepared(figure, theme)
    count = len(chart.panels)
    ratios = [LOCATION_SHARE] + [1.0] * (count - 1)
    grid = figure.subplots(count, 1, sharex=True, squeeze=False, height_ratios=ratios)
    _room(figure, theme, chart, labels)
    for row, panel in enumerate(chart.panels):
        axes = styled(grid[row][0], theme)
        titled(axes, f"{panel.title} · {labels.name}" if row == 0 and labels.name else panel.title, theme)  # fmt: skip
        _frame(axes, chart, panel, labels if row == 0 else ChartLabels())
        if row < count - 1:
            axes.tick_params(axis="x", length=0, labelbottom=False)
        _draw_stages(axes, theme, chart, named=row == 0)
        draw_flags(axes, theme, labels.flags, named=row == 0)
        _draw_limits(axes, theme, chart, panel, labels, spec=row == 0)
        left_out = labels.left_out.get(panel.id, chart.excluded)
        draw_series(axes, theme, panel.points, _starts(chart.stage))
        _draw_signals(axes, theme, panel, left_out)
        draw_excluded(axes, theme, panel.points, left_out)
        if row == 0:
            draw_notes(axes, theme, panel.points, labels.notes, _starts(chart.stage))
        number_ticks(axes.yaxis, share=labels.share, length=_height(axes))
    index_ticks(grid[-1][0], theme, labels.ticks, chart.panels[0].points.size)
    grid[-1][0].set_xlabel(labels.x_label)


def _height(axes: Any) -> float:
    return float(axes.get_position().height * axes.figure.get_figheight() * POINTS)


def _room(figure: Figure, theme: Theme, chart: ControlChart, labels: ChartLabels) -> None:
    """Leave room for the words around the panels; counted in letters, so nothing is solved."""
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    known = [e for p in chart.panels if (e := _extent(p))]
    ends = [nice_limits(*e, air) for e in known for air in (0.08, 0.15, MOST_AIR)]
    left = max((longest_tick(*e, share=labels.share) for e in ends), default=4)
    texts = [labels.text(v) for p in chart.panels for v in _levels(p)]
    names = 7 if any(v is not None for v in labels.spec[2:]) else 5
    right = max((len(t) for t in texts), default=4) + names + 1
    height = size_of(figure)[1]
    first = half_tick(figure, theme, labels.ticks)
    count = len(chart.panels)
    inner = (height - 5.6 * line) / max(count, 1)
    room(
        figure, left=max((left + 1.6) * letter, first), right=right * letter + 7, top=2.0 * line,
        bottom=3.5 * line, hspace=2.2 * line / max(inner - 2.2 * line, 30.0) if count > 1 else None,
    )  # fmt: skip


def _extent(panel: Panel) -> tuple[float, float] | tuple[()]:
    """Return lowest and highest of what a panel shows."""
    parts = [panel.points, panel.lcl, panel.ucl, panel.center]
    parts = [part for part in parts if part.size]
    low = min((float(np.fmin.reduce(part)) for part in parts), default=np.nan)
    high = max((float(np.fmax.reduce(part)) for part in parts), default=np.nan)
    return (low, high) if np.isfinite(low) and np.isfinite(high) else ()


def _levels(panel: Panel) -> list[float]:
    """Return the last value of each limit line."""
    parts = (panel.lcl, panel.center, panel.ucl)
    return [float(part[np.isfinite(part)][-1]) for part in parts if np.isfinite(part).any()]


def _frame(axes: Any, chart: ControlChart, panel: Panel, labels: ChartLabels) -> None:
    """Show all points and limits with a little air; stage names get a line of their own."""
    ends = [*_extent(panel), *(v for v in labels.spec if v is not None)]
    if ends:
        low, high = nice_limits(min(ends), max(ends))
        if panel is chart.panels[0] and len(_runs(chart.stage)) > 1:
            high += (high - low) * min(0.3, 13.0 * LINE / max(_height(axes), 1))
        if panel.any_signal.size:  # the rule number above the highest point
            high += (high - low) * min(0.2, 12.0 / max(_height(axes), 1))
        axes.set_ylim(low, high)
    n = panel.points.size
    axes.set_xlim(-0.5 - 0.012 * n, n - 0.5 + 0.004 * n)


def _starts(stage: IntArray) -> IntArray:
    """Return the first point of each later stage."""
    return np.asarray(np.flatnonzero(stage[1:] != stage[:-1]) + 1, dtype=np.int64)


def _runs(stage: IntArray) -> list[tuple[int, int]]:
    """Return the first and last index of each run of one stage."""
    if stage.size == 0:
        return []
    starts = np.flatnonzero(np.r_[True, stage[1:] != stage[:-1]])
    ends = np.r_[starts[1:] - 1, stage.size - 1]
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def _letters_in(axes: Any, theme: Theme, first: float, last: float) -> int:
    """Return how many letters find room between two points."""
    low, high = axes.get_xlim()
    width = axes.get_position().width * axes.figure.get_figwidth() * POINTS
    return int((last - first) / (high - low) * width / (theme.font_size * LETTER)) - 1


def _draw_stages(axes: Any, theme: Theme, chart: ControlChart, *, named: bool) -> None:
    runs = _runs(chart.stage)
    if len(runs) < 2:
        return
    for number, (first, last) in enumerate(runs):
        if number % 2:
            axes.axvspan(first - 0.5, last + 0.5, color=theme.stage, zorder=0, linewidth=0)
        if number:
            axes.axvline(first - 0.5, color=theme.axis, linewidth=0.9, linestyle=DOTTED, zorder=1)
        letters = _letters_in(axes, theme, first - 0.5, last + 0.5)
        if named and letters >= 3:
            axes.annotate(
                shortened(chart.stage_names[int(chart.stage[first])], letters), (first - 0.5, 1.0),
                xycoords=("data", "axes fraction"), xytext=(4, -2), textcoords="offset points",
                va="top", color=theme.muted, fontsize=theme.font_size, fontweight="bold",
            )  # fmt: skip


def draw_flags(axes: Any, theme: Theme, flags: Mapping[int, str], *, named: bool) -> None:
    """Draw dated changes of the process as lines; their words stand above the panel."""
    size = theme.font_size - 0.5
    low, high = axes.get_xlim()
    width = axes.bbox.width * POINTS / axes.figure.dpi
    title = text_width(axes.get_title(loc="left") + "nn", theme.font_size + 1, bold=True)
    taken = [(0.0, title)]
    for at in sorted(flags):
        axes.axvline(at - 0.5, color=theme.spec, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1)
        if named:
            spot = (at - 0.5 - low) / (high - low) * width
            text, side, span = _flag_words(flags[at], spot, (width + 4 * size, size), taken)
            taken.append(span)
            axes.annotate(
                text, (at - 0.5, 1.0), xycoords=("data", "axes fraction"),
                xytext=(-4 if side == "left" else 4, 4), textcoords="offset points", ha=side,
                color=theme.spec, fontsize=size, zorder=6, annotation_clip=True,
            )  # fmt: skip


def _flag_words(
    text: str, spot: float, room_and_size: tuple[float, float], taken: Sequence[tuple[float, float]]
) -> tuple[str, str, tuple[float, float]]:
    """Return words, side and span of a flag where nothing else stands.

    What does not fit loses its date, then its words; the flag itself stays.
    """
    width, size = room_and_size
    for shown in (text, text.partition(": ")[2]):
        needed = text_width(f"⚑ {shown} ", size)
        for side, span in (("left", (spot, spot + needed)), ("right", (spot - needed, spot))):
            if (
                span[0] >= 0
                and span[1] <= width
                and all(span[1] <= a or span[0] >= b for a, b in taken)
            ):
                return (f"⚑ {shown}" if side == "left" else f"{shown} ⚑"), side, span
    hidden = any(a <= spot + size and spot <= b for a, b in taken)
    return "" if hidden else "⚑", "left", (spot, spot + size)


def _draw_limits(
    axes: Any, theme: Theme, chart: ControlChart, panel: Panel, labels: ChartLabels, *, spec: bool
) -> None:
    runs = _runs(chart.stage)
    written: list[tuple[str, float, str]] = []
    for first, last in runs:
        solid = DASHED if int(chart.stage[first]) in labels.provisional else "-"
        for name, values, colour, style in (
            ("UCL", panel.ucl, theme.limit, DASHED),
            ("Mean", panel.center, theme.center, solid),
            ("LCL", panel.lcl, theme.limit, DASHED),
        ):
            piece = values[first : last + 1]
            known = piece[np.isfinite(piece)]
            if not known.size:
                continue
            _draw_level(axes, piece, first, colour, style)
            if last == runs[-1][1]:
                written.append(
                    (f"{name} {labels.text(float(known[-1]))}", float(known[-1]), colour)
                )
            elif name == "Mean" and known[-1] != last_known(values):
                _label_inside(axes, theme, labels.text(float(known[-1])), float(known[-1]), (first, last))  # fmt: skip
    if spec:
        written += _draw_spec(axes, theme, labels)
    side_labels(axes, theme, written)


def _label_inside(axes: Any, theme: Theme, text: str, value: float, run: tuple[int, int]) -> None:
    """Write the mean of an earlier stage above its line, where there is room."""
    if _letters_in(axes, theme, run[0], run[1]) < len(text) + 2:
        return
    axes.annotate(
        text, (run[1] + 0.4, value), xytext=(-2, 3), textcoords="offset points", ha="right",
        va="bottom", color=theme.center, fontsize=theme.font_size - 0.5, zorder=6,
        bbox={"facecolor": theme.background, "alpha": 0.75, "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip


def last_known(values: FloatArray) -> float:
    """Return the last value that is not missing."""
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else float("nan")


def _draw_level(axes: Any, piece: FloatArray, first: int, colour: str, style: Any) -> None:
    known = piece[np.isfinite(piece)]
    if np.ptp(known) <= 1e-12 * max(1.0, abs(float(known[0]))):
        ends = [first - 0.5, first + piece.size - 0.5]
        axes.plot(
            ends, [known[0], known[0]], color=colour, linewidth=1.1, linestyle=style, zorder=2
        )
        return
    edges = np.arange(first, first + piece.size + 1) - 0.5
    solid = style if piece.size <= 60 else "-"
    axes.stairs(piece, edges, baseline=None, color=colour, linewidth=0.9, linestyle=solid, zorder=2)


def _draw_spec(axes: Any, theme: Theme, labels: ChartLabels) -> list[tuple[str, float, str]]:
    written = []
    for name, value in zip(("LSL", "USL", "Target"), labels.spec, strict=True):
        if value is not None:
            axes.axhline(value, color=theme.spec, linewidth=1.1, linestyle=DOTTED, zorder=2)
            written.append((f"{name} {labels.text(value)}", value, theme.spec))
    return written


def _draw_signals(axes: Any, theme: Theme, panel: Panel, excluded: BoolArray) -> None:
    shown = panel.any_signal
    shown = shown[~excluded[shown]]
    if shown.size == 0:
        return
    beyond = np.isin(shown, panel.signals.get(1, np.zeros(0, dtype=np.int64)))
    for marks, colour, shape, size in (
        (shown[~beyond], theme.pattern, "D", 5.5),
        (shown[beyond], theme.signal, "s", 6.5),
    ):
        draw_marks(
            axes, panel.points, panel.center, marks, marker=shape, color=colour, markersize=size,
            markeredgecolor=theme.background, markeredgewidth=0.8, zorder=4,
        )  # fmt: skip
    if shown.size <= NUMBERED_SIGNALS:
        _number_signals(axes, theme, panel, shown, set(shown[beyond].tolist()))


def _number_signals(
    axes: Any, theme: Theme, panel: Panel, shown: IntArray, beyond: set[int]
) -> None:
    """Write the rule number at its point, so that print needs no pointing; crowded ones are left."""
    low, high = axes.get_xlim()
    per_point = axes.get_position().width * axes.figure.get_figwidth() * POINTS / (high - low)
    bottom, top = axes.get_ylim()
    per_unit = _height(axes) / (top - bottom)
    taken = -np.inf
    for index in shown:
        rules = [str(rule) for rule, at in sorted(panel.signals.items()) if index in at]
        text = ",".join(rules)
        start = index * per_point
        if start < taken:
            continue
        taken = start + (len(text) + 1) * LETTER * theme.font_size
        above = panel.points[index] >= panel.center[index]
        beside = above and (top - panel.points[index]) * per_unit < 2.4 * LINE * theme.font_size
        place: Any = {"xytext": (7, -1), "ha": "left", "va": "center"}
        if not beside:
            place = {
                "xytext": (0, 6 if above else -6),
                "ha": "center",
                "va": "bottom" if above else "top",
            }
        axes.annotate(
            text, (index, panel.points[index]), textcoords="offset points", **place,
            color=theme.signal if int(index) in beyond else theme.pattern,
            fontsize=theme.font_size - 1, fontweight="bold", zorder=6,
        )  # fmt: skip


def draw_excluded(axes: Any, theme: Theme, points: FloatArray, excluded: BoolArray) -> None:
    """Draw points that do not count as hollow circles with a cross."""
    out = np.flatnonzero(excluded & np.isfinite(points))
    if out.size:
        axes.plot(out, points[out], "o", markerfacecolor=theme.background,
                  markeredgecolor=theme.muted, markersize=7.5, zorder=4)  # fmt: skip
        axes.plot(out, points[out], "x", color=theme.muted, markersize=4.5, zorder=5)


def draw_notes(
    axes: Any,
    theme: Theme,
    points: FloatArray,
    notes: Mapping[int, str],
    starts: IntArray | None = None,
) -> None:
    """Write the user's notes beside their points, inside the axes and their stage.

    Each stands where it hides least of the points, of the line between them and of other notes.
    """
    taken: list[Box] = []
    for index, text in sorted(notes.items()):
        value = float(points[index])
        if not np.isfinite(value):
            continue
        side, step, box, short = min(
            _places(axes, theme, (index, value), text, starts),
            key=lambda place: _hides(place, axes, points, taken),
        )
        taken.append(box)
        axes.annotate(
            short, (index, value), xytext=(side * NOTE_ASIDE, step), textcoords="offset points",
            ha="left" if side > 0 else "right", va="center", color=theme.text,
            fontsize=theme.font_size - 0.5, zorder=7,
            arrowprops={"arrowstyle": "-", "color": theme.muted, "linewidth": 0.7, "shrinkB": 4},
            bbox={"facecolor": theme.background, "edgecolor": "none", "alpha": 0.85, "pad": 1.2},
        )  # fmt: skip


def _places(
    axes: Any, theme: Theme, at: tuple[int, float], text: str, starts: IntArray | None
) -> Iterator[Place]:
    """Yield where a note may stand: its usual side, and the other one if it fits there whole."""
    (low, high), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    place, (width, height) = axes.get_position(), size_of(axes.figure)
    per_x, per_y = (high - low) / (place.width * width), (top - bottom) / (place.height * height)
    edges = [low, *(s - 0.5 for s in (starts if starts is not None else ())), high]
    ends = {-1: max(e for e in edges if e <= at[0]), 1: min(e for e in edges if e > at[0])}
    usual = -1 if at[0] > low + 0.6 * (high - low) else 1
    half = 0.75 * theme.font_size * per_y
    for side in (usual, -usual):
        end = low if side == usual == -1 else ends[side]
        letters = int(1.15 * _letters_in(axes, theme, *sorted((at[0], end)))) - 5
        short = shortened(text, max(8, letters)) if side == usual else text
        long = text_width(short, theme.font_size - 0.5) * per_x
        near = at[0] + side * NOTE_ASIDE * per_x
        x0, x1 = sorted((near, near + side * long))
        if side != usual and not min(end, at[0]) <= x0 <= x1 <= max(end, at[0]):
            continue
        for step in NOTE_STEPS:
            middle = at[1] + step * per_y
            yield Place(side, step, (x0, x1, middle - half, middle + half), short)


def _hides(place: Place, axes: Any, points: FloatArray, taken: Sequence[Box]) -> tuple[int, float]:
    """Return how much a note would hide at a place, then how far it is from its point."""
    x0, x1, y0, y1 = place.box
    bottom, top = axes.get_ylim()
    under = points[max(0, int(np.floor(x0))) : max(0, int(np.ceil(x1)) + 1)]
    a, b = under[:-1], under[1:]
    lines = int(((np.fmin(a, b) < y1) & (np.fmax(a, b) > y0)).sum())
    others = sum(x0 < o[1] and o[0] < x1 and y0 < o[3] and o[2] < y1 for o in taken)
    return 1000 * (y0 < bottom or y1 > top) + 10 * others + lines, abs(place.step)
