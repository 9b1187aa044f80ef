"""Who answers for the plots of a village: leader and field chief, for all of them in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter

from gengdi_desktop.ui.widgets.fields import LineField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label

if TYPE_CHECKING:
    from gengdi_desktop.ledger.villages import VillagePeople


@dataclass(frozen=True)
class Assignment:
    """Names for the plots of a village; an empty name leaves what stands."""

    township: str
    village: str
    leader: str
    chief: str


class AssignDialog(DialogSheet):
    """Asks for two names; the members are offered while one types."""

    wished = Signal(object)

    def __init__(self, village: VillagePeople, members: Sequence[str]) -> None:
        super().__init__(f"分派{village.village}", f"{village.open_plots} 个图斑，一次写完，可以撤销")
        self.help_topic = "成员与设置"
        self._village = village
        self._leader = LineField("责任领导", _only(village.leaders))
        self._chief = LineField("田长或网格长", _only(village.chiefs))
        completer = QCompleter(list(members), self._leader)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._leader.setCompleter(completer)
        self._form = Form(96)
        self._form.add("leader", "责任领导", self._leader, _several("现在有", village.leaders))
        self._form.add("chief", "田长或网格长", self._chief, _several("现在有", village.chiefs))
        self.content.addWidget(self._form)
        told = "空着就不改。写了的，这个村还没销号的图斑都记成这个人；个别不一样的，再到图斑页里单独改。"
        self.content.addWidget(label(told, "small", wrap=True))
        self.first = self._leader
        self.set_buttons([], [button("取消", pressed=self.close_sheet), button("分派", "main", pressed=self._assign)])

    def _assign(self) -> None:
        leader, chief = self._leader.text().strip(), self._chief.text().strip()
        self._form.show_error("leader", "" if leader or chief else "两项至少写一项。")
        if not (leader or chief):
            self._leader.setFocus()
            return
        self.wished.emit(Assignment(self._village.township, self._village.village, leader, chief))
        self.close_sheet()


def _only(names: Sequence[tuple[str, int]]) -> str:
    return names[0][0] if len(names) == 1 else ""


def _several(words: str, names: Sequence[tuple[str, int]]) -> str:
    return f"{words}{'、'.join(f'{name}（{count} 个）' for name, count in names)}" if len(names) > 1 else ""
