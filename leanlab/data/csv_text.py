"""Read delimited text: decode or ask, vote for the delimiter, type every column."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from leanlab.core.errors import ImportProblem
from leanlab.data.columns import ColumnData
from leanlab.data.typing_cells import date_in, date_orders, typed

LARGEST = 512 * 1024 * 1024
MOST_COLUMNS = 1990
LONGEST_LINE = 1024 * 1024
DELIMITERS = (",", ";", "\t", "|")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Settings:
    """How to read a file; empty means find out."""

    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    date_order: str = ""
    header: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What a file held."""

    columns: tuple[ColumnData, ...]
    fingerprint: str
    settings: Settings
    notes: tuple[str, ...] = ()
    rows: int = 0
    questions: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_table(path: Path, settings: Settings | None = None) -> Table:
    """Read a text file; what cannot be decided is an ImportProblem that names the setting."""
    return parse(content_of(path), settings or Settings())


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


def parse(content: bytes, settings: Settings) -> Table:
    """Read delimited text from memory."""
    text, encoding = decoded(content, settings.encoding)
    if not text.strip():
        raise ImportProblem("The file is empty.", hint="Choose a file with a header row and data.")
    longest = max((len(line) for line in text.splitlines()[:1]), default=0)
    if longest > LONGEST_LINE:
        raise ImportProblem("The first line is longer than 1 MB: this is no table.")
    delimiter = settings.delimiter or voted_delimiter(text)
    rows, notes = _rows(text, delimiter)
    header = settings.header if settings.header is not None else _looks_like_header(rows)
    names, renamed = _names(rows[0] if header else [f"Column {i + 1}" for i in range(len(rows[0]))])
    body = rows[1:] if header else rows
    if not body:
        raise ImportProblem(
            "The file has a header row and no data.", hint="Add rows, or choose another file."
        )
    cells = list(zip(*body, strict=True))
    decimal = settings.decimal or _voted_decimal(cells, delimiter)
    columns = tuple(
        typed(name, column, decimal=decimal, order=_order(name, column, settings.date_order))
        for name, column in zip(names, cells, strict=True)
    )
    used = Settings(encoding, delimiter, decimal, settings.date_order, header)
    notes += [f"Two columns are named '{a}': the second is now '{b}'." for a, b in renamed]
    notes += [
        f"Column '{c.name}': {len(c.bad)} cell(s) do not fit, the first in row {min(c.bad) + 1} ('{c.bad[min(c.bad)]}')."
        for c in columns
        if c.bad
    ]
    return Table(columns, hashlib.sha256(content).hexdigest(), used, tuple(notes), len(body))


def decoded(content: bytes, encoding: str) -> tuple[str, str]:
    """Decode by byte-order mark, else strictly as UTF-8, else ask."""
    for mark, name in _BOMS:
        if content.startswith(mark) and not encoding:
            encoding = name
    name = encoding or "utf-8"
    try:
        text = content.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        raise ImportProblem(
            f"The text is not written in {name}.",
            hint="Choose the encoding; files from Excel in Western Europe are mostly cp1252.",
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ImportProblem(
            f"Line {line} holds a NUL character: this is no plain text.",
            hint="Save it again as CSV UTF-8.",
        )
    return text, name


def voted_delimiter(text: str) -> str:
    """Return the delimiter that splits the first lines most evenly into most columns."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(widths), key=widths.count)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0, usual)

    return max(DELIMITERS, key=score)


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(row for row in reader if row and any(cell.strip() for cell in row))
    except csv.Error as error:
        raise ImportProblem(
            f"Line {reader.line_num} cannot be split: {error}.",
            hint="Look for a quotation mark that is not closed.",
        ) from error
    width = max(len(row) for row in rows)
    if width > MOST_COLUMNS:
        raise ImportProblem(
            f"The file has {width} columns.", hint=f"LeanLab takes up to {MOST_COLUMNS}."
        )
    ragged = [i for i, row in enumerate(rows) if len(row) != width]
    for i in ragged:
        rows[i] += [""] * (width - len(rows[i]))
    notes = (
        [
            f"{len(ragged)} row(s) have fewer cells than the others, the first is row {ragged[0] + 1}."
        ]
        if ragged
        else []
    )
    return rows, notes


def _looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """A header row holds no number where the rows below do."""
    return not any(
        cell.strip().replace(",", ".").replace(".", "", 1).lstrip("+-").isdigit()
        for cell in rows[0]
    )


def _names(row: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    names: list[str] = []
    renamed = []
    for i, cell in enumerate(row):
        base = cell.strip() or f"Column {i + 1}"
        name, number = base, 2
        while name in names:
            name, number = f"{base} ({number})", number + 1
        if name != base:
            renamed.append((base, name))
        names.append(name)
    return names, renamed


def _voted_decimal(columns: Sequence[Sequence[str]], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    sample = [cell.strip() for column in columns for cell in column[:200]]
    commas = sum(
        cell.count(",") == 1 and cell.replace(",", "").lstrip("+-").isdigit() for cell in sample
    )
    points = sum(
        cell.count(".") == 1 and cell.replace(".", "").lstrip("+-").isdigit() for cell in sample
    )
    if commas and points and min(commas, points) > 0.05 * max(commas, points):
        raise ImportProblem(
            "Some numbers are written with a decimal comma, some with a point.",
            hint="Choose the decimal mark; cells that do not fit it are marked, not lost.",
        )
    return "," if commas > points else "."


def _order(name: str, column: Sequence[str], chosen: str) -> str:
    if chosen:
        return chosen
    orders = (
        date_orders(column[:500])
        if column and any("/" in c or "." in c or "-" in c for c in column[:20])
        else []
    )
    if len(orders) > 1:
        orders = date_orders(column)
    if len(orders) > 1 and {"dmy", "mdy"} <= set(orders) and not _tells(column, orders):
        raise ImportProblem(
            f"Dates in column '{name}' can be read as day/month or as month/day.",
            hint="Choose the order of the dates.",
        )
    return ""


def _tells(column: Sequence[str], orders: Sequence[str]) -> bool:
    """Whether one order fits more cells than the other."""
    counts = {
        order: sum(date_in(cell.strip(), order) is not None for cell in column) for order in orders
    }
    return len(set(counts.values())) == len(counts)
