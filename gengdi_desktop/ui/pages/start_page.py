"""The first page: ledgers used lately, the four ways to one (new, open, sample, restore), and the manual."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.ui import words
from gengdi_desktop.ui.facts import KnownLedger
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.empty_state import FieldsPicture
from gengdi_desktop.ui.widgets.page import Arrangement, Page
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, clear, column, label, line, mark, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import PressRow, Sheet


@dataclass(frozen=True)
class StartDeeds:
    """What the page can ask for; each opens a picker or a dialog of its own."""

    new: Callable[[], object]
    open_other: Callable[[], object]
    sample: Callable[[], object]
    restore: Callable[[], object]
    open_known: Callable[[Path], object]
    forget: Callable[[str], object]
    manual: Callable[[], object]


_SIDE, _ABOVE = 104, 72


class StartPage(Page):
    """Shown while no ledger is open."""

    def __init__(self, deeds: StartDeeds, today: date) -> None:
        super().__init__("耕地整改台账", "", pad=24)
        self._deeds, self._today = deeds, today
        self._known = Sheet("最近用过的", "点一行就打开", pad=16)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._known.body.addLayout(self._list)
        self._known.body.addStretch(1)
        self._busy = label("", "body", "accent", wrap=True)
        self._busy.hide()
        self._ways = self._make_ways()
        self._parts = Arrangement(gap=16)
        self.body.addWidget(self._parts)
        self.body.addWidget(label("不用联网。数据只在这台电脑上，每次修改都立即写进台账。", "small"))
        self.body.addStretch(1)
        self.show_known(())
        self.arrange(self.shape)

    def arrange(self, shape: Shape) -> None:
        """Two columns in the upper part of a wide window, or one under the other."""
        side, above = (24, 10) if shape.compact else (_SIDE, _ABOVE)
        self.body.setContentsMargins(px(side), px(above), px(side), 24)
        if shape.compact:
            self._parts.place(((self._known, (0, 0, 1, 1)), (self._ways, (1, 0, 1, 1))), columns=(1,), rows=(0, 0, 1))
        else:
            self._parts.place(((self._known, (0, 0, 1, 1)), (self._ways, (0, 1, 1, 1))), columns=(58, 42))

    def show_known(self, known: Sequence[KnownLedger]) -> None:
        """Show the ledgers used lately; without any, say what the program is for."""
        clear(self._list)
        if not known:
            self._list.addWidget(FieldsPicture())
            self._list.addWidget(label("这台电脑上还没有打开过台账。", "body"))
            hint = "先新建一本，再收县里的任务包，或者导入清单。也可以先打开样例看看，样例里的数都是编的。"
            self._list.addWidget(label(hint, "label", wrap=True))
            return
        for one in known:
            self._list.addWidget(line())
            self._list.addWidget(self._ledger_row(one))
        self._list.addWidget(line())

    def show_job(self, words: str) -> None:
        """What is being done, in a few words; until it is done no other way may be taken."""
        self._busy.setText(f"正在{words}" if words else "")
        self._busy.setVisible(bool(words))
        self._ways.setEnabled(not words)
        self._known.setEnabled(not words)

    def _ledger_row(self, known: KnownLedger) -> QWidget:
        told = "文件夹不在了，可能是 U 盘没插" if not known.there else self._dates(known)
        name = ElidedLabel(known.name, "section")
        place = ElidedLabel(str(known.path.parent), "small", path=True)
        text = column(name, place, gap=2)
        lay = row(gap=12, margins=(4, 8, 4, 8))
        lay.addWidget(mark("ledger", "accent" if known.there else "ink3", 18), 0, Qt.AlignmentFlag.AlignTop)
        lay.addLayout(text, 1)
        lay.addWidget(label(told, "small", "" if known.there else "soil", align=Qt.AlignmentFlag.AlignRight))
        if known.there:
            lay.addWidget(mark("right", "ink3", 14))
            made = PressRow(f"打开{known.name}，{told}", lambda: self._deeds.open_known(known.path))
        else:
            forget = button("不再列出", "link", pressed=lambda: self._deeds.forget(str(known.path)))
            lay.addWidget(forget)
            made = PressRow(f"{known.name}，{told}", lambda: None)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setLayout(lay)
        return made

    def _dates(self, known: KnownLedger) -> str:
        changed = words.moment(known.changed, self._today) if known.changed else words.NOTHING
        backup = f"上次备份 {words.moment(known.backup, self._today)}" if known.backup else "还没有备份"
        return f"最后修改 {changed}\n{backup}"

    def _make_ways(self) -> Sheet:
        sheet = Sheet("开始", pad=16)
        ways = (
            ("新建台账", "plus", "main", "一个单位一本。建好后收任务包，或者导入清单。", self._deeds.new),
            ("打开台账", "open", "", "打开本机、U 盘上的台账文件夹。", self._deeds.open_other),
            ("看看样例", "sprout", "", "一本编好的台账，从自查走到报送，随便试。", self._deeds.sample),
            ("从备份恢复", "restore", "", "用备份文件恢复到一个新的文件夹。", self._deeds.restore),
            ("使用说明", "help", "", "第一次用，先看“开始使用”。随时按 F1 打开。", self._deeds.manual),
        )
        for index, (words_, sign, kind, note, call) in enumerate(ways):
            if index:
                sheet.body.addWidget(line())
            made = button(words_, "main" if kind == "main" else "", sign, pressed=call)
            made.setMinimumWidth(px(124))
            inner = row(gap=16, margins=(0, 8, 0, 8))
            inner.addWidget(made)
            inner.addWidget(label(note, "label", "ink", wrap=True), 1)
            sheet.body.addLayout(inner)
        sheet.body.addWidget(self._busy)
        sheet.body.addStretch(1)
        return sheet
