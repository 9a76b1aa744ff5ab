"""What the verbs about data sheets use of the session that they are part of."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from leanlab.app.records import Record, SheetInfo
from leanlab.core.typing import IntArray
from leanlab.store.document import Document


class RecordParts(Protocol):
    """Records and steps; `Session` has them."""

    _document: Document

    def step(self, label: str) -> AbstractContextManager[None]:
        """Group several changes into one undo step."""
        ...

    def record(self, record_id: str) -> Record:
        """Return one record."""
        ...

    def records(self, kind: str) -> list[Record]:
        """Return all records of a kind."""
        ...

    def edit(self, record_id: str, values: Mapping[str, Any], *, label: str | None = None) -> None:
        """Change some values of a record."""
        ...

    def attach(self, about_id: str, name: str, data: bytes) -> str:
        """Keep a file with a record."""
        ...


class SheetParts(RecordParts, Protocol):
    """What data sheets hold; `SheetVerbs` has it."""

    def sheet(self, sheet_id: str) -> SheetInfo:
        """Return one data sheet without its rows."""
        ...

    def column(self, sheet_id: str, column_id: str) -> Any:
        """Return a column's values."""
        ...

    def row_ids(self, sheet_id: str) -> IntArray:
        """Return the ids of the rows."""
        ...

    def cells(self, sheet_id: str, row_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return some rows."""
        ...
