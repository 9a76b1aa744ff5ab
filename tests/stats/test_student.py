"""Student's and Welch's tests, and equivalence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import hypothesis
from tests.stats.published import SLEEP_1, SLEEP_2

readings = st.lists(st.floats(-1000, 1000), min_size=3, max_size=12).filter(
    lambda v: np.ptp(v) > 1e-3
)


def test_students_own_example_is_met():
    paired = hypothesis.t_paired(SLEEP_1, SLEEP_2)
    assert paired.t == pytest.approx(-4.0621, abs=5e-5)
    assert paired.p_value == pytest.approx(0.002833, abs=5e-7)
    assert paired.ci == pytest.approx((-2.4598858, -0.7001142), abs=5e-8)


def test_welch_keeps_fractions_of_degrees_of_freedom():
    welch = hypothesis.t_two_sample_welch(SLEEP_1, SLEEP_2)
    assert welch.df == pytest.approx(17.776, abs=5e-4)
    assert welch.p_value == pytest.approx(0.07939, abs=5e-6)


def test_degrees_of_freedom_are_rounded_down_only_when_asked_to():
    whole = hypothesis.t_two_sample_welch(SLEEP_1, SLEEP_2, whole_df=True)
    assert whole.df == 17
    assert whole.p_value > hypothesis.t_two_sample_welch(SLEEP_1, SLEEP_2).p_value


def test_a_missing_member_drops_its_pair():
    whole = hypothesis.t_paired([1, 2, 4, 7], [2, 2, 3, 9])
    gaps = hypothesis.t_paired([1, None, 2, 4, 7, 5], [2, 8, 2, 3, 9, float("nan")])
    assert gaps == whole


@settings(derandomize=True, max_examples=40, deadline=None)
@given(readings, st.floats(-50, 50), st.floats(0.1, 10))
def test_shifting_and_scaling_data_and_target_changes_no_p_value(x, shift, scale):
    plain = hypothesis.t_one_sample(x, mu0=1.0)
    moved = hypothesis.t_one_sample([v * scale + shift for v in x], mu0=scale + shift)
    assert moved.p_value == pytest.approx(plain.p_value, rel=1e-5, abs=1e-12)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(readings, readings)
def test_exchanging_the_groups_turns_the_question_round(x, y):
    one = hypothesis.t_two_sample_welch(x, y, alternative="greater")
    other = hypothesis.t_two_sample_welch(y, x, alternative="less")
    assert one.p_value == pytest.approx(other.p_value, rel=1e-9)
    assert one.ci[0] == pytest.approx(-other.ci[1])
    assert one.ci[1] is None


@settings(derandomize=True, max_examples=40, deadline=None)
@given(readings, readings)
def test_the_interval_holds_zero_exactly_when_the_test_keeps_it(x, y):
    result = hypothesis.t_two_sample_pooled(x, y, confidence=0.9)
    assert (result.ci[0] <= 0 <= result.ci[1]) == (result.p_value >= 0.1)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(readings, st.floats(0.5, 500))
def test_equivalence_is_an_interval_within_the_limits(x, margin):
    result = hypothesis.equivalence_tost(x, target=0.0, lower=-margin, upper=margin)
    low, high = result.ci_1_minus_2alpha
    assert result.equivalent == (-margin < low and high < margin)


def test_p_values_are_uniform_when_nothing_is_there():
    rng = np.random.default_rng(20)
    p = np.sort(
        [
            hypothesis.t_two_sample_welch(rng.normal(size=6), rng.normal(size=9) * 3).p_value
            for _ in range(400)
        ]
    )
    assert np.abs(p - (np.arange(400) + 0.5) / 400).max() < 1.63 / np.sqrt(400)


def test_paired_equivalence_is_one_sample_equivalence_of_the_differences():
    x, y = [5.1, 4.9, 5.4, 5.2, 5.0], [5.0, 5.0, 5.2, 5.3, 4.9]
    paired = hypothesis.equivalence_tost(x, y, paired=True, lower=-0.3, upper=0.3)
    differences = [a - b for a, b in zip(x, y, strict=True)]
    assert paired == hypothesis.equivalence_tost(differences, lower=-0.3, upper=0.3)


def test_limits_of_equivalence_the_wrong_way_round_are_refused():
    with pytest.raises(DataProblem, match="not below"):
        hypothesis.equivalence_tost([1, 2, 3], lower=1, upper=-1)
