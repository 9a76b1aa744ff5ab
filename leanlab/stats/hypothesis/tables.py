"""Tests of counts in tables: chi-square, Fisher and McNemar."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.hypothesis import small_likelihoods
from leanlab.stats.hypothesis.sides import Interval, checked, chi2_p


@dataclass(frozen=True, slots=True, eq=False)
class Association:
    """Result of `chi2_association`; the matrices have the shape of the table."""

    chi2: float
    df: float
    p_value: float
    likelihood_ratio_g2: float
    p_value_g2: float
    expected: FloatArray
    standardized_residuals: FloatArray
    adjusted_residuals: FloatArray
    contributions: FloatArray
    cramers_v: float
    cells_below_5: int


@dataclass(frozen=True, slots=True, eq=False)
class GoodnessOfFit:
    """Result of `chi2_goodness_of_fit`."""

    chi2: float
    df: float
    p_value: float
    expected: FloatArray
    contributions: FloatArray
    cells_below_5: int


@dataclass(frozen=True, slots=True)
class FisherExact:
    """Result of `fisher_exact`; an infinite odds ratio or end is None."""

    p_value: float
    odds_ratio_conditional_mle: float | None
    odds_ratio_sample: float | None
    ci: Interval


@dataclass(frozen=True, slots=True)
class McNemar:
    """Result of `mcnemar`."""

    chi2: float
    p_value: float
    chi2_corrected: float
    p_value_corrected: float
    p_exact: float


def count_table(table: Sequence[Sequence[float]] | Any) -> FloatArray:
    """Return a table of counts with two or more rows and columns, none of them empty.

    Raises
    ------
    DataProblem
        Rows of unequal length, a count that is negative, fractional or missing, or a row or column
        of zeros.
    """
    if isinstance(table, str) or not isinstance(table, Sequence | np.ndarray):
        raise DataProblem("The table must be rows of counts.")
    rows = [inputs.counts(row, f"Table row {i + 1}: count") for i, row in enumerate(table)]
    if len(rows) < 2 or rows[0].size < 2:
        raise DataProblem("The table needs two or more rows and columns.")
    for i, row in enumerate(rows):
        if row.size != rows[0].size:
            raise DataProblem(f"Row {i + 1} has {row.size} counts but row 1 has {rows[0].size}.")
    out = np.vstack(rows)
    for what, totals in (("row", out.sum(axis=1)), ("column", out.sum(axis=0))):
        empty = np.flatnonzero(totals == 0)
        if empty.size:
            raise DataProblem(
                f"All counts in {what} {empty[0] + 1} are 0.", hint=f"Leave out that {what}."
            )
    return out


def chi2_association(table: Sequence[Sequence[float]] | Any) -> Association:
    """Judge whether the rows and columns of a table of counts belong together.

    Parameters
    ----------
    table : array_like, shape (rows, columns)
        Counts of independent cases.

    Returns
    -------
    Association
        Pearson's chi-square without Yates' correction (R and scipy apply it to 2 x 2 tables),
        the likelihood ratio G2, and residuals: standardized (O - E) / sqrt(E) and adjusted, which
        are about standard normal.

    Raises
    ------
    DataProblem
        As in `count_table`.

    References
    ----------
    Pearson 1900; Haberman 1973, Biometrics 29 (adjusted residuals); Cramer 1946.

    Examples
    --------
    >>> round(chi2_association([[30, 45], [70, 55]]).chi2, 4)
    4.8
    """
    from scipy.special import xlogy

    counts = count_table(table)
    total = counts.sum()
    row, column = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)
    expected = row * column / total
    residual = (counts - expected) / np.sqrt(expected)
    free = (1 - row / total) * (1 - column / total)
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    chi2 = float((residual**2).sum())
    g2 = max(0.0, 2 * float(xlogy(counts, counts / expected).sum()))
    return Association(
        chi2=chi2, df=float(df), p_value=chi2_p(chi2, df), likelihood_ratio_g2=g2,
        p_value_g2=chi2_p(g2, df), expected=expected, standardized_residuals=residual,
        adjusted_residuals=residual / np.sqrt(free), contributions=residual**2,
        cramers_v=float(np.sqrt(chi2 / (total * (min(counts.shape) - 1)))),
        cells_below_5=int((expected < 5).sum()),
    )  # fmt: skip


def chi2_goodness_of_fit(
    observed: ArrayLike, proportions: ArrayLike | None = None
) -> GoodnessOfFit:
    """Judge whether counts per category follow given proportions.

    Parameters
    ----------
    observed : array_like, shape (k,)
        Counts per category, two or more categories.
    proportions : array_like, shape (k,), optional
        Expected shares, above 0 and adding up to 1; equal shares unless given.

    Returns
    -------
    GoodnessOfFit

    Raises
    ------
    DataProblem
        Bad counts, no counts, or proportions that do not fit.

    References
    ----------
    Pearson 1900; Montgomery and Runger, section 9-7.

    Examples
    --------
    >>> round(chi2_goodness_of_fit([22, 17, 15, 18, 32]).chi2, 4)
    8.7885
    """
    counts = inputs.counts(observed, "Observed count")
    total = float(counts.sum())
    if counts.size < 2 or total == 0:
        raise DataProblem("Counts in two or more categories are needed.")
    expected = total * _shares(proportions, counts.size)
    contributions = (counts - expected) ** 2 / expected
    chi2, df = float(contributions.sum()), counts.size - 1
    return GoodnessOfFit(
        chi2, float(df), chi2_p(chi2, df), expected, contributions, int((expected < 5).sum())
    )


def _shares(proportions: ArrayLike | None, k: int) -> FloatArray:
    if proportions is None:
        return np.full(k, 1 / k)
    shares = inputs.exposures(proportions, k, "Proportion")
    if abs(shares.sum() - 1) > 1e-6:
        raise DataProblem(
            f"The proportions add up to {shares.sum():g}, not to 1.",
            hint="Divide each by their sum.",
        )
    return shares


def fisher_exact(
    table: Sequence[Sequence[float]] | Any,
    *,
    alternative: str = "two.sided",
    confidence: float = 0.95,
) -> FisherExact:
    """Judge a 2 x 2 table exactly, however small the counts.

    Parameters
    ----------
    table : array_like, shape (2, 2)
    alternative : {"two.sided", "greater", "less"}
        "greater": the odds ratio is above 1.
    confidence : float
        Of the interval of the odds ratio; a one-sided alternative leaves one end open.

    Returns
    -------
    FisherExact
        Two-sided p by small likelihoods. The conditional estimate is R's, the sample odds ratio
        ad/bc is scipy's. R solves estimate and interval only to 1e-4; here to 1e-12.

    Raises
    ------
    DataProblem
        Not a 2 x 2 table of counts, or a row or column of zeros.

    References
    ----------
    Fisher 1935; Agresti, Categorical Data Analysis, section 3.5.

    Examples
    --------
    >>> round(fisher_exact([[8, 1], [2, 5]]).p_value, 6)
    0.034965
    """
    counts = count_table(table)
    if counts.shape != (2, 2):
        raise DataProblem(
            f"Fisher's exact test needs a 2 x 2 table, not {counts.shape[0]} x {counts.shape[1]}.",
            hint="Use the chi-square test of association.",
        )
    alternative, confidence = checked(alternative), inputs.fraction(confidence)
    (a, b), (c, d) = counts.astype(np.int64).tolist()
    it = _hypergeometric(a, b, c, d)
    return FisherExact(
        p_value=fisher_p(a, b, c, d, alternative),
        odds_ratio_conditional_mle=it.estimate(),
        odds_ratio_sample=None if b * c == 0 else a * d / (b * c),
        ci=it.interval(alternative, confidence),
    )


MOST_TABLES = 1_000_000  # tables with the same margins that are listed one by one


def can_list(a: int, b: int, c: int, d: int) -> bool:
    """Tell whether the tables with the same margins are few enough for the exact test."""
    return min(a + b, a + c, b + d, c + d) <= MOST_TABLES


def fisher_p(a: int, b: int, c: int, d: int, alternative: str = "two.sided") -> float:
    """Return Fisher's p-value of a 2 x 2 table; 1 if a row or column is empty.

    Examples
    --------
    >>> round(fisher_p(3, 12, 9, 5), 6)
    0.025328
    """
    it = _hypergeometric(a, b, c, d)
    if checked(alternative) == "two.sided":
        return small_likelihoods.add_up(it.log_chance(0.0), it.at)
    return min(1.0, it.upper(0.0) if alternative == "greater" else it.lower(0.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Hypergeometric:
    """The first cell of a 2 x 2 table with fixed margins, for any log odds ratio."""

    cell: FloatArray
    log_ways: FloatArray
    at: int

    def log_chance(self, log_odds: float) -> FloatArray:
        raw = self.log_ways + self.cell * log_odds
        top = raw.max()
        return np.asarray(raw - top - np.log(np.exp(raw - top).sum()))

    def upper(self, log_odds: float) -> float:
        return float(np.exp(self.log_chance(log_odds)[self.at :]).sum())

    def lower(self, log_odds: float) -> float:
        return float(np.exp(self.log_chance(log_odds)[: self.at + 1]).sum())

    def estimate(self) -> float | None:
        if self.at == 0:
            return None if self.cell.size == 1 else 0.0
        if self.at == self.cell.size - 1:
            return None

        def gap(log_odds: float) -> float:
            return float(np.exp(self.log_chance(log_odds)) @ self.cell - self.cell[self.at])

        return float(np.exp(_root(gap)))

    def interval(self, alternative: str, confidence: float) -> Interval:
        tail = (1 - confidence) / 2 if alternative == "two.sided" else 1 - confidence
        low, high = 0.0, None
        if alternative != "less" and self.at > 0:
            low = float(np.exp(_root(lambda o: self.upper(o) - tail)))
        if alternative != "greater" and self.at < self.cell.size - 1:
            high = float(np.exp(_root(lambda o: tail - self.lower(o))))
        return low, high


def _hypergeometric(a: int, b: int, c: int, d: int) -> _Hypergeometric:
    from scipy.special import gammaln

    if not can_list(a, b, c, d):
        raise DataProblem(
            "The counts are too large for Fisher's exact test.",
            hint="Use the chi-square test of association.",
        )
    cell = np.arange(max(0, a - d), min(a + b, a + c) + 1, dtype=np.float64)
    log_ways = -(
        gammaln(cell + 1) + gammaln(a + b - cell + 1) + gammaln(a + c - cell + 1)
        + gammaln(d - a + cell + 1)
    )  # fmt: skip
    return _Hypergeometric(cell, np.asarray(log_ways), int(a - cell[0]))


def _root(gap: Callable[[float], float]) -> float:
    """Return where a rising function of the log odds ratio is zero."""
    from scipy.optimize import brentq

    reach = 1.0
    while (gap(-reach) > 0 or gap(reach) < 0) and reach < 1e6:
        reach *= 2
    return float(brentq(gap, -reach, reach, xtol=1e-14, rtol=1e-14))


def mcnemar(table: Sequence[Sequence[float]] | Any) -> McNemar:
    """Compare two yes-or-no results of the same items.

    Parameters
    ----------
    table : array_like, shape (2, 2)
        Rows: first result, columns: second result; the off-diagonal cells changed.

    Returns
    -------
    McNemar
        Chi-square without and with continuity correction, and the exact binomial p.

    Raises
    ------
    DataProblem
        Not a 2 x 2 table of counts, or no item changed.

    References
    ----------
    McNemar 1947, Psychometrika 12.

    Examples
    --------
    >>> round(mcnemar([[60, 5], [12, 23]]).p_exact, 4)
    0.1435
    """
    rows = [inputs.counts(row, f"Table row {i + 1}: count") for i, row in enumerate(table)]
    if len(rows) != 2 or any(row.size != 2 for row in rows):
        raise DataProblem("McNemar's test needs a 2 x 2 table of pairs.")
    b, c = int(rows[0][1]), int(rows[1][0])
    if b + c > small_likelihoods.LARGEST_COUNT:
        raise DataProblem(f"{b + c:g} items changed: too many to compute with.")
    if b + c == 0:
        raise DataProblem(
            "No item changed between the two results, so there is nothing to compare.",
            hint="Check that the rows are the first result and the columns the second.",
        )
    chi2 = (b - c) ** 2 / (b + c)
    corrected = max(0, abs(b - c) - 1) ** 2 / (b + c)
    exact = small_likelihoods.binomial(b, b + c, 0.5)
    return McNemar(chi2, chi2_p(chi2, 1), corrected, chi2_p(corrected, 1), exact)
