"""The 14 distributions as data: parameters, fit, curve and how to judge the fit."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.distributions.standard import (
    LocationScale,
    fit_location_scale,
    standard,
)
from leanlab.stats.distributions.threshold import profile_threshold

Parameters = tuple[float, ...]


class Shape(Protocol):
    """What a distribution without threshold can do; parameters in the order of its names."""

    def fit(self, x: FloatArray) -> tuple[Parameters, float]:
        """Return maximum-likelihood parameters and the log-likelihood."""

    def logcdf(self, x: FloatArray, at: Parameters) -> FloatArray:
        """Return log P(X <= x)."""

    def logsf(self, x: FloatArray, at: Parameters) -> FloatArray:
        """Return log P(X > x)."""

    def logpdf(self, x: FloatArray, at: Parameters) -> FloatArray:
        """Return the log density."""

    def ppf(self, p: FloatArray, at: Parameters) -> FloatArray:
        """Return quantiles."""

    def isf(self, p: FloatArray, at: Parameters) -> FloatArray:
        """Return quantiles counted from above."""


@dataclass(frozen=True, slots=True)
class _LocationScaleShape:
    """A location-scale distribution, of x or of log x; Weibull reports shape and scale."""

    form: str
    of_log: bool = False
    weibull: bool = False

    def fit(self, x: FloatArray) -> tuple[Parameters, float]:
        y = np.log(x) if self.of_log else x
        found = _fit_standard(y, self.form)
        jacobian = float(y.sum()) if self.of_log else 0.0
        at = (found.location, found.scale)
        return (self._reported(at), found.loglik - jacobian)

    def _reported(self, at: Parameters) -> Parameters:
        return (1 / at[1], math.exp(at[0])) if self.weibull else at

    def _z(self, x: FloatArray, at: Parameters) -> FloatArray:
        location, scale = (math.log(at[1]), 1 / at[0]) if self.weibull else (at[0], at[1])
        with np.errstate(divide="ignore", invalid="ignore"):
            y = np.log(np.maximum(x, 0.0)) if self.of_log else x
        return np.asarray((y - location) / scale)

    def _x(self, z: FloatArray, at: Parameters) -> FloatArray:
        location, scale = (math.log(at[1]), 1 / at[0]) if self.weibull else (at[0], at[1])
        y = location + scale * z
        with np.errstate(over="ignore"):  # a quantile beyond all numbers is infinite
            return np.asarray(np.exp(y) if self.of_log else y)

    def logcdf(self, x: FloatArray, at: Parameters) -> FloatArray:
        return standard(self.form).logcdf(self._z(x, at))

    def logsf(self, x: FloatArray, at: Parameters) -> FloatArray:
        return standard(self.form).logsf(self._z(x, at))

    def logpdf(self, x: FloatArray, at: Parameters) -> FloatArray:
        scale = 1 / at[0] if self.weibull else at[1]
        out = standard(self.form).logpdf(self._z(x, at)) - math.log(scale)
        return np.asarray(out - np.log(x)) if self.of_log else out

    def ppf(self, p: FloatArray, at: Parameters) -> FloatArray:
        return self._x(standard(self.form).ppf(p), at)

    def isf(self, p: FloatArray, at: Parameters) -> FloatArray:
        return self._x(standard(self.form).isf(p), at)


def _fit_standard(y: FloatArray, form: str) -> LocationScale:
    """Fit complete data; the normal has a closed form, extreme values need one equation only."""
    if form == "normal":
        location = float(y.mean())
        away = y - location
        variance = float(away @ away) / y.size
        loglik = -0.5 * y.size * (math.log(2 * math.pi * variance) + 1)
        return LocationScale(location, math.sqrt(variance), loglik, np.zeros((0, 0)))
    if form == "smallest_extreme_value":
        return _fit_extreme(y)
    if form == "largest_extreme_value":
        mirrored = _fit_extreme(-y)
        return LocationScale(
            -mirrored.location, mirrored.scale, mirrored.loglik, mirrored.covariance
        )
    return fit_location_scale(y, None, standard(form))


def _fit_extreme(y: FloatArray) -> LocationScale:
    """Solve sum(y e^(y/s)) / sum(e^(y/s)) - s = mean(y) for the scale by Newton's method."""
    top = float(y.max())
    away = y - top
    mean = float(away.mean())
    scale = float(away.std()) * math.sqrt(6) / math.pi
    for _ in range(100):
        weight = np.exp(away / scale)
        weight /= float(weight.sum())
        first = float(weight @ away)
        second = float(weight @ (away * away)) - first**2
        step = (first - scale - mean) / (-second / scale**2 - 1)
        new = max(scale - step, scale / 4)
        done = abs(new - scale) <= 1e-14 * scale
        scale = new
        if done:
            break
    else:
        raise DataProblem("The fit of the extreme value distribution does not converge.")
    total = float(np.exp(away / scale).sum())
    location = scale * math.log(total / y.size)
    n = y.size
    loglik = n * (mean - location) / scale - n - n * math.log(scale)
    return LocationScale(location + top, scale, loglik, np.zeros((0, 0)))


@dataclass(frozen=True, slots=True)
class _Exponential:
    """Exponential distribution; the parameter is its mean."""

    def fit(self, x: FloatArray) -> tuple[Parameters, float]:
        mean = float(x.mean())
        return (mean,), -x.size * (math.log(mean) + 1)

    def logcdf(self, x: FloatArray, at: Parameters) -> FloatArray:
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(-np.expm1(-np.maximum(x, 0.0) / at[0])))

    def logsf(self, x: FloatArray, at: Parameters) -> FloatArray:
        return np.asarray(-np.maximum(x, 0.0) / at[0])

    def logpdf(self, x: FloatArray, at: Parameters) -> FloatArray:
        return np.asarray(-x / at[0] - math.log(at[0]))

    def ppf(self, p: FloatArray, at: Parameters) -> FloatArray:
        return np.asarray(-at[0] * np.log1p(-p))

    def isf(self, p: FloatArray, at: Parameters) -> FloatArray:
        return np.asarray(-at[0] * np.log(p))


@dataclass(frozen=True, slots=True)
class _Gamma:
    """Gamma distribution of shape and scale."""

    def fit(self, x: FloatArray) -> tuple[Parameters, float]:
        from scipy.special import gammaln

        mean, mean_log = float(x.mean()), float(np.log(x).mean())
        shape = _gamma_shape(math.log(mean) - mean_log)
        scale = mean / shape
        loglik = x.size * (
            (shape - 1) * mean_log - shape - shape * math.log(scale) - float(gammaln(shape))
        )
        return (shape, scale), loglik

    def logcdf(self, x: FloatArray, at: Parameters) -> FloatArray:
        from scipy.special import gammainc

        with np.errstate(divide="ignore"):
            return np.asarray(np.log(gammainc(at[0], np.maximum(x, 0.0) / at[1])))

    def logsf(self, x: FloatArray, at: Parameters) -> FloatArray:
        from scipy.special import gammaincc

        with np.errstate(divide="ignore"):
            return np.asarray(np.log(gammaincc(at[0], np.maximum(x, 0.0) / at[1])))

    def logpdf(self, x: FloatArray, at: Parameters) -> FloatArray:
        from scipy.special import gammaln

        shape, scale = at
        return np.asarray(
            (shape - 1) * np.log(x) - x / scale - shape * math.log(scale) - float(gammaln(shape))
        )

    def ppf(self, p: FloatArray, at: Parameters) -> FloatArray:
        from scipy.special import gammaincinv

        return np.asarray(at[1] * gammaincinv(at[0], p))

    def isf(self, p: FloatArray, at: Parameters) -> FloatArray:
        from scipy.special import gammainccinv

        return np.asarray(at[1] * gammainccinv(at[0], p))


def _gamma_shape(gap: float) -> float:
    """Solve log k - digamma k = gap (Choi and Wette 1969) by Newton's method in 1/k."""
    if gap <= 1e-12:  # the shape would be beyond what doubles can tell from a constant
        raise DataProblem("The gamma distribution cannot be fitted: the values hardly vary.")
    shape = (3 - gap + math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(100):
        height, slope = _log_less_digamma(shape)
        inverse = 1 / shape + (height - gap) / (shape**2 * slope)
        new = 1 / max(inverse, 0.25 / shape)
        done = abs(new - shape) <= 1e-12 * shape
        shape = new
        if done:
            return shape
    raise DataProblem("The fit of the gamma distribution does not converge.")


def _log_less_digamma(k: float) -> tuple[float, float]:
    """Return log k - digamma k and its derivative; by series where the difference would cancel."""
    from scipy.special import polygamma, psi

    if k < 50:
        return math.log(k) - float(psi(k)), 1 / k - float(polygamma(1, k))
    u = 1 / (k * k)
    height = 1 / (2 * k) + u * (1 / 12 - u * (1 / 120 - u * (1 / 252 - u / 240)))
    slope = -u / 2 - u / k * (1 / 6 - u * (1 / 30 - u * (1 / 42 - u / 30)))
    return height, slope


@dataclass(frozen=True, slots=True)
class Family:
    """One distribution.

    `base` names the same distribution without threshold, against which the third parameter is
    tested.
    """

    id: str
    title: str
    names: tuple[str, ...]
    shape: Shape
    positive: bool = False
    threshold: bool = False
    base: str | None = None

    def check(self, x: object, least: int = 3) -> FloatArray:
        """Return the values, and refuse those that the distribution cannot have."""
        read = inputs.positive if self.positive else inputs.known
        return inputs.varied(read(x, least=least), least=least)

    def fit(self, x: FloatArray) -> tuple[Parameters, float]:
        """Return parameters and log-likelihood of values that `check` has passed."""
        if not self.threshold:
            return self.shape.fit(x)
        if self.id == "exponential_2p":
            low = float(x.min())
            at, loglik = self.shape.fit(x - low)
            return (*at, low), loglik
        return profile_threshold(x, self.shape.fit, self.title)

    def _apart(self, at: Parameters) -> tuple[Parameters, float]:
        return (at[:-1], at[-1]) if self.threshold else (at, 0.0)

    def logcdf(self, x: FloatArray, at: Parameters) -> FloatArray:
        """Return log P(X <= x)."""
        inner, threshold = self._apart(at)
        return self.shape.logcdf(np.asarray(x - threshold), inner)

    def logsf(self, x: FloatArray, at: Parameters) -> FloatArray:
        """Return log P(X > x)."""
        inner, threshold = self._apart(at)
        return self.shape.logsf(np.asarray(x - threshold), inner)

    def logpdf(self, x: FloatArray, at: Parameters) -> FloatArray:
        """Return the log density."""
        inner, threshold = self._apart(at)
        return self.shape.logpdf(np.asarray(x - threshold), inner)

    def ppf(self, p: float, at: Parameters) -> float:
        """Return the quantile of a probability."""
        inner, threshold = self._apart(at)
        return threshold + float(self.shape.ppf(np.asarray(p), inner))

    def isf(self, p: float, at: Parameters) -> float:
        """Return the quantile of a probability counted from above."""
        inner, threshold = self._apart(at)
        return threshold + float(self.shape.isf(np.asarray(p), inner))

    def draw(self, n: int, at: Parameters, generator: np.random.Generator) -> FloatArray:
        """Return n random values."""
        inner, threshold = self._apart(at)
        share = generator.uniform(2.0**-53, 1.0 - 2.0**-53, n)
        return np.asarray(threshold + self.shape.ppf(share, inner))


_LOCATION = ("location", "scale")
_SHAPE = ("shape", "scale")
_LOG_NORMAL = _LocationScaleShape("normal", of_log=True)
_WEIBULL = _LocationScaleShape("smallest_extreme_value", of_log=True, weibull=True)
_LOG_LOGISTIC = _LocationScaleShape("logistic", of_log=True)

FAMILIES: dict[str, Family] = {
    family.id: family
    for family in (
        Family("normal", "Normal", _LOCATION, _LocationScaleShape("normal")),
        Family("lognormal", "Lognormal", _LOCATION, _LOG_NORMAL, positive=True),
        Family("lognormal_3p", "Lognormal, 3 parameters", (*_LOCATION, "threshold"), _LOG_NORMAL,
               threshold=True, base="lognormal"),
        Family("exponential", "Exponential", ("scale",), _Exponential(), positive=True),
        Family("exponential_2p", "Exponential, 2 parameters", ("scale", "threshold"),
               _Exponential(), threshold=True, base="exponential"),
        Family("weibull", "Weibull", _SHAPE, _WEIBULL, positive=True),
        Family("weibull_3p", "Weibull, 3 parameters", (*_SHAPE, "threshold"), _WEIBULL,
               threshold=True, base="weibull"),
        Family("smallest_extreme_value", "Smallest extreme value", _LOCATION,
               _LocationScaleShape("smallest_extreme_value")),
        Family("largest_extreme_value", "Largest extreme value", _LOCATION,
               _LocationScaleShape("largest_extreme_value")),
        Family("gamma", "Gamma", _SHAPE, _Gamma(), positive=True),
        Family("gamma_3p", "Gamma, 3 parameters", (*_SHAPE, "threshold"), _Gamma(),
               threshold=True, base="gamma"),
        Family("logistic", "Logistic", _LOCATION, _LocationScaleShape("logistic")),
        Family("loglogistic", "Loglogistic", _LOCATION, _LOG_LOGISTIC, positive=True),
        Family("loglogistic_3p", "Loglogistic, 3 parameters", (*_LOCATION, "threshold"),
               _LOG_LOGISTIC, threshold=True, base="loglogistic"),
    )
}  # fmt: skip


def family(name: str) -> Family:
    """Return a distribution by its id.

    Raises
    ------
    DataProblem
        Unknown name; the known ones are listed.

    Examples
    --------
    >>> family("gamma_3p").names
    ('shape', 'scale', 'threshold')
    """
    return FAMILIES[inputs.choice(name, FAMILIES, "distribution")]
