"""Multiple linear regression with its diagnostics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.hypothesis.sides import f_p, quantile
from leanlab.stats.regression import model as models
from leanlab.stats.regression.qr import LeastSquares, least_squares


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Fitted values of new rows, with intervals of the average (ci) and of one value (pi)."""

    fit: FloatArray
    se_fit: FloatArray
    ci_lower: FloatArray
    ci_upper: FloatArray
    pi_lower: FloatArray
    pi_upper: FloatArray


@dataclass(frozen=True, slots=True)
class LackOfFit:
    """Error split into lack of fit and pure error (rows with equal terms)."""

    df: int
    ss: float
    f: float
    p_value: float
    df_pure_error: int
    ss_pure_error: float


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Result of `ols`.

    `terms`, coefficients and their statistics start with the intercept; `vif`, `ss_sequential` and
    `ss_adjusted` follow the model's terms; fitted values and diagnostics follow the complete rows.
    """

    terms: tuple[str, ...]
    n: int
    coef: FloatArray
    se: FloatArray
    t: FloatArray
    p_value: FloatArray
    ci_lower: FloatArray
    ci_upper: FloatArray
    s: float
    r_squared: float
    r_squared_adj: float
    press: float
    r_squared_pred: float
    f: float
    df_model: int
    df_error: int
    p_model: float
    ss_regression: float
    ss_error: float
    ss_total: float
    aic: float
    bic: float
    durbin_watson: float
    vif: FloatArray
    fitted: FloatArray
    residual: FloatArray
    leverage: FloatArray
    standardized_residual: FloatArray
    studentized_deleted_residual: FloatArray
    cooks_distance: FloatArray
    dffits: FloatArray
    ss_sequential: FloatArray
    ss_adjusted: FloatArray
    prediction: Prediction | None
    lack_of_fit: LackOfFit | None


def ols(
    data: Mapping[str, Any],
    response: str,
    model: Sequence[str],
    *,
    confidence: float = 0.95,
    intercept: bool = True,
    new_data: Mapping[str, Any] | None = None,
) -> Regression:
    """Fit a linear model by least squares.

    Parameters
    ----------
    data : mapping of column name to array_like
        Rows with a missing value in the response or a term are left out.
    response : str
        Name of the column to explain.
    model : sequence of str
        Terms: column names, powers ("x^2") and products ("a:b").
    confidence : float
        Of the intervals of coefficients and predictions.
    intercept : bool
        Without it R-squared is about zero, not about the average (as NIST and R have it).
    new_data : mapping of column name to array_like, optional
        Rows to predict.

    Returns
    -------
    Regression
        AIC and BIC count the error's standard deviation as a parameter (R; statsmodels does not).
        `standardized_residual` is internally, `studentized_deleted_residual` externally
        studentized. `ss_adjusted` is what each term adds to all others.

    Raises
    ------
    DataProblem
        Unknown names, too few rows, constant or dependent terms.

    References
    ----------
    Montgomery, Peck and Vining, Introduction to Linear Regression Analysis, chapters 3 to 6.

    Examples
    --------
    >>> fit = ols({"y": [2.1, 1.9, 4.2, 3.8, 6.1], "x": [1, 1, 2, 2, 3]}, "y", ["x"])
    >>> [round(float(b), 4) for b in fit.coef]
    [-0.0571, 2.0429]
    """
    if not model and not intercept:
        raise DataProblem("The model has no term.", hint="Choose one or more columns.")
    given = models.rows(data, response, model)
    fit = least_squares(given.columns, given.y, given.terms, intercept=intercept)
    reach = quantile(0.5 + inputs.fraction(confidence) / 2, fit.df_error)
    se = fit.unit_se * fit.s
    t, p = t_values(fit.coef, se, fit.df_error)
    n, count = fit.n, fit.coef.size + 1
    with np.errstate(divide="ignore"):
        deviance = float(n * (np.log(2 * np.pi) + np.log(np.float64(fit.ss_error / n)) + 1))
    return Regression(
        terms=(("intercept",) if intercept else ()) + given.terms, n=n, coef=fit.coef, se=se, t=t,
        p_value=p, ci_lower=fit.coef - reach * se, ci_upper=fit.coef + reach * se, s=fit.s,
        r_squared=fit.r_squared, r_squared_adj=fit.r_squared_adj, press=fit.press,
        r_squared_pred=fit.r_squared_pred, f=fit.f, df_model=fit.df_model, df_error=fit.df_error,
        p_model=f_p(fit.f, max(1, fit.df_model), fit.df_error), ss_regression=fit.ss_regression,
        ss_error=fit.ss_error, ss_total=fit.ss_total, aic=deviance + 2 * count,
        bic=deviance + float(np.log(n)) * count, durbin_watson=_durbin_watson(fit.residual),
        vif=fit.vif, fitted=fit.fitted, residual=fit.residual, **_diagnostics(fit),
        ss_sequential=fit.scores**2, ss_adjusted=_adjusted(fit),
        prediction=None if new_data is None else _predict(fit, new_data, given.terms, reach),
        lack_of_fit=_lack_of_fit(given, fit),
    )  # fmt: skip


def t_values(coef: FloatArray, se: FloatArray, df: float) -> tuple[FloatArray, FloatArray]:
    """Return t statistics and their two-sided p-values; an exact fit has infinite t."""
    from scipy.special import stdtr

    with np.errstate(divide="ignore", invalid="ignore"):
        t = coef / se
    return t, np.minimum(1.0, 2 * stdtr(df, -np.abs(t)))


def _durbin_watson(residual: FloatArray) -> float:
    total = float(residual @ residual)
    return float((np.diff(residual) ** 2).sum()) / total if total else float("nan")


def _adjusted(fit: LeastSquares) -> FloatArray:
    slopes, unit = (v[1:] if fit.intercept else v for v in (fit.coef, fit.unit_se))
    return np.asarray((slopes / unit) ** 2)


def _diagnostics(fit: LeastSquares) -> dict[str, Any]:
    h, e, p, df = fit.leverage, fit.residual, fit.coef.size, fit.df_error
    with np.errstate(divide="ignore", invalid="ignore"):
        standardized = e / (fit.s * np.sqrt(1 - h))
        deleted = standardized * np.sqrt((df - 1) / (df - standardized**2))
        return {
            "leverage": h,
            "standardized_residual": standardized,
            "studentized_deleted_residual": deleted,
            "cooks_distance": standardized**2 * h / (1 - h) / p,
            "dffits": deleted * np.sqrt(h / (1 - h)),
        }


def _predict(
    fit: LeastSquares, new_data: Mapping[str, Any], terms: tuple[str, ...], reach: float
) -> Prediction:
    columns = models.matrix_of(new_data, terms)
    return predicted(fit.predict(columns), fit.spread_at(columns), fit.s, reach)


def predicted(value: FloatArray, leverage: FloatArray, s: float, reach: float) -> Prediction:
    """Return fitted values with both kinds of interval."""
    se, one = s * np.sqrt(leverage), s * np.sqrt(1 + leverage)
    return Prediction(
        value, se, value - reach * se, value + reach * se, value - reach * one, value + reach * one
    )


def _lack_of_fit(given: models.Rows, fit: LeastSquares) -> LackOfFit | None:
    if any(np.unique(column).size == given.y.size for column in given.columns.T):
        return None  # no two rows alike
    _, group = np.unique(given.columns, axis=0, return_inverse=True)
    group = np.asarray(group).ravel()
    count = np.bincount(group)
    df_pure = given.y.size - count.size
    df = fit.df_error - df_pure
    if df_pure < 1 or df < 1:
        return None
    shifted = given.y - given.y.mean()
    means = np.bincount(group, weights=shifted) / count
    pure = float(((shifted - means[group]) ** 2).sum())
    ss = max(0.0, fit.ss_error - pure)
    with np.errstate(divide="ignore", invalid="ignore"):
        f = float(np.float64(ss / df) / np.float64(pure / df_pure))
    return LackOfFit(df, ss, f, f_p(f, df, df_pure), df_pure, pure)
