"""5 whys: from what was seen to what can be changed, answer by answer."""

from collections.abc import Sequence

from leanlab.domain.registers import CAUSE_STATUS, EVIDENCE_KINDS
from leanlab.worksheets.checking import each, lint, people_of, when
from leanlab.worksheets.declare import (
    Begin,
    Canvas,
    Check,
    Computed,
    Example,
    Field,
    Row,
    Section,
    Tree,
    View,
    WorksheetType,
    first_level,
)
from leanlab.worksheets.layout import tree as layout
from leanlab.worksheets.layout.drawing import Drawing, Measure, Room

_SHALLOW, _DEEP = 3, 7
_STOPS = {"root": "root we can act on", "outside": "outside our scope", "data": "needs data"}
_STYLES = {"verified": "node_ok", "refuted": "node_soft", "screened out": "node_soft"}
_MARKS = {
    "verified": ("ok", "✓", "ok"), "refuted": ("quiet", "✕", "soft_ink"),
    "under test": ("attention", "…", "attention"),
}  # fmt: skip


def problem(view: View) -> str:
    """Return what the first why asks about."""
    if view.text("problem"):
        return view.text("problem")
    charter = next((w for w in view.records("worksheet") if w.get("type_id") == "charter"), None)
    return charter.text("body.what") if charter else ""


def start_of(view: View) -> str:
    """Return the id of the cause that the whys begin with; nothing for all."""
    start = str(view.get("start_cause_id") or "")
    return start if view.record("cause", start).id else ""


def children(rows: Sequence[Row], parent: str | None) -> list[Row]:
    """Return the answers below a cause; what has lost its parent stands on top."""
    known = {r.id for r in rows}
    return [
        r for r in rows if (r.get("parent_id") if r.get("parent_id") in known else None) == parent
    ]


def shown(view: View) -> tuple[tuple[Row, int], ...]:
    """Return the answers that the worksheet shows, with their depth."""
    rows = view.all("answers")
    found: list[tuple[Row, int]] = []

    def collect(row: Row, depth: int) -> None:
        found.append((row, depth))
        for child in children(rows, row.id):
            collect(child, depth + 1)

    for top in tops(view):
        collect(top, 1)
    return tuple(found)


def tops(view: View) -> tuple[Row, ...]:
    """Return the answers to the first why."""
    return first_level(view, view.type.section("answers"))


def _asked_here(row: Row, view: View) -> bool:
    """Whether a cause began here or was asked about here; the others wait in the fishbone."""
    rows = view.all("answers")
    waiting = [row]
    while waiting:
        one = waiting.pop()
        if one.text("source") in {"", "whys"}:
            return True
        waiting += children(rows, one.id)
    return False


def _leaves(view: View) -> list[Row]:
    rows = view.all("answers")
    return [row for row, _ in shown(view) if not children(rows, row.id)]


def _question(row: Row, view: View) -> str:
    parent = view.record("cause", row.get("parent_id"))
    asked = parent.text("text") or problem(view)
    return f"Why: {asked[:1].lower() + asked[1:]}?" if asked else ""


def _root_text(view: View) -> str:
    start = view.record("cause", start_of(view))
    return start.text("text") or problem(view) or "What was seen?"


def draw(view: View, measure: Measure, room: Room | None = None) -> Drawing:
    """Draw the answers below the problem."""
    rows = view.all("answers")

    def branch(row: Row) -> layout.Branch:
        status = row.text("status") or "potential"
        note = _STOPS.get(row.text("stop"), "")
        below = tuple(branch(child) for child in children(rows, row.id))
        style = _STYLES.get(status, "node")
        return layout.Branch(row.id, row.text("text"), style, _MARKS.get(status), note, below)

    below = tuple(branch(row) for row in tops(view))
    root = layout.Branch("root", _root_text(view), "terminal", children=below)
    chains = "; ".join(_chain_back(view, leaf) for leaf in _leaves(view))
    alt = f"5 whys of {_root_text(view)}. {chains}"
    return layout.draw(root, measure, alt=alt, room=room)


def _chain_back(view: View, leaf: Row) -> str:
    """Return the way back from a root to the problem, read with 'therefore'."""
    parts, row, seen = [leaf.text("text")], leaf, {leaf.id}
    while row.get("parent_id") and row.get("parent_id") not in seen:
        row = view.record("cause", row.get("parent_id"))
        seen.add(row.id)
        if row.text("text"):
            parts.append(row.text("text"))
    if not start_of(view) and problem(view):
        parts.append(problem(view))
    return ", therefore ".join(_lower(p) if i else p for i, p in enumerate(parts))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def read_back(view: View) -> tuple[str, ...]:
    """Return each chain read backwards; it must make sense in this direction too."""
    return tuple(f"{_chain_back(view, leaf)}." for leaf in _leaves(view) if leaf.text("text"))


def _depth(view: View) -> int:
    return max((depth for _, depth in shown(view)), default=0)


def _evidenced(view: View) -> float | None:
    rows = [row for row, _ in shown(view)]
    kinds = [row.text("evidence_kind") for row in rows]
    return sum(k not in {"", "opinion"} for k in kinds) / len(rows) if rows else None


def _several_categories(view: View) -> bool:
    return any(f.get("analysis_id") == "quality.pareto" for f in view.records("finding"))


def _leaf(row: Row, view: View) -> bool:
    return any(row.id == leaf.id for leaf in _leaves(view))


def _leaf_texts(view: View) -> list[tuple[str, str, str]]:
    return [(row.text("text"), "text", row.id) for row in _leaves(view)]


def _depth_wrong(view: View) -> bool:
    return bool(shown(view)) and not _SHALLOW <= _depth(view) <= _DEEP


WHYS = WorksheetType(
    id="whys", version=1, title="5 whys", phases="A", archetype="tree",
    question="Why did it happen, and why was that possible? Ask until you can act.",
    also_called=("five whys", "why-why analysis", "root cause analysis"),
    sections=(
        Section(
            id="frame", title="Start",
            fields=(
                Field(id="problem", label="What was seen", example="Lorry 14 left 40 minutes late",
                      help="One event or fact. Empty: what the charter says."),
                Field(id="start_cause_id", label="Begin with a cause", type="cause",
                      help="Show only the answers below this cause of the fishbone. Empty: what is asked here."),
            ),
        ),
        Section(
            id="answers", title="Answers", repeats=True, register="cause", row_word="answer",
            new={"status": "potential", "source": "whys"},
            blank="Type the first answer; Tab asks why once more, Enter adds another answer.",
            help="The same causes stand in the fishbone and the FMEA.",
            tree=Tree(root=_root_text, start=start_of, belongs=_asked_here, word="answer"),
            fields=(
                Field(id="text", label="Answer", required=True, width=330, example="The list changed after loading began"),
                Field(id="question", label="Question", type="calc", value=_question, width=220),
                Field(id="evidence_kind", label="How do we know", type="enum", choices=EVIDENCE_KINDS, width=120),
                Field(id="evidence", label="What was seen", type="long", width=200),
                Field(id="observer", label="Seen by", type="person", width=110),
                Field(id="observed_on", label="Seen on", type="date", width=100),
                Field(id="therefore", label="Makes sense backwards", type="bool", width=120),
                Field(id="stop", label="End of the chain", type="enum", choices=_STOPS, width=140),
                Field(id="status", label="Status", type="enum", choices=CAUSE_STATUS, width=110),
                Field(id="findings", label="Saved results", type="finding", link="evidence", width=140),
            ),
        ),
    ),
    computed=(
        Computed("depth", "Depth", _depth, "int"),
        Computed("answers", "Answers", lambda v: len(shown(v)), "int"),
        Computed("evidenced", "Answers with evidence", _evidenced, "pct"),
    ),
    words=read_back,
    checks=(
        Check("WH-01", "should", "Three to seven whys deep",
              when(_depth_wrong, "The chain should be three to seven answers deep.", section="answers")),
        Check("WH-02", "should", "No chain ends with a person", lint(_leaf_texts, "blame", "person", people=people_of)),
        Check("WH-03", "should", "No chain ends with a missing solution", lint(_leaf_texts, "solution_as_cause")),
        Check("WH-04", "must", "A verified root rests on more than an opinion",
              each("answers", lambda r, v: _leaf(r, v) and r.text("status") == "verified"
                   and r.text("evidence_kind") in {"", "opinion"} and not v.linked(r.id, "evidence"),
                   "{row} is verified, but its evidence is an opinion.", field="evidence_kind")),
        Check("WH-05", "should", "Every chain makes sense backwards",
              each("answers", lambda r, v: _leaf(r, v) and not r.get("therefore"),
                   "{row}: read the chain backwards with 'therefore' and tick it.", field="therefore")),
        Check("WH-06", "should", "More than one line of answers",
              when(lambda v: _several_categories(v) and len(tops(v)) == 1,
                   "The Pareto chart shows several categories; one line of whys may not be enough.", section="answers")),
    ),
    canvas=Canvas(draw=draw, fitted=draw, title="5 whys", section="answers", begins=(
        Begin("Begin with what was seen: one event or one fact. Each answer to \"Why?\" becomes a box below it.",
              "Write what was seen", "frame", "problem", lacks=lambda v: not (problem(v) or start_of(v))),
        Begin("Now ask why it happened. The first answer appears as a box below.", "Answer the first why",
              "answers", lacks=lambda v: not tops(v)),
    )),
    example=Example(
        title="Lorry 14 left 40 minutes late",
        body={"problem": "Lorry 14 left 40 minutes late"},
        registers={
            "cause": (
                {"id": "w1", "text": "Parcels were reloaded", "evidence_kind": "observed", "evidence": "Seen at gate 7",
                 "observer": "J. Moreau"},
                {"id": "w2", "text": "The list changed after loading began", "parent_id": "w1", "evidence_kind": "measured"},
                {"id": "w3", "text": "Orders are accepted until 17:30", "parent_id": "w2", "evidence_kind": "document",
                 "therefore": True, "stop": "root", "status": "verified"},
                {"id": "w4", "text": "Gate 7 was taken until 17:20", "evidence_kind": "observed"},
                {"id": "w5", "text": "Gates have no plan for the evening", "parent_id": "w4", "evidence_kind": "document",
                 "therefore": True, "stop": "root", "status": "under test"},
            ),
        },
    ),
)  # fmt: skip
