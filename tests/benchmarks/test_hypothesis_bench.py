"""Group comparisons beside scipy, in one run; the ratio stands in `extra_info`."""

from time import perf_counter

import numpy as np
import pytest

from leanlab.stats import hypothesis

REPEATS = 5


@pytest.fixture(scope="module")
def groups():
    rng = np.random.default_rng(5)
    return {f"line {i}": rng.normal(10 + 0.1 * i, 1.0, 200) for i in range(5)}


def best_seconds(call):
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return min(times)


def test_anova_with_tukey_5_x_200(benchmark, groups):
    from scipy import stats

    def both():
        return hypothesis.anova_oneway(groups), hypothesis.tukey_hsd(groups)

    _, ours = benchmark(both)
    floor = best_seconds(lambda: stats.tukey_hsd(*groups.values()))
    benchmark.extra_info["scipy tukey_hsd ms"] = round(1e3 * floor, 3)
    benchmark.extra_info["ratio"] = round(best_seconds(both) / floor, 4)
    benchmark.extra_info["target ratio"] = 0.5
    theirs = stats.tukey_hsd(*groups.values()).pvalue[np.triu_indices(5, k=1)]
    assert ours.p_adjusted == pytest.approx(theirs, abs=1e-9)


def test_dunnett_5_x_200(benchmark, groups):
    from scipy import stats

    ours = benchmark(lambda: hypothesis.dunnett(groups))
    samples = list(groups.values())

    def simulated():
        return stats.dunnett(*samples[1:], control=samples[0], random_state=1)

    floor = best_seconds(simulated)
    benchmark.extra_info["scipy dunnett ms"] = round(1e3 * floor, 3)
    benchmark.extra_info["ratio"] = round(
        best_seconds(lambda: hypothesis.dunnett(groups)) / floor, 4
    )
    assert ours.p_adjusted == pytest.approx(simulated().pvalue, abs=1e-3)


def test_games_howell_5_x_200(benchmark, groups):
    from scipy import stats

    benchmark(lambda: hypothesis.games_howell(groups))
    floor = best_seconds(lambda: stats.tukey_hsd(*groups.values()))
    ratio = best_seconds(lambda: hypothesis.games_howell(groups)) / floor
    benchmark.extra_info["ratio to scipy tukey_hsd"] = round(ratio, 4)


def test_regression_10000_x_5(benchmark):
    from statsmodels.regression.linear_model import OLS

    from leanlab.stats import regression

    rng = np.random.default_rng(6)
    columns = rng.normal(size=(10_000, 5))
    y = columns.sum(axis=1) + rng.normal(size=10_000)
    data = {f"x{i}": columns[:, i] for i in range(5)} | {"y": y}
    names = [f"x{i}" for i in range(5)]

    def statsmodels_fit():
        fit = OLS(y, np.column_stack([np.ones(10_000), columns])).fit()
        influence = fit.get_influence()
        return fit.params, influence.cooks_distance, influence.resid_studentized_internal

    ours = benchmark(lambda: regression.ols(data, "y", names))
    floor = best_seconds(statsmodels_fit)
    benchmark.extra_info["statsmodels ms"] = round(1e3 * floor, 3)
    ratio = best_seconds(lambda: regression.ols(data, "y", names)) / floor
    benchmark.extra_info["ratio"] = round(ratio, 4)
    assert ours.coef == pytest.approx(statsmodels_fit()[0])
