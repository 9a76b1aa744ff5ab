import numpy as np
import pytest

from leanlab.app import stored
from leanlab.app.session import Session
from leanlab.data.columns import ColumnData

VALUES = [
    8.1,
    7.9,
    8.4,
    8.0,
    7.6,
    8.2,
    8.3,
    7.7,
    8.1,
    8.0,
    7.9,
    8.2,
    8.5,
    7.8,
    16.0,
    8.1,
    7.9,
    8.0,
    8.3,
    7.7,
]


@pytest.fixture
def session(tmp_path):
    opened = Session.create(tmp_path / "a.leanlab", name="Late orders")
    yield opened
    opened.close()


@pytest.fixture
def chart(session):
    sheet = session.add_sheet(
        "Deliveries",
        [
            ColumnData("day", "datetime", np.datetime64("2026-04-01", "s") + 86400 * np.arange(20)),
            ColumnData("late_h", "number", np.asarray(VALUES), unit="h", decimals=1),
        ],
    )
    return stored.add_analysis(session, "spc.i_mr", sheet)


def shown(session, chart):
    return stored.ready(session, session.record(chart)).run()


def test_roles_are_guessed(session, chart):
    assert session.record(chart).get("roles") == {"value": ["c2"], "order": ["c1"]}
    assert shown(session, chart).numbers["i.out_of_limits"].tolist() == [14]


def test_excluding_a_point_moves_the_limits_and_is_one_undo_step(session, chart):
    wide = shown(session, chart).numbers["i.ucl"][0]
    stored.exclude(session, chart, [15], "strike", point="point 15")
    after = shown(session, chart)
    assert after.numbers["i.ucl"][0] < wide
    assert "1 excluded" in after.charts[0].caption
    assert session.undo_label == "Exclude point 15"
    session.undo()
    assert shown(session, chart).numbers["i.ucl"][0] == wide


def test_a_stage_and_frozen_limits(session, chart):
    stored.start_stage(session, chart, [11], "after", point="point 11")
    assert len(shown(session, chart).numbers["mean_by_stage"]) == 2
    stored.start_stage(session, chart, [11], "", point="point 11")
    stored.use_limits_until(session, chart, 10, point="point 10")
    result = shown(session, chart)
    assert "points 1 to 10" in result.charts[0].caption
    assert result.numbers["mean_by_stage"][0] == pytest.approx(np.mean(VALUES[:10]))


def test_a_saved_result_is_frozen_and_knows_when_it_is_out_of_date(session, chart):
    saved = stored.save_result(session, chart)
    finding = session.record(saved)
    assert finding.get("svg").startswith("<?xml")
    assert not stored.out_of_date(session, finding)
    sheet = session.record(chart).get("sheet_id")
    session.set_cells(sheet, [(1, "c2", "9.9")])
    assert stored.out_of_date(session, session.record(saved))
    session.undo()
    assert not stored.out_of_date(session, session.record(saved))


def test_a_metric_lends_its_target(session, chart):
    sheet = session.record(chart).get("sheet_id")
    metric = session.add("metric", {"name": "late hours", "unit": "h", "target": 5.0})
    session.edit_column(sheet, "c2", metric_id=metric)
    assert stored.ready(session, session.record(chart)).columns.spec.target == 5.0
