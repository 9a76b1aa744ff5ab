"""Response surfaces and desirability: where the optimum is, and how good a setting is."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats.doe.least_squares import Fit, least_squares, two_sided_p
from leanlab.stats.inputs import choice, number, numbers


@dataclass(frozen=True, slots=True)
class LackOfFit:
    """Test of what the quadratic model leaves over, against replicated runs."""

    df: int
    ss: float
    f: float
    p_value: float
    df_pure_error: int
    ss_pure_error: float


@dataclass(frozen=True, slots=True, eq=False)
class ResponseSurface:
    """Result of `rsm_fit`.

    Attributes
    ----------
    terms : tuple of str
        ``intercept``, ``x1``..., ``x1^2``..., ``x1:x2``...
    coef, se, p_value : FloatArray, shape (terms,)
    s, r_squared, r_squared_adj, r_squared_pred : float
    stationary_point : FloatArray, shape (factors,)
        In coded units; NaN on a ridge.
    y_at_stationary : float
    eigenvalues : FloatArray, shape (factors,)
        Of the matrix of second-order coefficients, decreasing.
    nature : {"maximum", "minimum", "saddle", "ridge"}
    lack_of_fit : LackOfFit or None
        None without replicated runs, or if nothing is left over.
    fitted, residual : FloatArray, shape (runs,)
    """

    terms: tuple[str, ...]
    coef: FloatArray
    se: FloatArray
    p_value: FloatArray
    s: float
    r_squared: float
    r_squared_adj: float
    r_squared_pred: float
    stationary_point: FloatArray
    y_at_stationary: float
    eigenvalues: FloatArray
    nature: str
    lack_of_fit: LackOfFit | None
    fitted: FloatArray
    residual: FloatArray


def rsm_fit(x: ArrayLike, y: ArrayLike) -> ResponseSurface:
    """Fit a full quadratic model and describe its stationary point.

    Parameters
    ----------
    x : array_like, shape (runs, factors)
        Settings in coded units.
    y : array_like, shape (runs,)
        Response; runs without one are left out.

    Returns
    -------
    ResponseSurface

    Raises
    ------
    DataProblem
        Too few runs or levels for a quadratic model, or a constant response.

    Notes
    -----
    Stationary point -B^-1 b / 2, with half the interaction coefficients off the diagonal of B.

    References
    ----------
    Myers, Montgomery and Anderson-Cook, Response Surface Methodology, chapter 6.

    Examples
    --------
    >>> fit = rsm_fit([[-1], [-0.5], [0], [0.5], [1]], [0, 3, 4, 3, 0.2])
    >>> fit.nature
    'maximum'
    """
    settings, response = _settings(x, y)
    model, terms = _quadratic(settings)
    fit = least_squares(model, response, terms)
    total = float(np.sum((response - response.mean()) ** 2))
    if total == 0:
        raise DataProblem(f"All responses are {response[0]:g}.", hint="Choose another response.")
    n, p = model.shape
    saturated = fit.df_error == 0
    se = fit.s * np.sqrt(fit.scale)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = fit.coef / se
    point, height, values, nature = _stationary(fit.coef, settings.shape[1])
    return ResponseSurface(
        terms=tuple(terms),
        coef=fit.coef,
        se=se,
        p_value=np.full(p, np.nan) if saturated else two_sided_p(t, fit.df_error),
        s=fit.s,
        r_squared=1 - fit.ss_error / total,
        r_squared_adj=float("nan")
        if saturated
        else 1 - fit.ss_error / fit.df_error / (total / (n - 1)),
        r_squared_pred=_predicted(fit, total),
        stationary_point=point,
        y_at_stationary=height,
        eigenvalues=values,
        nature=nature,
        lack_of_fit=_lack_of_fit(settings, response, fit),
        fitted=response - fit.residual,
        residual=fit.residual,
    )


def _settings(x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    try:
        settings = np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataProblem("The settings must be a table of numbers.") from error
    if settings.ndim != 2 or settings.size == 0:
        raise DataProblem("The settings must be a table with one row per run.")
    response = numbers(y, "Response")
    if response.size != settings.shape[0]:
        raise DataProblem(f"There are {settings.shape[0]} runs but {response.size} responses.")
    bad = np.argwhere(~np.isfinite(settings))
    if bad.size:
        raise DataProblem(f"Run {bad[0][0] + 1} lacks the setting of factor {bad[0][1] + 1}.")
    there = ~np.isnan(response)
    return settings[there], response[there]


def _quadratic(settings: FloatArray) -> tuple[FloatArray, list[str]]:
    n, k = settings.shape
    pairs = list(itertools.combinations(range(k), 2))
    columns = [np.ones(n), *settings.T, *(settings**2).T]
    columns += [settings[:, i] * settings[:, j] for i, j in pairs]
    names = [f"x{i + 1}" for i in range(k)]
    terms = ["intercept", *names, *(f"{name}^2" for name in names)]
    return np.stack(columns, axis=1), terms + [f"x{i + 1}:x{j + 1}" for i, j in pairs]


def _stationary(coef: FloatArray, k: int) -> tuple[FloatArray, float, FloatArray, str]:
    slope = coef[1 : k + 1]
    curve = np.diag(coef[k + 1 : 2 * k + 1])
    for (i, j), both in zip(itertools.combinations(range(k), 2), coef[2 * k + 1 :], strict=True):
        curve[i, j] = curve[j, i] = both / 2
    values = np.asarray(np.linalg.eigvalsh(curve)[::-1], dtype=np.float64)
    point = np.full(k, np.nan, dtype=np.float64)
    if np.abs(values).min() <= 1e-12 * max(np.abs(values).max(), 1e-300):
        return point, float("nan"), values, "ridge"
    point[:] = -np.linalg.solve(curve, slope) / 2
    nature = "maximum" if values[0] < 0 else "minimum" if values[-1] > 0 else "saddle"
    return point, float(coef[0] + slope @ point / 2), values, nature


def _predicted(fit: Fit, total: float) -> float:
    """Return R squared of each run predicted by the others; NaN if one run stands alone."""
    rest = 1 - fit.leverage
    if np.any(rest < 1e-10):
        return float("nan")
    return 1 - float(np.sum((fit.residual / rest) ** 2)) / total


def _lack_of_fit(settings: FloatArray, response: FloatArray, fit: Fit) -> LackOfFit | None:
    from scipy.special import fdtrc

    _, same = np.unique(settings.round(9), axis=0, return_inverse=True)
    same = same.ravel()
    counts = np.bincount(same)
    means = np.bincount(same, weights=response) / counts
    pure = float(np.sum((response - means[same]) ** 2))
    df_pure = response.size - counts.size
    df = fit.df_error - df_pure
    if df <= 0 or df_pure == 0:
        return None
    ss = max(0.0, fit.ss_error - pure)
    if pure == 0:
        return LackOfFit(df, ss, float("nan"), float("nan"), df_pure, pure)
    f = ss / df / (pure / df_pure)
    return LackOfFit(df, ss, f, float(fdtrc(df, df_pure, f)), df_pure, pure)


@dataclass(frozen=True, slots=True, eq=False)
class Desirability:
    """Desirability of each response, and of all together: 0 useless to 1 perfect."""

    individual: tuple[float, ...]
    composite: float


def desirability(responses: Sequence[Mapping[str, Any]]) -> Desirability:
    """Rate a setting by all its responses at once.

    Parameters
    ----------
    responses : sequence of mapping
        Each with ``goal`` (maximize, minimize or target), ``value``, ``target``, ``lower`` and/or
        ``upper`` (where it becomes useless), ``weight`` (default 1) and ``importance`` (default 1).

    Returns
    -------
    Desirability
        The composite is the geometric mean weighted by importance; 0 if any is 0.

    Raises
    ------
    DataProblem
        Unknown goals, or bounds on the wrong side of the target.

    References
    ----------
    Derringer and Suich 1980, JQT 12.

    Examples
    --------
    >>> desirability([{"goal": "maximize", "value": 5, "lower": 0, "target": 10}]).composite
    0.5
    """
    if not responses:
        raise DataProblem("There are no responses to rate.")
    individual = tuple(_one_desirability(r, i + 1) for i, r in enumerate(responses))
    weights = [number(r.get("importance", 1), "Importance", above=0) for r in responses]
    if min(individual) == 0:
        return Desirability(individual, 0.0)
    logs = sum(w * math.log(d) for w, d in zip(weights, individual, strict=True))
    return Desirability(individual, math.exp(logs / sum(weights)))


def _one_desirability(response: Mapping[str, Any], place: int) -> float:
    goal = choice(response.get("goal", ""), ("maximize", "minimize", "target"), "goal")
    name = f"Response {place}"
    value = number(response.get("value"), f"{name}: value")
    target = number(response.get("target"), f"{name}: target")
    weight = number(response.get("weight", 1), f"{name}: weight", above=0)
    below = value < target
    if (goal == "maximize" and not below) or (goal == "minimize" and value <= target):
        return 1.0
    side = "lower" if goal == "maximize" or (goal == "target" and below) else "upper"
    if goal == "target" and value == target:
        return 1.0
    bound = number(response.get(side), f"{name}: {side} bound")
    if (bound >= target) if side == "lower" else (bound <= target):
        raise DataProblem(
            f"{name}: the {side} bound {bound:g} is on the wrong side of the target {target:g}."
        )
    return float(min(1.0, max(0.0, (value - bound) / (target - bound))) ** weight)
