"""The auditor's appendix: sources, exclusions, options, decisions, versions."""

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from leanlab import __version__
from leanlab.analyses.registry import ANALYSES
from leanlab.app import roadmap
from leanlab.app.history import integrity, printed_code
from leanlab.app.integrity import codes_of
from leanlab.app.records import Record, SheetInfo
from leanlab.app.roadmap import State
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.option import told
from leanlab.domain.evidence import CHAIN, all_ends
from leanlab.report.document import Block, Facts, Grid, Heading, Text
from leanlab.worksheets.registry import WORKSHEETS

LIBRARIES = ("numpy", "scipy", "statsmodels", "pandas", "matplotlib", "typst")


def appendix(session: Session, state: State) -> list[Block]:
    """Return all pages for the auditor."""
    return [
        *_sources(session),
        *_left_out(session),
        *_results(session),
        *_decisions(session, state),
        *_accepted(session),
        *_loose(session),
        *_versions(),
    ]


def _day(text: object) -> str:
    return words.day(str(text)[:10]) if text else ""


def _sources(session: Session) -> list[Block]:
    blocks: list[Block] = [Heading("Data and their source")]
    sheets = session.sheets()
    if not sheets:
        return [*blocks, Text("The project holds no data.", muted=True)]
    rows = [[s.title, _origin(s), f"{s.rows}", str(len(session.bad_cells(s.id)))] for s in sheets]
    blocks.append(Grid(["Data sheet", "Source", "Rows", "Cells that did not fit"], rows, numeric=(2, 3), weights=(22, 50, 9, 14)))  # fmt: skip
    notes = [f"{s.title}: {n}" for s in sheets for n in s.source.get("notes", ())]
    if notes:
        blocks += [Heading("Noticed when the files were read", 3), Text("\n".join(notes))]
    return blocks


def _origin(sheet: SheetInfo) -> str:
    source = sheet.source
    name = source.get("file") or source.get("name")
    if name:
        read = f", read on {_day(source.get('read'))}" if source.get("read") else ""
        return f"{name}{read}\nSHA-256 {source.get('sha256', 'not known')}"
    made_by = next(
        (
            a.generator
            for a in ANALYSES
            if a.generator and a.generator.id == source.get("generator")
        ),
        None,
    )
    if made_by is not None:
        used = options_words(made_by.options, source.get("options") or {})
        return f"made by LeanLab: {made_by.title}\n{used}"
    return "typed or pasted by hand"


def options_words(options: type[Any] | None, values: Mapping[str, Any]) -> str:
    """Return options by their labels, one after another."""
    return "; ".join(f"{label}: {value}" for label, value in told(options, values))


def _left_out(session: Session) -> list[Block]:
    rows = [*_rows_out(session), *_points_out(session)]
    blocks: list[Block] = [Heading("What was left out, and why")]
    if not rows:
        return [*blocks, Text("Nothing was excluded.", muted=True)]
    return [
        *blocks,
        Grid(["Where", "What", "Reason", "By", "On"], rows, weights=(24, 24, 36, 13, 13)),
    ]


def _rows_out(session: Session) -> list[list[str]]:
    found: list[list[str]] = []
    for sheet in session.sheets():
        alike: dict[tuple[str, str, str], list[int]] = {}
        for row_id, state in session.row_states(sheet.id).items():
            if state.state == "excluded":
                alike.setdefault((state.reason, state.who, state.at[:10]), []).append(row_id)
        for (reason, who, at), ids in alike.items():
            what = f"{words.count(len(ids), 'row')}, from all analyses"
            found.append([sheet.title, what, reason, who or "not named", _day(at)])
    return found


def _points_out(session: Session) -> list[list[str]]:
    found: list[list[str]] = []
    for analysis in session.records("analysis"):
        marks = (analysis.get("marks") or {}).get("excluded") or ()
        if not marks:
            continue
        steps = [h for h in session.history(analysis.id) if h[2].startswith("Exclude ")][::-1]
        for i, mark in enumerate(marks):
            at, who, what = steps[i][:3] if i < len(steps) else ("", "", "")
            point = what.removeprefix("Exclude ") or words.count(len(mark.get("rows", ())), "row")
            text = f"{point}, from the limits of this chart"
            found.append([str(analysis.get("title", "")), text, str(mark.get("reason", "")), who or "not named", _day(at)])  # fmt: skip
    return found


def _results(session: Session) -> list[Block]:
    findings = session.records("finding")
    blocks: list[Block] = [Heading("Saved results")]
    if not findings:
        return [*blocks, Text("No result was saved.", muted=True)]
    rows = [_result(session, f) for f in findings]
    columns = ["Result", "Analysis and options", "Data", "Saved", "State", "Code"]
    return [*blocks, Grid(columns, rows, weights=(18, 34, 24, 12, 20, 6))]


def _result(session: Session, finding: Record) -> list[str]:
    from leanlab.app.results import standing, standing_words

    data: Mapping[str, Any] = finding.get("data") or {}
    parts = [str(data.get("sheet") or "no data")]
    if data.get("rows"):
        parts.append(words.count(int(data["rows"]), "row"))
    excluded = int(data.get("rows_excluded") or 0) + int(data.get("points_excluded") or 0)
    if excluded:
        parts.append(f"{excluded} excluded")
    name = str(finding.get("analysis_id"))
    analysis = next((a for a in ANALYSES if a.id == name), None)
    title, declared = (analysis.title, analysis.options) if analysis else (name, None)
    used = options_words(declared, finding.get("options") or {})
    fingerprint = printed_code(str(finding.get("digest", "")))
    return [
        str(finding.get("title", "")),
        f"{title}\n{used}",
        f"{', '.join(parts)}\nFingerprint {fingerprint}",
        _day(finding.get("saved_on") or finding.created),
        standing_words(finding, standing(session, finding)),
        finding.code,
    ]


def _decisions(session: Session, state: State) -> list[Block]:
    rows = [
        [
            phase.phase.title,
            d.words,
            d.note,
            "\n".join(codes_of(session, d.fingerprint).lines) if d.fingerprint else "none",
        ]
        for phase in state.phases
        for d in roadmap.decisions_of(session, phase.phase.id)
    ]
    blocks: list[Block] = [Heading("Gate decisions")]
    if not rows:
        return [*blocks, Text("No gate was decided yet.", muted=True)]
    history = integrity(session)
    note = Text(
        "A frozen copy of the project is kept in the file with each decision. The codes on this page "
        "tell later whether the file still holds what was decided: its gate page shows them too. When "
        f"this report was written, the history had {words.count(history.entries, 'entry', 'entries')} "
        f"and the code {history.code}. A typed name is no signature in law.",
        muted=True,
    )
    return [
        *blocks,
        Grid(["Gate", "Decision", "Note", "Codes"], rows, weights=(14, 36, 30, 26)),
        note,
    ]


def _accepted(session: Session) -> list[Block]:
    waivers = session.records("waiver")
    if not waivers:
        return []
    titles = _rules(session)
    rows = []
    for waiver in waivers:
        code = str(waiver.get("rule"))
        who = str(waiver.get("who") or "not named")
        rows.append(
            [titles.get(code, code), str(waiver.get("reason")), who, _day(waiver.created), code]
        )
    columns = ["What was asked", "Reason", "By", "On", "Code"]
    return [Heading("Accepted with a reason"), Grid(columns, rows)]


def _rules(session: Session) -> dict[str, str]:
    """Return what every rule, check and gate question asks, by its code."""
    found = {check.id: check.title for kind in WORKSHEETS for check in kind.checks}
    found |= {rule.id: rule.title for rule in CHAIN}
    phases = roadmap.roadmap_of(session).phases
    return found | {question.id: question.text for phase in phases for question in phase.gate}


def _loose(session: Session) -> list[Block]:
    ends = [e for e in all_ends(roadmap.view_of(session)) if not e.accepted]
    blocks: list[Block] = [Heading("Loose ends of the evidence chain")]
    if not ends:
        return [*blocks, Text("None: every rule that applies is met.", muted=True)]
    rows = [[e.text, "must" if e.must else "should", e.rule] for e in ends]
    return [*blocks, Grid(["What is missing", "Weight", "Code"], rows, weights=(80, 10, 10))]


def _versions() -> list[Block]:
    found = [("LeanLab", __version__), ("Python", platform.python_version())]
    for name in LIBRARIES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return [Heading("Versions"), Facts([(name, text) for name, text in found], columns=2)]
