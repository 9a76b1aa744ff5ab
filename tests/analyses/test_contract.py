"""Promises that every analysis keeps; a new one is tested by being in the catalogue."""

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import realistic
from matplotlib.figure import Figure

from leanlab.analyses import catalog
from leanlab.analyses.declare import GROUPS, Column, Columns, Marks, PointMark
from leanlab.analyses.registry import ANALYSES, find
from leanlab.core.errors import DataProblem
from leanlab.core.option import options_from, spec_of
from leanlab.core.resources import resource
from leanlab.figures.theme import LIGHT
from leanlab.report.plain import as_json, plain

every_analysis = pytest.mark.parametrize("analysis", ANALYSES, ids=lambda a: a.id)
on_data = pytest.mark.parametrize("analysis", [a for a in ANALYSES if a.roles], ids=lambda a: a.id)
with_generator = pytest.mark.parametrize("analysis", [a for a in ANALYSES if a.generator], ids=lambda a: a.id)  # fmt: skip
LINES = ("verdict", "evidence", "size", "next")
FORBIDDEN = re.compile(
    r"\b(proves|proven|no effect on|no difference between|is random|normal data|null hypothesis|"
    r"statistically significant|findings|snapshot|digest|stale|tollgate)\b",
    re.IGNORECASE,
)
CODE = re.compile(r"^(Cpk?|Ppk?|UCL|LCL|LSL|USL|DPMO|NDC|MR|df|[ptFnrA]\b|A²|[a-z])")
HEADINGS = ("When to use it", "What you need", "How to read it", "Mistakes people make")
AWKWARD = {
    "no rows": [],
    "one row": [1.0],
    "two rows": [1.0, 2.0],
    "all missing": [np.nan] * 6,
    "one missing": [1.0, np.nan, 2.0, 4.0, 3.0],
    "constant": [5.0] * 30,
    "huge": [1e300, -1e300, 1e300, 2e300] * 3,
    "tiny": [1e-300, 3e-300, 2e-300, 1e-300] * 3,
    "far apart": [1e9, 1e9 + 1, 1e9 + 3, 1e9 + 2] * 5,
    "negative": [-3.0, -2.0, -5.0, -1.0] * 3,
}


def replaced(columns, values):
    """Put other measured values into believable columns; roles that group keep their pattern."""
    size = len(values)

    def made(role, column):
        if role in {"value", "counts", "response", "weight"}:
            return dataclasses.replace(column, values=np.asarray(values, dtype=np.float64))
        old = column.values
        return dataclasses.replace(column, values=np.resize(old, size) if len(old) and size else old[:0])  # fmt: skip

    roles = {role: tuple(made(role, c) for c in found) for role, found in columns.roles.items()}
    ids = np.arange(1, size + 1)
    return Columns(roles, ids, np.zeros(size, dtype=np.bool_), spec=columns.spec)


def presented(analysis, columns, options=None):
    return analysis.present(analysis.compute(columns, options or analysis.options()))


def tried(analysis, columns, options=None):
    """Return a presentation, or the problem that the user is told."""
    try:
        return presented(analysis, columns, options), None
    except DataProblem as problem:
        return None, problem


def assert_told_in_words(problem):
    assert problem.message.strip().endswith(".")
    assert problem.message[0].isupper()
    assert " nan" not in problem.message


class Shown(dict):
    """Presentations on believable data, made once, and each only when it is asked for.

    So an analysis that does not work yet fails its own tests and leaves those of the others alone.
    """

    def __missing__(self, analysis_id):
        self[analysis_id] = presented(find(analysis_id), realistic.data_for(analysis_id))
        return self[analysis_id]


@pytest.fixture(scope="module")
def shown():
    return Shown()


# data ----------------------------------------------------------------------------------------


@on_data
@pytest.mark.parametrize("values", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_data_gives_sentences_or_a_problem_with_words(analysis, values):
    columns = replaced(realistic.data_for(analysis.id), values)
    made, problem = tried(analysis, columns)
    if problem is not None:
        assert_told_in_words(problem)
        return
    assert {f.line for f in made.findings} == set(LINES)
    for chart in made.charts:
        chart.draw(Figure(figsize=(6, 4)), LIGHT)


@on_data
def test_infinity_is_refused_with_its_row(analysis):
    data = realistic.data_for(analysis.id)
    role = next(r for r in ("value", "counts", "response", "category") if r in data.roles)
    if role == "category":
        pytest.skip("nothing is measured")
    values = np.asarray(data.one(role).values, dtype=np.float64).copy()
    values[3] = np.inf
    _, problem = tried(analysis, replaced(data, values))
    assert problem is not None
    assert "infinite" in problem.message
    assert "row 4" in problem.message


@on_data
def test_all_rows_excluded_is_a_problem_with_words(analysis):
    data = realistic.data_for(analysis.id)
    nothing = dataclasses.replace(data, excluded=np.ones(data.row_ids.size, dtype=np.bool_))
    if analysis.id == "compare.before_after":
        assert presented(analysis, nothing).findings  # the proof counts all rows
        return
    with pytest.raises(DataProblem) as caught:
        presented(analysis, nothing)
    assert caught.value.message.strip().endswith(".")


@on_data
def test_optional_columns_may_be_left_out(analysis):
    data = realistic.data_for(analysis.id)
    required = {r.id for r in analysis.roles if r.required}
    bare = dataclasses.replace(data, roles={k: v for k, v in data.roles.items() if k in required})
    made, problem = tried(analysis, bare)
    assert made is not None or problem.hint


@on_data
def test_the_same_data_give_the_same_result(analysis):
    first, second = (presented(analysis, realistic.data_for(analysis.id)) for _ in range(2))
    assert plain(first.findings) == plain(second.findings)
    assert plain(first.numbers) == plain(second.numbers)


@on_data
def test_believable_data_lie_behind_the_rows(analysis):
    data = realistic.data_for(analysis.id)
    assert {r.id for r in analysis.roles if r.required} <= set(data.roles), (
        "add a data set for this analysis to tests/analyses/realistic.py"
    )


@pytest.mark.parametrize("analysis", [a for a in ANALYSES if a.edits_points], ids=lambda a: a.id)
def test_a_point_that_a_user_excludes_is_shown_as_excluded(analysis):
    data = dataclasses.replace(realistic.data_for(analysis.id), marks=Marks())
    chart = next(c for c in presented(analysis, data).charts if c.points is not None)
    assert not chart.points.excluded.any()
    marks = Marks(excluded=(PointMark(tuple(chart.points.rows[4]), "power cut"),))
    marked = presented(analysis, dataclasses.replace(data, marks=marks))
    chart = next(c for c in marked.charts if c.points is not None)
    assert np.flatnonzero(chart.points.excluded).tolist() == [4]


# sentences -----------------------------------------------------------------------------------


@every_analysis
def test_the_four_lines_come_in_order_with_a_report_card(analysis, shown):
    made = shown[analysis.id]
    order = [LINES.index(f.line) for f in made.findings]
    assert set(order) == {0, 1, 2, 3}
    assert order == sorted(order)
    assert made.report_card
    assert made.numbers
    assert made.tables


@every_analysis
def test_sentences_are_sentences(analysis, shown):
    made = shown[analysis.id]
    texts = [made.plain, *(f.text for f in made.findings)]
    for text in texts:
        assert text.strip(), "every line says something"
        assert text.rstrip().endswith((".", "?")), text
        assert not FORBIDDEN.search(text), text
        assert not CODE.match(text), f"begins with a code: {text}"
        assert "{" not in text
        assert "  " not in text
        assert "nan" not in text.lower().split()
    for row in made.report_card:
        assert row.text.strip()
        assert not FORBIDDEN.search(row.text), row.text


@every_analysis
def test_captions_say_how_many_and_pictures_have_a_text(analysis, shown):
    for chart in shown[analysis.id].charts:
        assert "n = " in chart.caption
        assert len(chart.alt) > 20
        assert chart.title


@on_data
def test_control_charts_name_what_their_limits_rest_on(analysis, shown):
    if not analysis.id.startswith("spc.") or analysis.id == "spc.run_chart":
        pytest.skip("no limits")
    caption = shown[analysis.id].charts[0].caption
    for part in ("rules: ", "sigma from ", "limits at 3 sigma from ", "n = ", " excluded"):
        assert part in caption


@on_data
def test_points_of_a_picture_lead_to_data_rows(analysis, shown):
    data = realistic.data_for(analysis.id)
    known = set(data.row_ids.tolist())
    with_points = [c for c in shown[analysis.id].charts if c.points is not None]
    assert with_points, "at least one picture lets odd rows be found"
    for chart in with_points:
        points = chart.points
        assert len(points.rows) == points.panels[0].size == len(chart.point_rows)
        assert points.x is None or points.x.size == len(points.rows)
        for index in (0, len(points.rows) - 1):
            assert set(points.rows[index]) <= known
            assert points.describe(index, 0)


@every_analysis
def test_numbers_and_tables_survive_json(analysis, shown):
    made = shown[analysis.id]
    text = json.dumps(as_json(analysis, analysis.options(), made), allow_nan=False)
    back = json.loads(text)
    assert set(back) == {"analysis", "version", "options", "numbers", "findings", "report_card", "tables"}  # fmt: skip
    for table in back["tables"]:
        assert isinstance(table["rows"], list)
        assert all(len(row) == len(table["columns"]) for row in table["rows"])


# declarations --------------------------------------------------------------------------------


@every_analysis
def test_the_declaration_is_complete(analysis):
    assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", analysis.id)
    assert analysis.group in GROUPS
    assert analysis.question.endswith(("?", ")"))
    assert set(analysis.phases) <= set("DMAIC")
    assert len(analysis.also_called) >= 2
    assert find(analysis.id) is analysis
    for role in analysis.roles:
        assert role.help, f"role {role.id} needs a help text"
        assert role.label[0].isupper()


@every_analysis
def test_columns_and_options_have_different_names(analysis):
    """On the command line both are written as --name."""
    files = {"json", "png", "svg", "pdf", "csv", "xlsx", "chart", "help"}
    roles = {role.id for role in analysis.roles}
    options = {field.name for field in dataclasses.fields(analysis.options)}
    assert not roles & options
    assert not (roles | options) & files


@every_analysis
def test_options_are_frozen_labelled_and_survive_text_and_json(analysis):
    assert analysis.options.__dataclass_params__.frozen
    default = analysis.options()
    for field in dataclasses.fields(analysis.options):
        spec = spec_of(field)
        assert spec.label
        value = getattr(default, field.name)
        assert not spec.choices or value in spec.choices
    stored = json.loads(json.dumps(plain(default)))
    assert options_from(analysis.options, stored) == default
    assert options_from(analysis.options, analysis.upgrade(stored, analysis.version)) == default


@every_analysis
def test_every_choice_of_an_option_works(analysis):
    data = realistic.data_for(analysis.id)
    for field in dataclasses.fields(analysis.options):
        for choice in spec_of(field).choices:
            made, problem = tried(analysis, data, analysis.options(**{field.name: choice}))
            assert made is not None or problem.message.endswith(".")


@every_analysis
def test_help_explains_the_analysis(analysis):
    text = resource(f"help/{analysis.id}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {analysis.title}\n")
    for heading in HEADINGS:
        part = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
        assert len(part.split()) >= 8, heading


def test_ids_titles_and_places_do_not_collide():
    for name in ("id", "title"):
        found = [getattr(a, name) for a in ANALYSES]
        assert len(found) == len(set(found))
    places = [(a.group, a.place) for a in ANALYSES]
    assert len(places) == len(set(places)), "two analyses share a place in a menu"


def test_every_module_of_the_catalogue_declares_one_analysis():
    files = {p.stem for p in Path(catalog.__path__[0]).glob("*.py")} - {"__init__"}
    assert files == {a.id.replace(".", "_", 1) for a in ANALYSES}


def test_declarations_wait_with_statistics_and_pictures_until_they_are_needed():
    """Menus and palette read all declarations: each start would wait for what one of them loads."""
    slow = ("scipy", "matplotlib", "pandas", "statsmodels", "leanlab.figures")
    code = (
        "import sys; from leanlab.analyses.registry import ANALYSES; names = [a.id for a in ANALYSES]; "
        f"print(len(names), *[m for m in {slow} if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [str(len(ANALYSES))], "import it inside compute() or draw()"


def test_an_unknown_analysis_lists_those_there_are():
    with pytest.raises(DataProblem) as caught:
        find("spc.xyz")
    assert "spc.i_mr" in caught.value.hint


# generators ----------------------------------------------------------------------------------


@with_generator
def test_a_generator_fills_the_roles_and_keeps_its_seed(analysis):
    generator = analysis.generator
    draft = generator.make(generator.options())
    names = {c.name for c in draft.columns}
    chosen = {name for found in draft.roles.values() for name in found}
    assert chosen <= names
    assert {r.id for r in analysis.roles if r.required} <= set(draft.roles)
    assert isinstance(draft.options.seed, int)
    assert draft.note
    again = generator.make(draft.options)
    for one, other in zip(draft.columns, again.columns, strict=True):
        assert list(map(str, one.values)) == list(map(str, other.values))


@with_generator
def test_another_seed_gives_another_order(analysis):
    generator = analysis.generator
    orders = set()
    for seed in (1, 2, 3):
        draft = generator.make(dataclasses.replace(generator.options(), seed=seed))
        orders.add(str([list(map(str, c.values)) for c in draft.columns]))
    assert len(orders) == 3


@with_generator
def test_the_sheet_without_results_is_told_to_be_filled(analysis):
    draft = analysis.generator.make(analysis.generator.options())
    found = {c.name: c for c in draft.columns}
    roles = {role: tuple(found[n] for n in names) for role, names in draft.roles.items()}
    size = len(draft.columns[0].values)
    columns = Columns(roles, np.arange(1, size + 1), np.zeros(size, dtype=np.bool_))
    with pytest.raises(DataProblem) as caught:
        presented(analysis, columns)
    assert caught.value.message.endswith(".")


def test_text_in_a_number_column_is_refused_by_its_kind():
    from leanlab.app.running import prepared

    text = Column("reason", "text", realistic.texts(["a", "b"]))
    with pytest.raises(DataProblem, match="holds text"):
        prepared(find("spc.i_mr"), {"reason": text}, {"value": ["reason"]})
