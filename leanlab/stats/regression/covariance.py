"""Analysis of covariance: groups compared at the same value of a covariate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray
from leanlab.stats import inputs, spread
from leanlab.stats.hypothesis.sides import f_p
from leanlab.stats.regression import model as models
from leanlab.stats.regression.qr import LeastSquares, least_squares


@dataclass(frozen=True, slots=True, eq=False)
class Ancova:
    """Result of `ancova`; sums of squares are adjusted (type II).

    `coef` names "intercept", the covariate and one difference to the base level per other level.
    `adjusted_mean` is each group's average at the covariate's overall average. The p-value of the
    interaction tells whether the slopes differ; it is None with too few rows for their own slopes.
    """

    levels: tuple[str, ...]
    coef: dict[str, float]
    se: dict[str, float]
    ss_adj_covariate: float
    f_covariate: float
    p_covariate: float
    ss_adj_factor: float
    f_factor: float
    p_factor: float
    df_factor: int
    df_error: int
    ss_error: float
    s: float
    r_squared: float
    r_squared_adj: float
    p_interaction: float | None
    adjusted_mean: dict[str, float]


def ancova(data: Mapping[str, Any], response: str, *, covariate: str, factor: str) -> Ancova:
    """Compare groups after allowing for a covariate with one common slope.

    Parameters
    ----------
    data : mapping of column name to array_like
        Rows with a missing value are left out.
    response, covariate, factor : str
        Names of columns; the factor holds the levels as text or numbers.

    Returns
    -------
    Ancova
        0/1 coding with the first level (sorted) as the base.

    Raises
    ------
    DataProblem
        Unknown names, a single level, or too few rows.

    References
    ----------
    Montgomery, Design and Analysis of Experiments, section 15-3.

    Examples
    --------
    >>> data = {"y": [1, 2, 3.1, 3, 4.2, 5], "x": [1, 2, 3, 1, 2, 3], "line": list("AAABBB")}
    >>> round(ancova(data, "y", covariate="x", factor="line").coef["line_B"], 4)
    2.0333
    """
    y, x = models.column(data, response), models.column(data, covariate)
    if factor not in data:
        raise DataProblem(
            f"There is no column {factor!r}.", hint=f"Choose from: {', '.join(map(str, data))}."
        )
    labels = list(data[factor])
    inputs.same_length(y, x, response, covariate)
    inputs.same_length(y, labels, response, factor)
    kept = ~(np.isnan(y) | np.isnan(x)) & _present(labels)
    y, x = spread.computable(y[kept], response), spread.computable(x[kept], covariate)
    levels, dummies = _dummies(
        [str(v) for v, keep in zip(labels, kept, strict=True) if keep], factor
    )
    names = [f"{factor}_{level}" for level in levels[1:]]
    full = least_squares(np.column_stack([x, dummies]), y, [covariate, *names])
    only_x = least_squares(x[:, None], y, [covariate])
    only_factor = least_squares(dummies, y, names)
    df, error = len(levels) - 1, full.ss_error / full.df_error
    ss_factor = only_x.ss_error - full.ss_error
    ss_covariate = only_factor.ss_error - full.ss_error
    f_factor, f_covariate = _ratio(ss_factor / df, error), _ratio(ss_covariate, error)
    terms = ["intercept", covariate, *names]
    return Ancova(
        levels=levels, coef=dict(zip(terms, map(float, full.coef), strict=True)),
        se=dict(zip(terms, map(float, full.unit_se * full.s), strict=True)),
        ss_adj_covariate=ss_covariate, f_covariate=f_covariate,
        p_covariate=f_p(f_covariate, 1, full.df_error), ss_adj_factor=ss_factor,
        f_factor=f_factor, p_factor=f_p(f_factor, df, full.df_error), df_factor=df,
        df_error=full.df_error, ss_error=full.ss_error, s=full.s, r_squared=full.r_squared,
        r_squared_adj=full.r_squared_adj,
        p_interaction=_interaction(x, dummies, y, full),
        adjusted_mean=_adjusted_means(full, float(x.mean()), levels),
    )  # fmt: skip


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0 else float("inf")


def _present(labels: list[Any]) -> BoolArray:
    return np.asarray(
        [v is not None and v != "" and not (isinstance(v, float) and np.isnan(v)) for v in labels],
        dtype=np.bool_,
    )


def _dummies(labels: list[str], factor: str) -> tuple[tuple[str, ...], FloatArray]:
    levels = tuple(sorted(set(labels)))
    if len(levels) < 2:
        raise DataProblem(
            f"{factor} has fewer than two levels in the complete rows.",
            hint="Choose a column that tells groups apart.",
        )
    dummies = [[float(label == level) for level in levels[1:]] for label in labels]
    return levels, np.asarray(dummies, dtype=np.float64)


def _interaction(
    x: FloatArray, dummies: FloatArray, y: FloatArray, full: LeastSquares
) -> float | None:
    """Compare one common slope with a slope per group; a group at a single x has none."""
    groups = [np.asarray(column, dtype=np.bool_) for column in dummies.T]
    groups.append(~np.any(dummies > 0, axis=1))
    ss_own, slopes = 0.0, 0
    for group in groups:
        there, answer = x[group] - x[group].mean(), y[group] - y[group].mean()
        if np.ptp(x[group]) > 0:
            slopes += 1
            answer -= there * (there @ answer) / (there @ there)
        ss_own += float(answer @ answer)
    more, df = slopes - 1, y.size - len(groups) - slopes
    if df < 1 or more < 1:
        return None
    ss_own = min(ss_own, full.ss_error)
    return f_p(_ratio((full.ss_error - ss_own) / more, ss_own / df), more, df)


def _adjusted_means(full: LeastSquares, at: float, levels: tuple[str, ...]) -> dict[str, float]:
    rows = np.zeros((len(levels), len(levels)))
    rows[:, 0] = at
    rows[1:, 1:] = np.eye(len(levels) - 1)
    return dict(zip(levels, map(float, full.predict(rows)), strict=True))
