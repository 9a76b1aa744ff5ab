"""A report as plain values: blocks, chapters, a summary; PDF and HTML are made from the same ones."""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["info", "good", "warning", "bad", "green", "amber", "red", "grey"]
Paper = Literal["a4", "a3"]
TYPE_SIZES = ((9, 7.6), (12, 7.0))  # up to so many columns a table is set in so many points
SMALLEST = 6.2  # points, for a table with more columns


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a chapter; depth 2 stands in the table of contents."""

    text: str
    depth: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; line breaks are kept."""

    text: str
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that must be seen: a verdict, a warning."""

    text: str
    level: Level = "info"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they hold, as in a form."""

    rows: Sequence[tuple[str, str]]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; cells are text as it is to be read."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    weights: Sequence[float] = ()  # relative widths; none = from the text
    numeric: Sequence[int] = ()  # columns set flush right


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its caption, and words for people who cannot see it."""

    svg: str
    alt: str
    title: str = ""
    caption: str = ""
    width: float = 1.0  # share of the text width


@dataclass(frozen=True, slots=True)
class Findings:
    """The lines of a result: verdict, evidence, size, next."""

    rows: Sequence[tuple[str, str, Level]]  # line, text, level


@dataclass(frozen=True, slots=True)
class ReportCard:
    """How far a result may be trusted: level, what was looked at, what was seen."""

    rows: Sequence[tuple[Level, str, str]]


@dataclass(frozen=True, slots=True)
class Gate:
    """Questions with their answers and the decision."""

    decision: str
    level: Level
    rows: Sequence[tuple[str, str, Level, str]]  # code, question, level, answer


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a part of the report begins: not seen, but the preview finds its page."""

    key: str


@dataclass(frozen=True, slots=True)
class Landscape:
    """Blocks that need pages on their side."""

    blocks: "Sequence[Block]"


@dataclass(frozen=True, slots=True)
class Result:
    """A chart, what it says and how far it can be trusted: on paper the last stands beside the first."""

    blocks: "Sequence[Block]"


Block = (
    Heading
    | Text
    | Note
    | Facts
    | Bullets
    | Grid
    | Picture
    | Findings
    | ReportCard
    | Gate
    | Mark
    | Landscape
    | Result
)


@dataclass(frozen=True, slots=True)
class Number:
    """One large figure on the summary page."""

    label: str
    value: str
    note: str = ""
    level: Level = "grey"


@dataclass(frozen=True, slots=True)
class Part:
    """A titled part of the summary page: a paragraph, a list, or both."""

    title: str
    text: str = ""
    items: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The one page a sponsor reads."""

    headline: str
    numbers: Sequence[Number]
    left: Sequence[Part]
    right: Sequence[Part]
    decision: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter begins on a page of its own."""

    title: str
    blocks: Sequence[Block]
    lead: str = ""
    key: str = ""  # of the part of the report that begins it


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that PDF and HTML show."""

    title: str
    kind: str  # "DMAIC project", "I-MR chart"...
    facts: Sequence[tuple[str, str]]
    chapters: Sequence[Chapter]
    as_of: str
    program: str
    summary: Summary | None = None
    author: str = ""
    one_page: bool = False  # smaller, if that makes it fit
    size: float = 1.0  # of everything on paper
    paper: Paper = "a4"
    contents: bool | None = None  # None: as there is a summary
    single: bool = False  # one worksheet or analysis, which needs no chapters


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as what JSON knows; every block says its kind, pictures are cleaned."""
    data = _plain(report)
    assert isinstance(data, dict)  # noqa: S101 - a dataclass becomes a mapping
    data["contents"] = report.summary is not None if report.contents is None else report.contents
    return data


UPRIGHT_MM, WIDE_MM = 168.0, 255.0  # of text width
UPRIGHT_CHARACTERS, WIDE_CHARACTERS = 112.0, 172.0  # of a table's type in the text width


def _plain(value: Any, room: float = UPRIGHT_CHARACTERS) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        room = WIDE_CHARACTERS if isinstance(value, Landscape) else room
        found = {f.name: _plain(getattr(value, f.name), room) for f in dataclasses.fields(value)}
        if isinstance(value, Block):
            found["kind"] = type(value).__name__.lower()
        if isinstance(value, Picture):
            found["mm"] = round(
                value.width * (WIDE_MM if room == WIDE_CHARACTERS else UPRIGHT_MM), 1
            )
        if isinstance(value, Grid):
            found["weights"] = list(value.weights) or column_weights(value, room)
            found["points"] = type_size(len(value.columns))
        return found
    if isinstance(value, list | tuple):
        return [_plain(item, room) for item in value]
    return value


def type_size(columns: int) -> float:
    """Return the size of a table's letters in points."""
    return next((points for most, points in TYPE_SIZES if columns <= most), SMALLEST)


def turned(grid: Grid) -> Grid:
    """Return a table with its rows as columns."""
    lines = [grid.columns, *grid.rows]
    flipped = [[str(line[i]) for line in lines] for i in range(len(grid.columns))]
    return Grid(flipped[0], flipped[1:], title=grid.title)


def least_width(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """Return how many characters wide a table must be, so that no word is broken."""
    return sum(_least_widths(columns, rows))


def _least_widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Return for every column the width of its longest word; short texts stay in one line."""
    widths = []
    for i, name in enumerate(columns):
        cells = (name, *(str(row[i]) for row in rows if i < len(row)))
        word = max((len(w) for c in cells for w in c.split()), default=1)
        longest = max((len(line) for c in cells for line in c.split("\n")), default=1)
        widths.append(max(min(word, 16), min(longest, 8)) + 2.0)
    return widths


FIRST_ROWS, STEP = 80, 2.0  # rows that decide, and characters that a column is given at once


def column_weights(grid: Grid, room: float = UPRIGHT_CHARACTERS) -> list[float]:
    """Return relative widths: every column fits its longest word, the rest makes the table low.

    What is left is given step by step to the column that makes most rows high.
    """
    widths = _least_widths(grid.columns, grid.rows)
    smaller = TYPE_SIZES[0][1] / type_size(len(grid.columns))
    spare = room * smaller - sum(widths)
    lines = [tuple(map(str, row)) for row in (grid.columns, *grid.rows[:FIRST_ROWS])]
    while spare >= STEP and (most := _highest(lines, widths)) is not None:
        widths[most] += STEP
        spare -= STEP
    if spare > 0:  # every row is as low as it can be: all columns share the rest
        widths = [w + spare * w / sum(widths) for w in widths]
    return [round(w, 1) for w in widths]


def _highest(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> int | None:
    """Return the column whose text makes the rows highest; None where every cell has one line."""
    excess = [0.0] * len(widths)
    for row in rows:
        heights = [_lines(cell, width) for cell, width in zip(row, widths, strict=False)]
        highest = max(heights, default=1)
        for i, height in enumerate(heights):
            if height == highest:
                excess[i] += highest - 1
    most = max(range(len(excess)), key=lambda i: (excess[i], -widths[i]), default=0)
    return most if excess and excess[most] else None


def _lines(text: str, width: float) -> int:
    """Return about how many lines a text takes; some room is lost at the end of each."""
    inside = max(width - 2.0, 1.0)
    return sum(
        1 if len(line) <= inside else math.ceil(len(line) / (0.9 * inside))
        for line in text.split("\n")
    )
