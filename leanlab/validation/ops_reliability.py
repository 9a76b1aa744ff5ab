"""Reliability operations: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from leanlab.stats import reliability

Case = Mapping[str, Any]


def _plain(function: Callable[..., Any]) -> Callable[[Case], dict[str, Any]]:
    return lambda inputs: asdict(function(**inputs))


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "reliability.kaplan_meier": _plain(reliability.kaplan_meier),
    "reliability.log_rank": _plain(reliability.log_rank),
    "reliability.weibull": _plain(reliability.weibull),
    "reliability.lognormal": _plain(reliability.lognormal),
    "reliability.exponential": _plain(reliability.exponential),
}
