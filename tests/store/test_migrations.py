"""An older project is brought up to date in the working copy; its file waits for the next save."""

import errno
import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from leanlab.core.errors import DamagedFile, DocumentProblem, NewerFile
from leanlab.store import backups, migrations, project, schema
from leanlab.store.checks import limited, sealed
from leanlab.store.schema import FORMAT, Format
from tests.robustness.scene import add


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "plant.leanlab"
    opened = project.create(path, who="Ann")
    with opened.document.step("Rename"):
        opened.document.put_meta("title", "Plant")
    add(opened, "Ben")
    opened.save()
    opened.close()
    return path


@pytest.fixture
def copy(saved, tmp_path):
    return shutil.copyfile(saved, tmp_path / "work.db")


TOGETHER = "CREATE TABLE invented (id TEXT PRIMARY KEY REFERENCES record(id), note TEXT) STRICT"


def shout(connection):
    connection.execute("UPDATE meta SET value = upper(value) WHERE key = 'title'")


def shorten(connection):
    connection.execute("UPDATE meta SET value = substr(value, 1, 3) WHERE key = 'title'")
    connection.execute(TOGETHER)


@pytest.fixture
def formats(monkeypatch):
    """Pretend that there are two more formats: one of the same tables, one with a table more."""

    def pretend(*steps):
        now = schema.FORMATS[FORMAT]
        later = (now, Format((*now.fixed, TOGETHER), now.kinds))
        for number, step in enumerate(steps):
            monkeypatch.setitem(schema.FORMATS, FORMAT + 1 + number, later[number])
            if step is not None:
                monkeypatch.setitem(migrations.MIGRATIONS, FORMAT + number, step)
        monkeypatch.setattr(schema, "FORMAT", FORMAT + len(steps))

    return pretend


def state(path):
    with closing(limited(path)) as db:
        title = db.execute("SELECT value FROM meta WHERE key = 'title'").fetchone()[0]
        return title, db.execute("PRAGMA user_version").fetchone()[0]


def test_an_older_project_opens_migrated_and_its_file_waits_for_the_save(saved, formats):
    before = saved.read_bytes()
    formats(shout, shorten)
    opened = project.open_project(saved, who="Ann")
    assert opened.document.meta("title") == "PLA"
    assert opened.document.rows("SELECT count(*) FROM invented") == [(0,)]
    assert opened.unsaved_edits == 0
    assert saved.read_bytes() == before
    assert [b.read_bytes() for b in backups.listed(opened.document.meta("project_id"))] == [before]
    opened.save()
    opened.close()
    assert project.check(saved).sound
    assert state(saved) == ("PLA", FORMAT + 2)
    with closing(project.open_project(saved, who="Ann")) as again:
        assert again.document.meta("title") == "PLA"


def test_what_a_newer_one_saved_is_refused_by_this_one_untouched(saved, formats, monkeypatch):
    formats(shout, shorten)
    with closing(project.open_project(saved, who="Ann")) as opened:
        opened.save()
    newer = saved.read_bytes()
    monkeypatch.undo()
    with pytest.raises(NewerFile, match=f"format {FORMAT + 2}"):
        project.open_project(saved, who="Ann")
    assert saved.read_bytes() == newer


def test_an_older_file_must_have_exactly_the_tables_of_its_own_format(saved, formats):
    token = "f" * 64
    with closing(sqlite3.connect(saved, isolation_level=None)) as db:
        db.execute(TOGETHER)  # of a later format
        db.execute("UPDATE meta SET value = ? WHERE key = 'seal'", [token])
    sealed(saved, token)
    formats(shout, shorten)
    with pytest.raises(DamagedFile):
        project.open_project(saved, who="Ann")


def test_a_copy_of_today_is_left_alone(saved, copy):
    assert not migrations.migrate(copy, saved)


def test_a_damaged_older_project_is_rescued_and_brought_up_to_date(saved, formats, tmp_path):
    content = bytearray(saved.read_bytes())
    content[-40] ^= 0xFF
    saved.write_bytes(content)
    formats(shout, shorten)
    opened, _ = project.rescue_project(saved, tmp_path / "rescued.leanlab", who="Ann")
    with closing(opened):
        assert opened.document.meta("title") == "PLA"
        opened.save()
    assert project.check(tmp_path / "rescued.leanlab").sound


def test_a_step_that_fails_leaves_the_copy_at_the_format_before(saved, copy, formats):
    def bad(connection):
        shout(connection)
        raise ZeroDivisionError

    formats(bad)
    with pytest.raises(ZeroDivisionError):
        migrations.migrate(copy, saved)
    assert state(copy) == ("Plant", FORMAT)


def test_a_step_that_makes_other_tables_than_its_format_has_is_taken_back(saved, copy, formats):
    formats(shorten)
    with pytest.raises(DamagedFile):
        migrations.migrate(copy, saved)
    assert state(copy) == ("Plant", FORMAT)


def test_records_that_do_not_fit_together_stop_a_migration(saved, copy, formats):
    def orphan(connection):
        connection.execute(TOGETHER)
        connection.execute("INSERT INTO invented VALUES ('nobody', NULL)")

    formats(shout, orphan)
    with pytest.raises(sqlite3.IntegrityError):
        migrations.migrate(copy, saved)
    assert state(copy) == ("PLANT", FORMAT + 1)


def test_a_format_that_no_step_starts_from_is_refused_with_a_way_out(saved, formats):
    formats(None)
    with pytest.raises(DocumentProblem, match="cannot read any more") as caught:
        project.open_project(saved, who="Ann")
    assert "earlier LeanLab" in caught.value.hint


def test_a_backup_that_finds_no_room_stops_the_migration_with_words(saved, formats, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    formats(shout)
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(DocumentProblem, match="the disk is full"):
        project.open_project(saved, who="Ann")
    assert project.drafts() == []


def test_there_is_a_step_from_every_format_to_this_one():
    assert sorted(migrations.MIGRATIONS) == list(range(1, FORMAT))


def test_the_tables_of_every_format_are_known():
    assert sorted(schema.FORMATS) == list(range(1, FORMAT + 1))
