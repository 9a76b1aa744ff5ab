"""What every control chart knows of its points: stages, exclusions, and where limits come from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.stats.control_chart import ControlChart, Lines, Panel
from leanlab.stats.inputs import number
from leanlab.stats.run_rules import STANDARD, Rule, checked, signals_within

EVERYTHING = slice(None)
Base = BoolArray | slice


@dataclass(frozen=True, slots=True)
class Setup:
    """Options that all charts share.

    Attributes
    ----------
    k : float
        Width of the limits in sigma.
    stages : sequence, optional
        A name per point; limits are estimated per stage, and patterns restart.
    excluded : array_like of bool, optional
        Points that are shown but do not count for the limits.
    limits_base : array_like of bool or int, optional
        Points (or number of first points) that the limits come from; stages that it does not
        reach take over its limits (Phase II).
    rules : sequence of Rule
        Run rules; charts leave out those that are not valid on them.
    """

    k: float = 3.0
    stages: Any = None
    excluded: Any = None
    limits_base: Any = None
    rules: Sequence[Rule] = STANDARD


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What every chart knows of its points besides their values.

    Attributes
    ----------
    stage : IntArray, shape (n,)
    stage_names : tuple of str
    excluded, used : BoolArray, shape (n,)
    basis : str
    whole : bool
        Whether every point is known, used, and of one stage.
    """

    stage: IntArray
    stage_names: tuple[str, ...]
    excluded: BoolArray
    used: BoolArray
    basis: str
    whole: bool

    @property
    def n(self) -> int:
        """Number of points."""
        return int(self.stage.size)

    @property
    def count(self) -> int:
        """Number of stages."""
        return len(self.stage_names)

    @property
    def split(self) -> IntArray | None:
        """The stages if there are several."""
        return self.stage if self.count > 1 else None

    def base(self, stage: int) -> Base:
        """Return the points whose values set the limits of a stage.

        With a limits base that does not reach into a stage, its limits come from the base (frozen
        limits, Phase II).
        """
        if self.whole:
            return EVERYTHING
        own = self.used & (self.stage == stage)
        return own if own.any() or self.basis == "all points" else self.used

    def segments(self) -> Iterator[slice]:
        """Yield the runs of neighbouring points of one stage."""
        ends = np.flatnonzero(self.stage[1:] != self.stage[:-1]) + 1 if self.count > 1 else ()
        edges = [0, *(int(end) for end in ends), self.n]
        for first, last in pairwise(edges):
            yield slice(first, last)

    def by_stage(self, values: FloatArray) -> FloatArray:
        """Return one value per point from one value per stage, as a view if there is one."""
        if self.count == 1:
            return np.broadcast_to(values, (self.n,))
        return np.asarray(values[self.stage], dtype=np.float64)


def frame(n: int, known: BoolArray | None, setup: Setup) -> Frame:
    """Work out stages and which points the limits come from; `known` is None if all are."""
    if n == 0:
        raise DataProblem("There are no values.", hint="Choose a column with numbers.")
    number(setup.k, "Width of the limits", above=0)
    checked(setup.rules)
    stage, names = _stages(setup.stages, n)
    out = _mask(setup.excluded, n, "excluded")
    base, basis = _base(setup.limits_base, n)
    whole = len(names) == 1 and known is None and setup.excluded is None and base is None
    used = np.broadcast_to(np.True_, (n,)) if whole else ~out
    if known is not None:
        used = used & known
    if base is not None:
        used = used & base
    whole = whole or (len(names) == 1 and bool(used.all()))
    return Frame(stage, names, out, used, basis, whole)


def _stages(stages: Any, n: int) -> tuple[IntArray, tuple[str, ...]]:
    if stages is None:
        return np.broadcast_to(np.int64(0), (n,)), ("All",)
    items = stages.tolist() if isinstance(stages, np.ndarray) else list(stages)
    if len(items) != n:
        raise DataProblem(f"There are {len(items)} stage names for {n} points.")
    place = {item: i for i, item in enumerate(dict.fromkeys(items))}
    names = list(dict.fromkeys(str(item) for item in place))
    number_of = {item: names.index(str(item)) for item in place}
    return np.fromiter(map(number_of.__getitem__, items), np.int64, n), tuple(names)


def _mask(mask: ArrayLike | None, n: int, what: str) -> BoolArray:
    if mask is None:
        return np.broadcast_to(np.False_, (n,))
    out = np.asarray(mask, dtype=np.bool_)
    if out.shape != (n,):
        raise DataProblem(f"'{what}' needs one yes or no per point ({n}), not {out.size}.")
    return out


def _base(limits_base: ArrayLike | int | None, n: int) -> tuple[BoolArray | None, str]:
    if limits_base is None:
        return None, "all points"
    if isinstance(limits_base, int):
        mask: BoolArray = np.arange(n) < limits_base
    else:
        mask = _mask(limits_base, n, "limits_base")
    at = np.flatnonzero(mask)
    if not at.size:
        raise DataProblem("No point is left to compute the limits from.")
    return mask, f"points {at[0] + 1} to {at[-1] + 1}"


def known_points(values: FloatArray) -> BoolArray | None:
    """Return which points are there; None if all are."""
    return ~np.isnan(values) if np.isnan(values.sum()) else None


def mean_of(values: FloatArray, base: Base, historical: float | None) -> float:
    """Return the mean of the base, or the known mean."""
    if historical is not None:
        return number(historical, "The known mean")
    chosen = values[base]
    if chosen.size == 0:
        raise nothing_left()
    return float(chosen.mean())


def nothing_left() -> DataProblem:
    """Say that exclusions and gaps leave nothing to compute from."""
    return DataProblem("No value is left to compute the limits from.", hint="Include more points.")


def known_sigma(sigma: float | None) -> float:
    """Return the known sigma, refusing what is none."""
    if sigma is None or not 0 < sigma < float("inf"):
        raise DataProblem(
            "The known sigma must be a number above 0.", hint="Enter it, or estimate it."
        )
    return float(sigma)


def panel(
    panel_id: str,
    title: str,
    points: FloatArray,
    lines: Lines,
    rules: Sequence[Rule],
    shape: Frame,
) -> Panel:
    """Build a panel and look for signals; rule 1 is judged by the limits themselves."""
    signals = signals_within(points, lines, rules, shape.split)
    return Panel(panel_id, title, points, lines, signals)


def chart(
    kind: str,
    panels: tuple[Panel, ...],
    shape: Frame,
    estimates: tuple[FloatArray, FloatArray],
    *,
    source: str,
    k: float,
    sizes: FloatArray | None = None,
    known: bool = False,
    extra: Mapping[str, Any] | None = None,
) -> ControlChart:
    """Put a chart together; `known` says that nothing was estimated."""
    return ControlChart(
        kind=kind,
        panels=panels,
        stage=shape.stage,
        stage_names=shape.stage_names,
        used=shape.used,
        excluded=shape.excluded,
        mean_by_stage=estimates[0],
        sigma_by_stage=estimates[1],
        sizes=np.broadcast_to(np.float64(1), (shape.n,)) if sizes is None else sizes,
        sigma_source=source,
        limits_basis="known parameters" if known else shape.basis,
        k=k,
        extra=extra or {},
    )
