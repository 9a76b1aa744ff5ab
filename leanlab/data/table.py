"""What reading a file, the clipboard or a spreadsheet needs and gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from leanlab.core import format as words
from leanlab.data.columns import ColumnData

MOST_COLUMNS = 1990
MOST_ROWS = 5_000_000
ONE_COLUMN = "\x1f"  # the separator of a text that has none


@dataclass(frozen=True, slots=True)
class Settings:
    """How to read a file; what is empty is found out, and asked for if it cannot be."""

    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    date_order: str = ""
    header: bool | None = None
    skip: int | None = None  # lines above the header
    sheet: str = ""  # of a spreadsheet
    most_columns: int | None = None  # leave out what stands further right
    names: Mapping[str, str] = field(default_factory=dict)  # name in the file -> name wanted
    kinds: Mapping[str, str] = field(default_factory=dict)  # name in the file -> kind wanted
    left_out: Sequence[str] = ()  # names in the file of columns that are not wanted
    needed: Sequence[
        str
    ] = ()  # names of the columns that count; what is unclear in others stays text
    most_rows: int | None = None  # read only so many rows, for a preview

    def counts(self, name: str) -> bool:
        """Whether what is unclear in a column must be asked for."""
        return not self.needed or name in self.needed

    def as_json(self) -> dict[str, Any]:
        """Return what was chosen, without what was left open."""
        open_ = Settings()
        kept = {f.name: getattr(self, f.name) for f in fields(self)}
        kept = {n: v for n, v in kept.items() if v != getattr(open_, n) and n != "most_rows"}
        return {
            n: dict(v) if isinstance(v, Mapping) else list(v) if isinstance(v, tuple) else v
            for n, v in kept.items()
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Settings":
        """Read settings back; what is unknown is left out."""
        known = {f.name for f in fields(cls)}
        kept: dict[str, Any] = {n: v for n, v in stored.items() if n in known}
        return cls(
            **{
                **kept,
                "left_out": tuple(kept.get("left_out", ())),
                "needed": tuple(kept.get("needed", ())),
            }
        )


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What a file held: typed columns, how it was read, and what is worth knowing of it."""

    columns: tuple[ColumnData, ...]
    fingerprint: str
    settings: Settings
    notes: tuple[str, ...] = ()
    rows: int = 0
    first_row: int = 1  # where the first row of data stands in the file
    letters: tuple[str, ...] = ()  # column letters of a spreadsheet
    sheets: tuple[str, ...] = ()  # all sheets of a spreadsheet
    complete: bool = True  # False when only the first rows were read

    def where(self, column: int, row: int) -> str:
        """Return where a cell stands, in the words of the file: cell B7, or row 7."""
        if self.letters:
            return f"cell {self.letters[column]}{self.first_row + row}"
        return f"row {row + 1}"


def with_order(used: Settings, columns: Sequence[ColumnData]) -> Settings:
    """Remember in which order the dates were read, if it was the same everywhere."""
    orders = {column.order for column in columns if column.order}
    return used if used.date_order or len(orders) != 1 else replace(used, date_order=orders.pop())


FEWEST_BEFORE_A_TOTAL = 3  # rows
TOTALS = frozenset({
    "total", "totals", "grand total", "subtotal", "sum", "average", "mean", "summe", "gesamt",
    "gesamtsumme", "mittelwert", "durchschnitt", "somme", "moyenne", "totale", "media", "suma",
    "promedio", "totaal", "gemiddelde", "summa", "łącznie", "итого",
})  # fmt: skip


def total_row(table: Table) -> str:
    """Return the word by which the last row says that it sums the others up; nothing if it does not."""
    last = table.rows - 1
    if not table.complete or last < FEWEST_BEFORE_A_TOTAL:
        return ""
    for column in table.columns:
        words_in = column.kind in {"category", "text", "id"}
        cell = column.values[last] if words_in else column.bad.get(last)
        if not isinstance(cell, str) or cell.strip(" :.").casefold() not in TOTALS:
            continue
        if not words_in or all(other != cell for other in column.values[:last]):
            return cell.strip()
    return ""


def noted(table: Table) -> tuple[str, ...]:
    """Return one sentence for each column with cells that do not fit, and one for a row of totals."""
    notes: list[str] = []
    word = total_row(table)
    if word:
        notes.append(
            f"The last row is a total, it seems ('{_short(word)}'): exclude it after the import, "
            "or its numbers count as one more value."
        )
    for at, column in enumerate(table.columns):
        notes += column.notes
        if column.bad:
            first = min(column.bad)
            one = len(column.bad) == 1
            cells = "1 cell does" if one else f"{words.number(len(column.bad), 0)} cells do"
            kept = (
                "It is kept as written and counts" if one else "They are kept as written and count"
            )
            notes.append(
                f"Column '{column.name}': {cells} not fit, the first in {table.where(at, first)}"
                f" ('{_short(column.bad[first])}'). {kept} as missing."
            )
    return tuple(notes)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004


def unique_names(row: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give every column a name of its own; return the names and what was changed."""
    names: list[str] = []
    notes = []
    taken: set[str] = set()
    for i, cell in enumerate(row):
        base = " ".join(str(cell).split()) or f"Column {i + 1}"
        name, number = base, 2
        while name in taken:
            name, number = f"{base} ({number})", number + 1
        if name != base:
            notes.append(f"Another column is named '{base}' too: it is '{name}' now.")
        taken.add(name)
        names.append(name)
    return names, notes
