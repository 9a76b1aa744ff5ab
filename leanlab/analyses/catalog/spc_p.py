"""P chart: is a share of defectives stable over time?"""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import attribute_charts as counts
from leanlab.analyses.control import presented
from leanlab.analyses.declare import Analysis
from leanlab.analyses.rules import K_OPTION, RULES_OPTION
from leanlab.core.option import option


@dataclass(frozen=True, slots=True)
class POptions:
    """What the user can choose."""

    limits: str = counts.LIMITS_OPTION
    rules: str = RULES_OPTION
    sample_size: int | None = counts.SIZE_OPTION
    k: float = K_OPTION
    historical_p: float | None = option(None, "Known share", minimum=0, maximum=1)


ANALYSIS = Analysis(
    id="spc.p",
    version=1,
    title="P chart",
    group="Control charts",
    place=50,
    question="Is the share of defectives stable over time?",
    phases="MAC",
    also_called=("proportion defective", "percent defective", "attribute chart", "fraction nonconforming", "Laney P'"),
    roles=counts.counts_roles("defectives", sizes="Units inspected per sample"),
    options=POptions,
    compute=partial(counts.charted, counts.P),
    present=presented,
    edits_points=True,
)  # fmt: skip
