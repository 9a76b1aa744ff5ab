"""How far the level moved between two runs of points, and how sure that is."""

from dataclasses import dataclass

import numpy as np

from leanlab.core.typing import FloatArray

FEWEST = 2
FEW_TO_CORRELATE = 8  # a stage; with fewer, neighbours cannot be told from chance
MOST_CORRELATED = 0.95


@dataclass(frozen=True, slots=True)
class Change:
    """After minus before, with Welch's interval.

    Attributes
    ----------
    effective_before, effective_after : float
        Independent points that would leave the mean as uncertain; smaller than n when
        neighbouring points resemble each other.
    r1 : float
        Resemblance of neighbouring points within the stages, as measured; 0 if they are too few.
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
    def counts_less(self) -> bool:
        """Whether the interval is wider because neighbouring points resemble each other."""
        return self.effective_after < self.n_after

    @property
    def related(self) -> bool:
        """Whether that resemblance is more than chance."""
        return self.counts_less and self.r1 > 2 / np.sqrt(self.n_before + self.n_after)

    @property
    def too_few_to_correlate(self) -> bool:
        """Whether neighbours cannot be judged, so that independence is assumed."""
        return self.n_before + self.n_after < 2 * FEW_TO_CORRELATE

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

    Welch's t with effective sample sizes. The lag-1 autocorrelation within the runs, freed of
    its bias in short runs, makes n points count like fewer when it is more than one standard
    error above zero. With 20 + 20 points and a true autocorrelation of 0.5 a 95 % interval then
    misses no change in 5.5 % of cases, against 13 % if a significant one alone counted.

    References
    ----------
    Welch 1947; Marriott and Pope 1954 (bias of the autocorrelation); Zwiers and von Storch 1995
    (equivalent sample size of a mean).
    """
    from scipy.special import stdtr, stdtrit

    x, y = (values[np.isfinite(values)] for values in (before, after))
    r = _within_correlation(x, y)
    rho = _freed_of_bias(r, x.size + y.size)
    n_x, n_y = (max(FEWEST, effective_size(values.size, rho)) for values in (x, y))
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


def effective_size(n: int, rho: float) -> float:
    """Return how many independent points leave the mean as uncertain as n related ones do.

    Counts both that the mean of related points varies more and that their own spread tells less
    than it seems: s squared / effective size is then on average the variance of the mean.
    """
    if rho <= 0 or n < FEWEST:
        return float(n)
    lags = rho / (1 - rho) - rho * (1 - rho**n) / (n * (1 - rho) ** 2)
    alike = n / (1 + 2 * lags)  # variance of a value / variance of the mean
    return n * (alike - 1) / (n - 1)


def _freed_of_bias(r: float, n: int) -> float:
    """Return the autocorrelation behind a measured one; 0 if that may well be chance.

    Two runs about their own means measure on average rho - 2 (1 + 4 rho) / n.
    """
    if n < 2 * FEW_TO_CORRELATE:
        return 0.0
    rho = (r + 2 / n) / (1 - 8 / n)
    return min(rho, MOST_CORRELATED) if rho > 1 / np.sqrt(n) else 0.0


def _within_correlation(x: FloatArray, y: FloatArray) -> float:
    """Return the lag-1 autocorrelation of both runs about their own means, pooled."""
    if min(x.size, y.size) < FEWEST or x.size + y.size < 2 * FEW_TO_CORRELATE:
        return 0.0
    parts = [x - x.mean(), y - y.mean()]
    spread = sum(float(p @ p) for p in parts)
    return sum(float(p[1:] @ p[:-1]) for p in parts) / spread if spread > 0 else 0.0
