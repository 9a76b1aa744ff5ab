"""One process per user: a second start hands its file to the first and leaves.

Two processes never hold the same project, and a double click on a file opens at once in the window
that is already warm. The socket is local to this user; nothing listens on a network.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from leanlab.store.places import home

PATIENCE = 400  # milliseconds
LONGEST = 64 * 1024  # bytes of one message


def server_name() -> str:
    """Return a name that belongs to this user's private folder."""
    return "leanlab-" + hashlib.sha256(str(home()).encode()).hexdigest()[:24]


def handed_over(path: Path | None) -> bool:
    """Give a file to the process that runs already; False if there is none."""
    socket = QLocalSocket()
    socket.connectToServer(server_name())
    if not socket.waitForConnected(PATIENCE):
        return False
    socket.write(json.dumps({"open": str(path.resolve()) if path else ""}).encode() + b"\n")
    told = socket.waitForBytesWritten(PATIENCE)
    socket.disconnectFromServer()
    return told


class Listener(QObject):
    """Hears of later starts and opens their files here."""

    def __init__(self, opened: Callable[[Path | None], object], parent: QObject) -> None:
        super().__init__(parent)
        self._opened = opened
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(server_name())  # a killed process leaves its socket behind
        self._server.listen(server_name())
        self._server.newConnection.connect(self._greet)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _greet(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.readyRead.connect(lambda: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > LONGEST:
                socket.abort()
            return
        try:
            wanted = json.loads(bytes(socket.readLine().data())).get("open", "")
        except (ValueError, AttributeError):
            return
        self._opened(Path(str(wanted)) if wanted else None)
