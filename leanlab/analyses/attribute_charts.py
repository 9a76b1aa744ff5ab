"""P chart with Laney's correction: is a share of defectives stable over time?"""

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
    Finding,
    Level,
    Role,
)
from leanlab.analyses.points import points_of, row_order, singles
from leanlab.analyses.rules import RULES_OPTION, rule_set, rule_words
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import BoolArray, FloatArray
from leanlab.stats import spc

PROPOSE = 1.2
INSIST = 1.5


@dataclass(frozen=True, slots=True)
class POptions:
    """What the user can choose."""

    limits: str = option(
        "auto", "Limits", basic=True,
        choices={"auto": "Ordinary; Laney where day-to-day differences demand it",
                 "p": "Ordinary P", "laney": "Laney P'"},
        help="Laney's limits count differences between samples as ordinary",
    )  # fmt: skip
    rules: str = RULES_OPTION
    sample_size: int | None = option(
        None, "Sample size", minimum=1, help="Used when no column of sample sizes is chosen"
    )
    k: float = option(3.0, "Limits at", minimum=1, maximum=6, unit="sigma")
    historical_p: float | None = option(None, "Known share", minimum=0, maximum=1)


def compute(columns: Columns, options: POptions) -> ChartResult:
    """Chart the share of defectives per sample."""
    order, ordering = row_order(columns)
    points = points_of(columns, singles(order), ordering)
    counts = np.asarray(columns.one("counts").values, dtype=np.float64)[order]
    sizes = _sizes(columns, options, counts.size)[order]
    sigma_z = _sigma_z(counts, sizes, points.excluded)
    laney = options.limits == "laney" or (options.limits == "auto" and sigma_z > INSIST)
    shared = {
        "k": options.k,
        "stages": points.stages,
        "excluded": points.excluded,
        "limits_base": points.limits_base,
        "rules": rule_set(options.rules),
    }
    chart = (
        spc.laney_p(counts, sizes, **shared)
        if laney
        else spc.p(counts, sizes=sizes, historical_p=options.historical_p, **shared)
    )
    column = columns.one("counts")
    return ChartResult(
        chart=chart,
        points=points,
        title="Laney P' chart" if laney else P.title,
        name=column.name,
        unit="",
        decimals=1,
        rules=rule_words(options.rules),
        share=True,
        checks=(
            _data_check(int(chart.used.sum())),
            order_check(points),
            _size_check(counts),
            _dispersion_check(sigma_z),
        ),
        extra_numbers={"sigma_z": sigma_z, "laney": laney},
        extra_findings=(_dispersion_finding(sigma_z, laney=laney),),
        note=columns.note,
    )


def _sizes(columns: Columns, options: POptions, count: int) -> FloatArray:
    if columns.has("sizes"):
        return np.asarray(columns.one("sizes").values, dtype=np.float64)
    if options.sample_size is None:
        raise DataProblem(
            "It is not known how many units were inspected.",
            hint="Choose the column with the sample sizes, or set one sample size for all.",
        )
    return np.full(count, float(options.sample_size))


def _sigma_z(counts: FloatArray, sizes: FloatArray, excluded: BoolArray) -> float:
    usable = ~excluded & np.isfinite(counts) & np.isfinite(sizes)
    if usable.sum() < 3:
        return float("nan")
    share = counts[usable].sum() / sizes[usable].sum()
    if share <= 0 or share >= 1:
        return float("nan")
    return float(spc.laney_p(counts[usable], sizes[usable]).extra["sigma_z"])


def _data_check(groups: int) -> Check:
    level: Level = "green" if groups >= 25 else "amber" if groups >= 10 else "red"
    return Check("data", "Enough data", level, f"{words.count(groups, 'sample')}")


def _size_check(counts: FloatArray) -> Check:
    expected = float(np.nanmean(counts))
    if expected >= 5:
        return Check(
            "size",
            "Sample size",
            "green",
            f"{words.number(expected, 1)} defectives per sample on average",
        )
    level: Level = "amber" if expected >= 0.5 else "red"
    hint = (
        "use fewer, larger samples"
        if level == "amber"
        else "count units between defectives instead (G chart)"
    )
    return Check(
        "size",
        "Sample size",
        level,
        f"Only {words.number(expected, 1)} defectives per sample: {hint}",
    )


def _dispersion_check(sigma_z: float) -> Check:
    if not np.isfinite(sigma_z):
        return Check("dispersion", "Sample to sample", "grey", "Could not be checked")
    text = f"Samples differ {words.number(sigma_z, 2)} times as much as chance predicts"
    level: Level = "green" if 0.8 <= sigma_z <= PROPOSE else "red" if sigma_z > INSIST else "amber"
    return Check("dispersion", "Sample to sample", level, text)


def _dispersion_finding(sigma_z: float, *, laney: bool) -> Finding:
    shown = words.number(sigma_z, 2)
    if laney:
        text = f"Samples differ {shown} times as much as chance predicts; an ordinary P chart would cry wolf, so Laney limits are used."
        return Finding("evidence", text)
    if np.isfinite(sigma_z) and sigma_z > PROPOSE:
        text = f"Samples differ {shown} times as much as chance predicts: consider Laney limits."
        return Finding("evidence", text, "warning")
    if np.isfinite(sigma_z) and sigma_z < 0.8:
        text = f"Samples differ only {shown} times as much as chance predicts: check how the counts were made."
        return Finding("evidence", text, "warning")
    return Finding("evidence", "Samples differ about as much as chance predicts.")


P = Analysis(
    id="spc.p",
    version=1,
    title="P chart",
    group="Control charts",
    question="Is the share of defectives stable over time?",
    also_called=("proportion defective", "Laney P'", "attribute chart", "percent defective"),
    roles=(
        Role("counts", "Defectives", NUMBER, help="Number of defective units per sample"),
        Role("sizes", "Sample size", NUMBER, required=False, help="Units inspected per sample"),
        Role("order", "Order", ORDER, required=False),
        Role("stage", "Stage", CATEGORY, required=False),
        Role("label", "Label", ORDER, required=False),
    ),
    options=POptions,
    compute=compute,
    present=presented,
    edits_points=True,
)
