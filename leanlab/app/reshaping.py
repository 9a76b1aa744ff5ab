"""Data of another shape as a new data sheet, in one undo step; it remembers where it comes from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from leanlab.app.records import SheetInfo
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.data.columns import ColumnData, empty_column
from leanlab.data.reshape import Shaped, divided, stacked, taken, transposed, unstacked

Way = Literal["stack", "unstack", "transpose", "split"]
Progress = Callable[[int, int], None]
MOST_NAMED = 4


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What shape is wanted; columns by their ids."""

    way: Way
    columns: Sequence[str] = ()  # to stack; or those that tell the rows of unstacked data apart
    value: str = ""  # of unstacked data
    by: str = ""  # the groups; or what gives turned rows their names
    names: str = "Column"  # what the column of names is called
    values: str = "Value"
    how: str = "rows"
    empty: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class NewData:
    """A data sheet that would be made."""

    title: str
    shaped: Shaped
    told: str  # how it was made


def columns_of(session: Session, sheet_id: str) -> tuple[SheetInfo, list[ColumnData]]:
    """Return a sheet with its columns, cells that do not fit included."""
    sheet = session.sheet(sheet_id)
    bad: dict[str, dict[int, str]] = {}
    found = session.bad_cells(sheet_id)
    if found:
        places = {int(row): at for at, row in enumerate(session.row_ids(sheet_id))}
        for (row, column), raw in found.items():
            bad.setdefault(column, {})[places[row]] = raw
    columns = [
        replace(
            empty_column(c.name, c.kind, 0), values=session.column(sheet_id, c.id), unit=c.unit,
            bad=bad.get(c.id, {}), decimals=c.decimals,
        )
        for c in sheet.columns
    ]  # fmt: skip
    return sheet, columns


def reshaped(session: Session, sheet_id: str, wish: Wish) -> list[NewData]:
    """Return what would be made; nothing is kept yet."""
    sheet, columns = columns_of(session, sheet_id)
    if not sheet.rows:
        raise DataProblem(f"The data {sheet.title} has no rows yet.")
    at = {c.id: place for place, c in enumerate(sheet.columns)}
    if wish.way == "stack":
        chosen = [at[c] for c in wish.columns]
        shaped = stacked(columns, chosen, names=wish.names, values=wish.values, empty=wish.empty)
        told = f"stacked from its columns {_listed(sheet, wish.columns)}"
        return [NewData(f"{sheet.title}, stacked", shaped, told)]
    if wish.way == "split":
        by = sheet.column(_chosen(wish.by, "the column with the groups")).name
        return [
            NewData(f"{sheet.title} – {group}", shaped, f"the rows where {by} is {group}")
            for group, shaped in divided(columns, at[wish.by])
        ]
    columns, left = _without_excluded(session, sheet_id, columns)
    if wish.way == "transpose":
        shaped = transposed(columns, at[wish.by] if wish.by else None)
        return [
            NewData(f"{sheet.title}, turned", _with(shaped, left), "its rows turned into columns")
        ]
    value = _chosen(wish.value, "the column with the values")
    by_id = _chosen(wish.by, "the column with the groups")
    keys = [at[c] for c in wish.columns]
    shaped = unstacked(columns, at[value], at[by_id], keys, how=wish.how)
    told = f"{sheet.column(value).name} unstacked by {sheet.column(by_id).name}"
    return [NewData(f"{sheet.title}, unstacked", _with(shaped, left), told)]


def _chosen(column_id: str, what: str) -> str:
    if not column_id:
        raise DataProblem(f"Choose {what}.")
    return column_id


def _listed(sheet: SheetInfo, ids: Sequence[str]) -> str:
    names = [sheet.column(i).name for i in ids]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"


def _with(shaped: Shaped, notes: Sequence[str]) -> Shaped:
    return Shaped(shaped.columns, shaped.origin, (*shaped.notes, *notes))


def _without_excluded(
    session: Session, sheet_id: str, columns: Sequence[ColumnData]
) -> tuple[list[ColumnData], tuple[str, ...]]:
    """Leave out rows that do not count: no new row could bear their exclusion."""
    states = session.row_states(sheet_id)
    excluded = [i for i, state in states.items() if state.state == "excluded"]
    if not excluded:
        return list(columns), ()
    ids = session.row_ids(sheet_id)
    kept = np.flatnonzero(~np.isin(ids, np.asarray(excluded, dtype=np.int64))).astype(np.int64)
    if not kept.size:
        raise DataProblem("All rows are excluded.", hint="Include rows first.")
    note = f"{words.count(len(excluded), 'excluded row')} left out."
    return [taken(column, kept) for column in columns], (note,)


def carry_out(
    session: Session,
    sheet_id: str,
    wish: Wish,
    *,
    title: str = "",
    progress: Progress = _silent,
) -> list[str]:
    """Make the new data sheets in one undo step; return their ids."""
    sheet = session.sheet(sheet_id)
    new = reshaped(session, sheet_id, wish)
    verbs: Mapping[Way, str] = {
        "stack": "Stack", "unstack": "Unstack", "transpose": "Turn", "split": "Divide",
    }  # fmt: skip
    made = []
    with session.step(f"{verbs[wish.way]} {sheet.title}"):
        for one in new:
            name = title if title and len(new) == 1 else one.title
            source = _source(sheet, one)
            made.append(
                session.add_sheet(name, one.shaped.columns, source=source, progress=progress)
            )
            _carry_states(session, sheet_id, made[-1], one.shaped)
    return made


def _source(sheet: SheetInfo, one: NewData) -> dict[str, Any]:
    origin = {
        "sheet": sheet.id, "title": sheet.title, "told": one.told, "at": clock.now().isoformat(),
        "rows": sheet.rows,
    }  # fmt: skip
    return {"made_from": origin, "notes": list(one.shaped.notes)}


def _carry_states(session: Session, old: str, new: str, shaped: Shaped) -> None:
    """Exclude and label the rows that come from excluded and labelled ones, for the same reason."""
    states = session.row_states(old)
    if shaped.origin is None or not states:
        return
    from_ids, ids = session.row_ids(old)[shaped.origin], session.row_ids(new)
    wanted: dict[tuple[str, str], list[int]] = {}
    for from_id, state in states.items():
        rows = ids[from_ids == from_id].tolist()
        wanted.setdefault((state.state, state.reason), []).extend(rows)
    for (state_name, reason), rows in wanted.items():
        if rows:
            session.set_row_state(new, rows, state_name, reason)
