"""The life of a project in the window: begin, open, recover, save, close."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from leanlab.app import settings as user_settings
from leanlab.core import format as words
from leanlab.core.errors import ChangedElsewhere, DamagedFile, OpenElsewhere, Problem
from leanlab.ui import messages
from leanlab.ui.dialogs.save_file import ask_file
from leanlab.ui.waiting import waited

if TYPE_CHECKING:
    from leanlab.app.session import Session
    from leanlab.ui.jobs import Job
    from leanlab.ui.window import MainWindow

FILE_FILTER = "LeanLab project (*.leanlab)"
SLOW_SIZE = 3_000_000  # bytes; below this, opening takes a blink
SAVED_BESIDE = 32 * 1024**2  # bytes; from here on saving takes more than a blink


class ProjectFile:
    """What the File menu does; one window holds at most one project."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._saving: Job | None = None  # in the background
        self._again = False  # Ctrl+S was pressed meanwhile

    # begin and open ------------------------------------------------------------------------

    def new(self, kind: str = "dmaic", *, first: str = "", name: str = "") -> bool:
        """Ask a few questions and begin a project; False when the user changed their mind.

        `first` is the file that waits for it, `name` what the project may be called then.
        """
        from leanlab.ui.dialogs.new_project import NewProjectDialog

        window = self._window
        dialog = NewProjectDialog(window.settings.place(), window.settings.name, window, kind)
        if first:
            dialog.begin_for(first, name)
        while dialog.exec() and self.close():
            wanted = dialog.wanted
            window.settings.name = wanted.author
            try:
                session = _session_type().create(
                    wanted.path, name=wanted.name, kind=wanted.kind, author=wanted.author
                )
            except Problem as problem:
                dialog.refused(problem)
            else:
                self._use(session)
                return True
        return False

    def open_dialog(self) -> None:
        """Ask for a project file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open project", str(self._window.settings.place()), FILE_FILTER
        )
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path, *, read_only: bool = False) -> bool:
        """Open a project; one that is open elsewhere is offered read-only. False if none is open."""
        if self.close():
            self._open(path, read_only=read_only)
        return self._window.session is not None

    def _open(self, path: Path, *, read_only: bool) -> None:
        try:
            self._use(self._opened(path, read_only=read_only))
        except OpenElsewhere as problem:
            ways = {"read": "Open read-only"} | (
                {"anyway": "Open anyway"} if problem.anyway else {}
            )
            choice = messages.choose(self._window, problem, ways)
            if choice:
                self._guarded(
                    lambda: self._opened(
                        path, read_only=choice == "read", anyway=choice == "anyway"
                    )
                )
        except DamagedFile as problem:
            self._offer_help(path, problem)
        except Problem as problem:
            messages.show(self._window, problem)

    def _offer_help(self, path: Path, problem: Problem) -> None:
        choice = messages.choose(
            self._window,
            problem,
            {"backup": "Restore a backup…", "rescue": "Rescue what is readable"},
        )
        if choice == "backup":
            self.restore_backup(path)
        elif choice == "rescue":
            self._rescue(path)

    def _rescue(self, path: Path) -> None:
        from leanlab.app.recovery import free_beside, rescue

        target, author = free_beside(path, "rescued"), self._window.settings.name
        found: list[int] = []

        def working() -> "Session":
            session, rows = rescue(path, target, author=author)
            found.append(rows)
            return session

        if self._guarded(lambda: waited(self._window, f"Rescuing {path.name}…", working)):
            self._window.say(
                f"{found[0]:,} rows were rescued and are marked as not verified. "
                f"Save to keep them as {target.name}."
            )

    def restore_backup(self, path: Path | None = None) -> None:
        """Write an earlier saved state to a new file, and open it."""
        from leanlab.ui.dialogs.restore_backup import RestoreDialog

        dialog = RestoreDialog(path, self._window)
        if dialog.exec() and dialog.written is not None:
            self.open_path(dialog.written)

    def _opened(self, path: Path, *, read_only: bool = False, anyway: bool = False) -> "Session":
        author = self._window.settings.name
        large = path.exists() and path.stat().st_size > SLOW_SIZE

        def opening() -> "Session":
            return _session_type().open(path, author=author, read_only=read_only, anyway=anyway)

        return waited(self._window, f"Opening {path.name}…", opening) if large else opening()

    def recover(self, draft: Any) -> None:
        """Go on with unsaved work."""
        if self.close():
            self._guarded(lambda: _session_type().recover(draft, author=self._window.settings.name))

    def discard_draft(self, draft: Any) -> None:
        """Give up unsaved work, after asking."""
        from leanlab.app.session import discard

        question = Problem(
            f"Discard {words.count(draft.edits, 'unsaved change')} of {draft.title}?",
            hint="They cannot be brought back.",
        )
        if messages.ask(self._window, question, "Discard"):
            discard(draft)
            self._window.start.show_later_parts()

    def open_sample(self, sample_id: str) -> None:
        """Open a copy of a sample; the original stays as it is."""
        from leanlab.app.samples import build, copy_of

        if self.close():
            path = copy_of(sample_id)
            self._guarded(
                lambda: waited(
                    self._window, "Preparing the sample…", lambda: build(sample_id, path)
                )
            )

    def _guarded(self, opening: "Callable[[], Session]") -> bool:
        try:
            self._use(opening())
        except Problem as problem:
            messages.show(self._window, problem)
            return False
        return True

    def _use(self, session: "Session") -> None:
        from leanlab.core import clock

        window = self._window
        window.settings.remember(session.path, session.title, clock.now().isoformat())
        user_settings.save(window.settings)
        window.show_project(session)

    # save and close ------------------------------------------------------------------------

    def save(self) -> bool:
        """Save; False when it did not work."""
        return self._saved(self._session.save)

    def save_as(self) -> bool:
        """Save to another file and go on there; False when it did not come to that."""
        path = self._asked("Save as", self._session.path)
        if path is None or not self._saved(lambda: self._session.save_as(path)):
            return False
        self._window.settings.remember(path, self._session.title, self._session.saved_at)
        user_settings.save(self._window.settings)
        return True

    def save_copy(self, *, history: bool = True) -> None:
        """Save a copy and stay here; the copy may leave out who changed what."""
        path = self._session.path
        copy = self._asked("Save a copy", path.with_stem(f"{path.stem} copy"))
        if copy is not None and self._saved(lambda: self._session.save_copy(copy, history=history)):
            self._window.say(f"Copy saved as {copy.name}.")

    def _asked(self, title: str, proposal: Path) -> Path | None:
        return ask_file(self._window, title, proposal, FILE_FILTER, ".leanlab")

    @property
    def _session(self) -> "Session":
        session = self._window.session
        assert session is not None  # noqa: S101 - the command cannot run without one
        return session

    def save_beside(self) -> None:
        """Save; a large project is saved in the background, and can be edited meanwhile."""
        session = self._session
        if self._saving is not None:
            self._again = True
        elif session.size < SAVED_BESIDE:
            self.save()
        else:
            self._saving = self._window.jobs.run(
                lambda _job: session.save(), self._saved_beside, failed=self._failed_beside,
                title=f"Saving {session.path.name}…", stoppable=False,
            )  # fmt: skip

    def _saved_beside(self, _result: object) -> None:
        again, self._saving, self._again = self._again, None, False
        self._window.show_state()
        if again and self._session.unsaved_edits:
            self.save_beside()

    def _failed_beside(self, problem: Problem) -> None:
        self._saving, self._again = None, False
        self._not_saved(problem)

    def _finish_saving(self) -> None:
        """Wait for a save in the background: what follows needs to know how it ended."""
        self._again = False
        jobs = self._window.jobs
        while (saving := self._saving) is not None:
            waited(self._window, saving.title, partial(jobs.wait, saving))
            jobs.deliver()

    def _saved(self, saving: Callable[[], None]) -> bool:
        self._finish_saving()
        try:
            waited(self._window, f"Saving {self._session.path.name}…", saving)
        except Problem as problem:
            return self._not_saved(problem)
        self._window.show_state()
        return True

    def _not_saved(self, problem: Problem) -> bool:
        """Say why a save failed, and offer a way out; return whether it was saved that way."""
        ways = {"elsewhere": "Save as…"}
        if isinstance(problem, ChangedElsewhere):
            ways = {"overwrite": problem.verb, "elsewhere": "Save as a copy…"}
        choice = messages.choose(self._window, problem, ways)
        if choice == "elsewhere":
            return self.save_as()
        return choice == "overwrite" and self._saved(lambda: self._session.save(overwrite=True))

    def close(self) -> bool:
        """Close the project; False when the user wants to stay."""
        session = self._window.session
        if session is None:
            return True
        self._window.accept_pending()
        self._finish_saving()
        edits = session.unsaved_edits
        choice = self._asked_to_leave(session)
        if choice == "cancel":
            return False
        self._window.settle()
        known = {"discard": edits, "save": 0}.get(choice)  # a draft keeps whatever comes
        if known is not None and session.unsaved_edits != known:  # work ended that was under way
            choice = self._asked_to_leave(session)
            if choice == "cancel":
                self._window.go_on()
                return False
        self._window.leave_project()
        session.close(keep_draft=choice == "draft")
        self._window.show_start()
        return True

    def _asked_to_leave(self, session: "Session") -> str:
        """Ask what becomes of unsaved edits, and save; return save, draft, discard or cancel."""
        if session.read_only or not session.unsaved_edits:
            return "save"
        choice = messages.ask_close(self._window, session.title, session.unsaved_edits)
        return "cancel" if choice == "save" and not self.save() else choice


def _session_type() -> "type[Session]":
    from leanlab.app.session import Session

    return Session
