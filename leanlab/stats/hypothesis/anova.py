"""Analysis of variance: one factor, Welch's, and two factors with unequal cell sizes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs, spread
from leanlab.stats.hypothesis.sides import f_p, quantile


@dataclass(frozen=True, slots=True, eq=False)
class OneWay:
    """Result of `anova_oneway`; group values in order of appearance."""

    df_factor: float
    ss_factor: float
    ms_factor: float
    f: float
    p_value: float
    df_error: float
    ss_error: float
    ms_error: float
    ss_total: float
    s: float
    r_squared: float
    r_squared_adj: float
    r_squared_pred: float | None
    eta_squared: float
    omega_squared: float
    group: tuple[str, ...]
    n: tuple[int, ...]
    mean: FloatArray
    sd: FloatArray
    ci_lower_pooled: FloatArray
    ci_upper_pooled: FloatArray


@dataclass(frozen=True, slots=True)
class Welch:
    """Result of `anova_welch`; df_den is not rounded."""

    f: float
    df_num: float
    df_den: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a two-way table: adjusted (type III), sequential (I) and type II squares."""

    df: float
    ss_adj: float
    ms_adj: float
    f: float
    p_value: float
    ss_seq: float
    ss_type2: float


@dataclass(frozen=True, slots=True)
class TwoWay:
    """Result of `anova_two_way`; `a_b` is None in a model without interaction."""

    a: Term
    b: Term
    a_b: Term | None
    df_error: float
    ss_error: float
    ms_error: float
    df_total: float
    ss_total: float
    s: float
    r_squared: float
    r_squared_adj: float
    r_squared_pred: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Within:
    """Groups with their sizes, averages, variances and the pooled variance.

    Averages are kept relative to `origin`, so that large offsets cost no digits.
    """

    names: tuple[str, ...]
    samples: tuple[FloatArray, ...]
    origin: float
    n: FloatArray
    centered_mean: FloatArray
    variance: FloatArray
    ss_error: float
    df_error: float

    @property
    def mean(self) -> FloatArray:
        """Averages in data units."""
        return self.centered_mean + self.origin

    @property
    def ms_error(self) -> float:
        """Pooled variance."""
        return self.ss_error / self.df_error


def within(groups: Mapping[str, ArrayLike] | Any, *, least: int = 1) -> Within:
    """Return what comparisons of group averages need.

    Parameters
    ----------
    groups : mapping of name to array_like
        Two or more groups; missing values are left out.
    least : int
        Smallest number of values in a group.

    Raises
    ------
    DataProblem
        Too few groups or values, or no spread inside the groups.
    """
    named = inputs.groups(groups, least=least)
    samples = tuple(spread.computable(s, f"Group {name}") for name, s in named.items())
    origin = float(np.median(np.concatenate(samples)))
    shifted = [s - origin for s in samples]
    n = np.asarray([s.size for s in samples], dtype=np.float64)
    mean = np.asarray([s.mean() for s in shifted])
    squares = np.asarray([float(((s - m) ** 2).sum()) for s, m in zip(shifted, mean, strict=True)])
    df = float(n.sum() - n.size)
    if df < 1:
        raise DataProblem(
            "Every group has one value only, so there is no spread to judge by.",
            hint="Collect two or more values in at least one group.",
        )
    scale = max(float(np.abs(s).max()) for s in samples)
    if squares.sum() <= n.sum() * (4 * np.finfo(float).eps * scale) ** 2:
        raise DataProblem(
            "All values within each group are equal, so there is no spread to judge by.",
            hint="Check rounding.",
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.where(n > 1, squares / (n - 1), np.nan)
    return Within(tuple(named), samples, origin, n, mean, variance, float(squares.sum()), df)


def anova_oneway(groups: Mapping[str, ArrayLike] | Any, *, confidence: float = 0.95) -> OneWay:
    """Compare the averages of two or more groups, assuming equal spread.

    Parameters
    ----------
    groups : mapping of name to array_like
        Independent values per group; missing ones are left out, sizes may differ.
    confidence : float
        Of the interval of each average, which uses the pooled standard deviation.

    Returns
    -------
    OneWay
        `r_squared_pred` is 1 - PRESS / total; None if a group has a single value.

    Raises
    ------
    DataProblem
        Fewer than two groups, or no spread inside the groups.

    Notes
    -----
    Sums are formed about the median, so 13 common leading digits cost no accuracy (NIST SmLs07).

    References
    ----------
    Montgomery and Runger, section 13-2; omega squared: Hays, Statistics.

    Examples
    --------
    >>> round(anova_oneway({"A": [1, 2, 3], "B": [3, 4, 6]}).f, 3)
    4.9
    """
    it = within(groups)
    total = float(it.n.sum())
    grand = float(it.n @ it.centered_mean) / total
    ss_factor = float(it.n @ (it.centered_mean - grand) ** 2)
    df_factor = float(it.n.size - 1)
    ss_total = ss_factor + it.ss_error
    f = (ss_factor / df_factor) / it.ms_error
    reach = quantile(0.5 + inputs.fraction(confidence) / 2, it.df_error)
    half = reach * np.sqrt(it.ms_error / it.n)
    r2 = ss_factor / ss_total
    return OneWay(
        df_factor=df_factor, ss_factor=ss_factor, ms_factor=ss_factor / df_factor, f=f,
        p_value=f_p(f, df_factor, it.df_error), df_error=it.df_error, ss_error=it.ss_error,
        ms_error=it.ms_error, ss_total=ss_total, s=float(np.sqrt(it.ms_error)), r_squared=r2,
        r_squared_adj=1 - (1 - r2) * (total - 1) / it.df_error,
        r_squared_pred=_predicted(it, ss_total), eta_squared=r2,
        omega_squared=(ss_factor - df_factor * it.ms_error) / (ss_total + it.ms_error),
        group=it.names, n=tuple(int(k) for k in it.n), mean=it.mean, sd=np.sqrt(it.variance),
        ci_lower_pooled=it.mean - half, ci_upper_pooled=it.mean + half,
    )  # fmt: skip


def _predicted(it: Within, ss_total: float) -> float | None:
    """1 - PRESS / total: each value predicted by the others of its group."""
    if it.n.min() < 2:
        return None
    press = float(((it.n - 1) * it.variance * (it.n / (it.n - 1)) ** 2).sum())
    return 1 - press / ss_total


def anova_welch(groups: Mapping[str, ArrayLike] | Any) -> Welch:
    """Compare the averages of two or more groups without assuming equal spread.

    Parameters
    ----------
    groups : mapping of name to array_like
        Two or more values per group.

    Returns
    -------
    Welch

    Raises
    ------
    DataProblem
        Too few groups or values, or a group without spread.

    References
    ----------
    Welch 1951, Biometrika 38.

    Examples
    --------
    >>> round(anova_welch({"A": [1, 2, 3], "B": [3, 4, 6], "C": [2, 7, 9]}).f, 3)
    3.059
    """
    it = varying(groups)
    weight = it.n / it.variance
    center = float(weight @ it.centered_mean) / weight.sum()
    k = it.n.size
    imbalance = float(((1 - weight / weight.sum()) ** 2 / (it.n - 1)).sum())
    between = float(weight @ (it.centered_mean - center) ** 2) / (k - 1)
    f = between / (1 + 2 * (k - 2) / (k**2 - 1) * imbalance)
    df = (k**2 - 1) / (3 * imbalance)
    return Welch(f, float(k - 1), df, f_p(f, k - 1, df))


def varying(groups: Mapping[str, ArrayLike] | Any) -> Within:
    """Return groups of two or more values, each with spread of its own."""
    named = inputs.groups(groups, least=2)
    for name, sample in named.items():
        spread.varied(sample, f"Group {name}")
    return within(named, least=2)


def anova_two_way(
    y: ArrayLike, a: Sequence[Any], b: Sequence[Any], *, interaction: bool = True
) -> TwoWay:
    """Judge two factors, and whether the effect of one depends on the other.

    Parameters
    ----------
    y : array_like, shape (n,)
        Response; rows with a missing response or level are left out.
    a, b : sequence, shape (n,)
        Levels of the two factors.
    interaction : bool
        Whether the model has the interaction; it needs at least one value in every cell.

    Returns
    -------
    TwoWay
        F and p belong to adjusted (type III) sums of squares with sum-to-zero coding (Minitab);
        sequential (type I, order a, b, a*b) and type II sums stand beside them. All agree for
        balanced data.

    Raises
    ------
    DataProblem
        One level only, an empty cell, or no degrees of freedom for the error.

    References
    ----------
    Montgomery, Design and Analysis of Experiments, section 15-2; Fox, Applied Regression.

    Examples
    --------
    >>> y, a, b = [1, 2, 3, 5, 4, 6, 9, 8], list("aaaabbbb"), list("ccddccdd")
    >>> anova_two_way(y, a, b).a.ss_adj
    32.0
    """
    response, first, second = _complete_rows(y, a, b)
    spread.computable(response, "The response")
    columns = _effects(first, second, interaction=interaction)
    response = response - np.median(response)
    fit = _Fits(response, columns)
    full = tuple(columns)
    df_error = response.size - 1 - sum(block.shape[1] for block in columns.values())
    if df_error < 1:
        raise DataProblem(
            "No degrees of freedom are left for the error.",
            hint="Repeat the cells, or leave out the interaction.",
        )
    ss_error = fit.error(full)
    ss_total = float(((response - response.mean()) ** 2).sum())
    if ss_error <= 1e-24 * max(ss_total, float((response**2).sum())):
        raise DataProblem(
            "All values within each cell are equal, so there is no spread to judge by.",
            hint="Check rounding.",
        )
    terms = {name: _term(fit, name, full, ss_error, df_error) for name in full}
    r2 = 1 - ss_error / ss_total
    return TwoWay(
        a=terms["a"], b=terms["b"], a_b=terms.get("a_b"), df_error=float(df_error),
        ss_error=ss_error, ms_error=ss_error / df_error, df_total=float(response.size - 1),
        ss_total=ss_total, s=float(np.sqrt(ss_error / df_error)), r_squared=r2,
        r_squared_adj=1 - (1 - r2) * (response.size - 1) / df_error,
        r_squared_pred=fit.predicted(full, ss_total),
    )  # fmt: skip


def _complete_rows(
    y: ArrayLike, a: Sequence[Any], b: Sequence[Any]
) -> tuple[FloatArray, list[str], list[str]]:
    response = inputs.numbers(y, "Response")
    inputs.same_length(response, a, "Response", "the first factor")
    inputs.same_length(response, b, "Response", "the second factor")
    kept = [
        i for i, value in enumerate(response)
        if not (np.isnan(value) or _blank(a[i]) or _blank(b[i]))
    ]  # fmt: skip
    if not kept:
        raise DataProblem("No row has a response and both levels.")
    return response[kept], [str(a[i]) for i in kept], [str(b[i]) for i in kept]


def _blank(level: Any) -> bool:
    return level is None or level == "" or (isinstance(level, float) and np.isnan(level))


def _effects(first: list[str], second: list[str], *, interaction: bool) -> dict[str, FloatArray]:
    """Return sum-to-zero columns of every term."""
    columns = {"a": _sum_coded(first, "first"), "b": _sum_coded(second, "second")}
    if interaction:
        _refuse_empty_cells(first, second)
        product = columns["a"][:, :, None] * columns["b"][:, None, :]
        columns["a_b"] = product.reshape(len(first), -1)
    return columns


def _sum_coded(levels: list[str], which: str) -> FloatArray:
    names = list(dict.fromkeys(levels))
    if len(names) < 2:
        raise DataProblem(
            f"The {which} factor has one level only ({names[0]}).",
            hint="Choose a column with two or more levels.",
        )
    code = np.asarray([names.index(level) for level in levels])
    out = np.zeros((code.size, len(names) - 1))
    for column in range(len(names) - 1):
        out[code == column, column] = 1.0
    out[code == len(names) - 1] = -1.0
    return out


def _refuse_empty_cells(first: list[str], second: list[str]) -> None:
    there = set(zip(first, second, strict=True))
    for one in dict.fromkeys(first):
        for other in dict.fromkeys(second):
            if (one, other) not in there:
                raise DataProblem(
                    f"There is no value in the cell {one} with {other}.",
                    hint="Collect it, or leave out the interaction.",
                )


@dataclass(frozen=True, slots=True, eq=False)
class _Fits:
    """Error sums of squares of models made of some of the terms, always with an intercept."""

    response: FloatArray
    columns: dict[str, FloatArray]

    def basis(self, terms: Sequence[str]) -> FloatArray:
        blocks = [np.ones((self.response.size, 1))] + [self.columns[name] for name in terms]
        matrix = np.hstack(blocks)
        q, r = np.linalg.qr(matrix)
        diagonal = np.abs(np.diag(r))
        if diagonal.min() <= 1e-10 * diagonal.max():
            raise DataProblem(
                "The two factors cannot be told apart: their levels go together.",
                hint="Collect the missing combinations of levels.",
            )
        return np.asarray(q)

    def error(self, terms: Sequence[str]) -> float:
        q = self.basis(terms)
        return float(((self.response - q @ (q.T @ self.response)) ** 2).sum())

    def predicted(self, terms: Sequence[str], ss_total: float) -> float | None:
        q = self.basis(terms)
        residual = self.response - q @ (q.T @ self.response)
        free = 1 - (q**2).sum(axis=1)
        if free.min() < 1e-10:
            return None
        return float(1 - ((residual / free) ** 2).sum() / ss_total)


def _term(fit: _Fits, name: str, full: tuple[str, ...], ss_error: float, df_error: int) -> Term:
    df = fit.columns[name].shape[1]
    adjusted = fit.error([t for t in full if t != name]) - ss_error
    before = full[: full.index(name)]
    sequential = fit.error(before) - fit.error((*before, name))
    lower = [t for t in ("a", "b") if t != name] if name != "a_b" else ["a", "b"]
    type2 = fit.error(lower) - fit.error((*lower, name))
    f = (adjusted / df) / (ss_error / df_error)
    return Term(float(df), adjusted, adjusted / df, f, f_p(f, df, df_error), sequential, type2)
