"""What a lead asks of many projects: is it real, is it held, is it worth it, who is late?

Everything is worked out from the entries that projects leave at each save; pure functions, no files.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from leanlab.core import format as words
from leanlab.domain.benefits import (
    HARD,
    MONEY,
    SERIES,
    YEAR,
    Stood,
    claims,
    counted_value,
    in_money,
    months_from,
    months_of,
    stood,
    unit_of,
    weak_now,
)
from leanlab.domain.cards import OLD_DAYS

Signal = Literal["held", "worse", "none"]
STALE_DAYS, STUCK_DAYS, SLIPPED_DAYS = 30, 30, 14
MOST_MONTHS = 120  # in a picture of begun and ended
SIGNAL_WORDS: Mapping[str, str] = {"held": "held", "worse": "worse", "none": "–"}


@dataclass(frozen=True, slots=True)
class Late:
    """An action that is open after its date."""

    code: str
    title: str
    owner: str
    due: str
    days: int


@dataclass(frozen=True, slots=True)
class Money:
    """Benefits in the project's currency, of the lines that count as money.

    What finance rejected counts in no sum but its own; actual is what it validated and what it
    has not seen yet.
    """

    plan: float = 0.0
    forecast: float = 0.0
    actual: float = 0.0
    validated: float = 0.0
    unseen: float = 0.0  # actual that finance has not judged
    rejected: float = 0.0
    hard: float = 0.0  # actual, of hard lines


@dataclass(frozen=True, slots=True)
class Entry:
    """One project as of its last save."""

    body: Mapping[str, Any]
    path: str = ""
    today: date = field(default_factory=date.today)
    pending: tuple[str, ...] = ()  # what this user decided and the owner has not merged

    def text(self, name: str) -> str:
        """Return a fact as text; nothing where it is missing."""
        return str(self.body.get(name) or "")

    @property
    def title(self) -> str:
        """Name of the project."""
        return self.text("title")

    @property
    def metric(self) -> Mapping[str, Any]:
        """The primary metric with its proof."""
        found = self.body.get("metric")
        return found if isinstance(found, Mapping) else {}

    @property
    def card(self) -> Mapping[str, Any]:
        """Whether the gain is held, and what the metric was after 30 and 60 days."""
        found = self.body.get("card")
        return found if isinstance(found, Mapping) else {}

    @property
    def weak(self) -> list[Mapping[str, Any]]:
        """What a reviewer should ask, each with its record."""
        return [w for w in self.body.get("weak") or () if isinstance(w, Mapping)]

    @property
    def signal(self) -> Signal:
        """Whether the gain is held, by the proof and the latest thirty days."""
        word = self.card.get("held")
        if word:
            return "held" if word == "yes" else "worse" if word == "no" else "none"
        verdict = self.metric.get("verdict")
        if verdict in {"confirmed", "promising"}:
            return "held" if self.metric.get("stable") is not False else "none"
        return "worse" if verdict == "worse" else "none"

    @property
    def gap_closed(self) -> float | None:
        """Share of the way from baseline to target."""
        value = self.metric.get("gap_closed")
        return float(value) if isinstance(value, int | float) else None

    @property
    def actions(self) -> list[Mapping[str, Any]]:
        """The open actions."""
        return [a for a in self.body.get("actions") or () if isinstance(a, Mapping)]

    @property
    def late(self) -> list[Late]:
        """The open actions after their date, the latest first."""
        found = [
            Late(str(a.get("code", "")), str(a.get("title", "")), str(a.get("owner") or ""),
                 str(a.get("due")), days_since(str(a.get("due")), self.today))
            for a in self.actions
            if a.get("due") and str(a["due"]) < self.today.isoformat()
        ]  # fmt: skip
        return sorted(found, key=lambda late: -late.days)

    @property
    def idle_days(self) -> int:
        """Days since the last change."""
        return days_since(self.text("changed"), self.today)

    @property
    def closed(self) -> bool:
        """Whether all gates are passed or the project was stopped."""
        return bool(self.body.get("closed"))

    @property
    def stopped(self) -> bool:
        """Whether it was given up at a gate."""
        return bool(self.body.get("stopped"))

    @property
    def rework(self) -> str:
        """The day on which the gate that is next was sent back; nothing if it was not."""
        phases = [p for p in self.body.get("phases") or () if p.get("title") == self.text("phase")]
        now: Mapping[str, Any] = phases[0] if phases else {}
        return str(now.get("decided_on") or "") if now.get("decision") == "rework" else ""

    @property
    def old_data(self) -> str:
        """The last day with data after the change, where that is long ago; else nothing."""
        day = str(self.card.get("data_to") or "")
        return day if day and days_since(day, self.today) > OLD_DAYS else ""

    @property
    def money(self) -> Money:
        """What it is worth."""
        return self.money_in("")

    def money_in(self, year: str) -> Money:
        """What it is worth in a year such as 2026; in all years without one."""
        found = money_of(self.body.get("benefits") or (), year)
        return replace(found, plan=0.0, forecast=0.0) if self.stopped else found

    def entered(self, year: str = "") -> frozenset[str]:
        """Return which of plan, forecast and actual have an entry in money; of a year, or of all."""
        money = in_money(self.body.get("benefits") or ())
        return frozenset(
            series for series in SERIES for line in money for month in line.get("months") or ()
            if month.startswith(year) and counted_value(line, month, series) is not None
        )  # fmt: skip

    @property
    def next_gate(self) -> tuple[str, str]:
        """Title and planned day of the next gate."""
        gate = self.body.get("next_gate") or {}
        return str(gate.get("title", "")), str(gate.get("planned") or "")


def days_since(day: str, today: date) -> int:
    """Return how many days ago a day was; 0 for one that cannot be read."""
    try:
        return max(0, (today - date.fromisoformat(day[:10])).days)
    except ValueError:
        return 0


def money_of(lines: Iterable[Mapping[str, Any]], year: str = "") -> Money:
    """Add up benefit lines, over the months of a year or over all."""
    money = [line for line in lines if line.get("benefit_class") in MONEY]
    months = [month for month in months_of(money) if month.startswith(year)]
    seen: Stood = stood(money, months)
    hard = [line for line in money if line["benefit_class"] in HARD]
    return Money(
        plan=_sum(money, months, "plan"),
        forecast=_sum(money, months, "forecast"),
        actual=seen.counted,
        validated=seen.validated,
        unseen=seen.open,
        rejected=seen.rejected,
        hard=_sum(hard, months, "actual"),
    )


def _sum(lines: Sequence[Mapping[str, Any]], months: Sequence[str], series: str) -> float:
    return sum(counted_value(line, m, series) or 0.0 for line in lines for m in months)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a project is at risk, and the record it comes from."""

    rule: str
    text: str
    target: str = ""


def reasons(entry: Entry) -> list[Reason]:
    """Return why a project needs a look; none means that it goes well."""
    if entry.stopped:
        return []
    if entry.closed:
        return (
            [Reason("worse", "The metric is worse than before.")] if entry.signal == "worse" else []
        )
    found = []
    if entry.rework:
        found.append(
            Reason(
                "rework",
                f"The {entry.text('phase')} gate was sent back for rework on {words.day(entry.rework)}.",
            )
        )
    title, planned = entry.next_gate
    slipped = days_since(planned, entry.today) if planned else 0
    if slipped > SLIPPED_DAYS:
        found.append(Reason("gate", f"The {title} gate is {slipped} days late."))
    musts = [e for e in entry.body.get("loose_ends") or () if e.get("must") and e.get("now", True)]
    if musts:
        first = musts[0]
        found.append(Reason("chain", str(first.get("text", "")), str(first.get("target", ""))))
    weak = weak_now(in_money(entry.body.get("benefits") or ()), f"{entry.today:%Y-%m}")
    if weak:
        said = " and ".join(f"{_percent(share)} in {words.month(month)}" for month, share in weak)
        found.append(Reason("benefit", f"Benefits stay below 80 % of their plan: {said}."))
    if entry.idle_days > STALE_DAYS:
        found.append(Reason("stale", f"Nothing changed for {entry.idle_days} days."))
    if entry.signal == "worse":
        found.append(Reason("worse", "The metric is worse than before."))
    late = [one for one in entry.late if one.days > STUCK_DAYS]
    if late:
        found.append(Reason("late", f"{late[0].title}: {late[0].days} days late."))
    return found


def _percent(share: float) -> str:
    """Round down, so that what is below 80 % never reads as 80 %."""
    return f"{math.floor(100 * share)} %"


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures at the top of a portfolio."""

    projects: int
    active: int
    at_risk: int
    overdue: int
    overdue_long: int
    plan: float
    forecast: float
    actual: float
    validated: float
    unseen: float
    rejected: float


def totals(entries: Sequence[Entry], year: str = "") -> Totals:
    """Add up a portfolio; its money over the months of a year, or over all."""
    money = [entry.money_in(year) for entry in entries]
    late = [one for entry in entries for one in entry.late]
    return Totals(
        projects=len(entries),
        active=sum(not entry.closed for entry in entries),
        at_risk=sum(bool(reasons(entry)) for entry in entries),
        overdue=len(late),
        overdue_long=sum(one.days > STUCK_DAYS for one in late),
        plan=sum(m.plan for m in money),
        forecast=sum(m.forecast for m in money),
        actual=sum(m.actual for m in money),
        validated=sum(m.validated for m in money),
        unseen=sum(m.unseen for m in money),
        rejected=sum(m.rejected for m in money),
    )


def years(entries: Sequence[Entry]) -> list[str]:
    """Return the years in which projects have money, in order."""
    lines = (line for e in entries for line in e.body.get("benefits") or ())
    return sorted({m[:4] for m in months_of([x for x in lines if x.get("benefit_class") in MONEY])})


def usual_year(entries: Sequence[Entry], today: date) -> str:
    """Return this year if projects have money in it; else nothing, which means all years."""
    return str(today.year) if str(today.year) in years(entries) else ""


def currencies(entries: Sequence[Entry]) -> list[str]:
    """Return the currencies of the projects that count money, the usual one first."""
    found = Counter(e.text("currency") or "EUR" for e in entries if e.money != Money())
    return [name for name, _ in found.most_common()]


def by_currency(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return the projects by their currency, the usual one first: amounts are never converted."""
    names = currencies(entries) or ["EUR"]
    return {name: [e for e in entries if (e.text("currency") or "EUR") == name] for name in names}


@dataclass(frozen=True, slots=True)
class Stuck:
    """Something that does not move, and whose it is."""

    entry: Entry
    what: str
    who: str
    why: str
    days: int = 0


def stuck(entries: Sequence[Entry]) -> list[Stuck]:
    """Return what is unassigned, stale, or overdue for over thirty days, the longest first."""
    found = [one for entry in entries for one in _stuck_in(entry)]
    return sorted(found, key=lambda one: -one.days)


def _stuck_in(entry: Entry) -> Iterable[Stuck]:
    leader = entry.text("leader")
    for action in entry.actions:
        if not action.get("owner"):
            give = f"nobody has it; {leader} leads" if leader else "nobody has it"
            yield Stuck(entry, str(action.get("title", "")), "nobody", give)
    for late in entry.late:
        if late.days > STUCK_DAYS:
            yield Stuck(
                entry, late.title, late.owner or leader, f"{late.days} days late", late.days
            )
    idle = entry.idle_days
    if not entry.closed and idle > STALE_DAYS:
        yield Stuck(entry, "The project", leader, f"no change for {idle} days", idle)


Claim = tuple[Entry, Mapping[str, Any]]  # a project and one of its benefit lines


def counted_twice(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return benefits that several projects claim in the same months, by name."""
    return [
        (str(claimed[0][1].get("title") or ""), list({id(e): e for e, _ in claimed}.values()))
        for claimed in claimed_twice(entries)
    ]


def claimed_twice(entries: Sequence[Entry]) -> list[list[Claim]]:
    """Return lines of several projects that count the same in the same months.

    A benefit is the same if its name is, or if its metric and its line of the accounts are.
    """
    groups: defaultdict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for entry in entries:
        for line in in_money(entry.body.get("benefits") or ()):
            for claim in claims(line):
                groups[claim].append((entry, line))
    found: dict[frozenset[int], list[Claim]] = {}
    for group in groups.values():
        meeting = [a for a in group if any(_meet(a, b) for b in group)]
        if meeting:
            found.setdefault(frozenset(id(line) for _, line in meeting), meeting)
    return list(found.values())


def _meet(one: Claim, other: Claim) -> bool:
    """Whether two lines of different projects have a month in common."""
    months = one[1].get("months") or {}
    return one[0] is not other[0] and any(m in months for m in other[1].get("months") or ())


def by_month(
    entries: Sequence[Entry], series: str = "actual"
) -> dict[str, tuple[float, float, float]]:
    """Return hard money, other money, and soft effects that have a price, per month."""
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for entry in entries:
        for line in entry.body.get("benefits") or ():
            kind = _kind(line, entry.text("currency") or "EUR")
            for month in line.get("months") or ():
                value = counted_value(line, month, series)
                if kind is not None and value is not None:
                    sums[month][kind] += value
    return {month: (a, b, c) for month, (a, b, c) in sorted(sums.items())}


def _kind(line: Mapping[str, Any], currency: str) -> int | None:
    """Return where a line stands: hard, other money, soft with a price; None for no money."""
    benefit_class = line.get("benefit_class")
    if benefit_class in MONEY:
        return 0 if benefit_class in HARD else 1
    return 2 if benefit_class == "soft" and unit_of(line, currency) == currency else None


def flow(entries: Sequence[Entry]) -> dict[str, tuple[int, int]]:
    """Return how many projects began and ended per month."""
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        if entry.text("created"):
            found[entry.text("created")[:7]][0] += 1
        if entry.closed and entry.text("closed_on"):
            found[entry.text("closed_on")[:7]][1] += 1
    if not found:
        return {}
    first, last = min(found), max(found)
    count = (int(last[:4]) - int(first[:4])) * YEAR + int(last[5:7]) - int(first[5:7]) + 1
    shown = months_from(first, count)[-MOST_MONTHS:]  # a wrong date must not draw a thousand years
    for month in [m for m in found if m < shown[0]]:
        for at in (0, 1):
            found[shown[0]][at] += found[month][at]
    return {m: (found[m][0], found[m][1]) if m in found else (0, 0) for m in shown}


def phase_days(entries: Sequence[Entry]) -> dict[str, list[int]]:
    """Return how many days each phase took, by its title."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for entry in entries:
        before = entry.text("created")[:10]
        for phase in entry.body.get("phases") or ():
            on = str(phase.get("on") or "")
            if not on or not before:
                break
            days = (date.fromisoformat(on[:10]) - date.fromisoformat(before)).days
            if days >= 0:
                found[str(phase.get("title", ""))].append(days)
            before = on[:10]
    return dict(found)
