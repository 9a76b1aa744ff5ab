"""The samples are finished projects: sound, without loose ends, built quickly, from seeded data."""

import importlib.util
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leanlab.app import roadmap
from leanlab.app.readiness import ready
from leanlab.app.reporting import write_report
from leanlab.app.results import out_of_date
from leanlab.app.samples import SAMPLES, build, copy_of
from leanlab.app.session import Session
from leanlab.app.worksheets import register_view, view_of
from leanlab.core import clock
from leanlab.core.errors import DocumentProblem
from leanlab.core.resources import resource
from leanlab.store.project import check
from leanlab.worksheets.declare import empty, open_musts, single, value_of

NAMES = [sample.id for sample in SAMPLES]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Each sample, built once."""
    folder = tmp_path_factory.mktemp("samples")
    built = {}

    def file(name):
        if name not in built:
            began = time.process_time()
            build(name, folder / f"{name}.leanlab").close()
            built[name] = (folder / f"{name}.leanlab", time.process_time() - began)
        return built[name]

    return file


@pytest.fixture(params=NAMES)
def sample(request, files):
    opened = Session.open(files(request.param)[0], read_only=True)
    yield opened
    opened.close()


def test_the_data_are_those_of_the_script(tmp_path):
    script = Path(__file__).parents[1] / "make_samples.py"
    spec = importlib.util.spec_from_file_location("make_samples", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.make_all(tmp_path)
    made = sorted(tmp_path.iterdir())
    assert len(made) == 8
    for file in made:
        assert file.read_bytes() == resource(f"samples/{file.name}").read_bytes(), file.name


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_built_in_five_seconds_and_is_sound(files, name):
    path, seconds = files(name)
    assert seconds < 5 * 3  # of processor time on a busy machine
    assert check(path).sound


@pytest.mark.slow
def test_finished_phases_have_no_open_must_and_the_chain_no_loose_end(sample):
    state = roadmap.state_of(sample, thorough=True)
    assert [a.question.id for p in state.phases if p.passed for a in p.blocking] == []
    assert [e.text for e in state.loose_ends] == []
    assert sum(p.passed for p in state.phases) >= len(state.phases) - 1


@pytest.mark.slow
def test_every_phase_has_worksheets_and_a_decision_or_is_the_last(sample):
    state = roadmap.state_of(sample)
    filled = {w.get("phase") for w in sample.records("worksheet")}
    assert {p.phase.id for p in state.phases} <= filled
    assert all(p.decision is not None for p in state.phases[:-1])


@pytest.mark.slow
def test_every_worksheet_is_ready_and_meets_its_musts(sample):
    for record in sample.records("worksheet"):
        view = view_of(sample, record.id)
        assert view.status in {"ready", "reviewed"}, record.get("title")
        left = [m.hit.text for m in open_musts(view)]
        assert left == [], record.get("title")


@pytest.mark.slow
def test_every_analysis_runs_and_every_saved_result_is_up_to_date_or_kept(sample):
    for record in sample.records("analysis"):
        assert ready(sample, record).run().findings, record.get("title")
    stale = [f.get("title") for f in sample.records("finding") if out_of_date(sample, f)]
    assert stale == []


@pytest.mark.slow
def test_what_is_shown_is_shown_by_the_numbers(sample):
    state = roadmap.state_of(sample)
    view = roadmap.view_of(sample)
    proof = view.proof(view.metric("primary"))
    expected = "promising" if state.roadmap.id == "kaizen" else "confirmed"
    assert proof.get("numbers")["verdict"] == expected


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".pdf", ".html"])
def test_a_sample_has_a_report(sample, tmp_path, ending):
    path = tmp_path / f"report{ending}"
    write_report(sample, path)
    assert path.stat().st_size > 50_000


@pytest.mark.slow
def test_the_deliveries_are_messy_data_of_real_size(files):
    session = Session.open(files("late-deliveries")[0], read_only=True)
    try:
        orders = next(s for s in session.sheets() if s.title == "Orders")
        assert orders.rows > 3000
        assert len(session.bad_cells(orders.id)) == 2
        assert {"dispatch export.csv"} == {s.source.get("file") for s in session.sheets()}
    finally:
        session.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment", [datetime(2027, 2, 28, 9, tzinfo=UTC), datetime(2028, 12, 31, 9, tzinfo=UTC)]
)
def test_dates_are_those_of_the_opening(tmp_path, moment):
    with clock.frozen(moment):
        session = build("changeover", tmp_path / "c.leanlab")
        try:
            today = clock.today().isoformat()
            done = [a.get("done_on") for a in session.records("action") if a.get("done_on")]
            assert max(done) < today
            assert min(done) > f"{clock.today().year - 1}-01-01"
            assert roadmap.state_of(session, thorough=True).loose_ends == []
        finally:
            session.close()


def test_an_unknown_sample_is_a_problem_that_names_the_others(tmp_path):
    with pytest.raises(DocumentProblem, match="no sample") as found:
        build("nothing", tmp_path / "x.leanlab")
    assert all(name in found.value.hint for name in NAMES)


def test_a_second_copy_gets_a_name_of_its_own():
    first = copy_of("changeover")
    first.write_bytes(b"x")
    assert copy_of("changeover") != first


def test_every_choice_in_a_sample_is_one_that_can_be_chosen(sample):
    views = [view_of(sample, record.id) for record in sample.records("worksheet")]
    views += [register_view(sample, kind) for kind in ("risk", "actions")]
    for view in views:
        for section in view.type.sections:
            rows = view.all(section.id) if section.repeats else (single(view, section),)
            for field in (f for f in section.all_fields(view) if f.choices):
                for value in (value_of(field, row, view) for row in rows):
                    assert empty(value) or str(value) in field.choices, (
                        view.type.id,
                        field.id,
                        value,
                    )
