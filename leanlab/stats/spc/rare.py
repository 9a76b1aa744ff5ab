"""Charts of rare events: units between events (G) and time between events (T)."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats.control_chart import ControlChart, Lines
from leanlab.stats.inputs import choice, counts, numbers
from leanlab.stats.run_rules import STANDARD, Rule, without_zones
from leanlab.stats.spc.series import Frame, Setup, chart, frame, known_points, nothing_left, panel
from leanlab.stats.spc.variables import moving_ranges, sigma_of_series

POWER = 3.6  # makes exponential times nearly normal (Nelson 1994)


def g(
    y: ArrayLike,
    *,
    method: str = "ksigma",
    k: float = 3.0,
    historical_mean: float | None = None,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart the number of units (or days) between events.

    Parameters
    ----------
    y : array_like, shape (n,)
        Counts between events, in order.
    method : {"ksigma", "probability"}
        mean -+ k sqrt(mean (mean + 1)), or quantiles of the geometric distribution at the normal
        tails of k sigma with the median as centre.
    k : float, default 3
    historical_mean : float, optional
        Known mean number between events.
    stages, excluded, limits_base
        As in `i_mr`.
    rules : sequence of Rule
        Rules that measure in sigma zones are left out: counts between events are skewed.

    Returns
    -------
    ControlChart
        Panel ``g``; ``extra`` holds `p`: chance of an event per unit, by stage `p_by_stage`. A
        high point is good news: events have become rarer.

    References
    ----------
    Kaminsky et al. 1992; Benneyan 2001. Probability limits: p = ((N - 1) / N) / (mean + 1), with
    interpolation between whole numbers (Minitab, JASP).

    Examples
    --------
    >>> round(float(g([54, 138, 7, 12]).panel("g").center[0]), 2)
    52.75
    """
    choice(method, ("ksigma", "probability"), "method")
    values = counts(y, "Count", missing=True)
    setup = Setup(k, stages, excluded, limits_base, rules)
    shape = frame(values.size, known_points(values), setup)
    means, p, low, center, high = (np.empty(shape.count) for _ in range(5))
    for stage in range(shape.count):
        found = values[shape.base(stage)]
        if not found.size:
            raise nothing_left()
        mean = float(found.mean()) if historical_mean is None else float(historical_mean)
        if not mean > 0:
            raise DataProblem("All counts between events are 0, so there are no limits.")
        means[stage] = mean
        p[stage] = 1 / (mean + 1)
        if method == "ksigma":
            wide = k * math.sqrt(mean * (mean + 1))
            low[stage], center[stage], high[stage] = max(0.0, mean - wide), mean, mean + wide
        else:
            shrink = 1.0 if historical_mean is not None else (found.size - 1) / found.size
            if shrink == 0:
                raise DataProblem("Probability limits need at least two counts.")
            p[stage] *= shrink
            tail = 0.5 * math.erfc(k / math.sqrt(2))
            low[stage], center[stage], high[stage] = (
                max(0.0, _geometric_quantile(q, p[stage])) for q in (tail, 0.5, 1 - tail)
            )
    sigma = np.sqrt(means * (means + 1)) if method == "ksigma" else np.full(shape.count, np.nan)
    lines = Lines(low, center, high, sigma, shape.split)
    one = panel("g", "Units between events", values, lines, without_zones(rules), shape)
    return chart(
        "g", (one,), shape, (means, sigma), k=k, source=f"geometric, {method}",
        known=historical_mean is not None,
        extra={"p": float(p[0]), "p_by_stage": p, "method": method},
    )  # fmt: skip


def _geometric_quantile(q: float, p: float) -> float:
    """Invert P(Y <= y) = 1 - (1 - p)^(y + 1), straight between whole numbers."""
    stay = math.log1p(-p)
    above = math.ceil(math.log1p(-q) / stay - 1 - 1e-12)
    below_p, above_p = -math.expm1(above * stay), -math.expm1((above + 1) * stay)
    return above - 1 + (q - below_p) / (above_p - below_p)


def t(
    x: ArrayLike,
    *,
    method: str = "weibull",
    k: float = 3.0,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart the time between rare events.

    Parameters
    ----------
    x : array_like, shape (n,)
        Times between events, in order.
    method : {"weibull", "exponential", "power"}
        Maximum-likelihood fit with limits at the normal tails of k sigma and the median as
        centre; or an individuals chart of x^(1/3.6), transformed back.
    k, stages, excluded, limits_base
        As in `i_mr`.
    rules : sequence of Rule
        Rules that measure in sigma zones are left out: times are skewed.

    Returns
    -------
    ControlChart
        Panel ``t``; ``extra`` holds `shape` and `scale` (NaN for power), and both by stage.

    Raises
    ------
    DataProblem
        Times below 0, or of 0 where a distribution is fitted; equal times.

    References
    ----------
    Nelson 1994, JQT 26; Montgomery, section 7.3.

    Examples
    --------
    >>> round(float(t([8.8, 5.9, 22.1, 14.2], method="exponential").extra["scale"]), 2)
    12.75
    """
    choice(method, tuple(_FITS), "method")
    values = numbers(x, "Time")
    bad = np.flatnonzero(values < 0 if method == "power" else values <= 0)
    if bad.size:
        raise DataProblem(
            f"Time in row {bad[0] + 1} is {values[bad[0]]:g}.",
            hint="Times must be above 0." if method != "power" else "Times start at 0.",
        )
    setup = Setup(k, stages, excluded, limits_base, rules)
    shape = frame(values.size, known_points(values), setup)
    fits = np.asarray([_FITS[method](values, shape, s, k) for s in range(shape.count)])
    form, scale, low, center, high = fits.T
    lines = Lines(low, center, high, np.full(shape.count, np.nan), shape.split)
    one = panel("t", "Time between events", values, lines, without_zones(rules), shape)
    return chart(
        "t", (one,), shape, (center, np.full(shape.count, np.nan)), k=k,
        source={"weibull": "Weibull", "exponential": "exponential", "power": f"x^(1/{POWER})"}[method],
        extra={
            "shape": float(form[0]), "scale": float(scale[0]),
            "shape_by_stage": form, "scale_by_stage": scale, "method": method,
        },
    )  # fmt: skip


Fit = tuple[float, float, float, float, float]  # shape, scale, lcl, center, ucl


def _weibull(values: FloatArray, shape: Frame, stage: int, k: float) -> Fit:
    found = values[shape.base(stage)]
    return _quantiles(*weibull_fit(found), k)


def _exponential(values: FloatArray, shape: Frame, stage: int, k: float) -> Fit:
    found = values[shape.base(stage)]
    if not found.size:
        raise nothing_left()
    return _quantiles(1.0, float(found.mean()), k)


def _quantiles(form: float, scale: float, k: float) -> Fit:
    tail = 0.5 * math.erfc(k / math.sqrt(2))
    hazards = (-math.log1p(-tail), math.log(2.0), -math.log(tail))
    low, center, high = (scale * hazard ** (1 / form) for hazard in hazards)
    return form, scale, low, center, high


def _power(values: FloatArray, shape: Frame, stage: int, k: float) -> Fit:
    changed = values ** (1 / POWER)
    base = shape.base(stage)
    sigma = sigma_of_series(changed, moving_ranges(changed, shape.split, 2), base)
    mean = float(changed[base].mean())
    nan = float("nan")
    low, center, high = (max(0.0, v) ** POWER for v in (mean - k * sigma, mean, mean + k * sigma))
    return nan, nan, low, center, high


_FITS: dict[str, Callable[[FloatArray, Frame, int, float], Fit]] = {
    "weibull": _weibull,
    "exponential": _exponential,
    "power": _power,
}


def weibull_fit(x: FloatArray) -> tuple[float, float]:
    """Fit shape and scale by maximum likelihood.

    Raises
    ------
    DataProblem
        Fewer than two values, equal values, or no convergence.
    """
    from scipy.optimize import brentq

    if x.size < 2 or x.min() == x.max():
        raise DataProblem(
            "A Weibull distribution needs at least two different times.",
            hint="Use the exponential method.",
        )
    scaled = x / x.max()  # powers of numbers up to 1 cannot overflow
    logs = np.log(scaled)
    middle = float(logs.mean())

    def slope(form: float) -> float:
        weight = np.exp(form * logs)
        return float(weight @ logs / weight.sum() - 1 / form - middle)

    low = high = 1.0
    while slope(low) > 0 and low > 1e-6:
        low /= 2
    while slope(high) < 0 and high < 1e6:
        high *= 2
    if slope(low) > 0 or slope(high) < 0:
        raise DataProblem("No Weibull distribution fits these times.")
    form, result = brentq(slope, low, high, xtol=1e-14, rtol=1e-14, full_output=True)
    if not result.converged:
        raise DataProblem("The fit of the Weibull distribution did not converge.")
    scale = float(np.mean(np.exp(form * logs))) ** (1 / form) * float(x.max())
    return float(form), scale
