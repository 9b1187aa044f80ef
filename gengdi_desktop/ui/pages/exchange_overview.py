"""What this desk sends and takes in, and every package that went or came."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.models.rows_model import Cell, RowsModel, Shown
from gengdi_desktop.ui.pages import exchange_packing
from gengdi_desktop.ui.pages.exchange_view import FIRST_STEP, WAYS, OverviewView, PackageView, Way
from gengdi_desktop.ui.pages.sections import Section, see_through
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.page import Arrangement, Page
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, clear, column, label, line, mark, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

_LEAST_ROWS: Final = 6
_COLUMNS: Final[tuple[Shown[PackageView], ...]] = (
    Shown(Column("day", "日期", 50, "text", "none", sortable=False, limit=96), lambda one: one.day),
    Shown(Column("way", "往来", 50, "text", "none", sortable=False), lambda one: "打出" if one.out else "收到"),
    Shown(Column("title", "包", 120, "text", "none", sortable=False, limit=170), lambda one: one.title),
    Shown(Column("peer", "对方", 120, "text", "none", sortable=False, limit=260), lambda one: one.peer),
    Shown(Column("plots", "图斑", 56, "number", "none", sortable=False, limit=80), lambda one: one.plots),
    Shown(Column("area", "面积（亩）", 76, "number", "none", sortable=False, limit=110), lambda one: one.area),
    Shown(
        Column("receipt", "回执", 74, "text", "none", sortable=False, limit=120),
        lambda one: Cell(one.receipt or "—", ink=one.receipt_tone if one.receipt else "ink3"),
    ),
    Shown(
        Column("proof", "对方台账", 78, "text", "none", sortable=False, limit=110),
        lambda one: Cell(one.proof or "—", ink=one.proof_tone if one.proof else "ink3"),
    ),
)


class ExchangeOverview(Section):
    """The ways of this desk above, the packages below; the sentence under the table tells the chosen one."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.view = OverviewView()
        self._desk = Desk(context.facts.desk)
        self._ways = Sheet("本台收什么、交什么", "点一下就办")
        self._way_rows = column(gap=0)
        self._ways.body.addLayout(self._way_rows)
        self._ways.body.addStretch(1)
        self._list = Sheet("来往的包", "")
        self._nothing = label(FIRST_STEP[self._desk], wrap=True)
        self.model: RowsModel[PackageView] = RowsModel(_COLUMNS, self)
        self.table = TableView("来往的包", self.model, self.model.columns)
        self.table.row_chosen.connect(self._chosen)
        self.table.setMinimumHeight(px(28) + px(23) * _LEAST_ROWS)
        self._told = label("", "label", "ink", wrap=True)
        self._file = ElidedLabel("", "small")
        for one in (self._nothing, self._told, self._file):
            self._list.body.addWidget(one)
        self._list.body.insertWidget(2, self.table, 1)
        self._list.body.addStretch(0)
        self._parts = Arrangement()
        self.body.addWidget(see_through(self._parts), 1)
        self.arrange(page.shape)
        self.show_overview(self.view)

    def arrange(self, shape: Shape) -> None:
        """The ways beside the packages, or above them."""
        if shape.compact:
            self._parts.place(((self._ways, (0, 0, 1, 1)), (self._list, (1, 0, 1, 1))), rows=(0, 1))
        else:
            self._parts.place(((self._ways, (0, 0, 1, 1)), (self._list, (0, 1, 1, 1))), columns=(40, 60), rows=(1,))

    def look(self) -> None:
        """Read the packages."""
        ledger, today = self.context.ledger, self.context.facts.today
        self.context.jobs.read(
            lambda _progress: exchange_packing.read_overview(ledger, today),
            self.show_overview,
            self.page.refused,
            owner=self,
            newest="exchange-overview",
        )

    def show_overview(self, view: OverviewView) -> None:
        """Put the packages on the page."""
        self.view = view
        clear(self._way_rows)
        for at, way in enumerate(WAYS[self._desk]):
            if at:
                self._way_rows.addWidget(line())
            self._show_way(way, first=at == 0 and not view.packages)
        self.model.show_rows(view.packages)
        self.table.fit_columns()
        some = bool(view.packages)
        for one in (self.table, self._told, self._file):
            one.setVisible(some)
        self._nothing.setVisible(not some)
        self._list.set_note("" if some else "还没有")
        if some:
            self.table.choose_row(0)

    def _show_way(self, way: Way, *, first: bool) -> None:
        done = (self.view.last or {}).get((way.kind, way.out), "")
        press = button(way.title, "main" if first else "", pressed=partial(self._go, way))
        press.setEnabled(self.context.writable)
        press.setToolTip("" if self.context.writable else "这本台账现在只能看")
        press.setMinimumWidth(px(116))
        told = column(label(way.meaning, "value", wrap=True), gap=1)
        told.addWidget(label(done or ("还没有打过" if way.out else "还没有收过"), "small", wrap=True))
        lay = row(mark("send" if way.out else "import", "ink2", 18), gap=10, margins=(0, 8, 0, 8))
        lay.addLayout(told, 1)
        lay.addWidget(press)
        self._way_rows.addLayout(lay)

    def _go(self, way: Way) -> None:
        section = "pack" if way.out else "take"
        self.context.host.go("exchange", {"section": section, "kind": way.kind.value})

    def _chosen(self, at: int) -> None:
        if 0 <= at < len(self.view.packages):
            one = self.view.packages[at]
            self._told.setText(one.told)
            self._told.setVisible(bool(one.told))
            self._file.set_words(f"文件：{Path(one.file).name}" if one.file else "")
            self._file.setVisible(bool(one.file))
