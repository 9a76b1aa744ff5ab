"""Strange but legal data give a result or a sentence: never another error, never a warning."""

import contextlib
import tracemalloc

import numpy as np
import pytest

from leanlab.core.errors import DataProblem
from leanlab.stats import (
    capability,
    descriptive,
    distributions,
    normality,
    outliers,
    reliability,
    tolerance,
)
from leanlab.stats.conventions import explain


def strange(n):
    g = np.random.default_rng(n)
    return {
        "normal": g.normal(10, 1, n),
        "far from zero": 1e9 + g.normal(0, 1, n),
        "tiny": 1e-12 * g.lognormal(0, 1, n),
        "huge": 1e100 * g.lognormal(0, 1, n),
        "long tails": g.standard_cauchy(n),
        "longer tail": g.pareto(0.3, n) + 1e-9,
        "ties": g.integers(1, 4, n).astype(float),
        "one differs": np.r_[np.ones(n - 1), 2.0],
        "nearly constant": 5 + 1e-14 * np.arange(n),
        "negative": -g.lognormal(0, 1, n),
        "zeros": np.r_[np.zeros(n // 2), g.exponential(1, n - n // 2)],
        "nearly too large": np.r_[g.normal(0, 1, n - 1), 1e149],
        "mostly missing": np.r_[np.full(n, np.nan), 1, 2],
        "over many orders": np.exp(g.normal(0, 50, n)),
    }


FUNCTIONS = {
    f"nonnormal {name}": lambda x, name=name: capability.nonnormal(x, name, lsl=-1, usl=20)
    for name in distributions.FAMILIES
} | {
    "identify": distributions.identify,
    "normal": lambda x: capability.normal(x, lsl=1, usl=12, target=3, sigma_method="MRbar"),
    "MSSD": lambda x: capability.normal(x, usl=12, target=30, sigma_method="sqrt_MSSD"),
    "subgroups": lambda x: capability.normal(np.resize(x, (4, 3)), lsl=0, usl=4),
    "between_within": lambda x: capability.between_within(np.resize(x, (4, 3)), lsl=0, usl=4),
    "sigma_within": capability.sigma_within,
    "box_cox": capability.box_cox,
    "johnson": capability.johnson,
    "anderson_darling": normality.anderson_darling,
    "shapiro_wilk": normality.shapiro_wilk,
    "ryan_joiner": normality.ryan_joiner,
    "lilliefors": normality.lilliefors,
    "probability_plot": normality.probability_plot,
    "summary": descriptive.summary,
    "lag1": descriptive.lag1,
    "grubbs": outliers.grubbs,
    "dixon": outliers.dixon,
    "tolerance normal": tolerance.normal,
    "tolerance nonparametric": tolerance.nonparametric,
    "kaplan_meier": reliability.kaplan_meier,
    "weibull": reliability.weibull,
    "lognormal": reliability.lognormal,
    "exponential": reliability.exponential,
    "weibull, censored": lambda x: reliability.weibull(x, np.arange(x.size) % 3 != 0),
    "lognormal, censored": lambda x: reliability.lognormal(x, np.arange(x.size) % 3 == 0),
    "explain": lambda x: explain("1.33", x, lsl=1, usl=12, target=4),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_strange_data_give_a_result_or_a_sentence(name):
    answered = 0
    for n in (1, 2, 3, 8, 12, 30):
        for x in strange(n).values():
            with contextlib.suppress(DataProblem):
                answered += FUNCTIONS[name](x) is not None
    assert answered > 5


def test_memory_stays_under_six_times_the_input():
    x = np.random.default_rng(1).normal(10, 1, 500_000)
    calls = (
        lambda: capability.normal(x, lsl=5, usl=15, target=10, sigma_method="MRbar"),
        lambda: capability.normal(x.reshape(-1, 5), lsl=5, usl=15, target=10),
        lambda: descriptive.summary(x),
        lambda: normality.anderson_darling(x),
    )
    for call in calls:
        call()  # imports do not count
        tracemalloc.start()
        call()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 6 * x.nbytes
