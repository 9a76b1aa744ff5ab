"""Small plots of worksheets: stacked bars with a limit, and lines over months."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from leanlab.worksheets.layout.drawing import (
    Box,
    Drawing,
    Line,
    Measure,
    Node,
    Room,
    Shape,
    Text,
    shortened,
)

LEFT, TOP, HEIGHT = 64.0, 40.0, 205.0
LOWEST, HIGHEST = 110.0, 300.0  # of a plot in a room
LIMIT_WORDS = 86.0  # room for what the limit line is called
GAP = 0.3  # between bars, as a share of their width
BELOW_BARS, BELOW_LINES = 48.0, 36.0  # room for the names below a plot

_INKS = {"waste": "ink", "needed": "on_series5"}  # in which a piece is named


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a stacked bar."""

    ref: str
    text: str
    value: float
    style: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A stacked bar with its name."""

    title: str
    pieces: Sequence[Piece]

    @property
    def total(self) -> float:
        """How high it is."""
        return sum(piece.value for piece in self.pieces)


def ticks(top: float, most: int = 5) -> tuple[float, ...]:
    """Return round numbers from zero to at least `top`."""
    if top <= 0 or not math.isfinite(top):
        return (0.0, 1.0)
    rough = top / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * (1 - 1e-9))
    count = math.ceil(top / step - 1e-9)
    return tuple(step * i for i in range(count + 1))


def stacked(
    bars: Sequence[Bar], limit: tuple[str, float] | None, legend: Sequence[tuple[str, str]],
    measure: Measure, *, unit: str, alt: str = "", room: Room | None = None,
) -> Drawing:  # fmt: skip
    """Draw stacked bars (a yamazumi) with a limit line."""
    if not bars:
        return Drawing(0, 0, (), alt=alt)
    highest = max([bar.total for bar in bars] + ([limit[1]] if limit else []))
    marks = ticks(highest * 1.06)
    scale = _Scale(marks[-1], _high(room, BELOW_BARS))
    wide = max(60.0, min(112.0, 520.0 / len(bars)))
    if room is not None:
        spare = room[0] - LEFT - LIMIT_WORDS
        wide = max(48.0, min(wide, spare / (len(bars) * (1 + GAP) + GAP)))
    gap = wide * GAP
    width = LEFT + len(bars) * (wide + gap) + gap + LIMIT_WORDS
    shapes: list[Shape] = [*_frame(marks, scale, width - 70, unit), *_legend(legend, measure)]
    nodes: list[Node] = []
    for at, bar in enumerate(bars):
        x = LEFT + gap + at * (wide + gap)
        over = limit is not None and bar.total > limit[1]
        drawn = _bar(bar, x, wide, scale, measure, over=over)
        shapes += drawn[0]
        nodes += drawn[1]
    if limit is not None:
        y = scale.y(limit[1])
        shapes.append(Line(((LEFT, y), (width - 70, y)), "limit"))
        shapes.append(Text(width - 64, y + 4, limit[0], 11, "problem", bold=True))
    return Drawing(width, scale.bottom + BELOW_BARS, tuple(shapes), tuple(nodes), alt)


@dataclass(frozen=True, slots=True)
class _Scale:
    """How high a value stands: the highest one, and the height of the plot."""

    top: float
    high: float

    @property
    def bottom(self) -> float:
        """Where 0 is."""
        return TOP + self.high

    def y(self, value: float) -> float:
        """Return where a value stands."""
        return TOP + self.high * (1 - value / self.top)


def _high(room: Room | None, below: float) -> float:
    return HEIGHT if room is None else min(max(room[1] - TOP - below, LOWEST), HIGHEST)


def _frame(marks: Sequence[float], scale: _Scale, right: float, unit: str) -> list[Shape]:
    shapes: list[Shape] = [Text(LEFT - 8, TOP - 12, unit, 10, "soft_ink", "end")]
    for mark in marks:
        y = scale.y(mark)
        shapes.append(Line(((LEFT, y), (right, y)), "axis" if mark == 0 else "grid"))
        shapes.append(
            Text(LEFT - 8, y + 4, f"{mark:,.10g}".replace(",", "\u202f"), 10, "soft_ink", "end")
        )
    return shapes


def _legend(legend: Sequence[tuple[str, str]], measure: Measure) -> list[Shape]:
    shapes: list[Shape] = []
    x = LEFT + 30
    for style, words in legend:
        shapes.append(Box(x, 8, 12, 12, style, 2))
        shapes.append(Text(x + 18, 18, words, 10.5, "ink"))
        x += measure(words, 10.5, False) + 42
    return shapes


def _bar(
    bar: Bar, x: float, wide: float, scale: _Scale, measure: Measure, *, over: bool
) -> tuple[list[Shape], list[Node]]:
    shapes: list[Shape] = []
    nodes: list[Node] = []
    y = scale.bottom
    for piece in bar.pieces:
        high = scale.high * piece.value / scale.top
        y -= high
        shapes.append(Box(x, y, wide, high, piece.style, 2, piece.ref))
        nodes.append(Node(piece.ref, x, y, wide, high, piece.text, bar.title))
        if high >= 15:  # noqa: PLR2004 - room for one line of text
            words = shortened(piece.text, wide - 10, 9.5, measure)
            colour = _INKS.get(piece.style, "on_series")
            shapes.append(Text(x + wide / 2, y + high / 2 + 3.5, words, 9.5, colour, "middle"))
    total = f"{bar.total:,.4g}"
    shapes.append(
        Text(x + wide / 2, y - 6, total, 11, "problem" if over else "ink", "middle", bold=True)
    )
    title = shortened(bar.title, wide + 12, 11, measure)
    shapes.append(Text(x + wide / 2, scale.bottom + 19, title, 11, "ink", "middle"))
    return shapes, nodes


def month_lines(
    months: Sequence[str], series: Sequence[tuple[str, str, Sequence[float | None]]],
    measure: Measure, *, unit: str, alt: str = "", room: Room | None = None,
) -> Drawing:  # fmt: skip
    """Draw cumulative lines over months; a line ends where its values end."""
    totals = [(name, style, _cumulated(values)) for name, style, values in series]
    known = [v for _, _, values in totals for v in values if v is not None]
    if not months or not known:
        return Drawing(0, 0, (), alt=alt)
    marks = ticks(max([*known, 1.0]) * 1.04)
    scale = _Scale(marks[-1], _high(room, BELOW_LINES))
    step = max(26.0, min(60.0, 640.0 / len(months)))
    if room is not None:
        step = max(26.0, min(80.0, (room[0] - LEFT - 54) / len(months)))
    width = LEFT + 34 + step * len(months) + 20
    shapes: list[Shape] = [*_frame(marks, scale, width - 12, unit), *_line_legend(totals, measure)]
    for at, month in enumerate(months):
        if len(months) <= 14 or at % 3 == 0:  # noqa: PLR2004 - a label for each month of a year
            shapes.append(
                Text(
                    LEFT + 34 + step * at,
                    scale.bottom + 19,
                    _short(month),
                    9.5,
                    "soft_ink",
                    "middle",
                )
            )
    for _, style, values in totals:
        points = tuple(
            (LEFT + 34 + step * at, scale.y(max(v, 0.0)))
            for at, v in enumerate(values)
            if v is not None
        )
        if len(points) > 1:
            shapes.append(Line(points, style))
        elif points:
            shapes.append(Box(points[0][0] - 3, points[0][1] - 3, 6, 6, style, 1))
    return Drawing(width, scale.bottom + BELOW_LINES, tuple(shapes), (), alt)


def _cumulated(values: Sequence[float | None]) -> list[float | None]:
    last = max((i for i, v in enumerate(values) if v is not None), default=-1)
    total, sums = 0.0, []
    for at, value in enumerate(values):
        total += value or 0.0
        sums.append(total if at <= last else None)
    return sums


def _line_legend(
    totals: Sequence[tuple[str, str, Sequence[float | None]]], measure: Measure
) -> list[Shape]:
    shapes: list[Shape] = []
    x = LEFT + 30
    for name, style, _ in totals:
        shapes.append(Line(((x, 14), (x + 26, 14)), style))
        shapes.append(Text(x + 32, 18, name, 10.5, "ink"))
        x += measure(name, 10.5, False) + 60
    return shapes


def _short(month: str) -> str:
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    name = names[int(month[5:7]) - 1]
    return f"{name} {month[2:4]}" if month[5:7] in {"01"} else name
