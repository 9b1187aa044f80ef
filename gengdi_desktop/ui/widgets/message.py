"""Inline messages: sign, what happened, then nothing-lost and what-next; they stay until dealt with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QVBoxLayout

from gengdi_desktop.errors import GengdiError, ProgramError
from gengdi_desktop.ui.theme import Tone, px
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, mark, row

Sign = Literal["stop", "warn", "info", "check"]
TONE_OF: Final[Mapping[Sign, Tone]] = {"stop": "seal", "warn": "soil", "info": "sky", "check": "land"}
_NARROW: Final = 460


class Message(QFrame):
    """One message; several sentences may stand in *more*."""

    def __init__(self, sign: Sign, what: str, more: str = "", actions: Iterable[QPushButton] = ()) -> None:
        super().__init__()
        tone = TONE_OF[sign]
        self.setProperty("message", tone)
        self.setAccessibleName(f"{what}{more}")
        words = column(label(what, wrap=True), gap=2)
        if more:
            words.addWidget(label(more, "label", "ink", wrap=True))
        made = tuple(actions)
        self._ways = row(*made, gap=10)
        self._several = len(made) > 1
        self._beside = row(gap=8)
        self._beside.addLayout(words, 1)
        self._beside.addLayout(self._ways)
        box = row(gap=10, margins=(12, 8, 12, 8))
        box.addWidget(mark(sign, tone, 18), 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(self._beside, 1)
        self.setLayout(box)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow pane the actions stand below the words, which else would have a few letters a line."""
        super().resizeEvent(event)
        narrow = self._several and event.size().width() < px(_NARROW)
        self._beside.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._beside.setAlignment(self._ways, Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag(0))


class MessageSlot(QFrame):
    """The place above a page's content where messages come and go; empty it takes no room.

    ``told`` is what the message says that stands there; empty while none does.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lay = QVBoxLayout(self)
        self._lay.setContentsMargins(0, 0, 0, 0)
        self._lay.setSpacing(8)
        self.told = ""
        self.hide()

    def show_message(self, sign: Sign, what: str, more: str = "", actions: Iterable[QPushButton] = ()) -> Message:
        """Show one message in the place of what stood here, with a button that puts it away."""
        self.clear()
        away = button("", "tool", "cross", name="收起这条消息", pressed=self.clear)
        made = Message(sign, what, more, (*actions, away))
        self._lay.addWidget(made)
        self.told = what
        self.show()
        return made

    def show_error(self, error: GengdiError, actions: Iterable[QPushButton] = ()) -> Message:
        """Show what a service refused or could not do, in its own words."""
        more = error.hint
        if isinstance(error, ProgramError):
            more = f"{more}　错误编号 {error.code}，求助时请拍下这一行。".strip()
        return self.show_message("stop", error.message, more, actions)

    def clear(self) -> None:
        """Put the message away."""
        clear(self._lay)
        self.told = ""
        self.hide()
