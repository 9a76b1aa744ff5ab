import numpy as np
import pytest

from leanlab.app import effects, marks, readiness, results, stored
from leanlab.app.session import Session
from leanlab.core.errors import DataProblem
from leanlab.data.columns import ColumnData

VALUES = [
    8.1, 7.9, 8.4, 8.0, 7.6, 8.2, 8.3, 7.7, 8.1, 8.0,
    7.9, 8.2, 8.5, 7.8, 16.0, 8.1, 7.9, 8.0, 8.3, 7.7,
]  # fmt: skip


@pytest.fixture
def session(tmp_path):
    opened = Session.create(tmp_path / "a.leanlab", name="Late orders")
    yield opened
    opened.close()


@pytest.fixture
def sheet(session):
    days = np.datetime64("2026-04-01", "s") + 86400 * np.arange(20)
    return session.add_sheet(
        "Deliveries",
        [
            ColumnData("day", "datetime", days),
            ColumnData("late_h", "number", np.asarray(VALUES), unit="h", decimals=1),
            ColumnData("touches", "number", np.asarray(VALUES) * 2),
            ColumnData("carrier", "category", np.asarray(["N", "S"] * 10, dtype=object)),
        ],
    )


@pytest.fixture
def chart(session, sheet):
    return stored.add_analysis(session, "spc.i_mr", sheet)


def shown(session, chart):
    return stored.ready(session, session.record(chart)).run()


def test_a_comparison_begins_with_the_stages_that_were_marked_on_a_chart_of_the_column(
    session, sheet, chart
):
    marks.start_stage(session, chart, [11], "New list", point="point 11")
    made = stored.add_analysis(session, "compare.before_after", sheet)
    found = shown(session, made)
    assert found.numbers["n_after"] == 10
    other = stored.add_analysis(
        session, "compare.before_after", sheet, roles={"value": ["c3"], "order": ["c1"]}
    )
    assert marks.marks_of(session, other).stages == ()
    plain = stored.add_analysis(session, "spc.i_mr", sheet)
    assert marks.marks_of(session, plain).stages == ()


# columns -------------------------------------------------------------------------------------


def test_columns_are_guessed_and_name_the_analysis(session, chart):
    assert session.record(chart).get("roles") == {"value": ["c2"], "order": ["c1"]}
    assert session.record(chart).get("title") == "I-MR chart: late_h"
    assert shown(session, chart).numbers["i.out_of_limits"].tolist() == [14]


def test_a_column_of_a_metric_is_guessed_first(session, sheet):
    metric = session.add("metric", {"name": "touches"})
    session.edit_column(sheet, "c3", metric_id=metric)
    second = stored.add_analysis(session, "spc.i_mr", sheet)
    assert session.record(second).get("roles")["value"] == ["c3"]


@pytest.mark.parametrize("analysis", ["spc.i_mr", "spc.run_chart", "descriptive.summary"])
def test_headings_that_look_like_ids_of_other_columns_change_nothing(session, analysis):
    wide = session.add_sheet(
        "Wide",
        [
            ColumnData("w", "number", np.asarray(VALUES)),
            ColumnData("c1", "number", np.asarray(VALUES) * 3),
            *(ColumnData(f"c{i}", "number", np.asarray(VALUES) + i) for i in range(2, 1990)),
        ],
    )
    for column in ("c1", "c2", "c1990"):
        asked = stored.add_analysis(session, analysis, wide, roles={"value": [column]})
        found = stored.ready(session, session.record(asked))
        assert found.columns.one("value").name == {"c1": "w", "c2": "c1", "c1990": "c1989"}[column]
        assert found.columns.one("value").values.tolist() == session.column(wide, column).tolist()
        assert found.run().findings


def test_a_column_of_the_wrong_kind_is_named_by_its_heading(session, sheet):
    asked = stored.add_analysis(session, "spc.i_mr", sheet, roles={"value": ["c4"]})
    with pytest.raises(DataProblem, match="Column 'carrier' holds categories") as caught:
        stored.ready(session, session.record(asked))
    assert caught.value.hint == "Suitable: late_h, touches."


def test_the_title_follows_the_column_until_somebody_writes_one(session, chart):
    stored.choose_columns(session, chart, "value", ["c3"])
    assert session.record(chart).get("title") == "I-MR chart: touches"
    stored.rename(session, chart, "How long we wait")
    stored.choose_columns(session, chart, "value", ["c2"])
    assert session.record(chart).get("title") == "How long we wait"
    stored.rename(session, chart, " ")
    assert session.record(chart).get("title") == "I-MR chart: late_h"


def test_unsuitable_columns_say_why(session, sheet):
    info = session.sheet(sheet)
    value = stored.find("spc.i_mr").roles[0]
    reasons = [readiness.why_not(value, column) for column in info.columns]
    assert reasons[1] == ""
    assert reasons[3] == "holds categories; Value needs numbers or whole numbers"


def test_the_main_column_is_switched_to_the_next_that_suits(session, sheet, chart):
    info, analysis = session.sheet(sheet), stored.find("spc.i_mr")
    roles = session.record(chart).get("roles")
    assert readiness.next_column(analysis, info, roles, 1) == ("value", "c3")
    assert readiness.next_column(analysis, info, {**roles, "value": ["c3"]}, 1) == ("value", "c2")
    assert readiness.next_column(analysis, info, {}, 1) is None


def test_loaded_columns_are_read_again_only_when_their_sheet_changes(session, sheet, chart):
    first = readiness.values_of(session, sheet, "c2")
    session.edit(chart, {"options": {"k": 2.0}})
    assert readiness.values_of(session, sheet, "c2") is first
    session.set_cells(sheet, [(1, "c2", "9.9")])
    assert readiness.values_of(session, sheet, "c2")[0] == 9.9
    session.undo()
    assert readiness.values_of(session, sheet, "c2")[0] == 8.1


def test_a_metric_lends_its_target(session, sheet, chart):
    metric = session.add("metric", {"name": "late hours", "unit": "h", "target": 5.0})
    session.edit_column(sheet, "c2", metric_id=metric)
    assert stored.ready(session, session.record(chart)).columns.spec.target == 5.0


def test_a_process_change_becomes_an_event_of_its_metrics_charts(session, sheet, chart):
    metric = session.add("metric", {"name": "late hours"})
    session.edit_column(sheet, "c2", metric_id=metric)
    session.add(
        "action",
        {
            "title": "New cut-off", "status": "done", "done_on": "2026-04-11",
            "process_change": True, "metric_id": metric,
        },
    )  # fmt: skip
    events = stored.ready(session, session.record(chart)).columns.events
    assert [(e.day, e.text) for e in events] == [("2026-04-11", "New cut-off")]


# points --------------------------------------------------------------------------------------


def test_excluding_a_point_moves_the_limits_and_is_one_undo_step(session, chart):
    wide = shown(session, chart).numbers["i.ucl"][0]
    marks.exclude(session, chart, [15], "strike", point="point 15")
    after = shown(session, chart)
    assert after.numbers["i.ucl"][0] < wide
    assert "1 excluded" in after.charts[0].caption
    assert session.undo_label == "Exclude point 15"
    session.undo()
    assert shown(session, chart).numbers["i.ucl"][0] == wide


@pytest.mark.parametrize("verb", [marks.exclude, marks.exclude_everywhere])
def test_excluding_without_a_reason_is_impossible(session, chart, verb):
    with pytest.raises(DataProblem, match="needs a reason"):
        verb(session, chart, [15], "  ", point="point 15")
    assert session.undo_label == "Add I-MR chart"


def test_an_exclusion_everywhere_is_a_row_state_and_reaches_the_other_analyses(
    session, sheet, chart
):
    other = stored.add_analysis(session, "spc.run_chart", sheet)
    assert marks.affected(session, chart) == ["Run chart: late_h"]
    marks.exclude(session, chart, [15], "strike", point="point 15")
    marks.exclude_everywhere(session, chart, [15], "strike", point="point 15")
    assert session.row_states(sheet)[15].reason == "strike"
    assert marks.marks_of(session, chart).excluded == ()
    assert shown(session, other).charts[0].points.excluded[14]
    session.undo()
    assert session.row_states(sheet) == {}
    assert len(marks.marks_of(session, chart).excluded) == 1


def test_include_takes_a_point_back_wherever_it_was_left_out(session, sheet, chart):
    marks.exclude_everywhere(session, chart, [15], "strike", point="point 15")
    marks.include(session, chart, [15], point="point 15")
    assert session.row_states(sheet) == {}
    assert session.undo_label == "Include point 15 again"


def test_a_note_can_be_changed_and_removed(session, chart):
    marks.annotate(session, chart, [15], "strike", point="point 15")
    marks.annotate(session, chart, [15], "strike, 2 days", point="point 15")
    assert marks.note_at(marks.marks_of(session, chart), [15]) == "strike, 2 days"
    marks.annotate(session, chart, [15], "", point="point 15")
    assert marks.marks_of(session, chart).notes == ()


def test_a_stage_and_points_used_for_the_limits(session, chart):
    marks.start_stage(session, chart, [11], "after", point="point 11")
    assert len(shown(session, chart).numbers["mean_by_stage"]) == 2
    marks.start_stage(session, chart, [11], "", point="point 11")
    marks.use_limits_until(session, chart, 10, point="point 10")
    result = shown(session, chart)
    assert result.numbers["mean_by_stage"][0] == pytest.approx(np.mean(VALUES[:10]))
    marks.use_limits_until(session, chart, None, point="point 10")
    assert shown(session, chart).numbers["mean_by_stage"][0] == pytest.approx(np.mean(VALUES))


def test_a_stage_remembers_the_action_behind_it(session, chart):
    action = session.add("action", {"title": "New cut-off"})
    marks.start_stage(session, chart, [11], "after", point="point 11", because=action)
    assert [(k.verb, k.to_id) for k in session.links(chart)] == [("stage_because", action)]
    session.undo()
    assert session.links(chart) == []


def test_an_action_from_a_signal_is_linked_to_its_chart(session, chart):
    code = marks.add_action(session, chart, "point 15, 16.0 h", point="point 15")
    action = session.records("action")[0]
    assert (action.code, action.get("status")) == (code, "open")
    assert "point 15, 16.0 h" in action.get("title")
    assert [k.to_id for k in session.links(chart)] == [action.id]
    session.undo()
    assert session.records("action") == []


def test_the_effect_of_an_exclusion_is_known_before(session, chart):
    run = stored.ready(session, session.record(chart))
    effect = effects.effect_of_excluding(run, run.run(), [15], 14)
    assert effect.mean == pytest.approx((np.mean(VALUES), np.mean([v for v in VALUES if v < 10])))
    assert effect.signals == (5, 0)
    assert effect.width < 0
    words = effect.words("point 15", 2)
    assert words.startswith(
        "With point 15: average 8.44, 5 signals. Without: average 8.04, no signal."
    )
    assert words.endswith("narrower.")


def test_many_exclusions_are_warned_of(session, chart):
    for row in (1, 2, 3):
        marks.exclude(session, chart, [row], "strike", point=f"point {row}")
    known = marks.marks_of(session, chart)
    assert "common cause" in effects.warning(known, [4], "Strike", 100)
    assert effects.warning(known, [4], "wrong scale", 100) == ""
    assert "one point in ten" in effects.warning(known, [4], "wrong scale", 20)


# saved results -------------------------------------------------------------------------------


def test_a_saved_result_is_frozen_and_knows_when_it_is_out_of_date(session, sheet, chart):
    saved = results.save_result(session, chart)
    finding = session.record(saved)
    assert finding.get("svg").startswith("<?xml")
    assert finding.get("data")["columns"] == ["late_h", "day"]
    assert not results.out_of_date(session, finding)
    session.set_cells(sheet, [(1, "c2", "9.9")])
    assert results.out_of_date(session, session.record(saved))
    session.undo()
    assert not results.out_of_date(session, session.record(saved))


def test_a_change_that_a_result_does_not_rest_on_leaves_it_up_to_date(session, sheet, chart):
    saved = results.save_result(session, chart)
    session.set_cells(sheet, [(1, "c3", "99")])
    assert not results.out_of_date(session, session.record(saved))


def test_recompute_brings_the_new_numbers_into_the_same_result(session, sheet, chart):
    saved = results.save_result(session, chart)
    before = session.record(saved).get("numbers")["mean_by_stage"]
    session.set_cells(sheet, [(1, "c2", "9.9")])
    results.recompute(session, saved)
    assert session.record(saved).get("numbers")["mean_by_stage"] != before
    assert not results.out_of_date(session, session.record(saved))
    session.undo()
    assert session.record(saved).get("numbers")["mean_by_stage"] == before


def test_keep_silences_this_change_but_not_the_next(session, sheet, chart):
    saved = results.save_result(session, chart)
    session.set_cells(sheet, [(1, "c2", "9.9")])
    results.keep(session, saved)
    assert not results.out_of_date(session, session.record(saved))
    session.set_cells(sheet, [(2, "c2", "9.9")])
    assert results.out_of_date(session, session.record(saved))


def test_a_result_knows_what_rests_on_it(session, chart):
    saved = results.save_result(session, chart)
    cause = session.add("cause", {"text": "gate 2"})
    results.use_as_evidence(session, saved, cause)
    results.answer_question(session, saved, "measure", "M1")
    uses = {use.record.kind: use for use in results.used_by(session, saved)}
    assert set(uses) == {"cause", "gate"}
    assert uses["gate"].place == "phase:measure"
    gate = session.records("gate")[0]
    assert gate.get("answers")["M1"]["finding"] == saved


def test_a_duplicate_has_the_marks_but_not_the_results(session, chart):
    marks.exclude(session, chart, [15], "strike", point="point 15")
    results.save_result(session, chart)
    copy = stored.duplicate(session, chart)
    assert marks.marks_of(session, copy) == marks.marks_of(session, chart)
    assert results.results_of(session, copy) == []
    assert session.record(copy).get("title") == "I-MR chart: late_h (copy)"
