"""Power and sample size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from leanlab.core.errors import DataProblem
from leanlab.stats import hypothesis, power
from leanlab.stats.hypothesis.estimated_sd import noncentral_t_sf

SIDES = ["two.sided", "greater", "less"]


def test_cohens_two_sample_examples_are_met():
    # R's documentation of power.t.test (Cohen 1988, chapter 2), one tail there
    assert power.t_two_sample(difference=1, sd=1, n=20).power == pytest.approx(0.8689528, abs=5e-7)
    assert power.t_two_sample(difference=1, sd=1, target_power=0.9).n == 23


def test_two_proportions_of_the_documentation_of_r_are_met():
    result = power.proportion_two(p1=0.5, p2=0.75, n=50)
    assert result.power == pytest.approx(0.7401659, abs=2e-6)  # R counts one tail
    assert power.proportion_two(p1=0.5, p2=0.75, target_power=0.9).n == 77


def test_paired_tests_are_one_sample_tests():
    # Machin and others, Sample Size Tables: difference 5, sd 10, power 0.8 needs 34 pairs
    assert power.t_one_sample(difference=5, sd=10, target_power=0.8).n == 34


def test_a_proportion_by_a_survey_needs_385_people():
    assert power.margin_of_error_proportion(p=0.5, margin=0.05) == 385


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.floats(0.2, 3), st.integers(2, 60), st.floats(0.01, 0.2))
def test_anova_of_two_groups_has_the_power_of_t(effect, n, alpha):
    t = power.t_two_sample(difference=effect, sd=1, n=n, alpha=alpha)
    f = power.anova_one_way(levels=2, max_difference=effect, sd=1, n=n, alpha=alpha)
    assert f.power == pytest.approx(t.power, rel=1e-6)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(
    st.floats(0.2, 2), st.sampled_from([0.6, 0.8, 0.95]), st.sampled_from(["two.sided", "greater"])
)
def test_the_sample_size_is_the_smallest_that_is_enough(effect, target, side):
    found = power.t_one_sample(difference=effect, sd=1, target_power=target, alternative=side)
    assert found.actual_power >= target
    if found.n > 2:
        fewer = power.t_one_sample(difference=effect, sd=1, n=found.n - 1, alternative=side)
        assert fewer.power < target


@pytest.mark.parametrize("side", SIDES)
def test_power_is_what_a_simulation_finds(side):
    rng = np.random.default_rng(3)
    samples = rng.normal(0.6, 1.0, size=(3000, 15))
    t = samples.mean(axis=1) / (samples.std(axis=1, ddof=1) / np.sqrt(15))
    found = power.t_one_sample(difference=0.6, sd=1, n=15, alternative=side).power
    p = [hypothesis.t_one_sample(row, alternative=side).p_value for row in samples[:300]]
    low, high = np.quantile(t, 0), np.quantile(t, 1)
    assert low < 0 < high
    assert np.mean(np.asarray(p) < 0.05) == pytest.approx(found, abs=0.09)


def test_variance_tests_find_smaller_and_larger_spreads():
    less = power.variance_one(ratio_sd=0.5, alternative="less", n=20).power
    greater = power.variance_one(ratio_sd=0.5, alternative="greater", n=20).power
    assert less > 0.95
    assert greater < 0.001
    one = power.variance_two(ratio_sd=2, n=12)
    other = power.variance_two(ratio_sd=0.5, n=12)
    assert one.power == pytest.approx(other.power)


def test_a_full_factorial_uses_one_degree_for_curvature():
    with_centres = power.factorial_2level(
        factors=3, effect=2, sd=1, replicates=2, center_points=3, terms_in_model=6
    )
    assert with_centres.df_error == 16 + 3 - 1 - 6 - 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: power.t_one_sample(difference=1, sd=1), "either n or the target power"),
        (lambda: power.t_one_sample(difference=1, sd=1, n=5, target_power=0.9), "either n or"),
        (lambda: power.t_one_sample(difference=0, sd=1, n=5), "difference to find is 0"),
        (lambda: power.t_one_sample(difference=1, sd=0, n=5), "above 0"),
        (lambda: power.t_one_sample(difference=1, sd=1, n=1), "n must be"),
        (lambda: power.t_one_sample(difference=1, sd=1, target_power=90), "90 %|between 0 and 1"),
        (lambda: power.t_one_sample(difference=-1, sd=1, alternative="greater", target_power=0.9),
         "direction|would be enough"),
        (lambda: power.proportion_one(p=0.1, p0=0.1, n=9), "no difference"),
        (lambda: power.variance_one(ratio_sd=1, n=9), "no difference"),
        (lambda: power.factorial_2level(factors=3, effect=1, sd=1), "No degrees of freedom"),
        (lambda: power.factorial_2level(factors=2, effect=1, sd=1, terms_in_model=9), "3 terms"),
        (lambda: power.margin_of_error_mean(sd=1, margin=0), "above 0"),
        (lambda: power.margin_of_error_mean(sd=1e9, margin=1e-9), "would be enough"),
    ],
)  # fmt: skip
def test_bad_questions_are_named(call, words):
    with pytest.raises(DataProblem, match=words):
        call()


@pytest.mark.parametrize("test", ["t_one_sample", "t_two_sample", "anova_one_way"])
def test_the_difference_found_has_the_power_asked_for(test):
    difference = power.detectable_difference(test, n=12, sd=3, target_power=0.85, levels=4)
    if test == "anova_one_way":
        again = power.anova_one_way(levels=4, max_difference=difference, sd=3, n=12)
    else:
        again = getattr(power, test)(difference=difference, sd=3, n=12)
    assert again.power == pytest.approx(0.85)


def test_a_decrease_is_found_as_a_negative_difference():
    down = power.detectable_difference("t_one_sample", n=9, sd=1, alternative="less")
    up = power.detectable_difference("t_one_sample", n=9, sd=1, alternative="greater")
    assert down == pytest.approx(-up)
    with pytest.raises(DataProblem, match="not above alpha"):
        power.detectable_difference("t_one_sample", n=9, sd=1, target_power=0.04)


def test_a_huge_effect_needs_two_values():
    assert power.t_one_sample(difference=1e6, sd=1, target_power=0.9).n == 2
    assert power.anova_one_way(levels=3, max_difference=1e6, sd=1, target_power=0.9).n == 2


@pytest.mark.parametrize(("df", "noncentrality"), [(1, 0.5), (5.5, 2), (38, -3), (4000, 3.2)])
def test_the_noncentral_t_is_scipys_where_scipy_has_one(df, noncentrality):
    for t in (-2.0, 0.0, 1.5, 4.0):
        ours = noncentral_t_sf(t, df, noncentrality)
        assert ours == pytest.approx(stats.nct.sf(t, df, noncentrality), rel=1e-9, abs=1e-14)
