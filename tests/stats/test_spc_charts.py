"""Control charts against books and standards, peers' mistakes, and what theory promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import constants, spc
from leanlab.stats.run_rules import NELSON

# NIST/SEMATECH e-Handbook 6.3.2.4: EWMA control charts, parameter 0.3, target 50, s 2.0539.
NIST_EWMA = [52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3,
             47.8, 51.2, 52.6, 52.4, 53.6, 52.1]  # fmt: skip
# NIST/SEMATECH e-Handbook 6.3.2.3: CUSUM, target 325, sigma of the means 0.635 / 2.
NIST_CUSUM = [324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225,
              324.600, 324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775,
              326.875, 328.350]  # fmt: skip
# Montgomery, Introduction to Statistical Quality Control, table 9.1: target 10, sigma 1.
MONTGOMERY_9_1 = [9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47,
                  10.51, 9.40, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50,
                  10.60, 11.08, 10.38, 11.62, 11.31, 10.52]  # fmt: skip

values = st.lists(st.integers(-500, 500), min_size=4, max_size=40)


def varied(x):
    return len(set(np.abs(np.diff(x)).tolist()) - {0}) > 0


# constants -----------------------------------------------------------------------------------


def test_constants_round_to_the_printed_table_of_montgomery():
    table = constants.control_chart([2, 5, 10, 25])
    assert [round(v, 3) for v in table["A2"]] == [1.880, 0.577, 0.308, 0.153]
    assert [round(v, 3) for v in table["D4"]] == [3.267, 2.114, 1.777, 1.541]
    assert [round(v, 4) for v in table["c4"]] == [0.7979, 0.9400, 0.9727, 0.9896]
    assert [round(v, 3) for v in table["d3"]] == [0.853, 0.864, 0.797, 0.708]


def test_the_median_constant_is_not_taken_for_the_mean_in_large_subgroups():
    # JASP's polynomial for n > 50 gives 4.598 at n = 60
    assert constants.d2(60) == pytest.approx(4.639, abs=5e-4)
    assert constants.d4(60) == pytest.approx(4.591, abs=5e-4)


@pytest.mark.parametrize("n", [0, 1, 1.5, 1001])
def test_constants_exist_from_two_to_a_thousand(n):
    with pytest.raises(DataProblem):
        constants.d2(n)


# individuals ---------------------------------------------------------------------------------


def test_nist_individuals_differ_only_by_the_rounded_constant():
    # NIST 6.3.2.2 prints 55.8041 and 45.8159 from 1.128; the exact constant is 0.03 % away
    x = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    chart = spc.i_mr(x)
    sigma = chart.sigma_by_stage[0] * constants.d2(2) / 1.128
    assert np.mean(x) + 3 * sigma == pytest.approx(55.8041, abs=5e-5)
    assert np.mean(x) - 3 * sigma == pytest.approx(45.8159, abs=5e-5)


def test_a_gap_breaks_the_moving_range():
    # five peers join across the gap
    chart = spc.i_mr([1.0, 3.0, None, 9.0, 10.0])
    assert chart.panel("mr").points.tolist()[1::3] == [2.0, 1.0]
    assert np.isnan(chart.panel("mr").points[[0, 2, 3]]).all()
    assert chart.sigma_by_stage[0] == pytest.approx(1.5 / constants.d2(2))


def test_small_units_keep_their_digits():
    # two peers round to three places: 0.25 mm entered in metres gave limits of 0
    x = [0.000254, 0.000251, 0.000256, 0.000252, 0.000257]
    chart, larger = spc.i_mr(x), spc.i_mr([1000 * v for v in x])
    assert chart.panel("i").ucl[0] == pytest.approx(larger.panel("i").ucl[0] / 1000, rel=1e-12)
    assert chart.panel("i").ucl[0] > chart.panel("i").center[0] > 0.00025


def test_digits_far_from_zero_are_kept():
    x = np.array([0.1, 0.4, 0.2, 0.5, 0.3, 0.2])
    far = spc.i_mr(x + 1e9)
    assert far.sigma_by_stage[0] == pytest.approx(spc.i_mr(x).sigma_by_stage[0], rel=1e-6)


@pytest.mark.parametrize("method", ["MRbar", "MRmedian", "MSSD"])
@pytest.mark.parametrize("length", [2, 3, 5])
def test_sigma_is_unbiased_for_normal_values(method, length):
    x = np.random.default_rng(5).normal(0, 2, 40_000)
    sigma = spc.i_mr(x, sigma_method=method, mr_length=length).sigma_by_stage[0]
    assert sigma == pytest.approx(2.0, rel=0.03)


def test_excluded_points_are_shown_but_do_not_count():
    x = [10.0, 11, 10, 30, 11, 10, 11]
    chart = spc.i_mr(x, excluded=[False, False, False, True, False, False, False])
    assert chart.panel("i").points[3] == 30
    assert chart.mean_by_stage[0] == pytest.approx(10.5)
    assert chart.sigma_by_stage[0] == pytest.approx(1 / constants.d2(2))  # no range next to it
    assert 3 in chart.panel("i").out_of_limits


def test_frozen_limits_judge_later_points():
    x = [10.0, 11, 10, 11, 10, 20, 21, 20]
    chart = spc.i_mr(x, limits_base=5)
    assert chart.limits_basis == "points 1 to 5"
    assert chart.panel("i").out_of_limits.tolist() == [5, 6, 7]
    staged = spc.i_mr(x, limits_base=5, stages=["a"] * 5 + ["b"] * 3)
    assert staged.mean_by_stage.tolist() == [chart.mean_by_stage[0]] * 2


@settings(derandomize=True, deadline=None, max_examples=60)
@given(values, values)
def test_stages_give_the_limits_of_separate_charts(first, second):
    if not (varied(first) and varied(second)):
        return
    both = spc.i_mr(
        np.r_[first, second].astype(float), stages=["a"] * len(first) + ["b"] * len(second),
        rules=NELSON,
    )  # fmt: skip
    alone = [spc.i_mr(np.asarray(x, dtype=float), rules=NELSON) for x in (first, second)]
    for name in ("points", "center", "lcl", "ucl"):
        for panel in ("i", "mr"):
            joined = np.r_[tuple(getattr(chart.panel(panel), name) for chart in alone)]
            np.testing.assert_allclose(getattr(both.panel(panel), name), joined, rtol=1e-12)
    for rule in range(1, 9):
        later = alone[1].panel("i").signals[rule] + len(first)
        joined = np.r_[alone[0].panel("i").signals[rule], later]
        assert both.panel("i").signals[rule].tolist() == joined.tolist()


@settings(derandomize=True, deadline=None, max_examples=60)
@given(values, st.floats(0.01, 100), st.integers(-10_000, 10_000))
def test_limits_follow_unit_and_origin(x, scale, shift):
    if not varied(x):
        return
    x = np.asarray(x, dtype=float)
    before, after = spc.i_mr(x).panel("i"), spc.i_mr(x * scale + shift).panel("i")
    np.testing.assert_allclose(after.ucl, before.ucl * scale + shift, rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(after.lcl, before.lcl * scale + shift, rtol=1e-9, atol=1e-7)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(values, st.floats(0.5, 3), st.floats(0.1, 3))
def test_limits_widen_with_k(x, k, more):
    if not varied(x):
        return
    x = np.asarray(x, dtype=float)
    narrow, wide = spc.i_mr(x, k=k), spc.i_mr(x, k=k + more)
    assert wide.panel("i").ucl[0] > narrow.panel("i").ucl[0]
    assert set(wide.panel("i").out_of_limits) <= set(narrow.panel("i").out_of_limits)


# subgroups -----------------------------------------------------------------------------------


def test_constants_go_by_subgroup_size_and_every_range_counts():
    # a peer took constants by the number of subgroups, and dropped the first range
    groups = [[1.0, 2, 3, 4, 9], [2, 2, 3, 3, 4], [1, 3, 3, 4, 5]]
    chart = spc.xbar_r(groups)
    assert chart.sigma_by_stage[0] == pytest.approx((8 + 2 + 4) / 3 / constants.d2(5))
    assert chart.panel("r").ucl[0] == pytest.approx(2.114495 * 14 / 3, rel=1e-5)


def test_table_lists_and_table_with_gaps_agree():
    table = np.random.default_rng(2).normal(size=(40, 4))
    lists = [row.tolist() for row in table]
    for make in (spc.xbar_r, spc.xbar_s):
        np.testing.assert_allclose(make(table).panels[1].points, make(lists).panels[1].points)
    table[3, 1] = table[9, :] = np.nan
    lists[3][1], lists[9] = None, [None] * 4
    for make, method in ((spc.xbar_r, "Rbar"), (spc.xbar_s, "Sbar"), (spc.xbar_s, "pooled")):
        one, two = make(table, sigma_method=method), make(lists, sigma_method=method)
        assert one.sigma_by_stage[0] == two.sigma_by_stage[0]
        assert one.sizes.tolist() == two.sizes.tolist() == [4, 4, 4, 3, 4, 4, 4, 4, 4, 0] + [4] * 30
        assert np.isnan(one.panel("xbar").ucl[9])
        assert one.panel("xbar").ucl[3] > one.panel("xbar").ucl[4]


def test_spread_charts_get_the_limit_test_only():
    groups = [[0.0, 1.0 + i / 100] for i in range(12)]  # ranges rise all the way
    chart = spc.xbar_r(groups, rules=NELSON)
    assert list(chart.panel("r").signals) == [1]
    assert chart.panel("xbar").signals[3].size > 0


def test_a_hundred_thousand_subgroups_need_no_square_of_memory():
    # qcc cannot allocate 37 GiB for it, another peer took 75 GiB
    table = np.random.default_rng(3).normal(size=(100_000, 3))
    chart = spc.xbar_s(table, rules=NELSON)
    assert chart.panel("s").points.size == 100_000
    assert chart.sigma_by_stage[0] == pytest.approx(1.0, abs=0.01)


# attributes ----------------------------------------------------------------------------------


def test_montgomery_example_7_1_orange_juice_cans():
    counts = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24,
              15, 9, 12, 7, 13, 9, 6]  # fmt: skip
    panel = spc.p(counts, 50).panel("p")
    assert panel.center[0] == pytest.approx(0.2313, abs=5e-5)
    assert panel.ucl[0] == pytest.approx(0.4102, abs=5e-5)
    assert panel.lcl[0] == pytest.approx(0.0524, abs=6e-5)
    assert panel.out_of_limits.tolist() == [14, 22]


def test_montgomery_example_7_3_circuit_boards():
    counts = [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30,
              24, 16, 19, 17, 15]  # fmt: skip
    panel = spc.c(counts).panel("c")
    assert panel.center[0] == pytest.approx(19.85, abs=5e-3)
    assert panel.ucl[0] == pytest.approx(33.22, abs=0.011)  # printed from the rounded centre
    assert panel.lcl[0] == pytest.approx(6.48, abs=6e-3)
    assert panel.out_of_limits.tolist() == [5, 19]


@pytest.mark.parametrize("make", [spc.p, spc.np_chart, spc.u, spc.laney_p, spc.laney_u])
def test_counts_know_stages_exclusions_gaps_and_frozen_limits(make):
    counts = [4, 6, 5, None, 30, 12, 15, 13, 11]
    sizes = [100, 110, 90, 100, 100, 100, 100, None, 120]
    out = [i == 4 for i in range(9)]
    chart = make(counts, sizes, stages=list("aaaaabbbb"), excluded=out)
    assert chart.mean_by_stage == pytest.approx([15 / 300, 38 / 320])
    assert np.isnan(chart.panels[0].ucl[[3, 7]]).all()
    assert 4 in chart.panels[0].out_of_limits
    frozen = make(counts, sizes, limits_base=3)
    assert frozen.mean_by_stage == pytest.approx([15 / 300])
    assert frozen.panels[0].out_of_limits[0] == 4


def test_laney_sigma_is_worked_out_for_each_stage():
    counts = [50, 54, 49, 55, 50, 90, 20, 85, 15, 95]
    chart = spc.laney_p(counts, 1000, stages=["a"] * 5 + ["b"] * 5)
    alone = spc.laney_p(counts[5:], 1000)
    assert chart.extra["sigma_z_by_stage"][1] == pytest.approx(alone.extra["sigma_z"])
    assert chart.extra["sigma_z_by_stage"][0] < 1  # and it is not cut at 1


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(20, 60)), min_size=2, max_size=30))
def test_the_rate_does_not_depend_on_the_order_of_samples(pairs):
    counts, sizes = np.array(pairs, dtype=float).T
    first = spc.p(counts, sizes)
    again = spc.p(counts[::-1].copy(), sizes[::-1].copy())
    np.testing.assert_allclose(first.panels[0].ucl, again.panels[0].ucl[::-1], rtol=1e-12)
    assert np.all(first.panels[0].lcl >= 0)
    assert np.all(first.panels[0].ucl <= 1)


# charts with memory --------------------------------------------------------------------------


def test_nist_ewma_starts_from_the_target_and_counts_the_first_point():
    # a peer leaves the first observation out and ends at 51.9876
    panel = spc.ewma(NIST_EWMA, lambda_=0.3, historical_mean=50, historical_sigma=2.0539).panels[0]
    assert panel.points[0] == pytest.approx(50.6)
    assert panel.points[-1] == pytest.approx(51.98824, abs=5e-6)
    assert panel.ucl[-1] == pytest.approx(52.5884, abs=5e-5)
    assert panel.lcl[-1] == pytest.approx(47.4115, abs=1e-4)


def test_nist_cusum_signals_seven_times_from_the_fourteenth_point():
    chart = spc.cusum(NIST_CUSUM, target=325, historical_sigma=1, k=0.3175, h=4.1959)
    assert chart.panel("c_plus").out_of_limits.tolist() == list(range(13, 20))
    assert chart.panel("c_minus").out_of_limits.size == 0


def test_montgomery_table_9_2_tabular_cusum():
    chart = spc.cusum(MONTGOMERY_9_1, target=10, historical_sigma=1, k=0.5, h=5)
    assert chart.panel("c_plus").points[28] == pytest.approx(5.28)
    assert chart.extra["n_plus"][28] == 7
    assert chart.panel("c_plus").out_of_limits.tolist() == [28, 29]
    assert chart.panel("c_minus").points[1] == pytest.approx(-1.56)
    assert chart.extra["n_minus"][1] == 2


def test_a_head_start_signals_sooner():
    x = [11.0, 11.2, 10.9, 11.1, 11.3, 11.0, 11.2, 11.1, 11.0, 11.1, 11.2, 11.3]
    plain = spc.cusum(x, target=10, historical_sigma=1)
    fast = spc.cusum(x, target=10, historical_sigma=1, fir_fraction=0.5)
    assert fast.panels[0].out_of_limits[0] < plain.panels[0].out_of_limits[0]


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("fir", [0.0, 0.5])
def test_long_cusums_equal_the_definition_step_by_step(reset, fir):
    random = np.random.default_rng(3)
    x = random.normal(size=40_000) + (np.arange(40_000) % 7000 > 6500) * 1.5
    chart = spc.cusum(
        x, target=0.0, historical_sigma=1.0, fir_fraction=fir, reset_after_signal=reset
    )
    high, low, up, down = 5 * fir, -5 * fir, [], []
    for value in x:
        high, low = max(0.0, high + value - 0.5), min(0.0, low + value + 0.5)
        up.append(high)
        down.append(low)
        if reset and (high > 5 or low < -5):
            high = low = 0.0
    np.testing.assert_allclose(chart.panel("c_plus").points, up, atol=1e-10)
    np.testing.assert_allclose(chart.panel("c_minus").points, down, atol=1e-10)
    assert chart.panel("c_plus").out_of_limits.size > 100


@pytest.mark.parametrize("make", [
    lambda x, **o: spc.ewma(x, lambda_=0.3, **o),
    lambda x, **o: spc.moving_average(x, span=3, **o),
    spc.cusum,
])  # fmt: skip
def test_charts_with_memory_restart_at_a_stage_and_pass_over_gaps(make):
    first, second = [1.0, 3, 2, 4, 2, 3], [9.0, 7, 8, 9, 7, 8]
    both = make(first + second, stages=["a"] * 6 + ["b"] * 6)
    for panel, one, two in zip(both.panels, make(first).panels, make(second).panels, strict=True):
        np.testing.assert_allclose(panel.points, np.r_[one.points, two.points])
        np.testing.assert_allclose(panel.ucl, np.r_[one.ucl, two.ucl])
    options = {"historical_sigma": 1.0}
    gap = make([1.0, 3, None, 2, 4, 2, 3], **options)
    for panel, plain in zip(gap.panels, make(first, **options).panels, strict=True):
        assert np.isnan(panel.points[2])
        np.testing.assert_allclose(np.delete(panel.points, 2), plain.points)


def test_unequal_subgroups_widen_the_exact_limits_of_an_ewma():
    groups = [[1.0, 2], [2.0, 3, 4, 5], [1.0, 3], [2.0, 2]]
    panel = spc.ewma(groups, lambda_=0.5, historical_sigma=1.0).panels[0]
    variance = 0.0
    for i, group in enumerate(groups):
        variance = 0.25 / len(group) + 0.25 * variance
        assert panel.ucl[i] - panel.center[i] == pytest.approx(3 * variance**0.5)


def test_the_start_up_of_a_long_ewma_ends_where_it_cannot_be_seen():
    panel = spc.ewma(np.random.default_rng(1).normal(size=5000), lambda_=0.05).panels[0]
    count = np.arange(1, 5001)
    exact = panel.lines.sigma[-1] * np.sqrt(1 - 0.95 ** (2.0 * count))
    np.testing.assert_allclose((panel.ucl - panel.center) / 3, exact, rtol=1e-12)


# rare events ---------------------------------------------------------------------------------


def test_g_limits_by_sigma_and_by_probability_differ_as_published():
    # peers: exact geometric 134.9 against mean + 3 s 81.7 on the same data
    y = [12, 30, 8, 21, 17, 25, 3, 40, 14, 22]
    by_sigma, by_chance = spc.g(y), spc.g(y, method="probability")
    assert by_sigma.panels[0].ucl[0] == pytest.approx(19.2 + 3 * (19.2 * 20.2) ** 0.5)
    p = by_chance.extra["p"]
    upper = by_chance.panels[0].ucl[0]
    assert p == pytest.approx(0.9 / 20.2)
    tail = 0.00134989803163
    assert (1 - p) ** (np.floor(upper) + 1) >= tail >= (1 - p) ** (np.ceil(upper) + 1)


def test_t_chart_limits_cut_off_the_normal_tails():
    x = np.random.default_rng(9).weibull(1.5, 400) * 30
    chart = spc.t(x)
    shape, scale = chart.extra["shape"], chart.extra["scale"]
    assert (shape, scale) == pytest.approx((1.5, 30), rel=0.08)
    assert np.exp(-((chart.panels[0].ucl[0] / scale) ** shape)) == pytest.approx(0.0013498980)
    assert np.exp(-((chart.panels[0].center[0] / scale) ** shape)) == pytest.approx(0.5)


def test_rare_event_charts_know_stages_gaps_and_exclusions():
    times = [8.0, 5, 22, 14, None, 80, 95, 400, 120, 70]
    out = [v == 400 for v in times]
    for make in (lambda *a, **o: spc.t(*a, method="exponential", **o), spc.g):
        chart = make(times, stages=["a"] * 5 + ["b"] * 5, excluded=out)
        first = make(times[:4])
        second = make([80, 95, 120, 70])
        ucl = chart.panels[0].ucl
        assert ucl[0] == pytest.approx(first.panels[0].ucl[0])
        assert ucl[9] == pytest.approx(second.panels[0].ucl[0])
        assert np.isnan(ucl[4])
        assert not set(chart.panels[0].signals) & {5, 6, 7, 8}  # no zones on skewed charts


# several measures, short runs ----------------------------------------------------------------


def test_t2_does_not_depend_on_units_and_sums_to_a_constant():
    x = np.random.default_rng(4).multivariate_normal([5, 9], [[1, 0.6], [0.6, 2]], 30)
    chart, scaled = spc.hotelling_t2_individuals(x), spc.hotelling_t2_individuals(x * [10, 0.1] + 7)
    np.testing.assert_allclose(chart.panels[0].points, scaled.panels[0].points, rtol=1e-8)
    assert chart.panels[0].points.sum() == pytest.approx(2 * 29)  # p (m - 1)


def test_phase_two_rows_are_judged_by_reference_rows():
    random = np.random.default_rng(5)
    reference, new = random.normal(size=(40, 2)), np.array([[0.1, 0.2], [6.0, -6.0], [None, 1.0]])
    chart = spc.hotelling_t2_individuals(new, phase="II", reference=reference)
    assert chart.panels[0].out_of_limits.tolist() == [1]
    assert np.isnan(chart.panels[0].points[2])


MANY_MEASURES = {
    "t2": lambda x, **o: spc.hotelling_t2_individuals(x[:, 0], **o),
    "t2 new": lambda x, **o: spc.hotelling_t2_individuals(x[:, 0], phase="II", limits_base=30, **o),
    "t2 groups": spc.hotelling_t2_subgroups,
    "generalized variance": spc.generalized_variance,
    "mewma": lambda x, **o: spc.mewma(x[:, 0], ucl=9.0, **o),
}


@pytest.mark.parametrize("name", [name for name in MANY_MEASURES if name != "t2 new"])
def test_charts_of_several_measures_give_the_limits_of_separate_charts(name):
    make, random = MANY_MEASURES[name], np.random.default_rng(15)
    first, second = random.normal(5, 1, (20, 6, 2)), random.normal(9, 3, (15, 6, 2))
    second[4, 0, 1] = np.nan
    both = make(np.r_[first, second], stages=["a"] * 20 + ["b"] * 15)
    apart = make(first), make(second)
    for line in ("points", "ucl", "lcl", "center"):
        joined = np.r_[getattr(apart[0].panels[0], line), getattr(apart[1].panels[0], line)]
        np.testing.assert_allclose(getattr(both.panels[0], line), joined, rtol=1e-9)


def test_measures_frozen_at_the_first_rows_judge_the_next_stage():
    x = np.random.default_rng(16).normal(size=(50, 1, 2))
    x[40:] += 6
    make = MANY_MEASURES["t2 new"]
    alone, staged = make(x), make(x, stages=["a"] * 40 + ["b"] * 10)
    np.testing.assert_allclose(staged.panels[0].points, alone.panels[0].points)
    assert staged.panels[0].out_of_limits.tolist()[-10:] == list(range(40, 50))
    reference = spc.hotelling_t2_individuals(x[30:, 0], phase="II", reference=x[:30, 0])
    np.testing.assert_allclose(alone.panels[0].points[30:], reference.panels[0].points)
    assert alone.panels[0].ucl[0] == pytest.approx(reference.panels[0].ucl[0])


def test_a_stage_too_short_for_its_measures_is_named():
    x = np.random.default_rng(17).normal(size=(12, 2))
    with pytest.raises(DataProblem, match="2 rows in stage 'new' are too few"):
        spc.hotelling_t2_individuals(x, stages=["old"] * 10 + ["new"] * 2)


def test_mewma_of_weight_one_is_t2_with_known_parameters():
    x = np.random.default_rng(6).normal(size=(12, 2))
    chart = spc.mewma(x, lambda_=1.0, ucl=10, mean=[0, 0], cov=np.eye(2))
    np.testing.assert_allclose(chart.panels[0].points, np.sum(x**2, axis=1))


@pytest.mark.parametrize(("weight", "p", "h"), [(0.1, 2, 8.64), (0.1, 3, 10.79), (0.1, 4, 12.73)])
def test_mewma_limits_of_prabhu_and_runger_1997(weight, p, h):
    # Montgomery, table 11.3: limits for a run length of 200
    assert spc.mewma_limit(weight, 200, p) == pytest.approx(h, abs=0.015)


def test_measures_that_repeat_each_other_are_refused():
    x = np.random.default_rng(8).normal(size=(20, 2))
    with pytest.raises(DataProblem, match="repeat each other"):
        spc.hotelling_t2_individuals(np.c_[x, x.sum(axis=1)])
    with pytest.raises(DataProblem, match="does not vary"):
        spc.hotelling_t2_individuals(np.c_[x, np.ones(20)])


def test_runs_of_one_part_are_never_joined():
    x = [10.0, 12, 11, 50, 52, 51, 10, 13]
    chart = spc.z_mr(x, ["a", "a", "a", "b", "b", "b", "a", "a"])
    assert np.isnan(chart.panel("mr").points[[0, 3, 6]]).all()
    sigma = (2 + 1 + 3) / 3 / constants.d2(2)
    assert chart.extra["sigma"][0] == pytest.approx(sigma)
    assert chart.extra["mean"][0] == pytest.approx(np.mean([10, 12, 11, 10, 13]))


def test_variation_between_is_what_the_means_show_beyond_the_spread_within():
    random = np.random.default_rng(10)
    groups = random.normal(0, 2, 2000)[:, None] + random.normal(0, 1, (2000, 4))
    extra = spc.i_mr_rs(groups).extra
    assert extra["sigma_within"] == pytest.approx(1, rel=0.03)
    assert extra["sigma_between"] == pytest.approx(2, rel=0.06)


# bad data ------------------------------------------------------------------------------------

BAD = [
    ("empty", lambda: spc.i_mr([])),
    ("one value", lambda: spc.i_mr([3.0])),
    ("constant", lambda: spc.i_mr([5.0] * 10)),
    ("all missing", lambda: spc.i_mr([None, None])),
    ("text", lambda: spc.i_mr([1.0, "two", 3.0])),
    ("infinite", lambda: spc.i_mr([1.0, float("inf"), 3.0])),
    ("unknown method", lambda: spc.i_mr([1.0, 2.0], sigma_method="Rbar")),
    ("known sigma of 0", lambda: spc.i_mr([1.0, 2.0], historical_sigma=0)),
    ("known sigma missing", lambda: spc.i_mr([1.0, 2.0], sigma_method="historical")),
    ("k of 0", lambda: spc.i_mr([1.0, 2.0], k=0)),
    ("stage names too few", lambda: spc.i_mr([1.0, 2.0], stages=["a"])),
    ("nothing left", lambda: spc.i_mr([1.0, 2.0], excluded=[True, True])),
    ("stage of one value", lambda: spc.i_mr([1.0, 2.0, 9.0], stages=["a", "a", "b"])),
    ("single-valued subgroups", lambda: spc.xbar_r([[1.0], [2.0]])),
    ("subgroups without spread", lambda: spc.xbar_s([[1.0, 1.0], [2.0, 2.0]])),
    ("no subgroups", lambda: spc.xbar_r([])),
    ("text in a subgroup", lambda: spc.xbar_r([[1.0, "x"], [2.0, 3.0]])),
    ("negative count", lambda: spc.p([1, -1], [10, 10])),
    ("fractional count", lambda: spc.c([1, 2.5])),
    ("count over n", lambda: spc.p([1, 11], [10, 10])),
    ("n of 0", lambda: spc.u([1, 0], [10, 0])),
    ("lengths differ", lambda: spc.p([1, 2, 3], [10, 10])),
    ("known share over 1", lambda: spc.p([1, 2], 10, historical_p=1.5)),
    ("Laney of one sample", lambda: spc.laney_p([1], [10])),
    ("Laney without variation", lambda: spc.laney_p([0, 0, 0], [10, 10, 10])),
    ("lambda of 0", lambda: spc.ewma([1.0, 2.0, 3.0], lambda_=0)),
    ("lambda over 1", lambda: spc.ewma([1.0, 2.0, 3.0], lambda_=1.5)),
    ("moving ranges of subgroups", lambda: spc.ewma([[1.0, 2], [2.0, 3]], sigma_method="MRbar")),
    ("head start of all", lambda: spc.cusum([1.0, 2.0, 3.0], fir_fraction=1)),
    ("target in words", lambda: spc.cusum([1.0, 2.0, 3.0], target="middle")),
    ("span of 0", lambda: spc.moving_average([1.0, 2.0, 3.0], span=0)),
    ("all events at once", lambda: spc.g([0, 0, 0])),
    ("time of 0", lambda: spc.t([1.0, 0.0, 3.0])),
    ("equal times", lambda: spc.t([2.0, 2.0, 2.0])),
    ("rows of unequal length", lambda: spc.hotelling_t2_individuals([[1, 2], [3]])),
    ("too few rows", lambda: spc.hotelling_t2_individuals([[1, 2], [3, 4], [5, 7]])),
    ("phase II without reference", lambda: spc.hotelling_t2_individuals([[1, 2]], phase="II")),
    ("subgroups as small as measures", lambda: spc.generalized_variance([[[1, 2], [3, 4]]])),
    ("no neighbours", lambda: spc.z_mr([1.0, 2.0], ["a", "b"])),
    ("size of 0", lambda: spc.z_mr([1.0, 0.0], ["a", "a"], sigma_method="relative_to_size")),
    ("unequal subgroups", lambda: spc.i_mr_rs([[1.0, 2], [3.0, 4, 5]])),
    ("too short for a run chart", lambda: spc.run_chart([1.0, 2.0])),
    ("unknown chart", lambda: spc.arl("xbar")),
    ("no rules", lambda: spc.rule_cost(())),
]


@pytest.mark.parametrize("call", [call for _, call in BAD], ids=[name for name, _ in BAD])
def test_bad_data_get_a_sentence(call):
    with pytest.raises(DataProblem) as caught:
        call()
    assert caught.value.message.endswith((".", ")"))
    assert len(caught.value.message.split()) >= 3


def test_the_message_names_the_row():
    with pytest.raises(DataProblem, match="row 3"):
        spc.i_mr([1.0, 2.0, "n/a"])
    with pytest.raises(DataProblem, match="Row 2 has more defectives"):
        spc.p([1, 11], [10, 10])
    with pytest.raises(DataProblem, match="row 2 is negative"):
        spc.c([1, -3])


def test_c4_keeps_its_digits_for_many_values():
    # 1 - c4 is 1/(4n) + 7/(32 n^2) + ..., beyond what a ratio of gamma functions can hold
    assert 1 - constants.c4(1_000_000) == pytest.approx(2.5e-7 + 2.1875e-13, rel=1e-9)
    assert constants.c4(1001) == pytest.approx(constants.c4(1000), rel=1e-6)
    assert constants.c4(1001) > constants.c4(1000)


def test_the_counts_of_a_cusum_restart_with_its_sums():
    x = [10.0, 13.0, 13.0, 13.0, 13.0]
    chart = spc.cusum(x, target=10, historical_sigma=1, k=0.5, h=4, reset_after_signal=True)
    assert chart.panel("c_plus").points.tolist() == [0, 2.5, 5, 2.5, 5]
    assert chart.panel("c_plus").out_of_limits.tolist() == [2, 4]
    assert chart.extra["n_plus"].tolist() == [0, 1, 2, 1, 2]
    kept = spc.cusum(x, target=10, historical_sigma=1, k=0.5, h=4)
    assert kept.extra["n_plus"].tolist() == [0, 1, 2, 3, 4]


def test_the_counts_of_a_long_cusum_restart_as_those_of_a_short_one():
    x = np.random.default_rng(4).normal(10.4, 1, 150_000)
    options = {"target": 10, "historical_sigma": 1, "reset_after_signal": True}
    long = spc.cusum(x, **options)
    up, hits = long.panel("c_plus").points, set()
    for one in ("c_plus", "c_minus"):
        hits |= set(long.panel(one).out_of_limits.tolist())
    away, counted = 0, []
    for i, value in enumerate(up.tolist()):
        away = away + 1 if value > 0 else 0
        counted.append(away)
        away = 0 if i in hits else away
    assert long.extra["n_plus"].tolist() == counted
