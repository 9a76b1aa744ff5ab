"""Where the bars of a histogram begin and end."""

import numpy as np

from leanlab.core.typing import FloatArray

FEWEST, MOST = 5, 60


def bins_for(values: FloatArray) -> FloatArray:
    """Return bin edges on round numbers: Freedman-Diaconis, 5 to 60 bins."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        half = abs(low) * 0.05 or 0.5
        return np.linspace(low - half, high + half, 4)
    spread = float(np.subtract(*np.quantile(values, [0.75, 0.25]))) or float(values.std())
    width = 2 * spread / values.size ** (1 / 3)
    width = float(np.clip(width, (high - low) / MOST, (high - low) / FEWEST))
    step = _round_up(width)
    first = np.floor(low / step) * step
    count = int(np.ceil((high - first) / step + 1e-9))
    if first + count * step <= high:
        count += 1
    return np.asarray(first + step * np.arange(count + 1))


def _round_up(width: float) -> float:
    """Return the nearest of 1, 2, 2.5 and 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(width))
    return float(min((1, 2, 2.5, 5, 10), key=lambda m: abs(np.log(m * power / width))) * power)
