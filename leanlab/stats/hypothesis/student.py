"""Student's and Welch's t tests, and equivalence by two one-sided tests."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs, spread
from leanlab.stats.hypothesis.sides import Interval, around, student_p


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


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Result of `equivalence_tost`; the difference is x - target or x - y."""

    difference: float
    df: float
    t_lower: float
    p_lower: float
    t_upper: float
    p_upper: float
    p_value: float
    ci_1_minus_2alpha: Interval
    equivalent: bool


@dataclass(frozen=True, slots=True)
class _Estimate:
    """An average or a difference of averages, its standard error and degrees of freedom."""

    value: float
    error: float
    df: float

    def t(self, null: float) -> float:
        return (self.value - null) / self.error


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
    values = spread.varied(x, "The sample")
    estimate = _average(values)
    mu0 = inputs.number(mu0, "The value to compare with")
    t, p, ci = _judged(estimate, mu0, alternative, confidence)
    sd = float(values.std(ddof=1))
    return OneSample(values.size, estimate.value, sd, estimate.error, t, estimate.df, p, ci)


def t_paired(
    x: ArrayLike, y: ArrayLike, *, alternative: str = "two.sided", confidence: float = 0.95
) -> Paired:
    """Compare two measurements of the same items; pairs with a gap are left out.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Two values of each item, in the same order.
    alternative, confidence
        As in `t_one_sample`; the difference is x - y.

    Raises
    ------
    DataProblem
        Columns of unequal length, fewer than two complete pairs, or all differences equal.

    References
    ----------
    Montgomery and Runger, section 10-4.

    Examples
    --------
    >>> round(t_paired([5, 6, 7, 9], [4, 6, 5, 6]).mean_difference, 2)
    1.5
    """
    one = t_one_sample(_differences(x, y), alternative=alternative, confidence=confidence)
    return Paired(one.n, one.mean, one.sd, one.t, one.df, one.p_value, one.ci)


def t_two_sample_welch(
    x: ArrayLike,
    y: ArrayLike,
    *,
    alternative: str = "two.sided",
    confidence: float = 0.95,
    difference0: float = 0.0,
    whole_df: bool = False,
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
    whole_df : bool
        Round the degrees of freedom down, as Minitab does.

    Returns
    -------
    TwoSample
        Degrees of freedom by Welch and Satterthwaite, with their fraction unless `whole_df`.

    Raises
    ------
    DataProblem
        Fewer than two values in a group, or no spread in either.

    References
    ----------
    Welch 1947, Biometrika 34.

    Examples
    --------
    >>> round(t_two_sample_welch([1, 2, 3, 4], [2, 4, 6, 8]).df, 3)
    4.412
    """
    a, b = _two_samples(x, y)
    estimate = _welch(a, b)
    if whole_df:
        estimate = replace(estimate, df=max(1.0, float(np.floor(estimate.df))))
    return _two(a, b, estimate, (alternative, confidence, difference0))


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

    References
    ----------
    Montgomery and Runger, section 10-2.

    Examples
    --------
    >>> round(t_two_sample_pooled([1, 2, 3, 4], [2, 4, 6, 8]).pooled_sd, 4)
    2.0412
    """
    a, b = _two_samples(x, y)
    estimate = _pooled(a, b)
    sd = estimate.error / float(np.sqrt(1 / a.size + 1 / b.size))
    return _two(a, b, estimate, (alternative, confidence, difference0), sd)


def equivalence_tost(
    x: ArrayLike,
    y: ArrayLike | None = None,
    *,
    lower: float,
    upper: float,
    target: float = 0.0,
    paired: bool = False,
    equal_variances: bool = False,
    alpha: float = 0.05,
) -> Equivalence:
    """Show that an average is close enough to a target, or two averages to each other.

    Parameters
    ----------
    x : array_like, shape (n,)
    y : array_like, optional
        Second group; without it x is compared with `target`.
    lower, upper : float
        The difference (x - target, or x - y) is called equivalent between them.
    target : float
        For one sample; in data units.
    paired : bool
        Whether x and y are two values of the same items.
    equal_variances : bool
        Pool the spread of two independent groups instead of Welch's test.
    alpha : float
        Level of each of the two one-sided tests.

    Returns
    -------
    Equivalence
        `p_value` is the larger one-sided p; the interval has confidence 1 - 2 alpha and lies
        within the limits exactly when the test says equivalent. (Minitab shows a 1 - alpha
        interval by default.)

    Raises
    ------
    DataProblem
        Too few values, no spread, or `lower` not below `upper`.

    References
    ----------
    Schuirmann 1987, J. Pharmacokinet. Biopharm. 15.

    Examples
    --------
    >>> equivalence_tost([9.9, 10.1, 10.0, 10.2], target=10, lower=-0.5, upper=0.5).equivalent
    True
    """
    low, high = inputs.number(lower, "Lower limit"), inputs.number(upper, "Upper limit")
    if not low < high:
        raise DataProblem(
            f"The lower limit {low:g} is not below the upper limit {high:g}.", hint="Exchange them."
        )
    alpha = inputs.fraction(alpha, "Alpha")
    if alpha >= 0.5:
        raise DataProblem(f"Alpha must be below 0.5, not {alpha:g}.")
    estimate = _gap(x, y, target, paired=paired, equal_variances=equal_variances)
    t_lower, t_upper = estimate.t(low), estimate.t(high)
    p_lower = student_p(t_lower, estimate.df, "greater")
    p_upper = student_p(t_upper, estimate.df, "less")
    p = max(p_lower, p_upper)
    ci = around(estimate.value, estimate.error, df=estimate.df, confidence=1 - 2 * alpha)
    return Equivalence(
        estimate.value, estimate.df, t_lower, p_lower, t_upper, p_upper, p, ci, p < alpha
    )


def _gap(
    x: ArrayLike, y: ArrayLike | None, target: float, *, paired: bool, equal_variances: bool
) -> _Estimate:
    if y is None:
        one = _average(spread.varied(x, "The sample"))
        return _Estimate(one.value - inputs.number(target, "Target"), one.error, one.df)
    if paired:
        return _average(_differences(x, y))
    a, b = _two_samples(x, y)
    return _pooled(a, b) if equal_variances else _welch(a, b)


def _average(values: FloatArray) -> _Estimate:
    error = float(values.std(ddof=1)) / float(np.sqrt(values.size))
    return _Estimate(float(values.mean()), error, float(values.size - 1))


def _differences(x: ArrayLike, y: ArrayLike) -> FloatArray:
    first, second = inputs.pairs(x, y, "The first column", "The second column")
    size = float(max(np.abs(first).max(), np.abs(second).max()))
    return spread.varied(first - second, "The differences", size=size)


def _two_samples(x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    a = spread.computable(inputs.known(x, "The first group", least=2), "The first group")
    b = spread.computable(inputs.known(y, "The second group", least=2), "The second group")
    if spread.only_rounding(a) and spread.only_rounding(b):
        raise DataProblem(
            f"All values of the first group are {a[0]:g} and all of the second {b[0]:g}, so there is no spread to judge by.",
            hint="Check rounding.",
        )
    return a, b


def _welch(a: FloatArray, b: FloatArray) -> _Estimate:
    va, vb = a.var(ddof=1) / a.size, b.var(ddof=1) / b.size
    share = va / (va + vb)
    df = 1 / (share**2 / (a.size - 1) + (1 - share) ** 2 / (b.size - 1))
    return _Estimate(float(a.mean() - b.mean()), float(np.sqrt(va + vb)), float(df))


def _pooled(a: FloatArray, b: FloatArray) -> _Estimate:
    df = a.size + b.size - 2
    variance = ((a.size - 1) * a.var(ddof=1) + (b.size - 1) * b.var(ddof=1)) / df
    error = float(np.sqrt(variance * (1 / a.size + 1 / b.size)))
    return _Estimate(float(a.mean() - b.mean()), error, float(df))


def _two(
    a: FloatArray,
    b: FloatArray,
    estimate: _Estimate,
    question: tuple[str, float, float],
    pooled: float | None = None,
) -> TwoSample:
    alternative, confidence, difference0 = question
    difference0 = inputs.number(difference0, "The difference to test against")
    t, p, ci = _judged(estimate, difference0, alternative, confidence)
    return TwoSample(
        float(a.mean()), float(b.mean()), estimate.value, t, estimate.df, p, ci, pooled
    )


def _judged(
    estimate: _Estimate, null: float, alternative: str, confidence: float
) -> tuple[float, float, Interval]:
    t = estimate.t(null)
    p = student_p(t, estimate.df, alternative)
    ci = around(
        estimate.value,
        estimate.error,
        df=estimate.df,
        alternative=alternative,
        confidence=confidence,
    )
    return t, p, ci
