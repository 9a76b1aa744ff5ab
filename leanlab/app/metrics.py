"""A metric over time: bound once to a data sheet, read by charts, home page, gates and comparisons.

The binding says where the metric stands: a value column or a yes/no condition, the date, the
period that makes one point, and the statistic. Rows as they come (one order a row) need no pivot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from leanlab.app.records import Record, SheetInfo
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.data.views import Condition, in_words, matching, missing_in

PERIODS: Mapping[str, str] = {
    "row": "each row", "day": "day", "week": "week", "month": "month", "subgroup": "subgroup",
}  # fmt: skip
VALUE_STATISTICS: Mapping[str, str] = {
    "mean": "average", "median": "median", "sum": "sum", "min": "lowest", "max": "highest",
    "rate": "sum per size",
}  # fmt: skip
CONDITION_STATISTICS: Mapping[str, str] = {"share": "share in percent", "count": "count"}
_NUMBERS = {"number", "whole"}
_MONDAY = 3  # the first of January 1970 was a Thursday


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a metric stands in the data."""

    sheet_id: str
    value: str = ""  # column of the values
    condition: Condition | None = None  # or: a row counts when it fulfils this
    date: str = ""
    period: str = "row"
    subgroup: str = ""
    statistic: str = ""
    size: str = ""  # column of the sizes, for a rate

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> "Binding | None":
        """Read a binding; None when the metric has none."""
        if not stored or not stored.get("sheet_id"):
            return None
        asked = stored.get("condition")
        condition = Condition.from_json(asked) if asked else None
        period = str(stored.get("period") or "row")
        default = "share" if condition else "mean"
        texts = {
            n: str(stored.get(n) or "") for n in ("sheet_id", "value", "date", "subgroup", "size")
        }
        return cls(
            condition=condition, period=period,
            statistic=str(stored.get("statistic") or default), **texts,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return the binding as the metric keeps it."""
        body: dict[str, Any] = {
            "sheet_id": self.sheet_id,
            "period": self.period,
            "statistic": self.statistic,
        }
        for name in ("value", "date", "subgroup", "size"):
            if getattr(self, name):
                body[name] = getattr(self, name)
        if self.condition is not None:
            body["condition"] = self.condition.as_json()
        return body

    @property
    def columns(self) -> set[str]:
        """The columns that the metric needs."""
        named = {self.value, self.date, self.subgroup, self.size}
        if self.condition is not None:
            named.add(self.condition.column)
        return named - {""}


@dataclass(frozen=True, slots=True, eq=False)
class MetricSeries:
    """A metric's points in the order of time."""

    name: str
    unit: str
    kind: str  # value, share, count, rate
    period: str
    statistic: str
    decimals: int
    sheet: str
    labels: Sequence[str]
    starts: Any  # datetime64[s], one per point; NaT where there is no date
    values: FloatArray
    counts: IntArray  # rows behind each point
    numerators: FloatArray | None = None
    denominators: FloatArray | None = None
    members: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    edges: IntArray = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    left_out: int = 0  # rows without date, value or answer
    gaps: int = 0  # periods between the first and the last that have no rows
    metric_id: str = ""

    def rows(self, point: int) -> IntArray:
        """Return the ids of the data rows behind a point."""
        behind: IntArray = self.members[self.edges[point] : self.edges[point + 1]]
        return behind

    @property
    def average(self) -> float:
        """The level over all points: shares and rates are pooled, not averaged."""
        if self.numerators is not None and self.denominators is not None:
            total = float(np.nansum(self.denominators))
            scale = 100.0 if self.kind == "share" else 1.0
            return scale * float(np.nansum(self.numerators)) / total if total else np.nan
        return float(np.nanmean(self.values)) if np.isfinite(self.values).any() else np.nan

    @property
    def sentence(self) -> str:
        """The series in one sentence: Late orders per week: 26 weeks, 12.4 % on average."""
        every = {"row": "", "subgroup": " per subgroup"}.get(self.period, f" per {self.period}")
        noun = {"row": "value"}.get(self.period, self.period)
        unit = f" {self.unit}" if self.unit else ""
        level = f"{words.number(self.average, self.decimals)}{unit}"
        said = f"{self.name}{every}: {words.count(len(self.values), noun)}, {level} on average."
        if self.left_out:
            said += f" {words.count(self.left_out, 'row')} without date or value left out."
        if self.gaps:
            said += f" {words.count(self.gaps, noun)} in between without rows."
        return said


def binding_of(metric: Record) -> Binding | None:
    """Return where a metric stands, or None."""
    return Binding.from_json(metric.get("binding"))


def series_of(session: Session, metric: Record) -> MetricSeries:
    """Return a metric over time; what is missing for it is a DataProblem."""
    bound = binding_of(metric)
    if bound is None:
        raise DataProblem(
            f"{metric.get('name')} is not tied to any data yet.",
            hint="Edit the metric and choose the column with its values.",
        )
    return series(
        session,
        bound,
        name=str(metric.get("name", "")),
        unit=str(metric.get("unit", "")),
        metric_id=metric.id,
    )


def series(
    session: Session, bound: Binding, *, name: str, unit: str = "", metric_id: str = ""
) -> MetricSeries:
    """Work out a series from a binding, also of one that is only being tried."""
    sheet = _checked(session, bound)
    rows = _Rows.read(session, sheet, bound)
    group, starts, labels, gaps = rows.grouped(bound)
    order = np.argsort(group, kind="stable")
    count = int(group.max()) + 1 if group.size else 0
    edges = np.searchsorted(group[order], np.arange(count + 1)).astype(np.int64)
    kind, values, above, below = _figures(rows, bound, group, order, edges)
    decimals = _decimals(sheet, bound, kind)
    return MetricSeries(
        name=name, unit=unit or _unit(sheet, bound, kind), kind=kind, period=bound.period,
        statistic=bound.statistic, decimals=decimals, sheet=sheet.title, labels=labels,
        starts=starts, values=values, counts=np.diff(edges), numerators=above, denominators=below,
        members=rows.ids[order], edges=edges, left_out=rows.left_out, gaps=gaps,
        metric_id=metric_id,
    )  # fmt: skip


def _checked(session: Session, bound: Binding) -> SheetInfo:
    """Return the sheet, after looking whether all that the binding names is there."""
    if not session.exists(bound.sheet_id):
        raise DataProblem(
            "The data of this metric is not there any more.",
            hint="Edit the metric and choose data.",
        )
    sheet = session.sheet(bound.sheet_id)
    known = {c.id: c for c in sheet.columns}
    if not bound.columns <= known.keys():
        raise DataProblem(
            f"A column that the metric needs is gone from {sheet.title}.",
            hint="Edit the metric and choose the columns again.",
        )
    if not bound.value and bound.condition is None:
        raise DataProblem("The metric needs a value column or a condition.")
    if bound.value and known[bound.value].kind not in _NUMBERS:
        raise DataProblem(
            f"Column '{known[bound.value].name}' holds no numbers.",
            hint="Choose a column of numbers, or count rows by a condition.",
        )
    if bound.period in {"day", "week", "month"} and not bound.date:
        raise DataProblem(f"Points per {bound.period} need a date column.", hint="Choose the date.")
    if bound.date and known[bound.date].kind != "datetime":
        raise DataProblem(f"Column '{known[bound.date].name}' holds no dates.")
    if bound.period == "subgroup" and not bound.subgroup:
        raise DataProblem("Points per subgroup need the column that names the subgroup.")
    if bound.statistic == "rate" and not bound.size:
        raise DataProblem(
            "A rate needs a column with the sizes.", hint="Choose units, hours or the like."
        )
    return sheet


@dataclass(slots=True, eq=False)
class _Rows:
    """The rows that count: neither excluded nor without date, value or answer."""

    ids: IntArray
    values: FloatArray  # of a condition: 1 when fulfilled, else 0
    sizes: FloatArray
    dates: Any
    subgroups: Any
    left_out: int

    @classmethod
    def read(cls, session: Session, sheet: SheetInfo, bound: Binding) -> "_Rows":
        """Load the columns of a binding."""
        ids = session.row_ids(sheet.id)
        out = [i for i, s in session.row_states(sheet.id).items() if s.state == "excluded"]
        counted = ~np.isin(ids, np.asarray(out, dtype=np.int64))
        values, answered = _values(session, sheet, bound, ids)
        sizes = session.column(sheet.id, bound.size) if bound.size else np.ones(ids.size)
        dates = session.column(sheet.id, bound.date) if bound.date else None
        subgroups = session.column(sheet.id, bound.subgroup) if bound.subgroup else None
        usable = answered & np.isfinite(sizes)
        if dates is not None:
            usable &= ~np.isnat(dates)
        if bound.period == "subgroup" and subgroups is not None:
            kind = sheet.column(bound.subgroup).kind
            usable &= ~missing_in(kind, subgroups)
        keep = np.flatnonzero(counted & usable)
        return cls(
            ids[keep], values[keep], sizes[keep], None if dates is None else dates[keep],
            None if subgroups is None else subgroups[keep], int((counted & ~usable).sum()),
        )  # fmt: skip

    def grouped(self, bound: Binding) -> tuple[IntArray, Any, Sequence[str], int]:
        """Return the point of each row, and start and label of each point, in time order."""
        if bound.period == "row":
            return self._single()
        if bound.period == "subgroup":
            return self._by_name()
        unit, shift = {"day": ("D", 0), "week": ("D", _MONDAY), "month": ("M", 0)}[bound.period]
        steps = self.dates.astype(f"datetime64[{unit}]").astype(np.int64)
        if bound.period == "week":
            steps = (steps + shift) // 7
        known, group = np.unique(steps, return_inverse=True)
        firsts = known * 7 - shift if bound.period == "week" else known
        starts = firsts.astype(f"datetime64[{unit}]").astype("datetime64[s]")
        gaps = int(known[-1] - known[0] + 1 - known.size) if known.size else 0
        return group.astype(np.int64), starts, [_label(s, bound.period) for s in starts], gaps

    def _single(self) -> tuple[IntArray, Any, Sequence[str], int]:
        count = self.ids.size
        if self.dates is None:
            starts = np.full(count, np.datetime64("NaT", "s"))
            return np.arange(count, dtype=np.int64), starts, [str(i + 1) for i in range(count)], 0
        order = np.argsort(self.dates, kind="stable")
        rank = np.empty(count, dtype=np.int64)
        rank[order] = np.arange(count)
        starts = self.dates[order]
        return rank, starts, [_label(s, "row") for s in starts], 0

    def _by_name(self) -> tuple[IntArray, Any, Sequence[str], int]:
        """Subgroups stand in the order of their first date, or in which they appear."""
        place: dict[Any, int] = {}
        group = np.fromiter(
            (place.setdefault(name, len(place)) for name in self.subgroups), np.int64, self.ids.size
        )
        names = [f"{n:g}" if isinstance(n, float) else str(n) for n in place]
        if self.dates is None or not names:
            return group, np.full(len(names), np.datetime64("NaT", "s")), names, 0
        firsts = np.full(len(names), np.datetime64("2262-01-01", "s"))
        np.minimum.at(firsts, group, self.dates)
        order = np.argsort(firsts, kind="stable")
        rank = np.empty(len(names), dtype=np.int64)
        rank[order] = np.arange(len(names))
        return rank[group], firsts[order], [names[i] for i in order], 0


def _values(
    session: Session, sheet: SheetInfo, bound: Binding, ids: IntArray
) -> tuple[FloatArray, BoolArray]:
    """Return what each row counts, and which rows have an answer at all."""
    condition = bound.condition
    if condition is None:
        values = session.column(sheet.id, bound.value)
        return values, np.isfinite(values)
    one = sheet.column(condition.column)
    cells = session.column(sheet.id, one.id)
    marked = [row for (row, column) in session.bad_cells(sheet.id) if column == one.id]
    bad = np.isin(ids, np.asarray(marked, dtype=np.int64))
    fulfilled = matching(condition, one.kind, cells, bad).astype(np.float64)
    if condition.op in {"empty", "filled", "bad"}:
        return fulfilled, np.ones(ids.size, dtype=np.bool_)
    return fulfilled, ~missing_in(one.kind, cells)


def _figures(
    rows: _Rows, bound: Binding, group: IntArray, order: IntArray, edges: IntArray
) -> tuple[str, FloatArray, FloatArray | None, FloatArray | None]:
    count = edges.size - 1
    sums: FloatArray = np.bincount(group, rows.values, count).astype(np.float64)
    if bound.condition is not None:
        sizes: FloatArray = np.diff(edges).astype(np.float64)
        if bound.statistic == "count":
            return "count", sums, None, None
        return "share", 100 * sums / sizes, sums, sizes
    if bound.statistic == "rate":
        sizes = np.bincount(group, rows.sizes, count).astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return "rate", np.where(sizes > 0, sums / sizes, np.nan), sums, sizes
    ordered = rows.values[order]
    if not ordered.size:
        return "value", np.zeros(0), None, None
    if bound.period == "row":
        return "value", ordered, None, None
    reduced: dict[str, Any] = {
        "sum": lambda: sums,
        "min": lambda: np.minimum.reduceat(ordered, edges[:-1]),
        "max": lambda: np.maximum.reduceat(ordered, edges[:-1]),
        "median": lambda: np.asarray([np.median(p) for p in np.split(ordered, edges[1:-1])]),
    }
    average = sums / np.diff(edges)
    return "value", reduced.get(bound.statistic, lambda: average)(), None, None


def _label(start: Any, period: str) -> str:
    if np.isnat(start):
        return ""
    moment: Any = start.astype("datetime64[s]").item()
    if period == "month":
        return f"{moment:%b %Y}"
    day = words.day(moment)
    return day if period != "row" or not (moment.hour or moment.minute) else f"{day} {moment:%H:%M}"


def _unit(sheet: SheetInfo, bound: Binding, kind: str) -> str:
    if kind == "share":
        return "%"
    return sheet.column(bound.value).unit if kind == "value" and bound.value else ""


def _decimals(sheet: SheetInfo, bound: Binding, kind: str) -> int:
    if kind == "share":
        return 1
    own = sheet.column(bound.value).decimals if bound.value else 0
    return max(2, own) if kind == "rate" else own + 1


def what(session: Session, bound: Binding) -> str:
    """Say what a metric counts: late (h), or rows where carrier is North."""
    sheet = session.sheet(bound.sheet_id)
    if bound.condition is not None:
        one = sheet.column(bound.condition.column)
        return f"rows where {in_words(bound.condition, one.name, one.kind)}"
    one = sheet.column(bound.value)
    return words.titled(one.name, one.unit)


# for analyses ----------------------------------------------------------------------------------

FITTING: Mapping[str, str] = {
    "value": "spc.i_mr",
    "share": "spc.p",
    "count": "spc.i_mr",
    "rate": "spc.u",
}


def fitting_analysis(session: Session, metric: Record) -> str:
    """Return the id of the control chart that suits a metric."""
    bound = binding_of(metric)
    found = series_of(session, metric)
    if bound is not None and bound.period == "subgroup" and found.kind == "value":
        return "spc.xbar_r" if int(np.median(found.counts)) <= LARGEST_FOR_RANGES else "spc.xbar_s"
    return FITTING[found.kind]


LARGEST_FOR_RANGES = 8  # in larger subgroups the range wastes what the standard deviation uses


@dataclass(frozen=True, slots=True)
class SeriesColumn:
    """A column made of a series, or taken from its sheet."""

    name: str
    kind: str
    values: Any
    unit: str = ""
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class MetricColumns:
    """What an analysis gets to see of a metric: one row per point.

    A point bears the id of its first data row; `behind` names all of them.
    """

    roles: Mapping[str, SeriesColumn]
    row_ids: IntArray
    behind: Mapping[int, tuple[int, ...]]
    note: str
    sheet: str


def metric_columns(session: Session, metric: Record, wanted: Sequence[str]) -> MetricColumns:
    """Return the columns of a metric for the roles that an analysis has.

    Xbar charts get the rows themselves with their subgroup; all others get one row per point.
    """
    bound = binding_of(metric)
    found = series_of(session, metric)
    if bound is not None and bound.period == "subgroup" and "subgroup" in wanted:
        return _by_subgroup(session, bound, found)
    count = len(found.values)
    firsts = found.members[found.edges[:-1]] if count else np.zeros(0, dtype=np.int64)
    roles: dict[str, SeriesColumn] = {}
    if "counts" in wanted and found.numerators is not None and found.denominators is not None:
        roles["counts"] = SeriesColumn(found.name, "whole", found.numerators, decimals=0)
        roles["sizes"] = SeriesColumn("Size", "whole", found.denominators, decimals=0)
    elif "counts" in wanted:
        roles["counts"] = SeriesColumn(found.name, "whole", found.values, decimals=0)
        roles["sizes"] = SeriesColumn("Size", "whole", found.counts.astype(np.float64), decimals=0)
    else:
        roles["value"] = SeriesColumn(
            found.name, "number", found.values, found.unit, max(0, found.decimals - 1)
        )
    if not np.isnat(found.starts).any():
        roles["order"] = SeriesColumn("Date", "datetime", found.starts)
    labels = np.empty(count, dtype=object)
    labels[:] = found.labels
    roles["label"] = SeriesColumn("Period", "text", labels)
    behind = {}
    if found.period != "row":
        behind = {int(f): tuple(found.rows(i).tolist()) for i, f in enumerate(firsts)}
    kept = {name: column for name, column in roles.items() if name in wanted}
    return MetricColumns(kept, firsts, behind, _note(found), found.sheet)


def _by_subgroup(session: Session, bound: Binding, found: MetricSeries) -> MetricColumns:
    sheet = session.sheet(bound.sheet_id)
    places = {int(i): at for at, i in enumerate(session.row_ids(sheet.id))}
    at = np.asarray([places[int(i)] for i in found.members], dtype=np.int64)
    one = sheet.column(bound.value)
    values = session.column(sheet.id, bound.value)[at]
    names = np.empty(at.size, dtype=object)
    names[:] = np.repeat(np.asarray(found.labels, dtype=object), found.counts)
    roles = {
        "value": SeriesColumn(found.name, one.kind, values, found.unit, one.decimals),
        "subgroup": SeriesColumn(sheet.column(bound.subgroup).name, "text", names),
    }
    if bound.date:
        dates = session.column(sheet.id, bound.date)[at]
        roles["order"] = SeriesColumn(sheet.column(bound.date).name, "datetime", dates)
    return MetricColumns(roles, found.members, {}, _note(found), found.sheet)


def _note(found: MetricSeries) -> str:
    if not found.left_out:
        return ""
    return f"{words.count(found.left_out, 'row')} without date or value left out"


def chart_metric(
    session: Session, metric_id: str, *, analysis_id: str = "", phase: str = ""
) -> str:
    """Add the control chart that suits a metric; return the analysis's id."""
    from leanlab.analyses.declare import Marks
    from leanlab.analyses.registry import find
    from leanlab.app.marks import marks_to

    metric = session.record(metric_id)
    bound = binding_of(metric)
    analysis = find(analysis_id or fitting_analysis(session, metric))
    values = {
        "analysis_id": analysis.id, "version": analysis.version, "phase": phase,
        "title": f"{analysis.title}: {metric.get('name', '')}", "named": True,
        "sheet_id": bound.sheet_id if bound else None, "metric_id": metric_id, "roles": {},
        "options": {}, "marks": marks_to(Marks()),
    }  # fmt: skip
    return session.add("analysis", values, label=f"Chart {metric.get('name', '')}")
