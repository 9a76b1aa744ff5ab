"""Regression: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from leanlab.stats import regression

Case = Mapping[str, Any]


def _as_dict(function: Callable[..., Any]) -> Callable[[Case], dict[str, Any]]:
    return lambda inputs: asdict(function(**inputs))


def _ancova(inputs: Case) -> dict[str, Any]:
    out = asdict(regression.ancova(**inputs))
    covariate, factor = inputs["covariate"], inputs["factor"]
    return out | {
        f"ss_adj_{covariate}": out["ss_adj_covariate"],
        f"f_{covariate}": out["f_covariate"],
        f"p_{covariate}": out["p_covariate"],
        f"ss_adj_{factor}": out["ss_adj_factor"],
        f"f_{factor}": out["f_factor"],
        f"p_{factor}": out["p_factor"],
    }


def _best_subsets(inputs: Case) -> dict[str, Any]:
    found = regression.best_subsets(**inputs)
    return {"best_by_size": [asdict(s) | {"terms": list(s.terms)} for s in found]}


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "regression.ancova": _ancova,
    "regression.best_subsets": _best_subsets,
    "regression.deming": _as_dict(regression.deming),
    "regression.logistic": _as_dict(regression.logistic),
    "regression.ols": _as_dict(regression.ols),
    "regression.polynomial": _as_dict(regression.polynomial),
    "regression.stepwise": _as_dict(regression.stepwise),
}
