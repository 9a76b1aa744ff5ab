"""Times to failure, some only known to be longer: survival curves and life distributions."""

from leanlab.stats.reliability.life import (
    Exponential,
    Lognormal,
    Weibull,
    exponential,
    lognormal,
    weibull,
)
from leanlab.stats.reliability.survival import KaplanMeier, LogRank, kaplan_meier, log_rank

__all__ = [
    "Exponential",
    "KaplanMeier",
    "LogRank",
    "Lognormal",
    "Weibull",
    "exponential",
    "kaplan_meier",
    "log_rank",
    "lognormal",
    "weibull",
]
