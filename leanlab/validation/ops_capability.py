"""Capability operations: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from leanlab.stats import capability

Case = Mapping[str, Any]


def _plain(function: Callable[..., Any]) -> Callable[[Case], dict[str, Any]]:
    return lambda inputs: asdict(function(**inputs))


def _box_cox(inputs: Case) -> dict[str, Any]:
    result = capability.box_cox(**inputs)
    return asdict(result) | {"lambda": result.lambda_, "lambda_ci95": result.lambda_ci}


def _johnson(inputs: Case) -> dict[str, Any]:
    result = capability.johnson(**inputs)
    return asdict(result) | {"lambda": result.lambda_, "ad_p_original": result.p_original}


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "capability.sigma_within": _plain(capability.sigma_within),
    "capability.normal": _plain(capability.normal),
    "capability.between_within": _plain(capability.between_within),
    "capability.nonnormal": _plain(capability.nonnormal),
    "capability.box_cox": _box_cox,
    "capability.johnson": _johnson,
    "capability.binomial": _plain(capability.binomial),
    "capability.poisson": _plain(capability.poisson),
}
