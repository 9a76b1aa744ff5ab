"""Control charts and gage studies beside one pass over the same data, in one run.

Both are measured in processor time: a busy machine interrupts long work, but not a short pass.
"""

import tracemalloc
from time import process_time

import numpy as np
import pytest

from leanlab.stats import msa, spc
from leanlab.stats.run_rules import NELSON, STANDARD

REPEATS = 9


def best_seconds(call, repeats=REPEATS):
    times = []
    for _ in range(repeats):
        start = process_time()
        call()
        times.append(process_time() - start)
    return min(times)


def note(benchmark, call, data, target):
    """Store the cost in passes of `data.sum()` of the same run, and the memory in inputs."""
    floor = best_seconds(lambda: [data.sum() for _ in range(10)]) / 10
    ours = best_seconds(call)
    benchmark.extra_info["passes"] = round(ours / floor, 1)
    benchmark.extra_info["target passes"] = target
    tracemalloc.start()
    call()
    benchmark.extra_info["peak memory in inputs"] = round(
        tracemalloc.get_traced_memory()[1] / data.nbytes, 2
    )
    tracemalloc.stop()


@pytest.fixture(scope="module")
def million():
    return np.random.default_rng(0).normal(10.0, 1.0, 1_000_000)


@pytest.fixture(scope="module")
def subgroups():
    return np.random.default_rng(1).normal(10.0, 1.0, (100_000, 5))


def test_i_mr_with_all_eight_rules_million(benchmark, million):
    def call():
        return spc.i_mr(million, rules=NELSON)

    assert len(benchmark(call).panel("i").signals) == 8
    note(benchmark, call, million, 60)


@pytest.mark.parametrize("make", [spc.xbar_r, spc.xbar_s], ids=["xbar_r", "xbar_s"])
def test_subgroups_with_all_eight_rules_100000(benchmark, subgroups, make):
    def call():
        return make(subgroups, rules=NELSON)

    assert len(benchmark(call).panel("xbar").signals) == 8
    note(benchmark, call, subgroups, 60)


@pytest.mark.parametrize("rules", [STANDARD, NELSON], ids=["standard", "all eight"])
def test_p_chart_of_100000_samples_of_unequal_size(benchmark, rules):
    random = np.random.default_rng(2)
    sizes = random.integers(50, 150, 100_000).astype(float)
    counts = random.binomial(sizes.astype(int), 0.05).astype(float)

    def call():
        return spc.p(counts, sizes, rules=rules)

    assert len(benchmark(call).panel("p").signals) == len(rules)
    note(benchmark, call, counts, 60)


def test_ewma_million(benchmark, million):
    assert benchmark(lambda: spc.ewma(million)).panels[0].points.size == 1_000_000
    note(benchmark, lambda: spc.ewma(million), million, 120)


def test_cusum_million(benchmark, million):
    assert benchmark(lambda: spc.cusum(million, target=10.0)).panels[0].points.size == 1_000_000
    note(benchmark, lambda: spc.cusum(million, target=10.0), million, 120)


@pytest.mark.parametrize(
    "labels", [np.asarray, lambda v: [str(i) for i in v]], ids=["codes", "names"]
)
def test_gage_rr_crossed_100_parts_10_operators_5_trials(benchmark, labels):
    part, operator, _ = (v.ravel() for v in np.indices((100, 10, 5)))
    value = part % 7 + np.random.default_rng(3).normal(0, 0.3, part.size)
    part, operator = labels(part), labels(operator)

    def call():
        return msa.gage_rr_crossed(part, operator, value)

    assert benchmark(call).readings.shape == (100, 10, 5)
    benchmark.extra_info["ms"] = round(1e3 * best_seconds(call, 50), 3)
    benchmark.extra_info["target ms"] = 0.5


def test_cost_of_i_mr_grows_linearly(benchmark):
    costs = {}
    for n in (1_000, 10_000, 100_000, 1_000_000, 10_000_000):
        x = np.random.default_rng(n).normal(size=n)
        costs[n] = best_seconds(lambda x=x: spc.i_mr(x, rules=NELSON), 3)
    benchmark.pedantic(lambda: spc.i_mr(x, rules=NELSON), rounds=1)
    benchmark.extra_info["ns per point"] = {n: round(1e9 * c / n, 1) for n, c in costs.items()}
