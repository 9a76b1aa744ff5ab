"""Read XLSX, XLS and ODS with calamine; only ever called inside the import worker."""

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from leanlab.core import format as words
from leanlab.core.errors import ImportProblem
from leanlab.data.columns import FITS, ColumnData
from leanlab.data.csv_text import looks_like_header, rows_above_gap
from leanlab.data.heading_units import with_heading_unit
from leanlab.data.numbers import MarkVotes, mark_of
from leanlab.data.sheet_xml import Odd, odd_cells
from leanlab.data.table import MOST_COLUMNS, Settings, Table, noted, unique_names, with_order
from leanlab.data.typing_cells import numeric, retyped, typed

MOST_CELLS = 20_000_000
LOOK_AT = 200
_HOUR = 3600.0

Progress = Callable[[int, int], None]
Grid = list[list[Any]]


def read_workbook(path: Path, settings: Settings, progress: Progress, form: str = "xlsx") -> Table:
    """Read one sheet of a workbook; which one, and how, stands in the settings."""
    import python_calamine as calamine

    content = path.read_bytes()
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            m.name
            for m in book.sheets_metadata
            if m.typ == calamine.SheetTypeEnum.WorkSheet
            and m.visible == calamine.SheetVisibleEnum.Visible
        ]
        names = [n for n in visible if book.get_sheet_by_name(n).total_height] or visible
        chosen = _chosen(names, settings.sheet, path.name)
        progress(1, 4)
        sheet = book.get_sheet_by_name(chosen)
        grid, merged = _grid(sheet), list(sheet.merged_cell_ranges or ())
    except calamine.PasswordError as error:
        raise ImportProblem(
            f"{path.name} is protected by a password.", hint="Save it without one and try again."
        ) from error
    except (calamine.CalamineError, OSError) as error:
        raise ImportProblem(
            f"{path.name} cannot be read as a spreadsheet.",
            hint="Open it in Excel or LibreOffice and save it again as XLSX or CSV.",
        ) from error
    progress(2, 4)
    odd = odd_cells(path, chosen) if form == "xlsx" else Odd()
    progress(3, 4)
    table = _Sheet(chosen, grid, merged, odd, settings).table()
    notes = list(table.notes)
    if len(names) > 1:
        notes.insert(0, f"The file has {len(names)} sheets; '{chosen}' was read.")
    if form == "xls":
        notes.append("In old .xls files LeanLab cannot tell error cells (#DIV/0!) from empty ones.")
    digest = hashlib.sha256(content).hexdigest()
    used = replace(table.settings, sheet=chosen)
    return replace(
        table, fingerprint=digest, settings=used, notes=tuple(notes), sheets=tuple(names)
    )


def _chosen(names: Sequence[str], wanted: str, file: str) -> str:
    if not names:
        raise ImportProblem(f"{file} holds no sheet with data.", hint="Choose another file.")
    if wanted and wanted not in names:
        raise ImportProblem(
            f"{file} has no sheet '{wanted}'.",
            hint=f"Its sheets: {', '.join(names)}.",
            setting="sheet",
        )
    return wanted or names[0]


def _grid(sheet: Any) -> Grid:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise ImportProblem(
            f"The sheet spans {words.number(sheet.total_height, 0)} rows and {words.number(sheet.total_width, 0)} columns.",
            hint="Delete what stands far from the table, or save the sheet as CSV.",
        )
    grid: Grid = sheet.to_python(skip_empty_area=False)
    return grid


def letters_of(column: int) -> str:
    """Return the letters of a spreadsheet column: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@dataclass(slots=True)
class _Sheet:
    """One sheet while it becomes a table."""

    name: str
    grid: Grid
    merged: list[tuple[tuple[int, int], tuple[int, int]]]
    odd: Odd
    settings: Settings

    def table(self) -> Table:
        """Find header and body, type every column."""
        top, left, right = self._frame()
        notes = self._titles(top, left, right)
        first = [self._texts(row, left, right) for row in self.grid[top : top + LOOK_AT]]
        header = self.settings.header
        header = looks_like_header(first) if header is None else header
        heads = self._header_rows(top, left, right, first) if header else 0
        filled = self._fill_merged(top + heads)
        if filled:
            areas = (
                "1 merged area was"
                if filled == 1
                else f"{words.number(filled, 0)} merged areas were"
            )
            notes.append(f"{areas} filled: each row has the value now.")
        names = self._names(top, heads, left, right)
        names, renamed = unique_names(names)
        body = [row for row in range(top + heads, len(self.grid)) if self._any(row, left, right)]
        if not body:
            raise ImportProblem(
                f"The sheet '{self.name}' has a header row and no data.",
                hint="Choose another sheet, or say that the first row is data.",
                setting="header",
                choices=("no",),
            )
        body = body[: self.settings.most_rows]
        skipped = body[-1] - body[0] + 1 - len(body)
        if skipped:
            rows = "1 empty row" if skipped == 1 else f"{words.number(skipped, 0)} empty rows"
            was = "was" if skipped == 1 else "were"
            notes.append(f"{rows} between the data {was} left out.")
        columns, used = self._columns(names, body, left)
        if self.odd.without_value:
            notes.append(_without_result(self.odd.without_value))
        letters = tuple(
            letters_of(left + at) for at, n in enumerate(names) if n not in self.settings.left_out
        )
        used = replace(with_order(used, columns), header=bool(heads), skip=top)
        table = Table(
            columns, "", used, rows=len(body), first_row=body[0] + 1, letters=letters,
            complete=self.settings.most_rows is None,
        )  # fmt: skip
        return replace(table, notes=(*renamed, *notes, *noted(table)))

    def _titles(self, top: int, left: int, right: int) -> list[str]:
        """Say which rows above the table are left out."""
        if self.settings.skip is not None:
            return []
        cells = [text for row in self.grid[:top] for text in self._texts(row, left, right) if text]
        if not cells:
            return []
        rows = sum(any(self._texts(row, left, right)) for row in self.grid[:top])
        what = "A row above the table is" if rows == 1 else f"{rows} rows above the table are"
        return [f"{what} left out: '{' / '.join(cells)[:80]}'."]

    def _frame(self) -> tuple[int, int, int]:
        """Return first row, first column and the end of the columns of the table."""
        filled = [
            (at, [c for c, cell in enumerate(row) if cell != ""])
            for at, row in enumerate(self.grid[: LOOK_AT * 5])
        ]
        filled = [(at, cells) for at, cells in filled if cells]
        if not filled:
            raise ImportProblem(
                f"The sheet '{self.name}' is empty.", hint="Choose another sheet.", setting="sheet"
            )
        usual = max(len(cells) for _, cells in filled)
        top = next(at for at, cells in filled if len(cells) > 1 or usual <= 2)  # noqa: PLR2004
        if self.settings.skip is not None:
            top = self.settings.skip
        else:
            texts = [[text_of(cell) for cell in row] for row in self.grid[:LOOK_AT]]
            top = max(top, rows_above_gap(texts, usual))
        rows = [cells for at, cells in filled if at >= top]
        if not rows:
            raise ImportProblem("All rows are skipped.", hint="Skip fewer rows.", setting="skip")
        left, right = min(c[0] for c in rows), max(c[-1] for c in rows) + 1
        if self.settings.most_columns:
            right = min(right, left + self.settings.most_columns)
        if right - left > MOST_COLUMNS and not self.settings.needed:
            raise ImportProblem(
                f"The sheet has {words.number(right - left, 0)} columns; a data sheet takes up to {words.number(MOST_COLUMNS, 0)}.",
                hint="Keep only the columns you need, or let LeanLab keep the first ones.",
                setting="most_columns",
            )
        return top, left, right

    def _texts(self, row: Sequence[Any], left: int, right: int) -> list[str]:
        return [text_of(cell) for cell in row[left:right]]

    def _any(self, row: int, left: int, right: int) -> bool:
        cells = self.grid[row][left:right]
        return any(c != "" for c in cells) or any(
            (row, column) in self.odd.errors for column in range(left, right)
        )

    def _header_rows(self, top: int, left: int, right: int, first: Sequence[Sequence[str]]) -> int:
        """Return how many rows the header has: two where merged cells span columns."""
        spans = [m for m in self.merged if m[0][0] == top and m[1][1] > m[0][1]]
        two = bool(spans) and len(first) > 1 and looks_like_header(first[1:])
        return 2 if two and self._any(top + 1, left, right) else 1

    def _names(self, top: int, heads: int, left: int, right: int) -> list[str]:
        if not heads:
            return [f"Column {letters_of(c)}" for c in range(left, right)]
        upper = self._texts(self.grid[top], left, right)
        if heads == 1:
            return upper
        for (row, start), (_, end) in self.merged:
            if row == top:
                for column in range(start + 1, end + 1):
                    if left <= column < right:
                        upper[column - left] = text_of(self.grid[top][start])
        lower = self._texts(self.grid[top + 1], left, right)
        return [" ".join(p for p in (a, b) if p) for a, b in zip(upper, lower, strict=True)]

    def _fill_merged(self, body: int) -> int:
        """Give every cell of a merged area below the header its value."""
        count = 0
        for (top, left), (bottom, right) in self.merged:
            if top < body or bottom >= len(self.grid):
                continue
            count += 1
            value = self.grid[top][left]
            for row in range(top, bottom + 1):
                self.grid[row][left : right + 1] = [value] * (right + 1 - left)
        return count

    def _columns(
        self, names: Sequence[str], body: Sequence[int], left: int
    ) -> tuple[tuple[ColumnData, ...], Settings]:
        wanted = self.settings
        cells = {
            at: [self.grid[row][left + at] for row in body]
            for at, name in enumerate(names)
            if name not in wanted.left_out
        }
        if not cells:
            raise ImportProblem("Every column is left out.", hint="Choose at least one column.")
        voting = {at: values for at, values in cells.items() if wanted.counts(names[at])}
        used = replace(wanted, decimal=wanted.decimal or _voted_decimal(voting))
        columns = []
        for at, values in cells.items():
            name = names[at]
            errors = {
                i: self.odd.errors[row, left + at]
                for i, row in enumerate(body)
                if (row, left + at) in self.odd.errors
            }
            column = typed_cells(name, values, errors, used)
            columns.append(with_heading_unit(replace(column, name=wanted.names.get(name) or name)))
        return tuple(columns), used


def _without_result(count: int) -> str:
    """Say that formulas have no result."""
    formulas = (
        "1 formula has no stored result and counts"
        if count == 1
        else f"{words.number(count, 0)} formulas have no stored result and count"
    )
    return f"{formulas} as missing: open the file in Excel and save it once."


def _voted_decimal(cells: Mapping[int, Sequence[Any]]) -> str:
    """Numbers are numbers in a spreadsheet; only those stored as text have a decimal mark."""
    votes = MarkVotes()
    for values in cells.values():
        texts = [v for v in values if isinstance(v, str) and v]
        given = [v for v in values if v != ""]
        if texts and sum(bool(mark_of(t)) or t.isdigit() for t in texts) >= FITS * len(texts):
            votes.add(texts if len(texts) > (1 - FITS) * len(given) else ())
    decided = votes.decided(";")
    if not decided:
        raise ImportProblem(
            "Some numbers are stored as text, and their decimal mark is unclear"
            + (f": '{votes.example}'." if votes.example else "."),
            hint="Choose the decimal mark.",
            setting="decimal",
        )
    return decided


def typed_cells(
    name: str, values: Sequence[Any], errors: Mapping[int, str], used: Settings
) -> ColumnData:
    """Type a column of spreadsheet values; error cells are bad cells."""
    kinds = {type(value) for value in values if value != ""}
    wanted = used.kinds.get(name, "")
    if kinds and kinds <= {float, int} and not wanted:
        numbers = np.array([np.nan if v == "" else v for v in values], dtype=np.float64)
        column = numeric(name, numbers, _decimals(numbers))
    elif kinds and kinds <= {dt.timedelta, dt.time} and not wanted:
        hours = np.array([np.nan if v == "" else _hours(v) for v in values])
        what = "durations" if dt.timedelta in kinds else "times without a date"
        note = f"Column '{name}' holds {what}: it is read in hours."
        column = ColumnData(name, "number", hours, "h", decimals=2, notes=(note,))
    else:
        cells = [text_of(value) for value in values]
        try:
            column = typed(name, cells, decimal=used.decimal, order=used.date_order, kind=wanted)
        except ImportProblem:
            if used.counts(name):
                raise
            column = retyped(name, cells, "text")
        if used.decimal == "," and column.kind in {"number", "whole"}:
            column = _with_true_numbers(column, values)
    if errors:
        column = _with_errors(column, errors)
    return column


def _with_true_numbers(column: ColumnData, values: Sequence[Any]) -> ColumnData:
    """Cells that are numbers in the file need no decimal mark: take them as they are."""
    numbers = np.array(column.values, dtype=np.float64)
    bad = dict(column.bad)
    for at, value in enumerate(values):
        if isinstance(value, int | float) and not isinstance(value, bool):
            numbers[at] = value
            bad.pop(at, None)
    decimals = _decimals(numbers)
    return replace(
        column, values=numbers, bad=bad, kind="number" if decimals else column.kind,
        decimals=decimals or 0,
    )  # fmt: skip


def _with_errors(column: ColumnData, errors: Mapping[int, str]) -> ColumnData:
    values = column.values.copy()
    missing: Any = np.nan
    if column.kind == "datetime":
        missing = np.datetime64("NaT", "s")
    elif column.kind in {"category", "text", "id"}:
        missing = None
    values[list(errors)] = missing
    return replace(column, values=values, bad={**column.bad, **errors})


def _hours(value: Any) -> float:
    if isinstance(value, dt.timedelta):
        return value.total_seconds() / _HOUR
    return (value.hour * _HOUR + value.minute * 60 + value.second + value.microsecond / 1e6) / _HOUR


def _decimals(numbers: Any) -> int | None:
    """Return the decimals that show every value as it is, at most 8; None for whole numbers."""
    known = numbers[np.isfinite(numbers)][:5000]
    if bool(np.all(known == np.floor(known))):
        return None
    for decimals in range(1, 9):
        if np.allclose(known, np.round(known, decimals), rtol=1e-13, atol=0):
            return decimals
    return 4


def text_of(value: Any) -> str:
    """Write a spreadsheet value as text that reads back as the same value."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, dt.timedelta | dt.time):
        return f"{_hours(value):g} h"
    return str(value)
