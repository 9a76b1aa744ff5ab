"""From data rows to the points of a control chart: order, stages, exclusions, limits base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from leanlab.analyses.declare import Column, Columns, Marks, PointMark
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray, IntArray, TextArray


@dataclass(frozen=True, slots=True, eq=False)
class Ordering:
    """How the rows were put in order, for the report card."""

    name: str  # column, or "" for the order of the sheet
    sorted_here: bool
    irregular: bool
    unsortable: bool = False  # text has no order in time: the order of the sheet is used


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The points of a chart and what the user did to them."""

    rows: Sequence[tuple[int, ...]]  # data rows behind each point
    labels: Sequence[str]
    stages: TextArray | None
    excluded: BoolArray
    limits_base: BoolArray | None
    notes: Mapping[int, str]
    ordering: Ordering
    flags: Mapping[int, str] = field(default_factory=dict)  # process changes, before this point
    ticks: Sequence[str] = ()  # shorter labels, for the axis
    axis: str = ""  # what runs along the axis, with what the ticks leave out


class PointRows(Sequence[tuple[int, ...]]):
    """The data rows behind each point, looked up when asked for (there may be a million)."""

    def __init__(
        self,
        row_ids: IntArray,
        groups: Sequence[IntArray],
        behind: Mapping[int, tuple[int, ...]] | None = None,
    ) -> None:
        self._row_ids, self._groups, self._behind = row_ids, groups, behind

    def __len__(self) -> int:
        return len(self._groups)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        rows = tuple(int(row) for row in self._row_ids[self._groups[index]])
        if not self._behind:
            return rows
        return tuple(part for row in rows for part in self._behind.get(row, (row,)))


class PointLabels(Sequence[str]):
    """One short text per point, written when asked for; `short` ones leave out a common year."""

    def __init__(self, column: Column, first: IntArray, *, short: bool = False) -> None:
        self._column, self._first, self._short = column, first, short
        self._whole_days = column.kind == "datetime" and _whole_days(column)

    def __len__(self) -> int:
        return int(self._first.size)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        value = self._column.values[self._first[index]]
        if self._column.kind == "datetime":
            stamp = _stamp(value, whole_days=self._whole_days)
            return stamp.replace(f" {value.astype('datetime64[Y]')}", "") if self._short else stamp
        return _text(self._column.kind, value)


class Singles(Sequence[IntArray]):
    """One group per row, in order."""

    def __init__(self, order: IntArray) -> None:
        self.order = order

    def __len__(self) -> int:
        return int(self.order.size)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):  # a slice would be empty, and a walk over it would never end
            raise IndexError(index)
        return self.order[at : at + 1]


def row_order(columns: Columns) -> tuple[IntArray, Ordering]:
    """Return the row positions in time order and how they came about."""
    count = columns.row_ids.size
    if not columns.has("order"):
        return np.arange(count, dtype=np.int64), Ordering("", sorted_here=False, irregular=False)
    column = columns.one("order")
    if column.kind not in {"datetime", "number", "whole"}:
        return np.arange(count, dtype=np.int64), Ordering(
            column.name, sorted_here=False, irregular=False, unsortable=True
        )
    keys = _keys(column)
    order = np.argsort(keys, kind="stable").astype(np.int64)
    known = keys[np.isfinite(keys)]
    moved = bool(np.any(np.diff(known) < 0))
    return order, Ordering(column.name, moved, _irregular(column.kind, np.sort(known)))


def _irregular(kind: str, keys: FloatArray) -> bool:
    """Whether a gap is much longer than most; where nobody works at weekends those are no gaps."""
    steps = np.diff(keys)
    if not _uneven(steps):
        return False
    if kind != "datetime":
        return True
    days = keys.astype("datetime64[s]").astype("datetime64[D]")
    if not np.is_busday(days).all():
        return True
    calendar = np.diff(days).astype(np.int64)
    return _uneven(steps - 86_400 * (calendar - np.busday_count(days[:-1], days[1:])))


def _uneven(steps: FloatArray) -> bool:
    steps = steps[steps > 0]
    return bool(steps.size > 2 and steps.max() > 2 * np.median(steps))


def _keys(column: Column) -> FloatArray:
    if column.kind != "datetime":
        return np.asarray(column.values, dtype=np.float64)
    times = np.asarray(column.values, dtype="datetime64[s]")
    keys = times.astype(np.int64).astype(np.float64)
    keys[np.isnat(times)] = np.inf
    return keys


def texts(column: Column) -> list[str]:
    """Return a column's values as short labels."""
    if column.kind == "datetime":
        whole = _whole_days(column)
        stamps = np.asarray(column.values, dtype="datetime64[s]")
        return [_stamp(value, whole_days=whole) for value in stamps]
    return [_text(column.kind, value) for value in column.values]


def _text(kind: str, value: Any) -> str:
    if kind in {"number", "whole"}:
        return "" if not np.isfinite(value) else f"{value:g}"
    return "" if value is None else str(value)


def _whole_days(column: Column) -> bool:
    stamps = np.asarray(column.values, dtype="datetime64[s]")
    return bool(np.all(stamps[~np.isnat(stamps)].astype(np.int64) % 86_400 == 0))


def _stamp(value: np.datetime64, *, whole_days: bool) -> str:
    if np.isnat(value):
        return ""
    moment: Any = value.astype("datetime64[s]").item()
    return words.day(moment) if whole_days else f"{words.day(moment)} {moment:%H:%M}"


def points_of(columns: Columns, groups: Sequence[IntArray], ordering: Ordering) -> Points:
    """Describe points made of groups of row positions."""
    members, starts = _flat(groups)
    first = members[starts]
    index_of = _index_of_marked(columns, members, starts)
    ticks, axis = _ticks(columns, first, ordering)
    return Points(
        rows=PointRows(columns.row_ids, groups, columns.behind),
        labels=_labels(columns, first),
        stages=_stages(columns, first, index_of),
        excluded=_excluded(columns, members, starts, index_of),
        limits_base=_limits_base(columns.marks, index_of, len(groups)),
        notes=_notes(columns.marks.notes, index_of),
        ordering=ordering,
        flags=_flags(columns, first),
        ticks=ticks,
        axis=axis,
    )


def _flat(groups: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """Return all row positions, group after group, and where each group begins."""
    if isinstance(groups, Singles):
        return groups.order, np.arange(groups.order.size, dtype=np.int64)
    if not len(groups):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    sizes = np.asarray([group.size for group in groups], dtype=np.int64)
    return np.concatenate(list(groups)), np.r_[0, np.cumsum(sizes)[:-1]].astype(np.int64)


def _index_of_marked(columns: Columns, members: IntArray, starts: IntArray) -> dict[int, int]:
    """Return the point of each data row that the user marked."""
    marks = columns.marks
    marked = [row for m in (*marks.excluded, *marks.notes, *marks.stages) for row in m.row_ids]
    if marks.limits_until is not None:
        marked.append(marks.limits_until)
    if not marked or not members.size:
        return {}
    rows = columns.row_ids[members]
    at = np.flatnonzero(np.isin(rows, np.asarray(marked, dtype=np.int64)))
    points = np.searchsorted(starts, at, side="right") - 1
    return {int(rows[i]): int(point) for i, point in zip(at, points, strict=True)}


def _flags(columns: Columns, first: IntArray) -> dict[int, str]:
    """Return the process changes that fall inside the time of the points."""
    if not columns.events or not columns.has("order") or columns.one("order").kind != "datetime":
        return {}
    days = np.asarray(columns.one("order").values, dtype="datetime64[D]")[first]
    known = days[~np.isnat(days)]
    flags: dict[int, str] = {}
    for event in columns.events:
        at = int(np.searchsorted(known, np.datetime64(event.day[:10], "D")))
        if 0 < at < known.size:
            text = f"{words.day(event.day[:10])}: {event.text}"
            flags[at] = f"{flags[at]}; {text}" if at in flags else text
    return flags


def _labels(columns: Columns, first: IntArray) -> Sequence[str]:
    """Return what a point is called besides its number: a sequence number says nothing new."""
    column = _label_column(columns)
    numbered = column is not None and columns.has("order") and column is columns.one("order")
    if column is None or (numbered and column.kind in {"number", "whole"}):
        return []
    return PointLabels(column, first)


def _label_column(columns: Columns) -> Column | None:
    for role in ("label", "order", "subgroup"):
        if columns.has(role):
            return columns.one(role)
    return None


def _ticks(columns: Columns, first: IntArray, ordering: Ordering) -> tuple[Sequence[str], str]:
    """Return the texts along the axis and its label; a year that all share moves to the label."""
    column = _label_column(columns)
    if column is None:
        return (), ordering.name or "Observation"
    if column.kind != "datetime":
        return PointLabels(column, first), column.name
    years = np.asarray(column.values, dtype="datetime64[Y]")[first]
    known = years[~np.isnat(years)]
    if known.size and known.min() == known.max():
        return PointLabels(column, first, short=True), f"{column.name} ({known[0]})"
    return PointLabels(column, first), column.name


def _stages(columns: Columns, first: IntArray, index_of: Mapping[int, int]) -> TextArray | None:
    marks = sorted(
        (index_of[m.row_ids[0]], m.reason) for m in columns.marks.stages if m.row_ids[0] in index_of
    )
    base = _stage_column(columns, first)
    if not marks:
        return base
    names = np.empty(first.size, dtype=object)
    names[:] = "Before" if base is None else base
    for start, name in marks:
        names[start:] = name or f"From point {start + 1}"
    return names


def _stage_column(columns: Columns, first: IntArray) -> TextArray | None:
    if not columns.has("stage"):
        return None
    column = columns.one("stage")
    chosen = texts(column)
    names = np.asarray([chosen[i] or "(no stage)" for i in first], dtype=object)
    changes = int(np.count_nonzero(names[1:] != names[:-1])) if names.size else 0
    if changes + 1 > max(2, names.size // 2):
        raise DataProblem(
            f"Column '{column.name}' changes at almost every row, so it cannot name stages.",
            hint="Choose a column that says before and after, or mark the stage on the chart.",
        )
    return names


def _excluded(
    columns: Columns, members: IntArray, starts: IntArray, index_of: Mapping[int, int]
) -> BoolArray:
    """A point is left out when all its rows are, or when the user left it out here."""
    out = np.zeros(starts.size, dtype=np.bool_)
    if columns.excluded.size and starts.size:
        out = np.logical_and.reduceat(columns.excluded[members], starts)
    for mark in columns.marks.excluded:
        out[[index_of[row] for row in mark.row_ids if row in index_of]] = True
    return out


def _limits_base(marks: Marks, index_of: Mapping[int, int], count: int) -> BoolArray | None:
    if marks.limits_until is None or marks.limits_until not in index_of:
        return None
    base = np.zeros(count, dtype=np.bool_)
    base[: index_of[marks.limits_until] + 1] = True
    return base


def _notes(marks: Sequence[PointMark], index_of: Mapping[int, int]) -> dict[int, str]:
    return {index_of[m.row_ids[0]]: m.reason for m in marks if m.row_ids[0] in index_of}


def singles(order: IntArray) -> Singles:
    """Return one group per row."""
    return Singles(order)
