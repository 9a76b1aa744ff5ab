"""A small file beside an open project, for other computers that share the folder: who has it open.

It only advises. For one login on one computer the operating-system lock decides; a note left by a
crash here is therefore passed over. One of another computer, or of another login on this one (its
lock lies in a folder of its own), is shown to the user.
"""

import contextlib
import getpass
import json
import platform
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

from leanlab.core import clock

LONGEST = 4096  # bytes


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has a project open, where, since when (UTC)."""

    user: str
    host: str
    since: str


def note_of(path: Path) -> Path:
    """Return the file beside a project."""
    return path.with_name(f".~lock.{path.name}")


def elsewhere(path: Path) -> Owner | None:
    """Return who has the project open on another computer or with another login, by its note."""
    try:
        note = note_of(path)
        facts = note.stat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > LONGEST:  # a pipe would never end
            return None
        found = json.loads(note.read_text(encoding="utf-8"))
        owner = Owner(*(str(found[name])[:200] for name in ("user", "host", "since")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    here = (platform.node(), login())
    return None if (owner.host, str(found.get("login") or here[1])) == here else owner


def claim(path: Path, who: str) -> None:
    """Leave a note; where that is not possible, the lock of this computer must do."""
    owner = Owner(who or login(), platform.node(), clock.now().isoformat(timespec="seconds"))
    with contextlib.suppress(OSError):
        facts = asdict(owner) | {"login": login()}
        note_of(path).write_text(json.dumps(facts), encoding="utf-8")


def release(path: Path) -> None:
    """Take our note away."""
    if elsewhere(path) is None:
        with contextlib.suppress(OSError):
            note_of(path).unlink(missing_ok=True)


def login() -> str:
    """Return the name of the account on this computer."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may have no name for its user
        return "somebody"
