"""How saved results stand: up to date, kept although the data changed, or out of date."""

import numpy as np
import pytest

from leanlab.analyses.declare import Spec
from leanlab.app import audit_pages, results, stored
from leanlab.app.reporting import analysis_part
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.data.columns import ColumnData


def test_a_result_does_not_grow_old_by_what_a_later_version_knows_of_a_metric():
    first = "Spec(lsl=1.0, usl=None, target=None, direction='lower')"
    assert results.demanded(Spec(lsl=1.0, direction="lower")) == first
    watched = results.demanded(Spec(lsl=1.0, direction="lower", guard=True))
    assert watched == f"{first[:-1]}, guard=True)"


@pytest.fixture
def session(tmp_path):
    opened = Session.create(tmp_path / "a.leanlab", name="Late orders")
    yield opened
    opened.close()


@pytest.fixture
def sheet(session):
    values = np.round(10 + np.sin(np.arange(24.0)), 1)
    return session.add_sheet("Deliveries", [ColumnData("late_h", "number", values, decimals=1)])


@pytest.fixture
def chart(session, sheet):
    return stored.add_analysis(session, "spc.i_mr", sheet)


def stands(session, saved):
    return results.standing(session, session.record(saved))


def test_up_to_date_means_that_nothing_changed_since(session, sheet, chart):
    saved = results.save_result(session, chart)
    assert stands(session, saved) == "current"
    session.set_cells(sheet, [(1, "c1", "12")])
    assert stands(session, saved) == "old"
    results.keep(session, saved)
    assert stands(session, saved) == "kept"
    session.set_cells(sheet, [(1, "c1", "10.0")])
    assert stands(session, saved) == "current"
    session.set_cells(sheet, [(1, "c1", "13")])
    assert stands(session, saved) == "old"


def test_a_kept_result_says_so_in_the_report_and_its_appendix(session, sheet, chart):
    saved = results.save_result(session, chart)
    session.set_cells(sheet, [(1, "c1", "12")])
    results.keep(session, saved)
    day = words.day(session.record(saved).get("kept_on"))
    told = f"kept as of {day}; data changed since"
    assert results.standing_words(session.record(saved), "kept") == told
    assert told in audit_pages._result(session, session.record(saved))
    said = repr(analysis_part(session, session.record(chart)))
    assert f"Its data changed since; on {day} it was kept as it is." in said


def test_a_result_whose_analysis_is_gone_is_neither_old_nor_up_to_date(session, chart):
    saved = results.save_result(session, chart)
    session.delete(chart, label="Delete the chart")
    assert stands(session, saved) == "alone"
    assert "deleted" in results.standing_words(session.record(saved), "alone")


def test_whether_a_result_is_out_of_date_is_found_out_once(tmp_path, monkeypatch):
    """Home page, card and save ask for it: fingerprints of large data are not taken for each."""
    from leanlab.app import results, roadmap, samples

    session = samples.build("changeover", tmp_path / "c.leanlab")
    try:
        view, taken = roadmap.view_of(session), []
        finding, real = view.proof(view.metric("primary")), results.digest
        session.edit(finding.id, {"title": "Before and after"})  # what the save found out is gone
        monkeypatch.setattr(results, "digest", lambda run: taken.append(run) or real(run))
        first = results.known_out_of_date(session, finding)
        session.set_fact("site", "North")  # nothing that a result rests on
        assert results.known_out_of_date(session, finding) is first
        assert len(taken) == 1
        session.edit(session.records("metric")[0].id, {"target": 19.0})
        assert results.out_of_date(session, finding) is True
        assert len(taken) == 2
        monkeypatch.setattr(results, "ROWS_IN_A_BLINK", 1)
        session.edit(session.records("metric")[0].id, {"target": 18.0})
        assert results.known_out_of_date(session, finding) is False
        assert len(taken) == 2, "large data are not looked at in passing"
    finally:
        session.close(keep_draft=False)
