"""Save what is open as a picture, as tables, or as pages: one question, then written beside the window."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog

from leanlab.analyses.declare import Chart, Presentation, Table
from leanlab.app.readiness import Ready
from leanlab.core.errors import Problem
from leanlab.core.files import write_whole
from leanlab.core.names import safe_name
from leanlab.report import exports
from leanlab.report.drawings import cleaned
from leanlab.ui import messages
from leanlab.ui.svg_fonts import for_qt

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

FILTERS = {
    ".png": "PNG picture (*.png)",
    ".svg": "SVG picture (*.svg)",
    ".pdf": "PDF page with picture and sentences (*.pdf)",
    ".xlsx": "Excel workbook with all tables (*.xlsx)",
    ".csv": "CSV tables (*.csv)",
}

SHARPER, NARROWEST, WIDEST = 2, 1600, 6000  # pixels of a picture against those of the drawing


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of file; `write(job, path)` runs in a worker and may return what to say at the end."""

    words: str
    write: Callable[[Any, Path], object]


Ways = Mapping[str, Way]  # by ending; the first is proposed


def export(window: "MainWindow", title: str, ways: Ways) -> None:
    """Ask for a file and write it beside the window; what fails is said."""
    first = next(iter(ways))
    proposal = window.settings.place() / f"{safe_name(title, 'export').replace('.', '-')}{first}"
    filters = {ending: way.words for ending, way in ways.items()}
    name, chosen = QFileDialog.getSaveFileName(
        window, "Export", str(proposal), ";;".join(filters.values())
    )
    if not name:
        return
    path = with_ending(Path(name), chosen, filters)
    if path != Path(name) and path.exists():  # the file dialog asked about the other name only
        taken = Problem(f"There is a file named {path.name}.", hint="It would be replaced.")
        if not messages.ask(window, taken, "Replace"):
            return
    way = ways[path.suffix.lower()]
    window.jobs.run(
        lambda job: way.write(job, path),
        lambda said: window.say(said if isinstance(said, str) else f"Saved as {path.name}."),
        failed=window.show_problem,
        title=f"Writing {path.name}…",
    )


def with_ending(path: Path, chosen: str, filters: Mapping[str, str]) -> Path:
    """Return the path with the ending of the chosen filter, unless it has one that is known."""
    if path.suffix.lower() in filters:
        return path
    first = next(iter(filters))
    ending = next((e for e, words in filters.items() if words == chosen), first)
    return path.with_name(path.name + ending)


# what can be exported ---------------------------------------------------------------------------


def presentation_ways(
    run: Ready, presentation: Presentation, title: str, chart: Chart | None
) -> Ways:
    """Return the kinds of file that hold a result."""
    return {
        ending: Way(words, lambda _job, path: write(path, run, presentation, title, chart))
        for ending, words in FILTERS.items()
    }


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


def picture_ways(svg: str) -> Ways:
    """Return the kinds of file that hold a drawing; none for one that cannot be shown either."""
    try:
        safe = cleaned(svg)  # the project may be a stranger's
    except Problem:
        return {}
    png = _png(safe)
    return {
        ".png": _bytes(FILTERS[".png"], lambda: png),
        ".svg": _bytes(FILTERS[".svg"], safe.encode),
    }


def _png(svg: str) -> bytes:
    """Paint a drawing on white, here and now: letters are for the main thread."""
    renderer = QSvgRenderer(for_qt(svg))
    size = renderer.defaultSize()
    wide = min(max(size.width() * SHARPER, NARROWEST), WIDEST)
    picture = QImage(wide, max(1, round(wide * size.height() / max(1, size.width()))),
                     QImage.Format.Format_RGB32)  # fmt: skip
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    renderer.render(painter)
    painter.end()
    written = QBuffer()
    written.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(written, "PNG")  # type: ignore[call-overload]  # the stubs know bytes only
    return bytes(written.data().data())


def table_ways(tables: Sequence[Table]) -> Ways:
    """Return the kinds of file that hold tables; there are none without a table."""
    if not tables:
        return {}
    return {
        ".xlsx": _bytes(FILTERS[".xlsx"], lambda: exports.xlsx_bytes(tables)),
        ".csv": _bytes(FILTERS[".csv"], lambda: exports.csv_bytes(tables)),
    }


def paper_ways(window: "MainWindow") -> Ways:
    """Return the kinds of file that hold the open page as it would be printed."""
    from leanlab.ui.commands.paper import paper_of

    paper = paper_of(window)
    pdf = {".pdf": Way("PDF pages for printing (*.pdf)", paper.write)}
    return pdf | ({".html": Way("HTML page (*.html)", paper.write)} if paper.whole else {})


def _bytes(words: str, content: Callable[[], bytes]) -> Way:
    return Way(words, lambda _job, path: write_whole(path, content()))
