"""Regression: lines, polynomials, several variables, yes-or-no responses, and choosing terms."""

from leanlab.stats.regression.binary import hosmer_lemeshow, logistic
from leanlab.stats.regression.covariance import ancova
from leanlab.stats.regression.linear import ols
from leanlab.stats.regression.measurement_error import deming
from leanlab.stats.regression.polynomials import polynomial
from leanlab.stats.regression.qr import least_squares
from leanlab.stats.regression.selection import best_subsets, stepwise

__all__ = [
    "ancova",
    "best_subsets",
    "deming",
    "hosmer_lemeshow",
    "least_squares",
    "logistic",
    "ols",
    "polynomial",
    "stepwise",
]
