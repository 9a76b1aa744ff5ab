"""Pictures of a portfolio: begun and ended, days per phase, money by month."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from leanlab.core import format as words
from leanlab.figures.axes import LETTER, LINE, prepared, room, size_of, styled, titled
from leanlab.figures.theme import Theme

WIDTH = 0.62
MOST_MONTHS = 18
THOUSAND = 1000.0


def draw_flow(figure: Figure, theme: Theme, flow: Mapping[str, tuple[int, int]]) -> None:
    """Draw how many projects began and ended per month, and how many run."""
    axes = _axes(figure, theme, "Begun and ended per month")
    months = list(flow)[-MOST_MONTHS:]
    began, ended = (np.array([flow[m][i] for m in months]) for i in (0, 1))
    earlier = sum(a - b for m, (a, b) in flow.items() if m not in months)
    at = np.arange(len(months))
    axes.bar(at - 0.2, began, 0.38, color=theme.fill, label="begun", zorder=2)
    axes.bar(at + 0.2, ended, 0.38, color=theme.ok, label="ended", zorder=2)
    axes.plot(at, earlier + np.cumsum(began - ended), color=theme.text, linewidth=1.2, marker="o",
              markersize=3, label="running", zorder=3)  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    _months(axes, theme, months)
    _legend(axes, theme)


def draw_phase_days(figure: Figure, theme: Theme, days: Mapping[str, Sequence[int]]) -> None:
    """Draw how long each phase took: every project a point, the median a line."""
    names = list(days)[::-1]
    axes = _axes(figure, theme, "Days per phase", grid="x", left=max(map(len, names)) + 1.2)
    for place, name in enumerate(names):
        values = np.asarray(days[name], dtype=float)
        shift = np.linspace(-0.16, 0.16, values.size) if values.size > 1 else np.zeros(1)
        axes.plot(values, place + shift, "o", color=theme.point, alpha=0.55, markersize=3.6,
                  markeredgewidth=0, zorder=3)  # fmt: skip
        middle = float(np.median(values))
        axes.plot(
            [middle] * 2, [place - 0.32, place + 0.32], color=theme.text, linewidth=1.8, zorder=4
        )
        axes.annotate(
            words.number(middle, 0), (middle, place), xytext=(4, 0), textcoords="offset points",
            ha="left", va="center", fontsize=theme.font_size - 1, color=theme.text, fontweight="bold",
            bbox={"facecolor": theme.background, "edgecolor": "none", "alpha": 0.8, "pad": 0.6}, zorder=5,
        )  # fmt: skip
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0, labelcolor=theme.text)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))


def draw_money(
    figure: Figure, theme: Theme, money: Mapping[str, tuple[float, float, float]], currency: str
) -> None:
    """Draw counted benefits per month: hard below, other money on top, soft effects hatched."""
    axes = _axes(figure, theme, f"Counted per month, 1000 {currency}")
    months = list(money)[-MOST_MONTHS:]
    hard, other, soft = (np.array([money[m][i] for m in months]) / THOUSAND for i in range(3))
    at = np.arange(len(months))
    axes.bar(at, hard, WIDTH, color=theme.ok, label="hard", zorder=2)
    if other.any():
        axes.bar(at, other, WIDTH, bottom=hard, color=theme.fill, label="avoided, cash", zorder=2)
    if soft.any():
        axes.bar(at, soft, WIDTH, bottom=hard + other, facecolor="none", edgecolor=theme.quiet,
                 hatch="///", linewidth=0.6, label="soft", zorder=2)  # fmt: skip
    _months(axes, theme, months)
    _legend(axes, theme)


def draw_gaps(figure: Figure, theme: Theme, gaps: Sequence[float]) -> None:
    """Draw how much of the gap to the target the projects closed."""
    axes = _axes(figure, theme, "Gap closed (number of projects)")
    edges = np.array([-np.inf, 0, 0.25, 0.5, 0.75, 1.0, np.inf])
    counts = np.histogram(
        np.clip(gaps, -1e6, 1e6), bins=np.where(np.isinf(edges), np.sign(edges) * 1e7, edges)
    )[0]
    names = ("worse", "0–25", "25–50", "50–75", "75–100", "all")
    colours = [theme.problem, theme.quiet, theme.quiet, theme.fill, theme.ok, theme.ok]
    axes.bar(range(len(names)), counts, WIDTH, color=colours, zorder=2)
    axes.set_xticks(range(len(names)), [n if n.isalpha() else f"{n} %" for n in names])
    axes.tick_params(axis="x", length=0, labelcolor=theme.text, labelsize=theme.font_size - 1)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))


def _axes(figure: Figure, theme: Theme, title: str, *, grid: str = "y", left: float = 3.0) -> Any:
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme, grid=grid)
    line, letter = theme.font_size * LINE, theme.font_size * LETTER
    room(figure, left=left * letter + 8, right=8, top=2.1 * line, bottom=1.9 * line)
    titled(axes, title, theme)
    return axes


def _months(axes: Any, theme: Theme, months: Sequence[str]) -> None:
    """Name the months; every second or third where there are many."""
    width = size_of(axes.figure)[0]
    every = max(1, int(np.ceil(len(months) * 4.2 * LETTER * theme.font_size / max(width - 50, 1))))
    shown = [m for i, m in enumerate(months) if (len(months) - 1 - i) % every == 0]
    places = [months.index(m) for m in shown]
    axes.set_xticks(places, [_named(m) for m in shown])
    axes.tick_params(axis="x", length=0, labelcolor=theme.text, labelsize=theme.font_size - 1)
    axes.set_xlim(-0.7, max(len(months), 4) - 0.3)


def _named(month: str) -> str:
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    name = names[int(month[5:7]) - 1]
    return f"{name} {month[2:4]}" if name == "Jan" else name


def _legend(axes: Any, theme: Theme) -> None:
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 0), high * 1.4 if high > 0 else 1)
    axes.legend(
        loc="upper left", ncols=3, frameon=False, fontsize=theme.font_size - 1, labelcolor=theme.text,
        handlelength=1.0, borderaxespad=0.1, columnspacing=1.1, handletextpad=0.4,
    )  # fmt: skip
