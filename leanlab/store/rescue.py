"""Rescue what can be read of a damaged project: by SQL where it still works, then page by page.

The result is a new project; the damaged file stays as it is, and everything rescued is marked as
not verified. The file may be a stranger's and made to hurt: SQL reads only tables whose definition
is ours, under a deadline, and nothing is written that the checks of an opened file would refuse.
"""

import json
import math
import re
import sqlite3
import struct
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leanlab.core import clock
from leanlab.core.errors import DocumentProblem
from leanlab.store import schema
from leanlab.store.checks import UNREADABLE, hurried, is_json, limited
from leanlab.store.document import create_working_copy
from leanlab.store.pagescan import RawRow, likely_page_size, scanned
from leanlab.store.schema import FORMATS, SQL_TYPES, Format, data_table

FEWEST_ROWS = 3  # of a lost sheet that are worth a new one
LARGEST = 512 * 1024 * 1024  # bytes that are scanned in memory
DEADLINE = 60.0  # seconds for what SQL can read
MOST_SHEETS = 300
WIDEST = 1_990  # columns of a sheet
_ID = re.compile(r"[0-9a-f]{32}")
_COLUMN = re.compile(r"c[1-9][0-9]{0,3}")
_KEY = re.compile(r"[a-z_]{2,40}(:.*)?")
_PY = {"TEXT": str, "INTEGER": int, "REAL": float, "BLOB": bytes}


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a row of one table looks like."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    required: tuple[bool, ...]
    keys: tuple[int, ...]  # positions of the primary key
    row_id_at: int | None  # position of the column that is the row id itself
    sql: str

    def fitted(self, row_id: int, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """Return the values as this table keeps them; None if they cannot be of it."""
        if len(values) > len(self.columns):
            return None
        full = [None if _is_nan(v) else v for v in values]
        full += [None] * (len(self.columns) - len(full))
        if self.row_id_at is not None:
            if full[self.row_id_at] is not None:
                return None
            full[self.row_id_at] = row_id
        for at, (value, sql) in enumerate(zip(full, self.types, strict=True)):
            if value is None:
                if self.required[at]:
                    return None
            elif sql == "REAL" and isinstance(value, int):  # SQLite writes whole numbers shorter
                full[at] = float(value)
            elif not isinstance(value, _PY[sql]):
                return None
        return tuple(full)

    def key(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return the primary key of a row."""
        return tuple(row[at] for at in self.keys)


def _is_nan(value: Any) -> bool:
    """SQLite keeps no NaN: damage made it."""
    return isinstance(value, float) and math.isnan(value)


@dataclass(slots=True)
class Rescued:
    """The rows that were found: table -> key -> row."""

    form: Format
    rows: dict[str, dict[tuple[Any, ...], tuple[Any, ...]]] = field(default_factory=dict)
    by_sql: int = 0
    by_pages: int = 0

    def add(self, shape: TableShape, row: tuple[Any, ...]) -> bool:
        """Take a row unless its key is known."""
        known = self.rows.setdefault(shape.name, {})
        key = shape.key(row)
        if key in known:
            return False
        known[key] = row
        return True

    def table(self, name: str) -> list[tuple[Any, ...]]:
        """Return the rows of a table."""
        return list(self.rows.get(name, {}).values())

    @property
    def count(self) -> int:
        """How many rows were found."""
        return sum(len(rows) for rows in self.rows.values())


def rescue(damaged: Path, copy: Path, target: Path) -> Rescued:
    """Read what can be read of `damaged` and write it to a new working copy at `target`.

    `copy` is a private copy of the same bytes, on which SQL is tried.
    """
    if damaged.stat().st_size > LARGEST:
        raise DocumentProblem(
            f"{damaged.name} is too large to be rescued page by page.", hint="Restore a backup."
        )
    content = damaged.read_bytes()
    version = _version(content)
    found = Rescued(FORMATS[version])
    shapes = _shapes(found.form.tables)
    _by_sql(copy, shapes, found)
    page_size = likely_page_size(content)
    _by_pages(lambda: scanned(content, page_size), shapes, found)
    sheets = _sheet_shapes(found)
    _by_sql(copy, sheets, found)
    lost = _data_rows(scanned(content, page_size), sheets, found)
    sheets |= _sheets_made_anew(lost, found)
    if not found.table("record") and not found.table("sheet_column"):
        raise DocumentProblem(
            f"Nothing of {damaged.name} can be read any more.", hint="Restore a backup."
        )
    create_working_copy(target, version)
    _write(target, shapes, sheets, found)
    return found


def _version(content: bytes) -> int:
    """Return the format of a file; where its header is lost, it is taken for one of today."""
    told = struct.unpack(">I", content[60:64])[0] if len(content) >= 100 else 0
    return told if told in FORMATS else schema.FORMAT


def _shape(connection: sqlite3.Connection, name: str, sql: str) -> TableShape:
    info = connection.execute(f"PRAGMA table_info({name})").fetchall()
    keys = [(row[5], at) for at, row in enumerate(info) if row[5]]
    alias = [at for _, at in keys if info[at][2] == "INTEGER"] if len(keys) == 1 else []
    return TableShape(
        name,
        tuple(row[1] for row in info),
        tuple(row[2] for row in info),
        tuple(bool(row[3]) for row in info),
        tuple(at for _, at in sorted(keys)),
        alias[0] if alias else None,
        sql,
    )


def _shapes(ddl: Iterable[str]) -> dict[str, TableShape]:
    with closing(sqlite3.connect(":memory:")) as connection:
        for sql in ddl:
            connection.execute(sql)
        told = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
        return {name: _shape(connection, name, sql) for name, sql in told.fetchall()}


def _sheet_shapes(found: Rescued) -> dict[str, TableShape]:
    """Return the shapes of the data sheets, as far as their columns are known.

    Of sheets that claim one table, the first has it; the others go when the rows are written.
    """
    columns = _columns_of_sheets(found)
    return _shapes([data_table(number, known) for number, known in columns.items()])


def _columns_of_sheets(found: Rescued) -> dict[int, list[tuple[str, str]]]:
    """Return the columns of each data table that can be made: number -> (id, kind)."""
    made: dict[int, list[tuple[str, str]]] = {}
    described: dict[str, list[tuple[str, str]]] = {}
    for row in found.table("sheet_column"):
        described.setdefault(row[0], []).append((row[1], row[4]))
    for row in found.table("sheet"):
        columns = sorted(described.get(row[0], ()), key=lambda c: (len(c[0]), c[0]))
        if 0 < len(columns) <= WIDEST and len(made) < MOST_SHEETS:
            made.setdefault(row[1], columns)
    return made


def _by_sql(copy: Path, shapes: Mapping[str, TableShape], found: Rescued) -> None:
    """Read rows with SQLite, from tables that are defined as LeanLab defines them."""
    try:
        with closing(limited(copy)) as connection, hurried(connection, DEADLINE):
            told = dict(
                connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
            )
            for shape in shapes.values():
                if told.get(shape.name) == shape.sql:
                    _rows_by_sql(connection, shape, found)
    except UNREADABLE:
        return


def _rows_by_sql(connection: sqlite3.Connection, shape: TableShape, found: Rescued) -> None:
    for order in ("", " DESC"):  # from both ends: a broken page in the middle stops either
        for row in _readable(connection, shape, order):
            fitted = shape.fitted(row[0], _stored(shape, row[1:]))
            if fitted is not None and _plausible(shape, fitted, found.form):
                found.by_sql += found.add(shape, fitted)


def _stored(shape: TableShape, row: Sequence[Any]) -> list[Any]:
    """Return a row as it stands on its page: the row id's own column is empty there."""
    values = list(row)
    if shape.row_id_at is not None:
        values[shape.row_id_at] = None
    return values


def _readable(connection: sqlite3.Connection, shape: TableShape, order: str) -> Iterator[Any]:
    try:
        yield from connection.execute(f"SELECT rowid, * FROM {shape.name} ORDER BY rowid{order}")
    except UNREADABLE:
        return


def _id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


# what a row of each table must look like beyond its types
_SIGNS: Mapping[str, Callable[[Sequence[Any], Format], bool]] = {
    "record": lambda row, form: _id(row[0]) and row[1] in form.kinds and row[3][:2] == "20",
    "meta": lambda row, _: bool(_KEY.fullmatch(row[0])) and (row[0] != "project_id" or _id(row[1])),
    "setting": lambda row, _: bool(_KEY.fullmatch(row[0])),
    "link": lambda row, _: _id(row[0]) and _id(row[2]),
    "sheet_column": lambda row, _: _id(row[0]) and bool(_COLUMN.fullmatch(row[1])) and row[4] in SQL_TYPES,
    "row_state": lambda row, _: _id(row[0]) and row[2] in {"excluded", "labelled"},
    "bad_cell": lambda row, _: _id(row[0]) and bool(_COLUMN.fullmatch(row[2])),
    "content": lambda row, _: len(row[0]) == 64,
    "audit": lambda row, _: len(row[6]) == 64 and row[1][:2] == "20",
    "counter": lambda row, _: len(row[0]) <= 2,
    "summary": lambda row, _: row[0] == 1 and is_json(row[1], an_object=True),
}  # fmt: skip


def _plausible(shape: TableShape, row: Sequence[Any], form: Format) -> bool:
    """Whether a row is what LeanLab may have written; what is not would be refused when it is opened."""
    if shape.name in _SIGNS:
        return _SIGNS[shape.name](row, form)
    if shape.name not in form.kinds:
        return True
    if not _id(row[0]) or (shape.name == "sheet" and not _is_sheet_number(row[1])):
        return False
    told = dict(zip(shape.columns, row, strict=True))
    return all(
        told[name] is None or is_json(told[name], an_object=name == "more")
        for name in form.json_columns(shape.name)
    )


def _is_sheet_number(value: Any) -> bool:
    return isinstance(value, int) and 0 < value < 2**31


def _by_pages(
    raw: Callable[[], Iterable[RawRow]], shapes: Mapping[str, TableShape], found: Rescued
) -> None:
    kinds = found.form.kinds
    by_width: dict[int, list[TableShape]] = {}
    for name, shape in shapes.items():
        if name not in kinds and name != "setting":  # a setting looks like a fact
            by_width.setdefault(len(shape.columns), []).append(shape)
    widths = {len(shapes[kind].columns) for kind in kinds}
    rest = [
        row
        for row in raw()
        if not any(_taken(row, s, found) for s in by_width.get(len(row.values), ()))
        and len(row.values) in widths
        and isinstance(row.values[0], str)
        and _id(row.values[0])
    ]
    of = {row[0]: row[1] for row in found.table("record")}
    orphans = [
        row
        for row in rest
        if row.values[0] not in of or not _taken(row, shapes[of[row.values[0]]], found)
    ]
    # rows whose record is lost go to the kind of their shape; where several share it, to the
    # one that was found most
    usual = sorted(kinds, key=lambda kind: -len(found.rows.get(kind, {})))
    for row in orphans:
        next((kind for kind in usual if _taken(row, shapes[kind], found)), None)


def _taken(row: RawRow, shape: TableShape, found: Rescued) -> bool:
    if len(row.values) != len(shape.columns):
        return False
    fitted = shape.fitted(row.row_id, row.values)
    if fitted is None or not _plausible(shape, fitted, found.form):
        return False
    if found.add(shape, fitted):
        found.by_pages += 1
    return True


def _data_rows(
    raw: Iterable[RawRow], sheets: Mapping[str, TableShape], found: Rescued
) -> list[RawRow]:
    """Give the rows of data sheets to their sheets; return those whose sheet is lost."""
    lost = []
    narrow_first = sorted(sheets.values(), key=lambda shape: len(shape.columns))
    for row in raw:
        if not _of_a_sheet(row):
            continue
        fits = [(s, f) for s in narrow_first if (f := s.fitted(row.row_id, row.values)) is not None]
        for shape, fitted in fits:
            known = found.rows.get(shape.name, {}).get(shape.key(fitted))
            if known == fitted:
                break
            if known is None:  # sheets of one shape count their rows alike
                found.by_pages += found.add(shape, fitted)
                break
        if not fits:
            lost.append(row)
    return lost


def _of_a_sheet(row: RawRow) -> bool:
    values = row.values
    return len(values) >= 3 and values[0] is None and isinstance(values[1], int | float)


def _sheets_made_anew(lost: Sequence[RawRow], found: Rescued) -> dict[str, TableShape]:
    """Make sheets for rows whose sheet cannot be read: named by what they are, c1, c2, ..."""
    by_width: dict[int, list[RawRow]] = {}
    for row in lost:
        few_enough = len(row.values) - 2 <= WIDEST
        if few_enough and all(isinstance(v, int | float | str) or v is None for v in row.values):
            by_width.setdefault(len(row.values) - 2, []).append(row)
    number = max((row[1] for row in found.table("sheet")), default=0)
    shapes: dict[str, TableShape] = {}
    for width, rows in by_width.items():
        if len(rows) < FEWEST_ROWS:
            continue
        number += 1
        sheet_id = uuid.uuid4().hex
        kinds = [_kind([row.values[at + 2] for row in rows]) for at in range(width)]
        columns = [(f"c{at + 1}", kind) for at, kind in enumerate(kinds)]
        found.rows.setdefault("sheet", {})[(sheet_id,)] = _sheet_row(sheet_id, number, found.form)
        for at, (column_id, kind) in enumerate(columns):
            found.rows.setdefault("sheet_column", {})[(sheet_id, column_id)] = (
                sheet_id, column_id, at, f"Column {at + 1}", kind, "", 2, None, 0,
            )  # fmt: skip
        shape = _shapes([data_table(number, columns)])[f"data_{number}"]
        for row in rows:
            values = [
                _as_stored(v, kinds[at - 2]) if at > 1 else v for at, v in enumerate(row.values)
            ]
            fitted = shape.fitted(row.row_id, values)
            if fitted is not None:
                found.by_pages += found.add(shape, fitted)
        shapes[shape.name] = shape
    return shapes


def _kind(values: Sequence[Any]) -> str:
    return "text" if any(isinstance(value, str) for value in values) else "number"


def _as_stored(value: Any, kind: str) -> Any:
    return str(value) if kind == "text" and value is not None else value


def _sheet_row(sheet_id: str, number: int, form: Format) -> tuple[Any, ...]:
    known = {"id": sheet_id, "number": number, "title": f"Rescued data {number}", "more": "{}"}
    return tuple(known.get(name) for name in ("id", *form.kinds["sheet"], "more"))


def _write(
    target: Path,
    shapes: Mapping[str, TableShape],
    sheets: Mapping[str, TableShape],
    found: Rescued,
) -> None:
    with closing(limited(target, write=True)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("BEGIN IMMEDIATE")
        for shape in shapes.values():
            _insert(connection, shape, found.table(shape.name))
        for shape in sheets.values():
            connection.execute(shape.sql)
            _insert(connection, shape, found.table(shape.name))
        _mend(connection, found.form, set(sheets))
        connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, shape: TableShape, rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(shape.columns))
    connection.executemany(f"INSERT OR REPLACE INTO {shape.name} VALUES ({marks})", rows)


def _mend(connection: sqlite3.Connection, form: Format, tables: set[str]) -> None:
    """Make the rows fit together: lost parents are made anew, what points nowhere goes."""
    now = clock.now().isoformat()
    _drop_sheets_without_a_table(connection, tables)
    for kind in form.kinds:
        connection.execute(
            f"INSERT INTO record SELECT id, ?, NULL, ?, 1, NULL FROM {kind} "
            "WHERE id NOT IN (SELECT id FROM record)",
            [kind, now],
        )
        connection.execute(
            f"DELETE FROM record WHERE kind = ? AND id NOT IN (SELECT id FROM {kind})", [kind]
        )
    for kind in form.kinds:
        # two kinds with one id: the record says which it is
        connection.execute(
            f"DELETE FROM {kind} WHERE id NOT IN (SELECT id FROM record WHERE kind = ?)", [kind]
        )
        for record_id, more in connection.execute(f"SELECT id, more FROM {kind}").fetchall():
            body = {**json.loads(more), "unverified": True}
            connection.execute(
                f"UPDATE {kind} SET more = ? WHERE id = ?",
                [json.dumps(body, ensure_ascii=False), record_id],
            )
    for table, column in (
        ("link", "from_id"), ("link", "to_id"), ("sheet_column", "sheet_id"),
        ("row_state", "sheet_id"), ("bad_cell", "sheet_id"),
    ):  # fmt: skip
        connection.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM record)")
    _mend_facts(connection, now)


def _drop_sheets_without_a_table(connection: sqlite3.Connection, tables: set[str]) -> None:
    """A sheet whose columns are lost cannot be shown; of two that claim one table, the first has it."""
    taken = set[str]()
    for sheet_id, number in connection.execute(
        "SELECT id, number FROM sheet ORDER BY rowid"
    ).fetchall():
        name = f"data_{number}"
        if name in tables and name not in taken:
            taken.add(name)
            continue
        for table, column in (("sheet", "id"), ("sheet_column", "sheet_id"), ("record", "id")):
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", [sheet_id])


def _mend_facts(connection: sqlite3.Connection, now: str) -> None:
    told = connection.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()
    usual = told is not None and re.fullmatch(r"[0-9]{1,15}", told[0])
    revision = max(1, int(told[0])) if usual else 1
    for key, value in (("revision", str(revision)), ("rescued", now)):
        connection.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )
