"""Pictures that compare groups: all values, boxes, means with their intervals."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from leanlab.core.typing import FloatArray
from leanlab.figures.axes import (
    LETTER,
    LINE,
    POINTS,
    longest_tick,
    nice_limits,
    number_ticks,
    prepared,
    room,
    shortened,
    size_of,
    styled,
    titled,
)
from leanlab.figures.distribution import draw_box
from leanlab.figures.jitter import spread
from leanlab.figures.theme import Theme

DOTS_UNTIL = 2000  # values in a group; beyond that the box says it


def draw_groups(
    figure: Figure,
    theme: Theme,
    names: Sequence[str],
    groups: Sequence[FloatArray],
    intervals: Sequence[tuple[float, float]] | None,
    x_label: str,
    y_label: str,
) -> None:
    """Draw for each group its box, its values, and beside them the mean with its interval."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme)
    width, _ = size_of(figure)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    low, high = min(float(g.min()) for g in groups), max(float(g.max()) for g in groups)
    ends = nice_limits(low, high)
    left = (longest_tick(*ends) + 1.6) * letter
    slot = (width - left - 2 * letter) / len(groups)
    longest = max(len(n) for n in names)
    turned = min(longest, 20) * letter > slot * 0.95 and len(groups) > 3
    letters = 20 if turned else max(3, int(slot / letter) - 1)
    shown = [shortened(n, letters) for n in names]
    below = max(len(n) for n in shown) * letter * 0.57 + 0.6 * line if turned else line
    room(figure, left=left, right=2 * letter, top=2.0 * line, bottom=below + 2.2 * line)
    titled(axes, y_label, theme)
    axes.set_ylim(*ends)
    draw_box(axes, theme, groups, width=min(0.62, 0.3 + 0.08 * len(groups)), fliers=False)
    for number, values in enumerate(groups, start=1):
        if values.size <= DOTS_UNTIL:
            axes.plot(
                number + spread(values), values, "o", color=theme.point, zorder=3, markeredgewidth=0,
                markersize=4.2 if values.size < 60 else 2.8, alpha=0.75 if values.size < 200 else 0.45,
            )  # fmt: skip
    if intervals is not None:
        _draw_means(axes, theme, groups, intervals)
    axes.set_xticks(
        np.arange(1, len(names) + 1), shown, rotation=35 if turned else 0,
        ha="right" if turned else "center", rotation_mode="anchor",
    )  # fmt: skip
    axes.tick_params(axis="x", length=0, labelcolor=theme.text)
    axes.set_xlim(0.45, len(names) + 0.62)
    number_ticks(
        axes.yaxis, length=float(axes.get_position().height * figure.get_figheight() * POINTS)
    )
    axes.set_xlabel(x_label)


def _draw_means(
    axes: Any,
    theme: Theme,
    groups: Sequence[FloatArray],
    intervals: Sequence[tuple[float, float]],
) -> None:
    at = np.arange(1, len(groups) + 1) + 0.42
    means = np.asarray([float(values.mean()) for values in groups])
    low, high = (np.asarray([pair[i] for pair in intervals]) for i in (0, 1))
    axes.errorbar(
        at, means, yerr=[means - low, high - means], fmt="D", color=theme.center, capsize=0,
        markersize=5, elinewidth=2.2, zorder=5,
    )  # fmt: skip
    axes.annotate(
        "◆ mean and 95 % interval", (1.0, 1.0), xycoords="axes fraction", xytext=(0, 6),
        textcoords="offset points", ha="right", va="bottom", color=theme.center,
        fontsize=theme.font_size - 0.5, annotation_clip=False,
    )  # fmt: skip
