"""What a project is worth, month by month: plan, forecast, actual, and the usual indices.

An actual is typed, or worked out from a rate and the volume of its month. Finance judges whole
lines or single months; what it rejected counts nothing, and what it has not seen is told apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from leanlab.core import format as words
from leanlab.core import wording

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
BETTER: Mapping[str, str] = {"lower": "lower is better", "higher": "higher is better"}
SERIES = ("plan", "forecast", "actual")
YEAR = 12
EXACT = 1e-9  # 0.8 of a plan is not less than 0.8 of it, in floats either
SAME = 0.005  # amounts that differ by less are the same

Standing = Literal["validated", "open", "rejected"]
STANDINGS: Mapping[Standing, str] = {
    "validated": "validated by finance", "open": "not yet validated",
    "rejected": "rejected, not counted",
}  # fmt: skip


def months_from(start: str, count: int) -> tuple[str, ...]:
    """Return months as 2026-05, one after another."""
    year, month = int(start[:4]), int(start[5:7])
    return tuple(
        f"{year + (month - 1 + i) // YEAR}-{(month - 1 + i) % YEAR + 1:02}" for i in range(count)
    )


def months_of(lines: Sequence[Any]) -> list[str]:
    """Return the months in which lines have entries, in order."""
    return sorted({m for line in lines for m in _months(line)})


def _months(line: Any) -> Mapping[str, Any]:
    found = line.get("months")
    return found if isinstance(found, Mapping) else {}


def _entry(line: Any, month: str, name: str) -> float | None:
    found = _months(line).get(month)
    value = found.get(name) if isinstance(found, Mapping) else None
    return float(value) if isinstance(value, int | float) else None


def _number(line: Any, name: str) -> float | None:
    value = line.get(name)
    return float(value) if isinstance(value, int | float) else None


# worked out from the volume ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Worked:
    """One month worked out: what a unit saves, times the volume that really was.

    With a planned volume the amount is the sum of two parts: what the better rate is worth at the
    planned volume, and what more or less volume adds to it.
    """

    before: float
    now: float
    saving: float  # per unit of volume; negative when the rate got worse
    volume: float
    planned: float | None

    @property
    def amount(self) -> float:
        """Saving per unit times the volume of the month."""
        return self.saving * self.volume

    @property
    def rate_part(self) -> float | None:
        """The part of the better rate, at the planned volume."""
        return None if self.planned is None else self.saving * self.planned

    @property
    def volume_part(self) -> float | None:
        """The part of a volume other than planned."""
        return None if self.planned is None else self.saving * (self.volume - self.planned)


def worked(line: Any, month: str) -> Worked | None:
    """Work a month out from its rate and volume; None while one of the figures is missing."""
    before, value = _number(line, "rate_before"), _number(line, "unit_value")
    now, volume = _entry(line, month, "rate"), _entry(line, month, "volume")
    if before is None or value is None or now is None or volume is None:
        return None
    gain = now - before if line.get("better") == "higher" else before - now
    if in_percent(line):
        gain /= 100
    planned = _entry(line, month, "volume_plan")
    planned = _number(line, "volume_plan") if planned is None else planned
    return Worked(before, now, gain * value, volume, planned)


def in_percent(line: Any) -> bool:
    """Whether the rate of a line is entered in percent."""
    return str(line.get("rate_unit") or "").strip().startswith("%")


def worked_words(line: Any, month: str, currency: str) -> str:
    """Write the sum of a month out: (14.3 − 8.1) % × 5,200 orders × 4 EUR = 1,290 EUR."""
    found = worked(line, month)
    if found is None:
        return ""
    higher = line.get("better") == "higher"
    first, second = (found.now, found.before) if higher else (found.before, found.now)
    rate_unit, volume_unit = (str(line.get(n) or "").strip() for n in ("rate_unit", "volume_unit"))
    unit = unit_of(line, currency)
    sign = " %" if in_percent(line) else f" {rate_unit}" if rate_unit else ""
    text = (
        f"({_plain(first)} − {_plain(second)}){sign} × {_plain(found.volume)}"
        f"{f' {volume_unit}' if volume_unit else ''} × {_plain(float(line.get('unit_value')))} {unit}"
        f" = {words.number(found.amount, 0)} {unit}"
    )
    if found.planned is None or found.rate_part is None or found.volume_part is None:
        return text
    more = "more" if found.volume >= found.planned else "less"
    return (
        f"{text}; rate part {words.number(found.rate_part, 0)} {unit} at the planned "
        f"{_plain(found.planned)}, volume part {words.number(found.volume_part, 0)} {unit} "
        f"for {_plain(abs(found.volume - found.planned))} {more}"
    )


def _plain(value: float) -> str:
    return words.number(value, words.decimals_of([value]))


def unit_of(line: Any, currency: str) -> str:
    """Return the unit of a line's amounts: money is in the project's currency."""
    if line.get("benefit_class") in MONEY:
        return currency
    return str(line.get("unit") or "").strip() or currency


# values of a month -------------------------------------------------------------------------------


def month_value(line: Any, month: str, series: str) -> float | None:
    """Return one month of a benefit line as claimed; None where nothing was entered.

    An actual that follows from rate and volume stands before a typed one.
    """
    if series == "actual" and (found := worked(line, month)) is not None:
        return round(found.amount, 2)
    return _entry(line, month, series)


def month_standing(line: Any, month: str) -> Standing:
    """Return how the actual of a month stands with finance.

    A word on the month goes before a word on the line. Finance can only have confirmed what it
    saw: the months up to the day of its word, with the amounts of that day. A word in a review
    names its amounts: a month that is not among them was not seen. One typed into the worksheet
    names none, and is taken for the amounts that stand there.
    """
    if line.get("state") == "rejected":
        return "rejected"
    told = (_months(line).get(month) or {}).get("standing")  # as a summary has it
    known = next((s for s in STANDINGS if s == told), None)
    if known is not None:
        return known
    said = (line.get("month_reviews") or {}).get(month)
    if isinstance(said, Mapping) and said.get("decision") in {"validated", "rejected"}:
        return _word_on_month(said, line, month)
    return _word_on_line(line, month)


def _word_on_month(said: Mapping[str, Any], line: Any, month: str) -> Standing:
    rejected = said["decision"] == "rejected"
    if rejected and said.get("amount") is None:
        return "rejected"
    if not _seen(said.get("amount"), line, month):
        return "open"
    return "rejected" if rejected else "validated"


def _word_on_line(line: Any, month: str) -> Standing:
    day, seen = str(line.get("validated_on") or ""), line.get("validated_months")
    if not day or month > day[:7]:
        return "open"
    known = not isinstance(seen, Mapping) or _seen(seen.get(month), line, month)
    return "validated" if known else "open"


def _seen(amount: Any, line: Any, month: str) -> bool:
    """Whether an amount is still the one that finance saw."""
    if not isinstance(amount, int | float):
        return False
    now = month_value(line, month, "actual")
    return now is not None and abs(now - amount) < SAME


@dataclass(frozen=True, slots=True)
class Moved:
    """An amount that changed after finance had given its word on it."""

    month: str
    seen: float
    now: float | None


def moved(line: Any) -> list[Moved]:
    """Return the months whose amount is not the one on which finance gave its word."""
    judged = line.get("month_reviews")
    judged = judged if isinstance(judged, Mapping) else {}
    on_line = line.get("validated_months")
    seen = dict(on_line) if line.get("validated_on") and isinstance(on_line, Mapping) else {}
    seen |= {m: said.get("amount") for m, said in judged.items() if isinstance(said, Mapping)}
    return [
        Moved(month, float(amount), month_value(line, month, "actual"))
        for month, amount in sorted(seen.items())
        if isinstance(amount, int | float) and not _seen(amount, line, month)
    ]


def moved_words(line: Any, currency: str) -> str:
    """Say what changed since finance gave its word: Jun 2026 (2,090, now 2,400 EUR)."""
    unit = unit_of(line, currency)
    told = []
    for one in moved(line):
        seen, now = words.number(one.seen, 0), "nothing"
        if one.now is not None:
            seen, now = wording.apart(one.seen, one.now, words.number)
            now = f"{now} {unit}"
        told.append(f"{words.month(one.month)} ({seen}, now {now})")
    return f"changed since finance's word: {', '.join(told)}" if told else ""


def counted_value(line: Any, month: str, series: str) -> float | None:
    """Return what one month of a line counts: nothing where finance rejected it."""
    value = month_value(line, month, series)
    if line.get("state") == "rejected":
        return None
    if value is None or series != "actual":
        return value
    return 0.0 if month_standing(line, month) == "rejected" else value


def total(line: Any, months: Sequence[str], series: str) -> float:
    """Return the sum of what a benefit line counts over months."""
    return sum(counted_value(line, month, series) or 0.0 for month in months)


def by_month(lines: Sequence[Any], months: Sequence[str], series: str) -> list[float | None]:
    """Return the sum of what lines count per month; None where no line has an entry."""
    sums: list[float | None] = []
    for month in months:
        known = [v for line in lines if (v := counted_value(line, month, series)) is not None]
        sums.append(sum(known) if known else None)
    return sums


def in_money(lines: Sequence[Any]) -> list[Any]:
    """Return the lines in money that finance did not reject."""
    return [x for x in lines if x.get("benefit_class") in MONEY and x.get("state") != "rejected"]


@dataclass(frozen=True, slots=True)
class Stood:
    """Actual amounts by how they stand with finance."""

    validated: float = 0.0
    open: float = 0.0
    rejected: float = 0.0

    @property
    def counted(self) -> float:
        """What counts as actual."""
        return self.validated + self.open

    def parts(self) -> list[tuple[Standing, float]]:
        """Return the parts that are not nothing."""
        known: tuple[tuple[Standing, float], ...] = (
            ("validated", self.validated), ("open", self.open), ("rejected", self.rejected),
        )  # fmt: skip
        return [(name, value) for name, value in known if abs(value) >= SAME]

    def words(self, unit: str) -> str:
        """Say it: 4,180 EUR validated by finance, 2,090 EUR not yet validated."""
        return ", ".join(
            f"{words.number(value, 0)} {unit} {STANDINGS[name]}" for name, value in self.parts()
        )


def stood(lines: Sequence[Any], months: Sequence[str] | None = None) -> Stood:
    """Add actual amounts up by how they stand with finance; all months if none are named."""
    sums: dict[Standing, float] = {"validated": 0.0, "open": 0.0, "rejected": 0.0}
    for line in lines:
        for month in _months(line) if months is None else months:
            value = month_value(line, month, "actual")
            if value is not None:
                sums[month_standing(line, month)] += value
    return Stood(sums["validated"], sums["open"], sums["rejected"])


def judged_by_finance(line: Any) -> bool:
    """Whether finance gave its word: on the line, or on every month that has an actual."""
    if line.get("state") == "rejected" or (line.get("validated_by") and line.get("validated_on")):
        return True
    actual = [m for m in _months(line) if month_value(line, m, "actual") is not None]
    return bool(actual) and all(month_standing(line, m) != "open" for m in actual)


def resolved(line: Any) -> dict[str, dict[str, Any]]:
    """Return the months of a line with what was worked out and how each stands with finance."""
    found: dict[str, dict[str, Any]] = {}
    for month in _months(line):
        known = {s: v for s in SERIES if (v := month_value(line, month, s)) is not None}
        if "actual" in known:
            found[month] = {**known, "standing": month_standing(line, month)}
        elif known:
            found[month] = dict(known)
    return found


def actual_months(line: Any) -> dict[str, float]:
    """Return the actual of every month, as finance sees it on giving its word."""
    return {m: v for m in _months(line) if (v := month_value(line, m, "actual")) is not None}


def claims(line: Any) -> set[tuple[str, ...]]:
    """Return what a line says it counts: its name, and its metric with its line of the accounts.

    Two lines with a claim in common, in the same month, may count the same money twice.
    """
    title, metric, account = (
        " ".join(str(line.get(n) or "").casefold().split()) for n in ("title", "metric", "pl_line")
    )
    found: set[tuple[str, ...]] = {(title,)} if title else set()
    return found | {(metric, account)} if metric and account else found


# a year, and what it cost ------------------------------------------------------------------------


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


def year_of(lines: Sequence[Any], months: Sequence[str], series: str) -> Annual | None:
    """Return what lines bring in a year; what comes only once is never multiplied."""
    once = [x for x in lines if x.get("recurring") == 0]
    recurring = [x for x in lines if x.get("recurring") != 0]
    year = annualised(by_month(recurring, months, series))
    single = [v for v in by_month(once, months, series)[-YEAR:] if v is not None]
    if not single:
        return year
    return Annual(sum(single) + (year.value if year else 0.0), year.months if year else YEAR)


def net_present_value(flows: Sequence[float], yearly_rate: float) -> float:
    """Return the present value of monthly cash flows; the first is today.

    The monthly rate is (1 + yearly rate) ** (1/12) - 1.
    """
    monthly = (1.0 + yearly_rate) ** (1 / YEAR)
    return sum(flow / monthly**t for t, flow in enumerate(flows))


def payback_months(flows: Sequence[float]) -> float | None:
    """Return when the cumulative cash flow reaches zero for good, linear inside the month.

    The first flow is at time zero, the others each at the end of their month; None if never.
    """
    total_so_far, back = 0.0, 0.0
    for t, flow in enumerate(flows):
        before, total_so_far = total_so_far, total_so_far + flow
        if before < 0 <= total_so_far:
            back = t - 1 - before / flow
    return None if total_so_far < 0 else back


def return_on_investment(benefits: float, costs: float) -> float | None:
    """Return (benefits - costs) / costs as a share; None without costs."""
    return (benefits - costs) / costs if costs > 0 else None


BEHIND = 0.8  # of the plan


def plan_shares(lines: Sequence[Any], months: Sequence[str]) -> list[tuple[str, float | None]]:
    """Return what share of its plan each planned month brought in; None while nobody knows.

    A line counts in a month only where both its plan and its actual are known: an amount that
    nobody entered is no shortfall. What finance rejected is nothing against its plan.
    """
    found: list[tuple[str, float | None]] = []
    for month in sorted(months):
        pairs = [
            (plan, counted_value(line, month, "actual"))
            for line in lines
            if (plan := counted_value(line, month, "plan")) is not None
        ]
        if sum(plan for plan, _ in pairs) <= 0:
            continue
        known = [(plan, actual) for plan, actual in pairs if actual is not None]
        planned = sum(plan for plan, _ in known)
        found.append((month, sum(a for _, a in known) / planned if planned > 0 else None))
    return found


def weak_months(
    lines: Sequence[Any], months: Sequence[str], share: float = BEHIND
) -> list[tuple[str, str]]:
    """Return pairs of planned months in a row in which less than this share came in.

    Months without a plan do not come between; a planned month without an actual does.
    """
    shares = plan_shares(lines, months)
    return [
        (one[0], other[0])
        for one, other in pairwise(shares)
        if _short_of(one[1], share) and _short_of(other[1], share)
    ]


def weak_now(lines: Sequence[Any], this_month: str) -> list[tuple[str, float]]:
    """Return the last two past months known, with their shares, if both are short of the plan.

    Months to come and the one that runs say nothing yet; nor do months not entered at the end.
    """
    past = [m for m in months_of(lines) if m < this_month]
    shares = plan_shares(lines, past)
    while shares and shares[-1][1] is None:
        shares.pop()
    last = [(m, s) for m, s in shares[-2:] if s is not None and _short_of(s, BEHIND)]
    return last if len(last) == 2 else []  # noqa: PLR2004 - a pair of months


def _short_of(value: float | None, share: float) -> bool:
    return value is not None and value < share - EXACT
