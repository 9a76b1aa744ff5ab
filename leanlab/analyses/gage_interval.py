"""How sure the share of the gage is: an interval from the mean squares of the study."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from leanlab.core.typing import FloatArray
from leanlab.stats.msa import GageCrossed

DRAWS = 20_000
SEED = 1


def study_share_interval(study: GageCrossed, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval of the gage's share of the study variation, in percent.

    A generalised confidence interval: each mean square is replaced by its sum of squares over a
    chi-square draw, the components are computed anew, and the quantiles of the share are taken.
    The draws are the same every time.

    References
    ----------
    Hamada and Weerahandi 2000, Journal of Quality Technology 32; Burdick, Borror and Montgomery
    2003, Journal of Quality Technology 35.
    """
    parts, operators, trials = study.readings.shape
    kept = not study.interaction_removed
    table = study.anova_with_interaction if kept else study.anova_without_interaction
    assert table is not None  # noqa: S101 - removed means that there is a second table
    drawn = _mean_squares(table)
    error = drawn["repeatability"]
    below = drawn["part_operator"] if kept else error
    part = np.maximum(0, (drawn["part"] - below) / (operators * trials))
    people = np.maximum(0, (drawn["operator"] - below) / (parts * trials))
    joint = np.maximum(0, (below - error) / trials) if kept else np.zeros(DRAWS)
    gage = error + people + joint
    share = 100 * np.sqrt(gage / (gage + part))
    tail = (1 - confidence) / 2
    low, high = np.quantile(share, [tail, 1 - tail])
    return float(low), float(high)


def _mean_squares(table: Mapping[str, Any]) -> dict[str, FloatArray]:
    source = np.random.Generator(np.random.PCG64(SEED))
    return {
        name: np.asarray(row.ss / source.chisquare(row.df, DRAWS))
        for name, row in table.items()
        if name != "total"
    }
