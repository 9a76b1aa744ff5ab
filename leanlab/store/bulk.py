"""Bulk changes of a data sheet: one image of the other side per change, compressed by column.

A change is undone by swapping: what stands in the table now becomes the image, and the image is
written. So every bulk step keeps one image only, whichever side it is on.
"""

import json
import sqlite3
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from leanlab.core.typing import BoolArray, IntArray

FEW = 20_000  # up to here rows are looked up one by one, above the table is scanned once
_LOOKUP = 5_000


@dataclass(slots=True, eq=False)
class Block:
    """Some columns of many rows of one table, as they were: absent rows were not there."""

    table: str
    fixed: Mapping[str, Any]  # the rest of the key, for tables that serve all sheets
    names: tuple[str, ...]
    ids: IntArray
    present: BoolArray
    values: list[list[Any]] = field(default_factory=list)  # one list per name, present rows only


@dataclass(slots=True)
class Rebuild:
    """The columns that a data sheet's table had."""

    number: int
    columns: list[tuple[str, str]]


def read(db: sqlite3.Connection, block: Block) -> Block:
    """Return what stands in the table now where the block stands."""
    found = _scanned(db, block) if block.ids.size > FEW else _looked_up(db, block)
    ids = np.fromiter((row[0] for row in found), np.int64, len(found))
    if np.array_equal(ids, block.ids):
        present, rows = np.ones(ids.size, dtype=np.bool_), found
    else:
        present = np.isin(block.ids, ids)
        at = {i: position for position, i in enumerate(ids.tolist())}
        rows = [found[at[i]] for i in block.ids[present].tolist()]
    values = [[row[1 + n] for row in rows] for n in range(len(block.names))]
    return Block(block.table, block.fixed, block.names, block.ids, present, values)


def _looked_up(db: sqlite3.Connection, block: Block) -> list[tuple[Any, ...]]:
    select, values = _select(block)
    found: list[tuple[Any, ...]] = []
    for start in range(0, block.ids.size, _LOOKUP):
        ids = ",".join(map(str, block.ids[start : start + _LOOKUP].tolist()))
        found += db.execute(f"{select} row_id IN ({ids})", values).fetchall()
    return found


def _scanned(db: sqlite3.Connection, block: Block) -> list[tuple[Any, ...]]:
    select, values = _select(block)
    low, high = int(block.ids.min()), int(block.ids.max())
    rows = db.execute(f"{select} row_id BETWEEN {low} AND {high}", values).fetchall()
    if len(rows) == block.ids.size == high - low + 1:
        return rows
    kept = np.isin(np.fromiter((row[0] for row in rows), np.int64, len(rows)), block.ids)
    return [rows[i] for i in np.flatnonzero(kept)]


def _select(block: Block) -> tuple[str, list[Any]]:
    names = ", ".join(("row_id", *block.names))
    where = "".join(f"{name} = ? AND " for name in block.fixed)
    return f"SELECT {names} FROM {block.table} WHERE {where}", list(block.fixed.values())


def write(db: sqlite3.Connection, block: Block, now: BoolArray) -> None:
    """Write the block; `now` says which of its rows stand in the table."""
    fixed = list(block.fixed.values())
    where = " AND ".join((*(f"{name} = ?" for name in block.fixed), "row_id = ?"))
    gone = block.ids[now & ~block.present].tolist()
    if gone:
        db.executemany(f"DELETE FROM {block.table} WHERE {where}", ([*fixed, i] for i in gone))
    was_there = now[block.present]
    ids = block.ids[block.present]
    changed = np.flatnonzero(was_there)
    if changed.size:
        sets = ", ".join(f"{name} = ?" for name in block.names)
        db.executemany(
            f"UPDATE {block.table} SET {sets} WHERE {where}",
            zip(
                *_picked(block, changed),
                *_repeated(fixed, changed.size),
                ids[changed].tolist(),
                strict=True,
            ),
        )
    new = np.flatnonzero(~was_there)
    if new.size:
        names = (*block.fixed, "row_id", *block.names)
        db.executemany(
            f"INSERT INTO {block.table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            zip(*_repeated(fixed, new.size), ids[new].tolist(), *_picked(block, new), strict=True),
        )


def _repeated(values: Sequence[Any], count: int) -> list[list[Any]]:
    return [[value] * count for value in values]


def _picked(block: Block, at: IntArray) -> list[list[Any]]:
    if block.values and at.size == len(block.values[0]):
        return block.values
    chosen = at.tolist()
    return [[values[i] for i in chosen] for values in block.values]


def packed(values: Sequence[Any]) -> bytes:
    """Compress values as SQLite keeps them: numbers as doubles, all else as JSON."""
    if all(value is None or type(value) is float for value in values):
        numbers = np.array(values, dtype=np.float64)
        return b"n" + zlib.compress(numbers.tobytes(), 1)
    return b"j" + zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 1)


def unpacked(data: bytes) -> list[Any]:
    """Take values out again; NaN stood for NULL."""
    body = zlib.decompress(data[1:])
    if data[:1] == b"j":
        listed: list[Any] = json.loads(body)
        return listed
    numbers = np.frombuffer(body, dtype=np.float64)
    out: list[Any] = numbers.tolist()
    for at in np.flatnonzero(np.isnan(numbers)).tolist():
        out[at] = None
    return out


def packed_block(block: Block) -> bytes:
    """Write a block as bytes: a JSON head, then each compressed part with its length."""
    parts = [
        zlib.compress(np.diff(block.ids, prepend=0).tobytes(), 1),
        zlib.compress(np.packbits(block.present).tobytes(), 1),
        *map(packed, block.values),
    ]
    head = json.dumps(
        {
            "table": block.table, "fixed": dict(block.fixed), "names": list(block.names),
            "count": int(block.ids.size), "sizes": [len(part) for part in parts],
        }
    ).encode()  # fmt: skip
    return struct.pack(">I", len(head)) + head + b"".join(parts)


def unpacked_block(data: bytes) -> Block:
    """Read a block from its bytes."""
    (length,) = struct.unpack(">I", data[:4])
    head = json.loads(data[4 : 4 + length])
    parts, at = [], 4 + length
    for size in head["sizes"]:
        parts.append(data[at : at + size])
        at += size
    count = head["count"]
    ids = np.cumsum(np.frombuffer(zlib.decompress(parts[0]), dtype=np.int64))
    bits = np.frombuffer(zlib.decompress(parts[1]), dtype=np.uint8)
    present = np.unpackbits(bits, count=count).astype(np.bool_)
    values = [unpacked(part) for part in parts[2:]]
    return Block(head["table"], head["fixed"], tuple(head["names"]), ids, present, values)
