"""The strip at the foot: saved when, last backup, running work, sums of the selection, sample or read-only mark."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, label, line, mark, row, say, set_tone


class StatusStrip(QFrame):
    """Small words only; nothing here must be read to go on working."""

    def __init__(self, unfold: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("bar", "status")
        self.setFixedHeight(px(theme.STATUS))
        self._saved = label("已存", "small", "ink")
        self._saved.setToolTip("每次修改都立即写进台账，没有“保存”按钮")
        self._backup = label("", "small")
        self._job = button("", "link", "clock", name="正在办的事", pressed=unfold)
        self._job.setProperty("small", "true")
        self._job.hide()
        self._sums = ElidedLabel("", "small", "ink")
        self._mark: QLabel = label("", "small", "soil")
        self._rule = line("v")
        lay = row(gap=14, margins=(16, 0, 16, 0))
        lay.addWidget(mark("check", "land", 14))
        left: tuple[QWidget, ...] = (self._saved, line("v"), self._backup)
        right: tuple[QWidget, ...] = (self._job, self._sums, self._rule, self._mark)
        for one in left:
            lay.addWidget(one)
        lay.addStretch(1)
        for one in right:
            lay.addWidget(one)
        self.setLayout(lay)
        self.show_mark("", "")

    @property
    def job_button(self) -> QPushButton:
        """The line of the running work, which unfolds its card."""
        return self._job

    def show_saved(self, words: str) -> None:
        """When the last change was written."""
        self._saved.setText(words)

    def show_backup(self, words: str, *, late: bool = False) -> None:
        """When the last backup was made."""
        self._backup.setText(words)
        set_tone(self._backup, "soil" if late else "")

    def show_job(self, words: str) -> None:
        """The work that runs, in a few words; empty when it is done."""
        say(self._job, words or "正在办的事")
        self._job.setVisible(bool(words))

    def show_sums(self, words: str) -> None:
        """Sums of the selection, as Excel has them."""
        self._sums.set_words(words)

    def show_mark(self, words: str, why: str) -> None:
        """样例数据, 只能看; empty for an everyday ledger."""
        self._mark.setText(words)
        self._mark.setToolTip(why)
        self._mark.setVisible(bool(words))
        self._rule.setVisible(bool(words))
