"""Charts with memory: EWMA, CUSUM and moving average."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray, IntArray
from leanlab.stats.control_chart import ControlChart, Extra, Lines, pieces
from leanlab.stats.inputs import choice, number, whole
from leanlab.stats.run_rules import BEYOND, Rule, limit_test
from leanlab.stats.spc.series import Frame, Setup, chart, frame, known_sigma, mean_of, panel
from leanlab.stats.spc.subgroups import Subgroups, grand_mean, sigma_within, size_column
from leanlab.stats.spc.variables import (
    OF_SERIES,
    SIGMA_WORDS,
    mean_step_sigma,
    moving_ranges,
    sigma_of_series,
)

_SETTLED = 1e-18  # what is left of the start-up of an EWMA when it no longer shows
_STEPWISE = 4096  # points up to which the sums follow their definition step by step
_BLOCK = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class _Means:
    """Subgroup means in time order with what the limits rest on."""

    shape: Frame
    sizes: IntArray
    size: int | None
    mean: FloatArray
    center: FloatArray  # one per stage
    sigma: FloatArray  # one per stage
    source: str
    known: bool

    def error(self, at: slice) -> FloatArray:
        """Return the standard error of each mean, or of all if they are alike."""
        sigma = self.sigma[self.shape.stage[at.start]]
        if self.size is not None:
            return np.asarray([sigma / np.sqrt(self.size)])
        return np.asarray(sigma / np.sqrt(np.maximum(self.sizes[at], 1)))


def _means(
    subgroups: Any,
    method: str | None,
    historical: tuple[float | None, float | None],
    setup: Setup,
) -> _Means:
    groups = Subgroups.of(subgroups)
    single = bool(groups.sizes.max(initial=0) <= 1)
    method = method or ("MRbar" if single else "pooled")
    choice(method, (*OF_SERIES, "Rbar", "Sbar", "pooled", "historical"), "sigma method")
    if method in OF_SERIES and not single:
        raise DataProblem(
            f"Sigma from moving ranges ({method}) is for single values, but there are subgroups.",
            hint="Choose pooled, Rbar or Sbar.",
        )
    there = groups.sizes > 0
    shape = frame(groups.sizes.size, None if groups.size or there.all() else there, setup)
    mean = groups.means()
    given = method == "historical" or historical[1] is not None
    center, sigma = np.empty(shape.count), np.empty(shape.count)
    simple = shape.whole and method == "MRbar"
    steps = method in OF_SERIES and not given and not simple
    ranges = moving_ranges(mean, shape.split, 2) if steps else mean
    for stage in range(shape.count):
        base = shape.base(stage)
        center[stage] = (
            grand_mean(groups.sizes, mean, base)
            if historical[0] is None
            else mean_of(mean, base, historical[0])
        )
        if given:
            sigma[stage] = known_sigma(historical[1])
        elif simple:
            sigma[stage] = mean_step_sigma(mean)
        elif method in OF_SERIES:
            sigma[stage] = sigma_of_series(mean, ranges, base, method)
        else:
            sigma[stage] = sigma_within(groups, base, method)
    source = SIGMA_WORDS["historical" if given else method]
    known = given and historical[0] is not None
    return _Means(shape, groups.sizes, groups.size, mean, center, sigma, source, known)


def _finish(
    kind: str, means: _Means, panels: Any, setup: Setup, extra: Mapping[str, Any]
) -> ControlChart:
    return chart(
        kind, panels, means.shape, (means.center, means.sigma), k=setup.k, source=means.source,
        sizes=size_column(means.sizes, means.size), known=means.known, extra=extra,
    )  # fmt: skip


def ewma(
    subgroups: Any,
    *,
    lambda_: float = 0.2,
    k: float = 3.0,
    sigma_method: str | None = None,
    historical_mean: float | None = None,
    historical_sigma: float | None = None,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = BEYOND,
) -> ControlChart:
    """Chart an exponentially weighted moving average.

    Parameters
    ----------
    subgroups : sequence of sequences, array of shape (m, n), or one column
        Values in time order; sizes may differ. A missing point leaves the average as it was.
    lambda_ : float, default 0.2
        Weight of the newest point, above 0 to 1.
    k : float, default 3
        Width of the limits in standard errors of the average.
    sigma_method : {"MRbar", "MRmedian", "MSSD", "Rbar", "Sbar", "pooled", "historical"}, optional
        MRbar for single values and pooled for subgroups if left out.
    historical_mean, historical_sigma : float, optional
        Known parameters; the mean is also where the average starts.
    stages, excluded, limits_base
        As in `i_mr`; the average starts anew with each stage.
    rules : sequence of Rule
        Only the limit test is valid: neighbouring averages resemble each other.

    Returns
    -------
    ControlChart
        Panel ``ewma``; ``extra`` holds `lambda` and `asymptotic_half_width` (NaN for unequal
        subgroups).

    Notes
    -----
    z_i = lambda xbar_i + (1 - lambda) z_(i-1), from the centre; exact limits with variance
    lambda^2 sum_j (1 - lambda)^(2(i-j)) sigma^2 / n_j.

    References
    ----------
    Roberts 1959; Montgomery, section 9.2.

    Examples
    --------
    >>> chart = ewma([10.0, 12.0, 11.0, 13.0], lambda_=0.5)
    >>> chart.panel("ewma").points.tolist()
    [10.75, 11.375, 11.1875, 12.09375]
    """
    weight = number(lambda_, "Lambda", above=0)
    if weight > 1:
        raise DataProblem(f"Lambda must be above 0 and at most 1, not {weight:g}.")
    setup = Setup(k, stages, excluded, limits_base, rules)
    means = _means(subgroups, sigma_method, (historical_mean, historical_sigma), setup)
    points = np.empty(means.mean.size)
    errors = []
    for part in means.shape.segments():
        center = means.center[means.shape.stage[part.start]]
        _smooth(means.mean[part], weight, center, points[part])
        errors.append(_ewma_errors(means, part, weight))
    lines = _weighted_lines(means, errors, k)
    half = means.sigma[0] * np.sqrt(weight / (2 - weight)) * k
    extra = {
        "lambda": weight,
        "asymptotic_half_width": float(half / np.sqrt(means.size)) if means.size else float("nan"),
    }
    title = f"EWMA (lambda {weight:g})"
    one = panel("ewma", title, points, lines, limit_test(rules), means.shape)
    return _finish("ewma", means, (one,), setup, extra)


def _smooth(x: FloatArray, weight: float, start: float, into: FloatArray) -> None:
    from scipy.signal import lfilter

    there = ~np.isnan(x)
    whole = bool(there.all())
    known = x if whole else x[there]
    if known.size == 0:
        into[:] = np.nan
        return
    smooth = into if whole else np.empty(known.size)
    state = [0.0]
    for piece in pieces(known.size, _BLOCK):
        # centred, so that the filter's rounding does not grow with the distance from 0
        part, state = lfilter([weight], [1.0, weight - 1.0], known[piece] - start, zi=state)
        np.add(part, start, out=smooth[piece])
    if not whole:
        into[:] = np.nan
        into[there] = smooth


def _ewma_errors(means: _Means, part: slice, weight: float) -> FloatArray:
    """Return the standard errors of the averages, up to where they no longer change."""
    error = means.error(part)
    there = means.sizes[part] > 0
    rest = (1 - weight) ** 2
    if error.size == 1:
        steps = there.size
        if rest > 0:
            steps = min(steps, int(np.log(_SETTLED) / np.log(rest)) + 1)
        count = np.arange(1, steps + 1)
        return np.asarray(error * np.sqrt(weight / (2 - weight) * (1 - rest**count)))
    from scipy.signal import lfilter

    out = np.full(there.size, np.nan)
    known = error[there]
    if known.size:
        variance, _ = lfilter([weight**2], [1.0, -rest], known**2, zi=[0.0])
        out[there] = np.sqrt(variance)
    return out


def _weighted_lines(means: _Means, errors: list[FloatArray], k: float) -> Lines:
    """Return limits at center -+ k errors; the last error of a segment goes on to its end."""
    if len(errors) == 1:
        error, center = errors[0], means.center[:1]
    else:
        parts = list(means.shape.segments())
        error = np.concatenate(
            [
                np.r_[e, np.full(part.stop - part.start - e.size, e[-1])]
                for part, e in zip(parts, errors, strict=True)
            ]
        )
        center = means.center[means.shape.stage]
    wide = k * error
    return Lines(center - wide, center, center + wide, error, k=k)


def moving_average(
    subgroups: Any,
    *,
    span: int = 3,
    k: float = 3.0,
    sigma_method: str | None = None,
    historical_mean: float | None = None,
    historical_sigma: float | None = None,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = BEYOND,
) -> ControlChart:
    """Chart the mean of the last `span` subgroup means.

    Parameters
    ----------
    subgroups : sequence of sequences, array of shape (m, n), or one column
        Values in time order; a missing point is passed over.
    span : int, default 3
        Number of means; at the start there are fewer.
    k, sigma_method, historical_mean, historical_sigma, stages, excluded, limits_base, rules
        As in `ewma`.

    Returns
    -------
    ControlChart
        Panel ``ma``; variance sigma^2 / j^2 sum 1/n over the j means in it.

    References
    ----------
    Montgomery, section 9.3.

    Examples
    --------
    >>> moving_average([10.0, 12.0, 11.0], span=2).panel("ma").points.tolist()
    [10.0, 11.0, 11.5]
    """
    width = whole(span, "Span", least=1)
    setup = Setup(k, stages, excluded, limits_base, rules)
    means = _means(subgroups, sigma_method, (historical_mean, historical_sigma), setup)
    points, error = np.full(means.mean.size, np.nan), np.full(means.mean.size, np.nan)
    for part in means.shape.segments():
        there = means.sizes[part] > 0
        stage = means.shape.stage[part.start]
        count = np.minimum(np.arange(1, int(there.sum()) + 1), width)
        center = means.center[stage]
        sums = _windowed(means.mean[part][there] - center, width)
        points[part][there] = center + sums / count
        inverse = _windowed(1.0 / means.sizes[part][there], width)
        error[part][there] = means.sigma[stage] * np.sqrt(inverse) / count
    center = means.shape.by_stage(means.center)
    lines = Lines(center - k * error, center, center + k * error, error, k=k)
    one = panel("ma", f"Moving average of {width}", points, lines, limit_test(rules), means.shape)
    return _finish("moving_average", means, (one,), setup, {"span": width})


def _windowed(values: FloatArray, width: int) -> FloatArray:
    """Return the sums of the last `width` values, added anew so that errors do not build up."""
    out = values.copy()
    for back in range(1, min(width, values.size)):
        out[back:] += values[:-back]
    return out


def cusum(  # noqa: PLR0913 - a chart has as many options as it has
    subgroups: Any,
    *,
    target: float | str = "mean",
    k: float = 0.5,
    h: float = 5.0,
    fir_fraction: float = 0.0,
    reset_after_signal: bool = False,
    sigma_method: str | None = None,
    historical_sigma: float | None = None,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
) -> ControlChart:
    """Chart the two tabular cumulative sums, in data units.

    Parameters
    ----------
    subgroups : sequence of sequences, array of shape (m, n), or one column
        Values in time order; a missing point leaves the sums as they were.
    target : float or "mean"
        Value to stay at.
    k : float, default 0.5
        Allowance in standard errors: half of the shift to detect.
    h : float, default 5
        Decision interval in standard errors.
    fir_fraction : float, default 0
        Head start of both sums as a share of h (fast initial response).
    reset_after_signal : bool, default False
        Whether both sums, and the counts since they were 0, restart after a signal.
    sigma_method, historical_sigma, stages, excluded, limits_base
        As in `ewma`.

    Returns
    -------
    ControlChart
        Panels ``c_plus`` (upper limit h se) and ``c_minus`` (sums of 0 or less, lower limit);
        ``extra`` holds `n_plus` and `n_minus`: how long each sum has been away from 0.

    Notes
    -----
    C+ = max(0, C+ + xbar - T - k se), C- = min(0, C- + xbar - T + k se), se = sigma / sqrt(n_i).

    References
    ----------
    Page 1954; Montgomery, section 9.1; Lucas and Crosier 1982 for the head start.

    Examples
    --------
    >>> chart = cusum([10.0, 12.0, 13.0], target=10.0, historical_sigma=1.0)
    >>> chart.panel("c_plus").points.tolist()
    [0.0, 1.5, 4.0]
    """
    allowance = number(k, "Allowance k", least=0)
    interval = number(h, "Decision interval h", above=0)
    head = number(fir_fraction, "Head start", least=0)
    if head >= 1:
        raise DataProblem("The head start must be below the decision interval (0 to 1).")
    setup = Setup(interval, stages, excluded, limits_base, BEYOND)
    aim = None if target == "mean" else number(target, "Target")
    means = _means(subgroups, sigma_method, (aim, historical_sigma), setup)
    up, down = np.full(means.mean.size, np.nan), np.full(means.mean.size, np.nan)
    errors = []
    for part in means.shape.segments():
        error = means.error(part)
        there = means.sizes[part] > 0
        goal = means.center[means.shape.stage[part.start]]
        known = error if error.size == 1 else error[there]
        sums = _Sums(allowance * known, interval * known, head * interval * float(known[:1].sum()))
        if there.all():
            sums.fill(means.mean[part], goal, reset_after_signal, (up[part], down[part]))
        else:
            known_up, known_down = (np.empty(int(there.sum())) for _ in range(2))
            sums.fill(means.mean[part][there], goal, reset_after_signal, (known_up, known_down))
            up[part][there], down[part][there] = known_up, known_down
        errors.append(error)
    above, below = _cusum_lines(means, errors, interval)
    panels = (
        panel("c_plus", "Upper cumulative sum", up, above, BEYOND, means.shape),
        panel("c_minus", "Lower cumulative sum", down, below, BEYOND, means.shape),
    )
    restarts = np.union1d(*(p.out_of_limits for p in panels)) if reset_after_signal else None
    extra = Extra(
        n_plus=lambda: _times_away(up, means.shape, restarts),
        n_minus=lambda: _times_away(down, means.shape, restarts),
        target=float(means.center[0]),
        allowance=allowance,
    )
    return _finish("cusum", means, panels, setup, extra)


def _cusum_lines(means: _Means, errors: list[FloatArray], h: float) -> tuple[Lines, Lines]:
    if len(errors) == 1:
        error = errors[0]
    else:
        parts = list(means.shape.segments())
        error = np.concatenate(
            [np.resize(e, p.stop - p.start) for p, e in zip(parts, errors, strict=True)]
        )
    zero, none = np.zeros(1), np.full(1, np.nan)
    blank = np.broadcast_to(none, error.shape)
    return (
        Lines(blank, zero, h * error, blank),
        Lines(-h * error, zero, blank, blank),
    )


def _times_away(sums: FloatArray, shape: Frame, restarts: IntArray | None) -> IntArray:
    """Count the points since the sum was last 0 (or the stage began); 0 where there is none.

    A sum that restarts after a signal is 0 just after it, so its count restarts too.
    """
    out = np.zeros(sums.size, dtype=np.int64)
    left = np.zeros(sums.size, dtype=bool)
    if restarts is not None:
        left[restarts] = True
    for part in shape.segments():
        there = ~np.isnan(sums[part])
        if there.all():
            _count_away(sums[part], left[part], out[part])
        else:  # a missing point neither counts nor breaks
            counted = np.zeros(int(there.sum()), dtype=np.int64)
            _count_away(sums[part][there], left[part][there], counted)
            out[part][there] = counted
    return out


def _count_away(sums: FloatArray, left: BoolArray, into: IntArray) -> None:
    last = 0  # place of the last 0, counted from 1; a signal that empties the sums counts as one
    for block in pieces(sums.size, _BLOCK):
        place = np.arange(block.start + 1, block.stop + 1)
        zero = np.where(sums[block] == 0, place, last)
        after = np.flatnonzero(left[block][:-1]) + 1
        zero[after] = np.maximum(zero[after], place[after] - 1)
        np.maximum.accumulate(zero, out=zero)
        np.subtract(place, zero, out=into[block])
        last = int(place[-1]) if left[block][-1] else int(zero[-1])


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Allowance and decision interval per point (or one for all), and the head start."""

    slack: FloatArray
    limit: FloatArray
    head: float

    def fill(
        self, x: FloatArray, goal: float, reset: bool, into: tuple[FloatArray, FloatArray]
    ) -> None:
        """Write both sums of distances from the target."""
        if x.size <= _STEPWISE:
            self._step_by_step(x, goal, reset, into)
            return
        up, down = into
        high, low, at, size = self.head, -self.head, 0, _BLOCK
        steady = self.slack * np.arange(1, _BLOCK + 1) if self.slack.size == 1 else None
        while at < x.size:
            end = min(at + size, x.size)
            part = slice(at, end)
            limit = self.limit if self.limit.size == 1 else self.limit[part]
            drift = np.cumsum(self.slack[part]) if steady is None else steady[: end - at]
            way = np.cumsum(x[part] - goal)
            _one_sided(way, drift, high, up[part])
            _one_sided(np.negative(way, out=way), drift, -low, down[part])
            np.negative(down[part], out=down[part])
            size = min(2 * size, _BLOCK)
            if reset:
                hit = (up[part] > limit) | (down[part] < -limit)
                if hit.any():
                    end = at + int(np.argmax(hit)) + 1
                    size = 64  # signals come in company: look less far ahead
            high, low = float(up[end - 1]), float(down[end - 1])
            if size == 64:
                high = low = 0.0
            at = end

    def _step_by_step(
        self, x: FloatArray, goal: float, reset: bool, into: tuple[FloatArray, FloatArray]
    ) -> None:
        up, down = into
        slack, limit = (np.broadcast_to(v, x.shape).tolist() for v in (self.slack, self.limit))
        high, low = self.head, -self.head
        for i, value in enumerate(x.tolist()):
            high = max(0.0, high + value - goal - slack[i])
            low = min(0.0, low + value - goal + slack[i])
            up[i], down[i] = high, low
            if reset and (high > limit[i] or -low > limit[i]):
                high = low = 0.0


def _one_sided(way: FloatArray, drift: FloatArray, start: float, into: FloatArray) -> None:
    """Turn a plain running sum into one that never falls below 0: less its running minimum.

    Short blocks keep the running sum, and with it the rounding, small.
    """
    np.subtract(way, drift, out=into)
    into += start
    lowest = np.minimum.accumulate(into)
    np.minimum(lowest, 0.0, out=lowest)
    into -= lowest
