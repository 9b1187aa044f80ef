"""The steps of a spot check: each runs in the writing lane, and the page hears what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, Signal

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.phases.sampling.records import SampleInfo
from gengdi_desktop.ui import prompts, words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.sampling_dialogs import EnterDialog, ReplaceDialog, ReturnWish, SendBackDialog
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.pages import sampling_view, sampling_work
from gengdi_desktop.ui.pages.report_output import ReportOutput
from gengdi_desktop.ui.pages.sampling_make import DrawWish, FrameWish
from gengdi_desktop.ui.pages.sampling_work import Done
from gengdi_desktop.ui.widgets.folder_button import folder_button
from gengdi_desktop.ui.widgets.page import Page

if TYPE_CHECKING:
    from gengdi_desktop.phases.sampling.records import SampledPlot
    from gengdi_desktop.phases.sampling.service import Entered

_TEXT: Final = "抽样框 (*.tsv)"
_PROMISE: Final = "您可以接着干别的。取消后不会留下半个文件。"
_NAMED: Final = 3
_Result = TypeVar("_Result")


class SamplingDeeds(QObject):
    """Asks where a person must decide, acts, and says on the page what was done.

    Signals: a frame was frozen; a sample was drawn or enlarged; a plot was replaced (by which one, empty for none); a
    result was recorded (of which plot, as typed); the ledger refused one; a second draw must be given a reason; whether
    a frame or a draw is being made now. All but the last three come before the pages are told of the change.
    """

    framed = Signal(object)
    drawn = Signal(object)
    replaced = Signal(object, str)
    recorded = Signal(object, str, dict)
    not_recorded = Signal(object)
    reason_asked = Signal()
    making = Signal(bool)

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(page)
        self._context, self._messages = context, page.messages
        self._output = ReportOutput(page, context)
        self._running = 0

    def _do(
        self,
        work: Callable[[Actor], _Result],
        done: Callable[[_Result], object],
        title: str = "",
        refused: Callable[[GengdiError], object] | None = None,
    ) -> None:
        by = self._context.actor_or(refused or self._messages.show_error)
        if by is None:
            return

        def ended(found: _Result) -> None:
            self._running -= 1
            done(found)

        def not_done(error: GengdiError) -> None:
            self._running -= 1
            (refused or self._messages.show_error)(error)

        self._running += 1
        self._context.jobs.write(lambda _progress: work(by), ended, not_done, owner=self, title=title)

    def _make(
        self,
        work: Callable[[Actor], Done],
        done: Callable[[Done], object],
        title: str,
        refused: Callable[[GengdiError], object] | None = None,
    ) -> None:
        """A step of a new sample: it is told while it runs, so that nobody asks for it twice."""

        def made(found: Done) -> None:
            self.making.emit(False)
            done(found)

        def not_made(error: GengdiError) -> None:
            self.making.emit(False)
            (refused or self._messages.show_error)(error)

        by = self._context.actor_or(self._messages.show_error)
        if by is not None:
            self.making.emit(True)
            self._context.jobs.run(
                Lane.WRITE, lambda _progress: work(by), made, not_made, owner=self, shown=Shown(title),
                cancelled=partial(self.making.emit, False),
            )  # fmt: skip

    # -- a new sample

    def freeze(self, wish: FrameWish) -> None:
        """Freeze the frame."""
        ledger = self._context.ledger

        def done(found: Done) -> None:
            what = f"封存了 {words.count(found.info.frame_plots)} 个图斑，校验值也记进了台账。"
            self._messages.show_message("check", what, "现在可以摇号了。图斑以后再变，也不影响这一次的框。")
            self.framed.emit(found.info)
            self._context.bus.tell(found.changes)

        self._make(lambda by: sampling_work.freeze(ledger, wish, by), done, "封存抽样框")

    def draw(self, info: SampleInfo, wish: DrawWish) -> None:
        """Draw from the frame."""
        ledger = self._context.ledger

        def done(found: Done) -> None:
            what = f"抽出了 {words.count(len(found.info.to_check))} 个，种子 {found.info.seed}。"
            self._messages.show_message("check", what, "“怎样重抽”里写着谁都能照做的办法。")
            self.drawn.emit(found.info)
            self._context.bus.tell(found.changes)

        def refused(error: GengdiError) -> None:
            self._messages.show_error(error)
            if error.code == "second_seed":
                self.reason_asked.emit()

        self._make(lambda by: sampling_work.draw(ledger, info.id, wish, by), done, "抽图斑", refused)

    def enlarge(self, info: SampleInfo) -> None:
        """The second draw that is due."""
        if self._running:  # pressed twice; so too where a dialog would ask again for what is being done
            return
        ledger = self._context.ledger

        def done(found: Done) -> None:
            what = f"扩大到 {words.count(len(found.info.to_check))} 个，先抽中的和查过的都在。"
            self._messages.show_message("check", what)
            self.drawn.emit(found.info)
            self._context.bus.tell(found.changes)

        self._do(lambda by: sampling_work.enlarge(ledger, info, by), done, "扩大抽查")

    # -- one plot

    def record(self, info: SampleInfo, plot: str, values: Mapping[str, str]) -> None:
        """Record what two people found."""
        ledger, typed = self._context.ledger, dict(values)

        def done(found: Done) -> None:
            self.recorded.emit(found.info, plot, typed)
            self._context.bus.tell(found.changes)

        self._do(lambda by: sampling_work.record(ledger, info.id, plot, typed, by), done, "", self.not_recorded.emit)

    def ask_replace(self, info: SampleInfo, one: SampledPlot) -> None:
        """Ask why, then take the next of the stratum."""
        if self._running:
            return
        dialog = ReplaceDialog(one.name, one.stratum)
        dialog.wished.connect(partial(self._replace, info.id, one.plot, one.name))
        self._context.host.open_dialog(dialog)

    def _replace(self, sample: str, plot: str, name: str, reason: str) -> None:
        ledger = self._context.ledger

        def done(found: Done) -> None:
            new = next((one for one in found.info.plots if one.replaces == plot), None)
            what = f"{name}换成了{new.name}。" if new is not None else f"{name}换下了，这一层没有可换的，少查一个。"
            self._messages.show_message("check", what, "换下的和原因都留在抽查表上。")
            self.replaced.emit(found.info, new.plot if new is not None else "")
            self._context.bus.tell(found.changes)

        self._do(lambda by: sampling_work.replace(ledger, sample, plot, reason, by), done, "换图斑")

    # -- the results as a whole

    def ask_enter(self, info: SampleInfo) -> None:
        """Ask for the document, then enter all results into the records of their plots."""
        if self._running or self._for_the_county():
            return
        failed = sum(one.result is not None and one.result.failed for one in info.not_entered)
        dialog = EnterDialog(len(info.not_entered), failed)
        dialog.wished.connect(partial(self._enter, info.id))
        self._context.host.open_dialog(dialog)

    def _enter(self, sample: str, document: str) -> None:
        ledger, done = self._context.ledger, partial(self._entered, "的结果入了账")
        self._do(lambda by: sampling_work.enter(ledger, sample, document, by), done, "结果入账")

    def ask_send_back(self, info: SampleInfo) -> None:
        """Ask by when, then return the failed plots."""
        if self._running or self._for_the_county():
            return
        dialog = SendBackDialog([one.name for one in info.to_send_back], self._context.facts.today)
        dialog.wished.connect(partial(self._send_back, info.id))
        self._context.host.open_dialog(dialog)

    def _send_back(self, sample: str, wish: ReturnWish) -> None:
        ledger, done = self._context.ledger, partial(self._entered, "退回了")
        deadline: date = wish.deadline
        self._do(lambda by: sampling_work.send_back(ledger, sample, deadline, wish.document, by), done, "退回")

    def _entered(self, what: str, entered: Entered) -> None:
        told = f"{words.count(len(entered.plots))} 个图斑{what}。"
        if entered.refused:
            some = "；".join(one.message for one in entered.refused[:_NAMED])
            more = f"{words.count(len(entered.refused))} 个没有办成，结果都还在：{some}"
            self._messages.show_message("warn", told, more)
        else:
            self._messages.show_message("check", told)
        self._context.bus.tell(entered.changes)

    def _for_the_county(self) -> bool:
        """The team hands its results to the county, which enters them."""
        if self._context.facts.desk != Desk.TEAM:
            return False
        more = "在“交换”页打成抽查结果包，交给县专班。"
        self._messages.show_message("info", "结果由县里入账、退回，这里不办。", more)
        return True

    def draw_again(self, info: SampleInfo) -> None:
        """Draw anew from frame and seed, and say whether it comes to the same."""
        ledger = self._context.ledger

        def done(apart: tuple[str, ...]) -> None:
            if not apart:
                what = f"照框和种子又抽了一遍，{words.count(len(info.plots))} 个图斑、先后次序和记录的一样。"
                self._messages.show_message("check", what)
                return
            some = "、".join(apart[:_NAMED])
            what = f"照框和种子重抽，有 {words.count(len(apart))} 处和记录的不一样：{some}。"
            self._messages.show_message("warn", what, "抽查表可能被改过。请向抽样的人要抽样框和种子，当面核对。")

        self._write(lambda _progress: sampling_work.draw_again(ledger, info), done, "重抽一遍")

    # -- onto paper and into files

    def save_frame(self, info: SampleInfo) -> None:
        """Ask where to, and write the frame as it was hashed."""
        target = self._place("抽样框存到哪里", f"{info.name}抽样框.tsv", _TEXT)
        if target is None:
            return
        ledger = self._context.ledger

        def done(lines: int) -> None:
            what = f"抽样框存好了：{target.name}，{words.count(lines)} 个图斑。"
            told = "\n".join(sampling_view.grouped(info.frame_hash))
            more = f"这个文件的 SHA-256 就是封存时的校验值：\n{told}"
            self._messages.show_message("check", what, more, (folder_button(target.parent),))

        self._write(lambda _progress: sampling_work.write_frame(ledger, info.id, target), done, "存抽样框")

    def save_sheet(self, info: SampleInfo) -> None:
        """Ask where to, and write the check sheet."""
        target = self._place("抽查表存到哪里", f"{info.name}抽查表.pdf", prompts.PDF)
        if target is None:
            return
        ledger = self._context.ledger

        def done(pages: int) -> None:
            what = f"抽查表写好了：{target.name}，{words.count(len(info.to_check))} 个图斑，{pages} 页。"
            more = "第一页写着抽样框、种子和怎样重抽；后面每个图斑一张，由两个人签。"
            self._messages.show_message("check", what, more, (folder_button(target.parent),))

        self._write(lambda _progress: sampling_work.write_sheet(ledger, info.id, target), done, "写抽查表")

    def print_sheet(self, info: SampleInfo) -> None:
        """Make the check sheet, ask for a printer, print."""
        ledger = self._context.ledger
        output = partial(self._output.print_pages, f"{info.name}抽查表")
        self._write(lambda _progress: sampling_work.sheet_pages(ledger, info.id), output, "排抽查表")

    def _place(self, title: str, name: str, filters: str) -> Path | None:
        preferences = self._context.preferences
        target = self._context.prompts.save_file(title, filters, str(Path(preferences.start_folder()) / name))
        if target is not None:
            preferences.used_folder(target.parent)
        return target

    def _write(self, work: Callable[[Progress], _Result], done: Callable[[_Result], object], title: str) -> None:
        self._context.jobs.run(
            Lane.FILES, work, done, self._messages.show_error, owner=self, shown=Shown(title, "", _PROMISE)
        )
