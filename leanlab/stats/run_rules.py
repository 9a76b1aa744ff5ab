"""Tests for special causes, as data: a rule set is a tuple of rules."""

import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.stats.control_chart import CHUNK, Lines, beyond_among, beyond_limits, pieces

Pattern = Literal[
    "beyond", "same_side", "trend", "alternating", "zone", "inside", "outside", "both_sides",
    "opposite",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One test; it fires at the point that completes the pattern.

    Attributes
    ----------
    number : int
        Nelson's (and Minitab's) number, 1 to 8; own rules use higher numbers.
    pattern : str
        ``beyond`` k sigma; ``same_side`` k points on one side; ``trend`` k points rising or
        falling; ``alternating`` k points; ``zone`` k of `window` points beyond `zone` sigma on one
        side; ``inside`` k points within 1 sigma; ``outside`` k points beyond 1 sigma;
        ``both_sides`` the same with points on either side among them; ``opposite`` two neighbours
        beyond `zone` sigma on opposite sides.
    k : float
        Length of the pattern, or the distance in sigma for ``beyond``.
    zone : float
        Distance in sigma for ``zone`` and ``opposite``.
    window : int
        Points that ``zone`` looks at; k + 1 if 0.
    """

    number: int
    pattern: Pattern
    k: float
    zone: float = 0.0
    window: int = 0

    @property
    def words(self) -> str:
        """The rule in words."""
        k, of = f"{self.k:g}", self.span
        beyond = f"beyond {self.zone:g} sigma on one side"
        return {
            "beyond": f"one point beyond {k} sigma",
            "same_side": f"{k} points in a row on one side of the centre",
            "trend": f"{k} points in a row rising or falling",
            "alternating": f"{k} points in a row going up and down in turn",
            "zone": f"{k} points in a row {beyond}"
            if of == self.k
            else f"{k} of {of} points {beyond}",
            "inside": f"{k} points in a row within 1 sigma",
            "outside": f"{k} points in a row beyond 1 sigma, either side",
            "both_sides": f"{k} points in a row beyond 1 sigma, on both sides",
            "opposite": f"two neighbours beyond {self.zone:g} sigma on opposite sides",
        }[self.pattern]

    @property
    def span(self) -> int:
        """How many points the pattern looks at."""
        if self.pattern == "zone":
            return self.window or int(self.k) + 1
        return {"beyond": 1, "opposite": 2}.get(self.pattern, int(self.k))

    @property
    def needs_sigma(self) -> bool:
        """Whether the rule measures in zones, which only symmetric limits have."""
        return self.pattern not in {"same_side", "trend", "alternating"}


def beyond(k: float = 3.0, number: int = 1) -> Rule:
    """One point further than k sigma from the centre; number 1 means the chart's own limits."""
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


def zone(k: int, sigma: float, number: int, window: int = 0) -> Rule:
    """K of `window` (k + 1) points beyond so many sigma on the side of the last."""
    return Rule(number, "zone", k, sigma, window)


def inside(k: int = 15, number: int = 7) -> Rule:
    """K points in a row within one sigma."""
    return Rule(number, "inside", k)


def outside(k: int = 8, number: int = 8) -> Rule:
    """K points in a row beyond one sigma, on either side."""
    return Rule(number, "outside", k)


def both_sides(k: int = 8, number: int = 8) -> Rule:
    """K points in a row beyond one sigma with both sides among them (qcc's form of rule 8)."""
    return Rule(number, "both_sides", k)


def opposite(sigma: float = 2.0, number: int = 12) -> Rule:
    """Two neighbours beyond so many sigma on opposite sides (Westgard R-4s)."""
    return Rule(number, "opposite", 2, sigma)


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
WESTGARD = (
    beyond(3.0), zone(2, 2.0, 9, window=2), zone(4, 1.0, 10, window=4), same_side(10, 11),
    opposite(2.0, 12),
)  # fmt: skip
RULE_SETS: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
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
)


def from_numbers(rules: Mapping[str, float]) -> tuple[Rule, ...]:
    """Build rules from Nelson numbers and their k, as reference files give them."""
    return tuple(_numbered(int(number), k) for number, k in rules.items())


def _numbered(number: int, k: float) -> Rule:
    if not 1 <= number <= 8:
        raise DataProblem(f"There is no rule {number}.", hint="Rules are numbered 1 to 8.")
    pattern = NELSON[number - 1]
    return Rule(number, pattern.pattern, float(k) if number == 1 else int(k), pattern.zone)


def checked(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules, refusing lengths that make no pattern and numbers used twice."""
    out = tuple(rules)
    for rule in out:
        least = {"trend": 2, "alternating": 3}.get(rule.pattern, 1)
        if rule.span < least or rule.k <= 0 or (rule.window and rule.window < rule.k):
            raise DataProblem(f"Rule {rule.number} ({rule.words}) can never be met as written.")
    numbers = [rule.number for rule in out]
    twice = next((n for n in numbers if numbers.count(n) > 1), None)
    if twice is not None:
        raise DataProblem(
            f"Two rules have the number {twice}.", hint="Give own rules numbers from 9 on."
        )
    return out


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

    Examples
    --------
    >>> x = np.array([0.0, 3.5, 1.0])
    >>> find_signals(x, np.zeros(3), np.ones(3), [beyond()])[1].tolist()
    [1]
    """
    return signals_on(points, Lines(center, center, center, sigma), rules, stage)


_SLACK = 1e-9  # what may be beyond a limit is looked at once more, against the limit itself


def signals_within(
    points: FloatArray, lines: Lines, rules: Iterable[Rule], stage: IntArray | None = None
) -> dict[int, IntArray]:
    """As `signals_on`, but rule 1 means the limits themselves, wherever they are."""
    wanted = checked(rules)
    if all(rule.number != 1 for rule in wanted):
        return signals_on(points, lines, wanted, stage)
    others = tuple(rule for rule in wanted if rule.number != 1)
    if not others or math.isnan(lines.k):
        return {1: beyond_limits(points, lines)} | signals_on(points, lines, others, stage)
    near = beyond(lines.k - _SLACK)
    found = signals_on(points, lines, (near, *others), stage)
    return found | {1: beyond_among(found[1], points, lines)}


def signals_on(
    points: FloatArray, lines: Lines, rules: Iterable[Rule], stage: IntArray | None = None
) -> dict[int, IntArray]:
    """As `find_signals`, on lines in small.

    Notes
    -----
    Long series are judged in pieces with overlap, which keeps the work in the processor's cache.
    """
    wanted = checked(rules)
    found: dict[int, list[IntArray]] = {rule.number: [] for rule in wanted}
    overlap = max((rule.span for rule in wanted), default=1) + 1
    scratch = _Scratch.of_thread(min(points.size, CHUNK) + overlap)
    for piece in pieces(points.size) if wanted else ():
        judged = _Piece.cut(points, lines, stage, piece, overlap, scratch)
        for rule in wanted:
            fires = judged.fires(rule)
            start = max(piece.start, piece.stop - fires.size)
            fires = fires[fires.size - (piece.stop - start) :]
            if fires.any():
                found[rule.number].append(np.flatnonzero(fires) + start)
    return {
        number: np.concatenate(at).astype(np.int64) if at else np.zeros(0, dtype=np.int64)
        for number, at in found.items()
    }


def find_members(
    signals: Mapping[int, IntArray],
    rules: Iterable[Rule],
    points: FloatArray,
    center: FloatArray,
    sigma: FloatArray,
    stage: IntArray | None = None,
) -> dict[int, IntArray]:
    """Return for each rule all points that belong to a complete pattern.

    Parameters
    ----------
    signals : mapping of int to IntArray
        What `find_signals` found.
    rules, points, center, sigma, stage
        As in `find_signals`.

    Examples
    --------
    >>> x, zero, one = np.full(9, 0.5), np.zeros(9), np.ones(9)
    >>> signals = find_signals(x, zero, one, [same_side(9)])
    >>> find_members(signals, [same_side(9)], x, zero, one)[2].tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8]
    """
    lines = Lines(center, center, center, sigma)
    whole = _Piece.cut(points, lines, stage, slice(0, points.size), 0, _Scratch(points.size))
    return {rule.number: whole.members(rule, signals[rule.number]) for rule in rules}


class _Scratch:
    """Memory that every piece uses again: fresh memory would cost more than the comparisons."""

    __slots__ = ("_flags", "_size", "away", "z")

    def __init__(self, size: int) -> None:
        self._size = size
        self.away, self.z = (np.empty(size) for _ in range(2))
        self._flags: dict[str, BoolArray] = {}

    @classmethod
    def of_thread(cls, size: int) -> "_Scratch":
        """Return this thread's memory, kept from one chart to the next."""
        kept: _Scratch | None = getattr(_KEPT, "scratch", None)
        if kept is None or kept._size < size:  # noqa: SLF001 - of its own class
            kept = cls(size)
            _KEPT.scratch = kept
        return kept

    def flags(self, name: str, size: int) -> BoolArray:
        """Return the named row of flags; its content is what was left there."""
        if name not in self._flags:
            self._flags[name] = np.empty(self._size, dtype=np.bool_)
        return self._flags[name][:size]


_KEPT = threading.local()


class _Piece:
    """A run of points with those before it, and what the rules ask of them.

    Results of a rule are aligned at the last point: where too few points come before, there is
    none. Flags that several rules need are made once.
    """

    __slots__ = ("_age", "_made", "_scratch", "away", "gaps", "n", "stage", "x", "z")

    def __init__(self, x: FloatArray, scratch: _Scratch) -> None:
        self.x = x
        self.n = x.size
        self.away, self.z = scratch.away[: self.n], scratch.z[: self.n]
        self.gaps = False
        self.stage: IntArray | None = None
        self._scratch = scratch
        self._made: dict[tuple[str, float], tuple[BoolArray, BoolArray]] = {}
        self._age: IntArray | None = None

    @classmethod
    def cut(
        cls,
        points: FloatArray,
        lines: Lines,
        stage: IntArray | None,
        piece: slice,
        overlap: int,
        scratch: _Scratch,
    ) -> "_Piece":
        """Take a piece of a series with the points before it."""
        part = slice(max(0, piece.start - overlap), piece.stop)
        out = cls(points[part], scratch)
        with np.errstate(invalid="ignore", divide="ignore"):
            np.subtract(out.x, lines.part("center", part, points.size), out=out.away)
            np.divide(out.away, lines.part("sigma", part, points.size), out=out.z)
            out.gaps = bool(np.isnan(out.z.sum()))
        if stage is not None and np.any(stage[part] != stage[part.start]):
            out.stage = stage[part]
        return out

    def fires(self, rule: Rule) -> BoolArray:
        """Mark the points that complete the pattern, up to and with the last one."""
        k = int(rule.k)
        with np.errstate(invalid="ignore"):
            match rule.pattern:
                case "beyond":
                    return self._either(*self._beyond(rule.k))
                case "same_side":
                    return self._one_way(*self._sides(), k, k)
                case "trend":
                    return self._one_way(*self._steps(), k - 1, k)
                case "alternating":
                    return self._run(self._turns(), k - 2, k)
                case "zone":
                    return self._zones(rule, k)
                case "opposite":
                    return self._run(self._crossed(*self._beyond(rule.zone)), 1, 2)
                case _:
                    return self._runs_by_sigma(rule.pattern, k)

    def _pair(self, name: str, sigma: float = 0.0) -> tuple[BoolArray, BoolArray, bool]:
        """Return the shared flags of this name, and whether they are still to be filled."""
        key = (name, sigma)
        fresh = key not in self._made
        if fresh:
            low, high = f"{name} low {sigma}", f"{name} high {sigma}"
            self._made[key] = (
                self._scratch.flags(high, self.n), self._scratch.flags(low, self.n)
            )  # fmt: skip
        return *self._made[key], fresh

    def _sides(self) -> tuple[BoolArray, BoolArray]:
        above, below, fresh = self._pair("side")
        if fresh:
            np.greater(self.away, 0.0, out=above)
            np.less(self.away, 0.0, out=below)
        return above, below

    def _beyond(self, sigma: float) -> tuple[BoolArray, BoolArray]:
        above, below, fresh = self._pair("beyond", sigma)
        if fresh:
            np.greater(self.z, sigma, out=above)
            np.less(self.z, -sigma, out=below)
        return above, below

    def _steps(self) -> tuple[BoolArray, BoolArray]:
        up, down, fresh = self._pair("step")
        if fresh:
            up[:1] = down[:1] = False
            np.greater(self.x[1:], self.x[:-1], out=up[1:])
            np.less(self.x[1:], self.x[:-1], out=down[1:])
        return up, down

    def _either(self, a: BoolArray, b: BoolArray) -> BoolArray:
        return np.bitwise_or(a, b, out=self._scratch.flags("either", a.size))

    def _alike(self, a: BoolArray, b: BoolArray) -> BoolArray:
        """Mark points that have the same one of two flags as the point before."""
        both, other = (self._scratch.flags(f"alike{i}", self.n)[1:] for i in "ab")
        np.bitwise_and(a[1:], a[:-1], out=both)
        np.bitwise_and(b[1:], b[:-1], out=other)
        return np.bitwise_or(both, other, out=both)

    def _one_way(self, a: BoolArray, b: BoolArray, length: int, points: int) -> BoolArray:
        """Mark ends of runs of one flag or the other, as runs of points like the one before."""
        if length == 1:
            return self._run(self._either(a, b), 1, points)
        return self._run(self._alike(a, b), length - 1, points)

    def _crossed(self, a: BoolArray, b: BoolArray) -> BoolArray:
        """Mark points that have one of two flags where the point before has the other."""
        both, other = (self._scratch.flags(f"crossed{i}", self.n)[1:] for i in "ab")
        np.bitwise_and(a[1:], b[:-1], out=both)
        np.bitwise_and(b[1:], a[:-1], out=other)
        return np.bitwise_or(both, other, out=both)

    def _turns(self) -> BoolArray:
        return self._crossed(*self._steps())

    def _run(self, holds: BoolArray, length: int, points: int) -> BoolArray:
        """Mark ends of runs of `length` flags, by doubling; `points` is what the run covers."""
        work = [self._scratch.flags(f"run{i}", self.n) for i in "ab"]
        out, done = holds, 1
        while done < length:
            step = min(done, length - done)
            into = work[0][: max(0, out.size - step)]
            out = np.bitwise_and(out[step:], out[:-step], out=into)
            work.reverse()
            done += step
        if self.stage is not None:
            out = out & (self.age()[self.n - out.size :] >= points)
        return out

    def _runs_by_sigma(self, pattern: str, k: int) -> BoolArray:
        above, below = self._beyond(1.0)
        away = self._either(above, below)
        if pattern == "inside":
            near = np.bitwise_not(away, out=away)
            if self.gaps:
                near &= ~np.isnan(self.z)
            return self._run(near, k, k)
        out = self._run(away, k, k)
        if pattern == "both_sides" and out.any():
            mixed = out.copy()
            for side in (above, below):
                mixed &= ~self._run(side, k, k)
            return mixed
        return out

    def _zones(self, rule: Rule, k: int) -> BoolArray:
        sides = [
            self._zone(side, k, rule.span, self._scratch.flags(f"zone{i}", self.n))
            for i, side in enumerate(self._beyond(rule.zone))
        ]
        return np.bitwise_or(sides[0], sides[1], out=sides[0])

    def _zone(self, out: BoolArray, k: int, window: int, into: BoolArray) -> BoolArray:
        """Count flags in the window that ends at each point; a short window may do at a start."""
        count = into.view(np.int8)
        count[:] = out.view(np.int8)
        for back in range(1, min(window, self.n)):
            earlier = out[:-back].view(np.int8)
            if self.gaps or self.stage is not None:
                earlier = earlier * (self.age()[back:] > back)
            np.add(count[back:], earlier, out=count[back:])
        reached = np.greater_equal(count, k, out=into)
        return np.bitwise_and(reached, out, out=into)

    def age(self) -> IntArray:
        """Points since the last gap or change of stage, this one included; 0 at a gap."""
        if self._age is None:
            index = np.arange(self.n)
            gap = np.maximum.accumulate(np.where(np.isnan(self.away), index, -1))
            out = index - gap
            if self.stage is not None:
                change = np.zeros(index.size, dtype=np.int64)
                change[1:] = np.where(self.stage[1:] != self.stage[:-1], index[1:], 0)
                out = np.minimum(out, index - np.maximum.accumulate(change) + 1)
            self._age = np.asarray(out, dtype=np.int64)
        return self._age

    def members(self, rule: Rule, at: IntArray) -> IntArray:
        """Collect the points of each complete pattern."""
        if rule.pattern == "beyond":
            return at
        out = np.zeros(self.n, dtype=np.bool_)
        age = self.age()
        for end in at:
            start = max(0, int(end) - min(rule.span, int(age[end])) + 1)
            window = np.arange(start, int(end) + 1)
            if rule.pattern == "zone":
                above, below = self._beyond(rule.zone)
                window = window[(above if above[end] else below)[window]]
            out[window] = True
        return np.flatnonzero(out).astype(np.int64)


def limit_test(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return what is valid on charts of spread and of weighted sums: the limit test only."""
    return BEYOND if any(rule.number == 1 for rule in rules) else ()


def without_zones(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return what is valid on skewed charts: limits, sides, trends, no sigma zones."""
    return tuple(rule for rule in rules if rule.number == 1 or not rule.needs_sigma)
