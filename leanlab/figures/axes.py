"""How every picture's axes look."""

from functools import cache
from typing import Any

from matplotlib.figure import Figure

from leanlab.figures.theme import Theme


def prepared(figure: Figure, theme: Theme) -> Figure:
    """Clear the figure and give it the theme's paper."""
    figure.clear()
    figure.set_facecolor(theme.background)
    return figure


def styled(axes: Any, theme: Theme, *, grid: str = "y") -> Any:
    """Give the axes the theme's colours: quiet grid behind, no box."""
    axes.set_facecolor(theme.background)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(theme.muted)
        axes.spines[side].set_linewidth(0.8)
    axes.tick_params(colors=theme.muted, labelsize=theme.font_size, width=0.8, length=3)
    axes.xaxis.label.set(color=theme.text, fontsize=theme.font_size)
    axes.yaxis.label.set(color=theme.text, fontsize=theme.font_size)
    if grid:
        axes.grid(visible=True, axis=grid, color=theme.grid, linewidth=0.8)
    return axes


def titled(axes: Any, text: str, theme: Theme) -> None:
    """Set a left-aligned title in the theme's weight.

    A given place keeps matplotlib from measuring all ticks at every draw to find one.
    """
    axes.set_title(
        text, loc="left", y=1.0, color=theme.text, fontsize=theme.font_size + 1.5, fontweight="bold"
    )


@cache
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in points, without drawing it."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])
