"""Gage R&R (crossed): how much of what we see comes from measuring?"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.control import ChartResult, chart_of, warned
from leanlab.analyses.declare import (
    CATEGORY,
    NUMBER,
    ORDER,
    Analysis,
    Chart,
    Check,
    Column,
    Columns,
    Finding,
    Generator,
    Level,
    Presentation,
    Role,
    SheetDraft,
    Table,
)
from leanlab.analyses.flatten import dotted
from leanlab.analyses.gage_interval import study_share_interval
from leanlab.analyses.measure import Measure, numbers_of
from leanlab.analyses.plotted import RowIds, plotted
from leanlab.analyses.points import Ordering, points_of, texts
from leanlab.analyses.rules import rule_set, rule_words
from leanlab.analyses.seeds import SEED_OPTION, seed_of, shuffler
from leanlab.analyses.sentences import check, sentence
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import IntArray, TextArray

GOOD, LIMIT = 10.0, 30.0
CATEGORIES = 5
LABELS = {
    "total_gage_rr": "Measuring", "repeatability": "Repeat", "reproducibility": "People",
    "operator": "Operator", "operator_part": "Operator by part", "part_to_part": "Parts",
    "total_variation": "Total",
}  # fmt: skip


# the data sheet ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StudyOptions:
    """What the study looks like."""

    parts: int = option(10, "Parts", minimum=2, maximum=100, basic=True, help="10 or more that span the process")  # fmt: skip
    operators: tuple[str, ...] = option(
        ("Person 1", "Person 2", "Person 3"), "Operators", basic=True,
        help="Who measures, separated by commas; three is usual",
    )  # fmt: skip
    trials: int = option(2, "Times each", minimum=2, maximum=20, basic=True)
    order: str = option(
        "rounds", "Order",
        choices={"rounds": "In rounds: everybody measures all parts once, in an order of their own",
                 "operators": "One operator after the other", "mixed": "All runs mixed"},
    )  # fmt: skip
    seed: int | None = SEED_OPTION


def make_study(options: StudyOptions) -> SheetDraft:
    """Lay out a crossed study in random order; labels do not tell which part it is."""
    people = tuple(name.strip() for name in options.operators if name.strip())
    if len(set(people)) < 2 or len(set(people)) != len(people):
        raise DataProblem(
            "A crossed study needs at least two operators with different names.",
            hint="Write their names separated by commas.",
        )
    seed = seed_of(options)
    source = shuffler(seed)
    runs = [
        (person, part, trial)
        for trial in range(options.trials)
        for person in range(len(people))
        for part in range(options.parts)
    ]
    order = sorted(zip(source.random(len(runs)), runs, strict=True))
    shuffled = [run for _, run in order]
    rank = source.permutation(len(people) * options.trials).reshape(options.trials, -1)
    if options.order == "rounds":
        shuffled.sort(key=lambda run: (run[2], rank[run[2], run[0]]))
    elif options.order == "operators":
        shuffled.sort(key=lambda run: rank[0, run[0]])
    labels = _blind_labels(len(runs), source)
    columns = (
        Column("Run", "whole", np.arange(1.0, len(runs) + 1), decimals=0),
        Column("Operator", "category", _texts([people[run[0]] for run in shuffled])),
        Column("Label", "id", _texts(labels)),
        Column("Part", "category", _texts([str(run[1] + 1) for run in shuffled])),
        Column("Trial", "whole", np.asarray([float(run[2] + 1) for run in shuffled]), decimals=0),
        Column("Reading", "number", np.full(len(runs), np.nan)),
    )
    return SheetDraft(
        title=f"Gage study: {options.parts} parts, {len(people)} people, {options.trials} times",
        columns=columns,
        options=replace(options, operators=people, seed=seed),
        roles={"value": ("Reading",), "part": ("Part",), "operator": ("Operator",), "order": ("Run",)},
        note=sentence("gage.sheet.note"),
    )  # fmt: skip


def _blind_labels(count: int, source: np.random.Generator) -> list[str]:
    """Return different short labels that say nothing; letters that look like digits are left out."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    codes = source.permutation(len(letters) * 90)[:count] if count <= len(letters) * 90 else source.permutation(count)  # fmt: skip
    return [f"{letters[int(c) % len(letters)]}{int(c) // len(letters) + 10}" for c in codes]


def _texts(items: list[str]) -> TextArray:
    out = np.empty(len(items), dtype=object)
    out[:] = items
    return out


# the analysis --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GageOptions:
    """What the user can choose."""

    tolerance: float | None = option(
        None, "Tolerance (USL - LSL)", minimum=0, basic=True, help="Empty: taken from the metric"
    )
    process_sd: float | None = option(
        None, "Known process sigma", minimum=0, basic=True,
        help="From past data; says whether the parts of the study span the process",
    )  # fmt: skip
    study_var_multiplier: float = option(6.0, "Study variation", minimum=1, maximum=10, unit="sigma")  # fmt: skip
    alpha_remove_interaction: float = option(
        0.05, "Drop interaction above p", minimum=0, maximum=1,
        help="Older books use 0.25",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class GageResult:
    """The study and how sure it is."""

    study: Any
    interval: tuple[float, float]  # of the gage's share of the study variation, percent
    part: IntArray
    operator: IntArray
    values: Any
    row_ids: IntArray
    means: ChartResult | None  # averages and ranges per operator and part
    randomised: bool | None
    measure: Measure
    options: GageOptions
    tolerance: float | None
    note: str

    def component(self, name: str) -> Any:
        """Return a component of variance."""
        return self.study.components[name]

    @property
    def percent(self) -> tuple[float, str]:
        """The larger of the relevant percentages, and what it is a percentage of."""
        gage = self.component("total_gage_rr")
        found = [(gage.pct_study_var, "of.study")]
        if np.isfinite(gage.pct_tolerance):
            found.append((gage.pct_tolerance, "of.tolerance"))
        if np.isfinite(gage.pct_process):
            found.append((gage.pct_process, "of.process"))
        return max(found)


def compute(columns: Columns, options: GageOptions) -> GageResult:
    """Split the variation of a crossed study."""
    from leanlab.stats import msa
    from leanlab.stats.msa.study import codes

    keep = ~columns.excluded
    column = columns.one("value")
    values = numbers_of(column)[keep]
    part, operator = (np.asarray(texts(columns.one(r)), dtype=object)[keep] for r in ("part", "operator"))  # fmt: skip
    tolerance = options.tolerance
    if tolerance is None and columns.spec.lsl is not None and columns.spec.usl is not None:
        tolerance = columns.spec.usl - columns.spec.lsl
    study = msa.gage_rr_crossed(
        part, operator, values, tolerance=tolerance, process_sd=options.process_sd,
        study_var_multiplier=options.study_var_multiplier,
        alpha_remove_interaction=options.alpha_remove_interaction,
    )  # fmt: skip
    part_codes, operator_codes = codes(part, "Part")[0], codes(operator, "Operator")[0]
    measure = Measure.of(column)
    return GageResult(
        study=study,
        interval=study_share_interval(study),
        part=part_codes,
        operator=operator_codes,
        values=values,
        row_ids=columns.row_ids[keep],
        means=_means(study, columns, np.flatnonzero(keep), part_codes, operator_codes, measure),
        randomised=_randomised(columns, part_codes, keep),
        measure=measure,
        options=options,
        tolerance=tolerance,
        note=columns.note,
    )


def _means(
    study: Any,
    columns: Columns,
    rows: IntArray,
    part: IntArray,
    operator: IntArray,
    measure: Measure,
) -> ChartResult | None:
    """Chart averages and ranges of each operator's parts, with limits for all together."""
    from leanlab.stats import spc

    parts, operators = len(study.parts), len(study.operators)
    cells = [(o, p) for o in range(operators) for p in range(parts)]
    groups = [rows[(operator == o) & (part == p)] for o, p in cells]
    try:
        chart = spc.xbar_r([study.readings[p, o] for o, p in cells], rules=rule_set("beyond"))
    except DataProblem:
        return None
    chart = replace(
        chart, stage=np.asarray([o for o, _ in cells], dtype=np.int64), stage_names=study.operators,
        mean_by_stage=np.repeat(chart.mean_by_stage, operators),
        sigma_by_stage=np.repeat(chart.sigma_by_stage, operators),
    )  # fmt: skip
    names = Column("part", "text", _texts([study.parts[p] for _, p in cells]))
    bare = Columns(row_ids=columns.row_ids, excluded=columns.excluded)
    points = points_of(bare, groups, Ordering("Part", sorted_here=False, irregular=False))
    labels = [str(v) for v in names.values]
    points = replace(points, labels=labels, ticks=labels, axis="Part, person after person")
    return ChartResult(
        chart=chart, points=points, title="Averages and ranges", measure=measure,
        rules=rule_set("beyond"), rule_words=rule_words("beyond"), note=columns.note,
    )  # fmt: skip


def _randomised(columns: Columns, part: IntArray, keep: Any) -> bool | None:
    """Whether the recorded run order mixes the parts; None when it was not recorded."""
    if not columns.has("order"):
        return None
    column = columns.one("order")
    if column.kind not in {"whole", "number", "datetime"}:
        return None
    keys = np.asarray(column.values)[keep]
    if column.kind != "datetime" and not np.isfinite(keys.astype(np.float64)).all():
        return None
    sequence = part[np.argsort(keys, kind="stable")]
    steps = np.diff(sequence)
    rising = float(np.mean((steps == 1) | (steps == 0)))
    return rising < 0.5


def present(result: GageResult) -> Presentation:
    """Judge the gage by the larger relevant percentage, and say what to work on."""
    card = _card(result)
    charts = [_components_chart(result), _by_part_chart(result), _by_operator_chart(result), _interaction_chart(result)]  # fmt: skip
    if result.means is not None:
        charts.append(chart_of(result.means, "Averages and ranges by person and part"))
    return Presentation(
        findings=_findings(result, card),
        report_card=card,
        charts=tuple(charts),
        tables=(_components_table(result), _anova_table(result)),
        numbers=_numbers(result),
        plain=_plain(result),
    )


def _numbers(result: GageResult) -> dict[str, Any]:
    study = result.study
    out: dict[str, Any] = {"interaction_removed": study.interaction_removed}
    out |= dotted(study.components, "components")
    out |= dotted(study.anova_with_interaction, "anova_with_interaction")
    if study.anova_without_interaction is not None:
        out |= dotted(study.anova_without_interaction, "anova_without_interaction")
    return out | {
        "ndc": study.ndc, "ndc_unrounded": study.ndc_unrounded,
        "ndc_sqrt2_unrounded": study.ndc_sqrt2_unrounded, "pct_study_var_ci": result.interval,
    }  # fmt: skip


def _band(percent: float) -> str:
    return "good" if percent <= GOOD else "conditional" if percent <= LIMIT else "unacceptable"


def _findings(result: GageResult, card: tuple[Check, ...]) -> tuple[Finding, ...]:
    study, gage = result.study, result.component("total_gage_rr")
    percent, base = result.percent
    band = _band(percent)
    levels: dict[str, Any] = {"good": "good", "conditional": "warning", "unacceptable": "bad"}
    verdict = sentence(f"gage.{band}", percent=words.number(percent, 1), base=sentence(f"gage.{base}"))  # fmt: skip
    interaction = study.anova_with_interaction["part_operator"]
    evidence = sentence(
        "gage.evidence", ndc=study.ndc, p=words.p_phrase(interaction.p), n=result.values.size,
        parts=len(study.parts), people=len(study.operators), trials=study.readings.shape[2],
    )  # fmt: skip
    low, high = (words.number(v, 0) for v in result.interval)
    size = sentence(
        "gage.size", contribution=words.number(gage.pct_contribution, 1),
        study=words.number(gage.pct_study_var, 1), low=low, high=high,
        sd=result.measure.full(gage.sd),
    )  # fmt: skip
    return (
        warned(Finding("verdict", verdict, levels[band]), card),
        Finding("evidence", evidence),
        Finding("size", f"{size} {_against_tolerance(result)}".strip()),
        Finding("next", _next(result)),
    )


def _against_tolerance(result: GageResult) -> str:
    gage = result.component("total_gage_rr")
    if not np.isfinite(gage.pct_tolerance):
        return ""
    key = "gage.tolerance"
    if gage.pct_tolerance > LIMIT >= gage.pct_study_var:
        key = "gage.tolerance.sorting"
    return sentence(key, percent=words.number(gage.pct_tolerance, 1))


def _next(result: GageResult) -> str:
    percent, _ = result.percent
    if percent <= GOOD:
        return sentence("gage.next.good")
    repeat, people = result.component("repeatability"), result.component("reproducibility")
    if people.variance > repeat.variance:
        means = result.study.readings.mean(axis=(0, 2))
        away = means - means.mean()
        gap = result.measure.full(float(np.ptp(away)))
        return sentence("gage.next.people", gap=gap)
    repeats = int(np.ceil((percent / LIMIT) ** 2))
    if percent > LIMIT:
        return sentence("gage.next.repeat.many", repeats=max(2, repeats))
    return sentence("gage.next.repeat")


def _plain(result: GageResult) -> str:
    percent, base = result.percent
    return sentence(f"gage.plain.{_band(percent)}", name=result.measure.name,
                    percent=words.number(percent, 0), base=sentence(f"gage.{base}"))  # fmt: skip


# report card ---------------------------------------------------------------------------------


def _card(result: GageResult) -> tuple[Check, ...]:
    return (
        _design_check(result),
        _span_check(result),
        _randomised_check(result),
        *_chart_checks(result),
        _interaction_check(result),
        _precision_check(result),
    )


def _design_check(result: GageResult) -> Check:
    parts, people, trials = result.study.readings.shape
    level: Level = "red" if parts < 5 else "green" if parts >= 10 and people >= 3 else "amber"
    key = "card.gage.design" if level == "green" else "card.gage.design.more"
    return check("data", level, key, parts=parts, people=people, trials=trials)


def _span_check(result: GageResult) -> Check:
    if result.options.process_sd is None:
        return check("span", "amber", "card.gage.span.unknown")
    reach = float(np.ptp(result.study.readings.mean(axis=(1, 2))))
    share = reach / (6 * result.options.process_sd) if result.options.process_sd else 0.0
    level: Level = "green" if share >= 0.5 else "amber"
    return check("span", level, "card.gage.span", share=words.percent(share))


def _randomised_check(result: GageResult) -> Check:
    if result.randomised is None:
        return check("randomised", "amber", "card.randomised.unknown")
    level: Level = "green" if result.randomised else "red"
    return check("randomised", level, "card.randomised.yes" if result.randomised else "card.randomised.no")  # fmt: skip


def _chart_checks(result: GageResult) -> tuple[Check, ...]:
    if result.means is None:
        return (check("repeats", "grey", "card.few"),)
    chart = result.means.chart
    out = int(chart.panel("r").out_of_limits.size)
    level: Level = "green" if not out else "amber" if out == 1 else "red"
    seen = chart.panels[0].out_of_limits.size / chart.panels[0].points.size
    sees: Level = "green" if seen >= 0.5 else "amber" if seen >= 0.3 else "red"
    return (
        check("repeats", level, "card.repeats.ok" if not out else "card.repeats.out", cells=words.count(out, "part")),
        check("sees", sees, "card.sees", share=words.percent(seen)),
    )  # fmt: skip


def _interaction_check(result: GageResult) -> Check:
    p = float(result.study.anova_with_interaction["part_operator"].p)
    if not np.isfinite(p):
        return check("interaction", "grey", "card.few")
    level: Level = "green" if p > 0.05 else "amber" if p >= 0.01 else "red"
    key = "card.interaction.ok" if level == "green" else "card.interaction"
    return check("interaction", level, key, p=words.p_phrase(p))


def _precision_check(result: GageResult) -> Check:
    low, high = result.interval
    clear = high < LIMIT or low > LIMIT
    return check("precision", "green" if clear else "amber", "card.precision.clear" if clear else "card.precision.open",
                 low=words.number(low, 0), high=words.number(high, 0))  # fmt: skip


# pictures and tables -------------------------------------------------------------------------


def _caption(result: GageResult) -> str:
    removed = "gage.caption.removed" if result.study.interaction_removed else "gage.caption.kept"
    text = sentence("gage.caption", interaction=sentence(removed), n=result.values.size,
                    k=f"{result.options.study_var_multiplier:g}")  # fmt: skip
    return f"{text} · {result.note}" if result.note else text


def _components_chart(result: GageResult) -> Chart:
    names = ("total_gage_rr", "repeatability", "reproducibility", "part_to_part")
    found = [result.component(name) for name in names]
    series = [("% of variance", [c.pct_contribution for c in found]), ("% of spread", [c.pct_study_var for c in found])]  # fmt: skip
    if np.isfinite(found[0].pct_tolerance):
        series.append(("% of tolerance", [c.pct_tolerance for c in found]))
    if np.isfinite(found[0].pct_process):
        series.append(("% of process", [c.pct_process for c in found]))
    labels = [LABELS[name] for name in names]

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.bars import draw_components

        draw_components(figure, theme, labels, series, "Where the variation comes from")

    listed = ", ".join(
        f"{label} {words.number(c.pct_study_var, 1)} %"
        for label, c in zip(labels, found, strict=True)
    )
    return Chart(
        "Where the variation comes from",
        draw,
        caption=_caption(result),
        alt=sentence("gage.alt.components", name=result.measure.name, listed=listed),
    )


def _describe(result: GageResult, at: IntArray, index: int) -> str:
    row = at[index]
    study = result.study
    return (
        f"row {int(result.row_ids[row])}, part {study.parts[result.part[row]]}, "
        f"{study.operators[result.operator[row]]}, {result.measure.full(float(result.values[row]))}"
    )


def _by_part_chart(result: GageResult) -> Chart:
    study = result.study
    people = len(study.operators)
    shift = (result.operator - (people - 1) / 2) * min(0.22, 0.6 / people)
    x = result.part + shift
    at = np.arange(result.values.size)
    rows = RowIds(result.row_ids)

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.gage import draw_by_part

        draw_by_part(figure, theme, x, result.values, result.operator, study, result.measure.axis)  # fmt: skip

    return Chart(
        "Readings by part",
        draw,
        caption=_caption(result),
        alt=sentence(
            "gage.alt.parts", name=result.measure.name, parts=len(study.parts), people=people
        ),
        point_rows=rows,
        points=plotted(rows, x, result.values, partial(_describe, result, at)),
    )


def _by_operator_chart(result: GageResult) -> Chart:
    from leanlab.figures.jitter import spread

    study = result.study
    order = np.argsort(result.operator, kind="stable")
    groups = [result.values[result.operator == o] for o in range(len(study.operators))]
    x = np.concatenate([spread(values) + i for i, values in enumerate(groups, start=1)])
    rows = RowIds(result.row_ids[order])

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.groups import draw_groups

        draw_groups(figure, theme, study.operators, groups, None, "Person", result.measure.axis)  # fmt: skip

    return Chart(
        "Readings by person",
        draw,
        caption=_caption(result),
        alt=sentence("gage.alt.people", name=result.measure.name, people=len(study.operators)),
        point_rows=rows,
        points=plotted(rows, x, result.values[order], partial(_describe, result, order)),
    )


def _interaction_chart(result: GageResult) -> Chart:
    study = result.study
    averages = study.readings.mean(axis=2)

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.experiment import Lines, draw_lines

        lines = Lines(
            names=study.operators, ticks=study.parts, values=averages.T, x_label="Part",
            title=f"Average of {result.measure.axis} by person",
        )  # fmt: skip
        draw_lines(figure, theme, lines)

    return Chart(
        "Average by person and part",
        draw,
        caption=_caption(result),
        alt=sentence("gage.alt.interaction", people=len(study.operators), parts=len(study.parts)),
    )


def _components_table(result: GageResult) -> Table:
    rows = [
        (LABELS[name], c.variance, c.pct_contribution, c.sd, c.study_var, c.pct_study_var,
         _cell(c.pct_tolerance), _cell(c.pct_process))
        for name, c in result.study.components.items()
    ]  # fmt: skip
    columns = ("Source", "Variance", "% Contribution", "Standard deviation", "Study variation",
               "% Study variation", "% Tolerance", "% Process")  # fmt: skip
    return Table("Components", columns, rows)


def _anova_table(result: GageResult) -> Table:
    study = result.study
    table = study.anova_without_interaction or study.anova_with_interaction
    names = {"part": "Part", "operator": "Operator", "part_operator": "Part by operator",
             "repeatability": "Repeatability", "total": "Total"}  # fmt: skip
    rows = [
        (names[name], row.df, row.ss, _cell(row.ms), _cell(row.f), "" if np.isnan(row.p) else words.p_value(row.p))
        for name, row in table.items()
    ]  # fmt: skip
    return Table("Analysis of variance", ("Source", "df", "SS", "MS", "F", "p"), rows)


def _cell(value: float) -> float | str:
    return float(value) if np.isfinite(value) else ""


ANALYSIS = Analysis(
    id="msa.gage_rr_crossed",
    version=1,
    title="Gage R&R (crossed)",
    group="Measurement",
    place=10,
    question="Can I trust the measurement?",
    phases="M",
    also_called=(
        "measurement system analysis", "MSA", "GR&R", "repeatability and reproducibility",
        "gauge study", "measurement error",
    ),
    roles=(
        Role("value", "Reading", NUMBER, help="One reading per row"),
        Role("part", "Part", CATEGORY, help="Which part was measured"),
        Role("operator", "Operator", CATEGORY, help="Who measured it"),
        Role("order", "Run order", ORDER, required=False, help="Shows that the order was random"),
    ),
    options=GageOptions,
    compute=compute,
    present=present,
    generator=Generator(
        id="msa.gage_rr_crossed",
        title="Plan a gage study",
        options=StudyOptions,
        make=make_study,
        help="Makes a sheet in random order with labels that do not give the part away",
    ),
)  # fmt: skip
