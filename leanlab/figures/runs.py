"""A run chart: points, their line and the median."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.figure import Figure

from leanlab.core import format as words
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.figures.axes import (
    LETTER,
    LINE,
    half_tick,
    index_ticks,
    longest_tick,
    nice_limits,
    number_ticks,
    prepared,
    room,
    side_labels,
    size_of,
    styled,
    titled,
)
from leanlab.figures.control_chart import draw_excluded, draw_flags, draw_notes
from leanlab.figures.theme import Theme
from leanlab.figures.visible import draw_marks, draw_series


@dataclass(frozen=True, slots=True, eq=False)
class RunPicture:
    """What a run chart shows."""

    values: FloatArray
    median: float
    name: str
    x_label: str
    decimals: int
    ticks: Sequence[str] = ()
    excluded: BoolArray | None = None
    longest: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    notes: Mapping[int, str] = field(default_factory=dict)
    flags: Mapping[int, str] = field(default_factory=dict)


def draw_run_chart(figure: Figure, theme: Theme, picture: RunPicture) -> None:
    """Draw the values in order with the median line; a run that is too long stands out."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme)
    values = picture.values
    known = values[np.isfinite(values)]
    low, high = nice_limits(float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    text = f"Median {words.number(picture.median, picture.decimals + 1)}"
    left = max((longest_tick(low, high) + 1.6) * letter, half_tick(figure, theme, picture.ticks))
    room(figure, left=left, right=(len(text) + 1) * letter + 7, top=2.0 * line, bottom=3.5 * line)
    titled(axes, picture.name, theme)
    axes.set_ylim(low, high)
    axes.set_xlim(-0.5 - 0.012 * values.size, max(values.size, 1) - 0.5 + 0.004 * values.size)
    axes.axhline(picture.median, color=theme.center, linewidth=1.2, zorder=2)
    draw_flags(axes, theme, picture.flags, named=True)
    draw_series(axes, theme, values)
    draw_marks(
        axes, values, np.full(values.size, picture.median), picture.longest, marker="D",
        color=theme.pattern, markersize=5.5, markeredgecolor=theme.background, markeredgewidth=0.8,
        zorder=4,
    )  # fmt: skip
    if picture.excluded is not None:
        draw_excluded(axes, theme, values, picture.excluded)
    draw_notes(axes, theme, values, picture.notes)
    side_labels(axes, theme, [(text, picture.median, theme.center)])
    number_ticks(axes.yaxis, length=size_of(figure)[1] * axes.get_position().height)
    index_ticks(axes, theme, picture.ticks, values.size)
    axes.set_xlabel(picture.x_label)
