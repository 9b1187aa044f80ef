"""The sides of the county's page: the board of townships, the sums, what ties out, what is twice, what came in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.models.rows_model import Cell, RowsModel, Shown
from gengdi_desktop.ui.pages import county_view
from gengdi_desktop.ui.pages.county_view import CountyView, GapRow, SumRow, TwinRow, UnitRow
from gengdi_desktop.ui.pages.exchange_view import UNKNOWN_SIGNER
from gengdi_desktop.ui.pages.ledger_way_back import COUNTY, led_from
from gengdi_desktop.ui.pages.sections import Section
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button, clear, label, mark, row
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from gengdi_desktop.consolidation.inbox import Inbox, InboxFile

_Row = TypeVar("_Row")
_NO_FLAG: Final = Cell(words.NOTHING, ink="ink3")


def _flag(flag: Flag | None) -> Cell:
    return Cell(flag.words, (flag,)) if flag is not None else _NO_FLAG


def _number(many: int) -> Cell:
    return Cell(words.count(many)) if many else _NO_FLAG


def _share(one: UnitRow, key: str) -> str:
    return county_view.share_of(one.sums, key) if one.sums is not None else words.NOTHING


def _text(key: str, title: str, width: int, read: Callable[[_Row], Cell | str], limit: int = 0) -> Shown[_Row]:
    return Shown(Column(key, title, width, "text", "none", limit=limit), read)


def _figure(key: str, title: str, width: int, read: Callable[[_Row], Cell | str]) -> Shown[_Row]:
    return Shown(Column(key, title, width, "number", "none"), read)


def _marked(key: str, title: str, width: int, read: Callable[[_Row], Flag | None], limit: int = 150) -> Shown[_Row]:
    return Shown(Column(key, title, width, "flags", "none", limit=limit), lambda one: _flag(read(one)))


_BOARD: Final[tuple[Shown[UnitRow], ...]] = (
    _text("name", "单位", 96, lambda one: one.name, 150),
    _marked("standing", "报了没有", 104, lambda one: one.flag),
    _text("newest", "报送包", 78, lambda one: county_view.parcel_words(one.line.newest), 110),
    _marked("proof", "账接不接得上", 96, lambda one: county_view.proof_flag(one.line)),
    _figure("plots", "图斑", 54, lambda one: _number(one.line.plots)),
    _figure("area", "面积（亩）", 82, lambda one: words.mu(one.line.area) if one.line.plots else _NO_FLAG),
    _figure("area_share", "面积占比", 82, lambda one: _share(one, "area_share")),
    _figure("count_share", "个数占比", 82, lambda one: _share(one, "count_share")),
    _figure("place", "名次", 48, lambda one: str(one.place) if one.place is not None else _NO_FLAG),
    _text("task", "任务包", 78, lambda one: county_view.parcel_words(one.line.task), 110),
    _figure("conflicts", "冲突", 48, lambda one: _number(one.line.conflicts)),
    _figure("missing", "缺照片", 60, lambda one: _number(one.line.missing_photos)),
    Shown(
        Column("remarks", "要看的", 90, "text", "none", sortable=False, limit=400),
        lambda one: "".join(one.line.remarks),
    ),
)
_KEYS: Final[Mapping[str, Callable[[UnitRow], Any]]] = {
    "name": lambda one: one.line.unit.code or one.name,
    "standing": lambda one: (-one.line.days_late, one.line.standing.value),
    "plots": lambda one: one.line.plots,
    "area": lambda one: one.line.area,
    "area_share": lambda one: (one.place is None, one.place or 0),
    "count_share": lambda one: county_view.count_key(one.sums),
    "place": lambda one: (one.place is None, one.place or 0),
    "task": lambda one: one.line.task.settled.isoformat() if one.line.task else "",
    "newest": lambda one: one.line.newest.settled.isoformat() if one.line.newest else "",
    "proof": lambda one: one.line.newest.proof if one.line.newest else "",
    "conflicts": lambda one: one.line.conflicts,
    "missing": lambda one: one.line.missing_photos,
}
"""By what the board is sorted, by key of column."""


class CountySection(Section):
    """A side that is shown what the page has read."""

    def show_view(self, view: CountyView) -> None:
        """Show the county as it is now."""


class BoardSection(CountySection):
    """Every township in a line; a press on a head sorts, Enter shows its plots; what else is known stands below."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self._rows: tuple[UnitRow, ...] = ()
        self.shown_rows: tuple[UnitRow, ...] = ()
        self._order = ("name", True)
        self.model: RowsModel[UnitRow] = RowsModel(_BOARD, self)
        self.table = TableView("各乡镇报送情况", self.model, self.model.columns, frozen=1, totals=True)
        self.table.show_order(*self._order)
        self.table.sort_asked.connect(self._sort)
        self.table.row_chosen.connect(self._tell)
        self.table.row_opened.connect(self.open)
        self._said = label("", "small", wrap=True)
        self._go = button("看它的图斑", "link", "right", pressed=lambda: self.open(self.table.current_row()))
        sheet = Sheet(pad=1)
        sheet.body.addWidget(self.table, 1)
        self.body.addWidget(sheet, 1)
        foot = row(gap=8)
        foot.addWidget(self._said, 1)
        feedback = {"section": "pack", "kind": "feedback"}
        self._answer = button("打反馈包", "link", "drive", pressed=lambda: self.context.host.go("exchange", feedback))
        for one in (self._answer, self._go):
            foot.addWidget(one)
        self.body.addLayout(foot)

    def show_view(self, view: CountyView) -> None:
        """Show other figures, in the order that was chosen, at the same township."""
        here = self.table.current_row()
        before = self.shown_rows[here].name if 0 <= here < len(self.shown_rows) else ""
        self._rows = view.units
        self._arrange(before)
        whole = view.sums.whole.sums
        self.table.set_totals(
            {
                "name": "合计", "standing": view.board.sentence.partition(" · ")[0],
                "plots": words.count(sum(one.line.plots for one in view.units)),
                "area": words.mu(Area.total(one.line.area for one in view.units)),
                "area_share": county_view.share_of(whole, "area_share"),
                "count_share": county_view.share_of(whole, "count_share"),
            }
        )  # fmt: skip

    def _sort(self, key: str, ascending: bool) -> None:
        here = self.table.current_row()
        self._order = (key, ascending)
        self._arrange(self.shown_rows[here].name if 0 <= here < len(self.shown_rows) else "")

    def _arrange(self, here: str) -> None:
        key, ascending = self._order
        self.shown_rows = tuple(sorted(self._rows, key=_KEYS[key], reverse=not ascending))
        self.model.show_rows(self.shown_rows)
        self.table.fit_columns()
        names = [one.name for one in self.shown_rows]
        self.table.choose_row(names.index(here) if here in names else 0)

    def _tell(self, at: int) -> None:
        """What else is to be said of the township with the cursor."""
        if not 0 <= at < len(self.shown_rows):
            return
        one = self.shown_rows[at]
        self._said.setText(f"{one.name}：{county_view.unit_words(one)}")
        self._go.setEnabled(bool(one.line.plots))
        self._answer.setVisible(one.line.newest is not None and not one.line.answered and self.context.writable)

    def open(self, at: int) -> None:
        """The township's plots in the table of the ledger."""
        if 0 <= at < len(self.shown_rows) and self.shown_rows[at].line.plots:
            self.context.host.go("ledger", led_from(COUNTY, self.shown_rows[at].wish))


def _sum_columns() -> tuple[Shown[SumRow], ...]:
    figures = [
        _figure(key, title, 82 if "area" in key else 60, lambda one, read=read: Cell(read(one.sums)))  # type: ignore[misc]
        for key, title, read in county_view.SUM_COLUMNS
    ]
    return (
        Shown(Column("name", "名称", 170, "text", "none", sortable=False, limit=260), lambda one: one.shown),
        Shown(Column("place", "名次", 48, "number", "none", sortable=False), lambda one: one.place),
        *(Shown(Column(one.column.key, one.column.title, one.column.width, "number", "none", sortable=False), one.cell)
          for one in figures),
        Shown(Column("end", "", 8, "text", "none", sortable=False), lambda _one: ""),
    )  # fmt: skip


class SumsSection(CountySection):
    """The county summed up one way or another; Enter on a line shows exactly its plots."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self._view: CountyView | None = None
        self.rows: tuple[SumRow, ...] = ()
        self.by = ChoiceField("怎样汇总", county_view.BY)
        self.by.activated.connect(lambda _at: self._show())
        self.model: RowsModel[SumRow] = RowsModel(_sum_columns(), self)
        self.table = TableView("汇总", self.model, self.model.columns, frozen=1, totals=True)
        self.table.row_opened.connect(self.open)
        go = button("看这一行的图斑", "link", "right", pressed=lambda: self.open(self.table.current_row()))
        self.body.addLayout(row(self.by, None, label("面积单位：亩", "small"), go, gap=12))
        sheet = Sheet(pad=1)
        sheet.body.addWidget(self.table, 1)
        self.body.addWidget(sheet, 1)

    def show_view(self, view: CountyView) -> None:
        """Show other figures in the same way."""
        self._view = view
        self._show()

    def _show(self) -> None:
        if self._view is None:
            return
        here = self.table.current_row()
        self.rows = county_view.sum_rows(self._view, self.by.code())
        self.model.show_rows(self.rows)
        self.table.set_totals(county_view.totals_of(self._view.sums.whole.sums))
        self.table.fit_columns()
        self.table.choose_row(min(max(here, 0), len(self.rows) - 1))

    def open(self, at: int) -> None:
        """The plots of a line in the table of the ledger."""
        if 0 <= at < len(self.rows) and self.rows[at].sums.all.count:
            self.context.host.go("ledger", led_from(COUNTY, self.rows[at].wish))


_GAPS: Final[tuple[Shown[GapRow], ...]] = (
    Shown(Column("beside", "和什么比", 110, "text", "none", sortable=False, limit=160), lambda one: one.beside),
    Shown(Column("name", "哪个图斑、哪一行", 220, "text", "none", sortable=False, limit=420), lambda one: one.name),
    Shown(Column("why", "为什么", 170, "text", "none", sortable=False, limit=260), lambda one: one.why),
    Shown(Column("count", "差几个", 60, "number", "none", sortable=False), lambda one: str(one.count)),
    Shown(Column("area", "差多少亩", 90, "number", "none", sortable=False), lambda one: words.mu(one.area)),
)


class TiesSection(CountySection):
    """Each total beside what it should be; below, plot by plot, what makes a difference."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.rows: tuple[GapRow, ...] = ()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        told = Sheet("合计核对", "全县＝各单位＝各村＝下发清单")
        told.body.addLayout(self._lines)
        self.model: RowsModel[GapRow] = RowsModel(_GAPS, self)
        self.table = TableView("合不上的图斑", self.model, self.model.columns)
        self.table.row_opened.connect(self.open)
        self._sheet = Sheet("合不上的", "回车打开图斑")
        self._sheet.body.addWidget(self.table, 1)
        self.body.addWidget(told)
        self.body.addWidget(self._sheet, 1)
        self.body.addStretch(0)

    def show_view(self, view: CountyView) -> None:
        """Compare anew."""
        clear(self._lines)
        for right, sentence in county_view.tie_lines(view):
            line = row(gap=8)
            line.addWidget(mark("check" if right else "warn", "land" if right else "seal", 14), 0,
                           Qt.AlignmentFlag.AlignTop)  # fmt: skip
            line.addWidget(label(sentence, "value", "ink", wrap=True), 1)
            self._lines.addLayout(line)
        self.rows = view.gaps
        self.model.show_rows(self.rows)
        self.table.fit_columns()
        self._sheet.setVisible(bool(self.rows))
        self.counted.emit(len(self.rows))

    def open(self, at: int) -> None:
        """The plot that makes a difference; a line that stands for none leads to the lists."""
        if 0 <= at < len(self.rows):
            plots = tuple(dict.fromkeys(one.plot for one in self.rows if one.plot))
            open_plots(self.context, plots, self.rows[at].plot, "合不上的")


def open_plots(context: UiContext, plots: tuple[str, ...], plot: str, title: str) -> None:
    """Open a plot with the others beside it as a queue; a line that stands for none leads to the lists."""
    if not plot:
        context.host.go("intake")
        return
    context.trail.follow(plots, title, "county")
    context.host.go("plot", {"plot": plot})


_TWINS: Final[tuple[Shown[TwinRow], ...]] = (
    Shown(Column("what", "什么", 60, "text", "none", sortable=False), lambda one: one.what),
    Shown(Column("sentence", "在哪些乡镇", 560, "text", "none", sortable=False, limit=1000), lambda one: one.sentence),
)


class TwinsSection(CountySection):
    """What stands in two townships: a question for people, and the way to each of its plots."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.rows: tuple[TwinRow, ...] = ()
        self._told = label("正在比对各乡镇的图斑和照片。", wrap=True)
        self._whole = label("", "value", "ink", wrap=True)
        self.model: RowsModel[TwinRow] = RowsModel(_TWINS, self)
        self.table = TableView("两个乡镇都有的", self.model, self.model.columns)
        self.table.row_opened.connect(self.open)
        self.table.row_chosen.connect(self._tell)
        sheet = self._sheet = Sheet(pad=1)
        sheet.body.addWidget(self.table, 1)
        self.body.addWidget(self._told)
        self.body.addWidget(sheet, 1)
        self.body.addWidget(self._whole)
        self.body.addStretch(0)
        sheet.hide()

    def show_rows(self, rows: tuple[TwinRow, ...], not_compared: int) -> None:
        """Show what was found."""
        self.rows = rows
        more = f"还有 {words.count(not_compared)} 张照片没有比过，比完会再看。" if not_compared else ""
        told = "是不是同一个，由人核实；回车打开图斑。" if rows else "没有图斑或照片出现在两个乡镇。"
        self._told.setText(told + more)
        self._sheet.setVisible(bool(rows))
        self._whole.setVisible(bool(rows))
        self.model.show_rows(rows)
        self.table.fit_columns()
        self.table.choose_row(0)
        self.counted.emit(len(rows))

    def _tell(self, at: int) -> None:
        if 0 <= at < len(self.rows):
            self._whole.setText(self.rows[at].sentence)

    def open(self, at: int) -> None:
        """The first of its plots; the others are one step away."""
        if 0 <= at < len(self.rows):
            plots = self.rows[at].plots
            open_plots(self.context, plots, plots[0], "两个乡镇都有的")


_FILES: Final[tuple[Shown[InboxFile], ...]] = (
    Shown(Column("name", "文件", 220, "text", "none", sortable=False, limit=360), lambda one: one.path.name),
    Shown(Column("sender", "从哪里来", 120, "text", "none", sortable=False, limit=220),
          lambda one: one.sender or _NO_FLAG),
    Shown(Column("label", "是什么", 130, "text", "none", sortable=False, limit=200), lambda one: one.label or _NO_FLAG),
    Shown(Column("fate", "怎么样了", 110, "flags", "none", sortable=False, limit=150),
          lambda one: _flag(county_view.fate_flag(one))),
    Shown(Column("told", "说明", 240, "text", "none", sortable=False, limit=700),
          lambda one: f"{one.sentence}{one.hint}"),
)  # fmt: skip


class InboxSection(CountySection):
    """What became of each file of the stick that was taken in last."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.files: tuple[InboxFile, ...] = ()
        self.inbox: Inbox | None = None
        self._none = label(
            "插上 U 盘，点“收整个 U 盘”。里面的报送包一次收完，一个坏的不挡别的，每个的结果都列在这里。", wrap=True
        )
        self._whole = label("", "value", "ink", wrap=True)
        self.model: RowsModel[InboxFile] = RowsModel(_FILES, self)
        self.table = TableView("收包的结果", self.model, self.model.columns)
        self.table.row_chosen.connect(self._tell)
        self.table.row_opened.connect(self.open)
        self._look = button("核对指纹", sign="key", pressed=lambda: self.open(self.table.current_row()))
        self._sheet = Sheet(pad=1)
        self._sheet.body.addWidget(self.table, 1)
        foot = row(gap=8)
        foot.addWidget(self._whole, 1)
        foot.addWidget(self._look)
        self.body.addWidget(self._none)
        self.body.addWidget(self._sheet, 1)
        self.body.addLayout(foot)
        self.body.addStretch(0)
        for one in (self._sheet, self._look):
            one.hide()

    def open(self, at: int) -> None:
        """Look at one package: who signed it, what it would change; there its signer can be believed."""
        if 0 <= at < len(self.files) and self.files[at].fate.value != "not_package":
            self.context.host.go("exchange", {"file": str(self.files[at].path)})

    def show_inbox(self, inbox: Inbox) -> None:
        """List what was found; what was not taken in comes first."""
        self.inbox = inbox
        worst = ("refused", "left", "not_package", "older", "again", "ready", "taken", "elsewhere")
        self.files = tuple(sorted(inbox.files, key=lambda one: worst.index(one.fate.value)))
        self.model.show_rows(self.files)
        self.table.fit_columns()
        self._sheet.setVisible(bool(self.files))
        self._none.setVisible(not self.files)
        self.table.choose_row(0)

    def show_view(self, view: CountyView) -> None:
        """Tell of each file how it stands now: it may have been taken in alone, or taken back, since."""
        if self.inbox is not None:
            standing, here = county_view.inbox_now(self.inbox, view.received), self.table.current_row()
            if standing != self.inbox:
                self.show_inbox(standing)
                self.table.choose_row(min(max(here, 0), len(self.files) - 1))

    def _tell(self, at: int) -> None:
        if 0 <= at < len(self.files):
            one = self.files[at]
            self._whole.setText(f"{one.path.name}：{one.sentence}{one.hint}")
            self._look.setVisible(one.code == UNKNOWN_SIGNER)
