"""Data sheets of a document: their tables, cells and row states."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from leanlab.core import clock
from leanlab.store.document import Document


def stored(kind: str, values: Any) -> list[Any]:
    """Turn a column's values into what SQLite keeps: NaN and NaT become NULL."""
    if kind in {"number", "whole"}:
        numbers = np.asarray(values, dtype=np.float64)
        out = numbers.tolist()
        for at in np.flatnonzero(np.isnan(numbers)):
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


def make(
    document: Document, title: str, columns: Sequence[Any], source: Mapping[str, Any] | None
) -> str:
    """Make a data sheet from columns (ColumnData); return its id.

    The sheet is made in the bin and then taken out of it: undo puts it back there, so that no
    table is ever dropped by an undo.
    """
    number = int(document.rows("SELECT coalesce(max(number), 0) + 1 FROM sheet")[0][0])
    sheet_id = uuid.uuid4().hex
    now = clock.now().isoformat()
    binned = {
        "id": sheet_id, "kind": "sheet", "code": None, "created": now, "revision": 1, "deleted_at": now,
    }  # fmt: skip
    document.put_quietly("record", {"id": sheet_id}, binned)
    row = {
        "id": sheet_id,
        "number": number,
        "title": title,
        "source": json.dumps(source or {}),
        "settings": None,
        "more": "{}",
    }
    document.put_quietly("sheet", {"id": sheet_id}, row)
    ids = [f"c{i + 1}" for i in range(len(columns))]
    for position, (column_id, column) in enumerate(zip(ids, columns, strict=True)):
        key = {"sheet_id": sheet_id, "id": column_id}
        document.put_quietly(
            "sheet_column", key, {**key, **_column_row(position, column), "hidden": 0}
        )
    document.make_table(number, [(i, c.kind) for i, c in zip(ids, columns, strict=True)])
    _insert(document, number, sheet_id, ids, columns, 1)
    document.put("record", {"id": sheet_id}, {**binned, "deleted_at": None})
    document.touch(sheet_id, "sheet")
    return sheet_id


def _column_row(position: int, column: Any) -> dict[str, Any]:
    return {
        "pos": position, "name": column.name, "kind": column.kind, "unit": column.unit,
        "decimals": column.decimals, "metric_id": None,
    }  # fmt: skip


def add_column(document: Document, sheet_id: str, column: Any) -> str:
    """Add a column with its values, row by row; undo hides it again."""
    number = number_of(document, sheet_id)
    known = _all_columns(document, sheet_id)
    column_id = f"c{1 + max((int(i[1:]) for i, _ in known), default=0)}"
    key = {"sheet_id": sheet_id, "id": column_id}
    row = {**key, **_column_row(len(known), column)}
    document.put_quietly("sheet_column", key, {**row, "hidden": 1})
    document.rebuild_table(number, known, [*known, (column_id, column.kind)])
    ids = row_ids(document, sheet_id).tolist()
    values = stored(column.kind, column.values)
    document.run(
        f"UPDATE data_{number} SET {column_id} = ? WHERE row_id = ?",
        list(zip(values, ids, strict=True)),
    )
    bad = [(sheet_id, ids[at], column_id, raw) for at, raw in column.bad.items()]
    document.run("INSERT INTO bad_cell VALUES (?, ?, ?, ?)", bad)
    document.put("sheet_column", key, {**row, "hidden": 0})
    document.touch(sheet_id, "sheet")
    return column_id


def _all_columns(document: Document, sheet_id: str) -> list[tuple[str, str]]:
    rows = document.rows(
        "SELECT id, kind FROM sheet_column WHERE sheet_id = ? ORDER BY pos, id", [sheet_id]
    )
    return [(row[0], row[1]) for row in rows]


def _insert(
    document: Document,
    number: int,
    sheet_id: str,
    ids: Sequence[str],
    columns: Sequence[Any],
    first: int,
) -> None:
    count = len(columns[0].values) if columns else 0
    rows = range(first, first + count)
    marks = ", ".join("?" * (len(ids) + 2))
    values = [stored(c.kind, c.values) for c in columns]
    document.run(
        f"INSERT INTO data_{number} VALUES ({marks})",
        zip(rows, (float(r) for r in rows), *values, strict=True),
    )
    bad = [
        (sheet_id, first + row, column_id, raw)
        for column_id, column in zip(ids, columns, strict=True)
        for row, raw in column.bad.items()
    ]
    document.run("INSERT INTO bad_cell VALUES (?, ?, ?, ?)", bad)


def number_of(document: Document, sheet_id: str) -> int:
    """Return the number of a sheet's table."""
    return int(document.rows("SELECT number FROM sheet WHERE id = ?", [sheet_id])[0][0])


def columns_of(document: Document, sheet_id: str) -> list[tuple[Any, ...]]:
    """Return id, name, kind, unit, decimals and metric of each column."""
    return document.rows(
        "SELECT id, name, kind, unit, decimals, metric_id FROM sheet_column WHERE sheet_id = ? AND hidden = 0 ORDER BY pos, id",
        [sheet_id],
    )


def row_count(document: Document, sheet_id: str) -> int:
    """Return how many rows a sheet has."""
    return int(document.rows(f"SELECT count(*) FROM data_{number_of(document, sheet_id)}")[0][0])


def column_values(document: Document, sheet_id: str, column_id: str) -> Any:
    """Return a column in the order of the rows."""
    kind = {row[0]: row[2] for row in columns_of(document, sheet_id)}[column_id]
    rows = document.rows(
        f"SELECT {column_id} FROM data_{number_of(document, sheet_id)} ORDER BY pos, row_id"
    )
    return loaded(kind, [row[0] for row in rows])


def row_ids(document: Document, sheet_id: str) -> Any:
    """Return the ids of the rows in their order."""
    rows = document.rows(
        f"SELECT row_id FROM data_{number_of(document, sheet_id)} ORDER BY pos, row_id"
    )
    return np.asarray([row[0] for row in rows], dtype=np.int64)


def set_cells(
    document: Document, sheet_id: str, cells: Iterable[tuple[int, str, Any, str | None]]
) -> None:
    """Write cells: row id, column id, stored value, and the raw text of a cell that does not fit."""
    number = number_of(document, sheet_id)
    for row_id, column_id, value, raw in cells:
        row = _row(document, number, row_id)
        row[column_id] = value
        document.put(f"data_{number}", {"row_id": row_id}, row)
        key = {"sheet_id": sheet_id, "row_id": row_id, "column_id": column_id}
        document.put("bad_cell", key, None if raw is None else {**key, "raw": raw})
    document.touch(sheet_id, "sheet")


def _row(document: Document, number: int, row_id: int) -> dict[str, Any]:
    names = [row[1] for row in document.rows(f"PRAGMA table_info(data_{number})")]
    found = document.rows(f"SELECT * FROM data_{number} WHERE row_id = ?", [row_id])
    return dict(zip(names, found[0], strict=True))


def append(document: Document, sheet_id: str, columns: Sequence[Any]) -> list[int]:
    """Add rows at the end, one ColumnData per column of the sheet; undo takes them away."""
    number = number_of(document, sheet_id)
    ids = [row[0] for row in columns_of(document, sheet_id)]
    last = document.rows(
        f"SELECT coalesce(max(row_id), 0), coalesce(max(pos), 0) FROM data_{number}"
    )[0]
    used = max(int(last[0]), _highest_used(document, sheet_id))
    values = [stored(c.kind, c.values) for c in columns]
    new = []
    for offset, row in enumerate(zip(*values, strict=True)):
        row_id = used + offset + 1
        named = {
            "row_id": row_id,
            "pos": float(last[1]) + offset + 1,
            **dict(zip(ids, row, strict=True)),
        }
        document.put(f"data_{number}", {"row_id": row_id}, named)
        new.append(row_id)
    for column_id, column in zip(ids, columns, strict=True):
        for at, raw in column.bad.items():
            key = {"sheet_id": sheet_id, "row_id": new[at], "column_id": column_id}
            document.put("bad_cell", key, {**key, "raw": raw})
    _remember_highest(document, sheet_id, used + len(new))
    document.touch(sheet_id, "sheet")
    return new


def _highest_used(document: Document, sheet_id: str) -> int:
    return int(document.meta(f"rows:{sheet_id}", "0"))


def _remember_highest(document: Document, sheet_id: str, highest: int) -> None:
    """Row ids are never used again, even after rows were deleted."""
    document.put_meta(f"rows:{sheet_id}", str(highest))


def delete_rows(document: Document, sheet_id: str, ids: Sequence[int]) -> None:
    """Delete rows with their states and bad cells."""
    number = number_of(document, sheet_id)
    highest = document.rows(f"SELECT coalesce(max(row_id), 0) FROM data_{number}")[0][0]
    _remember_highest(document, sheet_id, max(int(highest), _highest_used(document, sheet_id)))
    for row_id in ids:
        document.put(f"data_{number}", {"row_id": row_id}, None)
        set_state(document, sheet_id, [row_id], None, "")
        for (column_id,) in document.rows(
            "SELECT column_id FROM bad_cell WHERE sheet_id = ? AND row_id = ?", [sheet_id, row_id]
        ):
            document.put(
                "bad_cell", {"sheet_id": sheet_id, "row_id": row_id, "column_id": column_id}, None
            )
    document.touch(sheet_id, "sheet")


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


def set_state(
    document: Document, sheet_id: str, ids: Sequence[int], state: str | None, reason: str
) -> None:
    """Exclude or label rows; None takes it back."""
    for row_id in ids:
        key = {"sheet_id": sheet_id, "row_id": int(row_id)}
        row = None
        if state is not None:
            row = {
                **key,
                "state": state,
                "reason": reason,
                "who": document.who,
                "at": clock.now().isoformat(),
            }
        document.put("row_state", key, row)
    document.touch(sheet_id, "sheet")


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
    return {(row[0], row[1]): row[2] for row in rows}


def source_of(document: Document, sheet_id: str) -> dict[str, Any]:
    """Return where a sheet came from."""
    found = document.rows("SELECT source FROM sheet WHERE id = ?", [sheet_id])
    value = json.loads(found[0][0] or "{}")
    return value if isinstance(value, dict) else {}
