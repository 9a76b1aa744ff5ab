"""Saving when somebody else wrote to the file meanwhile."""

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

from leanlab.app.session import Session
from leanlab.data.columns import ColumnData
from leanlab.ui import messages


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


@pytest.mark.parametrize("choice", ["", "overwrite"])
def test_it_is_overwritten_only_on_purpose(project_window, changed_elsewhere, monkeypatch, choice):
    before = changed_elsewhere.path.read_bytes()
    answered(monkeypatch, choice)
    assert project_window.file.save() == bool(choice)
    assert (changed_elsewhere.path.read_bytes() != before) == bool(choice)
    assert (changed_elsewhere.unsaved_edits == 0) == bool(choice)


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
