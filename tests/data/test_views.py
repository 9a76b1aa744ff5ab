import numpy as np
import pytest

from leanlab.data.views import Condition, facts_of, in_words, matching, order_of, problem_of

NUMBERS = np.array([1.0, np.nan, 5.0, 3.0])
TEXTS = np.array(["North", None, "South", "north east"], dtype=object)
DAYS = np.array(["2026-04-26T10:00", "NaT", "2026-04-27", "2026-04-25"], dtype="datetime64[s]")


@pytest.mark.parametrize(
    ("kind", "values", "op", "given", "rows"),
    [
        ("number", NUMBERS, "above", ("2,5",), [2, 3]), ("number", NUMBERS, "between", ("3", "1"), [0, 3]),
        ("number", NUMBERS, "is_not", ("1",), [2, 3]), ("number", NUMBERS, "empty", (), [1]),
        ("number", NUMBERS, "filled", (), [0, 2, 3]), ("category", TEXTS, "one_of", ("North", "South"), [0, 2]),
        ("category", TEXTS, "contains", ("NORTH",), [0, 3]), ("category", TEXTS, "is_not", ("North",), [2, 3]),
        ("datetime", DAYS, "is", ("26.04.2026",), [0]), ("datetime", DAYS, "above", ("2026-04-26",), [2]),
        ("datetime", DAYS, "at_most", ("2026-04-26",), [0, 3]),
    ],
)  # fmt: skip
def test_conditions_choose_rows(kind, values, op, given, rows):
    assert np.flatnonzero(matching(Condition("c1", op, given), kind, values)).tolist() == rows


def test_cells_that_do_not_fit_are_neither_empty_nor_filled():
    bad = np.array([False, True, False, False])
    assert not matching(Condition("c1", "empty"), "number", NUMBERS, bad).any()
    assert np.flatnonzero(matching(Condition("c1", "bad"), "number", NUMBERS, bad)).tolist() == [1]


@pytest.mark.parametrize(
    ("kind", "values", "descending", "rows"),
    [
        ("number", NUMBERS, False, [0, 3, 2, 1]), ("number", NUMBERS, True, [2, 3, 0, 1]),
        ("category", TEXTS, False, [0, 3, 2, 1]), ("datetime", DAYS, True, [2, 0, 3, 1]),
    ],
)  # fmt: skip
def test_missing_cells_come_last_whatever_the_order(kind, values, descending, rows):
    assert order_of(kind, values, descending=descending).tolist() == rows


def test_equal_cells_keep_their_order():
    assert order_of("number", np.array([2.0, 1.0, 2.0, 1.0]), descending=True).tolist() == [
        0,
        2,
        1,
        3,
    ]


def test_conditions_read_as_part_of_a_sentence():
    assert in_words(Condition("c", "above", ("5",)), "late", "number") == "late is above 5"
    assert in_words(Condition("c", "above", ("5 May",)), "day", "datetime") == "day is after 5 May"
    assert in_words(Condition("c", "between", ("1", "2")), "x", "number") == "x is between 1 and 2"
    assert (
        in_words(Condition("c", "one_of", tuple("abcdef")), "x", "text")
        == "x is one of a, b, c, d and 2 more"
    )


@pytest.mark.parametrize(
    ("kind", "op", "given", "words"),
    [
        ("number", "above", ("",), "Fill in"), ("number", "above", ("much",), "number"),
        ("datetime", "above", ("03/04/2026",), "date"), ("text", "one_of", (), "at least one"),
        ("number", "between", ("1", ""), "both"), ("number", "bad", (), ""),
    ],
)  # fmt: skip
def test_what_a_condition_lacks_is_said(kind, op, given, words):
    assert words in problem_of(Condition("c", op, given), kind)


def test_facts_say_how_a_column_is_spread():
    facts = facts_of("number", NUMBERS, bad=0)
    assert (facts.filled, facts.missing, facts.low, facts.middle, facts.high) == (
        3,
        1,
        1.0,
        3.0,
        5.0,
    )
    assert sum(facts.bins) == 3
    days = facts_of("datetime", DAYS, bad=1)
    assert (days.missing, days.first, days.last, days.falls_back_after) == (
        0,
        "2026-04-25",
        "2026-04-27",
        2,
    )
    assert facts_of("category", TEXTS, bad=0).different == 3
    assert facts_of("number", np.array([np.nan]), bad=1).missing == 0
