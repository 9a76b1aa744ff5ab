"""The outcome card: what a project was to reach, what it reached, and whether it is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from leanlab.core import format as words

Level = Literal["good", "warning", "bad", "grey"]
KEEPS = 0.8  # share of the gain that must be left
LATER_DAYS = (30, 60)
REACH = 14  # days around day 30 and day 60 that count for them
LATEST_DAYS = 30
FEWEST_EARLIER = 3  # values between the change and the latest days
OLD_DAYS = 45  # without newer data nobody knows whether a gain is still there


@dataclass(frozen=True, slots=True)
class Figure:
    """One large number of the card."""

    label: str
    text: str
    note: str = ""
    level: Level = "grey"


@dataclass(frozen=True, slots=True)
class Ask:
    """What the card lacks, as a question to whoever can answer it."""

    text: str
    who: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of the place."""

    when: str  # before, after
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a class of benefits is worth a year."""

    title: str
    amount: str
    interval: str = ""
    state: str = ""
    level: Level = "grey"


@dataclass(frozen=True, slots=True)
class Held:
    """Whether the gain is still there."""

    level: Level
    word: str  # yes, no, too early to tell, not shown
    evidence: str


@dataclass(frozen=True, slots=True)
class Points:
    """The values of a metric on their days, as far as the card needs them."""

    days: Sequence[date]
    values: Sequence[float]
    weights: Sequence[float]  # 1, or the sizes behind a share or a rate


@dataclass(frozen=True, slots=True)
class Later:
    """The level of the metric around a day after the change, or in the latest days."""

    mean: float
    n: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Card:
    """Everything a lead looks at, pulled from the records; texts are ready to be read."""

    title: str
    kind: str
    facts: Sequence[tuple[str, str]]
    metric: str
    figures: Sequence[Figure]
    verdict: str
    level: Level
    held: Held
    gap: str
    evidence: str
    svg: str
    alt: str
    caption: str
    photos: Sequence[Photo]
    changed: Sequence[str]
    counters: Sequence[tuple[str, Level]]  # what must not get worse
    benefits: Sequence[Benefit]
    worth: str  # net present value and payback
    list_words: str
    list_late: Sequence[str]
    follow_up: Sequence[tuple[str, str]]  # standard, training, replication, lessons
    asks: Sequence[Ask]
    weak: Sequence[Mapping[str, Any]]
    decision: str
    as_of: str
    project_id: str = ""
    path: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


# levels of the metric over time ------------------------------------------------------------------


def around(points: Points, change: date, day: int) -> Later | None:
    """Return the level around a day after the change; None before that day, or with no value near."""
    middle = change + timedelta(days=day)
    if max(points.days, default=change) < middle:
        return None
    first, last = middle - timedelta(days=REACH), middle + timedelta(days=REACH)
    return _level(points, max(first, change), last)


def latest(points: Points, change: date) -> Later | None:
    """Return the level of the latest thirty days, if they all lie after the change."""
    if not points.days:
        return None
    end = max(points.days)
    begin = end - timedelta(days=LATEST_DAYS - 1)
    if begin < change:
        return None
    return _level(points, begin, end)


def before_latest(points: Points, change: date, newest: Later) -> Later | None:
    """Return the level from the change to the latest thirty days; None with too few values."""
    found = _level(points, change, newest.first - timedelta(days=1))
    return found if found is not None and found.n >= FEWEST_EARLIER else None


def between(points: Points, first: date, last: date) -> list[float]:
    """Return the values of some days."""
    return [v for d, v in zip(points.days, points.values, strict=True) if first <= d <= last]


def _level(points: Points, first: date, last: date) -> Later | None:
    chosen = [
        (v, w)
        for d, v, w in zip(points.days, points.values, points.weights, strict=True)
        if first <= d <= last and w > 0
    ]
    if not chosen:
        return None
    mean = sum(v * w for v, w in chosen) / sum(w for _, w in chosen)
    return Later(mean, len(chosen), first, last)


def gain_left(before: float, after: float, now: float) -> float | None:
    """Return the share of the gain that is left; None when nothing was gained."""
    gain = before - after
    return (before - now) / gain if gain else None


_UNSHOWN: Mapping[str, tuple[Level, str, str]] = {
    "": ("grey", "not known", "No comparison of before and after is saved."),
    "stale": (
        "warning",
        "uncertain",
        "Data, options or metric behind the comparison changed since it was saved.",
    ),
    "worse": ("bad", "no", "The metric is worse than before."),
    "not_shown": ("warning", "not shown", "The data show no improvement."),
    "too_early": ("grey", "too early to tell", "The change is not shown yet."),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen after the change."""

    points: int | None = None
    days: int | None = None
    last: date | None = None
    share: float | None = None  # of the gain of the proof that the latest thirty days keep
    of_first: float | None = None  # the same, of the gain that was there before them
    faded: bool | None = None  # they are worse than the days before them, by more than chance


def held(verdict: str, seen: Seen, *, stable: bool | None) -> Held:
    """Judge whether the gain is held, from the proof and the latest thirty days of data.

    They are held against the days between the change and them: a mean that contains them would
    hide how much went lost. What chance alone can do is no loss.
    """
    span, share = _span(seen.points, seen.days), seen.share
    if verdict in _UNSHOWN:
        level, word, text = _UNSHOWN[verdict]
        return Held(level, word, f"{text} {span}".strip() if verdict else text)
    to = f" (to {words.day(seen.last)})" if seen.last is not None else ""
    keeps = f"The latest 30 days of data{to} keep {100 * (share or 0.0):.0f} % of the gain"
    if share is None or seen.faded is None:
        found: tuple[Level, str, str] = ("grey", "too early to tell", "There are too few data after the change to see whether it lasts")  # fmt: skip
    elif seen.faded and (seen.of_first or 0.0) < KEEPS:
        kept = f"{100 * max(seen.of_first or 0.0, 0.0):.0f} %"
        found = ("bad", "no", f"The latest 30 days of data{to} keep {kept} of the gain that was there before them")  # fmt: skip
    elif share < KEEPS:
        found = ("warning", "uncertain", f"{keeps}; that may be chance")
    elif stable is False:
        found = ("warning", "uncertain", f"{keeps}, but there are signals after the change")
    else:
        found = ("good", "yes", f"{keeps} and show no signal" if stable else keeps)
    return Held(found[0], found[1], f"{found[2]}. {span}".strip())


def _span(after: int | None, days: int | None) -> str:
    if not after:
        return ""
    points = f"{after} point" + ("" if after == 1 else "s")
    if not days:
        return f"{points} after the change."
    weeks = round(days / 7)
    length = f"{weeks} weeks" if weeks >= 3 else f"{days} days"  # noqa: PLR2004 - as people count
    return f"{points} over {length} after the change."


def scaled(value: float, difference: float, ci: Sequence[float]) -> tuple[float, float] | None:
    """Return the interval of a benefit that grows with the change; None without a change."""
    if not difference:
        return None
    ends = sorted(value * end / difference for end in ci)
    return ends[0], ends[1]
