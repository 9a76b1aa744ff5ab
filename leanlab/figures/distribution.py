"""Pictures of one distribution: histogram, normal curve, box, probability plot, capability."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from leanlab.core import format as words
from leanlab.core.typing import FloatArray
from leanlab.figures.axes import (
    LETTER,
    LINE,
    POINTS,
    kept_apart,
    nice_limits,
    number_ticks,
    prepared,
    room,
    styled,
    titled,
)
from leanlab.figures.bars import legend
from leanlab.figures.bins import bins_for
from leanlab.figures.theme import Theme

THIN_ABOVE = 3000
DASHED: Any = (0, (5, 2))


def normal_density(at: FloatArray, mean: float, sd: float) -> FloatArray:
    """Return the bell curve's height."""
    z = (at - mean) / sd
    return np.asarray(np.exp(-0.5 * z * z) / (sd * np.sqrt(2 * np.pi)))


def _width(axes: Any) -> float:
    return float(axes.get_position().width * axes.figure.get_figwidth() * POINTS)


def _height(axes: Any) -> float:
    return float(axes.get_position().height * axes.figure.get_figheight() * POINTS)


def draw_bars(
    axes: Any,
    theme: Theme,
    values: FloatArray,
    curves: Sequence[tuple[str, float, float, str, Any]] = (),
) -> None:
    """Draw a histogram and normal curves (name, mean, sd, colour, style) scaled to its area."""
    styled(axes, theme)
    edges = bins_for(values)
    counts, _ = np.histogram(values, bins=edges)
    axes.stairs(counts, edges, fill=True, color=theme.fill, linewidth=0, zorder=2)
    axes.vlines(edges[1:-1], 0, np.minimum(counts[1:], counts[:-1]), color=theme.background, linewidth=0.9, zorder=2.5)  # fmt: skip
    left, right = axes.get_xlim()
    grid = np.linspace(left, right, 400)
    scale = values.size * (edges[1] - edges[0])
    top = float(counts.max())
    for name, mean, sd, colour, style in curves:
        if sd > 0:
            height = scale * normal_density(grid, mean, sd)
            axes.plot(
                grid, height, color=colour, linestyle=style, linewidth=1.6, label=name, zorder=4
            )
            top = max(top, min(float(height.max()), 1.6 * float(counts.max())))
    axes.set_ylim(0, top * 1.08)


def draw_box(
    axes: Any,
    theme: Theme,
    groups: Sequence[FloatArray],
    *,
    vert: bool = True,
    width: float = 0.5,
    fliers: bool = True,
) -> None:
    """Draw box plots from our own quartiles (type 6), outliers beyond 1.5 box lengths."""
    line = {"color": theme.point, "linewidth": 1.0}
    axes.bxp(
        [_box(values, fliers=fliers) for values in groups],
        orientation="vertical" if vert else "horizontal",
        showmeans=False,
        showfliers=fliers,
        patch_artist=True,
        widths=width,
        manage_ticks=False,
        boxprops={"facecolor": theme.fill, "edgecolor": theme.point, "linewidth": 1.0},
        medianprops={"color": theme.text, "linewidth": 1.6},
        whiskerprops=line,
        capprops=line,
        flierprops={"marker": "o", "markerfacecolor": "none", "markeredgecolor": theme.signal, "markersize": 4},
        zorder=2,
    )  # fmt: skip


def _box(values: FloatArray, *, fliers: bool) -> dict[str, Any]:
    known = values[np.isfinite(values)]
    method: Any = "weibull" if known.size >= 4 else "linear"
    q1, median, q3 = np.quantile(known, [0.25, 0.5, 0.75], method=method)
    reach = 1.5 * (q3 - q1)
    inside = known[(known >= q1 - reach) & (known <= q3 + reach)]
    out = known[(known < q1 - reach) | (known > q3 + reach)]
    return {
        "q1": q1, "med": median, "q3": q3, "mean": float(known.mean()),
        "whislo": float(inside.min()) if inside.size else q1,
        "whishi": float(inside.max()) if inside.size else q3,
        "fliers": out[:500] if fliers else [],
    }  # fmt: skip


def draw_summary(
    figure: Figure,
    theme: Theme,
    values: FloatArray,
    name: str,
    mean_interval: tuple[float, float] | None,
) -> None:
    """Draw histogram with normal curve, and below it the box plot with the mean's interval."""
    prepared(figure, theme)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    histogram, box = figure.subplots(2, 1, sharex=True, height_ratios=[3.4, 1.0])
    room(
        figure, left=6 * letter, right=2.5 * letter, top=2.0 * line, bottom=2.4 * line, hspace=0.06
    )
    mean, sd = float(values.mean()), float(values.std(ddof=1)) if values.size > 1 else 0.0
    ends = nice_limits(float(values.min()), float(values.max()), 0.1)
    histogram.set_xlim(*ends)
    draw_bars(histogram, theme, values, [("Normal curve", mean, sd, theme.center, "-")])
    titled(histogram, name, theme)
    histogram.tick_params(labelbottom=False, length=0)
    number_ticks(histogram.yaxis, length=_height(histogram))
    styled(box, theme, grid="x")
    draw_box(box, theme, [values], vert=False, width=0.42)
    if mean_interval is not None and np.isfinite(mean_interval).all():
        box.plot(
            mean_interval,
            [0.55, 0.55],
            color=theme.center,
            linewidth=2.2,
            solid_capstyle="butt",
            zorder=4,
        )
        box.plot([mean], [0.55], "D", color=theme.center, markersize=4.5, zorder=5)
        middle = mean > sum(ends) / 2
        box.annotate(
            "mean and its interval", (mean_interval[0] if middle else mean_interval[1], 0.55),
            xytext=(-6 if middle else 6, 0), textcoords="offset points", ha="right" if middle else "left",
            va="center", color=theme.center, fontsize=theme.font_size - 1, zorder=5,
        )  # fmt: skip
    box.set_ylim(0.38, 1.35)
    box.set_yticks([])
    box.spines["left"].set_visible(False)
    number_ticks(box.xaxis, length=_width(box), per=56)


@dataclass(frozen=True, slots=True, eq=False)
class CapabilityPicture:
    """What a capability histogram shows."""

    values: FloatArray
    mean: float
    within: float
    overall: float
    lsl: float | None
    usl: float | None
    target: float | None
    name: str
    decimals: int
    indices: Sequence[tuple[str, str]]


def draw_capability(figure: Figure, theme: Theme, picture: CapabilityPicture) -> None:
    """Draw the histogram between the specification limits, both curves, and the indices."""
    prepared(figure, theme)
    axes = figure.subplots()
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    room(figure, left=6 * letter, right=3.5 * letter, top=5.0 * line, bottom=2.4 * line)
    titled(axes, picture.name, theme)
    axes.set_title(axes.get_title(loc="left"), loc="left", color=theme.text, fontsize=theme.font_size + 1,
                   fontweight="bold", pad=6 + 2.9 * line)  # fmt: skip
    lines = [(n, v) for n, v in (("LSL", picture.lsl), ("Target", picture.target), ("USL", picture.usl)) if v is not None]  # fmt: skip
    ends = [float(picture.values.min()), float(picture.values.max()), *(v for _, v in lines)]
    axes.set_xlim(*nice_limits(min(ends), max(ends)))
    draw_bars(
        axes, theme, picture.values,
        [("Overall", picture.mean, picture.overall, theme.center, "-"),
         ("Within", picture.mean, picture.within, theme.pattern, DASHED)],
    )  # fmt: skip
    _shade_outside(axes, theme, picture)
    _name_lines(axes, theme, lines, picture.decimals)
    number_ticks(axes.xaxis, length=_width(axes), per=56)
    number_ticks(axes.yaxis, length=_height(axes))
    if picture.overall > 0:
        legend(axes, theme, columns=2)
        shown: Any = axes.get_legend()
        shown.set_bbox_to_anchor((0.0, 1.0 + 1.35 * line / _height(axes)))
    if picture.indices:
        text = "   ".join(f"{name} {value}" for name, value in picture.indices)
        axes.annotate(
            text, (1.0, 1.0), xycoords="axes fraction", xytext=(0, 1.55 * line), textcoords="offset points",
            ha="right", va="bottom", color=theme.text, fontsize=theme.font_size, fontweight="bold",
            annotation_clip=False,
        )  # fmt: skip


def _shade_outside(axes: Any, theme: Theme, picture: CapabilityPicture) -> None:
    low, high = axes.get_xlim()
    if picture.lsl is not None:
        axes.axvspan(low, picture.lsl, color=theme.signal, alpha=0.06, linewidth=0, zorder=0)
    if picture.usl is not None:
        axes.axvspan(picture.usl, high, color=theme.signal, alpha=0.06, linewidth=0, zorder=0)
    axes.set_xlim(low, high)


def _name_lines(axes: Any, theme: Theme, lines: Sequence[tuple[str, float]], decimals: int) -> None:
    """Draw vertical lines with their names above the axes, kept apart."""
    if not lines:
        return
    low, high = axes.get_xlim()
    scale = _width(axes) / (high - low)
    size = theme.font_size - 0.5
    texts = [f"{name} {words.number(value, decimals)}" for name, value in lines]
    widest = max(len(t) for t in texts) * LETTER * size
    wanted = [(value - low) * scale for _, value in lines]
    places = kept_apart(wanted, widest + 6, widest / 2, _width(axes) - widest / 2)
    for (name, value), text, want, place in zip(lines, texts, wanted, places, strict=True):
        colour = theme.center if name == "Target" else theme.spec
        axes.axvline(
            value,
            color=colour,
            linewidth=1.4,
            linestyle=(0, (1, 2)) if name == "Target" else "-",
            zorder=5,
        )
        axes.annotate(
            text, (value, 1.0), xycoords=("data", "axes fraction"), xytext=(place - want, 2),
            textcoords="offset points", ha="center", va="bottom", color=colour, fontsize=size,
            fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def draw_probability(figure: Figure, theme: Theme, plot: Any, name: str) -> None:
    """Draw ordered values against normal scores, with the line of the fitted normal."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme, grid="both")
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    room(figure, left=7.5 * letter, right=2.5 * letter, top=2.0 * line, bottom=2.4 * line)
    titled(axes, f"Normal probability plot · {name}", theme)
    ordered, scores = plot.values, plot.scores
    keep = np.arange(ordered.size)
    if ordered.size > THIN_ABOVE:
        keep = np.unique(np.r_[0:200, np.linspace(200, ordered.size - 201, 1500).astype(int),
                               ordered.size - 200 : ordered.size])  # fmt: skip
    ends = np.array([scores[0] - 0.3, scores[-1] + 0.3])
    axes.plot(plot.mean + plot.sd * ends, ends, color=theme.center, linewidth=1.3, zorder=2)
    axes.plot(ordered[keep], scores[keep], "o", color=theme.point, markersize=4.2 if keep.size < 200 else 2.8,
              markeredgewidth=0, alpha=0.85, zorder=3)  # fmt: skip
    percents = np.array([0.01, 0.1, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99])
    from scipy.special import ndtri

    places = ndtri(percents / 100)
    axes.set_ylim(float(ends[0]), float(ends[1]))
    span = np.diff(axes.get_ylim())[0]
    inside = [i for i, z in enumerate(places) if ends[0] < z < ends[1]]
    gap = span * theme.font_size * 1.3 / _height(axes)
    shown: list[int] = []
    for i in sorted(inside, key=lambda i: abs(places[i])):
        if all(abs(places[i] - places[j]) > gap for j in shown):
            shown.append(i)
    axes.set_yticks([places[i] for i in shown], [f"{percents[i]:g} %" for i in shown])
    axes.set_xlim(*nice_limits(float(min(ordered[0], plot.mean + plot.sd * ends[0])), float(max(ordered[-1], plot.mean + plot.sd * ends[1])), 0.03))  # fmt: skip
    number_ticks(axes.xaxis, length=_width(axes), per=56)
