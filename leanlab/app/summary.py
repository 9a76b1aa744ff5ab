"""The page that a sponsor reads: plain sentences from the records, no codes."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from leanlab.app import roadmap
from leanlab.app.records import Record
from leanlab.app.roadmap import State
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core import wording
from leanlab.domain.benefits import HARD, MONEY, in_money, months_of, stood, year_of
from leanlab.domain.evidence_view import (
    BEFORE_AFTER,
    CHARTS,
    ProjectView,
    number,
    verdict,
    verdict_level,
    waiting,
)
from leanlab.domain.gates import gap_share
from leanlab.domain.proof import Judged, judged, verdict_of
from leanlab.report.document import Level, Number, Part, Picture, Summary

MOST_CAUSES, MOST_CHANGES = 4, 6
_LEVELS: Mapping[str, Level] = {"good": "good", "warning": "warning", "bad": "bad"}


def summary_of(session: Session, state: State) -> Summary:
    """Work out the sponsor's page from the records."""
    view = roadmap.view_of(session)
    metric = view.metric("primary")
    return Summary(
        headline=_headline(view, metric, state),
        numbers=_numbers(view, metric),
        left=[p for p in (_problem(session, view), _causes(view)) if p is not None],
        right=[p for p in (_changes(view), _money(session, view)) if p is not None],
        decision=decision_wanted(session, state),
        picture=_picture(view, metric),
    )


def _headline(view: ProjectView, metric: Record | None, state: State) -> str:
    proof = view.proof(metric)
    if metric is None:
        return "The project has no primary metric yet."
    if proof is not None:
        return proof_words(view, metric)
    current = state.current
    where = f"The project is in the phase {current.phase.title}." if current is not None else ""
    target = metric.get("target")
    if target is None:
        return f"{metric.get('name')} is to improve. {where}".strip()
    goal = f"{metric.get('name')} is to come to {value_words(metric, target)}"
    start = metric.get("baseline")
    return f"{goal}{f', from {value_words(metric, start)}' if start is not None else ''}. {where}".strip()


_SURE: Mapping[str, str] = {
    "confirmed": "the data confirm it",
    "promising": "promising, but not confirmed yet",
    "too_early": "it is too early to tell whether that is more than chance",
    "not_shown": "that is no more than chance",
    "worse": "that is worse",
}


def proof_words(view: ProjectView, metric: Record | None) -> str:
    """Return what the newest before/after comparison of a metric says, for a sponsor.

    On the primary metric the counter-metrics have a say: the data confirm no gain that cost another.
    """
    proof = view.proof(metric)
    if metric is None or proof is None:
        return ""
    now = judged(view) if metric.get("role") == "primary" else Judged(verdict_of(proof))
    said = _change(metric, proof, now.verdict) or str(proof.get("plain") or "") or verdict(proof)
    return f"{said} {now.why}".strip()


def _change(metric: Record, proof: Record, judgement: str) -> str:
    before, after = number(proof, "mean_before"), number(proof, "mean_after")
    sure = _SURE.get(judgement)
    if before is None or after is None or sure is None:
        return ""
    moved = wording.course(before, after, partial(value_words, metric))
    return f"{metric.get('name')} {moved}: {sure}."


def value_words(metric: Record, value: float | None, more: int = 0) -> str:
    """Return a value of a metric with its unit, in the metric's own decimals or with more."""
    if value is None:
        return "–"
    known = [metric.get(n) for n in ("target", "baseline") if metric.get(n) is not None]
    decimals = max(1 if metric.get("unit") == "%" else 0, words.decimals_of(known))
    return f"{words.number(value, decimals + more)} {metric.get('unit', '')}".strip()


def values_apart(metric: Record, first: float | None, second: float | None) -> tuple[str, str]:
    """Return two values of a metric that stand beside each other, so that they look different."""
    if first is None or second is None:
        return value_words(metric, first), value_words(metric, second)
    return wording.apart(first, second, partial(value_words, metric))


def _numbers(view: ProjectView, metric: Record | None) -> Sequence[Number]:
    if metric is None:
        return ()
    proof = view.proof(metric)
    before = number(proof, "mean_before", "before") if proof is not None else metric.get("baseline")
    after = number(proof, "mean_after", "after") if proof is not None else None
    n_before, n_after = (
        (number(proof, "n_before"), number(proof, "n_after")) if proof is not None else (None, None)
    )
    first, second = values_apart(metric, before, after)
    shown = [Number("Before", first, _points(n_before))]
    if after is not None:
        level = "warning" if judged(view).lowered else _LEVELS.get(verdict_level(proof), "grey")
        shown.append(Number("Now", second, _points(n_after), level))
    if metric.get("target") is not None:
        shown.append(Number("Target", value_words(metric, metric.get("target"))))
    share = gap_share(view)
    if share is not None:
        level = "good" if share >= 0.8 else "warning"  # noqa: PLR2004 - as the gate asks
        shown.append(Number("Gap closed", f"{100 * share:.0f} %", "of baseline to target", level))
    return shown


def _points(count: float | None) -> str:
    return "" if count is None else words.count(int(count), "point")


def problem_words(session: Session, view: ProjectView) -> str:
    """Return the problem as the charter puts it."""
    from leanlab.app.worksheets import view_of as worksheet_view

    record = view.worksheet_record("charter")
    if record is None:
        return ""
    sentences = worksheet_view(session, record.id).type.words(worksheet_view(session, record.id))
    return str(sentences[0]) if sentences else ""


def _problem(session: Session, view: ProjectView) -> Part | None:
    text = problem_words(session, view)
    return Part("Problem", text) if text else None


def _causes(view: ProjectView) -> Part | None:
    verified = view.with_status("cause", "verified")
    refuted = len(view.with_status("cause", "refuted"))
    if not verified:
        count = len(view.records("cause"))
        text = f"{words.count(count, 'possible cause')} collected; none is verified yet."
        return Part("Causes", text) if count else None
    items = [sentence(str(c.get("text", ""))) for c in verified[:MOST_CAUSES]]
    if refuted:
        items.append(f"{words.count(refuted, 'other explanation was', 'other explanations were')} tested and ruled out.")  # fmt: skip
    return Part("Verified causes", items=items)


def sentence(text: str) -> str:
    """Return a text as a sentence, with its full stop."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _changes(view: ProjectView) -> Part | None:
    actions = [a for a in view.records("action") if a.get("status") != "cancelled"]
    done = [a for a in actions if not waiting(a) and a.get("process_change")]
    done += [a for a in actions if not waiting(a) and not a.get("process_change")]
    left = [a for a in actions if waiting(a)]
    items = [sentence(str(a.get("title", ""))) for a in done[:MOST_CHANGES]]
    if len(done) > MOST_CHANGES:
        items.append(f"{words.count(len(done) - MOST_CHANGES, 'more action')} done.")
    if left:
        items.append(f"{words.count(len(left), 'action is', 'actions are')} still open.")
    return Part("What changed", items=items) if items else None


def _money(session: Session, view: ProjectView) -> Part | None:
    lines = view.records("benefit_line")
    if not lines:
        return None
    unit = session.fact("currency") or "EUR"
    money = in_money(lines)
    hard = [b for b in money if b.get("benefit_class") in HARD]
    soft = [b for b in money if b not in hard]
    items = [*_yearly(hard, "hard savings", unit), *_yearly(soft, "other effects", unit)]
    items += _finance(hard, [b for b in lines if b.get("benefit_class") in HARD], unit)
    items += [
        sentence(str(b.get("title")))
        for b in lines
        if b.get("benefit_class") not in MONEY and b.get("state") != "rejected"
    ]
    return Part("Money", items=items)


def _finance(hard: Sequence[Any], claimed: Sequence[Any], unit: str) -> list[str]:
    """Say what finance validated of the hard savings, what it has not seen, what it rejected."""
    seen = stood(claimed)
    validated = [b for b in hard if b.get("validated_by") and b.get("validated_on")]
    if hard and len(validated) == len(hard) and not seen.open and not seen.rejected:
        last = max(str(b.get("validated_on"))[:10] for b in validated)
        return [f"Validated by {validated[-1].get('validated_by')} on {words.day(last)}."]
    if seen.validated or seen.rejected:
        return [f"Counted so far: {seen.words(unit)}."]
    return ["Finance has not validated all of it yet."] if hard else []


def _yearly(lines: Sequence[Any], what: str, unit: str) -> list[str]:
    if not lines:
        return []
    months = months_of(lines)
    for series, said in (
        ("actual", "a year, counted"), ("forecast", "a year, forecast"), ("plan", "a year, planned"),
    ):  # fmt: skip
        year = year_of(lines, months, series)
        if year is not None and year.value:
            counted = f" from {words.count(year.months, 'month')}" if year.is_run_rate else ""
            amount = words.number(round(year.value, -2), 0)
            return [f"{amount} {unit} {said}{counted}: {what}."]
    return []


def decision_wanted(session: Session, state: State) -> str:
    """Return what the sponsor is asked to decide, in a sentence; nothing when all is decided."""
    asked = session.fact("decision_wanted").strip()
    if asked:
        return asked
    current = state.current
    if current is None:
        return ""
    name = current.phase.title
    if current.blocking:
        first = current.blocking[0]
        count = words.count(len(current.blocking), "question is", "questions are")
        return f"No decision yet: {count} open before the {name} gate. First: {first.question.text}"
    left = len(current.open_shoulds)
    rest = f" {words.count(left, 'question that should be answered is', 'questions that should be answered are')} open." if left else ""  # fmt: skip
    return f"Pass the {name} gate: every question that must be answered is answered.{rest}"


def _picture(view: ProjectView, metric: Record | None) -> Picture | None:
    found = view.proof(metric) or view.baseline()
    return picture_of(found) if found is not None else None


def picture_of(finding: Record) -> Picture | None:
    """Return the picture of a saved result with a caption that needs no statistics."""
    if not finding.get("svg"):
        return None
    alt = str(finding.get("alt") or finding.get("title"))
    return Picture(str(finding.get("svg")), alt, caption=plain_caption(finding))


_LINES = (
    "The solid line is the average; the dashed lines (UCL, LCL) enclose what varies by itself, "
    "without a special cause"
)


def plain_caption(finding: Record) -> str:
    """Tell how to read the picture of a saved result, in words for everybody."""
    kind = str(finding.get("analysis_id", ""))
    left_out = int((finding.get("data") or {}).get("points_excluded") or 0)
    out = ""
    if left_out:
        was = words.count(left_out, "point with a known cause is", "points with a known cause are")
        out = f" {was} crossed out."
    if kind == "spc.run_chart":
        return f"Every dot is one point in time order; the line is the middle value.{out}"
    if kind == BEFORE_AFTER:
        return f"Every dot is one point in time order. {_LINES}; the shaded part is after the change.{out}"
    if kind.startswith(CHARTS):
        return f"Every dot is one point in time order. {_LINES}.{out}"
    return str(finding.get("caption", ""))
