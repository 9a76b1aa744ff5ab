"""Report menu."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from leanlab.ui.commands import Command
from leanlab.ui.commands.when import with_project

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Report menu."""
    need = with_project(window)
    return (
        Command("report_pdf", "&Report", "Project report as &PDF…", lambda: write(window), "Ctrl+P",
                "report", need, words="print", tool="Report"),
    )  # fmt: skip


def write(window: "MainWindow") -> None:
    """Write the project report."""
    from leanlab.app.reporting import write_report

    session = window.project
    name, _ = QFileDialog.getSaveFileName(
        window, "Project report", str(session.path.with_suffix(".pdf")), "PDF (*.pdf)"
    )
    if not name:
        return
    path = Path(name)
    window.jobs.run(
        lambda _job: write_report(session, path),
        lambda _: window.say(f"Report saved as {path.name}."),
        failed=window.show_problem,
        title="Writing the report…",
    )
