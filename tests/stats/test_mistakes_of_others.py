"""Mistakes found in other packages on plain data; each is named, with the right answer beside it.

The rest of them live beside their subject: run rules in `test_run_rules`, the gasket study in
`test_msa`, sizes of Box-Behnken and axial points in `test_doe`, gaps and small units in
`test_spc_charts`.
"""

import math
import tracemalloc

import numpy as np
import pytest

from leanlab.core.errors import DataProblem
from leanlab.stats import capability, doe, msa, spc
from leanlab.stats.run_rules import NELSON


def test_individuals_are_judged_by_moving_ranges_without_being_told():
    """One peer printed Cp = Pp for single values unless told that the subgroup size is 1."""
    x = [9.8, 10.1, 9.9, 10.4, 11.2, 11.0, 11.3, 11.1, 10.9, 11.4]
    found = capability.normal(x, lsl=8, usl=13)
    moving = np.abs(np.diff(x)).mean() / (2 / math.sqrt(math.pi))
    assert found.sigma_within == pytest.approx(moving)
    assert found.cp == pytest.approx(5 / (6 * moving))
    assert found.pp == pytest.approx(5 / (6 * np.std(x, ddof=1)))
    assert found.cp > 1.5 * found.pp


@pytest.mark.parametrize("n", [1, 2, 3, 8, 14])
def test_rules_on_short_series_are_no_accident(n):
    """One peer crashed at two points, another asked for five."""
    x = np.arange(float(n))
    chart = spc.i_mr(x, historical_mean=0, historical_sigma=1, rules=NELSON)
    signals = chart.panel("i").signals
    assert signals[3].tolist() == list(range(5, n))
    assert signals[1].tolist() == list(range(4, n))


def test_two_of_three_does_not_ask_for_three():
    """One peer asked for three of three beyond 2 sigma."""
    chart = spc.i_mr([2.5, 0, 2.5], historical_mean=0, historical_sigma=1, rules=NELSON)
    assert chart.panel("i").signals[5].tolist() == [2]


def test_a_gap_is_kept_in_place_and_the_points_around_it_are_not_joined():
    """Peers answered with NaN limits, or joined the neighbours of the gap without a word."""
    x = [10.0, 11.0, None, 15.0, 14.0]
    chart = spc.i_mr(x)
    assert np.isnan(chart.panel("i").points).tolist() == [False, False, True, False, False]
    moving = chart.panel("mr").points
    assert np.isnan(moving).tolist() == [True, False, True, True, False]
    assert moving[[1, 4]].tolist() == [1.0, 1.0]
    assert chart.mean_by_stage[0] == 12.5
    assert np.isfinite(chart.panel("i").ucl[0])


def test_a_constant_series_has_limits_of_no_width_and_no_signals():
    """Peers divided by zero, or flagged every point."""
    with pytest.raises(DataProblem, match="all 20 values are 5"):
        spc.i_mr([5.0] * 20)
    chart = spc.i_mr([5.0] * 20, flat=True, rules=NELSON)
    assert chart.panel("i").ucl.tolist() == chart.panel("i").lcl.tolist() == [5.0] * 20
    assert all(at.size == 0 for at in chart.panel("i").signals.values())
    for make in (spc.xbar_r, spc.xbar_s):
        assert make([[3.0, 3.0]] * 5, flat=True).panel("xbar").out_of_limits.size == 0


def test_constant_data_have_no_capability_and_say_so():
    """One peer printed infinity, one divided by zero."""
    found = capability.normal([5.0] * 12, lsl=4, usl=6)
    assert found.cp is None
    assert found.ppk is None


def test_a_gage_that_shows_no_difference_is_refused_with_the_reason():
    """Three peers divided by zero, one answered NaN."""
    part, operator = [1, 1, 2, 2] * 2, ["a"] * 4 + ["b"] * 4
    with pytest.raises(DataProblem, match="no variation"):
        msa.gage_rr_crossed(part, operator, [1.0, 1, 2, 2] * 2)


def test_the_capability_of_a_hundred_thousand_values_needs_no_table_of_pairs():
    """One peer asked for 75 GiB, another for 37 GiB for its R and S charts."""
    x = np.random.default_rng(1).normal(10, 1, 100_000)
    capability.normal(x[:100], lsl=5, usl=15)  # imports do not count
    spc.xbar_s(x[:100].reshape(-1, 5))
    tracemalloc.start()
    capability.normal(x, lsl=5, usl=15)
    spc.xbar_s(x.reshape(-1, 5))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * x.nbytes


def test_a_cusum_is_more_than_a_running_sum():
    """One peer's CUSUM was a plain cumulative sum, without allowance or decision."""
    x = np.asarray([10.2, 9.9, 10.4, 9.8, 10.3])
    chart = spc.cusum(x, target=10, historical_sigma=1, k=0.5, h=4)
    assert chart.panel("c_plus").points.tolist() == [0.0] * 5
    assert chart.panel("c_plus").ucl.tolist() == [4.0] * 5


def test_sigma_of_laney_may_fall_below_one():
    """Cutting sigma z at 1 hides that counts vary less than chance."""
    counts, sizes = [10, 11, 10, 9, 10, 11, 10, 10], [100] * 8
    assert spc.laney_p(counts, sizes).extra["sigma_z"] < 0.5


def test_both_answers_of_a_g_chart_are_there_and_named():
    """Peers differ by half: mean and 3 sigma, or quantiles of the geometric distribution."""
    y = [12, 30, 4, 55, 18, 9, 41, 26, 3, 60]
    wide, narrow = (spc.g(y, method=m) for m in ("probability", "ksigma"))
    assert wide.panel("g").ucl[0] > 1.2 * narrow.panel("g").ucl[0]
    assert wide.extra["method"] == "probability"


@pytest.mark.parametrize(("factors", "runs"), [(6, 48), (7, 56)])
def test_box_behnken_of_six_and_seven_factors_uses_triples(factors, runs):
    """One peer crosses all pairs, which takes 60 and 84 runs."""
    design = doe.box_behnken(factors, center_points=0).design
    assert design.shape == (runs, factors)
    assert set(np.count_nonzero(design, axis=1)) == {3}


@pytest.mark.parametrize("runs", [28, 36])
def test_plackett_burman_goes_beyond_24_runs(runs):
    """One peer raises an error for 28 and 36 runs."""
    design = np.asarray(doe.plackett_burman(runs, runs - 1).design)
    assert np.array_equal(design.T @ design, runs * np.eye(runs - 1))
