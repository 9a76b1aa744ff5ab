"""From an analysis of a project to the columns it runs on; loaded columns are kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np

from leanlab.analyses.declare import Analysis, Column, Columns, Event, Presentation, Role, Spec
from leanlab.analyses.registry import find
from leanlab.app.changes import process_changes
from leanlab.app.marks import marks_from
from leanlab.app.metrics import metric_columns
from leanlab.app.records import Change, Record, SheetColumn, SheetInfo
from leanlab.app.running import prepared
from leanlab.app.session import Session
from leanlab.core.option import options_from

KIND_WORDS: Mapping[str, str] = {
    "number": "numbers",
    "whole": "whole numbers",
    "datetime": "dates",
    "category": "categories",
    "text": "text",
    "id": "identifiers",
}


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """An analysis of a project, ready to be computed: values only, so a worker may do it."""

    analysis: Analysis
    columns: Columns
    options: Any

    def run(self) -> Presentation:
        """Compute and present."""
        return self.analysis.present(self.analysis.compute(self.columns, self.options))


# loaded sheets ------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Sheet:
    """What was read of one data sheet since it last changed."""

    info: SheetInfo
    row_ids: Any = None
    excluded: Any = None
    bad: Mapping[str, int] | None = None
    columns: dict[str, Any] = field(default_factory=dict)


class _Loaded:
    """The sheets of one session that were read; a change of a sheet drops it."""

    def __init__(self, session: Session) -> None:
        self.lock = RLock()
        self._sheets: dict[str, _Sheet] = {}
        session.listen(self.heard, first=True)
        self._session = ref(session)

    def heard(self, change: Change) -> None:
        """Forget what may have changed."""
        with self.lock:
            known = change.ids & self._sheets.keys()
            if any(kind in _OF_SHEETS or kind.startswith("data_") for kind in change.kinds):
                for sheet_id in known or set(self._sheets):
                    self._sheets.pop(sheet_id, None)

    def sheet(self, sheet_id: str) -> _Sheet:
        """Return what is known of a sheet; read its description first."""
        found = self._sheets.get(sheet_id)
        if found is None:
            session = self._session()
            assert session is not None  # noqa: S101 - the session holds the listener
            found = self._sheets[sheet_id] = _Sheet(session.sheet(sheet_id))
        return found

    def holds(self, sheet_id: str, sheet: _Sheet) -> bool:
        """Whether nothing changed in a sheet since it was given out."""
        return self._sheets.get(sheet_id) is sheet


_OF_SHEETS = frozenset({"sheet", "sheet_column", "row_state", "bad_cell"})
_LOADED: "WeakKeyDictionary[Session, _Loaded]" = WeakKeyDictionary()


_MAKING = RLock()  # the window and a worker may ask for the first time at once


def _loaded(session: Session) -> _Loaded:
    with _MAKING:
        if session not in _LOADED:
            _LOADED[session] = _Loaded(session)
        return _LOADED[session]


def sheet_of(session: Session, sheet_id: str) -> SheetInfo:
    """Return a data sheet without its rows, read once until it changes."""
    loaded = _loaded(session)
    with loaded.lock:
        return loaded.sheet(sheet_id).info


def _kept(session: Session, sheet_id: str, name: str, read: Callable[[], Any]) -> Any:
    """Return a part of a sheet; read it outside the lock, keep it if nothing changed meanwhile."""
    loaded = _loaded(session)
    with loaded.lock:
        sheet = loaded.sheet(sheet_id)
        value = sheet.columns.get(name)
    if value is None:
        value = read()
        with loaded.lock:
            if loaded.holds(sheet_id, sheet):
                sheet.columns[name] = value
    return value


def row_ids_of(session: Session, sheet_id: str) -> Any:
    """Return the ids of a sheet's rows in their order."""
    return _kept(session, sheet_id, "row ids", lambda: session.row_ids(sheet_id))


def values_of(session: Session, sheet_id: str, column_id: str) -> Any:
    """Return the values of a column in the order of the rows."""
    return _kept(session, sheet_id, column_id, lambda: session.column(sheet_id, column_id))


def _excluded(session: Session, sheet_id: str) -> Any:
    def read() -> Any:
        out = [i for i, s in session.row_states(sheet_id).items() if s.state == "excluded"]
        return np.isin(row_ids_of(session, sheet_id), np.asarray(out, dtype=np.int64))

    return _kept(session, sheet_id, "excluded rows", read)


def _note(session: Session, sheet_id: str, needed: set[str]) -> str:
    def read() -> Any:
        counts: dict[str, int] = {}
        for _, column in session.bad_cells(sheet_id):
            counts[column] = counts.get(column, 0) + 1
        return counts

    counts = _kept(session, sheet_id, "bad cells", read)
    bad = sum(counts.get(column, 0) for column in needed)
    return f"{bad} cell{'s' if bad != 1 else ''} that did not fit left out" if bad else ""


# an analysis made ready ---------------------------------------------------------------------


def ready(session: Session, record: Record) -> Ready:
    """Gather columns, row states, marks and options; what is missing is a DataProblem."""
    analysis = find(str(record.get("analysis_id")))
    options = options_of(analysis, record)
    if reads_metric(session, record):
        return _ready_metric(session, analysis, record, options)
    sheet_id = record.get("sheet_id")
    if not analysis.roles or not sheet_id or not session.exists(sheet_id):
        return Ready(analysis, prepared(analysis, {}, {}), options)
    sheet = sheet_of(session, sheet_id)
    known = {c.id for c in sheet.columns}
    roles = {
        role: [c for c in chosen if c in known] for role, chosen in record.get("roles", {}).items()
    }
    needed = {column for chosen in roles.values() for column in chosen}
    available = {c.id: _column(session, sheet, c, load=c.id in needed) for c in sheet.columns}
    columns = prepared(
        analysis,
        available,
        roles,
        row_ids=row_ids_of(session, sheet_id),
        excluded=_excluded(session, sheet_id),
        marks=marks_from(record.get("marks")),
        spec=spec_of(session, sheet, roles),
        note=_note(session, sheet_id, needed),
    )
    metric = metric_of(session, sheet, roles)
    changes = process_changes(session, metric.id if metric is not None else None)
    events = tuple(Event(change.day, change.title) for change in changes)
    return Ready(analysis, replace(columns, sheet=sheet.title, events=events), options)


def reads_metric(session: Session, record: Record) -> bool:
    """Whether an analysis reads a metric over time, instead of columns that were chosen."""
    metric_id = record.get("metric_id")
    return bool(metric_id) and not record.get("roles") and session.exists(str(metric_id))


def _ready_metric(session: Session, analysis: Analysis, record: Record, options: Any) -> Ready:
    """Gather the points of a metric: one row each, whatever the period."""
    metric = session.record(str(record.get("metric_id")))
    found = metric_columns(session, metric, [role.id for role in analysis.roles])
    available = {
        role: Column(c.name, c.kind, c.values, unit=c.unit, decimals=c.decimals)  # type: ignore[arg-type]
        for role, c in found.roles.items()
    }
    columns = prepared(
        analysis, available, {role: [role] for role in available}, row_ids=found.row_ids,
        marks=marks_from(record.get("marks")), spec=spec_from(metric), note=found.note,
    )  # fmt: skip
    events = tuple(Event(c.day, c.title) for c in process_changes(session, metric.id))
    return Ready(
        analysis, replace(columns, sheet=found.sheet, events=events, behind=found.behind), options
    )


def options_of(analysis: Analysis, record: Record) -> Any:
    """Return the options of a stored analysis, brought up to today's version."""
    kept = analysis.upgrade(record.get("options", {}), int(record.get("version", 1)))
    return options_from(analysis.options, kept)


def _column(session: Session, sheet: SheetInfo, known: SheetColumn, *, load: bool) -> Column:
    values = values_of(session, sheet.id, known.id) if load else np.zeros(0)
    return Column(known.name, known.kind, values, unit=known.unit, decimals=known.decimals)  # type: ignore[arg-type]


def metric_of(
    session: Session, sheet: SheetInfo, roles: Mapping[str, Sequence[str]]
) -> Record | None:
    """Return the metric that the value column belongs to."""
    for column_id in [*roles.get("value", ()), *roles.get("counts", ())]:
        found = next((c for c in sheet.columns if c.id == column_id), None)
        if found is not None and found.metric_id and session.exists(found.metric_id):
            return session.record(found.metric_id)
    return None


def spec_of(session: Session, sheet: SheetInfo, roles: Mapping[str, Sequence[str]]) -> Spec:
    """Return what the metric of the value column demands."""
    metric = metric_of(session, sheet, roles)
    return Spec() if metric is None else spec_from(metric)


def spec_from(metric: Record) -> Spec:
    """Return what a metric demands."""
    return Spec(
        metric.get("lsl"), metric.get("usl"), metric.get("target"),
        str(metric.get("direction", "")), guard=metric.get("role") == "counter",
    )  # fmt: skip


# choosing columns ---------------------------------------------------------------------------


def why_not(role: Role, column: SheetColumn) -> str:
    """Return an empty text if a column suits a role, else the reason why not."""
    if column.kind in role.accepts:
        return ""
    wanted = " or ".join(dict.fromkeys(KIND_WORDS[k] for k in KIND_WORDS if k in role.accepts))
    return f"holds {KIND_WORDS[column.kind]}; {role.label} needs {wanted}"


def fitting(role: Role, sheet: SheetInfo) -> list[SheetColumn]:
    """Return the columns that suit a role."""
    return [c for c in sheet.columns if not why_not(role, c)]


def missing_roles(analysis: Analysis, roles: Mapping[str, Sequence[str]]) -> list[Role]:
    """Return the roles that must still be filled."""
    return [role for role in analysis.roles if role.required and not roles.get(role.id)]


def next_column(
    analysis: Analysis, sheet: SheetInfo, roles: Mapping[str, Sequence[str]], by: int
) -> tuple[str, str] | None:
    """Return role and column when the main column is switched to the next that suits."""
    role = next((r for r in analysis.roles if r.required), None)
    if role is None or len(roles.get(role.id, ())) != 1:
        return None
    taken = {c for other, chosen in roles.items() if other != role.id for c in chosen}
    columns = [c.id for c in fitting(role, sheet) if c.id not in taken]
    current = roles[role.id][0]
    if current not in columns or len(columns) < 2:  # noqa: PLR2004 - nothing to switch to
        return None
    return role.id, columns[(columns.index(current) + by) % len(columns)]


MOST_STAGES = 9  # changes from one stage to the next
MOST_GROUPS = 20


def guessed_roles(
    analysis: Analysis, sheet: SheetInfo, session: Session | None = None
) -> dict[str, list[str]]:
    """Fill the required roles, the order and the groups with the first columns that fit.

    A column that a metric owns comes first; whole numbers and identifiers come last, for they
    are more often counters than measurements. Groups are named by a category of few values, which
    only somebody with the `session` can count.
    """
    used: set[str] = set()
    roles: dict[str, list[str]] = {}
    for role in analysis.roles:
        if session is not None and role.id == "group":
            most = 2 if "two_sample" in analysis.id else MOST_GROUPS
            group = _few_values(session, sheet, used, most)
            if group:
                roles[role.id] = [group]
                used.add(group)
            continue
        if session is not None and role.id == "stage" and analysis.group == "Compare":
            stage = _in_blocks(session, sheet, used)
            if stage:
                roles[role.id] = [stage]
                used.add(stage)
            continue
        if not role.required and role.id != "order":
            continue
        wanted = {"datetime"} if role.id == "order" else role.accepts
        suitable = [c for c in sheet.columns if c.kind in wanted and c.id not in used]
        suitable.sort(key=lambda c: (not c.metric_id, c.kind in {"whole", "id", "text"}))
        if suitable:
            roles[role.id] = [suitable[0].id]
            used.add(suitable[0].id)
    return roles


def _in_blocks(session: Session, sheet: SheetInfo, used: set[str]) -> str | None:
    """Return the first category whose values follow each other in blocks, as stages do."""
    for column in sheet.columns:
        if column.kind != "category" or column.id in used:
            continue
        values = [v for v in values_of(session, sheet.id, column.id) if v not in {None, ""}]
        changes = sum(a != b for a, b in pairwise(values))
        if 1 <= changes <= MOST_STAGES and changes == len(set(values)) - 1:
            return column.id
    return None


def _few_values(session: Session, sheet: SheetInfo, used: set[str], most: int) -> str | None:
    """Return the first category that makes at least two groups, and not too many."""
    for column in sheet.columns:
        if column.kind == "category" and column.id not in used:
            values = {v for v in values_of(session, sheet.id, column.id) if v not in {None, ""}}
            if 2 <= len(values) <= most:  # noqa: PLR2004 - one group compares with nothing
                return column.id
    return None
