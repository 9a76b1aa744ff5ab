"""Analyses and saved results as blocks of a report."""

from typing import Any

from leanlab.analyses.declare import Presentation
from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.report.document import (
    Block,
    Findings,
    Grid,
    Heading,
    Level,
    Note,
    Picture,
    ReportCard,
    Result,
    Text,
)

LEVELS: dict[str, Level] = {"info": "info", "good": "good", "warning": "warning", "bad": "bad"}
MOST_ROWS = 300


def analysis_part(session: Session, record: Record, *, depth: int = 2) -> list[Block]:
    """Return the newest saved result of an analysis, else what it shows now."""
    from leanlab.app.results import results_of

    heading = Heading(str(record.get("title", "")), depth)
    saved = results_of(session, record.id)
    if saved:
        return [heading, *finding_part(session, saved[0])]
    from leanlab.app.readiness import ready

    try:
        shown = ready(session, record).run()
    except DataProblem as problem:
        return [heading, Note(f"{problem.message} {problem.hint}".strip(), "warning")]
    note = Text("Shown as of today; no result was saved.", muted=True)
    return [heading, Result(presentation_part(shown)), note]


def finding_part(session: Session, finding: Record) -> list[Block]:
    """Return a saved result as it is set in a report, with a word on whether it still holds."""
    from leanlab.app.results import standing

    found = standing(session, finding)
    blocks = saved_part(finding, kept=found == "kept")
    if found == "old":
        blocks.append(Note("This result is out of date: its data changed since.", "warning"))
    return [Result(blocks)]


def saved_part(finding: Record, *, kept: bool = False) -> list[Block]:
    """Return a saved result as blocks."""
    blocks: list[Block] = []
    if finding.get("svg"):
        alt = str(finding.get("alt") or finding.get("title", ""))
        caption = str(finding.get("caption", ""))
        blocks.append(Picture(str(finding.get("svg")), alt, caption=caption))
    rows = [
        (r["line"], r["text"], LEVELS.get(r.get("level", ""), "info"))
        for r in finding.get("findings") or ()
    ]
    if rows:
        blocks.append(Findings(rows))
    card = [(c["level"], c["label"], c["text"]) for c in finding.get("report_card") or ()]
    if card:
        blocks += [Heading("How far it can be trusted", 3), ReportCard(card)]
    day = str(finding.get("saved_on") or finding.created)[:10]
    told = f"Saved result {finding.code} of {words.day(day)}."
    if kept:
        kept_on = words.day(str(finding.get("kept_on"))[:10])
        told = f"{told} Its data changed since; on {kept_on} it was kept as it is."
    blocks.append(Text(told, muted=True))
    return blocks


def presentation_part(shown: Presentation, *, tables: bool = False) -> list[Block]:
    """Return what an analysis shows now as blocks."""
    from leanlab.report.pictures import svg

    blocks: list[Block] = [
        Picture(svg(c), c.alt or c.title, caption=c.caption) for c in shown.charts
    ]
    if shown.findings:
        blocks.insert(
            min(1, len(blocks)), Findings([(f.line, f.text, f.level) for f in shown.findings])
        )
    if shown.report_card:
        blocks.append(Heading("How far it can be trusted", 3))
        blocks.append(ReportCard([(c.level, c.label, c.text) for c in shown.report_card]))
    if tables:
        blocks += [_table(t) for t in shown.tables]
    return blocks


def _table(table: Any) -> Grid:
    rows = [[_cell(c) for c in row] for row in table.rows[:MOST_ROWS]]
    numeric = [
        i
        for i in range(len(table.columns))
        if table.rows and all(isinstance(r[i], int | float) for r in table.rows[:MOST_ROWS])
    ]
    title = table.title
    if len(table.rows) > MOST_ROWS:
        title = f"{title} (the first {MOST_ROWS} of {len(table.rows)} rows)"
    return Grid([str(c) for c in table.columns], rows, title=title, numeric=numeric)


def _cell(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else ("yes" if value else "no")
    return f"{value:.6g}" if isinstance(value, float) else str(value)
