"""Design-of-experiment operations: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from typing import Any

from leanlab.stats import doe
from leanlab.validation.ops_msa import plain

Case = Mapping[str, Any]


def _factorial(inputs: Case) -> dict[str, Any]:
    result = doe.factorial_2level(**inputs)
    return {
        "runs": result.runs,
        "resolution": result.resolution,
        "defining_relation": list(result.defining_relation),
        "aliases_up_to_order_3": {name: list(words) for name, words in result.aliases.items()},
        "design": result.design,
    }


def _minimum_aberration(inputs: Case) -> dict[str, Any]:
    result = doe.minimum_aberration(**inputs)
    return {
        "resolution": result.resolution,
        "wlp": {str(length): count for length, count in result.wlp.items()},
    }


def _design(design: doe.Design) -> dict[str, Any]:
    return {
        "runs": design.runs,
        "design": design.design,
        "design_sorted": design.design_sorted,
        "first_row": design.design[0],
        "alpha_value": design.alpha,
        "factorial_points": design.factorial_points,
        "axial_points": design.axial_points,
    }


def _screening(inputs: Case) -> dict[str, Any]:
    result = doe.definitive_screening(**inputs)
    return {"runs": result.runs, **plain(result)}


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "doe.box_behnken": lambda i: _design(doe.box_behnken(**i)),
    "doe.ccd": lambda i: _design(doe.ccd(**i)),
    "doe.definitive_screening": _screening,
    "doe.desirability": lambda i: plain(doe.desirability(**i)),
    "doe.factorial_effects": lambda i: plain(doe.factorial_effects(**i)),
    "doe.full_factorial": lambda i: _design(doe.full_factorial(**i)),
    "doe.plackett_burman": lambda i: _design(doe.plackett_burman(**i)),
    "doe.rsm_fit": lambda i: plain(doe.rsm_fit(**i)),
    "doe.taguchi_sn": lambda i: plain(doe.taguchi_sn(**i)),
    "doe.factorial_2level": _factorial,
    "doe.minimum_aberration": _minimum_aberration,
}
