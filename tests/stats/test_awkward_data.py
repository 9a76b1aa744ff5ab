"""Awkward data end in a number or in a DataProblem that says why: no warning, no other error."""

from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from leanlab.core.errors import DataProblem
from leanlab.stats import forecast, hypothesis, power, regression

NAN, INF = float("nan"), float("inf")
COLUMNS = {
    "empty": [],
    "one": [3.0],
    "two": [3.0, 4.0],
    "two equal": [3.0, 3.0],
    "constant": [7.0] * 8,
    "all missing": [None] * 6,
    "nan inside": [1.0, NAN, 2.0, 5.0, 4.0, None, 3.5],
    "infinite": [1.0, INF, 3.0, 2.0],
    "text": [1.0, "two", 3.0],
    "far away": [1e12 + v for v in (1.0, 2.0, 4.0, 3.0, 5.0)],
    "tiny": [1e-200 * v for v in (1.0, 2.0, 4.0, 3.0, 5.0)],
    "huge": [1e140 * v for v in (1.0, 2.0, 4.0, 3.0, 5.0)],
    "too large": [1e160, 1e170, 1e165],
    "ties": [1.0, 1.0, 2.0, 2.0, 2.0, 3.0],
    "zeros and one": [0, 0, 0, 0, 1],
    "plain": [3.1, 2.9, 4.2, 3.7, 3.3, 4.8, 2.2],
    "almost constant": [0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2, 0.3],
    "numpy whole": np.asarray([3, 5, 4, 9, 2]),
    "yes and no": [True, False, True, True],
}
PLAIN = COLUMNS["plain"]
ONE = {
    "t_one_sample": lambda x: hypothesis.t_one_sample(x, mu0=3),
    "equivalence": lambda x: hypothesis.equivalence_tost(x, target=3, lower=-1, upper=1),
    "variance_one": lambda x: hypothesis.variance_one(x, sigma0=2),
    "bonett_one": hypothesis.bonett_one,
    "wilcoxon": lambda x: hypothesis.wilcoxon_signed_rank(x, median0=3),
    "sign": lambda x: hypothesis.sign(x, median0=3),
    "goodness": hypothesis.chi2_goodness_of_fit,
    "ses": lambda x: forecast.ses(x, alpha=0.3),
    "ses_optimal": forecast.ses_optimal,
    "moving_average": lambda x: forecast.moving_average(x, length=2),
    "holt": lambda x: forecast.holt(x, alpha=0.3, beta=0.2, initial_level=1, initial_trend=0),
    "trend": lambda x: forecast.trend(x, model="quadratic"),
    "growth": lambda x: forecast.trend(x, model="exponential"),
    "decomposition": lambda x: forecast.decomposition(x, period=2),
    "multiplicative": lambda x: forecast.decomposition(x, period=2, seasonal="multiplicative"),
    "initial_values": lambda x: forecast.initial_values(x, period=2, seasonal="multiplicative"),
    "polynomial": lambda x: regression.polynomial(np.arange(len(x)), x, degree=1),
}
TWO = {
    "welch": hypothesis.t_two_sample_welch,
    "pooled": hypothesis.t_two_sample_pooled,
    "paired": hypothesis.t_paired,
    "variance_two": hypothesis.variance_two,
    "bonett_two": hypothesis.bonett_two,
    "mann_whitney": hypothesis.mann_whitney,
    "correlation": hypothesis.correlation,
    "equal_variances": lambda x, y: hypothesis.equal_variances({"A": x, "B": y}),
    "anova": lambda x, y: hypothesis.anova_oneway({"A": x, "B": y, "C": PLAIN}),
    "welch_anova": lambda x, y: hypothesis.anova_welch({"A": x, "B": y}),
    "tukey": lambda x, y: hypothesis.tukey_hsd({"A": x, "B": y, "C": PLAIN}),
    "games_howell": lambda x, y: hypothesis.games_howell({"A": x, "B": y, "C": PLAIN}),
    "fisher_lsd": lambda x, y: hypothesis.fisher_lsd({"A": x, "B": y}),
    "dunnett": lambda x, y: hypothesis.dunnett({"A": x, "B": y, "C": PLAIN}),
    "kruskal": lambda x, y: hypothesis.kruskal_wallis([x, y]),
    "mood": lambda x, y: hypothesis.mood_median([x, y]),
    "friedman": lambda x, y: hypothesis.friedman([x, y]),
    "association": lambda x, y: hypothesis.chi2_association([x, y]),
    "ols": lambda x, y: regression.ols({"x": x, "y": y}, "y", ["x"], new_data={"x": [1.0]}),
    "parabola": lambda x, y: regression.polynomial(x, y, degree=2),
    "logistic": lambda x, y: regression.logistic({"x": x, "y": y}, "y", ["x"]),
    "deming": regression.deming,
    "stepwise": lambda x, y: regression.stepwise({"x": x, "y": y}, "y", ["x"]),
    "ancova": lambda x, y: regression.ancova(
        {"x": x, "y": y, "g": (list("ab") * 9)[: len(x)]}, "y", covariate="x", factor="g"
    ),
}  # fmt: skip


def p_values(result):
    """Every field of a result that is a p-value."""
    if not is_dataclass(result):
        return []
    named = [(f.name, getattr(result, f.name)) for f in fields(result)]
    found = [v for name, v in named if name.startswith("p_") or name.endswith("_p")]
    return [np.asarray(v, dtype=np.float64) for v in found if v is not None]


def judge(call):
    result = said(call)
    for p in p_values(result):
        assert np.all(np.isnan(p) | ((p >= 0) & (p <= 1)))


def said(call):
    """The result, or the sentence that tells why there is none."""
    try:
        return call()
    except DataProblem as problem:
        return problem.message


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("name", ONE)
def test_one_awkward_column(name, column):
    judge(lambda: ONE[name](COLUMNS[column]))


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("name", TWO)
def test_an_awkward_column_beside_a_plain_one_or_itself(name, column):
    awkward = COLUMNS[column]
    same = PLAIN[: len(awkward)]
    for x, y in ((awkward, same), (same, awkward), (awkward, awkward), (awkward, PLAIN)):
        judge(lambda x=x, y=y: TWO[name](x, y))


@pytest.mark.parametrize(
    "value", [0, -1, NAN, INF, None, "x", 1e300, 1e-300, 1e149, 1e14, 1e9, 2.5, True]
)
def test_awkward_numbers(value):
    for call in (
        lambda: power.t_one_sample(difference=value, sd=1, n=5),
        lambda: power.t_one_sample(difference=1, sd=value, n=5),
        lambda: power.t_two_sample(difference=1, sd=1, target_power=value),
        lambda: power.anova_one_way(levels=value, max_difference=1, sd=1, n=4),
        lambda: power.anova_one_way(levels=3, max_difference=value, sd=1, n=4),
        lambda: power.variance_one(ratio_sd=value, n=9),
        lambda: power.variance_two(ratio_sd=value, target_power=0.9),
        lambda: power.proportion_one(p=value, p0=0.1, n=9),
        lambda: power.factorial_2level(factors=value, effect=1, sd=1, replicates=2),
        lambda: power.factorial_2level(factors=3, effect=value, sd=1, replicates=2),
        lambda: power.factorial_2level(factors=3, effect=1, sd=1, replicates=value),
        lambda: power.factorial_2level(factors=3, effect=1, sd=1, center_points=value),
        lambda: power.factorial_2level(factors=3, effect=1, sd=1, corner_points=value),
        lambda: power.anova_one_way(levels=3, max_difference=1, sd=1, n=value),
        lambda: power.variance_one(ratio_sd=2, n=value),
        lambda: power.proportion_two(p1=0.1, p2=0.2, n=value),
        lambda: power.detectable_difference("t_one_sample", n=value, sd=1),
        lambda: power.margin_of_error_mean(sd=value, margin=1),
        lambda: power.margin_of_error_proportion(p=0.2, margin=value),
        lambda: hypothesis.t_one_sample(PLAIN, mu0=value),
        lambda: hypothesis.t_one_sample(PLAIN, confidence=value),
        lambda: hypothesis.variance_one(PLAIN, sigma0=value),
        lambda: hypothesis.proportion_one(value, 10),
        lambda: hypothesis.proportion_one(1, value),
        lambda: hypothesis.proportion_one(1, 10, p0=value),
        lambda: hypothesis.proportion_two(1, value, 2, 9),
        lambda: hypothesis.proportion_two(value, value, 2, 9),
        lambda: hypothesis.poisson_rate_one(value, 10),
        lambda: hypothesis.poisson_rate_one(3, 10, rate0=value),
        lambda: hypothesis.poisson_rate_two(value, 5, 2, 3),
        lambda: hypothesis.chi2_association([[1, value], [2, 3]]),
        lambda: hypothesis.equivalence_tost(PLAIN, target=3, lower=-1, upper=value),
        lambda: hypothesis.wilcoxon_signed_rank(PLAIN, median0=value),
        lambda: hypothesis.t_two_sample_welch(PLAIN, PLAIN[2:], difference0=value),
        lambda: forecast.holt(PLAIN, alpha=0.2, beta=0.1, initial_level=value, initial_trend=0),
        lambda: forecast.trend(PLAIN, horizon=value),
        lambda: hypothesis.poisson_rate_one(1, value, rate0=1),
        lambda: hypothesis.poisson_rate_two(1, value, 2, 3),
        lambda: hypothesis.mcnemar([[1, value], [2, 3]]),
        lambda: hypothesis.fisher_exact([[1, value], [2, 3]]),
        lambda: regression.deming(PLAIN, PLAIN[::-1], error_variance_ratio=value),
        lambda: regression.polynomial(PLAIN, PLAIN, degree=value),
        lambda: forecast.ses(PLAIN, alpha=value),
        lambda: forecast.moving_average(PLAIN, length=value),
    ):
        judge(call)
