"""Lean arithmetic and Pareto against values that everyone can check."""

import math

import numpy as np
import pytest

from leanlab.core.errors import DataProblem
from leanlab.stats import lean, quality


@pytest.mark.parametrize(
    ("sigma", "dpmo"), [(6, 3.4), (5, 233), (4, 6210), (3, 66_807), (2, 308_538)]
)
def test_the_customary_table_of_sigma_levels(sigma, dpmo):
    assert lean.sigma_to_dpmo(sigma) == pytest.approx(dpmo, rel=2e-3)
    assert lean.sigma_level(lean.sigma_to_dpmo(sigma)).sigma_level == pytest.approx(sigma)


def test_the_shift_is_an_input_and_can_be_left_out():
    assert lean.sigma_to_dpmo(6, shift=0) == pytest.approx(0.000987, rel=1e-3)  # one tail
    shifted, plain = lean.dpmo(34, 500, 5), lean.dpmo(34, 500, 5, shift=0)
    assert shifted.sigma_level - plain.sigma_level == pytest.approx(1.5)
    assert shifted.sigma_long_term == plain.sigma_level


def test_no_defects_have_no_sigma_level():
    result = lean.dpmo(0, 500, 5)
    assert math.isnan(result.sigma_level)
    assert result.yield_dpo == 1
    assert math.isnan(lean.sigma_level(1_000_000).sigma_level)


def test_yields_multiply_along_the_chain():
    result = lean.rty([100, 100, 100], [10, 10, 10])
    assert result.rty == pytest.approx(0.729)
    assert result.normalized_yield == pytest.approx(0.9)
    assert result.total_dpu == pytest.approx(-math.log(0.729))


def test_oee_without_a_part_is_nothing():
    result = lean.oee(480, 480, 1, 0, 0)
    assert result.oee == 0
    assert math.isnan(result.performance)
    assert math.isnan(result.quality)
    assert lean.oee(480, 60, 1, 420, 420).oee == pytest.approx(420 / 480)


def test_a_station_on_takt_meets_it():
    result = lean.takt(480 * 60, 480, [60.0, 50, 40])
    assert result.meets_takt
    assert result.bottleneck_index == 0
    assert result.operators_min_exact == pytest.approx(2.5)
    assert lean.takt(27_000, 450, [60.0, 60, 60]).operators_min == 3  # not 4 by rounding


def test_queues_obey_littles_law_and_erlangs_table():
    for servers in (1, 2, 5, 40):
        queue = lean.queue_mmc(0.8 * servers, 1.0, servers)
        assert queue.l == pytest.approx(0.8 * servers * queue.w)
    # Erlang C, offered load 4, 5 servers: 0.5541
    assert lean.queue_mmc(4, 1, 5).p_wait == pytest.approx(0.5541, abs=5e-5)
    assert lean.littles_law(4.0, 2.0) == 2.0


def test_order_quantity_balances_ordering_and_holding():
    result = lean.eoq(12_000, 85, 2.4, 60, 12, 3, 0.95)
    assert result.orders_per_year * 85 == pytest.approx(result.eoq / 2 * 2.4)
    assert result.safety_stock == pytest.approx(1.644854 * 12 * math.sqrt(3), rel=1e-6)


def test_the_first_cash_flow_is_not_discounted():
    # Excel's NPV discounts it too
    result = lean.npv_irr_payback(0.1, [-100, 110])
    assert result.npv == pytest.approx(0, abs=1e-12)
    assert result.irr == pytest.approx(0.1)
    assert result.payback_periods == pytest.approx(100 / 110)


def test_a_loss_has_no_payback_and_no_rate_where_signs_do_not_change():
    result = lean.npv_irr_payback(0.1, [-100, -5, -5])
    assert math.isnan(result.irr)
    assert math.isnan(result.payback_periods)
    assert lean.npv_irr_payback(0.1, [-100, 60, 30]).irr < 0


def test_pareto_adds_equal_names_and_keeps_the_order_of_ties():
    result = quality.pareto(["b", "a", "c", "b", "a"], [1, 2, 3, 1, 1])
    assert result.category == ("a", "c", "b")
    assert result.count.tolist() == [3, 3, 2]
    assert result.cumulative_percent[-1] == pytest.approx(100)
    assert result.n_vital_80 == 3


def test_four_of_five_are_exactly_the_vital_eighty_percent():
    assert quality.pareto(list("aaaabbbbccccddddeeee")).n_vital_80 == 4


BAD = [
    ("negative defects", lambda: lean.dpmo(-1, 10, 1)),
    ("no units", lambda: lean.dpmo(1, 0, 1)),
    ("DPMO over a million", lambda: lean.sigma_level(2e6)),
    ("text", lambda: lean.dpmo("many", 10, 1)),
    ("more bad than units", lambda: lean.rty([10], [11])),
    ("empty step", lambda: lean.rty([10, 0], [1, 0])),
    ("steps differ", lambda: lean.rty([10, 5], [1])),
    ("downtime over planned", lambda: lean.oee(10, 20, 1, 1, 1)),
    ("more good than all", lambda: lean.oee(10, 2, 1, 3, 4)),
    ("no demand", lambda: lean.takt(100, 0, [1])),
    ("no stations", lambda: lean.takt(100, 10, [])),
    ("missing cycle time", lambda: lean.takt(100, 10, [5, None])),
    ("negative time", lambda: lean.process_cycle_efficiency([5, -1], [1])),
    ("no time", lambda: lean.process_cycle_efficiency([0], [0])),
    ("overloaded queue", lambda: lean.queue_mmc(5, 1, 5)),
    ("half a server", lambda: lean.queue_mmc(1, 2, 1.5)),
    ("service of 100 %", lambda: lean.eoq(1, 1, 1, 1, 1, 1, 1.0)),
    ("empty container", lambda: lean.kanban(10, 1, 0.1, 0)),
    ("no throughput", lambda: lean.littles_law(5, 0)),
    ("one cash flow", lambda: lean.npv_irr_payback(0.1, [-100])),
    ("missing cash flow", lambda: lean.npv_irr_payback(0.1, [-100, None, 50])),
    ("rate of -100 %", lambda: lean.npv_irr_payback(-1, [-100, 50])),
    ("negative weight", lambda: quality.pareto(["a", "b"], [1, -1])),
    ("nothing to count", lambda: quality.pareto([])),
    ("weights missing", lambda: quality.pareto(["a", "b"], [1])),
]


@pytest.mark.parametrize("call", [call for _, call in BAD], ids=[name for name, _ in BAD])
def test_bad_inputs_get_a_sentence(call):
    with pytest.raises(DataProblem) as caught:
        call()
    assert len(caught.value.message.split()) >= 3


def test_missing_weights_count_nothing():
    assert quality.pareto(["a", "b"], [1, np.nan]).count.tolist() == [1, 0]
