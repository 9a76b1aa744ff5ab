import numpy as np
import pytest

from leanlab.analyses.registry import find
from leanlab.app import generators
from leanlab.app.session import Session
from leanlab.core.errors import DataProblem


@pytest.fixture
def session(tmp_path):
    opened = Session.create(tmp_path / "a.leanlab", name="Gauge")
    yield opened
    opened.close()


@pytest.mark.parametrize("analysis", generators.with_generator(), ids=lambda a: a.id)
def test_a_generator_makes_sheet_and_analysis_in_one_undo_step(session, analysis):
    made = generators.generate(session, analysis, analysis.generator.options())
    sheet = session.sheet(made.sheet_id)
    record = session.record(made.analysis_id)
    assert sheet.rows > 0
    assert record.get("sheet_id") == made.sheet_id
    chosen = {c for columns in record.get("roles").values() for c in columns}
    assert chosen <= {c.id for c in sheet.columns}
    assert all(record.get("roles").get(r.id) for r in analysis.roles if r.required)
    assert sheet.source["generator"] == analysis.generator.id
    session.undo()
    assert session.sheets() == []
    assert session.records("analysis") == []


@pytest.mark.parametrize("analysis", generators.with_generator(), ids=lambda a: a.id)
def test_the_stored_options_make_the_same_sheet_again(session, analysis):
    first = generators.generate(session, analysis, analysis.generator.options())
    options = session.sheet(first.sheet_id).source["options"]
    second = generators.generate(session, analysis, options)
    for column in session.sheet(first.sheet_id).columns:
        one, two = (session.column(m.sheet_id, column.id) for m in (first, second))
        assert np.array_equal(one, two, equal_nan=one.dtype.kind == "f")


def test_results_still_to_be_typed_are_counted(session):
    made = generators.generate(
        session, find("msa.gage_rr_crossed"), find("msa.gage_rr_crossed").generator.options()
    )
    rows = session.sheet(made.sheet_id).rows
    value = session.record(made.analysis_id).get("roles")["value"][0]
    assert generators.still_missing(session, made.analysis_id) == rows
    session.set_cells(made.sheet_id, [(row, value, "1.5") for row in range(1, rows)])
    assert generators.still_missing(session, made.analysis_id) == 1


def test_an_analysis_without_a_generator_says_so(session):
    with pytest.raises(DataProblem, match="needs no data sheet"):
        generators.generate(session, find("spc.i_mr"), {})
