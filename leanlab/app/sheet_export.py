"""A data sheet as CSV or XLSX: full precision, cells that do not fit as written, no formulas."""

import csv
import io
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.core.files import write_whole
from leanlab.report.exports import safe_text

ENDINGS = (".csv", ".xlsx")
MOST_IN_EXCEL = 1_048_575  # rows below the header
STATE_NAMES = ("Row state", "Reason")
WHOLE_UP_TO = 1e15  # a larger number is written as the double it is
EVERY = 20_000  # rows between two reports of progress

Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def export(session: Session, sheet_id: str, path: Path, *, progress: Progress = _silent) -> int:
    """Write all rows of a sheet to a file; its ending decides the kind. Return how many rows."""
    sheet = session.sheet(sheet_id)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise Problem(
            f"Data cannot be written as {ending or 'a file without an ending'}.",
            hint="Let its name end in .csv or .xlsx.",
        )
    if ending == ".xlsx" and sheet.rows > MOST_IN_EXCEL:
        raise Problem(
            f"Excel takes up to {MOST_IN_EXCEL:,} rows; this data has more.".replace(",", "\u202f"),
            hint="Write it as CSV.",
        )
    names, columns = _columns(session, sheet_id)
    rows = _watched(zip(*columns, strict=True), sheet.rows, progress)
    content = _csv(names, rows) if ending == ".csv" else _xlsx(sheet.title, names, rows)
    write_whole(path, content)
    return sheet.rows


def _watched(
    rows: Iterator[tuple[Any, ...]], total: int, progress: Progress
) -> Iterator[tuple[Any, ...]]:
    for at, row in enumerate(rows):
        if not at % EVERY:
            progress(at, total)
        yield row


def _columns(session: Session, sheet_id: str) -> tuple[list[str], list[list[Any]]]:
    """Return names and cells of all columns, and of what was decided about rows."""
    sheet = session.sheet(sheet_id)
    ids = session.row_ids(sheet_id).tolist()
    bad: dict[str, dict[int, str]] = {}
    for (row, column), raw in session.bad_cells(sheet_id).items():
        bad.setdefault(column, {})[row] = raw
    names, columns = [], []
    for one in sheet.columns:
        names.append(words.titled(one.name, one.unit))
        cells = _cells(one.kind, session.column(sheet_id, one.id))
        wrong = bad.get(one.id, {})
        columns.append(
            [wrong.get(i, c) for i, c in zip(ids, cells, strict=True)] if wrong else cells
        )
    states = session.row_states(sheet_id)
    if states:
        names += STATE_NAMES
        known = [states.get(i) for i in ids]
        columns.append([state.state if state else None for state in known])
        columns.append([state.reason if state else None for state in known])
    return names, columns


def _cells(kind: str, values: Any) -> list[Any]:
    listed: list[Any] = values.tolist()  # date-times and texts are what they are
    return [_number(v) for v in listed] if kind in {"number", "whole"} else listed


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < WHOLE_UP_TO else value


def _csv(names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_text(name) for name in names])
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _text(cell: Any) -> Any:
    if cell is None or isinstance(cell, int | float):
        return cell
    if isinstance(cell, str):
        return safe_text(cell)
    return cell.isoformat(" ").removesuffix(" 00:00:00")


def _xlsx(title: str, names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        plain = "".join(c for c in title if c.isalnum() or c in " -_")[:31].strip()
        page = book.add_worksheet(plain or "Data")
        bold = book.add_format({"bold": True})
        date = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for place, name in enumerate(names):
            page.write_string(0, place, name, bold)
        page.freeze_panes(1, 0)
        page.set_column(0, len(names) - 1, 16)
        for at, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                _write(page, at, place, cell, date)
    return out.getvalue()


def _write(page: Any, row: int, place: int, cell: Any, date: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(row, place, cell)
    elif isinstance(cell, int | float):
        page.write_number(row, place, cell)
    elif cell.year < 1900:  # noqa: PLR2004 - Excel's calendar begins there
        page.write_string(row, place, cell.isoformat(" "))
    else:
        page.write_datetime(row, place, cell, date)
