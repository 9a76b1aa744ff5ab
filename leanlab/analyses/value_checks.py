"""Report-card rows about measured values: independence, shape, resolution, odd points."""

import numpy as np

from leanlab.analyses.declare import Check, Level
from leanlab.analyses.sentences import sentence
from leanlab.core import format as words
from leanlab.core.typing import BoolArray, FloatArray

FEW_TO_JUDGE = 8


def independence_check(values: FloatArray) -> Check:
    """Judge the lag-1 autocorrelation."""
    x = values[np.isfinite(values)]
    if x.size < FEW_TO_JUDGE or np.ptp(x) == 0:
        return Check("independence", "Independence", "grey", "Too few points to check")
    centred = x - x.mean()
    r = float(centred[1:] @ centred[:-1] / (centred @ centred))
    level: Level = "green" if abs(r) <= 2 / np.sqrt(x.size) else "amber" if abs(r) < 0.5 else "red"
    key = "ok" if level == "green" else level
    text = sentence(f"card.independence.{key}", r=words.number(r, 2))
    return Check("independence", "Independence", level, text)


def skewness(values: FloatArray) -> float:
    """Return the bias-adjusted skewness G1."""
    x = values[np.isfinite(values)]
    n = x.size
    centred = x - x.mean()
    m2 = float(np.mean(centred**2))
    g1 = float(np.mean(centred**3)) / m2**1.5
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2))


def shape_check(values: FloatArray) -> Check:
    """Judge the skewness; charts of individuals suffer from long tails."""
    x = values[np.isfinite(values)]
    if x.size < FEW_TO_JUDGE or np.ptp(x) == 0:
        return Check("shape", "Shape", "grey", "Too few points to check")
    skew = skewness(x)
    level: Level = "green" if abs(skew) < 0.5 else "amber" if abs(skew) <= 1.5 else "red"
    key = "ok" if level == "green" else level
    return Check("shape", "Shape", level, sentence(f"card.shape.{key}", skew=words.number(skew, 1)))


def resolution_check(ranges: FloatArray) -> Check:
    """Judge how many moving ranges are zero."""
    known = ranges[np.isfinite(ranges)]
    if known.size < FEW_TO_JUDGE:
        return Check("resolution", "Resolution", "grey", "Too few points to check")
    share = float(np.mean(known == 0))
    level: Level = "green" if share < 0.25 else "amber" if share <= 0.40 else "red"
    key = "ok" if level == "green" else level
    text = sentence(f"card.resolution.{key}", share=words.percent(share))
    return Check("resolution", "Resolution", level, text)


def far_out(values: FloatArray) -> BoolArray:
    """Mark values more than 3 interquartile ranges outside the quartiles."""
    known = values[np.isfinite(values)]
    if known.size < 4:
        return np.zeros(values.size, dtype=np.bool_)
    low, high = np.quantile(known, [0.25, 0.75], method="weibull")
    reach = 3 * (high - low)
    with np.errstate(invalid="ignore"):
        return np.asarray((values < low - reach) | (values > high + reach))


def odd_check(values: FloatArray, explained: BoolArray) -> Check:
    """Judge values far away from the rest."""
    odd = far_out(values)
    count = int(odd.sum())
    if not count:
        return Check("odd", "Odd points", "green", sentence("card.odd.ok"))
    level: Level = "amber" if count <= 2 and bool(explained[odd].all()) else "red"
    return Check("odd", "Odd points", level, sentence(f"card.odd.{level}", count=count))
