"""Measurement-system operations: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from leanlab.stats import msa

Case = Mapping[str, Any]


def plain(result: Any) -> Any:
    """Return a result as named values, all the way down."""
    if is_dataclass(result):
        return {field.name: plain(getattr(result, field.name)) for field in fields(result)}
    if isinstance(result, Mapping):
        return {str(name): plain(value) for name, value in result.items()}
    return result


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "msa.gage_rr_crossed": lambda i: plain(msa.gage_rr_crossed(**i)),
    "msa.gage_rr_nested": lambda i: plain(msa.gage_rr_nested(**i)),
    "msa.gage_rr_xbar_r": lambda i: plain(msa.gage_rr_xbar_r(**i)),
}
