"""Chart constants against printed tables, closed forms and simulation."""

import math

import numpy as np
import pytest

from leanlab.core.errors import DataProblem
from leanlab.stats import constants

# Montgomery, Introduction to Statistical Quality Control, 7th ed., Appendix VI
PRINTED = {
    2: (1.128, 0.853, 0.7979), 3: (1.693, 0.888, 0.8862), 4: (2.059, 0.880, 0.9213),
    5: (2.326, 0.864, 0.9400), 6: (2.534, 0.848, 0.9515), 7: (2.704, 0.833, 0.9594),
    8: (2.847, 0.820, 0.9650), 9: (2.970, 0.808, 0.9693), 10: (3.078, 0.797, 0.9727),
    15: (3.472, 0.756, 0.9823), 20: (3.735, 0.729, 0.9869), 25: (3.931, 0.708, 0.9896),
}  # fmt: skip


@pytest.mark.parametrize("n", PRINTED)
def test_constants_round_to_the_printed_table(n):
    d2, d3, c4 = PRINTED[n]
    assert constants.d2(n) == pytest.approx(d2, abs=5.1e-4)
    assert constants.d3(n) == pytest.approx(d3, abs=5.1e-4)
    assert constants.c4(n) == pytest.approx(c4, abs=5.1e-5)


def test_small_sizes_have_closed_forms():
    root_pi = math.sqrt(math.pi)
    assert constants.d2(2) == pytest.approx(2 / root_pi, rel=1e-14)
    assert constants.d2(3) == pytest.approx(3 / root_pi, rel=1e-12)
    assert constants.d3(2) == pytest.approx(math.sqrt(2 - 4 / math.pi), rel=1e-14)
    assert constants.d4(2) == pytest.approx(math.sqrt(2) * 0.6744897501960817, rel=1e-12)
    assert constants.c4(2) == pytest.approx(math.sqrt(2 / math.pi), rel=1e-14)


@pytest.mark.parametrize("n", [3, 8, 60])
def test_constants_are_moments_of_simulated_ranges(n):
    """JASP's polynomial gives the median in place of d2 for n > 50; this would catch it."""
    z = np.random.default_rng(n).normal(size=(60_000, n))
    r = np.ptp(z, axis=1)
    assert constants.d2(n) == pytest.approx(r.mean(), rel=0.003)
    assert constants.d3(n) == pytest.approx(r.std(), rel=0.015)
    assert constants.d4(n) == pytest.approx(np.median(r), rel=0.004)
    assert constants.c4(n) == pytest.approx(z.std(axis=1, ddof=1).mean(), rel=0.003)


def test_the_factors_of_control_charts_belong_together():
    table = {name: values[0] for name, values in constants.control_chart([5]).items()}
    # Montgomery, Appendix VI, n = 5
    printed = {"A": 1.342, "A2": 0.577, "A3": 1.427, "B3": 0, "B4": 2.089, "B5": 0, "B6": 1.964,
               "D1": 0, "D2": 4.918, "D3": 0, "D4": 2.114}  # fmt: skip
    for name, value in printed.items():
        assert table[name] == pytest.approx(value, abs=6e-4)


def test_the_cumulative_range_rises_from_zero_to_one():
    p = constants.range_cdf(np.linspace(0, 12, 50), 6)
    assert p[0] == pytest.approx(0, abs=1e-12)
    assert p[-1] == pytest.approx(1)
    assert np.all(np.diff(p) >= 0)


@pytest.mark.parametrize(
    ("m", "g", "inverse"),
    # AIAG MSA, 4th ed., K2 and K3
    [(2, 1, 0.7071), (3, 1, 0.5231), (4, 1, 0.4467), (5, 1, 0.4030), (6, 1, 0.3742),
     (7, 1, 0.3534), (8, 1, 0.3375), (9, 1, 0.3249), (10, 1, 0.3146)],
)  # fmt: skip
def test_d2_star_gives_the_factors_of_the_gage_manual(m, g, inverse):
    assert 1 / constants.d2_star(m, g) == pytest.approx(inverse, abs=6e-5)


def test_many_ranges_bring_d2_star_to_d2():
    assert constants.d2_star(5, 10**9) == pytest.approx(constants.d2(5))


@pytest.mark.parametrize(
    "call",
    [
        lambda: constants.d2(1),
        lambda: constants.d3(1001),
        lambda: constants.d2(2.5),
        lambda: constants.c4(1),
        lambda: constants.d2_star(3, 0),
        lambda: constants.d2_star(1, 3),
        lambda: constants.control_chart([5, 1]),
    ],
)
def test_sizes_without_constants_are_refused(call):
    with pytest.raises(DataProblem):
        call()
