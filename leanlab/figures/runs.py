"""A run chart: points, their line and the median."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from leanlab.core import format as words
from leanlab.core.typing import FloatArray
from leanlab.figures.axes import prepared, styled, titled
from leanlab.figures.theme import Theme
from leanlab.figures.visible import draw_series

MOST_TICKS = 9


def draw_run_chart(
    figure: Figure,
    theme: Theme,
    values: FloatArray,
    median: float,
    labels: Sequence[str],
    name: str,
    x_label: str,
    decimals: int,
    notes: Mapping[int, str],
) -> None:
    """Draw the values in order with the median line."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme)
    axes.set_xlim(-0.5, max(values.size, 1) - 0.5)
    known = values[np.isfinite(values)]
    if known.size:
        air = float(np.ptp(known)) * 0.08 or abs(float(known[0])) * 0.1 or 1.0
        axes.set_ylim(float(known.min()) - air, float(known.max()) + air)
    draw_series(axes, theme, values)
    axes.axhline(median, color=theme.center, linewidth=1.2)
    axes.annotate(
        f"Median {words.number(median, decimals)}", (1.0, median), xycoords=("axes fraction", "data"),
        xytext=(6, 0), textcoords="offset points", va="center", color=theme.center,
        fontsize=theme.font_size, annotation_clip=False,
    )  # fmt: skip
    for index, text in notes.items():
        axes.annotate(text, (index, values[index]), xytext=(8, 10), textcoords="offset points",
                      color=theme.text, fontsize=theme.font_size - 1)  # fmt: skip
    if labels:
        step = max(1, int(np.ceil(len(labels) / MOST_TICKS)))
        shown = list(range(0, len(labels), step))
        axes.set_xticks(shown, [labels[i] for i in shown])
    axes.set_xlabel(x_label)
    titled(axes, name, theme)
    figure.subplots_adjust(left=0.08, right=0.86, top=0.92, bottom=0.12)
