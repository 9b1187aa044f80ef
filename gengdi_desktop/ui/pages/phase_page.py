"""A phase as a work queue: what is open, what it lacks, who is late, and the form of what is next, plot after plot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.action_dialog import ActionDialog
from gengdi_desktop.ui.jobs import Lane, Progress
from gengdi_desktop.ui.pages.first_steps import empty_ledger
from gengdi_desktop.ui.pages.phase_form_sheet import FormDeeds, PhaseFormSheet
from gengdi_desktop.ui.pages.phase_late import LatePeople
from gengdi_desktop.ui.pages.phase_work import Queues, WorkPlot, read_queues, read_rows, read_work, values_of
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, clear, label, line, row
from gengdi_desktop.ui.widgets.queue_list import QueueList
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.worklists import WorkQuery
    from gengdi_desktop.phases.service import ActOutcome

_LIST_WIDTH: Final = 312
_TITLES: Final[Mapping[str, str]] = {
    "self_check": "自查",
    "rectification": "整改",
    "acceptance": "验收",
    "summary": "总结",
}
_DONE: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "self_check": ("自查都办完了", "每个图斑都有了结论和措施。接下来去整改。", "去整改", "rectification"),
    "rectification": ("没有等着整改的图斑", "落实了的都已申报。接下来由别人验收。", "去验收", "acceptance"),
    "acceptance": ("没有等着验收的图斑", "申报到位的图斑会排到这里，由申报人以外的人验收。", "去整改", "rectification"),
    "summary": ("没有等着销号、回头看的图斑", "县级验收合格的会排到这里。报告在“报告”页里写。", "去写报告", "reports"),
}
_PHASES: Final[Mapping[str, str]] = {"self_check": "self_check", "rectification": "rectification", "summary": "summary"}


class PhasePage(Page):
    """One page for each stage; the queue is walked by keyboard alone."""

    scrolls: ClassVar[bool] = False

    def __init__(self, context: UiContext, stage: str) -> None:
        super().__init__(pad=0)
        self.stage = stage
        self._context = context
        self.setAccessibleName(_TITLES[stage])
        self._query: WorkQuery | None = None
        self._queues: Queues | None = None
        self._done = 0
        self._next = ""
        self._to_form = False
        self._typed: dict[tuple[str, str], dict[str, str]] = {}
        self._last: dict[str, dict[str, str]] = {}
        self.list = QueueList(f"{_TITLES[stage]}的图斑")
        self.form = PhaseFormSheet(
            context, FormDeeds(self.save, self.copy_before, self.skip, self._open_plot, self._attach)
        )
        self._late = LatePeople(lambda person: self.wish({"person": person, "only": "late"}))
        self._lay_out()
        self._connect()

    # -- what the window asks

    def shown(self) -> None:
        """Ask for the queues again, keeping the place and what is typed."""
        self._ask()

    def ledger_changed(self, _changes: Changes) -> None:
        """An action moves plots from queue to queue."""
        self._ask()

    def wish(self, filters: Mapping[str, str]) -> None:
        """A queue (``queue``), late or soon due ones (``only``), a village or a person."""
        from gengdi_desktop.ledger.worklists import Only, Stage, WorkQuery

        self._keep_typed()
        only = filters.get("only", "")
        self._query = WorkQuery(
            Stage(self.stage), filters.get("queue", ""), Only(only) if only in set(Only) else Only.ALL,
            filters.get("village", ""), filters.get("person"),
        )  # fmt: skip
        self._next, self._to_form = "", True
        self._ask()

    def leave(self) -> None:
        """What is half typed waits where it was, and outlives the program."""
        self._keep_typed()
        self.form.put_down()

    def arrange(self, shape: Shape) -> None:
        """A low window has no room for who is late, which the list tells too; a narrow one none for a row of queues."""
        self._late_room = not shape.low
        self._show_late()
        self.form.set_narrow(narrow=shape.compact)
        if self._queues is not None:
            self._show_tabs(self._queues)

    # -- parts

    def _lay_out(self) -> None:
        self._late_room = True
        self._note = ElidedLabel("", "label")
        self._count = label("", "value", "ink")
        self._tabs = row(gap=2)
        self._group = QButtonGroup(self)
        bar = row(gap=8, margins=(16, 6, 16, 6))
        bar.addWidget(label(_TITLES[self.stage], "title"))
        bar.addLayout(self._tabs)
        bar.addWidget(self._note, 1)
        if self.stage == "self_check" and self._context.writable:
            bar.addWidget(button("录入核查表", "tool", "sheet", pressed=lambda: self._context.host.go("sheets")))
        bar.addWidget(self._count)
        self._list_sheet = Sheet(pad=1)
        self._list_sheet.body.addWidget(self.list, 1)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._list_sheet, 1)
        left.addWidget(self._late)
        holder = QWidget()
        left.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(left)
        holder.setFixedWidth(px(_LIST_WIDTH))
        work = QWidget()
        parts = row(holder, gap=12, margins=(16, 12, 16, 16))
        parts.addWidget(self.form, 1)
        work.setLayout(parts)
        self._stack = QStackedWidget()
        self._stack.addWidget(work)
        for state in (empty_ledger(self._context), self._all_done(), self._nothing_fits()):
            self._stack.addWidget(state)
        self.body.setSpacing(0)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addLayout(bar)
        self.body.addWidget(line())
        self.body.addWidget(self._stack, 1)

    def _all_done(self) -> EmptyState:
        title, sentence, word, page = _DONE[self.stage]
        go = button(word, "main", pressed=lambda: self._context.host.go(page))
        return EmptyState(title, sentence, (go,), picture=False)

    def _nothing_fits(self) -> EmptyState:
        every = button("看全部", "main", pressed=lambda: self.wish({}))
        return EmptyState("这里没有图斑了", "这一类都办完了，别的还在等。", (every,), picture=False)

    def _connect(self) -> None:
        self.list.queue.wanted.connect(self._read_rows)
        self.list.chosen.connect(self._read_plot)
        self.list.opened.connect(lambda _plot: self.form.focus_first())
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Return", self.save),
            ("Ctrl+Enter", self.save),
            ("F6", self.skip),
            ("Alt+Right", partial(self._step, 1)),
            ("Alt+Left", partial(self._step, -1)),
            ("Ctrl+Down", partial(self._step, 1)),
            ("Ctrl+Up", partial(self._step, -1)),
            ("Ctrl+D", self.copy_before),
        )
        for key, call in keys:
            made = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(call)

    # -- the queues

    def _ask(self) -> None:
        from gengdi_desktop.ledger.worklists import Stage, WorkQuery

        query = self._query = self._query or WorkQuery(Stage(self.stage))
        ledger = self._context.ledger
        # Beside the reading lane: in a large ledger this takes a moment, for which no other page should wait.
        self._context.jobs.run(
            Lane.FILES, lambda progress: read_queues(ledger, query, progress), self._show_queues, self.refused,
            owner=self, newest=f"queues-{self.stage}",
        )  # fmt: skip

    def _show_queues(self, queues: Queues) -> None:
        before = self._next or self.list.current
        at = self.list.currentIndex().row()
        self._queues = queues
        for stage, count in queues.stages.items():
            self._context.host.tell_count(stage, count)
        self._show_tabs(queues)
        self._show_late()
        self._note.set_words(self._phase_words())
        self._count.setText(self._counter(queues))
        self.list.queue.show_ids(queues.ids, queues.places)
        self._next = ""
        if not queues.ids:
            self._stack.setCurrentIndex(1 if not queues.plots else 3 if queues.open else 2)
            self.form.show_nothing()
            return
        self._stack.setCurrentIndex(0)
        here = self.list.queue.row_of(before)
        self.list.choose(here if here >= 0 else min(max(at, 0), len(queues.ids) - 1))

    def _counter(self, queues: Queues) -> str:
        left = f"还剩 {words.count(len(queues.ids))}" if queues.ids else ""
        return f"本次已办 {words.count(self._done)}　{left}" if self._done else left

    def _phase_words(self) -> str:
        phase = self._context.facts.campaign.phase(_PHASES.get(self.stage, ""))
        today = self._context.facts.today
        if phase is None or phase.last_day is None:
            return ""
        left = (phase.last_day - today).days
        until = f"限 {phase.last_day.month}.{phase.last_day.day}"
        return f"{until}，" + (f"还有 {left} 天" if left > 0 else "今天截止" if left == 0 else f"已过 {-left} 天")

    def _show_tabs(self, queues: Queues) -> None:
        query = self._query
        assert query is not None  # noqa: S101  (asked before anything is shown)
        clear(self._tabs)
        late = sum(one.late for one in queues.together)
        soon = sum(one.soon for one in queues.together)
        if not queues.open:
            return
        tabs: list[tuple[str, int, dict[str, str]]] = [("全部", queues.open, {})]
        tabs += [(one.queue.label, one.count, {"queue": one.queue.code}) for one in queues.tallies if one.count]
        tabs += [("超期", late, {"only": "late"})] * bool(late) + [("快到期", soon, {"only": "soon"})] * bool(soon)
        chosen = {key: value for key, value in (("queue", query.queue), ("only", query.only.value)) if value}
        if self.shape.compact:
            self._tabs.addWidget(self._tab_choice(tabs, chosen))
            tabs = []
        for word, count, wish in tabs:
            made = button(f"{word} {words.count(count)}", "tool", pressed=partial(self.wish, wish))
            made.setCheckable(True)
            self._group.addButton(made)
            made.setChecked(wish == chosen and not query.village and query.person is None)
            self._tabs.addWidget(made)
        if query.person is not None or query.village:
            told = query.village or query.person or "没有责任人的"
            self._tabs.addWidget(button(told, "link", "cross", name=f"不再只看{told}", pressed=partial(self.wish, {})))

    def _tab_choice(self, tabs: list[tuple[str, int, dict[str, str]]], chosen: dict[str, str]) -> ChoiceField:
        """The same queues as one field, where a row of them would not fit."""
        told = [(str(at), f"{word} {words.count(count)}") for at, (word, count, _) in enumerate(tabs)]
        now = next((str(at) for at, (_, _, wish) in enumerate(tabs) if wish == chosen), "")
        made = ChoiceField("看哪些图斑", told, now)
        made.activated.connect(lambda at: self.wish(tabs[at][2]))
        return made

    def _show_late(self) -> None:
        self._late.show_people(self._queues.late if self._queues is not None else (), room=self._late_room)

    def _read_rows(self, ids: list[str]) -> None:
        ledger, member = self._context.ledger, self._context.member
        self._context.jobs.read(
            lambda _progress: read_rows(ledger, ids, member), self.list.queue.put, self.refused, owner=self
        )

    # -- one plot

    def _read_plot(self, plot: str) -> None:
        self._keep_typed()
        context = self._context
        ledger, today, member = context.ledger, context.facts.today, context.member
        warning = context.facts.campaign.rules.warning_days
        context.jobs.read(
            lambda _progress: read_work(ledger, plot, today, warning, member), self._show_plot, self.refused,
            owner=self, newest=f"work-{self.stage}",
        )  # fmt: skip

    def _show_plot(self, work: WorkPlot | None) -> None:
        if work is None or work.view.id != self.list.current:
            return
        typed = self._typed.get((work.view.id, work.rule.code.value))
        self.form.show_work(work, typed, can_copy=bool(work.before or work.rule.code.value in self._last))
        if self._to_form:
            self._to_form = False
            self.form.focus_first()

    def _keep_typed(self) -> None:
        kept = self.form.kept()
        if kept is not None:
            plot, action, typed = kept
            self._typed[plot, action] = typed

    def _step(self, by: int) -> None:
        self._to_form = True
        if not self.list.choose(self.list.currentIndex().row() + by):
            self._to_form = False

    def skip(self) -> None:
        """The next open one; from the last one back to the first."""
        self._to_form = True
        rows = len(self.list.queue.ids)
        if rows:
            self.list.choose((self.list.currentIndex().row() + 1) % rows)

    def copy_before(self) -> None:
        """Fill in what the plot before was given; areas stay each plot's own."""
        work = self.form.work
        if work is None:
            return
        action = work.rule.code.value
        if action in self._last:
            self.form.copy(self._last[action])
        elif work.before:
            ledger, before = self._context.ledger, work.before
            self._context.jobs.read(
                lambda _progress: values_of(ledger, before, action), self.form.copy, self.refused, owner=self
            )

    def save(self) -> None:
        """Do what the form says; then the next plot, with the focus in its first field."""
        work = self.form.work
        if work is None or not self._context.writable or self.form.saving:
            return
        self.messages.clear()
        try:
            values, by = self.form.values(), self.form.actor()
        except RuleError as error:
            if error.code == "who":
                self.messages.show_error(error)
            return
        ledger, plot, action = self._context.ledger, work.view.id, work.rule.code.value

        def deed(_progress: Progress) -> ActOutcome:
            from gengdi_desktop.phases import service

            return service.act(ledger, action, [plot], values, by=by)

        self.form.set_saving(saving=True)
        typed = self.form.typed()
        self._context.jobs.write(
            deed, lambda outcome: self._saved(outcome, plot, action, typed), self._not_saved, owner=self
        )

    def _saved(self, outcome: ActOutcome, plot: str, action: str, typed: dict[str, str]) -> None:
        self.form.set_saving(saving=False)
        if outcome.refused:
            self.form.show_refusals(outcome.refused[0].reasons)
            return
        self._done += 1
        self._last[action] = typed
        self._typed.pop((plot, action), None)
        self.form.forget()
        ids, at = self.list.queue.ids, self.list.queue.row_of(plot)
        after = ids[at + 1 :] or ids[:at]
        self._next, self._to_form = (after[0] if after else ""), True
        self._context.bus.tell(outcome.changes)

    def _not_saved(self, error: GengdiError) -> None:
        self.form.set_saving(saving=False)
        self.messages.show_error(error)

    # -- elsewhere

    def _open_plot(self) -> None:
        work = self.form.work
        if work is not None:
            self._keep_typed()
            self._context.trail.follow(self.list.queue.ids, _TITLES[self.stage], self.stage)
            self._context.host.go("plot", {"plot": work.view.id})

    def _attach(self) -> None:
        work = self.form.work
        if work is not None:
            self._keep_typed()
            self._context.host.open_dialog(ActionDialog(self._context, "attach", (work.view.id,), work.view.name))


def make_phase_page(stage: str) -> Callable[[UiContext], Page]:
    """The page of a stage, for the catalog."""

    def make(context: UiContext) -> Page:
        return PhasePage(context, stage)

    return make
