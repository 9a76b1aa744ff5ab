"""What Xbar-R and Xbar-S charts have in common."""

from typing import Any

import numpy as np

from leanlab.analyses.control import ChartResult, counted_now, order_check
from leanlab.analyses.declare import CATEGORY, NUMBER, ORDER, Check, Columns, Level, Role
from leanlab.analyses.measure import Measure
from leanlab.analyses.points import points_of
from leanlab.analyses.rules import rule_set, rule_words
from leanlab.analyses.sentences import check
from leanlab.analyses.subgroups import subgroup_rows, subgroup_values
from leanlab.core import format as words
from leanlab.core.option import option
from leanlab.stats import spc
from leanlab.stats.control_chart import ControlChart

SIZE_OPTION = option(
    None, "Subgroup size", minimum=2, maximum=200, basic=True,
    help="Used when no subgroup column is chosen: so many rows in a row belong together",
)  # fmt: skip
KNOWN_MEAN = option(None, "Known mean", help="Leave empty to estimate it")
KNOWN_SIGMA = option(None, "Known sigma", help="Leave empty to estimate it")
ROLES = (
    Role("value", "Values", NUMBER, many=True, help="One column, or one column per piece"),
    Role("subgroup", "Subgroup", ORDER, required=False, help="Which rows belong together"),
    Role("order", "Order", ORDER, required=False, help="Date or sequence number"),
    Role("stage", "Stage", CATEGORY, required=False, help="Limits are separate per stage"),
    Role("label", "Label", ORDER, required=False, help="Shown along the axis"),
)


def charted(op: str, columns: Columns, options: Any) -> ChartResult:
    """Chart subgroups; `op` is "xbar_r" or "xbar_s"."""
    groups, ordering = subgroup_rows(columns, options.subgroup_size)
    points = points_of(columns, groups, ordering)
    more = {"use_c4": options.use_c4} if op == "xbar_s" else {}
    chart = getattr(spc, op)(
        subgroup_values(columns, groups),
        sigma_method=options.sigma_method,
        k=options.k,
        stages=points.stages,
        historical_mean=options.historical_mean,
        historical_sigma=options.historical_sigma,
        excluded=points.excluded,
        limits_base=points.limits_base,
        rules=rule_set(options.rules),
        **more,
    )
    first = columns.many("value")[0]
    name = ", ".join(c.name for c in columns.many("value")[:3])
    return ChartResult(
        chart=chart,
        points=points,
        title="Xbar-R chart" if op == "xbar_r" else "Xbar-S chart",
        measure=Measure(name, first.unit, first.decimals),
        rules=rule_set(options.rules),
        rule_words=rule_words(options.rules),
        checks=(
            _data_check(chart),
            order_check(points),
            _size_check(op, chart),
            _rational_check(chart),
            _spread_check(chart),
        ),
        numbers={"n": chart.sizes.astype(int)},
        note=columns.note,
    )


def _data_check(chart: ControlChart) -> Check:
    used = counted_now(chart)
    groups, values = int(used.sum()), int(chart.sizes[used].sum())
    level: Level = "red" if groups < 10 else "green" if groups >= 25 and values >= 100 else "amber"
    key = "card.subgroups.green" if level == "green" else "card.subgroups.more"
    return check("data", level, key, groups=words.count(groups, "subgroup"), values=words.count(values, "value"))  # fmt: skip


def _size_check(op: str, chart: ControlChart) -> Check:
    sizes = chart.sizes[chart.used]
    low, high = (int(sizes.min()), int(sizes.max())) if sizes.size else (0, 0)
    if low != high:
        return check("size", "amber", "card.subgroup_size.unequal", low=low, high=high)
    if op == "xbar_r" and high > 8:
        return check("size", "amber", "card.subgroup_size.use_s", size=high)
    return check("size", "green", "card.subgroup_size.ok", size=high)


def _rational_check(chart: ControlChart) -> Check:
    panel = chart.panels[0]
    used = chart.used & np.isfinite(panel.points)
    inside = used & (panel.points <= panel.ucl) & (panel.points >= panel.lcl)
    share = float(inside.sum() / max(used.sum(), 1))
    near = np.abs(panel.points - panel.center) < (panel.ucl - panel.center) / 3
    hugging = float((used & near).sum() / max(used.sum(), 1))
    if share < 0.60:
        return check("rational", "amber", "card.rational.between", share=words.percent(share))
    if hugging > 0.95 and used.sum() >= 15:
        return check("rational", "red", "card.rational.mixed")
    return check("rational", "green", "card.rational.ok")


def _spread_check(chart: ControlChart) -> Check:
    marked = chart.panels[1].any_signal
    count = int((~chart.excluded[marked]).sum())
    level: Level = "green" if count == 0 else "amber" if count == 1 else "red"
    if not count:
        return check("spread", level, "card.spread.ok")
    return check("spread", level, "card.spread.signals", groups=words.count(count, "subgroup"))
