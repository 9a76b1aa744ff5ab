"""The one control-chart model: every chart type is panels of points with limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from leanlab.core.typing import BoolArray, FloatArray, IntArray

CHUNK = 131_072  # pieces of this size stay in the processor's cache
_STRAIGHT = 65_536  # flags of larger pieces would be fresh memory each time
_VARYING = 16_384  # the same for the limits themselves
LineName = Literal["lcl", "center", "ucl", "sigma"]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Limits, centre and sigma of a panel, kept as small as they are.

    Attributes
    ----------
    lcl, center, ucl, sigma : FloatArray, shape (kinds,)
        One value per kind of point. Without `kind`, value i belongs to point i, and the last
        value goes on to the end: a single value is a straight line.
    kind : IntArray, shape (n,), optional
        Which value belongs to each point (its stage, say).
    only_at_points : bool
        Whether there are no limits where there is no point.
    k : float
        Distance of the limits in sigma, if they are that or lie where no point can be (a range
        below 0); NaN for limits of another making.
    """

    lcl: FloatArray
    center: FloatArray
    ucl: FloatArray
    sigma: FloatArray
    kind: IntArray | None = None
    only_at_points: bool = True
    k: float = float("nan")

    def part(self, name: LineName, piece: slice, n: int) -> FloatArray:
        """Return the values of a run of points; a straight line comes as a single value."""
        values: FloatArray = getattr(self, name)
        if self.kind is not None:
            return np.asarray(values[self.kind[piece]], dtype=np.float64)
        first, last, _ = piece.indices(n)
        if values.size >= last:
            return values[first:last]
        if first >= values.size - 1:
            return values[-1:]
        return np.r_[values[first:], np.full(last - values.size, values[-1])]

    def at(self, name: LineName, index: IntArray) -> FloatArray:
        """Return the values at some points."""
        values: FloatArray = getattr(self, name)
        if self.kind is not None:
            return np.asarray(values[self.kind[index]], dtype=np.float64)
        return np.asarray(values[np.minimum(index, values.size - 1)], dtype=np.float64)

    def spread(self, name: LineName, points: FloatArray) -> FloatArray:
        """Return one value per point."""
        whole = self.part(name, slice(0, points.size), points.size)
        if self.only_at_points and points.size and np.isnan(points.sum()):
            return np.where(np.isnan(points), np.nan, whole)
        return np.broadcast_to(whole, points.shape)


@dataclass(frozen=True, slots=True, eq=False)
class SigmaLines(Lines):
    """Lines whose limits are center -+ k sigma, worked out where they are looked at.

    Attributes
    ----------
    lcl, ucl : FloatArray, shape (kinds,)
        What the limits are cut to.
    """

    def part(self, name: LineName, piece: slice, n: int) -> FloatArray:
        """Return the values of a run of points; a straight line comes as a single value."""
        values = Lines.part(self, name, piece, n)
        if name in {"center", "sigma"}:
            return values
        center, sigma = (Lines.part(self, of, piece, n) for of in ("center", "sigma"))
        return self._cut(name, center, sigma, values)

    def at(self, name: LineName, index: IntArray) -> FloatArray:
        """Return the values at some points."""
        values = Lines.at(self, name, index)
        if name in {"center", "sigma"}:
            return values
        return self._cut(
            name, Lines.at(self, "center", index), Lines.at(self, "sigma", index), values
        )

    def _cut(
        self, name: LineName, center: FloatArray, sigma: FloatArray, bound: FloatArray
    ) -> FloatArray:
        limit = sigma * (self.k if name == "ucl" else -self.k)
        limit = np.add(center, limit, out=limit) if limit.size >= center.size else center + limit
        cut = np.minimum if name == "ucl" else np.maximum
        into = limit if limit.size >= bound.size else None
        return np.asarray(cut(limit, bound, out=into))


def straight(lcl: float, center: float, ucl: float, sigma: float = float("nan")) -> Lines:
    """Return lines that are the same for every point."""
    low, middle, high, zone = (np.asarray([v], dtype=np.float64) for v in (lcl, center, ucl, sigma))
    return Lines(low, middle, high, zone)


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One picture of a control chart.

    Attributes
    ----------
    id : str
        Short id as in the reference names: ``i``, ``mr``, ``xbar``, ``r``, ``s``, ``p``...
    title : str
        What is plotted, in the field's words.
    points : FloatArray, shape (n,)
        NaN where there is no point.
    lines : Lines
        Limits in small; `center`, `lcl`, `ucl` and `sigma` spread them out: one value per point,
        NaN where there is no limit. `sigma` is the distance of one zone, NaN if the limits are
        not symmetric multiples of it.
    signals : mapping of int to IntArray
        Rule number -> indices of the points that complete its pattern. Every rule that a point
        breaks is kept.
    members : mapping of int to IntArray
        Rule number -> indices of all points of the patterns.
    """

    id: str
    title: str
    points: FloatArray
    lines: Lines
    signals: Mapping[int, IntArray] = field(default_factory=dict)
    members: Mapping[int, IntArray] = field(default_factory=dict)
    _spread: dict[LineName, FloatArray] = field(default_factory=dict, repr=False)

    def _line(self, name: LineName) -> FloatArray:
        if name not in self._spread:
            self._spread[name] = self.lines.spread(name, self.points)
        return self._spread[name]

    @property
    def center(self) -> FloatArray:
        """Centre line, one value per point."""
        return self._line("center")

    @property
    def lcl(self) -> FloatArray:
        """Lower control limit, one value per point."""
        return self._line("lcl")

    @property
    def ucl(self) -> FloatArray:
        """Upper control limit, one value per point."""
        return self._line("ucl")

    @property
    def sigma(self) -> FloatArray:
        """Standard deviation of the plotted statistic, one value per point."""
        return self._line("sigma")

    @property
    def out_of_limits(self) -> IntArray:
        """Indices of points strictly beyond a limit (on the limit is inside)."""
        if 1 in self.signals:
            return self.signals[1]
        return beyond_limits(self.points, self.lines)

    @property
    def any_signal(self) -> IntArray:
        """Indices of points at which at least one rule fired, in order."""
        if not self.signals:
            return np.zeros(0, dtype=np.int64)
        return np.unique(np.concatenate([np.asarray(v) for v in self.signals.values()])).astype(
            np.int64
        )


def pieces(n: int, size: int = CHUNK) -> Iterator[slice]:
    """Cut n points into runs that stay in the processor's cache."""
    for first in range(0, n, size):
        yield slice(first, min(first + size, n))


def beyond_among(at: IntArray, points: FloatArray, lines: Lines) -> IntArray:
    """Return those of some indices whose points are strictly beyond a limit."""
    x = points[at]
    return at[(x > lines.at("ucl", at)) | (x < lines.at("lcl", at))]


def beyond_limits(points: FloatArray, lines: Lines) -> IntArray:
    """Return the indices of points strictly beyond a limit."""
    found: list[IntArray] = []
    size = _STRAIGHT if lines.center.size == lines.sigma.size == 1 else _VARYING
    for piece in pieces(points.size, size):
        x = points[piece]
        with np.errstate(invalid="ignore"):
            out = x > lines.part("ucl", piece, points.size)
            out |= x < lines.part("lcl", piece, points.size)
        if out.any():
            found.append(np.flatnonzero(out) + piece.start)
    return np.concatenate(found).astype(np.int64) if found else np.zeros(0, dtype=np.int64)


class Extra(Mapping[str, Any]):
    """Further results by name; one given as a function is worked out when first looked at."""

    __slots__ = ("_values",)

    def __init__(self, **values: Any) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        value = self._values[name]
        if callable(value):
            value = self._values[name] = value()
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


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
        In words: ``all points``, ``points 1 to 25``, ``known parameters``.
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
