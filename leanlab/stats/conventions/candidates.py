"""Every usual way to compute a number, each with its sum spelled out."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from leanlab.core.typing import FloatArray
from leanlab.stats import constants, descriptive
from leanlab.stats.capability.sigma import Subgroups, estimate, read, spread_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value of one quantity under one convention; `sum` shows how it comes about."""

    quantity: str
    value: float
    convention: str
    sum: str
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spec:
    """Specification as the other program had it; what is not set is None."""

    lsl: float | None = None
    usl: float | None = None
    target: float | None = None


def show(value: float) -> str:
    """Format a number for a sum: seven digits hold any printed value."""
    return f"{value:.7g}"


@dataclass(frozen=True, slots=True)
class Sigma:
    """One estimate of sigma; `within` tells short-term from overall."""

    value: float
    convention: str
    sum: str
    within: bool
    settings: dict[str, Any]

    @property
    def spelled(self) -> str:
        """The sum with its value; only the value where there is nothing to add up."""
        value = show(self.value)
        return value if self.sum == value else f"{self.sum} = {value}"


def sigmas(data: Subgroups) -> Iterator[Sigma]:
    """Yield every usual estimate of sigma, short-term ones first."""
    if data.series is not None:
        yield from _of_series(data, data.series)
    elif data.sizes.max() > 1:
        yield from _of_subgroups(data)
    yield from _overall(data.values)


def _of_series(data: Subgroups, series: FloatArray) -> Iterator[Sigma]:
    steps = np.abs(np.diff(series))
    steps = steps[~np.isnan(steps)]
    if not steps.size:
        return
    mean, median = float(steps.mean()), float(np.median(steps))
    exact = constants.d2(2)
    yield Sigma(
        mean / exact, "mean moving range / d2 = 1.128379 (exact)",
        f"{show(mean)} / 1.128379", True, {"sigma": "MRbar", "constants": "exact"},
    )  # fmt: skip
    yield Sigma(
        mean / 1.128, "mean moving range / d2 = 1.128 (table)",
        f"{show(mean)} / 1.128", True, {"sigma": "MRbar", "constants": "table"},
    )  # fmt: skip
    kept = steps[steps <= 3.267 * mean]
    if 0 < kept.size < steps.size:
        left = float(kept.mean())
        yield Sigma(
            left / 1.128,
            "moving ranges above 3.267 times their mean left out first (qicharts2), d2 = 1.128",
            f"{show(left)} / 1.128", True, {"sigma": "MRbar_screened"},
        )  # fmt: skip
    yield Sigma(
        median / constants.d4(2), "median moving range / d4 = 0.953873 (exact)",
        f"{show(median)} / 0.953873", True, {"sigma": "MRmedian", "constants": "exact"},
    )  # fmt: skip
    yield Sigma(
        median / 0.954, "median moving range / 0.954 (table)",
        f"{show(median)} / 0.954", True, {"sigma": "MRmedian", "constants": "table"},
    )  # fmt: skip
    squared = float(steps @ steps)
    yield Sigma(
        estimate(data, "sqrt_MSSD"), "root of half the mean squared successive difference",
        f"sqrt({show(squared)} / (2 x {steps.size}))", True, {"sigma": "sqrt_MSSD"},
    )  # fmt: skip


# What tables print: d2 with three decimals, c4 with four.
def _table_d2(n: int) -> float:
    return round(constants.d2(n), 3)


def _table_c4(n: int) -> float:
    return round(constants.c4(n), 4)


def _of_subgroups(data: Subgroups) -> Iterator[Sigma]:
    spread = spread_of(data)
    sds = np.sqrt(spread.variances)
    equal = spread.sizes.min() == spread.sizes.max()
    if equal:
        n = int(spread.sizes[0])
        rbar, sbar = float(spread.ranges.mean()), float(sds.mean())
        yield from _equal_sizes(n, rbar, sbar)
    else:
        for method, words in _UNEQUAL.items():
            value = estimate(data, method)
            yield Sigma(value, words, show(value), True, {"sigma": method, "constants": "exact"})
    df = int(np.sum(spread.sizes - 1))
    pooled = estimate(data, "pooled_no_c4")
    yield Sigma(
        pooled / constants.c4(df + 1), f"pooled standard deviation / c4({df + 1})",
        f"{show(pooled)} / {constants.c4(df + 1):.6f}", True,
        {"sigma": "pooled", "constants": "exact"},
    )  # fmt: skip
    yield Sigma(
        pooled, "pooled standard deviation, not unbiased",
        f"sqrt(sum of squares within / {df})", True, {"sigma": "pooled_no_c4"},
    )  # fmt: skip


_UNEQUAL = {
    "Rbar": "ranges / d2, minimum-variance weights",
    "Rbar_unweighted": "plain mean of ranges / d2 (qcc)",
    "Rbar_burr": "ranges / d2 weighted by n - 1 (JASP)",
    "Sbar": "standard deviations / c4, minimum-variance weights",
    "Sbar_unweighted": "plain mean of standard deviations / c4 (qcc)",
}


def _equal_sizes(n: int, rbar: float, sbar: float) -> Iterator[Sigma]:
    same = ("Rbar", "Rbar_burr", "Rbar_unweighted")  # one value for equal sizes
    for kind, d2, c4 in (
        ("exact", constants.d2(n), constants.c4(n)),
        ("table", _table_d2(n), _table_c4(n)),
    ):
        digits = 6 if kind == "exact" else 3
        for method in same:
            yield Sigma(
                rbar / d2, f"mean range / d2 = {d2:.{digits}f} ({kind})",
                f"{show(rbar)} / {d2:.{digits}f}", True, {"sigma": method, "constants": kind},
            )  # fmt: skip
        digits = 6 if kind == "exact" else 4
        yield Sigma(
            sbar / c4, f"mean standard deviation / c4 = {c4:.{digits}f} ({kind})",
            f"{show(sbar)} / {c4:.{digits}f}", True, {"sigma": "Sbar", "constants": kind},
        )  # fmt: skip
    yield Sigma(
        sbar, "mean standard deviation, not unbiased", show(sbar), True, {"sigma": "Sbar_no_c4"}
    )


def _overall(values: FloatArray) -> Iterator[Sigma]:
    n = values.size
    s = float(values.std(ddof=1))
    away = s * s * (n - 1)
    yield Sigma(
        s, "overall standard deviation, divisor n - 1",
        f"sqrt({show(away)} / {n - 1})", False, {"overall": "n-1"},
    )  # fmt: skip
    yield Sigma(
        s / constants.c4(n), f"overall standard deviation / c4({n})",
        f"{show(s)} / {constants.c4(n):.6f}", False, {"overall": "c4"},
    )  # fmt: skip
    yield Sigma(
        math.sqrt(away / n), "overall standard deviation, divisor n",
        f"sqrt({show(away)} / {n})", False, {"overall": "n"},
    )  # fmt: skip


def of_sigma(data: Subgroups) -> Iterator[Candidate]:
    """Yield the estimates of sigma themselves."""
    for sigma in sigmas(data):
        yield Candidate("sigma", sigma.value, sigma.convention, sigma.sum, sigma.settings)


def of_capability(data: Subgroups, spec: Spec) -> Iterator[Candidate]:
    """Yield the indices, Z and fractions under every estimate of sigma."""
    if spec.lsl is None and spec.usl is None:
        return
    mean = float(data.values.mean())
    for sigma in sigmas(data):
        if sigma.value > 0:
            yield from _indices(mean, sigma, spec)
            yield from _fractions(mean, sigma, spec)
    if spec.target is not None:
        yield from _cpm(data, spec, spec.target)


def _indices(mean: float, sigma: Sigma, spec: Spec) -> Iterator[Candidate]:
    names = ("Cp", "Cpl", "Cpu", "Cpk") if sigma.within else ("Pp", "Ppl", "Ppu", "Ppk")
    found: list[tuple[str, float, str]] = []
    if spec.lsl is not None and spec.usl is not None:
        wide = spec.usl - spec.lsl
        top = f"({show(spec.usl)} - {show(spec.lsl)})"
        found.append((names[0], wide / (6 * sigma.value), f"{top} / (6 x {show(sigma.value)})"))
    if spec.lsl is not None:
        top = f"({show(mean)} - {show(spec.lsl)})"
        found.append(
            (names[1], (mean - spec.lsl) / (3 * sigma.value), f"{top} / (3 x {show(sigma.value)})")
        )
    if spec.usl is not None:
        top = f"({show(spec.usl)} - {show(mean)})"
        found.append(
            (names[2], (spec.usl - mean) / (3 * sigma.value), f"{top} / (3 x {show(sigma.value)})")
        )
    sides = [row for row in found if row[0] in names[1:3]]
    lowest = min(sides, key=lambda row: row[1])
    found.append((names[3], lowest[1], lowest[2]))
    for name, value, text in found:
        yield Candidate(
            name, value, sigma.convention,
            f"{text} with sigma = {sigma.spelled}", sigma.settings,
        )  # fmt: skip


def _fractions(mean: float, sigma: Sigma, spec: Spec) -> Iterator[Candidate]:
    from scipy.special import ndtr, ndtri

    low = -math.inf if spec.lsl is None else (spec.lsl - mean) / sigma.value
    high = math.inf if spec.usl is None else (spec.usl - mean) / sigma.value
    below, above = float(ndtr(low)), float(ndtr(-high))
    outside = below + above
    kind = "within" if sigma.within else "overall"
    tails = f"P(Z < {show(low)}) + P(Z > {show(high)}) = {show(outside)}"
    yield Candidate(
        f"PPM {kind}", 1e6 * outside, sigma.convention, f"1e6 x ({tails})", sigma.settings
    )
    if not 0 < outside < 1:
        return
    z = -float(ndtri(outside))
    yield Candidate(f"Z.bench {kind}", z, sigma.convention, f"z with {tails}", sigma.settings)
    yield Candidate(
        f"sigma level {kind}", z + 1.5, f"{sigma.convention}; shifted by 1.5",
        f"z + 1.5 = {show(z)} + 1.5, {tails}", sigma.settings | {"shift": 1.5},
    )  # fmt: skip


def _cpm(data: Subgroups, spec: Spec, target: float) -> Iterator[Candidate]:
    x = data.values
    n, bias = x.size, float(x.mean()) - target
    away = float(np.sum((x - target) ** 2))
    s2 = float(x.var(ddof=1))
    taus = [
        (math.sqrt(away / n), "divisor N", f"sqrt({show(away)} / {n})", {"cpm": "N"}),
        (math.sqrt(away / (n - 1)), "divisor N - 1", f"sqrt({show(away)} / {n - 1})",
         {"cpm": "N-1"}),
        (math.sqrt(s2 + bias**2), "s^2 + (mean - T)^2",
         f"sqrt({show(s2)} + {show(bias)}^2)", {"cpm": "s2+bias2"}),
    ]  # fmt: skip
    taus += [
        (math.hypot(s.value, bias), f"within sigma^2 + (mean - T)^2 (qcc); {s.convention}",
         f"sqrt({show(s.value)}^2 + {show(bias)}^2)", {"cpm": "within"})
        for s in sigmas(data)
        if s.within
    ]  # fmt: skip
    for tau, words, text, settings in taus:
        for top, divisor, form in _cpm_forms(spec, target):
            if tau > 0:
                yield Candidate(
                    "Cpm", top / (divisor * tau), f"{words}; {form}",
                    f"{show(top)} / ({divisor} x {text})", settings,
                )  # fmt: skip


def _cpm_forms(spec: Spec, target: float) -> list[tuple[float, int, str]]:
    room = [target - spec.lsl] if spec.lsl is not None else []
    room += [spec.usl - target] if spec.usl is not None else []
    forms = [(min(room), 3, "nearer limit to target over 3 tau")]
    if spec.lsl is not None and spec.usl is not None and len(set(room)) > 1:
        forms.append(
            (spec.usl - spec.lsl, 6, "tolerance over 6 tau though the target is off centre")
        )
    return forms


def of_limits(data: Subgroups, k: float = 3.0) -> Iterator[Candidate]:
    """Yield centre and limits of the chart of means (or single values) and of its spread."""
    mean = float(data.values.mean())
    sizes = set(data.sizes.tolist())
    yield Candidate("center", mean, "mean of all values", f"sum / {data.values.size}")
    for n in sorted(sizes):
        for sigma in sigmas(data):
            yield from _mean_limits(mean, sigma, int(n), k)
    if sizes == {1}:
        yield from _spread_limits(data, 2, k)
    elif len(sizes) == 1:
        yield from _spread_limits(data, int(sizes.pop()), k)


def _mean_limits(mean: float, sigma: Sigma, n: int, k: float) -> Iterator[Candidate]:
    reach = k * sigma.value / math.sqrt(n)
    width = f"{k:g} x {show(sigma.value)}" + (f" / sqrt({n})" if n > 1 else "")
    for name, sign, value in (("UCL", "+", mean + reach), ("LCL", "-", mean - reach)):
        yield Candidate(
            name, value, sigma.convention,
            f"{show(mean)} {sign} {width} with sigma = {sigma.spelled}", sigma.settings,
        )  # fmt: skip


def _spread_limits(data: Subgroups, n: int, k: float) -> Iterator[Candidate]:
    d2, d3, c4 = constants.d2(n), constants.d3(n), constants.c4(n)
    c5 = constants.c5(n)
    if data.series is not None:
        steps = np.abs(np.diff(data.series))
        ranges, sds = steps[~np.isnan(steps)], np.zeros(0)
    else:
        spread = spread_of(data)
        ranges, sds = spread.ranges, np.sqrt(spread.variances)
    rows: list[tuple[str, float, float, Callable[[float], str]]] = []
    if ranges.size:
        rbar = float(ranges.mean())
        rows.append(("R", rbar, d3 / d2, lambda f: f"mean range {show(rbar)} x {f:.6f}"))
    if sds.size:
        sbar = float(sds.mean())
        rows.append(
            ("S", sbar, c5 / c4, lambda f: f"mean standard deviation {show(sbar)} x {f:.6f}")
        )
    for chart, center, ratio, words in rows:
        for kind, digits in (("exact", 12), ("table", 3)):
            up, down = round(1 + k * ratio, digits), round(max(0.0, 1 - k * ratio), digits)
            settings = {"constants": kind}
            title = f"limits of the {chart} chart, {kind} constants"
            yield Candidate(f"UCL ({chart})", center * up, title, words(up), settings)
            yield Candidate(f"LCL ({chart})", center * down, title, words(down), settings)
        yield Candidate(f"center ({chart})", center, "plain mean", show(center))


def of_description(values: FloatArray) -> Iterator[Candidate]:
    """Yield quartiles of every type and the usual moments."""
    ordered = np.sort(values)
    for kind, words in descriptive.QUANTILE_TYPES.items():
        q = descriptive.quantiles(ordered, [0.25, 0.5, 0.75], kind=kind)
        settings = {"quantile": kind}
        title = f"quantile type {kind}: {words}"
        for name, at, value in zip(("Q1", "median", "Q3"), (0.25, 0.5, 0.75), q, strict=True):
            text = _between(ordered, descriptive.quantile_position(ordered.size, at, kind))
            yield Candidate(name, float(value), title, text, settings)
        yield Candidate("IQR", float(q[2] - q[0]), title, f"{show(q[2])} - {show(q[0])}", settings)
    if values.size > 3 and ordered[0] < ordered[-1]:
        yield from _moments(values)


def _between(ordered: FloatArray, position: float) -> str:
    """Spell out the interpolation at a position counted from 1."""
    low = math.floor(position + 1e-12)
    share = position - low
    first = f"{show(float(ordered[low - 1]))} (value {low})"
    if share < 1e-12 or low == ordered.size:
        return first
    step = f"({show(float(ordered[low]))} - {show(float(ordered[low - 1]))})"
    return f"{first} + {show(share)} x {step}"


def _moments(values: FloatArray) -> Iterator[Candidate]:
    n = values.size
    away = values - values.mean()
    away /= np.abs(away).max()  # shape has no unit, and fourth powers would overflow
    m2, m3, m4 = (float(np.mean(away**k)) for k in (2, 3, 4))
    g1, g2 = m3 / m2**1.5, m4 / m2**2 - 3
    adjusted = math.sqrt(n * (n - 1)) / (n - 2)
    kurtosis = ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))
    shrink = (1 - 1 / n) ** 1.5
    yield Candidate("skewness", g1 * adjusted, "G1, bias-adjusted (Minitab, Excel, SAS)",
                    f"{show(g1)} x {show(adjusted)}")  # fmt: skip
    yield Candidate("skewness", g1, "g1 = m3 / m2^1.5", f"{show(m3)} / {show(m2)}^1.5")
    yield Candidate("skewness", g1 * shrink, "b1 = m3 / s^3 (R, e1071 type 3)",
                    f"{show(g1)} x (1 - 1/{n})^1.5")  # fmt: skip
    yield Candidate("kurtosis", kurtosis, "G2, bias-adjusted excess (Minitab, Excel, SAS)",
                    f"(({n} + 1) x {show(g2)} + 6) x ({n} - 1) / (({n} - 2)({n} - 3))")  # fmt: skip
    yield Candidate("kurtosis", g2, "excess, m4 / m2^2 - 3", f"{show(g2 + 3)} - 3")
    yield Candidate("kurtosis", g2 + 3, "not excess, m4 / m2^2", f"{show(m4)} / {show(m2)}^2")


def of_values(data: Any, spec: Spec) -> Iterator[Candidate]:
    """Yield everything that a column or subgroups of values allow."""
    groups = read(data)
    if groups.values.size < 2 or groups.values.min() == groups.values.max():
        return
    yield from of_capability(groups, spec)
    yield from of_limits(groups)
    yield from of_sigma(groups)
    yield from of_description(groups.values)
