"""Moving averages and exponential smoothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.forecast.series import accuracy, complete, share

SEASONAL = ("additive", "multiplicative")


@dataclass(frozen=True, slots=True, eq=False)
class MovingAverage:
    """Result of `moving_average`; NaN where there are too few values before."""

    moving_average: FloatArray
    fitted: FloatArray
    forecast: FloatArray
    mape: float | None
    mad: float
    msd: float


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """Result of `ses`, `holt` and `holt_winters`; parts that a method lacks are None.

    `seasonal_last` starts with the season of the next period.
    """

    fitted: FloatArray
    level_last: float
    forecast: FloatArray
    mape: float | None
    mad: float
    msd: float
    trend_last: float | None = None
    seasonal_last: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Optimal:
    """Result of `ses_optimal`."""

    alpha: float
    sse: float
    forecast_next: float


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Result of `initial_values`: where Holt-Winters starts."""

    level: float
    trend: float
    seasonal: FloatArray


def moving_average(y: ArrayLike, *, length: int, horizon: int = 1) -> MovingAverage:
    """Forecast by the average of the last values.

    Parameters
    ----------
    y : array_like, shape (n,)
        Series in time order without gaps.
    length : int
        Number of values averaged, 1 to n.
    horizon : int
        Periods to forecast.

    Returns
    -------
    MovingAverage
        Trailing, not centred; `fitted` at t is the average up to t - 1.

    Raises
    ------
    DataProblem
        A gap, or a length that does not fit.

    References
    ----------
    Hyndman and Athanasopoulos, Forecasting: Principles and Practice.

    Examples
    --------
    >>> moving_average([1, 2, 6, 4], length=2).fitted.tolist()
    [nan, nan, 1.5, 4.0]
    """
    values = complete(y)
    length = inputs.whole(length, "The length", least=1, most=values.size - 1)
    horizon = inputs.whole(horizon, "The horizon", most=100_000)
    windows = np.lib.stride_tricks.sliding_window_view(values, length)
    average = np.concatenate([np.full(length - 1, np.nan), windows.mean(axis=1)])
    fitted = np.concatenate([[np.nan], average[:-1]])
    did = accuracy(values, fitted)
    return MovingAverage(average, fitted, np.full(horizon, average[-1]), did.mape, did.mad, did.msd)


def ses(
    y: ArrayLike, *, alpha: float, initial_level: float | None = None, horizon: int = 1
) -> Smoothed:
    """Single exponential smoothing.

    Parameters
    ----------
    y : array_like, shape (n,)
        Series in time order without gaps.
    alpha : float
        Weight of the newest value, 0 to 1.
    initial_level : float, optional
        Level before the first value; the first value unless given. (Programs differ: R starts at
        the first value, Minitab at an average or a back-forecast.)
    horizon : int

    Returns
    -------
    Smoothed

    Raises
    ------
    DataProblem
        A gap, or alpha outside 0..1.

    References
    ----------
    Brown 1959; Hyndman and Athanasopoulos, section 8.1.

    Examples
    --------
    >>> ses([45, 45, 46], alpha=0.2, initial_level=40).fitted.tolist()
    [40.0, 41.0, 41.8]
    """
    values, alpha = complete(y), share(alpha, "Alpha")
    level = values[0] if initial_level is None else inputs.number(initial_level, "The first level")
    horizon = inputs.whole(horizon, "The horizon", most=100_000)
    fitted = np.empty(values.size)
    level = float(level)
    for t, value in enumerate(values.tolist()):
        fitted[t] = level
        level += alpha * (value - level)
    did = accuracy(values, fitted)
    return Smoothed(fitted, level, np.full(horizon, level), did.mape, did.mad, did.msd)


def ses_optimal(y: ArrayLike) -> Optimal:
    """Find the alpha of single exponential smoothing with the least squared error.

    Parameters
    ----------
    y : array_like, shape (n,)
        Three or more values in time order without gaps; the level starts at the first.

    Returns
    -------
    Optimal
        `sse` runs over the second to the last value. An alpha near 0 or 1 means that the best
        lies on the edge.

    Raises
    ------
    DataProblem
        A gap, a constant series, or no convergence.

    References
    ----------
    Hyndman and Athanasopoulos, section 8.1.

    Examples
    --------
    >>> round(ses_optimal([48.9, 53.6, 55.4, 52.0, 53.1, 56.2, 55.0]).alpha, 2)
    0.79
    """
    from scipy.optimize import minimize_scalar

    values = complete(inputs.varied(complete(y), "The series", least=3))
    grid = np.linspace(0.0, 1.0, 201)
    best = int(np.argmin(_sse(values, grid)[0]))
    low, high = grid[max(0, best - 1)], grid[min(grid.size - 1, best + 1)]
    found = minimize_scalar(
        lambda a: float(_sse(values, np.asarray([a]))[0][0]),
        bounds=(low, high), method="bounded", options={"xatol": 1e-12},
    )  # fmt: skip
    if not found.success:
        raise DataProblem("The best alpha could not be found.", hint="Set alpha yourself.")
    alpha = float(found.x)
    sse, level = _sse(values, np.asarray([alpha]))
    return Optimal(alpha, float(sse[0]), float(level[0]))


def _sse(values: FloatArray, alpha: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Squared errors and last levels for many alphas at once."""
    level, total = np.full(alpha.size, values[0]), np.zeros(alpha.size)
    for value in values[1:].tolist():
        error = value - level
        total += error**2
        level = level + alpha * error
    return total, level


def holt(
    y: ArrayLike,
    *,
    alpha: float,
    beta: float,
    initial_level: float,
    initial_trend: float,
    horizon: int = 1,
) -> Smoothed:
    """Double exponential smoothing: level and trend.

    Parameters
    ----------
    y : array_like, shape (n,)
        Series in time order without gaps.
    alpha, beta : float
        Weights of the newest level and trend, 0 to 1.
    initial_level, initial_trend : float
        Before the first value; `initial_values` proposes some.
    horizon : int

    Returns
    -------
    Smoothed

    Raises
    ------
    DataProblem
        A gap, or a weight outside 0..1.

    Notes
    -----
    beta weighs the change of level (statsmodels' smoothing_trend, not alpha times beta).

    References
    ----------
    Holt 1957; Hyndman and Athanasopoulos, section 8.2.

    Examples
    --------
    >>> result = holt([110, 102], alpha=0.3, beta=0.1, initial_level=100, initial_trend=3)
    >>> [round(float(v), 2) for v in result.fitted]
    [103.0, 108.31]
    """
    return _holt_winters(
        complete(y), (alpha, beta, 0.0), (initial_level, initial_trend), np.zeros(1), horizon
    )


def holt_winters(
    y: ArrayLike,
    *,
    period: int,
    alpha: float,
    beta: float,
    gamma: float,
    initial_level: float,
    initial_trend: float,
    initial_seasonal: Sequence[float],
    seasonal: str = "additive",
    horizon: int = 1,
) -> Smoothed:
    """Triple exponential smoothing: level, trend and season.

    Parameters
    ----------
    y : array_like, shape (n,)
        Series in time order without gaps.
    period : int
        Length of the season, 2 or more.
    alpha, beta, gamma : float
        Weights of the newest level, trend and season, 0 to 1.
    initial_level, initial_trend : float
        Before the first value; `initial_values` proposes some.
    initial_seasonal : sequence of float, length period
        The first belongs to the first value; differences, or factors if multiplicative.
    seasonal : {"additive", "multiplicative"}
    horizon : int

    Returns
    -------
    Smoothed

    Raises
    ------
    DataProblem
        A gap, weights outside 0..1, or seasonal values that do not fit.

    Notes
    -----
    The season is updated with the new level (R, Minitab). statsmodels uses the old level and, at
    horizons of a whole period, forecasts with the season before its last update.

    References
    ----------
    Winters 1960; Hyndman and Athanasopoulos, section 8.3.

    Examples
    --------
    >>> result = holt_winters(
    ...     [44.9, 52.9, 60.2, 46.1], period=4, alpha=0.4, beta=0.1, gamma=0.3,
    ...     initial_level=50, initial_trend=0.8, initial_seasonal=[-6, 2, 8, -4],
    ... )
    >>> [round(float(v), 3) for v in result.fitted[:3]]
    [44.8, 53.644, 60.121]
    """
    inputs.choice(seasonal, SEASONAL, "seasonal model")
    period = inputs.whole(period, "The period", least=2)
    start = inputs.known(initial_seasonal, "The first seasonal values", least=period)
    if start.size != period:
        raise DataProblem(f"There are {start.size} first seasonal values for a period of {period}.")
    if seasonal == "multiplicative" and start.min() <= 0:
        raise DataProblem("Seasonal factors must be above 0.", hint="Use the additive model.")
    return _holt_winters(
        complete(y), (alpha, beta, gamma), (initial_level, initial_trend), start, horizon,
        factors=seasonal == "multiplicative", seasonal=True,
    )  # fmt: skip


def _holt_winters(
    y: FloatArray,
    weights: tuple[float, float, float],
    start: tuple[float, float],
    season: FloatArray,
    horizon: int,
    *,
    factors: bool = False,
    seasonal: bool = False,
) -> Smoothed:
    alpha, beta, gamma = (
        share(w, name) for w, name in zip(weights, ("Alpha", "Beta", "Gamma"), strict=True)
    )
    level = inputs.number(start[0], "The first level")
    trend = inputs.number(start[1], "The first trend")
    horizon = inputs.whole(horizon, "The horizon", most=100_000)
    seasons, m = season.tolist(), season.size
    fitted = np.empty(y.size)
    for t, value in enumerate(y.tolist()):
        old, ahead = seasons[t % m], level + trend
        fitted[t] = ahead * old if factors else ahead + old
        new = alpha * (value / old if factors else value - old) + (1 - alpha) * ahead
        if factors and new == 0:
            raise DataProblem(
                f"The level becomes 0 in row {t + 1}.", hint="Use the additive model."
            )
        trend = beta * (new - level) + (1 - beta) * trend
        seasons[t % m] = gamma * (value / new if factors else value - new) + (1 - gamma) * old
        level = new
    ahead_of = level + trend * np.arange(1, horizon + 1)
    last = np.asarray([seasons[(y.size + i) % m] for i in range(m)])
    repeated = last[np.arange(horizon) % m]
    did = accuracy(y, fitted)
    return Smoothed(
        fitted, level, ahead_of * repeated if factors else ahead_of + repeated, did.mape, did.mad,
        did.msd, trend, last if seasonal else None,
    )  # fmt: skip


def initial_values(y: ArrayLike, *, period: int, seasonal: str = "additive") -> Start:
    """Propose where Holt-Winters starts, from the first two seasons.

    Parameters
    ----------
    y : array_like, shape (n,)
        Two full seasons or more.
    period : int
    seasonal : {"additive", "multiplicative"}

    Returns
    -------
    Start
        Trend: change between the two seasons per period; level: average of the first season,
        moved back to just before the first value; season: deviations of the first season from
        that line.

    Raises
    ------
    DataProblem
        A gap, or fewer than two full seasons.

    References
    ----------
    Hyndman and Athanasopoulos (2008 edition of the Holt-Winters start); Winters 1960.

    Examples
    --------
    >>> initial_values([1, 3, 2, 4], period=2).trend
    0.5
    """
    inputs.choice(seasonal, SEASONAL, "seasonal model")
    period = inputs.whole(period, "The period", least=2)
    values = complete(y, least=2 * period)
    first, second = values[:period].mean(), values[period : 2 * period].mean()
    trend = (second - first) / period
    line = first + trend * (np.arange(period) - (period - 1) / 2)
    if seasonal == "multiplicative" and (line.min() <= 0 or values[:period].min() <= 0):
        raise DataProblem("Seasonal factors need values above 0.", hint="Use the additive model.")
    season = values[:period] / line if seasonal == "multiplicative" else values[:period] - line
    return Start(float(line[0] - trend), float(trend), season)
