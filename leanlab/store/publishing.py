"""Write one complete file in the place of the old one, or change nothing."""

import contextlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from leanlab.core.errors import DocumentProblem, is_full
from leanlab.store.checks import sealed
from leanlab.store.document import Document, Place

SAFE = "your changes are safe on this computer"
# Windows: virus scanners, indexers and sync clients hold a file for a moment
HELD = {5, 32, 33}
WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)


def written(document: Document, target: Path, *, history: bool = True) -> tuple[Path, str, Place]:
    """Write a sealed, complete file beside the target and return it with its seal and its place in the history.

    On failure nothing is left.
    """
    target = target.resolve()  # a link stays a link: what it points to is replaced
    refuse_unwritable(target)
    _refuse_full_disk(document, target)
    temporary = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}.tmp"
    token = uuid.uuid4().hex + uuid.uuid4().hex
    try:
        with explained_save(target):
            place = document.publish_into(temporary, token, history=history)
            seal = sealed(temporary, token)
    except BaseException:
        for stray in _with_companions(temporary):
            stray.unlink(missing_ok=True)
        raise
    return temporary, seal, place


def _with_companions(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm"))]


def refuse_unwritable(target: Path) -> None:
    """Say why a file cannot be written there; replacing would override a read-only mark silently."""
    hint = f"Use Save As to choose another place; {SAFE}."
    if not target.parent.is_dir():
        raise DocumentProblem(f"The folder {target.parent.name} is not there any more.", hint=hint)
    if not os.access(target.parent, os.W_OK):
        raise DocumentProblem(f"The folder {target.parent.name} is read-only.", hint=hint)
    if target.exists() and not os.access(target, os.W_OK):
        raise DocumentProblem(f"{target.name} is read-only.", hint=hint)


def _refuse_full_disk(document: Document, target: Path) -> None:
    needed = document.size()
    free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise DocumentProblem(
            f"{target.name} could not be saved: the disk has {free / 1e6:.1f} MB free, "
            f"and {needed / 1e6:.1f} MB are needed.",
            hint=f"Free some space or use Save As; the old file is as it was, and {SAFE}.",
        )


@contextlib.contextmanager
def explained_save(target: Path) -> Iterator[None]:
    """Say what kept a file from being saved."""
    hint = "Free some space or use Save As; the old file and your changes are safe."
    try:
        yield
    except DocumentProblem as problem:
        cause = f"{problem.message[0].lower()}{problem.message[1:]}"
        raise DocumentProblem(f"{target.name} could not be saved: {cause}", hint=hint) from problem
    except OSError as error:
        cause = "the disk is full" if is_full(error) else str(error.strerror)
        raise DocumentProblem(f"{target.name} could not be saved: {cause}.", hint=hint) from error


def replaced(
    temporary: Path, target: Path, *, sleep: Callable[[float], object] = time.sleep
) -> None:
    """Put the new file in the place of the old one; what holds it for a moment is waited for."""
    target = target.resolve()
    if target.exists():
        shutil.copymode(target, temporary)
    for wait in (*WAITS, None):
        try:
            temporary.replace(target)
            break
        except OSError as error:
            if wait is None or getattr(error, "winerror", None) not in HELD:
                raise _not_replaced(temporary, target, error) from error
            sleep(wait)
    synced(target.parent)


def _not_replaced(temporary: Path, target: Path, error: OSError) -> DocumentProblem:
    if getattr(error, "winerror", None) not in HELD:
        temporary.unlink(missing_ok=True)
        if is_full(error):
            return DocumentProblem(
                f"{target.name} could not be saved: the disk is full.",
                hint=f"Free some space or use Save As; {SAFE}.",
            )
        return DocumentProblem(
            f"{target.name} could not be replaced: {error.strerror}.",
            hint=f"Close programs that have it open, or use Save As; {SAFE}.",
        )
    beside = _free_name(target)
    temporary.replace(beside)
    return DocumentProblem(
        f"{target.name} is held by another program, so it could not be replaced.",
        hint=f"Everything was saved beside it as {beside.name}.",
    )


def _free_name(target: Path) -> Path:
    number = 2
    while (path := target.with_stem(f"{target.stem} ({number})")).exists():
        number += 1
    return path


def synced(path: Path) -> None:
    """Make a rename in a folder durable."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def swept(target: Path) -> None:
    """Remove what a killed save left beside the file."""
    ours = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}\.tmp(-journal|-wal|-shm)?")
    target = target.resolve()
    with contextlib.suppress(OSError):
        for path in target.parent.iterdir():
            if ours.fullmatch(path.name):
                path.unlink(missing_ok=True)
