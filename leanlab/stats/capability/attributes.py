"""Capability of counts: percent defective, and defects per unit."""

import math
from dataclasses import dataclass

from numpy.typing import ArrayLike

from leanlab.stats import inputs

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Binomial:
    """Result of `binomial`; Z values that are not defined (at 0 or 100 %) are None."""

    samples: int
    total_defectives: float
    total_inspected: float
    pct_defective: float
    pct_defective_ci: Interval
    ppm_defective: float
    ppm_defective_ci: Interval
    process_z: float | None
    process_z_ci: tuple[float | None, float | None]
    p_chart_center: float
    target_pct: float | None
    meets_target: bool | None
    interval: str


@dataclass(frozen=True, slots=True)
class Poisson:
    """Result of `poisson`."""

    samples: int
    mean_dpu: float
    mean_dpu_ci: Interval
    min_dpu: float
    max_dpu: float
    total_defects: float
    total_units: float
    mean_defects: float
    yield_zero_defects: float
    target_dpu: float | None
    meets_target: bool | None
    interval: str


def binomial(
    defectives: ArrayLike,
    sizes: ArrayLike,
    *,
    confidence: float = 0.95,
    target_pct: float | None = None,
    interval: str = "exact",
) -> Binomial:
    """Estimate the percent defective of a stable process and its Z.

    Parameters
    ----------
    defectives : array_like, shape (m,)
        Defective items per sample.
    sizes : array_like, shape (m,), or int
        Items looked at per sample.
    confidence : float
        Of the two-sided interval.
    target_pct : float, optional
        Percent defective that is allowed; `meets_target` says whether the upper end of the
        interval stays below.
    interval : {"exact", "normal"}
        Clopper-Pearson, or the normal approximation (Wald, cut to 0..1).

    Returns
    -------
    Binomial
        Process Z is the normal quantile of the fraction that is good; its interval comes from
        that of the fraction in reverse order.

    Raises
    ------
    DataProblem
        Negative, fractional or missing counts, sizes of 0, more defectives than items.

    References
    ----------
    Clopper and Pearson 1934; Minitab, Methods and formulas for binomial capability.

    Examples
    --------
    >>> round(binomial([2, 1, 3], [50, 50, 50]).pct_defective, 3)
    4.0
    """
    from scipy.special import ndtri

    bad, looked = inputs.counts_of(defectives, sizes)
    level = inputs.fraction(confidence)
    allowed = None if target_pct is None else inputs.number(target_pct, "Target", least=0)
    inputs.choice(interval, ("exact", "normal"), "interval")
    total, n = float(bad.sum()), float(looked.sum())
    p = total / n
    low, high = _clopper_pearson(total, n, level) if interval == "exact" else _wald(p, n, level)
    z_low, z_mid, z_high = (None if q in (0.0, 1.0) else -float(ndtri(q)) for q in (high, p, low))
    return Binomial(
        samples=bad.size,
        total_defectives=total,
        total_inspected=n,
        pct_defective=100 * p,
        pct_defective_ci=(100 * low, 100 * high),
        ppm_defective=1e6 * p,
        ppm_defective_ci=(1e6 * low, 1e6 * high),
        process_z=z_mid,
        process_z_ci=(z_low, z_high),
        p_chart_center=p,
        target_pct=allowed,
        meets_target=None if allowed is None else 100 * high <= allowed,
        interval=interval,
    )


def _clopper_pearson(found: float, n: float, level: float) -> Interval:
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = 0.0 if found == 0 else float(betaincinv(found, n - found + 1, tail))
    high = 1.0 if found == n else float(betaincinv(found + 1, n - found, 1 - tail))
    return low, high


def _wald(p: float, n: float, level: float) -> Interval:
    from scipy.special import ndtri

    reach = float(ndtri(0.5 + level / 2)) * math.sqrt(p * (1 - p) / n)
    return max(0.0, p - reach), min(1.0, p + reach)


def poisson(
    defects: ArrayLike,
    units: ArrayLike,
    *,
    confidence: float = 0.95,
    target_dpu: float | None = None,
    interval: str = "exact",
) -> Poisson:
    """Estimate the defects per unit of a stable process.

    Parameters
    ----------
    defects : array_like, shape (m,)
        Defects per sample.
    units : array_like, shape (m,), or float
        Units (area, length, time) looked at per sample, above 0.
    confidence : float
        Of the two-sided interval.
    target_dpu : float, optional
        Defects per unit that are allowed.
    interval : {"exact", "normal"}
        Garwood's, or the normal approximation cut at 0.

    Returns
    -------
    Poisson
        `yield_zero_defects` is exp(-DPU), the share of units without a defect.

    Raises
    ------
    DataProblem
        Negative, fractional or missing defects; units of 0 or less.

    References
    ----------
    Garwood 1936, Biometrika 28.

    Examples
    --------
    >>> round(poisson([3, 1, 2], [1, 1, 1]).mean_dpu, 3)
    2.0
    """
    found = inputs.counts(defects, "Defects")
    amount = inputs.exposures(units, found.size)
    level = inputs.fraction(confidence)
    allowed = None if target_dpu is None else inputs.number(target_dpu, "Target", least=0)
    inputs.choice(interval, ("exact", "normal"), "interval")
    total, n = float(found.sum()), float(amount.sum())
    low, high = _garwood(total, level) if interval == "exact" else _normal_count(total, level)
    each = found / amount
    return Poisson(
        samples=found.size,
        mean_dpu=total / n,
        mean_dpu_ci=(low / n, high / n),
        min_dpu=float(each.min()),
        max_dpu=float(each.max()),
        total_defects=total,
        total_units=n,
        mean_defects=float(found.mean()),
        yield_zero_defects=math.exp(-total / n),
        target_dpu=allowed,
        meets_target=None if allowed is None else high / n <= allowed,
        interval=interval,
    )


def _garwood(total: float, level: float) -> Interval:
    from scipy.special import gammainccinv, gammaincinv

    tail = (1 - level) / 2
    low = 0.0 if total == 0 else float(gammaincinv(total, tail))
    return low, float(gammainccinv(total + 1, tail))


def _normal_count(total: float, level: float) -> Interval:
    from scipy.special import ndtri

    reach = float(ndtri(0.5 + level / 2)) * math.sqrt(total)
    return max(0.0, total - reach), total + reach
