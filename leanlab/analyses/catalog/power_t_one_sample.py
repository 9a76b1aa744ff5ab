"""Sample size: how many values find that an average is off its target?"""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import sample_size
from leanlab.analyses.declare import Analysis
from leanlab.core.option import option


@dataclass(frozen=True, slots=True)
class OneAverageOptions:
    """What the user can choose."""

    difference: float = option(
        1.0, "Difference that matters", basic=True, help="From the target, or between pairs"
    )
    sd: float = sample_size.SD_OPTION
    target_power: float = sample_size.TARGET_OPTION
    n: int | None = sample_size.N_OPTION
    alpha: float = sample_size.ALPHA_OPTION
    alternative: str = sample_size.ALTERNATIVE_OPTION


def plan(options: OneAverageOptions) -> sample_size.Plan:
    """Plan a comparison of an average with a target, or of pairs."""
    from leanlab.stats import power

    return sample_size.planned(
        power.t_one_sample,
        {"difference": options.difference, "sd": options.sd, "alpha": options.alpha,
         "alternative": options.alternative},
        options,
        title=ANALYSIS.title,
        per="",
        what=lambda factor: f"a difference of {options.difference * factor:g}",
        assumed=f"standard deviation {options.sd:g}, one-sample t test at {options.alpha:g}",
        scaled=lambda factor: {"difference": options.difference * factor},
    )  # fmt: skip


ANALYSIS = Analysis(
    id="power.t_one_sample",
    version=1,
    title="Sample size: one average",
    group="Plan",
    place=20,
    question="How many values find that an average is off its target?",
    phases="MAI",
    also_called=("power analysis", "power and sample size", "how many do I need", "paired t sample size"),
    roles=(),
    options=OneAverageOptions,
    compute=partial(sample_size.no_columns, plan=plan),
    present=sample_size.present,
)  # fmt: skip
