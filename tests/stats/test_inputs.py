"""Bad input is named by row, with the way out; good input passes unchanged."""

import decimal

import numpy as np
import pandas as pd
import pytest

from leanlab.core.errors import DataProblem
from leanlab.stats import inputs

INF = float("inf")


@pytest.mark.parametrize(
    "values",
    [
        [1, None, 2.5],
        (1.0, float("nan"), 2.5),
        np.asarray([1.0, np.nan, 2.5]),
        np.ma.masked_array([1.0, 9.0, 2.5], [0, 1, 0]),
        pd.Series([1.0, None, 2.5]),
        pd.Series([1, pd.NA, 2.5], dtype="Float64"),
        [decimal.Decimal(1), None, decimal.Decimal("2.5")],
        np.asarray([1, None, 2.5], dtype=object),
    ],
    ids=lambda v: type(v).__name__,
)
def test_columns_of_every_kind_become_floats(values):
    np.testing.assert_array_equal(inputs.numbers(values), [1.0, np.nan, 2.5])


def test_an_array_of_floats_is_not_copied():
    x = np.asarray([1.0, 2.0])
    assert inputs.numbers(x) is x


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["a"], "Value in row 1 is not a number ('a')"),
        ([1, "2.5"], "Value in row 2 is not a number ('2.5')"),
        ([1, 2, INF], "Value in row 3 is infinite"),
        ([None, -INF], "Value in row 2 is infinite"),
        ([1, 1e200], "Value in row 2 is too large"),
        ([None, -1e200], "Value in row 2 is too large"),
        ([[1, 2], [3, 4]], "one column"),
        ([[1], [2, 3]], "one column"),
        ([1, [2, 3]], "one column"),
        ("12", "not text"),
        ({"a": 1}, "not text"),
        (5.0, "one column"),
        ([1, 2 + 3j], "not a number"),
        ([np.datetime64("2026-01-01")], "not a number"),
    ],
)
def test_what_is_not_a_column_of_numbers_is_refused(values, said):
    with pytest.raises(DataProblem) as caught:
        inputs.numbers(values)
    assert said in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: inputs.known([None]), "there are no values"),
        (lambda: inputs.known([1, None], least=2), "there is 1 value"),
        (lambda: inputs.varied([3, 3, None]), "all 2 values are 3"),
        (lambda: inputs.positive([1, None, 0]), "in row 3 is 0"),
        (lambda: inputs.positive([-1, 2]), "in row 1 is -1"),
        (lambda: inputs.counts([]), "no values"),
        (lambda: inputs.counts([1, None]), "row 2 is missing"),
        (lambda: inputs.counts([1, -1]), "row 2 is negative"),
        (lambda: inputs.counts([1, 1.5]), "row 2 is not a whole number"),
        (
            lambda: inputs.counts_of([1, 5], [4, 4]),
            "Defectives in row 2 (5) exceeds the sample (4)",
        ),
        (lambda: inputs.counts_of([0], [0]), "Sample size in row 1 is 0"),
        (lambda: inputs.counts_of([0, 1], [4]), "2 rows"),
        (lambda: inputs.exposures([1, 0], 2), "row 2 is 0"),
        (lambda: inputs.exposures([1, None], 2), "row 2 is missing"),
        (lambda: inputs.exposures([1], 2), "2 rows"),
        (lambda: inputs.pairs([1, 2], [1]), "2 rows"),
        (lambda: inputs.pairs([1, None, 3], [None, 2, 3]), "Only 1 rows"),
        (lambda: inputs.groups({"A": [1, 2]}), "There is 1 group"),
        (lambda: inputs.groups({"A": [1], "B": [None]}), "Group B: there are no values"),
        (lambda: inputs.groups("ab"), "columns of numbers"),
        (lambda: inputs.split([1, 2], ["a"]), "2 rows"),
        (lambda: inputs.subgroups([]), "no subgroups"),
        (lambda: inputs.subgroups("abc"), "lists of numbers"),
        (lambda: inputs.subgroups([[1, 2], [3, "x"]]), "Subgroup 2: value in row 2"),
        (lambda: inputs.subgroups(np.asarray([[1, 2], [3, INF]])), "Subgroup 2: value in row 2"),
        (lambda: inputs.number("5", "K"), "must be a number"),
        (lambda: inputs.number(None, "K"), "must be a number"),
        (lambda: inputs.number(0, "K", above=0), "above 0"),
        (lambda: inputs.number(-1, "K", least=0), "at least 0"),
        (lambda: inputs.whole(2.5, "N"), "whole number"),
        (lambda: inputs.whole(1, "N", least=2), "at least 2"),
        (lambda: inputs.whole(9, "N", most=5), "0 to 5"),
        (lambda: inputs.fraction(95), "between 0 and 1"),
        (lambda: inputs.fraction(1.0), "between 0 and 1"),
        (lambda: inputs.choice("x", ("a", "b"), "method"), "Unknown method 'x'"),
        (lambda: inputs.limits(2, 1), "not below"),
        (lambda: inputs.limits(1, 1), "not below"),
        (lambda: inputs.limits(None, None), "No specification limit"),
        (lambda: inputs.limits(INF, None), "must be a number"),
    ],
)
def test_each_reader_names_what_is_wrong(call, said):
    with pytest.raises(DataProblem) as caught:
        call()
    assert said in caught.value.message


def test_a_percentage_in_place_of_a_fraction_gets_the_right_hint():
    with pytest.raises(DataProblem) as caught:
        inputs.fraction(95)
    assert caught.value.hint == "95 % is written 0.95."


def test_groups_and_splits_keep_the_order_of_appearance():
    assert list(inputs.groups([[1], [2]])) == ["1", "2"]
    found = inputs.split([1, None, 3, 4], ["b", "b", "a", "b"])
    assert list(found) == ["b", "a"]
    np.testing.assert_array_equal(found["b"], [1.0, 4.0])


def test_subgroups_lose_missing_values_and_keep_their_place():
    sizes = [g.size for g in inputs.subgroups([[1, None], [None], 3.0])]
    assert sizes == [1, 0, 1]
    matrix = np.asarray([[1.0, np.nan], [2.0, 3.0]])
    assert [g.size for g in inputs.subgroups(matrix)] == [1, 2]


def test_limits_may_be_one_sided_or_nan():
    assert inputs.limits(1, None) == (1.0, None)
    assert inputs.limits(float("nan"), 2) == (None, 2.0)
    assert inputs.limits(None, None, needed=False) == (None, None)
