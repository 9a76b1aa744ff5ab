"""Forecasts: moving averages, exponential smoothing, trends, decomposition and ARIMA."""

from leanlab.stats.forecast.box_jenkins import arima
from leanlab.stats.forecast.smoothing import (
    holt,
    holt_winters,
    initial_values,
    moving_average,
    ses,
    ses_optimal,
)
from leanlab.stats.forecast.trends import decomposition, trend

__all__ = [
    "arima",
    "decomposition",
    "holt",
    "holt_winters",
    "initial_values",
    "moving_average",
    "ses",
    "ses_optimal",
    "trend",
]
