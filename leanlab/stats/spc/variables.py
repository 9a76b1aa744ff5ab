"""Charts of measured values: I-MR, Xbar-R, Xbar-S."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.stats import constants
from leanlab.stats.control_chart import ControlChart, Lines, pieces
from leanlab.stats.inputs import choice, numbers, whole
from leanlab.stats.run_rules import STANDARD, Rule, limit_test
from leanlab.stats.spc.series import (
    Base,
    Frame,
    Setup,
    chart,
    frame,
    known_points,
    known_sigma,
    mean_of,
    panel,
)
from leanlab.stats.spc.subgroups import Subgroups, grand_mean, sigma_within, size_column

SIGMA_WORDS = {
    "MRbar": "mean moving range / d2",
    "MRmedian": "median moving range / d4",
    "MSSD": "successive differences",
    "sqrt_MSSD": "successive differences",
    "Rbar": "mean range / d2",
    "Sbar": "mean standard deviation / c4",
    "pooled": "pooled standard deviation",
    "historical": "known sigma",
}
_BLOCK = 16_384
OF_SERIES = ("MRbar", "MRmedian", "MSSD", "sqrt_MSSD")


def i_mr(  # noqa: PLR0913 - a chart has as many options as it has
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
    flat: bool = False,
) -> ControlChart:
    """Chart single values and their moving ranges.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values in time order, in data units; NaN or None where a value is missing.
    mr_length : int, default 2
        Number of points of a moving range.
    sigma_method : {"MRbar", "MRmedian", "MSSD", "historical"}
        Where the standard deviation comes from; "sqrt_MSSD" is another name of "MSSD".
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
    flat : bool, default False
        Whether values without spread get limits of no width instead of a refusal.

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
    Individuals: mean -+ k sigma. Moving ranges: d2 sigma, (d2 -+ k d3) sigma, not below 0; a
    missing value breaks the moving range. Assumes independent values; long tails raise false
    alarms.

    References
    ----------
    Montgomery, Introduction to Statistical Quality Control, 7th ed., section 6.4; Nelson 1982.

    Examples
    --------
    >>> chart = i_mr([10.0, 12.0, 11.0, 13.0])
    >>> round(float(chart.panel("i").ucl[0]), 3)
    15.931
    """
    values = numbers(x)
    length = whole(mr_length, "Points of a moving range", least=2, most=100)
    choice(sigma_method, (*OF_SERIES, "historical"), "sigma method")
    setup = Setup(k, stages, excluded, limits_base, rules)
    shape = frame(values.size, known_points(values), setup)
    ranges = moving_ranges(values, shape.split, length)
    given = sigma_method == "historical" or historical_sigma is not None
    means, sigmas = np.empty(shape.count), np.empty(shape.count)
    for stage in range(shape.count):
        base = shape.base(stage)
        means[stage] = mean_of(values, base, historical_mean)
        sigmas[stage] = (
            known_sigma(historical_sigma)
            if given
            else sigma_of_series(values, ranges, base, sigma_method, length, flat=flat)
        )
    panels = (
        panel("i", "Individuals", values, _level_lines(means, sigmas, k, shape), rules, shape),
        panel(
            "mr", "Moving range", ranges, range_lines(sigmas, length, k, shape.split),
            limit_test(rules), shape,
        ),
    )  # fmt: skip
    return chart(
        "i_mr", panels, shape, (means, sigmas), k=k,
        source=SIGMA_WORDS["historical" if given else sigma_method],
        known=given and historical_mean is not None,
    )  # fmt: skip


def _level_lines(means: FloatArray, sigmas: FloatArray, k: float, shape: Frame) -> Lines:
    return Lines(
        means - k * sigmas,
        means,
        means + k * sigmas,
        sigmas,
        shape.split,
        only_at_points=False,
        k=k,
    )


def range_lines(sigmas: FloatArray, length: int, k: float, kind: IntArray | None) -> Lines:
    """Return the lines of moving ranges."""
    d2, d3 = constants.d2(length), constants.d3(length)
    return Lines(
        max(0.0, d2 - k * d3) * sigmas, d2 * sigmas, (d2 + k * d3) * sigmas, d3 * sigmas, kind, k=k
    )


def moving_ranges(values: FloatArray, stage: IntArray | None, length: int) -> FloatArray:
    """Return the range of the last `length` points of the same stage; NaN if any is missing."""
    n = values.size
    out = np.empty(n)
    out[: length - 1] = np.nan
    for piece in pieces(n - length + 1):
        high = low = values[piece.start : piece.stop]
        if length == 2:
            into = out[piece.start + 1 : piece.stop + 1]
            np.subtract(values[piece.start + 1 : piece.stop + 1], low, out=into)
            np.abs(into, out=into)
            continue
        for ahead in range(1, length):
            later = values[piece.start + ahead : piece.stop + ahead]
            high, low = np.maximum(high, later), np.minimum(low, later)
        out[piece.start + length - 1 : piece.stop + length - 1] = high - low
    if stage is not None:
        for change in np.flatnonzero(stage[1:] != stage[:-1]) + 1:
            out[change : change + length - 1] = np.nan
    return out


def sigma_of_series(
    values: FloatArray,
    ranges: FloatArray,
    base: Base,
    method: str = "MRbar",
    length: int = 2,
    *,
    flat: bool = False,
) -> float:
    """Estimate sigma from neighbouring values that all count."""
    found = (
        ranges[length - 1 :] if isinstance(base, slice) else ranges[_windows_inside(base, length)]
    )
    if found.size and np.isnan(found.sum()):
        found = found[~np.isnan(found)]
    if found.size == 0:
        raise DataProblem(
            "There are too few neighbouring values for a moving range.",
            hint="At least two values in a row are needed in each stage.",
        )
    if method == "MRbar":
        sigma = float(found.mean()) / constants.d2(length)
    elif method == "MRmedian":
        sigma = float(np.median(found)) / constants.d4(length)
    else:
        if length > 2:
            return sigma_of_series(values, moving_ranges(values, None, 2), base, method, flat=flat)
        sigma = float(np.sqrt(found @ found / (2 * found.size)))
    if sigma == 0 and not flat:
        raise DataProblem(
            _no_variation(values[base]), hint="Check rounding, or choose another column."
        )
    return sigma


def mean_step_sigma(values: FloatArray) -> float:
    """Return the mean moving range / d2 of complete values, without keeping the ranges."""
    total = 0.0
    for piece in pieces(values.size - 1, _BLOCK):
        steps = values[piece.start + 1 : piece.stop + 1] - values[piece]
        total += float(np.abs(steps, out=steps).sum())
    if total == 0:  # too few values, or no variation
        return sigma_of_series(values, moving_ranges(values, None, 2), slice(None))
    return total / (values.size - 1) / constants.d2(2)


def _no_variation(values: FloatArray) -> str:
    there = values[~np.isnan(values)]
    if np.ptp(there) == 0:
        return f"The limits cannot be computed: all {there.size} values are {there[0]:g}."
    return "The limits cannot be computed: most neighbouring values are equal."


def _windows_inside(base: BoolArray, length: int) -> BoolArray:
    """Mark points whose whole moving-range window is used for the limits."""
    inside = base.copy()
    inside[: length - 1] = False
    for back in range(1, length):
        inside[back:] &= base[: base.size - back]
    return inside


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
    flat: bool = False,
) -> ControlChart:
    """Chart means and ranges of subgroups.

    Parameters
    ----------
    subgroups : sequence of sequences, or array of shape (m, n)
        Values of each subgroup in time order; sizes may differ, None is missing.
    sigma_method : {"Rbar", "pooled", "historical"}
        Rbar weights the ranges by (d2/d3)^2, which equals the mean range / d2 for equal sizes.
    k, stages, historical_mean, historical_sigma, excluded, limits_base, rules, flat
        As in `i_mr`, per subgroup; the ranges get the limit test only.

    Returns
    -------
    ControlChart
        Panels ``xbar`` and ``r``.

    Raises
    ------
    DataProblem
        As `i_mr`, and subgroups without spread.

    References
    ----------
    Montgomery, ch. 6; Burr 1969.

    Examples
    --------
    >>> chart = xbar_r([[1, 2, 3], [2, 3, 5], [1, 1, 4]])
    >>> round(float(chart.sigma_by_stage[0]), 4)
    1.5755
    """
    choice(sigma_method, ("Rbar", "pooled", "historical"), "sigma method")
    setup = Setup(k, stages, excluded, limits_base, rules)
    known = (historical_mean, historical_sigma)
    return _subgroup_chart("xbar_r", subgroups, sigma_method, known, setup, use_c4=True, flat=flat)


def xbar_s(  # noqa: PLR0913 - a chart has as many options as it has
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
    flat: bool = False,
) -> ControlChart:
    """Chart means and standard deviations of subgroups.

    Parameters
    ----------
    subgroups : sequence of sequences, or array of shape (m, n)
        Values of each subgroup in time order; sizes may differ, None is missing.
    sigma_method : {"Sbar", "pooled", "historical"}
    use_c4 : bool, default True
        Divide by the unbiasing constant.
    k, stages, historical_mean, historical_sigma, excluded, limits_base, rules, flat
        As in `i_mr`, per subgroup; the standard deviations get the limit test only.

    Returns
    -------
    ControlChart
        Panels ``xbar`` and ``s``.

    Raises
    ------
    DataProblem
        As `i_mr`, and subgroups without spread.

    References
    ----------
    Montgomery, ch. 6.

    Examples
    --------
    >>> chart = xbar_s([[1, 2, 3], [2, 3, 5], [1, 1, 4]])
    >>> round(float(chart.mean_by_stage[0]), 4)
    2.4444
    """
    choice(sigma_method, ("Sbar", "pooled", "historical"), "sigma method")
    setup = Setup(k, stages, excluded, limits_base, rules)
    known = (historical_mean, historical_sigma)
    return _subgroup_chart(
        "xbar_s", subgroups, sigma_method, known, setup, use_c4=use_c4, flat=flat
    )


def _subgroup_chart(
    kind: str,
    given: Any,
    method: str,
    known: tuple[float | None, float | None],
    setup: Setup,
    *,
    use_c4: bool,
    flat: bool,
) -> ControlChart:
    groups = Subgroups.of(given)
    sizes = groups.sizes
    shape = frame(sizes.size, None if groups.size else sizes > 0, setup)
    location = groups.means()
    spread = groups.ranges() if kind == "xbar_r" else groups.deviations()
    matching = spread if (method == "Rbar") == (kind == "xbar_r") else None
    given_sigma = method == "historical" or known[1] is not None
    means, sigmas = np.empty(shape.count), np.empty(shape.count)
    for stage in range(shape.count):
        base = shape.base(stage)
        means[stage] = (
            grand_mean(sizes, location, base)
            if known[0] is None
            else mean_of(location, base, known[0])
        )
        sigmas[stage] = (
            known_sigma(known[1])
            if given_sigma
            else sigma_within(groups, base, method, matching, use_c4=use_c4, flat=flat)
        )
    kinds = _Kinds.of(groups, shape, means, sigmas)
    names = ("r", "Ranges") if kind == "xbar_r" else ("s", "Standard deviations")
    panels = (
        panel("xbar", "Subgroup means", location, kinds.level_lines(setup.k), setup.rules, shape),
        panel(
            *names, spread, kinds.spread_lines(kind, setup.k, use_c4=use_c4),
            limit_test(setup.rules), shape,
        ),
    )  # fmt: skip
    return chart(
        kind, panels, shape, (means, sigmas), k=setup.k,
        source=SIGMA_WORDS["historical" if given_sigma else method],
        sizes=size_column(sizes, groups.size),
        known=given_sigma and known[0] is not None,
    )  # fmt: skip


class _Kinds:
    """Every pair of stage and subgroup size that occurs, with its mean and sigma."""

    __slots__ = ("kind", "mean", "sigma", "sizes")

    def __init__(
        self, sizes: IntArray, mean: FloatArray, sigma: FloatArray, kind: IntArray | None
    ) -> None:
        self.sizes, self.mean, self.sigma, self.kind = sizes, mean, sigma, kind

    @classmethod
    def of(cls, groups: Subgroups, shape: Frame, means: FloatArray, sigmas: FloatArray) -> "_Kinds":
        if groups.size:
            sizes = np.full(shape.count, groups.size, dtype=np.int64)
            return cls(sizes, means, sigmas, shape.split)
        found, place = np.unique(groups.sizes, return_inverse=True)
        kind = shape.stage * found.size + place.ravel()
        return cls(
            np.tile(found, shape.count), np.repeat(means, found.size),
            np.repeat(sigmas, found.size), kind,
        )  # fmt: skip

    def level_lines(self, k: float) -> Lines:
        error = self.sigma / np.sqrt(np.maximum(self.sizes, 1))
        return Lines(self.mean - k * error, self.mean, self.mean + k * error, error, self.kind, k=k)

    def spread_lines(self, chart_kind: str, k: float, *, use_c4: bool) -> Lines:
        factors = np.asarray([_spread_factors(chart_kind, int(n), use_c4) for n in self.sizes])
        level, deviation = factors[:, 0] * self.sigma, factors[:, 1] * self.sigma
        low = np.maximum(0.0, level - k * deviation)
        return Lines(low, level, level + k * deviation, deviation, self.kind, k=k)


def _spread_factors(kind: str, n: int, use_c4: bool) -> tuple[float, float]:
    if n < 2:
        return float("nan"), float("nan")
    if kind == "xbar_r":
        return constants.d2(n), constants.d3(n)
    c4, c5 = constants.c4(n), constants.c5(n)
    return (c4, c5) if use_c4 else (1.0, c5 / c4)
