"""A second start hands its file to the first."""

import subprocess
import sys

from leanlab.ui.one_process import Listener, handed_over


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
