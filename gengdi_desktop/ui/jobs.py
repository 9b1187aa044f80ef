"""Work off the GUI thread: one lane for writing, one for reading, a few hands for files.

What a lane brings back lands on the GUI thread, through one queued signal and in the order in which it was finished.
A widget that is gone when its answer lands hears nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from gengdi_desktop.errors import Cancelled, GengdiError, ProgramError
from gengdi_desktop.ui.courtesy import PAINTING, tidy

Result = TypeVar("Result")
_TELL_EVERY_SECONDS: Final = 0.1
_FILE_HANDS: Final = 2
_REST_MS: Final = 3_000
_WAIT_EVERY_SECONDS: Final = 0.005
_log = logging.getLogger(__name__)


class Lane(Enum):
    """Where a job runs; the value is what its thread is called."""

    WRITE = "ledger-write"
    READ = "ledger-read"
    FILES = "files"


class Progress:
    """Handed to a job as its ``progress``: called with (done, total), raises :class:`Cancelled` when asked to stop."""

    def __init__(self, told: Callable[[int, int], None]) -> None:
        self._told = told
        self._stop = threading.Event()
        self._last = self._waited = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Tell how far the work is; cheap, so it may be called for every row.

        (0, 0) only asks whether to go on: nothing is told, and no paint is waited for, since who asks so is SQLite in
        the midst of a question, which needs the interpreter for this moment alone.
        """
        if self._stop.is_set():
            raise Cancelled
        if not (done or total):
            return
        now = time.monotonic()
        if (
            now - self._waited >= _WAIT_EVERY_SECONDS
        ):  # else a job that tells each row would stand still while one paints
            PAINTING.let_go_first()
            self._waited = now = time.monotonic()
        if 0 < total <= done or now - self._last >= _TELL_EVERY_SECONDS:
            self._last = now
            self._told(done, total)

    def stop(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()


@dataclass(frozen=True)
class Shown:
    """What the person reads of a job while it runs.

    Attributes:
        title: What is being done; empty for work that is not worth a word.
        unit: What its progress counts: 行, 页, 个.
        promise: What cancelling leaves behind, in one sentence.
    """

    title: str = ""
    unit: str = ""
    promise: str = "您可以接着干别的。取消后台账和原来一样。"


@dataclass(eq=False)
class Job:
    """One piece of work, as the GUI thread sees it; ``steps`` is how far it is, as (done, total)."""

    shown: Shown
    lane: Lane
    owner: QObject | None
    done: Callable[[Any], object] | None
    failed: Callable[[GengdiError], object] | None
    cancelled: Callable[[], object] | None
    started: float = field(default_factory=time.monotonic)
    progress: Progress = field(default_factory=lambda: Progress(lambda _done, _total: None))
    steps: tuple[int, int] = (0, 0)
    dropped: bool = False

    def cancel(self) -> None:
        """Ask it to stop; what it did so far is left undone by the service."""
        self.progress.stop()

    @property
    def seconds(self) -> float:
        """Time since it was handed in."""
        return time.monotonic() - self.started


class Jobs(QObject):
    """All work of one open window. Signals: a job began, told how far it is, ended."""

    began = Signal(object)
    moved = Signal(object)
    ended = Signal(object)
    broke = Signal(object)
    """An exception that is our own mistake, with its job's title."""
    _landed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools = {
            Lane.WRITE: ThreadPoolExecutor(1, thread_name_prefix=Lane.WRITE.value),
            Lane.READ: ThreadPoolExecutor(1, thread_name_prefix=Lane.READ.value),
            Lane.FILES: ThreadPoolExecutor(_FILE_HANDS, thread_name_prefix=Lane.FILES.value),
        }
        self._running: set[Job] = set()
        self._newest: dict[str, Job] = {}
        self._landed.connect(self._land, Qt.ConnectionType.QueuedConnection)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._tidy_if_idle)  # a lambda here would keep all pages alive for good

    def run(
        self,
        lane: Lane,
        work: Callable[[Progress], Result],
        done: Callable[[Result], object] | None = None,
        failed: Callable[[GengdiError], object] | None = None,
        *,
        owner: QObject | None = None,
        shown: Shown = Shown(),
        cancelled: Callable[[], object] | None = None,
        newest: str = "",
    ) -> Job:
        """Hand in one piece of work.

        Args:
            lane: Where it runs.
            work: Runs off the GUI thread; gets the :class:`Progress` to pass on to a service.
            done: Gets the result, on the GUI thread.
            failed: Gets the error of a service, on the GUI thread; our own mistakes go to :attr:`broke` as well.
            owner: When it is deleted before the answer lands, nobody is called.
            shown: What the person reads while it runs.
            cancelled: Called when the work was stopped.
            newest: Of jobs with the same word only the answer to the last is heard.
        """
        job = Job(shown, lane, owner, done, failed, cancelled)
        job.progress = Progress(lambda step, total: self._landed.emit(lambda: self._move(job, step, total)))
        if newest:
            before = self._newest.get(newest)
            if before is not None:
                before.dropped = True
                before.cancel()
            self._newest[newest] = job
        self._running.add(job)
        self.began.emit(job)
        self._pools[lane].submit(self._work, job, work)
        return job

    def write(
        self,
        work: Callable[[Progress], Result],
        done: Callable[[Result], object] | None = None,
        failed: Callable[[GengdiError], object] | None = None,
        *,
        owner: QObject | None = None,
        title: str = "",
    ) -> Job:
        """A short change of the ledger: one at a time, in the order they were asked for."""
        return self.run(Lane.WRITE, work, done, failed, owner=owner, shown=Shown(title))

    def read(
        self,
        work: Callable[[Progress], Result],
        done: Callable[[Result], object] | None = None,
        failed: Callable[[GengdiError], object] | None = None,
        *,
        owner: QObject | None = None,
        newest: str = "",
    ) -> Job:
        """A question to the ledger, on its read-only connection; never waits for a change."""
        return self.run(Lane.READ, work, done, failed, owner=owner, newest=newest)

    @property
    def running(self) -> tuple[Job, ...]:
        """The jobs whose answer has not landed yet, oldest first."""
        return tuple(sorted(self._running, key=lambda job: job.started))

    def let_go(self, owner: QObject, *, also_asked: bool = False) -> None:
        """Stop what is read for somebody who is not looked at any more.

        What bears a title the person has asked for, and sees in the corner: it goes on, unless *also_asked*. What
        writes always goes on.
        """
        for job in self.running:
            if job.owner is owner and job.lane is not Lane.WRITE and (also_asked or not job.shown.title):
                job.cancel()

    def close(self) -> None:
        """Ask long work to stop, let the lanes run dry and end their threads; answers still under way are dropped."""
        for job in self._running:
            if job.lane is not Lane.WRITE:
                job.cancel()
            job.dropped = True
        self._newest.clear()
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    def _tidy_if_idle(self) -> None:
        if not self._running:
            tidy()

    def _work(self, job: Job, work: Callable[[Progress], Any]) -> None:
        """Runs in a lane; whatever happens, exactly one answer is sent."""
        try:
            job.progress(0, 0)
            with PAINTING.lane():
                answer = work(job.progress)
        except Cancelled:
            self._landed.emit(lambda: self._end(job, job.cancelled))
        except GengdiError as error:
            heard = error
            self._landed.emit(lambda: self._fail(job, heard))
        except Exception as error:  # noqa: BLE001  # a lane must live on; the mistake is reported, not swallowed
            broken = error
            self._landed.emit(lambda: self._break(job, broken))
        else:
            heard_by = job.done
            self._landed.emit(lambda: self._end(job, None if heard_by is None else partial(heard_by, answer)))

    @staticmethod
    def _land(call: Callable[[], None]) -> None:
        call()

    def _move(self, job: Job, done: int, total: int) -> None:
        job.steps = (done, total)
        if job in self._running:
            self.moved.emit(job)

    def _end(self, job: Job, call: Callable[[], object] | None) -> None:
        self._running.discard(job)
        self._rest.start()
        self.ended.emit(job)
        if call is not None and self._heard(job):
            call()

    def _fail(self, job: Job, error: GengdiError) -> None:
        if isinstance(error, ProgramError):
            self.broke.emit(error)
        failed = job.failed
        self._end(job, None if failed is None else lambda: failed(error))
        if failed is None and self._heard(job):
            _log.info("unheard refusal %s", error.code)

    def _break(self, job: Job, error: Exception) -> None:
        _log.error("job broke", exc_info=error)
        self.broke.emit(error)
        told = ProgramError("unexpected", "程序出了差错，刚才这一步没有做成。台账没有变。", "请再试一次。")
        failed = job.failed
        self._end(job, None if failed is None else lambda: failed(told))

    @staticmethod
    def _heard(job: Job) -> bool:
        return not job.dropped and (job.owner is None or isValid(job.owner))
