"""Earlier saved states of a project: kept before each replacement, thinned with age."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leanlab.core import clock
from leanlab.store.places import folder

NEWEST = 10
HOURS, DAYS, WEEKS, MONTHS = 24, 14, 8, 12
_STAMP = "%Y%m%dT%H%M%S"


def keep(path: Path, project_id: str) -> Path | None:
    """Copy the file to the backups of its project, unless these bytes are there already."""
    place = folder("backups") / project_id
    place.mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    if any(digest in known.name for known in place.iterdir()):
        return None
    target = place / f"{clock.now():{_STAMP}}-{digest}.leanlab"
    part = target.with_suffix(".part")
    shutil.copyfile(path, part)
    part.replace(target)
    for old in thinned(listed(project_id), clock.now()):
        old.unlink(missing_ok=True)
    return target


def listed(project_id: str) -> list[Path]:
    """Return the backups of a project, the newest first."""
    place = folder("backups") / project_id
    return sorted(place.glob("*.leanlab"), reverse=True) if place.is_dir() else []


def moment(backup: Path) -> datetime:
    """Return when a backup was made."""
    return datetime.strptime(backup.name.partition("-")[0], _STAMP).replace(tzinfo=UTC)


def thinned(backups: Sequence[Path], now: datetime) -> list[Path]:
    """Return the backups that may go: the newest ten stay, then one per hour, day, week, month."""
    kept = set(backups[:NEWEST])
    for reach, slot in _slots():
        seen: set[object] = set()
        for backup in backups:
            at = moment(backup)
            if now - at <= reach and slot(at) not in seen:
                seen.add(slot(at))
                kept.add(backup)
    return [backup for backup in backups if backup not in kept]


def _slots() -> tuple[tuple[timedelta, Callable[[datetime], object]], ...]:
    return (
        (timedelta(hours=HOURS), lambda at: (at.date(), at.hour)),
        (timedelta(days=DAYS), lambda at: at.date()),
        (timedelta(weeks=WEEKS), lambda at: at.isocalendar()[:2]),
        (timedelta(days=31 * MONTHS), lambda at: (at.year, at.month)),
    )
