"""Does the process meet the specification: normal, other distributions, transforms, counts."""

from leanlab.stats.capability.attributes import Binomial, Poisson, binomial, poisson
from leanlab.stats.capability.nonnormal import NonNormal, nonnormal
from leanlab.stats.capability.normal_indices import (
    BetweenWithin,
    Intervals,
    Normal,
    Outside,
    Tails,
    between_within,
    normal,
)
from leanlab.stats.capability.sigma import SIGMA_METHODS, SigmaWithin, sigma_within
from leanlab.stats.capability.transforms import BoxCox, Johnson, box_cox, johnson

__all__ = [
    "SIGMA_METHODS",
    "BetweenWithin",
    "Binomial",
    "BoxCox",
    "Intervals",
    "Johnson",
    "NonNormal",
    "Normal",
    "Outside",
    "Poisson",
    "SigmaWithin",
    "Tails",
    "between_within",
    "binomial",
    "box_cox",
    "johnson",
    "nonnormal",
    "normal",
    "poisson",
    "sigma_within",
]
