"""What the sample sizes for a margin of error have in common: they need no data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from leanlab.analyses.declare import Chart, Columns, Finding, Presentation, Table
from leanlab.analyses.sentences import check, sentence
from leanlab.core import format as words
from leanlab.core.option import option
from leanlab.core.typing import FloatArray

CURVE_POINTS = 80
FACTORS = (2.0, 1.5, 1.0, 0.75, 0.5)  # of the wanted margin, for the table
CONFIDENCE_OPTION = option(
    0.95, "Confidence", minimum=0.5, maximum=0.9999, help="How often the true value lies within"
)


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """A sample size for a margin, and the curve of margins around it."""

    n: int
    margin: str  # in words, with what is measured: "1.5", "5.0 %"
    what: str  # whose margin it is: "the average"
    assumed: str
    sizes: FloatArray
    margins: FloatArray  # half-widths at `sizes`
    share: bool
    wanted: float
    table: tuple[tuple[str, int], ...]  # margin -> sample size
    numbers: Mapping[str, Any]


def precise(
    size: Callable[[float], int],
    half_width: Callable[[FloatArray], FloatArray],
    wanted: float,
    *,
    what: str,
    assumed: str,
    numbers: Mapping[str, Any],
    share: bool = False,
) -> Precision:
    """Plan with `size(margin)` of `leanlab.stats.power` and the half-width that a size gives."""

    def told(margin: float) -> str:
        return words.percent(margin) if share else f"{margin:g}"

    n = size(wanted)
    first = max(2, n // 8)
    sizes = np.unique(np.linspace(first, max(first + 8, 3 * n), CURVE_POINTS).astype(np.int64))
    known = sizes.astype(np.float64)
    rows = tuple((f"± {told(wanted * f)}", size(wanted * f)) for f in FACTORS)
    return Precision(
        n, told(wanted), what, assumed, known, half_width(known), share, wanted, rows, numbers
    )


def no_columns(_columns: Columns, options: Any, plan: Callable[[Any], Precision]) -> Precision:
    """Compute without data."""
    return plan(options)


def present(plan: Precision) -> Presentation:
    """Say how many values make the margin, and what half of it would cost."""
    slots = {"n": words.number(plan.n, 0), "what": plan.what, "margin": plan.margin}
    half = words.number(plan.table[-1][1], 0)
    return Presentation(
        findings=(
            Finding("verdict", sentence("precision.needed", **slots), "good"),
            Finding("evidence", sentence("power.evidence", assumed=plan.assumed)),
            Finding("size", sentence("precision.size", **slots, half=half)),
            Finding("next", sentence("precision.next", **slots)),
        ),
        report_card=(check("assumption", "grey", "card.assumption"),),
        charts=(
            Chart(
                f"Margin of {plan.what}",
                partial(_draw, plan),
                caption=sentence("precision.caption", n=slots["n"], assumed=plan.assumed),
                alt=sentence("precision.alt", **slots),
            ),
        ),
        tables=(Table("Margin and sample size", ("Margin", "Sample size"), plan.table),),
        numbers=plan.numbers,
        plain=sentence("precision.plain", **slots),
    )


def _draw(plan: Precision, figure: Any, theme: Any) -> None:
    from leanlab.figures.curves import MarginPicture, draw_margin

    picture = MarginPicture(plan.sizes, plan.margins, plan.n, plan.wanted, plan.share)
    draw_margin(figure, theme, picture, f"Margin of {plan.what}")
