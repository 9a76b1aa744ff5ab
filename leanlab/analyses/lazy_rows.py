"""Rows of a table that are made when they are asked for: there may be a million."""

from collections.abc import Callable, Sequence
from typing import Any


class LazyRows(Sequence[list[object]]):
    """Behaves like a list of rows."""

    def __init__(self, count: int, row: Callable[[int], list[object]]) -> None:
        self._count, self._row = count, row

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._row(i) for i in range(*index.indices(self._count))]
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return self._row(index % self._count)
