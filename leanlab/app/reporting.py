"""From a project to a report: what stands in which chapter."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from leanlab import __version__
from leanlab.analyses.declare import Analysis, Presentation
from leanlab.app import roadmap
from leanlab.app.audit_pages import appendix
from leanlab.app.records import Record
from leanlab.app.roadmap import PhaseState, State
from leanlab.app.session import Session
from leanlab.app.summary import summary_of
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.core.errors import DataProblem, Problem
from leanlab.report import document
from leanlab.report.document import (
    Block,
    Chapter,
    Findings,
    Gate,
    Grid,
    Heading,
    Landscape,
    Level,
    Note,
    Picture,
    Report,
    ReportCard,
    Result,
    Text,
)

Progress = Callable[[int, int], None]
_LEVEL: dict[str, Level] = {"info": "info", "good": "good", "warning": "warning", "bad": "bad"}


def _nothing() -> None:
    pass


def _no_progress(_done: int, _total: int) -> None:
    pass


def project_report(
    session: Session, *, check: Callable[[], None] = _nothing, progress: Progress = _no_progress
) -> Report:
    """Gather everything that the project report shows; may run in a worker."""
    state = roadmap.state_of(session, thorough=True)
    chapters = []
    total = len(state.phases) + 2
    for done, phase in enumerate(state.phases):
        check()
        progress(done, total)
        chapters.append(_phase(session, phase, check))
    chapters += _other(session, state, check)
    chapters.append(Chapter("For the auditor", appendix(session, state), _AUDIT))
    progress(total - 1, total)
    return Report(
        title=session.title,
        kind=f"{state.roadmap.title} report",
        facts=_facts(session, state),
        chapters=chapters,
        as_of=words.day(clock.today()),
        program=f"LeanLab {__version__}",
        summary=summary_of(session, state),
        author=session.fact("author"),
    )


_AUDIT = (
    "Where the numbers come from, what was left out and by whom, and with which options and "
    "versions they were computed."
)


def _facts(session: Session, state: State) -> list[tuple[str, str]]:
    body = roadmap.view_of(session).worksheet("charter")
    current = state.current
    facts = [
        ("Sponsor", str(body.get("sponsor") or session.fact("sponsor"))),
        ("Leader", str(body.get("leader") or session.fact("author"))),
        ("Site", str(body.get("department") or "")),
        ("Phase", current.phase.title if current is not None else "finished"),
    ]
    return [(name, value) for name, value in facts if value]


def _phase(session: Session, state: PhaseState, check: Callable[[], None]) -> Chapter:
    blocks: list[Block] = []
    for record in _worksheets(session, state):
        check()
        _join(blocks, worksheet_part(session, record))
    for record in session.records("analysis"):
        if record.get("phase") == state.phase.id:
            check()
            blocks += analysis_part(session, record)
    if not blocks:
        blocks.append(Text("Nothing has been recorded in this phase yet.", muted=True))
    blocks += _gate(session, state)
    return Chapter(state.phase.title, blocks, state.phase.goal)


def _join(blocks: list[Block], new: Sequence[Block]) -> None:
    """Add blocks; what lies on its side goes on where the last such part ended."""
    for block in new:
        last = blocks[-1] if blocks else None
        if isinstance(block, Landscape) and isinstance(last, Landscape):
            blocks[-1] = Landscape([*last.blocks, *block.blocks])
        else:
            blocks.append(block)


def _worksheets(session: Session, state: PhaseState) -> list[Record]:
    order = {t: i for i, t in enumerate((*state.phase.worksheets, *state.phase.optional))}
    found = [w for w in session.records("worksheet") if w.get("phase") == state.phase.id]
    return sorted(found, key=lambda w: order.get(str(w.get("type_id")), len(order)))


def worksheet_part(session: Session, record: Record, *, depth: int = 2) -> list[Block]:
    """Return a filled worksheet as blocks; it lies on its side only if it must."""
    from leanlab.app.worksheets import view_of as worksheet_view
    from leanlab.worksheets import blocks as sheets

    heading = Heading(str(record.get("title", "")), depth)
    if record.get("status") == "not needed":
        return [
            heading,
            Text(f"Not needed: {record.get('reason') or 'no reason given'}.", muted=True),
        ]
    view = worksheet_view(session, record.id)
    said = sheets.worksheet_blocks(view)
    wide = any(map(_needs_width, said))
    found: list[Block] = [heading]
    for block in said:
        found += _from_worksheet(block, WIDE if wide else UPRIGHT)
    if len(found) == 1:
        found.append(Text("Nothing is filled in yet.", muted=True))
    return [Landscape(found)] if wide else found


def _from_worksheet(block: Any, room: float) -> list[Block]:
    from leanlab.worksheets import blocks as sheets

    match block:
        case sheets.Facts(title, rows):
            short = len(rows) > 2 and max(len(value) for _, value in rows) <= SHORT  # noqa: PLR2004
            facts = document.Facts([(a, b) for a, b in rows], columns=2 if short else 1)
            return [Heading(title, 3), facts]
        case sheets.Grid(title, columns, rows, numeric):
            grid = Grid(columns, rows, title=title, numeric=numeric)
            return [document.turned(grid) if _turns(block) else grid]
        case sheets.Picture(title, svg, alt):
            return [Picture(svg, alt or title, width=natural_width(svg, room))]
        case sheets.Words(_, sentences):
            return [Note("\n".join(sentences))]
    return []


def _needs_width(block: Any) -> bool:
    """Whether a block of a worksheet cannot be read in the width of an upright page."""
    from leanlab.worksheets import blocks as sheets

    if isinstance(block, sheets.Picture):
        width, _ = _natural_size(block.svg)
        return SMALL_LETTERS * width > UPRIGHT
    return (
        isinstance(block, sheets.Grid) and len(block.columns) >= MANY_COLUMNS and not _turns(block)
    )


def _turns(grid: Any) -> bool:
    """Whether a table reads better with its rows as columns."""
    return len(grid.rows) <= FEW_ROWS and len(grid.columns) - len(grid.numeric) >= MANY_COLUMNS


UPRIGHT, WIDE = document.UPRIGHT_MM, document.WIDE_MM
MM_PER_UNIT = 0.27  # at which the letters of a drawing are as large as those of the text
SHORT, FEW_ROWS, MANY_COLUMNS = 34, 3, 10
SMALL_LETTERS = 0.66  # of the size of the text's


def natural_width(svg: str, room: float) -> float:
    """Return the share of the text width at which a drawing's letters can be read."""
    width, _ = _natural_size(svg)
    return round(min(1.0, width * _shrink(svg, room) / room), 3) if width else 1.0


def _natural_size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        return 0.0, 0.0
    width, height = (float(n) * MM_PER_UNIT for n in found.groups())
    return width, height


def _shrink(svg: str, room: float) -> float:
    """Return how much smaller than natural a drawing must be."""
    width, height = _natural_size(svg)
    if not width or not height:
        return 1.0
    return min(1.0, room / width, (150.0 if room < WIDE else 102.0) / height)


def analysis_part(session: Session, record: Record, *, depth: int = 2) -> list[Block]:
    """Return the newest saved result of an analysis, else what it shows now."""
    from leanlab.app.results import results_of, standing, standing_words

    heading = Heading(str(record.get("title", "")), depth)
    saved = results_of(session, record.id)
    if saved:
        found = standing(session, saved[0])
        told = {
            "old": "out of date: its data changed since",
            "kept": standing_words(saved[0], found),
        }
        state = told.get(found, "")
        return [heading, Result(saved_part(saved[0], state))]
    from leanlab.app.readiness import ready

    try:
        shown = ready(session, record).run()
    except DataProblem as problem:
        return [heading, Note(f"{problem.message} {problem.hint}".strip(), "warning")]
    note = Text("Shown as of today; no result was saved.", muted=True)
    return [heading, Result(presentation_part(shown)), note]


def saved_part(finding: Record, state: str = "") -> list[Block]:
    """Return a saved result as blocks."""
    blocks: list[Block] = []
    if finding.get("svg"):
        alt = str(finding.get("alt") or finding.get("title", ""))
        caption = str(finding.get("caption", ""))
        blocks.append(Picture(str(finding.get("svg")), alt, caption=caption))
    rows = [
        (r["line"], r["text"], _LEVEL.get(r.get("level", ""), "info"))
        for r in finding.get("findings") or ()
    ]
    if rows:
        blocks.append(Findings(rows))
    card = [(c["level"], c["label"], c["text"]) for c in finding.get("report_card") or ()]
    if card:
        blocks += [Heading("How far it can be trusted", 3), ReportCard(card)]
    day = str(finding.get("saved_on") or finding.created)[:10]
    blocks.append(Text(f"Saved on {words.day(day)} ({finding.code}).", muted=True))
    if state:
        blocks.append(Note(f"This result is {state}.", "warning"))
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


MOST_ROWS = 300


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


def _gate(session: Session, state: PhaseState) -> list[Block]:
    rows: list[tuple[str, str, Level, str]] = []
    for answer in state.answers:
        text = answer.text
        if answer.accepted:
            text = f"{text}\nAccepted with reason: {answer.accepted}"
        asked = answer.question.text + ("" if answer.question.must else " (should)")
        rows.append((answer.question.id, asked, _answer_level(answer, state.decision), text))
    decision, level = _decided(state)
    blocks: list[Block] = [Heading(f"Gate {state.phase.title}"), Gate(decision, level, rows)]
    earlier = roadmap.decisions_of(session, state.phase.id)[1:]
    if earlier:
        blocks.append(Text("Earlier decisions: " + " ".join(d.words for d in earlier), muted=True))
    return blocks


def _answer_level(answer: roadmap.Answered, decision: roadmap.Decision | None) -> Level:
    if answer.level == "open":
        return "bad" if answer.question.must and decision is not None else "grey"
    return _LEVEL.get(answer.level, "grey")


def _decided(state: PhaseState) -> tuple[str, Level]:
    if state.decision is None:
        return f"Not decided yet: {state.words}.", "grey"
    text = state.decision.words
    if state.decision.note:
        text = f"{text} {state.decision.note}"
    return text, "good" if state.passed else "warning"


def _other(session: Session, state: State, check: Callable[[], None]) -> list[Chapter]:
    """Return what belongs to no phase of this roadmap."""
    phases = {p.phase.id for p in state.phases}
    blocks: list[Block] = []
    for record in session.records("worksheet"):
        if record.get("phase") not in phases:
            _join(blocks, worksheet_part(session, record))
    for record in session.records("analysis"):
        if record.get("phase") not in phases:
            check()
            blocks += analysis_part(session, record)
    return (
        [Chapter("Other work", blocks, "Worksheets and analyses outside the phases.")]
        if blocks
        else []
    )


# single things -----------------------------------------------------------------------------------


def analysis_report(
    analysis: Analysis, shown: Presentation, facts: Sequence[tuple[str, str]] = ()
) -> Report:
    """Return the report of one analysis, as `leanlab run --pdf` writes it."""
    blocks = presentation_part(shown, tables=True)
    return _single(analysis.title, analysis.question, blocks, facts)


def analysis_pdf(
    analysis: Analysis, shown: Presentation, facts: Sequence[tuple[str, str]] = ()
) -> bytes:
    """Return one analysis as PDF."""
    from leanlab.report.pdf import pdf

    return pdf(analysis_report(analysis, shown, facts))


def record_report(session: Session, record_id: str) -> Report:
    """Return the report of one worksheet, analysis or saved result of a project."""
    record = session.record(record_id)
    parts: dict[str, Callable[[], list[Block]]] = {
        "worksheet": lambda: _untitled(worksheet_part(session, record)),
        "analysis": lambda: _opened(analysis_part(session, record)[1:]),
        "finding": lambda: saved_part(record),
    }
    if record.kind not in parts:
        raise Problem("This cannot be printed by itself.", hint="Print the project report.")
    facts = [("Project", session.title), ("Status", str(record.get("status", "")))]
    return _single(
        str(record.get("title", "")),
        {"worksheet": "Worksheet", "analysis": "Analysis"}.get(record.kind, "Saved result"),
        parts[record.kind](),
        [f for f in facts if f[1]],
        author=session.fact("author"),
        one_page=record.kind == "worksheet",
    )


def _opened(blocks: Sequence[Block]) -> list[Block]:
    """Return the parts of a result one below the other: alone, it has the whole page."""
    return [b for block in blocks for b in (block.blocks if isinstance(block, Result) else [block])]


def _untitled(blocks: list[Block]) -> list[Block]:
    """Return a worksheet without its heading: the page has it already."""
    first = blocks[0]
    return [Landscape(first.blocks[1:])] if isinstance(first, Landscape) else blocks[1:]


def _single(
    title: str,
    kind: str,
    blocks: list[Block],
    facts: Sequence[tuple[str, str]],
    *,
    author: str = "",
    one_page: bool = False,
) -> Report:
    when = [*facts, ("As of", words.day(clock.today()))]
    return Report(
        title, kind, when, [Chapter(title, blocks)], words.day(clock.today()),
        f"LeanLab {__version__}", None, author, one_page,
    )  # fmt: skip


# files -------------------------------------------------------------------------------------------


def write(report: Report, path: Path, *, check: Callable[[], None] = _nothing) -> None:
    """Write a report as PDF or HTML; the ending decides."""
    from leanlab.report import html, pdf

    ending = path.suffix.lower()
    if ending == ".pdf":
        pdf.write(path, pdf.pdf(report, check))
    elif ending in {".html", ".htm"}:
        pdf.write(path, html.html(report, check).encode())
    else:
        raise Problem(
            f"LeanLab cannot write a report as {ending or 'a file without an ending'}.",
            hint="Use .pdf or .html.",
        )


def write_report(
    session: Session,
    path: Path,
    *,
    check: Callable[[], None] = _nothing,
    progress: Progress = _no_progress,
) -> None:
    """Write the project report as PDF or HTML."""
    write(project_report(session, check=check, progress=progress), path, check=check)
