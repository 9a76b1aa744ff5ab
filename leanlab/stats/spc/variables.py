"""Charts of measured values: I-MR, Xbar-R, Xbar-S."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.stats import constants
from leanlab.stats.control_chart import ControlChart, Panel
from leanlab.stats.run_rules import BEYOND, STANDARD, Rule, find_signals
from leanlab.stats.spc.series import Frame, base_stage, frame, numbers, subgroups_of

_SIGMA_WORDS = {
    "MRbar": "mean moving range / d2",
    "MRmedian": "median moving range / d4",
    "MSSD": "successive differences",
    "Rbar": "mean range / d2",
    "Sbar": "mean standard deviation / c4",
    "pooled": "pooled standard deviation",
    "historical": "known sigma",
}


def panel(
    panel_id: str,
    title: str,
    points: FloatArray,
    limits: tuple[FloatArray, FloatArray, FloatArray],
    sigma: FloatArray,
    rules: Sequence[Rule],
    stage: IntArray,
) -> Panel:
    """Build a panel and look for signals; `limits` are lcl, center, ucl."""
    lcl, center, ucl = limits
    signals = find_signals(points, center, sigma, [r for r in rules if r.number != 1], stage)
    if any(rule.number == 1 for rule in rules):
        bare = Panel(panel_id, title, points, center, lcl, ucl, sigma)
        signals = {1: bare.out_of_limits} | signals
    return Panel(panel_id, title, points, center, lcl, ucl, sigma, signals)


def i_mr(
    x: ArrayLike,
    *,
    mr_length: int = 2,
    sigma_method: str = "MRbar",
    k: float = 3.0,
    stages: Any = None,
    historical_mean: float | None = None,
    historical_sigma: float | None = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart single values and their moving ranges.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values in time order, in data units; NaN or None where a value is missing.
    mr_length : int, default 2
        Number of points of a moving range.
    sigma_method : {"MRbar", "MRmedian", "MSSD", "historical"}
        Where the standard deviation comes from.
    k : float, default 3
        Width of the limits in sigma.
    stages : sequence, optional
        A name per point; limits are estimated per stage, and moving ranges restart.
    historical_mean, historical_sigma : float, optional
        Known parameters.
    excluded : array_like of bool, optional
        Points that are shown but do not count for the limits.
    limits_base : array_like of bool or int, optional
        Points (or number of first points) that the limits come from.
    rules : sequence of Rule
        Run rules for the individuals; the moving ranges get the limit test only.

    Returns
    -------
    ControlChart
        Panels ``i`` and ``mr``.

    Raises
    ------
    DataProblem
        No values, text, infinity, no variation, or too few values for a moving range.

    Notes
    -----
    Individuals: mean -+ k sigma. Moving ranges: d2 sigma, (d2 -+ k d3) sigma, not below 0.
    Assumes independent values; long tails raise false alarms.

    References
    ----------
    Montgomery, Introduction to Statistical Quality Control, 7th ed., section 6.4; Nelson 1982.

    Examples
    --------
    >>> chart = i_mr([10.0, 12.0, 11.0, 13.0])
    >>> round(float(chart.panel("i").ucl[0]), 3)
    15.932
    """
    values = numbers(x)
    known = np.isfinite(values)
    shape = frame(values.size, known, stages=stages, excluded=excluded, limits_base=limits_base)
    ranges = moving_ranges(values, shape.stage, mr_length)
    count = len(shape.stage_names)
    means, sigmas = np.full(count, np.nan), np.full(count, np.nan)
    for stage in range(count):
        base = base_stage(shape, stage)
        means[stage] = _mean(values[base], historical_mean)
        sigmas[stage] = (
            _known_sigma(historical_sigma)
            if sigma_method == "historical" or historical_sigma is not None
            else _sigma_of_ranges(values, ranges, base, mr_length, sigma_method)
        )
    return _i_mr_chart(values, ranges, shape, (means, sigmas), k, mr_length, sigma_method, rules)


def moving_ranges(values: FloatArray, stage: IntArray, length: int) -> FloatArray:
    """Return the range of the last `length` points of the same stage; NaN if any is missing."""
    if length < 2:
        raise DataProblem("A moving range needs at least two points.")
    high, low = values.copy(), values.copy()
    for back in range(1, length):
        earlier = np.full(values.size, np.nan)
        earlier[back:] = values[:-back] if back < values.size else values[:0]
        same = np.zeros(values.size, dtype=np.bool_)
        same[back:] = stage[back:] == stage[:-back] if back < values.size else False
        earlier[~same] = np.nan
        high, low = np.maximum(high, earlier), np.minimum(low, earlier)
    return np.asarray(high - low)


def _mean(values: FloatArray, historical: float | None) -> float:
    if historical is not None:
        return float(historical)
    if values.size == 0:
        raise DataProblem(
            "No value is left to compute the limits from.", hint="Include more points."
        )
    return float(values.mean())


def _known_sigma(sigma: float | None) -> float:
    if sigma is None or not sigma > 0:
        raise DataProblem(
            "The known sigma must be a number above 0.", hint="Enter it, or estimate it."
        )
    return float(sigma)


def _sigma_of_ranges(
    values: FloatArray, ranges: FloatArray, base: BoolArray, length: int, method: str
) -> float:
    usable = _windows_inside(base, length) & np.isfinite(ranges)
    found = ranges[usable]
    if found.size == 0:
        raise DataProblem(
            "There are too few neighbouring values for a moving range.",
            hint="At least two values in a row are needed in each stage.",
        )
    if method == "MRbar":
        sigma = float(found.mean()) / constants.d2(length)
    elif method == "MRmedian":
        sigma = float(np.median(found)) / constants.d4(length)
    elif method == "MSSD":
        steps = np.diff(values)
        steps = steps[(base[1:] & base[:-1]) & np.isfinite(steps)]
        sigma = float(np.sqrt(np.sum(steps**2) / (2 * steps.size)))
    else:
        raise DataProblem(
            f"Unknown sigma method {method!r}.", hint="MRbar, MRmedian, MSSD or historical."
        )
    if sigma == 0:
        raise DataProblem(
            _no_variation(values[base]), hint="Check rounding, or choose another column."
        )
    return sigma


def _no_variation(values: FloatArray) -> str:
    if np.ptp(values) == 0:
        return f"The limits cannot be computed: all {values.size} values are {values[0]:g}."
    return "The limits cannot be computed: most neighbouring values are equal."


def _windows_inside(base: BoolArray, length: int) -> BoolArray:
    """Mark points whose whole moving-range window is used for the limits."""
    inside = base.copy()
    for back in range(1, length):
        earlier = np.zeros(base.size, dtype=np.bool_)
        earlier[back:] = base[:-back] if back < base.size else base[:0]
        inside &= earlier
    return inside


def _i_mr_chart(
    values: FloatArray,
    ranges: FloatArray,
    shape: Frame,
    estimates: tuple[FloatArray, FloatArray],
    k: float,
    length: int,
    method: str,
    rules: Sequence[Rule],
) -> ControlChart:
    means, sigmas = estimates
    mean, sigma = means[shape.stage], sigmas[shape.stage]
    d2, d3 = constants.d2(length), constants.d3(length)
    here = np.where(np.isfinite(ranges), sigma, np.nan)
    limits = (mean - k * sigma, mean, mean + k * sigma)
    spread = (max(0.0, d2 - k * d3) * here, d2 * here, (d2 + k * d3) * here)
    return ControlChart(
        kind="i_mr",
        panels=(
            panel("i", "Individuals", values, limits, sigma, rules, shape.stage),
            panel("mr", "Moving range", ranges, spread, d3 * here, _limit_test(rules), shape.stage),
        ),
        stage=shape.stage,
        stage_names=shape.stage_names,
        used=shape.used,
        excluded=shape.excluded,
        mean_by_stage=means,
        sigma_by_stage=sigmas,
        sizes=np.ones(values.size),
        sigma_source=_SIGMA_WORDS[method],
        limits_basis=shape.basis,
        k=k,
    )


def _limit_test(rules: Sequence[Rule]) -> Sequence[Rule]:
    """Dispersion charts get the limit test only: run rules are not valid there."""
    return BEYOND if any(rule.number == 1 for rule in rules) else ()


def xbar_r(
    subgroups: Any,
    *,
    sigma_method: str = "Rbar",
    k: float = 3.0,
    stages: Any = None,
    historical_mean: float | None = None,
    historical_sigma: float | None = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart means and ranges of subgroups.

    Parameters
    ----------
    subgroups : sequence of sequences
        Values of each subgroup in time order; sizes may differ, None is missing.
    sigma_method : {"Rbar", "pooled", "historical"}
        Rbar weights the ranges by (d2/d3)^2, which equals the mean range / d2 for equal sizes.
    k, stages, historical_mean, historical_sigma, excluded, limits_base, rules
        As in `i_mr`, per subgroup.

    Returns
    -------
    ControlChart
        Panels ``xbar`` and ``r``.

    References
    ----------
    Montgomery, ch. 6; Burr 1969.

    Examples
    --------
    >>> chart = xbar_r([[1, 2, 3], [2, 3, 5], [1, 1, 4]])
    >>> round(float(chart.sigma_by_stage[0]), 4)
    1.5751
    """
    groups = subgroups_of(subgroups)
    options = (k, stages, historical_mean, historical_sigma, excluded, limits_base, rules)
    return _subgroup_chart("xbar_r", groups, sigma_method, options, use_c4=True)


def xbar_s(
    subgroups: Any,
    *,
    sigma_method: str = "Sbar",
    k: float = 3.0,
    use_c4: bool = True,
    stages: Any = None,
    historical_mean: float | None = None,
    historical_sigma: float | None = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart means and standard deviations of subgroups.

    Parameters
    ----------
    subgroups : sequence of sequences
        Values of each subgroup in time order; sizes may differ, None is missing.
    sigma_method : {"Sbar", "pooled", "historical"}
    use_c4 : bool, default True
        Divide by the unbiasing constant.
    k, stages, historical_mean, historical_sigma, excluded, limits_base, rules
        As in `i_mr`, per subgroup.

    Returns
    -------
    ControlChart
        Panels ``xbar`` and ``s``.

    References
    ----------
    Montgomery, ch. 6.

    Examples
    --------
    >>> chart = xbar_s([[1, 2, 3], [2, 3, 5], [1, 1, 4]])
    >>> round(float(chart.mean_by_stage[0]), 4)
    2.4444
    """
    groups = subgroups_of(subgroups)
    options = (k, stages, historical_mean, historical_sigma, excluded, limits_base, rules)
    return _subgroup_chart("xbar_s", groups, sigma_method, options, use_c4=use_c4)


def _subgroup_chart(
    kind: str, groups: list[FloatArray], method: str, options: tuple[Any, ...], *, use_c4: bool
) -> ControlChart:
    k, stages, mean0, sigma0, excluded, limits_base, rules = options
    sizes = np.asarray([g.size for g in groups], dtype=np.int64)
    shape = frame(sizes.size, sizes > 0, stages=stages, excluded=excluded, limits_base=limits_base)
    count = len(shape.stage_names)
    means, sigmas = np.full(count, np.nan), np.full(count, np.nan)
    for stage in range(count):
        base = [groups[i] for i in np.flatnonzero(base_stage(shape, stage))]
        means[stage] = _mean(np.concatenate(base) if base else np.zeros(0), mean0)
        sigmas[stage] = (
            _known_sigma(sigma0)
            if method == "historical" or sigma0 is not None
            else sigma_within(base, method, use_c4=use_c4)
        )
    location = np.asarray([g.mean() if g.size else np.nan for g in groups])
    mean, sigma = means[shape.stage], sigmas[shape.stage]
    with np.errstate(divide="ignore"):
        error = np.where(sizes > 0, sigma / np.sqrt(np.maximum(sizes, 1)), np.nan)
    spread = _spread_panel(kind, groups, sizes, sigma, k, use_c4, _limit_test(rules), shape.stage)
    limits = (mean - k * error, np.where(sizes > 0, mean, np.nan), mean + k * error)
    return ControlChart(
        kind=kind,
        panels=(
            panel("xbar", "Subgroup means", location, limits, error, rules, shape.stage),
            spread,
        ),
        stage=shape.stage,
        stage_names=shape.stage_names,
        used=shape.used,
        excluded=shape.excluded,
        mean_by_stage=means,
        sigma_by_stage=sigmas,
        sizes=sizes.astype(np.float64),
        sigma_source=_SIGMA_WORDS[method],
        limits_basis=shape.basis,
        k=k,
    )


def sigma_within(groups: Sequence[FloatArray], method: str, *, use_c4: bool = True) -> float:
    """Estimate the standard deviation within subgroups.

    Parameters
    ----------
    groups : sequence of FloatArray
        Known values per subgroup; subgroups of one value carry no information.
    method : {"Rbar", "Sbar", "pooled"}
    use_c4 : bool
        Divide by the unbiasing constant (Sbar, pooled).
    """
    usable = [g for g in groups if g.size > 1]
    if not usable:
        raise DataProblem(
            "Every subgroup has a single value, so there is no spread within subgroups.",
            hint="Use an I-MR chart, or choose which rows belong together.",
        )
    sigma = _ESTIMATORS[method](usable, use_c4) if method in _ESTIMATORS else float("nan")
    if np.isnan(sigma):
        raise DataProblem(
            f"Unknown sigma method {method!r}.", hint="Rbar, Sbar, pooled or historical."
        )
    if sigma == 0:
        raise DataProblem(
            "The limits cannot be computed: all values within each subgroup are equal.",
            hint="Check rounding, or which rows belong together.",
        )
    return sigma


def _rbar(groups: list[FloatArray], _use_c4: bool) -> float:
    d2 = np.asarray([constants.d2(g.size) for g in groups])
    weight = (d2 / np.asarray([constants.d3(g.size) for g in groups])) ** 2
    ranges = np.asarray([np.ptp(g) for g in groups])
    return float(np.sum(weight * ranges / d2) / np.sum(weight))


def _sbar(groups: list[FloatArray], use_c4: bool) -> float:
    deviations = np.asarray([g.std(ddof=1) for g in groups])
    if not use_c4:
        return float(deviations.mean())
    c4 = np.asarray([constants.c4(g.size) for g in groups])
    weight = c4**2 / (1 - c4**2)
    return float(np.sum(weight * deviations / c4) / np.sum(weight))


def _pooled(groups: list[FloatArray], use_c4: bool) -> float:
    freedom = sum(g.size - 1 for g in groups)
    pooled = float(np.sqrt(sum((g.size - 1) * g.var(ddof=1) for g in groups) / freedom))
    return pooled / constants.c4(freedom + 1) if use_c4 else pooled


_ESTIMATORS: dict[str, Callable[[list[FloatArray], bool], float]] = {
    "Rbar": _rbar,
    "Sbar": _sbar,
    "pooled": _pooled,
}


def _spread_panel(
    kind: str,
    groups: list[FloatArray],
    sizes: IntArray,
    sigma: FloatArray,
    k: float,
    use_c4: bool,
    rules: Sequence[Rule],
    stage: IntArray,
) -> Panel:
    factors = {int(n): _spread_factors(kind, int(n), use_c4) for n in np.unique(sizes)}
    level = np.asarray([factors[int(n)][0] for n in sizes]) * sigma
    deviation = np.asarray([factors[int(n)][1] for n in sizes]) * sigma
    limits = (np.maximum(0.0, level - k * deviation), level, level + k * deviation)
    if kind == "xbar_r":
        points = np.asarray([np.ptp(g) if g.size > 1 else np.nan for g in groups])
        return panel("r", "Ranges", points, limits, deviation, rules, stage)
    points = np.asarray([g.std(ddof=1) if g.size > 1 else np.nan for g in groups])
    return panel("s", "Standard deviations", points, limits, deviation, rules, stage)


def _spread_factors(kind: str, n: int, use_c4: bool) -> tuple[float, float]:
    if n < 2:
        return float("nan"), float("nan")
    if kind == "xbar_r":
        return constants.d2(n), constants.d3(n)
    c4, c5 = constants.c4(n), constants.c5(n)
    return (c4, c5) if use_c4 else (1.0, c5 / c4)
