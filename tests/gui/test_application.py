"""The application as a process: it ends as quietly as it began."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from gengdi_desktop.ui.courtesy import sweep_here

_COPIES_AND_ENDS = """
from gengdi_desktop.ui.application import make_application
app = make_application()
from PySide6.QtCore import QMimeData
data = QMimeData()
data.setText("白圩村")
app.clipboard().setMimeData(data)
del data
"""


def test_what_was_copied_does_not_stop_the_end_of_the_process() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run([sys.executable, "-c", _COPIES_AND_ENDS], env=environment, check=False, timeout=60)
    assert ended.returncode == 0


def test_lost_objects_are_looked_for_by_the_thread_of_the_window_alone(app: QApplication) -> None:
    lookers: set[int] = set()

    def look(phase: str, _told: dict[str, int]) -> None:
        if phase == "start":
            lookers.add(threading.get_ident())

    owner = QObject()
    gc.callbacks.append(look)
    try:
        sweep_here(owner)
        lane = threading.Thread(target=lambda: [[] for _ in range(100_000)])
        kept: list[list[int]] = [[] for _ in range(20_000)]
        lane.start()
        lane.join()
        until = time.monotonic() + 60
        while not lookers and time.monotonic() < until:
            app.processEvents()
    finally:
        gc.callbacks.remove(look)
    assert len(kept) == 20_000
    assert lookers == {threading.get_ident()}
