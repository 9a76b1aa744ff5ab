"""One writer per project: an operating-system lock that a killed process cannot leave behind."""

import hashlib
import os
import sys
from pathlib import Path
from typing import IO

from leanlab.core.errors import OpenElsewhere
from leanlab.store.owner import Owner
from leanlab.store.places import folder


class DocumentLock:
    """Held while a project is open for writing."""

    def __init__(self, path: Path) -> None:
        name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:40]
        self._path = folder("locks") / f"{name}.lock"
        self._file: IO[bytes] | None = None

    @property
    def known(self) -> bool:
        """Whether the project was ever locked on this computer."""
        return self._path.exists()

    def take(self) -> bool:
        """Take the lock; False if another window holds it."""
        held = self._path.open("ab")
        if not _lock(held):
            held.close()
            return False
        self._file = held
        return True

    def release(self) -> None:
        """Let the next window in."""
        if self._file is not None:
            self._file.close()
            self._file = None


def held_elsewhere(path: Path) -> bool:
    """Whether a window on this computer has the project open; leaves no lock behind."""
    lock = DocumentLock(path)
    if not lock.known:
        return False
    free = lock.take()
    lock.release()
    return not free


def _lock(held: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":  # pragma: no cover - not run on this machine
            import msvcrt

            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def locked_elsewhere(path: Path) -> OpenElsewhere:
    """Return the problem that a second window meets."""
    return OpenElsewhere(
        f"{path.name} is already open in another LeanLab window.",
        hint="Go to that window, or open this project read-only.",
    )


def noted_elsewhere(path: Path, owner: Owner) -> OpenElsewhere:
    """Return the problem of a project that seems to be open on another computer."""
    return OpenElsewhere(
        f"{path.name} seems to be open on {owner.host} ({owner.user}, since "
        f"{owner.since[:16].replace('T', ' ')} UTC).",
        hint="Open it read-only, or open it anyway if you know that it is closed there.",
        anyway=True,
    )
