"""Charts of several related measures at once: Hotelling T2, generalized variance, MEWMA."""

import math
from typing import Any, Never

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray
from leanlab.stats.control_chart import ControlChart, Lines
from leanlab.stats.inputs import choice, fraction, number, whole
from leanlab.stats.run_rules import BEYOND
from leanlab.stats.spc.series import Base, Frame, Setup, chart, frame, nothing_left, panel

_NAN = float("nan")


def _table(x: Any, what: str) -> FloatArray:
    """Return rows of readings; None and NaN are missing."""
    try:
        table = np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataProblem(f"{what} must be rows of numbers, one column per measure.") from error
    if table.ndim != 2 or table.size == 0:
        raise DataProblem(f"{what} must be rows of numbers, one column per measure.")
    infinite = np.argwhere(np.isinf(table))
    if infinite.size:
        row, column = infinite[0]
        raise DataProblem(f"{what}: row {row + 1}, measure {column + 1} is infinite.")
    return table


def _complete_rows(table: FloatArray) -> BoolArray:
    return np.asarray(~np.isnan(table).any(axis=1), dtype=np.bool_)


def _cube(subgroups: Any) -> FloatArray:
    try:
        cube = np.asarray(subgroups, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataProblem(
            "Subgroups must all have the same number of rows and measures.",
            hint="Leave out incomplete subgroups.",
        ) from error
    if cube.ndim != 3 or cube.size == 0:
        raise DataProblem("Subgroups must be tables: rows of readings, one column per measure.")
    return cube


def _inverse(cov: FloatArray) -> FloatArray:
    """Return the inverse of a covariance matrix, refusing measures that repeat each other."""
    scale = np.sqrt(np.diagonal(cov))
    flat = np.flatnonzero(~(scale > 0))
    if flat.size:
        raise DataProblem(
            f"Measure {flat[0] + 1} does not vary.", hint="Leave it out: it cannot be judged."
        )
    correlation = cov / np.outer(scale, scale)
    values = np.linalg.eigvalsh(correlation)
    if values[0] <= 1e-12 * values[-1]:
        raise DataProblem(
            "The measures repeat each other (one can be computed from the rest), or there are too "
            "few rows.",
            hint="Leave one measure out, or use more rows.",
        )
    return np.asarray(np.linalg.inv(correlation) / np.outer(scale, scale))


def _distances(away: FloatArray, cov: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("ij,jk,ik->i", away, _inverse(cov), away))


def _quantile_beta(p: float, a: float, b: float) -> float:
    from scipy.special import betaincinv

    return float(betaincinv(a, b, p))


def _quantile_f(p: float, df1: float, df2: float) -> float:
    from scipy.special import fdtri

    return float(fdtri(df1, df2, p))


def _whole_chart(
    kind: str,
    title: str,
    points: FloatArray,
    lines: Lines,
    shape: Frame,
    source: str,
    extra: dict[str, Any],
    *,
    k: float = _NAN,
) -> ControlChart:
    one = panel(kind, title, points, lines, BEYOND, shape)
    estimates = (lines.center, np.full(shape.count, _NAN))
    return chart(kind, (one,), shape, estimates, source=source, k=k, extra=extra)


def _lines(
    ucl: FloatArray,
    shape: Frame,
    *,
    lcl: FloatArray | None = None,
    center: FloatArray | None = None,
    sigma: FloatArray | None = None,
) -> Lines:
    """Return the lines of a chart from one value per stage; what is left out has no line."""
    none = np.full(shape.count, _NAN)
    low, middle, zone = (none if v is None else v for v in (lcl, center, sigma))
    return Lines(low, middle, ucl, zone, kind=shape.split)


def _of_stages(means: list[FloatArray], covs: list[FloatArray]) -> dict[str, Any]:
    """Return what a chart tells of its estimates; without stages the first is the only one."""
    return {
        "mean": means[0], "cov": covs[0], "mean_by_stage": tuple(means), "cov_by_stage": tuple(covs),
    }  # fmt: skip


def _too_few(shape: Frame, stage: int, found: str, measures: int, hint: str = "") -> Never:
    """Refuse a stage that has too few points, by its name if there are several."""
    where = f" in stage '{shape.stage_names[stage]}'" if shape.count > 1 else ""
    raise DataProblem(f"{found}{where} are too few for {measures} measures.", hint=hint)


def hotelling_t2_individuals(
    x: ArrayLike,
    *,
    alpha: float = 0.0027,
    phase: str = "I",
    covariance: str = "sample",
    reference: ArrayLike | None = None,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
) -> ControlChart:
    """Chart the distance of each row of several measures from their common mean.

    Parameters
    ----------
    x : array_like, shape (n, measures)
        Rows in time order; rows with a missing reading are not plotted.
    alpha : float, default 0.0027
        False alarm rate per point of the whole statistic.
    phase : {"I", "II"}
        I judges the rows that mean and covariance come from; II judges new rows against
        `reference`, or against the rows of `limits_base`.
    covariance : {"sample", "successive_difference"}
        V'V / (2 (m - 1)) from successive differences resists shifts of the mean; no exact limit
        is known for it.
    reference : array_like, shape (m, measures), optional
        Rows that mean and covariance come from in phase II.
    stages, excluded, limits_base
        As in `i_mr`; mean and covariance are those of each stage.

    Returns
    -------
    ControlChart
        Panel ``t2``; ``extra`` holds `mean` and `cov` of the first stage, and `mean_by_stage` and
        `cov_by_stage`.

    Raises
    ------
    DataProblem
        Too few rows, measures that do not vary or repeat each other.

    Notes
    -----
    Upper limit in phase I (m-1)^2/m Beta(1-alpha; p/2, (m-p-1)/2), in phase II
    p (m+1)(m-1)/(m^2-mp) F(1-alpha; p, m-p).

    References
    ----------
    Tracy, Young and Mason 1992; Montgomery, section 11.3.

    Examples
    --------
    >>> rows = [[1, 2], [2, 1], [3, 4], [2, 3], [1, 1]]
    >>> chart = hotelling_t2_individuals(rows, alpha=0.05)
    >>> round(float(chart.panel("t2").ucl[0]), 2)
    3.04
    """
    choice(phase, ("I", "II"), "phase")
    choice(covariance, ("sample", "successive_difference"), "covariance")
    alpha = fraction(alpha, "Alpha")
    rows = _table(x, "Readings")
    whole_rows = _complete_rows(rows)
    shape = frame(
        rows.shape[0],
        None if whole_rows.all() else whole_rows,
        Setup(3.0, stages, excluded, limits_base),
    )
    new = phase == "II" and (limits_base is None or reference is not None)
    known = _reference(reference, rows.shape[1]) if new else None
    points, ucl = np.full(rows.shape[0], np.nan), np.full(shape.count, _NAN)
    means, covs = [], []
    for stage in range(shape.count):
        base = rows[shape.base(stage)] if known is None else known
        m, p = base.shape
        if m <= p + 1:
            _too_few(shape, stage, f"{m} rows", p, f"At least {p + 2} are needed.")
        means.append(base.mean(axis=0))
        covs.append(_covariance(base, covariance))
        own = whole_rows & (shape.stage == stage)
        points[own] = _distances(rows[own] - means[-1], covs[-1])
        if covariance == "sample":
            ucl[stage] = _t2_limit(m, p, alpha, phase)
    extra = _of_stages(means, covs) | {"alpha": alpha, "phase": phase}
    return _whole_chart(
        "t2", "Hotelling T²", points, _lines(ucl, shape), shape,
        f"{covariance.replace('_', ' ')} covariance", extra,
    )  # fmt: skip


def _t2_limit(m: int, p: int, alpha: float, phase: str) -> float:
    """Return the upper limit for single rows: Beta for the rows estimated from, F for new ones."""
    if phase == "I":
        return (m - 1) ** 2 / m * _quantile_beta(1 - alpha, p / 2, (m - p - 1) / 2)
    return p * (m + 1) * (m - 1) / (m * m - m * p) * _quantile_f(1 - alpha, p, m - p)


def _reference(reference: ArrayLike | None, measures: int) -> FloatArray:
    if reference is None:
        raise DataProblem(
            "Phase II judges new rows against reference rows, and there are none.",
            hint="Give the rows of a stable time, or choose phase I.",
        )
    rows = _table(reference, "Reference")
    if rows.shape[1] != measures:
        raise DataProblem(f"The reference has {rows.shape[1]} measures, the data {measures}.")
    return rows[~np.isnan(rows).any(axis=1)]


def _covariance(base: FloatArray, kind: str) -> FloatArray:
    if kind == "sample":
        away = base - base.mean(axis=0)
        return np.asarray(away.T @ away / (base.shape[0] - 1))
    steps = np.diff(base, axis=0)
    return np.asarray(steps.T @ steps / (2 * (base.shape[0] - 1)))


def _within(cube: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the covariance of each subgroup."""
    means = cube.mean(axis=1)
    away = cube - means[:, None, :]
    return means, np.asarray(np.einsum("mij,mik->mjk", away, away) / (cube.shape[1] - 1))


def _averaged(values: FloatArray, base: Base) -> FloatArray:
    chosen = values[base]
    if not len(chosen):
        raise nothing_left()
    return np.asarray(chosen.mean(axis=0))


def _complete(cube: FloatArray, setup: Setup) -> tuple[Frame, BoolArray]:
    there = _complete_rows(cube.reshape(cube.shape[0], -1))
    return frame(cube.shape[0], None if there.all() else there, setup), there


def hotelling_t2_subgroups(
    subgroups: Any,
    *,
    alpha: float = 0.0027,
    phase: str = "I",
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
) -> ControlChart:
    """Chart the distance of subgroup means of several measures from their common mean.

    Parameters
    ----------
    subgroups : array_like, shape (m, n, measures)
        Equal subgroups; one with a missing reading is not plotted.
    alpha, phase, stages, excluded, limits_base
        As in `hotelling_t2_individuals`; in phase II the same subgroups estimate, but the limit
        is that for new ones.

    Returns
    -------
    ControlChart
        Panel ``t2``; ``extra`` as in `hotelling_t2_individuals` (mean covariance within
        subgroups).

    Notes
    -----
    Upper limit p (m -+ 1)(n - 1)/(mn - m - p + 1) F(1-alpha; p, mn - m - p + 1), with - in phase
    I and + in phase II.

    References
    ----------
    Montgomery, section 11.3.

    Examples
    --------
    >>> groups = [[[1, 2], [2, 1], [3, 4]], [[2, 3], [1, 1], [2, 2]], [[1, 1], [2, 3], [3, 2]]]
    >>> hotelling_t2_subgroups(groups).panel("t2").points.size
    3
    """
    choice(phase, ("I", "II"), "phase")
    alpha = fraction(alpha, "Alpha")
    cube = _cube(subgroups)
    shape, there = _complete(cube, Setup(3.0, stages, excluded, limits_base))
    _, n, p = cube.shape
    if n < 2:
        _too_few(shape, 0, f"{cube.shape[0]} subgroups of {n}", p)
    centers, spreads = _within(cube)
    points, ucl = np.full(cube.shape[0], np.nan), np.full(shape.count, _NAN)
    means, covs = [], []
    for stage in range(shape.count):
        base = shape.base(stage)
        m = len(cube[base])
        freedom = m * n - m - p + 1
        if freedom < 1:
            _too_few(shape, stage, f"{m} subgroups of {n}", p)
        means.append(_averaged(centers, base))
        covs.append(_averaged(spreads, base))
        own = there & (shape.stage == stage)
        points[own] = n * _distances(centers[own] - means[-1], covs[-1])
        grown = m - 1 if phase == "I" else m + 1
        ucl[stage] = p * grown * (n - 1) / freedom * _quantile_f(1 - alpha, p, freedom)
    extra = _of_stages(means, covs) | {"alpha": alpha, "phase": phase}
    lines = _lines(ucl, shape)
    return _whole_chart("t2", "Hotelling T²", points, lines, shape, "covariance within", extra)


def generalized_variance(
    subgroups: Any,
    *,
    k: float = 3.0,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
) -> ControlChart:
    """Chart the determinant of each subgroup's covariance: the spread of several measures.

    Parameters
    ----------
    subgroups : array_like, shape (m, n, measures)
        Equal subgroups with more rows than measures.
    k : float, default 3
    stages, excluded, limits_base
        As in `i_mr`.

    Returns
    -------
    ControlChart
        Panel ``gv``; ``extra`` holds `b1`, `b2`, `det_sigma` of the first stage and
        `det_sigma_by_stage`.

    Notes
    -----
    b1 = prod (n - i) / (n - 1)^p, b2 = prod (n - i) [prod (n - i + 2) - prod (n - i)] /
    (n - 1)^(2p) for i = 1..p; centre |S|, limits |S| / b1 (b1 -+ k sqrt(b2)), not below 0.

    References
    ----------
    Montgomery, section 11.5.

    Examples
    --------
    >>> groups = [[[1, 2], [2, 1], [3, 4]], [[2, 3], [1, 1], [2, 2]], [[1, 1], [2, 3], [3, 2]]]
    >>> generalized_variance(groups).extra["b1"]
    0.5
    """
    cube = _cube(subgroups)
    shape, there = _complete(cube, Setup(k, stages, excluded, limits_base))
    _, n, p = cube.shape
    if n <= p:
        raise DataProblem(
            f"Subgroups of {n} are too small for {p} measures.",
            hint=f"Each needs more than {p} rows.",
        )
    _, covs = _within(cube)
    center = np.asarray(
        [np.linalg.det(_averaged(covs, shape.base(stage))) for stage in range(shape.count)]
    )
    if not (center > 0).all():
        raise DataProblem("The measures repeat each other, or do not vary within subgroups.")
    below = math.prod(n - i for i in range(1, p + 1))
    above = math.prod(n - i + 2 for i in range(1, p + 1))
    b1, b2 = below / (n - 1) ** p, below * (above - below) / (n - 1) ** (2 * p)
    whole_sigma = center / b1
    wide = k * math.sqrt(b2)
    points = np.full(cube.shape[0], np.nan)
    points[there] = np.linalg.det(covs[there])
    lines = _lines(
        whole_sigma * (b1 + wide), shape, lcl=np.maximum(0.0, whole_sigma * (b1 - wide)),
        center=center, sigma=whole_sigma * math.sqrt(b2),
    )  # fmt: skip
    extra = {
        "b1": b1, "b2": b2, "det_sigma": float(whole_sigma[0]), "det_sigma_by_stage": whole_sigma,
    }  # fmt: skip
    return _whole_chart("gv", "Generalized variance", points, lines, shape, "|S| / b1", extra, k=k)


def mewma(
    x: ArrayLike,
    *,
    lambda_: float = 0.1,
    ucl: float | None = None,
    mean: ArrayLike | None = None,
    cov: ArrayLike | None = None,
    covariance_form: str = "exact",
    arl0: float = 370.4,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
) -> ControlChart:
    """Chart an exponentially weighted moving average of several measures.

    Parameters
    ----------
    x : array_like, shape (n, measures)
        Rows in time order; a row with a missing reading leaves the average as it was.
    lambda_ : float, default 0.1
        Weight of the newest row.
    ucl : float, optional
        Upper limit; worked out for `arl0` if left out (`mewma_limit`).
    mean, cov : array_like, optional
        Known parameters; estimated from the rows (sample covariance) if left out.
    covariance_form : {"exact", "asymptotic"}
        Whether the limit allows for the start-up of the average.
    arl0 : float, default 370.4
        Wanted mean number of points between false alarms.
    stages, excluded, limits_base
        As in `i_mr`; the average starts anew with each stage.

    Returns
    -------
    ControlChart
        Panel ``mewma``.

    References
    ----------
    Lowry, Woodall, Champ and Rigdon 1992, Technometrics 34.

    Examples
    --------
    >>> chart = mewma([[1.0, 0.5], [0.2, -1]], ucl=8.63, mean=[0, 0], cov=[[1, 0], [0, 1]])
    >>> round(float(chart.panel("mewma").points[0]), 3)
    1.25
    """
    weight = number(lambda_, "Lambda", above=0)
    if weight > 1:
        raise DataProblem(f"Lambda must be above 0 and at most 1, not {weight:g}.")
    choice(covariance_form, ("exact", "asymptotic"), "covariance form")
    rows = _table(x, "Readings")
    there = _complete_rows(rows)
    shape = frame(
        rows.shape[0], None if there.all() else there, Setup(3.0, stages, excluded, limits_base)
    )
    means, covs = [], []
    for stage in range(shape.count):
        middle, spread = _parameters(rows[shape.base(stage)], mean, cov)
        means.append(middle)
        covs.append(spread)
    points = np.full(rows.shape[0], np.nan)
    for part in shape.segments():
        stage = int(shape.stage[part.start])
        seen = part.start + np.flatnonzero(there[part])
        points[seen] = _averaged_distances(
            rows[seen] - means[stage], covs[stage], weight, from_rest=covariance_form == "exact"
        )
    limit = (
        mewma_limit(weight, arl0, rows.shape[1])
        if ucl is None
        else number(ucl, "Upper limit", above=0)
    )
    extra = _of_stages(means, covs) | {"lambda": weight}
    lines = _lines(np.full(shape.count, limit), shape)
    source = "known covariance" if cov is not None else "sample covariance"
    return _whole_chart("mewma", f"MEWMA (lambda {weight:g})", points, lines, shape, source, extra)


def _averaged_distances(
    away: FloatArray, cov: FloatArray, weight: float, *, from_rest: bool
) -> FloatArray:
    """Return the distances of the moving average of one run of points from the mean."""
    from scipy.signal import lfilter

    if not away.size:
        return np.zeros(0)
    smooth = np.asarray(lfilter([weight], [1.0, weight - 1.0], away, axis=0))
    shrink = np.full(away.shape[0], weight / (2 - weight))
    if from_rest:
        shrink *= 1 - (1 - weight) ** (2.0 * np.arange(1, away.shape[0] + 1))
    return _distances(smooth, cov) / shrink


def _parameters(
    base: FloatArray, mean: ArrayLike | None, cov: ArrayLike | None
) -> tuple[FloatArray, FloatArray]:
    p = base.shape[1]
    if not base.shape[0] or (cov is None and base.shape[0] <= p):
        raise DataProblem(f"There are too few complete rows for {p} measures.")
    middle = base.mean(axis=0) if mean is None else np.asarray(mean, dtype=np.float64)
    spread = _covariance(base, "sample") if cov is None else np.asarray(cov, dtype=np.float64)
    if middle.shape != (p,) or spread.shape != (p, p) or not np.allclose(spread, spread.T):
        raise DataProblem(
            f"The known mean needs {p} values, the covariance {p} by {p} symmetric ones."
        )
    return middle, spread


def mewma_limit(lambda_: float, arl0: float, p: int) -> float:
    """Return the upper limit of a MEWMA chart for a wanted in-control run length.

    Parameters
    ----------
    lambda_ : float
        Weight of the newest row, above 0 to 1.
    arl0 : float
        Wanted mean number of points between false alarms, above 1.
    p : int
        Number of measures.

    Returns
    -------
    float

    Notes
    -----
    Integral equation of the zero-state run length in the length of the averaged vector, solved on
    Gauss-Legendre nodes; asymptotic covariance.

    References
    ----------
    Rigdon 1995, Journal of Statistical Computation and Simulation 52.

    Examples
    --------
    >>> round(mewma_limit(0.1, 200, 2), 2)
    8.63
    """
    weight = number(lambda_, "Lambda", above=0)
    wanted = number(arl0, "Run length", above=1)
    measures = whole(p, "Number of measures", least=1)
    if weight > 1:
        raise DataProblem(f"Lambda must be above 0 and at most 1, not {weight:g}.")
    from scipy.optimize import brentq
    from scipy.special import chdtri

    shewhart = float(chdtri(measures, 1 / wanted))
    if weight == 1:
        return shewhart
    root, result = brentq(
        lambda h: math.log(mewma_arl(weight, h, measures) / wanted),
        1e-3 * shewhart, 1.05 * shewhart, xtol=1e-9, full_output=True,
    )  # fmt: skip
    if not result.converged:
        raise DataProblem("The limit of the MEWMA chart could not be found.")
    return float(root)


def mewma_arl(lambda_: float, h: float, p: int, *, nodes: int = 120) -> float:
    """Return the in-control zero-state run length of a MEWMA chart with upper limit h."""
    from scipy.special import gammaln, ive

    reach = math.sqrt(h * lambda_ / (2 - lambda_)) / lambda_  # length of Z, in units of lambda
    x, w = np.polynomial.legendre.leggauss(nodes)
    to, w = reach * (x + 1) / 2, w * reach / 2
    start = (1 - lambda_) * np.r_[0.0, to]  # length that the old average hands on
    order = p / 2 - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        density = (
            to * (to / start[1:, None]) ** order
            * np.exp(-0.5 * (to - start[1:, None]) ** 2) * ive(order, to * start[1:, None])
        )  # fmt: skip
    from_rest = np.exp((p - 1) * np.log(to) - 0.5 * to**2 - order * math.log(2.0) - gammaln(p / 2))
    length = np.linalg.solve(np.eye(nodes) - density * w, np.ones(nodes))
    return float(1 + (from_rest * w) @ length)
