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


def _agreement(inputs: Case) -> dict[str, Any]:
    out: dict[str, Any] = plain(msa.attribute_agreement(**inputs))
    for group in ("within_appraiser", "between_appraisers"):
        for part in _parts(out[group]):
            part["kendall_w"] = part["kendall"]
    return out


def _parts(group: Any) -> list[dict[str, Any]]:
    if not group:
        return []
    return [group] if "inspected" in group else list(group.values())


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "msa.attribute_agreement": _agreement,
    "msa.cohen_kappa": lambda i: plain(msa.cohen_kappa(**i)),
    "msa.fleiss_kappa": lambda i: plain(msa.fleiss_kappa(**i)),
    "msa.kendall_w": lambda i: plain(msa.kendall_w(**i)),
    "msa.linearity_bias": lambda i: plain(msa.linearity_bias(**i)),
    "msa.type1": lambda i: plain(msa.type1(**i)),
    "msa.gage_rr_crossed": lambda i: plain(msa.gage_rr_crossed(**i)),
    "msa.gage_rr_nested": lambda i: plain(msa.gage_rr_nested(**i)),
    "msa.gage_rr_xbar_r": lambda i: plain(msa.gage_rr_xbar_r(**i)),
}
