"""Pareto: categories sorted by how much they matter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats.inputs import numbers


@dataclass(frozen=True, slots=True, eq=False)
class Pareto:
    """Result of `pareto`: categories from the largest to the smallest."""

    category: tuple[str, ...]
    count: FloatArray
    percent: FloatArray
    cumulative_percent: FloatArray
    n_vital_80: int


def pareto(category: Sequence[str], count: ArrayLike | None = None) -> Pareto:
    """Add up counts or weights per category and sort them.

    Parameters
    ----------
    category : sequence of str
        One name per row; equal names are added.
    count : array_like, optional
        Weight per row (count, cost, time); 1 each if left out.

    Returns
    -------
    Pareto
        Ties keep the order of first appearance; `n_vital_80` categories reach 80 %.

    Raises
    ------
    DataProblem
        Nothing to count, or a negative weight.

    References
    ----------
    Juran, Quality Control Handbook.

    Examples
    --------
    >>> pareto(["a", "b", "a"]).category
    ('a', 'b')
    """
    weights = np.ones(len(category)) if count is None else numbers(count, "Weight")
    if weights.size != len(category):
        raise DataProblem(f"There are {len(category)} categories but {weights.size} weights.")
    negative = np.flatnonzero(weights < 0)
    if negative.size:
        raise DataProblem(
            f"Weight in row {negative[0] + 1} is negative.", hint="Use amounts of 0 or more."
        )
    totals: dict[str, float] = {}
    for name, weight in zip(category, weights, strict=True):
        totals[name] = totals.get(name, 0.0) + (0.0 if np.isnan(weight) else float(weight))
    total = sum(totals.values())
    if total <= 0:
        raise DataProblem("There is nothing to count.", hint="Choose a column with categories.")
    ranked = sorted(totals, key=lambda name: -totals[name])
    amounts = np.asarray([totals[name] for name in ranked])
    cumulative = 100 * np.cumsum(amounts) / total
    vital = int(np.searchsorted(cumulative, 80.0 - 1e-9)) + 1
    return Pareto(tuple(ranked), amounts, 100 * amounts / total, cumulative, vital)
