"""U chart: are defects per unit stable over time?"""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import attribute_charts as counts
from leanlab.analyses.control import presented
from leanlab.analyses.declare import Analysis
from leanlab.analyses.rules import K_OPTION, RULES_OPTION
from leanlab.core.option import option


@dataclass(frozen=True, slots=True)
class UOptions:
    """What the user can choose."""

    limits: str = counts.LIMITS_OPTION
    rules: str = RULES_OPTION
    sample_size: float | None = option(
        None, "Units per sample", minimum=1e-9, basic=True,
        help="The same for all samples; used when no column of sample sizes is chosen",
    )  # fmt: skip
    k: float = K_OPTION
    historical_u: float | None = option(None, "Known defects per unit", minimum=0)


ANALYSIS = Analysis(
    id="spc.u",
    version=1,
    title="U chart",
    group="Control charts",
    place=65,
    question="Are defects per unit stable when the number of units differs?",
    phases="MAC",
    also_called=("defects per unit", "DPU chart", "nonconformities per unit", "attribute chart", "Laney U'"),
    roles=counts.counts_roles("defects", sizes="Units, area or hours per sample"),
    options=UOptions,
    compute=partial(counts.charted, counts.U),
    present=presented,
    edits_points=True,
)  # fmt: skip
