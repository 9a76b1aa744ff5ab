"""Least squares by QR of centred, scaled columns: accurate for large offsets and mixed units."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray

DEPENDENT = 1e-10  # of a column's length left after the columns before it
EXACT = 50 * np.finfo(float).eps  # residuals of that share of the response are rounding


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares:
    """A fitted linear model.

    Attributes
    ----------
    coef, unit_se : FloatArray, shape (p,)
        Intercept first (if there is one); `unit_se` times s is the standard error.
    q : FloatArray, shape (n, k)
        Orthonormal columns of the centred model matrix.
    inverse_r : FloatArray, shape (k, k)
        Inverse of the triangular factor of the centred, scaled columns.
    scores : FloatArray, shape (k,)
        q' y: their squares are the sequential sums of squares.
    """

    names: tuple[str, ...]
    intercept: bool
    center: FloatArray
    scale: FloatArray
    q: FloatArray
    inverse_r: FloatArray
    scores: FloatArray
    coef: FloatArray
    unit_se: FloatArray
    fitted: FloatArray
    residual: FloatArray
    ss_error: float
    ss_total: float

    @property
    def n(self) -> int:
        """Number of rows."""
        return self.fitted.size

    @property
    def df_model(self) -> int:
        """Number of terms without the intercept."""
        return self.scores.size

    @property
    def df_error(self) -> int:
        """Degrees of freedom of the error."""
        return self.n - self.coef.size

    @property
    def ss_regression(self) -> float:
        """Sum of squares explained."""
        return float(self.scores @ self.scores)

    @property
    def s(self) -> float:
        """Standard deviation of the error."""
        return float(np.sqrt(self.ss_error / self.df_error))

    @property
    def r_squared(self) -> float:
        """Share of the sum of squares explained (about zero if there is no intercept)."""
        return self.ss_regression / (self.ss_regression + self.ss_error)

    @property
    def r_squared_adj(self) -> float:
        """R-squared for the number of terms."""
        free = self.n - 1 if self.intercept else self.n
        return 1 - (1 - self.r_squared) * free / self.df_error

    @property
    def f(self) -> float:
        """F of the whole model; infinite for an exact fit, NaN without terms."""
        if self.df_model == 0:
            return float("nan")
        if self.ss_error == 0:
            return float("inf")
        return self.ss_regression / self.df_model / (self.ss_error / self.df_error)

    @property
    def leverage(self) -> FloatArray:
        """Diagonal of the hat matrix."""
        return np.asarray((self.q**2).sum(axis=1) + (1 / self.n if self.intercept else 0.0))

    @property
    def press(self) -> float:
        """Sum of squared errors of predicting each row by the others; infinite at leverage 1."""
        free = 1 - self.leverage
        if free.min() < DEPENDENT:
            return float("inf")
        return float(((self.residual / free) ** 2).sum())

    @property
    def r_squared_pred(self) -> float:
        """Share of the sum of squares that the other rows predict."""
        return 1 - self.press / self.ss_total

    @property
    def vif(self) -> FloatArray:
        """Variance inflation of each term by the others."""
        return np.asarray((self.inverse_r**2).sum(axis=1))

    def spread_at(self, columns: FloatArray) -> FloatArray:
        """Return the leverage of new rows, shape (m, k)."""
        z = ((columns - self.center) / self.scale) @ self.inverse_r
        return np.asarray((z**2).sum(axis=1) + (1 / self.n if self.intercept else 0.0))

    def predict(self, columns: FloatArray) -> FloatArray:
        """Return fitted values of new rows, shape (m, k)."""
        slopes = self.coef[1:] if self.intercept else self.coef
        if not self.intercept:
            return np.asarray(columns @ slopes)
        middle = self.coef[0] + self.center @ slopes
        return np.asarray(middle + (columns - self.center) @ slopes)


def least_squares(
    columns: FloatArray, y: FloatArray, names: Sequence[str], *, intercept: bool = True
) -> LeastSquares:
    """Fit y to the columns.

    Parameters
    ----------
    columns : FloatArray, shape (n, k)
        Finite values, without a column for the intercept; k may be 0 with an intercept.
    y : FloatArray, shape (n,)
    names : sequence of str, length k
        For messages.
    intercept : bool

    Returns
    -------
    LeastSquares

    Raises
    ------
    DataProblem
        No more rows than coefficients, a constant column, or a column that the others determine.

    References
    ----------
    Golub and Van Loan, Matrix Computations, section 5.3; Bjorck, Numerical Methods for Least
    Squares Problems.

    Examples
    --------
    >>> fit = least_squares(np.asarray([[1.0], [2.0], [3.0], [4.0]]), np.asarray([3.0, 5, 6, 9]), ["x"])
    >>> [round(float(b), 6) for b in fit.coef]
    [1.0, 1.9]
    """
    n, k = columns.shape
    if n <= k + intercept:
        raise DataProblem(
            f"{n} complete rows are too few for {k + intercept} coefficients.",
            hint="Leave out terms, or collect more data.",
        )
    center = columns.mean(axis=0) if intercept else np.zeros(k)
    shifted = columns - center
    scale = np.sqrt((shifted**2).sum(axis=0))
    _refuse_constant(scale, np.abs(columns).max(axis=0, initial=0.0), names)
    q, r = np.linalg.qr(shifted / scale)
    _refuse_dependent(r, names)
    inverse_r = np.linalg.solve(r, np.eye(k))
    middle = float(y.mean()) if intercept else 0.0
    response = y - middle
    scores = q.T @ response
    residual = response - q @ scores
    correction = q.T @ residual  # once more: removes what rounding left
    scores, residual = scores + correction, residual - q @ correction
    slopes = inverse_r @ scores / scale
    unit = np.sqrt((inverse_r**2).sum(axis=1)) / scale
    if intercept:
        at_zero = np.sqrt(1 / n + (((center / scale) @ inverse_r) ** 2).sum())
        slopes = np.concatenate([[middle - center @ slopes], slopes])
        unit = np.concatenate([[at_zero], unit])
    ss_error = float(residual @ residual)
    if np.sqrt(ss_error) <= EXACT * np.sqrt(float(y @ y)):
        ss_error, residual = 0.0, np.zeros(n)
    return LeastSquares(
        tuple(names), intercept, center, scale, q, inverse_r, scores, slopes, unit,
        y - residual, residual, ss_error, float(response @ response),
    )  # fmt: skip


def _refuse_constant(scale: FloatArray, largest: FloatArray, names: Sequence[str]) -> None:
    flat = np.flatnonzero(scale <= 1e-13 * largest * 10)
    if flat.size:
        raise DataProblem(
            f"{names[flat[0]]} has the same value in all rows, so it can explain nothing.",
            hint="Leave it out.",
        )


def _refuse_dependent(r: FloatArray, names: Sequence[str]) -> None:
    weak = np.flatnonzero(np.abs(np.diag(r)) < DEPENDENT)
    if weak.size:
        raise DataProblem(
            f"{names[weak[0]]} is determined by the terms before it.",
            hint="Leave out one of the terms that say the same.",
        )
