"""A second start hands its file to the first."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from leanlab.ui import crash
from leanlab.ui.application import Windows
from leanlab.ui.one_process import Listener, handed_over
from leanlab.ui.window import MainWindow


def test_a_second_process_hands_over_its_file_and_leaves(qapp, qtbot, tmp_path):
    heard = []
    listener = Listener(heard.append, qapp)
    code = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication\n"
        "app = QCoreApplication([]); from leanlab.ui.one_process import handed_over\n"
        "sys.exit(0 if handed_over(Path(sys.argv[1])) else 7)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "a.leanlab")]) as second:
        qtbot.waitUntil(lambda: bool(heard), timeout=30_000)
        assert second.wait(30) == 0
    assert heard == [(tmp_path / "a.leanlab").resolve()]
    listener.close()


def test_without_a_first_process_nothing_is_handed_over(qapp, tmp_path):
    assert not handed_over(tmp_path / "a.leanlab")


def test_nonsense_is_passed_over(qapp, qtbot):
    from PySide6.QtNetwork import QLocalSocket

    from leanlab.ui.one_process import server_name

    heard = []
    listener = Listener(heard.append, qapp)
    for message in (b"not json\n", b"[1]\n", b'{"open": ""}\n'):
        socket = QLocalSocket()
        socket.connectToServer(server_name())
        assert socket.waitForConnected(1000)
        socket.write(message)
        socket.flush()
        socket.disconnectFromServer()
    qtbot.waitUntil(lambda: heard == [None])
    listener.close()


@pytest.fixture
def windows(qapp, qtbot, monkeypatch):
    """What a start shows, without listening for later ones and without the crash report's hooks."""
    monkeypatch.setattr(MainWindow, "raise_", lambda self: None)  # off screen there is no top
    monkeypatch.setattr(Windows, "_later", lambda self: None)
    monkeypatch.setattr(crash, "installed", lambda: SimpleNamespace(close=lambda: None))
    shown = Windows()
    yield shown
    qtbot.wait(200)  # what comes after the first paint
    for window in shown._open:
        if window.session is not None:
            window.file.close()
        window.close()
        window.deleteLater()
    shown.end()


def test_a_folder_opens_as_a_portfolio(windows, qtbot, tmp_path):
    windows.open(tmp_path)
    (window,) = windows._open
    qtbot.waitUntil(lambda: window.portfolio is not None and window.jobs.idle, timeout=30_000)
    assert window.portfolio.folder == tmp_path


def test_a_review_goes_to_the_window_that_has_its_project(windows, qtbot, tmp_path, monkeypatch):
    from leanlab.app import review_file as files
    from leanlab.app.review_session import ReviewSession
    from leanlab.app.session import Session
    from leanlab.ui.commands import review as commands

    for name in ("one", "two"):
        Session.create(tmp_path / f"{name}.leanlab", name=name, author="A. Ruiz").close()
        windows.open(tmp_path / f"{name}.leanlab")
        qtbot.waitUntil(lambda: windows._open[-1].session is not None, timeout=30_000)
    lead = ReviewSession.start(tmp_path / "one.leanlab", author="M. Ito")
    lead.comment("project", "Well begun")
    parcel = files.finish(tmp_path / "a.leanreview", reviewer="M. Ito", session=lead).path
    lead.close()
    taken = []
    monkeypatch.setattr(commands, "import_path", lambda window, path: taken.append((window, path)))
    windows.open(parcel)
    qtbot.waitUntil(lambda: bool(taken), timeout=30_000)
    assert taken == [(windows._open[0], parcel)]
    assert [w.session.title for w in windows._open] == ["one", "two"]


def test_what_is_no_project_says_so(windows, qtbot, tmp_path, monkeypatch):
    from leanlab.ui import messages

    said = []
    monkeypatch.setattr(messages, "show", lambda _parent, problem: said.append(problem.message))
    (tmp_path / "notes.odd").write_text("nothing")
    windows.open(tmp_path / "notes.odd")
    qtbot.waitUntil(lambda: bool(said), timeout=30_000)
    assert "notes.odd" in said[0]
