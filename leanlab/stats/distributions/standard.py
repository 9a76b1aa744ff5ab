"""Standard distributions of z = (y - location) / scale, with the derivatives that fits need."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray

Curve = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard distribution.

    `density_slopes` gives the first and second derivative of the log density, `tail_slopes` those
    of the log survival function.
    """

    logpdf: Curve
    logcdf: Curve
    logsf: Curve
    ppf: Curve
    isf: Curve
    density_slopes: Callable[[FloatArray], tuple[FloatArray, FloatArray]]
    tail_slopes: Callable[[FloatArray], tuple[FloatArray, FloatArray]]


def _normal() -> Standard:
    from scipy.special import log_ndtr, ndtri

    half_log = 0.5 * math.log(2 * math.pi)

    def tail(z: FloatArray) -> tuple[FloatArray, FloatArray]:
        hazard = np.exp(-0.5 * z * z - half_log - log_ndtr(-z))
        return -hazard, -hazard * (hazard - z)

    return Standard(
        logpdf=lambda z: -0.5 * z * z - half_log,
        logcdf=log_ndtr,
        logsf=lambda z: np.asarray(log_ndtr(-z)),
        ppf=ndtri,
        isf=lambda p: np.asarray(-ndtri(p)),
        density_slopes=lambda z: (-z, -np.ones_like(z)),
        tail_slopes=tail,
    )


def _exp(z: FloatArray) -> FloatArray:
    """Return e^z, held where it would leave the range of doubles."""
    return np.asarray(np.exp(np.minimum(z, 700.0)))


def _smallest_extreme() -> Standard:
    def density(z: FloatArray) -> tuple[FloatArray, FloatArray]:
        e = _exp(z)
        return 1 - e, -e

    def tail(z: FloatArray) -> tuple[FloatArray, FloatArray]:
        e = _exp(z)
        return -e, -e

    return Standard(
        logpdf=lambda z: z - _exp(z),
        logcdf=lambda z: _log_of_rest(-_exp(z)),
        logsf=lambda z: -_exp(z),
        ppf=lambda p: np.log(-np.log1p(-p)),
        isf=lambda p: np.log(-np.log(p)),
        density_slopes=density,
        tail_slopes=tail,
    )


def _largest_extreme() -> Standard:
    def density(z: FloatArray) -> tuple[FloatArray, FloatArray]:
        e = _exp(-z)
        return e - 1, -e

    def tail(z: FloatArray) -> tuple[FloatArray, FloatArray]:
        e = _exp(-z)
        hazard = np.exp(-z - e - _log_of_rest(-e))
        return -hazard, -hazard * (hazard + e - 1)

    return Standard(
        logpdf=lambda z: -z - _exp(-z),
        logcdf=lambda z: -_exp(-z),
        logsf=lambda z: _log_of_rest(-_exp(-z)),
        ppf=lambda p: -np.log(-np.log(p)),
        isf=lambda p: -np.log(-np.log1p(-p)),
        density_slopes=density,
        tail_slopes=tail,
    )


def _logistic() -> Standard:
    from scipy.special import expit, log_expit, logit

    def density(z: FloatArray) -> tuple[FloatArray, FloatArray]:
        share = expit(z)
        return 1 - 2 * share, -2 * share * expit(-z)

    def tail(z: FloatArray) -> tuple[FloatArray, FloatArray]:
        share = expit(z)
        return -share, -share * expit(-z)

    return Standard(
        logpdf=lambda z: np.asarray(log_expit(z) + log_expit(-z)),
        logcdf=log_expit,
        logsf=lambda z: np.asarray(log_expit(-z)),
        ppf=logit,
        isf=lambda p: np.asarray(-logit(p)),
        density_slopes=density,
        tail_slopes=tail,
    )


def _log_of_rest(log_p: FloatArray) -> FloatArray:
    """Return log(1 - e^log_p) for log_p <= 0 without cancellation."""
    with np.errstate(divide="ignore"):
        return np.asarray(
            np.where(log_p > -math.log(2), np.log(-np.expm1(log_p)), np.log1p(-np.exp(log_p)))
        )


_MADE: dict[str, Standard] = {}
_MAKERS: dict[str, Callable[[], Standard]] = {
    "normal": _normal,
    "smallest_extreme_value": _smallest_extreme,
    "largest_extreme_value": _largest_extreme,
    "logistic": _logistic,
}


def standard(name: str) -> Standard:
    """Return a standard distribution; scipy is imported when the first one is asked for."""
    if name not in _MADE:
        _MADE[name] = _MAKERS[name]()
    return _MADE[name]


@dataclass(frozen=True, slots=True, eq=False)
class LocationScale:
    """Maximum-likelihood location and scale; `covariance` is that of location and log scale."""

    location: float
    scale: float
    loglik: float
    covariance: FloatArray


_STEPS = 100
_SMALL_STEP = 1e-12


def fit_location_scale(y: FloatArray, event: FloatArray | None, form: Standard) -> LocationScale:
    """Fit location and scale by maximum likelihood; observations may be right-censored.

    Parameters
    ----------
    y : FloatArray, shape (n,)
        Observations on the scale of the standard distribution (log times for Weibull).
    event : FloatArray, shape (n,), optional
        1 where the value was seen, 0 where it is only known to be larger; all seen if left out.
    form : Standard

    Returns
    -------
    LocationScale
        The covariance is the inverse of the observed information.

    Raises
    ------
    DataProblem
        The search does not converge (too few or equal events).

    Notes
    -----
    Newton's method in location and log scale with step halving, from moment-like starts.

    References
    ----------
    Lawless, Statistical Models and Methods for Lifetime Data, ch. 5.
    """
    seen, hidden = (y, y[:0]) if event is None else (y[event > 0], y[event == 0])
    point = _start(y, seen)
    value = _loglik(point, seen, hidden, form)
    for _ in range(_STEPS):
        gradient, information = _derivatives(point, seen, hidden, form)
        step = _newton_step(gradient, information)
        point, better = _halved(point, step, value, (seen, hidden, form))
        size = float(np.max(np.abs(step) / (1 + np.abs(point))))
        if size < _SMALL_STEP or (better <= value and size < 1e-7):
            _, information = _derivatives(point, seen, hidden, form)
            return LocationScale(
                float(point[0]),
                math.exp(point[1]),
                max(better, value),
                np.asarray(np.linalg.inv(information), dtype=np.float64),
            )
        value = max(better, value)
    raise DataProblem(
        "The fit does not converge.", hint="Check for too few or equal values, or choose another distribution."
    )  # fmt: skip


def _start(y: FloatArray, seen: FloatArray) -> FloatArray:
    spread = float(y.std())
    if spread == 0 or not seen.size:
        raise DataProblem(
            "The distribution cannot be fitted: nothing varies.", hint="Collect more data."
        )
    return np.asarray([float(seen.mean() + (y.mean() - seen.mean()) / 2), math.log(0.7 * spread)])


def _loglik(point: FloatArray, seen: FloatArray, hidden: FloatArray, form: Standard) -> float:
    location, log_scale = float(point[0]), float(point[1])
    scale = math.exp(log_scale)
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(form.logpdf((seen - location) / scale).sum()) - seen.size * log_scale
        if hidden.size:
            total += float(form.logsf((hidden - location) / scale).sum())
    return total if math.isfinite(total) else -math.inf


def _derivatives(
    point: FloatArray, seen: FloatArray, hidden: FloatArray, form: Standard
) -> tuple[FloatArray, FloatArray]:
    """Return the gradient and the observed information in location and log scale."""
    location, scale = float(point[0]), math.exp(float(point[1]))
    gradient, information = np.zeros(2), np.zeros((2, 2))
    for values, slopes in ((seen, form.density_slopes), (hidden, form.tail_slopes)):
        if not values.size:
            continue
        z = (values - location) / scale
        first, second = slopes(z)
        bend, along = float(z @ second), float(z @ first)
        gradient += (-float(first.sum()) / scale, -along)
        cross = -(float(first.sum()) + bend) / scale
        information += (
            (-float(second.sum()) / scale**2, cross),
            (cross, -(along + float(z @ (z * second)))),
        )
    gradient[1] -= seen.size
    return gradient, information


def _newton_step(gradient: FloatArray, information: FloatArray) -> FloatArray:
    """Return the step uphill; where the information is not positive, follow the gradient."""
    a, b, d = information[0, 0], information[0, 1], information[1, 1]
    determinant = a * d - b * b
    if a > 0 and determinant > 0:
        return np.asarray(
            [(d * gradient[0] - b * gradient[1]) / determinant,
             (a * gradient[1] - b * gradient[0]) / determinant]
        )  # fmt: skip
    scale = max(abs(a), abs(d), 1e-300)
    return np.asarray(gradient / scale)


def _halved(
    point: FloatArray,
    step: FloatArray,
    value: float,
    data: tuple[FloatArray, FloatArray, Standard],
) -> tuple[FloatArray, float]:
    """Halve the step until the likelihood does not fall; stay where it is if it always does."""
    for _ in range(40):
        there = point + step
        better = _loglik(there, *data)
        if better >= value - 1e-13 * abs(value):
            return there, better
        step = step / 2
    return point, value
