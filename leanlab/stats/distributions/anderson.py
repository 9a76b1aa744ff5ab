"""Anderson-Darling: the statistic, and published percentage points of its distribution."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from leanlab.core.typing import FloatArray


@dataclass(frozen=True, slots=True)
class Judged:
    """A statistic with its p-value; outside a published table the p-value is a bound.

    `p_bound` is "" for a value, ">" when p is larger than the largest tabled one, "<" when it is
    smaller than the smallest. Without a table p_value is None.
    """

    statistic: float
    adjusted: float
    p_value: float | None
    p_bound: str = ""


def statistic(logcdf: FloatArray, logsf: FloatArray) -> float:
    """Return A^2 from log F and log (1 - F) at the ordered values.

    References
    ----------
    Anderson and Darling 1954, Journal of the American Statistical Association 49.
    """
    n = logcdf.size
    weight = np.arange(1, 2 * n, 2, dtype=np.float64)
    return -n - (float(weight @ logcdf) + float(weight @ logsf[::-1])) / n


def normal_p(adjusted: float) -> float:
    """Return the p-value of A^2 (1 + 0.75/n + 2.25/n^2) for normal data, both parameters estimated.

    References
    ----------
    D'Agostino and Stephens, Goodness-of-Fit Techniques, 1986, table 4.9.
    """
    a = adjusted
    if a >= 10:  # beyond the approximation, whose parabola turns up again
        return 3.7e-24
    if a >= 0.6:
        return math.exp(1.2937 - 5.709 * a + 0.0186 * a * a)
    if a >= 0.34:
        return math.exp(0.9177 - 4.279 * a - 1.38 * a * a)
    if a >= 0.2:
        return 1 - math.exp(-8.318 + 42.796 * a - 59.938 * a * a)
    return 1 - math.exp(-13.436 + 101.14 * a - 223.73 * a * a)


Points = tuple[tuple[float, ...], tuple[float, ...]]

# Upper-tail probabilities and percentage points of the adjusted statistic (D'Agostino and
# Stephens 1986): exponential table 4.14, extreme value table 4.17, logistic table 4.22.
EXPONENTIAL: Points = (
    (0.25, 0.20, 0.15, 0.10, 0.05, 0.025, 0.01, 0.005, 0.0025),
    (0.736, 0.816, 0.916, 1.062, 1.321, 1.591, 1.959, 2.244, 2.534),
)
EXTREME: Points = ((0.25, 0.10, 0.05, 0.025, 0.01), (0.474, 0.637, 0.757, 0.877, 1.038))
LOGISTIC: Points = (
    (0.25, 0.10, 0.05, 0.025, 0.01, 0.005),
    (0.426, 0.563, 0.660, 0.769, 0.906, 1.010),
)
# Gamma, scale and shape estimated, by shape (Lockhart and Stephens 1985; table 4.21 there).
_GAMMA_P = (0.25, 0.10, 0.05, 0.025, 0.01, 0.005)
_GAMMA: tuple[tuple[float, tuple[float, ...]], ...] = (
    (1, (0.486, 0.657, 0.786, 0.917, 1.092, 1.227)),
    (2, (0.477, 0.643, 0.768, 0.894, 1.062, 1.190)),
    (3, (0.475, 0.639, 0.762, 0.886, 1.052, 1.178)),
    (4, (0.473, 0.637, 0.759, 0.883, 1.048, 1.173)),
    (5, (0.472, 0.635, 0.758, 0.881, 1.045, 1.170)),
    (6, (0.472, 0.635, 0.757, 0.880, 1.043, 1.168)),
    (8, (0.471, 0.634, 0.755, 0.878, 1.041, 1.165)),
    (10, (0.471, 0.633, 0.754, 0.877, 1.040, 1.164)),
    (12, (0.471, 0.633, 0.754, 0.876, 1.039, 1.163)),
    (15, (0.470, 0.632, 0.754, 0.876, 1.038, 1.162)),
    (20, (0.470, 0.632, 0.753, 0.875, 1.037, 1.161)),
    (math.inf, (0.470, 0.631, 0.752, 0.873, 1.035, 1.159)),
)


def gamma_points(shape: float) -> Points:
    """Return the percentage points for an estimated shape, linear in 1/shape between rows."""
    inverse = np.asarray([1 / k for k, _ in _GAMMA])[::-1]
    table = np.asarray([points for _, points in _GAMMA])[::-1]
    at = min(1 / shape, 1.0)
    return _GAMMA_P, tuple(float(np.interp(at, inverse, table[:, j])) for j in range(len(_GAMMA_P)))


def from_table(value: float, adjusted: float, points: Points) -> Judged:
    """Interpolate log p linearly between published percentage points."""
    p, tabled = points
    if adjusted < tabled[0]:
        return Judged(value, adjusted, p[0], ">")
    if adjusted > tabled[-1]:
        return Judged(value, adjusted, p[-1], "<")
    log_p = float(np.interp(adjusted, tabled, np.log(np.asarray(p))))
    return Judged(value, adjusted, math.exp(log_p))


def _plain(_n: int) -> float:
    return 1.0


ADJUST: dict[str, Callable[[int], float]] = {
    "normal": lambda n: 1 + 0.75 / n + 2.25 / n**2,
    "exponential": lambda n: 1 + 0.6 / n,
    "extreme": lambda n: 1 + 0.2 / math.sqrt(n),
    "logistic": lambda n: 1 + 0.25 / n,
    "gamma": _plain,
}
_TABLES = {"exponential": EXPONENTIAL, "extreme": EXTREME, "logistic": LOGISTIC}


def judged(value: float, n: int, law: str, shape: float = math.inf) -> Judged:
    """Return A^2 with its p-value for a law: normal, exponential, extreme, logistic or gamma."""
    adjusted = value * ADJUST[law](n)
    if law == "normal":
        return Judged(value, adjusted, normal_p(adjusted))
    points = gamma_points(shape) if law == "gamma" else _TABLES[law]
    return from_table(value, adjusted, points)
