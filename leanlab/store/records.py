"""Records and links of a document, as rows with named values."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from leanlab.core import clock
from leanlab.store.document import Document
from leanlab.store.schema import CODES, JSON, KINDS

RecordRow = tuple[str, str, str, str, int, dict[str, Any]]


def added(
    document: Document, kind: str, values: Mapping[str, Any], record_id: str | None = None
) -> str:
    """Add a record inside a step; return its id, which is new unless it comes from a review."""
    record_id = record_id or uuid.uuid4().hex
    code = document.next_code(CODES[kind]) if kind in CODES else None
    document.put(
        "record",
        {"id": record_id},
        {
            "id": record_id, "kind": kind, "code": code, "created": clock.now().isoformat(),
            "revision": 1, "deleted_at": None,
        },
    )  # fmt: skip
    _write(document, kind, record_id, values)
    return record_id


def edited(document: Document, kind: str, record_id: str, values: Mapping[str, Any]) -> None:
    """Change some values of a record inside a step."""
    current = found(document, record_id)
    _stamp(document, record_id, None)
    _write(document, kind, record_id, {**current[5], **values})


def deleted(document: Document, kind: str, record_id: str) -> None:
    """Put a record into the bin."""
    _stamp(document, record_id, clock.now().isoformat())
    document.touch(record_id, kind)


def _stamp(document: Document, record_id: str, deleted_at: str | None) -> None:
    row = document.rows(
        "SELECT kind, code, created, revision FROM record WHERE id = ?", [record_id]
    )[0]
    document.put(
        "record",
        {"id": record_id},
        {
            "id": record_id, "kind": row[0], "code": row[1], "created": row[2],
            "revision": row[3] + 1, "deleted_at": deleted_at,
        },
    )  # fmt: skip


def _write(document: Document, kind: str, record_id: str, values: Mapping[str, Any]) -> None:
    columns = KINDS[kind]
    row: dict[str, Any] = {"id": record_id}
    for name, sql in columns.items():
        value = values.get(name)
        row[name] = (
            json.dumps(value, ensure_ascii=False)
            if sql == JSON and value is not None
            else _plain(value)
        )
    rest = {name: value for name, value in values.items() if name not in columns}
    row["more"] = json.dumps(rest, ensure_ascii=False)
    document.put(kind, {"id": record_id}, row)
    document.touch(record_id, kind)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def found(document: Document, record_id: str) -> RecordRow:
    """Return one record; an unknown id is a bug."""
    kinds = document.rows("SELECT kind FROM record WHERE id = ?", [record_id])
    return _select(document, kinds[0][0], "record.id = ?", [record_id])[0]


def known(document: Document, record_id: str) -> bool:
    """Whether there is or was such a record; one in the bin is known too."""
    return bool(document.rows("SELECT 1 FROM record WHERE id = ?", [record_id]))


def kind_of(document: Document, record_id: str) -> str | None:
    """Return the kind of a record that is not in the bin, or None."""
    kinds = document.rows(
        "SELECT kind FROM record WHERE id = ? AND deleted_at IS NULL", [record_id]
    )
    return str(kinds[0][0]) if kinds else None


def all_of(document: Document, kind: str) -> list[RecordRow]:
    """Return the records of a kind in the order in which they were made."""
    return _select(document, kind, "record.deleted_at IS NULL", [])


def _select(document: Document, kind: str, where: str, values: list[Any]) -> list[RecordRow]:
    columns = KINDS[kind]
    names = ", ".join(f"{kind}.{name}" for name in (*columns, "more"))
    rows = document.rows(
        f"SELECT record.id, record.code, record.created, record.revision, {names} "
        f"FROM record JOIN {kind} ON {kind}.id = record.id WHERE {where} ORDER BY record.rowid",
        values,
    )
    return [_record(kind, columns, row) for row in rows]


def _record(kind: str, columns: Mapping[str, str], row: tuple[Any, ...]) -> RecordRow:
    values: dict[str, Any] = {}
    for (name, sql), value in zip(columns.items(), row[4:-1], strict=True):
        values[name] = json.loads(value) if sql == JSON and value is not None else value
    return row[0], kind, row[1] or "", row[2], row[3], values | json.loads(row[-1])
