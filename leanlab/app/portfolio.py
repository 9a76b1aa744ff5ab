"""A folder of projects, read without writing a byte into it; what was seen is remembered apart."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from leanlab.app.review_pending import pending_for
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.core.errors import (
    DamagedFile,
    DocumentProblem,
    ForeignFile,
    NewerFile,
    Problem,
    not_written,
)
from leanlab.domain.portfolio import Entry
from leanlab.domain.portfolio_body import cleaned
from leanlab.store.locks import held_elsewhere
from leanlab.store.owner import elsewhere as owner_elsewhere
from leanlab.store.peek import peeked
from leanlab.store.places import cache, folder

State = Literal["ok", "damaged", "newer", "unreadable", "foreign"]
DEEPEST = 12  # folders below folders
MOST_FILES = 5_000
LARGEST = 400_000_000  # bytes of a file that is read whole, into memory
INDEX_VERSION = 5
_STATES: dict[type[Problem], State] = {
    DamagedFile: "damaged",
    NewerFile: "newer",
    ForeignFile: "foreign",
}
Progress = Callable[[float, float], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """One project file as it was when it was looked at."""

    path: str
    size: int
    changed: int  # nanoseconds
    state: State
    message: str = ""
    seal: str = ""
    project_id: str = ""
    revision: int = 0
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the file."""
        return Path(self.path).name


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What a scan of a folder found."""

    folder: str
    scanned: str  # UTC
    files: tuple[Seen, ...]
    skipped: tuple[str, ...] = ()  # folders that cannot be read
    left_out: tuple[str, ...] = ()  # sentences about what was not looked into
    fresh: int = 0  # files that were read anew
    opened: tuple[tuple[str, str], ...] = ()  # path and sentence of what a window has open

    @property
    def good(self) -> list[Seen]:
        """The projects that could be read."""
        return [seen for seen in self.files if seen.state == "ok"]

    @property
    def bad(self) -> list[Seen]:
        """The files that could not, with the reason."""
        return [seen for seen in self.files if seen.state != "ok"]

    @property
    def open_elsewhere(self) -> list[Seen]:
        """The projects that somebody had open at the scan; they are shown as of their last save."""
        said = dict(self.opened)
        return [replace(seen, message=said[seen.path]) for seen in self.good if seen.path in said]

    @property
    def copies(self) -> list[Seen]:
        """The files that hold a project of another one: they are not counted."""
        chosen = {seen.path for seen in self._counted().values()}
        return [
            replace(seen, message=f"{seen.name} is another copy of {self._counted()[seen.project_id].name}: it is not counted.")
            for seen in self.good
            if seen.path not in chosen
        ]  # fmt: skip

    def _counted(self) -> dict[str, Seen]:
        """Return the newest file of each project."""
        found: dict[str, Seen] = {}
        for seen in self.good:
            key = seen.project_id or seen.path
            before = found.get(key)
            if before is None or _newness(seen) > _newness(before):
                found[key] = seen
        return found

    def entries(self) -> list[Entry]:
        """Return the projects for the rules of `domain.portfolio`, each counted once."""
        today = clock.today()
        return [
            Entry(seen.body, seen.path, today, pending=_pending(seen))
            for seen in self._counted().values()
        ]


def _pending(seen: Seen) -> tuple[str, ...]:
    """Return the lead's own decisions about a project that its owner has not merged."""
    found = pending_for(seen.project_id, merged=seen.body.get("merged", ()))
    return tuple(pending.words for pending in found)


def _newness(seen: Seen) -> tuple[int, str]:
    return seen.revision, str(seen.body.get("saved", ""))


def moment_words(moment: str) -> str:
    """Return a moment as people say it: 09:12 today, else with its day."""
    try:
        local = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return moment
    day = "" if local.date() == clock.today() else f" on {words.day(local)}"
    return f"{local:%H:%M}{day}"


def remembered(place: Path) -> Portfolio | None:
    """Return what the last scan of a folder found, at once; None if there was none."""
    found = _index(place)
    if not found:
        return None
    try:
        files = tuple(Seen(**seen) for seen in found.get("files", ()))
    except TypeError:  # written by another version
        return None
    return Portfolio(
        str(place), str(found.get("scanned", "")), files,
        tuple(found.get("skipped", ())), tuple(found.get("left_out", ())),
    )  # fmt: skip


def refuse_missing(place: Path) -> None:
    """Say so when a folder is not there."""
    if not place.is_dir():
        raise DocumentProblem(
            f"The folder {place.name} is not there any more.", hint="Choose another folder."
        )


def scan(place: Path, progress: Progress = lambda _done, _total: None) -> Portfolio:
    """Look at every project file below a folder; unchanged ones are taken from the last scan.

    `progress` may raise Cancelled; what was seen until then is remembered.
    """
    refuse_missing(place)
    known = {seen.path: seen for seen in (remembered(place) or Portfolio("", "", ())).files}
    walk = _Walk(place, progress)
    paths = walk.projects()
    found: list[Seen] = []
    opened: list[tuple[str, str]] = []
    fresh = 0
    try:
        for number, path in enumerate(paths):
            progress(number, len(paths))
            before = known.get(str(path))
            seen = _look(path, before)
            if seen is not None:
                fresh += seen is not before
                found.append(seen)
                if said := _open_words(path):
                    opened.append((str(path), said))
        progress(len(paths), max(1, len(paths)))
    finally:
        result = Portfolio(
            str(place), clock.now().isoformat(), tuple(found), tuple(walk.skipped),
            tuple(walk.left_out), fresh, tuple(opened),
        )  # fmt: skip
        rest = [seen for path, seen in known.items() if path not in {s.path for s in found}]
        complete = len(found) == len(paths)
        _remember(place, result, () if complete else tuple(rest))
    return result


class _Walk:
    """Finds the project files below a folder; links are not followed, so circles cannot catch us."""

    def __init__(self, place: Path, progress: Progress) -> None:
        self._place, self._progress = place, progress
        self.skipped: list[str] = []
        self.left_out: list[str] = []
        self._links = 0

    def projects(self) -> list[Path]:
        """Return the files in order; between two folders the walk can be stopped."""
        found: list[Path] = []
        queue = [(self._place, 0)]
        while queue:
            current, depth = queue.pop()
            self._progress(0, 0)
            files, folders = self._inside(current)
            found += files
            if folders and depth == DEEPEST:
                self.left_out.append(_too_deep(current))
            else:
                queue += [(folder, depth + 1) for folder in folders]
        if len(found) > MOST_FILES:
            self.left_out.append(_too_many(len(found)))
        if self._links:
            self.left_out.append(_linked(self._links))
        return sorted(found)[:MOST_FILES]

    def _inside(self, current: Path) -> tuple[list[Path], list[Path]]:
        files: list[Path] = []
        folders: list[Path] = []
        try:
            with os.scandir(current) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    elif entry.name.lower().endswith(".leanlab"):
                        files.append(Path(entry.path))
                    elif entry.is_symlink() and entry.is_dir():
                        self._links += 1
        except OSError:
            self.skipped.append(str(current))
        return files, folders


def _too_deep(current: Path) -> str:
    return f"{current} lies {DEEPEST} folders deep: the folders in it were not looked into. Open it as a portfolio of its own."


def _linked(count: int) -> str:
    one = count == 1
    return f"{words.count(count, 'folder')} here {'is a link' if one else 'are links'} and {'was' if one else 'were'} not followed. Open {'it' if one else 'them'} as {'a portfolio' if one else 'portfolios'} of {'its' if one else 'their'} own."


def _too_many(count: int) -> str:
    return f"There are {count:,} project files here: only the first {MOST_FILES:,} are shown. Choose a folder further down."


def _look(path: Path, before: Seen | None) -> Seen | None:
    """Look at one file; None if it vanished meanwhile."""
    try:
        stat = path.stat()
    except OSError:
        return None
    if before is not None and (before.size, before.changed) == (stat.st_size, stat.st_mtime_ns):
        return before
    if stat.st_size > LARGEST:
        return Seen(str(path), stat.st_size, stat.st_mtime_ns, "unreadable", _too_large(path, stat.st_size))  # fmt: skip
    facts: dict[str, Any] = {"path": str(path), "size": stat.st_size, "changed": stat.st_mtime_ns}
    try:
        peek = peeked(path)
    except Problem as problem:
        if not path.exists():
            return None
        return Seen(**facts, state=_state(problem), message=f"{problem.message} {problem.hint}")
    return Seen(
        **facts, state="ok", seal=peek.seal, project_id=peek.project_id, revision=peek.revision,
        body={"title": peek.title} | cleaned(peek.summary) | {"project_id": peek.project_id},
    )  # fmt: skip


def _open_words(path: Path) -> str:
    """Say who has a project open, on this computer or by the note beside the file; else nothing."""
    if held_elsewhere(path):
        return f"{path.name} is open in another window: shown as of its last save."
    owner = owner_elsewhere(path)
    if owner is None:
        return ""
    since = moment_words(owner.since)
    return f"{path.name} is open on {owner.host} ({owner.user}, since {since}): shown as of its last save."


def _too_large(path: Path, size: int) -> str:
    return f"{path.name} has {size / 1e6:,.0f} MB: open it to look at it. A portfolio looks into files up to {LARGEST // 1_000_000} MB."


def _state(problem: Problem) -> State:
    return next(
        (state for kind, state in _STATES.items() if isinstance(problem, kind)), "unreadable"
    )


# what was seen: the files in the cache, what the lead said in the user's own folder --------------


def _file(place: Path, within: Path) -> Path:
    name = hashlib.sha256(os.fsencode(place.resolve())).hexdigest()[:32]
    return within / f"{name}.json"


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    good = isinstance(found, dict) and found.get("version") == INDEX_VERSION
    return found if good else {}


def _write(target: Path, content: Mapping[str, Any]) -> None:
    part = target.with_suffix(".part")
    part.write_text(json.dumps({"version": INDEX_VERSION, **content}), encoding="utf-8")
    part.replace(target)


def _index(place: Path) -> dict[str, Any]:
    return _read(_file(place, cache("portfolios")))


def _marks(place: Path) -> dict[str, Any]:
    return _read(_file(place, folder("portfolios")))


def _remember(place: Path, portfolio: Portfolio, rest: tuple[Seen, ...]) -> None:
    content = {
        "folder": str(place), "scanned": portfolio.scanned,
        "skipped": list(portfolio.skipped), "left_out": list(portfolio.left_out),
        "files": [asdict(seen) for seen in (*portfolio.files, *rest)],
    }  # fmt: skip
    with suppress(OSError):  # no room for it: the next scan reads everything again
        _write(_file(place, cache("portfolios")), content)


def changed_since_last_look(portfolio: Portfolio) -> list[Seen]:
    """Return the projects that were saved since the lead last said "seen"."""
    seals = _marks(Path(portfolio.folder)).get("seals", {})
    return [seen for seen in portfolio.good if seals.get(seen.path) != seen.seal]


def mark_as_seen(portfolio: Portfolio) -> None:
    """Remember that the lead has looked at everything."""
    place = Path(portfolio.folder)
    marks = {
        "folder": str(place), "looked_at": clock.now().isoformat(),
        "seals": {seen.path: seen.seal for seen in portfolio.good},
    }  # fmt: skip
    try:
        _write(_file(place, folder("portfolios")), marks)
    except OSError as error:
        raise not_written("What you have seen", error) from error


def last_look(portfolio: Portfolio) -> str:
    """Return when the lead last said "seen", or nothing."""
    return str(_marks(Path(portfolio.folder)).get("looked_at", ""))
