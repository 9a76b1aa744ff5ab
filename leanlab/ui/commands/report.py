"""Report menu: preview, save as PDF or HTML, print."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog

from leanlab.ui.commands import Command
from leanlab.ui.commands.paper import Paper, open_record, paper_of, whole_report
from leanlab.ui.commands.when import editable, with_project
from leanlab.ui.dialogs.save_file import ask_file

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

FILTERS = {".pdf": "PDF (*.pdf)", ".html": "HTML (*.html)"}
PRINT_PPI = 200.0


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Report menu."""
    need = with_project(window)
    return (
        Command("report", "&Report", "&Project report", lambda: window.go_to("report"), "",
                "report", need, words="preview summary sponsor", tool="Report"),
        Command("report_pdf", "&Report", "Save report as &PDF…", lambda: save(window, ".pdf"), "",
                "", need, words="export pdf"),
        Command("report_html", "&Report", "Save report as &HTML…", lambda: save(window, ".html"),
                "", "", need, words="export web page browser"),
        Command("add_to_report", "&Report", "&Add this page to the report", lambda: add(window),
                "Ctrl+Shift+R", "", lambda: editable(window)() or _why_not_add(window), separated=True,
                words="worksheet analysis chart saved result storyboard"),
        Command("present", "&Report", "P&resent", lambda: present(window), "F11", "", need,
                words="full screen slides show deck meeting"),
        Command("print_pdf", "&Report", "Save this page as P&DF…", lambda: save_open(window), "",
                "", need, words="print worksheet analysis gate outcome card pdf"),
    )  # fmt: skip


def printing(window: "MainWindow") -> Command:
    """Return the command that prints; it stands in the File menu."""
    return Command(
        "print", "&File", "&Print…", lambda: print_open(window), "Ctrl+P", "print",
        with_project(window), words="paper printer preview worksheet analysis chart gate card report",
        separated=True, tool="Print",
    )  # fmt: skip


# what is shown ----------------------------------------------------------------------------------


def _why_not_add(window: "MainWindow") -> str:
    return "" if open_record(window) else "Open a worksheet, an analysis or a saved result first."


def add(window: "MainWindow") -> None:
    """Show the open page in the report that was chosen last, and say where it went."""
    from leanlab.app import storyboard  # heavy: after the first paint

    window.accept_pending()
    added = storyboard.add_record(window.project, open_record(window))
    window.say(added.words if added.already else f"{added.words} Undo takes it out again.")


def present(window: "MainWindow") -> None:
    """Show the pages of the report on the whole screen."""
    paper = whole_report(window.project)

    def work(job: Any) -> list[bytes]:
        from leanlab.ui.present import PAPER_PPI

        return paper.pictures(job, PAPER_PPI)

    def show(pages: list[bytes]) -> None:
        from leanlab.ui.present import Presenter

        Presenter(pages, window).showFullScreen()

    window.accept_pending()
    window.jobs.run(work, show, failed=window.show_problem, title="Setting the pages…")


# files -------------------------------------------------------------------------------------------


def save(window: "MainWindow", ending: str) -> None:
    """Ask for a file and write the project report there."""
    from leanlab.ui.pages.report import proposed

    path = _ask(window, "Save report", proposed(window.project.path, ending), ending)
    if path is not None:
        _write(window, whole_report(window.project), path)


def save_open(window: "MainWindow") -> None:
    """Write the page that is open, else the project report, as PDF."""
    paper = paper_of(window)
    if paper.whole:
        save(window, ".pdf")
        return
    safe = "".join(c if c.isalnum() or c in " -_" else "-" for c in paper.title)
    proposal = str(window.project.path.with_name(f"{safe}.pdf"))
    path = _ask(window, "Save as PDF", proposal, ".pdf")
    if path is not None:
        _write(window, paper, path)


def _ask(window: "MainWindow", title: str, proposal: str, ending: str) -> Path | None:
    return ask_file(window, title, proposal, FILTERS[ending], ending)


def _write(window: "MainWindow", paper: Paper, path: Path) -> None:
    def work(job: Any) -> None:
        paper.write(job, path)

    def done(_result: Any) -> None:
        window.say(f"Saved as {path.name}.")
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    window.accept_pending()
    window.jobs.run(work, done, failed=window.show_problem, title=f"Writing {path.name}…")


# paper -------------------------------------------------------------------------------------------


def print_open(window: "MainWindow") -> None:
    """Print the worksheet, analysis, gate or card that is open, else the project report."""
    _print(window, paper_of(window))


def print_report(window: "MainWindow") -> None:
    """Print the project report."""
    _print(window, whole_report(window.project))


def _print(window: "MainWindow", paper: Paper) -> None:
    """Set the pages and show them; the printer is chosen from there."""
    title = paper.title

    def work(job: Any) -> list[bytes]:
        return paper.pictures(job, PRINT_PPI)

    def show(pages: list[bytes]) -> None:
        from leanlab.ui.dialogs.print_preview import PrintPreview

        preview = PrintPreview(window, title, pages, lambda: to_printer(window, title, pages))
        preview.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        preview.open()

    window.accept_pending()
    window.jobs.run(work, show, failed=window.show_problem, title="Setting the pages…")


def to_printer(window: "MainWindow", title: str, pages: list[bytes]) -> None:
    """Choose a printer and print pages."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setFullPage(True)
    dialog = QPrintDialog(printer, window)
    dialog.setObjectName("print_dialog")
    if dialog.exec() == QDialog.DialogCode.Accepted:
        paint(printer, pages)


def paint(printer: Any, pages: list[bytes]) -> None:
    """Put pages on a printer, each as large as the paper, lying ones turned."""
    from PySide6.QtGui import QImage, QPageLayout, QPainter

    painter = QPainter()
    for number, page in enumerate(pages):
        image = QImage.fromData(page)
        lying = image.width() > image.height()
        orientation = QPageLayout.Orientation
        printer.setPageOrientation(orientation.Landscape if lying else orientation.Portrait)
        if number == 0:
            painter.begin(printer)
        else:
            printer.newPage()
        paper = painter.viewport()
        size = image.size().scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(paper.x(), paper.y(), image.scaled(size, mode=Qt.TransformationMode.SmoothTransformation))  # fmt: skip
    painter.end()
