"""What a project is worth in money: present value, payback, and a year of each class."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leanlab.core import format as words
from leanlab.domain.benefits import (
    YEAR,
    counted_value,
    in_money,
    months_from,
    months_of,
    net_present_value,
    payback_months,
    return_on_investment,
    year_of,
)

USUAL_RATE = 0.10
MOST_MONTHS = 120
SOON = 0.05  # months; less reads as nothing


@dataclass(frozen=True, slots=True)
class Cash:
    """What comes in and goes out month by month; what was spent before stands ahead of them."""

    months: Sequence[str]
    benefits: Sequence[float]
    costs: Sequence[float]
    early: float = 0.0

    @property
    def flows(self) -> list[float]:
        """The net cash flows; the first is not discounted."""
        net = [b - c for b, c in zip(self.benefits, self.costs, strict=True)]
        return [-self.early, *net] if self.early else net

    @property
    def spent(self) -> float:
        """All costs up to the last month."""
        return self.early + sum(self.costs)

    def npv(self, yearly_rate: float) -> float | None:
        """Return the present value; None without any amount."""
        return net_present_value(self.flows, yearly_rate) if any(self.flows) else None

    @property
    def payback(self) -> float | None:
        """Months after the first flow until the costs are paid back; None without costs, or never."""
        return payback_months(self.flows) if self.spent else None

    @property
    def roi(self) -> float | None:
        """What is left of the benefits after costs, as a share of the costs."""
        return return_on_investment(sum(self.benefits), self.spent)

    def month_after(self, flows: float) -> str:
        """Return the month in which a number of flows after the first ends."""
        at = math.ceil(flows) - (1 if self.early else 0)
        return self.months[min(max(at, 0), len(self.months) - 1)]

    def payback_words(self, flows: float | None) -> str:
        """Say when the costs are paid back, to be read after "paid back"."""
        if flows is None or not self.months:
            return "not within these months"
        since = "what was spent before" if self.early else words.month(self.months[0])
        after = f", {words.number(flows, 1)} months after {since}" if flows >= SOON else ""
        return f"in {words.month(self.month_after(flows))}{after}"


@dataclass(frozen=True, slots=True)
class Worth:
    """Costs, present value and payback of the lines that count as money."""

    costs: float
    npv: float | None
    payback: float | None  # months; None where there are no costs, or never
    rate: float
    paid_back: str = ""  # in words
    paid_in: str = ""  # the month, as 2026-05


@dataclass(frozen=True, slots=True)
class Yearly:
    """A year of one class of benefits, and on which series it rests."""

    benefit_class: str
    value: float
    series: str  # actual, forecast, plan
    months: int


def cash(lines: Sequence[Any], costs: Sequence[Any], months: Sequence[str]) -> Cash:
    """Lay benefits and costs out over months; a cost without a month falls into the first.

    A month counts what really came, else what is forecast, else what is planned; what finance
    rejected counts nothing.
    """
    money = in_money(lines)
    spent = dict.fromkeys(months, 0.0)
    early = 0.0
    for cost in costs:
        amount, month = cost.get("amount"), _month(cost) or (months[0] if months else "")
        if not isinstance(amount, int | float):
            continue
        if month in spent:
            spent[month] += float(amount)
        elif not months or month < months[0]:
            early += float(amount)
    benefits = [_best(money, month) for month in months]
    return Cash(months, benefits, list(spent.values()), early)


def span(lines: Sequence[Any], costs: Sequence[Any]) -> tuple[str, ...]:
    """Return the months from the first entry to the last."""
    known = sorted({*months_of(in_money(lines)), *(m for c in costs if (m := _month(c)))})
    if not known:
        return ()
    first, last = known[0], known[-1]
    count = (int(last[:4]) - int(first[:4])) * YEAR + int(last[5:7]) - int(first[5:7]) + 1
    return months_from(first, min(count, MOST_MONTHS))


def worth(
    lines: Sequence[Any], costs: Sequence[Any], rate: float | None, months: Sequence[str] = ()
) -> Worth | None:
    """Work out present value and payback over months, else over all that have entries."""
    chosen = months or span(lines, costs)
    if not chosen:
        return None
    yearly_rate = USUAL_RATE if rate is None else rate
    found = cash(lines, costs, chosen)
    back = found.payback
    return Worth(
        found.spent, found.npv(yearly_rate), back, yearly_rate, found.payback_words(back),
        found.month_after(back) if back is not None else "",
    )  # fmt: skip


def _month(cost: Mapping[str, Any]) -> str:
    text = str(cost.get("month") or "")
    return text[:7] if len(text) >= 7 and text[:4].isdigit() and text[5:7].isdigit() else ""  # noqa: PLR2004 - 2026-05


def _best(lines: Sequence[Any], month: str) -> float:
    """Return a month's money: counted where it is, else expected."""
    total = 0.0
    for line in lines:
        known = (counted_value(line, month, s) for s in ("actual", "forecast", "plan"))
        total += next((v for v in known if v is not None), 0.0)
    return total


def yearly(lines: Sequence[Any]) -> Yearly | None:
    """Return what lines of one class bring in a year, by the best series that has entries."""
    months = months_of(lines)
    for series in ("actual", "forecast", "plan"):
        year = year_of(lines, months, series)
        if year is not None:
            return Yearly(str(lines[0].get("benefit_class")), year.value, series, year.months)
    return None
