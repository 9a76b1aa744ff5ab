"""Multiple comparisons, and the distributions behind them."""

import numpy as np
import pytest
from scipy import stats

from leanlab.core.errors import DataProblem
from leanlab.stats import hypothesis
from leanlab.stats.hypothesis import extremes
from tests.stats.published import BLOOD, PLANTS


def test_tukey_of_plants_is_met():
    result = hypothesis.tukey_hsd(PLANTS)  # R's documentation of TukeyHSD for these data
    assert result.pair == ("trt1-ctrl", "trt2-ctrl", "trt2-trt1")
    assert result.difference == pytest.approx([-0.371, 0.494, 0.865])
    assert result.ci_lower == pytest.approx([-1.0622161, -0.1972161, 0.1737839], abs=5e-7)
    assert result.p_adjusted == pytest.approx([0.3908711, 0.1979960, 0.0120064], abs=5e-7)


@pytest.mark.parametrize(
    ("confidence", "groups", "df", "q"),
    [(0.95, 2, 5, 3.64), (0.95, 3, 10, 3.88), (0.95, 10, 20, 5.01), (0.99, 4, 10, 5.77),
     (0.95, 5, 120, 3.92), (0.99, 20, 5, 11.93)],
)  # fmt: skip
def test_the_printed_table_of_the_studentized_range_is_met(confidence, groups, df, q):
    # Pearson and Hartley, Biometrika Tables, table 29
    found = extremes.studentized_range_critical(confidence, groups, df)
    assert found == pytest.approx(q, abs=0.0051)


@pytest.mark.parametrize(
    ("groups", "df", "one_sided", "t"),
    [(1, 10, False, 2.23), (2, 10, False, 2.57), (3, 10, False, 2.76), (5, 10, False, 2.99),
     (2, 1e9, False, 2.21), (3, 1e9, False, 2.35), (2, 10, True, 2.15), (4, 10, True, 2.47)],
)  # fmt: skip
def test_dunnetts_printed_tables_are_met(groups, df, one_sided, t):
    # Dunnett 1955, JASA 50 (one-sided), and 1964, Biometrics 20 (two-sided), equal sizes
    weights = np.full(groups, np.sqrt(0.5))
    found = extremes.largest_t_critical(0.95, weights, df, one_sided=one_sided)
    assert found == pytest.approx(t, abs=0.0051)


@pytest.mark.parametrize(("groups", "df"), [(3, 10.0), (5, 195.0), (10, 4.0), (4, 2.3), (30, 60.0)])
def test_the_studentized_range_agrees_with_scipys_slow_integral(groups, df):
    q = np.asarray([0.1, 1.0, 2.5, 4.0, 7.0])
    ours = extremes.studentized_range_sf(q, groups, df)
    assert ours == pytest.approx(stats.studentized_range.sf(q, groups, df), abs=1e-9)


@pytest.mark.parametrize("df", [1.0, 1.7, 4.0, 33.0, 2000.0])
def test_two_groups_are_students_t_far_into_the_tail(df):
    t = np.asarray([0.3, 2.0, 6.0, 25.0])
    weight = np.asarray([0.6])
    both = 2 * stats.t.sf(t, df)
    assert extremes.studentized_range_sf(t * np.sqrt(2), 2, df) == pytest.approx(both, rel=1e-10)
    assert extremes.largest_t_sf(t, weight, df, one_sided=False) == pytest.approx(both, rel=1e-10)
    one = extremes.largest_t_sf(-t, weight, df, one_sided=True)
    assert one == pytest.approx(stats.t.cdf(t, df), rel=1e-10)


def test_halving_the_steps_changes_nothing(monkeypatch):
    q = np.asarray([0.5, 3.0, 6.0, 12.0])
    weights = np.sqrt(np.asarray([200.0, 3.0, 40.0]) / (np.asarray([200.0, 3.0, 40.0]) + 5))
    wide = [extremes.studentized_range_sf(q, k, 7.0) for k in (2, 8, 12, 40)]
    wide += [extremes.largest_t_sf(q, weights, 7.0, one_sided=side) for side in (True, False)]
    monkeypatch.setattr(extremes, "NORMAL_STEP", extremes.NORMAL_STEP / 2)
    monkeypatch.setattr(extremes, "SHARP_NORMAL_STEP", extremes.SHARP_NORMAL_STEP / 2)
    fine = [extremes.studentized_range_sf(q, k, 7.0) for k in (2, 8, 12, 40)]
    fine += [extremes.largest_t_sf(q, weights, 7.0, one_sided=side) for side in (True, False)]
    for one, other in zip(wide, fine, strict=True):
        assert one == pytest.approx(other, rel=1e-10)


def test_dunnett_is_the_same_every_time_and_close_to_the_simulation_of_scipy():
    first, second = hypothesis.dunnett(BLOOD), hypothesis.dunnett(BLOOD)
    assert first.p_adjusted.tolist() == second.p_adjusted.tolist()
    theirs = stats.dunnett(BLOOD["A"], BLOOD["B"], control=BLOOD["control"], random_state=1)
    assert first.t == pytest.approx(theirs.statistic)
    assert first.p_adjusted == pytest.approx(theirs.pvalue, abs=5e-4)


@pytest.mark.parametrize("alternative", ["greater", "less"])
def test_one_sided_dunnett_is_close_to_the_simulation_of_scipy(alternative):
    ours = hypothesis.dunnett(BLOOD, alternative=alternative)
    theirs = stats.dunnett(
        BLOOD["A"], BLOOD["B"], control=BLOOD["control"], alternative=alternative, random_state=1
    )
    assert ours.p_adjusted == pytest.approx(theirs.pvalue, abs=5e-4)
    open_side = ours.ci_upper if alternative == "greater" else ours.ci_lower
    assert np.isnan(open_side).all()


def test_any_group_can_be_the_control():
    result = hypothesis.dunnett(BLOOD, control="B")
    assert result.pair == ("control-B", "A-B")
    with pytest.raises(DataProblem, match="no group 'C'"):
        hypothesis.dunnett(BLOOD, control="C")


def test_two_groups_need_no_adjustment():
    two = {name: PLANTS[name] for name in ("ctrl", "trt1")}
    pooled = hypothesis.t_two_sample_pooled(two["trt1"], two["ctrl"])
    welch = hypothesis.t_two_sample_welch(two["trt1"], two["ctrl"])
    for result in (hypothesis.tukey_hsd(two), hypothesis.dunnett(two)):
        assert result.p_adjusted[0] == pytest.approx(pooled.p_value, rel=1e-9)
        assert (result.ci_lower[0], result.ci_upper[0]) == pytest.approx(pooled.ci, rel=1e-9)
    howell = hypothesis.games_howell(two)
    assert howell.p_adjusted[0] == pytest.approx(welch.p_value, rel=1e-9)
    assert howell.df[0] == pytest.approx(welch.df)


def test_adjustment_never_makes_a_pair_more_certain():
    tukey, single = hypothesis.tukey_hsd(PLANTS), hypothesis.fisher_lsd(PLANTS)
    assert np.all(tukey.p_adjusted >= single.p_unadjusted)
    assert np.all(single.p_unadjusted <= single.p_holm)
    assert np.all(single.p_holm <= single.p_bonferroni)


def test_the_order_of_groups_changes_only_signs():
    turned = hypothesis.tukey_hsd(dict(reversed(PLANTS.items())))
    plain = hypothesis.tukey_hsd(PLANTS)
    assert turned.p_adjusted[::-1] == pytest.approx(plain.p_adjusted)
    assert turned.difference[::-1] == pytest.approx(-plain.difference)


def test_equal_averages_have_p_of_one():
    result = hypothesis.tukey_hsd({"A": [1, 2, 3], "B": [0, 2, 4], "C": [1, 2, 3]})
    assert result.p_adjusted == pytest.approx([1, 1, 1])


def test_a_group_without_spread_is_named_by_games_and_howell():
    with pytest.raises(DataProblem, match="Group B"):
        hypothesis.games_howell({"A": [1, 2, 3], "B": [4, 4, 4]})


def test_groups_that_cannot_be_told_apart_share_a_letter():
    result = hypothesis.tukey_hsd(PLANTS)
    different = [
        names for names, p in zip(result.names, result.p_adjusted, strict=True) if p < 0.05
    ]
    mean = {name: float(np.mean(values)) for name, values in PLANTS.items()}
    letters = hypothesis.grouping_letters(mean, different)
    assert letters == {"trt2": "A", "ctrl": "AB", "trt1": "B"}


def test_letters_tell_exactly_the_pairs_that_differ():
    rng = np.random.default_rng(8)
    names = list("pqrstu")
    for _ in range(50):
        pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
        different = [pair for pair in pairs if rng.random() < 0.4]
        letters = hypothesis.grouping_letters({n: rng.random() for n in names}, different)
        for pair in pairs:
            assert (pair in different) != bool(set(letters[pair[0]]) & set(letters[pair[1]]))


def test_joint_p_values_are_uniform_when_all_groups_are_alike():
    rng = np.random.default_rng(14)
    smallest = {"tukey": [], "games": [], "dunnett": []}
    for _ in range(60):
        groups = {name: rng.normal(size=n) for name, n in (("A", 6), ("B", 9), ("C", 12))}
        smallest["tukey"].append(hypothesis.tukey_hsd(groups).p_adjusted.min())
        smallest["games"].append(hypothesis.games_howell(groups).p_adjusted.min())
        smallest["dunnett"].append(hypothesis.dunnett(groups).p_adjusted.min())
    for found in smallest.values():
        p = np.sort(found)
        assert np.abs(p - (np.arange(60) + 0.5) / 60).max() < 1.63 / np.sqrt(60)
