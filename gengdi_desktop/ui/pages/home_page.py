"""The workbench: where we stand, what comes next, what stops the hand-in."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.campaigns import Campaign
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress
from gengdi_desktop.ui.links import link, linked
from gengdi_desktop.ui.pages.county_todo import read_county_todos
from gengdi_desktop.ui.pages.evidence_todo import read_evidence_todos
from gengdi_desktop.ui.pages.exchange_todo import read_exchange_todos
from gengdi_desktop.ui.pages.first_steps import empty_ledger
from gengdi_desktop.ui.pages.home_view import (
    BurnView,
    HomeView,
    burn_view,
    days_left,
    read_home,
    spans_of,
    view_of,
)
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.burn_chart import BurnChart
from gengdi_desktop.ui.widgets.page import Arrangement, Page
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, column, label, row, set_tone
from gengdi_desktop.ui.widgets.ranking import Ranking
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet, TileStrip
from gengdi_desktop.ui.widgets.timeline import Timeline
from gengdi_desktop.ui.widgets.todo import HandInSheet, Todo, TodoSheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.burn_up import BurnUpReader

_SOON_DAYS: Final = 7


class HomePage(Page):
    """Reads the figures whenever it comes to front or something changed."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("工作台")
        self._context = context
        self._view: HomeView | None = None
        self._burn_view: BurnView | None = None
        self._beside: dict[str, tuple[Todo, ...]] = {}
        self._by_township = context.facts.desk != Desk.TOWNSHIP
        self._of_county = context.facts.desk == Desk.COUNTY
        self._reader: BurnUpReader | None = None
        self._folding = Lock()
        self._title = ElidedLabel("", "title")
        self._number = label("", "label")
        self._days = label("", "figure")
        self._days_words = (label("离硬期限", "label"), label("天", "label"))
        self._timeline = Timeline()
        self._tiles = TileStrip((), self._follow)
        self._todo = TodoSheet("接下来", "点一行，只看这些图斑", self._follow)
        self._burn_words = label("", "label", "ink", wrap=True)
        self._burn = BurnChart()
        self._burn_sheet = Sheet("落实面积", "单位：亩")
        self._burn_sheet.body.addWidget(self._burn_words)
        self._burn_sheet.body.addWidget(self._burn, 1)
        self._draft = button("先看草稿", sign="report", pressed=self._open_report)
        self._freeze = button("去定稿", "main", pressed=self._open_report)
        self._hand_in = HandInSheet("今天还差什么才能报", self._follow, (self._draft, self._freeze))
        self._ranking = Ranking(self._show_place)
        self._villages = self._village_sheet()
        self._left, self._pair, self._parts = Arrangement(), Arrangement(), Arrangement()
        self._empty = empty_ledger(context)
        self._empty.hide()
        head = row(gap=8)
        head.addWidget(self._title)
        head.addWidget(self._number, 1)
        for one in (self._days_words[0], self._days, self._days_words[1]):
            head.addWidget(one)
        self.body.addLayout(column(head, self._timeline, gap=6))
        self.body.addWidget(self._pair)
        self.body.addWidget(self._tiles)
        self.body.addWidget(self._parts, 1)
        self.body.addWidget(self._empty, 1)
        self.arrange(self.shape)
        self._show_campaign(context.facts.campaign, context.facts.today)

    def _village_sheet(self) -> Sheet:
        made = Sheet("各乡镇排名" if self._by_township else "各村排名", "按已整改面积")
        legend = row(
            label("实色 已整改　斜纹 待验收", "small"), None, label("占比", "small"), px(20),
            label("剩余亩", "small"), gap=0,
        )  # fmt: skip
        made.body.addLayout(legend)
        made.body.addWidget(self._ranking, 1)
        made.body.addStretch(0)
        return made

    def arrange(self, shape: Shape) -> None:
        """Three columns; in a narrow window what stops the hand-in comes before the figures."""
        self._tiles.lay_out(3 if shape.compact else 6)
        if shape.compact:
            self._pair.place(((self._hand_in, (0, 0, 1, 1)), (self._todo, (0, 1, 1, 1))), columns=(1, 1))
            self._parts.place(((self._burn_sheet, (0, 0, 1, 1)), (self._villages, (1, 0, 1, 1))))
        else:
            self._left.place(((self._burn_sheet, (0, 0, 1, 1)), (self._todo, (1, 0, 1, 1))), rows=(2, 3))
            self._parts.place(
                ((self._left, (0, 0, 1, 1)), (self._villages, (0, 1, 1, 1)), (self._hand_in, (0, 2, 1, 1))),
                columns=(42, 34, 36), rows=(1,),
            )  # fmt: skip
        self._show_parts()
        if self._view is not None:
            self.show_view(self._view)

    def shown(self) -> None:
        """Look at the figures again."""
        self._show_campaign(self._context.facts.campaign, self._context.facts.today)
        ledger, warning = self._context.ledger, self._context.facts.campaign.rules.warning_days
        by_township = self._by_township

        def work(progress: Progress) -> HomeView:
            return view_of(read_home(ledger, warning, progress), by_township=by_township)

        def fold(_progress: Progress) -> BurnView:
            from gengdi_desktop.ledger.burn_up import BurnUpReader

            # Kept between looks: the journal is folded on from where it was, by one hand at a time.
            with self._folding:
                self._reader = self._reader or BurnUpReader()
                return burn_view(self._reader.read(ledger))

        # Beside the reading lane: in a large ledger these take seconds, for which no other page should wait.
        jobs = self._context.jobs
        jobs.run(Lane.FILES, work, self.show_view, self.refused, owner=self, newest="home")
        jobs.run(Lane.FILES, fold, self.show_burn, self.refused, owner=self, newest="home-burn")
        asked = [("photos", read_evidence_todos), ("exchange", read_exchange_todos)]
        asked += [("county", read_county_todos)] * self._of_county
        for source, read in asked:
            show = partial(self.show_beside, source)
            jobs.run(Lane.FILES, partial(read, ledger), show, self.refused, owner=self, newest=f"home-{source}")

    def leave(self) -> None:
        """Nobody waits for the figures any more."""
        self._context.jobs.let_go(self)

    def show_view(self, view: HomeView) -> None:
        """Put the figures on the page."""
        self._view = view
        for stage, count in view.stages.items():
            self._context.host.tell_count(stage, count)
        self._show_parts()
        if view.plots == 0:
            return
        self._tiles.set_tiles(view.tiles)
        self._show_todos()
        panel = view.hand_in
        self._hand_in.set_note(panel.note)
        self._hand_in.show_state(panel.stops, panel.ready, panel.remarks, low=self.shape.low)
        self._freeze.setEnabled(not panel.stops)
        self._ranking.show_rows(view.villages)

    def show_beside(self, source: str, todos: tuple[Todo, ...]) -> None:
        """What else asks for something, beside the plots: evidence, and at the county the townships."""
        self._beside[source] = todos
        if source == "exchange":
            self._context.host.tell_count("exchange", sum(one.count for one in todos))
        self._show_todos()

    def _show_todos(self) -> None:
        if self._view is not None:
            every = (*self._view.todos, *chain.from_iterable(self._beside.values()))
            # What went wrong stands before what is next.
            todos = (*(one for one in every if one.tone == "seal"), *(one for one in every if one.tone != "seal"))
            self._todo.show_todos(todos, "没有要办的图斑。")

    def show_burn(self, view: BurnView) -> None:
        """Draw the line of settled area."""
        self._burn_view = view
        self._burn.show_line(view.line, view.words)
        self._burn_words.setText(f"{view.words}。")

    def _show_parts(self) -> None:
        """An empty ledger has nothing to count; in a wide window all stands in the three columns."""
        empty = self._view is not None and self._view.plots == 0
        self._empty.setVisible(empty)
        self._tiles.setVisible(not empty)
        self._parts.setVisible(not empty)
        self._pair.setVisible(not empty and self.shape.compact)

    def _show_campaign(self, campaign: Campaign, today: date) -> None:
        self._title.set_words(campaign.name or self._context.facts.name)
        self._number.setText(campaign.document_number)
        self._timeline.show_spans(spans_of(campaign), today, campaign.last_day)
        left = days_left(campaign, today)
        for one in (*self._days_words, self._days):
            one.setVisible(left is not None)
        if left is not None:
            told, days = left
            self._days_words[0].setText(told)
            self._days.setText(str(days))
            set_tone(self._days, "seal" if days <= _SOON_DAYS or told != "离硬期限" else "ink")

    def _show_place(self, name: str) -> None:
        self._context.host.go("ledger", {"township" if self._by_township else "village": name})

    def _open_report(self) -> None:
        kind = self._view.hand_in.kind if self._view is not None else ""
        self._follow(link("reports", kind=kind) if kind else "reports")

    def _follow(self, told: str) -> None:
        self._context.host.go(*linked(told))
