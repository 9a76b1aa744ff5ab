"""What a session can do with data sheets; every verb is one named, undoable step."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from leanlab.app.calculated import CalculatedColumns, formulas_in, meaning_changes
from leanlab.app.records import Record, RowState, SheetColumn, SheetInfo
from leanlab.core import format as words
from leanlab.core.errors import DocumentProblem
from leanlab.core.typing import IntArray
from leanlab.store import sheets

if TYPE_CHECKING:
    from leanlab.data.columns import ColumnData
    from leanlab.data.searching import Sought

Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def _rows_in(columns: Sequence[Any]) -> int:
    if not columns:
        raise DocumentProblem("This data has no columns.", hint="Add a column first.")
    return len(columns[0].values)


def _unseen_in(settings: Any) -> frozenset[str]:
    """Return the columns that the grid does not show; what is no list of them is passed over."""
    found = settings.get("unseen") if isinstance(settings, Mapping) else None
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


class SheetVerbs(CalculatedColumns):
    """The part of a session that reads and changes data sheets."""

    # reading -------------------------------------------------------------------------------

    def sheets(self) -> list[SheetInfo]:
        """Return all data sheets."""
        return [self._sheet(record) for record in self.records("sheet")]

    def sheet(self, sheet_id: str) -> SheetInfo:
        """Return one data sheet without its rows."""
        return self._sheet(self.record(sheet_id))

    def _sheet(self, record: Record) -> SheetInfo:
        settings = record.get("settings")
        formulas = formulas_in(settings)
        columns = tuple(
            replace(SheetColumn(*row), formula=formulas.get(row[0], ""))
            for row in sheets.columns_of(self._document, record.id)
        )
        source = sheets.source_of(self._document, record.id)
        rows = sheets.row_count(self._document, record.id)
        title, unseen = str(record.get("title", "")), _unseen_in(settings)
        return SheetInfo(record.id, title, columns, rows, source, unseen)

    def column(self, sheet_id: str, column_id: str) -> Any:
        """Return a column's values in the order of the rows."""
        return sheets.column_values(self._document, sheet_id, column_id)

    def cells(self, sheet_id: str, row_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return the stored values of some rows, by row id and column id."""
        found = sheets.page(self._document, sheet_id, row_ids)
        return {i: dict(zip(names, values, strict=True)) for i, (values, names) in found.items()}

    def row_ids(self, sheet_id: str) -> IntArray:
        """Return the ids of the rows in their order."""
        return sheets.row_ids(self._document, sheet_id)

    def row_states(self, sheet_id: str) -> dict[int, RowState]:
        """Return what was decided about single rows."""
        return {i: RowState(*s) for i, s in sheets.states(self._document, sheet_id).items()}

    def bad_cells(self, sheet_id: str) -> dict[tuple[int, str], str]:
        """Return cells that do not fit their column, as they were written."""
        return sheets.bad_cells(self._document, sheet_id)

    def steps_forgotten_by(self, cells: int) -> int:
        """Return how many older steps a change of so many cells would push out of undo."""
        return self._document.forgotten_by(8 * cells)

    # sheets --------------------------------------------------------------------------------

    def add_sheet(
        self,
        title: str,
        columns: Sequence[Any],
        *,
        source: Mapping[str, Any] | None = None,
        label: str | None = None,
        progress: Progress = _silent,
        kept: tuple[str, bytes] | None = None,
    ) -> str:
        """Make a data sheet from ColumnData; return its id. `progress` may raise to cancel.

        `kept` is the file it came from (name, content), attached to it in the same step.
        """
        sheet_id = sheets.make(self._document, title, columns, source, progress)
        with self.step(label or f"Add data {title}"):
            sheets.reveal(self._document, sheet_id)
            if kept is not None:
                self.attach(sheet_id, *kept)
        return sheet_id

    def set_source(self, sheet_id: str, source: Mapping[str, Any], *, label: str) -> None:
        """Change what a sheet remembers of where its data came from."""
        self.edit(sheet_id, {"source": dict(source)}, label=label)

    # cells ---------------------------------------------------------------------------------

    def set_cells(
        self, sheet_id: str, cells: Sequence[tuple[int, str, Any]], *, label: str | None = None
    ) -> None:
        """Write cells (row id, column id, text or value); text that does not fit becomes a bad cell."""
        from leanlab.data.typing_cells import cell_value

        columns = {c.id: c for c in self.sheet(sheet_id).columns}
        kinds = {c.id: c.kind for c in columns.values()}
        texts: dict[str, list[Any]] = {}
        for _, column, value in cells:
            texts.setdefault(column, []).append(value)
        self.refuse_calculated(sheet_id, texts)
        orders = self._date_orders(
            sheet_id, {c: t for c, t in texts.items() if kinds[c] == "datetime"}
        )
        typed = [
            (
                row,
                column,
                *cell_value(kinds[column], value, orders.get(column, ""), columns[column].unit),
            )
            for row, column, value in cells
        ]
        with self.step(label or ("Edit cell" if len(typed) == 1 else f"Edit {len(typed)} cells")):
            for column in texts:
                self._allow_decimals(
                    sheet_id, columns[column], [v for _, c, v, _ in typed if c == column]
                )
            self._remember_orders(sheet_id, orders)
            sheets.set_cells(self._document, sheet_id, typed)
            self._touch(sheet_id, texts, {row for row, *_ in typed})

    def _date_orders(self, sheet_id: str, typed: Mapping[str, Sequence[Any]]) -> dict[str, str]:
        """Return how the dates of columns are written: as before, else as the first that tells."""
        from leanlab.data.typing_cells import order_shown

        if not typed:
            return {}
        source = self.sheet(sheet_id).source
        read = str(source.get("settings", {}).get("date_order", ""))
        known: Mapping[str, str] = source.get("orders", {})
        usual = read if read in {"dmy", "mdy"} else ""
        return {c: known.get(c) or usual or order_shown(texts) for c, texts in typed.items()}

    def _remember_orders(self, sheet_id: str, orders: Mapping[str, str]) -> None:
        source = self.sheet(sheet_id).source
        known: Mapping[str, str] = source.get("orders", {})
        learned = {column: order for column, order in orders.items() if order}
        if learned.items() - known.items():
            self.edit(sheet_id, {"source": {**source, "orders": {**known, **learned}}})

    def _allow_decimals(self, sheet_id: str, one: SheetColumn, values: Sequence[Any]) -> None:
        """Show the decimals that somebody writes; whole numbers become numbers with 7.5."""
        known = [v for v in values if v is not None]
        if one.kind not in {"number", "whole"} or not any(v % 1 for v in known):
            return
        decimals = max(one.decimals, words.decimals_of(known))
        if one.kind == "whole" or decimals > one.decimals:
            facts = {"kind": "number", "decimals": decimals}
            sheets.edit_column(self._document, sheet_id, one.id, facts)

    def set_column(
        self,
        sheet_id: str,
        column_id: str,
        row_ids: IntArray,
        texts: Sequence[str],
        *,
        label: str | None = None,
    ) -> None:
        """Write many cells of one column at once; text that does not fit becomes a bad cell."""
        from leanlab.data.typing_cells import cell_value

        self.refuse_calculated(sheet_id, [column_id])
        one = self.sheet(sheet_id).column(column_id)
        kind = one.kind
        known: dict[str, tuple[Any, str | None]] = {}
        orders = self._date_orders(sheet_id, {column_id: texts} if kind == "datetime" else {})
        order = orders.get(column_id, "")
        pairs = [
            known.get(t) or known.setdefault(t, cell_value(kind, t, order, one.unit)) for t in texts
        ]
        bad = {
            int(row): raw for row, (_, raw) in zip(row_ids, pairs, strict=True) if raw is not None
        }
        values = [value for value, _ in pairs]
        with self.step(label or f"Edit {words.count(len(texts), 'cell')}"):
            self._allow_decimals(sheet_id, one, values)
            self._remember_orders(sheet_id, orders)
            sheets.set_column(self._document, sheet_id, column_id, row_ids, values, bad)
            self._touch(sheet_id, [column_id], row_ids.tolist())

    # rows ----------------------------------------------------------------------------------

    def append_rows(
        self, sheet_id: str, columns: Sequence[Any], *, label: str | None = None
    ) -> list[int]:
        """Add rows at the end: one ColumnData per column of the sheet, in its order."""
        count = _rows_in(columns)
        with self.step(label or f"Add {words.count(count, 'row')}"):
            ids = sheets.append(self._document, sheet_id, columns)
            self._touch(sheet_id, None, ids)
        return ids

    def insert_rows(
        self, sheet_id: str, before: int, columns: Sequence[Any], *, label: str | None = None
    ) -> list[int]:
        """Add rows above a row: one ColumnData per column of the sheet, in its order."""
        count = _rows_in(columns)
        with self.step(label or f"Insert {words.count(count, 'row')}"):
            ids = sheets.insert(self._document, sheet_id, before, columns)
            self._touch(sheet_id, None, ids)
        return ids

    def delete_rows(self, sheet_id: str, row_ids: Sequence[int]) -> None:
        """Delete rows."""
        with self.step(f"Delete {words.count(len(row_ids), 'row')}"):
            sheets.delete_rows(self._document, sheet_id, row_ids)
            self._touch(sheet_id, None, ())

    def sort_rows(self, sheet_id: str, row_ids: IntArray, *, label: str = "Sort rows") -> None:
        """Put the rows into this order for good; all rows are named."""
        if not np.array_equal(np.sort(row_ids), np.sort(self.row_ids(sheet_id))):
            raise DocumentProblem("The rows changed while they were sorted.", hint="Sort again.")
        with self.step(label):
            sheets.sort_rows(self._document, sheet_id, row_ids)
            self._touch(sheet_id, None, ())

    def set_row_state(
        self, sheet_id: str, row_ids: Sequence[int], state: str | None, reason: str
    ) -> None:
        """Exclude or label rows with a reason; None takes it back."""
        if state == "excluded" and not reason.strip():
            raise DocumentProblem(
                "Excluding rows needs a reason.", hint="Say why these rows do not count."
            )
        verb = {"excluded": "Exclude", "labelled": "Label", None: "Include"}[state]
        with self.step(f"{verb} {words.count(len(row_ids), 'row')}"):
            sheets.set_state(self._document, sheet_id, row_ids, state, reason)

    # columns -------------------------------------------------------------------------------

    def add_column(self, sheet_id: str, column: Any, *, position: int | None = None) -> str:
        """Add a column; return its id."""
        with self.step(f"Add column {column.name}"):
            return sheets.add_column(self._document, sheet_id, column, position)

    def edit_column(self, sheet_id: str, column_id: str, **changes: Any) -> None:
        """Change name, unit, decimals or metric_id of a column."""
        with self.step(self._change_label(sheet_id, column_id, changes)):
            sheets.edit_column(self._document, sheet_id, column_id, changes)

    def _change_label(self, sheet_id: str, column_id: str, changes: Mapping[str, Any]) -> str:
        name = self.sheet(sheet_id).column(column_id).name
        if list(changes) == ["name"]:
            return f"Rename column {name}"
        if list(changes) == ["unit"]:
            return f"Change unit of {name}"
        return f"Change column {name}"

    def hide_column(self, sheet_id: str, column_id: str) -> None:
        """Let the grid not show a column; it stays, and analyses go on with it."""
        sheet = self.sheet(sheet_id)
        if len(sheet.unseen) + 1 >= len(sheet.columns):
            raise DocumentProblem(
                "The last column that is shown cannot be hidden.", hint="Show the others first."
            )
        name = sheet.column(column_id).name
        self._keep_unseen(sheet_id, {*sheet.unseen, column_id}, f"Hide column {name}")

    def show_columns(self, sheet_id: str) -> None:
        """Let the grid show all columns again."""
        self._keep_unseen(sheet_id, set(), "Show all columns")

    def _keep_unseen(self, sheet_id: str, unseen: set[str], label: str) -> None:
        kept = self.record(sheet_id).get("settings", {})
        kept = kept if isinstance(kept, Mapping) else {}
        self.edit(sheet_id, {"settings": {**kept, "unseen": sorted(unseen)}}, label=label)

    def move_column(self, sheet_id: str, column_id: str, position: int) -> None:
        """Let a column stand at another place."""
        with self.step(f"Move column {self.sheet(sheet_id).column(column_id).name}"):
            sheets.move_column(self._document, sheet_id, column_id, position)

    def delete_column(self, sheet_id: str, column_id: str) -> None:
        """Take a column away."""
        self.refuse_needed(sheet_id, column_id, "delete")
        with self.step(f"Delete column {self.sheet(sheet_id).column(column_id).name}"):
            sheets.edit_column(self._document, sheet_id, column_id, {"hidden": 1})

    def read_as(self, sheet_id: str, column_id: str, kind: str, *, order: str = "") -> "ColumnData":
        """Return a column as it would be read as another kind; nothing is changed."""
        from leanlab.data.typing_cells import retyped

        sheet = self.sheet(sheet_id)
        one = sheet.column(column_id)
        stored = one.kind in {"number", "whole"}  # its cells are written with a point
        return retyped(
            one.name,
            list(self.texts(sheet_id, column_id)),
            kind,
            decimal="." if stored else "",
            usual=str(sheet.source.get("settings", {}).get("decimal", "")),
            order=order,
        )

    def retype_column(self, sheet_id: str, column_id: str, kind: str, *, order: str = "") -> int:
        """Read a column's cells as another kind; return how many cells do not fit it.

        Cells that do not fit stay as they were written, marked and counted as missing.
        """
        self.refuse_calculated(sheet_id, [column_id])
        one = self.sheet(sheet_id).column(column_id)
        if meaning_changes(one.kind, kind):
            self.refuse_needed(sheet_id, column_id, "change")
        column = self.read_as(sheet_id, column_id, kind, order=order)
        with self.step(f"Change kind of {one.name}"):
            sheets.retype_column(self._document, sheet_id, column_id, column)
            self._touch(sheet_id, [column_id], None)
        return len(column.bad)

    def find_cells(
        self, sheet_id: str, column_ids: Sequence[str], sought: "Sought", *, begin: int = 1
    ) -> Iterator[list[tuple[int, str]]]:
        """Yield the cells (row id, column id) that hold a text, part by part, from a row on.

        An edit on the way ends it: what was found before may not be true any more.
        """
        from leanlab.data.searching import places

        known = {c.id: c for c in self.sheet(sheet_id).columns}
        revision = self._document.revision
        bad: dict[int, list[str]] = {}
        for (row_id, column_id), raw in self.bad_cells(sheet_id).items():
            if column_id in column_ids and sought.fits(raw):
                bad.setdefault(row_id, []).append(column_id)
        wanted = [c for c in column_ids if sought.possible(known[c].kind)]
        for ids, values in sheets.parts(self._document, sheet_id, wanted, begin):
            if self._document.revision != revision:
                return
            found = [(r, c) for r in ids.tolist() if r in bad for c in bad[r]] if bad else []
            for column_id, cells in values.items():
                one = known[column_id]
                found += [
                    (int(ids[at]), column_id)
                    for at in places(one.kind, cells, one.decimals, sought)
                ]
            yield found

    def texts(self, sheet_id: str, column_id: str) -> Iterator[str]:
        """Return a column's cells as text, bad ones as they were written, row by row."""
        from leanlab.data.typing_cells import cell_text

        sheet = self.sheet(sheet_id)
        one = next(c for c in sheet.columns if c.id == column_id)
        bad = {
            row: raw
            for (row, column), raw in self.bad_cells(sheet_id).items()
            if column == column_id
        }
        values = self.column(sheet_id, column_id)
        for row_id, value in zip(self.row_ids(sheet_id).tolist(), values, strict=True):
            yield bad[row_id] if row_id in bad else cell_text(one.kind, value, one.decimals)
