"""Distributions behind multiple comparisons: the studentized range and Dunnett's largest t.

Both are integrals over a standard normal variable and over the estimated standard deviation. The
trapezoidal rule converges geometrically for such bell-shaped, analytic integrands, so a few dozen
fixed nodes per direction give about twelve digits, for all pairs at once and the same every time.
"""

from collections.abc import Callable

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats.hypothesis.estimated_sd import nodes

NORMAL_REACH = 8.6  # the normal density beyond it is below exp(-37) of its peak
NORMAL_STEP = 0.25
SHARP_NORMAL_STEP = 0.1  # for many groups: the density of their largest is narrow
MANY_GROUPS = 12
LARGEST_RANGE = 60.0  # a larger range of standard normals has no probability in double precision

TailOfKnownSd = Callable[[FloatArray], FloatArray]


def studentized_range_sf(q: FloatArray, groups: int, df: float) -> FloatArray:
    """Return the chance that the studentized range of `groups` means exceeds each q.

    Parameters
    ----------
    q : FloatArray, shape (m,)
        Studentized ranges, 0 or more.
    groups : int
        Number of means, 2 or more.
    df : float
        Degrees of freedom of the standard deviation, 1 or more; need not be whole.

    Returns
    -------
    FloatArray, shape (m,)

    References
    ----------
    Copenhaver and Holland 1988, J. Statist. Comput. Simul. 30.

    Examples
    --------
    >>> round(float(studentized_range_sf(np.asarray([3.506]), 3, 27.0)[0]), 4)
    0.05
    """
    return _mixed_over_sd(q, df, lambda w: _range_sf(w, groups), 0.25)


def studentized_range_critical(confidence: float, groups: int, df: float) -> float:
    """Return the studentized range that is exceeded with chance 1 - confidence.

    Examples
    --------
    >>> round(studentized_range_critical(0.95, 3, 10.0), 3)
    3.877
    """
    return _critical(lambda q: studentized_range_sf(q, groups, df), confidence)


def largest_t_sf(t: FloatArray, weights: FloatArray, df: float, *, one_sided: bool) -> FloatArray:
    """Return the chance that the largest of several correlated t statistics exceeds each t.

    Parameters
    ----------
    t : FloatArray, shape (m,)
    weights : FloatArray, shape (k,)
        The correlation of statistics i and j is weights[i] * weights[j]; with a common control of
        n0 values, weights[i] is sqrt(n[i] / (n[i] + n0)).
    df : float
        Degrees of freedom of the pooled standard deviation.
    one_sided : bool
        The largest t instead of the largest absolute t.

    References
    ----------
    Dunnett 1955, JASA 50, equation 9; Hsu, Multiple Comparisons, appendix D.

    Examples
    --------
    >>> weights = np.full(3, np.sqrt(0.5))
    >>> round(float(largest_t_sf(np.asarray([2.47]), weights, 30.0, one_sided=False)[0]), 3)
    0.05
    """
    if one_sided:
        return _mixed_over_sd(t, df, lambda w: _largest_sf(w, weights, one_sided=True), 0.5)
    return _mixed_over_sd(np.abs(t), df, lambda w: _largest_sf(w, weights, one_sided=False), 0.5)


def largest_t_critical(
    confidence: float, weights: FloatArray, df: float, *, one_sided: bool
) -> float:
    """Return the bound that all statistics keep with chance `confidence`."""
    return _critical(lambda t: largest_t_sf(t, weights, df, one_sided=one_sided), confidence)


def _mixed_over_sd(q: FloatArray, df: float, tail: TailOfKnownSd, decay: float) -> FloatArray:
    """Average the tail for a known sd over the estimated one; it falls like exp(-decay q^2 s^2)."""
    s, weight = nodes(df, decay * float(np.max(np.square(q), initial=0.0)))
    w = q[:, None] * s[None, :]
    return np.asarray(np.clip(tail(w.ravel()).reshape(w.shape) @ weight, 0.0, 1.0))


def _range_sf(w: FloatArray, groups: int) -> FloatArray:
    """Return the chance that the range of `groups` standard normals exceeds w.

    The largest lies at z, and at least one of the others below z - w.
    """
    from scipy.special import ndtr

    w = np.minimum(w, LARGEST_RANGE)
    step = NORMAL_STEP if groups <= MANY_GROUPS else SHARP_NORMAL_STEP
    z = np.arange(-NORMAL_REACH, NORMAL_REACH + w.max() / 2, step)
    below = ndtr(z)
    weight = step * groups * _normal_density(z) * below ** (groups - 1)
    share = ndtr(z[None, :] - w[:, None])
    share /= below
    return _at_least_one(share, groups - 1) @ weight


def _at_least_one(share: FloatArray, n: int) -> FloatArray:
    """Return 1 - (1 - share)^n without losing the small shares; overwrites its argument."""
    if n == 1:
        return share
    with np.errstate(divide="ignore"):
        np.log1p(-share, out=share)
    share *= n
    np.expm1(share, out=share)
    np.negative(share, out=share)
    return share


def _largest_sf(w: FloatArray, weights: FloatArray, *, one_sided: bool) -> FloatArray:
    """Return the chance that the largest of the correlated normals exceeds w.

    Given the common part z (the control), the statistics are independent.
    """
    from scipy.special import ndtr

    w = np.clip(w, -LARGEST_RANGE, LARGEST_RANGE)
    own = np.sqrt(1 - weights**2)
    steepest = float(np.max(weights / own))
    step = NORMAL_STEP / max(1.0, steepest)
    end = NORMAL_REACH + max(0.0, float(np.abs(w).max()) * float(weights.max()))
    z = np.arange(-end, end + step, step)
    log_inside = np.zeros((w.size, z.size))
    with np.errstate(divide="ignore"):
        for weight, width in zip(weights, own, strict=True):
            outside = ndtr((weight * z[None, :] - w[:, None]) / width)
            if not one_sided:
                outside += ndtr((-weight * z[None, :] - w[:, None]) / width)
            log_inside += np.log1p(-np.minimum(outside, 1.0))
    return np.asarray(-np.expm1(log_inside) @ (step * _normal_density(z)))


def _normal_density(z: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi))


def _critical(sf: Callable[[FloatArray], FloatArray], confidence: float) -> float:
    from scipy.optimize import brentq

    alpha = 1 - confidence

    def gap(q: float) -> float:
        return float(np.log(max(float(sf(np.asarray([q]))[0]), 1e-300) / alpha))

    low, high = (0.0, 4.0) if gap(0.0) > 0 else (-8.0, 0.0)
    while gap(high) > 0:
        low, high = high, high * 2
    root, report = brentq(gap, low, high, xtol=1e-12, rtol=1e-12, full_output=True)
    if not report.converged:
        raise DataProblem("The critical value of the comparisons could not be found.")
    return float(root)
