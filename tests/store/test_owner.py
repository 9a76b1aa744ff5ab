"""A note beside an open project tells other computers; it advises, the lock decides."""

import json
import platform

import pytest

from leanlab.core.errors import OpenElsewhere
from leanlab.store import owner, project


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "plant.leanlab"
    opened = project.create(path, who="Ann")
    opened.save()
    opened.close()
    return path


def note(path, **changes):
    facts = {"user": "Ben", "host": "PC-204", "since": "2026-05-20T09:10:00+00:00"} | changes
    owner.note_of(path).write_text(json.dumps(facts), encoding="utf-8")


def test_the_note_stands_while_the_project_is_open(saved):
    opened = project.open_project(saved, who="Ann")
    found = json.loads(owner.note_of(saved).read_text(encoding="utf-8"))
    assert (found["user"], found["host"]) == ("Ann", platform.node())
    opened.close()
    assert not owner.note_of(saved).exists()


def test_another_computer_is_named_and_can_be_overruled(saved):
    note(saved)
    with pytest.raises(
        OpenElsewhere, match=r"PC-204 \(Ben, since 2026-05-20 09:10 UTC\)"
    ) as caught:
        project.open_project(saved, who="Ann")
    assert caught.value.anyway
    project.open_project(saved, who="Ann", read_only=True).close()
    assert owner.note_of(saved).exists()
    project.open_project(saved, who="Ann", anyway=True).close()


def test_a_note_of_a_crash_on_this_computer_is_passed_over(saved):
    note(saved, host=platform.node())
    project.open_project(saved, who="Ann").close()


def test_another_login_on_this_computer_is_named_like_another_computer(saved, monkeypatch):
    note(saved, host=platform.node(), login="ben")
    with pytest.raises(OpenElsewhere, match=r"\(Ben, since") as caught:
        project.open_project(saved, who="Ann")
    assert caught.value.anyway
    monkeypatch.setattr(owner, "login", lambda: "ben")
    project.open_project(saved, who="Ben").close()


@pytest.mark.parametrize("content", [b"", b"[1]", b"{}", b"\xff\xfe", b"x" * 10_000])
def test_a_strange_note_is_passed_over(saved, content):
    owner.note_of(saved).write_bytes(content)
    project.open_project(saved, who="Ann").close()


def test_saving_elsewhere_moves_the_note(saved, tmp_path):
    opened = project.open_project(saved, who="Ann")
    other = tmp_path / "other.leanlab"
    opened.save_as(other)
    assert owner.note_of(other).exists()
    assert not owner.note_of(saved).exists()
    opened.close()
    assert not owner.note_of(other).exists()
