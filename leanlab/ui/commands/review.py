"""Review by file: open for review, comments, finish, import, and send a page for review."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui import messages
from leanlab.ui.commands import Command
from leanlab.ui.commands.when import with_project
from leanlab.ui.dialogs.save_file import ask_file

if TYPE_CHECKING:
    from leanlab.app.review_session import LeftBehind, ReviewSession
    from leanlab.ui.window import MainWindow

PROJECTS = "LeanLab project (*.leanlab)"
PAGES = "Web page (*.html)"


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands around reviews."""
    need = with_project(window)
    return (
        Command("review_open", "&Project", "Re&view a project…", lambda: open_dialog(window),
                separated=True, words="reviewer lead sponsor read only comment approve portfolio"),
        Command("comments", "&Project", "Co&mments", window.beside.show_comments, "Ctrl+Shift+M",
                why_not=need, words="review remarks notes said agree disagree"),
        Command("review_finish", "&Project", "&Finish review…", lambda: finish(window),
                why_not=lambda: _why_not_finish(window), words="send leanreview parcel"),
        Command("review_import", "&Project", "&Import review…", lambda: import_dialog(window),
                why_not=lambda: _why_not_import(window), words="leanreview merge comments decisions"),
        Command("review_send", "&Report", "Send for re&view…", lambda: send_dialog(window), why_not=lambda: _why_not_send(window),
                separated=True, words="web page html reviewer without leanlab offline approve"),
    )  # fmt: skip


def _why_not_finish(window: "MainWindow") -> str:
    """A review must be open, or none at all: then those that were begun are finished."""
    session = window.session
    if session is None or session.reviewing:
        return ""
    return "This project is open for editing; it is not under review."


def _why_not_import(window: "MainWindow") -> str:
    """Told before a file is chosen for nothing; without a project, the reviewed one is opened."""
    session = window.session
    if session is None or not session.read_only:
        return ""
    if session.reviewing:
        return "You review this project; its owner imports reviews."
    return "This project was opened read-only; open it for editing to import a review."


def _why_not_send(window: "MainWindow") -> str:
    session = window.session
    if session is None:
        return "Open a project first."
    return "You review this project; its owner sends it." if session.reviewing else ""


# reviewing ---------------------------------------------------------------------------------------


def open_dialog(window: "MainWindow") -> None:
    """Ask for a project and open it for review."""
    name, _ = QFileDialog.getOpenFileName(
        window, "Review a project", str(window.settings.place()), PROJECTS
    )
    if name:
        open_for_review(window, Path(name))


def open_for_review(window: "MainWindow", path: Path) -> bool:
    """Open a project for review; False when it did not work."""
    from leanlab.app.review_session import ReviewSession

    return _shown(window, lambda: ReviewSession.start(path, author=window.settings.name))


def go_on(window: "MainWindow", left: "LeftBehind") -> bool:
    """Go on with a review that was begun."""
    from leanlab.app.review_session import ReviewSession

    return _shown(window, lambda: ReviewSession.go_on(left, author=window.settings.name))


def _shown(window: "MainWindow", opening: "Callable[[], ReviewSession]") -> bool:
    from leanlab.ui.waiting import waited

    if not window.file.close():
        return False
    try:
        session = waited(window, "Opening the project for review…", opening)
    except Problem as problem:
        messages.show(window, problem)
        return False
    window.show_project(session)
    return True


def finish(window: "MainWindow") -> None:
    """Write the file of the review."""
    from leanlab.app.review_session import reviews_begun
    from leanlab.ui.review.bar import reviewed
    from leanlab.ui.review.finish import finish_review

    session = reviewed(window)
    if not (session.items() if session is not None else reviews_begun()):
        window.say("There is nothing to send yet: comment, agree, disagree or decide.")
        return
    finish_review(window)


# coming home -------------------------------------------------------------------------------------


def import_dialog(window: "MainWindow") -> None:
    """Ask for a review file and import it."""
    from leanlab.ui.review.import_dialog import import_dialog

    import_dialog(window)


def import_path(window: "MainWindow", path: Path) -> None:
    """Import a review file that was dropped on the window."""
    from leanlab.ui.review.import_dialog import import_review

    import_review(window, path)


# sending -----------------------------------------------------------------------------------------


def send_dialog(window: "MainWindow") -> None:
    """Ask for a place and write the page for a reviewer without LeanLab."""
    if not _saved_first(window):
        return
    path = window.project.path
    proposal = str(path.with_name(f"{path.stem} - for review.html"))
    page = ask_file(window, "Send for review", proposal, PAGES, ".html")
    if page is not None:
        write_page(window, page)


def _saved_first(window: "MainWindow") -> bool:
    """The page is about the state in the file: offer to save what is not in it; False to stop."""
    window.accept_pending()
    edits = window.project.unsaved_edits
    if not edits or window.project.read_only:
        return True
    text = f"{words.count(edits, 'change')} {'is' if edits == 1 else 'are'} not saved yet."
    hint = "The reviewer's file says which saved state it is about."
    return messages.ask(window, Problem(text, hint=hint), "Save and go on") and window.file.save()


def write_page(window: "MainWindow", path: Path) -> None:
    """Write the page in the background and say what to do with it."""
    from leanlab.app.review_page import write_page

    session = window.project
    window.accept_pending()

    def work(_job: Any) -> None:
        write_page(session, path)

    def done(_result: Any) -> None:
        window.say(f"Saved as {path.name}. Mail it; the reviewer sends a .leanreview file back.")

    window.jobs.run(work, done, failed=window.show_problem, title=f"Writing {path.name}…")
