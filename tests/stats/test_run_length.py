"""Run lengths against the tables that the field quotes."""

import math

import numpy as np
import pytest

from leanlab.stats.run_rules import (
    BEYOND,
    NELSON,
    STANDARD,
    WESTERN_ELECTRIC,
    beyond,
    both_sides,
    find_signals,
    inside,
    same_side,
    zone,
)  # fmt: skip
from leanlab.stats.spc import arl, rule_cost


@pytest.mark.parametrize(
    ("rules", "published"),
    [
        (BEYOND, 370.40),
        ((beyond(), zone(2, 2.0, 5)), 225.44),
        ((beyond(), zone(4, 1.0, 6)), 166.05),
        ((beyond(), same_side(8)), 152.73),
        ((beyond(), zone(2, 2.0, 5), zone(4, 1.0, 6)), 132.89),
        (WESTERN_ELECTRIC, 91.75),
    ],
)
def test_in_control_run_lengths_of_champ_and_woodall_1987(rules, published):
    cost = rule_cost(rules)
    assert cost.arl == pytest.approx(published, abs=0.006)
    assert cost.method == "Markov chain"


@pytest.mark.parametrize(("shift", "published"), [(1.0, 9.22), (2.0, 3.13)])
def test_western_electric_rules_after_a_shift(shift, published):
    assert rule_cost(WESTERN_ELECTRIC, shift).arl == pytest.approx(published, abs=0.005)


@pytest.mark.parametrize(
    ("lambda_", "k", "shift", "published"),
    [(0.4, 3.054, 0, 500), (0.1, 2.814, 0, 500), (0.1, 2.814, 1, 10.3), (0.4, 3.054, 1, 14.3)],
)
def test_ewma_run_lengths_of_lucas_and_saccucci_1990(lambda_, k, shift, published):
    assert arl("ewma", lambda_=lambda_, k=k, shift=shift) == pytest.approx(published, rel=0.01)


@pytest.mark.parametrize(
    ("h", "shift", "published"),
    [(4, 0, 168), (4, 1, 8.38), (5, 0, 465), (5, 0.5, 38.0), (5, 2, 4.01)],
)
def test_cusum_run_lengths_of_montgomery_table_9_3(h, shift, published):
    assert arl("cusum", k=0.5, h=h, shift=shift) == pytest.approx(published, rel=0.005)


def test_limits_that_allow_for_the_start_up_signal_sooner():
    fixed, exact = (
        arl("ewma", lambda_=0.1, k=2.7, shift=1.5, limits=m) for m in ("fixed", "exact")
    )
    assert exact < fixed


def test_an_ewma_of_weight_one_is_a_shewhart_chart():
    assert arl("ewma", lambda_=1, k=3, shift=1) == arl("shewhart", k=3, shift=1)
    assert arl("ewma", lambda_=0.999, k=3) == pytest.approx(arl("shewhart", k=3), rel=2e-3)


def test_false_alarms_of_single_points_are_binomial():
    cost = rule_cost(BEYOND)
    chance = math.erfc(3 / math.sqrt(2))
    assert cost.chance(25) == pytest.approx(1 - (1 - chance) ** 25)
    assert cost.chance(5000) == pytest.approx(1 - (1 - chance) ** 5000, rel=1e-9)
    assert cost.false_alarms(1000) == pytest.approx(1000 * chance)


@pytest.mark.parametrize(
    "rules", [STANDARD, (beyond(), inside()), (beyond(), both_sides()), NELSON]
)
def test_the_cost_is_what_many_charts_show(rules):
    """Count charts of 60 points with a signal, on other random points than the library's."""
    random = np.random.default_rng(77)
    charts, n = 4000, 60
    points = random.normal(size=charts * n)
    zero, one = np.zeros(points.size), np.ones(points.size)
    series = np.repeat(np.arange(charts), n)
    hit = np.zeros(charts, dtype=bool)
    for at in find_signals(points, zero, one, rules, series).values():
        hit[at // n] = True
    expected = rule_cost(rules).chance(n)
    assert hit.mean() == pytest.approx(expected, abs=4 * math.sqrt(0.25 / charts))
