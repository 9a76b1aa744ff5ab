"""Two axes with chips: where each stands, and labels that keep off each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from leanlab.worksheets.layout.drawing import (
    LARGER,
    Box,
    Circle,
    Drawing,
    Line,
    Measure,
    Node,
    Point,
    Room,
    Shape,
    Text,
    shortened,
    text_block,
    wrapped,
)

SIDE_X, SIDE_Y = 470.0, 380.0
LEAST_X, LEAST_Y = 230.0, 190.0  # in a small room
LEFT, RIGHT, TOP, BOTTOM = 74.0, 20.0, 16.0, 54.0
RADIUS = 15.0
SMALL = 11.0  # size of the names beside chips
CELL, LEAST_CELL = (124.0, 58.0), (84.0, 44.0)  # of a map
TINY = 10.0  # size of the names in a cell


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis measures and how far it goes."""

    title: str
    low: float
    high: float
    low_word: str = "low"
    high_word: str = "high"


@dataclass(frozen=True, slots=True)
class Chip:
    """Something placed by two numbers."""

    ref: str
    code: str
    text: str
    x: float
    y: float
    style: str = "chip"


def draw(
    chips: Sequence[Chip], across: Axis, upwards: Axis,
    quadrants: Sequence[tuple[str, str]], measure: Measure, *, alt: str = "",
    room: Room | None = None,
) -> Drawing:  # fmt: skip
    """Draw chips over four quadrants: upper left, upper right, lower left, lower right."""
    plane = _Plane.in_room(across, upwards, room)
    shapes: list[Shape] = [*_field(quadrants, plane)]
    places = {c.ref: plane.place(c) for c in chips}
    nodes = tuple(
        Node(
            c.ref,
            places[c.ref][0] - RADIUS,
            places[c.ref][1] - RADIUS,
            2 * RADIUS,
            2 * RADIUS,
            c.text,
        )
        for c in chips
    )
    taken = [*nodes, *_titles(quadrants, plane, measure)]
    for chip in chips:
        label, cover = _label(chip, places[chip.ref], taken, plane.wide, measure)
        if cover is not None:
            taken.append(cover)
            shapes.append(label)
    for chip in chips:
        x, y = places[chip.ref]
        shapes.append(Circle(x, y, RADIUS, chip.style, chip.ref))
        shapes.append(Text(x, y + 3.6, chip.code, 10, "on_accent", "middle", True, ref=chip.ref))
    size = (LEFT + plane.wide + RIGHT, TOP + plane.high + BOTTOM)
    return Drawing(*size, tuple(shapes), nodes, alt, plane.scale)


@dataclass(frozen=True, slots=True)
class _Plane:
    """The field between two axes."""

    across: Axis
    upwards: Axis
    wide: float = SIDE_X
    high: float = SIDE_Y

    @staticmethod
    def in_room(across: Axis, upwards: Axis, room: Room | None) -> "_Plane":
        """Return a field that fills the room; in a large one everything gets larger, too."""
        if room is None:
            return _Plane(across, upwards)
        larger = max(
            1.0, min(room[0] / (LEFT + SIDE_X + RIGHT), room[1] / (TOP + SIDE_Y + BOTTOM), LARGER)
        )
        return _Plane(
            across,
            upwards,
            max(room[0] / larger - LEFT - RIGHT, LEAST_X),
            max(room[1] / larger - TOP - BOTTOM, LEAST_Y),
        )

    @property
    def scale(self) -> dict[str, float]:
        """How long one step of each axis is."""
        return {
            "x": self.wide / (self.across.high - self.across.low),
            "y": self.high / (self.upwards.high - self.upwards.low),
        }

    def place(self, chip: Chip) -> Point:
        """Return where a chip stands."""
        by = self.scale
        return (
            LEFT + by["x"] * (chip.x - self.across.low),
            TOP + by["y"] * (self.upwards.high - chip.y),
        )


def value_at(place: Point, across: Axis, upwards: Axis, drawn: Drawing, step: float = 0.5) -> Point:
    """Return the two numbers at a place of a drawing, on the grid and inside the axes."""

    def inside(value: float, axis: Axis) -> float:
        return min(max(round(value / step) * step, axis.low + 0.5), axis.high - 0.5)

    x = across.low + (place[0] - LEFT) / drawn.scale["x"]
    y = upwards.high - (place[1] - TOP) / drawn.scale["y"]
    return inside(x, across), inside(y, upwards)


def _titles(quadrants: Sequence[tuple[str, str]], plane: _Plane, measure: Measure) -> list[Node]:
    """Return where the names of the quadrants stand: labels keep off them."""
    corners = ((0, 0), (1, 0), (0, 1), (1, 1))
    return [
        Node(
            "",
            LEFT + i * plane.wide / 2 + 12,
            TOP + j * plane.high / 2 + 9,
            measure(title, 12, True),
            16,
            title,
        )
        for (i, j), (title, _) in zip(corners, quadrants, strict=True)
    ]


def _field(quadrants: Sequence[tuple[str, str]], plane: _Plane) -> list[Shape]:
    across, upwards, right = plane.across, plane.upwards, LEFT + plane.wide
    half_x, half_y = plane.wide / 2, plane.high / 2
    corners = (
        (LEFT, TOP),
        (LEFT + half_x, TOP),
        (LEFT, TOP + half_y),
        (LEFT + half_x, TOP + half_y),
    )
    shapes: list[Shape] = []
    for (x, y), (title, style) in zip(corners, quadrants, strict=True):
        shapes.append(Box(x, y, half_x, half_y, style, 0))
        shapes.append(Text(x + 12, y + 21, title, 12, "soft_ink", bold=True))
    bottom = TOP + plane.high
    shapes += [
        Line(((LEFT, bottom), (right, bottom)), "axis", arrow=True),
        Line(((LEFT, bottom), (LEFT, TOP)), "axis", arrow=True),
        Text(LEFT + half_x, bottom + 38, across.title, 12, "ink", "middle", True),
        Text(LEFT, bottom + 18, across.low_word, 10, "soft_ink"),
        Text(right, bottom + 18, across.high_word, 10, "soft_ink", "end"),
        Text(LEFT - 10, bottom - 2, upwards.low_word, 10, "soft_ink", "end"),
        Text(LEFT - 10, TOP + 12, upwards.high_word, 10, "soft_ink", "end"),
        Text(LEFT - 10, TOP + half_y + 4, upwards.title, 12, "ink", "end", True),
    ]
    return shapes


def _label(
    chip: Chip, place: Point, taken: Sequence[Node], wide: float, measure: Measure
) -> tuple[Text, Node | None]:
    """Write the name beside its chip where there is room: right, left, below, above."""
    x, y = place
    for room in (240, 150, 90):  # the longest text for which there is room somewhere
        text = shortened(chip.text, room, SMALL, measure)
        width = measure(text, SMALL, False)
        inner = min(max(x - width / 2, LEFT), LEFT + wide - width)  # beside the edge it moves in
        spots = (
            (x + RADIUS + 5, y + 4, "start", x + RADIUS + 5),
            (x - RADIUS - 5, y + 4, "end", x - RADIUS - 5 - width),
            (inner, y + RADIUS + 13, "start", inner),
            (inner, y - RADIUS - 5, "start", inner),
        )
        for text_x, text_y, anchor, left in spots:
            cover = Node("", left, text_y - SMALL, width, SMALL + 3, text)
            inside = left >= LEFT and left + width <= LEFT + wide
            if inside and not any(cover.overlaps(n) for n in taken):
                return Text(text_x, text_y, text, SMALL, "ink", anchor, ref=chip.ref), cover
    return Text(0, 0, ""), None


def heat_map(
    cells: Sequence[Sequence[tuple[str, Sequence[str]]]], titles: tuple[str, str],
    measure: Measure, *, alt: str = "", room: Room | None = None,
) -> Drawing:  # fmt: skip
    """Draw rows of cells (style, names); the first row is on top, numbers count from 1."""
    shapes: list[Shape] = []
    rows, columns = len(cells), len(cells[0])
    side_x, side_y = CELL
    if room is not None:
        side_x = min(max((room[0] - LEFT - RIGHT) / columns, LEAST_CELL[0]), CELL[0] * 1.5)
        side_y = min(max((room[1] - TOP - BOTTOM) / rows, LEAST_CELL[1]), CELL[1] * 1.5)
    for i, line in enumerate(cells):
        y = TOP + i * side_y
        shapes.append(Text(LEFT - 10, y + side_y / 2 + 4, str(rows - i), 11, "soft_ink", "end"))
        for j, (style, names) in enumerate(line):
            x = LEFT + j * side_x
            shapes.append(Box(x + 1, y + 1, side_x - 2, side_y - 2, style, 4))
            shapes += _names(names, x + side_x / 2, y + side_y / 2, (side_x, side_y), measure)
    bottom = TOP + rows * side_y
    for j in range(columns):
        x = LEFT + (j + 0.5) * side_x
        shapes.append(Text(x, bottom + 18, str(j + 1), 11, "soft_ink", "middle"))
    shapes.append(
        Text(LEFT + columns * side_x / 2, bottom + 38, titles[0], 12, "ink", "middle", True)
    )
    shapes.append(Text(14, TOP - 3 + 14, titles[1], 12, "ink", "start", True))
    return Drawing(LEFT + columns * side_x + 20, bottom + BOTTOM, tuple(shapes), (), alt)


def _names(
    names: Sequence[str], x: float, middle: float, cell: tuple[float, float], measure: Measure
) -> list[Text]:
    """Write into a cell as many names as it has lines; the last line counts those left out."""
    most = int((cell[1] - 6) // (TINY * 1.3))
    if len(names) == 1:
        lines = wrapped(names[0], cell[0] - 12, TINY, measure, most)
    elif len(names) <= most:
        lines = tuple(shortened(n, cell[0] - 12, TINY, measure) for n in names)
    else:
        first = (shortened(n, cell[0] - 12, TINY, measure) for n in names[: most - 1])
        lines = (*first, f"and {len(names) - most + 1} more")
    return [*text_block(lines, x, middle, size=TINY)] if names else []
