"""The undo file and the project agree, whatever fails or is killed between the two."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest

from leanlab.app.session import Session
from leanlab.core.errors import DocumentProblem
from leanlab.data.columns import ColumnData
from leanlab.store import document as documents
from leanlab.store import project
from tests.robustness.scene import add, names


class Failing:
    """A connection that fails at one statement."""

    def __init__(self, real, sql, code=sqlite3.SQLITE_FULL):
        self._real, self._sql, self._code = real, sql, code

    def __getattr__(self, name):
        return getattr(self._real, name)

    def execute(self, sql, *values):
        if sql == self._sql:
            error = sqlite3.OperationalError("as if")
            error.sqlite_errorcode = self._code
            raise error
        return self._real.execute(sql, *values)


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
def opened(tmp_path):
    made = project.create(tmp_path / "plant.leanlab", who="Ann")
    add(made, "Ben")
    add(made, "Cy")
    made.save()
    yield made
    made.close()


def test_a_commit_that_fails_leaves_no_step_and_keeps_what_could_be_redone(opened):
    document = opened.document
    document.undo()
    real, document._db = document._db, Failing(document._db, "COMMIT")
    with pytest.raises(DocumentProblem, match="disk is full"):
        add(opened, "Di")
    document._db = real
    assert (document.label(undone=False), document.label(undone=True)) == ("Add Ben", "Add Cy")
    document.redo()
    assert names(opened) == {"Ben", "Cy"}
    add(opened, "Di")
    assert document.undo().label == "Undo add Di"
    assert document.undo().label == "Undo add Cy"


@pytest.mark.parametrize("verb", ["undo", "redo"])
def test_an_undo_that_fails_can_be_tried_again(opened, verb):
    document = opened.document
    if verb == "redo":
        document.undo()
    before = names(opened)
    real, document._db = document._db, Failing(document._db, "COMMIT")
    with pytest.raises(DocumentProblem):
        getattr(document, verb)()
    document._db = real
    assert names(opened) == before
    getattr(document, verb)()
    assert names(opened) == {"Ben", "Cy"} ^ before | {"Ben"}
    assert opened.document.position()[2] == opened.document.revision


def test_an_undo_file_that_takes_no_step_stops_the_edit(opened):
    document = opened.document
    real, document._undo = document._undo, Failing(document._undo, "BEGIN")
    with pytest.raises(DocumentProblem):
        add(opened, "Di")
    document._undo = real
    assert names(opened) == {"Ben", "Cy"}
    assert document.undo().label == "Undo add Cy"


def test_an_edit_that_is_on_disk_does_not_fail_because_the_undo_file_cannot_be_tidied(opened):
    document = opened.document
    document.undo()
    real = document._undo
    document._undo = Failing(real, "DELETE FROM step WHERE revision > ?")
    add(opened, "Di")
    document._undo = real
    assert names(opened) == {"Ben", "Di"}
    assert document.label(undone=False) == "Add Di"
    assert document.undo().label == "Undo add Di"
    assert document.redo().label == "Redo add Di"
    assert document.redo() is None


def killed(opened, when, act):
    """Do something, and let the process end before or after the project's own commit."""
    document = opened.document
    real = document._db

    class Killed(Failing):
        def execute(self, sql, *values):
            if sql == "COMMIT":
                if when == "after":
                    real.execute(sql)
                raise KilledError
            return real.execute(sql, *values)

    document._db = Killed(real, "")
    document._pending = False  # a dead process settles nothing
    settle, document._settle_undo = document._settle_undo, lambda: None
    with pytest.raises(KilledError):
        act(document)
    document._db, document._settle_undo = real, settle
    if real.in_transaction:
        real.execute("ROLLBACK")
    opened.close(keep_draft=True)
    (draft,) = project.drafts()
    return project.recover(draft, who="Ann")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_between_the_two_files_leaves_an_edit_with_its_step_or_neither(opened, when):
    for name in ("Di", "Ed"):
        add(opened, name)
    opened.document.undo()
    with closing(killed(opened, when, lambda _: add(opened, "Flo"))) as again:
        there = names(again)
        assert there == {"Ben", "Cy", "Di"} | ({"Flo"} if when == "after" else set())
        undo, redo = ("Add Flo", "") if when == "after" else ("Add Di", "Add Ed")
        assert again.document.label(undone=True) == redo
        assert again.document.label(undone=False) == undo
        again.document.undo()
        assert names(again) == there - {undo[4:]}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_between_the_two_files_leaves_an_undo_done_or_not_begun(tmp_path, when):
    session = Session.create(tmp_path / "a.leanlab", name="A")
    sheet = session.add_sheet("Data", [ColumnData("n", "number", np.arange(30_000.0))])
    session.set_column(sheet, "c1", session.row_ids(sheet), ["7"] * 30_000)
    again = Session(killed(session._project, when, lambda document: document.undo()))

    def first():
        return float(again.column(sheet, "c1")[1])

    assert first() == (7.0 if when == "before" else 1.0)
    if when == "after":
        assert again.redo()
        assert first() == 7.0
    assert again.undo()
    assert first() == 1.0
    assert again.redo()
    assert first() == 7.0
    again.close()


def test_undo_begins_anew_when_a_power_cut_took_its_latest_steps(opened):
    kept = (opened.folder / "undo.db").with_suffix(".kept")
    with closing(sqlite3.connect(kept)) as copy:
        opened.document._undo.backup(copy)
    add(opened, "Di")
    opened.close(keep_draft=True)
    kept.replace(opened.folder / "undo.db")
    (draft,) = project.drafts()
    with closing(project.recover(draft, who="Ann")) as again:
        assert names(again) == {"Ben", "Cy", "Di"}
        assert again.document.undo() is None
        add(again, "Ed")
        assert again.document.undo().label == "Undo add Ed"


@pytest.mark.parametrize("content", [b"", b"noise" * 2000, None])
def test_a_damaged_undo_file_costs_no_more_than_the_steps(opened, content):
    add(opened, "Di")
    opened.close(keep_draft=True)
    undo = opened.folder / "undo.db"
    if content is None:
        content = bytearray(undo.read_bytes())
        content[100:] = b"\xff" * (len(content) - 100)
    undo.write_bytes(content)
    (draft,) = project.drafts()
    assert not draft.damaged
    with closing(project.recover(draft, who="Ann")) as again:
        assert names(again) == {"Ben", "Cy", "Di"}
        assert again.document.undo() is None


def test_undoing_what_a_decision_points_to_puts_it_into_the_bin(tmp_path):
    session = Session.create(tmp_path / "a.leanlab", name="A")
    action = session.add("action", {"title": "Order parts"})
    with session.step("Decide", final=True):
        gate = session.add("gate", {"phase": "define", "decision": "conditions"})
        session.link(gate, "condition", action)
    assert session.undo()
    assert not session.exists(action)
    assert session.knows(action)
    assert [k.to_id for k in session.links(gate)] == [action]
    session.save()
    assert project.check(session.path).sound
    assert session.redo()
    assert session.record(action).get("title") == "Order parts"
    session.close()


def test_no_more_steps_are_kept_than_there_is_room_for(opened, monkeypatch):
    monkeypatch.setattr(documents, "UNDO_STEPS", 5)
    for number in range(9):
        add(opened, f"p{number}")
    undone = 0
    while opened.document.undo():
        undone += 1
    assert undone == 5
