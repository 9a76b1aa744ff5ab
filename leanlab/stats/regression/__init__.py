"""Regression: lines, polynomials, several variables, yes-or-no responses, and choosing terms."""

from leanlab.stats.regression.ancova import ancova
from leanlab.stats.regression.deming import deming
from leanlab.stats.regression.least_squares import least_squares
from leanlab.stats.regression.logistic import hosmer_lemeshow, logistic
from leanlab.stats.regression.ols import ols
from leanlab.stats.regression.polynomial import polynomial
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
