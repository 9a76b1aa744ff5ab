"""Charts of counts: P, NP, C, U and Laney's P' and U'."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import constants
from leanlab.stats.control_chart import ControlChart
from leanlab.stats.run_rules import STANDARD, Rule
from leanlab.stats.spc.series import base_stage, frame, numbers
from leanlab.stats.spc.variables import panel

_TITLES = {
    "p": "Proportion defective",
    "np": "Number of defectives",
    "c": "Number of defects",
    "u": "Defects per unit",
    "laney_p": "Proportion defective",
    "laney_u": "Defects per unit",
}


def p(
    counts: ArrayLike, sizes: ArrayLike, *, historical_p: float | None = None, **options: Any
) -> ControlChart:
    """Chart the proportion of defectives.

    Parameters
    ----------
    counts, sizes : array_like, shape (n,)
        Defective units and inspected units per sample.
    historical_p : float, optional
        Known proportion, 0 to 1.
    **options
        `k`, `stages`, `excluded`, `limits_base`, `rules` as in `i_mr`.

    Returns
    -------
    ControlChart
        One panel ``p``; limits pbar -+ k sqrt(pbar (1 - pbar) / n_i), cut to 0..1.

    Raises
    ------
    DataProblem
        Negative counts, counts above the sample size, empty samples.

    References
    ----------
    Montgomery, section 7.2.

    Examples
    --------
    >>> round(float(p([4, 6, 5], [100, 100, 100]).panel("p").center[0]), 3)
    0.05
    """
    return _chart("p", counts, sizes, historical_p, **options)


def np_chart(
    counts: ArrayLike, sizes: ArrayLike, *, historical_p: float | None = None, **options: Any
) -> ControlChart:
    """Chart the number of defectives; parameters as in `p`. One panel ``np``."""
    return _chart("np", counts, sizes, historical_p, **options)


def c(counts: ArrayLike, *, historical_c: float | None = None, **options: Any) -> ControlChart:
    """Chart the number of defects in equal areas of opportunity (Montgomery 7.3). Panel ``c``."""
    values = numbers(counts, "Count")
    return _chart("c", values, np.ones(values.size), historical_c, **options)


def u(
    counts: ArrayLike, sizes: ArrayLike, *, historical_u: float | None = None, **options: Any
) -> ControlChart:
    """Chart defects per unit (Montgomery 7.3). Panel ``u``."""
    return _chart("u", counts, sizes, historical_u, **options)


def laney_p(counts: ArrayLike, sizes: ArrayLike, **options: Any) -> ControlChart:
    """Chart proportions with limits that allow for ordinary sample-to-sample variation.

    Parameters
    ----------
    counts, sizes : array_like, shape (n,)
    **options
        As in `p`.

    Returns
    -------
    ControlChart
        Panel ``p``; ``extra`` holds `sigma_z` (mean moving range of z over the exact d2(2)),
        `sigma_z_1128` (with the rounded 1.128) and `z`.

    References
    ----------
    Laney 2002, Improved control charts for attributes.
    """
    return _chart("laney_p", counts, sizes, None, **options)


def laney_u(counts: ArrayLike, sizes: ArrayLike, **options: Any) -> ControlChart:
    """Chart defects per unit with Laney's limits; parameters as in `laney_p`. Panel ``u``."""
    return _chart("laney_u", counts, sizes, None, **options)


def _chart(
    kind: str,
    counts: ArrayLike,
    sizes: ArrayLike,
    historical: float | None,
    *,
    k: float = 3.0,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    found, n = _checked(kind, counts, sizes)
    known = np.isfinite(found) & np.isfinite(n)
    shape = frame(found.size, known, stages=stages, excluded=excluded, limits_base=limits_base)
    share = kind in {"p", "np", "laney_p"}
    rates = np.full(len(shape.stage_names), np.nan)
    for stage in range(rates.size):
        rates[stage] = _rate(found, n, base_stage(shape, stage), historical, share=share)
    rate = rates[shape.stage]
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(rate * (1 - rate) / n) if share else np.sqrt(rate / n)
        points = found / n
        z = (points - rate) / error
    extra: dict[str, Any] = {"estimate_by_stage": rates}
    if kind.startswith("laney"):
        sigma_z = _laney_sigma(z, shape.used, shape.stage)
        extra |= {"sigma_z": sigma_z, "sigma_z_1128": sigma_z * constants.d2(2) / 1.128, "z": z}
        error = error * sigma_z
    rate = np.where(known, rate, np.nan)
    center, low, high = rate, np.maximum(0.0, rate - k * error), rate + k * error
    if share:
        high = np.minimum(1.0, high)
    if kind in {"np", "c"}:
        points, center, low, high, error = (part * n for part in (points, center, low, high, error))
    name = kind.removeprefix("laney_")
    return ControlChart(
        kind=kind,
        panels=(
            panel(name, _TITLES[kind], points, (low, center, high), error, rules, shape.stage),
        ),
        stage=shape.stage,
        stage_names=shape.stage_names,
        used=shape.used,
        excluded=shape.excluded,
        mean_by_stage=rates,
        sigma_by_stage=np.asarray(
            [_last_error(error, shape.stage == s) for s in range(rates.size)]
        ),
        sizes=n,
        sigma_source="binomial" + (" × sigma z" if kind == "laney_p" else "")
        if share
        else "Poisson",
        limits_basis=shape.basis if historical is None else "known parameters",
        k=k,
        extra=extra,
    )


def _last_error(error: FloatArray, here: Any) -> float:
    known = error[here & np.isfinite(error)]
    return float(known[-1]) if known.size else float("nan")


def _checked(kind: str, counts: ArrayLike, sizes: ArrayLike) -> tuple[FloatArray, FloatArray]:
    found = numbers(counts, "Count")
    n = numbers(sizes if np.ndim(sizes) else np.full(found.size, sizes), "Sample size")
    if found.size != n.size:
        raise DataProblem(f"There are {found.size} counts but {n.size} sample sizes.")
    _refuse(found < 0, "Count in row {row} is negative.", "Counts start at 0.")
    _refuse(
        n <= 0, "Sample size in row {row} is not above 0.", "Leave rows without a sample empty."
    )
    if kind in {"p", "np", "laney_p"}:
        _refuse(
            found > n,
            "Row {row} has more defectives than inspected units.",
            "Exchange the columns, or count defects per unit (U chart).",
        )
    return found, n


def _refuse(bad: Any, message: str, hint: str) -> None:
    at = np.flatnonzero(bad)
    if at.size:
        raise DataProblem(message.format(row=at[0] + 1), hint=hint)


def _rate(
    found: FloatArray, n: FloatArray, base: Any, historical: float | None, *, share: bool
) -> float:
    if historical is not None:
        if historical < 0 or (share and historical > 1):
            raise DataProblem(
                "The known share must lie between 0 and 1."
                if share
                else "The known rate must not be negative."
            )
        return float(historical)
    if not base.any():
        raise DataProblem(
            "No sample is left to compute the limits from.", hint="Include more points."
        )
    return float(found[base].sum() / n[base].sum())


def _laney_sigma(z: FloatArray, used: Any, stage: Any) -> float:
    steps = np.abs(np.diff(z))
    good = used[1:] & used[:-1] & (stage[1:] == stage[:-1]) & np.isfinite(steps)
    if not good.any():
        raise DataProblem(
            "Laney limits need at least two neighbouring samples that vary.",
            hint="Use an ordinary chart until there are more samples.",
        )
    return float(steps[good].mean() / constants.d2(2))
