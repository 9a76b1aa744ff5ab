"""How an analysis is declared; docs/adding-an-analysis.md is the recipe."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray, IntArray, TextArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from leanlab.figures.theme import Theme

GROUPS = (
    "Control charts",
    "Describe",
    "Capability",
    "Compare",
    "Measurement",
    "Experiments",
    "Plan",
)  # menu order
Kind = Literal["number", "whole", "datetime", "category", "text", "id"]
NUMBER: frozenset[str] = frozenset({"number", "whole"})
CATEGORY: frozenset[str] = frozenset({"category", "text", "id", "whole"})
ORDER: frozenset[str] = frozenset({"datetime", "number", "whole", "text", "category", "id"})
ANY: frozenset[str] = ORDER


@dataclass(frozen=True, slots=True)
class Role:
    """A slot that the user fills with one column, or with several."""

    id: str
    label: str
    accepts: frozenset[str]
    required: bool = True
    many: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of data, as an analysis sees it.

    `values` is float64 (number, whole; NaN = missing), object of str or None (category, text,
    id), or datetime64[s] (datetime; NaT = missing).
    """

    name: str
    kind: Kind
    values: FloatArray | TextArray | Any
    unit: str = ""
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Spec:
    """What the metric demands; None = not set."""

    lsl: float | None = None
    usl: float | None = None
    target: float | None = None
    direction: str = ""  # "lower", "higher", "target" is better
    guard: bool = False  # it is only to be watched that it does not get worse


@dataclass(frozen=True, slots=True)
class PointMark:
    """What a user did to a point of this analysis; it stands for data rows."""

    row_ids: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The user's exclusions, notes, stage starts and points used for the limits, by row id."""

    excluded: tuple[PointMark, ...] = ()
    notes: tuple[PointMark, ...] = ()
    stages: tuple[PointMark, ...] = ()  # first row of the stage; reason = name of the stage
    limits_until: int | None = None  # last row used for the limits


@dataclass(frozen=True, slots=True)
class Event:
    """A change of the process on a day, drawn as a dated flag."""

    day: str  # ISO date
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The chosen columns of one data sheet, row by row."""

    roles: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    row_ids: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    excluded: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    spec: Spec = Spec()
    marks: Marks = Marks()
    sheet: str = ""
    note: str = ""  # what the caption adds: bad cells left out, overrides of the metric
    events: tuple[Event, ...] = ()  # changes of the process, for flags on charts over time
    behind: Mapping[int, tuple[int, ...]] = field(
        default_factory=dict
    )  # rows that one row stands for

    def has(self, role: str) -> bool:
        """Whether the user filled this role."""
        return bool(self.roles.get(role))

    def one(self, role: str) -> Column:
        """Return the column of a role that takes one."""
        return self.roles[role][0]

    def many(self, role: str) -> tuple[Column, ...]:
        """Return all columns of a role."""
        return self.roles.get(role, ())


Level = Literal["green", "amber", "red", "grey"]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a finding proposes, to be done with one click: other options, another analysis."""

    label: str
    options: Mapping[str, Any] = field(default_factory=dict)
    analysis: str = ""  # id of another analysis; empty = this one with the options above
    stages: bool = False  # take those that were marked on another chart of the column


@dataclass(frozen=True, slots=True)
class Finding:
    """One of the four lines: verdict, evidence, size, next."""

    line: Literal["verdict", "evidence", "size", "next"]
    text: str
    level: Literal["info", "good", "warning", "bad"] = "info"
    offer: Offer | None = None
    points: tuple[int, ...] = ()  # that the sentence names, by their place on the chart


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the report card."""

    id: str  # data, order, shape, odd, gauge, fit, ...
    label: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to show and to export; cells are text already formatted or plain numbers."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True, eq=False)
class ChartPoints:
    """What mouse, keyboard and screen reader need to know of the plotted points.

    Point i stands at x = i unless `x` says where; `panels` holds the values (y) in the order of
    the figure's axes.
    """

    rows: Sequence[tuple[int, ...]]
    panels: tuple[FloatArray, ...]
    excluded: BoolArray
    signals: IntArray  # points at which a rule fired in any panel, in order
    stage_starts: IntArray
    describe: Callable[[int, int], str]  # (point, panel) -> "point 17, 26 Apr 2026, 96.0 h, ..."
    x: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A picture to be drawn when there is a place for it.

    `points` are those that a user can point at (control charts, run charts); `point_rows` gives
    for each of them the data rows it stands for; `alt` is the text for people who cannot see it.
    """

    title: str
    draw: "Callable[[Figure, Theme], None]"
    caption: str = ""
    alt: str = ""
    point_rows: Sequence[tuple[int, ...]] | None = None
    points: ChartPoints | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Presentation:
    """Everything that window, report and command line show of a result.

    The first chart is the main one. `plain` is one sentence that a sponsor understands; home
    page, cards and the summary page use it.
    """

    findings: tuple[Finding, ...]
    report_card: tuple[Check, ...]
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]
    numbers: Mapping[str, Any] = field(default_factory=dict)  # names of reference_ops.md, dotted
    plain: str = ""


class Unfinished(DataProblem):
    """A choice is missing that can be made on the picture so far, which comes with it."""

    def __init__(self, message: str, *, hint: str, so_far: Presentation) -> None:
        super().__init__(message, hint=hint)
        self.so_far = so_far


@dataclass(frozen=True, slots=True)
class SheetDraft:
    """A data sheet that a generator proposes: column names, kinds and values.

    `options` are those used, with the seed that was drawn, so that the same sheet can be made
    again; `roles` says which column fills which role of the analysis; `note` is for the person
    who collects the data.
    """

    title: str
    columns: tuple[Column, ...]
    options: Any = None
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Generator:
    """Makes the data sheet that an analysis needs (a design, a gage study), in one undo step.

    Options with a `seed` of None draw one; the draft holds the seed that was used.
    """

    id: str
    title: str
    options: type[Any]
    make: Callable[[Any], SheetDraft]
    help: str = ""


def _keep(options: Mapping[str, Any], _from_version: int) -> Mapping[str, Any]:
    return options


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Everything LeanLab knows of one analysis."""

    id: str
    version: int
    title: str
    group: str
    question: str  # what a user wants to know, in their words
    phases: str = "MAIC"
    also_called: tuple[str, ...] = ()
    roles: tuple[Role, ...]
    options: type[Any]
    compute: Callable[[Columns, Any], Any]
    present: Callable[[Any], Presentation]
    generator: Generator | None = None
    place: int = 50  # order within the group's menu
    edits_points: bool = False  # control charts: exclude, annotate, stage, limits
    upgrade: Callable[[Mapping[str, Any], int], Mapping[str, Any]] = _keep
