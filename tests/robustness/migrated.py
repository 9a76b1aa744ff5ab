"""Kill a process in the middle of bringing an older project up to date; nothing is lost.

There is one released format, so the steps here are of this harness: they go through the mechanism of
`leanlab.store.migrations` to formats that do not exist.

python -m tests.robustness.migrated 50
"""

import os
import random
import shutil
import signal
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from unittest import mock

from leanlab.store import backups, migrations, schema
from leanlab.store.checks import limited
from leanlab.store.schema import FORMAT, Format
from tests.robustness.failed_saves import PEOPLE, begun
from tests.robustness.scene import home, told

GOAL = FORMAT + 2


def split_names(connection):
    """A step of many small writes: each person gets a note."""
    for (person,) in connection.execute("SELECT id FROM person").fetchall():
        connection.execute("UPDATE person SET team = 'moved' WHERE id = ?", [person])
        time.sleep(0.00005)


def new_table(connection):
    """A step that changes the tables."""
    connection.execute(INVENTED)
    connection.execute("INSERT INTO invented SELECT id, team FROM person")


STEPS = {FORMAT: split_names, FORMAT + 1: new_table}
INVENTED = "CREATE TABLE invented (id TEXT PRIMARY KEY, note TEXT NOT NULL) STRICT"


@contextmanager
def later():
    """LeanLab two formats later."""
    now = schema.FORMATS[FORMAT]
    formats = {FORMAT + 1: now, GOAL: Format((*now.fixed, INVENTED), now.kinds)}
    with (
        mock.patch.dict(schema.FORMATS, formats),
        mock.patch.dict(migrations.MIGRATIONS, STEPS),
        mock.patch.object(schema, "FORMAT", GOAL),
    ):
        yield


def run(count: int, seed: int = 1) -> dict[str, int]:
    """Kill `count` migrations; return the figures."""
    chance = random.Random(seed)
    figures = {
        "kills in a migration": 0,
        "killed before the end": 0,
        "lost": 0,
        "original changed": 0,
    }
    with home() as folder, ExitStack() as stack:
        path = folder / "plant.leanlab"
        opened = begun(path)
        stack.enter_context(later())
        project_id = opened.document.meta("project_id")
        opened.close()
        before, copy = path.read_bytes(), folder / "work.db"
        while figures["kills in a migration"] < count:
            for old in folder.glob("work.db*"):
                old.unlink()
            shutil.copyfile(path, copy)
            child = os.fork()
            if child == 0:
                migrations.migrate(copy, path)
                os._exit(0)
            time.sleep(chance.uniform(0, 0.06))
            os.kill(child, signal.SIGKILL)
            killed = os.waitpid(child, 0)[1] == signal.SIGKILL
            figures["kills in a migration"] += 1
            figures["killed before the end"] += killed
            figures["lost"] += not _whole(copy)
            figures["original changed"] += path.read_bytes() != before
        migrations.migrate(copy, path)
        kept = [backup.read_bytes() for backup in backups.listed(project_id)]
        figures["lost"] += before not in kept
    return figures


def _whole(copy):
    """Whether each step happened as a whole or not at all, and the version says which."""
    with closing(limited(copy, write=True)) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        moved = db.execute("SELECT count(*) FROM person WHERE team = 'moved'").fetchone()[0]
        people = db.execute("SELECT count(*) FROM person").fetchone()[0]
        made = db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'invented'").fetchone()
        sound = db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    states = {FORMAT: (0, None), FORMAT + 1: (PEOPLE, None), GOAL: (PEOPLE, (1,))}
    return sound and people == PEOPLE and states[version] == (moved, made)


if __name__ == "__main__":
    found = run(int(sys.argv[1]))
    told(found, promised=(found["lost"], found["original changed"]) == (0, 0))
