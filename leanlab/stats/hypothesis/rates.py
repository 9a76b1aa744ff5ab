"""Tests of Poisson rates: exact and normal."""

from dataclasses import dataclass

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.stats import inputs
from leanlab.stats.hypothesis import small_likelihoods
from leanlab.stats.hypothesis.proportions import clopper_pearson
from leanlab.stats.hypothesis.sides import Interval, around, checked, normal_p, p_value


@dataclass(frozen=True, slots=True)
class OneRate:
    """Result of `poisson_rate_one`; the exact interval is Garwood's."""

    rate: float
    p_value_exact: float
    ci_exact: Interval
    z_normal: float
    p_value_normal: float


@dataclass(frozen=True, slots=True)
class TwoRates:
    """Result of `poisson_rate_two`; difference and ratio are first against second.

    The ratio is None when the second group has no events; so is an infinite end.
    """

    rate_1: float
    rate_2: float
    difference: float
    ci_difference_normal: Interval
    z_unpooled: float
    p_value_unpooled: float
    z_pooled: float
    p_value_pooled: float
    ratio: float | None
    ci_ratio_exact: Interval
    p_value_exact: float


def poisson_rate_one(
    events: int,
    exposure: float = 1.0,
    *,
    rate0: float = 1.0,
    alternative: str = "two.sided",
    confidence: float = 0.95,
) -> OneRate:
    """Compare one rate of events with a known value.

    Parameters
    ----------
    events : int
        Events counted.
    exposure : float
        Time, area or units over which they were counted, above 0.
    rate0 : float
        Rate to compare with, per unit of exposure, above 0.
    alternative : {"two.sided", "greater", "less"}
    confidence : float

    Returns
    -------
    OneRate
        The exact two-sided p adds up all counts that are no likelier than the one found; the open
        end of a one-sided interval is 0 below and None (infinite) above.

    Raises
    ------
    DataProblem
        A negative or fractional count, or an exposure or rate not above 0.

    References
    ----------
    Garwood 1936, Biometrika 28.

    Examples
    --------
    >>> round(poisson_rate_one(14, 24, rate0=0.4).p_value_exact, 4)
    0.1459
    """
    from scipy.special import pdtr, pdtrc

    x = _events(events, "The number of events")
    exposure = _exposure(exposure, "The exposure")
    mean = exposure * inputs.number(rate0, "The rate to compare with", above=0)
    if not 1e-12 <= mean <= small_likelihoods.LARGEST_COUNT:
        raise DataProblem(
            f"{mean:g} events are expected, which is too {'many' if mean > 1 else 'few'} to compute with.",
            hint="Check the exposure and the rate to compare with.",
        )
    alternative, confidence = checked(alternative), inputs.fraction(confidence)
    below = float(pdtr(x, mean))
    above = float(pdtrc(x - 1, mean)) if x else 1.0
    exact = (
        small_likelihoods.poisson(x, mean)
        if alternative == "two.sided"
        else p_value(below, above, alternative)
    )
    low, high = _garwood(x, alternative, confidence)
    z = (x - mean) / float(np.sqrt(mean))
    ci = (low / exposure, None if high is None else high / exposure)
    return OneRate(x / exposure, exact, ci, z, normal_p(z, alternative))


def _events(count: int, name: str) -> int:
    return inputs.whole(count, name, most=small_likelihoods.LARGEST_COUNT)


def _exposure(amount: float, name: str) -> float:
    exposure = inputs.number(amount, name, above=0)
    if not 1e-70 < exposure < 1e70:
        raise DataProblem(f"{name} is {exposure:g}.", hint="Choose another unit.")
    return exposure


def _garwood(x: int, alternative: str, confidence: float) -> tuple[float, float | None]:
    from scipy.special import gammaincinv

    tail = (1 - confidence) / 2 if alternative == "two.sided" else 1 - confidence
    low = float(gammaincinv(x, tail)) if x and alternative != "less" else 0.0
    high = None if alternative == "greater" else float(gammaincinv(x + 1, 1 - tail))
    return low, high


def poisson_rate_two(
    events_1: int,
    exposure_1: float,
    events_2: int,
    exposure_2: float,
    *,
    alternative: str = "two.sided",
    confidence: float = 0.95,
) -> TwoRates:
    """Compare two rates of events.

    Parameters
    ----------
    events_1, events_2 : int
        Events counted.
    exposure_1, exposure_2 : float
        Time, area or units over which they were counted, above 0.
    alternative : {"two.sided", "greater", "less"}
        "greater": the first rate is larger.
    confidence : float

    Returns
    -------
    TwoRates
        Exact: given the total, the first count is binomial with p = t1 / (t1 + t2).

    Raises
    ------
    DataProblem
        A negative or fractional count, an exposure not above 0, or no events at all.

    References
    ----------
    Przyborowski and Wilenski 1940, Biometrika 31.

    Examples
    --------
    >>> round(poisson_rate_two(38, 12.5, 21, 11).p_value_exact, 4)
    0.0907
    """
    x1 = _events(events_1, "The number of events of the first group")
    x2 = _events(events_2, "The number of events of the second group")
    t1 = _exposure(exposure_1, "The exposure of the first group")
    t2 = _exposure(exposure_2, "The exposure of the second group")
    alternative, confidence = checked(alternative), inputs.fraction(confidence)
    if x1 + x2 == 0:
        raise DataProblem(
            "Neither group has an event, so there is nothing to compare.",
            hint="Observe for longer.",
        )
    difference, common = x1 / t1 - x2 / t2, (x1 + x2) / (t1 + t2)
    error = float(np.sqrt(x1 / t1**2 + x2 / t2**2))
    z_pooled = difference / float(np.sqrt(common * (1 / t1 + 1 / t2)))
    low, high = clopper_pearson(x1, x1 + x2, alternative, confidence)
    return TwoRates(
        rate_1=x1 / t1, rate_2=x2 / t2, difference=difference,
        ci_difference_normal=around(
            difference, error, alternative=alternative, confidence=confidence
        ),
        z_unpooled=difference / error, p_value_unpooled=normal_p(difference / error, alternative),
        z_pooled=z_pooled, p_value_pooled=normal_p(z_pooled, alternative),
        ratio=None if x2 == 0 else x1 / t1 / (x2 / t2),
        ci_ratio_exact=(_ratio(low, t1, t2), _ratio(high, t1, t2)),
        p_value_exact=_conditional_p(x1, x1 + x2, t1 / (t1 + t2), alternative),
    )  # fmt: skip


def _conditional_p(x: int, n: int, p: float, alternative: str) -> float:
    from scipy.special import bdtr, bdtrc

    if alternative == "two.sided":
        return small_likelihoods.binomial(x, n, p)
    above = float(bdtrc(x - 1, n, p)) if x else 1.0
    return p_value(float(bdtr(x, n, p)), above, alternative)


def _ratio(share: float, t1: float, t2: float) -> float | None:
    return None if share >= 1 else share / (1 - share) * t2 / t1
