"""The history of a record in the window."""

from PySide6.QtWidgets import QLabel

from leanlab.app.session import Session
from leanlab.store import owner
from leanlab.ui import messages
from leanlab.ui.dialogs.history import HistoryDialog


def test_an_old_version_is_brought_back(project_window, session):
    sheet = session.add(
        "worksheet", {"type_id": "charter", "title": "Charter", "body": {"scope": "north"}}
    )
    session.edit(sheet, {"body": {"scope": "north and south"}}, label="Edit scope")
    dialog = HistoryDialog(session, sheet, project_window)
    assert "Edit scope" in dialog.steps.item(0).text()
    assert [dialog.changes.item(0, c).text() for c in range(3)] == [
        "Scope",
        "north",
        "north and south",
    ]
    dialog.restore.click()
    assert session.record(sheet).get("body") == {"scope": "north"}


def test_the_first_step_cannot_be_taken_back_here(project_window, session):
    cause = session.add("cause", {"text": "worn"})
    dialog = HistoryDialog(session, cause, project_window)
    assert not dialog.restore.isEnabled()
    dialog.reject()


def test_the_history_command_needs_a_record(project_window):
    project_window.bar.run("history")
    assert "Open a worksheet" in project_window.statusBar().currentMessage()


def test_the_check_of_the_history_shows_a_code(project_window, session, monkeypatch):
    shown = []
    monkeypatch.setattr(messages, "show", lambda _parent, problem: shown.append(problem))
    session.add("cause", {"text": "worn"})
    project_window.bar.run("integrity")
    assert shown[0].message.startswith("Code of the history: ")
    assert "fit together" in shown[0].hint


def test_without_a_name_the_account_of_the_computer_stands_beside_a_change(
    window, tmp_path, monkeypatch
):
    monkeypatch.setattr(owner, "login", lambda: "m.ito")
    made = Session.create(tmp_path / "mine.leanlab", name="Late deliveries")
    made.add("action", {"title": "Ask the night shift"})
    window.show_project(made)
    texts = [shown.text() for shown in window.navigation.page.findChildren(QLabel)]
    assert "m.ito: Add action" in texts
    action = made.records("action")[0].id
    dialog = HistoryDialog(made, action, window)
    assert "m.ito: Add action" in dialog.steps.item(0).text()
    dialog.reject()
