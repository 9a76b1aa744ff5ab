"""The level of the metric after the change, and whether the gain is held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from leanlab.analyses.change import FEWEST
from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core.errors import Problem
from leanlab.domain.cards import (
    LATER_DAYS,
    Held,
    Later,
    Points,
    Seen,
    around,
    before_latest,
    between,
    gain_left,
    held,
    latest,
)
from leanlab.domain.evidence import last_change
from leanlab.domain.evidence_view import ProjectView, number
from leanlab.domain.proof import judged, verdict_of

_ROWS_AT_SAVE = 100_000
SURE = 0.99  # of a loss: it is looked for at every save, so chance has many tries


def change_day(view: ProjectView) -> date | None:
    """Return the day on which after begins: of the proof, else the last change of the process."""
    proof = view.proof(view.metric("primary"))
    if proof is not None and (day := view.first_day_after(proof.id)) is not None:
        return day
    return last_change(view)


def points_of(session: Session, metric: Record | None, most: int = 0) -> Points:
    """Return the values of a metric by day; none where it is not bound to dated data."""
    from leanlab.app.metrics import binding_of, series_of

    nothing = Points((), (), ())
    bound = binding_of(metric) if metric is not None else None
    if metric is None or bound is None or not bound.date:
        return nothing
    try:
        if most and session.sheet(bound.sheet_id).rows > most:
            return nothing
        series = series_of(session, metric)
    except Problem:
        return nothing
    good = np.isfinite(series.values) & ~np.isnat(series.starts)
    days = series.starts[good].astype("datetime64[D]").tolist()
    weights = (
        series.denominators if series.denominators is not None else np.ones(series.values.size)
    )
    return Points(days, series.values[good].tolist(), np.asarray(weights)[good].tolist())


@dataclass(frozen=True, slots=True)
class Levels:
    """The level of the metric some days after the change, and whether the gain is held."""

    held: Held
    later: Mapping[int, Later | None] = field(default_factory=dict)
    data_to: date | None = None  # the latest day with data after the change


def levels(session: Session, view: ProjectView, *, at_save: bool = False) -> Levels:
    """Return the level around day 30 and 60, in the latest days, and whether the gain is held.

    `at_save` looks only at data that is read in a blink.
    """
    metric = view.metric("primary")
    proof, change = view.proof(metric), change_day(view)
    if change is None:
        return Levels(held("", Seen(), stable=None))
    points = points_of(session, metric, _ROWS_AT_SAVE if at_save else 0)
    seen = _seen(points, change, proof)
    now = judged(view)
    found = held("stale" if now.stale else verdict_of(proof), seen, stable=_stable(proof))
    return Levels(found, {day: around(points, change, day) for day in LATER_DAYS}, seen.last)


def _seen(points: Points, change: date, proof: Record | None) -> Seen:
    newest = latest(points, change)
    first = before_latest(points, change, newest) if newest is not None else None
    count = number(proof, "n_after") if proof is not None else None
    last = max(points.days, default=change)
    return Seen(
        int(count) if count is not None else None,
        (last - change).days + 1 if last > change else None,
        last if last > change else None,
        share_of_proof(proof, newest),
        _share_of_first(proof, first, newest),
        _faded(points, proof, first, newest),
    )


def _faded(
    points: Points, proof: Record | None, first: Later | None, now: Later | None
) -> bool | None:
    """Whether the latest days are worse than those before them, by more than chance."""
    from leanlab.analyses.change import change_between

    before = number(proof, "mean_before") if proof is not None else None
    if before is None or first is None or now is None:
        return None
    parts = [np.asarray(between(points, part.first, part.last)) for part in (first, now)]
    if min(part.size for part in parts) < FEWEST:
        return None
    moved = change_between(parts[0], parts[1], SURE)
    return moved.shown and (now.mean - first.mean) * (before - first.mean) > 0


def _share_of_first(proof: Record | None, first: Later | None, now: Later | None) -> float | None:
    """Return the share of the gain of an earlier level after the change that a later one keeps."""
    before = number(proof, "mean_before") if proof is not None else None
    if before is None or first is None or now is None:
        return None
    return gain_left(before, first.mean, now.mean)


def share_of_proof(proof: Record | None, later: Later | None) -> float | None:
    """Return the share of the gain of the comparison that a later level keeps."""
    if proof is None or later is None:
        return None
    before, after = number(proof, "mean_before"), number(proof, "mean_after")
    if before is None or after is None:
        return None
    return gain_left(before, after, later.mean)


def _stable(proof: Record | None) -> bool | None:
    found = (proof.get("numbers") or {}).get("stable_after") if proof is not None else None
    return found if isinstance(found, bool) else None
