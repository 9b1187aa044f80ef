"""Start and end of the window: crash log, application, lanes, window, ledger; and everything put away at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.system.clock import SystemClock
from gengdi_desktop.system.crash_log import CrashLog, CrashReport
from gengdi_desktop.system.paths import state_folder

if TYPE_CHECKING:
    from gengdi_desktop.ui.desk_opening import DeskOpening
    from gengdi_desktop.ui.jobs import Jobs
    from gengdi_desktop.ui.main_window import MainWindow


def run(argv: Sequence[str] = ()) -> int:
    """Open the window and return the exit code when it is closed.

    Args:
        argv: The path of a ledger to open at once; empty for the start page.
    """
    clock = SystemClock()
    crashes = CrashLog(state_folder(), clock)
    last = crashes.last()
    crashes.install()  # before Qt is imported: a crash in its start must leave its trace too
    try:
        return _window(list(argv), clock, crashes, last)
    finally:
        crashes.uninstall()


def _window(argv: list[str], clock: SystemClock, crashes: CrashLog, last: CrashReport | None) -> int:
    from PySide6.QtCore import Qt, QTimer

    from gengdi_desktop.ui.application import dress, make_application, system_is_dark
    from gengdi_desktop.ui.desk_opening import DeskOpening
    from gengdi_desktop.ui.jobs import Jobs
    from gengdi_desktop.ui.main_window import MainWindow
    from gengdi_desktop.ui.preferences import Preferences
    from gengdi_desktop.ui.prompts import QtPrompts
    from gengdi_desktop.ui.single_instance import bring_to_front

    app = make_application(argv)
    wanted = Path(argv[0]) if argv else None
    if wanted is not None and bring_to_front(wanted):
        return 0
    jobs = Jobs()
    preferences = Preferences(jobs)
    dress(app, preferences.look(system_is_dark=system_is_dark()), preferences.text_scale)
    window = MainWindow(jobs)
    window.resize(1366, 768)
    window.take_place(preferences.settings.window)
    opening = DeskOpening(window, jobs, QtPrompts(window), preferences, clock)
    # The hook may be called in any thread; a timer in the window's own thread brings the report over.
    crashes.shown = lambda report: QTimer.singleShot(
        0, window, lambda: _show_crash(window, crashes, report, last_time=False)
    )
    jobs.broke.connect(lambda error: _show_crash(window, crashes, crashes.report(error), last_time=False))
    window.closing.connect(lambda: _end(window, opening, jobs), Qt.ConnectionType.SingleShotConnection)
    opening.show_start()
    window.show()
    if last is not None:
        _show_crash(window, crashes, last, last_time=True)
    if wanted is not None:
        opening.open(wanted)
    return int(app.exec())


def _show_crash(window: MainWindow, crashes: CrashLog, report: CrashReport, *, last_time: bool) -> None:
    from gengdi_desktop.ui.crash_dialog import CrashSheet

    window.open_dialog(CrashSheet(report, last_time=last_time, forget=crashes.forget))


def _end(window: MainWindow, opening: DeskOpening, jobs: Jobs) -> None:
    """Close the ledger in its lane, end the lanes, then let the window go."""

    def finished() -> None:
        jobs.close()
        window.close_now()

    opening.close_ledger(finished)
