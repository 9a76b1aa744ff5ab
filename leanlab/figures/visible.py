"""Lines over many points that draw what the visible range can show, and no more."""

from collections.abc import Callable
from typing import Any

import numpy as np

from leanlab.core.typing import FloatArray, IntArray
from leanlab.figures.decimate import envelope, extremes, worth_thinning
from leanlab.figures.theme import Theme

MARKERS_UNTIL = 400  # points; beyond that a line reads better
LARGE_UNTIL = 80
MARKS_UNTIL = 60  # more marks than this become small
CROWDED = 3.2


def in_view(axes: Any, count: int) -> tuple[int, int, int]:
    """Return first and last + 1 index of the visible points, and the width in pixels."""
    low, high = sorted(axes.get_xlim())
    first = int(np.clip(np.floor(low) - 1, 0, count))
    last = int(np.clip(np.ceil(high) + 2, first, count))
    return first, last, max(1, int(axes.bbox.width))


def follow(axes: Any, show: Callable[[Any], None]) -> None:
    """Draw again whenever the visible range changes."""
    show(axes)
    axes.callbacks.connect("xlim_changed", show)


def draw_series(
    axes: Any, theme: Theme, points: FloatArray, breaks: IntArray | None = None
) -> None:
    """Draw points in order: markers when few, a line when more, an envelope when very many.

    The line is broken before the points in `breaks`, where a new stage begins.
    """
    (line,) = axes.plot(
        [], [], color=theme.line, linewidth=1.1, markersize=3.6, markerfacecolor=theme.point,
        markeredgewidth=0, zorder=3,
    )  # fmt: skip
    bands: list[Any] = []

    def show(shown: Any) -> None:
        first, last, pixels = in_view(shown, points.size)
        while bands:
            bands.pop().remove()
        if worth_thinning(last - first, pixels):
            at, low, high = envelope(points[first:last], pixels)
            band = shown.fill_between(at + first, low, high, color=theme.point, linewidth=0.5, alpha=0.75)  # fmt: skip
            bands.append(band)
            line.set_data([], [])
            return
        count = last - first
        line.set_data(*_broken(points, first, last, breaks))
        line.set_color(theme.line if count <= MARKERS_UNTIL else theme.point)
        line.set_linewidth(1.1 if count <= MARKERS_UNTIL else 0.7)
        line.set_marker("o" if count <= MARKERS_UNTIL else "")
        line.set_markersize(4.6 if count <= LARGE_UNTIL else 3.2)

    follow(axes, show)


def _broken(
    points: FloatArray, first: int, last: int, breaks: IntArray | None
) -> tuple[FloatArray, FloatArray]:
    x, y = np.arange(first, last, dtype=np.float64), points[first:last]
    if breaks is None or not breaks.size:
        return x, y
    at = breaks[(breaks > first) & (breaks < last)] - first
    return np.insert(x, at, np.nan), np.insert(y, at, np.nan)


def draw_marks(
    axes: Any, points: FloatArray, center: FloatArray, at: IntArray, **style: Any
) -> None:
    """Mark points; of those that share a pixel column, only the one furthest out."""
    if not at.size:
        return
    (line,) = axes.plot([], [], linestyle="", **style)
    full = line.get_markersize(), line.get_markeredgewidth()
    away = points - np.nan_to_num(center)

    def show(shown: Any) -> None:
        first, last, pixels = in_view(shown, points.size)
        kept = at[slice(*np.searchsorted(at, [first, last]))]
        width = int(np.ceil((last - first) / pixels))
        kept = extremes(kept, away, width) if width > 1 else kept
        line.set_data(kept, points[kept])
        size, edge = full if kept.size <= MARKS_UNTIL else (CROWDED, 0.0)
        line.set_markersize(min(size, CROWDED * 0.6) if kept.size > 4 * MARKS_UNTIL else size)
        line.set_markeredgewidth(edge)

    follow(axes, show)
