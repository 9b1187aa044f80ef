"""Long work in the corner: after a second a line in the status strip, after three a card that can be folded away."""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.jobs import Job, Jobs
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.overlay import Corner
from gengdi_desktop.ui.widgets.progress_card import ProgressCard, how_far, time_left

_LINE_AFTER: Final = 1.0
_CARD_AFTER: Final = 3.0
_TICK_MS: Final = 250


class JobLine(Protocol):
    """Where the line of the running work is told: the status strip, or the start page, which has none."""

    def show_job(self, words: str) -> None:
        """The work that runs, in a few words; empty when it is done."""
        ...


class JobDisplay(QObject):
    """Watches the lanes; shows the oldest piece of work that has a title."""

    def __init__(self, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._jobs, self._window = jobs, window
        self._line: JobLine | None = None
        self._shown: Job | None = None
        self._card: ProgressCard | None = None
        self._folded = False
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self.look)
        jobs.began.connect(self._began)
        jobs.ended.connect(self._ended)

    def attach(self, line: JobLine) -> None:
        """Where the line is told."""
        self._line = line

    def unfold(self) -> None:
        """Bring the card back."""
        self._folded = False
        self.look()

    def fold(self) -> None:
        """Leave only the line in the strip."""
        self._folded = True
        self._drop_card()

    def look(self) -> None:
        """Show what has run long enough to deserve it."""
        job = next((one for one in self._jobs.running if one.shown.title), None)
        if job is not self._shown:
            self._drop_card()
            self._shown, self._folded = job, False
        if job is None:
            self._tick.stop()
            self._tell("")
            return
        done, total = job.steps
        if job.seconds >= _LINE_AFTER:
            parts = (how_far(done, total, job.shown.unit), time_left(done, total, job.seconds))
            self._tell("，".join((" ".join((job.shown.title, parts[0])).strip(), parts[1])).strip("，"))
        if job.seconds >= _CARD_AFTER and not self._folded:
            self._show_card(job)
        if self._card is not None:
            self._card.show_progress(done, total, job.shown.unit, job.seconds)

    def _began(self, job: Job) -> None:
        if job.shown.title and not self._tick.isActive():
            self._tick.start()

    def _ended(self, job: Job) -> None:
        if job is self._shown:
            self.look()

    def _show_card(self, job: Job) -> None:
        if self._card is None:
            self._card = ProgressCard(f"正在{job.shown.title}", job.shown.promise, fold=self.fold, cancel=job.cancel)
            Corner(self._window, self._card, px(theme.STATUS))

    def _drop_card(self) -> None:
        if self._card is not None:
            self._card.hide()
            self._card.deleteLater()
            self._card = None

    def _tell(self, words: str) -> None:
        if self._line is not None:
            self._line.show_job(words)
