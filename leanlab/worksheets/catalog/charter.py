"""Project charter: one page that sponsor, leader and finance agree on, with the problem and the goal."""

from collections.abc import Iterable
from typing import Any

from leanlab.core import format as words
from leanlab.domain import linter
from leanlab.domain.benefits import HARD, in_money, months_from, months_of, total
from leanlab.domain.registers import DIRECTIONS, usual_gate_dates
from leanlab.worksheets.checking import lint, people_of, when
from leanlab.worksheets.declare import (
    Check,
    Computed,
    Example,
    Field,
    Hit,
    Offer,
    Row,
    Section,
    View,
    WorksheetType,
)
from leanlab.worksheets.show import number_text

_VERBS = {"reduce": "Reduce", "increase": "Increase", "hold": "Hold"}
_DECISIONS = {"agreed": "agreed", "agreed with changes": "agreed with changes", "open": "open"}
_LONGEST = {"dmaic": 180, "kaizen": 10}
_BIG_TEAM = 8


def problem_sentence(view: View) -> str:
    """Return the problem in the user's words, or put together from the parts."""
    return view.text("sentence") or _proposal(view)


def _proposal(view: View) -> str:
    size = view.get("size")
    if not (view.text("what") and view.text("where") and view.text("period") and size is not None):
        return ""
    amount = number_text(size)
    unit = view.text("size_unit")
    amount = f"{amount} {unit}" if unit else amount
    subject = view.text("object") or "the process"
    parts = [
        f"{view.text('period')}, {subject} in {view.text('where')} showed {amount} of {view.text('what')}."
    ]
    if view.text("standard"):
        parts.append(f"The requirement is {view.text('standard')}.")
    if view.text("impact"):
        parts.append(f"It costs {view.text('impact')}.")
    text = " ".join(parts)
    return text[:1].upper() + text[1:]


def goal_sentence(view: View) -> str:
    """Return the goal as one sentence; nothing while a part is missing."""
    metric = view.one("goal")
    target, by = metric.number("target"), view.text("by_date")
    if not metric.text("name") or target is None or not by:
        return ""
    unit = f" {metric.text('unit')}" if metric.text("unit") else ""
    baseline = metric.number("baseline")
    start = f" from {number_text(baseline)}{unit}" if baseline is not None else ""
    verb = _VERBS.get(view.text("verb") or "", _verb(metric))
    counter = view.one("counter").text("name")
    rest = f", without worsening {counter}" if counter else ""
    return (
        f"{verb} {metric.text('name')}{start} to {number_text(target)}{unit} by {_day(by)}{rest}."
    )


def _verb(metric: Row) -> str:
    return {"higher": "Increase", "target": "Hold"}.get(metric.text("direction"), "Reduce")


def _day(text: str) -> str:
    try:
        return words.day(text)
    except ValueError:
        return text


def _days(view: View) -> int | None:
    planned = [day for r in view.all("milestones") if (day := r.day("planned"))]
    start = view.day("start_on")
    return (max(planned) - start).days if planned and start else None


def _gap(view: View) -> float | None:
    metric = view.one("goal")
    baseline, target = metric.number("baseline"), metric.number("target")
    if baseline is None or target is None or baseline == 0:
        return None
    return abs(baseline - target) / abs(baseline)


def _yearly(view: View) -> float | None:
    lines = in_money(view.records("benefit_line"))
    months = months_of(lines)
    if not months:
        return None
    year = months_from(months[0], 12)
    return sum(total(line, year, "plan") for line in lines)


def _late_milestones(view: View) -> float | None:
    rows = [r for r in view.all("milestones") if r.text("planned")]
    if not rows:
        return None
    today = view.today.isoformat()
    late = [r for r in rows if r.text("planned") < (r.text("done_on") or today)]
    return len(late) / len(rows)


def _has_hard_benefit(view: View) -> bool:
    return any(b.get("benefit_class") in HARD for b in view.records("benefit_line"))


def _disordered(view: View) -> Iterable[Hit]:
    dated = [r for r in view.all("milestones") if r.text("planned")]
    start = view.text("start_on")
    before = start
    for row in dated:
        if before and row.text("planned") < before:
            yield Hit(
                f"{row.text('name') or 'A milestone'} is planned before what comes ahead of it.",
                row.id, "planned", "milestones",
            )  # fmt: skip
        before = row.text("planned")


def _too_long(view: View) -> bool:
    days, kind = _days(view), view.facts.get("project_kind", "dmaic")
    return days is not None and days > _LONGEST.get(kind, _LONGEST["dmaic"])


def _texts(view: View) -> list[tuple[str, str, str]]:
    if view.text("sentence"):
        return [(view.text("sentence"), "sentence", "")]
    return [(view.text(name), name, "") for name in ("what", "object", "impact")]


def _no_number(view: View) -> bool:
    own = view.text("sentence")
    return (view.get("size") is None or not view.text("size_unit")) and not any(
        c.isdigit() for c in own
    )


def _vague(view: View) -> Iterable[Hit]:
    for text, field, _ in _texts(view):
        doubt = (
            linter.vague_words(text) if view.get("size") is None or field == "sentence" else None
        )
        if doubt is not None:
            quoted = ", ".join(f"'{w}'" for w in doubt.words)
            yield Hit(f"{quoted}: {doubt.reason}", "", field, words=doubt.words)


def _length(view: View) -> Iterable[Hit]:
    count = linter.word_count(problem_sentence(view))
    if count > linter.LONGEST:
        yield Hit(f"The problem takes {count} words; {linter.LONGEST} are enough.", "", "sentence")
    elif 0 < count < linter.SHORTEST:
        yield Hit(
            f"The problem has only {count} words; say where, when and how much.", "", "sentence"
        )


def _two_problems(view: View) -> Iterable[Hit]:
    yield from lint(_texts, "two_problems")(view)
    for text, field, _ in _texts(view):
        if ";" in text:
            yield Hit(
                "';': This sounds like two problems. One project solves one.",
                "",
                field,
                words=(";",),
            )


def _not_smart(view: View) -> Iterable[Hit]:
    metric = view.one("goal")
    lacking = [
        name
        for name, there in (
            ("the metric", bool(metric.text("name"))),
            ("from where", metric.number("baseline") is not None),
            ("to where", metric.number("target") is not None),
            ("by when", bool(view.text("by_date"))),
        )
        if not there
    ]
    if lacking:
        yield Hit(f"The goal does not say {', '.join(lacking)}.", metric.id, "target", "goal")


def _provisional(view: View) -> bool:
    metric = view.one("goal")
    return metric.number("target") is not None and metric.number("baseline") is None


def _unlikely(view: View) -> Iterable[Hit]:
    gap = _gap(view)
    if gap is not None and gap > 0.9:  # noqa: PLR2004
        yield Hit("More than 90 % better: check that this can be achieved.", "", "target", "goal")
    elif gap is not None and gap < 0.1:  # noqa: PLR2004
        yield Hit(
            "Less than 10 % better: check that this is worth a project.", "", "target", "goal"
        )


def _wrong_way(view: View) -> bool:
    metric = view.one("goal")
    baseline, target = metric.number("baseline"), metric.number("target")
    if baseline is None or target is None:
        return False
    direction = metric.text("direction")
    return (direction == "lower" and target >= baseline) or (
        direction == "higher" and target <= baseline
    )


def _no_sign_off(view: View) -> bool:
    return not any(
        "sponsor" in r.text("role").lower()
        and r.text("decision").startswith("agreed")
        and r.text("on")
        for r in view.all("signoffs")
    )


def _usual_dates(view: View) -> tuple[tuple[str, dict[str, Any]], ...]:
    start = view.day("start_on")
    if view.all("milestones") or start is None:
        return ()
    return tuple(
        ("milestones", {"name": f"Gate {phase.capitalize()}", "planned": day.isoformat()})
        for phase, day in usual_gate_dates(start).items()
    )


_PROBLEM = Section(
    id="problem", title="Problem",
    help="Facts only: what is seen, where, since when, how much. Causes and solutions come later.",
    fields=(
        Field(id="what", label="What is wrong", required=True, example="parcels that miss the lorry",
              help="The gap or defect that one can see or count, without its cause."),
        Field(id="object", label="What it happens to", example="the evening departures"),
        Field(id="where", label="Where", required=True, example="the north hub",
              help="Place and process step."),
        Field(id="period", label="Since when", required=True, example="From January to April 2026",
              help="The period in which it was seen."),
        Field(id="size", label="How much", type="num", required=True, example="12.4"),
        Field(id="size_unit", label="Unit", required=True, example="% late departures"),
        Field(id="standard", label="What is required", example="at most 5 % late departures",
              help="The requirement and who sets it."),
        Field(id="affected", label="Who is affected", example="customers of express parcels"),
        Field(id="impact", label="What it costs", required=True, example="180 000 EUR of penalties a year",
              help="Money, hours or customers."),
        Field(id="proposal", label="Proposed sentence", type="calc", value=lambda _row, view: _proposal(view)),
        Field(id="sentence", label="In your own words", type="long", longest=1200,
              help="Leave it empty to use the proposed sentence."),
    ),
)  # fmt: skip
_GOAL = Section(
    id="goal", title="Goal", register="metric", where=lambda r: r.get("role") == "primary",
    new={"role": "primary"},
    help="The primary metric. It is the same record that charts, home page and gates read.",
    fields=(
        Field(id="name", label="Primary metric", required=True, example="Late departures"),
        Field(id="unit", label="Unit", required=True, example="%"),
        Field(id="direction", label="Direction", type="enum", choices=DIRECTIONS, required=True),
        Field(id="definition", label="How it is measured", type="long", required=True,
              example="Departures later than 15 min after schedule, of all departures of the day",
              help="So exact that two people get the same number."),
        Field(id="baseline", label="From", type="num", example="12.4"),
        Field(id="target", label="To", type="num", required=True, example="5"),
    ),
)  # fmt: skip
_PROMISE = Section(
    id="promise", title="Goal: by when and why",
    fields=(
        Field(id="verb", label="Verb", type="enum", choices=_VERBS),
        Field(id="by_date", label="By", type="date", required=True),
        Field(id="strategic", label="Strategic goal it serves", example="On-time delivery 98 %"),
        Field(id="goal_words", label="The goal in words", type="calc",
              value=lambda _row, view: goal_sentence(view)),
    ),
)  # fmt: skip
_COUNTER = Section(
    id="counter", title="Must not get worse", register="metric", repeats=True, row_word="metric",
    where=lambda r: r.get("role") == "counter", new={"role": "counter"},
    blank="Name what the change must not spoil: cost, quality, safety.",
    fields=(
        Field(id="name", label="Metric", required=True, width=220, example="Overtime"),
        Field(id="unit", label="Unit", width=90),
        Field(id="direction", label="Direction", type="enum", choices=DIRECTIONS, width=150),
        Field(id="definition", label="How it is measured", width=260),
    ),
)  # fmt: skip
_CASE = Section(
    id="case", title="Business case",
    fields=(
        Field(id="case", label="Why it matters now", type="long", required=True, longest=2000),
        Field(id="worth", label="Planned benefit in the first year", type="calc",
              value=lambda _row, view: _worth(view),
              help="The sum of the plan in the worksheet Benefits."),
    ),
)  # fmt: skip
_SCOPE = Section(
    id="scope", title="Scope",
    fields=(
        Field(id="process_start", label="Process starts with", required=True, example="Parcel is scanned in"),
        Field(id="process_end", label="Process ends with", required=True, example="Lorry leaves the gate"),
        Field(id="in_scope", label="In scope", type="long", required=True),
        Field(id="out_scope", label="Out of scope", type="long", required=True,
              help="What the project will not touch. It saves more time than any other line."),
        Field(id="assumptions", label="Assumptions and constraints", type="long"),
    ),
)  # fmt: skip
_ROLES = Section(
    id="roles", title="Roles",
    fields=(
        Field(id="sponsor", label="Sponsor", type="person", required=True, fact="sponsor",
              help="Decides at the gates and opens doors."),
        Field(id="leader", label="Leader", type="person", required=True, fact="author"),
        Field(id="owner", label="Process owner", type="person", required=True, fact="owner",
              help="Runs the process afterwards."),
        Field(id="coach", label="Coach", type="person"),
        Field(id="finance", label="Finance partner", type="person", fact="finance"),
        Field(id="department", label="Site or department", fact="site"),
        Field(id="start_on", label="Start", type="date"),
    ),
)  # fmt: skip
_TEAM = Section(
    id="team", title="Team", register="person", repeats=True, row_word="person",
    blank="Who knows the work? Five to eight people are enough.",
    fields=(
        Field(id="name", label="Name", required=True, width=170),
        Field(id="role", label="Role in the team", width=170, example="shift lead"),
        Field(id="team", label="Department", width=140),
        Field(id="hours", label="Time", type="num", unit="h a week", width=110, minimum=0, maximum=60),
    ),
)  # fmt: skip
_MILESTONES = Section(
    id="milestones", title="Milestones", repeats=True, row_word="milestone",
    blank="Enter the start of the project; LeanLab then proposes a date for each gate.",
    fields=(
        Field(id="name", label="Milestone", required=True, width=200),
        Field(id="planned", label="Planned", type="date", required=True, width=120),
        Field(id="done_on", label="Done", type="date", width=120),
    ),
)  # fmt: skip
_SIGNOFFS = Section(
    id="signoffs", title="Agreed by", repeats=True, row_word="signature",
    blank="Who agreed, and when? A typed name; no signature in law.",
    fields=(
        Field(id="role", label="Role", required=True, width=140, example="Sponsor"),
        Field(id="person", label="Name", type="person", width=170),
        Field(id="on", label="Date", type="date", width=120),
        Field(id="decision", label="Decision", type="enum", choices=_DECISIONS, width=150),
    ),
)  # fmt: skip


def _worth(view: View) -> str:
    yearly = _yearly(view)
    return (
        "" if yearly is None else f"{words.number(yearly, 0)} {view.facts.get('currency') or 'EUR'}"
    )


_CHECKS = (
    Check("CH-02", "should", "Finance is on board while hard savings are counted",
          when(lambda v: _has_hard_benefit(v) and not v.text("finance"),
               "Hard savings are planned: name a finance partner.", field="finance")),
    Check("CH-03", "should", "The team is small enough to work",
          when(lambda v: len(v.all("team")) > _BIG_TEAM,
               "More than eight team members: who is needed at every meeting?", section="team")),
    Check("CH-04", "should", "The project is short enough",
          when(_too_long, "The plan is longer than this kind of project should take: cut the scope.",
               section="milestones")),
    Check("CH-05", "must", "The sponsor agreed",
          when(_no_sign_off, "Write down when the sponsor agreed.", section="signoffs")),
    Check("CH-08", "should", "Sponsor and leader are two people",
          when(lambda v: bool(v.text("sponsor")) and v.text("sponsor") == v.text("leader"),
               "Sponsor and leader are the same person: who decides at the gates?", field="sponsor")),
    Check("CH-09", "must", "Dates are in order", _disordered),
    Check("PS-01", "should", "The problem names no cause", lint(_texts, "cause")),
    Check("PS-02", "should", "The problem names no solution", lint(_texts, "solution")),
    Check("PS-03", "should", "The problem blames nobody", lint(_texts, "blame", "person", people=people_of)),
    Check("PS-04", "must", "The problem has a number with a unit",
          when(_no_number, "Say how much, with its unit.", field="size")),
    Check("PS-05", "must", "The problem has a period",
          when(lambda v: not v.text("period"), "Say since when.", field="period")),
    Check("PS-06", "must", "The problem has a place",
          when(lambda v: not v.text("where"), "Say where: site and process step.", field="where")),
    Check("PS-07", "should", "It is one problem", _two_problems),
    Check("PS-08", "should", "Numbers instead of adjectives", _vague),
    Check("PS-09", "should", "The problem is neither too long nor too short", _length),
    Check("GS-01", "must", "The goal says metric, from, to and by when", _not_smart),
    Check("GS-02", "should", "The target rests on a baseline",
          when(_provisional, "There is no baseline yet: the target is provisional.",
               field="baseline", section="goal")),
    Check("GS-03", "should", "The goal is worth it and can be achieved", _unlikely),
    Check("GS-04", "should", "The goal serves a strategic goal or a benefit",
          when(lambda v: not v.text("strategic") and not v.records("benefit_line"),
               "Say which strategic goal it serves, or enter a benefit.", field="strategic")),
    Check("GS-05", "should", "The goal is a result, not an activity",
          lint(lambda v: [(v.one("goal").text("name"), "name", v.one("goal").id)], "activity")),
    Check("GS-06", "must", "The target lies in the direction of better",
          when(_wrong_way, "The target is not better than the baseline in the chosen direction.",
               field="target", section="goal")),
)  # fmt: skip

CHARTER = WorksheetType(
    id="charter", version=1, title="Project charter",
    question="What is wrong, what will be better, who is in, and what is it worth?",
    phases="D", archetype="form",
    also_called=("problem statement", "goal statement", "project mandate", "team charter"),
    sections=(_PROBLEM, _GOAL, _PROMISE, _COUNTER, _CASE, _SCOPE, _ROLES, _TEAM, _MILESTONES, _SIGNOFFS),
    computed=(
        Computed("duration", "Planned duration", _days, "int", "days"),
        Computed("gap", "Improvement aimed at", _gap, "pct"),
        Computed("worth", "First-year plan", _yearly, "money"),
        Computed("late", "Milestones late", _late_milestones, "pct"),
    ),
    words=lambda view: tuple(s for s in (problem_sentence(view), goal_sentence(view)) if s),
    checks=_CHECKS,
    offers=(
        Offer("gates", lambda v: "Propose a date for each gate, from the start of the project?"
              if _usual_dates(v) else "", _usual_dates),
    ),
    example=Example(
        title="Late departures at a parcel hub",
        body={
            "what": "departures that leave late", "object": "the evening lorries", "where": "the north hub",
            "period": "From January to April 2026", "size": 12.4, "size_unit": "%",
            "standard": "at most 5 %, agreed with the three largest customers",
            "affected": "Express customers and the evening shift",
            "impact": "180 000 EUR of penalties a year", "verb": "reduce", "by_date": "2026-10-30",
            "strategic": "98 % on-time delivery",
            "case": "Two customers renegotiate in November. Penalties grew by a third within a year.",
            "process_start": "Parcel is scanned in", "process_end": "Lorry leaves the gate",
            "in_scope": "Evening departures of all gates", "out_scope": "Day tours and new lorries",
            "sponsor": "M. Okafor", "leader": "A. Ruiz", "owner": "T. Lind", "finance": "P. Novak",
            "start_on": "2026-05-04",
        },
        rows={
            "milestones": (
                {"name": "Gate Define", "planned": "2026-05-18"}, {"name": "Gate Measure", "planned": "2026-06-15"},
                {"name": "Gate Analyse", "planned": "2026-07-13"}, {"name": "Gate Improve", "planned": "2026-08-17"},
                {"name": "Gate Control", "planned": "2026-09-21"},
            ),
            "signoffs": ({"role": "Sponsor", "person": "M. Okafor", "on": "2026-05-05", "decision": "agreed"},),
        },
        registers={
            "metric": (
                {"id": "y", "role": "primary", "name": "Late departures", "unit": "%", "direction": "lower",
                 "definition": "Departures more than 15 minutes after schedule, of all departures of the day",
                 "baseline": 12.4, "target": 5.0},
                {"id": "c", "role": "counter", "name": "Overtime", "unit": "h a week", "direction": "lower"},
            ),
            "person": (
                {"name": "A. Ruiz", "role": "leader", "hours": 12.0}, {"name": "T. Lind", "role": "process owner", "hours": 3.0},
                {"name": "J. Moreau", "role": "shift lead", "hours": 4.0}, {"name": "S. Haddad", "role": "dispatcher", "hours": 4.0},
            ),
        },
    ),
)  # fmt: skip
