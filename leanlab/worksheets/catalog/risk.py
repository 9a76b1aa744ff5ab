"""Risk register: what could go wrong with the project, how bad, and what is done about it."""

from leanlab.worksheets.checking import each
from leanlab.worksheets.declare import (
    Begin,
    Canvas,
    Check,
    Computed,
    Example,
    Field,
    Filter,
    Row,
    Scale,
    Section,
    View,
    WorksheetType,
)
from leanlab.worksheets.layout import matrix
from leanlab.worksheets.layout.drawing import Drawing, Measure, Room

_HIGH, _MEDIUM = 15, 8
_SIDE = 5
_STALE_DAYS = 30
_CATEGORIES = {
    "schedule": "schedule", "people": "people", "data": "data", "technical": "technical",
    "financial": "financial", "safety": "safety", "compliance": "compliance", "supply": "supply",
}  # fmt: skip
_RESPONSES = {"avoid": "avoid", "reduce": "reduce", "transfer": "transfer", "accept": "accept"}
_STATUS = {"open": "open", "occurred": "occurred", "closed": "closed"}


def _product(row: Row, first: str, second: str) -> int | None:
    a, b = row.number(first), row.number(second)
    return int(a * b) if a is not None and b is not None else None


def score(row: Row, _view: View) -> int | None:
    """Return probability x impact."""
    return _product(row, "probability", "impact")


def _later(row: Row, _view: View) -> int | None:
    return _product(row, "later_probability", "later_impact")


def level(value: object) -> str:
    """Return high, medium or low for a score."""
    if not isinstance(value, int):
        return ""
    return "high" if value >= _HIGH else "medium" if value >= _MEDIUM else "low"


def _look(value: object) -> str:
    return {"high": "problem", "medium": "attention", "low": "ok"}.get(level(value), "")


def _active(row: Row) -> bool:
    return row.text("status") != "closed"


def _is_high(row: Row, view: View) -> bool:
    return _active(row) and level(score(row, view)) == "high"


def _count(wanted: str) -> Computed:
    def value(view: View) -> int:
        return sum(_active(r) and level(score(r, view)) == wanted for r in view.all("risks"))

    return Computed(wanted, wanted.capitalize(), value, "int")


def _rated(view: View) -> list[Row]:
    return [r for r in view.all("risks") if _active(r) and score(r, view) is not None]


def draw(view: View, measure: Measure, room: Room | None = None) -> Drawing:
    """Draw the open risks into a map of five by five."""
    rows = _rated(view)
    if not rows:
        return Drawing(0, 0, ())
    cells = []
    for impact in range(_SIDE, 0, -1):
        line = []
        for probability in range(1, _SIDE + 1):
            here = [
                r
                for r in rows
                if (r.number("probability"), r.number("impact")) == (probability, impact)
            ]
            line.append((_look(probability * impact), [r.text("title") or r.code for r in here]))
        cells.append(line)
    high = [r.text("title") for r in rows if _is_high(r, view)]
    alt = f"Map of {len(rows)} open risks by probability and impact. High: {', '.join(high) or 'none'}."
    titles = ("Probability", "Impact")
    return matrix.heat_map(cells, titles, measure, alt=alt, room=room)


def _unowned(row: Row, view: View) -> bool:
    return _is_high(row, view) and not (row.text("owner") and row.get("action_id"))


def _worse_later(row: Row, view: View) -> bool:
    now, later = score(row, view), _later(row, view)
    return now is not None and later is not None and later > now


def _stale(row: Row, view: View) -> bool:
    day = row.day("review_on")
    return _active(row) and (day is None or (view.today - day).days > _STALE_DAYS)


_PROBABILITY = Scale("risk.probability", "Probability: how likely it is", {
    5: "Almost certain", 4: "Likely", 3: "As likely as not", 2: "Unlikely", 1: "Very unlikely",
})  # fmt: skip
_IMPACT = Scale("risk.impact", "Impact: what it does to the project", {
    5: "The goal is lost", 4: "The goal is in doubt, or months are lost", 3: "Weeks are lost, or the benefit shrinks",
    2: "Days are lost", 1: "Hardly noticed",
})  # fmt: skip


def _scale_of(field_id: str) -> Scale:
    return _IMPACT if field_id.endswith("impact") else _PROBABILITY


def _rating(field_id: str, label: str, group: str) -> Field:
    spelled = "impact" if field_id.endswith("impact") else "probability"
    return Field(id=field_id, label=label, type="int", minimum=1, maximum=5, width=46, group=group,
                 spelled=spelled if group == "Now" else f"{spelled} after the response",
                 required=group == "Now", help="1 is very low, 5 is very high. F4 shows what each number means.",
                 scale=lambda _view: _scale_of(field_id))  # fmt: skip


RISK = WorksheetType(
    id="risk", version=1, title="Risks", phases="DMAIC", archetype="grid", landscape=True,
    question="What could go wrong with the project, and what do we do about it?",
    also_called=("risk register", "risk matrix", "heat map", "risk analysis"),
    sections=(
        Section(
            id="risks", title="Risks", repeats=True, register="risk", row_word="risk", new={"status": "open"},
            blank="Write each risk as: if this happens, then that follows.",
            filters=(Filter("high", "High", _is_high), Filter("open", "Open", lambda r, _v: _active(r))),
            fields=(
                Field(id="title", label="Risk", required=True, width=280, group="What",
                      example="If the order system cannot be changed in time, then the list stays open"),
                Field(id="category", label="Category", type="enum", choices=_CATEGORIES, width=110, group="What"),
                Field(id="trigger_sign", label="How one notices", width=160, group="What"),
                _rating("probability", "P", "Now"),
                _rating("impact", "I", "Now"),
                Field(id="score", label="P × I", spelled="probability times impact", type="calc", value=score, level=_look, width=66, group="Now"),
                Field(id="response", label="Response", type="enum", choices=_RESPONSES, required=True, width=95, group="Response"),
                Field(id="action_id", label="Action", type="action", width=180, group="Response",
                      new={"kind": "risk", "status": "open"}),
                Field(id="owner", label="Owner", type="person", required=True, width=110, group="Response"),
                _rating("later_probability", "P'", "After"),
                _rating("later_impact", "I'", "After"),
                Field(id="later_score", label="P' × I'", spelled="probability times impact after the response", type="calc", value=_later, level=_look, width=66, group="After"),
                Field(id="review_on", label="Reviewed on", type="date", width=105, group="After"),
                Field(id="status", label="Status", type="enum", choices=_STATUS, width=90, group="After"),
            ),
        ),
    ),
    computed=(_count("high"), _count("medium"), _count("low")),
    checks=(
        Check("RK-01", "must", "High risks have owner and action",
              each("risks", _unowned, "{row}: a high risk needs an owner and an action.", field="action_id")),
        Check("RK-02", "should", "The response lowers the risk",
              each("risks", _worse_later, "{row}: the risk is higher after the response.", field="later_probability")),
        Check("RK-03", "should", "Risks were looked at within 30 days",
              each("risks", _stale, "{row}: not reviewed for 30 days.", field="review_on")),
        Check("RK-04", "should", "High risks are not just accepted",
              each("risks", lambda r, v: _is_high(r, v) and r.text("response") == "accept",
                   "{row}: accepting a high risk needs the sponsor's word.", field="response")),
    ),
    canvas=Canvas(draw=draw, fitted=draw, title="Probability and impact", begins=(
        Begin("Write down the first risk and rate probability and impact: it appears in its cell of the map.",
              "Add the first risk", "risks", lacks=lambda v: not _rated(v)),
    )),
    example=Example(
        title="Late departures",
        registers={
            "risk": (
                {"id": "r1", "title": "If the order system cannot be changed in time, then the list stays open", "category": "technical",
                 "trigger_sign": "No test system by June", "probability": 4, "impact": 4, "response": "reduce", "action_id": "a1",
                 "owner": "T. Lind", "later_probability": 2, "later_impact": 4, "review_on": "2026-04-27", "status": "open"},
                {"id": "r2", "title": "If a large customer refuses the order stop, then penalties grow", "category": "financial",
                 "probability": 2, "impact": 5, "response": "transfer", "owner": "M. Okafor", "review_on": "2026-04-27", "status": "open"},
            ),
            "action": ({"id": "a1", "title": "Agree a test date with the system's supplier", "kind": "risk", "owner": "T. Lind", "due": "2026-05-20"},),
        },
    ),
)  # fmt: skip
