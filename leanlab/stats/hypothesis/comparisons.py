"""Which groups differ: Tukey, Games-Howell, Fisher and Dunnett."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats import inputs
from leanlab.stats.hypothesis.anova import Within, varying, within
from leanlab.stats.hypothesis.extremes import (
    largest_t_critical,
    largest_t_sf,
    studentized_range_critical,
    studentized_range_sf,
)
from leanlab.stats.hypothesis.sides import checked, quantile


@dataclass(frozen=True, slots=True, eq=False)
class Tukey:
    """Result of `tukey_hsd`; the difference is in the order of `pair` ("B-A") and `names`."""

    pair: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    difference: FloatArray
    se: FloatArray
    t: FloatArray
    ci_lower: FloatArray
    ci_upper: FloatArray
    p_adjusted: FloatArray
    q_critical: float


@dataclass(frozen=True, slots=True, eq=False)
class GamesHowell:
    """Result of `games_howell`; every pair has its own degrees of freedom."""

    pair: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    difference: FloatArray
    se: FloatArray
    t: FloatArray
    df: FloatArray
    ci_lower: FloatArray
    ci_upper: FloatArray
    p_adjusted: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class FisherLsd:
    """Result of `fisher_lsd`; the intervals hold one by one, not all together."""

    pair: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    difference: FloatArray
    se: FloatArray
    t: FloatArray
    ci_lower: FloatArray
    ci_upper: FloatArray
    p_unadjusted: FloatArray
    p_bonferroni: FloatArray
    p_holm: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Dunnett:
    """Result of `dunnett`; an open side of a one-sided interval is NaN."""

    pair: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    control: str
    difference: FloatArray
    se: FloatArray
    t: FloatArray
    critical_t: float
    ci_lower: FloatArray
    ci_upper: FloatArray
    p_adjusted: FloatArray


def tukey_hsd(groups: Mapping[str, ArrayLike] | Any, *, confidence: float = 0.95) -> Tukey:
    """Compare all pairs of groups, assuming equal spread, at one joint confidence.

    Parameters
    ----------
    groups : mapping of name to array_like
        Two or more groups; sizes may differ (Tukey-Kramer).
    confidence : float
        Chance that all intervals hold together.

    Returns
    -------
    Tukey
        Differences are second minus first group in the order given (R, Minitab).

    Raises
    ------
    DataProblem
        Too few groups or values, or no spread inside the groups.

    References
    ----------
    Tukey 1953; Kramer 1956, Biometrics 12; Montgomery, Design and Analysis, section 3-5.

    Examples
    --------
    >>> result = tukey_hsd({"A": [1, 2, 3], "B": [3, 4, 6], "C": [2, 7, 9]})
    >>> result.pair, round(result.q_critical, 3)
    (('B-A', 'C-A', 'C-B'), 4.339)
    """
    confidence = inputs.fraction(confidence)
    it = within(groups)
    first, second, names, difference = _pairs(it)
    se = np.sqrt(it.ms_error * (1 / it.n[first] + 1 / it.n[second]))
    t = difference / se
    critical = studentized_range_critical(confidence, it.n.size, it.df_error)
    p = studentized_range_sf(np.abs(t) * np.sqrt(2), it.n.size, it.df_error)
    half = critical / np.sqrt(2) * se
    return Tukey(
        _joined(names), names, difference, se, t, difference - half, difference + half, p, critical
    )


def games_howell(groups: Mapping[str, ArrayLike] | Any, *, confidence: float = 0.95) -> GamesHowell:
    """Compare all pairs of groups without assuming equal spread.

    Parameters
    ----------
    groups : mapping of name to array_like
        Two or more groups of two or more values, each with spread.
    confidence : float
        Approximate chance that all intervals hold together.

    Returns
    -------
    GamesHowell
        Welch's standard error and degrees of freedom per pair, studentized range of all groups.

    Raises
    ------
    DataProblem
        Too few groups or values, or a group without spread.

    References
    ----------
    Games and Howell 1976, J. Educational Statistics 1.

    Examples
    --------
    >>> result = games_howell({"A": [1, 2, 3], "B": [3, 4, 6], "C": [2, 7, 9]})
    >>> [round(float(df), 2) for df in result.df]
    [3.45, 2.31, 2.7]
    """
    confidence = inputs.fraction(confidence)
    it = varying(groups)
    first, second, names, difference = _pairs(it)
    share = it.variance / it.n
    square = share[first] + share[second]
    se = np.sqrt(square)
    df = square**2 / (
        share[first] ** 2 / (it.n[first] - 1) + share[second] ** 2 / (it.n[second] - 1)
    )
    t = difference / se
    k = it.n.size
    critical = np.asarray([studentized_range_critical(confidence, k, float(d)) for d in df])
    p = np.asarray(
        [
            float(studentized_range_sf(np.asarray([abs(one) * np.sqrt(2)]), k, float(d))[0])
            for one, d in zip(t, df, strict=True)
        ]
    )
    half = critical / np.sqrt(2) * se
    return GamesHowell(
        _joined(names), names, difference, se, t, df, difference - half, difference + half, p
    )


def fisher_lsd(groups: Mapping[str, ArrayLike] | Any, *, confidence: float = 0.95) -> FisherLsd:
    """Compare all pairs of groups one by one with the pooled standard deviation.

    Parameters
    ----------
    groups : mapping of name to array_like
    confidence : float
        Of each interval by itself; false alarms add up over the pairs.

    Returns
    -------
    FisherLsd
        p-values as they are, and adjusted for all pairs by Bonferroni and by Holm.

    Raises
    ------
    DataProblem
        Too few groups or values, or no spread inside the groups.

    References
    ----------
    Fisher 1935; Holm 1979, Scand. J. Statist. 6.

    Examples
    --------
    >>> result = fisher_lsd({"A": [1, 2, 3], "B": [3, 4, 6], "C": [2, 7, 9]})
    >>> [round(float(p), 3) for p in result.p_holm]
    [0.533, 0.242, 0.533]
    """
    from scipy.special import stdtr

    it = within(groups)
    first, second, names, difference = _pairs(it)
    se = np.sqrt(it.ms_error * (1 / it.n[first] + 1 / it.n[second]))
    t = difference / se
    p = np.minimum(1.0, 2 * stdtr(it.df_error, -np.abs(t)))
    half = quantile(0.5 + inputs.fraction(confidence) / 2, it.df_error) * se
    return FisherLsd(
        _joined(names), names, difference, se, t, difference - half, difference + half, p,
        np.minimum(1.0, p * p.size), holm(p),
    )  # fmt: skip


def holm(p: FloatArray) -> FloatArray:
    """Adjust p-values for their number, stepping down from the smallest.

    Examples
    --------
    >>> holm(np.asarray([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    factor = p.size - np.arange(p.size)
    out = np.empty(p.size)
    out[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * factor))
    return out


def grouping_letters(
    mean: Mapping[str, float], different: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Give groups that cannot be told apart a letter in common.

    Parameters
    ----------
    mean : mapping of name to float
        Average of each group.
    different : sequence of pairs of names
        Pairs that a comparison found to differ.

    Returns
    -------
    dict of name to str
        From the largest average to the smallest; groups without a common letter differ.

    Raises
    ------
    DataProblem
        A pair names a group that has no average.

    References
    ----------
    Piepho 2004, J. Computational and Graphical Statistics 13 (insert and absorb).

    Examples
    --------
    >>> grouping_letters({"A": 5.0, "B": 4.7, "C": 5.5}, [("B", "C")])
    {'C': 'A', 'A': 'AB', 'B': 'B'}
    """
    order = sorted(mean, key=lambda name: -mean[name])
    families = [frozenset(order)]
    for one, other in different:
        if one not in mean or other not in mean:
            raise DataProblem(f"There is no average of {one if one not in mean else other}.")
        split = [
            part
            for family in families
            for part in (
                (family - {one}, family - {other}) if {one, other} <= family else (family,)
            )
        ]
        families = [
            part
            for i, part in enumerate(split)
            if not any(part < rest for rest in split) and part not in split[:i]
        ]
    families.sort(key=lambda family: sorted(order.index(name) for name in family))
    return {
        name: "".join(_letter(i) for i, family in enumerate(families) if name in family)
        for name in order
    }


def _letter(i: int) -> str:
    return chr(ord("A") + i % 26) + "'" * (i // 26)


def dunnett(
    groups: Mapping[str, ArrayLike] | Any,
    *,
    control: str | None = None,
    alternative: str = "two.sided",
    confidence: float = 0.95,
) -> Dunnett:
    """Compare every group with a control at one joint confidence, assuming equal spread.

    Parameters
    ----------
    groups : mapping of name to array_like
        The control and one or more other groups; sizes may differ.
    control : str, optional
        Name of the control; the first group unless told.
    alternative : {"two.sided", "greater", "less"}
        "greater": the groups lie above the control.
    confidence : float
        Chance that all intervals hold together.

    Returns
    -------
    Dunnett
        Differences are group minus control. The multivariate t is integrated, not simulated: the
        same numbers every time, to about 1e-11.

    Raises
    ------
    DataProblem
        Unknown control, too few groups or values, or no spread inside the groups.

    References
    ----------
    Dunnett 1955, JASA 50; Dunnett 1964, Biometrics 20.

    Examples
    --------
    >>> result = dunnett({"A": [1, 2, 3], "B": [3, 4, 6], "C": [2, 7, 9]})
    >>> result.pair, round(result.critical_t, 3)
    (('B-A', 'C-A'), 2.863)
    """
    confidence = inputs.fraction(confidence)
    one_sided = checked(alternative) != "two.sided"
    it = within(groups)
    at = _place_of(control, it.names)
    others = np.asarray([i for i in range(it.n.size) if i != at])
    names = tuple((it.names[i], it.names[at]) for i in others)
    difference = it.centered_mean[others] - it.centered_mean[at]
    se = np.sqrt(it.ms_error * (1 / it.n[others] + 1 / it.n[at]))
    weights = np.sqrt(it.n[others] / (it.n[others] + it.n[at]))
    t = difference / se
    critical = largest_t_critical(confidence, weights, it.df_error, one_sided=one_sided)
    directed = -t if alternative == "less" else t
    lower, upper = difference - critical * se, difference + critical * se
    if alternative == "greater":
        upper = np.full(t.size, np.nan)
    if alternative == "less":
        lower = np.full(t.size, np.nan)
    return Dunnett(
        pair=_joined(names), names=names, control=it.names[at],
        difference=difference, se=se, t=t, critical_t=critical, ci_lower=lower, ci_upper=upper,
        p_adjusted=largest_t_sf(directed, weights, it.df_error, one_sided=one_sided),
    )  # fmt: skip


def _place_of(control: str | None, names: tuple[str, ...]) -> int:
    if control is None:
        return 0
    if str(control) not in names:
        raise DataProblem(
            f"There is no group {control!r} to compare with.",
            hint=f"Choose one of: {', '.join(names)}.",
        )
    return names.index(str(control))


def _pairs(
    it: Within,
) -> tuple[IntArray, IntArray, tuple[tuple[str, str], ...], FloatArray]:
    first, second = (np.asarray(at, dtype=np.int64) for at in np.triu_indices(it.n.size, k=1))
    names = tuple((it.names[j], it.names[i]) for i, j in zip(first, second, strict=True))
    return first, second, names, it.centered_mean[second] - it.centered_mean[first]


def _joined(names: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(f"{one}-{other}" for one, other in names)
