"""The application as a process: it ends as quietly as it began."""

from __future__ import annotations

import os
import subprocess
import sys

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
