"""Tolerance factors against published values, closed forms and simulation."""

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import tolerance

FIXED = settings(derandomize=True, max_examples=25, deadline=None)


def test_the_example_of_the_nist_handbook():
    """NIST/SEMATECH 7.2.6.3: n = 43, 90 % with 99 %: Howe 2.2173; one-sided 1.8740 exact."""
    k = tolerance.normal_k_factor(43, coverage=0.90, confidence=0.99)
    assert k.k_two_sided_howe == pytest.approx(2.2173, abs=1e-4)
    assert k.k_one_sided == pytest.approx(1.8740, abs=1e-4)
    assert k.k_two_sided_exact == pytest.approx(k.k_two_sided_howe, rel=0.005)


@pytest.mark.parametrize("n", [2, 5, 30, 400])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99, 0.999])
def test_the_one_sided_factor_solves_its_own_equation(n, share):
    k = tolerance.normal_k_factor(n, coverage=share, confidence=0.95).k_one_sided
    delta = scipy.stats.norm.ppf(share) * math.sqrt(n)
    assert scipy.stats.nct.cdf(k * math.sqrt(n), n - 1, delta) == pytest.approx(0.95, abs=1e-9)


@pytest.mark.parametrize(("n", "share"), [(2, 0.9), (4, 0.99), (15, 0.95), (200, 0.999)])
def test_the_two_sided_factor_covers_as_often_as_promised(n, share):
    """400,000 samples: the share that cover enough is within 4 standard errors of 95 %."""
    g = np.random.default_rng(n)
    k = tolerance.normal_k_factor(n, coverage=share, confidence=0.95).k_two_sided_exact
    mean = g.normal(0, 1 / math.sqrt(n), 400_000)
    sd = np.sqrt(g.chisquare(n - 1, 400_000) / (n - 1))
    covered = scipy.special.ndtr(mean + k * sd) - scipy.special.ndtr(mean - k * sd)
    assert float((covered >= share).mean()) == pytest.approx(0.95, abs=4 * math.sqrt(0.0475 / 4e5))


def test_large_samples_need_the_plain_quantile():
    k = tolerance.normal_k_factor(1_000_000)
    assert k.k_two_sided_exact == pytest.approx(1.96, abs=0.01)
    assert k.k_one_sided == pytest.approx(1.645, abs=0.01)


@FIXED
@given(st.integers(2, 300), st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_more_coverage_or_confidence_needs_more_room(n, share, level):
    k = tolerance.normal_k_factor(n, coverage=share, confidence=level)
    wider = tolerance.normal_k_factor(n, coverage=share + 0.005, confidence=level)
    surer = tolerance.normal_k_factor(n, coverage=share, confidence=level + 0.005)
    for name in ("k_one_sided", "k_two_sided_exact", "k_two_sided_howe"):
        assert getattr(wider, name) > getattr(k, name)
        assert getattr(surer, name) > getattr(k, name)


@pytest.mark.parametrize(
    ("share", "level", "two", "one"),
    # Wilks 1941 and every table since: 93 and 59; 473 and 299; 38 and 22; 18 and 11 for half sure
    [(0.95, 0.95, 93, 59), (0.99, 0.95, 473, 299), (0.90, 0.95, 46, 29), (0.90, 0.90, 38, 22)],
)
def test_sample_sizes_of_wilks(share, level, two, one):
    result = tolerance.nonparametric(range(10), coverage=share, confidence=level)
    assert (result.n_required_two_sided, result.n_required_one_sided) == (two, one)


def test_a_small_sample_gives_no_bound_but_says_how_sure_it_is():
    result = tolerance.nonparametric(range(20))
    assert (result.lower, result.upper, result.order_statistic) == (None, None, 0)
    assert result.achieved_confidence_one_sided == pytest.approx(1 - 0.95**20)


def test_order_statistics_count_from_both_ends():
    result = tolerance.nonparametric(range(100))
    r = result.order_statistic
    assert (result.lower, result.upper) == (r - 1, 100 - r)
    assert scipy.stats.binom.sf(r - 1, 100, 0.05) >= 0.95 > scipy.stats.binom.sf(r, 100, 0.05)


def test_limits_follow_unit_and_origin():
    x = np.random.default_rng(3).normal(0, 1, 25)
    one, two = tolerance.normal(x), tolerance.normal(10 - 2 * x)
    assert two.two_sided == pytest.approx((10 - 2 * one.two_sided[1], 10 - 2 * one.two_sided[0]))
    assert two.lower == pytest.approx(10 - 2 * one.upper)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: tolerance.normal_k_factor(1), "at least 2"),
        (lambda: tolerance.normal_k_factor(10, coverage=1.0), "Coverage must lie"),
        (lambda: tolerance.normal_k_factor(10, confidence=95), "Confidence must lie"),
        (lambda: tolerance.normal([1, 1, 1]), "all 3 values"),
        (lambda: tolerance.normal([1]), "at least 2"),
        (lambda: tolerance.nonparametric([]), "no values"),
        (lambda: tolerance.nonparametric([1, "x"]), "row 2"),
    ],
)
def test_bad_data_is_named(call, said):
    with pytest.raises(DataProblem) as caught:
        call()
    assert said in caught.value.message
