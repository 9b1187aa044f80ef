"""One window for one ledger and user: whoever opens it again brings the running window to front."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS: Final = 400
_HELLO: Final = b"show\n"


def _name(ledger: Path) -> str:
    whole = f"{getpass.getuser()}\0{ledger.resolve()}"
    return "gengdi-" + hashlib.sha256(whole.encode()).hexdigest()[:24]


def bring_to_front(ledger: Path) -> bool:
    """Ask this user's program that has *ledger* open to show itself; whether it answered."""
    socket = QLocalSocket()
    socket.connectToServer(_name(ledger))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(_HELLO)
    heard = socket.waitForBytesWritten(_PATIENCE_MS)
    socket.disconnectFromServer()
    return heard


class FrontDoor(QObject):
    """Listens for :func:`bring_to_front` while a ledger is open."""

    def __init__(self, ledger: Path, called: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._called = called
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # A crash leaves the socket's name behind; the ledger's own lock says that nobody lives there.
        QLocalServer.removeServer(_name(ledger))
        self._server.listen(_name(ledger))
        self._server.newConnection.connect(self._open)

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def _open(self) -> None:
        visitor = self._server.nextPendingConnection()
        visitor.disconnected.connect(visitor.deleteLater)
        self._called()
