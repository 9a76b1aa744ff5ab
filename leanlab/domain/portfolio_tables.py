"""The tables of a portfolio as values: the window, the PDF, the workbook and the command line show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from leanlab.core import format as words
from leanlab.domain.benefits import CLASSES, SERIES, counted_value, months_of, stood, unit_of
from leanlab.domain.cards_worth import yearly
from leanlab.domain.portfolio import (
    SIGNAL_WORDS,
    STUCK_DAYS,
    Entry,
    Money,
    claimed_twice,
    days_since,
    reasons,
    stuck,
)

Kind = Literal["text", "money", "count", "percent", "days", "date", "number"]
Level = Literal["good", "warning", "bad", "grey"]
_GRAVE = frozenset({"worse", "late", "gate", "rework"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, how its values read, how wide it would like to be."""

    name: str
    kind: Kind = "text"
    width: int = 120
    stretch: bool = False
    detail: str = ""  # said behind the name: the year that is counted

    @property
    def heading(self) -> str:
        """What stands above the column."""
        return f"{self.name} {self.detail}".strip()

    @property
    def short(self) -> str:
        """The same where there is little room: Plan ’26."""
        return f"{self.name} ’{self.detail[-2:]}" if self.detail else self.name


@dataclass(frozen=True, slots=True)
class Line:
    """One line: values, the project it is about, and how it stands."""

    values: tuple[Any, ...]
    entry: Entry
    level: Level = "grey"
    target: str = ""  # the record in the project


@dataclass(frozen=True, slots=True)
class Sheet:
    """A titled table of lines."""

    id: str
    title: str
    columns: tuple[Column, ...]
    lines: Sequence[Line]
    empty: str
    led: int = -1  # the column that carries the sign of the level


def shown(column: Column, value: Any) -> str:
    """Return a value as it is read."""
    if value is None or value == "":
        return ""
    if column.kind == "money":
        return words.number(float(value), 0)
    if column.kind == "percent":
        return f"{words.number(100 * float(value), 0)} %"
    if column.kind == "days":
        return "today" if not value else words.count(int(value), "day")
    if column.kind == "date":
        return words.day(str(value)[:10]) if _is_day(str(value)) else str(value)
    return str(value)


def _is_day(text: str) -> bool:
    return len(text) >= 10 and text[:4].isdigit() and text[4] == "-" and text[7] == "-"  # noqa: PLR2004 - 2026-05-20


def health(entry: Entry) -> tuple[Level, str]:
    """Return how a project stands, with the reason in words."""
    why = reasons(entry)
    if entry.stopped:
        return ("grey", "stopped")
    if not why:
        return ("good", "closed" if entry.closed else "ok")
    more = f" (+{len(why) - 1})" if len(why) > 1 else ""
    grave = any(reason.rule in _GRAVE for reason in why)
    return ("bad" if grave else "warning", f"{why[0].text.rstrip('.')}{more}")


def _short_day(day: str, year: int) -> str:
    """Return a day without its year where that is this one."""
    said = words.day(day)
    return said.rpartition(" ")[0] if day[:4] == str(year) else said


def _gate(entry: Entry) -> str:
    title, planned = entry.next_gate
    if entry.closed:
        return "stopped" if entry.stopped else "closed"
    if not planned:
        return title
    day = _short_day(planned, entry.today.year)
    return f"{title}, was {day}" if days_since(planned, entry.today) else f"{title} {day}"


PROJECTS = (
    Column("Code", width=60), Column("Title", width=158, stretch=True), Column("Phase", width=68),
    Column("Health", width=262, stretch=True), Column("My review", width=200), Column("Gap closed", "percent", 84),
    Column("Signal", width=96), Column("Plan", "money", 78), Column("Forecast", "money", 100),
    Column("Actual", "money", 84), Column("Validated", "money", 104), Column("Overdue", "count", 72),
    Column("Last change", "days", 88), Column("Next gate", width=130),
    Column("Site", width=84), Column("Leader", width=84),
    Column("Saved", "date", 100),
)  # fmt: skip
_OF_YEAR = frozenset({"Plan", "Forecast", "Actual", "Validated"})
_SIGNALS = {"not shown": "not shown", "uncertain": "uncertain", "too early to tell": "too early"}


def signal_words(entry: Entry) -> str:
    """Say whether the gain is held: with its last day where that is long ago, or why not."""
    if entry.signal == "held" and entry.old_data:
        return f"held to {_short_day(entry.old_data, entry.today.year)}"
    return _SIGNALS.get(str(entry.card.get("held")), SIGNAL_WORDS[entry.signal])


def _of_year(columns: tuple[Column, ...], year: str) -> tuple[Column, ...]:
    return tuple(replace(c, detail=year) if c.name in _OF_YEAR else c for c in columns)


def projects(entries: Sequence[Entry], year: str = "") -> Sheet:
    """Return one line per project, those at risk first; money of a year, or of all."""
    lines = []
    for entry in entries:
        level, why = health(entry)
        money = entry.money_in(year)
        phase = "Stopped" if entry.stopped else "Closed" if entry.closed else entry.text("phase")
        values = (
            entry.text("code"), entry.title, phase, why, "; ".join(entry.pending),
            entry.gap_closed, signal_words(entry), *_amounts(entry, money, year), len(entry.late) or None,
            entry.idle_days, _gate(entry), entry.text("site"), entry.text("leader"),
            entry.text("saved")[:10],
        )  # fmt: skip
        lines.append(Line(values, entry, level))
    order = {"bad": 0, "warning": 1, "grey": 2, "good": 3}
    lines.sort(key=lambda line: (line.entry.closed, order[line.level], str(line.values[0])))
    columns = _of_year(PROJECTS, year)
    return Sheet("projects", "Projects", columns, lines, "No project fits the filter.", led=3)


def _amounts(entry: Entry, money: Money, year: str) -> tuple[float | None, ...]:
    """Return plan, forecast, actual and validated; nothing where no month has an entry."""
    known = entry.entered(year)
    actual = money.actual if "actual" in known else None
    return (
        money.plan if "plan" in known else None,
        money.forecast if "forecast" in known else None,
        actual,
        None if actual is None else money.validated,
    )


CARDS = (
    Column("Code", width=64), Column("Title", width=170, stretch=True), Column("Metric", width=150, stretch=True),
    Column("Before", "number", 76), Column("Target", "number", 76), Column("After", "number", 76),
    Column("30 days", "number", 76), Column("60 days", "number", 76),
    Column("Gap closed", "percent", 84), Column("Held", width=130), Column("Proof", width=100),
    Column("To ask", "count", 64),
)  # fmt: skip
_PROOFS = {"confirmed": "confirmed", "promising": "promising", "too_early": "too early",
           "not_shown": "not shown", "worse": "worse"}  # fmt: skip


def cards(entries: Sequence[Entry]) -> Sheet:
    """Return one line per project that has changed something, with before and after."""
    lines = []
    for entry in entries:
        metric, card = entry.metric, entry.card
        if metric.get("before") is None and not entry.closed:
            continue
        later = card.get("later") or {}
        unit = str(metric.get("unit") or "")
        known = [metric.get("target"), metric.get("baseline")]
        numbers = (metric.get("before"), metric.get("target"), metric.get("after"), later.get("30"), later.get("60"))  # fmt: skip
        values = (
            entry.text("code"), entry.title, _named(metric, unit),
            *(_value(v, unit, known) for v in numbers), entry.gap_closed, str(card.get("held") or ""),
            _PROOFS.get(str(metric.get("verdict")), "none"), _to_ask(entry) or None,
        )  # fmt: skip
        lines.append(Line(values, entry, card.get("held_level", "grey")))
    lines.sort(key=lambda line: (str(line.values[0]), str(line.values[1])))
    empty = "No project has compared before and after yet."
    return Sheet("cards", "Kaizen cards", CARDS, lines, empty, led=9)


def _to_ask(entry: Entry) -> int:
    """Return how many questions the card has: its own, and the weak spots."""
    asks = entry.body.get("asks")
    return len(entry.weak) + (asks if isinstance(asks, int) else 0)


def _named(metric: Mapping[str, Any], unit: str) -> str:
    name = str(metric.get("name") or "")
    return f"{name} ({unit})" if unit else name


def _value(value: Any, unit: str, known: Sequence[Any]) -> str:
    if not isinstance(value, int | float):
        return ""
    decimals = max(words.decimals_of([v for v in known if v is not None]), int(unit == "%"))
    return words.number(value, decimals)


BENEFITS = (
    Column("Code", width=64), Column("Project", width=150, stretch=True), Column("Benefit", width=170, stretch=True),
    Column("Class", width=150), Column("Unit", width=52), Column("Plan", "money", 78),
    Column("Forecast", "money", 78), Column("Actual", "money", 78), Column("Validated", "money", 80),
    Column("Not yet", "money", 70), Column("Rejected", "money", 76), Column("A year", "money", 84),
    Column("Of", width=70), Column("State", width=190),
)  # fmt: skip


def benefits(entries: Sequence[Entry]) -> Sheet:
    """Return one line per benefit; what several projects claim says so."""
    twice: dict[int, list[Entry]] = {}
    for claimed in claimed_twice(entries):
        for _, line in claimed:
            twice.setdefault(id(line), []).extend(owner for owner, _ in claimed)
    lines = []
    for entry in entries:
        for line in entry.body.get("benefits") or ():
            lines.append(_benefit(entry, line, twice.get(id(line), ())))
    lines.sort(key=lambda line: (line.level != "warning", str(line.values[0]), str(line.values[1])))
    empty = "No benefit is entered yet."
    return Sheet("benefits", "Benefits", BENEFITS, lines, empty, led=len(BENEFITS) - 1)


def _benefit(entry: Entry, line: Mapping[str, Any], claimants: Sequence[Entry]) -> Line:
    rejected = line.get("state") == "rejected"
    year = None if rejected else yearly([line])
    seen = stood([line])
    level, state = _finance(line)
    others = dict.fromkeys(o.text("code") or o.title for o in claimants if o is not entry)
    if others:
        state, level = f"counted twice? also in {', '.join(others)}", "warning"
    values = (
        entry.text("code"), entry.title, str(line.get("title") or ""),
        CLASSES.get(str(line.get("benefit_class")), ""), unit_of(line, entry.text("currency") or "EUR"),
        *(_sum(line, series) for series in SERIES), seen.validated or None, seen.open or None,
        seen.rejected or None, year.value if year else None, year.series if year else "", state,
    )  # fmt: skip
    return Line(values, entry, level, str(line.get("id") or ""))


def _finance(line: Mapping[str, Any]) -> tuple[Level, str]:
    """Return what finance says of a line, in words."""
    if line.get("state") == "rejected":
        return "bad", "rejected by finance"
    seen = stood([line])
    who = f"validated by {line.get('validated_by')}" if line.get("validated_on") else "validated" if seen.validated else ""  # fmt: skip
    parts = [part for part, amount in (
        (who, True), ("part not yet validated", seen.open), ("part rejected", seen.rejected),
    ) if part and amount]  # fmt: skip
    if not who and not seen.rejected:
        return "grey", str(line.get("state") or "estimated")
    whole = who and not seen.open and not seen.rejected
    return ("good" if whole else "warning" if seen.rejected else "grey"), ", ".join(parts)


def _sum(line: Mapping[str, Any], series: str) -> float | None:
    known = [v for m in months_of([line]) if (v := counted_value(line, m, series)) is not None]
    return sum(known) if known else None


ACTIONS = (
    Column("Code", width=64), Column("Project", width=170, stretch=True), Column("Action", width=260, stretch=True),
    Column("Owner", width=130), Column("Due", "date", 110), Column("Late", "days", 90),
    Column("Status", width=100),
)  # fmt: skip


def actions(entries: Sequence[Entry]) -> Sheet:
    """Return the open actions, the latest first."""
    lines = []
    for entry in entries:
        for action in entry.actions:
            due = str(action.get("due") or "")
            late = days_since(due, entry.today) if due else 0
            level: Level = "bad" if late > STUCK_DAYS else "warning" if late else "grey"
            values = (
                entry.text("code"), entry.title, str(action.get("title") or ""),
                str(action.get("owner") or "nobody"), due, late or None,
                str(action.get("status") or "open"),
            )  # fmt: skip
            lines.append(Line(values, entry, level, str(action.get("id") or "")))
    lines.sort(key=lambda line: (-(line.values[5] or 0), str(line.values[4]) or "9"))
    return Sheet("actions", "Actions", ACTIONS, lines, "No action is open.", led=5)


RISKS = (
    Column("Code", width=64), Column("Project", width=170, stretch=True), Column("Risk", width=260, stretch=True),
    Column("Probability", "count", 88), Column("Impact", "count", 70), Column("Rating", "count", 70),
    Column("Response", width=200, stretch=True), Column("Owner", width=120), Column("Status", width=90),
)  # fmt: skip
HIGH, MIDDLE = 12, 6


def risks(entries: Sequence[Entry]) -> Sheet:
    """Return the risks, the greatest first."""
    lines = []
    for entry in entries:
        for risk in entry.body.get("risks") or ():
            rating = int(risk.get("probability") or 0) * int(risk.get("impact") or 0)
            level: Level = "bad" if rating >= HIGH else "warning" if rating >= MIDDLE else "grey"
            values = (
                entry.text("code"), entry.title, str(risk.get("title") or ""),
                risk.get("probability"), risk.get("impact"), rating or None,
                str(risk.get("response") or ""), str(risk.get("owner") or "nobody"), str(risk.get("status") or ""),
            )  # fmt: skip
            lines.append(Line(values, entry, level, str(risk.get("id") or "")))
    lines.sort(key=lambda line: -(line.values[5] or 0))
    return Sheet("risks", "Risks", RISKS, lines, "No risk is entered yet.", led=5)


STUCK = (
    Column("Code", width=64), Column("Project", width=200, stretch=True), Column("What", width=280, stretch=True),
    Column("Who", width=150), Column("Why", width=200),
)  # fmt: skip


def stuck_things(entries: Sequence[Entry]) -> Sheet:
    """Return what nobody has, what does not move, and what is long overdue."""
    lines = [
        Line((s.entry.text("code"), s.entry.title, s.what, s.who, s.why), s.entry,
             "bad" if "late" in s.why else "warning")
        for s in stuck(entries)
    ]  # fmt: skip
    return Sheet("stuck", "Stuck", STUCK, lines, "Nothing is stuck.", led=4)


LESSONS = (
    Column("Code", width=64), Column("Project", width=200, stretch=True), Column("Kind", width=120),
    Column("Text", width=460, stretch=True), Column("Site", width=110), Column("Leader", width=110),
)  # fmt: skip
_KINDS = {"lessons": "Lesson", "replicate": "Replicate at", "standard": "Standard"}


def lessons(entries: Sequence[Entry]) -> Sheet:
    """Return what the projects learnt, where it would help, and what was noted at the gates."""
    lines = []
    for entry in entries:
        noted = entry.body.get("follow_up") or {}
        said = [(name, str(noted.get(kind))) for kind, name in _KINDS.items() if noted.get(kind)]
        known = {text for _, text in said}
        said += [
            ("Gate note", str(n)) for n in entry.body.get("notes") or () if str(n) not in known
        ]
        lines += [
            Line((entry.text("code"), entry.title, kind, text, entry.text("site"), entry.text("leader")), entry)
            for kind, text in dict.fromkeys(said)
        ]  # fmt: skip
    return Sheet("lessons", "Lessons", LESSONS, lines, "Nobody has written down a lesson yet.")


def sheets(entries: Sequence[Entry], year: str = "") -> tuple[Sheet, ...]:
    """Return every table of a portfolio; the money of the projects is of a year, or of all."""
    return (
        projects(entries, year), cards(entries), benefits(entries), actions(entries), risks(entries),
        stuck_things(entries), lessons(entries),
    )  # fmt: skip
