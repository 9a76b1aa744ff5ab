"""Deming regression: both variables are measured with error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs, spread
from leanlab.stats.hypothesis.sides import Interval, around


@dataclass(frozen=True, slots=True)
class Deming:
    """Result of `deming`; standard errors and intervals by the jackknife."""

    n: int
    slope: float
    intercept: float
    se_slope_jackknife: float
    se_intercept_jackknife: float
    ci_slope: Interval
    ci_intercept: Interval


def deming(
    x: ArrayLike, y: ArrayLike, *, error_variance_ratio: float = 1.0, confidence: float = 0.95
) -> Deming:
    """Fit a line to two measurements of the same items, both with error.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Pairs with a missing value are left out.
    error_variance_ratio : float
        Variance of the error in y over that in x; 1 is orthogonal regression.
    confidence : float
        Of the intervals, by Student's t with n - 2 degrees of freedom.

    Returns
    -------
    Deming

    Raises
    ------
    DataProblem
        Fewer than three pairs, a constant column, or no linear relation at all.

    References
    ----------
    Deming 1943; Linnet 1993, Clinical Chemistry 39 (jackknife).

    Examples
    --------
    >>> fit = deming([1, 2, 3, 4, 5], [1.2, 1.9, 3.2, 3.8, 5.1])
    >>> round(fit.slope, 4)
    0.9762
    """
    a, b = inputs.pairs(x, y, "X", "Y", least=3)
    spread.varied(a, "X")
    spread.varied(b, "Y")
    ratio = inputs.number(error_variance_ratio, "The ratio of error variances", above=0)
    n = a.size
    u, v = a - a.mean(), b - b.mean()
    slope = float(_slope(_sums(u, v), ratio))
    intercept = float(b.mean() - slope * a.mean())
    slopes = _slope(_without_each(u, v), ratio)
    mean_a, mean_b = -u / (n - 1), -v / (n - 1)  # averages of the rest, about the average of all
    at_middle = mean_b - slopes * mean_a
    intercepts = at_middle - (slopes - slope) * a.mean()
    se_slope, se_intercept = _jackknife(slopes), _jackknife(intercepts)
    return Deming(
        n, slope, intercept, se_slope, se_intercept,
        around(slope, se_slope, df=n - 2, confidence=confidence),
        around(intercept, se_intercept, df=n - 2, confidence=confidence),
    )  # fmt: skip


def _sums(u: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    return np.asarray(u @ u), np.asarray(v @ v), np.asarray(u @ v)


def _without_each(u: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sums of squares and products with each pair left out in turn."""
    inflate = u.size / (u.size - 1)
    return u @ u - inflate * u**2, v @ v - inflate * v**2, u @ v - inflate * u * v


def _slope(sums: tuple[FloatArray, FloatArray, FloatArray], ratio: float) -> FloatArray:
    xx, yy, xy = sums
    if np.any(np.abs(xy) <= 1e-14 * np.sqrt(np.abs(xx * yy))):
        raise DataProblem(
            "X and Y do not go together at all, so no line can be found.",
            hint="Check that the rows belong together.",
        )
    gap = yy - ratio * xx
    return np.asarray((gap + np.sqrt(gap**2 + 4 * ratio * xy**2)) / (2 * xy))


def _jackknife(estimates: FloatArray) -> float:
    n = estimates.size
    return float(np.sqrt((n - 1) / n * ((estimates - estimates.mean()) ** 2).sum()))
