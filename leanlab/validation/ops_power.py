"""Power and sample size: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from leanlab.stats import power

Case = Mapping[str, Any]


def _as_dict(function: Callable[..., Any]) -> Callable[[Case], dict[str, Any]]:
    return lambda inputs: asdict(function(**inputs))


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "power.anova_one_way": _as_dict(power.anova_one_way),
    "power.factorial_2level": _as_dict(power.factorial_2level),
    "power.margin_of_error_mean": _as_dict(power.margin_of_error_mean),
    "power.margin_of_error_proportion": lambda i: {"n": power.margin_of_error_proportion(**i)},
    "power.proportion_one": _as_dict(power.proportion_one),
    "power.proportion_two": _as_dict(power.proportion_two),
    "power.t_one_sample": _as_dict(power.t_one_sample),
    "power.t_two_sample": _as_dict(power.t_two_sample),
    "power.variance_one": _as_dict(power.variance_one),
    "power.variance_two": _as_dict(power.variance_two),
}
