"""A fish: bones at an angle, causes as twigs that end on them, labels that never overlap."""

from collections.abc import Sequence
from dataclasses import dataclass

from leanlab.worksheets.layout.drawing import (
    Area,
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
    shifted,
    text_block,
    wrapped,
)

SLOPE = 0.5  # how far a bone leans per unit of height
SIZE = 10.5
LINE = SIZE * 1.28
TEXT_WIDTH = 138.0
TEXT_WIDTHS = (TEXT_WIDTH, 170.0, 112.0, 92.0)  # what fits a room best is drawn
INDENT = 26.0
GLYPH = 15.0
GAP = 20.0
MARGIN = 18.0
_MARKS = {
    "verified": ("ok", "✓", "ok"), "refuted": ("quiet", "✕", "soft_ink"),
    "screened out": ("quiet", "–", "soft_ink"), "under test": ("attention", "…", "attention"),
    "potential": ("quiet", "?", "soft_ink"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Twig:
    """A cause on a bone, in reading order; depth 1 touches the bone."""

    ref: str
    text: str
    status: str = "potential"
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Bone:
    """A branch with its causes."""

    title: str
    twigs: Sequence[Twig] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    twig: Twig
    lines: tuple[str, ...]
    y: float  # of the twig, from the top of the rows
    length: float


def draw(
    effect: str, bones: Sequence[Bone], measure: Measure, *, alt: str = "", room: Room | None = None
) -> Drawing:
    """Draw the fish; an even and an odd bone share a joint of the spine."""
    if not bones:
        return Drawing(0, 0, (), alt=alt)
    if room is None:
        return _fish(effect, bones, measure, TEXT_WIDTH, alt)
    return largest((_fish(effect, bones, measure, w, alt) for w in TEXT_WIDTHS), room)


def _fish(
    effect: str, bones: Sequence[Bone], measure: Measure, text_width: float, alt: str
) -> Drawing:
    rows = [_rows(bone.twigs, measure, text_width, up=at % 2 == 0) for at, bone in enumerate(bones)]
    heights = [r[-1].y + 12 if r else 46.0 for r in rows]
    top, bottom = max(heights[0::2]), max([*heights[1::2], 46.0])
    spine = 34.0 + top + 10
    shapes: list[Shape] = []
    nodes: list[Node] = []
    joint, last = 0.0, [0.0, 0.0]
    for pair in range((len(bones) + 1) // 2):
        members = [i for i in (2 * pair, 2 * pair + 1) if i < len(bones)]
        reach = max(_reach(rows[i]) for i in members)
        labels = [measure(bones[i].title, 11.5, True) / 2 + 12 for i in members]
        crowd = max(last[i % 2] + label for i, label in zip(members, labels, strict=True))
        joint += max(reach + GAP, crowd + 14, 96.0)
        for i, label in zip(members, labels, strict=True):
            last[i % 2] = label
            up = i % 2 == 0
            drawn = _bone(bones[i], rows[i], joint, spine, top if up else bottom, label, up=up)
            shapes += drawn[0]
            nodes += drawn[1]
    return _with_spine(effect, shapes, nodes, (joint, spine, spine + bottom + 44), measure, alt)


def _rows(twigs: Sequence[Twig], measure: Measure, text_width: float, *, up: bool) -> list[_Placed]:
    placed: list[_Placed] = []
    y = 0.0
    for twig in twigs:
        most = 3 if text_width >= TEXT_WIDTH else 5
        lines = wrapped(twig.text or "…", text_width, SIZE, measure, most)
        bold = twig.status == "verified"
        width = max(measure(line, SIZE, bold) for line in lines)
        y += LINE * len(lines) + 9
        leaning = (
            SLOPE * LINE * (len(lines) - 1) if up else 0.0
        )  # of the bone beside the first line
        placed.append(_Placed(twig, lines, y, GLYPH + width + 12 + leaning))
    return placed


def _reach(rows: Sequence[_Placed]) -> float:
    return max((INDENT * (r.twig.depth - 1) + r.length for r in rows), default=70.0)


def _bone(
    bone: Bone, rows: Sequence[_Placed], joint: float, spine: float, height: float, half: float,
    *, up: bool,
) -> tuple[list[Shape], list[Node]]:  # fmt: skip
    end_y = spine - height - 10 if up else spine + height + 10
    end_x = joint - SLOPE * abs(end_y - spine)
    shapes: list[Shape] = [Line(((end_x, end_y), (joint, spine)), "bone")]
    box_y = end_y - 26 if up else end_y
    ref = f"group:{bone.title}"
    shapes.append(Box(end_x - half, box_y, 2 * half, 26, "label", 6, ref))
    shapes += text_block((bone.title,), end_x, box_y + 13, size=11.5, bold=True, ref=ref)
    nodes = [Node(ref, end_x - half, box_y, 2 * half, 26, bone.title, bone.title)]
    first = end_y if up else spine + 2
    stems: dict[int, tuple[float, float]] = {}
    for row in rows:
        y = first + row.y
        x = joint - SLOPE * abs(y - spine) - INDENT * (row.twig.depth - 1)
        stem = stems.get(row.twig.depth - 1)
        if stem is not None:
            shapes.append(Line(((stem[0], stem[1]), (x, y)), "twig"))
        stems[row.twig.depth] = (joint - SLOPE * abs(y - spine) - INDENT * row.twig.depth, y)
        shapes += _twig(row, x, y)
        nodes.append(_node(row, x, y, bone.title))
    return shapes, nodes


def _node(row: _Placed, x: float, y: float, group: str) -> Node:
    height = LINE * len(row.lines) + 3
    return Node(
        row.twig.ref, x - row.length, y - height, row.length, height + 2, row.twig.text, group
    )


def _twig(row: _Placed, x: float, y: float) -> list[Shape]:
    twig, left = row.twig, x - row.length
    style, glyph, glyph_colour = _MARKS.get(twig.status, _MARKS["potential"])
    off = twig.status in {"refuted", "screened out"}
    shapes: list[Shape] = [
        Line(((left, y), (x, y)), "twig_ok" if twig.status == "verified" else "twig_off" if off else "twig"),
        Circle(left + 6.5, y - 4 - LINE / 2, 6.0, style, twig.ref),
        Text(left + 6.5, y - 0.8 - LINE / 2, glyph, 8.5, glyph_colour, "middle", True, ref=twig.ref),
    ]  # fmt: skip
    for i, line in enumerate(reversed(row.lines)):
        shapes.append(
            Text(
                left + GLYPH, y - 4.5 - LINE * i, line, SIZE, "soft_ink" if off else "ink",
                bold=twig.status == "verified", struck=twig.status == "refuted", ref=twig.ref,
            )
        )  # fmt: skip
    return shapes


def _with_spine(
    effect: str, shapes: list[Shape], nodes: list[Node], extent: tuple[float, float, float],
    measure: Measure, alt: str,
) -> Drawing:  # fmt: skip
    joint, spine, height = extent
    shift = MARGIN + 14 - min(n.x for n in nodes)
    moved = [shifted(shape, shift, 0.0) for shape in shapes]
    nodes = [Node(n.ref, n.x + shift, n.y, n.width, n.height, n.text, n.group) for n in nodes]
    lines = wrapped(effect or "What is wrong?", 132, 11.5, measure, most=5)
    head_width = max(measure(line, 11.5, True) for line in lines) + 40
    head_height = max(64.0, 15.0 * len(lines) + 34)
    x = joint + shift + 26
    tail = max(10.0, min(n.x for n in nodes) - 4)
    head: list[Shape] = [
        Line(((tail, spine), (x, spine)), "spine"),
        Area(((tail, spine - 9), (tail + 15, spine), (tail, spine + 9)), "head"),
        Area(
            (
                (x, spine - head_height / 2), (x + head_width * 0.62, spine - head_height / 2),
                (x + head_width + 12, spine), (x + head_width * 0.62, spine + head_height / 2),
                (x, spine + head_height / 2),
            ),
            "head", "root",
        ),
    ]  # fmt: skip
    words = [
        Text(t.x, t.y, t.text, t.size, "on_accent", "middle", True, ref="root")
        for t in text_block(lines, x + head_width * 0.46, spine, size=11.5, bold=True)
    ]
    nodes.append(Node("root", x, spine - head_height / 2, head_width, head_height, effect))
    width = x + head_width + 12 + MARGIN
    return Drawing(width, height, (*head, *words, *moved), tuple(nodes), alt, {"spine": spine})


def bone_at(drawing: Drawing, x: float, y: float) -> str:
    """Return the branch whose bone is nearest to a place: its label tells where it is."""
    spine = drawing.scale["spine"]
    labels = [n for n in drawing.nodes if n.ref.startswith("group:")]
    same_side = [n for n in labels if (n.y < spine) == (y < spine)] or labels
    if not same_side:
        return ""
    nearest = min(same_side, key=lambda n: _away(n, spine, x, y))
    return nearest.text


def _away(label: Node, spine: float, x: float, y: float) -> float:
    """How far left of a bone a place lies; causes hang on the left of their bone."""
    end_x, end_y = label.centre
    bone_x = end_x + SLOPE * (abs(end_y - spine) - abs(y - spine))
    return bone_x - x if bone_x >= x - 20 else 3 * (x - bone_x)
