"""Laney U' chart: the U chart for samples that differ more than chance predicts."""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import attribute_charts as counts
from leanlab.analyses.control import presented
from leanlab.analyses.declare import Analysis
from leanlab.analyses.rules import K_OPTION, RULES_OPTION


@dataclass(frozen=True, slots=True)
class LaneyUOptions:
    """What the user can choose."""

    rules: str = RULES_OPTION
    sample_size: float | None = counts.SIZE_OPTION
    k: float = K_OPTION


ANALYSIS = Analysis(
    id="spc.laney_u",
    version=1,
    title="Laney U' chart",
    group="Control charts",
    place=67,
    question="Are defects per unit stable, beyond ordinary sample-to-sample differences?",
    phases="MAC",
    also_called=("U prime", "overdispersion", "large samples", "attribute chart"),
    roles=counts.counts_roles("defects", sizes="Units, area or hours per sample"),
    options=LaneyUOptions,
    compute=partial(counts.laney_charted, counts.LANEY_U),
    present=presented,
    edits_points=True,
)
