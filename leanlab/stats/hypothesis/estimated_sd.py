"""Averages over the distribution of an estimated standard deviation.

The trapezoidal rule in u = ln(s / sigma) converges geometrically, because the integrand is a
smooth bell: a few dozen nodes give about twelve digits, also far into a tail.
"""

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray

NEGLIGIBLE = 37.0  # exp(-37) is below one unit in the last place


def nodes(df: float, pull: float = 0.0) -> tuple[FloatArray, FloatArray]:
    """Return values of s / sigma and their weights, which add up to 1.

    Parameters
    ----------
    df : float
        Degrees of freedom of the standard deviation s, 1 or more; need not be whole.
    pull : float
        A tail that falls like exp(-pull s^2) moves the mass to smaller s; the nodes follow it.

    Raises
    ------
    DataProblem
        Fewer than one degree of freedom.

    Examples
    --------
    >>> s, weight = nodes(10.0)
    >>> round(float(weight @ s**2), 12)
    1.0
    """
    if not df >= 1:
        raise DataProblem(
            f"The spread has {df:g} degrees of freedom; at least 1 is needed.",
            hint="Collect more values.",
        )
    reach = np.sqrt(NEGLIGIBLE / df)
    peak = -0.5 * np.log1p(2 * pull / df)
    low, high = peak - reach - reach**2, reach
    step = min(0.1, 0.6 / np.sqrt(2 * df))
    u = low + step * np.arange(int(np.ceil((high - low) / step)) + 1)
    weight = np.exp(df * (u - np.expm1(2 * u) / 2))
    return np.exp(u), weight / weight.sum()


def noncentral_t_sf(t: float, df: float, noncentrality: float) -> float:
    """Return the chance that a noncentral t exceeds t.

    scipy's nctdtr answers NaN where this chance is very small.

    Examples
    --------
    >>> round(noncentral_t_sf(2.024394, 38.0, 1.5811388), 6)
    0.337708
    """
    from scipy.special import ndtr

    s, weight = nodes(df, 0.5 * t * t)
    return float(ndtr(noncentrality - t * s) @ weight)
