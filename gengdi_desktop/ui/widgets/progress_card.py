"""Long work: the card in the corner with what, how far, how long still, and a cancel with its promise."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QProgressBar

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.parts import button, label, line, row
from gengdi_desktop.ui.widgets.sheet import Sheet

_MINUTE = 60
_TELL_AFTER_SECONDS = 3.0
_TELL_AFTER_SHARE = 0.05


def time_left(done: int, total: int, seconds: float) -> str:
    """How long still, in words; empty before 5 % or 3 seconds, when nobody can know.

    Args:
        done: Steps finished.
        total: All steps; 0 where the end is not known.
        seconds: Time since the work began.
    """
    if total <= 0 or done <= 0 or done >= total or seconds < _TELL_AFTER_SECONDS or done / total < _TELL_AFTER_SHARE:
        return ""
    left = seconds * (total - done) / done
    if left < _MINUTE:
        return f"大约还要 {max(5, 5 * round(left / 5))} 秒"
    return f"大约还要 {round(left / _MINUTE)} 分钟"


def how_far(done: int, total: int, unit: str) -> str:
    """``198 / 318 行``; empty while the end is not known."""
    return f"{done:,} / {total:,} {unit}".rstrip() if total > 0 else ""


class ProgressCard(Sheet):
    """Floats over the page; folding leaves the line in the status strip."""

    def __init__(self, title: str, promise: str, *, fold: Callable[[], object], cancel: Callable[[], object]) -> None:
        super().__init__(pad=16)
        self.setAccessibleName(title)
        self.body.setSpacing(8)
        self._told = label("", "value")
        self._left = label("", "label", "ink")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(f"{title}的进度")
        self._cancel = button("取消", pressed=self._stop)
        self._on_cancel = cancel
        self._promise = label(promise, "small", wrap=True)
        self.body.addLayout(row(label(title, "section"), None, button("收起", "tool", "down", pressed=fold), gap=8))
        self.body.addLayout(row(self._told, None, self._left, gap=8))
        self.body.addWidget(self._bar)
        self.body.addWidget(line())
        foot = row(gap=8)
        foot.addWidget(self._promise, 1)
        foot.addWidget(self._cancel)
        self.body.addLayout(foot)
        self.setFixedWidth(px(440))
        self._lift()

    def show_progress(self, done: int, total: int, unit: str, seconds: float) -> None:
        """Say how far the work is."""
        self._bar.setRange(0, max(total, 0))
        self._bar.setValue(done)
        self._told.setText(how_far(done, total, unit) or "正在准备")
        self._left.setText(time_left(done, total, seconds))

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._promise.setText("正在停下，马上就好。")
        self._on_cancel()

    def _lift(self) -> None:
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        shade = QColor(theme.color("shade"))
        shadow.setColor(shade)
        self.setGraphicsEffect(shadow)
