"""Descriptive, normality, outlier, tolerance and sampling operations, by their case names."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from leanlab.stats import descriptive, normality, outliers, sampling, tolerance

Case = Mapping[str, Any]


def _plain(function: Callable[..., Any]) -> Callable[[Case], dict[str, Any]]:
    return lambda inputs: asdict(function(**inputs))


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "descriptive.summary": _plain(descriptive.summary),
    "nist.univariate": _plain(descriptive.lag1),
    "normality.anderson_darling": _plain(normality.anderson_darling),
    "normality.lilliefors": _plain(normality.lilliefors),
    "normality.ryan_joiner": _plain(normality.ryan_joiner),
    "normality.shapiro_wilk": _plain(normality.shapiro_wilk),
    "outlier.dixon": _plain(outliers.dixon),
    "outlier.grubbs": _plain(outliers.grubbs),
    "tolerance.nonparametric": _plain(tolerance.nonparametric),
    "tolerance.normal": _plain(tolerance.normal),
    "tolerance.normal_k_factor": _plain(tolerance.normal_k_factor),
    "sampling.attribute_oc": _plain(sampling.attribute_oc),
    "sampling.find_plan": _plain(sampling.find_plan),
    "sampling.variables_plan": _plain(sampling.variables_plan),
}
