"""Unsaved work, damaged files and backups, as the user meets them."""

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton

from leanlab.app.session import Session
from leanlab.ui import messages


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "plant.leanlab"
    session = Session.create(path, name="Fill weight", author="Ann")
    session.add("cause", {"text": "nozzle worn"})
    session.save()
    session.close()
    return path


def test_unsaved_work_is_offered_on_the_start_page(window, saved, qtbot):
    session = Session.open(saved)
    session.add("cause", {"text": "pressure"})
    session.close(keep_draft=True)
    window.start.show_later_parts()
    (go_on,) = [b for b in window.start.findChildren(QPushButton) if b.text() == "Continue"]
    go_on.click()
    assert window.project.unsaved_edits == 1
    assert len(window.project.records("cause")) == 2


def test_a_damaged_file_is_rescued_on_request(window, saved, monkeypatch):
    content = bytearray(saved.read_bytes())
    content[300] ^= 0xFF
    saved.write_bytes(content)
    monkeypatch.setattr(messages, "choose", lambda *_: "rescue")
    window.file.open_path(saved)
    assert window.project.path.name == "plant (rescued).leanlab"
    assert [c.get("text") for c in window.project.records("cause")] == ["nozzle worn"]
    assert "not verified" in window.statusBar().currentMessage()
    assert saved.read_bytes() == content


def test_a_backup_is_restored_as_a_new_file(window, saved, tmp_path, monkeypatch):
    from leanlab.ui.dialogs.restore_backup import RestoreDialog

    session = Session.open(saved)
    session.add("cause", {"text": "pressure"})
    session.save()
    session.close()
    dialog = RestoreDialog(saved, window)
    assert dialog.table.item(0, 0).text() == "Fill weight"
    assert dialog.table.item(0, 3).text() == "checked"
    target = tmp_path / "old.leanlab"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    dialog.go.click()
    assert dialog.written == target
    window.file.open_path(target)
    assert len(window.project.records("cause")) == 1


def test_a_backup_never_overwrites(window, saved, monkeypatch):
    from leanlab.ui.dialogs.restore_backup import RestoreDialog

    session = Session.open(saved)
    session.set_fact("site", "north")
    session.save()
    session.close()
    dialog = RestoreDialog(saved, window)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    before = saved.read_bytes()
    dialog.go.click()
    assert "already there" in dialog.problem.text()
    assert saved.read_bytes() == before


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_one_button_of_a_dialog_stands_out_and_answers_enter(window, saved, qtbot):
    from leanlab.ui.dialogs.restore_backup import RestoreDialog

    dialog = RestoreDialog(saved, window)
    dialog.show()
    qtbot.waitExposed(dialog)
    leading = [b.text() for b in dialog.findChildren(QPushButton) if b.isDefault()]
    assert leading == ["Restore as a new file…"]
    dialog.close()


def test_a_file_changed_elsewhere_is_not_overwritten_unasked(window, saved, monkeypatch):
    window.file.open_path(saved)
    window.project.add("cause", {"text": "mine"})
    other = saved.read_bytes() + b""
    saved.write_bytes(other[:-1] + b"x")
    monkeypatch.setattr(messages, "choose", lambda *_: "")
    assert not window.file.save()
    assert window.project.unsaved_edits == 1
    monkeypatch.setattr(messages, "choose", lambda *_: "overwrite")
    assert window.file.save()
    assert window.project.unsaved_edits == 0


def test_closing_asks_and_keeps_a_draft(window, saved, monkeypatch):
    window.file.open_path(saved)
    window.project.add("cause", {"text": "mine"})
    monkeypatch.setattr(messages, "ask_close", lambda *_: "cancel")
    assert not window.file.close()
    monkeypatch.setattr(messages, "ask_close", lambda *_: "draft")
    assert window.file.close()
    assert window.session is None
    assert any(b.text() == "Continue" for b in window.start.findChildren(QPushButton))
