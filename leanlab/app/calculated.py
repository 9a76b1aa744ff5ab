"""Calculated columns of data sheets: their formulas, and when they are calculated anew.

A formula is kept with its sheet, columns by id (`{c3} - {c2}`), so that renaming does no harm. Its
values are ordinary cells of the sheet: whoever reads the sheet, or an old copy of it, sees them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from leanlab.app.records import SheetColumn
from leanlab.app.session_parts import SheetParts
from leanlab.core.errors import DocumentProblem
from leanlab.core.typing import IntArray
from leanlab.store import sheets
from leanlab.store.schema import SQL_TYPES

if TYPE_CHECKING:
    from leanlab.data.columns import ColumnData
    from leanlab.data.formula_values import Source
    from leanlab.data.formulas import Outcome

FEW_ROWS = 2_000  # so many changed rows are calculated alone where a formula allows it
FEW_AROUND = 20_000  # and so many with the rows around them that it looks at


@dataclass(slots=True)
class Touched:
    """What a step changed in a sheet; None stands for all columns, or all rows."""

    columns: set[str] | None = field(default_factory=set)
    rows: set[int] | None = field(default_factory=set)

    def add(self, columns: Iterable[str] | None, rows: Iterable[int] | None) -> None:
        """Widen it."""
        if columns is None or self.columns is None:
            self.columns = None
        else:
            self.columns.update(columns)
        if rows is None or self.rows is None:
            self.rows = None
        else:
            self.rows.update(rows)
            if len(self.rows) > FEW_ROWS:
                self.rows = None


def meaning_changes(kind: str, other: str) -> bool:
    """Whether a formula sees something else in a column of the other kind."""
    from leanlab.data.formula_values import MEANINGS

    return MEANINGS[kind] != MEANINGS[other]


def formulas_in(settings: Any) -> dict[str, str]:
    """Return the formulas of a sheet by column id; what is no formula is passed over."""
    found = settings.get("formulas") if isinstance(settings, Mapping) else None
    if not isinstance(found, Mapping):
        return {}
    return {str(c): f for c, f in found.items() if isinstance(f, str) and f}


def sources(columns: Sequence[SheetColumn], but: str = "") -> "list[Source]":
    """Return the columns that a formula of the column `but` may name."""
    from leanlab.data.formula_values import Source

    barred = {but, *needing(columns, but)} if but else set()
    return [Source(c.id, c.name, c.kind, c.decimals) for c in columns if c.id not in barred]


def ids_in(formula: str) -> set[str]:
    """Return the ids of the columns that a stored formula names."""
    from leanlab.core.errors import Problem
    from leanlab.data.formula_text import parsed
    from leanlab.data.formulas import columns_in

    try:
        return {c.name.strip("{}") for c in columns_in(parsed(formula))}
    except Problem:
        return set()


def needing(columns: Sequence[SheetColumn], column_id: str) -> list[str]:
    """Return the calculated columns that need a column, directly or through others."""
    needs = {c.id: ids_in(c.formula) for c in columns if c.formula}
    found: list[str] = []
    rest = [column_id]
    while rest:
        one = rest.pop()
        for other, ids in needs.items():
            if one in ids and other not in found:
                found.append(other)
                rest.append(other)
    return found


def in_turn(columns: Sequence[SheetColumn], touched: set[str] | None) -> list[SheetColumn]:
    """Return the calculated columns to calculate anew, sources before what needs them.

    Columns that need each other, which only a foreign file can hold, are left as they are.
    """
    needs = {c.id: ids_in(c.formula) for c in columns if c.formula}
    waiting = {c.id: c for c in columns if c.formula}
    changed = None if touched is None else set(touched)
    out: list[SheetColumn] = []
    while ready := [c for c in waiting.values() if not needs[c.id] & waiting.keys()]:
        for one in ready:
            del waiting[one.id]
            if changed is None or needs[one.id] & changed:
                out.append(one)
                if changed is not None:
                    changed.add(one.id)
    return out


def formula_shown(columns: Sequence[SheetColumn], column: SheetColumn) -> str:
    """Return a column's formula as people read it."""
    from leanlab.core.errors import Problem
    from leanlab.data.formula_functions import NAMES
    from leanlab.data.formula_text import with_names

    try:
        return with_names(column.formula, {f"{{{c.id}}}": c.name for c in columns}, NAMES)
    except Problem:
        return column.formula


def formula_problem(columns: Sequence[SheetColumn], column: SheetColumn) -> str:
    """Return why a column's formula can no longer be calculated; empty when it can."""
    from leanlab.core.errors import Problem
    from leanlab.data.columns import empty_column
    from leanlab.data.formula_values import Scope
    from leanlab.data.formulas import calculated

    kinds = {c.id: c.kind for c in columns}
    try:
        scope = Scope(
            sources(columns, column.id), lambda c: empty_column("", kinds[c], 1).values, 1
        )
        calculated(column.name, column.formula, scope)
    except Problem as problem:
        return (
            f"The formula does not work any more: {problem.message} The values stay as they were."
        )
    return ""


class CalculatedColumns(SheetParts):
    """The part of a session that keeps calculated columns right."""

    _touched: dict[str, Touched]

    # asking --------------------------------------------------------------------------------

    def calculate(
        self, sheet_id: str, text: str, *, name: str = "", unit: str = "", column_id: str = ""
    ) -> "Outcome":
        """Calculate a column without keeping it; a wrong formula is a FormulaProblem."""
        from leanlab.data.formula_values import Scope
        from leanlab.data.formulas import calculated

        sheet = self.sheet(sheet_id)
        known: dict[str, Any] = {}

        def values(source: str) -> Any:
            if source not in known:
                known[source] = self.column(sheet_id, source)
            return known[source]

        scope = Scope(sources(sheet.columns, column_id), values, sheet.rows)
        return calculated(name, text, scope, unit=unit)

    def refuse_calculated(self, sheet_id: str, column_ids: Iterable[str]) -> None:
        """Nobody types into a calculated column."""
        wanted = set(column_ids)
        one = next((c for c in self.sheet(sheet_id).columns if c.formula and c.id in wanted), None)
        if one is not None:
            raise DocumentProblem(
                f"The column {one.name} is calculated from its formula.",
                hint="Change its formula, or turn it into ordinary values, in the menu of the column.",
            )

    def refuse_needed(self, sheet_id: str, column_id: str, verb: str) -> None:
        """A column that formulas calculate with must stay what it is."""
        columns = self.sheet(sheet_id).columns
        users = [c.name for c in columns if c.formula and column_id in ids_in(c.formula)]
        if users:
            name = next(c.name for c in columns if c.id == column_id)
            raise DocumentProblem(
                f"The column {name} is needed by the formula of {' and of '.join(users[:3])}.",
                hint=f"Change or delete that column before you {verb} this one.",
            )

    # changing ------------------------------------------------------------------------------

    def add_calculated_column(
        self, sheet_id: str, name: str, text: str, *, unit: str = "", position: int | None = None
    ) -> str:
        """Add a column that is calculated from others; return its id."""
        name = self._free_name(sheet_id, name)
        found = self.calculate(sheet_id, text, name=name, unit=unit).column
        formula = stored_form(self.sheet(sheet_id).columns, text)
        with self.step(f"Add calculated column {name}"):
            column_id = sheets.add_column(self._document, sheet_id, found, position)
            self._write_formula(sheet_id, column_id, formula)
        return column_id

    def change_formula(
        self, sheet_id: str, column_id: str, text: str, *, name: str = "", unit: str = ""
    ) -> None:
        """Calculate a column by another formula, and let it have another name or unit."""
        one = self.sheet(sheet_id).column(column_id)
        name = one.name if name.strip() == one.name else self._free_name(sheet_id, name)
        found = self.calculate(sheet_id, text, name=name, column_id=column_id).column
        formula = stored_form(self.sheet(sheet_id).columns, text, column_id)
        with self.step(f"Change formula of {one.name}"):
            if SQL_TYPES[one.kind] != SQL_TYPES[found.kind]:
                sheets.retype_column(self._document, sheet_id, column_id, found)
            else:
                self._keep_all(sheet_id, one, found)
            facts = {"name": name, "unit": unit, "kind": found.kind, "decimals": found.decimals}
            sheets.edit_column(self._document, sheet_id, column_id, facts)
            self._write_formula(sheet_id, column_id, formula)
            self._touch(sheet_id, {column_id}, None)

    def freeze_column(self, sheet_id: str, column_id: str) -> None:
        """Let a calculated column be ordinary values from now on."""
        name = self.sheet(sheet_id).column(column_id).name
        with self.step(f"Turn {name} into values"):
            self._write_formula(sheet_id, column_id, None)

    def _free_name(self, sheet_id: str, name: str) -> str:
        wanted = " ".join(name.split())
        if not wanted:
            raise DocumentProblem("The column has no name yet.", hint="Write a name for it.")
        if any(c.name == wanted for c in self.sheet(sheet_id).columns):
            raise DocumentProblem(
                f"There is a column named {wanted} already.", hint="Write another name."
            )
        return wanted

    def _write_formula(self, sheet_id: str, column_id: str, formula: str | None) -> None:
        settings = self.record(sheet_id).get("settings")
        self.edit(sheet_id, {"settings": with_formula(settings, column_id, formula)})

    def _keep_all(self, sheet_id: str, one: SheetColumn, found: "ColumnData") -> None:
        ids, changed = self.row_ids(sheet_id), _different(found, self.column(sheet_id, one.id))
        if changed.size:
            values = sheets.stored(found.kind, found.values[changed])
            sheets.set_column(self._document, sheet_id, one.id, ids[changed], values, {})

    # keeping right -------------------------------------------------------------------------

    def _touch(
        self, sheet_id: str, columns: Iterable[str] | None, rows: Iterable[int] | None
    ) -> None:
        """Remember what changed, for the end of the step."""
        self._touched.setdefault(sheet_id, Touched()).add(columns, rows)

    def _settle(self) -> None:
        """Calculate anew what depends on what the step changed; the same undo step takes it back."""
        touched, self._touched = self._touched, {}
        for sheet_id, what in touched.items():
            if not self._document.rows("SELECT 1 FROM sheet WHERE id = ?", [sheet_id]):
                continue
            columns = self.sheet(sheet_id).columns
            if any(c.formula for c in columns):
                changed: dict[str, set[int] | None] = {}  # the rows in which a result changed
                for one in in_turn(columns, what.columns):
                    rows = _rows_for(one, what, changed)
                    changed[one.id] = self._calculate_anew(
                        sheet_id, one, rows, moved=what.columns is None
                    )

    def _calculate_anew(
        self, sheet_id: str, one: SheetColumn, rows: set[int] | None, *, moved: bool
    ) -> set[int] | None:
        """Calculate a column after changes in some rows; return where it changed, None for many.

        Where rows came, went or moved, a formula that looks at the rows around sees others.
        """
        from leanlab.core.errors import Problem
        from leanlab.data.formulas import reach

        try:
            far = reach(one.formula)
            if rows is not None and far is not None and not (far and moved):
                seen = self._around(sheet_id, rows, 2 * far)
                if len(seen) <= FEW_AROUND:
                    reached = self._around(sheet_id, rows, far)
                    return self._calculate_rows(sheet_id, one, reached, seen)
            if rows is not None and not rows and not moved:
                return set()
            found = self.calculate(sheet_id, one.formula, name=one.name, column_id=one.id).column
        except Problem:
            return set()  # the panel says what is wrong; the values stay
        ids = self.row_ids(sheet_id)
        before = self.column(sheet_id, one.id)
        return self._keep(sheet_id, one, ids, found, _different(found, before))

    def _around(self, sheet_id: str, rows: set[int], far: int) -> list[int]:
        """Return rows with those so far around them, in the order of the sheet."""
        if not far:
            return sorted(rows)
        ids = self.row_ids(sheet_id)
        at = np.flatnonzero(np.isin(ids, np.fromiter(rows, np.int64, len(rows))))
        near = np.unique(at[:, np.newaxis] + np.arange(-far, far + 1))
        around: list[int] = ids[near[(near >= 0) & (near < ids.size)]].tolist()
        return around

    def _calculate_rows(
        self, sheet_id: str, one: SheetColumn, rows: Sequence[int], seen: Sequence[int]
    ) -> set[int] | None:
        """Calculate some rows only, from those that they see, in the order of the sheet."""
        from leanlab.data.formula_values import Scope
        from leanlab.data.formulas import calculated

        cells = self.cells(sheet_id, seen)
        ids = [i for i in seen if i in cells]
        columns = self.sheet(sheet_id).columns
        kinds = {c.id: c.kind for c in columns}

        def values(column_id: str) -> Any:
            return sheets.loaded(kinds[column_id], [cells[i][column_id] for i in ids])

        scope = Scope(sources(columns, one.id), values, len(ids))
        found = calculated(one.name, one.formula, scope).column
        there = np.asarray(ids, dtype=np.int64)
        different = _different(found, sheets.loaded(one.kind, [cells[i][one.id] for i in ids]))
        meant = different[np.isin(there[different], np.asarray(rows, dtype=np.int64))]
        return self._keep(sheet_id, one, there, found, meant)

    def _keep(
        self, sheet_id: str, one: SheetColumn, ids: IntArray, found: "ColumnData", changed: IntArray
    ) -> set[int] | None:
        """Write the cells that changed; a kind that no longer holds them becomes a wider one."""
        kind = _kind_for(one.kind, found)
        if kind is None:
            whole = self.calculate(sheet_id, one.formula, name=one.name, column_id=one.id).column
            sheets.retype_column(self._document, sheet_id, one.id, whole)
            return None
        if kind != one.kind:
            facts = {"kind": kind, "decimals": max(one.decimals, found.decimals)}
            sheets.edit_column(self._document, sheet_id, one.id, facts)
        if changed.size:
            values = sheets.stored(kind, found.values[changed])
            sheets.set_column(self._document, sheet_id, one.id, ids[changed], values, {})
        return set(ids[changed].tolist()) if changed.size <= FEW_ROWS else None


def _rows_for(
    one: SheetColumn, what: Touched, changed: Mapping[str, set[int] | None]
) -> set[int] | None:
    """Return the rows in which a source of a column changed; None for many."""
    needs = ids_in(one.formula)
    found = [changed[c] for c in needs if c in changed]
    if what.columns is None or needs & what.columns:
        found.append(what.rows)
    return None if None in found else {row for rows in found if rows for row in rows}


def _kind_for(kind: str, found: "ColumnData") -> str | None:
    """Return the kind in which a calculated column can go on; None when it is another one now."""
    if kind == found.kind:
        return kind
    if {kind, found.kind} == {"number", "whole"}:
        known = found.values[np.isfinite(found.values)]
        return "number" if kind == "number" or np.any(known != np.floor(known)) else "whole"
    texts = {"category", "text", "id"}
    return kind if {kind, found.kind} <= texts else None


def _different(found: "ColumnData", before: Any) -> IntArray:
    """Return the places in which two columns differ."""
    after = found.values
    if after.dtype.kind != before.dtype.kind:
        return np.arange(len(after), dtype=np.int64)
    if after.dtype.kind == "O":
        same = np.fromiter(
            (a == b for a, b in zip(after, before, strict=True)), np.bool_, len(after)
        )
    elif after.dtype.kind == "M":
        same = (after == before) | (np.isnat(after) & np.isnat(before))
    else:
        same = (after == before) | (np.isnan(after) & np.isnan(before))
    return np.flatnonzero(~same).astype(np.int64)


def with_formula(settings: Any, column_id: str, formula: str | None) -> dict[str, Any]:
    """Return a sheet's settings with another formula of one column; None takes it away."""
    kept = dict(settings) if isinstance(settings, Mapping) else {}
    listed = formulas_in(kept)
    listed.pop(column_id, None)
    if formula:
        listed[column_id] = formula
    return {**kept, "formulas": listed}


def stored_form(columns: Sequence[SheetColumn], text: str, column_id: str = "") -> str:
    """Return a formula as it is stored: columns by their ids."""
    from leanlab.data.formula_text import with_ids
    from leanlab.data.formulas import sources_of

    return with_ids(text, {name: s.id for name, s in sources_of(text, sources(columns, column_id))})
