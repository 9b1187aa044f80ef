"""The real window on a ledger, without a screen: open it, wait until it rests, take pictures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from gengdi_desktop.system.clock import Clock
from gengdi_desktop.system.settings import Settings
from gengdi_desktop.ui.application import dress, make_application
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.desk_opening import DeskOpening
from gengdi_desktop.ui.jobs import Jobs
from gengdi_desktop.ui.main_window import MainWindow
from gengdi_desktop.ui.preferences import Preferences
from gengdi_desktop.ui.theme import LIGHT, Look
from tests.gui.scripted_prompts import ScriptedPrompts

PATIENCE_SECONDS = 60.0
_QUIET_TURNS = 6
_TURN_SECONDS = 0.002


@dataclass
class Stage:
    """An open window with everything behind it."""

    app: QApplication
    main: MainWindow
    opening: DeskOpening
    jobs: Jobs
    prompts: ScriptedPrompts
    _arriving: bool = False

    @property
    def window(self) -> MainWindow:
        """The window, with all that its first page shows."""
        self._arrive()
        return self.main

    @property
    def context(self) -> UiContext:
        """What the pages of the open ledger were given."""
        self._arrive()
        assert self.opening.context is not None
        return self.opening.context

    def _arrive(self) -> None:
        """Wait for the page with which a ledger opens, unless another was asked for at once."""
        if self._arriving:
            self.settle()

    def settle(self) -> None:
        """Let events and lanes run until nothing is left to do."""
        self._arriving = False
        quiet, until = 0, time.monotonic() + PATIENCE_SECONDS
        while quiet < _QUIET_TURNS:
            assert time.monotonic() < until, f"still running: {[one.shown.title for one in self.jobs.running]}"
            self.turn()
            quiet = 0 if self.jobs.running or self._end_a_rest() else quiet + 1
            time.sleep(_TURN_SECONDS)

    def _end_a_rest(self) -> bool:
        """Let the first of those that wait for a short rest before they ask, a filter or the pane, ask now.

        In the order in which they would have come, and never while a lane works; only nobody sits the time out.
        """
        resting = [one for one in self.main.findChildren(QTimer) if one.isSingleShot() and one.isActive()]
        if resting:
            first = min(resting, key=QTimer.remainingTime)
            first.stop()
            first.timeout.emit()
        return bool(resting)

    def turn(self) -> None:
        """One turn of the event loop; what was let go is deleted, as in the loop of the running program."""
        self.app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def open(self, folder: Path) -> None:
        """Open a ledger; who looks at the window then finds its first page, who goes on does not wait for it."""
        self.opening.open(folder)
        until = time.monotonic() + PATIENCE_SECONDS
        while self.opening.context is None:
            assert time.monotonic() < until, f"not opened: {folder}"
            self.turn()
            time.sleep(_TURN_SECONDS)
        self._arriving = True

    def go(self, page: str, wish: dict[str, str] | None = None) -> None:
        """Bring a page to front and wait until it has read what it shows."""
        self.main.go(page, wish)
        self.settle()

    def resize(self, width: int, height: int) -> None:
        """Give the window another size, in device-independent pixels."""
        self.main.resize(width, height)
        self.settle()

    def shoot(self, file: Path, ratio: float = 1.0) -> None:
        """Paint the window into a file, for a screen with *ratio* dots a pixel."""
        size = self.window.size()
        image = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        self.window.render(painter, QPoint())
        painter.end()
        file.parent.mkdir(parents=True, exist_ok=True)
        image.save(str(file))


@contextmanager
def stage(clock: Clock, look: Look = LIGHT, scale: float = 1.0, settings: Settings | None = None) -> Iterator[Stage]:
    """A window with its start page; everything is put away afterwards."""
    app = make_application()
    dress(app, look, scale)
    jobs = Jobs()
    prompts = ScriptedPrompts()
    preferences = Preferences(jobs, settings or Settings())
    window = MainWindow(jobs)
    window.resize(1366, 768)
    opening = DeskOpening(window, jobs, prompts, preferences, clock)
    opening.show_start()
    window.show()
    made = Stage(app, window, opening, jobs, prompts)
    made.settle()
    try:
        yield made
    finally:
        made.settle()
        opening.close_ledger(lambda: None)
        made.settle()
        jobs.close()
        window.close_now()
        window.deleteLater()
        made.turn()
