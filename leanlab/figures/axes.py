"""How every picture's axes look: room around them, ticks, titles, labels that keep apart."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

from matplotlib import font_manager, rcParams
from matplotlib.figure import Figure

from leanlab.core import format as words
from leanlab.core.resources import FONT, font_files
from leanlab.figures.theme import Theme

POINTS = 72.0  # per inch
LETTER = 0.56  # width of a letter of the chart font, in font sizes (digits are the widest)
MOST_IN_TICK = 22  # letters
LINE = 1.35  # height of a line of text, in font sizes


def _settle() -> None:
    """Set what matplotlib keeps for the whole process, once and for all threads alike.

    The program's font, with DejaVu Sans for signs that it lacks; real text in SVG and PDF; ids in
    SVG that depend on nothing but the picture.
    """
    found = font_files()
    for path in found:
        font_manager.fontManager.addfont(str(path))
    rcParams.update({
        "font.family": [FONT, "DejaVu Sans"] if found else ["DejaVu Sans"],
        "svg.fonttype": "none",
        "svg.hashsalt": "leanlab",
        "pdf.fonttype": 42,
    })  # fmt: skip


_settle()


def prepared(figure: Figure, theme: Theme) -> Figure:
    """Clear the figure and give it the theme's paper."""
    figure.clear()
    figure.set_facecolor(theme.background)
    return figure


def size_of(figure: Figure) -> tuple[float, float]:
    """Return width and height in points."""
    return figure.get_figwidth() * POINTS, figure.get_figheight() * POINTS


def width_of(text: str, font_size: float) -> float:
    """Return about how wide a text is, in points; counted in letters, so nothing is drawn."""
    return len(text) * LETTER * font_size


def room(
    figure: Figure,
    *,
    left: float,
    right: float,
    top: float,
    bottom: float,
    wspace: float | None = None,
    hspace: float | None = None,
) -> None:
    """Leave so many points free around the axes; they get at least a third of the figure."""
    width, height = size_of(figure)
    left, right = left / width, 1 - right / width
    top, bottom = 1 - top / height, bottom / height
    if right - left < 1 / 3:
        left, right = min(left, 0.33), max(right, min(left, 0.33) + 1 / 3)
    if top - bottom < 1 / 3:
        bottom, top = min(bottom, 0.33), max(top, min(bottom, 0.33) + 1 / 3)
    figure.subplots_adjust(left, bottom, min(right, 0.99), min(top, 0.99), wspace, hspace)


def styled(axes: Any, theme: Theme, *, grid: str = "y") -> Any:
    """Give the axes the theme's colours: quiet grid behind, no box."""
    axes.set_facecolor(theme.background)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(theme.axis)
        axes.spines[side].set_linewidth(0.8)
    axes.tick_params(colors=theme.muted, labelsize=theme.font_size, width=0.8, length=3)
    axes.tick_params(axis="both", color=theme.axis)
    axes.xaxis.label.set(color=theme.muted, fontsize=theme.font_size)
    axes.yaxis.label.set(color=theme.muted, fontsize=theme.font_size)
    if grid:
        axes.grid(visible=True, axis=grid, color=theme.grid, linewidth=0.8)
    return axes


def titled(axes: Any, text: str, theme: Theme) -> None:
    """Set a left-aligned title in the theme's weight, cut to the width of the axes.

    A given place keeps matplotlib from measuring all ticks at every draw to find one.
    """
    width = axes.get_position().width * axes.figure.get_figwidth() * POINTS
    font = theme.font_size + 1
    letters = max(12, int(width / (0.56 * font)))
    axes.set_title(
        shortened(text, letters), loc="left", y=1.0, color=theme.text, fontsize=font, fontweight="bold",
        pad=6,
    )  # fmt: skip


@cache
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in points, without drawing it."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def shortened(text: str, letters: int) -> str:
    """Cut a long text with an ellipsis."""
    return text if len(text) <= letters else f"{text[: max(1, letters - 1)].rstrip()}…"


def decimals_for(step: float, most: int = 8) -> int:
    """Return how many decimals tell ticks of this distance apart."""
    if not step > 0 or not math.isfinite(step):
        return 0
    for decimals in range(most):
        if abs(round(step, decimals) - step) < 1e-9 * max(step, 1e-300):
            return decimals
    return most


def tick_text(value: float, decimals: int, *, share: bool = False) -> str:
    """Write a tick; shares in percent."""
    if share:
        return f"{words.number(100 * value, max(0, decimals - 2))} %"
    return words.number(value, decimals)


def number_ticks(axis: Any, *, share: bool = False, length: float = 0.0, per: float = 34.0) -> int:
    """Write ticks as LeanLab writes numbers, about one per `per` points; return the longest text.

    `length` is that of the axis in points; the axis limits must be set before.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    bins = max(2, min(9, int(length / per))) if length else 6
    locator = MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10])
    axis.set_major_locator(locator)
    low, high = sorted(axis.get_view_interval())
    decimals = _step_decimals(locator.tick_values(low, high))

    def text(value: float, _position: object = None) -> str:
        shown = axis.get_view_interval()
        inside = decimals if abs(shown[1] - shown[0]) >= 0.5 * (high - low) else decimals + 2
        return tick_text(value, inside, share=share)

    axis.set_major_formatter(FuncFormatter(text))
    ticks = [v for v in locator.tick_values(low, high) if low <= v <= high]
    return max((len(tick_text(float(v), decimals, share=share)) for v in ticks), default=3)


def _step_decimals(ticks: Sequence[float]) -> int:
    return decimals_for(float(ticks[1] - ticks[0])) if len(ticks) > 1 else 2


def longest_tick(low: float, high: float, *, share: bool = False) -> int:
    """Return how long the tick texts of a range can get, however many ticks there are."""
    if not high > low:
        return len(tick_text(low, 2, share=share))
    decimals = max(decimals_for(_step(high - low, bins)) for bins in range(2, 10))
    ends = [math.trunc(v) if decimals == 0 else v for v in (low, high)]
    return max(len(tick_text(v, decimals, share=share)) for v in ends)


def _step(span: float, bins: int) -> float:
    """Return the distance of ticks that MaxNLocator would choose for so many bins."""
    power = 10.0 ** math.floor(math.log10(span / bins))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power * bins >= span * (1 - 1e-9))


def kept_apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions as little as possible until they are `gap` apart, in their order."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    blocks: list[list[float]] = []  # [centre of the block, number of labels]
    for i in order:
        blocks.append([wanted[i], 1.0])
        while len(blocks) > 1 and _touch(blocks[-2], blocks[-1], gap):
            last, before = blocks.pop(), blocks.pop()
            count = last[1] + before[1]
            blocks.append([(last[0] * last[1] + before[0] * before[1]) / count, count])
    placed = [
        centre + (k - (count - 1) / 2) * gap for centre, count in blocks for k in range(int(count))
    ]
    placed = _inside(placed, gap, low, high)
    out = [0.0] * len(wanted)
    for i, place in zip(order, placed, strict=True):
        out[i] = place
    return out


def _touch(lower: Sequence[float], upper: Sequence[float], gap: float) -> bool:
    return upper[0] - lower[0] < gap * (upper[1] + lower[1]) / 2


def _inside(placed: list[float], gap: float, low: float, high: float) -> list[float]:
    for k in range(len(placed) - 1, -1, -1):
        roof = high if k == len(placed) - 1 else placed[k + 1] - gap
        placed[k] = min(placed[k], roof)
    for k in range(len(placed)):
        floor = low if k == 0 else placed[k - 1] + gap
        placed[k] = max(placed[k], floor)
    return placed


def side_labels(
    axes: Any, theme: Theme, labels: Sequence[tuple[str, float, str]], *, bold: bool = False
) -> None:
    """Write (text, value, colour) right of the axes at their heights, kept apart."""
    bottom, top = axes.get_ylim()
    height = axes.get_position().height * axes.figure.get_figheight() * POINTS
    scale = height / (top - bottom)
    wanted = [(value - bottom) * scale for _, value, _ in labels]
    gap = theme.font_size * 1.25
    for (text, value, colour), want, place in zip(
        labels, wanted, kept_apart(wanted, gap, 0.0, height), strict=True
    ):
        axes.annotate(
            text, (1.0, value), xycoords=("axes fraction", "data"), xytext=(7, place - want),
            textcoords="offset points", va="center", color=colour, fontsize=theme.font_size,
            fontweight="bold" if bold else "normal", annotation_clip=False,
        )  # fmt: skip


def half_tick(figure: Figure, theme: Theme, ticks: Sequence[str]) -> float:
    """Return how many points the text under the first point needs to its left."""
    if not ticks:
        return 0.0
    letters = min(len(ticks[0]), MOST_IN_TICK)
    return letters * theme.font_size * LETTER / 2 - 0.008 * size_of(figure)[0]


def index_ticks(axes: Any, theme: Theme, ticks: Sequence[str], count: int) -> None:
    """Label points along x with their texts, as many as find room; it follows the zoom."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    width = axes.get_position().width * axes.figure.get_figwidth() * POINTS
    sample = [ticks[i] for i in {0, count // 2, max(count - 1, 0)}] if ticks and count else []
    longest = max((len(t) for t in sample), default=len(str(count)))
    longest = min(longest, MOST_IN_TICK)
    bins = max(2, int(width / ((longest + 3) * LETTER * theme.font_size)))
    steps = [1, 2, 5, 10] if not ticks else [1, 2, 3, 4, 5, 6, 8, 10]
    axes.xaxis.set_major_locator(_WholeTicks(MaxNLocator(nbins=min(bins, 10), integer=True, steps=steps), 0 if ticks else 1))  # fmt: skip

    def text(at: float, _position: object = None) -> str:
        index = round(at)
        if not 0 <= index < count or abs(at - index) > 1e-6:
            return ""
        return shortened(ticks[index], MOST_IN_TICK) if ticks else words.number(index + 1, 0)

    axes.xaxis.set_major_formatter(FuncFormatter(text))


def _WholeTicks(locator: Any, shift: int) -> Any:  # noqa: N802 - it makes a locator
    """Shift a locator so that round numbers fall on points counted from 1."""
    if not shift:
        return locator
    plain = locator.tick_values

    def shifted(low: float, high: float) -> Any:
        return plain(low + shift, high + shift) - shift

    locator.tick_values = shifted
    return locator


def nice_limits(low: float, high: float, air: float = 0.08) -> tuple[float, float]:
    """Return axis limits with a little air; equal ends get some of their own."""
    span = high - low
    extra = span * air if span > 0 else abs(high) * 0.1 or 1.0
    return low - extra, high + extra
