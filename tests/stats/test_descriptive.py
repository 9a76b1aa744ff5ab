"""Summaries against other implementations, certified numerics and bad data."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import descriptive

FIXED = settings(derandomize=True, max_examples=50, deadline=None)
NUMPY = {4: "interpolated_inverted_cdf", 5: "hazen", 6: "weibull", 7: "linear",
         8: "median_unbiased", 9: "normal_unbiased"}  # fmt: skip
columns = st.lists(st.floats(-1e4, 1e4).map(lambda v: round(v, 4)), min_size=2, max_size=60)


@FIXED
@given(columns, st.sampled_from(sorted(NUMPY)))
def test_every_quantile_type_is_that_of_numpy(x, kind):
    p = [0, 0.01, 0.25, 0.5, 0.75, 0.9, 1]
    expected = np.quantile(x, p, method=NUMPY[kind])
    np.testing.assert_allclose(
        descriptive.quantiles(x, p, kind=kind), expected, rtol=1e-9, atol=1e-9
    )


def test_hyndman_and_fan_differ_where_they_should():
    """Quartiles of 1..6: (n+1)p gives 1.75, (n-1)p + 1 gives 2.25."""
    result = descriptive.summary([1, 2, 3, 4, 5, 6])
    assert result.quartiles_type6 == (1.75, 3.5, 5.25)
    assert result.quartiles_type7 == (2.25, 3.5, 4.75)
    assert result.median == 3.5


def test_skewness_and_kurtosis_are_those_of_scipy_without_bias():
    x = np.random.default_rng(1).gamma(2, 3, 40)
    result = descriptive.summary(x)
    assert result.skewness_g1_adjusted == pytest.approx(scipy.stats.skew(x, bias=False))
    assert result.kurtosis_excess_adjusted == pytest.approx(scipy.stats.kurtosis(x, bias=False))


def test_intervals_are_those_of_scipy():
    x = np.random.default_rng(2).normal(5, 2, 25)
    result = descriptive.summary(x, confidence=0.9)
    mean = scipy.stats.t.interval(0.9, 24, x.mean(), x.std(ddof=1) / 5)
    chi = scipy.stats.chi2.ppf([0.95, 0.05], 24)
    assert result.mean_ci == pytest.approx(mean)
    assert result.sd_ci == pytest.approx(tuple(np.sqrt(24 * x.var(ddof=1) / chi)))


@pytest.mark.parametrize("offset", [1_000_000, 10_000_000])
def test_many_equal_leading_digits_do_no_harm(offset):
    """NIST NumAcc3 and NumAcc4: mean offset + 0.2, sd 0.1, lag-1 autocorrelation -0.999."""
    x = offset + np.asarray([0.2] + [0.1, 0.3] * 500)
    result = descriptive.lag1(x)
    assert result.mean == pytest.approx(offset + 0.2, rel=1e-15)
    assert result.sd == pytest.approx(0.1, rel=3e-8)
    assert result.lag1_autocorrelation == pytest.approx(-0.999, rel=3e-8)
    assert descriptive.summary(x).sd == pytest.approx(0.1, rel=3e-8)


@FIXED
@given(columns, st.floats(-1e6, 1e6), st.floats(0.01, 100))
def test_location_and_spread_follow_unit_and_origin(x, shift, scale):
    x = np.asarray(x)
    one, two = descriptive.summary(x), descriptive.summary(shift + scale * x)
    size = 1e-9 * (abs(shift) + scale * 1e4)
    assert two.mean == pytest.approx(shift + scale * one.mean, abs=size)
    assert two.sd == pytest.approx(scale * one.sd, rel=1e-5, abs=10 * size)
    assert two.iqr_type6 == pytest.approx(scale * one.iqr_type6, abs=10 * size)


def test_one_value_has_no_spread():
    result = descriptive.summary([7.0, None])
    assert (result.n, result.n_missing, result.sd, result.mean_ci) == (1, 1, None, None)
    assert result.quartiles_type6 == (7.0, 7.0, 7.0)


def test_equal_values_have_no_shape():
    result = descriptive.summary([3, 3, 3, 3])
    assert (result.sd, result.range, result.mssd) == (0, 0, 0)
    assert (result.skewness_g1_adjusted, result.kurtosis_excess_adjusted) == (None, None)


def test_a_mean_of_zero_has_no_coefficient_of_variation():
    assert descriptive.summary([-1, 1]).coef_var_pct is None


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: descriptive.summary([]), "no values"),
        (lambda: descriptive.summary([None, None]), "no values"),
        (lambda: descriptive.summary([1, "x"]), "row 2"),
        (lambda: descriptive.summary([1, float("inf")]), "row 2"),
        (lambda: descriptive.summary([1, 2], confidence=95), "between 0 and 1"),
        (lambda: descriptive.quantiles([1, 2], [0.5], kind=3), "Unknown quantile type"),
        (lambda: descriptive.lag1([1]), "at least 2"),
    ],
)
def test_bad_data_is_named(call, said):
    with pytest.raises(DataProblem) as caught:
        call()
    assert said in caught.value.message


def test_equal_values_have_no_autocorrelation():
    assert descriptive.lag1([2, 2, 2]).lag1_autocorrelation is None
