"""The rule sets a user can choose for a control chart, and their words."""

from functools import cache
from typing import Any

from leanlab.core import format as words
from leanlab.core.option import option
from leanlab.stats import run_rules

RULE_CHOICES = {
    "standard": "Standard (1 and 2)",
    "sensitive": "Sensitive (1, 2, 5, 6)",
    "nelson": "Nelson, all eight",
    "western_electric": "Western Electric",
    "aiag": "AIAG",
    "montgomery": "Montgomery",
    "juran": "Juran",
    "jasp": "JASP",
    "beyond": "Limits only (1)",
}
RULES_OPTION = option(
    "standard",
    "Rules",
    help="More rules find changes sooner and give more false alarms: of 50 ordinary points, "
    "Standard flags some in 17 % of charts, Sensitive in 31 %, all eight in 43 %",
    choices=RULE_CHOICES,
    basic=True,
)
K_OPTION = option(3.0, "Limits at", minimum=1, maximum=6, unit="sigma")


def rule_set(name: str) -> Any:
    """Return the rules of a choice."""
    return run_rules.RULE_SETS[name]


def rule_words(name: str) -> str:
    """Return the rule set as the caption names it."""
    return f"rules: {RULE_CHOICES[name]}"


@cache
def cost_words(name: str, k: float, points: int) -> str:
    """Say what a rule set costs in false alarms, and what it finds; may take half a second."""
    from leanlab.stats.spc.run_length import rule_cost

    rules = [run_rules.beyond(k) if rule.number == 1 else rule for rule in rule_set(name)]
    calm, moved = rule_cost(rules), rule_cost(rules, shift=1.0)
    return (
        f"On a stable process these rules raise a false alarm every {words.number(calm.arl, 0)} "
        f"points on average. Of charts with {words.count(points, 'point')}, "
        f"{words.percent(calm.chance(points))} have at least one by chance. A shift by one sigma is "
        f"found after {words.number(moved.arl, 0)} points on average. (Independent, bell-shaped "
        f"values and known limits; {calm.method}.)"
    )
