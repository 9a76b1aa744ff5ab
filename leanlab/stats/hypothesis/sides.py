"""One side or two: p-values and intervals of every test."""

import math
from typing import Literal

from leanlab.stats.inputs import choice, fraction

Alternative = Literal["two.sided", "greater", "less"]
Interval = tuple[float | None, float | None]
ALTERNATIVES = ("two.sided", "greater", "less")


def checked(alternative: str) -> str:
    """Return the alternative, or refuse an unknown word."""
    return choice(alternative, ALTERNATIVES, "alternative")


def p_value(below: float, above: float, alternative: str) -> float:
    """Choose from the chances of a result as low, and as high, as the one found."""
    if checked(alternative) == "greater":
        return above
    return below if alternative == "less" else min(1.0, 2 * min(below, above))


def normal_p(z: float, alternative: str = "two.sided") -> float:
    """Return the p-value of a standard normal statistic."""
    from scipy.special import ndtr

    return p_value(float(ndtr(z)), float(ndtr(-z)), alternative)


def student_p(t: float, df: float, alternative: str = "two.sided") -> float:
    """Return the p-value of a t statistic."""
    from scipy.special import stdtr

    return p_value(float(stdtr(df, t)), float(stdtr(df, -t)), alternative)


def quantile(probability: float, df: float = math.inf) -> float:
    """Return the quantile of Student's t, or of the normal for infinite df."""
    from scipy.special import ndtri, stdtrit

    return float(ndtri(probability) if math.isinf(df) else stdtrit(df, probability))


def f_p(f: float, df_num: float, df_den: float) -> float:
    """Return the chance of an F ratio at least as large."""
    from scipy.special import fdtrc

    return float(fdtrc(df_num, df_den, f))


def chi2_p(chi2: float, df: float) -> float:
    """Return the chance of a chi-square statistic at least as large."""
    from scipy.special import chdtrc

    return float(chdtrc(df, chi2))


def around(
    estimate: float,
    error: float,
    *,
    df: float = math.inf,
    alternative: str = "two.sided",
    confidence: float = 0.95,
) -> Interval:
    """Return estimate plus and minus a t or normal quantile times the error.

    The one-sided interval leaves the side of the alternative open; an open end is None.
    """
    fraction(confidence)
    if checked(alternative) == "two.sided":
        reach = quantile(0.5 + confidence / 2, df) * error
        return estimate - reach, estimate + reach
    reach = quantile(confidence, df) * error
    return (estimate - reach, None) if alternative == "greater" else (None, estimate + reach)
