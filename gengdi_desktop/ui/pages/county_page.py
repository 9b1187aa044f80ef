"""The county's desk: who has handed in and how far each is, whether totals tie out, what is twice, a stick taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import prompts
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.links import linked
from gengdi_desktop.ui.pages import county_view, county_work
from gengdi_desktop.ui.pages.county_sections import (
    BoardSection,
    CountySection,
    InboxSection,
    SumsSection,
    TiesSection,
    TwinsSection,
)
from gengdi_desktop.ui.pages.county_triggers import TriggersSection
from gengdi_desktop.ui.pages.county_view import CountyView
from gengdi_desktop.ui.pages.county_work import Taken, TwinsFound
from gengdi_desktop.ui.pages.sections import Kinds, SectionTabs
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button, clear, label, mark, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import TileStrip

if TYPE_CHECKING:
    from gengdi_desktop.consolidation.inbox import Inbox

_SECTIONS: Final[Kinds] = {
    "board": ("各乡镇", BoardSection),
    "sums": ("汇总", SumsSection),
    "ties": ("合计核对", TiesSection),
    "twins": ("两处都有", TwinsSection),
    "triggers": ("约谈情形", TriggersSection),
    "inbox": ("收包", InboxSection),
}
_REPORT: Final = "county_summary"
_TAKE: Final = Shown("收整个 U 盘", "个", "停下以后，收下的都是完整的，剩下的可以再收一次。")


class CountyPage(Page):
    """Sides beside one another as tabs; board and sums are read together, twins beside them."""

    scrolls: ClassVar[bool] = False

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("县级汇总")
        self._context = context
        self.view: CountyView | None = None
        self.tabs = SectionTabs("县级汇总", _SECTIONS, context, self)
        self._report = button("总结报告", sign="report", pressed=partial(context.host.go, "reports", {"kind": _REPORT}))
        self._take = button("收整个 U 盘", "main", "drive", pressed=self._choose)
        self._files = button("收几个文件", "link", pressed=self._choose_files)
        for one in (self._files, self._report, self._take):
            self.tabs.head.addWidget(one)
        for one in (self._files, self._take):
            if not context.writable:  # what has no place yet is only hidden: shown, it would be a window of its own
                one.hide()
        self._tiles = TileStrip((), self._follow)
        self._short = label("", "label", wrap=True)
        self._tie = row(gap=8)
        self.body.insertLayout(0, self.tabs.head)
        self.body.addWidget(self._tiles)
        self.body.addWidget(self._short)
        self.body.addLayout(self._tie)
        self.body.addWidget(self.tabs.area(), 1)
        key = QShortcut(QKeySequence("F5"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.shown)
        self.arrange(self.shape)

    # -- what the window asks

    def arrange(self, shape: Shape) -> None:
        """A low or narrow window tells the figures in one line."""
        folded = shape.low or shape.compact
        self._tiles.setVisible(not folded)
        self._short.setVisible(folded)
        self._files.setVisible(self._context.writable and not shape.compact)
        self.tabs.arrange(shape)

    def wish(self, filters: Mapping[str, str]) -> None:
        """``section`` brings a side to front; ``take`` names folders and files, one a line, that are taken in."""
        self.tabs.show(filters.get("section", self.tabs.here))
        if filters.get("take"):
            self.take([Path(one) for one in filters["take"].split("\n")])

    def files_go(self, _at: QPoint) -> str:
        """Folders and files let go here are searched for packages."""
        return "松开，收里面所有的包" if self._context.writable else ""

    def take_files(self, paths: Sequence[Path], _at: QPoint) -> None:
        """Take in what is in them."""
        self.take(paths)

    def shown(self) -> None:
        """Read all of it again."""
        ledger, jobs = self._context.ledger, self._context.jobs
        jobs.run(
            Lane.FILES, lambda _progress: county_work.read_county(ledger), self.show_view, self.refused, owner=self,
            newest="county",
        )  # fmt: skip
        jobs.run(
            Lane.FILES, lambda progress: county_work.read_twins(ledger, progress), self.show_twins, self.refused,
            owner=self, newest="county-twins",
        )  # fmt: skip

    def ledger_changed(self, _changes: Changes) -> None:
        """A package touches everything here."""
        self.shown()

    def leave(self) -> None:
        """What is still read is let go; a stick that is being taken in goes on."""
        self.tabs.leave()
        self._context.jobs.let_go(self)

    # -- what is shown

    def show_view(self, view: CountyView) -> None:
        """Put board and sums on the page."""
        self.view = view
        self._tiles.set_tiles(county_view.tiles_of(view))
        self._short.setText(county_view.short_words(view))
        clear(self._tie)
        right = view.sums.ties_out
        self._tie.addWidget(mark("check" if right else "warn", "land" if right else "seal", 14), 0,
                            Qt.AlignmentFlag.AlignTop)  # fmt: skip
        self._tie.addWidget(label(county_view.tie_words(view), "value", "ink", wrap=True), 1)
        if not right:
            self._tie.addWidget(button("看差在哪里", "link", "right", pressed=partial(self.tabs.show, "ties")))
        inbox = self.tabs.of(InboxSection)
        before = inbox.inbox
        for section in self.tabs.sections.values():
            if isinstance(section, CountySection):
                section.show_view(view)
        if before is not None and inbox.inbox is not before and self.messages.told == county_view.inbox_told(before)[0]:
            self._tell_inbox(inbox.inbox or before)

    def show_twins(self, found: TwinsFound) -> None:
        """Put what is twice on its side."""
        self.tabs.of(TwinsSection).show_rows(found.rows, found.not_compared)

    def _follow(self, told: str) -> None:
        page, wish = linked(told)
        if page in self.tabs.sections:
            self.tabs.show(page)
        else:
            self._context.host.go(page, wish)

    # -- a stick

    def _choose(self) -> None:
        preferences = self._context.preferences
        chosen = self._context.prompts.folder("选 U 盘，或者放包的文件夹", preferences.start_folder())
        if chosen is not None:
            self.take([chosen])

    def _choose_files(self) -> None:
        preferences = self._context.preferences
        chosen = self._context.prompts.open_files("选要收的包", prompts.PACKAGES, preferences.start_folder())
        if chosen:
            self.take(chosen)

    def take(self, places: Sequence[Path]) -> None:
        """Take in every package of folders and files, each for itself."""
        by, ledger = self._context.actor_or(self.messages.show_error), self._context.ledger
        if by is None:
            return
        self.messages.clear()
        self._set_busy(busy=True)

        def work(progress: Progress) -> Taken:
            return county_work.take_in(ledger, places, by, progress)

        def stopped() -> None:
            self._set_busy(busy=False)
            self.messages.show_message("info", "停下了，还没有收。", "台账没有变。")

        self._context.jobs.run(
            Lane.WRITE, work, self._taken, self._not_taken, owner=self, shown=_TAKE, cancelled=stopped
        )

    def _taken(self, taken: Taken) -> None:
        self._set_busy(busy=False)
        self._tell_inbox(taken.inbox)
        self.tabs.of(InboxSection).show_inbox(taken.inbox)
        self.tabs.show("inbox")
        self._context.bus.tell(taken.changes)

    def _tell_inbox(self, inbox: Inbox) -> None:
        what, more = county_view.inbox_told(inbox)
        self.messages.show_message("check" if inbox.clean else "warn", what, more)

    def _not_taken(self, error: GengdiError) -> None:
        self._set_busy(busy=False)
        self.messages.show_error(error)

    def _set_busy(self, *, busy: bool) -> None:
        self.hold_focus()
        for one in (self._take, self._files):
            one.setEnabled(not busy)
