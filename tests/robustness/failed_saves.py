"""Saves that fail or are killed: the old file stays bit by bit, the work stays, strays go.

Where this runs as root, the disk that is full is a small one that is mounted for it, and the folder
that takes no file is met by a process of another user; elsewhere both are as the system lets them be.

python -m tests.robustness.failed_saves 200
"""

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from leanlab.core.errors import DocumentProblem
from leanlab.store import project, publishing
from leanlab.store.document import explained
from tests.robustness.scene import add, home, names, reopened, told

PEOPLE = 300  # enough that a file cannot be written below the limit
DISK = 4 * 1024 * 1024  # bytes of the small disk
ROOT, NOBODY = 0, 65534


class NotHereError(Exception):
    """This machine does not let us make such a failure."""


@contextmanager
def small_files(_path):
    """The system refuses files larger than 64 KB (EFBIG)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)


@contextmanager
def full_disk(path):
    """A real disk that holds half of the new file when it is written."""
    with filled(path.parent, path.stat().st_size // 2), unforeseen():
        yield


@contextmanager
def full_disk_foreseen(path):
    """A real disk that is seen to be full before anything is written."""
    with filled(path.parent, path.stat().st_size // 2):
        yield


@contextmanager
def full_disk_at_the_end(path):
    """A real disk that holds the new file but not what SQLite needs besides, or hardly more."""
    with filled(path.parent, path.stat().st_size - 4096), unforeseen():
        yield


@contextmanager
def full_disk_of_the_state(path):
    """The private folder's own disk is full: no backup can be kept."""
    with filled(Path(os.environ["LEANLAB_HOME"]), path.stat().st_size // 2):
        yield


@contextmanager
def full_disk_as_if(_path):
    """The disk is full in the middle of writing the new file, and a part of it is there."""

    def publish(_document, target, _token, **_):
        target.write_bytes(bytes(10_000))
        target.with_name(f"{target.name}-journal").write_bytes(bytes(512))
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        with explained():
            raise error

    with mock.patch.object(project.Document, "publish_into", publish):
        yield


@contextmanager
def read_only_folder(path):
    """The folder takes no new file."""
    with mode(path.parent, 0o555):
        yield


@contextmanager
def read_only_file(path):
    """The file is marked as not to be written; replacing it would pass over that mark."""
    with mode(path, 0o444):
        yield


@contextmanager
def folder_gone(path):
    """The folder was renamed: a drive that was taken out."""
    away = path.parent.with_name("away")
    path.parent.rename(away)
    try:
        yield
    finally:
        away.rename(path.parent)


@contextmanager
def held_target(_path):
    """The file cannot be replaced."""

    def refuse(_self, _target):
        raise PermissionError(13, "Permission denied")

    with mock.patch.object(publishing.Path, "replace", refuse):
        yield


ON_A_SMALL_DISK = (full_disk, full_disk_foreseen, full_disk_at_the_end, full_disk_of_the_state)
AS_ANOTHER_USER = (read_only_folder, read_only_file)
FAILURES = (
    small_files, *ON_A_SMALL_DISK, full_disk_as_if, *AS_ANOTHER_USER, folder_gone, held_target,
)  # fmt: skip


@contextmanager
def small_disk(*folders):
    """Mount a small disk on each folder."""
    if not sys.platform.startswith("linux") or os.geteuid() != ROOT:
        raise NotHereError("mounting a small disk needs root")
    mounted = []
    try:
        for folder in folders:
            options = f"size={DISK},mode=0777"
            done = subprocess.run(
                ["/bin/mount", "-t", "tmpfs", "-o", options, "leanlab-test", str(folder)],
                capture_output=True, check=False,
            )  # fmt: skip
            if done.returncode:
                raise NotHereError("this machine does not let a small disk be mounted")
            mounted.append(folder)
        yield
    finally:
        for folder in mounted:
            subprocess.run(["/bin/umount", "-l", str(folder)], check=True)


@contextmanager
def filled(folder, left):
    """Fill the disk but for some bytes."""
    ballast = folder / "ballast"
    usage = os.statvfs(folder)
    ballast.write_bytes(bytes(max(0, usage.f_bavail * usage.f_frsize - left)))
    try:
        yield
    finally:
        ballast.unlink()


def unforeseen():
    """Let a save begin without a look at the free space."""
    return mock.patch.object(publishing, "_refuse_full_disk")


@contextmanager
def mode(path, bits):
    """Set permission bits for a while."""
    before = path.stat().st_mode
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(before)


def failed(failure) -> str:
    """Let a save fail; return what is wrong afterwards, or nothing."""
    with home() as folder:
        if failure in ON_A_SMALL_DISK:
            state = Path(os.environ["LEANLAB_HOME"])
            state.mkdir()
            with small_disk(folder, state):
                return _failed(failure, folder)
        if failure in AS_ANOTHER_USER and os.geteuid() == ROOT:
            return _as_nobody(failure, folder)
        return _failed(failure, folder)


def _failed(failure, folder) -> str:
    path = folder / "plant.leanlab"
    opened = begun(path)
    before = path.read_bytes()
    add(opened, "unsaved")
    wrong = []
    with failure(path):
        try:
            opened.save()
            wrong.append("the save did not fail")
        except DocumentProblem as problem:
            if not problem.hint or "[Errno" in problem.message:
                wrong.append(f"no help: {problem.message}")
    if path.read_bytes() != before:
        wrong.append("the file was changed")
    if "unsaved" not in names(opened) or opened.unsaved_edits != 1:
        wrong.append("the edit is gone")
    if strays(folder):
        wrong.append("strays are left")
    opened.save()
    opened.close()
    if not project.check(path).sound:
        wrong.append("the next save is unsound")
    return ", ".join(wrong)


def _as_nobody(failure, folder) -> str:
    """Let it fail in a process of a user whom permissions stop."""
    reading, writing = os.pipe()
    for place in (folder.parent, folder):
        os.chown(place, NOBODY, NOBODY)
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            said = _failed(failure, folder)
        except BaseException as error:  # noqa: BLE001 - it is told to the parent
            said = f"crashed: {error!r}"
        os.write(writing, said.encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read().decode()


def full_while_editing() -> str:
    """Fill the disk of the working copy while edits go on; return what is wrong, or nothing."""
    with home() as folder:
        state = Path(os.environ["LEANLAB_HOME"])
        state.mkdir()
        with small_disk(state):
            opened = begun(folder / "plant.leanlab")
            accepted = names(opened)
            wrong = []
            with filled(state, 200_000):
                try:
                    for number in range(5_000):
                        add(opened, f"e{number:07d}")
                        accepted.add(f"e{number:07d}")
                    wrong.append("the disk was never full")
                except DocumentProblem as problem:
                    if not problem.message.startswith("The disk is full"):
                        wrong.append(f"no help: {problem.message}")
                if names(opened) != accepted:
                    wrong.append("what is there is not what was accepted")
            last = max(name for name in accepted if name.startswith("e"))
            if opened.document.undo().label != f"Undo add {last}":
                wrong.append("undo is not of the last edit")
            opened.document.redo()
            add(opened, "later")
            opened.close(keep_draft=True)
            again = reopened(folder / "plant.leanlab")
            if names(again) != accepted | {"later"}:
                wrong.append("edits are lost")
            again.save()
            again.close()
            return ", ".join(wrong)


def begun(path):
    """Return a saved project of many people."""
    opened = project.create(path, who="Ann")
    with opened.document.step("Add many"):
        for number in range(PEOPLE):
            add(opened, f"q{number:07d}")
    opened.save()
    return opened


def strays(folder):
    """Return what a killed save left beside the files."""
    return [path for path in folder.iterdir() if ".tmp" in path.name]


def run(count: int, seed: int = 1) -> dict[str, int]:
    """Kill `count` processes while they save; return the figures."""
    chance = random.Random(seed)
    figures = {"kills in a save": 0, "strays made": 0, "strays left": 0, "lost": 0, "unsound": 0}
    with home() as folder:
        path = folder / "plant.leanlab"
        begun(path).close()
        while figures["kills in a save"] < count:
            number = figures["kills in a save"]
            reading, writing = os.pipe()
            child = os.fork()
            if child == 0:
                _save_for_ever(path, writing, number)
            os.read(reading, 1)
            time.sleep(chance.uniform(0, 0.04))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(reading)
            os.close(writing)
            figures["kills in a save"] += 1
            figures["strays made"] += bool(strays(folder))
            figures["unsound"] += not project.check(path).sound
            opened = project.open_project(path, who="Ann")  # sweeps, as an ordinary open does
            figures["strays left"] += len(strays(folder))
            opened.close()
            again = reopened(path)
            figures["lost"] += f"k{number:07d}" not in names(again)
            again.save(overwrite=True)
            again.close()
    return figures


def _save_for_ever(path, said, number):
    opened = project.open_project(path, who="Ann")
    add(opened, f"k{number:07d}")
    os.write(said, b"e")
    while True:
        opened.save()


def all_failures() -> dict[str, object]:
    """Let saves fail in every way; return the figures."""
    figures = {"ways to fail": 0, "changed nothing": 0, "not possible here": 0}
    for name, act in (
        *((f.__name__, lambda f=f: failed(f)) for f in FAILURES),
        (full_while_editing.__name__, full_while_editing),
    ):
        figures["ways to fail"] += 1
        try:
            wrong = act()
        except NotHereError as reason:
            figures["not possible here"] += 1
            wrong = str(reason)
        figures["changed nothing"] += not wrong
        sys.stderr.write(f"{name}: {wrong or 'nothing changed'}\n")
    return figures


if __name__ == "__main__":
    ways = all_failures()
    kept = ways["changed nothing"] + ways["not possible here"]
    told(ways, promised=kept == ways["ways to fail"])
    found = run(int(sys.argv[1]))
    told(found, promised=(found["strays left"], found["lost"], found["unsound"]) == (0, 0, 0))
