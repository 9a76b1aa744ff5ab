"""Worksheets of a project: read body and registers as one view, edit them in named steps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.domain.registers import PERSON_COLUMNS, consequences
from leanlab.store.schema import KINDS
from leanlab.worksheets.declare import (
    NAMES,
    REFERENCES,
    Edit,
    Field,
    Message,
    Row,
    Section,
    Status,
    View,
    WorksheetType,
    empty,
    open_musts,
    own_name,
    reference_kind,
)
from leanlab.worksheets.registry import BY_ID, find
from leanlab.worksheets.show import typed

# reading -----------------------------------------------------------------------------------


def view_of(session: Session, record_id: str) -> View:
    """Return a worksheet with the registers that it shows."""
    record = session.record(record_id)
    kind = find(str(record.get("type_id")))
    body = kind.upgrade(record.get("body") or {}, int(record.get("version", kind.version)))
    status: Status = record.get("status") or "in progress"
    return _view(session, kind, record_id, status, body)


def register_view(session: Session, type_id: str) -> View:
    """Return a view of registers that needs no worksheet of its own (the action register)."""
    return _view(session, find(type_id), "", "in progress", {})


def _view(
    session: Session, kind: WorksheetType, record_id: str, status: Status, body: Mapping[str, Any]
) -> View:
    records = _reader(session)
    own = [r for r in records("worksheet_row") if r.get("worksheet_id") == record_id]
    rows = {
        section.id: tuple(
            r
            for r in (records(section.register) if section.register else own)
            if (section.where(r) if section.register else r.get("section") == section.id)
        )
        for section in kind.sections
        if section.register or section.repeats
    }
    facts = {
        key: session.fact(key) for key in ("title", "author", "project_kind", "currency", "created")
    }
    waivers = {
        (str(w.get("rule")), str(w.get("about_id") or "")): str(w.get("reason") or "")
        for w in session.records("waiver")
    }
    return View(
        kind, record_id, status, body, rows, records, session.links(), clock.today(), facts, waivers
    )


def _reader(session: Session) -> Callable[[str], tuple[Row, ...]]:
    known: dict[str, tuple[Row, ...]] = {}

    def records(kind: str) -> tuple[Row, ...]:
        if kind not in known:
            known[kind] = _ordered(session.records(kind))
        return known[kind]

    return records


def _ordered(records: Sequence[Record]) -> tuple[Row, ...]:
    """Return rows by their place; what was never moved stands in the order in which it was made."""
    placed = sorted(
        enumerate(records, start=1),
        key=lambda one: one[0] if one[1].get("pos") is None else float(one[1].values["pos"]),
    )
    return tuple(_row(record, at) for at, record in placed)


def _row(record: Record, at: int) -> Row:
    values = dict(record.values)
    if record.kind == "worksheet_row":
        values |= values.pop("body", None) or {}
    if values.get("pos") is None:
        values["pos"] = float(at)
    return Row(record.id, record.code, values)


# making and deciding -----------------------------------------------------------------------


def existing(session: Session, type_id: str) -> str:
    """Return the id of the first worksheet of a type, or nothing."""
    return next((w.id for w in session.records("worksheet") if w.get("type_id") == type_id), "")


def in_use(session: Session, kind: WorksheetType) -> bool:
    """Whether a worksheet that only shows registers has rows, though nobody has opened it."""
    registers = [section.register for section in kind.sections]
    return all(registers) and any(session.records(name) for name in registers)


def open_worksheet(session: Session, type_id: str, phase: str = "") -> str:
    """Return the worksheet of a type; it is made when it is not there yet."""
    return existing(session, type_id) or add_worksheet(session, type_id, phase)


def add_worksheet(session: Session, type_id: str, phase: str = "", title: str = "") -> str:
    """Add a worksheet, also a second one of a type."""
    kind = find(type_id)
    values = {
        "type_id": type_id, "version": kind.version, "title": title or kind.title, "phase": phase,
        "status": "in progress", "body": _told_before(session, kind),
    }  # fmt: skip
    return session.add("worksheet", values, label=f"Add {kind.title}")


def _fact_fields(kind: WorksheetType) -> dict[str, str]:
    """Return the fields of a worksheet that are facts of the project."""
    own = (s for s in kind.sections if not s.register and not s.repeats)
    return {f.id: f.fact for section in own for f in section.fields if f.fact}


def _told_before(session: Session, kind: WorksheetType) -> dict[str, str]:
    """Return what the project settings say already: nobody is asked twice."""
    told = {name: session.fact(fact) for name, fact in _fact_fields(kind).items()}
    return {name: value for name, value in told.items() if value}


def tell_facts(session: Session, facts: Mapping[str, str], *, label: str) -> None:
    """Change facts of the project, and the worksheets that show them, in one step."""
    with session.step(label):
        for key, value in facts.items():
            session.set_fact(key, value)
        for record in session.records("worksheet"):
            kind = BY_ID.get(str(record.get("type_id")))
            shown = _fact_fields(kind) if kind is not None else {}
            new = {name: facts[fact] or None for name, fact in shown.items() if fact in facts}
            if new:
                session.edit(record.id, {"body": _nested(record.get("body") or {}, new)})


def set_status(session: Session, record_id: str, status: Status, reason: str = "") -> None:
    """Say how far a worksheet is; ready needs every must met or accepted, not needed a reason."""
    view = view_of(session, record_id)
    if status == "ready":
        waiting = open_musts(view)
        if waiting:
            raise DataProblem(
                f"{view.type.title} is not ready: {waiting[0].hit.text}",
                hint=f"{words.count(len(waiting), 'must', 'musts')} left; meet or accept each with a reason.",
            )
    if status == "not needed" and not reason.strip():
        raise DataProblem("Say why this worksheet is not needed.")
    values = {"status": status, "reason": reason.strip() or None}
    session.edit(record_id, values, label=f"Set {view.type.title} {status}")


def accept_message(session: Session, view: View, message: Message, reason: str) -> None:
    """Accept what a check found, with the reason."""
    if not reason.strip():
        raise DataProblem("Accepting this needs a reason.", hint="It travels with the worksheet.")
    values = {
        "rule": message.check.id, "about_id": message.hit.row_id or view.record_id,
        "reason": reason.strip(), "who": session.fact("author"),
    }  # fmt: skip
    session.add("waiver", values, label=f"Accept {message.check.title.lower()}")


def withdraw_acceptance(session: Session, view: View, message: Message) -> None:
    """Take an acceptance back."""
    about = message.hit.row_id or view.record_id
    for waiver in session.records("waiver"):
        if waiver.get("rule") == message.check.id and (waiver.get("about_id") or "") == about:
            session.delete(waiver.id, label="Withdraw acceptance")


def is_empty(view: View) -> bool:
    """Whether nothing was filled in yet."""
    told = _fact_fields(view.type)  # by the project settings: nobody began here for them
    own = (value for name, value in view.body.items() if name not in told)
    return not any(view.rows.values()) and all(empty(value) for value in own)


# editing -----------------------------------------------------------------------------------


def edit(session: Session, view: View, edits: Sequence[Edit], *, label: str = "") -> None:
    """Write new values, all in one step."""
    with session.step(label or _edit_label(view, edits)):
        for one in edits:
            _edit_row(session, view, view.type.section(one.section_id), one)
        _begin_again(session, view)


def _edit_label(view: View, edits: Sequence[Edit]) -> str:
    if len(edits) != 1:
        return f"Edit {view.type.title}"
    section = view.type.section(edits[0].section_id)
    known = {f.id: f.label for f in section.all_fields(view)}
    named = [known.get(name) for name in edits[0].values]
    row = next((r for r in view.all(section.id) if r.id == edits[0].row_id), None)
    code = f" of {row.code}" if row is not None and row.code else ""
    what = next((n for n in named if n), section.row_word)
    return f"Edit {what[:1].lower() + what[1:]}{code}"


def _edit_row(session: Session, view: View, section: Section, one: Edit) -> str:
    """Write the values of one row where each belongs; return the row's id."""
    known = {f.id: f for f in section.all_fields(view)}
    own: dict[str, Any] = {}
    linked: dict[str, Sequence[str]] = {}
    for name, value in one.values.items():
        field = known.get(name)
        if field is not None and field.link:
            linked[field.link] = tuple(value or ())
        elif field is not None and field.through:
            _edit_through(session, view, section, one.row_id, field, _stored(field, value))
        else:
            own[name] = _stored(field, value) if field is not None else value
            if field is not None and field.type == "person":
                _know_person(session, value)
            if field is not None and field.fact:
                session.set_fact(field.fact, str(own[name] or ""))
    row_id = _write(session, view, section, one.row_id, own)
    for verb, wanted in linked.items():
        _set_links(session, row_id, verb, wanted)
    _tie(session, section, row_id, own)
    return row_id


def _stored(field: Field | None, value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        return None
    if field is not None and field.choices and isinstance(value, str) and value.isdecimal():
        return int(value)
    return value


def _write(
    session: Session, view: View, section: Section, row_id: str, values: Mapping[str, Any]
) -> str:
    if not values:
        return row_id
    if not section.register and not section.repeats:
        record = session.record(view.record_id)
        session.edit(view.record_id, {"body": _nested(record.get("body") or {}, values)})
        return view.record_id
    if not row_id:  # the only row of a section over a register, not there yet
        return session.add(section.register, {**section.new, **_nested({}, values)})
    record = session.record(row_id)
    if record.kind == "worksheet_row":
        placed = {"pos": values["pos"]} if "pos" in values else {}
        rest = {k: v for k, v in values.items() if k != "pos"}
        body = _nested(record.get("body") or {}, rest)
        session.edit(row_id, {**placed, **({"body": body} if rest else {})})
        return row_id
    extra = consequences(record.kind, record.values, values, clock.today())
    if record.kind == "person" and values.get("name") and record.get("name"):
        _rename_person(session, str(record.get("name")), str(values["name"]))
    session.edit(row_id, {**_merged(record, values), **extra})
    return row_id


def _merged(record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    tops = {name.partition(".")[0] for name in values}
    merged = _nested({t: record.get(t) for t in tops if record.get(t) is not None}, values)
    return {name: merged.get(name) for name in tops}


def _nested(body: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body with values written, dotted names into nested ones; empty ones taken out."""
    result = dict(body)
    for name, value in values.items():
        head, _, rest = name.partition(".")
        if rest:
            inner = result.get(head)
            value = _nested(inner if isinstance(inner, Mapping) else {}, {rest: value}) or None  # noqa: PLW2901
        if value is None:
            result.pop(head, None)
        else:
            result[head] = value
    return result


def _edit_through(
    session: Session, view: View, section: Section, row_id: str, field: Field, value: Any
) -> None:
    kind = reference_kind(field)
    row = _row(session.record(row_id), 0)
    target = row.get(field.through)
    if not target or not session.exists(target):
        reference = section.field(field.through, view)
        raise DataProblem(
            f"Enter the {reference.label.lower()} first.",
            hint=f"{field.label} belongs to the {reference.label.lower()}.",
        )
    name = own_name(field)
    record = session.record(target)
    extra = consequences(kind, record.values, {name: value}, clock.today())
    session.edit(target, {name: value, **extra})
    if field.type == "person":
        _know_person(session, value)


def _set_links(session: Session, row_id: str, verb: str, wanted: Sequence[str]) -> None:
    there = {k.to_id for k in session.links(row_id) if k.from_id == row_id and k.verb == verb}
    for gone in there - set(wanted):
        session.unlink(row_id, verb, gone)
    for new in wanted:
        if new not in there:
            session.link(row_id, verb, new)


def _tie(session: Session, section: Section, row_id: str, values: Mapping[str, Any]) -> None:
    for source, verb, target in section.ties:
        if source in values or target in values:
            row = _row(session.record(row_id), 0)
            a, b = row.get(source), row.get(target)
            if a and b and session.exists(a) and session.exists(b):
                session.link(a, verb, b)


def _begin_again(session: Session, view: View) -> None:
    """An edit of a finished worksheet makes it one in progress."""
    if view.record_id and view.status != "in progress":
        session.edit(view.record_id, {"status": "in progress", "reason": None})


def _know_person(session: Session, name: Any) -> None:
    if not isinstance(name, str) or not name.strip():
        return
    known = {str(p.get("name", "")).casefold() for p in session.records("person")}
    if name.strip().casefold() not in known:
        session.add("person", {"name": name.strip()})


def _rename_person(session: Session, old: str, new: str) -> None:
    """Write a person's new name wherever the old one stands."""
    if old == new:
        return
    for kind, columns in PERSON_COLUMNS.items():
        for record in session.records(kind):
            hits = {c: new for c in columns if record.get(c) == old}
            if hits:
                session.edit(record.id, hits)
    sheets = {r.id: r for r in session.records("worksheet")}
    for record in sheets.values():
        _rename_in(session, record, _sections_of(record), old, new)
    for row in session.records("worksheet_row"):
        sheet = sheets.get(str(row.get("worksheet_id")))
        own = [s for s in _sections_of(sheet) if s.id == row.get("section")]
        _rename_in(session, row, own, old, new)
    for fact in ("author", "sponsor", "owner", "finance"):
        if session.fact(fact) == old:
            session.set_fact(fact, new)


def _sections_of(sheet: Record | None) -> Sequence[Section]:
    known = BY_ID.get(str(sheet.get("type_id"))) if sheet is not None else None
    return known.sections if known is not None else ()


def _rename_in(
    session: Session, record: Record, sections: Sequence[Section], old: str, new: str
) -> None:
    """Write a person's new name into the fields of a body that hold the old one."""
    body = record.get("body") or {}
    names = {f.id for s in sections for f in s.fields if f.type == "person"}
    hits = {n: new for n in names if _value_in(body, n) == old}
    if hits:
        session.edit(record.id, {"body": _nested(body, hits)})


def _value_in(body: Mapping[str, Any], name: str) -> Any:
    head, _, rest = name.partition(".")
    found = body.get(head)
    return _value_in(found, rest) if rest and isinstance(found, Mapping) else found


# rows --------------------------------------------------------------------------------------


def add_row(
    session: Session, view: View, section_id: str, values: Mapping[str, Any] | None = None,
    *, after: str = "", before: str = "",
) -> str:  # fmt: skip
    """Add a row after or before another one, else at the end; return its id."""
    section = view.type.section(section_id)
    if len(view.all(section_id)) >= section.most:
        raise DataProblem(
            f"{section.title} takes at most {words.count(section.most, section.row_word)}."
        )
    with session.step(f"Add {section.row_word}"):
        pos = _place(session, view, section, after, before)
        known = {f.id for f in section.all_fields(view) if f.link or f.type == "person"}
        later = {k: v for k, v in (values or {}).items() if k in known}
        first = {k: v for k, v in (values or {}).items() if k not in later}
        row_id = _insert(session, view, section, first, pos)
        edited = Edit(
            section_id, row_id, {**{k: v for k, v in first.items() if "_id" in k}, **later}
        )
        _edit_row(session, view, section, edited)
        _begin_again(session, view)
    return row_id


def _insert(
    session: Session, view: View, section: Section, values: Mapping[str, Any], pos: float
) -> str:
    plain = _nested({}, {**section.new, **values})
    if section.register:
        return session.add(section.register, {**plain, "pos": pos})
    row = {"worksheet_id": view.record_id, "section": section.id, "pos": pos, "body": plain}
    return session.add("worksheet_row", row)


def _place(session: Session, view: View, section: Section, after: str, before: str) -> float:
    rows = _siblings(view, section)
    places, ids = [float(r.get("pos", 0.0)) for r in rows], [r.id for r in rows]
    if before in ids:
        at = ids.index(before)
    elif after in ids:
        at = ids.index(after) + 1
    else:
        at = len(ids)
    if at in {0, len(ids)}:
        return min(places) - 1 if ids and at == 0 else max(places, default=0.0) + 1
    place = (places[at - 1] + places[at]) / 2
    if places[at - 1] < place < places[at]:
        return place
    _spread(session, rows)
    return at + 0.5


def _spread(session: Session, rows: Sequence[Row]) -> None:
    """Number rows anew: between two of them there is no room left."""
    for at, row in enumerate(rows, start=1):
        session.edit(row.id, {"pos": float(at)})


def _siblings(view: View, section: Section) -> Sequence[Row]:
    """Return all rows that share the order: the whole register, not only what is shown."""
    return view.records(section.register) if section.register else view.all(section.id)


def delete_rows(session: Session, view: View, section_id: str, row_ids: Sequence[str]) -> None:
    """Put rows into the bin; below a row of a tree everything goes with it."""
    section = view.type.section(section_id)
    gone = list(dict.fromkeys(i for r in row_ids for i in _with_children(view, section, r)))
    what = section.row_word if len(gone) == 1 else f"{section.row_word}s"
    with session.step(f"Delete {len(gone)} {what}" if len(gone) > 1 else f"Delete {what}"):
        for row_id in gone:
            session.delete(row_id)
        _begin_again(session, view)


def _with_children(view: View, section: Section, row_id: str) -> list[str]:
    found = [row_id]
    if section.tree is not None:
        parent = section.tree.parent
        for row in view.all(section.id):
            if row.get(parent) == row_id:
                found += _with_children(view, section, row.id)
    return found


def move_row(session: Session, view: View, section_id: str, row_id: str, by: int) -> None:
    """Move a row up (-1) or down (+1) among those that are shown."""
    section = view.type.section(section_id)
    rows = _same_level(view, section, row_id)
    at = next(i for i, r in enumerate(rows) if r.id == row_id)
    to = at + by
    if not 0 <= to < len(rows):
        return
    with session.step(f"Move {section.row_word}"):
        places = {r.id: float(r.get("pos", 0.0)) for r in _siblings(view, section)}
        if len(set(places.values())) < len(places):  # one place twice: nothing would move
            _spread(session, _siblings(view, section))
            places = {r.id: float(n) for n, r in enumerate(_siblings(view, section), start=1)}
        edits = [
            Edit(section_id, rows[at].id, {"pos": places[rows[to].id]}),
            Edit(section_id, rows[to].id, {"pos": places[rows[at].id]}),
        ]
        edit(session, view, edits, label=f"Move {section.row_word}")


def _same_level(view: View, section: Section, row_id: str) -> Sequence[Row]:
    rows = view.all(section.id)
    if section.tree is None:
        return rows
    own = next(r for r in rows if r.id == row_id)
    tree = section.tree
    return [
        r
        for r in rows
        if r.get(tree.parent) == own.get(tree.parent)
        and (not tree.group or own.get(tree.parent) or r.get(tree.group) == own.get(tree.group))
    ]


def move_below(
    session: Session,
    view: View,
    section_id: str,
    row_id: str,
    parent_id: str | None,
    group: str = "",
) -> None:
    """Hang a row of a tree below another one (or on top, in a group); a circle is refused."""
    section = view.type.section(section_id)
    tree = section.tree
    if tree is None:
        raise ValueError(section_id)
    if parent_id in _with_children(view, section, row_id):
        raise DataProblem("A cause cannot stand below itself.")
    values: dict[str, Any] = {tree.parent: parent_id}
    if tree.group and (group or parent_id is None):
        values[tree.group] = group or None
    below = [
        Edit(section_id, i, {tree.group: group or None})
        for i in _with_children(view, section, row_id)[1:]
    ]
    edits = [
        Edit(section_id, row_id, values),
        *(below if tree.group and tree.group in values else []),
    ]
    edit(session, view, edits, label=f"Move {section.row_word}")


# typing ------------------------------------------------------------------------------------


def value_from(session: Session, field: Field, text: str) -> Any:
    """Return the value of what was typed; a new name of a register makes its row (inside a step)."""
    if field.link:
        return tuple(_reference(session, field, part) for part in _parts(session, field, text))
    if field.type in REFERENCES:
        return _reference(session, field, text) if text.strip() else None
    return typed(field, text)


def _parts(session: Session, field: Field, text: str) -> Iterator[str]:
    """Yield the references of a list; a comma divides them, too, unless it belongs to a name."""
    for part in text.split(";"):
        known = _known(session, field.type, part)
        yield from (p for p in ([part] if known else part.split(",")) if p.strip())


def _known(session: Session, kind: str, text: str) -> str:
    """Return the id of what a text names: by name, by code, or by both; nothing if it is new."""
    wanted = text.strip().casefold()
    for record in session.records(kind):
        own, code = str(record.get(NAMES[kind], "")).strip(), record.code
        ways = (own, code, words.coded(own, code), f"{code} {own}")
        if wanted in (way.casefold() for way in ways):
            return record.id
    return ""


def _reference(session: Session, field: Field, text: str) -> str:
    known = _known(session, field.type, text)
    if known:
        return known
    name = NAMES[field.type]
    if field.type == "finding":
        raise DataProblem(f"There is no saved result '{text}'.", hint="Choose one from the list.")
    return session.add(field.type, {**field.new, name: text.strip()})


def set_text(
    session: Session, view: View, section_id: str, row_id: str, field_id: str, text: str
) -> None:
    """Take over what was typed into one field, in one step."""
    section = view.type.section(section_id)
    field = section.field(field_id, view)
    row = next((r for r in view.all(section_id) if r.id == row_id), None)
    if row is not None:
        _refuse_locked(field, row)
    code = f" of {row.code}" if row is not None and row.code else ""
    with session.step(f"Edit {field.label.lower() if len(field.label) > 2 else field.label}{code}"):  # noqa: PLR2004
        value = value_from(session, field, text)
        edit(session, view, [Edit(section_id, row_id, {field_id: value})])


def _refuse_locked(field: Field, row: Row) -> None:
    why = field.locked(row) if field.locked is not None else ""
    if why:
        raise DataProblem(why)


def paste(
    session: Session, view: View, section_id: str, at: int, field_ids: Sequence[str],
    lines: Sequence[Sequence[str]],
) -> list[str]:  # fmt: skip
    """Write lines of cells from a row on, adding rows as needed; return what did not fit, in words."""
    section = view.type.section(section_id)
    fields = [section.field(i, view) for i in field_ids]
    rows = list(view.all(section_id))
    bad: list[str] = []
    with session.step(f"Paste {words.count(len(lines), section.row_word)}"):
        for i, cells in enumerate(lines):
            values: dict[str, Any] = {}
            for field, text in zip(fields, cells, strict=False):
                if not field.editable or field.through:
                    continue
                try:
                    if at + i < len(rows):
                        _refuse_locked(field, rows[at + i])
                    values[field.id] = value_from(session, field, text)
                except DataProblem as problem:
                    bad.append(f"Line {i + 1}: {problem.message}")
            if at + i < len(rows):
                edit(session, view, [Edit(section_id, rows[at + i].id, values)])
            else:
                add_row(
                    session, view, section_id, {k: v for k, v in values.items() if v is not None}
                )
                view = _again(session, view)
    return bad


def _again(session: Session, view: View) -> View:
    return (
        view_of(session, view.record_id) if view.record_id else register_view(session, view.type.id)
    )


def accept_offer(session: Session, view: View, offer_id: str) -> None:
    """Bring in rows that the project already knows; a row with an id changes that row."""
    offer = next(o for o in view.type.offers if o.id == offer_id)
    with session.step(offer.text(view).rstrip("?") or "Bring in"):
        for section_id, values in offer.rows(view):
            rest = {k: v for k, v in values.items() if k != "id"}
            if "id" in values:
                edit(session, view, [Edit(section_id, values["id"], rest)])
            else:
                add_row(session, view, section_id, rest)
                view = _again(session, view)


# evidence ----------------------------------------------------------------------------------


def link_results(session: Session, cause_id: str, finding_ids: Sequence[str], status: str) -> None:
    """Let saved results speak for or against a cause."""
    with session.step(f"Set cause {status}"):
        _set_links(session, cause_id, "evidence", finding_ids)
        kind = {"evidence_kind": "measured"} if finding_ids else {}
        session.edit(cause_id, {"status": status, **kind})


def note_seen(
    session: Session, cause_id: str, *, note: str, observer: str, status: str,
    photo: tuple[str, bytes] | None = None,
) -> None:  # fmt: skip
    """Keep what somebody saw at the place, with a photo if there is one."""
    if not note.strip() or not observer.strip():
        raise DataProblem("Say what was seen and who saw it.")
    with session.step(f"Set cause {status}"):
        values = {
            "evidence": note.strip(), "observer": observer.strip(), "evidence_kind": "observed",
            "observed_on": clock.today().isoformat(), "status": status,
        }  # fmt: skip
        session.edit(cause_id, values)
        known = {str(p.get("name", "")).casefold() for p in session.records("person")}
        if observer.strip().casefold() not in known:
            session.add("person", {"name": observer.strip()})
        if photo is not None:
            session.attach(cause_id, *photo)


def kinds_shown(kind: WorksheetType) -> frozenset[str]:
    """Return the kinds of record that a worksheet reads; others need no refresh."""
    shown = {s.register for s in kind.sections if s.register}
    fields = {f.type for s in kind.sections for f in s.fields if f.type in KINDS}
    return frozenset({*shown, *fields, "worksheet", "worksheet_row", "link", "waiver", "meta"})
