"""Gage repeatability and reproducibility: crossed, nested, and average and range."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import constants
from leanlab.stats.msa.study import crossed, cube, rows

_NAN = float("nan")
NDC = 1.41  # AIAG and Minitab; the exact sqrt(2) is reported beside it
INTERACTION_ALPHA: Mapping[str, float] = MappingProxyType(
    {"leanlab": 0.05, "minitab": 0.05, "aiag": 0.25, "jasp": 0.05}
)


@dataclass(frozen=True, slots=True)
class AnovaRow:
    """One line of an analysis of variance; NaN where a column does not apply."""

    ss: float
    df: int
    ms: float = _NAN
    f: float = _NAN
    p: float = _NAN


@dataclass(frozen=True, slots=True)
class Component:
    """One source of variation.

    Attributes
    ----------
    variance, sd : float
        In squared data units, and data units.
    pct_contribution : float
        Share of the total variance; these add up to 100.
    study_var : float
        `study_var_multiplier` times sd.
    pct_study_var : float
        Share of the total standard deviation; these add up in squares only.
    pct_tolerance : float
        `study_var` in percent of the tolerance (NaN without one).
    pct_process : float
        sd in percent of the known process standard deviation (NaN without one).
    """

    variance: float
    pct_contribution: float
    sd: float
    study_var: float
    pct_study_var: float
    pct_tolerance: float = _NAN
    pct_process: float = _NAN


@dataclass(frozen=True, slots=True, eq=False)
class GageStudy:
    """What all gage studies have in common.

    Attributes
    ----------
    components : mapping of str to Component
        ``total_gage_rr``, ``repeatability``, ``reproducibility``, [``operator``,
        ``operator_part``], ``part_to_part``, ``total_variation``.
    ndc_unrounded, ndc, ndc_sqrt2_unrounded : float, int, float
        Distinct categories: ``max(1, floor(1.41 sd_part / sd_gage))``; the last with sqrt(2).
    parts, operators : tuple of str
        In order of first appearance.
    readings : FloatArray, shape (parts, operators, trials)
        In a nested study shape (operators, parts per operator, trials).
    """

    components: Mapping[str, Component]
    ndc_unrounded: float
    ndc: int
    ndc_sqrt2_unrounded: float
    parts: tuple[str, ...]
    operators: tuple[str, ...]
    readings: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class GageCrossed(GageStudy):
    """Result of `gage_rr_crossed`; the second table is None while the interaction is kept."""

    anova_with_interaction: Mapping[str, AnovaRow]
    interaction_removed: bool
    anova_without_interaction: Mapping[str, AnovaRow] | None
    alpha_remove_interaction: float


@dataclass(frozen=True, slots=True, eq=False)
class GageNested(GageStudy):
    """Result of `gage_rr_nested`."""

    anova: Mapping[str, AnovaRow]


@dataclass(frozen=True, slots=True, eq=False)
class GageXbarR(GageStudy):
    """Result of `gage_rr_xbar_r`: K1..K3 are the reciprocals of d2 and d2*."""

    r_double_bar: float
    x_diff: float
    r_part: float
    k1: float
    k2: float
    k3: float


def gage_rr_crossed(
    part: Any,
    operator: Any,
    value: ArrayLike,
    *,
    study_var_multiplier: float = 6.0,
    alpha_remove_interaction: float = 0.05,
    tolerance: float | None = None,
    process_sd: float | None = None,
) -> GageCrossed:
    """Split the variation of a crossed study into part, operator, interaction and repeatability.

    Parameters
    ----------
    part, operator : sequence, shape (n,)
        Labels per reading, in any order of rows.
    value : array_like, shape (n,)
        Readings in data units.
    study_var_multiplier : float, default 6
        Standard deviations that make the study variation (6; 5.15 in old books).
    alpha_remove_interaction : float, default 0.05
        The interaction is pooled into repeatability if its p-value is larger (0.25 in the AIAG
        manual and many books).
    tolerance : float, optional
        Upper minus lower specification limit.
    process_sd : float, optional
        Known standard deviation of the process, for %process.

    Returns
    -------
    GageCrossed

    Raises
    ------
    DataProblem
        Missing readings, cells of different sizes, fewer than two parts, operators or trials,
        a gage without any variation, a tolerance that is not above 0.

    Notes
    -----
    Balanced two-way random model, ANOVA method; negative components are set to 0. F of part and
    operator is against the interaction, or against the pooled error once that is removed.

    References
    ----------
    AIAG, Measurement Systems Analysis, 4th ed.; Montgomery and Runger 1993.

    Examples
    --------
    >>> study = gage_rr_crossed(
    ...     ["1", "1", "1", "1", "2", "2", "2", "2"],
    ...     ["A", "A", "B", "B"] * 2,
    ...     [10.0, 10.2, 10.3, 10.1, 12.1, 12.0, 12.3, 12.2],
    ... )
    >>> round(study.components["total_gage_rr"].pct_contribution, 2)
    0.97
    """
    scale = _Scale.of(study_var_multiplier, tolerance, process_sd)
    if not 0 <= alpha_remove_interaction <= 1:
        raise DataProblem("The alpha to remove the interaction must lie between 0 and 1.")
    readings, study = crossed(part, operator, value)
    p, o, r = readings.shape
    full, error = _crossed_anova(readings)
    interaction = full["part_operator"]
    removed = bool(interaction.p > alpha_remove_interaction)
    reduced = None
    ms_part, ms_operator = full["part"].ms, full["operator"].ms
    if removed:
        pooled = _pooled(interaction, error)
        reduced = {
            "part": _tested(full["part"], pooled),
            "operator": _tested(full["operator"], pooled),
            "repeatability": pooled,
            "total": full["total"],
        }
        base, repeat, interaction_variance = pooled.ms, pooled.ms, 0.0
    else:
        base, repeat = interaction.ms, error.ms
        interaction_variance = max(0.0, (interaction.ms - error.ms) / r)
    operator_variance = max(0.0, (ms_operator - base) / (p * r))
    variances = {
        "repeatability": repeat,
        "reproducibility": operator_variance + interaction_variance,
        "operator": operator_variance,
    }
    if not removed:
        variances["operator_part"] = interaction_variance
    variances["part_to_part"] = max(0.0, (ms_part - base) / (o * r))
    components, ndc = _components(variances, scale)
    return GageCrossed(
        components, *ndc, study.parts, study.operators, readings,
        full, removed, reduced, alpha_remove_interaction,
    )  # fmt: skip


def _crossed_anova(readings: FloatArray) -> tuple[dict[str, AnovaRow], AnovaRow]:
    p, o, r = readings.shape
    x = readings - readings[0, 0, 0]  # a shift keeps the digits of readings far from 0
    x -= x.mean()
    cells = x.mean(axis=2)
    of_part, of_operator = cells.mean(axis=1), cells.mean(axis=0)
    within = x - cells[:, :, None]
    rest = cells - of_part[:, None] - of_operator
    error = _row(float(np.vdot(within, within)), p * o * (r - 1))
    mixed = _row(r * float(np.vdot(rest, rest)), (p - 1) * (o - 1))
    total = float(np.vdot(x, x))
    if total == 0:
        raise DataProblem(
            f"All {x.size} readings are {readings[0, 0, 0]:g}.",
            hint="Check the resolution of the gage, or the columns chosen.",
        )
    return {
        "part": _tested(_row(o * r * float(of_part @ of_part), p - 1), mixed),
        "operator": _tested(_row(p * r * float(of_operator @ of_operator), o - 1), mixed),
        "part_operator": _tested(mixed, error),
        "repeatability": error,
        "total": AnovaRow(total, p * o * r - 1),
    }, error


def _row(ss: float, df: int) -> AnovaRow:
    return AnovaRow(ss, df, ss / df)


def _pooled(a: AnovaRow, b: AnovaRow) -> AnovaRow:
    return _row(a.ss + b.ss, a.df + b.df)


def _tested(row: AnovaRow, against: AnovaRow) -> AnovaRow:
    """Add the F test; 0/0 stays undefined, anything else over 0 is certain."""
    if against.ms > 0:
        from scipy.special import fdtrc

        f = row.ms / against.ms
        return AnovaRow(row.ss, row.df, row.ms, f, float(fdtrc(row.df, against.df, f)))
    if row.ms > 0:
        return AnovaRow(row.ss, row.df, row.ms, math.inf, 0.0)
    return AnovaRow(row.ss, row.df, row.ms)


@dataclass(frozen=True, slots=True)
class _Scale:
    """What percentages are taken of."""

    multiplier: float
    tolerance: float
    process_sd: float

    @classmethod
    def of(cls, multiplier: float, tolerance: float | None, process_sd: float | None) -> "_Scale":
        for amount, what in (
            (multiplier, "study variation multiplier"),
            (tolerance, "tolerance (upper minus lower limit)"),
            (process_sd, "known process standard deviation"),
        ):
            if amount is not None and not 0 < amount < math.inf:
                raise DataProblem(f"The {what} must be above 0, not {amount:g}.")
        return cls(
            multiplier,
            _NAN if tolerance is None else tolerance,
            _NAN if process_sd is None else process_sd,
        )


def _components(
    variances: dict[str, float], scale: _Scale
) -> tuple[dict[str, Component], tuple[float, int, float]]:
    gage = variances["repeatability"] + variances["reproducibility"]
    part = variances["part_to_part"]
    if gage <= 0:
        raise DataProblem(
            "The gage shows no variation: all readings of a part are equal.",
            hint="The resolution may be too coarse, or readings were copied.",
        )
    total = gage + part
    ordered = {"total_gage_rr": gage} | variances | {"total_variation": total}
    components = {name: _component(variance, total, scale) for name, variance in ordered.items()}
    ratio = math.sqrt(part / gage)
    return components, (NDC * ratio, max(1, math.floor(NDC * ratio)), math.sqrt(2.0) * ratio)


def _component(variance: float, total: float, scale: _Scale) -> Component:
    sd = math.sqrt(variance)
    study = scale.multiplier * sd
    return Component(
        variance=variance,
        pct_contribution=100 * variance / total,
        sd=sd,
        study_var=study,
        pct_study_var=100 * math.sqrt(variance / total),
        pct_tolerance=100 * study / scale.tolerance,
        pct_process=100 * sd / scale.process_sd,
    )


def gage_rr_nested(
    part: Any,
    operator: Any,
    value: ArrayLike,
    *,
    study_var_multiplier: float = 6.0,
    tolerance: float | None = None,
    process_sd: float | None = None,
) -> GageNested:
    """Split the variation of a nested (destructive) study, where each operator has own parts.

    Parameters
    ----------
    part, operator : sequence, shape (n,)
        Labels per reading; the same part label under two operators is two parts.
    value : array_like, shape (n,)
        Readings in data units.
    study_var_multiplier, tolerance, process_sd
        As in `gage_rr_crossed`.

    Returns
    -------
    GageNested

    Raises
    ------
    DataProblem
        As `gage_rr_crossed`, and operators with different numbers of parts.

    Notes
    -----
    The operators are tested against the parts within operators, with the degrees of freedom of
    the latter.

    References
    ----------
    Montgomery, Design and Analysis of Experiments, nested designs.

    Examples
    --------
    >>> study = gage_rr_nested(
    ...     [1, 1, 2, 2, 1, 1, 2, 2], ["A"] * 4 + ["B"] * 4, [5.0, 5.1, 6.0, 6.1, 5.4, 5.6, 6.2, 6.1]
    ... )
    >>> study.anova["part_within_operator"].df
    2
    """
    scale = _Scale.of(study_var_multiplier, tolerance, process_sd)
    readings, parts, operators = _nested(part, operator, value)
    o, p, r = readings.shape
    x = readings - readings[0, 0, 0]
    x -= x.mean()
    total = float(np.vdot(x, x))
    if total == 0:
        raise DataProblem(
            f"All {x.size} readings are {readings[0, 0, 0]:g}.",
            hint="Check the resolution of the gage, or the columns chosen.",
        )
    cells = x.mean(axis=2)
    of_operator = cells.mean(axis=1)
    within = x - cells[:, :, None]
    between = cells - of_operator[:, None]
    error = _row(float(np.vdot(within, within)), o * p * (r - 1))
    of_part = _row(r * float(np.vdot(between, between)), o * (p - 1))
    by_operator = _row(p * r * float(of_operator @ of_operator), o - 1)
    anova = {
        "operator": _tested(by_operator, of_part),
        "part_within_operator": _tested(of_part, error),
        "repeatability": error,
        "total": AnovaRow(total, x.size - 1),
    }
    variances = {
        "repeatability": error.ms,
        "reproducibility": max(0.0, (by_operator.ms - of_part.ms) / (p * r)),
        "part_to_part": max(0.0, (of_part.ms - error.ms) / r),
    }
    components, ndc = _components(variances, scale)
    return GageNested(components, *ndc, parts, operators, readings, anova)


def _nested(
    part: Any, operator: Any, value: ArrayLike
) -> tuple[FloatArray, tuple[str, ...], tuple[str, ...]]:
    study = rows(part, operator, value)
    operators = len(study.operators)
    if operators < 2:
        raise DataProblem("A nested study needs at least two operators.")
    own = [
        np.asarray(list(dict.fromkeys(study.part[study.operator == o].tolist())))
        for o in range(operators)
    ]
    sizes = {len(parts) for parts in own}
    if len(sizes) > 1:
        fewest = min(range(operators), key=lambda o: len(own[o]))
        raise DataProblem(
            f"Operator {study.operators[fewest]} measured {len(own[fewest])} parts, others "
            f"{max(sizes)}.",
            hint="Every operator needs the same number of parts.",
        )
    count = sizes.pop()
    if count < 2:
        raise DataProblem("Each operator needs at least two parts.")
    place = np.empty((operators, len(study.parts)), dtype=np.int64)
    for o, parts in enumerate(own):
        place[o, parts] = np.arange(count)
    cell = study.operator * count + place[study.operator, study.part]
    names = [f"{i + 1} of its operator" for i in range(count)]
    readings = _nested_cube(cell, (operators, count), study.value, (study.operators, names))
    labels = tuple(
        f"{study.operators[o]} {study.parts[part]}" for o in range(operators) for part in own[o]
    )
    return readings, labels, study.operators


def _nested_cube(
    cell: Any, shape: tuple[int, int], value: FloatArray, names: tuple[Any, Any]
) -> FloatArray:
    counts = np.bincount(cell, minlength=shape[0] * shape[1])
    if np.unique(counts).size > 1:
        operator, part = divmod(int(np.argmin(counts)), shape[1])
        raise DataProblem(
            f"Part {names[1][part]} {names[0][operator]} was measured {counts.min()} times, "
            f"others {counts.max()} times.",
            hint="Every part must be measured equally often.",
        )
    if counts[0] < 2:
        raise DataProblem(
            "Every part was measured only once, so repeatability is unknown.",
            hint="Measure pieces that are alike at least twice per part.",
        )
    return cube(cell, shape, value, names)


def gage_rr_xbar_r(
    part: Any,
    operator: Any,
    value: ArrayLike,
    *,
    study_var_multiplier: float = 6.0,
    tolerance: float | None = None,
    process_sd: float | None = None,
) -> GageXbarR:
    """Estimate repeatability, reproducibility and part variation from averages and ranges.

    Parameters
    ----------
    part, operator, value, study_var_multiplier, tolerance, process_sd
        As in `gage_rr_crossed`.

    Returns
    -------
    GageXbarR

    Notes
    -----
    EV = mean range / d2(trials); AV = sqrt(max(0, (range of operator means / d2*(operators, 1))^2
    - EV^2 / (parts trials))); PV = range of part means / d2*(parts, 1). The constants are exact;
    AIAG prints them to 4 decimals. There is no interaction term.

    References
    ----------
    AIAG, Measurement Systems Analysis, 4th ed., chapter III.

    Examples
    --------
    >>> study = gage_rr_xbar_r(
    ...     ["1", "1", "1", "1", "2", "2", "2", "2"],
    ...     ["A", "A", "B", "B"] * 2,
    ...     [10.0, 10.2, 10.3, 10.1, 12.1, 12.0, 12.3, 12.2],
    ... )
    >>> round(study.r_double_bar, 3)
    0.15
    """
    scale = _Scale.of(study_var_multiplier, tolerance, process_sd)
    readings, study = crossed(part, operator, value)
    p, o, r = readings.shape
    ranges = float(np.ptp(readings, axis=2).mean())
    x_diff = float(np.ptp(readings.mean(axis=(0, 2))))
    r_part = float(np.ptp(readings.mean(axis=(1, 2))))
    k1, k2, k3 = (
        1 / constants.d2(r), 1 / constants.d2_star(o, 1), 1 / constants.d2_star(p, 1),
    )  # fmt: skip
    repeat = (ranges * k1) ** 2
    variances = {
        "repeatability": repeat,
        "reproducibility": max(0.0, (x_diff * k2) ** 2 - repeat / (p * r)),
        "part_to_part": (r_part * k3) ** 2,
    }
    components, ndc = _components(variances, scale)
    return GageXbarR(
        components, *ndc, study.parts, study.operators, readings, ranges, x_diff, r_part, k1, k2, k3
    )
