"""Pareto chart: which few categories make most of the trouble?"""

from dataclasses import dataclass

import numpy as np

from leanlab.analyses.declare import (
    CATEGORY,
    NUMBER,
    Analysis,
    Chart,
    Check,
    Columns,
    Finding,
    Level,
    Presentation,
    Role,
    Table,
)
from leanlab.analyses.points import texts
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.stats import quality


@dataclass(frozen=True, slots=True)
class ParetoOptions:
    """What the user can choose."""

    most: int = option(
        10, "Bars", minimum=2, maximum=60, basic=True, help="Smaller categories go into Other"
    )


@dataclass(frozen=True, slots=True, eq=False)
class ParetoResult:
    """Sorted categories and what the weights were."""

    pareto: quality.Pareto
    by: str
    weight: str
    unit: str
    most: int
    missing: int
    weighted: bool


def compute(columns: Columns, options: ParetoOptions) -> ParetoResult:
    """Add up counts or weights per category."""
    names = texts(columns.one("category"))
    usable = np.asarray([bool(name) for name in names], dtype=np.bool_) & ~columns.excluded
    weights = np.ones(len(names))
    if columns.has("weight"):
        weights = np.asarray(columns.one("weight").values, dtype=np.float64)
        usable &= np.isfinite(weights)
    if not usable.any():
        raise DataProblem("There is nothing to count.", hint="Choose a column with categories.")
    pareto = quality.pareto(
        [name for name, use in zip(names, usable, strict=True) if use], weights[usable]
    )
    weight = columns.one("weight") if columns.has("weight") else None
    return ParetoResult(
        pareto=pareto,
        by=columns.one("category").name,
        weight=weight.name if weight else "Count",
        unit=weight.unit if weight else "",
        most=options.most,
        missing=int(usable.size - usable.sum()),
        weighted=weight is not None,
    )


def present(result: ParetoResult) -> Presentation:
    """Name the vital few, and say whether the bars could be equal."""
    pareto = result.pareto
    total, k, m = float(np.sum(pareto.count)), int(pareto.n_vital_80), len(pareto.category)
    share = float(pareto.cumulative_percent[k - 1])
    first = pareto.category[0]
    flat = _flat_p(result)
    evenly = flat is not None and flat > 0.10
    verdict = (
        "The bars could be equal: no category clearly stands out."
        if evenly
        else f"{k} of {words.count(m, 'category', 'categories')} make {words.number(share, 0)} % of {result.weight.lower()}."
    )
    findings = (
        Finding("verdict", verdict, "warning" if evenly else "good"),
        Finding("evidence", f"In all n = {words.number(total, 0)} {result.unit}".strip() + f" in {words.count(m, 'category', 'categories')}."),
        Finding("size", f"Largest: '{first}' with {words.number(float(pareto.percent[0]), 1)} %."),
        Finding("next", "Collect more events, or count by another category." if evenly else f"Look for causes of '{first}' first; check whether the order changes by cost or time."),
    )  # fmt: skip
    return Presentation(
        findings=findings,
        report_card=_card(result, total, flat),
        charts=(_chart(result),),
        tables=(
            Table(
                "Categories",
                (result.by, result.weight, "Percent", "Cumulative %"),
                list(zip(pareto.category, *(np.asarray(v).tolist() for v in (pareto.count, pareto.percent, pareto.cumulative_percent)), strict=True)),
            ),
        ),
        numbers={
            "category": list(pareto.category), "count": pareto.count, "percent": pareto.percent,
            "cumulative_percent": pareto.cumulative_percent, "n_vital_80": k,
        },
    )  # fmt: skip


def _flat_p(result: ParetoResult) -> float | None:
    """Return the p-value of equal bars; weights are no counts, so they have none."""
    counts = np.asarray(result.pareto.count, dtype=np.float64)
    if result.weighted or counts.size < 2:
        return None
    from scipy.special import chdtrc

    expected = counts.sum() / counts.size
    return float(chdtrc(counts.size - 1, float(np.sum((counts - expected) ** 2) / expected)))


def _card(result: ParetoResult, total: float, flat: float | None) -> tuple[Check, ...]:
    enough: Level = "green" if total >= 100 else "amber" if total >= 50 else "red"
    data = Check("data", "Enough data", enough, f"{words.number(total, 0)} in all")
    if result.weighted:
        rows = Check(
            "data", "Enough data", "grey", "Weights are summed; see the number of rows in the data"
        )
        return (rows,)
    level: Level = "grey"
    text = "Only one category"
    if flat is not None:
        level = "green" if flat < 0.01 else "amber" if flat <= 0.10 else "red"
        text = (
            f"Bars differ more than chance ({words.p_phrase(flat)})"
            if level == "green"
            else f"Bars could be equal ({words.p_phrase(flat)})"
        )
    return (data, Check("shape", "Not flat", level, text))


def _chart(result: ParetoResult) -> Chart:
    names, amounts, cumulative = _grouped(result)
    title = f"Pareto of {result.weight.lower()} by {result.by}"
    vital = int(result.pareto.n_vital_80)
    unit = f" ({result.unit})" if result.unit else ""

    def draw(figure: object, theme: object) -> None:
        from leanlab.figures.bars import draw_pareto

        draw_pareto(figure, theme, names, amounts, cumulative, title, result.weight + unit, vital)  # type: ignore[arg-type]

    listed = ", ".join(f"{n} {words.number(a, 0)}" for n, a in zip(names, amounts, strict=True))
    note = f" · {result.missing} rows left out" if result.missing else ""
    return Chart(
        title,
        draw,
        caption=f"n = {words.number(float(np.sum(result.pareto.count)), 0)}{note}",
        alt=f"{title}: {listed}.",
    )


def _grouped(result: ParetoResult) -> tuple[list[str], list[float], list[float]]:
    names = list(result.pareto.category)
    amounts = np.asarray(result.pareto.count, dtype=np.float64).tolist()
    if len(names) > result.most:
        rest = len(names) - result.most + 1
        names = [*names[: result.most - 1], f"Other ({rest})"]
        amounts = [*amounts[: result.most - 1], sum(amounts[result.most - 1 :])]
    cumulative = (100 * np.cumsum(amounts) / np.sum(amounts)).tolist()
    return names, amounts, cumulative


PARETO = Analysis(
    id="quality.pareto",
    version=1,
    title="Pareto chart",
    group="See what is big",
    question="Which few categories make most of the trouble?",
    phases="DMA",
    also_called=("80/20", "vital few", "ABC analysis"),
    roles=(
        Role("category", "Category", CATEGORY, help="What to count by"),
        Role("weight", "Weight", NUMBER, required=False, help="Count, cost or time per row"),
    ),
    options=ParetoOptions,
    compute=compute,
    present=present,
)
