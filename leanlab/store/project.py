"""The life of a project file: open into a private copy, save in one stroke, keep drafts."""

import contextlib
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leanlab.core import clock
from leanlab.core.errors import ChangedElsewhere, DocumentProblem
from leanlab.store import backups
from leanlab.store.checks import (
    CheckReport,
    check_copy,
    check_header,
    limited,
    refuse_strange_paths,
    sealed,
)
from leanlab.store.document import Document, create_working_copy
from leanlab.store.locks import DocumentLock, locked_elsewhere
from leanlab.store.places import folder


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsaved work found at the start: a session that nobody has open."""

    folder: Path
    path: Path
    title: str
    edits: int
    last_edit: str


class Project:
    """An open project: its document and the file that it is published to."""

    def __init__(
        self, session: Path, path: Path, *, who: str, read_only: bool, lock: DocumentLock | None
    ) -> None:
        self.folder, self.path, self.read_only = session, path, read_only
        self._lock = lock
        self._closed = False
        self.document = Document(session, who)
        facts = _facts(session)
        self.base: str = facts.get("base", "")
        self.saved_at: str = facts.get("saved_at", "")
        self._saved_position = tuple(facts.get("saved_position", (0, 0)))

    @property
    def unsaved_edits(self) -> int:
        """How many changes are only in the working copy."""
        seq, count = self.document.position()
        saved_seq, saved_count = self._saved_position
        if (seq, count) == (saved_seq, saved_count) and self.base:
            return 0
        return max(1, abs(count - saved_count)) if self.base or count else 0

    def save(self, *, overwrite: bool = False) -> None:
        """Publish one complete file in the place of the old one, or change nothing."""
        if self.read_only:
            raise DocumentProblem(
                "This project was opened read-only.", hint="Use Save As to keep your changes."
            )
        if not overwrite:
            self._refuse_conflict()
        self._publish(self.path)

    def save_as(self, path: Path) -> None:
        """Publish to another file and go on with that one."""
        lock = DocumentLock(path)
        if path.resolve() != self.path.resolve() or self._lock is None:
            if not lock.take():
                raise locked_elsewhere(path)
            if self._lock is not None:
                self._lock.release()
            self._lock = lock
        self.path, self.read_only = path, False
        self._publish(path)

    def save_copy(self, path: Path) -> None:
        """Write the current state to another file; this project stays where it is."""
        temporary = _written(self.document, path)
        _replaced(temporary, path)

    def _refuse_conflict(self) -> None:
        if not self.path.exists() or not self.base:
            return
        if hashlib.sha256(self.path.read_bytes()).hexdigest() != self.base:
            raise ChangedElsewhere(
                f"{self.path.name} was changed by someone else since you opened it.",
                hint="Save as a copy, or overwrite it (their version goes to the backups).",
            )

    def _publish(self, path: Path) -> None:
        temporary = _written(self.document, path)
        try:
            if path.exists():
                backups.keep(path, self.document.meta("project_id"))
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
        _replaced(temporary, path)
        self.base, self.saved_at = digest, clock.now().isoformat()
        self._saved_position = self.document.position()
        self._note()

    def _note(self) -> None:
        _write_facts(
            self.folder,
            {
                "path": str(self.path), "base": self.base, "saved_at": self.saved_at,
                "saved_position": list(self._saved_position), "read_only": self.read_only,
            },
        )  # fmt: skip

    def close(self, *, keep_draft: bool = False) -> None:
        """Close; without `keep_draft` unsaved changes are given up."""
        if self._closed:
            return
        self._closed = True
        self.document.checkpoint()
        self.document.close()
        if self._lock is not None:
            self._lock.release()
        if not keep_draft:
            shutil.rmtree(self.folder, ignore_errors=True)


def create(path: Path, *, who: str) -> Project:
    """Begin a new project; the file appears when it is first saved."""
    lock = _locked(path)
    session = _new_session()
    create_working_copy(session / "work.db")
    _write_facts(session, {"path": str(path), "base": "", "saved_at": "", "saved_position": [0, 0]})
    return Project(session, path, who=who, read_only=False, lock=lock)


def open_project(path: Path, *, who: str, read_only: bool = False) -> Project:
    """Open a project by copying its bytes; the file itself is never touched by SQLite."""
    refuse_strange_paths(path)
    lock = None if read_only else _locked(path)
    session = _new_session()
    try:
        base = _checked_copy(path, session / "work.db")
        facts = {
            "path": str(path),
            "base": base,
            "saved_at": _changed_at(path),
            "saved_position": [0, 0],
        }
        _write_facts(session, facts | {"read_only": read_only})
        return Project(session, path, who=who, read_only=read_only, lock=lock)
    except BaseException:
        shutil.rmtree(session, ignore_errors=True)
        if lock is not None:
            lock.release()
        raise


def recover(draft: Draft, *, who: str) -> Project:
    """Go on with unsaved work."""
    lock = _locked(draft.path)
    return Project(draft.folder, draft.path, who=who, read_only=False, lock=lock)


def drafts() -> list[Draft]:
    """Return unsaved work that no window has open, the latest first."""
    found = []
    for session in folder("sessions").iterdir():
        facts = _facts(session)
        if not facts or facts.get("read_only"):
            continue
        lock = DocumentLock(Path(facts["path"]))
        if not lock.take():
            continue
        try:
            draft = _draft(session, facts)
        finally:
            lock.release()
        if draft is None:
            shutil.rmtree(session, ignore_errors=True)
        else:
            found.append(draft)
    return sorted(found, key=lambda d: d.last_edit, reverse=True)


def discard(draft: Draft) -> None:
    """Give up unsaved work for good."""
    shutil.rmtree(draft.folder, ignore_errors=True)


def check(path: Path) -> CheckReport:
    """Say whether a file is a sound project; nothing of it is changed."""
    session = _new_session()
    try:
        refuse_strange_paths(path)
        digest = _checked_copy(path, session / "work.db")
        with contextlib.closing(limited(session / "work.db")) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'title'").fetchone()
    except DocumentProblem as problem:
        return CheckReport(sound=False, message=f"{problem.message} {problem.hint}")
    finally:
        shutil.rmtree(session, ignore_errors=True)
    return CheckReport(
        sound=True, message="The file is sound.", sha256=digest, title=row[0] if row else ""
    )


def _locked(path: Path) -> DocumentLock:
    lock = DocumentLock(path)
    if not lock.take():
        raise locked_elsewhere(path)
    return lock


def _new_session() -> Path:
    session = folder("sessions") / uuid.uuid4().hex
    session.mkdir(mode=0o700)
    return session


def _checked_copy(path: Path, copy: Path) -> str:
    content = path.read_bytes()
    check_header(content[:100], len(content), path.name)
    copy.write_bytes(content)
    check_copy(copy, path.name)
    return hashlib.sha256(content).hexdigest()


def _changed_at(path: Path) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()


def _draft(session: Path, facts: dict[str, Any]) -> Draft | None:
    """Describe a session left behind; None if it holds nothing unsaved."""
    try:
        project = Project(session, Path(facts["path"]), who="", read_only=False, lock=None)
    except (DocumentProblem, OSError):
        return None
    try:
        if not project.unsaved_edits:
            return None
        last = project.document.rows("SELECT at FROM audit ORDER BY seq DESC LIMIT 1")
        title = project.document.meta("title", project.path.stem)
        return Draft(
            session, project.path, title, project.unsaved_edits, str(last[0][0]) if last else ""
        )
    finally:
        project.document.close()


def _facts(session: Path) -> dict[str, Any]:
    try:
        found = json.loads((session / "session.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_facts(session: Path, facts: dict[str, Any]) -> None:
    part = session / "session.json.part"
    part.write_text(json.dumps(facts), encoding="utf-8")
    part.replace(session / "session.json")


def _written(document: Document, target: Path) -> Path:
    """Write a sealed, complete file beside the target; on failure nothing is left."""
    _refuse_unwritable(target)
    temporary = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}.tmp"
    token = uuid.uuid4().hex + uuid.uuid4().hex
    try:
        with _space_explained(target):
            document.publish_into(temporary, token)
            sealed(temporary, token)
    except BaseException:
        for stray in (
            temporary,
            *(temporary.with_name(temporary.name + s) for s in ("-journal", "-wal", "-shm")),
        ):
            stray.unlink(missing_ok=True)
        raise
    return temporary


def _refuse_unwritable(target: Path) -> None:
    hint = "Use Save As to choose another place; your changes are safe on this computer."
    if not target.parent.is_dir():
        raise DocumentProblem(f"The folder {target.parent.name} is not there any more.", hint=hint)
    if not os.access(target.parent, os.W_OK):
        raise DocumentProblem(f"The folder {target.parent.name} is read-only.", hint=hint)
    if target.exists() and not os.access(target, os.W_OK):
        raise DocumentProblem(f"{target.name} is read-only.", hint=hint)


@contextlib.contextmanager
def _space_explained(target: Path) -> Iterator[None]:
    try:
        yield
    except DocumentProblem as problem:
        raise DocumentProblem(
            f"{target.name} could not be saved: {problem.message[0].lower()}{problem.message[1:]}",
            hint="Free some space or use Save As; the old file and your changes are safe.",
        ) from problem
    except OSError as error:
        raise DocumentProblem(
            f"{target.name} could not be saved: {error.strerror}.",
            hint="Free some space or use Save As; the old file and your changes are safe.",
        ) from error


def _replaced(temporary: Path, target: Path) -> None:
    if target.exists():
        shutil.copymode(target, temporary)
    try:
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise DocumentProblem(
            f"{target.name} could not be replaced: {error.strerror}.",
            hint="Close programs that have it open, or use Save As.",
        ) from error
    _sync_folder(target.parent)


def _sync_folder(path: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
