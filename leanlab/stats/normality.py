"""Could the values come from a normal distribution?"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.distributions import anderson


@dataclass(frozen=True, slots=True)
class AndersonDarling:
    """Result of `anderson_darling`; `a2` is what Minitab prints, p comes from `a2_adjusted`."""

    n: int
    mean: float
    sd: float
    a2: float
    a2_adjusted: float
    p_value: float


@dataclass(frozen=True, slots=True)
class ShapiroWilk:
    """Result of `shapiro_wilk`."""

    n: int
    w: float
    p_value: float


@dataclass(frozen=True, slots=True)
class RyanJoiner:
    """Result of `ryan_joiner`; reject normality when `rj` is below the critical value."""

    n: int
    rj: float
    critical_10: float
    critical_05: float
    critical_01: float
    p_value: float | None


@dataclass(frozen=True, slots=True)
class Lilliefors:
    """Result of `lilliefors`."""

    n: int
    d: float
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class ProbabilityPlot:
    """Points of a normal probability plot: ordered values against normal scores."""

    values: FloatArray
    scores: FloatArray
    percent: FloatArray
    mean: float
    sd: float


def _sample(x: ArrayLike, least: int) -> FloatArray:
    return np.sort(inputs.varied(x, least=least))


def _standardised(ordered: FloatArray) -> tuple[FloatArray, float, float]:
    """Return z scores, mean and sd; the mean is taken of values shifted by the median."""
    middle = float(ordered[ordered.size // 2])
    away = ordered - middle
    shift = float(away.mean())
    away -= shift
    sd = math.sqrt(float(away @ away) / (ordered.size - 1))
    return away / sd, middle + shift, sd


def anderson_darling(x: ArrayLike) -> AndersonDarling:
    """Test normality with weight on the tails.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent values in any unit, at least three (eight for a p-value worth its name);
        missing ones are left out.

    Returns
    -------
    AndersonDarling

    Raises
    ------
    DataProblem
        Too few or equal values, text or infinity.

    Notes
    -----
    Mean and sd (n - 1) are estimated; p comes from A^2 (1 + 0.75/n + 2.25/n^2).

    References
    ----------
    D'Agostino and Stephens, Goodness-of-Fit Techniques, 1986, table 4.9.

    Examples
    --------
    >>> round(anderson_darling([4.1, 4.4, 3.9, 4.0, 5.2, 4.3, 4.5, 4.2]).a2, 4)
    0.4556
    """
    from scipy.special import log_ndtr

    ordered = _sample(x, 3)
    z, mean, sd = _standardised(ordered)
    n = ordered.size
    below = log_ndtr(z)
    above = log_ndtr(np.negative(z, out=z), out=z)  # z is not needed any more
    verdict = anderson.judged(anderson.statistic(below, above), n, "normal")
    return AndersonDarling(
        n, mean, sd, verdict.statistic, verdict.adjusted, anderson.normal_p(verdict.adjusted)
    )


def shapiro_wilk(x: ArrayLike) -> ShapiroWilk:
    """Test normality by the Shapiro-Wilk statistic; 3 to 5000 values.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent values; missing ones are left out.

    Raises
    ------
    DataProblem
        Fewer than 3 or more than 5000 values, or all equal.

    References
    ----------
    Royston 1995, Applied Statistics 44, algorithm AS R94.

    Examples
    --------
    >>> round(shapiro_wilk([4.1, 4.4, 3.9, 4.0, 5.2, 4.3, 4.5, 4.2]).w, 3)
    0.871
    """
    from scipy.stats import shapiro

    ordered = _sample(x, 3)
    if ordered.size > 5000:
        raise DataProblem(
            f"Shapiro-Wilk works up to 5000 values, not {ordered.size}.",
            hint="Use Anderson-Darling, which has no such limit.",
        )
    z, _, _ = _standardised(ordered)
    w, p = shapiro(z)
    return ShapiroWilk(ordered.size, float(w), float(p))


def _blom_scores(n: int) -> FloatArray:
    from scipy.special import ndtri

    return np.asarray(ndtri((np.arange(1, n + 1) - 0.375) / (n + 0.25)))


_CRITICAL = {
    "critical_10": (1.0071, -0.1371, -0.3682, 0.7780),
    "critical_05": (1.0063, -0.1288, -0.6118, 1.3505),
    "critical_01": (0.9963, -0.0211, -1.4106, 3.1791),
}


def ryan_joiner(x: ArrayLike) -> RyanJoiner:
    """Test normality by the correlation of ordered values with normal scores.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent values, at least four; missing ones are left out.

    Returns
    -------
    RyanJoiner
        Critical values by the published polynomials. `p_value` is Royston's for the
        Shapiro-Francia statistic, which is the square of this correlation; None outside 5 to
        5000 values, for which it was made.

    Raises
    ------
    DataProblem
        Too few or equal values, text or infinity.

    References
    ----------
    Ryan and Joiner 1976, Normal probability plots and tests for normality; Royston 1993, A
    pocket-calculator algorithm for the Shapiro-Francia test, Statistics in Medicine 12.

    Examples
    --------
    >>> round(ryan_joiner([4.1, 4.4, 3.9, 4.0, 5.2, 4.3, 4.5, 4.2]).rj, 4)
    0.9252
    """
    ordered = _sample(x, 4)
    z, _, _ = _standardised(ordered)
    n = ordered.size
    scores = _blom_scores(n)
    rj = float(z @ scores) / math.sqrt(float(z @ z) * float(scores @ scores))
    critical = {
        name: c[0] + c[1] / math.sqrt(n) + c[2] / n + c[3] / n**2 for name, c in _CRITICAL.items()
    }
    return RyanJoiner(n=n, rj=rj, p_value=_shapiro_francia_p(rj, n), **critical)


def _shapiro_francia_p(rj: float, n: int) -> float | None:
    from scipy.special import ndtr

    if not 5 <= n <= 5000:
        return None
    u = math.log(n)
    v = math.log(u)
    mean = -1.2725 + 1.0521 * (v - u)
    sd = 1.0308 - 0.26758 * (v + 2 / u)
    rest = max(1 - rj * rj, 1e-300)
    return float(ndtr(-(math.log(rest) - mean) / sd))


def lilliefors(x: ArrayLike) -> Lilliefors:
    """Test normality by the largest distance between the empirical and the fitted curve.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent values, at least five; missing ones are left out.

    Returns
    -------
    Lilliefors
        p by Dallal and Wilkinson; above 0.1, where their formula ends, by Stephens' modified
        statistic (as nortest in R; statsmodels interpolates simulated tables instead).

    Raises
    ------
    DataProblem
        Too few or equal values, text or infinity.

    References
    ----------
    Dallal and Wilkinson 1986, The American Statistician 40; Stephens 1974, Journal of the
    American Statistical Association 69.

    Examples
    --------
    >>> round(lilliefors([4.1, 4.4, 3.9, 4.0, 5.2, 4.3, 4.5, 4.2]).d, 4)
    0.2083
    """
    from scipy.special import ndtr

    ordered = _sample(x, 5)
    z, _, _ = _standardised(ordered)
    n = ordered.size
    p = ndtr(z)
    above = float(np.max(np.arange(1, n + 1) / n - p))
    below = float(np.max(p - np.arange(n) / n))
    d = max(above, below)
    return Lilliefors(n, d, _lilliefors_p(d, n))


def _lilliefors_p(d: float, n: int) -> float:
    distance, size = (d, n) if n <= 100 else (d * (n / 100) ** 0.49, 100)
    p = math.exp(
        -7.01256 * distance**2 * (size + 2.78019)
        + 2.99587 * distance * math.sqrt(size + 2.78019)
        - 0.122119
        + 0.974598 / math.sqrt(size)
        + 1.67997 / size
    )
    return p if p <= 0.1 else _stephens_p((math.sqrt(n) - 0.01 + 0.85 / math.sqrt(n)) * d)


_STEPHENS = (
    (0.5, (2.76773, -19.828315, 80.709644, -138.55152, 81.218052)),
    (0.9, (-4.901232, 40.662806, -97.490286, 94.029866, -32.355711)),
    (1.31, (6.198765, -19.558097, 23.186922, -12.234627, 2.423045)),
)


def _stephens_p(k: float) -> float:
    """Return the p-value of the modified statistic by quartic pieces."""
    if k <= 0.302:
        return 1.0
    for top, c in _STEPHENS:
        if k <= top:
            return c[0] + k * (c[1] + k * (c[2] + k * (c[3] + k * c[4])))
    return 0.0


def probability_plot(x: ArrayLike) -> ProbabilityPlot:
    """Return the points of a normal probability plot.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values; missing ones are left out.

    Returns
    -------
    ProbabilityPlot
        Plotting positions (i - 3/8) / (n + 1/4) (Blom).

    Examples
    --------
    >>> probability_plot([3, 1, 2]).values
    array([1., 2., 3.])
    """
    ordered = _sample(x, 2)
    _, mean, sd = _standardised(ordered)
    n = ordered.size
    percent = np.asarray(100 * (np.arange(1, n + 1) - 0.375) / (n + 0.25), dtype=np.float64)
    return ProbabilityPlot(ordered, _blom_scores(n), percent, mean, sd)
