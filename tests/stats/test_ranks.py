"""Rank tests, the sign test and correlation."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from leanlab.core.errors import DataProblem
from leanlab.stats import hypothesis
from leanlab.stats.hypothesis import ranks as rank_tests
from tests.stats.published import PLANTS

# Hollander and Wolfe, Nonparametric Statistical Methods (1973): pages 69, 27, 116, 140, 185
PERMEABILITY = (
    [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    [1.15, 0.88, 0.90, 0.74, 1.21],
)
DEPRESSION = (
    [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30],
    [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29],
)
CLEARANCE = {
    "x": [2.9, 3.0, 2.5, 2.6, 3.2],
    "y": [3.8, 2.7, 4.0, 2.4],
    "z": [2.8, 3.4, 3.7, 2.2, 2],
}
ROUNDING = [
    [5.40, 5.50, 5.55], [5.85, 5.70, 5.75], [5.20, 5.60, 5.50], [5.55, 5.50, 5.40],
    [5.90, 5.85, 5.70], [5.45, 5.55, 5.60], [5.40, 5.40, 5.35], [5.45, 5.50, 5.35],
    [5.25, 5.15, 5.00], [5.85, 5.80, 5.70], [5.25, 5.20, 5.10], [5.65, 5.55, 5.45],
    [5.60, 5.35, 5.45], [5.05, 5.00, 4.95], [5.50, 5.50, 5.40], [5.45, 5.55, 5.50],
    [5.55, 5.55, 5.35], [5.45, 5.50, 5.55], [5.50, 5.45, 5.25], [5.65, 5.60, 5.40],
    [5.70, 5.65, 5.55], [6.30, 6.30, 6.25],
]  # fmt: skip
TUNA = (
    [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1],
    [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8],
)
distinct = st.lists(st.integers(-500, 500), min_size=2, max_size=14, unique=True)


def test_permeability_by_mann_and_whitney_is_met():
    result = hypothesis.mann_whitney(*PERMEABILITY, alternative="greater")
    assert result.u == 35
    assert result.p_exact == pytest.approx(0.1272, abs=5e-5)


def test_depression_by_wilcoxon_is_met():
    x, y = DEPRESSION
    difference = [round(a - b, 3) for a, b in zip(x, y, strict=True)]
    result = hypothesis.wilcoxon_signed_rank(difference, alternative="greater")
    assert result.v == 40
    assert result.p_exact == pytest.approx(0.01953, abs=5e-6)


def test_v_is_the_sum_of_positive_ranks_not_the_smaller_sum():
    values = [3.0, -1.0, 4.5, 2.0, -0.5]
    assert hypothesis.wilcoxon_signed_rank(values).v == 12
    assert stats.wilcoxon(values).statistic == 3


def test_clearance_by_kruskal_and_wallis_is_met():
    result = hypothesis.kruskal_wallis(CLEARANCE)
    assert result.h == pytest.approx(0.77143, abs=5e-6)
    assert result.p_value_h == pytest.approx(0.68, abs=5e-4)


def test_plants_by_kruskal_and_wallis_are_met():
    result = hypothesis.kruskal_wallis(PLANTS)
    assert result.h_adjusted == pytest.approx(7.9882, abs=5e-5)
    assert result.p_value_adjusted == pytest.approx(0.01842, abs=5e-6)


def test_rounding_first_base_by_friedman_is_met():
    result = hypothesis.friedman(ROUNDING)
    assert result.s_adjusted == pytest.approx(11.143, abs=5e-4)
    assert result.p_value_adjusted == pytest.approx(0.003805, abs=5e-7)


def test_a_block_with_a_gap_is_left_out():
    assert hypothesis.friedman([*ROUNDING, [5.0, None, 5.1]]).blocks == len(ROUNDING)


def test_tuna_by_pearson_and_kendall_is_met():
    result = hypothesis.correlation(*TUNA)
    assert result.pearson_r == pytest.approx(0.5711816, abs=5e-8)
    assert result.pearson_p == pytest.approx(0.1082, abs=5e-5)
    assert result.pearson_ci == pytest.approx((-0.1497426, 0.8955795), abs=5e-8)
    assert result.kendall_tau_b == pytest.approx(0.4444, abs=5e-5)
    assert result.spearman_rho == pytest.approx(0.6)


def test_correlation_without_error_is_one_and_no_warning():
    result = hypothesis.correlation([1, 2, 3, 4], [10, 20, 30, 40])
    assert (result.pearson_r, result.pearson_p, result.pearson_ci) == (1.0, 0.0, (1.0, 1.0))
    assert result.spearman_ci_bonett_wright == (1.0, 1.0)


def test_three_pairs_have_no_interval():
    assert hypothesis.correlation([1, 2, 3], [1, 3, 2]).pearson_ci == (None, None)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(distinct, st.data())
def test_the_exact_mann_whitney_p_is_scipys(values, data):
    cut = data.draw(st.integers(1, len(values) - 1))
    side = data.draw(st.sampled_from(["two.sided", "greater", "less"]))
    x, y = values[:cut], values[cut:]
    ours = hypothesis.mann_whitney(x, y, alternative=side)
    theirs = stats.mannwhitneyu(x, y, alternative=side.replace(".", "-"), method="exact")
    assert ours.u == theirs.statistic
    assert ours.p_exact == pytest.approx(theirs.pvalue, rel=1e-10)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(distinct)
def test_the_exact_signed_rank_p_is_scipys(values):
    used = [v + 0.25 for v in values]  # no zeros, and no two at the same distance unless equal
    if len({abs(v) for v in used}) < len(used):
        return
    ours = hypothesis.wilcoxon_signed_rank(used)
    theirs = stats.wilcoxon(used, method="exact")
    assert ours.p_exact == pytest.approx(theirs.pvalue, rel=1e-10)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(distinct, distinct)
def test_ranks_know_only_the_order(x, y):
    plain = hypothesis.kruskal_wallis([x, y])
    bent = hypothesis.kruskal_wallis([[v**3 + 5 * v for v in group] for group in (x, y)])
    assert bent.h == pytest.approx(plain.h)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(distinct, distinct, st.integers(-50, 50))
def test_a_shift_moves_the_estimate_and_its_interval(x, y, shift):
    plain = hypothesis.mann_whitney(x, y)
    moved = hypothesis.mann_whitney([v + shift for v in x], y)
    assert moved.hodges_lehmann == pytest.approx(plain.hodges_lehmann + shift)
    if plain.ci_exact and moved.ci_exact:
        assert moved.ci_exact == pytest.approx(tuple(v + shift for v in plain.ci_exact))


def test_distances_that_binary_numbers_part_are_joined_on_request():
    """In binary 0.7 - 0.5 is smaller than 0.5 - 0.3; R and scipy rank them as they are."""
    x = [0.7, 0.3, 0.9, 1.4]
    assert hypothesis.wilcoxon_signed_rank(x, median0=0.5).v == 8
    joined = hypothesis.wilcoxon_signed_rank(x, median0=0.5, same_distance=1e-12)
    assert joined.v == 8.5  # 0.7 and 0.3 share ranks 1 and 2
    assert joined.p_exact is None


@pytest.mark.parametrize("sizes", [(7, 8), (6, 9), (5, 5)])
def test_counting_finds_the_median_that_listing_finds(sizes, monkeypatch):
    rng = np.random.default_rng(11)
    x, y = (rng.normal(size=n).round(1) for n in sizes)
    listed = hypothesis.mann_whitney(x, y).hodges_lehmann
    averages = hypothesis.wilcoxon_signed_rank(x).hodges_lehmann
    monkeypatch.setattr(rank_tests, "MOST_LISTED", 1)
    assert hypothesis.mann_whitney(x, y).hodges_lehmann == pytest.approx(listed, abs=1e-12)
    counted = hypothesis.wilcoxon_signed_rank(x).hodges_lehmann
    assert counted == pytest.approx(averages, abs=1e-12)


@pytest.mark.slow
def test_many_values_need_little_memory():
    rng = np.random.default_rng(12)
    x, y = rng.normal(1.0, 1, 30_000), rng.normal(0.0, 1, 30_000)
    assert hypothesis.mann_whitney(x, y).hodges_lehmann == pytest.approx(1.0, abs=0.03)
    assert hypothesis.wilcoxon_signed_rank(x).hodges_lehmann == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("test", ["u", "v", "h", "s"])
def test_p_values_are_uniform_when_nothing_is_there(test):
    rng = np.random.default_rng(13)
    judged = {
        "u": lambda: hypothesis.mann_whitney(rng.random(20), rng.random(25)).p_normal_uncorrected,
        "v": lambda: hypothesis.wilcoxon_signed_rank(rng.normal(size=40)).p_exact,
        "h": lambda: hypothesis.kruskal_wallis(rng.random((3, 20))).p_value_h,
        "s": lambda: hypothesis.friedman(rng.random((20, 4))).p_value_adjusted,
    }[test]
    p = np.sort([judged() for _ in range(200)])
    assert np.abs(p - (np.arange(200) + 0.5) / 200).max() < 1.63 / np.sqrt(200)


def test_the_sign_interval_between_order_statistics_is_minitabs():
    # Minitab, Key results for 1-Sample Sign (percent chromium): order statistics and NLI
    chromium = [17.1, 17.3, 17.4, 17.5, 17.6, 17.7, 17.7, 18.0, 18.1, 19.0, 19.2, 19.5]
    result = hypothesis.sign(chromium, median0=18)
    assert result.median == 17.7
    assert result.ci_lower_achieved.interval == (17.5, 18.1)
    assert result.ci_lower_achieved.confidence == pytest.approx(0.8540, abs=5e-5)
    assert result.ci_nonlinear == pytest.approx((17.4263, 18.7632), abs=5e-5)
    assert result.ci_upper_achieved.interval == (17.4, 19.0)
    assert result.ci_upper_achieved.confidence == pytest.approx(0.9614, abs=5e-5)


def test_too_few_values_have_no_median_interval_of_this_confidence():
    result = hypothesis.sign([3, 4, 6], median0=1)
    assert (result.ci_upper_achieved, result.ci_interpolated) == (None, None)
    assert result.ci_lower_achieved.interval == (3.0, 6.0)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.integers(-30, 30), min_size=6, max_size=40), st.sampled_from([0.8, 0.95, 0.99]))
def test_sign_intervals_are_nested(values, confidence):
    result = hypothesis.sign(values, confidence=confidence)
    if result.ci_lower_achieved and result.ci_upper_achieved:
        ordered = [result.ci_lower_achieved.interval, result.ci_nonlinear]
        ordered.append(result.ci_upper_achieved.interval)
        assert all(b[0] <= a[0] and a[1] <= b[1] for a, b in pairwise(ordered))
        assert result.ci_lower_achieved.confidence <= confidence <= 1


def test_moods_counts_are_not_corrected_for_continuity():
    x, y = [1, 2, 3, 4, 9], [5, 6, 7, 8, 2]
    theirs = stats.median_test(x, y, correction=False)
    assert hypothesis.mood_median([x, y]).chi2 == pytest.approx(theirs.statistic)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: hypothesis.mann_whitney([1, 1], [1]), "cannot be ranked"),
        (lambda: hypothesis.mann_whitney([], [1]), "first group"),
        (lambda: hypothesis.wilcoxon_signed_rank([5, 5], median0=5), "none lies above or below"),
        (lambda: hypothesis.kruskal_wallis({"A": [1, 1], "B": [1]}), "cannot be ranked"),
        (lambda: hypothesis.kruskal_wallis({"A": [1, 2]}), "at least 2"),
        (lambda: hypothesis.friedman([[1, 2], [1]]), "Block 2 has 1"),
        (lambda: hypothesis.friedman([[1, 1], [2, 2]]), "cannot be ranked"),
        (lambda: hypothesis.mood_median([[1, 1], [1, 1]]), "above the overall median"),
        (lambda: hypothesis.correlation([1, 2, 3], [4, 4, 4]), "second column"),
        (lambda: hypothesis.correlation([1, 2], [4, 5]), "at least 3"),
        (lambda: hypothesis.sign([]), "no values"),
        (lambda: hypothesis.sign([1, "two", 3]), "row 2"),
    ],
)  # fmt: skip
def test_bad_data_are_named(call, words):
    with pytest.raises(DataProblem, match=words):
        call()
