"""Sample size: how many values tell an average closely enough?"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from leanlab.analyses import precision
from leanlab.analyses.declare import Analysis
from leanlab.analyses.sample_size import SD_OPTION
from leanlab.core.option import option
from leanlab.core.typing import FloatArray


@dataclass(frozen=True, slots=True)
class AverageMarginOptions:
    """What the user can choose."""

    margin: float = option(
        0.5, "Margin", minimum=0, basic=True, help="Half the width of the interval, in data units"
    )
    sd: float = SD_OPTION
    confidence: float = precision.CONFIDENCE_OPTION


def plan(options: AverageMarginOptions) -> precision.Precision:
    """Plan for the margin of an average whose standard deviation comes from the same sample."""
    from scipy.special import stdtrit

    from leanlab.stats import power

    def sizes(margin: float) -> power.MeanSize:
        return power.margin_of_error_mean(
            sd=options.sd, margin=margin, confidence=options.confidence
        )

    def half_width(n: FloatArray) -> FloatArray:
        t = stdtrit(n - 1, 0.5 + options.confidence / 2)
        return np.asarray(t * options.sd / np.sqrt(n))

    found = sizes(options.margin)
    return precision.precise(
        lambda margin: sizes(margin).n_t, half_width, options.margin,
        what="the average",
        assumed=f"standard deviation {options.sd:g}, {100 * options.confidence:g} % confidence",
        numbers={"n_z": found.n_z, "n_t": found.n_t},
    )  # fmt: skip


ANALYSIS = Analysis(
    id="power.margin_of_error_mean",
    version=1,
    title="Sample size: margin of an average",
    group="Plan",
    place=5,
    question="How many values tell an average closely enough?",
    phases="DMA",
    also_called=("margin of error", "sample size for estimation", "precision", "how many do I need", "survey size"),
    roles=(),
    options=AverageMarginOptions,
    compute=partial(precision.no_columns, plan=plan),
    present=precision.present,
)  # fmt: skip
