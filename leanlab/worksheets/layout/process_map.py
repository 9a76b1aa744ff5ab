"""Lanes, steps in the order of the flow, and connectors that keep off the steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from leanlab.worksheets.layout.drawing import (
    Area,
    Box,
    Drawing,
    Line,
    Measure,
    Node,
    Point,
    Shape,
    Text,
    text_block,
    wrapped,
)

WIDTH, HEIGHT = 124.0, 58.0
GUTTER, ROW_GAP, LANE_PAD = 54.0, 20.0, 22.0
HEAD, MARGIN = 128.0, 14.0
SIZE = 10.5
_VALUE = {"va": "node_ok", "needed": "node_needed", "waste": "node_waste"}


@dataclass(frozen=True, slots=True)
class Exit:
    """A connector to another step."""

    to: str
    label: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the map."""

    ref: str
    text: str
    lane: str = ""
    kind: str = "step"
    value: str = ""
    note: str = ""
    exits: Sequence[Exit] = ()
    shift: Point = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Grid:
    columns: Mapping[str, int]
    rows: Mapping[str, int]  # within the lane
    lanes: Sequence[str]
    tops: Mapping[str, float]
    heights: Mapping[str, float]


def draw(steps: Sequence[Step], measure: Measure, *, alt: str = "") -> Drawing:
    """Draw the map; a step may be nudged away from its place in the grid."""
    if not steps:
        return Drawing(0, 0, (), alt=alt)
    grid = _grid(steps)
    places = {s.ref: _place(s, grid) for s in steps}
    right = max(x for x, _ in places.values()) + WIDTH + GUTTER / 2 + 10
    bottom = max(grid.tops[name] + grid.heights[name] for name in grid.lanes)
    shapes: list[Shape] = [*_lanes(grid, right, measure)]
    nodes = tuple(Node(s.ref, *places[s.ref], WIDTH, HEIGHT, s.text, s.lane) for s in steps)
    known = {n.ref: n for n in nodes}
    loops = 0
    for step in steps:
        for one in step.exits:
            if one.to not in known or one.to == step.ref:
                continue
            back = known[one.to].x <= known[step.ref].x - 1
            loops += back
            shapes += _connector(known[step.ref], known[one.to], one, nodes, loops if back else 0)
    for step in steps:
        shapes += _step(step, known[step.ref], measure)
    lowest = max(y for s in shapes if isinstance(s, Line) for _, y in s.points) if loops else 0.0
    scale = {f"lane:{n}": grid.tops[n] for n in grid.lanes}
    height = max(bottom, lowest) + MARGIN
    return Drawing(right + MARGIN, height, tuple(shapes), nodes, alt, scale)


def columns_of(steps: Sequence[Step]) -> dict[str, int]:
    """Return the column of each step: one more than the furthest before it, loops left out."""
    known = {s.ref: s for s in steps}
    forward = _without_loops(steps)
    columns = {s.ref: 0 for s in steps}
    for _ in range(len(steps)):
        changed = False
        for ref, targets in forward.items():
            for target in targets:
                if columns[target] < columns[ref] + 1:
                    columns[target] = columns[ref] + 1
                    changed = True
        if not changed:
            break
    linked = {s.ref for s in steps if s.exits} | {e.to for s in steps for e in s.exits}
    loose = [s.ref for s in steps if s.ref not in linked]
    start = max((columns[r] for r in linked if r in known), default=-1) + 1
    for at, ref in enumerate(loose):
        columns[ref] = start + at
    return columns


def _without_loops(steps: Sequence[Step]) -> dict[str, list[str]]:
    known = {s.ref: s for s in steps}
    forward: dict[str, list[str]] = {s.ref: [] for s in steps}
    state: dict[str, int] = {}
    for start in steps:
        if start.ref in state:
            continue
        state[start.ref] = 1
        stack = [(start.ref, iter(start.exits))]
        while stack:
            ref, exits = stack[-1]
            one = next(exits, None)
            if one is None:
                state[ref] = 2
                stack.pop()
            elif one.to in known and state.get(one.to) != 1:
                forward[ref].append(one.to)
                if one.to not in state:
                    state[one.to] = 1
                    stack.append((one.to, iter(known[one.to].exits)))
    return forward


def _grid(steps: Sequence[Step]) -> _Grid:
    columns = columns_of(steps)
    lanes = list(dict.fromkeys(s.lane for s in steps))
    rows: dict[str, int] = {}
    taken: dict[tuple[str, int], int] = {}
    for step in steps:
        key = (step.lane, columns[step.ref])
        rows[step.ref] = taken.get(key, 0)
        taken[key] = rows[step.ref] + 1
    tops: dict[str, float] = {}
    heights: dict[str, float] = {}
    y = MARGIN
    for lane in lanes:
        most = max(rows[s.ref] for s in steps if s.lane == lane) + 1
        heights[lane] = 2 * LANE_PAD + most * HEIGHT + (most - 1) * ROW_GAP
        tops[lane] = y
        y += heights[lane]
    return _Grid(columns, rows, lanes, tops, heights)


def _place(step: Step, grid: _Grid) -> Point:
    x = MARGIN + HEAD + GUTTER / 2 + grid.columns[step.ref] * (WIDTH + GUTTER) + step.shift[0]
    y = grid.tops[step.lane] + LANE_PAD + grid.rows[step.ref] * (HEIGHT + ROW_GAP) + step.shift[1]
    return max(x, MARGIN + HEAD + 8), max(y, MARGIN)


def home_of(steps: Sequence[Step], ref: str, lane: str) -> Point:
    """Return where the grid puts a step when it stands in a lane."""
    from dataclasses import replace

    moved = [replace(s, lane=lane, shift=(0.0, 0.0)) if s.ref == ref else s for s in steps]
    step = next(s for s in moved if s.ref == ref)
    return _place(step, _grid(moved))


def lane_at(drawing: Drawing, y: float) -> str:
    """Return the lane at a height."""
    tops = sorted((top, name.removeprefix("lane:")) for name, top in drawing.scale.items())
    below = [name for top, name in tops if top <= y]
    return below[-1] if below else tops[0][1]


def _lanes(grid: _Grid, right: float, measure: Measure) -> list[Shape]:
    shapes: list[Shape] = []
    for at, name in enumerate(grid.lanes):
        y, height = grid.tops[name], grid.heights[name]
        shapes.append(Box(MARGIN, y, right - MARGIN, height, "lane_alt" if at % 2 else "lane", 0))
        shapes.append(Box(MARGIN, y, HEAD, height, "lane_head", 0, f"lane:{name}"))
        lines = wrapped(name or "No lane yet", HEAD - 20, 11, measure)
        shapes += text_block(
            lines, MARGIN + HEAD / 2, y + height / 2, bold=bool(name),
            colour="ink" if name else "soft_ink",
        )  # fmt: skip
    return shapes


def _step(step: Step, node: Node, measure: Measure) -> list[Shape]:
    style = _VALUE.get(step.value, "node")
    x, y, (cx, cy) = node.x, node.y, node.centre
    shape: Shape
    corners: tuple[Point, ...]
    width = WIDTH - 16
    match step.kind:
        case "start" | "end":
            shape = Box(x, y + 6, WIDTH, HEIGHT - 12, "terminal", (HEIGHT - 12) / 2, step.ref)
        case "decision":
            corners = ((x - 6, cy), (cx, y - 9), (x + WIDTH + 6, cy), (cx, y + HEIGHT + 9))
            shape, width = Area(corners, style, step.ref), WIDTH - 46
        case "wait":
            corners = (
                (x, y),
                (x + WIDTH - 16, y),
                (x + WIDTH, cy),
                (x + WIDTH - 16, y + HEIGHT),
                (x, y + HEIGHT),
            )
            shape = Area(corners, style, step.ref)
        case "storage":
            shape = Area(((x, y), (x + WIDTH, y), (cx, y + HEIGHT + 12)), style, step.ref)
            width, cy = WIDTH - 34, y + 18
        case "document":
            corners = (
                (x, y),
                (x + WIDTH - 14, y),
                (x + WIDTH, y + 14),
                (x + WIDTH, y + HEIGHT),
                (x, y + HEIGHT),
            )
            shape = Area(corners, style, step.ref)
        case _:
            shape = Box(x, y, WIDTH, HEIGHT, style, 6, step.ref)
    shapes: list[Shape] = [shape, *_ornament(step, node, style)]
    most = 2 if step.note or step.kind in {"decision", "storage"} else 3
    lines = wrapped(step.text or "…", width, SIZE, measure, most)
    round_ends = step.kind in {"start", "end"}
    middle = cy - (7 if step.note else 0)
    shapes += text_block(lines, cx, middle, size=SIZE, ref=step.ref, bold=round_ends)
    if step.note:
        foot = y + HEIGHT - (13 if round_ends else 6)
        shapes.append(Text(cx, foot, step.note, 9, "soft_ink", "middle", ref=step.ref))
    return shapes


def _ornament(step: Step, node: Node, style: str) -> list[Shape]:
    x, y = node.x, node.y
    if step.kind == "subprocess":
        return [Line(((x + at, y), (x + at, y + HEIGHT)), "twig") for at in (7, WIDTH - 7)]
    if step.kind == "inspection":
        return [Box(x + 4, y + 4, WIDTH - 8, HEIGHT - 8, style, 4, step.ref)]
    if step.kind == "handover":
        return [Line(((x + 8, y + 9), (x + 26, y + 9)), "twig", arrow=True)]
    return []


def _connector(
    source: Node, target: Node, one: Exit, nodes: Sequence[Node], loop: int
) -> list[Shape]:
    points = _loop(source, target, nodes, loop) if loop else _forward(source, target, nodes)
    shapes: list[Shape] = [Line(points, "link_back" if loop else "link", arrow=True)]
    share = "" if one.share is None else f"{100 * one.share:.0f} %"
    words = " ".join(w for w in (one.label, share) if w)
    if words:
        y0, (x1, y1) = points[-2][1], points[-1]
        if abs(y0 - y1) < 1:  # it arrives from the side
            shapes.append(Text(x1 - 11, y1 - 5, words, 9.5, "soft_ink", "end"))
        else:
            shapes.append(Text(x1 + 6, y1 + (-14 if y1 > y0 else 20), words, 9.5, "soft_ink"))
    return shapes


def _forward(source: Node, target: Node, nodes: Sequence[Node]) -> tuple[Point, ...]:
    x0, y0 = source.x + source.width, source.centre[1]
    x1, y1 = target.x, target.centre[1]
    if x1 < x0 + 8:  # same column: straight down or up
        cx = source.centre[0]
        down = target.y > source.y
        return ((cx, source.y + (source.height if down else 0)), (target.centre[0], target.y + (0 if down else target.height)))  # fmt: skip
    turn = x1 - GUTTER * 0.45
    straight = (
        ((x0, y0), (x1, y1)) if abs(y0 - y1) < 1 else ((x0, y0), (turn, y0), (turn, y1), (x1, y1))
    )
    others = [n for n in nodes if n.ref not in (source.ref, target.ref)]
    if not _hits(straight, others):
        return straight
    early = x0 + GUTTER * 0.45
    channel = min(source.y, target.y) - ROW_GAP / 2 - 2
    candidates = (
        ((x0, y0), (early, y0), (early, y1), (x1, y1)),
        ((x0, y0), (early, y0), (early, channel), (turn, channel), (turn, y1), (x1, y1)),
    )
    return next((c for c in candidates if not _hits(c, others)), candidates[-1])


def _hits(points: Sequence[Point], nodes: Sequence[Node]) -> bool:
    return any(_crosses(a, b, node) for a, b in pairwise(points) for node in nodes)


def _crosses(a: Point, b: Point, node: Node) -> bool:
    left, right = sorted((a[0], b[0]))
    top, bottom = sorted((a[1], b[1]))
    return (
        left < node.x + node.width and right > node.x
        and top < node.y + node.height and bottom > node.y
    )  # fmt: skip


def _loop(source: Node, target: Node, nodes: Sequence[Node], number: int) -> tuple[Point, ...]:
    """Go back close below or above if nothing is in the way, else below everything."""
    others = [n for n in nodes if n.ref not in (source.ref, target.ref)]
    x0, x1, off = source.centre[0], target.centre[0], 12.0 + 5 * (number % 3)
    below = max(source.y, target.y) + HEIGHT + off
    above = min(source.y, target.y) - off
    lowest = max(n.y + n.height for n in nodes) + LANE_PAD + 14 * number
    side = source.x + source.width + GUTTER * 0.3
    candidates = (
        ((x0, source.y + HEIGHT), (x0, below), (x1, below), (x1, target.y + HEIGHT)),
        ((x0, source.y), (x0, above), (x1, above), (x1, target.y)),
        ((x0, source.y + HEIGHT), (x0, lowest), (x1, lowest), (x1, target.y + HEIGHT)),
    )
    around = (
        (source.x + source.width, source.centre[1]), (side, source.centre[1]), (side, lowest),
        (x1, lowest), (x1, target.y + HEIGHT),
    )  # fmt: skip
    return next((c for c in candidates if not _hits(c, others)), around)
