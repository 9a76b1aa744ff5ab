"""Fishbone: possible causes of one effect, collected widely, sorted by branch."""

from collections.abc import Iterable, Sequence

from leanlab.core import format as words
from leanlab.domain.registers import CAUSE_STATUS, EVIDENCE_KINDS
from leanlab.worksheets.checking import each, lint, people_of, when
from leanlab.worksheets.declare import (
    Begin,
    Canvas,
    Check,
    Computed,
    Edit,
    Example,
    Field,
    Hit,
    Row,
    Section,
    Tree,
    View,
    WorksheetType,
)
from leanlab.worksheets.layout import fishbone as layout
from leanlab.worksheets.layout.drawing import Drawing, Measure, Room

PRESETS = {
    "6m": "People, method, machine (6M)", "8m": "6M with management and money (8M)",
    "4s": "Services (4S)", "4p": "Office (4P)", "steps": "Steps of the process", "own": "Own branches",
}  # fmt: skip
_6M = ("People", "Method", "Machine", "Material", "Measurement", "Environment")
_BRANCHES = {
    "6m": _6M, "8m": (*_6M, "Management", "Money"), "4s": ("Surroundings", "Suppliers", "Systems", "Skills"),
    "4p": ("Policies", "Procedures", "People", "Place"),
}  # fmt: skip
UNSORTED = "Not sorted yet"
_WIDE = 12


def branches(view: View) -> tuple[str, ...]:
    """Return the branches: of the preset, own ones, and those that causes already use."""
    preset = view.text("preset") or "6m"
    if preset == "steps":
        names = [r.text("name") for r in view.records("process_step") if r.get("in_sipoc")]
        names = names or [r.text("name") for r in view.records("process_step")]
    elif preset == "own":
        names = [line.strip() for line in view.text("own_branches").splitlines()]
    else:
        names = list(_BRANCHES.get(preset, _6M))
    used = [r.text("branch") for r in view.all("causes") if not r.get("parent_id")]
    return tuple(dict.fromkeys(n for n in (*names, *used) if n))


def effect(view: View) -> str:
    """Return the effect: as written, or what the charter says is wrong."""
    if view.text("effect"):
        return view.text("effect")
    charter = next((w for w in view.records("worksheet") if w.get("type_id") == "charter"), None)
    if charter is None:
        return ""
    size, unit = charter.get("body.size"), charter.text("body.size_unit")
    amount = f": {size:g} {unit}" if isinstance(size, int | float) else ""
    return f"{charter.text('body.what')}{amount}"


def _children(rows: Sequence[Row], parent: str | None) -> list[Row]:
    known = {r.id for r in rows}
    return [
        r for r in rows if (r.get("parent_id") if r.get("parent_id") in known else None) == parent
    ]


def _twigs(rows: Sequence[Row], tops: Sequence[Row]) -> tuple[layout.Twig, ...]:
    found: list[layout.Twig] = []

    def collect(row: Row, depth: int) -> None:
        found.append(
            layout.Twig(row.id, row.text("text"), row.text("status") or "potential", depth)
        )
        for child in _children(rows, row.id):
            collect(child, depth + 1)

    for top in tops:
        collect(top, 1)
    return tuple(found)


def _visible(view: View) -> tuple[Row, ...]:
    rows = view.all("causes")
    if view.get("hide_refuted"):
        rows = tuple(r for r in rows if r.text("status") not in {"refuted", "screened out"})
    return rows


def draw(view: View, measure: Measure, room: Room | None = None) -> Drawing:
    """Draw the fish with the causes that are not hidden."""
    rows = _visible(view)
    tops = _children(rows, None)
    bones = [
        layout.Bone(name, _twigs(rows, [t for t in tops if t.text("branch") == name]))
        for name in branches(view)
    ]
    loose = [t for t in tops if not t.text("branch")]
    if loose:
        bones.append(layout.Bone(UNSORTED, _twigs(rows, loose)))
    counted = [f"{b.title}: {len(b.twigs)}" for b in bones]
    verified = [r.text("text") for r in rows if r.text("status") == "verified"]
    alt = (
        f"Fishbone of {effect(view) or 'the effect'} with {words.count(len(rows), 'cause')}"
        f" ({', '.join(counted)}). Verified: {', '.join(verified) or 'none yet'}."
    )
    return layout.draw(effect(view), bones, measure, alt=alt, room=room)


def moved(view: View, drawing: Drawing, ref: str, x: float, y: float) -> tuple[Edit, ...]:
    """Hang a cause on the bone that is nearest to a place."""
    if ref.startswith("group:") or ref == "root":
        return ()
    branch = layout.bone_at(drawing, x, y)
    branch = "" if branch == UNSORTED else branch
    row = view.record("cause", ref)
    if row.text("branch") == branch and not row.get("parent_id"):
        return ()
    return (Edit("causes", ref, {"branch": branch, "parent_id": None}),)


def evidence_words(row: Row, view: View) -> str:
    """Return on what a cause's status rests."""
    proofs = (view.record("finding", f) for f in view.linked(row.id, "evidence"))
    parts = [words.coded(f.text("title"), f.code) for f in proofs]
    if row.text("observer"):
        parts.append(f"seen by {row.text('observer')}")
    elif row.text("evidence"):
        parts.append("note")
    return ", ".join(p for p in parts if p)


def proven(row: Row, view: View) -> bool:
    """Whether a saved result, or something seen at the place by somebody, stands behind a cause."""
    return bool(view.linked(row.id, "evidence") or (row.text("evidence") and row.text("observer")))


def _empty_branches(view: View) -> Iterable[Hit]:
    if not view.all("causes"):
        return
    used = {r.text("branch") for r in view.all("causes")}
    for name in branches(view):
        if name not in used:
            yield Hit(f"{name}: no cause yet. Was it considered?", "", "", "causes")


def _texts(view: View) -> list[tuple[str, str, str]]:
    return [(r.text("text"), "text", r.id) for r in view.all("causes")]


def _counts(status: str) -> Computed:
    return Computed(
        status.replace(" ", "_"), status.capitalize(),
        lambda v: sum((r.text("status") or "potential") == status for r in v.all("causes")), "int",
    )  # fmt: skip


FISHBONE = WorksheetType(
    id="fishbone", version=1, title="Fishbone", phases="A", archetype="canvas", landscape=True,
    question="What could cause it? Think widely before you look at data.",
    also_called=("Ishikawa diagram", "cause-and-effect diagram"),
    sections=(
        Section(
            id="frame", title="Effect",
            fields=(
                Field(id="effect", label="Effect", example="Late departures: 12.4 % instead of 5 %",
                      help="The gap with its number. Empty: what the charter says."),
                Field(id="preset", label="Branches", type="enum", choices=PRESETS, default="6m"),
                Field(id="own_branches", label="Own branches, one a line", type="long",
                      when=lambda v: v.text("preset") == "own"),
                Field(id="hide_refuted", label="Hide what was ruled out", type="bool"),
            ),
        ),
        Section(
            id="causes", title="Causes", repeats=True, register="cause", row_word="cause",
            new={"status": "potential", "source": "fishbone"},
            blank="Choose a branch and type the first cause; Enter adds the next one.",
            tree=Tree(group="branch", groups=branches, root=lambda v: effect(v) or "What is wrong?"),
            fields=(
                Field(id="text", label="Cause", required=True, width=330, example="Loading list changes after 17:00"),
                Field(id="status", label="Status", type="enum", choices=CAUSE_STATUS, width=110,
                      help="V verified, R refuted, ? potential, T under test, S screened out."),
                Field(id="votes", label="Votes", type="int", minimum=0, maximum=999, width=60),
                Field(id="proof", label="Evidence", type="calc", value=evidence_words, width=140,
                      help="Ctrl+E links a saved result or something seen at the place."),
                Field(id="evidence", label="What was seen", type="long", width=200),
                Field(id="evidence_kind", label="Kind of evidence", type="enum", choices=EVIDENCE_KINDS, width=110),
                Field(id="observer", label="Seen by", type="person", width=110),
                Field(id="observed_on", label="Seen on", type="date", width=100),
                Field(id="findings", label="Saved results", type="finding", link="evidence", width=140),
            ),
        ),
    ),
    computed=(_counts("verified"), _counts("refuted"), _counts("under test"), _counts("potential")),
    checks=(
        Check("FB-01", "should", "The effect is a gap with a number",
              when(lambda v: not any(c.isdigit() for c in effect(v)), "Write the effect as a gap: what, how much, instead of what.", field="effect")),
        Check("FB-02", "should", "Every branch was considered", _empty_branches),
        Check("FB-03", "should", "A cause is no missing solution", lint(_texts, "solution_as_cause")),
        Check("FB-04", "should", "No cause names or blames a person", lint(_texts, "blame", "person", people=people_of)),
        Check("FB-05", "hint", "The search was wide",
              when(lambda v: 0 < len(v.all("causes")) < _WIDE, "Fewer than twelve causes: ask those who do the work.", section="causes")),
        Check("FB-06", "should", "What is verified has evidence",
              each("causes", lambda r, v: r.text("status") == "verified" and not proven(r, v),
                   "{row} is verified without evidence: link a saved result or say who saw it.", field="proof")),
    ),
    canvas=Canvas(draw=draw, fitted=draw, title="Fishbone", begins=(
        Begin("Choose a branch and add a first cause: it appears here on its bone.", "Add the first cause", "causes"),
    ), moved=moved, section="causes"),
    example=Example(
        title="Late departures",
        body={"effect": "Late departures: 12.4 % instead of 5 %", "preset": "6m"},
        registers={
            "cause": (
                {"id": "c1", "text": "New staff sort slowly in week one", "branch": "People", "status": "refuted"},
                {"id": "c2", "text": "Breaks fall into the loading peak", "branch": "People", "status": "potential", "votes": 3},
                {"id": "c3", "text": "Loading list changes after 17:00", "branch": "Method", "status": "verified", "votes": 9},
                {"id": "c4", "text": "Customers may order until 17:30", "branch": "Method", "parent_id": "c3", "status": "verified",
                 "evidence": "41 of 50 changes came in after 17:00", "observer": "J. Moreau", "observed_on": "2026-06-22"},
                {"id": "c5", "text": "Gates are given out first come, first served", "branch": "Method", "status": "under test", "votes": 5},
                {"id": "c6", "text": "Belt stops at full chutes", "branch": "Machine", "status": "under test", "votes": 4},
                {"id": "c7", "text": "Sensor triggers late", "branch": "Machine", "parent_id": "c6", "status": "potential"},
                {"id": "c8", "text": "Parcels without readable label", "branch": "Material", "status": "screened out"},
                {"id": "c9", "text": "Oversize parcels need a second tour", "branch": "Material", "status": "potential", "votes": 2},
                {"id": "c10", "text": "Departure is scanned after the gate", "branch": "Measurement", "status": "refuted"},
                {"id": "c11", "text": "Clock of gate 4 runs ahead", "branch": "Measurement", "status": "potential"},
                {"id": "c12", "text": "Yard is full on Mondays", "branch": "Environment", "status": "potential", "votes": 3},
                {"id": "c13", "text": "Road works at the exit", "branch": "Environment", "status": "potential"},
            ),
            "finding": ({"id": "f1", "title": "Late departures by list change"},),
        },
        links=(("c3", "evidence", "f1"),),
    ),
)  # fmt: skip
