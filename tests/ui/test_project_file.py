"""Saving when somebody else wrote to the file meanwhile."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog

from leanlab.app.session import Session
from leanlab.core.errors import DocumentProblem
from leanlab.data.columns import ColumnData
from leanlab.store import publishing
from leanlab.ui import messages, project_file


@pytest.fixture
def changed_elsewhere(project_window):
    """The window's project, edited, while its file got other bytes."""
    session = project_window.project
    session.add("metric", {"name": "Late orders"})
    session.path.write_bytes(session.path.read_bytes() + b"of somebody else")
    return session


def answered(monkeypatch, choice):
    offered = []

    def choose(_parent, problem, ways):
        offered.append((problem.message, ways))
        return choice

    monkeypatch.setattr(messages, "choose", choose)
    return offered


def test_a_file_that_others_changed_can_be_saved_elsewhere(
    project_window, changed_elsewhere, tmp_path, monkeypatch
):
    theirs, before = changed_elsewhere.path, changed_elsewhere.path.read_bytes()
    offered = answered(monkeypatch, "elsewhere")
    mine = tmp_path / "mine.leanlab"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(mine), ""))
    assert project_window.file.save()
    [(message, ways)] = offered
    assert "changed by someone else" in message
    assert list(ways.values()) == ["Overwrite", "Save as a copy…"]
    assert theirs.read_bytes() == before
    assert project_window.project.path == mine
    assert project_window.project.unsaved_edits == 0
    copy = Session.open(mine, author="B", read_only=True)
    assert [m.get("name") for m in copy.records("metric")] == ["Late orders"]
    copy.close()


def test_where_a_folder_is_read_only_another_place_is_offered_at_once(
    project_window, session, tmp_path, monkeypatch
):
    session.add("metric", {"name": "Late orders"})
    own = publishing.refuse_unwritable

    def refuse(target):
        if target == session.path:
            raise DocumentProblem("The folder is read-only.", hint="Use Save As.")
        own(target)

    monkeypatch.setattr(publishing, "refuse_unwritable", refuse)
    offered = answered(monkeypatch, "elsewhere")
    mine = tmp_path / "mine.leanlab"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(mine), ""))
    assert project_window.file.save()
    assert offered == [("The folder is read-only.", {"elsewhere": "Save as…"})]
    assert project_window.project.path == mine
    assert project_window.project.unsaved_edits == 0


@pytest.mark.parametrize("choice", ["", "overwrite"])
def test_it_is_overwritten_only_on_purpose(project_window, changed_elsewhere, monkeypatch, choice):
    before = changed_elsewhere.path.read_bytes()
    answered(monkeypatch, choice)
    assert project_window.file.save() == bool(choice)
    assert (changed_elsewhere.path.read_bytes() != before) == bool(choice)
    assert (changed_elsewhere.unsaved_edits == 0) == bool(choice)


@pytest.fixture
def slow_save(project_window, monkeypatch):
    """The window's project counts as large, and its save waits until it is let go."""
    session = project_window.project
    monkeypatch.setattr(project_file, "SAVED_BESIDE", 0)
    go, own, saves = threading.Event(), session.save, []

    def save(**how):
        assert go.wait(30)
        saves.append(session.unsaved_edits)
        own(**how)

    monkeypatch.setattr(session, "save", save)
    session.add("metric", {"name": "Late orders"})
    yield go, saves
    go.set()


def test_a_large_project_is_edited_while_it_is_saved(project_window, slow_save, qtbot):
    go, _ = slow_save
    session, status = project_window.project, project_window.status
    project_window.bar.run("save")
    assert status.job_words.text() == f"Saving {session.path.name}…"
    assert status.progress.isVisible()
    assert not status.stop.isVisible()
    session.add("metric", {"name": "Meanwhile"})
    assert session.unsaved_edits == 2
    go.set()
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    assert session.unsaved_edits == 0
    assert not status.progress.isVisible()
    assert status.saved.text() == f"Saved to {session.path.name}"


def test_saving_again_meanwhile_saves_once_more(project_window, slow_save, qtbot, monkeypatch):
    go, saves = slow_save
    session = project_window.project
    own = project_window.file._saved_beside

    def edited_first(result):
        if len(saves) == 1:
            session.add("metric", {"name": "After the copy"})
        own(result)

    monkeypatch.setattr(project_window.file, "_saved_beside", edited_first)
    project_window.bar.run("save")
    project_window.bar.run("save")
    go.set()
    qtbot.waitUntil(lambda: len(saves) == 2 and project_window.jobs.idle)
    assert session.unsaved_edits == 0


def test_closing_waits_for_the_save_and_asks_nothing(
    project_window, slow_save, monkeypatch, tmp_path
):
    go, saves = slow_save
    monkeypatch.setattr(messages, "ask_close", lambda *_: pytest.fail("asked"))
    path = project_window.project.path
    project_window.bar.run("save")
    QTimer.singleShot(50, go.set)
    assert project_window.file.close()
    assert saves == [1]
    reopened = Session.open(path)
    assert [m.get("name") for m in reopened.records("metric")] == ["Late orders"]
    reopened.close()


def test_a_save_beside_that_fails_offers_the_same_ways_out(
    project_window, slow_save, qtbot, monkeypatch
):
    go, _ = slow_save
    session = project_window.project
    session.path.write_bytes(session.path.read_bytes() + b"of somebody else")
    offered = answered(monkeypatch, "overwrite")
    project_window.bar.run("save")
    go.set()
    qtbot.waitUntil(lambda: bool(offered) and project_window.jobs.idle)
    assert "changed by someone else" in offered[0][0]
    assert session.unsaved_edits == 0


def test_who_stays_at_the_second_question_has_the_stopped_work_begun_again(
    project_window, session, monkeypatch, qtbot
):
    column = ColumnData("x", "number", np.random.default_rng(1).normal(size=30))
    sheet = session.add_sheet("Data", [column])
    values = {
        "analysis_id": "spc.i_mr", "version": 1, "title": "Chart", "sheet_id": sheet,
        "roles": {"value": ["c1"]}, "options": {},
    }  # fmt: skip
    project_window.go_to(session.add("analysis", values))
    page, asked = project_window.navigation.page, []
    qtbot.waitUntil(lambda: page.presentation is not None, timeout=30_000)
    shown = page.presentation

    def ask(*_):
        asked.append(session.unsaved_edits)
        if len(asked) == 1:  # an import that cannot be stopped any more ends after the question
            project_window.jobs.run(
                lambda _job: session.add("cause", {"text": "late"}), lambda _: None,
                failed=lambda _: None, title="Import",
            )  # fmt: skip
            qtbot.waitUntil(lambda: session.records("cause") != [], timeout=30_000)
            return "discard"
        return "cancel"

    monkeypatch.setattr(messages, "ask_close", ask)
    edits = session.unsaved_edits
    assert not project_window.file.close()
    assert asked == [edits, edits + 1]
    assert project_window.session is session
    qtbot.waitUntil(lambda: page.presentation is not shown, timeout=30_000)
