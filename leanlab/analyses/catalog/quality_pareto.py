"""Pareto chart: which few categories make most of the trouble?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.control import warned
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
from leanlab.analyses.measure import numbers_of
from leanlab.analyses.plotted import plotted
from leanlab.analyses.points import texts
from leanlab.analyses.sentences import check, enough, graded, sentence
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray
from leanlab.stats import quality

EQUAL, UNEQUAL = 0.10, 0.01
COUNT = "Count"


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
    rows: Sequence[tuple[int, ...]]  # data rows per category
    flat: float | None  # p-value of equal bars; None where it cannot be judged
    by: str
    weight: str
    unit: str
    most: int
    missing: int
    counts: bool  # amounts are numbers of events, not costs or times
    note: str

    @property
    def of_what(self) -> str:
        """What the shares are shares of."""
        return "all events" if self.weight == COUNT else self.weight.lower()

    @property
    def total(self) -> float:
        """Everything added up."""
        return float(np.sum(self.pareto.count))

    def amount(self, value: float) -> str:
        """Write an amount with its unit."""
        whole = self.counts or self.total >= 1000
        text = words.number(value, 0 if whole else 1)
        return f"{text} {self.unit}".strip()


def compute(columns: Columns, options: ParetoOptions) -> ParetoResult:
    """Add up counts or weights per category."""
    names = np.asarray(texts(columns.one("category")), dtype=object)
    usable = (names != "") & ~columns.excluded
    weights = np.ones(names.size)
    weight = columns.one("weight") if columns.has("weight") else None
    if weight is not None:
        weights = numbers_of(weight)
        usable &= np.isfinite(weights)
    if not usable.any():
        raise DataProblem("There is nothing to count.", hint="Choose a column with categories.")
    pareto = quality.pareto(names[usable].tolist(), weights[usable])
    counts = weight is None or (weight.kind == "whole" and not weight.unit)
    return ParetoResult(
        pareto=pareto,
        rows=_rows(names, usable, columns.row_ids, pareto.category),
        flat=_flat_p(pareto.count) if counts else None,
        by=columns.one("category").name,
        weight=weight.name if weight else COUNT,
        unit=weight.unit if weight else "",
        most=options.most,
        missing=int(usable.size - usable.sum()),
        counts=counts,
        note=columns.note,
    )


def _rows(names: Any, usable: Any, row_ids: Any, order: Sequence[str]) -> list[tuple[int, ...]]:
    found: dict[str, list[int]] = {name: [] for name in order}
    for name, row in zip(names[usable].tolist(), row_ids[usable].tolist(), strict=True):
        found[name].append(row)
    return [tuple(found[name]) for name in order]


def _flat_p(counts: FloatArray) -> float | None:
    """Return the p-value of the chi-square test for equal bars."""
    if counts.size < 2:
        return None
    from scipy.special import chdtrc

    expected = counts.sum() / counts.size
    return float(chdtrc(counts.size - 1, float(np.sum((counts - expected) ** 2) / expected)))


def present(result: ParetoResult) -> Presentation:
    """Name the vital few, and say whether the bars could be equal."""
    pareto, card = result.pareto, _card(result)
    rows = list(zip(pareto.category, *(np.asarray(v).tolist() for v in (pareto.count, pareto.percent, pareto.cumulative_percent)), strict=True))  # fmt: skip
    return Presentation(
        findings=_findings(result, card),
        report_card=card,
        charts=(_chart(result),),
        tables=(Table("Categories", (result.by, result.weight, "Percent", "Cumulative %"), rows),),
        numbers={
            "category": list(pareto.category), "count": pareto.count, "percent": pareto.percent,
            "cumulative_percent": pareto.cumulative_percent, "n_vital_80": pareto.n_vital_80,
            "flat_p": result.flat,
        },
        plain=_plain(result),
    )  # fmt: skip


def _evenly(result: ParetoResult) -> bool:
    return result.flat is not None and result.flat > EQUAL


def _many(result: ParetoResult) -> str:
    return words.count(len(result.pareto.category), "category", "categories")


def _findings(result: ParetoResult, card: Sequence[Check]) -> tuple[Finding, ...]:
    pareto, evenly = result.pareto, _evenly(result)
    vital, first = int(pareto.n_vital_80), pareto.category[0]
    share = words.number(float(pareto.cumulative_percent[vital - 1]), 0)
    verdict = (
        Finding("verdict", sentence("pareto.flat"), "warning")
        if evenly
        else Finding("verdict", sentence("pareto.vital", vital=vital, many=_many(result), share=share, weight=result.of_what), "good")
    )  # fmt: skip
    amount, rows = result.amount(result.total), sum(len(r) for r in result.rows)
    chance = sentence("pareto.chance", p=words.p_phrase(result.flat)) if result.flat is not None else ""  # fmt: skip
    low, high = _share_interval(result)
    interval = f" (95 % interval {words.number(100 * low, 0)} to {words.number(100 * high, 0)} %)" if result.counts else ""  # fmt: skip
    next_key = "pareto.next.flat" if evenly else "pareto.next.vital"
    return (
        warned(verdict, card),
        Finding("evidence", f"{sentence('pareto.evidence', amount=amount, n=rows, many=_many(result))} {chance}".strip()),
        Finding("size", sentence("pareto.size", first=first, share=words.number(float(pareto.percent[0]), 1), interval=interval)),
        Finding("next", sentence(next_key, first=first)),
    )  # fmt: skip


def _share_interval(result: ParetoResult) -> tuple[float, float]:
    """Return Wilson's interval of the largest share."""
    n, p, z = result.total, float(result.pareto.percent[0]) / 100, 1.959964
    if not result.counts:
        return p, p
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return float((middle - half) / (1 + z * z / n)), float((middle + half) / (1 + z * z / n))


def _plain(result: ParetoResult) -> str:
    if _evenly(result):
        return sentence("pareto.plain.flat", by=result.by)
    share = words.number(float(result.pareto.percent[0]), 0)
    return sentence("pareto.plain", first=result.pareto.category[0], share=share, weight=result.of_what)  # fmt: skip


def _card(result: ParetoResult) -> tuple[Check, ...]:
    rows = sum(len(r) for r in result.rows)
    events = int(result.total) if result.counts else rows
    level = enough(events, 100, 50)
    out = [check("data", level, f"card.events.{level}", events=words.count(events, "event"))]
    if result.flat is None:
        out.append(check("flat", "grey", "card.flat.unknown"))
    else:
        flat = graded(result.flat, UNEQUAL, EQUAL)
        key = "card.flat.no" if flat == "green" else "card.flat.yes"
        out.append(check("flat", flat, key, p=words.p_phrase(result.flat)))
    out.append(_other_check(result))
    return tuple(out)


def _other_check(result: ParetoResult) -> Check:
    names, amounts, _ = grouped_bars(result)
    rest = amounts[-1] / result.total if len(names) < len(result.pareto.category) else 0.0
    level: Level = graded(rest, 0.10, 0.20)
    if level == "red" and amounts[-1] < max(amounts):
        level = "amber"
    return check("other", level, "card.other", share=words.percent(rest))


def grouped_bars(result: ParetoResult) -> tuple[list[str], list[float], list[tuple[int, ...]]]:
    """Return the bars to draw: the largest categories, and the rest as Other."""
    names = list(result.pareto.category)
    amounts = np.asarray(result.pareto.count, dtype=np.float64).tolist()
    rows = list(result.rows)
    if len(names) > result.most:
        keep = result.most - 1
        rest = sum(amounts[keep:])
        names = [*names[:keep], f"Other ({len(names) - keep})"]
        amounts = [*amounts[:keep], rest]
        rows = [*rows[:keep], tuple(row for r in rows[keep:] for row in r)]
    return names, amounts, rows


def _chart(result: ParetoResult) -> Chart:
    names, amounts, rows = grouped_bars(result)
    title = f"Pareto of {result.weight.lower()} by {result.by}"
    listed = ", ".join(f"{n} {result.amount(a)}" for n, a in zip(names, amounts, strict=True))
    left_out = f" · {words.count(result.missing, 'row')} left out" if result.missing else ""
    note = f" · {result.note}" if result.note else ""
    caption = sentence(
        "pareto.caption",
        amount=result.amount(result.total),
        by=result.by,
        n=sum(len(r) for r in result.rows),
    )
    heights = np.asarray(amounts)

    def describe(index: int) -> str:
        share = words.percent(amounts[index] / result.total)
        return f"{names[index]}, {result.amount(amounts[index])}, {share}"

    return Chart(
        title,
        partial(_draw, result, title),
        caption=f"{caption}{left_out}{note}",
        alt=f"{title}: {listed}.",
        point_rows=rows,
        points=plotted(rows, None, heights, describe),
    )


def _draw(result: ParetoResult, title: str, figure: Any, theme: Any) -> None:
    from leanlab.figures.bars import draw_pareto

    names, amounts, _ = grouped_bars(result)
    vital = 0 if _evenly(result) else int(result.pareto.n_vital_80)
    draw_pareto(
        figure, theme, names, amounts, title, words.titled(result.weight, result.unit), vital
    )


ANALYSIS = Analysis(
    id="quality.pareto",
    version=1,
    title="Pareto chart",
    group="Describe",
    place=10,
    question="Which few categories make most of the trouble?",
    phases="DMA",
    also_called=("80/20", "vital few", "ABC analysis", "bar chart", "Pareto diagram"),
    roles=(
        Role("category", "Category", CATEGORY, help="What to count by, one row per event"),
        Role("weight", "Weight", NUMBER, required=False, help="Number, cost or time per row"),
    ),
    options=ParetoOptions,
    compute=compute,
    present=present,
)
