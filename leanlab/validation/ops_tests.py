"""Hypothesis tests: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from leanlab.stats import hypothesis, quality

Case = Mapping[str, Any]


def _as_dict(function: Callable[..., Any]) -> Callable[[Case], dict[str, Any]]:
    return lambda inputs: asdict(function(**inputs))


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "test.t_one_sample": _as_dict(hypothesis.t_one_sample),
    "test.t_paired": _as_dict(hypothesis.t_paired),
    "test.t_two_sample_pooled": _as_dict(hypothesis.t_two_sample_pooled),
    "test.t_two_sample_welch": _as_dict(hypothesis.t_two_sample_welch),
    "quality.pareto": _as_dict(quality.pareto),
}
