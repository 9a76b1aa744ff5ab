"""A filled worksheet as blocks of a report: upright if it can be read that way."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from leanlab.analyses.declare import Table
from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.report import document
from leanlab.report.document import Block, Grid, Heading, Landscape, Note, Picture, Text

if TYPE_CHECKING:
    from leanlab.worksheets.declare import View

UPRIGHT, WIDE = document.UPRIGHT_MM, document.WIDE_MM
MM_PER_UNIT = 0.27  # at which the letters of a drawing are as large as those of the text
HIGHEST, HIGHEST_WIDE = 130.0, 102.0  # mm of a drawing, so that something stands beside it
SHORT, FEW_ROWS, MANY_COLUMNS = 34, 3, 10
SIDE_BY_SIDE, TOTAL = 7, "Total"
SMALL_LETTERS = 0.66  # of the size of the text's
SMALL_TYPE = 6.6  # points; a table that needs smaller letters lies on its side


def worksheet_part(session: Session, record: Record, *, alone: bool = False) -> list[Block]:
    """Return a filled worksheet as blocks; it lies on its side only if it must.

    One that is printed alone lies sooner: it is to be one page.
    """
    from leanlab.app.worksheets import view_of as worksheet_view

    heading = Heading(str(record.get("title", "")))
    if record.get("status") == "not needed":
        return [
            heading,
            Text(f"Not needed: {record.get('reason') or 'no reason given'}.", muted=True),
        ]
    return _filled(heading, worksheet_view(session, record.id), alone=alone)


def register_part(session: Session, type_id: str) -> list[Block]:
    """Return a worksheet that only shows registers, and was never opened, as blocks."""
    from leanlab.app.worksheets import register_view

    view = register_view(session, type_id)
    return _filled(Heading(view.type.title), view, alone=False)


def _filled(heading: Heading, view: "View", *, alone: bool) -> list[Block]:
    from leanlab.worksheets import blocks as sheets

    said: Sequence[Any] = sheets.worksheet_blocks(view)
    said = said if alone else [*_together(said)]
    wide = any(_needs_width(block, alone=alone) for block in said)
    found: list[Block] = [heading]
    for block in said:
        found += _from_worksheet(block, WIDE if wide else UPRIGHT)
    if len(found) == 1:
        found.append(Text("Nothing is filled in yet.", muted=True))
    return [Landscape(found)] if wide else found


def tables_of(said: Sequence[Any]) -> list[Table]:
    """Return what a filled worksheet says as tables, for a spreadsheet."""
    from leanlab.worksheets import blocks as sheets

    found = []
    for block in said:
        match block:
            case sheets.Facts(title, rows):
                found.append(Table(title, ("", ""), rows))
            case sheets.Grid(title, columns, rows):
                found.append(Table(title, columns, rows))
    return found


def _from_worksheet(block: Any, room: float) -> list[Block]:
    from leanlab.worksheets import blocks as sheets

    match block:
        case sheets.Facts(title, rows):
            short = len(rows) > 2 and max(len(value) for _, value in rows) <= SHORT  # noqa: PLR2004
            facts = document.Facts([(a, b) for a, b in rows], columns=2 if short else 1)
            return [Heading(title, 3), facts]
        case sheets.Grid(title, columns, rows, numeric, legend):
            grid = Grid(columns, rows, title=title, numeric=numeric)
            if _turns(block):
                return [_spelled(document.turned(grid), dict(legend))]
            told = "; ".join(f"{letters} {meaning}" for letters, meaning in legend)
            return [grid, *([Text(f"{told}.", muted=True)] if told else [])]
        case sheets.Picture(title, svg, alt):
            return [Picture(svg, alt or title, width=natural_width(svg, room))]
        case sheets.Words(_, sentences):
            return [Note("\n".join(sentences))]
    return []


def _spelled(grid: Grid, legend: Mapping[str, str]) -> Grid:
    """Return a turned table whose first column says what letters stand for: there is room."""
    rows = [
        [f"{name}, {legend[name]}" if name in legend else name, *rest] for name, *rest in grid.rows
    ]
    return replace(grid, rows=rows)


def _needs_width(block: Any, *, alone: bool) -> bool:
    """Whether a block of a worksheet cannot be read in the width of an upright page."""
    from leanlab.worksheets import blocks as sheets

    if isinstance(block, sheets.Picture):
        width, _ = _natural_size(block.svg)
        return SMALL_LETTERS * width > UPRIGHT
    if not isinstance(block, sheets.Grid) or _turns(block):
        return False
    if alone:
        return len(block.columns) >= MANY_COLUMNS
    smaller = document.TYPE_SIZES[0][1] / max(document.type_size(len(block.columns)), SMALL_TYPE)
    room = document.UPRIGHT_CHARACTERS * smaller
    return document.least_width(block.columns, block.rows) > room


def _turns(grid: Any) -> bool:
    """Whether a table reads better with its rows as columns."""
    return len(grid.rows) <= FEW_ROWS and len(grid.columns) - len(grid.numeric) >= MANY_COLUMNS


def _together(said: Sequence[Any]) -> Iterator[Any]:
    """Put tables over the same months side by side: plan, forecast, actual."""
    from leanlab.worksheets import blocks as sheets

    run: list[Any] = []
    for block in said:
        if isinstance(block, sheets.Grid) and _over_months(block) and _fits_to(run, block):
            run.append(block)
            continue
        yield from _joined(run)
        run = [block] if isinstance(block, sheets.Grid) and _over_months(block) else []
        if not run:
            yield block
    yield from _joined(run)


def _over_months(grid: Any) -> bool:
    """Whether a table has one number per month and a total, and few rows."""
    return len(grid.rows) <= FEW_ROWS and len(grid.numeric) > FEW_ROWS and TOTAL in grid.columns


def _amounts(grid: Any) -> list[int]:
    """Return the columns of a table over months that hold numbers; the total is the last."""
    return [*grid.numeric, *(i for i in [grid.columns.index(TOTAL)] if i not in grid.numeric)]


def _fits_to(run: Sequence[Any], grid: Any) -> bool:
    return not run or len(run) * len(grid.rows) < SIDE_BY_SIDE


def _joined(run: Sequence[Any]) -> Iterator[Any]:
    """Return one table with the numeric columns of all as its rows; a single table as it is."""
    from leanlab.worksheets import blocks as sheets

    if len(run) < 2:  # noqa: PLR2004 - nothing to join
        yield from run
        return
    names: dict[str, None] = {}
    for grid in run:
        names.update(dict.fromkeys(grid.columns[i] for i in _amounts(grid)))
    last = [n for n in names if n == TOTAL]  # stays the last, whichever table has more months
    order = [n for n in names if n != TOTAL] + last
    columns = [""]
    lines = [[name] for name in order]
    for grid in run:
        at = {grid.columns[i]: i for i in _amounts(grid)}
        for row in grid.rows:
            who = " ".join(row[i] for i in range(len(grid.columns)) if i not in _amounts(grid))
            columns.append(grid.title if len(grid.rows) == 1 else f"{grid.title}: {who}")
            for line, name in zip(lines, order, strict=True):
                line.append(row[at[name]] if name in at else "")
    title = ", ".join(g.title if i == 0 else g.title.lower() for i, g in enumerate(run))
    yield sheets.Grid(title, columns, lines, tuple(range(1, len(columns))))


def natural_width(svg: str, room: float) -> float:
    """Return the share of the text width at which a drawing's letters can be read."""
    width, _ = _natural_size(svg)
    return round(min(1.0, width * _shrink(svg, room) / room), 3) if width else 1.0


def _natural_size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        return 0.0, 0.0
    width, height = (float(n) * MM_PER_UNIT for n in found.groups())
    return width, height


def _shrink(svg: str, room: float) -> float:
    """Return how much smaller than natural a drawing must be."""
    width, height = _natural_size(svg)
    if not width or not height:
        return 1.0
    return min(1.0, room / width, (HIGHEST if room < WIDE else HIGHEST_WIDE) / height)
