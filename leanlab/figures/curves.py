"""Chance of finding a difference against the sample size."""

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
    number_ticks,
    prepared,
    room,
    size_of,
    styled,
    titled,
)
from leanlab.figures.theme import Theme


@dataclass(frozen=True, slots=True, eq=False)
class PowerPicture:
    """Curves of power, and the point that was asked for."""

    sizes: FloatArray
    curves: Sequence[tuple[str, FloatArray]]
    n: int
    power: float
    target: float | None
    x_label: str


def draw_power(figure: Figure, theme: Theme, picture: PowerPicture) -> None:
    """Draw the curve of the plan, its neighbours, and the planned point."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme)
    width, _ = size_of(figure)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    room(figure, left=7 * letter, right=3 * letter, top=2.0 * line, bottom=3.4 * line)
    titled(axes, "Chance of finding it", theme)
    dashes: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)))
    for i, (name, reached) in enumerate(picture.curves):
        axes.plot(picture.sizes, 100 * reached, color=theme.point if i == 0 else theme.muted, linestyle=dashes[i],
                  linewidth=2.0 if i == 0 else 1.2, label=name, zorder=3)  # fmt: skip
    if picture.target is not None:
        axes.axhline(
            100 * picture.target, color=theme.axis, linewidth=1.0, linestyle=(0, (1, 2)), zorder=1
        )
    axes.plot([picture.n, picture.n], [0, 100 * picture.power], color=theme.center, linewidth=1.0,
              linestyle=(0, (4, 2)), zorder=2)  # fmt: skip
    axes.plot([picture.n], [100 * picture.power], "o", color=theme.center, markersize=8,
              markeredgecolor=theme.background, zorder=5)  # fmt: skip
    left, right = float(picture.sizes[0]), float(max(picture.sizes[-1], picture.n))
    axes.set_xlim(left - 0.02 * (right - left), right + 0.02 * (right - left))
    axes.set_ylim(0, 104)
    axes.annotate(f"n = {words.number(picture.n, 0)}, {words.percent(picture.power)}", (picture.n, 100 * picture.power),
                  xytext=(9, -5), textcoords="offset points", ha="left", va="top", color=theme.center,
                  fontsize=theme.font_size + 0.5, fontweight="bold", zorder=6,
                  bbox={"facecolor": theme.background, "edgecolor": "none", "alpha": 0.85, "pad": 1.0})  # fmt: skip
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    axes.set_yticks(np.arange(0, 101, 20))
    number_ticks(axes.xaxis, length=width * axes.get_position().width, per=56)
    axes.set_xlabel(picture.x_label)
    axes.legend(frameon=True, facecolor=theme.background, edgecolor="none", framealpha=0.85, loc="lower right",
                fontsize=theme.font_size - 0.5, labelcolor=theme.text)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class MarginPicture:
    """Half-widths of an interval by sample size, and the point that was asked for."""

    sizes: FloatArray
    margins: FloatArray
    n: int
    wanted: float
    share: bool


def draw_margin(figure: Figure, theme: Theme, picture: MarginPicture, title: str) -> None:
    """Draw how the margin shrinks with the sample size."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme)
    width, height = size_of(figure)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    room(figure, left=8 * letter, right=3 * letter, top=2.0 * line, bottom=3.4 * line)
    titled(axes, title, theme)
    axes.plot(picture.sizes, picture.margins, color=theme.point, linewidth=2.0, zorder=3)
    axes.plot([picture.n, picture.n], [0, picture.wanted], color=theme.center, linewidth=1.0,
              linestyle=(0, (4, 2)), zorder=2)  # fmt: skip
    axes.plot([picture.n], [picture.wanted], "o", color=theme.center, markersize=8,
              markeredgecolor=theme.background, zorder=5)  # fmt: skip
    left, right = float(picture.sizes[0]), float(picture.sizes[-1])
    axes.set_xlim(left - 0.02 * (right - left), right + 0.02 * (right - left))
    axes.set_ylim(0, 1.08 * float(np.max(picture.margins)))
    axes.annotate(f"n = {words.number(picture.n, 0)}", (picture.n, picture.wanted),
                  xytext=(9, 5), textcoords="offset points", ha="left", va="bottom", color=theme.center,
                  fontsize=theme.font_size + 0.5, fontweight="bold", zorder=6)  # fmt: skip
    number_ticks(axes.yaxis, share=picture.share, length=height * axes.get_position().height)
    number_ticks(axes.xaxis, length=width * axes.get_position().width, per=56)
    axes.set_xlabel("Sample size")
