"""Trend lines over time, and classical decomposition into trend, season and rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.forecast.series import accuracy, complete
from leanlab.stats.forecast.smoothing import SEASONAL
from leanlab.stats.regression.polynomials import polynomial

MODELS = ("linear", "quadratic", "exponential")


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """Result of `trend`; coefficients of t = 1, 2, ..., from the constant upwards."""

    coef: FloatArray
    fitted: FloatArray
    forecast: FloatArray
    mape: float | None
    mad: float
    msd: float


@dataclass(frozen=True, slots=True, eq=False)
class Decomposition:
    """Result of `decomposition`.

    `indices` are the seasons, starting with that of the first value: they add up to 0, or average
    1 if multiplicative. Trend and remainder are NaN for half a season at both ends.
    """

    indices: FloatArray
    trend: FloatArray
    seasonal: FloatArray
    remainder: FloatArray
    adjusted: FloatArray


def trend(y: ArrayLike, *, model: str = "linear", horizon: int = 1) -> Trend:
    """Fit a line, a parabola or a constant rate of growth over time.

    Parameters
    ----------
    y : array_like, shape (n,)
        Series in time order; missing values are left out of the fit.
    model : {"linear", "quadratic", "exponential"}
        Exponential: y = b0 b1^t, by least squares on ln(y).
    horizon : int
        Periods to forecast.

    Returns
    -------
    Trend

    Raises
    ------
    DataProblem
        Too few values, or values that are not above 0 in the exponential model.

    References
    ----------
    Hyndman and Athanasopoulos, section 7.4.

    Examples
    --------
    >>> [round(float(b), 2) for b in trend([1, 3, 4, 7, 8]).coef]
    [-0.8, 1.8]
    """
    inputs.choice(model, MODELS, "trend model")
    values = inputs.numbers(y, "The series")
    horizon = inputs.whole(horizon, "The horizon", most=100_000)
    t = np.arange(1, values.size + horizon + 1, dtype=np.float64)
    response = np.log(_above_zero(values)) if model == "exponential" else values
    fit = polynomial(t[: values.size], response, degree=2 if model == "quadratic" else 1)
    curve = np.asarray(np.polynomial.polynomial.polyval(t, fit.coef), dtype=np.float64)
    coef = fit.coef
    if model == "exponential":
        coef, curve = np.exp(coef), np.exp(curve)
    did = accuracy(values, curve[: values.size])
    return Trend(
        coef, curve[: values.size], curve[values.size :], did.mape, did.mad, did.msd
    )  # fmt: skip


def _above_zero(values: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore"):
        low = np.flatnonzero(values <= 0)
    if low.size:
        raise DataProblem(
            f"The series has {values[low[0]]:g} in row {low[0] + 1}; exponential growth needs values above 0.",
            hint="Use the linear or quadratic model.",
        )
    return values


def decomposition(y: ArrayLike, *, period: int, seasonal: str = "additive") -> Decomposition:
    """Split a series into trend, season and remainder by centred moving averages.

    Parameters
    ----------
    y : array_like, shape (n,)
        Two full seasons or more in time order without gaps.
    period : int
        Length of the season, 2 or more.
    seasonal : {"additive", "multiplicative"}

    Returns
    -------
    Decomposition
        `adjusted` is the series without its season.

    Raises
    ------
    DataProblem
        A gap, fewer than two full seasons, or values that are not above 0 if multiplicative.

    Notes
    -----
    The average of each season is used (R); Minitab takes medians and fits a straight trend.

    References
    ----------
    Kendall and Stuart, The Advanced Theory of Statistics, volume 3; Hyndman and Athanasopoulos,
    section 3.4.

    Examples
    --------
    >>> decomposition([1, 3, 2, 4, 3, 5], period=2).indices.tolist()
    [-0.75, 0.75]
    """
    inputs.choice(seasonal, SEASONAL, "seasonal model")
    period = inputs.whole(period, "The period", least=2)
    values = complete(y, least=2 * period)
    factors = seasonal == "multiplicative"
    if factors:
        _above_zero(values)
    smooth = _centered_average(values, period)
    with np.errstate(invalid="ignore"):
        swing = values / smooth if factors else values - smooth
    indices = np.asarray([np.nanmean(swing[i::period]) for i in range(period)])
    indices = indices / indices.mean() if factors else indices - indices.mean()
    season = indices[np.arange(values.size) % period]
    adjusted = values / season if factors else values - season
    rest = adjusted / smooth if factors else adjusted - smooth
    return Decomposition(indices, smooth, season, rest, adjusted)


def _centered_average(values: FloatArray, period: int) -> FloatArray:
    weight = np.ones(period) if period % 2 else np.concatenate([[0.5], np.ones(period - 1), [0.5]])
    half = weight.size // 2
    out = np.full(values.size, np.nan)
    out[half : values.size - half] = np.convolve(values, weight / period, mode="valid")
    return out
