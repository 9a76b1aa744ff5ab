"""Student's and Welch's t tests."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats.spc.series import numbers

Alternative = Literal["two.sided", "greater", "less"]
Interval = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class OneSample:
    """Result of `t_one_sample`; an open end of the interval is None."""

    n: int
    mean: float
    sd: float
    se_mean: float
    t: float
    df: float
    p_value: float
    ci: Interval


@dataclass(frozen=True, slots=True)
class Paired:
    """Result of `t_paired`; the difference is x - y."""

    n: int
    mean_difference: float
    sd_difference: float
    t: float
    df: float
    p_value: float
    ci: Interval


@dataclass(frozen=True, slots=True)
class TwoSample:
    """Result of the two-sample tests; the difference is mean x - mean y."""

    mean_x: float
    mean_y: float
    difference: float
    t: float
    df: float
    p_value: float
    ci: Interval
    pooled_sd: float | None = None


def t_one_sample(
    x: ArrayLike, *, mu0: float = 0.0, alternative: str = "two.sided", confidence: float = 0.95
) -> OneSample:
    """Compare one average with a known value.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent values; missing ones are left out.
    mu0 : float
        Value to compare with, in data units.
    alternative : {"two.sided", "greater", "less"}
    confidence : float

    Returns
    -------
    OneSample

    Raises
    ------
    DataProblem
        Fewer than two values, or all equal.

    References
    ----------
    Student 1908; Montgomery and Runger, section 9-2.

    Examples
    --------
    >>> round(t_one_sample([5.1, 4.9, 5.6, 5.2], mu0=5.0).t, 4)
    1.3587
    """
    values = _sample(x, "The sample")
    n, mean, sd = values.size, float(values.mean()), float(values.std(ddof=1))
    error = sd / np.sqrt(n)
    t, p, ci = _judged(mean, mu0, error, n - 1, alternative, confidence)
    return OneSample(n, mean, sd, float(error), t, float(n - 1), p, ci)


def t_paired(
    x: ArrayLike, y: ArrayLike, *, alternative: str = "two.sided", confidence: float = 0.95
) -> Paired:
    """Compare two measurements of the same items; pairs with a gap are left out.

    Examples
    --------
    >>> round(t_paired([5, 6, 7, 9], [4, 6, 5, 6]).mean_difference, 2)
    1.5
    """
    first, second = numbers(x), numbers(y)
    if first.size != second.size:
        raise DataProblem(
            f"Pairs need two columns of equal length, not {first.size} and {second.size}."
        )
    one = t_one_sample(first - second, alternative=alternative, confidence=confidence)
    return Paired(one.n, one.mean, one.sd, one.t, one.df, one.p_value, one.ci)


def t_two_sample_welch(
    x: ArrayLike,
    y: ArrayLike,
    *,
    alternative: str = "two.sided",
    confidence: float = 0.95,
    difference0: float = 0.0,
) -> TwoSample:
    """Compare two averages without assuming equal spread.

    Parameters
    ----------
    x, y : array_like
        Independent values of two groups; missing ones are left out.
    alternative, confidence
        As in `t_one_sample`.
    difference0 : float
        Difference to test against.

    Returns
    -------
    TwoSample
        Degrees of freedom by Welch and Satterthwaite, not rounded (Minitab rounds down).

    References
    ----------
    Welch 1947, Biometrika 34.

    Examples
    --------
    >>> round(t_two_sample_welch([1, 2, 3, 4], [2, 4, 6, 8]).df, 3)
    4.412
    """
    a, b = _sample(x, "The first group"), _sample(y, "The second group", equal_allowed=True)
    va, vb = a.var(ddof=1) / a.size, b.var(ddof=1) / b.size
    df = float((va + vb) ** 2 / (va**2 / (a.size - 1) + vb**2 / (b.size - 1)))
    return _two(a, b, float(np.sqrt(va + vb)), df, (alternative, confidence, difference0))


def t_two_sample_pooled(
    x: ArrayLike,
    y: ArrayLike,
    *,
    alternative: str = "two.sided",
    confidence: float = 0.95,
    difference0: float = 0.0,
) -> TwoSample:
    """Compare two averages, assuming equal spread; parameters as in `t_two_sample_welch`.

    Notes
    -----
    With unequal sizes and spreads this test gives many false alarms; prefer Welch's.
    """
    a, b = _sample(x, "The first group"), _sample(y, "The second group", equal_allowed=True)
    df = a.size + b.size - 2
    pooled = float(np.sqrt(((a.size - 1) * a.var(ddof=1) + (b.size - 1) * b.var(ddof=1)) / df))
    error = pooled * float(np.sqrt(1 / a.size + 1 / b.size))
    return _two(a, b, error, float(df), (alternative, confidence, difference0), pooled)


def _two(
    a: FloatArray,
    b: FloatArray,
    error: float,
    df: float,
    question: tuple[str, float, float],
    pooled: float | None = None,
) -> TwoSample:
    alternative, confidence, difference0 = question
    difference = float(a.mean() - b.mean())
    t, p, ci = _judged(difference, difference0, error, df, alternative, confidence)
    return TwoSample(float(a.mean()), float(b.mean()), difference, t, df, p, ci, pooled)


def _sample(x: ArrayLike, what: str, *, equal_allowed: bool = False) -> FloatArray:
    values = numbers(x)
    values = values[np.isfinite(values)]
    if values.size < 2:
        raise DataProblem(f"{what} has {values.size} values; at least two are needed.")
    if not equal_allowed and np.ptp(values) == 0:
        raise DataProblem(
            f"{what}: all {values.size} values are {values[0]:g}, so there is no spread to judge by.",
            hint="Check rounding.",
        )
    return values


def _judged(
    estimate: float, null: float, error: float, df: float, alternative: str, confidence: float
) -> tuple[float, float, Interval]:
    from scipy.special import stdtr, stdtrit

    if not 0 < confidence < 1:
        raise DataProblem(f"Confidence must lie between 0 and 1, not {confidence:g}.")
    t = (estimate - null) / error
    below, above = float(stdtr(df, t)), float(stdtr(df, -t))
    if alternative == "two.sided":
        reach = float(stdtrit(df, 0.5 + confidence / 2)) * error
        return t, 2 * min(below, above), (estimate - reach, estimate + reach)
    reach = float(stdtrit(df, confidence)) * error
    if alternative == "greater":
        return t, above, (estimate - reach, None)
    if alternative == "less":
        return t, below, (None, estimate + reach)
    raise DataProblem(f"Unknown alternative {alternative!r}.", hint="two.sided, greater or less.")
