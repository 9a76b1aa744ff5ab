"""What a two-level experiment says: effects, Lenth's margin, curvature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats.doe.least_squares import Fit, least_squares, two_sided_p
from leanlab.stats.inputs import known, numbers


@dataclass(frozen=True, slots=True)
class Lenth:
    """Lenth's pseudo standard error, margin of error and simultaneous margin."""

    pse: float
    me: float
    sme: float


@dataclass(frozen=True, slots=True)
class Curvature:
    """Factorial mean minus centre mean, and its test (NaN without error degrees of freedom)."""

    effect: float
    coef_center: float
    ss: float
    t: float
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class FactorialEffects:
    """Result of `factorial_effects`.

    Attributes
    ----------
    terms : tuple of str
    effect, coef, ss : FloatArray, shape (terms,)
        effect = 2 coef = mean at high minus mean at low; ss is the adjusted sum of squares.
    intercept : float
    lenth : Lenth or None
        Only for a saturated model, where nothing is left to estimate the error from.
    t_lenth : FloatArray, shape (terms,)
        effect / pse; NaN without `lenth`.
    significant_05 : tuple of str
        Terms beyond the margin of error, or with p below 0.05.
    se_effect, t, p_value : FloatArray, shape (terms,)
        NaN for a saturated model.
    df_error : int
    s : float
    curvature : Curvature or None
        With centre points only.
    fitted, residual : FloatArray, shape (runs,)
        Factorial runs first, then the centre points.
    """

    terms: tuple[str, ...]
    effect: FloatArray
    coef: FloatArray
    intercept: float
    ss: FloatArray
    lenth: Lenth | None
    t_lenth: FloatArray
    significant_05: tuple[str, ...]
    se_effect: FloatArray
    t: FloatArray
    p_value: FloatArray
    df_error: int
    s: float
    curvature: Curvature | None
    fitted: FloatArray
    residual: FloatArray


def factorial_effects(
    design: ArrayLike,
    factors: Sequence[str],
    y: ArrayLike,
    terms: Sequence[str],
    center_y: ArrayLike | None = None,
) -> FactorialEffects:
    """Estimate the effects of a two-level experiment.

    Parameters
    ----------
    design : array_like, shape (runs, factors)
        Coded -1 and 1; replicates are further rows.
    factors : sequence of str
        Names of the columns.
    y : array_like, shape (runs,)
        Response; runs without one are left out.
    terms : sequence of str
        Main effects and interactions: ``A``, ``AB``, or ``speed:feed`` for longer names.
    center_y : array_like, optional
        Responses at the centre point.

    Returns
    -------
    FactorialEffects

    Raises
    ------
    DataProblem
        Levels other than -1 and 1, unknown terms, or terms that the design cannot tell apart.

    Notes
    -----
    Lenth: s0 = 1.5 median|e|, PSE = 1.5 median of the |e| below 2.5 s0, ME = t(0.975, m/3) PSE,
    SME with the level (1 + 0.95^(1/m)) / 2. Centre points add an indicator column; the curvature
    is the factorial mean minus the centre mean.

    References
    ----------
    Lenth 1989, Technometrics 31; Montgomery, Design and Analysis of Experiments, chapter 6.

    Examples
    --------
    >>> result = factorial_effects([[-1, -1], [1, -1], [-1, 1], [1, 1]], "AB", [1, 3, 2, 6], ["A", "B"])
    >>> result.effect.tolist()
    [3.0, 2.0]
    """
    runs, names = _coded(design, factors)
    response = numbers(y, "Response")
    if response.size != runs.shape[0]:
        raise DataProblem(f"There are {runs.shape[0]} runs but {response.size} responses.")
    if not terms:
        raise DataProblem("There are no terms to estimate.", hint="Choose at least one factor.")
    there = ~np.isnan(response)
    columns = [_product(runs, names, term) for term in terms]
    x = np.stack([np.ones(runs.shape[0]), *columns], axis=1)[there]
    response = response[there]
    labels = ["The mean", *terms]
    if center_y is not None:
        x, response = _with_center(x, response, known(center_y, "Centre point"))
        labels.append("The curvature")
    fit = least_squares(x, response, labels)
    return _result(fit, response, tuple(terms), x, has_center=center_y is not None)


def half_normal_scores(effects: ArrayLike) -> FloatArray:
    """Return where effects stand on a half-normal plot: what chance alone would make of their order.

    Parameters
    ----------
    effects : array_like
        One effect per term; their signs do not matter.

    Returns
    -------
    FloatArray
        One score per effect, in the order given; equal effects share their middle rank.

    Notes
    -----
    z = Phi^-1(1/2 + (rank - 1/2) / (2 m)). Effects of chance lie on a line through the origin
    whose slope is their standard error, or Lenth's PSE.

    References
    ----------
    Daniel 1959, Technometrics 1; the positions are those of DanielPlot in R's BsMD and FrF2.

    Examples
    --------
    >>> half_normal_scores([4, -1, 2]).round(4).tolist()
    [1.383, 0.2104, 0.6745]
    """
    from scipy.special import ndtri

    from leanlab.stats.hypothesis.ranks import ranks

    size = np.abs(known(effects, "Effect"))
    if not size.size:
        raise DataProblem("There are no effects to plot.")
    return np.asarray(ndtri(0.5 + (ranks(size)[0] - 0.5) / (2 * size.size)))


def _coded(design: ArrayLike, factors: Sequence[str]) -> tuple[FloatArray, Mapping[str, int]]:
    try:
        runs = np.asarray(design, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataProblem("The design must be a table of -1 and 1.") from error
    if runs.ndim != 2 or runs.shape[1] != len(factors) or runs.size == 0:
        raise DataProblem(f"The design needs one column per factor ({len(factors)}).")
    wrong = np.argwhere(np.abs(runs) != 1)
    if wrong.size:
        row, column = wrong[0]
        raise DataProblem(
            f"Run {row + 1} of factor {factors[column]} is {runs[row, column]:g}, not -1 or 1.",
            hint="Give centre points apart, and code the levels -1 (low) and 1 (high).",
        )
    if len(set(factors)) != len(factors):
        raise DataProblem("Two factors have the same name.")
    return runs, {name: place for place, name in enumerate(factors)}


def _product(runs: FloatArray, names: Mapping[str, int], term: str) -> FloatArray:
    parts = [term] if term in names else term.replace("*", ":").split(":")
    if len(parts) == 1 and term not in names:
        parts = list(term)
    unknown = next((part for part in parts if part.strip() not in names), None)
    if unknown is not None:
        raise DataProblem(
            f"Term {term!r} names {unknown!r}, which is no factor.",
            hint=f"The factors are {', '.join(names)}.",
        )
    return np.asarray(np.prod(runs[:, [names[part.strip()] for part in parts]], axis=1))


def _with_center(
    x: FloatArray, response: FloatArray, center: FloatArray
) -> tuple[FloatArray, FloatArray]:
    at_center = np.zeros((center.size, x.shape[1]))
    at_center[:, 0] = 1.0
    indicator = np.r_[np.zeros(x.shape[0]), np.ones(center.size)]
    return (
        np.column_stack([np.vstack([x, at_center]), indicator]),
        np.concatenate([response, center]),
    )


def _result(
    fit: Fit, response: FloatArray, terms: tuple[str, ...], x: FloatArray, *, has_center: bool
) -> FactorialEffects:
    m = len(terms)
    coef, ss = fit.coef[1 : m + 1], fit.ss_adjusted
    saturated = fit.df_error == 0
    lenth = _lenth(2 * coef) if saturated and not has_center else None
    with np.errstate(divide="ignore", invalid="ignore"):
        error = fit.s * np.sqrt(fit.scale)
        t = fit.coef / error
        t_lenth = 2 * coef / (lenth.pse if lenth else np.nan)
    p = two_sided_p(t, fit.df_error) if not saturated else np.full(t.size, np.nan)
    beyond = np.abs(2 * coef) > lenth.me if lenth else p[1 : m + 1] < 0.05
    curvature = None
    if has_center:
        last = float(fit.coef[-1])
        curvature = Curvature(-last, last, float(ss[-1]), float(t[-1]), float(p[-1]))
    return FactorialEffects(
        terms=terms,
        effect=2 * coef,
        coef=coef,
        intercept=float(fit.coef[0]),
        ss=ss[1 : m + 1],
        lenth=lenth,
        t_lenth=t_lenth,
        significant_05=tuple(term for term, out in zip(terms, beyond, strict=True) if out),
        se_effect=2 * error[1 : m + 1],
        t=t[1 : m + 1],
        p_value=p[1 : m + 1],
        df_error=fit.df_error,
        s=fit.s,
        curvature=curvature,
        fitted=x @ fit.coef,
        residual=response - x @ fit.coef,
    )


def _lenth(effects: FloatArray) -> Lenth | None:
    """Return None where most effects are exactly 0, so that no error can be guessed."""
    from scipy.special import stdtrit

    size = np.abs(effects)
    first = 1.5 * float(np.median(size))
    small = size[size < 2.5 * first]
    if small.size == 0:
        return None
    pse = 1.5 * float(np.median(small))
    df = size.size / 3
    level = (1 + 0.95 ** (1 / size.size)) / 2
    return Lenth(pse, float(stdtrit(df, 0.975)) * pse, float(stdtrit(df, level)) * pse)
