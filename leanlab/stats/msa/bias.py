"""Bias of a gage: one reference (type 1), and over its range (linearity)."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats.doe.least_squares import two_sided_p
from leanlab.stats.inputs import known, number, numbers, subgroups

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Type1:
    """Result of `type1`."""

    n: int
    mean: float
    sd: float
    study_var: float
    bias: float
    t: float
    p_value: float
    cg: float
    cgk: float
    pct_var_repeatability: float
    pct_var_repeatability_and_bias: float
    resolution_pct_tolerance: float


@dataclass(frozen=True, slots=True, eq=False)
class LinearityBias:
    """Result of `linearity_bias`.

    Attributes
    ----------
    slope, intercept, se_slope, se_intercept, t_slope, t_intercept, p_slope, p_intercept, s,
    r_squared : float
        Regression of the bias of every reading on the reference.
    bias_by_reference : FloatArray, shape (references,)
    t_by_reference, p_by_reference : FloatArray
        Each with its own standard deviation, n - 1 degrees of freedom.
    t_by_reference_pooled, p_by_reference_pooled : FloatArray
        With the common standard deviation within references.
    average_bias, t_average, p_average : float
    linearity, pct_linearity, pct_bias : float
        |slope| x process variation; percent of the process variation (NaN without one).
    """

    slope: float
    intercept: float
    se_slope: float
    se_intercept: float
    t_slope: float
    t_intercept: float
    p_slope: float
    p_intercept: float
    s: float
    r_squared: float
    bias_by_reference: FloatArray
    t_by_reference: FloatArray
    p_by_reference: FloatArray
    t_by_reference_pooled: FloatArray
    p_by_reference_pooled: FloatArray
    average_bias: float
    t_average: float
    p_average: float
    linearity: float
    pct_linearity: float
    pct_bias: float


def type1(
    x: ArrayLike,
    *,
    reference: float,
    tolerance: float,
    tolerance_pct: float = 20.0,
    study_var_multiplier: float = 6.0,
    resolution: float | None = None,
) -> Type1:
    """Judge repeatability and bias from readings of one reference part.

    Parameters
    ----------
    x : array_like, shape (n,)
        Readings in data units; missing ones are left out.
    reference : float
        True value of the part.
    tolerance : float
        Upper minus lower specification limit.
    tolerance_pct : float, default 20
        K: share of the tolerance that the gage may use, in percent.
    study_var_multiplier : float, default 6
        L: standard deviations that make the study variation.
    resolution : float, optional
        Smallest step of the gage.

    Returns
    -------
    Type1
        Cg = (K/100 tolerance) / (L s); Cgk = (K/200 tolerance - |bias|) / (L/2 s); %Var = K/Cg and
        K/Cgk; the bias is tested two-sided with n - 1 degrees of freedom.

    Raises
    ------
    DataProblem
        Fewer than two readings, equal readings, a tolerance that is not above 0.

    References
    ----------
    Bosch, Quality Management in the Bosch Group, booklet 10; VDA 5.

    Examples
    --------
    >>> result = type1([10.0, 10.2, 9.9, 10.1], reference=10.0, tolerance=5.0)
    >>> round(result.cg, 3)
    1.291
    """
    readings = known(x, "Reading", least=2)
    target = number(reference, "Reference")
    width = number(tolerance, "Tolerance", above=0)
    share = number(tolerance_pct, "Share of the tolerance", above=0)
    spread = number(study_var_multiplier, "Study variation multiplier", above=0)
    step = _NAN if resolution is None else number(resolution, "Resolution", least=0)
    n = readings.size
    offset = readings - target
    bias, sd = float(offset.mean()), float(offset.std(ddof=1))
    if sd == 0:
        raise DataProblem(
            f"All {n} readings are {readings[0]:g}, so repeatability is unknown.",
            hint="The resolution may be too coarse; repeat the readings with more digits.",
        )
    t = bias / (sd / math.sqrt(n))
    cg = share / 100 * width / (spread * sd)
    cgk = (share / 200 * width - abs(bias)) / (spread / 2 * sd)
    return Type1(
        n=n,
        mean=float(readings.mean()),
        sd=sd,
        study_var=spread * sd,
        bias=bias,
        t=t,
        p_value=_p(t, n - 1),
        cg=cg,
        cgk=cgk,
        pct_var_repeatability=share / cg,
        pct_var_repeatability_and_bias=share / cgk if cgk != 0 else _NAN,
        resolution_pct_tolerance=100 * step / width,
    )


def _p(t: float, df: int) -> float:
    return float(two_sided_p(np.asarray([t]), df)[0])


def linearity_bias(
    reference: ArrayLike, readings: Any, *, process_variation: float | None = None
) -> LinearityBias:
    """Judge whether the bias of a gage changes over its range.

    Parameters
    ----------
    reference : array_like, shape (references,)
        True values.
    readings : sequence of sequences
        Readings of each reference part; numbers of readings may differ.
    process_variation : float, optional
        Study variation of the process (6 sd), for percentages.

    Returns
    -------
    LinearityBias

    Raises
    ------
    DataProblem
        Fewer than two different references, references without readings, no variation at all.

    References
    ----------
    AIAG, Measurement Systems Analysis, 4th ed., chapter III.

    Examples
    --------
    >>> result = linearity_bias([2, 4], [[2.1, 2.2], [4.3, 4.5]], process_variation=10)
    >>> round(result.slope, 3)
    0.125
    """
    levels, groups = _levels(reference, readings)
    width = (
        _NAN
        if process_variation is None
        else number(process_variation, "Process variation", above=0)
    )
    sizes = np.asarray([g.size for g in groups])
    bias = [g - level for g, level in zip(groups, levels, strict=True)]
    x, y = np.repeat(levels, sizes), np.concatenate(bias)
    line = _line(x, y)
    means = np.asarray([b.mean() for b in bias])
    own = np.asarray([b.std(ddof=1) if b.size > 1 else np.nan for b in bias])
    freedom = int(np.sum(sizes - 1))
    within = float(sum(np.sum((b - b.mean()) ** 2) for b in bias))
    pooled = math.sqrt(within / freedom) if freedom else _NAN
    t_own, t_pooled = _ratio(means, own / np.sqrt(sizes)), _ratio(means, pooled / np.sqrt(sizes))
    average = float(y.mean())
    t_average = float(
        _ratio(np.asarray([average]), np.asarray([y.std(ddof=1) / math.sqrt(y.size)]))[0]
    )
    slope = line["slope"]
    return LinearityBias(
        **line,
        bias_by_reference=means,
        t_by_reference=t_own,
        p_by_reference=np.asarray(
            [_p(t, n - 1) if n > 1 else _NAN for t, n in zip(t_own, sizes, strict=True)]
        ),
        t_by_reference_pooled=t_pooled,
        p_by_reference_pooled=two_sided_p(t_pooled, max(freedom, 1)),
        average_bias=average,
        t_average=t_average,
        p_average=_p(t_average, y.size - 1),
        linearity=abs(slope) * width,
        pct_linearity=100 * abs(slope),
        pct_bias=100 * abs(average) / width,
    )


def _levels(reference: ArrayLike, readings: Any) -> tuple[FloatArray, list[FloatArray]]:
    levels = numbers(reference, "Reference")
    groups = subgroups(readings, "Reference part")
    if levels.size != len(groups):
        raise DataProblem(f"There are {levels.size} references but {len(groups)} sets of readings.")
    for row, (level, group) in enumerate(zip(levels, groups, strict=True)):
        if np.isnan(level) or group.size == 0:
            what = "value" if np.isnan(level) else "readings"
            raise DataProblem(f"Reference {row + 1} has no {what}.", hint="Fill in or leave out.")
    if np.unique(levels).size < 2:
        raise DataProblem("Linearity needs at least two different references.")
    if sum(g.size for g in groups) < 3:
        raise DataProblem("Linearity needs at least three readings.")
    return levels, groups


def _ratio(value: FloatArray, error: FloatArray) -> FloatArray:
    """Divide, leaving NaN where the error is 0 or unknown."""
    return np.divide(value, error, out=np.full(value.size, np.nan), where=error > 0)


def _line(x: FloatArray, y: FloatArray) -> dict[str, float]:
    n = x.size
    dx, dy = x - x.mean(), y - y.mean()
    sxx = float(dx @ dx)
    slope = float(dx @ dy) / sxx
    intercept = float(y.mean() - slope * x.mean())
    residual = dy - slope * dx
    error, total = float(residual @ residual), float(dy @ dy)
    if total == 0:
        raise DataProblem(
            f"The bias of all {n} readings is {y[0]:g}.", hint="Check the resolution of the gage."
        )
    s = math.sqrt(error / (n - 2))
    se_slope = s / math.sqrt(sxx)
    se_intercept = s * math.sqrt(1 / n + float(x.mean()) ** 2 / sxx)
    t_slope = slope / se_slope if se_slope > 0 else _NAN
    t_intercept = intercept / se_intercept if se_intercept > 0 else _NAN
    return {
        "slope": slope, "intercept": intercept,
        "se_slope": se_slope, "se_intercept": se_intercept,
        "t_slope": t_slope, "t_intercept": t_intercept,
        "p_slope": _p(t_slope, n - 2), "p_intercept": _p(t_intercept, n - 2),
        "s": s, "r_squared": 1 - error / total,
    }  # fmt: skip
