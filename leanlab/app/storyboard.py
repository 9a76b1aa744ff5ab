"""Report pages: which parts a report has and in which order; what the user chose is kept in the project.

Every part has a key: "summary", "contents", "chapter:measure", the id of a worksheet, an analysis or
a saved result, "gate:measure", "appendix", "box:effect" (A3), "own:1f3c" (a page of the user's own).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast
from uuid import uuid4

from leanlab.app import roadmap
from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core.errors import DocumentProblem
from leanlab.domain.roadmap import Phase, Roadmap
from leanlab.report.document import Paper

Kind = Literal[
    "summary", "contents", "chapter", "worksheet", "analysis", "finding", "gate", "appendix", "box",
    "own", "register",
]  # fmt: skip
HEADS = {"chapter", "appendix"}  # parts that others stand under
FIRST = {"summary", "contents"}  # parts that stay where they are
OTHER = "chapter:other"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a report."""

    key: str
    title: str
    kind: Kind
    phase: str = ""
    type_id: str = ""  # of a worksheet
    shown: bool = True
    text: str = ""  # sentences of a page of one's own
    new_page: bool = True


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of report: which parts it shows unless the user chose otherwise."""

    id: str
    title: str
    tells: str
    wants: Callable[[Part], bool]
    paper: Paper = "a4"


PROJECT, SPONSOR, A3, AUDIT, CONTROL = "project", "sponsor", "a3", "audit", "control"
_CHOICE = "report_template"
_CONTROL_TYPES = {"controlplan", "ocap"}

BOXES: Mapping[str, str] = {
    "background": "Background",
    "now": "Where we stand",
    "goal": "Goal",
    "causes": "Causes",
    "measures": "What we do about it",
    "effect": "Effect",
    "follow": "Holding the gain",
}


# templates ---------------------------------------------------------------------------------------


def templates(session: Session) -> tuple[Template, ...]:
    """Return the kinds of report that this project can print."""
    known = roadmap.roadmap_of(session)
    gates = tuple(_gate_pages(phase) for phase in known.phases)
    last = known.phases[-1].id
    return (
        Template(PROJECT, "Project report", "Everything: summary, one chapter per phase, appendix.",
                 lambda part: part.kind != "box"),
        Template(SPONSOR, "Sponsor's page", "The one-page summary, for people who decide.",
                 lambda part: part.kind == "summary"),
        Template(A3, "A3 sheet", "The whole story on one large sheet.",
                 lambda part: part.kind == "box", "a3"),
        *gates,
        Template(CONTROL, "Control pack", "Control plan and charts, for those who hold the gain.",
                 lambda part: _in_control_pack(part, last)),
        Template(AUDIT, "Audit report", "Saved results, gate decisions, sources, exclusions, versions.",
                 lambda part: part.kind in {"contents", "chapter", "analysis", "gate", "appendix"}),
    )  # fmt: skip


def _gate_pages(phase: Phase) -> Template:
    return Template(
        f"gate:{phase.id}",
        f"Gate {phase.title}",
        "The summary, the work of this phase and the questions of its gate.",
        lambda part: part.kind == "summary" or (part.phase == phase.id and part.kind != "box"),
    )


def _in_control_pack(part: Part, last: str) -> bool:
    if part.kind == "worksheet":
        return part.type_id in _CONTROL_TYPES
    return part.phase == last and part.kind in {"chapter", "analysis"}


def template(session: Session, template_id: str) -> Template:
    """Return a kind of report by its id."""
    known = templates(session)
    found = next((t for t in known if t.id == template_id), None)
    if found is None:
        raise DocumentProblem(
            f"There is no report named {template_id!r}.",
            hint="Reports: " + ", ".join(t.id for t in known) + ".",
        )
    return found


def chosen(session: Session) -> Template:
    """Return the kind of report that was chosen last."""
    known = templates(session)
    return next((t for t in known if t.id == session.fact(_CHOICE)), known[0])


def choose(session: Session, template_id: str) -> None:
    """Choose a kind of report."""
    found = template(session, template_id)
    if found.id != chosen(session).id:
        session.set_fact(_CHOICE, found.id, label=f"Choose {found.title}")


# parts -------------------------------------------------------------------------------------------


def parts_of(session: Session, template_id: str) -> list[Part]:
    """Return all parts of a report in order, those that are left out too."""
    wanted = template(session, template_id)
    natural = [replace(p, shown=wanted.wants(p)) for p in _natural(session, wanted)]
    record = _record(session, template_id)
    if record is None:
        return natural
    return _merged(natural, _kept(session, record, {p.key: p for p in natural}))


def _natural(session: Session, wanted: Template) -> list[Part]:
    """Return the parts that the project has by itself."""
    if wanted.paper == "a3":
        boxes = [Part(f"box:{key}", title, "box") for key, title in BOXES.items()]
        return [*boxes, *(p for p in _of_phases(session) if p.kind in {"worksheet", "analysis"})]
    return [
        Part("summary", "Summary for the sponsor", "summary"),
        Part("contents", "Contents", "contents"),
        *_of_phases(session),
        Part("appendix", "For the auditor", "appendix"),
    ]


def _of_phases(session: Session) -> list[Part]:
    known: Roadmap = roadmap.roadmap_of(session)
    worksheets, analyses = session.records("worksheet"), session.records("analysis")
    parts: list[Part] = []
    for phase in known.phases:
        order = {t: i for i, t in enumerate((*phase.worksheets, *phase.optional))}
        here = sorted(
            (w for w in worksheets if w.get("phase") == phase.id),
            key=lambda w: order.get(str(w.get("type_id")), len(order)),
        )
        parts.append(Part(f"chapter:{phase.id}", phase.title, "chapter", phase.id))
        parts += [_of_record(r) for r in here]
        parts += _of_registers(session, phase)
        parts += [_of_record(r) for r in analyses if r.get("phase") == phase.id]
        parts.append(Part(f"gate:{phase.id}", f"Gate {phase.title}", "gate", phase.id))
    phases = {p.id for p in known.phases}
    rest = [r for r in (*worksheets, *analyses) if r.get("phase") not in phases]
    if rest:
        parts.append(Part(OTHER, "Other work", "chapter"))
        parts += [_of_record(r) for r in rest]
    return parts


def _of_registers(session: Session, phase: Phase) -> list[Part]:
    """Return lists that are in use, such as the actions, though they were never opened in a phase."""
    from leanlab.app.worksheets import existing, in_use
    from leanlab.worksheets.registry import BY_ID

    kinds = [BY_ID[t] for t in phase.worksheets if t in BY_ID]
    return [
        Part(f"register:{kind.id}", kind.title, "register", phase.id, kind.id)
        for kind in kinds
        if not existing(session, kind.id) and in_use(session, kind)
    ]


def _of_record(record: Record) -> Part:
    kind = cast("Kind", record.kind)  # a worksheet, an analysis or a saved result
    return Part(
        record.id, str(record.get("title", "")), kind, str(record.get("phase", "")),
        str(record.get("type_id", "")),
    )  # fmt: skip


def _kept(session: Session, record: Record, natural: Mapping[str, Part]) -> list[Part]:
    """Return what the user kept, without what is not there any more."""
    found: list[Part] = []
    for entry in record.get("blocks") or ():
        key, shown = str(entry.get("part", "")), bool(entry.get("shown"))
        if key in natural:
            found.append(replace(natural[key], shown=shown))
        elif key.startswith("own:"):
            found.append(
                Part(
                    key, str(entry.get("heading", "")), "own", shown=shown,
                    text=str(entry.get("text", "")), new_page=bool(entry.get("new_page", True)),
                )
            )  # fmt: skip
        elif session.kind_of(key) == "finding":
            found.append(replace(_of_record(session.record(key)), shown=shown))
    return found


def _merged(natural: Sequence[Part], kept: list[Part]) -> list[Part]:
    """Put what came into the project since behind what it follows by nature."""
    for at, part in enumerate(natural):
        places = {p.key: i for i, p in enumerate(kept)}
        if part.key not in places:
            before = natural[at - 1].key if at else ""
            kept.insert(places.get(before, -1) + 1, part)
    return kept


# changes -----------------------------------------------------------------------------------------


def group_of(parts: Sequence[Part], key: str) -> list[Part]:
    """Return a part and, if others stand under it, those too."""
    at = _place(parts, key)
    if parts[at].kind not in HEADS:
        return [parts[at]]
    rest = parts[at + 1 :]
    end = next((i for i, p in enumerate(rest) if p.kind in HEADS), len(rest))
    return [parts[at], *rest[:end]]


def set_shown(session: Session, template_id: str, key: str, *, shown: bool) -> None:
    """Show a part or leave it out; a chapter takes what stands under it along."""
    parts = parts_of(session, template_id)
    keys = {p.key for p in group_of(parts, key)}
    title = parts[_place(parts, key)].title
    label = f"Show {title} in the report" if shown else f"Leave {title} out of the report"
    _keep(session, template_id, [replace(p, shown=shown) if p.key in keys else p for p in parts], label)  # fmt: skip


def move(session: Session, template_id: str, key: str, by: int) -> bool:
    """Move a part one place up (-1) or down (1); a chapter passes a whole chapter."""
    parts = parts_of(session, template_id)
    group = group_of(parts, key)
    start = _place(parts, key)
    end = start + len(group)
    if by < 0:
        before = _step_up(parts, start, head=len(group) > 1 or group[0].kind in HEADS)
        return before is not None and move_to(session, template_id, key, parts[before].key)
    if end >= len(parts):
        return False
    passed = group_of(parts, parts[end].key) if group[0].kind in HEADS else [parts[end]]
    after = end + len(passed)
    return move_to(session, template_id, key, parts[after].key if after < len(parts) else "")


def _step_up(parts: Sequence[Part], start: int, *, head: bool) -> int | None:
    at = start - 1
    while head and at >= 0 and parts[at].kind not in HEADS:
        at -= 1
    return at if at >= 0 and parts[at].kind not in FIRST else None


def move_to(session: Session, template_id: str, key: str, before: str) -> bool:
    """Move a part, and what stands under it, before another; with no other, to the end."""
    parts = parts_of(session, template_id)
    group = group_of(parts, key)
    moved = {p.key for p in group}
    if group[0].kind in FIRST or before in moved:
        return False
    rest = [p for p in parts if p.key not in moved]
    at = _place(rest, before) if before else len(rest)
    if at < len(rest) and rest[at].kind in FIRST:
        return False
    found = [*rest[:at], *group, *rest[at:]]
    if found == parts:
        return False
    _keep(session, template_id, found, f"Move {group[0].title} in the report")
    return True


def add_page(
    session: Session, template_id: str, heading: str, text: str, *, after: str = "", new_page: bool = True
) -> str:  # fmt: skip
    """Add a heading and sentences of one's own behind a part; return the key."""
    parts = parts_of(session, template_id)
    made = Part(f"own:{uuid4().hex[:12]}", heading, "own", text=text, new_page=new_page)
    at = _place(parts, after) + 1 if after else len(parts)
    _keep(session, template_id, [*parts[:at], made, *parts[at:]], f"Add {heading} to the report")
    return made.key


def edit_page(
    session: Session, template_id: str, key: str, heading: str, text: str, *, new_page: bool
) -> None:
    """Change a page of one's own."""
    parts = parts_of(session, template_id)
    at = _place(parts, key)
    parts[at] = replace(parts[at], title=heading, text=text, new_page=new_page)
    _keep(session, template_id, parts, f"Edit {heading} in the report")


def remove(session: Session, template_id: str, key: str) -> None:
    """Take a page of one's own, or a saved result that was added, out of the report."""
    parts = parts_of(session, template_id)
    part = parts[_place(parts, key)]
    if part.kind not in {"own", "finding"}:
        set_shown(session, template_id, key, shown=False)
        return
    left = [p for p in parts if p.key != key]
    _keep(session, template_id, left, f"Remove {part.title} from the report")


def reset(session: Session, template_id: str) -> None:
    """Return to the parts and the order that the template has by itself."""
    record = _record(session, template_id)
    if record is not None:
        session.delete(record.id, label="Return to the usual report pages")


def changed(session: Session, template_id: str) -> bool:
    """Whether the user changed this report."""
    return _record(session, template_id) is not None


@dataclass(frozen=True, slots=True)
class Added:
    """Where something went that was added to the report."""

    report: str
    under: str  # the chapter, or nothing
    already: bool  # it was there

    @property
    def words(self) -> str:
        """Say where it stands."""
        where = f"the {self.report[:1].lower()}{self.report[1:]}"
        under = f", under {self.under}" if self.under else ""
        return f"Already in {where}{under}." if self.already else f"Added to {where}{under}."


def add_record(session: Session, record_id: str) -> Added:
    """Show a worksheet, an analysis or a saved result in the report that was chosen last."""
    wanted = chosen(session)
    parts = parts_of(session, wanted.id)
    known = next((p for p in parts if p.key == record_id), None)
    already = known is not None and known.shown
    record = session.record(record_id)
    label = f"Add {record.get('title')} to the report"
    if known is None:
        if record.kind != "finding":
            raise DocumentProblem("This cannot stand in a report.", hint="Worksheets, analyses and saved results can.")  # fmt: skip
        at = _behind_its_analysis(parts, str(record.get("source_id", "")))
        parts.insert(at, _of_record(record))
        _keep(session, wanted.id, parts, label)
    elif not already:
        _keep(session, wanted.id, _with_heading(parts, record_id), label)
    return Added(wanted.title, _chapter_above(parts_of(session, wanted.id), record_id), already)


def _with_heading(parts: Sequence[Part], key: str) -> list[Part]:
    """Show a part; in a report that has chapters, that of the part too."""
    chapter = (
        _chapter_key(parts, key) if any(p.shown and p.kind == "chapter" for p in parts) else ""
    )
    return [replace(p, shown=True) if p.key in {key, chapter} else p for p in parts]


def _chapter_key(parts: Sequence[Part], key: str) -> str:
    above = [p for p in parts[: _place(parts, key)] if p.kind in HEADS]
    return above[-1].key if above else ""


def _chapter_above(parts: Sequence[Part], key: str) -> str:
    above = [p for p in parts[: _place(parts, key)] if p.kind in HEADS and p.shown]
    return above[-1].title if above else ""


def _behind_its_analysis(parts: Sequence[Part], analysis_id: str) -> int:
    places = [i for i, p in enumerate(parts) if p.key == analysis_id]
    if places:
        return places[0] + 1
    ends = [i for i, p in enumerate(parts) if p.kind == "appendix"]
    return ends[0] if ends else len(parts)


def _place(parts: Sequence[Part], key: str) -> int:
    found = next((i for i, p in enumerate(parts) if p.key == key), None)
    if found is None:
        raise DocumentProblem("This part of the report is not there any more.", hint="Choose another.")  # fmt: skip
    return found


def _record(session: Session, template_id: str) -> Record | None:
    return next((r for r in session.records("report_page") if r.get("title") == template_id), None)


def _keep(session: Session, template_id: str, parts: Sequence[Part], label: str) -> None:
    blocks = [_entry(part) for part in parts]
    record = _record(session, template_id)
    if record is None:
        values = {"title": template_id, "pos": 1.0, "blocks": blocks}
        session.add("report_page", values, label=label)
    else:
        session.edit(record.id, {"blocks": blocks}, label=label)


def _entry(part: Part) -> dict[str, Any]:
    entry: dict[str, Any] = {"part": part.key, "shown": part.shown}
    if part.kind == "own":
        entry |= {"heading": part.title, "text": part.text, "new_page": part.new_page}
    return entry
