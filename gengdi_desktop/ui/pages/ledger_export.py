"""What leaves the ledger's table as a file: the whole ledger, the villages' form, dossiers and forms of plots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from gengdi_desktop.reports.forms.kinds import FormKind
from gengdi_desktop.ui import prompts, words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.widgets.folder_button import folder_button
from gengdi_desktop.ui.widgets.message import MessageSlot

if TYPE_CHECKING:
    from gengdi_desktop.reports.forms.service import WrittenForms

_PROMISE = "您可以接着干别的。取消后不会留下半个文件。"
_MOST_NAMED = 5


@dataclass(frozen=True)
class ExportDeeds:
    """What the exports ask of the page.

    Attributes:
        selected: The chosen plots, in the order of the table; a single one is no choice.
        in_sight: All plots that the table shows, in its order; none while they are still on their way.
    """

    selected: Callable[[], Sequence[str]]
    in_sight: Callable[[], Sequence[str]]


class LedgerExports(QObject):
    """Fills the menu of the export button, asks for a place and writes in a lane."""

    def __init__(self, context: UiContext, messages: MessageSlot, deeds: ExportDeeds, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._messages, self._deeds = context, messages, deeds

    def fill(self, menu: QMenu) -> None:
        """The menu as it is now: forms are of the chosen plots, or of all that the table shows."""
        menu.clear()
        menu.addAction("整本台账（Excel）…").triggered.connect(lambda _on=False: self._whole())
        menu.addAction("给村里填的表（Excel）…").triggered.connect(lambda _on=False: self._villages())
        menu.addSeparator()
        chosen = self._deeds.selected()
        which = "选中的" if len(chosen) > 1 else "这里的"
        plots = chosen if len(chosen) > 1 else self._deeds.in_sight()
        for kind in FormKind:
            many = f"{which} {words.count(len(plots))} 个" if plots else "没有图斑可印"
            made = menu.addAction(f"{kind.label}（{many}）…")
            made.setEnabled(bool(plots))
            made.triggered.connect(partial(self._forms, kind, tuple(plots)))

    def forms(self, kind: FormKind, plots: Sequence[str], name: str = "") -> None:
        """Ask where to, and write the forms of these plots; *name* goes into the name of the file."""
        target = self._place(f"{name or self._context.facts.unit}{kind.label}.pdf", prompts.PDF)
        if target is None:
            return
        ledger = self._context.ledger

        def work(progress: Progress) -> WrittenForms:
            from gengdi_desktop.reports.forms.service import write_forms

            return write_forms(ledger, kind, target, plots, progress)

        def done(written: WrittenForms) -> None:
            if kind is FormKind.FIELD_SHEET:
                self._keep_order(plots)
            what = f"{kind.label}写好了：{target.name}，{words.count(written.plots)} 个图斑，{written.pages} 页。"
            gone = [f"{plot}“{name}”" for plot, name in written.broken]
            more = f"有 {len(gone)} 个文件读不出来，纸上已写明：{'、'.join(gone[:_MOST_NAMED])}。" if gone else ""
            if kind is FormKind.FIELD_SHEET and self._context.writable:
                more += "填好收回来，在“自查”页按“录入核查表”，按这个顺序录。"
            self._messages.show_message("warn" if gone else "check", what, more, (folder_button(target.parent),))

        shown = Shown(f"正在写{kind.label}", "个", _PROMISE)
        self._context.jobs.run(Lane.FILES, work, done, self._messages.show_error, owner=self, shown=shown)

    def _keep_order(self, plots: Sequence[str]) -> None:
        """Sheets come back in the order in which they were printed: it is kept for typing them."""
        ledger = self._context.ledger

        def work(_progress: Progress) -> None:
            from gengdi_desktop.reports.forms.printings import keep_printing

            keep_printing(ledger, plots)

        if self._context.writable:
            self._context.jobs.write(work, None, self._messages.show_error, owner=self)

    def _forms(self, kind: FormKind, plots: Sequence[str], _on: object = None) -> None:
        self.forms(kind, plots)

    def _whole(self) -> None:
        target = self._place(f"{self._context.facts.unit}台账.xlsx", f"{prompts.WORKBOOK};;{prompts.TEXT}")
        if target is None:
            return
        ledger = self._context.ledger

        def work(progress: Progress) -> int:
            from gengdi_desktop.reports.service import export

            return export(ledger, target, progress).rows

        shown = Shown("正在导出台账", "行", _PROMISE)
        self._context.jobs.run(
            Lane.FILES, work, partial(self._written, target), self._messages.show_error, owner=self, shown=shown
        )

    def _villages(self) -> None:
        target = self._place(f"{self._context.facts.unit}村级填报表.xlsx", prompts.WORKBOOK)
        if target is None:
            return
        ledger = self._context.ledger

        def work(_progress: Progress) -> int:
            from gengdi_desktop.phases.service import write_village_form

            return write_village_form(ledger, target)

        shown = Shown("正在写填报表", "", _PROMISE)
        self._context.jobs.run(
            Lane.FILES, work, partial(self._written, target), self._messages.show_error, owner=self, shown=shown
        )

    def _written(self, target: Path, rows: int) -> None:
        what = f"写好了：{target.name}，{words.count(rows)} 个图斑。"
        self._messages.show_message("check", what, "", (folder_button(target.parent),))

    def _place(self, name: str, filters: str) -> Path | None:
        start = str(Path(self._context.preferences.start_folder()) / name)
        target = self._context.prompts.save_file("存到哪里", filters, start)
        if target is not None:
            self._context.preferences.used_folder(target.parent)
        return target
