"""Save a result as a picture or as a table."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from leanlab.analyses.declare import Presentation
from leanlab.core.errors import Problem
from leanlab.report import exports

FILTERS = "PNG picture (*.png);;SVG picture (*.svg);;CSV table (*.csv);;Excel workbook (*.xlsx)"


def export_presentation(parent: QWidget, presentation: Presentation, title: str) -> None:
    """Ask for a file and write it; what fails is said."""
    safe = "".join(c if c.isalnum() or c in " -_" else "-" for c in title)
    name, _ = QFileDialog.getSaveFileName(
        parent, "Export", str(Path.home() / f"{safe}.png"), FILTERS
    )
    if not name:
        return
    try:
        exports.write(presentation, Path(name))
    except Problem as problem:
        box = QMessageBox(QMessageBox.Icon.Warning, "Export", problem.message, parent=parent)
        box.setInformativeText(problem.hint)
        box.exec()
