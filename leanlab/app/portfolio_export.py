"""A portfolio as files: one page, a workbook, cards, JSON; and which projects a filter keeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from leanlab.app.portfolio import Portfolio, Progress
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.core.errors import Problem
from leanlab.domain.cards import Card
from leanlab.domain.portfolio import (
    Entry,
    by_currency,
    by_month,
    counted_twice,
    flow,
    phase_days,
    reasons,
    totals,
    usual_year,
    years,
)
from leanlab.domain.portfolio_tables import health, sheets
from leanlab.report.pdf import write
from leanlab.report.plain import plain
from leanlab.report.portfolio import Folder, portfolio_pdf, portfolio_xlsx

SEARCHED = ("code", "title", "site", "leader", "sponsor", "owner", "phase")


def matching(entries: Sequence[Entry], wanted: str, **chosen: str) -> list[Entry]:
    """Return the projects with all words of a search in them, and with the chosen facts."""
    asked = wanted.casefold().split()
    facts = {name: value for name, value in chosen.items() if value}
    return [
        entry
        for entry in entries
        if all(word in _text(entry) for word in asked)
        and all(fact_of(entry, name) == value for name, value in facts.items())
    ]


def fact_of(entry: Entry, name: str) -> str:
    """Return a fact to filter and group by."""
    if name == "phase" and entry.closed:
        return "Closed"
    if name == "health":
        return {"good": "Going well", "warning": "At risk", "bad": "At risk"}.get(
            health(entry)[0], ""
        )
    return entry.text(name)


def _text(entry: Entry) -> str:
    metric = str(entry.metric.get("name") or "")
    facts = " ".join(fact_of(entry, name) for name in SEARCHED)
    return f"{facts} {metric} {health(entry)[1]}".casefold()


def printed(found: Portfolio, entries: Sequence[Entry], year: str | None = None) -> Folder:
    """Return what the page and the workbook show; of this year if none is named."""
    chosen = usual_year(entries, clock.today()) if year is None else year
    note = (
        "" if len(entries) == len(found.good) else f"{len(entries)} of {len(found.good)} projects"
    )
    bad = [(seen.name, seen.message) for seen in found.bad]
    name, closed = Path(found.folder).name, len(found.skipped)
    return Folder(name, found.scanned, entries, bad, closed, note, chosen)


def write_pdf(
    found: Portfolio, entries: Sequence[Entry], path: Path, year: str | None = None
) -> None:
    """Write the portfolio as one page."""
    write(path, portfolio_pdf(printed(found, entries, year)))


def write_xlsx(
    found: Portfolio, entries: Sequence[Entry], path: Path, year: str | None = None
) -> None:
    """Write the portfolio as a workbook."""
    write(path, portfolio_xlsx(printed(found, entries, year)))


def write_cards(
    _found: Portfolio | None, entries: Sequence[Entry], path: Path,
    progress: Progress = lambda _done, _total: None,
) -> None:  # fmt: skip
    """Write the outcome cards of projects, two on a page."""
    from leanlab.report.card import cards_pdf

    made: list[Card] = []
    for number, entry in enumerate(entries):
        progress(number, len(entries) + 1)
        made.append(card_at(Path(entry.path)))
    if not made:
        raise Problem("There is no card to print.", hint="Choose at least one project.")
    write(path, cards_pdf(made, per_page=2))
    progress(len(entries) + 1, len(entries) + 1)


def card_at(path: Path, check: Callable[[], None] = lambda: None) -> Card:
    """Return the card of a project file; the file stays untouched."""
    from leanlab.app.cards import card_of

    session = Session.open(path, read_only=True)
    try:
        check()
        return card_of(session)
    finally:
        session.close()


def as_data(found: Portfolio, entries: Sequence[Entry]) -> dict[str, Any]:
    """Return everything for other programs; the totals count the usual currency."""
    unit, alike = next(iter(by_currency(entries).items()))
    return {
        "folder": found.folder,
        "scanned": found.scanned,
        "totals": plain(asdict(totals(entries)) | _money(alike, "")) | {"currency": unit},
        "money": {
            name: {"all": plain(_money(some, ""))} | {y: plain(_money(some, y)) for y in years(some)}
            for name, some in by_currency(entries).items()
        },
        "projects": [_project(entry) for entry in entries],
        "tables": {sheet.id: _sheet(sheet) for sheet in sheets(entries)},
        "flow": plain(flow(entries)),
        "phase_days": plain(phase_days(entries)),
        "benefits_by_month": {s: plain(by_month(alike, s)) for s in ("plan", "forecast", "actual")},
        "counted_twice": [{"benefit": n, "projects": [e.path for e in owners]} for n, owners in counted_twice(entries)],
        "not_read": [{"path": s.path, "state": s.state, "message": s.message} for s in found.bad],
        "folders_not_read": list(found.skipped),
        "left_out": list(found.left_out),
        "open_elsewhere": [{"path": s.path, "message": s.message} for s in found.open_elsewhere],
        "other_copies": [{"path": s.path, "message": s.message} for s in found.copies],
    }  # fmt: skip


def _money(entries: Sequence[Entry], year: str) -> dict[str, float]:
    found = asdict(totals(entries, year))
    return {n: found[n] for n in ("plan", "forecast", "actual", "validated", "unseen", "rejected")}


def _project(entry: Entry) -> dict[str, Any]:
    level, why = health(entry)
    facts: Mapping[str, Any] = {
        "path": entry.path, "health": level, "why": why,
        "reasons": [asdict(reason) for reason in reasons(entry)], "signal": entry.signal,
        "gap_closed": entry.gap_closed, "money": asdict(entry.money), "overdue": len(entry.late),
        "idle_days": entry.idle_days, "as_of": entry.text("saved"),
    }  # fmt: skip
    return dict(plain({**entry.body, **facts}))


def _sheet(sheet: Any) -> dict[str, Any]:
    return {
        "columns": [c.heading for c in sheet.columns],
        "rows": [[v.isoformat() if isinstance(v, date) else plain(v) for v in line.values] for line in sheet.lines],
    }  # fmt: skip
