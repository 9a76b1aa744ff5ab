"""Statistical process control: every chart is a ControlChart."""

from typing import TYPE_CHECKING

from leanlab.core.lazy import names_from
from leanlab.stats.run_rules import RULE_SETS, find_members, find_signals

if TYPE_CHECKING:
    from leanlab.stats.spc.attributes import c, laney_p, laney_u, np_chart, p, u
    from leanlab.stats.spc.multivariate import (
        generalized_variance,
        hotelling_t2_individuals,
        hotelling_t2_subgroups,
        mewma,
        mewma_limit,
    )
    from leanlab.stats.spc.rare import g, t
    from leanlab.stats.spc.run_length import RuleCost, arl, rule_cost
    from leanlab.stats.spc.runs import run_chart
    from leanlab.stats.spc.short_runs import i_mr_rs, z_mr
    from leanlab.stats.spc.variables import i_mr, xbar_r, xbar_s
    from leanlab.stats.spc.weighted import cusum, ewma, moving_average

__all__ = [
    "RULE_SETS",
    "RuleCost",
    "arl",
    "c",
    "cusum",
    "ewma",
    "find_members",
    "find_signals",
    "g",
    "generalized_variance",
    "hotelling_t2_individuals",
    "hotelling_t2_subgroups",
    "i_mr",
    "i_mr_rs",
    "laney_p",
    "laney_u",
    "mewma",
    "mewma_limit",
    "moving_average",
    "np_chart",
    "p",
    "rule_cost",
    "run_chart",
    "t",
    "u",
    "xbar_r",
    "xbar_s",
    "z_mr",
]

# a chart from the command line must not pay for the charts it does not draw
__getattr__ = names_from(
    __name__,
    {
        "attributes": (
            "c",
            "laney_p",
            "laney_u",
            "np_chart",
            "p",
            "u",
        ),
        "multivariate": (
            "generalized_variance",
            "hotelling_t2_individuals",
            "hotelling_t2_subgroups",
            "mewma",
            "mewma_limit",
        ),
        "rare": (
            "g",
            "t",
        ),
        "run_length": (
            "RuleCost",
            "arl",
            "rule_cost",
        ),
        "runs": ("run_chart",),
        "short_runs": (
            "i_mr_rs",
            "z_mr",
        ),
        "variables": (
            "i_mr",
            "xbar_r",
            "xbar_s",
        ),
        "weighted": (
            "cusum",
            "ewma",
            "moving_average",
        ),
    },
)
