"""Charts of counts: P, NP, C, U and Laney's P' and U'."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray
from leanlab.stats import constants
from leanlab.stats.control_chart import ControlChart, Lines, SigmaLines, pieces
from leanlab.stats.inputs import number, numbers
from leanlab.stats.run_rules import STANDARD, Rule
from leanlab.stats.spc.series import Base, Frame, Setup, chart, frame, panel

_TITLES = {
    "p": "Proportion defective",
    "np": "Number of defectives",
    "c": "Number of defects",
    "u": "Defects per unit",
    "laney_p": "Proportion defective",
    "laney_u": "Defects per unit",
}
_SHARES = {"p", "np", "laney_p"}
_ROWS = 16_384


def p(
    counts: ArrayLike,
    sizes: ArrayLike,
    *,
    historical_p: float | None = None,
    k: float = 3.0,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart the proportion of defectives.

    Parameters
    ----------
    counts, sizes : array_like, shape (n,)
        Defective units and inspected units per sample; one size may stand for all samples.
    historical_p : float, optional
        Known proportion, 0 to 1.
    k, stages, excluded, limits_base, rules
        As in `i_mr`.

    Returns
    -------
    ControlChart
        One panel ``p``; limits pbar -+ k sqrt(pbar (1 - pbar) / n_i), cut to 0..1.

    Raises
    ------
    DataProblem
        Negative or fractional counts, counts above the sample size, empty samples.

    References
    ----------
    Montgomery, section 7.2.

    Examples
    --------
    >>> round(float(p([4, 6, 5], [100, 100, 100]).panel("p").center[0]), 3)
    0.05
    """
    setup = Setup(k, stages, excluded, limits_base, rules)
    return _chart("p", counts, sizes, historical_p, setup)


def np_chart(
    counts: ArrayLike,
    sizes: ArrayLike,
    *,
    historical_p: float | None = None,
    k: float = 3.0,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart the number of defectives (Montgomery 7.2); parameters as in `p`. Panel ``np``.

    Examples
    --------
    >>> round(float(np_chart([4, 6, 5], 100).panel("np").center[0]), 3)
    5.0
    """
    setup = Setup(k, stages, excluded, limits_base, rules)
    return _chart("np", counts, sizes, historical_p, setup)


def c(
    counts: ArrayLike,
    *,
    historical_c: float | None = None,
    k: float = 3.0,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart the number of defects in equal areas of opportunity (Montgomery 7.3). Panel ``c``.

    Examples
    --------
    >>> round(float(c([4, 6, 5]).panel("c").ucl[0]), 3)
    11.708
    """
    setup = Setup(k, stages, excluded, limits_base, rules)
    return _chart("c", counts, 1.0, historical_c, setup)


def u(
    counts: ArrayLike,
    sizes: ArrayLike,
    *,
    historical_u: float | None = None,
    k: float = 3.0,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart defects per unit (Montgomery 7.3); `sizes` are amounts looked at. Panel ``u``.

    Examples
    --------
    >>> round(float(u([4, 6, 5], [2, 2, 2]).panel("u").center[0]), 3)
    2.5
    """
    setup = Setup(k, stages, excluded, limits_base, rules)
    return _chart("u", counts, sizes, historical_u, setup)


def laney_p(
    counts: ArrayLike,
    sizes: ArrayLike,
    *,
    historical_p: float | None = None,
    k: float = 3.0,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart proportions with limits that allow for ordinary sample-to-sample variation.

    Parameters
    ----------
    counts, sizes, historical_p, k, stages, excluded, limits_base, rules
        As in `p`.

    Returns
    -------
    ControlChart
        Panel ``p``; ``extra`` holds `sigma_z` (mean moving range of z over the exact d2(2); of the
        last stage, with `sigma_z_by_stage`), `sigma_z_1128` (with the rounded 1.128) and `z`.
        sigma_z may be below 1 and is not cut.

    References
    ----------
    Laney 2002, Improved control charts for attributes.

    Examples
    --------
    >>> chart = laney_p([40, 66, 52, 49], [1000, 1000, 1000, 1000])
    >>> round(chart.extra["sigma_z"], 3)
    1.813
    """
    setup = Setup(k, stages, excluded, limits_base, rules)
    return _chart("laney_p", counts, sizes, historical_p, setup)


def laney_u(
    counts: ArrayLike,
    sizes: ArrayLike,
    *,
    historical_u: float | None = None,
    k: float = 3.0,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart defects per unit with Laney's limits; parameters as in `u`. Panel ``u``.

    Examples
    --------
    >>> laney_u([4, 9, 5], [2, 2, 2]).kind
    'laney_u'
    """
    setup = Setup(k, stages, excluded, limits_base, rules)
    return _chart("laney_u", counts, sizes, historical_u, setup)


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    """Counts and what they were found in; `size` if all sizes are alike."""

    found: FloatArray
    n: FloatArray
    known: BoolArray | None
    size: float | None


def _chart(
    kind: str, counts: ArrayLike, sizes: ArrayLike, historical: float | None, setup: Setup
) -> ControlChart:
    samples = _samples(kind, counts, sizes)
    shape = frame(samples.found.size, samples.known, setup)
    share = kind in _SHARES
    rates = np.asarray(
        [_rate(samples, shape.base(s), historical, share=share) for s in range(shape.count)]
    )
    points = samples.found / samples.n
    one = rates * (1 - rates) if share else rates  # variance of a single unit
    extra: dict[str, Any] = {"estimate_by_stage": rates}
    stretch = np.ones(shape.count)
    if kind.startswith("laney"):
        stretch, z = _laney(points, samples, rates, one, shape)
        extra |= {
            "sigma_z": float(stretch[-1]),
            "sigma_z_by_stage": stretch,
            "sigma_z_1128": float(stretch[-1]) * constants.d2(2) / 1.128,
            "z": z,
        }
    lines = _lines(kind, samples, rates, np.sqrt(one) * stretch, setup.k, shape)
    plotted = samples.found if kind in {"np", "c"} else points
    name = kind.removeprefix("laney_")
    return chart(
        kind,
        (panel(name, _TITLES[kind], plotted, lines, setup.rules, shape),),
        shape,
        (rates, _last_errors(lines, shape, plotted)),
        source=("binomial" if share else "Poisson") + (" × sigma z" if kind[0] == "l" else ""),
        sizes=samples.n,
        k=setup.k,
        known=historical is not None,
        extra=extra,
    )


def _samples(kind: str, counts: ArrayLike, sizes: ArrayLike) -> _Samples:
    found = numbers(counts, "Count")
    if np.ndim(sizes) == 0:
        n = np.broadcast_to(np.float64(number(sizes, "Sample size")), found.shape)
    else:
        n = numbers(sizes, "Sample size")
    if found.size != n.size:
        raise DataProblem(f"There are {found.size} counts but {n.size} sample sizes.")
    if not found.size:
        raise DataProblem("There are no values.", hint="Choose a column with counts.")
    least, most = (float(n[0]),) * 2 if n.strides == (0,) else (float(n.min()), float(n.max()))
    fewest = float(found.min())  # NaN if any count is missing
    gap = np.isnan(fewest) or np.isnan(least)
    if gap or fewest < 0 or least <= 0 or not _plainly_counts(found, n, share=kind in _SHARES):
        _check(kind, found, n)
    known = ~(np.isnan(found) | np.isnan(n)) if gap else None
    return _Samples(found, n, known, most if least == most else None)


def _plainly_counts(found: FloatArray, n: FloatArray, *, share: bool) -> bool:
    whole, wrong = np.empty(_ROWS), np.empty(_ROWS, dtype=np.bool_)
    for piece in pieces(found.size, _ROWS):
        counts, sizes = found[piece], n[piece]
        rounded = np.rint(counts, out=whole[: counts.size])
        if np.not_equal(rounded, counts, out=wrong[: counts.size]).any():
            return False
        if share and np.greater(counts, sizes, out=wrong[: counts.size]).any():
            return False
    return True


def _check(kind: str, found: FloatArray, n: FloatArray) -> None:
    gap = np.isnan(found)
    good = ((np.rint(found) == found) | gap) & ((found >= 0) | gap) & ~(n <= 0)
    if kind in _SHARES:
        good &= ~(found > n)
    if not good.all():
        _refuse(int(np.argmin(good)), found, n)


def _refuse(row: int, found: FloatArray, n: FloatArray) -> None:
    count, size = float(found[row]), float(n[row])
    if count < 0:
        raise DataProblem(f"Count in row {row + 1} is negative.", hint="Counts start at 0.")
    if count != round(count):
        raise DataProblem(
            f"Count in row {row + 1} is not a whole number ({count:g}).",
            hint="Counts are 0, 1, 2 and so on.",
        )
    if size <= 0:
        raise DataProblem(
            f"Sample size in row {row + 1} is not above 0.",
            hint="Leave rows without a sample empty.",
        )
    raise DataProblem(
        f"Row {row + 1} has more defectives ({count:g}) than inspected units ({size:g}).",
        hint="Exchange the columns, or count defects per unit (U chart).",
    )


def _rate(samples: _Samples, base: Base, historical: float | None, *, share: bool) -> float:
    if historical is not None:
        rate = number(historical, "The known rate")
        if rate < 0 or (share and rate > 1):
            raise DataProblem(
                "The known share must lie between 0 and 1."
                if share
                else "The known rate must not be negative."
            )
        return rate
    found = samples.found[base]
    if not found.size:
        raise DataProblem(
            "No sample is left to compute the limits from.", hint="Include more points."
        )
    return float(found.sum() / samples.n[base].sum())


def _lines(
    kind: str, samples: _Samples, rates: FloatArray, unit: FloatArray, k: float, shape: Frame
) -> Lines:
    """Return centre and limits; `unit` is the standard deviation of a sample of one."""
    if samples.size is not None:
        rate, n, which = rates, np.full(rates.size, samples.size), shape.split
        error = unit / np.sqrt(n)
    else:
        n, which = samples.n, None
        rate = rates if shape.count == 1 else rates[shape.stage]
        error = np.sqrt(n)
        np.divide(unit if shape.count == 1 else unit[shape.stage], error, out=error)
    low, high = np.zeros(1), np.full(1, 1.0 if kind in _SHARES else np.inf)
    if kind in {"np", "c"}:
        rate, error, high = rate * n, error * n, high * n
    if which is not None:
        low, high = np.resize(low, rates.size), np.resize(high, rates.size)
    return SigmaLines(low, np.asarray(rate), high, error, which, k=k)


def _last_errors(lines: Lines, shape: Frame, points: FloatArray) -> FloatArray:
    """Return the standard deviation of the last point of each stage."""
    out = np.full(shape.count, np.nan)
    for stage in range(shape.count):
        if shape.count == 1 and not np.isnan(points[-1]):
            at = shape.n - 1
        else:
            here = np.flatnonzero((shape.stage == stage) & ~np.isnan(points))
            if not here.size:
                continue
            at = int(here[-1])
        out[stage] = lines.part("sigma", slice(at, at + 1), shape.n)[0]
    return out


def _laney(
    points: FloatArray, samples: _Samples, rates: FloatArray, one: FloatArray, shape: Frame
) -> tuple[FloatArray, FloatArray]:
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(shape.by_stage(one) / samples.n)
        z = (points - shape.by_stage(rates)) / error
    steps = np.abs(np.diff(z))
    good = np.isfinite(steps)
    if shape.count > 1:
        good &= shape.stage[1:] == shape.stage[:-1]
    out = np.empty(shape.count)
    for stage in range(shape.count):
        base = shape.base(stage)
        usable = good if isinstance(base, slice) else good & base[1:] & base[:-1]
        if not usable.any():
            raise DataProblem(
                "Laney limits need at least two neighbouring samples that vary.",
                hint="Use an ordinary chart until there are more samples.",
            )
        out[stage] = steps[usable].mean() / constants.d2(2)
    return out, z
