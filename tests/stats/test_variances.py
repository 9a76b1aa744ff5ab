"""Tests and intervals of spread."""

import numpy as np
import pytest

from leanlab.core.errors import DataProblem
from leanlab.stats import hypothesis
from tests.stats.published import GEARS, PLANTS

BONETT_SAMPLE = [15.83, 16.01, 16.24, 16.42, 15.33, 15.44, 16.88, 16.31]


def test_the_nist_gears_meet_the_handbook():
    result = hypothesis.equal_variances(GEARS)  # e-Handbook 1.3.5.7 and 1.3.5.10
    assert result.bartlett_chi2 == pytest.approx(20.78580, abs=1e-4)
    assert result.brown_forsythe_f == pytest.approx(1.705910, abs=1e-4)
    assert (result.df_num, result.df_den) == (9, 90)


def test_the_nist_gears_vary_less_than_a_tenth():
    result = hypothesis.variance_one(
        np.concatenate(list(GEARS.values())), sigma0=0.1
    )  # e-Handbook 1.3.5.8
    assert result.chi2 == pytest.approx(0.3903, abs=5e-5)
    assert result.df == 99


def test_bartlett_of_plants_is_met():
    assert hypothesis.equal_variances(PLANTS).bartlett_p == pytest.approx(0.2371, abs=5e-5)


@pytest.mark.parametrize(
    ("confidence", "low", "high"),
    [(0.90, 0.3592, 0.9359), (0.95, 0.3263, 1.0841), (0.99, 0.2607, 1.5109)],
)
def test_bonetts_interval_is_that_of_his_paper(confidence, low, high):
    # Bonett 2006, Computational Statistics and Data Analysis 50, table of the worked example
    result = hypothesis.bonett_one(BONETT_SAMPLE, confidence=confidence)
    assert result.sd == pytest.approx(0.5168, abs=5e-5)
    assert result.ci_sd == pytest.approx((low, high), abs=6e-5)


def test_bonetts_ratio_is_that_of_his_own_program():
    # Bonett, statpsych, ci.ratio.sd2: 0.486279 to 1.728396 for these scores
    y1 = [32, 39, 26, 35, 43, 27, 40, 37, 34, 29]
    y2 = [36, 44, 47, 42, 49, 39, 46, 31, 33, 48]
    result = hypothesis.bonett_two(y1, y2)
    assert result.ratio_sds == pytest.approx(0.8854257, abs=1e-7)
    assert result.ci_ratio_sds == pytest.approx((0.486279, 1.728396), abs=3e-6)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.99])
def test_bonetts_test_and_interval_are_one(confidence):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=20), rng.gamma(3, size=26)  # unequal sizes need the equalizer
    for end in hypothesis.bonett_two(x, y, confidence=confidence).ci_ratio_sds:
        again = hypothesis.bonett_two(x, y, ratio0=end)
        assert again.p_value == pytest.approx(1 - confidence, abs=1e-9)


def test_bonetts_ratio_turns_round_with_the_groups():
    x, y = [1, 3, 4, 6, 9, 2, 5], [2, 2.5, 3, 4, 4.5]
    one, other = hypothesis.bonett_two(x, y), hypothesis.bonett_two(y, x)
    assert one.p_value == pytest.approx(other.p_value)
    assert one.ci_ratio_sds == pytest.approx(tuple(1 / v for v in other.ci_ratio_sds[::-1]))


def test_the_interval_of_a_variance_does_not_depend_on_the_unit():
    plain = hypothesis.variance_two([1, 4, 6, 7], [2, 3, 5, 11, 4])
    moved = hypothesis.variance_two([1e4 + 10, 1e4 + 40, 1e4 + 60, 1e4 + 70], [20, 30, 50, 110, 40])
    assert moved.ci_ratio_sds == pytest.approx(plain.ci_ratio_sds)
    assert moved.levene_p == pytest.approx(plain.levene_p)


def test_distances_without_spread_are_a_problem_and_no_warning():
    with pytest.raises(DataProblem, match="equally far"):
        hypothesis.equal_variances({"A": [1, 2], "B": [5, 9]})
