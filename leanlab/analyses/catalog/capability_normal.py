"""Capability (normal): does the process meet the specification, and does the data show it?"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.analyses.declare import (
    NUMBER,
    ORDER,
    Analysis,
    Chart,
    Check,
    Columns,
    Finding,
    Level,
    Presentation,
    Role,
    Spec,
    Table,
)
from leanlab.analyses.subgroups import subgroup_rows, subgroup_values
from leanlab.analyses.value_checks import skewness
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray
from leanlab.stats import capability, normality, spc

BANDS = ((1.0, "not capable"), (1.33, "marginal"), (1.67, "capable"), (np.inf, "very capable"))


@dataclass(frozen=True, slots=True)
class CapabilityOptions:
    """What the user can choose; empty limits are taken from the metric."""

    lsl: float | None = option(None, "Lower limit (LSL)", basic=True)
    usl: float | None = option(None, "Upper limit (USL)", basic=True)
    target: float | None = option(None, "Target", basic=True)
    benchmark: float = option(1.33, "Benchmark", minimum=0.1, maximum=5, basic=True)
    subgroup_size: int | None = option(None, "Subgroup size", minimum=2, maximum=200)
    sigma_method: str = option(
        "auto", "Sigma within from",
        choices={"auto": "Moving range, or pooled for subgroups", "MRbar": "Mean moving range",
                 "MRmedian": "Median moving range", "Rbar": "Mean range", "Sbar": "Mean StDev",
                 "pooled": "Pooled StDev"},
    )  # fmt: skip
    confidence: float = option(0.95, "Confidence", minimum=0.5, maximum=0.999)


@dataclass(frozen=True, slots=True, eq=False)
class CapabilityResult:
    """Indices, and what they rest on."""

    indices: Any
    spec: Spec
    values: FloatArray
    anderson: Any
    signals: int | None
    name: str
    unit: str
    decimals: int
    groups: int
    sigma_method: str
    options: CapabilityOptions
    note: str

    def show(self, number: float | None) -> str:
        """Format a value with one decimal more than the data."""
        return words.number(number, self.decimals + 1)

    @property
    def suffix(self) -> str:
        """The unit with a space before it, or nothing."""
        return f" {self.unit}" if self.unit else ""

    @property
    def one_sided(self) -> bool:
        """Whether only one specification limit is set."""
        return self.spec.lsl is None or self.spec.usl is None


def compute(columns: Columns, options: CapabilityOptions) -> CapabilityResult:
    """Compare the spread of the values with the specification."""
    spec = _spec(columns, options)
    grouped = columns.has("subgroup") or options.subgroup_size or len(columns.many("value")) > 1
    groups, _ = subgroup_rows(columns, options.subgroup_size or (None if grouped else 1))
    kept = [g for g in groups if not columns.excluded[g].all()]
    subgroups = [v[np.isfinite(v)] for v in subgroup_values(columns, kept)]
    subgroups = [v for v in subgroups if v.size]
    values = np.concatenate(subgroups) if subgroups else np.zeros(0)
    method = options.sigma_method
    if method == "auto":
        method = "pooled" if grouped else "MRbar"
    indices = capability.normal(
        [v.tolist() for v in subgroups],
        lsl=spec.lsl,
        usl=spec.usl,
        target=spec.target,
        sigma_method=method,
        confidence=options.confidence,
    )
    first = columns.many("value")[0]
    return CapabilityResult(
        indices=indices,
        spec=spec,
        values=values,
        anderson=normality.anderson_darling(values) if values.size >= 8 else None,
        signals=_signals(subgroups),
        name=first.name,
        unit=first.unit,
        decimals=first.decimals,
        groups=len(subgroups),
        sigma_method=method,
        options=options,
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


def _signals(subgroups: list[FloatArray]) -> int | None:
    """Count signals (rules 1 and 2) on the chart that belongs to these values."""
    try:
        if all(v.size == 1 for v in subgroups):
            chart = spc.i_mr(np.concatenate(subgroups))
        else:
            chart = spc.xbar_s(subgroups)
    except DataProblem:
        return None
    return int(chart.panels[0].any_signal.size)


def present(result: CapabilityResult) -> Presentation:
    """Give both readings of the index, the fraction outside, and what limits it."""
    return Presentation(
        findings=_findings(result),
        report_card=_card(result),
        charts=(_chart(result),),
        tables=(_index_table(result), _outside_table(result)),
        numbers=_numbers(result),
    )


def _numbers(result: CapabilityResult) -> dict[str, Any]:
    c = result.indices
    names = ("n", "mean", "sigma_within", "sigma_overall", "cp", "cpl", "cpu", "cpk", "pp", "ppl",
             "ppu", "ppk", "ccpk", "cpm")  # fmt: skip
    out: dict[str, Any] = {name: getattr(c, name) for name in names}
    return out | {"ci": c.ci, "within": c.within, "overall": c.overall, "observed": c.observed}


def _band(index: float) -> str:
    return next(word for top, word in BANDS if index < top)


def _lower_bound(result: CapabilityResult) -> float:
    """Return the one-sided lower bound of Ppk (Bissell 1990)."""
    from scipy.special import ndtri

    c = result.indices
    error = np.sqrt(1 / (9 * c.n) + c.ppk**2 / (2 * (c.n - 1)))
    return float(c.ppk - ndtri(result.options.confidence) * error)


def _findings(result: CapabilityResult) -> tuple[Finding, ...]:
    c, bench = result.indices, result.options.benchmark
    if c.n < 30:
        verdict = Finding(
            "verdict",
            f"Only {c.n} values: look at the histogram; an index would promise too much.",
            "warning",
        )
    else:
        verdict = _verdict(result, bench)
    unstable = result.signals is not None and result.signals > 0.02 * result.groups
    if unstable:
        verdict = Finding(
            "verdict",
            f"The process was not stable, so this describes the past only. {verdict.text}",
            "bad",
        )
    total = float(c.overall.ppm_total)
    size = f"About {words.number(total, 0)} per million would fall outside{_mostly(result)}; {words.number(float(c.observed.ppm_total), 0)} per million were observed."
    return (
        verdict,
        Finding("evidence", _evidence(result)),
        Finding("size", size),
        Finding("next", _next(result)),
    )


def _verdict(result: CapabilityResult, bench: float) -> Finding:
    ppk, bound = float(result.indices.ppk), _lower_bound(result)
    reading = f"As customers read it, Ppk {words.index(ppk)} is {'at or above' if ppk >= bench else 'below'} the benchmark {bench:g} ({_band(ppk)})."
    if bound >= bench:
        return Finding(
            "verdict",
            f"{reading} The data demonstrate it: the index is at least {words.index(bound)}.",
            "good",
        )
    if ppk >= bench:
        return Finding(
            "verdict",
            f"{reading} It looks capable, but {result.indices.n} values do not demonstrate it yet: the index may be as low as {words.index(bound)}.",
            "warning",
        )
    return Finding(
        "verdict",
        f"{reading} With this much data the index may be as low as {words.index(bound)}.",
        "bad",
    )


def _mostly(result: CapabilityResult) -> str:
    low, high = (
        float(v or 0.0)
        for v in (result.indices.overall.ppm_lt_lsl, result.indices.overall.ppm_gt_usl)
    )
    if low > 2 * high:
        return ", mostly below the lower limit"
    return ", mostly above the upper limit" if high > 2 * low else ""


def _evidence(result: CapabilityResult) -> str:
    c = result.indices
    cp = "" if result.one_sided else f"Cp {words.index(c.cp)}, "
    return f"{cp}Cpk {words.index(c.cpk)} within, Ppk {words.index(c.ppk)} overall; n = {c.n}."


def _next(result: CapabilityResult) -> str:
    c = result.indices
    if c.cpk - c.ppk > 0.1 * max(c.cpk, 0.1) and c.cpk - c.ppk > 0.1:
        return f"The short-term spread is better than the long-term one (Cpk {words.index(c.cpk)}, Ppk {words.index(c.ppk)}): find what makes the level wander."
    if not result.one_sided and c.cp - c.cpk > 0.1:
        middle = (float(result.spec.lsl or 0) + float(result.spec.usl or 0)) / 2
        return f"Centring alone would lift Cpk from {words.index(c.cpk)} to {words.index(c.cp)}: move the average by {result.show(middle - c.mean)}{result.suffix}."
    if c.ppk < result.options.benchmark:
        return "Reduce the spread: look for the largest sources of variation."
    return "Hold it with a control chart, and measure again after the next change."


def _card(result: CapabilityResult) -> tuple[Check, ...]:
    c = result.indices
    enough: Level = "green" if c.n >= 100 else "amber" if c.n >= 30 else "red"
    return (
        _stability(result),
        Check("data", "Enough data", enough, words.count(int(c.n), "value") + ("" if c.n >= 100 else ": the interval is wide")),
        _shape(result),
        _within(result),
    )  # fmt: skip


def _stability(result: CapabilityResult) -> Check:
    if result.signals is None:
        return Check("order", "Stable", "grey", "Could not be charted")
    share = result.signals / max(result.groups, 1)
    level: Level = "green" if not result.signals else "amber" if share <= 0.02 else "red"
    text = (
        "No signal on the control chart"
        if not result.signals
        else f"{words.count(result.signals, 'signal')} on the control chart"
    )
    return Check("order", "Stable", level, text)


def _shape(result: CapabilityResult) -> Check:
    if result.anderson is None:
        return Check("shape", "Shape", "grey", "Too few values to check")
    p, skew = float(result.anderson.p_value), skewness(result.values)
    if p >= 0.05:
        return Check(
            "shape", "Shape", "green", f"No sign against a bell shape ({words.p_phrase(p)})"
        )
    mild = abs(skew) < 0.5 and result.values.size > 200
    text = f"Not bell-shaped ({words.p_phrase(p)}, skewness {words.number(skew, 1)})"
    return Check("shape", "Shape", "amber" if mild else "red", text)


def _within(result: CapabilityResult) -> Check:
    gap = float(result.indices.cpk - result.indices.ppk)
    level: Level = "green" if gap <= 0.1 else "amber" if gap <= 0.3 else "red"
    text = (
        "Short-term and long-term spread agree"
        if level == "green"
        else f"Cpk exceeds Ppk by {words.index(gap)}: the level wanders"
    )
    return Check("drift", "Within and overall", level, text)


def _chart(result: CapabilityResult) -> Chart:
    c, spec = result.indices, result.spec
    title = f"Capability of {result.name}"

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.axes import prepared, titled
        from leanlab.figures.distribution import draw_histogram

        prepared(figure, theme)
        axes = figure.subplots()
        lines = [
            (n, float(v), theme.spec)
            for n, v in (("LSL", spec.lsl), ("Target", spec.target), ("USL", spec.usl))
            if v is not None
        ]
        curves = [
            ("Overall", c.mean, c.sigma_overall, theme.center),
            ("Within", c.mean, c.sigma_within, theme.signal),
        ]
        draw_histogram(axes, theme, result.values, curves, lines, result.decimals + 1)
        axes.set_xlabel(f"{result.name} ({result.unit})" if result.unit else result.name)
        titled(axes, title, theme)
        figure.subplots_adjust(left=0.07, right=0.97, top=0.92, bottom=0.12)

    limits = " to ".join("none" if v is None else result.show(v) for v in (spec.lsl, spec.usl))
    return Chart(
        title,
        draw,
        caption=f"Normal distribution · sigma within from {result.sigma_method} · specification {limits}{result.suffix} · n = {c.n}"
        + (f" · {result.note}" if result.note else ""),
        alt=f"Histogram of {result.name} with specification {limits}{result.suffix}; average {result.show(c.mean)}, Ppk {words.index(c.ppk)}.",
    )


def _index_table(result: CapabilityResult) -> Table:
    c = result.indices
    rows: list[tuple[object, ...]] = [
        ("Cp", c.cp, "Pp", c.pp), ("Cpl", c.cpl, "Ppl", c.ppl), ("Cpu", c.cpu, "Ppu", c.ppu),
        ("Cpk", c.cpk, "Ppk", c.ppk), ("Sigma within", c.sigma_within, "Sigma overall", c.sigma_overall),
    ]  # fmt: skip
    return Table("Indices", ("Within", "Value", "Overall", "Value "), rows)


def _outside_table(result: CapabilityResult) -> Table:
    c = result.indices
    rows = [
        (name, part.ppm_lt_lsl, part.ppm_gt_usl, part.ppm_total)
        for name, part in (
            ("Observed", c.observed),
            ("Expected within", c.within),
            ("Expected overall", c.overall),
        )
    ]
    return Table("Outside, per million", ("", "Below LSL", "Above USL", "Total"), rows)


CAPABILITY_NORMAL = Analysis(
    id="capability.normal",
    version=1,
    title="Capability (normal)",
    group="Capability",
    question="Does the process meet the specification?",
    phases="MC",
    also_called=("Cpk", "Ppk", "process capability", "Cp", "sigma level"),
    roles=(
        Role("value", "Value", NUMBER, many=True, help="One column, or one column per piece"),
        Role("subgroup", "Subgroup", ORDER, required=False),
        Role("order", "Order", ORDER, required=False),
    ),
    options=CapabilityOptions,
    compute=compute,
    present=present,
)
