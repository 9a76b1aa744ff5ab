"""Impact-effort: which solution first."""

from leanlab.domain.registers import SOLUTION_STATUS, SOLUTION_TYPES
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
    Section,
    View,
    WorksheetType,
)
from leanlab.worksheets.layout import matrix as layout
from leanlab.worksheets.layout.drawing import Drawing, Measure, Room

_MIDDLE = 5.0
_ACROSS = layout.Axis("Effort", 0.5, 10.5, "little", "much")
_UPWARDS = layout.Axis("Impact", 0.5, 10.5, "small", "large")
_QUADRANTS = (
    ("Quick wins", "quadrant_good"),
    ("Major projects", "quadrant"),
    ("Fill-ins", "quadrant"),
    ("Drop", "quadrant"),
)
_STYLES = {"chosen": "chip_ok", "done": "chip_ok"}


def quadrant(row: Row, _view: View) -> str:
    """Return in which of the four fields a solution lies."""
    impact, effort = row.number("impact"), row.number("effort")
    if impact is None or effort is None:
        return ""
    if impact > _MIDDLE:
        return "quick win" if effort <= _MIDDLE else "major project"
    return "fill-in" if effort <= _MIDDLE else "drop"


def _ratio(row: Row, _view: View) -> float | None:
    impact, effort = row.number("impact"), row.number("effort")
    return round(impact / effort, 1) if impact is not None and effort else None


def _placed(view: View) -> list[Row]:
    return [
        r
        for r in view.all("solutions")
        if r.number("impact") is not None and r.number("effort") is not None
    ]


def draw(view: View, measure: Measure, room: Room | None = None) -> Drawing:
    """Draw the solutions over the four fields."""
    chips = [
        layout.Chip(r.id, r.code, r.text("title"), r.number("effort") or 0, r.number("impact") or 0,
                    _STYLES.get(r.text("status"), "chip"))
        for r in _placed(view)
    ]  # fmt: skip
    wins = [r.text("title") for r in _placed(view) if quadrant(r, view) == "quick win"]
    alt = f"Impact and effort of {len(chips)} solutions. Quick wins: {', '.join(wins) or 'none'}."
    return layout.draw(chips, _ACROSS, _UPWARDS, _QUADRANTS, measure, alt=alt, room=room)


def moved(_view: View, drawing: Drawing, ref: str, x: float, y: float) -> tuple[Edit, ...]:
    """Give a solution the impact and effort of a place (upper left corner of its chip)."""
    place = (x + layout.RADIUS, y + layout.RADIUS)
    effort, impact = layout.value_at(place, _ACROSS, _UPWARDS, drawing)
    return (Edit("solutions", ref, {"impact": impact, "effort": effort}),)


def _count(name: str) -> Computed:
    return Computed(
        name.replace(" ", "_"),
        f"{name.capitalize()}s",
        lambda v: sum(quadrant(r, v) == name for r in v.all("solutions")),
        "int",
    )


IMPACT_EFFORT = WorksheetType(
    id="impact_effort", version=1, title="Impact and effort", phases="I", archetype="matrix",
    question="Which solutions bring much for little, and come first?",
    also_called=("PICK chart", "benefit-effort matrix", "prioritisation", "solution selection"),
    sections=(
        Section(
            id="solutions", title="Solutions", repeats=True, register="solution", row_word="solution",
            new={"impact": 5.0, "effort": 5.0, "status": "idea"},
            blank="Collect ideas; each begins in the middle and is moved to its place.",
            filters=(
                Filter("win", "Quick wins", lambda r, v: quadrant(r, v) == "quick win"),
                Filter("chosen", "Chosen", lambda r, _v: r.text("status") in {"chosen", "done"}),
            ),
            fields=(
                Field(id="title", label="Solution", required=True, width=230, example="Freeze the list at 17:00"),
                Field(id="causes", label="Against cause", type="cause", link="addresses", width=210,
                      help="The verified causes that it removes."),
                Field(id="impact", label="Impact", type="num", minimum=1, maximum=10, required=True, width=70),
                Field(id="effort", label="Effort", type="num", minimum=1, maximum=10, required=True, width=70),
                Field(id="quadrant", label="Field", type="calc", value=quadrant, width=100),
                Field(id="ratio", label="Impact per effort", type="calc", value=_ratio, width=110),
                Field(id="solution_type", label="Kind", type="enum", choices=SOLUTION_TYPES, width=120,
                      help="Eliminating and error-proofing last; training and inspecting fade."),
                Field(id="status", label="Decision", type="enum", choices=SOLUTION_STATUS, width=100),
                Field(id="cost", label="Cost", type="money", minimum=0, width=100),
                Field(id="weeks", label="Weeks", type="num", minimum=0, width=70),
                Field(id="owner", label="Owner", type="person", width=120),
                Field(id="note", label="Reason", width=220),
            ),
        ),
    ),
    computed=(_count("quick win"), _count("major project"), _count("fill-in"), _count("drop")),
    checks=(
        Check("IE-01", "should", "Quick wins act on a cause",
              each("solutions", lambda r, v: quadrant(r, v) == "quick win" and not v.linked(r.id, "addresses"),
                   "{row} acts on no cause: a pet solution?", field="causes")),
        Check("IE-02", "should", "The ratings tell solutions apart",
              when(lambda v: len(_placed(v)) > 2 and len({quadrant(r, v) for r in _placed(v)}) == 1,  # noqa: PLR2004
                   "All solutions lie in one field: rate them against each other.", section="solutions")),
        Check("IE-03", "should", "Not only training and inspection",
              when(lambda v: bool(kinds := [r.text("solution_type") for r in v.all("solutions") if r.text("status") in {"chosen", "done"}])
                   and all(k in {"train", "inspect"} for k in kinds),
                   "Only weak solutions are chosen: look for one that makes the mistake impossible.", section="solutions")),
    ),
    canvas=Canvas(draw=draw, fitted=draw, title="Impact and effort", begins=(
        Begin("Add a first idea: it appears in the middle, and you move it to its place.", "Add the first solution",
              "solutions", lacks=lambda v: not _placed(v)),
    ), moved=moved, nudge=layout.SIDE_X / 10 / 2, section="solutions"),
    example=Example(
        title="Late departures",
        registers={
            "solution": (
                {"id": "s1", "title": "Freeze the list at 17:00", "impact": 9.0, "effort": 3.0, "solution_type": "standardise",
                 "status": "chosen", "weeks": 3.0, "cost": 4000.0, "owner": "T. Lind"},
                {"id": "s2", "title": "Plan of gates for the evening", "impact": 7.0, "effort": 4.5, "solution_type": "standardise",
                 "status": "chosen", "weeks": 4.0, "cost": 2000.0},
                {"id": "s3", "title": "Second sorter", "impact": 8.0, "effort": 9.5, "solution_type": "automate", "status": "parked", "cost": 240000.0},
                {"id": "s4", "title": "Signs at the chutes", "impact": 3.0, "effort": 2.0, "solution_type": "train", "status": "idea"},
                {"id": "s5", "title": "Refresher course", "impact": 2.0, "effort": 6.0, "solution_type": "train", "status": "rejected",
                 "note": "Fades within weeks"},
            ),
            "cause": ({"id": "c1", "text": "Loading list changes after 17:00", "status": "verified"}, {"id": "c2", "text": "Gates have no plan", "status": "verified"}),
        },
        links=(("s1", "addresses", "c1"), ("s2", "addresses", "c2")),
    ),
)  # fmt: skip
