"""Selected data rows, shared by the charts and the data sheet of a project."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from leanlab.core.typing import IntArray

MOST_POINTS = 200_000  # more are not searched for rows


class Brush(QObject):
    """What was selected last in each data sheet; every view takes it when it is seen."""

    moved = Signal(str, object)  # data sheet, the view that did it

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, frozenset[int]] = {}
        self._turns: dict[str, int] = {}

    def put(self, sheet_id: str, rows: Sequence[int], by: object) -> None:
        """Select rows; the other views follow."""
        found = frozenset(rows)
        if found == self._rows.get(sheet_id, frozenset()):
            return
        self._rows[sheet_id] = found
        self._turns[sheet_id] = self.turn(sheet_id) + 1
        self.moved.emit(sheet_id, by)

    def rows(self, sheet_id: str) -> frozenset[int]:
        """Return the selected rows of a sheet."""
        return self._rows.get(sheet_id, frozenset())

    def turn(self, sheet_id: str) -> int:
        """Return how often the selection of a sheet changed: a view knows what it has shown."""
        return self._turns.get(sheet_id, 0)

    def clear(self) -> None:
        """Forget everything: the project is closed."""
        self._rows, self._turns = {}, {}


def points_of(rows: frozenset[int], points: Sequence[tuple[int, ...]]) -> "IntArray":
    """Return the points that stand for any of these rows."""
    import numpy as np  # the window is painted before there are any

    if not rows or len(points) > MOST_POINTS:
        return np.zeros(0, dtype=np.int64)
    found = [at for at in range(len(points)) if not rows.isdisjoint(points[at])]
    return np.asarray(found, dtype=np.int64)
