"""Tests of proportions: exact binomial, normal, Wilson and Fisher."""

from dataclasses import dataclass

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.stats import inputs
from leanlab.stats.hypothesis import small_likelihoods
from leanlab.stats.hypothesis.sides import Interval, around, checked, normal_p, p_value, quantile
from leanlab.stats.hypothesis.tables import can_list, fisher_p


@dataclass(frozen=True, slots=True)
class OneProportion:
    """Result of `proportion_one`; the exact interval is Clopper and Pearson's."""

    p_hat: float
    p_value_exact: float
    p_value_exact_doubled: float
    ci_exact: Interval
    z_normal: float
    p_value_normal: float
    ci_wilson: Interval
    ci_wald: Interval


@dataclass(frozen=True, slots=True)
class TwoProportions:
    """Result of `proportion_two`; the difference is first minus second.

    A z statistic is None where its standard error is 0 (all events, or none), Fisher's p where
    the counts are in the millions.
    """

    p_1: float
    p_2: float
    difference: float
    ci_difference_wald: Interval
    z_pooled: float | None
    p_value_pooled: float | None
    z_unpooled: float | None
    p_value_unpooled: float | None
    p_value_fisher: float | None


def proportion_one(
    events: int,
    trials: int,
    *,
    p0: float = 0.5,
    alternative: str = "two.sided",
    confidence: float = 0.95,
) -> OneProportion:
    """Compare one proportion with a known value.

    Parameters
    ----------
    events, trials : int
        Defectives found and units looked at.
    p0 : float
        Proportion to compare with, between 0 and 1.
    alternative : {"two.sided", "greater", "less"}
    confidence : float

    Returns
    -------
    OneProportion
        The exact two-sided p adds up all outcomes that are no likelier than the one found (R,
        scipy); the doubled smaller tail stands beside it. A one-sided alternative gives one-sided
        intervals with the open end at 0 or 1. (Minitab shows a one-sided bound when events are 0
        or all trials.)

    Raises
    ------
    DataProblem
        Counts below 0, no trials, more events than trials, or `p0` outside 0..1.

    References
    ----------
    Clopper and Pearson 1934, Biometrika 26; Wilson 1927, JASA 22.

    Examples
    --------
    >>> round(proportion_one(9, 250, p0=0.02).p_value_exact, 4)
    0.1052
    """
    from scipy.special import bdtr, bdtrc

    x, n = counted(events, trials)
    p0 = inputs.fraction(p0, "The proportion to compare with")
    alternative, confidence = checked(alternative), inputs.fraction(confidence)
    below = float(bdtr(x, n, p0))
    above = float(bdtrc(x - 1, n, p0)) if x else 1.0
    two_sided = small_likelihoods.binomial(x, n, p0)
    z = (x - n * p0) / float(np.sqrt(n * p0 * (1 - p0)))
    wald = around(x / n, float(np.sqrt(x / n * (1 - x / n) / n)), alternative=alternative,
                  confidence=confidence)  # fmt: skip
    return OneProportion(
        p_hat=x / n,
        p_value_exact=two_sided if alternative == "two.sided" else p_value(below, above, alternative),
        p_value_exact_doubled=p_value(below, above, alternative),
        ci_exact=clopper_pearson(x, n, alternative, confidence), z_normal=z,
        p_value_normal=normal_p(z, alternative), ci_wilson=_wilson(x, n, alternative, confidence),
        ci_wald=_closed(wald),
    )  # fmt: skip


def proportion_two(
    events_1: int,
    trials_1: int,
    events_2: int,
    trials_2: int,
    *,
    alternative: str = "two.sided",
    confidence: float = 0.95,
) -> TwoProportions:
    """Compare two proportions.

    Parameters
    ----------
    events_1, trials_1, events_2, trials_2 : int
        Defectives found and units looked at, of both groups.
    alternative : {"two.sided", "greater", "less"}
        "greater": the first proportion is larger.
    confidence : float

    Returns
    -------
    TwoProportions
        z with pooled and unpooled standard error (Minitab's default is unpooled), without
        continuity correction, and Fisher's exact p.

    Raises
    ------
    DataProblem
        Counts below 0, no trials, or more events than trials.

    References
    ----------
    Montgomery and Runger, section 10-6.

    Examples
    --------
    >>> round(proportion_two(42, 600, 21, 580).z_pooled, 4)
    2.5814
    """
    (x1, n1), (x2, n2) = (
        counted(events_1, trials_1, " of the first group"),
        counted(events_2, trials_2, " of the second group"),
    )
    p1, p2 = x1 / n1, x2 / n2
    table = (x1, n1 - x1, x2, n2 - x2)
    difference, pooled = p1 - p2, (x1 + x2) / (n1 + n2)
    unpooled_error = float(np.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2))
    pooled_error = float(np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2)))
    z_pooled, p_pooled = _z(difference, pooled_error, alternative)
    z_unpooled, p_unpooled = _z(difference, unpooled_error, alternative)
    return TwoProportions(
        p_1=p1, p_2=p2, difference=difference,
        ci_difference_wald=around(
            difference, unpooled_error, alternative=alternative, confidence=confidence
        ),
        z_pooled=z_pooled, p_value_pooled=p_pooled, z_unpooled=z_unpooled,
        p_value_unpooled=p_unpooled,
        p_value_fisher=fisher_p(*table, alternative) if can_list(*table) else None,
    )  # fmt: skip


def counted(events: int, trials: int, where: str = "") -> tuple[int, int]:
    """Return whole counts, and refuse more events than trials."""
    n = inputs.whole(
        trials, f"The number of trials{where}", least=1, most=small_likelihoods.LARGEST_COUNT
    )
    x = inputs.whole(events, f"The number of events{where}")
    if x > n:
        raise DataProblem(
            f"There are {x} events{where} in {n} trials.",
            hint="Events cannot be more than trials: check both numbers.",
        )
    return x, n


def clopper_pearson(x: int, n: int, alternative: str, confidence: float) -> tuple[float, float]:
    """Return the exact interval of a binomial proportion.

    Examples
    --------
    >>> round(clopper_pearson(0, 40, "two.sided", 0.95)[1], 6)
    0.088097
    """
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2 if alternative == "two.sided" else 1 - confidence
    low, high = 0.0, 1.0
    if alternative != "less" and x > 0:
        low = float(betaincinv(x, n - x + 1, tail))
    if alternative != "greater" and x < n:
        high = float(betaincinv(x + 1, n - x, 1 - tail))
    return low, high


def _wilson(x: int, n: int, alternative: str, confidence: float) -> Interval:
    z = quantile(0.5 + confidence / 2 if alternative == "two.sided" else confidence)
    p = x / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * float(np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)))
    low = 0.0 if x == 0 or alternative == "less" else middle - reach
    high = 1.0 if x == n or alternative == "greater" else middle + reach
    return low, high


def _closed(ends: Interval) -> Interval:
    """A proportion lies between 0 and 1, and so do the ends of its interval."""
    low, high = ends
    return (0.0 if low is None else max(0.0, low), 1.0 if high is None else min(1.0, high))


def _z(difference: float, error: float, alternative: str) -> tuple[float | None, float | None]:
    if error == 0:
        return None, None
    z = difference / error
    return z, normal_p(z, alternative)
