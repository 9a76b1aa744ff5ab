"""What the sample-size analyses have in common: they need no data, only assumptions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.declare import Chart, Columns, Finding, Presentation, Table
from leanlab.analyses.sentences import check, sentence
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray

CURVE_POINTS = 60
ALTERNATIVES = {"two.sided": "Different", "greater": "Higher", "less": "Lower"}
ALPHA_OPTION = option(
    0.05, "Signal level", minimum=0.0001, maximum=0.5,
    help="How often chance alone may look like a difference",
)  # fmt: skip
ALTERNATIVE_OPTION = option("two.sided", "Alternative", choices=ALTERNATIVES)
N_OPTION = option(
    None, "Sample size", minimum=2, maximum=1_000_000, basic=True,
    help="Give it to learn the chance of finding the difference; empty: it is computed",
)  # fmt: skip
TARGET_OPTION = option(
    0.8, "Chance of finding it", minimum=0.01, maximum=0.9999, basic=True,
    help="80 % is usual; 90 % where missing it is costly",
)  # fmt: skip
SD_OPTION = option(
    1.0, "Standard deviation", minimum=0, basic=True,
    help="From past data or a pilot study, in the unit of the difference",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A sample size, the chance that goes with it, and the curve around it."""

    title: str
    n: int
    power: float
    asked_n: bool  # the user gave n and asked for the chance
    per: str  # " per group" or nothing
    what: str  # what is to be found, in words: "a difference of 2"
    assumed: str  # what the plan rests on, in words
    curves: Sequence[tuple[str, FloatArray]]  # label, power at `sizes`
    sizes: FloatArray
    target: float | None
    numbers: Mapping[str, Any]
    table: Sequence[tuple[str, int]]  # chance -> sample size


def planned(
    power: Callable[..., Any],
    given: Mapping[str, Any],
    options: Any,
    *,
    title: str,
    per: str,
    what: Callable[[float], str],
    assumed: str,
    scaled: Callable[[float], Mapping[str, Any]],
) -> Plan:
    """Plan with a function of `leanlab.stats.power`.

    `scaled(f)` gives the arguments for a difference f times as large, for the neighbouring curves.
    """
    target = options.target_power if options.n is None else None
    found = power(**given, n=options.n, target_power=target)
    top = max(8, int(found.n * 2))
    sizes = np.unique(np.linspace(2, top, min(CURVE_POINTS, top - 1)).astype(np.int64))
    curves = []
    for factor in (1.0, 0.75, 1.25):
        try:
            arguments = {**given, **scaled(factor)}
            reached = [float(power(**arguments, n=int(n)).power) for n in sizes]
        except DataProblem:
            continue  # a neighbouring proportion would lie outside 0 to 1
        curves.append((what(factor), np.asarray(reached)))
    return Plan(
        title=title,
        n=found.n,
        power=found.power if target is None else float(found.actual_power),
        asked_n=options.n is not None,
        per=per,
        what=what(1.0),
        assumed=assumed,
        curves=curves,
        sizes=sizes.astype(np.float64),
        target=target,
        numbers={"n": found.n, "power": found.power, "actual_power": found.actual_power},
        table=_table(power, given),
    )


def _table(power: Callable[..., Any], given: Mapping[str, Any]) -> list[tuple[str, int]]:
    rows = []
    for chance in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99):
        try:
            rows.append((f"{chance * 100:g} %", int(power(**given, n=None, target_power=chance).n)))
        except DataProblem:
            break
    return rows


def no_columns(_columns: Columns, options: Any, plan: Callable[[Any], Plan]) -> Plan:
    """Compute without data."""
    return plan(options)


def present(plan: Plan) -> Presentation:
    """Say how many values are needed, or what a given number can find."""
    slots = {"n": words.number(plan.n, 0), "per": plan.per, "what": plan.what, "power": words.percent(plan.power)}  # fmt: skip
    weak = plan.asked_n and plan.power < 0.8
    verdict = sentence("power.reached" if plan.asked_n else "power.needed", **slots)
    return Presentation(
        findings=(
            Finding("verdict", verdict, "warning" if weak else "good"),
            Finding("evidence", sentence("power.evidence", assumed=plan.assumed)),
            Finding("size", sentence("power.size", **slots, missed=words.percent(1 - plan.power))),
            Finding("next", sentence("power.next.weak" if weak else "power.next", **slots)),
        ),
        report_card=(
            check("power", "amber" if weak else "green", "card.chance", power=slots["power"]),
            check("assumption", "grey", "card.assumption"),
        ),
        charts=(_chart(plan),),
        tables=(Table("Chance and sample size", ("Chance", f"Sample size{plan.per}"), plan.table),),
        numbers=plan.numbers,
        plain=sentence("power.plain", **slots),
    )


def _chart(plan: Plan) -> Chart:
    return Chart(
        f"Chance of finding {plan.what}",
        partial(_draw, plan),
        caption=sentence("power.caption", n=words.number(plan.n, 0), per=plan.per, assumed=plan.assumed),
        alt=sentence("power.alt", what=plan.what, n=words.number(plan.n, 0), per=plan.per, power=words.percent(plan.power)),
    )  # fmt: skip


def _draw(plan: Plan, figure: Any, theme: Any) -> None:
    from leanlab.figures.curves import PowerPicture, draw_power

    picture = PowerPicture(
        sizes=plan.sizes, curves=plan.curves, n=plan.n, power=plan.power, target=plan.target,
        x_label=f"Sample size{plan.per}",
    )  # fmt: skip
    draw_power(figure, theme, picture)
