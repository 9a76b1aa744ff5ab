"""Forecasts: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from leanlab.stats import forecast

Case = Mapping[str, Any]


def _as_dict(function: Callable[..., Any]) -> Callable[[Case], dict[str, Any]]:
    return lambda inputs: asdict(function(**inputs))


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "forecast.holt": _as_dict(forecast.holt),
    "forecast.holt_winters": _as_dict(forecast.holt_winters),
    "forecast.moving_average": _as_dict(forecast.moving_average),
    "forecast.ses": _as_dict(forecast.ses),
    "forecast.ses_optimal": _as_dict(forecast.ses_optimal),
    "forecast.trend": _as_dict(forecast.trend),
}
