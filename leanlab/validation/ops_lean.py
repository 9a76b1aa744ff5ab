"""Lean and quality operations: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from typing import Any

from leanlab.stats import lean, quality
from leanlab.validation.ops_msa import plain

Case = Mapping[str, Any]


def _sigma_level(inputs: Case) -> dict[str, Any]:
    result = lean.sigma_level(**inputs)
    return {"sigma_level": result.sigma_level, "yield": result.yield_}


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "lean.dpmo": lambda i: plain(lean.dpmo(**i)),
    "lean.eoq": lambda i: plain(lean.eoq(**i)),
    "lean.kanban": lambda i: plain(lean.kanban(**i)),
    "lean.littles_law": lambda i: {"lead_time_days": lean.littles_law(**i)},
    "lean.npv_irr_payback": lambda i: plain(lean.npv_irr_payback(**i)),
    "lean.oee": lambda i: plain(lean.oee(**i)),
    "lean.process_cycle_efficiency": lambda i: plain(lean.process_cycle_efficiency(**i)),
    "lean.queue_mmc": lambda i: plain(lean.queue_mmc(**i)),
    "lean.rty": lambda i: plain(lean.rty(**i)),
    "lean.sigma_level": _sigma_level,
    "lean.sigma_to_dpmo": lambda i: {"dpmo": lean.sigma_to_dpmo(**i)},
    "lean.takt": lambda i: plain(lean.takt(**i)),
    "quality.pareto": lambda i: plain(quality.pareto(**i)),
}
