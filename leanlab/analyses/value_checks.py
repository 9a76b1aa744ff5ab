"""Report-card rows about measured values: independence, shape, resolution, odd points."""

from typing import Any

import numpy as np

from leanlab.analyses.declare import Check, Level
from leanlab.analyses.sentences import check, enough, graded
from leanlab.core import format as words
from leanlab.core.typing import BoolArray, FloatArray

FEW_TO_JUDGE = 8


def autocorrelation(values: FloatArray) -> float:
    """Return the lag-1 autocorrelation; NaN where it cannot be judged."""
    known = np.isfinite(values)
    if known.sum() < FEW_TO_JUDGE or np.ptp(values[known]) == 0:
        return float("nan")
    centred = values - values[known].mean()
    pairs = centred[1:] * centred[:-1]
    return float(np.nansum(pairs) / np.nansum(centred * centred))


def independence_check(values: FloatArray) -> Check:
    """Judge the lag-1 autocorrelation."""
    r = autocorrelation(values)
    if np.isnan(r):
        return check("independence", "grey", "card.few")
    count = int(np.isfinite(values).sum())
    level: Level = "green" if abs(r) <= 2 / np.sqrt(count) else "amber" if abs(r) < 0.5 else "red"
    return check("independence", level, f"card.independence.{level}", r=words.number(r, 2))


def skewness(values: FloatArray) -> float:
    """Return the bias-adjusted skewness G1; 0 where it is not defined."""
    x = values[np.isfinite(values)]
    n = x.size
    if n < 3 or np.ptp(x) == 0:
        return 0.0
    centred = x - x.mean()
    squares = centred * centred
    m2 = float(squares.mean())
    if m2 == 0:
        return 0.0
    g1 = float(np.mean(squares * centred)) / m2**1.5
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2))


def normality_of(values: FloatArray) -> Any:
    """Return the Anderson-Darling test, or None for too few or equal values."""
    x = values[np.isfinite(values)]
    if x.size < FEW_TO_JUDGE or np.ptp(x) == 0:
        return None
    from leanlab.stats import normality

    return normality.anderson_darling(x)


def shape_check(values: FloatArray) -> Check:
    """Judge the skewness; charts of individuals suffer from long tails."""
    x = values[np.isfinite(values)]
    if x.size < FEW_TO_JUDGE or np.ptp(x) == 0:
        return check("shape", "grey", "card.few")
    skew = skewness(x)
    level = graded(abs(skew), 0.5, 1.5)
    if level != "green" and x.size < 50 and normality_of(x).p_value >= 0.05:
        level = "green"
    return check("shape", level, f"card.shape.{level}", skew=words.number(skew, 1))


def resolution_check(ranges: FloatArray) -> Check:
    """Judge how many moving ranges are zero."""
    known = ranges[np.isfinite(ranges)]
    if known.size < FEW_TO_JUDGE:
        return check("resolution", "grey", "card.few")
    share = float(np.mean(known == 0))
    level: Level = "green" if share < 0.25 else "amber" if share <= 0.40 else "red"
    return check("resolution", level, f"card.resolution.{level}", share=words.percent(share))


def far_out(values: FloatArray, reach: float = 3.0) -> BoolArray:
    """Mark values more than `reach` interquartile ranges outside the quartiles."""
    known = values[np.isfinite(values)]
    if known.size < 4:
        return np.zeros(values.size, dtype=np.bool_)
    low, high = np.quantile(known, [0.25, 0.75], method="weibull")
    away = reach * (high - low)
    with np.errstate(invalid="ignore"):
        return np.asarray((values < low - away) | (values > high + away))


def odd_check(values: FloatArray, explained: BoolArray) -> Check:
    """Judge values far away from the rest."""
    odd = far_out(values)
    count = int(odd.sum())
    if not count:
        return check("odd", "green", "card.odd.green")
    level: Level = "amber" if count <= 2 and bool(explained[odd].all()) else "red"
    return check("odd", level, f"card.odd.{level}", values=words.count(count, "value"))


def odd_groups_check(groups: list[FloatArray]) -> Check:
    """Judge values far away from the rest of their group; they deserve a look, not a ban."""
    count = sum(int(far_out(group).sum()) for group in groups)
    if not count:
        return check("odd", "green", "card.odd.green")
    return check("odd", "amber", "card.odd.look", values=words.count(count, "value"))


def data_check(n: int, unit: str, green: int, amber: int) -> Check:
    """Judge an amount of data; `unit` is what is counted, in the singular."""
    level = enough(n, green, amber)
    key = "card.amount.green" if level == "green" else "card.amount.more"
    return check("data", level, key, amount=words.count(n, unit), wish=green)
