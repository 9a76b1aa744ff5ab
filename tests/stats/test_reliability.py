"""Survival and life distributions against published analyses and properties."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import distributions, reliability

FIXED = settings(derandomize=True, max_examples=30, deadline=None)

# Freireich et al. 1963, weeks of remission (Cox 1972; Kalbfleisch and Prentice).
DRUG = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
DRUG_ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# Meeker and Escobar 1998, table C.2: km to failure of shock absorbers.
FAILED = [6700, 9120, 12200, 13150, 14300, 17520, 20100, 20900, 22700, 26510, 27490]
RUNNING = [
    6950, 7820, 8790, 9660, 9820, 11310, 11690, 11850, 11880, 12140, 12870, 13330, 13470, 14040,
    17540, 17890, 18450, 18960, 18980, 19410, 20100, 20150, 20320, 23490, 27410, 27890, 28100,
]  # fmt: skip


def test_remission_on_the_drug_as_published():
    """Kalbfleisch and Prentice: 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448; median 23."""
    found = reliability.kaplan_meier(DRUG, DRUG_ENDED)
    np.testing.assert_allclose(
        found.survival, [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], atol=5e-4
    )
    np.testing.assert_allclose(
        found.se, [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], atol=6e-5
    )
    assert found.median == 23


def test_drug_against_placebo_as_published():
    """Log-rank chi-square 16.79 with expected 19.25 and 10.75 failures."""
    found = reliability.log_rank(
        DRUG + PLACEBO, DRUG_ENDED + [1] * 21, ["drug"] * 21 + ["placebo"] * 21
    )
    assert found.chi2 == pytest.approx(16.79, abs=0.005)
    np.testing.assert_allclose(found.expected, [19.25, 10.75], atol=0.005)
    np.testing.assert_array_equal(found.observed, [9, 21])
    assert (found.groups, found.df) == (("drug", "placebo"), 1)


def test_shock_absorbers_as_published():
    """Meeker and Escobar, table 8.1: mu 10.23 (0.1099), sigma 0.3164 (0.07317)."""
    found = reliability.weibull(FAILED + RUNNING, [1] * 11 + [0] * 27)
    assert math.log(found.scale) == pytest.approx(10.23, abs=0.005)
    assert 1 / found.shape == pytest.approx(0.3164, abs=5e-5)
    assert found.se_scale / found.scale == pytest.approx(0.1099, abs=5e-5)
    assert found.se_shape / found.shape**2 == pytest.approx(0.07317, abs=5e-6)


def test_the_exponential_mean_is_total_time_per_failure():
    found = reliability.exponential(DRUG, DRUG_ENDED)
    assert found.mean == pytest.approx(359 / 9)
    assert found.se_mean == pytest.approx(359 / 27)


@pytest.mark.parametrize(
    ("name", "fields"),
    [("weibull", ("shape", "scale")), ("lognormal", ("location", "scale"))],
)
def test_complete_data_agree_with_the_distribution_fit(name, fields):
    x = np.random.default_rng(4).weibull(2, 50) * 7
    life, plain = getattr(reliability, name)(x), distributions.fit(x, name)
    for field in fields:
        assert getattr(life, field) == pytest.approx(plain.parameters[field], rel=1e-7)
    assert life.loglik == pytest.approx(plain.loglik)


@FIXED
@given(st.lists(st.integers(1, 30), min_size=2, max_size=40))
def test_without_censoring_survival_is_the_share_left(times):
    found = reliability.kaplan_meier(times)
    left = [sum(t > at for t in times) / len(times) for at in found.time]
    np.testing.assert_allclose(found.survival, left, atol=1e-12)
    assert found.restricted_mean_to_last_time == pytest.approx(np.mean(times))


@FIXED
@given(st.integers(0, 2000), st.floats(0.01, 1000))
def test_the_unit_of_time_does_not_matter(seed, unit):
    g = np.random.default_rng(seed)
    t, e = g.weibull(1.4, 40) * 10 + 0.01, (g.random(40) < 0.7).astype(int)
    e[:3] = 1
    one, two = reliability.weibull(t, e), reliability.weibull(unit * t, e)
    assert two.shape == pytest.approx(one.shape, rel=1e-6)
    np.testing.assert_allclose(two.percentile, unit * one.percentile, rtol=1e-6)
    np.testing.assert_allclose(two.percentile_lower, unit * one.percentile_lower, rtol=1e-6)
    curve = reliability.kaplan_meier(t, e)
    np.testing.assert_allclose(reliability.kaplan_meier(unit * t, e).survival, curve.survival)
    assert np.all(np.diff(curve.survival) < 0)


@FIXED
@given(st.integers(0, 2000))
def test_bounds_hold_the_curve_between_zero_and_one(seed):
    g = np.random.default_rng(seed)
    found = reliability.kaplan_meier(
        g.exponential(1, 25), (g.random(25) < 0.8) | (np.arange(25) < 2)
    )
    for kind in ("plain", "log", "loglog"):
        low, high = getattr(found, f"{kind}_lower"), getattr(found, f"{kind}_upper")
        kept = found.survival > 0
        assert np.all((low[kept] >= 0) & (low[kept] <= found.survival[kept] + 1e-12))
        assert np.all((high[kept] <= 1) & (high[kept] >= found.survival[kept] - 1e-12))
        assert np.all(np.isnan(low[~kept]) & np.isnan(high[~kept]))


def test_a_level_step_at_a_quantile_takes_its_midpoint():
    assert reliability.kaplan_meier([1, 2, 3, 4]).median == 2.5
    assert reliability.kaplan_meier([1, 2, 5, 9], [1, 1, 0, 0]).median == 5.5
    assert reliability.kaplan_meier([1, 2, 3], [1, 0, 0]).median is None


def test_three_groups_have_two_degrees_of_freedom():
    t = list(range(1, 31))
    found = reliability.log_rank(t, None, [("a", "b", "c")[i % 3] for i in range(30)])
    assert found.df == 2
    assert found.observed.sum() == pytest.approx(found.expected.sum())


def test_other_percentages_can_be_asked_for():
    found = reliability.weibull(FAILED, percent=[63.212055882855765])
    assert found.percentile[0] == pytest.approx(found.scale)
    assert found.b10 == pytest.approx(found.scale * (-math.log(0.9)) ** (1 / found.shape))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: reliability.kaplan_meier([]), "no times"),
        (lambda: reliability.kaplan_meier([1, -2]), "row 2 is -2"),
        (lambda: reliability.kaplan_meier([1, 2], [1, 2]), "Event in row 2 is 2"),
        (lambda: reliability.kaplan_meier([1, 2], [0, 0]), "No failure"),
        (lambda: reliability.kaplan_meier([1, 2], [1]), "2 rows"),
        (lambda: reliability.kaplan_meier([1, "x"]), "row 2"),
        (lambda: reliability.log_rank([1, 2], None, ["a", "a"]), "only one group"),
        (lambda: reliability.log_rank([1, 2], None, ["a"]), "2 rows"),
        (lambda: reliability.weibull([0, 1, 2]), "row 1 is 0; it must be above 0"),
        (lambda: reliability.weibull([1, 2], [1, 0]), "1 failure"),
        (lambda: reliability.weibull([2, 2, 2]), "too few"),
        (lambda: reliability.lognormal([1, 2, 3], percent=[0]), "between 0 and 100"),
        (lambda: reliability.exponential([1, 2], confidence=95), "between 0 and 1"),
    ],
)
def test_bad_data_is_named(call, said):
    with pytest.raises(DataProblem) as caught:
        call()
    assert said in caught.value.message
