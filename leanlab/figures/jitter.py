"""Spread points of equal height sideways, always in the same way."""

import numpy as np

from leanlab.core.typing import FloatArray

GOLDEN = 0.6180339887498949
WIDEST = 0.28


def spread(values: FloatArray) -> FloatArray:
    """Return sideways places between -WIDEST and WIDEST; crowded heights spread further."""
    if values.size < 2 or np.ptp(values) == 0:
        level = (np.arange(values.size) * GOLDEN % 1 - 0.5) * 2 * WIDEST * (values.size > 1)
        return np.asarray(level, dtype=np.float64)
    bins = np.floor((values - values.min()) / np.ptp(values) * 24).astype(np.int64)
    crowd = np.bincount(bins)
    order = np.argsort(bins, kind="stable")
    starts = np.cumsum(crowd) - crowd
    place = np.empty(values.size)
    place[order] = np.arange(values.size) - starts[bins[order]]
    width = np.minimum(1.0, crowd[bins] / 12)
    centred = place - (crowd[bins] - 1) / 2
    reach = np.maximum((crowd[bins] - 1) / 2, 1)
    return np.asarray(centred / reach * width * WIDEST)
