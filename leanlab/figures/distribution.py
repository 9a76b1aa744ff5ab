"""Pictures of one distribution: histogram, normal curve, box, probability plot."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from leanlab.core import format as words
from leanlab.core.typing import FloatArray
from leanlab.figures.axes import prepared, styled, titled
from leanlab.figures.theme import Theme

THIN_ABOVE = 3000


def normal_density(at: FloatArray, mean: float, sd: float) -> FloatArray:
    """Return the bell curve's height."""
    z = (at - mean) / sd
    return np.asarray(np.exp(-0.5 * z * z) / (sd * np.sqrt(2 * np.pi)))


def bins_for(values: FloatArray) -> FloatArray:
    """Return bin edges: Freedman-Diaconis within 5 to 60 bins."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.linspace(low - 0.5, high + 0.5, 4)
    spread = float(np.subtract(*np.quantile(values, [0.75, 0.25]))) or float(values.std()) or 1.0
    width = 2 * spread / values.size ** (1 / 3)
    count = int(np.clip(np.ceil((high - low) / width), 5, 60))
    return np.linspace(low, high, count + 1)


def draw_histogram(
    axes: Any,
    theme: Theme,
    values: FloatArray,
    curves: Sequence[tuple[str, float, float, str]] = (),
    lines: Sequence[tuple[str, float, str]] = (),
    decimals: int = 2,
) -> None:
    """Draw bars, normal curves (name, mean, sd, colour) and vertical lines (name, at, colour)."""
    styled(axes, theme)
    counts, edges = np.histogram(values, bins=bins_for(values))
    axes.stairs(counts, edges, fill=True, color=theme.fill, edgecolor=theme.line, linewidth=0.8)
    _reach(axes, values, lines)
    left, right = axes.get_xlim()
    grid = np.linspace(left, right, 300)
    scale = values.size * (edges[1] - edges[0])
    styles = ["-", (0, (5, 2)), ":"]
    for style, (name, mean, sd, colour) in zip(styles, curves, strict=False):
        if sd > 0:
            axes.plot(
                grid, scale * normal_density(grid, mean, sd), color=colour, linestyle=style,
                linewidth=1.5, label=name,
            )  # fmt: skip
    for name, at, colour in lines:
        axes.axvline(at, color=colour, linewidth=1.3, linestyle=(0, (4, 2)))
        axes.annotate(
            f"{name} {words.number(at, decimals)}", (at, 1.0), xycoords=("data", "axes fraction"),
            xytext=(3, -2), textcoords="offset points", va="top", color=colour,
            fontsize=theme.font_size - 0.5,
        )  # fmt: skip
    if len(curves) > 1:
        axes.legend(
            frameon=False, fontsize=theme.font_size - 0.5, labelcolor=theme.text, loc="upper left",
            bbox_to_anchor=(0.0, 0.9),
        )  # fmt: skip


def _reach(axes: Any, values: FloatArray, lines: Sequence[tuple[str, float, str]]) -> None:
    ends = [float(values.min()), float(values.max()), *(at for _, at, _ in lines)]
    air = (max(ends) - min(ends)) * 0.08 or 1.0
    axes.set_xlim(min(ends) - air, max(ends) + air)


def draw_box(
    axes: Any,
    theme: Theme,
    groups: Sequence[FloatArray],
    names: Sequence[str],
    *,
    vert: bool = True,
) -> None:
    """Draw box plots from our own quartiles (type 6), outliers beyond 1.5 IQR."""
    styled(axes, theme, grid="y" if vert else "x")
    stats = [_box(values, name) for values, name in zip(groups, names, strict=True)]
    line = {"color": theme.line, "linewidth": 1.1}
    axes.bxp(
        stats,
        orientation="vertical" if vert else "horizontal",
        showmeans=True,
        patch_artist=True,
        widths=0.5,
        boxprops={"facecolor": theme.fill, "edgecolor": theme.line},
        medianprops={"color": theme.text, "linewidth": 1.4},
        whiskerprops=line,
        capprops=line,
        meanprops={
            "marker": "D",
            "markerfacecolor": theme.signal,
            "markeredgewidth": 0,
            "markersize": 5,
        },
        flierprops={"marker": "x", "markeredgecolor": theme.muted, "markersize": 4},
    )


def _box(values: FloatArray, name: str) -> dict[str, Any]:
    known = values[np.isfinite(values)]
    if known.size >= 4:
        q1, median, q3 = np.quantile(known, [0.25, 0.5, 0.75], method="weibull")
    else:
        q1, median, q3 = np.quantile(known, [0.25, 0.5, 0.75])
    reach = 1.5 * (q3 - q1)
    inside = known[(known >= q1 - reach) & (known <= q3 + reach)]
    out = known[(known < q1 - reach) | (known > q3 + reach)]
    return {
        "label": name, "q1": q1, "med": median, "q3": q3, "mean": float(known.mean()),
        "whislo": float(inside.min()) if inside.size else q1,
        "whishi": float(inside.max()) if inside.size else q3, "fliers": out[:500],
    }  # fmt: skip


def draw_probability_plot(
    axes: Any, theme: Theme, values: FloatArray, quantiles: FloatArray
) -> None:
    """Draw ordered values against normal quantiles, with the line of the fitted normal."""
    styled(axes, theme, grid="both")
    ordered = np.sort(values)
    keep = np.arange(ordered.size)
    if ordered.size > THIN_ABOVE:
        keep = np.unique(
            np.r_[
                0:200,
                np.linspace(200, ordered.size - 201, 1500).astype(int),
                ordered.size - 200 : ordered.size,
            ]
        )
    axes.plot(
        ordered[keep], quantiles[keep], "o", color=theme.point, markersize=3, markeredgewidth=0
    )
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    ends = np.array([quantiles[0], quantiles[-1]])
    axes.plot(mean + sd * ends, ends, color=theme.center, linewidth=1.2)
    axes.set_ylabel("Normal score")


def draw_summary(
    figure: Figure,
    theme: Theme,
    values: FloatArray,
    quantiles: FloatArray,
    name: str,
    decimals: int,
) -> None:
    """Draw histogram with normal curve, box plot and probability plot."""
    prepared(figure, theme)
    grid = figure.add_gridspec(2, 2, height_ratios=[3, 1], width_ratios=[1.5, 1], hspace=0.12, wspace=0.24,
                               left=0.07, right=0.97, top=0.92, bottom=0.11)  # fmt: skip
    histogram = figure.add_subplot(grid[0, 0])
    mean, sd = float(values.mean()), float(values.std(ddof=1)) if values.size > 1 else 0.0
    draw_histogram(histogram, theme, values, [("Normal", mean, sd, theme.center)], (), decimals)
    titled(histogram, name, theme)
    histogram.tick_params(labelbottom=False)
    box = figure.add_subplot(grid[1, 0], sharex=histogram)
    draw_box(box, theme, [values], [""], vert=False)
    box.set_yticks([])
    plot = figure.add_subplot(grid[:, 1])
    draw_probability_plot(plot, theme, values, quantiles)
    titled(plot, "Normal probability plot", theme)
