"""The sign test, and intervals of a median from order statistics."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.hypothesis.sides import Interval, checked, p_value


@dataclass(frozen=True, slots=True)
class Achieved:
    """An interval between two order statistics and the confidence that it really has."""

    confidence: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Sign:
    """Result of `sign`.

    The achieved intervals have just less and just more confidence than asked for; those between
    are interpolated: linearly (BSDA), and by Hettmansperger and Sheather's nonlinear rule
    (Minitab). They are None if even the smallest to the largest value has less confidence.
    """

    n_below: int
    n_equal: int
    n_above: int
    median: float
    p_value: float
    ci_lower_achieved: Achieved | None
    ci_interpolated: Interval | None
    ci_nonlinear: Interval | None
    ci_upper_achieved: Achieved | None


def sign(
    x: ArrayLike,
    *,
    median0: float = 0.0,
    alternative: str = "two.sided",
    confidence: float = 0.95,
) -> Sign:
    """Compare a median with a known value by counting values above and below it.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values of any continuous distribution; missing ones are left out.
    median0 : float
        Value to compare with; values equal to it do not count in the test.
    alternative : {"two.sided", "greater", "less"}
    confidence : float

    Returns
    -------
    Sign
        Exact binomial p-value; a one-sided alternative gives one-sided intervals.

    Raises
    ------
    DataProblem
        No values.

    References
    ----------
    Hettmansperger and Sheather 1986, Statistics and Probability Letters 4, 75-79.

    Examples
    --------
    >>> sign([11, 16, 10, 22, 8, 17, 11, 12], median0=9).p_value
    0.0703125
    """
    from scipy.special import bdtr

    values = np.sort(inputs.known(x, "The sample"))
    median0 = inputs.number(median0, "The median to compare with")
    alternative, confidence = checked(alternative), inputs.fraction(confidence)
    below, above = int((values < median0).sum()), int((values > median0).sum())
    used = below + above
    as_low = float(bdtr(above, used, 0.5)) if used else 1.0
    as_high = float(bdtr(below, used, 0.5)) if used else 1.0
    inner, linear, nonlinear, outer = _intervals(values, alternative, confidence)
    return Sign(
        below, values.size - used, above, float(np.median(values)),
        p_value(as_low, as_high, alternative), inner, linear, nonlinear, outer,
    )  # fmt: skip


def _intervals(
    values: FloatArray, alternative: str, confidence: float
) -> tuple[Achieved | None, Interval | None, Interval | None, Achieved | None]:
    from scipy.special import bdtr

    n = values.size
    tails = 2 if alternative == "two.sided" else 1
    achieved = 1 - tails * bdtr(np.arange(n // 2 + 1) - 1.0, n, 0.5)  # of the d-th values, d = 0, 1
    achieved[0] = 1.0
    d = int(np.flatnonzero(achieved >= confidence - 1e-12)[-1])

    def at(depth: int) -> Achieved | None:
        if not 1 <= depth <= (n + 1) // 2 or depth >= achieved.size:
            return None
        ends = float(values[depth - 1]), float(values[n - depth])
        return Achieved(float(achieved[depth]), _open(ends, alternative))

    outer, inner = at(d), at(d + 1)
    if outer is None or inner is None:
        return inner, None, None, outer
    part = float((achieved[d] - confidence) / (achieved[d] - achieved[d + 1]))
    bent = (n - d) * part / (d + (n - 2 * d) * part)
    return (
        inner,
        _between(values, d, part, alternative),
        _between(values, d, bent, alternative),
        outer,
    )


def _between(values: FloatArray, d: int, part: float, alternative: str) -> Interval:
    """Go the given part of the way from the d-th values to the next ones inside."""
    n = values.size
    low = (1 - part) * values[d - 1] + part * values[d]
    high = (1 - part) * values[n - d] + part * values[n - d - 1]
    return _open((float(low), float(high)), alternative)


def _open(ends: tuple[float, float], alternative: str) -> Interval:
    if alternative == "greater":
        return ends[0], None
    return (None, ends[1]) if alternative == "less" else ends
