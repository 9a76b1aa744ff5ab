"""The private folder of one open project: working copy, undo steps, and what we know of the file."""

import contextlib
import json
import os
import shutil
import uuid
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from leanlab.store.checks import seal_holds
from leanlab.store.places import folder


@dataclass(frozen=True, slots=True)
class Base:
    """The user's file as it was when it was read or written last.

    Its seal is a digest of all its bytes, so equal seals that hold mean equal files.
    """

    seal: str = ""
    size: int = -1
    changed: int = -1  # nanoseconds
    number: int = -1  # inode
    written: int = -1  # nanoseconds, as the system itself noted it: programs cannot set it back

    @classmethod
    def of(cls, stat: os.stat_result, seal: str) -> "Base":
        """Keep the looks of a file."""
        return cls(seal, stat.st_size, stat.st_mtime_ns, stat.st_ino, stat.st_ctime_ns)

    def still(self, path: Path) -> bool:
        """Whether the file is what it was; its bytes decide when its looks changed."""
        stat = path.stat()
        return Base.of(stat, self.seal) == self or (
            stat.st_size == self.size and path.is_file() and seal_holds(path, self.seal)
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What a session remembers across a crash."""

    path: str
    base: Base = field(default_factory=Base)
    saved_at: str = ""
    saved_position: tuple[int, int] = (0, 0)
    saved_revision: int = -1
    read_only: bool = False
    ready: bool = False  # the working copy is complete; before that nothing was edited in it
    review: str = ""  # id of the project that this session only reviews


def begun(facts: Facts) -> Path:
    """Make the folder of a new session."""
    session = folder("sessions") / uuid.uuid4().hex
    session.mkdir(mode=0o700)
    remember(session, facts)
    return session


def remember(session: Path, facts: Facts) -> None:
    """Write the facts in one stroke."""
    part = session / "session.json.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(facts), file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(session / "session.json")


def recalled(session: Path) -> Facts | None:
    """Read the facts of a session; None if there are none that can be understood."""
    try:
        found = json.loads((session / "session.json").read_text(encoding="utf-8"))
        known: dict[str, Any] = {f.name: found[f.name] for f in fields(Facts) if f.name in found}
        known["base"] = Base(**known.get("base", {}))
        known["saved_position"] = tuple(known.get("saved_position", (0, 0)))
        return Facts(**known)
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def updated(session: Path, facts: Facts, **changes: Any) -> Facts:
    """Change some facts, on disk first."""
    new = replace(facts, **changes)
    remember(session, new)
    return new


def forgotten(session: Path) -> None:
    """Remove a session for good."""
    with contextlib.suppress(OSError):
        shutil.rmtree(session)


def all_sessions() -> list[Path]:
    """Return the folders of all sessions of this user."""
    return [path for path in folder("sessions").iterdir() if path.is_dir()]
