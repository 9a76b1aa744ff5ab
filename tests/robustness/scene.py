"""A project to be tortured, and small helpers to write and read it below the session."""

import hashlib
import os
import pickle
import resource
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from leanlab.store import project

PEOPLE = "SELECT name FROM person ORDER BY name"


@contextmanager
def home():
    """A private folder of LeanLab and a folder for the user's files."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.environ.get("LEANLAB_HOME")
        os.environ["LEANLAB_HOME"] = str(Path(folder) / "home")
        Path(folder, "files").mkdir()
        try:
            yield Path(folder, "files")
        finally:
            if before is None:
                del os.environ["LEANLAB_HOME"]
            else:
                os.environ["LEANLAB_HOME"] = before


def add(opened, name):
    """One edit: a person joins."""
    document = opened.document
    record_id = hashlib.sha256(name.encode()).hexdigest()[:32]
    with document.step(f"Add {name}"):
        record = {
            "id": record_id, "kind": "person", "code": None, "created": "2026-01-01", "revision": 1,
            "deleted_at": None,
        }  # fmt: skip
        document.put("record", {"id": record_id}, record)
        person = dict.fromkeys(_columns(document, "person"))
        new = {**person, "id": record_id, "name": name, "more": "{}"}
        document.put("person", {"id": record_id}, new)


def _columns(document, table):
    return [row[1] for row in document.rows(f"PRAGMA table_info({table})")]


def names(opened):
    """Return who is in the project."""
    return {row[0] for row in opened.document.rows(PEOPLE)}


def reopened(path):
    """Open a project as a user would after a crash: unsaved work first."""
    found = project.drafts()
    if found:
        return project.recover(found[0], who="Ann")
    return project.open_project(path, who="Ann")


def told(figures, *, promised):
    """Print the figures as one line; end the program as failed if they break the promise."""
    line = ", ".join(f"{name} {value:,}" for name, value in figures.items())
    print(line if promised else f"PROMISE BROKEN: {line}", flush=True)  # noqa: T201
    if not promised:
        sys.exit(1)


def alone(act, *arguments):
    """Run something in a process of its own; return what it gives and the most MB of it.

    Its own children count too, each by itself.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        given = act(*arguments)
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump((given, most), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told_ = pipe.read()
    _, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"it ended with {status}")
    given, most = pickle.loads(told_)  # noqa: S301 - written above
    return given, max(most, used.ru_maxrss) / 1024
