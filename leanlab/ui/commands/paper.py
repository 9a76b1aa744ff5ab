"""What is open, as pages: a record, a gate, the outcome card, else the report that was chosen last."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leanlab.app.session import Session
    from leanlab.ui.window import MainWindow

RECORDS = frozenset({"worksheet", "analysis", "finding"})


@dataclass(frozen=True, slots=True)
class Paper:
    """Pages that can be printed, shown and saved; both functions may run in a worker."""

    title: str
    pictures: Callable[[Any, float], list[bytes]]  # job, pixels per inch -> PNG of each page
    write: Callable[[Any, Path], None]  # job, file: PDF or HTML by its ending
    whole: bool = False  # the report of the project


def open_record(window: "MainWindow") -> str:
    """Return the worksheet, analysis or saved result that is open, or nothing."""
    target = window.navigation.target
    kind = window.project.kind_of(target) if target else None
    return target if kind in RECORDS else ""


def paper_of(window: "MainWindow") -> Paper:
    """Return the open page as it would be printed."""
    session, target = window.project, window.navigation.target
    record_id = open_record(window)
    if record_id:
        title = str(session.record(record_id).get("title", "page"))
        return _set(title, partial(_record, session, record_id))
    kind, _, phase_id = target.partition(":")
    if phase_id and kind in {"gate", "phase"}:
        return _gate(session, phase_id)
    return _card(session) if target == "card" else whole_report(session)


def whole_report(session: "Session") -> Paper:
    """Return the report of the project, of the kind that was chosen last."""
    return _set(session.title, partial(_project, session, ""), whole=True)


def _set(title: str, gather: Callable[[Any], Any], *, whole: bool = False) -> Paper:
    """Return pages that are set from a report."""

    def pictures(job: Any, ppi: float) -> list[bytes]:
        from leanlab.report.pdf import page_pictures

        report = gather(job)
        job.check()
        return page_pictures(report, ppi)

    def write(job: Any, path: Path) -> None:
        from leanlab.app.reporting import write

        write(gather(job), path, check=job.check)

    return Paper(title, pictures, write, whole)


def _record(session: "Session", record_id: str, _job: Any) -> Any:
    from leanlab.app.reporting import record_report

    return record_report(session, record_id)


def _project(session: "Session", template: str, job: Any) -> Any:
    from leanlab.app import storyboard
    from leanlab.app.reporting import project_report

    kind = template or storyboard.chosen(session).id
    return project_report(session, template=kind, check=job.check, progress=job.progress)


def _gate(session: "Session", phase_id: str) -> Paper:
    from leanlab.app.roadmap import roadmap_of

    phase = next(p for p in roadmap_of(session).phases if p.id == phase_id)
    return _set(f"Gate {phase.title}", partial(_project, session, f"gate:{phase_id}"))


def _card(session: "Session") -> Paper:
    """Return the outcome card as it is printed from a portfolio."""

    def pictures(job: Any, ppi: float) -> list[bytes]:
        from leanlab.app.cards import card_of
        from leanlab.report.card import card_pictures

        return card_pictures([card_of(session)], ppi, check=job.check)

    def write(job: Any, path: Path) -> None:
        from leanlab.app.cards import card_of
        from leanlab.report.card import cards_pdf
        from leanlab.report.pdf import write

        write(path, cards_pdf([card_of(session)], check=job.check))

    return Paper(f"{session.title} card", pictures, write)
