"""A project opened for review: a private copy in which only comments and reviews can be written.

Nothing of it is ever published. What was written is a draft that survives a kill; it is found
again by `left_behind`.
"""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from leanlab.core.errors import DocumentProblem, OpenElsewhere
from leanlab.store import migrations
from leanlab.store.checks import authorized, limited, refuse_strange_paths
from leanlab.store.document import Document, Row
from leanlab.store.locks import DocumentLock
from leanlab.store.project import Project, checked_copy
from leanlab.store.session_folder import (
    Facts,
    all_sessions,
    begun,
    forgotten,
    recalled,
    updated,
)

WRITABLE = frozenset({"comment", "review"})
# what a step writes besides: the record of a comment, the history, the count of changes
_KEPT_UP = frozenset({"record", "audit", "meta"})
_WRITES = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_SHAPES = frozenset({
    sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_ALTER_TABLE,
    sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_ATTACH,
})  # fmt: skip
_KNOWN = "known.json"  # ids of the comments and reviews that the file had when it was opened


def _refuse(*_arguments: Any, **_options: Any) -> NoReturn:
    raise DocumentProblem(
        "You review this project; nothing is changed in it.",
        hint="Write a comment: its owner sees it when your review is imported.",
    )


def _only_reviewing(
    action: int, first: str | None, second: str | None, database: str | None, inner: str | None
) -> int:
    """Let SQLite itself refuse what gets past the methods above it."""
    written = action in _WRITES and first not in WRITABLE | _KEPT_UP
    if written or action in _SHAPES:
        return sqlite3.SQLITE_DENY
    return authorized(action, first, second, database, inner)


class ReviewDocument(Document):
    """A working copy whose only writable tables are comment and review."""

    def __init__(self, folder: Path, who: str) -> None:
        super().__init__(folder, who)
        self._db.set_authorizer(_only_reviewing)

    def put(self, table: str, key: Mapping[str, Any], row: Row | None) -> None:
        """Write a comment, a review, or the record that belongs to one."""
        if table == "record":
            kinds = {str(r["kind"]) for r in (self._row(table, key), row) if r is not None}
            allowed = kinds <= WRITABLE
        else:
            allowed = table in WRITABLE
        if not allowed:
            _refuse()
        super().put(table, key, row)

    put_quietly = run = make_table = drop_table = add_table_column = _refuse
    write_block = keep_block = rebuild_table = next_code = write_summary = publish_into = _refuse


class ReviewCopy(Project):
    """A project that is only reviewed; closing keeps what was written."""

    document_type = ReviewDocument

    def __init__(self, session: Path, facts: Facts, *, who: str) -> None:
        self.known = _known(session)
        self._own_lock = _lock_of(session)
        if not self._own_lock.take():
            raise OpenElsewhere(
                "You review this project in another window already.", hint="Go to that window."
            )
        try:
            super().__init__(session, facts, who=who, lock=None)
        except BaseException:
            self._own_lock.release()
            raise
        self.project_id = facts.review

    @property
    def own(self) -> int:
        """How many comments and reviews were written in this copy."""
        return len(own_ids(self.document, self.known))

    save = save_as = save_copy = _refuse

    def close(self, *, keep_draft: bool = True) -> None:
        """Close; without `keep_draft`, or when nothing was written, nothing is kept."""
        keep = keep_draft and self.own > 0 if not self._closed else keep_draft
        super().close(keep_draft=keep)
        self._own_lock.release()


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A review that was begun and not sent."""

    folder: Path
    path: Path
    project_id: str
    title: str
    seal: str
    items: int
    last: str  # UTC, of the last item


def open_review(path: Path, *, who: str) -> ReviewCopy:
    """Begin a review of a file; the file itself is only read."""
    refuse_strange_paths(path)
    session = begun(Facts(str(path), read_only=True))
    try:
        base = checked_copy(path, session / "work.db")
        migrations.migrate(session / "work.db", path)
        with closing(limited(session / "work.db")) as connection:
            facts = dict(connection.execute("SELECT key, value FROM meta"))
            ids = [
                row[0] for kind in sorted(WRITABLE) for row in connection.execute(f"SELECT id FROM {kind}")
            ]  # fmt: skip
        (session / _KNOWN).write_text(json.dumps(ids), encoding="utf-8")
        made = updated(
            session,
            Facts(str(path), read_only=True),
            base=base,
            saved_at=datetime.fromtimestamp(base.changed / 1e9, UTC).isoformat(),
            saved_revision=int(facts.get("revision", 0)),
            review=str(facts.get("project_id", "")),
            ready=True,
        )
        return ReviewCopy(session, made, who=who)
    except BaseException:
        forgotten(session)
        raise


def go_on(left: LeftBehind, *, who: str) -> ReviewCopy:
    """Open a review that was begun."""
    facts = recalled(left.folder)
    if facts is None:
        raise DocumentProblem(
            f"Your review of {left.title} is not there any more.", hint="Begin it again."
        )
    return ReviewCopy(left.folder, facts, who=who)


def left_behind() -> list[LeftBehind]:
    """Return the reviews that were begun and that no window has open, the latest first."""
    found = []
    for session in all_sessions():
        facts = recalled(session)
        if facts is None or not facts.review or not facts.ready:
            continue
        try:
            copy = ReviewCopy(session, facts, who="")
        except (DocumentProblem, OSError):  # open elsewhere, or unreadable today: it stays
            continue
        items = own_ids(copy.document, copy.known)
        if items:
            last = max((created for _, created in items), default="")
            title = copy.document.meta("title", copy.path.stem)
            found.append(LeftBehind(session, copy.path, facts.review, title, copy.seal, len(items), last))  # fmt: skip
        copy.close(keep_draft=True)  # one without items is not kept
    return sorted(found, key=lambda one: one.last, reverse=True)


def elsewhere(project_id: str, *, but: Path) -> bool:
    """Whether another window than the one that works in `but` reviews this project now."""
    for session in all_sessions():
        if session == but:
            continue
        facts = recalled(session)
        if facts is not None and facts.review == project_id:
            lock = _lock_of(session)
            if not lock.take():
                return True
            lock.release()
    return False


def dropped(left: LeftBehind) -> None:
    """Give a review up for good."""
    forgotten(left.folder)


def own_ids(document: Document, known: frozenset[str]) -> list[tuple[str, str]]:
    """Return id and time of the comments and reviews that were written in this copy."""
    rows = document.rows(
        "SELECT id, created FROM record WHERE kind IN ('comment', 'review') "
        "AND deleted_at IS NULL ORDER BY rowid"
    )
    return [(row[0], row[1]) for row in rows if row[0] not in known]


def _lock_of(session: Path) -> DocumentLock:
    return DocumentLock(session / "review")


def _known(session: Path) -> frozenset[str]:
    try:
        return frozenset(json.loads((session / _KNOWN).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:  # whose comments are whose is not known then
        raise DocumentProblem(
            "This review was begun, but cannot be read any more.", hint="Begin it again."
        ) from error
