"""Saves that fail or are killed: the old file stays bit by bit, the work stays, strays go.

python -m tests.robustness.failed_saves 200
"""

import os
import random
import resource
import signal
import sqlite3
import sys
import time
from contextlib import contextmanager
from unittest import mock

from leanlab.core.errors import DocumentProblem
from leanlab.store import project, publishing
from leanlab.store.document import explained
from tests.robustness.scene import add, home, names, reopened

PEOPLE = 300  # enough that a file cannot be written below the limit


@contextmanager
def small_files():
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
def full_disk():
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
def read_only_folder():
    """The folder takes no new file."""
    real = os.access
    with mock.patch.object(os, "access", lambda p, how: how != os.W_OK and real(p, how)):
        yield


@contextmanager
def held_target():
    """The file cannot be replaced."""

    def refuse(_self, _target):
        raise PermissionError(13, "Permission denied")

    with mock.patch.object(publishing.Path, "replace", refuse):
        yield


FAILURES = (small_files, full_disk, read_only_folder, held_target)


def failed(failure) -> str:
    """Let a save fail; return what is wrong afterwards, or nothing."""
    with home() as folder:
        path = folder / "plant.leanlab"
        opened = begun(path)
        before = path.read_bytes()
        add(opened, "unsaved")
        wrong = []
        with failure():
            try:
                opened.save()
                wrong.append("the save did not fail")
            except DocumentProblem:
                pass
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


if __name__ == "__main__":
    for one in FAILURES:
        print(f"{one.__name__}: {failed(one) or 'nothing changed'}")  # noqa: T201
    print(", ".join(f"{k} {v:,}" for k, v in run(int(sys.argv[1])).items()))  # noqa: T201
