"""Polynomials in one variable, accurate to high degree.

The fit uses Chebyshev polynomials of the rescaled variable, whose columns are nearly orthogonal;
raw powers follow in exact fractions, because that step magnifies rounding a billionfold (NIST's
Filip data lose all digits in normal equations).
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs, spread
from leanlab.stats.hypothesis.sides import f_p, quantile
from leanlab.stats.regression.linear import Prediction, predicted, t_values
from leanlab.stats.regression.qr import EXACT


@dataclass(frozen=True, slots=True, eq=False)
class Polynomial:
    """Result of `polynomial`; coefficients of raw powers, ascending from the intercept.

    Sequential values start with the first power; each power is tested when it enters, against the
    error of the model up to it.
    """

    n: int
    coef: FloatArray
    se: FloatArray
    t: FloatArray
    p_value: FloatArray
    s: float
    r_squared: float
    r_squared_adj: float
    f: float
    p_model: float
    df_regression: int
    df_residual: int
    ss_regression: float
    ss_residual: float
    fitted: FloatArray
    residual: FloatArray
    ss_sequential: FloatArray
    f_sequential: FloatArray
    p_sequential: FloatArray
    prediction: Prediction | None = None


def polynomial(
    x: ArrayLike,
    y: ArrayLike,
    *,
    degree: int = 2,
    new_x: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Polynomial:
    """Fit y = b0 + b1 x + ... + bd x^d by least squares.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Pairs with a missing value are left out.
    degree : int
        1 (a line) to 20, below the number of different x.
    new_x : array_like, optional
        Where to predict, with intervals of the average and of one value.
    confidence : float
        Of these intervals.

    Returns
    -------
    Polynomial

    Raises
    ------
    DataProblem
        Too few pairs or different x for the degree.

    References
    ----------
    Montgomery, Peck and Vining, chapter 7; Forsythe 1957, J. SIAM 5 (orthogonal polynomials).

    Examples
    --------
    >>> fit = polynomial([0, 1, 2, 3, 4], [1, 2, 5, 10, 17.1], degree=2)
    >>> [round(float(b), 3) for b in fit.coef]
    [1.009, -0.037, 1.014]
    """
    degree = inputs.whole(degree, "The degree", least=1, most=20)
    first, second = inputs.pairs(x, y, "X", "Y")
    for name, column in (("X", first), ("Y", second)):
        spread.computable(column, name)
    different = np.unique(first).size
    if different <= degree or first.size <= degree + 1:
        raise DataProblem(
            f"A polynomial of degree {degree} needs more than {degree} different X and more than {degree + 1} pairs; there are {different} different X in {first.size} pairs.",
            hint="Choose a lower degree.",
        )
    low, high = float(first.min()), float(first.max())
    center, half = (low + high) / 2, (high - low) / 2
    basis = np.polynomial.chebyshev.chebvander((first - center) / half, degree)
    q, r = np.linalg.qr(basis)
    shift = float(second.mean())
    scores, residual = _project(q, second - shift)
    to_powers = _powers_of_chebyshev(center, half, degree)
    inverse = np.linalg.solve(r, np.eye(degree + 1))
    coef = _exactly(to_powers, inverse @ scores)
    coef[0] += shift
    unit = np.sqrt((np.stack([_exactly(to_powers, c) for c in inverse.T], axis=1) ** 2).sum(axis=1))
    fit = _result(second, coef, unit, scores[1:], residual)
    if new_x is None:
        return fit
    ahead = (inputs.known(new_x, "New X") - center) / half
    rows = np.polynomial.chebyshev.chebvander(ahead, degree) @ inverse
    value = shift + rows @ scores
    reach = quantile(0.5 + inputs.fraction(confidence) / 2, fit.df_residual)
    return replace(fit, prediction=predicted(value, (rows**2).sum(axis=1), fit.s, reach))


def _project(q: FloatArray, response: FloatArray) -> tuple[FloatArray, FloatArray]:
    scores = q.T @ response
    residual = response - q @ scores
    correction = q.T @ residual
    return scores + correction, residual - q @ correction


def _result(
    y: FloatArray, coef: FloatArray, unit: FloatArray, scores: FloatArray, residual: FloatArray
) -> Polynomial:
    n, degree = y.size, scores.size
    df = n - degree - 1
    error = float(residual @ residual)
    if np.sqrt(error) <= EXACT * np.sqrt(float(y @ y)):
        error, residual = 0.0, np.zeros(n)
    s = float(np.sqrt(error / df))
    sequential = scores**2
    left = error + sequential.sum() - np.cumsum(sequential)
    df_left = n - 1 - np.arange(1, degree + 1)
    regression = float(sequential.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        f_sequential = sequential / (left / df_left)
        f = float(np.float64(regression / degree) / np.float64(error / df))
        r2 = float(np.float64(regression) / np.float64(regression + error))
    t, p = t_values(coef, unit * s, df)
    return Polynomial(
        n=n, coef=coef, se=unit * s, t=t, p_value=p, s=s, r_squared=r2,
        r_squared_adj=1 - (1 - r2) * (n - 1) / df, f=f, p_model=f_p(f, degree, df),
        df_regression=degree, df_residual=df, ss_regression=regression, ss_residual=error,
        fitted=y - residual, residual=residual, ss_sequential=sequential,
        f_sequential=f_sequential,
        p_sequential=np.asarray(
            [f_p(float(f), 1, int(d)) for f, d in zip(f_sequential, df_left, strict=True)]
        ),
    )  # fmt: skip


def _powers_of_chebyshev(center: float, half: float, degree: int) -> list[list[Fraction]]:
    """Return row k: the raw coefficients of the k-th Chebyshev polynomial of (x - center) / half."""
    slope, offset = 1 / Fraction(half), -Fraction(center) / Fraction(half)
    zero = Fraction(0)
    table = [[Fraction(1)] + [zero] * degree, [offset, slope] + [zero] * (degree - 1)]
    for _ in range(degree - 1):
        last, before = table[-1], table[-2]
        raised = [zero, *last[:-1]]
        table.append(
            [2 * (offset * a + slope * b) - c for a, b, c in zip(last, raised, before, strict=True)]
        )
    return table[: degree + 1]


def _exactly(table: list[list[Fraction]], chebyshev: FloatArray) -> FloatArray:
    """Return raw coefficients from those of Chebyshev polynomials, without rounding in between."""
    parts = [Fraction(float(c)) for c in chebyshev]
    size = len(table)
    sums = [
        sum((c * row[j] for c, row in zip(parts, table, strict=True)), Fraction(0))
        for j in range(size)
    ]
    return np.asarray([float(value) for value in sums])
