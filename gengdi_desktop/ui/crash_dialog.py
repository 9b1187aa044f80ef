"""When it was our own mistake: a sheet with a text that can be photographed, and what it means for the work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from gengdi_desktop.system.crash_log import CrashReport
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.message import Message
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label


class CrashSheet(DialogSheet):
    """Shows a crash report, of now or of the last time; the text carries no names and no places."""

    def __init__(self, report: CrashReport, *, last_time: bool, forget: Callable[[], object]) -> None:
        super().__init__("程序出了差错")
        self.help_topic = "出了问题怎么办"
        what = "上次用的时候，程序出了差错，没有正常关掉。" if last_time else "程序出了差错，刚才这一步没有做成。"
        more = "已经记下的都在台账里：每次修改都立即写进台账。请拍下下面的文字，发给维护程序的人。"
        self.content.addWidget(Message("warn", what, more))
        self.content.addWidget(label("文字里没有人名、编号和地点。", "small"))
        self._text = QPlainTextEdit(report.text)
        self._text.setReadOnly(True)
        self._text.setAccessibleName("差错记录")
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setFixedHeight(px(240))
        self.content.addWidget(self._text)
        copy = button("复制文字", "link", "copy", pressed=lambda: QGuiApplication.clipboard().setText(report.text))
        go_on = button("接着用", "main", pressed=self._leave)
        self._forget = forget
        self.first = go_on
        self.set_buttons([copy], [go_on])

    def _leave(self) -> None:
        self._forget()
        self.close_sheet()
