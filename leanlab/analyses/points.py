"""From data rows to the points of a control chart: order, stages, exclusions, limits base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def row_order(columns: Columns) -> tuple[IntArray, Ordering]:
    """Return the row positions in time order and how they came about."""
    count = columns.row_ids.size
    if not columns.has("order"):
        return np.arange(count, dtype=np.int64), Ordering("", sorted_here=False, irregular=False)
    column = columns.one("order")
    if column.kind not in {"datetime", "number", "whole"}:
        return np.arange(count, dtype=np.int64), Ordering(column.name, False, False)
    keys = _keys(column)
    order = np.argsort(keys, kind="stable").astype(np.int64)
    known = keys[np.isfinite(keys)]
    steps = np.diff(np.sort(known))
    steps = steps[steps > 0]
    irregular = bool(steps.size > 2 and steps.max() > 2 * np.median(steps))
    moved = bool(np.any(np.diff(known) < 0))
    return order, Ordering(column.name, moved, irregular)


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
        stamps = np.asarray(column.values, dtype="datetime64[s]")
        whole = bool(np.all(stamps[~np.isnat(stamps)].astype(np.int64) % 86_400 == 0))
        return [_stamp(value, whole_days=whole) for value in stamps]
    if column.kind in {"number", "whole"}:
        return ["" if not np.isfinite(v) else f"{v:g}" for v in column.values]
    return ["" if v is None else str(v) for v in column.values]


def _stamp(value: np.datetime64, *, whole_days: bool) -> str:
    if np.isnat(value):
        return ""
    moment: Any = value.item()
    return words.day(moment) if whole_days else f"{words.day(moment)} {moment:%H:%M}"


def points_of(columns: Columns, groups: Sequence[IntArray], ordering: Ordering) -> Points:
    """Describe points made of groups of row positions."""
    rows = [tuple(int(r) for r in columns.row_ids[group]) for group in groups]
    first = np.asarray([group[0] for group in groups], dtype=np.int64)
    index_of = {row: index for index, ids in enumerate(rows) for row in ids}
    return Points(
        rows=rows,
        labels=_labels(columns, first),
        stages=_stages(columns, first, index_of),
        excluded=_excluded(columns, groups, index_of),
        limits_base=_limits_base(columns.marks, index_of, len(rows)),
        notes=_notes(columns.marks.notes, index_of),
        ordering=ordering,
    )


def _labels(columns: Columns, first: IntArray) -> list[str]:
    for role in ("label", "order", "subgroup"):
        if columns.has(role):
            column = columns.one(role)
            if column.kind in {"number", "whole"} and role == "order":
                return []
            chosen = texts(column)
            return [chosen[i] for i in first]
    return []


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
    columns: Columns, groups: Sequence[IntArray], index_of: Mapping[int, int]
) -> BoolArray:
    out = np.zeros(len(groups), dtype=np.bool_)
    for index, group in enumerate(groups):
        out[index] = bool(columns.excluded[group].all()) if columns.excluded.size else False
    for mark in columns.marks.excluded:
        for row in mark.row_ids:
            if row in index_of:
                out[index_of[row]] = True
    return out


def _limits_base(marks: Marks, index_of: Mapping[int, int], count: int) -> BoolArray | None:
    if marks.limits_until is None or marks.limits_until not in index_of:
        return None
    base = np.zeros(count, dtype=np.bool_)
    base[: index_of[marks.limits_until] + 1] = True
    return base


def _notes(marks: Sequence[PointMark], index_of: Mapping[int, int]) -> dict[int, str]:
    return {index_of[m.row_ids[0]]: m.reason for m in marks if m.row_ids[0] in index_of}


def singles(order: IntArray) -> list[IntArray]:
    """Return one group per row."""
    return [order[i : i + 1] for i in range(order.size)]
