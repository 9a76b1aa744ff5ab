"""Shapes with meaning instead of colours: what geometry makes, a screen or an SVG paints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from leanlab.core.resources import FONT

Point = tuple[float, float]
Measure = Callable[[str, float, bool], float]  # text, size, bold -> width
Room = tuple[float, float]  # the width and height that a picture may take, in its own units
LARGER = 1.3  # how much larger than its own size a picture is shown where there is room


@dataclass(frozen=True, slots=True)
class Style:
    """How a shape looks: names of colours, line width, dashes."""

    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    dash: tuple[float, ...] = ()


# Colours by name; the same for screen and report.
PALETTES: Mapping[str, Mapping[str, str]] = {
    "light": {
        "paper": "#FFFFFF", "ink": "#1F2933", "soft_ink": "#55606D", "line": "#8894A3",
        "hair": "#D5DBE3", "panel": "#F4F6F9", "band": "#EEF2F8", "accent": "#1D5BBF",
        "accent_soft": "#DCE8FA", "on_accent": "#FFFFFF", "ok": "#17706B", "ok_soft": "#DDF0EE",
        "attention": "#7A5F00", "attention_soft": "#FCF0CF", "problem": "#8E1600",
        "problem_soft": "#F8E0DC", "series1": "#0072B2", "series2": "#D55E00", "series3": "#009E73",
        "series4": "#CC79A7", "series5": "#E69F00", "on_series": "#FFFFFF", "on_series5": "#10141A", "waste": "#C9D1DB",
    },
    "dark": {
        "paper": "#1E2228", "ink": "#E6EAF0", "soft_ink": "#A3ADBA", "line": "#7C8897",
        "hair": "#3A424D", "panel": "#16191E", "band": "#252B34", "accent": "#6FA5F5",
        "accent_soft": "#2B3F5E", "on_accent": "#10141A", "ok": "#5CC9BF", "ok_soft": "#1D3B3A",
        "attention": "#F0D060", "attention_soft": "#433A18", "problem": "#FF8A78",
        "problem_soft": "#4B2620", "series1": "#4DA3DB", "series2": "#F08A4B", "series3": "#3FC39A",
        "series4": "#DF9CC2", "series5": "#F2B84B", "on_series": "#10141A", "on_series5": "#10141A", "waste": "#4A5462",
    },
}  # fmt: skip

STYLES: Mapping[str, Style] = {
    "spine": Style(stroke="ink", width=3.2),
    "bone": Style(stroke="line", width=2.0),
    "twig": Style(stroke="line", width=1.1),
    "twig_ok": Style(stroke="ok", width=1.8),
    "twig_off": Style(stroke="hair", width=1.0, dash=(4, 3)),
    "head": Style(fill="accent", stroke="accent"),
    "label": Style(fill="accent_soft", stroke="accent", width=1.0),
    "node": Style(fill="paper", stroke="line", width=1.2),
    "node_soft": Style(fill="panel", stroke="hair", width=1.0),
    "node_ok": Style(fill="ok_soft", stroke="ok", width=1.6),
    "node_waste": Style(fill="problem_soft", stroke="problem", width=1.2, dash=(5, 3)),
    "node_needed": Style(fill="attention_soft", stroke="attention", width=1.2),
    "terminal": Style(fill="accent_soft", stroke="accent", width=1.4),
    "lane": Style(fill="paper", stroke="hair", width=1.0),
    "lane_alt": Style(fill="panel", stroke="hair", width=1.0),
    "lane_head": Style(fill="band", stroke="hair", width=1.0),
    "link": Style(stroke="line", width=1.4),
    "link_back": Style(stroke="attention", width=1.4, dash=(5, 3)),
    "axis": Style(stroke="line", width=1.2),
    "grid": Style(stroke="hair", width=1.0),
    "quadrant": Style(fill="panel", stroke="hair", width=1.0),
    "quadrant_good": Style(fill="ok_soft", stroke="hair", width=1.0),
    "chip": Style(fill="accent", stroke="paper", width=1.5),
    "chip_ok": Style(fill="ok", stroke="paper", width=1.5),
    "chip_problem": Style(fill="problem", stroke="paper", width=1.5),
    "ok": Style(fill="ok_soft", stroke="ok", width=1.3),
    "attention": Style(fill="attention_soft", stroke="attention", width=1.3),
    "problem": Style(fill="problem_soft", stroke="problem", width=1.3),
    "quiet": Style(fill="panel", stroke="line", width=1.1),
    "limit": Style(stroke="problem", width=2.0, dash=(7, 4)),
    "value_added": Style(fill="series1", stroke="paper", width=1.0),
    "needed": Style(fill="series5", stroke="paper", width=1.0),
    "waste": Style(fill="waste", stroke="paper", width=1.0),
    "plan": Style(stroke="line", width=1.8, dash=(6, 4)),
    "forecast": Style(stroke="series2", width=2.0, dash=(2, 3)),
    "actual": Style(stroke="series1", width=2.6),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, with an arrow at its end if asked."""

    points: tuple[Point, ...]
    style: str
    arrow: bool = False
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A closed polygon."""

    points: tuple[Point, ...]
    style: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    style: str
    radius: float = 5.0
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle around a point."""

    x: float
    y: float
    radius: float
    style: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; y is its baseline."""

    x: float
    y: float
    text: str
    size: float = 11.0
    colour: str = "ink"
    anchor: str = "start"  # start, middle, end
    bold: bool = False
    struck: bool = False
    ref: str = ""


Shape = Line | Area | Box | Circle | Text


@dataclass(frozen=True, slots=True)
class Node:
    """A part that stands for a row: where it is and what it says."""

    ref: str
    x: float
    y: float
    width: float
    height: float
    text: str
    group: str = ""

    @property
    def centre(self) -> Point:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: "Node") -> bool:
        """Whether two parts cover each other."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: shapes in painting order, the parts that stand for rows, and words for it."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    nodes: tuple[Node, ...] = ()
    alt: str = ""
    scale: Mapping[str, float] = field(default_factory=dict)  # what geometry must remember

    def node(self, ref: str) -> Node | None:
        """Return the part of a row."""
        return next((n for n in self.nodes if n.ref == ref), None)


def share_of(room: Room, drawing: Drawing) -> float:
    """Return how large a drawing can be shown in a room; 1 is its own size."""
    return min(room[0] / max(drawing.width, 1.0), room[1] / max(drawing.height, 1.0))


def largest(drawings: Iterable[Drawing], room: Room, most: float = LARGER) -> Drawing:
    """Return the drawing that a room shows largest; the earlier one if they do not differ."""
    return max(drawings, key=lambda d: min(share_of(room, d), most))


_NARROW, _WIDE = set("iljtfrI.,:;'|!()[] "), set("mwMWOQGDHNU%@")


def estimated_width(text: str, size: float, bold: bool) -> float:  # noqa: FBT001
    """Estimate how wide a text is; a little more than common fonts need."""
    share = sum(0.36 if c in _NARROW else 0.86 if c in _WIDE else 0.63 for c in text)
    return share * size * (1.08 if bold else 1.0)


def wrapped(
    text: str, width: float, size: float, measure: Measure, most: int = 3
) -> tuple[str, ...]:
    """Break a text into lines that fit; what does not fit into `most` lines ends in an ellipsis."""
    lines: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if current and measure(longer, size, False) > width:
            lines.append(current)
            current = word
        else:
            current = longer
    lines.append(current)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return tuple(shortened(line, width, size, measure) for line in lines)


def shortened(text: str, width: float, size: float, measure: Measure) -> str:
    """Cut a text so that it fits, with an ellipsis."""
    if measure(text, size, False) <= width:
        return text
    while text and measure(text + "…", size, False) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def text_block(
    lines: Sequence[str], x: float, middle: float, *, size: float = 11.0, colour: str = "ink",
    anchor: str = "middle", bold: bool = False, ref: str = "",
) -> tuple[Text, ...]:  # fmt: skip
    """Return lines of text centred around a height."""
    step = size * 1.3
    first = middle - step * (len(lines) - 1) / 2 + size * 0.36
    return tuple(
        Text(x, first + step * i, line, size, colour, anchor, bold, ref=ref)
        for i, line in enumerate(lines)
    )


def to_svg(drawing: Drawing, theme: str = "light") -> str:
    """Write a drawing as SVG with real text and its words as title."""
    colours = PALETTES[theme]
    body = "".join(_svg(shape, colours) for shape in drawing.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width:.0f}" '
        f'height="{drawing.height:.0f}" viewBox="0 0 {drawing.width:.1f} {drawing.height:.1f}" '
        f'font-family="{FONT}, DejaVu Sans, Arial, sans-serif" role="img"><title>{escape(drawing.alt)}</title>'
        f'<rect width="100%" height="100%" fill="{colours["paper"]}"/>{body}</svg>'
    )


def _svg(shape: Shape, colours: Mapping[str, str]) -> str:
    match shape:
        case Text():
            return _svg_text(shape, colours)
        case Line():
            line = f'<polyline points="{_points(shape.points)}" {_look(shape.style, colours, filled=False)}/>'
            return line + (_svg_arrow(shape, colours) if shape.arrow else "")
        case Area():
            return f'<polygon points="{_points(shape.points)}" {_look(shape.style, colours)}/>'
        case Circle():
            return (
                f'<circle cx="{shape.x:.1f}" cy="{shape.y:.1f}" r="{shape.radius:.1f}" '
                f"{_look(shape.style, colours)}/>"
            )
        case Box():
            return (
                f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" '
                f'height="{shape.height:.1f}" rx="{shape.radius:.1f}" {_look(shape.style, colours)}/>'
            )


def _svg_text(shape: Text, colours: Mapping[str, str]) -> str:
    extra = ' font-weight="bold"' if shape.bold else ""
    extra += ' text-decoration="line-through"' if shape.struck else ""
    return (
        f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:.1f}" '
        f'fill="{colours[shape.colour]}" text-anchor="{shape.anchor}"{extra}>{escape(shape.text)}</text>'
    )


def _svg_arrow(shape: Line, colours: Mapping[str, str]) -> str:
    colour = colours[STYLES[shape.style].stroke]
    return f'<polygon points="{_points(arrow_head(shape.points))}" fill="{colour}"/>'


def _look(style_name: str, colours: Mapping[str, str], *, filled: bool = True) -> str:
    style = STYLES[style_name]
    fill = colours[style.fill] if filled and style.fill else "none"
    stroke = colours[style.stroke] if style.stroke else "none"
    dash = f' stroke-dasharray="{" ".join(map(str, style.dash))}"' if style.dash else ""
    return f'fill="{fill}" stroke="{stroke}" stroke-width="{style.width}" stroke-linejoin="round"{dash}'


def arrow_head(points: Sequence[Point], size: float = 8.0) -> tuple[Point, Point, Point]:
    """Return the triangle at the end of a line."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-9)
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    back_x, back_y = x1 - size * dx, y1 - size * dy
    half = size * 0.45
    return (
        (x1, y1),
        (back_x - half * dy, back_y + half * dx),
        (back_x + half * dy, back_y - half * dx),
    )


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def shifted(shape: Shape, dx: float, dy: float) -> Shape:
    """Return a shape at another place."""
    from dataclasses import replace

    if isinstance(shape, Line | Area):
        return replace(shape, points=tuple((x + dx, y + dy) for x, y in shape.points))
    return replace(shape, x=shape.x + dx, y=shape.y + dy)
