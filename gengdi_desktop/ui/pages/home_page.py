"""The workbench: where we stand, what comes next, what stops the hand-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.domain.campaigns import Campaign
from gengdi_desktop.domain.states import Label, State
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.page import Arrangement, Page
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, column, label, row
from gengdi_desktop.ui.widgets.ranking import Ranked, Ranking
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet, Tile, TileStrip
from gengdi_desktop.ui.widgets.timeline import Span, Timeline
from gengdi_desktop.ui.widgets.todo import HandInSheet, Stop, Todo, TodoSheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.figures import Figures

_SOON_DAYS = 7


@dataclass(frozen=True)
class HomeView:
    """What the page shows, worked out of the figures."""

    tiles: tuple[Tile, ...]
    todos: tuple[Todo, ...]
    stops: tuple[Stop, ...]
    ready: tuple[str, ...]
    remarks: tuple[str, ...]
    villages: tuple[Ranked, ...]
    plots: int


def view_of(figures: Figures) -> HomeView:
    """Tiles, to-do rows, what stops the hand-in, villages."""
    return HomeView(
        tiles=_tiles(figures),
        todos=_todos(figures),
        stops=_stops(figures),
        ready=_ready(figures),
        remarks=_remarks(figures),
        villages=tuple(
            Ranked(one.village or one.township, one.all.area, one.rectified.area) for one in figures.by_village
        ),
        plots=figures.plots.count + figures.unentered.count,
    )


def _tiles(figures: Figures) -> tuple[Tile, ...]:
    everything, done = figures.plots, figures.rectified
    waiting = figures.by_label.get(Label.AWAITING)
    waiting_count, waiting_area = (waiting.count, waiting.area) if waiting else (0, Area.ZERO)
    count_share, area_share = (
        _share(done.count, everything.count),
        _share(done.area, everything.area),
    )
    tied = _tied(figures)
    tone: Literal["", "seal"] = "seal" if figures.overdue else ""
    return (
        Tile("下发图斑", words.count(everything.count), "个", f"{words.mu(everything.area)} 亩{tied}", link="all"),
        Tile("已整改（个）", words.count(done.count), "个", count_share, link="rectified"),
        Tile("已整改（面积）", words.mu(done.area), "亩", area_share, link="rectified"),
        Tile(
            "待验收", words.count(waiting_count), "个", f"{words.mu(waiting_area)} 亩，不计入已整改",
            "sky" if waiting_count else "", "clock" if waiting_count else "", "awaiting",
        ),
        Tile(
            "超期", words.count(figures.overdue), "个", "过了时限还没到位" if figures.overdue else "都在时限里",
            tone, "warn" if figures.overdue else "", "overdue",
        ),
        Tile("暂缓、争议", words.count(figures.held), "个", "在各自类别里统计", link="held"),
    )  # fmt: skip


def _share(part: int | Area, whole: int | Area) -> str:
    told = percent_text(part, whole, 1)
    return f"占 {told}%" if told != words.NOTHING else "还没有图斑"


def _tied(figures: Figures) -> str:
    """Against what the total ties out: the counts and areas that the lists' notices name."""
    named = [one for one in figures.lists if one.stated_count is not None or one.stated_area is not None]
    if not named:
        return ""
    right = all(
        (one.stated_count is None or one.stated_count == one.lines.count)
        and (one.stated_area is None or one.stated_area == one.lines.area)
        for one in named
    )
    return "，与清单合计一致" if right else "，与清单合计不一致"


def _todos(figures: Figures) -> tuple[Todo, ...]:
    def of(state: State) -> int:
        tally = figures.by_state.get(state)
        return tally.count if tally else 0

    return (
        Todo(figures.overdue, "超期还没落实", "", "seal", "overdue"),
        Todo(
            figures.unentered.count, "清单里的行还没有入账", f"{words.mu(figures.unentered.area)} 亩", "seal", "intake"
        ),
        Todo(of(State.ISSUED), "还没有自查", "要去现场", "soil", "issued"),
        Todo(of(State.CHECKED), "已自查，还没定措施", "", "soil", "checked"),
        Todo(of(State.PLANNED), "定了措施，还没开工", "", "soil", "planned"),
        Todo(of(State.WORKING), "正在整改", "记进展，落实完就申报", "soil", "working"),
        Todo(of(State.WORKS_DONE), "土地已整治，还没耕种", "缺作物和播种日期", "soil", "works_done"),
        Todo(of(State.CONTESTED), "举证无需整改，等申报", "", "sky", "contested"),
        Todo(of(State.CLAIMED), "已申报，等别人验收", "申报的人不能验收", "sky", "claimed"),
    )


def _stops(figures: Figures) -> tuple[Stop, ...]:
    issued = figures.by_state.get(State.ISSUED)
    return (
        Stop(figures.unentered.count, "清单里的行没有入账", "总数对不上，先补进来", "去导入", "intake"),
        Stop(issued.count if issued else 0, "图斑还没有自查", "自查报告要逐个有结论", "去自查", "issued"),
    )


def _ready(figures: Figures) -> tuple[str, ...]:
    told = []
    for one in figures.lists:
        if one.stated_count is not None and one.stated_count == one.lines.count:
            told.append(f"清单 {words.count(one.stated_count)} 个 = 台账 {words.count(one.lines.count)} 个")
        if one.stated_area is not None and one.stated_area == one.lines.area:
            told.append(f"清单 {words.mu(one.stated_area)} 亩 = 台账 {words.mu(one.lines.area)} 亩")
    if not figures.overdue and figures.plots.count:
        told.append("没有超期的图斑")
    return tuple(told[:4])


def _remarks(figures: Figures) -> tuple[str, ...]:
    if not figures.overdue:
        return ()
    return (f"{words.count(figures.overdue)} 个图斑超期，报告里会列出来，附上原因更好。",)


def spans_of(campaign: Campaign) -> tuple[Span, ...]:
    """The dated phases, as the axis draws them."""
    return tuple(
        Span(one.name.removesuffix("阶段"), one.window_start, one.window_end, one.hard_deadline)
        for one in campaign.phases
        if one.window_start is not None and one.window_end is not None
    )


class HomePage(Page):
    """Reads the figures whenever it comes to front or something changed."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("工作台")
        self._context = context
        self._view: HomeView | None = None
        self._title = ElidedLabel("", "title")
        self._number = label("", "label")
        self._days = label("", "figure")
        self._days_words = (label("离硬期限", "label"), label("天", "label"))
        self._timeline = Timeline()
        self._tiles = TileStrip((), self._follow)
        self._todo = TodoSheet("接下来", "点一行，只看这些图斑", self._follow)
        draft = button("看报告草稿", sign="report", pressed=lambda: context.host.go("reports"))
        self._hand_in = HandInSheet("能不能报", self._follow, (draft,))
        self._ranking = Ranking(lambda village: context.host.go("ledger", {"village": village}))
        self._villages = Sheet("各村排名", "按已整改面积")
        legend = row(
            label("实色 已整改", "small"), None, label("占比", "small"), px(16), label("剩余亩", "small"), gap=0
        )
        self._villages.body.addLayout(legend)
        self._villages.body.addWidget(self._ranking, 1)
        self._villages.body.addStretch(0)
        self._parts = Arrangement()
        self._empty = EmptyState(
            "台账还是空的",
            "先把县里下发的清单导进来。Excel、WPS 的表都行，合并表头、标题行不用先整理。",
            (button("导入下发清单", "main", "import", pressed=lambda: context.host.go("intake")),),
            "导入前会先给您看，到最后一步才写入。",
        )
        self._empty.hide()
        head = row(gap=8)
        head.addWidget(self._title, 1)
        for one in (self._number, self._days_words[0], self._days, self._days_words[1]):
            head.addWidget(one)
        self.body.addLayout(column(head, self._timeline, gap=6))
        self.body.addWidget(self._tiles)
        self.body.addWidget(self._parts, 1)
        self.body.addWidget(self._empty, 1)
        self.arrange(self.shape)
        self._show_campaign(context.facts.campaign, context.facts.today)

    def arrange(self, shape: Shape) -> None:
        """Three columns; in a narrow window what stops the hand-in comes first."""
        self._tiles.lay_out(3 if shape.compact else 6)
        if shape.compact:
            self._parts.place(
                ((self._hand_in, (0, 0, 1, 1)), (self._todo, (0, 1, 1, 1)), (self._villages, (1, 0, 1, 2))),
                columns=(1, 1),
            )
        else:
            self._parts.place(
                ((self._todo, (0, 0, 1, 1)), (self._villages, (0, 1, 1, 1)), (self._hand_in, (0, 2, 1, 1))),
                columns=(44, 36, 38), rows=(1,),
            )  # fmt: skip
        if self._view is not None:
            self.show_view(self._view)

    def shown(self) -> None:
        """Look at the figures again."""
        from gengdi_desktop.ledger import figures

        self._show_campaign(self._context.facts.campaign, self._context.facts.today)
        self._context.jobs.read(
            lambda _progress: view_of(figures.figures(self._context.ledger)),
            self.show_view,
            self._refused,
            owner=self,
            newest="home",
        )

    def show_view(self, view: HomeView) -> None:
        """Put the figures on the page."""
        self._view = view
        empty = view.plots == 0
        self._empty.setVisible(empty)
        for part in (self._tiles, self._parts):
            part.setVisible(not empty)
        if empty:
            return
        self._tiles.set_tiles(view.tiles)
        self._todo.show_todos(view.todos, "没有要办的图斑。")
        self._hand_in.show_state(view.stops, view.ready, view.remarks, low=self.shape.low)
        self._ranking.show_rows(view.villages)

    def _show_campaign(self, campaign: Campaign, today: date) -> None:
        self._title.set_words(campaign.name or self._context.facts.name)
        self._number.setText(campaign.document_number)
        spans = spans_of(campaign)
        self._timeline.show_spans(spans, today, campaign.last_day)
        left = (campaign.last_day - today).days if campaign.last_day else None
        for one in (*self._days_words, self._days):
            one.setVisible(left is not None)
        if left is not None:
            self._days_words[0].setText("离硬期限" if left >= 0 else "超过硬期限")
            self._days.setText(str(abs(left)))
            self._days.setProperty("tone", "seal" if left <= _SOON_DAYS else "ink")
            self._days.style().unpolish(self._days)
            self._days.style().polish(self._days)

    def _follow(self, link: str) -> None:
        if link == "intake":
            self._context.host.go("intake")
        elif link in set(State):
            self._context.host.go("ledger", {"state": link})
        else:
            self._context.host.go("ledger", {"view": link})

    def _refused(self, error: GengdiError) -> None:
        self.messages.show_error(error)
