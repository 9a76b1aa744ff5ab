"""Pictures with bars: Pareto, effects, components of variation."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from leanlab.core import format as words
from leanlab.core.typing import FloatArray
from leanlab.figures.axes import (
    LETTER,
    LINE,
    POINTS,
    longest_tick,
    number_ticks,
    prepared,
    room,
    shortened,
    size_of,
    styled,
    titled,
    width_of,
)
from leanlab.figures.theme import Theme

LONGEST_NAME = 24
TURNED = 35  # degrees


def draw_pareto(
    figure: Figure,
    theme: Theme,
    names: Sequence[str],
    amounts: Sequence[float],
    title: str,
    y_label: str,
    vital: int,
) -> None:
    """Draw sorted bars and the cumulative percentage line; the vital few are filled."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme, grid="")
    width, height = size_of(figure)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    total = float(np.sum(amounts))
    left = (longest_tick(0, max(amounts)) + 1.6) * letter
    slot = (width - left - 6 * letter) / max(len(names), 1)
    longest = max((len(n) for n in names), default=0)
    turned = min(longest, LONGEST_NAME) * letter > slot * 0.95
    letters = min(LONGEST_NAME, int(height * 0.28 / (LETTER * theme.font_size * 0.57)))
    shown = [shortened(n, letters if turned else longest) for n in names]
    low = max((len(n) for n in shown), default=0) * letter * 0.57 + line if turned else line
    first = len(shown[0]) * letter * 0.82 - slot / 2 if turned and shown else 0.0
    room(figure, left=max(left, first), right=6.5 * letter, top=2.0 * line, bottom=low + 1.2 * line)
    titled(axes, f"{title}" if len(title) < 60 else y_label, theme)
    at = np.arange(len(names))
    colours = [theme.point if i < vital and not n.startswith("Other (") else theme.quiet for i, n in enumerate(names)]  # fmt: skip
    axes.bar(at, amounts, color=colours, width=0.8, linewidth=0, zorder=2)
    _pareto_line(axes, theme, amounts, total, line)
    axes.set_xticks(
        at, shown, rotation=TURNED if turned else 0, ha="right" if turned else "center",
        rotation_mode="anchor",
    )  # fmt: skip
    axes.tick_params(axis="x", length=0, labelcolor=theme.text)
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_ylabel("")
    number_ticks(axes.yaxis, length=_height(axes))
    if slot > 4.5 * letter:
        for i, amount in enumerate(amounts):
            axes.annotate(
                words.number(amount, 0 if amount >= 100 or float(amount).is_integer() else 1),
                (i, amount), xytext=(0, 2), textcoords="offset points", ha="center", va="bottom",
                color=theme.muted, fontsize=theme.font_size - 0.5, zorder=5,
                bbox={"facecolor": theme.background, "edgecolor": "none", "alpha": 0.7, "pad": 0.5},
            )  # fmt: skip


def _pareto_line(
    axes: Any, theme: Theme, amounts: Sequence[float], total: float, line: float
) -> None:
    """Draw the cumulative line on the same scale: its 100 % is the total of all bars."""
    right = axes.twinx()
    styled(right, theme, grid="")
    cumulative = 100 * np.cumsum(amounts) / total
    at = np.arange(len(amounts))
    right.axhline(80, color=theme.axis, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
    right.plot(
        at, cumulative, color=theme.pattern, marker="o", markersize=3.8, linewidth=1.3, zorder=3
    )
    right.set_ylim(0, 106)
    right.set_yticks([0, 20, 40, 60, 80, 100], ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"])
    right.spines["right"].set_visible(True)
    right.spines["right"].set_color(theme.axis)
    right.spines["left"].set_visible(False)
    roof = max(amounts) * 1.12 + 2 * line * max(amounts) / max(_height(axes), 1)
    axes.set_ylim(0, roof if roof < total * 0.6 else total * 1.06)


def _height(axes: Any) -> float:
    return float(axes.get_position().height * axes.figure.get_figheight() * POINTS)


def draw_effects(
    figure: Figure,
    theme: Theme,
    terms: Sequence[str],
    effects: FloatArray,
    limit: float | None,
    title: str,
    x_label: str,
    decimals: int,
) -> None:
    """Draw absolute effects, largest on top, with the line that chance rarely passes."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme, grid="x")
    width, height = size_of(figure)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    rows = max(1, int((height - 5.5 * line) / (theme.font_size * 1.35)))
    order = np.argsort(np.abs(effects), kind="stable")[-rows:]
    sizes = np.abs(effects[order])
    letters = int(min(0.36 * width, width_of("x" * 40, theme.font_size)) / letter)
    names = [shortened(terms[i], letters) for i in order]
    values = [f"{'+' if effects[i] > 0 else ''}{words.number(float(effects[i]), decimals + 1)}" for i in order]  # fmt: skip
    room(figure, left=(max(map(len, names)) + 1.5) * letter, right=2 * letter, top=3.3 * line, bottom=3.6 * line)  # fmt: skip
    titled(axes, title, theme)
    active = sizes > limit if limit is not None else np.zeros(sizes.size, dtype=np.bool_)
    at = np.arange(sizes.size)
    axes.barh(
        at, sizes, color=[theme.point if a else theme.quiet for a in active], height=0.72, zorder=2
    )
    axes.set_yticks(at, names)
    axes.tick_params(axis="y", length=0, labelcolor=theme.text)
    axes.set_ylim(-0.6, sizes.size - 0.4)
    longest = max(map(len, values)) + 2
    inner = axes.get_position().width * width
    reach = max(float(sizes.max()), limit or 0.0) or 1.0
    axes.set_xlim(0, reach / max(1 - longest * letter / inner, 0.4))
    per_unit = inner / axes.get_xlim()[1]
    for i, text in enumerate(values):
        end = float(sizes[i]) * per_unit + (len(text) + 2) * letter
        crossed = limit is not None and sizes[i] <= limit < end / per_unit
        start = float(limit) if limit is not None and crossed else float(sizes[i])
        axes.annotate(text, (start, i), xytext=(4, 0), textcoords="offset points", va="center",
                      color=theme.text if active[i] else theme.muted, fontsize=theme.font_size - 0.5, zorder=4,
                      bbox={"facecolor": theme.background, "edgecolor": "none", "alpha": 0.8, "pad": 0.4})  # fmt: skip
    chance_line(axes, theme, limit, inner, decimals)
    number_ticks(axes.xaxis, length=inner, per=52)
    axes.set_xlabel(f"{x_label}, without its sign")


def chance_line(axes: Any, theme: Theme, limit: float | None, inner: float, decimals: int) -> None:
    """Draw how far chance carries an effect, and say so above the picture, which is `inner` wide."""
    if limit is None or not np.isfinite(limit):
        return
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    axes.axvline(limit, color=theme.limit, linestyle=(0, (5, 3)), linewidth=1.2, zorder=3)
    room_right = inner * (1 - limit / axes.get_xlim()[1])
    label = f"chance up to {words.number(limit, decimals + 1)}"
    left_side = room_right < (len(label) + 1) * letter
    axes.annotate(label, (limit, 1.0), xycoords=("data", "axes fraction"), xytext=(-4 if left_side else 4, 2),
                  textcoords="offset points", ha="right" if left_side else "left", va="bottom", color=theme.limit,
                  fontsize=theme.font_size - 0.5, annotation_clip=False)  # fmt: skip
    axes.set_title(axes.get_title(loc="left"), loc="left", color=theme.text, fontsize=theme.font_size + 1,
                   fontweight="bold", pad=6 + line)  # fmt: skip


def draw_components(
    figure: Figure,
    theme: Theme,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    title: str,
) -> None:
    """Draw grouped bars in percent (gage study: of variance, of spread, of tolerance)."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    room(figure, left=6.5 * letter, right=2 * letter, top=3.6 * line, bottom=2.2 * line)
    titled(axes, title, theme)
    axes.set_title(axes.get_title(loc="left"), loc="left", color=theme.text, fontsize=theme.font_size + 1,
                   fontweight="bold", pad=6 + 1.5 * line)  # fmt: skip
    at = np.arange(len(names))
    width = 0.8 / max(len(series), 1)
    top = max(100.0, *(max(values) for _, values in series))
    axes.axhspan(0, 30, xmin=0, xmax=1, color=theme.stage, zorder=0, linewidth=0)
    axes.axhline(30, color=theme.axis, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
    axes.axhline(10, color=theme.axis, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
    slot = axes.get_position().width * size_of(figure)[0] / len(names) * width
    for number, (label, values) in enumerate(series):
        x = at + (number - (len(series) - 1) / 2) * width
        axes.bar(x, values, width * 0.9, color=theme.series[number], label=label, zorder=2)
        if slot > 4.2 * letter:
            for place, value in zip(x, values, strict=True):
                axes.annotate(words.number(value, 0 if value >= 9.95 else 1), (place, value), xytext=(0, 2),
                              textcoords="offset points", ha="center", color=theme.muted,
                              fontsize=theme.font_size - 0.5)  # fmt: skip
    axes.set_xticks(at, names)
    axes.tick_params(axis="x", length=0, labelcolor=theme.text)
    axes.set_ylim(0, top * 1.08)
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    legend(axes, theme, columns=len(series))


def legend(axes: Any, theme: Theme, *, columns: int) -> None:
    """Put the legend in one line above the axes, so that it never covers the picture."""
    axes.legend(
        frameon=False, fontsize=theme.font_size - 0.5, labelcolor=theme.text, loc="lower left",
        bbox_to_anchor=(0.0, 1.0), ncols=columns, borderaxespad=0.1, handlelength=1.2,
        columnspacing=1.4, handletextpad=0.5,
    )  # fmt: skip
