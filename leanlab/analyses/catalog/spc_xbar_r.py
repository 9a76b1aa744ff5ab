"""Xbar-R chart: are the level and the spread of small subgroups stable over time?"""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import subgroup_charts
from leanlab.analyses.control import presented
from leanlab.analyses.declare import Analysis
from leanlab.analyses.rules import K_OPTION, RULES_OPTION
from leanlab.core.option import option


@dataclass(frozen=True, slots=True)
class XbarROptions:
    """What the user can choose."""

    rules: str = RULES_OPTION
    subgroup_size: int | None = subgroup_charts.SIZE_OPTION
    sigma_method: str = option(
        "Rbar", "Sigma from",
        choices={"Rbar": "Mean range / d2", "pooled": "Pooled standard deviation",
                 "historical": "Known sigma"},
    )  # fmt: skip
    k: float = K_OPTION
    historical_mean: float | None = subgroup_charts.KNOWN_MEAN
    historical_sigma: float | None = subgroup_charts.KNOWN_SIGMA


ANALYSIS = Analysis(
    id="spc.xbar_r",
    version=1,
    title="Xbar-R chart",
    group="Control charts",
    place=20,
    question="Are small subgroups (2 to 8 pieces) stable over time?",
    phases="MAC",
    also_called=("X-bar and R", "average and range chart", "subgroup chart", "variables chart"),
    roles=subgroup_charts.ROLES,
    options=XbarROptions,
    compute=partial(subgroup_charts.charted, "xbar_r"),
    present=presented,
    edits_points=True,
)
