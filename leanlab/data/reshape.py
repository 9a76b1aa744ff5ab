"""Another shape of the same data: stacked, unstacked, turned, or divided by group.

Columns in, columns out; what does not fit its column travels along as it is written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.typing import IntArray
from leanlab.data.columns import ColumnData, Kind, empty_column
from leanlab.data.table import MOST_COLUMNS, MOST_ROWS, unique_names
from leanlab.data.typing_cells import cell_text

NUMBERS = {"number", "whole"}
MOST_SHEETS = 50
HOW_MANY: Mapping[str, str] = {
    "rows": "further rows", "mean": "their average", "sum": "their sum", "count": "their number",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Shaped:
    """Columns of another shape; `origin` is the row each new row comes from, where it is one."""

    columns: tuple[ColumnData, ...]
    origin: IntArray | None = None
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.columns[0].values)


def taken(column: ColumnData, at: IntArray) -> ColumnData:
    """Return some cells of a column, in this order; -1 is a missing one."""
    values = (
        column.values[at] if len(column.values) else empty_column("", column.kind, at.size).values
    )
    if np.any(at < 0):
        values = values.copy()
        values[at < 0] = empty_column("", column.kind, 1).values[0]
    if not column.bad:
        return replace(column, values=values, notes=(), offers=())
    places = np.flatnonzero(np.isin(at, np.asarray(list(column.bad), dtype=np.int64)))
    bad = {int(place): column.bad[int(at[place])] for place in places}
    return replace(column, values=values, bad=bad, notes=(), offers=())


def texts_of(column: ColumnData) -> list[str]:
    """Return a column's cells as text, those that do not fit as they are written."""
    texts = [cell_text(column.kind, value, column.decimals) for value in column.values]
    for row, raw in column.bad.items():
        texts[row] = raw
    return texts


def _missing(column: ColumnData) -> Any:
    if column.kind in NUMBERS:
        empty = np.isnan(column.values)
    elif column.kind == "datetime":
        empty = np.isnat(column.values)
    else:
        empty = np.fromiter((v is None for v in column.values), np.bool_, len(column.values))
    empty[list(column.bad)] = False
    return empty


def _common(columns: Sequence[ColumnData]) -> Kind:
    """Return the kind that holds the cells of all of these columns."""
    kinds = {column.kind for column in columns}
    if len(kinds) == 1:
        return columns[0].kind
    if kinds <= NUMBERS:
        return "number"
    return "category" if kinds <= {"category", "id", "text"} else "text"


def _in_one_kind(columns: Sequence[ColumnData]) -> list[ColumnData]:
    kind = _common(columns)
    out = []
    for column in columns:
        if column.kind == kind or {column.kind, kind} <= NUMBERS or kind == "category":
            out.append(replace(column, kind=kind))
        else:
            texts = np.array([text or None for text in texts_of(column)], dtype=object)
            out.append(ColumnData(column.name, kind, texts))
    return out


def _shared_unit(columns: Sequence[ColumnData]) -> str:
    units = {column.unit for column in columns}
    return units.pop() if len(units) == 1 else ""


def _refuse_rows(count: int) -> None:
    if count > MOST_ROWS:
        raise DataProblem(
            f"That would be {words.number(count, 0)} rows; a data sheet takes up to "
            f"{words.number(MOST_ROWS, 0)}.",
            hint="Choose fewer columns, or filter the rows first.",
        )


def _refuse_columns(count: int) -> None:
    if count > MOST_COLUMNS:
        raise DataProblem(
            f"That would be {words.number(count, 0)} columns; a data sheet takes up to "
            f"{words.number(MOST_COLUMNS, 0)}.",
            hint="Choose a column with fewer different values.",
        )


# stacking --------------------------------------------------------------------------------------


def stacked(
    columns: Sequence[ColumnData],
    chosen: Sequence[int],
    *,
    names: str = "Column",
    values: str = "Value",
    empty: bool = False,
) -> Shaped:
    """Write several columns below each other, row by row; the other columns are repeated.

    Without `empty`, cells without a value make no row.
    """
    if len(chosen) < 2:  # noqa: PLR2004 - one column is stacked already
        raise DataProblem("Choose the columns to stack, two at least.")
    count, wide = len(columns[0].values), len(chosen)
    _refuse_rows(count * wide)
    parts = _in_one_kind([columns[c] for c in chosen])
    origin = np.repeat(np.arange(count, dtype=np.int64), wide)
    which = np.tile(np.arange(wide, dtype=np.int64), count)
    if not empty:
        filled = ~np.stack([_missing(part) for part in parts], axis=1).ravel()
        origin, which = origin[filled], which[filled]
    left_out = count * wide - origin.size
    kept = [column for at, column in enumerate(columns) if at not in chosen]
    labels = np.array([part.name for part in parts], dtype=object)[which]
    new = [
        *(taken(column, origin) for column in kept),
        ColumnData(names, "category", labels),
        _woven(values, parts, origin, which),
    ]
    notes = [f"{words.count(left_out, 'empty cell makes', 'empty cells make')} no row."]
    return Shaped(_named(new), origin, tuple(notes if left_out else ()))


def _woven(name: str, parts: Sequence[ColumnData], origin: IntArray, which: IntArray) -> ColumnData:
    """Take each cell from its own column."""
    kind = parts[0].kind
    cells = empty_column(name, kind, origin.size).values
    bad: dict[int, str] = {}
    for at, part in enumerate(parts):
        mine = np.flatnonzero(which == at)
        one = taken(part, origin[mine])
        cells[mine] = one.values
        bad |= {int(mine[place]): raw for place, raw in one.bad.items()}
    decimals = max(part.decimals for part in parts)
    return ColumnData(name, kind, cells, _shared_unit(parts), dict(sorted(bad.items())), decimals)


def _named(columns: Sequence[ColumnData]) -> tuple[ColumnData, ...]:
    names, _ = unique_names([column.name for column in columns])
    return tuple(replace(c, name=name) for c, name in zip(columns, names, strict=True))


# unstacking ------------------------------------------------------------------------------------


def unstacked(
    columns: Sequence[ColumnData], value: int, by: int, keys: Sequence[int], *, how: str = "rows"
) -> Shaped:
    """Give each group a column of its own; rows with the same keys share a row.

    `how` says what becomes of several values of one group and key: further rows, or their mean,
    sum or number.
    """
    if by == value or by in keys or value in keys:
        raise DataProblem("Choose different columns for values, groups and rows.")
    if how not in {"rows", "count"} and columns[value].kind not in NUMBERS:
        raise DataProblem(
            f"Only numbers have an average or a sum; {columns[value].name} holds none.",
            hint="Let several values make further rows, or count them.",
        )
    groups = texts_of(columns[by])
    listed = list(dict.fromkeys(g for g in groups if g))
    if not listed:
        raise DataProblem(f"The column {columns[by].name} holds no groups.")
    _refuse_columns(len(listed) + len(keys))
    use = np.array([at for at, group in enumerate(groups) if group], dtype=np.int64)
    key = list(zip(*(texts_of(columns[k]) for k in keys), strict=True)) or [()] * len(groups)
    slots, first = _slots(use, groups, key, further=how == "rows")
    kept = [taken(columns[k], first) for k in keys]
    made = [
        _gathered(columns[value], name, slots.get(name, {}), first.size, how) for name in listed
    ]
    lost = len(groups) - use.size
    notes = [f"{words.count(lost, 'row')} without a group {'is' if lost == 1 else 'are'} left out."]
    return Shaped(_named([*kept, *made]), None, tuple(notes if lost else ()))


def _slots(
    use: IntArray, groups: Sequence[str], key: Sequence[tuple[str, ...]], *, further: bool
) -> tuple[dict[str, dict[int, list[int]]], IntArray]:
    """Say which rows go into which new row of each group, and the first row of each new row."""
    slots: dict[str, dict[int, list[int]]] = {}
    counts: dict[tuple[str, tuple[str, ...]], int] = {}
    rows: dict[tuple[tuple[str, ...], int], int] = {}
    first: list[int] = []
    for at in use.tolist():
        turn = counts.get((groups[at], key[at]), 0) if further else 0
        counts[groups[at], key[at]] = turn + 1
        new = rows.setdefault((key[at], turn), len(rows))
        if new == len(first):
            first.append(at)
        slots.setdefault(groups[at], {}).setdefault(new, []).append(at)
    order = sorted(range(len(first)), key=lambda n: first[n]) if not further else _by_key(rows)
    place = {new: at for at, new in enumerate(order)}
    moved = {g: {place[n]: at for n, at in found.items()} for g, found in slots.items()}
    return moved, np.array([first[n] for n in order], dtype=np.int64)


def _by_key(rows: Mapping[tuple[tuple[str, ...], int], int]) -> list[int]:
    """Return the new rows so that those of one key stand together."""
    seen = {k: at for at, k in enumerate(dict.fromkeys(k for k, _ in rows))}
    return [rows[k] for k in sorted(rows, key=lambda k: (seen[k[0]], k[1]))]


_REDUCE: Mapping[str, Callable[[Any], Any]] = {"mean": np.mean, "sum": np.sum}


def _gathered(
    value: ColumnData, name: str, rows: Mapping[int, list[int]], count: int, how: str
) -> ColumnData:
    if how == "rows":
        at = np.full(count, -1, dtype=np.int64)
        for new, found in rows.items():
            at[new] = found[0]
        return replace(taken(value, at), name=name)
    numbers = np.full(count, np.nan)
    empty = _missing(value) if how == "count" else np.isnan(value.values)
    if how == "count":
        empty[list(value.bad)] = True
    for new, found in rows.items():
        known = [i for i in found if not empty[i]]
        if how == "count":
            numbers[new] = len(known)
        elif known:
            numbers[new] = _REDUCE[how](value.values[known])
    if how == "count":
        return ColumnData(name, "whole", np.nan_to_num(numbers), decimals=0)
    decimals = value.decimals + (how == "mean")
    kind: Kind = "number" if how == "mean" else value.kind
    return ColumnData(name, kind, numbers, value.unit, decimals=decimals)


# turning and dividing --------------------------------------------------------------------------


def transposed(columns: Sequence[ColumnData], names: int | None) -> Shaped:
    """Let rows be columns; a column may give them their names."""
    rest = [column for at, column in enumerate(columns) if at != names]
    if not rest:
        raise DataProblem("There is no column left to turn.", hint="Let no column give the names.")
    count = len(columns[0].values)
    if not count:
        raise DataProblem("There are no rows to turn yet.")
    _refuse_columns(count + 1)
    heads = [f"Row {at + 1}" for at in range(count)] if names is None else texts_of(columns[names])
    parts = _in_one_kind(rest)
    first = ColumnData("Column", "category", np.array([c.name for c in rest], dtype=object))
    unit, decimals = _shared_unit(rest), max(part.decimals for part in parts)
    made = []
    for at in range(count):
        cells = empty_column("", parts[0].kind, len(parts)).values
        cells[:] = [part.values[at] for part in parts]
        bad = {place: part.bad[at] for place, part in enumerate(parts) if at in part.bad}
        made.append(
            ColumnData(heads[at] or f"Row {at + 1}", parts[0].kind, cells, unit, bad, decimals)
        )
    return Shaped(_named([first, *made]))


def divided(columns: Sequence[ColumnData], by: int) -> list[tuple[str, Shaped]]:
    """Return the rows of each group by themselves."""
    groups = texts_of(columns[by])
    places: dict[str, list[int]] = {}
    for at, group in enumerate(groups):
        if group:
            places.setdefault(group, []).append(at)
    if not places:
        raise DataProblem(f"The column {columns[by].name} holds no groups.")
    if len(places) > MOST_SHEETS:
        raise DataProblem(
            f"The column {columns[by].name} has {words.number(len(places), 0)} different values; "
            f"up to {MOST_SHEETS} data sheets are made at once.",
            hint="Choose a column with fewer different values.",
        )
    out = []
    for group, found in places.items():
        mine: IntArray = np.array(found, dtype=np.int64)
        out.append((group, Shaped(tuple(taken(column, mine) for column in columns), mine)))
    return out
