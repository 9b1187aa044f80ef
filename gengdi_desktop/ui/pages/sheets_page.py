"""Field sheets typed back in the order in which they were printed; the keyboard alone leads from sheet to sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.scan_codes import plot_of_scan
from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.action_dialog import ActionDialog
from gengdi_desktop.ui.jobs import Lane, Progress
from gengdi_desktop.ui.pages import sheets_work
from gengdi_desktop.ui.pages.phase_form_sheet import FormDeeds, PhaseFormSheet
from gengdi_desktop.ui.pages.phase_work import WorkPlot
from gengdi_desktop.ui.pages.sheets_work import ALL, SheetsView
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button, label, line, row
from gengdi_desktop.ui.widgets.queue_list import QueueList
from gengdi_desktop.ui.widgets.scan_keys import ScanKeys
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from gengdi_desktop.phases.service import ActOutcome

_LIST_WIDTH: Final = 300
_JUMP_WIDTH: Final = 150
_NUMBER: Final = re.compile(r"第?\s*(\d{1,6})\s*(?:张|/.*)?")


class SheetsPage(Page):
    """The sheets of a printing at the left, the form of one at the right; a number or a scanned code jumps."""

    scrolls: ClassVar[bool] = False
    shows: ClassVar[frozenset[str]] = frozenset({"plot"})

    def __init__(self, context: UiContext) -> None:
        super().__init__(pad=0)
        self.setAccessibleName("录入核查表")
        self._context = context
        self._wanted: str | None = None
        self._view: SheetsView | None = None
        self._next = ""
        self._to_form = True
        self._done = 0
        self._typed: dict[str, dict[str, str]] = {}
        self._last: dict[str, str] = {}
        self._last_day = ""
        self.scans = ScanKeys(self)
        self.list = QueueList("核查表")
        deeds = FormDeeds(self.save, self.copy_before, self.skip, self._open_plot, self._attach)
        self.form = PhaseFormSheet(context, deeds, self.scans)
        self._lay_out()
        self._connect()

    # -- parts

    def _lay_out(self) -> None:
        back = button("自查", "link", "left", key="Esc", name="回到自查", pressed=self.go_back)
        self.printing = ChoiceField("哪一次印的", ((ALL, ""),))
        self.jump = LineField("第几张，或者扫二维码", hint="第几张，或扫码")
        self.jump.setFixedWidth(px(_JUMP_WIDTH))
        self._count = label("", "value", "ink")
        bar = row(back, label("录入核查表", "title"), 8, self.printing, gap=8, margins=(16, 6, 16, 6))
        bar.addWidget(self.jump)
        bar.addStretch(1)
        bar.addWidget(self._count)
        left = Sheet(pad=1)
        left.body.addWidget(self.list, 1)
        left.setFixedWidth(px(_LIST_WIDTH))
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.form, 1)
        work = QWidget()
        parts = row(left, gap=12, margins=(16, 12, 16, 16))
        parts.addLayout(right, 1)
        work.setLayout(parts)
        self._stack = QStackedWidget()
        self._stack.addWidget(work)
        go = button("去图斑台账", "main", pressed=lambda: self._context.host.go("ledger"))
        self._stack.addWidget(
            EmptyState(
                "没有核查表可录",
                "先导入清单，再在“图斑台账”的“导出”里印外业核查表。收回来以后按印的顺序在这里录。",
                (go,),
            )
        )
        self.body.setSpacing(0)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addLayout(bar)
        self.body.addWidget(line())
        self.body.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.list.queue.wanted.connect(self._read_rows)
        self.list.chosen.connect(self._read_sheet)
        self.list.opened.connect(lambda _plot: self.form.focus_first())
        self.printing.activated.connect(self._printing_chosen)
        self.jump.returnPressed.connect(self._jump)
        self.scans.scanned.connect(self.go_to_plot)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Return", self.save),
            ("Ctrl+Enter", self.save),
            ("F6", self.skip),
            ("Ctrl+Down", partial(self._step, 1)),
            ("Ctrl+Up", partial(self._step, -1)),
            ("Ctrl+D", self.copy_before),
            ("Ctrl+G", self._to_jump),
            ("Esc", self.go_back),
        )
        for key, call in keys:
            made = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(call)

    # -- what the window asks

    def shown(self) -> None:
        """Ask for the sheets again, keeping the place and what is typed."""
        self._ask()

    def wish(self, filters: Mapping[str, str]) -> None:
        """``plot`` brings its sheet to front."""
        if filters.get("plot"):
            self._next, self._to_form = filters["plot"], True
            self._ask()

    def leave(self) -> None:
        """What is half typed waits where it was, and outlives the program."""
        self._keep_typed()
        self.form.put_down()

    def arrange(self, shape: Shape) -> None:
        """A narrow window tells keys by tooltips alone."""
        self.form.set_narrow(narrow=shape.compact)

    def go_back(self) -> None:
        """Back to the queue of the self-check."""
        self._context.host.go("self_check")

    # -- the list

    def _ask(self) -> None:
        ledger, wanted, today = self._context.ledger, self._wanted, self._context.facts.today
        self._context.jobs.run(
            Lane.FILES, lambda _progress: sheets_work.read_sheets(ledger, wanted, today), self._show_sheets,
            self.messages.show_error, owner=self, newest="sheets",
        )  # fmt: skip

    def _show_sheets(self, view: SheetsView) -> None:
        before = self._next or self.list.current
        self._view, self._next = view, ""
        self.printing.set_options([(one.code, one.label) for one in view.printings], view.chosen.code)
        plots = view.chosen.plots
        self._stack.setCurrentIndex(0 if plots else 1)
        left = sum(one in view.open for one in plots)
        done = f"本次已录 {words.count(self._done)}　" if self._done else ""
        rest = f"还剩 {words.count(left)} 张" if left else "都录完了"
        self._count.setText(f"{done}{rest}，共 {words.count(len(plots))} 张")
        self.list.queue.show_ids(plots, view.places)
        if not plots:
            self.form.show_nothing()
            return
        at = self.list.queue.row_of(before)
        if at < 0:
            at = next((place for place, plot in enumerate(plots) if plot in view.open), 0)
        self.list.choose(at)

    def _read_rows(self, plots: list[str]) -> None:
        view, ledger = self._view, self._context.ledger
        if view is not None:
            self._context.jobs.read(
                lambda _progress: sheets_work.read_rows(ledger, plots, view.places), self.list.queue.put,
                self.messages.show_error, owner=self,
            )  # fmt: skip

    def _printing_chosen(self) -> None:
        self._wanted = self.printing.code()
        self._to_form = True
        self._ask()

    # -- jumping

    def _to_jump(self) -> None:
        self.jump.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.jump.selectAll()

    def _jump(self) -> None:
        text = self.jump.text().strip()
        plot = plot_of_scan(text)
        if plot is not None:
            self.go_to_plot(plot)
            return
        number = _NUMBER.fullmatch(text)
        many = len(self.list.queue.ids)
        if number is None or not 1 <= int(number[1]) <= many:
            told = f"“{text}”不是这一批的张号。" if text else "还没有写是第几张。"
            self.messages.show_message("info", told, f"写 1 到 {words.count(many)}，或者扫表上的二维码。")
            self._to_jump()
            return
        self._jump_to(int(number[1]) - 1)

    def _jump_to(self, at: int) -> None:
        self.messages.clear()
        self.jump.clear()
        self._to_form = True
        if self.list.currentIndex().row() == at:
            self.form.focus_first()
            self._to_form = False
        self.list.choose(at)

    def go_to_plot(self, plot: str) -> None:
        """The sheet of a plot, as its code says it; one of another printing is looked for among all."""
        at = self.list.queue.row_of(plot)
        if at >= 0:
            self._jump_to(at)
            return
        view = self._view
        whole = next((one for one in view.printings if one.code == ALL), None) if view is not None else None
        if whole is None or plot not in whole.plots:
            why = "可能是别的台账印的，也可能它的导入已经撤回。"
            self.messages.show_message("info", "这张表的图斑台账里没有。", why)
            return
        self.jump.clear()
        self._keep_typed()
        self._wanted, self._next, self._to_form = ALL, plot, True
        self.messages.show_message("info", "这张不是这一批印的，已换到全部图斑，按村排。", "填了的都留着。")
        self._ask()

    def _step(self, by: int) -> None:
        self._to_form = True
        if not self.list.choose(self.list.currentIndex().row() + by):
            self._to_form = False

    def skip(self) -> None:
        """The next sheet that is still open, after the last the first."""
        after = self._open_after(self.list.currentIndex().row())
        if after:
            self._to_form = True
            self.list.choose(self.list.queue.row_of(after))

    def _open_after(self, at: int) -> str:
        view = self._view
        if view is None:
            return ""
        plots = view.chosen.plots
        return next((one for one in (*plots[at + 1 :], *plots[:at]) if one in view.open), "")

    # -- one sheet

    def _read_sheet(self, plot: str) -> None:
        self._keep_typed()
        context = self._context
        ledger, today, member = context.ledger, context.facts.today, context.member
        warning = context.facts.campaign.rules.warning_days
        context.jobs.read(
            lambda _progress: sheets_work.read_sheet(ledger, plot, today, warning, member), self._show_sheet,
            self._gone, owner=self, newest="sheet",
        )  # fmt: skip

    def _gone(self, error: GengdiError) -> None:
        self.form.show_nothing()
        self.messages.show_error(error)

    def _show_sheet(self, work: WorkPlot) -> None:
        if work.view.id != self.list.current:
            return
        # Sheets of one walk have one day; it stands there already and can be typed over.
        day = {"date": self._last_day} if self._last_day and work.rule.fields else {}
        work = replace(work, values={**work.values, **day})
        self.form.show_work(work, self._typed.get(work.view.id), can_copy=bool(self._last))
        if not work.rule.fields:
            self.form.messages.show_message("info", "这个图斑已经过了自查，核查表不用再录。", "要改，请打开图斑。")
        if self._to_form:
            self._to_form = False
            self.form.focus_first()

    def _keep_typed(self) -> None:
        kept = self.form.kept()
        if kept is not None:
            plot, _action, typed = kept
            self._typed[plot] = typed

    def copy_before(self) -> None:
        """Fill in what the sheet before was given."""
        if self.form.work is not None and self._last:
            self.form.copy(self._last)

    def save(self) -> None:
        """Save the sheet as one entry; then the next open one, with the focus in its first field."""
        work = self.form.work
        if work is None or not work.rule.fields or not self._context.writable or self.form.saving:
            return
        self.messages.clear()
        by = self._context.actor_or(self.messages.show_error)
        if by is None:
            return
        try:
            values = self.form.values()
        except RuleError:  # told under its field, and the focus is there
            return
        ledger, plot, typed = self._context.ledger, work.view.id, self.form.typed()
        day = values.get("date", "")

        def deed(_progress: Progress) -> ActOutcome:
            return sheets_work.save_sheet(ledger, plot, values, by)

        self.form.set_saving(saving=True)
        self._context.jobs.write(
            deed, lambda outcome: self._saved(outcome, plot, typed, day), self._not_saved, owner=self
        )

    def _saved(self, outcome: ActOutcome, plot: str, typed: dict[str, str], day: str) -> None:
        self.form.set_saving(saving=False)
        if outcome.refused:
            self.form.show_refusals(outcome.refused[0].reasons)
            return
        self._done += 1
        self._last, self._last_day = typed, day
        self._typed.pop(plot, None)
        self.form.forget()
        self._next, self._to_form = self._open_after(self.list.queue.row_of(plot)), True
        if not self._next:
            self.messages.show_message("check", "这一批都录完了。", "接下来在“自查”页定措施。")
        self._context.bus.tell(outcome.changes)

    def _not_saved(self, error: GengdiError) -> None:
        self.form.set_saving(saving=False)
        self.messages.show_error(error)

    def ledger_changed(self, changes: Changes) -> None:
        """A saved sheet is open no longer."""
        if self.shows & changes.tables:
            self._ask()

    # -- elsewhere

    def _open_plot(self) -> None:
        work = self.form.work
        if work is not None:
            self._keep_typed()
            self._context.trail.follow(self.list.queue.ids, "核查表", "sheets")
            self._context.host.go("plot", {"plot": work.view.id})

    def _attach(self) -> None:
        work = self.form.work
        if work is not None:
            self._keep_typed()
            self._context.host.open_dialog(ActionDialog(self._context, "attach", (work.view.id,), work.view.name))
