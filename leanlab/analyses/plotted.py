"""Points of a picture that is no control chart: where they lie and which rows they stand for."""

from collections.abc import Callable, Sequence

import numpy as np

from leanlab.analyses.declare import ChartPoints
from leanlab.core.typing import BoolArray, FloatArray, IntArray


class RowIds(Sequence[tuple[int, ...]]):
    """One data row behind each point."""

    def __init__(self, rows: IntArray) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return int(self._rows.size)

    def __getitem__(self, index: object) -> object:  # type: ignore[override]
        if isinstance(index, slice):
            return [(int(row),) for row in self._rows[index]]
        return (int(self._rows[index]),)  # type: ignore[call-overload]


def plotted(
    rows: Sequence[tuple[int, ...]],
    x: FloatArray | None,
    y: FloatArray,
    describe: Callable[[int], str],
    excluded: BoolArray | None = None,
) -> ChartPoints:
    """Describe points of the first axes; `describe` says what a point is."""
    nothing = np.zeros(0, dtype=np.int64)
    return ChartPoints(
        rows=rows,
        panels=(np.asarray(y, dtype=np.float64),),
        excluded=np.zeros(y.size, dtype=np.bool_) if excluded is None else excluded,
        signals=nothing,
        stage_starts=nothing,
        describe=lambda index, _panel: describe(index),
        x=x,
    )
