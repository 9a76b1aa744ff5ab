"""Xbar-R and Xbar-S charts: are the level and the spread of subgroups stable over time?"""

from dataclasses import dataclass

import numpy as np

from leanlab.analyses.control import ChartResult, order_check, presented
from leanlab.analyses.declare import (
    CATEGORY,
    NUMBER,
    ORDER,
    Analysis,
    Check,
    Columns,
    Level,
    Role,
)
from leanlab.analyses.points import points_of
from leanlab.analyses.rules import RULES_OPTION, rule_set, rule_words
from leanlab.analyses.subgroups import subgroup_rows, subgroup_values
from leanlab.core import format as words
from leanlab.core.option import option
from leanlab.stats import spc
from leanlab.stats.control_chart import ControlChart

SIZE = option(
    None, "Subgroup size", minimum=2, maximum=200, basic=True,
    help="Used when no subgroup column is chosen: so many rows in a row belong together",
)  # fmt: skip
KNOWN_MEAN = option(None, "Known mean", help="Leave empty to estimate it")
KNOWN_SIGMA = option(None, "Known sigma", help="Leave empty to estimate it")


@dataclass(frozen=True, slots=True)
class XbarROptions:
    """What the user can choose."""

    rules: str = RULES_OPTION
    subgroup_size: int | None = SIZE
    sigma_method: str = option(
        "Rbar", "Sigma from",
        choices={"Rbar": "Mean range / d2", "pooled": "Pooled standard deviation",
                 "historical": "Known sigma"},
    )  # fmt: skip
    k: float = option(3.0, "Limits at", minimum=1, maximum=6, unit="sigma")
    historical_mean: float | None = KNOWN_MEAN
    historical_sigma: float | None = KNOWN_SIGMA


@dataclass(frozen=True, slots=True)
class XbarSOptions:
    """What the user can choose."""

    rules: str = RULES_OPTION
    subgroup_size: int | None = SIZE
    sigma_method: str = option(
        "Sbar", "Sigma from",
        choices={"Sbar": "Mean standard deviation / c4", "pooled": "Pooled standard deviation",
                 "historical": "Known sigma"},
    )  # fmt: skip
    use_c4: bool = option(True, "Unbiasing constant", help="Divide by c4, as Minitab does")
    k: float = option(3.0, "Limits at", minimum=1, maximum=6, unit="sigma")
    historical_mean: float | None = KNOWN_MEAN
    historical_sigma: float | None = KNOWN_SIGMA


def compute_r(columns: Columns, options: XbarROptions) -> ChartResult:
    """Chart subgroup means and ranges."""
    return _computed(columns, options, XBAR_R.title, {})


def compute_s(columns: Columns, options: XbarSOptions) -> ChartResult:
    """Chart subgroup means and standard deviations."""
    return _computed(columns, options, XBAR_S.title, {"use_c4": options.use_c4})


def _computed(
    columns: Columns, options: XbarROptions | XbarSOptions, title: str, more: dict[str, bool]
) -> ChartResult:
    groups, ordering = subgroup_rows(columns, options.subgroup_size)
    points = points_of(columns, groups, ordering)
    chart_function = spc.xbar_s if more else spc.xbar_r
    chart = chart_function(
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
    return ChartResult(
        chart=chart,
        points=points,
        title=title,
        name=", ".join(c.name for c in columns.many("value")),
        unit=first.unit,
        decimals=first.decimals,
        rules=rule_words(options.rules),
        checks=(
            _data_check(chart),
            order_check(points),
            _inside_check(chart),
            _spread_check(chart),
        ),
        note=columns.note,
    )


def _data_check(chart: ControlChart) -> Check:
    groups, values = int(chart.used.sum()), int(chart.sizes[chart.used].sum())
    level: Level = "red" if groups < 10 else "green" if groups >= 25 and values >= 100 else "amber"
    wish = "" if level == "green" else "; 25 subgroups and 100 values are better"
    text = f"{words.count(groups, 'subgroup')}, {words.count(values, 'value')}{wish}"
    return Check("data", "Enough data", level, text)


def _inside_check(chart: ControlChart) -> Check:
    panel = chart.panels[0]
    used = chart.used & np.isfinite(panel.points)
    inside = used & (panel.points <= panel.ucl) & (panel.points >= panel.lcl)
    share = float(inside.sum() / max(used.sum(), 1))
    near = np.abs(panel.points - panel.center) < (panel.ucl - panel.center) / 3
    hugging = float((used & near).sum() / max(used.sum(), 1))
    if share < 0.60:
        text = f"Only {words.percent(share)} of the means are inside: differences between subgroups dominate"
        return Check("rational", "Rational subgroups", "amber", text)
    if hugging > 0.95 and used.sum() >= 15:
        return Check(
            "rational",
            "Rational subgroups",
            "red",
            "The means hug the centre: each subgroup mixes streams",
        )
    return Check(
        "rational", "Rational subgroups", "green", "Spread within subgroups explains the limits"
    )


def _spread_check(chart: ControlChart) -> Check:
    count = len(chart.panels[1].any_signal)
    level: Level = "green" if count == 0 else "amber" if count == 1 else "red"
    text = (
        "The spread is stable"
        if not count
        else (f"{words.count(count, 'subgroup')} with an unusual spread: read the means with care")
    )
    return Check("spread", "Spread stable first", level, text)


ROLES = (
    Role("value", "Values", NUMBER, many=True, help="One column, or one column per piece"),
    Role("subgroup", "Subgroup", ORDER, required=False, help="Which rows belong together"),
    Role("order", "Order", ORDER, required=False, help="Date or sequence number"),
    Role("stage", "Stage", CATEGORY, required=False, help="Limits are separate per stage"),
)

XBAR_R = Analysis(
    id="spc.xbar_r",
    version=1,
    title="Xbar-R chart",
    group="Control charts",
    question="Are small subgroups (2 to 8 pieces) stable over time?",
    also_called=("X-bar and R", "average and range chart", "subgroup chart"),
    roles=ROLES,
    options=XbarROptions,
    compute=compute_r,
    present=presented,
    edits_points=True,
)
XBAR_S = Analysis(
    id="spc.xbar_s",
    version=1,
    title="Xbar-S chart",
    group="Control charts",
    question="Are larger subgroups (9 pieces and more) stable over time?",
    also_called=("X-bar and S", "average and standard deviation chart"),
    roles=ROLES,
    options=XbarSOptions,
    compute=compute_s,
    present=presented,
    edits_points=True,
)
