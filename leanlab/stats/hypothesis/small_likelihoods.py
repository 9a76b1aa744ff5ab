"""Exact two-sided p-values: add up every outcome that is no likelier than the one found."""

import math
from collections.abc import Callable

import numpy as np

from leanlab.core.typing import FloatArray

SLACK = 1 + 1e-7  # outcomes as likely as the observed one, up to rounding (as R does)
LARGEST_COUNT = 10**12  # beyond it neighbouring outcomes can no longer be told apart


def add_up(log_chance: FloatArray, observed: int) -> float:
    """Return the sum of the chances that are not above that of the observed outcome.

    Examples
    --------
    >>> round(add_up(np.log(np.asarray([0.1, 0.4, 0.4, 0.1])), 0), 6)
    0.2
    """
    limit = log_chance[observed] + np.log(SLACK)
    return min(1.0, float(np.exp(log_chance[log_chance <= limit]).sum()))


def binomial(x: int, n: int, p: float) -> float:
    """Return the exact two-sided p-value of x successes in n trials.

    Examples
    --------
    >>> round(binomial(9, 250, 0.02), 6)
    0.105202
    """
    from scipy.special import bdtr, bdtrc, gammaln, xlog1py, xlogy

    def log_chance(k: int) -> float:
        ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
        return float(ways + xlogy(k, p) + xlog1py(n - k, -p))

    if x == n * p:
        return 1.0
    limit = log_chance(x) + math.log(SLACK)
    if x < n * p:
        other = _first(lambda k: log_chance(k) <= limit, math.ceil(n * p), n + 1)
        above = bdtrc(other - 1, n, p) if other <= n else 0.0
        return min(1.0, float(bdtr(x, n, p) + above))
    other = _last(lambda k: log_chance(k) <= limit, math.floor(n * p))
    below = bdtr(other, n, p) if other >= 0 else 0.0
    return min(1.0, float(below + bdtrc(x - 1, n, p)))


def poisson(x: int, mean: float) -> float:
    """Return the exact two-sided p-value of x events where `mean` are expected.

    Examples
    --------
    >>> round(poisson(14, 9.6), 6)
    0.145943
    """
    from scipy.special import gammaln, pdtr, pdtrc, xlogy

    def log_chance(k: int) -> float:
        return float(xlogy(k, mean) - mean - gammaln(k + 1))

    if x == mean:
        return 1.0
    limit = log_chance(x) + math.log(SLACK)
    if x < mean:
        far = math.ceil(mean + 40 * math.sqrt(mean + 1) + 40)
        other = _first(lambda k: log_chance(k) <= limit, math.ceil(mean), far)
        return min(1.0, float(pdtr(x, mean) + pdtrc(other - 1, mean)))
    other = _last(lambda k: log_chance(k) <= limit, math.floor(mean))
    below = pdtr(other, mean) if other >= 0 else 0.0
    return min(1.0, float(below + pdtrc(x - 1, mean)))


def _first(unlikely: Callable[[int], bool], low: int, high: int) -> int:
    """Return the first outcome above the mean that is unlikely enough; `high` if none is."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if unlikely(middle) else (middle + 1, high)
    return low


def _last(unlikely: Callable[[int], bool], high: int) -> int:
    """Return the last outcome below the mean that is unlikely enough; -1 if none is."""
    low = -1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if unlikely(middle) else (low, middle - 1)
    return low
