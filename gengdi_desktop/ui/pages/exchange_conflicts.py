"""Two values for one field: all conflicts, the chosen one side by side, and the decision with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.models.rows_model import Cell, RowsModel, Shown
from gengdi_desktop.ui.pages import exchange_arrivals
from gengdi_desktop.ui.pages.evidence_taking import undo_entry
from gengdi_desktop.ui.pages.exchange_view import ComparedRow, ConflictView
from gengdi_desktop.ui.pages.sections import Section, see_through
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.form import FactGrid, Form
from gengdi_desktop.ui.widgets.page import Arrangement, Page
from gengdi_desktop.ui.widgets.parts import boxed, button, clear, column, label, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView
from gengdi_desktop.ui.widgets.tick_field import TickField

_LEAST_ROWS: Final = 6
_NO_LIMIT: Final = 16777215
_OPEN, _DECIDED = "open", "decided"
_FILTERS: Final = ((_OPEN, "还没有定的"), (_DECIDED, "已经定的"))
_MINE, _THEIRS = "mine", "theirs"
_CHOICES: Final = (("", ""), (_MINE, "用本台的"), (_THEIRS, "用对方的"))
_DECIDE: Final = "就这样定"
_PROMISE: Final = "没有定的那个值也留着，可以撤销。"
_COLUMNS: Final[tuple[Shown[ConflictView], ...]] = (
    Shown(Column("name", "图斑", 110, "text", "none", sortable=False, limit=200), lambda one: one.name),
    Shown(Column("what", "哪一项", 84, "text", "none", sortable=False, limit=140), lambda one: one.what),
    Shown(Column("mine", "本台谁写的", 90, "text", "none", sortable=False, limit=150), lambda one: one.mine_hand),
    Shown(Column("theirs", "对方", 110, "text", "none", sortable=False, limit=170), lambda one: one.theirs_hand),
    Shown(
        Column("decided", "怎么定的", 110, "text", "none", sortable=False, limit=240),
        lambda one: Cell(one.decided or "还没有定", ink="soil" if one.open else "ink"),
    ),
)


class ExchangeConflicts(Section):
    """The list at the left, the chosen conflict at the right; ours stands in the ledger until somebody decides."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.conflicts: tuple[ConflictView, ...] = ()
        self.shown: tuple[ConflictView, ...] = ()
        self._wanted = self._here = 0
        self.filter = ChoiceField("看哪些冲突", _FILTERS)
        self.filter.activated.connect(self._show_list)
        self._list = Sheet("两边都改过的", " ", self.filter)
        self.model: RowsModel[ConflictView] = RowsModel(_COLUMNS, self)
        self.table = TableView("冲突", self.model, self.model.columns)
        self.table.row_chosen.connect(self._choose_row)
        self.table.selection_moved.connect(self._tell_how_many)
        self.table.row_opened.connect(lambda _at: self._open_plot())
        self._none = label("", wrap=True)
        self._list.body.addWidget(self.table, 1)
        self._list.body.addWidget(self._none)
        self._list.body.addStretch(0)
        self._one = Sheet("", pad=12)
        self._make_detail()
        self._empty = EmptyState(
            "没有要定的冲突",
            "收包的时候，同一项两边都改过、又不一样的，会列在这里。本台的先留着，等您定用哪个；两边的值都永远留底。",
            (button("去收包", pressed=lambda: context.host.go("exchange", {"section": "take"})),),
            picture=False,
        )
        self._parts = Arrangement()
        self._area = see_through(self._parts)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._empty, 1)
        self.arrange(page.shape)
        self.show_conflicts(())

    def _make_detail(self) -> None:
        self._name = label("", "section")
        self._source = label("", "small", wrap=True)
        self._plot = button("打开图斑", sign="right", pressed=self._open_plot)
        self._values = column(gap=0)
        self._decided = label("", "value", wrap=True)
        self.choice = TickField("用哪个", _CHOICES)
        self.reason = LineField("理由", hint="电话问过谁、看了什么")
        self.reason.returnPressed.connect(self.decide)
        self._form = Form(48)
        self._form.add("choice", "用哪个", self.choice)
        self._form.add("reason", "理由", self.reason)
        self.main = button(_DECIDE, "main", pressed=self.decide)
        self._promise = label(_PROMISE, "small", wrap=True)
        foot = row(gap=8)
        foot.addWidget(self._promise, 1)
        foot.addWidget(self.main)
        self._deciding = boxed(column(self._form, foot, gap=8))
        head = row(self._name, None, self._plot, gap=8)
        for one in (head, self._values):
            self._one.body.addLayout(one)
        self._one.body.insertWidget(1, self._source)
        for part in (self._decided, self._deciding):
            self._one.body.addWidget(part)
        self._one.body.addStretch(1)

    def arrange(self, shape: Shape) -> None:
        """Side by side, or the list above."""
        if shape.compact:
            self._parts.place(((self._list, (0, 0, 1, 1)), (self._one, (1, 0, 1, 1))), rows=(0, 1))
        else:
            self._parts.place(((self._list, (0, 0, 1, 1)), (self._one, (0, 1, 1, 1))), columns=(48, 52), rows=(1,))
        self._fit_table()
        self._show_parts()

    # -- read and show

    def look(self) -> None:
        """Read the conflicts."""
        ledger, today = self.context.ledger, self.context.facts.today
        self.context.jobs.read(
            lambda _progress: exchange_arrivals.read_conflicts(ledger, today),
            self.show_conflicts,
            self.page.refused,
            owner=self,
            newest="exchange-conflicts",
        )

    def show_conflicts(self, conflicts: tuple[ConflictView, ...]) -> None:
        """Put them on the page; the one that was in front stays there, or what has taken its place."""
        self.conflicts = conflicts
        self.counted.emit(sum(one.open for one in conflicts))
        self._show_list()

    def choose(self, conflict: int) -> None:
        """Bring one to front, now or once it is read."""
        self._wanted = conflict
        found = next((one for one in self.conflicts if one.id == conflict), None)
        if found is not None:
            self.filter.choose(_OPEN if found.open else _DECIDED)
            self._show_list()

    def _show_list(self) -> None:
        wants_open = self.filter.code() == _OPEN
        before = max(self.table.current_row(), 0)
        self.shown = tuple(one for one in self.conflicts if one.open == wants_open)
        self.model.show_rows(self.shown)
        self.table.fit_columns()
        self._list.set_note(f"{words.count(len(self.shown))} 处" if self.shown else "")
        self._none.setText("都定过了。" if wants_open else "还没有定过。")
        self._none.setVisible(not self.shown)
        self.table.setVisible(bool(self.shown))
        self._fit_table()
        self._show_parts()
        if self.shown:
            at = next((at for at, one in enumerate(self.shown) if one.id == self._wanted), before)
            self.table.choose_row(min(at, len(self.shown) - 1))
            self._choose_row(self.table.current_row())
        self._wanted = 0

    def _fit_table(self) -> None:
        """Above the chosen conflict the list is as high as its first rows; beside it, as high as there is room."""
        least = px(28) + px(23) * min(max(len(self.shown), 2), _LEAST_ROWS) + 4
        self.table.setMinimumHeight(least)
        self.table.setMaximumHeight(least if self.page.shape.compact else _NO_LIMIT)

    def _show_parts(self) -> None:
        self._empty.setVisible(not self.conflicts)
        self._area.setVisible(bool(self.conflicts))
        self._one.setVisible(bool(self.shown))

    @property
    def current(self) -> ConflictView | None:
        """The conflict in front."""
        at = self.table.current_row()
        return self.shown[at] if 0 <= at < len(self.shown) else None

    @property
    def chosen(self) -> tuple[ConflictView, ...]:
        """The conflicts that are selected, and the one in front: what is said now is said of all of them."""
        rows = {*self.table.selected_rows(), self.table.current_row()}
        return tuple(self.shown[at] for at in sorted(rows) if 0 <= at < len(self.shown))

    def _tell_how_many(self) -> None:
        """Say before the deed that it is about more than what stands beside it."""
        count = len(self.chosen)
        self.main.setText(f"{words.count(count)} 处都这样定" if count > 1 else _DECIDE)
        told = f"选了 {words.count(count)} 处，一起定，记成一步。" if count > 1 else self._several_told()
        self._promise.setText(told + _PROMISE)

    def _several_told(self) -> str:
        return "按住 Shift 或 Ctrl 可以多选几行，一起定。" if len(self.shown) > 1 else ""

    def _choose_row(self, _at: int) -> None:
        one = self.current
        if one is None:
            return
        self._name.setText(one.name)
        self._source.setText(f"{one.what}，{one.source}")
        self._plot.setVisible(bool(one.plot))
        self._plot.setAccessibleName(f"打开图斑 {one.name}")
        clear(self._values)
        self._values.addWidget(_compared(one))
        self._decided.setVisible(not one.open)
        self._decided.setText(f"{one.decided}。理由：{one.reason}。" if not one.open else "")
        self._deciding.setVisible(one.open and self.context.writable)
        self._tell_how_many()
        if one.id != self._here:  # read anew, what is half typed stays
            self._here = one.id
            self._form.clear_errors()
            self.choice.choose("")
            self.reason.clear()

    def _open_plot(self) -> None:
        one = self.current
        if one is not None and one.plot:
            plots = tuple(dict.fromkeys(other.plot for other in self.shown if other.plot))
            self.context.trail.follow(plots, "冲突", "exchange")
            self.context.host.go("plot", {"plot": one.plot})

    # -- decide

    def decide(self) -> None:
        """Say whose value holds in all that are selected; without a reason nothing is decided."""
        chosen, reason, choice = self.chosen, self.reason.text().strip(), self.choice.code()
        if not chosen:
            return
        self._form.clear_errors()
        if not choice:
            self._form.show_error("choice", "还没有选用哪个。")
            self.choice.setFocus()
            return
        if not reason:
            self._form.show_error("reason", "还没有写理由。以后核查的人要看为什么这样定。")
            self.reason.setFocus()
            return
        by, ledger = self.context.actor_or(self.page.refused), self.context.ledger
        if by is None:
            return

        def done(changes: Changes) -> None:
            told = "用本台的" if choice == _MINE else "用对方的"
            undo = button("撤销", pressed=partial(self._undo, changes))
            what = f"{_named(chosen)}已定：{told}。"
            self.page.messages.show_message(
                "check", what, "两边的值和理由都留底，图斑的“经过”里会写明经冲突裁定。", (undo,)
            )
            self.page.go_on(self.table)
            self.context.bus.tell(changes)

        self.page.hold_focus()
        self.context.jobs.write(
            lambda _progress: exchange_arrivals.decide(ledger, [one.id for one in chosen], choice, reason, by),
            done,
            self.page.refused,
            owner=self,
        )

    def _undo(self, changes: Changes) -> None:
        undo_entry(self.context, self.page.messages, changes, "已撤销，又等着定。")


def _named(chosen: Sequence[ConflictView]) -> str:
    """白圩村 0003 的成因; of several how many."""
    return f"{chosen[0].name} 的{chosen[0].what}" if len(chosen) == 1 else f"{words.count(len(chosen))} 处冲突"


def _compared(one: ConflictView) -> FactGrid:
    """Three values beside one another: what both knew, ours, theirs; what a side left as it was is paler."""
    grid = FactGrid((72, 0, 0, 0))
    heads: Sequence[str] = ("", "原来", "本台的", "对方的")
    grid.add(*(label(word, "label") for word in heads))
    for told in one.rows:
        grid.add(label(told.name, "label", wrap=True), *_cells(told))
    if one.mine_by or one.theirs_by:
        whose = ("", "两边都知道的", one.mine_by, one.theirs_by)
        grid.add(*(label(word, "small", wrap=True) for word in whose))
    return grid


def _cells(told: ComparedRow) -> tuple[QWidget, ...]:
    return tuple(
        label(value or words.NOTHING, "value", "ink2" if value == told.base else "ink", wrap=True)
        for value in (told.base, told.mine, told.theirs)
    )
