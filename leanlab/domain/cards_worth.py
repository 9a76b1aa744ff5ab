"""What a project is worth in money: present value, payback, and a year of each class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leanlab.domain.benefits import (
    MONEY,
    YEAR,
    annualised,
    by_month,
    month_value,
    months_from,
    net_present_value,
    payback_months,
)

USUAL_RATE = 0.10
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Worth:
    """Costs, present value and payback of the lines that count as money."""

    costs: float
    npv: float | None
    payback: float | None  # months; None where there are no costs, or never
    rate: float


@dataclass(frozen=True, slots=True)
class Yearly:
    """A year of one class of benefits, and on which series it rests."""

    benefit_class: str
    value: float
    series: str  # actual, forecast, plan
    months: int


def counted(lines: Sequence[Any]) -> list[Any]:
    """Return the lines in money that finance did not reject."""
    return [
        line
        for line in lines
        if line.get("benefit_class") in MONEY and line.get("state") != "rejected"
    ]


def worth(
    lines: Sequence[Any], costs: Sequence[Mapping[str, Any]], rate: float | None
) -> Worth | None:
    """Work out present value and payback month by month; None without any amount."""
    yearly = USUAL_RATE if rate is None else rate
    money = counted(lines)
    spent = {_month(c): 0.0 for c in costs if _month(c)}
    early = 0.0
    for cost in costs:
        amount = cost.get("amount")
        if isinstance(amount, int | float):
            if _month(cost):
                spent[_month(cost)] += float(amount)
            else:
                early += float(amount)
    known = sorted({m for line in money for m in (line.get("months") or {})} | set(spent))
    if not known:
        return None
    count = (int(known[-1][:4]) - int(known[0][:4])) * YEAR + int(known[-1][5:7]) - int(known[0][5:7])  # fmt: skip
    months = months_from(known[0], min(count + 1, MOST_MONTHS))
    flows = [_best(money, month) - spent.get(month, 0.0) for month in months]
    flows[0] -= early
    total = early + sum(spent.values())
    return Worth(total, net_present_value(flows, yearly), payback_months(flows) if total else None, yearly)  # fmt: skip


def _month(cost: Mapping[str, Any]) -> str:
    text = str(cost.get("month") or "")
    return text[:7] if len(text) >= 7 and text[:4].isdigit() and text[5:7].isdigit() else ""  # noqa: PLR2004 - 2026-05


def _best(lines: Sequence[Any], month: str) -> float:
    """Return a month's money: counted where it is, else expected."""
    total = 0.0
    for line in lines:
        known = (month_value(line, month, s) for s in ("actual", "forecast", "plan"))
        total += next((v for v in known if v is not None), 0.0)
    return total


def yearly(lines: Sequence[Any]) -> Yearly | None:
    """Return what lines of one class bring in a year, by the best series that has entries."""
    months = sorted({m for line in lines for m in (line.get("months") or {})})
    for series in ("actual", "forecast", "plan"):
        year = annualised(by_month(lines, months, series))
        if year is not None:
            return Yearly(str(lines[0].get("benefit_class")), year.value, series, year.months)
    return None
