"""Pictures of a gage study."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from leanlab.core.typing import FloatArray, IntArray
from leanlab.figures.axes import (
    LETTER,
    LINE,
    longest_tick,
    nice_limits,
    number_ticks,
    prepared,
    room,
    size_of,
    styled,
    titled,
)
from leanlab.figures.bars import legend
from leanlab.figures.theme import Theme


def draw_by_part(
    figure: Figure,
    theme: Theme,
    x: FloatArray,
    values: FloatArray,
    operator: IntArray,
    study: Any,
    name: str,
) -> None:
    """Draw all readings by part, each person with a colour and a marker, and the parts' averages."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme)
    width, height = size_of(figure)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    ends = nice_limits(float(values.min()), float(values.max()))
    room(figure, left=(longest_tick(*ends) + 1.6) * letter, right=2 * letter, top=3.6 * line, bottom=3.4 * line)  # fmt: skip
    titled(axes, name, theme)
    axes.set_title(axes.get_title(loc="left"), loc="left", color=theme.text, fontsize=theme.font_size + 1,
                   fontweight="bold", pad=6 + 1.5 * line)  # fmt: skip
    axes.set_ylim(*ends)
    parts = len(study.parts)
    for part in range(1, parts, 2):
        axes.axvspan(part - 0.5, part + 0.5, color=theme.stage, linewidth=0, zorder=0)
    axes.plot(
        np.arange(parts),
        study.readings.mean(axis=(1, 2)),
        color=theme.axis,
        linewidth=1.4,
        zorder=2,
    )
    for number, person in enumerate(study.operators):
        here = operator == number
        axes.plot(x[here], values[here], linestyle="", marker=theme.markers[number % len(theme.markers)],
                  color=theme.series[number % len(theme.series)], markersize=5.2, markeredgewidth=0.5,
                  markeredgecolor=theme.background, label=person, zorder=3)  # fmt: skip
    step = max(
        1, int(np.ceil(parts * (max(len(p) for p in study.parts) + 1.5) * letter / (width * 0.85)))
    )
    axes.set_xticks(range(0, parts, step), study.parts[::step])
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.6, parts - 0.4)
    axes.set_xlabel("Part")
    number_ticks(axes.yaxis, length=height * axes.get_position().height)
    legend(axes, theme, columns=min(6, len(study.operators)))
