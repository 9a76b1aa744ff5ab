"""What charts of counts have in common: P, NP, C, U and Laney's P' and U'."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.analyses.control import ChartResult, counted_now, order_check
from leanlab.analyses.declare import (
    CATEGORY,
    NUMBER,
    ORDER,
    Check,
    Columns,
    Finding,
    Level,
    Offer,
    Role,
)
from leanlab.analyses.measure import Measure, numbers_of
from leanlab.analyses.points import Points, points_of, row_order, singles
from leanlab.analyses.rules import rule_set, rule_words
from leanlab.analyses.sentences import check, enough, sentence
from leanlab.analyses.value_checks import data_check
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray
from leanlab.stats import spc
from leanlab.stats.control_chart import ControlChart

PROPOSE, INSIST, SMOOTHED = 1.2, 1.5, 0.8  # Laney's sigma z
SIGNIFICANT = 0.05
FEW_TO_JUDGE = 8
LIMITS = {
    "auto": "Laney's where samples differ too much",
    "ordinary": "Ordinary",
    "laney": "Laney's",
}
LIMITS_OPTION = option(
    "auto", "Limits", basic=True, choices=LIMITS,
    help="Laney's limits count differences from sample to sample as ordinary",
)  # fmt: skip
SIZE_OPTION = option(
    None, "Sample size", minimum=1, basic=True,
    help="The same for all samples; used when no column of sample sizes is chosen",
)  # fmt: skip
ORDER_ROLES = (
    Role("order", "Order", ORDER, required=False, help="Date or sequence number"),
    Role("stage", "Stage", CATEGORY, required=False, help="Limits are separate per stage"),
    Role("label", "Label", ORDER, required=False, help="Shown along the axis"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One chart of counts: which functions make it, and how its values are called."""

    op: str  # name of the reference operation
    title: str
    counted: str  # what is counted: defectives, defects
    make: Any  # (counts, sizes, **options) -> ControlChart
    laney: Any  # the chart with Laney's limits
    laney_id: str  # analysis to propose; "" = option of this one
    share: bool = False
    unit: str = ""
    decimals: int = 1

    @property
    def laney_title(self) -> str:
        """The title when Laney's limits are drawn."""
        return "Laney P' chart" if self.share else "Laney U' chart"


def counts_roles(counted: str, *, sizes: str = "") -> tuple[Role, ...]:
    """Return the roles of a chart of counts; `sizes` says what the sample sizes are."""
    first = Role("counts", counted.capitalize(), NUMBER, help=f"Number of {counted} per sample")
    if not sizes:
        return (first, *ORDER_ROLES)
    return (first, Role("sizes", "Sample size", NUMBER, required=False, help=sizes), *ORDER_ROLES)


def charted(kind: Kind, columns: Columns, options: Any) -> ChartResult:
    """Chart counts per sample; judge whether samples differ more than chance predicts."""
    order, ordering = row_order(columns)
    points = points_of(columns, singles(order), ordering)
    column = columns.one("counts")
    counts = numbers_of(column)[order]
    sizes = _sizes(kind, columns, options, counts.size)[order]
    shared = {
        "k": options.k, "stages": points.stages, "excluded": points.excluded,
        "limits_base": points.limits_base, "rules": rule_set(options.rules),
    }  # fmt: skip
    known = {n: getattr(options, n) for n in ("historical_p", "historical_c", "historical_u") if hasattr(options, n)}  # fmt: skip
    ordinary = kind.make(counts, sizes, **known, **shared)
    sigma_z, p_value = dispersion(kind, counts, sizes, points)
    limits = getattr(options, "limits", "ordinary")
    laney = limits == "laney" or (limits == "auto" and sigma_z > INSIST)
    chart = kind.laney(counts, sizes, **shared) if laney else ordinary
    return ChartResult(
        chart=chart,
        points=points,
        title=kind.laney_title if laney else kind.title,
        measure=Measure(column.name, kind.unit, kind.decimals - 1, share=kind.share),
        rules=rule_set(options.rules),
        rule_words=rule_words(options.rules),
        checks=(
            data_check(int(counted_now(chart).sum()), "sample", 25, 10),
            order_check(points),
            _count_check(kind, counts),
            *_same_size_check(kind, sizes),
            dispersion_check(sigma_z, p_value, allowed=laney),
        ),
        numbers=_numbers(ordinary, chart, sigma_z, p_value, laney=laney),
        evidence=(_dispersion_finding(kind, (sigma_z, p_value), laney=laney, limits=limits),),
        note=columns.note,
    )


def laney_charted(kind: Kind, columns: Columns, options: Any) -> ChartResult:
    """Chart counts with Laney's limits, whatever the dispersion."""
    order, ordering = row_order(columns)
    points = points_of(columns, singles(order), ordering)
    column = columns.one("counts")
    counts = numbers_of(column)[order]
    sizes = _sizes(kind, columns, options, counts.size)[order]
    chart = kind.laney(
        counts, sizes, k=options.k, stages=points.stages, excluded=points.excluded,
        limits_base=points.limits_base, rules=rule_set(options.rules),
    )  # fmt: skip
    sigma_z, p_value = dispersion(kind, counts, sizes, points)
    return ChartResult(
        chart=chart,
        points=points,
        title=kind.title,
        measure=Measure(column.name, kind.unit, kind.decimals - 1, share=kind.share),
        rules=rule_set(options.rules),
        rule_words=rule_words(options.rules),
        checks=(
            data_check(int(counted_now(chart).sum()), "sample", 25, 10),
            order_check(points),
            _count_check(kind, counts),
            dispersion_check(sigma_z, p_value, allowed=True),
        ),
        numbers=flat(chart) | {"estimate": float(chart.mean_by_stage[0]), "dispersion_p": p_value},
        evidence=(_dispersion_finding(kind, (sigma_z, p_value), laney=True, limits="laney"),),
        note=columns.note,
    )


def flat(chart: ControlChart) -> dict[str, Any]:
    """Return the one panel's results without its name, as the reference operations do."""
    panel = chart.panels[0]
    names = ("points", "center", "lcl", "ucl", "out_of_limits")
    return {name: getattr(panel, name) for name in names}


def _numbers(
    ordinary: ControlChart, drawn: ControlChart, sigma_z: float, p_value: float, *, laney: bool
) -> Mapping[str, Any]:
    """Return the ordinary chart under its own names, and Laney's beside it when it is drawn."""
    out = flat(ordinary) | {
        "estimate_by_stage": ordinary.mean_by_stage,
        "sigma_z": sigma_z,
        "dispersion_p": p_value,
        "limits": "laney" if laney else "ordinary",
    }
    return out | ({f"laney.{name}": value for name, value in flat(drawn).items()} if laney else {})


def _sizes(kind: Kind, columns: Columns, options: Any, count: int) -> FloatArray:
    if kind.op in {"spc.c"}:
        return np.ones(count)
    if columns.has("sizes"):
        return numbers_of(columns.one("sizes"))
    if options.sample_size is None:
        raise DataProblem(
            "It is not known how many units were inspected.",
            hint="Choose the column with the sample sizes, or set one sample size for all.",
        )
    return np.full(count, float(options.sample_size))


def dispersion(
    kind: Kind, counts: FloatArray, sizes: FloatArray, points: Points
) -> tuple[float, float]:
    """Return Laney's sigma z within stages, and the p-value of the chi-square dispersion test."""
    from scipy.special import chdtrc

    usable = ~points.excluded & np.isfinite(counts) & np.isfinite(sizes) & (sizes > 0)
    if usable.sum() < FEW_TO_JUDGE or counts[usable].sum() in {0, sizes[usable].sum()}:
        return float("nan"), float("nan")
    stages = None if points.stages is None else points.stages[usable]
    try:
        chart = kind.laney(counts[usable], sizes[usable], stages=stages)
    except DataProblem:
        return float("nan"), float("nan")
    z = np.asarray(chart.extra["z"])
    z = z[np.isfinite(z)]
    freedom = max(1, z.size - len(chart.stage_names))
    return float(chart.extra["sigma_z"]), float(chdtrc(freedom, float(z @ z)))


def _count_check(kind: Kind, counts: FloatArray) -> Check:
    known = counts[np.isfinite(counts)]
    expected = float(known.mean()) if known.size else 0.0
    level = enough(expected, 5, 0.5)
    slots = {"mean": words.number(expected, 1), "counted": kind.counted}
    return check("counts", level, f"card.counts.{level}", **slots)


def _same_size_check(kind: Kind, sizes: FloatArray) -> tuple[Check, ...]:
    if kind.op == "spc.c":
        return (check("size", "grey", "card.size.assumed"),)
    known = sizes[np.isfinite(sizes)]
    alike = known.size > 0 and float(np.ptp(known)) <= 0.25 * float(known.mean())
    return (check("size", "green", "card.size.same" if alike else "card.size.varies"),)


def dispersion_check(sigma_z: float, p_value: float, *, allowed: bool) -> Check:
    """Judge whether samples differ as much as chance predicts; Laney's limits allow for more."""
    if not np.isfinite(sigma_z):
        return check("dispersion", "grey", "card.few")
    level: Level = "red" if sigma_z > INSIST else "amber"
    if SMOOTHED <= sigma_z <= PROPOSE or (allowed and sigma_z > PROPOSE):
        level = "green"
    key = "card.dispersion.allowed" if allowed and sigma_z > PROPOSE else "card.dispersion"
    if level == "amber" and sigma_z > PROPOSE and p_value >= SIGNIFICANT:
        level, key = "green", "card.dispersion.open"
    if sigma_z <= PROPOSE:  # p looks at all samples, so it speaks of shifts as well
        key = "card.dispersion.low" if sigma_z < SMOOTHED else "card.dispersion.ok"
    return check("dispersion", level, key, times=words.number(sigma_z, 2), p=words.p_phrase(p_value))  # fmt: skip


def _dispersion_finding(
    kind: Kind, found: tuple[float, float], *, laney: bool, limits: str
) -> Finding:
    sigma_z, p_value = found
    times = words.number(sigma_z, 2)
    if not np.isfinite(sigma_z):
        return Finding("evidence", sentence("counts.dispersion.unknown"))
    if laney and sigma_z > PROPOSE:
        offer = Offer("Show ordinary limits", {"limits": "ordinary"}) if limits == "auto" else None
        return Finding("evidence", sentence("counts.dispersion.laney", times=times), offer=offer)
    if sigma_z > PROPOSE and (p_value < SIGNIFICANT or sigma_z > INSIST):
        offer = (
            Offer("Use Laney's limits", analysis=kind.laney_id)
            if kind.laney_id
            else Offer("Use Laney's limits", {"limits": "laney"})
        )
        text = sentence("counts.dispersion.propose", times=times, chart=kind.title)
        return Finding("evidence", text, "warning", offer)
    if sigma_z < SMOOTHED:
        return Finding("evidence", sentence("counts.dispersion.low", times=times), "warning")
    return Finding("evidence", sentence("counts.dispersion.ok", times=times))


def _c(counts: FloatArray, _sizes: FloatArray, **options: Any) -> ControlChart:
    return spc.c(counts, **options)


P = Kind("spc.p", "P chart", "defectives", spc.p, spc.laney_p, "", share=True)
NP = Kind("spc.np", "NP chart", "defectives", spc.np_chart, spc.laney_p, "spc.laney_p")
C = Kind("spc.c", "C chart", "defects", _c, spc.laney_u, "spc.laney_u")
U = Kind("spc.u", "U chart", "defects", spc.u, spc.laney_u, "", unit="per unit", decimals=3)
LANEY_P = Kind("spc.laney_p", "Laney P' chart", "defectives", spc.p, spc.laney_p, "", share=True)
LANEY_U = Kind("spc.laney_u", "Laney U' chart", "defects", spc.u, spc.laney_u, "", unit="per unit", decimals=3)  # fmt: skip
