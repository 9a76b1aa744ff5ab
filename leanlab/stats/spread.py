"""Is there spread to judge by, or only rounding?"""

from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs

ROUNDING = 8 * np.finfo(np.float64).eps
SMALLEST, LARGEST = 1e-70, 1e70  # fourth powers of these are still numbers


def computable(values: FloatArray, name: str) -> FloatArray:
    """Return values whose fourth powers neither overflow nor vanish, and refuse others."""
    size = float(np.abs(values).max(initial=0.0))
    if size > LARGEST or 0 < size < SMALLEST:
        raise DataProblem(
            f"{name} has values around {size:g}, which is too {'large' if size > 1 else 'small'} to compute with.",
            hint="Choose another unit.",
        )
    return values


def only_rounding(values: FloatArray, size: float | None = None) -> bool:
    """Tell whether values differ by no more than rounding of numbers of this size.

    Examples
    --------
    >>> only_rounding(np.asarray([0.3, 0.1 + 0.2]))
    True
    """
    largest = float(np.abs(values).max()) if size is None else size
    return bool(np.ptp(values) <= ROUNDING * largest)


def varied(values: Any, name: str, *, least: int = 2, size: float | None = None) -> FloatArray:
    """Return the values that are there, and refuse them when only rounding tells them apart.

    Parameters
    ----------
    values : array_like, shape (n,)
    name : str
        What they are called in messages.
    least : int
        Smallest number of values.
    size : float, optional
        Magnitude of the numbers that these are differences of; their own unless given.

    Raises
    ------
    DataProblem
        Too few values, all (nearly) equal, or too large or small to compute with.

    Examples
    --------
    >>> varied([1, None, 2], "Width")
    array([1., 2.])
    """
    column = computable(inputs.varied(values, name, least=least), name)
    if only_rounding(column, size):
        raise DataProblem(
            f"{name}: the {column.size} values differ from {column[0]:g} by rounding only, so there is no spread to judge by.",
            hint="Check rounding, or choose another column.",
        )
    return column
