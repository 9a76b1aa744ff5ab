"""What theory promises of every chart and test: stages, width, and p-values under the null."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.stats import hypothesis, msa, regression, reliability, spc

FIXED = settings(derandomize=True, max_examples=15, deadline=None)
SIZES = np.full(12, 50)
SUBGROUPS = {
    "xbar_r": spc.xbar_r,
    "xbar_s": spc.xbar_s,
    "pooled": lambda x, **o: spc.xbar_s(x, sigma_method="pooled", **o),
    "ewma": spc.ewma,
    "moving average": spc.moving_average,
    "cusum": spc.cusum,
    "i_mr_rs": spc.i_mr_rs,
}
SINGLE = {
    "i_mr": spc.i_mr,
    "median": lambda x, **o: spc.i_mr(x, sigma_method="MRmedian", **o),
    "three": lambda x, **o: spc.i_mr(x, mr_length=3, **o),
    "t": spc.t,
    "t power": lambda x, **o: spc.t(x, method="power", **o),
}
COUNTS = {
    "p": lambda x, **o: spc.p(x, SIZES[0], **o),
    "np": lambda x, **o: spc.np_chart(x, SIZES[0], **o),
    "c": spc.c,
    "u": lambda x, **o: spc.u(x, 2.5, **o),
    "laney_p": lambda x, **o: spc.laney_p(x, SIZES[0], **o),
    "laney_u": lambda x, **o: spc.laney_u(x, 2.5, **o),
    "g": spc.g,
}


def apart_and_together(make, first, second):
    """Every panel of a chart with two stages equals the panels of two charts, end to end."""
    both = make([*first, *second], stages=["before"] * len(first) + ["after"] * len(second))
    alone = [make(list(x)) for x in (first, second)]
    for panel in both.panels:
        for name in ("points", "center", "lcl", "ucl"):
            joined = np.r_[tuple(np.asarray(getattr(c.panel(panel.id), name)) for c in alone)]
            np.testing.assert_allclose(getattr(panel, name), joined, rtol=1e-9, atol=1e-12)
        beyond = np.r_[tuple(c.panel(panel.id).out_of_limits for c in alone)]
        beyond[alone[0].panel(panel.id).out_of_limits.size :] += len(first)
        assert panel.out_of_limits.tolist() == beyond.tolist()


@pytest.mark.parametrize("name", SUBGROUPS)
@FIXED
@given(st.integers(0, 9999))
def test_stages_of_subgroups_are_separate_charts(name, seed):
    g = np.random.default_rng(seed)
    first, second = g.normal(10, 1, (9, 4)), g.normal(12, 3, (7, 4))
    apart_and_together(SUBGROUPS[name], first.tolist(), second.tolist())


@pytest.mark.parametrize("name", SINGLE)
@FIXED
@given(st.integers(0, 9999))
def test_stages_of_single_values_are_separate_charts(name, seed):
    g = np.random.default_rng(seed)
    apart_and_together(SINGLE[name], g.gamma(4, 2, 14), g.gamma(9, 3, 11))


@pytest.mark.parametrize("name", COUNTS)
@FIXED
@given(st.integers(0, 9999))
def test_stages_of_counts_are_separate_charts(name, seed):
    g = np.random.default_rng(seed)
    apart_and_together(COUNTS[name], g.binomial(50, 0.1, 12), g.binomial(50, 0.3, 9))


@pytest.mark.parametrize("name", [*SUBGROUPS, "i_mr", "median", "three"])
@FIXED
@given(st.integers(0, 9999), st.floats(1.1, 20))
def test_limits_widen_with_sigma(name, seed, factor):
    g = np.random.default_rng(seed)
    noise = g.normal(0, 1, (10, 4) if name in SUBGROUPS else 20)
    make = SUBGROUPS.get(name) or SINGLE[name]
    narrow, wide = make(100 + noise), make(100 + factor * noise)
    for one, other in zip(narrow.panels, wide.panels, strict=True):
        np.testing.assert_allclose(reach(other), factor * reach(one), rtol=1e-9)


def reach(panel):
    """How far the known limits lie from the centre."""
    both = np.r_[panel.ucl - panel.center, panel.center - panel.lcl]
    return both[~np.isnan(both)]


@FIXED
@given(st.integers(0, 9999), st.sampled_from([0.05, 0.25]))
def test_gage_components_add_up_whatever_is_left_out(seed, alpha):
    g = np.random.default_rng(seed)
    part, operator = np.repeat(np.arange(5), 6), np.tile(np.repeat(["a", "b", "c"], 2), 5)
    value = 10 + part * g.uniform(0, 2) + g.normal(0, 0.3, 30)
    for study in (
        msa.gage_rr_crossed(part, operator, value, alpha_remove_interaction=alpha),
        msa.gage_rr_nested(part, operator, value),
        msa.gage_rr_xbar_r(part, operator, value),
    ):
        of = {name: c.variance for name, c in study.components.items()}
        assert of["repeatability"] + of["reproducibility"] == pytest.approx(of["total_gage_rr"])
        assert of["total_gage_rr"] + of["part_to_part"] == pytest.approx(of["total_variation"])
        shares = [study.components[n].pct_contribution for n in ("total_gage_rr", "part_to_part")]
        assert sum(shares) == pytest.approx(100)


NULL = {
    "t": lambda g: hypothesis.t_one_sample(g.normal(5, 2, 8), mu0=5).p_value,
    "pooled": lambda g: hypothesis.t_two_sample_pooled(g.normal(size=6), g.normal(size=9)).p_value,
    "paired": lambda g: hypothesis.t_paired(g.normal(size=7), g.normal(size=7)).p_value,
    "variance": lambda g: hypothesis.variance_one(g.normal(0, 2, 9), sigma0=2).p_two_sided,
    "F": lambda g: hypothesis.variance_two(g.normal(size=8), g.normal(size=11)).p_value,
    "anova": lambda g: hypothesis.anova_oneway({k: g.normal(size=7) for k in "ABC"}).p_value,
    "bartlett": lambda g: hypothesis.equal_variances({k: g.normal(size=20) for k in "AB"}).bartlett_p,
    "two-way": lambda g: hypothesis.anova_two_way(
        g.normal(size=24), list("aabbcc") * 4, list("xy") * 12
    ).a_b.p_value,
    "correlation": lambda g: hypothesis.correlation(g.normal(size=12), g.normal(size=12)).pearson_p,
    "slope": lambda g: regression.ols(
        {"x": g.normal(size=10), "y": g.normal(size=10)}, "y", ["x"]
    ).p_value[1],
    "log rank": lambda g: reliability.log_rank(
        g.exponential(1, 120), np.ones(120), ["a", "b"] * 60
    ).p_value,
    "signed ranks": lambda g: hypothesis.wilcoxon_signed_rank(g.normal(size=60)).p_normal_uncorrected,
}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", NULL)
def test_p_values_are_uniform_when_nothing_is_there(name, seed):
    g = np.random.default_rng(seed)
    p = np.sort([NULL[name](g) for _ in range(150)])
    # Kolmogorov's distance at one in a thousand
    assert np.abs(p - (np.arange(150) + 0.5) / 150).max() < 1.95 / np.sqrt(150)
