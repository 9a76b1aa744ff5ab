"""One column in numbers: location, spread, shape, with intervals."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.typing import FloatArray
from leanlab.stats import inputs

Interval = tuple[float, float]
QUANTILE_TYPES: dict[int, str] = {
    4: "position np", 5: "np + 1/2 (Hazen)", 6: "(n+1)p (Minitab, JMP, SPSS)",
    7: "(n-1)p + 1 (R, numpy, Excel)", 8: "median-unbiased", 9: "normal-unbiased (Blom)",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Summary:
    """Result of `summary`; what is not defined (one value, no spread) is None."""

    n: int
    n_missing: int
    mean: float
    se_mean: float | None
    sd: float | None
    variance: float | None
    coef_var_pct: float | None
    minimum: float
    quartiles_type6: tuple[float, float, float]
    quartiles_type7: tuple[float, float, float]
    maximum: float
    range: float
    iqr_type6: float
    skewness_g1_adjusted: float | None
    kurtosis_excess_adjusted: float | None
    sum: float
    sum_squares: float
    mssd: float | None
    mean_ci: Interval | None
    sd_ci: Interval | None
    confidence: float

    @property
    def median(self) -> float:
        """The middle value; the same in both quantile types."""
        return self.quartiles_type6[1]


def quantiles(x: ArrayLike, p: ArrayLike, *, kind: int = 6) -> FloatArray:
    """Return quantiles by one of six usual definitions.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values; missing ones are left out.
    p : array_like, shape (m,)
        Fractions from 0 to 1.
    kind : int, default 6
        Hyndman and Fan's type, a key of `QUANTILE_TYPES`.

    Raises
    ------
    DataProblem
        No values, or an unknown type.

    References
    ----------
    Hyndman and Fan 1996, The American Statistician 50.

    Examples
    --------
    >>> quantiles([1, 2, 3, 4], [0.25], kind=6), quantiles([1, 2, 3, 4], [0.25], kind=7)
    (array([1.25]), array([1.75]))
    """
    inputs.choice(str(kind), [str(k) for k in QUANTILE_TYPES], "quantile type")
    ordered = np.sort(inputs.known(x))
    return _at(ordered, np.atleast_1d(np.asarray(p, dtype=np.float64)), kind)


_OFFSETS = {4: (0.0, 0.0), 5: (0.5, 0.0), 6: (0.0, 1.0), 7: (1.0, -1.0), 8: (1 / 3, 1 / 3),
            9: (3 / 8, 1 / 4)}  # fmt: skip


def quantile_position(n: int, p: float, kind: int = 6) -> float:
    """Return where among n ordered values a quantile lies, counted from 1 and kept within.

    Examples
    --------
    >>> quantile_position(11, 0.25, 6), quantile_position(11, 0.25, 7)
    (3.0, 3.5)
    """
    constant, slope = _OFFSETS[kind]
    return min(max(constant + p * (n + slope), 1.0), float(n))


def _at(ordered: FloatArray, p: FloatArray, kind: int) -> FloatArray:
    place = np.asarray([quantile_position(ordered.size, float(q), kind) for q in p]) - 1
    low = np.floor(place + 4e-16 * ordered.size).astype(np.int64)
    high = np.minimum(low + 1, ordered.size - 1)
    share = np.maximum(place - low, 0.0)
    return np.asarray(ordered[low] + share * (ordered[high] - ordered[low]))


@dataclass(frozen=True, slots=True)
class _Moments:
    """Central sums of powers: `m2` in data units, `z2` to `z4` in units of the largest deviation."""

    n: int
    mean: float
    m2: float
    z2: float
    z3: float
    z4: float


def _moments(values: FloatArray) -> _Moments:
    """Return the moments; the mean is corrected once, so offsets do no harm."""
    n = values.size
    first = float(values.mean())
    away = values - first
    rest = float(away.mean())
    away -= rest
    top = max(float(away.max()), -float(away.min()))
    if top > 0:
        away /= top  # fourth powers of large values would overflow
    squares = away * away
    second = float(squares.sum())
    return _Moments(
        n, first + rest, second * top * top, second, float(squares @ away), float(squares @ squares)
    )


def summary(x: ArrayLike, *, confidence: float = 0.95) -> Summary:
    """Summarise one column of values.

    Parameters
    ----------
    x : array_like, shape (n,)
        In time order (the successive differences need it), in data units; None or NaN is missing.
    confidence : float, default 0.95
        Of the two-sided intervals of mean (t) and sd (chi-square), which assume normal values.

    Returns
    -------
    Summary
        Variance, sd with divisor n - 1. Skewness and kurtosis are the bias-adjusted G1 and G2
        (Minitab, Excel, SAS), kurtosis as excess. `mssd` is half the mean squared successive
        difference; differences across a gap are taken between the known neighbours.

    Raises
    ------
    DataProblem
        No values, text or infinity, or a confidence outside 0..1.

    References
    ----------
    Hyndman and Fan 1996 (quartiles); Joanes and Gill 1998 (G1, G2); von Neumann 1941 (MSSD).

    Examples
    --------
    >>> result = summary([2, 4, 4, 5, 10])
    >>> result.mean, result.quartiles_type6
    (5.0, (3.0, 4.0, 7.5))
    """
    level = inputs.fraction(confidence)
    column = inputs.numbers(x)
    values = inputs.known(column)
    m = _moments(values)
    ordered = np.sort(values)
    quarters = np.asarray([0.25, 0.5, 0.75])
    six, seven = (tuple(float(q) for q in _at(ordered, quarters, kind)) for kind in (6, 7))
    low, high = float(ordered[0]), float(ordered[-1])
    varies = high > low
    sd = None if m.n < 2 else math.sqrt(m.m2 / (m.n - 1)) if varies else 0.0
    steps = np.diff(values)
    return Summary(
        n=m.n,
        n_missing=column.size - m.n,
        mean=m.mean,
        se_mean=None if sd is None else sd / math.sqrt(m.n),
        sd=sd,
        variance=None if sd is None else m.m2 / (m.n - 1),
        coef_var_pct=None if sd is None or m.mean == 0 else 100 * sd / m.mean,
        minimum=low,
        quartiles_type6=(six[0], six[1], six[2]),
        quartiles_type7=(seven[0], seven[1], seven[2]),
        maximum=high,
        range=high - low,
        iqr_type6=six[2] - six[0],
        skewness_g1_adjusted=_skewness(m) if varies else None,
        kurtosis_excess_adjusted=_kurtosis(m) if varies else None,
        sum=float(values.sum()),
        sum_squares=float(values @ values),
        mssd=float(steps @ steps) / (2 * (m.n - 1)) if m.n > 1 else None,
        mean_ci=_mean_interval(m, sd, level),
        sd_ci=_sd_interval(m, sd, level),
        confidence=level,
    )


def _skewness(m: _Moments) -> float | None:
    if m.n < 3:
        return None
    g1 = (m.z3 / m.n) / (m.z2 / m.n) ** 1.5
    return g1 * math.sqrt(m.n * (m.n - 1)) / (m.n - 2)


def _kurtosis(m: _Moments) -> float | None:
    if m.n < 4:
        return None
    g2 = (m.z4 / m.n) / (m.z2 / m.n) ** 2 - 3
    return ((m.n + 1) * g2 + 6) * (m.n - 1) / ((m.n - 2) * (m.n - 3))


def _mean_interval(m: _Moments, sd: float | None, level: float) -> Interval | None:
    from scipy.special import stdtrit

    if sd is None:
        return None
    reach = float(stdtrit(m.n - 1, 0.5 + level / 2)) * sd / math.sqrt(m.n)
    return m.mean - reach, m.mean + reach


def _sd_interval(m: _Moments, sd: float | None, level: float) -> Interval | None:
    from scipy.special import gammainccinv, gammaincinv

    if sd is None:
        return None
    tail, half = (1 - level) / 2, (m.n - 1) / 2
    high, low = (2 * float(f(half, tail)) for f in (gammainccinv, gammaincinv))
    return math.sqrt(m.m2 / high), math.sqrt(m.m2 / low)


@dataclass(frozen=True, slots=True)
class Autocorrelation:
    """Result of `lag1`."""

    n: int
    mean: float
    sd: float
    lag1_autocorrelation: float | None


def lag1(x: ArrayLike) -> Autocorrelation:
    """Return mean, sd and the correlation of values with their predecessors.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values in time order; missing ones are left out.

    Returns
    -------
    Autocorrelation
        sum (x_i - mean)(x_{i-1} - mean) / sum (x_i - mean)^2; None when nothing varies.

    Raises
    ------
    DataProblem
        Fewer than two values, text or infinity.

    Notes
    -----
    The mean is the correctly rounded sum divided by n, and deviations are corrected once, so
    thirteen equal leading digits do no harm.

    References
    ----------
    NIST Statistical Reference Datasets, univariate summary statistics.

    Examples
    --------
    >>> lag1([10000001, 10000003, 10000002]).lag1_autocorrelation
    -0.5
    """
    values = inputs.known(x, least=2)
    n = values.size
    mean = math.fsum(values) / n
    away = values - mean
    away -= math.fsum(away) / n
    squares = math.fsum(away * away)
    if values.min() == values.max():
        return Autocorrelation(n, float(values[0]), 0.0, None)
    products = math.fsum(away[1:] * away[:-1])
    return Autocorrelation(n, mean, math.sqrt(squares / (n - 1)), products / squares)
