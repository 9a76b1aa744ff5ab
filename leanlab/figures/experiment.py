"""Pictures of an experiment: main effects, pairs of factors, observed against expected."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from leanlab.figures.bars import chance_line, legend
from leanlab.figures.theme import Theme

WIDE, HIGH = 125.0, 165.0  # points that a picture of two factors needs


def _height(axes: Any) -> float:
    return float(axes.get_position().height * axes.figure.get_figheight() * POINTS)


def _width(axes: Any) -> float:
    return float(axes.get_position().width * axes.figure.get_figwidth() * POINTS)


@dataclass(frozen=True, slots=True)
class MainEffect:
    """Averages at the two settings of a factor."""

    name: str
    settings: tuple[str, str]
    means: tuple[float, ...]
    active: bool


def _grid(figure: Figure, count: int, least: float) -> tuple[Any, int, int]:
    """Return axes for so many small pictures, at least `least` points wide, with shared heights."""
    width, _ = size_of(figure)
    columns = max(1, min(count, int(width / least)))
    rows = int(np.ceil(count / columns))
    grid = figure.subplots(rows, columns, sharey=True, squeeze=False)
    for spare in grid.ravel()[count:]:
        spare.set_visible(False)
    return grid, rows, columns


def draw_main_effects(
    figure: Figure,
    theme: Theme,
    effects: Sequence[MainEffect],
    mean: float,
    center: float | None,
    title: str,
) -> None:
    """Draw one small picture per factor on one scale; factors that stand out are coloured."""
    prepared(figure, theme)
    grid, rows, columns = _grid(figure, len(effects), 96.0)
    _, height = size_of(figure)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    found = [m for e in effects for m in e.means if np.isfinite(m)] + ([center] if center is not None else [])  # fmt: skip
    ends = nice_limits(min(found), max(found), 0.15)
    room(figure, left=(longest_tick(*ends) + 1.6) * letter, right=letter, top=3.8 * line, bottom=1.8 * line,
         wspace=0.08, hspace=3.4 * line / max(height / rows - 4 * line, 40))  # fmt: skip
    _heading(figure, theme, title, grid[0][0])
    for number, (axes, effect) in enumerate(zip(grid.ravel(), effects, strict=False)):
        styled(axes, theme)
        axes.set_ylim(*ends)
        colour = theme.point if effect.active else theme.muted
        axes.axhline(mean, color=theme.axis, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
        axes.plot([0, 1], effect.means, color=colour, linewidth=2.0 if effect.active else 1.3, marker="o",
                  markersize=6, zorder=3)  # fmt: skip
        if center is not None:
            axes.plot([0.5], [center], "D", markerfacecolor=theme.background, markeredgecolor=theme.pattern,
                      markersize=6, zorder=3)  # fmt: skip
        _two_ticks(axes, theme, effect.settings, effect.name)
        if number % columns:
            axes.tick_params(axis="y", length=0, labelleft=False)
            axes.spines["left"].set_visible(False)
    number_ticks(grid[0][0].yaxis, length=_height(grid[0][0]))


def _heading(figure: Figure, theme: Theme, title: str, first: Any) -> None:
    _, height = size_of(figure)
    left = first.get_position().x0
    letters = int(size_of(figure)[0] * (0.98 - left) / (0.56 * (theme.font_size + 1)))
    figure.text(left, 1 - 0.5 * theme.font_size / height, shortened(title, letters), ha="left", va="top",
                color=theme.text, fontsize=theme.font_size + 1, fontweight="bold")  # fmt: skip


def _two_ticks(axes: Any, theme: Theme, settings: tuple[str, str], name: str) -> None:
    letters = max(3, int(_width(axes) / 2 / (LETTER * theme.font_size)) - 1)
    axes.set_xlim(-0.3, 1.3)
    axes.set_xticks([0, 1], [shortened(s, letters) for s in settings])
    axes.tick_params(axis="x", length=0)
    axes.set_title(
        shortened(name, max(4, 2 * letters)), color=theme.text, fontsize=theme.font_size, pad=4
    )


@dataclass(frozen=True, slots=True)
class Interaction:
    """Averages of the four cells of two factors: rows are the second factor's settings."""

    first: str
    first_settings: tuple[str, str]
    second: str
    second_settings: tuple[str, str]
    cells: tuple[tuple[float, ...], ...]
    active: bool


def draw_interactions(
    figure: Figure,
    theme: Theme,
    pairs: Sequence[Interaction],
    title: str,
) -> None:
    """Draw one small picture per pair; lines that do not run alongside show a joint effect."""
    prepared(figure, theme)
    width, height = size_of(figure)
    pairs = pairs[: max(1, int(width / WIDE)) * max(1, int(height / HIGH))]
    grid, rows, columns = _grid(figure, len(pairs), WIDE)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    found = [m for pair in pairs for row in pair.cells for m in row if np.isfinite(m)]
    ends = nice_limits(min(found), max(found), 0.15)
    room(figure, left=(longest_tick(*ends) + 1.6) * letter, right=letter, top=5.0 * line, bottom=1.8 * line,
         wspace=0.1, hspace=4.6 * line / max(height / rows - 5 * line, 40))  # fmt: skip
    _heading(figure, theme, title, grid[0][0])
    for number, (axes, pair) in enumerate(zip(grid.ravel(), pairs, strict=False)):
        styled(axes, theme)
        axes.set_ylim(*ends)
        for i, (setting, row) in enumerate(zip(pair.second_settings, pair.cells, strict=True)):
            axes.plot([0, 1], row, color=theme.series[i], linestyle=("-", (0, (4, 2)))[i], marker=theme.markers[i],
                      linewidth=1.9 if pair.active else 1.2, markersize=5.5, label=shortened(f"{pair.second} {setting}", max(6, int(_width(axes) / (letter * 0.95)) - 4)), zorder=3)  # fmt: skip
        _two_ticks(axes, theme, pair.first_settings, pair.first)
        axes.set_title(axes.get_title(), color=theme.text, fontsize=theme.font_size, pad=4 + 2.2 * line,
                       fontweight="bold" if pair.active else "normal")  # fmt: skip
        legend(axes, theme, columns=1)
        axes.get_legend().set_loc("lower left")
        if number % columns:
            axes.tick_params(axis="y", length=0, labelleft=False)
            axes.spines["left"].set_visible(False)
    number_ticks(grid[0][0].yaxis, length=_height(grid[0][0]))


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Several lines over the same places (gage study: one line per person over the parts)."""

    names: Sequence[str]
    ticks: Sequence[str]
    values: FloatArray  # shape (lines, places)
    x_label: str
    title: str


def draw_lines(figure: Figure, theme: Theme, lines: Lines) -> None:
    """Draw the lines with colour, marker and dash of their own."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme)
    width, height = size_of(figure)
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    ends = nice_limits(float(np.nanmin(lines.values)), float(np.nanmax(lines.values)))
    room(figure, left=(longest_tick(*ends) + 1.6) * letter, right=2 * letter, top=3.6 * line, bottom=3.4 * line)  # fmt: skip
    titled(axes, lines.title, theme)
    axes.set_title(axes.get_title(loc="left"), loc="left", color=theme.text, fontsize=theme.font_size + 1,
                   fontweight="bold", pad=6 + 1.5 * line)  # fmt: skip
    axes.set_ylim(*ends)
    dashes: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (4, 2, 1, 2)))
    places = np.arange(len(lines.ticks))
    for i, (name, row) in enumerate(zip(lines.names, lines.values, strict=True)):
        axes.plot(places, row, color=theme.series[i % len(theme.series)], linestyle=dashes[i % len(dashes)],
                  marker=theme.markers[i % len(theme.markers)], markersize=5, linewidth=1.4, label=name, zorder=3)  # fmt: skip
    step = max(
        1,
        int(
            np.ceil(len(lines.ticks) * (max(map(len, lines.ticks)) + 1.5) * letter / (width * 0.85))
        ),
    )
    axes.set_xticks(places[::step], list(lines.ticks)[::step])
    axes.set_xlim(-0.4, len(lines.ticks) - 0.6)
    axes.set_xlabel(lines.x_label)
    number_ticks(axes.yaxis, length=height * axes.get_position().height)
    legend(axes, theme, columns=min(6, len(lines.names)))


@dataclass(frozen=True, slots=True, eq=False)
class HalfNormal:
    """Effects on a half-normal plot: `error` is what an effect of chance is usually off."""

    names: Sequence[str]
    effects: FloatArray
    scores: FloatArray
    error: float | None
    limit: float | None
    x_label: str
    decimals: int

    @property
    def sizes(self) -> FloatArray:
        """The effects without their sign."""
        return np.abs(self.effects)

    @property
    def active(self) -> Any:
        """Which effects are beyond what chance does."""
        if self.limit is None:
            return np.zeros(self.effects.size, dtype=np.bool_)
        return self.sizes > self.limit


PERCENTS = (10, 25, 50, 75, 90, 95, 99, 99.9)  # of all effects, that are smaller


def draw_half_normal(figure: Figure, theme: Theme, plot: HalfNormal, title: str) -> None:
    """Draw effects without their sign against what chance would do; what stands out lies to the right."""
    from scipy.special import ndtri

    prepared(figure, theme)
    axes = styled(figure.subplots(), theme, grid="both")
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    room(figure, left=9.5 * letter, right=2 * letter, top=3.3 * line, bottom=3.6 * line)
    titled(axes, title, theme)
    high = float(plot.scores.max()) * 1.1
    widest = max(float(plot.sizes.max()), plot.limit or 0.0) or 1.0
    axes.set_ylim(0, high)
    axes.set_xlim(0, widest * 1.12)
    if plot.error:
        end = min(high, widest * 1.12 / plot.error)
        axes.plot([0, plot.error * end], [0, end], color=theme.center, linewidth=1.2, zorder=2)
    for active, colour in ((True, theme.point), (False, theme.muted)):
        here = plot.active == active
        axes.plot(plot.sizes[here], plot.scores[here], "o", color=colour, markersize=6, zorder=4)
    _name_points(axes, theme, plot)
    chance_line(axes, theme, plot.limit, _width(axes), plot.decimals)
    gap, ticks = high * theme.font_size * LINE / _height(axes), {0.0: "0 %"}
    for percent in PERCENTS:
        place = float(ndtri(0.5 + percent / 200))
        if max(ticks) + gap < place < high:
            ticks[place] = f"{percent:g} %"
    axes.set_yticks(list(ticks), list(ticks.values()))
    axes.set_ylabel("Smaller by chance")
    number_ticks(axes.xaxis, length=_width(axes), per=56)
    axes.set_xlabel(f"{plot.x_label}, without its sign")


def _name_points(axes: Any, theme: Theme, plot: HalfNormal) -> None:
    """Write names from the largest down, where the one above leaves room for a line."""
    per_unit = _width(axes) / axes.get_xlim()[1]
    per_score = _height(axes) / axes.get_ylim()[1]
    above = np.inf
    for i in np.argsort(-plot.scores, kind="stable"):
        size, score = float(plot.sizes[i]), float(plot.scores[i])
        if above - score * per_score < theme.font_size * LINE:
            continue
        above = score * per_score
        right = _width(axes) - size * per_unit
        letters = int((max(right, size * per_unit) - 14) / (theme.font_size * LETTER))
        left_side = right < (len(plot.names[i]) + 2) * theme.font_size * LETTER and right < size * per_unit  # fmt: skip
        axes.annotate(
            shortened(plot.names[i], max(letters, 4)), (size, score), xytext=(-7 if left_side else 7, 0),
            textcoords="offset points", ha="right" if left_side else "left", va="center",
            color=theme.text if plot.active[i] else theme.muted, fontsize=theme.font_size - 0.5, zorder=5,
            bbox={"facecolor": theme.background, "edgecolor": "none", "alpha": 0.75, "pad": 0.4},
        )  # fmt: skip


def draw_fit(
    figure: Figure, theme: Theme, fitted: FloatArray, observed: FloatArray, name: str
) -> None:
    """Draw observed against expected values; equal ones lie on the line."""
    prepared(figure, theme)
    axes = styled(figure.subplots(), theme, grid="both")
    letter, line = theme.font_size * LETTER, theme.font_size * LINE
    ends = nice_limits(
        float(min(fitted.min(), observed.min())), float(max(fitted.max(), observed.max()))
    )
    room(figure, left=(longest_tick(*ends) + 4.2) * letter, right=2 * letter, top=2.0 * line, bottom=3.4 * line)  # fmt: skip
    titled(axes, f"Observed against expected · {name}", theme)
    axes.set_xlim(*ends)
    axes.set_ylim(*ends)
    axes.plot(ends, ends, color=theme.center, linewidth=1.2, zorder=2)
    axes.plot(fitted, observed, "o", color=theme.point, markersize=6, alpha=0.85, zorder=3)
    axes.set_xlabel("Expected")
    axes.set_ylabel("Observed")
    number_ticks(axes.yaxis, length=_height(axes))
    number_ticks(axes.xaxis, length=_width(axes), per=56)
