"""Fit one distribution, or find out which of 14 the values follow."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.distributions import anderson
from leanlab.stats.distributions.families import FAMILIES, Family, family


@dataclass(frozen=True, slots=True)
class Fit:
    """Result of `fit`: maximum-likelihood parameters by name, in the order of the family."""

    distribution: str
    n: int
    parameters: dict[str, float]
    loglik: float
    anderson_darling: float

    def cdf(self, x: ArrayLike) -> FloatArray:
        """Return P(X <= x)."""
        at = np.atleast_1d(np.asarray(x, dtype=np.float64))
        return np.exp(FAMILIES[self.distribution].logcdf(at, self._at))

    def sf(self, x: ArrayLike) -> FloatArray:
        """Return P(X > x), exact far out in the tail."""
        at = np.atleast_1d(np.asarray(x, dtype=np.float64))
        return np.exp(FAMILIES[self.distribution].logsf(at, self._at))

    def pdf(self, x: ArrayLike) -> FloatArray:
        """Return the density; 0 outside the support."""
        at = np.atleast_1d(np.asarray(x, dtype=np.float64))
        out = np.zeros(at.size)
        inside = self._above_threshold(at)
        out[inside] = np.exp(FAMILIES[self.distribution].logpdf(at[inside], self._at))
        return out

    def _above_threshold(self, x: FloatArray) -> FloatArray:
        one = FAMILIES[self.distribution]
        if one.threshold:
            return np.asarray(x > self.parameters["threshold"])
        return np.asarray(x > 0) if one.positive else np.ones(x.size, dtype=np.bool_)

    def quantile(self, p: float) -> float:
        """Return the value below which a fraction p lies; 0 < p < 1."""
        one = FAMILIES[self.distribution]
        return self._reached(one.ppf(inputs.fraction(p, "Fraction"), self._at))

    def upper_quantile(self, p: float) -> float:
        """Return the value above which a fraction p lies; 0 < p < 1."""
        one = FAMILIES[self.distribution]
        return self._reached(one.isf(inputs.fraction(p, "Fraction"), self._at))

    def _reached(self, value: float) -> float:
        if not math.isfinite(value):
            raise DataProblem(
                f"A quantile of the fitted {FAMILIES[self.distribution].title} distribution is beyond all numbers.",
                hint="Look for wrong units or outliers, or choose another distribution.",
            )
        return value

    @property
    def _at(self) -> tuple[float, ...]:
        return tuple(self.parameters.values())


def fit(x: ArrayLike, distribution: str) -> Fit:
    """Fit a distribution by maximum likelihood.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent values in data units, at least three; missing ones are left out.
    distribution : str
        A key of `FAMILIES`, for example "weibull" or "lognormal_3p".

    Returns
    -------
    Fit
        Parameters: weibull, gamma {shape, scale}; exponential {scale}; lognormal, logistic,
        loglogistic, normal and the extreme values {location, scale}; `_3p` and `_2p` add
        {threshold}. Scales of normal and lognormal have divisor n.

    Raises
    ------
    DataProblem
        Unknown distribution, too few or equal values, values of 0 or less (row named) where the
        distribution has none, or a search that does not converge.

    Notes
    -----
    The threshold of three-parameter fits is the highest local maximum of the profile likelihood;
    that of the two-parameter exponential is the smallest value, which its Anderson-Darling
    statistic leaves out (the remaining n - 1 spacings are exponential from 0).

    References
    ----------
    Lawless, Statistical Models and Methods for Lifetime Data; D'Agostino and Stephens 1986,
    Goodness-of-Fit Techniques, ch. 4.

    Examples
    --------
    >>> found = fit([3.1, 4.7, 2.2, 5.9, 4.1], "weibull")
    >>> round(found.parameters["scale"], 4)
    4.4577
    """
    one = family(distribution)
    values = np.sort(one.check(x))
    at, loglik = one.fit(values)
    return Fit(
        one.id,
        values.size,
        dict(zip(one.names, at, strict=True)),
        loglik,
        anderson_darling_of(values, one, at),
    )


def anderson_darling_of(ordered: FloatArray, one: Family, at: Sequence[float]) -> float:
    """Return A^2 of ordered values against a fitted distribution.

    Examples
    --------
    >>> round(anderson_darling_of(np.asarray([1.0, 2.0, 4.0]), family("exponential"), (2.0,)), 4)
    0.5119
    """
    values = ordered
    if (
        one.id == "exponential_2p"
    ):  # nothing lies below the threshold, so its own value says nothing
        values = ordered[1:]
        at = (float(values.mean() - ordered[0]), float(ordered[0]))
    parameters = tuple(at)
    return anderson.statistic(one.logcdf(values, parameters), one.logsf(values, parameters))


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of an identification; the best fit comes first.

    `ad_p_value` is a bound when `ad_p_bound` is ">" or "<", and None where no table exists.
    `lrt_p_value` tests the threshold against the same distribution without one.
    """

    distribution: str
    title: str
    parameters: dict[str, float]
    loglik: float
    aicc: float
    bic: float
    ad: float
    ad_p_value: float | None
    ad_p_bound: str
    lrt_p_value: float | None


@dataclass(frozen=True, slots=True)
class Identification:
    """Result of `identify`; `failed` says why a distribution could not be fitted."""

    n: int
    ranked: tuple[Ranked, ...]
    failed: dict[str, str]
    rank_by: str


def identify(
    x: ArrayLike, *, distributions: Sequence[str] | None = None, rank_by: str = "aicc"
) -> Identification:
    """Fit 14 distributions and rank them.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent values of a stable process, at least eight; missing ones are left out.
    distributions : sequence of str, optional
        Keys of `FAMILIES`; all if left out.
    rank_by : {"aicc", "bic", "ad"}
        Corrected Akaike or Bayesian information criterion, which charge for the third parameter,
        or the Anderson-Darling statistic, which does not.

    Returns
    -------
    Identification
        The Anderson-Darling statistic of normal and lognormal uses the scale with divisor n - 1,
        so it agrees with the normality test (and Minitab).

    Raises
    ------
    DataProblem
        Fewer than eight values, all equal, text or infinity, or an unknown name.

    Notes
    -----
    p-values interpolate published percentage points; none exist here for three parameters. The
    likelihood-ratio test compares twice the gain in log-likelihood with chi-square of 1 df.

    References
    ----------
    D'Agostino and Stephens 1986, Goodness-of-Fit Techniques, ch. 4; Lockhart and Stephens 1985;
    Hurvich and Tsai 1989 (AICc).

    Examples
    --------
    >>> identify([3.1, 4.7, 2.2, 5.9, 4.1, 3.3, 6.8, 2.9]).n
    8
    """
    values = np.sort(inputs.varied(x, least=8))
    inputs.choice(rank_by, ("aicc", "bic", "ad"), "ranking")
    wanted = [family(name) for name in (FAMILIES if distributions is None else distributions)]
    fits: dict[str, tuple[tuple[float, ...], float]] = {}
    failed: dict[str, str] = {}
    for one in wanted:
        if one.positive and values[0] <= 0:
            failed[one.id] = f"{one.title} needs values above 0; the smallest is {values[0]:g}."
            continue
        try:
            fits[one.id] = one.fit(values)
        except DataProblem as problem:
            failed[one.id] = problem.message
    rows = [_line(values, FAMILIES[name], fits) for name in fits]
    best: Callable[[Ranked], float] = lambda row: float(getattr(row, rank_by))  # noqa: E731
    return Identification(values.size, tuple(sorted(rows, key=best)), failed, rank_by)


_LAWS = {
    "normal": "normal",
    "lognormal": "normal",
    "exponential": "exponential",
    "exponential_2p": "exponential",
    "weibull": "extreme",
    "smallest_extreme_value": "extreme",
    "largest_extreme_value": "extreme",
    "gamma": "gamma",
    "logistic": "logistic",
    "loglogistic": "logistic",
}


def _line(
    values: FloatArray, one: Family, fits: dict[str, tuple[tuple[float, ...], float]]
) -> Ranked:
    at, loglik = fits[one.id]
    n, k = values.size, len(at)
    verdict = _judged(values, one, at)
    return Ranked(
        distribution=one.id,
        title=one.title,
        parameters=dict(zip(one.names, at, strict=True)),
        loglik=loglik,
        aicc=2 * k - 2 * loglik + 2 * k * (k + 1) / max(n - k - 1, 1),
        bic=k * math.log(n) - 2 * loglik,
        ad=verdict.statistic,
        ad_p_value=verdict.p_value,
        ad_p_bound=verdict.p_bound,
        lrt_p_value=_likelihood_ratio(one, fits),
    )


def _judged(values: FloatArray, one: Family, at: tuple[float, ...]) -> anderson.Judged:
    n = values.size
    law = _LAWS.get(one.id)
    if law == "normal":
        at = (at[0], at[1] * math.sqrt(n / (n - 1)))
    value = anderson_darling_of(values, one, at)
    if law is None:
        return anderson.Judged(value, value, None)
    if one.id == "exponential_2p":
        n -= 1
    return anderson.judged(value, n, law, at[0])


def _likelihood_ratio(
    one: Family, fits: dict[str, tuple[tuple[float, ...], float]]
) -> float | None:
    from scipy.special import gammaincc

    if one.base is None or one.base not in fits:
        return None
    gain = 2 * (fits[one.id][1] - fits[one.base][1])
    return float(gammaincc(0.5, max(gain, 0.0) / 2))
