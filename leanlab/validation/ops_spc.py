"""Control-chart operations: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from leanlab.stats import constants, spc
from leanlab.stats.control_chart import ControlChart, Panel
from leanlab.stats.run_rules import find_members, find_signals, from_numbers

Case = Mapping[str, Any]


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "points": panel.points, "center": panel.center, "lcl": panel.lcl, "ucl": panel.ucl,
        "out_of_limits": panel.out_of_limits,
    }  # fmt: skip


def _chart(chart: ControlChart) -> dict[str, Any]:
    out: dict[str, Any] = {
        "n": chart.sizes, "mean_by_stage": chart.mean_by_stage, "sigma_by_stage": chart.sigma_by_stage,
    }  # fmt: skip
    return out | {panel.id: _panel(panel) for panel in chart.panels}


def _attribute(chart: ControlChart) -> dict[str, Any]:
    out = _panel(chart.panels[0]) | dict(chart.extra)
    return out | {"estimate": chart.mean_by_stage[0]}


def _rules(inputs: Case) -> dict[str, Any]:
    points = np.asarray([np.nan if v is None else v for v in inputs["points"]], dtype=np.float64)
    center, sigma = (
        np.broadcast_to(np.asarray(inputs[name], dtype=np.float64), points.shape)
        for name in ("center", "sigma")
    )
    stage = _stage_numbers(inputs.get("stages"))
    rules = from_numbers({n: rule["k"] for n, rule in inputs["rules"].items()})
    signals = find_signals(points, center, sigma, rules, stage)
    members = find_members(signals, rules, points, center, sigma, stage)
    found = [at for at in signals.values() if at.size]
    return {
        "signals": {str(n): at for n, at in signals.items()},
        "members": {str(n): at for n, at in members.items()},
        "first_signal": {str(n): int(at[0]) if at.size else None for n, at in signals.items()},
        "any_signal": np.unique(np.concatenate(found)) if found else [],
    }


def _stage_numbers(stages: Any) -> Any:
    if stages is None:
        return None
    names = list(dict.fromkeys(stages))
    return np.asarray([names.index(s) for s in stages], dtype=np.int64)


def _run_chart(inputs: Case) -> dict[str, Any]:
    result = spc.run_chart(inputs["x"])
    out = {name: getattr(result, name) for name in result.__dataclass_fields__}
    anhoej = result.anhoej
    return out | {"anhoej": {name: getattr(anhoej, name) for name in anhoej.__dataclass_fields__}}


def _scalars(panel: Panel, chart: ControlChart) -> dict[str, Any]:
    """Return a panel with straight limits, and what else the chart tells."""
    return {
        "points": panel.points, "center": _known(panel.center), "lcl": _known(panel.lcl),
        "ucl": _known(panel.ucl), "out_of_limits": panel.out_of_limits,
    } | dict(chart.extra)  # fmt: skip


def _known(values: Any) -> float | None:
    there = values[~np.isnan(values)]
    return float(there[0]) if there.size else None


def _renamed(inputs: Case) -> dict[str, Any]:
    """Call lambda by a name that Python allows."""
    return {("lambda_" if name == "lambda" else name): value for name, value in inputs.items()}


def _weighted(chart: ControlChart) -> dict[str, Any]:
    out = _panel(chart.panels[0]) | dict(chart.extra)
    return out | {"center": chart.mean_by_stage[0], "sigma": chart.sigma_by_stage[0]}


def _cusum(inputs: Case) -> dict[str, Any]:
    chart = spc.cusum(**inputs)
    plus, minus = chart.panels
    return dict(chart.extra) | {
        "sigma": chart.sigma_by_stage[0], "c_plus": plus.points, "c_minus": minus.points,
        "ucl": plus.ucl, "lcl": minus.lcl,
        "signal_plus": plus.out_of_limits, "signal_minus": minus.out_of_limits,
    }  # fmt: skip


def _multivariate(chart: ControlChart) -> dict[str, Any]:
    out = _scalars(chart.panels[0], chart)
    return out if out["ucl"] is not None else out | {"out_of_limits": None}


def _between_within(inputs: Case) -> dict[str, Any]:
    chart = spc.i_mr_rs(**inputs)
    return dict(chart.extra) | {panel.id: _scalars(panel, chart) for panel in chart.panels}


def _z_mr(inputs: Case) -> dict[str, Any]:
    chart = spc.z_mr(**inputs)
    out = dict(chart.extra)
    for name in ("z", "mr"):
        panel = _scalars(chart.panel(name), chart)
        out[name] = panel["points"]
        out |= {f"{name}_{key}": panel[key] for key in ("center", "lcl", "ucl", "out_of_limits")}
    return out


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "constants.control_chart": lambda i: dict(constants.control_chart(i["n"])),
    "constants.d2_star": lambda i: {
        "d2_star": [constants.d2_star(m, g) for m, g in zip(i["m"], i["g"], strict=True)],
        "inv_d2_star": [1 / constants.d2_star(m, g) for m, g in zip(i["m"], i["g"], strict=True)],
    },
    "spc.i_mr": lambda i: _chart(spc.i_mr(**i, flat=True)),
    "spc.xbar_r": lambda i: _chart(spc.xbar_r(**i, flat=True)),
    "spc.xbar_s": lambda i: _chart(spc.xbar_s(**i, flat=True)),
    "spc.p": lambda i: _attribute(spc.p(**i)),
    "spc.np": lambda i: _attribute(spc.np_chart(**i)),
    "spc.c": lambda i: _attribute(spc.c(**i)),
    "spc.u": lambda i: _attribute(spc.u(**i)),
    "spc.laney_p": lambda i: _attribute(spc.laney_p(**i)),
    "spc.laney_u": lambda i: _attribute(spc.laney_u(**i)),
    "spc.arl": lambda i: {"arl": spc.arl(**_renamed(i))},
    "spc.cusum": _cusum,
    "spc.generalized_variance": lambda i: _multivariate(spc.generalized_variance(**i)),
    "spc.hotelling_t2_individuals": lambda i: _multivariate(spc.hotelling_t2_individuals(**i)),
    "spc.hotelling_t2_subgroups": lambda i: _multivariate(spc.hotelling_t2_subgroups(**i)),
    "spc.i_mr_rs": _between_within,
    "spc.mewma": lambda i: _multivariate(spc.mewma(**_renamed(i))),
    "spc.mewma_limit": lambda i: {"h": spc.mewma_limit(**_renamed(i))},
    "spc.z_mr": _z_mr,
    "spc.ewma": lambda i: _weighted(spc.ewma(**_renamed(i))),
    "spc.moving_average": lambda i: _weighted(spc.moving_average(**i)),
    "spc.g": lambda i: _scalars((chart := spc.g(**i)).panels[0], chart),
    "spc.t": lambda i: _scalars((chart := spc.t(**i)).panels[0], chart),
    "spc.rules": _rules,
    "spc.run_chart": _run_chart,
}
