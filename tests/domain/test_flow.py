"""How often cases visit steps, with loops and splits."""

import pytest

from leanlab.domain.flow import Way, expected_visits, reachable, shares


def test_a_loop_of_ten_percent_visits_a_step_one_and_a_ninth_times():
    ways = {"load": [Way("check")], "check": [Way("go", 0.9), Way("load", 0.1)], "go": []}
    visits = expected_visits({"start": [Way("load")], **ways})
    assert visits["load"] == pytest.approx(1 / 0.9)
    assert visits["go"] == pytest.approx(1.0)


def test_what_is_not_said_is_split_equally():
    assert shares([Way("a", 0.5), Way("b"), Way("c")]) == pytest.approx([0.5, 0.25, 0.25])


def test_a_loop_that_never_ends_has_no_answer():
    assert expected_visits({"s": [Way("a")], "a": [Way("b")], "b": [Way("a")]}) is None


def test_steps_that_cannot_be_reached_are_known():
    assert reachable({"a": [Way("b")], "b": [], "c": [Way("b")]}, ["a"]) == {"a", "b"}
