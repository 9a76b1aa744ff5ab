"""Clean input for every statistic: what is wrong is named by row, with the way out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray

LARGEST = 1e150  # squares of larger values overflow
LARGEST_COUNT = 1e15  # larger whole numbers are no longer told apart


def numbers(values: Any, name: str = "Value") -> FloatArray:
    """Return one column of float64; missing readings (None, NaN) become NaN.

    Parameters
    ----------
    values : array_like, shape (n,)
        Numbers; a list, an array, a masked array or a pandas column.
    name : str
        What the values are called in messages.

    Returns
    -------
    FloatArray, shape (n,)
        The array itself if it is one column of float64 already; do not write into it.

    Raises
    ------
    DataProblem
        Text, infinity or a value beyond 1e150 (its row is named, from 1), or not one column.

    Examples
    --------
    >>> numbers([1, None, 2.5])
    array([1. , nan, 2.5])
    """
    out = _as_column(values, name)
    if out.size and not _plainly_fine(out):
        _refuse_extremes(out, name)
    return out


def _plainly_fine(column: FloatArray) -> bool:
    """Judge by minimum and maximum; NaN makes both NaN, so those columns get the full check."""
    return bool(column.min() >= -LARGEST and column.max() <= LARGEST)


def _refuse_extremes(column: FloatArray, name: str) -> None:
    infinite = np.flatnonzero(np.isinf(column))
    if infinite.size:
        raise DataProblem(
            f"{name} in row {infinite[0] + 1} is infinite.", hint="Correct it, or leave it empty."
        )
    huge = np.flatnonzero(np.abs(column) > LARGEST)
    if huge.size:
        raise DataProblem(
            f"{name} in row {huge[0] + 1} is too large to compute with ({column[huge[0]]:g}).",
            hint="Check the decimal mark and the unit.",
        )


def _as_column(values: Any, name: str) -> FloatArray:
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(np.float64), np.nan)
    if isinstance(values, str | bytes | Mapping):
        raise DataProblem(f"{name} must be numbers, not text.", hint="Choose a column of numbers.")
    try:
        array = np.asarray(values)
    except ValueError:  # rows of unequal length
        array = np.empty((0, 0))
    if array.ndim != 1:
        raise DataProblem(
            f"{name} must be one column of numbers.", hint="Choose a single column of numbers."
        )
    if array.dtype.kind in "iufb":
        return np.ascontiguousarray(array, dtype=np.float64)
    rows = array if array.dtype.kind == "O" else list(values)
    return np.asarray([_number_in(v, i, name) for i, v in enumerate(rows)], dtype=np.float64)


def _number_in(value: Any, row: int, name: str) -> float:
    if value is None or type(value).__name__ == "NAType":
        return float("nan")
    if isinstance(value, str | bytes | complex | np.str_):
        _refuse(value, row, name)
    try:
        return float(value)
    except (TypeError, ValueError):
        _refuse(value, row, name)
        raise  # pragma: no cover - _refuse always raises


def _refuse(value: Any, row: int, name: str) -> None:
    if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str | bytes):
        raise DataProblem(
            f"{name} must be one column of numbers.", hint="Choose a single column of numbers."
        )
    raise DataProblem(
        f"{name} in row {row + 1} is not a number ({value!r}).",
        hint="Correct it, or leave it empty.",
    )


def known(values: Any, name: str = "Value", *, least: int = 1) -> FloatArray:
    """Return the values that are there, and refuse fewer than `least` of them.

    Examples
    --------
    >>> known([1, None, 2.5])
    array([1. , 2.5])
    """
    column = numbers(values, name)
    if column.size and np.isnan(column.min()):
        column = column[~np.isnan(column)]
    if column.size < least:
        raise DataProblem(
            f"{name}: {_how_many(column.size)}; at least {least} {'is' if least == 1 else 'are'} needed.",
            hint="Choose a column with more numbers, or collect more data.",
        )
    return column


def _how_many(n: int) -> str:
    if n == 0:
        return "there are no values"
    return "there is 1 value" if n == 1 else f"there are {n} values"


def varied(values: Any, name: str = "Value", *, least: int = 2) -> FloatArray:
    """Return the values that are there, and refuse them when they are all equal."""
    column = known(values, name, least=least)
    if column.min() == column.max():
        raise DataProblem(
            f"{name}: all {column.size} values are {column[0]:g}, so there is no spread to judge by.",
            hint="Check rounding, or choose another column.",
        )
    return column


def positive(values: Any, name: str = "Value", *, least: int = 1) -> FloatArray:
    """Return the values that are there, and refuse zero and negative ones by their row."""
    column = known(values, name, least=least)
    if column.min() <= 0:
        everything = numbers(values, name)
        with np.errstate(invalid="ignore"):
            row = int(np.flatnonzero(everything <= 0)[0])
        raise DataProblem(
            f"{name} in row {row + 1} is {everything[row]:g}; only values above 0 are possible here.",
            hint="Correct it, leave it empty, or choose a method that allows zero and below.",
        )
    return column


def counts(values: Any, name: str = "Count", *, missing: bool = False) -> FloatArray:
    """Return whole numbers of 0 or more as float64.

    Parameters
    ----------
    values : array_like, shape (n,)
    name : str
    missing : bool, default False
        Whether a count may be missing (NaN).

    Raises
    ------
    DataProblem
        A negative, fractional or (unless allowed) missing count; its row is named.

    Examples
    --------
    >>> counts([3, 0, 2])
    array([3., 0., 2.])
    """
    column = numbers(values, name)
    if not column.size:
        raise DataProblem(f"{name}: there are no values.", hint="Choose a column with counts.")
    gone = np.isnan(column)
    if gone.any() and not missing:
        raise DataProblem(
            f"{name} in row {int(np.flatnonzero(gone)[0]) + 1} is missing.",
            hint="Enter it, or leave the row out.",
        )
    with np.errstate(invalid="ignore"):
        wrong = np.flatnonzero((column < 0) | ((column != np.floor(column)) & ~gone))
    if wrong.size:
        value = column[wrong[0]]
        what = "negative" if value < 0 else "not a whole number"
        raise DataProblem(
            f"{name} in row {wrong[0] + 1} is {what} ({value:g}).",
            hint="Counts are 0, 1, 2 and so on.",
        )
    if column[~gone].max(initial=0) > LARGEST_COUNT:
        row = int(np.nanargmax(column))
        raise DataProblem(
            f"{name} in row {row + 1} is too large to be a count ({column[row]:g}).",
            hint="Check the decimal mark and the unit.",
        )
    return column


def counts_of(
    found: Any, sizes: Any, *, found_name: str = "Defectives", size_name: str = "Sample size"
) -> tuple[FloatArray, FloatArray]:
    """Return counts and the sizes that they were found in; one size may stand for all rows.

    Raises
    ------
    DataProblem
        Bad counts, sizes of 0, more found than looked at, or columns of unequal length.
    """
    first = counts(found, found_name)
    second = counts(_spread(sizes, first.size), size_name)
    same_length(first, second, found_name, size_name)
    empty = np.flatnonzero(second == 0)
    if empty.size:
        raise DataProblem(
            f"{size_name} in row {empty[0] + 1} is 0.", hint="Leave out rows without a sample."
        )
    over = np.flatnonzero(first > second)
    if over.size:
        raise DataProblem(
            f"{found_name} in row {over[0] + 1} ({first[over[0]]:g}) exceeds the sample ({second[over[0]]:g}).",
            hint=f"Check both columns; {found_name.lower()} cannot be more than were looked at.",
        )
    return first, second


def exposures(values: Any, n: int, name: str = "Units") -> FloatArray:
    """Return `n` amounts above 0 (area, hours, units); one number may stand for all rows."""
    column = numbers(_spread(values, n), name)
    if column.size != n:
        raise DataProblem(f"{name}: {column.size} values, but there are {n} rows.")
    with np.errstate(invalid="ignore"):
        wrong = np.flatnonzero(~(column > 0))
    if wrong.size:
        shown = "missing" if np.isnan(column[wrong[0]]) else f"{column[wrong[0]]:g}"
        raise DataProblem(
            f"{name} in row {wrong[0] + 1} is {shown}; it must be above 0.",
            hint="Enter how much was looked at, or leave the row out.",
        )
    return column


def _spread(values: Any, n: int) -> Any:
    return np.full(n, values) if np.ndim(values) == 0 and not isinstance(values, str) else values


def same_length(a: Any, b: Any, a_name: str, b_name: str) -> None:
    """Refuse two columns of unequal length."""
    if len(a) != len(b):
        raise DataProblem(
            f"{a_name} has {len(a)} rows but {b_name} has {len(b)}.",
            hint="Choose columns of the same table.",
        )


def pairs(
    x: Any, y: Any, x_name: str = "X", y_name: str = "Y", *, least: int = 2
) -> tuple[FloatArray, FloatArray]:
    """Return two columns without the rows in which either value is missing.

    Examples
    --------
    >>> pairs([1, 2, None], [3, 4, 5])
    (array([1., 2.]), array([3., 4.]))
    """
    first, second = numbers(x, x_name), numbers(y, y_name)
    same_length(first, second, x_name, y_name)
    kept = ~(np.isnan(first) | np.isnan(second))
    if kept.sum() < least:
        raise DataProblem(
            f"Only {int(kept.sum())} rows have both {x_name} and {y_name}; at least {least} are needed.",
            hint="Choose columns with more complete rows.",
        )
    return first[kept], second[kept]


def groups(
    values: Any, *, least_groups: int = 2, least: int = 1, name: str = "Group"
) -> dict[str, FloatArray]:
    """Return named samples without missing values.

    Parameters
    ----------
    values : mapping of name to array_like, or sequence of array_like
        Unnamed groups are called 1, 2, 3 and so on.
    least_groups, least : int
        Smallest number of groups, and of values in each.
    name : str
        What one group is called in messages.

    Raises
    ------
    DataProblem
        Too few groups or values, or bad numbers; the group and row are named.

    Examples
    --------
    >>> groups({"A": [1, 2], "B": [3, None]})["B"]
    array([3.])
    """
    if isinstance(values, str) or not isinstance(values, Mapping | Sequence | np.ndarray):
        raise DataProblem(f"{name}s must be named columns of numbers.")
    named = (
        dict(values.items())
        if isinstance(values, Mapping)
        else {i + 1: v for i, v in enumerate(values)}
    )
    if len(named) < least_groups:
        raise DataProblem(
            f"There {'is' if len(named) == 1 else 'are'} {len(named)} group{'' if len(named) == 1 else 's'}; at least {least_groups} are needed.",
            hint="Choose a column that tells the groups apart.",
        )
    return {str(key): known(v, f"{name} {key}", least=least) for key, v in named.items()}


def split(values: Any, labels: Any, name: str = "Value") -> dict[str, FloatArray]:
    """Sort one column into groups by a column of labels, in order of first appearance."""
    column = numbers(values, name)
    same_length(column, labels, name, "the group column")
    names = [str(label) for label in labels]
    order = list(dict.fromkeys(names))
    place = {label: i for i, label in enumerate(order)}
    code = np.asarray([place[label] for label in names], dtype=np.int64)
    kept = ~np.isnan(column)
    return {label: column[kept & (code == i)] for i, label in enumerate(order)}


def subgroups(values: Any, name: str = "Subgroup") -> list[FloatArray]:
    """Return the known values of each subgroup; single numbers are subgroups of one.

    Parameters
    ----------
    values : sequence of sequences, array of shape (m, n), or one column
        In time order; sizes may differ, None or NaN is missing.

    Raises
    ------
    DataProblem
        No subgroups, or bad numbers; the subgroup and the value are named.

    Examples
    --------
    >>> subgroups([[1, 2, None], [3]])
    [array([1., 2.]), array([3.])]
    """
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf" and values.ndim == 2:
        out = _rows_of(np.asarray(values, dtype=np.float64), name)
    else:
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise DataProblem(f"{name}s must be lists of numbers.")
        out = [_subgroup(row, i, name) for i, row in enumerate(values)]
    if not out:
        raise DataProblem("There are no subgroups.", hint="Choose a column with values.")
    return out


def _rows_of(matrix: FloatArray, name: str) -> list[FloatArray]:
    if matrix.size and _plainly_fine(matrix.ravel()):
        return list(matrix)
    return [_subgroup(row, i, name) for i, row in enumerate(matrix)]


def _subgroup(row: Any, at: int, name: str) -> FloatArray:
    items = row if isinstance(row, Sequence | np.ndarray) and not isinstance(row, str) else [row]
    if isinstance(items, np.ndarray) and items.ndim == 0:
        items = [items.item()]
    column = numbers(items, f"{name} {at + 1}: value")
    return column[~np.isnan(column)]


def number(
    value: Any, name: str, *, above: float | None = None, least: float | None = None
) -> float:
    """Return one finite number, optionally above or not below a bound."""
    try:
        out = float("nan") if isinstance(value, str | bytes) else float(value)
    except (TypeError, ValueError) as error:
        raise DataProblem(f"{name} must be a number, not {value!r}.") from error
    if not np.isfinite(out):
        raise DataProblem(f"{name} must be a number, not {value!r}.")
    if abs(out) > LARGEST or 0 < abs(out) < 1 / LARGEST:
        raise DataProblem(
            f"{name} is too {'large' if abs(out) > 1 else 'small'} to compute with ({out:g}).",
            hint="Check the decimal mark and the unit.",
        )
    if above is not None and not out > above:
        raise DataProblem(f"{name} must be above {above:g}, not {out:g}.")
    if least is not None and not out >= least:
        raise DataProblem(f"{name} must be at least {least:g}, not {out:g}.")
    return out


def whole(value: Any, name: str, *, least: int = 0, most: int | None = None) -> int:
    """Return one whole number within its bounds."""
    out = number(value, name)
    if out != int(out):
        raise DataProblem(f"{name} must be a whole number, not {out:g}.")
    if out < least or (most is not None and out > most):
        bounds = f"at least {least}" if most is None else f"{least} to {most}"
        raise DataProblem(f"{name} must be {bounds}, not {out:g}.")
    return int(out)


def fraction(value: Any, name: str = "Confidence") -> float:
    """Return one number strictly between 0 and 1 (confidence, coverage, risk, quality level)."""
    out = number(value, name)
    if not 0 < out < 1:
        hint = f"{out:g} % is written {out / 100:g}." if 1 < out < 100 else ""
        raise DataProblem(f"{name} must lie between 0 and 1, not {out:g}.", hint=hint)
    return out


def choice(value: str, allowed: Collection[str], name: str) -> str:
    """Return a word that is one of those allowed."""
    if value not in allowed:
        raise DataProblem(f"Unknown {name} {value!r}.", hint=f"One of: {', '.join(allowed)}.")
    return value


def limits(
    lsl: float | None, usl: float | None, *, needed: bool = True
) -> tuple[float | None, float | None]:
    """Return the specification limits; NaN counts as not set.

    Raises
    ------
    DataProblem
        Neither is set (if needed), one is not a number, or the lower is not below the upper.
    """
    low, high = _limit(lsl, "Lower limit"), _limit(usl, "Upper limit")
    if needed and low is None and high is None:
        raise DataProblem(
            "No specification limit is set.", hint="Enter the lower limit, the upper limit or both."
        )
    if low is not None and high is not None and not low < high:
        raise DataProblem(
            f"The lower limit {low:g} is not below the upper limit {high:g}.",
            hint="Exchange them.",
        )
    return low, high


def _limit(value: Any, name: str) -> float | None:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    return number(value, name)
