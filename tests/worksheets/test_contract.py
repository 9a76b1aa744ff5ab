"""Promises that every worksheet keeps; a new one is tested by being in the registry."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

from leanlab.app import worksheets as use
from leanlab.app.session import Session
from leanlab.core.errors import DataProblem
from leanlab.core.resources import resource
from leanlab.domain.roadmap import ROADMAPS
from leanlab.store.schema import KINDS
from leanlab.worksheets import catalog
from leanlab.worksheets.blocks import as_html, as_text, worksheet_blocks
from leanlab.worksheets.declare import (
    REFERENCES,
    Row,
    View,
    WorksheetType,
    beginning,
    messages,
    own_name,
    reference_kind,
    value_of,
)
from leanlab.worksheets.examples import EXAMPLE_DAY, example_view
from leanlab.worksheets.layout.drawing import (
    STYLES,
    Line,
    Text,
    estimated_width,
    share_of,
)
from leanlab.worksheets.registry import BY_ID, WORKSHEETS
from leanlab.worksheets.show import edit_text, shown, typed

every_worksheet = pytest.mark.parametrize("kind", WORKSHEETS, ids=lambda k: k.id)
_spec = importlib.util.spec_from_file_location("broken", Path(__file__).with_name("broken.py"))
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
BROKEN = _module.BROKEN
ALL_CHECKS = [(k, c.id) for k in WORKSHEETS for c in k.checks]
MODULES = [p for p in Path(catalog.__path__[0]).glob("*.py") if p.stem != "__init__"]
LETTERS = set("DMAIC")
CODE = re.compile(r"^(Y|C|A|S|R|K|B|P|F)\d+\b")
AWKWARD = {
    "text": "<b>&\"'\t é 漢字 🐟", "long": "line one\n\nline three " * 40, "int": 10, "num": -1e300,
    "pct": 0.0, "money": 1e15, "date": "2026-02-29", "month": "2026-13", "dur": 0.0, "bool": True,
    "person": "O'Brien-Åström", "enum": "no such choice",
}  # fmt: skip


def filled(kind, value):
    """A view in which every own field holds the same kind of awkward value."""
    body, rows, registers = {}, {}, {}
    for section in kind.sections:
        values = {
            f.id: ("lost" if f.type in REFERENCES else value(f))
            for f in section.fields
            if f.editable and not f.through and not f.link and "." not in f.id
        }
        if section.repeats or section.register:
            values = {**section.new, **values}
            made = (Row("r1", "X1", values), Row("r2", "X2", {**section.new}))
            rows[section.id] = made[: None if section.repeats else 1]
            registers.setdefault(section.register, ())
            registers[section.register] = (*registers[section.register], *made)
        else:
            body |= values
    known = {k: v for k, v in registers.items() if k}
    return View(kind, "w", "in progress", body, rows, lambda k: known.get(k, ()), (), EXAMPLE_DAY)


@every_worksheet
def test_the_declaration_is_sound(kind):
    assert BY_ID[kind.id] is kind
    assert re.fullmatch(r"[a-z][a-z0-9_]*", kind.id)
    assert kind.title
    assert kind.question.endswith((".", "?"))
    assert set(kind.phases) <= LETTERS
    assert len(kind.also_called) >= 2, "people look for it under other names"
    assert kind.sections
    ids = [s.id for s in kind.sections]
    assert len(ids) == len(set(ids))
    singles = [f.id for s in kind.sections if not s.repeats and not s.register for f in s.fields]
    assert len(singles) == len(set(singles)), "fields of the worksheet itself share a name"
    for section in kind.sections:
        fields = section.all_fields(example_view(kind))
        assert len({f.id for f in fields}) == len(fields)
        assert section.blank or not section.repeats, f"{section.id} says nothing when it is empty"
        assert section.row_word != "row" or not section.repeats, f"{section.id}: name its rows"
        for field in fields:
            assert (field.type == "calc") == (field.value is not None and field.locked is None)
            assert not field.label or field.label[:1].isupper() or field.label[:1] in "&(", (
                field.label
            )


@every_worksheet
def test_what_lives_in_a_register_has_a_column_there(kind):
    for section in kind.sections:
        if not section.register:
            continue
        columns = KINDS[section.register]
        for field in section.all_fields(example_view(kind)):
            if field.editable and not field.link and not field.through:
                assert field.id.partition(".")[0] in columns, f"{section.register}.{field.id}"
        assert set(section.new) <= set(columns)
        assert "pos" in columns or not section.repeats


@every_worksheet
def test_references_through_another_record_lead_to_a_column(kind):
    for section in kind.sections:
        known = {f.id for f in section.fields}
        for field in section.fields:
            if field.through:
                assert field.through in known
                assert own_name(field) in KINDS[reference_kind(field)]
        for source, verb, target in section.ties:
            assert {source, target} <= known
            assert verb


def test_ids_of_checks_are_unique_over_the_whole_catalogue():
    ids = [check for _, check in ALL_CHECKS]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Z]{2}-\d\d", check) for check in ids)


@every_worksheet
def test_the_example_passes_every_check(kind):
    assert [(m.check.id, m.hit.text) for m in messages(example_view(kind))] == []


@pytest.mark.parametrize(("kind", "check"), ALL_CHECKS, ids=[c for _, c in ALL_CHECKS])
def test_every_check_speaks_when_it_should(kind, check):
    assert check in BROKEN, f"tests/worksheets/broken.py has no case for {check}"
    found = messages(example_view(kind, BROKEN[check](kind.example)))
    hits = [m.hit.text for m in found if m.check.id == check]
    assert hits
    assert all(text.rstrip().endswith((".", "?", "!")) for text in hits), hits
    assert not any(CODE.match(text) for text in hits), hits
    assert not any(re.search(r"\b(GT|PS|CH|FM)-\d", text) for text in hits), (
        "a sentence with a code"
    )


@every_worksheet
def test_required_fields_are_missed(kind):
    found = messages(example_view(kind, BROKEN[f"{kind.id}.filled"](kind.example)))
    assert [m.check.severity for m in found if m.check.id == f"{kind.id}.filled"][:1] == ["must"]


def test_no_case_of_a_broken_example_is_left_over():
    known = {check for _, check in ALL_CHECKS} | {f"{k.id}.filled" for k in WORKSHEETS}
    assert set(BROKEN) == known


@every_worksheet
def test_an_empty_worksheet_opens(kind):
    view = View(kind, "w")
    messages(view)
    worksheet_blocks(view)
    for computed in kind.computed:
        computed.value(view)


@every_worksheet
@pytest.mark.parametrize(
    "mood", ["full of awkward values", "text where numbers belong", "all None"]
)
def test_awkward_values_do_no_harm(kind, mood):
    def value(field):
        if mood == "all None":
            return None
        return "not a number" if mood.startswith("text") else AWKWARD.get(field.type)

    view = filled(kind, value)
    messages(view)
    for block in worksheet_blocks(view):
        assert "<b>&" not in as_html([block])


@every_worksheet
def test_what_is_shown_can_be_typed_back(kind):
    view = example_view(kind)
    for section in kind.sections:
        rows = (
            view.all(section.id)
            if section.repeats or section.register
            else (Row("", "", view.body),)
        )
        for row in rows:
            for field in section.all_fields(view):
                value = value_of(field, row, view)
                if (
                    field.editable
                    and not field.link
                    and field.type not in REFERENCES
                    and value not in (None, "")
                ):
                    assert typed(field, edit_text(field, value, view)) == (
                        str(value) if field.choices else value
                    )


@every_worksheet
def test_help_is_there_with_how_and_keys(kind):
    text = resource(f"help/worksheets/{kind.id}.md").read_text("utf-8")
    assert text.startswith(f"# {kind.title}\n")
    assert "## How to fill it in" in text
    assert "## Keys" in text
    assert kind.example.title


@every_worksheet
def test_the_example_reads_well_as_blocks(kind):
    blocks = worksheet_blocks(example_view(kind))
    assert blocks
    text = as_text(blocks)
    assert "None" not in text
    assert "{" not in text
    assert as_html(blocks)


@every_worksheet
def test_nothing_that_is_read_begins_with_a_code(kind):
    view = example_view(kind)
    for section in kind.sections:
        for field in section.all_fields(view):
            for row in view.all(section.id):
                assert not CODE.match(shown(field, value_of(field, row, view), view))
    for block in worksheet_blocks(view):
        for line in getattr(block, "rows", ()):
            assert not CODE.match(line[0])


@every_worksheet
def test_the_drawing_keeps_inside_its_frame_and_says_itself_in_words(kind):
    if kind.canvas is None:
        pytest.skip("no drawing")
    drawing = kind.canvas.draw(example_view(kind), estimated_width)
    assert drawing.shapes
    assert len(drawing.alt) > 20
    assert_inside_its_frame(drawing)


@every_worksheet
def test_an_empty_drawing_says_what_it_lacks_and_a_filled_one_does_not(kind):
    if kind.canvas is None:
        pytest.skip("no drawing")
    assert beginning(View(type=kind)) == kind.canvas.begins[0]
    assert beginning(example_view(kind)) is None
    for begin in kind.canvas.begins:
        section = kind.section(begin.section)
        assert begin.words.endswith(".")
        assert begin.action
        if begin.field:
            assert section.field(begin.field, View(type=kind)).editable
            assert not section.repeats
        else:
            assert section.repeats


ROOMS = ((320.0, 380.0), (390.0, 300.0), (735.0, 430.0), (1180.0, 660.0))


@every_worksheet
def test_a_drawing_laid_out_for_a_room_shows_the_same_rows_inside_its_frame(kind):
    if kind.canvas is None or kind.canvas.fitted is None:
        pytest.skip("its drawing has one layout")
    view = example_view(kind)
    usual = kind.canvas.draw(view, estimated_width)
    for room in ROOMS:
        drawing = kind.canvas.fitted(view, estimated_width, room)
        assert [n.ref for n in drawing.nodes] == [n.ref for n in usual.nodes]
        assert drawing.alt == usual.alt
        assert share_of(room, drawing) >= min(share_of(room, usual), 1.0)
        assert_inside_its_frame(drawing)


def assert_inside_its_frame(drawing):
    for shape in drawing.shapes:
        assert isinstance(shape, Text) or shape.style in STYLES
        if isinstance(shape, Line):
            assert all(
                -1 <= x <= drawing.width + 1 and -1 <= y <= drawing.height + 1
                for x, y in shape.points
            )
    for node in drawing.nodes:
        assert node.x >= 0
        assert node.x + node.width <= drawing.width + 1
        assert node.y + node.height <= drawing.height + 1


@every_worksheet
def test_a_project_keeps_what_is_typed_and_forgets_what_is_undone(kind, tmp_path):
    session = Session.create(tmp_path / "p.leanlab", name="P", author="A")
    try:
        record = use.open_worksheet(session, kind.id)
        for section in kind.sections:
            row_id = (
                use.add_row(session, use.view_of(session, record), section.id)
                if section.repeats
                else ""
            )
            for field in section.fields:
                if (
                    not field.editable
                    or field.through
                    or field.type == "finding"
                    or not field.example
                ):
                    continue
                use.set_text(
                    session,
                    use.view_of(session, record),
                    section.id,
                    row_id,
                    field.id,
                    field.example,
                )
                if not section.repeats and section.register:
                    row_id = use.view_of(session, record).one(section.id).id
        before = as_text(worksheet_blocks(use.view_of(session, record)))
        session.save()
        while session.undo():
            pass
        while session.redo():
            pass
        assert as_text(worksheet_blocks(use.view_of(session, record))) == before
    finally:
        session.close()


@every_worksheet
def test_examples_of_fields_fit_their_fields(kind):
    for section in kind.sections:
        for field in section.fields:
            if field.example and field.editable and not field.link and field.type not in REFERENCES:
                typed(field, field.example)


@every_worksheet
def test_offers_bring_in_rows_of_their_sections(kind):
    for offer in kind.offers:
        for section_id, values in offer.rows(example_view(kind)):
            assert kind.section(section_id)
            assert values


def test_every_worksheet_of_the_catalogue_is_in_the_registry():
    declared = {
        found.id
        for path in MODULES
        for found in vars(importlib.import_module(f"{catalog.__name__}.{path.stem}")).values()
        if isinstance(found, WorksheetType)
    }
    assert declared == set(BY_ID), "add a line to _WHERE in leanlab/worksheets/registry.py"


def test_every_worksheet_has_its_place_in_a_phase():
    """One without would be filed below the analyses, and no page of a phase would lead to it."""
    asked = {t for r in ROADMAPS.values() for p in r.phases for t in (*p.worksheets, *p.optional)}
    assert asked == set(BY_ID), "name it in leanlab/domain/roadmap.py"


def test_no_module_of_the_catalogue_imports_another():
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not str(node.module).startswith("leanlab.worksheets.catalog")


def test_an_unknown_worksheet_is_named_with_those_there_are():
    from leanlab.worksheets.registry import find

    with pytest.raises(DataProblem, match="no worksheet named 'nope'"):
        find("nope")
