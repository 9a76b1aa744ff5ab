"""Export what is open: the picture, the tables or the pages of the page in front."""

from typing import TYPE_CHECKING

from leanlab.ui.commands import Command

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def exporting(window: "MainWindow") -> Command:
    """Return the command that exports the page in front; it stands in the File menu."""
    return Command(
        "export_result", "&File", "&Export what is open…", lambda: export_open(window),
        "Ctrl+Shift+E", "export", lambda: why_not(window),
        words="picture table data chart worksheet png svg pdf xlsx csv excel save",
    )  # fmt: skip


def why_not(window: "MainWindow") -> str:
    """Return why nothing can be exported now; an empty text if something can."""
    if window.session is None:
        return "" if window.portfolio is not None else "Open a project first."
    page = window.navigation.page
    return page.why_no_export() if page is not None else "Open a page first."


def export_open(window: "MainWindow") -> None:
    """Ask for a file and write what the page in front shows."""
    page = window.navigation.page
    if window.session is not None and page is not None:
        page.export()
    elif window.portfolio is not None:
        window.portfolio.show_exports()
