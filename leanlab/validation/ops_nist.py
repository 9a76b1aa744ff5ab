"""NIST's Statistical Reference Datasets: from the names of a case to functions and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from leanlab.stats import hypothesis, regression

Case = Mapping[str, Any]


def _anova(inputs: Case) -> dict[str, Any]:
    out = asdict(hypothesis.anova_oneway(inputs["groups"]))
    return out | {
        "df_between": out["df_factor"], "ss_between": out["ss_factor"],
        "ms_between": out["ms_factor"], "df_within": out["df_error"],
        "ss_within": out["ss_error"], "ms_within": out["ms_error"],
    }  # fmt: skip


def _regression(inputs: Case) -> dict[str, Any]:
    out = _polynomial(inputs) if _is_polynomial(inputs) else _linear(inputs)
    return out | {"f": out["f"] if np.isfinite(out["f"]) else None}


def _is_polynomial(inputs: Case) -> bool:
    powers = inputs.get("powers")
    return bool(powers and inputs["intercept"] and powers == list(range(len(powers))))


def _polynomial(inputs: Case) -> dict[str, Any]:
    degree = inputs["powers"][-1]
    return asdict(regression.polynomial(inputs["x"], inputs["y"], degree=degree))


def _linear(inputs: Case) -> dict[str, Any]:
    fit = regression.ols(
        {"y": inputs["y"]} | _columns(inputs),
        "y",
        list(_columns(inputs)),
        intercept=inputs["intercept"],
    )
    out = asdict(fit)
    return out | {
        "df_regression": fit.df_model, "df_residual": fit.df_error, "ss_residual": fit.ss_error,
    }  # fmt: skip


def _columns(inputs: Case) -> dict[str, Any]:
    names = [name for name in inputs["terms"] if name != "intercept"]
    if inputs.get("X") is not None:
        columns = np.asarray(inputs["X"], dtype=np.float64).T
    else:
        x = np.asarray(inputs["x"], dtype=np.float64)
        columns = np.asarray([x**power for power in inputs["powers"] if power > 0])
    return dict(zip(names, columns, strict=True))


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "nist.anova_oneway": _anova,
    "nist.linear_regression": _regression,
}
