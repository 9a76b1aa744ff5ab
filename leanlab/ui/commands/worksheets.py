"""Worksheets menu: forms to fill in; the catalogue is loaded when somebody asks for it."""

from typing import TYPE_CHECKING

from leanlab.ui.commands import Command
from leanlab.ui.commands.when import editable, with_project

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Worksheets menu."""
    return (
        Command("worksheet", "&Worksheets", "&Open or add a worksheet…", lambda: choose(window),
                "Ctrl+Shift+W", "form", with_project(window), words="form charter fishbone fmea template"),
    )  # fmt: skip


def choose(window: "MainWindow", phase: str = "") -> None:
    """Choose a worksheet and open it."""
    from leanlab.ui.dialogs.new_worksheet import choose_worksheet

    chosen = choose_worksheet(window)
    if chosen is not None:
        open_worksheet(window, chosen, phase)


def open_worksheet(window: "MainWindow", type_id: str, phase: str = "") -> None:
    """Open a worksheet; it is made when it is not there yet."""
    from leanlab.worksheets.registry import BY_ID

    session = window.project
    found = next((w for w in session.records("worksheet") if w.get("type_id") == type_id), None)
    if found is not None:
        window.go_to(found.id)
        return
    reason = editable(window)()
    if reason:
        window.say(reason)
        return
    kind = BY_ID[type_id]
    values = {
        "type_id": type_id, "version": kind.version, "title": kind.title, "phase": phase,
        "status": "in progress", "body": {},
    }  # fmt: skip
    window.go_to(session.add("worksheet", values, label=f"Add {kind.title}"))
