"""Capability of normal data: Cp, Cpk, Pp, Ppk, Cpm with intervals and expected fractions."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import constants, inputs
from leanlab.stats.capability.sigma import Subgroups, estimate, read

Interval = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Tails:
    """Expected fractions outside the limits; parts per million, None where a limit is not set."""

    z_lsl: float | None
    z_usl: float | None
    z_bench: float | None
    ppm_lt_lsl: float | None
    ppm_gt_usl: float | None
    ppm_total: float | None


@dataclass(frozen=True, slots=True)
class Outside:
    """Observed fractions outside the limits, in parts per million."""

    ppm_lt_lsl: float | None
    ppm_gt_usl: float | None
    ppm_total: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """Two-sided confidence intervals of the indices."""

    cp: Interval
    cpk: Interval
    pp: Interval
    ppk: Interval
    df_within: float


@dataclass(frozen=True, slots=True)
class Normal:
    """Result of `normal`; indices that are not defined are None."""

    n: int
    mean: float
    sigma_within: float
    sigma_overall: float
    cp: float | None
    cpl: float | None
    cpu: float | None
    cpk: float | None
    pp: float | None
    ppl: float | None
    ppu: float | None
    ppk: float | None
    ccpk: float | None
    cpm: float | None
    cpm_divisor_n_minus_1: float | None
    cpm_s2_plus_bias2: float | None
    ci: Intervals
    within: Tails
    overall: Tails
    observed: Outside
    sigma_method: str
    df_method: str
    unbias_overall: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class BetweenWithin:
    """Result of `between_within`; `cp`..`cpk` rest on sigma_between_within."""

    n: int
    mean: float
    sigma_within: float
    sigma_between: float
    sigma_between_within: float
    sigma_overall: float
    cp: float | None
    cpl: float | None
    cpu: float | None
    cpk: float | None
    pp: float | None
    ppl: float | None
    ppu: float | None
    ppk: float | None
    ppm_total_bw: float | None
    between_within: Tails
    overall: Tails
    observed: Outside
    sigma_within_method: str
    sigma_between_method: str


@dataclass(frozen=True, slots=True)
class _Spec:
    lsl: float | None
    usl: float | None
    target: float | None

    @property
    def middle(self) -> float | None:
        if self.lsl is None or self.usl is None:
            return None
        return (self.lsl + self.usl) / 2


@dataclass(frozen=True, slots=True)
class _Indices:
    p: float | None
    lower: float | None
    upper: float | None
    k: float | None


def normal(
    subgroups: Any,
    *,
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    sigma_method: str | None = None,
    confidence: float = 0.95,
    mr_length: int = 2,
    df_method: str = "estimator",
    unbias_overall: bool = False,
) -> Normal:
    """Compare a normal process with its specification.

    Parameters
    ----------
    subgroups : sequence of sequences, array of shape (m, n), or one column
        In time order, in data units; sizes may differ, None or NaN is missing.
    lsl, usl, target : float, optional
        Specification in data units; at least one limit.
    sigma_method : str, optional
        Estimate of the short-term sigma, a key of `SIGMA_METHODS`; unless told, pooled for
        subgroups and MRbar for single values (which MRmedian and sqrt_MSSD suit too).
    confidence : float, default 0.95
        Of the two-sided intervals.
    mr_length : int, default 2
        Number of neighbours of a moving range.
    df_method : {"estimator", "0.9k(n-1)", "n-1"}
        Degrees of freedom of the within intervals: those of the estimator; JASP's; qcc's.
    unbias_overall : bool, default False
        Divide the overall standard deviation by c4(N), an option of Minitab.

    Returns
    -------
    Normal
        Indices without a unit, sigmas in data units, fractions in parts per million. When nothing
        varies the indices are None.

    Raises
    ------
    DataProblem
        No values, no limits, limits the wrong way round, or a sigma method that does not fit.

    Notes
    -----
    Cp = (USL - LSL) / 6 sigma, Cpl = (mean - LSL) / 3 sigma, Cpu likewise, Cpk the smaller.
    Cpm about the target T: (USL - LSL) / 6 tau when T is the midpoint, else the smaller of
    T - LSL and USL - T over 3 tau; tau^2 = sum (x - T)^2 / N (`cpm`), / (N - 1), or
    s^2 + (mean - T)^2. CCpk puts T (else the midpoint, else the mean) in place of the mean.
    Intervals: Cp sqrt(chi2 / nu); Cpk -+ z sqrt(1 / 9N + Cpk^2 / 2 nu) (Bissell). nu: pooled
    sum(n-1); Rbar 0.9 k (nbar-1); Sbar fn k (nbar-1); moving range N - w + 1; MSSD and
    overall N - 1. Assumes a stable, normal process.

    References
    ----------
    Bissell 1990, Applied Statistics 39; Chan, Cheng and Spiring 1988, Journal of Quality
    Technology 20; Montgomery, ch. 8; Minitab, Methods and formulas for normal capability.

    Examples
    --------
    >>> result = normal([[9.9, 10.1, 10.0], [10.0, 10.2, 10.1]], lsl=9.5, usl=10.5)
    >>> round(result.cp, 3)
    1.567
    """
    spec = _spec(lsl, usl, target)
    level = inputs.fraction(confidence)
    length = inputs.whole(mr_length, "Length of the moving range", least=2, most=100)
    inputs.choice(df_method, ("estimator", "0.9k(n-1)", "n-1"), "df method")
    data = read(subgroups)
    n, mean, squares = _moments(data.values)
    sigma_method = sigma_method or ("pooled" if data.sizes.max() > 1 else "MRbar")
    short = estimate(data, sigma_method, length)
    long = math.sqrt(squares / (n - 1))
    if unbias_overall:
        long /= constants.c4(n)
    inner, outer = _indices(mean, short, spec), _indices(mean, long, spec)
    df = _freedom(data, sigma_method, length, df_method)
    taguchi = _cpm(n, mean, squares, spec)
    return Normal(
        n=n,
        mean=mean,
        sigma_within=short,
        sigma_overall=long,
        cp=inner.p,
        cpl=inner.lower,
        cpu=inner.upper,
        cpk=inner.k,
        pp=outer.p,
        ppl=outer.lower,
        ppu=outer.upper,
        ppk=outer.k,
        ccpk=_ccpk(mean, short, spec),
        cpm=taguchi[0],
        cpm_divisor_n_minus_1=taguchi[1],
        cpm_s2_plus_bias2=taguchi[2],
        ci=_intervals(n, inner, outer, df, level),
        within=_tails(mean, short, spec),
        overall=_tails(mean, long, spec),
        observed=_observed(data.values, spec),
        sigma_method=sigma_method,
        df_method=df_method,
        unbias_overall=unbias_overall,
        confidence=level,
    )


def _spec(lsl: float | None, usl: float | None, target: float | None) -> _Spec:
    low, high = inputs.limits(lsl, usl)
    return _Spec(low, high, None if target is None else inputs.number(target, "Target"))


def _moments(values: FloatArray) -> tuple[int, float, float]:
    """Return n, mean and the sum of squares about it, in two passes."""
    n = values.size
    if n < 2:
        raise DataProblem(
            f"There is {n} value; capability needs at least two.", hint="Collect more data."
        )
    mean = float(values.mean())
    if values.min() == values.max():
        return n, float(values[0]), 0.0
    away = values - mean
    rest = float(away.sum()) / n  # what rounding left of the mean
    return n, mean + rest, float(away @ away) - n * rest * rest


def _indices(mean: float, sigma: float, spec: _Spec) -> _Indices:
    if sigma == 0:
        return _Indices(None, None, None, None)
    lower = None if spec.lsl is None else (mean - spec.lsl) / (3 * sigma)
    upper = None if spec.usl is None else (spec.usl - mean) / (3 * sigma)
    sides = [side for side in (lower, upper) if side is not None]
    both = None if spec.lsl is None or spec.usl is None else (spec.usl - spec.lsl) / (6 * sigma)
    return _Indices(both, lower, upper, min(sides))


def _ccpk(mean: float, sigma: float, spec: _Spec) -> float | None:
    level = spec.target if spec.target is not None else spec.middle
    return _indices(mean if level is None else level, sigma, spec).k


def _cpm(
    n: int, mean: float, squares: float, spec: _Spec
) -> tuple[float | None, float | None, float | None]:
    if spec.target is None or squares == 0:
        return None, None, None
    about = squares + n * (mean - spec.target) ** 2
    variants = (about / n, about / (n - 1), squares / (n - 1) + (mean - spec.target) ** 2)
    one, two, three = (_about_target(math.sqrt(v), spec, spec.target) for v in variants)
    return one, two, three


def _about_target(tau: float, spec: _Spec, target: float) -> float:
    room = [target - spec.lsl] if spec.lsl is not None else []
    room += [spec.usl - target] if spec.usl is not None else []
    return min(room) / (3 * tau)


_FN = ((2, 0.88), (3, 0.92), (4, 0.94), (5, 0.95), (6, 0.96), (8, 0.97), (10, 0.98), (18, 0.99),
       (65, 1.0))  # fmt: skip


def _freedom(data: Subgroups, method: str, length: int, df_method: str) -> float:
    n = data.values.size
    k, nbar = data.sizes.size, n / data.sizes.size
    if df_method == "n-1" or method == "sqrt_MSSD":
        return float(n - 1)
    if method.startswith("MR"):
        return float(n - length + 1)
    if method.startswith("Rbar") or df_method == "0.9k(n-1)":
        return 0.9 * k * (nbar - 1)
    if method.startswith("Sbar"):
        share = next(f for least, f in reversed(_FN) if nbar >= least or least == 2)
        return share * k * (nbar - 1)
    return float(np.sum(data.sizes - 1))


def _intervals(n: int, inner: _Indices, outer: _Indices, df: float, level: float) -> Intervals:
    return Intervals(
        cp=_of_ratio(inner.p, df, level),
        cpk=_of_smaller(inner.k, n, df, level),
        pp=_of_ratio(outer.p, n - 1.0, level),
        ppk=_of_smaller(outer.k, n, n - 1.0, level),
        df_within=df,
    )


def _of_ratio(index: float | None, df: float, level: float) -> Interval:
    from scipy.special import gammaincinv

    if index is None:
        return None
    tail = (1 - level) / 2
    low, high = (2 * float(gammaincinv(df / 2, p)) for p in (tail, 1 - tail))
    return index * math.sqrt(low / df), index * math.sqrt(high / df)


def _of_smaller(index: float | None, n: int, df: float, level: float) -> Interval:
    from scipy.special import ndtri

    if index is None:
        return None
    reach = float(ndtri(0.5 + level / 2)) * math.sqrt(1 / (9 * n) + index**2 / (2 * df))
    return index - reach, index + reach


def _tails(mean: float, sigma: float, spec: _Spec) -> Tails:
    from scipy.special import ndtr

    if sigma == 0:
        return Tails(None, None, None, None, None, None)
    low = None if spec.lsl is None else (mean - spec.lsl) / sigma
    high = None if spec.usl is None else (spec.usl - mean) / sigma
    below = None if low is None else 1e6 * float(ndtr(-low))
    above = None if high is None else 1e6 * float(ndtr(-high))
    return Tails(low, high, _bench(low, high), below, above, (below or 0.0) + (above or 0.0))


def _bench(low: float | None, high: float | None) -> float:
    """Return the normal quantile of the fraction inside, exact for any number of sigmas."""
    from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

    sides = [z for z in (low, high) if z is not None]
    if min(sides) < 0 and len(sides) == 2:
        inside = float(ndtr(min(sides)) - ndtr(-max(sides)))
        return float(ndtri(inside))
    if len(sides) == 1:
        return sides[0]
    return -float(ndtri_exp(np.logaddexp(log_ndtr(-sides[0]), log_ndtr(-sides[1]))))


def _observed(values: FloatArray, spec: _Spec) -> Outside:
    below = None if spec.lsl is None else 1e6 * np.count_nonzero(values < spec.lsl) / values.size
    above = None if spec.usl is None else 1e6 * np.count_nonzero(values > spec.usl) / values.size
    return Outside(below, above, (below or 0.0) + (above or 0.0))


def between_within(
    subgroups: Any,
    *,
    lsl: float | None = None,
    usl: float | None = None,
    sigma_within_method: str = "pooled",
    sigma_between_method: str = "MRbar",
) -> BetweenWithin:
    """Compare a process whose level wanders between subgroups with its specification.

    Parameters
    ----------
    subgroups : sequence of sequences or array of shape (m, n)
        Subgroups of two or more values in time order, in data units.
    lsl, usl : float, optional
        Specification; at least one limit.
    sigma_within_method : str
        A key of `SIGMA_METHODS` for subgroups.
    sigma_between_method : {"MRbar", "MRmedian", "sqrt_MSSD"}
        Estimate of the standard deviation of the subgroup means.

    Returns
    -------
    BetweenWithin

    Raises
    ------
    DataProblem
        Subgroups of one value, a single subgroup, or bad limits.

    Notes
    -----
    sigma_between^2 = max(0, sigma_of_means^2 - sigma_within^2 mean(1/n)),
    sigma_between_within^2 = sigma_between^2 + sigma_within^2. For equal sizes mean(1/n) is 1/n.

    References
    ----------
    Minitab, Methods and formulas for between/within capability; Wheeler, Advanced Topics in SPC.

    Examples
    --------
    >>> result = between_within([[1, 2], [5, 6], [3, 4]], lsl=-10, usl=20)
    >>> round(result.sigma_between, 3)
    2.603
    """
    spec = _spec(lsl, usl, None)
    data = read(subgroups)
    n, mean, squares = _moments(data.values)
    short = estimate(data, sigma_within_method)
    starts = np.concatenate(([0], np.cumsum(data.sizes)[:-1]))
    means = np.add.reduceat(data.values - mean, starts) / data.sizes
    inputs.choice(
        sigma_between_method, ("MRbar", "MRmedian", "sqrt_MSSD"), "sigma method between subgroups"
    )
    of_means = estimate(read(means), sigma_between_method)
    between = math.sqrt(max(0.0, of_means**2 - short**2 * float(np.mean(1 / data.sizes))))
    both, long = math.hypot(between, short), math.sqrt(squares / (n - 1))
    inner, outer = _indices(mean, both, spec), _indices(mean, long, spec)
    tails = _tails(mean, both, spec)
    return BetweenWithin(
        n=n,
        mean=mean,
        sigma_within=short,
        sigma_between=between,
        sigma_between_within=both,
        sigma_overall=long,
        cp=inner.p,
        cpl=inner.lower,
        cpu=inner.upper,
        cpk=inner.k,
        pp=outer.p,
        ppl=outer.lower,
        ppu=outer.upper,
        ppk=outer.k,
        ppm_total_bw=tails.ppm_total,
        between_within=tails,
        overall=_tails(mean, long, spec),
        observed=_observed(data.values, spec),
        sigma_within_method=sigma_within_method,
        sigma_between_method=sigma_between_method,
    )
