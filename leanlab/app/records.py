"""What a session returns: plain values, never a row of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """One register row, worksheet, analysis or saved result."""

    id: str
    kind: str
    code: str
    created: str
    revision: int
    values: Mapping[str, Any]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value, or the default where it is missing or empty."""
        value = self.values.get(name)
        return default if value is None else value


@dataclass(frozen=True, slots=True)
class Link:
    """One record points to another, and says why."""

    from_id: str
    verb: str
    to_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a step changed; views refresh from it."""

    label: str
    ids: frozenset[str]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a data sheet."""

    id: str
    name: str
    kind: str
    unit: str
    decimals: int
    metric_id: str | None
    formula: str = ""  # how it is calculated, other columns by their ids


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A data sheet without its rows."""

    id: str
    title: str
    columns: Sequence[SheetColumn]
    rows: int
    source: Mapping[str, Any]
    unseen: frozenset[str] = frozenset()  # columns that the grid does not show

    def column(self, column_id: str) -> SheetColumn:
        """Return a column by its id."""
        return next(c for c in self.columns if c.id == column_id)

    def named(self, name: str) -> SheetColumn:
        """Return a column by its name."""
        return next(c for c in self.columns if c.name == name)


@dataclass(frozen=True, slots=True)
class RowState:
    """What was decided about a data row."""

    state: str  # excluded, labelled
    reason: str
    who: str
    at: str
