"""Pictures with bars: Pareto, effects, components."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from leanlab.figures.axes import prepared, styled, titled
from leanlab.figures.theme import Theme

LONGEST_NAME = 18


def shortened(text: str, limit: int = LONGEST_NAME) -> str:
    """Cut a long name with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def draw_pareto(
    figure: Figure,
    theme: Theme,
    names: Sequence[str],
    amounts: Sequence[float],
    cumulative: Sequence[float],
    title: str,
    y_label: str,
    vital: int,
) -> None:
    """Draw sorted bars and the cumulative percentage line."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme)
    at = np.arange(len(names))
    colours = [theme.line if i < vital else theme.fill for i in at]
    axes.bar(at, amounts, color=colours, edgecolor=theme.line, linewidth=0.8, width=0.82)
    axes.set_ylabel(y_label)
    turned = len(names) > 6 or max((len(n) for n in names), default=0) > 10
    axes.set_xticks(
        at,
        [shortened(n) for n in names],
        rotation=35 if turned else 0,
        ha="right" if turned else "center",
    )
    right = axes.twinx()
    styled(right, theme, grid="")
    right.plot(at, cumulative, color=theme.signal, marker="o", markersize=4, linewidth=1.3)
    right.axhline(80, color=theme.muted, linewidth=0.8, linestyle=":")
    right.set_ylim(0, 105)
    right.set_ylabel("Cumulative %")
    right.spines["right"].set_visible(True)
    right.spines["right"].set_color(theme.muted)
    titled(axes, title, theme)
    figure.subplots_adjust(left=0.09, right=0.91, top=0.92, bottom=0.26 if turned else 0.10)


def draw_effects(
    figure: Figure,
    theme: Theme,
    terms: Sequence[str],
    sizes: Sequence[float],
    limit: float | None,
    title: str,
) -> None:
    """Draw absolute effects, largest on top, with the line that chance rarely passes."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme, grid="x")
    order = np.argsort(np.abs(sizes))
    shown = np.abs(np.asarray(sizes, dtype=np.float64))[order]
    active = shown > limit if limit is not None else np.zeros(shown.size, dtype=bool)
    axes.barh(
        np.arange(shown.size), shown, color=[theme.line if a else theme.fill for a in active],
        edgecolor=theme.line, linewidth=0.8,
    )  # fmt: skip
    axes.set_yticks(np.arange(shown.size), [terms[i] for i in order])
    if limit is not None and np.isfinite(limit):
        axes.axvline(limit, color=theme.signal, linestyle=(0, (5, 3)), linewidth=1.2)
    axes.set_xlabel("Absolute effect")
    titled(axes, title, theme)
    figure.subplots_adjust(left=0.14, right=0.96, top=0.92, bottom=0.12)


def draw_components(
    figure: Figure,
    theme: Theme,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    title: str,
) -> None:
    """Draw grouped bars in percent (gage study: contribution, study variation, tolerance)."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme)
    at = np.arange(len(names))
    width = 0.8 / max(len(series), 1)
    for number, (label, values) in enumerate(series):
        axes.bar(at + (number - (len(series) - 1) / 2) * width, values, width * 0.92,
                 color=theme.series[number], label=label)  # fmt: skip
    axes.set_xticks(at, names)
    axes.set_ylabel("Percent")
    axes.legend(frameon=False, fontsize=theme.font_size, labelcolor=theme.text)
    titled(axes, title, theme)
    figure.subplots_adjust(left=0.09, right=0.97, top=0.92, bottom=0.10)
