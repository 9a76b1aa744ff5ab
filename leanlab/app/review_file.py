"""A `.leanreview` file: made of one or more reviews, and read as a stranger's."""

import stat
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from leanlab import __version__
from leanlab.app import review_pending
from leanlab.app.history import printed_code
from leanlab.app.review_session import LeftBehind, ReviewSession, reviews_begun
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.core.errors import DocumentProblem, ImportProblem
from leanlab.core.files import write_whole
from leanlab.domain import review
from leanlab.domain.review import ENDING, LARGEST, Parcel, Part


@dataclass(frozen=True, slots=True)
class Written:
    """A parcel that was written, and the code to read aloud or print beside it."""

    path: Path
    parcel: Parcel
    code: str


def parcel_of(parts: Sequence[Part], *, reviewer: str, role: str = "") -> Parcel:
    """Return a parcel of what was said; parts without items are left out."""
    said = tuple(part for part in parts if part.items)
    if not reviewer.strip():
        raise DocumentProblem("It is not said who reviewed.", hint="Type your name.")
    if not said:
        raise DocumentProblem(
            "There is nothing to send yet.", hint="Comment something, agree, disagree or decide."
        )
    return Parcel(
        uuid.uuid4().hex, reviewer.strip(), role.strip(), clock.now().isoformat(),
        f"LeanLab {__version__}", said,
    )  # fmt: skip


def code_of(parcel: Parcel) -> str:
    """Return the code that a parcel is printed with."""
    return printed_code(review.digest_of(review.body_of(parcel)))


def content_of(parcel: Parcel) -> bytes:
    """Return a parcel as the bytes of its file."""
    import json

    body = review.body_of(parcel)
    digest = review.digest_of(body)
    body |= {"digest": digest, "code": printed_code(digest)}
    content = (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()
    if len(content) > LARGEST:
        raise DocumentProblem(
            "This review would be larger than 5 MB.", hint="Send it in parts: fewer projects each."
        )
    return content


def write_parcel(parcel: Parcel, path: Path) -> Written:
    """Write a parcel in one stroke."""
    write_whole(path, content_of(parcel))
    return Written(path, parcel, code_of(parcel))


def read_parcel(path: Path) -> Parcel:
    """Read a parcel; whatever is wrong with it is an `ImportProblem`."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ImportProblem(f"{path.name} is not a file.", hint=f"Choose a {ENDING} file.")
        if found.st_size > LARGEST:
            raise review.too_large()
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ImportProblem(
            f"{path.name} cannot be read: {error.strerror}.", hint="Check your rights."
        ) from error
    return review.parsed(content, now=clock.now(), printed=printed_code)


# finishing ---------------------------------------------------------------------------------------


def finish(
    path: Path,
    *,
    reviewer: str,
    role: str = "",
    session: ReviewSession | None = None,
    others: Sequence[LeftBehind] = (),
) -> Written:
    """Write one parcel of the open review and of others that were begun; drafts are done with.

    What was decided stays in sight as not yet merged.
    """
    parts = [session.part()] if session is not None else []
    for left in others:
        other = ReviewSession.go_on(left, author=reviewer)
        try:
            parts.append(other.part())
        finally:
            other.close()
    parcel = parcel_of(parts, reviewer=reviewer, role=role)
    written = write_parcel(parcel, path)
    review_pending.keep_sent(parcel, written.code)
    if session is not None:
        session.sent()
    for left in others:
        from leanlab.store.review_copy import dropped

        dropped(left)
    return written


def proposed_name(title: str, reviewer: str) -> str:
    """Return a name for the file of a review."""
    safe = "".join(c if c.isalnum() or c in " ._-" else "-" for c in f"{title} - review {reviewer}")
    return f"{safe.strip(' -')[:80]}{ENDING}"


def project_of(parcel: Parcel, paths: Sequence[Path]) -> Path | None:
    """Return the first of some project files that a parcel is about; they are only looked into."""
    from leanlab.store.peek import peeked

    for path in paths:
        try:
            if parcel.part(peeked(path).project_id) is not None:
                return path
        except DocumentProblem:
            continue
    return None


def refuse_wrong_project(session: Session, parcel: Parcel) -> Part:
    """Return the part of a parcel that is about a project."""
    part = parcel.part(session.fact("project_id"))
    if part is None:
        names = ", ".join(f"“{p.title or 'without a name'}”" for p in parcel.parts[:3])
        raise ImportProblem(
            f"This review is not about this project but about {names or 'none'}.",
            hint="Open the project that was reviewed, then import it there.",
        )
    return part


__all__ = [
    "ENDING", "Written", "code_of", "content_of", "finish", "parcel_of", "project_of", "proposed_name",
    "read_parcel", "refuse_wrong_project", "reviews_begun", "write_parcel",
]  # fmt: skip
