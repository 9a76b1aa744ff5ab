"""SIPOC: the process on one page, from suppliers to customers."""

from collections.abc import Iterable

from leanlab.worksheets.checking import each, when
from leanlab.worksheets.declare import (
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
from leanlab.worksheets.layout import strip
from leanlab.worksheets.layout.drawing import Drawing, Measure, Room

_FEWEST, _MOST = 4, 8
_NOT_VERBS = ("the", "a", "an", "of", "department", "team")


def draw(view: View, measure: Measure, room: Room | None = None) -> Drawing:
    """Draw five columns with the steps as chevrons in the middle."""
    inputs, outputs = view.all("inputs"), view.all("outputs")
    columns = (
        strip.Column("Suppliers", _different(inputs, "supplier")),
        strip.Column("Inputs", _different(inputs, "input")),
        strip.Column("Process", tuple((r.id, r.text("name")) for r in view.all("steps")), chevrons=True),
        strip.Column("Outputs", _different(outputs, "output")),
        strip.Column("Customers", _different(outputs, "customer")),
    )  # fmt: skip
    if not any(c.items for c in columns):
        return Drawing(0, 0, ())
    names = ", ".join(r.text("name") for r in view.all("steps"))
    alt = f"SIPOC of {view.text('process') or 'the process'}. Steps: {names or 'none yet'}."
    return strip.draw(columns, measure, alt=alt, room=room)


def _different(rows: tuple[Row, ...], name: str) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for row in rows:
        if row.text(name):
            found.setdefault(row.text(name), row.id)
    return tuple((ref, text) for text, ref in found.items())


def _no_verb(row: Row, _view: View) -> bool:
    parts = row.text("name").lower().split()
    return bool(parts) and (len(parts) < 2 or parts[0] in _NOT_VERBS)  # noqa: PLR2004


def _differs_from_charter(view: View) -> Iterable[Hit]:
    charter = next((w for w in view.records("worksheet") if w.get("type_id") == "charter"), None)
    if charter is None:
        return
    for own, theirs, words in (
        ("starts", "process_start", "start"),
        ("ends", "process_end", "end"),
    ):
        said = charter.text(f"body.{theirs}")
        if said and view.text(own) and said.casefold() != view.text(own).casefold():
            yield Hit(f"The charter's scope has another {words}: '{said}'.", "", own, "frame")


_INPUTS = Section(
    id="inputs", title="Suppliers and inputs", repeats=True, row_word="input",
    blank="What comes in, and from whom?",
    fields=(
        Field(id="supplier", label="Supplier", width=170, example="Sorting"),
        Field(id="input", label="Input", required=True, width=190, example="Sorted parcels"),
        Field(id="requirement", label="What it must be like", width=220, example="Complete by 16:30"),
        Field(id="process_step_id", label="Used in step", type="process_step", width=170),
    ),
)  # fmt: skip
_STEPS = Section(
    id="steps", title="Process steps", repeats=True, register="process_step", row_word="step",
    where=lambda r: bool(r.get("in_sipoc")), new={"in_sipoc": 1, "step_type": "step"},
    blank="Four to eight steps, each a verb and a noun.",
    help="The same steps appear in the process map, FMEA and control plan.",
    fields=(Field(id="name", label="Step (verb and noun)", required=True, width=300, example="Load parcels"),),
)  # fmt: skip
_OUTPUTS = Section(
    id="outputs", title="Outputs and customers", repeats=True, row_word="output",
    blank="What comes out, for whom, and what do they require?",
    fields=(
        Field(id="output", label="Output", required=True, width=190, example="Loaded lorry"),
        Field(id="customer", label="Customer", width=170, example="Line haul"),
        Field(id="customer_type", label="Inside or outside", type="enum", width=120,
              choices={"internal": "internal", "external": "external"}),
        Field(id="requirement", label="Requirement with a number", width=220, example="Leaves by 18:00 ± 5 min"),
        Field(id="process_step_id", label="From step", type="process_step", width=170),
    ),
)  # fmt: skip

SIPOC = WorksheetType(
    id="sipoc", version=1, title="SIPOC", phases="D", archetype="grid", landscape=True,
    question="What is the process, from whom to whom, and where does it start and end?",
    also_called=("high-level process map", "supplier input process output customer"),
    sections=(
        Section(
            id="frame", title="Frame",
            fields=(
                Field(id="process", label="Process", required=True, example="Evening departure"),
                Field(id="starts", label="Starts when", required=True, example="Parcel is scanned in"),
                Field(id="ends", label="Ends when", required=True, example="Lorry leaves the gate"),
            ),
        ),
        _INPUTS, _STEPS, _OUTPUTS,
    ),
    computed=(
        Computed("steps", "Steps", lambda v: len(v.all("steps")), "int"),
        Computed("bare", "Outputs without requirement",
                 lambda v: sum(not r.text("requirement") for r in v.all("outputs")) if v.all("outputs") else None, "int"),
    ),
    checks=(
        Check("SP-01", "should", "Four to eight steps",
              when(lambda v: not _FEWEST <= len(v.all("steps")) <= _MOST,
                   "A SIPOC has four to eight steps; details belong into the process map.", section="steps")),
        Check("SP-02", "should", "Steps are a verb and a noun",
              each("steps", _no_verb, "{row}: write the step as verb and noun.", field="name")),
        Check("SP-03", "should", "Every output has a customer",
              each("outputs", lambda r, _v: bool(r.text("output")) and not r.text("customer"),
                   "{row}: nobody is named who gets it.", field="customer")),
        Check("SP-04", "should", "A requirement can be measured",
              when(lambda v: bool(v.all("outputs")) and not any(c.isdigit() for r in v.all("outputs") for c in r.text("requirement")),
                   "No output has a requirement with a number.", field="requirement", section="outputs")),
        Check("SP-05", "must", "Start and end agree with the charter", _differs_from_charter),
    ),
    canvas=Canvas(draw=draw, fitted=draw, title="SIPOC", begins=(
        Begin("Write the steps of the process: they appear in the middle, suppliers and customers beside them.",
              "Add the first step", "steps", lacks=lambda v: not any(v.all(s) for s in ("inputs", "steps", "outputs"))),
    )),
    example=Example(
        title="Evening departure",
        body={"process": "Evening departure", "starts": "Parcel is scanned in", "ends": "Lorry leaves the gate"},
        rows={
            "inputs": (
                {"supplier": "Sorting", "input": "Sorted parcels", "requirement": "Complete by 16:30", "process_step_id": "p1"},
                {"supplier": "Dispatch", "input": "Loading list", "requirement": "Fixed by 15:00", "process_step_id": "p2"},
                {"supplier": "Haulier", "input": "Empty lorry", "requirement": "At the gate by 16:45", "process_step_id": "p3"},
            ),
            "outputs": (
                {"output": "Loaded lorry", "customer": "Line haul", "customer_type": "internal",
                 "requirement": "Leaves by 18:00 ± 5 min", "process_step_id": "p5"},
                {"output": "Departure scan", "customer": "Express customers", "customer_type": "external",
                 "requirement": "Visible within 2 min", "process_step_id": "p5"},
            ),
        },
        registers={
            "process_step": (
                {"id": "p1", "name": "Scan parcels in", "in_sipoc": 1}, {"id": "p2", "name": "Build loading list", "in_sipoc": 1},
                {"id": "p3", "name": "Call the lorry", "in_sipoc": 1}, {"id": "p4", "name": "Load parcels", "in_sipoc": 1},
                {"id": "p5", "name": "Release lorry", "in_sipoc": 1},
            ),
            "worksheet": ({"type_id": "charter", "body": {"process_start": "Parcel is scanned in", "process_end": "Lorry leaves the gate"}},),
        },
    ),
)  # fmt: skip
