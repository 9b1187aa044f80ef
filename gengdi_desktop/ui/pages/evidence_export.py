"""Photos out of the ledger: by village into a folder, under names that say plot, stage and day, with an index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.pages.sections import Section
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button, label, row
from gengdi_desktop.ui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from gengdi_desktop.evidence.sending import Sent

_FEW: Final = 3
_STAYS: Final = "取消后，已经写好的都是完整的；下次选同一个文件夹，会接着写。"


class EvidenceExport(Section):
    """One folder, chosen by the person; nothing that lies there is written over."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        sheet = Sheet("导出照片", "")
        sheet.body.addWidget(
            label(
                "按村分文件夹，文件名写明图斑编号、环节、序号和日期，例如 0125_整改后_01_20230816.jpg；"
                "另有一个目录表，写明每张的时间、位置、原文件名和校验码。",
                wrap=True,
            )
        )
        more = "原来在文件夹里的文件不会被盖掉。一次没写完，再选同一个文件夹就接着写。"
        sheet.body.addWidget(label(more, "small", wrap=True))
        self._go = button("选文件夹导出", "main", "save", pressed=self.export)
        sheet.body.addLayout(row(self._go, None))
        self.body.addWidget(sheet)
        self.body.addStretch(1)

    def export(self) -> None:
        """Ask for the folder, then write."""
        preferences = self.context.preferences
        chosen = self.context.prompts.folder("照片导出到哪个文件夹", preferences.start_folder())
        if chosen is None:
            return
        preferences.used_folder(chosen)
        ledger = self.context.ledger
        out = chosen / f"{self.context.facts.unit}照片"

        def work(progress: Progress) -> Sent:
            from gengdi_desktop.evidence import sending

            return sending.export_photos(ledger, out, progress=progress)

        self._go.setEnabled(False)
        self.context.jobs.run(
            Lane.FILES, work, self._done, self._refused, owner=self, cancelled=self._stopped,
            shown=Shown("导出照片", "个", _STAYS),
        )  # fmt: skip

    def leave(self) -> None:
        """The export goes on while other pages are looked at."""

    def _refused(self, error: GengdiError) -> None:
        self._go.setEnabled(True)
        self.page.messages.show_error(error)

    def _stopped(self) -> None:
        self._go.setEnabled(True)
        self.page.messages.show_message("info", "导出停下了。", _STAYS)

    def _done(self, sent: Sent) -> None:
        self._go.setEnabled(True)
        kept = f"，{words.count(len(sent.kept))} 个原来就在" if sent.kept else ""
        what = f"已写出 {words.count(len(sent.written))} 个文件{kept}，放在“{sent.folder.name}”。"
        more = ""
        if sent.faults:
            some = "；".join(sent.faults[:_FEW])
            more = f"有 {words.count(len(sent.faults))} 个文件用不了，没有写出，目录表里写明了：{some}。"
        show = button("打开文件夹", pressed=lambda: _open(sent.folder))
        self.page.messages.show_message("warn" if sent.faults else "check", what, more, [show])


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
