"""Earlier saved states and damaged files: what a user can get back."""

from collections.abc import Sequence
from pathlib import Path

from leanlab.app.session import Session
from leanlab.store import backups, project
from leanlab.store.backups import Backup


def all_backups(like: Path | None = None) -> Sequence[Backup]:
    """Return the backups, those of projects with this file's name first, then the newest."""
    found = backups.everything()
    if like is None:
        return found
    wanted = like.stem.casefold()
    return sorted(found, key=lambda backup: backup.title.casefold() != wanted)


def restore(backup: Backup, target: Path) -> None:
    """Write a backup as a new file; it never overwrites anything."""
    backups.restored(backup, target)


def rescue(damaged: Path, target: Path, *, author: str) -> tuple[Session, int]:
    """Begin a new project with what can be read of a damaged file; return it and how many rows."""
    opened, found = project.rescue_project(damaged, target, who=author)
    return Session(opened), found.count


def free_beside(path: Path, word: str) -> Path:
    """Return a free name beside a file: NAME (rescued).leanlab."""
    number = 1
    while True:
        suffix = f"{word} {number}" if number > 1 else word
        target = path.with_name(f"{path.stem} ({suffix}).leanlab")
        if not target.exists():
            return target
        number += 1


__all__ = ["Backup", "all_backups", "free_beside", "rescue", "restore"]
