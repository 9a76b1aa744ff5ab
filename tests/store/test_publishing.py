"""Saving where the system does not help: held files, read-only marks, full disks, strays."""

import errno
import os
import shutil
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest

from leanlab.core.errors import ChangedElsewhere, DocumentProblem
from leanlab.store import project, publishing
from leanlab.store.checks import limited


class HeldError(PermissionError):
    """What Windows says of a file that another program holds."""

    winerror = 32


@pytest.fixture
def opened(tmp_path):
    made = project.create(tmp_path / "plant.leanlab", who="Ann")
    made.save()
    with made.document.step("Rename"):
        made.document.put_meta("title", "Plant")
    yield made
    made.close()


def test_a_save_syncs_the_file_then_renames_then_syncs_the_folder(opened, monkeypatch):
    told, sync, replace = [], os.fsync, Path.replace

    def fsync(handle):
        told.append(("sync", Path(f"/proc/self/fd/{handle}").readlink().name))
        sync(handle)

    def renamed(self, target):
        told.append(("rename", self.name, Path(target).name))
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", renamed)
    opened.save()
    about = [step for step in told if "session.json" not in step[-1]]
    temporary = about[0][1]
    assert temporary.startswith(".plant.leanlab.")
    at = about.index(("rename", temporary, "plant.leanlab"))
    assert ("sync", temporary) in about[:at]
    assert about[at + 1] == ("sync", opened.path.parent.name)
    assert told.index(("sync", opened.path.parent.name)) < told.index(
        ("rename", "session.json.part", "session.json")
    )


def test_a_file_held_for_a_moment_is_waited_for(opened, monkeypatch):
    tries, real = [], Path.replace

    def replace(self, target):
        if str(target).endswith("plant.leanlab") and len(tries) < 3:
            tries.append(target)
            raise HeldError(13, "held")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(publishing.time, "sleep", lambda _seconds: None)
    opened.save()
    assert len(tries) == 3
    assert opened.unsaved_edits == 0


def test_a_file_held_for_long_is_saved_beside_it(opened, monkeypatch):
    real = Path.replace

    def replace(self, target):
        if str(target).endswith("plant.leanlab"):
            raise HeldError(13, "held")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    waits = []
    temporary, *_ = publishing.written(opened.document, opened.path)
    with pytest.raises(DocumentProblem, match="held by another program") as caught:
        publishing.replaced(temporary, opened.path, sleep=waits.append)
    assert tuple(waits) == publishing.WAITS
    assert "plant (2).leanlab" in caught.value.hint
    assert project.check(opened.path.with_name("plant (2).leanlab")).sound


def test_a_disk_without_room_is_noticed_before_writing(opened, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 9, 1))
    before = opened.path.read_bytes()
    with pytest.raises(DocumentProblem, match="MB are needed") as caught:
        opened.save()
    assert "the old file is as it was, and your changes are safe on" in caught.value.hint
    assert opened.path.read_bytes() == before
    assert opened.unsaved_edits == 1


def test_strays_of_a_killed_save_are_swept_and_nothing_else(opened):
    folder, name = opened.path.parent, opened.path.name
    strays = [folder / f".{name}.0123abcd.tmp", folder / f".{name}.0123abcd.tmp-journal"]
    others = [folder / f".{name}.notes", folder / f".other.{name}.0123abcd.tmp", folder / "a.tmp"]
    for path in (*strays, *others):
        path.touch()
    publishing.swept(opened.path)
    assert not any(path.exists() for path in strays)
    assert all(path.exists() for path in others)


def test_a_copy_without_history_holds_nothing_of_it(opened, tmp_path):
    copy = tmp_path / "copy.leanlab"
    with opened.document.step("Tell nobody of Mrs Smith"):
        opened.document.put_meta("site", "north")
    opened.save_copy(copy, history=False)
    assert project.check(copy).sound
    assert b"Mrs Smith" not in copy.read_bytes()
    with closing(limited(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM audit").fetchone() == (0,)
    opened.save_copy(tmp_path / "whole.leanlab")
    assert b"Mrs Smith" in (tmp_path / "whole.leanlab").read_bytes()


def test_a_link_stays_a_link_and_what_it_points_to_is_saved(tmp_path):
    real = tmp_path / "disk" / "plant.leanlab"
    real.parent.mkdir()
    with closing(project.create(real, who="Ann")) as made:
        made.save()
    link = tmp_path / "plant.leanlab"
    link.symlink_to(real)
    with closing(project.open_project(link, who="Ann")) as opened:
        with opened.document.step("Rename"):
            opened.document.put_meta("title", "North")
        before = real.read_bytes()
        opened.save()
        assert link.is_symlink()
        assert real.read_bytes() != before
        assert opened.unsaved_edits == 0
    assert [p.name for p in real.parent.iterdir()] == ["plant.leanlab"]
    assert project.check(link).sound


def test_a_copy_never_takes_the_place_of_the_project_itself(opened):
    before = opened.path.read_bytes()
    with pytest.raises(DocumentProblem, match="own file"):
        opened.save_copy(opened.path, history=False)
    assert opened.path.read_bytes() == before


def test_what_somebody_saves_while_this_save_is_written_is_not_overwritten(opened, monkeypatch):
    real, theirs = project.backups.keep, b"theirs"

    def keep(*arguments):
        kept = real(*arguments)
        opened.path.write_bytes(theirs)
        return kept

    monkeypatch.setattr(project.backups, "keep", keep)
    with pytest.raises(ChangedElsewhere):
        opened.save()
    assert opened.path.read_bytes() == theirs
    assert [p for p in opened.path.parent.iterdir() if p.name.endswith(".tmp")] == []
    assert opened.unsaved_edits == 1


def test_no_room_for_a_working_copy_is_said_in_words(opened, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    opened.save()
    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(DocumentProblem, match="no room on this computer") as caught:
        project.open_project(opened.path, who="Ben", read_only=True)
    assert "Free some space" in caught.value.hint
