"""Sample size: how many units tell a share closely enough?"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from leanlab.analyses import precision
from leanlab.analyses.declare import Analysis
from leanlab.core.format import percent
from leanlab.core.option import option
from leanlab.core.typing import FloatArray


@dataclass(frozen=True, slots=True)
class ShareMarginOptions:
    """What the user can choose; shares run from 0 to 1."""

    margin: float = option(
        0.05, "Margin", minimum=0, maximum=0.5, basic=True, help="0.05 = 5 % to either side"
    )
    p: float = option(
        0.5, "Expected share", minimum=0, maximum=1, basic=True,
        help="0.5 needs the most units: the safe choice where nothing is known",
    )  # fmt: skip
    confidence: float = precision.CONFIDENCE_OPTION


def plan(options: ShareMarginOptions) -> precision.Precision:
    """Plan for the margin of a share."""
    from scipy.special import ndtri

    from leanlab.stats import power

    def size(margin: float) -> int:
        return power.margin_of_error_proportion(
            p=options.p, margin=margin, confidence=options.confidence
        )

    def half_width(n: FloatArray) -> FloatArray:
        z = ndtri(0.5 + options.confidence / 2)
        return np.asarray(z * np.sqrt(options.p * (1 - options.p) / n))

    return precision.precise(
        size, half_width, options.margin,
        what="the share",
        assumed=f"an expected share of {percent(options.p)}, {100 * options.confidence:g} % confidence",
        numbers={"n": size(options.margin)},
        share=True,
    )  # fmt: skip


ANALYSIS = Analysis(
    id="power.margin_of_error_proportion",
    version=1,
    title="Sample size: margin of a share",
    group="Plan",
    place=7,
    question="How many units tell a share closely enough?",
    phases="DMA",
    also_called=("margin of error", "sample size for estimation", "survey size", "how many do I need", "attribute sample size"),
    roles=(),
    options=ShareMarginOptions,
    compute=partial(precision.no_columns, plan=plan),
    present=precision.present,
)  # fmt: skip
