"""Process map: who does what in which order, with waiting, loops and handovers."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import prod
from typing import Any

from leanlab.core import format as words
from leanlab.domain.flow import Way, expected_visits, reachable, shares
from leanlab.domain.registers import STEP_TYPES, VALUE_CLASSES
from leanlab.worksheets.checking import each, when
from leanlab.worksheets.declare import (
    Begin,
    Canvas,
    Check,
    Computed,
    Edit,
    Example,
    Field,
    Hit,
    Offer,
    Row,
    Section,
    View,
    WorksheetType,
)
from leanlab.worksheets.layout import process_map as layout
from leanlab.worksheets.layout.drawing import Drawing, Measure

_MANY = 40
_SNAP = 4.0
_WORK = frozenset({"", "step", "inspection", "handover", "subprocess", "document"})


def exits_of(row: Row) -> tuple[Mapping[str, Any], ...]:
    """Return the connectors of a step."""
    return tuple(one for one in row.get("next") or () if isinstance(one, Mapping) and one.get("to"))


def _steps(view: View) -> tuple[layout.Step, ...]:
    return tuple(
        layout.Step(
            r.id, r.text("name"), r.text("lane"), r.text("step_type") or "step", r.text("value_added"),
            _note(r),
            tuple(layout.Exit(str(e["to"]), str(e.get("label") or ""), _share(e)) for e in exits_of(r)),
            (r.number("shift_x") or 0.0, r.number("shift_y") or 0.0),
        )
        for r in view.all("steps")
    )  # fmt: skip


def _note(row: Row) -> str:
    parts = []
    for name, word in (("cycle_time", ""), ("wait_time", "wait ")):
        seconds = row.number(name)
        if seconds:
            minutes = seconds / 60
            parts.append(f"{word}{words.number(seconds, 0)} s" if seconds < 120 else f"{word}{words.number(minutes, 0)} min")  # fmt: skip  # noqa: PLR2004
    return ", ".join(parts)


def _share(one: Mapping[str, Any]) -> float | None:
    share = one.get("share")
    return float(share) if isinstance(share, int | float) else None


def draw(view: View, measure: Measure) -> Drawing:
    """Draw lanes, steps and connectors."""
    steps = _steps(view)
    lanes = len({s.lane for s in steps})
    alt = (
        f"Process map with {words.count(len(steps), 'step')} in {words.count(lanes, 'lane')}: "
        + ", ".join(s.text for s in steps) + "."
    )  # fmt: skip
    return layout.draw(steps, measure, alt=alt)


def moved(view: View, drawing: Drawing, ref: str, x: float, y: float) -> tuple[Edit, ...]:
    """Put the upper left corner of a step at a place: its lane and how far it is off its grid place."""
    lane = layout.lane_at(drawing, y + layout.HEIGHT / 2)
    home_x, home_y = layout.home_of(_steps(view), ref, lane)
    values = {
        "lane": lane,
        "shift_x": _SNAP * round((x - home_x) / _SNAP) or None,
        "shift_y": _SNAP * round((y - home_y) / _SNAP) or None,
    }
    return (Edit("steps", ref, values),)


def _ways(view: View) -> dict[str, list[Way]]:
    known = {r.id for r in view.all("steps")}
    return {
        r.id: [Way(str(e["to"]), _share(e)) for e in exits_of(r) if e["to"] in known]
        for r in view.all("steps")
    }


def _handovers(view: View) -> int:
    lanes = {r.id: r.text("lane") for r in view.all("steps")}
    return sum(lanes[step] != lanes[way.to] for step, out in _ways(view).items() for way in out)


def _loops(view: View) -> int:
    columns = layout.columns_of(_steps(view))
    return sum(columns[w.to] <= columns[s] for s, out in _ways(view).items() for w in out)


def _adding_share(view: View) -> float | None:
    rated = [r for r in view.all("steps") if r.text("value_added")]
    return sum(r.text("value_added") == "va" for r in rated) / len(rated) if rated else None


def _adding_time(view: View) -> float | None:
    timed = [r for r in view.all("steps") if r.number("cycle_time") or r.number("wait_time")]
    whole = sum((r.number("cycle_time") or 0.0) + (r.number("wait_time") or 0.0) for r in timed)
    adding = sum(r.number("cycle_time") or 0.0 for r in timed if r.text("value_added") == "va")
    return adding / whole if whole > 0 else None


def _lead_time(view: View) -> float | None:
    timed = [r for r in view.all("steps") if r.number("cycle_time") or r.number("wait_time")]
    visits = expected_visits(_ways(view)) if timed else None
    if visits is None:
        return None
    return sum(
        visits[r.id] * ((r.number("cycle_time") or 0.0) + (r.number("wait_time") or 0.0))
        for r in timed
    )


def _rolled_yield(view: View) -> float | None:
    rated = [v for r in view.all("steps") if (v := r.number("first_pass")) is not None]
    return prod(rated) if rated else None


def _bad_decision(row: Row, _view: View) -> bool:
    return row.text("step_type") == "decision" and len(exits_of(row)) < 2  # noqa: PLR2004


def _bad_shares(view: View) -> Iterable[Hit]:
    for step, out in _ways(view).items():
        total = sum(shares(out))
        if any(w.share is not None for w in out) and abs(total - 1) > 0.005:  # noqa: PLR2004
            name = view.record("process_step", step).text("name")
            yield Hit(
                f"{name}: the shares of its exits add up to {100 * total:.0f} %.",
                step,
                "goes_to",
                "steps",
            )


def _no_end(view: View) -> bool:
    steps = view.all("steps")
    ways = _ways(view)
    ends = {r.id for r in steps if r.text("step_type") == "end"} or {
        s for s, out in ways.items() if not out
    }
    starts = [r.id for r in steps if r.text("step_type") == "start"] or [r.id for r in steps[:1]]
    return bool(steps) and not ends & reachable(ways, starts)


def _unreached(view: View) -> Iterable[Hit]:
    ways = _ways(view)
    if not any(ways.values()):
        return
    starts = [r.id for r in view.all("steps") if r.text("step_type") == "start"] or list(ways)[:1]
    seen = reachable(ways, starts)
    for row in view.all("steps"):
        if row.id not in seen:
            yield Hit(
                f"{row.text('name')} is not connected to the flow.", row.id, "goes_to", "steps"
            )


def _endless(view: View) -> bool:
    return any(_ways(view).values()) and expected_visits(_ways(view)) is None


def _goes_to(row: Row, view: View) -> str:
    parts = []
    for one in exits_of(row):
        target = view.record("process_step", one["to"])
        share = _share(one)
        extra = [
            w
            for w in (str(one.get("label") or ""), "" if share is None else f"{100 * share:.0f} %")
            if w
        ]
        parts.append(f"{target.text('name')}{' (' + ', '.join(extra) + ')' if extra else ''}")
    return ", ".join(parts)


def _unconnected(view: View) -> bool:
    return len(view.all("steps")) > 1 and not any(exits_of(r) for r in view.all("steps"))


def _chain(view: View) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return the connectors of a plain chain, as changes of the steps (their id says which)."""
    rows = view.all("steps")
    return tuple(("steps", {"id": a.id, "next": [{"to": b.id}]}) for a, b in pairwise(rows))


PROCESS_MAP = WorksheetType(
    id="map", version=1, title="Process map", phases="DMI", archetype="canvas", landscape=True,
    question="How does the work really run, who does what, and where does it wait or come back?",
    also_called=("swimlane", "flowchart", "as-is map"),
    sections=(
        Section(
            id="frame", title="Map",
            fields=(
                Field(id="map_kind", label="Shows", type="enum", choices={"as-is": "how it runs today", "to-be": "how it shall run"}, default="as-is"),
                Field(id="walked_on", label="Walked on", type="date", help="The day on which the map was compared with reality."),
                Field(id="walked_by", label="Walked by", type="person"),
            ),
        ),
        Section(
            id="steps", title="Steps", repeats=True, register="process_step", row_word="step",
            new={"step_type": "step"}, blank="Write the steps in their order, or bring in those of the SIPOC.",
            fields=(
                Field(id="name", label="Step", required=True, width=200, example="Load parcels"),
                Field(id="lane", label="Lane", width=120, example="Loading", help="Who does it: team, role, system or customer."),
                Field(id="step_type", label="Type", type="enum", choices=STEP_TYPES, width=110),
                Field(id="value_added", label="Value", type="enum", choices=VALUE_CLASSES, width=120),
                Field(id="cycle_time", label="Work time", type="dur", minimum=0, width=95, example="6 min"),
                Field(id="wait_time", label="Waiting", type="dur", minimum=0, width=95, example="20 min"),
                Field(id="first_pass", label="Right first time", type="pct", minimum=0, maximum=1, unit="%", width=115),
                Field(id="goes_to", label="Goes to", type="calc", value=_goes_to, width=230,
                      help="Ctrl+L connects the step to others; Ctrl+Enter adds the next one."),
                Field(id="inputs", label="What influences it", width=200, example="number of lists (controllable)",
                      help="Inputs that may matter; they seed the cause search."),
                Field(id="outputs", label="What comes out", width=180),
            ),
        ),
    ),
    computed=(
        Computed("steps", "Steps", lambda v: len(v.all("steps")), "int"),
        Computed("handovers", "Handovers", _handovers, "int"),
        Computed("decisions", "Decisions", lambda v: sum(r.text("step_type") == "decision" for r in v.all("steps")), "int"),
        Computed("loops", "Loops", _loops, "int"),
        Computed("adding", "Value-adding steps", _adding_share, "pct"),
        Computed("adding_time", "Value-adding time", _adding_time, "pct"),
        Computed("lead", "Expected time through", _lead_time, "dur"),
        Computed("yield", "Right first time over all steps", _rolled_yield, "pct"),
    ),
    checks=(
        Check("PM-01", "should", "The end can be reached", when(_no_end, "No way leads to an end.", section="steps")),
        Check("PM-02", "should", "Every step has somebody who does it",
              each("steps", lambda r, _v: not r.text("lane") and r.text("step_type") not in {"start", "end"}, "{row}: who does it?", field="lane")),
        Check("PM-04", "should", "The map was compared with reality",
              when(lambda v: v.text("map_kind") != "to-be" and bool(v.all("steps")) and not (v.text("walked_on") and v.text("walked_by")),
                   "Walk the process and write down who did it and when.", field="walked_on")),
        Check("PM-05", "hint", "Not too many steps on one map",
              when(lambda v: len(v.all("steps")) > _MANY, "More than 40 steps: move details into a sub-process.", section="steps")),
        Check("PM-06", "must", "Every decision has two exits", each("steps", _bad_decision, "{row}: a decision needs two exits or more.", field="goes_to")),
        Check("PM-07", "must", "Shares of exits add up to 100 %", _bad_shares),
        Check("PM-08", "should", "Every step is part of the flow", _unreached),
        Check("PM-09", "must", "Every loop can end", when(_endless, "A loop never ends: give one of its decisions another exit.", section="steps")),
    ),
    canvas=Canvas(draw=draw, title="Process map", begins=(
        Begin("Add the first step and its lane: it appears as a box.", "Add the first step", "steps"),
    ), moved=moved, nudge=8.0, connects="steps", section="steps"),
    offers=(
        Offer("connect", lambda v: "Connect the steps in the order of the list?" if _unconnected(v) else "", _chain),
    ),
    example=Example(
        title="Evening departure as it runs",
        body={"map_kind": "as-is", "walked_on": "2026-05-02", "walked_by": "J. Moreau"},
        registers={
            "process_step": (
                {"id": "s", "name": "Sorting ends", "lane": "Sorting", "step_type": "start", "next": [{"to": "list"}]},
                {"id": "list", "name": "Build loading list", "lane": "Dispatch", "step_type": "step", "value_added": "needed",
                 "cycle_time": 600, "wait_time": 1500, "first_pass": 0.88, "next": [{"to": "call"}]},
                {"id": "call", "name": "Call the lorry", "lane": "Dispatch", "step_type": "handover", "value_added": "needed",
                 "cycle_time": 120, "wait_time": 900, "next": [{"to": "load"}]},
                {"id": "load", "name": "Load parcels", "lane": "Loading", "step_type": "step", "value_added": "va",
                 "cycle_time": 2400, "first_pass": 0.95, "next": [{"to": "ok"}]},
                {"id": "ok", "name": "All scanned?", "lane": "Loading", "step_type": "decision", "value_added": "waste",
                 "next": [{"to": "go", "label": "yes", "share": 0.9}, {"to": "search", "label": "no", "share": 0.1}]},
                {"id": "search", "name": "Search parcels", "lane": "Loading", "step_type": "step", "value_added": "waste",
                 "cycle_time": 900, "next": [{"to": "load"}]},
                {"id": "go", "name": "Lorry leaves", "lane": "Line haul", "step_type": "end"},
            ),
            "person": ({"name": "J. Moreau"},),
        },
    ),
)  # fmt: skip
