"""Save a result as a picture, as tables, or as a page for printing."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from leanlab.analyses.declare import Chart, Presentation
from leanlab.app.readiness import Ready
from leanlab.core.errors import Problem
from leanlab.report import exports
from leanlab.ui import messages

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

FILTERS = {
    ".png": "PNG picture (*.png)",
    ".svg": "SVG picture (*.svg)",
    ".pdf": "PDF page with picture and sentences (*.pdf)",
    ".xlsx": "Excel workbook with all tables (*.xlsx)",
    ".csv": "CSV tables (*.csv)",
}


def export_presentation(
    window: "MainWindow",
    run: Ready,
    presentation: Presentation,
    title: str,
    *,
    chart: Chart | None = None,
) -> None:
    """Ask for a file and write it beside the window; what fails is said."""
    safe = "".join(c if c.isalnum() or c in " -_" else "-" for c in title).strip()
    name, chosen = QFileDialog.getSaveFileName(
        window, "Export", str(Path.home() / f"{safe}.png"), ";;".join(FILTERS.values())
    )
    if not name:
        return
    path = with_ending(Path(name), chosen)
    if path != Path(name) and path.exists():  # the file dialog asked about the other name only
        taken = Problem(f"There is a file named {path.name}.", hint="It would be replaced.")
        if not messages.ask(window, taken, "Replace"):
            return
    window.jobs.run(
        lambda _job: write(path, run, presentation, title, chart),
        lambda _: window.say(f"Saved as {path.name}."),
        failed=window.show_problem,
        title=f"Writing {path.name}…",
    )


def with_ending(path: Path, chosen: str) -> Path:
    """Return the path with the ending of the chosen filter, unless it has one that is known."""
    if path.suffix.lower() in FILTERS:
        return path
    ending = next((e for e, words in FILTERS.items() if words == chosen), ".png")
    return path.with_name(path.name + ending)


def write(
    path: Path, run: Ready, presentation: Presentation, title: str, chart: Chart | None
) -> None:
    """Write one result to a file; the ending decides the kind."""
    if path.suffix.lower() == ".pdf":
        from leanlab.app.reporting import analysis_pdf
        from leanlab.report import pdf

        facts = (("Title", title), ("Data", run.columns.sheet))
        pdf.write(path, analysis_pdf(run.analysis, presentation, [f for f in facts if f[1]]))
        return
    charts = (chart,) if chart is not None else presentation.charts
    exports.write(replace(presentation, charts=charts), path)
