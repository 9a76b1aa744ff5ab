"""A column of data: its kind, its values, and the cells that did not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["number", "whole", "datetime", "category", "text", "id"]
KINDS: tuple[Kind, ...] = ("number", "whole", "datetime", "category", "text", "id")


@dataclass(frozen=True, slots=True, eq=False)
class ColumnData:
    """One column as it comes from a file, the clipboard or a generator.

    `values`: float64 (number, whole; NaN = missing), datetime64[s] (datetime; NaT = missing) or
    object of str and None (category, text, id). A cell that does not fit the kind is missing in
    `values` and stands, as it was written, in `bad` under its row index.
    """

    name: str
    kind: Kind
    values: Any
    unit: str = ""
    bad: Mapping[int, str] = field(default_factory=dict)
    decimals: int = 2
    notes: tuple[str, ...] = ()  # what whoever imports it should know
    order: str = ""  # how dates were read: ymd, dmy, mdy
    offers: tuple[str, ...] = ()  # kinds that a text column could have: number, datetime/dmy


FITS = 0.8  # share of cells that must fit a kind


def enough(fitting: int, total: int) -> bool:
    """Whether so many cells make a kind: most of them, or all but one."""
    return fitting >= FITS * total or (fitting == total - 1 and fitting > 1)


def empty_column(name: str, kind: str, count: int) -> ColumnData:
    """Return a column of missing values."""
    import numpy as np

    if kind in {"number", "whole"}:
        return ColumnData(name, kind, np.full(count, np.nan))  # type: ignore[arg-type]
    if kind == "datetime":
        return ColumnData(name, "datetime", np.full(count, np.datetime64("NaT", "s")))
    return ColumnData(name, kind, np.full(count, None, dtype=object))  # type: ignore[arg-type]
