"""Is the farthest value too far? Grubbs and Dixon."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs


@dataclass(frozen=True, slots=True)
class Grubbs:
    """Result of `grubbs`; `suspect_index` counts rows from 0, missing ones included."""

    n: int
    g: float
    suspect_index: int
    suspect_value: float
    p_value_two_sided: float
    p_value_one_sided: float
    critical_g_05_two_sided: float


@dataclass(frozen=True, slots=True)
class Dixon:
    """Result of `dixon`; p-values assume that the rest is normal."""

    n: int
    statistic: str
    r: float
    suspect_index: int
    suspect_value: float
    p_value_one_sided: float
    p_value_two_sided: float


def _suspect(x: ArrayLike, least: int) -> tuple[FloatArray, int, FloatArray]:
    """Return the known values, the row of the one farthest from the mean, and deviations."""
    column = inputs.numbers(x)
    values = inputs.varied(column, least=least)
    away = values - values.mean()
    rows = np.flatnonzero(~np.isnan(column))
    return values, int(rows[int(np.argmax(np.abs(away)))]), away


def grubbs(x: ArrayLike) -> Grubbs:
    """Test the value farthest from the mean.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent, otherwise normal values, at least three; missing ones are left out.

    Returns
    -------
    Grubbs
        G = max |x - mean| / sd; p by Bonferroni from Student's t with n - 2 degrees of freedom,
        which is exact whenever it is small.

    Raises
    ------
    DataProblem
        Fewer than three values, all equal, text or infinity.

    References
    ----------
    Grubbs 1969, Technometrics 11.

    Examples
    --------
    >>> grubbs([5.1, 5.0, 4.9, 5.2, 7.0]).suspect_index
    4
    """
    from scipy.special import stdtr, stdtrit

    values, row, away = _suspect(x, 3)
    n = values.size
    sd = math.sqrt(float(away @ away) / (n - 1))
    at = int(np.argmax(np.abs(away)))
    g = abs(float(away[at])) / sd
    rest = (n - 1) ** 2 - n * g * g
    one_tail = float(stdtr(n - 2, -math.sqrt(n * (n - 2) * g * g / rest))) if rest > 0 else 0.0
    t = float(stdtrit(n - 2, 0.05 / (2 * n)))
    critical = (n - 1) / math.sqrt(n) * math.sqrt(t * t / (n - 2 + t * t))
    return Grubbs(
        n=n,
        g=g,
        suspect_index=row,
        suspect_value=float(values[at]),
        p_value_two_sided=min(1.0, 2 * n * one_tail),
        p_value_one_sided=min(1.0, n * one_tail),
        critical_g_05_two_sided=critical,
    )


@dataclass(frozen=True, slots=True)
class _Ratio:
    """Gap of the suspect to its j-th neighbour, over the range without the i - 1 opposite ends."""

    name: str
    j: int
    i: int
    most: int


_RATIOS = (_Ratio("r10", 1, 1, 7), _Ratio("r11", 1, 2, 10), _Ratio("r21", 2, 2, 13),
           _Ratio("r22", 2, 3, 30))  # fmt: skip


def dixon(x: ArrayLike) -> Dixon:
    """Test the value farthest from the mean by ratios of ordered values.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent, otherwise normal values, 3 to 30; missing ones are left out.

    Returns
    -------
    Dixon
        r10 for 3 to 7 values, r11 to 10, r21 to 13, r22 to 30. p-values by integrating the joint
        density of the ordered normal values; the two-sided one is twice the one-sided one.

    Raises
    ------
    DataProblem
        Fewer than 3 or more than 30 values, all equal, text or infinity.

    References
    ----------
    Dixon 1953, Biometrics 9; Rorabacher 1991, Analytical Chemistry 63 (critical values); McBane
    2006, Journal of Statistical Software 16 (integration).

    Examples
    --------
    >>> dixon([5.1, 5.0, 4.9, 5.2, 7.0]).statistic
    'r10'
    """
    values, row, away = _suspect(x, 3)
    n = values.size
    if n > 30:
        raise DataProblem(f"Dixon's test works up to 30 values, not {n}.", hint="Use Grubbs' test.")
    kind = next(ratio for ratio in _RATIOS if n <= ratio.most)
    at = int(np.argmax(np.abs(away)))
    ordered = np.sort(values if away[at] > 0 else -values)
    span = float(ordered[-1] - ordered[kind.i - 1])
    r = 0.0 if span == 0 else float(ordered[-1] - ordered[-1 - kind.j]) / span
    p = dixon_tail(r, n, kind.j, kind.i)
    return Dixon(n, kind.name, r, row, float(values[at]), p, min(1.0, 2 * p))


def dixon_tail(r: float, n: int, j: int, i: int) -> float:
    """Return P(R > r) for Dixon's ratio (x_n - x_{n-j}) / (x_n - x_i) of n normal values.

    Parameters
    ----------
    r : float
        Ratio from 0 to 1.
    n : int
        Sample size.
    j, i : int
        r10: 1, 1; r11: 1, 2; r21: 2, 2; r22: 2, 3.

    Notes
    -----
    Quadrature over the suspect t, the range v and the ratio: the density of the three ordered
    values times the probabilities of where the others lie; good to about 1e-7.

    Examples
    --------
    >>> round(dixon_tail(0.941, 3, 1, 1), 3)  # Rorabacher's 5 % point of one side
    0.05
    """
    if r >= 1:
        return 0.0
    from scipy.special import gammaln, ndtr

    def rule(low: float, high: float, size: int) -> tuple[FloatArray, FloatArray]:
        nodes, weights = np.polynomial.legendre.leggauss(size)
        return low + (high - low) * (nodes + 1) / 2, weights * (high - low) / 2

    t, wt = rule(-8.0, 8.0, 80)
    v, wv = rule(0.0, 14.0, 80)
    q, wq = rule(max(r, 0.0), 1.0, 24)
    tt, vv, qq = t[:, None, None], v[None, :, None], q[None, None, :]
    low, middle = tt - vv, tt - vv * qq
    below, inner, top = ndtr(low), ndtr(middle), ndtr(tt)
    others = n - j - i - 1
    density = vv * np.exp(-0.5 * (tt**2 + low**2 + middle**2)) * (2 * math.pi) ** -1.5
    density = density * below ** (i - 1) * (inner - below) ** others
    density = density * np.maximum(top - inner, 0.0) ** (j - 1)
    log_ways = gammaln(n + 1) - gammaln(i) - gammaln(others + 1) - gammaln(j)
    total = float(np.einsum("tvq,t,v,q->", density, wt, wv, wq, optimize=True))
    return min(1.0, math.exp(float(log_ways)) * total)
