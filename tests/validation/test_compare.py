"""The comparison rule: what passes, what does not, and how far off the worst number is."""

import math

import numpy as np
import pytest

from leanlab.validation.compare import compare


def verdict(expected, got, **more):
    return compare({"expected": expected, "rtol": 1e-6, "atol": 1e-9} | more, got).mismatches


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, 1.0 + 9e-7),
        (0.0, 9e-10),
        (None, None),
        (None, math.nan),
        ("SU", "SU"),
        (True, True),
        ([1, None, 3], [1.0, math.nan, 3.0]),
        ([1.0, 2.0], (1.0, 2.0)),
        ([1.0, 2.0], np.asarray([1.0, 2.0])),
        ({"a": 1}, {"a": 1, "extra": 2}),
        ({"a": None}, {}),
    ],
)
def test_equal_within_tolerance_passes(expected, got):
    assert verdict({"value": expected}, {"value": got}) == []


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, 1.0 + 2e-6),
        (0.0, 2e-9),
        (1.0, None),
        (1.0, math.nan),
        (None, 0.0),
        ("SU", "SB"),
        (True, False),
        ([1, 2], [1]),
        ([1, 2], "12"),
        ([1], 1.0),
        ({"a": 1}, {}),
        ({"a": 1}, [1]),
        (1.0, "one"),
    ],
)
def test_a_difference_is_named(expected, got):
    assert verdict({"value": expected}, {"value": got})[0].startswith("value")


def test_a_missing_field_fails_unless_nothing_was_expected():
    assert verdict({"a": 1, "b": None}, {}) == ["a: missing"]


def test_a_field_may_have_its_own_tolerance():
    loose = {"rtol_fields": {"p": 0.1}, "atol_fields": {"q": 0.1}}
    assert verdict({"p": 1.0, "q": 0.0}, {"p": 1.05, "q": 0.05}, **loose) == []
    assert len(verdict({"p": 1.0, "q": 0.0}, {"p": 1.05, "q": 0.05})) == 2


def test_the_worst_relative_error_names_its_field():
    worst = compare(
        {"expected": {"a": [1.0, 2.0], "b": {"c": 4.0}}, "rtol": 1, "atol": 0},
        {"a": [1.0, 2.2], "b": {"c": 4.1}},
    )
    assert worst.name == "a[1]"
    assert worst.rel == pytest.approx(0.1)
