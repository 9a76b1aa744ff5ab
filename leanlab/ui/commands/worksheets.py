"""Worksheets menu: forms to fill in; the catalogue is loaded when somebody asks for it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from leanlab.ui.commands import Command
from leanlab.ui.commands.when import editable, with_project

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow
    from leanlab.ui.worksheets.page import WorksheetPage


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Worksheets menu."""
    here, change = partial(_why_no_worksheet, window), partial(_why_not_editable, window)
    menu = "&Worksheets"
    return (
        Command("worksheet", menu, "&Open or add a worksheet…", lambda: choose(window),
                "Ctrl+Shift+W", "form", with_project(window), words="form charter fishbone fmea template"),
        Command("new_action", menu, "&New action", lambda: new_action(window), "Ctrl+Shift+N", "actions",
                editable(window), words="to-do task"),
        Command("worksheet_ready", menu, "Mark &ready", _on(window, "mark_ready"), "Ctrl+Return; Ctrl+Shift+Return", "ok",
                change, separated=True, words="finish complete done"),
        Command("worksheet_not_needed", menu, "Not nee&ded…", _on(window, "not_needed"), why_not=change, words="skip"),
        Command("next_message", menu, "Next &message of the checks", _on(window, "next_message"), "",
                why_not=here, words="problem warning hint error"),
        Command("worksheet_panel", menu, "&Checks, help and photos", _on(window, "toggle_panel"), "F8", why_not=here),
        Command("evidence", menu, "&Evidence of the cause…", _on(window, "show_evidence"), "Ctrl+E", why_not=change,
                separated=True, words="verify prove go and see saved result"),
        Command("attach_photo", menu, "Attach a &photo…", _on(window, "attach_photo"), why_not=change, words="picture image"),
        Command("worksheet_copy", menu, "Copy worksheet as &table", _on(window, "copy_table"), why_not=here,
                separated=True, words="word excel"),
        Command("worksheet_picture", menu, "Copy worksheet p&icture", _on(window, "copy_picture"),
                why_not=partial(_why_no_picture, window), words="image drawing"),
    )  # fmt: skip


def _page(window: "MainWindow") -> "WorksheetPage | None":
    page = window.navigation.page if window.session is not None else None
    return page if hasattr(page, "next_message") else None  # type: ignore[return-value]


def _on(window: "MainWindow", verb: str) -> Callable[[], object]:
    def run() -> None:
        page = _page(window)
        if page is not None:
            getattr(page, verb)()

    return run


def _why_no_worksheet(window: "MainWindow") -> str:
    return "" if _page(window) is not None else "Open a worksheet first."


def _why_not_editable(window: "MainWindow") -> str:
    return _why_no_worksheet(window) or editable(window)()


def _why_no_picture(window: "MainWindow") -> str:
    page = _page(window)
    if page is None:
        return "Open a worksheet first."
    return "" if page.body.drawing is not None else "This worksheet has no picture."


def choose(window: "MainWindow", phase: str = "") -> None:
    """Choose a worksheet and open it."""
    from leanlab.ui.dialogs.new_worksheet import choose_worksheet

    chosen = choose_worksheet(window)
    if chosen is not None:
        open_worksheet(window, chosen, phase)


def open_worksheet(window: "MainWindow", type_id: str, phase: str = "") -> None:
    """Open a worksheet; it is made when it is not there yet."""
    from leanlab.app import worksheets as use

    session = window.project
    found = use.existing(session, type_id)
    reason = "" if found else editable(window)()
    if reason:
        window.say(reason)
        return
    window.go_to(
        found or use.add_worksheet(session, type_id, phase or _usual_phase(window, type_id))
    )


def _usual_phase(window: "MainWindow", type_id: str) -> str:
    """Return the phase of the roadmap that asks for a worksheet."""
    from leanlab.app.roadmap import roadmap_of

    phases = roadmap_of(window.project).phases
    asked = [p.id for p in phases if type_id in p.worksheets] or [
        p.id for p in phases if type_id in p.optional
    ]
    return asked[0] if asked else ""


def new_action(window: "MainWindow") -> None:
    """Add an action from anywhere and begin to write it."""
    window.go_to("actions")
    page = window.navigation.page
    add = getattr(page, "add", None)
    if add is not None:
        add()
