"""Earlier saved states of a project: kept before each replacement, thinned with age, capped in size."""

import hashlib
import re
import shutil
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leanlab.core import clock
from leanlab.core.errors import DocumentProblem, not_written
from leanlab.store.checks import (
    UNREADABLE,
    check_copy,
    check_header,
    file_digest,
    limited,
    seal_holds,
)
from leanlab.store.places import folder

NEWEST = 10
HOURS, DAYS, WEEKS, MONTHS = 24, 14, 8, 12
CAP = 2 * 1024**3  # bytes of all backups together
_STAMP = "%Y%m%dT%H%M%S%f"
SOUND, DAMAGED = "ok", "damaged"
_NAME = re.compile(rf"[0-9]{{8}}T[0-9]{{12}}-[0-9a-f]{{16}}-({SOUND}|{DAMAGED})\.leanlab")
_USUAL_ID = re.compile(r"[0-9a-z]{1,64}")  # a digest is one too


@dataclass(frozen=True, slots=True)
class Backup:
    """One earlier saved state."""

    path: Path
    project_id: str
    title: str
    made: datetime
    size: int
    sound: bool


def keep(path: Path, project_id: str, seal: str = "") -> Path | None:
    """Copy the file to the backups of its project, unless these bytes are there already.

    The copy is checked when it is written: against the seal of the file as it was opened, or from
    the ground up. A damaged original is kept too, and marked.
    """
    place = _place(project_id)
    place.mkdir(mode=0o700, exist_ok=True)
    part = place / f"{uuid.uuid4().hex}.part"
    try:
        shutil.copyfile(path, part)
        as_opened = bool(seal) and seal_holds(part, seal)
        digest = (seal if as_opened else file_digest(part))[:16]
        if any(f"-{digest}-" in known.name for known in place.iterdir()):
            return None
        state = SOUND if as_opened or _sound(part) else DAMAGED
        target = place / f"{clock.now():{_STAMP}}-{digest}-{state}.leanlab"
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    _thin(project_id)
    return target


def _place(project_id: str) -> Path:
    """Return the folder of a project's backups; an id from a strange file never leads elsewhere."""
    usual = _USUAL_ID.fullmatch(project_id)
    name = project_id if usual else hashlib.sha256(project_id.encode()).hexdigest()
    return folder("backups") / name


def _sound(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            check_header(file.read(100), path.stat().st_size, path.name)
        check_copy(path, path.name)
    except (DocumentProblem, OSError):
        return False
    return True


def _thin(project_id: str) -> None:
    for old in thinned(listed(project_id), clock.now()):
        old.unlink(missing_ok=True)
    places = [place.name for place in folder("backups").iterdir()]
    everything = sorted((p for place in places for p in listed(place)), key=lambda path: path.name)
    total = sum(path.stat().st_size for path in everything)
    newest = {paths[0] for place in places if (paths := listed(place))}
    for oldest in everything:
        if total <= CAP:
            break
        if oldest not in newest:  # each project keeps at least its latest state
            total -= oldest.stat().st_size
            oldest.unlink(missing_ok=True)


def listed(project_id: str) -> list[Path]:
    """Return the backups of a project, the newest first."""
    place = _place(project_id)
    found = place.glob("*.leanlab") if place.is_dir() else ()
    return sorted((path for path in found if _NAME.fullmatch(path.name)), reverse=True)


def everything() -> list[Backup]:
    """Return the backups of all projects, the newest first."""
    found = [
        _described(path) for place in folder("backups").iterdir() for path in listed(place.name)
    ]
    return sorted(found, key=lambda backup: backup.made, reverse=True)


def _described(path: Path) -> Backup:
    return Backup(
        path, path.parent.name, _title(path), moment(path), path.stat().st_size,
        sound=path.stem.endswith(SOUND),
    )  # fmt: skip


def _title(path: Path) -> str:
    if not path.stem.endswith(SOUND):
        return "a damaged file"
    try:
        with closing(limited(path)) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'title'").fetchone()
    except UNREADABLE:  # damaged since; it is checked again before it is restored
        return "a damaged file"
    return str(row[0]) if row else "without a name"


def restored(backup: Backup, target: Path) -> None:
    """Write a backup as a new file; it never overwrites anything."""
    if target.exists():
        raise DocumentProblem(f"{target.name} is already there.", hint="Choose another name.")
    if not _sound(backup.path):
        raise DocumentProblem(
            "This backup is damaged.", hint="Choose another one, or rescue what can be read of it."
        )
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        shutil.copyfile(backup.path, part)
        part.replace(target)
    except OSError as error:
        raise not_written(target.name, error) from error
    finally:
        part.unlink(missing_ok=True)


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
