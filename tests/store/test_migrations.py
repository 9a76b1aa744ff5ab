"""An older project is brought up to date in the working copy; its file waits for the next save."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from leanlab.core.errors import DocumentProblem
from leanlab.store import backups, migrations, project
from leanlab.store.checks import limited
from leanlab.store.schema import FORMAT


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "plant.leanlab"
    opened = project.create(path, who="Ann")
    with opened.document.step("Rename"):
        opened.document.put_meta("title", "Plant")
    opened.save()
    opened.close()
    return path


@pytest.fixture
def copy(saved, tmp_path):
    return shutil.copyfile(saved, tmp_path / "work.db")


def shout(connection):
    connection.execute("UPDATE meta SET value = upper(value) WHERE key = 'title'")


def shortened(connection):
    connection.execute("UPDATE meta SET value = substr(value, 1, 3) WHERE key = 'title'")


def state(path):
    with closing(limited(path)) as db:
        title = db.execute("SELECT value FROM meta WHERE key = 'title'").fetchone()[0]
        return title, db.execute("PRAGMA user_version").fetchone()[0]


def test_the_steps_run_in_order_on_the_copy_and_the_file_keeps_its_bytes(saved, copy):
    before = saved.read_bytes()
    steps = {FORMAT: shout, FORMAT + 1: shortened}
    assert migrations.migrate(copy, saved, steps=steps, goal=FORMAT + 2)
    assert state(copy) == ("PLA", FORMAT + 2)
    assert saved.read_bytes() == before
    assert not migrations.migrate(copy, saved, steps=steps, goal=FORMAT + 2)


def test_the_old_file_goes_to_the_backups_first(saved, copy):
    migrations.migrate(copy, saved, steps={FORMAT: shout}, goal=FORMAT + 1)
    with closing(limited(copy)) as db:
        (project_id,) = db.execute("SELECT value FROM meta WHERE key = 'project_id'").fetchone()
    assert [b.read_bytes() for b in backups.listed(project_id)] == [saved.read_bytes()]


def test_a_step_that_fails_leaves_the_copy_at_the_format_before(saved, copy):
    def bad(connection):
        shout(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        migrations.migrate(copy, saved, steps={FORMAT: bad}, goal=FORMAT + 1)
    assert state(copy) == ("Plant", FORMAT)


def test_records_that_do_not_fit_together_stop_a_migration(saved, copy):
    def orphan(connection):
        connection.execute("CREATE TABLE child (id TEXT REFERENCES record(id)) STRICT")
        connection.execute("INSERT INTO child VALUES ('nobody')")

    with pytest.raises(sqlite3.IntegrityError):
        migrations.migrate(copy, saved, steps={FORMAT: orphan}, goal=FORMAT + 1)
    assert state(copy) == ("Plant", FORMAT)


def test_a_format_that_no_step_starts_from_is_refused_with_a_way_out(saved, copy):
    with pytest.raises(DocumentProblem, match="cannot read any more") as caught:
        migrations.migrate(copy, saved, steps={}, goal=FORMAT + 1)
    assert "earlier LeanLab" in caught.value.hint


def test_there_is_a_step_from_every_format_to_this_one():
    assert sorted(migrations.MIGRATIONS) == list(range(1, FORMAT))
