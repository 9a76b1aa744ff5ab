"""Rescue what can be read of a damaged project: by SQL where it still works, then page by page.

The result is a new project; the damaged file stays as it is, and everything rescued is marked as
not verified.
"""

import contextlib
import json
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leanlab.core import clock
from leanlab.core.errors import DocumentProblem
from leanlab.store.checks import limited
from leanlab.store.document import create_working_copy
from leanlab.store.pagescan import RawRow, likely_page_size, scanned
from leanlab.store.schema import KINDS, SQL_TYPES, all_tables, data_table

FEWEST_ROWS = 3  # of a lost sheet that are worth a new one
LARGEST = 512 * 1024 * 1024  # bytes that are scanned in memory
_ID = re.compile(r"[0-9a-f]{32}")
_COLUMN = re.compile(r"c\d{1,4}")
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

    def fitted(self, row_id: int, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """Return the values as this table keeps them; None if they cannot be of it."""
        if len(values) > len(self.columns):
            return None
        full = [*values, *[None] * (len(self.columns) - len(values))]
        if self.row_id_at is not None:
            if full[self.row_id_at] is not None:
                return None
            full[self.row_id_at] = row_id
        for at, (value, sql) in enumerate(zip(full, self.types, strict=True)):
            if value is None:
                if self.required[at]:
                    return None
            elif sql == "REAL" and isinstance(value, int):
                full[at] = float(value)
            elif not isinstance(value, _PY[sql]):
                return None
        return tuple(full)

    def key(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return the primary key of a row."""
        return tuple(row[at] for at in self.keys)


@dataclass(slots=True)
class Rescued:
    """The rows that were found: table -> key -> row."""

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
    found = Rescued()
    shapes = _fixed_shapes()
    _by_sql(copy, shapes.values(), found)
    content = damaged.read_bytes()
    raw = list(scanned(content, likely_page_size(content)))
    _by_pages(raw, shapes, found)
    sheets = _sheet_shapes(found)
    _by_sql(copy, sheets.values(), found)
    lost = _data_rows(raw, sheets, found)
    sheets |= _sheets_made_anew(lost, found)
    if not found.table("record") and not found.table("sheet_column"):
        raise DocumentProblem(
            f"Nothing of {damaged.name} can be read any more.", hint="Restore a backup."
        )
    create_working_copy(target)
    _write(target, shapes, sheets, found)
    return found


def _shape(connection: sqlite3.Connection, name: str) -> TableShape:
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
    )


def _shapes(ddl: Sequence[str]) -> dict[str, TableShape]:
    with closing(sqlite3.connect(":memory:")) as connection:
        for sql in ddl:
            connection.execute(sql)
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        return {name: _shape(connection, name) for name in names}


def _fixed_shapes() -> dict[str, TableShape]:
    return _shapes(all_tables())


def _sheet_shapes(found: Rescued) -> dict[str, TableShape]:
    """Return the shapes of the data sheets, as far as their columns are known."""
    ddl = []
    numbers = {row[0]: row[1] for row in found.table("sheet")}
    for sheet_id, number in numbers.items():
        columns = sorted(
            ((row[1], row[4]) for row in found.table("sheet_column") if row[0] == sheet_id),
            key=lambda column: (len(column[0]), column[0]),
        )
        with contextlib.suppress(ValueError):
            ddl.append(data_table(number, columns))
    return _shapes(ddl)


def _by_sql(copy: Path, shapes: Any, found: Rescued) -> None:
    try:
        connection = limited(copy)
    except sqlite3.Error:
        return
    with closing(connection):
        for shape in shapes:
            for order in ("", " DESC"):  # from both ends: a broken page in the middle stops either
                for row in _readable(connection, shape, order):
                    fitted = shape.fitted(row[0], _stored(shape, row[1:]))
                    if (
                        fitted is not None
                        and _plausible(shape.name, fitted)
                        and found.add(shape, fitted)
                    ):
                        found.by_sql += 1


def _stored(shape: TableShape, row: Sequence[Any]) -> list[Any]:
    """Return a row as it stands on its page: the row id's own column is empty there."""
    values = list(row)
    if shape.row_id_at is not None:
        values[shape.row_id_at] = None
    return values


def _readable(connection: sqlite3.Connection, shape: TableShape, order: str) -> Iterator[Any]:
    try:
        yield from connection.execute(f"SELECT rowid, * FROM {shape.name} ORDER BY rowid{order}")
    except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError):
        return


def _id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


# what a row of each table must look like beyond its types
_SIGNS: Mapping[str, Callable[[Sequence[Any]], bool]] = {
    "record": lambda row: _id(row[0]) and row[1] in KINDS and row[3][:2] == "20",
    "meta": lambda row: bool(_KEY.fullmatch(row[0])),
    "setting": lambda row: bool(_KEY.fullmatch(row[0])),
    "link": lambda row: _id(row[0]) and _id(row[2]),
    "sheet_column": lambda row: _id(row[0]) and bool(_COLUMN.fullmatch(row[1])) and row[4] in SQL_TYPES,
    "row_state": lambda row: _id(row[0]) and row[2] in {"excluded", "labelled"},
    "bad_cell": lambda row: _id(row[0]) and bool(_COLUMN.fullmatch(row[2])),
    "content": lambda row: len(row[0]) == 64,
    "audit": lambda row: len(row[6]) == 64 and row[1][:2] == "20",
    "counter": lambda row: len(row[0]) <= 2,
    "summary": lambda row: row[0] == 1,
}  # fmt: skip


def _plausible(table: str, row: Sequence[Any]) -> bool:
    if table in _SIGNS:
        return _SIGNS[table](row)
    return table not in KINDS or (_id(row[0]) and _is_json(row[-1]))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _by_pages(raw: Sequence[RawRow], shapes: Mapping[str, TableShape], found: Rescued) -> None:
    fixed = [shape for name, shape in shapes.items() if name not in KINDS and name != "setting"]
    rest = [row for row in raw if not any(_taken(row, shape, found) for shape in fixed)]
    kinds = {row[0]: row[1] for row in found.table("record")}
    orphans = []
    for row in rest:
        kind = kinds.get(row.values[0]) if row.values and isinstance(row.values[0], str) else None
        if kind is None or not _taken(row, shapes[kind], found):
            orphans.append(row)
    # rows whose record is lost go to the kind of their shape; where several share it, to the
    # one that was found most
    usual = sorted(KINDS, key=lambda kind: -len(found.rows.get(kind, {})))
    for row in orphans:
        next((kind for kind in usual if _taken(row, shapes[kind], found)), None)


def _taken(row: RawRow, shape: TableShape, found: Rescued) -> bool:
    if len(row.values) != len(shape.columns):
        return False
    fitted = shape.fitted(row.row_id, row.values)
    if fitted is None or not _plausible(shape.name, fitted):
        return False
    if found.add(shape, fitted):
        found.by_pages += 1
    return True


def _data_rows(
    raw: Sequence[RawRow], sheets: Mapping[str, TableShape], found: Rescued
) -> list[RawRow]:
    """Give the rows of data sheets to their sheets; return those whose sheet is lost."""
    lost = []
    for row in raw:
        if not _of_a_sheet(row):
            continue
        for shape in sheets.values():
            fitted = shape.fitted(row.row_id, row.values)
            if fitted is not None:
                found.by_pages += found.add(shape, fitted)
                break
        else:
            lost.append(row)
    return lost


def _of_a_sheet(row: RawRow) -> bool:
    values = row.values
    return len(values) >= 3 and values[0] is None and isinstance(values[1], int | float)


def _sheets_made_anew(lost: Sequence[RawRow], found: Rescued) -> dict[str, TableShape]:
    """Make sheets for rows whose sheet cannot be read: named by what they are, c1, c2, ..."""
    by_width: dict[int, list[RawRow]] = {}
    for row in lost:
        if all(isinstance(v, int | float | str) or v is None for v in row.values):
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
        found.rows.setdefault("sheet", {})[(sheet_id,)] = _sheet_row(sheet_id, number)
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


def _sheet_row(sheet_id: str, number: int) -> tuple[Any, ...]:
    known = {"id": sheet_id, "number": number, "title": f"Rescued data {number}", "more": "{}"}
    return tuple(known.get(name) for name in ("id", *KINDS["sheet"], "more"))


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
        columns = _columns_of_sheets(found)
        for name, shape in sheets.items():
            connection.execute(data_table(int(name[5:]), columns[int(name[5:])]))
            _insert(connection, shape, found.table(name))
        _mend(connection)
        connection.execute("COMMIT")


def _columns_of_sheets(found: Rescued) -> dict[int, list[tuple[str, str]]]:
    return {
        row[1]: sorted(
            ((c[1], c[4]) for c in found.table("sheet_column") if c[0] == row[0]),
            key=lambda column: (len(column[0]), column[0]),
        )
        for row in found.table("sheet")
    }


def _insert(connection: sqlite3.Connection, shape: TableShape, rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(shape.columns))
    rows = [tuple(None if isinstance(v, float) and v != v else v for v in row) for row in rows]  # noqa: PLR0124
    connection.executemany(f"INSERT OR REPLACE INTO {shape.name} VALUES ({marks})", rows)


def _mend(connection: sqlite3.Connection) -> None:
    """Make the rows fit together: lost parents are made anew, what points nowhere goes."""
    now = clock.now().isoformat()
    for kind in KINDS:
        connection.execute(
            f"INSERT INTO record SELECT id, ?, NULL, ?, 1, NULL FROM {kind} "
            "WHERE id NOT IN (SELECT id FROM record)",
            [kind, now],
        )
        connection.execute(
            f"DELETE FROM record WHERE kind = ? AND id NOT IN (SELECT id FROM {kind})", [kind]
        )
        for record_id, more in connection.execute(f"SELECT id, more FROM {kind}").fetchall():
            body = json.loads(more)
            connection.execute(
                f"UPDATE {kind} SET more = ? WHERE id = ?",
                [json.dumps({**body, "unverified": True}, ensure_ascii=False), record_id],
            )
    for table, column in (
        ("link", "from_id"), ("link", "to_id"), ("sheet_column", "sheet_id"),
        ("row_state", "sheet_id"), ("bad_cell", "sheet_id"),
    ):  # fmt: skip
        connection.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM record)")
    # a sheet whose columns are lost has no table: it cannot be shown
    for sheet_id, number in connection.execute("SELECT id, number FROM sheet").fetchall():
        there = connection.execute(
            "SELECT 1 FROM sqlite_schema WHERE name = ?", [f"data_{int(number)}"]
        ).fetchone()
        if there is None:
            connection.execute("DELETE FROM sheet WHERE id = ?", [sheet_id])
            connection.execute("DELETE FROM sheet_column WHERE sheet_id = ?", [sheet_id])
            connection.execute("DELETE FROM record WHERE id = ?", [sheet_id])
    connection.execute(
        "UPDATE meta SET value = max(1, CAST(value AS INTEGER)) WHERE key = 'revision'"
    )
    connection.execute(
        "INSERT INTO meta VALUES ('rescued', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [now],
    )
