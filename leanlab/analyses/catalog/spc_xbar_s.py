"""Xbar-S chart: are the level and the spread of larger subgroups stable over time?"""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import subgroup_charts
from leanlab.analyses.control import presented
from leanlab.analyses.declare import Analysis
from leanlab.analyses.rules import K_OPTION, RULES_OPTION
from leanlab.core.option import option


@dataclass(frozen=True, slots=True)
class XbarSOptions:
    """What the user can choose."""

    rules: str = RULES_OPTION
    subgroup_size: int | None = subgroup_charts.SIZE_OPTION
    sigma_method: str = option(
        "Sbar", "Sigma from",
        choices={"Sbar": "Mean standard deviation / c4", "pooled": "Pooled standard deviation",
                 "historical": "Known sigma"},
    )  # fmt: skip
    use_c4: bool = option(True, "Unbiasing constant", help="Divide by c4, as Minitab does")
    k: float = K_OPTION
    historical_mean: float | None = subgroup_charts.KNOWN_MEAN
    historical_sigma: float | None = subgroup_charts.KNOWN_SIGMA


ANALYSIS = Analysis(
    id="spc.xbar_s",
    version=1,
    title="Xbar-S chart",
    group="Control charts",
    place=30,
    question="Are larger subgroups (9 pieces and more) stable over time?",
    phases="MAC",
    also_called=("X-bar and S", "average and standard deviation chart", "subgroup chart"),
    roles=subgroup_charts.ROLES,
    options=XbarSOptions,
    compute=partial(subgroup_charts.charted, "xbar_s"),
    present=presented,
    edits_points=True,
)
