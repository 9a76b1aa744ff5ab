"""How far the level moved between two runs of points, and how sure that is."""

from dataclasses import dataclass

import numpy as np

from leanlab.core.typing import FloatArray

FEWEST = 2
FEW_TO_CORRELATE = 8


@dataclass(frozen=True, slots=True)
class Change:
    """After minus before, with Welch's interval.

    Attributes
    ----------
    effective_before, effective_after : float
        Independent points that carry as much information; smaller than n when neighbouring
        points resemble each other (`r1` > 0 and significant).
    """

    n_before: int
    n_after: int
    mean_before: float
    mean_after: float
    sd_before: float
    sd_after: float
    effective_before: float
    effective_after: float
    r1: float
    difference: float
    low: float
    high: float
    t: float
    df: float
    p_value: float
    confidence: float

    @property
    def related(self) -> bool:
        """Whether neighbouring points resemble each other."""
        return self.effective_after < self.n_after

    @property
    def shown(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0

    def points_needed(self, difference: float, most: int = 400) -> int | None:
        """Return how many points after the change would let this difference show, if any do."""
        from scipy.special import stdtrit

        share = self.effective_after / self.n_after
        error_before = self.sd_before**2 / self.effective_before
        for n in range(self.n_after + 1, self.n_after + most + 1):
            error_after = self.sd_after**2 / max(n * share, FEWEST)
            df = _welch_df(error_before, self.effective_before, error_after, n * share)
            reach = float(stdtrit(df, 0.5 + self.confidence / 2))
            if reach * np.sqrt(error_before + error_after) < abs(difference):
                return n
        return None


def change_between(before: FloatArray, after: FloatArray, confidence: float = 0.95) -> Change:
    """Compare two runs of points in time order; missing ones are left out.

    Welch's t with effective sample sizes n (1 - r) / (1 + r), where r is the lag-1
    autocorrelation within the two runs, if it is positive and significant.

    References
    ----------
    Welch 1947; Wilks, Statistical Methods in the Atmospheric Sciences, section 5.2.4.
    """
    from scipy.special import stdtr, stdtrit

    x, y = (values[np.isfinite(values)] for values in (before, after))
    r = _within_correlation(x, y)
    shrink = (1 - r) / (1 + r) if r > 2 / np.sqrt(x.size + y.size) else 1.0
    n_x, n_y = (max(FEWEST, values.size * shrink) for values in (x, y))
    sd_x, sd_y = float(x.std(ddof=1)), float(y.std(ddof=1))
    error_x, error_y = sd_x**2 / n_x, sd_y**2 / n_y
    error = float(np.sqrt(error_x + error_y))
    difference = float(y.mean() - x.mean())
    df = _welch_df(error_x, n_x, error_y, n_y)
    half = float(stdtrit(df, 0.5 + confidence / 2)) * error if error else 0.0
    t = difference / error if error else np.sign(difference) * np.inf
    p = 2 * float(stdtr(df, -abs(t))) if error else float(difference == 0)
    return Change(
        n_before=x.size, n_after=y.size, mean_before=float(x.mean()), mean_after=float(y.mean()),
        sd_before=sd_x, sd_after=sd_y, effective_before=float(n_x), effective_after=float(n_y),
        r1=r, difference=difference, low=difference - half, high=difference + half, t=float(t),
        df=df, p_value=p, confidence=confidence,
    )  # fmt: skip


def _welch_df(error_x: float, n_x: float, error_y: float, n_y: float) -> float:
    below = error_x**2 / max(n_x - 1, 1.0) + error_y**2 / max(n_y - 1, 1.0)
    return (error_x + error_y) ** 2 / below if below > 0 else float(n_x + n_y - 2)


def _within_correlation(x: FloatArray, y: FloatArray) -> float:
    """Return the lag-1 autocorrelation of both runs about their own means, pooled."""
    if min(x.size, y.size) < FEWEST or x.size + y.size < 2 * FEW_TO_CORRELATE:
        return 0.0
    parts = [x - x.mean(), y - y.mean()]
    spread = sum(float(p @ p) for p in parts)
    return sum(float(p[1:] @ p[:-1]) for p in parts) / spread if spread > 0 else 0.0
