"""An open project: the only way the window changes anything."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from leanlab.app.records import Change, Link, Record
from leanlab.app.sheet_verbs import SheetVerbs
from leanlab.core import clock
from leanlab.core.errors import DocumentProblem
from leanlab.store import project, records, trail
from leanlab.store.document import Step
from leanlab.store.project import Draft

Listener = Callable[[Change], None]


class Session(SheetVerbs):
    """Use cases over one open project; every verb is one named, undoable step."""

    reviewing = False  # a review of somebody else's project: see review_session

    def __init__(self, opened: project.Project) -> None:
        self._project = opened
        self._document = opened.document
        self._listeners: list[Listener] = []
        self._depth = 0
        self._touched = {}

    # life of the file ----------------------------------------------------------------------

    @classmethod
    def create(cls, path: Path, *, name: str, kind: str = "dmaic", author: str = "") -> "Session":
        """Begin a project and save its first state; what cannot be saved there is not begun."""
        session = cls(project.create(path, who=author))
        document = session._document
        with document.step("New project", final=True):  # there is nothing to go back to
            for key, value in (("title", name), ("project_kind", kind), ("author", author)):
                document.put_meta(key, value)
            document.put_meta("created", clock.now().isoformat())
        try:
            session.save()
        except BaseException:
            session.close()  # no draft: there is nothing in it yet
            raise
        return session

    @classmethod
    def open(
        cls, path: Path, *, author: str = "", read_only: bool = False, anyway: bool = False
    ) -> "Session":
        """Open a project from its file; `anyway` overrules the note of another computer."""
        opened = project.open_project(path, who=author, read_only=read_only, anyway=anyway)
        return cls(opened)

    @classmethod
    def recover(cls, draft: Draft, *, author: str = "") -> "Session":
        """Go on with unsaved work."""
        return cls(project.recover(draft, who=author))

    def save(self, *, overwrite: bool = False) -> None:
        """Publish all changes to the file; a large project can be edited meanwhile."""
        self._write_summary()
        self._project.save(overwrite=overwrite)

    def save_as(self, path: Path) -> None:
        """Publish to another file and go on with it."""
        self._write_summary()
        self._project.save_as(path)

    def save_copy(self, path: Path, *, history: bool = True) -> None:
        """Write the current state to another file, with or without who changed what."""
        self._write_summary()
        self._project.save_copy(path, history=history)

    def close(self, *, keep_draft: bool = False) -> None:
        """Close the project; unsaved changes stay only as a draft."""
        self._project.close(keep_draft=keep_draft)

    @property
    def path(self) -> Path:
        """The user's file."""
        return self._project.path

    @property
    def read_only(self) -> bool:
        """Whether saving to the file is refused."""
        return self._project.read_only

    @property
    def size(self) -> int:
        """About how many bytes the project takes."""
        return self._document.size()

    @property
    def unsaved_edits(self) -> int:
        """How many changes are only on this computer."""
        return self._project.unsaved_edits

    @property
    def seal(self) -> str:
        """Digest of the file as it was opened or saved last."""
        return self._project.seal

    @property
    def saved_revision(self) -> int:
        """The revision that the file holds."""
        return self._project.saved_revision

    @property
    def saved_at(self) -> str:
        """When the file was last written, in UTC."""
        return self._project.saved_at

    @property
    def title(self) -> str:
        """The project's name."""
        return self.fact("title", self.path.stem)

    def fact(self, key: str, default: str = "") -> str:
        """Return one fact of the project: title, project_kind, author, created..."""
        return self._document.meta(key, default)

    def set_fact(self, key: str, value: str, *, label: str = "Change project") -> None:
        """Change one fact of the project."""
        with self.step(label):
            self._document.put_meta(key, value)

    # steps ---------------------------------------------------------------------------------

    def listen(self, listener: Listener, *, first: bool = False) -> None:
        """Call `listener` after every step, undo and redo; `first` is for caches that others read."""
        self._listeners.insert(0 if first else len(self._listeners), listener)

    def unlisten(self, listener: Listener) -> None:
        """Stop calling `listener`."""
        self._listeners.remove(listener)

    @contextmanager
    def step(self, label: str, *, final: bool = False) -> Iterator[None]:
        """Group several changes into one undo step; a `final` one is a decision and is not undone."""
        self._refuse_read_only()
        with self._document.lock:  # another thread's steps must not count as parts of this one
            self._depth += 1
            try:
                with self._document.step(label, final=final) as step:
                    yield
                    if self._depth == 1:
                        self._settle()
            finally:
                self._depth -= 1
                if not self._depth:
                    self._touched = {}
            whole = self._depth == 0
        if whole and step.changed:
            self._announce(step)

    def _refuse_read_only(self) -> None:
        """An edit that cannot be saved would be lost without a word when the project is closed."""
        if self.read_only and not self.reviewing:
            raise DocumentProblem(
                "This project was opened read-only.",
                hint="Use Save As to change a copy of your own.",
            )

    def _announce(self, step: Step) -> None:
        change = Change(step.label, frozenset(step.ids), frozenset(step.kinds))
        for listener in list(self._listeners):
            listener(change)

    def undo(self) -> str:
        """Take back the last step; return what was done, or nothing."""
        return self._travelled(self._document.undo())

    def redo(self) -> str:
        """Do the last undone step again; return what was done, or nothing."""
        return self._travelled(self._document.redo())

    def _travelled(self, step: Step | None) -> str:
        if step is None:
            return ""
        self._announce(step)
        return step.label

    @property
    def undo_label(self) -> str:
        """The step that undo would take back."""
        return self._document.label(undone=False)

    @property
    def redo_label(self) -> str:
        """The step that redo would do again."""
        return self._document.label(undone=True)

    # records -------------------------------------------------------------------------------

    def records(self, kind: str) -> list[Record]:
        """Return all records of a kind that are not in the bin."""
        return [Record(*row) for row in records.all_of(self._document, kind)]

    def record(self, record_id: str) -> Record:
        """Return one record."""
        return Record(*records.found(self._document, record_id))

    def exists(self, record_id: str) -> bool:
        """Whether a record is there and not in the bin."""
        return self.kind_of(record_id) is not None

    def kind_of(self, record_id: str) -> str | None:
        """Return the kind of a record that is not in the bin, or None."""
        return records.kind_of(self._document, record_id)

    def add(self, kind: str, values: Mapping[str, Any], *, label: str | None = None) -> str:
        """Add a record; return its id."""
        with self.step(label or f"Add {kind.replace('_', ' ')}"):
            return records.added(self._document, kind, values)

    def add_as(self, record_id: str, kind: str, values: Mapping[str, Any]) -> None:
        """Add a record that has its id already: it comes from a copy of this project."""
        with self.step(f"Add {kind.replace('_', ' ')}"):
            records.added(self._document, kind, values, record_id)

    def knows(self, record_id: str) -> bool:
        """Whether a record is there or in the bin."""
        return records.known(self._document, record_id)

    def edit(self, record_id: str, values: Mapping[str, Any], *, label: str | None = None) -> None:
        """Change some values of a record; what stays equal makes no step."""
        record = self.record(record_id)
        changed = {n: v for n, v in values.items() if record.values.get(n) != v}
        if not changed:
            return
        with self.step(label or f"Edit {record.kind.replace('_', ' ')}"):
            records.edited(self._document, record.kind, record_id, changed)

    def delete(self, record_id: str, *, label: str | None = None) -> None:
        """Put a record into the bin."""
        record = self.record(record_id)
        with self.step(label or f"Delete {record.kind.replace('_', ' ')}"):
            records.deleted(self._document, record.kind, record_id)

    def history(self, record_id: str) -> list[tuple[str, str, str, list[Any]]]:
        """Return when, who, what and the changed values of a record, the latest first."""
        return trail.history(self._document, record_id)

    def chain(self) -> trail.Chain:
        """Check the chain of the whole history."""
        return trail.verified(self._document)

    def history_holds(self, digest: str) -> bool:
        """Whether an entry of the history has this digest: that of a sign-off, say."""
        return trail.holds(self._document, digest)

    def recent_changes(self, count: int = 10) -> list[tuple[str, str, str]]:
        """Return when, who and what of the latest steps."""
        return trail.recent(self._document, count)

    # links ---------------------------------------------------------------------------------

    def link(self, from_id: str, verb: str, to_id: str) -> None:
        """Point from one record to another."""
        with self.step("Link"):
            trail.put_link(self._document, from_id, verb, to_id, present=True)

    def unlink(self, from_id: str, verb: str, to_id: str) -> None:
        """Take a link away."""
        with self.step("Unlink"):
            trail.put_link(self._document, from_id, verb, to_id, present=False)

    def links(self, record_id: str | None = None) -> list[Link]:
        """Return all links, or those of one record in either direction."""
        return [Link(*row) for row in trail.links(self._document, record_id)]

    # attachments ---------------------------------------------------------------------------

    def attach(self, about_id: str, name: str, data: bytes) -> str:
        """Keep a file with a record; return the attachment's id."""
        if len(data) > 50 * 1024 * 1024:
            raise DocumentProblem(f"{name} is larger than 50 MB.", hint="Attach a smaller file.")
        digest = hashlib.sha256(data).hexdigest()
        with self.step(f"Attach {name}"):
            trail.keep_content(self._document, digest, data)
            values = {"about_id": about_id, "name": name, "sha256": digest, "size": len(data)}
            return records.added(self._document, "attachment", values)

    def attachments(self, about_id: str) -> list[Record]:
        """Return the attachments of a record."""
        return [r for r in self.records("attachment") if r.get("about_id") == about_id]

    def content(self, sha256: str) -> bytes:
        """Return the bytes of an attachment."""
        return trail.content(self._document, sha256)

    # summary -------------------------------------------------------------------------------

    @property
    def saved_moment(self) -> str:
        """When the project was saved last, as the save noted it: copying a file does not change it."""
        try:
            body = json.loads(self._document.summary() or "{}")
        except ValueError:
            body = {}
        noted = body.get("saved") if isinstance(body, dict) else None
        return noted if isinstance(noted, str) and noted else self.saved_at

    def _write_summary(self) -> None:
        """Leave one row from which a portfolio reads the project without looking further."""
        from leanlab.app.portfolio_entry import entry_of

        self._document.write_summary(json.dumps(entry_of(self)))


def drafts() -> list[Draft]:
    """Return unsaved work that no window has open."""
    return project.drafts()


def discard(draft: Draft) -> None:
    """Give up unsaved work for good."""
    project.discard(draft)
