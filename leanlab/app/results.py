"""Saved results: an analysis frozen with numbers, picture and fingerprint."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np

from leanlab.analyses.declare import Presentation, Spec
from leanlab.app.data_days import data_days
from leanlab.app.readiness import Ready, ready
from leanlab.app.records import Change, Record
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.core.errors import DataProblem, Problem

FIRST_DEMANDS = {"lsl", "usl", "target", "direction"}  # always told in a fingerprint


def digest(run: Ready) -> str:
    """Return the fingerprint of what a result rests on: columns, row states, options, version."""
    found = hashlib.sha256()
    columns = run.columns
    facts = [
        run.analysis.id, run.analysis.version, repr(run.options), repr(columns.marks),
        demanded(columns.spec),
    ]  # fmt: skip
    found.update(json.dumps(facts).encode())
    found.update(columns.excluded.tobytes())
    for role, chosen in sorted(columns.roles.items()):
        for column in chosen:
            found.update(f"{role}:{column.name}:{column.unit}".encode())
            values = np.asarray(column.values)
            found.update(
                "\0".join(map(str, values)).encode() if values.dtype == object else values.tobytes()
            )
    return found.hexdigest()


def demanded(spec: Spec) -> str:
    """Write what a metric demands so that it reads the same whatever later versions add.

    Only what is demanded beyond the first four is told: a result does not grow old by an update.
    """
    values = {f.name: getattr(spec, f.name) for f in fields(Spec)}
    told = [
        f"{f.name}={values[f.name]!r}"
        for f in fields(Spec)
        if f.name in FIRST_DEMANDS or values[f.name] != f.default
    ]
    return f"Spec({', '.join(told)})"


def save_result(
    session: Session, record_id: str, *, shown: tuple[Ready, Presentation] | None = None
) -> str:
    """Freeze numbers, picture and fingerprint of an analysis; return the saved result's id.

    `shown` is what stands on the screen, so that it need not be computed again.
    """
    record = session.record(record_id)
    run, presentation = shown or _computed(session, record)
    with session.step(f"Save result of {record.get('title')}"):
        saved = session.add("finding", _frozen(session, record, run, presentation))
        session.link(record_id, "saved_as", saved)
    return saved


def recompute(session: Session, finding_id: str) -> None:
    """Bring a saved result up to date, in place: what cites it then cites the new numbers."""
    finding = session.record(finding_id)
    record = session.record(str(finding.get("source_id")))
    run, presentation = _computed(session, record)
    values = _frozen(session, record, run, presentation)
    session.edit(finding_id, values, label=f"Recompute saved result {finding.code}")


def outdated(session: Session, check: Callable[[], None]) -> list[Record]:
    """Return the saved results that are out of date; `check` raises when nobody waits any more."""
    found = []
    for finding in session.records("finding"):
        check()
        if standing(session, finding) == "old":
            found.append(finding)
    return found


def recompute_all(
    session: Session, findings: Sequence[Record], check: Callable[[], None]
) -> list[str]:
    """Bring saved results up to date in one step; return what could not be computed, in words."""
    ready_, failed = [], []
    for finding in findings:
        check()
        try:
            record = session.record(str(finding.get("source_id")))
            ready_.append((finding, _frozen(session, record, *_computed(session, record))))
        except Problem as problem:
            failed.append(f"{finding.get('title')} ({finding.code}): {problem.message}")
    if ready_:
        with session.step(f"Recompute {words.count(len(ready_), 'saved result')}"):
            for finding, values in ready_:
                session.edit(finding.id, values)
    return failed


def keep(session: Session, finding_id: str) -> None:
    """Keep a saved result as it is although its data changed; it says so from then on."""
    finding = session.record(finding_id)
    source = session.record(str(finding.get("source_id")))
    try:
        now = digest(ready(session, source))
    except DataProblem:
        now = ""
    values = {"kept_digest": now, "kept_on": clock.today().isoformat()}
    session.edit(finding_id, values, label=f"Keep saved result {finding.code} as it is")


Standing = Literal["current", "kept", "old", "alone"]


def standing(session: Session, finding: Record) -> Standing:
    """Say whether what a saved result rests on changed since, and whether it was kept all the same.

    "alone" is a result whose analysis is gone, so that nobody can tell.
    """
    source = str(finding.get("source_id", ""))
    if not source or not session.exists(source):
        return "alone"
    try:
        now = digest(ready(session, session.record(source)))
    except DataProblem:
        now = ""
    return standing_against(finding, now)


def standing_against(finding: Record, now: str) -> Standing:
    """Compare a saved result with the fingerprint of what its analysis shows now."""
    if now == finding.get("digest"):
        return "current"
    return "kept" if now == finding.get("kept_digest", "-") else "old"


def standing_words(finding: Record, found: Standing) -> str:
    """Say in words how a saved result stands."""
    if found == "kept":
        day = words.day(str(finding.get("kept_on"))[:10])
        return f"kept as of {day}; data changed since"
    told = {"current": "up to date", "old": "out of date", "alone": "its analysis was deleted"}
    return told[found]


def out_of_date(session: Session, finding: Record) -> bool:
    """Whether the data or options of a saved result changed since it was saved or kept.

    It is found out once, until something changes that a result may rest on.
    """
    told = _told(session)
    if finding.id not in told.old:
        told.old[finding.id] = standing(session, finding) == "old"
    return told.old[finding.id]


def known_out_of_date(session: Session, finding: Record) -> bool:
    """Whether a saved result is known to be out of date; large data are not looked at for it."""
    told = _told(session)
    if finding.id in told.old:
        return told.old[finding.id]
    large = any(sheet.rows > ROWS_IN_A_BLINK for sheet in session.sheets())
    return not large and out_of_date(session, finding)


ROWS_IN_A_BLINK = 20_000
_RESTS_ON = frozenset(
    {"analysis", "metric", "finding", "sheet", "sheet_column", "row_state", "bad_cell"}
)


class _Told:
    """Which saved results of a session are out of date, as far as it was found out."""

    def __init__(self, session: Session) -> None:
        self.old: dict[str, bool] = {}
        session.listen(self.heard, first=True)

    def heard(self, change: Change) -> None:
        """Forget everything when something changed that a result may rest on."""
        if any(kind in _RESTS_ON or kind.startswith("data_") for kind in change.kinds):
            self.old.clear()


_TOLD: "WeakKeyDictionary[Session, _Told]" = WeakKeyDictionary()


def _told(session: Session) -> _Told:
    if session not in _TOLD:
        _TOLD[session] = _Told(session)
    return _TOLD[session]


def results_of(session: Session, record_id: str) -> list[Record]:
    """Return the saved results of an analysis, the latest first."""
    found = [f for f in session.records("finding") if f.get("source_id") == record_id]
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Use:
    """A record that rests on a saved result."""

    record: Record
    how: str

    @property
    def place(self) -> str:
        """Where the record is shown."""
        if self.record.kind == "gate":
            return f"phase:{self.record.get('phase')}"
        return "worksheet:fishbone" if self.record.kind == "cause" else self.record.id


_HOW: Mapping[str, str] = {
    "evidence": "evidence for the cause",
    "answered_by": "answers a gate question",
    "shows": "shown in the report",
    "proves": "proof of the benefit",
}


def used_by(session: Session, finding_id: str) -> list[Use]:
    """Return what rests on a saved result: causes, gate answers, report pages, benefits."""
    uses = []
    for link in session.links(finding_id):
        other = link.from_id if link.to_id == finding_id else link.to_id
        if link.verb == "saved_as" or not session.exists(other):
            continue
        uses.append(Use(session.record(other), _HOW.get(link.verb, link.verb.replace("_", " "))))
    return uses


def use_as_evidence(session: Session, finding_id: str, cause_id: str) -> None:
    """Cite a saved result as the evidence for a cause."""
    cause = session.record(cause_id)
    with session.step(f"Evidence for cause {cause.code}"):
        session.link(cause_id, "evidence", finding_id)


def answer_question(session: Session, finding_id: str, phase: str, question: str) -> None:
    """Answer a gate question with a saved result; it stays marked as an answer by hand."""
    from leanlab.app.roadmap import answer_by_hand

    finding = session.record(finding_id)
    with session.step(f"Answer {question} with {finding.code}"):
        note = f"Saved result {finding.code}: {finding.get('title')}"
        answer_by_hand(session, phase, question, "yes", note)
        gate = next(
            g for g in session.records("gate") if g.get("phase") == phase and not g.get("decision")
        )
        answers: dict[str, Any] = dict(gate.get("answers", {}))
        answers[question] = {**answers[question], "finding": finding_id}
        session.edit(gate.id, {"answers": answers})
        session.link(gate.id, "answered_by", finding_id)


def _computed(session: Session, record: Record) -> tuple[Ready, Presentation]:
    run = ready(session, record)
    return run, run.run()


def _frozen(session: Session, record: Record, run: Ready, shown: Presentation) -> Mapping[str, Any]:
    from leanlab.report.pictures import svg
    from leanlab.report.plain import plain

    chart = shown.charts[0] if shown.charts else None
    return {
        "source_id": record.id, "analysis_id": run.analysis.id,
        "title": str(record.get("title", "")), "phase": str(record.get("phase", "")),
        "caption": chart.caption if chart else "", "alt": chart.alt if chart else "",
        "svg": svg(chart) if chart else "", "digest": digest(run), "kept_digest": None,
        "kept_on": None, "options": plain(run.options), "numbers": plain(shown.numbers),
        "findings": plain(shown.findings), "report_card": plain(shown.report_card),
        "plain": shown.plain,
        "tables": plain(shown.tables), "saved_on": clock.now().isoformat(),
        "data": _data_facts(session, record, run),
    }  # fmt: skip


def _data_facts(session: Session, record: Record, run: Ready) -> Mapping[str, Any]:
    """Name the data: sheet, rows, columns, exclusions, and the file they came from."""
    columns = run.columns
    source: Mapping[str, Any] = {}
    sheet_id = record.get("sheet_id")
    if sheet_id and session.exists(sheet_id):
        source = session.sheet(sheet_id).source
    return {
        **data_days(columns),
        "sheet": columns.sheet,
        "rows": int(columns.row_ids.size),
        "columns": [c.name for chosen in columns.roles.values() for c in chosen],
        "rows_excluded": int(columns.excluded.sum()),
        "points_excluded": len(columns.marks.excluded),
        "file": str(source.get("file", source.get("name", ""))),
        "file_sha256": str(source.get("sha256", "")),
    }
