"""A tidy tree of boxes, downwards or to the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from leanlab.worksheets.layout.drawing import (
    Box,
    Circle,
    Drawing,
    Line,
    Measure,
    Node,
    Room,
    Shape,
    Text,
    largest,
    text_block,
    wrapped,
)

WIDTH, HEIGHT = 168.0, 66.0
GAP, LEVEL, MARGIN = 18.0, 40.0, 16.0
SIZE = 10.5


@dataclass(frozen=True, slots=True)
class Branch:
    """A box with the boxes below it."""

    ref: str
    text: str
    style: str = "node"
    mark: tuple[str, str, str] | None = None  # style, glyph, colour of a small badge
    note: str = ""
    children: Sequence["Branch"] = ()


def draw(
    root: Branch, measure: Measure, *, down: bool = True, alt: str = "", room: Room | None = None
) -> Drawing:
    """Draw the tree below its root; in a room the way that lets it be larger."""
    if room is not None:
        return largest((draw(root, measure, down=way, alt=alt) for way in (down, not down)), room)
    shapes: list[Shape] = []
    nodes: list[Node] = []
    _place(root, MARGIN, 0, down, shapes, nodes, measure)
    width = max(n.x + n.width for n in nodes) + MARGIN
    height = max(n.y + n.height for n in nodes) + MARGIN
    lines = [s for s in shapes if isinstance(s, Line)]
    others = [s for s in shapes if not isinstance(s, Line)]
    return Drawing(width, height, (*lines, *others), tuple(nodes), alt)


def _extent(branch: Branch, *, down: bool) -> float:
    own = (WIDTH if down else HEIGHT) + GAP
    return max(own, sum(_extent(child, down=down) for child in branch.children))


def _place(
    branch: Branch, start: float, depth: int, down: bool,  # noqa: FBT001
    shapes: list[Shape], nodes: list[Node], measure: Measure,
) -> Node:  # fmt: skip
    extent = _extent(branch, down=down)
    if down:
        x, y = start + (extent - GAP - WIDTH) / 2, MARGIN + depth * (HEIGHT + LEVEL)
    else:
        x, y = MARGIN + depth * (WIDTH + LEVEL), start + (extent - GAP - HEIGHT) / 2
    node = Node(branch.ref, x, y, WIDTH, HEIGHT, branch.text)
    nodes.append(node)
    at = start
    inner = sum(_extent(child, down=down) for child in branch.children)
    at += (extent - inner) / 2 if branch.children else 0
    for child in branch.children:
        placed = _place(child, at, depth + 1, down, shapes, nodes, measure)
        shapes.append(_edge(node, placed, down=down))
        at += _extent(child, down=down)
    shapes += _box(branch, node, measure)
    return node


def _edge(parent: Node, child: Node, *, down: bool) -> Line:
    if down:
        x0, y0, x1, y1 = parent.centre[0], parent.y + HEIGHT, child.centre[0], child.y
        middle = (y0 + y1) / 2
        points = ((x0, y0), (x0, middle), (x1, middle), (x1, y1))
    else:
        x0, y0, x1, y1 = parent.x + WIDTH, parent.centre[1], child.x, child.centre[1]
        middle = (x0 + x1) / 2
        points = ((x0, y0), (middle, y0), (middle, y1), (x1, y1))
    return Line(points if points[0][0] != points[-1][0] else (points[0], points[-1]), "link")


def _box(branch: Branch, node: Node, measure: Measure) -> list[Shape]:
    shapes: list[Shape] = [Box(node.x, node.y, WIDTH, HEIGHT, branch.style, 7, branch.ref)]
    lines = wrapped(branch.text or "…", WIDTH - 22, SIZE, measure, 2 if branch.note else 3)
    middle = node.centre[1] - (8 if branch.note else 0)
    bold = branch.style in {"node_ok", "terminal"}
    shapes += text_block(lines, node.centre[0], middle, size=SIZE, bold=bold, ref=branch.ref)
    if branch.note:
        shapes.append(
            Text(
                node.centre[0],
                node.y + HEIGHT - 8,
                branch.note,
                9,
                "soft_ink",
                "middle",
                ref=branch.ref,
            )
        )
    if branch.mark is not None:
        style, glyph, colour = branch.mark
        shapes.append(Circle(node.x + WIDTH - 4, node.y + 4, 8, style, branch.ref))
        shapes.append(Text(node.x + WIDTH - 4, node.y + 8, glyph, 10, colour, "middle", True))
    return shapes
