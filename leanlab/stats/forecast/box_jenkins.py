"""ARIMA models, with or without a season, by exact maximum likelihood."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.forecast.series import complete
from leanlab.stats.hypothesis.sides import chi2_p, quantile

MOST_STEPS = 500


@dataclass(frozen=True, slots=True, eq=False)
class Arima:
    """Result of `arima`.

    `terms` name the coefficients: "mean" or, of a differenced series, "drift" per period, then
    "ar.L1", "ma.L1", "ar.S.L12", "ma.S.L12" and so on. Moving-average signs are those of R and
    statsmodels (y = e + theta e'); Box and Jenkins, and Minitab, write the opposite. Fitted values
    and residuals are NaN where differences use the series up.
    """

    terms: tuple[str, ...]
    coef: FloatArray
    se: FloatArray
    z: FloatArray
    p_value: FloatArray
    sigma2: float
    loglik: float
    aic: float
    bic: float
    fitted: FloatArray
    residual: FloatArray
    forecast: FloatArray
    forecast_lower: FloatArray
    forecast_upper: FloatArray
    ljung_box: tuple["LjungBox", ...]


@dataclass(frozen=True, slots=True)
class LjungBox:
    """Whether the residuals up to a lag still go together."""

    lag: int
    chi2: float
    df: int
    p_value: float


def arima(
    y: ArrayLike,
    *,
    order: Sequence[int] = (0, 1, 1),
    seasonal_order: Sequence[int] = (0, 0, 0),
    period: int = 0,
    constant: bool = False,
    horizon: int = 1,
    confidence: float = 0.95,
) -> Arima:
    """Fit an ARIMA(p, d, q) or seasonal ARIMA(p, d, q)(P, D, Q) model and forecast.

    Parameters
    ----------
    y : array_like, shape (n,)
        Series in time order without gaps.
    order, seasonal_order : sequence of 3 int
        Autoregressive terms, differences and moving-average terms, 0 to 5 each (differences 0 to 2).
    period : int
        Length of the season; needed with a seasonal order.
    constant : bool
        Whether the model has an average (or a drift, if differenced).
    horizon : int
        Periods to forecast.
    confidence : float
        Of the forecast limits.

    Returns
    -------
    Arima

    Raises
    ------
    DataProblem
        A gap, too few values, orders that do not fit, or no convergence.

    References
    ----------
    Box, Jenkins and Reinsel, Time Series Analysis; Durbin and Koopman, Time Series Analysis by
    State Space Methods (likelihood by the Kalman filter, through statsmodels).

    Examples
    --------
    >>> arima([3, 4, 6, 5, 7, 9, 8, 9, 11, 12, 11, 13], order=(0, 1, 1)).terms
    ('ma.L1',)
    """
    confidence = inputs.fraction(confidence)
    horizon = inputs.whole(horizon, "The horizon", least=1, most=100_000)
    orders = _Orders.of(order, seasonal_order, period, constant=constant)
    values = complete(y, least=orders.least)
    inputs.varied(values, "The series")
    scale = float(values.std())
    fit = _fit(values / scale, orders)
    back = np.ones(orders.count)
    back[: int(constant)] = scale
    coef = np.asarray(fit.params)[: orders.count] * back
    se = _standard_errors(fit)[: orders.count] * back
    z = coef / se
    used = values.size - orders.lost
    loglik = float(fit.llf) - used * float(np.log(scale))
    fitted = np.asarray(fit.fittedvalues) * scale
    fitted[: orders.lost] = np.nan
    residual = values - fitted
    forecast, error = _ahead(fit, orders, values.size, horizon)
    reach = quantile(0.5 + confidence / 2) * error * scale
    return Arima(
        terms=orders.terms(), coef=coef, se=se, z=z, p_value=_two_sided(z),
        sigma2=float(fit.params[-1]) * scale**2, loglik=loglik,
        aic=2 * (coef.size + 1) - 2 * loglik,
        bic=(coef.size + 1) * float(np.log(used)) - 2 * loglik, fitted=fitted, residual=residual,
        forecast=forecast * scale, forecast_lower=forecast * scale - reach,
        forecast_upper=forecast * scale + reach,
        ljung_box=_ljung_box(residual[orders.lost :], coef.size - int(constant)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Orders:
    """The structure of a model."""

    plain: tuple[int, int, int]
    seasonal: tuple[int, int, int]
    period: int
    constant: bool

    @staticmethod
    def of(
        order: Sequence[int], seasonal_order: Sequence[int], period: int, *, constant: bool
    ) -> "_Orders":
        plain, seasonal = _three(order, "order"), _three(seasonal_order, "seasonal order")
        if any(seasonal):
            inputs.whole(period, "The period", least=2)
        if constant and plain[1] + seasonal[1] > 1:
            raise DataProblem(
                "A constant with two differences makes a curve.", hint="Leave the constant out."
            )
        out = _Orders(plain, seasonal, int(period) if any(seasonal) else 0, constant)
        if out.count == 0:
            raise DataProblem("The model has no term.", hint="Raise one of the orders.")
        return out

    @property
    def count(self) -> int:
        """Number of coefficients."""
        p, _, q = self.plain
        sp, _, sq = self.seasonal
        return p + q + sp + sq + int(self.constant)

    @property
    def lost(self) -> int:
        """Values used up by differences."""
        return self.plain[1] + self.seasonal[1] * self.period

    @property
    def least(self) -> int:
        """Values needed: some more than coefficients, and the longest lag."""
        p, _, q = self.plain
        sp, _, sq = self.seasonal
        return self.lost + max(self.count + 5, max(p, q) + max(sp, sq) * self.period + 2)

    def terms(self) -> tuple[str, ...]:
        """Names in the order of the coefficients."""
        (p, d, q), (sp, sd, sq) = self.plain, self.seasonal
        average = ("drift" if d + sd else "mean",) if self.constant else ()
        return average + tuple(
            f"{kind}.L{lag * step}"
            for kind, most, step in (
                ("ar", p, 1), ("ma", q, 1), ("ar.S", sp, self.period), ("ma.S", sq, self.period),
            )
            for lag in range(1, most + 1)
        )  # fmt: skip

    def regressor(self, start: int, stop: int) -> FloatArray | None:
        """Ones for an average, time for a drift."""
        if not self.constant:
            return None
        t = np.arange(start + 1, stop + 1, dtype=np.float64)
        return (t if self.plain[1] + self.seasonal[1] else np.ones_like(t))[:, None]


def _three(order: Sequence[int], name: str) -> tuple[int, int, int]:
    if len(order) != 3:
        raise DataProblem(f"The {name} needs three numbers, not {len(order)}.")
    p, d, q = (
        inputs.whole(value, f"The {name}", most=most)
        for value, most in zip(order, (5, 2, 5), strict=True)
    )
    return p, d, q


def _fit(values: FloatArray, orders: _Orders) -> Any:
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    start = np.zeros(orders.count + 1)
    if orders.constant:
        start[0] = (values[-1] - values[0]) / values.size if orders.lost else values.mean()
    start[-1] = max(float(np.var(np.diff(values))), 1e-6)
    try:
        fit = SARIMAX(
            values,
            exog=orders.regressor(0, values.size),
            order=orders.plain,
            seasonal_order=(*orders.seasonal, orders.period),
        ).fit(
            start_params=start, disp=0, maxiter=MOST_STEPS, warn_convergence=False, cov_type="none"
        )  # fmt: skip
    except (ValueError, np.linalg.LinAlgError) as error:
        raise DataProblem(
            "The ARIMA model cannot be fitted to this series.", hint="Choose lower orders."
        ) from error
    if not fit.mle_retvals["converged"] or not np.all(np.isfinite(fit.params)):
        raise DataProblem(
            "The ARIMA model did not settle, so there is no result to trust.",
            hint="Choose lower orders, or a longer series.",
        )
    return fit


def _standard_errors(fit: Any) -> FloatArray:
    with np.errstate(invalid="ignore"):
        out = np.sqrt(np.diag(np.asarray(fit.cov_params_approx, dtype=np.float64)))
    if not np.all(np.isfinite(out[:-1])):
        raise DataProblem(
            "The coefficients of the ARIMA model cannot be told apart.",
            hint="Choose lower orders.",
        )
    return np.asarray(out)


def _ahead(fit: Any, orders: _Orders, n: int, horizon: int) -> tuple[FloatArray, FloatArray]:
    ahead = fit.get_forecast(horizon, exog=orders.regressor(n, n + horizon))
    return np.asarray(ahead.predicted_mean), np.asarray(ahead.se_mean)


def _ljung_box(residual: FloatArray, coefficients: int) -> tuple[LjungBox, ...]:
    """Portmanteau tests at lags 12, 24, 36 and 48, as far as the series reaches."""
    n, r = residual.size, residual - residual.mean()
    out = []
    for lag in (12, 24, 36, 48):
        df = lag - coefficients
        if lag >= n or df < 1:
            break
        rho = np.asarray([r[k:] @ r[:-k] for k in range(1, lag + 1)]) / (r @ r)
        chi2 = float(n * (n + 2) * (rho**2 / (n - np.arange(1, lag + 1))).sum())
        out.append(LjungBox(lag, chi2, df, chi2_p(chi2, df)))
    return tuple(out)


def _two_sided(z: FloatArray) -> FloatArray:
    from scipy.special import ndtr

    return np.minimum(1.0, 2 * ndtr(-np.abs(z)))
