"""Binary logistic regression, and Hosmer and Lemeshow's test of its fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.hypothesis.sides import chi2_p, quantile
from leanlab.stats.regression import model as models

MOST_STEPS = 60
SETTLED = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """Result of `logistic`.

    Odds ratios leave out the intercept; `fitted` are probabilities of the complete rows;
    McFadden's R-squared is None for counts of events in trials.
    """

    terms: tuple[str, ...]
    n: int
    coef: FloatArray
    se: FloatArray
    z: FloatArray
    p_value: FloatArray
    odds_ratio: FloatArray
    odds_ratio_lower: FloatArray
    odds_ratio_upper: FloatArray
    deviance: float
    df_residual: int
    null_deviance: float
    pearson_chi2: float
    g_statistic: float
    p_model: float
    aic: float
    loglik: float
    fitted: FloatArray
    mcfadden_r2: float | None


@dataclass(frozen=True, slots=True, eq=False)
class HosmerLemeshow:
    """Result of `hosmer_lemeshow`; the groups run from small to large probabilities."""

    chi2: float
    df: int
    p_value: float
    n: FloatArray
    observed: FloatArray
    expected: FloatArray


def logistic(
    data: Mapping[str, Any],
    response: str,
    model: Sequence[str],
    *,
    trials: str | None = None,
    confidence: float = 0.95,
) -> Logistic:
    """Explain a probability by a logit-linear model, fitted by maximum likelihood.

    Parameters
    ----------
    data : mapping of column name to array_like
        Rows with a missing value are left out.
    response : str
        Column of 0 and 1, or of events if `trials` is given.
    model : sequence of str
        Terms as in `ols`.
    trials : str, optional
        Column with the number of trials of each row.
    confidence : float
        Of Wald's intervals of the odds ratios.

    Returns
    -------
    Logistic
        With `trials`, log-likelihood and AIC include the binomial coefficients (R).

    Raises
    ------
    DataProblem
        A response that is not 0 or 1, more events than trials, all the same outcome, dependent
        terms, or outcomes that a term separates completely (the estimate would be infinite).

    References
    ----------
    Hosmer and Lemeshow, Applied Logistic Regression, chapters 1 and 2; McCullagh and Nelder,
    Generalized Linear Models (Fisher scoring).

    Examples
    --------
    >>> data = {"fail": [0, 0, 1, 0, 1, 1], "temp": [1, 2, 3, 4, 5, 6]}
    >>> round(float(logistic(data, "fail", ["temp"]).coef[1]), 4)
    1.214
    """
    factor = quantile(0.5 + inputs.fraction(confidence) / 2)
    events, size, columns = _given(data, response, trials, model)
    design = _Design.of(columns, tuple(model))
    coef, cov, fitted = _fisher_scoring(design, events, size)
    se = np.sqrt(np.diag(cov))
    z = coef / se
    loglik, deviance = _loglik(events, size, fitted), _deviance(events, size, fitted)
    overall = np.full(size.size, events.sum() / size.sum())
    null_deviance = _deviance(events, size, overall)
    g, k = null_deviance - deviance, len(model)
    odds, low, high = (np.exp(coef[1:] + side * factor * se[1:]) for side in (0, -1, 1))
    return Logistic(
        terms=("intercept", *model), n=events.size, coef=coef, se=se, z=z,
        p_value=_two_sided(z), odds_ratio=odds, odds_ratio_lower=low, odds_ratio_upper=high,
        deviance=deviance, df_residual=events.size - coef.size, null_deviance=null_deviance,
        pearson_chi2=float(((events - size * fitted) ** 2 / (size * fitted * (1 - fitted))).sum()),
        g_statistic=g, p_model=chi2_p(g, k), aic=2 * coef.size - 2 * loglik, loglik=loglik,
        fitted=fitted,
        mcfadden_r2=None if trials else 1 - loglik / _loglik(events, size, overall),
    )  # fmt: skip


def hosmer_lemeshow(
    observed: ArrayLike, fitted: ArrayLike, *, groups: int = 10, estimated: bool = True
) -> HosmerLemeshow:
    """Judge whether predicted probabilities agree with what happened, group by group.

    Parameters
    ----------
    observed : array_like, shape (n,)
        0 or 1 of each case.
    fitted : array_like, shape (n,)
        Predicted probabilities.
    groups : int
        About equal groups by increasing probability; cases with equal probability stay together,
        so there may be fewer.
    estimated : bool
        Whether the model was fitted to these cases (groups - 2 degrees of freedom) or to others
        (groups).

    Returns
    -------
    HosmerLemeshow

    Raises
    ------
    DataProblem
        Outcomes other than 0 and 1, probabilities outside 0..1, or fewer than three groups.

    References
    ----------
    Hosmer and Lemeshow 1980, Communications in Statistics A 9; SAS LOGISTIC (grouping).

    Examples
    --------
    >>> happened = [0, 0, 1, 0, 1, 1, 0, 1]
    >>> hosmer_lemeshow(happened, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], groups=4).df
    2
    """
    y, p = inputs.pairs(observed, fitted, "Outcome", "Probability")
    wanted = inputs.whole(groups, "The number of groups", least=3)
    _refuse_other_outcomes(y, "The outcome")
    if p.min() < 0 or p.max() > 1:
        raise DataProblem("Probabilities must lie between 0 and 1.")
    label = _grouped(p, wanted)
    n = np.bincount(label).astype(np.float64)
    if n.size < 3:
        raise DataProblem(
            f"The probabilities have too few different values for {wanted} groups.",
            hint="Use fewer groups, or Pearson's chi-square.",
        )
    seen, expected = (np.bincount(label, weights=v).astype(np.float64) for v in (y, p))
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = (seen - expected) ** 2 / (expected * (1 - expected / n))
    chi2 = float(np.where(seen == expected, 0.0, parts).sum())
    df = n.size - 2 if estimated else n.size
    return HosmerLemeshow(chi2, df, chi2_p(chi2, df), n, seen, expected)


def _grouped(p: FloatArray, wanted: int) -> Any:
    """Fill groups with whole sets of equal probabilities until each has its share."""
    values, inverse, count = np.unique(p, return_inverse=True, return_counts=True)
    target = int(p.size / wanted + 0.5)
    group = np.zeros(values.size, dtype=np.int64)
    now, filled = 0, 0
    for i, size in enumerate(count):
        full = filled >= target or (filled + size // 2 > target and filled > 0)
        if full and now < wanted - 1:
            now, filled = now + 1, 0
        group[i] = now
        filled += int(size)
    if now > 0 and filled < target / 2:
        group[group == now] = now - 1
    return group[inverse]


@dataclass(frozen=True, slots=True, eq=False)
class _Design:
    """Standardised columns with an intercept, and the way back to data units."""

    matrix: FloatArray
    back: FloatArray

    @staticmethod
    def of(columns: FloatArray, names: tuple[str, ...]) -> "_Design":
        n, k = columns.shape
        center = columns.mean(axis=0)
        scale = columns.std(axis=0)
        for j in range(k):
            if scale[j] <= 1e-12 * max(1e-300, float(np.abs(columns[:, j]).max())):
                raise DataProblem(
                    f"{names[j]} has the same value in all rows, so it can explain nothing.",
                    hint="Leave it out.",
                )
        matrix = np.column_stack([np.ones(n), (columns - center) / scale])
        diagonal = np.abs(np.diag(np.linalg.qr(matrix)[1])) / np.sqrt(n)
        weak = np.flatnonzero(diagonal < 1e-9) if n > k else np.asarray([k])
        if weak.size:
            raise DataProblem(
                f"{names[weak[0] - 1]} is determined by the terms before it, or there are too few rows.",
                hint="Leave out one of the terms.",
            )
        back = np.diag(np.concatenate([[1.0], 1 / scale]))
        back[0, 1:] = -center / scale
        return _Design(matrix, back)


def _given(
    data: Mapping[str, Any], response: str, trials: str | None, model: Sequence[str]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    if not model:
        raise DataProblem("The model has no term.", hint="Choose one or more columns.")
    given = models.rows(data, response, model)
    if trials is None:
        _refuse_other_outcomes(given.y, response)
        return given.y, np.ones(given.y.size), given.columns
    size = models.column(data, trials)
    inputs.same_length(given.kept, size, response, trials)
    complete = ~np.isnan(size[given.kept])
    events, size = inputs.counts_of(
        given.y[complete], size[given.kept][complete], found_name=response, size_name=trials
    )
    if events.sum() in (0, size.sum()):
        raise DataProblem("All trials ended the same way, so there is nothing to explain.")
    return events, size, given.columns[complete]


def _refuse_other_outcomes(y: FloatArray, name: str) -> None:
    odd = np.flatnonzero((y != 0) & (y != 1))
    if odd.size:
        raise DataProblem(
            f"{name} must be 0 or 1; complete row {odd[0] + 1} has {y[odd[0]]:g}.",
            hint="Code the event as 1 and the rest as 0, or name the column of trials.",
        )
    if y.min() == y.max():
        raise DataProblem(f"{name} is {y[0]:g} in all rows, so there is nothing to explain.")


def _fisher_scoring(
    design: _Design, events: FloatArray, size: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Repeat weighted least squares until the coefficients settle."""
    from scipy.special import expit

    x = design.matrix
    eta = np.log((events + 0.5) / (size - events + 0.5))
    coef = np.full(x.shape[1], np.inf)
    for _ in range(MOST_STEPS):
        p = expit(eta)
        weight = np.sqrt(np.maximum(size * p * (1 - p), 1e-300))
        step = (events - size * p) / weight
        q, r = np.linalg.qr(weight[:, None] * x)
        if np.abs(np.diag(r)).min() < 1e-9 * np.abs(np.diag(r)).max():
            break
        new = np.linalg.solve(r, q.T @ (weight * eta + step))
        eta = x @ new
        if np.abs(new - coef).max() <= SETTLED * (1 + np.abs(new).max()):
            inverse = design.back @ np.linalg.solve(r, np.eye(r.shape[0]))
            return design.back @ new, inverse @ inverse.T, np.asarray(expit(eta))
        coef = new
    raise DataProblem(
        "The fit does not settle: a term, or several together, separates the outcomes completely or nearly so.",
        hint="Leave out that term, combine levels, or collect more data.",
    )


def _loglik(events: FloatArray, size: FloatArray, p: FloatArray) -> float:
    from scipy.special import gammaln, xlog1py, xlogy

    ways = gammaln(size + 1) - gammaln(events + 1) - gammaln(size - events + 1)
    return float((ways + xlogy(events, p) + xlog1py(size - events, -p)).sum())


def _deviance(events: FloatArray, size: FloatArray, p: FloatArray) -> float:
    from scipy.special import xlogy

    rest = size - events
    parts = xlogy(events, events / (size * p)) + xlogy(rest, rest / (size * (1 - p)))
    return 2 * float(parts.sum())


def _two_sided(z: FloatArray) -> FloatArray:
    from scipy.special import ndtr

    return np.minimum(1.0, 2 * ndtr(-np.abs(z)))
