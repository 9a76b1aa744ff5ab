"""Correlation of two columns: Pearson, Spearman and Kendall."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs, spread
from leanlab.stats.hypothesis.ranks import ranks
from leanlab.stats.hypothesis.sides import Interval, normal_p, quantile, student_p


@dataclass(frozen=True, slots=True)
class Correlation:
    """Result of `correlation`; intervals need four or more pairs."""

    n: int
    pearson_r: float
    pearson_t: float
    pearson_p: float
    pearson_ci: Interval
    spearman_rho: float
    spearman_p: float
    spearman_ci_bonett_wright: Interval
    kendall_tau_b: float
    kendall_p_normal: float
    covariance: float


def correlation(x: ArrayLike, y: ArrayLike, *, confidence: float = 0.95) -> Correlation:
    """Measure how closely two columns go together.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Pairs with a missing value are left out.
    confidence : float

    Returns
    -------
    Correlation
        Pearson's interval by Fisher's z, Spearman's p by t and its interval by Bonett and Wright,
        Kendall's tau-b with the normal approximation corrected for ties.

    Raises
    ------
    DataProblem
        Columns of unequal length, fewer than three complete pairs, or a constant column.

    References
    ----------
    Fisher 1921; Bonett and Wright 2000, Psychometrika 65; Kendall, Rank Correlation Methods.

    Examples
    --------
    >>> round(correlation([1.2, 2.5, 3.1, 4.0, 5.2], [2, 1.8, 3.5, 3.9, 6]).pearson_r, 4)
    0.9263
    """
    first, second = inputs.pairs(x, y, "The first column", "The second column", least=3)
    spread.varied(first, "The first column")
    spread.varied(second, "The second column")
    factor = quantile(0.5 + inputs.fraction(confidence) / 2)
    n = first.size
    r = _pearson(first, second)
    rho = _pearson(ranks(first)[0], ranks(second)[0])
    tau, tau_p = _kendall(first, second)
    t = _t(r, n)
    centred = (first - first.mean()) @ (second - second.mean())
    return Correlation(
        n=n, pearson_r=r, pearson_t=t, pearson_p=student_p(t, n - 2),
        pearson_ci=_fisher(r, factor, n, 1.0), spearman_rho=rho,
        spearman_p=student_p(_t(rho, n), n - 2),
        spearman_ci_bonett_wright=_fisher(rho, factor, n, 1 + rho**2 / 2), kendall_tau_b=tau,
        kendall_p_normal=tau_p, covariance=float(centred / (n - 1)),
    )  # fmt: skip


def _pearson(a: FloatArray, b: FloatArray) -> float:
    u, v = a - a.mean(), b - b.mean()
    u, v = u / np.sqrt(u @ u), v / np.sqrt(v @ v)
    r = float(np.clip(u @ v, -1.0, 1.0))
    return r if 1 - abs(r) > 4 * np.finfo(float).eps else float(np.sign(r))


def _t(r: float, n: int) -> float:
    if abs(r) == 1:
        return float(np.copysign(np.inf, r))
    return float(r * np.sqrt((n - 2) / ((1 - r) * (1 + r))))


def _fisher(r: float, factor: float, n: int, inflation: float) -> Interval:
    if n < 4:
        return None, None
    if abs(r) == 1:
        return r, r
    reach = factor * float(np.sqrt(inflation / (n - 3)))
    return float(np.tanh(np.arctanh(r) - reach)), float(np.tanh(np.arctanh(r) + reach))


def _kendall(a: FloatArray, b: FloatArray) -> tuple[float, float]:
    from scipy.stats import kendalltau

    n = a.size
    tau = float(kendalltau(a, b, method="asymptotic").statistic)
    t, u = ranks(a)[1], ranks(b)[1]
    pairs = n * (n - 1) / 2
    tied_a, tied_b = float((t * (t - 1)).sum() / 2), float((u * (u - 1)).sum() / 2)
    score = tau * np.sqrt((pairs - tied_a) * (pairs - tied_b))
    variance = (n * (n - 1) * (2 * n + 5) - _v(t) - _v(u)) / 18 + 2 * tied_a * tied_b / (
        n * (n - 1)
    )
    if n > 2:
        triples = float((t * (t - 1) * (t - 2)).sum() * (u * (u - 1) * (u - 2)).sum())
        variance += triples / (9 * n * (n - 1) * (n - 2))
    if variance <= 0:
        raise DataProblem("The columns have too many ties to be ranked against each other.")
    return tau, normal_p(float(score / np.sqrt(variance)))


def _v(count: FloatArray) -> float:
    return float((count * (count - 1) * (2 * count + 5)).sum())
