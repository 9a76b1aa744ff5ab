"""Files of a record: kept inside the project, saved out under a safe name."""

import pytest
from PySide6.QtWidgets import QFileDialog

from leanlab.ui import messages
from leanlab.ui.dialogs.attachments import AttachmentsDialog


@pytest.fixture
def cause(session):
    return session.add("cause", {"text": "worn nozzle"})


def test_a_file_is_attached_saved_out_and_removed(
    project_window, session, cause, tmp_path, monkeypatch
):
    source, target = tmp_path / "plan.pdf", tmp_path / "out.pdf"
    source.write_bytes(b"%PDF plan")
    dialog = AttachmentsDialog(session, cause, project_window)
    assert "Nothing is attached yet" in dialog.words.text()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(source)], ""))
    dialog.add.click()
    assert dialog.table.item(0, 0).text() == "plan.pdf"
    dialog.table.selectRow(0)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    dialog.out.click()
    assert target.read_bytes() == b"%PDF plan"
    dialog.remove.click()
    assert session.attachments(cause) == []
    session.undo()
    assert len(session.attachments(cause)) == 1


def test_what_could_run_is_saved_only_on_purpose(
    project_window, session, cause, tmp_path, monkeypatch
):
    session.attach(cause, "invoice\u202efdp.exe", b"MZ")
    dialog = AttachmentsDialog(session, cause, project_window)
    dialog.table.selectRow(0)
    asked = []
    monkeypatch.setattr(
        messages, "ask", lambda _parent, problem, _verb: asked.append(problem.message)
    )
    dialog.out.click()
    assert asked == ["invoicefdp.exe could run when it is opened."]


def test_a_file_too_large_or_gone_gets_a_sentence(project_window, session, cause, tmp_path):
    large = tmp_path / "film.mp4"
    with large.open("wb") as file:
        file.truncate(60_000_000)
    dialog = AttachmentsDialog(session, cause, project_window)
    dialog._take([large])
    assert "larger than 50 MB" in dialog.problem.text()
    dialog._take([tmp_path / "gone.txt"])
    assert "gone.txt is not a file." in dialog.problem.text()
    assert session.attachments(cause) == []
