"""Statistical process control: every chart is a ControlChart."""

from leanlab.stats.spc.attributes import c, laney_p, laney_u, np_chart, p, u
from leanlab.stats.spc.rare import g, t
from leanlab.stats.spc.runs import run_chart
from leanlab.stats.spc.variables import i_mr, xbar_r, xbar_s
from leanlab.stats.spc.weighted import cusum, ewma, moving_average

__all__ = [
    "c",
    "cusum",
    "ewma",
    "g",
    "i_mr",
    "laney_p",
    "laney_u",
    "moving_average",
    "np_chart",
    "p",
    "run_chart",
    "t",
    "u",
    "xbar_r",
    "xbar_s",
]
