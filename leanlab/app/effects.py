"""What an exclusion would do to a chart, said before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from leanlab.analyses.declare import Marks, PointMark, Presentation
from leanlab.app.marks import without
from leanlab.app.readiness import Ready
from leanlab.core import format as words
from leanlab.core.errors import DataProblem

MANY_EXCLUDED = 0.10
MANY_ALIKE = 3
NO_CHANGE = 0.005  # of the width of the limits


@dataclass(frozen=True, slots=True)
class Effect:
    """What leaving points out does to the average, the signals and the width of the limits."""

    mean: tuple[float, float]  # with the points, without them
    signals: tuple[int, int]
    width: float  # change of the limits' width as a share; NaN when unknown

    def words(self, what: str, decimals: int) -> str:
        """Say it in one line; `what` is "point 17"."""
        with_, without = (words.number(m, decimals) for m in self.mean)
        before, after = (words.count(n, "signal") if n else "no signal" for n in self.signals)
        text = f"With {what}: average {with_}, {before}. Without: average {without}, {after}."
        if not np.isfinite(self.width) or abs(self.width) < NO_CHANGE:
            return text
        turn = "narrower" if self.width < 0 else "wider"
        return f"{text} The limits become {words.percent(abs(self.width))} {turn}."


def effect_of_excluding(
    run: Ready, shown: Presentation, rows: Sequence[int], at: int
) -> Effect | None:
    """Compare a chart with and without some rows, in the stage of point `at`.

    None if the chart has no limits, or would have none without these rows.
    """
    marks = run.columns.marks
    mark = PointMark(tuple(rows), "?")
    trial = replace(
        run, columns=replace(run.columns, marks=replace(marks, excluded=(*marks.excluded, mark)))
    )
    try:
        after = trial.run()
    except DataProblem:
        return None
    sides = [_summary(one, at) for one in (shown, after)]
    if sides[0] is None or sides[1] is None:
        return None
    (mean_a, n_a, width_a), (mean_b, n_b, width_b) = sides[0], sides[1]
    change = width_b / width_a - 1 if width_a else float("nan")
    return Effect((mean_a, mean_b), (n_a, n_b), change)


def _summary(shown: Presentation, at: int) -> tuple[float, int, float] | None:
    """Return centre and width of the limits at a point, and signals of the location panel."""
    points = shown.charts[0].points if shown.charts else None
    panel = next((n.partition(".")[0] for n in shown.numbers if n.endswith(".center")), "")
    if points is None or not panel:
        return None
    center, low, high = (
        np.asarray(shown.numbers[f"{panel}.{name}"], dtype=np.float64)[at]
        for name in ("center", "lcl", "ucl")
    )
    fired = {int(i) for at in shown.numbers.get(f"{panel}.signals", {}).values() for i in at}
    signals = sum(1 for i in fired if not points.excluded[i])
    return float(center), signals, float(high - low)


def warning(marks: Marks, rows: Sequence[int], reason: str, count: int) -> str:
    """Say when a chart loses too many points, or too many for one and the same reason."""
    rest = without(marks.excluded, rows)
    if count and (len(rest) + 1) / count > MANY_EXCLUDED:
        return "More than one point in ten is excluded: the limits no longer describe the process."
    alike = 1 + sum(1 for m in rest if m.reason.strip().lower() == reason.strip().lower())
    if alike > MANY_ALIKE:
        return (
            f"{alike} points are excluded for the same reason: this looks like a common "
            "cause, or like a stage of its own."
        )
    return ""
