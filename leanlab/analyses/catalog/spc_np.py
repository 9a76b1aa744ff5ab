"""NP chart: is the number of defectives stable when samples are about equally large?"""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import attribute_charts as counts
from leanlab.analyses.control import presented
from leanlab.analyses.declare import Analysis
from leanlab.analyses.rules import K_OPTION, RULES_OPTION
from leanlab.core.option import option


@dataclass(frozen=True, slots=True)
class NPOptions:
    """What the user can choose."""

    rules: str = RULES_OPTION
    sample_size: int | None = counts.SIZE_OPTION
    k: float = K_OPTION
    historical_p: float | None = option(None, "Known share", minimum=0, maximum=1)


ANALYSIS = Analysis(
    id="spc.np",
    version=1,
    title="NP chart",
    group="Control charts",
    place=55,
    question="Is the number of defectives stable when samples are equally large?",
    phases="MAC",
    also_called=("number defective", "attribute chart", "binomial chart"),
    roles=counts.counts_roles("defectives", sizes="Units inspected per sample"),
    options=NPOptions,
    compute=partial(counts.charted, counts.NP),
    present=presented,
    edits_points=True,
)
