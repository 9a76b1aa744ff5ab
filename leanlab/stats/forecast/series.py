"""A time series without gaps, and how well a forecast did on it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Errors of one-step forecasts: mean absolute percentage, mean absolute, mean squared.

    `mape` is None if an observation is 0.
    """

    mape: float | None
    mad: float
    msd: float


def complete(y: Any, *, least: int = 2) -> FloatArray:
    """Return a series in time order, and refuse a gap: every step must be there.

    Examples
    --------
    >>> complete([3, 4, 6])
    array([3., 4., 6.])
    """
    values = inputs.numbers(y, "The series")
    gap = np.flatnonzero(np.isnan(values))
    if gap.size:
        raise DataProblem(
            f"The series has no value in row {gap[0] + 1}.",
            hint="Fill the gap (for example with the average of its neighbours), or start after it.",
        )
    if values.size < least:
        raise DataProblem(
            f"The series has {values.size} values; at least {least} are needed.",
            hint="Add earlier periods.",
        )
    return values


def accuracy(y: FloatArray, fitted: FloatArray) -> Accuracy:
    """Compare fitted with observed values, where there are both."""
    there = ~(np.isnan(fitted) | np.isnan(y))
    seen, error = y[there], y[there] - fitted[there]
    mape = None if np.any(seen == 0) else float(100 * np.abs(error / seen).mean())
    return Accuracy(mape, float(np.abs(error).mean()), float((error**2).mean()))


def share(value: float, name: str) -> float:
    """Return a smoothing constant from 0 to 1."""
    out = inputs.number(value, name)
    if not 0 <= out <= 1:
        raise DataProblem(f"{name} must lie between 0 and 1, not {out:g}.")
    return out
