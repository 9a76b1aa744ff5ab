"""The one control-chart model: every chart type is panels of points with limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from leanlab.core.typing import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One picture of a control chart.

    Attributes
    ----------
    id : str
        Short id as in the reference names: ``i``, ``mr``, ``xbar``, ``r``, ``s``, ``p``...
    title : str
        What is plotted, in the field's words.
    points, center, lcl, ucl : FloatArray, shape (n,)
        One value per point; NaN where there is no point or no limit.
    sigma : FloatArray, shape (n,)
        Standard deviation of the plotted statistic (distance of one sigma zone); NaN if the
        limits are not symmetric multiples of sigma.
    signals : mapping of int to IntArray
        Rule number -> indices of the points that complete its pattern. Every rule that a point
        breaks is kept.
    members : mapping of int to IntArray
        Rule number -> indices of all points of the patterns.
    """

    id: str
    title: str
    points: FloatArray
    center: FloatArray
    lcl: FloatArray
    ucl: FloatArray
    sigma: FloatArray
    signals: Mapping[int, IntArray] = field(default_factory=dict)
    members: Mapping[int, IntArray] = field(default_factory=dict)

    @property
    def out_of_limits(self) -> IntArray:
        """Indices of points strictly beyond a limit (on the limit is inside)."""
        with np.errstate(invalid="ignore"):
            beyond = (self.points > self.ucl) | (self.points < self.lcl)
        return np.flatnonzero(beyond).astype(np.int64)

    @property
    def any_signal(self) -> IntArray:
        """Indices of points at which at least one rule fired, in order."""
        if not self.signals:
            return np.zeros(0, dtype=np.int64)
        return np.unique(np.concatenate([np.asarray(v) for v in self.signals.values()])).astype(
            np.int64
        )


@dataclass(frozen=True, slots=True, eq=False)
class ControlChart:
    """Result of every control-chart function.

    Attributes
    ----------
    kind : str
        Operation name, for example ``i_mr``.
    panels : tuple of Panel
        Location first, then spread.
    stage : IntArray, shape (n,)
        Stage number of each point, 0-based, in order of first appearance.
    stage_names : tuple of str
        One name per stage.
    used : BoolArray, shape (n,)
        Points that the limits were estimated from (not excluded, not missing, inside the base).
    excluded : BoolArray, shape (n,)
        Points that the user left out of the limits; they are still plotted.
    mean_by_stage, sigma_by_stage : FloatArray, shape (stages,)
        Estimates behind the limits.
    sizes : FloatArray, shape (n,)
        Subgroup size or number of opportunities per point (1 for individuals).
    sigma_source : str
        In words, for the caption: ``mean moving range / d2``.
    limits_basis : str
        In words: ``all points``, ``points 1-25``, ``known parameters``.
    k : float
        Width of the limits in sigma.
    extra : mapping
        Further named results (``sigma_z`` of a Laney chart...).
    """

    kind: str
    panels: tuple[Panel, ...]
    stage: IntArray
    stage_names: tuple[str, ...]
    used: BoolArray
    excluded: BoolArray
    mean_by_stage: FloatArray
    sigma_by_stage: FloatArray
    sizes: FloatArray
    sigma_source: str
    limits_basis: str
    k: float = 3.0
    extra: Mapping[str, Any] = field(default_factory=dict)

    def panel(self, panel_id: str) -> Panel:
        """Return a panel by its id."""
        return next(p for p in self.panels if p.id == panel_id)
