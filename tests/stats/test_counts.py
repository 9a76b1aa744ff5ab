"""Tests of proportions, rates and tables of counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from leanlab.core.errors import DataProblem
from leanlab.stats import hypothesis

SIDES = ["two.sided", "greater", "less"]
small = st.integers(0, 25)


def test_conovers_proportion_is_met():
    # Conover 1971, Practical Nonparametric Statistics, page 97: 682 of 925 against 3/4
    result = hypothesis.proportion_one(682, 925, p0=0.75)
    assert result.p_value_exact == pytest.approx(0.3825, abs=5e-5)
    assert result.ci_exact == pytest.approx((0.7076683, 0.7654066), abs=5e-8)


def test_the_aspirin_study_is_met():
    # Agresti, Categorical Data Analysis, section 3.1: heart attacks under placebo and aspirin
    result = hypothesis.proportion_two(189, 11034, 104, 11037)
    assert result.difference == pytest.approx(0.0077, abs=5e-5)
    assert result.ci_difference_wald == pytest.approx((0.005, 0.011), abs=5e-4)
    assert result.z_pooled**2 == pytest.approx(25.01, abs=0.01)


def test_two_rates_of_the_breast_cancer_study_are_met():
    # Rothman 1986 as in R's documentation of poisson.test: 11 in 800, 21 in 3011
    result = hypothesis.poisson_rate_two(11, 800, 21, 3011)
    assert result.p_value_exact == pytest.approx(0.07967, abs=5e-6)
    assert result.ratio == pytest.approx(1.971488, abs=5e-7)
    assert result.ci_ratio_exact == pytest.approx((0.8584264, 4.2772659), abs=5e-7)


def test_welders_rate_is_met():
    # Snedecor and Cochran as in R's documentation of poisson.test: 137 in 24.19893
    result = hypothesis.poisson_rate_one(137, 24.19893)
    assert result.ci_exact == pytest.approx((4.753125, 6.692709), abs=5e-7)
    assert result.p_value_exact < 2.2e-16


def test_fishers_tea_is_met():
    # Fisher 1935; Agresti, section 3.5
    result = hypothesis.fisher_exact([[3, 1], [1, 3]], alternative="greater")
    assert result.p_value == pytest.approx(0.2429, abs=5e-5)
    assert result.odds_ratio_conditional_mle == pytest.approx(6.408309, abs=5e-4)
    assert result.ci == (pytest.approx(0.3135693, abs=5e-5), None)
    assert hypothesis.fisher_exact([[3, 1], [1, 3]]).p_value == pytest.approx(0.4857, abs=5e-5)


def test_criminal_twins_are_met():
    # Fisher 1962; R's documentation of fisher.test
    result = hypothesis.fisher_exact([[2, 15], [10, 3]], alternative="less")
    assert result.p_value == pytest.approx(0.0004652, abs=5e-8)
    assert result.ci == pytest.approx((0.0, 0.2849601), abs=5e-5)
    both = hypothesis.fisher_exact([[2, 15], [10, 3]])
    assert both.p_value == pytest.approx(0.0005367, abs=5e-8)
    assert both.ci == pytest.approx((0.003325764, 0.363182271), abs=5e-5)


def test_party_and_gender_are_met():
    # Agresti, An Introduction to Categorical Data Analysis (2007), page 39
    result = hypothesis.chi2_association([[762, 327, 468], [484, 239, 477]])
    assert result.chi2 == pytest.approx(30.07, abs=0.005)
    assert result.p_value == pytest.approx(2.954e-7, rel=5e-4)
    assert result.likelihood_ratio_g2 == pytest.approx(30.02, abs=0.005)
    assert result.adjusted_residuals[0, 0] == pytest.approx(4.50, abs=0.005)


def test_approval_of_the_prime_minister_is_met():
    # Agresti, Categorical Data Analysis, section 10.1: z^2 = (86 - 150)^2 / (86 + 150)
    result = hypothesis.mcnemar([[794, 150], [86, 570]])
    assert result.chi2 == pytest.approx(17.36, abs=0.005)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(small, st.integers(1, 40), st.floats(0.01, 0.99), st.sampled_from(SIDES))
def test_exact_binomial_p_and_interval_are_scipys(x, more, p0, side):
    n = x + more
    ours = hypothesis.proportion_one(x, n, p0=p0, alternative=side)
    theirs = stats.binomtest(x, n, p0, alternative=side.replace(".", "-"))
    assert ours.p_value_exact == pytest.approx(theirs.pvalue, rel=1e-8, abs=1e-14)
    interval = theirs.proportion_ci(0.95)
    assert ours.ci_exact == pytest.approx((interval.low, interval.high), abs=1e-9)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(small, st.floats(0.5, 30))
def test_small_poisson_likelihoods_are_added_one_by_one(x, mean):
    chance = stats.poisson.pmf(np.arange(400), mean)
    literal = chance[chance <= chance[x] * (1 + 1e-7)].sum()
    ours = hypothesis.poisson_rate_one(x, mean, rate0=1.0)
    assert ours.p_value_exact == pytest.approx(min(1.0, literal), rel=1e-8)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(small, small, small, small, st.sampled_from(SIDES))
def test_fishers_p_is_scipys(a, b, c, d, side):
    if min(a + b, c + d, a + c, b + d) == 0:
        return
    ours = hypothesis.fisher_exact([[a, b], [c, d]], alternative=side)
    theirs = stats.fisher_exact([[a, b], [c, d]], alternative=side.replace(".", "-"))
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-8, abs=1e-14)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(1, 60), min_size=3, max_size=3), min_size=2, max_size=4))
def test_turning_a_table_changes_no_chi_square(table):
    turned = hypothesis.chi2_association(np.asarray(table).T.tolist())
    assert hypothesis.chi2_association(table).chi2 == pytest.approx(turned.chi2)


def test_a_2_x_2_table_is_not_corrected_for_continuity():
    table = [[30, 45], [70, 55]]
    ours = hypothesis.chi2_association(table).chi2
    assert ours == pytest.approx(stats.chi2_contingency(table, correction=False).statistic)
    assert ours > stats.chi2_contingency(table).statistic  # scipy corrects unless told


def test_one_sided_questions_turn_round_with_the_groups():
    one = hypothesis.proportion_two(9, 40, 3, 50, alternative="greater")
    other = hypothesis.proportion_two(3, 50, 9, 40, alternative="less")
    for field in ("p_value_pooled", "p_value_unpooled", "p_value_fisher"):
        assert getattr(one, field) == pytest.approx(getattr(other, field))
        assert getattr(one, field) < 0.05
    assert one.ci_difference_wald == (pytest.approx(-other.ci_difference_wald[1]), None)
    first = hypothesis.poisson_rate_two(14, 10, 5, 11, alternative="greater")
    second = hypothesis.poisson_rate_two(5, 11, 14, 10, alternative="less")
    assert first.p_value_exact == pytest.approx(second.p_value_exact)
    assert first.ci_ratio_exact == (pytest.approx(1 / second.ci_ratio_exact[1]), None)


def test_no_events_at_all_have_no_z():
    result = hypothesis.proportion_two(0, 40, 0, 50)
    assert (result.z_pooled, result.z_unpooled, result.p_value_fisher) == (None, None, 1.0)


def test_a_second_group_without_events_has_no_ratio():
    result = hypothesis.poisson_rate_two(5, 10, 0, 12)
    assert result.ratio is None
    assert result.ci_ratio_exact[0] > 0
    assert result.ci_ratio_exact[1] is None


def test_an_empty_cell_makes_the_odds_infinite():
    result = hypothesis.fisher_exact([[7, 0], [2, 5]])
    assert (result.odds_ratio_sample, result.odds_ratio_conditional_mle, result.ci[1]) == (
        None, None, None,
    )  # fmt: skip


def test_one_sided_intervals_of_a_proportion_are_closed_by_zero_and_one():
    greater = hypothesis.proportion_one(3, 10, alternative="greater")
    less = hypothesis.proportion_one(3, 10, alternative="less")
    for interval in (greater.ci_exact, greater.ci_wilson, greater.ci_wald):
        assert interval[1] == 1.0
    for interval in (less.ci_exact, less.ci_wilson, less.ci_wald):
        assert interval[0] == 0.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: hypothesis.proportion_one(5, 0), "trials must be"),
        (lambda: hypothesis.proportion_one(-1, 5), "at least 0"),
        (lambda: hypothesis.proportion_one(6, 5), "6 events in 5 trials"),
        (lambda: hypothesis.proportion_one(2.5, 5), "whole number"),
        (lambda: hypothesis.proportion_one(2, 5, p0=1.5), "between 0 and 1"),
        (lambda: hypothesis.proportion_one(2, 5, alternative="up"), "Unknown alternative"),
        (lambda: hypothesis.proportion_two(1, 5, 6, 5), "second group"),
        (lambda: hypothesis.poisson_rate_one(3, 0), "above 0"),
        (lambda: hypothesis.poisson_rate_one("x", 2), "must be a number"),
        (lambda: hypothesis.poisson_rate_two(0, 1, 0, 1), "nothing to compare"),
        (lambda: hypothesis.chi2_association([[1, 2], [3]]), "Row 2 has 1"),
        (lambda: hypothesis.chi2_association([[1, 2], [-3, 4]]), "row 2: count in row 1 is neg"),
        (lambda: hypothesis.chi2_association([[0, 2], [0, 4]]), "column 1"),
        (lambda: hypothesis.chi2_association([[1, 2]]), "two or more rows"),
        (lambda: hypothesis.chi2_association("12"), "rows of counts"),
        (lambda: hypothesis.chi2_goodness_of_fit([0, 0]), "two or more categories"),
        (lambda: hypothesis.chi2_goodness_of_fit([5, 5], [0.5, 0.4]), "add up to 0.9"),
        (lambda: hypothesis.chi2_goodness_of_fit([5, 5], [1, 0]), "row 2"),
        (lambda: hypothesis.fisher_exact([[1, 2, 3], [4, 5, 6]]), "2 x 2 table, not 2 x 3"),
        (lambda: hypothesis.mcnemar([[5, 0], [0, 7]]), "No item changed"),
        (lambda: hypothesis.mcnemar([[5, 0, 1], [0, 7, 1]]), "2 x 2"),
    ],
)  # fmt: skip
def test_bad_counts_are_named(call, words):
    with pytest.raises(DataProblem, match=words):
        call()
