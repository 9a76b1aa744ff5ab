"""Values by group: from one value column and a group column, or from several columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leanlab.analyses.declare import Columns
from leanlab.analyses.points import texts
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray

FEWEST = 2
MOST_GROUPS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Groups in order of first appearance, missing values left out."""

    names: Sequence[str]
    groups: Sequence[FloatArray]
    value: str
    by: str
    unit: str
    decimals: int
    left_out: int

    def show(self, number: float) -> str:
        """Format a value with one decimal more than the data."""
        return words.number(number, self.decimals + 1)

    @property
    def suffix(self) -> str:
        """The unit with a space before it, or nothing."""
        return f" {self.unit}" if self.unit else ""

    @property
    def axis(self) -> str:
        """The label of the value axis."""
        return f"{self.value} ({self.unit})" if self.unit else self.value

    @property
    def note(self) -> str:
        """What the caption adds about rows left out."""
        return f" · {words.count(self.left_out, 'row')} left out" if self.left_out else ""

    def intervals(self, confidence: float = 0.95) -> list[tuple[float, float]]:
        """Return the t interval of each mean with the group's own spread."""
        from scipy.special import stdtrit

        out = []
        for values in self.groups:
            mean = float(values.mean())
            if values.size < FEWEST:
                out.append((mean, mean))
                continue
            half = (
                float(stdtrit(values.size - 1, 0.5 + confidence / 2))
                * float(values.std(ddof=1))
                / np.sqrt(values.size)
            )
            out.append((mean - half, mean + half))
        return out


def grouped_values(columns: Columns) -> Grouped:
    """Split the values into groups; a group of one value is a DataProblem."""
    wide = columns.many("value")
    names, groups, by = _from_columns(columns) if len(wide) > 1 else _from_rows(columns)
    for name, values in zip(names, groups, strict=True):
        if values.size < FEWEST:
            raise DataProblem(
                f"Group '{name}' has {words.count(values.size, 'value')}.",
                hint="Each group needs at least two; merge small groups or leave them out.",
            )
    used = sum(g.size for g in groups)
    total = columns.row_ids.size * len(wide)
    first = wide[0]
    return Grouped(
        names=names,
        groups=groups,
        value=first.name if len(wide) == 1 else "Value",
        by=by,
        unit=first.unit,
        decimals=first.decimals,
        left_out=total - used,
    )


def _from_columns(columns: Columns) -> tuple[list[str], list[FloatArray], str]:
    groups = []
    for column in columns.many("value"):
        values = np.asarray(column.values, dtype=np.float64)[~columns.excluded]
        groups.append(values[np.isfinite(values)])
    return [c.name for c in columns.many("value")], groups, "column"


def _from_rows(columns: Columns) -> tuple[list[str], list[FloatArray], str]:
    if not columns.has("group"):
        raise DataProblem(
            "Choose the column that says which group a row belongs to.",
            hint="Or choose several value columns, one per group.",
        )
    labels = np.asarray(texts(columns.one("group")), dtype=object)
    values = np.asarray(columns.one("value").values, dtype=np.float64)
    usable = np.isfinite(values) & ~columns.excluded & (labels != "")
    names = list(dict.fromkeys(labels[usable]))
    if len(names) > MOST_GROUPS:
        raise DataProblem(
            f"Column '{columns.one('group').name}' has {len(names)} different values.",
            hint="Choose a column with a few groups.",
        )
    return names, [values[usable & (labels == name)] for name in names], columns.one("group").name
