"""Data menu: bring data in."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from leanlab.core.errors import Problem
from leanlab.ui.commands import Command
from leanlab.ui.commands.when import editable

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

ENDINGS = {".csv", ".tsv", ".txt"}
FILTER = "Data (*.csv *.tsv *.txt);;All files (*)"


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Data menu."""
    edit = editable(window)
    return (
        Command("import", "&Data", "&Import a file…", lambda: import_dialog(window), "Ctrl+I", "data",
                words="csv tsv excel xlsx load"),
        Command("paste_sheet", "&Data", "&Paste as new data", lambda: paste_sheet(window),
                "Ctrl+Shift+V", why_not=edit),
        Command("new_sheet", "&Data", "&Type data by hand", lambda: new_sheet(window), why_not=edit),
    )  # fmt: skip


def import_dialog(window: "MainWindow") -> None:
    """Ask for a data file and import it."""
    name, _ = QFileDialog.getOpenFileName(
        window, "Import data", str(window.settings.place()), FILTER
    )
    if name:
        import_path(window, Path(name))


def import_path(window: "MainWindow", path: Path) -> None:
    """Show the import preview of a file; a project is begun if none is open."""
    from leanlab.app.importing import add_table
    from leanlab.ui.dialogs.import_file import ask_import

    if window.session is None and not window.file.new():
        return
    reason = editable(window)()
    if reason:
        window.say(reason)
        return
    try:
        found = ask_import(path, window)
    except Problem as problem:
        window.show_problem(problem)
        return
    if found is not None:
        window.go_to(add_table(window.project, found[0], title=found[1], file_name=path.name))


def new_sheet(window: "MainWindow") -> None:
    """Make an empty data sheet to type into."""
    from leanlab.data.columns import empty_column

    kinds = (("Date", "datetime"), ("Value", "number"), ("Note", "text"))
    columns = [empty_column(name, kind, 30) for name, kind in kinds]
    window.go_to(window.project.add_sheet("Typed data", columns))


def paste_sheet(window: "MainWindow") -> None:
    """Make a data sheet of what was copied elsewhere."""
    from leanlab.app.importing import add_table
    from leanlab.ui.dialogs.import_file import ImportDialog

    content = QGuiApplication.clipboard().text().encode()
    dialog = ImportDialog(content, "the clipboard", "Pasted data", window)
    if dialog.exec() and dialog.table is not None:
        title = dialog.title.text().strip() or "Pasted data"
        window.go_to(add_table(window.project, dialog.table, title=title, file_name="clipboard"))
