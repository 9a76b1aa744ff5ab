"""The life of a project file: open into a private copy, save in one stroke, keep drafts."""

import os
import shutil
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from leanlab.core import clock
from leanlab.core.errors import ChangedElsewhere, DocumentProblem, is_full
from leanlab.store import backups, migrations, owner
from leanlab.store.checks import (
    PIECE,
    CheckReport,
    check_copy,
    check_header,
    file_digest,
    limited,
    refuse_strange_paths,
)
from leanlab.store.document import Document, create_working_copy
from leanlab.store.locks import DocumentLock, locked_elsewhere, noted_elsewhere
from leanlab.store.publishing import explained_save, replaced, swept, written
from leanlab.store.rescue import Rescued, rescue
from leanlab.store.session_folder import (
    Base,
    Facts,
    all_sessions,
    begun,
    forgotten,
    recalled,
    updated,
)

LEFT_AFTER = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsaved work found at the start: a session that nobody has open."""

    folder: Path
    path: Path
    title: str
    edits: int
    last_edit: str
    damaged: bool = False  # its working copy cannot be opened; what is readable can be rescued


class Project:
    """An open project: its document and the file that it is published to."""

    document_type: type[Document] = Document

    def __init__(self, session: Path, facts: Facts, *, who: str, lock: DocumentLock | None) -> None:
        self.folder, self.path = session, Path(facts.path)
        self._facts = facts
        self._lock = lock
        self._closed = False
        self._publishing = Lock()  # one file is written at a time: each has a seal of its own
        self._who = who or owner.login()  # a step that nobody made would be no history
        self.document = self.document_type(session, self._who)
        self._in_use = DocumentLock(session / "work.db")
        if facts.read_only and not facts.review:
            self._in_use.take()
        if lock is not None:
            owner.claim(self.path, who)

    @property
    def read_only(self) -> bool:
        """Whether saving to the file is refused."""
        return self._facts.read_only

    @property
    def seal(self) -> str:
        """Digest of the file as it was opened or saved last."""
        return self._facts.base.seal

    @property
    def saved_revision(self) -> int:
        """The revision that the file holds."""
        return self._facts.saved_revision

    @property
    def saved_at(self) -> str:
        """When the file was last written, in UTC."""
        return self._facts.saved_at

    @property
    def unsaved_edits(self) -> int:
        """How many changes are only in the working copy."""
        facts, revision = self._facts, self.document.revision
        seq, count, latest = self.document.position()
        # the undo file may be lost in a power cut; then only the revision tells
        as_saved = (seq, count) == facts.saved_position and latest == revision
        if facts.base.seal and (revision == facts.saved_revision or as_saved):
            return 0
        if not facts.base.seal and not count:
            return int(revision > 0)  # a rescued project was never saved
        return max(1, abs(count - facts.saved_position[1]))

    def save(self, *, overwrite: bool = False) -> None:
        """Publish one complete file in the place of the old one, or change nothing.

        A large project can be read and edited by other threads meanwhile.
        """
        if self.read_only:
            raise DocumentProblem(
                "This project was opened read-only.", hint="Use Save As to keep your changes."
            )
        if not overwrite:
            self._refuse_conflict()
        self._publish(self.path, overwrite=overwrite)

    def save_as(self, path: Path) -> None:
        """Publish to another file and go on with that one."""
        if path.resolve() != self.path.resolve() or self._lock is None:
            lock = DocumentLock(path)
            if not lock.take():
                raise locked_elsewhere(path)
            try:
                self._publish(path, overwrite=True)
            except BaseException:
                lock.release()
                raise
            if self._lock is not None:
                owner.release(self.path)
                self._lock.release()
            self._lock = lock
            owner.claim(path, self._who)
        else:
            self._publish(path, overwrite=True)
        self.path = path

    def save_copy(self, path: Path, *, history: bool = True) -> None:
        """Write the current state to another file; this project stays where it is."""
        if path.resolve() == self.path.resolve():
            raise DocumentProblem(
                f"{path.name} is this project's own file.", hint="Choose another name for the copy."
            )
        with self._publishing:
            replaced(written(self.document, path, history=history)[0], path)

    def _refuse_conflict(self) -> None:
        base, name = self._facts.base, self.path.name
        if not base.seal:
            if self.path.exists():
                raise ChangedElsewhere(
                    f"There is a file named {name} by now that this project did not write.",
                    hint="Use Save As, or overwrite it (it goes to the backups first).",
                )
            return
        if not self.path.exists():
            raise ChangedElsewhere(
                f"{name} is not where it was: it was moved, renamed or deleted.",
                hint="Write it there again, or use Save As.",
                verb="Write it again",
            )
        if not base.still(self.path):
            raise ChangedElsewhere(
                f"{name} was changed by someone else since you opened it.",
                hint="Save as a copy, or overwrite it (their version goes to the backups).",
            )

    def _publish(self, path: Path, *, overwrite: bool) -> None:
        with self._publishing:
            self._publish_alone(path, overwrite=overwrite)

    def _publish_alone(self, path: Path, *, overwrite: bool) -> None:
        temporary, seal, place = written(self.document, path)
        try:
            if path.exists():
                with explained_save(path):
                    backups.keep(path, self.document.meta("project_id"), self._facts.base.seal)
            if not overwrite:  # writing a large project takes seconds, in which others may save too
                self._refuse_conflict()
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        replaced(temporary, path)
        self._facts = updated(
            self.folder,
            self._facts,
            path=str(path),
            base=Base.of(path.stat(), seal),
            saved_at=clock.now().isoformat(),
            saved_position=place.position,
            saved_revision=place.revision,
            read_only=False,
        )

    def close(self, *, keep_draft: bool = False) -> None:
        """Close; without `keep_draft` unsaved changes are given up."""
        if self._closed:
            return
        self._closed = True
        self.document.checkpoint()
        self.document.close()
        self._in_use.release()
        if self._lock is not None:
            owner.release(self.path)
            self._lock.release()
        if not keep_draft:
            forgotten(self.folder)


def create(path: Path, *, who: str) -> Project:
    """Begin a new project; the file appears when it is first saved."""
    lock = _locked(path)
    try:
        facts = Facts(str(path))
        session = begun(facts)
        create_working_copy(session / "work.db")
        return Project(session, updated(session, facts, ready=True), who=who, lock=lock)
    except BaseException:
        lock.release()
        raise


def open_project(path: Path, *, who: str, read_only: bool = False, anyway: bool = False) -> Project:
    """Open a project by copying its bytes; the file itself is never touched by SQLite.

    `anyway` overrules a note that says that another computer has it open.
    """
    refuse_strange_paths(path)
    lock = None if read_only else _locked(path)
    other = owner.elsewhere(path) if lock is not None and not anyway else None
    if lock is not None and other is not None:
        lock.release()
        raise noted_elsewhere(path, other)
    if lock is not None:
        swept(path)
    session = begun(Facts(str(path), read_only=read_only))
    try:
        base = checked_copy(path, session / "work.db")
        migrations.migrate(session / "work.db", path)
        with closing(limited(session / "work.db")) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()
        facts = updated(
            session,
            Facts(str(path), read_only=read_only),
            base=base,
            saved_at=datetime.fromtimestamp(base.changed / 1e9, UTC).isoformat(),
            saved_revision=int(row[0]) if row else 0,
            ready=True,
        )
        return Project(session, facts, who=who, lock=lock)
    except BaseException:
        forgotten(session)
        if lock is not None:
            lock.release()
        raise


def recover(draft: Draft, *, who: str) -> Project:
    """Go on with unsaved work."""
    facts = recalled(draft.folder)
    if facts is None:
        raise DocumentProblem(
            f"The unsaved work of {draft.title} is not there any more.",
            hint="Open the project from its file.",
        )
    if draft.damaged:
        return rescue_project(draft.folder / "work.db", draft.path, who=who)[0]
    lock = _locked(draft.path)
    try:
        return Project(draft.folder, facts, who=who, lock=lock)
    except BaseException:
        lock.release()
        raise


def rescue_project(damaged: Path, target: Path, *, who: str) -> tuple[Project, Rescued]:
    """Begin a new project with what can be read of a damaged one; nothing is saved yet."""
    refuse_strange_paths(damaged)
    lock = _locked(target)
    facts = Facts(str(target))
    session = begun(facts)
    try:
        copy = session / "damaged.db"
        shutil.copyfile(damaged, copy)
        found = rescue(damaged, copy, session / "work.db")
        copy.unlink()
        migrations.migrate(session / "work.db", damaged, backup=False)
        return Project(session, updated(session, facts, ready=True), who=who, lock=lock), found
    except BaseException:
        forgotten(session)
        lock.release()
        raise


def drafts() -> list[Draft]:
    """Return unsaved work that no window has open, the latest first."""
    found = []
    for session in all_sessions():
        facts = recalled(session)
        if facts is None:
            continue
        if facts.read_only:
            if not facts.review:
                _forgotten_if_left(session)
            continue
        lock = DocumentLock(Path(facts.path))
        if not lock.take():
            continue
        try:
            draft = _draft(session, facts)
        finally:
            lock.release()
        if draft is None:
            forgotten(session)
        else:
            found.append(draft)
    return sorted(found, key=lambda d: d.last_edit, reverse=True)


def _forgotten_if_left(session: Path) -> None:
    """Remove the copy of a file that was only read, if whoever read it was killed long ago."""
    lock = DocumentLock(session / "work.db")
    with suppress(OSError):
        if time.time() - session.stat().st_mtime > LEFT_AFTER and lock.take():
            forgotten(session)
    lock.release()


def discard(draft: Draft) -> None:
    """Give up unsaved work for good."""
    forgotten(draft.folder)


def check(path: Path) -> CheckReport:
    """Say whether a file is a sound project; nothing of it is changed."""
    session = begun(Facts(str(path), read_only=True))
    try:
        refuse_strange_paths(path)
        checked_copy(path, session / "work.db")
        with closing(limited(session / "work.db")) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'title'").fetchone()
    except DocumentProblem as problem:
        return CheckReport(sound=False, message=f"{problem.message} {problem.hint}")
    finally:
        forgotten(session)
    return CheckReport(
        sound=True,
        message="The file is sound.",
        sha256=file_digest(path),
        title=row[0] if row else "",
    )


def _locked(path: Path) -> DocumentLock:
    lock = DocumentLock(path)
    if not lock.take():
        raise locked_elsewhere(path)
    return lock


def checked_copy(path: Path, copy: Path) -> Base:
    """Copy a file's bytes, and nothing that lies beside it, into a private place and check them."""
    try:
        with path.open("rb") as source, copy.open("wb") as target:
            head = source.read(100)
            stat = os.fstat(source.fileno())
            check_header(head, stat.st_size, path.name)
            source.seek(0)
            shutil.copyfileobj(source, target, PIECE)
    except OSError as error:
        if is_full(error):
            raise DocumentProblem(
                f"There is no room on this computer for a working copy of {path.name}.",
                hint="Free some space, then open it again. The file was not touched.",
            ) from error
        raise DocumentProblem(
            f"{path.name} cannot be read: {error.strerror}.", hint="Check your rights and the disk."
        ) from error
    return Base.of(stat, check_copy(copy, path.name))


def _draft(session: Path, facts: Facts) -> Draft | None:
    """Describe a session left behind; None if it holds nothing unsaved."""
    if not facts.ready:
        return None
    try:
        project = Project(session, facts, who="", lock=None)
    except (DocumentProblem, OSError):  # never thrown away: the disk may be well again tomorrow
        name = Path(facts.path).stem
        return Draft(session, Path(facts.path), name, 0, facts.saved_at, damaged=True)
    try:
        if not project.unsaved_edits or _reached_the_file(project):
            return None
        last = project.document.rows("SELECT at FROM audit ORDER BY seq DESC LIMIT 1")
        title = project.document.meta("title", project.path.stem)
        return Draft(
            session, project.path, title, project.unsaved_edits, str(last[0][0]) if last else ""
        )
    finally:
        project.document.close()


def _reached_the_file(project: Project) -> bool:
    """Whether a save was killed after the file was replaced, before that was written down."""
    if not project.path.is_file():
        return False
    session = begun(Facts(str(project.path), read_only=True))
    try:
        checked_copy(project.path, session / "work.db")
        with closing(limited(session / "work.db")) as connection:
            found = dict(
                connection.execute(
                    "SELECT key, value FROM meta WHERE key IN ('project_id', 'revision')"
                )
            )
    except DocumentProblem:
        return False
    finally:
        forgotten(session)
    document = project.document
    return found == {
        "project_id": document.meta("project_id"),
        "revision": str(document.revision),
    }
