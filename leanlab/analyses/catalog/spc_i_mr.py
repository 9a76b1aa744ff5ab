"""I-MR chart: is one stream of single values stable over time?"""

from dataclasses import dataclass

import numpy as np

from leanlab.analyses.control import ChartResult, individuals_check, order_check, presented
from leanlab.analyses.declare import CATEGORY, NUMBER, ORDER, Analysis, Check, Columns, Role
from leanlab.analyses.measure import Measure, numbers_of
from leanlab.analyses.points import Points, points_of, row_order, singles
from leanlab.analyses.rules import K_OPTION, RULES_OPTION, rule_set, rule_words
from leanlab.analyses.value_checks import (
    independence_check,
    odd_check,
    resolution_check,
    shape_check,
)
from leanlab.core.option import option
from leanlab.core.typing import FloatArray
from leanlab.stats import spc
from leanlab.stats.control_chart import ControlChart

FEWEST = 20
SIGMA_METHODS = {
    "MRbar": "Mean moving range / d2",
    "MRmedian": "Median moving range / d4",
    "MSSD": "Successive differences (MSSD)",
    "historical": "Known sigma",
}


@dataclass(frozen=True, slots=True)
class IMROptions:
    """What the user can choose."""

    rules: str = RULES_OPTION
    sigma_method: str = option("MRbar", "Sigma from", choices=SIGMA_METHODS, basic=True)
    mr_length: int = option(2, "Moving range of", minimum=2, maximum=20, unit="points")
    k: float = K_OPTION
    historical_mean: float | None = option(None, "Known mean", help="Leave empty to estimate it")
    historical_sigma: float | None = option(None, "Known sigma", help="Leave empty to estimate it")
    show_spec: bool = option(
        default=False,
        label="Show specification",
        help="The customer's limits are not control limits: they do not say whether the process "
        "is stable",
    )


def compute(columns: Columns, options: IMROptions) -> ChartResult:
    """Chart the values in time order and look for special causes."""
    order, ordering = row_order(columns)
    points = points_of(columns, singles(order), ordering)
    column = columns.one("value")
    values = numbers_of(column)[order]
    chart = spc.i_mr(
        values,
        mr_length=options.mr_length,
        sigma_method=options.sigma_method,
        k=options.k,
        stages=points.stages,
        historical_mean=options.historical_mean,
        historical_sigma=options.historical_sigma,
        excluded=points.excluded,
        limits_base=points.limits_base,
        rules=rule_set(options.rules),
    )
    spec = (columns.spec.lsl, columns.spec.usl, columns.spec.target)
    return ChartResult(
        chart=chart,
        points=points,
        title=ANALYSIS.title,
        measure=Measure.of(column),
        rules=rule_set(options.rules),
        rule_words=rule_words(options.rules),
        spec=spec if options.show_spec else (None, None, None),
        checks=_checks(chart, points, values),
        least=FEWEST,
        span=options.mr_length,
        note=columns.note,
    )


def _checks(chart: ControlChart, points: Points, values: FloatArray) -> tuple[Check, ...]:
    inside = _residuals(chart, values)
    explained = points.excluded.copy()
    explained[list(points.notes)] = True
    return (
        individuals_check(chart),
        order_check(points),
        independence_check(inside),
        shape_check(inside),
        resolution_check(chart.panel("mr").points),
        odd_check(inside, explained),
    )


def _residuals(chart: ControlChart, values: FloatArray) -> FloatArray:
    """Return deviations from each stage's mean, without excluded points."""
    return np.where(chart.excluded, np.nan, values - chart.panels[0].center)


ANALYSIS = Analysis(
    id="spc.i_mr",
    version=1,
    title="I-MR chart",
    group="Control charts",
    place=10,
    question="Is this value stable over time?",
    phases="MAC",
    also_called=(
        "individuals chart", "individuals and moving range", "XmR", "X-MR",
        "process behaviour chart", "process behavior chart", "Shewhart chart", "I chart",
    ),
    roles=(
        Role("value", "Value", NUMBER, help="One measured value per row"),
        Role("order", "Order", ORDER, required=False, help="Date or sequence number"),
        Role("stage", "Stage", CATEGORY, required=False, help="Limits are separate per stage"),
        Role("label", "Label", ORDER, required=False, help="Shown along the axis"),
    ),
    options=IMROptions,
    compute=compute,
    present=presented,
    edits_points=True,
)  # fmt: skip
