"""Run an analysis on a table of columns: the same path for window, report and command line."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from leanlab.analyses.declare import Analysis, Column, Columns, Marks, Presentation, Role, Spec
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import options_from
from leanlab.core.typing import BoolArray, IntArray

MOST_LISTED = 30  # names of columns in a hint


def chosen_columns(
    analysis: Analysis,
    available: Mapping[str, Column],
    roles: Mapping[str, Sequence[str]],
) -> dict[str, tuple[Column, ...]]:
    """Look up the columns of each role; a wrong name or kind is a DataProblem.

    The keys of `available` are what `roles` holds: names of a file's columns, ids of a sheet's.
    """
    known = {role.id: role for role in analysis.roles}
    for name in roles:
        if name not in known:
            raise DataProblem(
                f"{analysis.title} has no columns named {name!r}.",
                hint="Its columns: " + (", ".join(known) or "none") + ".",
            )
    chosen = {
        role.id: tuple(_fitting(role, available, name) for name in roles.get(role.id, ()))
        for role in analysis.roles
    }
    for role in analysis.roles:
        _counted(role, chosen[role.id], available)
    return chosen


def _fitting(role: Role, available: Mapping[str, Column], name: str) -> Column:
    column = available.get(name)
    if column is None:
        raise DataProblem(
            f"There is no column named {name!r}.",
            hint=f"Columns: {_listed([c.name for c in available.values()])}.",
        )
    if column.kind not in role.accepts:
        fitting = [c.name for c in available.values() if c.kind in role.accepts]
        raise DataProblem(
            f"Column '{column.name}' holds {_words(column.kind)}; {role.label} needs "
            f"{' or '.join(sorted(_words(k) for k in role.accepts))}.",
            hint="Suitable: " + (_listed(fitting) or "none of these columns") + ".",
        )
    return column


def _counted(role: Role, columns: Sequence[Column], available: Mapping[str, Column]) -> None:
    if role.required and not columns:
        fitting = [c.name for c in available.values() if c.kind in role.accepts]
        raise DataProblem(
            f"Choose a column for {role.label}.",
            hint="Suitable: " + (_listed(fitting) or "none of these columns") + ".",
        )
    if len(columns) > 1 and not role.many:
        raise DataProblem(f"{role.label} takes one column, not {len(columns)}.")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (
        f" and {words.number(more, 0)} more" if more > 0 else ""
    )


def _words(kind: str) -> str:
    return {
        "number": "numbers",
        "whole": "whole numbers",
        "datetime": "dates",
        "category": "categories",
        "text": "text",
        "id": "identifiers",
    }[kind]


def prepared(
    analysis: Analysis,
    available: Mapping[str, Column],
    roles: Mapping[str, Sequence[str]],
    *,
    row_ids: IntArray | None = None,
    excluded: BoolArray | None = None,
    marks: Marks | None = None,
    spec: Spec | None = None,
    note: str = "",
) -> Columns:
    """Gather the columns that an analysis gets to see."""
    chosen = chosen_columns(analysis, available, roles)
    size = max((len(c.values) for columns in chosen.values() for c in columns), default=0)
    return Columns(
        roles=chosen,
        row_ids=np.arange(1, size + 1, dtype=np.int64) if row_ids is None else row_ids,
        excluded=np.zeros(size, dtype=np.bool_) if excluded is None else excluded,
        spec=spec or Spec(),
        marks=marks or Marks(),
        note=note,
    )


def run(
    analysis: Analysis, columns: Columns, options: Mapping[str, Any] | object
) -> tuple[Any, Presentation]:
    """Compute and present; return the options as used and what to show."""
    built = options_from(analysis.options, options) if isinstance(options, Mapping) else options
    return built, analysis.present(analysis.compute(columns, built))
