"""Capability against published values, properties and bad data."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import capability

FIXED = settings(derandomize=True, max_examples=40, deadline=None)


def sample_of(n, mean, sd):
    """Return n values with exactly this mean and sample sd."""
    z = np.arange(n, dtype=float) - (n - 1) / 2
    return mean + sd * z / z.std(ddof=1)


def test_bottle_strength_of_montgomery_example_8_4():
    """ISQC, 7th ed.: n = 20, s = 1.75, 38 to 62: Cp 2.29, interval 1.57 to 3.01."""
    result = capability.normal(sample_of(20, 50, 1.75), lsl=38, usl=62, sigma_method="MRbar")
    assert result.pp == pytest.approx(2.29, abs=0.005)
    assert result.ci.pp == pytest.approx((1.57, 3.01), abs=0.01)


def test_cpk_interval_of_montgomery_example_8_5():
    """ISQC, 7th ed.: n = 20, Cpk = 1.33: 0.88 to 1.78 by Bissell's formula."""
    result = capability.normal(sample_of(20, 0, 1), usl=3.99, sigma_method="MRbar")
    assert result.ppk == pytest.approx(1.33)
    assert result.ci.ppk == pytest.approx((0.88, 1.78), abs=0.01)


def test_the_three_published_divisors_of_cpm():
    """Fields of field.md trap 10, by hand: values 1, 2, 3, 6 about the target 2."""
    result = capability.normal(
        np.asarray([1.0, 2, 3, 6]), lsl=-10, usl=14, target=2, sigma_method="MRbar"
    )
    assert result.cpm == pytest.approx(24 / (6 * math.sqrt(18 / 4)))
    assert result.cpm_divisor_n_minus_1 == pytest.approx(24 / (6 * math.sqrt(18 / 3)))
    assert result.cpm_s2_plus_bias2 == pytest.approx(24 / (6 * math.sqrt(14 / 3 + 1)))


def test_an_off_centre_target_takes_the_nearer_limit():
    result = capability.normal(
        np.asarray([1.0, 2, 3, 6]), lsl=0, usl=14, target=2, sigma_method="MRbar"
    )
    assert result.cpm == pytest.approx(2 / (3 * math.sqrt(18 / 4)))


@pytest.mark.parametrize(
    ("n", "share"),
    [(2, 0.88), (3, 0.92), (4, 0.94), (5, 0.95), (6, 0.96), (7, 0.96), (8, 0.97), (9, 0.97),
     (10, 0.98), (17, 0.98), (18, 0.99), (64, 0.99), (65, 1.0)],
)  # fmt: skip
def test_degrees_of_freedom_follow_the_estimator(n, share):
    groups = np.arange(3.0 * n).reshape(3, n)
    df = {
        method: capability.normal(groups, usl=1000, sigma_method=method).ci.df_within
        for method in ("pooled", "Rbar", "Sbar")
    }
    assert df["pooled"] == 3 * (n - 1)
    assert df["Rbar"] == pytest.approx(0.9 * 3 * (n - 1))
    assert df["Sbar"] == pytest.approx(share * 3 * (n - 1))


def test_other_programs_degrees_of_freedom():
    groups = np.arange(12.0).reshape(4, 3)
    jasp = capability.normal(groups, usl=99, df_method="0.9k(n-1)").ci.df_within
    qcc = capability.normal(groups, usl=99, df_method="n-1").ci.df_within
    assert (jasp, qcc) == (pytest.approx(7.2), 11.0)


def test_moving_ranges_break_at_a_gap_as_the_best_peer_does():
    """peers.md 5: joining across the gap gives 2.2684-like values; here |1-3| only."""
    series = np.asarray([1.0, 3.0, np.nan, 8.0])
    assert capability.sigma_within(series).MRbar == pytest.approx(2 * math.sqrt(math.pi) / 2)
    listed = [[1.0], [3.0], [None], [8.0]]
    assert capability.sigma_within(listed).MRbar == capability.sigma_within(series).MRbar


def test_rows_columns_and_lists_give_the_same():
    matrix = np.random.default_rng(1).normal(10, 1, (8, 4))
    one = capability.normal(matrix, lsl=6, usl=14)
    two = capability.normal([list(row) for row in matrix], lsl=6, usl=14)
    three = capability.normal([[*row, None] for row in matrix], lsl=6, usl=14)
    assert one.cpk == pytest.approx(two.cpk, rel=1e-13)
    assert one.cpk == pytest.approx(three.cpk, rel=1e-13)


def test_constant_data_has_no_indices_and_no_warning():
    result = capability.normal([[5.0]] * 6, lsl=4, usl=6, sigma_method="MRbar")
    assert (result.cp, result.ppk, result.within.ppm_total) == (None, None, None)
    assert result.observed.ppm_total == 0


def test_far_limits_do_not_lose_the_benchmark_z():
    result = capability.normal(sample_of(50, 0, 1), lsl=-40, usl=40, sigma_method="MRbar")
    z = result.overall.z_bench
    assert 39.9 < z < 40
    assert result.overall.ppm_total < 1e-300


def test_a_mean_far_outside_gives_a_negative_benchmark_z():
    result = capability.normal(sample_of(50, 100, 1), lsl=0, usl=60, sigma_method="MRbar")
    assert result.overall.z_bench < -30
    assert result.cpk < 0
    low, high = result.ci.cpk
    assert low < result.cpk < high


values = st.lists(st.floats(-50, 50).map(lambda v: round(v, 3)), min_size=8, max_size=40).filter(
    lambda v: np.std(v) > 0.1 and np.abs(np.diff(v)).mean() > 0.1
)


@FIXED
@given(values, st.floats(-1000, 1000), st.floats(0.01, 100))
def test_indices_do_not_change_with_unit_and_origin(x, shift, scale):
    x = np.asarray(x)
    plain = capability.normal(x, lsl=-60, usl=55, target=1, sigma_method="MRbar")
    moved = capability.normal(
        shift + scale * x, lsl=shift - 60 * scale, usl=shift + 55 * scale,
        target=shift + scale, sigma_method="MRbar",
    )  # fmt: skip
    for name in ("cp", "cpk", "pp", "ppk", "cpm", "ccpk"):
        assert getattr(moved, name) == pytest.approx(getattr(plain, name), rel=1e-7)
    assert moved.overall.z_bench == pytest.approx(plain.overall.z_bench, rel=1e-6, abs=1e-9)


@FIXED
@given(values)
def test_cpk_never_exceeds_cp(x):
    result = capability.normal(np.asarray(x), lsl=-20, usl=30, sigma_method="MRbar")
    assert result.cpk <= result.cp
    assert result.ppk <= result.pp
    assert result.ci.pp[0] < result.pp < result.ci.pp[1]


@FIXED
@given(values)
def test_order_matters_within_only(x):
    x = np.asarray(x)
    forward = capability.normal(x, usl=60, sigma_method="MRbar")
    shuffled = capability.normal(np.sort(x), usl=60, sigma_method="MRbar")
    assert shuffled.ppk == pytest.approx(forward.ppk, rel=1e-12)
    assert shuffled.sigma_within <= forward.sigma_within + 1e-12


@FIXED
@given(st.integers(0, 10_000), st.integers(2, 9))
def test_estimators_agree_for_equal_sizes_and_scale(seed, n):
    groups = np.random.default_rng(seed).normal(3, 2, (12, n))
    one, ten = (dataclasses.asdict(capability.sigma_within(k * groups)) for k in (1, 10))
    assert one["Rbar"] == pytest.approx(one["Rbar_unweighted"])
    assert one["Rbar"] == pytest.approx(one["Rbar_burr"])
    assert one["Sbar"] == pytest.approx(one["Sbar_unweighted"])
    for name, value in one.items():
        if value is not None:
            assert ten[name] == pytest.approx(10 * value)


@pytest.mark.parametrize("method", [m for m in capability.SIGMA_METHODS if not m.startswith("MR")])
def test_every_estimator_is_unbiased_for_normal_subgroups(method):
    if method == "sqrt_MSSD":
        data = np.random.default_rng(3).normal(0, 2, 40_000)
    else:
        data = np.random.default_rng(3).normal(0, 2, (10_000, 4))
    result = capability.normal(data, usl=99, sigma_method=method)
    assert result.sigma_within == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: capability.normal([], usl=1), "no values"),
        (lambda: capability.normal(np.zeros(0), usl=1), "no values"),
        (lambda: capability.normal([[None], [None]], usl=1), "no values"),
        (lambda: capability.normal([[1.0]], usl=1, sigma_method="MRbar"), "1 value"),
        (lambda: capability.normal([[1, 2], [3, 4]]), "No specification limit"),
        (lambda: capability.normal([[1, 2], [3, 4]], lsl=5, usl=4), "not below"),
        (lambda: capability.normal([[1, "x"]], usl=4), "Subgroup 1: value in row 2"),
        (lambda: capability.normal([[1], [2]], usl=4, sigma_method="pooled"), "single value"),
        (lambda: capability.normal([[1, 2], [3, 4]], usl=9, sigma_method="MRbar"), "one value per"),
        (lambda: capability.normal([[1, 2], [3, 4]], usl=9, sigma_method="x"), "Unknown sigma"),
        (lambda: capability.normal([[1, 2], [3, 4]], usl=9, confidence=95), "between 0 and 1"),
        (lambda: capability.normal([[1], [None], [3]], usl=9, sigma_method="MRbar"), "too few"),
        (lambda: capability.normal([1.0, float("inf")], usl=9), "infinite"),
        (lambda: capability.normal([[1.0, 2.0], [3.0, 1e200, 4.0]], usl=9), "Subgroup 2: value in row 2"),
        (lambda: capability.normal([[], []], usl=9), "no values"),
        (lambda: capability.normal([[1, 2], "ab"], usl=9), "Subgroup 2"),
        (lambda: capability.normal(np.zeros((3, 0)), usl=9), "no values"),
        (lambda: capability.normal("ab", usl=9), "lists of numbers"),
        (lambda: capability.normal(5.0, usl=9), "lists of numbers"),
        (lambda: capability.between_within([[1], [2]], usl=9), "single value"),
        (lambda: capability.between_within([[1, 2]], usl=9), "too few"),
        (lambda: capability.between_within([[1, 2], [3, 5]], usl=9, sigma_between_method="pooled"),
         "Unknown sigma method between"),
        (lambda: capability.nonnormal([1, 2, 3], "cauchy", usl=9), "Unknown distribution"),
        (lambda: capability.nonnormal([1, 2, -3], "weibull", usl=9), "row 3 is -3"),
        (lambda: capability.nonnormal([2, 2, 2], "normal", usl=9), "all 3 values are 2"),
        (lambda: capability.box_cox([1, 0, 2]), "row 2 is 0"),
        (lambda: capability.box_cox([1, 2, 3], ["a", "b", "c"]), "single value"),
        (lambda: capability.box_cox([1, 1, 2, 2], ["a", "a", "b", "b"]), "Nothing varies"),
        (lambda: capability.johnson([1, 2, 3]), "at least 8"),
        (lambda: capability.binomial([5], [4]), "exceeds"),
        (lambda: capability.binomial([-1], [4]), "negative"),
        (lambda: capability.binomial([0], [0]), "is 0"),
        (lambda: capability.binomial([0.5], [4]), "whole number"),
        (lambda: capability.poisson([1, None], [1, 1]), "missing"),
        (lambda: capability.poisson([1, 1], [1, 0]), "must be above 0"),
        (lambda: capability.poisson([1], [1], interval="x"), "Unknown interval"),
    ],
)  # fmt: skip
def test_bad_data_is_named(call, said):
    with pytest.raises(DataProblem) as caught:
        call()
    assert said in caught.value.message


def test_between_variation_of_zero_leaves_the_within_sigma():
    result = capability.between_within([[1, 9], [9, 1], [1, 9], [9, 1]], lsl=-50, usl=50)
    assert result.sigma_between == 0
    assert result.sigma_between_within == result.sigma_within


def test_between_within_weighs_unequal_sizes_by_their_mean_inverse():
    groups = [[10, 12], [20, 22, 24, 26], [31, 33]]
    result = capability.between_within(groups, usl=99)
    sigma = capability.sigma_within(groups).pooled
    means = capability.sigma_within([11.0, 23.0, 32.0]).MRbar
    expected = math.sqrt(means**2 - sigma**2 * np.mean([1 / 2, 1 / 4, 1 / 2]))
    assert result.sigma_between == pytest.approx(expected)


def test_percentile_method_equals_the_normal_one_for_normal_data():
    x = np.random.default_rng(4).normal(10, 1, 200)
    percentile = capability.nonnormal(x, "normal", lsl=6, usl=15)
    usual = capability.normal(x, lsl=6, usl=15, sigma_method="MRbar")
    factor = math.sqrt(200 / 199)  # maximum likelihood divides by n
    assert percentile.pp == pytest.approx(usual.pp * factor)
    assert percentile.ppk == pytest.approx(usual.ppk * factor)


@pytest.mark.parametrize(
    "distribution", ["lognormal_3p", "weibull_3p", "gamma_3p", "loglogistic_3p"]
)
def test_a_threshold_moves_with_the_data(distribution):
    x = np.random.default_rng(8).gamma(3, 2, 150) + 4
    here = capability.nonnormal(x, distribution, lsl=2, usl=40)
    there = capability.nonnormal(x + 100, distribution, lsl=102, usl=140)
    assert there.ppk == pytest.approx(here.ppk, rel=1e-5)
    assert there.parameters["threshold"] - here.parameters["threshold"] == pytest.approx(
        100, rel=1e-4
    )


@FIXED
@given(st.floats(0.01, 100), st.integers(0, 1000))
def test_box_cox_does_not_depend_on_the_unit(scale, seed):
    x = np.random.default_rng(seed).lognormal(1, 0.6, 40)
    one, two = capability.box_cox(x), capability.box_cox(scale * x)
    assert two.lambda_ == pytest.approx(one.lambda_, abs=1e-7)
    assert two.loglik_relative == pytest.approx(one.loglik_relative, abs=1e-6)


def test_box_cox_finds_the_power_that_was_used():
    z = np.random.default_rng(11).normal(10, 1, 4000)
    assert capability.box_cox(z**2).lambda_nearest_half == 0.5
    assert capability.box_cox(np.exp(z)).lambda_nearest_half == 0
    low, high = capability.box_cox(z**2).lambda_ci
    assert low < 0.5 < high


def test_one_subgroup_per_row_is_as_no_subgroups():
    x = np.random.default_rng(5).lognormal(0, 1, 30)
    assert capability.box_cox(x, ["a"] * 30).lambda_ == pytest.approx(capability.box_cox(x).lambda_)


@pytest.mark.parametrize(
    ("family", "inverse"),
    [
        ("SU", lambda z: 5 + 2 * np.sinh((z - 0.5) / 1.2)),
        ("SB", lambda z: 1 + 9 / (1 + np.exp(-(z - 0.3) / 0.8))),
        ("SL", lambda z: 3 + np.exp((z + 1) / 1.5)),
    ],
)
def test_johnson_makes_its_own_families_normal(family, inverse):
    z = np.random.default_rng(21).normal(size=400)
    result = capability.johnson(inverse(z))
    assert result.p_original < 0.01
    assert result.p_transformed > 0.3
    np.testing.assert_allclose(result.transform(inverse(z)), result.transformed)
    if family != "SL":  # the other two come as close to a lognormal as they like
        assert result.family == family


def test_johnson_limits_outside_the_support_are_nan():
    x = 1 + 9 / (1 + np.exp(-np.random.default_rng(2).normal(size=200)))
    result = capability.johnson(x)
    assert result.family == "SB"
    assert np.isnan(result.transform([-5.0])[0])


def test_clopper_pearson_of_none_and_all():
    """Exact closed forms: 1 - (alpha/2)^(1/n) and its mirror image."""
    none = capability.binomial([0], [20])
    assert none.pct_defective_ci == pytest.approx((0, 100 * (1 - 0.025 ** (1 / 20))))
    assert none.process_z is None
    assert none.process_z_ci[1] is None
    every = capability.binomial([20], [20])
    assert every.pct_defective_ci == pytest.approx((100 * 0.025 ** (1 / 20), 100))


def test_garwood_interval_of_a_published_table():
    """Garwood 1936: 10 events, 95 %: 4.795 to 18.390; 0 events: 0 to 3.689."""
    assert capability.poisson([10], [1]).mean_dpu_ci == pytest.approx((4.795, 18.390), abs=6e-4)
    assert capability.poisson([0], [1]).mean_dpu_ci == pytest.approx((0, 3.689), abs=6e-4)


def test_normal_intervals_are_an_option_and_named():
    wald = capability.binomial([10, 15], 100, interval="normal")
    reach = 1.959963984540054 * math.sqrt(0.125 * 0.875 / 200)
    assert wald.pct_defective_ci == pytest.approx((12.5 - 100 * reach, 12.5 + 100 * reach))
    assert wald.interval == "normal"
    rate = capability.poisson([25], [5], interval="normal")
    assert rate.mean_dpu_ci == pytest.approx((5 - 1.959963984540054, 5 + 1.959963984540054))


def test_targets_are_judged_by_the_upper_end():
    assert capability.binomial([1], [1000], target_pct=1).meets_target is True
    assert capability.binomial([9], [1000], target_pct=1).meets_target is False
    assert capability.poisson([1], [100], target_dpu=0.1).meets_target is True
