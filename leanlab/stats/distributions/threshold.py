"""The third parameter: the threshold that maximises the profile likelihood."""

import math
from collections.abc import Callable

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray

Parameters = tuple[float, ...]
_GRID = np.linspace(-5.0, 3.0, 17)  # log10 of the distance below the smallest value, in ranges


def profile_threshold(
    x: FloatArray, fit: Callable[[FloatArray], tuple[Parameters, float]], title: str
) -> tuple[Parameters, float]:
    """Fit a distribution above an unknown threshold by maximum likelihood.

    Parameters
    ----------
    x : FloatArray, shape (n,)
        Values in data units.
    fit : callable
        Parameters and log-likelihood of the distribution without threshold.
    title : str
        Name of the distribution in messages.

    Returns
    -------
    parameters, log-likelihood
        The threshold is the last parameter.

    Raises
    ------
    DataProblem
        The likelihood has no maximum inside: it grows without bound as the threshold approaches
        the smallest value, or falls back to a distribution without threshold.

    Notes
    -----
    The likelihood of these distributions is unbounded at the smallest value, so the highest local
    maximum inside is taken (Cheng and Iles 1987; Lawless, section 5.4; Griffiths 1980).
    """
    low, reach = float(x.min()), float(np.ptp(x))

    def loglik(log_gap: float) -> float:
        return _profile(x - low, reach * 10.0**log_gap, fit)

    heights = np.asarray([loglik(float(at)) for at in _GRID])
    inside = [
        i
        for i in range(1, heights.size - 1)
        if heights[i] >= heights[i - 1] and heights[i] > heights[i + 1]
    ]
    if not inside:
        raise DataProblem(
            f"{title}: no threshold fits these values better than its neighbours.",
            hint="Use the distribution without a threshold.",
        )
    best = max(inside, key=lambda i: heights[i])
    floor = float(heights[np.isfinite(heights)].min()) - 10.0  # the search cannot use infinity
    top = _highest(
        lambda at: max(loglik(at), floor), float(_GRID[best - 1]), float(_GRID[best + 1])
    )
    gap = reach * 10.0**top
    parameters, height = fit(x - low + gap)
    return (*parameters, low - gap), height


def _profile(
    above: FloatArray, gap: float, fit: Callable[[FloatArray], tuple[Parameters, float]]
) -> float:
    try:
        height = fit(above + gap)[1]
    except DataProblem:
        return -math.inf
    return height if math.isfinite(height) else -math.inf


def _highest(height: Callable[[float], float], left: float, right: float) -> float:
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda at: -height(at), bounds=(left, right), method="bounded", options={"xatol": 1e-9}
    )
    if not found.success:
        raise DataProblem("The search for the threshold does not converge.")
    return float(found.x)
