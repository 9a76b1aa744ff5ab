"""Clean input of control charts: values, stages, exclusions and points used for the limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray, IntArray

LARGEST = 1e150  # squares of larger values overflow


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What every chart knows of its points besides their values."""

    stage: IntArray
    stage_names: tuple[str, ...]
    excluded: BoolArray
    used: BoolArray
    basis: str


def numbers(values: Any, what: str = "Value") -> FloatArray:
    """Return one column of float64; text and infinity are a DataProblem that names the row."""
    if isinstance(values, np.ndarray) and values.dtype == np.float64 and values.ndim == 1:
        out = values
    else:
        out = np.asarray(
            [_number(v, i, what) for i, v in enumerate(_flat(values, what))], dtype=np.float64
        )
    infinite = np.flatnonzero(np.isinf(out))
    if infinite.size:
        raise DataProblem(
            f"{what} in row {infinite[0] + 1} is infinite.", hint="Correct it, or leave it empty."
        )
    with np.errstate(invalid="ignore"):
        huge = np.flatnonzero(np.abs(out) > LARGEST)
    if huge.size:
        raise DataProblem(
            f"{what} in row {huge[0] + 1} is too large to compute with ({out[huge[0]]:g}).",
            hint="Check the decimal mark and the unit.",
        )
    return out


def _flat(values: Any, what: str) -> Sequence[Any]:
    if isinstance(values, str):
        raise DataProblem(f"{what} must be numbers, not text.")
    items = list(values)
    if items and isinstance(items[0], Sequence | np.ndarray) and not isinstance(items[0], str):
        raise DataProblem(f"{what} must be one column of numbers.")
    return items


def _number(value: Any, row: int, what: str) -> float:
    if value is None:
        return float("nan")
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise DataProblem(
            f"{what} in row {row + 1} is not a number ({value!r}).",
            hint="Correct it, or leave it empty.",
        ) from error


def subgroups_of(subgroups: Any) -> list[FloatArray]:
    """Return each subgroup's known values."""
    out = []
    for row, group in enumerate(subgroups):
        items = (
            group
            if isinstance(group, Sequence | np.ndarray) and not isinstance(group, str)
            else [group]
        )
        values = numbers(
            np.asarray(items, dtype=np.float64) if _all_float(items) else items,
            f"Subgroup {row + 1}: value",
        )
        out.append(values[~np.isnan(values)])
    if not out:
        raise DataProblem("There are no subgroups.", hint="Choose a column with values.")
    return out


def _all_float(items: Any) -> bool:
    return isinstance(items, np.ndarray) and items.dtype == np.float64


def frame(
    n: int,
    known: BoolArray,
    *,
    stages: Any = None,
    excluded: ArrayLike | None = None,
    limits_base: ArrayLike | int | None = None,
) -> Frame:
    """Work out stages and which points the limits come from."""
    if n == 0:
        raise DataProblem("There are no values.", hint="Choose a column with numbers.")
    stage, names = _stages(stages, n)
    out = _mask(excluded, n, "excluded")
    base, basis = _base(limits_base, n)
    return Frame(stage, names, out, known & ~out & base, basis)


def _stages(stages: Any, n: int) -> tuple[IntArray, tuple[str, ...]]:
    if stages is None:
        return np.zeros(n, dtype=np.int64), ("All",)
    if len(stages) != n:
        raise DataProblem(f"There are {len(stages)} stage names for {n} points.")
    names = list(dict.fromkeys(str(s) for s in stages))
    number = {name: i for i, name in enumerate(names)}
    return np.asarray([number[str(s)] for s in stages], dtype=np.int64), tuple(names)


def _mask(mask: ArrayLike | None, n: int, what: str) -> BoolArray:
    if mask is None:
        return np.zeros(n, dtype=np.bool_)
    out = np.asarray(mask, dtype=np.bool_)
    if out.shape != (n,):
        raise DataProblem(f"'{what}' needs one yes or no per point ({n}), not {out.size}.")
    return out


def _base(limits_base: ArrayLike | int | None, n: int) -> tuple[BoolArray, str]:
    if limits_base is None:
        return np.ones(n, dtype=np.bool_), "all points"
    if isinstance(limits_base, int):
        mask = np.arange(n) < limits_base
    else:
        mask = _mask(limits_base, n, "limits_base")
    at = np.flatnonzero(mask)
    if not at.size:
        raise DataProblem("No point is left to compute the limits from.")
    return mask, f"points {at[0] + 1} to {at[-1] + 1}"


def base_stage(frame_: Frame, stage: int) -> BoolArray:
    """Return the points whose values set the limits of a stage.

    With a limits base that does not reach into a stage, its limits come from the base (frozen
    limits, Phase II).
    """
    own = frame_.used & (frame_.stage == stage)
    return own if own.any() or frame_.basis == "all points" else frame_.used


def spread_out(by_stage: FloatArray, stage: IntArray) -> FloatArray:
    """Return one value per point from one value per stage."""
    return np.asarray(by_stage[stage], dtype=np.float64)
