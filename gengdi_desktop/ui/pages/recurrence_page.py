"""Recurrence (反弹): the plot that was closed before and the one that comes now, beside one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.reports.forms.kinds import FormKind
from gengdi_desktop.ui import prompts
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.models.recurrence_pairs import AgainPair, wished_pairs
from gengdi_desktop.ui.pages import recurrence_work
from gengdi_desktop.ui.pages.ledger_export import ExportDeeds, LedgerExports
from gengdi_desktop.ui.pages.recurrence_side import PlotSide
from gengdi_desktop.ui.pages.recurrence_work import BothView, Compared
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.page import Arrangement, Page, Place
from gengdi_desktop.ui.widgets.parts import button, column, label, mark, row
from gengdi_desktop.ui.widgets.photo_map import PhotoMap
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_BACK_WORDS: Final[Mapping[str, str]] = {"intake": "导入", "outlines": "补边界", "plot": "图斑", "ledger": "图斑台账"}
_COMPARE: Final = Shown("和以前销号的图斑比", "", "取消后两本台账都和原来一样。")
_MAP: Final = 210


class RecurrencePage(Page):
    """Pair after pair: those of the wish ``pairs``, that of a ``plot``, else all of the ledger."""

    shows: ClassVar[frozenset[str]] = frozenset({"plot", "plot_shape", "closing", "attachment"})

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("疑似反弹")
        self._context = context
        self._pairs: tuple[AgainPair, ...] = ()
        self._at = 0
        self._back_page = "intake"
        self._back_wish: dict[str, str] | None = None
        self._other: Path | None = None
        self._earlier: Ledger | None = None
        self._earlier_name = ""
        self.both: BothView | None = None
        self._exports = LedgerExports(context, self.messages, ExportDeeds(tuple, tuple), self)
        self._lay_out()
        self._make_keys()
        self._show_nothing("")

    # -- parts

    def _lay_out(self) -> None:
        self._back = button("", "link", "left", key="Esc", pressed=self.go_back)
        self._count = label("", "small")
        up = button("", "tool", "up", name="上一对", key="Ctrl+↑", pressed=partial(self.step, -1))
        down = button("", "tool", "down", name="下一对", key="Ctrl+↓", pressed=partial(self.step, 1))
        self._steps = (up, down)
        other = button("和别的台账比", sign="open", pressed=self._choose_other)
        head = row(self._back, label("疑似反弹", "title"), None, self._count, up, down, other, gap=10)
        self.body.insertLayout(0, head)
        self._sentence = label("", "value", wrap=True)
        self._why = Sheet(pad=10)
        told = row(gap=8)
        told.addWidget(mark("warn", "seal", 16), 0, Qt.AlignmentFlag.AlignTop)
        told.addLayout(
            column(self._sentence, label("是不是反弹由人看了定，程序只把两块地放在一起。", "small"), gap=2), 1
        )
        self._why.body.addLayout(told)
        self._parts = Arrangement()
        self._sides: tuple[PlotSide, PlotSide] | None = None
        self._map = Sheet("两次的边界", "灰线是原来的")
        self.map = PhotoMap("两次的边界")
        self.map.setFixedHeight(px(_MAP))
        self._map.body.addWidget(self.map)
        again = button("和别的台账比", "main", pressed=self._choose_other)
        self._nothing = EmptyState(
            "没有疑似反弹的图斑",
            "没有办结的图斑和销过号的图斑重叠、挨着或同村同号的，都会排到这里，原来的档案和照片就在旁边。",
            (again,),
            "上一年的台账在别的文件夹里，选它来比；那本台账只看不改。",
            picture=False,
        )
        for one in (self._why, self._parts, self._nothing):
            self.body.addWidget(one)
        self.body.addStretch(0)

    def _make_keys(self) -> None:
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Up", partial(self.step, -1)),
            ("Ctrl+Down", partial(self.step, 1)),
            ("Esc", self.go_back),
        )
        for key, call in keys:
            made = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(call)

    def _make_sides(self) -> tuple[PlotSide, PlotSide]:
        """Anew where another ledger is looked into: pictures belong to their ledger."""
        earlier = self._earlier or self._context.ledger
        old = PlotSide("原来销号的", self._context, earlier)
        new = PlotSide("这次的", self._context, self._context.ledger)
        if self._earlier is None:
            old.on_photo(partial(self._open_photo, old))
        new.on_photo(partial(self._open_photo, new))
        gone = self._sides or ()
        self._sides = old, new
        self.arrange(self.shape)
        for one in gone:
            one.hide()
            one.deleteLater()
        return self._sides

    # -- what the window asks

    def arrange(self, shape: Shape) -> None:
        """The two beside one another, or the old one first."""
        if self._sides is None:
            return
        old, new = self._sides
        parts: tuple[tuple[QWidget, Place], ...]
        if shape.compact:
            parts = ((old, (0, 0, 1, 1)), (new, (1, 0, 1, 1)), (self._map, (2, 0, 1, 1)))
            self._parts.place(parts)
        else:
            parts = ((old, (0, 0, 2, 1)), (new, (0, 1, 1, 1)), (self._map, (1, 1, 1, 1)))
            self._parts.place(parts, columns=(1, 1), rows=(1, 0))
        self._map.setVisible(bool(self.both and self.both.shapes))

    def wish(self, filters: Mapping[str, str]) -> None:
        """Pairs of another page, the pair of one plot, or all of the ledger."""
        self._back_page = filters.get("back", "intake")
        self._back_wish = {"plot": filters["plot"]} if filters.get("plot") else None
        self._other = None
        self._let_go()
        self._show_back()
        if filters.get("pairs"):
            self._show_pairs(Compared(wished_pairs(filters), None), int(filters.get("at", "0")))
        elif filters.get("plot"):
            self._ask_plot(filters["plot"])
        else:
            self._compare()

    def shown(self) -> None:
        """Read the pair anew; another ledger that was looked into is opened again."""
        if self._other is not None and self._earlier is None:
            self._compare()
        elif self._pairs:
            self._read()

    def leave(self) -> None:
        """The other ledger is let go; it is opened again when the page comes back."""
        self._let_go()
        self._context.jobs.let_go(self, also_asked=True)

    def go_back(self) -> None:
        """Back to where the pair was found."""
        self._context.host.go(self._back_page, self._back_wish)

    def step(self, by: int) -> None:
        """The next or the previous pair; at the end nothing happens."""
        if 0 <= self._at + by < len(self._pairs):
            self._at += by
            self._to_top()
            self._read()

    # -- which pairs

    def _choose_other(self) -> None:
        preferences = self._context.preferences
        chosen = self._context.prompts.open_file("选以前的台账", prompts.LEDGERS, preferences.start_folder())
        if chosen is not None:
            self._let_go()
            self._other = chosen.parent
            self._compare()

    def _compare(self) -> None:
        ledger, other, clock = self._context.ledger, self._other, self._context.clock
        self.messages.clear()

        def work(progress: Progress) -> Compared:
            return recurrence_work.compare(ledger, other, clock, progress)

        def refused(error: GengdiError) -> None:
            self._other = None
            self.messages.show_error(error)

        self._context.jobs.run(
            Lane.FILES, work, self._show_pairs, refused, owner=self, shown=_COMPARE, newest="recurrence"
        )

    def _ask_plot(self, plot: str) -> None:
        ledger = self._context.ledger

        def done(pair: AgainPair | None) -> None:
            self._show_pairs(Compared(() if pair is None else (pair,), None))

        self._context.jobs.read(
            lambda _progress: recurrence_work.pair_of(ledger, plot), done, self.messages.show_error, owner=self,
            newest="recurrence-plot",
        )  # fmt: skip

    def _show_pairs(self, compared: Compared, at: int = 0) -> None:
        if compared.earlier is not None and self._other is None:  # meanwhile something else was wished for
            self._close(compared.earlier)
            return
        self._pairs, self._at = compared.pairs, min(at, max(len(compared.pairs) - 1, 0))
        self._earlier, self._earlier_name = compared.earlier, compared.earlier_name
        self.both = None
        if not self._pairs:
            self._show_nothing(compared.earlier_name)
            return
        self.hold_focus()  # what has it may stand in a side that goes
        self._make_sides()
        self._to_top()
        self._read()

    def _to_top(self) -> None:
        """Another pair is read from its head."""
        holder = self.parentWidget()
        while holder is not None and not isinstance(holder, QScrollArea):
            holder = holder.parentWidget()
        if isinstance(holder, QScrollArea):
            holder.verticalScrollBar().setValue(0)

    def _show_nothing(self, other: str) -> None:
        for one in (self._why, self._parts):
            one.hide()
        self._nothing.show()
        self._count.setText(f"和“{other}”比过了" if other else "")
        for step in self._steps:
            step.hide()

    def _let_go(self) -> None:
        earlier, self._earlier = self._earlier, None
        if earlier is not None:
            self._close(earlier)

    def _close(self, earlier: Ledger) -> None:
        self._context.jobs.run(Lane.FILES, lambda _progress: earlier.close())

    # -- one pair

    def _read(self) -> None:
        context, pair = self._context, self._pairs[self._at]
        earlier = self._earlier or context.ledger
        today, warning = context.facts.today, context.facts.campaign.rules.warning_days
        context.jobs.read(
            lambda _progress: recurrence_work.read_both(context.ledger, earlier, pair, today, warning),
            self.show_both, self.messages.show_error, owner=self, newest="recurrence-pair",
        )  # fmt: skip

    def show_both(self, both: BothView) -> None:
        """Put a pair on the page."""
        if self._sides is None or both.pair not in self._pairs:
            return
        self.both = both
        self._nothing.hide()
        for one in (self._why, self._parts):
            one.show()
        self.setAccessibleName(f"疑似反弹 {both.new.name}")
        self._sentence.setText(both.pair.sentence)
        self._count.setText(recurrence_work.counted(self._at, len(self._pairs)))
        for step, by in zip(self._steps, (-1, 1), strict=True):
            step.setVisible(len(self._pairs) > 1)
            step.setEnabled(0 <= self._at + by < len(self._pairs))
        old, new = self._sides
        own = self._earlier is None
        old.show_side(
            both.old,
            "本台账" if own else f"台账“{self._earlier_name}”",
            self._deeds(both.old.plot, both.old.name) if own else (),
        )
        new.show_side(
            both.new, "" if both.new.plot else "还在清单里，没有导入", self._deeds(both.new.plot, both.new.name)
        )
        self._map.setVisible(bool(both.shapes))
        self.map.show_all((), both.shapes)

    def _deeds(self, plot: str, name: str) -> tuple[QPushButton, ...]:
        if not plot:
            return ()
        opened = button("打开图斑", name=f"打开图斑 {name}", pressed=partial(self._open_plot, plot))
        dossier = button(
            "写出档案（PDF）", "link", name=f"写出 {name} 的档案", pressed=partial(self._write, plot, name)
        )
        return opened, dossier

    def _open_plot(self, plot: str) -> None:
        self._context.trail.follow((plot,), "疑似反弹", "recurrence")
        self._context.host.go("plot", {"plot": plot})

    def _write(self, plot: str, name: str) -> None:
        self._exports.forms(FormKind.DOSSIER, (plot,), name)

    def _open_photo(self, side: PlotSide, file: int) -> None:
        if side.side is not None and side.side.plot:
            self._context.host.go("photo", {"plot": side.side.plot, "photo": str(file), "back": "recurrence"})

    def _show_back(self) -> None:
        word = _BACK_WORDS.get(self._back_page, "返回")
        self._back.setText(f"\u2005{word}")
        self._back.setAccessibleName(f"回到{word}")
