"""Agreement between ratings beyond chance: Cohen, Fleiss, Kendall."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats.inputs import fraction, numbers

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Kappa:
    """A kappa with its standard error under no agreement; p is one-sided: P(Z > z).

    All NaN where kappa is 0/0 (a category used never or always).
    """

    kappa: float
    se: float
    z: float
    p_value: float


@dataclass(frozen=True, slots=True)
class FleissKappa:
    """Result of `fleiss_kappa`."""

    by_category: Mapping[str, Kappa]
    overall: Kappa


@dataclass(frozen=True, slots=True, eq=False)
class CohenKappa:
    """Result of `cohen_kappa`.

    Attributes
    ----------
    table : IntArray, shape (categories, categories)
        Ratings of a in rows, of b in columns.
    observed_agreement, expected_agreement, kappa : float
    se_null, z, p_value : float
        Standard error without agreement, its z, and the one-sided p-value.
    ase : float
        Standard error of the estimate, used for the interval.
    ci95 : tuple of two floats
    kappa_linear, kappa_quadratic : float
        Weighted by distance in the given order of categories.
    """

    table: IntArray
    observed_agreement: float
    expected_agreement: float
    kappa: float
    se_null: float
    z: float
    p_value: float
    ase: float
    ci95: tuple[float, float]
    kappa_linear: float
    kappa_quadratic: float


@dataclass(frozen=True, slots=True)
class KendallW:
    """Result of `kendall_w`."""

    w: float
    chi2: float
    df: int
    p_value: float


def one_sided_p(z: float) -> float:
    """Return P(Z > z) of a standard normal."""
    return _NAN if math.isnan(z) else 0.5 * math.erfc(z / math.sqrt(2.0))


def _kappa(kappa: float, se: float) -> Kappa:
    if math.isnan(kappa) or not se > 0:
        return Kappa(kappa, _NAN, _NAN, _NAN)
    return Kappa(kappa, se, kappa / se, one_sided_p(kappa / se))


def order_of(categories: Sequence[Any] | None, *columns: Sequence[Any]) -> tuple[str, ...]:
    """Return the categories as text: as given, or all that occur, sorted."""
    met = dict.fromkeys(str(v) for column in columns for v in column)
    if categories is None:
        return tuple(sorted(met))
    names = tuple(dict.fromkeys(str(c) for c in categories))
    strange = next((v for v in met if v not in names), None)
    if strange is not None:
        raise DataProblem(
            f"The rating {strange!r} is none of the categories {', '.join(names)}.",
            hint="Correct it, or add the category.",
        )
    return names


def ratings_of(column: Any, what: str) -> list[str]:
    """Return ratings as text; a missing one is a DataProblem that names the row."""
    if isinstance(column, str):
        raise DataProblem(f"{what} must be one column of ratings.")
    items = column.tolist() if isinstance(column, np.ndarray) else list(column)
    out = []
    for row, item in enumerate(items):
        if item is None or item == "" or item != item:  # noqa: PLR0124 - NaN differs from itself
            raise DataProblem(
                f"{what} in row {row + 1} is missing.",
                hint="Rate the part, or leave it out of the study.",
            )
        out.append(str(item))
    return out


def cohen_kappa(
    a: Sequence[Any], b: Sequence[Any], categories: Sequence[Any] | None = None
) -> CohenKappa:
    """Measure the agreement of two ratings per part.

    Parameters
    ----------
    a, b : sequence, shape (parts,)
        Ratings.
    categories : sequence, optional
        All categories in order (for the weighted kappas); sorted names if left out.

    Returns
    -------
    CohenKappa
        kappa is NaN if all ratings are one category.

    Raises
    ------
    DataProblem
        Missing ratings, columns of different length, unknown categories.

    References
    ----------
    Cohen 1960; Fleiss, Cohen and Everitt 1969.

    Examples
    --------
    >>> round(cohen_kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"]).kappa, 2)
    0.5
    """
    first, second = ratings_of(a, "Rating A"), ratings_of(b, "Rating B")
    if len(first) != len(second) or not first:
        raise DataProblem(f"There are {len(first)} ratings A and {len(second)} ratings B.")
    names = order_of(categories, first, second)
    place = {name: i for i, name in enumerate(names)}
    size = len(names)
    table = np.zeros((size, size), dtype=np.int64)
    np.add.at(table, ([place[v] for v in first], [place[v] for v in second]), 1)
    share = table / len(first)
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed, expected = float(np.trace(share)), float(rows @ columns)
    kappa = (observed - expected) / (1 - expected) if expected < 1 else _NAN
    se_null, ase = _cohen_errors(share, kappa, expected, len(first))
    tested = _kappa(kappa, se_null)
    return CohenKappa(
        table=table,
        observed_agreement=observed,
        expected_agreement=expected,
        kappa=kappa,
        se_null=tested.se,
        z=tested.z,
        p_value=tested.p_value,
        ase=ase,
        ci95=(kappa - _Z95 * ase, kappa + _Z95 * ase),
        kappa_linear=_weighted(share, 1),
        kappa_quadratic=_weighted(share, 2),
    )


_Z95 = 1.959963984540054


def _cohen_errors(share: FloatArray, kappa: float, expected: float, n: int) -> tuple[float, float]:
    if math.isnan(kappa):
        return _NAN, _NAN
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    cross = float(np.sum(rows * columns * (rows + columns)))
    null = math.sqrt(max(0.0, expected + expected**2 - cross)) / ((1 - expected) * math.sqrt(n))
    diagonal = np.diagonal(share)
    on = float(np.sum(diagonal * (1 - (rows + columns) * (1 - kappa)) ** 2))
    pairs = (columns[:, None] + rows) ** 2  # share of i,j meets column total i and row total j
    off = (1 - kappa) ** 2 * float(np.sum(share * pairs) - np.sum(diagonal * np.diagonal(pairs)))
    rest = (kappa - expected * (1 - kappa)) ** 2
    return null, math.sqrt(max(0.0, on + off - rest)) / ((1 - expected) * math.sqrt(n))


def _weighted(share: FloatArray, power: int) -> float:
    size = share.shape[0]
    if size < 2:
        return _NAN
    place = np.arange(size)
    loss = (np.abs(place[:, None] - place) / (size - 1)) ** power
    by_chance = float(np.sum(loss * np.outer(share.sum(axis=1), share.sum(axis=0))))
    return 1 - float(np.sum(loss * share)) / by_chance if by_chance > 0 else _NAN


def fleiss_kappa(
    ratings: Sequence[Sequence[Any]], categories: Sequence[Any] | None = None
) -> FleissKappa:
    """Measure the agreement of the same number of ratings per part.

    Parameters
    ----------
    ratings : sequence of sequences, shape (parts, raters)
    categories : sequence, optional
        Categories to report; those that occur, sorted, if left out.

    Returns
    -------
    FleissKappa

    Raises
    ------
    DataProblem
        Missing ratings, parts with different numbers of ratings, fewer than two ratings.

    References
    ----------
    Fleiss 1971; standard errors without agreement by Fleiss, Nee and Landis 1979.

    Examples
    --------
    >>> result = fleiss_kappa([["a", "a"], ["b", "b"], ["a", "b"]])
    >>> round(result.overall.kappa, 3)
    0.333
    """
    table = [ratings_of(row, f"Part {i + 1}: rating") for i, row in enumerate(ratings)]
    if not table:
        raise DataProblem("There are no ratings.")
    raters = len(table[0])
    uneven = next((i for i, row in enumerate(table) if len(row) != raters), None)
    if uneven is not None:
        raise DataProblem(
            f"Part {uneven + 1} has {len(table[uneven])} ratings, part 1 has {raters}.",
            hint="Every part needs the same number of ratings.",
        )
    if raters < 2:
        raise DataProblem("Agreement needs at least two ratings per part.")
    names = order_of(categories, *table)
    counts = np.asarray([[row.count(name) for name in names] for row in table], dtype=np.int64)
    return fleiss_of_counts(counts, names)


def fleiss_of_counts(counts: IntArray, names: Sequence[str]) -> FleissKappa:
    """Compute Fleiss' kappas from the number of ratings per part and category."""
    parts, raters = counts.shape[0], int(counts[0].sum())
    pairs = parts * raters * (raters - 1)
    p = counts.sum(axis=0) / (parts * raters)
    spread = p * (1 - p)
    disagree = np.sum(counts * (raters - counts), axis=0) / pairs
    se = math.sqrt(2 / pairs)
    by_category = {
        name: _kappa(1 - float(disagree[j] / spread[j]), se) if spread[j] > 0 else _kappa(_NAN, se)
        for j, name in enumerate(names)
    }
    total = float(spread.sum())
    if total <= 0:
        return FleissKappa(by_category, _kappa(_NAN, se))
    kappa = 1 - float(disagree.sum()) / total
    skew = float(np.sum(spread * (1 - 2 * p)))
    return FleissKappa(
        by_category, _kappa(kappa, se * math.sqrt(max(0.0, total**2 - skew)) / total)
    )


def averaged(kappas: Sequence[FleissKappa]) -> FleissKappa:
    """Average kappas of independent trials; SE = sqrt(sum of squared SEs) / count."""
    names = kappas[0].by_category
    return FleissKappa(
        {name: _averaged([k.by_category[name] for k in kappas]) for name in names},
        _averaged([k.overall for k in kappas]),
    )


def _averaged(kappas: Sequence[Kappa]) -> Kappa:
    mean = sum(k.kappa for k in kappas) / len(kappas)
    return _kappa(mean, math.sqrt(sum(k.se**2 for k in kappas)) / len(kappas))


def kendall_w(ratings: Sequence[Sequence[float]]) -> KendallW:
    """Measure how alike raters order the parts, with a correction for ties.

    Parameters
    ----------
    ratings : array_like, shape (parts, raters)
        Ordinal ratings as numbers.

    Returns
    -------
    KendallW
        W from 0 (no agreement) to 1; chi2 = raters (parts - 1) W.

    Raises
    ------
    DataProblem
        Missing ratings, fewer than two parts or raters, or raters who see no difference.

    References
    ----------
    Kendall and Babington Smith 1939; Siegel and Castellan.

    Examples
    --------
    >>> kendall_w([[1, 1], [2, 2], [3, 3]]).w
    1.0
    """
    from scipy.special import chdtrc
    from scipy.stats import rankdata

    table = [numbers(row, f"Part {i + 1}: rating") for i, row in enumerate(ratings)]
    if len(table) < 2 or len({row.size for row in table}) != 1 or table[0].size < 2:
        raise DataProblem(
            "Kendall's W needs at least two parts with the same two or more ratings each."
        )
    missing = next((i for i, row in enumerate(table) if np.isnan(row).any()), None)
    if missing is not None:
        raise DataProblem(f"A rating of part {missing + 1} is missing.", hint="Leave the part out.")
    values = np.stack(table)
    n, m = values.shape
    ranks = np.asarray(rankdata(values, axis=0), dtype=np.float64)
    totals = ranks.sum(axis=1)
    spread = float(np.sum((totals - totals.mean()) ** 2))
    ties = sum(
        float(np.sum(c.astype(np.float64) ** 3 - c))
        for c in (np.unique(column, return_counts=True)[1] for column in values.T)
    )
    largest = m**2 * (n**3 - n) - m * ties
    if largest <= 0:
        raise DataProblem("No rater tells the parts apart, so there is no order to compare.")
    w = 12 * spread / largest
    chi2 = m * (n - 1) * w
    return KendallW(w, chi2, n - 1, float(chdtrc(n - 1, chi2)))


def percent_interval(matched: int, inspected: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided interval of a share, in percent (Clopper and Pearson 1934)."""
    return _interval(matched, inspected, (1 - fraction(level)) / 2)


def extreme_interval(matched: int, inspected: int, level: float = 0.95) -> tuple[float, float]:
    """As `percent_interval`, but at 0 % and 100 % the one bound that is left uses all of alpha."""
    alpha = 1 - fraction(level)
    return _interval(matched, inspected, alpha if matched in {0, inspected} else alpha / 2)


def _interval(matched: int, inspected: int, tail: float) -> tuple[float, float]:
    from scipy.special import betaincinv

    rest = inspected - matched
    low = float(betaincinv(matched, rest + 1, tail)) if matched else 0.0
    high = float(betaincinv(matched + 1, rest, 1 - tail)) if rest else 1.0
    return 100 * low, 100 * high
