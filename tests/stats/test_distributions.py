"""Fits against published estimates, scipy and properties; p-values against other tables."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import distributions
from leanlab.stats.distributions import anderson

FIXED = settings(derandomize=True, max_examples=25, deadline=None)

# Lieblein and Zelen 1956: millions of revolutions of 23 ball bearings.
BEARINGS = [
    17.88, 28.92, 33.00, 41.52, 42.12, 45.60, 48.40, 51.84, 51.96, 54.12, 55.56, 67.80, 68.64,
    68.64, 68.88, 84.12, 93.12, 98.64, 105.12, 105.84, 127.92, 128.04, 173.40,
]  # fmt: skip
# Smith and Naylor 1987: strengths of 63 glass fibres of 1.5 cm.
FIBRES = [
    0.55, 0.74, 0.77, 0.81, 0.84, 0.93, 1.04, 1.11, 1.13, 1.24, 1.25, 1.27, 1.28, 1.29, 1.30,
    1.36, 1.39, 1.42, 1.48, 1.48, 1.49, 1.49, 1.50, 1.50, 1.51, 1.52, 1.53, 1.54, 1.55, 1.55,
    1.58, 1.59, 1.60, 1.61, 1.61, 1.61, 1.61, 1.62, 1.62, 1.63, 1.64, 1.66, 1.66, 1.66, 1.67,
    1.68, 1.68, 1.69, 1.70, 1.70, 1.73, 1.76, 1.76, 1.77, 1.78, 1.81, 1.82, 1.84, 1.84, 1.89,
    2.00, 2.01, 2.24,
]  # fmt: skip


def test_bearings_follow_the_published_weibull_and_lognormal():
    """Lawless, Statistical Models and Methods for Lifetime Data: 2.10, 81.88; 4.150, 0.522."""
    weibull = distributions.fit(BEARINGS, "weibull").parameters
    assert weibull["shape"] == pytest.approx(2.102, abs=5e-4)
    assert weibull["scale"] == pytest.approx(81.88, abs=0.01)
    lognormal = distributions.fit(BEARINGS, "lognormal").parameters
    assert lognormal["location"] == pytest.approx(4.150, abs=5e-4)
    assert lognormal["scale"] == pytest.approx(0.522, abs=5e-4)


def test_fibres_follow_the_published_weibull_with_and_without_threshold():
    """Smith and Naylor 1987, Applied Statistics 36: threshold -1.59, shape 11.9."""
    two = distributions.fit(FIBRES, "weibull")
    assert two.parameters["shape"] == pytest.approx(5.78, abs=0.005)
    assert two.parameters["scale"] == pytest.approx(1.63, abs=0.005)
    assert two.loglik == pytest.approx(-15.21, abs=0.005)
    three = distributions.fit(FIBRES, "weibull_3p")
    assert three.parameters["threshold"] == pytest.approx(-1.59, abs=0.005)
    assert three.parameters["shape"] == pytest.approx(11.9, abs=0.05)
    assert three.loglik == pytest.approx(-14.3, abs=0.05)


SCIPY = {
    "normal": (scipy.stats.norm, lambda p: (p["location"], p["scale"])),
    "lognormal": (scipy.stats.lognorm, lambda p: (p["scale"], 0, np.exp(p["location"]))),
    "lognormal_3p": (scipy.stats.lognorm, lambda p: (p["scale"], p["threshold"], np.exp(p["location"]))),
    "exponential": (scipy.stats.expon, lambda p: (0, p["scale"])),
    "exponential_2p": (scipy.stats.expon, lambda p: (p["threshold"], p["scale"])),
    "weibull": (scipy.stats.weibull_min, lambda p: (p["shape"], 0, p["scale"])),
    "weibull_3p": (scipy.stats.weibull_min, lambda p: (p["shape"], p["threshold"], p["scale"])),
    "smallest_extreme_value": (scipy.stats.gumbel_l, lambda p: (p["location"], p["scale"])),
    "largest_extreme_value": (scipy.stats.gumbel_r, lambda p: (p["location"], p["scale"])),
    "gamma": (scipy.stats.gamma, lambda p: (p["shape"], 0, p["scale"])),
    "gamma_3p": (scipy.stats.gamma, lambda p: (p["shape"], p["threshold"], p["scale"])),
    "logistic": (scipy.stats.logistic, lambda p: (p["location"], p["scale"])),
    "loglogistic": (scipy.stats.fisk, lambda p: (1 / p["scale"], 0, np.exp(p["location"]))),
    "loglogistic_3p": (scipy.stats.fisk, lambda p: (1 / p["scale"], p["threshold"], np.exp(p["location"]))),
}  # fmt: skip


@pytest.mark.parametrize("name", distributions.FAMILIES)
def test_curves_and_likelihood_are_those_of_scipy(name):
    law, order = SCIPY[name]
    found = distributions.fit(BEARINGS, name)
    frozen = law(*order(found.parameters))
    inside = np.asarray([20.0, 50, 90, 200])
    np.testing.assert_allclose(found.pdf(inside), frozen.pdf(inside), rtol=1e-9)
    np.testing.assert_allclose(found.cdf(inside), frozen.cdf(inside), rtol=1e-9)
    np.testing.assert_allclose(found.sf(inside), frozen.sf(inside), rtol=1e-8)
    assert found.quantile(0.01) == pytest.approx(frozen.ppf(0.01), rel=1e-9)
    assert found.upper_quantile(1e-6) == pytest.approx(frozen.isf(1e-6), rel=1e-9)
    assert found.loglik == pytest.approx(float(np.sum(frozen.logpdf(BEARINGS))), rel=1e-10)


@pytest.mark.parametrize("name", [n for n in distributions.FAMILIES if n != "exponential_2p"])
def test_no_neighbour_is_more_likely(name):
    """The estimate is a maximum: any small step in any parameter lowers the likelihood."""
    law, order = SCIPY[name]
    found = distributions.fit(BEARINGS, name)
    for parameter, value in found.parameters.items():
        for step in (-1e-3, 1e-3):
            moved = found.parameters | {parameter: value + step * max(abs(value), 1)}
            assert np.sum(law(*order(moved)).logpdf(BEARINGS)) < found.loglik


def test_densities_are_zero_below_the_support():
    assert distributions.fit(BEARINGS, "weibull").pdf([-1.0, 0.0])[0] == 0
    shifted = distributions.fit(BEARINGS, "gamma_3p")
    assert shifted.pdf([shifted.parameters["threshold"] - 1])[0] == 0


@FIXED
@given(st.integers(0, 500), st.floats(0.01, 1000))
def test_fits_scale_with_the_unit(seed, factor):
    x = np.random.default_rng(seed).weibull(1.6, 60) * 3 + 0.01
    for name in ("weibull", "gamma", "lognormal", "loglogistic", "exponential"):
        one, two = distributions.fit(x, name), distributions.fit(factor * x, name)
        assert two.anderson_darling == pytest.approx(one.anderson_darling, rel=1e-6)
        assert two.quantile(0.9) == pytest.approx(factor * one.quantile(0.9), rel=1e-7)


@FIXED
@given(st.integers(0, 500))
def test_extreme_values_are_mirror_images(seed):
    x = np.random.default_rng(seed).gumbel(5, 2, 50)
    largest = distributions.fit(x, "largest_extreme_value")
    smallest = distributions.fit(-x, "smallest_extreme_value")
    assert largest.parameters["location"] == pytest.approx(-smallest.parameters["location"])
    assert largest.parameters["scale"] == pytest.approx(smallest.parameters["scale"])
    assert largest.anderson_darling == pytest.approx(smallest.anderson_darling)


@pytest.mark.parametrize(
    ("p", "point"), [(0.10, 0.631), (0.05, 0.752), (0.025, 0.873), (0.01, 1.035)]
)
def test_the_normal_p_value_meets_the_tabled_points(p, point):
    """D'Agostino and Stephens 1986, table 4.7, against the formula of table 4.9."""
    assert anderson.normal_p(point) == pytest.approx(p, rel=0.02)


@pytest.mark.parametrize(
    ("law", "points"),
    [
        # Stephens 1977 and 1979 in Biometrika, as scipy.stats.anderson carries them
        ("extreme", {0.25: 0.474, 0.10: 0.637, 0.05: 0.757, 0.025: 0.877, 0.01: 1.038}),
        ("logistic", {0.25: 0.426, 0.10: 0.563, 0.05: 0.660, 0.025: 0.769, 0.01: 0.906}),
        # D'Agostino and Stephens 1986, table 4.14
        ("exponential", {0.15: 0.916, 0.10: 1.062, 0.05: 1.321, 0.025: 1.591, 0.01: 1.959}),
        # Lockhart and Stephens 1985: the gamma of infinite shape is the normal
        ("gamma", {0.10: 0.631, 0.05: 0.752, 0.025: 0.873, 0.01: 1.035}),
    ],
)
def test_p_values_meet_the_published_points(law, points):
    for p, point in points.items():
        value = point / anderson.ADJUST[law](50)
        verdict = anderson.judged(value, 50, law)
        assert verdict.p_value == pytest.approx(p, rel=1e-6)
        assert verdict.p_bound == ""


def test_outside_a_table_the_p_value_is_a_bound():
    assert anderson.judged(0.1, 50, "logistic").p_bound == ">"
    far = anderson.judged(5.0, 50, "logistic")
    assert (far.p_value, far.p_bound) == (0.005, "<")


DRAWS = {
    "exponential": lambda g, n: g.exponential(2, n),
    "exponential_2p": lambda g, n: 7 + g.exponential(2, n),
    "weibull": lambda g, n: g.weibull(1.5, n),
    "largest_extreme_value": lambda g, n: g.gumbel(3, 1, n),
    "logistic": lambda g, n: g.logistic(3, 1, n),
    "lognormal": lambda g, n: g.lognormal(1, 0.5, n),
    "gamma": lambda g, n: g.gamma(2.5, 1, n),
}


@pytest.mark.parametrize("name", DRAWS)
def test_p_values_keep_their_promise_under_the_null(name):
    """With 600 samples the share below 5 % stays within 3.3 standard errors of it."""
    g = np.random.default_rng(17)
    low = 0
    for _ in range(600):
        found = distributions.identify(DRAWS[name](g, 40), distributions=[name]).ranked[0]
        low += found.ad_p_value is not None and found.ad_p_value <= 0.05 + 1e-12
    assert low / 600 == pytest.approx(0.05, abs=0.03)


def test_identification_ranks_and_tests_the_threshold():
    x = 20 + 5 * np.random.default_rng(6).weibull(1.8, 800)
    found = distributions.identify(x)
    assert found.ranked[0].distribution == "weibull_3p"
    assert found.ranked[0].lrt_p_value < 1e-10
    assert len(found.ranked) + len(found.failed) == 14
    scores = [row.aicc for row in found.ranked]
    assert scores == sorted(scores)
    by_ad = distributions.identify(x, rank_by="ad")
    assert [r.ad for r in by_ad.ranked] == sorted(r.ad for r in by_ad.ranked)


def test_a_threshold_that_is_not_there_is_not_believed():
    x = np.random.default_rng(12).lognormal(1, 0.5, 600)
    rows = {r.distribution: r for r in distributions.identify(x).ranked}
    assert rows["lognormal_3p"].lrt_p_value > 0.05
    assert rows["lognormal"].aicc < rows["lognormal_3p"].aicc
    assert rows["lognormal_3p"].loglik >= rows["lognormal"].loglik - 1e-9


def test_negative_values_leave_the_distributions_that_allow_them():
    found = distributions.identify(np.random.default_rng(3).normal(0, 1, 3000))
    assert set(found.failed) >= {"lognormal", "weibull", "gamma", "exponential", "loglogistic"}
    assert "above 0" in found.failed["weibull"]
    assert found.ranked[0].distribution in ("normal", "lognormal_3p", "gamma_3p", "weibull_3p")


def test_the_normal_row_agrees_with_the_normality_test():
    from leanlab.stats import normality

    rows = {r.distribution: r for r in distributions.identify(BEARINGS).ranked}
    test = normality.anderson_darling(BEARINGS)
    assert rows["normal"].ad == pytest.approx(test.a2)
    assert rows["normal"].ad_p_value == pytest.approx(test.p_value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: distributions.fit([1, 2], "normal"), "at least 3"),
        (lambda: distributions.fit([1, 2, 0], "gamma"), "row 3 is 0"),
        (lambda: distributions.fit([1, "x", 2], "gamma"), "row 2 is not a number"),
        (lambda: distributions.fit([1, 1, 1], "logistic"), "all 3 values"),
        (lambda: distributions.fit([1, 2, 3], "beta"), "Unknown distribution"),
        (lambda: distributions.identify([1, 2, 3]), "at least 8"),
        (lambda: distributions.identify(range(9), rank_by="p"), "Unknown ranking"),
        (lambda: distributions.identify(range(9), distributions=["x"]), "Unknown distribution"),
        (lambda: distributions.fit(BEARINGS, "weibull").quantile(1), "between 0 and 1"),
    ],
)
def test_bad_data_is_named(call, said):
    with pytest.raises(DataProblem) as caught:
        call()
    assert said in caught.value.message


def test_a_fit_without_a_maximum_is_refused_not_guessed():
    with pytest.raises(DataProblem, match="no threshold fits"):
        distributions.fit(-np.random.default_rng(1).exponential(1, 200), "lognormal_3p")


@pytest.mark.parametrize("name", ["normal", "weibull", "logistic", "gamma"])
def test_a_simulated_p_value_agrees_with_the_published_points(name):
    x = np.random.default_rng(31).normal(20, 3, 40) ** 2 / 20
    table = distributions.identify(x, distributions=[name]).ranked[0]
    simulated = distributions.goodness_of_fit(x, name, samples=400)
    low = table.ad_p_value if table.ad_p_bound == ">" else table.ad_p_value - 0.08
    high = 1 if table.ad_p_bound == ">" else table.ad_p_value + 0.08
    assert low - 0.06 <= simulated.p_value <= high


def test_a_third_parameter_gets_a_p_value_by_simulation():
    g = np.random.default_rng(9)
    fits = distributions.goodness_of_fit(5 + g.weibull(2, 60), "weibull_3p", samples=100)
    assert fits.p_value > 0.05
    assert fits == distributions.goodness_of_fit(
        5 + np.random.default_rng(9).weibull(2, 60), "weibull_3p", samples=100
    )
    two_humps = np.concatenate([g.normal(10, 1, 60), g.normal(16, 0.2, 15)])
    assert distributions.goodness_of_fit(two_humps, "lognormal_3p", samples=60).p_value < 0.05
