"""Measurement system analysis: how much of what we see is the gage."""

from leanlab.stats.msa.attribute import (
    Agreement,
    AttributeAgreement,
    Disagreements,
    attribute_agreement,
)
from leanlab.stats.msa.bias import LinearityBias, Type1, linearity_bias, type1
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
from leanlab.stats.msa.kappa import (
    CohenKappa,
    FleissKappa,
    Kappa,
    KendallW,
    cohen_kappa,
    fleiss_kappa,
    kendall_w,
)

__all__ = [
    "Agreement",
    "AnovaRow",
    "AttributeAgreement",
    "CohenKappa",
    "Component",
    "Disagreements",
    "FleissKappa",
    "GageCrossed",
    "GageNested",
    "GageXbarR",
    "Kappa",
    "KendallW",
    "LinearityBias",
    "Type1",
    "attribute_agreement",
    "cohen_kappa",
    "fleiss_kappa",
    "gage_rr_crossed",
    "gage_rr_nested",
    "gage_rr_xbar_r",
    "kendall_w",
    "linearity_bias",
    "type1",
]
