"""Charts for short runs (Z-MR) and for variation within and between (I-MR-R/S)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats import constants
from leanlab.stats.control_chart import ControlChart, straight
from leanlab.stats.inputs import choice, numbers
from leanlab.stats.msa.study import codes
from leanlab.stats.run_rules import STANDARD, Rule, limit_test
from leanlab.stats.spc.series import Setup, chart, frame, known_points, panel
from leanlab.stats.spc.subgroups import Subgroups
from leanlab.stats.spc.variables import i_mr, xbar_r, xbar_s

_METHODS = ("by_parts", "by_runs", "constant", "relative_to_size")


def z_mr(
    x: ArrayLike,
    part: Sequence[Any],
    *,
    sigma_method: str = "by_parts",
    excluded: ArrayLike | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart short runs of different parts on one scale.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values in time order.
    part : sequence, shape (n,)
        Part of each value; a run is neighbouring rows of the same part.
    sigma_method : {"by_parts", "by_runs", "constant", "relative_to_size"}
        Mean moving range within runs / d2(2) over the part's runs, the single run, all rows, or
        all rows of ln x (spread proportional to size; z is then on the ln scale too).
    excluded : array_like of bool, optional
        Points that are shown but do not count for means and sigmas.
    rules : sequence of Rule

    Returns
    -------
    ControlChart
        Panels ``z`` and ``mr``; ``extra`` holds `mean` and `sigma` per point. Runs too short for
        a sigma of their own have no points.

    Raises
    ------
    DataProblem
        No neighbours of the same part, or values of 0 and below with relative_to_size.

    References
    ----------
    Farnum 1992, JQT 24; Minitab's Z-MR chart.

    Examples
    --------
    >>> chart = z_mr([10.0, 12.0, 11.0, 50.0, 52.0, 51.0], ["a"] * 3 + ["b"] * 3)
    >>> round(float(chart.panel("z").points[0]), 3)
    -0.752
    """
    choice(sigma_method, _METHODS, "sigma method")
    values = numbers(x)
    which, names = codes(part, "Part")
    if which.size != values.size:
        raise DataProblem(f"There are {values.size} values but {which.size} parts.")
    if sigma_method == "relative_to_size":
        bad = np.flatnonzero(values <= 0)
        if bad.size:
            raise DataProblem(
                f"Value in row {bad[0] + 1} is {values[bad[0]]:g}; sigma relative to size needs "
                "values above 0.",
                hint="Choose another way to estimate sigma.",
            )
        values = np.log(values)
    shape = frame(values.size, known_points(values), Setup(3.0, None, excluded, None, rules))
    run = np.concatenate([[0], np.cumsum(which[1:] != which[:-1])])
    group = {"by_parts": which, "by_runs": run}.get(sigma_method, np.zeros_like(which))
    mean = _by_group(values, which, shape.used)
    sigma = _sigma_by_group(values, run, group, shape.used)
    if np.isnan(sigma).all():
        raise DataProblem(
            "No two neighbouring rows of the same part differ, so there is no sigma.",
            hint="Sort the rows by time, or choose another column of parts.",
        )
    z = (values - mean) / sigma
    steps = np.abs(np.diff(z, prepend=np.nan))
    steps[np.flatnonzero(run[1:] != run[:-1]) + 1] = np.nan
    d2, d3 = constants.d2(2), constants.d3(2)
    panels = (
        panel("z", "Z", z, straight(-3.0, 0.0, 3.0, 1.0), rules, shape),
        panel(
            "mr", "Moving range of Z", steps,
            straight(max(0.0, d2 - 3 * d3), d2, d2 + 3 * d3, d3), limit_test(rules), shape,
        ),
    )  # fmt: skip
    return chart(
        "z_mr", panels, shape, (np.zeros(1), np.ones(1)), k=3.0,
        source=f"moving ranges within runs, {sigma_method.replace('_', ' ')}",
        extra={"mean": mean, "sigma": sigma, "parts": names},
    )  # fmt: skip


def _by_group(values: FloatArray, group: IntArray, used: Any) -> FloatArray:
    """Return for each point the mean of its group; NaN for a group that does not count."""
    weight = np.where(used, 1.0, 0.0)
    total = np.bincount(group, np.where(used, values, 0.0))
    count = np.bincount(group, weight)
    with np.errstate(invalid="ignore"):
        return np.asarray((total / np.where(count > 0, count, np.nan))[group])


def _sigma_by_group(values: FloatArray, run: IntArray, group: IntArray, used: Any) -> FloatArray:
    steps = np.abs(np.diff(values))
    good = (run[1:] == run[:-1]) & used[1:] & used[:-1] & ~np.isnan(steps)
    total = np.bincount(group[1:][good], steps[good], minlength=int(group.max()) + 1)
    count = np.bincount(group[1:][good], minlength=int(group.max()) + 1)
    mean = total / np.where((count > 0) & (total > 0), count, np.nan)
    return np.asarray(mean[group] / constants.d2(2))


def i_mr_rs(
    subgroups: Any,
    *,
    within_chart: str = "r",
    k: float = 3.0,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
    rules: Sequence[Rule] = STANDARD,
) -> ControlChart:
    """Chart subgroup means as individuals, their moving ranges, and the spread within.

    Parameters
    ----------
    subgroups : sequence of sequences, or array of shape (m, n)
        Equal subgroups of at least two values.
    within_chart : {"r", "s"}
        Range or standard deviation within subgroups.
    k, stages, excluded, limits_base, rules
        As in `i_mr`.

    Returns
    -------
    ControlChart
        Panels ``i``, ``mr`` and ``r`` or ``s``; ``extra`` holds `sigma_within`,
        `sigma_of_means`, `sigma_between` and `sigma_between_within` (of the first stage).

    Notes
    -----
    For batches whose means vary more than the spread within allows. sigma_of_means = mean moving
    range of the means / d2(2); sigma_between^2 = max(0, sigma_of_means^2 - sigma_within^2 / n).

    References
    ----------
    Wheeler, Advanced Topics in Statistical Process Control; Minitab's I-MR-R/S chart.

    Examples
    --------
    >>> chart = i_mr_rs([[1.0, 1.2], [2.0, 2.1], [1.5, 1.4], [2.4, 2.2]])
    >>> [panel.id for panel in chart.panels]
    ['i', 'mr', 'r']
    """
    choice(within_chart, ("r", "s"), "chart of the spread within")
    groups = Subgroups.of(subgroups)
    sizes = np.unique(groups.sizes)
    if sizes.size > 1 or sizes[0] < 2:
        short = int(np.argmin(groups.sizes))
        raise DataProblem(
            f"Subgroup {short + 1} has {groups.sizes[short]} values, others {sizes[-1]}.",
            hint="Variation between and within needs equal subgroups of two or more.",
        )
    options = {
        "k": k, "stages": stages, "excluded": excluded, "limits_base": limits_base, "rules": rules,
    }  # fmt: skip
    outer = i_mr(groups.means(), **options)
    make = xbar_r if within_chart == "r" else xbar_s
    inner = make(subgroups, **options)
    within = float(inner.sigma_by_stage[0])
    means = float(outer.sigma_by_stage[0])
    between = max(0.0, means**2 - within**2 / float(sizes[0])) ** 0.5
    return ControlChart(
        kind="i_mr_rs",
        panels=(*outer.panels, inner.panels[1]),
        stage=outer.stage,
        stage_names=outer.stage_names,
        used=outer.used,
        excluded=outer.excluded,
        mean_by_stage=outer.mean_by_stage,
        sigma_by_stage=outer.sigma_by_stage,
        sizes=inner.sizes,
        sigma_source=f"moving range of the means / d2; within: {inner.sigma_source}",
        limits_basis=outer.limits_basis,
        k=k,
        extra={
            "sigma_within": within,
            "sigma_of_means": means,
            "sigma_between": between,
            "sigma_between_within": (between**2 + within**2) ** 0.5,
        },
    )
