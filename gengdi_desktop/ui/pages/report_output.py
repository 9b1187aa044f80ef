"""A report out of the window: onto paper, and as files into a folder, never over what is there unasked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.pages import report_work
from gengdi_desktop.ui.pages.report_work import DraftPaper, FrozenPaper
from gengdi_desktop.ui.pdf_pages import PdfPages
from gengdi_desktop.ui.printing import print_pages
from gengdi_desktop.ui.widgets.folder_button import folder_button
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button

if TYPE_CHECKING:
    from gengdi_desktop.reports.frozen import WrittenFile


class ReportOutput(QObject):
    """Prints and writes for a page, and says there what became of it."""

    def __init__(self, page: Page, context: UiContext) -> None:
        super().__init__(page)
        self._messages, self._context = page.messages, context

    def print_pages(self, title: str, pages: PdfPages) -> None:
        """Ask for a printer and print."""
        printer = self._context.prompts.printer(title, len(pages.sizes))
        if printer is None:
            return

        def done(count: int) -> None:
            self._messages.show_message("check", f"{count} 页已送到打印机。")

        self._context.jobs.run(
            Lane.FILES,
            lambda progress: print_pages(pages, printer, progress),
            done,
            self._messages.show_error,
            owner=self,
            shown=Shown("打印", "页", "取消后剩下的页不打。"),
        )

    def save(self, paper: DraftPaper | FrozenPaper) -> None:
        """Ask for a folder and write all files of a report into it."""
        folder = self._context.prompts.folder("报告存到哪个文件夹", self._context.preferences.start_folder())
        if folder is None:
            return
        self._context.preferences.used_folder(folder)
        names = paper.files if isinstance(paper, DraftPaper) else tuple(one.name for one in paper.written)
        self._context.jobs.run(
            Lane.FILES,
            lambda _progress: report_work.standing_in(folder, names),
            lambda there: self._ask_over(paper, folder, there) if there else self._write(paper, folder),
            self._messages.show_error,
            owner=self,
        )

    def _ask_over(self, paper: DraftPaper | FrozenPaper, folder: Path, there: tuple[str, ...]) -> None:
        over = button("换成现在的", pressed=partial(self._write, paper, folder))
        other = button("存到别处", pressed=partial(self.save, paper))
        what = f"“{folder.name}”里已经有 {len(there)} 个同名文件，还没有存。"
        self._messages.show_message("warn", what, "\n".join(there), (over, other))

    def _write(self, paper: DraftPaper | FrozenPaper, folder: Path) -> None:
        ledger = self._context.ledger

        def work(_progress: Progress) -> tuple[WrittenFile, ...]:
            if isinstance(paper, DraftPaper):
                return report_work.save_draft(paper, folder)
            return report_work.save_frozen(ledger, paper.info.id, folder)

        self._context.jobs.run(
            Lane.FILES, work, partial(self._saved, folder), self._messages.show_error, owner=self, shown=Shown("存报告")
        )

    def _saved(self, folder: Path, files: tuple[WrittenFile, ...]) -> None:
        names = "\n".join(one.path.name for one in files)
        what = f"存好了 {len(files)} 个文件，放在 {folder}。"
        self._messages.show_message("check", what, names, (folder_button(folder),))
