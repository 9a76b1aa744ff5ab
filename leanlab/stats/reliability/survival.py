"""Survival without a distribution: Kaplan-Meier and the log-rank test."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats import inputs


def lifetimes(
    time: ArrayLike, event: ArrayLike | None, *, above_zero: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Return times and events (1 failed, 0 still running) without rows that miss either.

    Raises
    ------
    DataProblem
        Negative times, events other than 0 and 1, no failure, or columns of unequal length.
    """
    times = inputs.numbers(time, "Time")
    events = np.ones(times.size) if event is None else inputs.numbers(event, "Event")
    inputs.same_length(times, events, "Time", "Event")
    with np.errstate(invalid="ignore"):
        wrong = np.flatnonzero((times < 0) | (times == 0) if above_zero else times < 0)
        odd = np.flatnonzero(~np.isnan(events) & (events != 0) & (events != 1))
    if wrong.size:
        raise DataProblem(
            f"Time in row {wrong[0] + 1} is {times[wrong[0]]:g}; it must be {'above 0' if above_zero else 'at least 0'}.",
            hint="Correct it, or leave the row out.",
        )
    if odd.size:
        raise DataProblem(
            f"Event in row {odd[0] + 1} is {events[odd[0]]:g}.",
            hint="1 means failed, 0 means still running (censored).",
        )
    kept = ~(np.isnan(times) | np.isnan(events))
    times, events = times[kept], events[kept]
    if not times.size:
        raise DataProblem("There are no times.", hint="Choose a column with times.")
    if not events.any():
        raise DataProblem(
            "No failure was seen, so nothing can be estimated.",
            hint="Check the event column: 1 means failed.",
        )
    return times, events


@dataclass(frozen=True, slots=True, eq=False)
class KaplanMeier:
    """Result of `kaplan_meier`; one entry per failure time, NaN where survival is 0."""

    time: FloatArray
    n_risk: IntArray
    n_event: IntArray
    survival: FloatArray
    se: FloatArray
    plain_lower: FloatArray
    plain_upper: FloatArray
    log_lower: FloatArray
    log_upper: FloatArray
    loglog_lower: FloatArray
    loglog_upper: FloatArray
    q1: float | None
    median: float | None
    q3: float | None
    restricted_mean_to_last_time: float
    confidence: float


def kaplan_meier(
    time: ArrayLike, event: ArrayLike | None = None, *, confidence: float = 0.95
) -> KaplanMeier:
    """Estimate the share that survives, by the product limit.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time to failure or to the end of observation, 0 or more.
    event : array_like, shape (n,), optional
        1 failed, 0 still running then (right-censored); all failed if left out.
    confidence : float
        Of the pointwise intervals.

    Returns
    -------
    KaplanMeier
        Greenwood's standard error; bounds on the plain scale cut to 0..1 (Minitab), the log scale
        (R) and the log-log scale (lifelines). A unit censored at a failure time is at risk there.
        Quartiles are the smallest time with survival at or below 0.75, 0.5, 0.25; if survival
        equals that on a whole step, its midpoint (R). None if not reached.

    Raises
    ------
    DataProblem
        Negative times, events other than 0 and 1, no failure.

    References
    ----------
    Kaplan and Meier 1958, Journal of the American Statistical Association 53; Greenwood 1926.

    Examples
    --------
    >>> kaplan_meier([3, 5, 5, 8], [1, 1, 0, 1]).survival
    array([0.75, 0.5 , 0.  ])
    """
    level = inputs.fraction(confidence)
    times, events = lifetimes(time, event)
    at = np.unique(times[events == 1])
    risk = times.size - np.searchsorted(np.sort(times), at, side="left")
    failed = np.sort(times[events == 1])
    died = np.searchsorted(failed, at, side="right") - np.searchsorted(failed, at, side="left")
    survival = np.asarray(np.cumprod((risk - died) / risk), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.cumsum(died / (risk * (risk - died).astype(np.float64)))
        log_se = np.where(survival > 0, np.sqrt(hazard), np.nan)
    se = np.asarray(survival * log_se)
    bounds = _bounds(survival, se, log_se, level)
    last = float(times.max())
    steps = np.diff(np.concatenate(([0.0], at, [last])))
    return KaplanMeier(
        time=at,
        n_risk=risk.astype(np.int64),
        n_event=died.astype(np.int64),
        survival=survival,
        se=se,
        **bounds,
        q1=_quantile(at, survival, 0.75, last),
        median=_quantile(at, survival, 0.5, last),
        q3=_quantile(at, survival, 0.25, last),
        restricted_mean_to_last_time=float(steps @ np.concatenate(([1.0], survival))),
        confidence=level,
    )


def _bounds(
    survival: FloatArray, se: FloatArray, log_se: FloatArray, level: float
) -> dict[str, FloatArray]:
    from scipy.special import ndtri

    z = float(ndtri(0.5 + level / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        log_s = np.where(survival > 0, np.log(survival), np.nan)
        power = np.exp(z * log_se / np.abs(log_s))
    return {
        "plain_lower": np.clip(survival - z * se, 0, 1),
        "plain_upper": np.clip(survival + z * se, 0, 1),
        "log_lower": np.exp(log_s - z * log_se),
        "log_upper": np.minimum(np.exp(log_s + z * log_se), 1),
        "loglog_lower": np.exp(log_s * power),
        "loglog_upper": np.exp(log_s / power),
    }


_SAME = math.sqrt(np.finfo(np.float64).eps)  # survival within this of a quantile counts as equal


def _quantile(at: FloatArray, survival: FloatArray, level: float, last: float) -> float | None:
    reached = np.flatnonzero(survival <= level + _SAME)
    if not reached.size:
        return None
    first = int(reached[0])
    if abs(float(survival[first]) - level) < _SAME:
        end = float(at[first + 1]) if first + 1 < at.size else last
        return (float(at[first]) + end) / 2
    return float(at[first])


@dataclass(frozen=True, slots=True, eq=False)
class LogRank:
    """Result of `log_rank`; groups in sorted order."""

    groups: tuple[str, ...]
    n: IntArray
    observed: FloatArray
    expected: FloatArray
    chi2: float
    df: int
    p_value: float


def log_rank(time: ArrayLike, event: ArrayLike | None, group: Sequence[Any]) -> LogRank:
    """Compare the survival of two or more groups.

    Parameters
    ----------
    time : array_like, shape (n,)
    event : array_like, shape (n,), or None
        1 failed, 0 still running then; all failed if None.
    group : sequence, shape (n,)
        Label per row.

    Returns
    -------
    LogRank
        Chi-square with (groups - 1) degrees of freedom, hypergeometric variance for ties.

    Raises
    ------
    DataProblem
        Fewer than two groups, negative times, no failure, columns of unequal length.

    References
    ----------
    Mantel 1966; Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data.

    Examples
    --------
    >>> log_rank([1, 2, 3, 4], [1, 1, 1, 1], ["A", "A", "B", "B"]).df
    1
    """
    times = inputs.numbers(time, "Time")
    inputs.same_length(times, group, "Time", "Group")
    events = np.ones(times.size) if event is None else inputs.numbers(event, "Event")
    inputs.same_length(times, events, "Time", "Event")
    kept = ~(np.isnan(times) | np.isnan(events)) & np.asarray([g is not None for g in group])
    labels = [str(g) for g, k in zip(group, kept, strict=True) if k]
    t, e = lifetimes(times[kept], events[kept])
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise DataProblem(
            "There is only one group; at least two are needed.",
            hint="Choose a column that tells the groups apart.",
        )
    code = np.asarray([names.index(label) for label in labels], dtype=np.int64)
    observed, expected, variance = _compared(t, e, code, len(names))
    gap = (observed - expected)[:-1]
    inner = variance[:-1, :-1]
    if np.linalg.matrix_rank(inner) < inner.shape[0]:
        raise DataProblem(
            "The groups cannot be compared: they do not overlap in time.",
            hint="Check the group column.",
        )
    chi2 = float(gap @ np.linalg.solve(inner, gap))
    from scipy.special import gammaincc

    df = len(names) - 1
    sizes = np.bincount(code, minlength=len(names)).astype(np.int64)
    return LogRank(names, sizes, observed, expected, chi2, df, float(gammaincc(df / 2, chi2 / 2)))


def _compared(
    times: FloatArray, events: FloatArray, code: IntArray, k: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return observed and expected failures per group and the covariance of their gap."""
    at = np.unique(times[events == 1])
    risk, died = np.empty((at.size, k)), np.empty((at.size, k))
    for g in range(k):
        own, failed = np.sort(times[code == g]), np.sort(times[(code == g) & (events == 1)])
        risk[:, g] = own.size - np.searchsorted(own, at, side="left")
        died[:, g] = np.searchsorted(failed, at, "right") - np.searchsorted(failed, at, "left")
    n, d = risk.sum(axis=1), died.sum(axis=1)
    share = risk / n[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(n > 1, d * (n - d) / (n - 1), 0.0)
    variance = np.diag(factor @ share) - (share * factor[:, None]).T @ share
    return died.sum(axis=0), np.asarray(d @ share), np.asarray(variance)
