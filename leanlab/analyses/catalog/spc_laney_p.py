"""Laney P' chart: the P chart for samples that differ more than chance predicts."""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import attribute_charts as counts
from leanlab.analyses.control import presented
from leanlab.analyses.declare import Analysis
from leanlab.analyses.rules import K_OPTION, RULES_OPTION


@dataclass(frozen=True, slots=True)
class LaneyPOptions:
    """What the user can choose."""

    rules: str = RULES_OPTION
    sample_size: int | None = counts.SIZE_OPTION
    k: float = K_OPTION


ANALYSIS = Analysis(
    id="spc.laney_p",
    version=1,
    title="Laney P' chart",
    group="Control charts",
    place=52,
    question="Is a share of defectives stable, beyond ordinary sample-to-sample differences?",
    phases="MAC",
    also_called=("P prime", "overdispersion", "large samples", "attribute chart"),
    roles=counts.counts_roles("defectives", sizes="Units inspected per sample"),
    options=LaneyPOptions,
    compute=partial(counts.laney_charted, counts.LANEY_P),
    present=presented,
    edits_points=True,
)
