"""What may be done with the files of a plot: open, add, save a copy elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.ui import prompts
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress
from gengdi_desktop.ui.models.photo_lines import PhotoLine
from gengdi_desktop.ui.pages.evidence_taking import undo_entry
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import button

_TAKEN_OFF: Final = "在图斑页拿下"


class FileDeeds(QObject):
    """Tells what came of it in the messages of its page."""

    def __init__(self, context: UiContext, messages: MessageSlot, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._messages = context, messages
        self.plot = ""

    def open(self, line: PhotoLine, *, beside: bool = False, say: bool = False, twin: int = 0) -> None:
        """A picture large, with its form where *say*, beside it another use of it (*twin*, by its number).

        What cannot be shown here is offered as a copy.
        """
        if line.picture:
            wish = {
                "plot": line.plot,
                "photo": str(line.id),
                "beside": "1" if beside else "",
                "say": "1" if say else "",
                "twin": str(twin),
            }
            self._context.host.go("photo", wish)
        else:
            self.save_copy(line)

    def menu(self, lines: Sequence[PhotoLine], over: QWidget) -> QMenu | None:
        """What right-click offers for the chosen files; None where none is chosen."""
        if not lines:
            return None
        menu = QMenu(over)

        def add(words: str, call: Callable[[], object], key: str = "") -> None:
            menu.addAction(f"{words}\t{key}" if key else words).triggered.connect(lambda _on=False: call())

        first = lines[0]
        if first.picture:
            add("看大图", partial(self.open, first), "Enter")
            add("前后对照", partial(self.open, first, beside=True))
            for twin in first.twins:
                add(f"和“{twin.name}”的那张并排看", partial(self.open, first, twin=twin.attachment))
        add("另存一份…", partial(self.save_copy, first))
        if self._context.writable:
            menu.addSeparator()
            if first.known is not None:
                add("手填时间、位置、朝向…", partial(self.open, first, say=True))
            several = f"这 {len(lines)} 个" if len(lines) > 1 else ""
            stages = menu.addMenu(f"{several}放到别的环节")
            for stage in Stage:
                put = stages.addAction(stage.label)
                put.setEnabled(any(one.stage is not stage for one in lines))
                put.triggered.connect(partial(self._put_to, tuple(lines), stage))
            add(f"拿下{several}", partial(self.remove, lines), "Delete")
        return menu

    def _put_to(self, lines: Sequence[PhotoLine], stage: Stage, _on: object = None) -> None:
        """Put files to another stage; the message offers the way back."""
        by = self._context.actor_or(self._messages.show_error)
        if by is None:
            return
        ledger, ids = self._context.ledger, [one.id for one in lines]

        def work(_progress: Progress) -> Changes:
            from gengdi_desktop.evidence.restaging import put_to_stage

            return put_to_stage(ledger, ids, stage, by=by)

        def done(changes: Changes) -> None:
            back = partial(undo_entry, self._context, self._messages, changes, "已撤销，文件回到原来的环节。")
            what = f"“{lines[0].name}”" if len(lines) == 1 else f"{len(lines)} 个文件"
            self._messages.show_message("check", f"{what}已放到“{stage.label}”。", "", [button("撤销", pressed=back)])
            self._context.bus.tell(changes)

        self._context.jobs.write(work, done, self._messages.show_error, owner=self)

    def remove(self, lines: Sequence[PhotoLine]) -> None:
        """Lay files into the bin; the message offers the way back."""
        by = self._context.actor_or(self._messages.show_error)
        if by is None or not lines or not self._context.writable:
            return
        ledger, ids = self._context.ledger, [one.id for one in lines]

        def work(_progress: Progress) -> Changes:
            from gengdi_desktop.evidence.bin import service as evidence_bin

            return evidence_bin.remove(ledger, ids, by=by, reason=_TAKEN_OFF)

        def done(changes: Changes) -> None:
            back = partial(undo_entry, self._context, self._messages, changes, "已撤销，文件回到图斑上。")
            see = partial(self._context.host.go, "evidence", {"section": "bin"})
            what = f"已拿下 {lines[0].title}“{lines[0].name}”。" if len(lines) == 1 else f"已拿下 {len(lines)} 个文件。"
            buttons = [button("撤销", pressed=back), button("看回收站", "link", pressed=see)]
            self._messages.show_message("check", what, "原件还在台账文件夹里，放在回收站。", buttons)
            self._context.bus.tell(changes)

        self._context.jobs.write(work, done, self._messages.show_error, owner=self)

    def save_copy(self, line: PhotoLine) -> None:
        """The kept bytes under a name of the person's choice."""
        folder = self._context.preferences.start_folder()
        start = str(PurePath(folder) / line.name) if folder else line.name
        target = self._context.prompts.save_file("另存一份", prompts.ANY, start)
        if target is None:
            return
        self._context.preferences.used_folder(target.parent)
        ledger, sha256 = self._context.ledger, line.sha256

        def work(_progress: Progress) -> Path:
            from gengdi_desktop.evidence import service as evidence
            from gengdi_desktop.system.files import write_whole

            write_whole(target, evidence.read(ledger, sha256))
            return target

        def done(written: Path) -> None:
            self._messages.show_message("check", f"已另存为“{written.name}”。", f"放在 {written.parent}")

        self._context.jobs.run(Lane.FILES, work, done, self._messages.show_error, owner=self)
