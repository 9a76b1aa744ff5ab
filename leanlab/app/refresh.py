"""Bring newer data into a sheet: what is new, changed, missing or there twice; one undo step.

Rows that are known by their key keep their row ids, so exclusions, notes, stages and fixed limits
stay where they were.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from leanlab.app.importing import read, remembered, source_of
from leanlab.app.records import SheetColumn, SheetInfo
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.typing import IntArray
from leanlab.data.columns import ColumnData, empty_column
from leanlab.data.table import Settings, Table
from leanlab.data.typing_cells import cell_text

Mode = Literal["add", "replace"]
_MARK = "\x1f"  # between the parts of a key
SHOWN_CHANGES = 500
UNIQUE_KINDS = ("id", "whole", "text", "datetime", "category", "number")


def _go_on() -> None:
    """Nobody cancels."""


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def settings_for(session: Session, sheet_id: str) -> Settings:
    """Return how to read a newer file of a sheet: as the first one, in the sheet's own kinds."""
    sheet = session.sheet(sheet_id)
    names = _file_names(sheet)
    kinds = {names[c.id]: _wide(c.kind) for c in sheet.columns if c.id in names}
    return replace(remembered(sheet.source), kinds=kinds, names={}, most_rows=None, left_out=())


def _wide(kind: str) -> str:
    return "number" if kind == "whole" else kind


def read_newer(
    session: Session,
    sheet_id: str,
    source: Path | str,
    *,
    settings: Settings | None = None,
    check: Callable[[], None] = _go_on,
    progress: Callable[[int, int], None] = _silent,
) -> Table:
    """Read a newer file the way the sheet's first one was read."""
    used = settings or settings_for(session, sheet_id)
    return read(source, used, check=check, progress=progress)


def _file_names(sheet: SheetInfo) -> dict[str, str]:
    """Return the name that each column has in the file; calculated ones are in no file."""
    known: Mapping[str, str] = sheet.source.get("columns") or {}
    return {c.id: known.get(c.id, c.name) for c in sheet.columns if not c.formula}


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that is known by its key, with other values in the file."""

    row_id: int
    row: int  # of the file
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a newer file would do to a sheet; nothing is done yet."""

    sheet: SheetInfo
    mode: Mode
    keys: tuple[str, ...]
    table: Table
    matched: Mapping[str, int]  # column of the sheet -> column of the file
    new: IntArray  # rows of the file
    changed: Sequence[Changed]
    missing: IntArray  # row ids
    duplicates: IntArray  # rows of the file whose key came before
    unchanged: int
    twice: int  # rows of the sheet that share their key with another

    @property
    def cells(self) -> int:
        """How many cells change at most, for what undo must keep."""
        rows = self.new.size + self.missing.size + self.duplicates.size
        width = len(self.sheet.columns) + len(self.extra)
        changed = sum(len(change.columns) for change in self.changed)
        return int(rows * width + changed + len(self.extra) * self.sheet.rows)

    @property
    def extra(self) -> list[int]:
        """Columns of the file that the sheet does not have, not even calculated."""
        used = set(self.matched.values())
        made = {c.name for c in self.sheet.columns if c.formula}
        columns = enumerate(self.table.columns)
        return [at for at, column in columns if at not in used and column.name not in made]

    @property
    def lacking(self) -> list[SheetColumn]:
        """Columns of the sheet that the file does not have."""
        return [c for c in self.sheet.columns if c.id not in self.matched and not c.formula]

    @property
    def sentences(self) -> list[str]:
        """Say what was found, one line each."""
        lines = [
            f"{words.count(self.new.size, 'new row')}",
            f"{words.count(len(self.changed), 'row')} with other values",
            f"{words.count(self.unchanged, 'row')} as before",
        ]
        if self.mode == "replace" or self.missing.size:
            lines.append(f"{words.count(self.missing.size, 'row')} no longer in the file")
        if self.duplicates.size:
            lines.append(f"{words.count(self.duplicates.size, 'row')} twice in the file")
        if self.twice:
            lines.append(
                f"{words.count(self.twice, 'row')} of the data share a key with another row"
            )
        if self.extra:
            names = ", ".join(self.table.columns[at].name for at in self.extra)
            lines.append(f"New columns: {names}")
        if self.lacking:
            lines.append(f"Not in the file: {', '.join(c.name for c in self.lacking)}")
        return lines


def guessed_keys(session: Session, sheet_id: str) -> tuple[str, ...]:
    """Return the columns that tell rows apart: those used last time, else the first unique one."""
    sheet = session.sheet(sheet_id)
    known = {c.id for c in sheet.columns}
    kept = tuple(k for k in sheet.source.get("keys", ()) if k in known)
    if kept:
        return kept
    for kind in UNIQUE_KINDS:
        for one in sheet.columns:
            if one.kind != kind or one.formula:
                continue
            texts = list(session.texts(sheet_id, one.id))
            if texts and "" not in texts and len(set(texts)) == len(texts):
                return (one.id,)
    return ()


def plan(session: Session, sheet_id: str, table: Table, *, keys: Sequence[str], mode: Mode) -> Plan:
    """Compare a file with a sheet by key; without a key, by the whole row."""
    sheet = session.sheet(sheet_id)
    names = _file_names(sheet)
    places = {column.name: at for at, column in enumerate(table.columns)}
    matched = {c: places[name] for c, name in names.items() if name in places}
    if not matched:
        raise DataProblem(
            f"The file has none of the columns of {sheet.title}.",
            hint="Choose the newer file of the same kind, or import it as new data.",
        )
    lost = [sheet.column(k).name for k in keys if k not in matched]
    if lost:
        raise DataProblem(
            f"The file lacks the key column {', '.join(lost)}.", hint="Choose another key."
        )
    by = tuple(keys) or tuple(matched)
    ids = session.row_ids(sheet_id)
    here = {c: list(session.texts(sheet_id, c)) for c in matched}
    there = {c: _texts(sheet.column(c), table.columns[at]) for c, at in matched.items()}
    known: dict[str, int] = {}
    for at, key in enumerate(_keys(here, by)):
        known.setdefault(key, at)
    seen: set[str] = set()
    new, duplicates, changed, unchanged = [], [], [], 0
    for row, key in enumerate(_keys(there, by)):
        if key in seen:
            duplicates.append(row)
            continue
        seen.add(key)
        at = known.get(key, -1)
        if at < 0:
            new.append(row)
            continue
        different = tuple(c for c in matched if here[c][at] != there[c][row])
        if different:
            changed.append(Changed(int(ids[at]), row, different))
        else:
            unchanged += 1
    missing = [int(ids[at]) for key, at in known.items() if key not in seen]
    return Plan(
        sheet, mode, tuple(keys), table, matched, _array(new), changed, _array(missing),
        _array(duplicates), unchanged, twice=len(ids) - len(known),
    )  # fmt: skip


def _array(values: Sequence[int]) -> IntArray:
    return np.asarray(values, dtype=np.int64)


def _keys(cells: Mapping[str, Sequence[str]], by: Sequence[str]) -> list[str]:
    return list(map(_MARK.join, zip(*(cells[c] for c in by), strict=True)))


def _texts(one: SheetColumn, column: ColumnData) -> list[str]:
    """Write a file's column as the sheet would write it."""
    decimals = one.decimals
    texts = [cell_text(column.kind, value, decimals) for value in column.values]
    for row, raw in column.bad.items():
        texts[row] = raw
    return texts


def changes(session: Session, found: Plan) -> list[tuple[str, str, str, str]]:
    """Return row, column, old and new text of the first changed cells, for a preview."""
    ids = [c.row_id for c in found.changed[:SHOWN_CHANGES]]
    cells, bad = session.cells(found.sheet.id, ids), session.bad_cells(found.sheet.id)
    places = {int(i): at + 1 for at, i in enumerate(session.row_ids(found.sheet.id))}
    out = []
    for change in found.changed[:SHOWN_CHANGES]:
        for column_id in change.columns:
            one = found.sheet.column(column_id)
            column = found.table.columns[found.matched[column_id]]
            stored = cells[change.row_id][column_id]
            old = bad.get((change.row_id, column_id)) or cell_text(one.kind, stored, one.decimals)
            new = column.bad.get(change.row) or cell_text(
                column.kind, column.values[change.row], one.decimals
            )
            out.append((f"{words.number(places[change.row_id], 0)}", one.name, old, new))
    return out


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants done with what was found."""

    update: bool = True
    delete_missing: bool = False
    add_duplicates: bool = False
    add_columns: bool = False


def carry_out(
    session: Session,
    found: Plan,
    wishes: Wishes,
    *,
    file_name: str,
    kept: tuple[str, bytes] | None = None,
) -> None:
    """Change the sheet as planned, in one step; the file is kept with its fingerprint."""
    sheet, verb = found.sheet, "Add new rows to" if found.mode == "add" else "Replace the file of"
    rows = np.sort(np.r_[found.new, found.duplicates]) if wishes.add_duplicates else found.new
    with session.step(f"{verb} {sheet.title}"):
        if wishes.update and found.changed:
            _update(session, found)
        if wishes.delete_missing and found.missing.size:
            session.delete_rows(sheet.id, found.missing.tolist())
        added = _extra_columns(session, found, wishes)
        if rows.size:
            _append(session, found, rows, added)
        if wishes.update and added:
            _fill_known(session, found, added)
        if kept is not None:
            session.attach(sheet.id, *kept)
        source = _next_source(found, file_name, kept, added)
        session.set_source(sheet.id, source, label=f"{verb} {sheet.title}")


def _next_source(
    found: Plan, file_name: str, kept: tuple[str, bytes] | None, added: Mapping[str, int]
) -> dict[str, Any]:
    old = found.sheet.source
    earlier = {n: old[n] for n in ("file", "sha256", "rows", "read") if n in old}
    source = source_of(found.table, file_name, kept=kept is not None)
    names = {
        **_file_names(found.sheet),
        **{c: found.table.columns[at].name for c, at in added.items()},
    }
    return {
        **source, "keys": list(found.keys), "columns": names,
        "earlier": [*old.get("earlier", ()), *([earlier] if earlier else [])],
    }  # fmt: skip


def _update(session: Session, found: Plan) -> None:
    """Write the changed cells, column by column."""
    for column_id, at in found.matched.items():
        touched = [c for c in found.changed if column_id in c.columns]
        if touched:
            texts = _texts(found.sheet.column(column_id), found.table.columns[at])
            ids = _array([c.row_id for c in touched])
            session.set_column(found.sheet.id, column_id, ids, [texts[c.row] for c in touched])


def _extra_columns(session: Session, found: Plan, wishes: Wishes) -> dict[str, int]:
    if not wishes.add_columns:
        return {}
    count = len(session.row_ids(found.sheet.id))
    added = {}
    for at in found.extra:
        column = found.table.columns[at]
        empty = replace(
            empty_column(column.name, column.kind, count),
            unit=column.unit,
            decimals=column.decimals,
        )
        added[session.add_column(found.sheet.id, empty)] = at
    return added


def _append(session: Session, found: Plan, rows: IntArray, added: Mapping[str, int]) -> None:
    places = {**found.matched, **added}
    columns = []
    for one in session.sheet(found.sheet.id).columns:
        at = places.get(one.id)
        if at is None:
            columns.append(empty_column(one.name, one.kind, rows.size))
        else:
            columns.append(_part(found.table.columns[at], one.kind, rows))
    session.append_rows(found.sheet.id, columns)


def _part(column: ColumnData, kind: str, rows: IntArray) -> ColumnData:
    """Return some rows of a column, in the kind that the sheet has."""
    new_place = {int(row): at for at, row in enumerate(rows)}
    bad = {new_place[row]: raw for row, raw in column.bad.items() if row in new_place}
    return replace(column, kind=kind, values=column.values[rows], bad=bad)  # type: ignore[arg-type]


def _fill_known(session: Session, found: Plan, added: Mapping[str, int]) -> None:
    """Give the rows that were known their cells in the new columns."""
    by = found.keys or tuple(found.matched)
    there = {c: _texts(found.sheet.column(c), found.table.columns[found.matched[c]]) for c in by}
    rows: dict[str, int] = {}
    for row, key in enumerate(_keys(there, by)):
        rows.setdefault(key, row)
    ids = session.row_ids(found.sheet.id)
    here = {c: list(session.texts(found.sheet.id, c)) for c in by}
    pairs = [(int(i), rows[k]) for i, k in zip(ids, _keys(here, by), strict=True) if k in rows]
    for column_id, at in added.items():
        column = found.table.columns[at]
        texts = [
            column.bad.get(r) or cell_text(column.kind, column.values[r], column.decimals)
            for _, r in pairs
        ]
        session.set_column(found.sheet.id, column_id, _array([i for i, _ in pairs]), texts)
