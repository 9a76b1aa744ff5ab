"""Run rules, held against a literal reading of each of them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import run_rules
from leanlab.stats.run_rules import (
    AIAG,
    JASP,
    JURAN,
    MONTGOMERY,
    NELSON,
    RULE_SETS,
    WESTERN_ELECTRIC,
    WESTGARD,
    Rule,
    both_sides,
    find_members,
    find_signals,
    opposite,
    same_side,
    trend,
    zone,
)  # fmt: skip


def literal(x, center, sigma, rule, stage):
    """Read the rule word for word at every point, however slowly."""
    z = (x - center) / sigma
    out = []
    for i in range(len(x)):
        start = i
        while start > 0 and stage[start - 1] == stage[i] and not np.isnan(z[start - 1]):
            start -= 1
        if not np.isnan(z[i]) and _holds(rule, x[start : i + 1], z[start : i + 1]):
            out.append(i)
    return out


def _holds(rule, x, z):
    k = int(rule.k)
    last, steps = z[-k:], np.diff(x[-k:])
    full = len(last) == k
    window = z[-rule.span :]
    return {
        "beyond": lambda: abs(z[-1]) > rule.k,
        "same_side": lambda: full and (all(last > 0) or all(last < 0)),
        "trend": lambda: full and (all(steps > 0) or all(steps < 0)),
        "alternating": lambda: full and all(a * b < 0 for a, b in pairwise(steps)),
        "zone": lambda: any(
            side * z[-1] > rule.zone and np.sum(side * window > rule.zone) >= k for side in (1, -1)
        ),
        "inside": lambda: full and all(np.abs(last) <= 1),
        "outside": lambda: full and all(np.abs(last) > 1),
        "both_sides": lambda: full and all(np.abs(last) > 1) and min(last) < 0 < max(last),
        "opposite": lambda: len(z) > 1 and min(z[-2:]) < -rule.zone and max(z[-2:]) > rule.zone,
    }[rule.pattern]()


@pytest.fixture(scope="module")
def series():
    random = np.random.default_rng(7)
    x = np.zeros(4000)
    for i in range(1, x.size):
        x[i] = 0.6 * x[i - 1] + random.normal()
    x[1000:1200:2] += 1.5
    x[1001:1200:2] -= 1.5
    x[2000:2100] *= 0.2
    x[3000:3030] = np.linspace(-1, 2, 30)
    x[random.choice(x.size, 40, replace=False)] = np.nan
    x = np.round(x, 1)
    stage = np.repeat(np.arange(8), 500)
    return x, stage


@pytest.mark.parametrize("rule", [*NELSON, *WESTGARD[1:], both_sides(8, 20), *AIAG[1:3]],
                         ids=lambda rule: rule.words)  # fmt: skip
def test_a_rule_flags_exactly_the_points_that_complete_it(series, rule):
    x, stage = series
    center, sigma = np.full(x.size, 0.05), np.full(x.size, 1.1)
    found = find_signals(x, center, sigma, [rule], stage)[rule.number]
    expected = literal(x, center, sigma, rule, stage)
    assert found.tolist() == expected


def test_pieces_of_long_series_give_the_same_signals_as_one(series, monkeypatch):
    x, stage = series
    center, sigma = np.zeros(x.size), np.ones(x.size)
    whole = find_signals(x, center, sigma, NELSON, stage)
    monkeypatch.setattr(
        run_rules, "pieces", lambda n: (slice(i, min(i + 37, n)) for i in range(0, n, 37))
    )
    cut = find_signals(x, center, sigma, NELSON, stage)
    assert {n: at.tolist() for n, at in cut.items()} == {n: at.tolist() for n, at in whole.items()}
    assert sum(at.size for at in whole.values()) > 100


def test_the_odd_point_of_two_in_three_may_lie_anywhere():
    # a peer wants it on the same side of the centre, another wants three of three
    x = np.array([2.5, -1.0, 2.4])
    assert find_signals(x, np.zeros(3), np.ones(3), [zone(2, 2.0, 5)])[5].tolist() == [2]


def test_a_point_on_the_other_side_does_not_complete_four_in_five():
    # a peer lets it complete the pattern
    x = np.array([1.5, 1.5, 1.5, 1.5, -0.2])
    assert find_signals(x, np.zeros(5), np.ones(5), [zone(4, 1.0, 6)])[6].tolist() == [3]


def test_a_trend_of_six_needs_six_points_and_ignores_the_first_sign():
    # a peer takes the sign of the first value as a step, and needs seven
    x = np.array([5.0, 1, 2, 3, 4, 5, 6])
    assert find_signals(x, np.zeros(7), np.ones(7), [trend()])[3].tolist() == [6]
    assert find_signals(x[1:6], np.zeros(5), np.ones(5), [trend()])[3].size == 0


def test_every_rule_that_a_point_breaks_is_kept():
    # a peer keeps the first rule only
    x = np.array([3.5] * 9)
    found = find_signals(x, np.zeros(9), np.ones(9), NELSON)
    assert [n for n, at in found.items() if 8 in at] == [1, 2, 5, 6, 8]


def test_rule_eight_can_ask_for_both_sides():
    one_side = np.full(8, 1.5)
    mixed = one_side.copy()
    mixed[3] = -1.5
    nelson, qcc = NELSON[-1], both_sides()
    assert find_signals(one_side, np.zeros(8), np.ones(8), [nelson])[8].tolist() == [7]
    assert find_signals(one_side, np.zeros(8), np.ones(8), [qcc])[8].size == 0
    assert find_signals(mixed, np.zeros(8), np.ones(8), [qcc])[8].tolist() == [7]


def test_members_are_all_points_of_the_pattern():
    x = np.array([0.5] * 12 + [-0.5])
    zero, one = np.zeros(13), np.ones(13)
    signals = find_signals(x, zero, one, [same_side(9)])
    members = find_members(signals, [same_side(9)], x, zero, one)
    assert signals[2].tolist() == [8, 9, 10, 11]
    assert members[2].tolist() == list(range(12))


def test_the_sets_differ_as_their_books_say():
    lengths = {
        name: [r.k for r in RULE_SETS[name] if r.pattern == "same_side"] for name in RULE_SETS
    }
    assert (lengths["nelson"], lengths["western_electric"], lengths["aiag"]) == ([9], [8], [7])
    assert [r.number for r in WESTERN_ELECTRIC] == [1, 2, 5, 6]
    assert {r.number for r in JURAN} == {1, 2, 3, 5, 6, 8}
    assert [r.k for r in MONTGOMERY if r.number == 3] == [6]
    assert [r.k for r in JASP if r.number == 7] == [16]


def test_westgard_rejects_two_in_a_row_and_opposite_neighbours_but_not_a_single_warning():
    def fires(*x):
        found = find_signals(np.array(x), np.zeros(len(x)), np.ones(len(x)), WESTGARD)
        return {n for n, at in found.items() if at.size}

    assert fires(2.5, 0.0, 2.5) == set()  # 1-2s only warns
    assert fires(2.5, 2.5) == {9}  # 2-2s
    assert fires(2.5, -2.5) == {12}  # R-4s
    assert fires(1.5, 1.5, 1.5, 1.5) == {10}  # 4-1s


@pytest.mark.parametrize(
    "rules", [[trend(), same_side(9, 3)], [Rule(9, "zone", 3, 1.0, 2)], [trend(1)]]
)
def test_rules_that_make_no_sense_are_refused(rules):
    with pytest.raises(DataProblem):
        find_signals(np.zeros(3), np.zeros(3), np.ones(3), rules)


def test_every_rule_has_words():
    assert zone(2, 2.0, 9, window=2).words == "2 points in a row beyond 2 sigma on one side"
    assert zone(2, 2.0, 5).words == "2 of 3 points beyond 2 sigma on one side"
    assert opposite().words == "two neighbours beyond 2 sigma on opposite sides"


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(st.integers(-40, 40), min_size=1, max_size=60),
    st.floats(0.1, 10), st.integers(-1000, 1000),
)  # fmt: skip
def test_signals_do_not_depend_on_unit_or_origin(tenths, scale, shift):
    x = np.array(tenths) / 171**0.5  # never exactly on a zone line
    zero, one = np.zeros(x.size), np.ones(x.size)
    before = find_signals(x, zero, one, NELSON)
    after = find_signals(x * scale + shift, zero + shift, one * scale, NELSON)
    for number in (1, 2, 5, 6, 7, 8):
        if number == 2 and 0 in tenths:
            continue  # on the centre line, rounding decides the side
        assert after[number].tolist() == before[number].tolist()
