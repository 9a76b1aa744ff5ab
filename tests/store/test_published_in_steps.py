"""A large project is copied in steps when it is saved; work goes on between them."""

import threading

import pytest

from leanlab.app.session import Session
from leanlab.core.errors import DocumentProblem
from leanlab.store import document

PATIENCE = 30


@pytest.fixture
def large(tmp_path, monkeypatch):
    """A saved project that counts as large, of many steps."""
    made = Session.create(tmp_path / "large.leanlab", name="Large")
    with made.step("Fill"):
        for number in range(300):
            made.add("cause", {"name": f"Cause {number} " + "x" * 400})
    made.save()
    monkeypatch.setattr(document, "STEPWISE", 0)
    monkeypatch.setattr(document, "STEP_PAGES", 1)
    yield made
    made.close()


def edited_between(monkeypatch, edit):
    """Have another thread edit while the copy is under way, once; return what tells of it."""
    done, failed = threading.Event(), []

    def work():
        try:
            edit()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failed.append(error)
        done.set()

    def breathe(_seconds):
        if not done.is_set():
            thread = threading.Thread(target=work)
            thread.start()
            thread.join(PATIENCE)

    monkeypatch.setattr(document.time, "sleep", breathe)
    return done, failed


def opened(path):
    return Session.open(path, read_only=True)


def test_what_is_edited_meanwhile_is_in_the_file_or_counted_as_not_in_it(large, monkeypatch):
    done, failed = edited_between(monkeypatch, lambda: large.add("cause", {"name": "Late one"}))
    large.save()
    assert done.is_set()
    assert not failed
    there = opened(large.path)
    names = [cause.get("name") for cause in there.records("cause")]
    there.close()
    assert ("Late one" in names) == (large.unsaved_edits == 0)
    assert len(names) == 301
    large.save()
    assert large.unsaved_edits == 0


def test_many_edits_meanwhile_are_whole_or_absent(large, monkeypatch):
    stop, made = threading.Event(), []

    def work():
        while not stop.is_set():
            with large.step("Two at once"):
                one = large.add("cause", {"name": f"Pair {len(made)} a"})
                large.add("solution", {"name": f"Pair {len(made)} b"})
            made.append(one)
            stop.wait(0.001)

    monkeypatch.setattr(document, "STEP_PAGES", 4)
    thread = threading.Thread(target=work)
    thread.start()
    try:
        for _ in range(2):
            large.save()
            there = opened(large.path)
            causes = {str(c.get("name"))[:-2] for c in there.records("cause")}
            solutions = {str(s.get("name"))[:-2] for s in there.records("solution")}
            assert {c for c in causes if c.startswith("Pair")} == solutions
            assert there.saved_revision == large.saved_revision
            there.close()
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert made
    large.save()
    assert large.unsaved_edits == 0


def test_a_step_that_fails_meanwhile_leaves_nothing_in_the_file(large, monkeypatch):
    def edit():
        with large.step("Fails"):
            for number in range(2000):
                large.add("solution", {"name": f"Gone {number} " + "y" * 300})
            raise ValueError

    done, failed = edited_between(monkeypatch, edit)
    large.save()
    assert done.is_set()
    assert [type(error) for error in failed] == [ValueError]
    there = opened(large.path)
    assert there.records("solution") == []
    assert len(there.records("cause")) == 300
    there.close()


def test_a_save_that_fails_between_steps_leaves_nothing_behind(large, monkeypatch):
    before = large.path.read_bytes()

    def broken(_seconds):
        raise OSError(28, "No space left on device")

    large.add("cause", {"name": "Not yet saved"})
    with monkeypatch.context() as patch:
        patch.setattr(document.time, "sleep", broken)
        with pytest.raises(DocumentProblem, match="could not be saved: the disk is full"):
            large.save()
    assert large.path.read_bytes() == before
    assert [p.name for p in large.path.parent.glob(".*.tmp*")] == []
    assert not (large._document.folder / "publish.db").exists()
    assert large.unsaved_edits == 1
    large.save()
    assert large.unsaved_edits == 0
