"""Sample size: how many units find that a share is off its target?"""

from dataclasses import dataclass
from functools import partial

from leanlab.analyses import sample_size
from leanlab.analyses.declare import Analysis
from leanlab.core.format import percent
from leanlab.core.option import option


@dataclass(frozen=True, slots=True)
class OneShareOptions:
    """What the user can choose; shares run from 0 to 1."""

    p: float = option(0.08, "True share", minimum=0, maximum=1, basic=True, help="0.08 = 8 %")
    p0: float = option(0.05, "Compared with", minimum=0, maximum=1, basic=True, help="The target or the past")  # fmt: skip
    target_power: float = sample_size.TARGET_OPTION
    n: int | None = sample_size.N_OPTION
    alpha: float = sample_size.ALPHA_OPTION
    alternative: str = sample_size.ALTERNATIVE_OPTION


def plan(options: OneShareOptions) -> sample_size.Plan:
    """Plan a comparison of a share with a known one."""
    from leanlab.stats import power

    def true(factor: float) -> float:
        return options.p0 + (options.p - options.p0) * factor

    return sample_size.planned(
        power.proportion_one,
        {"p": options.p, "p0": options.p0, "alpha": options.alpha,
         "alternative": options.alternative},
        options,
        title=ANALYSIS.title,
        per="",
        what=lambda factor: f"{percent(true(factor))} against {percent(options.p0)}",
        assumed=f"true share {percent(options.p)}, test of one proportion at {options.alpha:g}",
        scaled=lambda factor: {"p": true(factor)},
    )  # fmt: skip


ANALYSIS = Analysis(
    id="power.proportion_one",
    version=1,
    title="Sample size: one share",
    group="Plan",
    place=40,
    question="How many units find that a share is off its target?",
    phases="MAI",
    also_called=("power analysis", "one proportion", "defect rate", "how many do I need"),
    roles=(),
    options=OneShareOptions,
    compute=partial(sample_size.no_columns, plan=plan),
    present=sample_size.present,
)
