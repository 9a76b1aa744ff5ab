"""Values by group: from one value column and a group column, or from several columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.declare import CATEGORY, NUMBER, Chart, Columns, Role
from leanlab.analyses.measure import Measure, numbers_of
from leanlab.analyses.plotted import RowIds, plotted
from leanlab.analyses.points import texts
from leanlab.analyses.sentences import sentence
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray

FEWEST = 2
MOST_GROUPS = 60
ROLES = (
    Role("value", "Value", NUMBER, many=True, help="One column, or one column per group"),
    Role("group", "Group", CATEGORY, required=False, help="Which group a row belongs to"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Groups in order of first appearance, missing values left out."""

    names: Sequence[str]
    groups: Sequence[FloatArray]
    rows: Sequence[IntArray]  # data rows behind the values
    measure: Measure
    by: str
    left_out: int
    note: str = ""

    @property
    def n(self) -> int:
        """Values in all groups."""
        return sum(group.size for group in self.groups)

    @property
    def title(self) -> str:
        """What is compared, for headings."""
        return f"{self.measure.name} by {self.by}"

    def intervals(self, confidence: float = 0.95) -> list[tuple[float, float]]:
        """Return the t interval of each mean with the group's own spread."""
        from scipy.special import stdtrit

        out = []
        for values in self.groups:
            error = float(values.std(ddof=1)) / np.sqrt(values.size)
            half = float(stdtrit(values.size - 1, 0.5 + confidence / 2)) * error
            out.append((float(values.mean()) - half, float(values.mean()) + half))
        return out


def grouped_values(columns: Columns) -> Grouped:
    """Split the values into groups; a group of one value is a DataProblem."""
    wide = columns.many("value")
    names, places, by = _from_columns(columns) if len(wide) > 1 else _from_rows(columns)
    groups = [numbers_of(wide[c])[at] for c, at in places]
    if not groups:
        raise DataProblem("There are no values to compare.", hint="Choose a column with numbers.")
    for name, values in zip(names, groups, strict=True):
        if values.size < FEWEST:
            raise DataProblem(
                f"Group '{name}' has {words.count(values.size, 'value')}.",
                hint="Each group needs at least two; merge small groups or leave them out.",
            )
    first = wide[0]
    name = first.name if len(wide) == 1 else "Value"
    return Grouped(
        names=names,
        groups=groups,
        rows=[columns.row_ids[at] for _, at in places],
        measure=Measure(name, first.unit, max(c.decimals for c in wide)),
        by=by,
        left_out=columns.row_ids.size * len(wide) - sum(g.size for g in groups),
        note=columns.note,
    )


def _from_columns(columns: Columns) -> tuple[list[str], list[tuple[int, IntArray]], str]:
    places = []
    for number, column in enumerate(columns.many("value")):
        known = np.isfinite(numbers_of(column)) & ~columns.excluded
        places.append((number, np.flatnonzero(known)))
    return [c.name for c in columns.many("value")], places, "column"


def _from_rows(columns: Columns) -> tuple[list[str], list[tuple[int, IntArray]], str]:
    if not columns.has("group"):
        raise DataProblem(
            "It is not known which group a row belongs to.",
            hint="Choose a group column, or several value columns, one per group.",
        )
    column = columns.one("group")
    labels = np.asarray(texts(column), dtype=object)
    values = numbers_of(columns.one("value"))
    usable = np.isfinite(values) & ~columns.excluded & (labels != "")
    names = list(dict.fromkeys(labels[usable].tolist()))
    if len(names) > MOST_GROUPS:
        raise DataProblem(
            f"Column '{column.name}' has {len(names)} different values.",
            hint="Choose a column with a few groups.",
        )
    return names, [(0, np.flatnonzero(usable & (labels == name))) for name in names], column.name


def group_chart(grouped: Grouped, caption: str) -> Chart:
    """Return the picture of all values by group, with boxes and means; its points are values."""
    from leanlab.figures.jitter import spread

    rows = RowIds(np.concatenate(list(grouped.rows)))
    y = np.concatenate(list(grouped.groups))
    x = np.concatenate([spread(values) + i for i, values in enumerate(grouped.groups, start=1)])
    names = np.repeat(np.asarray(grouped.names, dtype=object), [g.size for g in grouped.groups])

    def describe(index: int) -> str:
        return f"row {rows[index][0]}, {names[index]}, {grouped.measure.full(float(y[index]))}"  # type: ignore[index]

    means = ", ".join(
        f"{name} {grouped.measure.full(float(values.mean()))}"
        for name, values in zip(grouped.names, grouped.groups, strict=True)
    )
    return Chart(
        grouped.title,
        partial(_draw, grouped),
        caption=with_notes(caption, grouped),
        alt=sentence("groups.alt", title=grouped.title, n=grouped.n, means=means),
        point_rows=rows,
        points=plotted(rows, x, y, describe),
    )


def _draw(grouped: Grouped, figure: Any, theme: Any) -> None:
    from leanlab.figures.groups import draw_groups

    draw_groups(
        figure, theme, grouped.names, grouped.groups, grouped.intervals(), grouped.by,
        grouped.measure.axis,
    )  # fmt: skip


def with_notes(caption: str, grouped: Grouped) -> str:
    """Add what was left out to a caption."""
    parts = [caption]
    if grouped.left_out:
        parts.append(f"{words.count(grouped.left_out, 'value')} left out")
    if grouped.note:
        parts.append(grouped.note)
    return " · ".join(parts)
