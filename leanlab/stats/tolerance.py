"""Tolerance intervals: where at least a share of the process lies, with a confidence."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs

_NODES = 160


@dataclass(frozen=True, slots=True)
class KFactors:
    """Result of `normal_k_factor`: how many sample sd the interval reaches."""

    k_one_sided: float
    k_two_sided_exact: float
    k_two_sided_howe: float


@dataclass(frozen=True, slots=True)
class NormalTolerance:
    """Result of `normal`; `lower` and `upper` are one-sided bounds, in data units."""

    n: int
    mean: float
    sd: float
    two_sided: tuple[float, float]
    lower: float
    upper: float
    k_one_sided: float
    k_two_sided: float
    coverage: float
    confidence: float


@dataclass(frozen=True, slots=True)
class NonparametricTolerance:
    """Result of `nonparametric`; bounds that so few values cannot give are None."""

    n: int
    min_max: tuple[float, float]
    achieved_confidence_min_max: float
    lower: float | None
    upper: float | None
    order_statistic: int
    achieved_confidence_one_sided: float
    n_required_two_sided: int
    n_required_one_sided: int
    coverage: float
    confidence: float


def normal_k_factor(n: int, *, coverage: float = 0.95, confidence: float = 0.95) -> KFactors:
    """Return the factors k of normal tolerance intervals mean -+ k sd.

    Parameters
    ----------
    n : int
        Sample size, at least 2.
    coverage, confidence : float
        Share of the process to cover, and how sure to be of it.

    Returns
    -------
    KFactors
        One-sided: noncentral t quantile / sqrt(n). Two-sided: exact by quadrature, and Howe's
        approximation.

    Raises
    ------
    DataProblem
        A sample size below 2, or shares outside 0..1.

    References
    ----------
    ISO 16269-6; Krishnamoorthy and Mathew, Statistical Tolerance Regions, ch. 2; Howe 1969.

    Examples
    --------
    >>> round(normal_k_factor(10).k_two_sided_exact, 3)
    3.393
    """
    size = inputs.whole(n, "Sample size", least=2)
    share = inputs.fraction(coverage, "Coverage")
    level = inputs.fraction(confidence)
    return KFactors(
        _one_sided(size, share, level), _two_sided(size, share, level), _howe(size, share, level)
    )


def _one_sided(n: int, share: float, level: float) -> float:
    from scipy.special import ndtri
    from scipy.stats import nct

    delta = float(ndtri(share)) * math.sqrt(n)
    k = float(nct.ppf(level, n - 1, delta)) / math.sqrt(n)
    if not math.isfinite(k):
        raise DataProblem("The one-sided factor cannot be computed for this sample size.")
    return k


def _howe(n: int, share: float, level: float) -> float:
    from scipy.special import gammaincinv, ndtri

    z = float(ndtri((1 + share) / 2))
    chi2 = 2 * float(gammaincinv((n - 1) / 2, 1 - level))
    return z * math.sqrt((n - 1) * (1 + 1 / n) / chi2)


def _two_sided(n: int, share: float, level: float) -> float:
    """Solve for k so that P(cover >= share) = level, averaged over where the mean falls."""
    from scipy.optimize import brentq
    from scipy.special import gammaincc

    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    z = 4.5 * (nodes + 1)  # |mean| in standard errors; beyond 9 nothing is left
    density = 4.5 * weights * 2 * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    half_widths = _cover_half_width(z / math.sqrt(n), share)
    df = n - 1

    def miss(log_k: float) -> float:
        need = df * (half_widths / math.exp(log_k)) ** 2
        return float(density @ gammaincc(df / 2, need / 2)) - level

    start = math.log(_howe(n, share, level))
    return math.exp(brentq(miss, start - 2, start + 2, xtol=1e-14, rtol=1e-13))


def _cover_half_width(center: FloatArray, share: float) -> FloatArray:
    """Return r with P(center - r < Z < center + r) = share, by Newton's method.

    It is the root of the noncentral chi-square quantile with one degree of freedom.
    """
    from scipy.special import ndtr, ndtri

    r = center + float(ndtri((1 + share) / 2))
    for _ in range(60):
        miss = ndtr(r - center) - ndtr(-r - center) - share
        slope = np.exp(-0.5 * (r - center) ** 2) + np.exp(-0.5 * (r + center) ** 2)
        step = miss * math.sqrt(2 * math.pi) / slope
        r = r - np.clip(step, -1.0, 1.0)
        if float(np.max(np.abs(step))) < 1e-12:
            return np.asarray(r)
    raise DataProblem("The tolerance factor does not converge.", hint="Use a smaller coverage.")


def normal(x: ArrayLike, *, coverage: float = 0.95, confidence: float = 0.95) -> NormalTolerance:
    """Return limits that cover a share of a normal process.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent, normal values in data units, at least two; missing ones are left out.
    coverage, confidence : float
        Share of the process to cover, and how sure to be of it.

    Returns
    -------
    NormalTolerance
        mean -+ k sd with exact k.

    Raises
    ------
    DataProblem
        Too few or equal values, text or infinity.

    References
    ----------
    ISO 16269-6.

    Examples
    --------
    >>> round(normal([4.1, 4.4, 3.9, 4.0, 4.2]).upper, 3)
    4.928
    """
    values = inputs.varied(x)
    factors = normal_k_factor(values.size, coverage=coverage, confidence=confidence)
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    one, two = factors.k_one_sided, factors.k_two_sided_exact
    return NormalTolerance(
        n=values.size,
        mean=mean,
        sd=sd,
        two_sided=(mean - two * sd, mean + two * sd),
        lower=mean - one * sd,
        upper=mean + one * sd,
        k_one_sided=one,
        k_two_sided=two,
        coverage=coverage,
        confidence=confidence,
    )


def nonparametric(
    x: ArrayLike, *, coverage: float = 0.95, confidence: float = 0.95
) -> NonparametricTolerance:
    """Return limits that cover a share of any process, from ordered values.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent values of a continuous process; missing ones are left out.
    coverage, confidence : float
        Share of the process to cover, and how sure to be of it.

    Returns
    -------
    NonparametricTolerance
        Two-sided: smallest and largest value with the confidence achieved. One-sided: the r-th
        smallest (largest) value with the largest r that keeps the confidence; r is
        `order_statistic`, 0 if none does.

    Raises
    ------
    DataProblem
        Fewer than two values, text or infinity.

    References
    ----------
    Wilks 1941, Annals of Mathematical Statistics 12.

    Examples
    --------
    >>> nonparametric(range(100)).n_required_two_sided
    93
    """
    share = inputs.fraction(coverage, "Coverage")
    level = inputs.fraction(confidence)
    ordered = np.sort(inputs.known(x, least=2))
    n = ordered.size
    r = _largest_order(n, share, level)
    return NonparametricTolerance(
        n=n,
        min_max=(float(ordered[0]), float(ordered[-1])),
        achieved_confidence_min_max=_confidence(n, 2, share),
        lower=float(ordered[r - 1]) if r else None,
        upper=float(ordered[n - r]) if r else None,
        order_statistic=r,
        achieved_confidence_one_sided=_confidence(n, max(r, 1), share),
        n_required_two_sided=_required(2, share, level),
        n_required_one_sided=_required(1, share, level),
        coverage=share,
        confidence=level,
    )


def _confidence(n: int, r: int, share: float) -> float:
    """Return P(at least r of n values lie in the tail that is left out)."""
    from scipy.special import betainc

    return float(betainc(r, n - r + 1, 1 - share))


def _largest_order(n: int, share: float, level: float) -> int:
    """Return the largest r that keeps the confidence, by bisection (it falls with r)."""
    low, high = 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _confidence(n, middle, share) >= level:
            low = middle
        else:
            high = middle
    return low


def _required(r: int, share: float, level: float) -> int:
    """Return the smallest n whose r-th values keep the confidence (it grows with n)."""
    high = r
    while _confidence(high, r, share) < level:
        high *= 2
    low = max(high // 2, r)
    while low < high:
        middle = (low + high) // 2
        if _confidence(middle, r, share) >= level:
            high = middle
        else:
            low = middle + 1
    return high
