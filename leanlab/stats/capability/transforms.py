"""Transforms that make values normal: Box-Cox and Johnson."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats import inputs
from leanlab.stats.distributions import anderson

LAMBDA_GRID = (-1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
_WIDEST = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class BoxCox:
    """Result of `box_cox`; an end of the interval beyond -+40 is None."""

    n: int
    lambda_: float
    lambda_ci: tuple[float | None, float | None]
    lambda_nearest_half: float
    lambda_grid: tuple[float, ...]
    loglik_relative: FloatArray
    transformed: FloatArray
    confidence: float


def box_cox(
    x: ArrayLike,
    subgroup: Sequence[object] | None = None,
    *,
    lambda_grid: Sequence[float] = LAMBDA_GRID,
    confidence: float = 0.95,
) -> BoxCox:
    """Find the power that makes values most normal.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values above 0 in data units; missing ones are left out.
    subgroup : sequence, shape (n,), optional
        Label per row; the likelihood then has one mean per subgroup, so the power minimises the
        pooled standard deviation within subgroups.
    lambda_grid : sequence of float
        Powers at which the log-likelihood is reported, relative to its maximum.
    confidence : float
        Of the likelihood-ratio interval of the power.

    Returns
    -------
    BoxCox
        `transformed` uses the power rounded to a half (0 is the logarithm), for the known values.

    Raises
    ------
    DataProblem
        Values of 0 or less (row named), fewer than three, all equal, or no spread within
        subgroups.

    References
    ----------
    Box and Cox 1964, Journal of the Royal Statistical Society B 26.

    Examples
    --------
    >>> box_cox([1.0, 2.7, 7.4, 20.1, 54.6]).lambda_nearest_half
    0.0
    """
    from scipy.special import gammaincinv

    level = inputs.fraction(confidence)
    column = inputs.numbers(x)
    values = inputs.varied(inputs.positive(column), least=3)
    groups = _codes(column, subgroup)
    logs = np.log(values)
    profile = _Profile(np.asarray(logs - float(logs.mean())), groups)
    best, height = _peak(profile), profile.height
    top = height(best)
    drop = float(gammaincinv(0.5, level))  # half a chi-square quantile with one degree of freedom
    half = round(2 * best) / 2 + 0.0
    grid = tuple(float(at) for at in lambda_grid)
    return BoxCox(
        n=values.size,
        lambda_=best,
        lambda_ci=(_crossing(height, best, top - drop, -1), _crossing(height, best, top - drop, 1)),
        lambda_nearest_half=half,
        lambda_grid=grid,
        loglik_relative=np.asarray([height(at) - top for at in grid]),
        transformed=np.log(values) if half == 0 else np.asarray(values**half),
        confidence=level,
    )


def _codes(column: FloatArray, subgroup: Sequence[object] | None) -> IntArray | None:
    if subgroup is None:
        return None
    inputs.same_length(column, subgroup, "Value", "Subgroup")
    names: dict[str, int] = {}
    codes = [names.setdefault(str(label), len(names)) for label in subgroup]
    kept = np.asarray(codes, dtype=np.int64)[~np.isnan(column)]
    if np.bincount(kept).max() < 2:
        raise DataProblem(
            "Every subgroup has a single value, so there is no spread within subgroups.",
            hint="Leave out the subgroup column.",
        )
    return kept


@dataclass(frozen=True, slots=True, eq=False)
class _Profile:
    """Profile log-likelihood of the power, free of constants, and its slope.

    Working with exp(power * centred log) keeps large powers within range: the geometric mean
    cancels in the likelihood.
    """

    centred: FloatArray
    groups: IntArray | None

    def _away(self, y: FloatArray) -> FloatArray:
        if self.groups is None:
            return np.asarray(y - float(y.mean()))
        sizes = np.maximum(np.bincount(self.groups), 1)
        return np.asarray(y - (np.bincount(self.groups, weights=y) / sizes)[self.groups])

    def _powers(self, power: float) -> tuple[FloatArray, FloatArray]:
        """Return the transformed values and their derivative with respect to the power."""
        c = self.centred
        if abs(power) < 1e-5:
            return (
                c * (1 + power * c / 2 * (1 + power * c / 3)),
                c * c * (0.5 + power * c * (1 / 3 + power * c / 8)),
            )
        y = np.expm1(power * c) / power
        return y, (c * (power * y + 1) - y) / power

    def height(self, power: float) -> float:
        """Return the log-likelihood."""
        with np.errstate(over="ignore", invalid="ignore"):
            away = self._away(self._powers(power)[0])
            squares = float(away @ away)
        if not math.isfinite(squares):  # a power so far off that it leaves the range of doubles
            return -math.inf
        if squares <= 0:
            raise DataProblem("Nothing varies within the subgroups.", hint="Check rounding.")
        return -0.5 * away.size * math.log(squares)

    @property
    def reach(self) -> float:
        """The largest power that is tried."""
        return min(_WIDEST, 300 / float(np.abs(self.centred).max()))

    def slope(self, power: float) -> float:
        """Return the derivative of the log-likelihood."""
        y, change = self._powers(power)
        away = self._away(y)
        return -away.size * float(away @ change) / float(away @ away)


def _peak(profile: _Profile) -> float:
    from scipy.optimize import brentq

    profile.height(0.0)  # refuses data without spread
    low = high = min(1.0, profile.reach)
    low = -low
    while profile.slope(low) < 0 and low > -profile.reach:
        low = max(2 * low, -profile.reach)
    while profile.slope(high) > 0 and high < profile.reach:
        high = min(2 * high, profile.reach)
    if profile.slope(low) < 0 or profile.slope(high) > 0:
        raise DataProblem(
            f"No power between {-profile.reach:g} and {profile.reach:g} makes these values normal.",
            hint="Their spread is small against their size; use the values as they are.",
        )
    return float(brentq(profile.slope, low, high, xtol=1e-14, rtol=1e-13))


def _crossing(
    height: Callable[[float], float], best: float, level: float, side: int
) -> float | None:
    from scipy.optimize import brentq

    far = 0.25
    while height(best + side * far) > level:
        far *= 2
        if far > _WIDEST:
            return None
    return float(brentq(lambda at: height(at) - level, best, best + side * far, xtol=1e-12))


@dataclass(frozen=True, slots=True, eq=False)
class Johnson:
    """Result of `johnson`; `lambda_` is None for the family SL."""

    n: int
    family: str
    gamma: float
    eta: float
    epsilon: float
    lambda_: float | None
    z: float
    p_transformed: float
    ad_transformed: float
    p_original: float
    ad_original: float
    transformed: FloatArray = field(repr=False)

    def transform(self, x: ArrayLike) -> FloatArray:
        """Return other values (limits, say) on the normal scale; NaN outside the support."""
        found = _Curve(self.family, self.gamma, self.eta, self.epsilon, self.lambda_ or 0.0)
        return _transformed(found, np.atleast_1d(np.asarray(x, dtype=np.float64)))


@dataclass(frozen=True, slots=True)
class _Curve:
    family: str
    gamma: float
    eta: float
    epsilon: float
    lambda_: float


def johnson(x: ArrayLike) -> Johnson:
    """Find the Johnson transform that makes values most normal.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values in data units, at least eight; missing ones are left out.

    Returns
    -------
    Johnson
        SU: gamma + eta asinh((x - epsilon) / lambda); SB: gamma + eta ln((x - epsilon) /
        (lambda + epsilon - x)); SL: gamma + eta ln(x - epsilon).

    Raises
    ------
    DataProblem
        Too few or equal values, or no transform whose support holds all values.

    Notes
    -----
    For z = 0.25, 0.26 .. 1.25 each family is fitted to the four quantiles at -+z and -+3z (at
    position n q + 0.5 of the ordered values); the largest Anderson-Darling p-value wins.

    References
    ----------
    Chou, Polansky and Mason 1998, Journal of Quality Technology 30; Slifker and Shapiro 1980,
    Technometrics 22; R package Johnson.

    Examples
    --------
    >>> johnson([1.1, 1.3, 1.7, 2.0, 2.6, 3.1, 4.8, 6.0, 9.5, 14.0]).n
    10
    """
    values = inputs.varied(x, least=8)
    ordered = np.sort(values)
    best: tuple[float, float, _Curve] | None = None
    for z in np.linspace(0.25, 1.25, 101):
        for curve in _curves(ordered, float(z)):
            p = _normality(_transformed(curve, ordered))[1]
            if best is None or p > best[0]:
                best = (p, float(z), curve)
    if best is None:
        raise DataProblem(
            "No Johnson transform holds all of these values.",
            hint="Try a Box-Cox transform or fit a distribution.",
        )
    _, z, curve = best
    there = _transformed(curve, values)
    (after, p_after), (before, p_before) = _normality(np.sort(there)), _normality(ordered)
    return Johnson(
        n=values.size,
        family=curve.family,
        gamma=curve.gamma,
        eta=curve.eta,
        epsilon=curve.epsilon,
        lambda_=None if curve.family == "SL" else curve.lambda_,
        z=z,
        p_transformed=p_after,
        ad_transformed=after,
        p_original=p_before,
        ad_original=before,
        transformed=there,
    )


def _normality(ordered: FloatArray) -> tuple[float, float]:
    """Return A^2 and its p-value; no spread, or too much, is as far from normal as can be."""
    from scipy.special import log_ndtr

    if not np.isfinite(ordered[0] + ordered[-1]) or np.abs(ordered[[0, -1]]).max() > 1e100:
        return math.inf, 0.0
    sd = float(ordered.std(ddof=1))
    if sd == 0:
        return math.inf, 0.0
    z = (ordered - float(ordered.mean())) / sd
    a2 = anderson.statistic(log_ndtr(z), log_ndtr(-z))
    return a2, anderson.judged(a2, ordered.size, "normal").p_value or 0.0


def _curves(ordered: FloatArray, z: float) -> list[_Curve]:
    """Return the families that four quantiles allow and whose support holds all values."""
    from scipy.special import ndtr

    q = ndtr(np.asarray([-3 * z, -z, z, 3 * z]))
    place = np.clip(ordered.size * q + 0.5, 1, ordered.size) - 1
    at = np.interp(place, np.arange(ordered.size), ordered)
    m, n, p = float(at[3] - at[2]), float(at[1] - at[0]), float(at[2] - at[1])
    if min(m, n, p) <= 0:
        return []
    middle = float(at[1] + at[2]) / 2
    found = [make(z, m / p, n / p, p, middle) for make in (_bounded, _log, _unbounded)]
    low, high = float(ordered[0]), float(ordered[-1])
    return [curve for curve in found if curve is not None and _holds(curve, low, high)]


def _holds(curve: _Curve, low: float, high: float) -> bool:
    numbers = (curve.gamma, curve.eta, curve.epsilon, curve.lambda_)
    if not all(math.isfinite(v) for v in numbers) or curve.eta <= 0:
        return False
    if curve.family == "SU":
        return curve.lambda_ > 0
    if curve.family == "SL":
        return low > curve.epsilon
    return low > curve.epsilon and high < curve.epsilon + curve.lambda_


def _bounded(z: float, m: float, n: float, p: float, middle: float) -> _Curve | None:
    """Fit SB; m and n are tail gaps in units of the middle gap p."""
    product = (1 + 1 / m) * (1 + 1 / n)
    rest = 1 / (m * n) - 1
    if product <= 4 or rest <= 0:
        return None
    eta = z / math.acosh(0.5 * math.sqrt(product))
    gamma = eta * math.asinh((1 / n - 1 / m) * math.sqrt(product - 4) / (2 * rest))
    width = p * math.sqrt((product - 2) ** 2 - 4) / rest
    epsilon = middle - width / 2 + p * (1 / n - 1 / m) / (2 * rest)
    return _Curve("SB", gamma, eta, epsilon, width)


def _log(z: float, m: float, _n: float, p: float, middle: float) -> _Curve | None:
    if m <= 1:
        return None
    eta = 2 * z / math.log(m)
    gamma = eta * math.log((m - 1) / (p * math.sqrt(m)))
    return _Curve("SL", gamma, eta, middle - p / 2 * (m + 1) / (m - 1), 0.0)


def _unbounded(z: float, m: float, n: float, p: float, middle: float) -> _Curve | None:
    rest = m * n - 1
    if m + n <= 2 or rest <= 0:
        return None
    eta = 2 * z / math.acosh(0.5 * (m + n))
    gamma = eta * math.asinh((n - m) / (2 * math.sqrt(rest)))
    width = 2 * p * math.sqrt(rest) / ((m + n - 2) * math.sqrt(m + n + 2))
    return _Curve("SU", gamma, eta, middle + p * (n - m) / (2 * (m + n - 2)), width)


def _transformed(curve: _Curve, x: FloatArray) -> FloatArray:
    away = x - curve.epsilon
    with np.errstate(divide="ignore", invalid="ignore"):
        if curve.family == "SU":
            return np.asarray(curve.gamma + curve.eta * np.arcsinh(away / curve.lambda_))
        if curve.family == "SL":
            return np.asarray(curve.gamma + curve.eta * np.log(away))
        return np.asarray(curve.gamma + curve.eta * np.log(away / (curve.lambda_ - away)))
