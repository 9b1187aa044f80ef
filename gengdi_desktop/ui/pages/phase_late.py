"""Who has plots past their deadline, beside a phase's queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.ui import words
from gengdi_desktop.ui.widgets.parts import ElidedLabel, clear, label, line, row
from gengdi_desktop.ui.widgets.sheet import PressRow, Sheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.worklists import LatePerson

_SHOWN: Final = 4


class LatePeople(Sheet):
    """The people with most first; a press on one asks for the late plots of that person."""

    def __init__(self, pressed: Callable[[str], object]) -> None:
        super().__init__("谁超期了", "点一行，只看他的")
        self._pressed = pressed
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)

    def show_people(self, late: Sequence[LatePerson], *, room: bool) -> None:
        """Show them; nothing where nobody is late or the window has no *room*, since the list tells it too."""
        clear(self._rows)
        self.setVisible(bool(late) and room)
        for one in late[:_SHOWN]:
            self._rows.addWidget(line())
            self._rows.addWidget(self._row(one))
        if len(late) > _SHOWN:
            rest = sum(one.count for one in late[_SHOWN:])
            self._rows.addWidget(label(f"另有 {len(late) - _SHOWN} 人，{words.count(rest)} 个", "small"))

    def _row(self, late: LatePerson) -> QWidget:
        who = late.person or "没有责任人"
        told = f"{words.count(late.count)} 个，最久 {late.days} 天"
        lay = row(ElidedLabel(who, "value"), None, label(told, "small", "seal"), gap=8, margins=(0, 2, 2, 2))
        made = PressRow(f"{who}，{told}", lambda: self._pressed(late.person))
        made.setLayout(lay)
        made.setToolTip(words.some_of(late.villages))
        return made
