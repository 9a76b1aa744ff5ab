"""Fits of the distributions that processes follow, and how well they fit."""

from leanlab.stats.distributions.bootstrap import GoodnessOfFit, goodness_of_fit
from leanlab.stats.distributions.families import FAMILIES, Family, family
from leanlab.stats.distributions.fitting import (
    Fit,
    Identification,
    Ranked,
    anderson_darling_of,
    fit,
    identify,
)

__all__ = [
    "FAMILIES",
    "Family",
    "Fit",
    "GoodnessOfFit",
    "Identification",
    "Ranked",
    "anderson_darling_of",
    "family",
    "fit",
    "goodness_of_fit",
    "identify",
]
