"""Data menu: bring data in, and work with the sheet that is open."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui import messages
from leanlab.ui.commands import Command
from leanlab.ui.commands.when import Reason, editable

if TYPE_CHECKING:
    from leanlab.app.refresh import Mode
    from leanlab.data.table import Table
    from leanlab.ui.pages.data import DataPage
    from leanlab.ui.window import MainWindow

ENDINGS = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"}
FILTER = "Data (*.csv *.tsv *.txt *.xlsx *.xlsm *.xls *.ods);;All files (*)"


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Data menu."""
    edit, shown, change = editable(window), with_sheet(window), with_sheet(window, change=True)
    on = partial(_on_sheet, window)
    return (
        Command("import", "&Data", "&Import a file…", lambda: import_dialog(window), "Ctrl+I", "data",
                importable(window), words="csv tsv excel xlsx ods load open"),
        Command("paste_sheet", "&Data", "&Paste as new data", lambda: paste_sheet(window),
                "Ctrl+Shift+V", why_not=edit, words="clipboard excel"),
        Command("new_sheet", "&Data", "&Type data by hand", lambda: new_sheet(window), why_not=edit,
                words="new empty sheet table"),
        Command("add_rows", "&Data", "Add ne&w rows from a file…", lambda: newer(window, "add"),
                why_not=change, words="refresh update append", separated=True),
        Command("replace_file", "&Data", "&Replace with a newer file…", lambda: newer(window, "replace"),
                why_not=change, words="refresh update reload"),
        Command("find_cells", "&Data", "&Find and replace…", on(lambda p: p.finder.open()), "",
                "search", shown, words="search cells", separated=True),
        Command("filter_rows", "&Data", "Fi&lter rows…", on(lambda p: p.ask_filter()), icon="filter",
                why_not=shown, words="subset where"),
        Command("sort_up", "&Data", "Sort, lowest fir&st", on(lambda p: _sort(p, descending=False)),
                why_not=shown, words="order ascending"),
        Command("sort_down", "&Data", "Sort, &highest first", on(lambda p: _sort(p, descending=True)),
                why_not=shown, words="order descending"),
        Command("clear_view", "&Data", "Show all rows again", on(lambda p: p.clear_view()),
                why_not=shown, words="clear filter sorting"),
        Command("sort_for_good", "&Data", "Keep this order of the rows", on(lambda p: p.sort_for_good()),
                why_not=change, words="sort rows permanently"),
        Command("exclude_rows", "&Data", "&Exclude rows…", on(lambda p: p.editing.exclude()),
                why_not=change, words="leave out outlier", separated=True),
        Command("label_rows", "&Data", "Label rows…", on(lambda p: p.editing.label()), why_not=change),
        Command("include_rows", "&Data", "In&clude rows", on(lambda p: p.editing.include()),
                why_not=change),
        Command("add_column", "&Data", "Add a c&olumn…", on(_add_column), why_not=change,
                words="new variable", separated=True),
        Command("calculated_column", "&Data", "Add a calc&ulated column…",
                on(lambda p: p.ask_formula(None)), why_not=change,
                words="formula compute expression difference ratio"),
        Command("show_columns", "&Data", "Show hidden columns",
                on(lambda p: p.session.show_columns(p.record_id)), why_not=_with_hidden(window),
                words="unhide"),
        Command("reshape", "&Data", "Chan&ge the shape…", on(_reshape), why_not=change,
                words="stack unstack transpose split divide pivot melt long wide"),
        Command("next_bad_cell", "&Data", "&Next cell that does not fit", on(lambda p: p.go_to_bad()),
                "", why_not=shown, words="error bad missing"),
        Command("metric_from_data", "&Data", "New &metric from this data…", on(_bind_metric),
                why_not=change, words="measure kpi ctq", separated=True),
        Command("show_source", "&Data", "Where this data comes from", on(_show_source),
                why_not=shown, words="file fingerprint sha256 original"),
        Command("export_data", "&Data", "E&xport this data…", on(lambda p: p.export()), why_not=shown,
                words="save csv xlsx excel write"),
        Command("delete_sheet", "&Data", "Delete this data…", on(_delete_sheet), why_not=change,
                words="remove bin"),
    )  # fmt: skip


def importable(window: "MainWindow") -> Reason:
    """Without a project a new one is begun; one that was opened read-only takes nothing."""
    return lambda: "" if window.session is None else editable(window)()


# the sheet that is open -----------------------------------------------------------------------


def open_sheet(window: "MainWindow") -> "DataPage | None":
    """Return the data page that is shown, or None."""
    if window.session is None or window.session.kind_of(window.navigation.target) != "sheet":
        return None
    from leanlab.ui.pages.data import DataPage

    page = window.navigation.page
    return page if isinstance(page, DataPage) else None


def with_sheet(window: "MainWindow", *, change: bool = False) -> Reason:
    """Needs a data sheet in front, one that may be changed if `change`."""

    def reason() -> str:
        if window.session is None:
            return "Open a project first."
        if window.session.kind_of(window.navigation.target) != "sheet":
            return "Open a data sheet first."
        return editable(window)() if change else ""

    return reason


def _on_sheet(window: "MainWindow", do: Callable[["DataPage"], object]) -> Callable[[], None]:
    def run() -> None:
        page = open_sheet(window)
        if page is not None:
            do(page)

    return run


def _sort(page: "DataPage", *, descending: bool) -> None:
    if page.current is not None:
        page.sort_by(page.current.id, descending=descending)


def _add_column(page: "DataPage") -> None:
    from leanlab.ui.sheets.menus import add_column

    add_column(page, None)


def _with_hidden(window: "MainWindow") -> Reason:
    """Needs a data sheet with hidden columns."""

    def reason() -> str:
        page, blocked = open_sheet(window), with_sheet(window, change=True)()
        if blocked or page is None:
            return blocked
        return "" if page.model.sheet.unseen else "No column is hidden."

    return reason


def _reshape(page: "DataPage") -> None:
    from leanlab.ui.dialogs.reshape import reshape

    reshape(page)


def _bind_metric(page: "DataPage") -> None:
    if page.current is not None:
        page.bind_metric(page.current)


def _show_source(page: "DataPage") -> None:
    from leanlab.ui.dialogs.sheet_source import SourceDialog

    SourceDialog(page.session, page.record_id, page.window_).exec()


def _delete_sheet(page: "DataPage") -> None:
    users = [r for r in page.session.records("analysis") if r.get("sheet_id") == page.record_id]
    more = f" {len(users)} analyses use it and will have no data." if users else ""
    question = Problem(f"Delete {page.model.sheet.title}?{more}", hint="Undo brings it back.")
    if messages.ask(page.window_, question, "Delete"):
        page.session.delete(page.record_id, label=f"Delete data {page.model.sheet.title}")


def newer(window: "MainWindow", mode: "Mode") -> None:
    """Bring a newer file into the sheet that is open."""
    from leanlab.ui.dialogs.refresh_data import refresh_data

    page = open_sheet(window)
    if page is not None:
        refresh_data(window, page.record_id, mode)


# new data -------------------------------------------------------------------------------------


def import_dialog(window: "MainWindow") -> None:
    """Ask for a data file and import it."""
    name, _ = QFileDialog.getOpenFileName(
        window, "Import data", str(window.settings.place()), FILTER
    )
    if name:
        import_path(window, Path(name))


def import_path(window: "MainWindow", path: Path) -> None:
    """Show the import preview of a file; a project is begun if none is open."""
    from leanlab.app.importing import title_of
    from leanlab.ui.dialogs.import_file import ask_import

    if window.session is None and not window.file.new(first=path.name, name=title_of(path)):
        return
    reason = editable(window)()
    if reason:
        window.say(reason)
        return
    found = ask_import(path, path.name, window)
    if found is not None:
        add(window, found[0], found[1], path)


def add(window: "MainWindow", table: "Table", title: str, source: Path | str) -> None:
    """Make a data sheet of a table beside the window, and show it."""
    from leanlab.app.importing import CLIPBOARD, add_table, kept_original

    session = window.project
    name = source.name if isinstance(source, Path) else CLIPBOARD
    window.jobs.run(
        lambda job: add_table(
            session, table, title=title, file_name=name, kept=kept_original(source),
            progress=job.progress,
        ),
        lambda sheet_id: _arrived(window, sheet_id, table),
        failed=window.show_problem, title=f"Importing {name}",
    )  # fmt: skip


def _arrived(window: "MainWindow", sheet_id: str, table: "Table") -> None:
    window.go_to(sheet_id)
    window.say(
        f"{words.count(table.rows, 'row')} and {words.count(len(table.columns), 'column')} imported."
    )


def new_sheet(window: "MainWindow") -> None:
    """Make an empty data sheet to type into."""
    from leanlab.data.columns import empty_column

    kinds = (("Date", "datetime"), ("Value", "number"), ("Note", "text"))
    columns = [replace(empty_column(name, kind, 0), decimals=0) for name, kind in kinds]
    window.go_to(window.project.add_sheet("Typed data", columns))


def paste_sheet(window: "MainWindow") -> None:
    """Make a data sheet of what was copied elsewhere."""
    from leanlab.ui.dialogs.import_file import ask_import

    text = QGuiApplication.clipboard().text()
    if not text.strip():
        window.say("There is nothing to paste: copy cells in Excel first.")
        return
    found = ask_import(text, "the clipboard", window)
    if found is not None:
        add(window, found[0], found[1], text)
