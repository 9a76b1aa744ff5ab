"""The outcome card of a project, pulled from its records; what is missing becomes a question."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from leanlab.app import roadmap
from leanlab.app.cards_pictures import photos_of
from leanlab.app.coach import coached
from leanlab.app.held import Levels, change_day, levels, share_of_proof
from leanlab.app.records import Record
from leanlab.app.review_places import latest_card
from leanlab.app.session import Session
from leanlab.app.summary import problem_words, proof_words, value_words, values_apart
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.domain.benefits import (
    CLASSES,
    HARD,
    MONEY,
    YEAR,
    in_money,
    months_from,
    moved_words,
    stood,
    unit_of,
)
from leanlab.domain.cards import (
    KEEPS,
    LATER_DAYS,
    Ask,
    Benefit,
    Card,
    Figure,
    Later,
    Level,
    scaled,
)
from leanlab.domain.cards_worth import worth, yearly
from leanlab.domain.evidence import SLOW_POINTS, first_change
from leanlab.domain.evidence_view import ProjectView, number, waiting
from leanlab.domain.gates import gap_share
from leanlab.domain.proof import PROMISING, judged, verdict_of
from leanlab.domain.review import CARD

MOST_CHANGES, MOST_LATE = 5, 3
VERDICTS: Mapping[str, tuple[str, Level]] = {
    "confirmed": ("Confirmed", "good"), "promising": ("Promising", "good"),
    "too_early": ("Too early to tell", "grey"), "not_shown": ("Not shown", "warning"),
    "worse": ("Worse", "bad"), "": ("No comparison yet", "grey"),
}  # fmt: skip
FOLLOW_UP: Mapping[str, tuple[str, str]] = {  # fact of the project -> title, question
    "card.standard": ("Standard", "Is the new way written down as the standard, and where?"),
    "card.trained": ("Trained", "How many of the people concerned are trained?"),
    "card.replicate": ("Replicate at", "Where else would this help?"),
    "card.lessons": ("Lesson", "What would the team do differently next time?"),
}  # fmt: skip
_KINDS = {"dmaic": "DMAIC project", "kaizen": "Kaizen card"}


def card_of(session: Session) -> Card:
    """Return the outcome card of a project of any kind."""
    view = roadmap.view_of(session)
    state = roadmap.state_of(session)
    metric = view.metric("primary")
    proof = view.proof(metric)
    pictured = proof or view.baseline()
    found = levels(session, view)
    asks: list[Ask] = []
    figures = _figures(session, view, found, asks)
    benefits = _benefits(session, view, asks)
    verdict_now, level = _judged(view)
    counters = _counters(session, view, asks)
    return Card(
        title=session.title,
        kind=_KINDS.get(session.fact("project_kind"), "Project"),
        facts=_facts(session, view),
        metric=str(metric.get("name")) if metric is not None else "",
        figures=figures,
        verdict=verdict_now,
        level=level,
        held=found.held,
        gap=_gap(view),
        evidence=_sentence(view, metric, proof)
        if proof is not None
        else _stands(session, view, state),
        svg=str(pictured.get("svg") or "") if pictured is not None else "",
        alt=str(pictured.get("alt") or pictured.get("title")) if pictured is not None else "",
        caption=str(pictured.get("caption") or "") if pictured is not None else "",
        photos=photos_of(session, change_day(view)),
        changed=_changed(view),
        counters=counters,
        benefits=benefits,
        worth=_worth(session, view),
        **_thirty_days(view),
        follow_up=_follow_up(session, view, asks),
        asks=tuple(asks),
        weak=coached(session, view),
        decision=_decision(session, state),
        as_of=session.saved_moment,
        project_id=session.fact("project_id"),
        path=str(session.path),
    )


def questions(session: Session, view: ProjectView, found: Levels) -> list[Ask]:
    """Return what the card would ask, without the weak spots."""
    asks: list[Ask] = []
    _figures(session, view, found, asks)
    _benefits(session, view, asks)
    _counters(session, view, asks)
    _follow_up(session, view, asks)
    return asks


def _facts(session: Session, view: ProjectView) -> list[tuple[str, str]]:
    team = [str(p.get("name")) for p in view.records("person")]
    began, change = session.fact("created")[:10], change_day(view)
    rows = [
        ("Code", session.fact("code")), ("Site", session.fact("site")),
        ("Leader", session.fact("author")), ("Sponsor", session.fact("sponsor")),
        ("Owner", session.fact("owner")),
        ("Team", words.count(len(team), "person", "people") if team else ""),
        ("Began", words.day(began) if began else ""),
        ("Changed", words.day(change) if change else ""),
    ]  # fmt: skip
    return [(name, text) for name, text in rows if text]


# the metric --------------------------------------------------------------------------------------


def _judged(view: ProjectView) -> tuple[str, Level]:
    now = judged(view)
    word, level = VERDICTS.get(now.verdict, VERDICTS[""])
    if now.stale:
        return f"{word}, out of date", "warning"
    after = (
        number(view.proof(view.metric("primary")), "n_after") if now.verdict == PROMISING else None
    )
    if after is not None and after < SLOW_POINTS:  # so few points are a hope, not a good sign
        level = "grey"
    return word, "warning" if now.lowered else level


def _figures(session: Session, view: ProjectView, found: Levels, asks: list[Ask]) -> list[Figure]:
    metric = view.metric("primary")
    leader = session.fact("author") or "the leader"
    if metric is None:
        asks.append(Ask("Which metric shows the result?", leader, "metrics"))
        return []
    proof = view.proof(metric)
    start = number(proof, "mean_before") if proof is not None else None
    start = metric.get("baseline") if start is None else start
    end = number(proof, "mean_after") if proof is not None else None
    before, after = values_apart(metric, start, end)
    shown = [
        Figure("Before", before, _n(proof, "n_before")),
        Figure("Target", value_words(metric, metric.get("target")), _DIRECTIONS.get(str(metric.get("direction")), "")),
        Figure("After", after, _n(proof, "n_after"), _judged(view)[1]),
    ]  # fmt: skip
    if start is None:
        asks.append(Ask("What was the level before?", leader, metric.id))
    if metric.get("target") is None:
        asks.append(Ask("What is the target?", leader, metric.id))
    change = change_day(view)
    if end is None and change is not None:
        asks.append(Ask("The process was changed: what is the level after?", leader, "analyses"))
    owner = session.fact("owner") or leader
    for day in LATER_DAYS:
        shown.append(_later(metric, day, change, found.later.get(day), proof))
        if change is not None and not found.later.get(day) and _passed(change, day):
            asks.append(Ask(f"The value after {day} days is missing.", owner, metric.id))
    return shown


_DIRECTIONS = {"lower": "lower is better", "higher": "higher is better", "target": "on target"}


def _n(proof: Record | None, name: str) -> str:
    value = number(proof, name) if proof is not None else None
    return "" if value is None else words.count(int(value), "point")


def _passed(change: date, day: int) -> bool:
    return clock.today() > change + timedelta(days=day + 14)


def _later(
    metric: Record, day: int, change: date | None, later: Later | None, proof: Record | None
) -> Figure:
    label = f"{day} days"
    if later is not None:
        return Figure(label, value_words(metric, later.mean), words.count(later.n, "point"), _left(proof, later))  # fmt: skip
    if change is None:
        return Figure(label, "–", "no change yet")
    due = change + timedelta(days=day)
    waits = "missing" if _passed(change, day) else f"due {words.day(due)}"
    return Figure(label, "–", waits, "warning" if waits == "missing" else "grey")


def _left(proof: Record | None, later: Later) -> Level:
    """Return how a later level stands against the gain; without a gain, how the proof does."""
    level = VERDICTS.get(verdict_of(proof), VERDICTS[""])[1]
    share = share_of_proof(proof, later)
    return level if level != "good" or share is None else "good" if share >= KEEPS else "bad"


def _gap(view: ProjectView) -> str:
    share = gap_share(view)
    return "" if share is None else f"{100 * share:.0f} %"


def _sentence(view: ProjectView, metric: Record | None, proof: Record | None) -> str:
    """Return the change, its interval, and what would decide where that is still open."""
    if metric is None or proof is None:
        return ""
    said = [proof_words(view, metric), _change_words(metric, proof)]
    if (proof.get("numbers") or {}).get("stable_before") is False:
        said.append("There were signals before the change: that level is uncertain.")
    lines = [str(line.get("text", "")) for line in proof.get("findings") or []]
    if verdict_of(proof) in {"too_early", "promising"}:
        said.append(lines[-1])
    return " ".join(part for part in said if part)


def _stands(session: Session, view: ProjectView, state: roadmap.State) -> str:
    """Return what is known before there is a comparison: the problem, the phase, the next step."""
    said = [problem_words(session, view)]
    if state.current is not None:
        said.append(f"The project is in the phase {state.current.phase.title}.")
        said.append(f"Next: {state.next_step.text}")
    return " ".join(part for part in said if part)


def _change_words(metric: Record, proof: Record) -> str:
    difference, ci = number(proof, "difference"), (proof.get("numbers") or {}).get("ci")
    if difference is None or not ci:
        return ""
    known = [metric.get(n) for n in ("target", "baseline") if metric.get(n) is not None]
    decimals = words.decimals_of(known) + 1
    change, low, high = (words.number(v, decimals) for v in (difference, *ci))
    unit = "points" if metric.get("unit") == "%" else str(metric.get("unit") or "")
    return f"Change {' '.join(x for x in (change, unit) if x)} (95 % interval {low} to {high})."


# what changed, side effects, actions -------------------------------------------------------------


def _changed(view: ProjectView) -> list[str]:
    done = [a for a in view.records("action") if not waiting(a) and a.get("status") != "cancelled"]
    changes = [a for a in done if a.get("process_change")]
    first = changes or [a for a in done if a.get("kind") in {"kaizen", "improvement"}]
    titles = [str(a.get("title", "")) for a in first]
    more = len(titles) - MOST_CHANGES
    return titles[:MOST_CHANGES] + ([f"and {words.count(more, 'more change')}"] if more > 0 else [])


def _counters(session: Session, view: ProjectView, asks: list[Ask]) -> list[tuple[str, Level]]:
    """Return what became of each metric that must not get worse."""
    leader = session.fact("author") or "the leader"
    found = [m for m in view.records("metric") if m.get("role") == "counter"]
    if not found:
        asks.append(Ask("What must not get worse, and did it?", leader, "metrics"))
    for metric in found:
        if view.proof(metric) is None and first_change(view) is not None:
            asks.append(Ask(f"Did {metric.get('name')} stay as it was?", leader, "analyses"))
    return [_counter(view, metric) for metric in found]


def _counter(view: ProjectView, metric: Record) -> tuple[str, Level]:
    proof, name = view.proof(metric), metric.get("name")
    if proof is None:
        return f"{name}: not compared yet", "grey"
    text, level = _COUNTER.get(verdict_of(proof), ("no change shown", "good"))
    before, after = number(proof, "mean_before"), number(proof, "mean_after")
    return f"{name}: {' → '.join(values_apart(metric, before, after))}, {text}", level


_COUNTER: Mapping[str, tuple[str, Level]] = {
    "worse": ("worse", "bad"), "confirmed": ("better", "good"), "promising": ("better", "good"),
    "too_early": ("too early to tell", "grey"),
}  # fmt: skip


def _thirty_days(view: ProjectView) -> dict[str, Any]:
    """Return how far the list of open points is: of the newspaper if there is one."""
    actions = [a for a in view.records("action") if a.get("status") != "cancelled"]
    listed = [a for a in actions if a.get("kind") == "kaizen"] or actions
    today = view.today.isoformat()
    done = [a for a in listed if not waiting(a)]
    late = [a for a in listed if waiting(a) and a.get("due") and str(a.get("due")) < today]
    if not listed:
        return {"list_words": "", "list_late": ()}
    said = f"{len(done)} of {len(listed)} done" + (f", {len(late)} late" if late else "")
    names = [_late_words(a) for a in sorted(late, key=lambda a: str(a.get("due")))]
    return {"list_words": said, "list_late": tuple(names[:MOST_LATE])}


def _late_words(action: Record) -> str:
    owner = action.get("owner") or "nobody"
    return f"{action.get('title')} ({owner}, due {words.day(str(action.get('due'))[:10])})"


def _follow_up(session: Session, view: ProjectView, asks: list[Ask]) -> list[tuple[str, str]]:
    """Return standard, training, replication and lesson; what nobody wrote down is asked."""
    found, changed = [], first_change(view) is not None
    owner = session.fact("owner") or session.fact("author") or "the owner"
    for fact, (title, question) in FOLLOW_UP.items():
        text = session.fact(fact).strip()
        if not text and fact == "card.standard":
            text = ", ".join(sorted({str(k.get("document")) for k in view.records("control_item") if k.get("document")}))  # fmt: skip
        if text:
            found.append((title, text))
        elif changed:
            asks.append(Ask(question, owner, fact))
    return found


def _decision(session: Session, state: roadmap.State) -> str:
    """Return what was decided last about the outcome and at a gate."""
    decided = [(p.phase.title, p.decision) for p in state.phases if p.decision is not None]
    said = [f"Gate {title}: {_lower(d.words)}" for title, d in decided[-1:]]
    outcome = latest_card(session)
    if outcome is not None:
        chosen = CARD.get(str(outcome.get("decision")), "")
        day = words.day(str(outcome.get("at"))[:10])
        said.insert(0, f"Outcome: {chosen}, {outcome.get('who')} on {day}.")
    return " ".join(said)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


# money -------------------------------------------------------------------------------------------


def _benefits(session: Session, view: ProjectView, asks: list[Ask]) -> list[Benefit]:
    currency = session.fact("currency") or "EUR"
    every = view.records("benefit_line")
    lines = [b for b in every if b.get("state") != "rejected"]
    if not lines and first_change(view) is not None:
        asks.append(Ask("What is it worth?", session.fact("author") or "the leader", "worksheet:benefits"))  # fmt: skip
    found = []
    for benefit_class, title in CLASSES.items():
        chosen = [b for b in lines if b.get("benefit_class") == benefit_class]
        if benefit_class not in MONEY and not any(b.get("months") for b in chosen):
            found += [Benefit(title, str(b.get("title", ""))) for b in chosen]
            continue
        for unit in dict.fromkeys(unit_of(b, currency) for b in chosen):
            same = [b for b in chosen if unit_of(b, currency) == unit]
            found.append(_of_class(view, same, title, unit, currency))
    return found + [_rejected(b, currency) for b in every if b.get("state") == "rejected"]


def _rejected(line: Record, currency: str) -> Benefit:
    """Return a line that finance rejected: told, and counted nowhere."""
    claimed, unit = stood([line]).rejected, unit_of(line, currency)
    amount = f"{words.number(claimed, 0)} {unit} claimed, not counted" if claimed else "not counted"
    return Benefit(str(line.get("title", "")), amount, "", "rejected by finance", "bad")


def _of_class(
    view: ProjectView, lines: Sequence[Record], title: str, unit: str, currency: str
) -> Benefit:
    year = yearly(lines)
    state, level = _finance(lines, unit)
    if year is None:
        return Benefit(title, "no amount yet", "", state, level)
    kind = {"actual": f"counted over {words.count(year.months, 'month')}", "forecast": "forecast", "plan": "planned"}[year.series]  # fmt: skip
    value = round(year.value, -2) if unit == currency else year.value
    amount = f"{words.number(value, 0)} {unit} a year, {kind}"
    interval = _interval(view, lines, year.value, unit) if unit == currency else ""
    return Benefit(title, amount, interval, state, level)


def _finance(lines: Sequence[Record], unit: str) -> tuple[str, Level]:
    """Return what finance validated, what it has not seen and what it rejected."""
    seen = stood(lines)
    later = "; ".join(text for line in lines if (text := moved_words(line, unit)))
    if later:
        return f"{seen.words(unit)}; {later}", "warning"
    validated = [b for b in lines if b.get("validated_on")]
    if len(validated) == len(lines) and not seen.open and not seen.rejected:
        last = max(validated, key=lambda b: str(b.get("validated_on")))
        on = words.day(str(last.get("validated_on"))[:10])
        return f"validated by {last.get('validated_by')}, {on}", "good"
    hard = lines[0].get("benefit_class") in HARD
    if seen.validated or seen.rejected:
        return seen.words(unit), "warning" if hard or seen.rejected else "grey"
    return "estimated", "warning" if hard else "grey"


def _interval(view: ProjectView, lines: Sequence[Record], value: float, unit: str) -> str:
    """Scale a benefit that grows with the metric by the interval of its change."""
    metric = view.metric("primary")
    proof = view.proof(metric)
    ci = (proof.get("numbers") or {}).get("ci") if proof is not None else None
    difference = number(proof, "difference") if proof is not None else None
    tied = metric is not None and all(b.get("metric_id") == metric.id for b in lines)
    if not tied or not ci or not difference:
        return ""
    if verdict_of(proof) == "worse":
        return "the metric got worse: not supported by data"
    ends = scaled(value, difference, ci)
    if ends is None:
        return ""
    low, high = (words.number(round(end, -2), 0) for end in ends)
    return f"{low} to {high} {unit} by the interval of the change"


def _worth(session: Session, view: ProjectView) -> str:
    found = project_worth(view)
    if found is None or found.npv is None or not in_money(view.records("benefit_line")):
        return ""
    unit = session.fact("currency") or "EUR"
    said = f"Present value {words.number(round(found.npv, -2), 0)} {unit} at {100 * found.rate:g} %"
    if not found.costs:
        return f"{said}; no costs are entered."
    costs = words.number(round(found.costs, -2), 0)
    return f"{said}; costs {costs} {unit}, paid back {found.paid_back}."


def project_worth(view: ProjectView) -> Any:
    """Return costs, present value and payback of a project over the months of its worksheet."""
    frame = view.worksheet("benefits")
    rate, count = frame.get("rate"), frame.get("horizon")
    first = str(frame.get("start_month") or "")
    months = months_from(first, count if isinstance(count, int) else YEAR) if first else ()
    return worth(
        view.records("benefit_line"), view.rows("benefits", "costs"),
        float(rate) if isinstance(rate, int | float) else None, months,
    )  # fmt: skip
