"""Rank tests: Mann-Whitney, Wilcoxon, Kruskal-Wallis, Friedman and Mood's median test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.hypothesis.sides import Interval, checked, chi2_p, normal_p, p_value

EXACT_PAIRS = 40_000  # exact Mann-Whitney distribution up to this many pairs
MOST_LISTED = 4_000_000  # more shifts or averages are counted, not listed
EXACT_VALUES = 400  # exact signed-rank distribution up to this many values


@dataclass(frozen=True, slots=True)
class MannWhitney:
    """Result of `mann_whitney`; exact p and interval are None with ties or very many values."""

    u: float
    rank_sum_x: float
    median_x: float
    median_y: float
    hodges_lehmann: float
    p_normal_corrected: float
    p_normal_uncorrected: float
    p_exact: float | None
    ci_exact: Interval | None


@dataclass(frozen=True, slots=True)
class Wilcoxon:
    """Result of `wilcoxon_signed_rank`; `v` is the sum of the ranks of positive differences."""

    n_used: int
    v: float
    hodges_lehmann: float
    p_normal_corrected: float
    p_normal_uncorrected: float
    p_exact: float | None
    ci_exact: Interval | None


@dataclass(frozen=True, slots=True, eq=False)
class KruskalWallis:
    """Result of `kruskal_wallis`; `h_adjusted` is corrected for ties."""

    group: tuple[str, ...]
    h: float
    p_value_h: float
    h_adjusted: float
    p_value_adjusted: float
    df: float
    mean_ranks: FloatArray
    z_by_group: FloatArray
    medians: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Friedman:
    """Result of `friedman`; `s_adjusted` is corrected for ties within blocks."""

    blocks: int
    s: float
    s_adjusted: float
    df: float
    p_value_adjusted: float
    rank_sums: FloatArray
    kendall_w: float


@dataclass(frozen=True, slots=True, eq=False)
class MoodMedian:
    """Result of `mood_median`; values equal to the overall median count as not above it."""

    group: tuple[str, ...]
    overall_median: float
    n_le: FloatArray
    n_gt: FloatArray
    medians: FloatArray
    chi2: float
    df: float
    p_value: float


def ranks(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mid-ranks from 1, and the sizes of the groups of equal values.

    Examples
    --------
    >>> ranks(np.asarray([3.0, 1.0, 3.0]))[0].tolist()
    [2.5, 1.0, 2.5]
    """
    _, inverse, count = np.unique(values, return_inverse=True, return_counts=True)
    end = np.cumsum(count).astype(np.float64)
    return np.asarray((end - (count - 1) / 2)[inverse]), count.astype(np.float64)


def _tie_sum(count: FloatArray) -> float:
    return float((count**3 - count).sum())


def mann_whitney(
    x: ArrayLike, y: ArrayLike, *, alternative: str = "two.sided", confidence: float = 0.95
) -> MannWhitney:
    """Compare the locations of two groups by ranks.

    Parameters
    ----------
    x, y : array_like
        Independent values of two groups; missing ones are left out.
    alternative : {"two.sided", "greater", "less"}
        "greater": x tends to be larger than y.
    confidence : float
        At least reached by the exact interval of the shift x - y.

    Returns
    -------
    MannWhitney
        `u` counts pairs with x > y, ties half; Minitab's W is `rank_sum_x`; `hodges_lehmann` is
        the median of all x - y.

    Raises
    ------
    DataProblem
        An empty group, or all values equal.

    References
    ----------
    Mann and Whitney 1947; Hollander and Wolfe, chapter 4.

    Examples
    --------
    >>> round(mann_whitney([1.1, 2.2, 3.3], [2.5, 4.1, 5.7, 6.2]).p_exact, 6)
    0.114286
    """
    a, b = inputs.known(x, "The first group"), inputs.known(y, "The second group")
    alternative, confidence = checked(alternative), inputs.fraction(confidence)
    rank, count = ranks(np.concatenate([a, b]))
    if count.size == 1:
        raise DataProblem(
            f"All values are {a[0]:g}, so they cannot be ranked.", hint="Check rounding."
        )
    m, n = a.size, b.size
    rank_sum = float(rank[:m].sum())
    u = rank_sum - m * (m + 1) / 2
    spread = np.sqrt(m * n / 12 * (m + n + 1 - _tie_sum(count) / ((m + n) * (m + n - 1))))
    p_exact, ci = None, None
    if count.max() == 1 and m * n <= EXACT_PAIRS:
        cumulative = _mann_whitney_cdf(m, n)
        p_exact = _exact_p(cumulative, u, alternative)
        shifts = np.sort((a[:, None] - b[None, :]).ravel())
        ci = _order_interval(shifts, cumulative, alternative, confidence)
    corrected, plain = _normal_ps(u - m * n / 2, float(spread), alternative)
    return MannWhitney(
        u, rank_sum, float(np.median(a)), float(np.median(b)), _median_shift(a, b),
        corrected, plain, p_exact, ci,
    )  # fmt: skip


def wilcoxon_signed_rank(
    x: ArrayLike,
    *,
    median0: float = 0.0,
    alternative: str = "two.sided",
    confidence: float = 0.95,
    same_distance: float = 0.0,
) -> Wilcoxon:
    """Compare the centre of one symmetric distribution with a known value by signed ranks.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values, or differences of pairs; missing ones are left out.
    median0 : float
        Value to compare with; values equal to it are left out of the test.
    alternative : {"two.sided", "greater", "less"}
    confidence : float
        At least reached by the exact interval.
    same_distance : float
        Distances from `median0` that differ by less than this share of the largest are ties. 0 (R,
        scipy): distances as computed, where binary rounding can part 9.7 and 10.3 around 10;
        1e-12 joins them.

    Returns
    -------
    Wilcoxon
        `hodges_lehmann` is the median of the averages of all pairs (each value with itself too).

    Raises
    ------
    DataProblem
        No values, or all equal to `median0`.

    References
    ----------
    Wilcoxon 1945; Hollander and Wolfe, chapter 3.

    Examples
    --------
    >>> wilcoxon_signed_rank([1.2, -0.4, 2.2, 3.1, 0.9]).v
    14.0
    """
    values = inputs.known(x, "The sample")
    median0 = inputs.number(median0, "The median to compare with")
    alternative, confidence = checked(alternative), inputs.fraction(confidence)
    difference = values - median0
    used = difference[difference != 0]
    n = used.size
    if n == 0:
        raise DataProblem(
            f"All values equal {median0:g}, so none lies above or below.",
            hint="Compare with another value.",
        )
    rank, count = ranks(_joined(np.abs(used), same_distance))
    v = float(rank[used > 0].sum())
    spread = np.sqrt(n * (n + 1) * (2 * n + 1) / 24 - _tie_sum(count) / 48)
    p_exact, ci = None, None
    if count.max() == 1 and n == values.size and n <= EXACT_VALUES:
        cumulative = _signed_rank_cdf(n)
        p_exact = _exact_p(cumulative, v, alternative)
        ci = _order_interval(_walsh(values), cumulative, alternative, confidence)
    corrected, plain = _normal_ps(v - n * (n + 1) / 4, float(spread), alternative)
    return Wilcoxon(n, v, _median_average(values), corrected, plain, p_exact, ci)


def _joined(distance: FloatArray, share: float) -> FloatArray:
    """Make neighbouring distances equal that differ by no more than a share of the largest."""
    reach = float(distance.max()) * inputs.number(share, "The share", least=0)
    if reach == 0:
        return distance
    order = np.argsort(distance, kind="stable")
    out = np.empty(distance.size)
    out[order] = np.cumsum(np.diff(distance[order], prepend=0.0) > reach)
    return out


def _walsh(values: FloatArray) -> FloatArray:
    first, second = np.triu_indices(values.size)
    return np.sort((values[first] + values[second]) / 2)


def _median_shift(a: FloatArray, b: FloatArray) -> float:
    """Return the median of all a - b."""
    if a.size * b.size <= MOST_LISTED:
        return float(np.median(a[:, None] - b[None, :]))
    a = np.sort(a)

    def below(shift: float) -> int:
        return int(np.searchsorted(a, b + shift, side="right").sum())

    return _middle(below, a.size * b.size, float(a[0] - b.max()), float(a[-1] - b.min()))


def _median_average(values: FloatArray) -> float:
    """Return the median of the averages of all pairs, each value with itself too."""
    n = values.size
    if n * (n + 1) // 2 <= MOST_LISTED:
        return float(np.median(_walsh(values)))
    ordered = np.sort(values)

    def below(average: float) -> int:
        twice = int(np.searchsorted(ordered, 2 * average - ordered, side="right").sum())
        return (twice + int(np.searchsorted(ordered, average, side="right"))) // 2

    return _middle(below, n * (n + 1) // 2, float(ordered[0]), float(ordered[-1]))


def _middle(below: Callable[[float], int], n: int, low: float, high: float) -> float:
    """Return the median of n numbers that can only be counted, by halving the interval."""
    ranks_wanted = {(n + 1) // 2, n // 2 + 1}
    return float(np.mean([_at_rank(below, rank, low, high) for rank in ranks_wanted]))


def _at_rank(below: Callable[[float], int], rank: int, low: float, high: float) -> float:
    while True:
        middle = low + (high - low) / 2
        if middle in (low, high):
            return high
        low, high = (low, middle) if below(middle) >= rank else (middle, high)


def _normal_ps(gap: float, spread: float, alternative: str) -> tuple[float, float]:
    """p-values with and without the continuity correction of one half."""
    toward = {"greater": 0.5, "less": -0.5, "two.sided": 0.5 * float(np.sign(gap))}[alternative]
    return normal_p((gap - toward) / spread, alternative), normal_p(gap / spread, alternative)


def _mann_whitney_cdf(m: int, n: int) -> FloatArray:
    """Cumulative distribution of U over 0..mn; the smaller group picks its ranks one by one."""
    m, n = min(m, n), max(m, n)
    ways = np.zeros((m + 1, m * n + 1))
    ways[0, 0] = 1.0
    for position in range(m + n):
        for taken in range(min(position, m - 1), max(0, position - n) - 1, -1):
            add = position - taken  # members of the other group below this one
            if add == 0:
                ways[taken + 1] += ways[taken]
            else:
                ways[taken + 1, add:] += ways[taken, :-add]
    total = np.cumsum(ways[m])
    return np.asarray(total / total[-1])


def _signed_rank_cdf(n: int) -> FloatArray:
    """Cumulative distribution of V over 0..n(n+1)/2."""
    chance = np.zeros(n * (n + 1) // 2 + 1)
    chance[0] = 1.0
    for rank in range(1, n + 1):
        chance[rank:] = (chance[rank:] + chance[:-rank]) / 2
        chance[:rank] /= 2
    return np.cumsum(chance)


def _exact_p(cumulative: FloatArray, statistic: float, alternative: str) -> float:
    at = round(statistic)
    below = float(cumulative[at])
    above = float(cumulative[cumulative.size - 1 - at])  # by symmetry
    return p_value(min(1.0, below), min(1.0, above), alternative)


def _order_interval(
    ordered: FloatArray, cumulative: FloatArray, alternative: str, confidence: float
) -> Interval:
    """Interval from ordered shifts or averages that holds with at least this confidence."""
    tail = 1 - confidence if alternative != "two.sided" else (1 - confidence) / 2
    cut = max(1, int(np.searchsorted(cumulative, tail - 10 * np.finfo(float).eps)))
    low, high = float(ordered[cut - 1]), float(ordered[ordered.size - cut])
    if alternative == "greater":
        return low, None
    return (None, high) if alternative == "less" else (low, high)


def kruskal_wallis(groups: Mapping[str, ArrayLike] | Any) -> KruskalWallis:
    """Compare the locations of two or more groups by ranks.

    Parameters
    ----------
    groups : mapping of name to array_like
        Independent values; missing ones are left out.

    Returns
    -------
    KruskalWallis
        `z_by_group` compares each group's average rank with that of all values (Minitab).

    Raises
    ------
    DataProblem
        Fewer than two groups, an empty group, or all values equal.

    References
    ----------
    Kruskal and Wallis 1952, JASA 47.

    Examples
    --------
    >>> round(kruskal_wallis({"A": [1, 2, 3], "B": [4, 5, 6]}).h, 3)
    3.857
    """
    named = inputs.groups(groups)
    samples = list(named.values())
    rank, count = ranks(np.concatenate(samples))
    if count.size == 1:
        raise DataProblem("All values are equal, so they cannot be ranked.", hint="Check rounding.")
    n = np.asarray([s.size for s in samples], dtype=np.float64)
    total = float(n.sum())
    mean_rank = np.asarray([r.mean() for r in np.split(rank, np.cumsum(n)[:-1].astype(int))])
    middle = (total + 1) / 2
    h = 12 / (total * (total + 1)) * float(n @ (mean_rank - middle) ** 2)
    adjusted = h / (1 - _tie_sum(count) / (total**3 - total))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (mean_rank - middle) / np.sqrt((total + 1) * (total / n - 1) / 12)
    df = n.size - 1
    return KruskalWallis(
        tuple(named), h, chi2_p(h, df), adjusted, chi2_p(adjusted, df), float(df), mean_rank, z,
        np.asarray([np.median(s) for s in samples]),
    )  # fmt: skip


def friedman(blocks_by_treatments: Sequence[Sequence[float]] | Any) -> Friedman:
    """Compare treatments by ranks within blocks.

    Parameters
    ----------
    blocks_by_treatments : array_like, shape (blocks, treatments)
        One row per block (day, judge, batch); rows with a missing value are left out.

    Returns
    -------
    Friedman

    Raises
    ------
    DataProblem
        Fewer than two treatments or complete blocks, rows of unequal length, or all ties.

    References
    ----------
    Friedman 1937, JASA 32; Kendall and Babington Smith 1939.

    Examples
    --------
    >>> friedman([[1, 2, 3], [2, 3, 1], [1, 3, 2], [1, 2, 3]]).s
    3.5
    """
    rows = [
        inputs.numbers(row, f"Block {i + 1}: value") for i, row in enumerate(blocks_by_treatments)
    ]
    k = rows[0].size if rows else 0
    for i, row in enumerate(rows):
        if row.size != k:
            raise DataProblem(f"Block {i + 1} has {row.size} values but block 1 has {k}.")
    complete = [row for row in rows if not np.isnan(row).any()]
    b = len(complete)
    if k < 2 or b < 2:
        raise DataProblem(
            f"There are {b} complete blocks with {k} treatments; at least 2 of each are needed."
        )
    ranked = [ranks(row) for row in complete]
    sums = np.sum([rank for rank, _ in ranked], axis=0)
    s = 12 / (b * k * (k + 1)) * float(((sums - b * (k + 1) / 2) ** 2).sum())
    ties = sum(_tie_sum(count) for _, count in ranked)
    correction = 1 - ties / (b * (k**3 - k))
    if correction <= 1e-12:
        raise DataProblem("All values within each block are equal, so they cannot be ranked.")
    adjusted = s / correction
    return Friedman(
        b, s, adjusted, float(k - 1), chi2_p(adjusted, k - 1), sums, adjusted / (b * (k - 1))
    )  # fmt: skip


def mood_median(groups: Mapping[str, ArrayLike] | Any) -> MoodMedian:
    """Compare the medians of two or more groups by counts above the overall median.

    Parameters
    ----------
    groups : mapping of name to array_like

    Returns
    -------
    MoodMedian
        Pearson's chi-square without Yates' correction (scipy applies it to two groups).

    Raises
    ------
    DataProblem
        Fewer than two groups, or no value above the overall median.

    References
    ----------
    Mood 1950; Conover, Practical Nonparametric Statistics, section 4.3.

    Examples
    --------
    >>> round(mood_median({"A": [1, 2, 3], "B": [4, 5, 6]}).chi2, 3)
    6.0
    """
    named = inputs.groups(groups)
    samples = list(named.values())
    median = float(np.median(np.concatenate(samples)))
    above = np.asarray([float((s > median).sum()) for s in samples])
    n = np.asarray([float(s.size) for s in samples])
    if above.sum() == 0:
        raise DataProblem(
            f"No value lies above the overall median {median:g}.",
            hint="The data have too few different values for this test.",
        )
    share = above.sum() / n.sum()
    chi2 = float((((above - n * share) ** 2) / (n * share * (1 - share))).sum())
    df = n.size - 1
    return MoodMedian(
        tuple(named), median, n - above, above, np.asarray([np.median(s) for s in samples]), chi2,
        float(df), chi2_p(chi2, df),
    )  # fmt: skip
