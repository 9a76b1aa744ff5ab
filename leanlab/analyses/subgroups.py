"""Rows gathered into subgroups, for Xbar charts and subgroup capability."""

from collections.abc import Sequence

import numpy as np

from leanlab.analyses.declare import Columns
from leanlab.analyses.measure import numbers_of
from leanlab.analyses.points import Ordering, row_order, texts
from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray


def subgroup_rows(columns: Columns, size: int | None) -> tuple[list[IntArray], Ordering]:
    """Return row positions per subgroup: by the subgroup column, or `size` rows in a row.

    Several value columns mean one subgroup per row.
    """
    order, ordering = row_order(columns)
    if len(columns.many("value")) > 1:
        return [order[i : i + 1] for i in range(order.size)], ordering
    if columns.has("subgroup"):
        return _by_column(columns, order), ordering
    if size is None:
        raise DataProblem(
            "It is not known which values belong together.",
            hint="Choose a subgroup column, or set the subgroup size.",
        )
    return [order[i : i + size] for i in range(0, order.size, size)], ordering


def _by_column(columns: Columns, order: IntArray) -> list[IntArray]:
    names = texts(columns.one("subgroup"))
    groups: dict[str, list[int]] = {}
    for position in order:
        name = names[int(position)]
        if name:
            groups.setdefault(name, []).append(int(position))
    return [np.asarray(rows, dtype=np.int64) for rows in groups.values()]


def subgroup_values(columns: Columns, groups: Sequence[IntArray]) -> list[FloatArray]:
    """Return the measured values of each subgroup, missing ones as NaN."""
    wide = [numbers_of(c) for c in columns.many("value")]
    if len(wide) > 1:
        table = np.column_stack(wide)
        return [table[int(group[0])] for group in groups]
    return [wide[0][group] for group in groups]
