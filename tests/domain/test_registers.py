"""What follows from changing a register row, and how late things are said."""

from datetime import date

import pytest

from leanlab.domain.registers import (
    consequences,
    due_words,
    is_late,
    metric_lacks,
    usual_gate_dates,
)

TODAY = date(2026, 5, 4)


def test_closing_an_action_keeps_the_day():
    assert consequences("action", {"status": "open"}, {"status": "done"}, TODAY) == {
        "done_on": "2026-05-04", "progress": 100,
    }  # fmt: skip


def test_full_progress_closes_an_action():
    found = consequences("action", {"status": "open"}, {"progress": 100}, TODAY)
    assert found["status"] == "done"
    assert found["done_on"] == "2026-05-04"


def test_opening_an_action_again_forgets_the_day():
    before = {"status": "done", "done_on": "2026-05-01"}
    assert consequences("action", before, {"status": "open"}, TODAY) == {"done_on": None}


def test_a_day_that_was_typed_stays():
    assert "done_on" not in consequences(
        "action", {}, {"status": "done", "done_on": "2026-04-30"}, TODAY
    )


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-05-03", "1 day late"),
        ("2026-05-04", "due today"),
        ("2026-05-10", "due in 6 d"),
        ("2026-08-01", ""),
        ("soon", ""),
    ],
)
def test_due_dates_in_words(due, words):
    assert due_words("open", due, TODAY) == words


def test_a_done_action_is_never_late():
    assert not is_late("done", "2020-01-01", TODAY)


def test_gates_do_not_fall_on_weekends():
    assert all(day.isoweekday() <= 5 for day in usual_gate_dates(date(2026, 5, 2)).values())


def test_only_what_a_metric_lacks_is_named():
    assert metric_lacks({"unit": "kg", "direction": "lower"}) == "a definition"
    assert metric_lacks({}) == "a unit and a direction and a definition"
    assert metric_lacks({"unit": "kg", "direction": "lower", "definition": "by scale"}) == ""
