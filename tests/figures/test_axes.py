"""Labels keep apart, and numbers are written as LeanLab writes them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.figures.axes import decimals_for, kept_apart, longest_tick, shortened, tick_text
from leanlab.figures.bins import bins_for
from leanlab.figures.decimate import envelope, extremes
from leanlab.figures.jitter import WIDEST, spread


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8))
@settings(derandomize=True, deadline=None)
def test_labels_keep_apart_in_their_order_and_inside(wanted):
    placed = kept_apart(wanted, 12.0, 0.0, 300.0)
    order = np.argsort(wanted, kind="stable")
    gaps = np.diff(np.asarray(placed)[order])
    assert np.all(gaps >= 12.0 - 1e-9)
    assert min(placed) >= -1e-9
    assert max(placed) <= 300.0 + 1e-9


def test_labels_that_are_far_apart_stay_where_they_are():
    assert kept_apart([10.0, 100.0, 200.0], 12.0, 0.0, 300.0) == [10.0, 100.0, 200.0]


@pytest.mark.parametrize(
    ("step", "decimals"), [(1, 0), (20, 0), (0.5, 1), (2.5, 1), (0.25, 2), (0.001, 3)]
)
def test_ticks_have_as_many_decimals_as_tell_them_apart(step, decimals):
    assert decimals_for(step) == decimals


def test_ticks_of_shares_are_percentages():
    assert tick_text(0.125, 3, share=True) == "12.5 %"
    assert tick_text(1250.0, 0) == "1\u202f250"


@pytest.mark.parametrize(
    "ends", [(0.0, 1.0), (21.4, 43.9), (-3.2, 8.0), (0.001, 0.0042), (99, 101)]
)
def test_room_is_left_for_the_longest_tick(ends):
    from matplotlib.ticker import MaxNLocator

    for bins in range(2, 10):
        ticks = MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10]).tick_values(*ends)
        decimals = decimals_for(float(ticks[1] - ticks[0]))
        texts = [tick_text(float(t), decimals) for t in ticks if ends[0] <= t <= ends[1]]
        assert max(map(len, texts), default=0) <= longest_tick(*ends)


def test_long_names_end_with_an_ellipsis():
    assert shortened("a very long name", 8) == "a very…"
    assert shortened("short", 8) == "short"


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=300))
@settings(derandomize=True, deadline=None)
def test_every_value_lies_in_a_bin(values):
    data = np.asarray(values)
    counts, _ = np.histogram(data, bins=bins_for(data))
    assert counts.sum() == data.size


def test_the_envelope_keeps_the_extremes():
    values = np.sin(np.arange(100_000.0))
    values[54_321] = 9.0
    _, low, high = envelope(values, 500)
    assert high.max() == 9.0
    assert low.min() == values.min()


def test_of_crowded_marks_the_furthest_is_kept():
    values = np.zeros(1000)
    values[[10, 11, 12]] = (1.0, 5.0, 2.0)
    assert extremes(np.array([10, 11, 12]), values, 10).tolist() == [11]


def test_dots_spread_sideways_within_their_group_and_always_alike():
    values = np.random.default_rng(1).normal(size=500)
    first, second = spread(values), spread(values)
    assert np.array_equal(first, second)
    assert np.abs(first).max() <= WIDEST
    assert spread(np.array([3.0])).tolist() == [0.0]
