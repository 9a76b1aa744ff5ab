"""Acceptance sampling: what a plan lets through, and plans for two agreed points."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs

DISTRIBUTIONS = ("binomial", "poisson", "hypergeom")
_LARGEST_C = 2000


@dataclass(frozen=True, slots=True, eq=False)
class OperatingCharacteristic:
    """Result of `attribute_oc`; `aoq` and `ati` need a lot size, else they are None."""

    n: int
    c: int
    p: FloatArray
    p_accept: FloatArray
    aoq: FloatArray | None
    ati: FloatArray | None
    distribution: str


@dataclass(frozen=True, slots=True)
class AttributePlan:
    """Result of `find_plan`: accept the lot when at most c of n items are defective."""

    n: int
    c: int
    p_accept_aql: float
    p_accept_rql: float
    distribution: str


@dataclass(frozen=True, slots=True)
class VariablesPlan:
    """Result of `variables_plan`: accept when (limit - mean) / sigma is at least k."""

    n_exact: float
    n: int
    k: float
    n_sigma_unknown: int


def attribute_oc(
    n: int,
    c: int,
    p: ArrayLike,
    *,
    distribution: str = "binomial",
    lot_size: int | None = None,
) -> OperatingCharacteristic:
    """Return how likely lots of a given quality are accepted.

    Parameters
    ----------
    n, c : int
        Sample size, and the largest number of defectives that is accepted.
    p : array_like, shape (m,)
        Fractions defective from 0 to 1 (defects per unit for "poisson").
    distribution : {"binomial", "poisson", "hypergeom"}
        hypergeom needs a lot size; the lot then holds round(p N) defectives.
    lot_size : int, optional
        N; gives average outgoing quality p Pa (N - n) / N and average total inspection
        n + (1 - Pa)(N - n), when rejected lots are sorted.

    Returns
    -------
    OperatingCharacteristic

    Raises
    ------
    DataProblem
        c above n, a sample above the lot, fractions outside 0..1.

    References
    ----------
    Montgomery, Introduction to Statistical Quality Control, ch. 15.

    Examples
    --------
    >>> attribute_oc(80, 2, [0.01]).p_accept.round(4)
    array([0.9534])
    """
    size = inputs.whole(n, "Sample size", least=1)
    accept = inputs.whole(c, "Acceptance number", most=size)
    inputs.choice(distribution, DISTRIBUTIONS, "distribution")
    quality = inputs.known(np.atleast_1d(np.asarray(p, dtype=np.float64)), "Fraction defective")
    top = math.inf if distribution == "poisson" else 1.0
    wrong = np.flatnonzero((quality < 0) | (quality > top))
    if wrong.size:
        raise DataProblem(
            f"Fraction defective in row {wrong[0] + 1} is {quality[wrong[0]]:g}; it must lie between 0 and 1.",
            hint="1 % is written 0.01.",
        )
    lot = None if lot_size is None else inputs.whole(lot_size, "Lot size", least=size)
    accepted = _acceptance(size, accept, quality, distribution, lot)
    if lot is None:
        return OperatingCharacteristic(size, accept, quality, accepted, None, None, distribution)
    aoq = quality * accepted * (lot - size) / lot
    ati = size + (1 - accepted) * (lot - size)
    return OperatingCharacteristic(size, accept, quality, accepted, aoq, ati, distribution)


def _acceptance(
    n: int, c: int, p: FloatArray, distribution: str, lot: int | None = None
) -> FloatArray:
    from scipy.special import bdtr, pdtr

    if distribution == "binomial":
        return np.asarray(bdtr(c, n, p))
    if distribution == "poisson":
        return np.asarray(pdtr(c, n * p))
    if lot is None:
        raise DataProblem("The hypergeometric distribution needs a lot size.", hint="Enter it.")
    from scipy.stats import hypergeom

    return np.asarray(hypergeom.cdf(c, lot, np.rint(p * lot), n), dtype=np.float64)


def find_plan(
    *,
    aql: float,
    producer_risk: float = 0.05,
    rql: float,
    consumer_risk: float = 0.1,
    distribution: str = "binomial",
    lot_size: int | None = None,
) -> AttributePlan:
    """Find the smallest single plan through two points of the operating characteristic.

    Parameters
    ----------
    aql, rql : float
        Acceptable and rejectable fraction defective, 0 < aql < rql < 1.
    producer_risk : float
        Largest chance of rejecting a lot of quality aql.
    consumer_risk : float
        Largest chance of accepting a lot of quality rql.
    distribution : {"binomial", "poisson", "hypergeom"}
    lot_size : int, optional
        Needed by "hypergeom".

    Returns
    -------
    AttributePlan
        The smallest c for which some n meets both risks, and the smallest such n.

    Raises
    ------
    DataProblem
        Qualities the wrong way round or so close that no plan up to c = 2000 (or the lot) exists.

    References
    ----------
    Guenther 1969, Journal of Quality Technology 1; R package AcceptanceSampling.

    Examples
    --------
    >>> plan = find_plan(aql=0.01, rql=0.08)
    >>> plan.n, plan.c
    (65, 2)
    """
    good, bad = _two_points(aql, rql)
    alpha = inputs.fraction(producer_risk, "Producer's risk")
    beta = inputs.fraction(consumer_risk, "Consumer's risk")
    inputs.choice(distribution, DISTRIBUTIONS, "distribution")
    lot = None if lot_size is None else inputs.whole(lot_size, "Lot size", least=1)
    most = 10**9 if lot is None else lot

    def accept(n: int, c: int, p: float) -> float:
        return float(_acceptance(n, c, np.asarray([p]), distribution, lot)[0])

    for c in range(min(_LARGEST_C, most) + 1):
        n = _smallest(lambda size, c=c: accept(size, c, bad) <= beta, c + 1, most)  # type: ignore[misc]
        if n is None:
            break
        if accept(n, c, good) >= 1 - alpha:
            return AttributePlan(n, c, accept(n, c, good), accept(n, c, bad), distribution)
    raise DataProblem(
        "No plan of reasonable size tells these two qualities apart.",
        hint="Move them further apart, or allow larger risks.",
    )


def _two_points(aql: float, rql: float) -> tuple[float, float]:
    good = inputs.fraction(aql, "Acceptable quality level")
    bad = inputs.fraction(rql, "Rejectable quality level")
    if not good < bad:
        raise DataProblem(
            f"The acceptable quality {good:g} is not below the rejectable quality {bad:g}.",
            hint="Exchange them.",
        )
    return good, bad


def _smallest(holds: Callable[[int], bool], least: int, most: int) -> int | None:
    """Return the smallest whole number for which a condition starts to hold for good."""
    high = max(least, 1)
    while not holds(min(high, most)):
        if high >= most:
            return None
        high *= 2
    high = min(high, most)
    low = max(least, high // 2)
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return high


def variables_plan(
    *, aql: float, producer_risk: float = 0.05, rql: float, consumer_risk: float = 0.1
) -> VariablesPlan:
    """Find a plan for measured values, one-sided limit, k method.

    Parameters
    ----------
    aql, rql : float
        Acceptable and rejectable fraction outside the limit, 0 < aql < rql < 1.
    producer_risk, consumer_risk : float

    Returns
    -------
    VariablesPlan
        `n` for a known sigma; `n_sigma_unknown` by the usual factor 1 + k^2 / 2.

    Raises
    ------
    DataProblem
        Shares outside 0..1 or the wrong way round.

    Notes
    -----
    n = ((z_a + z_b) / (z_aql - z_rql))^2, k = (z_aql z_b + z_rql z_a) / (z_a + z_b). Assumes
    normal values.

    References
    ----------
    Montgomery, Introduction to Statistical Quality Control, section 16.3.

    Examples
    --------
    >>> variables_plan(aql=0.01, rql=0.06).n
    15
    """
    from scipy.special import ndtri

    good, bad = _two_points(aql, rql)
    alpha = inputs.fraction(producer_risk, "Producer's risk")
    beta = inputs.fraction(consumer_risk, "Consumer's risk")
    z_a, z_b, z_good, z_bad = (-float(ndtri(q)) for q in (alpha, beta, good, bad))
    if z_a + z_b <= 0:
        raise DataProblem("The two risks together must be below 1.", hint="Choose smaller risks.")
    n = ((z_a + z_b) / (z_good - z_bad)) ** 2
    k = (z_good * z_b + z_bad * z_a) / (z_a + z_b)
    return VariablesPlan(n, math.ceil(n - 1e-9), k, math.ceil(n * (1 + k * k / 2) - 1e-9))
