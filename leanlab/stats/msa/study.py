"""Bring a measurement study into order: who measured what, how often."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats.inputs import numbers


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A study as codes: row i is reading `value[i]` of part `part[i]` by operator `operator[i]`."""

    part: IntArray
    operator: IntArray
    value: FloatArray
    parts: tuple[str, ...]
    operators: tuple[str, ...]


def codes(labels: Any, what: str) -> tuple[IntArray, tuple[str, ...]]:
    """Number the labels in order of first appearance.

    Parameters
    ----------
    labels : sequence, shape (n,)
        Names or numbers; a missing one is a DataProblem that names the row.
    what : str
        What a label is, for messages: ``Part``.

    Returns
    -------
    numbers : IntArray, shape (n,)
    names : tuple of str
    """
    if isinstance(labels, str) or not hasattr(labels, "__len__"):
        raise DataProblem(f"{what} must be one column with a label per row.")
    if (
        isinstance(labels, np.ndarray)
        and labels.ndim == 1
        and labels.dtype.kind in "iu"
        and labels.size
    ):
        small = _small_whole_numbers(labels)
        if small is not None:
            return small
    items: list[Any] = labels.tolist() if isinstance(labels, np.ndarray) else list(labels)
    known: defaultdict[Any, int] = defaultdict(count().__next__)  # a new label gets the next number
    numbered = np.fromiter(map(known.__getitem__, items), np.int64, len(items))
    for label in known:
        if label is None or label != label or label == "":  # noqa: PLR0124 - NaN differs from itself
            row = int(np.argmax(numbered == known[label]))
            raise DataProblem(
                f"{what} in row {row + 1} is missing.", hint="Fill it in, or exclude the row."
            )
    return numbered, tuple(str(label) for label in known)


def _small_whole_numbers(labels: np.ndarray[Any, Any]) -> tuple[IntArray, tuple[str, ...]] | None:
    """Number whole-number labels by table look-up, ten times faster than by name."""
    low, high = int(labels.min()), int(labels.max())
    if high - low > 16 * labels.size:
        return None
    place = labels.astype(np.int64).ravel() - low
    first = np.full(high - low + 1, labels.size, dtype=np.int64)
    first[place[::-1]] = np.arange(labels.size - 1, -1, -1)
    order = np.argsort(first, kind="stable")[: int(np.count_nonzero(first < labels.size))]
    number = np.empty(first.size, dtype=np.int64)
    number[order] = np.arange(order.size)
    return number[place], tuple(str(low + int(at)) for at in order)


def rows(part: Any, operator: Any, value: ArrayLike) -> Rows:
    """Check the three columns of a study and number the labels."""
    readings = numbers(value, "Reading")
    part_codes, parts = codes(part, "Part")
    operator_codes, operators = codes(operator, "Operator")
    if not readings.size == part_codes.size == operator_codes.size:
        raise DataProblem(
            f"There are {part_codes.size} parts, {operator_codes.size} operators and "
            f"{readings.size} readings; each row needs all three."
        )
    if readings.size == 0:
        raise DataProblem("There are no readings.", hint="Choose the columns of the study.")
    missing = np.flatnonzero(np.isnan(readings))
    if missing.size:
        at = int(missing[0])
        raise DataProblem(
            f"The reading in row {at + 1} is missing (part {parts[part_codes[at]]}, "
            f"operator {operators[operator_codes[at]]}).",
            hint="Measure again: the study needs every part measured equally often.",
        )
    return Rows(part_codes, operator_codes, readings, parts, operators)


def cube(
    cell: IntArray, shape: tuple[int, int], value: FloatArray, names: Sequence[Sequence[str]]
) -> FloatArray:
    """Return the readings as (parts, operators, trials); an uneven study is a DataProblem."""
    counts = np.bincount(cell, minlength=shape[0] * shape[1])
    trials = int(counts.max())
    uneven = np.flatnonzero(counts != trials)
    if uneven.size:
        part, operator = divmod(int(uneven[0]), shape[1])
        have = int(counts[uneven[0]])
        raise DataProblem(
            f"Part {names[0][part]} was measured {have} times by operator {names[1][operator]}, "
            f"others {trials} times.",
            hint="Every operator must measure every part equally often: measure what is missing, "
            "or exclude that part.",
        )
    order = np.argsort(cell, kind="stable")
    return np.asarray(value[order].reshape(shape[0], shape[1], trials))


def crossed(part: Any, operator: Any, value: ArrayLike) -> tuple[FloatArray, Rows]:
    """Return a crossed study as a cube (parts, operators, trials)."""
    study = rows(part, operator, value)
    shape = (len(study.parts), len(study.operators))
    for have, what in zip(shape, ("part", "operator"), strict=True):
        if have < 2:
            raise DataProblem(f"A crossed study needs at least two {what}s; there is {have}.")
    cell = study.part * shape[1] + study.operator
    readings = cube(cell, shape, study.value, (study.parts, study.operators))
    if readings.shape[2] < 2:
        raise DataProblem(
            "Every part was measured only once by each operator, so repeatability is unknown.",
            hint="Let each operator measure each part at least twice.",
        )
    return readings, study
