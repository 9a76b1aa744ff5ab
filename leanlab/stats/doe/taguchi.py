"""Taguchi's orthogonal arrays and signal-to-noise ratios."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats.inputs import choice

_L12 = (
    "11111111111 11111222222 11222111222 12122122112 12212212121 12221221211 "
    "21221122121 21212221112 21122212211 22211112212 22121211122 22112121221"
)
_L18 = (
    "11111111 11222222 11333333 12112233 12223311 12331122 13121323 13232131 13313212 "
    "21133221 21211332 21322113 22123132 22231213 22312321 23132312 23213123 23321231"
)
_L36_THREES = (  # every third row of the 3-level part; the two between add 1 and 2
    "111111111111 111122223333 112312331223 113213232132 123132133212 123211323321 "
    "121333122123 122331211332 132123313122 132221132313 133323221211 131232312231"
)


@dataclass(frozen=True, slots=True, eq=False)
class OrthogonalArray:
    """A published array.

    Attributes
    ----------
    name : str
    array : IntArray, shape (runs, columns)
        Levels from 1.
    levels : tuple of int
        Number of levels per column.
    """

    name: str
    array: IntArray
    levels: tuple[int, ...]


def orthogonal_array(name: str) -> OrthogonalArray:
    """Return one of Taguchi's orthogonal arrays.

    Parameters
    ----------
    name : {"L4", "L8", "L9", "L12", "L16", "L16b", "L18", "L25", "L27", "L32", "L36"}
        L16b has five columns of four levels; L18 one of two and seven of three levels; L36 eleven
        of two and twelve of three levels.

    Returns
    -------
    OrthogonalArray
        Every two columns hold every pair of levels equally often.

    References
    ----------
    Taguchi, System of Experimental Design; Phadke, Quality Engineering Using Robust Design.

    Examples
    --------
    >>> orthogonal_array("L4").array.tolist()
    [[1, 1, 1], [1, 2, 2], [2, 1, 2], [2, 2, 1]]
    """
    array = _ARRAYS[choice(name, _ARRAYS, "orthogonal array")]()
    return OrthogonalArray(name, array, tuple(int(column.max()) for column in array.T))


def _twos(factors: int) -> IntArray:
    """Column j is the sum of the basic columns whose bits make up j, as in Taguchi's tables."""
    runs = np.arange(1 << factors)
    columns = []
    for j in range(1, 1 << factors):
        parity = np.zeros(runs.size, dtype=np.int64)
        for bit in range(factors):
            if j >> bit & 1:
                parity ^= runs >> (factors - 1 - bit) & 1
        columns.append(parity + 1)
    return np.stack(columns, axis=1)


def _linear(levels: int, coefficients: tuple[tuple[int, ...], ...]) -> IntArray:
    """Return the columns that are linear in the basic columns, modulo the number of levels."""
    basic = len(coefficients[0])
    grid = np.indices((levels,) * basic).reshape(basic, -1)
    return np.asarray(np.asarray(coefficients) @ grid % levels + 1, dtype=np.int64).T


def _fours() -> IntArray:
    """Two columns of four levels and their three products over the field of four elements."""
    a, b = np.indices((4, 4)).reshape(2, -1)
    double = np.asarray([0, 2, 3, 1])
    return np.stack([a, b, a ^ b, double[a] ^ b, double[double[a]] ^ b], axis=1) + 1


def _table(text: str) -> IntArray:
    return np.asarray([[int(level) for level in row] for row in text.split()], dtype=np.int64)


def _l36() -> IntArray:
    threes = np.repeat(_table(_L36_THREES) - 1, 3, axis=0)
    turn = np.tile(np.arange(3), 12)[:, None]
    return np.hstack([np.repeat(_table(_L12), 3, axis=0), (threes + turn) % 3 + 1])


_L27 = (
    (1, 0, 0), (0, 1, 0), (1, 1, 0), (2, 1, 0), (0, 0, 1), (1, 0, 1), (2, 0, 1), (0, 1, 1),
    (1, 1, 1), (2, 1, 1), (0, 2, 1), (1, 2, 1), (2, 2, 1),
)  # fmt: skip
_ARRAYS: Mapping[str, Callable[[], IntArray]] = MappingProxyType(
    {
        "L4": lambda: _twos(2),
        "L8": lambda: _twos(3),
        "L9": lambda: _linear(3, ((1, 0), (0, 1), (1, 1), (2, 1))),
        "L12": lambda: _table(_L12),
        "L16": lambda: _twos(4),
        "L16b": _fours,
        "L18": lambda: _table(_L18),
        "L25": lambda: _linear(5, ((1, 0), (0, 1), (1, 1), (2, 1), (3, 1), (4, 1))),
        "L27": lambda: _linear(3, _L27),
        "L32": lambda: _twos(5),
        "L36": _l36,
    }
)
ARRAY_NAMES = tuple(_ARRAYS)


@dataclass(frozen=True, slots=True, eq=False)
class SignalToNoise:
    """Signal-to-noise ratios in dB, one value per run; NaN where a ratio is not defined."""

    larger_is_better: FloatArray
    smaller_is_better: FloatArray
    nominal_is_best_sd: FloatArray
    nominal_is_best_mean_sd: FloatArray
    mean: FloatArray
    sd: FloatArray


def taguchi_sn(y: ArrayLike) -> SignalToNoise:
    """Compute Taguchi's signal-to-noise ratios of each run.

    Parameters
    ----------
    y : array_like, shape (runs, replicates)
        Readings per run; None or NaN is missing.

    Returns
    -------
    SignalToNoise
        larger: -10 log10(mean 1/y^2); smaller: -10 log10(mean y^2); nominal: -10 log10(s^2), and
        10 log10(mean^2 / s^2), with s by n - 1.

    Raises
    ------
    DataProblem
        A run without readings.

    References
    ----------
    Taguchi; Montgomery, Design and Analysis of Experiments, chapter 12.

    Examples
    --------
    >>> round(float(taguchi_sn([[10.0, 12.0]]).smaller_is_better[0]), 3)
    -20.864
    """
    from leanlab.stats.inputs import subgroups

    groups = subgroups(y, "Run")
    empty = next((i for i, group in enumerate(groups) if group.size == 0), None)
    if empty is not None:
        raise DataProblem(f"Run {empty + 1} has no readings.", hint="Leave the run out.")
    mean = np.asarray([group.mean() for group in groups])
    sd = np.asarray([group.std(ddof=1) if group.size > 1 else np.nan for group in groups])
    with np.errstate(divide="ignore"):
        inverse = np.asarray([np.mean(group**-2.0) for group in groups])
    return SignalToNoise(
        larger_is_better=-_decibel(np.where(np.isinf(inverse), np.nan, inverse)),
        smaller_is_better=-_decibel(np.asarray([np.mean(group**2) for group in groups])),
        nominal_is_best_sd=-_decibel(sd**2),
        nominal_is_best_mean_sd=_decibel(mean**2) - _decibel(sd**2),
        mean=mean,
        sd=sd,
    )


def _decibel(power: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(10.0 * np.log10(np.where(power > 0, power, np.nan)))
