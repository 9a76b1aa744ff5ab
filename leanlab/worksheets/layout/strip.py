"""Columns of cards under headings, one of them as chevrons: the SIPOC strip."""

from collections.abc import Sequence
from dataclasses import dataclass

from leanlab.worksheets.layout.drawing import (
    Area,
    Box,
    Drawing,
    Measure,
    Node,
    Shape,
    text_block,
    wrapped,
)

WIDTH, GAP, CARD, MARGIN = 168.0, 14.0, 46.0, 14.0
SIZE = 10.5


@dataclass(frozen=True, slots=True)
class Column:
    """A heading with its items: (ref, text)."""

    title: str
    items: Sequence[tuple[str, str]]
    chevrons: bool = False


def draw(columns: Sequence[Column], measure: Measure, *, alt: str = "") -> Drawing:
    """Draw the columns side by side."""
    shapes: list[Shape] = []
    nodes: list[Node] = []
    tallest = max(len(c.items) for c in columns)
    height = 44 + tallest * (CARD + 10) + 8
    for at, column in enumerate(columns):
        x = MARGIN + at * (WIDTH + GAP)
        shapes.append(Box(x, MARGIN, WIDTH, height, "lane_alt", 8))
        shapes.append(Box(x, MARGIN, WIDTH, 32, "label" if column.chevrons else "lane_head", 8))
        shapes += text_block((column.title,), x + WIDTH / 2, MARGIN + 16, size=12, bold=True)
        for i, (ref, text) in enumerate(column.items):
            y = MARGIN + 44 + i * (CARD + 10)
            shapes.append(_card(x, y, ref, chevron=column.chevrons))
            lines = wrapped(text or "…", WIDTH - 38, SIZE, measure, 2)
            middle = y + CARD / 2 + (3 if column.chevrons else 0)
            shapes += text_block(lines, x + WIDTH / 2, middle, size=SIZE, ref=ref)
            nodes.append(Node(ref, x + 10, y, WIDTH - 20, CARD, text, column.title))
    width = 2 * MARGIN + len(columns) * (WIDTH + GAP) - GAP
    return Drawing(width, height + 2 * MARGIN, tuple(shapes), tuple(nodes), alt)


def _card(x: float, y: float, ref: str, *, chevron: bool) -> Shape:
    left, right, tip = x + 10, x + WIDTH - 10, 9.0
    if not chevron:
        return Box(left, y, right - left, CARD, "node", 5, ref)
    middle, bottom = (left + right) / 2, y + CARD
    return Area(
        (
            (left, y), (middle, y + tip), (right, y), (right, bottom - tip), (middle, bottom),
            (left, bottom - tip),
        ),
        "terminal", ref,
    )  # fmt: skip
