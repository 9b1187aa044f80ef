"""The spot check: samples, a new one in three steps, drawn plots in their order, results typed by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.phases.sampling.records import SampleInfo, SampleStatus
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane
from gengdi_desktop.ui.models.rows_model import Cell, RowsModel
from gengdi_desktop.ui.models.rows_model import Shown as ShownColumn
from gengdi_desktop.ui.pages import sampling_view, sampling_work
from gengdi_desktop.ui.pages.sampling_deeds import SamplingDeeds
from gengdi_desktop.ui.pages.sampling_make import DrawWish, MakeDeeds, SampleMaking
from gengdi_desktop.ui.pages.sampling_pane import RESULT, SHARE, PaneDeeds, SamplingPane
from gengdi_desktop.ui.pages.sampling_work import SamplingView
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.page import Page, scrolling
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, label, line, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet, TileStrip
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from gengdi_desktop.phases.sampling.records import SampledPlot

_REPORT: Final = "spot_check_report"
_TASK: Final = {"section": "take", "kind": "check-task"}
_WORK, _MAKE, _EMPTY = range(3)

_Numbered = tuple[int, "SampledPlot"]


def _name(row_: _Numbered) -> Cell:
    one = row_[1]
    return Cell(one.name, ink="ink3" if one.replaced else "ink")


_COLUMNS: Final[tuple[ShownColumn[_Numbered], ...]] = (
    ShownColumn(Column("number", "", 36, "number", "none", sortable=False), lambda one: Cell(str(one[0]), ink="ink3")),
    ShownColumn(Column("stratum", "层", 84, "text", "none", sortable=False, limit=140), lambda one: one[1].stratum),
    ShownColumn(Column("name", "图斑", 130, "text", "none", sortable=False, limit=200), _name),
    ShownColumn(
        Column("result", "结果", 84, "flags", "none", sortable=False, limit=140),
        lambda one: Cell(sampling_view.flag_of(one[1]).words, (sampling_view.flag_of(one[1]),)),
    ),
    ShownColumn(Column("area", "申报亩", 66, "number", "none", sortable=False), lambda one: words.mu(one[1].area)),
    ShownColumn(Column("role", "来历", 48, "text", "none", sortable=False), lambda one: one[1].role.label),
    ShownColumn(
        Column("measured", "实测亩", 66, "number", "none", sortable=False),
        lambda one: words.mu(one[1].result.measured_area)
        if one[1].result is not None and one[1].result.measured_area is not None
        else Cell(words.NOTHING, ink="ink3"),
    ),
    ShownColumn(
        Column("finding", "看到的", 160, "text", "none", sortable=False, limit=400),
        lambda one: one[1].result.finding if one[1].result is not None else one[1].reason,
    ),
)  # fmt: skip


class SamplingPage(Page):
    """One sample in front; its drawn plots at the left, what is typed of one at the right."""

    scrolls: ClassVar[bool] = False
    shows: ClassVar[frozenset[str]] = frozenset({"sample", "sample_plot", "sample_result", "plot", "attachment"})

    def __init__(self, context: UiContext) -> None:
        super().__init__(pad=0)
        self.setAccessibleName("抽查")
        self._context = context
        self._view: SamplingView | None = None
        self._wanted = self._plot = ""
        self._making = self._to_form = False
        self._typed: dict[tuple[str, str], dict[str, str]] = {}
        self._kept: dict[str, str] = {}
        deeds = self._deeds = SamplingDeeds(context, self)
        save_frame = partial(self._of_sample, deeds.save_frame)
        self.making = SampleMaking(context, MakeDeeds(deeds.freeze, self._draw, save_frame, self._stop_making))
        self.pane = SamplingPane(
            context,
            PaneDeeds(
                self.save, self._ask_replace, self.skip, self._open_plot, partial(self._of_sample, deeds.enlarge),
                partial(self._of_sample, deeds.ask_enter), partial(self._of_sample, deeds.ask_send_back), save_frame,
                partial(self._of_sample, deeds.draw_again), self._go_to_sample,
            ),
        )  # fmt: skip
        self.model: RowsModel[_Numbered] = RowsModel(_COLUMNS, self)
        self.table = TableView("抽中的图斑", self.model, self.model.columns)
        self._lay_out()
        self._connect()

    @property
    def info(self) -> SampleInfo | None:
        """The sample in front."""
        return self._view.info if self._view is not None else None

    # -- parts

    def _lay_out(self) -> None:
        self._chosen = ChoiceField("哪一次抽查", (("", ""),))
        self._note = ElidedLabel("", "label")
        self._report = button("情况报告", sign="report", name="抽查情况报告", pressed=self._go_report)
        self._sheet = button("抽查表", sign="print", name="打印、另存抽查表")
        menu = QMenu(self._sheet)
        for word, deed in (("打印…", self._deeds.print_sheet), ("另存为 PDF…", self._deeds.save_sheet)):
            menu.addAction(word).triggered.connect(partial(self._press, deed))
        self._sheet.setMenu(menu)
        self._new = button("新抽样", sign="plus", pressed=self._begin)
        bar = row(label("抽查", "title"), self._chosen, gap=10, margins=(16, 6, 16, 6))
        bar.addWidget(self._note, 1)
        bar.addStretch(0)
        for one in (self._sheet, self._report, self._new):
            bar.addWidget(one)
        self._tiles = TileStrip(())
        self._short = label("", "label", wrap=True)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(10)
        sheet = Sheet(pad=1)
        sheet.body.addWidget(self.table, 1)
        left.addWidget(self._short)
        left.addWidget(sheet, 1)
        both = row(gap=12)
        both.addLayout(left, 1)
        both.addWidget(self.pane)
        work = QWidget()
        whole = QVBoxLayout(work)
        whole.setContentsMargins(16, 12, 16, 16)
        whole.setSpacing(10)
        whole.addWidget(self._tiles)
        whole.addLayout(both, 1)
        make = QWidget()
        inside = QVBoxLayout(make)
        inside.setContentsMargins(16, 12, 16, 8)
        inside.addWidget(self.making)
        self._stack = QStackedWidget()
        for part in (work, make, scrolling(self._empty())):
            self._stack.addWidget(part)
        self.body.setSpacing(0)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addLayout(bar)
        self.body.addWidget(line())
        self.body.addWidget(self._stack, 1)
        self.arrange(self.shape)

    def _empty(self) -> EmptyState:
        by_package = self._context.facts.desk == Desk.TEAM
        begin = button("新抽样", "" if by_package else "main", "target", pressed=self._begin)
        begin.setEnabled(self._context.writable)
        if by_package:
            take = button("收抽查任务包", "main", "drive", pressed=partial(self._context.host.go, "exchange", _TASK))
            return EmptyState(
                "还没有抽查",
                "县里抽好的，收下抽查任务包就排到这里。自己抽的，点“新抽样”。",
                (take, begin),
                picture=False,
            )
        return EmptyState(
            "还没有抽查",
            "从申报到位的图斑里抽一部分到现场看。先封存抽样框，再当场摇号；抽哪些由种子定，不由人挑，谁都能重抽一遍核对。",
            (begin,),
            "别的台账抽好的，收下抽查任务包以后也会排到这里。",
            picture=False,
        )

    def _connect(self) -> None:
        self._chosen.activated.connect(lambda _at: self._go_to_sample(self._chosen.code()))
        self.table.row_chosen.connect(self._row_chosen)
        self.table.row_opened.connect(lambda _row: self.pane.focus_first())
        self._deeds.framed.connect(self._framed)
        self._deeds.drawn.connect(self._drawn)
        self._deeds.reason_asked.connect(self.making.ask_reason)
        self._deeds.making.connect(self._set_making)
        self._deeds.recorded.connect(self._recorded)
        self._deeds.not_recorded.connect(self._not_recorded)
        self._deeds.replaced.connect(self._replaced)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Return", self.save),
            ("Ctrl+Enter", self.save),
            ("F6", self.skip),
            ("Ctrl+Down", partial(self._step, 1)),
            ("Ctrl+Up", partial(self._step, -1)),
            ("Ctrl+P", partial(self._of_sample, self._deeds.print_sheet)),
        )
        for key, call in keys:
            made = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(call)

    # -- what the window asks

    def arrange(self, shape: Shape) -> None:
        """A low or narrow window tells the figures in one line."""
        folded = shape.low or shape.compact
        self._tiles.setVisible(not folded)
        self._short.setVisible(folded)
        self._note.setVisible(not shape.compact)
        self.pane.set_narrow(narrow=shape.compact)
        self.making.arrange(shape)

    def shown(self) -> None:
        """Read the samples again, keeping the place and what is typed."""
        self._ask()

    def wish(self, filters: Mapping[str, str]) -> None:
        """``sample`` brings one to front, ``plot`` one of its plots; ``new`` begins another."""
        self._keep_typed()
        if filters.get("sample"):
            self._wanted, self._making = filters["sample"], False
        self._plot = filters.get("plot", self._plot)
        if filters.get("new"):
            self._begin()
        self._ask()

    def leave(self) -> None:
        """What is half typed waits where it was, and outlives the program."""
        self._keep_typed()
        self.pane.put_down()

    # -- the samples

    def _ask(self) -> None:
        ledger, wanted = self._context.ledger, self._wanted
        # Beside the reading lane: a county's frame is read and grouped, for which no other page should wait.
        self._context.jobs.run(
            Lane.FILES, lambda _progress: sampling_work.read_samples(ledger, wanted), self.show_view, self.refused,
            owner=self, newest="sampling",
        )  # fmt: skip

    def show_view(self, view: SamplingView) -> None:
        """Put samples on the page."""
        self._keep_typed()
        self._view = view
        info = view.info
        self._chosen.set_options(
            [(one.id, sampling_view.told_line(one)) for one in view.lines], info.id if info is not None else ""
        )
        self._chosen.setVisible(bool(view.lines))
        drawn = info is not None and info.status is not SampleStatus.FRAMED
        self._report.setVisible(drawn and self._context.facts.desk != Desk.TOWNSHIP)
        self._sheet.setVisible(drawn)
        self._new.setVisible(bool(view.lines))
        self._new.setEnabled(self._context.writable and not self._making)
        if self._making:
            self._note.set_words("")
            self.making.show_new()
            self._stack.setCurrentIndex(_MAKE)
        elif info is None:
            self._note.set_words("")
            self._stack.setCurrentIndex(_EMPTY)
        elif info.status is SampleStatus.FRAMED:
            self._wanted = info.id
            self._note.set_words("框已封存，等着摇号")
            self.making.show_frame(info)
            self._stack.setCurrentIndex(_MAKE)
        else:
            self._show_sample(info, view.strata_rules)

    def _show_sample(self, info: SampleInfo, rules: tuple[str, ...]) -> None:
        self._wanted = info.id
        self._stack.setCurrentIndex(_WORK)
        self._note.set_words(f"{words.day(info.drawn_on)}抽，种子 {info.seed}")
        self._tiles.set_tiles(sampling_view.tiles_of(info))
        self._short.setText(sampling_view.short_words(info))
        self.pane.show_sample(info, rules)
        before = self._plot or (self.pane.plot.plot if self.pane.plot is not None else "")
        self.model.show_rows(tuple(enumerate(info.plots, 1)))
        self.table.fit_columns()
        known = [one.plot for one in info.plots]
        wanted = before if before in known else sampling_view.next_open(info.plots, "") or next(iter(known), "")
        self._plot = ""
        if not wanted:
            self.pane.show_nothing()
            return
        self.table.choose_row(known.index(wanted))
        self._show_plot(info.plots[known.index(wanted)])

    def _row_chosen(self, at: int) -> None:
        info = self.info
        if info is not None and 0 <= at < len(info.plots):
            self._keep_typed()
            self._show_plot(info.plots[at])

    def _show_plot(self, one: SampledPlot) -> None:
        info = self.info
        if info is None:
            return
        kept = {"checker": self._context.member, **self._kept}
        self.pane.show_plot(info.id, one, self._typed.get((info.id, one.plot)), kept)
        if self._to_form:
            self._to_form = False
            if self.has_focus_within:  # not behind a dialog that was opened meanwhile
                self.pane.focus_first()

    def _keep_typed(self) -> None:
        kept, info = self.pane.kept(), self.info
        if kept is not None and info is not None:
            self._typed[info.id, kept[0]] = kept[1]

    def _go_to_sample(self, sample: str) -> None:
        self._keep_typed()
        self._wanted, self._making = sample, False
        self._ask()

    def _step(self, by: int) -> None:
        self._to_form = True
        before = self.table.current_row()
        self.table.choose_row(before + by)
        self._to_form = self._to_form and self.table.current_row() != before

    def skip(self) -> None:
        """The next plot without a result, after the last the first."""
        info, here = self.info, self.pane.plot
        if info is None or here is None:
            return
        after = sampling_view.next_open(info.plots, here.plot)
        if after:
            self._to_form = True
            self.table.choose_row([one.plot for one in info.plots].index(after))

    # -- a new sample

    def _begin(self) -> None:
        self._making = True
        self.messages.clear()
        ledger = self._context.ledger
        self._context.jobs.read(
            lambda _progress: sampling_work.read_scopes(ledger), self.making.show_scopes, self.refused, owner=self,
            newest="sampling-scopes",
        )  # fmt: skip
        if self._view is not None:
            self.show_view(self._view)
        self.making.focus_first()

    def _stop_making(self) -> None:
        """Back to what is there; a frozen frame waits among the samples."""
        self._making = False
        view = self._view
        framed = view is not None and view.info is not None and view.info.status is SampleStatus.FRAMED
        other = next((one.id for one in view.lines if one.status is not SampleStatus.FRAMED), "") if view else ""
        if framed and other:
            self._wanted = other
        elif framed:
            self._context.host.go("home")
            return
        self._ask()

    def _draw(self, wish: DrawWish) -> None:
        if self.info is not None:
            self._deeds.draw(self.info, wish)

    def _set_making(self, busy: bool) -> None:
        if busy:
            self.hold_focus()
        self.making.set_busy(busy=busy)
        if not busy:
            self.go_on(self.making.draw_button if self.info is not None else self.making.freeze_button)

    def _framed(self, info: SampleInfo) -> None:
        self._show_now(info)
        self.go_on(self.making.seed)

    def _drawn(self, info: SampleInfo) -> None:
        self._to_form = True
        self.pane.show_side(RESULT)
        self._show_now(info)

    def _show_now(self, info: SampleInfo) -> None:
        """At once, not only when all is read again: Enter pressed twice must not find the button that it pressed."""
        self._making, self._wanted = False, info.id
        if self._view is not None:
            self.show_view(replace(self._view, info=info))

    # -- one plot

    def save(self) -> None:
        """Record what two people found; then the next plot without a result, with the focus in its first field."""
        info, one = self.info, self.pane.plot
        if info is None or one is None or self.pane.fields is None or self.pane.saving or not self._context.writable:
            return
        self.messages.clear()
        try:
            values = self.pane.values()
        except RuleError:  # told under its field, and the focus is there
            return
        self.pane.set_saving(saving=True)
        self._deeds.record(info, one.plot, values)

    def _recorded(self, info: SampleInfo, plot: str, values: dict[str, str]) -> None:
        self._kept = sampling_view.kept_of(values)
        self._typed.pop((info.id, plot), None)
        self.pane.set_saving(saving=False)
        self.pane.saved()
        self._plot, self._to_form = sampling_view.next_open(info.plots, plot), True
        due = info.enlargement
        if due is not None and due.count:
            go = button("看合格率", pressed=partial(self.pane.show_side, SHARE))
            self.messages.show_message("warn", due.sentence, "", (go,))
        elif not self._plot:
            self.messages.show_message("check", "抽中的都查完了。", sampling_view.share_words(info))
        if not self._plot:
            self._plot, self._to_form = plot, False
            self.pane.show_side(SHARE)
        if self._view is not None:  # at once: who types on should not wait for all to be read again
            self.show_view(replace(self._view, info=info))

    def _not_recorded(self, error: GengdiError) -> None:
        self.pane.set_saving(saving=False)
        self.pane.messages.show_error(error)

    def _ask_replace(self) -> None:
        if self.info is not None and self.pane.plot is not None:
            self._deeds.ask_replace(self.info, self.pane.plot)

    def _replaced(self, _info: SampleInfo, new: str) -> None:
        self._plot, self._to_form = new or self._plot, bool(new)

    def _of_sample(self, deed: Callable[[SampleInfo], object]) -> None:
        if self.info is not None:
            deed(self.info)

    def _press(self, deed: Callable[[SampleInfo], object], _on: object = None) -> None:
        self._of_sample(deed)

    def _go_report(self) -> None:
        if self.info is not None:
            self._context.host.go("reports", {"kind": _REPORT, "sample": self.info.id})

    def _open_plot(self) -> None:
        info, one = self.info, self.pane.plot
        if info is not None and one is not None:
            self._keep_typed()
            self._context.trail.follow([each.plot for each in info.plots], info.name, "sampling")
            self._context.host.go("plot", {"plot": one.plot})
