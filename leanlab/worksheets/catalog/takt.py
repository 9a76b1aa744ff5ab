"""Takt and line balance: the pace of demand against the work of each station, with what-if columns."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.worksheets.checking import each, when
from leanlab.worksheets.declare import (
    NO_ROW,
    Begin,
    Canvas,
    Check,
    Computed,
    Example,
    Field,
    Hit,
    Row,
    Section,
    View,
    WorksheetType,
)
from leanlab.worksheets.layout import plots
from leanlab.worksheets.layout.drawing import Drawing, Measure, Room, Shape, Text, shifted

_CLASSES = {"va": "value adding", "needed": "necessary", "waste": "waste"}
_STYLES = {"va": "value_added", "needed": "needed", "waste": "waste"}
_LEGEND = (("value_added", "value adding"), ("needed", "necessary"), ("waste", "waste"))
_ENOUGH_CYCLES = 10
_HEADING = 30.0  # room for the name above each picture
_FIRST = Row("first", "", {"name": "Today"})


@dataclass(frozen=True, slots=True)
class Balance:
    """A scenario, worked out."""

    name: str
    takt: float
    stations: tuple[tuple[str, float], ...]
    work: float
    operators: int
    efficiency: float
    longest: float

    @property
    def smoothness(self) -> float:
        """Root of the summed squares of what each station lacks to the longest."""
        return math.sqrt(sum((self.longest - t) ** 2 for _, t in self.stations))

    @property
    def over(self) -> tuple[str, ...]:
        """Stations that need longer than the takt."""
        return tuple(name for name, t in self.stations if t > self.takt * (1 + 1e-9))

    @property
    def an_hour(self) -> float:
        """Pieces that the slowest station lets through in an hour."""
        return 3600.0 / self.longest


def scenarios(view: View) -> tuple[Row, ...]:
    """Return the columns of the calculator."""
    return view.all("scenarios")


def _station_of(element: Row, scenario: Row, view: View) -> str:
    """Return the station of an element; a what-if column without one inherits that of the first."""
    first = scenarios(view)[0].id if scenarios(view) else ""
    return element.text(f"station.{scenario.id}") or element.text(f"station.{first}")


def _operators(name: str, scenario: Row, view: View) -> float:
    row = next((r for r in view.all("stations") if r.text("name") == name), NO_ROW)
    first = scenarios(view)[0].id if scenarios(view) else ""
    return row.number(f"operators.{scenario.id}") or row.number(f"operators.{first}") or 1.0


def station_times(view: View, scenario: Row) -> dict[str, float]:
    """Return the work of each station per piece, shared by its operators."""
    times: dict[str, float] = {}
    for element in view.all("elements"):
        name, seconds = _station_of(element, scenario, view), element.number("time")
        if name and seconds is not None:
            times[name] = times.get(name, 0.0) + seconds / _operators(name, scenario, view)
    return times


def balance(view: View, scenario: Row) -> Balance | None:
    """Work a scenario out; None while demand, time or elements are missing."""
    from leanlab.stats.lean import takt

    available, demand = scenario.number("available"), scenario.number("demand")
    times = station_times(view, scenario)
    work = sum(
        e.number("time") or 0.0 for e in view.all("elements") if _station_of(e, scenario, view)
    )
    if not available or not demand or not times:
        return None
    try:
        result = takt(available, demand, list(times.values()))
    except DataProblem:
        return None
    stations = tuple(times.items())
    return Balance(
        scenario.text("name") or "Today", result.takt, stations, work, math.ceil(work / result.takt - 1e-9),
        result.line_balance_efficiency, max(times.values()),
    )  # fmt: skip


def in_words(view: View) -> tuple[str, ...]:
    """Say what each column means for the line."""
    return tuple(_sentence(found) for s in scenarios(view) if (found := balance(view, s)))


def _sentence(found: Balance) -> str:
    head = (
        f"{found.name}: the customer takes a piece every {words.number(found.takt, 1)} s. "
        f"The work of {words.number(found.work, 0)} s needs at least {words.count(found.operators, 'operator')}. "
    )
    slowest = max(found.stations, key=lambda s: s[1])[0]
    if found.over:
        names = ", ".join(found.over)
        tail = f"{names} {'is' if len(found.over) == 1 else 'are'} slower than the takt: the line makes {words.number(found.an_hour, 0)} an hour. "
    else:
        tail = f"Every station keeps the takt; {slowest} is the slowest. "
    return f"{head}{tail}The line is balanced to {words.percent(found.efficiency)}."


def draw(view: View, measure: Measure, room: Room | None = None) -> Drawing:
    """Draw a yamazumi for each column, below each other."""
    shapes: list[Shape] = []
    width, y = 0.0, 0.0
    sentences = []
    told = [(s, found) for s in scenarios(view) if (found := balance(view, s)) is not None]
    each = (room[0], room[1] / len(told) - _HEADING) if room and told else None
    for scenario, found in told:
        bars = [plots.Bar(name, _pieces(view, scenario, name)) for name, _ in found.stations]
        limit = (f"takt {words.number(found.takt, 1)} s", found.takt)
        one = plots.stacked(bars, limit, _LEGEND, measure, unit="s", room=each)
        shapes.append(Text(12, y + 20, found.name, 13, "ink", bold=True))
        shapes += [shifted(shape, 0, y + 26) for shape in one.shapes]
        width, y = max(width, one.width), y + one.height + _HEADING
        sentences.append(_sentence(found))
    if not shapes:
        return Drawing(0, 0, ())
    return Drawing(width, y, tuple(shapes), (), " ".join(sentences))


def _pieces(view: View, scenario: Row, station: str) -> tuple[plots.Piece, ...]:
    share = _operators(station, scenario, view)
    return tuple(
        plots.Piece(
            e.id,
            e.text("element"),
            (e.number("time") or 0.0) / share,
            _STYLES.get(e.text("value"), "value_added"),
        )
        for e in view.all("elements")
        if _station_of(e, scenario, view) == station
    )


def _station_fields(view: View) -> tuple[Field, ...]:
    return tuple(
        Field(id=f"station.{s.id}", label="Station" if i == 0 else f"Station: {s.text('name') or i + 1}", width=110,
              help="" if i == 0 else "Empty: as in the first column.")
        for i, s in enumerate(scenarios(view))
    )  # fmt: skip


def _operator_fields(view: View) -> tuple[Field, ...]:
    return tuple(
        Field(id=f"operators.{s.id}", label="Operators" if i == 0 else f"Operators: {s.text('name') or i + 1}",
              type="num", minimum=0.1, maximum=100, width=110)
        for i, s in enumerate(scenarios(view))
    )  # fmt: skip


def _of(name: str) -> Callable[[Row, View], Any]:
    def value(row: Row, view: View) -> Any:
        found = balance(view, row)
        return None if found is None else getattr(found, name)

    return value


def _balance_share(row: Row, view: View) -> str:
    found = balance(view, row)
    return "" if found is None else words.percent(found.efficiency)


def _seconds(name: str) -> Callable[[Row, View], str]:
    value = _of(name)

    def text(row: Row, view: View) -> str:
        found = value(row, view)
        return "" if found is None else f"{words.number(found, 1)} s"

    return text


def _over(row: Row, view: View) -> str:
    found = balance(view, row)
    return "" if found is None else ", ".join(found.over) or "none"


def _hourly(row: Row, view: View) -> str:
    found = balance(view, row)
    return "" if found is None else words.number(found.an_hour, 0)


def _too_long_elements(view: View) -> Iterable[Hit]:
    found = balance(view, scenarios(view)[0]) if scenarios(view) else None
    for row in view.all("elements") if found else ():
        if found and (row.number("time") or 0.0) > found.takt:
            yield Hit(
                f"{row.text('element')} alone takes longer than the takt: split it.",
                row.id,
                "time",
                "elements",
            )


def _precedence(view: View) -> Iterable[Hit]:
    """An element may not stand at a station before the one that it follows."""
    order = {r.text("name"): i for i, r in enumerate(view.all("stations"))}
    by_name = {r.text("element"): r for r in view.all("elements")}
    for scenario in scenarios(view):
        for row in view.all("elements"):
            before = by_name.get(row.text("after"))
            if before is None:
                continue
            own, theirs = (order.get(_station_of(e, scenario, view)) for e in (row, before))
            if own is not None and theirs is not None and own < theirs:
                yield Hit(
                    f"{row.text('element')} stands before {row.text('after')} in '{scenario.text('name')}'.",
                    row.id,
                    "after",
                    "elements",
                )


def _no_takt(view: View) -> bool:
    return not any(s.number("demand") and s.number("available") for s in scenarios(view))


TAKT = WorksheetType(
    id="takt", version=1, title="Takt and line balance", phases="MI", archetype="calculator", landscape=True,
    question="How fast must we be, who is the bottleneck, and how do we share the work?",
    also_called=("yamazumi", "line balancing", "standard work", "takt time", "workload"),
    sections=(
        Section(id="frame", title="Line", fields=(Field(id="product", label="Product or service", required=True, example="Gift box"),)),
        Section(
            id="scenarios", title="What if", repeats=True, sideways=True, most=4, row_word="column",
            blank="Add a column for today, then columns for what could be.",
            fields=(
                Field(id="name", label="Column", required=True, width=130, example="Today"),
                Field(id="demand", label="Demand", type="num", minimum=0, required=True, unit="pieces a day", example="450"),
                Field(id="available", label="Working time", type="dur", minimum=0, required=True, unit="net, a day", example="7.25 h"),
                Field(id="takt", label="Takt", type="calc", value=_seconds("takt")),
                Field(id="work", label="Work of a piece", type="calc", value=_seconds("work")),
                Field(id="needed", label="Operators needed", type="calc", value=_of("operators")),
                Field(id="balance", label="Line balance", type="calc", value=_balance_share),
                Field(id="smooth", label="Smoothness (0 = even)", type="calc", value=_seconds("smoothness")),
                Field(id="over", label="Slower than takt", type="calc", value=_over),
                Field(id="hourly", label="Output an hour", type="calc", value=_hourly),
            ),
        ),
        Section(
            id="elements", title="Work elements", repeats=True, row_word="element", more_fields=_station_fields,
            blank="One row for each element of the work, with its time.",
            fields=(
                Field(id="element", label="Element", required=True, width=190, example="Fold the box"),
                Field(id="time", label="Time", type="dur", minimum=0, required=True, width=80, example="18 s"),
                Field(id="value", label="Value", type="enum", choices=_CLASSES, width=120),
                Field(id="cycles", label="Cycles timed", type="int", minimum=0, width=100),
                Field(id="after", label="Comes after", width=140, help="The element that must be done before."),
            ),
        ),
        Section(
            id="stations", title="Stations", repeats=True, row_word="station", more_fields=_operator_fields,
            blank="Only where a station has more than one operator, or to say the order of stations.",
            fields=(Field(id="name", label="Station", required=True, width=170),),
        ),
    ),
    computed=(
        Computed("elements", "Elements", lambda v: len(v.all("elements")), "int"),
        Computed("content", "Work of a piece", lambda v: sum(e.number("time") or 0.0 for e in v.all("elements")) or None, "dur"),
    ),
    words=in_words,
    checks=(
        Check("YZ-01", "must", "The takt is known", when(_no_takt, "Enter demand and working time.", section="scenarios")),
        Check("YZ-02", "should", "Times rest on ten cycles",
              each("elements", lambda r, _v: r.number("time") is not None and (r.number("cycles") or 0) < _ENOUGH_CYCLES,
                   "{row}: the time rests on fewer than ten cycles.", field="cycles")),
        Check("YZ-03", "should", "No element is longer than the takt", _too_long_elements),
        Check("YZ-04", "should", "The order of the work is kept", _precedence),
    ),
    canvas=Canvas(draw=draw, fitted=draw, title="Line balance", begins=(
        Begin("Add a column with demand and working time: they give the takt, the line in the drawing.", "Add the column for today", "scenarios",
              lacks=lambda v: not any(r.number("available") and r.number("demand") for r in scenarios(v))),
        Begin("Add the elements of the work with their times: they stack up to the bars.", "Add the first element", "elements"),
        Begin("Name the station of each element: every station becomes a bar.", "Name the stations", "elements",
              lacks=lambda v: not any(balance(v, r) for r in scenarios(v))),
    )),
    example=Example(
        title="Packing of gift boxes",
        body={"product": "Gift box"},
        rows={
            "scenarios": (
                {"id": "now", "name": "Today", "demand": 450.0, "available": 26100.0},
                {"id": "next", "name": "Label moved", "demand": 450.0, "available": 26100.0},
            ),
            "elements": (
                {"id": "e1", "element": "Fold the box", "time": 20.0, "value": "va", "cycles": 12, "station": {"now": "Fold"}},
                {"id": "e2", "element": "Line with paper", "time": 32.0, "value": "va", "cycles": 12, "after": "Fold the box", "station": {"now": "Fold"}},
                {"id": "e3", "element": "Fetch the goods", "time": 14.0, "value": "waste", "cycles": 10, "station": {"now": "Fill"}},
                {"id": "e4", "element": "Fill", "time": 34.0, "value": "va", "cycles": 10, "after": "Line with paper", "station": {"now": "Fill"}},
                {"id": "e5", "element": "Close and tape", "time": 38.0, "value": "va", "cycles": 15, "after": "Fill", "station": {"now": "Close"}},
                {"id": "e6", "element": "Label", "time": 22.0, "value": "needed", "cycles": 15, "after": "Close and tape",
                 "station": {"now": "Close", "next": "Check"}},
                {"id": "e7", "element": "Check", "time": 21.0, "value": "needed", "cycles": 10, "after": "Close and tape", "station": {"now": "Check"}},
                {"id": "e8", "element": "Stack on the pallet", "time": 14.0, "value": "needed", "cycles": 10, "after": "Check", "station": {"now": "Check"}},
            ),
            "stations": ({"name": "Fold"}, {"name": "Fill"}, {"name": "Close"}, {"name": "Check"}),
        },
    ),
)  # fmt: skip
