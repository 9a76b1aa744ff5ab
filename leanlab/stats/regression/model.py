"""From named columns and terms to a matrix: powers (x^2) and products (a:b) of columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import BoolArray, FloatArray
from leanlab.stats import inputs, spread


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Complete rows: the response and one column per term."""

    y: FloatArray
    columns: FloatArray
    terms: tuple[str, ...]
    kept: BoolArray


def column(data: Mapping[str, Any], name: str) -> FloatArray:
    """Return one column of numbers, or refuse an unknown name."""
    if name not in data:
        raise DataProblem(
            f"There is no column {name!r}.", hint=f"Choose from: {', '.join(map(str, data))}."
        )
    return inputs.numbers(data[name], name)


def rows(data: Mapping[str, Any], response: str, terms: Sequence[str]) -> Rows:
    """Return the rows that have the response and every term.

    Parameters
    ----------
    data : mapping of column name to array_like
    response : str
    terms : sequence of str
        Column names, powers such as "x^2", products such as "a:b" or "a*b".

    Raises
    ------
    DataProblem
        Unknown names, no or repeated terms, columns of unequal length, or no complete row.

    Examples
    --------
    >>> rows({"y": [1, 2, 3], "x": [1, None, 3]}, "y", ["x", "x^2"]).columns.tolist()
    [[1.0, 1.0], [3.0, 9.0]]
    """
    if isinstance(terms, str):
        terms = [terms]
    if len(set(terms)) != len(terms):
        raise DataProblem("A term is given twice.", hint="Name each term once.")
    y = column(data, response)
    if response in terms:
        raise DataProblem(f"{response} cannot explain itself.", hint="Leave it out of the terms.")
    matrix = matrix_of(data, terms, y.size)
    kept = ~(np.isnan(y) | np.isnan(matrix).any(axis=1))
    if not kept.any():
        raise DataProblem("No row has all columns.", hint="Choose columns with more values.")
    for name, values in zip((response, *terms), (y[kept], *matrix[kept].T), strict=True):
        spread.computable(values, name)
    return Rows(y[kept], matrix[kept], tuple(terms), kept)


def matrix_of(data: Mapping[str, Any], terms: Sequence[str], n: int | None = None) -> FloatArray:
    """Return one column per term, with NaN where a value is missing."""
    parts = [_term(data, term) for term in terms]
    size = n if n is not None else (parts[0].size if parts else 0)
    for term, part in zip(terms, parts, strict=True):
        if part.size != size:
            raise DataProblem(
                f"{term} has {part.size} rows, but there are {size}.",
                hint="Choose columns of the same table.",
            )
    return np.column_stack(parts) if parts else np.empty((size, 0))


def _term(data: Mapping[str, Any], term: str) -> FloatArray:
    if term in data:
        return column(data, term)
    for mark in (":", "*"):
        if mark in term:
            first, _, rest = term.partition(mark)
            return _term(data, first.strip()) * _term(data, rest.strip())
    base, _, power = term.partition("^")
    if power.strip().isdigit() and int(power) > 0:
        return np.asarray(column(data, base.strip()) ** int(power))
    return column(data, term)
