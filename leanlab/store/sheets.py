"""Data sheets of a document: their tables, cells, columns and row states."""

import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from leanlab.core import clock
from leanlab.core import format as words
from leanlab.core.errors import DocumentProblem
from leanlab.core.typing import IntArray
from leanlab.store.bulk import Block
from leanlab.store.document import Document
from leanlab.store.schema import SQL_TYPES

CHUNK = 50_000  # rows written in one go, so that nobody waits long for the document
MOST_COLUMNS = 1_990  # SQLite takes 2,000, row id and place included
FEW_CELLS = 200  # so many cells are kept one by one, with old and new value in the history

Progress = Callable[[int, int], None]
Cell = tuple[int, str, Any, str | None]


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


# values ----------------------------------------------------------------------------------------


def stored(kind: str, values: Any) -> list[Any]:
    """Turn a column's values into what SQLite keeps: NaN and NaT become NULL."""
    if kind in {"number", "whole"}:
        numbers = np.asarray(values, dtype=np.float64)
        out: list[Any] = numbers.tolist()
        for at in np.flatnonzero(np.isnan(numbers)).tolist():
            out[at] = None
        return out
    if kind == "datetime":
        stamps = np.asarray(values, dtype="datetime64[s]")
        texts = np.datetime_as_string(stamps).tolist()
        return [None if t == "NaT" else t for t in texts]
    return [None if v is None else str(v) for v in values]


def loaded(kind: str, values: Sequence[Any]) -> Any:
    """Turn stored values into an array."""
    if kind in {"number", "whole"}:
        return np.asarray([np.nan if v is None else v for v in values], dtype=np.float64)
    if kind == "datetime":
        return np.asarray(["NaT" if v is None else v for v in values], dtype="datetime64[s]")
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


# making ----------------------------------------------------------------------------------------


def make(
    document: Document,
    title: str,
    columns: Sequence[Any],
    source: Mapping[str, Any] | None,
    progress: Progress = _silent,
) -> str:
    """Make a data sheet from columns (ColumnData) in the bin; `reveal` takes it out.

    So undo puts it back into the bin, and no table is ever dropped by an undo. The rows are
    written in many small transactions; if one fails, or is cancelled, nothing is left.
    """
    sheet_id = uuid.uuid4().hex
    number = _begin(document, sheet_id, title, columns, source)
    total = len(columns[0].values) if columns else 0
    try:
        for start in range(0, total, CHUNK):
            progress(start, total)
            with document.step(title):
                _insert(document, number, columns, start, min(start + CHUNK, total))
        with document.step(title):
            for at, column in enumerate(columns, start=1):
                _insert_bad(document, sheet_id, f"c{at}", column.bad)
            _remember_highest(document, sheet_id, total)
        progress(total, total)
    except BaseException:
        _discard(document, sheet_id, number)
        raise
    return sheet_id


def reveal(document: Document, sheet_id: str) -> None:
    """Take a new sheet out of the bin: the one part of making it that undo knows."""
    row = document.rows("SELECT created FROM record WHERE id = ?", [sheet_id])[0]
    record = {
        "id": sheet_id, "kind": "sheet", "code": None, "created": row[0], "revision": 1, "deleted_at": None,
    }  # fmt: skip
    document.put("record", {"id": sheet_id}, record)
    document.touch(sheet_id, "sheet")


def _begin(
    document: Document,
    sheet_id: str,
    title: str,
    columns: Sequence[Any],
    source: Mapping[str, Any] | None,
) -> int:
    now = clock.now().isoformat()
    with document.step(title):
        number = int(document.rows("SELECT coalesce(max(number), 0) + 1 FROM sheet")[0][0])
        record = {
            "id": sheet_id, "kind": "sheet", "code": None, "created": now, "revision": 1, "deleted_at": now,
        }  # fmt: skip
        document.put_quietly("record", {"id": sheet_id}, record)
        row = {
            "id": sheet_id, "number": number, "title": title,
            "source": json.dumps(source or {}), "settings": None, "more": "{}",
        }  # fmt: skip
        document.put_quietly("sheet", {"id": sheet_id}, row)
        for at, column in enumerate(columns):
            key = {"sheet_id": sheet_id, "id": f"c{at + 1}"}
            described = {**key, **_column_row(at, column), "hidden": 0}
            document.put_quietly("sheet_column", key, described)
        document.make_table(number, [(f"c{at + 1}", c.kind) for at, c in enumerate(columns)])
    return number


def _discard(document: Document, sheet_id: str, number: int) -> None:
    """Take away a sheet that was never finished."""
    with document.step("Discard"):
        for sql in (
            "DELETE FROM bad_cell WHERE sheet_id = ?", "DELETE FROM sheet_column WHERE sheet_id = ?",
            "DELETE FROM sheet WHERE id = ?", "DELETE FROM record WHERE id = ?",
        ):  # fmt: skip
            document.run(sql, [[sheet_id]])
        document.drop_table(number)


def _column_row(position: int, column: Any) -> dict[str, Any]:
    return {
        "pos": position, "name": column.name, "kind": column.kind, "unit": column.unit,
        "decimals": column.decimals, "metric_id": None,
    }  # fmt: skip


def _insert(document: Document, number: int, columns: Sequence[Any], start: int, end: int) -> None:
    rows = range(start + 1, end + 1)
    marks = ", ".join("?" * (len(columns) + 2))
    values = [stored(c.kind, c.values[start:end]) for c in columns]
    document.run(
        f"INSERT INTO data_{number} VALUES ({marks})",
        zip(rows, map(float, rows), *values, strict=True),
    )
    document.forget(f"data_{number}")


def _insert_bad(
    document: Document, sheet_id: str, column_id: str, bad: Mapping[int, str], first: int = 1
) -> None:
    document.run(
        "INSERT INTO bad_cell VALUES (?, ?, ?, ?)",
        [(sheet_id, first + row, column_id, raw) for row, raw in bad.items()],
    )


# reading ---------------------------------------------------------------------------------------


def number_of(document: Document, sheet_id: str) -> int:
    """Return the number of a sheet's table."""
    return int(document.rows("SELECT number FROM sheet WHERE id = ?", [sheet_id])[0][0])


def columns_of(document: Document, sheet_id: str) -> list[tuple[Any, ...]]:
    """Return id, name, kind, unit, decimals and metric of each column."""
    return document.rows(
        "SELECT id, name, kind, unit, decimals, metric_id FROM sheet_column WHERE sheet_id = ? AND hidden = 0 ORDER BY pos, id",
        [sheet_id],
    )


def _all_columns(document: Document, sheet_id: str) -> list[tuple[str, str]]:
    """Return id and kind of every column of the table, hidden ones too, as they stand in it."""
    rows = document.rows(
        "SELECT id, kind FROM sheet_column WHERE sheet_id = ? ORDER BY length(id), id", [sheet_id]
    )
    return [(row[0], row[1]) for row in rows]


def row_count(document: Document, sheet_id: str) -> int:
    """Return how many rows a sheet has."""
    return _shape(document, number_of(document, sheet_id))[0]


def row_ids(document: Document, sheet_id: str) -> IntArray:
    """Return the ids of the rows in their order."""
    number = number_of(document, sheet_id)
    count, in_order = _shape(document, number)
    if in_order:
        return np.arange(1, count + 1, dtype=np.int64)
    ids, order = _moved(document, number)
    in_sheet: IntArray = ids[order]
    return in_sheet


def _shape(document: Document, number: int) -> tuple[int, bool]:
    """Return how many rows there are, and whether they are 1, 2, 3... as in most sheets."""

    def work_out() -> tuple[int, bool]:
        count, highest, moved = document.rows(
            f"SELECT count(*), coalesce(max(row_id), 0), coalesce(sum(pos <> row_id), 0) FROM data_{number}"
        )[0]
        return int(count), bool(count == highest and not moved)

    shape: tuple[int, bool] = document.remembered(f"data_{number}", "shape", work_out)
    return shape


def _moved(document: Document, number: int) -> tuple[IntArray, IntArray]:
    """Return the row ids as the table holds them, and their order in the sheet."""

    def work_out() -> tuple[IntArray, IntArray]:
        rows = document.rows(f"SELECT row_id, pos FROM data_{number} ORDER BY row_id")
        ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        places = np.fromiter((row[1] for row in rows), np.float64, len(rows))
        return ids, np.lexsort((ids, places)).astype(np.int64)

    moved: tuple[IntArray, IntArray] = document.remembered(f"data_{number}", "moved", work_out)
    return moved


def column_values(document: Document, sheet_id: str, column_id: str) -> Any:
    """Return a column in the order of the rows."""
    kind = dict(_all_columns(document, sheet_id))[column_id]
    number = number_of(document, sheet_id)
    if kind in {"number", "whole"}:
        parts = [
            np.fromiter(chain.from_iterable(rows), np.float64, len(rows))
            for rows in _slices(document, number, f"ifnull({column_id}, 9e999)")
        ]
        values = np.concatenate(parts)
        values[np.isinf(values)] = np.nan
    else:
        found = chain.from_iterable(_slices(document, number, column_id))
        values = loaded(kind, [row[0] for row in found])
    if _shape(document, number)[1]:
        return values
    return values[_moved(document, number)[1]]


def _slices(document: Document, number: int, what: str) -> list[list[tuple[Any, ...]]]:
    """Read a column slice by slice, so that the window is not kept waiting for the document.

    If somebody wrote in between, the slices do not belong together: read again.
    """
    while True:
        revision = document.revision
        top = document.rows(f"SELECT coalesce(max(row_id), 0) FROM data_{number}")[0][0]
        slices = []
        for start in range(0, int(top) + 1, CHUNK):
            between = f"row_id > {start} AND row_id <= {start + CHUNK}"
            slices.append(
                document.rows(f"SELECT {what} FROM data_{number} WHERE {between} ORDER BY row_id")
            )
            if top > CHUNK:
                time.sleep(0)  # let another thread have the document
        if document.revision == revision:
            return slices


def parts(
    document: Document, sheet_id: str, column_ids: Sequence[str], begin: int = 1
) -> Iterator[tuple[IntArray, dict[str, Any]]]:
    """Yield row ids and values of columns, part by part, the part with the row `begin` first.

    Numbers come as arrays, missing ones as NaN; everything else as it is stored. Somebody may write
    between two parts: whoever needs them of one state compares the revision.
    """
    number = number_of(document, sheet_id)
    kinds = dict(_all_columns(document, sheet_id))
    numeric = [c for c in column_ids if kinds[c] in {"number", "whole"}]
    others = [c for c in column_ids if c not in numeric]
    what = ", ".join(["row_id", *(f"ifnull({c}, 9e999)" for c in numeric)])
    top = int(document.rows(f"SELECT coalesce(max(row_id), 0) FROM data_{number}")[0][0])
    starts = range(0, top, CHUNK)
    first = max(0, begin - 1) // CHUNK
    for start in (*starts[first:], *starts[:first]):
        where = f"FROM data_{number} WHERE row_id > {start} AND row_id <= {start + CHUNK} ORDER BY row_id"
        rows = document.rows(f"SELECT {what} {where}")
        table = np.fromiter(
            chain.from_iterable(rows), np.float64, len(rows) * (len(numeric) + 1)
        ).reshape(len(rows), -1)
        table[np.isinf(table)] = np.nan
        found: dict[str, Any] = {c: table[:, at] for at, c in enumerate(numeric, start=1)}
        if others:
            listed = document.rows(f"SELECT {', '.join(others)} {where}")
            found.update(zip(others, zip(*listed, strict=True), strict=False))
        yield table[:, 0].astype(np.int64), found
        time.sleep(0)  # let another thread have the document


def page(
    document: Document, sheet_id: str, ids: Sequence[int]
) -> dict[int, tuple[tuple[Any, ...], tuple[str, ...]]]:
    """Return the stored values of some rows by row id, and the ids of the columns."""
    number = number_of(document, sheet_id)
    names = tuple(row[0] for row in columns_of(document, sheet_id))
    listed = ",".join(str(int(i)) for i in ids)
    chosen = ", ".join(("row_id", *names))
    rows = document.rows(f"SELECT {chosen} FROM data_{number} WHERE row_id IN ({listed})")
    return {row[0]: (row[1:], names) for row in rows}


def states(document: Document, sheet_id: str) -> dict[int, tuple[str, str, str, str]]:
    """Return state, reason, who and when of the rows that have one."""
    rows = document.rows(
        "SELECT row_id, state, reason, who, at FROM row_state WHERE sheet_id = ?", [sheet_id]
    )
    return {row[0]: row[1:] for row in rows}


def bad_cells(document: Document, sheet_id: str) -> dict[tuple[int, str], str]:
    """Return the raw text of cells that do not fit their column."""
    rows = document.rows(
        "SELECT row_id, column_id, raw FROM bad_cell WHERE sheet_id = ?", [sheet_id]
    )
    hidden = {
        row[0]
        for row in document.rows(
            "SELECT id FROM sheet_column WHERE sheet_id = ? AND hidden = 1", [sheet_id]
        )
    }
    return {(row[0], row[1]): row[2] for row in rows if row[1] not in hidden}


def source_of(document: Document, sheet_id: str) -> dict[str, Any]:
    """Return where a sheet came from."""
    found = document.rows("SELECT source FROM sheet WHERE id = ?", [sheet_id])
    value = json.loads(found[0][0] or "{}")
    return value if isinstance(value, dict) else {}


# cells -----------------------------------------------------------------------------------------


def set_cells(document: Document, sheet_id: str, cells: Iterable[Cell]) -> None:
    """Write cells: row id, column id, stored value, and the raw text of a cell that does not fit."""
    listed = list(cells)
    if len(listed) <= FEW_CELLS:
        _set_one_by_one(document, sheet_id, listed)
    else:
        by_column: dict[str, dict[int, tuple[Any, str | None]]] = {}
        for row_id, column_id, value, raw in listed:
            by_column.setdefault(column_id, {})[row_id] = (value, raw)
        for column_id, rows in by_column.items():
            ids = np.fromiter(rows, np.int64, len(rows))
            values = [value for value, _ in rows.values()]
            bad = {i: raw for i, (_, raw) in rows.items() if raw is not None}
            set_column(document, sheet_id, column_id, ids, values, bad)
    document.touch(sheet_id, "sheet")


def _set_one_by_one(document: Document, sheet_id: str, cells: Sequence[Cell]) -> None:
    number = number_of(document, sheet_id)
    for row_id, column_id, value, raw in cells:
        row = _row(document, number, row_id)
        row[column_id] = value
        document.put(f"data_{number}", {"row_id": row_id}, row)
        key = {"sheet_id": sheet_id, "row_id": row_id, "column_id": column_id}
        document.put("bad_cell", key, None if raw is None else {**key, "raw": raw})


def _row(document: Document, number: int, row_id: int) -> dict[str, Any]:
    names = [row[1] for row in document.rows(f"PRAGMA table_info(data_{number})")]
    found = document.rows(f"SELECT * FROM data_{number} WHERE row_id = ?", [row_id])
    return dict(zip(names, found[0], strict=True))


def set_column(
    document: Document,
    sheet_id: str,
    column_id: str,
    ids: IntArray,
    values: list[Any],
    bad: Mapping[int, str],
) -> None:
    """Write many cells of one column, with one image of what they were."""
    table = f"data_{number_of(document, sheet_id)}"
    everyone = np.ones(ids.size, dtype=np.bool_)
    document.write_block(Block(table, {}, (column_id,), ids, everyone, [values]))
    _set_bad(document, sheet_id, column_id, ids, bad)
    document.touch(sheet_id, "sheet")


def _set_bad(
    document: Document, sheet_id: str, column_id: str, ids: IntArray, bad: Mapping[int, str]
) -> None:
    """Let the given rows have exactly these bad cells."""
    rows = document.rows(
        "SELECT row_id FROM bad_cell WHERE sheet_id = ? AND column_id = ?", [sheet_id, column_id]
    )
    old = np.asarray([row[0] for row in rows], dtype=np.int64)
    new = np.asarray(sorted(bad), dtype=np.int64)
    touched = np.union1d(old[np.isin(old, ids)], new)
    present = np.isin(touched, new)
    fixed = {"sheet_id": sheet_id, "column_id": column_id}
    raws = [bad[int(i)] for i in touched[present]]
    document.write_block(Block("bad_cell", fixed, ("raw",), touched, present, [raws]))


# rows ------------------------------------------------------------------------------------------


def append(document: Document, sheet_id: str, columns: Sequence[Any]) -> list[int]:
    """Add rows at the end, one ColumnData per column of the sheet; undo takes them away."""
    number = number_of(document, sheet_id)
    last = document.rows(f"SELECT coalesce(max(pos), 0) FROM data_{number}")[0][0]
    count = len(columns[0].values) if columns else 0
    return _add_rows(document, sheet_id, columns, float(last) + np.arange(1, count + 1))


def insert(document: Document, sheet_id: str, before: int, columns: Sequence[Any]) -> list[int]:
    """Add rows above the row with id `before`."""
    number = number_of(document, sheet_id)
    count = len(columns[0].values)
    above, at = _gap(document, number, before)
    steps = above + (at - above) * np.arange(1, count + 1) / (count + 1)
    if np.any(np.diff(np.r_[above, steps, at]) <= 0):  # no room left between the two
        _renumber(document, sheet_id, row_ids(document, sheet_id))
        above, at = _gap(document, number, before)
        steps = above + (at - above) * np.arange(1, count + 1) / (count + 1)
    return _add_rows(document, sheet_id, columns, steps)


def _gap(document: Document, number: int, before: int) -> tuple[float, float]:
    at = document.rows(f"SELECT pos FROM data_{number} WHERE row_id = ?", [before])[0][0]
    above = document.rows(f"SELECT max(pos) FROM data_{number} WHERE pos < ?", [at])[0][0]
    return (float(at) - 1.0 if above is None else float(above)), float(at)


def _add_rows(document: Document, sheet_id: str, columns: Sequence[Any], places: Any) -> list[int]:
    number = number_of(document, sheet_id)
    shown = [row[0] for row in columns_of(document, sheet_id)]
    highest = _highest(document, sheet_id)
    ids = highest + np.arange(1, len(places) + 1, dtype=np.int64)
    values = [
        np.asarray(places, dtype=np.float64).tolist(),
        *(stored(c.kind, c.values) for c in columns),
    ]
    table = f"data_{number}"
    document.write_block(
        Block(table, {}, ("pos", *shown), ids, np.ones(ids.size, dtype=np.bool_), values)
    )
    for column_id, column in zip(shown, columns, strict=True):
        bad = {int(ids[at]): raw for at, raw in column.bad.items()}
        _set_bad(document, sheet_id, column_id, ids, bad)
    _remember_highest(document, sheet_id, highest + len(places))
    document.touch(sheet_id, "sheet")
    return [int(i) for i in ids]


def _highest(document: Document, sheet_id: str) -> int:
    number = number_of(document, sheet_id)
    there = document.rows(f"SELECT coalesce(max(row_id), 0) FROM data_{number}")[0][0]
    return max(int(there), int(document.meta(f"rows:{sheet_id}", "0")))


def _remember_highest(document: Document, sheet_id: str, highest: int) -> None:
    """Row ids are never used again: not after rows were deleted, nor after an undo."""
    key = f"rows:{sheet_id}"
    document.put_quietly("meta", {"key": key}, {"key": key, "value": str(highest)})


def delete_rows(document: Document, sheet_id: str, ids: Sequence[int]) -> None:
    """Delete rows with their states and bad cells."""
    _remember_highest(document, sheet_id, _highest(document, sheet_id))
    chosen = np.unique(np.asarray(ids, dtype=np.int64))
    gone = np.zeros(chosen.size, dtype=np.bool_)
    for column_id, _ in _all_columns(document, sheet_id):
        _set_bad(document, sheet_id, column_id, chosen, {})
    document.write_block(
        Block("row_state", {"sheet_id": sheet_id}, _STATE, chosen, gone, [[] for _ in _STATE])
    )
    names = ("pos", *(name for name, _ in _all_columns(document, sheet_id)))
    table = f"data_{number_of(document, sheet_id)}"
    document.write_block(Block(table, {}, names, chosen, gone, [[] for _ in names]))
    document.touch(sheet_id, "sheet")


def sort_rows(document: Document, sheet_id: str, ids: IntArray) -> None:
    """Put the rows into this order, for good."""
    _renumber(document, sheet_id, ids)
    document.touch(sheet_id, "sheet")


def _renumber(document: Document, sheet_id: str, ids: IntArray) -> None:
    table = f"data_{number_of(document, sheet_id)}"
    places = np.arange(1, ids.size + 1, dtype=np.float64).tolist()
    everyone = np.ones(ids.size, dtype=np.bool_)
    document.write_block(Block(table, {}, ("pos",), ids, everyone, [places]))


_STATE = ("state", "reason", "who", "at")


def set_state(
    document: Document, sheet_id: str, ids: Sequence[int], state: str | None, reason: str
) -> None:
    """Exclude or label rows; None takes it back."""
    values = (state, reason, document.who, clock.now().isoformat())
    if len(ids) > FEW_CELLS:
        chosen = np.unique(np.asarray(ids, dtype=np.int64))
        present = np.full(chosen.size, state is not None)
        lists = [[v] * int(present.sum()) for v in values]
        document.write_block(
            Block("row_state", {"sheet_id": sheet_id}, _STATE, chosen, present, lists)
        )
    else:
        for row_id in ids:
            key = {"sheet_id": sheet_id, "row_id": int(row_id)}
            row = None if state is None else {**key, **dict(zip(_STATE, values, strict=True))}
            document.put("row_state", key, row)
    document.touch(sheet_id, "sheet")


# columns ---------------------------------------------------------------------------------------


def add_column(document: Document, sheet_id: str, column: Any, position: int | None = None) -> str:
    """Add a column with its values, row by row; undo hides it again."""
    number = number_of(document, sheet_id)
    known = _all_columns(document, sheet_id)
    if len(known) >= MOST_COLUMNS:
        raise DocumentProblem(
            f"A data sheet takes up to {words.number(MOST_COLUMNS, 0)} columns; deleted ones count, "
            "as undo may bring them back.",
            hint="Divide the data between two sheets, or import only the columns you need.",
        )
    column_id = f"c{1 + max((int(i[1:]) for i, _ in known), default=0)}"
    key = {"sheet_id": sheet_id, "id": column_id}
    row = {**key, **_column_row(len(known), column)}
    document.put_quietly("sheet_column", key, {**row, "hidden": 1})
    document.add_table_column(number, known, (column_id, column.kind))
    values = stored(column.kind, column.values)
    if any(value is not None for value in values) or column.bad:
        ids = row_ids(document, sheet_id).tolist()
        document.run(
            f"UPDATE data_{number} SET {column_id} = ? WHERE row_id = ?",
            zip(values, ids, strict=True),
        )
        bad = [(sheet_id, ids[at], column_id, raw) for at, raw in column.bad.items()]
        document.run("INSERT INTO bad_cell VALUES (?, ?, ?, ?)", bad)
    document.put("sheet_column", key, {**row, "hidden": 0})
    if position is not None:
        move_column(document, sheet_id, column_id, position)
    document.touch(sheet_id, "sheet")
    return column_id


def edit_column(
    document: Document, sheet_id: str, column_id: str, changes: Mapping[str, Any]
) -> None:
    """Change name, unit, decimals, metric, or hide (delete) a column."""
    names = ("pos", "name", "kind", "unit", "decimals", "metric_id", "hidden")
    row = document.rows(
        f"SELECT {', '.join(names)} FROM sheet_column WHERE sheet_id = ? AND id = ?",
        [sheet_id, column_id],
    )[0]
    key = {"sheet_id": sheet_id, "id": column_id}
    document.put("sheet_column", key, {**key, **dict(zip(names, row, strict=True)), **changes})
    document.touch(sheet_id, "sheet")


def move_column(document: Document, sheet_id: str, column_id: str, position: int) -> None:
    """Let a column stand at another place; the table itself stays as it is."""
    order = [row[0] for row in columns_of(document, sheet_id) if row[0] != column_id]
    order.insert(max(0, min(position, len(order))), column_id)
    for at, one in enumerate(order):
        edit_column(document, sheet_id, one, {"pos": at})


def retype_column(document: Document, sheet_id: str, column_id: str, column: Any) -> None:
    """Give a column another kind, with its values (ColumnData) read anew in the order of the rows."""
    ids = row_ids(document, sheet_id)
    known = _all_columns(document, sheet_id)
    table = f"data_{number_of(document, sheet_id)}"
    _set_bad(document, sheet_id, column_id, ids, {})
    everyone = np.ones(ids.size, dtype=np.bool_)
    if SQL_TYPES[dict(known)[column_id]] != SQL_TYPES[column.kind]:
        document.keep_block(Block(table, {}, (column_id,), ids, everyone, [[]]))
    changed = [(name, column.kind if name == column_id else kind) for name, kind in known]
    document.rebuild_table(number_of(document, sheet_id), known, changed)
    facts = {"kind": column.kind, "decimals": column.decimals}
    edit_column(document, sheet_id, column_id, facts)
    bad = {int(ids[at]): raw for at, raw in column.bad.items()}
    set_column(document, sheet_id, column_id, ids, stored(column.kind, column.values), bad)
