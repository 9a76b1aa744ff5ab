"""Sample size: how many units find a difference between two shares?"""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import sample_size
from leanlab.analyses.declare import Analysis
from leanlab.core.format import percent
from leanlab.core.option import option


@dataclass(frozen=True, slots=True)
class TwoSharesOptions:
    """What the user can choose; shares run from 0 to 1."""

    p1: float = option(0.12, "First share", minimum=0, maximum=1, basic=True, help="0.12 = 12 %")
    p2: float = option(0.06, "Second share", minimum=0, maximum=1, basic=True, help="0.06 = 6 %")
    target_power: float = sample_size.TARGET_OPTION
    n: int | None = sample_size.N_OPTION
    alpha: float = sample_size.ALPHA_OPTION
    alternative: str = sample_size.ALTERNATIVE_OPTION


def plan(options: TwoSharesOptions) -> sample_size.Plan:
    """Plan a comparison of two shares."""
    from leanlab.stats import power

    def second(factor: float) -> float:
        return options.p1 + (options.p2 - options.p1) * factor

    return sample_size.planned(
        power.proportion_two,
        {"p1": options.p1, "p2": options.p2, "alpha": options.alpha,
         "alternative": options.alternative},
        options,
        title=ANALYSIS.title,
        per=" per group",
        what=lambda factor: f"{percent(options.p1)} against {percent(second(factor))}",
        assumed=f"shares {percent(options.p1)} and {percent(options.p2)}, test of two proportions at {options.alpha:g}",
        scaled=lambda factor: {"p2": second(factor)},
    )  # fmt: skip


ANALYSIS = Analysis(
    id="power.proportion_two",
    version=1,
    title="Sample size: two shares",
    group="Plan",
    place=30,
    question="How many units find a difference between two shares?",
    phases="MAI",
    also_called=("power analysis", "two proportions", "defect rate", "how many do I need"),
    roles=(),
    options=TwoSharesOptions,
    compute=partial(sample_size.no_columns, plan=plan),
    present=sample_size.present,
)
