"""A walk through the sample in a few steps: a line above the page, left at any time, never over the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from gengdi_desktop.ui.widgets.message import Message
from gengdi_desktop.ui.widgets.parts import button, clear

STEPS: Final = (
    ("home", "先看工作台。", "今天该做什么，还差什么才能报送，都在这里。每个数都能点开，看到正好是哪些图斑。"),
    ("intake", "县里的清单从这里进来。", "什么样的表都行。先看对不对，再点导入；导错了，整个可以撤销。"),
    ("ledger", "这是图斑台账。", "像 Excel 一样改，改了就存好。上面的框里写拼音首字母也能找，Ctrl+Z 撤销。"),
    ("rectification", "各阶段排好了队。", "谁的图斑、缺什么、拖了几天，一个一个往下办。"),
    ("reports", "数字直接写成报告。", "先看草稿，定稿以后签名、报送，留下记录。"),
    ("settings", "日期、规则、备份在这里。", "照县里的通知填。备份请放两处。随时按 F1 看说明。"),
)
"""The page of each step, what it is, and one sentence of what it does."""


class Tour:
    """Where the walk stands; :meth:`make_bar` gives the place where it speaks, anew with each frame of the window."""

    def __init__(self, go: Callable[[str], object]) -> None:
        self._go = go
        self._at = -1
        self._bar: QFrame | None = None
        self._lay = QVBoxLayout()

    @property
    def running(self) -> bool:
        """Whether somebody walks."""
        return self._at >= 0

    def make_bar(self) -> QWidget:
        """The line above the page; empty it takes no room."""
        self._bar = QFrame()
        self._bar.setAccessibleName("演示")
        self._lay = QVBoxLayout(self._bar)
        self._lay.setContentsMargins(12, 8, 12, 0)
        self._bar.hide()
        if self.running:
            self._speak()
        return self._bar

    def begin(self) -> None:
        """Go to the first step."""
        self._step(0)

    def end(self) -> None:
        """Leave; the page in front stays."""
        self._at = -1
        if self._bar is not None and isValid(self._bar):
            clear(self._lay)
            self._bar.hide()

    def _step(self, at: int) -> None:
        if at >= len(STEPS):
            self.end()
            self._go(STEPS[0][0])
            return
        self._at = at
        self._go(STEPS[at][0])
        self._speak()

    def _speak(self) -> None:
        if self._bar is None:
            return
        clear(self._lay)
        _page, what, more = STEPS[self._at]
        last = self._at + 1 == len(STEPS)
        on = button("走完了" if last else "下一步", "main", pressed=lambda: self._step(self._at + 1))
        back = button("上一步", pressed=lambda: self._step(self._at - 1))
        back.setEnabled(self._at > 0)
        away = button("不看了", "link", pressed=self.end)
        told = f"第 {self._at + 1} 步，共 {len(STEPS)} 步：{what}"
        self._lay.addWidget(Message("info", told, more, (away, back, on)))
        self._bar.show()
        on.setFocus()
