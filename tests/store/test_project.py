"""The file: nothing is lost, nothing foreign is touched."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from leanlab.core.errors import ChangedElsewhere, DocumentProblem
from leanlab.store import backups, project, publishing


def add_person(opened, name, label="Add person"):
    document = opened.document
    with document.step(label):
        document.put(
            "record",
            {"id": name},
            {
                "id": name,
                "kind": "person",
                "code": None,
                "created": "2026",
                "revision": 1,
                "deleted_at": None,
            },
        )
        document.put(
            "person",
            {"id": name},
            {
                "id": name,
                "name": name,
                "role": None,
                "initials": None,
                "team": None,
                "email": None,
                "more": "{}",
            },
        )


def names(opened):
    return [row[0] for row in opened.document.rows("SELECT name FROM person ORDER BY name")]


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "a.leanlab"
    opened = project.create(path, who="Ann")
    add_person(opened, "Ben")
    opened.save()
    opened.close()
    return path


def test_what_was_saved_comes_back(saved):
    opened = project.open_project(saved, who="Ann")
    assert names(opened) == ["Ben"]
    assert opened.unsaved_edits == 0
    opened.close()


def test_opening_and_closing_changes_no_byte(saved):
    before = saved.read_bytes(), saved.stat().st_mtime_ns
    project.open_project(saved, who="Ann").close()
    assert (saved.read_bytes(), saved.stat().st_mtime_ns) == before
    assert list(saved.parent.iterdir()) == [saved]


def test_undo_and_redo_restore_rows_and_say_their_names(saved):
    opened = project.open_project(saved, who="Ann")
    add_person(opened, "Cy", "Add Cy")
    assert opened.document.label(undone=False) == "Add Cy"
    assert opened.unsaved_edits == 1
    assert opened.document.undo().label == "Undo add Cy"
    assert names(opened) == ["Ben"]
    assert opened.unsaved_edits == 0
    opened.document.redo()
    assert names(opened) == ["Ben", "Cy"]
    opened.close()


def test_a_failed_step_leaves_nothing(saved):
    opened = project.open_project(saved, who="Ann")
    with pytest.raises(ZeroDivisionError), opened.document.step("Bad"):
        opened.document.put("meta", {"key": "x"}, {"key": "x", "value": "1"})
        1 / 0  # noqa: B018
    assert opened.document.meta("x") == ""
    assert opened.document.undo() is None
    opened.close()


def test_a_second_window_is_refused_until_the_first_closes(saved):
    first = project.open_project(saved, who="Ann")
    with pytest.raises(DocumentProblem, match="already open"):
        project.open_project(saved, who="Ben")
    reader = project.open_project(saved, who="Ben", read_only=True)
    with pytest.raises(DocumentProblem, match="read-only"):
        reader.save()
    reader.close()
    first.close()
    project.open_project(saved, who="Ben").close()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda b: b"PK\x03\x04" + b[4:], "not a LeanLab project"),
        (lambda b: b[:68] + b"\0\0\0\1" + b[72:], "not a LeanLab project"),
        (lambda b: b[:60] + (9).to_bytes(4, "big") + b[64:], "newer LeanLab"),
        (lambda b: b[: len(b) // 2], "damaged"),
        (lambda b: b[:-200] + bytes([b[-200] ^ 1]) + b[-199:], "damaged"),
        (lambda b: b.replace(b"Ben", b"Bon"), "damaged"),
        (lambda b: b"", "not a LeanLab project"),
    ],
)
def test_foreign_newer_and_damaged_files_are_refused_untouched(saved, spoil, words):
    spoiled = spoil(saved.read_bytes())
    saved.write_bytes(spoiled)
    with pytest.raises(DocumentProblem, match=words) as caught:
        project.open_project(saved, who="Ann")
    assert caught.value.hint
    assert saved.read_bytes() == spoiled
    assert not project.check(saved).sound
    assert project.drafts() == []


def test_a_file_changed_by_someone_else_is_not_overwritten_silently(saved):
    opened = project.open_project(saved, who="Ann")
    add_person(opened, "Cy")
    theirs = saved.read_bytes() + b"x"
    saved.write_bytes(theirs)
    with pytest.raises(DocumentProblem, match="changed by someone else"):
        opened.save()
    assert saved.read_bytes() == theirs
    opened.save(overwrite=True)
    assert any(b.read_bytes() == theirs for b in backups.listed(opened.document.meta("project_id")))
    opened.close()
    assert project.check(saved).sound


def test_a_deleted_file_is_written_again_only_on_purpose(saved):
    opened = project.open_project(saved, who="Ann")
    add_person(opened, "Cy")
    saved.unlink()
    with pytest.raises(ChangedElsewhere, match="moved, renamed or deleted") as caught:
        opened.save()
    assert caught.value.verb == "Write it again"
    assert not saved.exists()
    opened.save(overwrite=True)
    opened.close()
    assert project.check(saved).sound


def test_a_failed_save_changes_nothing(saved, monkeypatch):
    opened = project.open_project(saved, who="Ann")
    add_person(opened, "Cy")
    before = saved.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing, "sealed", full)
    with pytest.raises(DocumentProblem, match="the disk is full"):
        opened.save()
    assert saved.read_bytes() == before
    assert {p.name for p in saved.parent.iterdir()} == {"a.leanlab", ".~lock.a.leanlab"}
    monkeypatch.undo()
    opened.save()
    assert opened.unsaved_edits == 0
    opened.close()


def test_a_kept_draft_is_offered_and_goes_on(saved):
    opened = project.open_project(saved, who="Ann")
    add_person(opened, "Cy")
    opened.close(keep_draft=True)
    (draft,) = project.drafts()
    assert draft.edits == 1
    again = project.recover(draft, who="Ann")
    assert names(again) == ["Ben", "Cy"]
    again.document.undo()
    assert names(again) == ["Ben"]
    again.close()
    assert project.drafts() == []


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_project import add_person
from leanlab.store import project
opened = project.open_project(Path(sys.argv[1]), who="Ann")
for n in range(1000):
    add_person(opened, f"P{n:04d}")
    print(n, flush=True)
"""


def test_acknowledged_edits_survive_a_kill(saved):
    here = str(Path(__file__).parent)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(saved), here], stdout=subprocess.PIPE, text=True
    ) as child:
        for _ in range(25):
            last = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        rest = child.stdout.read().split()
    last = int(rest[-1]) if rest else last
    (draft,) = project.drafts()
    opened = project.recover(draft, who="Ann")
    assert len(names(opened)) >= last + 2
    assert opened.unsaved_edits >= last + 1
    opened.close()


def test_unsaved_work_is_offered_even_when_the_undo_file_was_lost_in_a_power_cut(saved):
    opened = project.open_project(saved, who="Ann")
    add_person(opened, "Cy")
    opened.close(keep_draft=True)
    (opened.folder / "undo.db").unlink()
    (draft,) = project.drafts()
    again = project.recover(draft, who="Ann")
    assert names(again) == ["Ben", "Cy"]
    again.close()


def test_a_kill_while_opening_leaves_no_draft(saved):
    from leanlab.store.session_folder import Facts, begun

    session = begun(Facts(str(saved)))
    (session / "work.db").write_bytes(saved.read_bytes()[:5000])
    assert project.drafts() == []
    assert not session.exists()


def test_unsaved_work_that_cannot_be_read_is_kept_and_what_is_readable_rescued(saved):
    opened = project.open_project(saved, who="Ann")
    add_person(opened, "c" * 32)
    opened.close(keep_draft=True)
    work = opened.folder / "work.db"
    content = bytearray(work.read_bytes())
    content[:100] = bytes(100)
    work.write_bytes(content)
    (draft,) = project.drafts()
    assert draft.damaged
    assert work.read_bytes() == content
    again = project.recover(draft, who="Ann")
    assert "c" * 32 in names(again)
    again.close()


def test_an_edit_after_undoing_a_saved_one_counts_as_unsaved(saved):
    opened = project.open_project(saved, who="Ann")
    add_person(opened, "Cy")
    opened.save()
    opened.document.undo()
    add_person(opened, "Di")
    assert opened.unsaved_edits == 1
    opened.close()


def test_a_copy_that_was_only_read_is_removed_when_its_reader_was_killed_long_ago(saved):
    reading = project.open_project(saved, who="Ann", read_only=True)
    yesterday = time.time() - 2 * project.LEFT_AFTER
    os.utime(reading.folder, (yesterday, yesterday))
    project.drafts()
    assert reading.folder.exists()
    reading._in_use.release()
    project.drafts()
    assert not reading.folder.exists()
