"""A filled worksheet as plain blocks; report, help and copying read the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from leanlab.worksheets.declare import Field, Row, Section, View, rows_shown, single, value_of
from leanlab.worksheets.layout.drawing import estimated_width, to_svg
from leanlab.worksheets.show import shown

FLUSH_RIGHT = {"int", "num", "pct", "money", "dur"}


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and what was filled in."""

    title: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; cells are text as it is to be read."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int] = ()
    legend: Sequence[tuple[str, str]] = ()  # headings that are letters, and what they stand for


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing, and words for people who cannot see it."""

    title: str
    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences that say the result."""

    title: str
    sentences: Sequence[str]


Block = Facts | Grid | Picture | Words


def worksheet_blocks(view: View, *, theme: str = "light") -> tuple[Block, ...]:
    """Return what a filled worksheet says; empty fields and sections are left out."""
    blocks: list[Block] = []
    sentences = view.type.words(view)
    if sentences:
        blocks.append(Words("In words", sentences))
    blocks += [block for section in view.type.sections if (block := _block(view, section))]
    picture = picture_of(view, theme=theme)
    if picture is not None:
        first = 1 if sentences else 0
        at = first if view.type.archetype in {"canvas", "tree", "matrix"} else len(blocks)
        blocks.insert(at, picture)
    known = [(c.label, text) for c in view.type.computed if (text := computed_text(view, c.id))]
    if known:
        blocks.append(Facts("What follows from it", known))
    return tuple(blocks)


def picture_of(view: View, *, theme: str = "light") -> Picture | None:
    """Return the drawing of a worksheet, if it has one and there is something to draw."""
    canvas = view.type.canvas
    if canvas is None:
        return None
    drawing = canvas.draw(view, estimated_width)
    if not drawing.shapes:
        return None
    return Picture(canvas.title, to_svg(drawing, theme), drawing.alt)


def computed_text(view: View, computed_id: str) -> str:
    """Return a computed value in words; nothing while it cannot be computed."""
    known = next(c for c in view.type.computed if c.id == computed_id)
    text = shown(Field(id=known.id, label=known.label, type=known.kind), known.value(view), view)
    return f"{text} {known.unit}".strip() if text else ""


def _block(view: View, section: Section) -> Block | None:
    fields = section.all_fields(view)
    if not section.repeats:
        return _facts(view, section, fields)
    rows = rows_shown(view, section)
    if not rows:
        return None
    if section.sideways:
        return _sideways(view, section, fields, rows)
    return _grid(view, section, fields, rows)


def _facts(view: View, section: Section, fields: Sequence[Field]) -> Facts | None:
    row = single(view, section)
    said = [(f.label, text) for f in fields if (text := cell_text(view, f, row))]
    return Facts(section.title, said) if said else None


def _grid(view: View, section: Section, fields: Sequence[Field], rows: Sequence[Row]) -> Grid:
    cells = [[cell_text(view, f, row) for f in fields] for row in rows]
    used = [i for i in range(len(fields)) if any(line[i] for line in cells)] or [0]
    coded = any(row.code for row in rows)
    columns = [*(heading(fields[i]) for i in used), *(["Code"] if coded else [])]
    lines = [
        [*(line[i] for i in used), *([row.code] if coded else [])]
        for row, line in zip(rows, cells, strict=True)
    ]
    numeric = [at for at, i in enumerate(used) if fields[i].type in FLUSH_RIGHT]
    legend = [(heading(fields[i]), fields[i].spelled) for i in used if fields[i].spelled]
    return Grid(section.title, columns, lines, numeric, legend)


def _sideways(view: View, section: Section, fields: Sequence[Field], rows: Sequence[Row]) -> Grid:
    columns = ["", *(row.text(fields[0].id) or f"{i}" for i, row in enumerate(rows, start=1))]
    lines = [[heading(f), *(cell_text(view, f, row) for row in rows)] for f in fields[1:]]
    return Grid(section.title, columns, lines, tuple(range(1, len(columns))))


def heading(field: Field) -> str:
    """Return the label of a field with its unit."""
    return f"{field.label} ({field.unit})" if field.unit else field.label


def cell_text(view: View, field: Field, row: Row) -> str:
    """Return what a cell says."""
    return shown(field, value_of(field, row, view), view)


def as_text(blocks: Sequence[Block]) -> str:
    """Return blocks as tab-separated text, for a spreadsheet."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Facts():
                lines += [block.title, *(f"{name}\t{text}" for name, text in block.rows), ""]
            case Grid():
                lines += [block.title, "\t".join(block.columns)]
                lines += ["\t".join(_one_line(c) for c in row) for row in block.rows] + [""]
            case Words():
                lines += [*block.sentences, ""]
            case Picture():
                lines += [block.alt, ""] if block.alt else []
    return "\n".join(lines).rstrip() + "\n"


def as_html(blocks: Sequence[Block]) -> str:
    """Return blocks as HTML for a word processor; pictures are left to those who can place them."""
    from html import escape

    parts: list[str] = []
    for block in blocks:
        match block:
            case Facts():
                parts.append(f"<h3>{escape(block.title)}</h3>{_html_table(block.rows)}")
            case Grid():
                parts.append(
                    f"<h3>{escape(block.title)}</h3>{_html_table([block.columns, *block.rows])}"
                )
            case Words():
                parts += [f"<p>{escape(sentence)}</p>" for sentence in block.sentences]
            case Picture():
                parts.append(f"<p><i>{escape(block.alt)}</i></p>" if block.alt else "")
    return "".join(parts)


def _html_table(rows: Sequence[Sequence[str]]) -> str:
    from html import escape

    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table border='1' cellspacing='0' cellpadding='4'>{lines}</table>"


def _one_line(text: str) -> str:
    return " ".join(text.split())
