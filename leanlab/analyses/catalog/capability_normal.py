"""Capability (normal): does the process meet the specification, and does the data show it?"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.control import ChartResult, chart_of, warned
from leanlab.analyses.declare import (
    NUMBER,
    ORDER,
    Analysis,
    Chart,
    Check,
    Columns,
    Finding,
    Level,
    Offer,
    Presentation,
    Role,
    Spec,
    Table,
)
from leanlab.analyses.measure import Measure
from leanlab.analyses.plotted import plotted
from leanlab.analyses.points import points_of
from leanlab.analyses.rules import rule_set, rule_words
from leanlab.analyses.sentences import check, enough, graded, sentence
from leanlab.analyses.subgroups import subgroup_rows, subgroup_values
from leanlab.analyses.value_checks import normality_of, skewness
from leanlab.core import format as words
from leanlab.core import wording
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray, IntArray

BANDS = ((1.0, "band.not_capable"), (1.33, "band.marginal"), (1.67, "band.capable"), (np.inf, "band.very_capable"))  # fmt: skip
FEWEST = 30
SIGMA_METHODS = {
    "auto": "Moving range, or pooled for subgroups", "pooled": "Pooled standard deviation",
    "Rbar": "Mean range", "Sbar": "Mean standard deviation", "MRbar": "Mean moving range",
    "MRmedian": "Median moving range", "sqrt_MSSD": "Successive differences",
    "pooled_no_c4": "Pooled, without c4", "Rbar_unweighted": "Mean range, unweighted",
    "Sbar_unweighted": "Mean standard deviation, unweighted", "Rbar_burr": "Mean range, by n - 1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CapabilityOptions:
    """What the user can choose; empty limits are taken from the metric."""

    lsl: float | None = option(
        None, "Lower limit (LSL)", basic=True, help="Empty: taken from the metric"
    )
    usl: float | None = option(
        None, "Upper limit (USL)", basic=True, help="Empty: taken from the metric"
    )
    target: float | None = option(None, "Target", basic=True, help="Empty: taken from the metric")
    benchmark: float = option(
        1.33, "Benchmark", minimum=0.1, maximum=5, basic=True,
        help="The index that the customer asks for",
    )  # fmt: skip
    subgroup_size: int | None = option(None, "Subgroup size", minimum=2, maximum=200)
    sigma_method: str = option("auto", "Sigma within from", choices=SIGMA_METHODS)
    mr_length: int = option(2, "Moving range of", minimum=2, maximum=20, unit="points")
    confidence: float = option(0.95, "Confidence", minimum=0.5, maximum=0.999)


@dataclass(frozen=True, slots=True, eq=False)
class CapabilityResult:
    """Indices, and what they rest on."""

    indices: Any
    spec: Spec
    values: FloatArray
    row_ids: IntArray
    anderson: Any
    chart: ChartResult | None  # None when no chart can be made of the values
    signals: int
    groups: int
    measure: Measure
    options: CapabilityOptions
    excluded: int
    note: str

    @property
    def one_sided(self) -> bool:
        """Whether only one specification limit is set."""
        return self.spec.lsl is None or self.spec.usl is None

    @property
    def lower_bound(self) -> float:
        """The one-sided lower confidence bound of Ppk (Bissell 1990)."""
        from scipy.special import ndtri

        c = self.indices
        error = np.sqrt(1 / (9 * c.n) + c.ppk**2 / (2 * (c.n - 1)))
        return float(c.ppk - ndtri(self.options.confidence) * error)


def compute(columns: Columns, options: CapabilityOptions) -> CapabilityResult:
    """Compare the spread of the values with the specification."""
    from leanlab.stats import capability

    spec = _spec(columns, options)
    wide = columns.many("value")
    grouped = columns.has("subgroup") or bool(options.subgroup_size) or len(wide) > 1
    size = options.subgroup_size or (None if grouped else 1)
    groups, ordering = subgroup_rows(columns, size)
    kept = [g for g in groups if not columns.excluded[g].all()]
    subgroups = subgroup_values(columns, kept)
    values = np.concatenate(subgroups) if subgroups else np.zeros(0)
    rows = [np.repeat(columns.row_ids[g], v.size // max(g.size, 1)) for g, v in zip(kept, subgroups, strict=True)]  # fmt: skip
    known = np.isfinite(values)
    method = options.sigma_method
    if method == "auto":
        method = "pooled" if grouped else "MRbar"
    indices = capability.normal(
        [v[np.isfinite(v)] for v in subgroups] if grouped else values,
        lsl=spec.lsl, usl=spec.usl, target=spec.target, sigma_method=method,
        confidence=options.confidence, mr_length=options.mr_length,
    )  # fmt: skip
    measure = Measure(wide[0].name, wide[0].unit, max(c.decimals for c in wide))
    chart = _stability(columns, kept, ordering, values if not grouped else None, measure)
    return CapabilityResult(
        indices=indices,
        spec=spec,
        values=values[known],
        row_ids=np.concatenate(rows)[known],
        anderson=normality_of(values[known]),
        chart=chart,
        signals=chart.judged(chart.location).size if chart else 0,
        groups=len(kept),
        measure=measure,
        options=options,
        excluded=int(columns.excluded.sum()),
        note=columns.note,
    )


def _spec(columns: Columns, options: CapabilityOptions) -> Spec:
    known = columns.spec
    spec = Spec(
        lsl=known.lsl if options.lsl is None else options.lsl,
        usl=known.usl if options.usl is None else options.usl,
        target=known.target if options.target is None else options.target,
    )
    if spec.lsl is None and spec.usl is None:
        raise DataProblem(
            "Capability compares the process with a specification, and none is set.",
            hint="Enter the lower limit, the upper limit or both.",
        )
    if spec.lsl is not None and spec.usl is not None and spec.lsl >= spec.usl:
        raise DataProblem(
            f"The lower limit {spec.lsl:g} is not below the upper limit {spec.usl:g}.",
            hint="Exchange them.",
        )
    return spec


def _stability(
    columns: Columns, groups: list[Any], ordering: Any, singles: FloatArray | None, measure: Measure
) -> ChartResult | None:
    """Chart the same values, because only a stable process has a capability."""
    from leanlab.stats import spc

    points = points_of(columns, groups, ordering)
    rules = rule_set("standard")
    shared = {"rules": rules, "excluded": points.excluded}
    try:
        chart = (
            spc.i_mr(singles, **shared)
            if singles is not None
            else spc.xbar_s(subgroup_values(columns, groups), **shared)
        )
    except DataProblem:
        return None
    title = "I-MR chart" if singles is not None else "Xbar-S chart"
    return ChartResult(
        chart=chart, points=points, title=title, measure=measure, rules=rules,
        rule_words=rule_words("standard"), note=columns.note,
    )  # fmt: skip


def present(result: CapabilityResult) -> Presentation:
    """Give both readings of the index, the fraction outside, and what limits it."""
    card = _card(result)
    charts = [_chart(result)]
    if result.chart is not None:
        charts.append(chart_of(result.chart, f"Is {result.measure.name} stable?"))
    if result.anderson is not None:
        charts.append(_probability_chart(result))
    return Presentation(
        findings=_findings(result, card),
        report_card=card,
        charts=tuple(charts),
        tables=(_index_table(result), _outside_table(result)),
        numbers=_numbers(result),
        plain=_plain(result),
    )


def _numbers(result: CapabilityResult) -> dict[str, Any]:
    c = result.indices
    names = (
        "n", "mean", "sigma_within", "sigma_overall", "cp", "cpl", "cpu", "cpk", "pp", "ppl",
        "ppu", "ppk", "ccpk", "cpm", "cpm_divisor_n_minus_1", "cpm_s2_plus_bias2",
    )  # fmt: skip
    out: dict[str, Any] = {name: getattr(c, name) for name in names}
    for part in ("ci", "within", "overall", "observed"):
        found = getattr(c, part)
        out |= {f"{part}.{name}": getattr(found, name) for name in found.__dataclass_fields__}
    if c.ppk is not None:
        out["ppk_lower_bound"] = result.lower_bound
    return out


def _band(index: float) -> str:
    return sentence(next(key for top, key in BANDS if index < top))


def _findings(result: CapabilityResult, card: tuple[Check, ...]) -> tuple[Finding, ...]:
    c = result.indices
    size = sentence(
        "capability.size", ppm=_ppm(c.overall.ppm_total), mostly=_mostly(result),
        observed=_ppm(c.observed.ppm_total),
    )  # fmt: skip
    return (
        warned(_verdict(result), card),
        Finding("evidence", _evidence(result)),
        Finding("size", size if c.ppk is not None else sentence("capability.size.constant", value=result.measure.full(c.mean))),
        _next(result),
    )  # fmt: skip


def _ppm(value: float | None) -> str:
    """Write parts per million with three figures: no study knows more of them."""
    if value is not None and value >= 1000:
        value = float(f"{value:.3g}")
    return words.number(value, 0 if value is None or value >= 10 or value == 0 else 2)


def _verdict(result: CapabilityResult) -> Finding:
    c, bench = result.indices, result.options.benchmark
    if c.ppk is None:
        return Finding("verdict", sentence("capability.constant", n=c.n), "warning")
    if c.n < FEWEST:
        return Finding("verdict", sentence("capability.few", n=c.n), "warning")
    ppk, bound = float(c.ppk), result.lower_bound
    slots = {"ppk": words.index(ppk), "bench": f"{bench:g}", "band": _band(ppk), "bound": words.index(bound), "n": c.n}  # fmt: skip
    if bound >= bench:
        return Finding("verdict", sentence("capability.demonstrated", **slots), "good")
    if ppk >= bench:
        return Finding("verdict", sentence("capability.looks", **slots), "warning")
    slots["ppk"] = wording.apart(ppk, bench, _index)[0]
    return Finding("verdict", sentence("capability.below", **slots), "bad")


def _index(value: float, more: int) -> str:
    return words.number(value, 2 + more)


def _plain(result: CapabilityResult) -> str:
    c, measure = result.indices, result.measure
    limits = _limits_words(result)
    if c.ppk is None or c.n < FEWEST:
        return sentence("capability.plain.few", name=measure.name, n=c.n)
    ppm = float(c.overall.ppm_total)
    share = sentence("capability.plain.rare" if ppm < 1 else "capability.plain.share", ppm=_ppm(ppm))  # fmt: skip
    key = "capability.plain.stable" if result.signals <= 0.02 * result.groups else "capability.plain.past"  # fmt: skip
    return sentence(key, name=measure.name, share=share, limits=limits)


def _limits_words(result: CapabilityResult) -> str:
    spec, measure = result.spec, result.measure
    if spec.lsl is None:
        return f"at most {measure.full(spec.usl)}"
    if spec.usl is None:
        return f"at least {measure.full(spec.lsl)}"
    return measure.span(spec.lsl, spec.usl)


def _mostly(result: CapabilityResult) -> str:
    overall = result.indices.overall
    low, high = float(overall.ppm_lt_lsl or 0.0), float(overall.ppm_gt_usl or 0.0)
    if low > 2 * high:
        return ", mostly below the lower limit"
    return ", mostly above the upper limit" if high > 2 * low else ""


def _evidence(result: CapabilityResult) -> str:
    c = result.indices
    within = sentence("capability.within.one" if result.one_sided else "capability.within",
                      cp=words.index(c.cp), cpk=words.index(c.cpk))  # fmt: skip
    interval = ""
    if c.ci.ppk is not None:
        interval = f" ({result.options.confidence * 100:g} % interval {words.index(c.ci.ppk[0])} to {words.index(c.ci.ppk[1])})"  # fmt: skip
    return sentence("capability.evidence", within=within, ppk=words.index(c.ppk), interval=interval, n=c.n)  # fmt: skip


def _next(result: CapabilityResult) -> Finding:
    c, measure = result.indices, result.measure
    if c.ppk is None:
        return Finding("next", sentence("capability.next.constant"))
    if result.signals > 0.02 * result.groups:
        offer = Offer("Chart it over time", analysis="spc.i_mr")
        return Finding("next", sentence("capability.next.unstable"), offer=offer)
    if c.cpk - c.ppk > 0.1:
        text = sentence("capability.next.wanders", cpk=words.index(c.cpk), ppk=words.index(c.ppk))
        return Finding("next", text)
    if not result.one_sided and c.cp - c.cpk > 0.1:
        middle = (float(result.spec.lsl or 0) + float(result.spec.usl or 0)) / 2
        text = sentence("capability.next.centre", cpk=words.index(c.cpk), cp=words.index(c.cp),
                        move=measure.signed(middle - c.mean))  # fmt: skip
        return Finding("next", text)
    if c.ppk < result.options.benchmark:
        return Finding("next", sentence("capability.next.spread"))
    if result.lower_bound < result.options.benchmark:
        return Finding("next", sentence("capability.next.more", needed=_needed(result)))
    return Finding("next", sentence("capability.next.hold"))


def _needed(result: CapabilityResult) -> str:
    """Say how many values would demonstrate the benchmark if the index stays."""
    from scipy.special import ndtri

    ppk, z = float(result.indices.ppk), float(ndtri(result.options.confidence))
    gap = ppk - result.options.benchmark
    if gap <= 0:
        return "many more"
    n = int(np.ceil(z * z * (1 / 9 + ppk * ppk / 2) / gap**2)) + 1
    return words.count(n, "value") if n <= 100_000 else "many more values"


def _card(result: CapabilityResult) -> tuple[Check, ...]:
    c = result.indices
    level = enough(c.n, 100, FEWEST)
    key = "card.amount.green" if level == "green" else "card.capability.data"
    return (
        _stable_check(result),
        check("data", level, key, amount=words.count(int(c.n), "value"), wish=100),
        _shape_check(result),
        _drift_check(result),
        _model_check(result),
    )


def _stable_check(result: CapabilityResult) -> Check:
    if result.chart is None:
        return check("stable", "grey", "card.few")
    share = result.signals / max(result.groups, 1)
    level: Level = "green" if not result.signals else "amber" if share <= 0.02 else "red"
    key = "card.stable.ok" if not result.signals else "card.stable.signals"
    return check("stable", level, key, signals=words.count(result.signals, "signal"))


def _shape_check(result: CapabilityResult) -> Check:
    if result.anderson is None:
        return check("shape", "grey", "card.few")
    p, skew = float(result.anderson.p_value), skewness(result.values)
    if p >= 0.05:
        return check("shape", "green", "card.bell.ok", p=words.p_phrase(p))
    mild = abs(skew) < 0.5 and result.values.size > 200
    return check("shape", "amber" if mild else "red", "card.bell.no",
                 p=words.p_phrase(p), skew=words.number(skew, 1))  # fmt: skip


def _drift_check(result: CapabilityResult) -> Check:
    c = result.indices
    if c.ppk is None or c.cpk is None:
        return check("drift", "grey", "card.few")
    gap = float(c.cpk - c.ppk)
    level = graded(gap, 0.1, 0.3)
    return check("drift", level, "card.drift.ok" if level == "green" else "card.drift", gap=words.index(gap))  # fmt: skip


def _model_check(result: CapabilityResult) -> Check:
    """Hold the fraction that the normal curve expects against what was seen."""
    c = result.indices
    if c.overall.ppm_total is None:
        return check("model", "grey", "card.few")
    expected, observed = float(c.overall.ppm_total), float(c.observed.ppm_total)
    one = 1e6 / c.n
    ratio = max(observed, one) / max(expected, one)
    level = graded(max(ratio, 1 / ratio), 3, 10)
    slots = {"expected": _ppm(expected), "observed": _ppm(observed)}
    return check("model", level, "card.model.ok" if level == "green" else "card.model", **slots)


def _chart(result: CapabilityResult) -> Chart:
    from leanlab.figures.bins import bins_for

    c, measure = result.indices, result.measure
    edges = bins_for(result.values)
    counts, _ = np.histogram(result.values, bins=edges)
    place = np.clip(np.searchsorted(edges, result.values, side="right") - 1, 0, counts.size - 1)
    rows = [tuple(result.row_ids[place == bar].tolist()) for bar in range(counts.size)]

    def describe(index: int) -> str:
        span = measure.span(float(edges[index]), float(edges[index + 1]))
        return f"{words.count(int(counts[index]), 'value')} from {span}"

    note = f" · {result.note}" if result.note else ""
    limits = _limits_words(result)
    caption = sentence("capability.caption", sigma=SIGMA_METHODS[c.sigma_method].lower(), limits=limits,
                       n=c.n, excluded=result.excluded)  # fmt: skip
    return Chart(
        f"Capability of {measure.name}",
        partial(_draw, result),
        caption=f"{caption}{note}",
        alt=sentence("capability.alt", name=measure.name, limits=limits, mean=measure.full(c.mean), ppk=words.index(c.ppk), n=c.n),
        point_rows=rows,
        points=plotted(rows, (edges[:-1] + edges[1:]) / 2, counts.astype(np.float64), describe),
    )  # fmt: skip


def _draw(result: CapabilityResult, figure: Any, theme: Any) -> None:
    from leanlab.figures.distribution import CapabilityPicture, draw_capability

    c, spec = result.indices, result.spec
    numbers = [
        (name, words.index(value))
        for name, value in (("Cp", c.cp), ("Cpk", c.cpk), ("Pp", c.pp), ("Ppk", c.ppk))
        if value is not None
    ]
    picture = CapabilityPicture(
        values=result.values, mean=c.mean, within=c.sigma_within, overall=c.sigma_overall,
        lsl=spec.lsl, usl=spec.usl, target=spec.target, name=result.measure.axis,
        decimals=result.measure.decimals, indices=numbers,
    )  # fmt: skip
    draw_capability(figure, theme, picture)


def _probability_chart(result: CapabilityResult) -> Chart:
    from leanlab.analyses.plotted import RowIds
    from leanlab.stats import normality

    plot = normality.probability_plot(result.values)
    at = np.argsort(result.values, kind="stable")
    rows = RowIds(result.row_ids[at])
    measure = result.measure

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.distribution import draw_probability

        draw_probability(figure, theme, plot, measure.axis)

    def describe(index: int) -> str:
        return f"row {rows[index][0]}, {measure.full(float(plot.values[index]))}"  # type: ignore[index]

    return Chart(
        f"Is {measure.name} bell-shaped?",
        draw,
        caption=sentence("summary.caption.plot", n=result.values.size, excluded=result.excluded),
        alt=sentence("summary.alt.plot", name=measure.name, n=result.values.size),
        point_rows=rows,
        points=plotted(rows, plot.values, plot.scores, describe),
    )


def _index_table(result: CapabilityResult) -> Table:
    c = result.indices
    rows: list[tuple[object, ...]] = [
        ("Cp", _cell(c.cp), "Pp", _cell(c.pp)), ("Cpl", _cell(c.cpl), "Ppl", _cell(c.ppl)),
        ("Cpu", _cell(c.cpu), "Ppu", _cell(c.ppu)), ("Cpk", _cell(c.cpk), "Ppk", _cell(c.ppk)),
        ("Sigma within", c.sigma_within, "Sigma overall", c.sigma_overall),
        ("CCpk", _cell(c.ccpk), "Cpm", _cell(c.cpm)),
    ]  # fmt: skip
    return Table("Indices", ("Within", "Value", "Overall", "Value "), rows)


def _outside_table(result: CapabilityResult) -> Table:
    c = result.indices
    parts = (("Observed", c.observed), ("Expected within", c.within), ("Expected overall", c.overall))  # fmt: skip
    rows = [
        (name, _cell(part.ppm_lt_lsl), _cell(part.ppm_gt_usl), _cell(part.ppm_total))
        for name, part in parts
    ]
    return Table("Outside, per million", ("", "Below LSL", "Above USL", "Total"), rows)


def _cell(value: float | None) -> float | str:
    return "" if value is None else float(value)


ANALYSIS = Analysis(
    id="capability.normal",
    version=1,
    title="Capability (normal)",
    group="Capability",
    place=10,
    question="Does the process meet the specification?",
    phases="MC",
    also_called=("Cpk", "Ppk", "process capability", "Cp", "sigma level", "process performance", "sixpack"),
    roles=(
        Role("value", "Value", NUMBER, many=True, help="One column, or one column per piece"),
        Role("subgroup", "Subgroup", ORDER, required=False, help="Which rows belong together"),
        Role("order", "Order", ORDER, required=False, help="Date or sequence number"),
    ),
    options=CapabilityOptions,
    compute=compute,
    present=present,
)  # fmt: skip
