"""Measurement system analysis: how much of what we see is the gage."""

from leanlab.stats.msa.gage import (
    AnovaRow,
    Component,
    GageCrossed,
    GageNested,
    GageXbarR,
    gage_rr_crossed,
    gage_rr_nested,
    gage_rr_xbar_r,
)

__all__ = [
    "AnovaRow",
    "Component",
    "GageCrossed",
    "GageNested",
    "GageXbarR",
    "gage_rr_crossed",
    "gage_rr_nested",
    "gage_rr_xbar_r",
]
