"""Stakeholder analysis: who can help or stop the project, and what each needs to come along."""

from collections.abc import Callable

from leanlab.worksheets.checking import each, when
from leanlab.worksheets.declare import (
    Begin,
    Canvas,
    Check,
    Computed,
    Edit,
    Example,
    Field,
    Filter,
    Row,
    Scale,
    Section,
    View,
    WorksheetType,
)
from leanlab.worksheets.layout import matrix as layout
from leanlab.worksheets.layout.drawing import Drawing, Measure, Room

_FROM = 3  # power or interest from here on counts as high
_FIRST = 8  # priority from which somebody must look after a person
# from -0.5 the middle is 2.5: a rating of 3 stands inside the field that it belongs to
_ACROSS = layout.Axis("Interest", -0.5, 5.5, "little", "much")
_UPWARDS = layout.Axis("Power", -0.5, 5.5, "little", "much")
_QUADRANTS = (
    ("Keep satisfied", "quadrant"),
    ("Manage closely", "quadrant_good"),
    ("Monitor", "quadrant"),
    ("Keep informed", "quadrant"),
)
_ROLES = {
    "sponsor": "sponsor", "process owner": "process owner", "team": "team", "manager": "manager",
    "other shift": "other shift", "customer": "customer", "supplier": "supplier", "finance": "finance",
    "employees' representatives": "employees' representatives", "other": "other",
}  # fmt: skip
_OUTSIDE = frozenset({"other shift", "customer"})
_ATTITUDE = Scale("stakeholder.attitude", "Attitude towards the change", {
    2: "Makes it happen", 1: "Helps it happen", 0: "Lets it happen", -1: "Drags their feet", -2: "Works against it",
})  # fmt: skip


def quadrant(row: Row, _view: View) -> str:
    """Return how a person is looked after, by power and interest."""
    power, interest = row.number("power"), row.number("interest")
    if power is None or interest is None:
        return ""
    if power >= _FROM:
        return "manage closely" if interest >= _FROM else "keep satisfied"
    return "keep informed" if interest >= _FROM else "monitor"


def gap(row: Row, _view: View) -> int | None:
    """Return how far the attitude is from what the project needs."""
    now, needed = row.number("attitude"), row.number("needed")
    return int(needed - now) if now is not None and needed is not None else None


def priority(row: Row, view: View) -> int | None:
    """Return power times the gap that is left to close."""
    power, left = row.number("power"), gap(row, view)
    return int(power * max(left, 0)) if power is not None and left is not None else None


def _look(value: object) -> str:
    if not isinstance(value, int) or value <= 0:
        return ""
    return "problem" if value >= _FIRST else "attention"


def _placed(view: View) -> list[tuple[int, Row]]:
    return [(at, r) for at, r in enumerate(view.all("people"), start=1) if quadrant(r, view)]


def draw(view: View, measure: Measure, room: Room | None = None) -> Drawing:
    """Draw everybody by power and interest; those who need to be won over stand out."""
    chips = [
        layout.Chip(r.id, str(at), r.text("who"), r.number("interest") or 0, r.number("power") or 0,
                    "chip_problem" if _wins(r, view) else "chip")
        for at, r in _placed(view)
    ]  # fmt: skip
    close = [r.text("who") for _, r in _placed(view) if quadrant(r, view) == "manage closely"]
    alt = f"Power and interest of {len(chips)} people or groups. To manage closely: {', '.join(close) or 'nobody'}."
    return layout.draw(chips, _ACROSS, _UPWARDS, _QUADRANTS, measure, alt=alt, room=room)


def _wins(row: Row, view: View) -> bool:
    return (priority(row, view) or 0) >= _FIRST


def moved(_view: View, drawing: Drawing, ref: str, x: float, y: float) -> tuple[Edit, ...]:
    """Give a person the interest and power of a place (upper left corner of the chip)."""
    place = (x + layout.RADIUS, y + layout.RADIUS)
    interest, power = layout.value_at(place, _ACROSS, _UPWARDS, drawing, step=1.0)
    return (Edit("people", ref, {"interest": max(1, int(interest)), "power": max(1, int(power))}),)


def _nobody(*roles: str) -> Callable[[View], bool]:
    return lambda view: not any(r.text("role") in roles for r in view.all("people"))


def _uncared(row: Row, view: View) -> bool:
    return _wins(row, view) and not (row.text("strategy") and row.text("owner"))


def _rating(field_id: str, label: str, help_text: str) -> Field:
    return Field(id=field_id, label=label, type="int", minimum=1, maximum=5, required=True, width=66, group="Where they stand",
                 help=f"{help_text} 1 is very little, 5 is very much.")  # fmt: skip


def _attitude(field_id: str, label: str, help_text: str) -> Field:
    return Field(id=field_id, label=label, type="int", minimum=-2, maximum=2, required=True, width=66, group="Attitude",
                 help=f"{help_text} From -2, works against it, to 2, makes it happen. F4 shows what each number means.",
                 scale=lambda _view: _ATTITUDE)  # fmt: skip


STAKEHOLDER = WorksheetType(
    id="stakeholder", version=1, title="Stakeholders", phases="D", archetype="matrix", landscape=True,
    question="Who can help or stop this project, and what does each of them need?",
    also_called=("stakeholder analysis", "power-interest matrix", "Mendelow matrix", "change readiness", "resistance"),
    sections=(
        Section(
            id="people", title="People and groups", repeats=True, row_word="name",
            blank="Who decides, who pays, who does the work on every shift, who receives the result?",
            filters=(
                Filter("win", "To win over", _wins),
                Filter("close", "Manage closely", lambda r, v: quadrant(r, v) == "manage closely"),
            ),
            fields=(
                Field(id="who", label="Person or group", required=True, width=170, group="Who", example="Night shift, hub north"),
                Field(id="role", label="Role", type="enum", choices=_ROLES, required=True, width=120, group="Who"),
                _rating("power", "Power", "How much they can decide or stop."),
                _rating("interest", "Interest", "How much they care about the result."),
                Field(id="quadrant", label="So", type="calc", value=quadrant, width=130, group="Where they stand"),
                _attitude("attitude", "Now", "How they stand towards the change today."),
                _attitude("needed", "Needed", "How the project needs them to stand."),
                Field(id="priority", label="Power × gap", type="calc", value=priority, level=_look, width=84, group="Attitude"),
                Field(id="concerns", label="Their concerns", width=190, group="What we do"),
                Field(id="wants", label="What they want", width=170, group="What we do"),
                Field(id="strategy", label="How we win them", width=200, group="What we do"),
                Field(id="owner", label="Who looks after them", type="person", width=130, group="What we do"),
                Field(id="next_contact", label="Next talk", type="date", width=105, group="What we do"),
            ),
        ),
    ),
    computed=(
        Computed("close", "To manage closely", lambda v: sum(quadrant(r, v) == "manage closely" for r in v.all("people")), "int"),
        Computed("win", "To win over", lambda v: sum(_wins(r, v) for r in v.all("people")), "int"),
    ),
    checks=(
        Check("ST-01", "must", "Sponsor and process owner are on the list",
              when(lambda v: _nobody("sponsor")(v) or _nobody("process owner")(v),
                   "The list needs the sponsor and the process owner.", section="people")),
        Check("ST-02", "should", "Powerful doubters are looked after",
              each("people", _uncared, "{row}: say how to win them and who does it.", field="strategy")),
        Check("ST-03", "should", "Customers and other shifts are heard",
              when(_nobody(*_OUTSIDE), "Nobody stands for the customer or another shift.", section="people")),
    ),
    canvas=Canvas(draw=draw, fitted=draw, title="Power and interest", begins=(
        Begin("Add a person or group and rate power and interest: a circle appears at that place.",
              "Add the first name", "people", lacks=lambda v: not _placed(v)),
    ), moved=moved, nudge=layout.SIDE_X / 6, section="people"),
    example=Example(
        title="Late departures",
        rows={
            "people": (
                {"who": "M. Okafor", "role": "sponsor", "power": 5, "interest": 4, "attitude": 2, "needed": 2, "owner": "T. Lind",
                 "wants": "Fewer penalties by autumn"},
                {"who": "A. Novak", "role": "process owner", "power": 4, "interest": 5, "attitude": 1, "needed": 2,
                 "concerns": "More work at the gates", "strategy": "Takes part in the trial", "owner": "T. Lind", "next_contact": "2026-05-11"},
                {"who": "Night shift", "role": "other shift", "power": 4, "interest": 2, "attitude": -1, "needed": 1,
                 "concerns": "The list is frozen before they arrive", "wants": "A say in the cut-off",
                 "strategy": "Two of them join the team", "owner": "T. Lind", "next_contact": "2026-05-06"},
                {"who": "Largest customer", "role": "customer", "power": 3, "interest": 3, "attitude": 0, "needed": 0},
                {"who": "Neighbouring hubs", "role": "other", "power": 1, "interest": 2, "attitude": 0, "needed": 0},
            ),
        },
    ),
)  # fmt: skip
