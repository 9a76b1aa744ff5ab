"""What belongs to the record that is open: its history, files, links and phase."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def no_record(window: "MainWindow") -> str:
    """Why the history cannot be shown: the page is no record. Empty when it is one."""
    if window.session is None:
        return "Open a project first."
    there = window.session.exists(window.navigation.target)
    return "" if there else "Open a worksheet, an analysis or data first."


def show_history(window: "MainWindow") -> None:
    """Show who changed the open record, and what."""
    from leanlab.ui.dialogs.history import HistoryDialog

    HistoryDialog(window.project, window.navigation.target, window).exec()


def show_attachments(window: "MainWindow") -> None:
    """Show the files that are kept with the open record."""
    from leanlab.ui.dialogs.attachments import AttachmentsDialog

    AttachmentsDialog(window.project, window.navigation.target, window).exec()


def show_links(window: "MainWindow") -> None:
    """Show what the open record, or the row that is picked on it, is linked with."""
    from leanlab.ui.dialogs.links import LinksDialog

    window.accept_pending()
    record_id = _linkable(window)
    if not record_id:
        window.say("Open a record, or pick a row, that can be linked.")
        return
    dialog = LinksDialog(window.project, record_id, window)
    if dialog.exec() and dialog.target:
        window.go_to(dialog.target)


def _linkable(window: "MainWindow") -> str:
    """Return the record that can be linked now; an empty text if there is none."""
    from leanlab.app.links import LINKED_KINDS

    page = window.navigation.page
    if window.session is None or page is None:
        return ""
    for record_id in (page.picked(), window.navigation.target):
        if record_id and window.session.kind_of(record_id) in LINKED_KINDS:
            return record_id
    return ""


def up(window: "MainWindow") -> None:
    """Go from a worksheet or an analysis to its phase."""
    target = window.navigation.target
    record = window.project.record(target) if window.project.exists(target) else None
    phase = str(record.get("phase", "")) if record is not None else ""
    window.go_to(f"phase:{phase}" if phase else "home")
