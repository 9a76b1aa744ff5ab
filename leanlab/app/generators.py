"""Make the data sheet that a study or an experiment needs, and wait for its results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.analyses.declare import Analysis, Column, Generator
from leanlab.analyses.registry import ANALYSES
from leanlab.app.readiness import sheet_of, values_of
from leanlab.app.session import Session
from leanlab.app.stored import add_analysis
from leanlab.core.errors import DataProblem
from leanlab.core.option import options_from
from leanlab.data.columns import ColumnData
from leanlab.report.plain import plain


@dataclass(frozen=True, slots=True)
class Made:
    """What a generator put into the project."""

    sheet_id: str
    analysis_id: str
    note: str  # for the person who collects the data


def generate(
    session: Session, analysis: Analysis, options: Any | Mapping[str, Any], *, phase: str = ""
) -> Made:
    """Make sheet and analysis in one undo step; id, options and seed are kept with the sheet."""
    generator = generator_of(analysis)
    if isinstance(options, Mapping):
        options = options_from(generator.options, options)
    draft = generator.make(options)
    source = {
        "generator": generator.id,
        "options": plain(draft.options if draft.options is not None else options),
        "note": draft.note,
    }
    with session.step(f"Create {draft.title}"):
        columns = [_as_data(column) for column in draft.columns]
        sheet_id = session.add_sheet(draft.title, columns, source=source)
        ids = {c.name: c.id for c in session.sheet(sheet_id).columns}
        roles = {role: [ids[name] for name in names] for role, names in draft.roles.items()}
        record = add_analysis(
            session, analysis.id, sheet_id, roles=roles or None, phase=phase, title=draft.title
        )
    return Made(sheet_id, record, draft.note)


def generator_of(analysis: Analysis) -> Generator:
    """Return the generator of an analysis; one without is a DataProblem."""
    if analysis.generator is None:
        raise DataProblem(f"{analysis.title} needs no data sheet of its own.")
    return analysis.generator


def with_generator() -> list[Analysis]:
    """Return the analyses that can make their own data sheet."""
    return [analysis for analysis in ANALYSES if analysis.generator is not None]


def still_missing(session: Session, record_id: str) -> int:
    """Return how many results still have to be typed: empty cells of the value columns."""
    record = session.record(record_id)
    sheet_id = record.get("sheet_id")
    if not sheet_id or not session.exists(sheet_id):
        return 0
    known = {c.id: c for c in sheet_of(session, sheet_id).columns}
    roles = record.get("roles", {})
    chosen = [*roles.get("value", ()), *roles.get("response", ())]
    return sum(_empty(values_of(session, sheet_id, c)) for c in chosen if c in known)


def _empty(values: Any) -> int:
    array = np.asarray(values)
    if array.dtype == object:
        return sum(1 for value in values if value is None or not str(value).strip())
    missing = np.isnat(array) if array.dtype.kind == "M" else np.isnan(array)
    return int(np.count_nonzero(missing))


def _as_data(column: Column) -> ColumnData:
    return ColumnData(
        column.name, column.kind, column.values, unit=column.unit, decimals=column.decimals
    )
