"""Normality tests: other implementations, properties, bad data."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.diagnostic import normal_ad

from leanlab.core.errors import DataProblem
from leanlab.stats import normality

FIXED = settings(derandomize=True, max_examples=30, deadline=None)
TESTS = ("anderson_darling", "shapiro_wilk", "ryan_joiner", "lilliefors")


def test_anderson_darling_agrees_with_statsmodels():
    x = np.random.default_rng(1).lognormal(0, 0.4, 60)
    ours, theirs = normality.anderson_darling(x), normal_ad(x)
    assert (ours.a2, ours.p_value) == pytest.approx(theirs, rel=1e-7)


def test_a_very_large_statistic_has_a_tiny_p_value():
    """nortest returns 3.7e-24 from A* = 10 on, where the published parabola turns up."""
    x = np.concatenate([np.zeros(300), np.ones(300) * 9, [4.0]])
    assert normality.anderson_darling(x).p_value == 3.7e-24


def test_shapiro_francia_is_the_square_of_ryan_joiner():
    """Royston's p-value at Ryan and Joiner's own critical values: two papers, one table."""
    for n in (10, 20, 50):
        x = np.random.default_rng(n).normal(size=n)
        result = normality.ryan_joiner(x)
        for level in ("10", "05", "01"):
            critical = getattr(result, f"critical_{level}")
            p = normality._shapiro_francia_p(critical, n)
            assert p == pytest.approx(float(f"0.{level}"), rel=0.16)


def test_a_sample_of_normal_scores_is_as_normal_as_can_be():
    n = 50
    scores = scipy.stats.norm.ppf((np.arange(1, n + 1) - 0.375) / (n + 0.25))
    assert normality.ryan_joiner(scores).rj == pytest.approx(1)
    assert normality.ryan_joiner(scores).p_value > 0.999
    assert normality.shapiro_wilk(scores).p_value > 0.99
    assert normality.anderson_darling(scores).p_value > 0.99
    assert normality.lilliefors(scores).p_value > 0.99


@pytest.mark.parametrize(
    ("n", "points"),
    # Abdi and Molin 2007, Lilliefors/Van Soest's test: simulated critical values
    [(20, {0.05: 0.1920, 0.01: 0.2226}), (50, {0.05: 0.1246, 0.01: 0.1457})],
)
def test_lilliefors_p_meets_simulated_critical_values(n, points):
    for p, d in points.items():
        assert normality._lilliefors_p(d, n) == pytest.approx(p, rel=0.12)


@pytest.mark.parametrize("name", ["anderson_darling", "shapiro_wilk", "ryan_joiner"])
def test_p_values_are_uniform_under_the_null(name):
    g = np.random.default_rng(42)
    p = [getattr(normality, name)(g.normal(5, 2, 30)).p_value for _ in range(500)]
    assert scipy.stats.kstest(p, "uniform").pvalue > 0.01


@FIXED
@given(st.integers(0, 1000), st.floats(-1e6, 1e6), st.floats(0.001, 1000))
def test_unit_origin_and_order_do_not_matter(seed, shift, scale):
    x = np.random.default_rng(seed).gamma(3, 1, 40)
    moved = shift + scale * x[::-1]
    for name, field in zip(TESTS, ("a2", "w", "rj", "d"), strict=True):
        test = getattr(normality, name)
        assert getattr(test(moved), field) == pytest.approx(getattr(test(x), field), rel=1e-5)


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize(
    ("x", "said"),
    [([], "no values"), ([1, 2], "at least"), ([4] * 9, "all 9 values are 4"),
     ([1, 2, "x", 4, 5], "row 3"), ([1, 2, 3, 4, float("inf")], "row 5")],
)  # fmt: skip
def test_bad_data_is_named(name, x, said):
    with pytest.raises(DataProblem) as caught:
        getattr(normality, name)(x)
    assert said in caught.value.message


def test_missing_values_are_left_out():
    x = [1.0, 2, 4, 8, 9, 11, 15]
    with_gaps = [1.0, None, 2, 4, 8, float("nan"), 9, 11, 15]
    for name in TESTS:
        test = getattr(normality, name)
        assert test(with_gaps) == test(x)


def test_shapiro_wilk_has_an_upper_size():
    with pytest.raises(DataProblem, match="up to 5000"):
        normality.shapiro_wilk(np.arange(5001.0))


def test_the_probability_plot_has_blom_positions():
    plot = normality.probability_plot([3.0, 1.0, 2.0])
    np.testing.assert_allclose(plot.percent, 100 * (np.asarray([1, 2, 3]) - 0.375) / 3.25)
    np.testing.assert_allclose(plot.scores[1], 0, atol=1e-15)
    assert (plot.mean, plot.sd) == pytest.approx((2, 1))
