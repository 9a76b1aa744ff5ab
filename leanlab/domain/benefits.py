"""What a project is worth, month by month: plan, forecast, actual, and the usual indices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CLASSES: Mapping[str, str] = {
    "hard": "hard: costs fall", "revenue": "hard: margin rises",
    "cash": "working capital (one-time cash)", "avoidance": "cost avoided",
    "soft": "soft: time or capacity", "quality": "quality, safety, customer",
    "sustainability": "sustainability",
}  # fmt: skip
HARD = frozenset({"hard", "revenue"})
MONEY = frozenset({"hard", "revenue", "cash", "avoidance"})
STATES: Mapping[str, str] = {
    "estimated": "estimated", "forecast": "forecast", "validated": "validated",
    "rejected": "rejected",
}  # fmt: skip
DRIVERS: Mapping[str, str] = {
    "rate": "rate × volume × value", "hours": "hours × hourly rate", "fte": "people released",
    "scrap": "scrap × price", "inventory": "stock × carrying rate", "price": "price × volume",
    "free": "other",
}  # fmt: skip
SERIES = ("plan", "forecast", "actual")
YEAR = 12


def months_from(start: str, count: int) -> tuple[str, ...]:
    """Return months as 2026-05, one after another."""
    year, month = int(start[:4]), int(start[5:7])
    return tuple(
        f"{year + (month - 1 + i) // YEAR}-{(month - 1 + i) % YEAR + 1:02}" for i in range(count)
    )


def month_value(line: Any, month: str, series: str) -> float | None:
    """Return one month of a benefit line; None where nothing was entered."""
    value = ((line.get("months") or {}).get(month) or {}).get(series)
    return float(value) if isinstance(value, int | float) else None


def month_decision(line: Any, month: str) -> str:
    """Return what finance said of one month in a review: validated, rejected or nothing."""
    judged = (line.get("month_reviews") or {}).get(month)
    return str(judged.get("decision") or "") if isinstance(judged, Mapping) else ""


def month_confirmed(line: Any, month: str) -> bool:
    """Whether the actual of a month is confirmed: by itself, or with the whole line."""
    said = month_decision(line, month)
    return said == "validated" or (not said and bool(line.get("validated_on")))


def total(line: Any, months: Sequence[str], series: str) -> float:
    """Return the sum of a benefit line over months."""
    return sum(month_value(line, month, series) or 0.0 for month in months)


def by_month(lines: Sequence[Any], months: Sequence[str], series: str) -> list[float | None]:
    """Return the sum of all lines per month; None where no line has an entry."""
    sums: list[float | None] = []
    for month in months:
        known = [v for line in lines if (v := month_value(line, month, series)) is not None]
        sums.append(sum(known) if known else None)
    return sums


@dataclass(frozen=True, slots=True)
class Annual:
    """A year's benefit and on what it rests."""

    value: float
    months: int

    @property
    def is_run_rate(self) -> bool:
        """Whether fewer than twelve months were seen."""
        return self.months < YEAR


def annualised(actuals: Sequence[float | None]) -> Annual | None:
    """Return the last twelve actual months, or the run rate of fewer."""
    known = [v for v in actuals if v is not None][-YEAR:]
    if not known:
        return None
    return Annual(sum(known) * (YEAR / len(known)), len(known))


def net_present_value(flows: Sequence[float], yearly_rate: float) -> float:
    """Return the present value of monthly cash flows; the first is today.

    The monthly rate is (1 + yearly rate) ** (1/12) - 1.
    """
    monthly = (1.0 + yearly_rate) ** (1 / YEAR)
    return sum(flow / monthly**t for t, flow in enumerate(flows))


def payback_months(flows: Sequence[float]) -> float | None:
    """Return when the cumulative cash flow reaches zero, linear inside the month; None if never."""
    total_so_far = 0.0
    for t, flow in enumerate(flows):
        before, total_so_far = total_so_far, total_so_far + flow
        if total_so_far >= 0:
            return 0.0 if t == 0 else t - 1 + (-before / flow if flow else 0.0)
    return None


def return_on_investment(benefits: float, costs: float) -> float | None:
    """Return (benefits - costs) / costs as a share; None without costs."""
    return (benefits - costs) / costs if costs > 0 else None


def weak_months(
    lines: Sequence[Any], months: Sequence[str], share: float = 0.8
) -> list[tuple[str, str]]:
    """Return pairs of months in a row in which less than this share of the plan was realised."""
    plan, actual = by_month(lines, months, "plan"), by_month(lines, months, "actual")
    weak = [
        p is not None and a is not None and p > 0 and a < share * p
        for p, a in zip(plan, actual, strict=True)
    ]
    return [(months[i], months[i + 1]) for i in range(len(months) - 1) if weak[i] and weak[i + 1]]
