"""The pinned PySide6 does not lose references of the singletons, as 6.12.0 does on this Python (decision 0001)."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal

ROUNDS = 2000


class Sender(QObject):
    """Sends a signal with a boolean."""

    told = Signal(bool)


def test_emitting_does_not_lose_references() -> None:
    sender = Sender()
    heard: list[bool] = []
    sender.told.connect(heard.append)
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(ROUNDS):
        sender.told.emit(True)
        sender.setObjectName("name")
        sender.blockSignals(False)
    lost = [then - now for then, now in zip(before, (sys.getrefcount(True), sys.getrefcount(None)), strict=True)]
    assert len(heard) == ROUNDS
    assert max(lost) < ROUNDS // 10, lost
