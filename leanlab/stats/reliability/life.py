"""Life distributions fitted to censored times: Weibull, lognormal, exponential."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.distributions.standard import LocationScale, fit_location_scale, standard
from leanlab.stats.reliability.survival import lifetimes

Interval = tuple[float, float]
PERCENT = (1.0, 5.0, 10.0, 50.0, 90.0, 95.0)


@dataclass(frozen=True, slots=True, eq=False)
class Percentiles:
    """Times by which a percentage has failed, with pointwise bounds."""

    percent: FloatArray
    percentile: FloatArray
    lower: FloatArray
    upper: FloatArray
    b10: float


@dataclass(frozen=True, slots=True, eq=False)
class Weibull:
    """Result of `weibull`; times in data units."""

    n: int
    failures: int
    shape: float
    scale: float
    se_shape: float
    se_scale: float
    shape_ci: Interval
    scale_ci: Interval
    mttf: float
    loglik: float
    percent: FloatArray
    percentile: FloatArray
    percentile_lower: FloatArray
    percentile_upper: FloatArray
    b10: float
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Lognormal:
    """Result of `lognormal`; location and scale are of the logarithm of time."""

    n: int
    failures: int
    location: float
    scale: float
    se_location: float
    se_scale: float
    location_ci: Interval
    scale_ci: Interval
    mttf: float
    loglik: float
    percent: FloatArray
    percentile: FloatArray
    percentile_lower: FloatArray
    percentile_upper: FloatArray
    b10: float
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Exponential:
    """Result of `exponential`; times in data units."""

    n: int
    failures: int
    mean: float
    se_mean: float
    mean_ci: Interval
    mttf: float
    loglik: float
    percent: FloatArray
    percentile: FloatArray
    percentile_lower: FloatArray
    percentile_upper: FloatArray
    b10: float
    confidence: float


def weibull(
    time: ArrayLike,
    event: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
    percent: Sequence[float] = PERCENT,
) -> Weibull:
    """Fit a Weibull distribution to times to failure.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time to failure or to the end of observation, above 0.
    event : array_like, shape (n,), optional
        1 failed, 0 still running then (right-censored); all failed if left out.
    confidence : float
        Of the two-sided intervals.
    percent : sequence of float
        Percentages failed for which times are returned.

    Returns
    -------
    Weibull
        Maximum likelihood; standard errors from the observed information; intervals are made on
        the log scale and transformed back.

    Raises
    ------
    DataProblem
        Times of 0 or less, events other than 0 and 1, fewer than two failures or failures all at
        one time, or a search that does not converge.

    References
    ----------
    Lawless, Statistical Models and Methods for Lifetime Data, ch. 5; Meeker and Escobar,
    Statistical Methods for Reliability Data, ch. 8.

    Examples
    --------
    >>> round(weibull([16, 34, 53, 75, 93, 120]).shape, 2)
    1.93
    """
    found = _fitted(time, event, "smallest_extreme_value", confidence)
    fit, z = found.fit, found.z
    shape, scale = 1 / fit.scale, math.exp(fit.location)
    se_log_shape, se_location = math.sqrt(fit.covariance[1, 1]), math.sqrt(fit.covariance[0, 0])
    life = _percentiles(found, "smallest_extreme_value", percent)
    return Weibull(
        n=found.n,
        failures=found.failures,
        shape=shape,
        scale=scale,
        se_shape=shape * se_log_shape,
        se_scale=scale * se_location,
        shape_ci=_around(shape, z * se_log_shape),
        scale_ci=_around(scale, z * se_location),
        mttf=_weibull_mean(scale, fit.scale),
        loglik=found.loglik,
        percent=life.percent,
        percentile=life.percentile,
        percentile_lower=life.lower,
        percentile_upper=life.upper,
        b10=life.b10,
        confidence=confidence,
    )


def lognormal(
    time: ArrayLike,
    event: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
    percent: Sequence[float] = PERCENT,
) -> Lognormal:
    """Fit a lognormal distribution to times to failure; parameters as in `weibull`.

    Returns
    -------
    Lognormal
        The interval of the location is made on its own scale, those of scale and percentiles on
        the log scale.

    Examples
    --------
    >>> round(lognormal([16, 34, 53, 75, 93, 120]).location, 3)
    3.984
    """
    found = _fitted(time, event, "normal", confidence)
    fit, z = found.fit, found.z
    se_location, se_log_scale = math.sqrt(fit.covariance[0, 0]), math.sqrt(fit.covariance[1, 1])
    life = _percentiles(found, "normal", percent)
    return Lognormal(
        n=found.n,
        failures=found.failures,
        location=fit.location,
        scale=fit.scale,
        se_location=se_location,
        se_scale=fit.scale * se_log_scale,
        location_ci=(fit.location - z * se_location, fit.location + z * se_location),
        scale_ci=_around(fit.scale, z * se_log_scale),
        mttf=_exp(fit.location + fit.scale**2 / 2),
        loglik=found.loglik,
        percent=life.percent,
        percentile=life.percentile,
        percentile_lower=life.lower,
        percentile_upper=life.upper,
        b10=life.b10,
        confidence=confidence,
    )


def exponential(
    time: ArrayLike,
    event: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
    percent: Sequence[float] = PERCENT,
) -> Exponential:
    """Fit a constant failure rate to times to failure; parameters as in `weibull`.

    Returns
    -------
    Exponential
        Mean = total time / failures, standard error mean / sqrt(failures).

    Examples
    --------
    >>> exponential([5, 10, 15], [1, 1, 0]).mean
    15.0
    """
    level = inputs.fraction(confidence)
    times, events = lifetimes(time, event, above_zero=True)
    failures = int(events.sum())
    mean = float(times.sum()) / failures
    reach = _z(level) / math.sqrt(failures)
    shares = _shares(percent)
    ends = _around(mean, reach)
    factor = -np.log1p(-shares)
    return Exponential(
        n=times.size,
        failures=failures,
        mean=mean,
        se_mean=mean / math.sqrt(failures),
        mean_ci=ends,
        mttf=mean,
        loglik=-failures * (math.log(mean) + 1),
        percent=100 * shares,
        percentile=mean * factor,
        percentile_lower=ends[0] * factor,
        percentile_upper=ends[1] * factor,
        b10=-mean * math.log1p(-0.1),
        confidence=level,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    n: int
    failures: int
    fit: LocationScale
    loglik: float
    z: float


def _fitted(time: ArrayLike, event: ArrayLike | None, form: str, confidence: float) -> _Fitted:
    level = inputs.fraction(confidence)
    times, events = lifetimes(time, event, above_zero=True)
    failures = int(events.sum())
    seen = times[events == 1]
    if failures < 2 or (seen.min() == seen.max() and times.max() <= seen.max()):
        raise DataProblem(
            f"{failures} failure{'' if failures == 1 else 's'} at different times are too few for two parameters.",
            hint="Observe longer, or fit an exponential distribution.",
        )
    logs = np.log(times)
    fit = fit_location_scale(logs, events, standard(form))
    loglik = fit.loglik - float(logs[events == 1].sum())
    return _Fitted(times.size, failures, fit, loglik, _z(level))


def _z(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2))


def _around(value: float, reach: float) -> Interval:
    return value * math.exp(-reach), value * math.exp(reach)


def _shares(percent: Sequence[float]) -> FloatArray:
    values = inputs.known(np.asarray(percent, dtype=np.float64), "Percentage")
    wrong = np.flatnonzero((values <= 0) | (values >= 100))
    if wrong.size:
        raise DataProblem(
            f"Percentage in row {wrong[0] + 1} is {values[wrong[0]]:g}; it must lie between 0 and 100."
        )
    return np.asarray(values / 100)


def _percentiles(found: _Fitted, form: str, percent: Sequence[float]) -> Percentiles:
    """Return times with bounds by the delta method on the log scale."""
    shares = _shares(percent)
    fit, cov = found.fit, found.fit.covariance
    score = standard(form).ppf(shares)
    log_time = fit.location + fit.scale * score
    slope = fit.scale * score  # of log time against log scale
    se = np.sqrt(cov[0, 0] + 2 * slope * cov[0, 1] + slope**2 * cov[1, 1])
    b10 = fit.location + fit.scale * float(standard(form).ppf(np.asarray([0.1]))[0])
    with np.errstate(over="ignore"):  # times beyond all numbers are infinite
        return Percentiles(
            100 * shares,
            np.exp(log_time),
            np.exp(log_time - found.z * se),
            np.exp(log_time + found.z * se),
            math.exp(b10),
        )


def _weibull_mean(scale: float, inverse_shape: float) -> float:
    return _exp(math.log(scale) + math.lgamma(1 + inverse_shape))


def _exp(log_time: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.exp(log_time))
