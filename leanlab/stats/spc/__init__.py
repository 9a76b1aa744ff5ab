"""Statistical process control: every chart is a ControlChart."""

from leanlab.stats.spc.attributes import c, laney_p, laney_u, np_chart, p, u
from leanlab.stats.spc.runs import run_chart
from leanlab.stats.spc.variables import i_mr, xbar_r, xbar_s

__all__ = ["c", "i_mr", "laney_p", "laney_u", "np_chart", "p", "run_chart", "u", "xbar_r", "xbar_s"]
