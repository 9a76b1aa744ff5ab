"""A report as plain values: blocks, chapters, a summary; PDF and HTML are made from the same ones."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["info", "good", "warning", "bad", "green", "amber", "red", "grey"]
CROWDED = 12  # columns; a table with more is set in smaller type


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


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as what JSON knows; every block says its kind, pictures are cleaned."""
    data = _plain(report)
    assert isinstance(data, dict)  # noqa: S101 - a dataclass becomes a mapping
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
            found["crowded"] = len(value.columns) > CROWDED
        return found
    if isinstance(value, list | tuple):
        return [_plain(item, room) for item in value]
    return value


def turned(grid: Grid) -> Grid:
    """Return a table with its rows as columns."""
    lines = [grid.columns, *grid.rows]
    flipped = [[str(line[i]) for line in lines] for i in range(len(grid.columns))]
    return Grid(flipped[0], flipped[1:], title=grid.title)


def column_weights(grid: Grid, room: float = UPRIGHT_CHARACTERS) -> list[float]:
    """Return relative widths: every column fits its longest word, long texts share the rest."""
    least, wanted = [], []
    for i, name in enumerate(grid.columns):
        cells = [str(row[i]) for row in grid.rows if i < len(row)]
        word = max((len(w) for c in (name, *cells) for w in c.split()), default=1)
        longest = max((len(line) for c in (name, *cells) for line in c.split("\n")), default=1)
        typical = sum(len(c) for c in cells) / len(cells) if cells else 0.0
        least.append(max(min(word, 16) + 2.0, min(longest, 8) + 2.0))
        wanted.append(max(min(longest, 26), min(1.3 * typical, 70)) + 2.0)
    extra = [max(0.0, w - m) for w, m in zip(wanted, least, strict=True)]
    spare = max(0.0, room - sum(least))
    share = min(1.0, spare / sum(extra)) if sum(extra) else 0.0
    return [round(m + share * e, 1) for m, e in zip(least, extra, strict=True)]
