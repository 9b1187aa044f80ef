"""The window is to close while work runs: what runs, what happens to it, and two ways on."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from gengdi_desktop.ui.jobs import Job, Jobs
from gengdi_desktop.ui.widgets.message import Message
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label
from gengdi_desktop.ui.widgets.progress_card import how_far, time_left

_TICK_MS = 250


class CloseSheet(DialogSheet):
    """Waits for the work, or cancels it when asked to; ``decided`` comes when the window may close."""

    decided = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__("还有事没办完")
        self._jobs = jobs
        self._waiting = False
        told = "已经记下的都在台账里。等它办完再关最稳妥；取消的话，这件事就当没有做，不会留下半截。"
        self.content.addWidget(Message("info", "程序正在办下面的事，现在关窗口要先等它。", told))
        self._told = label("", "value", wrap=True)
        self.content.addWidget(self._told)
        self._stop = button("取消它，关窗口", "link", tone="seal", pressed=self._cancel)
        self._wait = button("办完就关", "main", pressed=self._wait_for_it)
        self.first: QWidget | None = self._wait
        self.set_buttons([self._stop], [button("不关了", pressed=self.close_sheet), self._wait])
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self.look)
        self._tick.start()
        self.look()

    def look(self) -> None:
        """Say how far the work is; when it is done and somebody waits, let the window close."""
        busy = self._busy()
        self._told.setText("\n".join(_line(job) for job in busy) or "都办完了。")
        if not busy:
            self._tick.stop()
            if self._waiting:
                self._leave()
            else:
                self._stop.hide()
                self._wait.setText("关窗口")

    def _busy(self) -> list[Job]:
        return [job for job in self._jobs.running if job.shown.title]

    def _wait_for_it(self) -> None:
        self._waiting = True
        self._wait.setEnabled(False)
        self._wait.setText("办完就关，请稍等")
        self._tick.start()
        self.look()

    def _cancel(self) -> None:
        for job in self._busy():
            job.cancel()
        self._stop.setEnabled(False)
        self._wait_for_it()

    def _leave(self) -> None:
        self.close_sheet()
        self.decided.emit()


def _line(job: Job) -> str:
    done, total = job.steps
    parts = (f"正在{job.shown.title}", how_far(done, total, job.shown.unit), time_left(done, total, job.seconds))
    return "，".join(one for one in parts if one)
