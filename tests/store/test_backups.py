"""Two years of saves leave few backups that reach far back; the cap holds; equal bytes count once."""

import errno
import os
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from leanlab.core import clock
from leanlab.core.errors import Problem
from leanlab.store import backups, project
from leanlab.store.places import folder
from tests.robustness import thinned


@pytest.mark.parametrize("seed", [1, 2])
def test_two_years_of_saves_leave_at_most_sixty_that_reach_back_eleven_months(seed):
    figures = thinned.run(seed)
    assert thinned.kept(figures), figures


def test_the_cap_takes_the_oldest_and_leaves_each_project_its_latest(tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "CAP", 5_000)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(12):
        monkeypatch.setattr(clock, "now", lambda n=number: start + timedelta(minutes=n))
        source = tmp_path / "a.leanlab"
        source.write_bytes(bytes([number]) * 1_000)
        backups.keep(source, "old" if number == 0 else "busy")
    assert len(backups.listed("old")) == 1
    total = sum(p.stat().st_size for p in folder("backups").glob("*/*.leanlab"))
    assert total <= 5_000
    assert backups.listed("busy")[0].read_bytes() == bytes([11]) * 1_000


def test_the_cap_is_two_gigabytes():
    assert backups.CAP == 2 * 1024**3


def test_equal_bytes_are_kept_once(tmp_path):
    source = tmp_path / "a.leanlab"
    source.write_bytes(b"x" * 100)
    assert backups.keep(source, "p") is not None
    assert backups.keep(source, "p") is None
    assert len(backups.listed("p")) == 1


@pytest.mark.parametrize("strange", ["../../files", "/files", "..", "", "x" * 300, "C:\\x"])
def test_an_id_from_a_strange_file_leads_nowhere_else(tmp_path, strange):
    source = tmp_path / "a.leanlab"
    source.write_bytes(b"x" * 100)
    kept = backups.keep(source, strange)
    assert kept.parent.parent == folder("backups")
    assert backups.listed(strange) == [kept]


def test_what_else_lies_among_the_backups_is_left_alone(tmp_path):
    source = tmp_path / "a.leanlab"
    source.write_bytes(b"x" * 100)
    kept = backups.keep(source, "p")
    stranger = kept.with_name("holiday.leanlab")
    stranger.write_bytes(b"years of work")
    spoilt = kept.with_name(kept.name.replace("-damaged", "-ok"))
    kept.rename(spoilt)
    assert [b.title for b in backups.everything()] == ["a damaged file"]
    assert stranger.exists()


def test_a_backup_that_finds_no_room_is_said_in_words_and_leaves_nothing(tmp_path, monkeypatch):
    with closing(project.create(tmp_path / "a.leanlab", who="Ann")) as opened:
        opened.save()
    backups.keep(tmp_path / "a.leanlab", "p")
    (backup,) = backups.everything()

    def full(_source, target):
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", full)
    before = list(tmp_path.iterdir())
    with pytest.raises(Problem, match="the disk is full"):
        backups.restored(backup, tmp_path / "b.leanlab")
    assert list(tmp_path.iterdir()) == before
