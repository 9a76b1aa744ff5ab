"""Grubbs and Dixon against published critical values."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import outliers

# NIST/SEMATECH e-Handbook, section 1.3.5.17.1: mass spectrometer, uranium isotope.
URANIUM = [199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57]


def test_the_uranium_outlier_of_the_nist_handbook():
    """G = 2.468765; the one-sided 5 % point is 2.032."""
    result = outliers.grubbs(URANIUM)
    assert result.g == pytest.approx(2.468765, abs=5e-7)
    assert (result.suspect_index, result.suspect_value) == (7, 245.57)
    assert result.p_value_one_sided < 0.05


@pytest.mark.parametrize(("n", "critical"), [(3, 1.155), (10, 2.290), (20, 2.709), (30, 2.908)])
def test_two_sided_five_percent_points_of_grubbs(n, critical):
    """Grubbs and Beck 1972, Technometrics 14, table I (2.5 % one-sided)."""
    x = np.random.default_rng(n).normal(size=n)
    assert outliers.grubbs(x).critical_g_05_two_sided == pytest.approx(critical, abs=1e-3)


@pytest.mark.parametrize(
    ("n", "j", "i", "five", "two_and_a_half"),
    [
        (3, 1, 1, 0.941, 0.970), (4, 1, 1, 0.765, 0.829), (5, 1, 1, 0.642, 0.710),
        (6, 1, 1, 0.560, 0.625), (7, 1, 1, 0.507, 0.568), (8, 1, 2, 0.554, 0.615),
        (10, 1, 2, 0.477, 0.534), (11, 2, 2, 0.576, None), (13, 2, 2, 0.521, None),
        (14, 2, 3, 0.546, None), (20, 2, 3, 0.450, None), (30, 2, 3, 0.376, None),
    ],
)  # fmt: skip
def test_p_values_meet_the_tables_of_dixon_and_rorabacher(n, j, i, five, two_and_a_half):
    """Dixon 1953 and Rorabacher 1991, three decimals, 5 % and 2.5 % of one side."""
    assert outliers.dixon_tail(five, n, j, i) == pytest.approx(0.05, rel=0.03)
    if two_and_a_half is not None:
        assert outliers.dixon_tail(two_and_a_half, n, j, i) == pytest.approx(0.025, rel=0.03)


@pytest.mark.parametrize(
    ("n", "name"),
    [(3, "r10"), (7, "r10"), (8, "r11"), (10, "r11"), (11, "r21"), (13, "r21"), (14, "r22"),
     (30, "r22")],
)  # fmt: skip
def test_the_ratio_follows_the_sample_size(n, name):
    x = np.arange(float(n)) ** 2
    result = outliers.dixon(x)
    assert result.statistic == name
    assert 0 <= result.p_value_one_sided <= 1


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.integers(3, 30))
def test_a_mirror_image_gives_the_same_verdict(seed, n):
    x = np.random.default_rng(seed).normal(size=n)
    one, two = outliers.dixon(x), outliers.dixon(5 - 3 * x)
    assert two.r == pytest.approx(one.r)
    assert two.p_value_two_sided == pytest.approx(one.p_value_two_sided)
    assert outliers.grubbs(x).g == pytest.approx(outliers.grubbs(5 - 3 * x).g)
    assert one.suspect_index == two.suspect_index


def test_the_tail_falls_from_one_to_zero():
    tails = [outliers.dixon_tail(r, 9, 1, 2) for r in np.linspace(0, 1, 11)]
    assert tails[0] == pytest.approx(1, abs=1e-6)
    assert tails[-1] == 0
    assert all(a > b for a, b in pairwise(tails))


def test_rows_are_counted_with_the_missing_ones():
    assert outliers.grubbs([1, None, 1.1, 9, 1.2]).suspect_index == 3
    assert outliers.dixon([1, None, 1.1, 9, 1.2]).suspect_index == 3


def test_only_two_different_values_do_not_break_it():
    result = outliers.grubbs([1, 1, 1, 5])
    assert result.p_value_two_sided == pytest.approx(0, abs=1e-6)
    assert outliers.dixon([1, 1, 1, 5]).r == 1


@pytest.mark.parametrize("test", [outliers.grubbs, outliers.dixon])
@pytest.mark.parametrize(
    ("x", "said"),
    [([], "no values"), ([1, 2], "at least 3"), ([2, 2, 2], "all 3 values are 2"),
     ([1, "x", 3], "row 2")],
)  # fmt: skip
def test_bad_data_is_named(test, x, said):
    with pytest.raises(DataProblem) as caught:
        test(x)
    assert said in caught.value.message


def test_dixon_ends_at_thirty():
    with pytest.raises(DataProblem, match="up to 30"):
        outliers.dixon(range(31))
