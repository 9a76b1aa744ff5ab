"""Tests for special causes, as data: a rule set is a tuple of rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from leanlab.core.typing import BoolArray, FloatArray, IntArray

CHUNK = 65_536
Pattern = Literal["beyond", "same_side", "trend", "alternating", "zone", "inside", "outside"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One test; it fires at the point that completes the pattern.

    Attributes
    ----------
    number : int
        Nelson's (and Minitab's) number, 1 to 8; own rules use higher numbers.
    pattern : str
        ``beyond`` k sigma; ``same_side`` k points on one side; ``trend`` k points rising or
        falling; ``alternating`` k points; ``zone`` k of k+1 points beyond `zone` sigma on one
        side; ``inside`` k points within 1 sigma; ``outside`` k points beyond 1 sigma.
    k : float
        Length of the pattern, or the distance in sigma for ``beyond``.
    zone : float
        Distance in sigma for ``zone``.
    """

    number: int
    pattern: Pattern
    k: float
    zone: float = 0.0

    @property
    def words(self) -> str:
        """The rule in words."""
        k = f"{self.k:g}"
        return {
            "beyond": f"one point beyond {k} sigma",
            "same_side": f"{k} points in a row on one side of the centre",
            "trend": f"{k} points in a row rising or falling",
            "alternating": f"{k} points in a row going up and down in turn",
            "zone": f"{k} of {self.k + 1:g} points beyond {self.zone:g} sigma on one side",
            "inside": f"{k} points in a row within 1 sigma",
            "outside": f"{k} points in a row beyond 1 sigma, either side",
        }[self.pattern]

    @property
    def span(self) -> int:
        """How many points the pattern looks at."""
        return {"beyond": 1, "zone": int(self.k) + 1}.get(self.pattern, int(self.k))


def beyond(k: float = 3.0, number: int = 1) -> Rule:
    """One point further than k sigma from the centre."""
    return Rule(number, "beyond", k)


def same_side(k: int = 9, number: int = 2) -> Rule:
    """K points in a row strictly on one side."""
    return Rule(number, "same_side", k)


def trend(k: int = 6, number: int = 3) -> Rule:
    """K points in a row strictly rising or strictly falling."""
    return Rule(number, "trend", k)


def alternating(k: int = 14, number: int = 4) -> Rule:
    """K points in a row going up and down in turn."""
    return Rule(number, "alternating", k)


def zone(k: int, sigma: float, number: int) -> Rule:
    """K of k+1 points beyond so many sigma on the side of the last."""
    return Rule(number, "zone", k, sigma)


def inside(k: int = 15, number: int = 7) -> Rule:
    """K points in a row within one sigma."""
    return Rule(number, "inside", k)


def outside(k: int = 8, number: int = 8) -> Rule:
    """K points in a row beyond one sigma, on either side."""
    return Rule(number, "outside", k)


BEYOND = (beyond(),)
STANDARD = (beyond(), same_side())
SENSITIVE = (beyond(), same_side(), zone(2, 2.0, 5), zone(4, 1.0, 6))
NELSON = (
    beyond(), same_side(), trend(), alternating(), zone(2, 2.0, 5), zone(4, 1.0, 6), inside(),
    outside(),
)  # fmt: skip
WESTERN_ELECTRIC = (beyond(), same_side(8), zone(2, 2.0, 5), zone(4, 1.0, 6))
AIAG = (
    beyond(), same_side(7), trend(7), alternating(), zone(2, 2.0, 5), zone(4, 1.0, 6), inside(),
    outside(),
)  # fmt: skip
MONTGOMERY = (
    beyond(), same_side(8), trend(6), alternating(), zone(2, 2.0, 5), zone(4, 1.0, 6), inside(),
    outside(),
)  # fmt: skip
JURAN = (beyond(), same_side(9), trend(6), zone(2, 2.0, 5), zone(4, 1.0, 6), outside())
JASP = (
    beyond(), same_side(7), trend(8), alternating(15), zone(2, 2.0, 5), zone(4, 1.0, 6), inside(16),
    outside(8),
)  # fmt: skip
WESTGARD = (beyond(3.0), zone(1, 2.0, 9), zone(3, 1.0, 10), same_side(10, 11))
RULE_SETS: Mapping[str, tuple[Rule, ...]] = {
    "none": (),
    "beyond": BEYOND,
    "standard": STANDARD,
    "sensitive": SENSITIVE,
    "nelson": NELSON,
    "western_electric": WESTERN_ELECTRIC,
    "aiag": AIAG,
    "montgomery": MONTGOMERY,
    "juran": JURAN,
    "jasp": JASP,
    "westgard": WESTGARD,
}


def from_numbers(rules: Mapping[str, float]) -> tuple[Rule, ...]:
    """Build rules from Nelson numbers and their k, as reference files give them."""
    return tuple(_numbered(int(number), k) for number, k in rules.items())


def _numbered(number: int, k: float) -> Rule:
    pattern = NELSON[number - 1]
    return Rule(number, pattern.pattern, float(k) if number == 1 else int(k), pattern.zone)


def find_signals(
    points: FloatArray,
    center: FloatArray,
    sigma: FloatArray,
    rules: Iterable[Rule],
    stage: IntArray | None = None,
) -> dict[int, IntArray]:
    """Return for each rule the indices that complete its pattern.

    Parameters
    ----------
    points, center, sigma : FloatArray, shape (n,)
        NaN breaks every pattern.
    rules : iterable of Rule
    stage : IntArray, optional
        A change of stage breaks every pattern.

    Notes
    -----
    Long series are judged in pieces with overlap, which keeps the work in the processor's cache.
    """
    rules = tuple(rules)
    found: dict[int, list[IntArray]] = {rule.number: [] for rule in rules}
    longest = max((rule.span for rule in rules), default=1) + 1
    for start in range(0, points.size, CHUNK):
        first = max(0, start - longest)
        part = slice(first, start + CHUNK)
        piece = _Piece.of(
            points[part], center[part], sigma[part], None if stage is None else stage[part]
        )
        for rule in rules:
            at = np.flatnonzero(piece.fires(rule)[start - first :])
            if at.size:
                found[rule.number].append((at + start).astype(np.int64))
    return {n: np.concatenate(v) if v else np.zeros(0, np.int64) for n, v in found.items()}


def find_members(
    signals: Mapping[int, IntArray],
    rules: Iterable[Rule],
    points: FloatArray,
    center: FloatArray,
    sigma: FloatArray,
    stage: IntArray | None = None,
) -> dict[int, IntArray]:
    """Return for each rule all points that belong to a complete pattern."""
    piece = _Piece.of(points, center, sigma, stage)
    return {rule.number: piece.members(rule, signals[rule.number]) for rule in rules}


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Distances from the centre, and where patterns must not reach across."""

    z: FloatArray
    x: FloatArray
    breaks: BoolArray  # True where a new series begins at this point
    missing: BoolArray

    @classmethod
    def of(
        cls, points: FloatArray, center: FloatArray, sigma: FloatArray, stage: IntArray | None
    ) -> "_Piece":
        with np.errstate(invalid="ignore", divide="ignore"):
            z = (points - center) / sigma
        missing = np.isnan(z)
        breaks = np.zeros(points.size, dtype=np.bool_)
        breaks[:1] = True
        if stage is not None and points.size:
            breaks[1:] |= stage[1:] != stage[:-1]
        return cls(z, points, breaks, missing)

    def fires(self, rule: Rule) -> BoolArray:
        """Mark the points that complete the pattern."""
        k = int(rule.k)
        with np.errstate(invalid="ignore"):
            match rule.pattern:
                case "beyond":
                    return np.abs(self.z) > rule.k
                case "same_side":
                    return self._run(self.z > 0, k) | self._run(self.z < 0, k)
                case "trend":
                    return self._steps_run(self._steps() > 0, k) | self._steps_run(
                        self._steps() < 0, k
                    )
                case "alternating":
                    return self._alternating(k)
                case "zone":
                    return self._zone(k, rule.zone, 1.0) | self._zone(k, rule.zone, -1.0)
                case "inside":
                    return self._run(np.abs(self.z) <= 1.0, k)
                case "outside":
                    return self._run(np.abs(self.z) > 1.0, k)

    def _age(self) -> IntArray:
        """Points since the last break or gap, this one included; 0 for a missing point."""
        index = np.arange(self.z.size)
        last_gap = np.maximum.accumulate(np.where(self.missing, index, -1))
        last_break = np.maximum.accumulate(np.where(self.breaks, index, 0))
        return np.asarray(np.minimum(index - last_gap, index - last_break + 1), dtype=np.int64)

    def _run(self, holds: BoolArray, length: int) -> BoolArray:
        """Mark ends of runs of at least `length` true values, never across a break."""
        return _last_all(holds & ~self.missing, length) & (self._age() >= length)

    def _steps(self) -> FloatArray:
        return np.diff(self.x, prepend=np.nan)

    def _steps_run(self, holds: BoolArray, length: int) -> BoolArray:
        return _last_all(holds, length - 1) & (self._age() >= length)

    def _alternating(self, length: int) -> BoolArray:
        direction = np.sign(self._steps())
        turns = np.zeros(self.z.size, dtype=np.bool_)
        turns[1:] = direction[1:] * direction[:-1] < 0
        return _last_all(turns, length - 2) & (self._age() >= length)

    def _zone(self, k: int, sigma: float, side: float) -> BoolArray:
        out = side * self.z > sigma
        window = np.zeros(self.z.size, dtype=np.int8)
        age = self._age()
        for back in range(k + 1):
            shifted = np.zeros(self.z.size, dtype=np.bool_)
            if back < self.z.size:
                shifted[back:] = out[: self.z.size - back]
            window += shifted & (age > back)
        return np.asarray(out & (window >= k))

    def members(self, rule: Rule, at: IntArray) -> IntArray:
        """Collect the points of each complete pattern."""
        if rule.pattern == "beyond":
            return at
        out = np.zeros(self.z.size, dtype=np.bool_)
        age = self._age()
        for end in at:
            start = max(0, int(end) - min(rule.span, int(age[end])) + 1)
            window = np.arange(start, int(end) + 1)
            if rule.pattern == "zone":
                side = np.sign(self.z[end])
                window = window[side * self.z[window] > rule.zone]
            out[window] = True
        return np.flatnonzero(out).astype(np.int64)


def _last_all(holds: BoolArray, length: int) -> BoolArray:
    """Mark points at which the last `length` values are all true, by doubling."""
    out = holds.copy()
    done = 1
    while done < length:
        step = min(done, length - done)
        shifted = np.zeros(out.size, dtype=np.bool_)
        if step < out.size:
            shifted[step:] = out[: out.size - step]
        out &= shifted
        done += step
    return out
