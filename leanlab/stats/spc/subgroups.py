"""Subgroups and what is known of each: size, mean, range, standard deviation."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats import constants
from leanlab.stats.control_chart import pieces
from leanlab.stats.inputs import choice, numbers, subgroups
from leanlab.stats.spc.series import Base

_ROWS = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class Subgroups:
    """Known values of each subgroup in time order.

    Attributes
    ----------
    sizes : IntArray, shape (m,)
        Known values per subgroup.
    values : FloatArray
        Shape (m, n) if all subgroups are complete and alike, else one subgroup after the other.
    """

    sizes: IntArray
    values: FloatArray

    @classmethod
    def of(cls, given: Any) -> "Subgroups":
        """Read a table, or lists that may differ in length; None and NaN are missing."""
        table = _table(given)
        if table is None:
            groups = subgroups(given)
            sizes = np.asarray([group.size for group in groups], dtype=np.int64)
            return cls(sizes, np.concatenate(groups))
        m, n = table.shape
        if n and not np.isnan(table.sum()):
            return cls(np.broadcast_to(np.int64(n), (m,)), table)
        there = ~np.isnan(table)
        return cls(there.sum(axis=1), table[there])

    @property
    def size(self) -> int | None:
        """The size of all subgroups, if they are alike."""
        return self.values.shape[1] if self.values.ndim == 2 else None

    @property
    def _filled(self) -> IntArray:
        return np.flatnonzero(self.sizes > 0)

    def _reduce(self, by: np.ufunc, values: FloatArray) -> FloatArray:
        """Reduce each subgroup of the flat form; NaN for an empty one."""
        out = np.full(self.sizes.size, np.nan)
        filled = self._filled
        if filled.size:
            starts = (np.cumsum(self.sizes) - self.sizes)[filled]
            out[filled] = by.reduceat(values, starts)
        return out

    def means(self) -> FloatArray:
        """Return the mean of each subgroup; NaN for an empty one."""
        if self.size is None:
            return self._reduce(np.add, self.values) / np.maximum(self.sizes, 1)
        if self.size == 1:
            return self.values[:, 0]
        out = np.empty(self.sizes.size)
        for rows in pieces(out.size, _ROWS):
            np.divide(_added(self.values[rows]), self.size, out=out[rows])
        return out

    def ranges(self) -> FloatArray:
        """Return the range of each subgroup; NaN below two values."""
        if self.size is None:
            spread = self._reduce(np.maximum, self.values) - self._reduce(np.minimum, self.values)
            return np.where(self.sizes > 1, spread, np.nan)
        out = np.full(self.sizes.size, np.nan)
        for rows in pieces(out.size, _ROWS) if self.size > 1 else ():
            block = self.values[rows]
            high, low = block[:, 0].copy(), block[:, 0].copy()
            for column in block.T[1:]:
                np.maximum(high, column, out=high)
                np.minimum(low, column, out=low)
            np.subtract(high, low, out=out[rows])
        return out

    def deviations(self) -> FloatArray:
        """Return the standard deviation (n - 1) of each subgroup; NaN below two values."""
        means = self.means()
        if self.size is None:
            away = self.values - np.repeat(means, self.sizes)
            squares = self._reduce(np.add, away**2)
            return np.sqrt(
                np.where(self.sizes > 1, squares / np.maximum(self.sizes - 1, 1), np.nan)
            )
        out = np.full(self.sizes.size, np.nan)
        for rows in pieces(out.size, _ROWS) if self.size > 1 else ():
            total = np.zeros(out[rows].size)
            for column in self.values[rows].T:
                away = column - means[rows]
                np.multiply(away, away, out=away)
                np.add(total, away, out=total)
            np.divide(total, self.size - 1, out=total)
            np.sqrt(total, out=out[rows])
        return out


def _table(given: Any) -> FloatArray | None:
    """Return a rectangular table of numbers as it is; None for anything else."""
    if not isinstance(given, np.ndarray):
        if isinstance(given, str) or not hasattr(given, "__len__") or not len(given):
            return None
        try:
            given = np.asarray(given)
        except ValueError:  # rows of unequal length
            return None
    if given.dtype.kind not in "iuf" or given.ndim not in {1, 2} or not given.size:
        return None
    table = np.asarray(given if given.ndim == 2 else given[:, None], dtype=np.float64)
    numbers(table.ravel(), "Value")
    return table


def _added(block: FloatArray) -> FloatArray:
    total = block[:, 0].copy()
    for column in block.T[1:]:
        np.add(total, column, out=total)
    return total


def grand_mean(sizes: IntArray, means: FloatArray, base: Base) -> float:
    """Return the mean of all values of the base."""
    n, m = sizes[base], means[base]
    there = n > 0
    if not there.all():
        n, m = n[there], m[there]
    if n.size == 0:
        raise DataProblem(
            "No value is left to compute the limits from.", hint="Include more points."
        )
    if n[0] == n[-1] and np.all(n == n[0]):
        return float(m.mean())
    return float(m[0] + np.sum(n * (m - m[0])) / n.sum())


def sigma_within(
    groups: Subgroups,
    base: Base,
    method: str,
    spread: FloatArray | None = None,
    *,
    use_c4: bool = True,
    flat: bool = False,
) -> float:
    """Estimate the standard deviation within subgroups.

    Parameters
    ----------
    groups : Subgroups
        Subgroups of one value carry no information.
    base : BoolArray or slice
        Subgroups that count.
    method : {"Rbar", "Sbar", "pooled"}
    spread : FloatArray, optional
        The ranges (Rbar) or standard deviations (others), if they are known already.
    use_c4 : bool
        Divide by the unbiasing constant (Sbar, pooled).
    flat : bool
        Whether no spread within subgroups gives 0 instead of a refusal.

    Raises
    ------
    DataProblem
        No spread within subgroups, or an unknown method.
    """
    choice(method, ("Rbar", "Sbar", "pooled"), "sigma method")
    if spread is None:
        spread = groups.ranges() if method == "Rbar" else groups.deviations()
    sizes, spread = groups.sizes[base], spread[base]
    usable = sizes > 1
    if not usable.all():
        sizes, spread = sizes[usable], spread[usable]
    if sizes.size == 0:
        raise DataProblem(
            "Every subgroup has a single value, so there is no spread within subgroups.",
            hint="Use an I-MR chart, or choose which rows belong together.",
        )
    sigma = _estimate(sizes, spread, method, use_c4)
    if sigma == 0 and not flat:
        raise DataProblem(
            "The limits cannot be computed: all values within each subgroup are equal.",
            hint="Check rounding, or which rows belong together.",
        )
    return sigma


def _estimate(sizes: IntArray, spread: FloatArray, method: str, use_c4: bool) -> float:
    if method == "pooled":
        freedom = int(np.sum(sizes - 1))
        pooled = float(np.sqrt(np.sum((sizes - 1) * spread**2) / freedom))
        return pooled / constants.c4(freedom + 1) if use_c4 else pooled
    if method == "Sbar" and not use_c4:
        return float(spread.mean())
    mean, deviation = (
        (constants.d2, constants.d3) if method == "Rbar" else (constants.c4, constants.c5)
    )
    if np.all(sizes == sizes[0]):
        return float(spread.mean()) / mean(int(sizes[0]))
    level = by_size(sizes, mean)
    weight = (level / by_size(sizes, deviation)) ** 2
    return float(np.sum(weight * spread / level) / np.sum(weight))


def by_size(sizes: IntArray, constant: Any) -> FloatArray:
    """Return a chart constant for each subgroup size, worked out once per size."""
    found, place = np.unique(sizes, return_inverse=True)
    return np.asarray([constant(int(n)) for n in found], dtype=np.float64)[place.ravel()]


def size_column(sizes: IntArray, size: int | None) -> FloatArray:
    """Return subgroup sizes as numbers, as a view if they are alike."""
    if size is not None:
        return np.broadcast_to(np.float64(size), sizes.shape)
    return sizes.astype(np.float64)
