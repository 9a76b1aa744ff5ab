"""Estimates with their intervals, one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from leanlab.core import format as words
from leanlab.figures.axes import (
    LETTER,
    LINE,
    nice_limits,
    number_ticks,
    prepared,
    room,
    shortened,
    size_of,
    styled,
    titled,
)
from leanlab.figures.theme import Theme


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate; an open end is None. `marked` ones are filled."""

    name: str
    value: float
    low: float | None
    high: float | None
    marked: bool = True


def draw_intervals(
    figure: Figure,
    theme: Theme,
    rows: Sequence[Interval],
    x_label: str,
    decimals: int,
    *,
    zero: float | None = None,
    band: float | None = None,
) -> None:
    """Draw estimates with their intervals, the line of no difference, and the band that does not matter."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme, grid="x")
    width, height = size_of(figure)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    fitting = max(1, int((height - 5.2 * line) / (1.25 * line)))
    rows = list(rows)[:fitting]
    letters = int(0.34 * width / letter)
    names = [shortened(row.name, letters) for row in rows]
    room(figure, left=(max(map(len, names)) + 1.8) * letter, right=3 * letter, top=2.0 * line, bottom=3.4 * line)  # fmt: skip
    titled(axes, x_label, theme)
    ends = [v for row in rows for v in (row.value, row.low, row.high) if v is not None and np.isfinite(v)]  # fmt: skip
    ends += [v for v in (zero, *(() if band is None or zero is None else (zero - band, zero + band))) if v is not None]  # fmt: skip
    low, high = nice_limits(min(ends), max(ends), 0.12)
    axes.set_xlim(low, high)
    if band and zero is not None:
        axes.axvspan(zero - band, zero + band, color=theme.stage, linewidth=0, zorder=0)
    if zero is not None:
        axes.axvline(zero, color=theme.axis, linewidth=1.3, zorder=1)
    at = np.arange(len(rows))[::-1]
    for place, row in zip(at, rows, strict=True):
        colour = theme.point if row.marked else theme.muted
        left = low if row.low is None or not np.isfinite(row.low) else row.low
        right = high if row.high is None or not np.isfinite(row.high) else row.high
        axes.plot(
            [left, right],
            [place, place],
            color=colour,
            linewidth=2.2,
            solid_capstyle="butt",
            zorder=3,
        )
        axes.plot([row.value], [place], "o", markersize=7, markeredgecolor=colour, markeredgewidth=1.6, zorder=4,
                  markerfacecolor=colour if row.marked else theme.background)  # fmt: skip
        text = words.number(row.value, decimals + 1)
        axes.annotate(text, (row.value, place), xytext=(0, 8), textcoords="offset points", ha="center",
                      color=theme.text, fontsize=theme.font_size - 0.5, zorder=5)  # fmt: skip
    axes.set_yticks(at, names)
    axes.tick_params(axis="y", length=0, labelcolor=theme.text)
    axes.set_ylim(-0.7, len(rows) - 0.2)
    axes.spines["left"].set_visible(False)
    number_ticks(axes.xaxis, length=width * axes.get_position().width, per=56)
