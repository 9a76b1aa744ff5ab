"""Design of experiments: what to run, and what the runs say."""

from leanlab.stats.doe.designs import (
    DefinitiveScreening,
    Design,
    box_behnken,
    ccd,
    conference_matrix,
    definitive_screening,
    full_factorial,
    plackett_burman,
)
from leanlab.stats.doe.effects import (
    Curvature,
    FactorialEffects,
    Lenth,
    factorial_effects,
    half_normal_scores,
)
from leanlab.stats.doe.factorial import (
    Factorial,
    MinimumAberration,
    factorial_2level,
    minimum_aberration,
)
from leanlab.stats.doe.response import (
    Desirability,
    LackOfFit,
    ResponseSurface,
    desirability,
    rsm_fit,
)
from leanlab.stats.doe.taguchi import (
    ARRAY_NAMES,
    OrthogonalArray,
    SignalToNoise,
    orthogonal_array,
    taguchi_sn,
)

__all__ = [
    "ARRAY_NAMES",
    "Curvature",
    "DefinitiveScreening",
    "Design",
    "Desirability",
    "Factorial",
    "FactorialEffects",
    "LackOfFit",
    "Lenth",
    "MinimumAberration",
    "OrthogonalArray",
    "ResponseSurface",
    "SignalToNoise",
    "box_behnken",
    "ccd",
    "conference_matrix",
    "definitive_screening",
    "desirability",
    "factorial_2level",
    "factorial_effects",
    "full_factorial",
    "half_normal_scores",
    "minimum_aberration",
    "orthogonal_array",
    "plackett_burman",
    "rsm_fit",
    "taguchi_sn",
]
