"""Columns of cards under headings, one of them as chevrons: the SIPOC strip."""

from collections.abc import Sequence
from dataclasses import dataclass

from leanlab.worksheets.layout.drawing import (
    Area,
    Box,
    Drawing,
    Measure,
    Node,
    Room,
    Shape,
    text_block,
    wrapped,
)

WIDTH, GAP, CARD, MARGIN = 168.0, 14.0, 46.0, 14.0
LEAST_WIDTH, LEAST_CARD = 116.0, 36.0  # in a small room; two lines of text still fit
HEAD, BETWEEN, FOOT = 44.0, 10.0, 8.0
SIZE = 10.5


@dataclass(frozen=True, slots=True)
class Column:
    """A heading with its items: (ref, text)."""

    title: str
    items: Sequence[tuple[str, str]]
    chevrons: bool = False


def draw(
    columns: Sequence[Column], measure: Measure, *, alt: str = "", room: Room | None = None
) -> Drawing:
    """Draw the columns side by side; in a small room they are narrower and their cards lower."""
    shapes: list[Shape] = []
    nodes: list[Node] = []
    tallest = max(len(c.items) for c in columns)
    wide, high = _card_size(len(columns), tallest, room)
    height = HEAD + tallest * (high + BETWEEN) + FOOT
    for at, column in enumerate(columns):
        x = MARGIN + at * (wide + GAP)
        shapes.append(Box(x, MARGIN, wide, height, "lane_alt", 8))
        shapes.append(Box(x, MARGIN, wide, 32, "label" if column.chevrons else "lane_head", 8))
        shapes += text_block((column.title,), x + wide / 2, MARGIN + 16, size=12, bold=True)
        for i, (ref, text) in enumerate(column.items):
            y = MARGIN + HEAD + i * (high + BETWEEN)
            node = Node(ref, x + 10, y, wide - 20, high, text, column.title)
            shapes.append(_card(node, chevron=column.chevrons))
            lines = wrapped(text or "…", wide - 38, SIZE, measure, 2)
            middle = y + high / 2 + (3 if column.chevrons else 0)
            shapes += text_block(lines, x + wide / 2, middle, size=SIZE, ref=ref)
            nodes.append(node)
    width = 2 * MARGIN + len(columns) * (wide + GAP) - GAP
    return Drawing(width, height + 2 * MARGIN, tuple(shapes), tuple(nodes), alt)


def _card_size(columns: int, tallest: int, room: Room | None) -> tuple[float, float]:
    if room is None:
        return WIDTH, CARD
    wide = (room[0] - 2 * MARGIN + GAP) / columns - GAP
    high = (room[1] - 2 * MARGIN - HEAD - FOOT) / max(tallest, 1) - BETWEEN
    return min(max(wide, LEAST_WIDTH), WIDTH), min(max(high, LEAST_CARD), CARD)


def _card(node: Node, *, chevron: bool) -> Shape:
    left, right, tip, y, ref = node.x, node.x + node.width, 9.0, node.y, node.ref
    if not chevron:
        return Box(left, y, node.width, node.height, "node", 5, ref)
    middle, bottom = (left + right) / 2, y + node.height
    return Area(
        (
            (left, y), (middle, y + tip), (right, y), (right, bottom - tip), (middle, bottom),
            (left, bottom - tip),
        ),
        "terminal", ref,
    )  # fmt: skip
