"""Pictures that compare groups: dots, boxes and intervals."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from leanlab.core.typing import FloatArray
from leanlab.figures.axes import prepared, styled, titled
from leanlab.figures.distribution import draw_box
from leanlab.figures.theme import Theme

DOTS_UNTIL = 300


def draw_groups(
    figure: Figure,
    theme: Theme,
    names: Sequence[str],
    groups: Sequence[FloatArray],
    intervals: Sequence[tuple[float, float]],
    title: str,
    y_label: str,
) -> None:
    """Draw for each group its box, its values as dots, and the interval of its mean."""
    prepared(figure, theme)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.6, 1])
    draw_box(left, theme, groups, names)
    spread = np.random.default_rng(1)
    for number, values in enumerate(groups, start=1):
        if values.size <= DOTS_UNTIL:
            x = number + spread.uniform(-0.13, 0.13, values.size)
            left.plot(
                x, values, "o", color=theme.point, markersize=2.6, alpha=0.55, markeredgewidth=0
            )
    left.set_ylabel(y_label)
    titled(left, title, theme)
    styled(right, theme)
    at = np.arange(1, len(names) + 1)
    means = np.asarray([float(v.mean()) for v in groups])
    low, high = (np.asarray([pair[i] for pair in intervals]) for i in (0, 1))
    right.errorbar(
        at,
        means,
        yerr=[means - low, high - means],
        fmt="o",
        color=theme.center,
        capsize=5,
        markersize=5,
    )
    right.set_xticks(at, names)
    right.set_xlim(0.4, len(names) + 0.6)
    titled(right, "Means with 95 % intervals", theme)
    figure.subplots_adjust(left=0.08, right=0.97, top=0.92, bottom=0.10, wspace=0.06)
