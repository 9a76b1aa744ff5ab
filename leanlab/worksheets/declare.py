"""How a worksheet is declared; docs/adding-a-worksheet.md is the recipe."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from leanlab.worksheets.layout.drawing import Drawing, Measure, Room

FieldType = Literal[
    "text", "long", "int", "num", "pct", "money", "date", "month", "dur", "bool", "enum", "person",
    "metric", "process_step", "cause", "action", "solution", "finding", "calc",
]  # fmt: skip
# Types whose value is the id of a register row; typing a new text adds the row.
REFERENCES: frozenset[str] = frozenset(
    {"metric", "process_step", "cause", "action", "solution", "finding"}
)
# What a person reads of a register row.
NAMES: Mapping[str, str] = {
    "person": "name", "metric": "name", "process_step": "name", "cause": "text", "action": "title",
    "solution": "title", "control_item": "title", "benefit_line": "title", "risk": "title",
    "finding": "title",
}  # fmt: skip
Severity = Literal["must", "should", "hint"]
Archetype = Literal["form", "grid", "tree", "canvas", "matrix", "calculator"]
Status = Literal["in progress", "ready", "reviewed", "not needed"]


class LinkLike(Protocol):
    """One record points to another."""

    @property
    def from_id(self) -> str:
        """Where it starts."""

    @property
    def verb(self) -> str:
        """Why."""

    @property
    def to_id(self) -> str:
        """Where it ends."""


@dataclass(frozen=True, slots=True)
class Row:
    """A register row or a row of a worksheet, as computed values and checks see it."""

    id: str
    code: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value; a dotted name goes into a nested one (months.2026-03.plan)."""
        value: Any = self.values
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return default if value is None else value

    def text(self, name: str) -> str:
        """Return a value as text without spaces around it."""
        return str(self.get(name, "")).strip()

    def number(self, name: str) -> float | None:
        """Return a value as a number, None where there is none."""
        value = self.get(name)
        return float(value) if isinstance(value, int | float) else None

    def day(self, name: str) -> date | None:
        """Return a value as a date, None where there is none."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            return None


NO_ROW = Row("")


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A worksheet with the registers it shows: values only, read-only."""

    type: "WorksheetType"
    record_id: str = ""
    status: Status = "in progress"
    body: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    records: Callable[[str], Sequence[Row]] = lambda _kind: ()
    links: Sequence[LinkLike] = ()
    today: date = date(2026, 1, 1)
    facts: Mapping[str, str] = field(default_factory=dict)  # title, author, currency, project_kind
    waivers: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (check, about) -> why

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value of the worksheet itself."""
        return Row("", "", self.body).get(name, default)

    def text(self, name: str) -> str:
        """Return a value of the worksheet itself as text."""
        return str(self.get(name, "")).strip()

    def number(self, name: str) -> float | None:
        """Return a value of the worksheet itself as a number."""
        return Row("", "", self.body).number(name)

    def day(self, name: str) -> date | None:
        """Return a value of the worksheet itself as a date."""
        return Row("", "", self.body).day(name)

    def one(self, section_id: str) -> Row:
        """Return the only row of a section that does not repeat; an empty row if there is none."""
        return next(iter(self.rows.get(section_id, ())), NO_ROW)

    def all(self, section_id: str) -> tuple[Row, ...]:
        """Return the rows of a section."""
        return self.rows.get(section_id, ())

    def record(self, kind: str, record_id: Any) -> Row:
        """Return a register row by its id; an empty row if it is gone."""
        return next((r for r in self.records(kind) if r.id == record_id), NO_ROW)

    def linked(self, from_id: str, verb: str) -> tuple[str, ...]:
        """Return the ids that a record points to."""
        return tuple(k.to_id for k in self.links if k.from_id == from_id and k.verb == verb)

    def linking(self, to_id: str, verb: str) -> tuple[str, ...]:
        """Return the ids of the records that point to a record."""
        return tuple(k.from_id for k in self.links if k.to_id == to_id and k.verb == verb)


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating scale: what each number means; F4 shows it as a card."""

    id: str
    title: str
    levels: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to fill in.

    A dotted id is kept inside a nested value. `through` names a reference field of the same
    section: the value then belongs to the record referred to. `link` is a verb: the value is the
    tuple of ids that the row points to. A `calc` field has `value`.
    """

    id: str
    label: str
    type: FieldType = "text"
    help: str = ""
    spelled: str = ""  # what a label of one or two letters stands for; a printed table tells it
    required: bool = False
    example: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    default: str = ""  # the choice that counts while none was made
    unit: str = ""
    longest: int = 400
    width: int = 140  # in a grid
    group: str = ""  # the heading over several columns of a grid
    scale: Callable[[View], Scale] | None = None
    through: str = ""
    link: str = ""
    fact: str = ""  # the fact of the project that it is: told here or in the project settings
    new: Mapping[str, Any] = field(default_factory=dict)  # of a register row made by typing
    value: Callable[[Row, View], Any] | None = None
    locked: Callable[[Row], str] | None = (
        None  # why this row cannot be typed into; nothing = it can
    )
    when: Callable[[View], bool] | None = None  # shown only then; in forms
    level: Callable[[Any], str] | None = None  # ok, attention, problem or nothing

    @property
    def editable(self) -> bool:
        """Whether a person fills it in."""
        return self.type != "calc"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows of a grid to show."""

    id: str
    label: str
    keeps: Callable[[Row, View], bool]


@dataclass(frozen=True, slots=True)
class Tree:
    """A section whose rows form a tree: `parent` names the field, `text` what is typed.

    `groups` are headings above the first level (the bones of a fishbone), kept in the field
    `group`; `root` is the line above all.
    """

    parent: str = "parent_id"
    text: str = "text"
    group: str = ""
    groups: Callable[[View], tuple[str, ...]] | None = None
    root: Callable[[View], str] | None = None
    start: Callable[[View], str] | None = None  # id of the row whose branch is shown; "" = all
    belongs: Callable[[Row, View], bool] | None = None  # which first rows are shown when it is ""
    ungrouped: str = "Not sorted yet"
    word: str = "cause"


def _always(_row: Row) -> bool:
    return True


def _none(_view: View) -> tuple[Field, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that belong together: a form, or rows of a grid.

    With a `register` the rows are that register's records (those that `where` lets through, and
    `new` is what a new one starts with). Without one they live in the worksheet.
    `more_fields` adds columns that depend on the project (months, people, what-if columns).
    `ties` keeps links: (reference field, verb, reference field).
    """

    id: str
    title: str
    fields: tuple[Field, ...]
    repeats: bool = False
    register: str = ""
    where: Callable[[Row], bool] = _always
    new: Mapping[str, Any] = field(default_factory=dict)
    blank: str = ""  # what an empty grid says
    help: str = ""
    more_fields: Callable[[View], tuple[Field, ...]] = _none
    filters: tuple[Filter, ...] = ()
    tree: Tree | None = None
    sideways: bool = False  # rows are shown as columns (what-if)
    most: int = 2000
    ties: tuple[tuple[str, str, str], ...] = ()
    row_word: str = "row"

    def all_fields(self, view: View) -> tuple[Field, ...]:
        """Return the fields with those that depend on the project."""
        return (*self.fields, *self.more_fields(view))

    def field(self, field_id: str, view: View) -> Field:
        """Return a field by its id."""
        return next(f for f in self.all_fields(view) if f.id == field_id)


def name_field(section: Section) -> str:
    """Return the field by which people call a row."""
    if section.tree is not None:
        return section.tree.text
    name = NAMES.get(section.register, "")
    return name if any(f.id == name for f in section.fields) else section.fields[0].id


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a check found something: a row, a field, the words that gave the reason."""

    text: str
    row_id: str = ""
    field_id: str = ""
    section_id: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Something that a good worksheet has; `finds` yields where it has not."""

    id: str
    severity: Severity
    title: str
    finds: Callable[[View], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Message:
    """A hit of a check, and the reason with which it was accepted."""

    check: Check
    hit: Hit
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that follows from the rest; shown above the worksheet."""

    id: str
    label: str
    value: Callable[[View], Any]
    kind: FieldType = "text"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for one row of a section."""

    section_id: str
    row_id: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Begin:
    """What a drawing still lacks: a sentence, and the words of the button that leads there.

    With a field the cursor goes into it, else a row of the section is begun. It is lacking while
    the field is empty or the section has no row, unless `lacks` says otherwise.
    """

    words: str
    action: str
    section: str
    field: str = ""
    lacks: Callable[[View], bool] | None = None


@dataclass(frozen=True, slots=True)
class Canvas:
    """The picture of a worksheet, and what moving one of its parts means."""

    draw: "Callable[[View, Measure], Drawing]"
    title: str = "Drawing"
    fitted: "Callable[[View, Measure, Room], Drawing] | None" = None  # drawn for a room on screen
    moved: "Callable[[View, Drawing, str, float, float], tuple[Edit, ...]] | None" = None
    nudge: float = 8.0  # how far an arrow key moves a part, in units of the drawing
    connects: str = ""  # the section whose field `next` holds connectors
    section: str = ""  # the section whose rows the parts stand for
    begins: tuple[Begin, ...] = ()  # what an empty drawing needs, in this order


@dataclass(frozen=True, slots=True)
class Offer:
    """Rows that the project already knows and that a person may bring in with one click."""

    id: str
    text: Callable[[View], str]  # nothing when there is nothing to offer
    rows: Callable[[View], tuple[tuple[str, Mapping[str, Any]], ...]]  # (section, values)


@dataclass(frozen=True, slots=True)
class Example:
    """A filled worksheet: shown as help, and the case that passes every check.

    `registers` holds rows with an `id` of their own, so that references and links can name them.
    """

    title: str
    body: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    registers: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    links: tuple[tuple[str, str, str], ...] = ()


def _no_words(_view: View) -> tuple[str, ...]:
    return ()


def _keep(body: Mapping[str, Any], _from_version: int) -> Mapping[str, Any]:
    return body


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksheetType:
    """Everything LeanLab knows of one worksheet."""

    id: str
    version: int
    title: str
    question: str  # what a person wants to settle, in their words
    phases: str  # letters of D, M, A, I, C
    archetype: Archetype
    sections: tuple[Section, ...]
    example: Example
    also_called: tuple[str, ...] = ()
    computed: tuple[Computed, ...] = ()
    words: Callable[[View], tuple[str, ...]] = _no_words  # the result as sentences
    checks: tuple[Check, ...] = ()
    canvas: Canvas | None = None
    offers: tuple[Offer, ...] = ()
    landscape: bool = False
    upgrade: Callable[[Mapping[str, Any], int], Mapping[str, Any]] = _keep

    def section(self, section_id: str) -> Section:
        """Return a section by its id."""
        return next(s for s in self.sections if s.id == section_id)


SEVERITIES: Mapping[Severity, int] = {"must": 0, "should": 1, "hint": 2}


def messages(view: View) -> tuple[Message, ...]:
    """Return what the checks find, musts first; accepted ones stay, with their reason."""
    hits = [(check, hit) for check in view.type.checks for hit in check.finds(view)]
    said = {(h.row_id, h.field_id) for check, h in hits if check.severity == "must"}
    unfilled = [(check, h) for check in _required(view.type) for h in check.finds(view)]
    hits = [*(p for p in unfilled if (p[1].row_id, p[1].field_id) not in said), *hits]
    found = [
        Message(check, hit, view.waivers.get((check.id, hit.row_id or view.record_id), ""))
        for check, hit in hits
    ]
    return tuple(sorted(found, key=lambda m: (bool(m.accepted), SEVERITIES[m.check.severity])))


def open_musts(view: View) -> tuple[Message, ...]:
    """Return the musts that are neither met nor accepted with a reason."""
    return tuple(m for m in messages(view) if m.check.severity == "must" and not m.accepted)


def _required(kind: WorksheetType) -> tuple[Check, ...]:
    return (Check(f"{kind.id}.filled", "must", "Required fields are filled in", _missing),)


def _missing(view: View) -> Iterable[Hit]:
    for section in view.type.sections:
        rows = view.all(section.id) if section.repeats else (single(view, section),)
        fields = [f for f in section.all_fields(view) if f.required]
        for at, row in enumerate(rows, start=1):
            for one in fields:
                if empty(value_of(one, row, view)):
                    where = f" in row {at}" if section.repeats else ""
                    yield Hit(f"{one.label} is missing{where}.", row.id, one.id, section.id)


def single(view: View, section: Section) -> Row:
    """Return the row behind a section that does not repeat."""
    return view.one(section.id) if section.register else Row("", "", view.body)


def beginning(view: View) -> Begin | None:
    """Return what the drawing of a worksheet lacks first; nothing if it has all it needs."""
    canvas = view.type.canvas
    return next((b for b in (canvas.begins if canvas else ()) if _lacks(b, view)), None)


def _lacks(begin: Begin, view: View) -> bool:
    if begin.lacks is not None:
        return begin.lacks(view)
    if begin.field:
        section = view.type.section(begin.section)
        return empty(value_of(section.field(begin.field, view), single(view, section), view))
    return not view.all(begin.section)


def _below(rows: Sequence[Row], tree: Tree) -> dict[Any, list[Row]]:
    """Return the rows by what they hang below; what has lost its parent stands on top, below ""."""
    known = {row.id for row in rows}
    below: dict[Any, list[Row]] = {}
    for row in rows:
        parent = row.get(tree.parent)
        below.setdefault(parent if parent in known else "", []).append(row)
    return below


def first_level(view: View, section: Section) -> tuple[Row, ...]:
    """Return the rows of a tree that stand directly below its root."""
    tree = section.tree
    if tree is None:
        return view.all(section.id)
    start = tree.start(view) if tree.start is not None else ""
    rows = _below(view.all(section.id), tree).get(start, [])
    if start or tree.belongs is None:
        return tuple(rows)
    return tuple(row for row in rows if tree.belongs(row, view))


def rows_shown(view: View, section: Section) -> tuple[Row, ...]:
    """Return the rows that a section shows: of a tree the branch that is open, from the top down."""
    rows, tree = view.all(section.id), section.tree
    if tree is None:
        return rows
    below = _below(rows, tree)
    below.pop(tree.start(view) if tree.start is not None else "", None)
    found: list[Row] = []
    waiting = list(first_level(view, section))[::-1]
    while waiting:
        row = waiting.pop()
        found.append(row)
        waiting += below.pop(row.id, [])[::-1]
    return tuple(found)


def value_of(field_: Field, row: Row, view: View) -> Any:
    """Return what a field of a row holds, wherever it is kept."""
    if field_.value is not None:
        return field_.value(row, view)
    if field_.link:
        return view.linked(row.id, field_.link) if row.id else ()
    if field_.through:
        return view.record(reference_kind(field_), row.get(field_.through)).get(own_name(field_))
    return row.get(field_.id)


def reference_kind(field_: Field) -> str:
    """Return the register that `through` leads to: cause_id leads to cause."""
    return field_.through.removesuffix("_id")


def own_name(field_: Field) -> str:
    """Return the name that a field has in the record it belongs to: action_id:owner is owner."""
    return field_.id.rpartition(":")[2]


def empty(value: Any) -> bool:
    """Whether nothing was filled in."""
    return value is None or value in ("", (), []) or (isinstance(value, str) and not value.strip())
