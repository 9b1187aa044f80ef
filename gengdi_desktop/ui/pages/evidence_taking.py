"""Above a page: what would become of files that were dropped, pasted or chosen; nothing is written before the press."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Job, Lane, Progress, Shown
from gengdi_desktop.ui.models.photo_taking import (
    TakenView,
    TakingRow,
    TakingView,
    TakingWish,
    read_taking,
    run_taking,
)
from gengdi_desktop.ui.models.rows_model import Cell, RowsModel
from gengdi_desktop.ui.models.rows_model import Shown as ShownColumn
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.growing_panel import GrowingPanel
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, mark, row, set_style
from gengdi_desktop.ui.widgets.progress_card import how_far, time_left
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

_ROWS_IN_SIGHT: Final = 7
_GUESS: Final = ("", "请选择")
_MATCHING: Final = ("", "按编号和位置归")
_COLUMNS: Final[tuple[ShownColumn[TakingRow], ...]] = (
    ShownColumn(Column("name", "文件", 200, "text", "none", sortable=False, limit=320), lambda one: one.name),
    ShownColumn(
        Column("where", "归到", 150, "text", "none", sortable=False, limit=280),
        lambda one: Cell(one.where, ink=one.tone or "ink"),
    ),
    ShownColumn(Column("stage", "环节", 80, "text", "none", sortable=False), lambda one: one.stage),
    ShownColumn(
        Column("told", "怎么对上的，或为什么没有", 280, "text", "none", sortable=False, limit=620),
        lambda one: Cell(one.told, ink=one.tone or "ink2"),
    ),
)


class TakingPanel(GrowingPanel):
    """Empty it takes no room. Esc puts it away, and nothing is taken then."""

    def __init__(self, context: UiContext, messages: MessageSlot) -> None:
        super().__init__()
        self.setProperty("message", "sky")
        self.setAccessibleName("收照片")
        self._context, self._messages = context, messages
        self._wish: TakingWish | None = None
        self.view: TakingView | None = None
        self._job: Job | None = None
        self._bar = QProgressBar()
        self._far = label("", "small")
        self.stage = ChoiceField("环节", (_GUESS,))
        context.jobs.moved.connect(self._moved)
        self.hide()

    # -- look

    def look(self, wish: TakingWish) -> None:
        """Look at files, and show what would become of them."""
        self.put_away()
        self._messages.clear()
        self._wish = wish
        self._show_work("正在看这些文件", "只是看，还没有收。")
        ledger = self._context.ledger
        self._job = self._context.jobs.run(
            Lane.FILES, lambda progress: read_taking(ledger, wish, progress), self._seen, self._refused, owner=self,
            cancelled=self.put_away, newest="taking", shown=Shown("看照片", "个", "取消就不收，原来的文件不动。"),
        )  # fmt: skip

    def _seen(self, view: TakingView) -> None:
        self._job, self.view = None, view
        self._show_view(view)

    def _refused(self, error: GengdiError) -> None:
        self._job = None
        self.put_away()
        self._messages.show_error(error)

    # -- take

    def take(self) -> None:
        """Do what is shown; one entry, one undo."""
        view = self.view
        by = self._context.actor_or(self._messages.show_error)
        if view is None or by is None or not view.takes:
            return
        self._show_work(f"正在收 {view.takes} 个文件", "取消后台账和原来一样，原来的文件不动。")
        ledger = self._context.ledger
        self._job = self._context.jobs.run(
            Lane.WRITE, lambda progress: run_taking(ledger, view, by, progress), self._taken, self._refused,
            owner=self, cancelled=self._stopped, shown=Shown("收照片", "个", "取消后台账和原来一样。"),
        )  # fmt: skip

    def _taken(self, taken: TakenView) -> None:
        self._job = None
        self.put_away()
        undo = button("撤销", pressed=partial(self._undo, taken.changes))
        actions = [undo] if taken.changes.seq is not None else []
        if taken.waiting:
            see = partial(self._context.host.go, "evidence", {"section": "tray"})
            actions.insert(0, button("去归位", pressed=see))
        self._messages.show_message("check", taken.what, taken.more, actions)
        self._context.bus.tell(taken.changes)

    def _stopped(self) -> None:
        self._job = None
        self.put_away()
        self._messages.show_message("info", "没有收。", "台账和原来一样，原来的文件没有动。")

    def _undo(self, changes: Changes) -> None:
        undo_entry(self._context, self._messages, changes, "已撤销，这些文件没有收。")

    # -- the parts

    def put_away(self) -> None:
        """Go; what is under way is stopped."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.view = self._wish = None
        clear(self._lay)
        self.hide()

    def _show_work(self, what: str, promise: str) -> None:
        clear(self._lay)
        set_style(self, "message", "sky")
        self.setAccessibleName(what)
        self._bar, self._far = QProgressBar(), label("", "small")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(f"{what}的进度")
        head = row(mark("info", "sky", 18), label(what), None, self._far, gap=10)
        head.addWidget(button("取消", pressed=self._cancel))
        self._lay.addLayout(head)
        self._lay.addWidget(self._bar)
        self._lay.addWidget(label(promise, "small"))
        self.show()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _moved(self, job: Job) -> None:
        if job is self._job:
            done, total = job.steps
            self._bar.setRange(0, max(total, 0))
            self._bar.setValue(done)
            told = (how_far(done, total, "个"), time_left(done, total, job.seconds))
            self._far.setText("，".join(filter(None, told)))

    def _show_view(self, view: TakingView) -> None:
        clear(self._lay)
        set_style(self, "message", "soil" if view.refused else "sky")
        self.setAccessibleName(view.what)
        told = column(label(view.what, wrap=True), gap=2)
        if view.more:
            told.addWidget(label(view.more, "label", "ink", wrap=True))
        head = row(mark("warn" if view.refused else "info", "soil" if view.refused else "sky", 18), gap=10)
        head.addLayout(told, 1)
        self._lay.addLayout(head)
        if view.rows:
            self._lay.addWidget(self._table(view.rows))
        self._lay.addLayout(self._foot(view))
        self.show()

    def _foot(self, view: TakingView) -> QVBoxLayout:
        wish = view.wish
        foot = row(gap=8)
        if wish.plots:
            plots = ChoiceField("归到", (*wish.plots, _MATCHING), wish.plot)
            plots.activated.connect(lambda _at: self.look(replace(wish, plot=plots.code())))
            foot.addWidget(label("归到", "label"))
            foot.addWidget(plots)
        options = (_GUESS, *((one.value, one.label) for one in Stage))
        self.stage = ChoiceField("没写明环节的算", options, wish.stage)
        self.stage.activated.connect(lambda _at: self.look(replace(wish, stage=self.stage.code())))
        foot.addWidget(label("没写明环节的算", "label"))
        foot.addWidget(self.stage)
        foot.addStretch(1)
        leave = button("先不收", pressed=self.put_away)
        foot.addWidget(leave)
        if view.asks_stage:
            self.stage.setFocus()
        elif view.takes and self._context.writable:
            main = self._main(view)
            foot.addWidget(main)
            main.setFocus()
        return column(foot, gap=0)

    def _main(self, view: TakingView) -> QPushButton:
        return button(view.verb, "main", pressed=self.take)

    @staticmethod
    def _table(rows: Sequence[TakingRow]) -> TableView:
        model: RowsModel[TakingRow] = RowsModel(_COLUMNS)
        model.show_rows(rows)
        table = TableView("要收的文件", model, model.columns)
        model.setParent(table)
        table.fit_columns()
        table.setFixedHeight(px(28) + px(23) * min(len(rows), _ROWS_IN_SIGHT) + 12)
        return table


def undo_entry(
    context: UiContext, messages: MessageSlot, changes: Changes, said: str, then: Callable[[], object] | None = None
) -> None:
    """Turn one entry back, and say so."""
    by = context.actor_or(messages.show_error)
    seq = changes.seq
    if by is None or seq is None:
        return
    ledger = context.ledger

    def work(_progress: Progress) -> Changes:
        from gengdi_desktop.ledger import undo

        return undo.undo(ledger, seq, by=by).changes

    def done(undone: Changes) -> None:
        messages.show_message("check", said, "按 Ctrl+Y 可以再做回来。")
        context.bus.tell(undone)
        if then is not None:
            then()

    context.jobs.write(work, done, messages.show_error, owner=messages)
