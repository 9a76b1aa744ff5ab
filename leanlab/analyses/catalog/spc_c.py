"""C chart: is a number of defects stable when every sample offers the same opportunity?"""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import attribute_charts as counts
from leanlab.analyses.control import presented
from leanlab.analyses.declare import Analysis
from leanlab.analyses.rules import K_OPTION, RULES_OPTION
from leanlab.core.option import option


@dataclass(frozen=True, slots=True)
class COptions:
    """What the user can choose."""

    rules: str = RULES_OPTION
    k: float = K_OPTION
    historical_c: float | None = option(None, "Known average count", minimum=0)


ANALYSIS = Analysis(
    id="spc.c",
    version=1,
    title="C chart",
    group="Control charts",
    place=60,
    question="Is the number of defects stable when samples are of equal size?",
    phases="MAC",
    also_called=("count of defects", "nonconformities", "attribute chart", "Poisson chart"),
    roles=counts.counts_roles("defects"),
    options=COptions,
    compute=partial(counts.charted, counts.C),
    present=presented,
    edits_points=True,
)
