"""Inline messages: sign, what happened, then nothing-lost and what-next; they stay until dealt with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from gengdi_desktop.errors import GengdiError, ProgramError
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, mark, row

Sign = Literal["stop", "warn", "info", "check"]
TONE_OF: Final[Mapping[Sign, Tone]] = {"stop": "seal", "warn": "soil", "info": "sky", "check": "land"}


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
        box = row(gap=10, margins=(12, 8, 12, 8))
        box.addWidget(mark(sign, tone, 18), 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(words, 1)
        for one in actions:
            box.addWidget(one)
        self.setLayout(box)


class MessageSlot(QFrame):
    """The place above a page's content where messages come and go; empty it takes no room."""

    def __init__(self) -> None:
        super().__init__()
        self._lay = QVBoxLayout(self)
        self._lay.setContentsMargins(0, 0, 0, 0)
        self._lay.setSpacing(8)
        self.hide()

    def show_message(self, sign: Sign, what: str, more: str = "", actions: Iterable[QPushButton] = ()) -> Message:
        """Show one message in the place of what stood here, with a button that puts it away."""
        self.clear()
        away = button("", "tool", "cross", name="收起这条消息", pressed=self.clear)
        made = Message(sign, what, more, (*actions, away))
        self._lay.addWidget(made)
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
        self.hide()
