"""The window of a ledger as a picture, painted without a screen: by it the bundle proves that its window works."""

from __future__ import annotations

import os
import time
from pathlib import Path

from gengdi_desktop.errors import ProgramError
from gengdi_desktop.system.clock import SystemClock

PATIENCE_SECONDS = 60
_QUIET_ROUNDS = 10
_PAUSE_SECONDS = 0.02
_SIZE = (1366, 768)


def paint(ledger: Path, picture: Path) -> None:
    """Open a ledger in a window that nobody sees, wait until its page has read what it shows, and save it as PNG.

    Raises:
        ProgramError: The window did not come to rest, or the picture could not be made.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from gengdi_desktop.ui.application import dress, make_application
    from gengdi_desktop.ui.desk_opening import DeskOpening
    from gengdi_desktop.ui.jobs import Jobs
    from gengdi_desktop.ui.main_window import MainWindow
    from gengdi_desktop.ui.preferences import Preferences
    from gengdi_desktop.ui.prompts import QtPrompts

    app = make_application()
    jobs = Jobs()
    preferences = Preferences(jobs)
    dress(app, preferences.look(system_is_dark=False), preferences.text_scale)
    window = MainWindow(jobs)
    window.resize(*_SIZE)
    opening = DeskOpening(window, jobs, QtPrompts(window), preferences, SystemClock())

    def rest() -> None:
        """Let events and lanes run until nothing is left to do."""
        until = time.monotonic() + PATIENCE_SECONDS
        quiet = 0
        while quiet < _QUIET_ROUNDS:
            if time.monotonic() > until:
                raise ProgramError("window_restless", "窗口一直没有画好。", "请把这句话告诉维护人员。")
            QApplication.processEvents()
            quiet = 0 if jobs.running else quiet + 1
            time.sleep(_PAUSE_SECONDS)

    try:
        opening.show_start()
        window.show()
        rest()
        opening.open(ledger)
        rest()
        painted = opening.context is not None and window.grab().save(str(picture), "PNG")
        opening.close_ledger(lambda: None)
        rest()
    finally:
        jobs.close()
        window.close_now()
    if not painted:
        raise ProgramError("window_unpainted", "窗口没有画出来。", "请把这句话告诉维护人员。")
