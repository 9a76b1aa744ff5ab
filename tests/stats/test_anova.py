"""One-way, Welch's and two-way analysis of variance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import hypothesis
from tests.stats.published import BATTERY_LIFE, BATTERY_MATERIAL, BATTERY_TEMPERATURE, PLANTS

reading = st.floats(-100, 100).map(lambda v: round(v, 3))
groups = st.lists(
    st.lists(reading, min_size=2, max_size=8).filter(lambda v: np.ptp(v) > 0.01),
    min_size=2,
    max_size=5,
)


def test_plants_are_met():
    result = hypothesis.anova_oneway(PLANTS)
    assert result.f == pytest.approx(4.846, abs=5e-4)
    assert result.p_value == pytest.approx(0.01591, abs=5e-6)


def test_plants_by_welch_are_met():
    result = hypothesis.anova_welch(PLANTS)
    assert (result.f, result.df_den) == pytest.approx((5.181, 17.128), abs=6e-4)
    assert result.p_value == pytest.approx(0.01739, abs=5e-6)


def test_montgomerys_batteries_are_met():
    result = hypothesis.anova_two_way(BATTERY_LIFE, BATTERY_MATERIAL, BATTERY_TEMPERATURE)
    squares = [result.a.ss_adj, result.b.ss_adj, result.a_b.ss_adj, result.ss_error]
    assert squares == pytest.approx([10683.72, 39118.72, 9613.78, 18230.75], abs=0.006)
    assert [result.a.f, result.b.f, result.a_b.f] == pytest.approx([7.91, 28.97, 3.56], abs=0.006)
    assert result.r_squared == pytest.approx(0.7652, abs=5e-5)


def test_balanced_data_have_one_sum_of_squares_of_every_type():
    result = hypothesis.anova_two_way(BATTERY_LIFE, BATTERY_MATERIAL, BATTERY_TEMPERATURE)
    for term in (result.a, result.b, result.a_b):
        assert term.ss_seq == pytest.approx(term.ss_adj)
        assert term.ss_type2 == pytest.approx(term.ss_adj)


def test_unbalanced_sums_of_squares_are_those_of_statsmodels_with_sum_coding():
    pandas = pytest.importorskip("pandas")
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    rng = np.random.default_rng(7)
    a, b = rng.choice(list("pqr"), 40), rng.choice(list("uv"), 40)
    y = rng.normal(size=40) + (a == "p") + 2 * ((a == "q") & (b == "u"))
    frame = pandas.DataFrame({"y": y, "a": a, "b": b})
    fit = ols("y ~ C(a, Sum) * C(b, Sum)", frame).fit()
    result = hypothesis.anova_two_way(y, list(a), list(b))
    ours = (result.a, result.b, result.a_b)
    for kind, field in ((1, "ss_seq"), (2, "ss_type2"), (3, "ss_adj")):
        table = anova_lm(fit, typ=kind)["sum_sq"]
        theirs = [table["C(a, Sum)"], table["C(b, Sum)"], table["C(a, Sum):C(b, Sum)"]]
        assert [getattr(term, field) for term in ours] == pytest.approx(theirs)


def test_rows_with_a_gap_are_left_out():
    y, a, b = BATTERY_LIFE, BATTERY_MATERIAL, BATTERY_TEMPERATURE
    holes = hypothesis.anova_two_way([*y, None, 3.0], [*a, "m1", None], [*b, 15, 70])
    assert holes == hypothesis.anova_two_way(y, a, b)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(groups)
def test_the_parts_of_the_total_add_up_and_order_does_not_matter(samples):
    result = hypothesis.anova_oneway(samples)
    assert result.ss_factor + result.ss_error == pytest.approx(result.ss_total)
    mirrored = hypothesis.anova_oneway([sample[::-1] for sample in samples[::-1]])
    assert mirrored.f == pytest.approx(result.f, rel=1e-7, abs=1e-9)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(groups.map(lambda g: g[:2]))
def test_two_groups_give_the_square_of_t(samples):
    x, y = samples
    pooled = hypothesis.t_two_sample_pooled(x, y)
    welch = hypothesis.t_two_sample_welch(x, y)
    assert hypothesis.anova_oneway(samples).f == pytest.approx(pooled.t**2, rel=1e-7, abs=1e-12)
    assert hypothesis.anova_welch(samples).f == pytest.approx(welch.t**2, rel=1e-7, abs=1e-12)
    assert hypothesis.anova_welch(samples).df_den == pytest.approx(welch.df)


def test_a_large_offset_costs_no_digits():
    near = {"A": [0.25, 0.5, 0.75], "B": [0.5, 1.0, 1.25], "C": [0.25, 0.25, 1.0]}
    far = {name: [v + 2**40 for v in values] for name, values in near.items()}
    assert hypothesis.anova_oneway(far).f == pytest.approx(hypothesis.anova_oneway(near).f)


def test_a_single_value_in_a_group_leaves_no_prediction():
    result = hypothesis.anova_oneway({"A": [1], "B": [2, 3, 5]})
    assert result.r_squared_pred is None
    assert np.isnan(result.sd[0])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1, 2], ["a", "a"], ["u", "v"]), "one level only"),
        (([1, 2, 3], ["a", "b"], ["u", "v", "u"]), "rows"),
        (([1, 2, 3, 4, 5], list("aabbb"), list("uvuuu")), "no value in the cell b with v"),
        (([1, 2, 3, 4], list("aabb"), list("uvuv")), "No degrees of freedom"),
        (([1, 1, 2, 2, 3, 3, 4, 4], list("aaaabbbb"), list("uuvvuuvv")), "no spread"),
    ],
)
def test_bad_two_way_data_are_named(arguments, words):
    with pytest.raises(DataProblem, match=words):
        hypothesis.anova_two_way(*arguments)


def test_factors_that_go_together_are_refused():
    with pytest.raises(DataProblem, match="cannot be told apart"):
        hypothesis.anova_two_way(
            [1, 2, 3, 5, 4, 6], list("aabbcc"), list("uuvvww"), interaction=False
        )
