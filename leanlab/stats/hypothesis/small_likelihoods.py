"""Exact two-sided p-values: add up every outcome that is no likelier than the one found."""

import numpy as np

from leanlab.core.typing import FloatArray

SLACK = 1 + 1e-7  # outcomes as likely as the observed one, up to rounding (as R does)


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
    from scipy.special import gammaln, xlog1py, xlogy

    k = np.arange(n + 1, dtype=np.float64)
    log_chance = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + xlogy(k, p)
    return add_up(np.asarray(log_chance + xlog1py(n - k, -p)), x)


def poisson(x: int, mean: float) -> float:
    """Return the exact two-sided p-value of x events where `mean` are expected.

    Examples
    --------
    >>> round(poisson(14, 9.6), 6)
    0.145943
    """
    from scipy.special import gammaln, pdtr, xlogy

    last = int(np.ceil(max(x, mean) + 40 * np.sqrt(max(x, mean) + 1) + 40))
    k = np.arange(last + 1, dtype=np.float64)
    log_chance = np.asarray(xlogy(k, mean) - mean - gammaln(k + 1))
    if x < mean:
        return add_up(log_chance, x)
    limit = log_chance[x] + np.log(SLACK)
    lower = float(np.exp(log_chance[:x][log_chance[:x] <= limit]).sum())
    return min(1.0, lower + 1 - float(pdtr(x - 1, mean)) if x else 1.0)
