"""From a project to a report: what stands in which chapter."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from leanlab import __version__
from leanlab.analyses.declare import Analysis, Presentation
from leanlab.app import roadmap, storyboard
from leanlab.app.a3_pages import box
from leanlab.app.audit_pages import appendix
from leanlab.app.result_pages import (
    LEVELS,
    analysis_part,
    finding_part,
    presentation_part,
    saved_part,
)
from leanlab.app.roadmap import PhaseState, State
from leanlab.app.session import Session
from leanlab.app.storyboard import Part
from leanlab.app.summary import summary_of
from leanlab.app.worksheet_pages import register_part, worksheet_part
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.report.document import (
    Block,
    Chapter,
    Gate,
    Heading,
    Landscape,
    Level,
    Mark,
    Report,
    Result,
    Summary,
    Text,
)

Progress = Callable[[int, int], None]


def _nothing() -> None:
    pass


def _no_progress(_done: int, _total: int) -> None:
    pass


def project_report(
    session: Session,
    *,
    template: str = storyboard.PROJECT,
    check: Callable[[], None] = _nothing,
    progress: Progress = _no_progress,
) -> Report:
    """Gather everything that a report of the project shows; may run in a worker."""
    kind = storyboard.template(session, template)
    state = roadmap.state_of(session, thorough=True)
    gather = _Gather(session, state)
    parts = [p for p in storyboard.parts_of(session, template) if p.shown]
    for done, part in enumerate(parts):
        check()
        progress(done, len(parts))
        gather.add(part)
    return Report(
        title=session.title,
        kind=f"{state.roadmap.title} report" if kind.id == storyboard.PROJECT else kind.title,
        facts=_facts(session, state),
        chapters=gather.chapters(),
        as_of=words.day(clock.today()),
        program=f"LeanLab {__version__}",
        summary=gather.summary,
        author=session.fact("author"),
        contents=gather.contents,
        one_page=kind.paper == "a3",
        paper=kind.paper,
    )


class _Gather:
    """Puts the parts of a report into chapters, in the order in which they come."""

    def __init__(self, session: Session, state: State) -> None:
        self.summary: Summary | None = None
        self.contents = False
        self._session, self._state = session, state
        self._chapters: list[tuple[Chapter, list[Block]]] = []

    def add(self, part: Part) -> None:
        """Add one part where the report has come to."""
        match part.kind:
            case "summary":
                self.summary = summary_of(self._session, self._state)
            case "contents":
                self.contents = True
            case "chapter":
                self._begin(part, self._lead(part))
            case "appendix":
                self._begin(part, _AUDIT, appendix(self._session, self._state))
            case "box":
                self._begin(part, "", box(self._session, self._state, part.key))
            case "own" if part.new_page:
                self._begin(part, "", _sentences(part))
            case _:
                self._go_on(part, self._blocks(part))

    def chapters(self) -> list[Chapter]:
        """Return all chapters with their blocks."""
        return [replace(chapter, blocks=blocks or [_NOTHING]) for chapter, blocks in self._chapters]

    def _begin(self, part: Part, lead: str, blocks: Sequence[Block] = ()) -> None:
        chapter = Chapter(part.title, (), lead, key=part.key)
        self._chapters.append((chapter, list(blocks)))

    def _lead(self, part: Part) -> str:
        phases = {p.phase.id: p.phase.goal for p in self._state.phases}
        return phases.get(part.phase, "Worksheets and analyses outside the phases.")

    def _go_on(self, part: Part, blocks: list[Block]) -> None:
        if not self._chapters:
            self._chapters.append((Chapter("", ()), []))
        _join(self._chapters[-1][1], _marked(part.key, blocks))

    def _blocks(self, part: Part) -> list[Block]:
        if part.kind == "own":
            return [Heading(part.title), *_sentences(part)]
        if part.kind == "gate":
            return _gate(self._session, self._state.phase(part.phase))
        if part.kind == "register":
            return register_part(self._session, part.type_id)
        record = self._session.record(part.key)
        if part.kind == "finding":
            return [Heading(part.title), *finding_part(self._session, record)]
        make = worksheet_part if part.kind == "worksheet" else analysis_part
        return make(self._session, record)


_NOTHING = Text("Nothing has been recorded in this phase yet.", muted=True)


def _sentences(part: Part) -> list[Block]:
    paragraphs = [p.strip() for p in part.text.split("\n\n")]
    return [Text(p) for p in paragraphs if p]


def _marked(key: str, blocks: Sequence[Block]) -> list[Block]:
    """Say where a part begins, on the page on which it begins."""
    first, *rest = blocks
    if isinstance(first, Landscape):
        return [Landscape([Mark(key), *first.blocks]), *rest]
    return [Mark(key), *blocks]


def _join(blocks: list[Block], new: Sequence[Block]) -> None:
    """Add blocks; what lies on its side goes on where the last such part ended."""
    for block in new:
        last = blocks[-1] if blocks else None
        if isinstance(block, Landscape) and isinstance(last, Landscape):
            blocks[-1] = Landscape([*last.blocks, *block.blocks])
        else:
            blocks.append(block)


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
    return LEVELS.get(answer.level, "grey")


def _decided(state: PhaseState) -> tuple[str, Level]:
    if state.decision is None:
        return f"Not decided yet: {state.words}.", "grey"
    text = state.decision.words
    if state.decision.note:
        text = f"{text} {state.decision.note}"
    return text, "good" if state.passed else "warning"


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
        "worksheet": lambda: _untitled(worksheet_part(session, record, alone=True)),
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
        f"LeanLab {__version__}", None, author, one_page, single=True,
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
    template: str = storyboard.PROJECT,
    check: Callable[[], None] = _nothing,
    progress: Progress = _no_progress,
) -> None:
    """Write a report of the project as PDF or HTML."""
    report = project_report(session, template=template, check=check, progress=progress)
    write(report, path, check=check)
