"""The sheet of backups: two places, make one now, the last ones, and back from each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.backups import RESTORING, KnownBackup, MadeBackups, known_backups, make_backups, own_place
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import ElidedLabel, boxed, button, clear, label, line, row
from gengdi_desktop.ui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.backup import Restored

_PLACE_WIDTH: Final = 64


class BackupSheet(Sheet):
    """What it did is told in the page's messages; ``made`` is called after each backup."""

    def __init__(self, context: UiContext, messages: MessageSlot, refused: Callable[[GengdiError], object]) -> None:
        super().__init__("备份", "放两处才保险", pad=16)
        self._context, self._messages, self._refused = context, messages, refused
        self._own = own_place(Path(context.facts.folder))
        self._second = ElidedLabel("", "value", path=True)
        choose = button("选第二处", "link", "drive", name="选备份的第二处", pressed=self._choose)
        self._drop = button("不要第二处", "link", tone="seal", pressed=lambda: self._set_second(None))
        for name, place, tools in (
            ("第一处", ElidedLabel(str(self._own), "value", path=True), ()),
            ("第二处", self._second, (choose, self._drop)),
        ):
            tag = label(name, "label")
            tag.setFixedWidth(px(_PLACE_WIDTH))
            lay = row(tag, gap=8)
            lay.addWidget(place, 1)
            for tool in tools:
                lay.addWidget(tool)
            self.body.addLayout(lay)
        now = button("现在备份", "", "save", pressed=self.make)
        now.setEnabled(context.writable)
        self.body.addLayout(row(now, None))
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)
        told = "备份前先核对一遍台账，备份文件也核对过才算数。照片和报告不在备份文件里：请常把整个台账文件夹抄到 U 盘。"
        self.body.addWidget(label(told, "small", wrap=True))
        self.body.addStretch(1)

    def look(self) -> None:
        """Show the second place and the newest backups of both."""
        second = self._second_place()
        self._second.set_words(str(second) if second is not None else "还没有选，电脑坏了就都没了")
        self._drop.setVisible(second is not None)
        places = [self._own, *([second] if second is not None else [])]
        self._context.jobs.run(
            Lane.FILES, lambda _progress: known_backups(places), self._show, owner=self, newest="backups"
        )

    def make(self) -> None:
        """Make a backup now, in both places."""
        ledger, clock, second = self._context.ledger, self._context.clock, self._second_place()

        def done(made: MadeBackups) -> None:
            size = words.file_size(made.first.size)
            what = f"备份好了：{made.first.file.name}，{size}。"
            where = f"放在 {made.first.file.parent}"
            if made.second is not None:
                where = f"{where} 和 {made.second.file.parent}"
            if made.second_problem:
                self._messages.show_message("warn", what, f"{where}。{made.second_problem}")
            else:
                self._messages.show_message("check", what, f"{where}。")
            self.look()
            self._context.refresh_facts()

        self._context.jobs.run(
            Lane.WRITE, lambda _progress: make_backups(ledger, clock, second), done, self._refused,
            owner=self, shown=Shown("备份台账"),
        )  # fmt: skip

    def _second_place(self) -> Path | None:
        return self._context.preferences.second_backup(self._context.facts.ledger_id)

    def _choose(self) -> None:
        chosen = self._context.prompts.folder("备份的第二处，最好是 U 盘或另一块硬盘", str(self._second_place() or ""))
        if chosen is None:
            return
        if chosen.is_relative_to(Path(self._context.facts.folder)):
            told = "第二处不能在台账文件夹里：台账丢了，它也跟着丢了。"
            self._messages.show_message("warn", told, "请选 U 盘或另一块硬盘。")
            return
        self._set_second(chosen)

    def _set_second(self, place: Path | None) -> None:
        self._context.preferences.choose_second_backup(self._context.facts.ledger_id, place)
        self.look()

    def _show(self, found: tuple[KnownBackup, ...]) -> None:
        clear(self._list)
        if not found:
            self._list.addWidget(label("还没有备份。", "label"))
            return
        self._list.addWidget(line())
        for one in found:
            self._list.addWidget(self._row(one))
            self._list.addWidget(line())

    def _row(self, one: KnownBackup) -> QWidget:
        moment = words.moment(one.at, self._context.clock.today())
        where = "第一处" if one.file.parent == self._own else "第二处"
        back = button("恢复", "link", "restore", pressed=lambda: self._restore(one))
        back.setAccessibleName(f"恢复{moment}的备份")
        lay = row(label(moment, "value"), label(where, "label"), gap=12, margins=(0, 3, 0, 3))
        lay.addWidget(label(words.file_size(one.size), "label", align=Qt.AlignmentFlag.AlignRight), 1)
        lay.addWidget(back)
        return boxed(lay)

    def _restore(self, one: KnownBackup) -> None:
        into = self._context.prompts.folder("恢复到哪个空文件夹")
        if into is None:
            return
        clock = self._context.clock

        def work(progress: Progress) -> Restored:
            from gengdi_desktop.ledger import backup

            return backup.restore(one.file, into, clock, progress)

        def done(restored: Restored) -> None:
            missing = f"有 {len(restored.missing)} 个照片或文件不在备份里。" if restored.missing else ""
            told = f"{missing}现在开着的这本没有动。要用恢复的那本，请从首页打开。"
            self._messages.show_message("check", f"已恢复到 {restored.folder}。", told)

        self._context.jobs.run(
            Lane.FILES, work, done, self._refused, owner=self, shown=RESTORING, cancelled=self._stopped
        )

    def _stopped(self) -> None:
        self._messages.show_message("info", "停下了，没有恢复。", "那个文件夹里没有留下什么，备份也没有动。")
