"""Fewer points, same picture: the extremes of each pixel column."""

import numpy as np

from leanlab.core.typing import FloatArray, IntArray

POINTS_PER_PIXEL = 4


def worth_thinning(count: int, pixels: int) -> bool:
    """Whether there are so many points that nobody could tell them apart."""
    return count > POINTS_PER_PIXEL * max(pixels, 1)


def envelope(values: FloatArray, pixels: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return position, lowest and highest value per pixel column; NaN values are passed over."""
    width = int(np.ceil(values.size / max(pixels, 1)))
    padded = np.full(width * int(np.ceil(values.size / width)), np.nan)
    padded[: values.size] = values
    blocks = padded.reshape(-1, width)
    empty = np.isnan(blocks).all(axis=1)
    low = np.where(np.isnan(blocks), np.inf, blocks).min(axis=1)
    high = np.where(np.isnan(blocks), -np.inf, blocks).max(axis=1)
    low[empty] = high[empty] = np.nan
    return np.arange(low.size) * width + (width - 1) / 2.0, low, high


def extremes(indices: IntArray, values: FloatArray, width: int) -> IntArray:
    """Keep of the marked points the one furthest out per pixel column."""
    if indices.size == 0:
        return indices
    column = indices // max(width, 1)
    order = np.lexsort((-np.abs(values[indices]), column))
    _, first = np.unique(column[order], return_index=True)
    return np.asarray(indices[order[first]])
