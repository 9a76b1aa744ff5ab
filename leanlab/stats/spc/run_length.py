"""How long until a chart signals: average run lengths, and what a rule set costs."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats.control_chart import straight
from leanlab.stats.inputs import choice, number, whole
from leanlab.stats.run_rules import Rule, checked, signals_on

_NODES = 200
_SQRT2 = math.sqrt(2.0)
_SQRT2PI = math.sqrt(2.0 * math.pi)


def _cdf(x: float) -> float:
    return 0.5 * math.erfc(-x / _SQRT2)


def _pdf(x: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-0.5 * x * x) / _SQRT2PI)


def _below(x: FloatArray) -> FloatArray:
    from scipy.special import ndtr

    return np.asarray(ndtr(x))


def arl(
    chart: str,
    *,
    shift: float = 0.0,
    k: float = 3.0,
    lambda_: float = 0.2,
    h: float = 5.0,
    sided: str = "two",
    limits: str = "fixed",
) -> float:
    """Return the average number of points until a chart signals.

    Parameters
    ----------
    chart : {"shewhart", "ewma", "cusum"}
    shift : float, default 0
        True shift of the mean from the first point on, in sigma of the plotted statistic.
    k : float
        Width of the limits in sigma (Shewhart, EWMA), or the allowance (CUSUM, usually 0.5).
    lambda_ : float, default 0.2
        Weight of the newest point (EWMA).
    h : float, default 5
        Decision interval in sigma (CUSUM).
    sided : {"two", "one"}
        One-sided charts watch the upper side; the EWMA then never falls below the centre.
    limits : {"fixed", "exact"}
        Whether the limits of an EWMA allow for its start-up.

    Returns
    -------
    float
        Zero-state average run length of independent normal points.

    Notes
    -----
    Integral equations on Gauss-Legendre nodes. The two-sided CUSUM combines its sides by
    1/ARL = 1/ARL+ + 1/ARL-.

    References
    ----------
    Crowder 1987; Lucas and Saccucci 1990 (EWMA); Brook and Evans 1972; Vance 1986 (CUSUM).

    Examples
    --------
    >>> round(arl("shewhart"), 1)
    370.4
    """
    choice(chart, ("shewhart", "ewma", "cusum"), "chart")
    choice(sided, ("two", "one"), "number of sides")
    choice(limits, ("fixed", "exact", "vacl"), "kind of limits")
    shift = number(shift, "Shift")
    width = number(k, "Width k", least=0)
    if chart == "shewhart":
        out = 1 - _cdf(width - shift) + (_cdf(-width - shift) if sided == "two" else 0.0)
        return 1 / out
    if chart == "cusum":
        interval = number(h, "Decision interval h", above=0)
        up = _cusum_arl(width, interval, shift)
        if sided == "one":
            return up
        return 1 / (1 / up + 1 / _cusum_arl(width, interval, -shift))
    weight = number(lambda_, "Lambda", above=0)
    if weight > 1 or width == 0:
        raise DataProblem("Lambda must be above 0 and at most 1, and k above 0.")
    if weight == 1:
        return arl("shewhart", shift=shift, k=width, sided=sided)
    return _ewma_arl(weight, width, shift, one_sided=sided == "one", exact=limits != "fixed")


def _nodes(low: float, high: float, count: int = _NODES) -> tuple[FloatArray, FloatArray]:
    x, w = np.polynomial.legendre.leggauss(count)
    half = (high - low) / 2
    return np.asarray(half * x + (high + low) / 2), np.asarray(half * w)


def _cusum_arl(k: float, h: float, shift: float) -> float:
    """Solve L(u) = 1 + L(0) P(step to 0) + integral of L over the steps that stay inside."""
    to, w = _nodes(0.0, h)
    start = np.r_[0.0, to]
    drift = shift - k
    inside = _pdf(to - start[:, None] - drift) * w
    matrix = np.eye(start.size)
    matrix[:, 1:] -= inside
    matrix[:, 0] -= _below(-start - drift)
    return float(np.linalg.solve(matrix, np.ones(start.size))[0])


def _ewma_arl(weight: float, k: float, shift: float, *, one_sided: bool, exact: bool) -> float:
    reach = k * math.sqrt(weight / (2 - weight))
    low = 0.0 if one_sided else -reach
    to, w = _nodes(low, reach)
    start = np.r_[0.0, to]
    matrix = np.eye(start.size) - _ewma_steps(start, to, w, weight, shift, one_sided=one_sided)
    length = np.linalg.solve(matrix, np.ones(start.size))
    if not exact:
        return float(length[0])
    steps = max(1, math.ceil(math.log(1e-14) / math.log((1 - weight) ** 2)))
    for i in range(steps, 0, -1):  # back from the settled limits to the first point
        narrow = reach * math.sqrt(1 - (1 - weight) ** (2 * i))
        before = 0.0 if i == 1 else reach * math.sqrt(1 - (1 - weight) ** (2 * (i - 1)))
        to, w = _nodes(0.0 if one_sided else -narrow, narrow)
        if i == steps:
            length = np.interp(np.r_[0.0, to], start[np.argsort(start)], length[np.argsort(start)])
        nodes = _nodes(0.0 if one_sided else -before, before)[0] if i > 1 else np.zeros(0)
        start = np.r_[0.0, nodes]
        length = 1 + _ewma_steps(start, to, w, weight, shift, one_sided=one_sided) @ length
    return float(length[0])


def _ewma_steps(
    start: FloatArray,
    to: FloatArray,
    w: FloatArray,
    weight: float,
    shift: float,
    *,
    one_sided: bool,
) -> FloatArray:
    """Return the chance to go from each start to the barrier at 0 (first column) and each node."""
    out = np.zeros((start.size, to.size + 1))
    away = (to - (1 - weight) * start[:, None]) / weight - shift
    out[:, 1:] = _pdf(away) / weight * w
    if one_sided:
        out[:, 0] = _below(-(1 - weight) * start / weight - shift)
    return out


@dataclass(frozen=True, slots=True, eq=False)
class RuleCost:
    """What a rule set costs in false alarms (or gains in speed, with a shift).

    Attributes
    ----------
    arl : float
        Average number of points to the first signal, from the start of the chart.
    arl_se : float
        Standard error of `arl`: 0 if exact.
    method : {"Markov chain", "simulation"}
        Rules on rising, falling or alternating points need a simulation (fixed seed).
    survival : FloatArray
        Chance of no signal within 1, 2, 3... points.
    """

    arl: float
    arl_se: float
    method: str
    survival: FloatArray

    def false_alarms(self, n: int) -> float:
        """Return how many first signals n points bring on average, each followed by a new start."""
        return whole(n, "Number of points", least=1) / self.arl

    def chance(self, n: int) -> float:
        """Return the chance of at least one signal within n points."""
        n = whole(n, "Number of points", least=1)
        if n <= self.survival.size:
            return 1 - float(self.survival[n - 1])
        return 1 - float(self.survival[-1]) * (1 - 1 / self.arl) ** (n - self.survival.size)


_HORIZON = 1024
_MOST_STATES = 60_000


def rule_cost(rules: Iterable[Rule], shift: float = 0.0) -> RuleCost:
    """Work out how often a rule set raises an alarm on independent normal points.

    Parameters
    ----------
    rules : iterable of Rule
        Rule 1 means limits at its own k.
    shift : float, default 0
        Shift of the mean in sigma; 0 gives the cost in false alarms.

    Returns
    -------
    RuleCost

    Raises
    ------
    DataProblem
        No rules.

    Notes
    -----
    Rules that depend on zones only have finitely many states (how far each pattern has come): a
    Markov chain gives the run length exactly. Sets with trends or alternations are simulated.

    References
    ----------
    Champ and Woodall 1987, Exact results for Shewhart control charts with supplementary runs
    rules, Technometrics 29.

    Examples
    --------
    >>> from leanlab.stats.run_rules import WESTERN_ELECTRIC
    >>> round(rule_cost(WESTERN_ELECTRIC).arl, 2)
    91.75
    """
    wanted = checked(rules)
    if not wanted:
        raise DataProblem("There are no rules, so there is no signal.", hint="Choose a rule set.")
    shift = number(shift, "Shift")
    if any(rule.pattern in {"trend", "alternating"} for rule in wanted):
        return _simulated(wanted, shift)
    return _exact(wanted, shift)


State = tuple[Any, ...]


@cache
def _exact(rules: tuple[Rule, ...], shift: float) -> RuleCost:
    from scipy.sparse import csr_array, eye_array
    from scipy.sparse.linalg import spsolve

    zones = _zones(rules)
    chances = [_cdf(high - shift) - _cdf(low - shift) for low, high in zones]
    middles = [_middle(low, high) for low, high in zones]
    start: State = tuple(_fresh(rule) for rule in rules)
    place: dict[State, int] = {start: 0}
    queue = [start]
    rows, columns, values = [], [], []
    for state in queue:
        for z, chance in zip(middles, chances, strict=True):
            after = _after(rules, state, z)
            if after is None or chance == 0:
                continue
            if after not in place:
                place[after] = len(place)
                queue.append(after)
                if len(place) > _MOST_STATES:
                    return _simulated(rules, shift)
            rows.append(place[state])
            columns.append(place[after])
            values.append(chance)
    size = len(place)
    moves = csr_array((values, (rows, columns)), shape=(size, size))
    lengths = spsolve((eye_array(size) - moves).tocsc(), np.ones(size))
    survival, alive = np.empty(_HORIZON), np.ones(size)
    for i in range(_HORIZON):
        alive = moves @ alive
        survival[i] = alive[0]
    return RuleCost(float(np.atleast_1d(lengths)[0]), 0.0, "Markov chain", survival)


def _zones(rules: tuple[Rule, ...]) -> list[tuple[float, float]]:
    """Cut the line where any rule makes a difference."""
    cuts = {0.0}
    for rule in rules:
        far = {"beyond": rule.k, "zone": rule.zone, "opposite": rule.zone}.get(rule.pattern)
        if far is None and rule.pattern != "same_side":
            far = 1.0
        if far is not None:
            cuts |= {far, -far}
    edges = [-math.inf, *sorted(cuts), math.inf]
    return list(pairwise(edges))


def _middle(low: float, high: float) -> float:
    if math.isinf(low):
        return high - 1.0
    return low + 1.0 if math.isinf(high) else (low + high) / 2


def _fresh(rule: Rule) -> Any:
    return (0, 0) if rule.pattern in {"zone", "both_sides"} else 0


def _after(rules: tuple[Rule, ...], state: State, z: float) -> State | None:
    """Return how far each pattern has come after a point; None at a signal."""
    out = []
    for rule, before in zip(rules, state, strict=True):
        now = _STEPS[rule.pattern](rule, before, z)
        if now is None:
            return None
        out.append(now)
    return tuple(out)


def _beyond_step(rule: Rule, before: Any, z: float) -> Any:
    return None if abs(z) > rule.k else before


def _side_step(rule: Rule, before: int, z: float) -> int | None:
    side = 1 if z > 0 else -1
    run = before + side if before * side > 0 else side
    return None if abs(run) >= rule.k else run


def _zone_step(rule: Rule, before: tuple[int, int], z: float) -> tuple[int, int] | None:
    """Remember the last points of the window beyond the zone, as bits, for either side."""
    out = []
    for bits, beyond in zip(before, (z > rule.zone, z < -rule.zone), strict=True):
        now = (bits << 1 | beyond) & ((1 << rule.span) - 1)
        if beyond and now.bit_count() >= rule.k:
            return None
        out.append(now & ((1 << (rule.span - 1)) - 1))
    return _trimmed(out, rule)


def _trimmed(bits: list[int], rule: Rule) -> tuple[int, int]:
    """Forget points that can no longer help to complete the pattern."""
    out = []
    for row in bits:
        kept = row
        while kept and kept.bit_count() + rule.span - kept.bit_length() < rule.k:
            kept &= ~(1 << (kept.bit_length() - 1))
        out.append(kept)
    return out[0], out[1]


def _inside_step(rule: Rule, before: int, z: float) -> int | None:
    run = before + 1 if abs(z) <= 1 else 0
    return None if run >= rule.k else run


def _outside_step(rule: Rule, before: int, z: float) -> int | None:
    run = before + 1 if abs(z) > 1 else 0
    return None if run >= rule.k else run


def _both_step(rule: Rule, before: tuple[int, int], z: float) -> tuple[int, int] | None:
    """Count points beyond 1 sigma in a row, and those since the side last changed."""
    run, same = before
    if abs(z) <= 1:
        return (0, 0)
    side = 1 if z > 0 else -1
    same = same + side if same * side > 0 else side
    run = min(run + 1, int(rule.k))
    if run >= rule.k and abs(same) < rule.k:
        return None
    return run, max(-int(rule.k), min(int(rule.k), same))


def _opposite_step(rule: Rule, before: int, z: float) -> int | None:
    side = 1 if z > rule.zone else -1 if z < -rule.zone else 0
    return None if side * before < 0 else side


_STEPS: Mapping[str, Any] = {
    "beyond": _beyond_step,
    "same_side": _side_step,
    "zone": _zone_step,
    "inside": _inside_step,
    "outside": _outside_step,
    "both_sides": _both_step,
    "opposite": _opposite_step,
}

_SERIES, _LENGTH, _SEED = 8000, 512, 20_260_101


@cache
def _simulated(rules: tuple[Rule, ...], shift: float) -> RuleCost:
    """Follow many independent charts; what is still silent at the end goes on as it did."""
    random = np.random.default_rng(_SEED)
    first = np.full(_SERIES, _LENGTH + 1)
    lines = straight(-np.inf, 0.0, np.inf, 1.0)
    batch = 500
    for start in range(0, _SERIES, batch):
        points = random.standard_normal(batch * _LENGTH) + shift
        series = np.repeat(np.arange(batch), _LENGTH)
        for at in signals_on(points, lines, rules, series).values():
            np.minimum.at(first, start + at // _LENGTH, at % _LENGTH + 1)
    survival = 1 - np.cumsum(np.bincount(first, minlength=_LENGTH + 2)[1 : _LENGTH + 1]) / _SERIES
    seen = np.minimum(first, _LENGTH)
    silent = int(np.count_nonzero(first > _LENGTH))
    alarms = _SERIES - silent
    if alarms == 0:
        raise DataProblem("These rules hardly ever signal; their run length is beyond simulation.")
    mean = float(seen.sum()) / alarms
    return RuleCost(mean, mean / math.sqrt(alarms), "simulation", survival)
