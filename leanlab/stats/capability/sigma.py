"""Every usual estimate of the standard deviation within subgroups, side by side."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats import constants, inputs


@dataclass(frozen=True, slots=True, eq=False)
class Subgroups:
    """Known values one after another, and how many belong to each subgroup.

    `series` keeps the missing single values as NaN, because a moving range must not join across
    a gap; it is None when a subgroup has more than one value.
    """

    values: FloatArray
    sizes: IntArray
    series: FloatArray | None

    @property
    def single(self) -> bool:
        """Whether every subgroup is one value."""
        return self.series is not None


def read(subgroups: Any) -> Subgroups:
    """Return subgroups from a column, a matrix with one row per subgroup, or ragged lists.

    Raises
    ------
    DataProblem
        No subgroups or no values; text or infinity (subgroup and value are named).
    """
    array = _as_array(subgroups)
    if array is not None:
        return _column(inputs.numbers(array)) if array.ndim == 1 else _matrix(array)
    rows = _joined(subgroups) or inputs.subgroups(subgroups)
    if all(row.size <= 1 for row in rows) and not _listed_missing(subgroups):
        return _column(np.asarray([row[0] if row.size else np.nan for row in rows]))
    return _ragged(rows)


def _as_array(subgroups: Any) -> FloatArray | None:
    """Return a column or matrix of plain numbers at once; None for everything else."""
    try:
        array = np.asarray(subgroups)
    except ValueError:  # rows of unequal length
        return None
    if array.ndim not in (1, 2) or array.dtype.kind not in "iuf":
        return None
    return np.ascontiguousarray(array, dtype=np.float64)


def _joined(subgroups: Any) -> list[FloatArray] | None:
    """Return unequal rows of plain numbers at once; None when they need a closer look."""
    if not isinstance(subgroups, list | tuple) or not subgroups:
        return None
    if not all(isinstance(row, list | tuple | np.ndarray) for row in subgroups):
        return None
    flat = np.asarray([value for row in subgroups for value in row])
    if flat.ndim != 1 or flat.dtype.kind not in "iuf" or not flat.size:
        return None
    if not np.abs(flat).max() <= inputs.LARGEST:  # NaN, infinity or too large
        return None
    ends = np.cumsum([len(row) for row in subgroups])[:-1]
    return np.split(flat.astype(np.float64), ends)


def _listed_missing(subgroups: Any) -> bool:
    """Tell subgroups of which only one value is known from single readings."""
    return any(
        not isinstance(row, str) and hasattr(row, "__len__") and len(row) > 1 for row in subgroups
    )


def _column(series: FloatArray) -> Subgroups:
    if not series.size:
        raise DataProblem("There are no values.", hint="Choose a column with numbers.")
    values = series
    if np.isnan(series.min()):
        values = series[~np.isnan(series)]
    _some(values)
    return Subgroups(values, np.ones(values.size, dtype=np.int64), series)


def _matrix(matrix: FloatArray) -> Subgroups:
    flat = inputs.numbers(matrix.ravel())
    if matrix.shape[1] == 1:
        return _column(flat)
    _some(flat)
    if np.isnan(flat.min()):
        return _ragged([row[~np.isnan(row)] for row in matrix])
    return Subgroups(flat, np.full(matrix.shape[0], matrix.shape[1], dtype=np.int64), None)


def _ragged(rows: list[FloatArray]) -> Subgroups:
    rows = [row for row in rows if row.size]
    values = np.concatenate(rows) if rows else np.zeros(0)
    _some(values)
    return Subgroups(values, np.asarray([row.size for row in rows], dtype=np.int64), None)


def _some(values: FloatArray) -> None:
    if not values.size:
        raise DataProblem("There are no values.", hint="Choose a column with numbers.")


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What the subgroups of two or more values say about the spread."""

    sizes: IntArray
    ranges: FloatArray
    variances: FloatArray


def spread_of(data: Subgroups) -> Spread:
    """Return range and variance (divisor n - 1) of every subgroup of two or more values."""
    starts = np.concatenate(([0], np.cumsum(data.sizes)[:-1]))
    if data.sizes.min() == data.sizes.max() and data.sizes[0] > 1:
        matrix = data.values.reshape(-1, int(data.sizes[0]))
        return Spread(data.sizes, *_of_matrix(matrix))
    ranges = np.maximum.reduceat(data.values, starts) - np.minimum.reduceat(data.values, starts)
    means = np.add.reduceat(data.values - data.values[0], starts) / data.sizes + data.values[0]
    squares = np.add.reduceat((data.values - np.repeat(means, data.sizes)) ** 2, starts)
    kept = data.sizes > 1
    return Spread(data.sizes[kept], ranges[kept], squares[kept] / (data.sizes[kept] - 1))


def _of_matrix(matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Work on whole columns: reductions along short rows are several times slower."""
    columns = [matrix[:, j] for j in range(matrix.shape[1])]
    high, low, total = columns[0].copy(), columns[0].copy(), columns[0].copy()
    for column in columns[1:]:
        np.maximum(high, column, out=high)
        np.minimum(low, column, out=low)
        total += column
    total /= len(columns)
    squares = np.zeros(matrix.shape[0])
    for column in columns:
        squares += (column - total) ** 2
    return high - low, squares / (len(columns) - 1)


def _factors(sizes: IntArray, factor: Callable[[int], float]) -> FloatArray:
    """Return a constant per subgroup; each size is worked out once."""
    if sizes[0] == sizes.min() == sizes.max():
        return np.full(sizes.size, factor(int(sizes[0])))
    found, place = np.unique(sizes, return_inverse=True)
    return np.asarray([factor(int(n)) for n in found])[place]


def _rbar(spread: Spread) -> float:
    d2 = _factors(spread.sizes, constants.d2)
    weight = (d2 / _factors(spread.sizes, constants.d3)) ** 2
    return float(np.sum(weight * spread.ranges / d2) / np.sum(weight))


def _sbar(spread: Spread) -> float:
    c4 = _factors(spread.sizes, constants.c4)
    weight = c4**2 / (1 - c4**2)
    return float(np.sum(weight * np.sqrt(spread.variances) / c4) / np.sum(weight))


def _burr(spread: Spread) -> float:
    weight = (spread.sizes - 1).astype(np.float64)
    d2 = _factors(spread.sizes, constants.d2)
    return float(np.sum(weight * spread.ranges / d2) / np.sum(weight))


def _pooled_no_c4(spread: Spread) -> float:
    weight = spread.sizes - 1
    return float(np.sqrt(np.sum(weight * spread.variances) / np.sum(weight)))


def _pooled(spread: Spread) -> float:
    return _pooled_no_c4(spread) / constants.c4(int(np.sum(spread.sizes - 1)) + 1)


_FROM_SUBGROUPS: dict[str, Callable[[Spread], float]] = {
    "Rbar": _rbar,
    "Sbar": _sbar,
    "pooled": _pooled,
    "pooled_no_c4": _pooled_no_c4,
    "Rbar_unweighted": lambda s: float(np.mean(s.ranges / _factors(s.sizes, constants.d2))),
    "Sbar_unweighted": lambda s: float(
        np.mean(np.sqrt(s.variances) / _factors(s.sizes, constants.c4))
    ),
    "Rbar_burr": _burr,
}


def _moving_ranges(series: FloatArray, length: int) -> FloatArray:
    """Return the range of each run of `length` neighbours; windows with a gap are left out."""
    if series.size < length:
        return np.zeros(0)
    if length == 2:
        found: FloatArray = series[1:] - series[:-1]
        np.abs(found, out=found)
    else:
        windows = np.lib.stride_tricks.sliding_window_view(series, length)
        found = np.asarray(windows.max(axis=1) - windows.min(axis=1))
    return found[~np.isnan(found)] if found.size and np.isnan(found.min()) else found


_FROM_SERIES: dict[str, Callable[[FloatArray, int], float]] = {
    "MRbar": lambda ranges, w: float(ranges.mean()) / constants.d2(w),
    "MRmedian": lambda ranges, w: float(np.median(ranges)) / constants.d4(w),
    "sqrt_MSSD": lambda steps, _: math.sqrt(float(steps @ steps) / (2 * steps.size)),
}


def _series_estimate(series: FloatArray, method: str, length: int) -> float | None:
    ranges = _moving_ranges(series, 2 if method == "sqrt_MSSD" else length)
    return _FROM_SERIES[method](ranges, length) if ranges.size else None


SIGMA_METHODS: dict[str, str] = {
    "pooled": "pooled standard deviation / c4",
    "pooled_no_c4": "pooled standard deviation",
    "Rbar": "mean range / d2, minimum-variance weights",
    "Sbar": "mean standard deviation / c4, minimum-variance weights",
    "Rbar_unweighted": "plain mean of range / d2",
    "Sbar_unweighted": "plain mean of standard deviation / c4",
    "Rbar_burr": "range / d2 weighted by n - 1 (Burr)",
    "MRbar": "mean moving range / d2",
    "MRmedian": "median moving range / d4",
    "sqrt_MSSD": "root of half the mean squared successive difference",
}


def estimate(data: Subgroups, method: str, mr_length: int = 2) -> float:
    """Return one estimate; 0 when nothing varies.

    Raises
    ------
    DataProblem
        Unknown method, or one that these subgroups cannot feed.
    """
    inputs.choice(method, SIGMA_METHODS, "sigma method")
    if method in _FROM_SERIES:
        if data.series is None:
            raise DataProblem(
                "Moving ranges need one value per subgroup.",
                hint="Use pooled, Rbar or Sbar, or give the values as one column.",
            )
        sigma = _series_estimate(data.series, method, mr_length)
        if sigma is None:
            raise DataProblem(
                "There are too few neighbouring values for a moving range.",
                hint=f"At least {mr_length} values in a row are needed.",
            )
        return sigma
    if data.sizes.max() < 2:
        raise DataProblem(
            "Every subgroup has a single value, so there is no spread within subgroups.",
            hint="Use MRbar, MRmedian or sqrt_MSSD, or choose which rows belong together.",
        )
    return _FROM_SUBGROUPS[method](spread_of(data))


@dataclass(frozen=True, slots=True)
class SigmaWithin:
    """Result of `sigma_within`; estimates that the subgroups cannot feed are None."""

    Rbar: float | None
    Sbar: float | None
    pooled: float | None
    pooled_no_c4: float | None
    Rbar_unweighted: float | None
    Sbar_unweighted: float | None
    Rbar_burr: float | None
    MRbar: float | None
    MRmedian: float | None
    sqrt_MSSD: float | None  # noqa: N815 - the name that the method has everywhere


def sigma_within(subgroups: Any, *, mr_length: int = 2) -> SigmaWithin:
    """Estimate the standard deviation within subgroups in every usual way.

    Parameters
    ----------
    subgroups : sequence of sequences, array of shape (m, n), or one column
        In time order, in data units; sizes may differ, None or NaN is missing.
    mr_length : int, default 2
        Number of neighbours of a moving range (single values only).

    Returns
    -------
    SigmaWithin
        In data units. Rbar and Sbar weight the subgroups by minimum variance, (d2/d3)^2 and
        c4^2/(1-c4^2); `*_unweighted` is the plain mean (qcc's default), `Rbar_burr` weights by
        n - 1 (JASP). They differ for unequal sizes only. pooled divides by c4(sum(n-1)+1).

    Raises
    ------
    DataProblem
        No values, text or infinity.

    Notes
    -----
    Constants are exact. Assumes independent, roughly normal values within subgroups.

    References
    ----------
    Burr 1969, Journal of Quality Technology 1; Montgomery, Introduction to Statistical Quality
    Control, ch. 6; Nelson 1982 (moving ranges).

    Examples
    --------
    >>> round(sigma_within([[1, 2, 3], [2, 3, 5], [1, 1, 4]]).Rbar, 4)
    1.5755
    """
    length = inputs.whole(mr_length, "Length of the moving range", least=2, most=100)
    data = read(subgroups)
    found: dict[str, float | None] = dict.fromkeys(SIGMA_METHODS)
    if data.series is not None:
        found |= {name: _series_estimate(data.series, name, length) for name in _FROM_SERIES}
    elif data.sizes.max() > 1:
        spread = spread_of(data)
        found |= {name: make(spread) for name, make in _FROM_SUBGROUPS.items()}
    return SigmaWithin(**found)
