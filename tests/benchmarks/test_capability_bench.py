"""Capability and fits beside one pass over the data and beside scipy, in one run."""

import warnings
from time import perf_counter

import numpy as np
import pytest

from leanlab.stats import capability, descriptive, distributions, normality

REPEATS = 15


def best_seconds(call, repeats=REPEATS):
    times = []
    for _ in range(repeats):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return min(times)


@pytest.fixture(scope="module")
def x():
    return np.random.default_rng(7).normal(10.0, 1.0, 100_000)


def note(benchmark, call, x, passes, extra_ms=0.0):
    """Store the cost in passes of x.sum() of the same run, and the share of the budget used."""
    floor = best_seconds(x.sum)
    ours = best_seconds(call)
    benchmark.extra_info["pass us"] = round(1e6 * floor, 1)
    benchmark.extra_info["passes"] = round(ours / floor, 1)
    if passes:
        budget = passes * floor + extra_ms / 1e3
        benchmark.extra_info["budget us"] = round(1e6 * budget)
        benchmark.extra_info["share of budget"] = round(ours / budget, 3)


@pytest.mark.parametrize("method", ["MRbar", "MRmedian", "sqrt_MSSD"])
def test_capability_normal_single_values(benchmark, x, method):
    def call():
        return capability.normal(x, lsl=5.0, usl=15.0, target=10.0, sigma_method=method)

    assert benchmark(call).n == 100_000
    note(benchmark, call, x, 25, 1.0)


@pytest.mark.parametrize("method", ["pooled", "Rbar", "Sbar"])
def test_capability_normal_20000_subgroups_of_5(benchmark, x, method):
    groups = x.reshape(-1, 5)

    def call():
        return capability.normal(groups, lsl=5.0, usl=15.0, target=10.0, sigma_method=method)

    assert benchmark(call).ci.df_within > 1000
    note(benchmark, call, x, 25, 1.0)


def test_cost_of_capability_grows_linearly(benchmark):
    costs = {}
    for n in (1_000, 10_000, 100_000, 1_000_000):
        x = np.random.default_rng(n).normal(10, 1, n)
        costs[n] = best_seconds(lambda x=x: capability.normal(x, usl=15, sigma_method="MRbar"), 5)
    benchmark(lambda: capability.normal(x, usl=15, sigma_method="MRbar"))
    benchmark.extra_info["us by n"] = {n: round(1e6 * c) for n, c in costs.items()}


def test_identification_of_14_distributions_in_10000_values(benchmark):
    x = np.random.default_rng(8).gamma(3.0, 2.0, 10_000)
    found = benchmark.pedantic(lambda: distributions.identify(x), rounds=3)
    assert len(found.ranked) >= 13
    floor = best_seconds(lambda: scipy_fits(x), 1)
    ours = best_seconds(lambda: distributions.identify(x), 3)
    benchmark.extra_info["scipy fits ms"] = round(1e3 * floor)
    benchmark.extra_info["ours ms"] = round(1e3 * ours)
    benchmark.extra_info["ratio"] = round(ours / floor, 3)
    benchmark.extra_info["target ratio"] = 2.0


def scipy_fits(x):
    """Fit what an identification needs: the same 14 distributions."""
    from scipy import stats

    fixed = ("lognorm", "expon", "weibull_min", "gamma", "fisk")
    free = (*fixed, "norm", "gumbel_l", "gumbel_r", "logistic")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in fixed:
            getattr(stats, name).fit(x, floc=0)
        for name in free:
            getattr(stats, name).fit(x)


def test_anderson_darling_100000(benchmark, x):
    from statsmodels.stats.diagnostic import normal_ad

    benchmark(lambda: normality.anderson_darling(x))
    floor = best_seconds(lambda: normal_ad(x), 5)
    ours = best_seconds(lambda: normality.anderson_darling(x), 5)
    benchmark.extra_info["ratio to statsmodels"] = round(ours / floor, 3)


def test_summary_100000(benchmark, x):
    benchmark(lambda: descriptive.summary(x))
    note(benchmark, lambda: descriptive.summary(x), x, 0)
