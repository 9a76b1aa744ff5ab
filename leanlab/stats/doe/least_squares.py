"""Least squares for designed experiments: what each column of a design is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted linear model.

    Attributes
    ----------
    coef : FloatArray, shape (p,)
    scale : FloatArray, shape (p,)
        Diagonal of (X'X)^-1: squared standard error per error variance.
    residual, leverage : FloatArray, shape (n,)
    df_error : int
    ss_error : float
    """

    coef: FloatArray
    scale: FloatArray
    residual: FloatArray
    leverage: FloatArray
    df_error: int
    ss_error: float

    @property
    def s(self) -> float:
        """Standard deviation of the error; NaN without degrees of freedom."""
        return float(np.sqrt(self.ss_error / self.df_error)) if self.df_error else float("nan")

    @property
    def ss_adjusted(self) -> FloatArray:
        """How much more the error would be without each column."""
        return np.asarray(self.coef**2 / self.scale)


def least_squares(x: FloatArray, y: FloatArray, terms: Sequence[str]) -> Fit:
    """Fit y by the columns of x with an orthogonal decomposition.

    Raises
    ------
    DataProblem
        Fewer runs than columns, or a column that the earlier ones already hold.
    """
    n, p = x.shape
    if n < p:
        raise DataProblem(
            f"{n} runs cannot tell {p} terms apart.", hint="Leave terms out, or make more runs."
        )
    gram = x.T @ x
    scale = np.diagonal(gram)
    if scale.all() and np.array_equal(gram, np.diag(scale)):  # orthogonal: keep round numbers
        coef = (x.T @ y) / scale
        return _fit(x, y, coef, 1 / scale, np.sum(x**2 / scale, axis=1))
    q, r = np.linalg.qr(x)
    size = np.abs(np.diagonal(r))
    held = np.flatnonzero(size <= 1e-10 * np.linalg.norm(x, axis=0).clip(1e-300))
    if held.size:
        raise DataProblem(
            f"{terms[held[0]]} cannot be told from the terms before it in this design.",
            hint="Leave it out of the model.",
        )
    inverse = np.linalg.solve(r, np.eye(p))
    coef = inverse @ (q.T @ y)
    return _fit(x, y, coef, np.sum(inverse**2, axis=1), np.sum(q**2, axis=1))


def _fit(
    x: FloatArray, y: FloatArray, coef: FloatArray, scale: FloatArray, leverage: FloatArray
) -> Fit:
    n, p = x.shape
    residual = y - x @ coef
    error = float(residual @ residual) if n > p else 0.0
    return Fit(coef, scale, residual, leverage, n - p, error)


def two_sided_p(t: FloatArray, df: int) -> FloatArray:
    """Return the two-sided p-values of t statistics."""
    from scipy.special import stdtr

    return np.asarray(2.0 * stdtr(df, -np.abs(t)))
