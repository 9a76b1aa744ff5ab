"""Read delimited text: decode or ask, vote for the delimiter, type every column."""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from leanlab.core import format as words
from leanlab.core.errors import ImportProblem
from leanlab.data.columns import ColumnData, enough
from leanlab.data.heading_units import with_heading_unit
from leanlab.data.numbers import MarkVotes, mark_of, read_number, with_sign
from leanlab.data.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    ONE_COLUMN,
    Settings,
    Table,
    noted,
    unique_names,
    with_order,
)
from leanlab.data.typing_cells import (
    MISSING,
    decimals_in,
    mostly,
    numeric,
    plain_numbers,
    retyped,
    typed,
)

LARGEST = 512 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
LONGEST_CELL = 64 * 1024
CHUNK = 100_000
LOOK_AT = 200  # rows from which delimiter and header are guessed
DELIMITERS = (",", ";", "\t", "|")
_YEAR = re.compile(r"(?:19|20)\d{2}$")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+$|[+-]?\d+$")
_PLAIN_SIGN = re.compile(r"[\r\n,;\t|]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
ENCODING_WORDS = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)", "cp1252": "Western (cp1252)",
    "cp1250": "Central European (cp1250)", "cp1251": "Cyrillic (cp1251)",
    "shift_jis": "Japanese (Shift-JIS)", "gb18030": "Chinese (GB18030)",
}  # fmt: skip

Progress = Callable[[int, int], None]
Row = list[str]


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def read_table(path: Path, settings: Settings | None = None, progress: Progress = _silent) -> Table:
    """Read a text file; what cannot be decided is an ImportProblem that names the setting."""
    return parse(content_of(path), settings or Settings(), progress)


def content_of(path: Path) -> bytes:
    """Return a file's bytes after a look at its size."""
    try:
        if not path.is_file():
            missing = "is not there" if not path.exists() else "is not a file"
            raise ImportProblem(
                f"{path.name} cannot be read: it {missing}.", hint="Choose a CSV or TSV file."
            )
        if path.stat().st_size > LARGEST:
            raise ImportProblem(
                f"{path.name} is larger than 512 MB.", hint="Split it, or leave out columns."
            )
        return path.read_bytes()
    except OSError as error:
        raise ImportProblem(
            f"{path.name} cannot be read: {error.strerror}.", hint="Check its name and your rights."
        ) from error


def parse(content: bytes, settings: Settings, progress: Progress = _silent) -> Table:
    """Read delimited text from memory."""
    encoding = checked_encoding(content, settings.encoding)
    start = _start(content, encoding)
    if not start.removeprefix("\ufeff").strip():
        raise ImportProblem("The file is empty.", hint="Choose a file with a header row and data.")
    if "\n" not in start and "\r" not in start and len(content) > LONGEST_LINE:
        raise ImportProblem(
            "The first line is longer than 1 MB: this is no table.", hint="Choose another file."
        )
    delimiter = settings.delimiter or voted_delimiter(start)
    opened = _Opened(content, encoding, delimiter, settings)
    collector = _Collector(len(opened.names))
    for chunk in opened.chunks():
        collector.add(chunk)
        progress(min(collector.rows, opened.guess), opened.guess)
    if not collector.rows:
        raise ImportProblem(
            "The file has a header row and no data.",
            hint="Add rows, or choose another file. If the first row is data, say so.",
            setting="header",
            choices=("no",),
        )
    used = replace(
        settings, encoding=encoding, delimiter=delimiter, header=opened.header, skip=opened.skip,
        decimal=settings.decimal or collector.voted_decimal(opened.names, delimiter, settings),
    )  # fmt: skip
    columns = _columns(opened.names, collector, used)
    progress(opened.guess, opened.guess)
    table = Table(
        columns, hashlib.sha256(content).hexdigest(), with_order(used, columns), rows=collector.rows,
        complete=not opened.cut,
    )  # fmt: skip
    return replace(table, notes=(*opened.notes, *noted(table)))


def _columns(
    names: Sequence[str], collector: "_Collector", used: Settings
) -> tuple[ColumnData, ...]:
    kept = [at for at, name in enumerate(names) if name not in used.left_out]
    if not kept:
        raise ImportProblem("Every column is left out.", hint="Choose at least one column.")
    return tuple(
        with_heading_unit(
            replace(
                collector.column(at, names[at], used), name=used.names.get(names[at]) or names[at]
            )
        )
        for at in kept
    )


def checked_encoding(content: bytes, chosen: str) -> str:
    """Return the encoding: by byte-order mark, else UTF-8 if all bytes are that, else ask."""
    marked = next((name for mark, name in _BOMS if content.startswith(mark)), "")
    name = chosen or marked or _unmarked_utf16(content) or "utf-8"
    if name == "utf-8" and marked == "utf-8-sig":
        name = marked
    try:
        text = "" if name == "utf-8" and content.isascii() else content.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        raise ImportProblem(
            f"The text is not written in {ENCODING_WORDS.get(name, name)}.",
            hint="Choose the encoding, the likeliest comes first, and look whether the letters are"
            " right.",
            setting="encoding",
            choices=likely_encodings(content, but=name),
        ) from error
    if "\0" in text or (not text and b"\0" in content):
        before = text[: text.index("\0")] if text else content[: content.index(b"\0")].decode()
        line = f"Line {before.count(chr(10)) + 1} holds a NUL character: this is no plain text."
        ways = tuple(n for n in ("utf-16-le", "utf-16-be") if n != chosen and _reads(content, n))
        if 4 * content.count(b"\0") < len(content) or not ways:
            raise ImportProblem(line, hint="Save it again as CSV UTF-8 where it comes from.")
        raise ImportProblem(
            line,
            hint="It may be UTF-16: choose that encoding, or save it again as CSV UTF-8.",
            setting="encoding",
            choices=ways,
        )
    return name


def _unmarked_utf16(content: bytes) -> str:
    """Return the order of bytes of a UTF-16 text without its mark; nothing when it is no such text.

    Its line ends, separators and digits have one zero byte each, all on the same side; a text in
    any other encoding has none.
    """
    start = content[: LONGEST_LINE & ~1]
    first, second = start[::2].count(0), start[1::2].count(0)
    if len(content) % 2 or first == second:
        return ""
    if start.isascii() and 5 * max(first, second) < 2 * len(start):  # Latin letters have one each
        return ""
    name = "utf-16-le" if second > first else "utf-16-be"
    if min(first, second) or b"\n" not in start or not _reads(content, name):
        return ""
    return name if _PLAIN_SIGN.search(start.decode(name, "ignore")) else ""


def likely_encodings(content: bytes, but: str) -> tuple[str, ...]:
    """Return the encodings in which the bytes can be read, the likeliest first.

    Accented letters stand alone or in pairs between plain ones; other scripts come in runs of
    high bytes, Cyrillic ones from 0xC0 on; bytes below 0xA0 are rare but in Japanese.
    """
    start = content[:LONGEST_LINE]
    high = len(re.findall(rb"[\x80-\xff]", start))
    runs = sum(map(len, re.findall(rb"[\x80-\xff]{3,}", start)))
    if 3 * len(re.findall(rb"[\x80-\x9f]", start)) > high:
        order = ("shift_jis", "gb18030", "cp1252", "cp1250", "cp1251")
    elif 2 * runs < high:
        order = ("cp1252", "cp1250", "cp1251", "gb18030", "shift_jis")
    elif 10 * len(re.findall(rb"[\xc0-\xff]", start)) >= 9 * high:
        order = ("cp1251", "gb18030", "shift_jis", "cp1252", "cp1250")
    else:
        order = ("gb18030", "shift_jis", "cp1251", "cp1252", "cp1250")
    return tuple(n for n in ("utf-8", *order) if n != but and _reads(content, n))


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _start(content: bytes, encoding: str) -> str:
    """Return the first lines, up to 1 MB."""
    return content[:LONGEST_LINE].decode(encoding, errors="ignore")


def voted_delimiter(text: str) -> str:
    """Return the delimiter that splits the first lines most evenly into most columns.

    A text of one column has none; its first delimiter is as good as any.
    """
    start = text[: 64 * 1024]
    if len(text) > len(start):
        start = start[: start.rfind("\n") + 1] or start

    def score(delimiter: str) -> tuple[float, int]:
        widths = _widths(start, delimiter)
        usual = max(set(widths), key=widths.count, default=0)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0, usual)

    best = max(DELIMITERS, key=score)
    return ";" if best == "," and _one_column_of_commas(start) else best


def _one_column_of_commas(text: str) -> bool:
    """Whether each line below a name is one number with a decimal comma: 7,5 is one cell."""
    lines = [line.strip() for line in text.split("\n")[:LOOK_AT] if line.strip()]
    named = "," not in lines[0]
    below = lines[1:] if named else lines
    if len(below) < 2 or not all(map(_DECIMAL_COMMA.match, below)):  # noqa: PLR2004
        return False
    if not named:
        raise ImportProblem(
            f"'{lines[0]}' can be one number with a decimal comma, or two cells.",
            hint="Choose what separates the columns.",
            setting="delimiter",
            choices=(",", ONE_COLUMN),
        )
    return any("," in line for line in below)


def raw_table(start: bytes, encoding: str, delimiter: str) -> Table:
    """Show the first lines of a text as they stand, while it is unclear how to read them."""
    text = (
        start.decode(encoding or "utf-8", errors="replace")
        .replace("\0", "�")
        .removeprefix("\ufeff")
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or voted_delimiter(text))
    rows = [row for row in islice(reader, LOOK_AT) if row]
    width = min(max(map(len, rows), default=0), MOST_COLUMNS)
    cells = [[row[at] if at < len(row) else "" for row in rows] for at in range(width)]
    columns = tuple(retyped(f"Column {i + 1}", cell, "text") for i, cell in enumerate(cells))
    return Table(columns, "", Settings(), rows=len(rows), complete=False)


def _widths(text: str, delimiter: str) -> list[int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [len(row) for row in islice(reader, LOOK_AT) if any(row)]
    except csv.Error:
        return [0]


class _Opened:
    """The rows of a text: names first, then the body in chunks of equal width."""

    def __init__(self, content: bytes, encoding: str, delimiter: str, settings: Settings) -> None:
        csv.field_size_limit(LONGEST_CELL)
        text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
        self._reader = csv.reader(text, delimiter=delimiter, strict=True)
        self._limit = settings.most_rows or MOST_ROWS
        self._narrowed = bool(settings.most_columns)
        self._ragged = 0
        self._first_ragged = 0
        self.cut = False
        self.notes: list[str] = []
        first = self._take(LOOK_AT)
        if first and first[0]:
            first[0][0] = first[0][0].removeprefix(
                "\ufeff"
            )  # a second mark, as some programs write
        self.skip = settings.skip if settings.skip is not None else _title_lines(first)
        self._note_titles(first, settings.skip)
        first = first[self.skip :]
        if not first:
            raise ImportProblem("All rows are skipped.", hint="Skip fewer rows.", setting="skip")
        self.header = settings.header if settings.header is not None else looks_like_header(first)
        self._width = self._checked_width(first, settings)
        if self.header and not settings.delimiter:
            _check_header(first, self._width)
        head = first[0] if self.header else []
        cells = [*head, *[""] * self._width][: self._width]
        self.names, renamed = unique_names(cells)
        self.notes += renamed
        self._start = first[1:] if self.header else first
        self.guess = max(1, min(self._limit, content.count(b"\n")))

    def _take(self, count: int) -> list[Row]:
        try:
            rows = list(islice(self._reader, count))
        except csv.Error as error:
            raise ImportProblem(
                f"Line {self._reader.line_num} cannot be split: {error}.",
                hint="Look for a quotation mark that is not closed, or choose another separator.",
                setting="delimiter",
            ) from error
        return rows

    def _note_titles(self, rows: Sequence[Row], asked: int | None) -> None:
        if asked is None and self.skip:
            said = " / ".join(cell for row in rows[: self.skip] for cell in row if cell.strip())
            lines = (
                "The first line is left out, it holds"
                if self.skip == 1
                else f"The first {self.skip} lines are left out, they hold"
            )
            self.notes.append(f"{lines} no columns: '{said[:80]}'.")

    def _checked_width(self, rows: Sequence[Row], settings: Settings) -> int:
        width = max(len(_stripped(row)) for row in rows)
        if settings.most_columns:
            return min(width, settings.most_columns)
        if width > MOST_COLUMNS and not settings.needed:
            raise ImportProblem(
                f"The file has {words.number(width, 0)} columns; a data sheet takes up to {words.number(MOST_COLUMNS, 0)}.",
                hint="Keep only the columns you need, or let LeanLab keep the first ones.",
                setting="most_columns",
            )
        return width

    def chunks(self) -> Iterator[list[Row]]:
        """Give the body in chunks; ragged rows are filled up and counted."""
        count = 0
        rows = self._start
        while rows:
            evened = self._evened(rows, count)
            if count + len(evened) > self._limit:
                evened, self.cut = evened[: self._limit - count], True
                if self._limit == MOST_ROWS:
                    raise ImportProblem(
                        f"The file has more than {words.number(MOST_ROWS, 0)} rows.",
                        hint="Split it by time.",
                    )
            count += len(evened)
            if evened:
                yield evened
            rows = [] if self.cut else self._take(CHUNK)
        if self._ragged:
            many = (
                "1 row has" if self._ragged == 1 else f"{words.number(self._ragged, 0)} rows have"
            )
            self.notes.append(
                f"{many} fewer cells than the others, the first is row {self._first_ragged}."
            )

    def _evened(self, rows: Sequence[Row], before: int) -> list[Row]:
        width = self._width
        out: list[Row] = []
        for row in rows:
            if len(row) == width:
                if any(row) and (width > 1 or row[0].strip()):
                    out.append(row)
            elif row and any(cell.strip() for cell in row):
                out.append(self._filled(row, before + len(out) + 1))
        return out

    def _filled(self, row: Row, number: int) -> Row:
        shorter = _stripped(row)
        if len(shorter) > self._width and not self._narrowed:
            raise ImportProblem(
                f"Row {number} has {len(shorter)} cells, the first rows have {self._width}.",
                hint="Look for a separator inside a cell without quotation marks, or choose another"
                " separator.",
                setting="delimiter",
            )
        if len(row) < self._width:
            self._ragged += 1
            self._first_ragged = self._first_ragged or number
        return [*row, *[""] * self._width][: self._width]


def _check_header(rows: Sequence[Row], width: int) -> None:
    """Rows with more cells than the header were split wrongly: a decimal comma, most of all."""
    names = len(_stripped(rows[0]))
    if names < width:
        at = next(i for i, row in enumerate(rows) if len(_stripped(row)) > names)
        raise ImportProblem(
            f"The header has {_cells(names)}, row {at} has {_cells(len(_stripped(rows[at])))}.",
            hint="Choose what separates the columns; if it is right, the others get a name.",
            setting="delimiter",
        )


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _stripped(row: Row) -> Row:
    """Return a row without the empty cells at its end."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _title_lines(rows: Sequence[Row]) -> int:
    """Return how many lines above the table hold a title or nothing."""
    widths = [len(_stripped(row)) for row in rows]
    usual = max(set(widths), key=lambda w: (widths.count(w), w))
    skip = 0
    while skip < len(rows) and (not widths[skip] or (widths[skip] == 1 and usual > 1)):
        skip += 1
    if skip == len(rows):
        return 0
    return max(skip, rows_above_gap(rows, usual))


def rows_above_gap(rows: Sequence[Row], usual: int) -> int:
    """Return how many rows end with an empty one above the header, if all are narrower than the table.

    Protocols begin so: a title, then "Line: 4" or "Date: 1 April", an empty row, and the table.
    """
    widths = [sum(1 for cell in row if cell.strip()) for row in rows]
    for at, width in enumerate(widths[:-2]):
        if width >= usual:
            return 0
        if at and not width and widths[at + 1] >= usual:
            heading = looks_like_header(rows[at + 1 :]) and not looks_like_header(rows[at + 2 :])
            return at + 1 if heading else 0
    return 0


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """A header row holds neither number nor date, but for years in a row beside a name."""
    from leanlab.data.dates import ORDERS, date_in

    def is_value(cell: str) -> bool:
        text = with_sign(cell)[0]
        if any(read_number(text, mark) is not None for mark in (".", ",")):
            return True
        return any(date_in(text, order) is not None for order in ORDERS)

    first = [cell for cell in rows[0] if not _YEAR.match(cell.strip())]
    years = [int(cell) for cell in rows[0] if _YEAR.match(cell.strip())]
    in_turn = years == list(range(years[0], years[0] + len(years))) if years else False
    names = first if in_turn and len(years) > 1 and any(map(str.strip, first)) else rows[0]
    return not any(is_value(cell) for cell in names)


class _Collector:
    """The cells of each column, as numbers where a chunk holds nothing else."""

    def __init__(self, width: int) -> None:
        self.rows = 0
        self._parts: list[list[Any]] = [[] for _ in range(width)]  # str joined, or list of str
        self._numbers: list[list[Any]] = [[] for _ in range(width)]
        self._decimals: list[int | None] = [None] * width

    def add(self, rows: Sequence[Row]) -> None:
        """Take a chunk of rows apart."""
        for at, cells in enumerate(zip(*rows, strict=True)):
            numbers = plain_numbers(cells)
            self._numbers[at].append(numbers)
            if numbers is None:
                pool: dict[str, str] = {}
                self._parts[at].append([pool.setdefault(cell, cell) for cell in cells])
            else:
                self._parts[at].append("\n".join(cells))
                shown = decimals_in(cells, ".")
                if shown is not None:
                    self._decimals[at] = max(shown, self._decimals[at] or 0)
        self.rows += len(rows)

    def column(self, at: int, name: str, used: Settings) -> ColumnData:
        """Return a column with its kind."""
        kind, numbers = used.kinds.get(name, ""), self._numbers[at]
        if not kind and used.decimal == "." and all(part is not None for part in numbers):
            values = np.concatenate(numbers)
            if np.isfinite(values).any():
                return numeric(name, values, self._decimals[at])
        cells = list(self._cells(at))
        try:
            return typed(name, cells, decimal=used.decimal, order=used.date_order, kind=kind)
        except ImportProblem:
            if used.counts(name):
                raise
            return retyped(name, cells, "text")

    def _cells(self, at: int) -> Iterable[str]:
        return chain.from_iterable(
            part.split("\n") if isinstance(part, str) else part for part in self._parts[at]
        )

    def voted_decimal(self, names: Sequence[str], delimiter: str, settings: Settings) -> str:
        """Return the decimal mark that the number columns show, or ask."""
        votes = MarkVotes()
        for at, name in enumerate(names):
            if settings.counts(name) and name not in settings.left_out:
                votes.add(self._telling(at, delimiter))
        decided = votes.decided(delimiter)
        if decided:
            return decided
        if votes.mixed:
            raise ImportProblem(
                "Some numbers are written with a decimal comma, some with a point.",
                hint="Choose the decimal mark; cells that do not fit it are marked, not lost.",
                setting="decimal",
            )
        raise ImportProblem(
            f"'{votes.example}' can be read with a decimal mark or with thousands.",
            hint="Choose the decimal mark.",
            setting="decimal",
        )

    def _telling(self, at: int, delimiter: str) -> Iterable[str]:
        """Return the cells whose marks tell something: those of a column of numbers."""
        if all(part is not None for part in self._numbers[at]) and delimiter == ",":
            return ["0.5"] if self._decimals[at] is not None else []
        if not mostly(self._cells(at), lambda c: bool(mark_of(c)) or _is_plain(c)):
            return []
        cells = list(dict.fromkeys(self._cells(at)))
        given = [cell for cell in cells if cell.strip().lower() not in MISSING]
        fitting = sum(bool(mark_of(c)) or _is_plain(c) for c in given)
        return given if enough(fitting, len(given)) else []


def _is_plain(cell: str) -> bool:
    return read_number(with_sign(cell)[0], ".") is not None
