"""Analyze menu: put a question to the data."""

from typing import TYPE_CHECKING

from leanlab.ui.commands import Command
from leanlab.ui.commands.when import editable

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Analyze menu."""
    return (
        Command("analysis", "&Analyze", "&New analysis…", lambda: choose(window), "Ctrl+Shift+A",
                "new", editable(window), words="chart test study", tool="New analysis"),
    )  # fmt: skip


def choose(window: "MainWindow", phase: str = "") -> None:
    """Choose an analysis and open it on the current data."""
    from leanlab.ui.dialogs.new_analysis import choose_analysis

    chosen = choose_analysis(window, window.project, current_sheet(window))
    if chosen is not None:
        begin(window, chosen[0], sheet_id=chosen[1], phase=phase)


def begin(
    window: "MainWindow", analysis_id: str, *, sheet_id: str | None = None, phase: str = ""
) -> None:
    """Add an analysis and show it."""
    from leanlab.app.stored import add_analysis

    sheet_id = sheet_id or current_sheet(window)
    window.go_to(add_analysis(window.project, analysis_id, sheet_id, phase=phase))


def current_sheet(window: "MainWindow") -> str | None:
    """Return the data sheet that is open, or the newest."""
    sheets = [s.id for s in window.project.sheets()]
    if window.navigation.target in sheets:
        return window.navigation.target
    return sheets[-1] if sheets else None
