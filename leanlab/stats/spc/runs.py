"""Run chart: tests that need no limits."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray
from leanlab.stats.inputs import numbers


@dataclass(frozen=True, slots=True)
class Anhoej:
    """Anhøj's rules: a run that is too long, or too few crossings of the median."""

    useful_observations: int
    longest_run: int
    longest_run_max: int
    crossings: int
    crossings_min: int
    signal: bool


@dataclass(frozen=True, slots=True)
class RunChart:
    """Result of `run_chart`; probabilities are NaN where a test is not defined."""

    median: float
    n: int
    runs_about_median: int
    expected_runs_about_median: float
    longest_run_about_median: int
    p_clustering: float
    p_mixture: float
    runs_up_or_down: int
    expected_runs_up_or_down: float
    longest_run_up_or_down: int
    p_trends: float
    p_oscillation: float
    anhoej: Anhoej


def run_chart(x: ArrayLike) -> RunChart:
    """Test for clustering, mixture, trend and oscillation.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values in time order; missing ones are left out.

    Returns
    -------
    RunChart

    Raises
    ------
    DataProblem
        Fewer than three values.

    Notes
    -----
    Values equal to the median count as not above it. Normal approximation without continuity
    correction: E = 1 + 2mk/n, V = 2mk(2mk - n)/(n^2 (n-1)); up or down: E = (2n-1)/3,
    V = (16n-29)/90, where steps of zero are skipped.

    References
    ----------
    Anhøj and Olesen 2014, PLoS ONE 9(11).

    Examples
    --------
    >>> run_chart([1, 2, 1, 3, 2, 4, 3, 5]).runs_about_median
    4
    """
    values = numbers(x)
    values = values[np.isfinite(values)]
    n = values.size
    if n < 3:
        raise DataProblem(f"A run chart needs at least three values; there are {n}.")
    median = float(np.median(values))
    above = values > median
    m = int(above.sum())
    runs = 1 + int(np.count_nonzero(above[1:] != above[:-1]))
    expected = 1 + 2 * m * (n - m) / n
    product = 2 * m * (n - m)
    z = _z(runs - expected, product * (product - n) / (n * n * (n - 1)))
    steps = np.diff(values)
    steps = steps[steps != 0] > 0
    turns = 1 + int(np.count_nonzero(steps[1:] != steps[:-1])) if steps.size else 0
    turns_expected = (2 * n - 1) / 3
    z_turns = _z(turns - turns_expected, (16 * n - 29) / 90)
    return RunChart(
        median=median,
        n=n,
        runs_about_median=runs,
        expected_runs_about_median=expected,
        longest_run_about_median=_longest(above),
        p_clustering=_below(z),
        p_mixture=_below(-z),
        runs_up_or_down=turns,
        expected_runs_up_or_down=turns_expected,
        longest_run_up_or_down=_longest(steps),
        p_trends=_below(z_turns),
        p_oscillation=_below(-z_turns),
        anhoej=_anhoej(values, median),
    )


def _z(difference: float, variance: float) -> float:
    return difference / math.sqrt(variance) if variance > 0 else float("nan")


def _below(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0)) if not math.isnan(z) else float("nan")


def _longest(flags: BoolArray) -> int:
    if flags.size == 0:
        return 0
    ends = np.flatnonzero(np.r_[flags[1:] != flags[:-1], True])
    return int(np.diff(np.r_[-1, ends]).max())


def _anhoej(values: FloatArray, median: float) -> Anhoej:
    above = values[values != median] > median
    useful = int(above.size)
    longest = _longest(above)
    crossings = int(np.count_nonzero(above[1:] != above[:-1]))
    most = round(math.log2(useful)) + 3 if useful else 0
    fewest = _binomial_quantile(0.05, useful - 1) if useful > 1 else 0
    return Anhoej(useful, longest, most, crossings, fewest, longest > most or crossings < fewest)


def _binomial_quantile(probability: float, n: int) -> int:
    """Return the smallest k with P(Bin(n, 1/2) <= k) >= probability."""
    total = 0.0
    for k in range(n + 1):
        total += math.exp(
            math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2)
        )
        if total >= probability * (1 - 1e-12):
            return k
    return n
